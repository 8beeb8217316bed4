"""What each refresh of a provider found, one line a day, and what that says about the provider."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from catalogs.writing import write_whole

QUIET_REFRESHES: Final = 8
"""So many refreshes without any change: of seven real providers, the dead reached it and the live never did."""
LEAST_ROWS: Final = 5
"""A provider of fewer courses may well stay as it is for long."""

_PASSING = ("seen_on", "source_url")


@dataclass(frozen=True, slots=True)
class Refresh:
    """Hold what one refresh of one provider came to."""

    day: str
    rows: int
    digest: str
    """Of what the rows say; empty where they were refused."""
    refused: str
    """Why they were refused; empty where they were not."""


def digest_of(rows: Iterable[Mapping[str, str]]) -> str:
    """Return a short digest of what rows say, whenever and on whatever page it was read."""
    told = [sorted((name, text) for name, text in row.items() if name not in _PASSING) for row in rows]
    return hashlib.sha256(repr(sorted(told)).encode()).hexdigest()[:16]


def with_refresh(history: Sequence[Refresh], latest: Refresh) -> tuple[Refresh, ...]:
    """Return a history with one more refresh; of one day only the last counts."""
    return (*(one for one in history if one.day != latest.day), latest)


def quiet(history: Sequence[Refresh]) -> int:
    """Return how many refreshes running brought nothing new; those that were refused say nothing."""
    good = [one for one in history if one.digest]
    same = 0
    for one in reversed(good):
        if one.digest != good[-1].digest:
            break
        same += 1
    return max(same - 1, 0)


def told_by(provider: str, history: Sequence[Refresh]) -> list[str]:
    """Return what the history of a provider says against trusting its rows, a sentence each."""
    good = [one for one in history if one.digest]
    failed = 0
    for one in reversed(history):
        if one.digest:
            break
        failed += 1
    told = []
    if failed > 1:
        since = f"since {good[-1].day}" if good else "ever"
        told.append(f"{provider}: the last {failed} refreshes were refused, none was good {since}.")
    still = quiet(history)
    if still >= QUIET_REFRESHES and good[-1].rows >= LEAST_ROWS:
        told.append(
            f"{provider}: nothing changed in {still} refreshes, since {good[-still - 1].day}. "
            "Look whether the pages that are read are still the provider's catalog."
        )
    return told


def read_history(path: Path) -> tuple[Refresh, ...]:
    """Return the history in a file; a file that is not there, or is damaged, holds none."""
    try:
        lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
        return tuple(
            Refresh(line["day"], int(line["rows"]), line["digest"], line["refused"] or "") for line in lines
        )
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return ()


def write_history(history: Sequence[Refresh], path: Path) -> None:
    """Write a history."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Refresh))
    writer.writerows(astuple(one) for one in history)
    write_whole(out.getvalue(), path)
