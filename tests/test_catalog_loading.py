"""Sound catalogs: what is loaded, in which types, and that form and order of the files do not matter."""

import csv
import io
import random
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogs.frames import offerings_table, write_csv
from catalogs.loading import (
    Catalog,
    load,
    offering_from,
    offering_row,
    offerings_of,
    pass_row,
    passes_of,
    shipped_folder,
)
from catalogs.records import Approval, Offering, Part, Pass
from catalogs.schema import OFFERINGS, PASSES, write_cell

COURSES = """\
offering_id,title,provider,credits,unit,approvals,hours,price,passes,starts,times,topics,seen_on
ace:2,"Two, or ""so"" it",ACE,any=1.50,Contact Hours,,90 min,"$1,029.95",annual,"Mar 3, 2027",3.0,The Law,
ace:1,One,ACE,clinical = 1; a|b=.5,aama_ceu,amt; aama#7@2026-08-30/2027-08-29,,free,,,,,12/31/2026
ace:3,None,,,,,,,,,,,
"""
PASSES_CSV = """\
pass_id,title,price,benefit,term_days,term_ends,rolls_from,credit_limit,renewable,requires
half,Half,10,50%,365 days,,,,no,annual
annual,Annual,,Member Price,,12-31,Sep 1,40,,
"""


@pytest.fixture
def folder(tmp_path):
    """Hold a small catalog in which every leniency is used."""
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "courses.csv").write_text(COURSES)
    (folder / "passes.csv").write_text(PASSES_CSV)
    (folder / "old.rejected.csv").write_text("junk")
    (folder / "notes.txt").write_text("junk")
    return folder


def test_offerings_are_read(folder):
    one, two, three = offerings_of(load([folder]))

    assert (one.offering_id, two.offering_id, three.offering_id) == ("ace:1", "ace:2", "ace:3")
    assert one.credits == (Part(("clinical",), 100), Part(("a", "b"), 50))
    assert one.approvals == (
        Approval("amt", "", None, None),
        Approval("aama", "7", date(2026, 8, 30), date(2027, 8, 29)),
    )
    assert (one.price, one.minutes, one.seen_on) == (0, None, date(2026, 12, 31))
    assert (two.title, two.price, two.minutes, two.unit) == (
        'Two, or "so" it',
        102995,
        90,
        "contact_hour",
    )
    assert (two.starts, two.times, two.passes, two.topics) == (
        date(2027, 3, 3),
        3,
        ("annual",),
        ("the-law",),
    )
    assert (three.title, three.provider, three.price, three.credits) == ("None", "", None, ())
    assert (three.course_id, three.times, three.repeat_days) == ("ace:3", 1, 0)


def test_passes_are_read(folder):
    annual, half = passes_of(load([folder]))

    assert (annual.price, annual.benefit, annual.percent_off, annual.credit_limit) == (
        None,
        "member_price",
        0,
        4000,
    )
    assert (annual.term_ends, annual.rolls_from, annual.renewable) == ((12, 31), (9, 1), True)
    assert (half.price, half.benefit, half.percent_off, half.term_days) == (1000, "percent", 5000, 365)
    assert (half.renewable, half.requires) == (False, "annual")


@pytest.mark.parametrize("shape", ["full", "empty"])
def test_tables_have_the_declared_types(folder, shape):
    """Tests that types follow the declaration, not what happens to be in the rows."""
    if shape == "empty":
        (folder / "courses.csv").write_text("offering_id,provider,title,credits\n")
        (folder / "passes.csv").write_text("pass_id,title,price,benefit\n")
    catalog = load([folder])

    for table, frame in ((OFFERINGS, catalog.offerings), (PASSES, catalog.passes)):
        assert tuple(frame.columns) == table.header
        assert [str(kind) for kind in frame.dtypes] == [column.form.dtype for column in table.columns]
        assert frame.isna().sum()[[c.name for c in table.columns if c.form.dtype == "str"]].sum() == 0
    assert len(offerings_of(catalog)) == len(catalog.offerings)


def test_records_have_the_columns_in_order():
    """Tests what lets records be made column by column without naming a field."""
    assert tuple(f.name.replace("minutes", "hours") for f in fields(Offering)) == OFFERINGS.header
    assert tuple(f.name for f in fields(Pass) if f.name != "percent_off") == PASSES.header


def test_unknown_columns_are_noted_once(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(
            f"offering_id,provider,title,credits,prise,colour,\n{name},x,X,any=1,5,red,\n"
        )

    catalog = load([tmp_path])

    assert len(catalog.notes) == 2
    assert 'column "prise" of' in catalog.notes[1]
    assert "a.csv and 1 more is not read." in catalog.notes[1]
    assert catalog.notes[1].endswith('Did you mean "price"?')


def test_semicolons_bom_and_windows_line_ends_change_nothing(folder, tmp_path):
    rows = list(csv.reader(io.StringIO(COURSES)))
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    other = tmp_path / "other"
    other.mkdir()
    (other / "Courses.CSV").write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    (other / "passes.csv").write_bytes(PASSES_CSV.replace("\n", "\r\n").encode())

    assert load([other]).digest == load([folder]).digest


def test_blank_rows_are_skipped_and_counted(tmp_path):
    (tmp_path / "a.csv").write_text("offering_id,provider,title,credits\n\n,,,\na,x,X,any=1\n\n")

    assert len(load([tmp_path]).offerings) == 1


def test_headers_may_be_those_of_a_shop(tmp_path):
    (tmp_path / "a.csv").write_text('ID,Vendor,Name,CEUs,Price (USD),Link\na,x,X,any=1,"$5",http://x\n')

    (one,) = offerings_of(load(tmp_path))
    assert (one.offering_id, one.provider, one.title, one.price, one.url) == ("a", "x", "X", 500, "http://x")


def test_sources_are_united(folder, tmp_path):
    """Tests a folder and a single file; a file reached twice is one file."""
    more = tmp_path / "more.csv"
    more.write_text("offering_id,provider,title,credits,passes\nz:1,z,Z,any=1,annual\n")

    catalog = load([folder, more, more, folder / "courses.csv"])

    assert list(catalog.offerings["offering_id"]) == ["ace:1", "ace:2", "ace:3", "z:1"]


def write(catalog: Catalog, folder):
    folder.mkdir(exist_ok=True)
    write_csv(catalog.offerings, folder / "offerings.csv")
    write_csv(catalog.passes, folder / "passes.csv")
    return (folder / "offerings.csv").read_bytes(), (folder / "passes.csv").read_bytes()


def test_writing_is_canonical_and_stable(folder, tmp_path):
    catalog = load([folder])
    first = write(catalog, tmp_path / "first")
    again = load([tmp_path / "first"])

    assert again.digest == catalog.digest
    assert write(again, tmp_path / "second") == first
    pd.testing.assert_frame_equal(again.offerings, catalog.offerings)
    pd.testing.assert_frame_equal(again.passes, catalog.passes)
    lines = first[0].decode().split("\n")
    assert lines[0] == ",".join(OFFERINGS.header)
    assert lines[1] == (
        "ace:1,,ACE,One,,,,,clinical=1; a|b=0.5,aama_ceu,amt; aama#7@2026-08-30/2027-08-29,"
        ",0.00,,,,,,,,,,,,,2026-12-31,"
    )
    assert b"\r" not in first[0] + first[1]
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == ["offerings.csv", "passes.csv"]


def test_table_of_plain_text_is_written_as_the_loaded_one(folder, tmp_path):
    text = pd.read_csv(io.StringIO(COURSES), dtype=str, keep_default_na=False)
    write_csv(text, tmp_path / "text.csv")

    assert (tmp_path / "text.csv").read_bytes() == write(load([folder]), tmp_path / "out")[0]


def test_file_that_cannot_be_written_leaves_the_old_one(folder, tmp_path):
    catalog = load([folder])
    (tmp_path / "taken.csv").mkdir()

    with pytest.raises(OSError, match="taken"):
        write_csv(catalog.offerings, tmp_path / "taken.csv")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers())
def test_order_of_rows_columns_and_files_does_not_matter(folder, tmp_path, seed):
    rng = random.Random(seed)
    rows = list(csv.DictReader(io.StringIO(COURSES)))
    rng.shuffle(rows)
    cut = rng.randrange(len(rows) + 1)
    other = tmp_path / "other"
    other.mkdir(exist_ok=True)
    for name, part in (("a", rows[:cut]), ("b", rows[cut:])):
        header = rng.sample(list(rows[0]), len(rows[0]))
        with (other / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(part)
    (other / "passes.csv").write_text(PASSES_CSV)
    sources = [other / "b.csv", other / "passes.csv", other / "a.csv"] if rng.random() < 0.5 else [other]

    shuffled, plain = load(sources), load([folder])

    assert shuffled.digest == plain.digest
    assert write(shuffled, tmp_path / "x") == write(plain, tmp_path / "y")


# Text that a CSV can hold: no half characters, no NUL.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(str.strip)
ID = TEXT.map(lambda text: text.replace(";", "")).map(str.strip).filter(bool)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31))
SLUG = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,4}", fullmatch=True)
WHOLE = st.none() | st.integers(0, 36500)
CENTS = st.none() | st.integers(0, 9_999_999_99)
OFFERING = st.builds(
    Offering,
    offering_id=ID,
    course_id=ID,
    provider=TEXT,
    title=TEXT,
    url=TEXT,
    kind=st.sampled_from(["", "course", "cpr"]),
    format=st.sampled_from(["", "in_person"]),
    topics=st.lists(SLUG, unique=True, max_size=3).map(tuple),
    credits=st.lists(
        st.builds(Part, st.lists(SLUG, min_size=1, max_size=3, unique=True).map(tuple), st.integers(1, 999)),
        max_size=3,
    ).map(tuple),
    unit=st.sampled_from(["", "cme", "x-y", "x_y", "semester-hour"]),
    approvals=st.lists(
        st.builds(Approval, SLUG, st.sampled_from(["", "12-3"]), st.none(), st.none())
        | st.builds(Approval, SLUG, st.just(""), st.just(date(2026, 1, 1)), st.just(date(2026, 2, 1))),
        max_size=3,
        unique=True,
    ).map(tuple),
    minutes=st.none() | st.integers(0, 10_000),
    price=CENTS,
    member_price=CENTS,
    passes=st.just(()),
    available_from=DAYS,
    available_until=DAYS,
    starts=DAYS,
    ends=DAYS,
    access_days=WHOLE,
    times=st.just(2),
    repeat_days=st.integers(0, 36500),
    evidence=st.sampled_from(["", "provider"]),
    assumed=st.sampled_from([(), ("price", "credits")]),
    source_url=TEXT,
    seen_on=DAYS,
    note=TEXT,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(offerings=st.lists(OFFERING, max_size=4, unique_by=lambda one: one.offering_id))
def test_offerings_come_back_from_their_file(tmp_path, offerings):
    """Tests records → table → CSV → records, whatever text the cells hold."""
    path = tmp_path / "any.csv"
    write_csv(offerings_table(offerings), path)
    catalog = load([path])
    first = path.read_bytes()
    write_csv(catalog.offerings, path)

    assert list(offerings_of(catalog)) == sorted(offerings, key=lambda one: one.offering_id)
    assert path.read_bytes() == first
    assert load([path]).digest == catalog.digest


def test_own_offering_is_read_from_toml_values():
    table = {
        "offering_id": "mine",
        "provider": "employer",
        "title": "In-service",
        "credits": "clinical=2",
        "unit": "aama_ceu",
        "price": Decimal("12.5"),
        "hours": 2,
        "starts": date(2027, 3, 4),
        "topics": ["law", "ethics"],
        "passes": "annual",
        "times": 3,
    }

    offering, faults = offering_from(table, "me.toml", None, {"annual"})

    assert faults == ()
    assert offering is not None
    assert (offering.price, offering.minutes, offering.starts) == (1250, 120, date(2027, 3, 4))
    assert (offering.topics, offering.times, offering.course_id) == (("law", "ethics"), 3, "mine")
    assert offering_from(offering_row(offering), "x", None, {"annual"}) == (offering, ())


@pytest.mark.parametrize(
    ("change", "column", "problem", "remedy"),
    [
        ({"prise": 5}, "prise", "no such column", 'Did you mean "price"?'),
        ({"price": Decimal("NaN")}, "price", "not an amount", "29.95"),
        ({"price": Decimal("0.125")}, "price", "more than 2 decimals", "29.95"),
        ({"price": {"member": 5}}, "price", "not a single value", "text, a number or a date"),
        ({"price": True}, "price", "not an amount", "29.95"),
        ({"passes": "other"}, "passes", "not a pass", "leave it out"),
        ({"kind": "cours"}, "kind", "not a known kind", 'Did you mean "course"?'),
        ({"offering_id": ""}, "offering_id", "is empty", "Write"),
        ({"title": "\udce9"}, "title", "half a character", "again"),
        ({"title": "a\0"}, "title", "NUL", "Delete"),
        ({"credits": Decimal("1.5")}, "credits", "bare number", "any=1.5"),
    ],
)
def test_own_offering_with_a_fault(change, column, problem, remedy):
    table = {"offering_id": "mine", "provider": "me", "title": "T", "credits": "any=1"} | change

    offering, (fault,) = offering_from(table, "me.toml", None, {"annual"})

    assert offering is None
    assert (fault.file, fault.row, fault.column) == ("me.toml", None, column)
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_own_offering_without_what_is_needed():
    _, faults = offering_from({"offering_id": "mine"}, "me.toml", 7, set())

    assert [(fault.row, fault.column) for fault in faults] == [(7, "provider"), (7, "title"), (7, "credits")]


def test_rows_of_records_are_the_written_text(folder, tmp_path):
    catalog = load([folder])
    offerings, passes = (
        list(csv.DictReader(io.StringIO(data.decode()))) for data in write(catalog, tmp_path / "out")
    )

    assert [offering_row(one) for one in offerings_of(catalog)] == offerings
    assert [pass_row(one) for one in passes_of(catalog)] == passes


def test_default_is_written_as_an_empty_cell(folder):
    one = offerings_of(load([folder]))[0]

    assert offering_row(one)["times"] == ""
    assert offering_row(one)["course_id"] == ""
    assert offering_row(replace(one, course_id="other"))["course_id"] == "other"
    assert write_cell(PASSES.column("renewable"), False) == "no"


def test_shipped_catalog_is_sound():
    catalog = load([shipped_folder()])

    assert len(catalog.offerings) > 100
    assert catalog.notes == ()
    assert offerings_of(catalog)[0].offering_id == min(catalog.offerings["offering_id"])


@pytest.mark.parametrize("module", ["faults", "records", "values", "schema", "rows", "reading"])
def test_light_modules_do_not_import_pandas(module):
    script = f"import catalogs.{module}, sys; sys.exit('pandas' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
