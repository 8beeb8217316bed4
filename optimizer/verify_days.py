"""Prove that every enrollment of a plan lies in its days, and how late it may finish."""

from collections.abc import Iterator
from datetime import date

from catalogs.records import Offering
from optimizer.verify_claims import PlanClaims, shown
from optimizer.verify_credit import Counting, holding_on
from optimizer.verify_paying import Paying, Seat
from optimizer.verify_setting import Say, Setting
from optimizer.verify_terms import Term, later, span, until


class Days:
    """Prove the days of the enrollments, saying each rule that is broken."""

    def __init__(
        self, claims: PlanClaims, setting: Setting, counting: Counting, paying: Paying, say: Say
    ) -> None:
        self.claims, self.setting, self.counting, self.paying, self.say = (
            claims,
            setting,
            counting,
            paying,
            say,
        )
        self.apart: dict[str, int] = {}
        for offering in setting.offerings.values():
            least = self.apart.get(offering.course_id, 0)
            self.apart[offering.course_id] = max(least, offering.repeat_days)

    def prove(self) -> None:
        """Say every rule about days that the plan breaks."""
        for seat in self.paying.seats:
            claim = seat.claim
            for what, clause in self._faults(seat, claim.start, claim.finish):
                self.say(what, f"{claim.where} {clause}.")
            if near := self._too_near(seat, claim.finish):
                self.say("repeat_days", f"{claim.where} finishes on {claim.finish}, too near to {near}.")
            self._prove_by(seat)
        free = {seat.claim.offering_id for seat in self.paying.seats if seat.claim.paid_by == "free"}
        for offering_id in sorted(free):
            if not self._seats_suffice(offering_id):
                ends = ", ".join(until(last) for last in self.setting.seats.get(offering_id, ())) or "none"
                name = shown(offering_id)
                self.say("seat", f"{name} is taken free more often than it is free or held (until: {ends}).")

    def _faults(self, seat: Seat, start: date, finish: date) -> Iterator[tuple[str, str]]:
        """Yield what forbids taking a seat on these days, held seats and other enrollments aside."""
        offering, setting = seat.offering, self.setting
        first = max(setting.as_of, setting.cycle_start)
        if start < first:
            yield "window", f"starts on {start}; the first day is {first}"
        if finish > setting.last_day:
            yield "window", f"finishes on {finish}; the last day to finish is {setting.last_day}"
        if seat.event is not None and seat.event != (start, finish):
            yield "event", f"runs {start} to {finish}; the event is {seat.event[0]} to {seat.event[1]}"
        if seat.event is None and start != finish:
            yield "window", f"starts on {start} and ends on {finish}; without weekly hours that is one day"
        opens, closes = offering.available_from or date.min, offering.available_until or date.max
        if seat.event is None and not opens <= start <= finish <= closes:
            yield "availability", f"lies on {start} to {finish}; it is available {span(opens, closes)}"
        if self.paying.included(seat) and not self._obtainable(seat):
            yield "availability", f"has no seat left to obtain; it was to be had {span(opens, closes)}"
        yield from self.paying.buying_faults(seat, start, finish)

    def _obtainable(self, seat: Seat) -> bool:
        """Say whether a seat that nothing is bought for can still be had."""
        if seat.event is None:
            return True
        opens = max(self.setting.as_of, seat.offering.available_from or date.min)
        return opens <= min(seat.offering.available_until or date.max, seat.event[0])

    def _seats_suffice(self, offering_id: str, moved: Seat | None = None, finish: date | None = None) -> bool:
        """Say whether the held seats of an offering are enough, one seat perhaps finishing on another day."""
        needing = [
            finish if finish is not None and seat is moved else seat.claim.finish
            for seat in self.paying.seats
            if (seat.claim.offering_id, seat.claim.paid_by) == (offering_id, "free")
            and (seat.offering.price != 0 or not self._obtainable(seat))
        ]
        seats = self.setting.seats.get(offering_id, ())
        ends = zip(sorted(needing, reverse=True), seats, strict=False)
        return len(needing) <= len(seats) and all(day <= last for day, last in ends)

    def _finishes(self, offering: Offering, without: Seat) -> list[tuple[str, date]]:
        """Return the other finishes of an offering's course, planned and earned."""
        course = offering.course_id
        planned = [seat for seat in self.paying.seats if seat is not without]
        found = [
            (str(seat.claim.where), seat.claim.finish)
            for seat in planned
            if seat.offering.course_id == course
        ]
        for line, item in zip(self.setting.learner.earned, self.counting.earned, strict=True):
            if line.course_id == course and line.date is not None:
                found.append((item.name, line.date))
        return found

    def _too_near(self, seat: Seat, finish: date) -> str:
        """Return the finish of the same course that is too near to a finish, or nothing."""
        least = self.apart[seat.offering.course_id]
        for name, day in self._finishes(seat.offering, seat) if least else ():
            if abs((finish - day).days) < least:
                return f"{name} on {day}; {least} days must lie between"
        return ""

    def _prove_by(self, seat: Seat) -> None:
        claim = seat.claim
        if claim.by < claim.finish:
            self.say(
                "by", f"{claim.where} may finish by {claim.by}, before its own finish on {claim.finish}."
            )
        elif claim.by > claim.finish and (clause := self._forbids(seat, claim.by)):
            self.say("by", f"{claim.where} may not finish as late as {claim.by}: {clause}.")
        elif day := next(
            (day for day in self._turns(seat) if day > claim.by and self._alike(seat, day)), None
        ):
            self.say("by", f"{claim.where} may finish by {claim.by}; it could finish as late as {day}.")

    def _term(self, seat: Seat, finish: date) -> Term | None:
        return self.paying.term(seat, seat.claim.start if seat.event else finish, finish)

    def _forbids(self, seat: Seat, day: date) -> str:
        """Return what forbids a finish on another day, all else as it is, or nothing."""
        for _, clause in self._faults(seat, seat.claim.start if seat.event else day, day):
            return f"it {clause}"
        if near := self._too_near(seat, day):
            return f"that is too near to {near}"
        if seat.claim.paid_by == "free" and not self._seats_suffice(seat.claim.offering_id, seat, day):
            return "no held seat lasts so long"
        term = self._term(seat, day)
        if term is not None and term.one.credit_limit is not None:
            own = sum(part.hundredths for part in seat.offering.credits)
            if self.paying.stated(term, without=seat) + own > term.one.credit_limit:
                return f"the credit limit of {shown(term.one.pass_id)} is used up in that term"
        item = self.counting.planned[seat.place]
        approvers = holding_on(seat.offering.approvals, day)
        for category in item.counts:
            met, capped = self.counting.matched(item, category, item.approvers)
            met_then, capped_then = self.counting.matched(item, category, approvers)
            if not met <= met_then or not capped_then <= capped:
                return "the approvals it counts by do not hold then"
        return ""

    def _alike(self, seat: Seat, day: date) -> bool:
        """Say whether a later finish changes nothing at all: same term, same held seat, same approvers."""
        finish, approvals = seat.claim.finish, seat.offering.approvals
        same = holding_on(approvals, day) == holding_on(approvals, finish)
        if seat.claim.paid_by == "free":
            # The plan does not say which held seat it takes, so any that lasts until the finish may be meant.
            seats = self.setting.seats.get(seat.claim.offering_id, ())
            same &= all(day <= last for last in seats if last >= finish)
        return same and self._term(seat, day) == self._term(seat, finish) and not self._forbids(seat, day)

    def _turns(self, seat: Seat) -> list[date]:
        """Return the days, latest first, after which a finish that was possible may no longer be."""
        setting, offering = self.setting, seat.offering
        term = self._term(seat, seat.claim.finish)
        turns = {setting.last_day, *setting.seats.get(offering.offering_id, ())}
        turns |= {offering.available_until or date.max, term.last if term else date.max}
        if offering.access_days is not None and seat.bought is not None:
            turns.add(later(seat.bought, offering.access_days))
        for approval in offering.approvals:
            turns |= {later(approval.first, -1) if approval.first else date.max, approval.last or date.max}
        least = self.apart[offering.course_id]
        turns |= {later(day, -least) for _, day in self._finishes(offering, seat)}
        return sorted((day for day in turns if day <= setting.last_day), reverse=True)
