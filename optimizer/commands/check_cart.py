"""`ceuplan check-cart`: what was bought, against what was planned."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands.options import AsOf, Output, Sources, day
from optimizer.commands.output import check_format, check_output, width, write, write_notes
from optimizer.commands.verify import proved_file


def check_cart(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT.csv", help="What you bought, a row each.")],
    plan: Annotated[Path, typer.Option(metavar="PLAN.json", help="A plan written with --format json.")],
    catalog: Sources = None,
    as_of: AsOf = None,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="How to answer.")] = "text",
    output: Output = None,
) -> None:
    """Compare what you bought with a plan: what is left, what differs, and what to write into your file.

    The plan is proved first. Exit 0 whether or not anything differs; with --format json a program sees it (as_planned).

    Example: ceuplan check-cart receipt.csv --plan plan.json
    """
    check_format(format_, ("text", "json"))
    check_output(output, [receipt, plan, *(catalog or [])])
    today = day(as_of)

    import json

    from catalogs.loading import offerings_of, passes_of
    from optimizer.asking import catalog_from
    from optimizer.cart import cart_of, shop_of
    from optimizer.cart_text import cart_text
    from optimizer.plan import json_of
    from optimizer.receipt import read_receipt

    bought = read_receipt(receipt)
    read = catalog_from(catalog or [])
    tables = (offerings_of(read), passes_of(read), read.digest)
    claims, shop = shop_of(proved_file(plan, lambda: tables), tables)
    cart = cart_of(claims, bought.lines, shop, today)
    write_notes(bought.notes)
    if format_ == "json":
        write(json.dumps(json_of(cart), indent=1) + "\n", output)
    else:
        write(cart_text(cart, width(output)), output)
