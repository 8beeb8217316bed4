"""Counting in exact arithmetic: how much of the requirements a set of items leaves open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from math import lcm

from tests.oracle.reading import Case, Filter, Item

Approvers = frozenset[str]


@dataclass(frozen=True)
class Piece:
    """One category that one part of an item may be counted in, and the rules that see it there."""

    requirements: frozenset[int]
    caps: frozenset[int]


def holding_on(item: Item, day: date) -> Approvers:
    """Name the approvers whose approval holds on a day."""
    return frozenset(
        name
        for name, first, last in item.approvals
        if first is None or (last is not None and first <= day <= last)
    )


def matches(where: Filter, item: Item, approvers: Approvers, category: str) -> bool:
    """Say whether a filter matches the item's credit counted in a category (meaning 17)."""
    values = {
        "category": {category} - {"any"},
        "approver": set(approvers),
        "kind": {item.kind} - {""},
        "format": {item.format} - {""},
        "provider": {item.provider} - {""},
        "topic": set(item.topics),
    }
    for key, wanted in where.items():
        if key == "not":
            if matches(wanted, item, approvers, category):
                return False
        elif not values[key] & ({wanted} if isinstance(wanted, str) else set(wanted)):
            return False
    return True


def pieces_of(case: Case, item: Item, approvers: Approvers) -> list[tuple[Fraction, list[Piece]]]:
    """Give every part's amount in the credential's unit and the ways of counting it that help a requirement."""
    rate = case.conversions.get(item.unit, Fraction(item.unit == case.unit))
    found = []
    for categories, amount in item.parts:
        pieces = []
        for category in categories:
            requirements, caps = (
                frozenset(n for n, rule in enumerate(rules) if matches(rule.where, item, approvers, category))
                for rules in (case.requirements, case.caps)
            )
            piece = Piece(requirements, caps)
            if piece.requirements and piece not in pieces:
                pieces.append(piece)
        if amount * rate and pieces:
            found.append((amount * rate, pieces))
    return found


class Counter:
    """Decide counting for one case; earned lines are the same for every plan."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.needed = sum((rule.at_least or Fraction(0) for rule in case.requirements), Fraction(0))
        self.known: dict[object, Fraction] = {}
        self.of_item: dict[tuple[str, Approvers], list[tuple[Fraction, list[Piece]]]] = {}
        self.items = {offer.id: offer.item for offer in case.offers}
        self.earned_choices = list(self._earned_choices())

    def _earned_choices(self) -> Iterable[list[list[tuple[Fraction, list[Piece]]]]]:
        """Every choice of the earned lines that count: all in the cycle, but at most `times` of one course."""
        times = {offer.item.course: offer.times for offer in self.case.offers}
        by_course: dict[str, list[tuple[date, Item]]] = {}
        for number, (day, item) in enumerate(self.case.earned):
            if self.case.cycle_start <= day <= self.case.deadline:
                by_course.setdefault(item.course or f"line {number}", []).append((day, item))
        subsets = [
            list(combinations(lines, min(times.get(course, len(lines)), len(lines))))
            for course, lines in by_course.items()
        ]
        for choice in product(*subsets):
            lines = [line for subset in choice for line in subset]
            yield [pieces_of(self.case, item, holding_on(item, day)) for day, item in lines]

    def short(self, planned: Iterable[tuple[str, Approvers]]) -> Fraction:
        """Give the least sum of shortfalls with these enrollments and the best counting."""
        items = []
        for key in planned:
            if key not in self.of_item:
                self.of_item[key] = pieces_of(self.case, self.items[key[0]], key[1])
            items.append(self.of_item[key])
        return self.needed - max(self.most(earned + items) for earned in self.earned_choices)

    def most(self, items: list[list[tuple[Fraction, list[Piece]]]]) -> Fraction:
        """Try every choice of the items that may use each items cap."""
        limits = [
            (number, rule.items_at_most)
            for number, rule in enumerate(self.case.caps)
            if rule.items_at_most is not None
        ]
        choices = []
        for cap, limit in limits:
            using = [
                n
                for n, item in enumerate(items)
                if any(cap in piece.caps for _, pieces in item for piece in pieces)
            ]
            choices.append(
                [(cap, frozenset(using) - set(kept)) for kept in combinations(using, min(limit, len(using)))]
            )
        most, relaxed = Fraction(0), None
        if any(len(options) > 1 for options in choices):
            relaxed = self._counted(items, ())  # no choice can do better than no items cap at all
        for barred in product(*choices):
            most = max(most, self._counted(items, barred))
            if most == relaxed or most == self.needed:
                break
        return most

    def _counted(
        self, items: list[list[tuple[Fraction, list[Piece]]]], barred: Sequence[tuple[int, frozenset[int]]]
    ) -> Fraction:
        """Solve the linear program of one choice: amounts alike in every rule's eyes are taken together."""
        amounts: dict[frozenset[Piece], Fraction] = {}
        for number, item in enumerate(items):
            stopped = {cap for cap, out in barred if number in out}
            for amount, pieces in item:
                usable = frozenset(piece for piece in pieces if not piece.caps & stopped)
                if usable:
                    amounts[usable] = amounts.get(usable, Fraction(0)) + amount
        key = frozenset(amounts.items())
        if key not in self.known:
            self.known[key] = self._program(amounts)
        return self.known[key]

    def _program(self, amounts: dict[frozenset[Piece], Fraction]) -> Fraction:
        """Most Σ min(at_least, counted): counted ≤ amounts, capped credit ≤ caps."""
        variables = [(group, piece) for group in amounts for piece in group]
        count, width = len(variables), len(variables) + len(self.case.requirements)
        rows, limits = [], []
        for group, amount in amounts.items():
            rows.append([int(n < count and variables[n][0] == group) for n in range(width)])
            limits.append(amount)
        for cap, rule in enumerate(self.case.caps):
            if rule.at_most is not None:
                rows.append([int(n < count and cap in variables[n][1].caps) for n in range(width)])
                limits.append(rule.at_most)
        for number, rule in enumerate(self.case.requirements):
            own = [int(n == count + number) for n in range(width)]
            rows.append(own)
            limits.append(rule.at_least or Fraction(0))
            rows.append(
                [own[n] if n >= count else -int(number in variables[n][1].requirements) for n in range(width)]
            )
            limits.append(Fraction(0))
        return simplex(rows, limits, [int(n >= count) for n in range(width)])


def simplex(rows: list[list[int]], limits: list[Fraction], gain: list[int]) -> Fraction:
    """Give the most Σ gain·x with rows·x ≤ limits (all at least 0) and x ≥ 0: Bland's rule, whole numbers throughout.

    The table is kept times the last pivot, so that every division below leaves no rest.
    """
    scale = lcm(*(limit.denominator for limit in limits))
    width, height = len(gain), len(rows)
    table = [
        [*row, *(int(n == k) for n in range(height)), int(limits[k] * scale)] for k, row in enumerate(rows)
    ]
    table.append([*(-value for value in gain), *([0] * height), 0])
    basis = list(range(width, width + height))
    unit = 1
    while True:
        entering = next((n for n, value in enumerate(table[-1][:-1]) if value < 0), None)
        if entering is None:
            return Fraction(table[-1][-1], unit * scale)
        able = [k for k in range(height) if table[k][entering] > 0]
        leaving = min(able, key=lambda k: (Fraction(table[k][-1], table[k][entering]), basis[k]))
        pivot_row, pivot = table[leaving], table[leaving][entering]
        for k, row in enumerate(table):
            if k != leaving:
                factor = row[entering]
                table[k] = [
                    (value * pivot - factor * other) // unit
                    for value, other in zip(row, pivot_row, strict=True)
                ]
        basis[leaving], unit = entering, pivot
