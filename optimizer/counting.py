"""Counting: what counts in a finished plan, the fullest way the rules allow (contract's order of preference).

Largest total first, then requirement by requirement, then earned credit before planned. In a plan that falls
short, the least sum of what is short comes before all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pulp import LpProblem

from optimizer.crediting import Countable, count_rows, earned_items
from optimizer.problem import Problem, Rule
from optimizer.program import Counted, Model, Terms
from optimizer.solve import Stopwatch, exact, minimize

SECONDS = 60.0
"""For one count; it takes milliseconds, and a plan cannot be shown without it."""


@dataclass(frozen=True, slots=True)
class Count:
    """Hold credit counted, in the credential's unit: of which item, which part, in which category."""

    item: int
    """Place of an enrollment, or, after all enrollments, of an earned line of the problem."""
    part: int
    target: int
    category: str
    credit: Fraction


def fullest_count(problem: Problem, enrolled: Sequence[Countable], *, full: bool) -> tuple[Count, ...]:
    """Return what counts of the enrollments, each there for certain, and the earned lines."""
    model = Model(LpProblem("count"))
    items = [*enrolled, *earned_items(model, problem)]
    count_rows(model, problem, items, full=full)
    if any(c.terms for c in model.counted):
        _maximize(model, items, problem.requirements, len(enrolled), full=full)
    counts = (Count(c.item, c.part, c.target, c.category, _value(c, problem.scale)) for c in model.counted)
    return tuple(count for count in counts if count.credit > 0)


def _maximize(
    model: Model, items: Sequence[Countable], requirements: Sequence[Rule], enrolled: int, *, full: bool
) -> None:
    watch = Stopwatch(SECONDS)

    def less(counted: Sequence[Counted]) -> Terms:
        return [(v, -factor) for c in counted for v, factor in c.terms]

    aims: list[Terms] = [] if full else [[(v, 1) for v in model.short]]
    aims.append(less(model.counted))
    for rule in requirements:
        aims.append(
            less(
                [
                    c
                    for c in model.counted
                    if rule.matches(items[c.item].about, items[c.item].standing, c.target, c.category)
                ]
            )
        )
    aims.append(less([c for c in model.counted if c.item >= enrolled]))
    for aim in aims:
        if not aim:
            continue
        outcome = minimize(model, aim, watch)
        if outcome.value is None:
            msg = f"counting a finished plan came out {outcome.status}"
            raise RuntimeError(msg)
        model.row(aim, at_most=float(exact(outcome.value)))


def _value(counted: Counted, scale: int) -> Fraction:
    """Return a counted amount exactly."""
    value = counted.constant + sum(factor * (v.varValue or 0.0) for v, factor in counted.terms)
    return exact(value) / scale
