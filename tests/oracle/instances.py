"""Random instances, the files they would be given as, and the features they show."""

import csv
import tomllib
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from tests.oracle.making import Instance, Row, Table, large, small

__all__ = [
    "Instance",
    "as_json",
    "credential_mapping",
    "credential_toml",
    "features",
    "from_json",
    "large",
    "learner_mapping",
    "learner_toml",
    "small",
    "write_catalog",
]

DATES = {
    "effective",
    "read_on",
    "deadline",
    "cycle_start",
    "until",
    "date",
    "available_from",
    "available_until",
    "starts",
    "ends",
    "from",
    "to",
}
NUMBERS = {
    "cycle_months",
    "submit_days_before",
    "at_least",
    "at_most",
    "items_at_most",
    "budget",
    "price",
    "member_price",
    "hours",
    "times",
    "repeat_days",
    "access_days",
    "max_purchases",
    "hours_per_week",
    "every_months",
    "within_months",
    "ever",
    "months",
    "repeat_months",
    "smallest_item",
    "round_down_to",
}


def as_json(instance: Instance) -> Table:
    """Give the instance as plain JSON values."""
    return asdict(instance) | {"as_of": instance.as_of.isoformat()}


def from_json(found: Table) -> Instance:
    """Undo `as_json`."""
    return Instance(**found | {"as_of": date.fromisoformat(found["as_of"])})


def write_catalog(instance: Instance, folder: Path) -> None:
    """Write the catalog as one to three files of offerings, and passes.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    count = Random(instance.seed).randint(1, 3)
    for number in range(count):
        rows = instance.offerings[number::count]
        if rows:
            _write(folder / f"provider{number}.csv", rows)
    if instance.passes:
        _write(folder / "passes.csv", instance.passes)


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def credential_toml(instance: Instance) -> str:
    """Write the credential's rules."""
    return _toml(instance.credential)


def learner_toml(instance: Instance) -> str:
    """Write the learner's file."""
    return _toml(instance.learner)


def credential_mapping(instance: Instance) -> Table:
    """Give what a TOML reader makes of the credential's file."""
    return tomllib.loads(credential_toml(instance), parse_float=Decimal)


def learner_mapping(instance: Instance) -> Table:
    """Give what a TOML reader makes of the learner's file."""
    return tomllib.loads(learner_toml(instance), parse_float=Decimal)


def _toml(table: Table, path: str = "") -> str:
    lines = [f"{key} = {_value(key, value, path)}" for key, value in table.items() if not _nested(key, value)]
    for key, value in table.items():
        name = f"{path}.{key}".lstrip(".")
        if isinstance(value, list) and _nested(key, value):
            lines += [line for item in value for line in ("", f"[[{name}]]", _toml(item, name))]
        elif _nested(key, value):
            lines += ["", f"[{name}]", _toml(value, name)]
    return "\n".join(lines).strip() + ("" if path else "\n")


def _nested(key: str, value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], dict)
    return isinstance(value, dict) and key not in ("where", "not", "source")


def _value(key: str, value: Any, path: str) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{name} = {_value(name, inner, path)}" for name, inner in value.items()) + " }"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_value("", inner, path) for inner in value) + "]"
    plain = key in DATES | NUMBERS or (path == "conversions" and "/" not in value)
    return str(value) if plain else '"' + str(value) + '"'


def features(instance: Instance) -> set[str]:
    """Name what the instance shows of the contract."""
    found = {f"requirement:{len(instance.credential['version'][0]['requirement'])}"}
    own: list[Row] = instance.learner.get("offering", [])
    sold = [*instance.offerings, *own]
    for row in sold:
        found |= _offering_features(row, instance)
    for row in instance.passes:
        found |= _pass_features(row)
    found |= _rule_features(instance) | _earned_features(instance, sold) | _learner_features(instance)
    courses = [row.get("course_id") or row["offering_id"] for row in sold]
    if len(set(courses)) < len(courses):
        found.add("course sold twice")
    return found


def _offering_features(row: Row, instance: Instance) -> set[str]:
    get = lambda key: row.get(key, "")  # noqa: E731
    benefits = {item["pass_id"]: item["benefit"] for item in instance.passes}
    used = {benefits[key] for key in get("passes").split(";") if key}
    paid = bool(get("price")) and get("price") != "0.00"
    parts = get("credits").split(";")
    unit = get("unit")
    rate = instance.credential["conversions"].get(unit, "1" if unit == "aama_ceu" else "")
    tests = {
        "form:singly": paid,
        "form:free": get("price") == "0.00",
        "form:included": "included" in used,
        "form:member_price": "member_price" in used and bool(get("member_price")),
        "form:percentage": paid and any("%" in benefit for benefit in used),
        "form:several": paid and len(used) > 0,
        "price:none": not get("price"),
        "price:nothing to pay with": not get("price") and not used,
        "discount:to zero": ("member_price" in used and get("member_price") == "0.00")
        or (paid and "100%" in used),
        "times": get("times") in ("2", "3"),
        "repeat_days": bool(get("repeat_days")),
        "access_days": bool(get("access_days")),
        "credit:fixed": any("|" not in part for part in parts),
        "credit:flexible": "|" in get("credits"),
        "credit:any": "any" in get("credits"),
        "credit:parts": len(parts) > 1,
        "unit:fraction": "/" in rate,
        "unit:unknown": not unit,
        "unit:unconverted": bool(unit) and not rate,
        "approval:plain": any("@" not in text for text in get("approvals").split("; ") if text),
        "approval:window": "@" in get("approvals"),
        "event:one day": bool(get("starts") or get("ends"))
        and (get("starts") or get("ends")) == (get("ends") or get("starts")),
        "event:days": bool(get("starts") and get("ends")) and get("starts") < get("ends"),
        "event:one end": bool(get("starts")) != bool(get("ends")),
        "event:access": bool(get("starts") and get("access_days")),
        "event:sold until": bool(get("starts") and get("available_until")),
        "available": bool(get("available_from") or get("available_until"))
        and not (get("starts") or get("ends")),
        "hours:stated": bool(get("hours")),
        "hours:assumed": not get("hours"),
    }
    return {name for name, shown in tests.items() if shown}


def _pass_features(row: Row) -> set[str]:
    tests = {
        "pass:several terms": bool(row["term_days"]) and not row["term_ends"] and row["renewable"] != "no",
        "pass:term_ends": bool(row["term_ends"]),
        "pass:rolls_from": bool(row["rolls_from"]),
        "pass:bundle": row["kind"] == "bundle",
        "pass:endless": not row["term_days"] and not row["term_ends"],
        "pass:credit_limit": bool(row["credit_limit"]),
        "pass:requires": bool(row["requires"]),
        "pass:no price": not row["price"],
        "pass:price 0": row["price"] == "0.00",
    }
    return {name for name, shown in tests.items() if shown}


def _rule_features(instance: Instance) -> set[str]:
    version = instance.credential["version"][0]
    found: set[str] = set()
    for rule in version["requirement"] + version.get("cap", []):
        where = rule.get("where", {})
        found |= {f"filter:{key}" for key in where}
        found |= {"filter:list" for value in where.values() if isinstance(value, list) and len(value) > 1}
        found |= {f"cap:{key}" for key in ("at_most", "items_at_most") if key in rule}
    if version["submit_days_before"] != "0":
        found.add("submit_days_before")
    return found


def _earned_features(instance: Instance, sold: list[Row]) -> set[str]:
    target, found = instance.learner["credential"][0], set()
    inside: dict[str, int] = {}
    for line in instance.learner.get("earned", []):
        counts = target.get("cycle_start", "") <= line["date"] <= target["deadline"]
        found |= {"earned:inside" if counts else "earned:outside"} | {
            f"earned:{key}" for key in ("course_id",) if key in line
        }
        found |= {"earned:approval window"} if "@" in line["approvals"] else set()
        course = line.get("course_id", "")
        inside[course] = inside.get(course, 0) + counts
    for row in sold:
        if inside.get(row.get("course_id") or row["offering_id"], 0) > Fraction(row.get("times") or 1):
            found.add("earned:over times")
        if inside.get(row.get("course_id") or row["offering_id"], 0) and row.get("repeat_days"):
            found.add("earned:repeat_days")
    return found


def _learner_features(instance: Instance) -> set[str]:
    learner = instance.learner
    start = learner["credential"][0].get("cycle_start")
    found = {f"prefer:{key}" for key in learner.get("preferences", {})}
    found |= {name for name in ("budget", "offering", "price") if name in learner}
    found |= (
        {"cycle:default"}
        if start is None
        else {"cycle:future"}
        if start > str(instance.as_of)
        else {"cycle:past"}
    )
    for holding in learner.get("holding", []):
        expired = "until" in holding and holding["until"] < str(instance.as_of)
        found.add(
            "holding:expired" if expired else "holding:pass" if "pass_id" in holding else "holding:offering"
        )
    return found
