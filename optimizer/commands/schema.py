"""`ceuplan schema`: the forms of files, for other programs."""

from typing import Annotated

import typer

from catalogs.faults import did_you_mean, shown
from optimizer.commands.options import Output
from optimizer.commands.output import USAGE, check_output, stop, write


def schema(
    form: Annotated[
        str | None,
        typer.Argument(
            metavar="plan|explanation|cart|learner|credential", help="Which form.", show_default=False
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Print the JSON Schema of a plan, an explanation, a cart, a learner's file or a credential's rules.

    Example: ceuplan schema learner -o learner.schema.json
    """
    from optimizer.schemas import SCHEMAS, schema_text

    names = tuple(SCHEMAS)
    if form is None or form not in SCHEMAS:
        said = "Say which form" if form is None else f'"{shown(form)}" is no form that has a schema'
        hint = did_you_mean(form or "", names)
        stop(USAGE, f"{said}: ceuplan schema {', '.join(names[:-1])} or {names[-1]}.{hint}")
    check_output(output)
    write(schema_text(form), output)
