"""Choosing: the best set within the budget, full or leaving the least short, and the proof that none is better.

Where weekly hours bind over many days, at first not every day is tried as a start. What is then found is proven
by a looser problem (timing.loosened), or else every day is tried after all. Where there are many ways, it comes first.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Protocol

from optimizer.bounding import solver_of_limits
from optimizer.learner import Learner
from optimizer.market import Market
from optimizer.narrowing import NOTHING_KNOWN, SIZES, Known, Sizes, narrowed
from optimizer.obligation import Obligation
from optimizer.pass_limits import study_needed
from optimizer.posing import pose
from optimizer.problem import AIMS, Aim, Problem
from optimizer.reducing import costs_more
from optimizer.shelf import Shelf, shelf_of
from optimizer.solve import Chosen, Status, Stopwatch
from optimizer.stage import Asked, Reach
from optimizer.starts import choose_with_proof, values_of
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

MOST_WAYS = 30_000
"""Of a problem that tries every start, where the one that does not leaves a doubt; beyond, the doubt stays.

With 90,000 variables HiGHS was seen to end a hundred seconds after its time limit.
"""


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
    sizes: Sizes = SIZES,
) -> Solved:
    """Return the problem of a learner and its best choice, or raise `NotProven`."""

    def attempt(find: Find) -> Solved:
        return _solved(find, aims, learner, watch)

    posed = _poser(
        learner, kept, market, as_of, watch, reduced=reduced, aims=aims, max_minutes=max_minutes, sizes=sizes
    )
    return _proven_by(posed, attempt, watch, sizes)


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
    sizes: Sizes = SIZES,
) -> Least:
    """Return what the best full plan comes to, or raise `NotProven`.

    Where cost is the first aim, the budget is not looked at; nor where there are no aims: then any full plan will do.
    With `insist` the plan takes one of these offerings, or one that nothing but its rank tells apart from one of them.
    With `enough`, any plan that costs no more cents will do, and those that cost more need not be told from none.
    """
    budget = None if aims[:1] in ((), (Aim.COST,)) else learner.budget

    def attempt(find: Find) -> Least:
        problem, loose = find(full=True, budget=budget)
        if enough is not None and costs_more(loose or problem, enough, watch):
            return Least(None, enough + 1, 0, 0, proven=True)
        found = choose_with_proof(problem, loose, budget, watch, full=True, enough=enough)
        if found is Status.INFEASIBLE and enough is not None:
            return Least(None, enough + 1, 0, 0, proven=True)
        if isinstance(found, Chosen):
            minutes = sum(problem.choices[i].minutes * count for i, count in found.takes)
            proven = found.status is Status.OPTIMAL
            return Least(found.cost, found.bound, minutes, found.purchases, proven)
        if found is Status.INFEASIBLE:
            return Least(None, 0, 0, 0, proven=True)
        msg = "no plan was found within the time limit, and it is not proven that there is none"
        raise NotProven(msg)

    posed = _poser(
        learner, kept, market, as_of, watch,
        reduced=reduced, aims=aims, insist=insist, enough=enough, sizes=sizes,
    )  # fmt: skip
    return _proven_by(posed, attempt, watch, sizes)


def study_at_least(learner: Learner, kept: Sequence[Obligation], market: Market, as_of: date) -> float:
    """Return minutes of study at one's own pace that every full plan takes at least; 0 for a small market."""
    shelf = shelf_of(learner, kept, market, as_of, SIZES.few)
    return 0.0 if shelf is None else study_needed(shelf, solver_of_limits())


class _Poser(Protocol):
    def __call__(
        self, *, full: bool, budget: int | None, timed: bool = True, every_day: bool = False
    ) -> Problem: ...


class Find(Protocol):
    """Give the problem for a full plan, or for what leaves the least short, with a looser one if it needs a proof."""

    def __call__(self, *, full: bool, budget: int | None) -> tuple[Problem, Problem | None]:
        """Return both."""
        ...


def _poser(
    learner: Learner,
    kept: Sequence[Obligation],
    market: Market,
    as_of: date,
    watch: Stopwatch,
    *,
    reduced: bool,
    aims: tuple[Aim, ...],
    sizes: Sizes,
    max_minutes: int | None = None,
    insist: Collection[str] = (),
    enough: int | None = None,
) -> _Poser:
    def problem_of(among: Market, *, timed: bool = True, every_day: bool = False) -> Problem:
        is_up = watch.is_up if every_day else lambda: False
        problem = pose(
            learner, among, kept, as_of, grouped=reduced, timed=timed, every_day=every_day, is_up=is_up
        )
        problem = replace(problem, aims=aims, max_minutes=max_minutes)
        if not insist:
            return problem
        named = tuple(
            i
            for i, choice in enumerate(problem.choices)
            if any(offering.offering_id in insist for _, offering in choice.members)
        )
        return replace(problem, must_take=(*problem.must_take, named))

    def reached(
        among: Market,
        *,
        aim: Aim | None,
        before: Known,
        most: int | None,
        surely: bool,
        full: bool,
        budget: int | None,
    ) -> Reach | None:
        def for_aim(problem: Problem) -> Problem:  # its rows are few already
            aims = () if aim is None else (*before.aims, aim)
            return replace(with_known(problem, before), aims=aims, reduced=False)

        problem, loose = for_aim(problem_of(among)), None
        some_starts = problem.days.hundredths is not None and problem.days.step > 1
        if _is_loosened(problem, sizes) and (surely or not some_starts):
            loose = loosened(for_aim(problem_of(among, timed=False)), problem)
        if aim is Aim.COST and most is not None:
            budget = most if budget is None else min(most, budget)
        share = Stopwatch(watch.left() / 4)  # it is a help only: most of the time is for what is left
        if full:
            found = choose_with_proof(problem, loose, budget, share, full=True)
            if isinstance(found, Status):
                return None
            chosen = found
        else:
            try:
                required = len(learner.preferences.require)
                chosen, problem, dropped = _partial(problem, loose, budget, share, required=required)
            except NotProven:
                return None
            if dropped and (before.bought or before.unbought):  # with other passes it may fit
                return None
        best = chosen.status is Status.OPTIMAL
        ranks = (rank for i, count in chosen.takes for rank, _ in problem.choices[i].taken(count))
        sure = best and (loose is not None or not some_starts)
        return Reach(chosen.short / problem.scale, values_of(problem, chosen), frozenset(ranks), best, sure)

    def with_known(problem: Problem, known: Known) -> Problem:
        ways = problem.ways
        if known.unbought:  # posed with all passes, for what cannot be used at all is counted there
            held = {term.pass_id for term in problem.terms if not term.bought}
            never = known.unbought - held
            ways = tuple(way for way in ways if not (way.terms and way.paid_by in never))
        return replace(
            problem,
            ways=ways,
            known=tuple(known.aims.items()),
            known_short=known.short,
            start=known.ranks,
            bought=known.bought,
            unbought=known.unbought,
        )

    @cache
    def shelf() -> Shelf | None:
        return shelf_of(learner, kept, market, as_of, sizes.few) if reduced else None

    @cache
    def narrow(*, full: bool, budget: int | None) -> tuple[Market, Known]:
        if (shelved := shelf()) is None:
            return market, NOTHING_KNOWN
        near: Collection[int] = ()
        if not full:
            ranks = narrow(full=True, budget=None if aims[:1] == (Aim.COST,) else budget)[0].ranks or ()
            near = ranks if len(ranks) <= sizes.few else ()
        most = learner.preferences.max_purchases
        asked = Asked(aims, full, budget, enough, max_minutes, most, frozenset(insist), frozenset(near))
        return narrowed(shelved, asked, partial(reached, full=full, budget=budget), sizes)

    @cache
    def posed(*, full: bool, budget: int | None, timed: bool = True, every_day: bool = False) -> Problem:
        if shelf() is None and not (full and budget is None):  # the same whatever is asked
            return posed(full=True, budget=None, timed=timed, every_day=every_day)
        among, known = narrow(full=full, budget=budget)
        problem = with_known(problem_of(among, timed=timed, every_day=every_day), known)
        return replace(problem, reduced=problem.reduced and among is market)  # what is narrowed needs no more

    return posed


def _is_loosened(problem: Problem, sizes: Sizes) -> bool:
    """Say whether hours bind, and not every start is tried or there are so many ways that fewer are worth a try."""
    return problem.days.hundredths is not None and (problem.days.step > 1 or len(problem.ways) > sizes.ways)


def _proven_by[Found: (Solved, Least)](
    posed: _Poser, attempt: Callable[[Find], Found], watch: Stopwatch, sizes: Sizes
) -> Found:
    """Return what is found on the starts that are tried at first, or on every day if a doubt remains."""
    most_ways = 0
    step = 1

    def at_first(*, full: bool, budget: int | None) -> tuple[Problem, Problem | None]:
        nonlocal most_ways, step
        problem = posed(full=full, budget=budget)
        if not _is_loosened(problem, sizes):
            return problem, None
        most_ways, step = max(most_ways, len(problem.ways)), problem.days.step
        return problem, loosened(posed(full=full, budget=budget, timed=False), problem)

    def on_every_day(*, full: bool, budget: int | None) -> tuple[Problem, Problem | None]:
        try:
            return posed(full=full, budget=budget, every_day=True), None
        except TimeoutError:
            msg = "with weekly hours over so long a time there was no time left to try every start"
            raise NotProven(msg) from None

    doubt: NotProven | None = None
    coarse: Found | None = None
    try:
        coarse = attempt(at_first)
    except NotProven as unproven:
        doubt = unproven
    if step == 1:
        if doubt is not None:
            raise doubt
        assert coarse is not None  # noqa: S101 - else there was a doubt
        return coarse
    if coarse is not None and coarse.proven:
        return coarse
    too_many = most_ways * step > MOST_WAYS
    if not too_many and not watch.is_up():  # to pose every day takes long, and no limit stops it
        try:
            fine = attempt(on_every_day)
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


def _solved(find: Find, aims: tuple[Aim, ...], learner: Learner, watch: Stopwatch) -> Solved:
    """Return the best full choice within the budget, or the one that leaves the least short."""
    by_cost = aims[0] is Aim.COST
    problem, loose = find(full=True, budget=None if by_cost else learner.budget)
    chosen, cheapest = _full(problem, loose, watch)
    if chosen is not None:
        return Solved(problem, chosen, True, cheapest, ())
    problem, loose = find(full=False, budget=learner.budget)
    required = len(learner.preferences.require)
    chosen, problem, warnings = _partial(problem, loose, learner.budget, watch, required=required)
    return Solved(problem, chosen, False, cheapest, warnings)


def _full(problem: Problem, loose: Problem | None, watch: Stopwatch) -> tuple[Chosen | None, Chosen | None]:
    """Return the cheapest full plan within the budget, if there is one, and the cheapest at any price."""
    by_cost = problem.aims[0] is Aim.COST
    cheapest = choose_with_proof(problem, loose, None if by_cost else problem.budget, watch, full=True)
    if isinstance(cheapest, Status):
        if cheapest is not Status.INFEASIBLE:
            msg = "no plan was found within the time limit, and it is not proven that there is none"
            raise NotProven(msg)
        return None, None
    if not by_cost:
        return cheapest, None
    if problem.budget is None or cheapest.cost <= problem.budget:
        return cheapest, cheapest
    if cheapest.status is Status.OPTIMAL or cheapest.bound > problem.budget:
        return None, cheapest
    within = choose_with_proof(problem, loose, problem.budget, watch, full=True)
    if within is Status.UNKNOWN:
        msg = "no plan within the budget was found in the time limit, and it is not proven that there is none"
        raise NotProven(msg)
    if isinstance(within, Status):  # proven: nothing fits
        return None, replace(cheapest, bound=max(cheapest.bound, problem.budget + 1))
    return within, cheapest


def _partial(
    problem: Problem, loose: Problem | None, budget: int | None, watch: Stopwatch, *, required: int
) -> tuple[Chosen, Problem, tuple[str, ...]]:
    """Return the plan within the budget that leaves the least short, of which problem, and what it leaves out."""
    warnings: list[str] = []
    chosen = choose_with_proof(problem, loose, budget, watch, full=False)
    # What cannot be taken is left out: the route first, for what the learner requires may fit without it.
    for what, kept in (("The route", required), ("What you require", 0)):
        if chosen is Status.INFEASIBLE and kept < len(problem.must_take):
            problem = replace(problem, must_take=problem.must_take[:kept])
            loose = loose and replace(loose, must_take=loose.must_take[:kept])  # its choices may differ
            chosen = choose_with_proof(problem, loose, budget, watch, full=False)
            if chosen is not Status.INFEASIBLE:
                warnings.append(f"{what} {LEFT_OUT}")
    if isinstance(chosen, Status):
        msg = "no partial plan was found within the time limit"
        raise NotProven(msg)
    return chosen, problem, tuple(warnings)
