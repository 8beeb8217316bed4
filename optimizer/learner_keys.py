"""The keys of a learner's TOML file, declared once: what each means and how it is read."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from catalogs.records import Offering
from catalogs.rows import offering_from
from catalogs.schema import OFFERINGS
from catalogs.words import parse_ids
from optimizer import shapes
from optimizer.learner import Away, Earned, Holding, Preferences, Target
from optimizer.toml_reading import (
    Key,
    Keys,
    Place,
    Read,
    list_of,
    plain,
    read_table,
    table,
    table_shape,
    tables,
)
from optimizer.toml_values import column, day, money, path, slug, text, weekly_hours, whole, yes_no

OWN_UNIT = "="
"""The unit of an `--earned` flag: the credential's own."""


def _target(said: dict[str, Any]) -> Target:
    return Target(credential=said.pop("id"), **said)


def earned_line(said: dict[str, Any]) -> Earned:
    """Return the line of earned credit that a table of its keys says."""
    hours = said.pop("hours")
    return Earned(**{key: value for key, value in said.items() if key not in ("file", "row")}, minutes=hours)


def _read_unit(value: object, place: Place) -> Any:
    return OWN_UNIT if value == OWN_UNIT else column("unit")(value, place)


_unit = Read(_read_unit, shapes.either(column("unit").shape, {"const": OWN_UNIT}))


def place_of_line(line: object, place: Place) -> Place:
    """Return where a line of earned credit stands: its row of a transcript, if it came from one."""
    if isinstance(line, dict) and isinstance(line.get("file"), str) and isinstance(line.get("row"), int):
        return Place(line["file"], place.faults, line["row"])
    return place


def _lines(value: object, place: Place) -> tuple[Earned, ...]:
    if not isinstance(value, list):
        place.refuse(value, "it is not a list of tables", "Write [[earned]] above its keys.")
        return ()
    return tuple(
        earned_line(read_table(line, EARNED_OR_FLAG, place_of_line(line, place.nth(number))))
        for number, line in enumerate(value, start=1)
    )


def _unread(value: object, place: Place) -> None:
    # Whoever reads the file has put the transcript's lines in its place.
    place.refuse(value, "its lines are not here", "Give the lines as [[earned]], or the flag --transcript.")


def _named(passes: object) -> tuple[str, ...]:
    return parse_ids("; ".join(map(str, passes)) if isinstance(passes, list) else str(passes))


def offerings(known_passes: Collection[str] | None) -> Read:
    """Return a reader of the learner's own offerings; `None` leaves the passes they name unchecked."""

    def read(value: object, place: Place) -> Offering | None:
        if not isinstance(value, dict):
            place.refuse(value, "it is not a table", "Write [[offering]] above its keys.")
            return None
        said: dict[str, object] = {key: plain(inner) for key, inner in value.items()}
        passes = _named(said.get("passes", "")) if known_passes is None else known_passes
        offering, faults = offering_from(said, place.file, place.row, passes)
        place.faults.extend(replace(fault, column=place.key(fault.column or "").path) for fault in faults)
        return offering

    return list_of(Read(read, shapes.of_row(OFFERINGS)))


TARGET: Keys = {
    "id": Key(slug, "id of a shipped credential", default="", example='"cma-aama"'),
    "file": Key(
        path,
        "your own rules, a path relative to this file, in place of id",
        default="",
        example='"my-rules.toml"',
    ),
    "deadline": Key(day, "the last good day (default: a full cycle from today)", example="2027-06-30"),
    "cycle_start": Key(
        day, "its first day (default: the day after deadline − cycle_months)", example="2022-07-01"
    ),
    "shares": Key(
        yes_no, "no: what is counted here counts for no other credential", default=True, example='"no"'
    ),
}
HOLDING: Keys = {
    "pass_id": Key(column("offering_id"), "a pass you own", default="", example='"aama-membership"'),
    "offering_id": Key(
        column("offering_id"),
        "or an offering you bought and have not finished",
        default="",
        example='"aama:cma-today-01"',
    ),
    "until": Key(day, "the last day it holds", example="2027-12-31"),
}
EARNED: Keys = {
    "date": Key(day, "the day it was finished", needed=True, example="2024-05-01"),
    "title": Key(text, "its title", default="", example='"Infection control"'),
    "credits": Key(
        column("credits", list),
        "credit by category, such as clinical=1",
        needed=True,
        default=(),
        example='"clinical=1"',
    ),
    "unit": Key(
        column("unit"),
        "what one credit is; without it the line does not count",
        default="",
        example='"aama_ceu"',
    ),
    "kind": Key(column("kind"), "as in a catalog", default="", example='"course"'),
    "format": Key(column("format"), "as in a catalog", default="", example='"online"'),
    "provider": Key(text, "who gave it", default="", example='"aama"'),
    "topics": Key(column("topics", list), "what it was about", default=(), example='"infection-control"'),
    "approvals": Key(column("approvals", list), "who approves it", default=(), example='"aama"'),
    "hours": Key(column("hours", int, Decimal), "how long it took", example="1.5"),
    "course_id": Key(
        column("course_id"),
        "the course it was, so that it is not counted twice",
        default="",
        example='"aama:cma-today-01"',
    ),
}
EARNED_OR_FLAG: Keys = {
    **EARNED,
    "date": Key(day, EARNED["date"].meaning),
    "unit": Key(_unit, EARNED["unit"].meaning, default=""),
    "file": Key(path, "the transcript it came from", hidden=True),
    "row": Key(whole(1, 10**9), "its row there", hidden=True),
}
PRICE: Keys = {
    "id": Key(column("offering_id"), "an offering or a pass", needed=True, example='"aama-membership"'),
    "price": Key(money, "what you pay for it", needed=True, example="85"),
}
AWAY: Keys = {
    "from": Key(day, "the first day without study", needed=True, example="2027-01-01"),
    "to": Key(day, "the last one", needed=True, example="2027-01-14"),
}
PREFERENCES: Keys = {
    "require": Key(
        list_of(column("offering_id")), "offerings you want", default=(), example='["aama:cma-today-01"]'
    ),
    "exclude": Key(
        list_of(column("offering_id")), "offerings you do not want", default=(), example='["cpr:card"]'
    ),
    "exclude_providers": Key(
        list_of(text), "providers you do not want", default=(), example='["relias-academy"]'
    ),
    "formats": Key(
        list_of(column("format")), "the only formats you take", default=(), example='["online", "print"]'
    ),
    "max_purchases": Key(whole(0, 9999), "the most purchases", example="3"),
}


@lru_cache(maxsize=8)
def profile_keys(known_passes: frozenset[str] | None) -> Keys:
    """Return the keys of a learner's file."""
    return {
        "hours_per_week": Key(weekly_hours, "hours a week for study (default: only dates bind)", example="3"),
        "budget": Key(money, "the most you spend, US dollars (default: no limit)", example="300"),
        "transcript": Key(
            Read(_unread, path.shape),
            "a CSV with the columns of [[earned]], a path relative to this file",
            example='"transcript.csv"',
        ),
        "credential": Key(tables(TARGET, _target), "what you must keep (default: cma-aama)", default=()),
        "holding": Key(tables(HOLDING, lambda said: Holding(**said)), "what you own", default=()),
        "earned": Key(Read(_lines, shapes.array(table_shape(EARNED))), "what you have finished", default=()),
        "offering": Key(offerings(known_passes), "what only you can take", default=()),
        "price": Key(
            tables(PRICE, lambda said: (said["id"], said["price"])), "prices only you pay", default=()
        ),
        "away": Key(
            tables(AWAY, lambda said: Away(said["from"], said["to"])), "days without study", default=()
        ),
        "preferences": Key(
            table(PREFERENCES, lambda said: Preferences(**said)),
            "what you insist on",
            default=Preferences((), (), (), (), None),
        ),
    }


FLAG_KEYS: Keys = {
    "route": Key(text, "the route asked for", default="", hidden=True),
    "no_assumed": Key(yes_no, "leave out what rests on assumed values", default=False, hidden=True),
    "member": Key(yes_no, "a member of the issuer until the deadline", default=False, hidden=True),
}
