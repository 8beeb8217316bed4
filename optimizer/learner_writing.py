"""A learner's file, written: what was said as keys, everything else as examples to uncomment.

Keys, meanings and examples come from the declarations in `learner_keys.py`. A line that starts with `#` and no
space is an example; removing the `#` makes it count.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from catalogs.schema import OFFERINGS
from optimizer.learner_keys import AWAY, EARNED, HOLDING, PREFERENCES, PRICE, TARGET, profile_keys
from optimizer.toml_reading import MOST_DOTS, Key, Keys
from optimizer.toml_values import column

_OFFERING: Keys = {
    name: Key(column(name), OFFERINGS.column(name).meaning.replace("`", ""), example=example)
    for name, example in (
        ("offering_id", '"work:hipaa"'),
        ("provider", '"work"'),
        ("title", '"HIPAA training"'),
        ("credits", '"administrative=1"'),
        ("unit", '"contact_hour"'),
        ("price", "0"),
        ("available_until", "2027-01-31"),
    )
}
TABLES: Mapping[str, Keys] = {
    "credential": TARGET,
    "holding": HOLDING,
    "earned": EARNED,
    "offering": _OFFERING,
    "price": PRICE,
    "away": AWAY,
    "preferences": PREFERENCES,
}
"""The tables of the file; all but the last may come several times."""

_COMMENTS_AT = 36
_HEAD = """\
# Your file for ceuplan, written by `ceuplan init` on {day}.
# A line that starts with # and no space is an example: remove its # to use it, and put in what is true for you.
"""


def quoted(text: str) -> str:
    """Return text as a TOML string on one line."""
    # TOML's basic strings have JSON's escapes, and forbid one character more.
    string = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
    return string.replace(".", "\\u002E") if text.count(".") > MOST_DOTS // 2 else string


def toml_value(value: str | date | Decimal | int) -> str:
    """Return a value as TOML."""
    match value:
        case str():
            return quoted(value)
        case Decimal():
            return f"{value:f}"
    return str(value)


def profile_text(said: Mapping[str, Any], today: date) -> str:
    """Return a learner's file that says this: single values by key, and tables as lists of such values."""
    keys = profile_keys(None)
    single = {name: key for name, key in keys.items() if name not in TABLES}
    blocks = [_HEAD.format(day=today), _lines(single, said)]
    for name, table in TABLES.items():
        entries: Sequence[Mapping[str, Any]] = said.get(name, ())
        blocks += _tables(name, table, keys[name].meaning, entries)
    return "\n".join(blocks)


def _tables(name: str, keys: Keys, meaning: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a table's entries, or one that is an example; only the first shows the keys it does not have."""
    heading = f"[{name}]" if name == "preferences" else f"[[{name}]]"
    more = " (every column of a catalog)" if name == "offering" else ""
    yield f"# {meaning}{more}\n{'' if entries else '#'}{heading}\n{_lines(keys, entries[0] if entries else {})}"
    for entry in entries[1:]:
        yield f"{heading}\n{_lines({key: keys[key] for key in entry}, entry)}"


def _lines(keys: Keys, said: Mapping[str, Any]) -> str:
    return "".join(
        f"{_line(name, key, said.get(name)):{_COMMENTS_AT}} # {key.meaning}\n" for name, key in keys.items()
    )


def _line(name: str, key: Key, value: Any) -> str:
    return f"#{name} = {key.example}" if value is None else f"{name} = {toml_value(value)}"
