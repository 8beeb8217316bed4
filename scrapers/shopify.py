"""Shopify: `/products.json?limit=250&page=1`, or one product's `/products/HANDLE.js` → what each product says.

The same shop gives prices in two units: text in dollars ("7.99") in the list, whole cents (2999) in the
`.js`. The type tells them apart, and a price of the other type is refused. Neither names a currency: the
provider's file does.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from catalogs.values import parse_money
from scrapers.addresses import query_number, with_page
from scrapers.described import Provider
from scrapers.json_products import json_page, products_read, text_in
from scrapers.money import minor_units, one_price
from scrapers.pages import PageChanged, quoted
from scrapers.parsed import Reading, unread

_DOLLARS = re.compile(r"\d{1,9}\.\d{2}", re.ASCII)
_USUAL_PAGE = 30
"""What a page holds where its address does not say."""


def read(provider: Provider, text: str, url: str) -> Reading:
    """Return the products of one page, or raise `PageChanged`."""
    looked_for = "Shopify products"
    said = json_page(text, url, looked_for)
    if not isinstance(said, dict):
        raise PageChanged(url, looked_for, quoted(text.strip()))
    cents = "products" not in said
    products = [said] if cents else said["products"]
    if not isinstance(products, list) or (cents and "variants" not in said):
        raise PageChanged(url, looked_for, quoted(text.strip()))
    items, refused = products_read(
        provider, products, "title", lambda product: _cells(product, url, cents), lambda _: ""
    )
    full = not cents and len(products) >= query_number(url, "limit", _USUAL_PAGE)
    more = (with_page(url, query_number(url, "page", 1) + 1),) if full and products else ()
    return Reading(items, refused, None, more)


def _cells(product: Mapping[str, object], url: str, cents: bool) -> dict[str, str]:
    variants = product.get("variants")
    if not isinstance(variants, list) or not variants or not all(isinstance(one, dict) for one in variants):
        raise unread(problem="variants: there are none, so there is no price")
    if all(one.get("available") is False for one in variants):
        raise unread(problem="available: it is sold out")
    price = one_price(_stated(product, variants, cents))
    handle = text_in(product, "handle")
    parts = urlsplit(url)
    return {
        "id": text_in(product, "id"),
        "title": text_in(product, "title"),
        "url": f"{parts.scheme}://{parts.netloc}/products/{handle}" if handle else "",
        "price": price,
        "regular_price": _regular(variants, price, cents),
    }


def _stated(
    product: Mapping[str, object], variants: Sequence[Mapping[str, object]], cents: bool
) -> list[str]:
    stated = [_amount(one.get("price"), cents) for one in variants]
    if cents:
        stated += [_amount(product.get(key), cents) for key in ("price", "price_min", "price_max")]
    return stated


def _regular(variants: Sequence[Mapping[str, object]], price: str, cents: bool) -> str:
    """Return the regular price of a sale: Shopify's own rule is that it is above the price."""
    said = [one.get("compare_at_price") for one in variants]
    regular = {_amount(one, cents) if one not in (None, "", 0, "0.00") else "" for one in said}
    above = {one for one in regular if one and parse_money(one) > parse_money(price)}
    if above and len(regular) > 1:
        raise unread(problem="compare_at_price: its variants have different regular prices")
    return "".join(above)


def _amount(said: object, cents: bool) -> str:
    if cents and isinstance(said, int) and not isinstance(said, bool):
        return minor_units(str(said) if 0 <= said < 10**12 else "", 2)
    if not cents and isinstance(said, str) and _DOLLARS.fullmatch(said):
        return minor_units(said.replace(".", ""), 2)
    shape = "whole cents" if cents else "text in dollars and cents"
    raise unread(problem=f"price: {quoted(str(said))} is not {shape}, so its unit is not known")
