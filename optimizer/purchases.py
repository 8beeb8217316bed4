"""Purchase days: every purchase as late as the finish days allow, and how late each enrollment could finish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogs.records import Offering, Pass
from optimizer.dates import Dated, Enrolled
from optimizer.filters import matches
from optimizer.problem import Choice, Days, Problem, Way
from optimizer.terms import FOREVER, latest_start, term_end
from optimizer.windows import approvers_on, event_days, ordinal, periods_of


@dataclass(frozen=True, slots=True)
class Seat:
    """Hold one enrollment with its days."""

    offering: Offering
    choice: Choice
    way: Way
    start: int
    finish: int
    bought_on: int | None
    """None where nothing is bought for it."""
    by: int
    """The latest day on which it could finish, all else kept."""


@dataclass(frozen=True, slots=True)
class Bought:
    """Hold one bought term with its days."""

    pass_id: str
    first: int
    last: int
    price: int


def latest_purchases(problem: Problem, dated: Dated) -> tuple[tuple[Seat, ...], tuple[Bought, ...]]:
    """Return the enrollments and the bought terms, each bought as late as the finish days allow.

    From the latest conceivable days, purchases are pulled forward to where the rules need them, until none has to move.
    """
    passes = {p.pass_id: p for p in problem.passes}
    enrolled = dated.enrolled
    ways = [e.way for e in enrolled]
    starts = [e.start for e in enrolled]
    held = set(dated.terms)
    paying = [max((t for t in way.terms if t in held), default=None) for way in ways]
    buys = {
        i: min(starts[i], ordinal(e.offering.available_until, FOREVER))
        for i, e in enumerate(enrolled)
        if e.way.price
    }
    first = {t: problem.days.last_day if problem.terms[t].bought else 0 for t in dated.terms}
    bought = [t for t in dated.terms if problem.terms[t].bought]
    last = {t: problem.terms[t].last for t in dated.terms}
    last |= {t: term_end(passes[problem.terms[t].pass_id], first[t]) for t in bought}
    covering = {t: _covering(problem, passes, dated, t) for t in bought}

    moved = True
    while moved:
        before = (dict(first), dict(buys))
        for t in reversed(bought):
            pass_ = passes[problem.terms[t].pass_id]
            bounds = [first[t]]
            bounds += [buys.get(i, start) for i, start in enumerate(starts) if paying[i] == t]
            bounds += [first[u] for u in bought if covering[u] == t]
            if (required := covering[t]) is not None:
                bounds.append(last[required])
            later = [first[u] for u in bought if u > t and problem.terms[u].pass_id == pass_.pass_id]
            first[t] = latest_start(pass_, min(bounds), min(later, default=FOREVER + 1))
            last[t] = term_end(pass_, first[t])
        for i, buy in buys.items():
            if (term := paying[i]) is not None:
                buys[i] = min(buy, last[term])
        moved = before != (first, buys)

    terms = {t: (first[t], last[t]) for t in dated.terms}
    finishes: dict[str, list[int]] = {}
    for e in enrolled:
        finishes.setdefault(e.offering.course_id, []).append(e.finish)
    courses = {
        problem.choices[i].offering.course_id: course for course in problem.courses for i in course.choices
    }
    seats = []
    for i, e in enumerate(enrolled):
        course = courses.get(e.offering.course_id)
        others = [*finishes[e.offering.course_id], *(course.earned_on if course else ())]
        others.remove(e.finish)
        gap = course.repeat_days if course else 0
        term = paying[i]
        by = _by(problem, e, buys.get(i), None if term is None else terms[term][1], others, gap)
        seats.append(Seat(e.offering, e.choice, e.way, starts[i], e.finish, buys.get(i), by))
    return tuple(seats), tuple(
        Bought(problem.terms[t].pass_id, first[t], last[t], problem.terms[t].price) for t in bought
    )


def _covering(problem: Problem, passes: Mapping[str, Pass], dated: Dated, t: int) -> int | None:
    """Return the held term of the required pass that covers the first day of term t, if it requires one."""
    required = passes[problem.terms[t].pass_id].requires
    if not required:
        return None
    day = problem.terms[t].first
    return next(
        u
        for u in dated.terms
        if problem.terms[u].pass_id == required and problem.terms[u].first <= day <= problem.terms[u].last
    )


def _by(
    problem: Problem,
    enrolled: Enrolled,
    bought_on: int | None,
    term_until: int | None,
    others: Sequence[int],
    gap: int,
) -> int:
    """Return the latest day on which this enrollment could finish with everything else as it is (rule 26)."""
    offering, way, finish = enrolled.offering, enrolled.way, enrolled.finish
    if event_days(offering):
        return finish
    days, access = problem.days, offering.access_days
    latest = min(days.last_day, ordinal(offering.available_until, FOREVER))
    if access is not None and (bought_on is not None or days.hundredths is not None):
        latest = min(latest, access + (enrolled.start if bought_on is None else bought_on))
    included = any(p.pass_id == way.paid_by and p.benefit == "included" for p in problem.passes)
    if bought_on is None and term_until is not None and (included or days.hundredths is None):
        latest = min(latest, term_until)
    if way.seat is not None:
        latest = min(latest, problem.seats_until[way.seat])
    looked_at = _periods_looked_at(problem, enrolled)
    day = latest
    while day > finish:
        start = day if days.hundredths is None else enrolled.start
        approvers = approvers_on(offering.approvals, day) & problem.named
        periods = periods_of(days, start, day)
        same = approvers == way.standing.approvers and not looked_at & (periods ^ way.standing.periods)
        near = [other for other in others if abs(day - other) < gap]
        away = days.hundredths is None and enrolled.choice.minutes and _away(days, day)
        if near:
            day = min(near) - gap
        elif away or not same:
            day -= 1
        else:
            return day
    return finish


def _periods_looked_at(problem: Problem, enrolled: Enrolled) -> frozenset[int]:
    """Return the periods of which it matters whether the enrollment lies in them."""
    item, approvers = enrolled.choice.item, enrolled.way.standing.approvers
    return frozenset(credit.target for credit in enrolled.choice.credits) | {
        rule.period
        for rule in (*problem.requirements, *problem.caps)
        for credit in enrolled.choice.credits
        for category in credit.categories
        if rule.target == credit.target and matches(rule.where, item, approvers, category)
    }


def _away(days: Days, day: int) -> bool:
    return any(first <= day <= last for first, last in days.away)
