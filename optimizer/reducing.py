"""Reducing: leaving out ways that no best plan can use, proven by the linear program.

In the linear program every way has a reduced cost: by how much a plan that takes it once exceeds the program's bound,
at least. Where that is more than some plan exceeds it, no best plan takes the way, whatever its further aims; so all
aims are solved on the few ways that are left. The plan that gives the limit is the best of a core of ways with the
least reduced costs. Cost is what is bounded, or what stays short where no full plan is asked for. Weekly hours only
make plans worse: a bound without them holds.
"""

from dataclasses import replace
from fractions import Fraction

from pulp import HiGHS, LpAffineExpression
from pulp.constants import LpSolveStatus

from optimizer.model import build, cost
from optimizer.problem import Aim, Problem
from optimizer.program import Model, Terms
from optimizer.solve import Chosen, Stopwatch, choose, without_days

FEW = 200
"""Ways up to which leaving some out saves nothing."""
CORE = 200
"""Ways of which the first plan is made; four times as many where they do not suffice."""
MARGIN = 1.0
"""Cents by which a way must be too dear: far more than the solver's tolerances add up to."""
MARGIN_SHORT = 0.01
"""The same of what is short, scaled: its amounts are whole and its sums fractions with small denominators."""


def promising(
    problem: Problem, budget: int | None, watch: Stopwatch, *, full: bool, few: int = FEW, core: int = CORE
) -> Problem:
    """Return the problem with every way that a best plan may use, and mostly without the others."""
    problem = without_days(problem)
    if not problem.reduced or len(problem.ways) <= few or (full and problem.aims[:1] != (Aim.COST,)):
        return problem
    model = build(problem, budget=budget, full=full)
    bound = _bound(model, cost(model, problem) if full else [(short, 1) for short in model.short], watch)
    if bound is None:
        return problem  # there is no plan, or no time: whole numbers will say so
    excess = [take.dj or 0.0 for take in model.take]
    by_value = sorted(range(len(excess)), key=lambda w: (excess[w], w))
    while core < len(by_value):
        # What is found in the core is thrown away: some time must be left for the plan of all.
        half = Stopwatch(watch.left() / 2)
        found = choose(replace(_only(problem, by_value[:core]), aims=(Aim.COST,)), budget, half, full=full)
        if isinstance(found, Chosen):
            reached: int | Fraction = found.cost if full else found.short
            limit = float(reached) - bound + (MARGIN if full else MARGIN_SHORT)
            return _only(problem, [w for w in by_value if excess[w] <= limit])
        core *= 4
    return problem


def costs_more(problem: Problem, than: int, watch: Stopwatch) -> bool:
    """Say whether the linear program proves that every full plan of a large problem costs more than so many cents."""
    problem = without_days(problem)
    if not problem.reduced or len(problem.ways) <= FEW:
        return False
    model = build(problem, budget=None, full=True)
    bound = _bound(model, cost(model, problem), watch)
    return bound is not None and bound > than + MARGIN


def _bound(model: Model, aim: Terms, watch: Stopwatch) -> float | None:
    """Return the linear program's least value, the reduced costs with the variables; None if there is none."""
    model.program.setObjective(LpAffineExpression.from_list(list(aim)))
    stats = model.program.solve(HiGHS(msg=False, threads=1, mip=False, timeLimit=watch.left(), random_seed=0))
    return stats.objective if stats.status is LpSolveStatus.Optimal else None


def _only(problem: Problem, ways: list[int]) -> Problem:
    return replace(problem, ways=tuple(problem.ways[w] for w in sorted(ways)))
