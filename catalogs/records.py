"""Offerings and passes as values: what one row of a catalog says, typed and exact.

Money is whole cents, time is whole minutes, credit is hundredths of a credit as the catalog states it.
`None` and empty tuples mean that nobody said.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one part of an offering's credit: an amount the learner may split over some categories."""

    categories: tuple[str, ...]
    """Slugs in the order written; more than one means that the learner chooses; `any` means no category."""
    hundredths: int


@dataclass(frozen=True, slots=True)
class Approval:
    """Hold one approver's approval, with its window where it has one (both days inclusive)."""

    approver: str
    number: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Offering:
    """Hold one course for sale: one row of a catalog's CSVs."""

    offering_id: str
    course_id: str
    provider: str
    title: str
    url: str
    kind: str
    format: str
    topics: tuple[str, ...]
    credits: tuple[Part, ...]
    unit: str
    approvals: tuple[Approval, ...]
    minutes: int | None
    price: int | None
    member_price: int | None
    passes: tuple[str, ...]
    available_from: date | None
    available_until: date | None
    starts: date | None
    ends: date | None
    access_days: int | None
    times: int
    repeat_days: int
    evidence: str
    assumed: tuple[str, ...]
    source_url: str
    seen_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Pass:
    """Hold one subscription, membership or bundle: one row of passes.csv."""

    pass_id: str
    provider: str
    title: str
    kind: str
    price: int | None
    term_days: int | None
    term_ends: tuple[int, int] | None
    """Month and day on which every term ends, whatever its start; it wins over `term_days`."""
    rolls_from: tuple[int, int] | None
    """Month and day from which a term bought ends a year later than `term_ends` would say."""
    benefit: str
    """`included`, `member_price` or `percent`."""
    percent_off: int
    """Hundredths of a percent taken off the list price; 0 unless the benefit is `percent`."""
    credit_limit: int | None
    """Hundredths of credit, as the catalog states them, of all enrollments in one term."""
    renewable: bool
    requires: str
    url: str
    evidence: str
    assumed: tuple[str, ...]
    source_url: str
    seen_on: date | None
    note: str
