"""Where answers go: the screen or a file, in how many columns, and how a command stops with an exit code."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from catalogs.faults import shown

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.question import Question

OK, USAGE, CATALOG, INPUT, NO_PLAN, NOT_PROVEN, NOT_VERIFIED, PAGE_CHANGED = 0, 2, 3, 4, 5, 6, 7, 8
"""Exit codes of the contract; 1 is left to bugs."""


def stop(code: int, message: str) -> NoReturn:
    """Say why on stderr, and leave with an exit code."""
    sys.stderr.write(message if message.endswith("\n") else message + "\n")
    sys.exit(code)


def proved_json(what: str, plan: "Plan", question: "Question", *, lapsed: bool = False) -> str:
    """Return a plan's JSON, proved again from what it says; a plan that cannot be proved is never shown."""
    from optimizer.proving import json_and_violations

    written, violations = json_and_violations(plan, question, lapsed=lapsed)
    if violations:
        told = "".join(f"  - {violation.message}\n" for violation in violations)
        stop(
            NOT_VERIFIED,
            f"{what} does not stand up to verification, so it is not shown:\n{told}"
            "This is a fault of ceuplan. Please report it with your input.",
        )
    return written


def write_notes(notes: Sequence[str]) -> None:
    """Write what a reader should know about the input beside the answer."""
    for note in notes:
        sys.stderr.write(f"Note: {shown(note, longest=1_000)}\n")


def check_output(output: Path | None, inputs: Iterable[Path | str | None] = (), flag: str = "-o") -> None:
    """Refuse a path that cannot be written, or is an input, before any work is done."""
    if output is None:
        return
    why = ""
    try:
        if output.exists() and any(one and Path(one).exists() and output.samefile(one) for one in inputs):
            why = "is one of your own files, which would be lost"
        elif output.is_dir():
            why = "is a folder"
        elif not output.absolute().parent.is_dir():
            why = "lies in a folder that does not exist"
    except OSError as error:  # a name too long, or a folder that may not be searched
        why = f"cannot be written: {(error.strerror or str(error)).lower()}"
    if why:
        stop(USAGE, f"{flag} {shown(str(output))}: it {why}. Give the path of a file to write.")


def check_format(said: str, formats: tuple[str, ...]) -> None:
    """Refuse a format that a command does not have."""
    if said not in formats:
        stop(
            USAGE,
            f'--format "{shown(said)}": no such format. Use {", ".join(formats[:-1])} or {formats[-1]}.',
        )


def notes_on_name(output: Path | None, said: str, formats: tuple[str, ...]) -> list[str]:
    """Return a note where a file's name promises another format than it gets."""
    named = "" if output is None else output.suffix.lower().removeprefix(".")
    if named == said or named not in formats:
        return []
    return [f"{output} holds {said}, whatever its name says. For {named}, add: --format {named}"]


def width(output: Path | None) -> int:
    """Return how many columns a line may have: those of the terminal, within reason, or 80."""
    import shutil

    if output is not None or not sys.stdout.isatty():
        return 80
    return max(60, min(shutil.get_terminal_size().columns, 120))


def write(text: str, output: Path | None) -> None:
    """Write an answer to the screen, or whole to a file."""
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    from catalogs.writing import write_whole

    try:
        write_whole(text, output)
    except OSError as error:
        stop(USAGE, f"-o {shown(str(output))}: {error.strerror}. Give the path of a file you may write.")
    sys.stderr.write(f"Written to {shown(str(output))}.\n")
