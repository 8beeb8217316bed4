"""`datapackage.json`: a catalog's folder described so that any Frictionless tool can read and check it.

`python -m catalogs.datapackage [FOLDER]` writes it; without a folder, into the shipped catalog.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from catalogs.faults import CatalogFaults, faults_text
from catalogs.loading import shipped_folder
from catalogs.reading import Sheet, csv_files, read_sheet
from catalogs.schema import Column, Table
from catalogs.writing import write_whole

FILE = "datapackage.json"


def package(folder: Path) -> dict[str, Any]:
    """Return the description of a folder of CSVs, or raise `CatalogFaults` if a file cannot be read."""
    paths, faults = csv_files([folder])
    sheets = []
    for path in paths:
        sheet, found = read_sheet(path)
        faults += found
        sheets += [sheet] if sheet else []
    if faults:
        raise CatalogFaults(faults)
    return {
        "name": "ceuplan-catalog",
        "title": "Continuing-education offerings and the passes that pay for them",
        "description": "An empty cell means that nobody said. Prices are in US dollars.",
        "licenses": [{"name": "MIT", "path": "https://opensource.org/license/mit", "title": "MIT License"}],
        "sources": [{"title": "The page in each row's source_url, as it was on its seen_on"}],
        "resources": [_resource(sheet) for sheet in sheets],
    }


def _resource(sheet: Sheet) -> dict[str, Any]:
    path = Path(sheet.file)
    resource = {
        "name": re.sub(r"[^a-z0-9._-]+", "-", path.stem.casefold()),
        "type": "table",
        "path": path.name,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": table_schema(sheet.table, sheet.header),
    }
    if sheet.delimiter != ",":
        resource["dialect"] = {"csv": {"delimiter": sheet.delimiter}}
    return resource


def table_schema(table: Table, header: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Return the Frictionless Table Schema of a table, or of a file of it with that header."""
    fields, key = [], table.key
    for name in header or table.header:
        column = table.column_headed(name)
        fields.append({"name": name, **(_field(table, column) if column else {"type": "string"})})
        if column and column.name == table.key:
            key = name
    return {"fields": fields, "missingValues": [""], "primaryKey": [key]}


def _field(table: Table, column: Column) -> dict[str, Any]:
    constraints = dict(column.form.constraints)
    if column.filled:
        constraints["required"] = True
    if column.name == table.key:
        constraints["unique"] = True
    described = {
        "type": column.form.type,
        "description": f"{column.meaning} ({column.form.says})".replace("`", ""),
        **column.form.options,
    }
    return described | ({"constraints": constraints} if constraints else {})


def package_text(folder: Path) -> str:
    """Return the folder's `datapackage.json`: the same folder always gives the same bytes."""
    return json.dumps(package(folder), indent=2, ensure_ascii=False) + "\n"


def write_package(folder: Path) -> Path:
    """Write the folder's `datapackage.json` and return its path."""
    path = folder / FILE
    write_whole(package_text(folder), path)
    return path


def main(arguments: list[str]) -> int:
    """Write the data package of the folder named, or of the shipped catalog."""
    try:
        path = write_package(Path(arguments[0]) if arguments else shipped_folder())
    except CatalogFaults as stop:
        sys.stderr.write(faults_text(stop.faults))
        return 3
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
