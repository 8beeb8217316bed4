"""Planning: one learner's question in, one answer out, stage by stage."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from catalogs.faults import did_you_mean
from catalogs.staleness import stale
from optimizer.answer import answer
from optimizer.choosing import NotProven, best_choice
from optimizer.comparing import apart_and_together, market_of, other_routes
from optimizer.conditions import Kind, conditions
from optimizer.conflict import asking, conflicts
from optimizer.counting import fullest_count
from optimizer.crediting import Countable
from optimizer.dates import Dated, earliest, on_terms
from optimizer.filters import approvers_named
from optimizer.learner import Learner
from optimizer.learner_keys import OWN_UNIT
from optimizer.market import Market
from optimizer.obligation import Obligation, obligations
from optimizer.plan import NoPlan, Plan
from optimizer.problem import Aim, Problem
from optimizer.purchases import Seat, latest_purchases
from optimizer.question import Question
from optimizer.remedies import remedies
from optimizer.routes import KIND as ROUTE
from optimizer.routes import ways_round
from optimizer.solve import Chosen, Status, Stopwatch
from optimizer.tally import Answered
from optimizer.timing import earliest_in_time


class NotBuiltYet(Exception):
    """Refuse, in words, what this version can't do yet."""

    def __init__(self, wishes: Sequence[str]) -> None:
        self.wishes = tuple(wishes)
        super().__init__("; ".join(self.wishes))


UNPROVEN = "It was not proven in the time given: a better plan, or better dates, may exist."

LEAST_SECONDS = 10.0
"""For the days of a set that is found already, however little time is left: without days it is no plan."""


def plan_for(question: Question) -> Plan:
    """Return the plan that answers a question, not yet verified.

    Raises `Faults` where the learner names what does not exist, `NotBuiltYet`, and `NotProven`.
    """
    kept = obligations(question.learner, question.credentials, question.as_of)
    if wishes := refused(question.learner, kept):
        raise NotBuiltYet(wishes)
    watch = Stopwatch(question.seconds)
    by_route = [_planned(question, way, watch) for way in ways_round(kept, question.learner.route)]
    own = [one.offering_id for one in question.learner.offerings]
    ids = sorted([*question.catalog.columns["offering_id"], *own]) if len(by_route) > 1 else []
    plan = _best(by_route, {one: rank for rank, one in enumerate(ids, start=1)}, question.aims)
    if not question.beside:
        return plan
    plan = replace(plan, routes=other_routes(question, kept, plan, watch))
    if plan.no_plan is not None and question.explained:
        plan = _explained(plan, question, kept, watch)
    return plan if len(kept) == 1 else replace(plan, together=apart_and_together(question, kept, plan, watch))


def _explained(plan: Plan, question: Question, kept: Sequence[Obligation], watch: Stopwatch) -> Plan:
    """Return a plan that is not full with why there is no full one, and what would help."""
    assert plan.no_plan is not None  # noqa: S101 - else nobody asks
    kept = [replace(one, route=plan.route[one.credential.id]) for one in kept]
    known = conditions(question, kept)
    none, one_way = plan.no_plan, len(ways_round(kept, question.learner.route)) == 1
    # Where there is none at any price, the budget is not what stands in the way.
    at_any_price = none.cheapest_full_cost is not None or question.aims[0] is not Aim.COST
    among = known if at_any_price else [one for one in known if one.kind is not Kind.BUDGET]
    some_price = one_way and none.cheapest_full_cost is not None
    fits = asking(question, kept, watch, impossible=one_way, at_some_price=some_price)
    found, _ = conflicts(among, fits, 1)
    cheapest = none.cheapest_full_cost if one_way and none.cheapest_full_cost == none.bound else None
    helps, complete = remedies(question, kept, found[0], watch, cheapest) if found else ((), False)
    late = "Not all that may stand in the way could be looked at in the time given. Give it longer with --time-limit."
    words = tuple(one.words for conflict in found for one in conflict)
    return replace(
        plan,
        no_plan=replace(plan.no_plan, conflict=words, remedies=helps),
        warnings=plan.warnings if complete else (*plan.warnings, late),
    )


def _best(by_route: Sequence[Plan], ranks: Mapping[str, int], order: Sequence[Aim]) -> Plan:
    """Return the best of the plans by different routes; of equals, and where none is full, the first."""
    if len(by_route) == 1:
        return by_route[0]
    full = [plan for plan in by_route if plan.no_plan is None]
    if not full:
        first = by_route[0]
        reasons = [plan.no_plan for plan in by_route if plan.no_plan is not None]
        costs = [one.cheapest_full_cost for one in reasons if one.cheapest_full_cost is not None]
        bounds = [one.bound for one in reasons if one.bound is not None]
        if not costs:
            return first
        return replace(first, no_plan=NoPlan(min(costs), min(bounds), reasons[0].partial_proven, (), ()))

    def aims(plan: Plan) -> tuple[int, ...]:
        values = {
            Aim.COST: plan.cost,
            Aim.HOURS: plan.minutes,
            Aim.PURCHASES: len(plan.purchases),
            Aim.ENROLLMENTS: len(plan.enrollments),
            Aim.RANKS: sum(ranks[e.offering_id] for e in plan.enrollments),
        }
        return tuple(values[aim] for aim in order)

    best = min(full, key=aims)
    bound = min(plan.bound for plan in full)
    if best.status == "feasible":
        return replace(best, bound=bound)
    unproven = best.status == "optimal" and (
        bound < best.cost or any(plan.status == "feasible" and plan.cost == best.cost for plan in full)
    )
    return replace(best, status="feasible", bound=bound) if unproven else best


def _planned(question: Question, kept: Sequence[Obligation], watch: Stopwatch) -> Plan:
    """Return the plan by one route for each obligation."""
    learner = question.learner
    market = market_of(question, kept)
    solved = best_choice(
        learner,
        kept,
        market,
        question.as_of,
        watch,
        reduced=question.reduced,
        aims=question.aims,
        max_minutes=question.max_minutes,
    )
    problem, chosen, full = solved.problem, solved.chosen, solved.full
    warnings = [
        *_unknown_words(learner, market, kept),
        *market.warnings,
        *_about_days(problem, learner, kept),
        *solved.warnings,
    ]
    dated, proven = _dated(problem, chosen, watch, full=full)
    optimal = chosen.status is Status.OPTIMAL and proven is Status.OPTIMAL
    if not optimal:
        warnings.append(UNPROVEN)

    seats, terms = latest_purchases(problem, dated)
    seats = tuple(sorted(seats, key=lambda s: (s.start, s.finish, s.offering.offering_id)))
    warnings += _perhaps_the_same(learner, seats)
    bought = {term.pass_id for term in terms}
    taken = dict.fromkeys(seat.offering for seat in seats if seat.offering.kind != ROUTE)
    warnings += stale(taken, [one for one in market.passes if one.pass_id in bought], question.as_of)
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
        cheapest_full_cost=None if solved.cheapest is None else solved.cheapest.cost,
        full_bound=None if solved.cheapest is None else solved.cheapest.bound,
    )


def _dated(problem: Problem, chosen: Chosen, watch: Stopwatch, *, full: bool) -> tuple[Dated, Status]:
    """Return the chosen set with its days, and whether they are proven to be the best."""
    search = earliest if problem.days.hundredths is None else earliest_in_time
    dated, proven = search(problem, chosen, Stopwatch(watch.left() / 2), full=full)
    if dated is None:  # too many days to choose from: take the terms the search for the aims came with
        more = Stopwatch(max(watch.left(), LEAST_SECONDS))
        dated, proven = search(on_terms(problem, chosen), chosen, more, full=full)[0], Status.FEASIBLE
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
    for one in kept:
        if one.start > date.fromordinal(problem.days.as_of):
            found.append(
                f"The cycle of {one.credential.id} starts on {one.start}, after today: nothing before counts for it. "
                "If that is not so, correct the deadline or give --cycle-start."
            )
        for rule in one.requirements:
            if rule.every_months is not None and not one.whole_parts(rule.every_months):
                found.append(
                    f'"{rule.name}" asks for credit in every {rule.every_months} months, and this cycle is shorter: '
                    "it is not looked at. Ask the issuer what holds for you."
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


def _unknown_words(learner: Learner, market: Market, kept: Sequence[Obligation]) -> list[str]:
    """Warn of categories and approvers of earned credit that neither rules nor offerings know: it may be a slip."""
    rules = [rule.where for one in kept for rule in one.version.requirements]
    rules += [cap.where for one in kept for cap in one.version.caps]
    if not learner.earned:
        return []
    columns = market.catalog.columns
    categories = {c for parts in columns["credits"].values for part in parts for c in part.categories} | {
        "any"
    }
    categories |= {word for where in rules for word in where.category}
    approvers = {word for where in rules for word in approvers_named(where)}
    if not approvers.issuperset(a.approver for line in learner.earned for a in line.approvals):
        approvers |= {a.approver for approvals in columns["approvals"].values for a in approvals}
    said = [
        ("category", word, categories)
        for line in learner.earned
        for p in line.credits
        for word in p.categories
    ]
    said += [("approver", a.approver, approvers) for line in learner.earned for a in line.approvals]
    units = {unit for one in kept for unit, _ in one.credential.conversions} | {OWN_UNIT, ""}
    foreign = dict.fromkeys(line.unit for line in learner.earned if line.unit not in units)
    counting = ", ".join(sorted(units - {OWN_UNIT, ""}))
    told = [
        f'You earned credit in the unit "{unit}", which does not count; these do: {counting}.'
        + did_you_mean(unit, units)
        for unit in foreign
    ]
    return told + [
        f'You earned credit of the {what} "{word}", which no rule and no offering knows.{did_you_mean(word, known)}'
        for what, word, known in dict.fromkeys((what, word, frozenset(known)) for what, word, known in said)
        if word not in known
    ]


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


def refused(learner: Learner, kept: Sequence[Obligation]) -> list[str]:
    """Say in words what the learner asks for that is not built yet."""
    if len(kept) > 1 and any(line.unit == OWN_UNIT for line in learner.earned):
        return ["--earned for several credentials at once; write [[earned]] with its unit in a file"]
    return []
