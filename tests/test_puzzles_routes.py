"""Puzzles of routes, solved by hand: an exam or other rules in place of courses, planned and proved."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from optimizer.asking import ask
from tests.puzzle import NEW_YEAR, Solved, answer, rules, solve, write

YEAR = "2027-12-31"
ONE, TWO = (f"\n    offering_id, price\n    a,           {price}\n" for price in (60, 100))
CLUB = """
    pass_id, price, term_days, benefit
    club,    {price}, 30,      {benefit}
"""
EXAM = """
[[version.route]]
name = "exam"
price = 80
{more}
"""


def exam(more: str = "", requirements: str = "1", **said: Any) -> str:
    """Return rules of one credit, or an exam at 80."""
    return rules(requirements, more=EXAM.format(more=more), **said)


def by(route: str) -> dict[str, Any]:
    return {"flags": {"route": route}}


def routes(found: Solved) -> tuple[Any, Any]:
    """Return the route each credential is planned by, and what the others cost."""
    others = [(line["credential"], line["name"], line["cost"]) for line in found.json["routes"]]
    return found.json["route"], others


def bought(found: Solved) -> list[tuple[str, str, str]]:
    return [(line["kind"], line["title"], line["price"]) for line in found.json["purchases"]]


# One credential


def test_courses_are_planned_unless_a_route_is_asked_for():
    # a is 100, the exam 80: priced beside the plan, not chosen.
    found = solve(TWO, exam())
    assert (found.status, found.cost, found.ids) == ("optimal", "100.00", ["a"])
    assert routes(found) == ({"pz-test": "continuing-education"}, [("pz-test", "exam", "80.00")])


def test_exam_is_cheaper_than_courses():
    # The exam at 80 on the last day in place of a at 100; no requirement is left.
    found = solve(TWO, exam(), **by("any"))
    assert (found.status, found.cost, found.ids, found.met) == ("optimal", "80.00", [], {})
    assert found.bought == [("exam", "80.00", YEAR, None)]
    assert bought(found) == [("route", "exam, Puzzler (TEST)", "80.00")]
    assert routes(found) == ({"pz-test": "exam"}, [("pz-test", "continuing-education", "100.00")])


def test_courses_are_cheaper_than_the_exam():
    # a at 60, the exam at 80.
    found = solve(ONE, exam(), **by("any"))
    assert (found.cost, found.ids) == ("60.00", ["a"])
    assert routes(found) == ({"pz-test": "continuing-education"}, [("pz-test", "exam", "80.00")])


def test_exam_that_is_asked_for_is_taken_though_it_is_dearer():
    found = solve(ONE, exam(), **by("exam"))
    assert (found.cost, found.ids) == ("80.00", [])
    assert routes(found) == ({"pz-test": "exam"}, [("pz-test", "continuing-education", "60.00")])


def test_of_equals_the_aims_choose_and_then_continuing_education():
    # a and the exam cost 80 each; a takes an hour, or is an enrollment at least, and the exam neither.
    for hours in (0, 1):
        found = solve(
            f"\n    offering_id, price, hours\n    a,           80,    {hours}\n", exam(), **by("any")
        )
        assert (found.cost, found.ids) == ("80.00", [])
    # By both ways a is taken for one credit: nothing tells them apart.
    more = '[[version.requirement]]\nname = "r"\nat_least = 1\nroute = "exam"'
    found = solve(ONE, exam(more).replace("price = 80", "price = 0"), **by("any"))
    assert (found.cost, found.ids) == ("60.00", ["a"])
    assert routes(found) == ({"pz-test": "continuing-education"}, [("pz-test", "exam", "60.00")])


def test_exam_is_not_shut_out_by_the_hours_and_formats_wanted_of_courses():
    wanted = 'hours_per_week = 1\n[preferences]\nformats = ["print"]'
    found = solve(TWO, exam(), wanted, **by("any"))
    assert (found.status, found.cost, found.ids) == ("optimal", "80.00", [])


def test_exam_is_not_shut_out_with_the_courses_of_its_issuer():
    found = solve(TWO, exam(), '[preferences]\nexclude_providers = ["Test"]', **by("any"))
    assert (found.status, found.cost, found.ids) == ("optimal", "80.00", [])


def test_nothing_is_needed_where_enough_was_earned():
    # Continuing education costs 0, the exam 80.
    learner = '[[earned]]\ndate = 2027-01-01\ntitle = "X"\ncredits = "any=1"\nunit = "hour"'
    found = solve(ONE, exam(), learner, **by("any"))
    assert (found.status, found.cost) == ("nothing_needed", "0.00")
    assert routes(found) == ({"pz-test": "continuing-education"}, [("pz-test", "exam", "80.00")])


def test_rules_of_a_route_bind_by_it_alone():
    # Continuing education: 3 credits, 30 + 30 + 10. By "practice": 1 credit of a workshop, w at 35, and 10 for it.
    # A cap of its own lets nothing else count by it.
    credential = rules("3", more="""
    [[version.requirement]]
    name = "workshop"
    at_least = 1
    where = { kind = "workshop" }
    route = "practice"
    [[version.cap]]
    name = "nothing else"
    at_most = 0
    where = { not = { kind = "workshop" } }
    route = "practice"
    [[version.route]]
    name = "practice"
    price = 10
    """)  # fmt: skip
    offerings = """
        offering_id, kind,     price
        a,           course,   30
        b,           course,   30
        c,           course,   10
        w,           workshop, 35
    """
    found = solve(offerings, credential, **by("any"))
    assert (found.cost, found.ids, [*found.met]) == ("45.00", ["w"], ["workshop"])
    assert found.bought == [("w", "35.00", NEW_YEAR, None), ("practice", "10.00", YEAR, None)]
    assert found.caps == [("0.00", "0.00")]
    found = solve(offerings, credential)
    assert (found.cost, found.ids, [*found.met]) == ("70.00", ["a", "b", "c"], ["total"])
    assert found.caps == []
    assert routes(found)[1] == [("pz-test", "practice", "45.00")]


def test_route_of_other_rules_may_cost_nothing():
    # An OR of requirements: 3 credits at 20 each, or 1 clinical credit, c at 25; by it nothing is bought but c.
    credential = rules("3", more="""
    [[version.requirement]]
    name = "clinical"
    at_least = 1
    where = { category = "clinical" }
    route = "all-clinical"
    [[version.route]]
    name = "all-clinical"
    price = 0
    """)  # fmt: skip
    offerings = """
        offering_id, credits,    price
        a,           general=1,  20
        b,           general=1,  20
        c,           clinical=1, 25
        d,           general=1,  20
    """
    found = solve(offerings, credential, **by("any"))
    assert (found.status, found.cost, found.bought) == ("optimal", "25.00", [("c", "25.00", NEW_YEAR, None)])
    assert routes(found) == ({"pz-test": "all-clinical"}, [("pz-test", "continuing-education", "60.00")])
    learner = '[[earned]]\ndate = 2027-01-01\ntitle = "X"\ncredits = "clinical=1"\nunit = "hour"'
    found = solve(offerings, credential, learner, **by("any"))
    assert (found.status, found.cost) == ("nothing_needed", "0.00")
    assert routes(found) == ({"pz-test": "all-clinical"}, [("pz-test", "continuing-education", "40.00")])


# Passes


@pytest.mark.parametrize("benefit", ["member_price", "included", "50%"])
@pytest.mark.parametrize(
    ("dues", "cost", "pays"),
    [
        ("29.99", "79.99", True),  # 29.99 + 50 < 80
        ("30", "80.00", False),  # the same, with one purchase more
        ("31", "80.00", False),
    ],
)
def test_membership_is_bought_where_it_lowers_the_price(dues, cost, pays, benefit):
    # What the pass does for courses is nothing to the exam, which has a price of its own under it.
    found = solve(
        TWO, exam("passes = { club = 50 }"), passes=CLUB.format(price=dues, benefit=benefit), **by("any")
    )
    assert (found.status, found.cost) == ("optimal", cost)
    member = [("club", dues, YEAR, "2028-01-29"), ("exam", "50.00", YEAR, None)]
    assert found.bought == (member if pays else [("exam", "80.00", YEAR, None)])


def test_membership_serves_courses_and_the_exam():
    # By "exam" a clinical credit is needed too: a at 60, for members 20. Club 45 + 20 + 50 = 115; 60 + 80 = 140.
    # The course is event-like in March and the club lasts 30 days, so the exam is paid in March, too.
    more = 'passes = { club = 50 }\n[[version.requirement]]\nname = "r"\nat_least = 1\nroute = "exam"'
    found = solve(
        """
        offering_id, price, member_price, passes, starts
        a,           60,    20,           club,   2027-03-10
        """,
        exam(more, "9"),
        passes=CLUB.format(price=45, benefit="member_price"),
        **by("exam"),
    )
    assert (found.status, found.cost) == ("optimal", "115.00")
    # As late as may be: the club on the day of the course, the exam on the last of the 30 days.
    assert found.bought == [
        ("club", "45.00", "2027-03-10", "2027-04-08"),
        ("a", "20.00", "2027-03-10", None),
        ("exam", "50.00", "2027-04-08", None),
    ]


@pytest.mark.parametrize(
    ("until", "on"), [("2027-06-30", "2027-06-30"), ("2028-06-30", YEAR), ("2027-01-01", NEW_YEAR)]
)
def test_held_membership_pays_before_it_ends(until, on):
    # The exam is on 2027-12-31, but as a member it can be paid before, for 50; dues are not owed.
    found = solve(
        TWO,
        exam("passes = { club = 50 }"),
        f'[[holding]]\npass_id = "club"\nuntil = {until}',
        CLUB.format(price=45, benefit="included"),
        **by("exam"),
    )
    assert (found.status, found.cost, found.bought) == ("optimal", "50.00", [("exam", "50.00", on, None)])


def test_membership_that_has_ended_is_no_use():
    # 45 + 50 > 80.
    found = solve(
        TWO,
        exam("passes = { club = 50 }"),
        '[[holding]]\npass_id = "club"\nuntil = 2026-12-31',
        CLUB.format(price=45, benefit="included"),
        **by("exam"),
    )
    assert (found.cost, found.bought) == ("80.00", [("exam", "80.00", YEAR, None)])


def test_flag_member_lowers_the_price():
    found = solve(
        TWO,
        exam("passes = { club = 50 }"),
        passes=CLUB.format(price=45, benefit="included"),
        flags={"route": "exam", "member": True},
    )
    assert (found.cost, found.bought) == ("50.00", [("exam", "50.00", YEAR, None)])


def test_learners_own_dues_hold_for_the_exam():
    # Dues of 45 in the catalog, 20 for this learner: 20 + 50 = 70 < 80; for the catalog's 95 it would not pay.
    priced = {"learner": '[[price]]\nid = "club"\nprice = 20', "passes": CLUB.format(price=45, benefit="50%")}
    found = solve(TWO, exam("passes = { club = 50 }"), **priced, **by("exam"))
    assert found.cost == "70.00"
    assert found.bought == [("club", "20.00", YEAR, "2028-01-29"), ("exam", "50.00", YEAR, None)]


def test_learners_own_dues_hold_for_a_route_that_is_not_planned():
    # 20 + 50 = 70, as above.
    found = solve(
        ONE,
        exam("passes = { club = 50 }"),
        '[[price]]\nid = "club"\nprice = 20',
        CLUB.format(price=45, benefit="50%"),
    )
    assert routes(found)[1] == [("pz-test", "exam", "70.00")]


def test_exam_may_be_free_for_members():
    # Dues of 45, then nothing is bought: the club covers the day of the exam.
    found = solve(
        TWO, exam("passes = { club = 0 }"), passes=CLUB.format(price=45, benefit="50%"), **by("any")
    )
    assert (found.cost, found.bought) == ("45.00", [("club", "45.00", YEAR, "2028-01-29")])


def test_nothing_is_needed_where_a_held_membership_makes_the_exam_free():
    found = solve(
        TWO,
        exam("passes = { club = 0 }"),
        '[[holding]]\npass_id = "club"\nuntil = 2027-12-31',
        CLUB.format(price=45, benefit="50%"),
        **by("exam"),
    )
    assert (found.status, found.cost, found.bought, found.ids) == ("nothing_needed", "0.00", [], [])


def test_only_the_catalogs_offerings_are_set_aside():
    # The exam's price under a pass nobody sells is no offering of the catalog, which has one, a.
    wanted = '[preferences]\nformats = ["print"]'
    found = solve(TWO, exam("passes = { nosuch = 10 }"), wanted, **by("exam"))
    assert (found.cost, found.set_aside) == ("80.00", {"not in a format you want": 1})


def test_purchases_that_are_wanted_at_most_include_the_exam():
    # Two purchases for 45 + 20 = 65, or one for 80.
    said = {"passes": CLUB.format(price=45, benefit="50%"), **by("exam")}
    credential = exam("passes = { club = 20 }")
    assert solve(TWO, credential, **said).cost == "65.00"
    found = solve(TWO, credential, "[preferences]\nmax_purchases = 1", **said)
    assert (found.status, found.cost) == ("optimal", "80.00")


# Days


def test_exam_is_done_some_days_before_the_deadline():
    # 2027-12-31 less 62 days: 30 in December are left of 31, 30 in November, and one in October: 2027-10-30.
    found = solve(TWO, exam("days_before = 62"), **by("exam"))
    assert found.bought == [("exam", "80.00", "2027-10-30", None)]
    assert solve(TWO, exam("days_before = 62"), as_of="2027-10-30", **by("any")).cost == "80.00"


def test_exam_is_done_by_the_last_day_to_finish_if_that_is_earlier():
    for before, on in ((9, "2027-12-21"), (11, "2027-12-20")):
        found = solve(TWO, exam(f"days_before = {before}", submit_days_before=10), **by("exam"))
        assert found.bought == [("exam", "80.00", on, None)]


LATE: dict[str, Any] = {"credential": exam("days_before = 62"), "as_of": "2027-10-31"}
"""The exam of 2027-10-30 is over."""


def test_no_price_is_given_for_an_exam_that_is_too_late():
    found = solve(TWO, **LATE)
    assert (found.status, found.cost, found.ids) == ("optimal", "100.00", ["a"])
    assert routes(found) == ({"pz-test": "continuing-education"}, [("pz-test", "exam", None)])


def test_exam_is_too_late():
    # Courses at 100.
    found = solve(TWO, **LATE, **by("any"))
    assert (found.status, found.cost, found.ids) == ("optimal", "100.00", ["a"])
    found = solve(TWO, **LATE, **by("exam"))
    assert (found.status, found.cost, found.full_cost) == ("infeasible", "0.00", None)
    assert routes(found) == ({"pz-test": "exam"}, [("pz-test", "continuing-education", "100.00")])


def test_route_of_other_rules_stays_after_the_last_day():
    # On 2027-12-25 the last day, 2027-12-21, has passed; the route is a choice of rules, and what was earned does.
    credential = exam(requirements="3", submit_days_before=10).replace("price = 80", "price = 0")
    found = solve(TWO, credential, as_of="2027-12-25", **by("exam"))
    assert (found.status, found.cost) == ("nothing_needed", "0.00")


# No full plan


def test_budget_too_small_for_the_exam():
    found = solve(TWO, exam(), "budget = 79.99", **by("exam"))
    assert (found.status, found.cost, found.bought, found.full_cost) == ("infeasible", "0.00", [], "80.00")
    assert found.remedies == [("raise the budget by $0.01", "80.00")]


def test_budget_fits_one_of_the_routes():
    # 80 for the exam fits into 90, 100 for a does not.
    found = solve(TWO, exam(), "budget = 90", **by("any"))
    assert (found.status, found.cost) == ("optimal", "80.00")
    found = solve(TWO, exam(), "budget = 90")
    assert (found.status, found.full_cost) == ("infeasible", "100.00")
    assert routes(found)[1] == [("pz-test", "exam", "80.00")]


def test_cheapest_full_plan_is_that_of_the_cheapest_route():
    # Neither a at 60 nor the exam at 80 fits into 50; 10 more would do.
    found = solve(ONE, exam(), "budget = 50", **by("any"))
    assert (found.status, found.full_cost) == ("infeasible", "60.00")
    assert found.remedies == [("raise the budget by $10.00", "60.00")]


# Several credentials


def several(folder: Path, offerings: str, first: str, second: str, learner: str = "", **flags: Any) -> Solved:
    """Return the proved plan for two credentials, pz-test and qz-test, of the same year."""
    days = f'deadline = {YEAR}\n[[credential]]\nfile = "second.toml"\ndeadline = {YEAR}'
    write(folder, offerings, first, learner, CLUB.format(price=45, benefit="50%"), days)
    second = second.replace("pz-test", "qz-test").replace("Puzzler", "Quizzer")
    (folder / "second.toml").write_text(second, "utf-8")
    catalog = [str(folder / "catalog")]
    asked = ask(folder / "me.toml", flags, catalog, date.fromisoformat(NEW_YEAR), 60.0)
    return Solved(answer(asked.question))


SHARED = """
    offering_id, price
    a,           50
    b,           60
"""


def test_any_mix_of_routes_may_be_cheapest(tmp_path):
    # The first needs 1 credit, a at 50, or its exam at 80; the second 2 credits, or its exam at 40.
    # Courses for both: a + b = 110, which serve both. Exams for both: 120. Exam first: 80 + 110. a for the first and
    # the exam of the second: 50 + 40 = 90.
    second = exam(requirements="2").replace("price = 80", "price = 40")
    found = several(tmp_path, SHARED, exam(), second, route="any")
    assert (found.status, found.cost, found.ids) == ("optimal", "90.00", ["a"])
    assert found.bought == [("a", "50.00", NEW_YEAR, None), ("exam", "40.00", YEAR, None)]
    assert bought(found)[1] == ("route", "exam, Quizzer (TEST)", "40.00")
    assert routes(found) == (
        {"pz-test": "continuing-education", "qz-test": "exam"},
        # Alone: the first by its exam 80, the second by courses 50 + 60.
        [("pz-test", "exam", "80.00"), ("qz-test", "continuing-education", "110.00")],
    )
    # Apart, each by its route: 50 and 40; nothing is saved.
    assert found.json["together"]["apart"] == [
        {"credential": "pz-test", "cost": "50.00"},
        {"credential": "qz-test", "cost": "40.00"},
    ]
    assert found.json["together"]["saves"] == "0.00"


def test_exams_of_one_price_and_day_are_two(tmp_path):
    found = several(tmp_path, SHARED, exam(requirements="2"), exam(requirements="2"), route="exam")
    assert (found.status, found.cost) == ("optimal", "160.00")


def test_courses_that_serve_both_may_be_cheaper_than_each_route(tmp_path):
    # Alone each would take its exam, at 80 or 81, over 110; together the courses serve both: 110 < 161.
    second = exam(requirements="2").replace("price = 80", "price = 81")
    found = several(tmp_path, SHARED, exam(requirements="2"), second, route="any")
    assert (found.cost, found.ids) == ("110.00", ["a", "b"])
    assert routes(found)[1] == [("pz-test", "exam", "80.00"), ("qz-test", "exam", "81.00")]
    assert found.json["together"]["saves"] == "110.00"


def test_named_route_binds_those_that_have_it(tmp_path):
    # The first has an exam, the second none: 80 + a 50.
    found = several(tmp_path, SHARED, exam(), rules("1"), route="exam")
    assert (found.cost, found.ids) == ("130.00", ["a"])
    assert routes(found) == (
        {"pz-test": "exam", "qz-test": "continuing-education"},
        [("pz-test", "continuing-education", "50.00")],
    )


def test_one_membership_lowers_both_exams(tmp_path):
    # 45 + 50 + 50 = 145 against 160; alone each would pay 80, for 45 + 50 = 95.
    credential = exam("passes = { club = 50 }", "9")
    found = several(tmp_path, SHARED, credential, credential, route="exam")
    assert (found.status, found.cost) == ("optimal", "145.00")
    assert found.bought == [
        ("club", "45.00", YEAR, "2028-01-29"),
        ("exam", "50.00", YEAR, None),
        ("exam", "50.00", YEAR, None),
    ]
    assert sorted(title for _, title, _ in bought(found)[1:]) == [
        "exam, Puzzler (TEST)",
        "exam, Quizzer (TEST)",
    ]
    assert found.json["together"]["saves"] == "15.00"
