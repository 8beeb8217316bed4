"""The plan as a calendar (RFC 5545): what to do on which day, each day an event with an alarm.

Courses of one day are one event: sixty alarms are noise. Events of one kind are numbered from the last day
back, and their UIDs are made of the credentials, the kind and that number. So a later plan, imported again,
overwrites the events of an earlier one also where days, courses or providers changed: time takes away the first
of a kind, and the last keep their numbers. A UID of the day or of the course would leave behind what is dropped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from icalendar import Alarm, Calendar, Event, vText

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.layout import fee_texts, number_of
from optimizer.obligation import Obligation, obligations
from optimizer.plan import Enrollment, Plan
from optimizer.question import Question
from optimizer.text import MARK, assumption_texts, course_rows, headline, unpublished

PRODID = "-//ceuplan//ceuplan//EN"
DAYS_BEFORE = {"buy": 1, "attend": 7, "finish": 14, "expires": 30, "last-day": 30, "deadline": 14}
"""How long before its day each kind of event gives its alarm: what takes longer to do, earlier."""

_MORNING = timedelta(hours=9)
_FIRST = date(1950, 1, 1)
"""No answer is for a day before it, so days since then number the versions of an event."""


@dataclass(frozen=True, slots=True)
class Dated:
    """Hold one thing to do."""

    kind: str
    """One of `DAYS_BEFORE`."""
    day: date
    last: date
    what: str
    lines: tuple[str, ...]
    of: str = ""
    """The credential it belongs to; empty for what serves all of them."""


def ics_of(plan: Plan, question: Question, width: int) -> str:  # noqa: ARG001 - formats are asked alike
    """Return a plan as an iCalendar file."""
    kept = obligations(question.learner, question.credentials, question.as_of)
    calendar = Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", vText(_safe(f"ceuplan: {', '.join(one.credential.name for one in kept)}")))
    ids = "+".join(sorted(one.credential.id for one in kept))
    dated = sorted(
        _dated(plan, question, kept), key=lambda one: (one.of, one.kind, one.day, one.last, one.what)
    )
    events = []
    for (of, kind), group in groupby(dated, key=lambda one: (one.of, one.kind)):
        for number, one in enumerate(reversed(list(group)), start=1):
            uid = f"{of or ids}.{kind}.{number}@ceuplan"
            events.append((one.day, uid, _event(one, uid, question.as_of)))
    for _, _, event in sorted(events, key=lambda each: each[:2]):
        calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def _event(one: Dated, uid: str, as_of: date) -> Event:
    event = Event()
    event.add("UID", uid)
    event.add("DTSTAMP", datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC))
    event.add("SEQUENCE", (as_of - _FIRST).days)
    event.add("DTSTART", one.day)
    event.add("DTEND", one.last + timedelta(days=1))
    event.add("SUMMARY", _safe(one.what))
    event.add("DESCRIPTION", "\n".join(map(_safe, one.lines)))
    event.add("TRANSP", "TRANSPARENT")  # a reminder leaves the day free
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", _safe(one.what))
    alarm.add("TRIGGER", _MORNING - timedelta(days=DAYS_BEFORE[one.kind]))
    event.add_component(alarm)
    return event


def _safe(text: str) -> str:
    """Return text without control characters, which iCalendar cannot hold."""
    return shown(text, longest=500)


def _dated(plan: Plan, question: Question, kept: Sequence[Obligation]) -> Iterator[Dated]:
    """Return what is to be done on which days."""
    offered = (*question.offerings, *question.learner.offerings)
    live = {one.offering_id for one in offered if one.starts is not None or one.ends is not None}
    yield from _buying(plan)
    yield from _expiring(plan, question)
    several = len(kept) > 1
    for e in (e for e in plan.enrollments if e.offering_id in live):
        lines = [*_courses([e], several), *_mark([e.assumed])]
        yield Dated("attend", e.start, e.finish, f"Attend: {e.title} ({e.provider})", tuple(lines))
    studied = [e for e in plan.enrollments if e.offering_id not in live]
    paced = question.learner.hours_per_week is not None
    for day, group in _paced(studied) if paced else _by_last_day(studied):
        what = f"Finish: {group[0].title}" if len(group) == 1 else f"Finish {len(group)} courses"
        told = (
            f"The pace of your plan: done by {day}." if paced else "The last day on which these can be done:"
        )
        lines = [told, *_courses(group, several), *_mark([e.assumed for e in group])]
        yield Dated("finish", day, day, what, tuple(lines))
    yield from _closing(plan, kept)


def _buying(plan: Plan) -> Iterator[Dated]:
    for day, each in groupby(plan.purchases, key=lambda p: p.on):
        group = list(each)
        price = f"${write_money(sum(p.price for p in group))}"
        what = (
            f"Buy: {group[0].title}, {price}"
            if len(group) == 1
            else f"Buy {number_of(len(group), 'thing')}, {price}"
        )
        lines = [
            f"{p.title}, ${write_money(p.price)}{MARK if unpublished(p.assumed) else ''}"
            f"{f', good until {p.until}' if p.until else ''}"
            for p in group
        ]
        yield Dated("buy", day, day, what, (*lines, *_mark([p.assumed for p in group])))


def _expiring(plan: Plan, question: Question) -> Iterator[Dated]:
    """Return the last days of passes bought, and of those held."""
    titles = {one.pass_id: one.title for one in question.passes}
    held = [
        (one.until, titles.get(one.pass_id, one.pass_id))
        for one in question.learner.holdings
        if one.pass_id and one.until is not None and one.until >= plan.as_of
    ]
    for until, title in held + [(p.until, p.title) for p in plan.purchases if p.until is not None]:
        line = "What it pays for must be finished by then; what it makes cheaper, bought by then."
        yield Dated("expires", until, until, f"Ends: {title}", (line,))


def _by_last_day(enrollments: Sequence[Enrollment]) -> Iterator[tuple[date, list[Enrollment]]]:
    """Return courses by the last day on which they can be finished."""
    for day, group in groupby(sorted(enrollments, key=lambda e: e.by), key=lambda e: e.by):
        yield day, list(group)


def _paced(enrollments: Sequence[Enrollment]) -> Iterator[tuple[date, list[Enrollment]]]:
    """Return courses by the weeks of a plan with weekly hours, each on the day its last one is done.

    That day keeps the pace, since no work is left for later; it lies on no course's day too late.
    """
    group: list[Enrollment] = []
    for e in sorted(enrollments, key=lambda e: e.finish):
        same_week = group and e.finish.isocalendar()[:2] == group[-1].finish.isocalendar()[:2]
        if group and not (same_week and all(e.finish <= other.by for other in group)):
            yield group[-1].finish, group
            group = []
        group = [*group, e]
    if group:
        yield group[-1].finish, group


def _closing(plan: Plan, kept: Sequence[Obligation]) -> Iterator[Dated]:
    """Return the last day to finish and the deadline of each credential, with how the plan stands."""
    _, stands = headline(plan, kept)
    told = (f"Plan of {plan.as_of}.", *stands, *plan.warnings, *assumption_texts(plan))
    for one in kept:
        name, id_ = one.credential.name, one.credential.id
        fees = fee_texts(f for f in plan.fees if f.credential == id_)
        if one.last_day != one.deadline:
            line = f"What is finished later comes too late for the deadline of {one.deadline}."
            yield Dated(
                "last-day", one.last_day, one.last_day, f"Last day to finish anything: {name}", (line,), id_
            )
        lines = (*(f"Owed anyway: {fee}" for fee in fees), *told)
        yield Dated("deadline", one.deadline, one.deadline, f"Deadline: {name}", lines, id_)


def _courses(enrollments: Sequence[Enrollment], several: bool) -> list[str]:
    return [f"{row.course}: {row.credit}" for row in course_rows(enrollments, several)]


def _mark(assumed: Sequence[Sequence[str]]) -> list[str]:
    told = f"{MARK} rests on values nobody published; check them before you pay."
    return [told] if any(map(unpublished, assumed)) else []
