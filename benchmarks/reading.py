"""Time the reading of large catalogs, checked and digested, beside pandas.read_csv, which does neither.

    uv run python -m benchmarks.reading [--rows 100000 1000000] [--rounds 5]

The tables are drawn. Each reading has a process of its own, so that the most memory it ever held is its own; each
round runs all, one after the other, so that a busy moment of the machine hits all alike. What pandas imports is
imported before the clock starts, Arrow too; the DataFrame's size is `memory_usage(deep=True)`. Arrow makes use of all
CPUs, so where others keep them busy, look at the CPU's time.
Checking should take at most 1.5 times as long as pandas.read_csv, and at most 3 times the DataFrame's memory.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
_MEASURED = """
import json, resource, sys
from pathlib import Path
from time import perf_counter, process_time
{imports}
folder = Path(sys.argv[1])
began, busy = perf_counter(), process_time()
{reads}
took, busy = perf_counter() - began, process_time() - busy
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
print(json.dumps({{"seconds": took, "busy": busy, "peak": peak, "size": {size}}}))
"""
_FRAME = (
    "read = pd.read_csv(folder / 'offerings.csv', dtype={'passes': str})",
    "read.memory_usage(deep=True).sum() / 2**20",
)
READINGS = {
    "pandas.read_csv": ("import pandas as pd", *_FRAME),
    "pandas.read_csv, Python's strings": ("import pandas as pd; pd.options.mode.string_storage = 'python'", *_FRAME),
    "load": ("from catalogs.loading import load; import catalogs.arrow_loading", "read = load(folder)", "0"),
    "load, as small files are read": (
        "from catalogs.loading import load", "read = load(folder, large_from=1 << 60)", "0"
    ),
}  # fmt: skip
REFERENCE = "pandas.read_csv"


def measured(name: str, folder: Path) -> dict[str, float]:
    """Return what one reading takes, in a process of its own."""
    imports, reads, size = READINGS[name]
    code = _MEASURED.format(imports=imports, reads=reads, size=size)
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def table(rows: int, rounds: int, names: list[str]) -> str:
    """Return what was measured of a catalog of so many rows, in Markdown."""
    with tempfile.TemporaryDirectory() as empty:
        folder = Path(empty) / "catalog"
        subprocess.run(
            [sys.executable, "-m", "benchmarks.synthetic", str(rows), folder], cwd=ROOT, check=True
        )
        found = [{name: measured(name, folder) for name in names} for _ in range(rounds)]
    frame = found[0][REFERENCE]["size"]
    lines = [
        f"{rows:,} rows, a DataFrame of {frame:.0f} MB:",
        "| reading | median s | fastest s | times pandas | median s of CPU | most memory, MB | times the DataFrame |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in names:
        seconds = [one[name]["seconds"] for one in found]
        times = median(one[name]["seconds"] / one[REFERENCE]["seconds"] for one in found)
        busy = median(one[name]["busy"] for one in found)
        peak = max(one[name]["peak"] for one in found)
        took = f"{median(seconds):.2f} | {min(seconds):.2f} | {times:.2f} | {busy:.2f}"
        lines.append(f"| {name} | {took} | {peak:.0f} | {peak / frame:.1f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--exact", action="store_true", help="also as small files are read: 25 s and 3 GB a million"
    )
    given = parser.parse_args()
    names = list(READINGS) if given.exact else list(READINGS)[:-1]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("pandas", "pyarrow"))
    print(
        f"Python {platform.python_version()}, {versions}, {os.cpu_count()} CPUs, {given.rounds} rounds",
        flush=True,
    )
    for rows in given.rows:
        print("", table(rows, given.rounds, names), sep="\n", flush=True)


if __name__ == "__main__":
    main()
