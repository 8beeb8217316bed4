"""The answer: a solved problem as the plan people and programs read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogs.amounts import write_money
from catalogs.records import Approval
from optimizer.counting import Count
from optimizer.credential import Version
from optimizer.filters import Item, matches
from optimizer.learner_file import learner_mapping
from optimizer.market import Market
from optimizer.plan import (
    CapUsed,
    CatalogUsed,
    CountedCredit,
    CredentialUsed,
    EarnedLine,
    Enrollment,
    FeeOwed,
    NoPlan,
    Plan,
    ProblemPosed,
    Purchase,
    Remedy,
    RequirementMet,
    SetAside,
    amount,
)
from optimizer.problem import Credit, Problem
from optimizer.purchases import Bought, Seat
from optimizer.terms import FOREVER
from optimizer.windows import approvers_on

if TYPE_CHECKING:
    from optimizer.planning import Question


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold a solved problem: the question, what was chosen, and what counts."""

    question: "Question"
    version: Version
    span: tuple[date, date]
    market: Market
    problem: Problem
    seats: Sequence[Seat]
    """In the order in which they are shown."""
    terms: Sequence[Bought]
    counts: Sequence[Count]
    """Items are seats, then earned lines of the problem."""
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Counted:
    """Hold one item with what it could count and what it counts."""

    about: Item
    approvers: frozenset[str]
    credits: tuple[Credit, ...]
    counts: tuple[Count, ...]

    def total(self, part: int | None = None) -> Fraction:
        return sum((c.credit for c in self.counts if part is None or c.part == part), Fraction())


def answer(solved: Answered, *, bound: int, proven: bool, full: bool, cheapest_full_cost: int | None) -> Plan:
    """Return the plan; `full` says whether it meets every requirement."""
    question, problem = solved.question, solved.problem
    items = _items(solved)
    purchases = _purchases(solved)
    cost = sum(p.price for p in purchases)
    if not full:
        status = "infeasible"
    elif not purchases and not solved.seats:
        status = "nothing_needed"
    else:
        status = "optimal" if proven else "feasible"
    enrollments = tuple(_enrollment(solved, seat, items[i]) for i, seat in enumerate(solved.seats))
    no_plan = None
    if not full:
        budget = problem.budget
        remedies = []
        if budget is not None and cheapest_full_cost is not None:
            more = write_money(cheapest_full_cost - budget)
            remedies.append(Remedy(f"raise the budget by ${more}", cheapest_full_cost))
        no_plan = NoPlan(cheapest_full_cost, (), tuple(remedies))
    return Plan(
        status=status,
        as_of=question.as_of,
        cost=cost,
        bound=bound if full and not proven else cost,
        budget=problem.budget,
        minutes=sum(e.minutes for e in enrollments),
        route={question.credential.id: "continuing-education"},
        purchases=purchases,
        enrollments=enrollments,
        earned=_earned(solved, items),
        requirements=_requirements(solved, items),
        caps=_caps(solved, items),
        no_plan=no_plan,
        fees=tuple(FeeOwed(question.credential.id, f.name, f.amount, f.note) for f in solved.version.fees),
        reasons=_reasons(solved, purchases, enrollments),
        warnings=tuple(solved.warnings),
        not_modelled=tuple(n.text for n in solved.version.not_modelled),
        problem=ProblemPosed(
            _portable(learner_mapping(question.learner)),
            (
                CredentialUsed(
                    question.credential.id,
                    solved.version.effective,
                    question.credential.sha256,
                    question.credential.text if question.learner.targets[0].file else None,
                ),
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
    for target in learner["credential"]:
        if target.get("file"):
            target["file"] = Path(target["file"]).name
    return learner


def _items(solved: Answered) -> list[_Counted]:
    """Return every enrollment, then every earned line of the problem, with what it counts."""
    problem = solved.problem
    of: dict[int, list[Count]] = {}
    for count in solved.counts:
        of.setdefault(count.item, []).append(count)
    found = []
    for i, seat in enumerate(solved.seats):
        held = approvers_on(seat.offering.approvals, seat.finish)
        found.append(_Counted(seat.choice.item, held, seat.choice.credits, tuple(of.get(i, ()))))
    for i, line in enumerate(problem.lines, start=len(solved.seats)):
        found.append(_Counted(line.item, line.approvers, line.credits, tuple(of.get(i, ()))))
    return found


def _counted_credit(
    solved: Answered, item: _Counted, approvals: Iterable[Approval], day: int | None
) -> tuple[CountedCredit, ...]:
    by_category: dict[str, Fraction] = {}
    for count in item.counts:
        by_category[count.category] = by_category.get(count.category, Fraction()) + count.credit
    holding = tuple(sorted(approvers_on(approvals, day)))
    return tuple(
        CountedCredit(solved.question.credential.id, category, holding, credit)
        for category, credit in sorted(by_category.items())
    )


def _enrollment(solved: Answered, seat: Seat, item: _Counted) -> Enrollment:
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
        counts=_counted_credit(solved, item, offering.approvals, seat.finish),
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
            bought.append(
                Purchase(
                    id=offering.offering_id,
                    kind="offering",
                    title=offering.title,
                    price=seat.way.price,
                    on=date.fromordinal(seat.bought_on),
                    until=None,
                    assumed=offering.assumed,
                )
            )
    required = {p.requires for p in passes.values()}
    return tuple(sorted(bought, key=lambda p: (p.on, p.kind != "pass", p.id not in required, p.id)))


def _earned(solved: Answered, items: Sequence[_Counted]) -> tuple[EarnedLine, ...]:
    learner = solved.question.learner
    places = {line.index: place for place, line in enumerate(solved.problem.lines)}
    by_line = {
        line.index: items[len(solved.seats) + place] for place, line in enumerate(solved.problem.lines)
    }
    found = []
    for index, line in enumerate(learner.earned):
        item = by_line.get(index)
        if item is None:
            inside = line.date is None or solved.span[0] <= line.date <= solved.span[1]
            if not inside:
                why = "outside the cycle"
            elif not line.unit:
                why = "its unit of credit is not stated"
            else:
                why = f"unit {line.unit} does not count for this credential"
            found.append(EarnedLine(line.date, line.title, line.course_id, (), Fraction(), why))
            continue
        offered = Fraction(sum(c.amount for c in item.credits), solved.problem.scale)
        day = None if line.date is None else line.date.toordinal()
        counts = _counted_credit(solved, item, line.approvals, day)
        why_not = None
        if not counts:
            repeated = any(places[index] in group for group, _ in solved.problem.repeated_lines)
            why_not = (
                "its course counts no more often in a cycle" if repeated else "a cap leaves no room for it"
            )
        void = offered - item.total()
        found.append(EarnedLine(line.date, line.title, line.course_id, counts, void, why_not))
    return tuple(found)


def _requirements(solved: Answered, items: Sequence[_Counted]) -> tuple[RequirementMet, ...]:
    found = []
    for rule in solved.version.requirements:
        sums = [Fraction(), Fraction()]
        for i, item in enumerate(items):
            for count in item.counts:
                if matches(rule.where, item.about, item.approvers, count.category):
                    sums[i >= len(solved.seats)] += count.credit
        planned, earned = sums
        short = max(Fraction(), rule.at_least - earned - planned)
        found.append(
            RequirementMet(solved.question.credential.id, rule.name, rule.at_least, earned, planned, short)
        )
    return tuple(found)


def _caps(solved: Answered, items: Sequence[_Counted]) -> tuple[CapUsed, ...]:
    scale = solved.problem.scale
    found = []
    for cap in solved.version.caps:
        used = void = Fraction()
        for item in items:
            used += sum(
                (c.credit for c in item.counts if matches(cap.where, item.about, item.approvers, c.category)),
                Fraction(),
            )
            for q, credit in enumerate(item.credits):
                if any(matches(cap.where, item.about, item.approvers, k) for k in credit.categories):
                    void += Fraction(credit.amount, scale) - item.total(q)
        found.append(
            CapUsed(solved.question.credential.id, cap.name, cap.at_most, cap.items_at_most, used, void)
        )
    return tuple(found)


def _reasons(
    solved: Answered, purchases: Sequence[Purchase], enrollments: Sequence[Enrollment]
) -> tuple[str, ...]:
    """Say for each purchase what it pays for and what that closes."""
    passes = {p.pass_id: p for p in solved.market.passes}
    paid_on = [
        date.fromordinal(seat.start if seat.bought_on is None else seat.bought_on) for seat in solved.seats
    ]
    found = []
    for purchase in purchases:
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
        closes: dict[str, Fraction] = {}
        for count in (c for e in paid for c in e.counts):
            closes[count.category] = closes.get(count.category, Fraction()) + count.credit
        credit = ", ".join(f"{amount(credit)} {category}" for category, credit in sorted(closes.items()))
        number = "1 course" if len(paid) == 1 else f"{len(paid)} courses"
        told = f": {credit}" if credit and does == "pays for" else ""
        needing = sorted(p.id for p in purchases if p.kind == "pass" and passes[p.id].requires == purchase.id)
        why = f"{does} {number}{told}" if paid or not needing else f"is needed for {', '.join(needing)}"
        found.append(f"{purchase.title} (bought {purchase.on}) {why}.")
    return tuple(found)
