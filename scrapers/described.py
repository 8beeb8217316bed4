"""A provider as its TOML file describes it; what the keys of the file mean is said here, once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """Hold what the pages do not say and holds for every row; a page that does say it is believed."""

    column: str
    value: str
    source: str
    """Who says so, and the day it was read."""
    assumed: bool
    """Nobody says so: the column joins those the row calls assumed."""


@dataclass(frozen=True, slots=True)
class Where:
    """Say where one column stands in a card or product."""

    column: str
    """A column of the catalog, or `id`, `category` (of bare credit) or `regular_price` (of a sale)."""
    at: str
    """A CSS selector inside the card (empty: the card itself), or a path of keys in JSON: `prices.price`."""
    attribute: str
    """The attribute that holds it; empty: the text does."""
    pattern: str
    """A regular expression that must match once; its one group is the value. Empty: all of it is."""
    optional: bool
    """It may be absent; a value that is there must still be read exactly."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Say how a page of price cards is divided, in CSS selectors."""

    card: str = ""
    total: str = ""
    """What says how many there are in all: a text with one number, or one number after "of"."""
    next: str = ""
    """The link to the next page."""


@dataclass(frozen=True, slots=True)
class Gates:
    """Say what must hold before rows may replace a good file."""

    least_rows: int
    covered: tuple[str, ...]
    """Columns that every row must fill."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Hold what is known of one provider's pages."""

    id: str
    """The catalog file's name and the start of every offering_id."""
    name: str
    platform: str
    start: tuple[str, ...]
    """The addresses to begin with."""
    hosts: tuple[str, ...]
    """The only hosts whose addresses are followed or shown."""
    read: str
    """The nearest to the site that its pages were ever read: `live`, `saved` page, or `never`."""
    doubt: str
    """What is not known about its pages."""
    gates: Gates
    currency: str = ""
    """The currency of prices that name none; empty: such a price is refused."""
    plain_numbers: str = ""
    """What a price without sign and decimals is in, `dollars` or `cents`; empty: it is refused."""
    total_header: str = ""
    """The HTTP header that says how many there are in all."""
    expect_empty: bool = False
    """A page without cards is no fault."""
    constants: tuple[Constant, ...] = ()
    places: tuple[Where, ...] = ()
    price_names: tuple[tuple[str, str], ...] = ()
    """Further names of prices: (`ce-pro price`, `member_price`)."""
    listing: Listing = Listing()

    def place(self, column: str) -> Where | None:
        """Return where a column stands, or None if the file does not say."""
        return next((where for where in self.places if where.column == column), None)
