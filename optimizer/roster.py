"""A roster and what its learners earned, two CSVs → each learner's rows as text, and what is wrong with their form."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from catalogs import forms
from catalogs.days import parse_day
from catalogs.faults import BadValue, Fault, Faults, shown
from catalogs.reading import NotUtf8, bytes_of, decoded
from catalogs.schema import Column, Table
from catalogs.words import parse_id
from optimizer.asking import FIRST_YEAR, LAST_YEAR
from optimizer.flags import parse_holding
from optimizer.toml_values import parse_budget, parse_weekly_hours
from optimizer.transcript import TRANSCRIPT, Lines, lines_of

type Line = Mapping[str, object]
"""A row's cells that hold anything, by the column they mean, with `file` and `row`."""


def _deadline(text: str) -> date:
    day = parse_day(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        problem = f"it lies outside the years {FIRST_YEAR} to {LAST_YEAR}"
        raise BadValue(problem, "Correct the year.")
    return day


def _holdings(text: str) -> tuple[tuple[str, date | None], ...]:
    """Return the ids of what is owned, each with the last day it holds, sorted."""
    found = [_holding(part) for part in text.split(";") if part.strip()]
    return tuple(sorted(set(found), key=lambda one: (one[0], one[1] or date.max)))


def _holding(text: str) -> tuple[str, date | None]:
    held = parse_holding(text)
    until = held.get("until")
    return parse_id(str(held["pass_id"])), None if until is None else date.fromisoformat(str(until))


DEADLINE = replace(forms.DAY, parse=_deadline)
BUDGET = replace(forms.MONEY, parse=parse_budget)
HOURS = forms.Form("hours a week, `3` or `2.5`", parse_weekly_hours, str)
HOLDINGS = forms.Form("`aama-membership@2027-12-31; ace:one`", _holdings, str)

_LEARNER_ID = Column(
    "learner_id",
    "who it is, in your own words",
    forms.TEXT,
    needed=True,
    filled=True,
    aliases=("learner", "employee_id", "employee", "staff_id"),
)
ROSTER = Table(
    "roster",
    "learner_id",
    (
        _LEARNER_ID,
        Column(
            "credential",
            "id of a shipped credential, or your own rules: a TOML file's path, relative to the roster",
            forms.TEXT,
            needed=True,
            filled=True,
            aliases=("credential_id", "certification"),
        ),
        Column("deadline", "the last good day; empty = a full cycle from the day of the plans", DEADLINE),
        Column(
            "cycle_start", "the cycle's first day; empty = the day after deadline − cycle_months", forms.DAY
        ),
        Column("budget", "the most this learner may spend; empty = no limit", BUDGET),
        Column(
            "hours_per_week",
            "hours a week for study; empty = only dates bind",
            HOURS,
            aliases=("weekly_hours",),
        ),
        Column(
            "holdings",
            "passes and courses already owned, with the last day each holds",
            HOLDINGS,
            aliases=("holding",),
        ),
    ),
)
EARNED = Table("earned", "learner_id", (_LEARNER_ID, *TRANSCRIPT.columns))


@dataclass(frozen=True, slots=True)
class Person:
    """Hold all that is said of one learner, as text."""

    learner_id: str
    rows: tuple[Line, ...]
    """Of the roster: one a credential."""
    earned: tuple[Line, ...]
    faults: tuple[Fault, ...]
    """What is wrong with the form of their rows."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Hold the learners in the order of their first rows, and what belongs to none of them."""

    people: tuple[Person, ...]
    strangers: Mapping[str, int]
    """Learners who earned something and are not in the roster, with the number of their lines."""
    faults: tuple[Fault, ...]
    """Of earned lines that name no learner."""


def read_roster(path: Path, transcripts: Path | None) -> Roster:
    """Return the learners of a roster with what they earned, or raise `Faults` of files that are broken as a whole."""
    roster = _lines(path, ROSTER)
    earned = Lines((), (), ()) if transcripts is None else _lines(transcripts, EARNED)
    if broken := (*roster.of_file, *earned.of_file):
        raise Faults(broken)
    if not roster.lines:
        remedy = "Write a row for each learner and credential below the header."
        raise Faults([Fault(str(path), None, None, None, "it names no learner", remedy)])
    rows: dict[str | int, list[Line]] = {}
    faults: dict[str | int, list[Fault]] = defaultdict(list)
    uneven = {fault.row: fault for fault in roster.of_rows}
    for line in roster.lines:
        row = row_of(line)
        key: str | int
        try:
            key = learner_id_of(line)
        except BadValue as bad:  # still a row of the answer: nobody is dropped
            key = row
            said = str(line.get("learner_id", "")).strip()
            faults[key].append(bad.at(str(path), row, "learner_id", said or None))
        rows.setdefault(key, []).append(line)
        if row in uneven:
            faults[key].append(uneven[row])
    for line in roster.lines:
        row = row_of(line)
        for owner in _owners(line, roster, rows) if row in uneven else ():
            if uneven[row] not in faults[owner]:
                faults[owner].append(uneven[row])
    lines, strangers, unknown = _earned_by(earned, str(transcripts), rows, faults)
    people = tuple(
        Person(
            key if isinstance(key, str) else shown(str(of[0].get("learner_id", "")).strip(), longest=300),
            tuple(of),
            tuple(lines.get(key, ())),
            tuple(faults.get(key, ())),
        )
        for key, of in rows.items()
    )
    return Roster(people, strangers, tuple(unknown))


def learner_id_of(line: Line) -> str:
    """Return a row's learner, or refuse what names nobody."""
    name = str(line.get("learner_id", "")).strip()
    if not name:
        raise BadValue(problem="the learner_id is empty", remedy="Say whose row it is.")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name):
        problem = "it holds control characters or a line break"
        raise BadValue(problem, "Write visible characters only, on one line.")
    return name


def row_of(line: Line) -> int:
    """Return the number of the row a line stands in."""
    row = line["row"]
    assert isinstance(row, int)  # noqa: S101 - whoever reads the lines puts it there
    return row


def _lines(path: Path, table: Table) -> Lines:
    file = str(path)
    try:
        text = decoded(bytes_of(path, name="Name a CSV file."), file)
    except BadValue as bad:
        return Lines((), (bad.at(file, None, None, None),), ())
    except NotUtf8 as bad:
        return Lines((), (bad.fault,), ())
    return lines_of(text, file, table)


def _earned_by(
    earned: Lines, file: str, rows: Mapping[str | int, object], faults: dict[str | int, list[Fault]]
) -> tuple[dict[str | int, list[Line]], dict[str, int], list[Fault]]:
    """Return what each learner of the roster earned, how many lines strangers have, and faults of nobody's lines."""
    uneven = {fault.row: fault for fault in earned.of_rows}
    found: dict[str | int, list[Line]] = defaultdict(list)
    strangers: dict[str, int] = {}
    unknown: list[Fault] = []
    for line in earned.lines:
        row = row_of(line)
        if row in uneven:
            owners = _owners(line, earned, rows)
            for owner in owners:
                faults[owner].append(uneven[row])
            if not owners:
                unknown.append(uneven[row])
            continue
        try:
            key = learner_id_of(line)
        except BadValue as bad:
            unknown.append(bad.at(file, row, "learner_id", str(line.get("learner_id", "")) or None))
            continue
        if key in rows:
            found[key].append({name: cell for name, cell in line.items() if name != "learner_id"})
        else:
            strangers[key] = strangers.get(key, 0) + 1
    return found, strangers, unknown


def _owners(line: Line, lines: Lines, rows: Collection[str | int]) -> list[str]:
    """Return the learners to whom a row of the wrong length may belong; all others' answers stand.

    Only its first cell is sure to stand where it should.
    """
    names = {"learner_id"} if lines.first == "learner_id" else line.keys() - {"file", "row"}
    return [one for one in sorted(str(line.get(name, "")).strip() for name in names) if one in rows]
