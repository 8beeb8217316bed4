"""`ceuplan batch`: a roster in, a proven plan for every learner out."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalogs.faults import faults_text, shown
from optimizer.commands.options import AsOf, Sources, day
from optimizer.commands.output import (
    INPUT,
    NOT_PROVEN,
    NOT_VERIFIED,
    PAGE_CHANGED,
    USAGE,
    check_output,
    stop,
    write,
    write_notes,
)

if TYPE_CHECKING:
    from catalogs.faults import Fault
    from optimizer.batch import Batch
    from optimizer.batch_state import State
    from optimizer.batch_table import Line
    from optimizer.batch_workers import Finished
    from optimizer.plan_files import PlanFiles

BROKEN = 1
"""Exit code where the program broke, or a worker was lost: what is finished is kept. A lost cluster is a network's."""
MOST_WORKERS = 1_000
PROBLEMS_EACH = 10
"""To begin a process takes as long as about so many plans of a small catalog; fewer for each do not pay."""
MOST_STRANGERS = 20


def batch(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER.csv", help="A row for each learner and credential.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Write the answers, a row a learner, to this CSV.")],
    transcripts: Annotated[Path | None, typer.Option(metavar="EARNED.csv", help="What they have earned.")] = None,
    plans: Annotated[Path | None, typer.Option(metavar="DIR", help="Also write each plan's JSON there.")] = None,
    summary: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write totals by provider and pass: .json or .md.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", help="Processes; else as many as this machine has processors.")
    ] = None,
    cluster: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Solve on this Dask cluster.")] = None,
    catalog: Sources = None,
    as_of: AsOf = None,
    route: Annotated[str | None, typer.Option(metavar="NAME", help="By this route, or `any` that is cheapest.")] = None,
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Use only values somebody published.")] = False,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="The longest for one learner.")] = 60.0,
) -> None:  # fmt: skip
    """Write the cheapest proven plan of every learner of a roster; a run that was stopped goes on.

    Example: ceuplan batch roster.csv --transcripts earned.csv -o answers.csv --plans plans
    """
    _check_flags(
        output, (roster, transcripts, *(catalog or ())), plans, summary, workers, cluster, time_limit
    )
    today = day(as_of)

    from catalogs.writing import remove_parts
    from optimizer.asking import catalog_from
    from optimizer.batch import batch_of, lines
    from optimizer.batch_state import State, state_path
    from optimizer.batch_table import table
    from optimizer.flags import with_flags
    from optimizer.plan_files import PlanFiles
    from optimizer.roster import read_roster

    more = with_flags({}, route=route, no_assumed=no_assumed)
    shop = catalog_from(catalog or ())
    what = batch_of(read_roster(roster, transcripts), roster, shop, today, time_limit, more)
    files = None if plans is None else PlanFiles(plans, what.file_names())
    state = State(state_path(output), what.inputs)
    _take_over(state, files, len(what.problems))
    _solve(what, state, files, workers, cluster)
    if files is not None:
        files.keep("", "")
    answered = lines(what, state.answers, plans=files is not None)
    if summary is not None:
        write(_summary(what, answered, summary), summary)
    write(table(answered), output)
    for path in (output, summary):
        if path is not None:
            remove_parts(path.parent, {path.name})
    state.remove()
    write_notes([*shop.notes, *_strangers(what)])
    _leave(what, answered)


def _check_flags(
    output: Path,
    inputs: Sequence[Path | str | None],
    plans: Path | None,
    summary: Path | None,
    workers: int | None,
    cluster: str | None,
    time_limit: float,
) -> None:
    """Refuse what cannot work before any work is done."""
    check_output(output, inputs)
    if workers is not None and cluster is not None:
        stop(USAGE, "--workers and --cluster: give one of them. The cluster's own workers solve there.")
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        stop(USAGE, f"--workers {workers}: give a number from 1 to {MOST_WORKERS:,}.")
    if not 0 < time_limit < float("inf"):
        stop(USAGE, f"--time-limit {time_limit}: give a number of seconds above 0.")
    if summary is not None:
        if summary.suffix.casefold() not in (".json", ".md"):
            stop(USAGE, f"--summary {shown(str(summary))}: give the path of a .json or .md file.")
        check_output(summary, (*inputs, output), "--summary")
    if plans is not None and (
        (plans.exists() and not plans.is_dir()) or not plans.absolute().parent.is_dir()
    ):
        stop(
            USAGE, f"--plans {shown(str(plans))}: it is no folder, and none can be made there. Name another."
        )
    if cluster is not None:
        if not cluster.strip():
            stop(USAGE, "--cluster: give the address of a scheduler, such as tcp://10.0.0.5:8786.")
        from optimizer.cluster import INSTALL, is_installed

        if not is_installed():
            stop(USAGE, f"--cluster needs Dask, which is not installed. Install it with: {INSTALL}")


def _take_over(state: "State", files: "PlanFiles | None", problems: int) -> None:
    """Say what is there of a run that was stopped, and forget answers whose plans are gone."""
    if state.is_of_other_inputs:
        write_notes([f"{state.path} is of a run with other inputs: it is not used."])
    if files is not None:
        gone = [key for key, found in state.answers.items() if not files.are_kept(key, found)]
        for key in gone:
            del state.answers[key]
    if state.answers:
        finished = f"{len(state.answers):,} of {problems:,}"
        write_notes([f"A run that was stopped had solved {finished} problems: this one goes on from there."])


def _solve(
    what: "Batch", state: "State", files: "PlanFiles | None", workers: int | None, cluster: str | None
) -> None:
    """Solve what is left, and keep each answer as soon as it is there."""
    from optimizer.batch_workers import WorkersLost
    from optimizer.commands.progress import progress

    with progress("Plans", len(what.problems), len(state.answers)) as one_more:
        try:
            for key, found, plan in _finished(what, state, workers, cluster):
                if files is not None:
                    files.keep(key, plan)
                state.add(key, found)
                one_more()
        except KeyboardInterrupt:
            sys.stderr.write(f"Stopped. {_kept(state, len(what.problems))}\n")
            raise
        except WorkersLost as lost:
            code = BROKEN if cluster is None else PAGE_CHANGED
            stop(code, f"{shown(str(lost), longest=500)}\n{_kept(state, len(what.problems))}")


def _kept(state: "State", problems: int) -> str:
    """Leave the state for the next run, and say so; one without any answer is removed."""
    if not state.answers:
        state.remove()
        return "Nothing was solved yet."
    where = f"in {shown(str(state.path), longest=300)}. Run the same command again to go on from there."
    return f"{len(state.answers):,} of {problems:,} problems are solved and kept {where}"


def _finished(what: "Batch", state: "State", workers: int | None, cluster: str | None) -> "Finished":
    from optimizer.batch_workers import here, on_processes

    left = {key: learner for key, learner in what.problems.items() if key not in state.answers}
    if not left:
        return iter(())
    if cluster is not None:
        from optimizer.cluster import on_cluster

        return on_cluster(left, what.shared, cluster)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    number = min(processors, len(left) // PROBLEMS_EACH) if workers is None else min(workers, len(left))
    return here(left, what.shared) if number <= 1 else on_processes(left, what.shared, number)


def _summary(what: "Batch", answered: Sequence["Line"], path: Path) -> str:
    from optimizer.batch_summary import summary, summary_json, summary_markdown

    shared = what.shared
    answers = [line.answer for line in answered]
    found = summary(answers, len(what.problems), shared.offerings, shared.passes, shared.as_of)
    return summary_json(found) if path.suffix.casefold() == ".json" else summary_markdown(found)


def _strangers(what: "Batch") -> list[str]:
    """Name the learners who earned something and are not in the roster."""
    found = what.roster.strangers
    if not found:
        return []
    names = ", ".join(shown(one) for one in list(found)[:MOST_STRANGERS])
    more = f" and {len(found) - MOST_STRANGERS:,} more" if len(found) > MOST_STRANGERS else ""
    lines = sum(found.values())
    unused = "1 earned line is" if lines == 1 else f"{lines:,} earned lines are"
    return [f"{unused} of learners who are not in the roster, and not used: {names}{more}."]


def _leave(what: "Batch", answered: Sequence["Line"]) -> None:
    """Say every fault and how many learners came out how, and leave with the exit code of the worst."""
    from collections import Counter

    from optimizer.batch_answer import BAD_INPUT, FAILED
    from optimizer.batch_answer import NOT_PROVEN as IN_NO_TIME
    from optimizer.batch_answer import NOT_VERIFIED as UNPROVED

    faults: list[Fault] = [*what.roster.faults, *(fault for line in answered for fault in line.faults)]
    sys.stderr.write(faults_text(faults))
    statuses = Counter(line.answer.status for line in answered)
    counted = ", ".join(f"{number:,} {status}" for status, number in sorted(statuses.items()))
    problems = len(what.problems)
    sys.stderr.write(
        f"{len(answered):,} learner{'s'[: len(answered) > 1]}: {counted}. "
        f"{problems:,} different problem{'s'[: problems != 1]}, each solved once.\n"
    )
    for status, code in (
        (FAILED, BROKEN),
        (UNPROVED, NOT_VERIFIED),
        (BAD_INPUT, INPUT),
        (IN_NO_TIME, NOT_PROVEN),
    ):
        if statuses[status] or (status == BAD_INPUT and faults):
            sys.exit(code)
