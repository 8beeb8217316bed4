"""The questions of `ceuplan init`: which are asked, and what the answers mean together.

Answers become a learner's mapping and are read like a learner's file, so a wrong one gets the message it would
get there. Nothing here reads or prints: whoever asks hands in how.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalogs.amounts import write_money
from catalogs.days import parse_day
from catalogs.faults import Fault, Faults, FlagFaults, shown
from optimizer.credential import Credential
from optimizer.credential_file import load_file, load_shipped, shipped_ids
from optimizer.cycles import governed_cycle
from optimizer.flags import with_flags
from optimizer.learner import Learner
from optimizer.learner_file import DEFAULT_CREDENTIAL, learner_from
from optimizer.toml_reading import Place
from optimizer.toml_values import day, path

ANSWERS = "your answers"
TITLE = "earned so far"
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold what was answered, as text; None was not answered yet, empty text says nothing."""

    credential: str | None = None
    deadline: str | None = None
    member_until: str | None = None
    earned: tuple[str, ...] | None = None
    earned_on: str | None = None
    transcript: str | None = None
    budget: str | None = None
    hours_per_week: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Hold what answers mean."""

    learner: Learner
    credential: Credential
    cycle_start: date | None
    """None while nobody asked for the deadline."""
    as_of: date
    transcript: str
    earned: tuple[Mapping[str, Any], ...]
    """The lines that are not the transcript's."""


def understood(answers: Answers, as_of: date) -> Told:
    """Return what answers mean, or raise `Faults` with what is wrong in them."""
    _check_alone(answers)
    mapping: dict[str, Any] = with_flags(
        {"budget": answers.budget, "hours_per_week": answers.hours_per_week},
        credential=[DEFAULT_CREDENTIAL if answers.credential is None else answers.credential],
        earned=answers.earned or (),
        transcript=answers.transcript or None,
    )
    (target,) = mapping["credential"]
    target["deadline"] = answers.deadline
    credential = load_file(Path(target["file"])) if "file" in target else load_shipped(target["id"])
    if answers.member_until:
        mapping["holding"] = [{"pass_id": _membership(credential), "until": answers.member_until}]
    finished = answers.earned_on or as_of.isoformat()
    lines = [
        line if "row" in line else {"date": finished, "title": TITLE, **line, "unit": credential.unit}
        for line in mapping.get("earned", ())
    ]
    learner = learner_from({**mapping, "earned": lines}, ANSWERS, as_of)
    start = None
    if answers.deadline is not None:
        _, start, _ = governed_cycle(learner.targets[0], credential, as_of)
        _check_earned(answers, start, as_of)
    own = tuple(line for line in lines if "row" not in line)
    return Told(learner, credential, start, as_of, answers.transcript or "", own)


def _check_alone(answers: Answers) -> None:
    """Check what stands in no mapping: a day before there is credit, and a path before its file is read."""
    faults: list[Fault] = []
    place = Place(ANSWERS, faults)
    if answers.earned_on:
        day(answers.earned_on, place.key("earned").key("date"))
    if answers.transcript:
        path(answers.transcript, place.key("transcript"))
    if faults:
        raise Faults(faults)


def _membership(credential: Credential) -> str:
    if not credential.membership:
        problem = f"{credential.id} names no membership of its issuer"
        raise FlagFaults([Fault("--member-until", None, None, None, problem, "Leave it out.")])
    return credential.membership


def _check_earned(answers: Answers, start: date, as_of: date) -> None:
    if not answers.earned:
        return
    if start >= as_of:
        problem = f"the cycle begins on {start}, so nothing earned before counts"
        remedy = "Give the deadline of the cycle it was earned in, or leave it out."
        raise Faults([Fault(ANSWERS, None, "earned", answers.earned[0], problem, remedy)])
    if answers.earned_on and (finished := parse_day(answers.earned_on)) < start:
        problem = f"it lies before {start}, where the cycle begins, so it would not count"
        raise Faults(
            [Fault(ANSWERS, None, "earned.date", str(finished), problem, "Give a day of the cycle.")]
        )


def to_write(told: Told, folder: Path) -> dict[str, Any]:
    """Return what a learner's file in that folder has to say, key by key."""
    (target,) = told.learner.targets
    budget = told.learner.budget
    return {
        "hours_per_week": told.learner.hours_per_week,
        "budget": None if budget is None else Decimal(write_money(budget)),
        "transcript": _seen_from(folder, told.transcript) if told.transcript else None,
        "credential": [
            {
                **({"file": _seen_from(folder, target.file)} if target.file else {"id": target.credential}),
                **({"deadline": target.deadline} if target.deadline else {}),
            }
        ],
        "holding": [{"pass_id": one.pass_id, "until": one.until} for one in told.learner.holdings],
        "earned": [{**line, "date": parse_day(line["date"])} for line in told.earned],
    }


def _seen_from(folder: Path, path: str) -> str:
    """Return a path as a file in that folder names it: relative if it lies inside."""
    whole = Path(path).absolute()
    return str(whole.relative_to(folder.absolute()) if whole.is_relative_to(folder.absolute()) else whole)


@dataclass(frozen=True, slots=True)
class Question:
    """Hold one question."""

    name: str
    """The answer it asks for."""
    words: Callable[[Told], str]
    default: Callable[[Told], str]
    """What an empty answer means."""
    wanted: Callable[[Answers, Told], bool] = lambda answers, told: True  # noqa: ARG005


def _credentials(_: Told) -> str:
    known = "".join(f"  {one:14}  {load_shipped(one).name}\n" for one in shipped_ids())
    return f"{known}Which credential do you keep? Its id, or the path of your own rules (.toml)"


def _counts_before(answers: Answers, told: Told) -> bool:
    return answers.transcript is None and told.cycle_start is not None and told.cycle_start < told.as_of


QUESTIONS = (
    Question("credential", _credentials, lambda _: DEFAULT_CREDENTIAL),
    Question(
        "deadline",
        lambda _: "On which day does your cycle end? A date such as 2027-06-30, or unknown",
        lambda _: "unknown",
    ),
    Question(
        "member_until",
        lambda told: f"Until when are you a member of the {told.credential.issuer}? A date, or no",
        lambda _: "no",
        lambda _, told: bool(told.credential.membership),
    ),
    Question(
        "earned",
        lambda told: (
            f"What have you earned since {told.cycle_start}, when your cycle began? "
            "The path of a transcript (CSV), credit such as clinical=12@aama, general=9, or none"
        ),
        lambda _: "none",
        _counts_before,
    ),
    Question(
        "earned_on",
        lambda _: "On which day was it finished? One day stands for all of it",
        lambda told: told.as_of.isoformat(),
        lambda answers, _: bool(answers.earned),
    ),
    Question("budget", lambda _: "How many dollars do you want to spend at most? Or none", lambda _: "none"),
    Question("hours_per_week", lambda _: "How many hours a week can you study? Or none", lambda _: "none"),
)


def interview(
    answers: Answers, as_of: date, ask: Callable[[str, str], str], say: Callable[[str], None]
) -> Told:
    """Return what the answers mean, having asked for what is not answered yet, again where an answer is wrong.

    Raises `Faults` if what was answered before is wrong.
    """
    told = understood(answers, as_of)
    for question in QUESTIONS:
        while getattr(answers, question.name) is None and question.wanted(answers, told):
            answer = ask(question.words(told), question.default(told)).strip()
            tried = replace(answers, **_taken(question.name, answer or question.default(told)))
            try:
                told = understood(tried, as_of)
            except Faults as wrong:
                say(_corrections(wrong.faults))
            else:
                answers = tried
    return told


def _taken(name: str, answer: str) -> dict[str, Any]:
    """Return the answers that one answer gives."""
    if name == "credential":
        return {name: answer}
    said = something(answer)
    if name != "earned":
        return {name: said}
    if "=" in said and not Path(said).is_file():
        return {"earned": tuple(filter(None, map(str.strip, said.split(",")))), "transcript": ""}
    return {"earned": (), "transcript": said}


def something(answer: str) -> str:
    """Return an answer, or empty text for a word that says nothing."""
    return "" if answer.strip().casefold() in ("none", "no", "unknown") else answer


def _corrections(faults: tuple[Fault, ...]) -> str:
    lines = []
    for fault in faults[:MOST_SHOWN]:
        place = "" if fault.row is None else f"{shown(fault.file)}, row {fault.row}: "
        value = "" if fault.value is None else f'"{shown(fault.value)}": '
        lines.append(f"  {place}{value}{shown(fault.problem, 400)}. {shown(fault.remedy, 400)}\n")
    rest = len(faults) - MOST_SHOWN
    return "".join(lines) + (f"  And {rest} more.\n" if rest > 0 else "")
