"""What was measured, in Markdown: the machine, the tables, and what of it holds."""

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.findings import READ, STAGES, found, proven_or_not, said
from benchmarks.measuring import ROOT, Row

LIBRARIES = ("ceuplan", "pulp", "highspy", "pandas", "numpy", "pyarrow", "typer")


def about_the_machine() -> Row:
    """Return what numbers are measured on, and when."""
    cpu = [line.partition(":")[2].strip() for line in _text("/proc/cpuinfo") if line.startswith("model name")]
    memory = [line.split()[1] for line in _text("/proc/meminfo") if line.startswith("MemTotal")]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cpu": cpu[0] if cpu else platform.processor(),
        "cores": os.cpu_count(),
        "memory": f"{int(memory[0]) / 2**20:.0f} GB" if memory else "unknown",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "commit": commit.stdout.strip(),
        "load": round(os.getloadavg()[0], 1),
    }


def _text(path: str) -> list[str]:
    file = Path(path)
    return file.read_text("utf-8").splitlines() if file.exists() else []


def results(rows: Sequence[Row], picture: str | None) -> str:
    """Return everything that was measured; raises `AssertionError` where two proven costs differ."""
    machine = next(row for row in rows if row["part"] == "machine")
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    text = [
        "# Results",
        "Written by `uv run python -m benchmarks.scale`; what each contender is stands in `benchmarks/scale.py`.",
        (
            f"{machine['date']}, commit {machine['commit']}. {machine['cores']} cores ({machine['cpu']}), "
            f"{machine['memory']}, {machine['system']}; load when it began: {machine['load']}. "
            f"Python {machine['python']}, {versions}."
        ),
    ]
    left_out = {row["name"]: row["why"] for row in rows if row["part"] == "left out"}
    text += [f"Left out: {name}, because {why}." for name, why in left_out.items()]
    text.append(" ".join(found(rows)))
    if picture:
        text.append(f"![Time against offerings and learners]({picture})")
    scale = [row for row in rows if row["part"] == "scale"]
    if scale:
        text += ["## One plan", *_scale(scale)]
    text += _agreement(rows)
    batch = [row for row in rows if row["part"] == "batch"]
    if batch:
        text += ["## Many learners", *_batch(batch)]
    for row in rows:
        if row["part"] == "startup":
            text += ["## Start-up", f"{row['rounds']} rounds of `benchmarks/start_up.py`.", row["table"]]
    return "\n\n".join(text) + "\n"


def _scale(rows: Sequence[Row]) -> Iterable[str]:
    yield (
        "CMA (AAMA), deadline 2027-10-31, catalogs of `benchmarks/synthetic.py`. The tutorial's model is "
        "`benchmarks/tutorial.py`: a binary for each course and way to pay, cost alone, no dates, no proof. CP-SAT "
        "gets its integers ready-made, and all cores; the others have one thread. In our environment pandas loads "
        "Arrow, too; CBC has one without it. `ceuplan optimize` is the whole command: it reads and checks, "
        "minimizes five aims and then dates, prices the other route, and proves. "
        "What was ended at the limit stands with a >; what was ended on a smaller catalog was not tried."
    )
    sizes = sorted({row["offerings"] for row in rows})
    names = list(dict.fromkeys(row["name"] for row in rows))
    at = {(row["name"], row["offerings"]): row for row in rows}
    heads = [f"{size:,}" for size in sizes]
    for title, key, form in (
        ("Seconds", "seconds", ".2f"),
        ("Seconds of the processor", "busy", ".2f"),
        ("Most memory, MB", "peak", ".0f"),
    ):
        lines = [f"| {title} | {' | '.join(heads)} |", "|---" * (len(sizes) + 1) + "|"]
        for name in names:
            cells = [_cell(at.get((name, size)), key, form) for size in sizes]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        yield "\n".join(lines)
    yield "\n".join(
        [
            "| Offerings | proven least cost | who proved it |",
            "|---|---|---|",
            *(_cost(size, at, names) for size in sizes),
        ]
    )
    lines = ["| Stage of ours, seconds | " + " | ".join(heads) + " |", "|---" * (len(sizes) + 1) + "|"]
    for stage in ("reading", "planning", "verifying"):
        cells = []
        for size in sizes:
            row = at.get((STAGES, size))
            told = said(row) if row else None
            cells.append(f"{told['times'][stage]:.2f}" if told else "")
        lines.append(f"| {stage} | {' | '.join(cells)} |")
    yield "\n".join(lines)


def _cell(row: Row | None, key: str, form: str) -> str:
    if row is None:
        return ""
    if row["over"]:
        if not row["rounds"]:
            return "not tried"
        return (
            f"> {row['over']:.0f}" if key == "seconds" else ""
        )  # what a solver's own process took is not known of one that was ended
    return f"{row[key]:{form}}"


def _cost(size: int, at: dict[tuple[str, int], Row], names: Sequence[str]) -> str:
    """Return a line of the table of costs; all that are proven must agree."""
    proven: dict[str, int] = {}
    doubts = []
    for name in names:
        row = at.get((name, size))
        if name == READ or row is None or said(row) is None:
            continue
        cost, bound, best = proven_or_not(row)
        if cost is not None:
            proven[name] = cost
        elif best is not None:
            doubts.append((name, bound, best))
    assert len(set(proven.values())) <= 1, f"{size:,} offerings: {proven}"
    value = next(iter(proven.values()), None)
    for name, bound, best in doubts:
        assert value is None or bound <= value <= best, f"{size:,} offerings: {name} {bound} {best}, {proven}"
    told = [
        f"{size:,} | {'nobody proved one' if value is None else f'${value / 100:,.2f}'}",
        ", ".join(proven),
    ]
    told[1] += "".join(
        f"; {name}: ${found / 100:,.2f}, at least ${bound / 100:,.2f}" for name, bound, found in doubts
    )
    return f"| {told[0]} | {told[1].removeprefix('; ')} |"


def _agreement(rows: Sequence[Row]) -> Iterable[str]:
    for row in rows:
        if row["part"] != "agreement":
            continue
        drawn = ", ".join(f"{number} {sort}" for sort, number in row["drawn"].items())
        verdicts = ", ".join(f"{number} {verdict}" for verdict, number in row["verdicts"].items())
        yield "## Agreement with CP-SAT"
        yield (
            f"{row['instances']:,} drawn instances ({drawn}; `benchmarks/agreement.py` says how): {verdicts}; "
            f"{len(row['differ'])} differ. {row['seconds']:.0f} seconds in all. The same program, nothing left out: "
            "this holds the solver, the reduction and the aims to account, not the model."
        )
        yield from (f"- {one}" for one in row["differ"])
        lines = ["| | median s | slowest s |", "|---|---|---|"]
        names = {
            "ours": "our whole plan: five aims, dates",
            "HiGHS": "HiGHS, cost of the whole program",
            "CP-SAT": "CP-SAT, the same, one worker",
        }
        lines += [
            f"| {said} | {row['medians'][n]:.4f} | {row['largest'][n]:.2f} |" for n, said in names.items()
        ]
        yield "\n".join(lines)


def _batch(rows: Sequence[Row]) -> Iterable[str]:
    wanted: list[int | None] = next((row["costs"] for row in rows if row["name"] == "tutorial"), [])
    for row in rows:
        both = list(zip(wanted, row["costs"], strict=False))
        assert all(one == other for one, other in both if None not in (one, other)), (row["name"], both)
    yield (
        "Learners who differ in deadline and earned credit, no two alike, on 2,000 offerings. `tutorial` reads "
        "once and then builds and solves its model for each; `loop` plans and proves each with our functions in one "
        f"process; `ceuplan batch` is the whole command. The costs of the first {len(wanted)} are the same in all."
    )
    lines = [
        "| | learners | workers | seconds | learners/s | CPU s a learner | times the tutorial |",
        "|---|---|---|---|---|---|---|",
    ]
    rate = next((row["learners"] / row["seconds"] for row in rows if row["name"] == "tutorial"), None)
    for row in sorted(
        rows, key=lambda row: (row["name"] == "ceuplan batch", row["workers"], row["learners"])
    ):
        own = row["learners"] / row["seconds"]
        times = f"{own / rate:.1f}" if rate else ""
        busy = row["busy"] / row["learners"]
        doubts = " and ".join(one for one in row.get("statuses", ()) if one != "optimal")
        name = f"{row['name']} (some {doubts})" if doubts else row["name"]
        who = f"{name} | {row['learners']:,} | {row['workers']}"
        lines.append(f"| {who} | {row['seconds']:.1f} | {own:.2f} | {busy:.2f} | {times} |")
    yield "\n".join(lines)
