"""The frontier: every cost worth paying for fewer hours, and what every budget can cover, each point a plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import islice, pairwise
from typing import Annotated

from optimizer.alternatives import beside, least_by_route
from optimizer.choosing import LEFT_OUT, NotProven
from optimizer.comparing import apart_and_together, other_routes
from optimizer.obligation import obligations
from optimizer.plan import SCHEMA_VERSION, Plan
from optimizer.planning import UNPROVEN, plan_for
from optimizer.problem import Aim
from optimizer.question import Question
from optimizer.solve import Stopwatch

AGAINST = ("hours", "budget")


@dataclass(frozen=True, slots=True)
class Point:
    """Hold one plan of a frontier: nothing as cheap is better, and nothing as good is cheaper."""

    cost: int
    minutes: int
    short: Fraction
    """Summed over all requirements."""
    price: int | None
    """Cents for each hour saved, or each credit less short, against the next cheaper point; None for the cheapest."""
    proven: bool
    plan: Plan


@dataclass(frozen=True, slots=True)
class Frontier:
    """Hold the points of a frontier, from the cheapest against hours, from the dearest against the budget."""

    against: Annotated[str, AGAINST]
    as_of: date
    points: tuple[Point, ...]
    more: bool
    """Whether there are more than were asked for."""
    complete: bool
    """Whether these are all there are, and each is proven."""
    schema_version: int = SCHEMA_VERSION


def frontier(question: Question, against: str, most: int) -> Frontier:
    """Return at most so many points; without a full plan there are none against hours. Raises as `plan_for` does.

    Where time runs out after some points were found, those are returned as not complete.
    """
    found: list[Plan] = []
    watch = Stopwatch(question.seconds)
    settled = True
    walk = _by_hours(question, watch) if against == "hours" else _by_budget(question, watch)
    try:
        for plan in islice(walk, most + 1):
            found.append(plan)
    except NotProven:
        if not found:
            raise
        settled = False
    more = len(found) > most
    points = _points(found, against)[:most]
    complete = settled and not more and all(point.proven for point in points)
    return Frontier(against, question.as_of, points, more, complete)


def _by_hours(question: Question, watch: Stopwatch) -> Iterator[Plan]:
    """Yield the cheapest full plan, then each that is the cheapest of those with fewer hours than the one before."""
    plan = cheapest = _first(question, watch)
    if plan.no_plan is not None:
        return
    yield plan
    leasts = least_by_route(question, watch, Aim.HOURS)
    known = all(least.proven for least in leasts)
    fewest = min((least.minutes for least in leasts if least.cost is not None), default=0) if known else 0
    while plan.minutes > fewest:
        fewer = replace(question, max_minutes=plan.minutes - 1, beside=False, seconds=watch.left())
        plan = plan_for(fewer)
        if plan.no_plan is not None:
            return
        yield beside(question, plan, cheapest, watch)


def _by_budget(question: Question, watch: Stopwatch) -> Iterator[Plan]:
    """Yield the cheapest full plan, or at any price the best partial one, then the best for a cent less than each."""
    question = _with_budget(question, None)
    plan = dearest = _first(question, watch)
    yield plan
    while plan.cost > 0:
        less = replace(_with_budget(question, plan.cost - 1), beside=False, seconds=watch.left())
        plan = plan_for(less)
        if not _leaves_out(dearest) and _leaves_out(plan):
            return
        yield beside(question, plan, dearest, watch)


def _leaves_out(plan: Plan) -> bool:
    """Say whether a plan lacks what the learner requires, or the route."""
    return any(LEFT_OUT in warning for warning in plan.warnings)


def _first(question: Question, watch: Stopwatch) -> Plan:
    """Return the plan that answers the question itself, with what other routes and each credential alone would cost."""
    kept = obligations(question.learner, question.credentials, question.as_of)
    plan = plan_for(replace(question, beside=False))
    together = apart_and_together(question, kept, plan, watch) if len(kept) > 1 else None
    return replace(plan, routes=other_routes(question, kept, plan, watch), together=together)


def _with_budget(question: Question, budget: int | None) -> Question:
    return replace(question, learner=replace(question.learner, budget=budget))


def _points(plans: Sequence[Plan], against: str) -> tuple[Point, ...]:
    """Return the points of plans, each with its price against the next cheaper one."""
    shorts = [sum((line.short for line in plan.requirements), Fraction()) for plan in plans]
    prices: dict[int, int | None] = {}
    for one, other in pairwise(range(len(plans))):
        if against == "hours":
            saved = Fraction(plans[one].minutes - plans[other].minutes, 60)
            prices[other] = _each(plans[other].cost - plans[one].cost, saved)
        else:
            prices[one] = _each(plans[one].cost - plans[other].cost, shorts[other] - shorts[one])
    return tuple(
        Point(plan.cost, plan.minutes, shorts[n], prices.get(n), UNPROVEN not in plan.warnings, plan)
        for n, plan in enumerate(plans)
    )


def _each(cents: int, units: Fraction) -> int | None:
    """Return what each unit costs, half a cent rounded up; None where nothing is gained or lost."""
    if units <= 0 or cents < 0:
        return None
    each = Fraction(cents) / units
    return (2 * each.numerator + each.denominator) // (2 * each.denominator)
