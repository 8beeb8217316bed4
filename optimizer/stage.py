"""Stage: the question that the lower limits are about: for one aim, among some rows, after the aims before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimizer.bounding import Solver
from optimizer.numbering import Numbers
from optimizer.problem import Aim
from optimizer.shelf import Shelf
from optimizer.usable import Rows


@dataclass(frozen=True, slots=True)
class Reach:
    """Hold what some plan comes to, and the ranks of the offerings it takes."""

    short: Fraction
    values: Mapping[Aim, int]
    ranks: frozenset[int]
    best: bool
    """Whether it is proven to be the best of its market with the starts that were tried."""
    sure: bool
    """Whether it is so with any starts. Where weekly hours let only some be tried, that takes a proof of its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold which best plan is looked for."""

    aims: tuple[Aim, ...]
    full: bool
    """Else what is short comes before the aims."""
    budget: int | None
    enough: int | None
    """Cents: of plans that cost no more any will do, and plans that cost more need not be told from none.

    A row of its own would make a sum to be hit of it.
    """
    max_minutes: int | None
    """Of all enrollments together."""
    max_purchases: int | None
    insist: frozenset[str]
    near: frozenset[int]
    """Ranks of offerings that are looked at first: a best full plan takes some of them, so a partial one may."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Hold the question for one aim: its rows, and the aims before it, of which some plan is proven to be the best."""

    shelf: Shelf
    rows: Rows
    asked: Asked
    before: tuple[Aim | None, ...]
    best: Reach | None
    """The plan; None where nothing comes before."""
    aim: Aim | None
    """None for what is short."""
    solver: Solver

    def value(self, reach: Reach) -> float:
        """Return what a plan comes to."""
        return float(reach.short) if self.aim is None else float(reach.values[self.aim])

    @property
    def shape(self) -> Numbers:
        """Return the shape of each row."""
        if len(self.rows.places) == len(self.shelf.rows.places):
            return self.shelf.shape
        return self.shelf.shape[np.searchsorted(self.shelf.rows.places, self.rows.places)]
