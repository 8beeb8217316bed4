"""The command line's flags, merged into a learner's mapping: they add to it, and win on single values."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from catalogs.credits import parse_approvals, parse_credits
from catalogs.days import parse_day
from catalogs.faults import BadValue, Fault, Faults, FlagFaults
from optimizer.learner_file import DEFAULT_CREDENTIAL
from optimizer.learner_keys import OWN_UNIT
from optimizer.toml_values import parse_budget, parse_plain_text, parse_slug, parse_weekly_hours
from optimizer.transcript import transcript_lines

_EARNED_REMEDY = (
    "Write it like clinical=4@aama: the credit, and who approves it after @ (several: @aama;amt)."
)


def with_flags(
    mapping: Mapping[str, object],
    *,
    budget: str | None = None,
    credential: Sequence[str] = (),
    deadline: str | None = None,
    cycle_start: str | None = None,
    earned: Sequence[str] = (),
    transcript: str | None = None,
    passes: Sequence[str] = (),
    hours_per_week: str | None = None,
    route: str | None = None,
    member: bool = False,
    no_assumed: bool = False,
) -> dict[str, object]:
    """Return a learner's mapping with the flags merged in, or raise `Faults` with every flag that is wrong.

    A path ending in .toml is a credential of your own. A deadline and a cycle start are those of every
    credential named by a flag, or else of the file's only one. A transcript takes the place of the file's.
    """
    faults: list[Fault] = []
    merged = dict(mapping)
    for key, flag, said, parse in (
        ("budget", "--budget", budget, parse_budget),
        ("hours_per_week", "--hours-per-week", hours_per_week, parse_weekly_hours),
        ("route", "--route", route, parse_slug),
    ):
        if said is not None and _read(flag, said, parse, faults) is not None:
            merged[key] = said
    merged |= {key: True for key, on in (("member", member), ("no_assumed", no_assumed)) if on}
    _merge_credentials(merged, credential, {"deadline": deadline, "cycle_start": cycle_start}, faults)
    holdings = [_read("--pass", said, parse_holding, faults) for said in passes]
    _add(merged, "holding", [holding for holding in holdings if holding])
    if transcript is not None:
        lines, found = transcript_lines(Path(transcript))
        faults += found
        if isinstance(merged.get("earned"), list):
            merged["earned"] = [line for line in _list(merged["earned"]) if not _from_transcript(line)]
        _add(merged, "earned", lines)
    entries = [_read("--earned", said, _earned, faults) for said in earned]
    _add(merged, "earned", [entry for entry in entries if entry])
    if faults:
        raise (FlagFaults if all(f.file.startswith("--") for f in faults) else Faults)(faults)
    return merged


def _read(flag: str, said: str, parse: Callable[[str], Any], faults: list[Fault]) -> Any:
    """Return what a flag's value means, or note the fault and return `None`."""
    try:
        if not said.strip():
            raise BadValue(problem="it is empty", remedy="Give the flag a value, or leave it out.")
        parse_plain_text(said)
        return parse(said)
    except BadValue as bad:
        faults.append(bad.at(flag, None, None, said))
        return None


def _add(merged: dict[str, object], key: str, entries: Sequence[object]) -> None:
    # What is no list is left as it is: whoever reads the mapping says what is wrong with it.
    there = merged.get(key, [])
    if entries and isinstance(there, list):
        merged[key] = [*there, *entries]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _from_transcript(line: object) -> bool:
    return isinstance(line, dict) and "row" in line


def parse_holding(text: str) -> dict[str, object]:
    """Return what `aama-membership@2027-12-31` says is held, as a line of `[[holding]]`."""
    pass_id, at, day = text.rpartition("@")
    if not at:
        return {"pass_id": text.strip()}
    if not pass_id.strip():
        remedy = "Write it like aama-membership@2027-12-31, the pass and the last day it holds."
        raise BadValue(problem="it names no pass", remedy=remedy)
    return {"pass_id": pass_id.strip(), "until": parse_day(day).isoformat()}


def _earned(text: str) -> dict[str, object]:
    credits_, at, approvers = text.partition("@")
    parse_credits(credits_)
    if not at:
        return {"credits": credits_.strip(), "unit": OWN_UNIT}
    try:
        named = parse_approvals(approvers)
    except BadValue as bad:
        raise BadValue(bad.problem, _EARNED_REMEDY) from None
    if not named or any(one.number or one.first for one in named):
        problem = "it names no approver after @" if not named else "an approver has a number or a window"
        raise BadValue(problem, _EARNED_REMEDY)
    return {"credits": credits_.strip(), "unit": OWN_UNIT, "approvals": approvers.strip()}


def _credential(text: str) -> dict[str, object]:
    if text.strip().casefold().endswith(".toml"):
        return {"file": str(Path(text.strip()).absolute())}
    return {"id": parse_slug(text)}


def _merge_credentials(
    merged: dict[str, object], named: Sequence[str], days: Mapping[str, str | None], faults: list[Fault]
) -> None:
    """Add the credentials that flags name, and give the days to those they are meant for."""
    if not isinstance(merged.get("credential", []), list):
        return
    entries: list[Any] = [
        dict(one) if isinstance(one, dict) else one for one in _list(merged.get("credential"))
    ]
    wanted = [one for said in named if (one := _read("--credential", said, _credential, faults))]
    for one in wanted:
        if not any(_same(entry, one) for entry in entries):
            entries.append(dict(one))
    said = {
        key: day.isoformat()
        for key, text in days.items()
        if text is not None and (day := _read(f"--{key.replace('_', '-')}", text, parse_day, faults))
    }
    if said and not entries and not named:
        entries.append({"id": DEFAULT_CREDENTIAL})
    meant = [entry for entry in entries if not named or any(_same(entry, one) for one in wanted)]
    if not named and len(meant) > 1:
        remedy = "Name it with --credential, or write the day into the file."
        problem = f"the file has {len(meant)} credentials, and it does not say which is meant"
        faults += [
            Fault(f"--{key.replace('_', '-')}", None, None, day, problem, remedy) for key, day in said.items()
        ]
    for entry in meant:
        if isinstance(entry, dict):
            entry.update(said)
    if entries:
        merged["credential"] = entries


def _same(entry: object, one: Mapping[str, object]) -> bool:
    return isinstance(entry, dict) and all(entry.get(key) == value for key, value in one.items())
