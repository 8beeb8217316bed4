"""The second solver, SCIP, in a process of its own: `python -m optimizer.second_solver PROGRAM.mps SECONDS`.

Solves the program and writes one line of JSON. It imports nothing else of ours, so that it can share no fault, and
nothing else of ours imports pyscipopt: a crash in it, or its time, is the child's alone.
"""

import json
import sys
from typing import Any

STATUSES = {"optimal": "optimal", "infeasible": "infeasible", "timelimit": "unfinished"}
"""What each verdict of SCIP means; any other is none."""


def solved(path: str, seconds: float) -> dict[str, Any]:
    """Return what SCIP found: its verdict, proven lower bound, best value and the variables that are not 0."""
    from pyscipopt import Model

    model = Model()
    model.hideOutput()
    model.setParam("limits/time", seconds)
    model.readProblem(path)
    model.optimize()
    said = str(model.getStatus())
    bound, found = model.getDualbound(), model.getNSols() > 0
    return {
        "solver": f"SCIP {model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}",
        "verdict": STATUSES.get(said, said),
        "seconds": model.getSolvingTime(),
        "bound": bound if abs(bound) < model.infinity() else None,
        "value": model.getObjVal() if found else None,
        "variables": {v.name: value for v in model.getVars() if (value := model.getVal(v))} if found else {},
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(solved(sys.argv[1], float(sys.argv[2]))) + "\n")
