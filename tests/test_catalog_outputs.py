"""What is derived from the catalog and its declaration: data package, documentation page, report."""

import csv
import io
import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from catalogs import check, datapackage, documentation
from catalogs.frames import write_csv
from catalogs.loading import load, shipped_folder
from catalogs.schema import OFFERINGS, PASSES

with warnings.catch_warnings():
    # frictionless and what it imports use things that newer releases deprecate; that is not ours to mend.
    warnings.simplefilter("ignore")
    import frictionless

ROOT = Path(__file__).parent.parent
FULL = {
    "offerings": {
        "offering_id": "a:1",
        "course_id": "c",
        "provider": "A",
        "title": "T",
        "url": "https://example.org/",
        "kind": "course",
        "format": "online",
        "topics": "law; infection-control",
        "credits": "clinical=1.25; a|b=2",
        "unit": "aama_ceu",
        "approvals": "amt; aama#134207@2026-08-30/2027-08-29",
        "hours": "1.5",
        "price": "29.95",
        "member_price": "0",
        "passes": "p; q",
        "available_from": "2026-01-01",
        "available_until": "2026-12-31",
        "starts": "2026-05-01",
        "ends": "2026-05-02",
        "access_days": "180",
        "times": "3",
        "repeat_days": "730",
        "evidence": "provider",
        "assumed": "price; member_price",
        "source_url": "https://example.org/",
        "seen_on": "2026-11-22",
        "note": 'say "so"',
    },
    "passes": {
        "pass_id": "p",
        "provider": "A",
        "title": "P",
        "kind": "membership",
        "price": "107",
        "term_days": "365",
        "term_ends": "12-31",
        "rolls_from": "09-01",
        "benefit": "33.33%",
        "credit_limit": "40.5",
        "renewable": "no",
        "requires": "q",
        "url": "u",
        "evidence": "user",
        "assumed": "price",
        "source_url": "s",
        "seen_on": "2026-11-22",
        "note": "n",
    },
}
BARE = {
    "offerings": {"offering_id": "a:2", "title": "Bare"},
    "passes": {"pass_id": "q", "benefit": "included"},
}


@pytest.fixture
def folder(tmp_path):
    """Hold one row with every cell filled and one with none that may be empty, of each table."""
    for name, table in (("offerings", OFFERINGS), ("passes", PASSES)):
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, table.header, restval="")
            writer.writeheader()
            writer.writerows([FULL[name], BARE[name]])
    catalog = load([tmp_path])
    write_csv(catalog.offerings, tmp_path / "offerings.csv")
    write_csv(catalog.passes, tmp_path / "passes.csv")
    return tmp_path


def problems(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as at the import above
        report = frictionless.validate(str(folder / datapackage.FILE))
    return [(task.name, error.type) for task in report.tasks for error in task.errors] + [
        ("package", error.type) for error in report.errors
    ]


def test_examples_fill_every_column():
    assert tuple(FULL["offerings"]) == OFFERINGS.header
    assert tuple(FULL["passes"]) == PASSES.header


def test_package_is_valid(folder):
    datapackage.write_package(folder)

    assert problems(folder) == []


def test_package_of_the_shipped_catalog_is_valid_and_current():
    path = shipped_folder() / datapackage.FILE
    renew = "run: uv run python -m catalogs.datapackage"

    assert path.read_text("utf-8") == datapackage.package_text(shipped_folder()), renew
    assert problems(shipped_folder()) == []


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("offerings", "price", "-1"),
        ("offerings", "kind", "webinar"),
        ("offerings", "credits", "1.5"),
        ("offerings", "credits", "clinical=0.125"),
        ("offerings", "approvals", "aama@2026-01-01"),
        ("offerings", "times", "0"),
        ("offerings", "seen_on", "yesterday"),
        ("offerings", "offering_id", ""),
        ("passes", "benefit", "half"),
        ("passes", "benefit", ""),
        ("passes", "term_ends", "31"),
        ("passes", "renewable", "perhaps"),
    ],
)
def test_package_lets_other_tools_find_the_mistake(folder, name, column, value):
    """Tests that the derived schema refuses, in frictionless, what loading refuses."""
    datapackage.write_package(folder)
    path = folder / f"{name}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    rows[0][column] = value
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)

    assert problems(folder) != []


def test_package_describes_files_as_they_are(tmp_path):
    """Tests another order, another header, an unknown column and semicolons."""
    (tmp_path / "My Shop.csv").write_text("Title;id;provider;credits;colour\nT;a;p;any=1;red\n")
    datapackage.write_package(tmp_path)
    (resource,) = json.loads((tmp_path / datapackage.FILE).read_text())["resources"]

    assert problems(tmp_path) == []
    assert resource["name"] == "my-shop"
    assert [field["name"] for field in resource["schema"]["fields"]] == [
        "Title",
        "id",
        "provider",
        "credits",
        "colour",
    ]
    assert resource["schema"]["primaryKey"] == ["id"]


def test_package_is_written_by_its_module(folder):
    run = [sys.executable, "-m", "catalogs.datapackage", str(folder)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=ROOT)
    first = (folder / datapackage.FILE).read_bytes()
    subprocess.run(run, capture_output=True, check=True, cwd=ROOT)

    assert (done.returncode, done.stdout.strip()) == (0, str(folder / datapackage.FILE))
    assert (folder / datapackage.FILE).read_bytes() == first


def test_package_of_a_broken_folder_is_refused(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("")

    assert datapackage.main([str(tmp_path)]) == 3
    assert "a.csv: the file is empty." in capsys.readouterr().err


def test_documentation_is_current():
    path = ROOT / "docs" / "catalog.md"

    assert path.read_text("utf-8") == documentation.page(), (
        "run: uv run python -m catalogs.documentation docs/catalog.md"
    )


@pytest.mark.parametrize("table", [OFFERINGS, PASSES], ids=["offerings", "passes"])
def test_documentation_has_a_sound_row_for_each_column(table):
    lines = documentation.column_table(table).splitlines()

    assert len(lines) == len(table.columns) + 2
    assert {line.replace("\\|", "").count("|") for line in lines} == {5}


def test_report_says_what_there_is_and_what_is_missing(folder):
    (folder / "more.csv").write_text(
        "offering_id,provider,title,credits,colour\nb\x1b:1,B\x1b[2J,T,any=1,red\n"
    )
    catalog = load([folder])
    text = check.report(catalog)
    lines = text.splitlines()

    assert lines[0] == "The catalog is sound: 3 offerings, 2 passes."
    assert catalog.digest in lines[1]
    assert "provider    offerings  passes  evidence" in lines
    assert "(not said)          1       1  (not said) 2" in lines
    assert "A                   1       1  provider 1, user 1" in lines
    assert "B\\x1b[2J            1       0  (not said) 1" in lines
    assert "offerings without a price of their own: 2" in lines
    assert "offerings without a price or a pass: 2" in lines
    assert "offerings of unknown unit, which do not count: 2" in lines
    assert "passes without a price, which cannot be bought: 1" in lines
    assert "offerings resting on assumed values: 1" in lines
    assert "values assumed, by column: member_price 1, price 2" in lines
    assert "offerings by unit: aama_ceu 1" in lines
    assert any('column "colour"' in line for line in lines)
    assert text.replace("\n", "").isprintable()
