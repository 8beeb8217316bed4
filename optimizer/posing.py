"""Posing: from a learner, their obligations and a catalog to the problem."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from catalogs.faults import Fault, Faults
from catalogs.records import Offering
from optimizer.courses import courses_of, most_often, repeated_lines, times_left
from optimizer.earning import (
    Amounts,
    amounts_for,
    days_and_rules,
    earned_credit,
)
from optimizer.filters import Item, approvers_named, keys_named
from optimizer.hours import study_in
from optimizer.learner import Learner
from optimizer.market import Market
from optimizer.obligation import Obligation
from optimizer.problem import AIMS, Choice, Credit, Line, Problem, Rule
from optimizer.routes import KIND as ROUTE
from optimizer.terms import FOREVER
from optimizer.usable import LATE, LEFT_OUT, why_not
from optimizer.ways import Offers, terms_to_hold, ways_to_take
from optimizer.windows import minutes_of, ordinal

LARGEST = 10**9
"""Largest scaled amount of credit: beyond it a whole unit is lost in the solver's tolerances."""


def pose(
    learner: Learner,
    market: Market,
    kept: Sequence[Obligation],
    as_of: date,
    *,
    grouped: bool = True,
    selling: bool = True,
    timed: bool = True,
    every_day: bool = False,
    is_up: Callable[[], bool] = lambda: False,
) -> Problem:
    """Return the problem of one learner.

    `grouped` puts offerings alike but for rank together, and lets ways be left out (reducing.py); without
    `selling` there is nothing to take; without `timed` weekly hours and weeks away do not bind; with `every_day`
    they may let study start on any day, even where there are many. That may take long: TimeoutError once `is_up`.
    """
    days, rules = days_and_rules(learner, kept, as_of, timed=timed, every_day=every_day)
    wheres = [rule.where for rule in rules]
    named = frozenset[str]().union(*map(approvers_named, wheres))
    offers = offers_of(market, no_assumed=learner.no_assumed)
    left = times_left(learner, market.offerings, kept)

    set_aside = Counter[str]()
    offered: list[tuple[int, Offering, Amounts]] = []
    set_aside.update(dict(market.aside))
    ranks = market.ranks or range(1, len(market.offerings) + 1)
    for rank, offering in zip(ranks, market.offerings, strict=True) if selling else ():
        amounts = amounts_for(offering.credits, offering.unit, kept)
        why = LEFT_OUT if offering.offering_id in market.left_out else ""
        why = why or why_not(offering, learner, offers, kept, amounts, left[offering.course_id], days)
        if len(kept) > 1:
            amounts = tuple(one for one in amounts if left[offering.course_id][one[0]])
        if why:
            set_aside[why] += offering.kind != ROUTE
        else:
            offered.append((rank, offering, amounts))
    earned = earned_credit(learner, kept, days, named)

    scale = lcm(
        *(amount.denominator for entry in offered for _, _, amount in entry[-1]),
        *(amount.denominator for entry in earned for _, _, amount in entry[-1]),
        *(
            limit.denominator
            for rule in rules
            for limit in (rule.at_least, rule.at_most)
            if limit is not None
        ),
    )
    _check_scale(scale, [*offered, *earned], rules, kept)
    used = frozenset[str]().union(*map(keys_named, wheres))
    most = most_often(offered, left, kept, offers, days, named)
    alone = _alone(learner, market, grouped) | {
        o.offering_id
        for _, o, amounts in offered
        if any(left[o.course_id][target] < most[o.course_id] for target, _, _ in amounts)
    }
    choices = _choices(offered, scale, named, used, most, alone)
    lines = tuple(
        Line(index, item, _scaled(amounts, scale), standing) for index, item, standing, amounts in earned
    )
    courses = courses_of(choices, market.offerings, learner, left)
    terms = terms_to_hold(offers, choices, courses, days, named)
    ways = ways_to_take(offers, choices, courses, terms, days, named, is_up)

    takeable = {way.choice for way in ways}
    late = [c for i, c in enumerate(choices) if i not in takeable and c.offering.kind != ROUTE]
    too_late = sum(len(c.members) for c in late)
    set_aside[LATE] += too_late
    rules = tuple(
        replace(rule, amount=None if limit is None else int(limit * scale))
        for rule in rules
        for limit in [rule.at_most if rule.at_least is None else rule.at_least]
    )
    return Problem(
        days=days,
        scale=scale,
        named=named,
        passes=tuple(market.passes),
        choices=choices,
        seats_until=tuple(ordinal(h.until, FOREVER) for h in market.holdings),
        terms=terms,
        study=study_in(days, terms),
        ways=ways,
        courses=courses,
        lines=lines,
        repeated_lines=repeated_lines(lines, learner, market.offerings, kept),
        alone=frozenset(t for t, one in enumerate(kept) if not one.shares and len(kept) > 1),
        requirements=tuple(rule for rule in rules if rule.at_least is not None),
        caps=tuple(rule for rule in rules if rule.at_least is None),
        budget=learner.budget,
        max_purchases=learner.preferences.max_purchases,
        max_minutes=None,
        aims=AIMS,
        known=(),
        known_short=None,
        start=frozenset(),
        bought=frozenset(),
        unbought=frozenset(),
        must_take=(
            *(
                tuple(i for i, c in enumerate(choices) if c.offering.offering_id == one)
                for one in learner.preferences.require
            ),
            *(
                tuple(i for i, c in enumerate(choices) if c.offering.course_id == course_id)
                for course_id in sorted({o.course_id for o in market.offerings if o.kind == ROUTE})
            ),
        ),
        reduced=grouped,
        set_aside=tuple(sorted((why, count) for why, count in set_aside.items() if count)),
    )


def _check_scale(
    scale: int, items: Sequence[tuple[Any, ...]], rules: Sequence[Rule], kept: Sequence[Obligation]
) -> None:
    """Refuse numbers too fine to be told apart by the solver, which counts in floats."""
    amounts = [amount for item in items for _, _, amount in item[-1]]
    amounts += [rule.at_least for rule in rules if rule.at_least is not None]
    if scale * max(amounts, default=Fraction()) > LARGEST:
        raise Faults(
            [
                Fault(one.credential.id, None, "conversions",
                      ", ".join(f"{unit} = {rate}" for unit, rate in one.credential.conversions),
                      "together these are too fine to compute with exactly",
                      "Use rates with smaller denominators, or leave out the units you do not need.")
                for one in kept
            ]
        )  # fmt: skip


def offers_of(market: Market, *, no_assumed: bool) -> Offers:
    """Return the passes of a market that can be bought, and what is owned."""
    passes = {p.pass_id: p for p in market.passes}
    held = {h.pass_id for h in market.holdings}
    priced = {p.pass_id for p in market.passes if p.price is not None and not (no_assumed and p.assumed)}
    priced -= market.left_out
    # A pass whose required pass can be neither bought nor held cannot be bought; dropping one may cost another.
    while lost := {p for p in priced if passes[p].requires and passes[p].requires not in priced | held}:
        priced -= lost
    return Offers(passes, frozenset(priced), tuple(market.holdings))


def _scaled(amounts: Amounts, scale: int) -> tuple[Credit, ...]:
    return tuple(Credit(target, categories, int(amount * scale)) for target, categories, amount in amounts)


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
        | {o.offering_id for o in market.offerings if o.kind == ROUTE}
    )


def _choices(
    kept: Sequence[tuple[int, Offering, Amounts]],
    scale: int,
    named: frozenset[str],
    used: frozenset[str],
    most: Mapping[str, int],
    alone: frozenset[str],
) -> tuple[Choice, ...]:
    """Group the offerings that no rule, price, pass or day tells apart."""
    groups: dict[object, list[tuple[int, Offering]]] = {}
    about: dict[object, tuple[int, int, Item, tuple[Credit, ...]]] = {}
    for rank, o, amounts in kept:
        minutes = minutes_of(o)
        stated = sum(part.hundredths for part in o.credits)
        item = Item(
            o.kind if "kind" in used else "",
            o.format if "format" in used else "",
            o.provider if "provider" in used else "",
            frozenset(o.topics) if "topic" in used else frozenset(),
        )
        approvals = frozenset((a.approver, a.first, a.last) for a in o.approvals if a.approver in named)
        key = (
            amounts, minutes, stated, item, approvals, most[o.course_id], o.price, o.member_price, o.passes,
            o.available_from, o.available_until, o.starts, o.ends, o.access_days,
            o.offering_id if o.offering_id in alone else None,
        )  # fmt: skip
        groups.setdefault(key, []).append((rank, o))
        about[key] = (minutes, stated, item, _scaled(amounts, scale))
    return tuple(
        Choice(tuple(members), most[members[0][1].course_id], *about[key]) for key, members in groups.items()
    )
