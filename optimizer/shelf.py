"""The shelf: the usable rows of a large market for one learner, and what a lower limit needs to know of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from catalogs.coded import coded
from catalogs.records import Approval
from optimizer.bounding import Shape, Shaper, Worth, shapes_under, worth_of
from optimizer.earning import days_and_rules, earned_credit
from optimizer.filters import Item, approvers_named, keys_named
from optimizer.grain import grain_of
from optimizer.hours import minutes_given, study_of_a_term
from optimizer.learner import Learner
from optimizer.market import Market
from optimizer.numbering import distinct, paired
from optimizer.obligation import Obligation
from optimizer.posing import offers_of, pose
from optimizer.problem import Days, Rule
from optimizer.terms import FOREVER
from optimizer.usable import LATE, LOOKED_AT, Rows, course_codes, days_of, money_of, usable_rows
from optimizer.ways import Offers
from optimizer.windows import ordinal, windows_bought, windows_unbought

ALWAYS = (0, FOREVER)


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Hold the usable rows of a market for one learner, and what they are judged by."""

    market: Market
    offers: Offers
    kept: Sequence[Obligation]
    rows: Rows
    days: Days
    rules: tuple[Rule, ...]
    """Requirements first, then caps."""
    used: frozenset[str]
    earned: tuple[Shape, ...]
    worth_earned: Worth
    shapes: tuple[Shape, ...]
    worth: Worth
    credit: NDArray[np.float64]
    """Amount of one of each shape, whatever it counts for."""
    shape: NDArray[np.int64]
    study: int | None
    """Minutes of study that all days together give; None where only dates bind."""
    term_study: Mapping[str, int]
    """Those that one term of a pass gives at most, of each pass that includes courses; empty where only dates bind."""
    held_study: Mapping[str, int]
    """Those that what is held of each such pass still gives."""
    required: NDArray[np.int64]
    """Places of the rows that every full plan takes, since the learner requires them."""
    grain: Fraction | None
    """Of what the lower limit looks at, credit missing is a multiple of it; None where that is not shown."""


def shelf_of(
    learner: Learner, kept: Sequence[Obligation], market: Market, as_of: date, few: int
) -> Shelf | None:
    """Return the usable rows of a large market, or None where there are only a few."""
    if len(market.catalog) <= few:
        return None
    days, stated = days_and_rules(learner, kept, as_of, timed=False, every_day=False)
    rules = tuple(sorted(stated, key=lambda rule: rule.at_least is None))
    offers = offers_of(market, no_assumed=learner.no_assumed)
    rows = usable_rows(market.catalog, learner, offers, kept, days, market.left_out)
    if len(rows.places) <= few:
        return None
    rows = _in_time(rows, learner, kept, market, as_of)
    wheres = [rule.where for rule in rules]
    used = frozenset[str]().union(*map(keys_named, wheres))
    named = frozenset[str]().union(*map(approvers_named, wheres))
    periods = _periods_together(days)
    shapes, shape = _shapes(rows, shapes_under(rules, periods), used, named)
    lines = earned_credit(learner, kept, days, named)
    earned = tuple(
        shapes_under(rules, [standing.periods])(amounts, item, standing.approvers, frozenset())
        for _, item, standing, amounts in lines
    )
    amounts = [one for entry in (*rows.amounts, *(line[-1] for line in lines)) for _, _, one in entry]
    amounts += [limit for rule in rules for limit in (rule.at_least, rule.at_most) if limit is not None]
    parts = [options for shape in (*shapes, *earned) for _, options in shape.parts]
    number = len(rules)
    working, _ = days_and_rules(learner, kept, as_of, timed=True, every_day=False)
    study = None if working.hundredths is None else minutes_given(working, working.first, working.last_day)
    including = [] if study is None else [p for p in offers.passes.values() if p.benefit == "included"]
    term_study = {p.pass_id: study_of_a_term(working, p) for p in including}
    held_study: dict[str, int] = {}
    for h in offers.holdings:
        if h.pass_id in term_study:
            until = min(ordinal(h.until, FOREVER), working.last_day)
            given = minutes_given(working, working.first, until)
            held_study[h.pass_id] = max(given, held_study.get(h.pass_id, 0))
    required = [
        place for one in learner.preferences.require if (place := market.catalog.place(one)) is not None
    ]
    return Shelf(
        market, offers, kept, rows, days, rules, used, earned, worth_of(earned, number), shapes,
        worth_of(shapes, number), np.array([sum(amount for amount, _ in one.parts) for one in shapes], float), shape,
        study, term_study, held_study, np.array(required, np.int64), grain_of(parts, amounts),
    )  # fmt: skip


def apart_rows(rows: Rows) -> NDArray[np.bool_]:
    """Return the rows of a course sold more than once or with days between two finishes."""
    courses = course_codes(rows.offerings)
    several = np.bincount(courses) > 1
    repeated = np.array([bool(value) for value in rows.values("repeat_days")], bool)
    apart: NDArray[np.bool_] = several[courses[rows.places]] | repeated[rows.codes("repeat_days")]
    return apart


def least_price(rows: Rows, offers: Offers, bought: Sequence[str]) -> NDArray[np.float64]:
    """Return the cents each row costs at least where these passes are bought; inf where it cannot be paid."""
    passes, there = offers.passes, {*bought, *(h.pass_id for h in offers.holdings if h.pass_id)}
    single = money_of(rows, "price")
    cents = single.copy()
    codes, values = rows.codes("passes"), rows.values("passes")
    member: NDArray[np.float64] | None = None
    for benefit in ("included", "percent", "member_price"):
        off = np.array(
            [
                max(
                    (
                        passes[p].percent_off or 1
                        for p in value
                        if p in there and passes[p].benefit == benefit
                    ),
                    default=0,
                )
                for value in values
            ],
            np.int64,
        )[codes]
        has = (off > 0) & (np.isfinite(single) if benefit == "percent" else True)
        if not has.any():
            continue
        if benefit == "included":
            cents[has] = 0.0
        elif benefit == "member_price":
            member = money_of(rows, "member_price") if member is None else member
            cents[has] = np.minimum(cents[has], member[has])
        else:
            reduced = np.floor((single[has] * (10_000 - off[has]) + 5_000) / 10_000)
            cents[has] = np.minimum(cents[has], reduced)
    seats = [rows.offerings.place(h.offering_id) for h in offers.holdings if h.offering_id]
    cents[np.isin(rows.places, [place for place in seats if place is not None])] = 0.0
    return cents


def market_of_rows(shelf: Shelf, rows: Rows) -> Market:
    """Return the market of some rows of a shelf: their ranks are still those of the whole catalog."""
    places = rows.places.tolist()
    records = rows.offerings.take(places)
    total = len(shelf.market.catalog)
    routes = range(total + 1, total + 1 + len(shelf.market.routes))
    return replace(
        shelf.market,
        catalog=coded(records),
        ranks=(*(place + 1 for place in places), *routes),
        aside=tuple(sorted(shelf.rows.aside.items())),
    )


def _shapes(
    rows: Rows, shaper: Shaper, used: frozenset[str], named: frozenset[str]
) -> tuple[tuple[Shape, ...], NDArray[np.int64]]:
    """Return the shapes of the rows' credit, and which of them each row has."""
    approvals = rows.codes("approvals")
    first, place = distinct(approvals)
    values = rows.values("approvals")
    seen: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    approved = np.array(
        [seen.setdefault(_approved(values[code], named), len(seen)) for code in approvals[first].tolist()],
        np.int64,
    )[place]
    looks = [column for column, word in LOOKED_AT if word in used]
    key = approved
    for column in looks:
        key = paired(key, rows.codes(column))
    first, kind = distinct(key)
    approvers = list(seen)
    judged = []
    for row in first.tolist():
        about = {column: rows.value(column, row) for column in looks}
        item = Item(
            about.get("kind", ""),
            about.get("format", ""),
            about.get("provider", ""),
            frozenset(about.get("topics", ())),
        )
        judged.append((item, *approvers[approved[row]]))
    first, shape = distinct(paired(rows.amount, kind))
    shapes = tuple(
        shaper(rows.amounts[amount], *judged[one])
        for amount, one in zip(rows.amount[first].tolist(), kind[first].tolist(), strict=True)
    )
    return shapes, shape


def _approved(approvals: Sequence[Approval], named: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return who approves always, and who in some days only."""
    always = frozenset(a.approver for a in approvals if a.first is None and a.last is None) & named
    return always, (frozenset(a.approver for a in approvals) & named) - always


def _periods_together(days: Days) -> list[frozenset[int]]:
    """Return the sets of periods that one day can lie in, without those that others contain."""
    edges = {one.first for one in days.periods} | {days.first, days.last_day}
    found = {
        frozenset(p for p, one in enumerate(days.periods) if one.first <= day <= one.last) for day in edges
    }
    return sorted((one for one in found if not any(one < other for other in found)), key=sorted)


def _in_time(rows: Rows, learner: Learner, kept: Sequence[Obligation], market: Market, as_of: date) -> Rows:
    """Return the rows that can be finished in time, the others counted."""
    days, _ = days_and_rules(learner, kept, as_of, timed=True, every_day=False)
    columns = rows.offerings.columns

    def dated(column: str, missing: int) -> NDArray[np.int64]:
        return days_of(columns[column], missing)[rows.places]

    since, starts, ends = dated("available_from", 0), dated("starts", 0), dated("ends", 0)
    event = (starts > 0) | (ends > 0)
    over = np.where(event, np.maximum(starts, ends), since) > days.last_day
    first = np.maximum(since, max(days.as_of, days.first))
    last = np.minimum(dated("available_until", FOREVER), days.last_day)
    cycles = [one for p, one in enumerate(days.periods) if p < days.targets]
    sure = np.zeros(len(rows.places), bool)
    for cycle in cycles:
        sure |= np.maximum(first, cycle.first) <= np.minimum(last, cycle.last)
    sure &= ~event
    sure &= np.array([value is not None for value in rows.values("price")], bool)[rows.codes("price")]
    if days.away:
        sure[:] = False
    doubtful = np.flatnonzero(~sure & ~over & ~rows.special)
    names = ("available_from", "available_until", "starts", "ends", "access_days", "passes", "repeat_days")
    key = np.zeros(len(doubtful), np.int64)
    for column in names:
        key = paired(key, rows.codes(column)[doubtful])
    for column in ("price", "member_price"):
        sign = np.array([-1 if v is None else min(v, 1) for v in rows.values(column)], np.int64) + 1
        key = paired(key, sign[rows.codes(column)[doubtful]])
    shown, kind = distinct(paired(key, (rows.minutes[doubtful] > 0).astype(np.int64)))
    records = rows.offerings.take(rows.places[doubtful[shown]].tolist())
    late = np.zeros(len(records), bool)
    asked = []
    for n, offering in enumerate(records):
        buying = windows_unbought if offering.price == 0 else windows_bought
        alone = offering.price is not None and any(True for _ in buying(offering, days, ALWAYS, frozenset()))
        if not alone:
            asked.append(n)
    if asked:
        few = replace(market, catalog=coded([records[n] for n in asked]), routes=(), ranks=None, aside=())
        problem = pose(learner, few, kept, as_of, grouped=False)
        taken = {problem.choices[way.choice].offering.offering_id for way in problem.ways}
        for n in asked:
            late[n] = records[n].offering_id not in taken
    keep = ~over | rows.special
    keep[doubtful[late[kind]]] = False
    return replace(rows.only(keep), aside=rows.aside + Counter({LATE: int((~keep).sum())}))
