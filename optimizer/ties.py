"""Ties: what of a plan could be otherwise at the same cost, told as classes and not one by one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from catalogs.amounts import write_money
from catalogs.records import Offering
from optimizer.alternatives import LEAST_SECONDS, beside
from optimizer.choosing import NotProven
from optimizer.comparing import best_of, market_of
from optimizer.differing import buys_instead, differs, hours_words
from optimizer.layout import category_name, short_credit
from optimizer.obligation import Obligation, obligations
from optimizer.plan import Interchangeable, Plan, SameCost, Ties
from optimizer.planning import plan_for
from optimizer.posing import pose
from optimizer.question import Question
from optimizer.routes import ANY
from optimizer.routes import KIND as ROUTE
from optimizer.solve import Stopwatch

MOST_ASKED = 20
"""Plans that are looked for to find other purchases of the same cost."""
MOST_SETS = 4
"""Sets of purchases of the same cost that are told."""


@dataclass(frozen=True, slots=True)
class Group:
    """Hold offerings that only title and page tell apart for a learner."""

    times: int
    offerings: tuple[Offering, ...]
    only_bought: bool
    """Whether there is no way to take them but to buy them singly."""
    earned: bool
    """Whether one of them was earned before, so that it may count less often than another."""


def ties(question: Question, plan: Plan, watch: Stopwatch) -> Ties | None:
    """Return what of a plan could be otherwise at the same cost; None where there is no full plan to begin with."""
    if plan.status not in ("optimal", "feasible"):
        return None
    kept = obligations(question.learner, question.credentials, question.as_of)
    kept = tuple(replace(one, route=plan.route[one.credential.id]) for one in kept)
    groups = _groups(question, kept)
    same_cost, complete = _same_cost(question, kept, plan, groups, watch)
    return Ties(tuple(_interchangeable(plan, groups)), same_cost, complete)


def _groups(question: Question, kept: Sequence[Obligation]) -> dict[str, Group]:
    """Return the group of each offering that can be taken."""
    problem = pose(question.learner, market_of(question, kept), kept, question.as_of)
    held = {holding.offering_id for holding in question.learner.holdings}
    done = {line.course_id for line in question.learner.earned}
    found: dict[str, Group] = {}
    for choice in problem.choices:
        alike: dict[object, list[Offering]] = {}
        for _, offering in choice.members:
            alike.setdefault(_seen(offering), []).append(offering)
        for members in alike.values():
            only_bought = not any(o.passes or o.offering_id in held for o in members)
            earned = any(o.course_id in done for o in members)
            group = Group(choice.each, tuple(members), only_bought, earned)
            found |= {offering.offering_id: group for offering in members}
    return found


def _seen(o: Offering) -> object:
    """Return what a learner sees of an offering that rules, prices and days may not tell apart."""
    approvals = frozenset((a.approver, a.first, a.last) for a in o.approvals)
    assumed = frozenset(o.assumed)
    return o.provider, o.kind, o.format, o.unit, o.credits, o.minutes, approvals, assumed, o.times


def _interchangeable(plan: Plan, groups: Mapping[str, Group]) -> Iterator[Interchangeable]:
    """Yield the groups of which the plan takes some and could take others."""
    taken = Counter(groups[e.offering_id].offerings for e in plan.enrollments)
    minutes = {groups[e.offering_id].offerings: e.minutes for e in plan.enrollments}
    for members, count in taken.items():
        group = groups[members[0].offering_id]
        if count < len(members) * group.times and len(members) > 1 and not group.earned:
            one = members[0]
            credit = ", ".join(
                f"{short_credit(Fraction(part.hundredths, 100))} "
                + " or ".join(category_name(category) for category in part.categories)
                for part in one.credits
            )
            price = "" if one.price is None else f", ${write_money(one.price)}"
            often = f", each up to {group.times} times" if group.times > 1 else ""
            does = "does" if count == 1 else "do"
            words = (
                f"Any {count} of {len(members)} courses of {one.provider}{often} {does} as well: "
                f"{credit}, {hours_words(minutes[members])}{price} each."
            )
            yield Interchangeable(count, group.times, tuple(o.offering_id for o in members), words)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Hold what may not be bought, and the best plan then, which costs the same."""

    left_out: frozenset[str]
    plan: Plan


def _same_cost(
    question: Question, kept: Sequence[Obligation], plan: Plan, groups: Mapping[str, Group], watch: Stopwatch
) -> tuple[tuple[SameCost, ...], bool]:
    """Return a plan of each other kind of purchases that costs the same, and whether there are no more kinds.

    Of two sets that cost the same each buys less of something than the other. So of every set that is found, each
    thing that it buys is asked for once less, together with all that was asked for on the way.
    """
    if plan.bound < plan.cost:
        return (), False
    found: list[SameCost] = []
    complete = question.learner.route != ANY
    seen = {_kinds_bought(plan, groups)}
    waiting, tried = [_Asked(question.left_out, plan)], {question.left_out}
    while waiting:
        one = waiting.pop(0)
        for fewer, exact in _one_less(one.plan, groups):
            complete = complete and exact
            left_out = one.left_out | fewer
            if left_out in tried:
                continue
            if len(tried) > MOST_ASKED or len(found) == MOST_SETS or watch.left() < LEAST_SECONDS:
                return tuple(found), False
            tried.add(left_out)
            asked = replace(question, left_out=left_out)
            share = Stopwatch(watch.left() / 2)
            try:
                least = best_of(asked, kept, share)
                if least.cost is None or least.bound > plan.cost:
                    continue
                if least.cost > plan.cost:
                    complete = complete and least.proven
                    continue
                other = plan_for(replace(asked, beside=False, seconds=share.left()))
            except NotProven:
                complete = False
                continue
            if other.cost != plan.cost or other.no_plan is not None:
                complete = False
                continue
            waiting.append(_Asked(left_out, other))
            if (kinds := _kinds_bought(other, groups)) not in seen:
                seen.add(kinds)
                words = f"{buys_instead(other, plan)}: {differs(other, plan)}"
                found.append(SameCost(words, beside(question, other, plan, watch)))
    return tuple(found), complete


def _one_less(plan: Plan, groups: Mapping[str, Group]) -> Iterator[tuple[frozenset[str], bool]]:
    """Yield for each thing a plan buys what to leave out so that less of it can be bought, and whether just that.

    Leaving out can say "none of this pass", not "one term less"; and what is not taken cannot be had free either.
    """
    bought = Counter(_thing(p.kind, p.id, groups) for p in plan.purchases if p.kind != ROUTE)
    for thing, count in bought.items():
        alike = {groups[one] for one in groups if _thing("offering", one, groups) == thing}
        if not alike:
            yield frozenset([str(thing)]), count == 1
            continue
        # All but a few of one group say "fewer of it"; of several groups nobody knows which few to keep.
        times = min(group.times for group in alike)
        left = (count - 1) // times if len(alike) == 1 else 0
        exact = all(group.only_bought for group in alike) and left * times == count - 1
        yield frozenset(o.offering_id for group in alike for o in group.offerings[left:]), exact


def _thing(kind: str, one_id: str, groups: Mapping[str, Group]) -> object:
    """Return what a purchase is to a learner who looks at kinds: a pass, or courses of one seller at one price."""
    if kind == "pass" or one_id not in groups:
        return one_id
    one = groups[one_id].offerings[0]
    return one.provider, one.kind, one.format, one.price, one.member_price


def _kinds_bought(plan: Plan, groups: Mapping[str, Group]) -> frozenset[object]:
    """Return the kinds of things that a plan buys."""
    return frozenset((p.kind == ROUTE, _thing(p.kind, p.id, groups)) for p in plan.purchases)
