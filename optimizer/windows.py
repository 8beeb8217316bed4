"""Windows: on which days an offering paid in one way can be started and finished, and when it must be bought.

Days are ordinals; every interval includes both its ends. The rules are numbered in docs/meaning.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from catalogs.records import Approval, Offering, Pass
from optimizer.filters import Standing
from optimizer.problem import Days
from optimizer.terms import FOREVER

HOURS_PER_CREDIT = {"nha_credit": 2, "iacet_ceu": 10, "college_credit": 15}
"""Effort where no hours are stated; any other unit is one hour a credit."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hold when an offering paid in one way can be taken, and from when it can be bought."""

    start: int
    """First day on which it can be started; without weekly hours that of the finish."""
    first: int
    """First day on which it can be finished."""
    last: int
    """Last day on which it can be finished."""
    buy_first: int
    """First day on which it can be bought; the same as `first` if nothing is bought."""
    standing: Standing
    """The approvals, of those any rule names, and the periods that hold on all these finish days."""


def minutes_of(offering: Offering) -> int:
    """Return the effort of an offering: stated, or its unit's usual hours, whole minutes rounded up."""
    if offering.minutes is not None:
        return offering.minutes
    hundredths = sum(part.hundredths for part in offering.credits)
    return -(-hundredths * HOURS_PER_CREDIT.get(offering.unit, 1) * 60 // 100)


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
    if pass_.benefit == "member_price" or offering.kind == "route":  # a route states its price under a pass
        return offering.member_price
    if pass_.benefit == "included":
        return 0
    if offering.price is None:
        return None
    return (offering.price * (10_000 - pass_.percent_off) + 5_000) // 10_000  # half up to the cent


def periods_of(days: Days, start: int, finish: int) -> frozenset[int]:
    """Return the periods in which an enrollment with these days lies; none of a cycle that it begins before."""
    return frozenset(
        p
        for p, one in enumerate(days.periods)
        if one.first <= (finish if one.by_finish else start)
        and finish <= one.last
        and days.periods[one.target].first <= start
    )


def in_a_cycle(days: Days, standing: Standing) -> bool:
    """Say whether an item lies in the cycle of any obligation."""
    return any(period < days.targets for period in standing.periods)


def windows_bought(
    offering: Offering, days: Days, term: tuple[int, int], named: frozenset[str]
) -> Iterator[Window]:
    """Yield the windows of an offering bought, for more than nothing, on a day inside `term` (rules 4 and 31)."""
    buy_first = max(term[0], days.as_of, ordinal(offering.available_from, 0))
    buy_last = min(term[1], days.last_day, ordinal(offering.available_until, FOREVER))
    access = FOREVER if offering.access_days is None else offering.access_days
    event = event_days(offering)
    if event is not None:
        buy_first, buy_last = max(buy_first, event[1] - access), min(buy_last, event[0])
        if buy_first <= buy_last:
            for window in _event_window(offering, days, named):
                yield Window(window.start, window.first, window.last, buy_first, window.standing)
    elif buy_first <= buy_last:
        until = ordinal(offering.available_until, FOREVER)
        for window in _self_paced(offering, days, named, (buy_first, until), access, buy_last):
            yield Window(window.start, window.first, window.last, buy_first, window.standing)


def windows_unbought(
    offering: Offering,
    days: Days,
    term: tuple[int, int],
    named: frozenset[str],
    *,
    seat: bool = False,
    nothing_to_pay: bool = False,
) -> Iterator[Window]:
    """Yield the windows of an offering that is started inside `term` with nothing bought (rules 4 to 6, 31).

    `seat`: the learner holds it already. `nothing_to_pay`: a discount leaves 0.00, so the start alone
    must lie inside the term and the availability, as a purchase would.
    """
    available = ordinal(offering.available_from, 0), ordinal(offering.available_until, FOREVER)
    access = FOREVER if offering.access_days is None else offering.access_days
    event = event_days(offering)
    if event is None:
        first, until = max(term[0], available[0]), available[1]
        if not nothing_to_pay:
            until = min(until, term[1])
        yield from _self_paced(offering, days, named, (first, until), access, term[1], moves=True)
        return
    starts = event[0]
    in_term = term[0] <= starts <= term[1] and (nothing_to_pay or event[1] <= term[1])
    if nothing_to_pay:
        obtainable = available[0] <= starts <= available[1]
    else:
        obtainable = seat or max(days.as_of, available[0]) <= min(available[1], starts)
    if event[1] - event[0] <= access and in_term and obtainable:
        yield from _event_window(offering, days, named)


def _event_window(offering: Offering, days: Days, named: frozenset[str]) -> Iterator[Window]:
    event = event_days(offering)
    if event is not None and event[0] >= days.as_of:
        standing = Standing(approvers_on(offering.approvals, event[1]) & named, periods_of(days, *event))
        if in_a_cycle(days, standing):
            yield Window(event[0], event[1], event[1], event[1], standing)


def _self_paced(
    offering: Offering,
    days: Days,
    named: frozenset[str],
    span: tuple[int, int],
    access: int,
    start_last: int,
    *,
    moves: bool = False,
) -> Iterator[Window]:
    """Yield the windows of a self-paced offering that starts and finishes inside `span`.

    It is bought, or where nothing is bought (`moves`) started, on or before `start_last`; `access` days later it
    must be finished. Without weekly hours start and finish are one day, on which there is no study away from home
    unless none is needed. With them, each start that matters gives a window of its own.
    """
    first, last = max(span[0], days.first), min(span[1], days.last_day)
    if days.hundredths is None:
        reach = start_last if moves else start_last + access
        away = days.away if minutes_of(offering) else ()
        for low, high in _days_at_home(first, min(last, reach), away):
            for day, until, standing in segments(offering, days, low, high, named, None):
                yield Window(day, day, until, day, standing)
        return
    latest = min(last, start_last) if moves else last
    for start in _starts(days, first, latest, min(start_last, last - access)):
        reach = min(start, start_last) + access
        for low, high, standing in segments(offering, days, start, min(last, reach), named, start):
            yield Window(start, low, high, low, standing)


def _days_at_home(first: int, last: int, away: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is left of an interval without the days away, which are sorted."""
    for begin, end in away:
        if begin <= last and end >= first:
            if first < begin:
                yield first, begin - 1
            first = max(first, end + 1)
    if first <= last:
        yield first, last


def _starts(days: Days, first: int, latest: int, slides_until: int) -> list[int]:
    """Return the days on which study may start that give windows of their own.

    Of windows that end on one day the one that starts first is widest; a later start can only put it into a
    period. Up to `slides_until` each later start ends later, too.
    """
    if first > latest:
        return []
    found = {first} | {p.first for p in days.periods if first < p.first <= latest}
    found |= {*range(first, min(slides_until, latest) + 1, days.step)}
    if first < slides_until <= latest:
        found.add(slides_until)
    return sorted(found)


def segments(
    offering: Offering, days: Days, first: int, last: int, named: frozenset[str], start: int | None
) -> Iterator[tuple[int, int, Standing]]:
    """Cut finish days where a named approval or a period begins or ends; with `start`, periods must hold it too."""
    approvals = [
        (a.approver, ordinal(a.first, 0), ordinal(a.last, FOREVER))
        for a in offering.approvals
        if a.approver in named
    ]
    cuts = {first} | {lo for _, lo, _ in approvals} | {min(hi + 1, FOREVER) for _, _, hi in approvals}
    cuts |= {p.first for p in days.periods} | {min(p.last + 1, FOREVER) for p in days.periods}
    held: Standing | None = None
    begin = first
    for day in sorted(day for day in cuts if first <= day <= last):
        approvers = frozenset(name for name, lo, hi in approvals if lo <= day <= hi)
        now = Standing(approvers, periods_of(days, day if start is None else start, day))
        if held is not None and now != held:
            if in_a_cycle(days, held):
                yield begin, day - 1, held
            begin = day
        held = now
    if held is not None and in_a_cycle(days, held):
        yield begin, last, held
