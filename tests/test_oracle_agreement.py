"""The two searches the planner is tested against agree with each other, on instances that show every feature."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from tests.oracle.brute_force import Plan, best
from tests.oracle.exact import simplex
from tests.oracle.instances import (
    as_json,
    credential_mapping,
    features,
    from_json,
    large,
    learner_mapping,
    small,
)
from tests.oracle.reading import read
from tests.oracle.second_solver import answers

BATCH = 50
RAREST = {"holding:expired": 10, "price:none": 100}
"""Least number of 2,000 instances that show a feature; 20 where not said."""

FEATURES = {
    "form:singly",
    "form:free",
    "form:included",
    "form:member_price",
    "form:percentage",
    "form:several",
    "discount:to zero",
    "price:none",
    "price:nothing to pay with",
    "price",
    "offering",
    "budget",
    "pass:several terms",
    "pass:term_ends",
    "pass:rolls_from",
    "pass:bundle",
    "pass:endless",
    "pass:credit_limit",
    "pass:requires",
    "pass:no price",
    "pass:price 0",
    "holding:pass",
    "holding:offering",
    "holding:expired",
    "credit:fixed",
    "credit:flexible",
    "credit:any",
    "credit:parts",
    "unit:fraction",
    "unit:unknown",
    "unit:unconverted",
    "approval:plain",
    "approval:window",
    "available",
    "access_days",
    "times",
    "repeat_days",
    "course sold twice",
    "event:one day",
    "event:days",
    "event:one end",
    "event:access",
    "event:sold until",
    "hours:stated",
    "hours:assumed",
    "filter:category",
    "filter:approver",
    "filter:kind",
    "filter:format",
    "filter:provider",
    "filter:topic",
    "filter:not",
    "filter:list",
    "cap:at_most",
    "cap:items_at_most",
    "submit_days_before",
    "earned:inside",
    "earned:outside",
    "earned:course_id",
    "earned:over times",
    "earned:repeat_days",
    "earned:approval window",
    "cycle:past",
    "cycle:future",
    "cycle:default",
    "prefer:require",
    "prefer:exclude",
    "prefer:exclude_providers",
    "prefer:formats",
    "prefer:max_purchases",
}


def aims(plan: Plan | None) -> tuple[int, ...] | None:
    """The five aims of a plan, as the second solver gives them."""
    return plan and (plan.cost, plan.minutes, plan.purchases, plan.enrollments, plan.rank_sum)


@pytest.mark.parametrize("first", range(0, 300, BATCH))
def test_both_searches_give_the_same_answer(first: int) -> None:
    instances = [small(seed) for seed in range(first, first + BATCH)]

    for instance, found in zip(instances, answers(instances), strict=True):
        wanted = best(instance)
        assert found.solved, instance.seed
        assert (found.full, found.fits) == (aims(wanted.full), wanted.fits), instance.seed
        short = wanted.partial.short if wanted.partial else None
        assert (found.short, found.partial) == (short, aims(wanted.partial)), instance.seed


def test_every_feature_is_shown_often_enough() -> None:
    shown = Counter(feature for seed in range(2_000) for feature in features(small(seed)))

    assert {feature for feature in shown if not feature.startswith("requirement:")} == FEATURES
    assert {feature: count for feature, count in shown.items() if count < RAREST.get(feature, 20)} == {}


def test_about_half_of_the_instances_have_a_full_plan() -> None:
    costs = [best(small(seed)).cost for seed in range(0, 2_000, 10)]

    assert 0.35 < sum(cost is not None for cost in costs) / len(costs) < 0.65
    assert sum(cost == 0 for cost in costs) / len(costs) < 0.25


def test_large_instances_are_solved() -> None:
    """Those the search over days could never answer: cost alone, within the time."""
    found = answers([large(seed) for seed in range(6)], aims=False)

    assert all(answer.solved for answer in found)
    assert any(answer.full for answer in found)


@pytest.mark.parametrize("make", [small, large])
def test_an_instance_is_its_seed(make) -> None:  # type: ignore[no-untyped-def]
    instance = make(7)

    assert instance == make(7) != make(8)
    assert from_json(as_json(instance)) == instance


def test_files_say_what_the_instance_says() -> None:
    for seed in range(100):
        instance = small(seed)
        learner, credential, case = learner_mapping(instance), credential_mapping(instance), read(instance)
        target = learner["credential"][0]
        assert target["deadline"] == case.deadline
        assert isinstance(target.get("cycle_start", date.min), date)
        assert [line["date"] for line in learner.get("earned", [])] == [day for day, _ in case.earned]
        asked = [Fraction(rule["at_least"]) for rule in credential["version"][0]["requirement"]]
        assert asked == [rule.at_least for rule in case.requirements]


def test_simplex_is_exact() -> None:
    """Three tenths and a third, shared by two rows that overlap; and a degenerate corner."""
    third, tenth = Fraction(1, 3), Fraction(1, 10)

    assert simplex([[1, 1, 0], [0, 1, 1]], [third, 3 * tenth], [1, 1, 1]) == third + 3 * tenth
    assert simplex([[1, 1], [1, -1], [-1, 1]], [third, Fraction(0), Fraction(0)], [2, 1]) == Fraction(1, 2)
