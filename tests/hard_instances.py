"""Instances that no solver finishes in a second, whose optimum is known by argument, not by a solver."""

import random
from pathlib import Path

from tests.puzzle import rules, write

type Row = tuple[dict[str, int], int]
"""An offering: credit by category, and its price in dollars."""


def blocking_set(q: int = 7, price: int = 10) -> tuple[list[Row], dict[str, int], int]:
    """Return the points of the affine plane of prime order q as offerings, its lines as requirements, and the optimum.

    Each point gives one credit of every line through it, and every line asks for one. A set that meets every line has
    at least 2q - 1 points (Jamison 1977; Brouwer and Schrijver 1978): move it so that it holds the origin. Over its
    other points (x, y) the product of a x + b y - 1 is 0 for every (a, b) but (0, 0), since the line a x + b y = 1 is
    met; and a polynomial in a and b that is 0 everywhere but there has degree 2 (q - 1) or more. Two lines that
    cross are such a set. For the linear program q points are enough, so a solver's bound has far to climb.
    """
    rows = []
    for x in range(q):
        for y in range(q):
            lines = [f"m{m}-{(y - m * x) % q}" for m in range(q)] + [f"v-{x}"]
            rows.append((dict.fromkeys(lines, 1), price))
    needed = dict.fromkeys(
        [*(f"m{m}-{b}" for m in range(q) for b in range(q)), *(f"v-{x}" for x in range(q))], 1
    )
    return rows, needed, (2 * q - 1) * price


def market_split(kinds: int = 6, offered: int = 80, seed: int = 1) -> tuple[list[Row], dict[str, int], int]:
    """Return offerings whose price is their credit, requirements a hidden half meets exactly, and the optimum.

    A set that meets every requirement has at least the credit they ask for in all, which is the price of the hidden
    half. The linear program knows that bound at once, but such a half is hard to find.
    """
    drawn = random.Random(seed)
    amounts = [[drawn.randint(1, 99) for _ in range(kinds)] for _ in range(offered)]
    hidden = drawn.sample(range(offered), offered // 2)
    rows = [({f"c{i}": amount for i, amount in enumerate(each)}, sum(each)) for each in amounts]
    needed = {f"c{i}": sum(amounts[j][i] for j in hidden) for i in range(kinds)}
    return rows, needed, sum(needed.values())


def written(folder: Path, rows: list[Row], needed: dict[str, int]) -> list[str]:
    """Write an instance's files, and return the flags that name them."""
    offerings = ["offering_id, credits, price"]
    for i, (credit, price) in enumerate(rows):
        parts = "; ".join(f"{category}={amount}" for category, amount in credit.items())
        offerings.append(f"o{i:03}, {parts}, {price}")
    credential = rules(*(f'{amount} category = "{category}"' for category, amount in needed.items()))
    write(folder, "\n".join(offerings), credential)
    return [
        "--profile",
        str(folder / "me.toml"),
        "--catalog",
        str(folder / "catalog"),
        "--as-of",
        "2027-01-01",
    ]
