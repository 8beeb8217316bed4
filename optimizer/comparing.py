"""Comparing: what credentials would cost planned alone, and by other routes."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from optimizer import choosing
from optimizer.choosing import Least, NotProven, least
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.learner import Learner
from optimizer.market import Market, market_for
from optimizer.obligation import Obligation
from optimizer.plan import Apart, Plan, RoutePriced, Together
from optimizer.problem import Aim
from optimizer.question import Question
from optimizer.solve import Stopwatch


def other_routes(
    question: Question, kept: Sequence[Obligation], plan: Plan, watch: Stopwatch
) -> tuple[RoutePriced, ...]:
    """Return what each credential would cost, planned alone, by the routes it is not planned by."""
    found = []
    for target, one in zip(question.learner.targets, kept, strict=True):
        learner = replace(question.learner, targets=(target,))
        names = [DEFAULT_ROUTE, *(route.name for route in one.version.routes)]
        for name in names:
            if name != plan.route[one.credential.id]:
                cost = _cost_alone(question, learner, replace(one, route=name), watch)
                found.append(RoutePriced(one.credential.id, name, cost))
    return tuple(found)


def apart_and_together(
    question: Question, kept: Sequence[Obligation], plan: Plan, watch: Stopwatch
) -> Together:
    """Return what each credential would cost alone, and what planning them together saves."""
    apart = []
    for target, one in zip(question.learner.targets, kept, strict=True):
        learner = replace(question.learner, targets=(target,))
        by_route = replace(one, route=plan.route[one.credential.id])
        apart.append(Apart(one.credential.id, _cost_alone(question, learner, by_route, watch)))
    costs = [one.cost for one in apart if one.cost is not None]
    saves = None if len(costs) < len(apart) or plan.no_plan is not None else sum(costs) - plan.cost
    return Together(tuple(apart), saves)


def market_of(question: Question, kept: Sequence[Obligation]) -> Market:
    """Return the market in which a question is answered."""
    return market_for(
        question.learner,
        question.file,
        kept,
        question.as_of,
        question.catalog,
        question.passes,
        question.left_out,
    )


def best_of(
    question: Question,
    kept: Sequence[Obligation],
    watch: Stopwatch,
    *aims: Aim,
    insist: Collection[str] = (),
) -> Least:
    """Return what the best full plan for some obligations comes to, by cost or by other aims, or raise `NotProven`.

    Where cost is the first aim, the budget is not looked at. With `insist` it takes one of these offerings.
    """
    return _least(question, kept, watch, aims or (Aim.COST,), insist, None)


def exists(question: Question, kept: Sequence[Obligation], watch: Stopwatch, *, budget: int | None) -> bool:
    """Say whether there is a full plan within a budget, whatever the question's own is, or raise `NotProven`."""
    aims = () if budget is None else (Aim.COST,)
    return within(_least(question, kept, watch, aims, (), budget), budget)


def study_at_least(question: Question, kept: Sequence[Obligation]) -> float:
    """Return minutes of study at one's own pace that every full plan takes at least; 0 where that is not known."""
    return choosing.study_at_least(question.learner, kept, market_of(question, kept), question.as_of)


def within(least: Least, budget: int | None) -> bool:
    """Say whether a plan of least cost lies within a budget, or raise `NotProven`."""
    if least.cost is None or (budget is not None and least.bound > budget):
        return False
    if budget is None or least.cost <= budget:
        return True
    if least.proven:
        return False
    msg = "whether a plan within the budget exists was not settled within the time limit"
    raise NotProven(msg)


def _least(
    question: Question,
    kept: Sequence[Obligation],
    watch: Stopwatch,
    aims: tuple[Aim, ...],
    insist: Collection[str],
    enough: int | None,
) -> Least:
    if not (insist or question.learner.preferences.require or any(one.requirements for one in kept)):
        question = _without_offerings(question)  # nothing is asked for: only a route may cost something
    return least(
        question.learner,
        kept,
        market_of(question, kept),
        question.as_of,
        watch,
        reduced=question.reduced,
        aims=aims,
        insist=insist,
        enough=enough,
    )


def _cost_alone(question: Question, learner: Learner, one: Obligation, watch: Stopwatch) -> int | None:
    """Return what the cheapest full plan for one obligation costs; None if there is none, or none proven."""
    try:
        found = best_of(replace(question, learner=learner), [one], watch)
    except NotProven:
        return None
    return found.cost if found.proven else None


def _without_offerings(question: Question) -> Question:
    """Return a question whose learner names no offering, with none to name."""
    learner, passes = question.learner, {p.pass_id for p in question.passes}
    learner = replace(
        learner,
        offerings=(),
        prices=tuple((one_id, price) for one_id, price in learner.prices if one_id in passes),
        holdings=tuple(h for h in learner.holdings if h.pass_id),
        preferences=replace(learner.preferences, exclude=(), exclude_providers=()),
    )
    return replace(question, learner=learner, offerings=())
