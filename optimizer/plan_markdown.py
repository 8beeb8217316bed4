"""The plan as Markdown (GitHub's): the words of the text plan, in headings, lists and tables."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.alternatives_text import alternative_texts, no_alternative_texts, tie_texts
from optimizer.layout import cap_texts, earned_texts, fee_texts
from optimizer.obligation import Obligation, obligations
from optimizer.plan import Plan, amount
from optimizer.question import Question
from optimizer.text import (
    MARK,
    assumption_texts,
    conflict_texts,
    course_rows,
    headline,
    names,
    reason_text,
    remedy_texts,
    route_texts,
    set_aside_texts,
    takes_time,
    unpublished,
)

_ENTITIES = {character: f"&#{ord(character)};" for character in "|\\`#"}
_ENTITIES |= {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""A backslash before a pipe, or at the end of a cell, means different things to different readers."""

_INLINE = re.compile(r"[*_\[\]~{}^@]|\$(?![0-9])|:(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_AT_START = re.compile(r"^(?:[-+=]|[0-9]+[.)](?= |$))")


def markdown_of(plan: Plan, question: Question, width: int) -> str:  # noqa: ARG001 - readers wrap it
    """Return the plan of a question as Markdown."""
    kept = obligations(question.learner, question.credentials, question.as_of)
    title, lines = headline(plan, kept)
    blocks = [
        f"# {escaped(f'{title}: {names(kept)}', 1_000)}",
        *map(escaped, lines),
        *_listed("Why there is none: these cannot all be kept", conflict_texts(plan)),
        *_listed("What would help, each by itself", remedy_texts(plan)),
        *_listed("Please note", plan.warnings),
        *_purchases(plan),
        *_enrollments(plan),
        *_requirements(plan, kept),
        *_alternatives(plan),
        *_listed("Other ways, for comparison", route_texts(plan)),
        *_earned(plan),
        *_listed("What it rests on", assumption_texts(plan)),
        *_listed("Owed anyway, not in the cost", fee_texts(plan.fees)),
        *_listed(f"Offerings that cannot be used here, of {plan.catalog.offerings}", set_aside_texts(plan)),
        *_listed("What this plan does not check", plan.not_modelled),
    ]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str, longest: int = 2_000) -> str:
    """Return text on one line, of which a reader of Markdown shows every character and obeys none."""
    visible = " ".join(shown(text, longest).split())
    inert = "".join(_ENTITIES.get(character, character) for character in visible)
    return _AT_START.sub(_backslashed, _INLINE.sub(_backslashed, inert))


def _backslashed(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"


def _listed(title: str, texts: Iterable[str]) -> list[str]:
    lines = [f"- {escaped(text)}" for text in texts]
    return [f"## {title}", "\n".join(lines)] if lines else []


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[str] = ()) -> str:
    """Return a table; columns named in `numbers` are set to the right."""
    rule = ["---:" if name in numbers else "---" for name in header]
    cells = [map(escaped, row) for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in ([*header], rule, *cells))


def _purchases(plan: Plan) -> list[str]:
    rows = [
        (
            str(p.on),
            f"${write_money(p.price)}",
            p.title + (MARK if unpublished(p.assumed) else ""),
            str(p.until or ""),
            reason_text(p, reason),
        )
        for p, reason in zip(plan.purchases, plan.reasons, strict=True)
    ]
    table = _table(("on", "price", "what", "good until", "why"), rows, ("price",))
    return ["## What to buy", table] if rows else []


def _enrollments(plan: Plan) -> list[str]:
    if not plan.enrollments:
        return []
    timed = takes_time(plan)
    days = ("from", "done", "by") if timed else ("from", "by")
    rows = [
        (
            *map(str, (row.start, row.finish, row.by) if timed else (row.start, row.by)),
            amount(Fraction(row.minutes, 60)),
            row.course,
            row.credit,
        )
        for row in course_rows(plan.enrollments, len(plan.problem.credentials) > 1)
    ]
    return ["## What to take", _table((*days, "hours", "course", "credit"), rows, ("hours",))]


def _requirements(plan: Plan, kept: Sequence[Obligation]) -> list[str]:
    names = {one.credential.id: one.credential.name for one in kept}
    amounts = ("needed", "earned", "planned", "short")
    blocks = ["## What that covers"]
    for credential, group in groupby(plan.requirements, key=lambda r: r.credential):
        rows = [(r.name, *map(amount, (r.required, r.earned, r.planned, r.short))) for r in group]
        caps = [
            f"- {escaped(text)}" for text in cap_texts(c for c in plan.caps if c.credential == credential)
        ]
        blocks += [f"### {escaped(names[credential])}"] if len(kept) > 1 else []
        blocks += [_table(("requirement", *amounts), rows, amounts)]
        blocks += ["\n".join(caps)] if caps else []
    return blocks if plan.requirements else []


def _alternatives(plan: Plan) -> list[str]:
    if plan.ties is None:
        return []
    told = [" ".join(alternative_texts(one)) for one in plan.alternatives] + no_alternative_texts(plan)
    return [*_listed("Just as good", tie_texts(plan)), *_listed("Plans of other kinds", told)]


def _earned(plan: Plan) -> list[str]:
    several = len(plan.problem.credentials) > 1
    rows = [((line.credential,) if several else ()) + earned_texts(line) for line in plan.earned]
    header = (*(("credential",) if several else ()), "day", "what counts")
    return ["## Earned before", _table(header, rows)] if rows else []
