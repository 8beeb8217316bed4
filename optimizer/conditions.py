"""Conditions: what a plan must keep to, each of which could be let go to see whether it stands in the way.

A condition is what a learner would name: one requirement, one cap, the budget, the deadline. What the catalog says
of days, prices and approvals is no condition: nobody asked for it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from catalogs.amounts import write_money
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.layout import number_of
from optimizer.learner import Learner
from optimizer.obligation import Obligation, obligations
from optimizer.question import Question
from optimizer.rule_words import cap_words, requirement_words

LATEST = 366
"""Days by which a deadline is moved to see whether it stands in the way: nobody plans around a later one."""
SHORTER = (180, 90, 30, 7, 0)
"""The same where a later deadline may ask for more: what 366 days do not make possible a few may."""
SOONER = (28, 91)
"""The same, tried first where weekly hours bind: what works a little later works much later, and is found sooner."""
MANY = 8
"""Things required or excluded beyond which all of them are one condition: nobody reads on."""
ALL = ""
"""Name of a condition about all of them."""


class Kind(StrEnum):
    """Say what a condition is about; in the order in which they are let go when a conflict is looked for."""

    CAP = "cap"
    NOT_SHARED = "not shared"
    FORMATS = "formats"
    EXCLUDED = "excluded"
    EXCLUDED_PROVIDER = "excluded provider"
    PUBLISHED = "published"
    AWAY = "away"
    REQUIRED = "required"
    NUMBER = "number"
    DEADLINE = "deadline"
    HOURS = "hours"
    ROUTE = "route"
    REQUIREMENT = "requirement"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Condition:
    """Hold one condition."""

    kind: Kind
    target: int
    """Place of the obligation it belongs to; 0 for the learner's own."""
    name: str
    """Of the rule, offering or provider it is about; empty where there is only one of its kind."""
    words: str


def conditions(question: Question, kept: Sequence[Obligation]) -> tuple[Condition, ...]:
    """Return every condition of a question, in the order of `Kind`; of one kind the last stated first."""
    found: dict[tuple[Kind, int, str], Condition] = {}
    for one in (*_of_rules(kept), *_of_learner(question.learner)):
        same = one.kind, one.target, one.name
        words = [found[same].words] if same in found and found[same].words != one.words else []
        found[same] = replace(one, words="; ".join([*words, one.words]))
    return tuple(one for kind in Kind for one in reversed(found.values()) if one.kind is kind)


def _of_rules(kept: Sequence[Obligation]) -> Iterator[Condition]:
    for t, one in enumerate(kept):
        of = f" of {one.credential.id}" if len(kept) > 1 else ""
        unit = one.credential.unit
        for rule in one.requirements:
            words = f'"{rule.name}"{of}: {requirement_words(rule, unit)}'
            yield Condition(Kind.REQUIREMENT, t, rule.name, words)
        for cap in one.caps:
            yield Condition(Kind.CAP, t, cap.name, f'"{cap.name}"{of}: {cap_words(cap, unit)}')
        if one.route != DEFAULT_ROUTE:
            yield Condition(Kind.ROUTE, t, one.route, f"recertifying{of} by {one.route}")
        if not one.shares and len(kept) > 1:
            words = f"what counts for {one.credential.id} counts for no other credential"
            yield Condition(Kind.NOT_SHARED, t, "", words)
        words = f"everything{of} is finished by {one.last_day}"
        if one.last_day != one.deadline:
            words += f", the last day before the deadline, {one.deadline}"
        yield Condition(Kind.DEADLINE, t, "", words)


def _of_learner(learner: Learner) -> Iterator[Condition]:
    wishes = learner.preferences
    if learner.budget is not None:
        yield Condition(Kind.BUDGET, 0, "", f"you spend at most ${write_money(learner.budget)}")
    if learner.hours_per_week is not None:
        yield Condition(Kind.HOURS, 0, "", f"you study at most {learner.hours_per_week:f} hours a week")
    if learner.away:
        spans = ", ".join(f"{away.first} to {away.last}" for away in learner.away)
        yield Condition(Kind.AWAY, 0, "", f"you do not study while away ({spans})")
    if learner.no_assumed:
        yield Condition(Kind.PUBLISHED, 0, "", "only published values are used (--no-assumed)")
    if wishes.max_purchases is not None:
        yield Condition(Kind.NUMBER, 0, "", f"you make at most {number_of(wishes.max_purchases, 'purchase')}")
    if wishes.formats:
        yield Condition(Kind.FORMATS, 0, "", f"you take only what is {' or '.join(wishes.formats)}")
    for kind, names, alone, together in (
        (Kind.REQUIRED, wishes.require, "you take", "courses that you require"),
        (Kind.EXCLUDED, wishes.exclude, "you do not take", "courses that you exclude"),
        (Kind.EXCLUDED_PROVIDER, wishes.exclude_providers, "you take nothing from", "providers you exclude"),
    ):
        if len(names) > MANY:
            yield Condition(kind, 0, ALL, f"there are {len(names):,} {together}")
        else:
            yield from (Condition(kind, 0, name, f"{alone} {name}") for name in names)


def without(
    question: Question, kept: Sequence[Obligation], dropped: Collection[Condition], later: Sequence[int] = ()
) -> tuple[Question, tuple[Obligation, ...]]:
    """Return a question and its obligations with some conditions let go; `later` says by how many days, of each."""
    learner = question.learner
    for condition in dropped:
        learner = _learner_without(learner, condition)
    question = replace(question, learner=learner)
    for condition in dropped:
        if condition.kind is Kind.DEADLINE:
            question, kept = with_deadline(question, kept, condition.target, later[condition.target])
    return question, tuple(
        _obligation_without(one, [condition for condition in dropped if condition.target == t])
        for t, one in enumerate(kept)
    )


def with_deadline(
    question: Question, kept: Sequence[Obligation], target: int, days: int
) -> tuple[Question, tuple[Obligation, ...]]:
    """Return a question and its obligations with one deadline moved; the cycle starts when it did."""
    dates = [(one.start, one.deadline) for one in kept]
    dates[target] = dates[target][0], dates[target][1] + timedelta(days)
    targets = tuple(
        replace(one, cycle_start=start, deadline=deadline)
        for one, (start, deadline) in zip(question.learner.targets, dates, strict=True)
    )
    learner = replace(question.learner, targets=targets)
    moved = obligations(learner, question.credentials, question.as_of)
    return replace(question, learner=learner), tuple(
        replace(one, route=before.route) for one, before in zip(moved, kept, strict=True)
    )


def _learner_without(learner: Learner, condition: Condition) -> Learner:
    wishes = learner.preferences
    match condition.kind:
        case Kind.BUDGET:
            return replace(learner, budget=None)
        case Kind.HOURS:
            return replace(learner, hours_per_week=None)
        case Kind.AWAY:
            return replace(learner, away=())
        case Kind.PUBLISHED:
            return replace(learner, no_assumed=False)
        case Kind.NUMBER:
            wishes = replace(wishes, max_purchases=None)
        case Kind.FORMATS:
            wishes = replace(wishes, formats=())
        case Kind.REQUIRED:
            wishes = replace(wishes, require=_but(wishes.require, condition.name))
        case Kind.EXCLUDED:
            wishes = replace(wishes, exclude=_but(wishes.exclude, condition.name))
        case Kind.EXCLUDED_PROVIDER:
            wishes = replace(wishes, exclude_providers=_but(wishes.exclude_providers, condition.name))
        case _:
            return learner
    return replace(learner, preferences=wishes)


def _obligation_without(one: Obligation, dropped: Sequence[Condition]) -> Obligation:
    names = {kind: {c.name for c in dropped if c.kind is kind} for kind in Kind}
    version = one.version
    return replace(
        one,
        shares=one.shares or bool(names[Kind.NOT_SHARED]),
        version=replace(
            version,
            requirements=tuple(r for r in version.requirements if r.name not in names[Kind.REQUIREMENT]),
            caps=tuple(c for c in version.caps if c.name not in names[Kind.CAP]),
            routes=tuple(r for r in version.routes if r.name not in names[Kind.ROUTE]),
        ),
    )


def _but(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return () if name == ALL else tuple(one for one in names if one != name)
