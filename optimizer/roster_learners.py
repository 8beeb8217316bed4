"""One person of a roster → the learner that plans are for, or every fault of theirs with its row and column."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from catalogs.amounts import write_money
from catalogs.coded import Offerings
from catalogs.faults import BadValue, Fault, Faults, did_you_mean
from catalogs.records import Pass
from catalogs.schema import Column, parse_cell
from optimizer.credential import Credential
from optimizer.cycles import governed_cycle
from optimizer.learner import Learner
from optimizer.learner_file import learner_from, learner_mapping
from optimizer.roster import ROSTER, Line, Person, row_of

FILE = "the learner of the roster"
"""Names the learner in faults of planning, which are shared by all who pose the same problem."""

_ONCE = ("budget", "hours_per_week", "holdings")
"""Said once of a learner, however many credentials there are."""
_KEY = re.compile(r"(credential|holding)(?:\[(\d+)\])?(?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold what all learners of a roster share."""

    file: str
    """The roster's path, for messages."""
    as_of: date
    passes: Mapping[str, Pass]
    offerings: Offerings
    credential: Callable[[str], Credential]
    """Return the credential that a cell names, or raise `Faults`."""
    more: Mapping[str, object]
    """What flags say of every learner, in the shape of a learner's file."""


@dataclass(frozen=True, slots=True)
class Posed:
    """Hold a learner as planning takes them, and the name of their problem."""

    learner: Learner
    key: str
    """Learners of one key have one plan: everything it depends on but whose it is, in one digest."""
    notes: tuple[str, ...]


def posed(person: Person, setting: Setting) -> Posed | tuple[Fault, ...]:
    """Return a person's problem, or everything that is wrong with what is said of them."""
    faults = list(person.faults)
    if any(fault.column is None for fault in faults):  # a row of the wrong length: its cells may have moved
        return tuple(faults)
    rows = [_read(line, setting.file, faults) for line in person.rows]
    credentials = _credentials(person, rows, setting, faults)
    once = {name: _said_once(name, person.rows, rows, setting.file, faults) for name in _ONCE}
    mapping: dict[str, object] = {
        **setting.more,
        "credential": [
            _target(line, said, credential, setting.file)
            for line, said, credential in zip(person.rows, rows, credentials, strict=True)
        ],
        "holding": _holdings(person, once["holdings"], setting, faults),
        "earned": [dict(line) for line in person.earned],
        "budget": None if once["budget"] is None else write_money(once["budget"]),
        "hours_per_week": None if once["hours_per_week"] is None else str(once["hours_per_week"]),
    }
    try:
        learner = learner_from(mapping, FILE, setting.as_of, setting.passes)
    except Faults as found:
        return tuple({*faults, *at_rows(found.faults, person, setting.file)})
    if faults:
        return tuple(faults)
    sound = [one for one in credentials if one is not None]
    for number, (target, credential) in enumerate(zip(learner.targets, sound, strict=True), start=1):
        try:
            governed_cycle(target, credential, setting.as_of)
        except Faults as found:
            named = [
                replace(one, file=FILE, column=f"credential[{number}].{one.column}") for one in found.faults
            ]
            faults += at_rows(named, person, setting.file)
    if faults:
        return tuple(faults)
    notes = tuple(
        f"No deadline for {one.id}: a full cycle is assumed, from {target.cycle_start or setting.as_of}."
        for one, target in zip(sound, learner.targets, strict=True)
        if target.deadline is None
    )
    return Posed(learner, _key(learner, sound), notes)


def at_rows(faults: Sequence[Fault], person: Person, file: str) -> list[Fault]:
    """Return a learner's faults where they stand in the roster."""
    return [_at_row(fault, person, file) if fault.file == FILE else fault for fault in faults]


def _at_row(fault: Fault, person: Person, file: str) -> Fault:
    found = _KEY.match(fault.column or "")
    line, column = person.rows[0], fault.column
    if found is not None and found[1] == "credential":
        line = person.rows[int(found[2] or 1) - 1]
        column = "credential" if found[3] in (None, "id", "file") else found[3]
    elif found is not None:
        line = next((one for one in person.rows if "holdings" in one), line)
        column = "holdings"
    elif column in _ONCE:
        line = next((one for one in person.rows if column in one), line)
    return replace(fault, file=file, row=row_of(line), column=column)


def _read(line: Line, file: str, faults: list[Fault]) -> dict[str, Any]:
    """Return what the cells of a row mean; what cannot be read is `None`, and a fault."""
    return {column.name: _cell(column, line, file, faults) for column in ROSTER.columns[1:]}


def _cell(column: Column, line: Line, file: str, faults: list[Fault]) -> Any:
    text = str(line.get(column.name, ""))
    try:
        return parse_cell(column, text)
    except BadValue as bad:
        faults.append(bad.at(file, row_of(line), column.name, text.strip() or None))
        return None


def _credentials(
    person: Person, rows: Sequence[Mapping[str, Any]], setting: Setting, faults: list[Fault]
) -> list[Credential | None]:
    """Return the credential of each row; one that cannot be had, or is there twice, is a fault and `None`."""
    found: list[Credential | None] = []
    seen: dict[str, int] = {}
    for line, said in zip(person.rows, rows, strict=True):
        name, row = said["credential"], row_of(line)
        found.append(None)
        if not name:
            continue
        try:
            one = setting.credential(name)
        except Faults as bad:
            # A shipped credential's name is a cell of the roster; what is wrong in a file of rules stands there.
            faults += [
                replace(fault, file=setting.file, row=row, column="credential")
                if fault.file == "credential"
                else fault
                for fault in bad.faults
            ]
            continue
        if one.id in seen:
            problem = f"row {seen[one.id]} has this learner's {one.id} already"
            faults.append(Fault(setting.file, row, "credential", name, problem, "Keep one of the two rows."))
            continue
        seen[one.id] = row
        found[-1] = one
    return found


def _said_once(
    name: str, lines: Sequence[Line], rows: Sequence[Mapping[str, Any]], file: str, faults: list[Fault]
) -> Any:
    """Return what a learner's rows say, which may say it once or several times alike."""
    said = [(line, row[name]) for line, row in zip(lines, rows, strict=True) if row[name] not in (None, ())]
    for line, value in said[1:]:
        first, there = said[0]
        if value != there:
            problem = f"row {row_of(first)} says {str(first[name]).strip()} of the same learner"
            remedy = "Write it alike in all rows of a learner, or in one of them."
            faults.append(Fault(file, row_of(line), name, str(line[name]).strip(), problem, remedy))
    return said[0][1] if said else None


def _target(
    line: Line, said: Mapping[str, Any], credential: Credential | None, file: str
) -> dict[str, object]:
    days = {key: said[key].isoformat() for key in ("deadline", "cycle_start") if said[key] is not None}
    if credential is None:  # its days are looked at all the same, so it needs a name of its own
        return {"id": f"row-{row_of(line)}", **days}
    name = str(said["credential"])
    own = {"file": str(own_file(name, Path(file)))} if is_own_file(name) else {"id": credential.id}
    return {**own, **days}


def is_own_file(name: str) -> bool:
    """Say whether a cell names a file of rules instead of a shipped credential."""
    return name.casefold().endswith(".toml")


def own_file(name: str, roster: Path) -> Path:
    """Return the path of a file of rules: as it stands, or relative to the roster."""
    return (roster.parent / name).absolute()


def _holdings(
    person: Person, said: Sequence[tuple[str, date | None]] | None, setting: Setting, faults: list[Fault]
) -> list[dict[str, object]]:
    held: list[dict[str, object]] = []

    def refuse(name: str, problem: str, remedy: str) -> None:
        line = next(one for one in person.rows if "holdings" in one)
        faults.append(Fault(setting.file, row_of(line), "holdings", name, problem, remedy))

    for name, until in said or ():
        one = setting.passes.get(name)
        if one is None and setting.offerings.place(name) is None:
            hint = did_you_mean(name, setting.passes)
            refuse(name, "nothing in the catalog has this name", f"Check the spelling.{hint}")
        elif one is not None and until is None and (one.term_days, one.term_ends) != (None, None):
            remedy = f"Say the last day it is good for, as in {name}@2027-12-31."
            refuse(name, "it ends some day, and the cell does not say when", remedy)
        key = "offering_id" if one is None else "pass_id"
        held.append({key: name, **({} if until is None else {"until": until.isoformat()})})
    return held


def _key(learner: Learner, credentials: Sequence[Credential]) -> str:
    rules = [one.sha256 for one in credentials]
    return sha256(json.dumps([learner_mapping(learner), rules], sort_keys=True).encode()).hexdigest()
