"""A workbook (XLSX) → one grid a sheet: what its cells hold, as text, read without trusting its claims."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from catalogs.faults import BadValue, CatalogFaults
from catalogs.grids import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Grid, too_much, whole_file

MOST_UNPACKED = 128 * 1024**2
_MOST_PARTS = 5_000

_DAMAGED = "Open it in a spreadsheet, save it again as .xlsx or CSV, and import that."
_ERROR_CELL = BadValue(
    problem="the cell holds an error of the spreadsheet",
    remedy="Mend the formula there, save the file and import it again.",
)
_NO_RESULT = BadValue(
    problem="the cell is a formula whose result was never saved",
    remedy="Open the file in a spreadsheet, save it there and import it again.",
)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_PLACEHOLDER = re.compile(r'("[^"]*")|([0#?](?:[0#?,./ ]*[0#?])?)')


def workbook_grids(data: bytes, file: str, table_name: str) -> tuple[Grid, ...]:
    """Return the sheets of a workbook; a hidden one without its rows unless it is the one named."""
    formulas = _checked(data, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not keep is nothing that is read here
            return tuple(_grids(data, file, table_name, formulas))
    except CatalogFaults:
        raise
    except Exception as error:  # a damaged file makes openpyxl and its parsers raise whatever they meet
        problem = f"the workbook is damaged ({type(error).__name__} while reading it)"
        raise whole_file(file, problem, _DAMAGED) from None


def _checked(data: bytes, file: str) -> bool:
    """Refuse an archive that is not a workbook, or unpacks to too much; return whether it has formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "mimetype" in names or any(name.endswith(".iwa") for name in names):
                problem = "it is a spreadsheet of another program, not XLSX"
                raise whole_file(file, problem, "Save it as .xlsx or CSV, and import that.")
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                problem = "it is an archive and no workbook"
                raise whole_file(file, problem, "Unpack it, and import the CSV, XLSX or HTML file in it.")
            # The sizes an archive states are those zipfile unpacks at most, so the sum is a bound.
            if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > _MOST_PARTS:
                size = f"{MOST_UNPACKED // 1024**2} MB"
                raise whole_file(
                    file, f"the workbook unpacks to more than {size}", "Save the one sheet you need as CSV."
                )
            formulas = False
            for name in sorted(name for name in names if name.casefold().endswith(".xml")):
                part = archive.read(name)
                if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
                    raise whole_file(
                        file, "the workbook defines entities, which no spreadsheet does", _DAMAGED
                    )
                formulas = formulas or b"<f>" in part or b"<f " in part or b"<f/" in part
            return formulas
    except CatalogFaults:
        raise
    except Exception as error:  # zipfile raises a dozen kinds, among them those of zlib and of encryption
        problem = f"the workbook is cut off, encrypted or damaged ({type(error).__name__})"
        raise whole_file(file, problem, _DAMAGED) from None


def _grids(data: bytes, file: str, named: str, formulas: bool) -> Iterator[Grid]:
    from openpyxl import load_workbook

    shown = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    written = load_workbook(io.BytesIO(data), read_only=True, keep_links=False) if formulas else None
    cells = 0
    for place, sheet in enumerate(shown.worksheets):
        hidden = sheet.sheet_state != "visible"
        number = str(place + 1)
        if hidden and named.casefold() not in (sheet.title.casefold(), number):
            yield Grid(sheet.title, (), hidden=True)
            continue
        formula_rows = _rows(written.worksheets[place], file) if written is not None else None
        grid = _grid(sheet.title, _rows(sheet, file), formula_rows)
        cells += sum(len(row) for _, row in grid.rows)
        if cells > MOST_CELLS:
            raise too_much(file, f"{MOST_CELLS:,} cells")
        yield grid


def _rows(sheet: Any, file: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # a sheet may claim a million columns
    for row, cells in enumerate(sheet.iter_rows(), 1):
        if row > MOST_ROWS:
            raise too_much(file, f"{MOST_ROWS:,} rows")
        if len(cells) > MOST_COLUMNS and any(cell.value is not None for cell in cells[MOST_COLUMNS:]):
            raise too_much(file, f"{MOST_COLUMNS} columns")
        yield row, cells[:MOST_COLUMNS]


def _grid(
    title: str,
    shown: Iterator[tuple[int, tuple[Any, ...]]],
    written: Iterator[tuple[int, tuple[Any, ...]]] | None,
) -> Grid:
    rows: list[tuple[int, tuple[str, ...]]] = []
    spoiled: dict[tuple[int, int], BadValue] = {}
    for row, cells in shown:
        sources = next(written, (row, ()))[1] if written is not None else ()
        texts: list[str] = []
        for place, cell in enumerate(cells):
            if cell.data_type == "e":
                spoiled[row, place] = _ERROR_CELL
                texts.append(str(cell.value))
            elif cell.value is None and place < len(sources) and sources[place].data_type == "f":
                spoiled[row, place] = _NO_RESULT
                texts.append(_formula(sources[place].value))
            elif cell.value is None:
                texts.append("")
            else:
                texts.append(cell_text(cell.value, cell.number_format or ""))
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            rows.append((row, tuple(texts)))
    return Grid(title, tuple(rows), spoiled, padded=True)


def _formula(value: Any) -> str:
    return value if isinstance(value, str) else "="


def cell_text(value: Any, number_format: str) -> str:
    """Return what a cell holds, as text that says as much as the cell shows: its currency, its percent sign."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return _number_text(value, number_format)
    return str(value)


def _number_text(value: float, number_format: str) -> str:
    if not value and (zero := _zero_text(number_format)):
        return zero
    before, after = _around(number_format)
    if "%" in after:
        return f"{_plain(Decimal(_plain(value)) * 100)}%"
    return f"{before}{_plain(value)}{after}"


def _zero_text(number_format: str) -> str:
    """Return what a format shows in place of 0, such as `TBD` or a dash; empty where it shows a number."""
    sections = re.sub(r"\[[^\]]*\]", "", number_format).split(";")
    if len(sections) < 3 or re.search("[0#]", re.sub(r'"[^"]*"', "", sections[2])):
        return ""
    return " ".join(_literal(re.sub(r"[_*].|[?\\]", " ", sections[2])).split())


def _plain(value: float | Decimal) -> str:
    """Return a number without an exponent: of a float the 15 digits that a spreadsheet keeps."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _around(number_format: str) -> tuple[str, str]:
    """Return the words and signs a format puts before and after a number, such as `$` or ` CEUs`."""
    section = number_format.split(";")[0]
    if section.casefold() == "general":
        return "", ""
    section = _CURRENCY.sub(r'"\1"', section)
    section = re.sub(r"\[[^\]]*\]", "", section)  # colours and conditions
    section = re.sub(r"[_*].", " ", section)  # gaps as wide as a character
    section = re.sub(r"\\(.)", r'"\1"', section)
    places = [match for match in _PLACEHOLDER.finditer(section) if match[2]]
    if not places:
        return "", ""
    before, after = section[: places[0].start()], section[places[-1].end() :]
    return _literal(before).lstrip(), _literal(after).rstrip()


def _literal(text: str) -> str:
    return text.replace('"', "").replace(",", "")
