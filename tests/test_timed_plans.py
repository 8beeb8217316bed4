"""Plans with weekly hours, days away, several credentials and parts of a cycle, against a search over all days."""

from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from optimizer.plan import Plan
from optimizer.planning import plan_for
from tests.oracle.drawing import months_before
from tests.oracle.making import Table
from tests.oracle.planned import aims
from tests.oracle.planned_timed import timed_answer, timed_question
from tests.oracle.timed_features import timed_features
from tests.oracle.timed_instance import Timed, only
from tests.oracle.timed_making import timed
from tests.oracle.timed_search import best_timed
from tests.oracle.timed_simulation import simulate

SEEDS, BATCH = 1_000, 20

TIMED_FEATURES = {
    "weekly hours", "away with hours", "away without hours", "a course takes days", "no work", "access and hours",
    "the days do not suffice for all", "hours that do not divide by 7", "event while away", "one credential",
    "two credentials", "two last days", "two cycles", "two units", "two conversions", "shares no",
    "hours and two credentials", "parts and two credentials", "requirement:every_months", "cap:every_months",
    "requirement:within_months", "requirement:ever", "carry_over", "repeat_months", "smallest_item",
    "round_down_to", "part begins among the days", "part was before", "window begins among the days",
    "window reaches before the cycle", "something is carried over", "something was done too lately", "budget",
}  # fmt: skip


@pytest.mark.parametrize("first", range(0, 700, BATCH))  # the rest held, too, and takes two minutes
def test_timed_plan_is_the_best_there_is(first: int) -> None:
    """Status, cost, every further aim, the set of offerings and its last finish day are the search's."""
    for seed in range(first, first + BATCH):
        instance = timed(seed)
        asked = timed_question(instance)
        wanted = best_timed(instance)

        plan, written = timed_answer(asked)

        assert not simulate(instance, written), seed
        assert (plan.status != "infeasible") == wanted.fits, seed
        assert full_cost(plan) == wanted.cost, seed
        expected = wanted.full if wanted.fits else wanted.partial
        if expected is None:  # what the learner requires cannot be taken: docs/meaning.md, rule 27
            assert any("What you require" in warning for warning in plan.warnings), seed
            continue
        assert aims(plan, asked) == (
            expected.short, expected.cost, expected.minutes,
            expected.purchases, expected.enrollments, expected.rank_sum,
        ), seed  # fmt: skip
        last_finishes = dict(expected.choices)
        chosen = tuple(sorted(e.offering_id for e in plan.enrollments))
        assert chosen in last_finishes, seed
        assert max((e.finish for e in plan.enrollments), default=None) == last_finishes[chosen], seed


def test_timed_instances_show_every_feature() -> None:
    """No feature is absent from the instances, so that agreement means something."""
    found = Counter(feature for seed in range(SEEDS) for feature in timed_features(timed(seed)))

    assert {feature: found[feature] for feature in TIMED_FEATURES if found[feature] < 10} == {}
    assert {feature: count for feature, count in found.items() if count < 10} == {}


# What must hold between two answers


def full_cost(plan: Plan) -> int | None:
    """Give the cents of the cheapest full plan at any price."""
    return plan.no_plan.cheapest_full_cost if plan.no_plan else plan.cost


def price(instance: Timed) -> float:
    """Give what the cheapest full plan costs; without one it costs more than anything."""
    cost = full_cost(plan_for(replace(timed_question(instance), explained=False)))
    return float("inf") if cost is None else cost


def left_open(instance: Timed) -> Fraction:
    """Give what the shown plan leaves short."""
    return sum(
        (r.short for r in plan_for(replace(timed_question(instance), explained=False)).requirements),
        Fraction(),
    )


def with_learner(instance: Timed, **changes: object) -> Timed:
    """Change keys of the learner's file; None removes one."""
    learner = {key: value for key, value in (instance.learner | changes).items() if value is not None}
    return replace(instance, learner=learner)


def versions(instance: Timed) -> list[Table]:
    """Give each credential's rules."""
    return [credential["version"][0] for credential in instance.credentials]


def test_two_credentials_together_never_cost_more_than_apart() -> None:
    """What is bought for each of them does for both, where nothing is scarce."""
    seeds = [seed for seed in range(24) if len(timed(seed).credentials) == 2]
    for seed in seeds:
        instance = plentiful(timed(seed))

        assert price(instance) <= price(only(instance, 0)) + price(only(instance, 1)), seed


def plentiful(instance: Timed) -> Timed:
    """Take out all that both plans apart may use up: hours, seats held, terms, repeats, purchases and shares."""
    found = deepcopy(with_learner(instance, hours_per_week=None, budget=None, preferences=None, holding=None))
    for target in found.learner["credential"]:
        target.pop("shares", None)
    for row in [*found.offerings, *found.learner.get("offering", [])]:
        for key in ("repeat_days", "passes"):  # terms bought for each apart may overlap
            if key in row:
                row[key] = ""
    own = [{key: cell for key, cell in row.items() if cell} for row in found.learner.get("offering", [])]
    return with_learner(found, offering=own or None)


def test_asking_for_more_never_costs_less() -> None:
    for seed in range(8):
        instance = timed(seed)
        more = deepcopy(instance)
        for version in versions(more):
            need = version["requirement"][seed % len(version["requirement"])]
            need["at_least"] = str(Decimal(need["at_least"]) + Decimal("0.5"))

        assert price(instance) <= price(more), seed


def test_more_hours_never_cost_more() -> None:
    seeds = [seed for seed in range(7) if "hours_per_week" in timed(seed).learner]
    for seed in seeds:
        instance = timed(seed)
        hours = Decimal(instance.learner["hours_per_week"])

        assert price(with_learner(instance, hours_per_week=str(hours * 2))) <= price(instance), seed
        assert price(with_learner(instance, away=None)) <= price(instance), seed


def test_a_larger_budget_never_leaves_more_open() -> None:
    seeds = [seed for seed in range(14) if "budget" in timed(seed).learner]
    for seed in seeds:
        instance = timed(seed)
        budget = Decimal(instance.learner["budget"])
        if instance.learner.get("preferences", {}).get("require"):
            continue  # what cannot be taken within the budget is left out, and leaves room for more

        assert left_open(with_learner(instance, budget=str(budget + 10))) <= left_open(instance), seed
        assert price(with_learner(instance, budget=None)) == price(instance), seed


def test_a_later_deadline_never_costs_more() -> None:
    """The cycle begins when it did, and no rule looks back from the deadline or cuts the cycle."""
    seeds = [seed for seed in range(12) if not looks_back(timed(seed))]
    for seed in seeds:
        instance = timed(seed)
        later = deepcopy(instance)
        for target, version in zip(later.learner["credential"], versions(later), strict=True):
            deadline = date.fromisoformat(target["deadline"])
            target.setdefault("cycle_start", str(cycle_start(deadline, int(version["cycle_months"]))))
            target["deadline"] = str(deadline + timedelta(3))

        assert price(later) <= price(instance), seed


def looks_back(instance: Timed) -> bool:
    """Say whether a rule's days depend on the deadline."""
    keys = {"every_months", "within_months", "ever"}
    return any(
        "repeat_months" in version
        or any(keys & set(rule) for rule in version["requirement"] + version.get("cap", []))
        for version in versions(instance)
    )


def cycle_start(deadline: date, months: int) -> date:
    """Give the first day of a cycle that the learner's file does not state."""
    return months_before(deadline, months) + timedelta(1)
