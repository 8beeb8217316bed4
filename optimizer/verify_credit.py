"""Hold the credit of a plan for one credential: what each item could give, what counts, and what looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from catalogs.records import Offering, Part
from optimizer.learner import Earned
from optimizer.verify_claims import CountClaim, PlanClaims
from optimizer.verify_governed import Governed
from optimizer.verify_matching import Amounts, holding_on, matches, routed
from optimizer.verify_periods import Line
from optimizer.verify_setting import Setting

_NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one thing that can give credit: an earned line or an enrollment, as one credential sees it."""

    name: str
    source: Offering | Earned
    earned: bool
    first: date
    last: date
    """Its days; the cycle's for an earned line without a date, which may lie anywhere in it."""
    inside: bool
    """Whether it lies in the days of the credential; if not, only rules that look further see it."""
    carried: bool
    """Whether it was earned before the cycle and is carried over into it."""
    approvers: tuple[str, ...]
    """Sorted, those that hold on the day of finishing."""
    amounts: Amounts
    """Empty where nothing of it can count: no rule sees it, its unit does not convert, or it is too small."""
    counts: Mapping[str, Fraction]
    """Credit that the plan counts, by category."""
    barred: bool
    """Whether it counts for a credential with which this one shares nothing."""

    @property
    def counted(self) -> Fraction:
        """Return the credit the plan counts of it."""
        return sum(self.counts.values(), _NONE)

    @property
    def convertible(self) -> Fraction:
        """Return the credit it could give."""
        return _sum(self.amounts)


@dataclass(frozen=True, slots=True)
class OfCourse:
    """Hold how often a course may count for a credential, and how often it does."""

    times: int
    used: int
    """Earned lines that use up `times`."""
    before: int
    """Those of them from before all that counts in the cycle: they come first."""
    earned: int
    """Earned lines that count in the cycle; those that only longer windows see count in none."""
    planned: int
    """Enrollments that count."""

    @property
    def most_earned(self) -> int:
        """Return how many earned lines may count in the cycle."""
        return max(self.times - self.before, 0)

    @property
    def most_planned(self) -> int:
        """Return how many enrollments may count."""
        return max(self.times - self.used, 0)


class Counting:
    """Hold the items of a plan as one credential sees them, and the sums that follow from what each counts."""

    def __init__(self, claims: PlanClaims, setting: Setting, place: int) -> None:
        self.setting, self.governed = setting, setting.governed[place]
        self.requirements, self.caps = self.governed.requirements, self.governed.caps
        lines = setting.learner.earned
        self.earned_claims = claims.earned[place * len(lines) : (place + 1) * len(lines)]
        barring = {
            one.id
            for one in setting.governed
            if one.id != self.governed.id and not (one.shares and self.governed.shares)
        }
        elsewhere = [
            any(
                other.counts
                for number, other in enumerate(claims.earned[index :: len(lines)])
                if setting.governed[number].id in barring
            )
            for index in range(len(lines))
        ]
        self.earned = [
            self._earned(str(claim.where), line, _by_category(claim.counts), barred)
            for claim, line, barred in zip(self.earned_claims, lines, elsewhere, strict=True)
        ]
        self.planned = [
            self._taken(
                str(claim.where),
                setting.offerings[claim.offering_id],
                (claim.start, claim.finish),
                _by_category([count for count in claim.counts if count.credential == self.governed.id]),
                any(count.credential in barring for count in claim.counts),
            )
            for claim in claims.enrollments
        ]
        self.items = self.earned + self.planned
        self._courses: dict[str, list[Item]] = {}
        for item in self.items:
            self._courses.setdefault(item.source.course_id, []).append(item)
        self.used = [self.total(cap, self.items) for cap in self.caps]
        self.items_used = [sum(self.uses(cap, item) for item in self.items) for cap in self.caps]

    def _earned(self, name: str, line: Earned, counts: Mapping[str, Fraction], barred: bool) -> Item:
        governed = self.governed
        carried = governed.carries(line.date)
        item = Item(
            name=name,
            source=line,
            earned=True,
            first=line.date or governed.cycle_start,
            last=line.date or governed.deadline,
            inside=carried or governed.in_cycle(line.date),
            carried=carried,
            approvers=holding_on(line.approvals, line.date),
            amounts=converted(governed, line.credits, line.unit),
            counts=counts,
            barred=barred,
        )
        return item if item.inside else replace(item, amounts=self._looked_at(item))

    def _looked_at(self, item: Item) -> Amounts:
        """Return of an item outside the cycle the parts and categories that some requirement sees."""
        seen = [
            (tuple(category for category in categories if self.matched(item, category)[0]), amount)
            for categories, amount in item.amounts
        ]
        return [(categories, amount) for categories, amount in seen if categories]

    def _taken(
        self,
        name: str,
        offering: Offering,
        days: tuple[date, date],
        counts: Mapping[str, Fraction],
        barred: bool,
    ) -> Item:
        inside = self.governed.holds(*days)
        return Item(
            name=name,
            source=offering,
            earned=False,
            first=days[0],
            last=days[1],
            inside=inside,
            carried=False,
            approvers=holding_on(offering.approvals, days[1]),
            amounts=converted(self.governed, offering.credits, offering.unit) if inside else (),
            counts=counts,
            barred=barred,
        )

    def moved(self, place: int, start: date, finish: date) -> Item:
        """Return an enrollment as it would be on other days."""
        item = self.planned[place]
        assert isinstance(item.source, Offering)  # noqa: S101 - what is planned is offered
        return self._taken(item.name, item.source, (start, finish), item.counts, item.barred)

    def sees(self, rule: Line, item: Item) -> bool:
        """Say whether a rule looks at an item."""
        if not item.earned and not item.inside:
            return False
        return rule.scope.sees(item.first, item.last, carried=item.carried)

    def sight(self, item: Item) -> tuple[bool, list[tuple[set[int], set[int]]]]:
        """Return whether an item is in the credential's days, and all that looks at any credit it could give."""
        categories = [category for part in item.source.credits for category in part.categories]
        return item.inside, [self.matched(item, category) for category in categories]

    def why_not_moved(self, item: Item, then: Item) -> str:
        """Return what an enrollment would break that kept its counts on other days, or nothing."""
        if item.counted and not then.inside:
            last = self.governed.last_day
            return f"it counts for {self.governed.id}, for which the last day to finish is {last}"
        approved = replace(item, approvers=then.approvers)
        for category in item.counts:
            (met, capped), (met_then, capped_then) = (self.matched(i, category) for i in (item, approved))
            if not met <= met_then or not capped_then <= capped:
                return "the approvals it counts by do not hold then"
        for rule in self.requirements:
            lost = self.total(rule, [item]) - self.total(rule, [then])
            if lost > 0 and self.total(rule, self.items) - lost < rule.at_least:
                return f'"{rule.name}" would lack its credit'
        for cap, used, items in zip(self.caps, self.used, self.items_used, strict=True):
            more = self.total(cap, [then]) - self.total(cap, [item])
            entered = self.uses(cap, then) and not self.uses(cap, item)
            if (cap.at_most is not None and more > 0 and used + more > cap.at_most) or (
                cap.items_at_most is not None and entered and items >= cap.items_at_most
            ):
                return f'"{cap.name}" leaves no room for it'
        return ""

    def matches(self, rule: Line, item: Item, category: str) -> bool:
        """Say whether a rule looks at credit of an item counted in a category."""
        return self.sees(rule, item) and matches(rule.where, item.source, category, item.approvers)

    def total(self, rule: Line, items: Sequence[Item]) -> Fraction:
        """Return the counted credit of the items that matches a rule."""
        return sum(
            (
                credit
                for item in items
                for category, credit in item.counts.items()
                if self.matches(rule, item, category)
            ),
            _NONE,
        )

    def uses(self, cap: Line, item: Item) -> bool:
        """Say whether any counted credit of an item matches a cap."""
        return self.total(cap, [item]) > 0

    def matched(self, item: Item, category: str) -> tuple[set[int], set[int]]:
        """Return the places of the requirements and of the caps that credit counted so matches."""
        met, capped = (
            {place for place, rule in enumerate(rules) if self.matches(rule, item, category)}
            for rules in (self.requirements, self.caps)
        )
        return met, capped

    def of_course(self, course: str) -> OfCourse:
        """Return how often a course may count, what uses that up, and what counts."""
        items = self._courses.get(course, [])
        days = [item.source.date for item in items if isinstance(item.source, Earned)]
        return OfCourse(
            self.setting.times.get(course, 1),
            sum(map(self.governed.uses_up, days)),
            sum(map(self.governed.uses_up_before, days)),
            sum(item.earned and item.inside and item.counted > 0 for item in items),
            sum(not item.earned and item.counted > 0 for item in items),
        )

    def may_count(self, item: Item) -> bool:
        """Say whether nothing but caps keeps an item from counting, the others being as they are."""
        if item.counted:
            return True
        if item.barred:
            return False
        if not item.source.course_id or not item.inside:
            return True
        course = self.of_course(item.source.course_id)
        return course.earned < course.most_earned if item.earned else course.planned < course.most_planned

    def room(self, item: Item, category: str) -> Fraction:
        """Return how much more of an item could count in a category, caps aside and the rest kept."""
        if not self.may_count(item):
            return _NONE
        return routed(item.amounts, {**item.counts, category: item.convertible}) - item.counted


def factor(governed: Governed, unit: str) -> Fraction:
    """Return the credential's credits per credit in a unit, 0 where it does not convert."""
    credential = governed.credential
    factors = {credential.unit: Fraction(1), **dict(credential.conversions), "=": Fraction(1), "": _NONE}
    return factors.get(unit, _NONE)


def converted(governed: Governed, parts: Sequence[Part], unit: str) -> Amounts:
    """Return the parts of an item's credit in the credential's unit, nothing where it is too small to count."""
    each, version = factor(governed, unit), governed.version
    amounts = [(part.categories, each * part.hundredths / 100) for part in parts]
    if version.smallest_item is not None and _sum(amounts) < version.smallest_item:
        return []
    if (step := version.round_down_to) is not None:
        amounts = [(categories, amount // step * step) for categories, amount in amounts]
    return [(categories, amount) for categories, amount in amounts if amount > 0]


def _sum(amounts: Amounts) -> Fraction:
    return sum((amount for _, amount in amounts), _NONE)


def _by_category(counts: Sequence[CountClaim]) -> dict[str, Fraction]:
    sums: dict[str, Fraction] = {}
    for count in counts:
        sums[count.category] = sums.get(count.category, _NONE) + count.counted
    return sums
