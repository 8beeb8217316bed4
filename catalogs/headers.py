"""Which grid of a file is the catalog, and which row of it the header."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from catalogs.faults import CatalogFaults, Fault, FlagFaults, did_you_mean, shown
from catalogs.grids import Grid, whole_file
from catalogs.header_words import CREDIT, meaning_of
from catalogs.schema import Table

_TOP = 25
_DATA = re.compile(r"[$€£]|://|^[0-9.,%-]+$")


@dataclass(frozen=True, slots=True)
class Headed:
    """Hold one grid with its header found."""

    grid: Grid
    number: int
    """The header's row."""
    header: tuple[str, ...]
    body: tuple[tuple[int, tuple[str, ...]], ...]
    above: tuple[int, ...]
    """Rows with text above the header."""


def headed(grid: Grid, table: Table, said: Collection[str]) -> Headed | None:
    """Return a grid parted at its header: the row of its top that names most columns; None if none does."""
    top = grid.rows[:_TOP]
    counts = [_named(cells, table, said) for _, cells in top]
    if not counts:
        return None
    place = counts.index(max(counts))
    if not counts[place] and any(_DATA.search(cell.strip()) for cell in top[0][1]):
        return None
    number, header = top[place]
    width = max(len(header), *(len(cells) for _, cells in grid.rows[place:])) if grid.padded else len(header)
    body = grid.rows[place + 1 :]
    above = tuple(row for row, _ in top[:place])
    return Headed(grid, number, header + ("",) * (width - len(header)), body, above)


def _named(cells: Sequence[str], table: Table, said: Collection[str]) -> int:
    names = {" ".join(cell.split()) for cell in cells} - {""}
    return sum(name in said or meaning_of(name, table) is not None for name in names)


def chosen(
    grids: Sequence[Grid], wanted: str, table: Table, said: Collection[str], file: str
) -> tuple[Headed, tuple[str, ...]]:
    """Return the grid to import, and the names of those left out; refuse to choose between several."""
    if wanted:
        return _headed(_wanted(grids, wanted, file), table, said, file), ()
    seen = [grid for grid in grids if not grid.hidden and grid.rows]
    if not seen:
        hidden = [grid.name for grid in grids if grid.hidden]
        if hidden:
            remedy = f"Name the sheet you mean, as in --sheet {_quoted(hidden[0])}."
            raise whole_file(file, "every sheet that holds anything is hidden", remedy)
        raise whole_file(file, "there is no table in it", "Fill it with a header and rows.")
    if len(seen) == 1:
        return _headed(seen[0], table, said, file), ()
    usable = [grid for grid in seen if _is_usable(headed(grid, table, said), table)]
    if len(usable) == 1:
        others = tuple(f'"{shown(grid.name)}"' for grid in grids if grid is not usable[0])
        return _headed(usable[0], table, said, file), others
    what = (
        "sheets or tables" if usable else "sheets or tables, none of which has a title and a price or credit"
    )
    listed = "; ".join(
        f"{number}: {_quoted(grid.name)}, {len(grid.rows):,} rows"
        for number, grid in enumerate(grids, 1)
        if grid in (usable or seen)
    )
    raise whole_file(file, f"it holds several {what}", f"Name one, as in --sheet 1. They are {listed[:350]}.")


def _is_usable(one: Headed | None, table: Table) -> bool:
    if one is None or not one.body:
        return False
    roles = {meaning.role for cell in one.header if (meaning := meaning_of(cell, table))}
    priced = any(re.search(r"\$ ?[0-9]", cell) for _, cells in one.body[:50] for cell in cells)
    return "title" in roles and (priced or "price" in roles or any(role.startswith(CREDIT) for role in roles))


def _headed(grid: Grid, table: Table, said: Collection[str], file: str) -> Headed:
    found = headed(grid, table, said)
    if found is None:
        place = f" of {_quoted(grid.name)}" if grid.name else ""
        problem = f"no row at the top{place} names the columns"
        remedy = "Put their names above the first row, such as title, price and credits."
        raise CatalogFaults(
            [Fault(file, grid.rows[0][0] if grid.rows else None, None, None, problem, remedy)]
        )
    if not found.body:
        raise whole_file(
            file, "there is a header and no row below it", "Add rows, or name another sheet or file."
        )
    return found


def _wanted(grids: Sequence[Grid], wanted: str, file: str) -> Grid:
    by_name = [grid for grid in grids if grid.name and grid.name.casefold() == wanted.casefold()]
    if by_name:
        return by_name[0]
    if wanted.isdecimal() and len(wanted) < 6 and 1 <= int(wanted) <= len(grids):
        return grids[int(wanted) - 1]
    named = [grid.name for grid in grids if grid.name]
    listed = ", ".join(f"{number}: {_quoted(grid.name)}" for number, grid in enumerate(grids, 1) if grid.name)
    remedy = (
        f"It has {listed[:350]}.{did_you_mean(wanted, named)}" if named else "Leave --sheet out: it has one."
    )
    raise FlagFaults(
        [Fault("--sheet", None, None, wanted, f"there is no such sheet or table in {file}", remedy)]
    )


def _quoted(name: str) -> str:
    return f'"{shown(name)}"'
