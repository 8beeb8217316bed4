"""Draw time against offerings and learners, both axes logarithmic; it needs matplotlib and nothing of ours.

uv run --no-project --with matplotlib python benchmarks/plot.py ROWS.jsonl PICTURE.svg
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

SCALE = (
    "ceuplan optimize",
    "imports and pandas.read_csv",
    "tutorial, HiGHS",
    "tutorial, CBC",
    "tutorial, CP-SAT",
)


def lines_of(rows: list[dict[str, Any]], along: str, part: str) -> dict[str, list[tuple[int, float, bool]]]:
    """Return for each name its sizes, seconds, and whether it was ended by the limit."""
    found: dict[str, list[tuple[int, float, bool]]] = {}
    for row in rows:
        if row["part"] == part and row.get("rounds"):
            name = row["name"]
            if part == "batch":
                workers = row["workers"]
                name += f", {workers} worker{'s' if workers > 1 else ''}"
            seconds = row["over"] or row["seconds"]
            found.setdefault(name, []).append((row[along], seconds, row["over"] is not None))
    return found


def drawn(axes: Any, lines: dict[str, list[tuple[int, float, bool]]], what: str) -> None:
    """Draw the lines, with an open mark where the limit ended one, and a dotted one that grows linearly."""
    for name, points in lines.items():
        points.sort()
        (line,) = axes.plot(
            [p[0] for p in points], [p[1] for p in points], marker="o", markersize=4, label=name
        )
        over = [p for p in points if p[2]]
        axes.plot(
            [p[0] for p in over], [p[1] for p in over], marker="^", markersize=9, linestyle="",
            markerfacecolor="white", markeredgecolor=line.get_color(),
        )  # fmt: skip
    every = [p for points in lines.values() for p in points]
    if every:
        least, most = min(p[0] for p in every), max(p[0] for p in every)
        end = max(p[1] for p in every)
        axes.plot(
            [least, most], [end * least / most, end], color="grey", linestyle=":", label="linear growth"
        )
    axes.set(xscale="log", yscale="log", xlabel=what, ylabel="seconds")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize=8)


def main() -> None:
    """Draw the picture."""
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "ceuplan", "font.size": 9})
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5))
    sizes = lines_of(rows, "offerings", "scale")
    drawn(left, {name: sizes[name] for name in SCALE if name in sizes}, "offerings")
    left.set_title("One plan, the whole process (triangle: ended at the limit)")
    drawn(right, lines_of(rows, "learners", "batch"), "learners")
    right.set_title("Many learners, 2,000 offerings")
    figure.tight_layout()
    figure.savefig(sys.argv[2], metadata={"Date": None})


if __name__ == "__main__":
    main()
