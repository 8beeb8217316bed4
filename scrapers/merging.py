"""Rows that were just read, put among those of the last good refresh and those people keep. Pure.

A row is the parser's if its note begins with `MARK`; any other is kept by hand and never changed. To take a
row into one's own hands, take the mark out of its note.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from catalogs.diff import Change, changes
from catalogs.faults import CatalogFaults, Fault
from catalogs.records import Offering
from catalogs.rows import offering_from, offering_row
from catalogs.withdrawal import is_withdrawn, withdrawn

MARK: Final = "Read by ceuplan."

_PASSING = ("seen_on", "source_url", "note", "evidence", "assumed")


@dataclass(frozen=True, slots=True)
class Merged:
    """Hold a provider's rows after a refresh."""

    offerings: tuple[Offering, ...]
    by_hand: tuple[Change, ...]
    """What the pages say otherwise of rows that are kept by hand."""
    missed: tuple[str, ...]
    """Rows that were not found, and not marked either: they may be among those that cannot be read."""


def by_parser(offering: Offering) -> bool:
    """Return whether a row was made from a page, and may be made anew."""
    return offering.evidence == "provider" and offering.note.startswith(MARK)


def last_good(offerings: Sequence[Offering]) -> tuple[Mapping[str, str], ...]:
    """Return the rows a refresh is measured against: those from pages that are still for sale."""
    return tuple(offering_row(one) for one in offerings if by_parser(one) and not is_withdrawn(one.note))


def merged(
    before: Sequence[Offering],
    rows: Sequence[Mapping[str, str]],
    day: date,
    passes: Collection[str],
    *,
    all_read: bool,
) -> Merged:
    """Return a provider's rows with what was read put in; raise `CatalogFaults` for rows no catalog takes."""
    read = {one.offering_id: one for one in _offerings(rows, passes)}
    kept: dict[str, Offering] = {}
    missed = []
    for one in before:
        if not by_parser(one):
            kept[one.offering_id] = one
        elif one.offering_id in read:
            new = read[one.offering_id]
            kept[one.offering_id] = one if _same(one, new) else new
        elif is_withdrawn(one.note):
            kept[one.offering_id] = one
        elif all_read:
            kept[one.offering_id] = withdrawn(one, day)
        else:
            kept[one.offering_id] = one
            missed.append(one.offering_id)
    own = {key: one for key, one in kept.items() if not by_parser(one) and key in read}
    otherwise = changes(_told(own), _told({key: read[key] for key in own}))
    everything = {**read, **kept}
    return Merged(tuple(everything[key] for key in sorted(everything)), otherwise, tuple(missed))


def _offerings(rows: Sequence[Mapping[str, str]], passes: Collection[str]) -> list[Offering]:
    faults: list[Fault] = []
    found = []
    for row in rows:
        note = f"{MARK} {row['note']}".strip()
        one, wrong = offering_from({**row, "note": note}, f"the page {row['source_url']}", None, passes)
        faults += wrong
        if one is not None:
            found.append(one)
    if faults:
        raise CatalogFaults(faults)
    return found


def _same(old: Offering, new: Offering) -> bool:
    """Return whether a row says what it said; the day and the page of a list it was read on are no content."""
    return replace(new, seen_on=old.seen_on, source_url=old.source_url) == old


def _told(offerings: Mapping[str, Offering]) -> dict[str, dict[str, str]]:
    """Return what rows say of courses, without where and by whom it was read."""
    return {
        key: {name: text for name, text in offering_row(one).items() if name not in _PASSING}
        for key, one in offerings.items()
    }
