"""`ceuplan credentials …`: look at the rules, which are data."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.commands.completing import credential_ids
from optimizer.commands.options import day
from optimizer.commands.output import width

if TYPE_CHECKING:
    from datetime import date

    from optimizer.credential import Credential, Version

credentials_app = typer.Typer(
    help="Look at the credentials: the rules, as data.", no_args_is_help=True, rich_markup_mode=None
)


@credentials_app.command("list")
def credentials_list() -> None:
    """List the credentials that come with the program, with the source of their rules.

    Example: ceuplan credentials list
    """
    from optimizer.credential_file import load_shipped, shipped_ids
    from optimizer.credential_text import credentials_text

    sys.stdout.write(credentials_text(map(load_shipped, shipped_ids()), width(None)))


@credentials_app.command("show")
def credentials_show(
    credential: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE.toml", help="A shipped one, or your own file.", autocompletion=credential_ids,
        ),
    ],
    deadline: Annotated[str | None, typer.Option(metavar="DATE", help="Show the rules for this deadline.")] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Show the rules for a full cycle from this day.")
    ] = None,
) -> None:  # fmt: skip
    """Say in plain words what a credential asks for, what it lets count, and where that was read.

    The newest rules, unless a deadline or a day is given. Example: ceuplan credentials show cma-aama
    """
    from optimizer.asking import credential_named
    from optimizer.credential_text import credential_text

    last = _deadline(deadline)
    first = None if as_of is None else day(as_of)
    named = credential_named(credential)
    sys.stdout.write(credential_text(named, _governing(named, last, first), width(None)))


@credentials_app.command("check")
def credentials_check(
    credential: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE.toml|ID]...", help="All that are shipped if none.",
            autocompletion=credential_ids,
        )
    ] = None,
) -> None:  # fmt: skip
    """Check credentials and run their worked cases: say what is in each, and name every fault of all.

    The cases of FOLDER/ID.toml are in FOLDER/cases/ID.toml. Example: ceuplan credentials check cma-aama
    """
    from catalogs.faults import Fault, Faults
    from optimizer.cases import check
    from optimizer.credential_file import shipped_ids
    from optimizer.credential_text import checked_text

    faults: list[Fault] = []
    sound: list[str] = []
    for said in dict.fromkeys(credential or shipped_ids()):
        found = check(said)
        faults += found.faults
        if found.credential is not None and not found.faults:
            told = checked_text(said, found.credential, width(None), found.cases)
            sound.append(told)
    if faults:
        sys.stderr.write("".join(sound))  # stdout is left to answers without faults
        raise Faults(faults)
    sys.stdout.write("".join(sound))


def _deadline(said: str | None) -> "date | None":
    from catalogs.days import parse_day
    from catalogs.faults import BadValue, FlagFaults

    try:
        return None if said is None else parse_day(said)
    except BadValue as bad:
        raise FlagFaults([bad.at("--deadline", None, None, said)]) from None


def _governing(named: "Credential", deadline: "date | None", as_of: "date | None") -> "Version":
    """Return the version asked for, by the same rule as a plan's."""
    from optimizer.credential_file import governing
    from optimizer.cycles import governed_cycle
    from optimizer.learner import Target

    if deadline is not None:
        return governing(named, deadline)
    if as_of is not None:
        return governed_cycle(Target(named.id, "", None, None, shares=True), named, as_of)[0]
    return named.versions[-1]
