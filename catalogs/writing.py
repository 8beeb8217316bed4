"""Tables as canonical CSV: full header, sorted by id, one text for each value."""

import csv
import io
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

from catalogs.records import Offering
from catalogs.schema import OFFERINGS, PASSES, Table
from catalogs.tables import canonical_texts, frame_of, values_of


def csv_text(table: Table, values: Mapping[str, Sequence[Any]]) -> str:
    """Return values, column by column, as canonical CSV."""
    texts = canonical_texts(table, values)
    rows = sorted(zip(*texts.values(), strict=True), key=itemgetter(table.header.index(table.key)))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.header)
    writer.writerows(rows)
    return out.getvalue()


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table of offerings or passes as canonical CSV; the file is replaced whole or not at all.

    A table of plain text is parsed first and raises `BadValue` for a cell that is not sound.
    """
    declared = PASSES if PASSES.key in table.columns else OFFERINGS
    values = {column.name: values_of(table, column) for column in declared.columns}
    write_whole(csv_text(declared, values), path)


def write_whole(text: str, path: Path) -> None:
    """Write a text file so that a reader, or a crash, meets either the old file or the new one."""
    target = path.resolve()  # a link keeps pointing at its file
    if target.exists() and not target.is_file():  # a pipe or a device is written to, never replaced
        with target.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def offerings_table(offerings: Iterable[Offering]) -> pd.DataFrame:
    """Return offerings as a table with the declared types, sorted by id."""
    records = list(offerings)
    fields = {"hours": "minutes"}
    values: dict[str, Sequence[object]] = {
        name: [getattr(record, fields.get(name, name)) for record in records] for name in OFFERINGS.header
    }
    return frame_of(OFFERINGS, values)
