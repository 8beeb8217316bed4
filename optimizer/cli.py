"""The command `ceuplan`: its commands put together, and the contract's exit codes."""

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from catalogs.faults import shown
from optimizer.commands.audit import audit
from optimizer.commands.batch import batch
from optimizer.commands.catalog import catalog_app
from optimizer.commands.check_cart import check_cart
from optimizer.commands.credentials import credentials_app
from optimizer.commands.diff import catalog_diff
from optimizer.commands.explain import explain
from optimizer.commands.frontier import frontier
from optimizer.commands.init import init
from optimizer.commands.optimize import optimize
from optimizer.commands.output import CATALOG, INPUT, OK, USAGE, stop
from optimizer.commands.refresh import catalog_refresh
from optimizer.commands.schema import schema
from optimizer.commands.verify import verify

app = typer.Typer(
    name="ceuplan",
    help="Find the cheapest set of continuing-education purchases that recertifies you in time, proven.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        sys.stdout.write(f"ceuplan {version('ceuplan')}\n")
        raise typer.Exit


@app.callback()
def _ceuplan(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


app.command()(optimize)
app.command()(audit)
app.command()(frontier)
app.command()(explain)
app.command()(verify)
app.command("check-cart")(check_cart)
app.command()(batch)
app.command()(init)
app.command()(schema)
catalog_app.command("refresh")(catalog_refresh)
catalog_app.command("diff")(catalog_diff)
app.add_typer(catalog_app, name="catalog")
app.add_typer(credentials_app, name="credentials")


_UsageError: Any = typer.BadParameter.__base__
"""The only error of its kind that typer exports is one of its children."""


def main() -> None:
    """Run the command line and leave with the contract's exit code."""
    from catalogs.faults import CatalogFaults, Faults, FlagFaults, faults_text

    atexit.register(gc.freeze)  # the system takes back what is left: no need to look for cycles in it
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as we run
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Unicode still gets an answer
    try:
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else OK)
    except _UsageError as wrong:
        _stop_misused(wrong)
    except typer.Abort:
        stop(USAGE, "Stopped.")
    except CatalogFaults as found:
        stop(CATALOG, faults_text(found.faults) + _number_of_faults(len(found.faults), "the catalog"))
    except FlagFaults as found:
        stop(USAGE, faults_text(found.faults) + _number_of_faults(len(found.faults), "the flags"))
    except Faults as found:
        stop(INPUT, faults_text(found.faults) + _number_of_faults(len(found.faults), "your input"))
    except BrokenPipeError:
        _leave_quietly()
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # typer makes 1 of it, which is left to bugs
            _leave_quietly()
        raise
    except OSError as error:
        sys.stderr.write(f"The answer could not be written: {error.strerror}.\n")
        os._exit(USAGE)  # a second try at exit would fail like the first


def _leave_quietly() -> NoReturn:
    """Leave where the reader has left: nothing more can be said."""
    sys.stderr.close()
    os._exit(OK)


def _stop_misused(wrong: Any) -> NoReturn:
    """Say what is wrong with a command line; what was typed may steer a terminal, so it is made visible."""
    usage = (
        ""
        if wrong.ctx is None
        else f"{wrong.ctx.get_usage()}\nTry '{wrong.ctx.command_path} -h' for help.\n\n"
    )
    lines = wrong.format_message().split("\n")
    if len(lines) > 1:  # a whole page of help
        stop(USAGE, wrong.format_message())
    stop(USAGE, f"{usage}Error: {shown(lines[0], longest=500)}")


def _number_of_faults(number: int, where: str) -> str:
    return f"\n{number} fault{'' if number == 1 else 's'} in {where}. Correct what is named above, then run it again.\n"
