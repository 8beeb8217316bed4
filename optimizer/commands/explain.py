"""`ceuplan explain`: why a plan, or none, came out, and what would change it."""

import sys
from typing import Annotated

import typer

from optimizer.commands.completing import changes
from optimizer.commands.options import Output
from optimizer.commands.output import (
    NO_PLAN,
    check_format,
    check_output,
    proved_json,
    width,
    write,
    write_notes,
)
from optimizer.commands.question_flags import Said, answered, asked, takes_question


@takes_question
def explain(
    said: Said,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if", metavar="KEY=VALUE", help="A change, such as ace-annual=39.95; several go together.",
            autocompletion=changes,
        ),
    ] = None,
    all_conflicts: Annotated[
        bool, typer.Option("--all-conflicts", help="Where there is no plan: everything that stands in the way.")
    ] = False,
    format_: Annotated[str, typer.Option("--format", metavar="text|json", help="How to answer.")] = "text",
    output: Output = None,
) -> None:  # fmt: skip
    """Say why the plan is as it is, or why there is none, and what would change it.

    Example: ceuplan explain --deadline 2027-06-30 --what-if "ace-annual=39.95" --what-if "hours_per_week=2"
    """
    check_format(format_, ("text", "json"))
    check_output(output, said.inputs)

    import json

    from optimizer.explanation_text import explanation_text
    from optimizer.plan import json_of
    from optimizer.planning import plan_for
    from optimizer.solve import Stopwatch
    from optimizer.what_if import changed, what_if
    from optimizer.why import why

    found = asked(said)
    question = found.question
    changed(question, changes or ())  # what is wrong with it is said before anything is planned
    plan = answered(lambda: plan_for(question))
    proved_json("The plan that was found", plan, question)
    moved = None
    if changes:
        moved = answered(lambda: what_if(question, plan, changes, Stopwatch(said.seconds)))
        proved_json("The plan after the changes", moved.plan, moved.question)
    explanation = why(
        question,
        plan,
        Stopwatch(said.seconds),
        what_if=None if moved is None else moved.answer,
        all_conflicts=all_conflicts,
    )
    warnings = plan.warnings if moved is None else (*plan.warnings, *moved.plan.warnings)
    write_notes(tuple(dict.fromkeys((*found.notes, *warnings))))
    if format_ == "json":
        write(json.dumps(json_of(explanation), indent=1) + "\n", output)
    else:
        names = " and ".join(credential.name for credential in question.credentials)
        write(explanation_text(explanation, names, width(output)), output)
    if plan.status == "infeasible":
        sys.exit(NO_PLAN)
