"""Kinds of plan that a learner may want in place of the cheapest, each said as what may not be bought or taken."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from catalogs.records import Offering
from optimizer.market import Market
from optimizer.obligation import Obligation
from optimizer.plan import Plan
from optimizer.problem import Aim
from optimizer.routes import KIND as ROUTE
from optimizer.windows import approvers_on

AT_A_DISTANCE = ("online", "live_online", "print")
"""Formats for which nobody need go anywhere; of an unknown format it is not certain."""

FEWEST = {
    "fewest_hours": (Aim.HOURS, Aim.COST, Aim.PURCHASES, Aim.ENROLLMENTS, Aim.RANKS),
    "fewest_purchases": (Aim.PURCHASES, Aim.COST, Aim.HOURS, Aim.ENROLLMENTS, Aim.RANKS),
}
"""Aims of the kinds that ask for the fewest of something."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Hold one kind of plan that can be had by leaving something out of the question."""

    name: str
    words: str
    left_out: frozenset[str]
    """Ids of offerings that are not to be taken, and of passes that are not to be bought."""
    amiss: Callable[[Plan], frozenset[str]]
    """Ids of offerings and passes of a plan that keep it from being of this kind."""

    def is_kind_of(self, plan: Plan) -> bool:
        """Say whether a plan is of this kind."""
        return not self.amiss(plan)


def kinds(market: Market, kept: Sequence[Obligation]) -> Iterator[tuple[Kind, ...]]:
    """Yield the kinds that leave something out; those that come together are one, the best of them is meant."""
    offerings = {o.offering_id: o for o in market.offerings if o.kind != ROUTE}
    yield (
        _without(
            "no_subscription",
            "no subscription or membership bought",
            frozenset(p.pass_id for p in market.passes if p.kind != "bundle"),
        ),
    )
    if approvers := approvers_asked_for(kept):
        yield (_approved(approvers, offerings),)
    providers = sorted({o.provider for o in offerings.values()})
    if providers:
        yield tuple(_one_provider(provider, offerings) for provider in providers)
    assumed = {o.offering_id for o in offerings.values() if o.assumed}
    assumed |= {p.pass_id for p in market.passes if p.assumed}
    yield (_without("nothing_assumed", "nothing that rests on assumed values", frozenset(assumed)),)
    away = frozenset(o.offering_id for o in offerings.values() if o.format not in AT_A_DISTANCE)
    yield (_without("nothing_in_person", "nothing in person", away),)


def approvers_asked_for(kept: Sequence[Obligation]) -> frozenset[str]:
    """Return the approvers of whom some requirement asks for credit."""
    return frozenset(
        approver for one in kept for rule in one.requirements for approver in rule.where.approver
    )


def ids_of(plan: Plan) -> frozenset[str]:
    """Return the ids of what a plan takes and of the passes it buys."""
    return frozenset(
        [e.offering_id for e in plan.enrollments] + [p.id for p in plan.purchases if p.kind == "pass"]
    )


def _without(name: str, words: str, left_out: frozenset[str]) -> Kind:
    return Kind(name, words, left_out, lambda plan: ids_of(plan) & left_out)


def _approved(approvers: frozenset[str], offerings: dict[str, Offering]) -> Kind:
    """Return the kind that takes only what these approvers approve on the day it is finished.

    Which days those are only a plan says, so that leaving out what is never approved may not be enough.
    """
    never = frozenset(i for i, o in offerings.items() if not approvers & {a.approver for a in o.approvals})

    def amiss(plan: Plan) -> frozenset[str]:
        return frozenset(
            e.offering_id
            for e in plan.enrollments
            if not approvers & approvers_on(offerings[e.offering_id].approvals, e.finish.toordinal())
        )

    return Kind("approved", f"only courses approved by {' or '.join(sorted(approvers))}", never, amiss)


def _one_provider(provider: str, offerings: dict[str, Offering]) -> Kind:
    others = frozenset(i for i, o in offerings.items() if o.provider != provider)

    def amiss(plan: Plan) -> frozenset[str]:
        return frozenset() if len({e.provider for e in plan.enrollments}) < 2 else ids_of(plan) & others

    return Kind("one_provider", f"one provider only: {provider}", others, amiss)
