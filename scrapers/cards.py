"""Lists of price cards, by the CSS selectors of the provider's file → what each card says."""

import re
from functools import partial

from catalogs.faults import BadValue
from scrapers.described import Provider, Where
from scrapers.pages import PageChanged, quoted
from scrapers.parsed import Item, Reading, Refused
from scrapers.placing import cells_at, named
from scrapers.trees import Element, html_tree, instead, select, words

_PRICES = ("price", "member_price", "regular_price")
_TOTAL = re.compile(r"\bof\s+(?:about\s+)?([\d,]+)|^\D*([\d,]+)\D*$", re.ASCII | re.IGNORECASE)


def read(provider: Provider, text: str, url: str) -> Reading:
    """Return the cards of one page, or raise `PageChanged` if it has none."""
    tree = html_tree(text, url)
    cards = select(tree, provider.listing.card)
    total = _total(provider, tree, url, bool(cards))
    if not cards and total != 0 and not provider.expect_empty:
        raise PageChanged(url, f"cards at {provider.listing.card}", instead(tree))
    if _nested(cards):
        message = "cards that hold no other card"
        raise PageChanged(url, message, f"some that do at {provider.listing.card}")
    items: list[Item] = []
    refused: list[Refused] = []
    for number, card in enumerate(cards, 1):
        texts = partial(_texts, card, {})
        try:
            cells = cells_at(provider, texts)
        except BadValue as bad:
            title = provider.place("title")
            called = texts(title) if title else []
            refused.append(Refused(named(f"card {number}", " / ".join(called)), "", bad.problem))
        else:
            items.append(Item(named(f"card {number}", cells["title"]), cells))
    return Reading(tuple(items), tuple(refused), total, _next(provider, tree, url))


def _texts(card: Element, found: dict[str, list[Element]], place: Where) -> list[str]:
    """Return what stands at a place of a card; `found` keeps what each selector found there."""
    if place.at not in found:
        found[place.at] = select(card, place.at) if place.at else [card]
    elements = found[place.at]
    if place.attribute:
        return [element.get(place.attribute) or "" for element in elements]
    return [words(element, prices=place.column in _PRICES) for element in elements]


def _nested(cards: list[Element]) -> bool:
    known = set(cards)
    return any(above in known for card in cards for above in card.iterancestors())


def _total(provider: Provider, tree: Element, url: str, cards: bool) -> int | None:
    css = provider.listing.total
    said = [words(element) for element in select(tree, css)] if css else []
    if not css or not (said or cards):
        return None
    found = _TOTAL.search(said[0]) if len(set(said)) == 1 else None
    number = (found[1] or found[2]).replace(",", "") if found else ""
    if not re.fullmatch("[0-9]{1,7}", number):
        raise PageChanged(url, f"one total at {css}", quoted(" / ".join(said)))
    return int(number)


def _next(provider: Provider, tree: Element, url: str) -> tuple[str, ...]:
    css = provider.listing.next
    if not css:
        return ()
    links = {element.get("href") or "" for element in select(tree, css)}
    if len(links) > 1 or "" in links:
        raise PageChanged(
            url, f"at most one link to the next page at {css}", quoted(" / ".join(sorted(links)))
        )
    return tuple(links)
