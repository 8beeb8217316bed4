"""The columns of offerings and passes, declared once: header, checks, data package and docs follow."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from catalogs import forms
from catalogs.faults import BadValue, did_you_mean
from catalogs.forms import Form

KINDS = ("course", "self_study", "article", "conference", "workshop", "cpr", "college", "exam", "other")
FORMATS = ("online", "live_online", "in_person", "print")
EVIDENCE = ("provider", "secondary", "article", "user")
PASS_KINDS = ("subscription", "membership", "bundle")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Hold the declaration of one column."""

    name: str
    meaning: str
    form: Form
    needed: bool = False
    """The header must be there."""
    filled: bool = False
    """A cell may not be empty."""
    default: str = ""
    """The text an empty cell stands for; such a value is written as an empty cell."""
    copies: str = ""
    """The column whose text an empty cell stands for."""
    refers: Literal["", "passes", "columns"] = ""
    """What every word of a cell must be the name of."""
    aliases: tuple[str, ...] = ()
    """Other headers it is known by, in lower case with `_` for whatever is not a letter or digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Hold the declaration of one table."""

    name: str
    key: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return _by_name(self)[name]

    def column_headed(self, header: str) -> Column | None:
        """Return the column meant by a header as people write it, or None."""
        return _by_alias(self).get(re.sub(r"[^a-z0-9]+", "_", header.casefold()).strip("_"))


@cache
def _by_name(table: Table) -> Mapping[str, Column]:
    return {column.name: column for column in table.columns}


@cache
def _by_alias(table: Table) -> Mapping[str, Column]:
    return {alias: column for column in table.columns for alias in (column.name, *column.aliases)}


def parse_cell(column: Column, text: str) -> Any:
    """Return the value of one cell, the column's default if it is empty, or refuse it with `BadValue`."""
    # Asked before stripping: a control character at an end is junk, not a space.
    if "\0" in text:
        raise BadValue(
            problem="it holds a NUL byte", remedy="Delete the character and write the value again."
        )
    text = text.strip() or column.default
    if text:
        return column.form.parse(text)
    if column.filled:
        remedy = f"Write {column.form.says} ({column.meaning}).".replace("`", "")
        problem = f"the {column.name} is empty"
        raise BadValue(problem, remedy)
    return column.form.unknown


def write_cell(column: Column, value: Any) -> str:
    """Return the canonical text of a value, empty where it is unknown or the default."""
    if value is None or value == column.form.unknown:
        return ""
    text = column.form.write(value)
    return "" if text == column.default else text


def unknown_name(name: str, known: Iterable[str], what: str) -> BadValue:
    """Return the refusal of a name that is none of the known ones."""
    known = tuple(known)
    hint = did_you_mean(name, known) if known else " There are none here: is passes.csv missing?"
    return BadValue(f'"{name}" is not {what}', f"Write one that exists, or leave it out.{hint}")


def _provenance(kind: str) -> tuple[Column, ...]:
    return (
        Column("evidence", f"where the {kind} was seen", forms.words("sort of evidence", EVIDENCE)),
        Column(
            "assumed",
            "columns whose value nobody published",
            forms.slugs("_", "`;`-separated column names"),
            refers="columns",
        ),
        Column("source_url", "the page the row was read from", forms.URL, aliases=("source",)),
        Column("seen_on", "the day it was read", forms.DAY, aliases=("seen", "retrieved_on")),
        Column("note", "anything else", forms.TEXT, aliases=("notes", "comment", "comments")),
    )


OFFERINGS = Table(
    "offerings",
    "offering_id",
    (
        Column(
            "offering_id",
            "unique; `provider:native-id`",
            forms.ID,
            needed=True,
            filled=True,
            aliases=("id", "offering"),
        ),
        Column(
            "course_id",
            "the same content sold twice shares it; empty = the offering_id",
            forms.ID,
            copies="offering_id",
        ),
        Column("provider", "who sells it", forms.TEXT, needed=True, aliases=("vendor",)),
        Column("title", "its name", forms.TEXT, needed=True, aliases=("name", "course_title", "course_name")),
        Column("url", "its page", forms.URL, aliases=("link", "web_page")),
        Column("kind", "what it is", forms.words("kind of offering", KINDS)),
        Column("format", "how it is given", forms.words("format", FORMATS), aliases=("delivery",)),
        Column("topics", "what it is about", forms.slugs("-"), aliases=("topic",)),
        Column(
            "credits",
            "credit by category; `a|b=2`: the learner chooses and may split; `any=1`: no category",
            forms.CREDITS,
            needed=True,
            aliases=("credit", "ceu", "ceus", "contact_hours", "ce_hours", "ce_credits"),
        ),
        Column(
            "unit",
            "what one credit is; empty = unknown: it does not count",
            forms.UNIT,
            aliases=("credit_unit",),
        ),
        Column(
            "approvals",
            "who approves it, with number and window where known; outside its windows it does not hold",
            forms.APPROVALS,
            aliases=("approval", "approved_by"),
        ),
        Column(
            "hours",
            "effort; empty = the unit's usual hours, marked assumed",
            forms.HOURS,
        ),
        Column(
            "price",
            "list price; empty = not sold singly, or unknown",
            forms.MONEY,
            aliases=("cost", "fee", "list_price", "price_usd", "cost_usd"),
        ),
        Column(
            "member_price",
            "price under a pass whose benefit is `member_price`",
            forms.MONEY,
            aliases=("member_cost", "member_fee", "member_price_usd"),
        ),
        Column("passes", "passes whose benefit applies to it", forms.IDS, refers="passes"),
        Column("available_from", "first day it can be bought and taken (an event: bought)", forms.DAY),
        Column("available_until", "last day it can be bought and taken (an event: bought)", forms.DAY),
        Column(
            "starts", "first day of a live event; both empty = self-paced", forms.DAY, aliases=("start_date",)
        ),
        Column("ends", "last day of a live event", forms.DAY, aliases=("end_date",)),
        Column(
            "access_days",
            "it must be finished so many days after the purchase",
            forms.whole(0, 36500, days=True),
        ),
        Column("times", "how often it may count in a cycle", forms.whole(1, 100), default="1"),
        Column(
            "repeat_days",
            "least days between two finishes of the course",
            forms.whole(0, 36500, days=True),
            default="0",
        ),
        *_provenance("offering"),
    ),
)

PASSES = Table(
    "passes",
    "pass_id",
    (
        Column("pass_id", "unique", forms.ID, needed=True, filled=True, aliases=("id",)),
        Column("provider", "who sells it", forms.TEXT, aliases=("vendor",)),
        Column("title", "its name", forms.TEXT, needed=True, aliases=("name",)),
        Column("kind", "what it is", forms.words("kind of pass", PASS_KINDS)),
        Column(
            "price",
            "of one term; empty = unknown: it cannot be bought",
            forms.MONEY,
            needed=True,
            aliases=("cost", "fee", "price_usd", "cost_usd"),
        ),
        Column("term_days", "length of a term; empty = no end", forms.whole(1, 36500, days=True)),
        Column("term_ends", "a term ends on that day whatever its start", forms.MONTH_DAY),
        Column("rolls_from", "a term bought from that day on ends a year later", forms.MONTH_DAY),
        Column(
            "benefit", "what it does for the offerings that name it", forms.BENEFIT, needed=True, filled=True
        ),
        Column("credit_limit", "most credit, as stated, of all enrollments in one term", forms.CREDIT),
        Column("renewable", "whether it can be bought for several terms", forms.YES_NO, default="yes"),
        Column("requires", "a pass that must be held when it is bought", forms.ID, refers="passes"),
        Column("url", "its page", forms.URL, aliases=("link", "web_page")),
        *_provenance("pass"),
    ),
)
