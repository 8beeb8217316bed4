"""CP-SAT on programs of integers (`benchmarks/integers.py`); it needs OR-Tools and nothing of ours.

    uv run --no-project --with ortools python benchmarks/cp_sat.py MODEL.json [SECONDS]
    uv run --no-project --with ortools python benchmarks/cp_sat.py - [SECONDS]     a program a line, an answer a line

OR-Tools and HiGHS cannot be loaded in one process, and PuLP loads OR-Tools where it finds it: so it has an environment
of its own. A file is solved by as many workers as CP-SAT likes; lines are solved by one worker each.
"""

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from ortools.sat.python import cp_model


def solved(program: dict[str, Any], seconds: float, workers: int) -> dict[str, Any]:
    """Return the verdict, the cost where one is proven, and how long building and solving took."""
    began = perf_counter()
    model = cp_model.CpModel()
    variables = [model.new_int_var(0, upper, "") for upper in program["upper"]]
    for least, most, at, factors in program["rows"]:
        total = cp_model.LinearExpr.weighted_sum([variables[n] for n in at], factors)
        low = cp_model.INT32_MIN * 2**20 if least is None else least
        high = cp_model.INT32_MAX * 2**20 if most is None else most
        model.add_linear_constraint(total, low, high)
    at, factors = program["aim"]
    model.minimize(
        cp_model.LinearExpr.weighted_sum([variables[n] for n in at], factors) + program["constant"]
    )
    built = perf_counter()
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = 0
    status = solver.status_name(solver.solve(model)).lower()
    times = {"building": built - began, "solving": perf_counter() - built}
    if status != "optimal":
        return {"status": status, "cost": None, "times": times, "values": []}
    values = [solver.value(variable) for variable in variables]
    return {"status": status, "cost": round(solver.objective_value), "times": times, "values": values}


def main() -> None:
    """Answer a file, or every line of standard input."""
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 120.0
    if sys.argv[1] == "-":
        for line in sys.stdin:
            print(json.dumps(solved(json.loads(line), seconds, 1)), flush=True)
        return
    began = perf_counter()
    program = json.loads(Path(sys.argv[1]).read_text())
    read = perf_counter() - began
    answer = solved(program, seconds, 0)
    del answer["values"]
    answer["times"] = {"reading": read, **answer["times"]}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
