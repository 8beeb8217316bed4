"""A PuLP program as plain integers, which CP-SAT can solve: JSON that needs nothing of ours to be read."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pulp

type Sum = list[tuple[int, int]]
"""Places of variables, with their factors."""


def as_integers(program: pulp.LpProblem, grid: int = 1) -> dict[str, Any]:
    """Return a program of whole numbers; a continuous variable may take each multiple of 1/`grid`.

    `upper` has a limit for each variable, which starts at 0; `rows` has the least and the most (or None) of each sum
    of factors times variables. Raises `ValueError` where a number is not whole, or nothing limits a variable.
    """
    variables = list(program.variables())
    place = {variable.name: n for n, variable in enumerate(variables)}
    fine = [grid if variable.cat == "Continuous" else 1 for variable in variables]

    def whole_sum(expression: Any) -> Sum:
        return [(place[variable.name], _whole(factor)) for variable, factor in expression.items()]

    found: list[tuple[int | None, int | None, Sum]] = []
    for row in program.constraints():
        limit = _whole(-row.constant)
        found.append((None if row.sense < 0 else limit, None if row.sense > 0 else limit, whole_sum(row)))
    upper = _limits(
        [None if v.upBound in (None, float("inf")) else _whole(v.upBound) for v in variables], found
    )
    rows = []
    for least, most, terms in found:
        scale = grid if any(fine[n] > 1 for n, _ in terms) else 1
        ends = [None if end is None else end * scale for end in (least, most)]
        rows.append([*ends, [n for n, _ in terms], [factor * scale // fine[n] for n, factor in terms]])
    objective = program.objective
    assert objective is not None
    aim = whole_sum(objective)
    if any(fine[n] > 1 for n, _ in aim):
        msg = "the aim has a continuous variable"
        raise ValueError(msg)
    return {
        "upper": [limit * times for limit, times in zip(upper, fine, strict=True)],
        "rows": rows,
        "aim": [[n for n, _ in aim], [factor for _, factor in aim]],
        "constant": _whole(objective.constant),
    }


def _limits(upper: Sequence[int | None], rows: Sequence[tuple[int | None, int | None, Sum]]) -> list[int]:
    """Return a limit for each variable: its own, or the one that rows and the other limits imply."""
    found = list(upper)
    open_ = {n for n, limit in enumerate(found) if limit is None}
    before = -1
    while open_ and before != len(open_):
        before = len(open_)
        for _, most, terms in rows:
            if most is None or not any(n in open_ for n, _ in terms):
                continue
            others = [(n, found[n], factor) for n, factor in terms if factor < 0]
            if any(limit is None for _, limit, _ in others):
                continue
            room = most - sum(factor * (limit or 0) for _, limit, factor in others)
            for n, factor in terms:
                if n in open_ and factor > 0:
                    found[n] = max(0, room // factor + 1)
                    open_.discard(n)
    if open_:
        msg = f"nothing limits {len(open_)} variables"
        raise ValueError(msg)
    return [limit or 0 for limit in found]


def _whole(value: float) -> int:
    number = Fraction(value)
    if number.denominator != 1:
        msg = f"{value} is not whole"
        raise ValueError(msg)
    return number.numerator
