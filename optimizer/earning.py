"""Earning: the days and rules that bind, and what an item's credit is worth under them (rules 16, 20, 33, 38 to 42)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from catalogs.records import Part
from optimizer.credential import Cap, Filter, Requirement
from optimizer.cycles import add_months
from optimizer.filters import Item, Standing
from optimizer.hours import disjoint
from optimizer.learner import Learner
from optimizer.learner_keys import OWN_UNIT
from optimizer.obligation import Obligation
from optimizer.problem import Days, Period, Rule
from optimizer.windows import approvers_on

SHORT = 100
"""Days up to which every start is tried where weekly hours bind."""
STEP = 28
"""Days between the starts that are tried beyond; those that matter for other reasons are always tried."""

type Amounts = tuple[tuple[int, tuple[str, ...], Fraction], ...]
"""Parts of an item's credit: for which obligation, in which categories it may be counted, and how much."""


def months_before(day: date, months: int) -> date:
    """Return the first of so many months that end on a day."""
    try:
        return add_months(day, -months) + timedelta(days=1)
    except ValueError:
        return date.min


def days_and_rules(
    learner: Learner, kept: Sequence[Obligation], as_of: date, *, timed: bool, every_day: bool
) -> tuple[Days, tuple[Rule, ...]]:
    """Return the fixed days of a problem and every rule with the period it looks at; amounts are not scaled yet."""
    periods: list[Period] = []
    for t, one in enumerate(kept):
        carry = one.version.carry_over
        since = one.start if carry is None else months_back(one.start, carry.months)
        periods.append(_period(t, one, one.start, one.deadline, earned_first=since))
    rules: list[Rule] = []
    for t, one in enumerate(kept):
        stated: list[Requirement | Cap] = [*one.requirements, *one.caps]
        for rule in stated:
            for span, name in _spans(rule, one):
                place = t
                if span is not None:
                    place = len(periods)
                    parts = isinstance(rule, Cap)
                    periods.append(replace(_period(t, one, *span), by_finish=parts))
                rules.append(_rule(t, place, rule, name))
        if carry := one.version.carry_over:
            first = months_back(one.start, carry.months).toordinal()
            rules.append(Rule(t, len(periods), "carried over", None, carry.at_most, None, None, Filter()))
            periods.append(Period(t, 1, 0, first, one.start.toordinal() - 1))
    first = max(as_of.toordinal(), min(one.start.toordinal() for one in kept))
    last_day = max(one.last_day.toordinal() for one in kept)
    hours = learner.hours_per_week if timed else None
    away = disjoint((a.first.toordinal(), a.last.toordinal()) for a in learner.away) if timed else []
    days = Days(
        as_of=as_of.toordinal(),
        first=first,
        last_day=last_day,
        periods=tuple(periods),
        targets=len(kept),
        away=tuple(away),
        hundredths=None if hours is None else int(hours * 100),
        step=1 if every_day or last_day - first < SHORT else STEP,
    )
    return days, tuple(rules)


def months_back(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the first day there is."""
    try:
        return add_months(day, -months)
    except ValueError:
        return date.min


def _period(
    target: int, one: Obligation, first: date, last: date, earned_first: date | None = None
) -> Period:
    """Return a period; what is planned counts only inside the cycle, whatever a rule looks back to (rule 33)."""
    planned_last = min(last, one.last_day)
    return Period(
        target,
        max(first, one.start).toordinal(),
        planned_last.toordinal(),
        (earned_first or first).toordinal(),
        last.toordinal(),
    )


def _spans(rule: Requirement | Cap, one: Obligation) -> list[tuple[tuple[date, date] | None, str]]:
    """Return the days a rule looks at and its name there; None for the cycle."""
    if rule.every_months is not None:
        whole = isinstance(rule, Requirement)
        parts = one.whole_parts(rule.every_months) if whole else one.parts(rule.every_months)
        return [((first, last), f"{rule.name}, {first} to {last}") for first, last in parts]
    if isinstance(rule, Requirement) and rule.within_months is not None:
        return [((months_before(one.deadline, rule.within_months), one.deadline), rule.name)]
    if isinstance(rule, Requirement) and rule.ever:
        return [((date.min, one.deadline), rule.name)]
    return [(None, rule.name)]


def _rule(target: int, period: int, rule: Requirement | Cap, name: str) -> Rule:
    if isinstance(rule, Requirement):
        return Rule(target, period, name, rule.at_least, None, None, None, rule.where)
    return Rule(target, period, name, None, rule.at_most, None, rule.items_at_most, rule.where)


def amounts_for(parts: Sequence[Part], unit: str, kept: Sequence[Obligation]) -> Amounts:
    """Return what the parts of an item's credit are worth for each obligation; nothing where they do not count."""
    found: list[tuple[int, tuple[str, ...], Fraction]] = []
    for t, one in enumerate(kept):
        factor = Fraction(1) if unit == OWN_UNIT else dict(one.credential.conversions).get(unit)
        if factor is None:
            continue
        worth = [(tuple(dict.fromkeys(p.categories)), Fraction(p.hundredths, 100) * factor) for p in parts]
        if (least := one.version.smallest_item) is not None and sum(amount for _, amount in worth) < least:
            continue
        if (step := one.version.round_down_to) is not None:
            worth = [(categories, amount // step * step) for categories, amount in worth]
        found += [(t, categories, amount) for categories, amount in worth if amount]
    return tuple(found)


def earned_credit(
    learner: Learner, kept: Sequence[Obligation], days: Days, named: frozenset[str]
) -> list[tuple[int, Item, Standing, Amounts]]:
    """Return the earned lines that may count: place, what filters look at, standing, and amounts."""
    found = []
    for index, line in enumerate(learner.earned):
        day = None if line.date is None else line.date.toordinal()
        periods = frozenset(
            p
            for p, one in enumerate(days.periods)
            if (
                _holds_cycle(one, kept[one.target])
                if day is None
                else one.earned_first <= day <= one.earned_last
            )
        )
        within = {days.periods[p].target for p in periods}
        amounts = tuple(one for one in amounts_for(line.credits, line.unit, kept) if one[0] in within)
        if amounts:
            approvers = approvers_on(line.approvals, day) & named
            item = Item(line.kind, line.format, line.provider, frozenset(line.topics))
            found.append((index, item, Standing(approvers, periods), amounts))
    return found


def _holds_cycle(period: Period, one: Obligation) -> bool:
    """Say whether a period contains the whole cycle, and so whatever was earned in it on a day not stated."""
    return period.earned_first <= one.start.toordinal() and one.deadline.toordinal() <= period.earned_last


def this_credential(kept: Sequence[Obligation]) -> str:
    """Return what a message calls the obligations."""
    return "this credential" if len(kept) == 1 else "these credentials"
