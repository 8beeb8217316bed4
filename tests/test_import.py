# ruff: noqa: E501 - a catalog is easier read in rows than wrapped
"""`ceuplan catalog import`: what it writes, what it refuses and why, and the files it never touches."""

import csv
import io
import os
import re
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogs import grids
from catalogs.faults import CatalogFaults
from catalogs.import_text import rejected_text, sound_text
from catalogs.importing import Wishes, import_file
from catalogs.loading import load, offerings_of, shipped_folder
from optimizer.cli import main
from optimizer.transcript import transcript_lines
from tests.imports import CATALOG, OK, USAGE, importer


@pytest.fixture
def imported(tmp_path, monkeypatch, capsys):
    return importer(tmp_path, monkeypatch, capsys)


# The shapes in which careless scrapers stored what seven shops sell, with words of our own.
SHOP = """\
source_file,title,url,price_raw,ceu_credits_raw,ceu_type_raw
shop.csv,Knots for Beginners,https://knots.example.org/courses/knots-for-beginners,$32.50,2.5,
shop.csv,"Ropes, and how to keep them",https://knots.example.org/courses/ropes%E2%80%9455-ces,$69.95,5.5,Type 2
shop.csv,Harbours,https://knots.example.org/courses/harbours/,25,2,2
shop.csv,Harbours,https://knots.example.org/courses/harbours/,$25.00,2.0,2
shop.csv,Lighthouses,,$25.00,2,2
shop.csv,Fog,https://knots.example.org/courses/fog,r free,1.5,2
shop.csv,Tides, https://knots.example.org/courses/tides ," $5.00",0.5 ,
shop.csv,NO CEUs - A walk on the quay,https://knots.example.org/courses/quay,0.00,,
shop.csv,No price is known,https://knots.example.org/courses/unpriced,,,
shop.csv,Sails (Recorded),https://knots.example.org/products/product-390,$79.00,: 2 ,II
shop.csv,Sails 2 (Recorded),https://knots.example.org/products/product-391,$79.00,- 2 Ethics or ,II or Ethics
shop.csv,Sails 3 (Recorded),https://knots.example.org/products/product-392,$79.00,- 1.5Supervision or 1.5,II
shop.csv,All the sails,https://knots.example.org/products/product-393,$79.00,A,
shop.csv,Anchors,https://knots.example.org/products/product-400,$39.00,2,II
shop_V02.csv,Anchors,https://knots.example.org/products/product-400,$49.00,2,II
shop_V02.csv,Library (ANNUAL Subscription),https://knots.example.org/products/product-444,FREE,37,II
shop_V02.csv,Shifted,https://knots.example.org/images/x.png,https://knots.example.org/images/x.png,2,II
shop_V02.csv,Twice,https://knots.example.orghttps://knots.example.org/courses/twice,$1.00,2,II
"""
CELLS = """\
Name;Fee;Contact hours
Two<b>bold</b>;$1,029.50;2
Range;$15 - $60;2
Was;was $45 now $30;2
Euros;€20;2
Comma;12,5;2
;$5;2
Total;$500;20
"=HYPERLINK(""http://x"")";$5;2
- a dash is no formula;$5;2
Bidi\u202eTITLE;$5;2
Esc\x1b[31mape;$5;2
Lost \ufffd letter;$5;2
#REF!;$5;2
Too long;$5
Too;long;5;6
Error;#N/A;2
Nothing;$5;0
Name;Fee;Contact hours
Hyphen\u00adated;free;0.75
"""


@pytest.mark.parametrize(("name", "text"), [("shop", SHOP), ("cells", CELLS)])
def test_golden(imported, golden, name, text):
    ran = imported(text, "--seen-on", "March 3, 2027", "--source", "https://knots.example.org/all")

    assert ran.code == CATALOG
    here = str(ran.folder.parent)
    golden(f"import-{name}.csv", ran.text)
    golden(f"import-{name}.rejected.csv", (ran.folder / "p.rejected.csv").read_bytes().decode())
    golden(f"import-{name}.txt", unwrapped(ran.out, here) + "--\n" + ran.err.replace(here, "HERE"))


def unwrapped(text, here):
    return re.sub(r"\n    ", " ", text).replace(here, "HERE")


@pytest.mark.parametrize("text", [SHOP, CELLS])
def test_what_is_written_is_a_catalog(imported, text):
    ran = imported(text)
    catalog = load(ran.folder)  # the rejected file is left alone

    assert len(offerings_of(catalog)) == len(ran.rows)
    assert not catalog.notes
    assert {one.evidence for one in offerings_of(catalog)} == {"user"}
    assert {one.provider for one in offerings_of(catalog)} == {"p"}


def test_every_row_is_imported_refused_or_named(imported):
    ran = imported(SHOP)
    assert len(ran.rows) + len(ran.rejected) + 1 == SHOP.count("\n") - 1
    assert "1 row said the same as another, and counted once: 5." in ran.told


def test_shipped_catalog_comes_through_as_it_is():
    """Tests that a catalog's own columns are read as they stand, save who says so, and passes that are not there."""
    path = shipped_folder() / "ace.csv"
    before = {one.offering_id: one for one in offerings_of(load(shipped_folder()))}
    found = import_file(path, Wishes("ace"), passes=load(shipped_folder()).pass_values["pass_id"])

    assert not found.refused
    assert len(found.values) == sum(key.startswith("ace:") for key in before)
    for row in found.values:
        same = before[row["offering_id"]]
        for name in (
            "course_id",
            "title",
            "credits",
            "unit",
            "price",
            "passes",
            "assumed",
            "note",
            "seen_on",
        ):
            assert row[name] == getattr(same, name)


def test_rejected_rows_can_be_imported_once_they_are_right(imported):
    first = imported(CELLS)
    text = (first.folder / "p.rejected.csv").read_text("utf-8")
    again = imported(text, "--replace", name="again.csv")
    number = text.count("\n") - 1
    assert len(again.rejected) == number
    assert "still stands there. Correct the row, empty its reason" in again.told
    assert (first.folder / "p.rejected.csv").read_text("utf-8") == text
    assert again.text == first.text

    right = re.sub(r'^"row 3: .*?",Range,\$15 - \$60', ",Range,$15.00", text, flags=re.MULTILINE)
    fixed = imported(right, "--replace", name="again.csv")
    assert [(row["title"], row["price"]) for row in fixed.rows] == [("Range", "15.00")]
    assert len(fixed.rejected) == number - 1


# How files are written

TEXTS = {
    "tab": "Title\tPrice\nA\t$5\n",
    "pipe": "Title|Price\nA|$5\n",
    "semicolon": "Title;Price\r\nA;$5\r\n",
    "said": "sep=;\nTitle;Price\nA;$5\n",
    "BOM": "\ufeffTitle,Price\nA,$5\n",
    "blank rows": "\n\n,\nTitle,Price\n,\nA,$5\n\n,\n",
    "preamble": "All our courses,\nProgram,Spring\n\nTitle,Price\nA,$5\n",
    "commas in cells": 'Title;Price;What\nA;$5;"a, b, c, d, e"\n',
    "quotes": '"Title","Price"\n"A","$5"\n',
    "line break": 'Title,Price\n"A\n",$5\n',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_form_of_the_file(imported, text):
    ran = imported(text)
    assert ran.code == OK, ran.err
    assert ran.rows == [{"offering_id": "p:a", "title": "A", "price": "5.00"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_that_says_itself(imported, encoding):
    assert imported("Title,Price\nCafé,$5\n".encode(encoding)).rows[0]["title"] == "Café"


def test_encoding_that_must_be_said(imported):
    data = "Title,Price\nA,$4\nCafé,$5\n".encode("windows-1252")
    ran = imported(data)
    assert ran.code == CATALOG
    assert "row 3: the file is not UTF-8" in ran.err
    assert "--encoding windows-1252" in ran.told
    assert imported(data, "--encoding", "windows-1252").rows[1]["title"] == "Café"
    assert "not ascii" in imported(data, "--encoding", "ascii", "--replace").err


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"Title,Price\n", "no row below it"),
        (b"Title,Price\nTitle,Price\n", "no row below it"),
        (b"1,2\n3,4\n", "no row at the top names the columns"),
        (b'Title,Price\n"A,$5\n', "never closed"),
        (b"%PDF-1.7", "it is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "of the old kind"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"PK\x03\x04junk", "cut off"),
        (b"T\0i\0t\0l\0e\0", "no row below it"),
        (b"\xff\xfeT", "begins like UTF-16"),
        (bytes(range(256)), "not UTF-8"),
    ],
)
def test_file_that_is_none(imported, data, told):
    ran = imported(data)
    assert ran.code == CATALOG
    assert re.search(told, ran.err)
    assert not list(ran.folder.iterdir())


def test_nul_in_a_cell(imported):
    ran = imported("title,price\nA\0,$5\nB,$6\n")
    assert [row["title"] for row in ran.rows] == ["B"]
    assert ran.rejected == [['row 2: title: "A\\x00" — there is a NUL byte', "A\\x00", "$5"]]
    assert "\0" not in ran.err


def test_file_that_is_not_there(imported, tmp_path):
    ran = imported(tmp_path / "nothing.csv")
    assert ran.code == CATALOG
    assert "there is no such file" in ran.err
    assert "it is not a file" in imported(tmp_path).err


@pytest.mark.parametrize(
    ("name", "limit", "told"),
    [
        ("MOST_ROWS", 1, "more than 1 rows"),
        ("MOST_COLUMNS", 1, "more than 1 columns"),
        ("MOST_CELLS", 5, "more than 5 cells"),
    ],
)
def test_file_that_is_too_large(imported, monkeypatch, name, limit, told):
    monkeypatch.setattr(grids, name, limit)
    assert told in imported("title,price\nA,$5\nB,$5\n").err


def test_file_of_too_many_bytes(imported, monkeypatch):
    monkeypatch.setattr("catalogs.importing.LARGEST_BYTES", 10)
    assert "too large to read" in imported("title,price\nA,$5\nB,$5\n").err


# Ids


def test_ids_that_contradict_one_another(imported):
    ran = imported("id,title,price\n1,A,$5\n2,B,$5\n1,A,$6\n2,B,$5.00\n")
    assert [(row["offering_id"], row["title"]) for row in ran.rows] == [("p:2", "B")]
    assert [row[0] for row in ran.rejected] == [
        f'row {row}: offering_id: "p:1" — rows of this id differ in price, and only you can tell which is right'
        for row in (2, 4)
    ]
    assert "rows 2, 4, column offering_id" in ran.err


def test_times_of_a_course_that_contradict_one_another(imported):
    ran = imported("id,course_id,title,times\n1,x,A,2\n2,x,A,3\n3,y,B,3\n")
    assert [row["title"] for row in ran.rows] == ["B"]
    assert len(ran.rejected) == 2


def test_passes_must_lie_beside_it(imported, tmp_path):
    text = "title,price,passes\nA,$5,club\nB,$5,clbu\n"
    assert "There are none here" in imported(text).told
    (tmp_path / "out" / "passes.csv").write_text(
        "pass_id,title,price,benefit\nclub,Club,5,included\n", "utf-8"
    )
    ran = imported(text, "--replace")
    assert [row["passes"] for row in ran.rows] == ["club"]
    assert 'Did you mean "club"?' in ran.told


# Flags and files


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--provider", "Ace"], "Write it like --provider ace"),
        (["--provider", "../ace"], "no name for files and ids"),
        (["--provider", ""], "no name for files and ids"),
        (["--provider", "passes"], "not a file of offerings"),
        (["--seen-on", "03/04/2027"], "ambiguous"),
        (["--unit", "a b;"], "not a unit of credit"),
        (["--source", "page"], "not a web address"),
        (["--encoding", "martian"], "no such encoding"),
        (["--encoding", "hex"], "no such encoding"),
        (["--sheet", "2"], "no such sheet or table"),
        (["-o", "nowhere"], "does not exist"),
    ],
)
def test_wrong_flags(imported, flags, told):
    ran = imported("title,price\nA,$5\n", *flags)
    assert ran.code == USAGE
    assert told in ran.told
    assert not list(ran.folder.iterdir())


def test_all_wrong_flags_at_once(imported):
    ran = imported("title\nA\n", "--unit", ";", "--seen-on", "x", "--column", "y")
    assert ran.code == USAGE
    assert "3 faults" in ran.err


def test_files_are_replaced_only_when_asked(imported):
    assert imported("title,price\nA,$5\n").code == OK
    ran = imported("title,price\nB,$5\n")
    assert ran.code == USAGE
    assert "is there already. Say --replace" in ran.err
    assert ran.rows[0]["title"] == "A"
    assert imported("title,price\nB,$5\n", "--replace").rows[0]["title"] == "B"


def test_last_good_file_is_kept_when_no_row_is_sound(imported):
    """Tests that a page that came back without prices cannot wipe out a catalog."""
    imported("title,price\nA,$5\n")
    ran = imported("title,price\nA,call us\n", "--replace")
    assert ran.code == CATALOG
    assert ran.rows[0]["price"] == "5.00"
    assert "No row is sound" in ran.told
    assert len(ran.rejected) == 1


def test_input_is_never_overwritten(imported, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("p.csv", "p.rejected.csv"):
        (folder / name).write_text("title,price\nA,$5\n", "utf-8")
        ran = imported(folder / name, "--replace")
        assert ran.code == USAGE
        assert "the file you import, which would be lost" in ran.err
        (folder / name).unlink()


def test_no_part_of_a_file_is_left(imported):
    ran = imported("title,price\nA,$5\n")
    assert sorted(path.name for path in ran.folder.iterdir()) == ["p.csv", "p.rejected.csv"]
    assert ran.rejected == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_may_not_be_written(imported, tmp_path):
    (tmp_path / "out").mkdir(mode=0o500)
    assert "may not write there" in imported("title,price\nA,$5\n").err


def test_current_folder_is_the_default(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text("title,price\nA,$5\n", "utf-8")
    monkeypatch.setattr(sys, "argv", ["ceuplan", "catalog", "import", "in.csv", "--provider", "p"])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    assert (tmp_path / "p.csv").is_file()
    assert "Written: p.csv, and p.rejected.csv" in capsys.readouterr().out


def test_many_reasons_are_shown_in_part(imported):
    ran = imported("title,price\n" + "".join(f"A{n},call {chr(97 + n)}\n" for n in range(26)) + "B,$5\n")
    assert ran.err.count("it is not an amount of US dollars") == 1
    assert "values such as" in ran.err


def test_nothing_from_the_file_steers_the_terminal(imported):
    ran = imported("title,price,\x1b[31mnote to\nA\x1b[2J,$5\x07\x1b]0;x\x07,\x1b[31m\nB,$6,\n")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", ran.out + ran.err)
    assert "\x1b" not in (ran.folder / "p.rejected.csv").read_text("utf-8")


# Transcripts


def test_transcript_is_what_the_planner_reads(imported):
    text = "Course,Date completed,CEUs,Category\nA,2026-03-01,1.5,Clinical\nB,,2,General\nC,03/04/26,2,General\nD,2026-01-01,,General\n"
    ran = imported(text, "--transcript", "--unit", "aama_ceu")
    assert ran.code == CATALOG
    assert [row[0] for row in ran.rejected] == [
        "row 3: Date completed: there is no date",
        'row 4: Date completed: "03/04/26" — the year has two digits, so the date is ambiguous',
        "row 5: CEUs: there is no credits",
    ]
    lines, faults = transcript_lines(ran.folder / "p.transcript.csv")
    assert not faults
    assert [(line["date"], line["credits"], line["unit"]) for line in lines] == [
        ("2026-03-01", "clinical=1.5", "aama_ceu")
    ]


# Whatever else there may be

_CELL = st.one_of(
    st.sampled_from(
        [
            "",
            "$5",
            "Free",
            "1.5",
            "2 CEUs",
            "Title",
            "Price",
            "CEUs",
            "url",
            "https://e.org/a",
            "A",
            "B",
            "2027-01-02",
            "=1",
            "$15 - $60",
            "total",
            "id",
            "clinical",
            "\0",
            "\x1b[0m",
            "x" * 500,
        ]
    ),
    st.text(max_size=12),
)
_SETTINGS = settings(
    max_examples=int(os.environ.get("CEUPLAN_FUZZ", "0")) or 150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@_SETTINGS
@given(st.lists(st.lists(_CELL, min_size=1, max_size=5), max_size=6), st.sampled_from(",;\t"), st.booleans())
def test_any_table_is_imported_or_refused_in_words(tmp_path_factory, rows, delimiter, headed):
    """Tests that what is written loads, that no row is lost, and that the same comes out of the rows in another order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    if headed:
        writer.writerow(["title", "price", "ceus", "url", "id"][: max(map(len, rows), default=2)])
    writer.writerows(rows)
    folder = tmp_path_factory.mktemp("any")
    path = folder / "in.csv"
    path.write_bytes(out.getvalue().encode("utf-8", "surrogatepass"))
    try:
        found = import_file(path, Wishes("p"))
    except CatalogFaults as refused:
        said = [fault.problem and fault.remedy for fault in refused.faults]
    else:
        said = written_well(found, folder)
    assert all(said)


def written_well(found, folder):
    """Check what an import would write; return what is said about the rows refused."""
    counted = len(found.values) + len(found.refused) + len(found.repeated) + len(found.repeated_headers)
    assert counted == len(found.headed.body)
    list(csv.reader(io.StringIO(rejected_text(found), newline="")))
    (folder / "out").mkdir()
    (folder / "out" / "p.csv").write_text(sound_text(found), "utf-8", newline="")
    assert len(offerings_of(load(folder / "out"))) == len(found.values)
    return [refused.faults for refused in found.refused]


def test_import_does_not_wait_for_pandas_or_the_solver(tmp_path):
    (tmp_path / "in.csv").write_text("title,price\nA,$5\n", "utf-8")
    code = (
        "import sys; from optimizer.cli import main\n"
        "sys.argv = ['ceuplan', 'catalog', 'import', 'in.csv', '--provider', 'p']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'pandas', 'pulp', 'highspy', 'openpyxl', 'bs4', 'requests'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_ten_thousand_rows_take_seconds(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(
        "title,price,ceus\n" + "".join(f"Course {n},${n % 90}.00,{n % 9 + 1}.5\n" for n in range(10_000)),
        "utf-8",
    )
    started = time.process_time()
    assert len(import_file(path, Wishes("p")).values) == 10_000
    assert time.process_time() - started < 8
