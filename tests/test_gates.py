"""The alarms of a refresh at their edges, and on a series of a year as a provider's counts really run."""

from datetime import date
from types import MappingProxyType

import pytest

from catalogs.schema import OFFERINGS
from scrapers.described import Gates, Provider
from scrapers.gates import alarms, fall
from scrapers.history import Refresh, digest_of, quiet, read_history, told_by, with_refresh, write_history
from scrapers.parsed import Parsed, Refused

EMPTY = MappingProxyType(dict.fromkeys(OFFERINGS.header, ""))


def provider(**more):
    return Provider("p", "P", "cards", (), (), "never", "", **{"gates": Gates(1, ("title",)), **more})


def rows(number, **cells):
    filled = {"title": "One", "price": "10.00", **cells}
    return tuple({**EMPTY, **filled, "offering_id": f"p:{one}"} for one in range(number))


def told(before, parsed, **more):
    parsed = parsed if isinstance(parsed, Parsed) else Parsed(parsed)
    return [alarm.why for alarm in alarms(provider(**more), before, parsed)]


@pytest.mark.parametrize(("now", "alarm"), [(70, False), (69, True), (200, False)])
def test_rows_may_fall_by_three_in_ten(now, alarm):
    assert bool(fall(100, now)) == alarm


@pytest.mark.parametrize(("empty", "alarm"), [(10, False), (11, True)])
def test_a_column_may_lose_a_tenth_of_its_rows(empty, alarm):
    now = (*rows(100 - empty, url="https://x/"), *rows(100)[100 - empty :])
    assert bool(told(rows(100, url="https://x/"), now)) == alarm


@pytest.mark.parametrize(
    ("price", "alarm"), [("19.99", False), ("20.00", True), ("5.01", False), ("5.00", True)]
)
def test_median_price_may_move_by_less_than_a_factor_of_two(price, alarm):
    assert bool(told(rows(5), rows(5, price=price))) == alarm


def test_median_that_leaves_zero_is_an_alarm_and_one_that_stays_is_none():
    assert told(rows(3, price="0.00"), rows(3)) == ["the median price moved from 0.00 to 10.00"]
    assert told(rows(3, price="0.00"), rows(3, price="0.00")) == []


def test_no_rows_need_to_be_expected():
    assert told((), ()) == ["there are no rows at all"]
    assert told((), (), expect_empty=True) == []
    assert told(rows(3), (), expect_empty=True) == ["3 of 3 rows are gone, 100%"]
    assert told((), Parsed(refused=(Refused("card 1", "", "no"),)), expect_empty=True) != []


def test_rows_with_other_keys_are_other_rows():
    other = tuple({**row, "offering_id": row["offering_id"] + "0"} for row in rows(10))
    assert told(rows(10)[1:], other[1:]) == ["9 of 9 rows are gone, 100%"]


def test_rows_kept_by_hand_are_not_measured():
    """Tests that they neither stand in for rows that are gone, nor spoil what the others fill."""
    kept = {"p:7", "p:8", "p:9"}
    without = tuple({**row, "price": ""} if row["offering_id"] in kept else row for row in rows(10))
    assert alarms(provider(), rows(7), Parsed(without), kept) == ()
    assert [one.why for one in alarms(provider(), rows(7), Parsed(without[4:]), kept)] == [
        "4 of 7 rows are gone, 57%"
    ]


def test_what_a_provider_asks_of_its_own_rows():
    assert told((), rows(2), gates=Gates(3, ("title", "hours"))) == [
        "there are 2 rows, and its file asks for at least 3",
        "2 of 2 rows have no hours, which its file asks of every row",
    ]


def test_total_counts_what_could_not_be_read():
    assert told((), Parsed(rows(2), (Refused("card 3", "", "no"),), declared_total=3)) == []
    assert told((), Parsed(rows(2), declared_total=3)) == ["the pages declare 3 courses, and 2 were found"]


def test_only_drift_may_be_accepted():
    parsed = Parsed(rows(2, price="99.00"), declared_total=9, repeated=("p:7",))
    drift = {alarm.why: alarm.drift for alarm in alarms(provider(), rows(9), parsed)}
    assert drift == {
        "the pages declare 9 courses, and 2 were found": False,
        "keys come more than once: p:7": False,
        "7 of 9 rows are gone, 78%": True,
        "the median price moved from 10.00 to 99.00": True,
    }


SERIES = {
    "dead": [(40, 1)] * 20 + [(12, 1)] * 20,
    "alive": [(20 + week // 3, week // 5) for week in range(40)],
    "slow": [(12, week // 8) for week in range(40)],
    "tiny": [(1, 1)] * 40,
    "shrinks": [(30, week) for week in range(20)]
    + [(20, week) for week in range(20, 30)]
    + [(12, 1), (12, 2)],
    "ends": [(7, week) for week in range(30)] + [(0, 0)],
}
"""A year of weekly refreshes: how many rows, and a number that changes when what they say does."""


def back_test(weeks):
    """Return the weeks in which rows fell or vanished, and the first in which a provider is called quiet."""
    history, fell, first_quiet, last = (), [], None, None
    for week, (number, said) in enumerate(weeks):
        if last and (not number or fall(last, number)):
            fell.append(week)
        last = number
        if number:
            history = with_refresh(
                history, Refresh(f"{date.fromordinal(730_000 + 7 * week)}", number, f"{number}/{said}", "")
            )
        if first_quiet is None and told_by("p", history):
            first_quiet = week
    return fell, first_quiet


def test_alarms_on_a_year_of_counts():
    """Tests the shape of a real year: the dead are reported, removals alarm, the living and the tiny are left alone."""
    assert {name: back_test(weeks) for name, weeks in SERIES.items()} == {
        "dead": ([20], 8),
        "alive": ([], None),
        "slow": ([], None),
        "tiny": ([], None),
        "shrinks": ([20, 30], None),
        "ends": ([30], None),
    }


def test_refreshes_that_were_refused_neither_end_nor_lengthen_a_silence():
    history = ()
    for day in range(1, 20):
        bad = day % 2 == 0
        history = with_refresh(
            history, Refresh(f"2026-01-{day:02}", 9, "" if bad else "same", "no" if bad else "")
        )
    assert quiet(history) == 9


def test_of_one_day_only_the_last_refresh_counts():
    history = ()
    for _ in range(20):
        history = with_refresh(history, Refresh("2026-01-01", 9, "same", ""))
    assert (len(history), quiet(history)) == (1, 0)


def test_history_is_read_back_and_a_damaged_one_is_none(tmp_path):
    history = (Refresh("2026-01-01", 9, "a", ""), Refresh("2026-01-08", 0, "", 'it said "no",\nand left'))
    path = tmp_path / "history.csv"
    write_history(history, path)
    assert read_history(path) == history
    path.write_text("day,rows\n2026,many\n", "utf-8")
    assert read_history(path) == ()


def test_digest_knows_content_from_the_day_and_page_it_was_read_on():
    one, other = rows(1, seen_on="2026-01-01", source_url="a"), rows(1, seen_on="2026-02-01", source_url="b")
    assert digest_of(one) == digest_of(other) != digest_of(rows(1, price="10.01"))
