"""Posing: from a learner, a credential and a catalog to the problem."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from catalogs.faults import Fault, Faults
from catalogs.records import Offering, Part
from optimizer.credential import Credential, Version
from optimizer.filters import Item, approvers_named, keys_named
from optimizer.learner import Learner
from optimizer.learner_keys import OWN_UNIT
from optimizer.market import Market
from optimizer.problem import Choice, Course, Credit, Days, Line, Problem, Rule
from optimizer.terms import FOREVER
from optimizer.ways import Offers, terms_to_hold, ways_to_take
from optimizer.windows import approvers_on, discounted, event_days, ordinal

HOURS_PER_CREDIT = {"nha_credit": 2, "iacet_ceu": 10, "college_credit": 15}
"""Effort where no hours are stated; any other unit is one hour a credit."""

LARGEST = 10**9
"""Largest scaled amount of credit: beyond it a whole unit is lost in the solver's tolerances."""

type Amounts = tuple[tuple[tuple[str, ...], Fraction], ...]
"""Parts of an item's credit in the credential's unit: the categories it may be counted in, and how much."""


def pose(
    learner: Learner,
    market: Market,
    credential: Credential,
    version: Version,
    cycle: tuple[date, date],
    as_of: date,
    *,
    grouped: bool = True,
    selling: bool = True,
) -> Problem:
    """Return the problem of one learner and one credential.

    `grouped` puts offerings alike but for rank together; without `selling` there is nothing to take.
    """
    deadline = cycle[1].toordinal()
    days = Days(as_of.toordinal(), cycle[0].toordinal(), deadline, deadline - version.submit_days_before)
    factors = dict(credential.conversions)
    rules = [r.where for r in version.requirements] + [c.where for c in version.caps]
    named = frozenset[str]().union(*map(approvers_named, rules))
    offers = _offers(market, no_assumed=learner.no_assumed)
    left = _times_left(learner, market.offerings, days)

    set_aside = Counter[str]()
    kept: list[tuple[int, Offering, Amounts]] = []
    for rank, offering in enumerate(market.offerings if selling else (), start=1):
        why = _why_not(offering, learner, offers, factors, left[offering.course_id], days)
        if why:
            set_aside[why] += 1
        else:
            counts = _amounts(offering.credits, factors[offering.unit]) if offering.unit in factors else ()
            kept.append((rank, offering, counts))
    earned = _earned(learner, factors, days, named)

    scale = lcm(
        *(amount.denominator for entry in kept for _, amount in entry[-1]),
        *(amount.denominator for entry in earned for _, amount in entry[-1]),
        *(r.at_least.denominator for r in version.requirements),
        *(c.at_most.denominator for c in version.caps if c.at_most is not None),
    )
    _check_scale(scale, [*kept, *earned], version, credential)
    used = frozenset[str]().union(*map(keys_named, rules))
    choices = _choices(kept, scale, named, used, left, _alone(learner, market, grouped))
    lines = tuple(
        Line(index, item, _scaled(amounts, scale), approvers) for index, item, approvers, amounts in earned
    )
    courses = _courses(choices, market.offerings, learner, left)
    terms = terms_to_hold(offers, choices, courses, days, named)
    ways = ways_to_take(offers, choices, courses, terms, days, named)

    takeable = {way.choice for way in ways}
    too_late = sum(len(c.members) for i, c in enumerate(choices) if i not in takeable)
    set_aside["cannot be finished in time"] += too_late
    return Problem(
        days=days,
        scale=scale,
        named=named,
        passes=tuple(market.passes),
        choices=choices,
        seats_until=tuple(ordinal(h.until, FOREVER) for h in market.holdings),
        terms=terms,
        ways=ways,
        courses=courses,
        lines=lines,
        repeated_lines=_repeated(lines, learner, market.offerings),
        requirements=tuple(
            Rule(r.name, int(r.at_least * scale), None, r.where) for r in version.requirements
        ),
        caps=tuple(
            Rule(c.name, None if c.at_most is None else int(c.at_most * scale), c.items_at_most, c.where)
            for c in version.caps
        ),
        budget=learner.budget,
        max_purchases=learner.preferences.max_purchases,
        must_take=tuple(
            next((i for i, c in enumerate(choices) if c.offering.offering_id == one), None)
            for one in learner.preferences.require
        ),
        set_aside=tuple(sorted((why, count) for why, count in set_aside.items() if count)),
    )


def _check_scale(
    scale: int, items: Sequence[tuple[Any, ...]], version: Version, credential: Credential
) -> None:
    """Refuse numbers too fine to be told apart by the solver, which counts in floats."""
    amounts = [amount for item in items for _, amount in item[-1]] + [
        r.at_least for r in version.requirements
    ]
    if scale * max(amounts, default=Fraction()) > LARGEST:
        rates = ", ".join(f"{unit} = {rate}" for unit, rate in credential.conversions)
        raise Faults(
            [
                Fault(credential.id, None, "conversions", rates, "together these are too fine to compute with exactly",
                      "Use rates with smaller denominators, or leave out the units you do not need.")
            ]
        )  # fmt: skip


def default_minutes(offering: Offering) -> int:
    """Return the effort of an offering that states no hours: its unit's usual hours, whole minutes rounded up."""
    hundredths = sum(part.hundredths for part in offering.credits)
    return -(-hundredths * HOURS_PER_CREDIT.get(offering.unit, 1) * 60 // 100)


def _offers(market: Market, *, no_assumed: bool) -> Offers:
    passes = {p.pass_id: p for p in market.passes}
    held = {h.pass_id for h in market.holdings}
    priced = {p.pass_id for p in market.passes if p.price is not None and not (no_assumed and p.assumed)}
    # A pass whose required pass can be neither bought nor held cannot be bought; dropping one may cost another.
    while lost := {p for p in priced if passes[p].requires and passes[p].requires not in priced | held}:
        priced -= lost
    return Offers(passes, frozenset(priced), tuple(market.holdings))


def _times_left(learner: Learner, offerings: Sequence[Offering], days: Days) -> dict[str, int]:
    """Return how often each course may still be taken in the cycle."""
    used = Counter(line.course_id for line in learner.earned if line.course_id and _in_cycle(line.date, days))
    return {o.course_id: max(0, o.times - used[o.course_id]) for o in offerings}


def _in_cycle(day: date | None, days: Days) -> bool:
    return day is None or days.cycle_start <= day.toordinal() <= days.deadline


def _why_not(
    offering: Offering,
    learner: Learner,
    offers: Offers,
    factors: Mapping[str, Fraction],
    left: int,
    days: Days,
) -> str:
    """Say why an offering cannot be used, or nothing if it can."""
    wishes = learner.preferences
    event = event_days(offering)
    held = {h.offering_id for h in offers.holdings}
    if learner.no_assumed and offering.assumed:
        return "rests on assumed values"
    if offering.offering_id in wishes.exclude or offering.provider in wishes.exclude_providers:
        return "excluded by your preferences"
    if wishes.formats and offering.format not in wishes.formats:
        return "not in a format you want"
    # What the learner requires is taken though it counts nothing.
    if offering.offering_id not in wishes.require:
        if not offering.credits:
            return "credit not stated"
        if not offering.unit:
            return "unit of credit not stated"
        if offering.unit not in factors:
            return f"unit {offering.unit} does not count for this credential"
    if event is not None and event[0] < days.as_of:
        return "event is over"
    if event is None and ordinal(offering.available_until, FOREVER) < days.as_of:
        return "no longer available"
    if left == 0:
        return "already taken as often as it counts"
    payable = any(
        discounted(offering, offers.passes[p]) is not None
        for p in offering.passes
        if p in offers.buyable or any(h.pass_id == p for h in offers.holdings)
    )
    if offering.price is None and not payable and offering.offering_id not in held:
        return "no price"
    return ""


def _amounts(parts: Sequence[Part], factor: Fraction) -> Amounts:
    return tuple((tuple(dict.fromkeys(p.categories)), Fraction(p.hundredths, 100) * factor) for p in parts)


def _scaled(amounts: Amounts, scale: int) -> tuple[Credit, ...]:
    return tuple(Credit(categories, int(amount * scale)) for categories, amount in amounts)


def _alone(learner: Learner, market: Market, grouped: bool) -> frozenset[str]:
    """Return the offerings that stay alone: held, required, of a course sold twice or with `repeat_days`."""
    if not grouped:
        return frozenset(o.offering_id for o in market.offerings)
    sellers = Counter(o.course_id for o in market.offerings)
    gaps = {o.course_id for o in market.offerings if o.repeat_days}
    return (
        frozenset(h.offering_id for h in market.holdings)
        | frozenset(learner.preferences.require)
        | {o.offering_id for o in market.offerings if sellers[o.course_id] > 1 or o.course_id in gaps}
    )


def _choices(
    kept: Sequence[tuple[int, Offering, Amounts]],
    scale: int,
    named: frozenset[str],
    used: frozenset[str],
    left: Mapping[str, int],
    alone: frozenset[str],
) -> tuple[Choice, ...]:
    """Group the offerings that no rule, price, pass or day tells apart."""
    groups: dict[object, list[tuple[int, Offering]]] = {}
    about: dict[object, tuple[int, int, Item, tuple[Credit, ...]]] = {}
    for rank, o, amounts in kept:
        minutes = default_minutes(o) if o.minutes is None else o.minutes
        stated = sum(part.hundredths for part in o.credits)
        item = Item(
            o.kind if "kind" in used else "",
            o.format if "format" in used else "",
            o.provider if "provider" in used else "",
            frozenset(o.topics) if "topic" in used else frozenset(),
        )
        approvals = frozenset((a.approver, a.first, a.last) for a in o.approvals if a.approver in named)
        key = (
            amounts, minutes, stated, item, approvals, left[o.course_id], o.price, o.member_price, o.passes,
            o.available_from, o.available_until, o.starts, o.ends, o.access_days,
            o.offering_id if o.offering_id in alone else None,
        )  # fmt: skip
        groups.setdefault(key, []).append((rank, o))
        about[key] = (minutes, stated, item, _scaled(amounts, scale))
    return tuple(
        Choice(tuple(members), left[members[0][1].course_id], *about[key]) for key, members in groups.items()
    )


def _earned(
    learner: Learner, factors: Mapping[str, Fraction], days: Days, named: frozenset[str]
) -> list[tuple[int, Item, frozenset[str], Amounts]]:
    """Return the earned lines that lie in the cycle and whose unit converts."""
    found = []
    for index, line in enumerate(learner.earned):
        factor = Fraction(1) if line.unit == OWN_UNIT else factors.get(line.unit)
        if factor is None or not _in_cycle(line.date, days):
            continue
        approvers = approvers_on(line.approvals, None if line.date is None else line.date.toordinal()) & named
        item = Item(line.kind, line.format, line.provider, frozenset(line.topics))
        found.append((index, item, approvers, _amounts(line.credits, factor)))
    return found


def _courses(
    choices: Sequence[Choice], offerings: Sequence[Offering], learner: Learner, left: Mapping[str, int]
) -> tuple[Course, ...]:
    repeat_days: dict[str, int] = {}
    for offering in offerings:
        repeat_days[offering.course_id] = max(repeat_days.get(offering.course_id, 0), offering.repeat_days)
    members: dict[str, list[int]] = {}
    for i, choice in enumerate(choices):
        members.setdefault(choice.offering.course_id, []).append(i)
    earned_on: dict[str, list[int]] = {}
    for line in learner.earned:
        if line.course_id and line.date is not None:
            earned_on.setdefault(line.course_id, []).append(line.date.toordinal())
    return tuple(
        Course(
            tuple(places),
            left[course_id] * len(choices[places[0]].members),
            repeat_days[course_id],
            tuple(earned_on.get(course_id, ())),
        )
        for course_id, places in sorted(members.items())
    )


def _repeated(
    lines: Sequence[Line], learner: Learner, offerings: Sequence[Offering]
) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Return the groups of earned lines of one course that are more than may count."""
    times = {o.course_id: o.times for o in offerings}
    groups: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        course_id = learner.earned[line.index].course_id
        if course_id in times:
            groups.setdefault(course_id, []).append(place)
    return tuple(
        (tuple(places), times[course_id])
        for course_id, places in sorted(groups.items())
        if len(places) > times[course_id]
    )
