"""Pass limits: for one aim, the lower limits (bounding.py) of all choices of passes that the best plan may buy."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from optimizer.bounding import NOTHING, PENALTY, Aimed, Limit, Solver, Spent, limit_of
from optimizer.numbering import Numbers, distinct
from optimizer.problem import Aim
from optimizer.shelf import Shelf, least_price
from optimizer.usable import Rows

MARGIN = 1e-3
"""By which a row must be too dear, in units of the aim: far more than sums of floats are wrong by."""

FEW_PASSES = 6
"""Passes of use up to which all choices of them are looked at where few purchases or cents are left."""

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
    max_purchases: int | None
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


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Hold how rows are paid where some passes are bought: each at its cheapest, then some in another way."""

    chosen: tuple[str, ...]
    also: Numbers
    """The rows that have a second line, without the passes of `terms`."""
    cents: Floats
    payable: NDArray[np.bool_]
    terms: tuple[str, ...]
    """Passes bought that include rows, where weekly hours bind: a term holds no more study than its days give."""
    renewed: tuple[str, ...]
    """Such passes, held or bought, of which there may be a further term."""
    held: float
    """Minutes of study that what is held of such passes still gives."""
    work: Floats
    """Minutes of study of each line that falls into those terms; nothing where there are none."""

    def each[Number: np.generic](self, values: NDArray[Number]) -> NDArray[Number]:
        """Return values of rows as values of lines."""
        return np.concatenate([values, values[self.also]]) if len(self.also) else values


type Limits = dict[tuple[str, ...], Limit]
"""The choices of passes with which the best plan may come, each with its lower limit.

Of a limit, `spent` is about the budget and the number of purchases.
"""


def can_be_met(stage: Stage) -> bool:
    """Say whether the linear program can meet every requirement in time with some passes; else no full plan can."""
    stage = replace(stage, aim=None, asked=replace(stage.asked, full=False))
    lines = _free(stage)
    limit = limit_of(_aimed(stage, lines, lines.cents, tuple(_work(stage)), 1.0, None), stage.solver)
    if limit is None or limit.value > MARGIN:
        return limit is None
    limits: Limits = {}
    return not (_are_tried(stage) and add_any(stage, limits, MARGIN)) or lowest(limits) <= MARGIN


def add_any(stage: Stage, limits: Limits, most: float) -> bool:
    """Add limits of choices of passes with which there may be some full plan; say whether they are known."""
    passes = useful(stage.shelf, stage.rows)
    if _are_tried(stage):
        return add_all(stage, limits, passes, most)
    return add(stage, limits, tuple(passes))


def _are_tried(stage: Stage) -> bool:
    """Say whether choices of passes are looked at one by one: not all can be bought together, and there are few."""
    asked = stage.asked
    bounded = asked.max_purchases is not None or asked.budget is not None
    return bounded and len(useful(stage.shelf, stage.rows)) <= FEW_PASSES


def study_needed(shelf: Shelf, solver: Solver) -> float:
    """Return minutes of study at one's own pace that every full plan takes at least; 0 where that is not known."""
    asked = Asked((), True, None, None, None, None, frozenset(), frozenset())
    stage = Stage(shelf, shelf.rows, asked, (), None, Aim.HOURS, solver)
    limit = limit_of(_aimed(stage, _free(stage), _own_pace(shelf.rows), (), PENALTY, None), solver)
    return 0.0 if limit is None else limit.value


def _free(stage: Stage) -> _Lines:
    """Return the rows as if nothing cost anything."""
    total = len(stage.rows.places)
    return _Lines((), NOTHING, np.zeros(total), np.ones(total, bool), (), (), 0.0, np.zeros(0))


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

    With fewer passes no row is cheaper, nor do terms hold more, but more of the budget and of the purchases is left for
    rows: worth its price at most.
    """
    least, fixed, cents = -np.inf, _fixed(stage, stage.aim, chosen), _cents(stage, chosen)
    for more, one in limits.items():
        if set(chosen) <= set(more):
            a_cent, a_purchase = one.spent
            freed = (_cents(stage, more) - cents) * a_cent + (len(more) - len(chosen)) * a_purchase
            least = max(least, one.value - _fixed(stage, stage.aim, more) + fixed - freed)
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


def _fixed(stage: Stage, aim: Aim | None, chosen: Sequence[str]) -> float:
    """Return what a choice of passes alone adds to an aim."""
    return float(_cents(stage, chosen)) if aim is Aim.COST else sum(_added(stage, aim, p) for p in chosen)


def _added(stage: Stage, aim: Aim | None, pass_id: str) -> float:
    """Return what a term of a pass adds to an aim."""
    return (
        float(stage.shelf.offers.passes[pass_id].price or 0)
        if aim is Aim.COST
        else float(aim is Aim.PURCHASES)
    )


def add(stage: Stage, limits: Limits, chosen: tuple[str, ...]) -> bool:
    """Add the limit with a choice of passes, if it can be paid; say whether it is known."""
    lines, rows = _lines(stage, chosen), stage.rows
    adds: Mapping[Aim, Floats] = {
        Aim.COST: lines.cents,
        Aim.HOURS: lines.each(rows.minutes.astype(float)),
        Aim.PURCHASES: (lines.cents > 0).astype(float),
        Aim.ENROLLMENTS: np.ones(len(lines.cents)),
        Aim.RANKS: lines.each((rows.places + 1).astype(np.float64)),
    }

    def bounded(aim: Aim, most: float) -> list[Spent]:
        rest = most - _fixed(stage, aim, chosen)
        rate = _a_minute(stage, aim, {*lines.terms, *lines.renewed})
        found = [Spent(adds[aim], rest)]
        if 0 < rate < np.inf:
            rest += sum(_added(stage, aim, p) for p in lines.terms) + rate * lines.held
            found.append(Spent(adds[aim] + rate * lines.work, rest))
        return found

    reached, asked = stage.best, stage.asked
    before = (
        []
        if reached is None
        else [(aim, float(reached.values[aim])) for aim in stage.before if aim is not None]
    )
    spent = [replace(one, each=lines.each(one.each)) for one in _work(stage)]
    spent += _studied(stage, lines)
    spent += [one for aim, least in before for one in bounded(aim, least + MARGIN / 2)]
    money, number = [], []
    if asked.budget is not None and stage.aim is not Aim.COST:  # the cost itself is compared with it
        money = bounded(Aim.COST, float(asked.budget))
    if asked.max_purchases is not None:
        number = bounded(Aim.PURCHASES, float(asked.max_purchases))
    bounds = (*spent, *money, *number)
    must = _must(stage, lines)
    if any(one.most < 0 for one in bounds) or not lines.payable[must].all():
        return True
    taken = NOTHING if reached is None else np.flatnonzero(taken_rows(rows, reached))
    start = np.unique(np.concatenate([taken, *(one.chosen for one in limits.values())]))
    weight = np.zeros(len(lines.cents)) if stage.aim is None else adds[stage.aim]
    short = PENALTY if asked.full else float(stage.aim is None)
    missing = float(reached.short) if reached is not None and None in stage.before else None
    limit = limit_of(_aimed(stage, lines, weight, bounds, short, missing), stage.solver, start)
    if limit is None:
        return False
    value = limit.value + _fixed(stage, stage.aim, chosen)
    prices = limit.spent[len(spent) :]
    bounded_by = sum(prices[: len(money)]), sum(prices[len(money) :])
    limits[chosen] = _by_row(replace(limit, value=value, spent=bounded_by), lines, len(rows.places))
    return True


def _lines(stage: Stage, chosen: tuple[str, ...]) -> _Lines:
    """Return the ways to pay each row where some passes are bought."""
    rows, offers, shelf = stage.rows, stage.shelf.offers, stage.shelf
    cents = least_price(rows, offers, chosen)
    terms = tuple(p for p in chosen if p in shelf.term_study)
    also, work = NOTHING, np.zeros(0)
    if terms or shelf.held_study:
        others = replace(
            offers, holdings=tuple(h for h in offers.holdings if h.pass_id not in shelf.held_study)
        )
        otherwise = least_price(rows, others, tuple(p for p in chosen if p not in terms))
        own = _own_pace(rows)
        included = (cents < otherwise) & (own > 0)
        also = np.flatnonzero(included & np.isfinite(otherwise))
        cents = np.r_[cents, otherwise[also]]
        work = np.r_[np.where(included, own, 0.0), np.zeros(len(also))]
    payable = np.isfinite(cents)
    cents[~payable] = 0.0
    buyable = (p for p in (*terms, *shelf.held_study) if p in offers.buyable and offers.passes[p].renewable)
    return _Lines(
        chosen, also, cents, payable, terms, tuple(buyable), float(sum(shelf.held_study.values())), work
    )


def _must(stage: Stage, lines: _Lines) -> NDArray[np.bool_]:
    """Return the lines that every plan takes: a partial one may leave out what is required."""
    must = np.zeros(len(lines.cents), bool)
    if stage.asked.full and len(stage.shelf.required):
        must[np.flatnonzero(np.isin(stage.rows.places, stage.shelf.required))] = True
        must[lines.also] = False  # either of two lines
    return must


def _by_row(limit: Limit, lines: _Lines, rows: int) -> Limit:
    """Return a limit of lines as one of rows."""
    if not len(lines.also):
        return limit
    excess = limit.excess[:rows].copy()
    excess[lines.also] = np.minimum(excess[lines.also], limit.excess[rows:])
    return replace(limit, excess=excess, chosen=np.unique(lines.each(np.arange(rows))[limit.chosen]))


def _studied(stage: Stage, lines: _Lines) -> list[Spent]:
    """Return the study that one term of each pass holds, and what more of it adds to the aim: further terms."""
    there = lines.held + sum(stage.shelf.term_study[p] for p in lines.terms)
    more = _a_minute(stage, stage.aim, lines.renewed)
    return [Spent(lines.work, there, more)] if len(lines.work) and more else []


def _a_minute(stage: Stage, aim: Aim | None, passes: Collection[str]) -> float:
    """Return what a minute of study in a term of some passes adds to an aim at least."""
    study = stage.shelf.term_study
    return min((_added(stage, aim, p) / study[p] for p in passes if study[p]), default=np.inf)


def _work(stage: Stage) -> list[Spent]:
    """Return the minutes that rows take and how many there are: of study at one's own pace, and of everything."""
    rows, study = stage.rows, stage.shelf.study
    found = [] if study is None else [Spent(_own_pace(rows), float(study))]
    if stage.asked.max_minutes is not None:
        found.append(Spent(rows.minutes.astype(float), float(stage.asked.max_minutes)))
    return found


def _own_pace(rows: Rows) -> Floats:
    """Return the minutes of each row that may be studied on any day; none of a live event."""
    own = np.ones(len(rows.places), bool)
    for column in ("starts", "ends"):
        own &= np.array([value is None for value in rows.values(column)], bool)[rows.codes(column)]
    return np.where(own, rows.minutes, 0).astype(float)


def _aimed(
    stage: Stage,
    lines: _Lines,
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
        _must(stage, lines),
        weight,
        spent,
        shelf.earned,
        shelf.worth_earned,
        np.array([float(rule.at_least or 0) for rule in requirements]),
        np.array([np.inf if rule.at_most is None else float(rule.at_most) for rule in caps]),
        short,
        missing if missing is None else missing + MARGIN / 1000,
    )
