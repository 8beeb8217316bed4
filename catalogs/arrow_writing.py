"""Canonical CSV of large tables, the bytes that `catalogs.writing.csv_text` gives, block by block."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalogs.arrow_arrays import Codes, places_of, strings_of, text_of, texts_of
from catalogs.arrow_parsing import ParsedColumn
from catalogs.schema import Table

_ROWS = 1 << 16
_AHEAD = 2
_MOST_PAIRS = 1 << 12
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Piece:
    """Hold a part of every row: of row n `texts[codes[n]]`, or `texts[n]` without codes."""

    texts: pa.Array
    codes: Codes | None

    def of_rows(self, first: int) -> pa.Array:
        if self.codes is None:
            return self.texts[first : first + _ROWS]
        return self.texts.take(places_of(self.codes[first : first + _ROWS]))


def csv_blocks(
    table: Table, columns: Mapping[str, ParsedColumn], rows: int, quotes: bool = True
) -> Iterator[pa.Buffer]:
    """Yield the header and the rows; without `quotes`, no text as it was read needs them."""
    yield pa.py_buffer(",".join(table.header).encode() + b"\n")
    pieces = [
        _Piece(one.texts if one.codes is None and not quotes else _quoted(one.texts), one.codes)
        for one in (columns[name] for name in table.header)
    ]
    end = texts_of(["\n"], pieces[0].texts.type)
    joined = [*_paired(pieces), _Piece(end, np.zeros(rows, dtype=np.int32))]

    def block(first: int) -> pa.Buffer:
        cells = [piece.of_rows(first) for piece in joined]
        last = pc.binary_join_element_wise(cells[-2], cells[-1], text_of("", end.type))
        return _bytes(pc.binary_join_element_wise(*cells[:-2], last, text_of(",", end.type)))

    with ThreadPoolExecutor(_AHEAD) as pool:  # makes blocks while another is used
        ahead: deque[Future[pa.Buffer]] = deque()
        for first in range(0, rows, _ROWS):
            ahead.append(pool.submit(block, first))
            if len(ahead) > _AHEAD:
                yield ahead.popleft().result()
        for last in ahead:
            yield last.result()


def _bytes(lines: pa.Array) -> pa.Buffer:
    """Return texts that lie one after another in memory as what lies there."""
    return lines.buffers()[2].slice(0, pc.sum(pc.binary_length(lines)).as_py())


def _paired(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Yield as few pieces: two neighbours of few texts are one piece of all their pairs."""
    before: _Piece | None = None
    for piece in pieces:
        if before is None:
            before = piece
        elif (
            before.codes is not None
            and piece.codes is not None
            and len(before.texts) * len(piece.texts) <= _MOST_PAIRS
            and len(before.texts) * piece.texts.nbytes + len(piece.texts) * before.texts.nbytes <= _MOST_BYTES
        ):
            before = _pair(before.texts, before.codes, piece.texts, piece.codes)
        else:
            yield before
            before = piece
    if before is not None:
        yield before


def _pair(left: pa.Array, of_left: Codes, right: pa.Array, of_right: Codes) -> _Piece:
    rights = strings_of(right)
    texts = [f"{one},{other}" for one in strings_of(left) for other in rights]
    return _Piece(texts_of(texts, left.type), of_left * np.int32(len(rights)) + of_right)


def _special() -> str:
    """Return the characters for which the csv module puts a cell into quotes: its versions differ."""

    def quotes(character: str) -> bool:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerow((character, ""))
        return out.getvalue().startswith('"')

    return "".join(filter(quotes, ',"\r\n'))


def _quoted(texts: pa.Array) -> pa.Array:
    marked = pc.match_substring_regex(texts, f"[{_special()}]")
    if not pc.any(marked).as_py():
        return texts
    quote, nothing = text_of('"', texts.type), text_of("", texts.type)
    inside = pc.replace_substring(texts, '"', '""')
    return pc.if_else(marked, pc.binary_join_element_wise(quote, inside, quote, nothing), texts)
