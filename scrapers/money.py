"""Prices as pages word them → exact amounts, each by its name, or a refusal.

A text is read whole: every amount has a name before it that is known (`Member price: $10`), nothing is left
over, and no two have one name. "$15 - $60", "from $15", "$5 per month" and "$45 $30" have no such reading.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from catalogs.faults import BadValue
from catalogs.values import parse_money, write_money
from scrapers.parsed import unread

_NUMBER = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![.,]?\d)"
_AMOUNT = re.compile(
    rf"(?P<signed>(?:\bUS\s?)?\$\s?{_NUMBER}(?:\s?USD\b)?|\bUSD\s?\$?\s?{_NUMBER}|{_NUMBER}\s?(?:USD|dollars)\b)"
    rf"|(?P<plain>{_NUMBER})|(?P<free>\bfree\b)",
    re.ASCII | re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{1,12}", re.ASCII)
_EDGES = " \t:=/|,;.\u00b7\u2022"
_NAMES = {
    "": "price",
    **dict.fromkeys(
        ("price", "our price", "cost", "fee", "course price", "course fee", "full price"), "price"
    ),
    **dict.fromkeys(("non-member", "non-members", "nonmember", "nonmembers"), "price"),
    **dict.fromkeys(("non-member price", "nonmember price", "non-members price"), "price"),
    **dict.fromkeys(
        ("member", "members", "member price", "members price", "members only price"), "member_price"
    ),
    **dict.fromkeys(
        ("was", "regular price", "original price was", "original price", "list price"), "regular_price"
    ),
    **dict.fromkeys(
        ("now", "sale price", "sale", "current price is", "current price", "special price"), "sale_price"
    ),
}


def amounts(text: str, names: Iterable[tuple[str, str]] = (), plain: str = "") -> dict[str, str]:
    """Return `price`, `member_price` and `regular_price` as far as a text names them, or refuse it.

    `plain` says what a number without sign and decimals is in; where nothing is said, it may be cents.
    """
    return dict(_amounts(text, tuple(names), plain))


def known_names(names: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """Return what each name of a price means, a provider's own names included."""
    return {**_NAMES, **dict(names)}


@lru_cache(maxsize=4096)
def _amounts(text: str, names: tuple[tuple[str, str], ...], plain: str) -> tuple[tuple[str, str], ...]:
    known = known_names(names)
    found: dict[str, str] = {}
    end = 0
    for match in _AMOUNT.finditer(text):
        name = " ".join(text[end : match.start()].casefold().strip(_EDGES).split())
        if name not in known:
            raise _unknown(text, name)
        amount = _amount(match, plain)
        if found.get(known[name], amount) != amount:
            problem = "it holds more than one amount, and nothing tells which is the price"
            raise unread(problem)
        found[known[name]] = amount
        end = match.end()
    if not found:
        raise unread(problem="it holds no amount")
    if left := text[end:].strip(_EDGES):
        raise unread(problem=f'"{left[:40]}" follows the amount and may change what it means')
    return tuple(_sale_settled(found).items())


def _unknown(text: str, name: str) -> BadValue:
    if "://" in text:
        return unread(problem="it is an address, not a price")
    if re.search(r"[€£¥₹]|\b(?:EUR|GBP|CAD|AUD)\b|\bCA?\$", text):
        return unread(problem="it is not in US dollars")
    several = "it holds several amounts, and " if len(_AMOUNT.findall(text)) > 1 else ""
    return unread(problem=f'{several}"{name[:40]}" before an amount is not the name of a price')


def _sale_settled(found: dict[str, str]) -> dict[str, str]:
    """Return the prices with the sale's as the price; a sale needs both names, and must be one."""
    sale = found.pop("sale_price", None)
    regular = found.get("regular_price")
    if sale is None and regular is None:
        return found
    if sale is None or regular is None or "price" in found:
        problem = "a price on sale and a regular price do not stand side by side, each by its name"
        raise unread(problem)
    if parse_money(sale) > parse_money(regular):
        raise unread(problem="the price on sale is above the regular price")
    return {**found, "price": sale}


def _amount(match: re.Match[str], plain: str) -> str:
    if match["free"]:
        return write_money(0)
    said = match[0]
    if match["plain"] and "." not in said:
        if not plain and said.strip("0"):  # nothing is nothing in either
            problem = "it has neither a dollar sign nor cents, so it may be dollars or cents"
            raise unread(problem)
        if plain == "cents":
            return minor_units(said, 2)
    elif match["plain"] and plain == "cents":
        raise unread(problem="it has a point, and the provider's numbers are cents")
    return write_money(parse_money(said))


def minor_units(digits: str, decimals: int) -> str:
    """Return an amount in whole smallest units, such as `1105` with 2 decimals, as `11.05`."""
    if not _DIGITS.fullmatch(digits) or not 0 <= decimals <= 6:
        raise unread(problem="it is not a whole number of the smallest unit of money")
    padded = digits.zfill(decimals + 1)
    whole, part = (padded[:-decimals], padded[-decimals:]) if decimals else (padded, "")
    return write_money(parse_money(f"{whole}.{part[:2]}{part[2:].rstrip('0')}" if part else whole))


def one_price(said: Iterable[str]) -> str:
    """Return the one amount that several places state, or refuse them."""
    different = sorted(set(said), key=parse_money)
    if len(different) != 1:
        told = " and ".join((different[0], different[-1])) if different else "none"
        problem = f"the price is not one amount: between {told}" if different else "it states no price"
        raise unread(problem)
    return different[0]
