"""The greedy choice beside the integer program: never better, always a full plan, and often just as good.

Of the first 2,000 random small instances 582 have a plan that costs something. On 481 of them (83 %) the greedy choice
costs the same, on 54 (9 %) more, half of these at least 78 % more, and on 47 (8 %) it finds no full plan at all.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from optimizer import greedy
from optimizer.choosing import NotProven
from optimizer.explaining import Pricing
from optimizer.greedy import greedy_cost
from optimizer.obligation import obligations
from optimizer.plan import Plan
from optimizer.planning import plan_for
from optimizer.question import Question
from optimizer.solve import Status, Stopwatch
from tests.oracle.instances import small
from tests.oracle.planned import answered
from tests.oracle.planned import question as drawn
from tests.puzzle import question, rules

MANY = 250
AS_GOOD = {"same": 62, "worse": 5, "none": 8}
DEARER = (40, 76, 132, 168, 222)
SOLD = """
    pass_id, price, term_days, benefit,  credit_limit
    club,    {}
"""


def by_hand(asked: Question, plan: Plan) -> int | None:
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    pricing = Pricing(asked, kept, plan, Stopwatch(60.0))
    return greedy_cost(pricing.problem(), pricing.watch)


def both(*words: str, **more: Any) -> tuple[int, int | None]:
    """Return what the plan of a puzzle costs, and the greedy choice."""
    asked = question(*words, **more)
    plan = plan_for(asked)
    assert plan.status == "optimal"
    return plan.cost, by_hand(asked, plan)


def test_greedy_choice_is_never_better_and_mostly_as_good():
    found = Counter[str]()
    for seed in range(MANY):
        asked = drawn(small(seed))
        plan = plan_for(replace(asked, beside=False))
        if plan.status == "optimal" and plan.cost:
            cost = by_hand(asked, plan)
            assert cost is None or cost >= plan.cost, seed
            found["none" if cost is None else "same" if cost == plan.cost else "worse"] += 1
    assert found == AS_GOOD


@pytest.mark.parametrize("seed", DEARER)
def test_what_the_greedy_choice_takes_makes_a_full_plan(monkeypatch, seed):
    """Tests with nothing else for sale, that a plan proves at that very cost."""
    baskets = {}
    pruned = greedy._pruned

    def noted(problem, basket, watch):
        cost = pruned(problem, basket, watch)
        taken = [problem.choices[problem.ways[w].choice] for w, _ in basket.ways]
        bought = [problem.terms[t].pass_id for t in basket.terms if problem.terms[t].bought]
        ids = {o.offering_id for choice in taken for _, o in choice.members}
        baskets.setdefault(cost, ids | set(bought))
        return cost

    monkeypatch.setattr(greedy, "_pruned", noted)
    asked = drawn(small(seed))
    plan = plan_for(asked)
    cost = by_hand(asked, plan)
    everything = {o.offering_id for o in (*asked.offerings, *asked.learner.offerings)}
    everything |= {one.pass_id for one in asked.passes}
    only = replace(
        asked,
        left_out=frozenset(everything - baskets[cost]),
        learner=replace(asked.learner, budget=None),
    )

    within = answered(only)
    assert within.no_plan is None
    assert plan.cost <= within.cost <= cost
    assert plan.cost < cost


# Puzzles solved by hand


def test_most_credit_for_its_price_first_is_as_good_where_courses_fit():
    # 3 at 9 and 1 at 4: nothing is cheaper for 4 credits, and nothing is taken in vain.
    shop = """
        offering_id, price, credits
        a,           27,    any=3
        b,           4,     any=1
        c,           40,    any=4
    """
    assert both(shop, rules("4")) == (3100, 3100)


def test_most_credit_for_its_price_first_takes_what_does_not_fit():
    # a gives a credit for 9, c for 10: a first, and b at 20 for the rest, 47. All of it is in c for 40.
    shop = """
        offering_id, price, credits
        a,           27,    any=3
        b,           20,    any=1
        c,           40,    any=4
    """
    assert both(shop, rules("4")) == (4000, 4700)


def test_what_turned_out_needless_is_left_away():
    # b at 3 first, then a at 10 for 2: b is needless when a is there.
    shop = """
        offering_id, price, credits
        a,           10,    any=2
        b,           3,     any=1
    """
    assert both(shop, rules("2")) == (1000, 1000)


def test_every_set_of_passes_is_tried():
    # Without the club 30 + 30, with it 12.
    shop = """
        offering_id, price, passes
        a,           30,    club
        b,           30,    club
    """
    assert both(shop, rules("2"), "", SOLD.format("12, 365, included, -")) == (1200, 1200)


def test_limit_of_a_pass_is_spent_on_what_comes_first():
    # The club pays for 2 credits: best for b at 50, with a at 5 singly, 15 in all. Greedily a is free first: 10 + 50,
    # so that even 5 + 50 without the club is less.
    shop = """
        offering_id, price, credits, passes
        a,           5,     any=2,   club
        b,           50,    any=2,   club
    """
    assert both(shop, rules("4"), "", SOLD.format("10, 365, included, 2")) == (1500, 5500)


def test_days_are_looked_at_too_late():
    # a and c end before the 29th of June; only one of them fits the days between two finishes of their course.
    # a at 1 is taken, then c at 2 of the same course cannot follow: b at 9 was not taken in time.
    shop = """
        offering_id, course_id, price, times, repeat_days, available_until
        a,           same,      1,     2,     300,         2027-03-01
        c,           same,      2,     2,     300,         2027-03-01
        b,           -,         9,     -,     -,           -
    """
    assert both(shop, rules("2")) == (1000, None)


def test_purchases_allowed_are_looked_at_too_late():
    # One purchase is allowed: c at 12. Greedily two at 5.
    shop = """
        offering_id, price, credits
        a,           5,     any=1
        b,           5,     any=1
        c,           12,    any=2
    """
    assert both(shop, rules("2"), "[preferences]\nmax_purchases = 1") == (1200, None)


def test_what_is_required_is_taken_first():
    # c at 12 is required, 2 credits; a at 5 the third.
    shop = """
        offering_id, price, credits
        a,           5,     any=1
        b,           6,     any=1
        c,           12,    any=2
    """
    assert both(shop, rules("3"), '[preferences]\nrequire = ["c"]') == (1700, 1700)


def test_required_course_that_only_a_pass_pays_for():
    # c needs the club at 7; a and b need not be bought then.
    shop = """
        offering_id, price, credits, passes
        a,           5,     any=1,   -
        c,           -,     any=2,   club
    """
    learner = '[preferences]\nrequire = ["c"]'
    assert both(shop, rules("2"), learner, SOLD.format("7, 365, included, -")) == (700, 700)


@pytest.mark.parametrize("route", ["exam", "any"])
def test_exam_is_taken_by_hand_too(route):
    # The exam at 30, a at 60.
    more = '[[version.route]]\nname = "exam"\nprice = 30\n'
    shop = "\n offering_id, price\n a, 60\n"
    assert both(shop, rules("1", more=more), flags={"route": route}) == (3000, 3000)


def test_earned_credit_and_caps_are_counted():
    # 1 of 3 is earned; of articles at 1 one counts: 1 + 8.
    shop = """
        offering_id, price, kind
        a,           1,     article
        b,           1,     article
        c,           8,     course
    """
    earned = "[[earned]]\ndate = 2027-01-01\ntitle = 'X'\ncredits = 'any=1'\nunit = 'hour'\n"
    credential = rules("3", caps=('at_most = 1\nwhere = { kind = "article" }',))
    assert both(shop, credential, earned) == (900, 900)


def test_choice_that_was_not_checked_in_time_is_not_told(monkeypatch):
    asked = question("\n offering_id, price\n a, 60\n", rules("1"))
    plan = plan_for(asked)
    monkeypatch.setattr(greedy, "choose", lambda *_, **__: Status.UNKNOWN)
    with pytest.raises(NotProven, match="a greedy choice was not checked"):
        by_hand(asked, plan)
