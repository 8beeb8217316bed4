"""A learner's TOML file → a plain mapping → `Learner`.

The mapping has the shape of the file, in values that JSON can hold. Flags are merged into it, so it may hold
keys that a file may not: `route`, `member`, `no_assumed`, and lines of `earned` with the transcript's `file`
and `row` or with the unit `=`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from catalogs.faults import Fault, Faults
from optimizer.cycles import add_months, cycle, governed_cycle
from optimizer.learner import Earned, Learner, Target
from optimizer.learner_keys import FLAG_KEYS, OWN_UNIT, place_of_line, profile_keys
from optimizer.learner_mapping import learner_mapping
from optimizer.toml_reading import Place, parse_toml, plain, read_bytes, read_table
from optimizer.transcript import transcript_lines

__all__ = ["add_months", "cycle", "governed_cycle", "learner_from", "learner_mapping", "read_profile"]

DEFAULT_CREDENTIAL = "cma-aama"


def read_profile(path: Path) -> dict[str, object]:
    """Return a learner's file as a mapping that JSON can hold, or raise `Faults`.

    The transcript's lines are appended to `earned` and own rules get an absolute path. Most of what may be
    wrong is left to `learner_from`, which sees the flags too and says everything at once.
    """
    file = str(path)
    mapping: dict[str, object] = {
        key: plain(value) for key, value in parse_toml(read_bytes(path), file).items()
    }
    faults: list[Fault] = []
    _refuse_flag_keys(mapping, Place(file, faults))
    transcript = mapping.pop("transcript", "")
    if not isinstance(transcript, str):
        Place(file, faults).key("transcript").refuse(transcript, "it is not text", "Write the CSV's path.")
    elif transcript.strip():
        lines, found = transcript_lines(path.parent / transcript)
        faults += found
        earned = mapping.get("earned", [])
        mapping["earned"] = [*earned, *lines] if isinstance(earned, list) else earned
    if faults:
        read_table(
            {key: value for key, value in mapping.items() if key not in FLAG_KEYS},
            profile_keys(None),
            Place(file, faults),
        )
        raise Faults(faults)
    for entry in _tables(mapping.get("credential")):
        if isinstance(entry.get("file"), str) and entry["file"].strip():
            entry["file"] = str((path.parent / entry["file"]).absolute())
    return mapping


def _tables(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _refuse_flag_keys(mapping: Mapping[str, object], place: Place) -> None:
    for key in FLAG_KEYS:
        if key in mapping:
            remedy = f"Remove it and give the flag --{key.replace('_', '-')}."
            place.key(key).refuse(mapping[key], "it is an unknown key", remedy)
    for number, line in enumerate(_tables(mapping.get("earned")), start=1):
        at = place.key("earned").nth(number)
        for key in ("file", "row"):
            if key in line:
                at.key(key).refuse(line[key], "it is an unknown key", "Remove it.")
        if line.get("unit") == OWN_UNIT:
            at.key("unit").refuse(OWN_UNIT, "it is not a unit of credit", "Name the unit, or give --earned.")


def learner_from(
    mapping: Mapping[str, object],
    file: str,
    as_of: date,
    known_passes: Collection[str] | None = None,
    *,
    lapsed: bool = False,
) -> Learner:
    """Return the learner a mapping says, or raise `Faults` with everything wrong in it.

    `file` names the mapping in messages. `known_passes` are those the learner's own offerings may name;
    `None` leaves them unchecked. `lapsed` lets a deadline lie before as_of.
    """
    faults: list[Fault] = []
    place = Place(file, faults)
    keys = profile_keys(None if known_passes is None else frozenset(known_passes))
    said = read_table(mapping, {**keys, **FLAG_KEYS}, place)
    _check_targets(said["credential"], place.key("credential"), as_of, lapsed=lapsed)
    _check_lines(said["earned"], mapping.get("earned"), place.key("earned"), as_of)
    for number, holding in enumerate(said["holding"], start=1):
        at = place.key("holding").nth(number)
        _exactly_one(holding.pass_id, holding.offering_id, "pass_id", "offering_id", at)
    for number, away in enumerate(said["away"], start=1):
        if away.first and away.last and away.last < away.first:
            at = place.key("away").nth(number).key("to")
            at.refuse(away.last, f"it lies before from, {away.first}", "Write the earlier day first.")
    _no_two([one_id for one_id, _ in said["price"]], place.key("price"), "id")
    _no_two(
        [one.offering_id if one else None for one in said["offering"]], place.key("offering"), "offering_id"
    )
    if faults:
        raise Faults(faults)
    # Sorted, so that a file in another order is the same learner; credentials keep theirs, which is shown.
    wishes = said["preferences"]
    lists = ("require", "exclude", "exclude_providers", "formats")
    return Learner(
        targets=said["credential"] or (Target(DEFAULT_CREDENTIAL, "", None, None, shares=True),),
        budget=said["budget"],
        hours_per_week=said["hours_per_week"],
        route=said["route"],
        no_assumed=said["no_assumed"],
        member=said["member"],
        holdings=tuple(
            sorted(said["holding"], key=lambda one: (one.pass_id, one.offering_id, one.until or date.max))
        ),
        earned=tuple(sorted(said["earned"], key=_line_order)),
        offerings=tuple(sorted(said["offering"], key=lambda one: one.offering_id)),
        prices=tuple(sorted(said["price"])),
        away=tuple(sorted(said["away"], key=lambda one: (one.first, one.last))),
        preferences=replace(wishes, **{key: tuple(sorted(set(getattr(wishes, key)))) for key in lists}),
    )


def _line_order(line: Earned) -> tuple[date, str]:
    return line.date or date.max, repr(line)


def _exactly_one(first: object, second: object, one: str, other: str, place: Place) -> None:
    if bool(first) == bool(second) and not place.refused():
        problem = f"it has both {one} and {other}" if first else f"it has neither {one} nor {other}"
        place.refuse(None, problem, f"Give it exactly one: {one} or {other}.")


def _no_two(ids: Sequence[object], place: Place, key: str) -> None:
    for number, one_id in enumerate(ids, start=1):
        earlier = ids.index(one_id) + 1
        if one_id and earlier < number:
            at = place.nth(number).key(key)
            at.refuse(one_id, f"{place.nth(earlier).path} has it too", "Keep one of them.")


def _check_targets(targets: Sequence[Target], place: Place, as_of: date, *, lapsed: bool) -> None:
    for number, target in enumerate(targets, start=1):
        at = place.nth(number)
        _exactly_one(target.credential, target.file, "id", "file", at)
        if target.deadline and target.deadline < as_of and not lapsed:
            remedy = "Correct it. If it has passed, `ceuplan audit` says where you stand."
            at.key("deadline").refuse(
                target.deadline, f"it lies before {as_of}, the day the plan is for", remedy
            )
        if target.deadline and target.cycle_start and target.cycle_start > target.deadline:
            problem = f"it lies after the deadline, {target.deadline}"
            at.key("cycle_start").refuse(target.cycle_start, problem, "Correct one of the two.")
    _no_two([target.credential for target in targets], place, "id")
    _no_two([target.file for target in targets], place, "file")


def _check_lines(lines: Sequence[Earned], raw: object, place: Place, as_of: date) -> None:
    entries = raw if isinstance(raw, list) else []
    for number, (line, entry) in enumerate(zip(lines, entries, strict=False), start=1):
        at = place_of_line(entry, place.nth(number)).key("date")
        if line.date is None and line.unit != OWN_UNIT and not at.refused():
            at.refuse(None, "it is missing", "Add the day it was finished.")
        if line.date is not None and line.date > as_of:
            remedy = "Correct it, or leave the line out until then."
            at.refuse(line.date, f"it lies after {as_of}, the day the plan is for", remedy)
