"""The charts of a report: how full each requirement is, what happens when, and what other plans cost."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from markupsafe import Markup

from catalogs.amounts import write_money
from optimizer.layout import short_credit
from optimizer.plan import Plan, RequirementMet
from optimizer.report.drawing import BAR, Row, colored, drawn, layer, rule, span
from optimizer.report.timeline import Timeline

UNIX_EPOCH = date(1970, 1, 1)


def coverage(requirements: Sequence[RequirementMet], name: str) -> Markup:
    """Draw how full each requirement is: earned, planned, missing."""
    bars: list[Row] = []
    for row, one in enumerate(requirements):
        start = Fraction()
        for part, credit in (("earned", one.earned), ("planned", one.planned), ("missing", one.short)):
            # In hundredths of what is needed; more than that is told in the number.
            end = min(start + (credit / one.required * 100 if one.required else 100), Fraction(100))
            if end > start:
                bars.append({"row": row, "part": part, "from": float(start), "to": float(end)})
            start = end
    names = [one.name for one in requirements]
    numbers = [
        f"{short_credit(one.earned + one.planned)} of {short_credit(one.required)} needed"
        for one in requirements
    ]
    parts = ("earned", "planned", "missing")
    dashed = {
        "field": "part",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": parts, "range": [[1, 0], [1, 0], [4, 3]]},
    }
    shown_as = {**span("from", "to", [0, 100]), **colored(*parts), "strokeDash": dashed}
    layers = [layer(bars, BAR, shown_as)]
    return drawn(name, layers, names, numbers)


def costs(compared: Sequence[tuple[str, int]], budget: int | None, name: str) -> Markup:
    """Draw what this plan costs beside others, and the budget as a line."""
    most = max([cents for _, cents in compared] + [budget or 0, 1])
    bars: list[Row] = [
        {"row": row, "part": "planned" if row == 0 else "other", "from": 0, "to": cents}
        for row, (_, cents) in enumerate(compared)
    ]
    layers = [layer(bars, BAR, {**span("from", "to", [0, most]), **colored("planned", "other")})]
    if budget is not None:
        layers.append(rule([{"at": budget}], [0, most]))
    numbers = [f"${write_money(cents)}" for _, cents in compared]
    return drawn(name, layers, [words for words, _ in compared], numbers)


def schedule(found: Timeline, today: date, days: Mapping[date, str], name: str) -> Markup:
    """Draw the timeline; `days` names each day in the words of the page."""
    first = min([today, *(one.first for one in found.spans)])
    last = max([today, *(one.last for one in found.spans)]) + timedelta(days=1)
    domain = [_moment(first), _moment(last)]
    bars: list[Row] = []
    marks: list[Row] = []
    for one in found.spans:
        start = _moment(one.first)
        if one.part in ("purchase", "last day"):
            marks.append({"row": one.row, "part": one.part, "from": start})
        else:
            # The last day is the whole of it.
            end = _moment(one.last + timedelta(days=1))
            bars.append({"row": one.row, "part": one.part, "from": start, "to": end})
    numbers = []
    for row in range(len(found.rows)):
        here = [one for one in found.spans if one.row == row]
        ends = max(one.last for one in here)
        numbers.append(f"{'' if all(one.first == ends for one in here) else 'to '}{days[ends]}")
    scale = {"type": "utc", "domain": domain}
    axis = {
        "orient": "top",
        "title": None,
        "format": "%b %Y",
        "tickCount": 4,
        "labelOverlap": "greedy",
        "labelSeparation": 12,
        "grid": True,
        "labelFlush": 26,
    }
    x = {"field": "from", "type": "temporal", "scale": scale, "axis": axis}
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "yOffset": 10}
    shape = {
        "field": "part",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["purchase", "last day"], "range": ["diamond", "triangle-down"]},
    }
    layers = [
        layer(bars, BAR, {"x": x, "x2": {"field": "to"}, **colored("term", "window", "study")}),
        layer(marks, point, {"x": x, "shape": shape, **colored("purchase", "last day")}),
    ]
    return drawn(name, layers, found.rows, numbers, top=22)


def compared_costs(plan: Plan) -> list[tuple[str, int]]:
    """Return the plan and all that is priced beside it, to draw; itself alone where there is nothing."""
    found = [("This plan", plan.cost)]
    if plan.no_plan and plan.no_plan.cheapest_full_cost is not None:
        found = [("This plan, not full", plan.cost), ("Cheapest full plan", plan.no_plan.cheapest_full_cost)]
    found += [(f"{one.words[:1].upper()}{one.words[1:]}", one.cost) for one in plan.alternatives]
    if len(plan.problem.credentials) == 1:  # of several, a route's price is that of its credential alone
        found += [(f"By {route.name}", route.cost) for route in plan.routes if route.cost is not None]
    if plan.together and plan.together.saves is not None:
        found.append(("Credentials planned one by one", plan.cost + plan.together.saves))
    return found


def _moment(day: date) -> int:
    return (day - UNIX_EPOCH).days * 86_400_000
