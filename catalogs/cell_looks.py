"""What the cells of a column look like, all of them together: money, credit with its unit, addresses, days, words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from catalogs import forms
from catalogs.amounts import parse_money
from catalogs.days import parse_day
from catalogs.faults import BadValue
from catalogs.header_words import CATEGORY_WORDS
from catalogs.schema import FORMATS, KINDS
from catalogs.stated_credit import is_stated_with_unit

_MARKED = re.compile(r"\$ ?[0-9.]|[0-9] ?(?:usd|dollars?)\b|\busd ?[0-9]", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico)(?:[?#]|$)", re.IGNORECASE)
_NO_APPROVER = re.compile(
    r"yes|no|y|n|x|true|false|none|n-?a|tbd|tba|pending|approved|expired|active|#?[0-9-]+", re.IGNORECASE
)
_RUN_BY_SPREADSHEETS = re.compile(r"[=@]|[+-][^ ]*[(|!]")

_LONGEST_AMOUNT = 60

_SAYS = {"price": "money", "credits": "credit with its unit", "url": "an address", "kind": "a kind of offering",
         "format": "a format"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looks:
    """Say what the filled cells of a column look like."""

    filled: int
    role: str = ""
    """The column they can only be; empty if they do not say."""
    nearly: str = ""
    """`price` or `credits` where at least half of them look like that, and not all are."""
    every_day: bool = False
    every_credit: bool = False
    every_category: bool = False

    @property
    def reads_as(self) -> str:
        """Return what each cell reads as."""
        return _SAYS[self.role]

    @property
    def reads_as_nearly(self) -> str:
        """Return what most cells read as."""
        return _SAYS[self.nearly]

    @staticmethod
    def fits(role: str, text: str) -> bool:
        """Tell whether one cell is what most are."""
        return is_money(text) if role == "price" else is_stated_with_unit(text)


def looks_of(texts: Sequence[str]) -> Looks:
    """Return what filled cells look like."""
    distinct = tuple(dict.fromkeys(texts))
    if not distinct:
        return Looks(0)
    # A long text that mentions money is a description.
    marked = sum(map(is_priced, texts))
    credited = sum(map(is_stated_with_unit, texts))
    every_credit = credited == len(texts)
    if marked and all(map(is_money, distinct)):
        return Looks(len(texts), "price")
    if every_credit:
        return Looks(len(texts), "credits", every_credit=True)
    nearly = "price" if 2 * marked >= len(texts) else "credits" if 2 * credited >= len(texts) else ""
    return Looks(
        len(texts),
        _worded(distinct),
        nearly,
        every_day=all(map(_is_day, distinct)),
        every_category=all(text.strip().casefold() in CATEGORY_WORDS for text in distinct),
    )


def _worded(distinct: Sequence[str]) -> str:
    if all(_ADDRESS.fullmatch(text.strip()) and not _IMAGE.search(text) for text in distinct):
        return "url"
    for role, known in (("kind", KINDS), ("format", FORMATS)):
        parse = forms.words(role, known).parse
        if all(_reads(parse, text) for text in distinct):
            return role
    return ""


def is_money(text: str) -> bool:
    """Tell whether a text reads as one amount of US dollars."""
    return _reads(parse_money, text)


def is_priced(text: str) -> bool:
    """Tell whether a text is money and says so itself."""
    return len(text) <= _LONGEST_AMOUNT and _MARKED.search(text) is not None


def names_no_approver(text: str) -> bool:
    """Tell whether a cell of approvals says something, and not who approves: `Yes`, `Pending`, a number alone."""
    return _NO_APPROVER.fullmatch(text.strip()) is not None


def is_run(text: str) -> bool:
    """Tell whether a spreadsheet would run a cell as a formula instead of showing it."""
    return _RUN_BY_SPREADSHEETS.match(text.lstrip()) is not None


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except BadValue as bad:
        return "ambiguous" in bad.problem  # 03/04/2027 is a day, only not known which
    return True


def _reads(parse: Callable[[str], Any], text: str) -> bool:
    try:
        parse(text)
    except BadValue:
        return False
    return True
