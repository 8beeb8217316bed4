"""Relias Academy's store: a product's page → the product; a page of the shop → links to its products.

What is known comes from a scraper somebody ran in 2020 and one archived page: addresses with the product's
key in `productId` beside session ids, the title in `.page-title`, the price in `#productPrice`, "$79.00" and
"for 6 hours" in elements of their own, the names of icons ("check_box") among the words. The markup between
them was not seen. Approval and category are not on those pages, so the hours are taken for credit without
category, and the row says that this is assumed.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from catalogs.faults import BadValue
from scrapers.aama_sentence import shortest
from scrapers.described import Provider
from scrapers.money import amounts
from scrapers.pages import PageChanged, quoted
from scrapers.parsed import Item, Reading, Refused
from scrapers.trees import Element, html_tree, instead, select, words

_DETAIL = "/rls/store/browse/productDetailSingleSku.jsp"
_KEY = re.compile(r"[cp]\d{1,9}", re.ASCII)
_ICONS = "i[class], .material-icons, .icon, [class*='icon-'], [class*='-icon']"
_LEAKED = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_HOURS = re.compile(r"\bfor (\d+(?:\.\d{1,2})?) hours?\b", re.ASCII | re.IGNORECASE)


def read(provider: Provider, text: str, url: str) -> Reading:
    """Return the product of a page, or the links of a page without one, or raise `PageChanged`."""
    tree = html_tree(text, url)
    for icon in select(tree, _ICONS):
        if not len(icon):
            icon.text = ""
    prices = select(tree, "#productPrice")
    if prices:
        return _product(provider, tree, prices, url)
    links = tuple(dict.fromkeys(_detail(url, key) for key in _linked(tree)))
    if not links:
        raise PageChanged(url, "a product's #productPrice, or links to products", instead(tree))
    return Reading(more=links)


def _product(provider: Provider, tree: Element, prices: list[Element], url: str) -> Reading:
    key = _key(url)
    if not key:
        raise PageChanged(url, "an address with productId=c… or p…", "another")
    titles = [words(one) for one in select(tree, ".page-title")]
    if len(titles) != 1 or not titles[0]:
        raise PageChanged(url, "one .page-title", quoted(" / ".join(titles)))
    if leaked := _LEAKED.search(titles[0]):
        raise PageChanged(url, "a title without the name of an icon", quoted(leaked[0]))
    where = f"product {key} ({titles[0][:60]})"
    said = [words(one, prices=True) for one in prices]
    try:
        cells = {"id": key, "title": titles[0], "url": _detail(url, key), **_price(said, provider)}
    except BadValue as bad:
        return Reading(refused=(Refused(where, " / ".join(said), f"price: {bad.problem}"),))
    return Reading((Item(where, {**cells, **_hours(tree, url)}),))


def _price(said: list[str], provider: Provider) -> Mapping[str, str]:
    # "for 6 hours" may stand in the same element; it is read by itself.
    each = {_HOURS.sub("", text).strip() for text in said}
    return amounts(" ; ".join(sorted(each)), provider.price_names)


def _hours(tree: Element, url: str) -> dict[str, str]:
    stated = {shortest(number) for number in _HOURS.findall(words(tree))}
    if len(stated) > 1:
        told = " / ".join(sorted(stated))
        raise PageChanged(url, 'at most one number of hours, as in "for 6 hours"', quoted(told))
    for number in stated:
        return {"hours": number, "credits": number, "assumed": "credits"}
    return {}


def _linked(tree: Element) -> list[str]:
    return [key for link in select(tree, "a[href]") if (key := _key(link.get("href") or ""))]


def _key(url: str) -> str:
    """Return the product's key, which neither a session's id nor the way through the shop changes."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    keys = {value for name, value in parse_qsl(parts.query) if name == "productId"}
    key = keys.pop() if len(keys) == 1 else ""
    return key if _KEY.fullmatch(key) else ""


def _detail(url: str, key: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, _DETAIL, f"productId={key}", ""))
