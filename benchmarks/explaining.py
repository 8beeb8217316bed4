"""Time explanations: how many times one plan does it take to say why there is none, and what would help?

    uv run python benchmarks/explaining.py [--rounds 3] [--offerings 2000]

The catalog is drawn with a fixed seed: offerings of many prices, credits, categories, approvals and formats, and a
subscription that includes a third of them. A plan without a budget is timed against requests that cannot be met, by
the budget, by dates and by hours, one after the other in this one process, in seconds of the processor: the solver
runs in one thread of it, and what else the machine does is left out. The ratios are medians of the rounds' own; an
explanation should take at most three times as long as a plan. Beside each stands the time of the same request
unexplained: what the explanation itself takes is the rest.
"""

import argparse
import csv
import os
import platform
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

from catalogs.loading import load, offerings_of, passes_of
from optimizer.credential_file import read_credential
from optimizer.learner_file import learner_from
from optimizer.plan import Plan
from optimizer.planning import plan_for
from optimizer.question import Question

AS_OF = date(2026, 11, 22)
LIMIT = 3.0
"""The most times one plan that an explanation should take."""
RULES = """
id = "bench"
name = "Benchmark credential"
issuer = "Benchmark board"
unit = "point"
[conversions]
contact_hour = 1
[[version]]
effective = 2020-01-01
cycle_months = 60
submit_days_before = 0
source = { title = "none", url = "https://example.org/" }
[[version.requirement]]
name = "total"
at_least = 60
[[version.requirement]]
name = "clinical"
at_least = 10
where = { category = "clinical" }
[[version.requirement]]
name = "administrative"
at_least = 10
where = { category = "administrative" }
[[version.requirement]]
name = "general"
at_least = 10
where = { category = "general" }
[[version.requirement]]
name = "approved"
at_least = 30
where = { approver = "board" }
[[version.cap]]
name = "articles"
at_most = 20
where = { kind = "article" }
"""
PASSES = (
    "pass_id,title,kind,benefit,price,term_days,renewable",
    "all-access,All-access,subscription,included,{price},365,yes",
)


@dataclass(frozen=True)
class Case:
    """One request: what the learner says, and whether there is a plan."""

    name: str
    learner: dict[str, object]
    full: bool


def cases(cost: int) -> list[Case]:
    """Return the plan and the requests that cannot be met, given what the plan costs in cents."""
    later = {"deadline": "2031-11-21", "cycle_start": "2026-11-22"}
    soon = {"deadline": "2026-12-05", "cycle_start": "2026-11-22"}
    half = f"{cost // 200}.00"
    return [
        Case("one plan", {"credential": [later]}, True),
        Case("no plan: budget", {"credential": [later], "budget": half}, False),
        Case("one plan, 3 hours a week", {"credential": [later], "hours_per_week": "3"}, True),
        Case("no plan: hours", {"credential": [later], "hours_per_week": "0.1"}, False),
        Case("no plan: dates", {"credential": [soon], "hours_per_week": "14"}, False),
        Case("no plan: dates and budget", {"credential": [soon], "hours_per_week": "14", "budget": half}, False),
    ]  # fmt: skip


BASES = {
    "no plan: budget": "one plan",
    "no plan: hours": "one plan, 3 hours a week",
    "no plan: dates": "one plan, 3 hours a week",
    "no plan: dates and budget": "one plan, 3 hours a week",
}
"""The plan that an explanation is compared with."""


def write_catalog(folder: Path, count: int) -> None:
    """Write a catalog of many offerings."""
    rng = Random(20261122)
    header = ("offering_id", "provider", "title", "kind", "format", "topics", "credits", "unit", "approvals",
              "hours", "price", "passes", "available_until")  # fmt: skip
    with (folder / "shop.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for n in range(count):
            credit = rng.choice((1, 1, 1, 2, 3, 4, 5, 8))
            quarters = credit * 4 + rng.randint(-2, 3)
            category = rng.choice(("clinical", "administrative", "general", "clinical|general", "any"))
            included = n % 3 == 0
            writer.writerow((
                f"shop{n % 7}:{n:05}", f"shop{n % 7}", f"Course {n}",
                rng.choice(("course", "course", "self_study", "article")),
                rng.choice(("online", "online", "print", "live_online")), rng.choice(("", "ethics", "billing")),
                f"{category}={quarters / 4}", "contact_hour", rng.choice(("board", "board", "other", "")),
                f"{quarters / 4 * rng.choice((0.8, 1, 1, 1.5)):.2f}",
                f"{credit * rng.randint(350, 2500) / 100:.2f}", "all-access" if included else "",
                rng.choice(("", "", "", "2027-06-30", "2028-12-31")),
            ))  # fmt: skip
    (folder / "passes.csv").write_text("\n".join(PASSES).format(price="149.00") + "\n", "utf-8")


def question(case: Case, folder: Path, *, beside: bool = True) -> Question:
    """Return the question of a case."""
    catalog = load([folder])
    credential = read_credential(RULES.encode(), "rules.toml")
    mapping: dict[str, object] = {
        key: [{**one, "file": "rules.toml"} for one in value] if isinstance(value, list) else value
        for key, value in case.learner.items()
    }
    passes = passes_of(catalog)
    learner = learner_from(mapping, "learner.toml", AS_OF, [one.pass_id for one in passes])
    return Question(
        learner, "learner.toml", (credential,), offerings_of(catalog), passes, catalog.digest, AS_OF, 600.0,
        beside=beside,
    )  # fmt: skip


def seconds(asked: Question, *, full: bool) -> tuple[float, Plan]:
    """Return how long an answer takes, and the answer; it must be full or not, as said."""
    began = process_time()
    plan = plan_for(asked)
    took = process_time() - began
    assert (plan.no_plan is None) == full
    return took, plan


def told(plan: Plan) -> str:
    """Return what an explanation says, in short."""
    if plan.no_plan is None:
        return ""
    return f"{len(plan.no_plan.conflict)} conditions, {len(plan.no_plan.remedies)} remedies"


def table(rounds: int, offerings: int) -> str:
    """Return the result in Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "catalog"
        folder.mkdir()
        write_catalog(folder, offerings)
        _, plan = seconds(question(cases(0)[0], folder), full=True)
        todo = cases(plan.cost)
        asked = {one.name: question(one, folder) for one in todo}
        bare = {one.name: question(one, folder, beside=False) for one in todo}
        took: dict[str, list[float]] = {one.name: [] for one in todo}
        unexplained: dict[str, list[float]] = {one.name: [] for one in todo}
        says: dict[str, str] = {}
        for _ in range(rounds):
            for one in todo:
                spent, plan = seconds(asked[one.name], full=one.full)
                took[one.name].append(spent)
                says[one.name] = told(plan)
                unexplained[one.name].append(seconds(bare[one.name], full=one.full)[0])
    lines = [
        "| request | median CPU s | unexplained CPU s | times a plan | limit | says |",
        "|---|---|---|---|---|---|",
    ]
    for one in todo:
        ratio = limit = ""
        if base := BASES.get(one.name):
            times = median(a / b for a, b in zip(took[one.name], took[base], strict=True))
            ratio, limit = f"{times:.2f}", f"{LIMIT:.1f}{', exceeded' if times > LIMIT else ''}"
        lines.append(
            f"| {one.name} | {median(took[one.name]):.2f} | {median(unexplained[one.name]):.2f} "
            f"| {ratio} | {limit} | {says[one.name]} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="timed rounds (default 3)")
    parser.add_argument("--offerings", type=int, default=2_000, help="size of the catalog (default 2000)")
    said = parser.parse_args()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    machine = f"{python}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    print(
        f"{table(said.rounds, said.offerings)}\n\n{said.rounds} rounds, {said.offerings} offerings; {machine}"
    )


if __name__ == "__main__":
    main()
