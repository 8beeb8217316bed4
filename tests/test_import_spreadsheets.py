"""Workbooks as people and programs make them, and as nobody should: what their cells hold, and what is refused."""

import io
import os
import random
import re
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from catalogs import grids, spreadsheets
from catalogs.faults import CatalogFaults
from catalogs.importing import Wishes, import_file
from catalogs.spreadsheets import cell_text
from tests.imports import CATALOG, OK, USAGE, importer


@pytest.fixture
def imported(tmp_path, monkeypatch, capsys):
    return importer(tmp_path, monkeypatch, capsys)


def book(*rows, title="Courses", **more):
    """Return a workbook with one sheet, or several given by name."""
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    for name, others in more.items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    return made


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(data, part, old, new):
    """Return a workbook in which one part's bytes are others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as write:
        for name in read.namelist():
            text = read.read(name)
            assert name != part or old in text
            write.writestr(name, text.replace(old, new) if name == part else text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
COURSES = (["Title", "Price", "CEUs"], ["Pharmacology", 19.95, 1.5], ["Ethics", "$1,029.50", "2"])


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1.5, "General", "1.5"),
        (12, "General", "12"),
        (12.0, "0.00", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (29.95, '"$"#,##0.00', "$29.95"),
        (29.95, "$#,##0", "$29.95"),
        (29.95, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "$ 29.95"),
        (0, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "$ -"),
        (0, '$0.00;-$0.00;"TBD"', "TBD"),
        (0, "$0.00;-$0.00;$0", "$0"),
        (29.95, "[$$-409]#,##0.00", "$29.95"),
        (29.95, "[$€-407] #,##0.00", "€ 29.95"),
        (29.95, '#,##0.00\\ "EUR"', "29.95 EUR"),
        (1.5, '0.0" CEUs"', "1.5 CEUs"),
        (0.5, "0%", "50%"),
        (0.055, "0.0%", "5.5%"),
        (1e15, "General", "1000000000000000"),
        (1e-7, "General", "0.0000001"),
        (float("inf"), "General", "inf"),
        (True, "General", "yes"),
        (datetime(2027, 3, 4), "yyyy-mm-dd", "2027-03-04"),  # noqa: DTZ001 - as a workbook holds it
        (datetime(2027, 3, 4, 9, 30), "yyyy-mm-dd", "2027-03-04T09:30:00"),  # noqa: DTZ001
        (date(2027, 3, 4), "d.m.yy", "2027-03-04"),
        (time(1, 30), "h:mm", "01:30:00"),
        (timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
        ("=1", "@", "=1"),
    ],
)
def test_cell_says_as_much_as_it_shows(value, form, text):
    assert cell_text(value, form) == text


def test_sheet_is_read(imported):
    made = book(*COURSES)
    made.active["B2"].number_format = '"$"0.00'
    ran = imported(saved(made), name="courses.xlsx")

    assert ran.code == OK, ran.err
    assert ran.rows == [
        {"offering_id": "p:ethics", "title": "Ethics", "credits": "any=2", "price": "1029.50"},
        {"offering_id": "p:pharmacology", "title": "Pharmacology", "credits": "any=1.5", "price": "19.95"},
    ]
    assert 'courses.xlsx, "Courses": 2 rows' in ran.told


def test_header_below_other_rows_and_gaps(imported):
    made = book(["Continuing education 2026"], [], ["Printed for you"], [], *COURSES, [], [None, None])
    ran = imported(saved(made), name="courses.xlsx")

    assert [row["title"] for row in ran.rows] == ["Ethics", "Pharmacology"]
    assert "below the header in row 5" in ran.told
    assert "Rows 1, 3 above the header: left out." in ran.told


def test_day_is_a_day_and_its_number_is_refused(imported):
    made = book(["Title", "Starts"], ["One", date(2027, 3, 4)], ["Two", 46450], ["Three", "May 3, 2027"])
    ran = imported(saved(made), name="days.xlsx")

    assert [row["starts"] for row in ran.rows] == ["2027-03-04", "2027-05-03"]
    assert [row[0] for row in ran.rejected] == [
        'row 3: Starts: "46450" — it is a number, as spreadsheets store days'
    ]


@pytest.mark.parametrize(
    ("value", "form", "reason"),
    [
        (0.5, "0%", "more in it than one amount"),
        (29.95, "[$€-407]0.00", "not in US dollars"),
        (29.955, "$0.00", "more than 2 decimals"),
        (-5, "$0.00", "negative"),
        ("=B3*2", "General", "a formula whose result was never saved"),
        ("#REF!", "General", "an error of the spreadsheet"),
        (date(1900, 1, 29), "yyyy-mm-dd", "more than one amount"),
    ],
)
def test_price_that_is_none_is_refused(imported, value, form, reason):
    made = book(*COURSES)
    made.active["B2"] = value
    made.active["B2"].number_format = form
    ran = imported(saved(made), name="courses.xlsx")

    assert ran.code == CATALOG
    assert [row["title"] for row in ran.rows] == ["Ethics"]
    ((why, *cells),) = ran.rejected
    assert why.startswith("row 2: Price: ")
    assert reason in why
    assert cells[0] == "Pharmacology"


def test_formula_with_its_result_is_its_result(imported):
    made = book(*COURSES)
    made.active["B2"] = "=10+9.95"
    empty = re.search(rb"<v ?/>|<v></v>", sheet_of(made))[0]
    ran = imported(changed(saved(made), SHEET, empty, b"<v>19.95</v>"), name="courses.xlsx")

    assert ran.code == OK, ran.err
    assert ran.rows[1]["price"] == "19.95"


def sheet_of(made):
    with zipfile.ZipFile(io.BytesIO(saved(made))) as archive:
        return archive.read(SHEET)


def test_merged_title_names_only_its_first_row(imported):
    made = book(["Title", "Price"], ["One", 5], [None, 7])
    made.active.merge_cells("A2:A3")
    ran = imported(saved(made), name="courses.xlsx")

    assert [row["price"] for row in ran.rows] == ["5.00"]
    assert "merged cell" in ran.err
    assert ran.rejected == [["row 3: Title: there is no title", "", "7"]]


def test_one_sheet_of_several_is_a_catalog(imported):
    made = book(["Read me"], ["Prices are subject to change"], title="About", Courses=COURSES)
    ran = imported(saved(made), name="courses.xlsx")

    assert ran.code == OK, ran.err
    assert len(ran.rows) == 2
    assert 'Other sheets and tables, which are left out: "About".' in ran.told


def test_two_sheets_are_asked_about(imported):
    data = saved(book(*COURSES, Older=COURSES))
    ran = imported(data, name="courses.xlsx")

    assert ran.code == CATALOG
    assert 'Name one, as in --sheet 1. They are 1: "Courses", 3 rows; 2: "Older", 3 rows.' in ran.told
    assert imported(data, "--sheet", "older", name="courses.xlsx").code == OK
    assert imported(data, "--sheet", "2", "--replace", name="courses.xlsx").code == OK
    ran = imported(data, "--sheet", "Oldr", "--replace", name="courses.xlsx")
    assert ran.code == USAGE
    assert 'Did you mean "Older"?' in ran.told


def test_hidden_sheet_is_read_only_by_name(imported):
    made = book(*COURSES, Old=[["Title", "Price"], ["Hidden", 5]])
    made["Old"].sheet_state = "hidden"
    data = saved(made)

    assert [row["title"] for row in imported(data, name="c.xlsx").rows] == ["Ethics", "Pharmacology"]
    ran = imported(data, "--sheet", "Old", "--replace", name="c.xlsx")
    assert [row["title"] for row in ran.rows] == ["Hidden"]
    made = book(*COURSES)
    made.create_sheet("Empty")
    made["Courses"].sheet_state = "hidden"
    assert (
        "every sheet that holds anything is hidden" in imported(saved(made), "--replace", name="c.xlsx").err
    )


def test_hostile_text_in_cells(imported):
    made = book(
        ["Title", "Price"],
        ["<script>alert(1)</script>", 1],
        ['=HYPERLINK("http://x","y")', 1],
        ["@SUM(A1)", 1],
        ["Two\nlines", 1],
    )
    made.active["A3"].data_type = "s"
    ran = imported(saved(made), name="c.xlsx")

    assert [row["title"] for row in ran.rows] == ["<script>alert(1)</script>", "Two lines"]
    assert [row[1] for row in ran.rejected] == ['\'=HYPERLINK("http://x","y")', "'@SUM(A1)"]


# Files no spreadsheet wrote


def test_workbook_cut_off(imported):
    data = saved(book(*COURSES))
    for end in (10, 200, len(data) // 2, len(data) - 30):
        ran = imported(data[:end], name="courses.xlsx")
        assert ran.code == CATALOG
        assert "cut off" in ran.err
        assert not list(ran.folder.iterdir())


def test_archive_that_is_no_workbook(imported):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("courses.csv", "title,price\n")
    assert "an archive and no workbook" in imported(out.getvalue(), name="c.zip").err
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "of another program" in imported(out.getvalue(), name="c.ods").err


def test_zip_bomb_is_refused_before_it_is_unpacked(imported, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 2 * 1024**2)
    data = changed(saved(book(*COURSES)), SHEET, b"<sheetData>", b"<sheetData>" + b" " * 3 * 1024**2)
    assert len(data) < 100_000
    assert "unpacks to more than 2 MB" in imported(data, name="bomb.xlsx").err


def test_entities_are_refused(imported):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><worksheet'
    data = changed(saved(book(*COURSES)), SHEET, b"<worksheet", bomb)
    assert "defines entities" in imported(data, name="c.xlsx").err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (rb'r="3"', b'r="99999999999"', "more than 1,000 rows"),
        (rb'<c r="C3"', b'<c r="XFD3"', "more than 256 columns"),
        (rb'<c r="A3"', b'<c r="ZZZZZZ3"', "damaged"),
        (rb"<v>19.95</v>", b"<v>" + b"9" * 5000 + b"</v>", "damaged"),
        (rb"<v>19.95</v>", b"<v>x</v>", "damaged"),
        (rb"</sheetData>", b"</sheetDat>", "damaged"),
        (rb't="inlineStr"><is><t>Title</t></is>', b't="s"><v>999</v>', "damaged"),
    ],
    ids=["row", "column", "no column", "long number", "no number", "no XML", "no string"],
)
def test_sheet_that_lies(imported, monkeypatch, old, new, told):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 1000)
    data = saved(book(*COURSES))
    ran = imported(changed(data, SHEET, re.search(old, sheet_of(book(*COURSES)))[0], new), name="c.xlsx")
    assert ran.code == CATALOG
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_claimed_size_costs_nothing(imported):
    data = changed(saved(book(*COURSES)), SHEET, b'<dimension ref="A1:C3"', b'<dimension ref="A1:XFD1048576"')
    assert len(imported(data, name="c.xlsx").rows) == 2


def test_too_many_cells(imported, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_CELLS", 8)
    assert "more than 8 cells" in imported(saved(book(*COURSES)), name="c.xlsx").err
    assert grids.MOST_CELLS > 8


def test_any_byte_of_a_sheet_may_be_wrong(tmp_path):
    """Tests that a damaged part is refused in words or read; `CEUPLAN_FUZZ=500` tries more of them."""
    whole, chosen = saved(book(*COURSES, ["Formula", "=1+1", 2])), random.Random(6)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    path, outcomes = tmp_path / "c.xlsx", set()
    for _ in range(int(os.environ.get("CEUPLAN_FUZZ", "0")) or 60):
        victim, out = chosen.choice(sorted(parts)), io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, text in parts.items():
                at = chosen.randrange(len(text))
                junk = chosen.choice([b"", b"\0", b"9" * 400, b"</c>", b'" t="s"', b"&#0;", b"<f>1</f>"])
                archive.writestr(
                    name, text[:at] + junk + text[at + chosen.randrange(30) :] if name == victim else text
                )
        path.write_bytes(out.getvalue())
        try:
            outcomes.add(len(import_file(path, Wishes("p")).values))
        except CatalogFaults as refused:
            outcomes.add(refused.faults[0].problem.split(" (")[0])
    assert {2, "the workbook is damaged"} <= outcomes
