"""Ties and alternatives as text, below the plan they stand beside."""

from collections import Counter
from collections.abc import Iterator

from catalogs.amounts import write_money
from optimizer.differing import hours_words, listed
from optimizer.layout import bullets, number_of, section, wrapped
from optimizer.plan import Alternative, Plan

WHY = {
    "the_plan_itself": "The plan above is so already",
    "none": "There is no full plan within your limits",
    "not_settled": "Not settled in the time given (--time-limit)",
    "not_looked_for": "Not looked for, since no more were asked for (--alternatives)",
}
WORDS = {
    "fewest_hours": "fewest hours",
    "fewest_purchases": "fewest purchases",
    "no_subscription": "no subscription or membership bought",
    "approved": "only courses that an approver named by the rules approves",
    "one_provider": "one provider only",
    "nothing_assumed": "nothing that rests on assumed values",
    "nothing_in_person": "nothing in person",
}
"""Each kind, where it is told in one line with others."""


def alternatives_text(plan: Plan, width: int) -> str:
    """Return ties and alternatives as text, or nothing where they were not asked for."""
    if plan.ties is None:
        return ""
    lines = [line for one in plan.alternatives for line in _alternative(one, width)]
    told = lacking_texts(plan)
    if plan.alternatives:
        told.append("All of each plan, with its days: --format json.")
    paragraphs = [
        section("Just as good", bullets(tie_texts(plan), width)),
        section("Plans of other kinds", [*lines, *bullets(told, width)]),
    ]
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def lacking_texts(plan: Plan) -> list[str]:
    """Say of which kinds there is no plan, and why."""
    return [
        f"{WHY[why]}: {'; '.join(kinds)}."
        for why in WHY
        if (kinds := [WORDS[one.kind] for one in plan.no_alternatives if one.why == why])
    ]


def tie_texts(plan: Plan) -> Iterator[str]:
    """Say what of a plan could be otherwise at the same cost."""
    assert plan.ties is not None  # noqa: S101 - told only where it was asked for
    for group in plan.ties.interchangeable:
        yield group.words
    found, complete = plan.ties.same_cost, plan.ties.complete
    if found:
        number = f"{'' if complete else 'At least '}{number_of(len(found), 'other kind')} of purchases"
        told = "; ".join(one.differs for one in found)
        yield f"{number} {'costs' if len(found) == 1 else 'cost'} the same: {told}."
    elif complete:
        yield "No other kind of purchases costs the same."
    else:
        yield "No other kind of purchases was found that costs the same; not all were looked at."


def _alternative(one: Alternative, width: int) -> Iterator[str]:
    plan = one.plan
    cost = f"${write_money(plan.cost)} for {number_of(len(plan.enrollments), 'course')}, {hours_words(plan.minutes)}"
    yield wrapped(f"{one.words[:1].upper()}{one.words[1:]}: {cost}.", width)
    proven = "Proven to be the best of its kind." if one.proven else "Not proven to be the best of its kind."
    yield wrapped(f"{one.differs[:1].upper()}{one.differs[1:]}. {proven}", width, "    ", "    ")
    if plan.purchases:
        yield wrapped(f"Buys {listed(p.title for p in plan.purchases)}.", width, "    ", "    ")
    if plan.enrollments:
        providers = Counter(e.provider for e in plan.enrollments)
        takes = ", ".join(f"{count} of {provider}" for provider, count in sorted(providers.items()))
        yield wrapped(f"Takes {takes}.", width, "    ", "    ")
