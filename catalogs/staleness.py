"""What in a catalog may be out of date: values that nobody saw change for long, approvals that end or have ended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from catalogs.faults import shown
from catalogs.records import Offering, Pass

OLD_DAYS: Final = 365
"""Values older than this are reported."""
SOON_DAYS: Final = 30
"""An approval that ends within so many days is reported."""


def stale(
    offerings: Iterable[Offering],
    passes: Iterable[Pass],
    as_of: date,
    old_days: int = OLD_DAYS,
    soon_days: int = SOON_DAYS,
) -> list[str]:
    """Return a sentence for each provider and each thing about its rows that may be out of date.

    Rows of what is no longer for sale say nothing about today, and are left out.
    """
    current = [one for one in offerings if not _past(one, as_of)]
    return [
        *_old(current, tuple(passes), as_of, old_days),
        *_approvals(current, as_of, soon_days),
    ]


def _past(one: Offering, as_of: date) -> bool:
    return any(last is not None and last < as_of for last in (one.available_until, one.ends))


def _old(offerings: Sequence[Offering], passes: Sequence[Pass], as_of: date, old_days: int) -> list[str]:
    limit = as_of - timedelta(days=old_days)
    seen: dict[str, list[date]] = defaultdict(list)
    both: tuple[Offering | Pass, ...] = (*offerings, *passes)
    for each in both:
        if each.seen_on is not None and each.seen_on < limit:
            seen[each.provider].append(each.seen_on)
    return [
        f"{_rows_of(provider, days)} from {_between(days)}, more than {old_days} days ago: check the prices before "
        "you pay."
        for provider, days in sorted(seen.items())
    ]


def _approvals(offerings: Sequence[Offering], as_of: date, soon_days: int) -> list[str]:
    ends: dict[tuple[str, str], list[date]] = defaultdict(list)
    for one in offerings:
        for approver, last in _last_days(one).items():
            if last <= as_of + timedelta(days=soon_days):
                ends[one.provider, approver].append(last)
    told = []
    for (provider, approver), days in sorted(ends.items()):
        for when, found in (
            ("ended", [day for day in days if day < as_of]),
            ("ends", [day for day in days if day >= as_of]),
        ):
            if found:
                plural = "course" if len(found) == 1 else "courses"
                told.append(
                    f"The approval by {shown(approver)} of {len(found):,} {plural} of {_name(provider)} {when} on "
                    f"{_between(found)}, and no later one is known: ask about it."
                )
    return told


def _last_days(one: Offering) -> Mapping[str, date]:
    """Return the last day of each approval that ends; one without a window does not."""
    last: dict[str, date] = {}
    endless = {approval.approver for approval in one.approvals if approval.last is None}
    for approval in one.approvals:
        if approval.last is not None and approval.approver not in endless:
            last[approval.approver] = max(approval.last, last.get(approval.approver, approval.last))
    return last


def _between(days: Sequence[date]) -> str:
    first, last = min(days), max(days)
    return f"{first}" if first == last else f"days between {first} and {last}"


def _rows_of(provider: str, days: Sequence[date]) -> str:
    name = _name(provider)
    return f"One row of {name} dates" if len(days) == 1 else f"{len(days):,} rows of {name} date"


def _name(provider: str) -> str:
    return shown(provider, longest=60) or "a provider that is not named"
