"""The answers of a batch as a table, one row a learner; and the names of the files their plans go to."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from catalogs.amounts import write_money
from catalogs.cell_looks import is_run
from catalogs.faults import Fault, shown
from catalogs.words import write_list
from optimizer.batch_answer import Answer
from optimizer.plan import amount

COLUMNS = (
    "learner_id", "status", "cost", "bound", "hours", "purchases", "enrollments", "short", "message",
)  # fmt: skip
MOST_FAULTS = 5
"""In one cell; the screen has all of them."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 @+._-]{0,99}", re.ASCII)
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows their first dot."""


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one learner's row of the table."""

    learner_id: str
    answer: Answer
    faults: tuple[Fault, ...]
    """All that is wrong with what is said of this learner, where it stands."""
    notes: tuple[str, ...]


def table(lines: Iterable[Line]) -> str:
    """Return the answers as CSV; what a spreadsheet would run as a formula stands behind an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        found = line.answer
        row = (
            line.learner_id,
            found.status,
            *("" if cents is None else write_money(cents) for cents in (found.cost, found.bound)),
            "" if found.minutes is None else amount(Fraction(found.minutes, 60)),
            write_list([one.id for one in found.purchases]),
            write_list(found.enrollments),
            found.short,
            message(line),
        )
        writer.writerow([f"'{cell}" if is_run(cell) else cell for cell in row])
    return out.getvalue()


def message(line: Line) -> str:
    """Return on one line what a learner's row has to say beside its values."""
    faults = [_words(fault) for fault in line.faults[:MOST_FAULTS]]
    more = len(line.faults) - len(faults)
    faults += [f"And {more} fault{'s'[: more > 1]} more."] if more else []
    told = [*faults, *line.notes, *([line.answer.message] if line.answer.message else [])]
    return " ".join(shown(one, longest=2_000) for one in told)


def _words(fault: Fault) -> str:
    place = fault.file if fault.row is None else f"{fault.file}, row {fault.row}"
    place += f", column {fault.column}" if fault.column else ""
    value = "" if fault.value is None else f'value "{shown(fault.value)}" — '
    return f"{place}: {value}{fault.problem}. {fault.remedy}"


def file_names(learner_ids: Sequence[str]) -> dict[str, str]:
    """Return the name of the file for each learner's plan: their id where every system can have a file of that name.

    Any other, and those that differ only in case, end in `~` and the digest of the id, so no two are ever the same.
    """
    folded = Counter(one.casefold() for one in set(learner_ids))
    return {one: f"{one if _is_plain(one, folded) else _renamed(one)}.json" for one in learner_ids}


def _is_plain(learner_id: str, folded: Counter[str]) -> bool:
    whole = _PLAIN.fullmatch(learner_id) is not None and _RESERVED.fullmatch(learner_id) is None
    return whole and folded[learner_id.casefold()] == 1


def _renamed(learner_id: str) -> str:
    word = re.sub(r"[^a-z0-9]+", "-", learner_id.casefold())[:40].strip("-")
    return f"{word or 'learner'}~{sha256(learner_id.encode()).hexdigest()[:32]}"
