"""A provider's TOML file → a `Provider`, every fault collected; an unknown key is fatal."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cssselect import SelectorError, parse

from catalogs.faults import BadValue, Fault, Faults, did_you_mean
from catalogs.schema import OFFERINGS, parse_cell
from scrapers.described import Constant, Gates, Listing, Provider, Where

PLATFORMS = {
    "woocommerce": "the WooCommerce Store API's list of products",
    "shopify": "Shopify's products.json, or one product's .js",
    "course-jsonld": "pages with schema.org Course as JSON-LD",
    "cards": "pages with price cards, by CSS selectors",
    "continuingeducation": "course pages of continuingeducation.com",
    "relias": "product pages of Relias Academy's store",
    "ace": "pages of the Annals of Continuing Education",
}
READ = ("live", "saved", "never")
_GIVEN = ("offering_id", "provider", "evidence", "assumed", "source_url", "seen_on")
CONSTANT = tuple(name for name in OFFERINGS.header if name not in (*_GIVEN, "title", "url"))
"""Columns that may be the same for every row."""
PLACED = (*(name for name in OFFERINGS.header if name not in _GIVEN), "id", "category", "regular_price")
"""Columns that may stand on a page, and what helps to read them."""
PRICES = ("price", "member_price", "regular_price")

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class ProviderFaults(Faults):
    """Stop because a provider's file has faults."""


class _Table:
    """Read one table by the keys it may have; whatever is wrong becomes a fault of the file."""

    def __init__(self, value: object, path: str, file: str, faults: list[Fault]) -> None:
        self._values: Mapping[str, object] = value if isinstance(value, dict) else {}
        self._path, self._file, self._faults = path, file, faults
        self._asked: list[str] = []
        if not isinstance(value, dict):
            self.fault("", value, "it is not a table", "Write a table of keys and values.")

    def fault(self, key: str, value: object, problem: str, remedy: str) -> None:
        """Note what is wrong with a key, or with the whole table."""
        column = ".".join(filter(None, (self._path, key)))
        shown = None if value is None or isinstance(value, (dict, list)) else str(value)
        self._faults.append(Fault(self._file, None, column or None, shown, problem, remedy))

    def text(self, key: str, needed: bool = False, known: tuple[str, ...] = ()) -> str:
        """Return a text, `""` where there is none."""
        value = self._value(key, "", needed)
        if not isinstance(value, str):
            self.fault(key, value, "it is not text", "Write text in double quotes.")
            return ""
        if known and value and value not in known:
            problem = f"it is none of {', '.join(known)}"
            self.fault(key, value, problem, f"Write one of them.{did_you_mean(value, known)}")
        return value

    def texts(self, key: str, needed: bool = False, known: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._value(key, [], needed)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fault(key, value, "it is not a list of texts", 'Write it like ["one", "another"].')
            return ()
        for one in value:
            if known and one not in known:
                self.fault(key, one, "it is not known here", f"Write a known one.{did_you_mean(one, known)}")
        return tuple(value)

    def flag(self, key: str) -> bool:
        """Return a yes or no, no where there is none."""
        value = self._value(key, False, False)
        if not isinstance(value, bool):
            self.fault(key, value, "it is neither true nor false", "Write true or false.")
        return value is True

    def number(self, key: str, needed: bool = False) -> int:
        """Return a whole number of 0 or more."""
        value = self._value(key, 0, needed)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
            self.fault(key, value, "it is not a whole number of 0 or more", "Write one, such as 20.")
            return 0
        return value

    def table(self, key: str, needed: bool = False) -> "_Table":
        """Return a table inside."""
        path = ".".join(filter(None, (self._path, key)))
        return _Table(self._value(key, {}, needed), path, self._file, self._faults)

    def each(self) -> tuple[str, ...]:
        """Return the keys of a table whose keys are free."""
        return tuple(self._values)

    def close(self) -> None:
        """Refuse the keys nobody asked for; those that may be there are the ones asked for."""
        for key, value in self._values.items():
            if key not in self._asked:
                remedy = f"Remove it; known here: {', '.join(self._asked)}.{did_you_mean(key, self._asked)}"
                self.fault(key, value, "it is an unknown key", remedy)

    def _value(self, key: str, default: Any, needed: bool) -> Any:
        self._asked.append(key)
        if needed and self._values.get(key) in (None, "", []):
            self.fault(key, None, "it is missing", f"Add {key}.")
        return self._values.get(key, default)


def read_provider(path: Path) -> Provider:
    """Return the provider a file describes, or raise `ProviderFaults` with all that is wrong."""
    faults: list[Fault] = []
    try:
        values = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError) as error:
        clause = f"it cannot be read ({error})"
        raise ProviderFaults([Fault(str(path), None, None, None, clause, "Correct the file.")]) from None
    top = _Table(values, "", str(path), faults)
    provider = _provider(top)
    top.close()
    if provider.id != path.stem:
        top.fault("id", provider.id, "it is not the file's name", f"Name the file {provider.id}.toml.")
    if faults:
        raise ProviderFaults(faults)
    return provider


def _provider(top: _Table) -> Provider:
    provider = Provider(
        id=top.text("id", needed=True),
        name=top.text("name", needed=True),
        platform=top.text("platform", needed=True, known=tuple(PLATFORMS)),
        start=top.texts("start", needed=True),
        hosts=top.texts("hosts", needed=True),
        read=top.text("read", needed=True, known=READ),
        doubt=top.text("doubt", needed=True),
        gates=_closed(top.table("gates", needed=True), _gates),
        currency=top.text("currency"),
        plain_numbers=top.text("plain_numbers", known=("dollars", "cents")),
        total_header=top.text("total_header"),
        expect_empty=top.flag("expect_empty"),
        constants=_constants(top.table("constants")),
        places=_places(top.table("places")),
        price_names=_price_names(top.table("price_names")),
        listing=_closed(top.table("listing"), _listing),
    )
    _check(provider, top)
    return provider


def _closed[T](table: _Table, read: Callable[[_Table], T]) -> T:
    value = read(table)
    table.close()
    return value


def _gates(table: _Table) -> Gates:
    return Gates(
        table.number("least_rows", needed=True), table.texts("covered", needed=True, known=OFFERINGS.header)
    )


def _listing(table: _Table) -> Listing:
    return Listing(table.text("card"), table.text("total"), table.text("next"))


def _constants(table: _Table) -> tuple[Constant, ...]:
    constants = []
    for column in table.each():
        one = table.table(column)
        value = one.text("value", needed=True)
        constants.append(Constant(column, value, one.text("source", needed=True), one.flag("assumed")))
        one.close()
        if column not in CONSTANT:
            remedy = f"Name another column of the catalog.{did_you_mean(column, CONSTANT)}"
            table.fault(column, None, "it is no column that a file may fill", remedy)
            continue
        try:
            parse_cell(OFFERINGS.column(column), value)
        except BadValue as bad:
            table.fault(column, value, bad.problem, bad.remedy)
    return tuple(constants)


def _places(table: _Table) -> tuple[Where, ...]:
    places = []
    for column in table.each():
        one = table.table(column)
        texts = (one.text("at"), one.text("attribute"), one.text("pattern"))
        places.append(Where(column, *texts, one.flag("optional")))
        one.close()
        if column not in PLACED:
            remedy = f"Name another column of the catalog.{did_you_mean(column, PLACED)}"
            table.fault(column, None, "it is no column that a page may fill", remedy)
        _check_pattern(places[-1].pattern, column, table)
    return tuple(places)


def _check_pattern(pattern: str, column: str, table: _Table) -> None:
    try:
        groups = re.compile(pattern).groups if pattern else 1
    except re.error as error:
        table.fault(column, pattern, f"it is no regular expression ({error})", "Correct it.")
        return
    if groups != 1:
        table.fault(column, pattern, "it has not one group", "Put what is wanted, and only that, in ( ).")


def _price_names(table: _Table) -> tuple[tuple[str, str], ...]:
    return tuple((name.casefold(), table.text(name, known=PRICES)) for name in table.each())


def _check(provider: Provider, top: _Table) -> None:
    if not _ID.fullmatch(provider.id):
        top.fault("id", provider.id, "it is not a word of a-z, 0-9 and -", "Write it like relias-academy.")
    if provider.id == "passes":
        top.fault("id", provider.id, "passes.csv is no file of courses", "Name the provider.")
    if provider.currency not in ("", "USD"):
        top.fault("currency", provider.currency, "prices here are in US dollars", 'Write "USD".')
    for host in provider.hosts:
        if not _HOST.fullmatch(host):
            top.fault("hosts", host, "it is not the name of a host", "Write it like www.example.org.")
    for address in provider.start:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or parts.hostname not in provider.hosts:
            top.fault("start", address, "it is not an address on one of the hosts", "Correct one of them.")
    if provider.platform == "cards":
        _check_selectors(provider, top)
    needed = {"cards": ("id", "title"), "course-jsonld": ("id",)}.get(provider.platform, ())
    for column in needed:
        if provider.place(column) is None:
            problem = f"{provider.platform} pages do not say by themselves where the {column} stands"
            top.fault("places", None, problem, f"Add {column} = {{ at = … }}.")
    if provider.platform == "shopify" and not provider.currency:
        top.fault("currency", None, "Shopify's products name no currency", 'Add currency = "USD" if it is.')
    if provider.platform != "cards" and provider.plain_numbers:
        problem = "only price cards are read by it: other platforms say what their numbers are"
        top.fault("plain_numbers", provider.plain_numbers, problem, "Remove it.")
    if provider.platform == "cards" and not provider.listing.card:
        top.fault("listing", None, "it does not say what a card is", 'Add card = "a CSS selector".')


def _check_selectors(provider: Provider, top: _Table) -> None:
    written = {f"places.{place.column}": place.at for place in provider.places}
    listing = provider.listing
    written |= {"listing.card": listing.card, "listing.total": listing.total, "listing.next": listing.next}
    for key, css in written.items():
        try:
            parse(css or "*")
        except SelectorError as error:
            top.fault(key, css, f"it is no CSS selector ({error})", "Correct it.")
