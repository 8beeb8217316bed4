"""`ceuplan verify`: a written plan, proved again from the catalog and the rules."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogs.faults import shown
from optimizer.commands.options import Sources
from optimizer.commands.output import NOT_VERIFIED, USAGE, stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalogs.loading import Catalog
    from optimizer.verify import Tables


def verify(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan written with --format json.")],
    catalog: Sources = None,
) -> None:
    """Prove a plan again from the catalog and the rules.

    Example: ceuplan verify plan.json
    """
    from optimizer.asking import catalog_from

    read = proved_file(plan, lambda: catalog_from(catalog or []))
    short = ", ".join(f"{r['short']} {r['name']}" for r in read["requirements"] if float(r["short"]))
    told = {
        "infeasible": f"It is a partial plan, still short of {shown(short) or 'what is required'}: that nothing fits",
        "feasible": "It may not be the best: that it costs no more than it must",
        "nothing_needed": "Nothing is needed: that what is earned suffices was proved; that it is all",
    }.get(read["status"], "It is called optimal: that nothing cheaper exists")
    check = read["cross_check"]
    second = f", and of {shown(check['solver'])}" if check and check["agrees"] else ""
    sys.stdout.write(
        f"Proved: {shown(str(plan))} keeps every rule and costs ${read['cost']}.\n"
        f"{told} is the word of the solver that planned it{second}.\n"
    )


def proved_file(plan: Path, catalog: "Callable[[], Catalog | Tables]") -> dict[str, Any]:
    """Return a plan's JSON, proved; leave with its violations where it has any."""
    import json

    from optimizer.credential_file import load_shipped
    from optimizer.verify import verify as violations_of

    try:
        read = json.loads(plan.read_bytes())
    except OSError as error:
        stop(
            USAGE,
            f"{shown(str(plan))}: {error.strerror}. Give the path of a plan written with --format json.",
        )
    except (ValueError, RecursionError):
        stop(
            NOT_VERIFIED,
            f"{shown(str(plan))} is no JSON. Write a plan with: ceuplan optimize --format json -o plan.json",
        )
    if violations := violations_of(read, catalog(), load_shipped):
        told = "".join(f"  - {v.message}\n" for v in violations)
        number = "1 violation" if len(violations) == 1 else f"{len(violations)} violations"
        stop(NOT_VERIFIED, f"{shown(str(plan))} is not proved, {number}:\n{told}")
    return dict(read)
