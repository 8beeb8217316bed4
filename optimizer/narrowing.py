"""Narrowing: from all rows of a large catalog to the few that a best plan can take, proven before anything is posed.

Aim by aim: a plan of a core of rows that look best is an upper limit of what the best plan comes to. A row that would
raise the lower limit (bounding.py) above it, whatever passes are bought, is in no best plan. Where the plan is proven
to be as good as any, the next aim goes on among the rows that are left, nothing of the aims before given away. Of what
remains, rows that only price and rank tell apart need no more than the first few (dominance.py). What cannot be proven
stays in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from optimizer.bounding import NOTHING, PENALTY, Aimed, Limit, Solver, limit_of, solver_of_limits
from optimizer.dominance import first_of_each
from optimizer.market import Market
from optimizer.problem import Aim
from optimizer.shelf import Shelf, apart_rows, least_price, market_of_rows
from optimizer.usable import Rows


@dataclass(frozen=True, slots=True)
class Sizes:
    """Hold from how many rows on what is done; tests give smaller numbers."""

    few: int = 150
    """Usable rows up to which narrowing saves nothing."""
    enough: int = 500
    """Rows that are left of the first aim and need no further narrowing."""
    core: int = 20
    """Rows of which the first plan is made; four times as many where they do not suffice."""
    most: int = 1_500
    """Rows that are left of which a best plan is still looked for, so that the next aim can go on."""


SIZES = Sizes()
SOME = 30
"""Rows that the linear program takes, of each choice of passes, that are looked at first."""
MOST_PASSES = 12
"""Passes of use beyond which their choices are too many, and only dominance is used."""
MARGIN = 1e-3
"""By which a row must be too dear, in units of the aim: far more than sums of floats are wrong by."""

type Numbers = NDArray[np.int64]
type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reach:
    """Hold what some plan comes to, and the ranks of the offerings it takes."""

    short: Fraction
    values: Mapping[Aim, int]
    ranks: frozenset[int]
    best: bool
    """Whether it is proven to be the best of its market."""


@dataclass(frozen=True, slots=True)
class Known:
    """Hold what the first aims are proven to come to at best."""

    aims: Mapping[Aim, int]
    short: Fraction | None
    """Credits; None where it is not asked for, or not known."""
    ranks: frozenset[int]
    """Of the offerings of such a plan."""


NOTHING_KNOWN = Known({}, None, frozenset())


class Reached(Protocol):
    """Give a plan of a market that is good in one aim, at best the best, or None if none was found.

    It is as good as what is known `before`; `most` is a value of the aim that is known to be reached. Without an aim,
    only what is short matters.
    """

    def __call__(self, among: Market, *, aim: Aim | None, before: Known, most: int | None) -> Reach | None:
        """Return it."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold which best plan is looked for."""

    aims: tuple[Aim, ...]
    full: bool
    """Else what is short comes before the aims."""
    budget: int | None
    enough: int | None
    """Cents: plans that cost more need not be told from none. A row of its own would make a sum to be hit of it."""
    insist: frozenset[str]
    exact: bool
    """Whether the best plan of a market is the best there is: not where weekly hours let only some starts be tried."""


type Alive = dict[tuple[str, ...], Limit]
"""The choices of passes with which the best plan may come, each with its lower limit."""


def narrowed(shelf: Shelf, asked: Asked, reached: Reached, sizes: Sizes) -> tuple[Market, Known]:
    """Return the market with every row that a best plan may take, mostly without the others, and what aims come to."""
    rows = shelf.rows
    solver = solver_of_limits()
    insisted = _insisted(shelf, asked)
    choices: Sequence[tuple[str, ...]] | None = None
    best: Reach | None = None
    before: list[Aim | None] = []
    for aim in [*([] if asked.full else [None]), *asked.aims]:
        if before and len(rows.places) <= sizes.enough:
            break
        stage = _Stage(shelf, rows, asked, tuple(before), best, aim, solver, reached, sizes)
        if best is None and asked.full and not _can_be_met(stage):
            return market_of_rows(shelf, rows.only(np.flatnonzero(rows.special))), NOTHING_KNOWN
        found = _kept(stage, choices, insisted)
        if found is None:
            break
        rows, insisted = rows.only(found.rows), insisted[found.rows]
        if found.best is None:
            break
        before.append(aim)
        best, choices = found.best, found.choices
    apart = apart_rows(rows) | rows.special | insisted
    if len(rows.places) > sizes.enough:
        rows = rows.only(first_of_each(rows, shelf.offers, shelf.days, shelf.rules, shelf.used, apart))
    return market_of_rows(shelf, rows), _known(best, before)


def _known(best: Reach | None, aims: Sequence[Aim | None]) -> Known:
    """Return what a plan, the best in some aims, says of them."""
    if best is None:
        return NOTHING_KNOWN
    return Known(
        {aim: best.values[aim] for aim in aims if aim is not None},
        best.short if None in aims else None,
        best.ranks,
    )


def _insisted(shelf: Shelf, asked: Asked) -> NDArray[np.bool_]:
    wanted = [place for one in asked.insist if (place := shelf.market.catalog.place(one)) is not None]
    return np.isin(shelf.rows.places, wanted)


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
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
    reached: Reached
    sizes: Sizes

    def value(self, reach: Reach) -> float:
        """Return what a plan comes to."""
        return float(reach.short) if self.aim is None else float(reach.values[self.aim])

    def best_of(self, among: Rows, most: Reach | None) -> Reach | None:
        """Return a best plan of some rows, or None if none was found that is as good in the aims before."""
        before = _known(most or self.best, self.before)
        value = None if most is None or self.aim is None else most.values[self.aim]
        found = self.reached(market_of_rows(self.shelf, among), aim=self.aim, before=before, most=value)
        if found is None or (before.short is not None and found.short > before.short):
            return None
        return found if all(found.values[aim] <= least for aim, least in before.aims.items()) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Hold the rows that a best plan may take, by number, and what is known of it."""

    rows: Numbers
    best: Reach | None
    """Such a plan; None if it is not proven to be the best."""
    choices: tuple[tuple[str, ...], ...]
    """The choices of passes with which it may come."""


def _can_be_met(stage: _Stage) -> bool:
    """Say whether, money aside, the linear program can meet every requirement; else no full plan can."""
    nothing = np.zeros(len(stage.rows.places))
    payable = np.ones(len(stage.rows.places), bool)
    limit = limit_of(_aimed(stage, payable, nothing, (), 1.0, None), stage.solver)
    return limit is None or limit.value <= MARGIN


def _kept(
    stage: _Stage, choices: Sequence[tuple[str, ...]] | None, insisted: NDArray[np.bool_]
) -> _Found | None:
    """Return the rows that a plan may take that is as good as the best of a core, or None if nothing is known."""
    passes = _useful(stage) if choices is None else []
    if len(passes) > MOST_PASSES:
        return None
    rows = stage.rows
    limits: Alive = {}
    most = stage.asked.budget if stage.asked.enough is None else stage.asked.enough
    if choices is None and stage.asked.full and stage.aim is Aim.COST and most is not None:
        if not (_add(stage, limits, tuple(passes)) and _add_all(stage, limits, passes, most + MARGIN)):
            return None
        if _lowest(limits) > most + MARGIN:
            return _Found(np.flatnonzero(rows.special), None, ())  # every full plan costs more
    for chosen in dict.fromkeys(choices or [(), *((one,) for one in passes), tuple(passes)]):
        if chosen not in limits and not _add(stage, limits, chosen):
            return None
    order, core = _looked_at_first(stage, limits, insisted)
    best, looked_at = stage.best, NOTHING
    while best is None:
        looked_at = np.sort(order[:core])
        best = stage.best_of(rows.only(looked_at), None)
        if best is None and core >= len(order):
            return None
        core *= 4
    ended = stage.aim is stage.asked.aims[-1]  # then the plan of all that is left decides
    while _add_all(stage, limits, passes, stage.value(best) + MARGIN):
        kept, alive = _within(rows, limits, stage.value(best))
        if _is_least(stage, limits, best, kept, looked_at):
            return _Found(kept, best, alive)
        if ended or not best.best:  # what is hard already is not asked again
            return _Found(kept, None, alive)
        ended = len(kept) <= stage.sizes.enough or core >= min(len(kept), stage.sizes.most)
        among = kept if ended else np.sort(order[:core])
        core *= 4
        if len(among) <= stage.sizes.most and (better := stage.best_of(rows.only(among), best)) is not None:
            best, looked_at = better, among
    return None


def _looked_at_first(stage: _Stage, limits: Alive, insisted: NDArray[np.bool_]) -> tuple[Numbers, int]:
    """Return the rows in the order in which a first plan is made of them, and of how many."""
    rows = stage.rows
    credit = np.array([float(sum(amount for _, _, amount in one)) for one in rows.amounts])[rows.amount]
    wanted = rows.special.copy()
    for limit in sorted(limits.values(), key=lambda one: one.value)[:4]:
        wanted[limit.chosen[np.argsort(-credit[limit.chosen], kind="stable")[:SOME]]] = True
    if stage.best is not None:
        wanted |= np.isin(rows.places + 1, list(stage.best.ranks))
    near = _nearest(limits, len(credit))
    wanted[np.flatnonzero(insisted)[np.argsort(near[insisted], kind="stable")[:SOME]]] = True
    order = np.lexsort((np.arange(len(credit)), -credit, near, ~wanted))
    return order, stage.sizes.core + int(wanted.sum())


def _within(rows: Rows, limits: Alive, best: float) -> tuple[Numbers, tuple[tuple[str, ...], ...]]:
    """Return the rows that a plan may take that comes to no more, and the passes it may buy."""
    alive = {chosen: one for chosen, one in limits.items() if one.value <= best + MARGIN}
    near = _nearest(alive, len(rows.places))
    return np.flatnonzero((near <= best + MARGIN) | rows.special), tuple(alive)


def _lowest(limits: Alive) -> float:
    return min((one.value for one in limits.values()), default=np.inf)


def _is_least(stage: _Stage, limits: Alive, reach: Reach, kept: Numbers, looked_at: Numbers) -> bool:
    """Say whether no plan comes to less: by the limit, or because all rows that could help were looked at."""
    lowest, best = _lowest(limits), stage.value(reach)
    if stage.aim is not None and ceil(lowest - MARGIN) >= best:
        return True
    among = len(np.setdiff1d(kept, looked_at, assume_unique=True)) == 0
    return lowest >= best - MARGIN or (stage.asked.exact and reach.best and among)


def _add_all(stage: _Stage, limits: Alive, passes: Sequence[str], most: float) -> bool:
    """Add the limits of all choices of some passes that may come to so much; say whether they are known."""
    return all(
        _add(stage, limits, chosen)
        for chosen in _subsets(passes)
        if chosen not in limits and _least_with(stage, limits, chosen) <= most
    )


def _nearest(limits: Alive, total: int) -> Floats:
    """Return for each row the least that a plan which takes it comes to, whatever passes it buys."""
    least = np.full(total, np.inf)
    for limit in limits.values():
        np.minimum(least, limit.value + limit.excess, out=least)
    return least


def _least_with(stage: _Stage, limits: Alive, chosen: tuple[str, ...]) -> float:
    """Return what plans with a choice of passes come to at least, by the limits of larger choices.

    With fewer passes no row is cheaper, but more of the budget is left for rows: worth its price at most.
    """
    least, fixed, cents = -np.inf, _fixed(stage, chosen), _cents(stage, chosen)
    for more, one in limits.items():
        if set(chosen) <= set(more):
            freed = (_cents(stage, more) - cents) * one.spent[-1] if _is_budgeted(stage) else 0.0
            least = max(least, one.value - _fixed(stage, more) + fixed - freed)
    return least


def _is_budgeted(stage: _Stage) -> bool:
    """Say whether the budget bounds what is spent: the cost itself is compared with it."""
    return stage.asked.budget is not None and stage.aim is not Aim.COST


def _useful(stage: _Stage) -> list[str]:
    """Return the passes to buy that some row can use."""
    held = {h.pass_id for h in stage.shelf.market.holdings if h.pass_id}
    there = np.unique(stage.rows.codes("passes"))
    values = stage.rows.values("passes")
    return sorted({p for code in there.tolist() for p in values[code]} & (stage.shelf.offers.buyable - held))


def _subsets(passes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for n in range(len(passes) + 1):
        yield from combinations(passes, n)


def _cents(stage: _Stage, chosen: Sequence[str]) -> int:
    return sum(stage.shelf.offers.passes[p].price or 0 for p in chosen)


def _fixed(stage: _Stage, chosen: Sequence[str]) -> float:
    """Return what a choice of passes alone adds to the aim."""
    if stage.aim is Aim.COST:
        return float(_cents(stage, chosen))
    return float(len(chosen)) if stage.aim is Aim.PURCHASES else 0.0


def _add(stage: _Stage, limits: Alive, chosen: tuple[str, ...]) -> bool:
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
    spent = [(adds[aim], least - fixed.get(aim, 0.0) + MARGIN / 2) for aim, least in before]
    if stage.asked.budget is not None and _is_budgeted(stage):
        spent.append((cents, float(stage.asked.budget) - fixed[Aim.COST]))
    if any(most < 0 for _, most in spent):
        return True
    start = np.unique(np.concatenate([NOTHING, *(one.chosen for one in limits.values())]))
    weight = np.zeros(len(cents)) if stage.aim is None else adds[stage.aim]
    short = PENALTY if stage.asked.full else float(stage.aim is None)
    missing = float(reached.short) if reached is not None and None in stage.before else None
    limit = limit_of(_aimed(stage, payable, weight, tuple(spent), short, missing), stage.solver, start)
    if limit is None:
        return False
    base = 0.0 if stage.aim is None else fixed.get(stage.aim, 0.0)
    limits[chosen] = replace(limit, value=limit.value + base)
    return True


def _aimed(
    stage: _Stage,
    payable: NDArray[np.bool_],
    weight: Floats,
    spent: tuple[tuple[Floats, float], ...],
    short: float,
    missing: float | None,
) -> Aimed:
    shelf, rows = stage.shelf, stage.rows
    requirements = [rule for rule in shelf.rules if rule.at_least is not None]
    caps = [rule for rule in shelf.rules if rule.at_least is None]
    times = np.array(rows.values("times"), float)[rows.codes("times")] * len(shelf.kept)
    return Aimed(
        shelf.shapes,
        shelf.worth,
        shelf.credit,
        shelf.shape[np.searchsorted(shelf.rows.places, rows.places)],
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
