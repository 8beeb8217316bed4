"""Single values of a TOML table: one reader for each sort, built on the parsers of a catalog's cells."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from catalogs.faults import BadValue, did_you_mean
from catalogs.schema import OFFERINGS, parse_cell
from catalogs.values import parse_amount, parse_day, parse_money, parse_yes_no, whole_parser
from catalogs.words import SLUG
from optimizer import shapes
from optimizer.shapes import Shape
from optimizer.toml_reading import Place, Read, text_of

_SLUG = re.compile(SLUG)
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_RATIO = re.compile(r"([0-9]{1,9}) ?/ ?([0-9]{1,9})")
_ZERO = re.compile(r"0+(?:\.0+)?")
_SUM = 'Write a sum of credit such as 34 or 0, or a ratio such as "25/6".'

_SORTS = (
    ((bool,), "yes or no"),
    ((str,), "text"),
    ((int, Decimal), "a number"),
    ((datetime,), "a day with a time"),
    ((date,), "a date"),
    ((dict,), "a table"),
    ((list,), "a list"),
)  # fmt: skip


def cell(parse: Callable[[str], Any], shape: Shape, remedy: str, *types: type) -> Read:
    """Return a reader that hands a cell's parser the text of a value of these types, or plain text."""

    def read(value: object, place: Place) -> Any:
        # By exact type: True is an int, and a day with a time is a date.
        if type(value) not in (str, *types):
            place.refuse(value, f"it is {_sort(value)}", remedy)
            return None
        if isinstance(value, list):
            if not all(isinstance(inner, str) for inner in value):
                place.refuse(value, "it holds something other than text", remedy)
                return None
            value = "; ".join(value)
        try:
            (text_of(value) or "").encode()
            return parse(text_of(value) or "")
        except BadValue as bad:
            place.refuse(value, bad.problem, bad.remedy)
        except UnicodeEncodeError:
            place.refuse(None, "it holds half a character that no file can hold", "Write the value again.")
        return None

    return Read(read, shape)


def _sort(value: object) -> str:
    return next((sort for types, sort in _SORTS if isinstance(value, types)), "a time of day")


def parse_plain_text(text: str) -> str:
    """Return text on one line, or refuse characters that could steer a terminal."""
    line = " ".join(text.split())
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in line):
        raise BadValue(problem="it holds control characters", remedy="Write visible characters only.")
    return line


def parse_path(text: str) -> str:
    """Return the path of a file as written."""
    parse_plain_text(text)
    return text


def parse_slug(text: str) -> str:
    """Return a slug: a word of small letters, digits, _ and -."""
    slug = text.strip()
    if not _SLUG.fullmatch(slug):
        problem = "it is not a word of small letters, digits, _ and -"
        near = re.sub(r"[^a-z0-9_-]+", "-", slug.casefold()[:80]).strip("-_")
        remedy = f"Write it like {near}." if _SLUG.fullmatch(near) else "Write it like infection-control."
        raise BadValue(problem, remedy)
    return slug


def parse_url(text: str) -> str:
    """Return the address of a page on the web."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound or not url.isprintable() or " " in url:
        problem = "it is not the address of a web page"
        raise BadValue(problem, "Write it whole, starting with https:// or http://.")
    return url


def parse_ratio(text: str) -> Fraction:
    """Return a positive number such as `15` or `0.5`, or a ratio such as `5/6`, exactly."""
    if match := _RATIO.fullmatch(text.strip()):
        above, below = int(match[1]), int(match[2])
        number = Fraction(above, below) if below else Fraction(0)
    else:
        number = Fraction(_number(text, 'Write a number above 0 such as 15, or a ratio such as "5/6".'))
    if not number:
        problem = "it is not above 0"
        raise BadValue(problem, 'Write a number above 0 such as 15, or a ratio such as "5/6".')
    return number


def parse_credit(text: str) -> Fraction:
    """Return an amount of credit above 0, with at most 2 decimals."""
    return Fraction(parse_amount(text), 100)


def parse_credit_or_none(text: str) -> Fraction:
    """Return an amount of credit of 0 or more, with at most 2 decimals."""
    return Fraction(0) if _ZERO.fullmatch(text.strip()) else parse_credit(text)


def parse_sum(text: str) -> Fraction:
    """Return an exact sum of converted credit: 0, or what `parse_ratio` takes."""
    if _ZERO.fullmatch(text.strip()):
        return Fraction(0)
    try:
        return parse_ratio(text)
    except BadValue as bad:
        raise BadValue(bad.problem, _SUM) from None


def parse_budget(text: str) -> int:
    """Return the cents that a learner spends at most."""
    try:
        return parse_money(text)
    except BadValue as bad:
        remedy = "Write the most you spend, in US dollars, 0 or more, such as 300; leave it out if there is no limit."
        raise BadValue(bad.problem, remedy) from None


def parse_weekly_hours(text: str) -> Decimal:
    """Return hours a week, above 0 and at most those a week has."""
    remedy = "Write the hours you can study in a week, such as 3 or 2.5."
    hours = Decimal(_number(text, remedy))
    if not 0 < hours <= 168:
        raise BadValue(problem="it is not above 0 and at most 168, the hours of a week", remedy=remedy)
    if hours != hours.quantize(Decimal("0.01")):
        raise BadValue(problem="it has more than 2 decimals", remedy=remedy)
    return hours


def _number(text: str, remedy: str) -> str:
    number = text.strip()
    if number.startswith("-"):
        raise BadValue(problem="it is negative", remedy=remedy)
    if not _NUMBER.fullmatch(number):
        raise BadValue(problem="it is not a number of at most 9 digits and 9 decimals", remedy=remedy)
    return number


def known_word(noun: str, words: Iterable[str]) -> Callable[[str], str]:
    """Return a parser of exact words out of a list."""
    known = tuple(words)

    def parse_known(text: str) -> str:
        """Return the word, if it is known."""
        if text.strip() not in known:
            remedy = f"Write one of: {', '.join(known)}.{did_you_mean(text.strip(), known)}"
            raise BadValue(problem=f"it is not a known {noun}", remedy=remedy)
        return text.strip()

    return parse_known


text = cell(parse_plain_text, shapes.TEXT, "Write text in quotes.")
path = cell(parse_path, shapes.TEXT, "Write the file's path in quotes.")
slug = cell(parse_slug, shapes.WORD, "Write a word in quotes.")
url = cell(parse_url, shapes.URL, 'Write the address in quotes, such as "https://example.org/rules".')
day = cell(parse_day, shapes.DAY, "Write a date such as 2027-06-30.", date)
money = cell(parse_money, shapes.MONEY, "Write US dollars such as 29.95.", int, Decimal)
credit = cell(parse_credit, shapes.CREDIT, "Write an amount of credit such as 10 or 0.5.", int, Decimal)
credit_or_none = cell(
    parse_credit_or_none, shapes.CREDIT_OR_NONE, "Write an amount of credit such as 12, or 0.", int, Decimal
)
ratio = cell(
    parse_ratio, shapes.RATIO, 'Write a number above 0 such as 15, or a ratio such as "5/6".', int, Decimal
)
exact_sum = cell(parse_sum, shapes.SUM, _SUM, int, Decimal)
weekly_hours = cell(parse_weekly_hours, shapes.WEEKLY_HOURS, "Write hours such as 3 or 2.5.", int, Decimal)
yes_no = cell(parse_yes_no, shapes.YES_NO, "Write yes or no.", bool)


def column(name: str, *types: type) -> Read:
    """Return a reader of what a column of the catalog's offerings may hold."""
    one = OFFERINGS.column(name)
    return cell(partial(parse_cell, one), shapes.of_column(one), f"Write {one.form.says}.", *types)


def whole(least: int, most: int) -> Read:
    """Return a reader of whole numbers from `least` to `most`."""
    remedy = f"Write a whole number from {least} to {most}."
    return cell(whole_parser(least, most), shapes.whole(least, most), remedy, int, Decimal)


def word(noun: str, words: Iterable[str]) -> Read:
    """Return a reader of exact words out of a list."""
    known = tuple(words)
    return cell(known_word(noun, known), shapes.one_of(known), "Write a word in quotes.")
