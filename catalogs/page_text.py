"""The text and the addresses of a piece of a page, as a reader sees them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from bs4 import Tag

# Not sup and sub: `$29<sup>95</sup>` is not 2995 dollars.
INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd"),
    *(
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ),
}
_GAP = object()
_ZERO_WIDTH = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")


def text_of(tag: "Tag") -> str:
    """Return the text in a tag in one line; digits of different tags are never joined to one number."""
    return joined(_strings(tag))


def joined(strings: Iterator[str]) -> str:
    """Return pieces of text in one line."""
    text: list[str] = []
    last = ""
    for piece in strings:
        if last.isdigit() and piece[:1].isdigit():
            text.append(" ")
        text.append(piece)
        last = piece[-1:] or last
    return " ".join(_ZERO_WIDTH.sub("", "".join(text)).split())


def _strings(tag: "Tag") -> Iterator[str]:
    """Yield the text in a tag, with a space wherever a reader sees words apart."""
    from bs4.element import CData, NavigableString, Tag

    waiting: list[object] = [tag]  # no recursion: a page may be nested as deep as it likes
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, Tag):
            if piece.name not in INLINE:
                yield " "
                waiting.append(_GAP)
            waiting += reversed(piece.contents)
        elif piece is _GAP:
            yield " "
        elif type(piece) in (NavigableString, CData):  # comments, scripts and declarations are other types
            yield str(piece)


def own_text(tag: "Tag") -> str:
    """Return the text that stands in a tag itself and in none inside it."""
    from bs4.element import CData, NavigableString

    return joined(str(piece) for piece in tag.children if type(piece) in (NavigableString, CData))


def addresses(tag: "Tag", base: str) -> list[str]:
    """Return the different web addresses of a tag and of those in it."""
    links = [tag] if tag.name == "a" else tag.find_all("a")
    found = [_whole(str(link["href"]), base) for link in links if link.has_attr("href")]
    return list(dict.fromkeys(filter(None, found)))


def _whole(href: str, base: str) -> str:
    try:
        address = urljoin(base, href.strip())
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.netloc
    same_page = href.strip().startswith("#") and not href.strip().startswith(("#/", "#!"))
    return address if is_web and not same_page and not re.search(r"\s", address) else ""
