"""What a cell of a column may be: how it is read, written, kept in a table and described."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogs import values
from catalogs.words import SLUG

_IDS = r"[^;]+(;[^;]+)*"
_AMOUNT = r"[0-9]+(\.[0-9]{1,2})?"


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """Hold everything about one sort of cell."""

    says: str
    """What to write, for the documentation."""
    parse: Callable[[str], Any]
    """From text that is not empty to a value; refuses with `BadValue`."""
    write: Callable[[Any], str]
    """From a value to the one canonical text of it."""
    unknown: Any = None
    """What an empty cell means."""
    dtype: str = "str"
    """The column's type in a table. A column of type `str` holds the canonical text, any other the value."""
    type: str = "string"
    """The field's type in a Frictionless Table Schema."""
    constraints: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    """Further properties of the Frictionless field."""


def same_text(text: str) -> str:
    """Return the text of a value that is text itself."""
    return text


def words(noun: str, known: Sequence[str]) -> Form:
    """Return the form of one word out of a closed list."""
    says = " ".join(f"`{word}`" for word in known)
    return Form(says, values.one_of(noun, known), same_text, "", constraints={"enum": list(known)})


def whole(least: int, most: int, days: bool = False) -> Form:
    """Return the form of a whole number in a range."""
    says = f"{'days' if days else 'number'}, {least} to {most}"
    limits = {"minimum": least, "maximum": most}
    return Form(says, values.whole_parser(least, most, days), str, None, "Int64", "integer", limits)


def slugs(gap: str, says: str = "`;`-separated words") -> Form:
    """Return the form of a list of words in which `gap` stands for a space."""
    pattern = f"{SLUG}( *; *{SLUG})*"
    return Form(says, values.list_parser(gap), values.write_list, (), constraints={"pattern": pattern})


_PART = rf"{SLUG}(\|{SLUG})*={_AMOUNT}"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_APPROVAL = rf"{SLUG}(#[^#@;]+)?(@{_DAY}/{_DAY})?"

TEXT = Form("text", values.parse_text, same_text, "")
URL = Form("address", values.parse_text, same_text, "")
ID = Form("an id without `;`", values.parse_id, same_text, "", constraints={"pattern": "[^;]+"})
IDS = Form("`;`-separated ids", values.parse_ids, values.write_list, (), constraints={"pattern": _IDS})
UNIT = Form(
    " ".join(f"`{unit}`" for unit in values.UNITS) + " or another word",
    values.parse_unit,
    same_text,
    "",
    constraints={"pattern": SLUG},
)
CREDITS = Form(
    "`clinical=1; administrative=0.5`",
    values.parse_credits,
    values.write_credits,
    (),
    constraints={"pattern": f"{_PART}( *; *{_PART})*"},
)
APPROVALS = Form(
    "`aama; amt` or `aama#134207@2026-08-30/2027-08-29`",
    values.parse_approvals,
    values.write_approvals,
    (),
    constraints={"pattern": f"{_APPROVAL}( *; *{_APPROVAL})*"},
)
MONEY = Form(
    "US dollars, `29.95`", values.parse_money, values.write_money, None, "Int64", "number", {"minimum": 0}
)
CREDIT = Form(
    "credits, `40`", values.parse_amount, values.write_amount, None, "Int64", "number", {"minimum": 0.01}
)
HOURS = Form(
    "hours, `1.5`", values.parse_minutes, values.write_minutes, None, "Int64", "number", {"minimum": 0}
)
DAY = Form("date, `2027-06-30`", values.parse_day, values.write_day, None, "datetime64[s]", "date")
MONTH_DAY = Form(
    "month-day, `12-31`",
    values.parse_month_day,
    values.write_month_day,
    constraints={"pattern": "[0-9]{2}-[0-9]{2}"},
)
BENEFIT = Form(
    "`included`, `member_price`, or a share off the list price such as `50%`",
    values.parse_benefit,
    values.write_benefit,
    ("", 0),
    constraints={"pattern": rf"included|member_price|{_AMOUNT}%"},
)
YES_NO = Form(
    "`yes` `no`",
    values.parse_yes_no,
    values.write_yes_no,
    None,
    "bool",
    "boolean",
    options={"trueValues": ["yes"], "falseValues": ["no"]},
)
