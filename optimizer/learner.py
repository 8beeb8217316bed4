"""Learners: what one learner's TOML file and flags say, typed and exact."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalogs.records import Approval, Offering, Part


@dataclass(frozen=True, slots=True)
class Target:
    """Name one credential the learner must keep, and its cycle."""

    credential: str
    """Id of a shipped credential, or empty if `file` is given."""
    file: str
    """Path of the learner's own rules as written, or empty."""
    deadline: date | None
    """Last good day; None for the default, a full cycle from as_of."""
    cycle_start: date | None
    """None for the default: the day after deadline − cycle_months."""
    shares: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """Name a pass or an offering the learner already owns; one of the two ids is empty."""

    pass_id: str
    offering_id: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Earned:
    """Hold one line of a transcript; empty values match no filter."""

    date: date | None
    """None for the `--earned` flag: inside the cycle."""
    title: str
    credits: tuple[Part, ...]
    unit: str
    """Empty: unknown, does not count. `=` for the `--earned` flag: the credential's own unit."""
    kind: str
    format: str
    provider: str
    topics: tuple[str, ...]
    approvals: tuple[Approval, ...]
    minutes: int | None
    course_id: str


@dataclass(frozen=True, slots=True)
class Away:
    """Name days without study."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Preferences:
    """Hold what the learner insists on; empty and None mean no limit."""

    require: tuple[str, ...]
    exclude: tuple[str, ...]
    exclude_providers: tuple[str, ...]
    formats: tuple[str, ...]
    max_purchases: int | None


@dataclass(frozen=True, slots=True)
class Learner:
    """Hold one learner after flags."""

    targets: tuple[Target, ...]
    budget: int | None
    """Cents."""
    hours_per_week: Decimal | None
    route: str
    """Empty for the default route; `any` or a route's name otherwise."""
    no_assumed: bool
    member: bool
    holdings: tuple[Holding, ...]
    earned: tuple[Earned, ...]
    offerings: tuple[Offering, ...]
    """What only this learner can take."""
    prices: tuple[tuple[str, int], ...]
    """Offering or pass id and its price in cents for this learner."""
    away: tuple[Away, ...]
    preferences: Preferences
