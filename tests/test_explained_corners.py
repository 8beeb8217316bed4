"""Corners of explanations that were once wrong: deadlines that ask for more, prices of one's own, long lists."""

from dataclasses import replace

from optimizer.alternatives import alternatives
from optimizer.explaining import Pricing, purchases_explained
from optimizer.obligation import obligations
from optimizer.plan import to_json
from optimizer.planning import plan_for
from optimizer.solve import Stopwatch
from optimizer.ties import ties
from optimizer.verify import verify
from tests.puzzle import answer, question, rules

X_AND_Y = ('1 category = "x"', '1 category = "y"')
TWO = """
    offering_id , credits , price
    shop:x      , x=1     , 10.00
    shop:y      , y=1     , 10.00
"""
BUDGET = "you spend at most $15.00"


def test_newer_rules_for_a_later_deadline_hide_no_conflict():
    # x and y cost 10 + 10 = 20. A year later other rules ask for 100: who may finish later need not.
    newer = """
        [[version]]
        effective = 2028-01-01
        cycle_months = 12
        source = { title = "none", url = "https://example.org/" }
        [[version.requirement]]
        name = "new"
        at_least = 100
    """
    plan = answer(question(TWO, rules(*X_AND_Y, more=newer), "budget = 15"))

    assert plan.no_plan.conflict[-1] == BUDGET
    assert len(plan.no_plan.conflict) == 3
    assert [(one.change, one.cost) for one in plan.no_plan.remedies] == [("raise the budget by $5.00", 2000)]


def test_months_up_to_the_deadline_are_no_conflict_where_they_are_met():
    # z was earned a month before the cycle, 13 months before the deadline: met, whatever else is short.
    recent = """
        [[version.requirement]]
        name = "recent"
        at_least = 1
        within_months = 14
        where = { category = "z" }
    """
    earned = """
        budget = 15
        [[earned]]
        date = 2026-12-01
        title = "old"
        credits = "z=1"
        unit = "hour"
    """
    plan = answer(question(TWO, rules(*X_AND_Y, more=recent), earned))

    assert plan.no_plan.conflict[-1] == BUDGET
    assert not any("recent" in words for words in plan.no_plan.conflict)


def test_member_price_holds_whatever_the_list_price():
    # a costs 10, or 8 + 5 = 13 as a member; b 20. At a list price of 14 it is bought at 13: no price ends that.
    shop = """
        offering_id , credits , price , member_price , passes
        shop:a      , x=1     , 10.00 , 5.00         , mem
        shop:b      , x=1     , 20.00 , -            , -
    """
    asked = question(shop, rules('1 category = "x"'), passes="pass_id,price,benefit\nmem,8,member_price")
    plan = answer(asked)
    kept = obligations(asked.learner, asked.credentials, asked.as_of)

    (one,) = purchases_explained(Pricing(asked, kept, plan, Stopwatch(10)), [])

    assert (one.without, one.up_to) == (2000, None)


def test_price_of_ones_own_is_not_assumed_in_what_is_interchangeable():
    # a and b both cost 9 for this learner, who knows the price that nobody published: either does.
    shop = """
        offering_id , credits , price , assumed
        shop:a      , any=1   , 10.00 , price
        shop:b      , any=1   , 10.00 , -
    """
    prices = """
        [[price]]
        id = "shop:a"
        price = 9
        [[price]]
        id = "shop:b"
        price = 9
    """
    asked = question(shop, rules("1"), prices)
    plan = answer(asked)
    watch = Stopwatch(10)
    found, lacking = alternatives(asked, plan, 3, watch)
    plan = replace(plan, ties=ties(asked, plan, watch), alternatives=found, no_alternatives=lacking)

    assert [one.taken for one in plan.ties.interchangeable] == [1]
    tables = (asked.offerings, asked.passes, asked.digest)
    assert not verify(to_json(plan), tables, lambda _: asked.credentials[0])


def test_many_excluded_courses_are_one_condition():
    rows = "\n".join(f"    shop:{n:03d}    , any=1   , 3.00" for n in range(300))
    names = ", ".join(f'"shop:{n:03d}"' for n in range(300))
    asked = question(
        f"\n    offering_id , credits , price\n{rows}\n",
        rules("5"),
        f"[preferences]\nexclude = [{names}]",
    )

    plan = plan_for(asked)

    assert plan.no_plan.conflict == ('"total": at least 5 points', "there are 300 courses that you exclude")
    # Five of them cost 5 × 3 = 15.
    assert [one.cost for one in plan.no_plan.remedies] == [1500]
