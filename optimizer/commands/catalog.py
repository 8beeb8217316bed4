"""`ceuplan catalog …`: look after folders of CSVs."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.commands.catalog_import import catalog_import
from optimizer.commands.completing import credential_ids, kinds, pass_ids, providers
from optimizer.commands.options import Output, Sources
from optimizer.commands.output import check_format, check_output, width, write

if TYPE_CHECKING:
    from catalogs.listing import Measure

Folders = Annotated[list[str] | None, typer.Argument(metavar="[DIR|CSV]...", help="The shipped one if none.")]

catalog_app = typer.Typer(
    help="Look after catalogs: folders of CSVs that say what can be bought.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


catalog_app.command("import")(catalog_import)


@catalog_app.command("check")
def catalog_check(folder: Folders = None, catalog: Sources = None) -> None:
    """Check a catalog and say what is in it; name every fault.

    Example: ceuplan catalog check my-catalog
    """
    import textwrap

    from catalogs.check import report
    from optimizer.asking import catalog_from

    text = report(catalog_from([*(folder or []), *(catalog or [])]))
    for line in text.splitlines():
        sys.stdout.write(
            textwrap.fill(line, width(None), subsequent_indent="    ", break_on_hyphens=False) + "\n"
        )


@catalog_app.command("show")
def catalog_show(
    folder: Folders = None,
    catalog: Sources = None,
    provider: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only of this provider.", autocompletion=providers),
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option(metavar="SLUG", help="Only with credit of this category; `any`: of none.")
    ] = None,
    approver: Annotated[list[str] | None, typer.Option(metavar="SLUG", help="Only approved by this one.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Only of this kind, such as course.", autocompletion=kinds),
    ] = None,
    max_price: Annotated[str | None, typer.Option(metavar="USD", help="Only at this list price or less.")] = None,
    pass_: Annotated[
        list[str] | None,
        typer.Option("--pass", metavar="ID", help="Only what this pass is for.", autocompletion=pass_ids),
    ] = None,
    credential: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Show credits, and their cost, in this one's unit.",
            autocompletion=credential_ids,
        )
    ] = None,
    sort: Annotated[
        str, typer.Option(metavar="ORDER", help="price-per-credit, price, credits (most first), provider or id.")
    ] = "price-per-credit",
    format_: Annotated[str, typer.Option("--format", metavar="text|csv", help="How to answer.")] = "text",
    output: Output = None,
) -> None:  # fmt: skip
    """List what a catalog offers, with what a credit costs at the list price.

    A flag given twice lets either through. Example: ceuplan catalog show --category clinical --max-price 20
    """
    check_format(format_, ("text", "csv"))
    check_output(output)

    from catalogs.listing import listing, listing_csv, notes_on
    from catalogs.listing_filters import Wishes
    from catalogs.listing_text import listing_text
    from optimizer.asking import catalog_from

    read = catalog_from([*(folder or []), *(catalog or [])])
    wishes = Wishes(provider or (), category or (), approver or (), kind or (), pass_ or (), max_price)
    found = listing(read, wishes, sort, _measure(credential) if credential is not None else None)
    notes = list(read.notes)
    if format_ == "csv":
        text = listing_csv(read, found)
        notes += notes_on(found)
        if output is None and sys.stdout.isatty():
            text = _visible(text)
    else:
        text = listing_text(found, width(output))
    _print_notes(notes)
    write(text, output)


def _measure(said: str) -> "Measure":
    from catalogs.listing import Measure
    from optimizer.asking import credential_named

    named = credential_named(said)
    return Measure(named.name, named.unit, dict(named.conversions))


def _print_notes(notes: list[str]) -> None:
    from catalogs.faults import shown

    for note in notes:
        sys.stderr.write(f"Note: {shown(note, longest=400)}\n")


def _visible(text: str) -> str:
    """Return CSV as a terminal may show it, control characters made visible; a file or a pipe gets it as it is."""
    from catalogs.faults import shown

    return "".join(shown(line, longest=len(line)) + "\n" for line in text.split("\n")[:-1])
