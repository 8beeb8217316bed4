"""A table's columns, all rows at once: text parsed into values, and values written as canonical text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogs.faults import BadValue, Fault
from catalogs.forms import same_text
from catalogs.reading import Sheet
from catalogs.schema import Column, Table, parse_cell, write_cell


@dataclass(slots=True)
class ParsedRows:
    """Hold the rows of one table out of all files: places, values, and the faults of single cells."""

    table: Table
    places: list[tuple[str, int]] = field(default_factory=list)
    """Each row's file and its number there."""
    raw: dict[str, list[str]] = field(default_factory=dict)
    """The text of each column as it was read."""
    values: dict[str, list[Any]] = field(default_factory=dict)
    """The value of each cell; what an empty cell means where the cell is refused."""
    faults: list[Fault] = field(default_factory=list)


def parse_sheets(table: Table, sheets: Sequence[Sheet]) -> ParsedRows:
    """Return all rows of a table, each cell parsed once for each text it holds."""
    rows = ParsedRows(table)
    for sheet in sheets:
        rows.places += [(sheet.file, row) for row in sheet.rows]
    for column in table.columns:
        raw: list[str] = []
        for sheet in sheets:
            raw += sheet.cells.get(column.name, ("",) * len(sheet.rows))
        rows.raw[column.name] = raw
        rows.values[column.name] = _parse_column(column, raw, rows)
    for column in table.columns:
        if column.copies:
            pairs = zip(rows.values[column.name], rows.values[column.copies], strict=True)
            rows.values[column.name] = [own or copied for own, copied in pairs]
    return rows


def _parse_column(column: Column, raw: Sequence[str], rows: ParsedRows) -> list[Any]:
    known: dict[str, Any] = {}
    bad: dict[str, BadValue] = {}
    for text in dict.fromkeys(raw):
        try:
            known[text] = parse_cell(column, text)
        except BadValue as refusal:
            known[text] = column.form.unknown
            bad[text] = refusal
    if bad:
        for (file, row), text in zip(rows.places, raw, strict=True):
            if text in bad:
                rows.faults.append(bad[text].at(file, row, column.name, text.strip() or None))
    return [known[text] for text in raw]


def canonical_texts(table: Table, values: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
    """Return the canonical text of every cell, column by column."""
    texts: dict[str, list[str]] = {}
    for column in table.columns:
        if column.form.write is same_text and not column.default:
            texts[column.name] = list(values[column.name])
            continue
        written = {value: write_cell(column, value) for value in set(values[column.name])}
        texts[column.name] = [written[value] for value in values[column.name]]
    for column in table.columns:
        if column.copies:
            pairs = zip(texts[column.name], texts[column.copies], strict=True)
            texts[column.name] = ["" if own == copied else own for own, copied in pairs]
    return texts
