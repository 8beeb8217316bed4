"""Crediting: the rows of the integer program that say what counts (the mathematics stands in model.py)."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from pulp import LpVariable

from optimizer.filters import Item, Standing
from optimizer.problem import Credit, Problem, Rule
from optimizer.program import Counted, Model


@dataclass(frozen=True, slots=True)
class Countable:
    """Hold an item whose credit may count."""

    about: Item
    standing: Standing
    credits: tuple[Credit, ...]
    takes: tuple[LpVariable, ...] | None
    """The variables that say how often it is there; None if it is there once, for certain."""
    most: int = 1
    course: int | None = None
    """The course it is an enrollment of, by place in the problem; None for an earned line."""
    keeps: tuple[tuple[int, LpVariable], ...] = ()
    """For obligations that count only some lines of its course: whether this one is among them."""


def seat_items(model: Model, problem: Problem, choices: Container[int]) -> list[Countable]:
    """Return the ways of these choices as items, those of one choice that finish in the same standing together.

    Where two items caps may cross on credit the learner assigns, every seat becomes an item of its own: half of
    one seat's credit and half of another's would otherwise pass as one item under each cap.
    """
    places: dict[tuple[int, Standing], list[int]] = {}
    for w, way in enumerate(problem.ways):
        if way.choice in choices:
            places.setdefault((way.choice, way.standing), []).append(w)
    crossing = sum(cap.items is not None for cap in problem.caps) > 1
    course_of = {i: c for c, course in enumerate(problem.courses) for i in course.choices}
    items: list[Countable] = []
    for (i, standing), ways in places.items():
        choice, most = problem.choices[i], sum(problem.ways[w].most for w in ways)
        takes = tuple(model.take[w] for w in ways)
        if crossing and most > 1 and any(len(credit.categories) > 1 for credit in choice.credits):
            seats = [
                model.variable(1, whole=True) for _ in range(min(most, choice.each * len(choice.members)))
            ]
            model.row([*((seat, 1) for seat in seats), *((take, -1) for take in takes)], at_most=0)
            items += [
                Countable(choice.item, standing, choice.credits, (seat,), course=course_of.get(i))
                for seat in seats
            ]
        else:
            items.append(Countable(choice.item, standing, choice.credits, takes, most, course_of.get(i)))
    return items


def earned_items(model: Model, problem: Problem) -> list[Countable]:
    """Return the earned lines as items, adding the rows (keep)."""
    keep: dict[int, list[tuple[int, LpVariable]]] = {}
    for target, places, times in problem.repeated_lines:
        kept = [model.variable(1, whole=True) for _ in places]
        model.row([(one, 1) for one in kept], at_most=times)
        for place, one in zip(places, kept, strict=True):
            keep.setdefault(place, []).append((target, one))
    return [
        Countable(line.item, line.standing, line.credits, None, keeps=tuple(keep.get(place, ())))
        for place, line in enumerate(problem.lines)
    ]


def count_rows(model: Model, problem: Problem, items: Sequence[Countable], *, full: bool) -> None:
    """Add the rows (earn), (share), (times), (cap), (use), (items), (close); fill `counted` and `short`."""
    serving = _serving(model, problem, items)
    for i, item in enumerate(items):
        for q, credit in enumerate(item.credits):
            if categories := problem.categories(item.about, item.standing, credit):
                takes = serving.get((i, credit.target), item.takes)
                model.counted += _count_part(model, i, q, item, categories, takes, problem.caps)

    def matching(rule: Rule) -> list[Counted]:
        return [
            c
            for c in model.counted
            if rule.matches(items[c.item].about, items[c.item].standing, c.target, c.category)
        ]

    for cap in problem.caps:
        counted = matching(cap)
        if cap.amount is not None and counted:
            model.row([term for c in counted for term in c.terms], at_most=cap.amount)
        if cap.items is not None and counted:
            uses: list[tuple[LpVariable, float]] = []
            for i in sorted({c.item for c in counted}):
                takes, own = items[i].takes, [c for c in counted if c.item == i]
                use = model.variable(None if takes else 1, whole=True)
                if takes:
                    model.row([(use, 1), *((take, -1) for take in takes)], at_most=0)
                for q in {c.part for c in own}:
                    terms = [term for c in own if c.part == q for term in c.terms]
                    model.row([*terms, (use, -items[i].credits[q].amount)], at_most=0)
                uses.append((use, 1))
            model.row(uses, at_most=cap.items)
    for requirement in problem.requirements:
        counted, needed = matching(requirement), requirement.amount or 0
        short = model.variable(0 if full else needed, whole=False)
        model.short.append(short)
        terms = [term for c in counted for term in c.terms]
        model.row([*terms, (short, 1)], at_least=needed - sum(c.constant for c in counted))


def _serving(
    model: Model, problem: Problem, items: Sequence[Countable]
) -> dict[tuple[int, int], tuple[LpVariable, ...]]:
    """Return how often items serve obligations that they need not serve, adding the rows (share) and (times)."""
    serving: dict[tuple[int, int], tuple[LpVariable, ...]] = {}

    def serve(i: int, target: int) -> LpVariable:
        if (i, target) not in serving:
            takes = items[i].takes
            one = model.variable(None if takes else 1, whole=True)
            if takes:
                model.row([(one, 1), *((take, -1) for take in takes)], at_most=0)
            serving[i, target] = (one,)
        return serving[i, target][0]

    for i, item in enumerate(items):
        for target, kept in item.keeps:
            serving[i, target] = (kept,)
        wanting = sorted({c.target for c in item.credits})
        apart = [target for target in wanting if target in problem.alone]
        if apart and len(wanting) > 1:
            # Each seat serves one obligation that shares with none, or any of those that share.
            for other in [None, *(target for target in wanting if target not in problem.alone)]:
                served = [(serve(i, target), 1.0) for target in (*apart, other) if target is not None]
                if item.takes is None:
                    model.row(served, at_most=1)
                else:
                    model.row([*served, *((take, -1.0) for take in item.takes)], at_most=0)
    for c, course in enumerate(problem.courses):
        seats = [i for i, item in enumerate(items) if item.course == c]
        for target, left in enumerate(course.left):
            wanting_it = [i for i in seats if any(credit.target == target for credit in items[i].credits)]
            if wanting_it and left < course.most:
                model.row([(serve(i, target), 1) for i in wanting_it], at_most=left)
    return serving


def _count_part(
    model: Model,
    i: int,
    q: int,
    item: Countable,
    categories: Sequence[str],
    takes: tuple[LpVariable, ...] | None,
    caps: Iterable[Rule],
) -> list[Counted]:
    """Return what one part of an item counts, category by category, adding its row (earn)."""
    credit = item.credits[q]
    capped = any(
        cap.matches(item.about, item.standing, credit.target, category)
        for cap in caps
        for category in categories
    )
    if len(categories) == 1 and not capped:
        if takes is None:
            return [Counted(i, q, credit.target, categories[0], [], credit.amount)]
        terms = [(take, credit.amount) for take in takes]
        return [Counted(i, q, credit.target, categories[0], terms, 0)]
    counted = []
    for category in categories:
        upper = credit.amount * item.most
        counted.append(Counted(i, q, credit.target, category, [(model.variable(upper, whole=False), 1)], 0))
    total = [term for c in counted for term in c.terms]
    if takes is None:
        model.row(total, at_most=credit.amount)
    else:
        model.row([*total, *((take, -credit.amount) for take in takes)], at_most=0)
    return counted
