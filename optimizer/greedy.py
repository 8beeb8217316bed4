"""The greedy way: for every set of passes, take what closes most for its price, until nothing is missing.

It is what a careful person does by hand, and often as good as the integer program: `ceuplan explain` says so where
it is. Its counting is rough, so what it takes is checked, and pruned, by the program with nothing else for sale.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import product
from math import inf, prod

from optimizer.choosing import NotProven
from optimizer.filters import Item, Standing
from optimizer.problem import Aim, Credit, Problem, Rule
from optimizer.solve import Chosen, Status, Stopwatch, choose

MOST_SETS = 256
"""Of passes, and how often each is bought."""


type _Parts = tuple[tuple[_Counted, ...], ...]
"""The parts of an item's credit, each with the ways it may be counted."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Hold credit counted in one category: how much, and the places of the rules that look at it."""

    amount: int
    requirements: tuple[int, ...]
    caps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Missing:
    """Hold what each requirement still lacks, and what each cap still lets count."""

    gaps: tuple[float, ...]
    room: tuple[float, ...]

    @property
    def anything(self) -> bool:
        """Say whether anything is missing."""
        return any(gap > 0 for gap in self.gaps)

    def after(self, parts: _Parts) -> "_Missing":
        """Return what is missing when an item is taken, each part counted where it closes most."""
        found = self
        for ways in parts:
            found = max((found._counting(one) for one in ways), key=found._closed_by, default=found)
        return found

    def _closed_by(self, other: "_Missing") -> float:
        return sum(self.gaps) - sum(other.gaps)

    def _counting(self, one: _Counted) -> "_Missing":
        counted = min([one.amount, *(self.room[c] for c in one.caps)])
        return _Missing(
            tuple(max(0, gap - counted) if r in one.requirements else gap for r, gap in enumerate(self.gaps)),
            tuple(room - counted if c in one.caps else room for c, room in enumerate(self.room)),
        )


@dataclass(frozen=True, slots=True)
class _Basket:
    """Hold a greedy choice: how often each way is taken, and under which terms."""

    ways: tuple[tuple[int, int], ...]
    terms: frozenset[int]


def greedy_cost(problem: Problem, watch: Stopwatch) -> int | None:
    """Return the cost of the best greedy choice that makes a full plan, None where none does; raises `NotProven`."""
    best: int | None = None
    for terms in _sets_of_terms(problem):
        dues = sum(problem.terms[t].price for t in terms if problem.terms[t].bought)
        basket = _filled(problem, terms) if best is None or dues < best else None
        cost = _pruned(problem, basket, watch) if basket else None
        if cost is not None and (best is None or cost < best):
            best = cost
    return best


def _pruned(problem: Problem, basket: _Basket, watch: Stopwatch) -> int | None:
    """Return the least cost of a full plan of nothing but a basket, None where there is none."""
    taken = dict(basket.ways)
    ways = tuple(
        replace(way, most=taken[w], terms=tuple(t for t in way.terms if t in basket.terms))
        for w, way in enumerate(problem.ways)
        if w in taken
    )
    chosen = choose(replace(problem, ways=ways, aims=(Aim.COST,)), None, watch, full=True)
    if isinstance(chosen, Chosen):
        return chosen.cost
    if chosen is not Status.INFEASIBLE:
        msg = "a greedy choice was not checked within the time limit"
        raise NotProven(msg)
    return None


def _sets_of_terms(problem: Problem) -> Iterator[frozenset[int]]:
    """Yield the terms of each set of passes, one pass as often as it can follow itself; holdings always."""
    held = frozenset(t for t, term in enumerate(problem.terms) if not term.bought)
    chains: dict[str, list[int]] = {}
    renewable = {p.pass_id for p in problem.passes if p.renewable}
    for t, term in sorted(enumerate(problem.terms), key=lambda pair: pair[1].first):
        chain = chains.setdefault(term.pass_id, []) if term.bought else None
        if chain is not None and (
            not chain or (term.pass_id in renewable and problem.terms[chain[-1]].last < term.first)
        ):
            chain.append(t)
    longest = max(map(len, chains.values()), default=0)
    while longest and prod(1 + min(len(chain), longest) for chain in chains.values()) > MOST_SETS:
        longest -= 1
    for numbers in product(*(range(min(len(chain), longest) + 1) for chain in chains.values())):
        bought = (t for chain, n in zip(chains.values(), numbers, strict=True) for t in chain[:n])
        yield held | frozenset(bought)


def _filled(problem: Problem, terms: frozenset[int]) -> _Basket | None:
    """Return what is taken under some terms, the best value first; None if that leaves something missing."""
    missing = _Missing(
        tuple(rule.amount or 0 for rule in problem.requirements),
        tuple(inf if cap.amount is None else cap.amount for cap in problem.caps),
    )
    for line in problem.lines:
        missing = missing.after(_parts(problem, line.credits, line.item, line.standing))
    offered = {
        w: _parts(problem, choice.credits, choice.item, way.standing)
        for w, way in enumerate(problem.ways)
        if not way.terms or any(t in terms for t in way.terms)
        for choice in [problem.choices[way.choice]]
    }
    course_of = {i: c for c, course in enumerate(problem.courses) for i in course.choices}
    left = [course.most for course in problem.courses]
    limits = {p.pass_id: p.credit_limit for p in problem.passes}
    used: Counter[int] = Counter()
    taken: Counter[int] = Counter()

    def value(w: int) -> tuple[float, float, int]:
        closed = sum(missing.gaps) - sum(missing.after(offered[w]).gaps)
        return (problem.ways[w].price / closed, -closed, w) if closed > 0 else (inf, 0, w)

    def take(w: int) -> bool:
        """Take a way if its course, its term and it itself let it be; say whether they do."""
        nonlocal missing
        way, course = problem.ways[w], course_of[problem.ways[w].choice]
        stated, limit = problem.choices[way.choice].stated, limits.get(way.paid_by)
        open_ = (t for t in way.terms if t in terms and (limit is None or used[t] + stated <= limit))
        term = next(open_, None)
        if (way.terms and term is None) or not left[course] or taken[w] == way.most:
            return False
        taken[w] += 1
        left[course] -= 1
        if term is not None:
            used[term] += stated
        missing = missing.after(offered[w])
        return True

    for choices in problem.must_take:
        ways = sorted((problem.ways[w].price, w) for w in offered if problem.ways[w].choice in choices)
        if not any(take(w) for _, w in ways):
            return None
    waiting = [value(w) for w in offered]
    heapify(waiting)
    while waiting and missing.anything:
        w = heappop(waiting)[2]
        now = value(w)
        if now[0] == inf:
            continue
        if (waiting and now > waiting[0]) or take(w):  # what it closes may have shrunk since
            heappush(waiting, now)
    if missing.anything:
        return None
    return _Basket(tuple(taken.items()), terms)


def _parts(problem: Problem, credits_: Sequence[Credit], item: Item, standing: Standing) -> _Parts:
    """Return how each part of an item's credit may be counted, and which rules look at it then."""

    def seeing(rules: Sequence[Rule], target: int, category: str) -> tuple[int, ...]:
        return tuple(r for r, rule in enumerate(rules) if rule.matches(item, standing, target, category))

    return tuple(
        tuple(
            _Counted(
                credit.amount,
                seeing(problem.requirements, credit.target, category),
                seeing(problem.caps, credit.target, category),
            )
            for category in problem.categories(item, standing, credit)
        )
        for credit in credits_
    )
