"""What of the goals holds by the rows that were measured, and what does not, in words."""

import json
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from benchmarks.measuring import Row

OURS, STAGES, READ = "ceuplan optimize", "its stages", "imports and pandas.read_csv"
GROWTH_FROM = 2_000
"""Below, starting Python is most of it."""


def said(row: Row) -> Row | None:
    """Return what a contender printed, if it ended by itself."""
    if row["over"] or not row.get("said"):
        return None
    table: Row = json.loads(row["said"])
    return table


def proven_or_not(row: Row) -> tuple[int | None, int, int | None]:
    """Return a row's proven cost in cents; and of what is not proven the bound and the cost."""
    told = said(row)
    if told is None:
        return None, 0, None
    if row["name"] not in (OURS, STAGES):
        return told["cost"], 0, None
    cost, bound = told["cost"], told["bound"]
    if row["name"] == OURS:
        cost, bound = round(float(cost) * 100), round(float(bound) * 100)
    return (cost if cost == bound else None), bound, cost


def found(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a sentence for each finding."""
    scale = [row for row in rows if row["part"] == "scale"]
    if scale:
        yield from _against_others(scale)
        yield from _unproven(scale)
        yield from _growth(scale)
    for row in rows:
        if row["part"] == "agreement":
            yield from _agreement(row)
    yield from _learners([row for row in rows if row["part"] == "batch"])


def _against_others(rows: Sequence[Row]) -> Iterator[str]:
    """Say where ours is faster than every tutorial model, and where not."""
    faster: list[str] = []
    slower: list[str] = []
    for size in sorted({row["offerings"] for row in rows}):
        at = {row["name"]: row for row in rows if row["offerings"] == size and row["rounds"]}
        others = [row["over"] or row["seconds"] for name, row in at.items() if name.startswith("tutorial")]
        if OURS not in at or not others:
            continue
        ratio = min(others) / (at[OURS]["over"] or at[OURS]["seconds"])
        limited = all(row["over"] for name, row in at.items() if name.startswith("tutorial"))
        words = f"{size:,} ({'more than ' if limited else ''}{ratio:.1f} times)"
        (faster if ratio > 1 else slower).append(words)
    if faster:
        yield f"The whole command takes less time than the fastest tutorial model at {', '.join(faster)} offerings."
    if slower:
        yield f"It takes more, or none was tried to the end, at {', '.join(slower)}."
    last = max(rows, key=lambda row: (row["name"] == OURS, row["offerings"]))
    read = [r for r in rows if r["name"] == READ and r["offerings"] == last["offerings"] and not r["over"]]
    if last["name"] == OURS and read:
        least = "more than " if last["over"] else ""
        ratio = (last["over"] or last["seconds"]) / read[0]["seconds"]
        yield (
            f"At {last['offerings']:,} it takes {least}{ratio:.1f} times as long as importing the libraries and "
            "pandas.read_csv."
        )


def _unproven(rows: Sequence[Row]) -> Iterator[str]:
    """Say at which sizes ours did not prove a cost, and how far it might be off."""
    whole = True
    for row in rows:
        if row["name"] not in (OURS, STAGES):
            continue
        cost, bound, best = proven_or_not(row)
        if cost is not None:
            continue
        whole = False
        if best is None:
            yield f"**{row['name']} did not end in time at {row['offerings']:,} offerings.**"
        else:
            gap = f"${best / 100:,.2f}, which is at most ${(best - bound) / 100:,.2f} too much"
            yield f"**{row['name']} did not prove its cost at {row['offerings']:,} offerings in 60 s: {gap}.**"
    if whole:
        yield "It proved the cost at every size."


def _growth(rows: Sequence[Row]) -> Iterator[str]:
    """Say as which power of the offerings the processor's time of ours grows, step by step."""
    whole = sorted((r["offerings"], r["busy"]) for r in rows if r["name"] == OURS and not r["over"])
    stages = [(r["offerings"], said(r)) for r in rows if r["name"] == STAGES]
    planning = sorted((size, told["busy"]["planning"]) for size, told in stages if told)
    for what, times in (("The whole command", whole), ("Planning alone", planning)):
        steps = [
            (first, last, math.log(most / least) / math.log(last / first))
            for (first, least), (last, most) in pairwise(times)
            if first >= GROWTH_FROM
        ]
        if steps:
            told = ", ".join(f"{power:.2f} from {first:,} to {last:,}" for first, last, power in steps)
            linear = max(power for _, _, power in steps) <= 1
            verdict = "no step is worse than linear" if linear else "**not every step is linear or better**"
            yield f"{what}: CPU time grows as this power of the offerings: {told}; {verdict}."


def _agreement(row: Row) -> Iterator[str]:
    settled = sum(number for verdict, number in row["verdicts"].items() if not verdict.startswith("not"))
    if row["differ"]:
        yield f"**CP-SAT and ours differ on {len(row['differ'])} of {row['instances']:,} drawn instances.**"
    else:
        yield f"CP-SAT and ours agree on all {settled:,} of {row['instances']:,} drawn instances that both settled."
    slower = row["medians"]["ours"] / row["medians"]["CP-SAT"]
    yield f"On those, most of them tiny, our whole plan takes {slower:.0f} times as long as CP-SAT's solve of the cost."


def _learners(rows: Sequence[Row]) -> Iterator[str]:
    rate = {(r["name"], r["learners"], r["workers"]): r["learners"] / r["seconds"] for r in rows}
    tutorial = max((one for (name, *_), one in rate.items() if name == "tutorial"), default=None)
    ours = sorted((number, workers) for name, number, workers in rate if name == "ceuplan batch")
    if tutorial is None or not ours:
        return
    most = max(number for number, _ in ours)
    by_workers = {workers: rate["ceuplan batch", most, workers] for number, workers in ours if number == most}
    told = ", ".join(
        f"{one:.1f} with {workers} worker{'s' * (workers > 1)} ({one / tutorial:.1f} times the tutorial's loop)"
        for workers, one in by_workers.items()
    )
    yield f"Learners a second, of {most:,}: {told}."
    if {1, 2} <= by_workers.keys():
        yield f"The second worker makes it {by_workers[2] / by_workers[1]:.2f} times as fast."
