"""Read a finished plan's JSON as claims to be proved: every key, type and spelling is checked first."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, NewType, get_args, get_origin, get_type_hints

from catalogs.records import Offering, Pass
from optimizer.credential import Credential, Version
from optimizer.learner import Learner

Where = NewType("Where", str)
"""The line's own name, for messages; not a key."""
Cents = NewType("Cents", int)
Amount = NewType("Amount", str)
Exact = NewType("Exact", str)
Whole = NewType("Whole", int)

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
    conflict: tuple[str, ...]
    remedies: tuple[RemedyClaim, ...]


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
    budget: Cents | None
    hours: Amount
    route: Mapping[str, object]
    purchases: tuple[PurchaseClaim, ...]
    enrollments: tuple[EnrollmentClaim, ...]
    earned: tuple[EarnedClaim, ...]
    requirements: tuple[RequirementClaim, ...]
    caps: tuple[CapClaim, ...]
    no_plan: NoPlanClaim | None
    fees: tuple[FeeClaim, ...]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    not_modelled: tuple[str, ...]
    problem: ProblemClaim
    catalog: CatalogClaim


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold what the plan is for, read again from the catalog, the rules and the learner."""

    as_of: date
    cycle_start: date
    deadline: date
    last_day: date
    """Last day to finish."""
    learner: Learner
    credential: Credential
    version: Version
    offerings: Mapping[str, Offering]
    """The catalog's and the learner's own, by id, at the price this learner pays."""
    passes: Mapping[str, Pass]
    """By id, at the price this learner pays."""
    held: Mapping[str, date]
    """Passes held and the last day of each."""
    seats: Mapping[str, tuple[date, ...]]
    """Offerings held and the last day of each seat, latest first."""


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


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _spelled[T](pattern: str, convert: Callable[[str], T]) -> Callable[[object], T | None]:
    spelling = re.compile(pattern, re.ASCII)

    def take(value: object) -> T | None:
        try:
            return convert(value) if isinstance(value, str) and spelling.fullmatch(value) else None
        except ValueError:
            return None

    return take


def _whole(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _mapping(value: object) -> Mapping[str, object] | None:
    return value if isinstance(value, Mapping) and all(isinstance(key, str) for key in value) else None


_TAKE: Mapping[object, tuple[Callable[[object], object | None], str]] = {
    str: (_text, "a text"),
    Whole: (_whole, "a whole number, 0 or more"),
    Cents: (
        _spelled(r"(0|[1-9][0-9]{0,11})\.[0-9]{2}", lambda text: int(text.replace(".", ""))),
        'money like "59.90"',
    ),
    Amount: (_spelled(r"(0|[1-9][0-9]{0,11})\.[0-9]{2,40}", str), 'a decimal number like "1.50"'),
    Exact: (_spelled(r"[1-9][0-9]{0,17}/[1-9][0-9]{0,17}", str), 'a fraction like "5/6"'),
    date: (
        _spelled(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", date.fromisoformat),
        'a day like "2026-11-22", from 1900 to 2199',
    ),
    Mapping[str, object]: (_mapping, "an object"),
}
_hints = cache(get_type_hints)


class _Reader:
    """Fill claims by their declared types; what is wrong becomes a violation, and None stands for it."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def wrong(self, where: str, value: object, wanted: str) -> None:
        self.violations.append(Violation("form", f"{where} should be {wanted}, but is {shown(value)}."))

    def claim[T](self, kind: type[T], value: object, where: str) -> T | None:
        line = _mapping(value)
        if line is None:
            self.wrong(where, value, "an object")
            return None
        keys = ("offering_id", "id", "name", "title")
        label = next((f" ({shown(line[key])})" for key in keys if isinstance(line.get(key), str)), "")
        fields = {key: self.key(line, key, hint, where + label) for key, hint in _hints(kind).items()}
        return kind(**fields)

    def key(self, line: Mapping[str, object], key: str, hint: Any, where: str) -> Any:
        if hint is Where:
            return where
        if key not in line:
            self.violations.append(Violation("missing_key", f'{where} has no key "{key}".'))
            return None
        value, place = line[key], key if where == "The plan" else f"{where}, {key}"
        if type(None) in get_args(hint):
            if value is None:
                return None
            hint = get_args(hint)[0]
        if get_origin(hint) is not tuple:
            return self.one(hint, value, place)
        if not isinstance(value, list):
            return self.wrong(place, value, "a list")
        return tuple(self.one(get_args(hint)[0], entry, f"{place} {n}") for n, entry in enumerate(value, 1))

    def one(self, hint: Any, value: object, where: str) -> Any:
        if is_dataclass(hint):
            return self.claim(hint, value, where)  # type: ignore[arg-type]
        take, wanted = _TAKE[hint]
        if (taken := take(value)) is None:
            self.wrong(where, value, wanted)
        return taken


def read_plan(plan: object) -> tuple[PlanClaims | None, tuple[Violation, ...]]:
    """Return the plan's claims, or None and what is wrong with its form."""
    reader = _Reader()
    claims = reader.claim(PlanClaims, plan, "The plan")
    if claims is None or reader.violations:
        return None, tuple(reader.violations)
    if claims.schema_version != 1:
        reader.wrong("schema_version", claims.schema_version, "1")
    if claims.currency != "USD":
        reader.wrong("currency", claims.currency, '"USD"')
    if claims.status not in STATUSES:
        reader.wrong("status", claims.status, f"one of {', '.join(STATUSES)}")
    for line in (*claims.earned, *claims.enrollments):
        for count in line.counts:
            written = decimal_text(count.counted)
            rounded = Fraction(written) != count.counted
            if count.credit != written or rounded != (count.exact is not None):
                reader.wrong(f"{line.where}, credit", count.credit, f'"{written}", `exact` given if rounded')
            if count.exact is not None and count.exact != str(count.counted):
                reader.wrong(f"{line.where}, exact", count.exact, f'"{count.counted}"')
    return (None if reader.violations else claims), tuple(reader.violations)
