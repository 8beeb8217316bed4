"""Cells that hold words: free text, ids, known words, slugs, lists, yes or no, and a pass's benefit."""

import re
from collections.abc import Callable, Sequence

from catalogs.amounts import parse_amount, write_amount
from catalogs.faults import BadValue, did_you_mean

SLUG = r"[a-z0-9][a-z0-9_-]*"
UNITS = (
    "contact_hour", "aama_ceu", "nha_credit", "ccp_point", "iacet_ceu", "college_credit", "cme", "clock_hour",
)  # fmt: skip

_SLUG = re.compile(SLUG)


def parse_text(text: str) -> str:
    """Return text as it is, without the spaces around it."""
    return text.strip()


def parse_id(text: str) -> str:
    """Return an id, which may be any text that a `;`-separated list can hold."""
    if ";" in text:
        problem = "an id cannot hold a semicolon, which separates ids in a list"
        raise BadValue(problem, "Write the id without ;, such as provider:native-id.")
    return text.strip()


def one_of(noun: str, words: Sequence[str]) -> Callable[[str], str]:
    """Return a parser of the known words of a column, which takes any case and any gap."""
    by_letters = {_letters(word): word for word in words}

    def parse_word(text: str) -> str:
        """Return the known word a cell holds."""
        word = by_letters.get(_letters(text))
        if word is None:
            remedy = f"Write one of: {', '.join(words)}.{did_you_mean(text.strip().replace(' ', '_'), words)}"
            raise BadValue(problem=f"it is not a known {noun}", remedy=remedy)
        return word

    return parse_word


def _letters(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text.casefold())


def parse_unit(text: str) -> str:
    """Return a unit of credit, any slug; known ones may be written `Contact Hours`."""
    unit = re.sub(r"\s+", "_", text.strip().casefold())
    spelled = unit.replace("-", "_")
    for known in (spelled, spelled.removesuffix("s")):
        if known in UNITS:
            return known
    if not _SLUG.fullmatch(unit):
        remedy = f"Write a known unit ({', '.join(UNITS)}) or another word of letters, digits, _ and -."
        raise BadValue(problem="it is not a unit of credit", remedy=remedy)
    return unit


def list_parser(gap: str) -> Callable[[str], tuple[str, ...]]:
    """Return a parser of `;`-separated slugs in which spaces inside one are written as `gap`."""

    def parse_slugs(text: str) -> tuple[str, ...]:
        """Return the slugs of a list in the order written, each once."""
        slugs = [re.sub(r"\s+", gap, item.strip().casefold()) for item in text.split(";")]
        for slug in slugs:
            if slug and not _SLUG.fullmatch(slug):
                problem = f'"{slug}" is not a word of letters, digits, _ and -'
                raise BadValue(problem, "Separate words by ; such as infection-control; pharmacology.")
        return tuple(dict.fromkeys(filter(None, slugs)))

    return parse_slugs


def parse_ids(text: str) -> tuple[str, ...]:
    """Return the ids of a `;`-separated list in the order written, each once."""
    return tuple(dict.fromkeys(item.strip() for item in text.split(";") if item.strip()))


def write_list(items: Sequence[str]) -> str:
    """Return a list as one cell."""
    return "; ".join(items)


def parse_yes_no(text: str) -> bool:
    """Return whether a cell says yes."""
    word = text.strip().casefold()
    if word in ("yes", "y", "true"):
        return True
    if word in ("no", "n", "false"):
        return False
    raise BadValue(problem="it is neither yes nor no", remedy="Write yes or no.")


def write_yes_no(yes: bool) -> str:
    """Return `yes` or `no`."""
    return "yes" if yes else "no"


def parse_benefit(text: str) -> tuple[str, int]:
    """Return what a pass does for a price: its word, and hundredths of a percent where it takes some off."""
    percent = re.fullmatch(r"(.*[^\s])\s*%(?:\s*off)?", text.strip(), re.IGNORECASE)
    remedy = "Write included, member_price, or a share off the list price such as 50%."
    if percent is None:
        word = _letters(text)
        for benefit in ("included", "member_price"):
            if word == _letters(benefit):
                return benefit, 0
        raise BadValue(problem="it is not a known benefit", remedy=remedy)
    try:
        share = parse_amount(percent[1])
    except BadValue:
        raise BadValue(
            problem="it is not a share between 0% and 100% with at most 2 decimals", remedy=remedy
        ) from None
    if share > 100_00:
        raise BadValue(problem="it takes off more than 100%", remedy=remedy)
    return "percent", share


def write_benefit(benefit: tuple[str, int]) -> str:
    """Return a pass's benefit as one cell."""
    return f"{write_amount(benefit[1])}%" if benefit[0] == "percent" else benefit[0]
