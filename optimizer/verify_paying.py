"""Prove that every enrollment of a plan is paid for once, by something that pays for it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise, permutations

from catalogs.records import Offering
from optimizer.verify_claims import (
    EnrollmentClaim,
    PlanClaims,
    PurchaseClaim,
    decimal_text,
    money_text,
    shown,
)
from optimizer.verify_governed import Say
from optimizer.verify_routes import Routes
from optimizer.verify_setting import Setting
from optimizer.verify_terms import Term, later, span, term_end, until

_MOST_PERMUTED = 7


@dataclass(frozen=True, slots=True)
class Seat:
    """Hold one enrollment with what pays for it."""

    place: int
    claim: EnrollmentClaim
    offering: Offering
    bought: date | None
    """The day its purchase is made; None where nothing is bought."""

    @property
    def event(self) -> tuple[date, date] | None:
        """Return the days of a live event."""
        first, last = self.offering.starts, self.offering.ends
        return (
            None if first is None and last is None else (first or last or date.max, last or first or date.max)
        )


class Paying:
    """Prove purchases, terms and payments, and know what pays for each seat."""

    def __init__(self, claims: PlanClaims, setting: Setting, say: Say) -> None:
        self.claims, self.setting, self.say = claims, setting, say
        passes = setting.passes
        self.terms = [Term(passes[held], date.min, last, bought=False) for held, last in setting.held.items()]
        self.terms += [
            Term(passes[line.id], line.on, term_end(passes[line.id], line.on), bought=True)
            for line in claims.purchases
            if line.kind == "pass"
        ]
        self.routes = Routes(claims, setting, self.terms, say)
        bought = self._paired()
        self.seats = [
            Seat(place, claim, setting.offerings[claim.offering_id], bought.get(place))
            for place, claim in enumerate(claims.enrollments)
        ]

    def prove(self) -> None:
        """Say every rule of paying that the plan breaks."""
        for line in self.claims.purchases:
            if line.kind == "pass":
                self._prove_pass(line)
            elif line.kind == "offering":
                self._prove_single(line)
        self.routes.prove()
        self._prove_terms()
        for seat in self.seats:
            self._prove_price(seat)
        for term in self.terms:
            self._prove_credit_limit(term)
        if self.claims.status == "optimal":
            self._prove_useful()

    # Purchases

    def _prove_pass(self, line: PurchaseClaim) -> None:
        one = self.setting.passes[line.id]
        if line.title != one.title:
            self.say(
                "title", f"{line.where} is titled {shown(line.title)}; the catalog says {shown(one.title)}."
            )
        if one.price is None:
            self.say("price", f"{line.where} has no price, so it cannot be bought.")
        elif line.price != one.price:
            self.say(
                "price", f"{line.where} costs {money_text(line.price)}; its price is {money_text(one.price)}."
            )
        if line.on < self.setting.as_of:
            self.say("purchase_day", f"{line.where} is bought on {line.on}, before {self.setting.as_of}.")
        last = term_end(one, line.on)
        if line.until != (None if last == date.max else last):
            ends = "never ends" if last == date.max else f"runs until {last}"
            self.say(
                "term", f"{line.where} is said to run until {line.until}; bought on {line.on} it {ends}."
            )
        if one.requires and not any(
            term.one.pass_id == one.requires and term.covers(line.on, line.on) for term in self.terms
        ):
            self.say(
                "requires", f"{line.where} needs {shown(one.requires)} on {line.on}, which is not held then."
            )

    def _prove_single(self, line: PurchaseClaim) -> None:
        offering = self.setting.offerings[line.id]
        if line.title != offering.title:
            said, right = shown(line.title), shown(offering.title)
            self.say("title", f"{line.where} is titled {said}; the catalog says {right}.")
        if line.until is not None:
            self.say("term", f"{line.where} is a course, which has no term; it says until {line.until}.")

    def _prove_terms(self) -> None:
        for pass_id in sorted({term.one.pass_id for term in self.terms}):
            terms = sorted(
                (term for term in self.terms if term.one.pass_id == pass_id), key=lambda term: term.first
            )
            for one, two in pairwise(terms):
                if two.first <= one.last:
                    self.say(
                        "overlap",
                        f"Two terms of {shown(pass_id)} overlap: one runs until {until(one.last)}, "
                        f"the next starts on {two.first}.",
                    )
            if not terms[0].one.renewable and len(terms) > 1:
                self.say("not_renewable", f"{shown(pass_id)} cannot be renewed, but has {len(terms)} terms.")

    def _paired(self) -> dict[int, date]:
        """Match each paid enrollment with a purchase of its offering and price; return the days by place."""
        bought: dict[int, date] = {}
        purchases = [line for line in self.claims.purchases if line.kind == "offering"]
        paid = [(place, claim) for place, claim in enumerate(self.claims.enrollments) if claim.price > 0]
        money = Counter((claim.offering_id, int(claim.price)) for _, claim in paid)
        money.subtract((line.id, int(line.price)) for line in purchases)
        for (offering_id, price), missing in money.items():
            if missing > 0:
                self.say(
                    "purchase_missing",
                    f"{shown(offering_id)} at {money_text(price)} lacks {missing} purchase(s).",
                )
            if missing < 0:
                self.say(
                    "purchase_extra",
                    f"{shown(offering_id)} at {money_text(price)} is bought {-missing} time(s) too often.",
                )
        for offering_id, price in money:
            days = sorted(line.on for line in purchases if (line.id, line.price) == (offering_id, price))
            places = [
                place for place, claim in paid if (claim.offering_id, claim.price) == (offering_id, price)
            ]
            orders = permutations(days) if len(days) <= _MOST_PERMUTED else iter([tuple(days)])
            fitting = (order for order in orders if self._fits(places, order))
            bought |= dict(zip(places, next(fitting, days), strict=False))
        return bought

    def _fits(self, places: Sequence[int], days: Sequence[date]) -> bool:
        for place, day in zip(places, days, strict=False):
            claim = self.claims.enrollments[place]
            seat = Seat(place, claim, self.setting.offerings[claim.offering_id], day)
            if next(self.buying_faults(seat, claim.start, claim.finish), None):
                return False
        return True

    # Payments

    def _prove_price(self, seat: Seat) -> None:
        claim, price = seat.claim, self._price(seat)
        if price is None:
            self.say("payment", f"{claim.where} cannot be paid by {shown(claim.paid_by)}.")
        elif claim.price != price:
            said, right = money_text(claim.price), money_text(price)
            self.say(
                "price", f"{claim.where}, paid by {shown(claim.paid_by)}, says {said}; its price is {right}."
            )

    def _price(self, seat: Seat) -> int | None:
        """Return what the offering costs paid so, or None if it cannot be."""
        offering, paid_by = seat.offering, seat.claim.paid_by
        if paid_by == "single":
            return offering.price or None
        if paid_by == "free":
            return 0 if offering.price == 0 or offering.offering_id in self.setting.seats else None
        if paid_by not in offering.passes or paid_by not in self.setting.passes:
            return None
        one = self.setting.passes[paid_by]
        if one.benefit == "included":
            return 0
        if one.benefit == "member_price":
            return offering.member_price
        if offering.price is None:
            return None
        return (offering.price * (10_000 - one.percent_off) * 2 + 10_000) // 20_000

    def term(self, seat: Seat, start: date, finish: date) -> Term | None:
        """Return the term of the pass that pays for a seat taken on these days."""
        one = self.setting.passes.get(seat.claim.paid_by)
        if one is None:
            return None
        day = seat.bought or start
        first, last = (start, finish) if one.benefit == "included" else (day, day)
        return next((term for term in self.terms if term.one == one and term.covers(first, last)), None)

    def _prove_credit_limit(self, term: Term) -> None:
        stated, limit = self.stated(term), term.one.credit_limit
        if limit is not None and stated > limit:
            used, most = (decimal_text(Fraction(hundredths, 100)) for hundredths in (stated, limit))
            name = f"The term of {shown(term.one.pass_id)} until {until(term.last)}"
            self.say("credit_limit", f"{name} is used for {used} credits; its limit is {most}.")

    def included(self, seat: Seat) -> bool:
        """Say whether a pass pays for a seat in full."""
        one = self.setting.passes.get(seat.claim.paid_by)
        return one is not None and one.benefit == "included"

    def buying_faults(self, seat: Seat, start: date, finish: date) -> Iterator[tuple[str, str]]:
        """Yield what forbids the payment of a seat taken on these days."""
        offering, setting = seat.offering, self.setting
        opens, closes = offering.available_from or date.min, offering.available_until or date.max
        bought = seat.claim.paid_by != "free" and not self.included(seat)
        day = start if seat.bought is None else seat.bought
        if bought and not setting.as_of <= day <= start:
            yield "purchase_day", f"is bought on {day}; that must lie from {setting.as_of} to {start}"
        if bought and not opens <= day <= closes:
            yield "purchase_day", f"is bought on {day}; it is sold {span(opens, closes)}"
        if offering.access_days is not None and finish > (last := later(day, offering.access_days)):
            yield "access_days", f"finishes on {finish}; access from {day} ends on {last}"
        if seat.claim.paid_by in setting.passes and self.term(seat, start, finish) is None:
            days = f"{day}" if bought else f"{start} to {finish}"
            yield "term", f"is paid by {shown(seat.claim.paid_by)}, no term of which covers {days}"

    def stated(self, term: Term, without: Seat | None = None) -> int:
        """Return the credit, in hundredths as stated, of all seats that use a term."""
        return sum(
            part.hundredths
            for seat in self.seats
            if seat is not without and self.term(seat, seat.claim.start, seat.claim.finish) == term
            for part in seat.offering.credits
        )

    def _prove_useful(self) -> None:
        """Say what an optimal plan would leave out."""
        used = [self.term(seat, seat.claim.start, seat.claim.finish) for seat in self.seats]
        used += self.routes.terms_used()
        for term in self.terms:
            needed = any(
                other.bought
                and other.one.requires == term.one.pass_id
                and term.covers(other.first, other.first)
                for other in self.terms
            )
            if term.bought and term not in used and not needed:
                self.say("useless", f"{shown(term.one.pass_id)}, bought on {term.first}, pays for nothing.")
        for seat in self.seats:
            counted = any(count.counted for count in seat.claim.counts)
            if not counted and seat.claim.offering_id not in self.setting.learner.preferences.require:
                self.say(
                    "useless", f"{seat.claim.where} counts nothing, so an optimal plan would leave it out."
                )
