"""Pass limits: for one aim, the lower limits (bounding.py) of all choices of passes that the best plan may buy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from optimizer.bounding import NOTHING, PENALTY, Aimed, Limit, Solver, limit_of
from optimizer.numbering import Numbers, distinct
from optimizer.problem import Aim
from optimizer.shelf import Shelf, least_price
from optimizer.usable import Rows

MARGIN = 1e-3
"""By which a row must be too dear, in units of the aim: far more than sums of floats are wrong by."""

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reach:
    """Hold what some plan comes to, and the ranks of the offerings it takes."""

    short: Fraction
    values: Mapping[Aim, int]
    ranks: frozenset[int]
    best: bool
    """Whether it is proven to be the best of its market with the starts that were tried."""
    sure: bool
    """Whether it is so with any starts. Where weekly hours let only some be tried, that takes a proof of its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold which best plan is looked for."""

    aims: tuple[Aim, ...]
    full: bool
    """Else what is short comes before the aims."""
    budget: int | None
    enough: int | None
    """Cents: of plans that cost no more any will do, and plans that cost more need not be told from none.

    A row of its own would make a sum to be hit of it.
    """
    max_minutes: int | None
    """Of all enrollments together."""
    insist: frozenset[str]
    near: frozenset[int]
    """Ranks of offerings that are looked at first: a best full plan takes some of them, so a partial one may."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Hold the question for one aim: its rows, and the aims before it, of which some plan is proven to be the best."""

    shelf: Shelf
    rows: Rows
    asked: Asked
    before: tuple[Aim | None, ...]
    best: Reach | None
    """The plan; None where nothing comes before."""
    aim: Aim | None
    """None for what is short."""
    solver: Solver

    def value(self, reach: Reach) -> float:
        """Return what a plan comes to."""
        return float(reach.short) if self.aim is None else float(reach.values[self.aim])

    @property
    def shape(self) -> Numbers:
        """Return the shape of each row."""
        if len(self.rows.places) == len(self.shelf.rows.places):
            return self.shelf.shape
        return self.shelf.shape[np.searchsorted(self.shelf.rows.places, self.rows.places)]


type Limits = dict[tuple[str, ...], Limit]
"""The choices of passes with which the best plan may come, each with its lower limit."""


def can_be_met(stage: Stage) -> bool:
    """Say whether, money aside, the linear program can meet every requirement in time; else no full plan can."""
    nothing = np.zeros(len(stage.rows.places))
    payable = np.ones(len(stage.rows.places), bool)
    limit = limit_of(_aimed(stage, payable, nothing, tuple(_work(stage)), 1.0, None), stage.solver)
    return limit is None or limit.value <= MARGIN


def study_needed(shelf: Shelf, solver: Solver) -> float:
    """Return minutes of study at one's own pace that every full plan takes at least; 0 where that is not known."""
    asked = Asked((), True, None, None, None, frozenset(), frozenset())
    stage = Stage(shelf, shelf.rows, asked, (), None, Aim.HOURS, solver)
    payable = np.ones(len(shelf.rows.places), bool)
    limit = limit_of(_aimed(stage, payable, _own_pace(shelf.rows), (), PENALTY, None), solver)
    return 0.0 if limit is None else limit.value


def add_all(stage: Stage, limits: Limits, passes: Sequence[str], most: float) -> bool:
    """Add the limits of all choices of some passes that may come to so much; say whether they are known."""
    return all(
        add(stage, limits, chosen)
        for chosen in _subsets(passes)
        if chosen not in limits and _least_with(stage, limits, chosen) <= most
    )


def lowest(limits: Limits) -> float:
    """Return what the best plan comes to at least."""
    return min((one.value for one in limits.values()), default=np.inf)


def nearest(limits: Limits, total: int) -> Floats:
    """Return for each row the least that a plan which takes it comes to, whatever passes it buys."""
    least = np.full(total, np.inf)
    for limit in limits.values():
        np.minimum(least, limit.value + limit.excess, out=least)
    return least


def _least_with(stage: Stage, limits: Limits, chosen: tuple[str, ...]) -> float:
    """Return what plans with a choice of passes come to at least, by the limits of larger choices.

    With fewer passes no row is cheaper, but more of the budget is left for rows: worth its price at most.
    """
    least, fixed, cents = -np.inf, _fixed(stage, chosen), _cents(stage, chosen)
    for more, one in limits.items():
        if set(chosen) <= set(more):
            freed = (_cents(stage, more) - cents) * one.spent[-1] if _is_budgeted(stage) else 0.0
            least = max(least, one.value - _fixed(stage, more) + fixed - freed)
    return least


def _is_budgeted(stage: Stage) -> bool:
    """Say whether the budget bounds what is spent: the cost itself is compared with it."""
    return stage.asked.budget is not None and stage.aim is not Aim.COST


def useful(shelf: Shelf, rows: Rows) -> list[str]:
    """Return the passes to buy that some row can use."""
    held = {h.pass_id for h in shelf.market.holdings if h.pass_id}
    codes, values = rows.codes("passes"), rows.values("passes")
    there = codes[distinct(codes)[0]].tolist()
    return sorted({p for code in there for p in values[code]} & (shelf.offers.buyable - held))


def taken_rows(rows: Rows, reach: Reach) -> NDArray[np.bool_]:
    """Return which rows a plan takes."""
    return np.isin(rows.places + 1, list(reach.ranks))


def _subsets(passes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for n in range(len(passes) + 1):
        yield from combinations(passes, n)


def _cents(stage: Stage, chosen: Sequence[str]) -> int:
    """Return what a choice of passes costs, and at least the routes that a full plan must take."""
    offers, market = stage.shelf.offers, stage.shelf.market
    free = {*chosen, *(h.pass_id for h in offers.holdings), *(h.offering_id for h in offers.holdings)}
    routes: dict[str, list[int]] = {}
    for one in market.routes if stage.asked.full else ():
        prices = routes.setdefault(one.course_id, [])
        if one.price is not None:
            prices.append(0 if one.offering_id in free else one.price)
        # A pass that is not there may be bought once for several routes, so its own price is left out.
        if any(p in free or p in offers.buyable for p in one.passes):
            prices.append(one.member_price or 0)
    owed = sum(min(prices, default=0) for prices in routes.values())
    return owed + sum(offers.passes[p].price or 0 for p in chosen)


def _fixed(stage: Stage, chosen: Sequence[str]) -> float:
    """Return what a choice of passes alone adds to the aim."""
    if stage.aim is Aim.COST:
        return float(_cents(stage, chosen))
    return float(len(chosen)) if stage.aim is Aim.PURCHASES else 0.0


def add(stage: Stage, limits: Limits, chosen: tuple[str, ...]) -> bool:
    """Add the limit with a choice of passes, if it can be paid; say whether it is known."""
    cents = least_price(stage.rows, stage.shelf.offers, chosen)
    payable = np.isfinite(cents)
    cents = np.where(payable, cents, 0.0)
    adds: Mapping[Aim, Floats] = {
        Aim.COST: cents,
        Aim.HOURS: stage.rows.minutes.astype(float),
        Aim.PURCHASES: (cents > 0).astype(float),
        Aim.ENROLLMENTS: np.ones(len(cents)),
        Aim.RANKS: (stage.rows.places + 1).astype(np.float64),
    }
    fixed = {Aim.COST: float(_cents(stage, chosen)), Aim.PURCHASES: float(len(chosen))}
    reached = stage.best
    before = (
        []
        if reached is None
        else [(aim, float(reached.values[aim])) for aim in stage.before if aim is not None]
    )
    spent = _work(stage)
    spent += [(adds[aim], least - fixed.get(aim, 0.0) + MARGIN / 2) for aim, least in before]
    if stage.asked.budget is not None and _is_budgeted(stage):
        spent.append((cents, float(stage.asked.budget) - fixed[Aim.COST]))
    if any(most < 0 for _, most in spent):
        return True
    taken = NOTHING if reached is None else np.flatnonzero(taken_rows(stage.rows, reached))
    start = np.unique(np.concatenate([taken, *(one.chosen for one in limits.values())]))
    weight = np.zeros(len(cents)) if stage.aim is None else adds[stage.aim]
    short = PENALTY if stage.asked.full else float(stage.aim is None)
    missing = float(reached.short) if reached is not None and None in stage.before else None
    limit = limit_of(_aimed(stage, payable, weight, tuple(spent), short, missing), stage.solver, start)
    if limit is None:
        return False
    base = 0.0 if stage.aim is None else fixed.get(stage.aim, 0.0)
    limits[chosen] = replace(limit, value=limit.value + base)
    return True


def _work(stage: Stage) -> list[tuple[Floats, float]]:
    """Return the minutes that rows take and how many there are: of study at one's own pace, and of everything."""
    rows, study = stage.rows, stage.shelf.study
    found = [] if study is None else [(_own_pace(rows), float(study))]
    if stage.asked.max_minutes is not None:
        found.append((rows.minutes.astype(float), float(stage.asked.max_minutes)))
    return found


def _own_pace(rows: Rows) -> Floats:
    """Return the minutes of each row that may be studied on any day; none of a live event."""
    own = np.ones(len(rows.places), bool)
    for column in ("starts", "ends"):
        own &= np.array([value is None for value in rows.values(column)], bool)[rows.codes(column)]
    return np.where(own, rows.minutes, 0).astype(float)


def _aimed(
    stage: Stage,
    payable: NDArray[np.bool_],
    weight: Floats,
    spent: tuple[tuple[Floats, float], ...],
    short: float,
    missing: float | None,
) -> Aimed:
    shelf, rows = stage.shelf, stage.rows
    requirements = [rule for rule in shelf.rules if rule.at_least is not None]
    caps = [rule for rule in shelf.rules if rule.at_least is None]
    # One seat serves every credential here, on its best day; so nobody needs another for each.
    times = np.array(rows.values("times"), float)[rows.codes("times")]
    return Aimed(
        shelf.shapes,
        shelf.worth,
        shelf.credit,
        stage.shape,
        payable,
        times,
        weight,
        spent,
        shelf.earned,
        shelf.worth_earned,
        np.array([float(rule.at_least or 0) for rule in requirements]),
        np.array([np.inf if rule.at_most is None else float(rule.at_most) for rule in caps]),
        short,
        missing if missing is None else missing + MARGIN / 1000,
    )
