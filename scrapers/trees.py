"""Pages of HTML as lxml's trees, found in by CSS selector: fast enough for lists of thousands of cards."""

import re
from collections.abc import Iterator
from functools import cache

from lxml.cssselect import CSSSelector
from lxml.etree import HTMLParser, LxmlError, _Element, fromstring

from scrapers.pages import INLINE, PageChanged, quoted

type Element = _Element
"""Of lxml.etree, and not of lxml.html, which asks a Python function what class each element shall be."""

_HIDDEN = {"script", "style", "noscript", "template", "head"}
_MARKUP = re.compile(r"<[A-Za-z/!][^<>]*>|&#?\w{1,31};")
_STRUCK = {"del", "s", "strike"}
_MARKED = {*_STRUCK, "ins"}
_SOUGHT = 2000
"""Characters of a page in which a login form or a challenge gives itself away."""


def html_tree(text: str, url: str) -> Element:
    """Return a page's tree, or raise `PageChanged` if it has none that is whole."""
    if not text.strip():
        raise PageChanged(url, "a page", "an empty one")
    try:
        return _whole_tree(text)
    except ValueError as error:
        raise PageChanged(url, "a page that can be read to its end", quoted(str(error))) from None


def _whole_tree(text: str) -> Element:
    # As bytes in a stated encoding: lxml refuses text that declares one, and believes what it declares.
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    data = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")
    try:
        tree: Element | None = fromstring(data, parser)
    except LxmlError as error:
        raise ValueError(str(error)) from None
    if tree is None:
        msg = "it holds no element"
        raise ValueError(msg)
    for entry in parser.error_log:
        if entry.level_name == "FATAL":  # what comes after such a place is missing from the tree
            raise ValueError(entry.message)
    return tree


@cache
def selector(css: str) -> CSSSelector:
    """Return what finds the elements of a CSS selector inside an element."""
    return CSSSelector(css, translator="html")


def select(element: Element, css: str) -> list[Element]:
    """Return the elements inside that a CSS selector finds."""
    found: list[Element] = selector(css)(element)
    return found


def words(element: Element, prices: bool = False) -> str:
    """Return the text a reader sees on one line; of prices, what is struck out or put in is said in words."""
    if not len(element) and not (prices and element.tag in _MARKED):
        return " ".join((element.text or "").split())
    text = ""
    for piece in _pieces(element, prices):
        # Two numbers side by side, such as dollars and raised cents, are not one number.
        text += " " + piece if text[-1:].isdigit() and piece[:1].isdigit() else piece
    return " ".join(text.split())


def _pieces(root: Element, prices: bool) -> Iterator[str]:
    waiting: list[Element | str] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            continue
        tag = one.tag
        if not isinstance(tag, str) or tag in _HIDDEN or "hidden" in one.attrib:  # no str: a comment
            continue
        gap = "" if tag in INLINE else " "
        if prices and tag in _STRUCK:
            yield " was "
        elif prices and tag == "ins":
            yield " now "
        yield gap
        if one.text:
            yield one.text
        waiting.append(gap)
        for child in reversed(one):
            if child.tail:
                waiting.append(child.tail)
            waiting.append(child)


def plain_text(text: str) -> str:
    """Return text that may be written as HTML, as JSON often has it, on one line without its markup."""
    if not _MARKUP.search(text):  # "BP < 120" has none
        return " ".join(text.split())
    try:
        return words(_whole_tree(f"<div>{text}</div>"))
    except ValueError:  # no title or amount is nested so deeply: as it stands it will be refused
        return " ".join(text.split())


def instead(tree: Element) -> str:
    """Return, for a message, what a page seems to be that is not the one looked for."""
    if select(tree, 'input[type="password"]'):
        return "a page with a login form"
    return "a page that begins " + quoted(words(tree)[:_SOUGHT])
