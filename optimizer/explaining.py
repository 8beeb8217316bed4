"""Explaining a plan: what each purchase and each requirement is worth to it, and what was left out.

Every figure is the least cost of a question that differs in one thing, planned like any other; none is a dual value,
which says nothing true of whole courses. Budgets are not looked at: they would hide what things cost.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from catalogs.records import Pass
from optimizer.choosing import NotProven, proven_cost
from optimizer.comparing import best_of, market_of
from optimizer.conditions import Condition, Kind, without
from optimizer.credential import Requirement
from optimizer.explanation import (
    Closed,
    PassLeftOut,
    ProviderLeftOut,
    PurchaseExplained,
    RequirementExplained,
)
from optimizer.obligation import Obligation
from optimizer.plan import Enrollment, Plan, Purchase
from optimizer.posing import pose
from optimizer.problem import Problem
from optimizer.question import Question
from optimizer.remedies import least_that_works
from optimizer.routes import KIND as ROUTE
from optimizer.routes import ways_round
from optimizer.solve import Stopwatch


@dataclass(frozen=True, slots=True)
class Pricing:
    """Hold the question that is priced again with one thing changed, and the plan that answers it."""

    question: Question
    kept: tuple[Obligation, ...]
    """Without a route: the learner's wish for one holds in every change."""
    plan: Plan
    watch: Stopwatch

    def least(
        self,
        question: Question | None = None,
        kept: Sequence[Obligation] | None = None,
        insist: Sequence[str] = (),
    ) -> int | None:
        """Return the least cost by the routes the learner wants, None where there is no full plan.

        Raises `NotProven`.
        """
        if self.watch.is_up():
            msg = "no time is left"
            raise NotProven(msg)
        question = question or self.question
        ways = ways_round(kept or self.kept, question.learner.route)
        return proven_cost(best_of(question, way, self.watch, insist=insist) for way in ways)

    def least_at(self, one: str, price: int) -> int | None:
        """Return the least cost if an offering or a pass had another list price."""
        learner = self.question.learner
        prices = (*(pair for pair in learner.prices if pair[0] != one), (one, price))
        return self.least(replace(self.question, learner=replace(learner, prices=prices)))

    def least_without(self, ids: Iterable[str]) -> int | None:
        """Return the least cost where some offerings are not taken and some passes not bought."""
        return self.least(replace(self.question, left_out=self.question.left_out | frozenset(ids)))

    def problem(self) -> Problem:
        """Return the problem by the plan's own route."""
        kept = [replace(one, route=self.plan.route[one.credential.id]) for one in self.kept]
        market = market_of(self.question, kept)
        return pose(self.question.learner, market, kept, self.question.as_of, grouped=self.question.reduced)


def settled[Thing, Found](
    things: Iterable[Thing],
    find: Callable[[Thing], Found],
    words: Callable[[Thing], str],
    unsettled: list[str],
) -> tuple[Found, ...]:
    """Return what is found of each thing; what the time did not suffice for is noted in words."""
    found: list[Found] = []
    for thing in things:
        try:
            found.append(find(thing))
        except NotProven:
            unsettled.append(words(thing))
    return tuple(found)


def purchases_explained(pricing: Pricing, unsettled: list[str]) -> tuple[PurchaseExplained, ...]:
    """Return what each purchase of a plan is worth; a route is chosen, not bought for its price."""
    return settled(
        _alike(pricing),
        lambda alike: _explained(pricing, alike),
        lambda alike: f"what {alike[0].title} ({alike[0].id}) is worth",
        unsettled,
    )


def _alike(pricing: Pricing) -> list[list[Purchase]]:
    """Return purchases together that are one thing: terms of a pass, offerings that nothing tells apart."""
    choices = pricing.problem().choices
    group_of = {offering.offering_id: i for i, choice in enumerate(choices) for _, offering in choice.members}
    groups: dict[object, list[Purchase]] = {}
    for purchase in pricing.plan.purchases:
        if purchase.kind != ROUTE:
            same = purchase.id if purchase.kind == "pass" else (group_of[purchase.id], purchase.price)
            groups.setdefault(same, []).append(purchase)
    return list(groups.values())


def _explained(pricing: Pricing, alike: Sequence[Purchase]) -> PurchaseExplained:
    first = alike[0]
    ids = tuple(dict.fromkeys(one.id for one in alike))

    def is_paid(e: Enrollment) -> bool:
        return e.paid_by == first.id if first.kind == "pass" else e.offering_id in ids and e.price > 0

    paid = [e for e in pricing.plan.enrollments if is_paid(e)]
    closes: dict[tuple[str, str], Fraction] = {}
    for count in (count for e in paid for count in e.counts):
        where = count.credential, count.category
        closes[where] = closes.get(where, Fraction()) + count.credit
    listed = _list_prices(pricing.question)
    singly = [price for e in paid if (price := listed[e.offering_id]) is not None]
    least_without = pricing.least_without([first.id])
    return PurchaseExplained(
        ids=ids,
        kind=first.kind,
        title=first.title,
        price=first.price,
        bought=len(alike),
        cost=first.price * len(alike) + (sum(e.price for e in paid) if first.kind == "pass" else 0),
        pays_for=len(paid),
        closes=tuple(Closed(*where, credit) for where, credit in sorted(closes.items())),
        singly=sum(singly) if first.kind == "pass" and paid and len(singly) == len(paid) else None,
        without=least_without,
        up_to=_stays_up_to(pricing, alike, least_without, listed),
    )


def _list_prices(question: Question) -> dict[str, int | None]:
    """Return the price of every offering and pass, as this learner is asked it."""
    listed = {o.offering_id: o.price for o in (*question.offerings, *question.learner.offerings)}
    return listed | {p.pass_id: p.price for p in question.passes} | dict(question.learner.prices)


def _at_member_prices(question: Question) -> set[str]:
    """Return the offerings that some pass sells at a price of their own, whatever the list price."""
    passes = {one.pass_id for one in question.passes if one.benefit == "member_price"}
    offerings = (*question.offerings, *question.learner.offerings)
    return {o.offering_id for o in offerings if o.member_price is not None and passes & set(o.passes)}


def _stays_up_to(
    pricing: Pricing, alike: Sequence[Purchase], least_without: int | None, listed: dict[str, int | None]
) -> int | None:
    """Return the highest list price at which every cheapest plan buys it; None where there is no such limit."""
    first, price = alike[0], listed[alike[0].id]
    if least_without is None or least_without <= pricing.plan.cost or first.price != price:
        return None
    if first.id in _at_member_prices(pricing.question):
        return None  # bought at any list price
    times = sum(one.id == first.id for one in alike)
    # At that price nobody buys it, not even with the largest discount; a pass may still include it.
    left = min(
        (10_000 - p.percent_off for p in pricing.question.passes if p.percent_off < 10_000), default=10_000
    )
    nobody = -(-(least_without + 1) * 10_000 // left)
    unbought = pricing.least_at(first.id, nobody)
    if unbought is None or unbought <= pricing.plan.cost:
        return None

    def pays_no_more(at: int) -> bool:
        cost = pricing.least_at(first.id, at)
        return cost is None or cost >= unbought

    # For each cent of its price what is planned costs `times` cents more; a plan that buys fewer of it may cost less.
    stays = price + (unbought - pricing.plan.cost - 1) // times
    above = pricing.least_at(first.id, stays + 1)
    if above is None or above >= unbought:
        return stays
    guess = stays + 1 - (above - unbought) // max(1, times - 1)
    return least_that_works(pays_no_more, stays + 1, nobody, guess) - 1


def passes_left_out(pricing: Pricing, unsettled: list[str]) -> tuple[PassLeftOut, ...]:
    """Return when each pass that is for sale, and not in the plan, would start to pay."""
    bought = {one.id for one in pricing.plan.purchases}
    return settled(
        (one for one in for_sale(pricing) if one.pass_id not in bought),
        lambda one: PassLeftOut(one.pass_id, one.title, one.price or 0, _pays_below(pricing, one)),
        lambda one: f"when {one.title} would pay",
        unsettled,
    )


def for_sale(pricing: Pricing) -> list[Pass]:
    """Return the passes that this learner can buy, at the price asked of them, by id."""
    question = pricing.question
    return [
        one
        for one in market_of(question, pricing.kept).passes
        if one.price is not None
        and one.pass_id not in question.left_out
        and not (question.learner.no_assumed and one.assumed)
    ]


def _pays_below(pricing: Pricing, one: Pass) -> int | None:
    cost, price = pricing.plan.cost, one.price

    def pays_not(at: int) -> bool:
        found = pricing.least_at(one.pass_id, at)
        return found is None or found >= cost

    for_nothing = pricing.least_at(one.pass_id, 0)
    if not price or for_nothing is None or for_nothing >= cost:
        return None
    return least_that_works(pays_not, 0, price, cost - for_nothing) - 1


def providers_left_out(pricing: Pricing, unsettled: list[str]) -> tuple[ProviderLeftOut, ...]:
    """Return what it would cost to take a course of each provider whose courses could be used and are not."""
    taken = {e.provider for e in pricing.plan.enrollments}
    problem, usable = pricing.problem(), dict[str, list[str]]()
    for choice in problem.choices if problem.requirements else ():
        for _, offering in choice.members:
            if offering.provider not in taken and offering.kind != ROUTE:
                usable.setdefault(offering.provider, []).append(offering.offering_id)
    return settled(
        sorted(usable.items()),
        lambda one: ProviderLeftOut(one[0], len(one[1]), pricing.least(insist=one[1])),
        lambda one: f"what a course of {one[0]} would add",
        unsettled,
    )


def requirements_explained(pricing: Pricing, unsettled: list[str]) -> tuple[RequirementExplained, ...]:
    """Return what each requirement adds to the cost, and what one credit more would."""
    asked = [
        (t, rule)
        for t, one in enumerate(pricing.kept)
        for rule in replace(one, route=pricing.plan.route[one.credential.id]).requirements
    ]
    return settled(
        asked,
        lambda one: _requirement(pricing, *one),
        lambda one: f'what "{one[1].name}" adds',
        unsettled,
    )


def _requirement(pricing: Pricing, target: int, rule: Requirement) -> RequirementExplained:
    condition = Condition(Kind.REQUIREMENT, target, rule.name, "")
    one = pricing.kept[target]
    raised = replace(rule, at_least=rule.at_least + Fraction(1))
    rules = tuple(raised if other == rule else other for other in one.version.requirements)
    changed = replace(one, version=replace(one.version, requirements=rules))
    kept = (*pricing.kept[:target], changed, *pricing.kept[target + 1 :])
    return RequirementExplained(
        credential=one.credential.id,
        name=rule.name,
        required=rule.at_least,
        without=pricing.least(*without(pricing.question, pricing.kept, [condition])),
        one_more=pricing.least(kept=kept),
    )
