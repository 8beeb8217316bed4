"""`ceuplan catalog diff` and the pure comparison below it."""
# ruff: noqa: F811 - fixtures are imported, and then asked for by name

import csv
import io
import json

import pytest

from catalogs.diff import changes, changes_csv
from catalogs.diff_text import changes_text
from tests.shop import run  # noqa: F401 - a fixture

HEADER = "offering_id,provider,title,credits,unit,price,approvals,available_until,seen_on,note\n"
OLD = """\
p:1,p,Stays,any=1,contact_hour,10.00,,,2026-01-01,
p:2,p,Dearer,any=1,contact_hour,10.00,,,2026-01-01,
p:3,p,Other credit,any=1,contact_hour,10.00,aama@2026-01-01/2026-12-31,,2026-01-01,
p:4,p,Goes,any=1,contact_hour,10.00,,,2026-01-01,
p:5,p,Marked,any=1,contact_hour,10.00,,,2026-01-01,
p:6,p,Returns,any=1,contact_hour,10.00,,2026-01-31,2026-01-01,Withdrawn: not on the provider's pages on 2026-02-01.
p:7,p,Read again,any=1,contact_hour,10.00,,,2026-01-01,
"""
NEW = """\
p:0,p,Comes,clinical=2,contact_hour,7.00,,,2026-03-01,
p:1,p,Stays,any=1,contact_hour,10.00,,,2026-01-01,
p:2,p,Dearer,any=1,contact_hour,25.00,,,2026-03-01,
p:3,p,Another name,clinical=2,contact_hour,10.00,aama@2027-01-01/2027-12-31,,2026-03-01,
p:5,p,Marked,any=1,contact_hour,10.00,,2026-02-28,2026-01-01,Withdrawn: not on the provider's pages on 2026-03-01.
p:6,p,Returns,any=1,contact_hour,10.00,,,2026-03-01,
p:7,p,Read again,any=1,contact_hour,10.00,,,2026-03-01,
"""
TEXT = """\
New (1):
  p:0: "Comes", price 7.00, credits clinical=2

Withdrawn (1):
  p:5: "Marked", last for sale 2026-02-28

Removed (1):
  p:4: "Goes", price 10.00, credits any=1

Back (1):
  p:6: "Returns"

Price (1):
  p:2: price 10.00 → 25.00 (+150%, check it)

Credit (1):
  p:3: credits any=1 → clinical=2

Approvals (1):
  p:3: approvals aama@2026-01-01/2026-12-31 → aama@2027-01-01/2027-12-31

Other (1):
  p:3: title Other credit → Another name

Read again, with the same values (1):
  p:7
"""


@pytest.fixture
def diff(run, tmp_path):
    """Compare the two tables, as files of a folder each or as files."""
    for name, rows in (("a", OLD), ("b", NEW)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.csv").write_text(HEADER + rows, "utf-8")
    return lambda *more, a="a", b="b": run("catalog", "diff", tmp_path / a, tmp_path / b, *more)


def test_text_tells_what_costs_and_counts_first(diff):
    ran = diff()
    assert (ran.code, ran.out, ran.err) == (0, TEXT, "")
    assert diff(a="a/p.csv", b="b/p.csv").out == TEXT


def test_nothing_differs(diff):
    ran = diff(b="a")
    assert (ran.code, ran.out) == (0, "Nothing differs.\n")


def test_json_has_every_change_and_every_key(diff):
    said = json.loads(diff("--format", "json").out)

    assert said["counts"] == {"new": 1, "removed": 1, "withdrawn": 1, "back": 1, "changed": 3}
    assert {frozenset(one) for one in said["changes"]} == {
        frozenset(("table", "id", "title", "change", "before", "after"))
    }
    dearer = next(one for one in said["changes"] if one["id"] == "p:2")
    assert dearer["before"] == {"price": "10.00", "seen_on": "2026-01-01"}
    assert dearer["after"] == {"price": "25.00", "seen_on": "2026-03-01"}


def test_csv_has_a_line_for_each_column(diff):
    lines = list(csv.DictReader(io.StringIO(diff("--format", "csv").out)))

    assert [line["change"] for line in lines if line["id"] in ("p:0", "p:4")] == ["new", "removed"]
    assert {(line["column"], line["before"], line["after"]) for line in lines if line["id"] == "p:2"} == {
        ("price", "10.00", "25.00"),
        ("seen_on", "2026-01-01", "2026-03-01"),
    }


def test_passes_are_compared_too(diff, tmp_path):
    for name, price in (("a", "29.95"), ("b", "39.95")):
        text = f"pass_id,title,price,benefit\nclub,The club,{price},included\n"
        (tmp_path / name / "passes.csv").write_text(text, "utf-8")
    assert "club: price 29.95 → 39.95 (+33%)" in diff().out


def test_file_may_name_passes_of_another(diff, tmp_path):
    (tmp_path / "part.csv").write_text(
        "offering_id,provider,title,credits,passes\nq:1,q,One,any=1,club\n", "utf-8"
    )
    assert diff(a="part.csv", b="part.csv").code == 0


def test_shipped_catalog_has_a_name(run):
    ran = run("catalog", "diff", "shipped", "shipped")
    assert (ran.code, ran.out) == (0, "Nothing differs.\n")


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ({"b": "nowhere"}, 3, "there is no such file"),
        ({"b": "bad.csv"}, 3, "price"),
    ],
)
def test_faults_are_told(diff, tmp_path, more, code, said):
    (tmp_path / "bad.csv").write_text(HEADER + "p:1,p,Bad,any=1,contact_hour,-1,,,,\n", "utf-8")
    ran = diff(**more)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_output_never_replaces_an_input(diff, tmp_path):
    before = (tmp_path / "a" / "p.csv").read_bytes()
    ran = diff("-o", tmp_path / "a" / "p.csv", a="a/p.csv")
    assert ran.code == 2
    assert (tmp_path / "a" / "p.csv").read_bytes() == before


def test_output_never_replaces_a_file_of_a_folder_compared(diff, tmp_path):
    before = (tmp_path / "a" / "p.csv").read_bytes()
    ran = diff("-o", tmp_path / "a" / "p.csv")
    assert ran.code == 2
    assert (tmp_path / "a" / "p.csv").read_bytes() == before


def test_formula_in_a_cell_is_not_run_by_a_spreadsheet():
    old = {"p:1": {"offering_id": "p:1", "title": "One"}}
    new = {"p:1": {"offering_id": "p:1", "title": "=cmd|x!A1"}, "=1": {"offering_id": "=1"}}
    lines = changes_csv(changes(old, new)).splitlines()
    assert lines[1:] == ["offerings,'=1,new,,,", "offerings,p:1,changed,title,One,'=cmd|x!A1"]


def test_hostile_text_is_made_visible():
    rows = {"p:\x1b[2J": {"offering_id": "p:\x1b[2J", "title": "\u202etitle", "price": "1.00"}}
    text = changes_text(changes({}, rows))
    assert "\x1b" not in text
    assert "\u202e" not in text
