"""A cart: what was bought against what was planned. Nothing is guessed: what is not known is said so."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated

from catalogs.faults import did_you_mean
from catalogs.records import Offering, Pass
from optimizer.learner_file import learner_from
from optimizer.receipt import ReceiptLine, words_of
from optimizer.verify_claims import PlanClaims, PurchaseClaim
from optimizer.verify_reading import read_plan
from optimizer.verify_setting import Tables
from optimizer.verify_terms import term_end

CART_VERSION = 1
EXTRA = ("more_than_planned", "not_planned", "before_the_plan", "unknown")


@dataclass(frozen=True, slots=True)
class Bought:
    """Hold a purchase of the plan that was made."""

    row: int
    """Of the receipt."""
    id: str
    kind: str
    title: str
    price: int
    """As planned."""
    paid: int | None
    dearer: int | None
    """What was paid less the price planned; null where the receipt has no price."""
    on: date
    """As planned."""
    bought_on: date | None
    day_matters: bool
    """Whether it was bought on another day than planned, and something depends on that."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Hold a purchase of the plan that is not in the receipt."""

    id: str
    kind: str
    title: str
    price: int
    on: date
    days_overdue: int
    """Since the day planned; 0 on that day and before."""


@dataclass(frozen=True, slots=True)
class Extra:
    """Hold what the receipt has and the plan has not."""

    row: int
    id: str | None
    """As the catalog knows it."""
    title: str
    quantity: int
    paid: int | None
    bought_on: date | None
    why: Annotated[str, EXTRA]
    words: str


@dataclass(frozen=True, slots=True)
class Owned:
    """Hold what was bought as a holding of the learner's file."""

    pass_id: str | None
    offering_id: str | None
    until: date | None
    """The last day it holds; null if it has no end, or that cannot be told."""
    until_unknown: bool
    """Whether it has an end, and the receipt does not say when it was bought."""


@dataclass(frozen=True, slots=True)
class Cart:
    """Hold the whole comparison."""

    as_of: date
    plan_as_of: date
    """The day the plan is for."""
    as_planned: bool
    """Whether nothing differs: what was bought is the plan, or the first part of it."""
    cost: int
    """Of the plan."""
    paid: int
    """For what the plan has."""
    dearer: int
    """What was paid for it less the prices planned."""
    unpaid: int
    """Prices planned of what is not bought yet."""
    outside: int
    """What was paid for the rest of the receipt."""
    without_price: int
    """Rows of the receipt, or parts of them, that no price is known of."""
    bought: tuple[Bought, ...]
    missing: tuple[Missing, ...]
    extra: tuple[Extra, ...]
    holdings: tuple[Owned, ...]
    schema_version: int = field(default=CART_VERSION)
    currency: str = field(default="USD")


@dataclass(frozen=True, slots=True)
class Shop:
    """Hold all that could be bought, by id."""

    offerings: Mapping[str, Offering]
    passes: Mapping[str, Pass]


def shop_of(plan: Mapping[str, object], tables: Tables) -> tuple[PlanClaims, Shop]:
    """Return what a proved plan's JSON says, and all that its learner could buy."""
    offerings, passes, _ = tables
    claims, _ = read_plan(plan)
    assert claims is not None  # noqa: S101 - a proved plan can be read
    pass_ids = [one.pass_id for one in passes]
    learner = learner_from(claims.problem.learner, "problem.learner", claims.as_of, pass_ids)
    return claims, Shop(
        {one.offering_id: one for one in (*offerings, *learner.offerings)},
        {one.pass_id: one for one in passes},
    )


class _Names:
    """Find an id by itself in any case of letters, or by a title without case and punctuation."""

    def __init__(self, named: Iterable[tuple[str, str, str]]) -> None:
        self.providers: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self._by_words: dict[str, set[str]] = defaultdict(set)
        self._by_folded: dict[str, set[str]] = defaultdict(set)
        for id_, title, provider in named:
            self.providers[id_] = provider
            self.titles[id_] = title
            self._by_words[words_of(title)].add(id_)
            self._by_folded[id_.casefold()].add(id_)

    def by_id(self, said: str) -> str | None:
        """Return the one id that is meant."""
        if said in self.titles:
            return said
        alike = self._by_folded.get(said.casefold(), set())
        return next(iter(alike)) if len(alike) == 1 else None

    def by_title(self, title: str, provider: str) -> list[str]:
        """Return the ids of a title, sorted; that of the provider alone, where it tells them apart."""
        words = words_of(title)
        alike = sorted(self._by_words.get(words, ())) if words else []
        sold = [id_ for id_ in alike if provider and words_of(self.providers[id_]) == words_of(provider)]
        return sold if len(sold) == 1 else alike


def cart_of(plan: PlanClaims, lines: Sequence[ReceiptLine], shop: Shop, as_of: date) -> Cart:
    """Return what a receipt says was bought, against a plan that was proved."""
    left: dict[str, list[PurchaseClaim]] = defaultdict(list)
    for purchase in sorted(plan.purchases, key=lambda p: p.on):
        left[purchase.id].append(purchase)
    every: list[tuple[str, Offering | Pass]] = [*shop.offerings.items(), *shop.passes.items()]
    known = _Names((id_, one.title, one.provider) for id_, one in every)
    planned = _Names((p.id, p.title, known.providers.get(p.id, "")) for p in plan.purchases)
    words = {*planned.titles, *planned.titles.values(), *(e.title for e in plan.enrollments)}
    paid_by = {e.offering_id: e.paid_by for e in plan.enrollments}
    bought: list[Bought] = []
    extra: list[Extra] = []
    owned: list[Owned] = []
    for line in sorted(lines, key=lambda one: (one.date or date.max, one.row)):
        id_, meant = _identified(line, planned, known, words)
        early = line.date is not None and line.date < plan.as_of
        taken = [] if id_ is None or early else left[id_][: line.quantity]
        if taken and id_ is not None:
            left[id_] = left[id_][len(taken) :]
        shares = _shares(line, len(taken))
        bought += [_bought(line, p, paid, shop) for p, paid in zip(taken, shares, strict=False)]
        if len(taken) < line.quantity:
            why, told = _why(id_, meant, plan.as_of, paid_by, early=early, in_plan=id_ in planned.titles)
            rest = (
                None if line.paid is None else line.paid - sum(share or 0 for share in shares[: len(taken)])
            )
            title = line.title or known.titles.get(id_ or "", "")
            extra.append(Extra(line.row, id_, title, line.quantity - len(taken), rest, line.date, why, told))
        if id_ is not None and not early:
            owned += _owned(id_, line, shop, as_of)
    missing = tuple(
        Missing(p.id, p.kind, p.title, p.price, p.on, max((as_of - p.on).days, 0))
        for p in sorted((p for each in left.values() for p in each), key=lambda p: (p.on, p.id))
    )
    prices = [one.paid for one in bought] + [one.paid for one in extra]
    return Cart(
        as_of=as_of,
        plan_as_of=plan.as_of,
        as_planned=not extra and not any(one.dearer or one.day_matters for one in bought),
        cost=plan.cost,
        paid=sum(one.paid or 0 for one in bought),
        dearer=sum(one.dearer or 0 for one in bought),
        unpaid=sum(one.price for one in missing),
        outside=sum(one.paid or 0 for one in extra),
        without_price=prices.count(None),
        bought=tuple(sorted(bought, key=lambda one: (one.on, one.id, one.row))),
        missing=missing,
        extra=tuple(sorted(extra, key=lambda one: one.row)),
        holdings=tuple(owned),
    )


def _identified(
    line: ReceiptLine, planned: _Names, known: _Names, words: Collection[str]
) -> tuple[str | None, str]:
    """Return the id of what a row is: by its id, else by its title; or None, and what may be meant."""
    for said in (line.id, line.title):
        for names in (planned, known):
            if said and (found := names.by_id(said)) is not None:
                return found, ""
    for names in (planned, known):
        alike = names.by_title(line.title, line.provider)
        if len(alike) == 1:
            return alike[0], ""
        if alike:
            some = ", ".join(alike[:3]) + (f" and {len(alike) - 3} more" if len(alike) > 3 else "")
            return None, f" Its title stands for {some}. Say which, in a column id."
    return None, did_you_mean(line.title or line.id, words)


def _shares(line: ReceiptLine, count: int) -> list[int | None]:
    """Return what was paid for each of so many of a row's; the first ones take the cents that are left over."""
    if line.paid is None:
        return [None] * count
    each, over = divmod(line.paid, line.quantity)
    return [each + (number < over) for number in range(count)]


def _bought(line: ReceiptLine, planned: PurchaseClaim, paid: int | None, shop: Shop) -> Bought:
    return Bought(
        row=line.row,
        id=planned.id,
        kind=planned.kind,
        title=planned.title,
        price=planned.price,
        paid=paid,
        dearer=None if paid is None else paid - planned.price,
        on=planned.on,
        bought_on=line.date,
        day_matters=_day_matters(line.date, planned, shop),
    )


def _day_matters(day: date | None, planned: PurchaseClaim, shop: Shop) -> bool:
    """Say whether anything depends on the day: buying late always may, buying early where access or a term ends."""
    if day is None or day == planned.on:
        return False
    if day > planned.on:
        return True
    offering = shop.offerings.get(planned.id) if planned.kind == "offering" else None
    return planned.until is not None or (offering is not None and offering.access_days is not None)


def _why(
    id_: str | None, meant: str, day: date, paid_by: Mapping[str, str], *, early: bool, in_plan: bool
) -> tuple[str, str]:
    """Return why a row is not in the plan of a day, as a word and in words."""
    if early:
        return "before_the_plan", f"bought before {day}"
    if id_ is None:
        return "unknown", "not found in the plan or the catalog" + (f".{meant}" if meant else "")
    if in_plan:
        return "more_than_planned", "bought more often than planned"
    if (how := paid_by.get(id_)) is not None:
        return (
            "not_planned",
            f"the plan takes it and does not buy it: it is {'free' if how == 'free' else f'paid by {how}'}",
        )
    return "not_planned", "in the catalog, and the plan does not take it"


def _owned(id_: str, line: ReceiptLine, shop: Shop, as_of: date) -> list[Owned]:
    """Return what a row makes the learner own, none where it has run out already."""
    one = shop.passes.get(id_)
    if one is not None:
        if one.term_days is None and one.term_ends is None:
            return [Owned(id_, None, None, until_unknown=False)]
        until = None if line.date is None else term_end(one, line.date)
        return [] if until is not None and until < as_of else [Owned(id_, None, until, until is None)]
    offering = shop.offerings.get(id_)
    if offering is None:  # the fee of a route is nothing to own
        return []
    until = None
    if offering.access_days is not None and line.date is not None:
        until = line.date + timedelta(days=offering.access_days)
        if until < as_of:
            return []
    unknown = offering.access_days is not None and line.date is None
    return [Owned(None, id_, until, until_unknown=unknown)] * line.quantity
