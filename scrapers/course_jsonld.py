"""schema.org Course in a page's JSON-LD → what each course says, instances and offers included.

Blocks are read one by one: one that is broken is named and takes no other with it. An offer's price is in
whole units of its currency. Several offers are one price, or each has the name of a price; the least of
them is never taken, since it may be one chapter's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from catalogs.faults import BadValue
from scrapers.described import Provider
from scrapers.json_products import json_value, text_in, texts_at
from scrapers.money import amounts, known_names
from scrapers.pages import PageChanged, quoted
from scrapers.parsed import Item, Reading, Refused, unread
from scrapers.placing import cells_at, named
from scrapers.trees import html_tree, instead, select

type Thing = Mapping[str, object]

_TYPE = re.compile(r"(?:https?://schema\.org/|schema:)?(\w+)")
_COMMENTED = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MODES = {
    **dict.fromkeys(("online", "mooc", "distance learning", "distance", "web-based"), "online"),
    **dict.fromkeys(("onsite", "on-site", "in person", "in-person", "classroom"), "in_person"),
    **dict.fromkeys(("posted", "print", "by post"), "print"),
}
_NOT_FOR_SALE = ("SoldOut", "OutOfStock", "Discontinued")


def read(provider: Provider, text: str, url: str) -> Reading:
    """Return the courses of one page, or raise `PageChanged` if it has none."""
    tree = html_tree(text, url)
    blocks = [block.text or "" for block in select(tree, 'script[type="application/ld+json"]')]
    items: list[Item] = []
    refused: list[Refused] = []
    more: list[str] = []
    number = 0
    for nth, block in enumerate(blocks, 1):
        try:
            things = list(_things(json_value(_COMMENTED.sub("", block))))
        except ValueError as error:
            refused.append(Refused(f"JSON-LD block {nth}", block.strip()[:200], f"it is not JSON: {error}"))
            continue
        for thing in things:
            if _is(thing, "ListItem"):
                more += [link for link in [text_in(thing, "url")] if link and "item" not in thing]
                continue
            number += 1
            where = named(f"course {number}", text_in(thing, "name"))
            try:
                own = _cells(provider, thing)
                items.append(Item(where, cells_at(provider, partial(texts_at, thing), own)))
            except BadValue as bad:
                refused.append(Refused(where, "", bad.problem))
    if not (items or refused or more or provider.expect_empty):
        raise PageChanged(url, "a schema.org Course in JSON-LD", instead(tree))
    return Reading(tuple(items), tuple(refused), None, tuple(more))


def _things(said: object) -> Iterator[Thing]:
    """Return the courses and links of a block, wherever in it; nothing inside a course is a further one."""
    waiting = [said]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            if _is(one, "Course") or (_is(one, "ListItem") and "item" not in one):
                yield one
            else:
                waiting += reversed(list(one.values()))


def _is(thing: Thing, name: str) -> bool:
    said = thing.get("@type")
    return any(
        isinstance(one, str) and (match := _TYPE.fullmatch(one)) is not None and match[1] == name
        for one in (said if isinstance(said, list) else [said])
    )


def _tables(value: object) -> list[Thing]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _cells(provider: Provider, course: Thing) -> dict[str, str]:
    instances = _tables(course.get("hasCourseInstance"))
    offers = [*_tables(course.get("offers"))]
    offers += [offer for instance in instances for offer in _tables(instance.get("offers"))]
    return {
        "title": text_in(course, "name"),
        "url": text_in(course, "url"),
        "format": _format([course, *instances]),
        **_days(instances),
        **_prices(offers, provider),
    }


def _format(things: Iterable[Thing]) -> str:
    modes: set[str] = set()
    for thing in things:
        said = thing.get("courseMode")
        for mode in said if isinstance(said, list) else [said]:
            if mode is None:
                continue
            word = _TYPE.sub(r"\1", mode.casefold()) if isinstance(mode, str) else str(mode)
            if word not in _MODES:
                raise unread(problem=f"format: courseMode {quoted(word)} is not a known one")
            modes.add(_MODES[word])
    if len(modes) > 1:
        raise unread(problem=f"format: it is given in several ways, {' and '.join(sorted(modes))}")
    return "".join(modes)


def _days(instances: list[Thing]) -> dict[str, str]:
    """Return first and last day of the one session, none where it has no days."""
    sessions = {(_day(one, "startDate"), _day(one, "endDate")) for one in instances}
    if len(sessions) > 1:
        raise unread(problem=f"starts: there are {len(sessions)} sessions on different days")
    starts, ends = sessions.pop() if sessions else ("", "")
    return {"starts": starts, "ends": ends}


def _day(thing: Thing, key: str) -> str:
    """Return the day of a date, or of a time that begins with one: the hour of a session is left out."""
    said = text_in(thing, key)
    match = _DAY.match(said)
    if said and (not match or said[10:11] not in ("", "T", " ")):
        raise unread(problem=f"{key}: {quoted(said)} is not a day")
    return match[0] if match else ""


def _prices(offers: list[Thing], provider: Provider) -> dict[str, str]:
    named_prices = dict.fromkeys(
        f"{_name(offer, provider)}: ${price}" for offer in offers for price in _stated(offer, provider)
    )
    if not named_prices:
        return {}
    try:
        found = amounts(" ; ".join(named_prices), provider.price_names)
    except BadValue as bad:
        raise unread(problem=f"price: {quoted(' ; '.join(named_prices))}: {bad.problem}") from None
    return found


def _name(offer: Thing, provider: Provider) -> str:
    """Return the offer's name where it is the name of a price; most are called like their course."""
    name = text_in(offer, "name").casefold()
    return name if name in known_names(provider.price_names) else ""


def _stated(offer: Thing, provider: Provider) -> list[str]:
    if text_in(offer, "availability").rpartition("/")[2] in _NOT_FOR_SALE:
        raise unread(problem="availability: it is not for sale")
    specified = _tables(offer.get("priceSpecification"))
    keys = ("price", "lowPrice", "highPrice")
    stating = [(one, key) for one in (offer, *specified) for key in keys if one.get(key) is not None]
    if not stating and text_in(offer, "category").casefold() == "free":
        return ["0.00"]
    if any("billingDuration" in one or "referenceQuantity" in one for one in specified):
        raise unread(problem="price: it is a price for a time or a quantity")
    for one, _ in stating:
        currency = text_in(one, "priceCurrency") or text_in(offer, "priceCurrency") or provider.currency
        if currency != "USD":
            raise unread(problem=f"price: its currency is {quoted(currency)}, not USD")
    return [_amount(text_in(one, key)) for one, key in stating]


def _amount(said: str) -> str:
    found = amounts(said, (), "dollars")  # schema.org's prices are in whole units of the currency
    if list(found) != ["price"]:
        raise unread(problem=f"price: {quoted(said)} is not one amount")
    return found["price"]
