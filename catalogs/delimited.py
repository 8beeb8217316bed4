"""Text with a separator between cells, as spreadsheets export it → a grid."""

import codecs
import csv
import io
import re

from catalogs.faults import BadValue, CatalogFaults
from catalogs.grids import MOST_CELLS, Grid, check_size, too_much
from catalogs.header_words import meaning_of
from catalogs.reading import NotUtf8, decoded, records_of
from catalogs.schema import Table

_DELIMITERS = ",;\t|"
_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_FIRST_ROWS = 25
_FIRST_CHARACTERS = 100_000


def text_of_bytes(data: bytes, file: str, encoding: str) -> str:
    """Return a file's text: UTF-8, UTF-16 where it says so itself, or the encoding the user names."""
    if encoding and encoding.casefold() not in ("utf-8", "utf8"):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except LookupError:
            problem = f'the page says that it is written in "{encoding}", which is no known encoding'
            raise BadValue(problem, "Say which it is, as in --encoding windows-1252.") from None
        except UnicodeError as error:
            problem = f"the file is not {encoding}: {error.reason if hasattr(error, 'reason') else error}"
            raise BadValue(problem, "Name the encoding it was saved in, or save it again as UTF-8.") from None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeError:
            problem = "the file begins like UTF-16 and is not"
            raise BadValue(problem, 'Save it again as "CSV UTF-8".') from None
    try:
        return decoded(data, file)
    except NotUtf8 as bad:
        fault = bad.fault
        remedy = f"{fault.remedy} If you know what it was saved in, say so, as in --encoding windows-1252."
        raise CatalogFaults([BadValue(fault.problem, remedy).at(file, fault.row, None, None)]) from None


def check_encoding(name: str) -> None:
    """Refuse the name of an encoding that Python does not know, or that is none of text."""
    try:
        codecs.lookup(name)
        "".encode(name)
    except (LookupError, UnicodeError, ValueError):
        problem = "there is no such encoding of text"
        raise BadValue(problem, "Name one such as utf-8, windows-1252, utf-16 or mac-roman.") from None


def delimited_grid(text: str, file: str, table: Table) -> Grid:
    """Return the rows of a file of text, parted at the separator that makes most sense of its header."""
    said = _SAID.match(text)
    delimiter = said[1] if said else _delimiter(text[:_FIRST_CHARACTERS], table)
    if text.count(delimiter) > MOST_CELLS:  # counted first: each costs memory as soon as rows are parted
        raise too_much(file, f"{MOST_CELLS:,} cells")
    records, faults = records_of(text[said.end() :] if said else text, delimiter, file)
    if faults:
        raise CatalogFaults(faults)
    check_size(file, [cells for _, cells in records])
    above = 1 if said else 0
    return Grid("", tuple((row + above, tuple(cells)) for row, cells in records))


def _delimiter(text: str, table: Table) -> str:
    """Return the separator with which a row of the top has the most known headers; then the most cells."""

    def known(delimiter: str) -> tuple[int, int]:
        best, width = 0, 0
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for _, cells in zip(range(_FIRST_ROWS), reader, strict=False):
                best = max(best, len({meaning_of(cell, table) for cell in cells[:300]} - {None}))
                width = width or len(cells)
        except csv.Error:
            return 0, 0
        # One known header is one with any separator: only a row that was parted tells.
        return (best, width) if width > 1 else (min(best, 1), width)

    return max(_DELIMITERS, key=known)
