"""The WooCommerce Store API, `/wp-json/wc/store/v1/products?per_page=100&page=1` → what each product says.

Prices are text in the currency's smallest unit: "1105" with two decimals is 11.05. The documented sample
is the only one seen; no shop's answer was.
"""

from collections.abc import Mapping

from catalogs.values import parse_money
from scrapers.addresses import query_number, with_page
from scrapers.described import Provider
from scrapers.json_products import json_page, products_read, table_in, text_in
from scrapers.money import minor_units, one_price
from scrapers.pages import PageChanged, quoted
from scrapers.parsed import Reading, unread

_ONE_COURSE = ("", "simple", "external", "variable")
_USUAL_PAGE = 10
"""What a page holds where its address does not say."""


def read(provider: Provider, text: str, url: str) -> Reading:
    """Return the products of one page of the list, or raise `PageChanged`."""
    looked_for = "a list of WooCommerce products"
    products = json_page(text, url, looked_for)
    if not isinstance(products, list):
        raise PageChanged(url, looked_for, quoted(text.strip()))
    items, refused = products_read(provider, products, "name", _cells, _said)
    full = len(products) >= query_number(url, "per_page", _USUAL_PAGE)
    more = (with_page(url, query_number(url, "page", 1) + 1),) if full and products else ()
    return Reading(items, refused, None, more)


def _cells(product: Mapping[str, object]) -> dict[str, str]:
    kind = text_in(product, "type")
    if kind not in _ONE_COURSE:
        raise unread(problem=f"type: {quoted(kind)} is not one course at one price")
    if product.get("is_in_stock") is False:
        raise unread(problem="is_in_stock: it is sold out")
    price, regular = _prices(table_in(product, "prices"), kind)
    if parse_money(price) == 0 and product.get("is_purchasable") is False:
        raise unread(problem="price: 0 for what cannot be bought, so there is none")
    return {
        "id": text_in(product, "id"),
        "title": text_in(product, "name"),
        "url": text_in(product, "permalink"),
        "price": price,
        "regular_price": regular,
    }


def _prices(prices: Mapping[str, object], kind: str) -> tuple[str, str]:
    """Return the price, and the regular price of a sale, else empty."""
    currency = text_in(prices, "currency_code")
    if currency != "USD":
        raise unread(problem=f"price: it is in {quoted(currency)}, not in USD")
    decimals = prices.get("currency_minor_unit")
    if not isinstance(decimals, int) or isinstance(decimals, bool):
        raise unread(problem="price: currency_minor_unit does not say what it is counted in")
    price = _amount(prices, "price", decimals)
    span = prices.get("price_range")
    if isinstance(span, dict):
        one_price([price, _amount(span, "min_amount", decimals), _amount(span, "max_amount", decimals)])
    elif kind == "variable" and span is not None:
        raise unread(problem="price: price_range does not say whether its variants cost the same")
    regular = _amount(prices, "regular_price", decimals)
    if price == regular:
        return price, ""
    sale = _amount(prices, "sale_price", decimals)
    if price == sale and parse_money(sale) < parse_money(regular):
        return price, regular
    raise unread(problem="price: it is neither the regular price nor the price of a sale")


def _amount(prices: Mapping[str, object], key: str, decimals: int) -> str:
    said = prices.get(key)
    if not isinstance(said, str):
        raise unread(problem=f"price: {key} is not text in the smallest unit")
    return minor_units(said, decimals)


def _said(product: Mapping[str, object]) -> str:
    prices = product.get("prices")
    return text_in(prices, "price") if isinstance(prices, dict) else ""
