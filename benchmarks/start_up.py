"""Time whole processes: how much of a plan is the price of importing the libraries it stands on?

    uv run python benchmarks/start_up.py [--rounds 21]

Each round runs every command once, one after the other, so that a busy moment of the machine hits all alike;
the ratios are medians of the rounds' own ratios. Bytecode is compiled before the clock starts. A plan of the
default cycle, five years, should take at most twice as long as the imports, with weekly hours, too.
"""

import argparse
import compileall
import importlib.metadata
import os
import platform
import subprocess
import sys
import sysconfig
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

LIBRARIES = ("typer", "pandas", "pulp", "highspy")
PACKAGES = ("optimizer", "catalogs", "scrapers")
CEUPLAN = str(Path(sysconfig.get_path("scripts")) / "ceuplan")
COMMANDS = {
    "import the libraries": [sys.executable, "-c", "import " + ", ".join(LIBRARIES)],
    "one plan": [CEUPLAN, "optimize", "--budget", "100", "--as-of", "2026-11-22"],
    "one plan, 3 hours a week": [CEUPLAN, "optimize", "--hours-per-week", "3", "--as-of", "2026-11-22"],
    "help": [CEUPLAN, "--help"],
    "bare interpreter": [sys.executable, "-c", "pass"],
}
REFERENCE = "import the libraries"
LIMITS = {"one plan": 2.0, "one plan, 3 hours a week": 2.0}
"""The most times the reference that a command should take."""


def compile_everything() -> None:
    """Write the bytecode of our packages and of everything installed beside them."""
    compileall.compile_dir(sysconfig.get_path("purelib"), quiet=2, workers=os.cpu_count() or 1)
    for name in PACKAGES:
        spec = find_spec(name)
        for folder in (spec and spec.submodule_search_locations) or ():
            compileall.compile_dir(folder, quiet=2)


def seconds(command: list[str], folder: str) -> float:
    """Return how long a command takes; it must succeed."""
    began = perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = perf_counter() - began
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return took


def timed(rounds: int) -> list[dict[str, float]]:
    """Return one dictionary a round; a first, untimed round warms the file cache."""
    with tempfile.TemporaryDirectory() as empty:
        return [
            {name: seconds(command, empty) for name, command in COMMANDS.items()} for _ in range(rounds + 1)
        ][1:]


def table(rounds: list[dict[str, float]]) -> str:
    """Return the result in Markdown."""
    lines = [f"| command | median s | fastest s | times {REFERENCE!r} | limit |", "|---|---|---|---|---|"]
    for name in COMMANDS:
        times = [one[name] for one in rounds]
        ratio = median(one[name] / one[REFERENCE] for one in rounds)
        limit = LIMITS.get(name)
        told = "" if limit is None else f"{limit:.1f}{', exceeded' if ratio > limit else ''}"
        lines.append(f"| {name} | {median(times):.3f} | {min(times):.3f} | {ratio:.2f} | {told} |")
    return "\n".join(lines)


def machine() -> str:
    """Return what the numbers were measured on."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("ceuplan", *LIBRARIES))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs\n{versions}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=21, help="timed rounds (default 21)")
    rounds = parser.parse_args().rounds
    compile_everything()
    print(f"{table(timed(rounds))}\n\n{rounds} rounds; {machine()}")


if __name__ == "__main__":
    main()
