"""The rows of a provider's pages on disk, beside the pages: what was understood, and what was not."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from catalogs.schema import OFFERINGS
from catalogs.writing import write_whole
from scrapers.provider import Parsed


def keep_rows(parsed: Parsed, folder: Path, name: str) -> None:
    """Write `NAME.csv` and `NAME.rejected.csv`, which are there to be looked at; nothing reads them."""
    header = OFFERINGS.header
    write_whole(_csv(header, ([row[one] for one in header] for row in parsed.rows)), folder / f"{name}.csv")
    refused = ((one.why, one.where, one.value) for one in parsed.refused)
    write_whole(_csv(("reason", "where", "value"), refused), folder / f"{name}.rejected.csv")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
