"""Numbers for rows: the same exactly where the columns are the same, by a table or by sorting."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimizer.numbering import distinct, first_of, paired

SMALL = st.integers(0, 5)
LARGE = st.integers(0, 2**61)


@given(st.lists(st.one_of(SMALL, LARGE), max_size=30))
def test_distinct_numbers_and_where_each_first_stands(numbers: list[int]) -> None:
    first, place = distinct(np.array(numbers, np.int64))

    known = sorted(set(numbers))
    assert [numbers[n] for n in first] == known
    assert list(first) == [numbers.index(one) for one in known]
    assert [known[n] for n in place] == numbers


@given(st.lists(st.tuples(st.one_of(SMALL, LARGE), st.one_of(SMALL, LARGE), SMALL), max_size=20))
def test_pairs_are_equal_only_where_both_are(rows: list[tuple[int, int, int]]) -> None:
    a, b, c = (np.array([row[n] for row in rows], np.int64) for n in range(3))
    key = paired(paired(a, b), c)

    assert not len(key) or key.min() >= 0
    for n, one in enumerate(rows):
        for m, other in enumerate(rows):
            assert (key[n] == key[m]) == (one == other)


@given(st.lists(SMALL, max_size=20), st.integers(0, 25))
def test_the_least_come_first_and_of_equals_those_that_stand_first(by: list[int], most: int) -> None:
    numbers = np.arange(len(by)) * 7

    found = first_of(numbers, np.array(by, float), most)

    assert list(found) == [7 * n for n in sorted(range(len(by)), key=by.__getitem__)[:most]]
