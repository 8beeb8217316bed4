"""A file of somebody else's making → catalog rows, and the rows that are refused, each with its reasons.

Nothing is guessed: a column is taken for what its header or all of its cells say, a row is taken whole or not at all.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogs.delimited import delimited_grid, text_of_bytes
from catalogs.faults import BadValue, CatalogFaults, Fault
from catalogs.grids import LARGEST_BYTES, Grid, whole_file
from catalogs.headers import Headed, chosen
from catalogs.imported_rows import Terms, read_row
from catalogs.reading import bytes_of, wrong_length
from catalogs.recognizing import Columns, Understood, names_of, recognize
from catalogs.said_columns import check_said
from catalogs.schema import OFFERINGS, Table, write_cell

REASON = "reason"
"""The first column of the file of rows refused."""

_NAME = "Name a CSV, TSV, XLSX or HTML file."
_OTHER_KINDS = (
    (b"%PDF", "it is a PDF", "Copy its table into a spreadsheet, save that as CSV and import it."),
    (
        b"\xd0\xcf\x11\xe0",
        "it is a workbook of the old kind (.xls), or an encrypted one",
        "Save it as .xlsx or CSV.",
    ),
    (b"\x1f\x8b", "it is compressed", "Unpack it, and import the file in it."),
    (b"Rar!", "it is compressed", "Unpack it, and import the file in it."),
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Hold what the user says about a file to import."""

    provider: str
    roles: Mapping[str, str] = field(default_factory=dict)
    """What a column is, by its name; empty to leave it out."""
    unit: str = ""
    sheet: str = ""
    encoding: str = ""
    source: str = ""
    seen_on: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Hold one row that is not imported."""

    row: int
    cells: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """Hold what a file became."""

    table: Table
    headed: Headed
    understood: tuple[Understood, ...]
    left_out: tuple[str, ...]
    """Names of the sheets or tables that were not chosen."""
    values: tuple[Mapping[str, Any], ...]
    """The sound rows."""
    refused: tuple[Refused, ...]
    repeated: tuple[tuple[int, int], ...]
    """Rows left out because another says the same: the row, and that other."""
    repeated_headers: tuple[int, ...]
    source: str
    """The address the rows are from; empty if nobody says it."""


def import_file(
    path: Path, wishes: Wishes, table: Table = OFFERINGS, passes: Collection[str] = ()
) -> Imported:
    """Return what a file becomes, or raise `CatalogFaults` with all that is wrong with it as a whole."""
    file = str(path)
    grids = grids_of(path, wishes, table)
    one, left_out = chosen(grids, wishes.sheet, table, wishes.roles, file)
    check_said(wishes.roles, names_of(one.header))
    headers = [number for number, cells in one.body if _same(cells, one.header)]
    body = [(number, cells) for number, cells in one.body if not _same(cells, one.header)]
    if not body:
        raise whole_file(file, "there is a header and no row below it", "Add rows, or name another file.")
    understood, faults = recognize(_columns(one, body, file), table, wishes.roles)
    if faults:
        raise CatalogFaults(faults)
    source = wishes.source or one.grid.source
    fixed = {"evidence": "user", "source_url": source, "seen_on": wishes.seen_on}
    terms = Terms(table, wishes.provider, wishes.unit, fixed, passes)
    sound: list[tuple[int, tuple[str, ...], Mapping[str, Any]]] = []
    refused: list[Refused] = []
    for number, cells in body:
        if is_refused_before(one.header) and cells[0].strip():
            refused.append(Refused(number, cells, (_before(file, number),)))
            continue
        if len(cells) > len(one.header) or (len(cells) < len(one.header) and not one.grid.padded):
            refused.append(Refused(number, cells, (wrong_length(number, cells, one.header, file),)))
            continue
        read = read_row(number, cells, understood, one.grid, terms)
        if read.reasons:
            reasons = tuple(bad.at(file, number, name, text or None) for name, text, bad in read.reasons)
            refused.append(Refused(number, cells, reasons))
        else:
            sound.append((number, cells, read.values))
    kept, repeated, contrary = _each_once(sound, table, file)
    kept, differing = _with_one_count(kept, table, file)
    return Imported(
        table,
        one,
        understood,
        left_out,
        tuple(values for _, _, values in kept),
        tuple(sorted([*refused, *contrary, *differing], key=lambda each: each.row)),
        tuple(repeated),
        tuple(headers),
        source,
    )


def grids_of(path: Path, wishes: Wishes, table: Table) -> tuple[Grid, ...]:
    """Return the sheets, tables or lists of cards of a file, told by its content, whatever it is called."""
    file = str(path)
    try:
        data = bytes_of(path, LARGEST_BYTES, _NAME)
        for magic, problem, remedy in _OTHER_KINDS:
            if data.startswith(magic):
                raise BadValue(problem, remedy)
        if data.startswith(b"PK"):
            from catalogs.spreadsheets import workbook_grids

            return workbook_grids(data, file, wishes.sheet)
        from catalogs import saved_pages

        if saved_pages.is_archive(data):
            problem = "it is a page saved as one file (MHTML)"
            raise BadValue(problem, 'Save it as "Web page, complete" or "HTML only".')
        if saved_pages.is_page(data):
            encoding = wishes.encoding or saved_pages.declared_encoding(data)
            html = text_of_bytes(data, file, encoding)
            return saved_pages.page_grids(html, file, table, wishes.source)
        text = text_of_bytes(data, file, wishes.encoding)
        if text.lstrip().startswith("<?xml"):
            problem = "it is XML, and no web page"
            raise BadValue(problem, "Save it as .xlsx, CSV or HTML.")
        return (delimited_grid(text, file, table),)
    except BadValue as bad:
        raise CatalogFaults([bad.at(file, None, None, None)]) from None


def is_refused_before(header: Sequence[str]) -> bool:
    """Tell whether a table is one of rows that an import refused."""
    return header[0].strip() == REASON


def _before(file: str, number: int) -> Fault:
    problem = "the row was refused before, and the reason still stands there"
    return Fault(
        file, number, REASON, None, problem, "Correct the row, empty its reason, and import it again."
    )


def _same(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Tell whether a row is the header once more, as exports have it on every page."""
    pairs = [(cell.strip(), name.strip()) for cell, name in zip(cells, header, strict=False) if cell.strip()]
    return len(pairs) > min(1, len(header) - 1) and all(cell == name for cell, name in pairs)


def _columns(one: Headed, body: Sequence[tuple[int, tuple[str, ...]]], file: str) -> Columns:
    cells: list[list[tuple[int, str]]] = [[] for _ in one.header]
    for number, row in body:
        for place, text in enumerate(row[: len(cells)]):
            if text.strip() and (number, place) not in one.grid.spoiled:
                cells[place].append((number, text.strip()))
    return Columns(file, one.number or None, one.grid.row_noun, one.header, tuple(map(tuple, cells)))


type _Sound = tuple[int, tuple[str, ...], Mapping[str, Any]]


def _each_once(
    rows: Sequence[_Sound], table: Table, file: str
) -> tuple[list[_Sound], list[tuple[int, int]], list[Refused]]:
    """Return rows of different ids, those that only repeat another, and those that contradict one another."""
    if table is not OFFERINGS:
        return list(rows), [], []
    by_id: dict[str, list[_Sound]] = defaultdict(list)
    for row in rows:
        by_id[row[2]["offering_id"]].append(row)
    kept, repeated, contrary = [], [], []
    for offering_id, alike in by_id.items():
        first = alike[0]
        differing = {
            column.name for column in table.columns for _, _, values in alike
            if values[column.name] != first[2][column.name]
        }  # fmt: skip
        if not differing:
            kept.append(first)
            repeated += [(number, first[0]) for number, _, _ in alike[1:]]
            continue
        named = ", ".join(column.name for column in table.columns if column.name in differing)
        problem = f"rows of this id differ in {named}, and only you can tell which is right"
        remedy = "Keep the right one; or give each its own id, in a column with the header id."
        for number, cells, _ in alike:
            contrary.append(
                Refused(number, cells, (Fault(file, number, "offering_id", offering_id, problem, remedy),))
            )
    return kept, repeated, contrary


def _with_one_count(rows: Sequence[_Sound], table: Table, file: str) -> tuple[list[_Sound], list[Refused]]:
    """Return the rows, without the offerings of a course that state different `times`."""
    if table is not OFFERINGS:
        return list(rows), []
    counts: dict[str, set[int]] = defaultdict(set)
    for _, _, values in rows:
        counts[values["course_id"]].add(values["times"])
    problem = "offerings of this course say different numbers of times that it may count"
    remedy = "State the same number for each, or give one another course_id."
    kept, refused = [], []
    for number, cells, values in rows:
        if len(counts[values["course_id"]]) == 1:
            kept.append((number, cells, values))
            continue
        fault = Fault(file, number, "times", str(values["times"]), problem, remedy)
        refused.append(Refused(number, cells, (fault,)))
    return kept, refused


def columns_of(imported: Imported) -> dict[str, list[Any]]:
    """Return the sound rows column by column."""
    return {column.name: [row[column.name] for row in imported.values] for column in imported.table.columns}


def filled(imported: Imported) -> Counter[str]:
    """Return how many sound rows say something in each column."""
    return Counter(
        column.name
        for row in imported.values
        for column in imported.table.columns
        if write_cell(column, row[column.name])
    )
