"""The proof of weekly hours and weeks away: one plan worked out by hand is accepted, every damage to it is named."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.learner import Learner
from optimizer.learner_file import learner_from
from optimizer.verify_hours import StudyDays, prove_hours
from tests.test_verify import a_pass, bought, offering, seat
from tests.test_verify_several import Damages, Hand, assert_named, count, required, rules, unproved

RULES = rules("h-test", """
cycle_months = 12
[[version.requirement]]
name = "total"
at_least = 7
""")  # fmt: skip


def counted(credit: str) -> dict[str, Any]:
    return count("h-test", "any", credit)


def hand() -> Hand:
    """Return a plan with one hour a day from 2027-01-01 on, and none on the 3rd and the 4th.

    s:a takes 2 hours, the 1st and the 2nd, free, with 10 days of access from its start: until the 11th. s:b takes
    3 hours, the 5th to the 7th, bought on the 5th with 5 days of access: until the 10th. s:c takes the 8th, in a
    term of 5 days bought then: until the 12th. The event takes no hours, and lies on a day away.
    """
    return Hand(
        {"h-test": RULES},
        [
            offering("s:a", "any=2", unit="hour", price=0, access_days=10),
            offering("s:b", "any=3", unit="hour", price=1000, access_days=5),
            offering("s:c", "any=1", unit="hour", passes=("week",)),
            offering("s:e", "any=1", unit="hour", price=0, starts=date(2027, 1, 3), ends=date(2027, 1, 3)),
        ],
        {
            "credential": [{"id": "h-test", "deadline": "2027-12-31"}],
            "hours_per_week": "7",
            "away": [{"from": "2027-01-03", "to": "2027-01-04"}],
        },
        [a_pass("week", "included", price=500, term_days=5)],
        cost="15.00",
        hours="7.00",
        purchases=[
            bought("offering", "s:b", "10.00", "2027-01-05"),
            bought("pass", "week", "5.00", "2027-01-08", "2027-01-12"),
        ],
        enrollments=[
            seat("s:a", "free", "0.00", "2.00", "2027-01-11", counted("2.00"), start="2027-01-01",
                 finish="2027-01-02"),
            seat("s:e", "free", "0.00", "1.00", "2027-01-03", counted("1.00"), start="2027-01-03"),
            seat("s:b", "single", "10.00", "3.00", "2027-01-10", counted("3.00"), start="2027-01-05",
                 finish="2027-01-07"),
            seat("s:c", "week", "0.00", "1.00", "2027-01-12", counted("1.00"), start="2027-01-08"),
        ],
        requirements=[required("h-test", "total", "7.00 0.00 7.00")],
    )  # fmt: skip


def test_plan_worked_out_by_hand_is_proved():
    assert hand().said() == ""


def test_every_value_is_proved():
    # What is self-paced may be finished a day later: that the days are the earliest is the planner's word.
    assert unproved(hand()) == [("enrollments", place, "finish") for place in (0, 2, 3)]


damage = Damages()


@damage(
    "weekly_hours", "From 2027-01-01 to 2027-01-01 the plan studies 2.00 hours; those days give 1.00, at 7.00"
)
def two_hours_on_one_day(hand):
    hand.move("s:a", "2027-01-01", "2027-01-01", "2027-01-11")


@damage(
    "weekly_hours", "From 2027-01-01 to 2027-01-08 the plan studies 6.00 hours; those days give 3.00, at 3.50"
)
def fewer_hours(hand):
    hand.plan["problem"]["learner"]["hours_per_week"] = "3.5"


@damage("weekly_hours", "From 2027-01-03 to 2027-01-06 the plan studies 3.00 hours; those days give 2.00")
def studied_on_days_away(hand):
    hand.move("s:b", "2027-01-03", "2027-01-06", "2027-01-08")
    hand.line("purchases", id="s:b")["on"] = "2027-01-03"


@damage("weekly_hours", "From 2027-01-05 to 2027-01-07 the plan studies 4.00 hours; those days give 3.00")
def two_at_a_time(hand):
    hand.move("s:c", "2027-01-07", by="2027-01-11")
    hand.line("purchases", id="week").update(on="2027-01-07", until="2027-01-11")


@damage("window", "starts on 2027-01-03, after it finishes, on 2027-01-02")
def finished_before_it_starts(hand):
    hand.move("s:a", "2027-01-03", "2027-01-02", "2027-01-11")


@damage("window", "the first day is 2027-01-01")
def started_before_as_of(hand):
    hand.move("s:a", "2026-12-31", "2027-01-02", "2027-01-10")


@damage("purchase_day", "must lie from 2027-01-01 to 2027-01-05")
def bought_after_the_start(hand):
    hand.line("purchases", id="s:b")["on"] = "2027-01-06"


@damage("access_days", "finishes on 2027-01-11; access from 2027-01-05 ends on 2027-01-10")
def finished_after_access(hand):
    hand.move("s:b", "2027-01-05", "2027-01-11")


@damage("access_days", "finishes on 2027-01-12; access from 2027-01-01 ends on 2027-01-11")
def finished_after_access_from_the_start(hand):
    hand.move("s:a", "2027-01-01", "2027-01-12")


@damage("term", 'paid by "week", no term of which covers 2027-01-07 to 2027-01-08')
def started_before_the_term(hand):
    hand.move("s:c", "2027-01-07", "2027-01-08", "2027-01-12")


@damage("by", "may not finish as late as 2027-01-11: it finishes on 2027-01-11; access from 2027-01-05 ends")
def by_after_access(hand):
    hand.seat("s:b")["by"] = "2027-01-11"


@damage("by", "may finish by 2027-01-09; it could finish as late as 2027-01-10")
def by_before_access_ends(hand):
    hand.seat("s:b")["by"] = "2027-01-09"


@damage("by", "it could finish as late as 2027-01-11")
def by_before_access_from_the_start_ends(hand):
    hand.seat("s:a")["by"] = "2027-01-10"


@damage("by", "no term of which covers 2027-01-08 to 2027-01-13")
def by_after_the_term(hand):
    hand.seat("s:c")["by"] = "2027-01-13"


@damage("by", "the event is 2027-01-03 to 2027-01-03")
def by_after_the_event(hand):
    hand.seat("s:e")["by"] = "2027-01-04"


@damage("window", "without weekly hours that is one day")
def many_days_without_weekly_hours(hand):
    del hand.plan["problem"]["learner"]["hours_per_week"]


@damage("away", '"s:b") is studied on 2027-01-04, which is a day without study')
def away_without_weekly_hours(hand):
    without_weekly_hours(hand)
    hand.move("s:b", "2027-01-04", by="2027-01-09")
    hand.line("purchases", id="s:b")["on"] = "2027-01-04"


@damage("by", "it is studied on 2027-01-04, which is a day without study")
def by_on_a_day_away(hand):
    without_weekly_hours(hand)
    hand.seat("s:a")["by"] = "2027-01-04"


@damage("by", "it could finish as late as 2027-01-02")
def by_before_the_last_day_not_away(hand):
    without_weekly_hours(hand)
    hand.seat("s:a")["by"] = "2027-01-01"


def without_weekly_hours(hand: Hand) -> None:
    """Make it a plan without weekly hours: a day each, and s:a, to be had until the 4th, by the 2nd."""
    del hand.plan["problem"]["learner"]["hours_per_week"]
    offerings = (
        offering("s:a", "any=2", unit="hour", price=0, access_days=10, available_until=date(2027, 1, 4)),
        *hand.tables[0][1:],
    )
    hand.tables = (offerings, *hand.tables[1:])
    hand.move("s:a", "2027-01-01", by="2027-01-02")
    hand.move("s:b", "2027-01-05", by="2027-01-10")


@pytest.mark.parametrize(("change", "what", "words"), damage)
def test_damage_is_named(change, what, words):
    assert_named(hand(), change, what, words)


def test_days_away_without_weekly_hours_are_proved():
    made = hand()
    without_weekly_hours(made)
    assert made.said() == ""


def test_what_takes_no_time_may_be_done_on_a_day_away():
    made = hand()
    without_weekly_hours(made)
    made.tables = (
        (offering("s:a", "any=2", unit="hour", price=0, minutes=0), *made.tables[0][1:]), *made.tables[1:]
    )  # fmt: skip
    made.seat("s:a").update(hours="0.00", assumed=[])
    made.plan["hours"] = "5.00"
    made.move("s:a", "2027-01-03", by="2027-12-31")
    assert made.said() == ""


def test_enrollment_across_two_parts_counts_in_neither():
    # Two months, each of which needs 3: s:b, from January to February, counts for the total alone.
    more = '[[version.requirement]]\nname = "monthly"\nat_least = 3\nevery_months = 1\n'
    text = RULES.replace("cycle_months = 12", "cycle_months = 2") + more
    made = Hand(
        {"h-test": text},
        [offering("s:a", "any=4", unit="hour", price=0), offering("s:b", "any=3", unit="hour", price=0)],
        {
            "credential": [{"id": "h-test", "deadline": "2027-02-28", "cycle_start": "2027-01-01"}],
            "hours_per_week": "7",
        },
        cost="0.00",
        hours="7.00",
        enrollments=[
            seat("s:a", "free", "0.00", "4.00", "2027-01-31", counted("4.00"), start="2027-01-01", finish="2027-01-04"),
            seat("s:b", "free", "0.00", "3.00", "2027-02-28", counted("3.00"), start="2027-01-31", finish="2027-02-02"),
        ],
        requirements=[
            required("h-test", "total", "7.00 0.00 7.00"),
            required("h-test", "monthly, 2027-01-01 to 2027-01-31", "3.00 0.00 4.00"),
            required("h-test", "monthly, 2027-02-01 to 2027-02-28", "3.00 0.00 3.00"),
        ],
    )  # fmt: skip
    assert '"monthly, 2027-02-01 to 2027-02-28" needs 3.00; the counts give 0.00' in made.said()
    made.move("s:b", "2027-02-01", "2027-02-03", "2027-02-28")
    assert made.said() == ""


# The condition itself, against every pair of days

DAY_ONE = date(2027, 1, 1)
DAYS = st.integers(0, 20).map(lambda days: DAY_ONE + timedelta(days))
SPANS = st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair)))


def studying(weekly: str, away: list[tuple[date, date]]) -> Learner:
    spans = [{"from": str(first), "to": str(last)} for first, last in away]
    return learner_from({"hours_per_week": weekly, "away": spans}, "me.toml", DAY_ONE)


@given(st.lists(SPANS, max_size=4), SPANS)
def test_study_days_are_those_not_away(away, asked):
    first, last = asked
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    there = [day for day in days if not any(one <= day <= two for one, two in away)]
    study = StudyDays(studying("3", away))
    assert study.between(first, last) == len(there)
    assert [day for day in days if not study.away_on(day)] == there


@given(
    st.integers(1, 16800).map(lambda n: str(Decimal(n) / 100)),
    st.lists(SPANS, max_size=2),
    st.lists(st.tuples(SPANS, st.integers(0, 600)), max_size=6),
)
def test_hours_hold_between_any_two_days(weekly, away, spans):
    study = StudyDays(studying(weekly, away))
    studied = [(first, last, minutes) for (first, last), minutes in spans]
    found: list[str] = []
    prove_hours(study, studied, lambda what, _: found.append(what))
    all_days = [DAY_ONE + timedelta(n) for n in range(21)]
    broken = any(
        sum(minutes for start, finish, minutes in studied if a <= start and finish <= b)
        > Fraction(weekly) * 60 * study.between(a, b) / 7
        for a in all_days
        for b in all_days
        if a <= b
    )
    assert bool(found) == broken


def test_hundreds_of_enrollments_take_no_time():
    # 400 half hours, one after another, at one hour a day: each day has room for two.
    study = StudyDays(studying("7", []))
    studied = [(day := DAY_ONE + timedelta(n // 2), day, 30) for n in range(400)]
    found: list[str] = []
    prove_hours(study, studied, lambda what, _: found.append(what))
    assert found == []
    prove_hours(study, [*studied, (DAY_ONE, DAY_ONE + timedelta(199), 1)], lambda what, _: found.append(what))
    assert found == ["weekly_hours"]
