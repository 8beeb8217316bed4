"""The plan as text: what to buy, what to take and by when, and what it rests on; at most `width` columns wide."""

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.alternatives_text import alternatives_text
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.layout import (
    bullets,
    cap_lines,
    category_name,
    earned_lines,
    fee_texts,
    number_of,
    section,
    short_credit,
    wrapped,
)
from optimizer.obligation import Obligation, obligations
from optimizer.pages import page_texts
from optimizer.plan import Enrollment, Plan, Purchase, amount
from optimizer.question import Question

MARK = "*"
"""Behind every line that rests on a value nobody published."""


def text_of(plan: Plan, question: Question, width: int) -> str:
    """Return the plan of a question as text."""
    kept = obligations(question.learner, question.credentials, question.as_of)
    return plan_text(plan, kept, width, page_texts(plan, question))


def plan_text(plan: Plan, kept: Sequence[Obligation], width: int = 80, pages: Sequence[str] = ()) -> str:
    """Return the plan as text; the obligations it is for give names and cycles, `pages` says where to find it."""
    paragraphs = [
        _headline(plan, kept, width),
        section("Why there is none: these cannot all be kept", bullets(conflict_texts(plan), width)),
        section("What would help, each by itself", bullets(remedy_texts(plan), width)),
        section("Please note", bullets(plan.warnings, width)),
        section("What to buy", _purchases(plan, width)),
        section("What to take", _enrollments(plan, width)),
        section("Where to find it", bullets(pages, width)),
        section("What that covers", _requirements(plan, width)),
        alternatives_text(plan, width),
        section("Other ways, for comparison", bullets(route_texts(plan), width)),
        section("Earned before", _earned(plan, width)),
        section("What it rests on", [wrapped(line, width) for line in assumption_texts(plan)]),
        section("Owed anyway, not in the cost", bullets(fee_texts(plan.fees), width)),
        section(
            f"Offerings that cannot be used here, of {plan.catalog.offerings}",
            bullets(set_aside_texts(plan), width),
        ),
        section("What this plan does not check", bullets(plan.not_modelled, width)),
    ]
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _headline(plan: Plan, kept: Sequence[Obligation], width: int) -> str:
    title, lines = headline(plan, kept)
    head = [*textwrap.wrap(shown(f"{title}: {names(kept)}", longest=1_000), width), ""]
    return "\n".join([*head, *(wrapped(line, width) for line in lines), ""])


def names(kept: Sequence[Obligation]) -> str:
    """Return the names of the credentials a plan is for."""
    return " and ".join(one.credential.name for one in kept)


def headline(plan: Plan, kept: Sequence[Obligation]) -> tuple[str, list[str]]:
    """Return the answer in a few words, and the sentences that say what was proven of it; not yet safe to print."""
    budget = "" if plan.budget is None else f" of your ${write_money(plan.budget)} budget"
    cost = f"${write_money(plan.cost)}{budget}"
    number = number_of(len(plan.enrollments), "course")
    match plan.status:
        case "nothing_needed":
            title, lines = "Nothing left to buy or take", ["What you have earned meets every requirement."]
            if others := [route for route in plan.route.values() if route != DEFAULT_ROUTE]:
                title = "Nothing left to buy"
                lines = [
                    f"You recertify by {' and '.join(others)}; what that asks for you have, or it costs nothing."
                ]
        case "optimal":
            title = "The cheapest plan"
            assumed = [e.assumed for e in plan.enrollments] + [p.assumed for p in plan.purchases]
            guessed = any(map(unpublished, assumed))
            proviso = f", if the values marked {MARK}, which nobody published, hold" if guessed else ""
            lines = [f"{cost} for {number}, {_hours(plan)}. Proven: no cheaper set meets the rules{proviso}."]
        case "feasible":
            title = "A plan, not proven to be the best"
            proven = "nothing costs less; an equally cheap plan may be better"
            if plan.gap:
                proven = f"no plan costs less than {_at_least(plan.bound, plan.cost)}"
            lines = [f"{cost} for {number}, {_hours(plan)}. Proven: {proven}."]
        case _:
            title, lines = "No full plan", _no_plan(plan, cost, number)
    lines += _saved(plan) + _cross_checked(plan)
    for one in kept:
        of = f" of {one.credential.id}" if len(kept) > 1 else ""
        lines.append(
            f"Cycle{of} {one.start} to {one.deadline}; the last day to finish anything is {one.last_day}."
        )
    return title, lines


def route_texts(plan: Plan) -> list[str]:
    """Say what each other route would cost."""
    several = len(plan.problem.credentials) > 1
    return [
        f"{r.name}{f' for {r.credential}' if several else ''}: "
        + (f"${write_money(r.cost)} in all" if r.cost is not None else "no full plan that way")
        + f" (plan it with --route {r.name})."
        for r in plan.routes
    ]


def _saved(plan: Plan) -> list[str]:
    """Say what planning several credentials together saves."""
    together = plan.together
    if together is None or together.saves is None:
        return []
    apart = ", ".join(f"{one.credential} ${write_money(one.cost or 0)}" for one in together.apart)
    if together.saves < 0:
        more = write_money(-together.saves)
        return [
            f"Planned one by one: {apart}. Kept together it takes ${more} more: they cannot share everything."
        ]
    return [f"Planned one by one: {apart}. Planning them together saves ${write_money(together.saves)}."]


def _at_least(bound: int, cost: int) -> str:
    """Say how low a cost could be, and what that would save."""
    return f"${write_money(bound)}, so at most ${write_money(cost - bound)} could be saved"


def _cross_checked(plan: Plan) -> list[str]:
    """Say what a second solver proved of the same integer program."""
    check = plan.cross_check
    if check is None:
        return []
    who = f"{check.solver}, another solver given the same integer program,"
    if check.why_not is not None:
        return [f"Not cross-checked: {who} did not confirm this. {check.why_not}"]
    routes = " by any route asked for" if plan.problem.learner.get("route") else ""
    if check.short is None:
        return [f"Cross-checked: {who} proves, too, that nothing costs less{routes}."]
    full = "there is no full plan at any price"
    if check.cost is not None:
        full = f"no full plan costs less than ${write_money(check.cost)}"
    least = f"that nothing that fits leaves less than {amount(check.short)} short in all"
    return [f"Cross-checked: {who} proves, too, that {full}{routes}, and {least}."]


def _no_plan(plan: Plan, cost: str, number: str) -> list[str]:
    found = plan.no_plan
    lines = []
    if found is None or found.cheapest_full_cost is None:
        limits = [] if found and found.conflict else _limits(plan.problem.learner)
        within = f" Limits of your own are in force: {', '.join(limits)}." if limits else ""
        lines.append(f"Nothing that can be used meets every requirement in time, at any price.{within}")
    else:
        full, bound = found.cheapest_full_cost, found.bound or 0
        lines.append(f"The cheapest plan that meets every requirement costs ${write_money(full)}.")
        if bound < full:
            lines[-1] = (
                f"The cheapest plan that was found to meet every requirement costs ${write_money(full)}. "
                f"Proven: none costs less than {_at_least(bound, full)}."
            )
    several = len({r.credential for r in plan.requirements}) > 1
    missing = ", ".join(
        f"{amount(r.short)} {r.name}{f' of {r.credential}' if several else ''}"
        for r in plan.requirements
        if r.short
    )
    lines.append(
        f"The best that fits: {cost} for {number}. " + (f"Still short: {missing}." if missing else "")
    )
    return lines


def conflict_texts(plan: Plan) -> Sequence[str]:
    """Return what cannot all be kept."""
    return () if plan.no_plan is None else plan.no_plan.conflict


def remedy_texts(plan: Plan) -> list[str]:
    """Say what would help, each by itself."""
    found = () if plan.no_plan is None else plan.no_plan.remedies
    return [f"{r.change}; a full plan then costs ${write_money(r.cost)}" for r in found]


def _limits(learner: Mapping[str, Any]) -> list[str]:
    """Name the limits of the learner's own that may be what stands in the way."""
    wishes = learner.get("preferences", {})
    named = ["only published values (--no-assumed)"] if learner.get("no_assumed") else []
    if learner.get("hours_per_week") is not None:
        named.append(f"hours_per_week = {learner['hours_per_week']}")
    if learner.get("away"):
        named.append("weeks away")
    for key in ("require", "exclude", "exclude_providers", "formats", "max_purchases"):
        if wishes.get(key) not in (None, [], ""):
            named.append(key)
    return named


def _hours(plan: Plan) -> str:
    about = "about " if any("hours" in e.assumed for e in plan.enrollments) else ""
    return f"{about}{short_credit(Fraction(plan.minutes, 60))} hours"


def _purchases(plan: Plan, width: int) -> list[str]:
    alike: dict[tuple[object, ...], list[tuple[Purchase, str]]] = {}
    for purchase, reason in zip(plan.purchases, plan.reasons, strict=True):
        why, guessed = reason_text(purchase, reason), bool(unpublished(purchase.assumed))
        key = (purchase.on, purchase.title, purchase.price, purchase.until, guessed, why)
        alike.setdefault(key, []).append((purchase, why))
    lines = []
    for (purchase, why), *others in alike.values():
        times, each = (f"{len(others) + 1} × ", "each ") if others else ("", "")
        until = f", good until {purchase.until}" if purchase.until else ""
        price = f", ${write_money(purchase.price)} each" if others else ""
        mark = MARK if unpublished(purchase.assumed) else ""
        total = "$" + write_money(purchase.price * (len(others) + 1))
        lines.append(
            wrapped(
                f"{times}{purchase.title}{until}{price}{mark}", width,
                f"  {purchase.on}  {total:>9}  ", " " * 25,
            )
        )  # fmt: skip
        lines.append(wrapped(f"{each}{why}", width, " " * 25, " " * 25))
    return lines


def reason_text(purchase: Purchase, reason: str) -> str:
    """Return a reason without the purchase it is for, for where that stands beside it."""
    return reason.removeprefix(f"{purchase.title} (bought {purchase.on}) ")


@dataclass(frozen=True, slots=True)
class CourseRow:
    """Hold enrollments that differ in nothing but their ids, as one row."""

    start: date
    finish: date
    by: date
    minutes: int
    """Of all of them."""
    course: str
    credit: str


def course_rows(enrollments: Sequence[Enrollment], several: bool) -> list[CourseRow]:
    """Return enrollments in rows of alike ones; `several` names the credential that credit counts for."""

    def alike(e: Enrollment) -> tuple[object, ...]:
        return (
            e.start, e.by, e.finish, e.title, e.provider, repr(e.counts), e.minutes, bool(unpublished(e.assumed)),
        )  # fmt: skip

    rows = []
    for _, group in groupby(sorted(enrollments, key=alike), key=alike):
        e, *others = group
        times = f"{len(others) + 1} × " if others else ""
        each = " each" if others else ""
        credit = (
            ", ".join(
                f"{short_credit(c.credit)} {category_name(c.category)}{each}{f' for {c.credential}' if several else ''}"
                for c in e.counts
            )
            or "counts nothing"
        )
        mark = MARK if unpublished(e.assumed) else ""
        minutes = e.minutes * (len(others) + 1)
        rows.append(
            CourseRow(e.start, e.finish, e.by, minutes, f"{times}{e.title} ({e.provider})", credit + mark)
        )
    return rows


def takes_time(plan: Plan) -> bool:
    """Say whether any course is started on one day and finished on another."""
    return any(e.start != e.finish for e in plan.enrollments)


def _enrollments(plan: Plan, width: int) -> list[str]:
    if not plan.enrollments:
        return []
    timed = takes_time(plan)
    heads = ("from", "done", "by") if timed else ("from", "by")
    lines = ["  " + "  ".join([*(f"{head:10}" for head in heads), f"{'hours':>6}", "course and credit"])]
    for row in course_rows(plan.enrollments, len(plan.problem.credentials) > 1):
        hours = amount(Fraction(row.minutes, 60))
        days = (row.start, row.finish, row.by) if timed else (row.start, row.by)
        first = "  " + "  ".join([*map(str, days), f"{hours:>6}", ""])
        lines.append(wrapped(f"{row.course}: {row.credit}", width, first, " " * len(first)))
    return lines


def _requirements(plan: Plan, width: int) -> list[str]:
    longest = max((len(shown(r.name)) for r in plan.requirements), default=0)
    longest = min(longest, max(width, 60) - 42)
    lines = [f"  {'':{longest}}  {'needed':>8}  {'earned':>8}  {'planned':>8}  {'short':>8}"]
    several = len(plan.problem.credentials) > 1
    for credential, group in groupby(plan.requirements, key=lambda r: r.credential):
        lines += [f"  {credential}"] if several else []
        lines += [
            "  ".join(
                [f"  {_fitted(r.name, longest):{longest}}"]
                + [f"{amount(value):>8}" for value in (r.required, r.earned, r.planned, r.short)]
            )
            for r in group
        ]
        lines += cap_lines([cap for cap in plan.caps if cap.credential == credential], width)
    return lines


def _fitted(name: str, longest: int) -> str:
    name = shown(name)
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _earned(plan: Plan, width: int) -> list[str]:
    lines = []
    for credential, group in groupby(plan.earned, key=lambda line: line.credential):
        lines += [f"  {credential}"] if len(plan.problem.credentials) > 1 else []
        lines += earned_lines(group, width)
    return lines


def unpublished(assumed: Sequence[str]) -> list[str]:
    """Return the assumed columns that may change what a line is worth; hours are told apart."""
    return [column.replace("_", " ") for column in assumed if column != "hours"]


def assumption_texts(plan: Plan) -> list[str]:
    """Say what of the plan rests on values nobody published."""
    lines: list[str] = []
    for thing, all_of in (
        ("course", [unpublished(e.assumed) for e in plan.enrollments]),
        ("purchase", [unpublished(p.assumed) for p in plan.purchases]),
    ):
        if number := sum(map(bool, all_of)):
            columns = Counter(column for columns in all_of for column in columns)
            told = ", ".join(f"{column} of {count}" for column, count in sorted(columns.items()))
            rests = "rests" if number == 1 else "rest"
            lines.append(
                f"{number} of {number_of(len(all_of), thing)} {rests} on values nobody published: {told}."
            )
    if lines:
        lines.append(
            f"They are marked {MARK}. Each value is the cautious end of what was published for the like. "
            "Check them with the provider before you pay; --no-assumed plans without them."
        )
    if any("title" in e.assumed for e in plan.enrollments):
        lines.append(
            "A course whose title was not published stands for any of its provider with the same credit; take "
            "one that you have not had."
        )
    if number := sum("hours" in e.assumed for e in plan.enrollments):
        lines.append(
            f"The hours of {number_of(number, 'course')} are the usual for their unit; none were published."
        )
    return lines


def set_aside_texts(plan: Plan) -> list[str]:
    """Count the offerings that cannot be used, by reason."""
    return [f"{number_of(s.count, 'offering')}: {s.why}" for s in plan.catalog.set_aside]
