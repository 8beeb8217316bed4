"""Many learners: a roster of different people, planned by `ceuplan batch`, and one after another as a tutorial does.

    uv run python -m benchmarks.learners roster CATALOG ROSTER.csv EARNED.csv --learners 1000
    uv run python -m benchmarks.learners tutorial CATALOG --learners 20
    uv run python -m benchmarks.learners loop CATALOG --learners 200

Each learner is drawn: one of eleven deadlines and six earned lines of 0.5 to 8 points, so that no two ask the same.
`tutorial` reads the catalog once, and builds and solves a model of its own for each; `loop` plans and proves each with
our own functions, in one process. Both print the first costs, so that they can be held against each other.
"""

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

AS_OF = date(2026, 11, 22)
CATEGORIES = ("administrative", "clinical", "general")
DEADLINES = tuple(date(2027 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 12))


@dataclass(frozen=True)
class Line:
    """Hold one earned line: aama_ceu, in hundredths."""

    date: date
    category: str
    hundredths: int
    approved: bool


@dataclass(frozen=True)
class Learner:
    """Hold one drawn learner."""

    name: str
    deadline: date
    earned: tuple[Line, ...]


def drawn(learners: int) -> Iterator[Learner]:
    """Yield so many different learners; the first are the same whatever the number."""
    rng = Random(1)
    seen: set[object] = set()
    while len(seen) < learners:
        deadline = rng.choice(DEADLINES)
        earned = tuple(
            Line(
                date(2023, 6, 1) + timedelta(days=rng.randrange(1200)),
                rng.choice(CATEGORIES),
                rng.randint(1, 16) * 50,
                rng.random() < 0.5,
            )
            for _ in range(6)
        )
        sums: Counter[str] = Counter()
        for line in earned:
            sums[line.category] += line.hundredths
            sums["aama"] += line.hundredths * line.approved
        key = (deadline, *sorted(sums.items()))
        if key not in seen:
            seen.add(key)
            yield Learner(f"L{len(seen):05d}", deadline, earned)


def write_roster(learners: int, roster: Path, earned: Path) -> None:
    """Write the two tables `ceuplan batch` reads."""
    with roster.open("w", newline="") as file, earned.open("w", newline="") as lines:
        people, had = csv.writer(file), csv.writer(lines)
        people.writerow(["learner_id", "credential", "deadline"])
        had.writerow(["learner_id", "date", "title", "credits", "unit", "approvals"])
        for learner in drawn(learners):
            people.writerow([learner.name, "cma-aama", learner.deadline])
            for n, line in enumerate(learner.earned):
                credit = f"{line.category}={line.hundredths / 100}"
                had.writerow(
                    [learner.name, line.date, f"Earned {n}", credit, "aama_ceu", "aama" * line.approved]
                )


def by_tutorial(folder: Path, learners: Iterable[Learner]) -> dict[str, Any]:
    """Return the seconds and costs of the tutorial's model, learner after learner."""
    from benchmarks.tutorial import Earned, model, read, solve, usable

    began, busy = perf_counter(), process_time()
    shop = read(folder)
    costs = []
    for learner in learners:
        category: Counter[str] = Counter()
        for line in learner.earned:
            category[line.category] += line.hundredths
        approved = sum(line.hundredths for line in learner.earned if line.approved)
        had = Earned(category, approved, category.total())
        found = solve(model(shop, usable(shop, learner.deadline), had), "HiGHS", 120.0)
        costs.append(found["cost"])
    return {"seconds": perf_counter() - began, "busy": process_time() - busy, "costs": costs}


def by_loop(folder: Path, learners: Iterable[Learner]) -> dict[str, Any]:
    """Return the seconds and costs of our own functions in one process, each plan proved."""
    from catalogs.loading import load, offerings_of, passes_of
    from optimizer.credential_file import load_shipped
    from optimizer.learner_file import learner_from
    from optimizer.plan import to_json
    from optimizer.planning import plan_for
    from optimizer.question import Question
    from optimizer.verify import verify

    began, busy = perf_counter(), process_time()
    catalog = load([folder])
    passes, offerings = passes_of(catalog), offerings_of(catalog)
    rules = load_shipped("cma-aama")
    costs = []
    for learner in learners:
        mapping = {
            "credential": [{"id": "cma-aama", "deadline": learner.deadline}],
            "earned": [
                {
                    "date": line.date,
                    "title": f"Earned {n}",
                    "credits": f"{line.category}={line.hundredths / 100}",
                    "unit": "aama_ceu",
                    "approvals": "aama" * line.approved,
                }
                for n, line in enumerate(learner.earned)
            ],
        }
        who = learner_from(mapping, learner.name, AS_OF, [one.pass_id for one in passes])
        question = Question(who, learner.name, (rules,), offerings, passes, catalog.digest, AS_OF, 60.0)
        plan = plan_for(question)
        written = json.loads(json.dumps(to_json(plan)))
        violations = verify(written, (offerings, passes, catalog.digest), load_shipped)
        assert not violations, violations
        costs.append(plan.cost if plan.bound == plan.cost else None)
    return {"seconds": perf_counter() - began, "busy": process_time() - busy, "costs": costs}


def main() -> None:
    """Write a roster, or print what a loop took as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("roster", "tutorial", "loop"))
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--learners", type=int, required=True)
    given = parser.parse_args()
    if given.what == "roster":
        write_roster(given.learners, given.paths[1], given.paths[2])
        return
    run = by_tutorial if given.what == "tutorial" else by_loop
    print(json.dumps(run(given.paths[0], drawn(given.learners))))


if __name__ == "__main__":
    main()
