"""The pages saved under tests/pages, with the providers they belong to: those that ship, and the examples."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from scrapers.provider import Parsed, Provider, parse_page, providers

PAGES = Path(__file__).parent / "pages"
EXAMPLES = Path(__file__).parent / "providers"
SEEN = date(2026, 11, 22)
PROVIDERS = {provider.id: provider for provider in (*providers(), *providers(EXAMPLES))}


@dataclass(frozen=True)
class Saved:
    """Hold one saved page: a file, and what `pages.toml` beside it says."""

    path: Path
    said: Mapping[str, Any]

    @property
    def provider(self) -> Provider:
        return PROVIDERS[self.path.parent.name]

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def url(self) -> str:
        return str(self.said["url"])

    @property
    def rows_file(self) -> Path:
        return self.path.parent / f"{self.path.name.partition('.')[0]}.csv"

    @property
    def refused_file(self) -> Path:
        return self.rows_file.with_suffix(".rejected.csv")

    def parsed(self, text: str | None = None) -> Parsed:
        return parse_page(self.provider, self.text if text is None else text, self.url, SEEN)


def saved_pages() -> list[Saved]:
    """Return every page a `pages.toml` names; that each exists is for a test to say."""
    return [
        Saved(path.parent / name, said)
        for path in sorted(PAGES.glob("*/pages.toml"))
        for name, said in tomllib.loads(path.read_text("utf-8")).items()
    ]


def saved(name: str) -> Saved:
    """Return the page of that name, such as `example-cards/list.html`."""
    (one,) = [page for page in saved_pages() if page.path.relative_to(PAGES).as_posix() == name]
    return one


def csv_of(header: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as CSV."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(header), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
