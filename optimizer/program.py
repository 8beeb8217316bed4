"""The program under construction: PuLP's problem with its variables, by position in ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pulp import LpAffineExpression, LpProblem, LpVariable
from pulp.constants import LpConstraintEQ, LpConstraintGE, LpConstraintLE

type Terms = Sequence[tuple[LpVariable, float]]
"""A linear expression: variables with their coefficients."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Hold the credit of one part of one item counted in one category, as a linear expression."""

    item: int
    part: int
    target: int
    category: str
    terms: Terms
    constant: int


@dataclass(slots=True)
class Model:
    """Hold the program and its variables, by position in the problem."""

    program: LpProblem
    take: list[LpVariable] = field(default_factory=list)
    hold: list[LpVariable | None] = field(default_factory=list)
    """None for a holding: it is there for certain."""
    counted: list[Counted] = field(default_factory=list)
    short: list[LpVariable] = field(default_factory=list)
    size: int = 0

    def variable(self, upper: float | None, *, whole: bool) -> LpVariable:
        """Add a variable between 0 and `upper`; names are positions, since ids may collide."""
        self.size += 1
        return self.program.add_variable(f"v{self.size}", 0, upper, "Integer" if whole else "Continuous")

    def row(
        self,
        terms: Terms,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
        exactly: float | None = None,
    ) -> None:
        """Add the row Σ terms ≤ `at_most`, Σ terms ≥ `at_least` or Σ terms = `exactly`."""
        self.size += 1
        expression = LpAffineExpression.from_list(list(terms))
        if at_most is not None:
            self.program += expression <= at_most, f"r{self.size}"
        if at_least is not None:
            self.program += expression >= at_least, f"r{self.size}"
        if exactly is not None:
            self.program += expression == exactly, f"r{self.size}"


SENSES = {LpConstraintLE: "L", LpConstraintEQ: "E", LpConstraintGE: "G"}
"""How MPS writes those of PuLP's rows."""


def as_mps(model: Model, aim: Terms) -> str:
    """Return the program that minimizes `aim` as a free MPS file, each number written so that it reads back the same.

    PuLP's own writers keep 12 or 13 digits.
    """
    columns: dict[str, list[tuple[str, float]]] = {v.name: [] for v in model.program.variables()}
    for variable, factor in aim:
        columns[variable.name].append(("cost", factor))
    senses, limits = [], []
    for row in model.program.constraints():
        senses.append(f" {SENSES[row.sense]} {row.name}")
        limits.append(f" rhs {row.name} {_number(-row.constant)}")
        for variable, factor in row.items():
            columns[variable.name].append((row.name, factor))
    parts: dict[str, list[str]] = {"Integer": [], "Continuous": []}
    bounds = []
    for variable in model.program.variables():
        entries = columns[variable.name] or [("cost", 0)]
        parts[variable.cat] += [f" {variable.name} {row} {_number(factor)}" for row, factor in entries]
        upper = variable.upBound
        if upper is None or upper == float("inf"):
            bounds.append(f" PL bound {variable.name}")
        else:
            bounds.append(f" {'UP' if upper > 0 else 'FX'} bound {variable.name} {_number(upper)}")
    lines = [
        "NAME ceuplan",
        "ROWS",
        " N cost",
        *senses,
        "COLUMNS",
        " mark 'MARKER' 'INTORG'",
        *parts["Integer"],
    ]
    lines += [" mark 'MARKER' 'INTEND'", *parts["Continuous"], "RHS", *limits, "BOUNDS", *bounds, "ENDATA"]
    return "\n".join([*lines, ""])


def _number(value: float) -> str:
    """Write a number exactly, a whole one without a point."""
    return str(int(value)) if value == int(value) else repr(value)
