"""Starts: the best choice of a problem where weekly hours let only some starts be tried, proven by a looser problem.

No plan in time beats the best plan of the looser problem (timing.loosened). Mostly its set can be had in time as well,
and then nothing is better; to see that takes a small problem in place of a second large one.
"""

from dataclasses import replace

from optimizer.problem import Aim, Problem
from optimizer.reducing import promising
from optimizer.solve import Chosen, Status, Stopwatch, choose


def choose_with_proof(
    problem: Problem,
    loose: Problem | None,
    budget: int | None,
    watch: Stopwatch,
    *,
    full: bool,
    enough: int | None = None,
) -> Chosen | Status:
    """Return the best plan's choice; where not every start is tried, or there are many, a looser problem proves it.

    With `enough`, plans that cost more cents need not be told from none.
    """
    if loose is None or (full and not problem.aims):  # without aims any plan is as good
        found = _chosen(problem, budget, watch, full=full)
        if loose is None or isinstance(found, Chosen):
            return found
    share = Stopwatch(watch.left() / 2)  # the rest is for a plan, should there be no proof
    best = _chosen(loose, budget, share, full=full)
    if best is Status.INFEASIBLE or (enough is not None and isinstance(best, Chosen) and best.bound > enough):
        return Status.INFEASIBLE
    if isinstance(best, Chosen) and best.status is Status.OPTIMAL:  # mostly its set can also be had in time
        found = choose(_with_set_of(problem, loose, best), budget, watch, full=full)
        if isinstance(found, Chosen) and aims_of(problem, found) == aims_of(loose, best):
            return found
    found = _chosen(problem, budget, watch, full=full)
    if problem.days.step == 1:  # every start was tried
        return found
    if isinstance(best, Status) or isinstance(found, Status):
        return (
            Status.UNKNOWN if isinstance(found, Status) else replace(found, status=Status.FEASIBLE, bound=0)
        )
    if aims_of(problem, found) == aims_of(loose, best) and best.status is Status.OPTIMAL:
        return found
    return replace(found, status=Status.FEASIBLE, bound=min(best.bound, found.cost) if full else found.bound)


def _chosen(problem: Problem, budget: int | None, watch: Stopwatch, *, full: bool) -> Chosen | Status:
    return choose(promising(problem, budget, watch, full=full), budget, watch, full=full)


def _with_set_of(problem: Problem, loose: Problem, best: Chosen) -> Problem:
    """Return a problem with no more to choose from than what a looser problem's choice takes."""
    ranks = {rank for i, count in best.takes for rank, _ in loose.choices[i].taken(count)}
    ways = [
        way for way in problem.ways if any(rank in ranks for rank, _ in problem.choices[way.choice].members)
    ]
    return replace(problem, ways=tuple(ways), start=frozenset(), reduced=False)


def values_of(problem: Problem, chosen: Chosen) -> dict[Aim, int]:
    """Return the values of a choice's aims."""
    ranks = [rank for i, count in chosen.takes for rank, _ in problem.choices[i].taken(count)]
    return {
        Aim.COST: chosen.cost,
        Aim.HOURS: sum(problem.choices[i].minutes * count for i, count in chosen.takes),
        Aim.PURCHASES: chosen.purchases,
        Aim.ENROLLMENTS: len(ranks),
        Aim.RANKS: sum(ranks),
    }


def aims_of(problem: Problem, chosen: Chosen) -> tuple[object, ...]:
    """Return the values of a choice's aims, in their order."""
    values = values_of(problem, chosen)
    return chosen.short, *(values[aim] for aim in problem.aims)
