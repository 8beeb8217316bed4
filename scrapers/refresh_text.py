"""What a refresh found, as text: what changes in each provider's file, then what may be stale. Pure."""

from collections.abc import Sequence
from textwrap import indent

from catalogs.diff_text import changes_text
from catalogs.faults import shown
from scrapers.refresh import Outcome


def outcomes_text(outcomes: Sequence[Outcome], stale: Sequence[str]) -> str:
    """Return the differences of all providers, and what the catalog holds that may be out of date."""
    parts = [_part(outcome) for outcome in outcomes]
    if stale:
        parts.append(
            "".join(["Perhaps out of date:\n", *(f"  {shown(line, longest=400)}\n" for line in stale)])
        )
    return "\n".join(parts)


def _part(outcome: Outcome) -> str:
    if outcome.refused:
        return f"{outcome.provider}: refused\n"
    told = f"{outcome.provider}: {outcome.rows:,} row{'' if outcome.rows == 1 else 's'} read, "
    told += "nothing changed\n" if not outcome.changes else f"{len(outcome.changes):,} changed\n"
    if outcome.changes:
        told += indent(changes_text(outcome.changes), "  ")
    if outcome.by_hand:
        told += "  Kept by hand, and left as they are, though the pages say otherwise:\n"
        told += indent(changes_text(outcome.by_hand), "    ")
    return told
