"""The obvious search for timed instances: every plan in the order of the aims, until one has days on which it works.

Written from docs/meaning.md (numbers in brackets). What is taken, and what the credentials see of it, fixes what is
short; what pays for it, and how many terms of each pass are bought, fixes the aims; `Days` then tries all days.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import combinations_with_replacement, product

from tests.oracle.brute_force import Answer, Plan, minutes_of
from tests.oracle.timed_counting import Counting, Taken
from tests.oracle.timed_days import Days, Enrolled
from tests.oracle.timed_instance import Timed
from tests.oracle.timed_reading import read_timed
from tests.oracle.timed_ways import Payer, Ways

Aims = tuple[int, int, int, int, int]
"""Cost, minutes, purchases, enrollments, sum of ranks."""
Seen = tuple[int, int]
"""The place of an offering, and the number of what the credentials see of it."""
Candidate = tuple[Aims, tuple[Enrolled, ...], tuple[int, ...]]
"""A plan without days: its aims, its enrollments, how many terms of each pass."""


def best_timed(instance: Timed) -> Answer:
    """Search the whole instance."""
    return _Search(instance).answer()


class _Search:
    def __init__(self, instance: Timed) -> None:
        self.timed = read_timed(instance)
        self.case = self.timed.case
        self.counting = Counting(self.timed)
        self.ways = Ways(self.timed, self.counting)
        self.days = Days(self.timed, self.ways)
        self.minutes = [minutes_of(offer) for offer in self.ways.offers]
        self.payers: dict[Seen, list[Payer]] = {}
        self.counts: dict[tuple[int, ...], list[tuple[int, ...]]] = {}

    def answer(self) -> Answer:
        """Look at all that can be taken in the order of what it leaves open."""
        budget, full, partial = self.case.budget, None, None
        for short, sets in self._by_short():
            candidates = sorted(
                (candidate for taken in sets for candidate in self._candidates(taken)), key=lambda one: one[0]
            )
            if not short:
                full = self._first(short, candidates)
                if full and (budget is None or full.cost <= budget):
                    return Answer(full, True, None)
            affordable = [one for one in candidates if budget is None or one[0][0] <= budget]
            if partial := self._first(short, affordable):
                break
        return Answer(full, False, partial)

    def _first(self, short: Fraction, candidates: list[Candidate]) -> Plan | None:
        """Take the first value of the aims that has days, and of all that have it the sets and their last finish."""
        winner: Aims | None = None
        choices: dict[tuple[str, ...], int] = {}
        for aims, enrolled, bought in candidates:
            if winner and aims != winner:
                break
            last = self.days.least_last(enrolled, bought)
            if last is not None:
                winner = aims
                chosen = tuple(sorted(self.ways.offers[one.offer].id for one in enrolled))
                choices[chosen] = min(choices.get(chosen, last), last)
        if winner is None:
            return None
        last_days: list[tuple[tuple[str, ...], date | None]] = sorted(
            (chosen, self.case.as_of + timedelta(last) if chosen else None)
            for chosen, last in choices.items()
        )
        return Plan(short, *winner, tuple(last_days))

    # What is taken

    def _by_short(self) -> Iterator[tuple[Fraction, list[tuple[Seen, ...]]]]:
        """Give what can be taken in groups of the same shortfall, least first; it is counted when its bound is due.

        Of two sets in a group of which one is in the other only the smaller is given: leaving out the rest of a plan's
        enrollments keeps its days, costs no more and takes fewer. Taking more never leaves more open, so it is enough
        to look at what is left when one enrollment is left out.
        """
        queue = [
            (self.counting.least_short(self._taken(seen)), False, len(seen), seen) for seen in self._sets()
        ]
        heapify(queue)
        while queue:
            short, group = queue[0][0], set[tuple[Seen, ...]]()
            while queue and queue[0][0] == short:
                _, exact, size, seen = heappop(queue)
                # A set is no worse than what it contains, and no better than it is said to be at best.
                known = exact or any(less in group for less in _less(seen))
                right = short if known else self.counting.short(self._taken(seen))
                if right == short:
                    group.add(seen)
                else:
                    heappush(queue, (right, True, size, seen))
            yield short, [seen for seen in group if not any(less in group for less in _less(seen))]

    def _taken(self, seen: tuple[Seen, ...]) -> Taken:
        """Give what counting sees of enrollments; those that help nobody are left out."""
        found = [(self.ways.offers[offer].item.course, sheet) for offer, sheet in seen if self.helps[sheet]]
        return tuple((course, self.ways.sheets[sheet]) for course, sheet in sorted(found))

    @cached_property
    def helps(self) -> list[bool]:
        """Say of every sheet whether it gives any credential credit."""
        return [any(sheet) for sheet in self.ways.sheets]

    def _sets(self) -> list[tuple[Seen, ...]]:
        """Everything that can be taken, less what cannot be done in time even on the best days of each."""
        sets: list[tuple[Seen, ...]] = [()]
        for ways in self._courses():
            sets = [
                both
                for chosen in sets
                for more in ways
                if self.days.perhaps(both := (*chosen, *more)) or not more
            ]
        required = set(self.case.require)
        return [chosen for chosen in sets if required <= {self.ways.offers[offer].id for offer, _ in chosen}]

    def _courses(self) -> list[list[tuple[Seen, ...]]]:
        """Every way of taking each course, up to its times."""
        courses: dict[str, list[Seen]] = {}
        for number, offer in enumerate(self.ways.offers):
            courses.setdefault(offer.item.course, []).extend(self._seen(number))
        return [
            [
                multiset
                for count in range(self.counting.seats(course) + 1)
                for multiset in combinations_with_replacement(ways, count)
                if self._can_be(course, multiset)
            ]
            for course, ways in courses.items()
        ]

    def _seen(self, number: int) -> list[Seen]:
        """Every way to see an offering, if it is wanted at all; what pays for it so is kept in `payers`."""
        case, offer = self.case, self.ways.offers[number]
        unwanted = case.formats and offer.item.format not in case.formats
        if unwanted or offer.id in case.exclude or offer.item.provider in case.exclude_providers:
            return []
        found: dict[int, list[Payer]] = {}
        for payer in self.ways.payers(number):
            for sheet in self.days.sheets_with(number, payer):
                # What helps no requirement only costs: enrollments are an aim. But it may be required [27].
                if self.helps[sheet] or offer.id in case.require:
                    found.setdefault(sheet, []).append(payer)
        self.payers |= {(number, sheet): payers for sheet, payers in found.items()}
        return [(number, sheet) for sheet in found]

    def _can_be(self, course: str, multiset: tuple[Seen, ...]) -> bool:
        """Check that each enrollment is among the `times` of its course for some credential."""
        idle = [offer for offer, sheet in multiset if not self.helps[sheet]]
        once = len(set(idle)) == len(idle)  # once is enough for what is only required
        return once and self.counting.seated(
            tuple((course, self.ways.sheets[sheet]) for _, sheet in multiset)
        )

    # What pays for it

    def _candidates(self, seen: tuple[Seen, ...]) -> Iterator[Candidate]:
        """Every way of paying."""
        case = self.case
        minutes = sum(self.minutes[offer] for offer, _ in seen)
        ranks = sum(offer + 1 for offer, _ in seen)
        choices = [
            list(combinations_with_replacement(self.payers[one], seen.count(one)))
            for one in dict.fromkeys(seen)
        ]
        for choice in product(*choices):
            enrolled = tuple(
                Enrolled(*one, payer)
                for one, payers in zip(dict.fromkeys(seen), choice, strict=True)
                for payer in payers
            )
            seats = [one.payer.number for one in enrolled if one.payer.kind == "seat"]
            if len(set(seats)) < len(seats):
                continue
            prices = [one.payer.price for one in enrolled]
            users = tuple(
                sum(one.payer.kind == "pass" and one.payer.number == place for one in enrolled)
                for place in range(len(case.passes))
            )
            for bought in self._counts(users):
                purchases = sum(price > 0 for price in prices) + sum(bought)
                cost = sum(prices) + sum(
                    count * (item.price or 0) for count, item in zip(bought, case.passes, strict=True)
                )
                if case.max_purchases is None or purchases <= case.max_purchases:
                    yield (cost, minutes, purchases, len(enrolled), ranks), enrolled, bought

    def _counts(self, users: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Every number of terms of each pass; one that no enrollment and no other term needs is a purchase too many."""
        if users not in self.counts:
            held = [bool(terms) for terms in self.ways.held_terms]
            self.counts[users] = [
                counts
                for counts in product(*(range(self._most(place, users) + 1) for place in range(len(users))))
                if all(count or held[n] or not users[n] for n, count in enumerate(counts))
            ]
        return self.counts[users]

    def _most(self, place: int, users: tuple[int, ...]) -> int:
        """Give how many terms may be bought and be of use [11, 12, 15]."""
        passes = self.case.passes
        needing = sum(
            self._most(other, users) for other, item in enumerate(passes) if item.requires == passes[place].id
        )
        return min(users[place] + needing, self.ways.most_terms[place])


def _less(seen: tuple[Seen, ...]) -> Iterator[tuple[Seen, ...]]:
    """Leave out one enrollment."""
    return (seen[:n] + seen[n + 1 :] for n in range(len(seen)))
