"""A page saved from a browser → its tables and lists of cards as grids, read as a person sees them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from catalogs.cards import card_grids
from catalogs.grids import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Grid, check_size, too_much, whole_file
from catalogs.header_words import meaning_of
from catalogs.page_text import addresses, text_of
from catalogs.schema import Table

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MOST_TAGS = 400_000
DEEPEST = 400
LINK = "link"
"""The header of the column of addresses that titles lead to."""

_SAVED_FROM = re.compile(r"saved from url=\(\d{1,6}\)(\S+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def declared_encoding(data: bytes) -> str:
    """Return the encoding a page says it is in, as browsers understand the name; empty if it says none."""
    found = _CHARSET.search(data[:4096])
    name = found[1].decode("ascii").casefold() if found else ""
    if name in ("utf-16", "utf-16le", "utf-16be"):  # a page whose bytes could be read as ASCII is not that
        return ""
    return "windows-1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name


def page_grids(html: str, file: str, table: Table, base: str) -> tuple[Grid, ...]:
    """Return the tables of a page, and then its lists of cards."""
    from bs4 import BeautifulSoup

    if html.count("<") > MOST_TAGS:
        raise too_much(file, f"{MOST_TAGS:,} tags")
    saved = _SAVED_FROM.search(html[:4096])
    source = saved[1] if saved else ""
    soup = BeautifulSoup(html, "lxml")
    if _depth(soup) > DEEPEST:  # every tag's text is read, so that time grows with the depth
        raise whole_file(
            file, f"its tags are nested deeper than {DEEPEST}", "Save the list of courses as CSV."
        )
    base = _base(soup, source or base)
    login = soup.find("input", type="password") is not None
    notes = _without_hidden(soup)
    grids = [*_tables(soup, file, table, base), *card_grids(soup, file, base)]
    if not grids:
        raise whole_file(file, *_nothing(login))
    return tuple(replace(grid, source=source, notes=(*grid.notes, *notes)) for grid in grids)


def _depth(soup: "BeautifulSoup") -> int:
    """Return how deep the deepest tag lies, or one more than is allowed."""
    from bs4.element import Tag

    level: list[Tag] = [soup]
    for depth in range(DEEPEST + 1):
        if not level:
            return depth
        level = [child for tag in level for child in tag.contents if isinstance(child, Tag)]
    return DEEPEST + 1


def _nothing(login: bool) -> tuple[str, str]:
    if login:
        return (
            "it is a page with a login form and no courses",
            "Log in, open the list of courses, and save that page.",
        )
    problem = "there is no table in it, and no list of courses with a price or credit each"
    remedy = 'Open the list of courses, wait until all of it is shown, and save it as "Web page, complete".'
    return problem, remedy


def _base(soup: "BeautifulSoup", source: str) -> str:
    tag = soup.find("base", href=True)
    return urljoin(source, str(tag["href"])) if tag is not None else source


def _without_hidden(soup: "BeautifulSoup") -> tuple[str, ...]:
    """Take out of a page what no reader sees, and say how much of it held text."""
    number = 0
    for tag in soup.find_all(["script", "style", "template", "noscript", "svg", "head"]):
        tag.decompose()
    for tag in soup.find_all(_is_hidden):
        if not tag.decomposed:
            number += bool(text_of(tag))
            tag.decompose()
    if not number:
        return ()
    what = "element that is hidden" if number == 1 else "elements that are hidden"
    return (f"{number:,} {what} on the page {'is' if number == 1 else 'are'} not read.",)


def _is_hidden(tag: "Tag") -> bool:
    if tag.has_attr("hidden"):
        return True
    style = tag.get("style")
    return isinstance(style, str) and _HIDDEN.search(style) is not None


def _tables(soup: "BeautifulSoup", file: str, table: Table, base: str) -> Iterator[Grid]:
    innermost = [tag for tag in soup.find_all("table") if tag.find("table") is None]
    for number, tag in enumerate(innermost, 1):
        rows = _rows(tag, file)
        rows = _with_links(rows, table, base)
        texts = [[text for text, _ in row] for row in rows]
        check_size(file, texts)
        filled = tuple(
            (place, tuple(cells)) for place, cells in enumerate(texts, 1) if any(map(str.strip, cells))
        )
        if len(filled) > 1:
            caption = tag.find("caption")
            name = (text_of(caption) if caption is not None else "") or f"table {number} of the page"
            yield Grid(name, filled, padded=True)


type _Cell = tuple[str, "Tag | None"]


def _rows(tag: "Tag", file: str) -> list[list[_Cell]]:
    """Return a table's cells in their columns: one that spans several stands in its first, the others are empty."""
    rows: list[list[_Cell]] = []
    reaching: dict[int, int] = {}  # column → rows below that a cell above still reaches into
    cells = 0
    for line in tag.find_all("tr"):
        row: list[_Cell] = []
        for cell in line.find_all(["td", "th"]):
            while reaching.get(len(row), 0):
                row.append(("", None))
            wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
            first = len(row)
            row += [(text_of(cell), cell)] + [("", None)] * (wide - 1)
            if len(row) > MOST_COLUMNS:
                raise too_much(file, f"{MOST_COLUMNS} columns")
            # Set one higher: the row itself is taken off below.
            reaching.update({place: tall for place in range(first, first + wide) if tall > 1})
        reaching = {place: left - 1 for place, left in reaching.items() if left > 1}
        rows.append(row)
        cells += len(row)
        if len(rows) > MOST_ROWS or cells > MOST_CELLS:
            raise too_much(file, f"{MOST_ROWS:,} rows")
    return rows


def _span(cell: "Tag", name: str) -> int:
    said = str(cell.get(name, "1")).strip()
    return max(1, min(int(said), MOST_COLUMNS + 1)) if said.isdecimal() and len(said) < 9 else 1


def _with_links(rows: list[list[_Cell]], table: Table, base: str) -> list[list[_Cell]]:
    """Add a column with the addresses that the cells of the title lead to, where each leads to one at most."""
    for place, row in enumerate(rows[:25]):
        titles = [at for at, (text, _) in enumerate(row) if _is_title(text, table)]
        known = sum(meaning_of(text, table) is not None for text, _ in row)
        if len(titles) != 1 or known < 2 or any(_is_url(text, table) for text, _ in row):
            continue
        width = max(map(len, rows))
        cells = [row[titles[0]][1] if len(row) > titles[0] else None for row in rows]
        links = [[] if cell is None else addresses(cell, base) for cell in cells]
        if not any(links[place + 1 :]) or any(len(found) > 1 for found in links):
            return rows
        return [
            [*row, *[("", None)] * (width - len(row)), (LINK if at == place else "".join(found), None)]
            for at, (row, found) in enumerate(zip(rows, links, strict=True))
        ]
    return rows


def _is_title(text: str, table: Table) -> bool:
    meaning = meaning_of(text, table)
    return meaning is not None and meaning.role == "title"


def _is_url(text: str, table: Table) -> bool:
    meaning = meaning_of(text, table)
    return meaning is not None and meaning.role == "url"


def is_page(data: bytes) -> bool:
    """Tell whether a file's beginning is that of a web page."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return b"<html" in start or (start.startswith(b"<") and not start.startswith(b"<?xml"))


def is_archive(data: bytes) -> bool:
    """Tell whether a file is a page with all its parts in the form of a mail."""
    start = data[:2048].lower()
    return b"mime-version:" in start and b"multipart/related" in start
