r"""Bounding: a proven lower limit of what a plan comes to, and by how much a row would raise it.

Let a set of passes be there, and let w(o) be what one seat of row o adds to the aim at least. The rules then ask

    min  Σ w(o) x(o) + γ Σ short(r)
    s.t. credit counted for requirement r + short(r) ≥ at_least(r),  credit counted under cap c ≤ at_most(c),
         credit counted of a part ≤ its amount · x(o),  must(o) ≤ x(o) ≤ times(o),
         Σ spent(i, o) x(o) ≤ most(i) + more(i),

with Σ short ≤ its own limit where it has one, and Σ price(i) more(i) added to the aim; on which days anything lies, and
what sellers of a course share, is left aside: that only makes plans better. One seat serves every credential, on its
best day, so a row is taken no oftener than it may count for one. For *any* prices y(r) of a requirement's credit, z(c)
of a cap's, λ(i) of what is spent and γ of credit missing, all ≥ 0, y ≤ γ and λ ≤ price, weak duality gives the limit

    L = Σ y at_least − Σ z at_most − Σ λ most − γ' short_most − Σ value(earned line)
        − Σ times(o) · max(0, gain(o)) − Σ must(o) · min(0, gain(o)),
    gain(o) = value(o) − w(o) − Σ λ(i) spent(i, o),

where value(o) adds up, part by part, amount · max over the categories it may be counted in of (Σ y − Σ z). A plan
that takes o comes to at least L − gain(o), where gain(o) ≤ 0 and o need not be taken. Good prices are those of the
linear program over a few rows, to which the rows are added that it would want (column generation); whatever it returns,
L is right.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

import highspy
import numpy as np
from numpy.typing import NDArray

from optimizer.earning import Amounts
from optimizer.filters import Item, Standing
from optimizer.numbering import first_of
from optimizer.problem import Rule

type Solver = highspy.Highs
type Floats = NDArray[np.float64]
type Worth = Callable[[Floats], Floats]
"""Says what some shapes are worth at prices of the rules."""
type Options = tuple[tuple[int, ...], ...]
"""The sets of rules that a part may serve, by number: requirements first, then caps."""
type Shaper = Callable[[Amounts, Item, frozenset[str], frozenset[str]], "Shape"]
"""Says which shape some credit of an item has, with who approves it always and who on some days."""
type Places = NDArray[np.int64]
type Mask = NDArray[np.bool_]

NOTHING: Places = np.array([], np.int64)
ROUNDS = 12
"""Of column generation: what is still wanted after these only makes the limit lower."""
TINY = 1e-7
"""Beyond which a solver's number is more than nothing."""
WANTED = 50
"""Rows that the first round adds, those wanted most; each further one adds twice as many."""
PENALTY = 1e6
"""Of a credit missing where none may be: the limit holds whatever it is."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Hold what credit of one form may be counted as: for each part its amount and the sets of rules it may serve."""

    parts: tuple[tuple[float, Options], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Spent:
    """Hold what each row takes of something, and how much of it there is."""

    each: Floats
    most: float
    price: float = np.inf
    """What one more of it adds to the aim; inf where there is no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Aimed:
    """Hold a question for the limit: rows with a shape each, what they add to the aim, and what is asked."""

    shapes: Sequence[Shape]
    worth: Worth
    """Of one of each shape."""
    credit: Floats
    """Amount of one of each shape, whatever it counts for."""
    shape: Places
    """Of each row."""
    payable: Mask
    times: Floats
    """How often each row may be taken."""
    must: Mask
    """Whether every plan takes a row."""
    weight: Floats
    """What a row adds to the aim."""
    spent: tuple[Spent, ...]
    earned: Sequence[Shape]
    worth_earned: Worth
    at_least: Floats
    at_most: Floats
    short: float
    """γ: what one credit missing adds to the aim; `PENALTY` where none may be missing: the limit holds with any."""
    short_most: float | None
    """How much credit may be missing; None for any amount."""


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """Hold a lower limit of the aim and how far above it a plan is at least that takes a row, row by row."""

    value: float
    excess: Floats
    chosen: Places
    """Rows that the linear program takes."""
    spent: tuple[float, ...]
    """λ: by how much the limit rises at most for each that there is less of what is spent."""


@dataclass(frozen=True, slots=True, eq=False)
class _Prices:
    """Hold what the linear program over some rows says: its prices, and which rows it takes."""

    rules: Floats
    """Of requirements, then of caps; those of caps are negative."""
    spent: Floats
    short: float
    taken: Mask


def shapes_under(rules: Sequence[Rule], periods: Sequence[frozenset[int]]) -> Shaper:
    """Return what says which shape credit has that may be finished in any of some sets of periods.

    The approvals in `dated` may hold or not, those in `approvers` do. What serves fewer requirements under no fewer
    caps than another is left out: at any prices the other is worth as much.
    """

    @cache
    def options(
        item: Item, approvers: frozenset[str], dated: frozenset[str], target: int, categories: tuple[str, ...]
    ) -> Options:
        standings = [
            Standing(approvers | frozenset(more), inside)
            for inside in periods
            for n in range(len(dated) + 1)
            for more in combinations(sorted(dated), n)
        ]
        found = {
            tuple(n for n, rule in enumerate(rules) if rule.matches(item, standing, target, category))
            for standing in standings
            for category in categories
        }
        asked = {one: {n for n in one if rules[n].at_least is not None} for one in found}
        capped = {one: set(one) - asked[one] for one in found}
        return tuple(
            sorted(
                one
                for one in found
                if asked[one]
                and not any(
                    asked[one] <= asked[other] and capped[other] <= capped[one] for other in found - {one}
                )
            )
        )

    def shape_of(amounts: Amounts, item: Item, approvers: frozenset[str], dated: frozenset[str]) -> Shape:
        parts = [
            (float(amount), options(item, approvers, dated, target, categories))
            for target, categories, amount in amounts
        ]
        return Shape(tuple(part for part in parts if part[1]))

    return shape_of


@cache
def solver_of_limits() -> Solver:
    """Return a solver for `limit_of`, the same each time: making one takes longer than solving a small program."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


def limit_of(aimed: Aimed, solver: Solver, start: Places = NOTHING) -> Limit | None:
    """Return a lower limit of the aim, or None where the solver gives no prices; `start` are rows to begin with."""
    core = np.union1d(_cheapest_per_credit(aimed), start[aimed.payable[start]])
    core = np.union1d(core, np.flatnonzero(aimed.must))
    limit: Limit | None = None
    for n in range(ROUNDS):
        prices = _linear_program(aimed, core, solver)
        if prices is None:
            return None
        y = prices.rules
        gain = aimed.worth(y)[aimed.shape] - aimed.weight
        constant = float(y[: len(aimed.at_least)] @ aimed.at_least)
        constant += sum(
            float(z * most) for z, most in zip(y[len(aimed.at_least) :], aimed.at_most, strict=True) if z
        )
        constant -= float(aimed.worth_earned(y).sum())
        constant -= prices.short * (aimed.short_most or 0.0)
        for price, one in zip(prices.spent.tolist(), aimed.spent, strict=True):
            if price:
                gain -= price * one.each
                constant -= price * one.most
        gain[~aimed.payable] = -np.inf
        wanted = gain > 0
        value = constant - float((gain[wanted] * aimed.times[wanted]).sum())
        value -= float(gain[aimed.must & ~wanted].sum())
        chosen = core[prices.taken]
        if limit is None or value > limit.value:
            limit = Limit(
                value, np.where(wanted | aimed.must, 0.0, -gain), chosen, tuple(prices.spent.tolist())
            )
        limit = replace(limit, chosen=chosen)  # of more rows, even where they do not raise the limit
        fresh = np.setdiff1d(np.flatnonzero(gain > TINY), core, assume_unique=True)
        if not len(fresh):
            break
        core = np.union1d(core, first_of(fresh, -gain[fresh], WANTED * 2**n))
    return limit


def _cheapest_per_credit(aimed: Aimed) -> Places:
    """Return the rows that add least for each credit, whatever it counts for."""
    credit = aimed.credit[aimed.shape]
    rows = np.flatnonzero(aimed.payable & (credit > 0))
    each = aimed.weight[rows] / credit[rows]
    if len(rows) > WANTED:
        rows = rows[np.argpartition(each, WANTED)[:WANTED]]
    return np.sort(rows)


def worth_of(shapes: Sequence[Shape], rules: int) -> Worth:
    """Return what says what one of each shape is worth at some prices of rules (of caps they are negative)."""
    kinds: dict[Options, int] = {}
    numbers = [kinds.setdefault(options, len(kinds)) for shape in shapes for _, options in shape.parts]
    kind = np.array(numbers, np.int64)
    amounts = np.array([amount for shape in shapes for amount, _ in shape.parts])
    owners = np.array([s for s, shape in enumerate(shapes) for _ in shape.parts], np.int64)
    serves = np.zeros((sum(map(len, kinds)), rules))
    for n, option in enumerate(option for options in kinds for option in options):
        serves[n, list(option)] = 1.0
    firsts = np.cumsum([0, *map(len, kinds)])[:-1]

    def values(y: Floats) -> Floats:
        best = np.maximum.reduceat(serves @ y, firsts) if kinds else np.array([])
        return np.bincount(owners, amounts * np.maximum(best, 0.0)[kind], len(shapes))

    return values


def _linear_program(aimed: Aimed, core: Places, solver: Solver) -> _Prices | None:
    """Return what the linear program over some rows says, or None where the solver has no answer."""
    infinite = highspy.kHighsInf
    shapes = aimed.shape[core]
    present, place = np.unique(shapes, return_inverse=True)
    requirements, caps, spent = len(aimed.at_least), len(aimed.at_most), len(aimed.spent)
    low = [*aimed.at_least.tolist(), *[-infinite] * (caps + spent)]
    high = [*[infinite] * requirements, *aimed.at_most.tolist(), *(one.most for one in aimed.spent)]
    missing = len(low) if aimed.short_most is not None else None
    if aimed.short_most is not None:
        low.append(-infinite)
        high.append(aimed.short_most)
    cost: list[float] = []
    upper: list[float] = []
    starts: list[int] = []
    index: list[int] = []
    value: list[float] = []

    def column(price: float, most: float, rows: Sequence[int], factors: Sequence[float]) -> None:
        cost.append(price)
        upper.append(most)
        starts.append(len(index))
        index.extend(rows)
        value.extend(factors)

    gives: list[tuple[list[int], list[float]]] = []
    counting: list[tuple[int, ...]] = []
    for s in present.tolist():
        gives.append(([], []))
        for amount, options in aimed.shapes[s].parts:
            gives[-1][0].append(len(low))
            gives[-1][1].append(-amount)
            counting += [(*option, len(low)) for option in options]
            low.append(-infinite)
            high.append(0.0)
    for shape in aimed.earned:
        for amount, options in shape.parts:
            counting += [(*option, len(low)) for option in options]
            low.append(-infinite)
            high.append(amount)
    weights, times = aimed.weight[core].tolist(), aimed.times[core].tolist()
    takes = [one.each[core].tolist() for one in aimed.spent]
    limits = list(range(requirements + caps, requirements + caps + spent))
    for n, group in enumerate(place.tolist()):
        rows, factors = gives[group]
        column(weights[n], times[n], [*limits, *rows], [*(taken[n] for taken in takes), *factors])
    for limit, one in zip(limits, aimed.spent, strict=True):
        if one.price < infinite:
            column(one.price, infinite, [limit], [-1.0])
    for option in counting:
        column(0.0, infinite, option, [1.0] * len(option))
    for r in range(requirements):
        rows = [r] if missing is None else [r, missing]
        column(aimed.short, infinite, rows, [1.0] * len(rows))
    if missing is not None:  # these few rows may not do; then it asks for more of them
        column(PENALTY, infinite, [missing], [-1.0])
    if not cost:  # nothing is asked for, and nothing gives anything
        return _Prices(np.zeros(requirements + caps), np.zeros(spent), 0.0, np.zeros(0, bool))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(cost), len(low)
    program.col_cost_ = np.array(cost)
    lower = np.zeros(len(cost))
    lower[: len(core)] = aimed.must[core]
    program.col_lower_, program.col_upper_ = lower, np.array(upper)
    program.row_lower_, program.row_upper_ = np.array(low), np.array(high)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.array([*starts, len(index)], np.int32)
    program.a_matrix_.index_ = np.array(index, np.int32)
    program.a_matrix_.value_ = np.array(value)
    solver.clearModel()
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    dual, values = np.array(solution.row_dual), np.array(solution.col_value)
    short = 0.0 if missing is None else max(0.0, -float(dual[missing]))
    return _Prices(
        np.r_[
            np.clip(dual[:requirements], 0.0, aimed.short + short),
            np.minimum(dual[requirements : requirements + caps], 0.0),
        ],
        np.clip(
            -dual[requirements + caps : requirements + caps + spent],
            0.0,
            np.array([one.price for one in aimed.spent]),
        ),
        short,
        values[: len(core)] > TINY,
    )
