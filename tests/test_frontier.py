"""The frontier: puzzles with their sums, an exhaustive search on small instances, and the command."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from optimizer import frontier as module
from optimizer.choosing import NotProven
from optimizer.cli import main
from optimizer.credential_file import load_shipped
from optimizer.frontier import Frontier, frontier
from optimizer.frontier_text import frontier_csv, frontier_text
from optimizer.obligation import obligations
from optimizer.plan import json_of
from optimizer.question import Question
from optimizer.verify import verify
from tests.oracle.brute_force import _choose, minutes_of
from tests.oracle.exact import Counter
from tests.oracle.making import Instance, small
from tests.oracle.planned import question as drawn
from tests.oracle.quick import with_quick_courses
from tests.oracle.reading import read
from tests.oracle.search import Search
from tests.puzzle import question, rules, write

SHOP = """
    offering_id, price, hours
    a1,          10.00, 2
    a2,          10.00, 2
    b1,          12.00, 1
    b2,          12.50, 1
"""
TWO = rules("2")
# Two of four. a1 a2: 20.00, 4 hours; a b1: 22.00, 3 hours; b1 b2: 24.50, 2 hours. And a b2, 22.50, 3 hours, is worse.
HOURS = [("20.00", "4.00", None), ("22.00", "3.00", "2.00"), ("24.50", "2.00", "2.50")]
# With a cent less than 20.00 one course is left, 1 short; with less than 10.00 nothing, 2 short.
BUDGET = [("20.00", "0.00", "10.00"), ("10.00", "1.00", "10.00"), ("0.00", "2.00", None)]


def proved(asked: Question, against: str, most: int = 20) -> Frontier:
    """Return a frontier of which every plan is proved."""
    found = frontier(asked, against, most)
    tables = (asked.offerings, asked.passes, asked.digest)
    for point in json.loads(json.dumps(json_of(found)))["points"]:
        assert not verify(point["plan"], tables, credentials(asked)), point["plan"]["warnings"]
    return found


def credentials(asked: Question):
    known = {one.id: one for one in asked.credentials}
    return lambda name: known[name] if name in known else load_shipped(name)


def told(found: Frontier, *keys: str) -> list[tuple[str | None, ...]]:
    return [tuple(point[key] for key in keys) for point in json_of(found)["points"]]


# Puzzles


def test_cost_against_hours():
    found = proved(question(SHOP, TWO), "hours")

    assert told(found, "cost", "hours", "price") == HOURS
    assert (found.complete, found.more) == (True, False)
    assert [p.plan.status for p in found.points] == ["optimal", "feasible", "feasible"]
    assert [p.plan.bound for p in found.points] == [2000, 2000, 2000]


def test_coverage_against_budget():
    found = proved(question(SHOP, TWO), "budget")

    assert told(found, "cost", "short", "price") == BUDGET
    assert [p.plan.status for p in found.points] == ["optimal", "infeasible", "infeasible"]
    assert [p.plan.budget for p in found.points] == [None, 1999, 999]


def test_budget_of_the_learner_ends_the_hours_and_not_the_coverage():
    asked = question(SHOP, TWO, "budget = 22")

    assert told(proved(asked, "hours"), "cost", "hours", "price") == HOURS[:2]
    assert told(proved(asked, "budget"), "cost", "short", "price") == BUDGET


def test_no_more_points_than_asked_for():
    found = proved(question(SHOP, TWO), "hours", 2)
    assert told(found, "cost", "hours", "price") == HOURS[:2]
    assert (found.complete, found.more) == (False, True)

    found = proved(question(SHOP, TWO), "budget", 1)  # its price needs the point that is not shown
    assert told(found, "cost", "short", "price") == BUDGET[:1]
    assert (found.complete, found.more) == (False, True)


def test_as_many_points_as_there_are_is_all_of_them():
    found = proved(question(SHOP, TWO), "hours", 3)
    assert (len(found.points), found.complete, found.more) == (3, True, False)


def test_price_is_rounded_half_up_to_the_cent():
    # 0.25 more for 40 minutes less: 0.375 an hour. 1.00 for 3 credits: 0.333…
    shop = """
        offering_id, price, hours, credits
        a,           1.00,  1,     any=3
        b,           1.25,  0.333, any=3
    """
    asked = question(shop, rules("3"))  # 0.333 hours are 20 minutes, rounded up
    assert told(proved(asked, "hours"), "cost", "hours", "price") == [
        ("1.00", "1.00", None),
        ("1.25", "0.333333", "0.38"),
    ]
    assert told(proved(asked, "budget"), "cost", "price") == [("1.00", "0.33"), ("0.00", None)]


def test_without_a_full_plan_there_are_no_hours_to_trade_but_budgets_cover_something():
    asked = question(SHOP, rules("5"))  # there are 4, for 44.50
    assert proved(asked, "hours").points == ()
    assert told(proved(asked, "budget"), "cost", "short")[0] == ("44.50", "1.00")


def test_nothing_needed_is_one_point():
    earned = '[[earned]]\ndate = 2027-01-01\ntitle = "T"\ncredits = "any=2"\nunit = "hour"'
    for against in ("hours", "budget"):
        found = proved(question(SHOP, TWO, earned), against)
        assert told(found, "cost", "hours", "short") == [("0.00", "0.00", "0.00")]
        assert found.complete


def test_frontier_ends_where_what_is_required_cannot_be_paid():
    # b2 is required: 22.50 with an a, 12.50 alone. Below that it cannot be taken.
    asked = question(SHOP, TWO, '[preferences]\nrequire = ["b2"]')
    found = proved(asked, "budget")
    assert told(found, "cost", "short") == [("22.50", "0.00"), ("12.50", "1.00")]


def test_several_credentials_and_any_route_are_kept_up():
    two = rules("2", more='[[version.route]]\nname = "exam"\nprice = 21')
    asked = question(SHOP, two, flags={"route": "any"})
    # By the exam: 21.00 and no hours at all, so nothing by courses but 20.00 is worth its money.
    assert told(proved(asked, "hours"), "cost", "hours", "price") == [
        ("20.00", "4.00", None),
        ("21.00", "0.00", "0.25"),
    ]


def test_time_that_runs_out_leaves_what_was_found(monkeypatch):
    ask, asked = module.plan_for, []

    def once(one):
        asked.append(one)
        if len(asked) > 1:
            msg = "no plan was found within the time limit"
            raise NotProven(msg)
        return ask(one)

    monkeypatch.setattr(module, "plan_for", once)
    found = frontier(question(SHOP, TWO), "hours", 20)
    assert told(found, "cost") == [("20.00",)]
    assert (found.complete, found.more) == (False, False)
    text = frontier_text(found, (), None)
    assert "This is not complete: the time ran out." in text
    assert "nothing to trade" not in text

    asked.append(None)
    with pytest.raises(NotProven):
        frontier(question(SHOP, TWO), "hours", 20)


# An exhaustive search


def searched_hours(instance: Instance) -> Iterator[tuple[int, int]]:
    """Yield cost and minutes of every full plan within the budget that no other is as good as in both."""
    case = read(instance)
    counter, plans = Counter(case), Search(case).plans()
    minutes = {offer.id: minutes_of(offer) for offer in case.offers}
    found = sorted((plan[0], sum(minutes[key] for key, _ in taken), taken) for taken, plan in plans.items())
    fewest = None
    for cost, total, taken in found:
        within = case.budget is None or cost <= case.budget
        if within and (fewest is None or total < fewest) and counter.short(taken) == 0:
            fewest = total
            yield cost, total


def searched_budgets(instance: Instance) -> Iterator[tuple[int, Fraction]]:
    """Yield cost and shortfall of the best plan at any price, then for a cent less than each."""
    case = read(instance)
    counter, plans = Counter(case), Search(case).plans()
    while plans and (best := _choose(case, counter, plans)):
        yield best.cost, best.short
        plans = {taken: plan for taken, plan in plans.items() if plan[0] < best.cost}


BATCH = 20


@pytest.mark.parametrize("first", range(0, 40, BATCH))
def test_hours_are_those_an_exhaustive_search_finds(first):
    """Every pair of cost and hours that no other plan is as good as in both, and no other."""
    lengths = []
    for seed in range(first, first + BATCH):
        instance = with_quick_courses(small(seed))
        found = proved(drawn(instance), "hours", 99)

        assert [(p.cost, p.minutes) for p in found.points] == list(searched_hours(instance)), seed
        assert found.complete, seed
        lengths.append(len(found.points))
    assert max(lengths) > 2


@pytest.mark.parametrize("first", range(0, 40, BATCH))
def test_frontier_is_the_one_an_exhaustive_search_finds(first):
    """With budgets, limits and preferences: every pair of cost and hours, and of cost and shortfall."""
    lengths = []
    for seed in range(first, first + BATCH):
        instance = small(seed)
        if "require" in instance.learner.get("preferences", {}):
            continue  # docs/meaning.md, rule 27: what is required may be left out of a partial plan
        asked = drawn(instance)
        hours, budgets = proved(asked, "hours", 99), proved(asked, "budget", 99)

        assert [(p.cost, p.minutes) for p in hours.points] == list(searched_hours(instance)), seed
        assert [(p.cost, p.short) for p in budgets.points] == list(searched_budgets(instance)), seed
        assert hours.complete, seed
        assert budgets.complete, seed
        lengths.append(len(budgets.points))
    assert max(lengths) > 2


# The command


@pytest.fixture
def ceuplan(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, SHOP, TWO)

    def run(*args: str):
        words = ("--profile", "me.toml", "--catalog", "catalog", "--as-of", "2027-01-01")
        monkeypatch.setattr(sys, "argv", ["ceuplan", "frontier", *words, *args])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("name", "args", "code"),
    [
        ("hours", (), 0),
        ("hours-some", ("--points", "1"), 0),
        ("hours-none", ("--budget", "5"), 5),
        ("budget", ("--against", "budget"), 0),
        ("budget-within", ("--against", "budget", "--budget", "15"), 5),
    ],
)
def test_text(golden, ceuplan, name, args, code):
    ran, out, _ = ceuplan(*args)
    golden(f"frontier-{name}.txt", out)
    assert ran == code


def test_csv(ceuplan):
    code, out, _ = ceuplan("--format", "csv")
    assert (code, out.splitlines()) == (
        0,
        [
            "cost,hours,purchases,courses,short,short_of,each_hour_saved_costs,proven",
            "20.00,4.00,2,2,0.00,,,yes",
            "22.00,3.00,2,2,0.00,,2.00,yes",
            "24.50,2.00,2,2,0.00,,2.50,yes",
        ],
    )
    _, out, _ = ceuplan("--format", "csv", "--against", "budget")
    assert out.splitlines()[2] == "10.00,2.00,1,1,1.00,1.00 total,10.00,yes"


def test_every_plan_of_the_json_can_be_verified_alone(ceuplan, tmp_path, monkeypatch):
    code, _, _ = ceuplan("--format", "json", "--against", "budget", "-o", "frontier.json")
    found = json.loads((tmp_path / "frontier.json").read_text("utf-8"))

    assert code == 0
    assert {key: found[key] for key in ("against", "as_of", "more", "complete", "schema_version")} == {
        "against": "budget", "as_of": "2027-01-01", "more": False, "complete": True, "schema_version": 1,
    }  # fmt: skip
    for point in found["points"]:
        (tmp_path / "plan.json").write_text(json.dumps(point["plan"]), "utf-8")
        monkeypatch.setattr(sys, "argv", ["ceuplan", "verify", "plan.json", "--catalog", "catalog"])
        with pytest.raises(SystemExit) as left:
            main()
        assert not left.value.code


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--against", "cost"), '--against "cost": give hours or budget.'),
        (("--points", "0"), "--points 0: give a number from 1 to 1000."),
        (("--format", "html"), '--format "html": no such format'),
        (("-o", "me.toml"), "is one of your own files"),
    ],
)
def test_wrong_usage_is_2(ceuplan, args, words):
    code, out, err = ceuplan(*args)
    assert (code, out) == (2, "")
    assert words in err


def test_nothing_in_time_is_6(ceuplan, monkeypatch):
    def nothing(_):
        msg = "no plan was found within the time limit"
        raise NotProven(msg)

    monkeypatch.setattr(module, "plan_for", nothing)
    code, out, err = ceuplan()
    assert (code, out) == (6, "")
    assert "--time-limit" in err


def test_require_proof_is_6_where_it_is_not_complete(ceuplan, monkeypatch):
    ask = module.plan_for

    def cheapest_only(one):
        if one.max_minutes is not None:
            msg = "no plan was found within the time limit"
            raise NotProven(msg)
        return ask(one)

    monkeypatch.setattr(module, "plan_for", cheapest_only)
    assert ceuplan()[0] == 0
    code, out, err = ceuplan("--require-proof")
    assert code == 6
    assert "$20.00" in out
    assert "Not all of it was proven" in err


def test_plan_that_does_not_stand_up_is_not_shown(ceuplan, monkeypatch):
    ask = module.plan_for

    def wrong(one):
        plan = ask(one)
        return replace(plan, cost=plan.cost + 1) if one.max_minutes is not None else plan

    monkeypatch.setattr(module, "plan_for", wrong)
    code, out, err = ceuplan()
    assert (code, out) == (7, "")
    assert "Plan 2 of" in err


def test_csv_says_what_is_not_proven():
    found = proved(question(SHOP, TWO), "hours")
    unsure = replace(found, points=tuple(replace(p, proven=False) for p in found.points), complete=False)
    asked = question(SHOP, TWO)
    kept = obligations(asked.learner, asked.credentials, asked.as_of)

    assert frontier_csv(unsure).splitlines()[1].endswith(",no")
    assert "Lines marked ? were not proven" in frontier_text(unsure, kept, None)
