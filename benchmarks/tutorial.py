"""The model as a tutorial writes it: a table, a binary for each course and way to pay, a row for each rule, one solve.

    uv run python -m benchmarks.tutorial FOLDER --deadline 2027-10-31 [--solver COIN_CMD] [--write MODEL.json]

Nothing is grouped or left out beforehand, and nothing but cost is minimized: no days, no other aims, no proof. It is
right only where days do not matter: one term of every pass covers all days there are, and what can be taken at all can
be taken on the first of them, its approvals included. So it is for the drawn catalogs of `benchmarks/synthetic.py`
and a deadline within a year. No CPR cards are drawn, so the cap on them has no row.
"""

import argparse
import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
import pulp

AS_OF = date(2026, 11, 22)
RULES = Path(__file__).parent.parent / "optimizer" / "credentials" / "cma-aama.toml"
type Rules = Mapping[str, Any]


@dataclass(frozen=True)
class Course:
    """Hold a row that can be used: what it counts for, in hundredths, and what it costs, in cents."""

    course_id: str
    parts: tuple[tuple[tuple[str, ...], int], ...]
    """The categories the learner may choose among, and the amount."""
    approvers: frozenset[str]
    ways: tuple[tuple[str, int], ...]
    """A pass, or nothing, and the price under it."""


@dataclass(frozen=True)
class Shop:
    """Hold what is for sale, read once."""

    offerings: pd.DataFrame
    passes: pd.DataFrame
    rules: Rules


@dataclass(frozen=True)
class Earned:
    """Hold what a learner has, in hundredths: by category, approved by the AAMA, and in all."""

    category: Mapping[str, int] = field(default_factory=dict)
    approved: int = 0
    total: int = 0


def read(folder: Path) -> Shop:
    """Return the tables of a catalog and the rules."""
    offerings = pd.read_csv(folder / "offerings.csv", dtype=str, keep_default_na=False)
    passes = pd.read_csv(folder / "passes.csv", dtype=str, keep_default_na=False)
    with RULES.open("rb") as file:
        rules = tomllib.load(file)
    return Shop(offerings, passes, rules)


def usable(shop: Shop, deadline: date) -> list[Course]:
    """Return the rows whose unit converts, that are still there, and that can be paid."""
    version = shop.rules["version"][-1]
    last_day = str(deadline - timedelta(days=version["submit_days_before"]))
    conversions = shop.rules["conversions"]
    benefits = {str(row.pass_id): str(row.benefit) for row in shop.passes.itertuples()}
    today = str(AS_OF)
    found = []
    rows: Any = shop.offerings.to_dict("records")
    for row in rows:
        starts, ends = row["starts"], row["ends"]
        if row["unit"] not in conversions or (starts and not today <= starts <= ends <= last_day):
            continue
        if row["available_until"] and row["available_until"] < today:
            continue
        ways = ways_to_pay(row, benefits)
        if ways:
            parts = parts_of(row["credits"], conversions[row["unit"]])
            course_id = row["course_id"] or row["offering_id"]
            found.append(Course(course_id, parts, approvers(row["approvals"], ends or today), ways))
    return found


def ways_to_pay(row: Mapping[str, str], benefits: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """Return the price in cents singly and under each pass."""
    price = cents(row["price"]) if row["price"] else None
    ways = [] if price is None else [("", price)]
    for pass_id in filter(None, row["passes"].split(";")):
        benefit = benefits[pass_id]
        if benefit == "included":
            ways.append((pass_id, 0))
        elif benefit == "member_price" and row["member_price"]:
            ways.append((pass_id, cents(row["member_price"])))
        elif benefit.endswith("%") and price is not None:
            ways.append((pass_id, (price * (100 - int(benefit[:-1])) + 50) // 100))
    return tuple(ways)


def parts_of(credits_: str, conversion: int) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Return the categories and hundredths of each part of a row's credit."""
    parts = (part.strip().split("=") for part in credits_.split(";"))
    return tuple(
        (tuple(names.split("|")), round(float(amount) * 100) * conversion) for names, amount in parts
    )


def approvers(approvals: str, day: str) -> frozenset[str]:
    """Return who approves on a day."""
    found = set()
    for one in filter(None, approvals.split("; ")):
        name, _, window = one.partition("@")
        first, _, last = window.partition("/")
        if not window or first <= day <= last:
            found.add(name.partition("#")[0])
    return frozenset(found)


def cents(price: str) -> int:
    """Return a price in cents."""
    return round(float(price) * 100)


def model(shop: Shop, courses: list[Course], earned: Earned) -> pulp.LpProblem:
    """Return the program: the least cost of passes and courses that meet every requirement."""
    problem = pulp.LpProblem("tutorial", pulp.LpMinimize)
    prices = {row.pass_id: cents(str(row.price)) for row in shop.passes.itertuples()}
    hold = {p: problem.add_variable(f"hold_{n}", cat="Binary") for n, p in enumerate(prices)}
    cost = [price * hold[p] for p, price in prices.items()]
    once: dict[str, list[pulp.LpVariable]] = defaultdict(list)
    total: list[Any] = []
    approved: dict[str, list[Any]] = defaultdict(list)
    category: dict[str, list[Any]] = defaultdict(list)
    for i, course in enumerate(courses):
        takes = []
        for w, (pass_id, price) in enumerate(course.ways):
            take = problem.add_variable(f"take_{i}_{w}", cat="Binary")
            takes.append(take)
            if price:
                cost.append(price * take)
            if pass_id:
                problem += take <= hold[pass_id], f"pays_{i}_{w}"
        once[course.course_id] += takes
        for p, (names, amount) in enumerate(course.parts):
            total += [amount * take for take in takes]
            for name in course.approvers:
                approved[name] += [amount * take for take in takes]
            if len(names) == 1:
                category[names[0]] += [amount * take for take in takes]
                continue
            counts = {name: problem.add_variable(f"count_{i}_{p}_{name}", 0, amount) for name in names}
            problem += pulp.lpSum(counts.values()) <= amount * pulp.lpSum(takes), f"split_{i}_{p}"
            for name, count in counts.items():
                category[name].append(count)
    problem.setObjective(pulp.lpSum(cost))
    for c, seats in enumerate(once.values()):
        problem += pulp.lpSum(seats) <= 1, f"once_{c}"
    for n, rule in enumerate(rule for rule in shop.rules["version"][-1]["requirement"]):
        wanted, where = rule["at_least"] * 100, rule.get("where", {})
        if "category" in where:
            terms, have = category[where["category"]], earned.category.get(where["category"], 0)
        elif "approver" in where:
            terms, have = approved[where["approver"]], earned.approved
        else:
            terms, have = total, earned.total
        if wanted > have:
            problem += pulp.lpSum(terms) >= wanted - have, f"need_{n}"
    return problem


def solve(problem: pulp.LpProblem, solver: str, seconds: float) -> dict[str, Any]:
    """Return the status and the cost in cents, proven or not."""
    stats = problem.solve(pulp.getSolver(solver, msg=False, gapRel=0.0, timeLimit=seconds))
    proven = stats.status.name == "Optimal"
    cost = round(stats.objective) if stats.has_solution and stats.objective is not None else None
    return {"status": "optimal" if proven else stats.status.name, "cost": cost if proven else None}


def main() -> None:
    """Print what was found, and how long each part took, as JSON."""
    from benchmarks.integers import as_integers

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--deadline", type=date.fromisoformat, required=True)
    parser.add_argument("--solver", default="HiGHS", help="HiGHS, or COIN_CMD, which is CBC")
    parser.add_argument("--time-limit", type=float, default=120.0)
    parser.add_argument("--write", type=Path, help="write the model's integers there and do not solve")
    given = parser.parse_args()
    began = perf_counter()
    shop = read(given.folder)
    courses = usable(shop, given.deadline)
    was_read = perf_counter()
    problem = model(shop, courses, Earned())
    built = perf_counter()
    times = {"reading": was_read - began, "building": built - was_read}
    if given.write:
        given.write.write_text(json.dumps(as_integers(problem)))
        print(json.dumps({"courses": len(courses), "times": times}))
        return
    found = solve(problem, given.solver, given.time_limit)
    times["solving"] = perf_counter() - built
    print(json.dumps({**found, "courses": len(courses), "times": times}))


if __name__ == "__main__":
    main()
