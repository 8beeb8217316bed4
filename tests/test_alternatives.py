"""Ties and plans of other kinds: puzzles with their sums, an exhaustive search, and damage that the proof names."""

import json
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from optimizer import alternatives as module
from optimizer.alternatives import alternatives
from optimizer.choosing import NotProven
from optimizer.cli import main
from optimizer.commands.optimize import MOST_ALTERNATIVES
from optimizer.kinds import AT_A_DISTANCE
from optimizer.obligation import obligations
from optimizer.plan import KINDS, Plan, to_json
from optimizer.planning import plan_for
from optimizer.question import Question
from optimizer.solve import Stopwatch
from optimizer.text import plan_text
from optimizer.ties import ties
from optimizer.verify import verify
from tests.oracle.brute_force import minutes_of
from tests.oracle.exact import Counter
from tests.oracle.making import small
from tests.oracle.planned import question as drawn
from tests.oracle.quick import with_quick_courses
from tests.oracle.reading import read
from tests.oracle.search import Search
from tests.puzzle import question, rules, write

SHOP = """
    offering_id, price, hours, credits, approvals, format,    provider, passes, assumed
    a1,          10.00, 2,     any=1,   amt,       online,    alpha,    -,      -
    a2,          10.00, 2,     any=1,   amt,       online,    alpha,    -,      -
    a3,          10.00, 2,     any=1,   amt,       online,    alpha,    -,      -
    a4,          10.00, 2,     any=1,   amt,       online,    alpha,    -,      -
    b1,          12.00, 1,     any=1,   -,         online,    beta,     -,      -
    b2,          12.00, 1,     any=1,   -,         online,    beta,     -,      -
    c1,          -,     3,     any=1,   -,         online,    club,     year,   credits
    c2,          -,     3,     any=1,   -,         in_person, club,     year,   -
    d,           45.00, 9,     any=3,   amt,       in_person, delta,    -,      -
"""
PASSES = """
    pass_id, title,     price, term_days, benefit,  kind
    year,    Year pass, 18.00, 365,       included, subscription
"""
RULES = rules("3", '1 approver = "amt"')
# Three credits, one of them approved. The cheapest: a1 10.00 + year 18.00 for c1, c2: 28.00, 8 hours, 2 purchases.
# Fewest hours: a1 + b1 + b2 = 34.00, 4 hours. Fewest purchases: d alone = 45.00, 9 hours. No subscription, approved
# only, one provider, nothing assumed, nobody travels: a1 + a2 + a3 = 30.00, 6 hours.
EXPECTED = [
    (("fewest_hours",), "34.00", "$6.00 more, 4 hours less, 3 purchases instead of 2", ["a1", "b1", "b2"]),
    (
        ("fewest_purchases",),
        "45.00",
        "$17.00 more, 1 hour more, 1 purchase instead of 2, 1 course instead of 3",
        ["d"],
    ),
    (
        ("no_subscription", "approved", "one_provider", "nothing_assumed", "nothing_in_person"),
        "30.00",
        "$2.00 more, 2 hours less, 3 purchases instead of 2",
        ["a1", "a2", "a3"],
    ),
]


def with_others(asked: Question, most: int = 20) -> Plan:
    """Return the plan with its ties and alternatives, all proved from the JSON alone."""
    watch = Stopwatch(asked.seconds)
    plan = plan_for(asked)
    tied = ties(asked, plan, watch)
    others, lacking = alternatives(asked, plan, most, watch)
    plan = replace(plan, ties=tied, alternatives=others, no_alternatives=lacking)
    assert said(asked, as_json(plan)) == []
    return plan


def as_json(plan: Plan) -> dict[str, Any]:
    return json.loads(json.dumps(to_json(plan)))


def said(asked: Question, plan: Mapping[str, object]) -> list[str]:
    """Return the violations of a plan's JSON."""
    known = {one.id: one for one in asked.credentials}
    tables = (asked.offerings, asked.passes, asked.digest)
    return [one.message for one in verify(plan, tables, known.__getitem__)]


def told(plan: Plan) -> list[tuple[object, ...]]:
    return [
        (a["kinds"], a["cost"], a["differs"], [e["offering_id"] for e in a["plan"]["enrollments"]])
        for a in as_json(plan)["alternatives"]
    ]


def why(plan: Plan) -> dict[str, str]:
    return {one.kind: one.why for one in plan.no_alternatives}


# Plans of other kinds


def test_each_kind_with_what_it_gives_up():
    plan = with_others(question(SHOP, RULES, passes=PASSES))

    assert told(plan) == [(list(kinds), *rest) for kinds, *rest in EXPECTED]
    assert why(plan) == {}
    assert all(one.proven for one in plan.alternatives)
    assert {(one.plan.status, one.plan.bound) for one in plan.alternatives} == {("feasible", 2800)}
    assert plan.alternatives[2].words == (
        "no subscription or membership bought; only courses approved by amt; one provider only: alpha; "
        "nothing that rests on assumed values; nothing in person"
    )


def test_no_more_than_asked_for():
    plan = with_others(question(SHOP, RULES, passes=PASSES), 1)

    assert told(plan) == [(list(kinds), *rest) for kinds, *rest in EXPECTED[:1]]
    assert why(plan) == dict.fromkeys(KINDS[1:], "not_looked_for")


def test_kinds_that_the_plan_is_already_and_kinds_there_are_none_of():
    # One course of 2 hours, and another, of an unknown format, that only a pass pays for.
    shop = """
        offering_id, price, hours, format, passes, provider
        a,           5.00,  2,     online, -,      alpha
        b,           -,     2,     -,      year,   beta
    """
    plan = with_others(question(shop, rules("2"), passes=PASSES))

    assert plan.alternatives == ()
    assert why(plan) == {
        "fewest_hours": "the_plan_itself",
        "fewest_purchases": "the_plan_itself",
        "no_subscription": "none",
        "one_provider": "none",
        "nothing_assumed": "the_plan_itself",
        "nothing_in_person": "none",
    }


def test_alternatives_keep_to_the_budget():
    plan = with_others(question(SHOP, RULES, "budget = 33", passes=PASSES))

    # Of 33.00, 12.00 + 2 × 10.00 = 32.00 for 5 hours is the least time; 34.00 for 4 hours is too much.
    assert told(plan)[0][:2] == (["fewest_hours"], "32.00")
    assert why(plan) == {"fewest_purchases": "the_plan_itself"}


def test_bundle_is_no_subscription():
    bundle = PASSES.replace("subscription", "bundle")
    plan = with_others(question(SHOP, RULES, passes=bundle))
    assert why(plan)["no_subscription"] == "the_plan_itself"


def test_approval_must_hold_on_the_day_of_finishing():
    # The event is approved until May and ends in June: left out, it leaves m, dearer; nothing says m is the cheapest.
    shop = """
        offering_id, price, approvals,                 starts,     ends
        e,           1.00,  amt@2027-01-01/2027-05-31, 2027-06-01, 2027-06-02
        f,           2.00,  amt,                       -,          -
        m,           3.00,  amt,                       -,          -
    """
    plan = with_others(question(shop, rules("2", '1 approver = "amt"')))
    found = next(one for one in plan.alternatives if "approved" in one.kinds)

    assert (found.cost, found.proven) == (500, False)
    assert "only courses approved by amt" in found.words


def test_exam_is_the_plan_of_fewest_hours_where_any_route_will_do():
    two = rules("2", more='[[version.route]]\nname = "exam"\nprice = 90')
    asked = question("offering_id, price, hours\na, 1, 4\nb, 1, 4", two, flags={"route": "any"})
    found = with_others(asked).alternatives[0]

    assert found.kinds[0] == "fewest_hours"
    assert (found.cost, found.plan.minutes, found.plan.route) == (9000, 0, {"pz-test": "exam"})
    assert [(line.name, line.cost) for line in found.plan.routes] == [("continuing-education", 200)]


def test_nothing_stands_beside_a_plan_that_is_not_full_or_not_needed():
    earned = '[[earned]]\ndate = 2027-01-01\ntitle = "T"\ncredits = "any=3"\nunit = "hour"\napprovals = "amt"'
    for learner in ("budget = 1", earned):
        plan = with_others(question(SHOP, RULES, learner, passes=PASSES))
        assert (plan.alternatives, plan.no_alternatives, plan.ties) == ((), (), None)


def test_time_that_runs_out_is_said(monkeypatch):
    def late(*_):
        msg = "no plan was found within the time limit"
        raise NotProven(msg)

    monkeypatch.setattr(module, "best_of", late)
    plan = with_others(question(SHOP, RULES, passes=PASSES))
    assert plan.alternatives == ()
    assert why(plan) == dict.fromkeys(KINDS, "not_settled")


def test_several_credentials():
    learner = '[[credential]]\nid = "rma-amt"\ndeadline = 2027-12-31'
    shop = SHOP.replace("offering_id, ", "unit, offering_id, ").replace("\n    ", "\n    contact_hour, ")
    shop = shop.replace("contact_hour, unit", "unit")
    own = rules("3", conversions="contact_hour = 1")
    plan = plan_for(asked := question(shop, own, learner, PASSES))
    assert plan.status == "infeasible"  # 30 points for the RMA; beside it there is nothing to say
    assert with_others(asked).ties is None


# Ties


def test_courses_that_only_their_names_tell_apart_are_told_as_one():
    found = with_others(question(SHOP, RULES, passes=PASSES)).ties

    assert [(one.taken, one.times, one.offerings) for one in found.interchangeable] == [
        (1, 1, ("a1", "a2", "a3", "a4"))
    ]
    assert found.interchangeable[0].words == (
        "Any 1 of 4 courses of alpha does as well: 1 of no category, 2 hours, $10.00 each."
    )
    assert (found.same_cost, found.complete) == ((), True)


def test_nothing_is_interchangeable_where_all_of_a_kind_are_taken_or_something_differs():
    shop = """
        offering_id, price, provider, title
        a,           5.00,  one,      A
        b,           5.00,  two,      B
    """
    found = with_others(question(shop, rules("1"))).ties
    assert found.interchangeable == ()
    # a for b is another purchase of the same cost, since providers differ.
    assert [(one.differs, one.plan.cost) for one in found.same_cost] == [
        ("B instead of A: the same cost", 500)
    ]
    assert found.complete


def test_topics_matter_where_a_rule_looks_at_them():
    shop = """
        offering_id, price, topics
        a,           5.00,  ethics
        b,           5.00,  billing
    """
    assert with_others(question(shop, rules("1"))).ties.interchangeable[0].offerings == ("a", "b")
    found = with_others(question(shop, rules("1", '1 topic = "ethics"'))).ties
    assert found.interchangeable == ()


def test_course_that_counts_twice_is_told_so():
    shop = """
        offering_id, price, times
        a,           5.00,  2
        b,           5.00,  2
    """
    found = with_others(question(shop, rules("3"))).ties
    assert [(one.taken, one.times) for one in found.interchangeable] == [(3, 2)]
    assert "each up to 2 times" in found.interchangeable[0].words


def test_every_kind_of_purchases_that_costs_the_same_is_found():
    # 4 credits for 20.00: the pass with p1 and p2 (4 hours, 1 purchase), 4 × a (4 hours), 2 × a and b, or 2 × b.
    shop = """
        offering_id, price, hours, credits, passes, provider
        a1,          5.00,  1,     any=1,   -,      alpha
        a2,          5.00,  1,     any=1,   -,      alpha
        a3,          5.00,  1,     any=1,   -,      alpha
        a4,          5.00,  1,     any=1,   -,      alpha
        b1,          10.00, 3,     any=2,   -,      beta
        b2,          10.00, 3,     any=2,   -,      beta
        p1,          -,     1,     any=2,   year,   club
        p2,          -,     3,     any=2,   year,   club
    """
    passes = PASSES.replace("18.00", "20.00")
    found = with_others(question(shop, rules("4"), passes=passes)).ties

    assert sorted(sorted(p.id[:1] for p in one.plan.purchases) for one in found.same_cost) == [
        ["a", "a", "a", "a"], ["a", "a", "b"], ["b", "b"],
    ]  # fmt: skip
    assert found.complete
    assert {one.plan.status for one in found.same_cost} == {"feasible"}


def test_second_term_of_a_pass_leaves_a_doubt():
    # Two terms of 10.00 for a and b, 90 days apart. "One term less" cannot be asked for, so there may be more.
    shop = """
        offering_id, passes, available_from, available_until
        a,           q,      2027-01-01,     2027-01-10
        b,           q,      2027-09-01,     2027-09-10
    """
    passes = "pass_id, price, term_days, benefit\nq, 10.00, 90, included"
    found = with_others(question(shop, rules("2"), passes=passes)).ties
    assert (found.same_cost, found.complete) == ((), False)


@pytest.mark.parametrize("seed", range(40))
def test_any_other_of_a_group_can_take_the_place_of_one(seed):
    """On random instances, each offering twice: the plan with one exchanged is proved as the plan was."""
    instance = small(seed)
    rows = [
        row
        | {
            "offering_id": row["offering_id"] + copy,
            "course_id": row["course_id"] and row["course_id"] + copy,
        }
        for row in instance.offerings
        for copy in ("", "~1", "~2")
    ]
    asked = drawn(replace(instance, offerings=rows))
    plan = plan_for(asked)
    found = ties(asked, plan, Stopwatch(1.0))
    titles = {o.offering_id: o for o in asked.offerings}
    for group in found.interchangeable if found else ():
        written = as_json(plan)
        taken = [e["offering_id"] for e in written["enrollments"] if e["offering_id"] in group.offerings]
        spare = next(one for one in group.offerings if taken.count(one) < group.times)
        for line in (*written["enrollments"], *written["purchases"]):
            if taken[0] in (line.get("offering_id"), line.get("id")):
                line["title"] = titles[spare].title
                if "id" in line:
                    line["id"] = spare
                else:
                    line |= {"offering_id": spare, "course_id": titles[spare].course_id}
        written["enrollments"].sort(key=lambda e: (e["start"], e["finish"], e["offering_id"]))
        written["purchases"].sort(key=lambda p: (p["on"], p["kind"] != "pass", p["id"]))
        if taken.count(taken[0]) == 1:
            assert said(asked, written) == [], group


# An exhaustive search


def is_kind(kind: str, asked_for: set[str], keys, offers) -> bool:
    match kind:
        case "approved":
            return all(set(approvers) & asked_for for _, approvers in keys)
        case "one_provider":
            return len({offers[key].item.provider for key, _ in keys}) < 2
        case "nothing_in_person":
            return all(offers[key].item.format in AT_A_DISTANCE for key, _ in keys)
        case _:
            return True


@pytest.mark.parametrize("first", range(0, 32, 16))
def test_alternatives_are_the_best_of_their_kinds(first):
    """The cost of the best of each kind that looks at courses, and the least hours, are an exhaustive search's."""
    met = [0, 0]
    for seed in range(first, first + 16):
        instance = with_quick_courses(small(seed)) if seed % 2 else small(seed)
        asked = drawn(instance)
        plan = with_others(asked)
        if plan.status not in ("optimal", "feasible"):
            continue
        case = read(instance)
        counter, offers = Counter(case), {offer.id: offer for offer in case.offers}
        full = [
            (cost, taken)
            for taken, (cost, *_) in Search(case).plans().items()
            if (case.budget is None or cost <= case.budget) and counter.short(taken) == 0
        ]
        minutes = min(sum(minutes_of(offers[key]) for key, _ in taken) for _, taken in full)
        hours = [one.plan.minutes for one in plan.alternatives if "fewest_hours" in one.kinds]
        assert minutes == (hours or [plan.minutes])[0], seed
        met[0] += bool(hours)
        approvers = {a for r in case.requirements for a in named(r.where.get("approver", ()))}
        for kind in ("approved", "one_provider", "nothing_in_person"):
            costs = [cost for cost, taken in full if is_kind(kind, approvers, taken, offers)]
            told = next((one for one in plan.alternatives if kind in one.kinds), None)
            if told is not None:
                assert told.cost == min(costs) or not told.proven, (seed, kind)
                met[1] += 1
            elif why(plan).get(kind, "not_settled") == "not_settled":
                assert kind == "approved", seed  # of which an approval's days may leave a doubt
            else:
                none = {"none": None, "the_plan_itself": plan.cost}
                assert min(costs, default=None) == none[why(plan)[kind]], (seed, kind)
    assert min(met) > 0


def named(said: object) -> list[str]:
    return [said] if isinstance(said, str) else list(said)  # type: ignore[call-overload]


# Damage


def damaged(change: Callable[[dict[str, Any]], object]) -> str:
    """Return what the proof says of the puzzle's plan after a change to its JSON."""
    asked, plan = sound()
    written = deepcopy(plan)
    change(written)
    return "\n".join(said(asked, written))


SOUND: list[tuple[Question, dict[str, Any]]] = []


def sound() -> tuple[Question, dict[str, Any]]:
    if not SOUND:
        shop = SHOP + "    e,           28.00, 9,     any=3,   amt,       in_person, delta,    -,      -\n"
        asked = question(shop, RULES, passes=PASSES)
        SOUND.append((asked, as_json(with_others(asked))))
    return SOUND[0]


def nested(written: dict[str, Any], place: int = 0) -> dict[str, Any]:
    return written["alternatives"][place]["plan"]


def dearer(line: dict[str, Any]) -> None:
    line["price"] = "1.00"


def kinds_to(*kinds: str) -> Callable[[dict[str, Any]], object]:
    return lambda written: written["alternatives"][0].update(kinds=list(kinds))


def test_sound_plan_has_something_to_damage():
    _, plan = sound()
    assert len(plan["alternatives"]) >= 2
    assert plan["ties"]["same_cost"]
    assert plan["ties"]["interchangeable"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda w: dearer(nested(w)["purchases"][0]), 'alternatives 1: "a1" at 10.00 lacks 1 purchase(s).'),
        (lambda w: nested(w)["enrollments"].pop(), "alternatives 1:"),
        (lambda w: nested(w).pop("bound"), 'alternatives 1: The plan has no key "bound"'),
        (lambda w: nested(w).update(status="optimal", bound="34.00", gap="0.00"), 'alternatives 1 is called "optimal"'),
        (lambda w: nested(w).update(bound="34.00", gap="0.00"), "alternatives 1 has the bound 34.00"),
        (lambda w: nested(w)["problem"]["learner"].update(budget="99.00"), "alternatives 1: The plan says the budget"),
        (
            lambda w: (nested(w)["problem"]["learner"].update(budget="99.00"), nested(w).update(budget="99.00")),
            "alternatives 1 is for another day, another learner or other rules",
        ),
        (lambda w: nested(w).update(ties=w["ties"]), "a plan inside a plan has alternatives or ties"),
        (lambda w: nested(w).update(alternatives=w["alternatives"]), "a plan inside a plan has alternatives"),
        (lambda w: w["alternatives"][0].update(cost="33.99"), "is said to cost 33.99; its plan costs 34.00"),
        (lambda w: w["alternatives"][0].update(plan={}), "alternatives 1: The plan has no key"),
        (lambda w: w["alternatives"][0].update(plan=[]), "should be an object"),
        (lambda w: w["alternatives"][0].update(proven="yes"), "should be true or false"),
        (lambda w: w["alternatives"][0].pop("differs"), 'has no key "differs"'),
        (kinds_to("cheapest"), '"cheapest" is no kind of plan'),
        (kinds_to(), "An alternative is of no kind."),
        (kinds_to("fewest_purchases"), 'said to be of the kind "fewest_purchases"; it is not'),
        (kinds_to("fewest_hours", "approved"), 'said to be of the kind "approved"; it is not'),
        (kinds_to("fewest_hours", "one_provider"), 'said to be of the kind "one_provider"; it is not'),
        (lambda w: w["alternatives"][-1]["kinds"].append("fewest_hours"), "is told 2 times"),
        (lambda w: w["no_alternatives"].append({"kind": "approved", "why": "lost"}), '"lost" is no reason'),
        (
            lambda w: w["no_alternatives"].append(
                {"kind": w["alternatives"][0]["kinds"].pop(), "why": "the_plan_itself"}
            ),
            "A plan is said to have the fewest hours; another has fewer.",
        ),
        (
            lambda w: w["no_alternatives"].append({"kind": "nothing_assumed", "why": "the_plan_itself"}),
            "The kind \"nothing_assumed\" is told 2 times.",
        ),
        (lambda w: w["ties"].update(complete=None), "should be true or false"),
        (lambda w: w["ties"]["same_cost"][0]["plan"]["enrollments"].pop(), "ties, same_cost 1:"),
        (
            lambda w: w["ties"]["same_cost"].append({"differs": "", "plan": nested(w)}),
            "ties, same_cost 2 is said to cost",
        ),
        (lambda w: w["ties"]["interchangeable"][0]["offerings"].append("b1"), "the catalog tells them apart"),
        (lambda w: w["ties"]["interchangeable"][0]["offerings"].append("a1"), "two or more different offerings"),
        (lambda w: w["ties"]["interchangeable"][0]["offerings"].append("zz"), "two or more different offerings"),
        (lambda w: w["ties"]["interchangeable"][0].update(taken=2), "are said to be taken"),
        (lambda w: w["ties"]["interchangeable"][0].update(times=2), "lets each be taken less often"),
    ],
)  # fmt: skip
def test_damage_is_named(change, words):
    assert words in damaged(change)


def test_same_purchases_are_no_other_set():
    def same(written):
        plan = {key: value for key, value in deepcopy(written).items() if key not in ("alternatives", "ties")}
        plan |= {"alternatives": [], "no_alternatives": [], "ties": None, "status": "feasible"}
        written["ties"]["same_cost"][0]["plan"] = plan

    assert "buys the same as the plan" in damaged(same)


def test_partial_plan_has_no_alternatives():
    asked = question(SHOP, RULES, "budget = 1", passes=PASSES)
    written = as_json(plan_for(asked)) | {"ties": {"interchangeable": [], "same_cost": [], "complete": True}}
    assert 'called "infeasible" has alternatives or ties' in "\n".join(said(asked, written))


# The command


@pytest.fixture
def ceuplan(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, SHOP, RULES, "", PASSES)

    def run(*args: str):
        monkeypatch.setattr(sys, "argv", ["ceuplan", *args])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, *capsys.readouterr()

    return run


ASK = ("optimize", "--profile", "me.toml", "--catalog", "catalog", "--as-of", "2027-01-01", "--alternatives")


def test_text(golden, ceuplan):
    code, out, _ = ceuplan(*ASK, "7")
    golden("alternatives.txt", out)
    assert code == 0


def test_text_of_what_was_not_found(golden):
    plan = with_others(question(SHOP, RULES, passes=PASSES), 1)
    asked = question(SHOP, RULES, passes=PASSES)
    lacking = tuple(
        replace(one, why=reason)
        for one, reason in zip(
            plan.no_alternatives,
            ("the_plan_itself", "none", "not_settled", "not_looked_for", "none", "none"),
            strict=True,
        )
    )
    unsure = tuple(replace(one, proven=False) for one in plan.alternatives)
    plan = replace(
        plan, alternatives=unsure, no_alternatives=lacking, ties=replace(plan.ties, complete=False)
    )
    text = plan_text(plan, obligations(asked.learner, asked.credentials, asked.as_of))
    golden("alternatives-unsure.txt", text[text.index("Just as good") : text.index("What it rests on")])


def test_json_is_verified_with_the_plans_inside(ceuplan, tmp_path):
    assert ceuplan(*ASK, "3", "--format", "json", "-o", "plan.json")[0] == 0
    verify_it = ("verify", "plan.json", "--catalog", "catalog")
    assert ceuplan(*verify_it)[0] == 0

    written = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    written["alternatives"][1]["plan"]["hours"] = "1.00"
    (tmp_path / "plan.json").write_text(json.dumps(written), "utf-8")
    code, _, err = ceuplan(*verify_it)
    assert code == 7
    assert "alternatives 2: The plan says 1.00 hours" in err


def test_alternative_that_does_not_stand_up_is_not_shown(ceuplan, monkeypatch):
    ask = module.plan_for
    monkeypatch.setattr(module, "plan_for", lambda one: replace(found := ask(one), minutes=found.minutes + 1))
    code, out, err = ceuplan(*ASK, "1")
    assert (code, out) == (7, "")
    assert "alternatives 1" in err


@pytest.mark.parametrize("number", ["0", "-1", str(MOST_ALTERNATIVES + 1), "many"])
def test_wrong_number_is_2(ceuplan, number):
    code, out, err = ceuplan(*ASK, number)
    assert (code, out) == (2, "")
    assert "--alternatives" in err
