"""A timed instance's text as typed values: days are whole numbers counted from as_of, parts of a cycle are cut.

Written from docs/meaning.md (numbers in brackets).
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle.brute_force import minutes_of
from tests.oracle.drawing import months_before
from tests.oracle.reading import Case, Filter, Offer, read
from tests.oracle.timed_instance import Timed, alone

EVER = -(10**6)
"""A day before all others."""
UNITS_A_MINUTE, UNITS_A_WEEKLY_HOUR = 700, 6000
"""A day gives H/7 hours = H·60/7 minutes; counted in 700ths of a minute that is H·6000, whole for two decimals."""


@dataclass(frozen=True)
class Need:
    """A requirement, or one part of it; it sees an item all of whose days lie in first … last."""

    where: Filter
    at_least: Fraction
    first: int
    last: int
    cycle: bool
    """Whether it looks at the cycle, not at a part of it or at a window of its own."""
    before: bool
    """Whether credit from before the cycle counts for it."""


@dataclass(frozen=True)
class Limit:
    """A cap, or one part of it."""

    where: Filter
    at_most: Fraction | None
    items_at_most: int | None
    first: int
    last: int
    cycle: bool


@dataclass(frozen=True)
class Target:
    """One credential, its cycle and its rules."""

    case: Case
    """The instance as if it were the only one."""
    first: int
    deadline: int
    last_day: int
    shares: bool
    needs: tuple[Need, ...]
    limits: tuple[Limit, ...]
    carried_from: int
    """Earned credit from this day on counts as if in the cycle; `first` where nothing is carried over."""
    carried_at_most: Fraction | None
    repeat_from: int
    """Earned lines from this day on use up `times`."""
    smallest_item: Fraction
    round_down_to: Fraction | None


@dataclass(frozen=True)
class TimedCase:
    """A whole instance, read."""

    case: Case
    """What does not depend on the credential: offers, passes, earned, holdings, budget, wishes."""
    targets: tuple[Target, ...]
    days: int
    """Days 0 … days − 1 can be planned: from as_of to the latest last day."""
    earliest: int
    """The earliest day of any cycle, but not before as_of."""
    away: frozenset[int]
    gives: tuple[int, ...] | None
    """What each day gives, in units of work; None without weekly hours."""

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Give all that can be taken, sorted by id."""
        return self.case.offers

    def minutes(self, offer: Offer) -> int:
        """Give what an enrollment takes."""
        return minutes_of(offer)

    def day(self, day: date | None, otherwise: int) -> int:
        """Count a day from as_of."""
        return otherwise if day is None else (day - self.case.as_of).days


def months_after(day: date, months: int) -> date:
    """Go on whole months, the day clamped to the month's end."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read_timed(instance: Timed) -> TimedCase:
    """Read an instance."""
    targets = tuple(_target(instance, number) for number in range(len(instance.credentials)))
    days = max(0, 1 + max(target.last_day for target in targets))
    learner = instance.learner
    away = {
        day
        for span in learner.get("away", [])
        for day in range(days)
        if span["from"] <= str(instance.as_of + timedelta(day)) <= span["to"]
    }
    gives = None
    if "hours_per_week" in learner:
        a_day = Fraction(learner["hours_per_week"]) * UNITS_A_WEEKLY_HOUR
        assert a_day.denominator == 1
        gives = tuple(0 if day in away else int(a_day) for day in range(days))
    earliest = max(0, min(target.first for target in targets))
    return TimedCase(targets[0].case, targets, days, earliest, frozenset(away), gives)


def is_ever(table: dict[str, Any]) -> bool:
    """Say whether a requirement looks at all days up to the deadline."""
    return str(table.get("ever", "false")) == "true"


def _target(instance: Timed, number: int) -> Target:
    single = alone(instance, number)
    case, version = read(single), single.credential["version"][0]

    def since(day: date) -> int:
        return (day - case.as_of).days

    def window(months: int) -> date:
        """Give the first of the n months up to the deadline."""
        return months_before(case.deadline, months) + timedelta(1)

    def parts(months: int) -> Iterator[tuple[date, date, bool]]:
        """Cut the cycle every so many months: first day, last day, and whether it is a whole part [38]."""
        count, first = 0, case.cycle_start
        while first <= case.deadline:
            count += 1
            following = months_after(case.cycle_start, count * months)
            short = min(following, months_after(first, months)) > case.deadline + timedelta(1)
            yield first, min(following - timedelta(1), case.deadline), not (short and first > window(months))
            first = following

    def spans(table: dict[str, Any]) -> Iterator[tuple[int, int, bool]]:
        """Give the days a rule looks at: first, last, and whether a requirement may ask for something in them."""
        end = since(case.deadline)
        if "every_months" in table:
            for first, last, whole in parts(int(table["every_months"])):
                yield since(first), since(last), whole
        elif "within_months" in table:
            yield since(window(int(table["within_months"]))), end, True
        elif is_ever(table):
            yield EVER, end, True
        else:
            yield since(case.cycle_start), end, True

    needs = [
        Need(
            rule.where,
            rule.at_least or Fraction(0),
            first,
            last,
            cycle=not {"every_months", "within_months"} & set(table) and not is_ever(table),
            before="within_months" in table or is_ever(table),
        )
        for rule, table in zip(case.requirements, version["requirement"], strict=True)
        for first, last, whole in spans(table)
        if whole
    ]
    limits = [
        Limit(rule.where, rule.at_most, rule.items_at_most, first, last, cycle="every_months" not in table)
        for rule, table in zip(case.caps, version.get("cap", []), strict=True)
        for first, last, _ in spans(table)
    ]
    first = since(case.cycle_start)
    carry = version.get("carry_over")
    repeat = since(window(int(version["repeat_months"]))) if "repeat_months" in version else first
    return Target(
        case=case,
        first=first,
        deadline=since(case.deadline),
        last_day=since(case.last_day),
        shares=single.learner["credential"][0].get("shares", "yes") != "no",
        needs=tuple(needs),
        limits=tuple(limits),
        carried_from=since(months_before(case.cycle_start, int(carry["months"]))) if carry else first,
        carried_at_most=Fraction(carry["at_most"]) if carry else None,
        repeat_from=min(first, repeat),
        smallest_item=Fraction(version.get("smallest_item", 0)),
        round_down_to=Fraction(version["round_down_to"]) if "round_down_to" in version else None,
    )
