"""What a file to import is read into, whatever its kind: grids of text, one a sheet, a table or a list of cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalogs.faults import BadValue, CatalogFaults, Fault

LARGEST_BYTES = 64 * 1024**2
MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 4_000_000

_SPLIT = f"Split it into files of at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns."


@dataclass(frozen=True, slots=True)
class Grid:
    """Hold one table of a file as text; rows that hold nothing are left out."""

    name: str
    """How a person tells it from the others of the file; empty if it is the only one there can be."""
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Each row's number as its file counts it, and its cells."""
    spoiled: Mapping[tuple[int, int], BadValue] = field(default_factory=dict)
    """Why a cell, by row number and place, has no text that could be trusted."""
    padded: bool = False
    """A row shorter than the header lacks its last cells; otherwise it is not known which."""
    row_noun: str = "row"
    """What one row is in the file."""
    hidden: bool = False
    """It is not seen when the file is opened; not read unless it is named."""
    source: str = ""
    """The address it was saved from, where the file says it."""
    notes: tuple[str, ...] = ()
    """What was left out while reading, a sentence each."""


def too_much(file: str, what: str) -> CatalogFaults:
    """Return the refusal of a file that holds more than is read."""
    return whole_file(file, f"it has more than {what}", _SPLIT)


def whole_file(file: str, problem: str, remedy: str) -> CatalogFaults:
    """Return the refusal of a file as a whole."""
    return CatalogFaults([Fault(file, None, None, None, problem, remedy)])


def check_size(file: str, rows: Sequence[Sequence[str]]) -> None:
    """Refuse a table of more rows, columns or cells than are read."""
    if len(rows) > MOST_ROWS:
        raise too_much(file, f"{MOST_ROWS:,} rows")
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise too_much(file, f"{MOST_COLUMNS} columns")
    if sum(map(len, rows)) > MOST_CELLS:
        raise too_much(file, f"{MOST_CELLS:,} cells")
