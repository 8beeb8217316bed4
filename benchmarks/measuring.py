"""Measure a whole process: its time, the processor's time and the most memory it held; keep each row as it comes.

This file and those that import it load no large library: a process is measured with the memory its parent had when it
was started.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
SHORT = 15.0
"""Seconds up to which something is measured several times."""
type Row = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """Hold what a process took, and what it said."""

    seconds: float
    busy: float
    """Seconds of the processor, of what it started, too."""
    peak: float
    """Most memory in MB, of the largest process."""
    code: int
    out: str
    err: str
    over: bool
    """Whether it was ended because its time was up."""


def measured(command: Sequence[str], limit: float) -> Measured:
    """Return what a command takes; it is ended after `limit` seconds."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.perf_counter()
        child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err, start_new_session=True)
        over = False
        try:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            while not pid:
                time.sleep(0.002)
                if not over and time.perf_counter() - began > limit:
                    over = True
                    os.killpg(child.pid, signal.SIGKILL)
                pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        busy = usage.ru_utime + usage.ru_stime
        return Measured(seconds, busy, peak, child.returncode, out.read(), err.read(), over)


def in_rounds(command: Sequence[str], limit: float, rounds: int, codes: Sequence[int] = (0,)) -> Row:
    """Return the medians of several rounds as a row; `said` is what the last one printed.

    What is not short is measured once. A command that fails ends the run with what it said.
    """
    found: list[Measured] = []
    while len(found) < rounds:
        one = measured(command, limit)
        if not one.over and one.code not in codes:
            sys.exit(f"{' '.join(command)} ended with {one.code}:\n{one.err[-2000:]}")
        found.append(one)
        if one.over or one.seconds > SHORT:
            break
    return {
        "seconds": round(median(one.seconds for one in found), 3),
        "busy": round(median(one.busy for one in found), 3),
        "peak": round(max(one.peak for one in found)),
        "rounds": len(found),
        "over": limit if found[-1].over else None,
        "said": found[-1].out,
    }


def kept(path: Path) -> list[Row]:
    """Return the rows measured so far."""
    if not path.exists():
        return []
    lines = path.read_text("utf-8").split("\n")[:-1]  # a line that was cut off is measured again
    return [json.loads(line) for line in lines]


def keep(path: Path, row: Row) -> None:
    """Add a row, and show it."""
    text = path.read_text("utf-8") if path.exists() else ""
    if text and not text.endswith("\n"):
        path.write_text(text[: text.rfind("\n") + 1], "utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    shown = {key: value for key, value in row.items() if key not in ("said", "table")}
    print(json.dumps(shown), flush=True)


def environment(folder: Path, packages: Sequence[str]) -> tuple[Path | None, str]:
    """Return the Python of an environment of its own with some packages, made once; or None and why not."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / "ready"
    if ready.exists() and ready.read_text() == " ".join(packages):
        return python, ""
    commands = [
        ["uv", "venv", "--quiet", "--clear", "--python", os.path.realpath(sys.executable), str(folder)],
        ["uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), *packages],
    ]
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            return None, f"uv could not be started: {error.strerror}"
        if done.returncode:
            return None, (done.stderr.strip().splitlines() or ["uv did not say why"])[0]
    ready.write_text(" ".join(packages))
    return python, ""
