"""Credit as providers write it: `1.5`, `3.0 ANCC Contact Hour(s)`, `1.0 clinical CEU` → amount, category and unit."""

import re
from dataclasses import dataclass
from functools import lru_cache

from catalogs.amounts import parse_amount
from catalogs.credits import parse_credits
from catalogs.faults import BadValue
from catalogs.header_words import CATEGORY_WORDS
from catalogs.records import Part

_UNITS = (
    (r"contact hours?", "contact_hour"),
    (r"clock hours?", "clock_hour"),
    (r"cme(?: credits?| hours?)?", "cme"),
    (r"college credits?", "college_credit"),
    (r"ccp points?", "ccp_point"),
    (r"(?:ceu?s?|continuing education)(?: (?:credits?|units?|hours?))?", ""),
    (r"credits?(?: hours?)?|points?|units?", ""),
)  # fmt: skip
_ISSUERS = {"aama": "aama_ceu", "iacet": "iacet_ceu", "nha": "nha_credit"}
"""Whose credit it is, where that alone says what one unit of it is."""
_APPROVERS = "aama|iacet|nha|ancc|amt|bacb|aapc|ce"
_STATED = re.compile(
    r"(?P<amount>-?[0-9]*\.?[0-9]+)"
    r"(?: (?P<category>clinical|administrative|admin|general))?"
    rf"(?: (?P<issuer>{_APPROVERS})(?:-approved)?)?"
    rf"(?: (?P<unit>{'|'.join(form for form, _ in _UNITS)}))"
)
_BARE = re.compile(r"[0-9]*\.?[0-9]+")
_SIGNED = re.compile(r"[-−–—+:] ?[0-9]*\.?[0-9]+")
_REMEDY = "Write the credit alone, such as 1.5 or clinical=1; administrative=0.5; or leave the cell empty."


@dataclass(frozen=True, slots=True)
class StatedCredit:
    """Hold what one cell says about credit."""

    parts: tuple[Part, ...]
    unit: str = ""
    """Empty where the words do not say what one unit is."""
    in_ceus: bool = False
    """It is said in CEUs, and not whose: of one hour, or of ten."""


@lru_cache(maxsize=65_536)
def parse_stated(text: str) -> StatedCredit:
    """Return what a cell of credit says; an amount without a category becomes `any`."""
    tidy = " ".join(text.split()).casefold().replace("(s)", "s")
    if _BARE.fullmatch(tidy):
        _check_above_zero(tidy)
        return StatedCredit((Part(("any",), parse_amount(tidy)),))
    if "=" in tidy:
        return StatedCredit(parse_credits(text))
    if match := _STATED.fullmatch(tidy):
        _check_above_zero(match["amount"])
        unit = _unit(match)
        in_ceus = not unit and match["unit"].startswith(("ceu", "continuing education unit"))
        category = CATEGORY_WORDS.get(match["category"] or "", "any")
        return StatedCredit((Part((category,), parse_amount(match["amount"])),), unit, in_ceus)
    raise BadValue(_problem(tidy), _REMEDY)


def _unit(match: re.Match[str]) -> str:
    said = next(unit for form, unit in _UNITS if re.fullmatch(form, match["unit"]))
    own = _ISSUERS.get(match["issuer"] or "", "")
    return own if own and not said else said


def _check_above_zero(number: str) -> None:
    if not float(number):
        problem = "it is an amount of 0, which no catalog states"
        raise BadValue(problem, "Leave the cell empty if the course gives no credit, or write what it gives.")


def _problem(tidy: str) -> str:
    numbers = re.findall(r"[0-9]*\.?[0-9]+", tidy)
    if not numbers:
        return "it is not an amount of credit"
    if "$" in tidy:
        return "it holds money, and credit is wanted"
    if len(numbers) > 1:
        return "it holds more than one number, and only you can tell what credit is meant"
    if _SIGNED.fullmatch(tidy):
        return "a sign stands before the amount of credit, and only you can tell whether it belongs to it"
    return "there is more in it than one amount of credit and its unit"


def is_stated_with_unit(text: str) -> bool:
    """Tell whether a text is an amount of credit that says so itself, as `1.5 CEUs` does."""
    tidy = " ".join(text.split()).casefold().replace("(s)", "s")
    return _STATED.fullmatch(tidy) is not None
