"""The command `ceuplan`: options in, text or JSON out, exit codes; the only file that reads the clock.

Everything that costs start-up time is imported by the command that needs it.
"""

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from catalogs.faults import shown

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.planning import Question

OK, USAGE, CATALOG, INPUT, NO_PLAN, NOT_PROVEN, NOT_VERIFIED = 0, 2, 3, 4, 5, 6, 7
"""Exit codes of the contract; 1 is left to bugs."""

LATER = {
    "audit": "show what counts, what is missing and what is void",
    "frontier": "trade cost against hours",
    "explain": "say why a plan, or no plan, came out",
    "check-cart": "compare a receipt with a plan",
    "init": "write a learner file",
    "batch": "plan for many learners",
    "schema": "print the JSON Schemas",
}
LATER_CATALOG = {"show": "", "import": "", "refresh": "", "diff": ""}
LATER_CREDENTIALS = {"show": "", "check": ""}
"""Commands of the contract that are not built yet: refused in words."""

app = typer.Typer(
    name="ceuplan",
    help="Find the cheapest set of continuing-education purchases that recertifies you in time, proven.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
catalog_app = typer.Typer(
    help="Look after catalogs: folders of CSVs that say what can be bought.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
credentials_app = typer.Typer(
    help="Look at the credentials: the rules, as data.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(catalog_app, name="catalog")
app.add_typer(credentials_app, name="credentials")

Sources = Annotated[
    list[str] | None,
    typer.Option("--catalog", metavar="DIR|CSV", help="Use this catalog; `shipped` adds the shipped one back."),
]  # fmt: skip
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write to this file instead of the screen.")
]
AsOf = Annotated[
    str | None, typer.Option(metavar="DATE", help="The day the answer is for; today by default.")
]


def main() -> None:
    """Run the command line and leave with the contract's exit code."""
    from catalogs.faults import CatalogFaults, Faults, FlagFaults, faults_text

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Unicode still gets an answer
    try:
        app()
    except CatalogFaults as found:
        _stop(CATALOG, faults_text(found.faults) + _and_no_plan(len(found.faults), "the catalog"))
    except FlagFaults as found:
        _stop(USAGE, faults_text(found.faults) + _and_no_plan(len(found.faults), "the flags"))
    except Faults as found:
        _stop(INPUT, faults_text(found.faults) + _and_no_plan(len(found.faults), "your input"))
    except BrokenPipeError:
        sys.stderr.close()  # the reader left; nothing more can be said
        os._exit(OK)
    except OSError as error:
        sys.stderr.write(f"The answer could not be written: {error.strerror}.\n")
        os._exit(USAGE)  # a second try at exit would fail like the first


def _and_no_plan(number: int, where: str) -> str:
    return f"\n{number} fault{'' if number == 1 else 's'} in {where}: nothing was planned.\n"


def _stop(code: int, message: str) -> NoReturn:
    sys.stderr.write(message if message.endswith("\n") else message + "\n")
    sys.exit(code)


@app.command()
def optimize(
    budget: Annotated[str | None, typer.Option(metavar="USD", help="Spend at most this.")] = None,
    profile: Annotated[Path | None, typer.Option(metavar="FILE", help="Your learner file (TOML).")] = None,
    credential: Annotated[list[str] | None, typer.Option(metavar="ID", help="Credential, such as cma-aama.")] = None,
    deadline: Annotated[str | None, typer.Option(metavar="DATE", help="Last good day of your cycle.")] = None,
    cycle_start: Annotated[str | None, typer.Option(metavar="DATE", help="First day of your cycle.")] = None,
    earned: Annotated[list[str] | None, typer.Option(metavar="CREDIT", help="Such as clinical=4@aama.")] = None,
    transcript: Annotated[str | None, typer.Option(metavar="CSV", help="Your transcript.")] = None,
    member: Annotated[bool, typer.Option("--member", help="You are, and stay, a member of the issuer.")] = False,
    pass_: Annotated[list[str] | None, typer.Option("--pass", metavar="ID@DATE", help="A pass you hold.")] = None,
    hours_per_week: Annotated[str | None, typer.Option(metavar="HOURS", help="Not built yet.")] = None,
    route: Annotated[str | None, typer.Option(metavar="NAME", help="Only continuing-education yet.")] = None,
    catalog: Sources = None,
    as_of: AsOf = None,
    alternatives: Annotated[int | None, typer.Option(metavar="K", help="Not built yet.")] = None,
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Use only values somebody published.")] = False,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="Stop the search after this long.")] = 60.0,
    require_proof: Annotated[bool, typer.Option("--require-proof", help="Exit code 6 if not proven.")] = False,
    no_reduction: Annotated[bool, typer.Option("--no-reduction", help="Plan every offering by itself.")] = False,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="How to answer.")] = "text",
    output: Output = None,
) -> None:  # fmt: skip
    """Print the cheapest set of purchases that meets every requirement in time.

    Example: ceuplan optimize --budget 100 --deadline 2027-06-30 --earned clinical=12@aama
    """
    if alternatives is not None:
        _stop(USAGE, "--alternatives is not built yet. Leave it out.")
    if format_ not in ("text", "json"):
        built = (
            "csv, ics, html and md are not built yet"
            if format_ in ("csv", "ics", "html", "md")
            else "no such format"
        )
        _stop(USAGE, f'--format "{shown(format_)}": {built}. Use text or json.')
    if not 0 < time_limit < float("inf"):
        _stop(USAGE, f"--time-limit {time_limit}: give a number of seconds above 0.")
    _check_output(output)

    from dataclasses import replace

    from optimizer.asking import ask
    from optimizer.planning import NotBuiltYet, NotProven, plan_for

    flags: dict[str, Any] = {
        "budget": budget, "credential": credential or (), "deadline": deadline, "cycle_start": cycle_start,
        "earned": earned or (), "transcript": transcript, "passes": pass_ or (), "hours_per_week": hours_per_week,
        "route": route, "member": member, "no_assumed": no_assumed,
    }  # fmt: skip
    asked = ask(profile, flags, catalog or [], _day(as_of), time_limit)
    try:
        plan = plan_for(replace(asked.question, reduced=not no_reduction))
    except NotBuiltYet as refused:
        _stop(USAGE, "".join(f"Not built yet: {wish}.\n" for wish in refused.wishes))
    except NotProven as stopped:
        _stop(NOT_PROVEN, f"{str(stopped).capitalize()}. Give it longer with --time-limit.")
    _print_proved(plan, asked.question, asked.notes, format_, output)
    if plan.status == "infeasible":
        sys.exit(NO_PLAN)
    if plan.status == "feasible" and require_proof:
        what = "that nothing is cheaper" if plan.bound < plan.cost else "that no equally cheap plan is better"
        _stop(NOT_PROVEN, f"Not proven within the time limit: {what}. Give it longer with --time-limit.")


def _print_proved(
    plan: "Plan", question: "Question", notes: Sequence[str], format_: str, output: Path | None
) -> None:
    """Verify the plan, then print it; a plan that cannot be proved is never printed."""
    import json
    from datetime import timedelta

    from optimizer.credential_file import load_shipped
    from optimizer.cycles import governed_cycle
    from optimizer.plan import to_json
    from optimizer.text import plan_text
    from optimizer.verify import verify

    written = json.dumps(to_json(plan), indent=1) + "\n"
    tables = (question.offerings, question.passes, question.digest)
    if violations := verify(json.loads(written), tables, load_shipped):
        told = "".join(f"  - {v.message}\n" for v in violations)
        _stop(NOT_VERIFIED, f"The plan that was found does not stand up to verification, so it is not shown:\n{told}"
              "This is a fault of ceuplan. Please report it with your input.")  # fmt: skip
    if format_ == "json":
        text = written
    else:
        version, start, deadline = governed_cycle(
            question.learner.targets[0], question.credential, question.as_of
        )
        last = deadline - timedelta(days=version.submit_days_before)
        text = plan_text(
            plan, question.credential.name, (str(start), str(deadline), str(last)), _width(output)
        )
    for note in notes:
        sys.stderr.write(f"Note: {note}\n")
    _write(text, output)


@app.command()
def verify(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan written with --format json.")],
    catalog: Sources = None,
) -> None:
    """Prove a plan again from the catalog and the rules."""
    import json

    from optimizer.asking import catalog_from
    from optimizer.credential_file import load_shipped
    from optimizer.verify import verify as violations_of

    try:
        read = json.loads(plan.read_bytes())
    except OSError as error:
        _stop(
            USAGE,
            f"{shown(str(plan))}: {error.strerror}. Give the path of a plan written with --format json.",
        )
    except (ValueError, RecursionError):
        _stop(
            NOT_VERIFIED,
            f"{shown(str(plan))} is no JSON. Write a plan with: ceuplan optimize --format json -o {shown(str(plan))}",
        )
    if violations := violations_of(read, catalog_from(catalog or []), load_shipped):
        told = "".join(f"  - {v.message}\n" for v in violations)
        number = "1 violation" if len(violations) == 1 else f"{len(violations)} violations"
        _stop(NOT_VERIFIED, f"{shown(str(plan))} is not proved, {number}:\n{told}")
    sys.stdout.write(
        f"Proved: {shown(str(plan))} keeps every rule and costs ${read['cost']}.\n"
        f'Its status is "{read["status"]}": that nothing cheaper exists is the word of the solver that planned it.\n'
    )


@catalog_app.command("check")
def catalog_check(
    folder: Annotated[list[str] | None, typer.Argument(metavar="[DIR|CSV]...", help="The shipped one if none.")] = None,
    catalog: Sources = None,
) -> None:  # fmt: skip
    """Check a catalog and say what is in it; name every fault."""
    import textwrap

    from catalogs.check import report
    from optimizer.asking import catalog_from

    text = report(catalog_from([*(folder or []), *(catalog or [])]))
    for line in text.splitlines():
        sys.stdout.write(
            textwrap.fill(line, _width(None), subsequent_indent="    ", break_on_hyphens=False) + "\n"
        )


@credentials_app.command("list")
def credentials_list() -> None:
    """List the credentials that come with the program, with the source of their rules."""
    from optimizer.asking import credentials_text
    from optimizer.credential_file import shipped_ids

    sys.stdout.write(credentials_text(shipped_ids()))


def _later(group: typer.Typer, prefix: str, name: str, what: str) -> None:
    @group.command(
        name, hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
    )
    def refuse(context: typer.Context) -> None:  # noqa: ARG001 - takes and ignores any words
        does = f", which will {what}," if what else ""
        _stop(USAGE, f"`ceuplan {prefix}{name}`{does} is not built yet.")


for _group, _prefix, _names in (
    (app, "", LATER),
    (catalog_app, "catalog ", LATER_CATALOG),
    (credentials_app, "credentials ", LATER_CREDENTIALS),
):
    for _name, _what in _names.items():
        _later(_group, _prefix, _name, _what)


def _day(said: str | None) -> date:
    from catalogs.days import parse_day
    from catalogs.faults import BadValue
    from optimizer.asking import FIRST_YEAR, LAST_YEAR

    if said is None:
        return date.today()  # noqa: DTZ011 - the user's own day, where they are
    try:
        day = parse_day(said)
    except BadValue as bad:
        _stop(USAGE, f'--as-of "{shown(said)}": {bad.problem}. {bad.remedy}')
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        _stop(USAGE, f'--as-of "{shown(said)}": it lies outside the years {FIRST_YEAR} to {LAST_YEAR}.')
    return day


def _check_output(output: Path | None) -> None:
    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        why = "is a folder" if output.is_dir() else "lies in a folder that does not exist"
        _stop(USAGE, f"-o {shown(str(output))}: it {why}. Give the path of a file to write.")


def _width(output: Path | None) -> int:
    import shutil

    if output is not None or not sys.stdout.isatty():
        return 80
    return max(60, min(shutil.get_terminal_size().columns, 120))


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    from catalogs.writing import write_whole

    try:
        write_whole(text, output)
    except OSError as error:
        _stop(USAGE, f"-o {shown(str(output))}: {error.strerror}. Give the path of a file you may write.")
    sys.stderr.write(f"Written to {shown(str(output))}.\n")
