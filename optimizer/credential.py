"""Credentials as data: what one credential's TOML file says, typed and exact."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Source:
    """Say where a number was read, and when."""

    title: str
    url: str
    read_on: date | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Hold one `where`: a credit matches if every non-empty tuple contains its value and `exclude` does not match."""

    category: tuple[str, ...] = ()
    approver: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    exclude: "Filter | None" = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """Ask for at least so much counted credit that matches `where`."""

    name: str
    at_least: Fraction
    where: Filter
    every_months: int | None
    """Binds in each such part of the cycle."""
    within_months: int | None
    """Looks at so many months up to the deadline in place of the cycle."""
    ever: bool
    """Looks at all days up to the deadline."""
    route: str
    confidence: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Cap:
    """Let at most so much credit, or so many items, that match `where` count."""

    name: str
    at_most: Fraction | None
    items_at_most: int | None
    where: Filter
    every_months: int | None
    route: str
    confidence: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Route:
    """Name another way to recertify and its price in cents, with lower prices under some passes."""

    name: str
    price: int
    passes: tuple[tuple[str, int], ...]
    days_before: int
    """To be done so many days before the deadline."""
    lapsed_fee: int | None
    """Owed beside its price once continuing education no longer helps; None if it is then closed, or not known."""
    confidence: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Let credit earned in the months before the cycle count as if in it, at most so much."""

    months: int
    at_most: Fraction
    confidence: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Fee:
    """Name a fee in cents that is owed whatever is planned: shown, never in the cost."""

    name: str
    amount: int
    note: str
    confidence: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class NotModelled:
    """Say in words what the rules below leave out; printed with every plan."""

    text: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Version:
    """Hold the rules that govern deadlines from `effective` on."""

    effective: date
    cycle_months: int
    submit_days_before: int
    lapse_days: int | None
    """Days after the deadline during which continuing education may still be submitted; None if not known."""
    carry_over: CarryOver | None
    repeat_months: int | None
    """A course earned in the months up to the deadline counts no more often than `times`; None: in the cycle."""
    smallest_item: Fraction | None
    """An item of less credit counts nothing."""
    round_down_to: Fraction | None
    """Each part of an item's credit is rounded down to a whole multiple of this."""
    confidence: str
    source: Source
    requirements: tuple[Requirement, ...]
    caps: tuple[Cap, ...]
    routes: tuple[Route, ...]
    fees: tuple[Fee, ...]
    not_modelled: tuple[NotModelled, ...]


@dataclass(frozen=True, slots=True)
class Credential:
    """Hold one credential: who issues it, its unit and its dated rules."""

    id: str
    name: str
    issuer: str
    unit: str
    membership: str
    """Pass id of the issuer's membership, for `--member`; empty if none."""
    conversions: tuple[tuple[str, Fraction], ...]
    """Credits of this credential per unit, sorted by unit; its own unit is always there, at 1 unless stated."""
    versions: tuple[Version, ...]
    """Sorted by effective date."""
    text: str
    """The file's text, as read."""
    sha256: str
    """Of the file's bytes."""
