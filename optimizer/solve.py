"""Solving: the aims one after another, each frozen before the next, with honest statuses."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pulp import HiGHS, LpAffineExpression
from pulp.constants import LpSolveStatus

from optimizer.model import Model, Terms, build, cost, purchases
from optimizer.problem import Problem


class Status(StrEnum):
    """Say what a solve proved."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    """A solution, not proven to be the best."""
    INFEASIBLE = "infeasible"
    """Proven to have no solution."""
    UNKNOWN = "unknown"
    """Neither a solution nor a proof that there is none."""


STATUSES = {
    LpSolveStatus.Optimal: (Status.OPTIMAL, Status.OPTIMAL),
    LpSolveStatus.TimeLimit: (Status.FEASIBLE, Status.UNKNOWN),
    LpSolveStatus.Infeasible: (Status.INFEASIBLE, Status.INFEASIBLE),
    # Every variable is bounded below and every objective non-negative, or bounded: it cannot be unbounded.
    LpSolveStatus.Undefined: (Status.INFEASIBLE, Status.INFEASIBLE),
}
"""What each status of PuLP means (with a solution, without); one that is not here raises."""


class Stopwatch:
    """Hold the seconds left for all solves together."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, at least a hundredth: the solver reads 0 as no limit."""
        return max(0.01, self._end - time.monotonic())


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what one solve found."""

    status: Status
    value: float | None
    """Of the objective; None without a solution."""
    bound: float | None
    """Proven lower bound of the objective; None if there is none."""


def minimize(model: Model, aim: Terms, watch: Stopwatch, *, again: bool = False) -> Outcome:
    """Minimize a linear expression; `again` starts from the values the variables have now."""
    model.program.setObjective(LpAffineExpression.from_list(aim))
    solver = HiGHS(
        msg=False, threads=1, gapRel=0.0, timeLimit=watch.left(), warmStart=again, random_seed=0
    )
    stats = model.program.solve(solver)
    status = STATUSES[stats.status][0 if stats.has_solution else 1]
    if status in (Status.INFEASIBLE, Status.UNKNOWN):
        return Outcome(status, None, stats.best_bound)
    bound = stats.objective if status is Status.OPTIMAL else stats.best_bound
    return Outcome(status, stats.objective, bound)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Hold the choice of one problem: the values of all aims and how often each choice is taken."""

    status: Status
    cost: int
    bound: int
    short: float
    """Sum of what is missing, scaled."""
    purchases: int
    takes: tuple[tuple[int, int], ...]
    """Choices and how often each is taken."""


def choose(problem: Problem, budget: int | None, watch: Stopwatch, *, full: bool) -> Chosen | Status:
    """Return the best plan's choice, or the status that says why there is none.

    With `full`, every requirement is met; otherwise the sum of what is short is the first aim.
    """
    model = build(problem, budget=budget, full=full)
    status, short = Status.OPTIMAL, 0.0
    if not full:
        least = minimize(model, [(v, 1) for v in model.short], watch)
        if least.value is None:
            return least.status
        short = max(0.0, least.value)
        model.row([(v, 1) for v in model.short], at_most=short + 1e-6)
        status = least.status

    money = minimize(model, cost(model, problem), watch, again=not full)
    if money.value is None:
        return money.status
    spent = round(money.value)
    bound = max(0, math.ceil((money.bound or 0) - 1e-6)) if money.status is not Status.OPTIMAL else spent
    status = worse(status, money.status)
    for aim, value in ((cost(model, problem), spent), *((aim, None) for aim in _aims(model, problem))):
        if status is not Status.OPTIMAL:
            break
        if value is None:
            outcome = minimize(model, aim, watch, again=True)
            if outcome.value is None:  # out of time: the values before it stand
                status = Status.FEASIBLE
                break
            status, value = outcome.status, round(outcome.value)
        model.row(aim, at_most=value)
    taken: dict[int, int] = {}
    for variable, way in zip(model.take, problem.ways, strict=True):
        if is_one(variable.varValue):
            taken[way.choice] = taken.get(way.choice, 0) + 1
    number = sum(round((v.varValue or 0) * factor) for v, factor in purchases(model, problem))
    return Chosen(status, spent, bound, short, number, tuple(sorted(taken.items())))


def worse(one: Status, other: Status) -> Status:
    """Return OPTIMAL only if both are."""
    return one if one is not Status.OPTIMAL else other


def is_one(value: float | None) -> bool:
    """Say whether the solver's value of a 0/1 variable means 1."""
    return value is not None and value > 0.5


def _aims(model: Model, problem: Problem) -> Sequence[Terms]:
    """Return the aims after cost, in order: minutes, purchases, enrollments, ranks."""
    choices = [problem.choices[way.choice] for way in problem.ways]
    return (
        [(v, c.minutes) for v, c in zip(model.take, choices, strict=True) if c.minutes],
        purchases(model, problem),
        [(v, 1) for v in model.take],
        [(v, c.rank) for v, c in zip(model.take, choices, strict=True)],
    )
