# ruff: noqa: E501 - one mistake a line
"""Whatever is written wrongly in a file of worked cases is said at its place, all at once."""

import tomllib
from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from catalogs.faults import Fault, Faults
from optimizer import case_keys
from optimizer.cases import read_cases
from tests.test_cases import CASES
from tests.toml_keys import check_key

PAGE = (Path(__file__).parent.parent / "docs" / "credential.md").read_text("utf-8")


def faults_of(cases: str) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        read_cases(cases.encode(), "cases/x-y.toml")
    return caught.value.faults


@pytest.mark.parametrize(
    ("there", "instead", "column", "value", "problem", "remedy"),
    [
        ("as_of =", "asof =", "case[1].asof", "2027-12-31", "unknown key", 'Did you mean "as_of"?'),
        ("deadline = 2027-12-31", "", "case[1].deadline", None, "missing", "the last good day"),
        ('name = "one card"', "", "case[1].name", None, "missing", "what it shows"),
        ("deadline = 2027-12-31", "deadline = 2027-02-30", None, None, "not TOML", "Correct the line"),
        ("as_of = 2027-12-31", 'as_of = "soon"', "case[1].as_of", "soon", "", "2027-03-04"),
        ("as_of = 2027-12-31", "as_of = 2027-04-30", "case[1].earned[2].date", "2027-05-01", "after as_of, 2027-04-30", "Correct one of the two"),
        ('credits = "any=5"', 'credits = "any"', "case[1].earned[2].credits", "any", "", "clinical=1"),
        ("as_of = 2027-12-31", 'route = "Ex am"', "case[1].route", "Ex am", "small letters", "Write it like ex-am."),
        ('title = "Card"', 'titel = "Card"', "case[1].earned[1].titel", "Card", "unknown key", 'Did you mean "title"?'),
        ('kind = "cpr"', 'kind = "cprr"', "case[1].earned[1].kind", "cprr", "", 'Did you mean "cpr"?'),
        ("date = 2026-05-01", "", "case[1].earned[1].date", None, "missing", "the day it was finished"),
        ("met = false", "meet = false", "case[1].expect.meet", "no", "unknown key", 'Did you mean "met"?'),
        ("met = false", "met = 3", "case[1].expect.met", "3", "a number", "yes or no"),
        ('{ total = "23/6" }', "3", "case[1].expect.missing", "3", "not a table", "Write a table"),
        ('total = "23/6"', "total = -1", "case[1].expect.missing.total", "-1", "negative", "25/6"),
        ('total = "23/6"', "total = true", "case[1].expect.missing.total", "yes", "yes or no", "25/6"),
        ('total = "23/6"', 'total = "1/0"', "case[1].expect.missing.total", "1/0", "not above 0", "25/6"),
        ('state = "closing"', 'state = "close"', "case[1].expect.state", "close", "not a known state of a cycle", 'Did you mean "closing"?'),
    ],
)  # fmt: skip
def test_each_mistake_is_named_at_its_place(there, instead, column, value, problem, remedy):
    assert there in CASES
    (fault,) = faults_of(CASES.replace(there, instead, 1))
    assert (fault.file, fault.column, fault.value) == ("cases/x-y.toml", column, value)
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert not fault.problem.endswith(".")


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", "case", "missing"),
        ("case = []", "case", "missing"),
        ("case = 3", "case", "not a list of tables"),
        ("[[case]]\nname = 'a'\ndeadline = 2027-01-01", "case[1].expect", "missing"),
        ("[[case]]\nname = 'a'\ndeadline = 2027-01-01\nexpect = {}", "case[1].expect", "expects nothing"),
        ("[[case]]\nname = 'a'\ndeadline = 2027-01-01\nexpect = { cite = 'c', counts = {} }", "case[1].expect", "expects nothing"),
        ("[[case]]\nname = 'a'\ndeadline = 2027-01-01\nexpect = 3", "case[1].expect", "not a table"),
        (CASES + CASES, "case[2].name", "case[1] has that name too"),
    ],
)  # fmt: skip
def test_cases_that_prove_nothing_are_refused(text, column, problem):
    (fault,) = faults_of(text)
    assert fault.column == column
    assert problem in fault.problem


def test_all_mistakes_come_at_once():
    broken = CASES.replace("one card", "").replace("clinical=3", "clinical").replace("false", "3")
    assert [fault.column for fault in faults_of(broken)] == [
        "case[1].earned[1].credits", "case[1].expect.met", "case[1].name",
    ]  # fmt: skip


TABLES = {"case[1]": case_keys.CASE, "case[1].expect": case_keys.EXPECT}


@pytest.mark.parametrize(("place", "key"), [(place, key) for place, keys in TABLES.items() for key in keys])
def test_every_key_is_missed_misspelled_and_refused_in_another_sort(place, key):
    document = tomllib.loads(CASES, parse_float=Decimal)
    check_key(document, place, key, TABLES[place][key], time(7, 30), faults_of)


@pytest.mark.parametrize(
    ("heading", "place"), [("`[[case]]`", "case[1]"), ("`[case.expect]`", "case[1].expect")]
)
def test_page_documents_every_key_as_declared(heading, place):
    section = PAGE.split(f"### {heading}\n")[1].split("\n### ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{name}` | {'yes' if key.needed else ''} | {key.meaning} |" for name, key in TABLES[place].items()
    ]
