"""The keys of a credential's TOML file, declared once: what each means and how it is read."""

from dataclasses import replace
from typing import Any

from catalogs.schema import FORMATS, KINDS
from optimizer import shapes
from optimizer.credential import (
    Cap,
    CarryOver,
    Fee,
    Filter,
    NotModelled,
    Requirement,
    Route,
    Source,
    Version,
)
from optimizer.toml_reading import Key, Keys, Place, Read, list_of, table, table_shape, tables
from optimizer.toml_values import (
    credit,
    credit_or_none,
    day,
    money,
    ratio,
    slug,
    text,
    url,
    whole,
    word,
    yes_no,
)

DEFAULT_ROUTE = "continuing-education"
CONFIDENCE = ("issuer", "copy", "third-party", "article", "unverified")
MOST_MONTHS = 600
_MOST_DAYS = 3660


def _words(read: Read) -> Read:
    """Return a reader of one value or a list of some, of which the credit has any."""
    read_list = list_of(read)

    def read_words(value: object, place: Place) -> tuple[Any, ...]:
        if value == []:
            place.refuse(
                value, "it is an empty list, which nothing matches", "Name a value, or remove the key."
            )
        words: tuple[Any, ...] = read_list(value, place)
        return tuple(dict.fromkeys(words))

    return Read(read_words, shapes.list_of(read.shape, minItems=1))


def _read_category(value: object, place: Place) -> Any:
    if value == "any":
        remedy = "Name categories; credit without one matches no category."
        place.refuse(value, "it stands for credit without a category", remedy)
        return None
    return slug(value, place)


_category = Read(_read_category, {**slug.shape, "not": {"const": "any"}})


def by_id(read: Read, read_id: Read) -> Read:
    """Return a reader of a table whose keys are the writer's own words; it gives pairs sorted by them."""

    def read_pairs(value: object, place: Place) -> tuple[tuple[str, Any], ...]:
        if not isinstance(value, dict):
            place.refuse(value, "it is not a table", "Write a table, one id = number for each.")
            return ()
        said = ((read_id(key, place.key(key)), read(inner, place.key(key))) for key, inner in value.items())
        return tuple(sorted((key, inner) for key, inner in said if key is not None and inner is not None))

    return Read(read_pairs, shapes.by_word(read_id.shape, read.shape))


def _filter(said: dict[str, Any]) -> Filter:
    exclude = said.pop("not", None)
    return Filter(**said, exclude=exclude)


def _read_not(value: object, place: Place) -> Filter:
    if value == {}:
        place.refuse(value, "it is empty, so it excludes everything", "Name what to exclude, or remove it.")
    excluded: Filter = table(EXCLUDED, _filter)(value, place)
    return excluded


_confidence = word("word for how sure a rule is", CONFIDENCE)

SOURCE: Keys = {
    "title": Key(text, "the page's title", needed=True),
    "url": Key(url, "its address, http or https", needed=True),
    "read_on": Key(day, "the day it was read"),
}
GROUNDS: Keys = {
    "confidence": Key(_confidence, "how sure it is (default: the version's)"),
    "source": Key(table(SOURCE, lambda said: Source(**said)), "where it was read"),
}
EXCLUDED: Keys = {
    "category": Key(_words(_category), "categories the credit may be counted in", default=()),
    "approver": Key(
        _words(slug), "approvers, one of which approves it on the day it is finished", default=()
    ),
    "kind": Key(_words(word("kind", KINDS)), "kinds of offering", default=()),
    "format": Key(_words(word("format", FORMATS)), "formats", default=()),
    "provider": Key(_words(text), "providers, as the catalog writes them", default=()),
    "topic": Key(_words(slug), "topics, one of which it has", default=()),
}
WHERE: Keys = {
    **EXCLUDED,
    "not": Key(
        Read(_read_not, table_shape(EXCLUDED, minProperties=1)),
        "a table of the same keys: what matches all of them is left out",
    ),
}
_ROUTE = Key(slug, f"the route it binds on (default: {DEFAULT_ROUTE})", default=DEFAULT_ROUTE)
_WHERE = Key(table(WHERE, _filter), "which credit is meant (default: all)", default=Filter())
REQUIREMENT: Keys = {
    "name": Key(text, "a name, unlike those of the other requirements", needed=True),
    "at_least": Key(credit, "the credit that must count", needed=True),
    "where": _WHERE,
    "every_months": Key(whole(1, MOST_MONTHS), "ask for it in each such part of the cycle"),
    "within_months": Key(
        whole(1, MOST_MONTHS), "look at so many months up to the deadline, more or fewer than the cycle's"
    ),
    "ever": Key(yes_no, "true: look at all days up to the deadline (default: the cycle)", default=False),
    "route": _ROUTE,
    **GROUNDS,
}
CAP: Keys = {
    "name": Key(text, "a name, unlike those of the other caps", needed=True),
    "at_most": Key(credit_or_none, "the credit that may count"),
    "items_at_most": Key(whole(0, 9999), "how many items may count"),
    "where": _WHERE,
    "every_months": Key(whole(1, MOST_MONTHS), "let it hold in each such part of the cycle"),
    "route": _ROUTE,
    **GROUNDS,
}
ROUTE: Keys = {
    "name": Key(slug, f"a name, not {DEFAULT_ROUTE} and not any", needed=True),
    "price": Key(money, "what it costs", needed=True),
    "passes": Key(by_id(money, text), "its price under a pass, by pass id", default=()),
    "days_before": Key(
        whole(0, _MOST_DAYS), "it must be done this long before the deadline (default 0)", default=0
    ),
    "lapsed_fee": Key(
        money, "what more it costs once continuing education no longer helps; without it, it is closed then"
    ),
    **GROUNDS,
}
CARRY_OVER: Keys = {
    "months": Key(whole(1, MOST_MONTHS), "how long before the cycle credit may be earned", needed=True),
    "at_most": Key(credit, "how much of it counts in this cycle", needed=True),
    **GROUNDS,
}
FEE: Keys = {
    "name": Key(text, "a name", needed=True),
    "amount": Key(money, "what is owed", needed=True),
    "note": Key(text, "when, or to whom", default=""),
    **GROUNDS,
}
NOT_MODELLED: Keys = {
    "text": Key(text, "what the rules leave out, in words; printed with every plan", needed=True),
    "source": GROUNDS["source"],
}
VERSION: Keys = {
    "effective": Key(day, "the first deadline these rules govern", needed=True),
    "cycle_months": Key(whole(1, MOST_MONTHS), "the length of a cycle", needed=True),
    "submit_days_before": Key(
        whole(0, _MOST_DAYS), "the last day to finish is this long before the deadline (default 0)", default=0
    ),
    "lapse_days": Key(whole(0, _MOST_DAYS), "days after the deadline in which credit may still be submitted"),
    "carry_over": Key(
        table(CARRY_OVER, lambda said: CarryOver(**said)), "credit from before the cycle that counts in it"
    ),
    "repeat_months": Key(
        whole(1, MOST_MONTHS), "a course done in so many months up to the deadline does not count again"
    ),
    "smallest_item": Key(credit, "the least credit an item must have to count"),
    "round_down_to": Key(credit, "each part of an item is rounded down to a multiple of it"),
    "confidence": Key(_confidence, "how sure the rules are (default: unverified)"),
    "source": Key(table(SOURCE, lambda said: Source(**said)), "where the rules were read", needed=True),
    "requirement": Key(
        tables(REQUIREMENT, lambda said: Requirement(**said)),
        "at least one requirement",
        needed=True,
        default=(),
    ),
    "cap": Key(tables(CAP, lambda said: Cap(**said)), "credit beyond which more is void", default=()),
    "route": Key(tables(ROUTE, lambda said: Route(**said)), "other ways to recertify", default=()),
    "fee": Key(
        tables(FEE, lambda said: Fee(**said)), "owed whatever is planned: shown, not counted", default=()
    ),
    "not_modelled": Key(
        tables(NOT_MODELLED, lambda said: NotModelled(**said)), "what to tell the reader", default=()
    ),
}


def _version(said: dict[str, Any]) -> Version:
    sure = said.pop("confidence") or "unverified"
    rules = {name: said.pop(name) for name in ("requirement", "cap", "route", "fee")}
    graded: dict[str, Any] = {
        f"{name}s": tuple(replace(rule, confidence=rule.confidence or sure) for rule in read or ())
        for name, read in rules.items()
    }
    carry = said.pop("carry_over")
    if carry is not None:
        carry = replace(carry, confidence=carry.confidence or sure)
    return Version(**said, **graded, carry_over=carry, confidence=sure)


CREDENTIAL: Keys = {
    "id": Key(slug, "a word that carries the issuer, such as cma-aama", needed=True),
    "name": Key(text, "the credential's full name", needed=True),
    "issuer": Key(text, "who grants it", needed=True),
    "unit": Key(slug, "the unit its requirements are stated in", needed=True),
    "membership": Key(text, "pass id of the issuer's membership, for --member", default=""),
    "conversions": Key(
        by_id(ratio, slug),
        "credits of this credential per unit; a unit not listed does not count",
        default=(),
    ),
    "version": Key(
        tables(VERSION, _version),
        "dated rules; the newest one effective on or before the deadline governs",
        needed=True,
        default=(),
    ),
}
