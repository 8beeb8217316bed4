"""Strict TOML: text → plain values, and tables read by the keys they declare, every fault collected.

A table's keys are declared once as data: what each means, whether it is needed, and how its value is read.
Values may come as TOML types or, after a round trip through JSON, as their text. Nothing here stops at the
first fault: a reader that refuses a value notes the fault and returns `None`, and whoever started the reading
raises once at the end.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalogs.faults import Fault, Faults, did_you_mean
from optimizer import shapes
from optimizer.shapes import Shape

MOST_BYTES = 1_000_000
MOST_DOTS = 100
"""On one line: tomllib takes quadratic time over dotted keys."""

_PLACE_IN_MESSAGE = re.compile(r" \(at line (\d+), column \d+\)$")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Say where a value stands, and collect the faults found there."""

    file: str
    faults: list[Fault]
    row: int | None = None
    path: str = ""

    def key(self, name: str) -> "Place":
        """Return the place of a key of the table that stands here."""
        word = name if _BARE_KEY.fullmatch(name) else json.dumps(name)
        return Place(self.file, self.faults, self.row, f"{self.path}.{word}" if self.path else word)

    def nth(self, number: int) -> "Place":
        """Return the place of an element of the list that stands here; the first is 1."""
        return Place(self.file, self.faults, self.row, f"{self.path}[{number}]")

    def refuse(self, value: object, problem: str, remedy: str) -> None:
        """Note a fault; `None` as the value means that there is none to show."""
        self.faults.append(Fault(self.file, self.row, self.path or None, text_of(value), problem, remedy))

    def refused(self) -> bool:
        """Say whether a fault was noted here, or at anything that stands inside."""
        inside = tuple(f"{self.path}{mark}" for mark in (".", "["))
        return any(
            (fault.file, fault.row) == (self.file, self.row)
            and (fault.column == self.path or (fault.column or "").startswith(inside))
            for fault in self.faults
        )


@dataclass(frozen=True, slots=True)
class Read:
    """Read a value: turn it into what it means, or note a fault and return `None`; and say what it looks like."""

    by: Callable[[object, Place], Any]
    shape: Shape

    def __call__(self, value: object, place: Place) -> Any:
        """Return what a value means."""
        return self.by(value, place)


@dataclass(frozen=True, slots=True)
class Key:
    """Declare one key of a table."""

    read: Read
    meaning: str
    """A clause, for messages and for the documentation."""
    needed: bool = False
    default: object = None
    hidden: bool = False
    """Messages do not offer it: only the program writes it."""
    example: str = ""
    """A value as TOML, for files that show what may be written."""


type Keys = Mapping[str, Key]


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, or raise `Faults` if it cannot be read."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for without end
            raise _unreadable(str(path), None, "it cannot be read: it is no file", "Give the path of a file.")
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise _unreadable(str(path), None, f"it cannot be read: {why}", "Check the path.") from None


def decoded(data: bytes, file: str) -> str:
    """Return a file's text, without a byte order mark, or raise `Faults` if it is too long or not UTF-8."""
    if len(data) > MOST_BYTES:
        raise _unreadable(file, None, f"it is longer than {MOST_BYTES:,} bytes", "Split the file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(file, row, "it is not UTF-8 text", "Save the file as UTF-8.") from None
    return text


def parse_toml(data: bytes, file: str) -> dict[str, object]:
    """Return a TOML document's values, numbers as `int` and `Decimal`, or raise `Faults`."""
    text = decoded(data, file)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MOST_DOTS:
            raise _unreadable(
                file, number, f"it has more than {MOST_DOTS} dots on one line", "Break the line."
            )
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise _unreadable(file, None, "it is nested too deeply", "Write it flatter.") from None
    except ArithmeticError:
        raise _unreadable(file, None, "it has a number out of range", "Correct the number.") from None
    except ValueError as error:
        found = _PLACE_IN_MESSAGE.search(str(error))
        line_number = int(found[1]) if found else _last_row(text) if "end of document" in str(error) else None
        clause = _PLACE_IN_MESSAGE.sub("", str(error)).replace(" (at end of document)", " (at the end)")
        raise _unreadable(file, line_number, f"it is not TOML: {clause}", "Correct the line.") from None


def plain(value: object) -> object:
    """Return a TOML value as JSON has it: dates and decimals as their text."""
    match value:
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case list():
            return [plain(inner) for inner in value]
        case bool() | str():
            return value
        case int():
            return value if value.bit_length() < 64 else hex(value)
    return text_of(value)


def text_of(value: object) -> str | None:
    """Return a value's text, as a cell would hold it and a message shows it; `None` for nothing."""
    match value:
        case None:
            return None
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value) if value.bit_length() < 256 else "a number of more than 77 digits"
        case Decimal():
            short = value.is_finite() and abs(value.adjusted()) < 30 and len(value.as_tuple().digits) < 60
            return f"{value:f}" if short else str(value)
        case date() | datetime() | time():
            return value.isoformat()
    return str(value)


def read_table(value: object, keys: Keys, place: Place) -> dict[str, Any]:
    """Return what a table says under each of its declared keys, absent ones at their defaults."""
    said = {name: key.default for name, key in keys.items()}
    if not isinstance(value, Mapping):
        place.refuse(value, "it is not a table", f"Write a table with the keys {', '.join(keys)}.")
        return said
    for name, inner in value.items():
        if name not in keys:
            known = [word for word, key in keys.items() if not key.hidden]
            remedy = f"Remove it; known here are {', '.join(known)}.{did_you_mean(str(name), known)}"
            place.key(str(name)).refuse(inner, "it is an unknown key", remedy)
        elif not _empty(inner):
            said[name] = keys[name].read(inner, place.key(name))
    for name, key in keys.items():
        if key.needed and (_empty(value.get(name)) or value.get(name) == []):
            place.key(name).refuse(value.get(name), "it is missing", f"Add it: {key.meaning}.")
    return said


def table(keys: Keys, build: Callable[[dict[str, Any]], Any]) -> Read:
    """Return a reader of one table."""
    return Read(lambda value, place: build(read_table(value, keys, place)), table_shape(keys))


def table_shape(keys: Keys, **limits: int) -> Shape:
    """Return the shape of a table with these keys: those that are not needed may be empty."""
    return shapes.closed(
        {
            name: {
                "description": key.meaning,
                **(shapes.needed if key.needed else shapes.optional)(key.read.shape),
            }
            for name, key in keys.items()
        },
        (name for name, key in keys.items() if key.needed),
        **limits,
    )


def list_of(read: Read) -> Read:
    """Return a reader of a list, or of a single value in place of a list of one."""

    def read_list(value: object, place: Place) -> tuple[Any, ...]:
        if not isinstance(value, list):
            return (read(value, place),)
        return tuple(read(inner, place.nth(number)) for number, inner in enumerate(value, start=1))

    return Read(read_list, shapes.list_of(read.shape))


def tables(keys: Keys, build: Callable[[dict[str, Any]], Any]) -> Read:
    """Return a reader of a list of tables."""
    read_one = table(keys, build)

    def read_tables(value: object, place: Place) -> tuple[Any, ...]:
        if not isinstance(value, list):
            place.refuse(value, "it is not a list of tables", f"Write [[{place.path}]] above its keys.")
            return ()
        return tuple(read_one(inner, place.nth(number)) for number, inner in enumerate(value, start=1))

    return Read(read_tables, shapes.array(read_one.shape))


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _last_row(text: str) -> int:
    return max(len(text.splitlines()), 1)


def _unreadable(file: str, row: int | None, problem: str, remedy: str) -> Faults:
    return Faults([Fault(file, row, None, None, problem, remedy)])
