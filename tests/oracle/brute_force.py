"""The obvious search: every set of terms on every day, every way of taking every course, every rule looked at directly.

Written from docs/meaning.md (numbers in brackets). Slow and exact; only for `instances.small`.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from tests.oracle.exact import Counter
from tests.oracle.making import Instance
from tests.oracle.reading import Case, Offer, read
from tests.oracle.search import Search, Taken

DEFAULT_HOURS = {
    "contact_hour": 1,
    "aama_ceu": 1,
    "cme": 1,
    "clock_hour": 1,
    "nha_credit": 2,
    "iacet_ceu": 10,
    "college_credit": 15,
}


@dataclass(frozen=True)
class Plan:
    """The best plan: its aims, and every multiset of offerings that attains them with its least last finish day."""

    short: Fraction
    cost: int
    minutes: int
    purchases: int
    enrollments: int
    rank_sum: int
    choices: tuple[tuple[tuple[str, ...], date | None], ...]


@dataclass(frozen=True)
class Answer:
    """What the search found."""

    full: Plan | None
    """The cheapest full plan, whatever the budget; None if none exists at any price."""
    fits: bool
    """Whether that plan is within the budget."""
    partial: Plan | None
    """Where it is not: the best plan within the budget; None if not even the preferences can be met."""

    @property
    def cost(self) -> int | None:
        """Cents of the cheapest full plan."""
        return self.full.cost if self.full else None


def best(instance: Instance) -> Answer:
    """Search the whole instance."""
    case = read(instance)
    plans = Search(case).plans()
    counter = Counter(case)
    full = _choose(case, counter, plans)
    if full and full.short:
        full = None
    fits = full is not None and (case.budget is None or full.cost <= case.budget)
    affordable = {
        taken: plan for taken, plan in plans.items() if case.budget is None or plan[0] <= case.budget
    }
    return Answer(full, fits, None if fits else _choose(case, counter, affordable))


def minutes_of(offer: Offer) -> int:
    """Give what an enrollment takes, in whole minutes (meaning 21)."""
    hours = offer.hours
    if hours is None:
        hours = DEFAULT_HOURS.get(offer.item.unit, 1) * sum(
            (amount for _, amount in offer.item.parts), Fraction(0)
        )
    return ceil(hours * 60)


def _choose(case: Case, counter: Counter, plans: dict[Taken, tuple[int, int, date]]) -> Plan | None:
    """Of the cheapest plan of everything that can be taken, find the best in the order of the aims."""
    if not plans:
        return None
    least = _least_short(counter, list(plans))
    minutes = {offer.id: minutes_of(offer) for offer in case.offers}
    rank = {offer.id: place for place, offer in enumerate(case.offers, 1)}

    def aims(taken: Taken) -> tuple[int, int, int, int, int]:
        cost, purchases, _ = plans[taken]
        return (
            cost,
            sum(minutes[key] for key, _ in taken),
            purchases,
            len(taken),
            sum(rank[key] for key, _ in taken),
        )

    winner: tuple[int, int, int, int, int] | None = None
    choices: dict[tuple[str, ...], date] = {}
    for taken in sorted(plans, key=aims):
        if winner and aims(taken) != winner:
            break
        if counter.short(taken) == least:
            winner = aims(taken)
            multiset = tuple(sorted(key for key, _ in taken))
            choices[multiset] = min(choices.get(multiset, date.max), plans[taken][2])
    assert winner
    last = tuple(sorted((multiset, day if multiset else None) for multiset, day in choices.items()))
    return Plan(least, *winner, last)


def _least_short(counter: Counter, options: list[Taken]) -> Fraction:
    """Give the least shortfall: taking more never hurts, so what lies inside something already tried is skipped."""
    kinds = sorted({one for taken in options for one in taken}, key=lambda one: (one[0], sorted(one[1])))
    least, tried = counter.needed, list[tuple[int, ...]]()
    for taken in sorted(options, key=len, reverse=True):
        counts = tuple(taken.count(one) for one in kinds)
        if not any(all(a <= b for a, b in zip(counts, other, strict=True)) for other in tried):
            tried.append(counts)
            least = min(least, counter.short(taken))
    return least
