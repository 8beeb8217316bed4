"""Pass limits: for one aim, the lower limits (bounding.py) of all choices of passes that the best plan may buy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from optimizer.bounding import NOTHING, PENALTY, Aimed, Floats, Limit, Solver, Spent, limit_of
from optimizer.numbering import Numbers, distinct
from optimizer.pass_prices import (
    Lines,
    a_minute,
    added,
    cents_of,
    fixed,
    free_lines,
    lines_of,
    own_pace,
    studied,
)
from optimizer.problem import Aim
from optimizer.shelf import Shelf
from optimizer.stage import Asked, Reach, Stage
from optimizer.usable import Rows

MARGIN = 1e-3
"""By which a row must be too dear, in units of the aim: far more than sums of floats are wrong by."""

FEW_PASSES = 6
"""Passes of use up to which all choices of them are looked at where few purchases or cents are left."""


@dataclass(frozen=True, slots=True, eq=False)
class PassLimit:
    """Hold the lower limit with a choice of passes."""

    value: float
    excess: Floats
    """How far above it a plan is at least that takes a row, row by row."""
    chosen: Numbers
    """Rows that the linear program takes."""
    a_cent: float
    """By how much the limit rises at most for a cent less of the budget."""
    a_purchase: float
    """By how much it rises at most for a purchase less."""


type Limits = dict[tuple[str, ...], PassLimit]
"""The choices of passes with which the best plan may come, each with its lower limit."""


def may_do(stage: Stage) -> tuple[str, ...] | None:
    """Return passes with which the linear program meets every requirement in time; None: no full plan can."""
    passes = tuple(useful(stage.shelf, stage.rows))
    asked = replace(stage.asked, full=False)
    free = replace(stage, aim=None, asked=asked)
    lines = free_lines(free)
    limit = limit_of(_aimed(free, lines, lines.cents, tuple(_work(free)), 1.0, None), stage.solver)
    if limit is not None and limit.value > MARGIN:
        return None
    if (asked.budget is None and asked.max_purchases is None) or len(passes) > FEW_PASSES:
        return passes
    limits: Limits = {}
    for chosen in _subsets(passes):
        if not add(free, limits, chosen) or (chosen in limits and limits[chosen].value <= MARGIN):
            return chosen
    return None


def study_needed(shelf: Shelf, solver: Solver) -> float:
    """Return minutes of study at one's own pace that every full plan takes at least; 0 where that is not known."""
    asked = Asked((), True, None, None, None, None, frozenset(), frozenset())
    stage = Stage(shelf, shelf.rows, asked, (), None, Aim.HOURS, solver)
    limit = limit_of(_aimed(stage, free_lines(stage), own_pace(shelf.rows), (), PENALTY, None), solver)
    return 0.0 if limit is None else limit.value


def add_all(stage: Stage, limits: Limits, passes: Sequence[str], most: float) -> bool:
    """Add the limits of all choices of some passes that may come to so much; say whether they are known.

    Nothing comes before the aim: what bounds the aims before would be looser with fewer passes, too.
    """
    every = tuple(passes)
    larger: Limits = {}
    if every not in limits:  # where they cannot all be paid, a limit that leaves that aside prunes as well
        unbounded = replace(stage, asked=replace(stage.asked, budget=None, max_purchases=None))
        if not add(unbounded, larger, every):
            return False
    return all(
        add(stage, limits, chosen)
        for chosen in _subsets(passes)
        if chosen not in limits and _least_with(stage, {**larger, **limits}, chosen) <= most
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

    With fewer passes no row is cheaper, nor do terms hold more, but more of the budget and of the purchases is left for
    rows: worth its price at most.
    """
    least, alone, cents = -np.inf, fixed(stage, stage.aim, chosen), cents_of(stage, chosen)
    for more, one in limits.items():
        if set(chosen) <= set(more):
            freed = (cents_of(stage, more) - cents) * one.a_cent + (len(more) - len(chosen)) * one.a_purchase
            least = max(least, one.value - fixed(stage, stage.aim, more) + alone - freed)
    return least


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


def add(stage: Stage, limits: Limits, chosen: tuple[str, ...]) -> bool:
    """Add the limit with a choice of passes, if it can be paid; say whether it is known."""
    rows, reached, asked = stage.rows, stage.best, stage.asked
    if asked.max_purchases is not None and len(chosen) > asked.max_purchases:
        return True
    lines = lines_of(stage, chosen)
    adds: Mapping[Aim, Floats] = {
        Aim.COST: lines.cents,
        Aim.HOURS: lines.each(rows.minutes.astype(float)),
        Aim.PURCHASES: (lines.cents > 0).astype(float),
        Aim.ENROLLMENTS: np.ones(len(lines.cents)),
        Aim.RANKS: lines.each((rows.places + 1).astype(np.float64)),
    }
    spent = [replace(one, each=lines.each(one.each)) for one in _work(stage)]
    spent += studied(stage, lines)
    for aim in stage.before:
        if reached is not None and aim is not None:
            spent += _bounded(stage, lines, chosen, adds, aim, reached.values[aim] + MARGIN / 2)
    money, number = [], []
    if asked.budget is not None and stage.aim is not Aim.COST:  # the cost itself is compared with it
        money = _bounded(stage, lines, chosen, adds, Aim.COST, asked.budget)
    if asked.max_purchases is not None:
        number = _bounded(stage, lines, chosen, adds, Aim.PURCHASES, asked.max_purchases)
    bounds = (*spent, *money, *number)
    if any(one.most < 0 for one in bounds) or not lines.payable[lines.must].all():
        return True
    taken = NOTHING if reached is None else np.flatnonzero(taken_rows(rows, reached))
    start = np.unique(np.concatenate([taken, *(one.chosen for one in limits.values())]))
    weight = np.zeros(len(lines.cents)) if stage.aim is None else adds[stage.aim]
    short = PENALTY if asked.full else float(stage.aim is None)
    missing = float(reached.short) if reached is not None and None in stage.before else None
    limit = limit_of(_aimed(stage, lines, weight, bounds, short, missing), stage.solver, start)
    if limit is None:
        return False
    of_money, of_number = np.split(np.array(limit.spent[len(spent) :]), [len(money)])
    limits[chosen] = PassLimit(
        limit.value + fixed(stage, stage.aim, chosen),
        *_by_row(limit, lines, len(rows.places)),
        float(of_money.sum()),
        float(of_number.sum()),
    )
    return True


def _bounded(
    stage: Stage,
    lines: Lines,
    chosen: tuple[str, ...],
    adds: Mapping[Aim, Floats],
    aim: Aim,
    most: float,
) -> list[Spent]:
    """Return what bounds an aim: each pass bought once, and each by the study that is done in its terms."""
    rest = most - fixed(stage, aim, chosen)
    rate = a_minute(stage, aim, {*lines.terms, *lines.renewed})
    found = [Spent(adds[aim], rest)]
    if 0 < rate < np.inf:
        rest += sum(added(stage, aim, p) for p in lines.terms) + rate * lines.held
        found.append(Spent(adds[aim] + rate * lines.work, rest))
    return found


def _by_row(limit: Limit, lines: Lines, rows: int) -> tuple[Floats, Numbers]:
    """Return how far above a limit of lines each row is at least, and the rows that it takes."""
    if not len(lines.also):
        return limit.excess, limit.chosen
    excess = limit.excess[:rows].copy()
    excess[lines.also] = np.minimum(excess[lines.also], limit.excess[rows:])
    return excess, np.unique(lines.each(np.arange(rows))[limit.chosen])


def _work(stage: Stage) -> list[Spent]:
    """Return the minutes that rows take and how many there are: of study at one's own pace, and of everything."""
    rows, study = stage.rows, stage.shelf.study
    found = [] if study is None else [Spent(own_pace(rows), float(study))]
    if stage.asked.max_minutes is not None:
        found.append(Spent(rows.minutes.astype(float), float(stage.asked.max_minutes)))
    return found


def _aimed(
    stage: Stage,
    lines: Lines,
    weight: Floats,
    spent: tuple[Spent, ...],
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
        lines.each(stage.shape),
        lines.payable,
        lines.each(times),
        lines.must,
        weight,
        spent,
        shelf.earned,
        shelf.worth_earned,
        np.array([float(rule.at_least or 0) for rule in requirements]),
        np.array([np.inf if rule.at_most is None else float(rule.at_most) for rule in caps]),
        short,
        missing if missing is None else missing + MARGIN / 1000,
    )
