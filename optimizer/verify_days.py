"""Prove that every enrollment of a plan lies in its days, and how late it may finish."""

from collections.abc import Iterator, Sequence
from datetime import date

from catalogs.records import Offering
from optimizer.verify_claims import shown
from optimizer.verify_credit import Counting
from optimizer.verify_governed import Say
from optimizer.verify_hours import StudyDays, minutes_of, prove_hours
from optimizer.verify_matching import holding_on
from optimizer.verify_paying import Paying, Seat
from optimizer.verify_setting import Setting
from optimizer.verify_terms import Term, later, span, until


class Days:
    """Prove the days of the enrollments, saying each rule that is broken."""

    def __init__(self, setting: Setting, countings: Sequence[Counting], paying: Paying, say: Say) -> None:
        self.setting, self.countings, self.paying, self.say = setting, countings, paying, say
        self.study = StudyDays(setting.learner)

    def prove(self) -> None:
        """Say every rule about days that the plan breaks."""
        for seat in self.paying.seats:
            claim = seat.claim
            for what, clause in self._faults(seat, claim.start, claim.finish):
                self.say(what, f"{claim.where} {clause}.")
            if near := self._too_near(seat, claim.finish):
                self.say("repeat_days", f"{claim.where} finishes on {claim.finish}, too near to {near}.")
            self._prove_by(seat)
        studied = [
            (seat.claim.start, seat.claim.finish, minutes_of(seat.offering)[0])
            for seat in self.paying.seats
            if seat.event is None
        ]
        prove_hours(self.study, studied, self.say)
        free = {seat.claim.offering_id for seat in self.paying.seats if seat.claim.paid_by == "free"}
        for offering_id in sorted(free):
            if not self._seats_suffice(offering_id):
                ends = ", ".join(until(last) for last in self.setting.seats.get(offering_id, ())) or "none"
                name = shown(offering_id)
                self.say("seat", f"{name} is taken free more often than it is free or held (until: {ends}).")

    def _faults(self, seat: Seat, start: date, finish: date) -> Iterator[tuple[str, str]]:
        """Yield what forbids taking a seat on these days, held seats and other enrollments aside."""
        offering, setting = seat.offering, self.setting
        if start < setting.first_day:
            yield "window", f"starts on {start}; the first day is {setting.first_day}"
        elif finish > setting.last_day:
            yield "window", f"finishes on {finish}; the last day to finish is {setting.last_day}"
        elif not any(one.holds(start, finish) for one in setting.governed):
            days = " and ".join(f"{one.cycle_start} to {one.last_day}" for one in setting.governed)
            yield "window", f"lies on {start} to {finish}, in the days of no credential: {days}"
        if seat.event is not None and seat.event != (start, finish):
            yield "event", f"runs {start} to {finish}; the event is {seat.event[0]} to {seat.event[1]}"
        if seat.event is None:
            yield from self._study_faults(seat, start, finish)
        opens, closes = offering.available_from or date.min, offering.available_until or date.max
        if seat.event is None and not opens <= start <= finish <= closes:
            yield "availability", f"lies on {start} to {finish}; it is available {span(opens, closes)}"
        if self.paying.included(seat) and not self._obtainable(seat):
            yield "availability", f"has no seat left to obtain; it was to be had {span(opens, closes)}"
        yield from self.paying.buying_faults(seat, start, finish)

    def _study_faults(self, seat: Seat, start: date, finish: date) -> Iterator[tuple[str, str]]:
        """Yield what forbids studying from one day to another, the hours of other seats aside."""
        if self.study.weekly is not None:
            if start > finish:
                yield "window", f"starts on {start}, after it finishes, on {finish}"
            return
        if start != finish:
            yield "window", f"starts on {start} and ends on {finish}; without weekly hours that is one day"
        if minutes_of(seat.offering)[0] and (day := next(filter(self.study.away_on, (start, finish)), None)):
            yield "away", f"is studied on {day}, which is a day without study"

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
        for line, item in zip(self.setting.learner.earned, self.countings[0].earned, strict=True):
            if line.course_id == course and line.date is not None:
                found.append((item.name, line.date))
        return found

    def _too_near(self, seat: Seat, finish: date) -> str:
        """Return the finish of the same course that is too near to a finish, or nothing."""
        least = self.setting.repeat_days.get(seat.offering.course_id, 0)
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

    def _start(self, seat: Seat, finish: date) -> date:
        """Return the start that goes with another finish: the same, unless it all takes one day."""
        return finish if seat.event is None and self.study.weekly is None else seat.claim.start

    def _term(self, seat: Seat, finish: date) -> Term | None:
        return self.paying.term(seat, self._start(seat, finish), finish)

    def _forbids(self, seat: Seat, day: date) -> str:
        """Return what forbids a finish on another day, all else as it is, or nothing."""
        for _, clause in self._faults(seat, self._start(seat, day), day):
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
        for counting in self.countings:
            then = counting.moved(seat.place, self._start(seat, day), day)
            if clause := counting.why_not_moved(counting.planned[seat.place], then):
                return clause
        return ""

    def _alike(self, seat: Seat, day: date) -> bool:
        """Say whether a later finish changes nothing: same term, held seat, approvers, and rules that see it."""
        finish, approvals = seat.claim.finish, seat.offering.approvals
        same = holding_on(approvals, day) == holding_on(approvals, finish)
        if seat.claim.paid_by == "free":
            # The plan does not say which held seat it takes, so any that lasts until the finish may be meant.
            seats = self.setting.seats.get(seat.claim.offering_id, ())
            same &= all(day <= last for last in seats if last >= finish)
        for counting in self.countings:
            then = counting.moved(seat.place, self._start(seat, day), day)
            same &= counting.sight(then) == counting.sight(counting.planned[seat.place])
        return same and self._term(seat, day) == self._term(seat, finish) and not self._forbids(seat, day)

    def _turns(self, seat: Seat) -> list[date]:
        """Return the days, latest first, after which a finish that was possible may no longer be."""
        setting, offering = self.setting, seat.offering
        term = self._term(seat, seat.claim.finish)
        turns = {setting.last_day, *setting.seats.get(offering.offering_id, ())}
        turns |= {offering.available_until or date.max, term.last if term else date.max}
        if offering.access_days is not None:
            kept = seat.claim.start if self.study.weekly is not None else None
            if (day := seat.bought or kept) is not None:
                turns.add(later(day, offering.access_days))
        for approval in offering.approvals:
            turns |= {later(approval.first, -1) if approval.first else date.max, approval.last or date.max}
        least = self.setting.repeat_days.get(offering.course_id, 0)
        turns |= {later(day, -least) for _, day in self._finishes(offering, seat)}
        if self.study.weekly is None:
            turns |= {date.fromordinal(max(first - 1, 1)) for first, _ in self.study.spans}
        for one in setting.governed:
            turns |= {one.last_day, later(one.cycle_start, -1)}
            for rule in (*one.requirements, *one.caps):
                turns |= {rule.scope.last, later(rule.scope.first, -1)}
        return sorted((day for day in turns if day <= setting.last_day), reverse=True)
