"""The second solver's model of one instance, straight from the contract: days are integer variables from as_of = 0."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

from pyscipopt import quicksum

from tests.oracle.reading import Case, Filter, Item, Offer, Pass
from tests.oracle.scip_terms import FAR, PassTerms

HOURS_PER_CREDIT = {"nha_credit": 2, "iacet_ceu": 10, "college_credit": 15}


@dataclass
class Seat:
    """One enrollment that may be made: in exactly one stretch of days if `taken`, finished on day `finish`."""

    offer: Offer
    taken: Any
    finish: Any
    stretches: list[tuple[frozenset[str], Any]]
    payments: list[Any] = field(default_factory=list)


def sees(where: Filter, item: Item, approvers: frozenset[str], category: str) -> bool:
    """Say whether a rule's filter sees credit counted in a category."""

    def has(key: str) -> bool:
        wanted = where[key] if isinstance(where[key], list) else [where[key]]
        if key == "category":
            return category != "any" and category in wanted
        if key == "approver":
            return any(name in wanted for name in approvers)
        if key == "topic":
            return any(name in wanted for name in item.topics)
        return getattr(item, key) != "" and getattr(item, key) in wanted

    return all(
        not sees(where["not"], item, approvers, category) if key == "not" else has(key) for key in where
    )


class SolverModel(PassTerms):
    """A SCIP model and its aims; `partial` allows shortfalls and holds to the budget."""

    def __init__(self, case: Case, partial: bool) -> None:
        super().__init__(case)
        self.first = max(0, (case.cycle_start - case.as_of).days)
        amounts = [amount * self.rate(item) for item in self.all_items() for _, amount in item.parts]
        limits = [
            value
            for rule in (*case.requirements, *case.caps)
            for value in (rule.at_least, rule.at_most)
            if value is not None
        ]
        self.scale = lcm(*(value.denominator for value in amounts + limits))
        self.seen: list[list[Any]] = [[] for _ in case.requirements]
        self.capped: list[list[Any]] = [[] for _ in case.caps]
        self.capped_items: list[list[Any]] = [[] for _ in case.caps]
        self.seats: list[Seat] = []
        self.limited: dict[tuple[str, int], list[Any]] = {}
        self.held_seats: dict[int, list[Any]] = {}
        self.earned()
        for course in sorted({offer.item.course for offer in case.offers}):
            self.course(course)
        self.rules(partial)

    def all_items(self) -> list[Item]:
        return [offer.item for offer in self.case.offers] + [item for _, item in self.case.earned]

    def rate(self, item: Item) -> Fraction:
        return (
            Fraction(1) if item.unit == self.case.unit else self.case.conversions.get(item.unit, Fraction(0))
        )

    # Credit

    def earned(self) -> None:
        inside = [
            (day, item)
            for day, item in self.case.earned
            if self.case.cycle_start <= day <= self.case.deadline
        ]
        times = {offer.item.course: offer.times for offer in self.case.offers}
        choices: dict[str, list[Any]] = {}
        for day, item in inside:
            chosen = self.binary()
            if item.course in times:
                choices.setdefault(item.course, []).append(chosen)
            self.credit(item, [(self.holding(item, day), chosen)])
        for course, chosen in choices.items():
            self.model.addCons(quicksum(chosen) <= times[course])

    def holding(self, item: Item, day: date) -> frozenset[str]:
        inside = lambda first, last: (first or date.min) <= day <= (last or date.max)  # noqa: E731
        return frozenset(name for name, first, last in item.approvals if inside(first, last))

    def credit(self, item: Item, stretches: list[tuple[frozenset[str], Any]]) -> None:
        """Let an item's credit count, split as it may be, in the stretch of days chosen for it."""
        case, by_cap = self.case, dict[int, list[Any]]()
        total = sum((int(amount * self.rate(item) * self.scale) for _, amount in item.parts), 0)
        for approvers, chosen in stretches:
            for categories, amount in item.parts:
                most = int(amount * self.rate(item) * self.scale)
                counted = []
                for category in categories:
                    seen = [
                        n
                        for n, rule in enumerate(case.requirements)
                        if sees(rule.where, item, approvers, category)
                    ]
                    if not seen or not most:
                        continue
                    credit = self.model.addVar(lb=0, ub=most)
                    counted.append(credit)
                    for number in seen:
                        self.seen[number].append(credit)
                    for number, cap in enumerate(case.caps):
                        if sees(cap.where, item, approvers, category):
                            by_cap.setdefault(number, []).append(credit)
                if counted:
                    self.model.addCons(quicksum(counted) <= most * chosen)
        for number, amounts in by_cap.items():
            self.capped[number] += amounts
            if case.caps[number].items_at_most is not None:
                counts = self.binary()
                self.capped_items[number].append(counts)
                self.model.addCons(quicksum(amounts) <= total * counts)

    # Enrollments

    def course(self, course: str) -> None:
        case = self.case
        offers = [offer for offer in case.offers if offer.item.course == course]
        done = [day for day, item in case.earned if item.course == course]
        left = offers[0].times - sum(case.cycle_start <= day <= case.deadline for day in done)
        repeat = max(offer.repeat_days for offer in offers)
        seats: list[Seat] = []
        for offer in offers:
            stretches = self.stretches(offer, [self.offset(day, 0) for day in done], repeat)
            barred = offer.id in case.exclude or offer.item.provider in case.exclude_providers
            if barred or (case.formats and offer.item.format not in case.formats) or not stretches:
                continue
            mine = [self.seat(offer, stretches) for _ in range(left)]
            for one, other in pairwise(mine):
                self.model.addCons(other.taken <= one.taken)
                if repeat:
                    self.when(other.taken, one.finish + repeat, other.finish, repeat)
            for one in mine if repeat else ():
                for other in seats:
                    order = self.binary()
                    for a, b, side in ((one, other, order), (other, one, 1 - order)):
                        gap = (self.horizon + repeat) * (3 - a.taken - b.taken - side)
                        self.model.addCons(a.finish + repeat <= b.finish + gap)
            seats += mine
        if seats:
            self.model.addCons(quicksum(seat.taken for seat in seats) <= left)
        self.seats += seats

    def stretches(self, offer: Offer, done: list[int], repeat: int) -> list[tuple[int, int, frozenset[str]]]:
        """Cut the days it can be finished on where approvals begin or end; leave out those near an earned one."""
        first, last = self.first, self.horizon
        if offer.starts and offer.ends:
            first = last = self.offset(offer.ends, 0)
            if self.offset(offer.starts, 0) < self.first or last > self.horizon:
                return []
        else:
            first = max(first, self.offset(offer.available_from, 0))
            last = min(last, self.offset(offer.available_until, FAR))
        cuts = {first, last + 1}
        for _, opens, closes in offer.item.approvals:
            cuts |= {self.offset(opens, 0), self.offset(closes, -2) + 1}
        for day in done:
            cuts |= {day - repeat + 1, day + repeat}
        ordered = sorted(cut for cut in cuts if first <= cut <= last + 1)
        found = []
        for begin, following in pairwise(ordered):
            if all(abs(begin - day) >= repeat for day in done):
                day = date.fromordinal(self.case.as_of.toordinal() + begin)
                found.append((begin, following - 1, self.holding(offer.item, day)))
        return found

    def seat(self, offer: Offer, stretches: list[tuple[int, int, frozenset[str]]]) -> Seat:
        taken, finish = self.binary(), self.day()
        chosen = [(self.binary(), begin, end, approvers) for begin, end, approvers in stretches]
        self.model.addCons(quicksum(one for one, *_ in chosen) == taken)
        self.model.addCons(finish >= quicksum(begin * one for one, begin, _, _ in chosen))
        self.model.addCons(finish <= quicksum(end * one for one, _, end, _ in chosen))
        seat = Seat(offer, taken, finish, [(approvers, one) for one, _, _, approvers in chosen])
        self.credit(offer.item, seat.stretches)
        self.pay(seat)
        self.model.addCons(quicksum(seat.payments) == taken)
        return seat

    def pay(self, seat: Seat) -> None:
        """Offer every way of paying for a seat whose rules can be kept."""
        offer = seat.offer
        event = offer.starts is not None
        start = self.offset(offer.starts, 0) if event else seat.finish
        length = (offer.ends - offer.starts).days if offer.ends and offer.starts else 0
        in_time = offer.access_days is None or length <= offer.access_days
        opens, closes = max(0, self.offset(offer.available_from, 0)), self.offset(offer.available_until, FAR)
        obtainable = in_time and (not event or opens <= min(closes, start))
        for number, (key, until) in enumerate(self.case.held_offers):
            if key == offer.id and in_time:
                payment = self.payment(seat, 0)
                self.held_seats.setdefault(number, []).append(payment)
                self.when(payment, seat.finish, min(self.horizon, self.offset(until, FAR)))
        if offer.price == 0 and obtainable:
            self.payment(seat, 0)
        if offer.price:
            payment = self.payment(seat, offer.price)
            self.purchase(seat, payment, start, opens, closes)
        for item in self.case.passes if offer.passes else ():
            price = self.price_under(item, offer) if item.id in offer.passes else None
            included = item.benefit == "included"
            bad_seat = (
                not obtainable
                if included
                else price == 0 and (not in_time or (event and not opens <= start <= closes))
            )
            if price is None or bad_seat:
                continue
            for number, slot in enumerate(self.slots[item.id]):
                payment = self.payment(seat, price)
                self.model.addCons(payment <= slot.used)
                self.limited.setdefault((item.id, number), []).append(
                    (payment, sum((amount for _, amount in offer.item.parts), Fraction(0)))
                )
                bought_on = self.purchase(seat, payment, start, opens, closes) if price else start
                self.when(payment, slot.start, bought_on)
                self.when(payment, seat.finish if included else bought_on, slot.end)

    def payment(self, seat: Seat, price: int) -> Any:
        chosen = self.binary()
        seat.payments.append(chosen)
        if price:
            self.prices.append(price * chosen)
            self.bought.append(chosen)
        return chosen

    def purchase(self, seat: Seat, payment: Any, start: Any, opens: int, closes: int) -> Any:
        """Give the day of a purchase that keeps to its window, its start and the access it buys."""
        day = self.day()
        self.when(payment, min(opens, self.horizon + 1), day)
        self.when(payment, day, min(closes, self.horizon) if closes >= 0 else -1)
        self.when(payment, day, start)
        if seat.offer.access_days is not None:
            self.when(payment, seat.finish, day + seat.offer.access_days)
        return day

    @staticmethod
    def price_under(item: Pass, offer: Offer) -> int | None:
        if item.benefit == "included":
            return 0
        if item.benefit == "member_price":
            return offer.member_price
        if offer.price is None:
            return None
        hundredths = 10_000 - int(Fraction(item.benefit[:-1]) * 100)
        return (offer.price * hundredths + 5_000) // 10_000

    # Rules and aims

    def rules(self, partial: bool) -> None:
        case, model = self.case, self.model
        limits = {item.id: item.credit_limit for item in case.passes}
        for (key, _), used in self.limited.items():
            limit = limits[key]
            if limit is not None:
                model.addCons(
                    quicksum(int(stated * 100) * payment for payment, stated in used) <= int(limit * 100)
                )
        for payments in self.held_seats.values():
            model.addCons(quicksum(payments) <= 1)
        for number, cap in enumerate(case.caps):
            if cap.at_most is not None:
                model.addCons(quicksum(self.capped[number]) <= int(cap.at_most * self.scale))
            if cap.items_at_most is not None:
                model.addCons(quicksum(self.capped_items[number]) <= cap.items_at_most)
        missing = [model.addVar(lb=0, ub=None if partial else 0) for _ in case.requirements]
        for rule, amounts, short in zip(case.requirements, self.seen, missing, strict=True):
            model.addCons(quicksum(amounts) + short >= int((rule.at_least or 0) * self.scale))
        for key in case.require:
            model.addCons(quicksum(seat.taken for seat in self.seats if seat.offer.id == key) >= 1)
        rank = {
            offer.id: place for place, offer in enumerate(sorted(case.offers, key=lambda offer: offer.id), 1)
        }
        self.short, self.cost, self.purchases = (
            quicksum(missing),
            quicksum(self.prices),
            quicksum(self.bought),
        )
        self.minutes = quicksum(self.minutes_of(seat.offer) * seat.taken for seat in self.seats)
        self.enrollments = quicksum(seat.taken for seat in self.seats)
        self.ranks = quicksum(rank[seat.offer.id] * seat.taken for seat in self.seats)
        if case.max_purchases is not None:
            model.addCons(self.purchases <= case.max_purchases)
        if partial and case.budget is not None:
            model.addCons(self.cost <= case.budget)

    @staticmethod
    def minutes_of(offer: Offer) -> int:
        stated = sum((amount for _, amount in offer.item.parts), Fraction(0))
        hours = stated * HOURS_PER_CREDIT.get(offer.item.unit, 1) if offer.hours is None else offer.hours
        return -int(-hours * 60 // 1)

    def least(self, goal: Any, time_limit: float) -> tuple[str, Fraction]:
        """Solve for the least value of one aim."""
        self.model.freeTransform()
        self.model.setParam("limits/time", time_limit)
        self.model.setObjective(goal + 0, "minimize")
        self.model.optimize()
        status = str(self.model.getStatus())
        return status, Fraction(self.model.getObjVal()) if status == "optimal" else Fraction(0)

    def hold(self, goal: Any, value: Fraction) -> None:
        """Keep an aim at its value from now on."""
        self.model.freeTransform()
        self.model.addCons(goal <= float(value))
