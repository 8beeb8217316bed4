"""Terms of passes: when they end, and that no other start day is ever needed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogs.records import Pass
from optimizer.terms import FOREVER, candidate_starts, first_start_covering, latest_start, term_end

PASS = Pass(
    "p",
    "",
    "",
    "subscription",
    100,
    None,
    None,
    None,
    "included",
    0,
    None,
    True,
    "",
    "",
    "",
    (),
    "",
    None,
    "",
)
DUES = replace(PASS, term_ends=(12, 31), rolls_from=(9, 1))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-08-31", "2026-12-31"),  # before 1 September: this year's end
        ("2026-09-01", "2027-12-31"),  # from then on a year longer
        ("2026-12-31", "2027-12-31"),
        ("2027-01-01", "2027-12-31"),
    ],
)
def test_a_dues_year_rolls_over(start: str, end: str) -> None:
    """Dues paid from 1 September on run to the end of the next year."""
    assert term_end(DUES, day(start)) == day(end)


def test_a_term_covers_its_first_day() -> None:
    """365 days from 22 November 2026 end on 21 November 2027."""
    assert term_end(replace(PASS, term_days=365), day("2026-11-22")) == day("2027-11-21")


def test_a_pass_without_an_end_never_ends() -> None:
    """No term_days and no term_ends: it lasts."""
    assert term_end(PASS, day("2026-11-22")) == FOREVER


def test_29_february_is_the_28th_in_other_years() -> None:
    """A term that ends on 29 February still ends once a year."""
    leap = replace(PASS, term_ends=(2, 29))

    assert term_end(leap, day("2027-01-01")) == day("2027-02-28")
    assert term_end(leap, day("2028-01-01")) == day("2028-02-29")


MONTH_DAYS = st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda d: (d.month, d.day))
PASSES = st.one_of(
    st.integers(1, 800).map(lambda n: replace(PASS, term_days=n)),
    st.tuples(MONTH_DAYS, st.none() | MONTH_DAYS).map(
        lambda ends: replace(PASS, term_ends=ends[0], rolls_from=ends[1])
    ),
)
DAYS = st.integers(day("2026-01-01"), day("2031-12-31"))


@given(PASSES, DAYS)
def test_a_later_start_never_ends_earlier(one: Pass, start: int) -> None:
    """The whole argument for few start days rests on this."""
    assert start <= term_end(one, start) <= term_end(one, start + 1)


@given(PASSES, DAYS, DAYS)
def test_first_start_covering_is_the_first(one: Pass, target: int, earliest: int) -> None:
    """Stepping day by day from `earliest` finds the same start."""
    expected = earliest
    while term_end(one, expected) < target:
        expected += 1

    assert first_start_covering(one, target, earliest) == expected


@given(PASSES, DAYS, st.integers(1, 1200))
def test_latest_start_is_the_latest(one: Pass, at_most: int, later: int) -> None:
    """Stepping back day by day finds the same start."""
    following = at_most + later
    expected = at_most
    while term_end(one, expected) >= following:
        expected -= 1

    assert latest_start(one, at_most, following) == expected


def test_a_chain_of_terms_starts_at_as_of_and_each_end() -> None:
    """Three years of a yearly pass: nothing but the day after each term."""
    yearly = {"p": replace(PASS, term_days=365)}
    as_of = day("2026-11-22")

    found = candidate_starts(yearly, {"p": as_of}, {}, (), as_of + 3 * 365 - 1, {"p": 9})

    assert found == {"p": (as_of, as_of + 365, as_of + 730)}


def test_an_event_pulls_a_term_to_its_end() -> None:
    """An event that ends on day 100 may need a 30-day term that starts on day 71."""
    monthly = {"p": replace(PASS, term_days=30)}

    found = candidate_starts(monthly, {"p": 1}, {"p": [100]}, (), 110, {"p": 9})

    assert found == {"p": (1, 31, 61, 71, 91, 101)}


def test_days_stay_inside_the_calendar() -> None:
    """A term that would end beyond the calendar ends with it."""
    assert term_end(replace(PASS, term_days=36_500), FOREVER - 5) == FOREVER
    assert date.fromordinal(FOREVER) + timedelta(0) == date.max


def test_no_chain_is_longer_than_there_is_use_for() -> None:
    """One course can use one term: no renewal starts."""
    yearly = {"p": replace(PASS, term_days=365)}

    assert candidate_starts(yearly, {"p": 1}, {}, (), 5_000, {"p": 1}) == {"p": (1,)}
