"""Where a provider's file says that values stand → their texts, each found exactly once."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from catalogs.faults import BadValue
from scrapers.described import Provider, Where
from scrapers.pages import quoted
from scrapers.parsed import unread

type Texts = Callable[[Where], Iterable[str]]
"""What stands at a place of one card or product."""


def cells_at(provider: Provider, texts: Texts, own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the cells a platform has by itself and those the provider's file gives a place, which win."""
    cells = dict(own or {})
    for place in provider.places:
        try:
            found = value_at(place, texts(place))
        except BadValue as bad:
            raise unread(problem=f"{place.column}: {bad.problem}") from None
        if found is not None:
            cells[place.column] = found
    return cells


def value_at(place: Where, texts: Iterable[str]) -> str | None:
    """Return the one text at a place, None where an optional one is absent, or refuse it."""
    found = [text for text in texts if text]
    if place.pattern:
        pattern = _compiled(place.pattern)
        found = [match[1] or "" for text in found for match in pattern.finditer(text)]
    if len(found) == 1:
        return found[0]
    if found:
        told = " and ".join(quoted(text) for text in found[:3])
        raise unread(problem=f"there are {len(found)} of them, {told}")
    if place.optional:
        return None
    at = place.at or "the card itself"
    raise unread(problem=f"there is none at {at}{' in that shape' if place.pattern else ''}")


def named(where: str, title: str) -> str:
    """Return a place on a page with the title found there, for a message."""
    title = " ".join(title.split())
    return f"{where} ({title[:60]})" if title else where


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
