"""What each credential sees of an item, and how much of all requirements a set of items leaves open.

Written from docs/meaning.md (numbers in brackets).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from math import ceil, floor

from tests.oracle.exact import Approvers, Counter, Piece, holding_on, matches
from tests.oracle.reading import Item, Rule
from tests.oracle.timed_reading import Limit, Need, Target, TimedCase

SCALE = 240
"""Bounds are counted in such parts of a credit, rounded to the safe side."""

Parts = tuple[tuple[Fraction, frozenset[Piece]], ...]
"""Each part's credit, and the ways of counting it."""
Sheet = tuple[int | None, ...]
"""For each credential the number of what it sees of an enrollment; None where that is not in the credential's days."""
Taken = tuple[tuple[str, Sheet], ...]
"""What counting sees of a plan: each enrollment's course and sheet."""


class TargetCounting:
    """One credential: what it sees of an item, and what a set of items leaves open."""

    def __init__(self, case: TimedCase, target: Target) -> None:
        self.case, self.target = case, target
        caps = [Rule(limit.where, None, limit.at_most, limit.items_at_most) for limit in target.limits]
        self.carrying = len(caps)  # the cap on what is carried over stands after those of the rules
        if target.carried_at_most is not None:
            caps.append(Rule({}, None, target.carried_at_most, None))
        needs = [Rule(need.where, need.at_least, None, None) for need in target.needs]
        self.counter = Counter(
            replace(target.case, requirements=tuple(needs), caps=tuple(caps), earned=(), offers=())
        )
        self.times = {offer.item.course: offer.times for offer in case.case.offers}
        """How many earned lines of a course may count; 1 of a course that nobody offers."""
        self.seen_parts: list[Parts] = []
        self.numbers: dict[Parts, int] = {}
        self.asked = [floor(need.at_least * SCALE) for need in target.needs]
        self.helping: list[list[int]] = []
        """How much of each number's item each requirement can see at most, in parts of a credit, rounded up."""
        self.least: dict[tuple[int, ...], Fraction] = {}
        self.mosts: dict[tuple[int, ...], Fraction] = {}
        self.number(())
        self.lines: list[int] = []
        self.line_courses: list[str | None] = []
        """The course of a line that competes for its `times`; None for all others."""
        self.left = dict(self.times)
        self.known: dict[object, Fraction] = {}
        self._read_lines()

    def credit(self, item: Item) -> list[tuple[tuple[str, ...], Fraction]]:
        """Give each part's credit in the credential's unit, as far as it counts [16, 42]."""
        target = self.target
        rate = target.case.conversions.get(item.unit, Fraction(item.unit == target.case.unit))
        parts = [(categories, amount * rate) for categories, amount in item.parts]
        if sum(amount for _, amount in parts) < target.smallest_item:
            return []
        if step := target.round_down_to:
            parts = [(categories, amount // step * step) for categories, amount in parts]
        return [(categories, amount) for categories, amount in parts if amount]

    def seen(self, item: Item, approvers: Approvers, first: int, last: int) -> Parts:
        """Give what is seen of an item from its first to its last day, each rule's window by itself [38, 39].

        In the cycle every rule sees it whose days hold all of it. Before the cycle only requirements that reach there
        see it, and no cap; what is carried over counts as if in the cycle, for these too [40].
        """
        target, found = self.target, []
        carried_over = target.carried_from <= first < target.first
        ways = [(carried_over or first >= target.first, carried_over)]

        def sees(rule: Need | Limit, carried: bool) -> bool:
            since = last if isinstance(rule, Limit) else first  # a cap looks at the finish alone
            return (rule.first <= since and last <= rule.last) or (carried and rule.cycle)

        for categories, amount in self.credit(item):
            pieces = set()
            for (inside, carried), category in product(ways, categories):
                needs = {
                    number
                    for number, need in enumerate(target.needs)
                    if (inside or need.before)
                    and sees(need, carried)
                    and matches(need.where, item, approvers, category)
                }
                caps = {
                    number
                    for number, limit in enumerate(target.limits)
                    if inside and sees(limit, carried) and matches(limit.where, item, approvers, category)
                }
                if carried:
                    caps.add(self.carrying)
                if needs:
                    pieces.add(Piece(frozenset(needs), frozenset(caps)))
            if pieces:
                found.append((amount, frozenset(pieces)))
        return tuple(found)

    def _read_lines(self) -> None:
        """Look at the transcript: what counts, and what uses up `times`, first what does not count [19, 20, 40, 41]."""
        target = self.target
        for day, item in self.case.case.earned:
            offset = (day - self.case.case.as_of).days
            in_cycle = target.carried_from <= offset <= target.deadline  # carried over is as if in the cycle
            if item.course and (in_cycle or target.repeat_from <= offset):
                self.left[item.course] = max(0, self.left.get(item.course, 1) - 1)
                if not in_cycle:
                    self.times[item.course] = max(0, self.times.get(item.course, 1) - 1)
            self.lines.append(self.number(self.seen(item, holding_on(item, day), offset, offset)))
            self.line_courses.append(item.course if in_cycle and item.course else None)

    def number(self, parts: Parts) -> int:
        """Number what is seen of an item, so that it is quick to look up; 0 is nothing."""
        if parts not in self.numbers:
            self.numbers[parts] = len(self.seen_parts)
            self.seen_parts.append(parts)
            amounts = [
                sum(amount for amount, pieces in parts if any(n in piece.requirements for piece in pieces))
                for n in range(len(self.target.needs))
            ]
            self.helping.append([ceil(amount * SCALE) for amount in amounts])
        return self.numbers[parts]

    def least_short(self, planned: Iterable[int]) -> Fraction:
        """Give what is short at least: everything counts in full, and no cap holds."""
        key = tuple(sorted(planned))
        if key not in self.least:
            totals = [
                sum(column) for column in zip(*(self.helping[n] for n in (*self.lines, *key)), strict=True)
            ]
            totals = totals or [0] * len(self.asked)
            open_ = sum(max(0, asked - total) for asked, total in zip(self.asked, totals, strict=True))
            self.least[key] = Fraction(open_, SCALE)
        return self.least[key]

    def short(self, lines: tuple[int, ...], planned: tuple[tuple[str, int], ...]) -> Fraction:
        """Give the least shortfall where these lines and enrollments may count, at most `times` of a course [35]."""
        key = lines, planned
        if key not in self.known:
            self.known[key] = self._short(lines, planned)
        return self.known[key]

    def _short(self, lines: tuple[int, ...], planned: tuple[tuple[str, int], ...]) -> Fraction:
        groups: dict[tuple[str, bool], list[int]] = {}
        free: list[int] = []
        for line in lines:
            course = self.line_courses[line]
            if course is None:
                free.append(self.lines[line])
            else:
                groups.setdefault((course, True), []).append(self.lines[line])
        for course, number in planned:
            groups.setdefault((course, False), []).append(number)
        choices = []
        for (course, earned), items in groups.items():
            most = self.times.get(course, 1) if earned else self.left[course]
            choices.append(list(combinations(items, min(most, len(items)))))
        return self.counter.needed - max(
            self._most(tuple(sorted([*free, *(one for group in choice for one in group)])))
            for choice in product(*choices)
        )

    def _most(self, numbers: tuple[int, ...]) -> Fraction:
        """Give the most that these items can count."""
        if numbers not in self.mosts:
            self.mosts[numbers] = self.counter.most([list(self.seen_parts[n]) for n in numbers if n])
        return self.mosts[numbers]


class Counting:
    """All credentials together."""

    def __init__(self, case: TimedCase) -> None:
        self.case = case
        self.targets = [TargetCounting(case, target) for target in case.targets]
        self.exclusive = len(case.targets) > 1 and not all(target.shares for target in case.targets)
        self.known: dict[object, Fraction] = {}

    def seats(self, course: str) -> int:
        """Give how many enrollments of a course could count at all."""
        return sum(target.left[course] for target in self.targets)

    def sheet(self, item: Item, approvers: Approvers, start: int, finish: int) -> Sheet | None:
        """Give what all credentials see of an enrollment, or None where it lies in the days of none [33]."""
        numbers = [
            counting.number(counting.seen(item, approvers, start, finish))
            if counting.target.first <= start and finish <= counting.target.last_day
            else None
            for counting in self.targets
        ]
        return None if all(number is None for number in numbers) else tuple(numbers)

    def seated(self, taken: Taken) -> bool:
        """Check that each enrollment finds one credential for which it is among the `times` of its course [19, 35]."""
        for course in {course for course, _ in taken}:
            sheets = [sheet for key, sheet in taken if key == course]
            places = [[n for n, parts in enumerate(sheet) if parts is not None] for sheet in sheets]
            if not any(
                all(choice.count(n) <= target.left[course] for n, target in enumerate(self.targets))
                for choice in product(*places)
            ):
                return False
        return True

    def short(self, taken: Taken) -> Fraction:
        """Give the least sum of shortfalls over all credentials [36]."""
        if taken not in self.known:
            self.known[taken] = min(self._shorts(taken))
        return self.known[taken]

    def least_short(self, taken: Taken) -> Fraction:
        """Give what is short at least: every item counts everywhere in full, and no cap holds."""
        return sum(
            (
                target.least_short(sheet[n] or 0 for _, sheet in taken)
                for n, target in enumerate(self.targets)
            ),
            Fraction(0),
        )

    def _shorts(self, taken: Taken) -> Iterable[Fraction]:
        """Every way of giving items to credentials: to all, or where one does not share to one only [34]."""
        count, everyone = len(self.targets[0].lines), range(len(self.targets))
        items = [tuple(target.lines[n] for target in self.targets) for n in range(count)]
        items += [sheet for _, sheet in taken]
        choices: list[list[Sequence[int]]] = [[everyone]] * len(items)
        if self.exclusive:
            # Whom an item gives nothing need not have it; an item that helps nobody goes anywhere.
            helped = [[n for n in everyone if item[n]] for item in items]
            choices = [[(n,) for n in some or [0]] for some in helped]
        for choice in product(*choices):
            total = Fraction(0)
            for number, target in enumerate(self.targets):
                lines = tuple(n for n in range(count) if number in choice[n])
                planned = tuple(
                    (course, seen)
                    for (course, sheet), owners in zip(taken, choice[count:], strict=True)
                    if number in owners and (seen := sheet[number]) is not None
                )
                total += target.short(lines, planned)
            yield total
