"""Why: the explanation of a plan, or of why there is none, put together."""

from dataclasses import replace

from optimizer.conditions import conditions
from optimizer.conflict import asking, conflicts
from optimizer.explaining import (
    Pricing,
    passes_left_out,
    providers_left_out,
    purchases_explained,
    requirements_explained,
)
from optimizer.explanation import Explanation, WhatIfAnswer
from optimizer.obligation import obligations
from optimizer.plan import Plan
from optimizer.question import Question
from optimizer.savings import compared
from optimizer.solve import Stopwatch

MOST_CONFLICTS = 100
"""To look for: beyond, nobody reads on."""


def why(
    question: Question,
    plan: Plan,
    watch: Stopwatch,
    *,
    what_if: WhatIfAnswer | None = None,
    all_conflicts: bool = False,
) -> Explanation:
    """Return the explanation of the plan that answers a question."""
    kept = obligations(question.learner, question.credentials, question.as_of)
    unsettled: list[str] = []
    found = Explanation(
        status=plan.status,
        as_of=plan.as_of,
        cost=plan.cost,
        bound=plan.bound,
        minutes=plan.minutes,
        purchases=(),
        requirements=(),
        compared=(),
        passes_left_out=(),
        providers_left_out=(),
        conflicts=(),
        all_conflicts=False,
        remedies=(),
        what_if=what_if,
        unsettled=(),
    )
    if plan.no_plan is not None:
        found = replace(
            found,
            conflicts=(plan.no_plan.conflict,) if plan.no_plan.conflict else (),
            remedies=plan.no_plan.remedies,
        )
        if all_conflicts:
            by_route = [replace(one, route=plan.route[one.credential.id]) for one in kept]
            several, complete = conflicts(
                conditions(question, by_route), asking(question, by_route, watch), MOST_CONFLICTS
            )
            words = tuple(tuple(one.words for one in conflict) for conflict in several)
            found = replace(found, conflicts=words, all_conflicts=complete)
        if not found.conflicts:
            unsettled.append("what stands in the way")
    elif plan.bound < plan.cost:
        unsettled.append("what each purchase and each requirement is worth")
    elif plan.status != "nothing_needed":
        pricing = Pricing(question, kept, plan, watch)
        found = replace(
            found,
            purchases=purchases_explained(pricing, unsettled),
            requirements=requirements_explained(pricing, unsettled),
            compared=compared(pricing, unsettled),
            passes_left_out=passes_left_out(pricing, unsettled),
            providers_left_out=providers_left_out(pricing, unsettled),
        )
    return replace(found, unsettled=tuple(unsettled))
