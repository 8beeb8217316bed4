"""What differs between two catalogs, row by row and column by column."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from catalogs.cell_looks import is_run
from catalogs.loading import Catalog
from catalogs.schema import OFFERINGS, PASSES, Table
from catalogs.tables import canonical_texts
from catalogs.withdrawal import is_withdrawn

type Rows = Mapping[str, Mapping[str, str]]
"""Rows of canonical text by id."""

type Sort = Literal["new", "removed", "withdrawn", "back", "changed"]

SORTS: tuple[Sort, ...] = ("new", "removed", "withdrawn", "back", "changed")


@dataclass(frozen=True, slots=True)
class Change:
    """Hold what became of one row."""

    table: str
    """`offerings` or `passes`."""
    key: str
    sort: Sort
    """`withdrawn`: marked as for sale no more; `removed`: the row is gone; `back`: the mark is gone."""
    before: Mapping[str, str]
    """The columns that differ, as they were; those that are filled in a removed row, none of a new one."""
    after: Mapping[str, str]
    title: str


def rows_of(catalog: Catalog, table: Table) -> Rows:
    """Return a catalog's offerings or passes as canonical text by id."""
    values = catalog.offering_values if table is OFFERINGS else catalog.pass_values
    texts = canonical_texts(table, values)
    names = tuple(texts)
    rows = (dict(zip(names, cells, strict=True)) for cells in zip(*texts.values(), strict=True))
    return {row[table.key]: row for row in rows}


def catalog_changes(before: Catalog, after: Catalog) -> tuple[Change, ...]:
    """Return what differs, passes after offerings, each by id."""
    return tuple(
        change
        for table in (OFFERINGS, PASSES)
        for change in changes(rows_of(before, table), rows_of(after, table), table.name)
    )


def changes(before: Rows, after: Rows, table: str = OFFERINGS.name) -> tuple[Change, ...]:
    """Return what differs between the rows of two tables, by id."""
    return tuple(_changes(before, after, table))


def _changes(before: Rows, after: Rows, table: str) -> Iterator[Change]:
    for key in sorted({*before, *after}):
        old, new = before.get(key, {}), after.get(key, {})
        names = [name for name in (old or new) if old.get(name, "") != new.get(name, "")]
        if not names:
            continue
        was = {name: old[name] for name in names} if new and old else _filled(old)
        now = {name: new[name] for name in names} if new and old else _filled(new)
        yield Change(table, key, _sort(old, new), was, now, (new or old).get("title", ""))


def _filled(row: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in row.items() if text}


def _sort(old: Mapping[str, str], new: Mapping[str, str]) -> Sort:
    if not old:
        return "new"
    if not new:
        return "removed"
    was, now = is_withdrawn(old.get("note", "")), is_withdrawn(new.get("note", ""))
    if was == now:
        return "changed"
    return "withdrawn" if now else "back"


def changes_json(found: tuple[Change, ...]) -> str:
    """Return changes for other programs; every key is always there."""
    counts = {sort: sum(change.sort == sort for change in found) for sort in SORTS}
    listed = [
        {
            "table": change.table,
            "id": change.key,
            "title": change.title,
            "change": change.sort,
            "before": dict(change.before),
            "after": dict(change.after),
        }
        for change in found
    ]
    return json.dumps({"schema_version": 1, "counts": counts, "changes": listed}, indent=1) + "\n"


def changes_csv(found: tuple[Change, ...]) -> str:
    """Return changes as a table: one line for each column that differs, one for a row that is new or gone.

    Whoever opens it in a spreadsheet runs nothing: what would be a formula stands behind an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("table", "id", "change", "column", "before", "after"))
    for change in found:
        if change.sort in ("new", "removed"):
            writer.writerow((change.table, _harmless(change.key), change.sort, "", "", ""))
            continue
        for name in change.after:
            values = (_harmless(change.before[name]), _harmless(change.after[name]))
            writer.writerow((change.table, _harmless(change.key), change.sort, name, *values))
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if is_run(text) else text
