"""The timeline of a report: terms, purchases, courses and last days as few enough rows to read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from optimizer.layout import number_of
from optimizer.obligation import Obligation
from optimizer.plan import Plan
from optimizer.report.rows import Course

MOST_ROWS = 8
"""Of courses: with more, what happens together shares a row."""
PARTS = ("term", "window", "study", "purchase", "event", "last day")


@dataclass(frozen=True, slots=True)
class Span:
    """Hold one bar or, where both days are one, one mark of the timeline."""

    row: int
    part: Annotated[str, PARTS]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """Hold the rows' names, in order, and what lies on them."""

    rows: tuple[str, ...]
    spans: tuple[Span, ...]


def timeline(plan: Plan, courses: Sequence[Course], kept: Sequence[Obligation]) -> Timeline:
    """Return what happens when: purchases and terms, then courses, then the last days."""
    rows: list[str] = []
    spans: list[Span] = []
    for one in (p for p in plan.purchases if p.kind == "pass"):
        spans.append(Span(len(rows), "purchase", one.on, one.on))
        if one.until:
            spans.append(Span(len(rows), "term", one.on, one.until))
        rows.append(one.title)
    for day, bought in _together((p.on, p.title) for p in plan.purchases if p.kind != "pass"):
        spans.append(Span(len(rows), "purchase", day, day))
        rows.append(f"Buy {bought[0] if len(bought) == 1 else number_of(len(bought), 'course')}")
    for name, group in _grouped(courses):
        spans.append(Span(len(rows), "window", min(c.start for c in group), max(c.by for c in group)))
        if any(c.start != c.finish for c in group):
            spans.append(Span(len(rows), "study", min(c.start for c in group), max(c.finish for c in group)))
        rows.append(name)
    for obligation in kept:
        of = f" of {obligation.credential.id}" if len(kept) > 1 else ""
        for name, last in (("Last day to finish", obligation.last_day), ("Deadline", obligation.deadline)):
            if name == "Deadline" or last != obligation.deadline:
                spans.append(Span(len(rows), "last day", last, last))
                rows.append(f"{name}{of}")
    return Timeline(tuple(rows), tuple(spans))


def _together(dated: Iterable[tuple[date, str]]) -> list[tuple[date, list[str]]]:
    found: dict[date, list[str]] = {}
    for day, title in dated:
        found.setdefault(day, []).append(title)
    return list(found.items())


def _grouped(courses: Sequence[Course]) -> list[tuple[str, list[Course]]]:
    """Return courses in rows: each by itself if they are few, else by provider and ever more days, or all in one."""
    ways: tuple[Callable[[Course], tuple[object, ...]], ...] = (
        lambda c: (c.title, c.provider, c.start, c.by, c.finish),
        lambda c: (c.provider, c.start, c.by),
        lambda c: (c.provider, c.finish.year, c.finish.month),
        lambda c: (c.provider, c.finish.year),
        lambda c: (c.provider,),
        lambda _: (),
    )
    for way in ways:
        groups: dict[tuple[object, ...], list[Course]] = {}
        for course in courses:
            groups.setdefault(way(course), []).append(course)
        if len(groups) <= MOST_ROWS:
            break
    return [(_row_name(group), group) for group in groups.values()]


def _row_name(group: Sequence[Course]) -> str:
    times = sum(course.times for course in group)
    if len({course.title for course in group}) == 1:
        return f"{times} × {group[0].title}" if times > 1 else group[0].title
    providers = sorted({course.provider for course in group})
    source = providers[0] if len(providers) == 1 else number_of(len(providers), "provider")
    return f"{number_of(times, 'course')} from {source}"
