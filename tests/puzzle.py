"""Puzzles: a catalog, rules and a learner small enough to solve by hand, planned from real files and proved."""

import json
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

from optimizer.asking import ask
from optimizer.credential_file import load_shipped
from optimizer.plan import Plan, to_json
from optimizer.planning import Question, plan_for
from optimizer.verify import verify

NEW_YEAR = "2027-01-01"
"""The day a puzzle is for, unless it says otherwise; its cycle is then the year 2027."""

OFFERED = {"provider": "shop", "title": "", "unit": "hour", "credits": "any=1"}
SOLD = {"title": ""}
"""Cells of every row whose column a puzzle leaves out; empty means the row's id."""

HEAD = """
id = "pz-test"
name = "Puzzler (TEST)"
issuer = "Test"
unit = "point"
membership = "club"
[conversions]
hour = 1
{conversions}
[[version]]
effective = 2020-01-01
cycle_months = {cycle_months}
submit_days_before = {submit_days_before}
{lapse}
source = {{ title = "none", url = "https://example.org/" }}
"""


def rules(
    *requirements: str,
    caps: tuple[str, ...] = (),
    conversions: str = "",
    cycle_months: int = 12,
    submit_days_before: int = 0,
    lapse_days: int | None = None,
    more: str = "",
) -> str:
    """Return a credential's TOML; a requirement is `2`, or `2 category = "clinical"`, a cap the keys of its table."""
    found = [
        HEAD.format(
            conversions=conversions,
            cycle_months=cycle_months,
            submit_days_before=submit_days_before,
            lapse="" if lapse_days is None else f"lapse_days = {lapse_days}",
        )
    ]
    for requirement in requirements:
        at_least, _, where = requirement.partition(" ")
        name = where.replace('"', "'") or "total"
        found.append(
            f'[[version.requirement]]\nname = "{name}"\nat_least = {at_least}\nwhere = {{ {where} }}'
        )
    found += [f'[[version.cap]]\nname = "cap {i}"\n{cap}' for i, cap in enumerate(caps, start=1)]
    return "\n".join([*found, dedent(more)]) + "\n"


def write(
    folder: Path, offerings: str, credential: str, learner: str = "", passes: str = "", days: str = ""
) -> None:
    """Write a puzzle's files; `days` are the deadline and the start of the cycle, as TOML."""
    catalog = folder / "catalog"
    catalog.mkdir()
    (catalog / "shop.csv").write_text(_csv(offerings, OFFERED), "utf-8")
    if passes:
        (catalog / "passes.csv").write_text(_csv(passes, SOLD), "utf-8")
    (folder / "rules.toml").write_text(credential, "utf-8")
    target = f'\n[[credential]]\nfile = "rules.toml"\n{dedent(days or "deadline = 2027-12-31")}\n'
    (folder / "me.toml").write_text(dedent(learner) + target, "utf-8")


def question(
    offerings: str,
    credential: str,
    learner: str = "",
    passes: str = "",
    days: str = "",
    as_of: str = NEW_YEAR,
    flags: Mapping[str, Any] | None = None,
    *,
    lapsed: bool = False,
) -> Question:
    """Return the question of a puzzle, read from files the way the command reads them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, offerings, credential, learner, passes, days)
        asked = ask(
            folder / "me.toml",
            dict(flags or {}),
            [str(folder / "catalog")],
            date.fromisoformat(as_of),
            60.0,
            lapsed=lapsed,
        )
    return asked.question


def answer(asked: Question) -> Plan:
    """Return the plan, proved from its JSON alone."""
    plan = plan_for(asked)
    tables = (asked.offerings, asked.passes, asked.digest)
    violations = verify(json.loads(json.dumps(to_json(plan))), tables, load_shipped)
    assert not violations, [v.message for v in violations]
    return plan


def solve(offerings: str, credential: str, learner: str = "", passes: str = "", **asked: Any) -> "Solved":
    """Return the proved plan of a puzzle, easy to compare."""
    return Solved(answer(question(offerings, credential, learner, passes, **asked)))


class Solved:
    """Hold a plan as the tuples a puzzle is compared with."""

    def __init__(self, plan: Plan) -> None:
        found = to_json(plan)
        self.json = found
        self.status: str = found["status"]
        self.cost: str = found["cost"]
        self.bought = [(p["id"], p["price"], p["on"], p["until"]) for p in found["purchases"]]
        self.taken = [(e["offering_id"], e["paid_by"], e["finish"], e["by"]) for e in found["enrollments"]]
        self.ids = [e["offering_id"] for e in found["enrollments"]]
        self.starts = [e["start"] for e in found["enrollments"]]
        self.counts = {
            e["offering_id"]: {c["category"]: c["credit"] for c in e["counts"]} for e in found["enrollments"]
        }
        self.met = {r["name"]: (r["earned"], r["planned"], r["short"]) for r in found["requirements"]}
        self.set_aside = {s["why"]: s["count"] for s in found["catalog"]["set_aside"]}
        self.caps = [(c["used"], c["void"]) for c in found["caps"]]
        self.earned = [(line["title"], line["void"], line["why_not"]) for line in found["earned"]]
        full = found["no_plan"]
        self.full_cost = full and full["cheapest_full_cost"]
        self.remedies = full and [(r["change"], r["cost"]) for r in full["remedies"]]


def _csv(text: str, usual: Mapping[str, str]) -> str:
    """Return CSV written in columns for the eye: spaces go, `-` is an empty cell, and what all rows share is added."""
    header, *rows = [
        ["" if cell.strip() == "-" else cell.strip() for cell in line.split(",")]
        for line in dedent(text).strip().splitlines()
    ]
    added = {column: value for column, value in usual.items() if column not in header}
    lines = [[*header, *added], *([*row, *(value or row[0] for value in added.values())] for row in rows)]
    return "".join(",".join(line) + "\n" for line in lines)
