"""Dates of the chosen set: the earliest finishes and, given those, the latest purchases (docs/meaning.md, rule 25).

The same integer program, with the chosen offerings and the values of all aims fixed, finds the finish days. Purchases
are then moved later until nothing gives: every rule about them has the form "not after that day".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimizer.model import Model, Terms, build, by_choice, purchases
from optimizer.problem import Problem, Way
from optimizer.solve import Chosen, Status, Stopwatch, is_one, minimize
from optimizer.windows import last_possible_day


type Ways = dict[int, list[int]]
"""Places of ways, by choice."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Hold the ways taken, by choice and in the order of their days, and the terms held: places in the problem."""

    ways: Ways
    terms: tuple[int, ...]


def earliest(
    problem: Problem, chosen: Chosen, watch: Stopwatch, *, full: bool
) -> tuple[Problem, Taken | None, Status]:
    """Return the problem cut down to the chosen set, the set with its earliest finish days, and whether that is proven."""
    counts = dict(chosen.takes)
    kept = replace(problem, ways=tuple(w for w in problem.ways if w.choice in counts), must_take=())
    model = build(kept, budget=chosen.cost, full=full)
    model.row(purchases(model, kept), at_most=chosen.purchases)
    if not full:
        model.row([(v, 1) for v in model.short], at_most=chosen.short + 1e-6)
    for choice, ways in by_choice(kept.ways).items():
        seats: Terms = [(model.take[w], 1) for w in ways]
        model.row(seats, at_least=counts[choice])
        model.row(seats, at_most=counts[choice])

    search = _Search(model, kept, counts)
    outcome = minimize(model, search.all_days, watch)
    if outcome.value is None:
        return kept, None, Status.FEASIBLE
    soonest = sum(sum(days) for days in search.soonest.values())
    if outcome.status is not Status.OPTIMAL or round(outcome.value) == soonest:
        return kept, search.taken(), outcome.status
    return kept, *_one_by_one(search, watch)


class _Search:
    """Hold what the search for the earliest days looks at again and again; nothing in it changes but the model."""

    def __init__(self, model: Model, problem: Problem, counts: Mapping[int, int]) -> None:
        self.model, self.problem, self.counts = model, problem, counts
        self.places = by_choice(problem.ways)
        self.days = [way.first - problem.days.as_of for way in problem.ways]
        self.all_days: Terms = [(v, day) for v, day in zip(model.take, self.days, strict=True) if day]
        self.order = sorted(counts, key=lambda i: (self._last_possible(i), problem.choices[i].rank))
        self.soonest = {i: self._soonest(i) for i in counts}
        self.alike = {i: self._alike(i) for i in counts}

    def _last_possible(self, choice: int) -> int:
        last = last_possible_day(self.problem.choices[choice].offering, self.problem.days)
        seats = [self.problem.ways[w].last for w in self.places[choice] if self.problem.ways[w].seat is not None]
        return min(last, max(seats)) if seats else last

    def _soonest(self, choice: int) -> list[int]:
        """Return the earliest days on which the choice's enrollments could finish if nothing else mattered."""
        each = sorted({self.days[w] for w in self.places[choice]})
        course = next(c for c in self.problem.courses if choice in c.choices)
        count = self.counts[choice]
        return each[:count] if course.repeat_days else [each[0]] * count

    def _alike(self, choice: int) -> object:
        """Return what tells a choice apart from others as far as its days go; equal ones may swap their days."""
        ways = [self.problem.ways[w] for w in self.places[choice]]
        course = next(c for c in self.problem.courses if choice in c.choices)
        if self.counts[choice] > 1 or len(course.choices) > 1 or any(way.seat is not None for way in ways):
            return choice
        about = self.problem.choices[choice]
        counting = (about.item, about.credits) if len({way.approvers for way in ways}) > 1 else None
        return about.stated, counting, self._last_possible(choice), frozenset(map(_pattern, ways))

    def taken(self) -> Taken:
        """Read the plan from the model, giving earlier days to earlier enrollments among those that are alike."""
        values = {i: [w for w in ways if is_one(self.model.take[w].varValue)] for i, ways in self.places.items()}
        groups: dict[object, list[int]] = {}
        for choice in self.order:
            groups.setdefault(self.alike[choice], []).append(choice)
        plan: Ways = {}
        for group in groups.values():
            ways = sorted((w for i in group for w in values[i]), key=lambda w: (self.days[w], w))
            if len(group) == 1:
                plan[group[0]] = ways
                continue
            for choice, w in zip(group, ways, strict=True):
                pattern = _pattern(self.problem.ways[w])
                plan[choice] = [v for v in self.places[choice] if _pattern(self.problem.ways[v]) == pattern][:1]
        held = tuple(t for t, v in enumerate(self.model.hold) if v is None or is_one(v.varValue))
        return Taken(plan, held)


def _pattern(way: Way) -> tuple[object, ...]:
    return (way.paid_by, way.term, way.price, way.first, way.last, way.buy_first, way.buy_last, way.approvers)


def _one_by_one(search: _Search, watch: Stopwatch) -> tuple[Taken, Status]:
    """Make the last finish day least, then each enrollment's day in its order."""
    model, taken = search.model, search.taken()
    last = model.variable(None, whole=False)
    for v, day in zip(model.take, search.days, strict=True):
        if day:
            model.row([(last, 1), (v, -day)], at_least=0)
    for aim in ([(last, 1)], search.all_days):
        outcome = minimize(model, aim, watch, again=True)
        if outcome.value is None:
            return taken, Status.FEASIBLE
        taken = search.taken()
        if outcome.status is not Status.OPTIMAL:
            return taken, Status.FEASIBLE
        if aim is not search.all_days:
            model.row(aim, at_most=round(outcome.value))

    floor: dict[object, int] = {}
    for choice in search.order:
        ways, alike = search.places[choice], search.alike[choice]
        for k in range(search.counts[choice]):
            day = search.days[taken.ways[choice][k]]
            least = max(search.soonest[choice][k], floor.get(alike, 0))
            for earlier in sorted({search.days[w] for w in ways if least <= search.days[w] < day}):
                by_then: Terms = [(model.take[w], -1) for w in ways if search.days[w] <= earlier]
                outcome = minimize(model, by_then, watch)
                if outcome.value is None or outcome.status is not Status.OPTIMAL:
                    return taken, Status.FEASIBLE
                if round(-outcome.value) > k:
                    model.row([(v, 1) for v, _ in by_then], at_least=k + 1)
                    if minimize(model, search.all_days, watch, again=True).status is not Status.OPTIMAL:
                        return taken, Status.FEASIBLE
                    taken, day = search.taken(), earlier
                    break
            floor[alike] = day
            model.row([(model.take[w], 1) for w in ways if search.days[w] <= day], at_least=k + 1)
    return taken, Status.OPTIMAL
