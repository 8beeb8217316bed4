"""Windows: on which days an offering paid in one way can be finished, and when it must be bought.

Days are ordinals; every interval includes both its ends. The rules are numbered in docs/meaning.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from catalogs.records import Approval, Offering, Pass
from optimizer.problem import Days
from optimizer.terms import FOREVER


@dataclass(frozen=True, slots=True)
class Window:
    """Hold when an offering paid in one way can be finished, and from when it can be bought."""

    first: int
    """First day on which it can be finished."""
    last: int
    """Last day on which it can be finished."""
    buy_first: int
    """First day on which it can be bought; the same as `first` if nothing is bought."""
    approvers: frozenset[str]
    """The approvers, of those any rule names, whose approval holds on all these days."""


def ordinal(day: date | None, default: int) -> int:
    """Return a day's ordinal, or the default where nobody stated the day."""
    return default if day is None else day.toordinal()


def event_days(offering: Offering) -> tuple[int, int] | None:
    """Return the first and last day of a live event, or None if the offering is self-paced."""
    if offering.starts is None and offering.ends is None:
        return None
    return ordinal(offering.starts or offering.ends, 0), ordinal(offering.ends or offering.starts, 0)


def approvers_on(approvals: Iterable[Approval], day: int | None) -> frozenset[str]:
    """Return the approvers whose approval holds on a day; with no day, those without a window."""
    return frozenset(
        a.approver
        for a in approvals
        if (a.first is None and a.last is None)
        or (day is not None and ordinal(a.first, 0) <= day <= ordinal(a.last, FOREVER))
    )


def last_possible_day(offering: Offering, days: Days) -> int:
    """Return the last day on which an offering can be finished, however it is paid."""
    event = event_days(offering)
    return min(days.last_day, event[1] if event else ordinal(offering.available_until, FOREVER))


def discounted(offering: Offering, pass_: Pass) -> int | None:
    """Return the price in cents under a pass's benefit, or None if it has none for this offering."""
    if pass_.benefit == "included":
        return 0
    if pass_.benefit == "member_price":
        return offering.member_price
    if offering.price is None:
        return None
    return (offering.price * (10_000 - pass_.percent_off) + 5_000) // 10_000  # half up to the cent


def windows_bought(
    offering: Offering, days: Days, term: tuple[int, int], named: frozenset[str]
) -> Iterator[Window]:
    """Yield the windows of an offering bought, for more than nothing, on a day inside `term` (rule 4)."""
    buy_first = max(term[0], days.as_of, ordinal(offering.available_from, 0))
    buy_last = min(term[1], days.last_day, ordinal(offering.available_until, FOREVER))
    access = FOREVER if offering.access_days is None else offering.access_days
    event = event_days(offering)
    if event is not None:
        buy_first, buy_last = max(buy_first, event[1] - access), min(buy_last, event[0])
        first, last = event[1], event[1]
    else:
        first, last = buy_first, min(buy_last + access, ordinal(offering.available_until, FOREVER))
    if buy_first <= buy_last:
        for start, end, approvers in _segments(offering, days, first, last, named):
            yield Window(start, end, buy_first, approvers)


def windows_unbought(
    offering: Offering,
    days: Days,
    term: tuple[int, int],
    named: frozenset[str],
    *,
    seat: bool = False,
    nothing_to_pay: bool = False,
) -> Iterator[Window]:
    """Yield the windows of an offering that is started inside `term` with nothing bought (rules 4 to 6).

    `seat`: the learner holds it already. `nothing_to_pay`: a discount leaves 0.00, so the start alone
    must lie inside the term and the availability, as a purchase would.
    """
    available = ordinal(offering.available_from, 0), ordinal(offering.available_until, FOREVER)
    event = event_days(offering)
    if event is None:
        first, last = max(term[0], available[0]), min(term[1], available[1])
    else:
        first, last = event[1], event[1]
        starts = event[0]
        within_access = offering.access_days is None or event[1] - event[0] <= offering.access_days
        in_term = term[0] <= starts <= term[1] and (nothing_to_pay or event[1] <= term[1])
        if nothing_to_pay:
            obtainable = available[0] <= starts <= available[1]
        else:
            obtainable = seat or max(days.as_of, available[0]) <= min(available[1], starts)
        if not (within_access and in_term and obtainable):
            return
    for start, end, approvers in _segments(offering, days, first, last, named):
        yield Window(start, end, start, approvers)


def _segments(
    offering: Offering, days: Days, first: int, last: int, named: frozenset[str]
) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Cut the finish days at as_of, the cycle and the last day, and where a named approval begins or ends."""
    event = event_days(offering)
    if event is not None and event[0] < max(days.as_of, days.cycle_start):
        return
    first, last = max(first, days.as_of, days.cycle_start), min(last, days.last_day)
    approvals = [
        (a.approver, ordinal(a.first, 0), ordinal(a.last, FOREVER))
        for a in offering.approvals
        if a.approver in named
    ]
    cuts = {first} | {lo for _, lo, _ in approvals} | {min(hi + 1, FOREVER) for _, _, hi in approvals}
    starts = sorted(day for day in cuts if first <= day <= last)
    held: frozenset[str] | None = None
    begin = first
    for i, start in enumerate(starts):
        now = frozenset(name for name, lo, hi in approvals if lo <= start <= hi)
        if held is not None and now != held:
            yield begin, start - 1, held
            begin = start
        held = now
        if i == len(starts) - 1:
            yield begin, last, held
