"""Planning: one learner's question in, one answer out, stage by stage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogs.records import Offering, Pass
from optimizer.answer import answer
from optimizer.counting import fullest_count
from optimizer.credential import Credential, Version
from optimizer.credential_file import not_built_yet
from optimizer.cycles import governed_cycle
from optimizer.dates import earliest, on_terms
from optimizer.learner import Learner
from optimizer.market import market_for
from optimizer.model import Countable
from optimizer.plan import Plan
from optimizer.posing import pose
from optimizer.problem import Problem
from optimizer.purchases import Seat, latest_purchases
from optimizer.solve import Chosen, Status, Stopwatch, choose
from optimizer.tally import Answered
from optimizer.windows import approvers_on


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
    learner, credential = question.learner, question.credentials[0]
    version, *span = governed_cycle(learner.targets[0], credential, question.as_of)
    cycle = (span[0], span[1])
    if wishes := _refused(learner, version):
        raise NotBuiltYet(wishes)
    market = market_for(
        learner, question.file, credential, cycle[1], question.as_of, question.offerings, question.passes
    )
    problem = pose(learner, market, credential, version, cycle, question.as_of, grouped=question.reduced)
    watch = Stopwatch(question.seconds)
    warnings = list(market.warnings)
    if problem.days.last_day < problem.days.as_of:
        warnings.append(
            f"The last day to finish anything, {date.fromordinal(problem.days.last_day)}, has passed: "
            "only what you have earned can count."
        )

    chosen, cheapest = _full(problem, watch)
    full = chosen is not None
    if chosen is None:
        chosen = _partial(problem, watch, warnings)
        if cheapest is not None and cheapest.status is not Status.OPTIMAL:
            warnings.append(
                "The cost of the full plan is the cheapest found in the time given, not proven to be the cheapest."
            )
    dated, proven = earliest(problem, chosen, Stopwatch(watch.left() / 2), full=full)
    if dated is None:  # too many days to choose from: take the terms the search for the aims came with
        dated, proven = earliest(on_terms(problem, chosen), chosen, watch, full=full)[0], Status.FEASIBLE
    if dated is None:
        msg = "no dates were found for the chosen set within the time limit"
        raise NotProven(msg)
    optimal = chosen.status is Status.OPTIMAL and proven is Status.OPTIMAL
    if not optimal:
        warnings.append("The time limit ran out: a better plan, or better dates, may exist.")

    seats, terms = latest_purchases(problem, dated)
    seats = tuple(sorted(seats, key=lambda s: (s.start, s.finish, s.offering.offering_id)))
    warnings += _perhaps_the_same(learner, seats)
    enrolled = [
        Countable(s.choice.item, approvers_on(s.offering.approvals, s.finish), s.choice.credits, None)
        for s in seats
    ]
    counts = fullest_count(problem, enrolled, full=full)
    return answer(
        Answered(
            question, credential, version, cycle, market, problem, seats, terms, counts, tuple(warnings)
        ),
        bound=chosen.bound,
        proven=optimal,
        full=full,
        cheapest_full_cost=None if cheapest is None else cheapest.cost,
    )


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


def _full(problem: Problem, watch: Stopwatch) -> tuple[Chosen | None, Chosen | None]:
    """Return the cheapest full plan within the budget, if there is one, and the cheapest at any price."""
    cheapest = choose(problem, None, watch, full=True)
    if isinstance(cheapest, Status):
        if cheapest is not Status.INFEASIBLE:
            msg = "no plan was found within the time limit, and it is not proven that there is none"
            raise NotProven(msg)
        return None, None
    if problem.budget is None or cheapest.cost <= problem.budget:
        return cheapest, cheapest
    if cheapest.status is Status.OPTIMAL or cheapest.bound > problem.budget:
        return None, cheapest
    within = choose(problem, problem.budget, watch, full=True)
    if within is Status.UNKNOWN:
        msg = "no plan within the budget was found in the time limit, and it is not proven that there is none"
        raise NotProven(msg)
    return (None if isinstance(within, Status) else within), cheapest


def _partial(problem: Problem, watch: Stopwatch, warnings: list[str]) -> Chosen:
    """Return the plan within the budget that leaves the least short."""
    chosen = choose(problem, problem.budget, watch, full=False)
    if chosen is Status.INFEASIBLE:
        warnings.append(
            "What you require cannot be taken within your limits; the partial plan leaves it out."
        )
        chosen = choose(replace(problem, must_take=()), problem.budget, watch, full=False)
    if isinstance(chosen, Status):
        msg = "no partial plan was found within the time limit"
        raise NotProven(msg)
    return chosen


def _refused(learner: Learner, version: Version) -> list[str]:
    """Say in words what the learner or the rules ask for that is not built yet."""
    wishes = list(not_built_yet(version))
    if len(learner.targets) > 1:
        wishes.append(
            "planning for several credentials at once; plan for one at a time, with one [[credential]] in the file"
        )
    if learner.hours_per_week is not None:
        wishes.append("planning around hours_per_week; leave it out, and only dates bind")
    if learner.away:
        wishes.append("weeks without study ([[away]]); leave them out, and only dates bind")
    if learner.route not in ("", "continuing-education"):
        wishes.append(f'the route "{learner.route}"; only continuing education is planned')
    return wishes
