"""The charts of a report: Vega-Lite specifications, drawn as SVG without a network, the same bytes every time.

Colors are CSS variables of the page, so one drawing serves light, dark and paper. Numbers stand in the tables
beside the charts; to a screen reader each chart is one image with a name.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from lxml import etree
from markupsafe import Markup

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.layout import short_credit
from optimizer.plan import Plan, RequirementMet
from optimizer.report.timeline import Timeline

WIDTHS = {"narrow": 320, "wide": 720}
"""Pixels of a phone's chart, and of one for larger screens and paper: text is as large as the page's in both."""
STEP = 46
"""Pixels of a row: its name above its bar."""
LETTER = 6.6
"""Pixels of a letter on average, to cut names that do not fit."""
FONT = "Liberation Sans"
"""Comes with vl-convert, so that text is measured alike everywhere; the page shows its own font."""
UNIX_EPOCH = date(1970, 1, 1)
SVG = "{http://www.w3.org/2000/svg}"

type Row = Mapping[str, str | int | float]
type Layer = dict[str, Any]


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
        f"{short_credit(one.earned + one.planned)} of {short_credit(one.required)}" for one in requirements
    ]
    bar = {**_BAR, "strokeDash": [4, 3]}
    layers = [
        _layer(bars, bar, {**_span("from", "to", [0, 100]), **_colored("earned", "planned", "missing")}),
    ]
    return _drawn(name, layers, names, numbers)


def costs(compared: Sequence[tuple[str, int]], budget: int | None, name: str) -> Markup:
    """Draw what this plan costs beside others, and the budget as a line."""
    most = max([cents for _, cents in compared] + [budget or 0, 1])
    bars: list[Row] = [
        {"row": row, "part": "planned" if row == 0 else "other", "from": 0, "to": cents}
        for row, (_, cents) in enumerate(compared)
    ]
    layers = [_layer(bars, _BAR, {**_span("from", "to", [0, most]), **_colored("planned", "other")})]
    if budget is not None:
        layers.append(_rule([{"at": budget}], [0, most]))
    numbers = [f"${write_money(cents)}" for _, cents in compared]
    return _drawn(name, layers, [words for words, _ in compared], numbers)


def schedule(found: Timeline, today: date, days: Mapping[date, str], name: str) -> Markup:
    """Draw the timeline; `days` names each day in the words of the page."""
    first = min([today, *(span.first for span in found.spans)])
    last = max([today, *(span.last for span in found.spans)]) + timedelta(days=1)
    domain = [_moment(first), _moment(last)]
    bars: list[Row] = []
    marks: list[Row] = []
    for span in found.spans:
        if span.part in ("purchase", "last day"):
            marks.append({"row": span.row, "part": span.part, "from": _moment(span.first)})
        else:
            # The last day is the whole of it.
            end = _moment(span.last + timedelta(days=1))
            bars.append({"row": span.row, "part": span.part, "from": _moment(span.first), "to": end})
    numbers = []
    for row in range(len(found.rows)):
        spans = [span for span in found.spans if span.row == row]
        start, end = min(s.first for s in spans), max(s.last for s in spans)
        numbers.append(days[start] if start == end else f"{days[start]} – {days[end]}")
    scale = {"type": "utc", "domain": domain}
    axis = {"orient": "top", "title": None, "tickCount": 5, "labelOverlap": True, "grid": True, "labelFlush": True}
    x = {"field": "from", "type": "temporal", "scale": scale, "axis": axis}
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "yOffset": 10}
    shape = {
        "field": "part",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["purchase", "last day"], "range": ["diamond", "triangle-down"]},
    }
    layers = [
        _layer(bars, _BAR, {"x": x, "x2": {"field": "to"}, **_colored("term", "window", "study")}),
        _layer(marks, point, {"x": x, "shape": shape, **_colored("purchase", "last day")}),
    ]
    return _drawn(name, layers, found.rows, numbers, top=22)


def compared_costs(plan: Plan) -> list[tuple[str, int]]:
    """Return the plan and all that is priced beside it, to draw; itself alone where there is nothing."""
    found = [("This plan", plan.cost)]
    if plan.no_plan and plan.no_plan.cheapest_full_cost is not None:
        found = [("This plan, not full", plan.cost), ("Cheapest full plan", plan.no_plan.cheapest_full_cost)]
    found += [(f"{one.words[:1].upper()}{one.words[1:]}", one.cost) for one in plan.alternatives]
    several = len(plan.problem.credentials) > 1
    found += [
        (f"By {r.name}{f' for {r.credential}' if several else ''}", r.cost)
        for r in plan.routes
        if r.cost is not None
    ]
    if plan.together and plan.together.saves is not None:
        found.append(("Credentials planned one by one", plan.cost + plan.together.saves))
    return found


_BAR = {"type": "bar", "height": 14, "yOffset": 10, "strokeWidth": 1.5}


def _span(start: str, end: str, domain: Sequence[float]) -> Layer:
    scale = {"domain": list(domain), "nice": False}
    return {"x": {"field": start, "type": "quantitative", "axis": None, "scale": scale}, "x2": {"field": end}}


def _colored(*parts: str) -> Layer:
    """Return the fill and outline of each part, by the page's variables."""
    names = [part.replace(" ", "-") for part in parts]
    return {
        channel: {
            "field": "part",
            "type": "nominal",
            "legend": None,
            "scale": {"domain": list(parts), "range": [f"var(--{name}-{channel})" for name in names]},
        }
        for channel in ("fill", "stroke")
    }


def _layer(values: Sequence[Row], mark: Layer, encoding: Layer) -> Layer:
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}


def _rule(values: Sequence[Row], domain: Sequence[float]) -> Layer:
    scale = {"domain": list(domain), "nice": False}
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 2, "stroke": "var(--ink)"},
        "encoding": {
            "x": {"field": "at", "type": "quantitative", "axis": None, "scale": scale},
            "y": {"value": 0},
            "y2": {"value": "height"},
        },
    }


def _labels(names: Sequence[str], numbers: Sequence[str], width: int) -> list[Layer]:
    """Return the names at the left above the bars, and the numbers at the right, cut so that they never meet."""
    left = [
        {"row": row, "words": _fitted(name, width / LETTER - len(number) - 2)}
        for row, (name, number) in enumerate(zip(names, numbers, strict=True))
    ]
    right = [{"row": row, "words": number} for row, number in enumerate(numbers)]
    text = {"type": "text", "yOffset": -8, "fontSize": 13, "baseline": "middle", "fill": "var(--ink)"}
    words = {"field": "words", "type": "nominal"}
    return [
        _layer(left, {**text, "align": "left"}, {"x": {"value": 0}, "text": words}),
        _layer(right, {**text, "align": "right"}, {"x": {"value": width}, "text": words}),
    ]


def _fitted(name: str, letters: float) -> str:
    name, most = shown(name, longest=200), max(int(letters), 6)
    return name if len(name) <= most else name[: most - 1] + "…"


def _drawn(
    name: str, layers: Sequence[Layer], names: Sequence[str], numbers: Sequence[str], top: int = 2
) -> Markup:
    """Draw layers for a phone and for wider screens; the page shows one of the two."""
    from vl_convert import vegalite_to_svg

    found = []
    for kind, width in WIDTHS.items():
        y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(len(names)))}}
        spec = {
            "width": width,
            "height": {"step": STEP},
            "padding": {"left": 6, "right": 6, "top": top, "bottom": 4},
            "autosize": "none",
            "background": None,
            "config": _CONFIG,
            "resolve": {"scale": {"fill": "independent", "stroke": "independent"}},
            "layer": [
                layer if "y" in layer["encoding"] else {**layer, "encoding": {"y": y, **layer["encoding"]}}
                for layer in [*layers, *_labels(names, numbers, width)]
            ],
        }
        found.append(_inline(vegalite_to_svg(spec, allowed_base_urls=[]), name, kind))
    return Markup("\n").join(found)


_CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domainColor": "var(--line)",
        "gridColor": "var(--line)",
        "tickColor": "var(--line)",
        "labelColor": "var(--ink)",
        "labelFontSize": 12,
    },
}


def _inline(svg: str, name: str, kind: str) -> Markup:
    """Return a drawing as one image with a name, as wide as the page lets it be."""
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter(etree.Element):
        for attribute in [key for key in element.attrib if str(key) == "role" or str(key).startswith("aria-")]:
            del element.attrib[attribute]
        if element.get("font-family"):
            del element.attrib["font-family"]
    for attribute in ("width", "height", "version"):
        del root.attrib[attribute]
    root.set("class", f"chart {kind}")
    root.set("role", "img")
    root.set("aria-label", shown(name, longest=500))
    title = etree.Element(f"{SVG}title")
    title.text = shown(name, longest=500)
    root.insert(0, title)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - written anew from a tree


def _moment(day: date) -> int:
    return (day - UNIX_EPOCH).days * 86_400_000
