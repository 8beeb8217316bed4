"""Another solver, another model: SCIP in a process of its own, days as integer variables.

Run as `python -m tests.oracle.second_solver`: JSON lines of instances in, JSON lines of answers out.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.oracle.instances import as_json, from_json
from tests.oracle.making import Instance
from tests.oracle.reading import Case, read

TIME_LIMIT = 60.0


@dataclass(frozen=True)
class Found:
    """What SCIP proved: aims are (cost, minutes, purchases, enrollments, rank sum), or the cost alone."""

    solved: bool
    """False: the time was up; then nothing else here means anything."""
    full: tuple[int, ...] | None
    fits: bool
    short: Fraction | None
    """Least shortfall within the budget; None if the full plan fits, or no plan meets the preferences."""
    partial: tuple[int, ...] | None
    """The aims at that shortfall."""


def answers(instances: Iterable[Instance], aims: bool = True, time_limit: float = TIME_LIMIT) -> list[Found]:
    """Solve a batch in one other process; `time_limit` is seconds for each solve of an instance."""
    lines = [
        json.dumps({"aims": aims, "time_limit": time_limit, "instance": as_json(instance)})
        for instance in instances
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.oracle.second_solver"],
        input="\n".join(lines),
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [_found(json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or len(found) != len(lines):
        raise RuntimeError(
            f"the second solver stopped after {len(found)} of {len(lines)}: {done.stderr[-2000:]}"
        )
    return found


def _found(table: dict[str, Any]) -> Found:
    aims = {key: tuple(table[key]) if table[key] is not None else None for key in ("full", "partial")}
    return Found(
        table["solved"],
        aims["full"],
        table["fits"],
        Fraction(table["short"]) if table["short"] else None,
        aims["partial"],
    )


class _OutOfTime(Exception):
    pass


def _answer(case: Case, aims: bool, time_limit: float) -> dict[str, Any]:
    from tests.oracle.scip_model import SolverModel

    def lexicographic(partial: bool) -> list[Fraction] | None:
        """Minimize one aim after the other, each held at its least value from then on."""
        built = SolverModel(case, partial)
        goals = [*([built.short] if partial else []), built.cost]
        if aims:
            goals += [built.minutes, built.purchases, built.enrollments, built.ranks]
        values: list[Fraction] = []
        for goal in goals:
            status, value = built.least(goal, time_limit)
            if status == "infeasible" and not values:
                return None
            if status != "optimal":
                raise _OutOfTime
            if partial and not values:
                value = (value / built.scale).limit_denominator(48 * built.scale)
                built.hold(goal, value * built.scale)
            else:
                value = Fraction(round(value))
                built.hold(goal, value)
            values.append(value)
        return values

    answer: dict[str, Any] = {"solved": True, "full": None, "fits": False, "short": None, "partial": None}
    try:
        full = lexicographic(partial=False)
        answer["full"] = None if full is None else [int(value) for value in full]
        answer["fits"] = full is not None and (case.budget is None or full[0] <= case.budget)
        partial = None if answer["fits"] else lexicographic(partial=True)
        if partial is not None:
            answer["short"], answer["partial"] = str(partial[0]), [int(value) for value in partial[1:]]
    except _OutOfTime:
        answer["solved"] = False
    return answer


def main() -> None:
    """Answer every line of standard input."""
    for line in sys.stdin:
        asked = json.loads(line)
        case = read(from_json(asked["instance"]))
        print(json.dumps(_answer(case, asked["aims"], asked["time_limit"])), flush=True)


if __name__ == "__main__":
    main()
