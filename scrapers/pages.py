"""What every parser of saved pages shares: the text a reader sees, and the refusal to guess."""

from warnings import catch_warnings, simplefilter

from bs4 import BeautifulSoup, Tag

INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd"),
    *("label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"),
    *("u", "var", "wbr"),
}
"""Elements at whose edges a reader sees no gap."""
_SHOWN = 80


class PageChanged(Exception):
    """Stop because a page is not in the shape its parser knows; no row is made of it."""

    def __init__(self, url: str, looked_for: str, found: str) -> None:
        super().__init__(f"{url}: looked for {looked_for}, found {found}")


def quoted(text: str) -> str:
    """Return the text's beginning in quotes, control characters spelled out, for a message."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "nothing" if not text else repr(short)


def readable(html: str) -> BeautifulSoup:
    """Return the page as a tree whose text has a space wherever a reader sees words apart."""
    with catch_warnings():
        # About text that is no page; whoever looks for something on it says so better.
        simplefilter("ignore", UserWarning)
        soup = BeautifulSoup(html, "lxml")
    for tag in soup.find_all(True):
        if tag.name not in INLINE or _between_digits(tag):
            tag.insert_before(" ")
            tag.append(" ")
    return soup


def _between_digits(tag: Tag) -> bool:
    """Say whether a tag begins with a digit right after another: raised cents do not lengthen the dollars."""
    before = tag.previous_sibling
    return before is not None and before.get_text()[-1:].isdigit() and tag.get_text()[:1].isdigit()


def one_line(tag: Tag) -> str:
    """Return the text in a tag, scripts and comments left out, every run of white space made one space."""
    return " ".join(tag.get_text().split())
