"""Solving: the aims one after another, each frozen before the next, with honest statuses."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from pulp import HiGHS, LpAffineExpression, LpVariable
from pulp.constants import LpSolveStatus

from optimizer.hours import Load, minutes_given, overfull
from optimizer.model import build, by_choice, cost, minutes, purchases
from optimizer.problem import Aim, Problem
from optimizer.program import Model, Terms
from optimizer.ways import merged


class Status(StrEnum):
    """Say what a solve proved."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    """A solution, not proven to be the best."""
    INFEASIBLE = "infeasible"
    """Proven to have no solution."""
    UNKNOWN = "unknown"
    """Neither a solution nor a proof that there is none: out of time."""
    UNCLEAR = "unclear"
    """The solver gave no verdict."""


STATUSES = {
    LpSolveStatus.Optimal: (Status.OPTIMAL, Status.OPTIMAL),
    LpSolveStatus.TimeLimit: (Status.FEASIBLE, Status.UNKNOWN),
    LpSolveStatus.Infeasible: (Status.INFEASIBLE, Status.INFEASIBLE),
    LpSolveStatus.Undefined: (Status.UNCLEAR, Status.UNCLEAR),
}
"""What each status of PuLP means (with a solution, without); one that is not here raises."""


DENOMINATORS = 720
"""Counted credit is read back as a fraction with at most this denominator, in scaled units; the proof checks it."""


class Stopwatch:
    """Hold the seconds left for all solves together."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, at least a hundredth: the solver reads 0 as no limit."""
        return max(0.01, self._end - time.monotonic())

    def is_up(self) -> bool:
        """Say whether none are left."""
        return time.monotonic() >= self._end


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what one solve found."""

    status: Status
    value: float | None
    """Of the objective; None without a solution."""
    bound: float | None
    """Proven lower bound of the objective; None if there is none."""


def minimize(model: Model, aim: Terms, watch: Stopwatch) -> Outcome:
    """Minimize a linear expression, starting from the values that variables have now: all, some or none.

    HiGHS's presolve has called programs infeasible that are not, and may stop at "infeasible or unbounded": either
    is asked for once more without it.
    """
    model.program.setObjective(LpAffineExpression.from_list(list(aim)))
    valued = any(v.varValue is not None for v in model.program.exported_variables())
    outcome = _solve(model, watch.left(), warmStart=valued)
    if outcome.status in (Status.INFEASIBLE, Status.UNCLEAR):
        second = _solve(model, watch.left() / 4, presolve="off")
        if Status.UNCLEAR in (second.status, outcome.status) and second.value is None:
            if second.status is not Status.INFEASIBLE:
                msg = f"the solver gave no verdict: {outcome.status}, then {second.status}"
                raise RuntimeError(msg)
            return second
        return outcome if second.value is None else second
    return outcome


def _solve(model: Model, seconds: float, **options: Any) -> Outcome:
    solver = HiGHS(
        msg=False,
        threads=1,
        gapRel=0.0,
        timeLimit=seconds,
        random_seed=0,
        # On programs as small as ours it takes a third of the time and finds nothing the others do not. Those stay:
        # without RENS, too, HiGHS 1.15 was seen to crash.
        mip_heuristic_run_feasibility_jump=False,
        **options,
    )
    stats = model.program.solve(solver)
    status = STATUSES[stats.status][0 if stats.has_solution else 1]
    if status in (Status.INFEASIBLE, Status.UNKNOWN, Status.UNCLEAR):
        return Outcome(status, None, stats.best_bound)
    bound = stats.objective if status is Status.OPTIMAL else stats.best_bound
    return Outcome(status, stats.objective, bound)


def exact(value: float) -> Fraction:
    """Return the number a solver's value stands for: sums of whole data are fractions with small denominators."""
    return Fraction(value).limit_denominator(DENOMINATORS)


def minimize_in_time(model: Model, problem: Problem, aim: Terms, watch: Stopwatch) -> Outcome:
    """Minimize among the plans that weekly hours allow: intervals that are asked for too much become rows.

    The rows stay in the model, so that later aims start with them.
    """
    while True:
        outcome = minimize(model, aim, watch)
        if problem.days.hundredths is None or outcome.value is None:
            return outcome
        if not hour_rows(model, problem, [whole(take) for take in model.take]):
            return outcome
        if outcome.status is not Status.OPTIMAL:
            return Outcome(Status.UNKNOWN, None, outcome.bound)


def hour_rows(model: Model, problem: Problem, takes: Sequence[int]) -> bool:
    """Add a row for each interval that ways taken so often ask too much of; say whether there is any."""
    work = _work(problem)
    taken = [load for load, times in zip(work, takes, strict=True) if load for _ in range(times)]
    intervals = overfull(problem.days, taken)
    for first, last in intervals:
        _hour_row(model, problem, work, first, last)
    return bool(intervals)


def _work(problem: Problem) -> list[Load | None]:
    """Return the work of each way; none of a live event."""
    return [
        Load(way.start, way.last, problem.choices[way.choice].minutes)
        if problem.choices[way.choice].self_paced
        else None
        for way in problem.ways
    ]


def _hour_row(model: Model, problem: Problem, work: Sequence[Load | None], first: int, last: int) -> None:
    """Add the row of one interval: what lies in it takes no more minutes than it gives."""
    terms: Terms = [
        (take, load.minutes)
        for load, take in zip(work, model.take, strict=True)
        if load and load.minutes and first <= load.start and load.last <= last
    ]
    model.row(terms, at_most=minutes_given(problem.days, first, last))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Hold the choice of one problem: the values of all aims and how often each choice is taken."""

    status: Status
    cost: int
    bound: int
    short: Fraction
    """Sum of what is missing, scaled."""
    purchases: int
    takes: tuple[tuple[int, int], ...]
    """Choices and how often each is taken."""
    terms: frozenset[int]
    """The terms bought, or held, when the solver found it: some that work, not yet the best."""


def choose(problem: Problem, budget: int | None, watch: Stopwatch, *, full: bool) -> Chosen | Status:
    """Return the best plan's choice, or the status that says why there is none.

    With `full`, every requirement is met; otherwise the sum of what is short is the first aim.
    """
    problem = without_days(problem)
    model = build(problem, budget=budget, full=full)
    if (
        problem.days.hundredths is not None
    ):  # of all days: what binds mostly, so that the first answer is near
        _hour_row(model, problem, _work(problem), problem.days.first, problem.days.last_day)
    if problem.start:
        _start(model, problem)
    status, short = Status.OPTIMAL, Fraction()
    if not full and problem.known_short is not None:
        short = problem.known_short * problem.scale
    elif not full:
        missing = minimize_in_time(model, problem, [(v, 1) for v in model.short], watch)
        if missing.value is None:
            return missing.status
        short, status = exact(missing.value), missing.status
    if not full:
        model.row([(v, 1) for v in model.short], at_most=float(short))
    proven_short = status is Status.OPTIMAL

    known = dict(problem.known)
    for aim, value in known.items():
        model.row(_aim(model, problem, aim), exactly=value)
    left = [aim for aim in problem.aims if aim not in known] or problem.aims[-1:]
    if not left and full:  # any full plan will do
        outcome = minimize_in_time(model, problem, [], watch)
        if outcome.value is None:
            return outcome.status
    if not left:
        found = _read(model, problem)
        return Chosen(status, found.cost, 0, short, found.purchases, found.takes, found.terms)
    first: Outcome | None = None
    for aim in left:
        terms = _aim(model, problem, aim)
        outcome = minimize_in_time(model, problem, terms, watch)
        if outcome.value is None:
            break
        chosen = _read(model, problem)
        first = first or outcome
        status = worse(status, outcome.status)
        if status is not Status.OPTIMAL:
            break
        model.row(terms, exactly=round(outcome.value))
    if first is None:
        if outcome.status is Status.INFEASIBLE and (known or problem.known_short is not None):
            # It cannot be, but for a solver's tolerance.
            unknown = replace(problem, known=(), known_short=None, bought=frozenset())
            return choose(unknown, budget, watch, full=full)
        return outcome.status
    if outcome.value is None:  # out of time: what was found before stands
        status = Status.FEASIBLE
    bound = 0
    if problem.aims[0] is Aim.COST and (full or proven_short):  # with less short, it might cost less
        least = first.bound or 0.0
        proven = first.status is Status.OPTIMAL
        bound = known.get(Aim.COST, round(least) if proven else max(0, math.ceil(least - 1e-6)))
    return Chosen(status, chosen.cost, bound, short, chosen.purchases, chosen.takes, chosen.terms)


def _start(model: Model, problem: Problem) -> None:
    """Give the values that leave out what a known plan does not take; the solver finds the others."""
    for take, way in zip(model.take, problem.ways, strict=True):
        if problem.start.isdisjoint(rank for rank, _ in problem.choices[way.choice].members):
            take.varValue = 0.0


def without_days(problem: Problem) -> Problem:
    """Return the problem with the ways that differ only in their days merged: no aim looks at days.

    Weekly hours do; then it is without the ways that cannot be taken in time even alone.
    """
    if problem.days.hundredths is not None:
        return in_time(problem)
    gaps = {i for course in problem.courses if course.repeat_days for i in course.choices}
    return replace(problem, ways=merged(problem.ways, problem.passes, gaps, by_day=False))


def in_time(problem: Problem) -> Problem:
    """Return the problem without the ways whose days give less study than they alone ask for."""
    days, work = problem.days, _work(problem)
    fits = (load is None or load.minutes <= minutes_given(days, load.start, load.last) for load in work)
    return replace(problem, ways=tuple(way for way, fit in zip(problem.ways, fits, strict=True) if fit))


@dataclass(frozen=True, slots=True)
class _Taken:
    """Hold what the variables of a solved model say."""

    cost: int
    purchases: int
    takes: tuple[tuple[int, int], ...]
    terms: frozenset[int]


def _read(model: Model, problem: Problem) -> _Taken:
    """Return the money spent, the number of purchases, how often each choice is taken, and the terms held."""
    taken: dict[int, int] = {}
    for variable, way in zip(model.take, problem.ways, strict=True):
        if times := whole(variable):
            taken[way.choice] = taken.get(way.choice, 0) + times
    money = sum(whole(v) * round(price) for v, price in cost(model, problem))
    number = sum(whole(v) for v, _ in purchases(model, problem))
    terms = frozenset(t for t, hold in enumerate(model.hold) if hold is None or whole(hold))
    return _Taken(money, number, tuple(sorted(taken.items())), terms)


def worse(one: Status, other: Status) -> Status:
    """Return OPTIMAL only if both are."""
    return one if one is not Status.OPTIMAL else other


def whole(variable: LpVariable) -> int:
    """Return the solver's value of a whole variable."""
    return round(variable.varValue or 0)


def _aim(model: Model, problem: Problem, aim: Aim) -> Terms:
    """Return what an aim minimizes."""
    match aim:
        case Aim.COST:
            return cost(model, problem)
        case Aim.HOURS:
            return minutes(model, problem)
        case Aim.PURCHASES:
            return purchases(model, problem)
        case Aim.ENROLLMENTS:
            return [(v, 1) for v in model.take]
        case Aim.RANKS:
            return _ranks(model, problem)  # last, since it adds variables to the model


def _ranks(model: Model, problem: Problem) -> Terms:
    """Return the sum of ranks: a group of offerings alike fills from its lowest rank up, one step a member."""
    terms: list[tuple[LpVariable, float]] = []
    for i, ways in by_choice(problem.ways).items():
        choice, takes = problem.choices[i], [model.take[w] for w in ways]
        if len(choice.members) == 1:
            terms += [(take, choice.members[0][0]) for take in takes]
            continue
        steps = [model.variable(choice.each, whole=False) for _ in choice.members]
        model.row([*((step, 1) for step in steps), *((take, -1) for take in takes)], at_least=0)
        terms += [(step, rank) for step, (rank, _) in zip(steps, choice.members, strict=True)]
    return terms
