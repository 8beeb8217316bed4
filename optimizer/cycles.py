"""The cycle a deadline closes: month arithmetic, defaults, and the version of the rules that governs it."""

from calendar import monthrange
from datetime import date, timedelta

from catalogs.faults import Fault, Faults
from optimizer.credential import Credential, Version
from optimizer.credential_file import governing
from optimizer.learner import Target

_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month if it is shorter.

    Raises `ValueError` if the year leaves the calendar (1 to 9999).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        message = f"year {year} is not in the calendar"
        raise ValueError(message)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def cycle(target: Target, version: Version, as_of: date, *, lapsed: bool = False) -> tuple[date, date]:
    """Return the first day and the deadline of the cycle, or raise `Faults` if there is no such cycle.

    Without a deadline it is a full cycle from `cycle_start`, or from as_of. `lapsed` lets it end before as_of.
    """
    months = version.cycle_months
    try:
        if target.deadline is None:
            start = target.cycle_start or as_of
            deadline = add_months(start, months) - _DAY
        else:
            deadline = target.deadline
            start = target.cycle_start or add_months(deadline, -months) + _DAY
    except (ValueError, OverflowError):
        key, day = ("deadline", target.deadline) if target.deadline else ("cycle_start", target.cycle_start)
        raise _fault(target, key, day, f"a cycle of {months} months from there leaves the calendar") from None
    if start > deadline:
        raise _fault(target, "cycle_start", start, f"it lies after the deadline, {deadline}")
    if deadline < as_of and not lapsed:
        if target.deadline is None:
            ended = f"a cycle of {months} months from there ended on {deadline}"
            raise _fault(target, "cycle_start", start, f"{ended}, before {as_of}, the day the plan is for")
        raise _fault(target, "deadline", deadline, f"it lies before {as_of}, the day the plan is for")
    return start, deadline


def governed_cycle(
    target: Target, credential: Credential, as_of: date, *, lapsed: bool = False
) -> tuple[Version, date, date]:
    """Return the version that governs a learner's cycle, its first day and its deadline, or raise `Faults`.

    `lapsed` lets the cycle end before as_of. Without a deadline the newest version wins that governs the full
    cycle it defines.
    """
    if target.deadline is not None:
        version = governing(credential, target.deadline)
        return version, *cycle(target, version, as_of, lapsed=lapsed)
    for version in reversed(credential.versions):
        start, deadline = cycle(target, version, as_of, lapsed=lapsed)
        if version.effective <= deadline:
            return version, start, deadline
    start, deadline = cycle(target, credential.versions[0], as_of, lapsed=lapsed)
    return governing(credential, deadline), start, deadline


def _fault(target: Target, key: str, day: date | None, problem: str) -> Faults:
    of = target.credential or target.file
    remedy = "Correct the dates of this credential."
    return Faults([Fault(of, None, key, str(day) if day else None, problem, remedy)])
