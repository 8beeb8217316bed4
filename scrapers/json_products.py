"""JSON as shops give it → exact values, and the texts at a path of keys."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn

from catalogs.faults import BadValue
from scrapers.described import Provider, Where
from scrapers.pages import PageChanged, quoted
from scrapers.parsed import Item, Refused, unread
from scrapers.placing import cells_at, named
from scrapers.trees import plain_text


def json_value(text: str) -> Any:
    """Return what a JSON text says, exactly, or raise `ValueError`; a key that comes twice says two things."""
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_each_key_once
        )
    except RecursionError:
        msg = "it is nested too deeply"
        raise ValueError(msg) from None


def json_page(text: str, url: str, looked_for: str) -> Any:
    """Return what a page of JSON says, or raise `PageChanged`."""
    try:
        return json_value(text)
    except ValueError as error:
        found = f"no JSON ({quoted(str(error))}) but {quoted(text.strip())}"
        raise PageChanged(url, looked_for, found) from None


def texts_at(product: object, place: Where) -> list[str]:
    """Return the texts at a path of keys; in a list, a key is each element's, or the name of one."""
    here = [product]
    for key in place.at.split("."):
        here = [inner for value in here for inner in _inside(value, key)]
    return [plain_text(text) for value in here for text in _texts(value)]


def _inside(value: object, key: str) -> Iterator[object]:
    if isinstance(value, Mapping):
        if key in value:
            yield value[key]
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, Mapping) and one.get("name") == key:
                yield one
            else:
                yield from _inside(one, key) if isinstance(one, Mapping) else ()


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case bool() | None:
            return
        case int():
            yield str(value) if value.bit_length() < 256 else ""
        case Decimal():
            yield f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 30 else ""
        case list():
            for one in value:
                yield from _texts(one)


def text_in(product: Mapping[str, object], key: str) -> str:
    """Return the one text or number at a key, on one line without markup; empty where there is none."""
    found = list(_texts(product.get(key)))
    return plain_text(found[0]) if len(found) == 1 and not isinstance(product.get(key), list) else ""


def products_read(
    provider: Provider,
    products: Sequence[object],
    title: str,
    cells: Callable[[Mapping[str, object]], dict[str, str]],
    said: Callable[[Mapping[str, object]], str],
) -> tuple[tuple[Item, ...], tuple[Refused, ...]]:
    """Return what each product of a list says, and those that cannot be read; `said` is shown of the latter."""
    items: list[Item] = []
    refused: list[Refused] = []
    for number, product in enumerate(products, 1):
        where = f"product {number}"
        if not isinstance(product, dict):
            refused.append(Refused(where, quoted(str(product)), "it is no product"))
            continue
        where = named(where, text_in(product, title))
        try:
            items.append(Item(where, cells_at(provider, partial(texts_at, product), cells(product))))
        except BadValue as bad:
            refused.append(Refused(where, said(product), bad.problem))
    return tuple(items), tuple(refused)


def table_in(product: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Return the table at a key, or refuse what is there instead."""
    value = product.get(key)
    if not isinstance(value, dict):
        raise unread(problem=f"{key} is not there as it should be")
    return value


def _no_number(name: str) -> NoReturn:
    msg = f"{name} is no number"
    raise ValueError(msg)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) < len(pairs):
        msg = "a key comes twice"
        raise ValueError(msg)
    return whole
