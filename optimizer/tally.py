"""The tally: of a solved problem, what each item counts, and how far requirements and caps are filled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from catalogs.records import Approval
from optimizer.counting import Count
from optimizer.earning import amounts_for
from optimizer.filters import Item, Standing
from optimizer.learner import Earned
from optimizer.market import Market
from optimizer.obligation import Obligation
from optimizer.plan import CapUsed, CountedCredit, EarnedLine, RequirementMet
from optimizer.problem import Credit, Problem, Rule
from optimizer.purchases import Bought, Seat
from optimizer.question import Question
from optimizer.windows import approvers_on


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold a solved problem: the question, what was chosen, and what counts."""

    question: Question
    obligations: Sequence[Obligation]
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
    standing: Standing
    credits: tuple[Credit, ...]
    counts: tuple[Count, ...]

    def total(self, part: int | None = None, target: int | None = None) -> Fraction:
        """Return the credit counted, of one part or for one obligation."""
        counts = (c for c in self.counts if part in (None, c.part) and target in (None, c.target))
        return sum((c.credit for c in counts), Fraction())

    def counted(self, rule: Rule) -> Fraction:
        """Return the counted credit that a rule looks at."""
        counts = (c for c in self.counts if rule.matches(self.about, self.standing, c.target, c.category))
        return sum((c.credit for c in counts), Fraction())

    def matches(self, rule: Rule, credit: Credit) -> bool:
        """Say whether a rule looks at a part of the credit, however it is counted."""
        return any(
            rule.matches(self.about, self.standing, credit.target, category) for category in credit.categories
        )


def tallied(solved: Answered) -> list[Tallied]:
    """Return every enrollment, then every earned line of the problem, with what it counts."""
    of: dict[int, list[Count]] = {}
    for count in solved.counts:
        of.setdefault(count.item, []).append(count)
    found = []
    for i, seat in enumerate(solved.seats):
        found.append(Tallied(seat.choice.item, seat.way.standing, seat.choice.credits, tuple(of.get(i, ()))))
    for i, line in enumerate(solved.problem.lines, start=len(solved.seats)):
        found.append(Tallied(line.item, line.standing, line.credits, tuple(of.get(i, ()))))
    return found


def counted_credit(
    solved: Answered, item: Tallied, approvals: Iterable[Approval], day: int | None, target: int | None = None
) -> tuple[CountedCredit, ...]:
    """Return what an item counts by obligation and category, with all the approvers that hold on its day."""
    sums: dict[tuple[int, str], Fraction] = {}
    for count in item.counts:
        if target in (None, count.target):
            key = count.target, count.category
            sums[key] = sums.get(key, Fraction()) + count.credit
    holding = tuple(sorted(approvers_on(approvals, day)))
    return tuple(
        CountedCredit(solved.obligations[t].credential.id, category, holding, credit)
        for (t, category), credit in sorted(sums.items())
    )


def earned_lines(solved: Answered, items: Sequence[Tallied]) -> tuple[EarnedLine, ...]:
    """Return for each obligation every line of the transcript, with what it counts, what is void, and why."""
    by_line = dict(
        zip((line.index for line in solved.problem.lines), items[len(solved.seats) :], strict=True)
    )
    full = _full_caps(solved, items)
    return tuple(
        _earned_line(solved, target, line, by_line.get(index), index, full)
        for target in range(len(solved.obligations))
        for index, line in enumerate(solved.question.learner.earned)
    )


def _earned_line(
    solved: Answered, target: int, line: Earned, item: Tallied | None, index: int, full: Sequence[Rule]
) -> EarnedLine:
    one, problem = solved.obligations[target], solved.problem
    about = (one.credential.id, line.date, line.title, line.course_id)
    if item is None:
        return EarnedLine(*about, (), Fraction(), _why_it_cannot_count(line, one))
    countable = [
        c for c in item.credits if c.target == target and problem.categories(item.about, item.standing, c)
    ]
    if not countable:
        return EarnedLine(*about, (), Fraction(), _why_it_cannot_count(line, one))
    offered = Fraction(sum(c.amount for c in countable), problem.scale)
    day = None if line.date is None else line.date.toordinal()
    counts = counted_credit(solved, item, line.approvals, day, target)
    void = offered - item.total(target=target)
    why = _why_void(index, target, item, solved, full) if void else None
    return EarnedLine(*about, counts, void, why)


def _why_it_cannot_count(line: Earned, one: Obligation) -> str:
    if line.date is not None and not one.start <= line.date <= one.deadline:
        return "outside the cycle"
    if not line.unit:
        return "its unit of credit is not stated"
    if line.unit in dict(one.credential.conversions) and not amounts_for(line.credits, line.unit, [one]):
        return "too little credit to count"
    return f"unit {line.unit} does not count for this credential"


def _full_caps(solved: Answered, items: Sequence[Tallied]) -> list[Rule]:
    """Return the caps that let nothing more count."""
    full = []
    for cap in solved.problem.caps:
        used = [item.counted(cap) for item in items]
        if cap.at_most == sum(used) or cap.items == sum(map(bool, used)):
            full.append(cap)
    return full


def _why_void(index: int, target: int, item: Tallied, solved: Answered, full: Sequence[Rule]) -> str:
    problem = solved.problem
    repeated = (
        problem.lines[place].index for t, group, _ in problem.repeated_lines if t == target for place in group
    )
    counts = bool(item.total(target=target))
    if not counts and index in repeated:
        return "its course counts no more often in a cycle"
    elsewhere = {c.target for c in item.counts} - {target}
    if not counts and elsewhere and (elsewhere | {target}) & problem.alone:
        return f"it counts for {solved.obligations[min(elsewhere)].credential.id}, and may not be shared"
    mine = [credit for credit in item.credits if credit.target == target]
    caps = [f'"{cap.name}"' for cap in full if any(item.matches(cap, credit) for credit in mine)]
    rest = "the rest" if counts else "it"
    return f"{' and '.join(caps) or 'a cap'} leaves no room for {rest}"


def requirements_met(solved: Answered, items: Sequence[Tallied]) -> tuple[RequirementMet, ...]:
    """Return how far each requirement is met, by what was earned and by what is planned."""
    found = []
    for rule in solved.problem.requirements:
        planned = sum((item.counted(rule) for item in items[: len(solved.seats)]), Fraction())
        earned = sum((item.counted(rule) for item in items[len(solved.seats) :]), Fraction())
        needed = rule.at_least or Fraction()
        short = max(Fraction(), needed - earned - planned)
        credential = solved.obligations[rule.target].credential.id
        found.append(RequirementMet(credential, rule.name, needed, earned, planned, short))
    return tuple(found)


def caps_used(solved: Answered, items: Sequence[Tallied]) -> tuple[CapUsed, ...]:
    """Return how much each cap lets count, and how much of what it matches is void."""
    scale = solved.problem.scale
    found = []
    for cap in solved.problem.caps:
        used = sum((item.counted(cap) for item in items), Fraction())
        void = Fraction()
        for item in items:
            for q, credit in enumerate(item.credits):
                if item.matches(cap, credit):
                    void += Fraction(credit.amount, scale) - item.total(q)
        credential = solved.obligations[cap.target].credential.id
        found.append(CapUsed(credential, cap.name, cap.at_most, cap.items, used, void))
    return tuple(found)
