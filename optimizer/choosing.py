"""Choosing: the best set within the budget, full or leaving the least short, and the proof that none is better.

Where weekly hours bind over many days, at first not every day is tried as a start. What is then found is proven
by a looser problem (timing.loosened), or else every day is tried after all.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from optimizer.learner import Learner
from optimizer.market import Market
from optimizer.obligation import Obligation
from optimizer.posing import pose
from optimizer.problem import AIMS, Aim, Problem
from optimizer.reducing import costs_more, promising
from optimizer.solve import Chosen, Status, Stopwatch, choose
from optimizer.timing import loosened


class NotProven(Exception):
    """Stop because the time limit ran out before any plan was found or ruled out."""


@dataclass(frozen=True, slots=True)
class Solved:
    """Hold a problem with the choice that solves it."""

    problem: Problem
    chosen: Chosen
    full: bool
    cheapest: Chosen | None
    """The cheapest full choice at any price, if there is one."""
    warnings: tuple[str, ...]

    @property
    def proven(self) -> bool:
        """Say whether nothing of it is in doubt."""
        return self.chosen.status is Status.OPTIMAL and (
            self.cheapest is None or self.cheapest.status is Status.OPTIMAL
        )


LEFT_OUT = "cannot be taken within your limits; the partial plan leaves it out."

MOST_WAYS = 100_000
"""Of a problem that tries every start, where the one that does not leaves a doubt; beyond, the doubt stays."""


@dataclass(frozen=True, slots=True)
class Least:
    """Hold what the best full plan comes to, without its days."""

    cost: int | None
    """Cents; None where there is no full plan."""
    bound: int
    """Proven lower limit of the cost, where cost is the first aim; else 0."""
    minutes: int
    purchases: int
    proven: bool


def proven_cost(found: Iterable[Least]) -> int | None:
    """Return the least of some costs, None where there is no full plan; raises `NotProven` if one is in doubt."""
    found = tuple(found)
    if not all(one.proven for one in found):
        msg = "a least cost was not proven within the time limit"
        raise NotProven(msg)
    return min((one.cost for one in found if one.cost is not None), default=None)


def best_choice(
    learner: Learner,
    kept: Sequence[Obligation],
    market: Market,
    as_of: date,
    watch: Stopwatch,
    *,
    reduced: bool,
    aims: tuple[Aim, ...] = AIMS,
    max_minutes: int | None = None,
) -> Solved:
    """Return the problem of a learner and its best choice, or raise `NotProven`."""

    def attempt(problem: Problem, loose: Problem | None) -> Solved:
        return _solved(problem, loose, learner, watch)

    posed = _poser(learner, kept, market, as_of, reduced=reduced, aims=aims, max_minutes=max_minutes)
    return _proven_by(posed, attempt, watch)


def least(
    learner: Learner,
    kept: Sequence[Obligation],
    market: Market,
    as_of: date,
    watch: Stopwatch,
    *,
    reduced: bool,
    aims: tuple[Aim, ...] = (Aim.COST,),
    insist: Collection[str] = (),
    enough: int | None = None,
) -> Least:
    """Return what the best full plan comes to, or raise `NotProven`.

    Where cost is the first aim, the budget is not looked at. With `insist` the plan takes one of these offerings,
    or one that nothing but its rank tells apart from one of them. With `enough`, plans that cost more than so many
    cents need not be told from none.
    """

    def attempt(problem: Problem, loose: Problem | None) -> Least:
        if enough is not None and costs_more(loose or problem, enough, watch):
            return Least(None, enough + 1, 0, 0, proven=True)
        budget = None if aims[0] is Aim.COST else problem.budget
        found = _choose(problem, loose, budget, watch, full=True)
        if isinstance(found, Chosen):
            minutes = sum(problem.choices[i].minutes * count for i, count in found.takes)
            proven = found.status is Status.OPTIMAL
            return Least(found.cost, found.bound, minutes, found.purchases, proven)
        if found is Status.INFEASIBLE:
            return Least(None, 0, 0, 0, proven=True)
        msg = "no plan was found within the time limit, and it is not proven that there is none"
        raise NotProven(msg)

    posed = _poser(learner, kept, market, as_of, reduced=reduced, aims=aims, insist=insist)
    return _proven_by(posed, attempt, watch)


class _Poser(Protocol):
    def __call__(self, *, timed: bool = True, every_day: bool = False) -> Problem: ...


def _poser(
    learner: Learner,
    kept: Sequence[Obligation],
    market: Market,
    as_of: date,
    *,
    reduced: bool,
    aims: tuple[Aim, ...],
    max_minutes: int | None = None,
    insist: Collection[str] = (),
) -> _Poser:
    def posed(*, timed: bool = True, every_day: bool = False) -> Problem:
        problem = pose(learner, market, kept, as_of, grouped=reduced, timed=timed, every_day=every_day)
        problem = replace(problem, aims=aims, max_minutes=max_minutes)
        if not insist:
            return problem
        named = tuple(
            i
            for i, choice in enumerate(problem.choices)
            if any(offering.offering_id in insist for _, offering in choice.members)
        )
        return replace(problem, must_take=(*problem.must_take, named))

    return posed


def _proven_by[Found: (Solved, Least)](
    posed: _Poser, attempt: Callable[[Problem, Problem | None], Found], watch: Stopwatch
) -> Found:
    """Return what is found on the starts that are tried at first, or on every day if a doubt remains."""
    problem = posed()
    if problem.days.hundredths is None or problem.days.step == 1:
        return attempt(problem, None)
    doubt: NotProven | None = None
    coarse: Found | None = None
    try:
        coarse = attempt(problem, loosened(posed(timed=False), problem))
    except NotProven as unproven:
        doubt = unproven
    if coarse is not None and coarse.proven:
        return coarse
    too_many = len(problem.ways) * problem.days.step > MOST_WAYS
    if not too_many and not watch.is_up():  # to pose every day takes long, and no limit stops it
        try:
            fine = attempt(posed(every_day=True), None)
            if coarse is None or fine.proven:
                return fine
        except NotProven as unproven:
            doubt = unproven
    if coarse is not None:
        return coarse
    if doubt is not None and not too_many:
        raise doubt
    msg = "with weekly hours over so long a time not every start was tried, and no plan was found"
    raise NotProven(msg)


def _solved(problem: Problem, loose: Problem | None, learner: Learner, watch: Stopwatch) -> Solved:
    """Return the best full choice within the budget, or the one that leaves the least short."""
    warnings: list[str] = []
    chosen, cheapest = _full(problem, loose, watch)
    full = chosen is not None
    if chosen is None:
        chosen = _partial(problem, loose, watch, warnings, required=len(learner.preferences.require))
    return Solved(problem, chosen, full, cheapest, tuple(warnings))


def _full(problem: Problem, loose: Problem | None, watch: Stopwatch) -> tuple[Chosen | None, Chosen | None]:
    """Return the cheapest full plan within the budget, if there is one, and the cheapest at any price."""
    if problem.aims[0] is not Aim.COST:
        found = _choose(problem, loose, problem.budget, watch, full=True)
        return (None if isinstance(found, Status) else found), None
    cheapest = _choose(problem, loose, None, watch, full=True)
    if isinstance(cheapest, Status):
        if cheapest is not Status.INFEASIBLE:
            msg = "no plan was found within the time limit, and it is not proven that there is none"
            raise NotProven(msg)
        return None, None
    if problem.budget is None or cheapest.cost <= problem.budget:
        return cheapest, cheapest
    if cheapest.status is Status.OPTIMAL or cheapest.bound > problem.budget:
        return None, cheapest
    within = _choose(problem, loose, problem.budget, watch, full=True)
    if within is Status.UNKNOWN:
        msg = "no plan within the budget was found in the time limit, and it is not proven that there is none"
        raise NotProven(msg)
    if isinstance(within, Status):  # proven: nothing fits
        return None, replace(cheapest, bound=max(cheapest.bound, problem.budget + 1))
    return within, cheapest


def _choose(
    problem: Problem,
    loose: Problem | None,
    budget: int | None,
    watch: Stopwatch,
    *,
    full: bool,
) -> Chosen | Status:
    """Return the best plan's choice; where not every start is tried, it is proven by a looser problem's."""
    found = choose(promising(problem, budget, watch, full=full), budget, watch, full=full)
    if loose is None:
        return found
    best = choose(promising(loose, budget, watch, full=full), budget, watch, full=full)
    if isinstance(best, Status) or isinstance(found, Status):
        if best is Status.INFEASIBLE:
            return best
        return (
            Status.UNKNOWN if isinstance(found, Status) else replace(found, status=Status.FEASIBLE, bound=0)
        )
    if _aims(problem, found) == _aims(loose, best) and best.status is Status.OPTIMAL:
        return found
    return replace(found, status=Status.FEASIBLE, bound=min(best.bound, found.cost) if full else found.bound)


def _aims(problem: Problem, chosen: Chosen) -> tuple[object, ...]:
    """Return the values of a choice's aims."""
    ranks = [rank for i, count in chosen.takes for rank, _ in problem.choices[i].taken(count)]
    values = {
        Aim.COST: chosen.cost,
        Aim.HOURS: sum(problem.choices[i].minutes * count for i, count in chosen.takes),
        Aim.PURCHASES: chosen.purchases,
        Aim.ENROLLMENTS: len(ranks),
        Aim.RANKS: sum(ranks),
    }
    return chosen.short, *(values[aim] for aim in problem.aims)


def _partial(
    problem: Problem, loose: Problem | None, watch: Stopwatch, warnings: list[str], *, required: int
) -> Chosen:
    """Return the plan within the budget that leaves the least short."""
    chosen = _choose(problem, loose, problem.budget, watch, full=False)
    # What cannot be taken is left out: the route first, for what the learner requires may fit without it.
    for what, kept in (("The route", required), ("What you require", 0)):
        if chosen is Status.INFEASIBLE and kept < len(problem.must_take):
            problem = replace(problem, must_take=problem.must_take[:kept])
            loose = loose and replace(loose, must_take=problem.must_take)
            chosen = _choose(problem, loose, problem.budget, watch, full=False)
            if chosen is not Status.INFEASIBLE:
                warnings.append(f"{what} {LEFT_OUT}")
    if isinstance(chosen, Status):
        msg = "no partial plan was found within the time limit"
        raise NotProven(msg)
    return chosen
