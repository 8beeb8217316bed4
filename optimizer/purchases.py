"""Purchase days: every purchase as late as the finish days allow, and how late each enrollment could finish."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogs.records import Pass
from optimizer.dates import Taken
from optimizer.problem import Problem, Way
from optimizer.terms import FOREVER, latest_start, term_end
from optimizer.windows import approvers_on, event_days, ordinal


@dataclass(frozen=True, slots=True)
class Seat:
    """Hold one enrollment with its days."""

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


def latest_purchases(problem: Problem, taken: Taken) -> tuple[tuple[Seat, ...], tuple[Bought, ...]]:
    """Return the enrollments and the bought terms, each bought as late as the finish days allow.

    From the latest conceivable days, purchases are pulled forward to where the rules need them, until none has to move.
    """
    passes = {p.pass_id: p for p in problem.passes}
    ways = [problem.ways[w] for choice in sorted(taken.ways) for w in taken.ways[choice]]
    starts = [_start(problem, way) for way in ways]
    buys = {
        e: min(starts[e], ordinal(problem.choices[way.choice].offering.available_until, FOREVER))
        for e, way in enumerate(ways)
        if way.price
    }
    first = {t: problem.days.last_day if problem.terms[t].bought else 0 for t in taken.terms}
    bought = [t for t in taken.terms if problem.terms[t].bought]
    last = {t: problem.terms[t].last for t in taken.terms}
    last |= {t: term_end(passes[problem.terms[t].pass_id], first[t]) for t in bought}
    covering = {t: _covering(problem, passes, taken, t) for t in bought}

    moved = True
    while moved:
        before = (dict(first), dict(buys))
        for t in reversed(bought):
            pass_ = passes[problem.terms[t].pass_id]
            bounds = [first[t]]
            bounds += [starts[e] for e, way in enumerate(ways) if way.term == t and not way.price]
            bounds += [buys[e] for e, way in enumerate(ways) if way.term == t and way.price]
            bounds += [first[u] for u in bought if covering[u] == t]
            if (required := covering[t]) is not None:
                bounds.append(last[required])
            later = [first[u] for u in bought if u > t and problem.terms[u].pass_id == pass_.pass_id]
            first[t] = latest_start(pass_, min(bounds), min(later, default=FOREVER + 1))
            last[t] = term_end(pass_, first[t])
            for e, way in enumerate(ways):
                if way.term == t and way.price:
                    buys[e] = min(buys[e], last[t])
        moved = before != (first, buys)

    terms = {t: (first[t], last[t]) for t in taken.terms}
    finishes: dict[str, list[int]] = {}
    for way in ways:
        finishes.setdefault(problem.choices[way.choice].offering.course_id, []).append(way.first)
    seats = tuple(
        Seat(way, starts[e], way.first, buys.get(e), _by(problem, way, buys.get(e), terms, finishes))
        for e, way in enumerate(ways)
    )
    return seats, tuple(
        Bought(problem.terms[t].pass_id, first[t], last[t], problem.terms[t].price) for t in bought
    )


def _start(problem: Problem, way: Way) -> int:
    event = event_days(problem.choices[way.choice].offering)
    return event[0] if event else way.first


def _covering(problem: Problem, passes: Mapping[str, Pass], taken: Taken, t: int) -> int | None:
    """Return the held term of the required pass that covers the first day of term t, if it requires one."""
    required = passes[problem.terms[t].pass_id].requires
    if not required:
        return None
    day = problem.terms[t].first
    return next(
        u
        for u in taken.terms
        if problem.terms[u].pass_id == required and problem.terms[u].first <= day <= problem.terms[u].last
    )


def _by(
    problem: Problem,
    way: Way,
    bought_on: int | None,
    terms: Mapping[int, tuple[int, int]],
    finishes: Mapping[str, list[int]],
) -> int:
    """Return the latest day on which this enrollment could finish with everything else as it is (rule 26)."""
    offering = problem.choices[way.choice].offering
    if event_days(offering):
        return way.first
    latest = min(problem.days.last_day, ordinal(offering.available_until, FOREVER))
    if bought_on is not None:
        latest = min(latest, FOREVER if offering.access_days is None else bought_on + offering.access_days)
    elif way.term is not None:
        latest = min(latest, terms[way.term][1])
    if way.seat is not None:
        latest = min(latest, problem.seats_until[way.seat])
    course = next(c for c in problem.courses if way.choice in c.choices)
    others = list(finishes[offering.course_id])
    others.remove(way.first)
    others += course.earned_on
    day = latest
    while day > way.first:
        if any(abs(day - other) < course.repeat_days for other in others):
            day = min(o for o in others if abs(day - o) < course.repeat_days) - course.repeat_days
        elif approvers_on(offering.approvals, day) & problem.named != way.approvers:
            day -= 1
        else:
            return day
    return way.first
