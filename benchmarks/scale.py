"""Measure everything, side by side, and write benchmarks/RESULTS.md and its plot.

    uv run python -m benchmarks.scale [--quick] [--only scale|agreement|batch|startup] [--fresh] [--learners 10000]

Each row is kept in .benchmarks/ as soon as it is measured; a run that was stopped goes on from there, and --fresh
begins again. --quick measures little of everything, in less than three minutes on a quiet machine, and prints it in
place of writing it. Every contender has a process of its own; what is short is measured three times, the median counts.
CBC (545 MB installed), OR-Tools and matplotlib are put by uv into environments of their own below .benchmarks/, which
may be deleted; what cannot be installed is left out, in words. What took longer than the limit on a catalog is not
tried on larger ones.
"""

import argparse
import csv
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import start_up
from benchmarks.learners import write_roster
from benchmarks.measuring import ROOT, environment, in_rounds, keep, kept
from benchmarks.results import about_the_machine, results

SIZES = (300, 2_000, 10_000, 100_000, 1_000_000)
ROUNDS = 3
DEADLINE = "2027-10-31"
AS_OF = "2026-11-22"
LIMIT = 120.0
LEARNERS = (20, 50, 200)
LEARNERS_CATALOG = 2_000
LOOKED_AT = 20
"""Learners whose costs are held against the tutorial's."""

NOT_PROVEN = 6
"""Exit code of a batch in which some plan was not found in time."""
ORTOOLS, CBC = ("ortools>=9.12,<10",), ("pulp[cbc]>=4.2,<5", "pandas>=3.0,<4")
MATPLOTLIB = ("matplotlib>=3.10,<4",)
PARTS = ("scale", "agreement", "batch", "startup")


@dataclass(frozen=True)
class Run:
    """Hold where one run keeps what it measures, and how much that is."""

    folder: Path
    rows: Path
    quick: bool
    limit: float
    learners: int | None

    def is_kept(self, **key: object) -> bool:
        """Say whether a row was measured already."""
        return any(all(row.get(name) == value for name, value in key.items()) for row in kept(self.rows))

    def catalog(self, offerings: int) -> Path:
        """Return the folder of a drawn catalog, made once."""
        folder = self.folder / "catalogs" / str(offerings)
        if not (folder / "passes.csv").exists():
            command = [sys.executable, "-m", "benchmarks.synthetic", str(offerings), str(folder)]
            subprocess.run(command, cwd=ROOT, check=True)
        return folder

    def other(self, name: str, packages: tuple[str, ...]) -> str | None:
        """Return the Python of an environment with some packages, or None, and why not is a row."""
        python, why = environment(self.folder / "environments" / name, packages)
        if python is None and not self.is_kept(part="left out", name=name):
            keep(self.rows, {"part": "left out", "name": name, "why": why})
        return None if python is None else str(python)


def scale(run: Run) -> None:
    """Measure one plan on catalogs of every size."""
    cbc, ortools = run.other("cbc", CBC), run.other("ortools", ORTOOLS)
    for offerings in SIZES[:3] if run.quick else SIZES:
        folder = str(run.catalog(offerings))
        tutorial = ["-m", "benchmarks.tutorial", folder, "--deadline", DEADLINE, "--time-limit", "1e6"]
        program = str(run.folder / "program.json")
        plan = [start_up.CEUPLAN, "optimize", "--catalog", folder, "--as-of", AS_OF, "--deadline", DEADLINE]
        imports = f"import typer, pandas, pulp, highspy; pandas.read_csv({folder + '/offerings.csv'!r})"
        contenders: dict[str, list[str] | None] = {
            "imports and pandas.read_csv": [sys.executable, "-c", imports],
            "ceuplan optimize": [*plan, "--format", "json"],
            "its stages": [sys.executable, "-m", "benchmarks.stages", folder, "--deadline", DEADLINE],
            "tutorial, HiGHS": [sys.executable, *tutorial],
            "tutorial, CBC": [cbc, *tutorial, "--solver", "COIN_CMD"] if cbc else None,
            "tutorial, CP-SAT": [ortools, "benchmarks/cp_sat.py", program, "1e6"] if ortools else None,
        }
        for name, command in contenders.items():
            key = {"part": "scale", "offerings": offerings, "name": name}
            if command is None or run.is_kept(**key):
                continue
            if run.is_kept(part="scale", name=name, over=run.limit):
                keep(run.rows, {**key, "over": run.limit, "rounds": 0})
                continue
            if name == "tutorial, CP-SAT":
                subprocess.run([sys.executable, *tutorial, "--write", program], cwd=ROOT, check=True)
            keep(run.rows, key | in_rounds(command, run.limit, 1 if run.quick else ROUNDS))
        (run.folder / "program.json").unlink(missing_ok=True)


def agreement(run: Run) -> None:
    """Hold the costs of drawn instances against CP-SAT's."""
    ortools = run.other("ortools", ORTOOLS)
    if ortools is None or run.is_kept(part="agreement"):
        return
    number = "60" if run.quick else "1000"
    command = [sys.executable, "-m", "benchmarks.agreement", ortools, "--instances", number]
    found = in_rounds(command, 3600.0, 1)
    keep(run.rows, {"part": "agreement", **found, **json.loads(found["said"])})


def batch(run: Run) -> None:
    """Measure learners a second, of ours and of the tutorial's loop, which must agree."""
    folder = str(run.catalog(LEARNERS_CATALOG))
    loops = {"tutorial": 4 if run.quick else LOOKED_AT, "loop": 20 if run.quick else 100}
    for name, number in loops.items():
        key = {"part": "batch", "name": name, "learners": number, "workers": 1}
        if not run.is_kept(**key):
            command = [sys.executable, "-m", "benchmarks.learners", name, folder, "--learners", str(number)]
            found = in_rounds(command, 3600.0, 1)
            keep(run.rows, key | found | {"costs": json.loads(found["said"])["costs"]})
    numbers = (20,) if run.quick else LEARNERS
    asked = [(number, 2) for number in numbers] + [(numbers[-1], 1)]
    if run.learners:
        asked.append((run.learners, 2))
    for number, workers in asked:
        key = {"part": "batch", "name": "ceuplan batch", "learners": number, "workers": workers}
        if run.is_kept(**key):
            continue
        place = run.folder / "batch"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        roster, earned, answers = place / "roster.csv", place / "earned.csv", place / "answers.csv"
        write_roster(number, roster, earned)
        command = [start_up.CEUPLAN, "batch", str(roster), "--transcripts", str(earned), "--catalog", folder]
        command += ["--as-of", AS_OF, "-o", str(answers), "--workers", str(workers)]
        found = in_rounds(command, 4 * 3600.0, 1, codes=(0, NOT_PROVEN))
        with answers.open(newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        statuses = {line["status"] for line in lines}
        costs = [
            round(float(line["cost"]) * 100) if line["status"] == "optimal" else None
            for line in lines[:LOOKED_AT]
        ]
        keep(run.rows, key | found | {"costs": costs, "statuses": sorted(statuses)})


def startup(run: Run) -> None:
    """Measure whole commands against the imports of their libraries."""
    if not run.is_kept(part="startup"):
        rounds = 3 if run.quick else 11
        keep(run.rows, {"part": "startup", "rounds": rounds, "table": start_up.table(start_up.timed(rounds))})


def plotted(run: Run, picture: Path) -> None:
    """Draw the picture, where matplotlib can be had."""
    python = run.other("matplotlib", MATPLOTLIB)
    if python is not None:
        command = [python, "benchmarks/plot.py", str(run.rows), str(picture)]
        subprocess.run(command, cwd=ROOT, check=True)


MEASURES: dict[str, Callable[[Run], None]] = {
    "scale": scale,
    "agreement": agreement,
    "batch": batch,
    "startup": startup,
}


def main() -> None:
    """Measure what is not measured yet, and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="little of everything, printed")
    parser.add_argument("--only", choices=PARTS, help="measure one part")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--learners", type=int, help="also a batch of so many learners, by two workers")
    parser.add_argument("--folder", type=Path, default=ROOT / ".benchmarks", help="where rows are kept")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started ends, too
    given.folder.mkdir(exist_ok=True)
    rows = given.folder / ("quick.jsonl" if given.quick else "rows.jsonl")
    if given.fresh:
        rows.unlink(missing_ok=True)
    run = Run(given.folder, rows, given.quick, 20.0 if given.quick else LIMIT, given.learners)
    now = about_the_machine()
    before = next((row for row in kept(rows) if row["part"] == "machine"), None)
    if before is None:
        keep(rows, {"part": "machine", **now})
    elif any(before[key] != now[key] for key in ("commit", "versions", "cpu", "date")):
        print(f"Rows of {before['date']}, commit {before['commit']}, are kept; --fresh measures all again.")
    start_up.compile_everything()
    for name in [given.only] if given.only else PARTS:
        MEASURES[name](run)
    if given.quick:
        print(results(kept(rows), None))
        return
    picture = ROOT / "benchmarks" / "scale.svg"
    plotted(run, picture)
    text = results(kept(rows), picture.name if picture.exists() else None)
    (ROOT / "benchmarks" / "RESULTS.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
