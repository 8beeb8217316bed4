"""Commands of the contract that are not built yet: refused in words."""

import typer

from optimizer.commands.output import USAGE, stop

LATER = {
    "check-cart": "compare a receipt with a plan",
}


def _later(app: typer.Typer, name: str, what: str) -> None:
    @app.command(
        name, hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
    )
    def refuse(context: typer.Context) -> None:  # noqa: ARG001 - takes and ignores any words
        stop(USAGE, f"`ceuplan {name}`, which will {what}, is not built yet.")


def refuse_later(app: typer.Typer) -> None:
    """Add the commands that are not built yet, each refused in words."""
    for name, what in LATER.items():
        _later(app, name, what)
