"""Arrow texts of a column → coded values and their canonical text; all are checked, few of them one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from catalogs.arrow_arrays import (
    Codes,
    codes_in,
    codes_of,
    mask_of,
    places_of,
    strings_of,
    text_of,
    texts_of,
    truths_of,
)
from catalogs.arrow_reading import SPACES
from catalogs.arrow_texts import ApprovalTexts, Texts, without_numbers
from catalogs.coded import Coded
from catalogs.faults import BadValue
from catalogs.schema import Column, parse_cell, write_cell
from catalogs.words import parse_id, parse_text

_SAMPLE = 1 << 14
_FEW = 1 << 12


@dataclass(frozen=True, slots=True)
class ParsedColumn:
    """Hold a column as values and as canonical text: of row n `texts[codes[n]]`, without codes `texts[n]`."""

    values: Coded
    texts: pa.Array
    codes: Codes | None

    def taken(self, order: npt.NDArray[np.int64]) -> "ParsedColumn":
        """Return these rows in this order."""
        values = self.values
        if self.codes is not None:
            codes = self.codes[order]
            return ParsedColumn(Coded(values.codes[order], values.values, values.distinct), self.texts, codes)
        texts = self.texts.take(places_of(order))
        if isinstance(values.values, Texts) and values.values.texts is self.texts:
            return ParsedColumn(Coded(values.codes, Texts(texts), values.distinct), texts, None)
        return ParsedColumn(Coded(values.codes[order], values.values, values.distinct), texts, None)


class OddCells(Exception):
    """Say that a cell is bad; the exact reader knows the words."""


def absent_column(column: Column, rows: int, text_type: pa.DataType) -> ParsedColumn:
    """Return a column that no file has, in which all cells are empty."""
    codes = np.zeros(rows, dtype=np.int32)
    return ParsedColumn(Coded(codes, [parse_cell(column, "")]), texts_of([""], text_type), codes)


def parsed_column(column: Column, cells: pa.ChunkedArray, copied: pa.Array | None) -> ParsedColumn:
    """Return a column's values, or raise `OddCells`; a cell left empty stands for the copied one.

    No cell holds a NUL byte.
    """
    if column.form.parse not in (parse_text, parse_id) or column.default:
        coded = pc.dictionary_encode(cells).combine_chunks()
        several = column.name == "approvals" and len(coded.dictionary) > _FEW
        return (_approvals if several else _values)(column, coded)
    texts = pc.utf8_trim(cells, characters=SPACES).combine_chunks()
    if column.filled and _any(_empty(texts)):
        raise OddCells
    if column.form.parse is parse_id and _any(pc.match_substring(texts, ";")):
        raise OddCells
    if copied is not None:
        return _copying(texts, copied)
    if pc.count_distinct(texts[:_SAMPLE]).as_py() > min(len(texts), _SAMPLE) // 2:
        each = np.arange(len(texts), dtype=np.int32)
        return ParsedColumn(Coded(each, Texts(texts), distinct=column.filled), texts, None)
    coded = pc.dictionary_encode(texts)
    codes, found = codes_of(coded), coded.dictionary
    values = Texts(found) if len(found) > _FEW else strings_of(found)
    return ParsedColumn(Coded(codes, values), found, codes)


def _any(mask: pa.Array) -> bool:
    return bool(pc.any(mask).as_py())


def _empty(texts: pa.Array) -> pa.Array:
    return pc.equal(texts, text_of("", texts.type))


def _copying(texts: pa.Array, copied: pa.Array) -> ParsedColumn:
    """Return a column whose empty cells stand for those of another one, which are all different."""
    own = truths_of(pc.invert(_empty(texts)))
    names = pc.dictionary_encode(texts.filter(mask_of(own)))
    # What one cell says another may copy: both have one code.
    named = truths_of(pc.is_in(copied, value_set=names.dictionary))
    of_names = len(names.dictionary)
    codes = np.empty(len(texts), dtype=np.int32)
    both = np.flatnonzero(named & ~own)
    codes[both] = codes_in(pc.index_in(copied.take(places_of(both)), value_set=names.dictionary))
    rest = np.flatnonzero(~named & ~own)
    codes[rest] = np.arange(of_names, of_names + len(rest), dtype=np.int32)
    codes[own] = codes_of(names)
    values = pa.concat_arrays([names.dictionary, copied.take(places_of(rest))])
    said = own & ~truths_of(pc.equal(texts, copied))
    written = pa.concat_arrays([names.dictionary, texts_of([""], texts.type)])
    return ParsedColumn(
        Coded(codes, Texts(values)), written, np.where(said, codes, np.int32(of_names)).astype(np.int32)
    )


def _values(column: Column, coded: pa.DictionaryArray) -> ParsedColumn:
    """Return values parsed one by one; texts that mean the same become one value."""
    places: dict[Any, int] = {}
    values = _parsed(column, strings_of(coded.dictionary))
    of_text = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.int32)
    codes = codes_of(coded) if len(places) == len(values) else of_text[codes_of(coded)]
    texts = texts_of([write_cell(column, value) for value in places], coded.dictionary.type)
    return ParsedColumn(Coded(codes, list(places)), texts, codes)


def _parsed(column: Column, texts: Sequence[str]) -> list[Any]:
    try:
        return [parse_cell(column, text) for text in texts]
    except BadValue:
        raise OddCells from None


def _approvals(column: Column, coded: pa.DictionaryArray) -> ParsedColumn:
    """Return approvals, where nearly every row may have a number of its own.

    A number says nothing about the rest of its cell, so the rest is parsed once, however many have it.
    """
    texts = coded.dictionary
    bare, canonical = without_numbers(texts)
    said = np.unique(codes_of(bare)[canonical])
    rests = strings_of(bare.dictionary.take(places_of(said)))
    parsed = _parsed(column, rests)
    tidy = np.zeros(len(bare.dictionary), dtype=np.bool_)
    tidy[said] = [write_cell(column, value) == text for text, value in zip(rests, parsed, strict=True)]
    canonical &= tidy[codes_of(bare)]
    places = np.flatnonzero(~canonical)
    others = strings_of(texts.take(places_of(places)))
    written = [write_cell(column, value) for value in _parsed(column, others)]
    codes = codes_of(coded)
    if written != others:
        canon = np.arange(len(texts))
        canon[places] = len(texts) + np.arange(len(written))
        both = pa.concat_arrays([texts, texts_of(written, texts.type)])
        same = pc.dictionary_encode(both.take(places_of(canon)))
        texts, codes = same.dictionary, codes_of(same)[codes]
        bare, _ = without_numbers(texts)
    return ParsedColumn(Coded(codes, ApprovalTexts(texts, bare)), texts, codes)
