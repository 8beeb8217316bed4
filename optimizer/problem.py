"""The problem: one learner's question in whole numbers, ready for the integer program.

Money is cents, time is minutes and days are ordinals. Credit is scaled by `Problem.scale` until every amount is whole.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from catalogs.records import Offering, Pass
from optimizer.credential import Filter
from optimizer.filters import Item, Standing, matches


class Aim(StrEnum):
    """Name what is minimized."""

    COST = "cost"
    HOURS = "hours"
    PURCHASES = "purchases"
    ENROLLMENTS = "enrollments"
    RANKS = "ranks"


AIMS = tuple(Aim)
"""The order of the contract: each is frozen before the next."""


@dataclass(frozen=True, slots=True)
class Period:
    """Hold days that rules look at: an item is in it if it starts and finishes inside."""

    target: int
    """Place of the obligation whose rules look at it."""
    first: int
    last: int
    """For what is planned: on or before the last day to finish."""
    earned_first: int
    earned_last: int
    """For what was earned."""
    by_finish: bool = False
    """Whether only the finish must lie inside: so for the parts of a cap."""


@dataclass(frozen=True, slots=True)
class Days:
    """Hold the fixed days of a problem."""

    as_of: int
    first: int
    """First day on which anything may start."""
    last_day: int
    """Last day on which anything may finish."""
    periods: tuple[Period, ...]
    """First the cycle of each obligation, in their order; then what other rules look at."""
    targets: int
    away: tuple[tuple[int, int], ...]
    hundredths: int | None
    """Hundredths of hours a week for study; None where only dates bind."""
    step: int
    """Days between the starts that are tried where weekly hours bind; 1 tries all."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Hold one part of an item's credit for one obligation, scaled, with the categories it may be counted in."""

    target: int
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

    def taken(self, count: int) -> list[tuple[int, Offering]]:
        """Return the rank and offering of each of so many seats: a group fills from its lowest rank."""
        return [member for member in self.members for _ in range(self.each)][:count]

    @property
    def self_paced(self) -> bool:
        """Say whether it is no live event."""
        return self.offering.starts is None and self.offering.ends is None


@dataclass(frozen=True, slots=True)
class Line:
    """Hold an earned line that may count."""

    index: int
    """Its place among the learner's earned lines."""
    item: Item
    credits: tuple[Credit, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold a requirement (at least `amount`) or a cap (at most `amount`, at most `items`)."""

    target: int
    period: int
    name: str
    at_least: Fraction | None
    """As the rules state it."""
    at_most: Fraction | None
    amount: int | None
    """The same, scaled."""
    items: int | None
    where: Filter

    def matches(self, item: Item, standing: Standing, target: int, category: str) -> bool:
        """Say whether the rule looks at credit counted for an obligation in a category."""
        return (
            self.target == target
            and self.period in standing.periods
            and matches(self.where, item, standing.approvers, category)
        )


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
    start: int
    """First day on which it can be started."""
    first: int
    """First day on which it can be finished; the only one for a course with `repeat_days`."""
    last: int
    standing: Standing
    most: int
    """How often this way can be taken."""


@dataclass(frozen=True, slots=True)
class Course:
    """Hold a course: the choices that sell it and how often it may still be taken."""

    choices: tuple[int, ...]
    most: int
    left: tuple[int, ...]
    """How many of them may count for each obligation."""
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
    study: tuple[int, ...]
    """Minutes of study that each term gives at most; none where only dates bind."""
    ways: tuple[Way, ...]
    courses: tuple[Course, ...]
    lines: tuple[Line, ...]
    repeated_lines: tuple[tuple[int, tuple[int, ...], int], ...]
    """An obligation, places in `lines` of a course earned more often than it counts for it, and how many may."""
    alone: frozenset[int]
    """Obligations that share no item with any other."""
    requirements: tuple[Rule, ...]
    caps: tuple[Rule, ...]
    budget: int | None
    max_purchases: int | None
    max_minutes: int | None
    """Of all enrollments together."""
    aims: tuple[Aim, ...]
    """In their order; the ranks, if among them, last."""
    known: tuple[tuple[Aim, int], ...]
    """What the first of them are proven to come to at best, where that is known already (narrowing.py)."""
    known_short: Fraction | None
    """The same of what is short where no full plan is asked for, in credits."""
    start: frozenset[int]
    """Ranks of the offerings of a plan that comes to all that is known, for the solver to start from; or none."""
    bought: frozenset[str]
    """Passes that every best plan buys, where that is known already."""
    unbought: frozenset[str]
    """Passes that no best plan buys, likewise."""
    must_take: tuple[tuple[int, ...], ...]
    """Choices of each of which one must be taken; none for what cannot be taken."""
    reduced: bool
    """Whether ways that no cheapest plan can use may be left out."""
    set_aside: tuple[tuple[str, int], ...]
    """Why offerings cannot be used, and how many, sorted."""

    def categories(self, item: Item, standing: Standing, credit: Credit) -> tuple[str, ...]:
        """Return the categories in which a part may count: outside the cycle, those a rule asks for there."""
        if credit.target in standing.periods:
            return credit.categories
        return tuple(
            category
            for category in credit.categories
            if any(rule.matches(item, standing, credit.target, category) for rule in self.requirements)
        )
