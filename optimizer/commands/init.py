"""`ceuplan init`: a few questions, then a learner's file that says the rest by example."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from catalogs.faults import shown
from optimizer.commands.completing import credential_ids
from optimizer.commands.options import AsOf, day
from optimizer.commands.output import INPUT, USAGE, stop

if TYPE_CHECKING:
    from optimizer.interview import Answers, Told

BUG = 1
NOTHING_WRITTEN = "Nothing was written."


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")] = Path("learner.toml"),
    credential: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Its id, or your own rules (.toml).", autocompletion=credential_ids),
    ] = None,
    deadline: Annotated[str | None, typer.Option(metavar="DATE", help="Last day of the cycle, or unknown.")] = None,
    member_until: Annotated[str | None, typer.Option(metavar="DATE", help="How long you are a member, or no.")] = None,
    earned: Annotated[list[str] | None, typer.Option(metavar="CREDIT", help="Like clinical=4@aama, or none.")] = None,
    earned_on: Annotated[str | None, typer.Option(metavar="DATE", help="A day that stands for all --earned.")] = None,
    transcript: Annotated[str | None, typer.Option(metavar="CSV", help="Your transcript, or none.")] = None,
    budget: Annotated[str | None, typer.Option(metavar="USD", help="The most you spend, or none.")] = None,
    hours_per_week: Annotated[str | None, typer.Option(metavar="HOURS", help="Hours to study, or none.")] = None,
    as_of: AsOf = None,
) -> None:  # fmt: skip
    """Ask a few questions and write a learner's file; what a flag answers is not asked.

    Example: ceuplan init --credential cma-aama --deadline 2027-06-30
    """
    import shlex

    from catalogs.faults import Faults, FlagFaults, faults_text
    from optimizer.interview import interview

    _check_name(file)
    flags = {
        "credential": credential, "deadline": deadline, "member_until": member_until, "earned_on": earned_on,
        "transcript": transcript, "budget": budget, "hours_per_week": hours_per_week,
    }  # fmt: skip
    desk = _Desk()
    try:
        told = interview(_answered(flags, earned), day(as_of), desk.ask, desk.say)
        _create(told, file)
    except Faults as wrong:
        stop(USAGE if isinstance(wrong, FlagFaults) else INPUT, faults_text(wrong.faults) + NOTHING_WRITTEN)
    except KeyboardInterrupt:
        stop(USAGE, f"\nStopped. {NOTHING_WRITTEN}")
    command = f"ceuplan optimize --profile {shlex.quote(str(file))}"
    sys.stdout.write(f"Written to {shown(str(file))}. Next:\n  {shown(command, 1000)}\n")


def _answered(flags: dict[str, str | None], earned: list[str] | None) -> "Answers":
    """Return what flags have answered already; whoever names a transcript is not asked for credit."""
    from optimizer.interview import Answers, something

    for name, said in [*flags.items(), *(("earned", one) for one in earned or ())]:
        if said is not None and not said.strip():
            flag = f"--{name.replace('_', '-')}"
            stop(USAGE, f"{flag}: it is empty. Give the flag a value, or leave it out. {NOTHING_WRITTEN}")
    lines = None if earned is None else tuple(filter(None, map(something, earned)))
    if flags["transcript"] is not None and lines is None:
        lines = ()
    single = {name: None if one is None else something(one) for name, one in flags.items()}
    return Answers(**(single | {"credential": flags["credential"]}), earned=lines)


def _create(told: "Told", file: Path) -> None:
    """Write the file, once it is read back and means what was answered."""
    from catalogs.faults import Faults
    from optimizer.interview import to_write
    from optimizer.learner_file import learner_from, read_profile
    from optimizer.learner_writing import profile_text
    from optimizer.new_file import create

    def prove(written: Path) -> None:
        try:
            sound = learner_from(read_profile(written), str(written), told.as_of) == told.learner
        except Faults:
            sound = False
        if not sound:
            stop(BUG, f"The file would not say what you answered. {NOTHING_WRITTEN} This is a fault of ceuplan. "
                 "Please report it with your answers.")  # fmt: skip

    try:
        create(profile_text(to_write(told, file.absolute().parent), told.as_of), file, prove)
    except FileExistsError:
        _refuse_taken(file)
    except (OSError, ValueError) as error:
        _refuse_name(file, error)


def _check_name(file: Path) -> None:
    """Refuse a name that no new file can have before any question is asked."""
    try:
        if file.is_dir():
            stop(USAGE, f"{shown(str(file))}: it is a folder. Give the name of a file. {NOTHING_WRITTEN}")
        if os.path.lexists(file):
            _refuse_taken(file)
        if not file.suffix:  # `init 38`, `init cma-aama`: meant as an answer, perhaps
            name = shown(str(file))
            stop(
                USAGE,
                f"{name} would be the name of the file to write, which should end in .toml: ceuplan init {name}.toml. "
                f"To name a credential, say --credential ID; --help lists the other answers. {NOTHING_WRITTEN}",
            )
        if not file.absolute().parent.is_dir():
            stop(USAGE, f"{shown(str(file))}: it lies in a folder that does not exist. {NOTHING_WRITTEN}")
    except OSError as error:
        _refuse_name(file, error)


def _refuse_name(file: Path, error: OSError | ValueError) -> NoReturn:
    why = getattr(error, "strerror", None) or str(error)
    stop(USAGE, f"{shown(str(file))}: {shown(why)}. {NOTHING_WRITTEN}")


def _refuse_taken(file: Path) -> NoReturn:
    import shlex

    from optimizer.new_file import free_name

    free = shown(shlex.quote(str(free_name(file))), 1000)
    stop(
        USAGE,
        f"{shown(str(file))} is there already and is never overwritten. Give another name: ceuplan init {free}",
    )


class _Desk:
    """Ask on stderr and read answers from stdin, where somebody or nobody may sit."""

    def __init__(self) -> None:
        self.person = sys.stdin is not None and sys.stdin.isatty()
        self.heard = False
        """Whether an answer ever came."""
        self.alone = False
        """Whether the answers ended before there was one."""
        self.asked = ""

    def say(self, words: str) -> None:
        """Say something that is no question."""
        sys.stderr.write(words)

    def ask(self, words: str, default: str) -> str:
        """Return an answer; where there never was one, the default, saying so."""
        if not self.asked:
            self.say("A few questions. Enter takes what stands in brackets.\n\n")
        again, self.asked = words == self.asked, words
        prompt = f"{words.splitlines()[-1] if again else words} [{default}]"
        if self.alone and not again:
            self.say(f"{prompt}\n")
            return default
        self.say(f"{prompt}: ")
        sys.stderr.flush()
        if line := self._line():
            self.heard = True
            self.say("" if self.person else "\n")
            return line
        if self.person or self.heard or self.alone:
            stop(USAGE, f"\nThe answers end here. {NOTHING_WRITTEN}")
        self.alone = True
        self.say("\nNobody is there to answer, so what stands in brackets is taken.\n")
        return default

    def _line(self) -> str:
        try:
            return sys.stdin.readline() if sys.stdin else ""
        except OSError:
            return ""
        except UnicodeDecodeError:
            stop(USAGE, f"\nThe answer is not UTF-8 text. {NOTHING_WRITTEN}")
