"""What must hold before rows that were just read may take the place of the last good ones. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from catalogs.schema import OFFERINGS
from scrapers.provider import Parsed, Provider

LARGEST_FALL: Final = Fraction(30, 100)
"""Share of a provider's rows that may vanish from one refresh to the next."""
LARGEST_UNCOVERED: Final = Fraction(10, 100)
"""By how much the share of rows that fill a column may sink."""
FACTOR: Final = 2
"""A median price that moves by this factor, or more, is another unit or another price."""

_MONEY = ("price", "member_price")
_UNMEASURED = {
    *("offering_id", "provider", "evidence", "assumed", "source_url", "seen_on", "note"),
    "available_until",  # its presence says that a course ends: nothing is missing without it
}

type Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Say why rows are not taken over."""

    why: str
    """A clause without a final stop."""
    drift: bool = False
    """Somebody who has looked at the pages may accept it: it may be what really happened."""


def alarms(
    provider: Provider, before: Sequence[Row], parsed: Parsed, by_hand: Collection[str] = ()
) -> tuple[Alarm, ...]:
    """Return everything that speaks against taking over what was read; `before` are the last good rows.

    `by_hand` are the keys of rows that are kept by hand: what the pages say of them is not taken over.
    """
    found = [*_broken(provider, parsed), *_missing(provider, parsed.rows)]
    rows = [row for row in parsed.rows if row["offering_id"] not in by_hand]
    if before and (parsed.rows or provider.expect_empty):
        still = {row["offering_id"] for row in before} & {row["offering_id"] for row in rows}
        found += fall(len(before), len(still))
    if before and rows:
        found += _uncovered(before, rows)
        found += [alarm for name in _MONEY for alarm in _median_moved(name, before, rows)]
    return tuple(found)


def _broken(provider: Provider, parsed: Parsed) -> list[Alarm]:
    rows, refused = len(parsed.rows), len(parsed.refused)
    found = []
    if not rows and not (provider.expect_empty and not refused):
        found.append(
            Alarm("there are no rows at all" + (f": none of {refused} can be read" if refused else ""))
        )
    if parsed.declared_total is not None and rows + refused < parsed.declared_total:
        found.append(
            Alarm(f"the pages declare {parsed.declared_total:,} courses, and {rows + refused:,} were found")
        )
    if parsed.repeated:
        keys = ", ".join(parsed.repeated[:3]) + (" and others" if len(parsed.repeated) > 3 else "")
        found.append(Alarm(f"keys come more than once: {keys}"))
    return found


def _missing(provider: Provider, rows: Sequence[Row]) -> list[Alarm]:
    """Return what the provider's own file asks of its rows."""
    if not rows:
        return []
    gates, found = provider.gates, []
    if len(rows) < gates.least_rows:
        found.append(
            Alarm(f"there are {len(rows):,} rows, and its file asks for at least {gates.least_rows:,}")
        )
    for name in gates.covered:
        if empty := sum(not row[name] for row in rows):
            found.append(
                Alarm(f"{empty:,} of {len(rows):,} rows have no {name}, which its file asks of every row")
            )
    return found


def fall(before: int, now: int) -> tuple[Alarm, ...]:
    """Return the alarm of a provider that lost too many of its rows; `now` are those of them still there."""
    if Fraction(before - now, max(before, 1)) <= LARGEST_FALL:
        return ()
    share = Fraction(before - now, before)
    return (Alarm(f"{before - now:,} of {before:,} rows are gone, {_percent(share)}", drift=True),)


def _uncovered(before: Sequence[Row], rows: Sequence[Row]) -> list[Alarm]:
    found = []
    for name in OFFERINGS.header:
        if name in _UNMEASURED:
            continue
        was, now = _covered(name, before), _covered(name, rows)
        if was - now > LARGEST_UNCOVERED:
            found.append(Alarm(f"{_percent(now)} of the rows have {name}, after {_percent(was)}", drift=True))
    return found


def _covered(name: str, rows: Sequence[Row]) -> Fraction:
    return Fraction(sum(bool(row[name]) for row in rows), len(rows))


def _median_moved(name: str, before: Sequence[Row], rows: Sequence[Row]) -> list[Alarm]:
    was, now = _median(name, before), _median(name, rows)
    if was is None or now is None or was == now or max(was, now) < FACTOR * min(was, now):
        return []
    return [Alarm(f"the median {name} moved from {was:.2f} to {now:.2f}", drift=True)]


def _median(name: str, rows: Sequence[Row]) -> Decimal | None:
    amounts = sorted(Decimal(row[name]) for row in rows if row[name])
    if not amounts:
        return None
    half = len(amounts) // 2
    return (amounts[half] + amounts[-half - 1]) / 2


def _percent(share: Fraction) -> str:
    return f"{float(share):.0%}"
