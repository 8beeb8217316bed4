"""The answer: a solved problem as the plan people and programs read."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimizer.learner_file import learner_mapping
from optimizer.plan import (
    CatalogUsed,
    CredentialUsed,
    Enrollment,
    FeeOwed,
    NoPlan,
    Plan,
    ProblemPosed,
    Purchase,
    SetAside,
    amount,
)
from optimizer.purchases import Seat
from optimizer.routes import KIND as ROUTE
from optimizer.tally import (
    Answered,
    Tallied,
    caps_used,
    counted_credit,
    earned_lines,
    requirements_met,
    tallied,
)
from optimizer.terms import FOREVER


def answer(
    solved: Answered,
    *,
    bound: int,
    proven: bool,
    full: bool,
    cheapest_full_cost: int | None,
    full_bound: int | None,
) -> Plan:
    """Return the plan; `full` says whether it meets every requirement, `full_bound` what a full one costs at least."""
    question, problem = solved.question, solved.problem
    items = tallied(solved)
    purchases = _purchases(solved)
    cost = sum(p.price for p in purchases)
    taken = [(seat, items[i]) for i, seat in enumerate(solved.seats) if seat.offering.kind != ROUTE]
    if not full:
        status = "infeasible"
    elif not purchases and not taken:
        status = "nothing_needed"
    else:
        status = "optimal" if proven else "feasible"
    enrollments = tuple(_enrollment(solved, seat, item) for seat, item in taken)
    return Plan(
        status=status,
        as_of=question.as_of,
        cost=cost,
        bound=cost if proven else min(bound, cost),
        budget=problem.budget,
        minutes=sum(e.minutes for e in enrollments),
        route={one.credential.id: one.route for one in solved.obligations},
        purchases=purchases,
        enrollments=enrollments,
        earned=earned_lines(solved, items),
        requirements=requirements_met(solved, items),
        caps=caps_used(solved, items),
        no_plan=None if full else NoPlan(cheapest_full_cost, full_bound, proven, (), ()),
        routes=(),
        together=None,
        alternatives=(),
        no_alternatives=(),
        ties=None,
        cross_check=None,
        fees=tuple(
            FeeOwed(one.credential.id, f.name, f.amount, f.note)
            for one in solved.obligations
            for f in one.version.fees
        ),
        reasons=_reasons(solved, purchases, enrollments),
        warnings=tuple(solved.warnings),
        not_modelled=tuple(
            dict.fromkeys(n.text for one in solved.obligations for n in one.version.not_modelled)
        ),
        problem=ProblemPosed(
            _portable(learner_mapping(question.learner)),
            tuple(
                CredentialUsed(
                    one.credential.id,
                    one.version.effective,
                    one.credential.sha256,
                    one.credential.text if target.file else None,
                )
                for one, target in zip(solved.obligations, question.learner.targets, strict=True)
            ),
        ),
        catalog=CatalogUsed(
            question.digest,
            len(question.offerings),
            len(question.passes),
            tuple(SetAside(why, count) for why, count in problem.set_aside),
        ),
    )


def _portable(learner: dict[str, Any]) -> dict[str, Any]:
    """Keep only the names of the learner's own rules files: their text is in the plan, their folder is private."""
    named: set[str] = set()
    for number, target in enumerate(learner["credential"], start=1):
        if target.get("file"):
            name = Path(target["file"]).name
            target["file"] = f"{number}-{name}" if name in named else name
            named.add(target["file"])
    return learner


def _enrollment(solved: Answered, seat: Seat, item: Tallied) -> Enrollment:
    offering = seat.offering
    hours = ("hours",) if offering.minutes is None and "hours" not in offering.assumed else ()
    return Enrollment(
        offering_id=offering.offering_id,
        course_id=offering.course_id,
        title=offering.title,
        provider=offering.provider,
        paid_by=seat.way.paid_by,
        price=seat.way.price,
        minutes=seat.choice.minutes,
        start=date.fromordinal(seat.start),
        finish=date.fromordinal(seat.finish),
        by=date.fromordinal(seat.by),
        counts=counted_credit(solved, item, offering.approvals, seat.finish),
        assumed=offering.assumed + hours,
    )


def _purchases(solved: Answered) -> tuple[Purchase, ...]:
    passes = {p.pass_id: p for p in solved.market.passes}
    bought = [
        Purchase(
            id=term.pass_id,
            kind="pass",
            title=passes[term.pass_id].title,
            price=term.price,
            on=date.fromordinal(term.first),
            until=None if term.last >= FOREVER else date.fromordinal(term.last),
            assumed=passes[term.pass_id].assumed,
        )
        for term in solved.terms
    ]
    for seat in solved.seats:
        offering = seat.offering
        if seat.bought_on is not None:
            route = offering.kind == ROUTE
            bought.append(
                Purchase(
                    id=offering.offering_id.split(":")[2].partition("@")[0]
                    if route
                    else offering.offering_id,
                    kind=ROUTE if route else "offering",
                    title=offering.title,
                    price=seat.way.price,
                    on=date.fromordinal(seat.bought_on),
                    until=None,
                    assumed=offering.assumed,
                )
            )
    required = {p.requires for p in passes.values()}
    return tuple(sorted(bought, key=lambda p: (p.on, p.kind != "pass", p.id not in required, p.id)))


def _reasons(
    solved: Answered, purchases: Sequence[Purchase], enrollments: Sequence[Enrollment]
) -> tuple[str, ...]:
    """Say for each purchase what it pays for and what that closes."""
    passes = {p.pass_id: p for p in solved.market.passes}
    paid_on = [
        date.fromordinal(seat.start if seat.bought_on is None else seat.bought_on)
        for seat in solved.seats
        if seat.offering.kind != ROUTE
    ]
    by_route = [(s.offering.title, s.way.paid_by) for s in solved.seats if s.offering.kind == ROUTE]
    found = []
    for purchase in purchases:
        if purchase.kind == ROUTE:
            found.append(f"{purchase.title} (bought {purchase.on}) is the way you recertify.")
            continue
        does = "pays for"
        if purchase.kind == "pass":
            does = "pays for" if passes[purchase.id].benefit == "included" else "lowers the price of"
            paid = [
                e
                for e, day in zip(enrollments, paid_on, strict=True)
                if e.paid_by == purchase.id and purchase.on <= day <= (purchase.until or date.max)
            ]
        else:
            paid = [
                e
                for e, day in zip(enrollments, paid_on, strict=True)
                if e.offering_id == purchase.id and e.price and day == purchase.on
            ][:1]
        closes: dict[tuple[str, str], Fraction] = {}
        for count in (c for e in paid for c in e.counts):
            key = count.credential, count.category
            closes[key] = closes.get(key, Fraction()) + count.credit
        of = {one.credential.id: f" for {one.credential.id}" for one in solved.obligations}
        credit = ", ".join(
            f"{amount(credit)} {category}{of[credential] if len(of) > 1 else ''}"
            for (credential, category), credit in sorted(closes.items())
        )
        number = "1 course" if len(paid) == 1 else f"{len(paid)} courses"
        told = f": {credit}" if credit and does == "pays for" else ""
        needing = sorted(p.id for p in purchases if p.kind == "pass" and passes[p.id].requires == purchase.id)
        needing += [f"the price of {route}" for route, pass_id in by_route if pass_id == purchase.id]
        why = f"{does} {number}{told}" if paid or not needing else f"is needed for {', '.join(needing)}"
        found.append(f"{purchase.title} (bought {purchase.on}) {why}.")
    return tuple(found)
