"""Pass prices: what rows and terms add to an aim where a choice of passes is bought."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.bounding import NOTHING, Floats, Spent
from optimizer.numbering import Numbers
from optimizer.problem import Aim
from optimizer.shelf import least_price
from optimizer.stage import Stage
from optimizer.usable import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Hold how rows are paid where some passes are bought: each at its cheapest, then some in another way."""

    also: Numbers
    """The rows that have a second line, without the passes of `terms`."""
    cents: Floats
    payable: NDArray[np.bool_]
    must: NDArray[np.bool_]
    """Whether every plan takes it."""
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


def lines_of(stage: Stage, chosen: tuple[str, ...]) -> Lines:
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
        own = own_pace(rows)
        included = (cents < otherwise) & (own > 0)
        also = np.flatnonzero(included & np.isfinite(otherwise))
        cents = np.r_[cents, otherwise[also]]
        work = np.r_[np.where(included, own, 0.0), np.zeros(len(also))]
    payable = np.isfinite(cents)
    cents[~payable] = 0.0
    buyable = (p for p in (*terms, *shelf.held_study) if p in offers.buyable and offers.passes[p].renewable)
    held = float(sum(shelf.held_study.values()))
    return Lines(also, cents, payable, _must(stage, also), terms, tuple(buyable), held, work)


def free_lines(stage: Stage) -> Lines:
    """Return the rows as if nothing cost anything."""
    total = len(stage.rows.places)
    must = _must(stage, NOTHING)
    return Lines(NOTHING, np.zeros(total), np.ones(total, bool), must, (), (), 0.0, np.zeros(0))


def _must(stage: Stage, also: Numbers) -> NDArray[np.bool_]:
    """Return the lines that every plan takes: a partial one may leave out what is required."""
    taken = np.zeros(len(stage.rows.places) + len(also), bool)
    if stage.asked.full and len(stage.shelf.required):
        taken[np.flatnonzero(np.isin(stage.rows.places, stage.shelf.required))] = True
        taken[also] = False  # either of two lines
    return taken


def cents_of(stage: Stage, chosen: Sequence[str]) -> int:
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


def fixed(stage: Stage, aim: Aim | None, chosen: Sequence[str]) -> float:
    """Return what a choice of passes alone adds to an aim."""
    return float(cents_of(stage, chosen)) if aim is Aim.COST else sum(added(stage, aim, p) for p in chosen)


def added(stage: Stage, aim: Aim | None, pass_id: str) -> float:
    """Return what a term of a pass adds to an aim."""
    return (
        float(stage.shelf.offers.passes[pass_id].price or 0)
        if aim is Aim.COST
        else float(aim is Aim.PURCHASES)
    )


def studied(stage: Stage, lines: Lines) -> list[Spent]:
    """Return the study that one term of each pass holds, and what more of it adds to the aim: further terms."""
    there = lines.held + sum(stage.shelf.term_study[p] for p in lines.terms)
    more = a_minute(stage, stage.aim, lines.renewed)
    # What costs nothing more bounds nothing.
    return [Spent(lines.work, there, more)] if len(lines.work) and more else []


def a_minute(stage: Stage, aim: Aim | None, passes: Collection[str]) -> float:
    """Return what a minute of study in a term of some passes adds to an aim at least."""
    study = stage.shelf.term_study
    return min((added(stage, aim, p) / study[p] for p in passes if study[p]), default=np.inf)


def own_pace(rows: Rows) -> Floats:
    """Return the minutes of each row that may be studied on any day; none of a live event."""
    own = np.ones(len(rows.places), bool)
    for column in ("starts", "ends"):
        own &= np.array([value is None for value in rows.values(column)], bool)[rows.codes(column)]
    return np.where(own, rows.minutes, 0).astype(float)
