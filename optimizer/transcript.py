"""A transcript's CSV → the lines of `[[earned]]`, as text with the row each stands in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalogs import forms
from catalogs.faults import Fault, Faults, did_you_mean
from catalogs.reading import delimiter_of, nul_byte, records_of, wrong_length
from catalogs.schema import OFFERINGS, Column, Table
from optimizer.toml_reading import decoded, read_bytes

EARNED_COLUMNS = (
    "title", "credits", "unit", "kind", "format", "provider", "topics", "approvals", "hours", "course_id",
)  # fmt: skip
"""What a line of earned credit has in common with an offering."""

_DATE = Column(
    "date",
    "the day it was finished",
    forms.DAY,
    needed=True,
    aliases=("completed", "completed_on", "completion_date", "date_completed", "finished", "date_earned"),
)
TRANSCRIPT = Table(
    "transcript",
    "date",
    (_DATE, *(replace(OFFERINGS.column(name), needed=name == "credits") for name in EARNED_COLUMNS)),
)


@dataclass(frozen=True, slots=True)
class Lines:
    """Hold the rows of a table as text, and what is wrong with their form."""

    lines: tuple[dict[str, object], ...]
    """The cells that hold anything, by the column they mean, with `file` and `row`."""
    of_file: tuple[Fault, ...]
    """Faults of the file or its header: none of its lines can be trusted."""
    of_rows: tuple[Fault, ...]
    """Faults of single rows; the cells of such a row may stand under the wrong names, but for the first."""
    first: str = ""
    """The column that stands first."""


def transcript_lines(path: Path) -> tuple[list[dict[str, object]], tuple[Fault, ...]]:
    """Return a transcript's lines with `file` and `row`, and the faults of the file's form.

    The cells are read later, together with the learner's other lines.
    """
    file = str(path)
    try:
        text = decoded(read_bytes(path), file)
    except Faults as bad:
        return [], bad.faults
    read = lines_of(text, file, TRANSCRIPT)
    faults = (*read.of_file, *read.of_rows)
    return (list(read.lines), ()) if not faults else ([], faults)


def lines_of(text: str, file: str, table: Table) -> Lines:
    """Return the rows of a CSV by the names of a table's columns."""
    records, faults = records_of(text, delimiter_of(text, table), file)
    if not records:
        remedy = f"Put the names of the columns into its first row: {', '.join(table.header)}."
        return Lines((), tuple(faults) or (Fault(file, None, None, None, "it has no header", remedy),), ())
    (_, header), *body = records
    columns = [table.column_headed(cell) for cell in header]
    names = [column.name if column else "" for column in columns]
    used = {number for _, cells in body for number, cell in enumerate(cells) if cell.strip()}
    faults += _header_faults(table, header, names, used, file)
    lines = tuple(
        {
            **{name: cell for name, cell in zip(names, cells, strict=False) if name and cell.strip()},
            "file": file,
            "row": row,
        }
        for row, cells in body
    )
    uneven = tuple(wrong_length(row, cells, header, file) for row, cells in body if len(cells) != len(header))
    return Lines(lines, tuple(faults), uneven, names[0])


def _header_faults(
    table: Table, header: Sequence[str], names: Sequence[str], used: Collection[int], file: str
) -> list[Fault]:
    faults = [
        Fault(file, 1, column.name, None, "it is missing", f"Add the column: {column.meaning}.")
        for column in table.columns
        if column.needed and column.name not in names
    ]
    faults += [nul_byte(file, 1, None) for cell in header if "\0" in cell]
    known = table.header
    for number, (cell, name) in enumerate(zip(header, names, strict=True)):
        if name in names[:number] and name:
            remedy = "Keep one of them."
            faults.append(Fault(file, 1, cell.strip(), None, f"another column means {name} too", remedy))
        elif cell.strip() and not name:
            remedy = f"Remove it; known here are {', '.join(known)}.{did_you_mean(cell, known)}"
            faults.append(Fault(file, 1, cell.strip(), None, "it is an unknown column", remedy))
        elif not name and number in used:  # a column without anything in it is a spreadsheet's habit
            problem = f"column {number + 1} has no name, and cells below hold something"
            remedy = f"Name it, or delete it; known here are {', '.join(known)}."
            faults.append(Fault(file, 1, None, None, problem, remedy))
    return faults
