"""Rows of courses that are for sale no more: marked, never deleted, since plans and transcripts name them."""

import re
from dataclasses import replace
from datetime import date, timedelta

from catalogs.records import Offering

_MARK = re.compile(r" ?Withdrawn: not on the provider's pages on \d{4}-\d{2}-\d{2}\.")


def withdrawn(offering: Offering, missed_on: date) -> Offering:
    """Return a row whose course was looked for in vain: last for sale the day before, and a note that says so."""
    last = missed_on - timedelta(days=1)
    until = min(last, offering.available_until or last)
    note = f"{offering.note} Withdrawn: not on the provider's pages on {missed_on}.".strip()
    return replace(offering, available_until=until, note=note)


def is_withdrawn(note: str) -> bool:
    """Return whether a row's note says that its course is withdrawn."""
    return _MARK.search(note) is not None
