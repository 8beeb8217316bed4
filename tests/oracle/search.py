"""Everything that can be taken and paid for: every set of terms on every day, every way of every enrollment.

Written from docs/meaning.md (numbers in brackets).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations_with_replacement, product

from tests.oracle.exact import Approvers, holding_on, pieces_of
from tests.oracle.reading import Case, Offer, Pass

Taken = tuple[tuple[str, Approvers], ...]
"""What counting sees of a plan: each enrollment's offering and the approvers that hold when it is finished."""


@dataclass(frozen=True)
class Term:
    """Days on which one pass holds; `number` is its place in the catalog."""

    number: int
    first: date
    last: date
    held: bool


Use = tuple[tuple[Term, Fraction], ...]
"""How much stated credit each term with a limit serves."""


@dataclass(frozen=True)
class Way:
    """One way of one enrollment: its price, the day it is finished, and what it uses that others may want."""

    offer: Offer
    approvers: Approvers
    price: int
    finish: date
    seat: int | None = None
    term: Term | None = None


@dataclass(frozen=True)
class Form:
    """A way to pay: `buy` at a price, `free`, or a seat `held`; inside the days of a term if there is one."""

    kind: str
    price: int = 0
    term: Term | None = None
    until: date = date.max
    seat: int | None = None
    discount: bool = False


def last_of(item: Pass, first: date) -> date:
    """Give the last day of a term bought on `first` [9]."""
    if item.term_ends:
        last = first
        while (last.month, last.day) != item.term_ends:
            last += timedelta(1)
        if item.rolls_from:
            rolls = last
            while (rolls.month, rolls.day) != item.rolls_from:
                rolls -= timedelta(1)
            if first >= rolls:
                last = last.replace(year=last.year + 1)
        return last
    return first + timedelta(item.term_days - 1) if item.term_days else date.max


class Search:
    """Find, for everything that can be taken, the least (cost, purchases, last finish) over all terms and days."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.days = [case.as_of + timedelta(n) for n in range((case.last_day - case.as_of).days + 1)]
        held = [
            (key, until or date.max)
            for key, until in case.held_passes
            if until is None or until >= case.as_of
        ]
        self.held = [
            Term(n, date.min, until, True)
            for n, item in enumerate(case.passes)
            for key, until in held
            if key == item.id
        ]
        self.courses: dict[str, list[Offer]] = {}
        for offer in case.offers:
            if self.worth_taking(offer):
                self.courses.setdefault(offer.item.course, []).append(offer)
        earned = [item.course for day, item in case.earned if case.cycle_start <= day <= case.deadline]
        self.seats = {  # `times` less the earned lines in the cycle [19]
            course: max(0, offers[0].times - earned.count(course)) for course, offers in self.courses.items()
        }
        self.repeat_days = {  # of all offerings of the course the largest holds [8]
            course: max(offer.repeat_days for offer in case.offers if offer.item.course == course)
            for course in self.courses
        }
        self.of_term: dict[tuple[str, Term], list[Way]] = {}
        self.of_course: dict[tuple[str, tuple[Term, ...]], dict[object, tuple[int, int, date]]] = {}

    def worth_taking(self, offer: Offer) -> bool:
        case = self.case
        wanted = not case.formats or offer.item.format in case.formats
        if not wanted or offer.id in case.exclude or offer.item.provider in case.exclude_providers:
            return False
        sets = {holding_on(offer.item, day) for day in self.days}
        return offer.id in case.require or any(pieces_of(case, offer.item, approvers) for approvers in sets)

    # Terms

    def most_terms(self, number: int) -> int:
        """Terms that serve no enrollment and no term of another pass would be money thrown away."""
        item = self.case.passes[number]
        if item.price is None:
            return 0
        if not item.renewable:
            return 0 if any(term.number == number for term in self.held) else 1
        uses = sum(
            self.seats[key]
            for key, offers in self.courses.items()
            if any(item.id in offer.passes for offer in offers)
        )
        return uses + sum(
            self.most_terms(n) for n, other in enumerate(self.case.passes) if other.requires == item.id
        )

    def terms_of(self, number: int) -> list[tuple[Term, ...]]:
        """Every set of terms of one pass, no two overlapping [11], less those that are worse than another one."""
        item = self.case.passes[number]
        held = [term for term in self.held if term.number == number]
        possible = [Term(number, day, last_of(item, day), False) for day in self.days]
        possible = [term for term in possible if all(term.first > other.last for other in held)]

        def sets(start: date, left: int) -> Iterator[tuple[Term, ...]]:
            yield ()
            for term in possible if left else ():
                if term.first >= start:
                    after = [()] if term.last == date.max else sets(term.last + timedelta(1), left - 1)
                    for rest in after:
                        yield term, *rest

        kept: list[tuple[tuple[Term, ...], dict[object, tuple[int, date]]]] = []
        for terms in sorted(sets(self.case.as_of, self.most_terms(number)), key=len):
            gives = self.gives(terms)
            if not any(
                all(other.get(key, (value[0] + 1, value[1])) <= value for key, value in gives.items())
                for _, other in kept
            ):
                kept.append((terms, gives))
        return [terms for terms, _ in kept]

    def gives(self, terms: tuple[Term, ...]) -> dict[object, tuple[int, date]]:
        """All that anything outside one pass's terms can notice of them, and at what price and how early."""
        found: dict[object, tuple[int, date]] = {}
        for place, term in enumerate(terms):
            item = self.case.passes[term.number]
            for offers in self.courses.values():
                for way in (way for offer in offers for way in self.ways_in(offer, term)):
                    key = (
                        way.offer.id,
                        way.approvers,
                        self.day_if_it_matters(way),
                        place if item.credit_limit is not None else None,
                    )
                    found[key] = min(found.get(key, (way.price, way.finish)), (way.price, way.finish))
            if item.requires:
                found[place, term.first] = 0, date.min
            if any(other.requires == item.id for other in self.case.passes):
                found |= {day: (0, date.min) for day in self.days if term.first <= day <= term.last}
        return found

    def day_if_it_matters(self, way: Way) -> date | None:
        """Only enrollments of one course that must keep apart can feel each other's days."""
        course = way.offer.item.course
        return way.finish if self.seats[course] > 1 and self.repeat_days[course] else None

    def allowed(self, terms: tuple[Term, ...]) -> bool:
        """Check that what each pass requires is held on the day it is bought [12]."""
        for term in terms:
            required = self.case.passes[term.number].requires
            covering = [
                self.case.passes[other.number].id
                for other in (*terms, *self.held)
                if other.first <= term.first <= other.last
            ]
            if required and required not in covering:
                return False
        return True

    # Ways

    def ways(self, offer: Offer, form: Form) -> Iterator[Way]:
        """Every day on which the offering can be finished with this form of payment [1-8]."""
        case = self.case
        event = offer.starts is not None
        opens, closes = max(case.as_of, offer.available_from or date.min), offer.available_until or date.max
        begin, end = (form.term.first, form.term.last) if form.term else (date.min, date.max)
        sittings = (
            [(offer.starts, offer.ends)] if offer.starts and offer.ends else [(day, day) for day in self.days]
        )
        for start, finish in sittings:
            if start < max(case.as_of, case.cycle_start) or finish > case.last_day:
                continue
            if not event and not opens <= start <= closes:
                continue
            access = timedelta(offer.access_days) if offer.access_days is not None else timedelta(100_000)
            if form.kind == "buy":
                possible = any(
                    opens <= day <= closes and begin <= day <= end and day <= start and finish <= day + access
                    for day in self.days
                )
            elif form.discount:  # to nothing: the start takes the place of the purchase [4]
                possible = opens <= start <= closes and begin <= start <= end and finish <= start + access
            else:
                seat = form.kind == "held" or opens <= min(closes, start)
                possible = (
                    seat and begin <= start and finish <= min(end, form.until) and finish <= start + access
                )
            if possible and self.far_from_earned(offer, finish):
                yield Way(offer, holding_on(offer.item, finish), form.price, finish, form.seat, form.term)

    def far_from_earned(self, offer: Offer, finish: date) -> bool:
        repeat = self.repeat_days[offer.item.course]
        return all(
            abs((finish - day).days) >= repeat
            for day, item in self.case.earned
            if item.course == offer.item.course
        )

    def ways_in(self, offer: Offer, term: Term) -> list[Way]:
        """Every way at the benefit of one term [14]."""
        if (offer.id, term) not in self.of_term:
            item = self.case.passes[term.number]
            form: Form | None = None
            if item.id in offer.passes and item.benefit == "included":
                form = Form("free", 0, term)
            elif item.id in offer.passes:
                price = offer.member_price
                if item.benefit != "member_price":
                    left = 1 - Fraction(item.benefit.rstrip("%")) / 100
                    price = None if offer.price is None else int(offer.price * left + Fraction(1, 2))
                if price is not None:
                    form = Form("buy" if price else "free", price, term, discount=True)
            self.of_term[offer.id, term] = list(self.ways(offer, form)) if form else []
        return self.of_term[offer.id, term]

    def ways_without(self, offer: Offer) -> list[Way]:
        forms = [
            Form("held", until=until or date.max, seat=seat)
            for seat, (key, until) in enumerate(self.case.held_offers)
            if key == offer.id
        ]
        if offer.price is not None:
            forms.append(Form("buy" if offer.price else "free", offer.price))
        return [way for form in forms for way in self.ways(offer, form)]

    # Plans

    def course_options(self, course: str, terms: tuple[Term, ...]) -> dict[object, tuple[int, int, date]]:
        """Every way of taking a course up to its times, by what is taken and used: (cost, purchases, last)."""
        if (course, terms) in self.of_course:
            return self.of_course[course, terms]
        offers, seats = self.courses[course], self.seats[course]
        repeat = self.repeat_days[course]
        kept: dict[object, Way] = {}
        for offer in offers:
            for way in self.ways_without(offer) + [
                way for term in terms for way in self.ways_in(offer, term)
            ]:
                limited = (
                    way.term
                    if way.term and self.case.passes[way.term.number].credit_limit is not None
                    else None
                )
                # Two ways that differ in nothing another enrollment could feel: the cheaper, then the earlier, will do.
                alike = offer.id, way.approvers, limited, way.seat, self.day_if_it_matters(way)
                if alike not in kept or (way.price, way.finish) < (kept[alike].price, kept[alike].finish):
                    kept[alike] = way
        found: dict[object, tuple[int, int, date]] = {}
        for count in range(seats + 1):
            for chosen in combinations_with_replacement(kept.values(), count):
                held = [way.seat for way in chosen if way.seat is not None]
                near = any(
                    abs((a.finish - b.finish).days) < repeat for n, a in enumerate(chosen) for b in chosen[:n]
                )
                if near or len(set(held)) < len(held):
                    continue
                use = tuple(
                    (way.term, sum((amount for _, amount in way.offer.item.parts), Fraction(0)))
                    for way in chosen
                    if way.term and self.case.passes[way.term.number].credit_limit is not None
                )
                purchases = sum(way.price > 0 for way in chosen)
                value = (
                    sum(way.price for way in chosen),
                    purchases,
                    max((way.finish for way in chosen), default=date.min),
                )
                taken = sorted(
                    ((way.offer.id, way.approvers) for way in chosen),
                    key=lambda one: (one[0], sorted(one[1])),
                )
                key = tuple(taken), use, purchases if self.case.max_purchases is not None else 0
                found[key] = min(found.get(key, value), value)
        self.of_course[course, terms] = found
        return found

    def plans(self) -> dict[Taken, tuple[int, int, date]]:
        """Join the options of all courses under every set of terms."""
        case, found = self.case, dict[Taken, tuple[int, int, date]]()
        passes = [{item.id} for item in case.passes]
        for sets in product(*(self.terms_of(number) for number in range(len(case.passes)))):
            bought = tuple(term for terms in sets for term in terms)
            if not self.allowed(bought) or (
                case.max_purchases is not None and len(bought) > case.max_purchases
            ):
                continue
            spent = sum(case.passes[term.number].price or 0 for term in bought)
            states: dict[tuple[Taken, Use, int], tuple[int, int, date]]
            states = {((), (), 0): (spent, len(bought), date.min)}
            for course, offers in self.courses.items():
                serving = tuple(
                    term
                    for term in (*bought, *self.held)
                    if any(passes[term.number] & set(offer.passes) for offer in offers)
                )
                states = self.joined(states, self.course_options(course, serving))
            for (taken, _, _), value in states.items():
                fits = case.max_purchases is None or value[1] <= case.max_purchases
                if fits and set(case.require) <= {key for key, _ in taken}:
                    found[taken] = min(found.get(taken, value), value)
        return found

    def joined(self, states: dict, options: dict) -> dict:  # type: ignore[type-arg]
        """Add one course's options to what was chosen so far, within the terms' credit limits [13]."""
        found: dict[object, tuple[int, int, date]] = {}
        for (taken, use, purchases), (cost, bought, last) in states.items():
            for (more, more_use, more_purchases), (price, count, finish) in options.items():
                total = self.together(use, more_use) if more_use else use
                if total is None:
                    continue
                key = taken + more, total, purchases + more_purchases
                value = cost + price, bought + count, max(last, finish)
                found[key] = min(found.get(key, value), value)
        return found

    def together(self, use: Use, more: Use) -> Use | None:
        """Add up what limited terms serve, or give None where that is over a limit."""
        total = dict(use)
        for term, amount in more:
            total[term] = total.get(term, Fraction(0)) + amount
        if any(amount > (self.case.passes[term.number].credit_limit or 0) for term, amount in total.items()):
            return None
        return tuple(sorted(total.items(), key=lambda pair: (pair[0].number, pair[0].first)))
