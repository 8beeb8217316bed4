"""Conditions and single changes of a timed instance as edits of its tables, judged by the search over all days.

Written from docs/meaning.md and from the words of an answer. A deadline that is let go may be any later one: the
search looks at `SEEN` days more, which is more than an instance's catalog, passes and hours leave of any use.
"""

from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from json import dumps
from typing import Any, NamedTuple

from tests.oracle.drawing import FORMATS, months_before
from tests.oracle.making import Table
from tests.oracle.timed_instance import Timed
from tests.oracle.timed_reading import TimedCase, read_timed
from tests.oracle.timed_search import best_timed

SEEN = 15
"""Days by which a deadline is moved where it is let go."""
MOST_HOURS = 16_800
"""Hundredths of hours in a week."""
LOOKING_BACK = {"every_months", "within_months"}


class Named(NamedTuple):
    """Name a condition."""

    kind: str
    target: int
    name: str


class Change(NamedTuple):
    """A change after which a full plan exists, and what that costs in cents."""

    words: str
    cost: int


# Conditions


def conditions(instance: Timed) -> set[Named]:
    """Name every condition of an instance."""
    learner, wishes = instance.learner, instance.learner.get("preferences", {})
    found = set[Named]()
    for target, rules in enumerate(instance.credentials):
        version = rules["version"][0]
        found |= {Named("requirement", target, rule["name"]) for rule in version["requirement"]}
        found |= {Named("cap", target, rule["name"]) for rule in version.get("cap", [])}
        found.add(Named("deadline", target, ""))
        if len(instance.credentials) > 1 and learner["credential"][target].get("shares") == "no":
            found.add(Named("not shared", target, ""))
    found |= {Named(kind, 0, "") for kind, key in LEARNERS.items() if learner.get(key)}
    found |= {Named(kind, 0, "") for kind, key in WISHES.items() if wishes.get(key)}
    return found | {Named(kind, 0, one) for kind, key in LISTS.items() for one in wishes.get(key, [])}


LEARNERS = {"budget": "budget", "hours": "hours_per_week", "away": "away", "published": "no_assumed"}
WISHES = {"number": "max_purchases", "formats": "formats"}
LISTS = {"required": "require", "excluded": "exclude", "excluded provider": "exclude_providers"}


def without(instance: Timed, gone: Collection[Named]) -> Timed:
    """Give the instance without some conditions; those that are deadlines stay."""
    found = deepcopy(instance)
    wishes = found.learner.setdefault("preferences", {})
    for kind, target, name in gone:
        version = found.credentials[target]["version"][0]
        if kind == "requirement":
            version["requirement"] = [rule for rule in version["requirement"] if rule["name"] != name]
        elif kind == "cap":
            version["cap"] = [rule for rule in version["cap"] if rule["name"] != name]
        elif kind == "not shared":
            found.learner["credential"][target].pop("shares")
        elif kind in LEARNERS:
            found.learner.pop(LEARNERS[kind])
        elif kind in WISHES:
            wishes.pop(WISHES[kind])
        elif kind in LISTS:
            wishes[LISTS[kind]] = [one for one in wishes[LISTS[kind]] if one != name]
    return found


def later(instance: Timed, target: int, days: int) -> Timed:
    """Give the instance with one deadline moved; the cycle begins when it did."""
    found = deepcopy(instance)
    said = found.learner["credential"][target]
    deadline = date.fromisoformat(said["deadline"])
    months = int(found.credentials[target]["version"][0]["cycle_months"])
    said.setdefault("cycle_start", str(months_before(deadline, months) + timedelta(1)))
    said["deadline"] = str(deadline + timedelta(days))
    return found


def looks_back(instance: Timed, target: int) -> bool:
    """Say whether a later deadline may ask for more: some rule's days depend on it."""
    version = instance.credentials[target]["version"][0]
    return any(LOOKING_BACK & set(rule) for rule in version["requirement"])


# The judge


class Judge:
    """Remember what the search said of each instance."""

    def __init__(self) -> None:
        self.known: dict[str, int | None] = {}

    def cost(self, instance: Timed) -> int | None:
        """Give the cents of the cheapest full plan at any price."""
        searched = searchable(instance)
        key = dumps(asdict(searched), default=str, sort_keys=True)
        if key not in self.known:
            self.known[key] = best_timed(searched).cost
        return self.known[key]

    def works(self, instance: Timed) -> bool:
        """Say whether there is a full plan within the budget."""
        cost, budget = self.cost(instance), instance.learner.get("budget")
        return cost is not None and (budget is None or cost <= Fraction(budget) * 100)

    def possible(self, instance: Timed, gone: Collection[Named]) -> bool:
        """Say whether there is a full plan when some conditions are let go."""
        return any(self.works(one) for one in let_go(instance, gone))

    def changes(self, instance: Timed, seen: int = SEEN) -> Iterator[Change]:
        """Give every single smallest change that helps, of later deadlines those up to so many days later."""
        learner, wishes = instance.learner, instance.learner.get("preferences", {})
        costs = self.cost(instance)
        if costs is not None:
            more = Fraction(costs, 100) - Fraction(learner["budget"])
            yield Change(f"raise the budget by ${float(more):,.2f}", costs)
        if "hours_per_week" in learner and self.works(weekly(instance, MOST_HOURS)):
            now = int(Decimal(learner["hours_per_week"]) * 100)
            least = self.least_hours(instance, now)
            words = f"study {Decimal(least) / 100:f} hours a week in place of {learner['hours_per_week']}"
            yield self.after(words, weekly(instance, least))
        for target in range(len(instance.credentials)):
            yield from self.deadlines(instance, target, seen)
        if "max_purchases" in wishes and self.works(wishing(instance, max_purchases="")):
            for number in range(int(wishes["max_purchases"]) + 1, 20):
                one = wishing(instance, max_purchases=str(number))
                if self.works(one):
                    yield self.after(f"allow {number} purchase{'s' * (number != 1)}", one)
                    break
        yield from (one for one in self.simple(instance) if one)

    def after(self, words: str, instance: Timed) -> Change:
        """Give a change that works with its cost."""
        cost = self.cost(instance)
        assert cost is not None, words
        return Change(words, cost)

    def least_hours(self, instance: Timed, now: int) -> int:
        """Give the least hundredths of weekly hours that work."""
        least, most = now, MOST_HOURS
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (least, middle) if self.works(weekly(instance, middle)) else (middle, most)
        return most

    def deadlines(self, instance: Timed, target: int, seen: int) -> Iterator[Change]:
        """Give the least days by which one deadline can be moved to help, tried one after another."""
        if not looks_back(instance, target) and not self.works(later(instance, target, seen)):
            return
        for days in range(1, seen + 1):
            moved = later(instance, target, days)
            if self.works(moved):
                before, after = (one.learner["credential"][target]["deadline"] for one in (instance, moved))
                of = f" {instance.credentials[target]['id']}" if len(instance.credentials) > 1 else ""
                number = f"{days} day{'s' * (days != 1)}"
                yield self.after(
                    f"finish{of} {number} later, for a deadline of {after} in place of {before}", moved
                )
                return

    def simple(self, instance: Timed) -> Iterator[Change | None]:
        """Give the changes that have no amount."""
        learner, wishes = instance.learner, instance.learner.get("preferences", {})
        edits = [(f"study from {span['from']} to {span['to']}, too", replaced(instance, away=[
            one for one in learner["away"] if one != span
        ])) for span in learner.get("away", [])]  # fmt: skip
        if "formats" in wishes:
            edits += [
                (f"accept what is {one}, too", wishing(instance, formats=[*wishes["formats"], one]))
                for one in FORMATS
                if one and one not in wishes["formats"]
            ]
        for kind, words in (
            ("excluded", "accept {}"),
            ("excluded provider", "accept courses from {}"),
            ("required", "do without {}"),
            ("published", "accept values that nobody published (leave out --no-assumed)"),
        ):
            edits += [
                (words.format(one.name), without(instance, [one]))
                for one in conditions(instance)
                if one.kind == kind
            ]
        return (self.after(words, one) if self.works(one) else None for words, one in edits)


def let_go(instance: Timed, gone: Collection[Named]) -> Iterator[Timed]:
    """Give the instances of which one must have a plan: a deadline that is let go is any later one."""
    targets = [one.target for one in gone if one.kind == "deadline"]
    moves: list[Sequence[int]] = [
        range(SEEN + 1) if looks_back(instance, target) else (SEEN,) for target in targets
    ]
    for days in product(*moves):
        found = without(instance, gone)
        for target, more in zip(targets, days, strict=True):
            found = later(found, target, more)
        yield found


def searchable(instance: Timed) -> Timed:
    """Give the instance in the search's own words, the budget aside: what rests on assumed values is excluded."""
    learner = {key: value for key, value in instance.learner.items() if key not in ("budget", "no_assumed")}
    if instance.learner.get("no_assumed"):
        wishes = learner.get("preferences", {})
        assumed = [row["offering_id"] for row in instance.offerings if row.get("assumed")]
        learner["preferences"] = wishes | {"exclude": [*wishes.get("exclude", []), *assumed]}
    return replace(instance, learner=learner)


# Edits


def replaced(instance: Timed, **changes: Any) -> Timed:
    """Change keys of the learner's file; what is empty goes."""
    learner = {key: value for key, value in (instance.learner | changes).items() if value}
    return replace(instance, learner=learner)


def wishing(instance: Timed, **changes: Any) -> Timed:
    """Change keys of the learner's preferences; what is empty goes."""
    wishes: Table = instance.learner.get("preferences", {}) | changes
    return replaced(instance, preferences={key: value for key, value in wishes.items() if value})


def weekly(instance: Timed, hundredths: int) -> Timed:
    """Give the instance with other weekly hours."""
    return replaced(instance, hours_per_week=f"{Decimal(hundredths) / 100:f}")


def more_hours(instance: Timed, hundredths: int) -> float:
    """Give how many more hours there are in all with other weekly hours."""
    case: TimedCase = read_timed(searchable(instance))
    days = [day for day in range(case.earliest, case.days) if day not in case.away]
    now = Fraction(instance.learner["hours_per_week"]) * 100
    return float(len(days) * (hundredths - now) / 700)
