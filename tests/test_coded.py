"""Columns with codes say what the records say."""

from dataclasses import replace
from datetime import date

import pytest

from catalogs.coded import MOST_KEPT, Offerings, coded, coded_column
from catalogs.loading import load, offerings_of, shipped_folder
from catalogs.records import Approval
from catalogs.rows import offering_from
from catalogs.schema import OFFERINGS

EMPTY, _ = offering_from({"offering_id": "a", "provider": "p", "title": "t", "credits": ""}, "", None, ())


@pytest.fixture(scope="module")
def shipped():
    return tuple(offerings_of(load(shipped_folder())))


@pytest.fixture(params=[True, False], ids=["kept", "made on demand"])
def table(request, shipped, monkeypatch):
    """Return the shipped offerings, as few as they are and as if they were too many to keep."""
    monkeypatch.setattr("catalogs.coded.MOST_KEPT", MOST_KEPT if request.param else 0)
    return coded(shipped[::-1])


def test_records_come_back_sorted(table, shipped):
    assert tuple(table) == shipped
    assert len(table) == len(shipped)
    assert [table[place] for place in (0, 5, -1)] == [shipped[place] for place in (0, 5, -1)]
    assert table[2:9:3] == shipped[2:9:3]
    assert table.take([7, 0, 7]) == (shipped[7], shipped[0], shipped[7])
    assert table.take([]) == ()


def test_columns_hold_each_value_once(table, shipped):
    assert tuple(table.columns) == OFFERINGS.header
    for name, column in table.columns.items():
        said = [getattr(one, "minutes" if name == "hours" else name) for one in shipped]
        assert list(column) == said
        assert [column[0], column[-1]] == [said[0], said[-1]]
        assert column[3:1:-1] == said[3:1:-1]
        assert column.take([1, 1]) == [said[1], said[1]]
        assert column.codes.dtype == "int32"
        assert set(column.codes.tolist()) == set(range(len(column.values)))
        assert len(set(column.values)) == len(column.values)


def test_offerings_of_columns_are_those_of_their_records(table, shipped):
    again = Offerings(table.columns)

    assert tuple(again) == shipped
    assert again == table
    assert hash(again) == hash(table)
    assert again != coded(shipped[1:])
    assert coded(again) is again


def test_approvals_without_numbers_keep_approver_and_window():
    first, last = date(2026, 1, 1), date(2027, 1, 1)
    numbered = [
        (Approval("aama", "1", first, last),),
        (Approval("aama", "2", first, last),),
        (Approval("aama", "1", None, None), Approval("aama", "2", None, None)),
        (),
    ]
    offerings = coded([replace(EMPTY, offering_id=str(n), approvals=one) for n, one in enumerate(numbered)])

    bare = offerings.approvals_without_numbers

    assert list(bare) == [
        (Approval("aama", "", first, last),),
        (Approval("aama", "", first, last),),
        (Approval("aama", "", None, None),),
        (),
    ]
    assert len(bare.values) == 3


def test_an_id_is_found_where_it_is(table, shipped):
    assert [table.place(one.offering_id) for one in shipped] == list(range(len(shipped)))
    assert table.place("") is None
    assert table.place("no such id") is None
    assert table.place("\U0010ffff") is None


def test_nothing_is_a_table_too():
    nothing = coded(())

    assert tuple(nothing) == ()
    assert nothing.place("a") is None
    assert nothing.take([]) == ()
    assert len(coded_column([])) == 0
    assert list(nothing.columns["title"]) == []
