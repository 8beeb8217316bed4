"""A frontier as text, a table with what each step costs, and as CSV for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.differing import hours_words
from optimizer.frontier import Frontier, Point
from optimizer.layout import bullets, section, wrapped
from optimizer.obligation import Obligation
from optimizer.plan import amount

UNSURE = "?"
"""Behind every line that is not proven."""


def frontier_text(frontier: Frontier, kept: Sequence[Obligation], budget: int | None, width: int = 80) -> str:
    """Return a frontier as text; the budget is the learner's own."""
    names = " and ".join(one.credential.name for one in kept)
    hours = frontier.against == "hours"
    title = f"{'Cost against hours' if hours else 'What each budget covers'}: {names}"
    table = _hours(frontier.points) if hours else _coverage(frontier.points, width)
    told = list(_told_of_hours(frontier) if hours else _told_of_budgets(frontier, budget))
    if frontier.more:
        told.append("There are more than are shown. Ask for them with --points.")
    if not all(point.proven for point in frontier.points):
        told.append(f"Lines marked {UNSURE} were not proven in the time given: there may be better ones.")
    if not frontier.complete and not frontier.more:
        told.append("This is not complete: the time ran out. Give it longer with --time-limit.")
    if frontier.points:
        told.append("Each line is a whole plan: --format json has all of them.")
    head = wrapped(title, width, "", "")
    return "\n".join(
        [section(head, ["", *table]) if frontier.points else f"{head}\n", *bullets(told, width), ""]
    )


def frontier_csv(frontier: Frontier) -> str:
    """Return a frontier as CSV, one row a point."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    hours = frontier.against == "hours"
    price = "each_hour_saved_costs" if hours else "each_credit_less_short_costs"
    writer.writerow(["cost", "hours", "purchases", "courses", "short", "short_of", price, "proven"])
    for point in frontier.points:
        plan = point.plan
        writer.writerow(
            [
                write_money(point.cost), amount(Fraction(point.minutes, 60)), len(plan.purchases),
                len(plan.enrollments), amount(point.short), _short_of(point),
                "" if point.price is None else write_money(point.price), "yes" if point.proven else "no",
            ]
        )  # fmt: skip
    return out.getvalue()


def _hours(points: Sequence[Point]) -> Iterator[str]:
    if points:
        yield f"  {'cost':>10}  {'hours':>8}  {'purchases':>9}  {'courses':>7}  an hour saved costs"
    for point in points:
        plan, hours = point.plan, amount(Fraction(point.minutes, 60))
        yield (
            f"  {'$' + write_money(point.cost):>10}  {hours:>8}  {len(plan.purchases):>9}  "
            f"{len(plan.enrollments):>7}  {_price(point):>19}{'' if point.proven else UNSURE}"
        ).rstrip()


def _coverage(points: Sequence[Point], width: int) -> Iterator[str]:
    yield f"  {'spend':>10}  {'short':>8}  {'a credit more costs':>19}  short of"
    for point in points:
        first = f"  {'$' + write_money(point.cost):>10}  {amount(point.short):>8}  {_price(point):>19}  "
        told = f"{_short_of(point) or 'nothing'}{'' if point.proven else UNSURE}"
        yield wrapped(told, width, first, " " * len(first))


def _price(point: Point) -> str:
    return "" if point.price is None else f"${write_money(point.price)}"


def _short_of(point: Point) -> str:
    """Say which requirements are not met, and by how much."""
    plan = point.plan
    several = len(plan.route) > 1
    short = [
        f"{amount(line.short)} {shown(line.name)}{f' of {line.credential}' if several else ''}"
        for line in plan.requirements
        if line.short
    ]
    return "; ".join(short) or ("" if plan.no_plan is None else "what you require or the route")


def _told_of_hours(frontier: Frontier) -> Iterator[str]:
    if not frontier.points:
        yield "There is no full plan within your limits, so no hours can be traded. `ceuplan optimize` says why."
        yield "What each budget covers: --against budget."
        return
    first, last = frontier.points[0], frontier.points[-1]
    if len(frontier.points) == 1 and not frontier.more:
        if frontier.complete:
            yield (
                f"The cheapest plan takes {hours_words(first.minutes)}, and none takes fewer: "
                "there is nothing to trade."
            )
        return
    fewest = "the fewest there are" if frontier.complete else "the fewest of these"
    yield f"The cheapest plan takes {hours_words(first.minutes)}."
    if len(frontier.points) > 1:
        more = f"${write_money(last.cost - first.cost)}"
        yield f"{hours_words(last.minutes)[:1].upper()}{hours_words(last.minutes)[1:]}, {fewest}, cost {more} more."


def _told_of_budgets(frontier: Frontier, budget: int | None) -> Iterator[str]:
    first = frontier.points[0]
    if first.plan.no_plan is None:
        yield f"A full plan costs ${write_money(first.cost)}."
    else:
        yield "There is no full plan at any price. `ceuplan optimize` says why."
    if budget is not None:
        reached = next((point for point in frontier.points if point.cost <= budget), None)
        if reached is not None:
            yield f"Your budget, ${write_money(budget)}, reaches the line of ${write_money(reached.cost)}."
        else:
            yield f"Your budget, ${write_money(budget)}, reaches none of these lines."
    last = frontier.points[-1]
    if frontier.complete and last.cost:
        yield f"With less than ${write_money(last.cost)} what you require, or the route, cannot be paid."
    if any(point.short for point in frontier.points):
        yield "What is short is summed over all requirements; one course may close several."
