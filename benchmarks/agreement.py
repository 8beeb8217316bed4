"""Hold the cost of drawn plans against CP-SAT, which solves our whole program with nothing left out.

    uv run python -m benchmarks.agreement CPSAT_PYTHON [--instances 1000]

CPSAT_PYTHON is a Python that has OR-Tools (`benchmarks/scale.py` makes one). Instances are drawn by `tests/oracle`, by
seeds the tests do not use, of three sorts in turn: `large` (12 to 40 offerings, up to three passes, caps, earned
credit, preferences), `small` (2 to 6 offerings in a few days) and `timed` (weekly hours, days away, two credentials,
parts of a cycle). Each is posed again without grouping and without leaving anything out; where weekly hours bind, the
intervals CP-SAT's answer overfills become rows, as they do for HiGHS. A continuous variable may take each multiple of
1/720 for CP-SAT. So this checks the solver, the reduction and the aims, not the model: the tests' own searches do that.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import IO, Any

from pulp import LpAffineExpression

from benchmarks.integers import as_integers
from optimizer.choosing import NotProven
from optimizer.comparing import market_of
from optimizer.model import build, cost
from optimizer.obligation import obligations
from optimizer.planning import plan_for
from optimizer.posing import pose
from optimizer.problem import Problem
from optimizer.program import Model, Terms
from optimizer.question import Question
from optimizer.routes import ways_round
from optimizer.solve import DENOMINATORS, Stopwatch, hour_rows, minimize, without_days
from tests.oracle.making import large, small
from tests.oracle.planned import question
from tests.oracle.planned_timed import timed_question
from tests.oracle.timed_making import timed

SECONDS = 60.0
FIRST_SEED = 100_000
SORTS: dict[str, Callable[[int], Question]] = {
    "large": lambda seed: question(large(seed)),
    "small": lambda seed: question(small(seed)),
    "timed": lambda seed: timed_question(timed(seed)),
}


class CpSat:
    """Hold the one process in which CP-SAT answers program after program."""

    def __init__(self, python: str) -> None:
        child = Path(__file__).with_name("cp_sat.py")
        self._process = subprocess.Popen(
            [python, child, "-", str(SECONDS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin
        assert self._process.stdout
        self._asks: IO[str] = self._process.stdin
        self._answers: IO[str] = self._process.stdout

    def ask(self, program: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one program."""
        self._asks.write(json.dumps(program) + "\n")
        self._asks.flush()
        line = self._answers.readline()
        if not line:
            sys.exit("CP-SAT's process ended without an answer")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """End the process."""
        self._asks.close()
        self._process.wait()


def whole_program(asked: Question) -> tuple[Problem, Model, Terms]:
    """Return the program for the least cost of a full plan, ungrouped, nothing left out."""
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    (way,) = ways_round(kept, asked.learner.route)
    posed = pose(asked.learner, market_of(asked, way), way, asked.as_of, grouped=False, every_day=True)
    problem = without_days(posed)
    model = build(problem, budget=None, full=True)
    return problem, model, cost(model, problem)


def by_cp_sat(asked: Question, other: CpSat) -> tuple[str, int | None, float]:
    """Return CP-SAT's verdict, cost and seconds of solving."""
    problem, model, aim = whole_program(asked)
    model.program.setObjective(LpAffineExpression.from_list(list(aim)))
    seconds = 0.0
    while True:
        answer = other.ask(as_integers(model.program, grid=DENOMINATORS))
        seconds += answer["times"]["solving"]
        if answer["status"] != "optimal" or problem.days.hundredths is None:
            return answer["status"], answer["cost"], seconds
        values = {v.name: answer["values"][n] for n, v in enumerate(model.program.variables())}
        if not hour_rows(model, problem, [values[take.name] for take in model.take]):
            return answer["status"], answer["cost"], seconds


def by_highs(asked: Question) -> float:
    """Return the seconds HiGHS takes for the same program, without the rows of weekly hours."""
    _, model, aim = whole_program(asked)
    began = perf_counter()
    minimize(model, aim, Stopwatch(SECONDS))
    return perf_counter() - began


def ours(asked: Question) -> tuple[str, int | None, float]:
    """Return the verdict and cost of our cheapest full plan, and the seconds of the whole plan."""
    began = perf_counter()
    try:
        plan = plan_for(replace(asked, seconds=SECONDS, explained=False, beside=False))
    except NotProven:
        return "unproven", None, perf_counter() - began
    took = perf_counter() - began
    if plan.no_plan is None:
        return ("optimal" if plan.bound == plan.cost else "unproven"), plan.cost, took
    full, bound = plan.no_plan.cheapest_full_cost, plan.no_plan.bound
    if full is None:
        return "infeasible", None, took
    return ("optimal" if full == bound else "unproven"), full, took


def compared(python: str, instances: int) -> dict[str, Any]:
    """Return how often both agree, in words and numbers; `differ` names each instance where they do not."""
    other = CpSat(python)
    verdicts: Counter[str] = Counter()
    differ: list[str] = []
    times: dict[str, list[float]] = {"ours": [], "HiGHS": [], "CP-SAT": []}
    drawn: Counter[str] = Counter()
    for n in range(instances):
        sort = tuple(SORTS)[n % len(SORTS)]
        seed = FIRST_SEED + n // len(SORTS)
        drawn[sort] += 1
        asked = SORTS[sort](seed)
        verdict, value, took = ours(asked)
        their_verdict, their_value, their_time = by_cp_sat(asked, other)
        settled = {"optimal", "infeasible"}
        if their_verdict not in settled:
            verdicts["not proven by CP-SAT"] += 1
            continue
        if verdict not in settled:
            verdicts["not proven by us"] += 1
            continue
        if (verdict, value) != (their_verdict, their_value):
            differ.append(f"{sort} {seed}: {verdict} {value}, CP-SAT {their_verdict} {their_value}")
        verdicts[their_verdict] += 1
        for name, seconds in (("ours", took), ("HiGHS", by_highs(asked)), ("CP-SAT", their_time)):
            times[name].append(seconds)
    other.end()
    return {
        "instances": instances,
        "drawn": dict(drawn),
        "verdicts": dict(verdicts),
        "differ": differ,
        "medians": {name: median(all_) for name, all_ in times.items() if all_},
        "largest": {name: max(all_) for name, all_ in times.items() if all_},
    }


def main() -> None:
    """Print what was found as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("python", help="a Python that has OR-Tools")
    parser.add_argument("--instances", type=int, default=1000)
    given = parser.parse_args()
    print(json.dumps(compared(given.python, given.instances)))


if __name__ == "__main__":
    main()
