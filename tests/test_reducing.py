"""Leaving out ways changes no aim: reduced and whole problems, on random instances and where much can be left out."""

from dataclasses import replace

import pytest

from optimizer.comparing import market_of
from optimizer.obligation import obligations
from optimizer.posing import pose
from optimizer.problem import Aim, Problem
from optimizer.question import Question
from optimizer.reducing import promising
from optimizer.solve import Chosen, Stopwatch, choose
from optimizer.starts import aims_of
from tests.oracle.instances import large
from tests.oracle.making import Instance, small
from tests.oracle.planned import question
from tests.oracle.planned_timed import timed_question
from tests.oracle.timed_making import timed
from tests.puzzle import question as puzzle
from tests.puzzle import rules

BATCH = 50


def posed(asked: Question) -> Problem:
    """Pose a question's problem."""
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    return pose(asked.learner, market_of(asked, kept), kept, asked.as_of)


def assert_same(problem: Problem, seed: int) -> int:
    """The reduced problem has the same verdicts and the same value of every aim; return how many ways it lost."""
    return max(
        assert_same_plan(problem, None, seed, full=True),
        assert_same_plan(problem, problem.budget or 700, seed, full=False),
    )


def assert_same_plan(problem: Problem, budget: int | None, seed: int, *, full: bool) -> int:
    """The same of full plans, or of those that leave the least short within a budget."""
    less = promising(problem, budget, Stopwatch(100), full=full, few=0, core=2)
    whole, reduced = (choose(one, budget, Stopwatch(100), full=full) for one in (problem, less))

    if isinstance(whole, Chosen):
        assert isinstance(reduced, Chosen), seed
        assert aims_of(less, reduced) == aims_of(problem, whole), seed
        assert reduced.status == whole.status == "optimal", seed
    else:
        assert reduced is whole, seed
    return len(problem.ways) - len(less.ways)


@pytest.mark.parametrize("first", range(0, 100, BATCH))
def test_small_instances(first: int) -> None:
    """Every feature of a credential, a catalog and a learner is among these."""
    lost = [assert_same(posed(question(small(seed))), seed) for seed in range(first, first + BATCH)]

    assert max(lost) > 0


@pytest.mark.parametrize("first", range(0, 50, BATCH))
def test_timed_instances(first: int) -> None:
    """Weekly hours and several credentials; the hours are not in the linear program that leaves ways out."""
    lost = [assert_same(posed(timed_question(timed(seed))), seed) for seed in range(first, first + BATCH)]

    assert max(lost) > 0


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 7, 8])
def test_copies_at_other_prices(seed: int) -> None:
    """Four times the offerings, each at a price of its own: much can be left out."""
    problem = posed(question(dearer_copies(large(seed), 4)))

    assert_same(problem, seed)


def dearer_copies(instance: Instance, copies: int) -> Instance:
    """Add copies of every offering, each a course of its own and a little dearer."""
    rows = [
        row
        | {
            "offering_id": f"{row['offering_id']}~{copy}",
            "course_id": f"{row['course_id']}~{copy}" if row.get("course_id") else "",
            "price": f"{float(row['price']) + copy * 0.37:.2f}" if row.get("price") else "",
        }
        for row in instance.offerings
        for copy in range(copies)
    ]
    return replace(instance, offerings=instance.offerings + rows)


SHOP = """
    offering_id , credits , price
    shop:1      , any=1   , 1.00
    shop:2      , any=1   , 2.00
    shop:3      , any=1   , 3.00
    shop:4      , any=1   , 9.00
"""


def test_what_is_too_dear_is_left_out():
    # Two of four are needed: 1 + 2 = 3 dollars. The bound is 3 dollars too; the third costs a dollar more than the
    # second, whose price is the credit's: it is too dear by far more than the margin, and so is the fourth.
    less = promising(posed(puzzle(SHOP, rules("2"))), None, Stopwatch(10), full=True, few=0, core=3)

    assert sorted(less.choices[way.choice].offering.offering_id for way in less.ways) == ["shop:1", "shop:2"]


def test_other_aims_first_leave_nothing_out():
    problem = replace(posed(puzzle(SHOP, rules("2"))), aims=(Aim.HOURS, Aim.COST))

    assert promising(problem, None, Stopwatch(10), full=True, few=0, core=3).ways == problem.ways
