"""One large CSV file → the text of its columns as Arrow reads it, or None where `read_sheet` might read another."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from catalogs.faults import BadValue
from catalogs.reading import LONGEST_CELL, bytes_of, delimiter_of, header_faults, table_of
from catalogs.schema import Table

SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
"""All that `str.strip` takes off; a test asks every character."""
_PIECE = 1 << 24


@dataclass(frozen=True, slots=True)
class TextSheet:
    """Hold one CSV file as Arrow texts, column by column; no cell is null."""

    file: str
    table: Table
    rows: int
    cells: dict[str, pa.ChunkedArray]
    """The text of each known column the file has."""
    extra: tuple[str, ...]
    """Headers that are no column of the table."""
    quotes: bool
    """Whether a cell may hold what canonical CSV puts into quotes."""


def read_texts(path: Path, text_type: pa.DataType) -> TextSheet | None:
    """Return a file's text, or None if it is one that only the csv module reads as it must be read."""
    try:
        data = bytes_of(path)
    except BadValue:
        return None
    table = table_of(path)
    end = data.find(b"\n") + 1
    header, delimiter = _header(data[:end], table, str(path))
    if not header or b"\0" in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return None
    quotes = data.find(b'"', end) >= 0
    if quotes and not quotes_are_plain(data, end, delimiter):
        return None
    columns = _columns(data, end, len(header), delimiter, quotes, text_type)
    if columns is None or any(_longest(column) > LONGEST_CELL for column in columns):
        return None
    return _sheet(str(path), table, header, columns, quotes or delimiter != ",")


def _header(line: bytes, table: Table, file: str) -> tuple[Sequence[str], str]:
    """Return the cells and the separator of a header that stands in its line alone; no cells if it is odd."""
    try:
        text = line.decode("utf-8-sig")
        # A quote that is still open takes the next line into the header.
        alone = all(len(list(csv.reader([text, "x\n"], delimiter=delimiter))) == 2 for delimiter in ",;")
        delimiter = delimiter_of(text, table)
        cells = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return (), ","
    odd = not alone or len(text) > LONGEST_CELL or not any(map(str.strip, cells))
    return (() if odd or header_faults(cells, table, file) else cells), delimiter


def quotes_are_plain(data: bytes, start: int, delimiter: str) -> bool:
    """Return whether every quote from `start` on opens a cell, closes one, or is one of two inside a cell.

    Taken by turns, quotes open and close. Where each opening one stands at a cell's start or right after a
    closing one (the two are then a quote in the text), and each closing one at a cell's end or right before an
    opening one, the csv module takes them so, too.
    """
    before = np.zeros(256, dtype=bool)
    before[[ord(delimiter), ord("\n"), ord('"')]] = True
    after = before.copy()
    after[ord("\r")] = True
    everything = np.frombuffer(data, dtype=np.uint8)
    seen = 0
    for first in range(start, len(data), _PIECE):
        places = np.flatnonzero(everything[first : first + _PIECE] == ord('"')) + first
        opening, closing = places[seen % 2 :: 2], places[(seen + 1) % 2 :: 2]
        follow = closing[closing + 1 < len(data)] + 1
        # The byte before the first row ends the header.
        if not (before[everything[opening - 1]].all() and after[everything[follow]].all()):
            return False
        seen += len(places)
    return seen % 2 == 0


def _columns(
    data: bytes, start: int, number: int, delimiter: str, quotes: bool, text_type: pa.DataType
) -> list[pa.ChunkedArray] | None:
    names = [str(place) for place in range(number)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(start)),
            read_options=arrow_csv.ReadOptions(column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if quotes else False, newlines_in_values=quotes
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, text_type), strings_can_be_null=False
            ),
        )
    except pa.ArrowException:  # rows of another length, bytes that are not UTF-8, no row at all
        return None
    return list(table.columns)


def _longest(column: pa.ChunkedArray) -> int:
    """Return the bytes of the longest cell, which are at least its characters."""
    return pc.max(pc.binary_length(column)).as_py() or 0


def _sheet(
    file: str, table: Table, header: Sequence[str], columns: Sequence[pa.ChunkedArray], quotes: bool
) -> TextSheet:
    cells, extra = {}, []
    for name, texts in zip(header, columns, strict=True):
        column = table.column_headed(name)
        if column is not None:
            cells[column.name] = texts
        elif name.strip() or _longest(pc.utf8_trim(texts, characters=SPACES)):
            extra.append(name.strip())
    return TextSheet(file, table, len(columns[0]), cells, tuple(dict.fromkeys(extra)), quotes)
