"""`ceuplan optimize`: flags in, a proven plan out."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.commands.options import Output
from optimizer.commands.output import (
    NO_PLAN,
    NOT_PROVEN,
    NOT_VERIFIED,
    USAGE,
    check_format,
    check_output,
    notes_on_name,
    proved_json,
    stop,
    width,
    write,
    write_notes,
)
from optimizer.commands.question_flags import Said, answered, asked, takes_question
from optimizer.formats import FORMATS, formatted

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.question import Question
    from optimizer.solve import Stopwatch

MOST_ALTERNATIVES = 20


@takes_question
def optimize(
    said: Said,
    alternatives: Annotated[int | None, typer.Option(metavar="K", help="Ties, and K plans of other kinds.")] = None,
    require_proof: Annotated[bool, typer.Option("--require-proof", help="Exit code 6 if not proven.")] = False,
    format_: Annotated[
        str, typer.Option("--format", metavar="text|json|html|csv|ics|md", help="How to answer.")
    ] = "text",
    cross_check: Annotated[bool, typer.Option("--cross-check", help="Have a second solver check the first.")] = False,
    output: Output = None,
) -> None:  # fmt: skip
    """Print the cheapest set of purchases that meets every requirement in time.

    Example: ceuplan optimize --budget 100 --deadline 2027-06-30 --earned clinical=12@aama
    """
    if alternatives is not None and not 1 <= alternatives <= MOST_ALTERNATIVES:
        stop(USAGE, f"--alternatives {alternatives}: give a number from 1 to {MOST_ALTERNATIVES}.")
    check_format(format_, (*FORMATS, "json"))
    check_output(output, said.inputs)
    if cross_check:
        _need_second_solver()

    found = asked(said)
    # Imported now: of a large catalog another thread still works out the digest.
    from optimizer.planning import plan_for
    from optimizer.solve import Stopwatch

    watch = Stopwatch(found.question.seconds)
    plan = answered(lambda: plan_for(found.question))
    if alternatives is not None:
        plan = _with_alternatives(plan, found.question, alternatives, watch)
    notes = [*found.notes, *notes_on_name(output, format_, (*FORMATS, "json"))]
    if cross_check:
        plan, note = _cross_checked(plan, found.question)
        notes.append(note)
    _print_proved(plan, found.question, notes, format_, output)
    if plan.status == "infeasible":
        sys.exit(NO_PLAN)
    if require_proof and plan.cross_check is not None and not plan.cross_check.agrees:
        stop(NOT_PROVEN, f"Not cross-checked: {plan.cross_check.why_not}")
    if plan.status == "feasible" and require_proof:
        what = "that nothing is cheaper" if plan.bound < plan.cost else "that no equally cheap plan is better"
        stop(NOT_PROVEN, f"Not proven within the time limit: {what}. Give it longer with --time-limit.")


def _with_alternatives(plan: "Plan", question: "Question", most: int, watch: "Stopwatch") -> "Plan":
    """Return the plan with what could stand in its place, in the time that is left."""
    from optimizer.alternatives import alternatives
    from optimizer.solve import Stopwatch
    from optimizer.ties import ties

    tied = ties(question, plan, Stopwatch(watch.left() / 4))
    others, lacking = alternatives(question, plan, most, watch)
    return replace(plan, ties=tied, alternatives=others, no_alternatives=lacking)


def _need_second_solver() -> None:
    """Refuse a cross-check, before any work is done, where the second solver is not installed."""
    from optimizer.cross_check import INSTALL, is_installed

    if not is_installed():
        stop(
            USAGE, f"--cross-check needs a second solver, which is not installed. Install it with: {INSTALL}"
        )


def _cross_checked(plan: "Plan", question: "Question") -> tuple["Plan", str]:
    """Return the plan with what the second solver says of it, and a note; what it contradicts is never printed."""
    from optimizer.cross_check import cross_checked

    checked = cross_checked(question, plan)
    if checked.contradictions:
        told = "".join(f"  - {words}\n" for words in checked.contradictions)
        stop(
            NOT_VERIFIED,
            f"Two solvers contradict each other, so no plan is shown:\n{told}"
            "One of them is wrong. Please report it with your input.",
        )
    return replace(plan, cross_check=checked.check), checked.note


def _print_proved(
    plan: "Plan", question: "Question", notes: Sequence[str], format_: str, output: Path | None
) -> None:
    """Verify the plan, then print it; a plan that cannot be proved is never printed."""
    text = proved_json("The plan that was found", plan, question)
    if format_ != "json":
        text = formatted(plan, question, format_, width(output))
    write_notes(notes)
    write(text, output)
