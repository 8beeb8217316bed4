"""Every provider has a saved page, every saved page its rows, and nothing lies there unused."""

from dataclasses import asdict
from pathlib import Path

import pytest
from saved_pages import EXAMPLES, PAGES, PROVIDERS, Saved, csv_of, saved_pages

from catalogs.loading import load, offerings_of
from catalogs.schema import OFFERINGS
from scrapers.provider import PARSERS, SHIPPED, providers
from scrapers.provider_file import PLATFORMS

ROOT = Path(__file__).parent.parent
SAVED = saved_pages()


def name_of(page: Saved) -> str:
    return page.path.relative_to(PAGES).as_posix()


@pytest.mark.parametrize("page", SAVED, ids=name_of)
def test_saved_page_gives_the_expected_rows(page, golden):
    """Tests rows and refusals against the CSVs beside the page, total and links against pages.toml."""
    parsed = page.parsed()

    golden(page.rows_file, csv_of(OFFERINGS.header, parsed.rows))
    if parsed.refused or page.refused_file.exists():
        golden(page.refused_file, csv_of(("where", "value", "why"), map(asdict, parsed.refused)))
    assert parsed.declared_total == page.said.get("total")
    assert list(parsed.more) == page.said.get("more", [])


@pytest.mark.parametrize("page", SAVED, ids=name_of)
def test_same_page_gives_the_same_twice(page):
    assert page.parsed() == page.parsed()


def test_rows_load_as_a_catalog(tmp_path):
    """Tests that all expected rows, beside the shipped passes, are a sound catalog."""
    for page in SAVED:
        folder = tmp_path / page.provider.id
        folder.mkdir(exist_ok=True)
        (folder / page.rows_file.name).write_bytes(page.rows_file.read_bytes())
        (folder / "passes.csv").write_bytes((ROOT / "catalogs" / "passes.csv").read_bytes())

    counts = {folder.name: len(offerings_of(load(folder))) for folder in sorted(tmp_path.iterdir())}

    assert counts.keys() == PROVIDERS.keys()
    assert all(counts.values()), counts


def test_every_provider_has_saved_pages_and_every_page_a_provider():
    """Tests that adding half a provider fails: a TOML file without a page, or pages without a TOML file."""
    assert {page.path.parent.name for page in SAVED} == PROVIDERS.keys()
    assert {folder.name for folder in PAGES.iterdir()} == PROVIDERS.keys()


def test_no_file_beside_the_pages_is_unused():
    wanted = {page.path for page in SAVED} | {page.rows_file for page in SAVED}
    wanted |= {folder / "pages.toml" for folder in PAGES.iterdir()}
    wanted |= {page.refused_file for page in SAVED if page.parsed().refused}
    assert {path for path in PAGES.rglob("*") if path.is_file()} == wanted


def test_every_platform_has_a_parser_and_a_provider_that_shows_it():
    assert PARSERS.keys() == PLATFORMS.keys() == {provider.platform for provider in PROVIDERS.values()}


def test_no_example_ships():
    assert not {path.name for path in SHIPPED.glob("*")} & {path.name for path in EXAMPLES.glob("*")}


def test_every_shipped_provider_stands_in_the_table():
    """Tests that scrapers/README.md says of each provider how near its pages were ever read, as its file does."""
    says = {"live": "live", "saved": "a saved page", "never": "never"}
    lines = (SHIPPED.parent / "README.md").read_text("utf-8").splitlines()
    for provider in providers():
        (line,) = [line for line in lines if line.startswith(f"| {provider.id} |")]
        assert line.split("|")[2].strip() == says[provider.read]
