"""The days that rules look at: the cycle, its parts, longer and shorter windows, and what is carried over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from optimizer.credential import Cap, Filter, Requirement, Version
from optimizer.cycles import add_months
from optimizer.verify_terms import later

CONTINUING_EDUCATION = "continuing-education"
CARRIED_OVER = "carried over"


@dataclass(frozen=True, slots=True)
class Scope:
    """Say which items a rule looks at, by their days."""

    first: date
    last: date
    carried: bool
    """Whether it looks at what is carried over from before the cycle as well."""
    by_finish: bool = False
    """Whether only the finish must lie inside: so for the parts of a cap."""

    def sees(self, first: date, last: date, *, carried: bool) -> bool:
        """Say whether an item that lies on these days is looked at."""
        first = last if self.by_finish else first
        return (carried and self.carried) or (self.first <= first and last <= self.last)


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of a plan's requirements or caps: what is limited, and which items it looks at."""

    name: str
    at_least: Fraction
    """0 for a cap."""
    at_most: Fraction | None
    items_at_most: int | None
    where: Filter
    scope: Scope


def months_until(day: date, months: int) -> date:
    """Return the first day of so many months that end on a day."""
    return later(_shifted(day, -months), 1)


def months_up_to(day: date, months: int) -> date:
    """Return the first day of so many months that end the day before."""
    return _shifted(day, -months)


def _shifted(day: date, months: int) -> date:
    try:
        return add_months(day, months)
    except ValueError:
        return date.min if months < 0 else date.max


def parts(cycle_start: date, deadline: date, months: int) -> Iterator[tuple[date, date, bool]]:
    """Yield the first and last day of each part of a cycle, and whether it is a whole one (rule 38).

    Months are not equally long, so the last part is whole also if it is so many months back from the deadline.
    """
    first, number = cycle_start, 1
    while True:
        after = _shifted(cycle_start, months * number)
        last = after if after == date.max else later(after, -1)
        yield first, min(last, deadline), last <= deadline or first <= months_until(deadline, months)
        if last >= deadline:
            return
        first, number = after, number + 1


def requirement_lines(version: Version, route: str, cycle_start: date, deadline: date) -> Iterator[Line]:
    """Yield the lines of a route's requirements, in their order."""
    for rule in version.requirements:
        if rule.route != route:
            continue
        if rule.every_months is not None:
            for first, last, whole in parts(cycle_start, deadline, rule.every_months):
                if whole:
                    yield _part(rule, first, last)
        elif rule.within_months is not None:
            yield _line(rule, Scope(months_until(deadline, rule.within_months), deadline, carried=False))
        elif rule.ever:
            yield _line(rule, Scope(date.min, deadline, carried=False))
        else:
            yield _line(rule, Scope(cycle_start, deadline, carried=True))


def cap_lines(version: Version, route: str, cycle_start: date, deadline: date) -> Iterator[Line]:
    """Yield the lines of a route's caps, in their order, and last the one of what is carried over."""
    for rule in version.caps:
        if rule.route != route:
            continue
        if rule.every_months is None:
            yield _line(rule, Scope(cycle_start, deadline, carried=True))
        else:
            for first, last, _ in parts(cycle_start, deadline, rule.every_months):
                yield _part(rule, first, last)
    if version.carry_over is not None:
        nowhere = Scope(date.max, date.min, carried=True)
        yield Line(CARRIED_OVER, Fraction(0), version.carry_over.at_most, None, Filter(), nowhere)


def _part(rule: Requirement | Cap, first: date, last: date) -> Line:
    scope = Scope(first, last, carried=False, by_finish=isinstance(rule, Cap))
    return _line(rule, scope, f"{rule.name}, {first} to {last}")


def _line(rule: Requirement | Cap, scope: Scope, name: str = "") -> Line:
    if isinstance(rule, Requirement):
        return Line(name or rule.name, rule.at_least, None, None, rule.where, scope)
    return Line(name or rule.name, Fraction(0), rule.at_most, rule.items_at_most, rule.where, scope)
