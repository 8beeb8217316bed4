"""The explanation: the one declaration of what `ceuplan explain` answers, printed as text and written as JSON."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Annotated

from optimizer.plan import PURCHASED, SCHEMA_VERSION, STATUSES, Remedy


@dataclass(frozen=True, slots=True)
class Closed:
    """Hold credit that a purchase brings, for one credential in one category."""

    credential: str
    category: str
    credit: Fraction


@dataclass(frozen=True, slots=True)
class PurchaseExplained:
    """Say what one thing the plan buys is worth to it; alike offerings stand together."""

    ids: tuple[str, ...]
    kind: Annotated[str, PURCHASED]
    title: str
    """Of the first of them."""
    price: int
    """Of one of them."""
    bought: int
    """How many, or how many terms."""
    cost: int
    """Of all of them, and of the courses whose price a pass only lowers."""
    pays_for: int
    """Courses whose price it pays or lowers."""
    closes: tuple[Closed, ...]
    """What those courses count."""
    singly: int | None
    """What those courses cost bought one by one, for a pass; None where there are none, or one is not sold singly."""
    without: int | None
    """The least cost of a plan that buys none of the first of them; None where there is no such plan."""
    up_to: int | None
    """The highest list price at which every cheapest plan buys it.

    None where an equally cheap plan does not, where there is no plan without it, and for what is bought at a discount.
    """


@dataclass(frozen=True, slots=True)
class PassLeftOut:
    """Say when a pass that the plan does not buy would start to pay."""

    id: str
    title: str
    price: int
    below: int | None
    """The highest price at which every cheapest plan buys it; None where it would not be bought for nothing."""


@dataclass(frozen=True, slots=True)
class ProviderLeftOut:
    """Say what it would cost to take a course of a provider the plan takes none of."""

    provider: str
    offerings: int
    """That could be used."""
    least_with: int | None
    """The least cost of a plan that takes one of them; None where there is none."""


@dataclass(frozen=True, slots=True)
class RequirementExplained:
    """Say what one requirement adds to the cost."""

    credential: str
    name: str
    required: Fraction
    without: int | None
    """The least cost of a plan that need not meet it; None where there is still none."""
    one_more: int | None
    """The least cost if it asked for one credit more; None where there is no such plan."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Hold what somebody would pay who went about it differently."""

    way: str
    cost: int | None
    """None where that leads to no full plan."""


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """Hold a plan's figures after changes, and what moved."""

    changes: tuple[str, ...]
    status: Annotated[str, STATUSES]
    cost: int | None
    """Of the cheapest full plan, within the budget or not; None where there is none."""
    bound: int | None
    """Proven lower limit of that cost."""
    minutes: int
    bought: tuple[str, ...]
    """What a full plan buys now and did not before."""
    no_longer: tuple[str, ...]
    """What a full plan bought before and does not now."""
    keeping: int | None
    """The least cost with nothing but what was planned before, None where that makes no full plan."""
    each: tuple[Compared, ...]
    """Each change by itself, where there are several; but not one that makes no sense alone."""
    unsettled: tuple[str, ...]
    """What could not be worked out in the time given."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold why a plan, or none, came out."""

    status: Annotated[str, STATUSES]
    as_of: date
    cost: int
    bound: int
    minutes: int
    purchases: tuple[PurchaseExplained, ...]
    requirements: tuple[RequirementExplained, ...]
    compared: tuple[Compared, ...]
    passes_left_out: tuple[PassLeftOut, ...]
    providers_left_out: tuple[ProviderLeftOut, ...]
    conflicts: tuple[tuple[str, ...], ...]
    all_conflicts: bool
    """Whether these are all the smallest conflicts there are."""
    remedies: tuple[Remedy, ...]
    what_if: WhatIfAnswer | None
    unsettled: tuple[str, ...]
    """What could not be worked out in the time given."""
    schema_version: int = field(default=SCHEMA_VERSION)
    currency: str = field(default="USD")
