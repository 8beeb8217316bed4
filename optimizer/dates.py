"""Dates of the chosen set: the earliest finish days (docs/meaning.md, rule 25).

The same integer program again, with the chosen offerings and the values of all aims fixed. Enrollments whose
days follow the same rules are one group in it: inside a group earlier days go to earlier enrollments, so only how
many of the group finish on which day is searched.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalogs.records import Offering
from optimizer.crediting import Countable, count_rows, earned_items, seat_items
from optimizer.model import cost, paying, purchases
from optimizer.problem import Choice, Course, Problem, Way
from optimizer.program import Model, Terms
from optimizer.solve import Chosen, Status, Stopwatch, minimize, whole
from optimizer.ways import merged, one_a_day
from optimizer.windows import event_days, last_possible_day


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Hold one chosen enrollment; once dated, with how it is paid and its days."""

    rank: int
    offering: Offering
    choice: Choice
    last_possible: int
    way: Way
    start: int = 0
    finish: int = 0


@dataclass(frozen=True, slots=True)
class Dated:
    """Hold the chosen enrollments with their days, and the terms held (places in the problem)."""

    enrolled: tuple[Enrolled, ...]
    terms: tuple[int, ...]


def earliest(
    problem: Problem, chosen: Chosen, watch: Stopwatch, *, full: bool
) -> tuple[Dated | None, Status]:
    """Return the chosen set with its earliest finish days, and whether they are proven to be the earliest."""
    groups, posed = grouped(problem, chosen)
    model = paying(posed)
    items = certain_items(model, posed, groups)
    count_rows(model, posed, items, full=full)
    model.row(cost(model, posed), at_most=chosen.cost)
    model.row(purchases(model, posed), at_most=chosen.purchases)
    if not full:
        model.row([(v, 1) for v in model.short], at_most=float(chosen.short))
    search = _Search(model, posed, groups)
    for g, group in enumerate(groups):
        model.row(search.taken_by(g, None), at_least=len(group))
        model.row(search.taken_by(g, None), at_most=len(group))

    outcome = minimize(model, search.all_days, watch)
    if outcome.status is Status.INFEASIBLE:
        msg = "the chosen set has no dates, though the search for it said it had"
        raise RuntimeError(msg)
    if outcome.value is None:
        return None, Status.FEASIBLE
    dated = search.read()
    if outcome.status is not Status.OPTIMAL or round(outcome.value) == sum(map(sum, search.soonest)):
        return dated, outcome.status
    return _one_by_one(search, dated, watch)


def on_terms(problem: Problem, chosen: Chosen) -> Problem:
    """Return the problem with only the terms that the chosen set came with."""
    kept = (replace(way, terms=tuple(t for t in way.terms if t in chosen.terms)) for way in problem.ways)
    ways = tuple(w for w, whole_ in zip(kept, problem.ways, strict=True) if w.terms or not whole_.terms)
    return replace(problem, ways=ways)


def grouped(problem: Problem, chosen: Chosen) -> tuple[list[list[Enrolled]], Problem]:
    """Return the chosen enrollments in groups, in order, and the problem with one choice a group."""
    course_of = {i: course for course in problem.courses for i in course.choices}
    taken = {i for i, _ in chosen.takes}
    ways: dict[int, list[Way]] = {}
    for way in problem.ways:
        if way.choice in taken:
            ways.setdefault(way.choice, []).append(way)
    for course in problem.courses:
        if course.repeat_days and problem.days.hundredths is None:
            here = [way for i in course.choices for way in ways.pop(i, ())]
            for way in merged(
                one_a_day(here, course, problem.days.last_day), problem.passes, (), by_day=True
            ):
                ways.setdefault(way.choice, []).append(way)
    groups: dict[object, list[Enrolled]] = {}
    place: dict[object, int] = {}  # the choice whose ways stand for the group
    for i, count in chosen.takes:
        choice, course = problem.choices[i], course_of[i]
        last = last_possible_day(choice.offering, problem.days)
        if seats := [problem.seats_until[w.seat] for w in ways[i] if w.seat is not None]:
            last = min(last, max(seats))
        key: object = i
        if not (seats or course.repeat_days or len(course.choices) > 1 or rationed(course)):
            varies = len({way.standing for way in ways[i]}) > 1
            key = (
                frozenset(_pattern(way, timed=problem.days.hundredths is not None) for way in ways[i]),
                choice.stated,
                choice.minutes if problem.days.hundredths is not None and choice.self_paced else 0,
                last,
                varies and (choice.item, choice.credits),
            )
        place.setdefault(key, i)
        enrolled = [Enrolled(rank, o, choice, last, ways[i][0]) for rank, o in choice.taken(count)]
        groups.setdefault(key, []).extend(enrolled)
    ordered = [sorted(group, key=lambda e: (e.last_possible, e.rank)) for group in groups.values()]
    number = {i: g for g, i in enumerate(place.values())}
    posed = replace(
        problem,
        choices=tuple(problem.choices[i] for i in place.values()),
        ways=tuple(
            replace(way, choice=g, most=len(ordered[g]))
            if way.seat is None and not course_of[i].repeat_days
            else replace(way, choice=g)
            for i, g in number.items()
            for way in ways[i]
        ),
        courses=tuple(
            replace(course, choices=chosen_here)
            for course in problem.courses
            if (course.repeat_days or len(course.choices) > 1 or rationed(course))
            and (chosen_here := tuple(number[i] for i in course.choices if i in number))
        ),
        must_take=(),
    )
    return ordered, posed


def rationed(course: Course) -> bool:
    """Say whether a course may be taken more often than it may count for one obligation."""
    return any(left < course.most for left in course.left)


def _pattern(way: Way, *, timed: bool) -> tuple[object, ...]:
    days = (way.start, way.first, way.last) if timed else (way.first,)
    return (way.paid_by, way.terms, way.price, *days, way.standing)


def certain_items(model: Model, problem: Problem, groups: Sequence[Sequence[Enrolled]]) -> list[Countable]:
    """Return what counts: for certain, where no choice of days changes the approvals."""
    varying = {g for g in range(len(groups)) if len({w.standing for w in problem.ways if w.choice == g}) > 1}
    varying |= {g for course in problem.courses if rationed(course) for g in course.choices}
    fixed = [
        Countable(
            e.choice.item, next(w.standing for w in problem.ways if w.choice == g), e.choice.credits, None
        )
        for g, group in enumerate(groups)
        if g not in varying
        for e in group
    ]
    return fixed + seat_items(model, problem, varying) + earned_items(model, problem)


class _Search:
    """Hold what the search for the earliest days looks at again and again; nothing in it changes but the model."""

    def __init__(self, model: Model, problem: Problem, groups: Sequence[Sequence[Enrolled]]) -> None:
        self.model, self.problem, self.groups = model, problem, groups
        self.ways: list[list[int]] = [[] for _ in groups]
        for w, way in enumerate(problem.ways):
            self.ways[way.choice].append(w)
        self.days = [way.first - problem.days.as_of for way in problem.ways]
        self.all_days: Terms = [(v, day) for v, day in zip(model.take, self.days, strict=True) if day]
        gaps = {g for course in problem.courses if course.repeat_days for g in course.choices}
        self.soonest = []
        """Earliest days on which the enrollments of each group could finish if nothing else mattered."""
        for g, group in enumerate(groups):
            each = sorted({self.days[w] for w in self.ways[g]})
            self.soonest.append(each[: len(group)] if g in gaps else [each[0]] * len(group))

    def taken_by(self, group: int, day: int | None) -> Terms:
        """Return the number of enrollments of a group that finish by a day, or at all."""
        return [(self.model.take[w], 1) for w in self.ways[group] if day is None or self.days[w] <= day]

    def read(self) -> Dated:
        """Read the plan from the model, giving earlier days to earlier enrollments of a group."""
        found: list[Enrolled] = []
        for g, group in enumerate(self.groups):
            taken = [w for w in self.ways[g] for _ in range(whole(self.model.take[w]))]
            taken.sort(key=lambda w: (self.days[w], w))
            for e, w in zip(group, taken, strict=True):
                way = self.problem.ways[w]
                start = (event_days(e.offering) or (way.first,))[0]
                found.append(replace(e, way=way, start=start, finish=way.first))
        held = tuple(t for t, v in enumerate(self.model.hold) if v is None or whole(v))
        return Dated(tuple(found), held)

    def days_of(self, dated: Dated) -> list[list[int]]:
        """Return the finish days of each group's enrollments."""
        days = iter([e.finish - self.problem.days.as_of for e in dated.enrolled])
        return [[next(days) for _ in group] for group in self.groups]


def _one_by_one(search: _Search, dated: Dated, watch: Stopwatch) -> tuple[Dated, Status]:
    """Make the last finish day least, then each enrollment's day in its order.

    A row only ever says "at least so many of these finish by that day", and whether one more could is asked by
    counting as many as possible. The search for the least last day halves; the days that remain are few.
    """
    model, groups = search.model, search.groups
    everyone = range(len(groups))
    days = sorted({day for g in everyone for day in (search.days[w] for w in search.ways[g])})

    def could(terms: Terms, number: int) -> bool | None:
        outcome = minimize(model, [(v, -factor) for v, factor in terms], watch)
        if outcome.value is None or outcome.status is not Status.OPTIMAL:
            return None
        return round(-outcome.value) >= number

    def settle(terms: Terms, number: int) -> Dated | None:
        model.row(terms, at_least=number)
        outcome = minimize(model, search.all_days, watch)
        return search.read() if outcome.status is Status.OPTIMAL else None

    total = sum(map(len, groups))
    low = days.index(max(soonest[-1] for soonest in search.soonest))
    high = days.index(max(map(max, search.days_of(dated))))
    while low < high:
        middle = (low + high) // 2
        fits = could([t for g in everyone for t in search.taken_by(g, days[middle])], total)
        if fits is None:
            return dated, Status.FEASIBLE
        low, high = (low, middle) if fits else (middle + 1, high)
    settled = settle([t for g in everyone for t in search.taken_by(g, days[high])], total)
    if settled is None:
        return dated, Status.FEASIBLE
    dated = settled

    order = sorted(
        (e.last_possible, e.offering.offering_id, g, k)
        for g, group in enumerate(groups)
        for k, e in enumerate(group)
    )
    for _, _, g, k in order:
        now = search.days_of(dated)[g]
        least = max(search.soonest[g][k], now[k - 1] if k else 0)
        for day in sorted({search.days[w] for w in search.ways[g] if least <= search.days[w] < now[k]}):
            fits = could(search.taken_by(g, day), k + 1)
            if fits is None:
                return dated, Status.FEASIBLE
            if fits:
                settled = settle(search.taken_by(g, day), k + 1)
                if settled is None:
                    return dated, Status.FEASIBLE
                dated = settled
                break
        else:
            model.row(search.taken_by(g, now[k]), at_least=k + 1)
    return dated, Status.OPTIMAL
