"""Courses: how often each may be taken and may count, for every obligation (rules 8, 19, 35 and 41)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from catalogs.records import Offering
from optimizer.earning import Amounts, months_back, months_before
from optimizer.filters import Standing
from optimizer.learner import Learner
from optimizer.obligation import Obligation
from optimizer.problem import Choice, Course, Days, Line
from optimizer.ways import Offers, standings


def times_left(
    learner: Learner, offerings: Sequence[Offering], kept: Sequence[Obligation]
) -> dict[str, tuple[int, ...]]:
    """Return how often each course may still count for each obligation."""
    used = [
        Counter(line.course_id for line in learner.earned if line.course_id and _uses_up(line.date, one))
        for one in kept
    ]
    return {o.course_id: tuple(max(0, o.times - by[o.course_id]) for by in used) for o in offerings}


def _uses_up(day: date | None, one: Obligation) -> bool:
    version, first = one.version, one.start
    if version.repeat_months is not None:
        first = min(first, months_before(one.deadline, version.repeat_months))
    if version.carry_over is not None:
        first = min(first, months_back(one.start, version.carry_over.months))
    return day is None or first <= day <= one.deadline


def most_often(
    offered: Sequence[tuple[int, Offering, Amounts]],
    left: Mapping[str, Sequence[int]],
    kept: Sequence[Obligation],
    offers: Offers,
    days: Days,
    named: frozenset[str],
) -> dict[str, int]:
    """Return how often each course may be taken: once for every time it may count for some obligation.

    One seat serves all obligations in whose days it lies. A second seat, to serve another obligation, is of use only
    if the first could not serve that one as well: not where one's standing always contains the other's.
    """
    sellers: dict[str, list[tuple[Offering, Amounts]]] = {}
    for _, offering, amounts in offered:
        sellers.setdefault(offering.course_id, []).append((offering, amounts))
    most: dict[str, int] = {}
    for course_id, selling in sellers.items():
        counts = left[course_id]
        targets = {target for _, amounts in selling for target, _, _ in amounts}
        if len(targets) < 2:
            most[course_id] = counts[min(targets)] if targets else max(counts)
            continue
        shared = all(kept[target].shares for target in targets)
        nested = len(selling) == 1 and _nested(standings(selling[0][0], offers, days, named))
        often = [counts[target] for target in targets]
        most[course_id] = max(often) if shared and nested else sum(often)
    return most


def _nested(found: Sequence[Standing]) -> bool:
    """Say whether of any two standings one contains the other."""
    return all(
        one.approvers == other.approvers and (one.periods <= other.periods or other.periods <= one.periods)
        for one in found
        for other in found
    )


def courses_of(
    choices: Sequence[Choice],
    offerings: Sequence[Offering],
    learner: Learner,
    left: Mapping[str, Sequence[int]],
) -> tuple[Course, ...]:
    """Return the courses of the choices; a group of offerings alike is one."""
    repeat_days: dict[str, int] = {}
    for offering in offerings:
        repeat_days[offering.course_id] = max(repeat_days.get(offering.course_id, 0), offering.repeat_days)
    members: dict[str, list[int]] = {}
    for i, choice in enumerate(choices):
        members.setdefault(choice.offering.course_id, []).append(i)
    earned_on: dict[str, list[int]] = {}
    for line in learner.earned:
        if line.course_id and line.date is not None:
            earned_on.setdefault(line.course_id, []).append(line.date.toordinal())
    return tuple(
        Course(
            tuple(places),
            choices[places[0]].each * len(choices[places[0]].members),
            tuple(number * len(choices[places[0]].members) for number in left[course_id]),
            repeat_days[course_id],
            tuple(earned_on.get(course_id, ())),
        )
        for course_id, places in sorted(members.items())
    )


def repeated_lines(
    lines: Sequence[Line], learner: Learner, offerings: Sequence[Offering], kept: Sequence[Obligation]
) -> tuple[tuple[int, tuple[int, ...], int], ...]:
    """Return for each obligation the groups of earned lines of one course that are more than may count.

    A course nobody offers counts once, as any does that says nothing else.
    """
    times = {o.course_id: o.times for o in offerings}
    groups: dict[tuple[int, str], list[int]] = {}
    for place, line in enumerate(lines):
        if course_id := learner.earned[line.index].course_id:
            for target in range(len(kept)):
                if target in line.standing.periods:
                    groups.setdefault((target, course_id), []).append(place)
    found = []
    for (target, course_id), places in sorted(groups.items()):
        earlier = sum(
            line.course_id == course_id and _before_but_near(line.date, kept[target])
            for line in learner.earned
        )
        allowed = max(0, times.get(course_id, 1) - earlier)
        if len(places) > allowed:
            found.append((target, tuple(places), allowed))
    return tuple(found)


def _before_but_near(day: date | None, one: Obligation) -> bool:
    """Say whether a line lies before the cycle, where it does not count, and yet stops repeats in it (rule 41)."""
    carry = one.version.carry_over
    counts_from = one.start if carry is None else months_back(one.start, carry.months)
    return day is not None and day < counts_from and _uses_up(day, one)
