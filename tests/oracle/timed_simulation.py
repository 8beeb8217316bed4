"""Live through a finished plan, day by day: what is bought, where each enrollment lies, whether the work gets done.

Written from docs/meaning.md (numbers in brackets), for the plan's JSON alone: how the plan was found does not matter.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations, product

from tests.oracle.making import Table
from tests.oracle.reading import Offer
from tests.oracle.search import last_of
from tests.oracle.timed_instance import Timed
from tests.oracle.timed_reading import UNITS_A_MINUTE, TimedCase, read_timed
from tests.oracle.timed_work import last_day_worked


@dataclass(frozen=True)
class Taken:
    """An enrollment of the plan."""

    offer: Offer
    paid_by: str
    price: int
    start: date
    finish: date


@dataclass(frozen=True)
class Span:
    """A term of a pass, bought or held."""

    pass_id: str
    first: date
    last: date
    held: bool = False

    def holds(self, day: date) -> bool:
        """Say whether it covers a day."""
        return self.first <= day <= self.last


def simulate(instance: Timed, plan: Table) -> list[str]:
    """Say what is wrong with the days of a plan; nothing if it can be lived through."""
    return list(_Simulation(instance, plan).complaints())


class _Simulation:
    def __init__(self, instance: Timed, plan: Table) -> None:
        self.timed = read_timed(instance)
        self.case, self.plan = self.timed.case, plan
        offers = {offer.id: offer for offer in self.case.offers}
        self.enrollments = [
            Taken(
                offers[one["offering_id"]],
                one["paid_by"],
                _cents(one["price"]),
                date.fromisoformat(one["start"]),
                date.fromisoformat(one["finish"]),
            )
            for one in plan["enrollments"]
        ]
        self.singly = [
            (one["id"], _cents(one["price"]), date.fromisoformat(one["on"]))
            for one in plan["purchases"]
            if one["kind"] == "offering"
        ]
        self.benefits = {item.id: item.benefit for item in self.case.passes}
        self.spans = [*self._bought(), *self._held()]

    def _bought(self) -> Iterator[Span]:
        items = {item.id: item for item in self.case.passes}
        for one in self.plan["purchases"]:
            if one["kind"] == "pass":
                first = date.fromisoformat(one["on"])
                yield Span(one["id"], first, last_of(items[one["id"]], first))

    def _held(self) -> Iterator[Span]:
        for key, until in self.case.held_passes:
            if until is None or until >= self.case.as_of:
                yield Span(key, date.min, until or date.max, held=True)

    def complaints(self) -> Iterator[str]:
        """Look at terms, then each enrollment, then its payment, then the work of all of them together."""
        yield from self._terms()
        for one in self.enrollments:
            yield from (f"{one.offer.id}: {words}" for words in self._days(one))
        yield from self._payments()
        yield from self._repeats()
        yield from _work(self.timed, self.enrollments)

    def _terms(self) -> Iterator[str]:
        items = {item.id: item for item in self.case.passes}
        for number, span in enumerate(self.spans):
            if span.held:
                continue
            item = items[span.pass_id]
            if span.first < self.case.as_of:
                yield f"{span.pass_id} is bought on {span.first}, before as_of"
            for other in self.spans[:number] + self.spans[number + 1 :]:
                if other.pass_id == span.pass_id:
                    if span.first <= other.last and other.first <= span.last:
                        yield f"two terms of {span.pass_id} overlap"
                    if not item.renewable:
                        yield f"{span.pass_id} cannot be renewed"
            if item.requires and not any(
                other.pass_id == item.requires and other.holds(span.first) for other in self.spans
            ):
                yield f"{span.pass_id} is bought without {item.requires}"

    def _days(self, one: Taken) -> Iterator[str]:
        """Check what holds however an enrollment is paid [2, 3, 30, 31, 33]."""
        case, offer = self.case, one.offer
        if not case.as_of <= one.start <= one.finish:
            yield f"{one.start} to {one.finish} is no span of days from as_of on"
        if not any(
            target.case.cycle_start <= one.start and one.finish <= target.case.last_day
            for target in self.timed.targets
        ):
            yield "it lies in the days of no credential"
        if offer.starts:
            if (one.start, one.finish) != (offer.starts, offer.ends):
                yield "it does not take place then"
            return
        if offer.available_from and one.start < offer.available_from:
            yield "it starts before it is available"
        if offer.available_until and one.finish > offer.available_until:
            yield "it ends when it is no longer available"
        if self.timed.gives is None:
            away = (one.start - case.as_of).days in self.timed.away
            if one.start != one.finish:
                yield "without weekly hours it takes one day"
            if away and self.timed.minutes(offer):
                yield "it lies on a day away"

    # Payments

    def _payments(self) -> Iterator[str]:
        """Find a purchase for whatever costs something, and a seat for what is free because it is held."""
        for key in sorted({one.offer.id for one in self.enrollments} | {key for key, _, _ in self.singly}):
            mine = [one for one in self.enrollments if one.offer.id == key]
            paid = [one for one in mine if one.price]
            bought = [(price, day) for offer, price, day in self.singly if offer == key]
            if len(paid) != len(bought):
                yield f"{key}: {len(bought)} purchases for {len(paid)} enrollments that cost something"
            elif not _matched(paid, bought, lambda one, purchase: self._bought_in_time(one, *purchase)):
                yield f"{key}: no way of giving its enrollments the purchases fits their days"
            for one in mine:
                if one.paid_by not in ("single", "free") and not one.price and not self._by_pass(one):
                    yield f"{key}: no term of {one.paid_by} pays for it"
            free = [one for one in mine if one.paid_by == "free" and not self._free(one)]
            seats = [until or date.max for offer, until in self.case.held_offers if offer == key]
            if not _matched(free, seats, self._seated):
                yield f"{key}: neither its price nor what is held makes it free"

    def _bought_in_time(self, one: Taken, price: int, day: date) -> bool:
        offer = one.offer
        return (
            price == one.price
            and max(self.case.as_of, offer.available_from or date.min) <= day <= one.start
            and day <= (offer.available_until or date.max)
            and _within_access(offer, day, one.finish)
            and (
                one.paid_by == "single"
                or any(span.pass_id == one.paid_by and span.holds(day) for span in self.spans)
            )
        )

    def _by_pass(self, one: Taken) -> bool:
        """Check what a pass pays for in full: included, or discounted to nothing [4, 5]."""
        offer = one.offer
        opens, closes = (
            max(self.case.as_of, offer.available_from or date.min),
            offer.available_until or date.max,
        )
        included = self.benefits.get(one.paid_by) == "included"
        obtainable = opens <= min(closes, one.start) if included else opens <= one.start <= closes
        return (
            one.paid_by in offer.passes
            and obtainable
            and _within_access(offer, one.start, one.finish)
            and any(
                span.pass_id == one.paid_by
                and span.holds(one.start)
                and (not included or span.holds(one.finish))
                for span in self.spans
            )
        )

    def _free(self, one: Taken) -> bool:
        offer = one.offer
        opens = max(self.case.as_of, offer.available_from or date.min)
        return (
            offer.price == 0
            and opens <= min(offer.available_until or date.max, one.start)
            and _within_access(offer, one.start, one.finish)
        )

    @staticmethod
    def _seated(one: Taken, until: date) -> bool:
        return one.finish <= until and _within_access(one.offer, one.start, one.finish)

    def _repeats(self) -> Iterator[str]:
        """Check the days between two finishes of a course [8]."""
        for number, one in enumerate(self.enrollments):
            course = one.offer.item.course
            least = max(offer.repeat_days for offer in self.case.offers if offer.item.course == course)
            others = [
                other.finish for other in self.enrollments[:number] if other.offer.item.course == course
            ]
            others += [day for day, item in self.case.earned if item.course == course]
            if any(abs((one.finish - day).days) < least for day in others):
                yield f"{one.offer.id}: it is finished too soon after the same course"


def _matched[A, B](wanting: Sequence[A], given: Sequence[B], fits: Callable[[A, B], bool]) -> bool:
    """Say whether each can be given one of its own."""
    return any(
        all(fits(one, other) for one, other in zip(wanting, order, strict=True))
        for order in permutations(given, len(wanting))
    )


def _within_access(offer: Offer, first: date, finish: date) -> bool:
    return offer.access_days is None or finish <= first + timedelta(offer.access_days)


def _work(timed: TimedCase, enrollments: Sequence[Taken]) -> Iterator[str]:
    """Do the work, and where it cannot all be done name an interval of days that has too much of it [29]."""
    if timed.gives is None:
        return
    as_of = timed.case.as_of
    jobs = [
        ((one.start - as_of).days, (one.finish - as_of).days, timed.minutes(one.offer) * UNITS_A_MINUTE)
        for one in enrollments
        if not one.offer.starts
    ]
    done = last_day_worked(jobs, timed.gives) is not None
    full = [
        (first, last)
        for first, last in product({start for start, _, _ in jobs}, {finish for _, finish, _ in jobs})
        if sum(work for start, finish, work in jobs if first <= start and finish <= last)
        > sum(timed.gives[first : last + 1])
    ]
    assert done != bool(full)  # the theorem of tests/oracle/timed_work.py
    for first, last in full:
        yield f"the days {as_of + timedelta(first)} to {as_of + timedelta(last)} do not give the hours asked of them"


def _cents(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest)
