"""Alternatives: plans of other kinds than the cheapest, each proven to be the best of its kind where time allows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from optimizer.choosing import Least, NotProven
from optimizer.comparing import apart_and_together, best_of, market_of, other_routes, within
from optimizer.differing import differs, same_set
from optimizer.kinds import FEWEST, Kind, kinds
from optimizer.obligation import obligations
from optimizer.plan import Alternative, NoAlternative, Plan, Together
from optimizer.planning import plan_for
from optimizer.problem import Aim
from optimizer.question import Question
from optimizer.routes import ways_round
from optimizer.solve import Stopwatch

LEAST_SECONDS = 0.1
"""Seconds without which nothing more is asked."""

ROUNDS = 5
"""Times that what a plan takes amiss is left out before a kind is given up as not settled."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Hold a plan of a kind, and whether it is proven to be the best of it."""

    plan: Plan
    proven: bool
    words: str


type _Looked = _Found | str
"""What was found of a kind, or why nothing was."""


def alternatives(
    question: Question, plan: Plan, most: int, watch: Stopwatch
) -> tuple[tuple[Alternative, ...], tuple[NoAlternative, ...]]:
    """Return at most so many plans different in kind from the cheapest, and why there are none of other kinds.

    There are none where there is no full plan to begin with, or nothing is needed.
    """
    if plan.status not in ("optimal", "feasible"):
        return (), ()
    found: list[Alternative] = []
    lacking: list[NoAlternative] = []
    looks = list(_looks(question, plan))
    for place, (name, look) in enumerate(looks):
        looked: _Looked = "not_looked_for"
        if len(found) < most:
            try:
                looked = look(Stopwatch(watch.left() / (len(looks) - place)))
            except NotProven:
                looked = "not_settled"
        if not isinstance(looked, str) and same_set(looked.plan, plan):
            looked = "the_plan_itself"
        if isinstance(looked, str):
            lacking.append(NoAlternative(name, looked))
            continue
        found = _with(found, name, looked, beside(question, looked.plan, plan, watch), plan)
    return tuple(found), tuple(lacking)


def beside(question: Question, other: Plan, plan: Plan, watch: Stopwatch) -> Plan:
    """Return another plan of a question as it stands beside the cheapest: not called optimal where it costs more.

    What other routes and each credential alone would cost is taken over from the cheapest, if it goes the same way.
    """
    kept = obligations(question.learner, question.credentials, question.as_of)
    routes, together = plan.routes, plan.together
    if other.route != plan.route:
        routes = other_routes(question, kept, other, watch)
        together = apart_and_together(question, kept, other, watch) if len(kept) > 1 else None
    elif together is not None:
        costs = [one.cost for one in together.apart if one.cost is not None]
        saves = sum(costs) - other.cost if len(costs) == len(together.apart) and not other.no_plan else None
        together = Together(together.apart, saves)
    other = replace(other, routes=routes, together=together)
    if other.status not in ("optimal", "feasible"):
        return other
    return replace(other, status="feasible", bound=min(plan.bound, other.cost))


def _looks(question: Question, plan: Plan) -> Iterator[tuple[str, Callable[[Stopwatch], _Looked]]]:
    """Yield each kind with what looks for it in the time it is given."""
    for name in FEWEST:
        yield name, partial(_fewest, question, plan, name)
    kept = obligations(question.learner, question.credentials, question.as_of)
    by_route = [replace(one, route=plan.route[one.credential.id]) for one in kept]
    for alike in kinds(market_of(question, by_route), by_route):
        yield alike[0].name, partial(_cheapest, question, plan, alike)


def _fewest(question: Question, plan: Plan, name: str, watch: Stopwatch) -> _Looked:
    """Return the plan with the fewest of something, the cheapest of those."""
    aims = FEWEST[name]
    now = _value(plan, aims[0])
    leasts = least_by_route(question, watch, aims[0])
    proven = all(least.proven for least in leasts)
    if all(least.cost is None or _value_of(least, aims[0]) >= now for least in leasts):
        return "the_plan_itself" if proven else "not_settled"
    found = plan_for(replace(question, aims=aims, beside=False, seconds=watch.left()))
    if found.no_plan is not None or _value(found, aims[0]) >= now:
        return "not_settled"
    return _Found(found, proven and found.status == "optimal", name.replace("_", " "))


def _cheapest(question: Question, plan: Plan, alike: Sequence[Kind], watch: Stopwatch) -> _Looked:
    """Return the cheapest plan of a kind; of kinds that come together, that of the cheapest."""
    if any(kind.is_kind_of(plan) for kind in alike):
        return "the_plan_itself"
    settled = True
    fitting: list[tuple[int, Kind]] = []
    for kind in alike:
        asked = replace(question, left_out=question.left_out | kind.left_out)
        try:
            for least in least_by_route(asked, watch, Aim.COST):
                if within(least, question.learner.budget):
                    settled = settled and least.proven
                    fitting.append((least.cost or 0, kind))
        except NotProven:
            settled = False
    if not fitting:
        return "none" if settled else "not_settled"
    _, kind = min(fitting, key=lambda one: one[0])
    return _of_kind(question, kind, watch, settled=settled)


def _of_kind(question: Question, kind: Kind, watch: Stopwatch, *, settled: bool) -> _Looked:
    """Return the plan of a kind; what it takes amiss is left out, too, and the plan then not called the best."""
    left_out = question.left_out | kind.left_out
    for turn in range(ROUNDS):
        found = plan_for(replace(question, left_out=left_out, beside=False, seconds=watch.left()))
        if found.no_plan is not None:
            break
        if not (amiss := kind.amiss(found)):
            return _Found(found, settled and not turn and found.status == "optimal", kind.words)
        left_out |= amiss
    return "not_settled"


def least_by_route(question: Question, watch: Stopwatch, aim: Aim) -> list[Least]:
    """Return what the best full plan by each route that may be taken comes to, or raise `NotProven`."""
    if watch.left() < LEAST_SECONDS:  # to pose the question alone may take longer
        msg = "the time ran out before it was asked"
        raise NotProven(msg)
    kept = obligations(question.learner, question.credentials, question.as_of)
    return [best_of(question, way, watch, aim) for way in ways_round(kept, question.learner.route)]


def _value(plan: Plan, aim: Aim) -> int:
    return plan.minutes if aim is Aim.HOURS else len(plan.purchases)


def _value_of(least: Least, aim: Aim) -> int:
    return least.minutes if aim is Aim.HOURS else least.purchases


def _with(found: list[Alternative], name: str, looked: _Found, other: Plan, plan: Plan) -> list[Alternative]:
    """Return the alternatives with one more, told together with another that buys and takes the same."""
    for place, one in enumerate(found):
        if same_set(one.plan, other):
            both = replace(
                one,
                kinds=(*one.kinds, name),
                words=f"{one.words}; {looked.words}",
                proven=one.proven and looked.proven,
            )
            return [*found[:place], both, *found[place + 1 :]]
    return [
        *found,
        Alternative((name,), looked.words, differs(other, plan), other.cost, looked.proven, other),
    ]
