# ruff: noqa: E501 - one row of a table a line
"""What if: every key by puzzles solved by hand, and what is wrong with a change said in words."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogs.faults import FlagFaults, faults_text
from optimizer.credential_file import load_shipped
from optimizer.plan import to_json
from optimizer.planning import plan_for
from optimizer.solve import Stopwatch
from optimizer.verify import verify
from optimizer.what_if import WhatIf, changed, what_if
from tests.damaged import ASK, csv_of, files, run
from tests.puzzle import question, rules

# Two credits are needed: a and b at 10 + 20 = 30 take 2 + 3 hours. The club at 40 pays for both. c and d are dearer.
SHOP = """
    offering_id, provider,   price, passes, format,    hours, available_from, available_until, starts,     assumed
    n:a,         north,      10,    club,   online,    2,     -,              2027-03-31,      -,          -
    n:b,         north,      20,    club,   print,     3,     2027-06-01,     -,               -,          price
    s:c,         south-east, 30,    -,      online,    4,     -,              -,               -,          -
    s:d,         south-east, 50,    -,      in_person, 6,     -,              -,               2027-06-10, -
"""
CLUB = """
    pass_id, title,     provider, price, term_days, benefit
    club,    Clubhouse, north,    40,    365,       included
"""
EXAM = '[[version.route]]\nname = "exam"\nprice = 25\n'
TWO = rules("2", more=EXAM)
EXAM_TITLE = "exam, Puzzler (TEST)"
HELD = "[[holding]]\npass_id = 'club'\nuntil = 2027-12-31\n"


def asked(*changes: str, learner: str = "", **more: Any) -> WhatIf:
    """Return what changes move in the puzzle above; the plan after them is proved."""
    before = question(SHOP, TWO, learner, CLUB, **more)
    found = what_if(before, plan_for(before), changes, Stopwatch(60.0))
    tables = (before.offerings, before.passes, before.digest)
    assert not verify(json.loads(json.dumps(to_json(found.plan))), tables, load_shipped)
    return found


def dollars(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def test_puzzle_costs_what_it_says():
    before = plan_for(question(SHOP, TWO, "", CLUB))
    assert (before.status, before.cost, [p.id for p in before.purchases]) == ("optimal", 3000, ["n:a", "n:b"])


@pytest.mark.parametrize(
    ("change", "cost", "bought", "no_longer", "keeping"),
    [
        ("budget=30", 30, (), (), 30),
        ("deadline=2027-05-31", 40, ("s:c",), ("n:b",), None),  # b begins later: 10 + 30
        ("cycle_start=2027-04-01", 50, ("s:c",), ("n:a",), None),  # a has ended: 20 + 30
        # a has 90 days, 90 × 0.1 / 7 = 1.3 of its 2 hours; b and c 365 days, 5.2 of their 7: 20 + 50, the event has none
        ("hours_per_week=0.1", 70, ("s:d",), ("n:a",), None),
        ("route=exam", 25, (EXAM_TITLE,), ("n:a", "n:b"), None),  # what was planned is no exam
        ("route=any", 25, (EXAM_TITLE,), ("n:a", "n:b"), 30),
        ("earned=any=1", 10, (), ("n:b",), 10),
        ("earned=any=2@aama", 0, (), ("n:a", "n:b"), 0),
        ("pass=club@2027-12-31", 0, (), ("n:a", "n:b"), 0),
        ("member=yes", 0, (), ("n:a", "n:b"), 0),
        ("member=no", 30, (), (), 30),
        ("no_assumed=yes", 40, ("s:c",), ("n:b",), None),  # nobody published what b costs: 10 + 30
        ("max_purchases=1", 40, ("Clubhouse",), ("n:a", "n:b"), None),
        ("formats=online", 40, ("s:c",), ("n:b",), None),
        ("formats=online; print", 30, (), (), 30),
        ("require=s:c", 40, ("s:c",), ("n:b",), None),
        ("exclude=n:a", 50, ("s:c",), ("n:a",), None),
        ("exclude=n:a; n:b", 80, ("s:c", "s:d"), ("n:a", "n:b"), None),
        ("without=n:a", 50, ("s:c",), ("n:a",), None),
        ("without=club", 30, (), (), 30),
        ("without=north", 80, ("s:c", "s:d"), ("n:a", "n:b"), None),
        ("without=south", 30, (), (), 30),  # south-east
        ("club=29.99", 29.99, ("Clubhouse",), ("n:a", "n:b"), 30),
        ("club=30", 30, ("Clubhouse",), ("n:a", "n:b"), 30),  # one purchase in place of two
        ("club=30.01", 30, (), (), 30),
        ("n:a=free", 20, (), ("n:a",), 20),  # still taken, but nothing is paid
        ("n:a = $12.50", 32.5, (), (), 32.5),
        ("n:a=45", 40, ("Clubhouse",), ("n:a", "n:b"), 65),  # 45 + 20, or b and c at 50: the club is less
    ],
)  # fmt: skip
def test_one_change(change, cost, bought, no_longer, keeping):
    found = asked(change).answer
    assert found.status == ("nothing_needed" if change == "earned=any=2@aama" else "optimal")
    assert (dollars(found.cost), found.bought, found.no_longer) == (cost, bought, no_longer)
    assert (dollars(found.keeping), found.bound, found.each) == (keeping, found.cost, ())


@pytest.mark.parametrize(
    ("change", "cheapest"),
    [
        ("budget=29.99", 30),
        ("max_purchases=0", None),
        ("deadline=2027-01-01", 40),  # both on the one day
        ("earned=any=1", 10),
    ],
)
def test_change_within_a_budget_of_20(change, cheapest):
    found = asked(change, learner="budget = 20").answer
    full = change == "earned=any=1"
    assert (found.status, dollars(found.cost)) == ("optimal" if full else "infeasible", cheapest)
    assert (found.bought, found.no_longer, found.keeping) == (("n:a",) if full else (), (), None)


@pytest.mark.parametrize(
    ("learner", "name"),
    [
        ("budget = 20", "budget"),
        ("hours_per_week = 0.01", "hours_per_week"),
        ("[[away]]\nfrom = 2027-01-01\nto = 2027-12-31", "away"),
        ("[preferences]\nmax_purchases = 0", "max_purchases"),
        ('[preferences]\nformats = ["live_online"]', "formats"),
        ('[preferences]\nrequire = ["s:d"]', "require"),
    ],
)
def test_limit_is_let_go(learner, name):
    """Tests that whatever bound costs 30 without it."""
    found = asked(f"without={name}", learner=learner)
    assert (found.plan.status, found.plan.cost) == ("optimal", 3000)
    assert plan_for(question(SHOP, TWO, learner, CLUB)).cost != 3000


@pytest.mark.parametrize("flags", [{"no_assumed": True}, {"member": True}])
def test_limit_of_a_flag_is_let_go(flags):
    (name,) = flags
    before = question(SHOP, TWO, "", CLUB, flags=flags)
    assert plan_for(before).cost in (4000, 0)
    assert plan_for(changed(before, [f"without={name}"])).cost == 3000


@pytest.mark.parametrize(("learner", "flags"), [(HELD, {}), ("", {"member": True})])
@pytest.mark.parametrize("name", ["club", "north"])
def test_without_a_pass_that_is_held(learner, flags, name):
    """Tests that who asks to do without a pass is not served by the one they hold."""
    before = question(SHOP, TWO, learner, CLUB, flags=flags)
    found = what_if(before, plan_for(before), [f"without={name}"], Stopwatch(60.0))
    assert (found.plan.cost, found.answer.no_longer) == ({"club": 3000, "north": 8000}[name], ())


def test_several_changes_are_told_together_and_each_alone():
    # Both: b and c, 20 + 30. The club pays for a and b at 40; without the club alone a and b stay at 30.
    found = asked("n:a=45", "without=club").answer
    assert found.changes == ("n:a=45", "without=club")
    assert (found.cost, found.bought, found.no_longer, found.keeping) == (5000, ("s:c",), ("n:a",), 6500)
    assert [(one.way, one.cost) for one in found.each] == [("n:a=45", 4000), ("without=club", 3000)]


def test_change_alone_looks_at_its_budget():
    # 10 + 20 = 30 at most 20 spent; a was free before, so that 20 remain.
    found = asked("budget=20", "n:a=0").answer
    assert (found.status, found.cost) == ("optimal", 2000)
    assert [(one.way, one.cost) for one in found.each] == [("budget=20", None), ("n:a=0", 2000)]


def test_change_that_makes_no_sense_alone_is_not_told_alone():
    # In 2028 a and d are over: b and c, 20 + 30. A cycle cannot start after the deadline that was.
    found = asked("deadline=2028-12-31", "cycle_start=2028-01-01").answer
    assert found.cost == 5000
    assert [(one.way, one.cost) for one in found.each] == [("deadline=2028-12-31", 5000)]


def test_changes_add_up_in_their_order():
    before = question(SHOP, TWO, "", CLUB)
    after = changed(
        before, ["n:a=1", "n:a=2", "earned=any=0.25", "earned=any=0.5", "exclude=s:c", "exclude=s:d"]
    )
    assert after.learner.prices == (("n:a", 200),)
    assert len(after.learner.earned) == 2
    assert after.learner.preferences.exclude == ("s:c", "s:d")
    assert replace(after, learner=before.learner) == before


def test_price_of_the_learners_own_offering():
    own = '[[offering]]\noffering_id = "mine"\nprovider = "work"\ntitle = "Mine"\ncredits = "any=1"\nunit = "hour"\nprice = 15\n'
    found = asked("mine=5.00", learner=own).answer  # 10 + 15 before, 10 + 5 now
    assert (found.cost, found.bought, found.no_longer) == (1500, (), ())


# Wrong what-ifs

BAD = {
    "x": "it does not say what changes",
    "=": "it does not say what changes",
    "budget=": "it does not say what changes",
    "budget=abc": "it is not an amount of US dollars",
    "deadline=2027-13-01": "there is no such day",
    "deadline=2026-01-01": "it lies before 2027-01-01, the day the plan is for",
    "cycle_start=2028-01-01": "it lies after the deadline, 2027-12-31",
    "hours_per_week=0": "it is not above 0 and at most 168, the hours of a week",
    "route=exma": 'Did you mean "exam"?',
    "earned=clinical": '"clinical" has no amount',
    "pass=clbu@2027-12-31": 'Did you mean "club"?',
    "pass=club": 'the pass "club" ends some day, and you did not say when',
    "member=maybe": "it is neither yes nor no",
    "max_purchases=-1": "it is not a whole number",
    "formats=onlin": 'Did you mean "online"?',
    "require=n:z": "nothing in the catalog has this name",
    "exclude=n:z": 'nothing for sale is called "n:z"',
    "without=nroth": 'Did you mean "north"?',
    "clbu=3": 'Did you mean "club"?',
    "budgt=3": 'Did you mean "budget"?',
    "club=-3": "it is negative",
    "n:a=1.005": "it has more than 2 decimals, and money is exact to the cent",
    "n:a=3;4": "it holds more than one amount",
}


@pytest.mark.parametrize("change", BAD)
def test_wrong_change_is_named_with_what_to_do(change):
    with pytest.raises(FlagFaults) as found:
        changed(question(SHOP, TWO, "", CLUB), [change])
    text = faults_text(found.value.faults)
    assert text.startswith(f'--what-if: value "{change}" — ')
    assert BAD[change] in text


def test_every_wrong_change_is_named_at_once():
    with pytest.raises(FlagFaults) as found:
        changed(question(SHOP, TWO, "", CLUB), [*BAD, "budget=30"])
    assert {fault.value for fault in found.value.faults} == set(BAD)


def test_provider_that_may_be_several_is_not_guessed():
    shop = "\n offering_id, provider, price\n a, north-east, 1\n b, north-west, 2\n"
    with pytest.raises(FlagFaults) as found:
        changed(question(shop, rules("1")), ["without=north"])
    assert found.value.faults[0].problem == "it may be north-east or north-west"


EXPLAIN = ("explain", *ASK[1:])


def test_command_names_every_wrong_change():
    with files():
        ran = run(*EXPLAIN, "--what-if", "anual=3", "--what-if", "hours_per_week=many")
    assert (ran.code, ran.out) == (2, "")
    assert 'Did you mean "annual"?' in ran.err
    assert "2 faults in the flags." in ran.err


TEXT = st.text(max_size=12) | st.sampled_from(
    ["budget", "annual", "a", "b", "club", "exam", "any", "=", "==", "1", "0", "-1", "9" * 400, "1e99", "NaN", "free", "yes",
     "clinical=1@amt", "2027-06-30", "0001-01-01", "mine", "shop", "work", "\x1b[2J", "\u202e", ";", "half@2027-12-31", "50%"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["budget", "deadline", "cycle_start", "hours_per_week", "route", "earned", "pass", "member", "no_assumed",
     "max_purchases", "formats", "require", "exclude", "without", "a", "d", "annual", "mine", ""]
)  # fmt: skip
SOME = [csv_of([["offering_id", "provider", "title", "credits", "unit", "price", "passes"],
                ["a", "shop", "A", "any=1", "hour", "3", "annual"], ["d", "shop", "D", "clinical|general=2", "hour", "4", ""]])]  # fmt: skip
EASY = "[[credential]]\nfile = 'rules.toml'\ndeadline = 2027-12-31\n[[offering]]\noffering_id = 'mine'\nprovider = 'work'\ntitle = 'M'\ncredits = 'any=1'\nunit = 'hour'\nprice = 1\n"


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(said=st.lists(st.tuples(KEYS, TEXT).map("=".join) | TEXT, min_size=1, max_size=3))
def test_any_change_is_answered_or_refused_in_words(said):
    flags = [word for one in said for word in ("--what-if", one.replace("\0", "\udcff"))]
    with files(shop=SOME[0], rules=rules("2").encode(), me=EASY.encode()):
        ran = run(*EXPLAIN, *flags)
    assert ran.code in (0, 2)
    assert (ran.out == "") == (ran.code == 2)
