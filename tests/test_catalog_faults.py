"""One broken catalog for each mistake: the words of the message, the file, the row and the column."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogs.faults import CatalogFaults, Fault, did_you_mean, faults_text, shown
from catalogs.loading import load

HEADER = "offering_id,provider,title,credits"
ROW = "ace:1,ace,One,clinical=1"
PASSES_HEADER = "pass_id,title,price,benefit"
ANNUAL = "annual,Annual,29.95,included"


def faults_of(folder: Path, **files: str | bytes) -> tuple[Fault, ...]:
    """Write files called NAME.csv and return the faults of loading them."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(CatalogFaults) as caught:
        load([folder])
    return caught.value.faults


def one_fault_of(folder: Path, **files: str | bytes) -> Fault:
    faults = faults_of(folder, **files)
    assert len(faults) == 1, faults_text(faults)
    return faults[0]


def said(fault: Fault) -> tuple[str, int | None, str | None, str | None]:
    return Path(fault.file).name, fault.row, fault.column, fault.value


@pytest.mark.parametrize(
    ("column", "value", "problem", "remedy"),
    [
        ("price", "$15 - $60", "more than one amount", "Write the one price"),
        ("price", "was $45 now $30", "more than one amount", "Write the one price"),
        ("price", "1.5 CEUs $25", "more than one amount", "Write the one price"),
        ("price", "-5", "negative", "0 or more"),
        ("price", "NaN", "not an amount", "29.95"),
        ("price", "inf", "not an amount", "29.95"),
        ("price", "29.955", "more than 2 decimals", "29.95"),
        ("member_price", "€5", "not in US dollars", "29.95"),
        ("available_until", "03/04/27", "two digits", "2027-03-04"),
        ("available_from", "03/04/2027", "ambiguous", "2027-03-04"),
        ("starts", "2027-02-30", "no such day", "2027-03-04"),
        ("seen_on", "yesterday", "not a date", "2027-03-04"),
        ("kind", "cours", "not a known kind", 'Did you mean "course"?'),
        ("format", "on line!", "not a known format", "live_online"),
        ("evidence", "rumour", "not a known sort of evidence", "secondary"),
        ("unit", "%", "not a unit", "contact_hour"),
        ("passes", "anual", '"anual" is not a pass', 'Did you mean "annual"?'),
        ("assumed", "prize", '"prize" is not a column', 'Did you mean "price"?'),
        ("times", "0", "not between 1 and 100", "1 to 100"),
        ("access_days", "36501", "not between 0 and 36,500", "0 to 36500"),
        ("hours", "1-2", "not one length of time", "1 hr 30 min"),
        ("approvals", "aama@2026-08-30", "two ends", "first and its last day"),
        ("approvals", "aama@2027-01-01/2026-01-01", "ends before it begins", "earlier day first"),
        ("topics", "a&b", "not a word", "infection-control"),
    ],
)
def test_bad_cell_of_an_offering(tmp_path, column, value, problem, remedy):
    fault = one_fault_of(
        tmp_path,
        ace=f'{HEADER},{column}\n{ROW},\nace:2,ace,Two,any=1,"{value}"\n',
        passes=f"{PASSES_HEADER}\n{ANNUAL}\n",
    )

    assert said(fault) == ("ace.csv", 3, column, value)
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("value", "problem", "remedy"),
    [
        ("1.5", "bare number", "Write any=1.5"),
        ("clinical", "has no amount", "clinical=1; administrative=0.5"),
        ("clinical=0.125", "more than 2 decimals", "1.25"),
        ("clinical=-1", "negative", "1.5"),
    ],
)
def test_bad_credits(tmp_path, value, problem, remedy):
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\nace:1,ace,One,{value}\n")

    assert said(fault) == ("ace.csv", 2, "credits", value)
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("benefit", "", "benefit is empty"),
        ("benefit", "half", "not a known benefit"),
        ("benefit", "150%", "more than 100%"),
        ("price", "a lot", "not an amount"),
        ("term_days", "0", "not between 1 and 36,500"),
        ("term_days", "1 year", "not a whole number of days"),
        ("term_ends", "31", "not a month and a day"),
        ("rolls_from", "09-31", "no such month and day"),
        ("credit_limit", "0", "not above 0"),
        ("renewable", "perhaps", "neither yes nor no"),
        ("requires", "annul", "not a pass"),
        ("kind", "course", "not a known kind of pass"),
        ("pass_id", "", "pass_id is empty"),
    ],
)
def test_bad_cell_of_a_pass(tmp_path, column, value, problem):
    cells = {"pass_id": "x", "title": "X", "price": "1", "benefit": "included", column: value}
    fault = one_fault_of(
        tmp_path,
        passes=f"{','.join(cells)}\n{','.join(cells.values())}\n",
    )

    assert said(fault) == ("passes.csv", 2, column, value or None)
    assert problem in fault.problem


def test_pass_is_suggested_in_any_case(tmp_path):
    fault = one_fault_of(
        tmp_path, ace=f"{HEADER},passes\n{ROW},ANNUAL\n", passes=f"{PASSES_HEADER}\n{ANNUAL}\n"
    )

    assert 'Did you mean "annual"?' in fault.remedy


def test_nul_byte(tmp_path):
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\nace:1,ace,O\0ne,clinical=1\n")

    assert said(fault) == ("ace.csv", 2, "title", None)
    assert "NUL" in fault.problem


def test_byte_that_is_not_utf8(tmp_path):
    """Tests that the row is the spreadsheet's, also below a cell with a line break."""
    text = f'{HEADER}\nace:1,ace,"One\nline",any=1\nace:2,ace,Caf\xe9,any=1\n'
    fault = one_fault_of(tmp_path, ace=text.encode("latin-1"))

    assert said(fault) == ("ace.csv", 3, None, None)
    assert "not UTF-8: byte 0xe9" in fault.problem
    assert "CSV UTF-8" in fault.remedy


def test_utf16_is_refused(tmp_path):
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\n{ROW}\n".encode("utf-16"))

    assert "not UTF-8" in fault.problem


@pytest.mark.parametrize(("row", "cells"), [("ace:2,ace", 2), (f"{ROW},more", 5), ("ace:2", 1)])
def test_row_of_the_wrong_length(tmp_path, row, cells):
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\n{ROW}\n\n{row}\n")

    assert said(fault) == ("ace.csv", 4, None, None)
    assert f"has {cells} cell" in fault.problem
    assert "the header has 4" in fault.problem


@pytest.mark.parametrize("text", ["", " \n\n", "\n"])
def test_empty_file(tmp_path, text):
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\n{ROW}\n", empty=text)

    assert said(fault) == ("empty.csv", None, None, None)
    assert "empty" in fault.problem
    assert "delete it" in fault.remedy


@pytest.mark.parametrize("text", ["\ufeff", ",,\n,,\n"])
def test_file_without_a_header(tmp_path, text):
    assert "no header" in one_fault_of(tmp_path, ace=text).problem


def test_unknown_file(tmp_path):
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\n{ROW}\n", shopping="what,how many\nmilk,2\n")

    assert said(fault) == ("shopping.csv", None, None, None)
    assert "the file is unknown: it has no column offering_id" in fault.problem
    assert "move the file out of the catalog" in fault.remedy


def test_quote_that_is_never_closed(tmp_path):
    fault = one_fault_of(tmp_path, ace=f'{HEADER}\n{ROW}\nace:2,ace,"Two,any=1\nace:3,ace,Three,any=1\n')

    assert said(fault) == ("ace.csv", 3, None, None)
    assert "never closed" in fault.problem


def test_text_after_a_quote(tmp_path):
    fault = one_fault_of(tmp_path, ace=f'{HEADER}\nace:1,ace,"One"x,any=1\n')

    assert said(fault) == ("ace.csv", 2, None, None)
    assert "closing quote" in fault.problem


def test_cell_beyond_the_limit(tmp_path):
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\nace:1,ace,{'x' * 200_000},any=1\n")

    assert said(fault) == ("ace.csv", 2, None, None)
    assert "longer than 131,072 characters" in fault.problem


@pytest.mark.parametrize("column", ["provider", "title", "credits"])
def test_missing_column(tmp_path, column):
    fault = one_fault_of(tmp_path, ace=f"{HEADER.replace(column, 'other')}\n{ROW}\n")

    assert said(fault) == ("ace.csv", 1, column, None)
    assert f"the column {column} is missing" in fault.problem


@pytest.mark.parametrize("column", PASSES_HEADER.split(","))
def test_missing_column_of_passes(tmp_path, column):
    fault = one_fault_of(tmp_path, passes=f"{PASSES_HEADER.replace(column, 'other')}\n{ANNUAL}\n")

    assert said(fault) == ("passes.csv", 1, column, None)


def test_two_headers_for_one_column(tmp_path):
    fault = one_fault_of(tmp_path, ace=f"{HEADER},Price,cost\n{ROW},1,2\n")

    assert said(fault) == ("ace.csv", 1, "price", None)
    assert "2 columns mean price: Price, cost" in fault.problem


def test_empty_id(tmp_path):
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\n ,ace,One,any=1\n")

    assert said(fault) == ("ace.csv", 2, "offering_id", None)
    assert "empty" in fault.problem


@pytest.mark.parametrize("again", [ROW, "ace:1,other,Other,any=2"])
def test_repeated_offering(tmp_path, again):
    """Tests that even an identical row is a fault that names both places."""
    fault = one_fault_of(tmp_path, ace=f"{HEADER}\n{ROW}\n{again}\n")

    assert said(fault) == ("ace.csv", 3, "offering_id", "ace:1")
    assert "ace.csv, row 2" in fault.problem


def test_offering_repeated_in_another_file(tmp_path):
    fault = one_fault_of(tmp_path, a=f"{HEADER}\n{ROW}\n", b=f"{HEADER}\nb:1,b,B,any=1\n{ROW}\n")

    assert said(fault) == ("b.csv", 3, "offering_id", "ace:1")
    assert "a.csv, row 2" in fault.problem


def test_repeated_pass(tmp_path):
    fault = one_fault_of(tmp_path, passes=f"{PASSES_HEADER}\n{ANNUAL}\n{ANNUAL}\n")

    assert said(fault) == ("passes.csv", 3, "pass_id", "annual")
    assert "passes.csv, row 2" in fault.problem


def test_offerings_of_one_course_that_differ_in_times(tmp_path):
    rows = "a,a,A,any=1,c,2\nb,b,B,any=1,c,\nc,c,C,any=1,,1\n"
    faults = faults_of(tmp_path, ace=f"{HEADER},course_id,times\n{rows}")

    assert [said(fault) for fault in faults] == [
        ("ace.csv", 3, "times", "1"),
        ("ace.csv", 4, "times", "1"),
    ]
    assert "2 in " in faults[0].problem


def test_unreadable_passes_do_not_make_every_pass_unknown(tmp_path):
    fault = one_fault_of(tmp_path, ace=f"{HEADER},passes\n{ROW},annual\n", passes=b"\xff\xfe")

    assert said(fault)[0] == "passes.csv"


def test_faulty_pass_is_still_known(tmp_path):
    fault = one_fault_of(
        tmp_path, ace=f"{HEADER},passes\n{ROW},annual\n", passes=f"{PASSES_HEADER}\nannual,A,much,included\n"
    )

    assert said(fault) == ("passes.csv", 2, "price", "much")


def test_all_faults_of_all_files_come_at_once(tmp_path):
    faults = faults_of(
        tmp_path,
        a=f"{HEADER},price,kind\n{ROW},x,y\n,a,b,1\n",
        b="",
        c=b"\xff",
        passes=f"{PASSES_HEADER}\n{ANNUAL}\nb,B,x,\n",
    )

    assert [said(fault)[:3] for fault in faults] == [
        ("a.csv", 2, "kind"),
        ("a.csv", 2, "price"),
        ("a.csv", 3, None),
        ("b.csv", None, None),
        ("c.csv", 1, None),
        ("passes.csv", 3, "benefit"),
        ("passes.csv", 3, "price"),
    ]


def test_folder_without_csv(tmp_path):
    (tmp_path / "x.rejected.csv").write_text("anything")

    assert "holds no CSV files" in one_fault_of(tmp_path).problem


def test_source_that_is_not_there(tmp_path):
    with pytest.raises(CatalogFaults) as caught:
        load([tmp_path / "none", tmp_path / "none.csv"])

    assert [fault.problem for fault in caught.value.faults] == ["there is no such file"] * 2


def test_name_too_long_for_any_file(tmp_path):
    with pytest.raises(CatalogFaults) as caught:
        load([tmp_path / ("a" * 300)])

    (fault,) = caught.value.faults
    assert "cannot be read (File name too long)" in fault.problem


def test_passes_of_rows_that_cannot_be_read_are_not_called_unknown(tmp_path):
    """Tests a row of the wrong length: the one fault of it, and none of the offerings that name its pass."""
    fault = one_fault_of(
        tmp_path, ace=f"{HEADER},passes\n{ROW},annual\n", passes=f"{PASSES_HEADER}\n{ANNUAL},x\n"
    )

    assert said(fault) == ("passes.csv", 2, None, None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "ace.csv")

    assert "not a file" in one_fault_of(tmp_path).problem


def test_file_of_gigabytes_is_not_read(tmp_path):
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(3 * 1024**3)  # a hole: takes no room on the disk

    fault = one_fault_of(tmp_path)
    assert "too large to read: 3.0 GB" in fault.problem
    assert "Split it" in fault.remedy


def test_digits_without_end_are_a_fault(tmp_path):
    """Tests a number longer than Python's own limit for reading one."""
    fault = one_fault_of(tmp_path, ace=f"{HEADER},price,times,hours\n{ROW},{'9' * 5000},,\n")

    assert "more than a price can be" in fault.problem


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    body=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
    header=st.sampled_from([b"", HEADER.encode() + b"\n", HEADER.encode() + b",price,starts,approvals\n"]),
    name=st.sampled_from(["ace.csv", "passes.csv"]),
)
def test_any_bytes_load_or_are_faults(tmp_path, body, header, name):
    """Tests that nothing but CatalogFaults comes out of files of junk, and that its text can be printed."""
    path = tmp_path / name
    path.write_bytes(header + body)
    try:
        load([path])
    except CatalogFaults as stop:
        text = faults_text(stop.faults)
        assert text.replace("\n", "").isprintable()


def test_faults_are_printed_with_place_value_problem_and_remedy():
    faults = [
        Fault("b.csv", None, None, None, "the file is empty", "Fill it."),
        Fault("a.csv", 12, "price", "x", "it is bad", "Mend it."),
        Fault("a.csv", 3, "price", "x", "it is bad", "Mend it."),
        Fault("a.csv", 4, "price", "x", "it is bad", "Mend it."),
        Fault("a.csv", 2, "kind", None, "it is missing", "Add it."),
        Fault("a.csv", 2, "kind", None, "it is missing", "Add it."),
    ]

    assert faults_text(faults) == (
        "a.csv, row 2, column kind: it is missing.\n"
        "  Add it.\n"
        'a.csv, rows 3-4, 12, column price: value "x" — it is bad.\n'
        "  Mend it.\n"
        "b.csv: the file is empty.\n"
        "  Fill it.\n"
    )


def test_hostile_values_are_harmless_on_a_terminal():
    assert shown("\x1b[2J\r\n\u202e\u2028é") == "\\x1b[2J\\r\\n\\u202e\\u2028é"


def test_problems_that_quote_a_hostile_value_are_harmless_too(tmp_path):
    faults = faults_of(tmp_path, ace=f"{HEADER}\nace:1,ace,One,\x1b[2J{'x' * 5000}\n")

    assert faults_text(faults).replace("\n", "").isprintable()
    assert len(faults_text(faults)) < 1000


def test_long_values_are_shortened():
    text = shown("a" * 500 + "b" * 500)

    assert len(text) == 80
    assert text.startswith("aaa")
    assert "…" in text
    assert text.endswith("bbb")


@pytest.mark.parametrize(
    ("word", "said"), [("prise", ' Did you mean "price"?'), ("PRICE", ' Did you mean "price"?'), ("zzz", "")]
)
def test_did_you_mean(word, said):
    assert did_you_mean(word, ["price", "hours"]) == said
