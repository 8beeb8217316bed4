"""Bad input as values: collected, sorted and reported together."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby

LONGEST_SHOWN = 80


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

    def __str__(self) -> str:
        return faults_text(self.faults).rstrip()


class CatalogFaults(Faults):
    """Stop because a catalog has faults."""


class FlagFaults(Faults):
    """Stop because flags of the command line have faults."""


class BadValue(Exception):
    """Refuse one value; whoever knows its place makes a Fault of it."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem}. {remedy}")

    def at(self, file: str, row: int | None, column: str | None, value: str | None) -> Fault:
        """Return the fault at that place."""
        return Fault(file, row, column, value, self.problem, self.remedy)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` with a leading space for the nearest known word, or an empty string."""
    # Compared without case: difflib finds nothing alike in "ACE-ANNUAL" and "ace-annual".
    by_folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    # difflib takes time in the product of the lengths; nobody means a short name by a page of text.
    near = get_close_matches(word[:LONGEST_SHOWN].casefold(), sorted(by_folded), n=1, cutoff=0.6)
    return f' Did you mean "{by_folded[near[0]]}"?' if near else ""


def shown(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return text that is safe to print on one line: control characters visible, long text shortened."""
    # Cut before escaping: a cell may hold megabytes. The end is kept, since that is where a typo may be.
    if len(text) > longest:
        text = text[: longest - 20] + "…" + text[-19:]
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    # C: control, format (bidi overrides among them), surrogate, private, unassigned; Zl and Zp break lines.
    category = unicodedata.category(character)
    if category[0] == "C" or category in ("Zl", "Zp"):
        return character.encode("unicode_escape").decode("ascii")
    return character


def faults_text(faults: Iterable[Fault]) -> str:
    """Return faults as text to print: one block each, rows that share a fault in one block."""

    def kind(fault: Fault) -> tuple[str, str, str, str, str]:
        return (fault.file, fault.column or "", fault.value or "", fault.problem, fault.remedy)

    alike = [list(group) for _, group in groupby(sorted(set(faults), key=kind), key=kind)]
    for group in alike:
        group.sort(key=lambda fault: fault.row or 0)
    alike.sort(key=lambda group: (group[0].file, group[0].row or 0, kind(group[0])))
    return "".join(_block(group) for group in alike)


def _block(alike: Sequence[Fault]) -> str:
    fault = alike[0]
    place = shown(fault.file, longest=300)
    rows = [each.row for each in alike if each.row is not None]
    if rows:
        place += f", row{'s' if len(rows) > 1 else ''} {_ranges(rows)}"
    if fault.column:
        place += f", column {shown(fault.column)}"
    value = "" if fault.value is None else f'value "{shown(fault.value)}" — '
    # Both may quote a piece of the value or a name out of the file.
    problem, remedy = shown(fault.problem, longest=400), shown(fault.remedy, longest=400)
    return f"{place}: {value}{problem}.\n  {remedy}\n"


def _ranges(rows: Sequence[int]) -> str:
    """Return sorted row numbers as `2, 4-7, 12`."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
