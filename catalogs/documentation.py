"""`docs/catalog.md`: the catalog's columns as a page, derived from their declaration.

`python -m catalogs.documentation [FILE]` prints the page, or writes it.
"""

import sys
from pathlib import Path

from catalogs.schema import OFFERINGS, PASSES, Column, Table

_INTRO = """\
# The catalog: a folder of CSVs

<!-- Written by `python -m catalogs.documentation docs/catalog.md`; edit catalogs/schema.py instead. -->

`passes.csv` holds passes, every other `*.csv` holds offerings, usually one file a provider. Files that end in
`.rejected.csv` are left alone. Files are UTF-8, and an empty cell means that nobody said.

**What is read:** `$1,029.95`, `Free`, `1 hr 30 min`, `Mar 3, 2027`, `12/31/2027`, `180 days`, `Self-Study`,
a byte order mark, Windows line ends, semicolons between columns, and the other headers named below.

**What is refused:** whatever could mean two things (`$15 - $60`, `was $45 now $30`, `03/04/2027`), is out of
range or is not there (an unknown pass, February 30). Every refusal names file, row, column and value, and
says what to do. Columns that are not in these tables are not read, and a note says so.

**What is written:** all columns in this order, rows sorted by id, `29.95`, `1.5`, `2027-03-03`, `; ` between
the items of a list, and an empty cell where the value is the default.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([_INTRO, _section("Offerings", OFFERINGS), _section("Passes", PASSES)])


def column_table(table: Table) -> str:
    """Return a table's columns as a Markdown table."""
    lines = ["| column | meaning | what to write | also headed |", "|---|---|---|---|"]
    for column in table.columns:
        cells = (_name(column), _meaning(column), column.form.says, ", ".join(column.aliases))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _section(title: str, table: Table) -> str:
    return f"## {title}\n\nColumns in bold must be there.\n\n{column_table(table)}"


def _name(column: Column) -> str:
    return f"**{column.name}**" if column.needed else column.name


def _meaning(column: Column) -> str:
    meaning = column.meaning
    if column.default:
        meaning += f" (default {column.default})"
    if column.filled:
        meaning += " (never empty)"
    return meaning


if __name__ == "__main__":
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(page())
