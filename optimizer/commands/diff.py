"""`ceuplan catalog diff`: what differs between two catalogs."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands.options import Output
from optimizer.commands.output import check_format, check_output, write


def catalog_diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="Folder or CSV file; `shipped`: the shipped catalog.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="Likewise: what it is compared with.")],
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json|csv", help="How to answer.")
    ] = "text",
    output: Output = None,
) -> None:
    """Say what differs between two catalogs: new, withdrawn and removed rows, changed prices, credit, approvals.

    Exit 0 whether or not anything differs; with --format csv or json a program sees which. A file may name passes
    that stand in another one.

    Example: ceuplan catalog diff shipped my-catalog
    """
    check_format(format_, ("text", "json", "csv"))
    files = [file for said in (before, after) if Path(said).is_dir() for file in Path(said).glob("*.csv")]
    check_output(output, [before, after, *files])

    from catalogs.diff import catalog_changes, changes_csv, changes_json
    from catalogs.diff_text import changes_text
    from catalogs.loading import load, shipped_folder

    old, new = (
        load([shipped_folder() if said == "shipped" else Path(said)], whole=False) for said in (before, after)
    )
    found = catalog_changes(old, new)
    form = {"text": changes_text, "json": changes_json, "csv": changes_csv}[format_]
    write(form(found), output)
