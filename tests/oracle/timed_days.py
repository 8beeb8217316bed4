"""The days of a plan: every start of every term, every window of every enrollment, the work done day by day.

Written from docs/meaning.md (numbers in brackets). Days are counted from as_of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from tests.oracle.timed_reading import TimedCase
from tests.oracle.timed_ways import Payer, Term, Ways, Window
from tests.oracle.timed_work import last_day_worked

Option = tuple[Window, int]
"""A window, and the place of its term among those of its pass where that term's credit is limited, else −1."""


@dataclass(frozen=True)
class Enrolled:
    """An enrollment: the offering's place, what is seen of it, what pays for it."""

    offer: int
    sheet: int
    payer: Payer


@dataclass(frozen=True)
class TermSet:
    """Terms of one pass, bought and held, and the options they give each enrollment they pay for."""

    terms: tuple[Term, ...]
    options: tuple[tuple[Option, ...], ...]


class Days:
    """Decide whether a plan can be done, and by which day."""

    def __init__(self, case: TimedCase, ways: Ways) -> None:
        self.case, self.ways = case, ways
        self.of_pass: dict[object, list[TermSet]] = {}
        self.hulls: dict[tuple[int, int], tuple[int, int]] = {}
        passes = case.case.passes
        self.tied = [bool(item.requires) or any(o.requires == item.id for o in passes) for item in passes]

    # What can be said without terms

    def sheets_with(self, number: int, payer: Payer) -> list[int]:
        """Give every sheet an offering can have with a payment, whatever the terms."""
        found = set()
        for windows in self._whenever(number, payer):
            for sheet, some in windows.items():
                found.add(sheet)
                start, finish = self.hulls.get((number, sheet), (10**6, -1))
                hull = min(start, *(s for s, _, _ in some)), max(finish, *(h for _, _, h in some))
                self.hulls[number, sheet] = hull
        return sorted(found)

    def _whenever(self, number: int, payer: Payer) -> Iterable[dict[int, tuple[Window, ...]]]:
        if payer.kind != "pass":
            return [self.ways.windows(number, payer)]
        item = self.case.case.passes[payer.number]
        held = [(term,) for term in self.ways.held_terms[payer.number]]
        bought = self.ways.terms(payer.number, 1) if item.price is not None else ()
        return [self.ways.windows(number, payer, term) for (term,) in (*held, *bought)]

    def perhaps(self, seen: tuple[tuple[int, int], ...]) -> bool:
        """Check the work if each enrollment had all days from its first start to its last finish under any payment.

        No plan gives an enrollment more days, and with fewer the same work is no easier.
        """
        if self.case.gives is None:
            return True
        jobs = [(*self.hulls[one], self.ways.work[one[0]]) for one in seen]
        return last_day_worked(jobs, self.case.gives) is not None

    # Terms

    def least_last(self, enrolled: tuple[Enrolled, ...], bought: tuple[int, ...]) -> int | None:
        """Give the least last finish over all days of all terms and enrollments (−1 for no enrollment), or None."""
        users: list[list[Enrolled]] = [[] for _ in bought]
        single: list[Enrolled] = []
        for one in enrolled:
            (users[one.payer.number] if one.payer.kind == "pass" else single).append(one)
        plain = [
            tuple((window, -1) for window in self.ways.windows(one.offer, one.payer)[one.sheet])
            for one in single
        ]
        order = [*single, *(one for some in users for one in some)]
        sets = [self._term_sets(place, count, tuple(users[place])) for place, count in enumerate(bought)]
        best: int | None = None
        for chosen in product(*sets):
            if self._allowed(chosen):
                options = [*plain, *(some for one in chosen for some in one.options)]
                best = self._placed(order, options, best)
        return best

    def _term_sets(self, place: int, count: int, users: tuple[Enrolled, ...]) -> list[TermSet]:
        """Give the terms of one pass, less those that give every enrollment no option that others do not give."""
        key = place, count, users
        if key not in self.of_pass:
            limited = self.case.case.passes[place].credit_limit is not None
            found: list[TermSet] = []
            for terms in self.ways.terms(place, count):
                everything = (*self.ways.held_terms[place], *terms)
                options = tuple(
                    tuple(
                        (window, number if limited else -1)
                        for number, term in enumerate(everything)
                        for window in self.ways.windows(one.offer, one.payer, term).get(one.sheet, ())
                    )
                    for one in users
                )
                one = TermSet(everything, options)
                # Where another pass asks when a term begins, and where enrollments compete for a term, all are kept.
                free = not self.tied[place] and not limited
                if all(options) and not (free and any(_contains(other, one) for other in found)):
                    if free:
                        found = [other for other in found if not _contains(one, other)]
                    found.append(one)
            self.of_pass[key] = found
        return self.of_pass[key]

    def _allowed(self, chosen: Sequence[TermSet]) -> bool:
        """Check that what each pass requires is held on the day a term of it is bought [12]."""
        passes = self.case.case.passes
        ids = [item.id for item in passes]
        for place, item in enumerate(passes):
            if not item.requires:
                continue
            covering = chosen[ids.index(item.requires)].terms if item.requires in ids else ()
            for term in chosen[place].terms:
                if not term.held and not any(other.first <= term.first <= other.last for other in covering):
                    return False
        return True

    # Enrollments

    def _placed(
        self, enrolled: Sequence[Enrolled], options: Sequence[Sequence[Option]], best: int | None
    ) -> int | None:
        """Give the least last finish with these options if it is less than `best`, else `best`."""
        offers, gives = self.ways.offers, self.case.gives
        courses = [offers[one.offer].item.course for one in enrolled]
        apart = [self.ways.repeat_days[course] if courses.count(course) > 1 else 0 for course in courses]
        choices = []
        for some, one, days in zip(options, enrolled, apart, strict=True):
            useful: Iterable[Option] = some
            if days:  # finishes of one course must keep apart: each finish by itself
                useful = [((s, f, f), term) for (s, g, h), term in some for f in range(max(s, g), h + 1)]
            elif gives is None or not self.ways.work[one.offer]:
                # No work, no repeat: nothing but the term's credit is shared, so the earliest finish in each will do.
                earliest: dict[int, Option] = {}
                for option in sorted(some, key=_finish):
                    earliest.setdefault(option[1], option)
                useful = earliest.values()
            choices.append(sorted(useful, key=_finish))
        order = sorted(range(len(choices)), key=lambda n: len(choices[n]))
        limits = self._limits(enrolled)
        found = best

        def place(depth: int, jobs: list[tuple[int, int, int]], last: int, chosen: dict[int, Option]) -> None:
            nonlocal found
            if depth == len(order):
                found = last
                return
            number = order[depth]
            one = enrolled[number]
            for option in choices[number]:
                (start, _, due), term = option
                latest = max(last, _finish(option))
                if found is not None and latest >= found:
                    return  # options stand in the order of their earliest finish
                if apart[number] and any(
                    courses[other] == courses[number] and abs(due - window[2]) < apart[number]
                    for other, (window, _) in chosen.items()
                ):
                    continue
                if term >= 0 and not self._within(limits, enrolled, chosen, one, term):
                    continue
                work = self.ways.work[one.offer]
                more = jobs
                if gives is not None and work:
                    more = [*jobs, (start, due, work)]
                    worked = last_day_worked(more, gives)
                    if worked is None:
                        continue
                    latest = max(latest, worked)
                    if found is not None and latest >= found:
                        continue
                place(depth + 1, more, latest, {**chosen, number: option})

        place(0, [], -1, {})
        return found

    def _limits(self, enrolled: Sequence[Enrolled]) -> dict[int, Fraction]:
        limits = {one.payer.number for one in enrolled if one.payer.kind == "pass"}
        passes = self.case.case.passes
        return {n: limit for n in limits if (limit := passes[n].credit_limit) is not None}

    def _within(
        self,
        limits: dict[int, Fraction],
        enrolled: Sequence[Enrolled],
        chosen: dict[int, Option],
        one: Enrolled,
        term: int,
    ) -> bool:
        """Check the stated credit of all enrollments that use one term [13]."""
        using = [one] + [
            enrolled[other]
            for other, (_, used) in chosen.items()
            if used == term and enrolled[other].payer.number == one.payer.number
        ]  # only enrollments paid by a pass with a limit have a term here
        total = sum(
            (amount for user in using for _, amount in self.ways.offers[user.offer].item.parts), Fraction(0)
        )
        return total <= limits[one.payer.number]


def _finish(option: Option) -> int:
    """Give the earliest finish of an option."""
    (start, early, _), _ = option
    return max(start, early)


def _contains(one: TermSet, other: TermSet) -> bool:
    """Say whether for each enrollment every window of `other` lies in one of `one`."""
    return all(
        all(
            any(s <= a and max(s, g) <= max(a, b) and c <= h for (s, g, h), _ in mine)
            for (a, b, c), _ in others
        )
        for mine, others in zip(one.options, other.options, strict=True)
    )
