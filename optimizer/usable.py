"""Usable: which offerings a learner can use at all, and why not the others, for one record or for all rows at once."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalogs.coded import Coded, Offerings, coded_column
from catalogs.records import Offering, Part
from optimizer.earning import Amounts, amounts_for, this_credential
from optimizer.learner import Learner
from optimizer.numbering import Numbers, distinct
from optimizer.obligation import Obligation
from optimizer.problem import Days
from optimizer.routes import KIND as ROUTE
from optimizer.terms import FOREVER
from optimizer.ways import Offers
from optimizer.windows import HOURS_PER_CREDIT, discounted, event_days, ordinal

type Places = NDArray[np.int64]
type Mask = NDArray[np.bool_]

LOOKED_AT = (("kind", "kind"), ("format", "format"), ("provider", "provider"), ("topics", "topic"))
"""Columns that a filter looks at, and its key for each; categories and approvers depend on more."""

LEFT_OUT = "left out of this question"
ASSUMED = "rests on assumed values"
EXCLUDED = "excluded by your preferences"
FORMAT = "not in a format you want"
NO_CREDIT = "credit not stated"
NO_UNIT = "unit of credit not stated"
TOO_LITTLE = "too little credit to count"
OVER = "event is over"
GONE = "no longer available"
TAKEN = "already taken as often as it counts"
NO_PRICE = "no price"
LATE = "cannot be finished in time"


def why_not(
    offering: Offering,
    learner: Learner,
    offers: Offers,
    kept: Sequence[Obligation],
    amounts: Amounts,
    left: Sequence[int],
    days: Days,
) -> str:
    """Say why an offering cannot be used, or nothing if it can."""
    wishes = learner.preferences
    route = offering.kind == ROUTE  # the learner's wishes are about courses
    event = event_days(offering)
    held = {h.offering_id for h in offers.holdings}
    if learner.no_assumed and offering.assumed:
        return ASSUMED
    if not route and (
        offering.offering_id in wishes.exclude or offering.provider in wishes.exclude_providers
    ):
        return EXCLUDED
    if wishes.formats and offering.format not in wishes.formats and not route:
        return FORMAT
    # What the learner requires is taken though it counts nothing, and so is a route.
    if offering.offering_id not in wishes.require and not route:
        if not offering.credits:
            return NO_CREDIT
        if not offering.unit:
            return NO_UNIT
        if not _converts(offering.unit, kept):
            return _unconverted(offering.unit, kept)
        if not amounts:
            return TOO_LITTLE
    if event is not None and event[0] < days.as_of:
        return OVER
    if event is None and ordinal(offering.available_until, FOREVER) < days.as_of:
        return GONE
    if not any(left[t] for t in {t for t, _, _ in amounts} or range(len(left))):
        return TAKEN
    payable = any(
        discounted(offering, offers.passes[p]) is not None
        for p in offering.passes
        if p in offers.buyable or any(h.pass_id == p for h in offers.holdings)
    )
    if offering.price is None and not payable and offering.offering_id not in held:
        return NO_PRICE
    return ""


def _converts(unit: str, kept: Sequence[Obligation]) -> bool:
    return any(unit in dict(one.credential.conversions) for one in kept)


def _unconverted(unit: str, kept: Sequence[Obligation]) -> str:
    return f"unit {unit} does not count for {this_credential(kept)}"


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Hold the rows of a catalog that can be used, as arrays of one number a row, and why the others cannot."""

    offerings: Offerings
    places: Places
    """Of the usable rows, ascending; arrays below go with them."""
    special: Mask
    """Rows that the learner names or has earned: they are looked at one by one."""
    amounts: Sequence[Amounts]
    """Every credit there is, converted."""
    amount: Numbers
    """Place in `amounts`."""
    minutes: Numbers
    aside: Counter[str]

    def column(self, column: str) -> Coded:
        """Return a column of the whole catalog, approvals without their numbers."""
        return (
            self.offerings.approvals_without_numbers
            if column == "approvals"
            else self.offerings.columns[column]
        )

    def codes(self, column: str) -> Numbers:
        """Return the codes of a column."""
        return self.column(column).codes[self.places].astype(np.int64)

    def value(self, column: str, row: int) -> Any:
        """Return the value of one of the rows, by number."""
        return self.offerings.columns[column][int(self.places[row])]

    def values(self, column: str) -> Sequence[Any]:
        """Return the values that the codes of a column stand for."""
        return self.column(column).values

    def only(self, keep: NDArray[Any]) -> "Rows":
        """Return some of the rows: those of a mask, or of ascending numbers."""
        return Rows(
            self.offerings, self.places[keep], self.special[keep], self.amounts, self.amount[keep],
            self.minutes[keep], self.aside,
        )  # fmt: skip


def usable_rows(
    offerings: Offerings,
    learner: Learner,
    offers: Offers,
    kept: Sequence[Obligation],
    days: Days,
    left_out: frozenset[str],
) -> Rows:
    """Return the rows of a catalog that `why_not` finds no fault with, and how many it does, by reason.

    Rows in `special` are not asked; nor is whether there is time for anything.
    """
    wishes = learner.preferences
    special = _special(offerings, learner)
    why = np.zeros(len(offerings), np.int16)
    words = [""]

    def mark(mask: Mask, reason: str) -> None:
        words.append(reason)
        why[(why == 0) & mask] = len(words) - 1

    def each(column: str, refused: Callable[[Any], bool]) -> Mask:
        coded = offerings.columns[column]
        return np.array([refused(value) for value in coded.values], bool)[coded.codes]

    def named(ids: frozenset[str]) -> Mask:
        mask = np.zeros(len(offerings), bool)
        mask[[place for one in ids if (place := offerings.place(one)) is not None]] = True
        return mask

    if left_out:
        mark(named(left_out), LEFT_OUT)
    if learner.no_assumed:
        mark(each("assumed", bool), ASSUMED)
    if wishes.exclude or wishes.exclude_providers:
        mark(
            named(frozenset(wishes.exclude)) | each("provider", set(wishes.exclude_providers).__contains__),
            EXCLUDED,
        )
    if wishes.formats:
        mark(~each("format", set(wishes.formats).__contains__), FORMAT)
    mark(each("credits", lambda parts: not parts), NO_CREDIT)
    mark(each("unit", lambda unit: not unit), NO_UNIT)
    units = offerings.columns["unit"]
    for code, unit in enumerate(units.values):
        if unit and not _converts(unit, kept):
            mark(units.codes == code, _unconverted(unit, kept))
    amounts, amount, default_minutes = _amounts(offerings, kept)
    mark(np.array([not one for one in amounts], bool)[amount], TOO_LITTLE)
    starts, ends = days_of(offerings.columns["starts"], 0), days_of(offerings.columns["ends"], 0)
    begins = np.where(starts > 0, starts, ends)
    mark((begins > 0) & (begins < days.as_of), OVER)
    mark((begins == 0) & (days_of(offerings.columns["available_until"], FOREVER) < days.as_of), GONE)
    mark(each("price", lambda price: price is None) & ~_payable(offerings, offers), NO_PRICE)
    why[special] = 0
    counts = np.bincount(why, minlength=len(words))
    places = np.flatnonzero(why == 0)
    stated = numbers_of(offerings.columns["hours"], -1)[places]
    return Rows(
        offerings,
        places,
        special[places],
        amounts,
        amount[places],
        np.where(stated < 0, default_minutes[amount[places]], stated),
        Counter({words[n]: int(count) for n, count in enumerate(counts) if n and count}),
    )


def _special(offerings: Offerings, learner: Learner) -> Mask:
    """Return the rows that the learner holds, requires, or has earned the course of; and some others.

    Days between two finishes that one seller of a course states hold for all of them: none of them may be lost.
    """
    mask = np.zeros(len(offerings), bool)
    named = {h.offering_id for h in learner.holdings} | set(learner.preferences.require)
    mask[[place for one in named if (place := offerings.place(one)) is not None]] = True
    earned = {line.course_id for line in learner.earned if line.course_id}
    if earned:
        courses = offerings.columns["course_id"]
        mask |= np.isin(courses.codes, [code for code, one in enumerate(courses.values) if one in earned])
    gaps = offerings.columns["repeat_days"]
    if any(gaps.values):
        codes = course_codes(offerings)
        apart = np.unique(codes[np.array([bool(days) for days in gaps.values], bool)[gaps.codes]])
        mask |= np.isin(codes, apart) & (np.bincount(codes)[codes] > 1)
    return mask


def course_codes(offerings: Offerings) -> Numbers:
    """Return a number for each row, the same for those of one course."""
    column = offerings.columns["course_id"]
    return (column if column.distinct else coded_column(list(column))).codes.astype(np.int64)


def _amounts(offerings: Offerings, kept: Sequence[Obligation]) -> tuple[list[Amounts], Numbers, Numbers]:
    """Return every distinct credit converted, which of them each row has, and the usual minutes of each."""
    stated, units = offerings.columns["credits"], offerings.columns["unit"]
    both = stated.codes.astype(np.int64) * len(units.values) + units.codes
    first, place = distinct(both)
    amounts: list[Amounts] = []
    minutes: list[int] = []
    for pair in both[first].tolist():
        parts: tuple[Part, ...] = stated.values[pair // len(units.values)]
        unit: str = units.values[pair % len(units.values)]
        amounts.append(amounts_for(parts, unit, kept))
        hundredths = sum(part.hundredths for part in parts)
        minutes.append(-(-hundredths * HOURS_PER_CREDIT.get(unit, 1) * 60 // 100))
    return amounts, place, np.array(minutes, np.int64)


def _payable(offerings: Offerings, offers: Offers) -> Mask:
    """Return the rows for which some pass that can be bought, or is held, has a benefit."""
    found = np.zeros(len(offerings), bool)
    passes = offerings.columns["passes"]
    known = offers.buyable | {h.pass_id for h in offers.holdings}
    for benefit, column in (("included", ""), ("percent", "price"), ("member_price", "member_price")):
        has = np.array(
            [
                any(p in known and offers.passes[p].benefit == benefit for p in value)
                for value in passes.values
            ],
            bool,
        )[passes.codes]
        if column:
            coded = offerings.columns[column]
            has &= np.array([value is not None for value in coded.values], bool)[coded.codes]
        found |= has
    return found


def days_of(column: Coded, missing: int) -> Numbers:
    """Return a column of dates as ordinals."""
    return np.array([ordinal(value, missing) for value in column.values], np.int64)[column.codes]


def numbers_of(column: Coded, missing: int) -> Numbers:
    """Return a column of whole numbers."""
    return np.array([missing if value is None else value for value in column.values], np.int64)[column.codes]


def money_of(rows: Rows, column: str) -> NDArray[np.float64]:
    """Return a column of money in cents; inf where there is none."""
    values = np.array([np.inf if v is None else float(v) for v in rows.values(column)], np.float64)
    return values[rows.codes(column)]
