"""The plan as CSV: one row an enrollment, the columns those of the plan's JSON."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields

from catalogs.faults import shown
from optimizer.plan import CountedCredit, Enrollment, Plan, amount, json_of
from optimizer.question import Question

GUARD = "'"
"""In front of a cell that a spreadsheet would otherwise run as a formula: it then shows the cell as text."""

_RUN = ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
        "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip


def csv_of(plan: Plan, question: Question, width: int) -> str:  # noqa: ARG001 - formats are asked alike
    """Return the enrollments of a plan as CSV."""
    several = len(plan.problem.credentials) > 1
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow("hours" if field.name == "minutes" else field.name for field in fields(Enrollment))
    for enrollment in plan.enrollments:
        cells = {
            **json_of(enrollment),
            "counts": counts_cell(enrollment.counts, several),
            "assumed": "; ".join(enrollment.assumed),
        }
        writer.writerow(guarded(text) for text in cells.values())
    return out.getvalue()


def counts_cell(counts: Sequence[CountedCredit], several: bool) -> str:
    """Return counted credit as one cell: `clinical=1.00`, with several credentials `cma-aama:clinical=1.00`."""
    return "; ".join(
        f"{f'{one.credential}:' if several else ''}{one.category}={amount(one.credit)}" for one in counts
    )


def guarded(text: str) -> str:
    """Return a cell on one line that no spreadsheet runs; whoever takes one `'` off its start has the text again."""
    visible = shown(text, longest=max(len(text), 40))
    # Spaces count for nothing: a spreadsheet may trim them, and then look at what comes first.
    return GUARD + visible if visible.lstrip().startswith((*_RUN, GUARD)) else visible
