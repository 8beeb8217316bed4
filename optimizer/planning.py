"""Planning: one learner's question in, one answer out, stage by stage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogs.records import Offering, Pass
from optimizer.answer import answer, no_plan
from optimizer.comparing import apart_and_together, other_routes
from optimizer.counting import fullest_count
from optimizer.credential import Credential
from optimizer.crediting import Countable
from optimizer.dates import Dated, earliest, on_terms
from optimizer.learner import Learner
from optimizer.learner_keys import OWN_UNIT
from optimizer.market import market_for
from optimizer.obligation import Obligation, obligations
from optimizer.plan import Plan
from optimizer.posing import pose
from optimizer.problem import Choice, Problem
from optimizer.purchases import Seat, latest_purchases
from optimizer.routes import ways_round
from optimizer.solve import Chosen, Status, Stopwatch, choose
from optimizer.tally import Answered
from optimizer.timing import earliest_in_time, loosened


class NotBuiltYet(Exception):
    """Refuse, in words, what this version can't do yet."""

    def __init__(self, wishes: Sequence[str]) -> None:
        self.wishes = tuple(wishes)
        super().__init__("; ".join(self.wishes))


class NotProven(Exception):
    """Stop because the time limit ran out before any plan was found or ruled out."""


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what is asked: a learner, the rules, what is for sale, and the day the answer is for."""

    learner: Learner
    file: str
    """Where the learner's words come from, for messages."""
    credentials: tuple[Credential, ...]
    """The rules of each of the learner's targets, in their order."""
    offerings: Sequence[Offering]
    passes: Sequence[Pass]
    digest: str
    as_of: date
    seconds: float
    reduced: bool = True
    """Whether offerings that nothing tells apart may be planned as one group; the answer is the same."""


def plan_for(question: Question) -> Plan:
    """Return the plan that answers a question, not yet verified.

    Raises `Faults` where the learner names what does not exist, `NotBuiltYet`, and `NotProven`.
    """
    kept = obligations(question.learner, question.credentials, question.as_of)
    if wishes := refused(question.learner, kept):
        raise NotBuiltYet(wishes)
    watch = Stopwatch(question.seconds)
    plan = _best([_planned(question, way, watch) for way in ways_round(kept, question.learner.route)])
    plan = replace(plan, routes=other_routes(question, kept, plan, watch))
    return plan if len(kept) == 1 else replace(plan, together=apart_and_together(question, kept, plan, watch))


def _best(by_route: Sequence[Plan]) -> Plan:
    """Return the best of the plans by different routes; of equals, and where none is full, the first."""
    full = [plan for plan in by_route if plan.no_plan is None]
    if not full:
        first = by_route[0]
        costs = [plan.no_plan.cheapest_full_cost for plan in by_route if plan.no_plan is not None]
        known = [cost for cost in costs if cost is not None]
        return first if not known else replace(first, no_plan=no_plan(first.budget, min(known)))
    best = min(full, key=lambda p: (p.cost, p.minutes, len(p.purchases), len(p.enrollments)))
    bound = min(plan.bound for plan in full)
    unproven = best.status == "optimal" and (
        bound < best.cost or any(plan.status == "feasible" and plan.cost == best.cost for plan in full)
    )
    return replace(best, status="feasible", bound=bound) if unproven else best


def _planned(question: Question, kept: Sequence[Obligation], watch: Stopwatch) -> Plan:
    """Return the plan by one route for each obligation."""
    learner = question.learner
    market = market_for(learner, question.file, kept, question.as_of, question.offerings, question.passes)
    problem = pose(learner, market, kept, question.as_of, grouped=question.reduced)
    warnings = [*market.warnings, *_about_days(problem, learner, kept)]

    loose = None
    if problem.days.hundredths is not None and problem.days.step > 1:
        untimed = pose(learner, market, kept, question.as_of, grouped=question.reduced, timed=False)
        loose = loosened(untimed, problem)
    chosen, cheapest = _full(problem, loose, watch)
    full = chosen is not None
    if chosen is None:
        chosen = _partial(problem, loose, watch, warnings, required=bool(learner.preferences.require))
        if cheapest is not None and cheapest.status is not Status.OPTIMAL:
            warnings.append(
                "The cost of the full plan is the cheapest found in the time given, not proven to be the cheapest."
            )
    dated, proven = _dated(problem, chosen, watch, full=full)
    optimal = chosen.status is Status.OPTIMAL and proven is Status.OPTIMAL
    if not optimal:
        warnings.append("The time limit ran out: a better plan, or better dates, may exist.")

    seats, terms = latest_purchases(problem, dated)
    seats = tuple(sorted(seats, key=lambda s: (s.start, s.finish, s.offering.offering_id)))
    warnings += _perhaps_the_same(learner, seats)
    course_of = {i: c for c, course in enumerate(problem.courses) for i in course.choices}
    place = {choice.offering.offering_id: i for i, choice in enumerate(problem.choices)}
    enrolled = [
        Countable(
            s.choice.item,
            s.way.standing,
            s.choice.credits,
            None,
            course=course_of[place[s.choice.offering.offering_id]],
        )
        for s in seats
    ]
    counts = fullest_count(problem, enrolled, full=full)
    return answer(
        Answered(question, kept, market, problem, seats, terms, counts, tuple(warnings)),
        bound=chosen.bound,
        proven=optimal,
        full=full,
        cheapest_full_cost=None if cheapest is None else cheapest.cost,
    )


def _dated(problem: Problem, chosen: Chosen, watch: Stopwatch, *, full: bool) -> tuple[Dated, Status]:
    """Return the chosen set with its days, and whether they are proven to be the best."""
    if problem.days.hundredths is not None:
        dated, proven = earliest_in_time(problem, chosen, watch, full=full)
    else:
        dated, proven = earliest(problem, chosen, Stopwatch(watch.left() / 2), full=full)
        if dated is None:  # too many days to choose from: take the terms the search for the aims came with
            dated = earliest(on_terms(problem, chosen), chosen, watch, full=full)[0]
            proven = Status.FEASIBLE
    if dated is None:
        msg = "no dates were found for the chosen set within the time limit"
        raise NotProven(msg)
    return dated, proven


def _about_days(problem: Problem, learner: Learner, kept: Sequence[Obligation]) -> list[str]:
    """Warn of what the days of the problem leave out."""
    found = []
    if problem.days.last_day < problem.days.as_of:
        found.append(
            f"The last day to finish anything, {date.fromordinal(problem.days.last_day)}, has passed: "
            "only what you have earned can count."
        )
    since = min((line.date for line in learner.earned if line.date), default=None)
    for one in kept:
        for rule in one.requirements:
            looks_back = rule.ever or (rule.within_months or 0) > one.version.cycle_months
            if looks_back and (since is None or since >= one.start):
                found.append(
                    f'"{rule.name}" of {one.credential.id} looks at years before this cycle, and your transcript '
                    "does not. If you met it then, add that line: the plan takes it for not done."
                )
    return found


def _perhaps_the_same(learner: Learner, seats: Sequence[Seat]) -> list[str]:
    """Warn of planned courses whose title was earned before by a line that does not say which course it was."""
    planned: dict[str, str] = {}
    for seat in seats:
        planned.setdefault(_words_of(seat.offering.title), seat.offering.course_id)
    return [
        f'You earned "{line.title}"{f" on {line.date}" if line.date else ""}, and the plan takes a course of that '
        f'title. If it is the same, it may not count again: add course_id = "{planned[_words_of(line.title)]}" to what '
        "you earned, and plan again."
        for line in learner.earned
        if line.title and not line.course_id and _words_of(line.title) in planned
    ]


def _words_of(title: str) -> str:
    """Return a title without case, punctuation and extra spaces."""
    return " ".join(re.findall(r"\w+", title.casefold()))


def _full(problem: Problem, loose: Problem | None, watch: Stopwatch) -> tuple[Chosen | None, Chosen | None]:
    """Return the cheapest full plan within the budget, if there is one, and the cheapest at any price."""
    cheapest = _choose(problem, loose, None, watch, full=True)
    if isinstance(cheapest, Status):
        if cheapest is not Status.INFEASIBLE:
            msg = "no plan was found within the time limit, and it is not proven that there is none"
            raise NotProven(msg)
        return None, None
    if problem.budget is None or cheapest.cost <= problem.budget:
        return cheapest, cheapest
    if cheapest.status is Status.OPTIMAL or cheapest.bound > problem.budget:
        return None, cheapest
    within = _choose(problem, loose, problem.budget, watch, full=True)
    if within is Status.UNKNOWN:
        msg = "no plan within the budget was found in the time limit, and it is not proven that there is none"
        raise NotProven(msg)
    return (None if isinstance(within, Status) else within), cheapest


def _choose(
    problem: Problem, loose: Problem | None, budget: int | None, watch: Stopwatch, *, full: bool
) -> Chosen | Status:
    """Return the best plan's choice; where not every start is tried, it is proven by a looser problem's."""
    found = choose(problem, budget, watch, full=full)
    if loose is None:
        return found
    best = choose(loose, budget, watch, full=full)
    if isinstance(best, Status) or isinstance(found, Status):
        if best is Status.INFEASIBLE:
            return best
        return (
            Status.UNKNOWN if isinstance(found, Status) else replace(found, status=Status.FEASIBLE, bound=0)
        )
    if _aims(problem, found) == _aims(loose, best) and best.status is Status.OPTIMAL:
        return found
    return replace(found, status=Status.FEASIBLE, bound=min(best.bound, found.cost) if full else found.bound)


def _aims(problem: Problem, chosen: Chosen) -> tuple[object, ...]:
    """Return the values of a choice's aims."""
    taken = [(problem.choices[i], count) for i, count in chosen.takes]
    ranks = [rank for choice, count in taken for rank in _ranks(choice, count)]
    minutes = sum(choice.minutes * count for choice, count in taken)
    return chosen.short, chosen.cost, minutes, chosen.purchases, len(ranks), sum(ranks)


def _ranks(choice: Choice, count: int) -> list[int]:
    return [rank for rank, _ in choice.members for _ in range(choice.each)][:count]


def _partial(
    problem: Problem, loose: Problem | None, watch: Stopwatch, warnings: list[str], *, required: bool
) -> Chosen:
    """Return the plan within the budget that leaves the least short."""
    chosen = _choose(problem, loose, problem.budget, watch, full=False)
    if chosen is Status.INFEASIBLE:
        what = "What you require" if required else "The route"
        warnings.append(f"{what} cannot be taken within your limits; the partial plan leaves it out.")
        chosen = _choose(
            replace(problem, must_take=()),
            loose and replace(loose, must_take=()),
            problem.budget,
            watch,
            full=False,
        )
    if isinstance(chosen, Status):
        msg = "no partial plan was found within the time limit"
        raise NotProven(msg)
    return chosen


def refused(learner: Learner, kept: Sequence[Obligation]) -> list[str]:
    """Say in words what the learner asks for that is not built yet."""
    if len(kept) > 1 and any(line.unit == OWN_UNIT for line in learner.earned):
        return ["--earned for several credentials at once; write [[earned]] with its unit in a file"]
    return []
