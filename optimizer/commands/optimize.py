"""`ceuplan optimize`: flags in, a proven plan out."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optimizer.commands.options import (
    AsOf,
    CredentialIds,
    CycleStart,
    Deadline,
    EarnedCredit,
    Output,
    Profile,
    Sources,
    Transcript,
    day,
)
from optimizer.commands.output import (
    NO_PLAN,
    NOT_PROVEN,
    USAGE,
    check_format,
    check_output,
    proved_json,
    stop,
    width,
    write,
    write_notes,
)

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.question import Question


def optimize(
    budget: Annotated[str | None, typer.Option(metavar="USD", help="Spend at most this.")] = None,
    profile: Profile = None,
    credential: CredentialIds = None,
    deadline: Deadline = None,
    cycle_start: CycleStart = None,
    earned: EarnedCredit = None,
    transcript: Transcript = None,
    member: Annotated[bool, typer.Option("--member", help="You are, and stay, a member of the issuer.")] = False,
    pass_: Annotated[list[str] | None, typer.Option("--pass", metavar="ID@DATE", help="A pass you hold.")] = None,
    hours_per_week: Annotated[str | None, typer.Option(metavar="HOURS", help="Hours a week for study.")] = None,
    route: Annotated[str | None, typer.Option(metavar="NAME", help="By this route, or `any` that is cheapest.")] = None,
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
        stop(USAGE, "--alternatives is not built yet. Leave it out.")
    check_format(format_, ("text", "json"), ("csv", "ics", "html", "md"))
    if not 0 < time_limit < float("inf"):
        stop(USAGE, f"--time-limit {time_limit}: give a number of seconds above 0.")
    check_output(output, [profile, transcript, *(catalog or [])])

    from dataclasses import replace

    from optimizer.asking import ask
    from optimizer.choosing import NotProven
    from optimizer.planning import NotBuiltYet, plan_for

    flags: dict[str, Any] = {
        "budget": budget, "credential": credential or (), "deadline": deadline, "cycle_start": cycle_start,
        "earned": earned or (), "transcript": transcript, "passes": pass_ or (), "hours_per_week": hours_per_week,
        "route": route, "member": member, "no_assumed": no_assumed,
    }  # fmt: skip
    asked = ask(profile, flags, catalog or [], day(as_of), time_limit)
    try:
        plan = plan_for(replace(asked.question, reduced=not no_reduction))
    except NotBuiltYet as refused:
        stop(USAGE, "".join(f"Not built yet: {wish}.\n" for wish in refused.wishes))
    except NotProven as stopped:
        stop(NOT_PROVEN, f"{str(stopped).capitalize()}. Give it longer with --time-limit.")
    _print_proved(plan, asked.question, asked.notes, format_, output)
    if plan.status == "infeasible":
        sys.exit(NO_PLAN)
    if plan.status == "feasible" and require_proof:
        what = "that nothing is cheaper" if plan.bound < plan.cost else "that no equally cheap plan is better"
        stop(NOT_PROVEN, f"Not proven within the time limit: {what}. Give it longer with --time-limit.")


def _print_proved(
    plan: "Plan", question: "Question", notes: Sequence[str], format_: str, output: Path | None
) -> None:
    """Verify the plan, then print it; a plan that cannot be proved is never printed."""
    from optimizer.obligation import obligations
    from optimizer.text import plan_text

    text = proved_json("The plan that was found", plan, question)
    if format_ == "text":
        kept = obligations(question.learner, question.credentials, question.as_of)
        text = plan_text(plan, kept, width(output))
    write_notes(notes)
    write(text, output)
