"""Large files of offerings → coded columns and their canonical CSV, or None where a row is not sound."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalogs.arrow_arrays import order_in, repeated, texts_of
from catalogs.arrow_parsing import OddCells, ParsedColumn, absent_column, parsed_column
from catalogs.arrow_reading import TextSheet, read_texts
from catalogs.arrow_writing import csv_blocks
from catalogs.coded import Coded
from catalogs.reading import Sheet, read_sheet
from catalogs.rows import unknown_references
from catalogs.schema import OFFERINGS, Column

_THREADS = 3
_SMALL_OFFSETS = 1 << 30
"""Up to so many bytes of CSV, what is made of them has offsets of four bytes."""


@dataclass(frozen=True, slots=True)
class LargeOfferings:
    """Hold sound offerings, sorted by id."""

    sheets: Sequence[TextSheet]
    columns: Mapping[str, ParsedColumn]

    @property
    def values(self) -> Mapping[str, Coded]:
        """Return the values column by column."""
        return {name: column.values for name, column in self.columns.items()}

    def csv_blocks(self) -> Iterator[pa.Buffer]:
        """Yield the canonical CSV."""
        quotes = any(sheet.quotes for sheet in self.sheets)
        return csv_blocks(OFFERINGS, self.columns, len(self.columns[OFFERINGS.key].values), quotes)


def large_offerings(
    paths: Sequence[Path], size: int, known_passes: Collection[str] | None
) -> LargeOfferings | None:
    """Return the offerings of these files, of so many bytes in all, or None if anything in them is at fault.

    Passes they name must be known, unless it is not known which there are.
    """
    text_type = pa.string() if size < _SMALL_OFFSETS else pa.large_string()
    sheets = []
    for path in paths:
        sheet = read_texts(path, text_type) or _read_exactly(path, text_type)
        if sheet is None:
            return None
        sheets.append(sheet)
    if not any(sheet.rows for sheet in sheets):
        return None
    try:
        columns = _columns(sheets, text_type)
    except OddCells:
        return None
    in_order = _sorted(columns)
    if in_order is None or not _sound(in_order, known_passes):
        return None
    return LargeOfferings(sheets, in_order)


def _read_exactly(path: Path, text_type: pa.DataType) -> TextSheet | None:
    sheet, faults = read_sheet(path)
    return None if sheet is None or faults else _as_arrow(sheet, text_type)


def _as_arrow(sheet: Sheet, text_type: pa.DataType) -> TextSheet:
    cells = {name: pa.chunked_array([texts_of(texts, text_type)]) for name, texts in sheet.cells.items()}
    return TextSheet(sheet.file, sheet.table, len(sheet.rows), cells, sheet.extra, quotes=True)


def _columns(sheets: Sequence[TextSheet], text_type: pa.DataType) -> Mapping[str, ParsedColumn]:
    def parsed(column: Column, copied: pa.Array | None = None) -> ParsedColumn:
        if not column.copies and not any(column.name in sheet.cells for sheet in sheets):
            return absent_column(column, sum(sheet.rows for sheet in sheets), text_type)
        chunks: list[pa.Array] = []
        for sheet in sheets:
            # Popped: what was read is not needed beside what is made of it.
            cells = sheet.cells.pop(column.name, None)
            chunks += [repeated("", sheet.rows, text_type)] if cells is None else cells.chunks
        return parsed_column(column, pa.chunked_array(chunks, text_type), copied)

    key = OFFERINGS.column(OFFERINGS.key)
    ids = parsed(key)
    if ids.codes is not None:  # so many are repeated that each is held once
        raise OddCells
    with ThreadPoolExecutor(_THREADS) as pool:
        # Approvals first: they take longest, and the others are read beside them.
        others = [column for column in OFFERINGS.columns if column is not key]
        others.sort(key=lambda column: column.name != "approvals")
        columns = dict(
            zip(
                others,
                pool.map(lambda one: parsed(one, ids.texts if one.copies else None), others),
                strict=True,
            )
        )
    return {column.name: ids if column is key else columns[column] for column in OFFERINGS.columns}


def _sorted(columns: Mapping[str, ParsedColumn]) -> Mapping[str, ParsedColumn] | None:
    """Return the rows in the order of their ids, which is that of their bytes, or None if one is repeated."""
    ids = columns[OFFERINGS.key].texts
    if pc.all(pc.greater(ids[1:], ids[:-1])).as_py():
        return columns
    order = pc.sort_indices(ids)
    ids = ids.take(order)
    if pc.any(pc.equal(ids[1:], ids[:-1])).as_py():
        return None
    return {name: column.taken(order_in(order)) for name, column in columns.items()}


def _sound(columns: Mapping[str, ParsedColumn], known_passes: Collection[str] | None) -> bool:
    for column in OFFERINGS.columns:
        if column.refers == "columns" or (column.refers and known_passes is not None):
            for value in columns[column.name].values.values:
                if unknown_references(column, value, OFFERINGS, known_passes or ()):
                    return False
    course, times = columns["course_id"].values, columns["times"].values
    of_course = np.zeros(len(course.values), dtype=np.int32)
    of_course[course.codes] = times.codes
    return bool((of_course[course.codes] == times.codes).all())
