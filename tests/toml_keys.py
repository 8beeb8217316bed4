"""TOML written from values, and the mistakes every declared key of a table can have."""

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from catalogs.faults import Fault
from optimizer.toml_reading import Key


def as_toml(value: object) -> str:
    """Write a value on one line of TOML."""
    match value:
        case dict():
            return (
                "{"
                + ", ".join(f"{as_toml(str(key))} = {as_toml(inner)}" for key, inner in value.items())
                + "}"
            )
        case list():
            return "[" + ", ".join(map(as_toml, value)) + "]"
        case bool() | None:
            return "true" if value else "false"
        case str():
            escaped = "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in value)
            return f'"{escaped}"'
        case date():
            return value.isoformat()
        case Decimal():
            return str(value).lower().replace("infinity", "inf").replace("snan", "nan")
    return str(value)


def check_key(
    document: dict[str, Any],
    place: str,
    key: str,
    declared: Key,
    wrong: object,
    faults_of: Callable[[str], Iterable[Fault]],
) -> None:
    """Break one key of the table at a place like `version[1].cap[2]` in each way, and check the fault it gives.

    `wrong` is a value that is of another sort than the key's.
    """
    path = f"{place}.{key}" if place else key

    def fault_at(column: str, *, value: object = None, name: str = key) -> Fault:
        broken = deepcopy(document)
        table: Any = broken
        for word, number in re.findall(r"([a-z_]+)(?:\[([0-9]+)\])?", place):
            table = table[word][int(number) - 1] if number else table[word]
        table.pop(key, None)
        if value is not None:
            table[name] = value
        text = "\n".join(f"{word} = {as_toml(inner)}" for word, inner in broken.items())
        (found,) = (fault for fault in faults_of(text) if fault.column == column)
        return found

    misspelled = fault_at(path + "s", value=1, name=key + "s")
    assert misspelled.problem == "it is an unknown key"
    assert f'Did you mean "{key}"?' in misspelled.remedy

    sort = fault_at(path, value=wrong)
    assert sort.problem.startswith("it is ")
    assert sort.remedy.startswith("Write ")

    if declared.needed:
        missing = fault_at(path)
        assert (missing.value, missing.problem) == (None, "it is missing")
        assert declared.meaning in missing.remedy
