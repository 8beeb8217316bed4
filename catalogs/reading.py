"""One CSV file → the text of its known columns with spreadsheet row numbers, or its faults."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalogs.faults import BadValue, Fault
from catalogs.schema import OFFERINGS, PASSES, Table

PASSES_FILE = "passes.csv"
LARGEST_BYTES = 2 * 1024**3
LONGEST_CELL = 131_072

_SAVE_AS_UTF8 = 'Save it again as "CSV UTF-8", or convert it to UTF-8.'


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold one CSV file as text, column by column."""

    file: str
    table: Table
    rows: tuple[int, ...]
    """Each row's number as a spreadsheet counts it: the header is row 1."""
    cells: dict[str, tuple[str, ...]]
    """The text of each known column the file has."""
    extra: tuple[str, ...]
    """Headers that are no column of the table."""
    header: tuple[str, ...]
    """The headers as they stand in the file."""
    delimiter: str


def csv_files(sources: Sequence[Path]) -> tuple[list[Path], list[Fault]]:
    """Return the CSV files of folders and files, each once, and the faults of folders without any."""
    paths: list[Path] = []
    faults: list[Fault] = []
    for source in sources:
        if not _is_folder(source):
            paths.append(source)  # reading says what is wrong with it, if anything
            continue
        try:
            found = sorted(path for path in source.iterdir() if path.name.casefold().endswith(".csv"))
        except OSError as error:
            problem = f"the folder cannot be read ({error.strerror or error})"
            faults.append(Fault(str(source), None, None, None, problem, "Check that you may read it."))
            continue
        found = [path for path in found if not path.name.casefold().endswith(".rejected.csv")]
        if not found:
            remedy = "Name a folder that has some, such as one with courses.csv and passes.csv."
            faults.append(Fault(str(source), None, None, None, "the folder holds no CSV files", remedy))
        paths += found
    # A file reached twice, say by itself and by its folder, is one file.
    return list({path.resolve(): path for path in reversed(paths)}.values())[::-1], faults


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, or a folder above that may not be searched
        return False


def table_of(path: Path) -> Table:
    """Return which table a file holds a part of."""
    return PASSES if path.name.casefold() == PASSES_FILE else OFFERINGS


def read_sheet(path: Path) -> tuple[Sheet | None, tuple[Fault, ...]]:
    """Return a file's text and the faults of its form; no text if the file as a whole cannot be read."""
    file = str(path)
    table = table_of(path)
    try:
        text = decoded(bytes_of(path), file)
    except BadValue as bad:
        return None, (bad.at(file, None, None, None),)
    except NotUtf8 as bad:
        return None, (bad.fault,)
    delimiter = delimiter_of(text, table)
    records, faults = records_of(text, delimiter, file)
    if faults and not records:
        return None, tuple(faults)
    if not records:
        problem = "the file has no header"
        remedy = f"Put the names of the columns into its first row: {', '.join(_needed(table))}."
        return None, (Fault(file, None, None, None, problem, remedy),)
    (_, header), *body = records
    faults += header_faults(header, table, file)
    if faults and any(fault.row in (None, 1) for fault in faults):
        return None, tuple(faults)
    kept = []
    any_nul = "\0" in text
    for row, cells in body:
        if len(cells) != len(header):
            faults.append(wrong_length(row, cells, header, file))
        elif any_nul and any("\0" in cell for cell in cells):
            faults += _nul_cells(row, cells, header, table, file)
        else:
            kept.append((row, cells))
    return _sheet(file, table, header, delimiter, kept), tuple(faults)


def bytes_of(
    path: Path, largest: int = LARGEST_BYTES, name: str = "Name a CSV file, or a folder of CSV files."
) -> bytes:
    """Return what is in a file of at most so many bytes, or refuse it with `BadValue`."""
    try:
        if not path.is_file():
            problem = "it is not a file" if path.exists() else "there is no such file"
            raise BadValue(problem, name)
        size = path.stat().st_size
        if size > largest:
            problem = f"the file is too large to read: {_size(size)}"
            raise BadValue(problem, f"Split it into files of at most {_size(largest)}.")
        data = path.read_bytes()
    except OSError as error:
        problem = f"the file cannot be read ({error.strerror or error})"
        raise BadValue(problem, "Check that it exists and that you may read it.") from None
    if not data or data.isspace():
        raise BadValue(problem="the file is empty", remedy="Fill it with a header and rows, or delete it.")
    return data


def _size(size: int) -> str:
    return f"{size / 1024**3:.1f} GB" if size >= 1024**3 else f"{-(-size // 1024**2)} MB"


class NotUtf8(Exception):
    """Refuse a file whose bytes are not UTF-8; `fault` says where."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.problem)


def decoded(data: bytes, file: str) -> str:
    """Return UTF-8 as text, or raise `NotUtf8`."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The rows before the bad byte say which row it is in, also where cells hold line breaks.
        before = data[: error.start].decode("utf-8", errors="replace")
        try:
            row = max(1, len(list(csv.reader(io.StringIO(before + "x", newline="")))))
        except csv.Error:
            row = before.count("\n") + 1
        problem = f"the file is not UTF-8: byte {data[error.start]:#04x} makes no sense there"
        raise NotUtf8(Fault(file, row, None, None, problem, _SAVE_AS_UTF8)) from None


def delimiter_of(text: str, table: Table) -> str:
    """Return the separator with which the header has the most known columns; the comma if in doubt."""

    def known(delimiter: str) -> int:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except (csv.Error, StopIteration):
            return 0
        return len({table.column_headed(cell) for cell in header} - {None})

    return max(",;", key=known)


def records_of(text: str, delimiter: str, file: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Return the rows that hold anything, numbered, up to the first that cannot be told apart."""
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            if max(map(len, cells), default=0) > LONGEST_CELL:  # csv's own limit is whoever's set it last
                return records, [_csv_fault(csv.Error("field limit"), row, file)]
            # A blank row at the end or in between is a spreadsheet's habit, and says nothing.
            if any(map(str.strip, cells)):
                records.append((row, cells))
    except csv.Error as error:
        return records, [_csv_fault(error, row + 1, file)]
    return records, []


def _csv_fault(error: csv.Error, row: int, file: str) -> Fault:
    message = str(error)
    if "field limit" in message:
        problem = f"a cell is longer than {LONGEST_CELL:,} characters"
        remedy = "Shorten it; if it swallowed the rows below, close the quote at its start."
    elif "unexpected end" in message:
        problem = "a quote that opens in this row is never closed, so the rest of the file is one cell"
        remedy = 'Close it, or write "" for a quote that belongs to the text.'
    elif "expected after" in message:
        problem = "text follows the closing quote of a cell"
        remedy = 'Write "" for a quote that belongs to the text.'
    else:
        problem = f"the row is not CSV ({message})"
        remedy = "Save the file again as CSV from a spreadsheet."
    return Fault(file, row, None, None, problem, remedy)


def _needed(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.needed]


def header_faults(header: Sequence[str], table: Table, file: str) -> list[Fault]:
    """Return the faults of the headers of a table."""
    columns = [table.column_headed(cell) for cell in header]
    faults = [nul_byte(file, 1, None) for cell in header if "\0" in cell]
    if table is OFFERINGS and table.column(table.key) not in columns:
        problem = f"the file is unknown: it has no column {table.key}, and is not called {PASSES_FILE}"
        remedy = (
            "Separate its columns with commas or semicolons and name the first ones "
            f"{', '.join(_needed(table))}; or move the file out of the catalog."
        )
        return [*faults, Fault(file, None, None, None, problem, remedy)]
    for column in table.columns:
        headers = [cell.strip() for cell, meant in zip(header, columns, strict=True) if meant is column]
        if len(headers) > 1:
            problem = f"{len(headers)} columns mean {column.name}: {', '.join(headers)}"
            faults.append(Fault(file, 1, column.name, None, problem, "Keep one of them."))
        if column.needed and not headers:
            problem = f"the column {column.name} is missing"
            remedy = f'Add a column with the header "{column.name}": {column.meaning}.'
            faults.append(Fault(file, 1, column.name, None, problem, remedy))
    return faults


def wrong_length(row: int, cells: Sequence[str], header: Sequence[str], file: str) -> Fault:
    """Return the fault of a row that has more or fewer cells than the header."""
    problem = f"the row has {len(cells)} cell{'s'[: len(cells) > 1]}, and the header has {len(header)}"
    remedy = "Give it as many; put a cell that holds the separator itself into double quotes."
    return Fault(file, row, None, None, problem, remedy)


def _nul_cells(row: int, cells: Sequence[str], header: Sequence[str], table: Table, file: str) -> list[Fault]:
    known = [table.column_headed(name) for name in header]
    return [
        nul_byte(file, row, column.name if column else name)
        for name, column, cell in zip(header, known, cells, strict=True)
        if "\0" in cell
    ]


def nul_byte(file: str, row: int, column: str | None) -> Fault:
    """Return the fault of a cell that holds a NUL byte."""
    return Fault(file, row, column, None, "there is a NUL byte", "Delete it: text has none.")


def _sheet(
    file: str, table: Table, header: Sequence[str], delimiter: str, body: Sequence[tuple[int, list[str]]]
) -> Sheet:
    by_column = list(zip(*(cells for _, cells in body), strict=True)) or [()] * len(header)
    cells, extra = {}, []
    for name, texts in zip(header, by_column, strict=True):
        column = table.column_headed(name)
        if column is not None:
            cells[column.name] = texts
        elif name.strip() or any(map(str.strip, texts)):
            extra.append(name.strip())
    rows = tuple(row for row, _ in body)
    return Sheet(file, table, rows, cells, tuple(dict.fromkeys(extra)), tuple(header), delimiter)
