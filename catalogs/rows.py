"""One offering or pass at a time: from the text of its columns to a record, and back."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalogs.faults import BadValue, Fault, did_you_mean
from catalogs.records import Offering, Pass
from catalogs.schema import OFFERINGS, PASSES, Column, Table, parse_cell, unknown_name, write_cell


def offering_from(
    mapping: Mapping[str, object], file: str, row: int | None, known_passes: Collection[str]
) -> tuple[Offering | None, tuple[Fault, ...]]:
    """Return the offering that a table of a TOML file or a row of text says, or all its faults.

    The keys are the catalog's columns. Numbers and dates of TOML go through the same parsers as text.
    """
    faults = [
        Fault(file, row, str(key), None, "there is no such column", _unknown_key(str(key)))
        for key in mapping
        if key not in OFFERINGS.header
    ]
    values: dict[str, Any] = {}
    for column in OFFERINGS.columns:
        given = mapping.get(column.name)
        if column.needed and column.name not in mapping:
            remedy = f"Add {column.name}: {column.meaning}."
            faults.append(Fault(file, row, column.name, None, f"{column.name} is missing", remedy))
            continue
        try:
            text = _text(given)
            values[column.name] = parse_cell(column, text)
            for bad in unknown_references(column, values[column.name], OFFERINGS, known_passes):
                faults.append(bad.at(file, row, column.name, text))
        except BadValue as bad:
            faults.append(bad.at(file, row, column.name, None if given is None else str(given)))
    if faults:
        return None, tuple(faults)
    return Offering(*_filled(values, OFFERINGS)), ()


def _unknown_key(key: str) -> str:
    hint = did_you_mean(key, OFFERINGS.header)
    return f"Remove it, or use one of the catalog's columns.{hint}"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (int, float, date, datetime)):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    if not isinstance(value, str):
        raise BadValue(problem="it is not a single value", remedy="Write text, a number or a date.")
    try:
        value.encode()
    except UnicodeEncodeError:
        problem = "it holds half a character that no file can hold"
        raise BadValue(problem, "Write the value again.") from None
    return value


def unknown_references(
    column: Column, value: Any, table: Table, known_passes: Collection[str]
) -> tuple[BadValue, ...]:
    """Return the refusals of the passes or columns that a value names and that do not exist."""
    if not column.refers:
        return ()
    names = (value,) if isinstance(value, str) else value
    known = known_passes if column.refers == "passes" else table.header
    what = "a pass of the catalog" if column.refers == "passes" else "a column"
    return tuple(unknown_name(name, known, what) for name in names if name and name not in known)


def _filled(values: Mapping[str, Any], table: Table) -> list[Any]:
    return [
        values[column.copies] if column.copies and not values[column.name] else values[column.name]
        for column in table.columns
    ]


def offering_row(offering: Offering) -> dict[str, str]:
    """Return the canonical text of an offering, column by column; `offering_from` reads it back."""
    values = (
        offering.minutes if column.name == "hours" else getattr(offering, column.name)
        for column in OFFERINGS.columns
    )
    return _row(OFFERINGS, values)


def pass_row(one: Pass) -> dict[str, str]:
    """Return the canonical text of a pass, column by column."""
    values = (
        (one.benefit, one.percent_off) if column.name == "benefit" else getattr(one, column.name)
        for column in PASSES.columns
    )
    return _row(PASSES, values)


def _row(table: Table, values: Any) -> dict[str, str]:
    row = {
        column.name: write_cell(column, value) for column, value in zip(table.columns, values, strict=True)
    }
    return {
        name: "" if text and text == row.get(table.column(name).copies) else text
        for name, text in row.items()
    }
