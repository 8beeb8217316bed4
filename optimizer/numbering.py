"""Numbering: one number for what several columns of a row say together, which numbers there are, and the least."""

import numpy as np
from numpy.typing import NDArray

type Numbers = NDArray[np.int64]


def paired(one: Numbers, other: Numbers) -> Numbers:
    """Return a number for each pair of numbers, small enough to be paired again; none is negative."""
    if not len(one) or other.min() == other.max():
        return one
    other = other - other.min()
    if int(one.max()) * (int(other.max()) + 1) >= 2**62:
        one, other = distinct(one)[1], distinct(other)[1]
    return one * (int(other.max()) + 1) + other


def distinct(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return where each distinct number first stands, by number, and which of them each is; none is negative."""
    if not len(numbers) or int(numbers.max()) > 4 * len(numbers):
        _, first, place = np.unique(numbers, return_index=True, return_inverse=True)
        return first.astype(np.int64), place.astype(np.int64)
    at = np.full(int(numbers.max()) + 1, -1, np.int64)  # a table takes less time than sorting
    at[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    there = np.flatnonzero(at >= 0)
    rank = np.empty(len(at), np.int64)
    rank[there] = np.arange(len(there))
    return at[there], rank[numbers]


def first_of(numbers: Numbers, by: NDArray[np.float64], most: int) -> Numbers:
    """Return so many of some numbers, those with the least values first; of equals, those that stand first."""
    few = np.flatnonzero(by <= np.partition(by, most)[most]) if len(by) > most else np.arange(len(by))
    return numbers[few[np.argsort(by[few], kind="stable")[:most]]]
