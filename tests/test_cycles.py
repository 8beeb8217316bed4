"""Months, cycles and deadlines, worked out by hand in the comments."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogs.faults import Faults
from optimizer.credential_file import read_credential
from optimizer.cycles import add_months, cycle, governed_cycle
from optimizer.learner import Target

VERSION = """
[[version]]
effective = 2020-01-01
cycle_months = 60
source = { title = "Rules", url = "https://example.org" }
[[version.requirement]]
name = "total"
at_least = 60
"""
SMALL = 'id = "x-y"\nname = "X"\nissuer = "Y"\nunit = "point"\n' + VERSION


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-11-22", 60, "2031-11-22"),
        ("2024-01-31", 1, "2024-02-29"),  # February of a leap year has 29 days
        ("2023-01-31", 1, "2023-02-28"),
        ("2028-02-29", -60, "2023-02-28"),  # 2023 is no leap year
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-01-15", -1, "2023-12-15"),
    ],
)
def test_months_are_clamped_to_the_months_end(day, months, then):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("deadline", "cycle_start", "months", "start", "end"),
    [
        # 2026-11-22 + 60 months = 2031-11-22; less a day
        (None, None, 60, "2026-11-22", "2031-11-21"),
        # 2027-06-30 − 60 months = 2022-06-30; the day after
        ("2027-06-30", None, 60, "2022-07-01", "2027-06-30"),
        # 2028-02-29 − 60 months = 2023-02-28, clamped; the day after
        ("2028-02-29", None, 60, "2023-03-01", "2028-02-29"),
        # 2027-03-31 − 1 month = 2027-02-28, clamped; the day after
        ("2027-03-31", None, 1, "2027-03-01", "2027-03-31"),
        ("2027-06-30", "2025-01-01", 60, "2025-01-01", "2027-06-30"),
        # 2027-01-31 + 1 month = 2027-02-28, clamped; less a day
        (None, "2027-01-31", 1, "2027-01-31", "2027-02-27"),
    ],
)
def test_the_cycle(deadline, cycle_start, months, start, end):
    (version,) = read_credential(SMALL.encode(), "x").versions
    days = [date.fromisoformat(day) if day else None for day in (deadline, cycle_start)]
    found = cycle(
        Target("x-y", "", *days, shares=True), replace(version, cycle_months=months), date(2026, 11, 22)
    )

    assert found == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("deadline", "cycle_start", "column"),
    [
        (date(2026, 11, 21), None, "deadline"),
        (None, date(2010, 1, 1), "cycle_start"),
        (date(2027, 1, 1), date(2027, 1, 2), "cycle_start"),
        (date(3, 1, 1), None, "deadline"),
        (None, date(9999, 1, 1), "cycle_start"),
    ],
)
def test_a_cycle_that_cannot_be_is_a_fault(deadline, cycle_start, column):
    (version,) = read_credential(SMALL.encode(), "x").versions

    with pytest.raises(Faults) as caught:
        cycle(Target("x-y", "", deadline, cycle_start, shares=True), version, date(2026, 11, 22))
    assert [fault.column for fault in caught.value.faults] == [column]


def test_without_a_deadline_the_newest_rules_that_govern_their_own_cycle_win():
    later = VERSION.replace("2020-01-01", "2030-01-01")
    much_later = later.replace("2030-01-01", "2032-01-01")
    credential = read_credential((SMALL + later + much_later).encode(), "x-y.toml")

    # a cycle from 2026-11-22 ends on 2031-11-21: after 2030-01-01, before 2032-01-01
    version, start, deadline = governed_cycle(
        Target("x-y", "", None, None, shares=True), credential, date(2026, 11, 22)
    )
    assert version.effective == date(2030, 1, 1)
    assert (start, deadline) == (date(2026, 11, 22), date(2031, 11, 21))


@given(st.dates(), st.integers(1, 600))
def test_a_default_cycle_is_whole_months_or_a_fault(as_of, months):
    (version,) = read_credential(SMALL.encode(), "x").versions
    try:
        start, deadline = cycle(
            Target("x-y", "", None, None, shares=True), replace(version, cycle_months=months), as_of
        )
    except Faults:
        assert as_of.year + months / 12 >= 9999
    else:
        assert start == as_of
        assert add_months(start, months) == deadline + timedelta(days=1)
