"""An instance's text as typed values: only what the text says, nothing of what it means for a plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle.drawing import months_before
from tests.oracle.making import Instance

Filter = dict[str, Any]
Parts = tuple[tuple[tuple[str, ...], Fraction], ...]
Approvals = tuple[tuple[str, date | None, date | None], ...]


@dataclass(frozen=True)
class Item:
    """What a filter looks at: a course for sale or an earned line."""

    kind: str
    format: str
    provider: str
    topics: tuple[str, ...]
    parts: Parts
    unit: str
    approvals: Approvals
    course: str


@dataclass(frozen=True)
class Offer:
    """One row of the catalog, or of the learner's own."""

    id: str
    item: Item
    hours: Fraction | None
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


@dataclass(frozen=True)
class Pass:
    """One row of passes.csv."""

    id: str
    benefit: str
    price: int | None
    term_days: int | None
    term_ends: tuple[int, int] | None
    rolls_from: tuple[int, int] | None
    credit_limit: Fraction | None
    renewable: bool
    requires: str


@dataclass(frozen=True)
class Rule:
    """A requirement or a cap."""

    where: Filter
    at_least: Fraction | None
    at_most: Fraction | None
    items_at_most: int | None


@dataclass(frozen=True)
class Case:
    """A whole instance, read."""

    as_of: date
    cycle_start: date
    deadline: date
    last_day: date
    unit: str
    conversions: dict[str, Fraction]
    requirements: tuple[Rule, ...]
    caps: tuple[Rule, ...]
    offers: tuple[Offer, ...]
    """Sorted by id."""
    passes: tuple[Pass, ...]
    earned: tuple[tuple[date, Item], ...]
    held_passes: tuple[tuple[str, date | None], ...]
    held_offers: tuple[tuple[str, date | None], ...]
    budget: int | None
    require: tuple[str, ...]
    exclude: tuple[str, ...]
    exclude_providers: tuple[str, ...]
    formats: tuple[str, ...]
    max_purchases: int | None


def read(instance: Instance) -> Case:
    """Read an instance."""
    learner, target = instance.learner, instance.learner["credential"][0]
    version = instance.credential["version"][0]
    deadline = date.fromisoformat(target["deadline"])
    start = _day(target.get("cycle_start")) or months_before(
        deadline, int(version["cycle_months"])
    ) + timedelta(1)
    prices = {line["id"]: line["price"] for line in learner.get("price", [])}
    rows = [*instance.offerings, *learner.get("offering", [])]
    holdings = learner.get("holding", [])
    wishes = learner.get("preferences", {})
    return Case(
        as_of=instance.as_of,
        cycle_start=start,
        deadline=deadline,
        last_day=deadline - timedelta(int(version["submit_days_before"])),
        unit=instance.credential["unit"],
        conversions={unit: Fraction(rate) for unit, rate in instance.credential["conversions"].items()},
        requirements=tuple(_rule(table) for table in version["requirement"]),
        caps=tuple(_rule(table) for table in version.get("cap", [])),
        offers=tuple(sorted((_offer(row, prices) for row in rows), key=lambda offer: offer.id)),
        passes=tuple(_pass(row, prices) for row in instance.passes),
        earned=tuple(
            (date.fromisoformat(line["date"]), _item(line, line.get("course_id", "")))
            for line in learner.get("earned", [])
        ),
        held_passes=tuple(
            (line["pass_id"], _day(line.get("until"))) for line in holdings if "pass_id" in line
        ),
        held_offers=tuple(
            (line["offering_id"], _day(line.get("until"))) for line in holdings if "offering_id" in line
        ),
        budget=_cents(learner.get("budget")),
        require=tuple(wishes.get("require", ())),
        exclude=tuple(wishes.get("exclude", ())),
        exclude_providers=tuple(wishes.get("exclude_providers", ())),
        formats=tuple(wishes.get("formats", ())),
        max_purchases=int(wishes["max_purchases"]) if "max_purchases" in wishes else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _cents(text: str | None) -> int | None:
    return int(Fraction(text) * 100) if text else None


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _month_day(text: str) -> tuple[int, int] | None:
    return (int(text[:2]), int(text[3:])) if text else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(";") if word.strip())


def _item(row: dict[str, str], course: str) -> Item:
    parts, approvals = [], []
    for text in _words(row["credits"]):
        slugs, amount = text.split("=")
        parts.append((tuple(slugs.split("|")), Fraction(amount)))
    for text in _words(row.get("approvals", "")):
        name, _, window = text.partition("@")
        first, _, last = window.partition("/")
        approvals.append((name.partition("#")[0], _day(first), _day(last)))
    return Item(
        row.get("kind", ""),
        row.get("format", ""),
        row.get("provider", ""),
        _words(row.get("topics", "")),
        tuple(parts),
        row.get("unit", ""),
        tuple(approvals),
        course,
    )


def _offer(row: dict[str, str], prices: dict[str, str]) -> Offer:
    key = row["offering_id"]
    return Offer(
        id=key,
        item=_item(row, row.get("course_id") or key),
        hours=Fraction(row["hours"]) if row.get("hours") else None,
        price=_cents(prices.get(key) or row.get("price")),
        member_price=_cents(row.get("member_price")),
        passes=_words(row.get("passes", "")),
        available_from=_day(row.get("available_from")),
        available_until=_day(row.get("available_until")),
        starts=_day(row.get("starts")) or _day(row.get("ends")),
        ends=_day(row.get("ends")) or _day(row.get("starts")),
        access_days=_number(row.get("access_days")),
        times=int(row.get("times") or 1),
        repeat_days=int(row.get("repeat_days") or 0),
    )


def _pass(row: dict[str, str], prices: dict[str, str]) -> Pass:
    return Pass(
        id=row["pass_id"],
        benefit=row["benefit"],
        price=_cents(prices.get(row["pass_id"]) or row["price"]),
        term_days=_number(row["term_days"]),
        term_ends=_month_day(row["term_ends"]),
        rolls_from=_month_day(row["rolls_from"]),
        credit_limit=Fraction(row["credit_limit"]) if row["credit_limit"] else None,
        renewable=row["renewable"] != "no",
        requires=row["requires"],
    )


def _rule(table: dict[str, Any]) -> Rule:
    amount = lambda key: Fraction(table[key]) if key in table else None  # noqa: E731
    return Rule(
        table.get("where", {}), amount("at_least"), amount("at_most"), _number(table.get("items_at_most"))
    )
