"""The rows of the report: courses that are alike in one row, and what each kept credit needs as evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from catalogs.amounts import write_money
from optimizer.layout import category_name, short_credit
from optimizer.obligation import Obligation
from optimizer.pages import offerings_taken
from optimizer.plan import CountedCredit, Enrollment, Plan
from optimizer.question import Question
from optimizer.text import reason_text, unpublished

CERTIFICATE = "certificate of completion"
CARD = "the card, both sides"
DESCRIPTION = "course description"
SPLIT = "how its credit splits into categories"


@dataclass(frozen=True, slots=True)
class Course:
    """Hold enrollments that a reader cannot tell apart."""

    times: int
    title: str
    url: str
    provider: str
    start: date
    finish: date
    by: date
    minutes: int
    """Of all of them."""
    credit: tuple[str, ...]
    """Of each of them."""
    paid: str
    assumed: tuple[str, ...]
    hours_assumed: bool
    keep: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bought:
    """Hold purchases of one day that are alike in all but why they are made."""

    times: int
    on: date
    until: date | None
    title: str
    url: str
    price: int
    """Of each of them."""
    assumed: tuple[str, ...]
    why: tuple[str, ...]
    """Each reason once, with how often it holds."""


@dataclass(frozen=True, slots=True)
class Filed:
    """Hold what was earned before, counts, and belongs into the binder."""

    date: date | None
    title: str
    keep: tuple[str, ...]


def courses(plan: Plan, question: Question, kept: Sequence[Obligation]) -> list[Course]:
    """Return what to take, by day: enrollments alike in all that is shown share a row."""
    offered = offerings_taken(plan, question)
    passes = {p.pass_id: p.title for p in question.passes}
    several, named = len(kept) > 1, approvers_named(kept)

    def shown(e: Enrollment) -> Course:
        offering = offered.get(e.offering_id)
        return Course(
            times=1,
            title=e.title,
            url=offering.url if offering else "",
            provider=e.provider,
            start=e.start,
            finish=e.finish,
            by=e.by,
            minutes=e.minutes,
            credit=_credit(e.counts, several=several),
            paid=_paid(e, passes),
            assumed=tuple(unpublished(e.assumed)),
            hours_assumed="hours" in e.assumed,
            keep=_evidence(e.counts, offering.kind if offering else "", named),
        )

    def place(course: Course) -> tuple[object, ...]:
        return course.start, course.by, course.finish, course.title, course.provider, repr(course)

    alike = [list(group) for _, group in groupby(sorted(map(shown, plan.enrollments), key=place), key=repr)]
    return [
        replace(group[0], times=len(group), minutes=sum(course.minutes for course in group))
        for group in alike
    ]


def purchases(plan: Plan, question: Question) -> list[Bought]:
    """Return what to buy, in the plan's order, with the reasons."""
    offered = offerings_taken(plan, question)
    pages = {name: one.url for name, one in offered.items()}
    pages |= {p.pass_id: p.url for p in question.passes}

    found: dict[Bought, list[str]] = {}
    for one, reason in zip(plan.purchases, plan.reasons, strict=True):
        alike = Bought(
            times=1,
            on=one.on,
            until=one.until,
            title=one.title,
            url="" if one.kind == "route" else pages.get(one.id, ""),
            price=one.price,
            assumed=tuple(unpublished(one.assumed)),
            why=(),
        )
        found.setdefault(alike, []).append(reason_text(one, reason))
    return [replace(alike, times=len(whys), why=_counted(whys)) for alike, whys in found.items()]


def _counted(texts: Iterable[str]) -> tuple[str, ...]:
    """Return each text once, with how often it comes."""
    return tuple(f"{n} × {text}" if n > 1 else text for text, n in Counter(texts).items())


def filed(plan: Plan, kept: Sequence[Obligation]) -> list[Filed]:
    """Return the lines of the transcript that count, each once, with the evidence to keep."""
    named = approvers_named(kept)
    found: dict[tuple[object, ...], list[CountedCredit]] = {}
    for line in plan.earned:
        if line.counts:
            found.setdefault((line.date, line.title), []).extend(line.counts)
    return [
        Filed(day if isinstance(day, date) else None, str(title or "untitled"), _evidence(counts, "", named))
        for (day, title), counts in found.items()
    ]


def approvers_named(kept: Iterable[Obligation]) -> Mapping[str, frozenset[str]]:
    """Return by credential the approvers that its requirements name."""
    return {
        one.credential.id: frozenset(
            approver for rule in one.version.requirements for approver in rule.where.approver
        )
        for one in kept
    }


def _evidence(
    counts: Iterable[CountedCredit], kind: str, named: Mapping[str, frozenset[str]]
) -> tuple[str, ...]:
    """Say what to keep: more for credit without an approver that the rules name, since it is looked at one by one."""
    keep = [CARD if kind == "cpr" else CERTIFICATE]
    if any(named.get(c.credential) and not named[c.credential] & {*c.approvers} for c in counts):
        keep += [DESCRIPTION, SPLIT]
    return tuple(keep)


def _credit(counts: Iterable[CountedCredit], *, several: bool) -> tuple[str, ...]:
    return tuple(
        f"{short_credit(c.credit)} {category_name(c.category)}{f' for {c.credential}' if several else ''}"
        for c in counts
    )


def _paid(e: Enrollment, passes: Mapping[str, str]) -> str:
    if e.paid_by == "free":
        return "free"
    price = f"${write_money(e.price)}"
    if e.paid_by == "single":
        return f"{price}, bought by itself"
    pass_title = passes.get(e.paid_by, e.paid_by)
    return f"{price} with {pass_title}" if e.price else f"included in {pass_title}"
