"""The plan: the one declaration of what is answered, printed as text and written as JSON."""

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from catalogs.amounts import write_money

SCHEMA_VERSION = 1
STATUSES = ("optimal", "feasible", "infeasible", "nothing_needed")
PURCHASED = ("pass", "offering", "route")
KINDS = (
    "fewest_hours", "fewest_purchases", "no_subscription", "approved", "one_provider", "nothing_assumed",
    "nothing_in_person",
)  # fmt: skip
"""Kinds of plan that may be wanted in place of the cheapest, in the order in which they are looked for."""
NO_ALTERNATIVE = ("the_plan_itself", "none", "not_settled", "not_looked_for")
PLACES = 6
"""Decimal places of an amount whose decimal does not end."""


def amount(value: Fraction) -> str:
    """Return an exact decimal string with at least two decimals, or one rounded half up to six if it does not end."""
    denominator = value.denominator
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    places = max(2, twos, fives) if denominator == 1 else PLACES
    whole = (2 * value.numerator * 10**places + value.denominator) // (2 * value.denominator)
    sign, digits = ("-" if whole < 0 else ""), f"{abs(whole):0{places + 1}d}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def is_exact(value: Fraction) -> bool:
    """Say whether `amount` shows a value exactly."""
    return Fraction(Decimal(amount(value))) == value


@dataclass(frozen=True, slots=True)
class Purchase:
    """Hold money that leaves."""

    id: str
    kind: Annotated[str, PURCHASED]
    title: str
    price: int
    on: date
    until: date | None
    """Last day of a term; None if it never ends, or for an offering."""
    assumed: tuple[str, ...]
    """Columns of what is bought whose value nobody published."""


@dataclass(frozen=True, slots=True)
class CountedCredit:
    """Hold credit counted for one credential in one category."""

    credential: str
    category: str
    approvers: tuple[str, ...]
    credit: Fraction


@dataclass(frozen=True, slots=True)
class Enrollment:
    """Hold a seat taken."""

    offering_id: str
    course_id: str
    title: str
    provider: str
    paid_by: str
    """`single`, `free` or the id of a pass."""
    price: int
    minutes: int
    start: date
    finish: date
    by: date
    """The latest day on which it could finish, all else kept."""
    counts: tuple[CountedCredit, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EarnedLine:
    """Hold one line of the transcript and what it counts for one credential."""

    credential: str
    date: date | None
    title: str
    course_id: str
    counts: tuple[CountedCredit, ...]
    void: Fraction
    why_not: str | None
    """Why it counts nothing."""


@dataclass(frozen=True, slots=True)
class RequirementMet:
    """Hold how far one requirement is met."""

    credential: str
    name: str
    required: Fraction
    earned: Fraction
    planned: Fraction
    short: Fraction


@dataclass(frozen=True, slots=True)
class CapUsed:
    """Hold how far one cap is used, and the matching credit that is not counted."""

    credential: str
    name: str
    at_most: Fraction | None
    items_at_most: int | None
    used: Fraction
    void: Fraction


@dataclass(frozen=True, slots=True)
class Remedy:
    """Hold one change that makes a full plan possible, and the total cost after it."""

    change: str
    cost: int


@dataclass(frozen=True, slots=True)
class NoPlan:
    """Say why there is no full plan."""

    cheapest_full_cost: int | None
    bound: int | None
    """Proven lower limit of what any full plan costs; None where there is none at any price."""
    partial_proven: bool
    """Whether the partial plan is proven to be the best that fits."""
    conflict: tuple[str, ...]
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class RoutePriced:
    """Hold what one credential costs by another route; None if it is not to be had any more."""

    credential: str
    name: str
    cost: int | None


@dataclass(frozen=True, slots=True)
class Apart:
    """Hold what one credential costs when it is planned alone; None if it has no full plan then."""

    credential: str
    cost: int | None


@dataclass(frozen=True, slots=True)
class Together:
    """Say what planning several credentials together saves; None where one has no full plan alone."""

    apart: tuple[Apart, ...]
    saves: int | None


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Say what a second solver, given the same integer program, proved."""

    solver: str
    agrees: bool
    """Whether it proved the same least cost, or that no plan is full, and the same least that stays short."""
    cost: int | None
    """The least cost of a full plan; None where there is none, or none was proven."""
    short: Fraction | None
    """The least that must stay short in all, where there is no full plan, if it agrees on that."""
    why_not: str | None
    """Why it does not agree; what contradicts the first solver is never shown as a plan."""


@dataclass(frozen=True, slots=True)
class FeeOwed:
    """Hold a fee that is owed whatever is planned."""

    credential: str
    name: str
    amount: int
    note: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Count offerings that could not be used."""

    why: str
    count: int


@dataclass(frozen=True, slots=True)
class CatalogUsed:
    """Say which catalog the plan rests on."""

    digest: str
    offerings: int
    passes: int
    set_aside: tuple[SetAside, ...]


@dataclass(frozen=True, slots=True)
class CredentialUsed:
    """Say which rules the plan rests on; `text` holds rules that are not shipped."""

    id: str
    version: date
    sha256: str
    text: str | None


@dataclass(frozen=True, slots=True)
class ProblemPosed:
    """Hold what `verify` needs to pose the question again."""

    learner: dict[str, Any]
    """In the shape of the learner's TOML, after flags."""
    credentials: tuple[CredentialUsed, ...]


@dataclass(frozen=True, slots=True)
class Interchangeable:
    """Hold offerings of which nothing that a learner sees, but title and page, tells one from another."""

    taken: int
    """How many of them the plan takes; any so many do as well."""
    times: int
    """How often each of them may be taken."""
    offerings: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class SameCost:
    """Hold a plan of other purchases that cost the same, and how it differs."""

    differs: str
    plan: "Plan"


@dataclass(frozen=True, slots=True)
class Ties:
    """Say what of a plan could be otherwise at the same cost."""

    interchangeable: tuple[Interchangeable, ...]
    same_cost: tuple[SameCost, ...]
    complete: bool
    """Whether no other kind of purchases costs the same; else there may be more."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Hold a plan of another kind, and what it gives up and gains."""

    kinds: tuple[Annotated[str, KINDS], ...]
    words: str
    differs: str
    cost: int
    proven: bool
    """Whether no plan of its kinds is better: cheaper, or for the fewest of something the same with fewer."""
    plan: "Plan"


@dataclass(frozen=True, slots=True)
class NoAlternative:
    """Say why there is no alternative of a kind."""

    kind: Annotated[str, KINDS]
    why: Annotated[str, NO_ALTERNATIVE]


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the whole answer."""

    status: Annotated[str, STATUSES]
    as_of: date
    """The day the answer is for."""
    cost: int
    bound: int
    """Proven lower limit of the cost."""
    gap: int = field(init=False)
    """Cost less bound: no more than this could be saved; 0 where the cost is proven to be least."""
    budget: int | None
    minutes: int
    route: dict[str, str]
    purchases: tuple[Purchase, ...]
    enrollments: tuple[Enrollment, ...]
    earned: tuple[EarnedLine, ...]
    requirements: tuple[RequirementMet, ...]
    caps: tuple[CapUsed, ...]
    no_plan: NoPlan | None
    routes: tuple[RoutePriced, ...]
    """The other routes, each for its credential alone."""
    together: Together | None
    """None for a single credential."""
    alternatives: tuple[Alternative, ...]
    """Those asked for; their plans hold none."""
    no_alternatives: tuple[NoAlternative, ...]
    ties: Ties | None
    """None where alternatives were not asked for, or there is no full plan."""
    cross_check: CrossCheck | None
    """None where it was not asked for."""
    fees: tuple[FeeOwed, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    not_modelled: tuple[str, ...]
    problem: ProblemPosed
    catalog: CatalogUsed
    schema_version: int = field(default=SCHEMA_VERSION)
    currency: str = field(default="USD")

    def __post_init__(self) -> None:
        object.__setattr__(self, "gap", self.cost - self.bound)


MONEY = {"cost", "saves", "bound", "gap", "budget", "price", "amount", "cheapest_full_cost"}
MONEY |= {"without", "up_to", "singly", "below", "least_with", "one_more", "keeping"}
MONEY |= {"paid", "dearer", "unpaid", "outside"}
MONEY |= {"partial_cost", "group_price"}


def to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as the JSON of the contract: amounts as decimal strings, days as ISO text."""
    found = json_of(plan)
    assert isinstance(found, dict)  # noqa: S101 - a dataclass always becomes a mapping
    return {"schema_version": found.pop("schema_version"), **found}


def json_of(value: object, name: str = "") -> Any:
    """Return a value of a plan as its JSON."""
    match value:
        case CountedCredit():
            return {
                "credential": value.credential,
                "category": value.category,
                "approvers": list(value.approvers),
                "credit": amount(value.credit),
                "exact": None if is_exact(value.credit) else str(value.credit),
            }
        case ProblemPosed():
            return {"learner": value.learner, "credentials": json_of(value.credentials)}
        case int() if name in MONEY:
            return write_money(value)
        case int() if name == "minutes":
            return amount(Fraction(value, 60))
        case Fraction():
            return amount(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return [json_of(item) for item in value]
        case dict():
            return {key: json_of(item, key) for key, item in value.items()}
        case _ if is_dataclass(value):
            return {
                "hours" if f.name == "minutes" else f.name: json_of(getattr(value, f.name), f.name)
                for f in fields(value)
            }
        case _:
            return value
