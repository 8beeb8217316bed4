"""The flags of a question, declared once for every command that asks one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate

import typer

from optimizer.commands.completing import passes_held
from optimizer.commands.options import (
    AsOf,
    CredentialIds,
    CycleStart,
    Deadline,
    EarnedCredit,
    Profile,
    Sources,
    Transcript,
    day,
)
from optimizer.commands.output import NOT_PROVEN, USAGE, stop

if TYPE_CHECKING:
    from optimizer.asking import Asked


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what the flags of a question say."""

    profile: Path | None
    flags: dict[str, Any]
    sources: tuple[str, ...]
    as_of: str | None
    seconds: float
    reduced: bool

    @property
    def inputs(self) -> tuple[Path | str | None, ...]:
        """Return the files that are read, so that none is written over."""
        return self.profile, self.flags["transcript"], *self.sources


def question_flags(
    budget: Annotated[str | None, typer.Option(metavar="USD", help="Spend at most this.")] = None,
    profile: Profile = None,
    credential: CredentialIds = None,
    deadline: Deadline = None,
    cycle_start: CycleStart = None,
    earned: EarnedCredit = None,
    transcript: Transcript = None,
    member: Annotated[bool, typer.Option("--member", help="You are, and stay, a member of the issuer.")] = False,
    pass_: Annotated[
        list[str] | None,
        typer.Option("--pass", metavar="ID@DATE", help="A pass you hold.", autocompletion=passes_held),
    ] = None,
    hours_per_week: Annotated[str | None, typer.Option(metavar="HOURS", help="Hours a week for study.")] = None,
    route: Annotated[str | None, typer.Option(metavar="NAME", help="By this route, or `any` that is cheapest.")] = None,
    catalog: Sources = None,
    as_of: AsOf = None,
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Use only values somebody published.")] = False,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="Stop the search after this long.")] = 60.0,
    no_reduction: Annotated[bool, typer.Option("--no-reduction", help="Plan every offering by itself.")] = False,
) -> Said:  # fmt: skip
    """Return what the flags say."""
    if not 0 < time_limit < float("inf"):
        stop(USAGE, f"--time-limit {time_limit}: give a number of seconds above 0.")
    flags = {
        "budget": budget, "credential": credential or (), "deadline": deadline, "cycle_start": cycle_start,
        "earned": earned or (), "transcript": transcript, "passes": pass_ or (), "hours_per_week": hours_per_week,
        "route": route, "member": member, "no_assumed": no_assumed,
    }  # fmt: skip
    return Said(profile, flags, tuple(catalog or ()), as_of, time_limit, not no_reduction)


def takes_question[**Own](command: Callable[Concatenate[Said, Own], None]) -> Callable[..., None]:
    """Give a command the flags of a question in place of its first parameter: typer reads signatures."""
    shared = signature(question_flags).parameters
    own = list(signature(command).parameters.values())[1:]

    @wraps(command)
    def run(**words: Any) -> None:
        said = question_flags(**{name: words.pop(name) for name in shared})
        command(said, **words)  # type: ignore[call-arg]  # what is left is the command's own

    together: list[Parameter] = [*shared.values(), *own]
    run.__signature__ = Signature(together)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in together}
    del run.__wrapped__  # it has another signature
    return run


def asked(said: Said) -> "Asked":
    """Return the question that the flags ask; raises the faults of its files."""
    from optimizer.asking import ask

    found = ask(said.profile, said.flags, said.sources, day(said.as_of), said.seconds)
    return replace(found, question=replace(found.question, reduced=said.reduced))


def answered[Answer](plan: Callable[[], Answer]) -> Answer:
    """Return what planning answers, or stop with the contract's words and code where it cannot."""
    from optimizer.choosing import NotProven
    from optimizer.planning import NotBuiltYet

    try:
        return plan()
    except NotBuiltYet as refused:
        stop(USAGE, "".join(f"Not built yet: {wish}.\n" for wish in refused.wishes))
    except NotProven as stopped:
        stop(NOT_PROVEN, f"{str(stopped).capitalize()}. Give it longer with --time-limit.")
