"""The audit as text: what is missing, what counts, what is void and why; at most `width` columns wide."""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.audit import Audit, AuditedCredential, State, WayBack
from optimizer.layout import (
    bullets,
    cap_lines,
    earned_lines,
    fee_texts,
    number_of,
    section,
    short_credit,
    wrapped,
)
from optimizer.plan import EarnedLine, RequirementMet, amount


def audit_text(audit: Audit, width: int = 80) -> str:
    """Return the audit as text, one credential after another."""
    return "\n".join(_credential_text(one, audit.as_of, width) for one in audit.credentials)


def _credential_text(one: AuditedCredential, as_of: date, width: int) -> str:
    head = [*textwrap.wrap(f"What counts: {shown(one.name)}", width), ""]
    lines = [_verdict(one), *_standing(one, as_of)]
    paragraphs = [
        "\n".join([*head, *(wrapped(line, width) for line in lines), ""]),
        section("What is needed", [*_requirements(one.requirements, width), *cap_lines(one.caps, width)]),
        section("Earned", [*earned_lines(one.earned, width), *_void(one.earned, width)]),
        section("Owed anyway", bullets(fee_texts(one.fees), width)),
        section("What this audit does not check", bullets(one.not_modelled, width)),
    ]
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _verdict(one: AuditedCredential) -> str:
    if one.met:
        return "Complete: what you have earned meets every requirement."
    missing = [f"{short_credit(r.short)} for {r.name}" for r in one.requirements if r.short]
    several = " One course may close several of these at once." if len(missing) > 1 else ""
    return f"Not complete. Missing: {', '.join(missing)}.{several}"


def _standing(one: AuditedCredential, as_of: date) -> list[str]:
    """Say where the cycle stands, and what can still be done."""
    last_day, deadline = one.last_day, one.deadline
    cycle = f"Cycle {one.cycle_start} to {deadline}; the last day to finish anything is {last_day}"
    match one.state:
        case State.OPEN | State.CLOSING:
            left = number_of((last_day - as_of).days + 1, "day")
            lines = [f"{cycle}: {'only ' if one.state == State.CLOSING else ''}{left} left."]
            if not one.met:
                lines.append("`ceuplan optimize`, asked the same way, finds the cheapest way to earn it.")
            return lines
        case State.SUBMIT:
            told = (
                f"Nothing finished now is sure to be in time. Submit what you have before {deadline} ends, and "
                "ask the issuer whether a course finished now would still be accepted."
            )
        case State.GRACE:
            told = (
                f"The deadline has passed. Until {one.grace_until} the issuer still takes credit that was "
                "finished by the deadline; whether later credit counts was not found. Submit now, and ask."
            )
        case State.LAPSED:
            told = (
                f"The deadline has passed, and so has {one.grace_until}, the last day on which credit could "
                "be submitted: continuing education no longer renews it. "
                + (
                    "What is left: " + "; ".join(map(_way_back, one.ways_back)) + ". "
                    if one.ways_back
                    else ""
                )
                + "Ask the issuer how it is regained."
            )
        case _:
            told = (
                "The deadline has passed, and how long the issuer still takes credit was not found. Ask it "
                "what is possible before you pay for any course."
            )
    return [f"{cycle}.", told]


def _way_back(way: WayBack) -> str:
    under = "".join(f", ${write_money(p.price)} with {p.pass_id}" for p in way.passes)
    return f"{way.name}, ${write_money(way.price)}{under}"


def _requirements(requirements: Sequence[RequirementMet], width: int) -> list[str]:
    longest = max((len(shown(r.name)) for r in requirements), default=0)
    longest = min(longest, max(width, 60) - 32)
    lines = [f"  {'':{longest}}  {'needed':>8}  {'earned':>8}  {'missing':>8}"]
    for r in requirements:
        amounts = [f"{amount(value):>8}" for value in (r.required, r.earned, r.short)]
        lines.append("  ".join([f"  {shown(r.name)[:longest]:{longest}}", *amounts]))
    return lines


def _void(earned: Iterable[EarnedLine], width: int) -> list[str]:
    lines = list(earned)
    nothing = sum(not line.counts for line in lines)
    void = sum((line.void for line in lines), Fraction())
    if not nothing and not void:
        return []
    told = f"{nothing} of {number_of(len(lines), 'line')} {'counts' if nothing == 1 else 'count'} nothing"
    told += f"; {short_credit(void)} of the credit is void." if void else "."
    return [wrapped(told, width)]
