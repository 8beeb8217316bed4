"""Bad input as values: collected, sorted and reported together."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Fault:
    """Say what is wrong with one value of an input, where it stands and what to do about it."""

    file: str
    """Name of the file as the user knows it, or of the flag."""
    row: int | None
    """Row as a spreadsheet counts it: the header is row 1. None when no row is meant."""
    column: str | None
    """Column or key, as the contract spells it. None when the whole row or file is meant."""
    value: str | None
    """The value as it was read. None when there is none to show."""
    problem: str
    """What is wrong, a clause without a final stop."""
    remedy: str
    """What to do, a sentence."""


class Faults(Exception):
    """Stop because an input has faults; `faults` holds all of them, sorted by place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(
            sorted(
                set(faults),
                key=lambda f: (f.file, f.row or 0, f.column or "", f.value or "", f.problem, f.remedy),
            )
        )
        super().__init__(f"{len(self.faults)} fault(s)")


class CatalogFaults(Faults):
    """Stop because a catalog has faults."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` with a leading space for the nearest known word, or an empty string."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""
