"""What a plan's JSON says, typed, as claims to be proved; and how the contract writes amounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NewType

Where = NewType("Where", str)
"""The line's own name, for messages; not a key."""
Cents = NewType("Cents", int)
Balance = NewType("Balance", int)
"""Cents, perhaps fewer than none."""
Amount = NewType("Amount", str)
Exact = NewType("Exact", str)
Whole = NewType("Whole", int)
Flag = NewType("Flag", bool)

STATUSES = ("optimal", "feasible", "infeasible", "nothing_needed")


@dataclass(frozen=True, slots=True)
class Violation:
    """Name one rule that a finished plan breaks."""

    what: str
    """Short slug."""
    message: str
    """A sentence for a person: the line, the rule and the two figures."""


@dataclass(frozen=True, slots=True)
class CountClaim:
    """Hold credit that the plan says is counted in one category."""

    credential: str
    category: str
    approvers: tuple[str, ...]
    credit: Amount
    exact: Exact | None

    @property
    def counted(self) -> Fraction:
        """Return the credit exactly."""
        return Fraction(self.credit if self.exact is None else self.exact)


@dataclass(frozen=True, slots=True)
class PurchaseClaim:
    """Hold one line of `purchases`."""

    where: Where
    id: str
    kind: str
    title: str
    price: Cents
    on: date
    until: date | None
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnrollmentClaim:
    """Hold one line of `enrollments`."""

    where: Where
    offering_id: str
    course_id: str
    title: str
    provider: str
    paid_by: str
    price: Cents
    hours: Amount
    start: date
    finish: date
    by: date
    counts: tuple[CountClaim, ...]
    assumed: tuple[str, ...]


Day = date
"""For fields called `date`."""


@dataclass(frozen=True, slots=True)
class EarnedClaim:
    """Hold one line of `earned`."""

    where: Where
    credential: str
    date: Day | None
    title: str
    course_id: str
    counts: tuple[CountClaim, ...]
    void: Amount
    why_not: str | None


@dataclass(frozen=True, slots=True)
class RequirementClaim:
    """Hold one line of `requirements`."""

    credential: str
    name: str
    required: Amount
    earned: Amount
    planned: Amount
    short: Amount


@dataclass(frozen=True, slots=True)
class CapClaim:
    """Hold one line of `caps`."""

    credential: str
    name: str
    at_most: Amount | None
    items_at_most: Whole | None
    used: Amount
    void: Amount


@dataclass(frozen=True, slots=True)
class RemedyClaim:
    """Hold one line of `no_plan.remedies`."""

    change: str
    cost: Cents | None


@dataclass(frozen=True, slots=True)
class NoPlanClaim:
    """Hold `no_plan`."""

    cheapest_full_cost: Cents | None
    bound: Cents | None
    partial_proven: Flag
    conflict: tuple[str, ...]
    remedies: tuple[RemedyClaim, ...]


@dataclass(frozen=True, slots=True)
class RouteClaim:
    """Hold one line of `routes`."""

    credential: str
    name: str
    cost: Cents | None


@dataclass(frozen=True, slots=True)
class ApartClaim:
    """Hold one line of `together.apart`."""

    credential: str
    cost: Cents | None


@dataclass(frozen=True, slots=True)
class TogetherClaim:
    """Hold `together`."""

    apart: tuple[ApartClaim, ...]
    saves: Balance | None


@dataclass(frozen=True, slots=True)
class AlternativeClaim:
    """Hold one line of `alternatives`; its plan is read and proved as a plan of its own."""

    kinds: tuple[str, ...]
    words: str
    differs: str
    cost: Cents
    proven: Flag
    plan: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NoAlternativeClaim:
    """Hold one line of `no_alternatives`."""

    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class InterchangeableClaim:
    """Hold one line of `ties.interchangeable`."""

    taken: Whole
    times: Whole
    offerings: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class SameCostClaim:
    """Hold one line of `ties.same_cost`."""

    differs: str
    plan: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TiesClaim:
    """Hold `ties`."""

    interchangeable: tuple[InterchangeableClaim, ...]
    same_cost: tuple[SameCostClaim, ...]
    complete: Flag


@dataclass(frozen=True, slots=True)
class CrossCheckClaim:
    """Hold `cross_check`."""

    solver: str
    agrees: Flag
    cost: Cents | None
    short: Amount | None
    why_not: str | None


@dataclass(frozen=True, slots=True)
class FeeClaim:
    """Hold one line of `fees`."""

    credential: str
    name: str
    amount: Cents
    note: str


@dataclass(frozen=True, slots=True)
class CredentialClaim:
    """Hold one entry of `problem.credentials`."""

    id: str
    version: str
    sha256: str
    text: str | None


@dataclass(frozen=True, slots=True)
class ProblemClaim:
    """Hold `problem`."""

    learner: Mapping[str, object]
    credentials: tuple[CredentialClaim, ...]


@dataclass(frozen=True, slots=True)
class SetAsideClaim:
    """Hold one line of `catalog.set_aside`."""

    why: str
    count: Whole


@dataclass(frozen=True, slots=True)
class CatalogClaim:
    """Hold `catalog`."""

    digest: str
    offerings: Whole
    passes: Whole
    set_aside: tuple[SetAsideClaim, ...]


@dataclass(frozen=True, slots=True)
class PlanClaims:
    """Hold all that a plan says, typed; nothing of it is proved yet."""

    schema_version: Whole
    status: str
    as_of: date
    currency: str
    cost: Cents
    bound: Cents
    gap: Cents
    budget: Cents | None
    hours: Amount
    route: Mapping[str, object]
    purchases: tuple[PurchaseClaim, ...]
    enrollments: tuple[EnrollmentClaim, ...]
    earned: tuple[EarnedClaim, ...]
    requirements: tuple[RequirementClaim, ...]
    caps: tuple[CapClaim, ...]
    no_plan: NoPlanClaim | None
    routes: tuple[RouteClaim, ...]
    together: TogetherClaim | None
    alternatives: tuple[AlternativeClaim, ...]
    no_alternatives: tuple[NoAlternativeClaim, ...]
    ties: TiesClaim | None
    cross_check: CrossCheckClaim | None
    fees: tuple[FeeClaim, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    not_modelled: tuple[str, ...]
    problem: ProblemClaim
    catalog: CatalogClaim


def decimal_text(amount: Fraction) -> str:
    """Write an amount as the contract does: exact with at least two decimals, else half up to six places."""
    rest, twos, fives = amount.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(2, twos, fives) if rest == 1 else 6
    scaled = (amount.numerator * 10**places * 2 + amount.denominator) // (amount.denominator * 2)
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}"


def money_text(cents: int) -> str:
    """Write cents as the contract does."""
    return f"{cents // 100}.{cents % 100:02d}"


def shown(value: object) -> str:
    """Return a value as a message may show it, however long, odd or deep it is."""
    if isinstance(value, str):
        clean = "".join(letter if letter.isprintable() else "?" for letter in value[:60])
        return f'"{clean}{"…" if len(value) > 60 else ""}"'
    if value is None:
        return "null"
    if isinstance(value, bool | float):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if value.bit_length() < 64 else "a huge number"
    return "a list" if isinstance(value, list) else "an object"
