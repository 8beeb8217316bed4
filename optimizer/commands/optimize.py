"""`ceuplan optimize`: flags in, a proven plan out."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.commands.options import Output
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
from optimizer.commands.question_flags import Said, answered, asked, takes_question

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.question import Question


@takes_question
def optimize(
    said: Said,
    alternatives: Annotated[int | None, typer.Option(metavar="K", help="Not built yet.")] = None,
    require_proof: Annotated[bool, typer.Option("--require-proof", help="Exit code 6 if not proven.")] = False,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="How to answer.")] = "text",
    output: Output = None,
) -> None:  # fmt: skip
    """Print the cheapest set of purchases that meets every requirement in time.

    Example: ceuplan optimize --budget 100 --deadline 2027-06-30 --earned clinical=12@aama
    """
    if alternatives is not None:
        stop(USAGE, "--alternatives is not built yet. Leave it out.")
    check_format(format_, ("text", "json"), ("csv", "ics", "html", "md"))
    check_output(output, said.inputs)

    from optimizer.planning import plan_for

    found = asked(said)
    plan = answered(lambda: plan_for(found.question))
    _print_proved(plan, found.question, found.notes, format_, output)
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
