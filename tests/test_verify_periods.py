"""The proof of what counts when: parts of a cycle, windows unlike it, credit carried over, and items too small."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from optimizer.verify_periods import parts
from tests.test_verify import offering, seat
from tests.test_verify_several import (
    Damages,
    Hand,
    assert_named,
    capped,
    count,
    earned,
    required,
    rules,
    unproved,
)

RULES = rules("p-test", """
cycle_months = 24
repeat_months = 36
carry_over = { months = 3, at_most = 1 }
smallest_item = 0.5
round_down_to = 0.5
[[version.requirement]]
name = "yearly"
at_least = 2
every_months = 12
[[version.requirement]]
name = "cards"
at_least = 3
within_months = 30
where = { category = "cpr" }
[[version.requirement]]
name = "ethics"
at_least = 1
ever = true
where = { category = "ethics" }
[[version.requirement]]
name = "total"
at_least = 6
[[version.cap]]
name = "articles"
at_most = 1
every_months = 10
where = { kind = "article" }
""")  # fmt: skip


def line(day: str, title: str, credits_: str, **more: str) -> dict[str, str]:
    return {"date": day, "title": title, "credits": credits_, "unit": "hour", **more}


def counted(category: str, credit: str) -> dict[str, Any]:
    return count("p-test", category, credit)


def taken(offering_id: str, hours: str, start: str, by: str, *counts: Mapping[str, Any]) -> dict[str, Any]:
    return seat(offering_id, "free", "0.00", hours, by, *map(dict, counts), start=start)


def hand() -> Hand:
    """Return a plan for the cycle 2026 and 2027, as of 2026-06-01.

    Earned: "Vows" of 2019 counts for `ethics`, which looks at all days; "Card" of 2025-08 for `cards`, which looks
    at 30 months, from 2025-07-01 on; "Talk" of 2025-10 is carried over, 1 of its 2; "Note" is smaller than 0.5.
    Planned in 2026: s:a 2. In 2027: s:b 1.7, rounded down to 1.5; s:c, a card, 1; s:d, an article, 1 of its 2.
    So 2026 has 2, 2027 has 1.5 + 1 + 1 = 3.5, `cards` 2 + 1 = 3 and the total 1 + 2 + 3.5 = 6.5.
    """
    return Hand(
        {"p-test": RULES},
        [
            offering("s:a", "general=2", unit="hour", price=0),
            offering("s:b", "general=1.7", unit="hour", price=0),
            offering("s:c", "cpr=1", unit="hour", price=0),
            offering("s:d", "general=2", unit="hour", price=0, kind="article"),
        ],
        {
            "credential": [{"id": "p-test", "deadline": "2027-12-31"}],
            "earned": [
                line("2019-05-01", "Vows", "ethics|general=1"),
                line("2025-08-01", "Card", "cpr=2"),
                line("2025-10-01", "Talk", "general=2"),
                line("2026-02-01", "Note", "general=0.25"),
            ],
        },
        as_of="2026-06-01",
        cost="0.00",
        hours="6.70",
        enrollments=[
            taken("s:a", "2.00", "2026-06-01", "2026-12-31", counted("general", "2.00")),
            taken("s:b", "1.70", "2027-01-01", "2027-12-31", counted("general", "1.50")),
            taken("s:c", "1.00", "2027-01-01", "2027-12-31", counted("cpr", "1.00")),
            taken("s:d", "2.00", "2027-01-01", "2027-08-31", counted("general", "1.00")),
        ],
        earned=[
            earned("p-test", "2019-05-01", "Vows", [counted("ethics", "1.00")]),
            earned("p-test", "2025-08-01", "Card", [counted("cpr", "2.00")]),
            earned("p-test", "2025-10-01", "Talk", [counted("general", "1.00")], "1.00", "carried over"),
            earned("p-test", "2026-02-01", "Note", [], why="too small"),
        ],
        requirements=[
            required("p-test", "yearly, 2026-01-01 to 2026-12-31", "2.00 0.00 2.00"),
            required("p-test", "yearly, 2027-01-01 to 2027-12-31", "2.00 0.00 3.50"),
            required("p-test", "cards", "3.00 2.00 1.00"),
            required("p-test", "ethics", "1.00 1.00 0.00"),
            required("p-test", "total", "6.00 1.00 5.50"),
        ],
        caps=[  # the rest of 4 months is a part for caps
            capped("p-test", "articles, 2026-01-01 to 2026-10-31", "1.00 0.00 0.00"),
            capped("p-test", "articles, 2026-11-01 to 2027-08-31", "1.00 1.00 1.00"),
            capped("p-test", "articles, 2027-09-01 to 2027-12-31", "1.00 0.00 0.00"),
            capped("p-test", "carried over", "1.00 1.00 1.00"),
        ],
    )


def test_plan_worked_out_by_hand_is_proved():
    assert hand().said() == ""


def test_every_value_is_proved():
    # Whether s:d may be finished in the next part, whose cap has room for it, is left to the planner.
    assert unproved(hand()) == [("enrollments", 3, "by")]


damage = Damages()


def redate(hand: Hand, title: str, day: str) -> None:
    """Let a line have been earned on another day."""
    for one in (*hand.plan["problem"]["learner"]["earned"], *hand.plan["earned"]):
        if one["title"] == title:
            one["date"] = day


@damage(
    "requirement", "in their order: yearly, 2026-01-01 to 2026-12-31, yearly, 2027-01-01 to 2027-12-31, cards"
)
def part_of_other_days(hand):
    hand.plan["requirements"][0]["name"] = "yearly, 2026-01-02 to 2026-12-31"


@damage("requirement", "not those of p-test")
def parts_hidden(hand):
    hand.plan["requirements"][:2] = [required("p-test", "yearly", "2.00 0.00 5.50")]


@damage("short", '"yearly, 2026-01-01 to 2026-12-31" needs 2.00; the counts give 0.00')
def nothing_in_one_part(hand):
    hand.move("s:a", "2027-01-01", by="2027-12-31")


@damage("by", '"yearly, 2026-01-01 to 2026-12-31" would lack its credit')
def by_in_the_next_part(hand):
    hand.seat("s:a")["by"] = "2027-01-01"


@damage("by", "could finish as late as 2026-12-31")
def by_before_the_part_ends(hand):
    hand.seat("s:a")["by"] = "2026-12-30"


@damage("cap", '"articles, 2026-11-01 to 2027-08-31": 2.00 credits are counted; at most 1.00')
def cap_of_a_part_exceeded(hand):
    hand.seat("s:d")["counts"][0]["credit"] = "2.00"


@damage("cap_line", "articles, 2027-09-01 to 2027-12-31, carried over")
def cap_of_the_rest_hidden(hand):
    del hand.plan["caps"][2]


@damage("cap_line", "articles, 2027-09-01 to 2027-12-31, carried over")
def cap_on_what_is_carried_hidden(hand):
    del hand.plan["caps"][3]


@damage("cap_line", '"articles, 2026-11-01 to 2027-08-31": 0.00 is stated as used; the counts give 1.00')
def used_in_another_part(hand):
    hand.plan["caps"][1]["used"], hand.plan["caps"][0]["used"] = "0.00", "1.00"


@damage("cap", '"carried over": 2.00 credits are counted; at most 1.00 may be')
def carried_too_much(hand):
    hand.plan["earned"][2]["counts"][0]["credit"] = "2.00"


@damage("cap_line", '"carried over": 0.00 is stated as void; it is 1.00')
def void_of_what_is_carried_hidden(hand):
    hand.plan["caps"][3]["void"] = "0.00"


@damage("not_fullest", "could count 0.50 more as general")
def carried_too_little(hand):
    hand.plan["earned"][2]["counts"][0]["credit"] = "0.50"


@damage("outside_cycle", "counts as general, but 2025-09-30 is outside the cycle, 2026-01-01 to 2027-12-31")
def carried_from_too_early(hand):
    redate(hand, "Talk", "2025-09-30")


@damage("outside_cycle", "counts as cpr, but 2025-06-30 is outside the cycle")
def earned_before_the_window(hand):
    redate(hand, "Card", "2025-06-30")


@damage("outside_cycle", "counts as general, but 2019-05-01 is outside the cycle")
def earned_long_ago_for_nothing(hand):
    hand.plan["earned"][0]["counts"] = [counted("general", "1.00")]


@damage("not_fullest", "could count 1.00 more as ethics")
def earned_long_ago_hidden(hand):
    hand.plan["earned"][0].update(counts=[], void="1.00", why_not="long ago")


@damage("requirement", '"total" says 4.00 earned; it is 1.00')
def total_with_what_only_windows_see(hand):
    hand.plan["requirements"][4]["earned"] = "4.00"


@damage("times", "planned 1 times; it may count 1 times and 1 earned lines use that up, so 0 are left")
def repeated_within_the_months(hand):
    for one in (hand.plan["problem"]["learner"]["earned"][1], hand.plan["earned"][1]):
        one["course_id"] = "s:c"  # of 2025-08-01: in the 36 months from 2025-01-01 on


@damage("smallest_item", "it has 0.25 credits; 0.50 is the least")
def too_small_to_count(hand):
    hand.plan["earned"][3]["counts"] = [counted("general", "0.25")]


@damage("credit", "counts 1.70 credits; it can give 1.50 in these categories")
def not_rounded_down(hand):
    hand.seat("s:b")["counts"][0]["credit"] = "1.70"


@pytest.mark.parametrize(("change", "what", "words"), damage)
def test_damage_is_named(change, what, words):
    assert_named(hand(), change, what, words)


def test_course_may_be_taken_again_after_the_months():
    made = hand()
    for one in (made.plan["problem"]["learner"]["earned"][0], made.plan["earned"][0]):
        one["course_id"] = "s:c"  # of 2019
    assert made.said() == ""


def as_course(hand: Hand, place: int, course_id: str) -> None:
    """Let an earned line be of a course."""
    for one in (hand.plan["problem"]["learner"]["earned"][place], hand.plan["earned"][place]):
        one["course_id"] = course_id


def test_what_is_carried_over_is_one_of_the_times():
    made = hand()
    as_course(made, 2, "s:a")
    assert "times: " in made.said()


def test_what_is_carried_over_uses_up_times_where_nothing_else_looks_back():
    # Without `repeat_months` the talk of 2025-10 alone keeps s:a from counting: it counts as if in the cycle.
    made = hand()
    as_course(made, 2, "s:a")
    one = made.credentials["p-test"]
    version = replace(one.versions[0], repeat_months=None)
    made.credentials["p-test"] = replace(one, versions=(version,))
    assert "it may count 1 times and 1 earned lines use that up, so 0 are left" in made.said()


def test_course_nobody_offers_counts_once():
    # "Talk", carried over, and "Note" are one course: of two lines one may count, be it the smaller.
    made = hand()
    as_course(made, 2, "old")
    as_course(made, 3, "old")
    made.plan["problem"]["learner"]["earned"][3]["credits"] = "general=1"
    made.plan["earned"][3].update(void="1.00", why_not="it counts once")
    assert made.said() == ""
    made.plan["earned"][3].update(void="0.00", why_not=None, counts=[counted("general", "1.00")])
    assert 'times: 2 earned lines of course "old" count for p-test; it may count 1 times.' in made.said()


def test_line_before_the_cycle_uses_up_times_first():
    # "Card" of 2025-08 lies in the 36 months and before what is carried over: it counts for `cards` alone, and
    # "Talk", of the same course, not at all, be it a course nobody offers.
    made = hand()
    as_course(made, 1, "old")
    as_course(made, 2, "old")
    said = (
        'times: 1 earned lines of course "old" count for p-test; it may count 1 times and 1 before the cycle'
    )
    assert said in made.said()
    made.plan["earned"][2].update(counts=[], void="2.00", why_not="it counts once")
    made.plan["requirements"][4] = required("p-test", "total", "6.00 0.00 5.50")
    made.plan["caps"][3] = capped("p-test", "carried over", "1.00 0.00 2.00")
    # The total has lost what was carried over: 5.50 of 6.00.
    assert "short" in made.said()
    made.plan["requirements"][4]["short"] = "0.50"
    none = {"cheapest_full_cost": None, "bound": None, "partial_proven": True, "conflict": [], "remedies": []}
    made.plan.update(status="infeasible", no_plan=none)
    assert made.said() == ""


def test_course_that_may_count_twice_counts_once_beside_a_line_before_the_cycle():
    made = hand()
    as_course(made, 1, "s:a")
    made.tables = ((replace(made.tables[0][0], times=2), *made.tables[0][1:]), *made.tables[1:])
    assert made.said() == ""
    as_course(made, 2, "s:a")  # one before the cycle, one in it: none is left to plan
    assert "it may count 2 times and 2 earned lines use that up, so 0 are left" in made.said()


def test_flag_without_a_date_counts_in_the_cycle_but_in_no_part_of_it():
    # 3 ethics, some day in the cycle: for the total and for `ethics`, which looks at all of it, but for no year.
    made = hand()
    flag = {"title": "Flag", "credits": "ethics=3", "unit": "="}
    made.plan["problem"]["learner"]["earned"].append(flag)
    made.plan["earned"].append(earned("p-test", None, "Flag", [counted("ethics", "3.00")]))
    made.plan["requirements"][3] = required("p-test", "ethics", "1.00 4.00 0.00")
    made.plan["requirements"][4] = required("p-test", "total", "6.00 4.00 5.50")
    assert made.said() == ""


@pytest.mark.parametrize(
    ("first", "deadline", "months", "expected"),
    [
        ("2026-01-01", "2026-12-31", 12, ["2026-01-01 2026-12-31 True"]),
        ("2026-01-01", "2026-12-30", 12, ["2026-01-01 2026-12-30 False"]),
        ("2026-01-01", "2027-01-01", 12, ["2026-01-01 2026-12-31 True", "2027-01-01 2027-01-01 False"]),
        # Cut from the start each time: a short February moves no later cut.
        ("2027-01-31", "2027-04-29", 1, [
            "2027-01-31 2027-02-27 True", "2027-02-28 2027-03-30 True", "2027-03-31 2027-04-29 True"]),
        # The rest of 30 days is shorter than the month from its start, not than the month back from its end.
        ("2027-03-01", "2027-03-30", 1, ["2027-03-01 2027-03-30 True"]),
        ("2027-02-01", "2027-03-30", 1, ["2027-02-01 2027-02-28 True", "2027-03-01 2027-03-30 True"]),
        ("2027-02-01", "2027-03-29", 1, ["2027-02-01 2027-02-28 True", "2027-03-01 2027-03-29 True"]),
        ("2027-02-01", "2027-03-27", 1, ["2027-02-01 2027-02-28 True", "2027-03-01 2027-03-27 False"]),
        ("9999-06-01", "9999-12-31", 12, ["9999-06-01 9999-12-31 True"]),
    ],
)  # fmt: skip
def test_parts_of_a_cycle(first, deadline, months, expected):
    found = parts(date.fromisoformat(first), date.fromisoformat(deadline), months)
    assert [f"{one} {last} {whole}" for one, last, whole in found] == expected
