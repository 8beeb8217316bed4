"""When one enrollment can be taken with one payment, and every set of terms of one pass.

Written from docs/meaning.md (numbers in brackets). Days are counted from as_of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import accumulate

from tests.oracle.brute_force import minutes_of
from tests.oracle.exact import holding_on
from tests.oracle.reading import Offer
from tests.oracle.search import last_of
from tests.oracle.timed_counting import Counting, Sheet
from tests.oracle.timed_reading import EVER, UNITS_A_MINUTE, TimedCase

NEVER = 10**6
"""A day after all others."""

Window = tuple[int, int, int]
"""A start, the earliest finish, the latest finish; every finish between them will do."""


@dataclass(frozen=True)
class Payer:
    """A way to pay: `single` at a price, `free`, the `seat` number n, or `pass` number n of the catalog."""

    kind: str
    number: int = 0
    price: int = 0
    included: bool = False


@dataclass(frozen=True)
class Term:
    """Days on which one pass holds."""

    first: int
    last: int
    held: bool = False


class Ways:
    """Every start and finish of every enrollment."""

    def __init__(self, case: TimedCase, counting: Counting) -> None:
        self.case, self.counting = case, counting
        self.offers = case.case.offers
        self.work = [0 if o.starts else minutes_of(o) * UNITS_A_MINUTE for o in self.offers]
        self.repeat_days = {  # of all offerings of the course the largest holds [8]
            offer.item.course: max(o.repeat_days for o in self.offers if o.item.course == offer.item.course)
            for offer in self.offers
        }
        self.spans = sorted(
            {
                span
                for target in case.targets
                for span in (
                    (target.first, target.last_day),
                    *((rule.first, rule.last) for rule in (*target.needs, *target.limits)),
                )
            }
        )
        self.sheets: list[Sheet] = []
        self.numbers: dict[Sheet, int] = {}
        self.rows = [self._rows(number) for number in range(len(self.offers))]
        self.known: dict[object, dict[int, tuple[Window, ...]]] = {}
        self.held_terms = [
            [
                Term(EVER, NEVER if until is None else case.day(until, 0), held=True)
                for key, until in case.case.held_passes
                if key == item.id and (until is None or until >= case.case.as_of)
            ]
            for item in case.case.passes
        ]
        self.lasts = [
            [
                min(NEVER, (last_of(item, case.case.as_of + timedelta(day)) - case.case.as_of).days)
                for day in range(case.days)
            ]
            for item in case.case.passes
        ]
        self.most_terms = [self._most_terms(place) for place in range(len(case.case.passes))]
        """How many terms of a pass can be bought one after the other [11, 15]."""

    # Days

    def _pairs(self, number: int) -> Iterator[tuple[int, int]]:
        """Give every (start, finish) whatever pays, its days giving hours for this one enrollment [2, 3, 29-31]."""
        case, offer = self.case, self.offers[number]
        last = case.days - 1
        if offer.starts and offer.ends:
            start, finish = case.day(offer.starts, 0), case.day(offer.ends, 0)
            if case.earliest <= start and finish <= last:
                yield start, finish
            return
        first = max(case.earliest, case.day(offer.available_from, 0))
        last = min(last, case.day(offer.available_until, last))
        work = self.work[number]
        if case.gives is None:
            for day in range(first, last + 1):
                if not work or day not in case.away:
                    yield day, day
            return
        given = [0, *accumulate(case.gives)]
        for start in range(first, last + 1):
            for finish in range(start, last + 1):
                if given[finish + 1] - given[start] >= work:
                    yield start, finish

    def _rows(self, number: int) -> dict[int, list[tuple[int, int, int]]]:
        """Give, by start, runs of finishes that all credentials see alike: first, last, number of the sheet."""
        offer, rows = self.offers[number], dict[int, list[tuple[int, int, int]]]()
        seen: dict[object, int] = {}
        repeat = self.repeat_days[offer.item.course]
        earned = [
            self.case.day(day, 0) for day, item in self.case.case.earned if item.course == offer.item.course
        ]
        for start, finish in self._pairs(number):
            if any(abs(finish - day) < repeat for day in earned):
                continue
            approvers = holding_on(offer.item, self.case.case.as_of + timedelta(finish))
            key = approvers, self._spans(start, finish)
            if key not in seen:
                sheet = self.counting.sheet(offer.item, approvers, start, finish)
                seen[key] = self._number(sheet) if sheet is not None else -1
            if (sheet_number := seen[key]) < 0:
                continue
            runs = rows.setdefault(start, [])
            if runs and runs[-1][1:] == (finish - 1, sheet_number):
                runs[-1] = runs[-1][0], finish, sheet_number
            else:
                runs.append((finish, finish, sheet_number))
        return rows

    def _spans(self, start: int, finish: int) -> tuple[bool, ...]:
        """Say which spans of days that any rule looks at hold both: all that a sheet depends on besides approvers."""
        return tuple(first <= start and finish <= last for first, last in self.spans)

    def _number(self, sheet: Sheet) -> int:
        if sheet not in self.numbers:
            self.numbers[sheet] = len(self.sheets)
            self.sheets.append(sheet)
        return self.numbers[sheet]

    # Payments

    def payers(self, number: int) -> list[Payer]:
        """Give every way to pay for an offering."""
        offer, found = self.offers[number], []
        for seat, (key, _) in enumerate(self.case.case.held_offers):
            if key == offer.id:
                found.append(Payer("seat", seat))
        if offer.price is not None:
            found.append(Payer("single", 0, offer.price) if offer.price else Payer("free"))
        for place, item in enumerate(self.case.case.passes):
            if item.id not in offer.passes:
                continue
            if item.benefit == "included":
                found.append(Payer("pass", place, 0, included=True))
                continue
            price = offer.member_price
            if item.benefit != "member_price":  # rounded half up to the cent [14]
                left = 1 - Fraction(item.benefit.rstrip("%")) / 100
                price = None if offer.price is None else int(offer.price * left + Fraction(1, 2))
            if price is not None:
                found.append(Payer("pass", place, price))
        return found

    def windows(self, number: int, payer: Payer, term: Term | None = None) -> dict[int, tuple[Window, ...]]:
        """Give, by sheet, the windows of an enrollment paid so, less those that another one contains."""
        key = number, payer, term
        if key not in self.known:
            found: dict[int, list[Window]] = {}
            for start, runs in sorted(self.rows[number].items()):
                latest = self._latest_finish(self.offers[number], payer, term, start)
                for early, end, sheet in runs:
                    late, kept = min(end, latest), found.setdefault(sheet, [])
                    # An earlier start with the same finishes leaves the work more days and asks nothing more.
                    if early <= late and not any(g <= early and late <= h for _, g, h in kept):
                        kept.append((start, early, late))
            self.known[key] = {sheet: tuple(windows) for sheet, windows in found.items() if windows}
        return self.known[key]

    def _latest_finish(self, offer: Offer, payer: Payer, term: Term | None, start: int) -> int:
        """Give the latest finish that a payment allows after a start, EVER if it does not allow the start."""
        case = self.case
        access = NEVER if offer.access_days is None else offer.access_days
        opens, closes = max(0, case.day(offer.available_from, EVER)), case.day(offer.available_until, NEVER)
        if payer.kind == "seat":  # [6]
            until = case.day(case.case.held_offers[payer.number][1], NEVER)
            return min(start + access, until) if start <= until else EVER
        if payer.included or payer.kind == "free":  # [5]
            inside = term or Term(EVER, NEVER)
            fits = opens <= min(closes, start) and inside.first <= start <= inside.last
            return min(start + access, inside.last) if fits else EVER
        if term:
            opens, closes = max(opens, term.first), min(closes, term.last)
        if not payer.price:  # discounted to nothing: the start takes the place of the purchase [4]
            return start + access if opens <= start <= closes else EVER
        purchases = range(opens, min(closes, start) + 1)
        return max((day + access for day in purchases), default=EVER)  # every day of purchase [4, 31]

    # Terms

    def _most_terms(self, place: int) -> int:
        item = self.case.case.passes[place]
        if item.price is None or (self.held_terms[place] and not item.renewable):
            return 0
        most = 0
        while next(iter(self.terms(place, most + 1)), None):
            most += 1
        return most if item.renewable else min(most, 1)

    def terms(self, place: int, count: int) -> Iterable[tuple[Term, ...]]:
        """Give every way of starting so many terms of a pass, no two overlapping, nor a holding [9-11]."""
        case, lasts = self.case, self.lasts[place]
        first = max((term.last + 1 for term in self.held_terms[place]), default=0)

        def after(day: int, left: int) -> Iterator[tuple[Term, ...]]:
            if not left:
                yield ()
                return
            for start in range(day, case.days):
                for rest in after(lasts[start] + 1, left - 1):
                    yield Term(start, lasts[start]), *rest

        return after(first, count)
