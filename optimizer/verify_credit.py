"""Hold the credit of a plan: what each item could give, what is counted of it, and the rules it matches."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from catalogs.records import Approval, Offering, Part
from optimizer.credential import Cap, Filter, Requirement
from optimizer.learner import Earned
from optimizer.verify_claims import CountClaim, PlanClaims
from optimizer.verify_setting import CONTINUING_EDUCATION, Setting

type Amounts = Sequence[tuple[tuple[str, ...], Fraction]]
"""Parts of an item's credit: the categories each may count in, and its amount in the credential's unit."""

ANY = "any"
_NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one thing that can give credit: an earned line or an enrollment."""

    name: str
    source: Offering | Earned
    approvers: tuple[str, ...]
    """Sorted, those that hold on the day of finishing."""
    amounts: Amounts
    """Empty where nothing of it can count: outside the cycle, or a unit that does not convert."""
    counts: Mapping[str, Fraction]
    """Credit that the plan counts, by category."""
    earned: bool

    @property
    def counted(self) -> Fraction:
        """Return the credit the plan counts of it."""
        return sum(self.counts.values(), _NONE)

    @property
    def convertible(self) -> Fraction:
        """Return the credit it could give."""
        return sum((amount for _, amount in self.amounts), _NONE)


def holding_on(approvals: Sequence[Approval], day: date | None) -> tuple[str, ...]:
    """Return the approvers whose approval holds on a day, sorted; without a day only what holds always."""
    return tuple(
        sorted(
            {
                approval.approver
                for approval in approvals
                if (approval.first is None and approval.last is None)
                or (day is not None and (approval.first or day) <= day <= (approval.last or day))
            }
        )
    )


def matches(where: Filter, item: Offering | Earned, category: str, approvers: Sequence[str]) -> bool:
    """Say whether credit of an item counted in a category matches a filter."""
    tests = (
        (where.category, () if category == ANY else (category,)),
        (where.approver, approvers),
        (where.kind, (item.kind,)),
        (where.format, (item.format,)),
        (where.provider, (item.provider,)),
        (where.topic, item.topics),
    )
    if any(wanted and not any(value and value in wanted for value in values) for wanted, values in tests):
        return False
    return where.exclude is None or not matches(where.exclude, item, category, approvers)


def routed(parts: Amounts, wanted: Mapping[str, Fraction]) -> Fraction:
    """Return how much of the wanted credit the parts can give together: an exact maximum flow."""
    left = [amount for _, amount in parts]
    needed = dict(wanted)
    sent: defaultdict[tuple[int, str], Fraction] = defaultdict(Fraction)
    total = _NONE
    while gives := _augmenting(parts, left, needed, sent):
        takes = [(part, category) for (_, category), (part, _) in pairwise(gives)]
        step = min(left[gives[0][0]], needed[gives[-1][1]], *(sent[take] for take in takes))
        for give in gives:
            sent[give] += step
        for take in takes:
            sent[take] -= step
        left[gives[0][0]] -= step
        needed[gives[-1][1]] -= step
        total += step
    return total


def _augmenting(
    parts: Amounts,
    left: Sequence[Fraction],
    needed: Mapping[str, Fraction],
    sent: Mapping[tuple[int, str], Fraction],
) -> list[tuple[int, str]]:
    """Return the shortest way to send more, as (part, category) pairs, or an empty list."""
    queue = deque(part for part in range(len(parts)) if left[part] > 0)
    into_part: dict[int, str | None] = dict.fromkeys(queue)
    into_category: dict[str, int] = {}
    while queue:
        part = queue.popleft()
        for category in parts[part][0]:
            if category not in needed or category in into_category:
                continue
            into_category[category] = part
            if needed[category] > 0:
                path, end = [(part, category)], into_part[part]
                while end is not None:
                    path.append((into_category[end], end))
                    end = into_part[into_category[end]]
                return path[::-1]
            for other in range(len(parts)):
                if other not in into_part and sent.get((other, category), _NONE) > 0:
                    into_part[other] = category
                    queue.append(other)
    return []


class Counting:
    """Hold the items of a plan and the sums that follow from what each of them counts."""

    def __init__(self, claims: PlanClaims, setting: Setting) -> None:
        self.setting = setting
        self.requirements = [r for r in setting.version.requirements if r.route in CONTINUING_EDUCATION]
        self.caps = [c for c in setting.version.caps if c.route in CONTINUING_EDUCATION]
        self.times: dict[str, int] = {}
        for offering in setting.offerings.values():
            self.times[offering.course_id] = min(
                offering.times, self.times.get(offering.course_id, offering.times)
            )
        self.earned = [
            Item(
                name=claim.where,
                source=line,
                approvers=holding_on(line.approvals, line.date),
                amounts=self._amounts(line.credits, line.unit) if self.in_cycle(line) else (),
                counts=_by_category(claim.counts),
                earned=True,
            )
            for claim, line in zip(claims.earned, setting.learner.earned, strict=True)
        ]
        self.planned = [
            Item(
                name=claim.where,
                source=(offering := setting.offerings[claim.offering_id]),
                approvers=holding_on(offering.approvals, claim.finish),
                amounts=self._amounts(offering.credits, offering.unit),
                counts=_by_category(claim.counts),
                earned=False,
            )
            for claim in claims.enrollments
        ]
        self.items = self.earned + self.planned
        self.used = [self.total(cap, self.items) for cap in self.caps]
        self.items_used = [sum(self.uses(cap, item) for item in self.items) for cap in self.caps]

    def in_cycle(self, line: Earned) -> bool:
        """Say whether a line lies in the cycle; one without a date does."""
        return line.date is None or self.setting.cycle_start <= line.date <= self.setting.deadline

    def _amounts(self, parts: Sequence[Part], unit: str) -> Amounts:
        credential = self.setting.credential
        factors = {credential.unit: Fraction(1), **dict(credential.conversions), "=": Fraction(1), "": _NONE}
        factor = factors.get(unit, _NONE)
        return [
            (part.categories, factor * part.hundredths / 100)
            for part in parts
            if factor * part.hundredths > 0
        ]

    def total(self, rule: Requirement | Cap, items: Sequence[Item]) -> Fraction:
        """Return the counted credit of the items that matches a rule."""
        return sum(
            (
                credit
                for item in items
                for category, credit in item.counts.items()
                if matches(rule.where, item.source, category, item.approvers)
            ),
            _NONE,
        )

    def uses(self, cap: Cap, item: Item) -> bool:
        """Say whether any counted credit of an item matches a cap."""
        return self.total(cap, [item]) > 0

    def matched(self, item: Item, category: str, approvers: Sequence[str]) -> tuple[set[int], set[int]]:
        """Return the places of the requirements and of the caps that credit counted so matches."""

        def places(rules: Sequence[Requirement | Cap]) -> set[int]:
            return {
                place
                for place, rule in enumerate(rules)
                if matches(rule.where, item.source, category, approvers)
            }

        return places(self.requirements), places(self.caps)

    def may_count(self, item: Item) -> bool:
        """Say whether `times` lets an item count, the others being as they are."""
        course = item.source.course_id
        if not item.earned or not course or item.counted:
            return True
        counting = sum(other.counted > 0 for other in self.earned if other.source.course_id == course)
        return counting < self.times.get(course, 1)

    def room(self, item: Item, category: str) -> Fraction:
        """Return how much more of an item could count in a category, caps aside and the rest kept."""
        if not self.may_count(item):
            return _NONE
        return routed(item.amounts, {**item.counts, category: item.convertible}) - item.counted


def _by_category(counts: Sequence[CountClaim]) -> dict[str, Fraction]:
    sums: dict[str, Fraction] = {}
    for count in counts:
        sums[count.category] = sums.get(count.category, _NONE) + count.counted
    return sums
