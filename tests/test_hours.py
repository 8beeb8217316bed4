"""Weekly hours: which intervals are asked for too much, against work done day by day."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.hours import Load, disjoint, minutes_given, overfull
from optimizer.problem import Days


def days(hundredths: int, away: tuple[tuple[int, int], ...] = ()) -> Days:
    return Days(1, 1, 30, (), 1, tuple(disjoint(away)), hundredths, 1)


def done_day_by_day(given_: Days, loads: list[Load]) -> bool:
    """Work on what is due first, day after day, in exact fractions of a minute."""
    left = {n: Fraction(load.minutes) for n, load in enumerate(loads)}
    for day in range(31):
        away = any(first <= day <= last for first, last in given_.away)
        time = Fraction(0 if away else given_.hundredths * 60, 700)
        open_ = sorted((n for n in left if loads[n].start <= day), key=lambda n: loads[n].last)
        for n in open_:
            spent = min(time, left[n])
            left[n], time = left[n] - spent, time - spent
        if any(left[n] and load.last <= day for n, load in enumerate(loads)):
            return False
    return not any(left.values())


LOADS = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 10), st.integers(0, 200)).map(
        lambda one: Load(one[0], one[0] + one[1], one[2])
    ),
    max_size=6,
)
SPANS = st.lists(
    st.tuples(st.integers(1, 20), st.integers(0, 4)).map(lambda s: (s[0], s[0] + s[1])), max_size=3
)


@settings(max_examples=600, derandomize=True, deadline=None, database=None)
@given(LOADS, SPANS, st.sampled_from([100, 333, 499, 700, 1050]))
def test_no_interval_is_overfull_exactly_when_the_work_gets_done(loads, away, hundredths):
    given_ = days(hundredths, tuple(away))

    assert (not overfull(given_, loads)) == done_day_by_day(given_, loads)
    for first, last in overfull(given_, loads):
        inside = sum(load.minutes for load in loads if first <= load.start and load.last <= last)
        assert inside > minutes_given(given_, first, last)


def test_two_that_end_together_are_both_looked_at():
    # 180 minutes in three days of 42.77 are too much, though what ends with them starts earlier.
    assert overfull(days(499), [Load(22, 24, 180), Load(8, 24, 120)]) == [(22, 24)]


def test_days_away_give_nothing():
    # 7 hours a week are 60 minutes a day; of ten days four are away, two of them twice.
    assert minutes_given(days(700, ((3, 5), (4, 6))), 1, 10) == 360
