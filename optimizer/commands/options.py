"""Options that several commands take, and the day an answer is for: the only file that reads the clock."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from catalogs.faults import shown
from optimizer.commands.completing import credential_ids
from optimizer.commands.output import USAGE, stop

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
Profile = Annotated[Path | None, typer.Option(metavar="FILE", help="Your learner file (TOML).")]
CredentialIds = Annotated[
    list[str] | None,
    typer.Option(
        "--credential", metavar="ID", help="Credential, such as cma-aama.", autocompletion=credential_ids
    ),
]
Deadline = Annotated[str | None, typer.Option(metavar="DATE", help="Last good day of your cycle.")]
CycleStart = Annotated[str | None, typer.Option(metavar="DATE", help="First day of your cycle.")]
EarnedCredit = Annotated[
    list[str] | None, typer.Option("--earned", metavar="CREDIT", help="Such as clinical=4@aama.")
]
Transcript = Annotated[str | None, typer.Option(metavar="CSV", help="Your transcript.")]


def now() -> datetime:
    """Return this moment, everywhere the same."""
    return datetime.now(UTC)


def day(said: str | None) -> date:
    """Return the day the answer is for: as said, or today."""
    from catalogs.days import parse_day
    from catalogs.faults import BadValue
    from optimizer.asking import FIRST_YEAR, LAST_YEAR

    if said is None:
        return date.today()  # noqa: DTZ011 - the user's own day, where they are
    try:
        found = parse_day(said)
    except BadValue as bad:
        stop(USAGE, f'--as-of "{shown(said)}": {bad.problem}. {bad.remedy}')
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        stop(USAGE, f'--as-of "{shown(said)}": it lies outside the years {FIRST_YEAR} to {LAST_YEAR}.')
    return found
