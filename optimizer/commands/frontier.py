"""`ceuplan frontier`: what fewer hours cost, and what less money covers."""

import sys
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
    from optimizer.frontier import Frontier
    from optimizer.question import Question

MOST_POINTS = 1_000


@takes_question
def frontier(
    said: Said,
    against: Annotated[str, typer.Option(metavar="hours|budget", help="What to hold against the cost.")] = "hours",
    points: Annotated[int, typer.Option(metavar="N", help="Show at most so many.")] = 20,
    require_proof: Annotated[bool, typer.Option("--require-proof", help="Exit code 6 if not proven.")] = False,
    format_: Annotated[str, typer.Option("--format", metavar="text|json|csv", help="How to answer.")] = "text",
    output: Output = None,
) -> None:  # fmt: skip
    """Print what each hour saved costs, or what each budget covers, every line a proven plan.

    Example: ceuplan frontier --deadline 2027-06-30 --earned clinical=12@aama --against budget
    """
    check_format(format_, ("text", "json", "csv"))
    check_output(output, said.inputs)
    if not 1 <= points <= MOST_POINTS:
        stop(USAGE, f"--points {points}: give a number from 1 to {MOST_POINTS}.")

    from optimizer.frontier import AGAINST
    from optimizer.frontier import frontier as frontier_of

    if against not in AGAINST:
        from catalogs.faults import shown

        stop(USAGE, f'--against "{shown(against)}": give {" or ".join(AGAINST)}.')
    found = asked(said)
    answer = answered(lambda: frontier_of(found.question, against, points))
    text = _proved(answer, found.question, format_, width(output))
    write_notes(found.notes)
    write(text, output)
    if not _has_full_plan(answer, found.question.learner.budget):
        sys.exit(NO_PLAN)
    if require_proof and not (answer.complete or answer.more):
        stop(NOT_PROVEN, "Not all of it was proven within the time limit. Give it longer with --time-limit.")


def _proved(answer: "Frontier", question: "Question", format_: str, columns: int) -> str:
    """Return the frontier in a format; one with a plan that cannot be proved is never shown."""
    import json

    from optimizer.frontier_text import frontier_csv, frontier_text
    from optimizer.obligation import obligations
    from optimizer.plan import json_of

    for number, point in enumerate(answer.points, start=1):
        proved_json(f"Plan {number} of {len(answer.points)}", point.plan, question)
    if format_ == "csv":
        return frontier_csv(answer)
    if format_ == "json":
        return json.dumps(json_of(answer), indent=1) + "\n"
    kept = obligations(question.learner, question.credentials, question.as_of)
    return frontier_text(answer, kept, question.learner.budget, columns)


def _has_full_plan(answer: "Frontier", budget: int | None) -> bool:
    """Say whether the first of the points is a full plan within the budget."""
    if not answer.points:
        return False
    first = answer.points[0]
    return first.plan.no_plan is None and (budget is None or first.cost <= budget)
