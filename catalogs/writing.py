"""Tables as canonical CSV: full header, sorted by id, one text for each value."""

import csv
import io
import os
import re
import shutil
from collections.abc import Container, Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from catalogs.records import Offering
from catalogs.schema import OFFERINGS, Table
from catalogs.tables import canonical_texts


def csv_text(table: Table, values: Mapping[str, Sequence[Any]]) -> str:
    """Return values, column by column, as canonical CSV."""
    texts = canonical_texts(table, values)
    rows = sorted(zip(*texts.values(), strict=True), key=itemgetter(table.header.index(table.key)))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.header)
    writer.writerows(rows)
    return out.getvalue()


def offerings_csv(offerings: Iterable[Offering]) -> str:
    """Return offerings as canonical CSV."""
    records = tuple(offerings)
    fields = {"hours": "minutes"}
    return csv_text(
        OFFERINGS,
        {name: [getattr(one, fields.get(name, name)) for one in records] for name in OFFERINGS.header},
    )


def write_whole(content: str | bytes, path: Path) -> None:
    """Write a file, text as UTF-8, so that a reader, or a crash, meets either the old file or the new one."""
    data = content.encode() if isinstance(content, str) else content
    target = path.resolve()  # a link keeps pointing at its file
    if target.exists() and not target.is_file():  # a pipe or a device is written to, never replaced
        with target.open("wb") as file:
            file.write(data)
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def remove_parts(folder: Path, names: Container[str]) -> None:
    """Remove what is left of writing these files where a process was killed in between."""
    for path in folder.glob(".*.part"):
        found = re.fullmatch(r"\.(.+)\.[0-9]+\.part", path.name)
        if found is not None and found[1] in names:
            path.unlink(missing_ok=True)
