"""Grain: the amount of which credit missing is a whole multiple, whatever is taken, where that can be shown.

How much is missing when some rows are taken is the least value of a linear program: each part of their credit is
divided among the ways it may be counted in. Its matrix has a column for each way of each part, a row for each part and
one for each rule. A row is the set of columns in it. Where all rows fall into two families, in each of which any two
sets are nested or have nothing in common, the matrix is totally unimodular (Edmonds 1970): among the best solutions is
one in whole multiples of whatever all amounts are multiples of. So what a lower limit of it says may be rounded up.
That holds of the lower limit's own question, where every seat has its best standing; a plan's counting may differ.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm

from optimizer.bounding import Options

type Columns = frozenset[tuple[int, int]]
"""Ways to count parts: which part, and which of its ways."""


def grain_of(parts: Iterable[Options], amounts: Sequence[Fraction]) -> Fraction | None:
    """Return what credit missing is a multiple of, given what parts may serve and all amounts of parts and rules.

    None where it is not shown.
    """
    kinds = list(dict.fromkeys(parts))
    rows: dict[int, set[tuple[int, int]]] = {}
    for part, options in enumerate(kinds):
        for way, rules in enumerate(options):
            for rule in rules:
                rows.setdefault(rule, set()).add((part, way))
    by_part: list[Columns] = [
        frozenset((part, way) for way in range(len(options))) for part, options in enumerate(kinds)
    ]
    by_rule: list[Columns] = []
    crossing = {rule: not _fits(frozenset(row), by_part) for rule, row in rows.items()}
    for rule in sorted(rows, key=lambda rule: (not crossing[rule], rule)):
        row = frozenset(rows[rule])
        family = next((family for family in (by_rule, by_part) if _fits(row, family)), None)
        if family is None:
            return None
        family.append(row)
    scale = lcm(*(amount.denominator for amount in amounts))
    whole = gcd(*(int(amount * scale) for amount in amounts))
    return Fraction(whole, scale) if whole else None


def _fits(row: Columns, family: Iterable[Columns]) -> bool:
    return all(row <= other or other <= row or not row & other for other in family)
