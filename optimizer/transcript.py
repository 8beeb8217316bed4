"""A transcript's CSV → the lines of `[[earned]]`, as text with the row each stands in."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from catalogs import forms
from catalogs.faults import Fault, Faults, did_you_mean
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


def transcript_lines(path: Path) -> tuple[list[dict[str, object]], tuple[Fault, ...]]:
    """Return a transcript's lines with `file` and `row`, and the faults of the file's form.

    The cells are read later, together with the learner's other lines.
    """
    file = str(path)
    try:
        (_, header), *body = _records(read_bytes(path), file)
    except Faults as bad:
        return [], bad.faults
    columns = [TRANSCRIPT.column_headed(cell) for cell in header]
    names = [column.name if column else "" for column in columns]
    faults = _header_faults(header, names, file)
    lines: list[dict[str, object]] = []
    for row, cells in body:
        if len(cells) != len(header):
            problem = f"the row has {len(cells)} cells, and the header has {len(header)}"
            remedy = "Give it as many; put a cell that holds the separator into double quotes."
            faults.append(Fault(file, row, None, None, problem, remedy))
        said = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
        lines.append({**said, "file": file, "row": row})
    return (lines, ()) if not faults else ([], tuple(faults))


def _records(data: bytes, file: str) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, numbered as a spreadsheet does, the header first."""
    text = decoded(data, file)

    def known(mark: str) -> int:
        header = next(csv.reader(StringIO(text, newline=""), delimiter=mark), [])
        return sum(TRANSCRIPT.column_headed(cell) is not None for cell in header)

    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=max(",;", key=known), strict=True)
        rows = [(row, cells) for row, cells in enumerate(reader, 1) if any(map(str.strip, cells))]
    except csv.Error as error:
        problem = f"it is not CSV: {error}"
        remedy = "Close every quote, or save it again as CSV from a spreadsheet."
        raise Faults([Fault(file, None, None, None, problem, remedy)]) from None
    if not rows:
        remedy = f"Put the names of the columns into its first row: {', '.join(TRANSCRIPT.header)}."
        raise Faults([Fault(file, None, None, None, "it has no header", remedy)])
    return rows


def _header_faults(header: Sequence[str], names: Sequence[str], file: str) -> list[Fault]:
    faults = [
        Fault(file, 1, column.name, None, "it is missing", f"Add the column: {column.meaning}.")
        for column in TRANSCRIPT.columns
        if column.needed and column.name not in names
    ]
    known = TRANSCRIPT.header
    for number, (cell, name) in enumerate(zip(header, names, strict=True)):
        if not name:
            remedy = f"Remove it; known here are {', '.join(known)}.{did_you_mean(cell, known)}"
            faults.append(Fault(file, 1, cell.strip(), None, "it is an unknown column", remedy))
        elif name in names[:number]:
            remedy = "Keep one of them."
            faults.append(Fault(file, 1, cell.strip(), None, f"another column means {name} too", remedy))
    return faults
