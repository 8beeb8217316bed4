"""The tally: of a solved problem, what each item counts, and how far requirements and caps are filled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from catalogs.records import Approval
from optimizer.counting import Count
from optimizer.credential import Cap, Credential, Version
from optimizer.filters import Item, matches
from optimizer.learner import Earned
from optimizer.market import Market
from optimizer.plan import CapUsed, CountedCredit, EarnedLine, RequirementMet
from optimizer.problem import Credit, Problem
from optimizer.purchases import Bought, Seat
from optimizer.windows import approvers_on

if TYPE_CHECKING:
    from optimizer.planning import Question


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold a solved problem: the question, what was chosen, and what counts."""

    question: "Question"
    credential: Credential
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
class Tallied:
    """Hold one item with what it could count and what it counts."""

    about: Item
    approvers: frozenset[str]
    credits: tuple[Credit, ...]
    counts: tuple[Count, ...]

    def total(self, part: int | None = None) -> Fraction:
        """Return the credit counted, of one part or of all."""
        return sum((c.credit for c in self.counts if part is None or c.part == part), Fraction())


def tallied(solved: Answered) -> list[Tallied]:
    """Return every enrollment, then every earned line of the problem, with what it counts."""
    problem = solved.problem
    of: dict[int, list[Count]] = {}
    for count in solved.counts:
        of.setdefault(count.item, []).append(count)
    found = []
    for i, seat in enumerate(solved.seats):
        held = approvers_on(seat.offering.approvals, seat.finish)
        found.append(Tallied(seat.choice.item, held, seat.choice.credits, tuple(of.get(i, ()))))
    for i, line in enumerate(problem.lines, start=len(solved.seats)):
        found.append(Tallied(line.item, line.approvers, line.credits, tuple(of.get(i, ()))))
    return found


def counted_credit(
    solved: Answered, item: Tallied, approvals: Iterable[Approval], day: int | None
) -> tuple[CountedCredit, ...]:
    """Return what an item counts by category, with all the approvers that hold on its day."""
    by_category: dict[str, Fraction] = {}
    for count in item.counts:
        by_category[count.category] = by_category.get(count.category, Fraction()) + count.credit
    holding = tuple(sorted(approvers_on(approvals, day)))
    return tuple(
        CountedCredit(solved.credential.id, category, holding, credit)
        for category, credit in sorted(by_category.items())
    )


def earned_lines(solved: Answered, items: Sequence[Tallied]) -> tuple[EarnedLine, ...]:
    """Return every line of the transcript with what it counts, what is void, and why."""
    by_line = dict(
        zip((line.index for line in solved.problem.lines), items[len(solved.seats) :], strict=True)
    )
    full = _full_caps(solved, items)
    found = []
    for index, line in enumerate(solved.question.learner.earned):
        item = by_line.get(index)
        if item is None:
            cannot = _why_it_cannot_count(line, solved.span)
            found.append(
                EarnedLine(
                    solved.credential.id, line.date, line.title, line.course_id, (), Fraction(), cannot
                )
            )
            continue
        offered = Fraction(sum(c.amount for c in item.credits), solved.problem.scale)
        day = None if line.date is None else line.date.toordinal()
        counts = counted_credit(solved, item, line.approvals, day)
        void = offered - item.total()
        why = _why_void(index, item, solved, full) if void else None
        found.append(
            EarnedLine(solved.credential.id, line.date, line.title, line.course_id, counts, void, why)
        )
    return tuple(found)


def _why_it_cannot_count(line: Earned, span: tuple[date, date]) -> str:
    if line.date is not None and not span[0] <= line.date <= span[1]:
        return "outside the cycle"
    if not line.unit:
        return "its unit of credit is not stated"
    return f"unit {line.unit} does not count for this credential"


def _full_caps(solved: Answered, items: Sequence[Tallied]) -> list[Cap]:
    """Return the caps that let nothing more count."""
    full = []
    for cap in solved.version.caps:
        used = [
            sum(
                (c.credit for c in i.counts if matches(cap.where, i.about, i.approvers, c.category)),
                Fraction(),
            )
            for i in items
        ]
        if cap.at_most == sum(used) or cap.items_at_most == sum(map(bool, used)):
            full.append(cap)
    return full


def _why_void(index: int, item: Tallied, solved: Answered, full: Sequence[Cap]) -> str:
    lines = solved.problem.lines
    repeated = (lines[place].index for group, _ in solved.problem.repeated_lines for place in group)
    if not item.counts and index in repeated:
        return "its course counts no more often in a cycle"
    caps = [
        f'"{cap.name}"'
        for cap in full
        if any(matches(cap.where, item.about, item.approvers, k) for c in item.credits for k in c.categories)
    ]
    rest = "the rest" if item.counts else "it"
    return f"{' and '.join(caps) or 'a cap'} leaves no room for {rest}"


def requirements_met(solved: Answered, items: Sequence[Tallied]) -> tuple[RequirementMet, ...]:
    """Return how far each requirement is met, by what was earned and by what is planned."""
    found = []
    for rule in solved.version.requirements:
        sums = [Fraction(), Fraction()]
        for i, item in enumerate(items):
            for count in item.counts:
                if matches(rule.where, item.about, item.approvers, count.category):
                    sums[i >= len(solved.seats)] += count.credit
        planned, earned = sums
        short = max(Fraction(), rule.at_least - earned - planned)
        found.append(RequirementMet(solved.credential.id, rule.name, rule.at_least, earned, planned, short))
    return tuple(found)


def caps_used(solved: Answered, items: Sequence[Tallied]) -> tuple[CapUsed, ...]:
    """Return how much each cap lets count, and how much of what it matches is void."""
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
        found.append(CapUsed(solved.credential.id, cap.name, cap.at_most, cap.items_at_most, used, void))
    return tuple(found)
