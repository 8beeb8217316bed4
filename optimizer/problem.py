"""The problem: one learner's question in whole numbers, ready for the integer program.

Money is cents, time is minutes and days are ordinals. Credit is scaled by `Problem.scale` until every amount is whole.
"""

from dataclasses import dataclass

from catalogs.records import Offering, Pass
from optimizer.credential import Filter
from optimizer.filters import Item


@dataclass(frozen=True, slots=True)
class Days:
    """Hold the fixed days of a problem."""

    as_of: int
    cycle_start: int
    deadline: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Hold one part of an item's credit, scaled, with the categories it may be counted in."""

    categories: tuple[str, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold an offering that can be taken, or several that nothing but their rank tells apart."""

    members: tuple[tuple[int, Offering], ...]
    """Rank and offering, sorted by rank."""
    each: int
    """How often each of them may be taken."""
    minutes: int
    stated: int
    """Hundredths of credit as the catalog states them."""
    item: Item
    credits: tuple[Credit, ...]

    @property
    def offering(self) -> Offering:
        """Return the first of the offerings, which stands for all of them."""
        return self.members[0][1]


@dataclass(frozen=True, slots=True)
class Line:
    """Hold an earned line that may count."""

    index: int
    """Its place among the learner's earned lines."""
    item: Item
    credits: tuple[Credit, ...]
    approvers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold a requirement (at least `amount`) or a cap (at most `amount`, at most `items`)."""

    name: str
    amount: int | None
    items: int | None
    where: Filter


@dataclass(frozen=True, slots=True)
class Term:
    """Hold a term of a pass that can be bought, or a holding."""

    pass_id: str
    first: int
    last: int
    price: int
    bought: bool
    """False for a holding."""


@dataclass(frozen=True, slots=True)
class Way:
    """Hold one way to take a choice: what pays for it, and the first day on which it can then be finished."""

    choice: int
    paid_by: str
    """`single`, `free` or a pass id."""
    terms: tuple[int, ...]
    """The terms of which one must be held, if a pass pays; a single one if the pass has a credit limit."""
    seat: int | None
    """The held seat it uses, if any: its place among the learner's holdings."""
    price: int
    first: int
    """First day on which it can be finished; the only one for a course with `repeat_days`."""
    last: int
    approvers: frozenset[str]
    most: int
    """How often this way can be taken."""


@dataclass(frozen=True, slots=True)
class Course:
    """Hold a course: the choices that sell it and how often it may still be taken."""

    choices: tuple[int, ...]
    most: int
    repeat_days: int
    earned_on: tuple[int, ...]
    """Days of earned lines of this course, for `repeat_days`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Hold everything the integer program needs, and what was set aside on the way."""

    days: Days
    scale: int
    named: frozenset[str]
    """The approvers that any rule names; no other matters."""
    passes: tuple[Pass, ...]
    choices: tuple[Choice, ...]
    seats_until: tuple[int, ...]
    """Last day of each of the learner's holdings."""
    terms: tuple[Term, ...]
    ways: tuple[Way, ...]
    courses: tuple[Course, ...]
    lines: tuple[Line, ...]
    repeated_lines: tuple[tuple[tuple[int, ...], int], ...]
    """Places in `lines` of a course earned more often than it counts, and how many of them may count."""
    requirements: tuple[Rule, ...]
    caps: tuple[Rule, ...]
    budget: int | None
    max_purchases: int | None
    must_take: tuple[int | None, ...]
    """Choices the learner insists on; None for one that cannot be taken."""
    set_aside: tuple[tuple[str, int], ...]
    """Why offerings cannot be used, and how many, sorted."""
