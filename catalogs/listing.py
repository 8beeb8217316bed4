"""What of a catalog is listed, in which order, and what a credit of it costs; and the list as CSV."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from catalogs.amounts import write_money
from catalogs.faults import Fault, FlagFaults, did_you_mean, shown
from catalogs.listing_filters import Filter, Wishes, filters_from
from catalogs.loading import Catalog, offerings_of, passes_of
from catalogs.records import Offering, Pass
from catalogs.schema import OFFERINGS
from catalogs.tables import canonical_texts

PRICE_PER_CREDIT = "price_per_credit"


@dataclass(frozen=True, slots=True)
class Measure:
    """Hold the unit of a credential, in which credits of other units are then shown."""

    name: str
    unit: str
    factors: Mapping[str, Fraction]
    """Credits of the credential per unit; a unit that is not here does not count."""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one offering of the list."""

    place: int
    """Its row in the catalog's table."""
    offering: Offering
    parts: tuple[tuple[tuple[str, ...], Fraction], ...]
    """Categories the learner may choose from, and credit: as stated, or in the credential's unit."""
    credit: Fraction
    cents_per_credit: Fraction | None
    """Of the list price; None without a price or without credit."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Hold what is listed, and what is to be said about the rest."""

    rows: tuple[Row, ...]
    total: int
    """Offerings of the catalog."""
    unpriced: int
    """Offerings that only the highest price asked for leaves out, having no price of their own."""
    unconverted: tuple[Offering, ...]
    """Offerings that match but whose unit does not convert; sorted by id."""
    why_empty: tuple[str, ...]
    """Sentences that say which filters leave nothing; none where something is listed."""
    passes: tuple[Pass, ...]
    """All of the catalog."""
    measure: Measure | None


_ORDERS: Mapping[str, Callable[[Row], tuple[Any, ...]]] = {
    "price-per-credit": lambda row: (row.cents_per_credit is None, row.cents_per_credit or 0),
    "price": lambda row: (row.offering.price is None, row.offering.price or 0),
    "credits": lambda row: (-row.credit,),
    "provider": lambda row: (row.offering.provider.casefold(), row.offering.provider),
    "id": lambda _: (),
}
ORDERS = tuple(_ORDERS)


def listing(
    catalog: Catalog, wishes: Wishes, sort: str = ORDERS[0], measure: Measure | None = None
) -> Listing:
    """Return the offerings asked for, in order, or raise `FlagFaults` with every flag that is wrong."""
    faults: list[Fault] = []
    if sort not in _ORDERS:
        remedy = f"Known: {', '.join(ORDERS)}.{did_you_mean(sort, ORDERS)}"
        faults.append(Fault("--sort", None, None, sort, "there is no such order", remedy))
    offerings, passes = offerings_of(catalog), passes_of(catalog)
    try:
        filters = filters_from(wishes, offerings, passes)
    except FlagFaults as found:
        raise FlagFaults([*faults, *found.faults]) from None
    if faults:
        raise FlagFaults(faults)
    matching = [(place, one) for place, one in enumerate(offerings) if _passes(one, filters)]
    rows = [_row(place, one, measure) for place, one in matching if _converts(one, measure)]
    others = [each for each in filters if not each.needs_price]
    return Listing(
        rows=tuple(sorted(rows, key=lambda row: (*_ORDERS[sort](row), row.offering.offering_id))),
        total=len(offerings),
        unpriced=sum(one.price is None and _passes(one, others) for one in offerings)
        if len(others) < len(filters)
        else 0,
        unconverted=tuple(one for _, one in matching if not _converts(one, measure)),
        why_empty=() if matching else _why_empty(offerings, filters),
        passes=passes,
        measure=measure,
    )


def _passes(offering: Offering, filters: Sequence[Filter]) -> bool:
    return all(each.lets(offering) for each in filters)


def _converts(offering: Offering, measure: Measure | None) -> bool:
    return measure is None or offering.unit in measure.factors


def _row(place: int, offering: Offering, measure: Measure | None) -> Row:
    factor = measure.factors[offering.unit] if measure else Fraction(1)
    parts = tuple((part.categories, Fraction(part.hundredths, 100) * factor) for part in offering.credits)
    credit = sum((amount for _, amount in parts), Fraction(0))
    each = offering.price / credit if offering.price is not None and credit else None
    return Row(place, offering, parts, credit, each)


def _why_empty(offerings: Sequence[Offering], filters: Sequence[Filter]) -> tuple[str, ...]:
    """Say which flags leave nothing: those that do so alone, or else what leaving out one would show."""
    if not offerings:
        return ("The catalog holds no offerings.",)
    alone = {each.flag: sum(map(each.lets, offerings)) for each in filters}
    empty = [flag for flag, number in alone.items() if not number]
    if empty:
        return tuple(f"{flag} alone leaves nothing of {len(offerings)} offerings." for flag in empty)
    told = ", ".join(f"{flag} ({number})" for flag, number in alone.items())
    lines = [f"Each of these alone leaves some, all together none: {told}."]
    for each in filters:
        others = [other for other in filters if other is not each]
        if number := sum(_passes(one, others) for one in offerings):
            lines.append(f"Without {each.flag}, {number} would match.")
    return tuple(lines)


def notes_on(found: Listing) -> tuple[str, ...]:
    """Return what a reader must know about offerings that are not listed, one sentence each."""
    notes = list(found.why_empty)
    if found.unpriced:
        single = found.unpriced == 1
        some = "offering that matches otherwise has no price of its own"
        many = "offerings that match otherwise have no price of their own"
        notes.append(
            f"{found.unpriced} {some if single else many}: --max-price leaves {'it' if single else 'them'} out."
        )
    if found.measure:
        by_unit: dict[str, list[str]] = {}
        for one in found.unconverted:
            by_unit.setdefault(one.unit, []).append(one.offering_id)
        for unit, ids in sorted(by_unit.items()):
            of = f"the unit {shown(unit)} does not convert" if unit else "an unknown unit does not convert"
            notes.append(f"{len(ids)} not shown, since {of} to {found.measure.unit}: {_some(ids)}.")
    return tuple(notes)


def _some(ids: Sequence[str], most: int = 5) -> str:
    named = ", ".join(shown(one) for one in ids[:most])
    return named if len(ids) <= most else f"{named} and {len(ids) - most} more"


def half_up(value: Fraction) -> int:
    """Return a value that is not negative as the nearest whole number; a half goes up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def listing_csv(catalog: Catalog, found: Listing) -> str:
    """Return the listed rows as they stand in a canonical catalog, in the list's order, with what a credit costs."""
    texts = canonical_texts(OFFERINGS, catalog.offering_values)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*OFFERINGS.header, PRICE_PER_CREDIT))
    for row in found.rows:
        each = "" if row.cents_per_credit is None else write_money(half_up(row.cents_per_credit))
        writer.writerow((*(texts[name][row.place] for name in OFFERINGS.header), each))
    return out.getvalue()
