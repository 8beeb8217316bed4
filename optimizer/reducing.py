"""Reducing: leaving out ways that no cheapest full plan can use, proven by the linear program.

In the linear program every way has a reduced cost: what a plan costs at least beyond the program's bound if it takes
that way once. Where the bound and the reduced cost together exceed what some full plan costs, no cheapest plan takes
the way, whatever its further aims; so all aims are then solved on the few ways that are left. The plan that gives
the limit is the best of a core of ways with the least reduced costs. Weekly hours only make plans dearer: the bound
without them holds.
"""

from dataclasses import replace

from pulp import HiGHS, LpAffineExpression
from pulp.constants import LpSolveStatus

from optimizer.model import build, cost
from optimizer.problem import Aim, Problem
from optimizer.solve import Chosen, Stopwatch, choose, without_days

FEW = 100
"""Ways up to which leaving some out saves nothing."""
CORE = 200
"""Ways of which the first full plan is made; four times as many where they do not suffice."""
MARGIN = 1.0
"""Cents by which a way must be too dear: far more than the solver's tolerances add up to."""


def promising(problem: Problem, watch: Stopwatch, *, few: int = FEW, core: int = CORE) -> Problem:
    """Return the problem with every way that a cheapest full plan may use, and mostly without the others."""
    problem = without_days(problem)
    if not problem.reduced or len(problem.ways) <= few or problem.aims[0] is not Aim.COST:
        return problem
    model = build(problem, budget=None, full=True)
    model.program.setObjective(LpAffineExpression.from_list(list(cost(model, problem))))
    stats = model.program.solve(HiGHS(msg=False, threads=1, mip=False, timeLimit=watch.left(), random_seed=0))
    dearer = [take.dj or 0.0 for take in model.take]
    if stats.status is not LpSolveStatus.Optimal or stats.objective is None:
        return problem  # there is no plan, or no time: whole numbers will say so
    by_value = sorted(range(len(dearer)), key=lambda w: (dearer[w], w))
    while core < len(by_value):
        half = Stopwatch(
            watch.left() / 2
        )  # a plan of the core is thrown away: some time must be left for one of all
        found = choose(replace(_only(problem, by_value[:core]), aims=(Aim.COST,)), None, half, full=True)
        if isinstance(found, Chosen):
            limit = found.cost - stats.objective + MARGIN
            return _only(problem, [w for w in by_value if dearer[w] <= limit])
        core *= 4
    return problem


def _only(problem: Problem, ways: list[int]) -> Problem:
    return replace(problem, ways=tuple(problem.ways[w] for w in sorted(ways)))
