"""Narrowing: from all rows of a large catalog to the few that a best plan can take, proven before anything is posed.

Aim by aim: a plan of a core of rows that look best is an upper limit of what the best plan comes to. A row that would
raise the lower limit (bounding.py) above it, whatever passes are bought, is in no best plan. Where the plan is proven
to be as good as any, the next aim goes on among the rows that are left, nothing of the aims before given away. Of what
remains, rows that only price and rank tell apart need no more than the first few (dominance.py). What cannot be proven
stays in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from optimizer.bounding import NOTHING, solver_of_limits
from optimizer.dominance import first_of_each
from optimizer.market import Market
from optimizer.numbering import Numbers
from optimizer.pass_limits import (
    MARGIN,
    Limits,
    add,
    add_all,
    lowest,
    may_do,
    nearest,
    taken_rows,
    useful,
)
from optimizer.problem import Aim
from optimizer.shelf import Shelf, apart_rows, market_of_rows
from optimizer.stage import Asked, Reach, Stage
from optimizer.usable import Rows


@dataclass(frozen=True, slots=True)
class Sizes:
    """Hold from how many rows on what is done; tests give smaller numbers."""

    few: int = 150
    """Rows up to which narrowing saves nothing."""
    core: int = 20
    """Rows of which the first plan is made; four times as many where they do not suffice."""
    most: int = 2_500
    """Rows that are left of which a best plan is still looked for, so that the next aim can go on."""
    ways: int = 500
    """Ways to take them beyond which, where weekly hours bind, a looser problem is solved first."""


SIZES = Sizes()
SOME = 30
"""Rows that the linear program takes, of each choice of passes, that are looked at first."""
SORTED = 10_000
"""Rows, or a few more, that are put in order."""
MOST_PASSES = 12
"""Passes of use beyond which their choices are too many, and only dominance is used."""


type Choices = tuple[tuple[str, ...], ...]
"""Choices of passes to buy."""


@dataclass(frozen=True, slots=True)
class Known:
    """Hold what the first aims are proven to come to at best."""

    aims: Mapping[Aim, int]
    short: Fraction | None
    """Credits; None where it is not asked for, or not known."""
    ranks: frozenset[int]
    """Of the offerings of such a plan."""
    bought: frozenset[str]
    """Passes that every such plan buys."""
    unbought: frozenset[str]
    """Passes that none buys."""


NOTHING_KNOWN = Known({}, None, frozenset(), frozenset(), frozenset())


class Reached(Protocol):
    """Give a plan of a market that is good in one aim, at best the best, or None if none was found.

    It is as good as what is known `before`; `most` is a value of the aim that is known to be reached. Without an aim,
    only what is short matters.
    """

    def __call__(
        self, among: Market, *, aim: Aim | None, before: Known, most: int | None, surely: bool
    ) -> Reach | None:
        """Return it."""
        ...


def narrowed(shelf: Shelf, asked: Asked, reached: Reached, sizes: Sizes) -> tuple[Market, Known]:
    """Return the market with every row that a best plan may take, mostly without the others, and what aims come to."""
    rows = shelf.rows
    solver = solver_of_limits()
    insisted = _insisted(shelf, asked)
    if asked.full and not asked.aims:
        return _with_any_plan(
            Stage(shelf, rows, asked, (), None, Aim.HOURS, solver), insisted, reached, sizes
        )
    choices: Choices | None = None
    best: Reach | None = None
    before: list[Aim | None] = []
    for aim in [*([] if asked.full else [None]), *asked.aims]:
        if len(rows.places) <= sizes.few:
            break
        stage = Stage(shelf, rows, asked, tuple(before), best, aim, solver)
        if best is None and asked.full and may_do(stage) is None:
            return _with_none(shelf), NOTHING_KNOWN
        found = _kept(stage, choices, insisted, reached, sizes)
        if found is None:
            break
        rows, insisted = rows.only(found.rows), insisted[found.rows]
        choices = found.choices if found.choices is not None else choices
        best = found.best or best
        if not found.proven:
            break
        before.append(aim)
    if best is not None and before[-1:] == list(asked.aims[-1:]):
        # It is the best in every aim, and none as good is sought again. What is insisted on may stand behind a rank.
        rows = rows.only(taken_rows(rows, best) | rows.special | insisted)
        return market_of_rows(shelf, rows), _known(best, before)
    apart = apart_rows(rows) | rows.special | insisted
    if len(rows.places) > sizes.few:
        rows = rows.only(first_of_each(rows, shelf.offers, shelf.days, shelf.rules, shelf.used, apart))
    never, always = _bought(shelf, choices)
    return market_of_rows(shelf, rows), replace(_known(best, before), bought=always, unbought=never)


def _with_none(shelf: Shelf) -> Market:
    """Return the market of a question that no plan can answer: only what must be looked at one by one."""
    return market_of_rows(shelf, shelf.rows.only(np.flatnonzero(shelf.rows.special)))


def _with_any_plan(
    stage: Stage, insisted: NDArray[np.bool_], reached: Reached, sizes: Sizes
) -> tuple[Market, Known]:
    """Return a market in which there is a full plan if there is any: money aside, the one with the least work."""
    if (chosen := may_do(stage)) is None:
        return _with_none(stage.shelf), NOTHING_KNOWN
    limits: Limits = {}
    add(stage, limits, chosen)
    order, core = _looked_at_first(stage, limits, insisted)
    while 2 * (core := max(sizes.core, 4 * core)) < len(order):
        among = market_of_rows(stage.shelf, stage.rows.only(np.sort(order[:core])))
        found = reached(among, aim=None, before=NOTHING_KNOWN, most=None, surely=False)
        if found is not None:
            return among, replace(NOTHING_KNOWN, ranks=found.ranks)
    return market_of_rows(stage.shelf, stage.rows), NOTHING_KNOWN


def _known(best: Reach | None, aims: Sequence[Aim | None]) -> Known:
    """Return what a plan, the best in some aims, says of them."""
    if best is None:
        return NOTHING_KNOWN
    return Known(
        {aim: best.values[aim] for aim in aims if aim is not None},
        best.short if None in aims else None,
        best.ranks,
        frozenset(),
        frozenset(),
    )


def _bought(shelf: Shelf, choices: Choices | None) -> tuple[frozenset[str], frozenset[str]]:
    """Return the passes that no best plan buys, and those that every one does, by the choices they may make."""
    if not choices:
        return frozenset(), frozenset()
    never = {*useful(shelf, shelf.rows)}.difference(*choices)
    return frozenset(never), frozenset(choices[0]).intersection(*choices)


def _insisted(shelf: Shelf, asked: Asked) -> NDArray[np.bool_]:
    wanted = [place for one in asked.insist if (place := shelf.market.catalog.place(one)) is not None]
    return np.isin(shelf.rows.places, wanted)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Hold the rows that a best plan may take, by number, and what is known of it."""

    rows: Numbers
    best: Reach | None
    """The best of the plans that were found."""
    proven: bool
    """Whether it is as good as any in this aim."""
    choices: Choices | None
    """The choices of passes with which it may come, if they are known."""


def _kept(
    stage: Stage,
    choices: Choices | None,
    insisted: NDArray[np.bool_],
    reached: Reached,
    sizes: Sizes,
) -> _Found | None:
    """Return the rows that a plan may take that is as good as the best of a core, or None if nothing is known."""
    passes = useful(stage.shelf, stage.rows) if choices is None else []
    if len(passes) > MOST_PASSES:
        return None
    rows = stage.rows
    limits: Limits = {}
    most = stage.asked.budget if stage.asked.enough is None else stage.asked.enough
    if choices is None and stage.asked.full and stage.aim is Aim.COST and most is not None:
        if not (add(stage, limits, tuple(passes)) and add_all(stage, limits, passes, most + MARGIN)):
            return None
        if lowest(limits) > most + MARGIN:
            return _with_none_left(rows)  # every full plan costs more
    for chosen in dict.fromkeys(choices or [(), *((one,) for one in passes), tuple(passes)]):
        if chosen not in limits and not add(stage, limits, chosen):
            return None
    order, wanted = _looked_at_first(stage, limits, insisted)
    core = wanted + sizes.core
    best, looked_at = stage.best, NOTHING
    if best is not None:
        best = replace(best, sure=False)  # in this aim nothing was looked at, be it only a route
    # To choose among passes, too, takes longer: first those of the lowest limit. What must be taken may need others;
    # where no full plan is asked for, it would be given up for want of them.
    if best is None and stage.asked.full:
        lowest_of = min(limits, key=lambda chosen: (limits[chosen].value, chosen), default=())
        best = _best_of(stage, reached, rows.only(np.sort(order[:core])), None, (lowest_of,), surely=False)
        core *= 1 if best is None else 4
    while best is None:
        looked_at = np.sort(order[:core])
        best = _best_of(stage, reached, rows.only(looked_at), None, None, surely=False)
        if best is None and core >= len(order):
            return None
        core *= 4
    if (enough := stage.asked.enough) is not None:
        if stage.value(best) <= enough:  # any such plan will do
            return _Found(np.flatnonzero(taken_rows(rows, best) | rows.special), best, False, None)
        if not add_all(stage, limits, passes, enough + MARGIN):
            return None
        kept, alive = _within(rows, limits, enough)
        if best.sure and _are_among(kept, looked_at):
            return _with_none_left(rows)
        return _Found(kept, best, False, alive)
    ended = stage.aim is stage.asked.aims[-1]  # then the plan of all that is left decides
    while choices is not None or add_all(stage, limits, passes, stage.value(best) + MARGIN):
        kept, alive = _within(rows, limits, stage.value(best))
        if _is_least(stage, limits, best, kept, looked_at):
            return _Found(kept, best, True, alive)
        # What is hard already is not asked again, and few rows are posed as they are.
        if ended or not best.best or len(kept) <= sizes.few:
            return _Found(kept, best, False, alive)
        ended = core >= sizes.most or len(kept) <= min(8 * core, sizes.most)
        among = kept if ended else np.sort(order[:core])
        core *= 4
        if len(among) <= sizes.most:
            best, all_looked_at = _better(stage, limits, reached, rows.only(among), best, alive, surely=ended)
            looked_at = among if all_looked_at else NOTHING
    return None


def _better(
    stage: Stage,
    limits: Limits,
    reached: Reached,
    among: Rows,
    best: Reach,
    alive: Choices,
    *,
    surely: bool,
) -> tuple[Reach, bool]:
    """Return the best plan of some rows, if one is found, and whether all choices it may come with were looked at.

    First with the passes of the lowest limit: mostly no others are left then, and to choose among passes takes longer.
    """
    nearest_first = sorted(alive, key=lambda chosen: (limits[chosen].value, chosen))
    for choices in dict.fromkeys((tuple(nearest_first[:1]), alive)):
        found = _best_of(stage, reached, among, best, choices, surely=surely)
        if found is None or stage.value(found) > stage.value(best):
            continue
        best = found
        if all(limits[one].value > stage.value(best) + MARGIN for one in {*alive} - {*choices}):
            return best, True
    return best, False


def _with_none_left(rows: Rows) -> _Found:
    """Return what is known where no plan costs as little as asked: only what must be looked at one by one stays."""
    return _Found(np.flatnonzero(rows.special), None, False, None)


def _best_of(
    stage: Stage,
    reached: Reached,
    among: Rows,
    most: Reach | None,
    choices: Choices | None,
    *,
    surely: bool,
) -> Reach | None:
    """Return a best plan of some rows and choices of passes, or None if none was found as good in the aims before."""
    never, always = _bought(stage.shelf, choices)
    before = replace(_known(most or stage.best, stage.before), bought=always, unbought=never)
    value = None if most is None or stage.aim is None else most.values[stage.aim]
    found = reached(
        market_of_rows(stage.shelf, among), aim=stage.aim, before=before, most=value, surely=surely
    )
    if found is None or (before.short is not None and found.short > before.short):
        return None
    return found if all(found.values[aim] <= least for aim, least in before.aims.items()) else None


def _looked_at_first(stage: Stage, limits: Limits, insisted: NDArray[np.bool_]) -> tuple[Numbers, int]:
    """Return the rows in the order in which a first plan is made of them, and how many it should not lack."""
    rows = stage.rows
    credit = stage.shelf.credit[stage.shape]
    wanted = rows.special | np.isin(rows.places + 1, list(stage.asked.near))
    for limit in sorted(limits.values(), key=lambda one: one.value)[:4]:
        wanted[limit.chosen[np.argsort(-credit[limit.chosen], kind="stable")[:SOME]]] = True
    if stage.best is not None:
        wanted |= taken_rows(rows, stage.best)
    near = nearest(limits, len(credit))
    wanted[np.flatnonzero(insisted)[np.argsort(near[insisted], kind="stable")[:SOME]]] = True
    close = wanted.copy()  # beyond these nobody looks mostly, and to sort a million takes long
    close |= near <= (np.partition(near, SORTED)[SORTED] if len(near) > SORTED else np.inf)
    first, rest = np.flatnonzero(close), np.flatnonzero(~close)
    first = first[np.lexsort((first, -credit[first], near[first], ~wanted[first]))]
    return np.concatenate([first, rest]), int(wanted.sum())


def _within(rows: Rows, limits: Limits, best: float) -> tuple[Numbers, Choices]:
    """Return the rows that a plan may take that comes to no more, and the passes it may buy."""
    alive = {chosen: one for chosen, one in limits.items() if one.value <= best + MARGIN}
    near = nearest(alive, len(rows.places))
    return np.flatnonzero((near <= best + MARGIN) | rows.special), tuple(alive)


def _is_least(stage: Stage, limits: Limits, reach: Reach, kept: Numbers, looked_at: Numbers) -> bool:
    """Say whether no plan comes to less: by the limit, or because all rows that could help were looked at."""
    least, best = lowest(limits), stage.value(reach)
    if stage.aim is None and limits and (grain := stage.shelf.grain) is not None:
        least = float(grain * ceil((least - MARGIN) / grain))
    if stage.aim is not None and ceil(least - MARGIN) >= best:
        return True
    return least >= best - MARGIN or (reach.sure and _are_among(kept, looked_at))


def _are_among(rows: Numbers, others: Numbers) -> bool:
    """Say whether all of some rows are among others."""
    return len(np.setdiff1d(rows, others, assume_unique=True)) == 0
