"""Plans against an exhaustive search over days, on 2,000 small instances with every feature of the contract."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from optimizer.audit import audit as audited
from optimizer.plan import Plan, to_json
from optimizer.planning import Question, plan_for
from optimizer.verify import verify
from tests.oracle.brute_force import best
from tests.oracle.exact import Counter as Counting
from tests.oracle.instances import features
from tests.oracle.making import Instance, small
from tests.oracle.planned import aims, answered, question
from tests.oracle.reading import read

BATCH = 40


@pytest.mark.parametrize("first", range(0, 2_000, BATCH))
def test_plan_is_the_best_there_is(first: int) -> None:
    """Cost, every further aim, the set of offerings, its last finish day and the status are the search's."""
    for seed in range(first, first + BATCH):
        instance = small(seed)
        asked = question(instance)
        wanted = best(instance)

        assert_audited(asked, instance, proved=seed % 10 == 0)
        plan = answered(asked)

        assert (plan.status != "infeasible") == wanted.fits, seed
        full_cost = plan.no_plan.cheapest_full_cost if plan.no_plan else plan.cost
        assert full_cost == wanted.cost, seed
        expected = wanted.full if wanted.fits else wanted.partial
        if not asked.learner.preferences.require:
            complete = audited(asked)[0].credentials[0].met
            assert complete == (plan.status == "nothing_needed"), seed
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


def assert_audited(asked: Question, instance: Instance, *, proved: bool) -> None:
    """The audit finds missing what the search's own counting finds missing when nothing is taken."""
    audit, nothing_taken = audited(asked)
    missing = sum((r.short for r in audit.credentials[0].requirements), Fraction())

    assert missing == Counting(read(instance)).short(()), instance.seed
    assert audit.credentials[0].met == (not missing), instance.seed
    if proved:
        tables = (asked.offerings, asked.passes, asked.digest)
        assert not verify(to_json(nothing_taken), tables, lambda _: asked.credentials[0]), instance.seed


def test_instances_show_every_feature() -> None:
    """No feature is absent from the 2,000 instances, so that agreement means something."""
    found = Counter(feature for seed in range(2_000) for feature in features(small(seed)))

    rare = {feature: count for feature, count in found.items() if count < 10}
    assert not rare
    assert len(found) > 60


@pytest.mark.parametrize("first", range(0, 200, BATCH))
def test_grouping_changes_nothing(first: int) -> None:
    """Planning every offering by itself gives the same value of every aim."""
    for seed in range(first, first + BATCH):
        instance = doubled(small(seed), 1 + seed % 3)
        asked = question(instance)

        grouped, alone = answered(asked), plan_for(replace(asked, reduced=False, explained=False))

        assert aims(grouped, asked) == aims(alone, asked), seed
        if chosen(grouped) == chosen(alone):  # sets that tie in all aims may differ; dates of one set may not
            assert finishes(grouped) == finishes(alone), seed


def doubled(instance: Instance, copies: int) -> Instance:
    """Add copies of every offering, each a course of its own, so that there is something to group."""
    rows = [
        row
        | {
            "offering_id": f"{row['offering_id']}~{copy}",
            "course_id": f"{row['course_id']}~{copy}" if row.get("course_id") else "",
        }
        for row in instance.offerings
        for copy in range(copies)
    ]
    return replace(instance, offerings=instance.offerings + rows)


def chosen(plan: Plan) -> list[str]:
    """Give the ids of the enrollments."""
    return sorted(e.offering_id for e in plan.enrollments)


def finishes(plan: Plan) -> list[tuple[str, date]]:
    """Give each enrollment's last day."""
    return sorted((e.offering_id, e.finish) for e in plan.enrollments)
