"""Commands of the contract that are not built yet: refused in words."""

import typer

from optimizer.commands.output import USAGE, stop

LATER = {
    "frontier": "trade cost against hours",
    "explain": "say why a plan, or no plan, came out",
    "check-cart": "compare a receipt with a plan",
    "batch": "plan for many learners",
}
LATER_CATALOG: dict[str, str] = {}
LATER_CREDENTIALS: dict[str, str] = {}


def _later(group: typer.Typer, prefix: str, name: str, what: str) -> None:
    @group.command(
        name, hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
    )
    def refuse(context: typer.Context) -> None:  # noqa: ARG001 - takes and ignores any words
        does = f", which will {what}," if what else ""
        stop(USAGE, f"`ceuplan {prefix}{name}`{does} is not built yet.")


def refuse_later(app: typer.Typer, catalog_app: typer.Typer, credentials_app: typer.Typer) -> None:
    """Add the commands that are not built yet, each refused in words."""
    for group, prefix, names in (
        (app, "", LATER),
        (catalog_app, "catalog ", LATER_CATALOG),
        (credentials_app, "credentials ", LATER_CREDENTIALS),
    ):
        for name, what in names.items():
            _later(group, prefix, name, what)
