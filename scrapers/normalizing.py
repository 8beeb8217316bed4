"""What a parser found → rows of the catalog: checked cell by cell, constants filled in, each key once."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import groupby

from catalogs.cell_looks import is_run
from catalogs.faults import BadValue
from catalogs.schema import OFFERINGS, parse_cell, write_cell
from scrapers.addresses import address
from scrapers.described import Constant, Provider
from scrapers.money import amounts
from scrapers.pages import PageChanged, quoted
from scrapers.parsed import Item, Parsed, Reading, Refused, unread

LONGEST_TITLE = 150
"""What is longer is a description: the wrong element was read."""

_NATIVE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_DURATION = re.compile(r"PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:0+S)?", re.ASCII)
_NUMBERS = re.compile(r"\d{1,9}", re.ASCII)
_AN_ADDRESS = re.compile(r"(?:[a-z]+:/|//|www\.)|\.(?:png|jpe?g|gif|webp|svg|html?|jsp|php)$", re.IGNORECASE)
_AN_AMOUNT = re.compile(r"(?:\$|USD)?\s?[\d.,]+\s?(?:USD|CEUs?|hours?|credits?)?|free", re.IGNORECASE)

_COLUMNS = {column.name: column for column in OFFERINGS.columns}
_EMPTY = dict.fromkeys(OFFERINGS.header, "")
_BESIDE = ("id", "category", "price", "member_price", "regular_price", "credits", "title", "url")


def normalized(provider: Provider, reading: Reading, url: str, seen_on: date) -> Parsed:
    """Return the rows of one page; raise `PageChanged` if it leads to somebody else's pages."""
    page = _own(url, url, provider, "the page's address")
    given = {
        "provider": provider.id,
        "evidence": "provider",
        "source_url": page,
        "seen_on": seen_on.isoformat(),
    }
    constants = [(one, _canonical(one.column, one.value)) for one in provider.constants]
    rows: list[tuple[dict[str, str], str]] = []
    refused = list(reading.refused)
    for item in reading.items:
        row = _row(item, provider, page, given)
        if isinstance(row, Refused):
            refused.append(row)
            continue
        _fill(row, constants)
        rows.append((row, item.where))
    more = tuple(dict.fromkeys(_own(link, url, provider, "a further page") for link in reading.more))
    return _each_once(rows, refused, reading.declared_total, more)


def joined(pages: Iterable[Parsed]) -> Parsed:
    """Return the pages of one provider as one; a total counts for all of them, so the greatest is taken."""
    pages = tuple(pages)
    totals = [page.declared_total for page in pages if page.declared_total is not None]
    more = tuple(dict.fromkeys(link for page in pages for link in page.more))
    refused = [one for page in pages for one in page.refused]
    rows = [(row, f"{row['source_url']} ({row['title']})") for page in pages for row in page.rows]
    # A key already found twice on one page stays found: a third page may have it once.
    twice = {key for page in pages for key in page.repeated}
    return _each_once(rows, refused, max(totals, default=None), more, twice)


def _own(link: str, page: str, provider: Provider, what: str) -> str:
    try:
        return address(link, page, provider.hosts)
    except BadValue as bad:
        raise PageChanged(page, f"{what} on {' or '.join(provider.hosts)}", quoted(link)) from bad


def _each_once(
    rows: list[tuple[dict[str, str], str]],
    refused: list[Refused],
    total: int | None,
    more: tuple[str, ...],
    twice: Iterable[str] = (),
) -> Parsed:
    """Return rows sorted by key; of a key that comes twice every row is refused, as none can be trusted."""
    kept, repeated = [], set(twice)
    rows = sorted(rows, key=lambda placed: placed[0]["offering_id"])
    for key, group in groupby(rows, key=lambda placed: placed[0]["offering_id"]):
        alike = list(group)
        if len(alike) == 1 and key not in repeated:
            kept.append(alike[0][0])
            continue
        repeated.add(key)
        for _, where in alike:
            why = f"its key comes more than once: {', '.join(sorted({place for _, place in alike}))}"
            refused.append(Refused(where, key, why))
    in_order = sorted(refused, key=lambda one: _NUMBERS.sub(_padded, one.where))
    return Parsed(tuple(kept), tuple(in_order), total, more, tuple(sorted(repeated)))


def _padded(number: re.Match[str]) -> str:
    return number[0].zfill(9)


def _row(item: Item, provider: Provider, page: str, given: dict[str, str]) -> dict[str, str] | Refused:
    row = {**_EMPTY, **given}
    column = ""
    try:
        for column, read in (("id", _key), ("title", _title)):
            row[_TARGETS[column]] = read(item.cells.get(column, ""), provider)
        for column in ("price", "member_price", "regular_price"):
            if said := _plain(item.cells.get(column, "")):
                _add_prices(row, column, said, provider)
        if said := _plain(item.cells.get(column := "url", "")):
            row["url"] = address(said, page, provider.hosts)
        if said := _plain(item.cells.get(column := "credits", "")):
            row["credits"] = _canonical("credits", _credit(said, item.cells.get("category", "")))
        for column, text in item.cells.items():
            if column not in _BESIDE and (said := _plain(text)):
                row[column] = _canonical(column, _hours(said) if column == "hours" else said)
    except BadValue as bad:
        value = item.cells.get(column, "")
        return Refused(item.where, value, f"{column}: {bad.problem}")
    return row


_TARGETS = {"id": "offering_id", "title": "title"}


def _key(said: str, provider: Provider) -> str:
    said = said.strip()
    if not _NATIVE_ID.fullmatch(said):
        problem = "it is not a key of letters, digits, . _ and -" if said else "there is none"
        raise unread(problem)
    return f"{provider.id}:{said}"


def _title(said: str, _: Provider) -> str:
    title = _plain(said)
    if not title:
        raise unread(problem="there is none")
    if len(title) > LONGEST_TITLE:
        problem = f"it is longer than {LONGEST_TITLE} characters, as a description is"
        raise unread(problem)
    if _AN_ADDRESS.search(title):
        raise unread(problem="it is an address")
    if is_run(title):
        raise unread(problem="a spreadsheet would run it as a formula")
    if _AN_AMOUNT.fullmatch(title):
        raise unread(problem="it is an amount, so columns may be swapped")
    return title


def _add_prices(row: dict[str, str], column: str, said: str, provider: Provider) -> None:
    found = amounts(said, provider.price_names, provider.plain_numbers)
    if column != "price":
        # One amount under any name: the provider's file says what stands there.
        if len(found) != 1:
            raise unread(problem="it holds more than one amount")
        found = {column: next(iter(found.values()))}
    for name, amount in found.items():
        if name == "regular_price":
            row["note"] = f"On sale; its regular price is {amount}."
        elif row[name]:
            raise unread(problem=f"the {name} stands in two places")
        else:
            row[name] = amount


def _credit(said: str, category: str) -> str:
    """Return bare credit with its category, `any` where none is said; other text as it is."""
    if not _NUMBER.fullmatch(said):
        return said
    return f"{_plain(category).casefold() or 'any'}={said}"


def _hours(said: str) -> str:
    """Return a duration of schema.org, such as PT1H30M, as people write it; other text as it is."""
    match = _DURATION.fullmatch(said)
    if not match:
        return said
    hours, minutes = int(match[1] or 0), int(match[2] or 0)
    return f"{hours} h {minutes} min"


@lru_cache(maxsize=4096)  # of thousands of cards, most say one of a few dozen things
def _canonical(name: str, text: str) -> str:
    column = _COLUMNS.get(name)
    if column is None:
        raise unread(problem="it is no column")
    return write_cell(column, parse_cell(column, text))


def _fill(row: dict[str, str], constants: Iterable[tuple[Constant, str]]) -> None:
    for constant, value in constants:
        if row[constant.column]:
            continue
        row[constant.column] = value
        if constant.assumed:
            row["assumed"] = "; ".join(filter(None, (row["assumed"], constant.column)))


def _plain(text: str) -> str:
    """Return text on one line, without characters that have no shape; refuse half a character."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    try:
        text.encode()
    except UnicodeEncodeError:
        problem = "it holds half a character that no file can hold"
        raise unread(problem) from None
    spaced = " ".join(text.split())
    return " ".join("".join(one for one in spaced if unicodedata.category(one) not in ("Cc", "Cf")).split())
