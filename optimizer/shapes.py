"""Shapes: what JSON Schema says of single values, lists and columns of a catalog.

A shape describes the canonical spelling: a date as `2027-06-30`, money as `29.95`. Readers take more ways to
write the same. Patterns are those that ECMAScript and Python share, anchored at both ends.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from catalogs import forms
from catalogs.amounts import MOST_CENTS, MOST_HUNDREDTHS, MOST_MINUTES
from catalogs.schema import Column, Table
from catalogs.words import SLUG

type Shape = Mapping[str, Any]
"""A piece of a JSON Schema."""

_CONTROL = r"\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F"

TEXT: Shape = {"type": "string", "pattern": rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"}
WORD: Shape = {"type": "string", "pattern": f"^{SLUG}$"}
URL: Shape = {"type": "string", "format": "uri", "pattern": r"^https?://[A-Za-z0-9][^\s\[\]]*$"}
DAY: Shape = {
    "type": "string",
    "format": "date",
    "pattern": "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
}
YES_NO: Shape = {"enum": [True, False, "yes", "no"]}


_ABOVE_0 = "(?=[0-9.]*[1-9])"


def either(*shapes: Shape) -> Shape:
    """Return the shape of what has any of these shapes."""
    return {"anyOf": [dict(shape) for shape in shapes]}


def one_of(words: Iterable[str]) -> Shape:
    """Return the shape of one word out of a list."""
    return {"enum": list(words)}


def digits(pattern: str) -> Shape:
    """Return the shape of a number written as text."""
    return {"type": "string", "pattern": f"^{pattern}$"}


def number(text: str, **limits: float) -> Shape:
    """Return the shape of a number within limits, or its text."""
    return either({"type": "number", **limits}, digits(text))


def whole(least: int, most: int) -> Shape:
    """Return the shape of a whole number, or its text, whose limits only a reader knows."""
    text = digits(f"{_ABOVE_0 if least else ''}[0-9]{{1,{len(str(most))}}}")
    return either({"type": "integer", "minimum": least, "maximum": most}, text)


_CREDIT = rf"[0-9]{{1,{len(str(MOST_HUNDREDTHS)) - 2}}}(\.[0-9]{{1,2}})?"

MONEY = number(
    rf"[0-9]{{1,{len(str(MOST_CENTS)) - 2}}}(\.[0-9]{{1,2}})?", minimum=0, maximum=MOST_CENTS / 100
)
CREDIT = number(_ABOVE_0 + _CREDIT, exclusiveMinimum=0, maximum=MOST_HUNDREDTHS / 100)
CREDIT_OR_NONE = number(_CREDIT, minimum=0, maximum=MOST_HUNDREDTHS / 100)
RATIO = number(
    rf"{_ABOVE_0}[0-9]{{1,9}}(\.[0-9]{{1,9}}| ?/ ?(?=[0-9]*[1-9])[0-9]{{1,9}})?",
    exclusiveMinimum=0,
    maximum=999_999_999,
)
SUM = either(RATIO, {"const": 0}, digits(r"0+(\.0+)?"))
_IN_A_WEEK = r"(168(\.00?)?|(16[0-7]|1[0-5][0-9]|[0-9]{1,2})(\.[0-9]{1,2})?)"
WEEKLY_HOURS = number(_ABOVE_0 + _IN_A_WEEK, exclusiveMinimum=0, maximum=168)
HOURS = number(r"[0-9]{1,4}(\.[0-9]{1,9})?", minimum=0, maximum=MOST_MINUTES / 60)


NAMED = {
    "text": TEXT, "word": WORD, "url": URL, "date": DAY, "yes_no": YES_NO, "money": MONEY, "credit": CREDIT,
    "credit_or_none": CREDIT_OR_NONE, "ratio": RATIO, "weekly_hours": WEEKLY_HOURS, "hours": HOURS,
}  # fmt: skip
"""The shapes that have a name of their own in a schema."""


def list_of(shape: Shape, **limits: int) -> Shape:
    """Return the shape of a list, or of a single value in place of a list of one."""
    return either(shape, {"type": "array", "items": dict(shape), **limits})


def array(shape: Shape) -> Shape:
    """Return the shape of a list."""
    return {"type": "array", "items": dict(shape)}


def needed(shape: Shape) -> Shape:
    """Return the shape of what must be there: a list is not empty."""
    return {**shape, "minItems": 1} if shape.get("type") == "array" else shape


def optional(shape: Shape) -> Shape:
    """Return the shape of what may also be empty text, which says as little as no key at all."""
    if "enum" in shape:
        return {**shape, "enum": [*shape["enum"], ""]}
    return either(shape, {"const": ""}) if "anyOf" in shape or shape.get("type") == "string" else shape


def by_word(word: Shape, value: Shape) -> Shape:
    """Return the shape of a table whose keys are the writer's own words."""
    return {"type": "object", "propertyNames": dict(word), "additionalProperties": dict(value)}


def closed(properties: Mapping[str, Shape], needed: Iterable[str], **limits: int) -> Shape:
    """Return the shape of a table with these keys and no others."""
    shape = {"type": "object", "properties": dict(properties), "required": list(needed)}
    return {**shape, "additionalProperties": False, **limits}


_BY_FORM = {
    forms.MONEY: MONEY,
    forms.HOURS: HOURS,
    forms.CREDIT: CREDIT,
    forms.DAY: DAY,
    forms.YES_NO: YES_NO,
    forms.TEXT: TEXT,
    forms.URL: TEXT,
}


def of_column(column: Column) -> Shape:
    """Return the shape of what a cell of a column holds, as the declaration of its form has it."""
    form = column.form
    if shape := _BY_FORM.get(form):
        return shape
    limits = form.constraints
    if form.type == "integer":
        return whole(limits["minimum"], limits["maximum"])
    if "enum" in limits:
        return one_of(limits["enum"])
    text: Shape = {"type": "string", "pattern": f"^(?:{limits['pattern']})$"}
    if form.unknown != ():  # what an empty list is
        return text
    return either(text, {"type": "array", "items": text, "minItems": int(column.needed)})


def of_row(table: Table) -> Shape:
    """Return the shape of one row written as a table whose keys are the columns."""
    properties = {
        column.name: {
            "description": column.meaning.replace("`", ""),
            **(of_column(column) if column.filled else optional(of_column(column))),
        }
        for column in table.columns
    }
    return closed(properties, (column.name for column in table.columns if column.needed))
