"""The proof of a plan by routes: one worked out by hand is accepted, every damage to it is named."""

from typing import Any

import pytest

from catalogs.records import Pass
from optimizer.verify import verify
from tests.test_verify import a_pass, bought, offering, seat
from tests.test_verify_several import (
    Damages,
    Hand,
    assert_named,
    capped,
    count,
    required,
    rules,
    unproved,
)

RULES = rules("e-test", """
cycle_months = 12
submit_days_before = 10
[[version.requirement]]
name = "total"
at_least = 3
[[version.requirement]]
name = "practice"
at_least = 1
route = "exam"
[[version.cap]]
name = "reading"
at_most = 1
[[version.cap]]
name = "talks"
at_most = 2
route = "exam"
[[version.route]]
name = "exam"
price = 250
days_before = 30
passes = { club = 125 }
[[version.route]]
name = "oral"
price = 300
""")  # fmt: skip
CLUB = a_pass("club", "member_price", price=5000, term_days=30)


def by_route(name: str, price: str, on: str, **more: Any) -> dict[str, Any]:
    return bought("route", name, price, on) | {"title": f"{name}, Test"} | more


def priced(credential: str, name: str, cost: str | None) -> dict[str, Any]:
    return {"credential": credential, "name": name, "cost": cost}


def hand() -> Hand:
    """Return a plan for the year 2027 by the exam, to be done 30 days before its end: on 2027-12-01.

    As a member it is 125.00: s:x 10.00 + the club 50.00 + 125.00 = 185.00; without the club 260.00.
    """
    return Hand(
        {"e-test": RULES},
        [offering("s:x", "any=1", unit="hour", price=1000)],
        {"credential": [{"id": "e-test", "deadline": "2027-12-31"}], "route": "any"},
        [CLUB],
        route={"e-test": "exam"},
        cost="185.00",
        hours="1.00",
        purchases=[
            bought("offering", "s:x", "10.00", "2027-01-01"),
            bought("pass", "club", "50.00", "2027-12-01", "2027-12-30"),
            by_route("exam", "125.00", "2027-12-01"),
        ],
        enrollments=[
            seat("s:x", "single", "10.00", "1.00", "2027-12-21", count("e-test", "any", "1.00"),
                 start="2027-01-01"),
        ],
        requirements=[required("e-test", "practice", "1.00 0.00 1.00")],
        caps=[capped("e-test", "talks", "2.00 1.00 0.00")],
        routes=[priced("e-test", "continuing-education", None), priced("e-test", "oral", "300.00")],
    )  # fmt: skip


def test_plan_worked_out_by_hand_is_proved():
    assert hand().said() == ""


def test_every_value_is_proved():
    # What other plans would cost is the planner's word, as far as it does not belie this one.
    assert unproved(hand()) == [("routes", 1, "cost")]


def wish(hand: Hand, route: str) -> None:
    hand.plan["problem"]["learner"]["route"] = route


def exam(hand: Hand) -> dict[str, Any]:
    found: dict[str, Any] = next(line for line in hand.plan["purchases"] if line["kind"] == "route")
    return found


damage = Damages()


@damage("route", 'for "e-test" by the route "viva"; it has continuing-education, exam, oral')
def route_unknown(hand):
    hand.plan["route"]["e-test"] = "viva"


@damage("route", "by the route a list; it has")
def route_of_the_wrong_type(hand):
    hand.plan["route"]["e-test"] = ["exam"]


@damage("route", "by the route exam; the learner wants continuing-education")
def route_not_wanted(hand):
    wish(hand, "")


@damage("route", "by the route exam; the learner wants oral")
def another_route_wanted(hand):
    wish(hand, "oral")


@damage("route", 'wants the route "viva", which no credential of the plan has')
def unknown_route_wanted(hand):
    wish(hand, "viva")


@damage("requirement", "not those of e-test, in their order: practice")
def requirement_of_another_route(hand):
    hand.plan["requirements"].insert(0, required("e-test", "total", "3.00 0.00 3.00"))


@damage("cap_line", "not those of e-test, in their order: talks")
def cap_of_another_route(hand):
    hand.plan["caps"][0]["name"] = "reading"


@damage("short", '"practice" needs 1.00; the counts give 0.00')
def requirement_of_the_route_short(hand):
    hand.seat("s:x")["counts"] = []


@damage("route_missing", 'The route "exam" of e-test lacks 1 purchase(s)')
def route_not_bought(hand):
    hand.plan["purchases"].pop()


@damage("route_extra", "is bought 1 time(s) too often")
def route_bought_twice(hand):
    hand.plan["purchases"].append(dict(exam(hand)))


@damage("price", "costs 124.00; on 2027-12-01 its price is 125.00 or 250.00")
def route_too_cheap(hand):
    exam(hand)["price"] = "124.00"


@damage("price", "costs 250.00; under a pass it would be 125.00")
def route_at_the_full_price(hand):
    exam(hand)["price"] = "250.00"


@damage("price", "costs 125.00; on 2027-11-30 its price is 250.00")
def member_price_before_the_term(hand):
    exam(hand)["on"] = "2027-11-30"


@damage("purchase_day", "is bought on 2027-12-02; that must lie from 2027-01-01 to 2027-12-01")
def route_bought_after_its_day(hand):
    exam(hand)["on"] = "2027-12-02"


@damage("purchase_day", "is bought on 2026-12-31; that must lie from 2027-01-01")
def route_bought_before_as_of(hand):
    exam(hand).update(on="2026-12-31", price="250.00")


@damage("route_day", "was to be done by 2027-12-01; 2027-12-02 is later")
def route_too_late(hand):
    hand.plan["as_of"] = "2027-12-02"


@damage("term", "has no term; it says until 2027-12-31")
def route_with_a_term(hand):
    exam(hand)["until"] = "2027-12-31"


@damage("assumed", "calls price assumed; of a route nothing is")
def route_assumed(hand):
    exam(hand)["assumed"] = ["price"]


@damage("title", 'titled "exam"; that route is "exam, Test"')
def route_of_another_title(hand):
    exam(hand)["title"] = "exam"


@damage("unknown_route", "nothing is planned by this route")
def another_route_bought(hand):
    exam(hand)["id"] = "oral"


@damage("cost", "its purchases sum to 185.00")
def route_not_in_the_cost(hand):
    hand.plan.update(cost="60.00", bound="60.00")


@damage("preferences", "makes 3 purchases; the learner wants at most 2")
def route_is_a_purchase(hand):
    hand.plan["problem"]["learner"]["preferences"] = {"max_purchases": 2}


@damage("order", "not in order")
def route_before_its_pass(hand):
    hand.plan["purchases"][1:] = hand.plan["purchases"][:0:-1]


@damage("useless", '"club", bought on 2027-12-01, pays for nothing')
def pass_that_lowers_nothing(hand):
    hand.plan["route"]["e-test"] = "oral"
    exam(hand).update(by_route("oral", "300.00", "2027-12-21"))


@damage("price", "costs 40.00; its price is 30.00")
def pass_at_another_price_of_the_learner(hand):
    hand.plan["problem"]["learner"]["price"] = [{"id": "club", "price": "30"}]
    hand.line("purchases", id="club")["price"] = "40.00"


@damage("routes", "not the other ones of e-test, in their order: continuing-education, oral")
def planned_route_priced(hand):
    hand.plan["routes"].append(priced("e-test", "exam", "185.00"))


@damage("routes", "in their order: continuing-education, oral")
def other_route_hidden(hand):
    del hand.plan["routes"][0]


@damage("routes", "in their order: continuing-education, oral")
def other_routes_in_another_order(hand):
    hand.plan["routes"].reverse()


@damage("routes", "in their order: continuing-education, oral")
def route_of_another_credential(hand):
    hand.plan["routes"][0]["credential"] = "f-test"


@damage("form", "cost should be money")
def route_costs_a_number(hand):
    hand.plan["routes"][0]["cost"] = 5


@damage("routes", 'called optimal and costs 185.00; by "oral" it is 184.99')
def another_route_is_cheaper(hand):
    hand.plan["routes"][1]["cost"] = "184.99"


@damage("routes", 'No full plan is said to fit; by "oral" there is one for 300.00')
def another_route_has_a_plan(hand):
    hand.plan.update(
        status="infeasible",
        no_plan={
            "cheapest_full_cost": None,
            "bound": None,
            "partial_proven": True,
            "conflict": [],
            "remedies": [],
        },
    )


@damage("routes", 'The cheapest full plan is said to cost 310.00; by "oral" it is 300.00')
def cheapest_by_this_route_alone(hand):
    none = {
        "cheapest_full_cost": "310.00",
        "bound": "310.00",
        "partial_proven": True,
        "conflict": [],
        "remedies": [],
    }
    hand.plan.update(status="infeasible", no_plan=none, budget="200.00")
    hand.plan["problem"]["learner"]["budget"] = "200"


@damage("together", "does not belong in a plan for 1 credentials")
def together_for_one(hand):
    hand.plan["together"] = {"apart": [priced("e-test", "", "185.00")], "saves": "0.00"}


@pytest.mark.parametrize(("change", "what", "words"), damage)
def test_damage_is_named(change, what, words):
    assert_named(hand(), change, what, words)


def test_wanted_route_is_proved_though_another_is_cheaper():
    made = hand()
    wish(made, "exam")
    another_route_is_cheaper(made)
    assert made.said() == ""


def test_plan_not_proven_the_best_may_pay_more():
    made = hand()
    route_at_the_full_price(made)
    made.plan.update(status="feasible", cost="310.00", bound="185.00", gap="125.00")
    assert made.said() == ""


def test_held_pass_that_ends_before_the_day_lowers_the_price_earlier():
    # The club is held until 2027-11-15: paid by then the exam is 125.00 and no dues are owed, 135.00 in all.
    made = hand()
    made.plan["problem"]["learner"]["holding"] = [{"pass_id": "club", "until": "2027-11-15"}]
    made.plan["purchases"][1:] = [by_route("exam", "125.00", "2027-11-15")]
    made.plan.update(cost="135.00", bound="135.00")
    assert made.said() == ""
    exam(made)["on"] = "2027-11-16"
    assert "its price is 250.00" in made.said()
    exam(made)["price"] = "250.00"
    made.plan.update(cost="260.00", bound="260.00")
    assert "under a pass it would be 125.00" in made.said()


def only_route(version: str, passes: tuple[Pass, ...] = (), **plan: Any) -> Hand:
    """Return a plan in which nothing but a route is bought."""
    credential = rules("e-test", f"""
cycle_months = 12
[[version.requirement]]
name = "total"
at_least = 3
[[version.route]]
name = "exam"
{version}
""")  # fmt: skip
    said = {"cost": "0.00", "hours": "0.00", "enrollments": [], "requirements": []} | plan
    said |= {"route": {"e-test": "exam"}, "routes": [priced("e-test", "continuing-education", None)]}
    learner = {"credential": [{"id": "e-test", "deadline": "2027-12-31"}], "route": "exam"}
    return Hand({"e-test": credential}, [], learner, passes, **said)


def test_route_that_costs_nothing_is_not_bought():
    made = only_route("price = 0", status="nothing_needed")
    assert made.said() == ""
    made.plan["purchases"] = [by_route("exam", "0.00", "2027-12-31")]
    assert "costs 0.00" in made.said()


def test_route_that_costs_nothing_has_no_day():
    made = only_route("price = 0\ndays_before = 400", status="nothing_needed")
    assert made.said() == ""


def test_route_that_a_pass_makes_free_is_not_bought():
    # The club is needed on the day of the exam, which takes the place of the purchase.
    made = only_route(
        "price = 250\npasses = { club = 0 }",
        (CLUB,),
        cost="50.00",
        purchases=[bought("pass", "club", "50.00", "2027-12-31", "2028-01-29")],
    )
    assert made.said() == ""
    made.plan["purchases"][0].update(on="2027-12-01", until="2027-12-30")
    assert "route_missing" in made.said()


def test_partial_plan_may_leave_the_route_out():
    none = {
        "cheapest_full_cost": "250.00",
        "bound": "250.00",
        "partial_proven": True,
        "conflict": [],
        "remedies": [],
    }
    made = only_route("price = 250", status="infeasible", no_plan=none, budget="10.00")
    made.plan["problem"]["learner"]["budget"] = "10"
    assert made.said() == ""
    made.plan["purchases"] = [by_route("exam", "250.00", "2027-12-31")]
    made.plan.update(cost="250.00", bound="250.00")
    assert "it meets every requirement" in made.said()


FIRST, SECOND = (
    rules(f"{one}-test", f"""
cycle_months = 12
[[version.requirement]]
name = "total"
at_least = 3
[[version.route]]
name = "exam"
price = 250
days_before = {days}
""")
    for one, days in (("e", 100), ("f", 0))
)  # fmt: skip


def both(*routes: str, **plan: Any) -> Hand:
    """Return a plan for two credentials of one name, whose exams are on 2027-09-22 and on 2027-12-31."""
    ids = ("e-test", "f-test")
    others = [
        priced(one, "exam" if planned != "exam" else "continuing-education", None)
        for one, planned in zip(ids, routes, strict=True)
    ]
    return Hand(
        {"e-test": FIRST, "f-test": SECOND},
        [],
        {"credential": [{"id": one, "deadline": "2027-12-31"} for one in ids], "route": "any"},
        route=dict(zip(ids, routes, strict=True)),
        hours="0.00",
        enrollments=[],
        requirements=[],
        routes=others,
        together={
            "apart": [{"credential": one, "cost": "250.00"} for one in ids],
            "saves": "0.00",
        },
        **plan,
    )


def test_routes_of_one_title_are_shared_out():
    made = both(
        "exam",
        "exam",
        cost="500.00",
        purchases=[by_route("exam", "250.00", "2027-09-22"), by_route("exam", "250.00", "2027-12-31")],
    )
    assert made.said() == ""
    made.plan["routes"][0]["cost"] = "1.00"  # of several credentials nothing follows from a cost apart
    assert made.said() == ""
    made.plan["purchases"][0]["on"] = "2027-09-23"
    assert "purchase_day" in made.said()
    made.plan["purchases"] = made.plan["purchases"][1:]
    assert 'The route "exam" of e-test and f-test lacks 1 purchase(s)' in made.said()


def test_only_one_credential_by_the_route_needs_any():
    made = both(
        "continuing-education",
        "exam",
        cost="250.00",
        status="infeasible",
        no_plan={
            "cheapest_full_cost": None,
            "bound": None,
            "partial_proven": True,
            "conflict": [],
            "remedies": [],
        },
        purchases=[by_route("exam", "250.00", "2027-12-31")],
    )
    made.plan["requirements"] = [required("e-test", "total", "3.00 0.00 0.00") | {"short": "3.00"}]
    made.plan["together"]["saves"] = None
    assert made.said() == ""
    wish(made, "exam")
    assert "for e-test by the route continuing-education; the learner wants exam" in made.said()


def test_audit_says_nothing_of_other_plans():
    made = both(
        "continuing-education",
        "continuing-education",
        cost="0.00",
        status="infeasible",
        no_plan={
            "cheapest_full_cost": None,
            "bound": None,
            "partial_proven": True,
            "conflict": [],
            "remedies": [],
        },
    )
    made.plan["problem"]["learner"]["route"] = ""
    short = {"short": "3.00"}
    made.plan["requirements"] = [
        required(one, "total", "3.00 0.00 0.00") | short for one in ("e-test", "f-test")
    ]
    made.plan.update(together=None, routes=[])

    def said(*, lapsed: bool) -> set[str]:
        found = verify(made.plan, made.tables, made.credentials.__getitem__, lapsed=lapsed)
        return {one.what for one in found}

    assert said(lapsed=True) == set()
    assert said(lapsed=False) == {"together", "routes"}
