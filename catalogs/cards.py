"""The lists of cards on a page: a heading each, and around it a price, credit, a link.

Headings of one kind (tag and class) make one list. A heading's card is the largest element around it that holds
no other heading of its kind, so that a price can belong to no other course.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalogs.cell_looks import is_money
from catalogs.grids import MOST_COLUMNS, Grid, check_size, too_much
from catalogs.page_text import INLINE, addresses, own_text, text_of
from catalogs.stated_credit import is_stated_with_unit

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TITLE_CLASS = re.compile(r"(?:^|[-_])(?:title|name)(?:$|[-_])", re.IGNORECASE)
# A label inside a text begins with a capital, and with no word that belongs to the amount before it.
_LABEL = re.compile(
    r"(?:^|(?<=\s)(?=[A-Z])(?!(?i:off|each|per|or|and|to|from|was|now|only|for|plus)\b))"
    r"([^\W\d_]+(?:[ -][^\W\d_]+){0,3}) ?: ",
)
_KEPT_WHOLE = ("del", "ins", "s", "strike", "sup", "sub")
_SEPARATORS = re.compile(r"^[\s|·•,]*$")
_MONEY = re.compile(r"\$ ?[0-9]")
_CREDIT = re.compile(
    r"[0-9] ?(?:[a-z]+ )?(?:ceus?|ces?|credits?|contact hours?|cmes?|hours?)\b", re.IGNORECASE
)
_LONGEST_PIECE = 2_000


def card_grids(soup: "BeautifulSoup", file: str, base: str) -> Iterator[Grid]:
    """Yield each list of cards of which some have a price or credit."""
    seen: set[frozenset[int]] = set()
    for kind, number, cards in _single(list(_priced(soup))):
        titles = {text_of(heading) for heading, _ in cards}
        # A heading that is the same on every card is a caption, such as "Free preview".
        if len(titles) == 1 and len(cards) > 2:
            continue
        key = frozenset(id(card) for _, card in cards)
        if any(len(key & other) * 2 > len(key) for other in seen):  # the same cards by a lesser heading
            continue
        seen.add(key)
        # Cards of one list are alike: a box in the footer, which also has a heading, lies elsewhere in the tree.
        by_place: dict[tuple[int, str], list[_Card]] = defaultdict(list)
        for heading, card in cards:
            by_place[sum(1 for _ in card.parents), card.name].append((heading, card))
        for place, alike in enumerate(by_place.values(), 1):
            name = f"cards headed {kind}" + (f", list {place}" if len(by_place) > 1 else "")
            yield _grid(name, alike, number - len(cards), file, base)


type _Card = tuple["Tag", "Tag"]
"""A heading, and the card around it."""
type _List = tuple[str, int, list[_Card]]
"""The kind of heading, how many of it there are, and those whose card has a price or credit."""


def _priced(soup: "BeautifulSoup") -> Iterator[_List]:
    for kind, headings in _kinds(soup):
        count = Counter(id(parent) for heading in headings for parent in heading.parents)
        cards = [(heading, _card(heading, count)) for heading in headings]
        yield kind, len(headings), [(heading, card) for heading, card in cards if _has_amount(card, heading)]


def _single(lists: list[_List]) -> Iterator[_List]:
    """Yield the lists without the cards that hold several others: those are a whole list and its caption."""
    inside: dict[int, set[int]] = defaultdict(set)
    for _, _, cards in lists:
        for _, card in cards:
            for parent in card.parents:
                inside[id(parent)].add(id(card))
    for kind, number, cards in lists:
        single = [(heading, card) for heading, card in cards if len(inside[id(card)]) < 2]
        if single:
            yield kind, number, single


def _kinds(soup: "BeautifulSoup") -> list[tuple[str, list["Tag"]]]:
    """Return the headings of a page by kind: tags first, then elements whose class says title or name."""
    kinds: dict[str, list[Tag]] = defaultdict(list)
    for tag in soup.find_all(_HEADINGS):
        if text_of(tag) and tag.find_parent(_HEADINGS) is None:
            kinds[_kind(tag)].append(tag)
    for tag in soup.find_all(_is_titled):
        if text_of(tag) and tag.find(_HEADINGS) is None and tag.find_parent(_HEADINGS) is None:
            kinds[_kind(tag)].append(tag)
    return sorted(kinds.items(), key=lambda kind: (_rank(kind[1][0]), -len(kind[1]), kind[0]))


def _rank(tag: "Tag") -> int:
    return _HEADINGS.index(tag.name) if tag.name in _HEADINGS else len(_HEADINGS)


def _is_titled(tag: "Tag") -> bool:
    return tag.name not in _HEADINGS and any(_TITLE_CLASS.search(word) for word in _classes(tag))


def _classes(tag: "Tag") -> list[str]:
    said = tag.get("class")
    return [str(word) for word in said] if isinstance(said, list) else []


def _kind(tag: "Tag") -> str:
    return ".".join([tag.name, *sorted(_classes(tag))])


def _card(heading: "Tag", count: Counter[int]) -> "Tag":
    card = heading
    for parent in heading.parents:
        if count[id(parent)] > 1 or parent.name in ("body", "html", "[document]"):
            break
        card = parent
    return card


def _has_amount(card: "Tag", heading: "Tag") -> bool:
    if card is heading:
        return False
    text = text_of(card)
    return bool(_MONEY.search(text) or _CREDIT.search(text)) or any(
        piece.strip().casefold() == "free" for piece in card.stripped_strings
    )


def _grid(name: str, cards: list[tuple["Tag", "Tag"]], left: int, file: str, base: str) -> Grid:
    columns: dict[str, int] = {"title": 0, "link": 1}
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, (heading, card) in enumerate(cards, 1):
        said: dict[str, str] = {"title": text_of(heading), "link": _link(heading, card, base)}
        for header, text in _pieces(card, heading):
            said[_free(header, said)] = text[:_LONGEST_PIECE]
        for header in said:
            columns.setdefault(header, len(columns))
        if len(columns) > MOST_COLUMNS:
            raise too_much(file, f"{MOST_COLUMNS} columns")
        by_place = {columns[header]: text for header, text in said.items()}
        rows.append((number, tuple(by_place.get(place, "") for place in range(max(by_place) + 1))))
    check_size(file, [cells for _, cells in rows])
    notes: tuple[str, ...] = ()
    if left:
        notes = (f"{left:,} heading{'s'[: left > 1]} without a price or credit beside it: no card.",)
    return Grid(name, ((0, tuple(columns)), *rows), padded=True, row_noun="card", notes=notes)


def _free(header: str, said: dict[str, str]) -> str:
    name, number = header, 2
    while name in said:
        name, number = f"{header} ({number})", number + 1
    return name


def _link(heading: "Tag", card: "Tag", base: str) -> str:
    """Return where the heading leads to, or the card if to one address only."""
    around = heading.find_parent("a")
    own = addresses(around, base) if around is not None else addresses(heading, base)
    found = own if len(own) == 1 else addresses(card, base)
    return found[0] if len(found) == 1 else ""


def _pieces(card: "Tag", heading: "Tag") -> Iterator[tuple[str, str]]:
    """Yield what a card says beside its heading, in pieces with a name: a label of theirs, or their class."""
    from bs4 import Tag

    waiting: list[Tag] = [card]
    while waiting:
        tag = waiting.pop()
        text = text_of(tag)
        if tag is heading or not text:
            continue
        if tag.name == "dl":
            yield from _defined(tag)
            continue
        children = [child for child in tag.children if isinstance(child, Tag)]
        if any(isinstance(inner, Tag) and _parts(inner, heading) for inner in tag.descendants):
            if own := own_text(tag).strip():
                yield from _labelled(own, tag)
            waiting += reversed(children)
            continue
        filled = [child for child in children if text_of(child)]
        if _is_one_piece(tag, text, len(filled)):
            yield from _labelled(text, tag)
        else:
            waiting += reversed(children)


def _parts(inner: "Tag", heading: "Tag") -> bool:
    """Tell whether a reader sees text before and after a tag as two things."""
    return inner is heading or (inner.name not in INLINE and inner.name not in _KEPT_WHOLE)


def _is_one_piece(tag: "Tag", text: str, filled: int) -> bool:
    return bool(
        filled < 2
        or not _SEPARATORS.match(own_text(tag))
        or tag.find(_KEPT_WHOLE) is not None
        or _LABEL.match(text)
        or is_money(text)
        or is_stated_with_unit(text)
    )


def _labelled(text: str, tag: "Tag") -> Iterator[tuple[str, str]]:
    """Yield `Price: $10.00 CE-PRO Price: $5.00` as two named pieces, other text as one."""
    labels = list(_LABEL.finditer(text + " "))
    if not labels or labels[0].start() > 0:
        yield _named(tag), text
        return
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=True):
        value = text[label.end() : end].strip()
        if value:
            yield label[1].strip(), value


def _named(tag: "Tag") -> str:
    """Return a name for what stands in a tag: its class, that of the only one in it, or what tag it is."""
    from bs4 import Tag

    inner = tag
    while not _classes(inner):
        children = [child for child in inner.children if isinstance(child, Tag) and text_of(child)]
        if len(children) != 1:
            return tag.name
        inner = children[0]
    return " ".join(_classes(inner))[:60]


def _defined(tag: "Tag") -> Iterator[tuple[str, str]]:
    label = ""
    for inner in tag.find_all(["dt", "dd"]):
        text = text_of(inner)
        if inner.name == "dt":
            label = text.rstrip(" :")
        elif text:
            yield label or "dd", text
