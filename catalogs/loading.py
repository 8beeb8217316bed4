"""Folders and files of CSV → one catalog, checked as a whole, or all of its faults."""

import hashlib
from collections import defaultdict
from collections.abc import Buffer, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogs.coded import Offerings
from catalogs.digest import Digest
from catalogs.faults import CatalogFaults, Fault, did_you_mean, shown
from catalogs.reading import Sheet, csv_files, read_sheet, table_of
from catalogs.records import Pass
from catalogs.rows import offering_from, offering_row, pass_row, unknown_references
from catalogs.schema import OFFERINGS, PASSES, Table
from catalogs.tables import ParsedRows, parse_sheets
from catalogs.writing import csv_text

if TYPE_CHECKING:
    import pandas as pd

    from catalogs.arrow_reading import TextSheet

__all__ = [
    "Catalog",
    "load",
    "offering_from",
    "offering_row",
    "offerings_of",
    "pass_row",
    "passes_of",
    "shipped_folder",
]


LARGE_FROM = 4 * 1024**2
"""From so many bytes on, reading with Arrow saves more time than importing it takes."""

type Values = Mapping[str, Sequence[Any]]
"""A table's values, column by column, in the order of their ids."""


@dataclass(frozen=True, eq=False)
class Catalog:
    """Hold everything that can be bought: sound tables, sorted by id."""

    offering_values: Values
    pass_values: Values
    notes: tuple[str, ...]
    """What the reader should know though it is no fault, one sentence each."""
    hashed: str | Digest
    """Its digest, or who works it out."""

    @property
    def digest(self) -> str:
        """Return the sha256 of both tables' canonical text: the same rows in any order give the same one."""
        return str(self.hashed)

    @cached_property
    def offerings(self) -> "pd.DataFrame":
        """Return the offerings as a table with the declared types."""
        from catalogs.frames import frame_of

        return frame_of(OFFERINGS, self.offering_values)

    @cached_property
    def passes(self) -> "pd.DataFrame":
        """Return the passes as a table with the declared types."""
        from catalogs.frames import frame_of

        return frame_of(PASSES, self.pass_values)


def shipped_folder() -> Path:
    """Return the folder of the catalog that comes with the program."""
    return Path(str(files("catalogs")))


def load(sources: Path | Sequence[Path], *, whole: bool = True, large_from: int = LARGE_FROM) -> Catalog:
    """Return the catalog of all these folders and CSV files, or raise `CatalogFaults` with every fault.

    Where they are not the whole of a catalog, the passes they name may stand elsewhere.
    """
    paths, faults = csv_files([sources] if isinstance(sources, Path) else sources)
    size = _bytes(paths)
    if not faults and size >= large_from and (large := _large(paths, size, whole)):
        return large
    return _exact(paths, faults, whole)


def _bytes(paths: Sequence[Path]) -> int:
    try:
        return sum(path.stat().st_size for path in paths)
    except OSError:  # reading says what is wrong
        return 0


def _large(paths: Sequence[Path], size: int, whole: bool) -> Catalog | None:
    """Return what `_exact` does, much sooner, or None where anything is at fault: it has the words."""
    from catalogs.arrow_loading import large_offerings

    try:
        passes = _exact([path for path in paths if table_of(path) is PASSES], [], whole)
    except CatalogFaults:
        return None
    known_passes = frozenset(passes.pass_values[PASSES.key]) if whole else None
    of_offerings = [path for path in paths if table_of(path) is OFFERINGS]
    offerings = large_offerings(of_offerings, size, known_passes)
    if offerings is None:
        return None

    def text() -> Iterator[Buffer]:
        yield from offerings.csv_blocks()
        yield csv_text(PASSES, passes.pass_values).encode()

    notes = tuple(sorted([*_notes(offerings.sheets), *passes.notes]))
    return Catalog(offerings.values, passes.pass_values, notes, Digest(text))


def _exact(paths: Sequence[Path], faults: list[Fault], whole: bool) -> Catalog:
    """Return the catalog of these files, or raise `CatalogFaults` with what is wrong with them, too."""
    sheets: list[Sheet] = []
    passes_known = True
    for path in paths:
        sheet, found = read_sheet(path)
        faults += found
        if sheet is not None:
            sheets.append(sheet)
        if found and table_of(path) is PASSES:
            passes_known = False  # rows are left out, or all of it
    passes_known = passes_known and whole
    offerings = parse_sheets(OFFERINGS, [sheet for sheet in sheets if sheet.table is OFFERINGS])
    passes = parse_sheets(PASSES, [sheet for sheet in sheets if sheet.table is PASSES])
    known_passes = frozenset(passes.values[PASSES.key])
    for rows in (offerings, passes):
        faults += [*rows.faults, *_repeated_ids(rows)]
        faults += _unknown_names(rows, known_passes, passes_known)
    faults += _differing_times(offerings)
    if faults:
        raise CatalogFaults(faults)
    text = csv_text(OFFERINGS, offerings.values) + csv_text(PASSES, passes.values)
    return Catalog(
        _sorted(OFFERINGS, offerings),
        _sorted(PASSES, passes),
        _notes(sheets),
        hashlib.sha256(text.encode()).hexdigest(),
    )


def _sorted(table: Table, rows: ParsedRows) -> Values:
    keys = rows.values[table.key]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return {column.name: [rows.values[column.name][place] for place in order] for column in table.columns}


def _repeated_ids(rows: ParsedRows) -> Iterator[Fault]:
    key = rows.table.key
    first: dict[str, int] = {}
    for n, (one, (file, row)) in enumerate(zip(rows.values[key], rows.places, strict=True)):
        if one and one in first:
            there = rows.places[first[one]]
            problem = (
                f"it is already the {key} of {there[0]}, row {there[1]}, {_difference(rows, first[one], n)}"
            )
            remedy = "Keep one of the two rows; the same content sold twice has two ids and one course_id."
            yield Fault(
                file, row, key, one, problem, remedy if key == OFFERINGS.key else "Keep one of the two rows."
            )
        elif one:
            first[one] = n


def _difference(rows: ParsedRows, one: int, other: int) -> str:
    differing = [name for name, cells in rows.raw.items() if cells[one].strip() != cells[other].strip()]
    return f"which differs in {', '.join(differing)}" if differing else "which says the same"


def _unknown_names(rows: ParsedRows, known_passes: Collection[str], passes_known: bool) -> Iterator[Fault]:
    for column in rows.table.columns:
        # If some of passes.csv cannot be read, its passes would seem unknown: its own faults say it all.
        if not column.refers or (column.refers == "passes" and not passes_known):
            continue
        values, texts = rows.values[column.name], rows.raw[column.name]
        refused = {
            value: unknown_references(column, value, rows.table, known_passes) for value in set(values)
        }
        for value, text, (file, row) in zip(values, texts, rows.places, strict=True):
            for bad in refused[value]:
                yield bad.at(file, row, column.name, text.strip())


def _differing_times(rows: ParsedRows) -> Iterator[Fault]:
    first: dict[str, tuple[int, str, int]] = {}
    stated = zip(rows.values["course_id"], rows.values["times"], rows.places, strict=True)
    for course, times, (file, row) in stated:
        if not course or times is None:
            continue
        there, other_file, other_row = first.setdefault(course, (times, file, row))
        if there != times:
            problem = (
                f'the course "{course}" has {times} times here and {there} in {other_file}, row {other_row}'
            )
            remedy = "State the same number for every offering of a course, or give one another course_id."
            yield Fault(file, row, "times", str(times), problem, remedy)


def _notes(sheets: "Sequence[Sheet | TextSheet]") -> tuple[str, ...]:
    """Return one note for each unknown column, however many files have it."""
    where: dict[tuple[Table, str], list[str]] = defaultdict(list)
    for sheet in sheets:
        for header in sheet.extra:
            where[sheet.table, header].append(sheet.file)
    notes = []
    for (table, header), found in where.items():
        name = f'column "{shown(header)}"' if header else "column without a name"
        places = found[0] if len(found) == 1 else f"{found[0]} and {len(found) - 1} more"
        notes.append(
            f"The {name} of {shown(places, longest=300)} is not read.{did_you_mean(header, table.header)}"
        )
    return tuple(sorted(notes))


def offerings_of(catalog: Catalog) -> Offerings:
    """Return the catalog's offerings in the order of their ids."""
    return Offerings(catalog.offering_values)


def passes_of(catalog: Catalog) -> tuple[Pass, ...]:
    """Return the catalog's passes in the order of their ids."""
    columns: list[Sequence[Any]] = []
    for column in PASSES.columns:
        values = catalog.pass_values[column.name]
        if column.name == "benefit":
            columns += [[word for word, _ in values], [share for _, share in values]]
        else:
            columns.append(values)
    return tuple(map(Pass, *columns))
