"""Puzzles of what stands in the way and of what would help, each solved by hand; and the least that works."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.remedies import least_that_works
from tests.puzzle import Solved, rules, solve

TWO = """
    offering_id, price, hours, format, provider
    a,           10,    6,     online, shop
    b,           25,    6,     print,  mill
"""
TOTAL = '"total": at least {} points'
BY = "everything is finished by {}"


def why(found: Solved) -> tuple[list[str], list[tuple[str, str]]]:
    """Return a plan's conflict and remedies."""
    assert found.status == "infeasible"
    return found.json["no_plan"]["conflict"], found.remedies


# The least that works


@given(st.integers(-50, 50), st.integers(1, 20_000), st.data())
def test_least_that_works_is_found_in_few_calls(low, span, data):
    high = low + span
    least = data.draw(st.integers(low + 1, high))
    guess = data.draw(st.integers(low - 10, high + 10))
    asked = []

    def works(number: int) -> bool:
        asked.append(number)
        return number >= least

    assert least_that_works(works, low, high, guess) == least
    assert len(asked) == len(set(asked))
    assert all(low < number < high for number in asked)
    off = abs(min(max(guess, low + 1), high) - least)
    assert len(asked) <= 2 * off.bit_length() + 2
    assert len(asked) <= 2 * span.bit_length()


@given(st.lists(st.booleans(), max_size=60), st.integers(-5, 70))
def test_whatever_works_is_found_where_the_one_below_does_not(answers, guess):
    answers = [False, *answers, True]
    found = least_that_works(answers.__getitem__, 0, len(answers) - 1, guess)
    assert (answers[found], answers[found - 1]) == (True, False)


# One kind of condition each


def test_budget():
    # 10 + 25 = 35, 5.01 more than 29.99.
    found = solve(TWO, rules("2"), "budget = 29.99")
    assert why(found) == (
        [TOTAL.format(2), "you spend at most $29.99"],
        [("raise the budget by $5.01", "35.00")],
    )


def test_hours():
    # 12 hours in the 14 days 12-18 to 12-31: 6 a week; more are 14/7 of a hour for each hour a week: 2 more in all.
    # At 5 a week the 12 hours take 16.8 days: 3 more, to 2028-01-03, the 17th day.
    found = solve(TWO, rules("2"), "hours_per_week = 5", as_of="2027-12-18")
    assert why(found) == (
        [TOTAL.format(2), "you study at most 5 hours a week", BY.format("2027-12-31")],
        [
            ("study 6 hours a week in place of 5: 2 more in all", "35.00"),
            ("finish 3 days later, for a deadline of 2028-01-03 in place of 2027-12-31", "35.00"),
        ],
    )


def test_deadline():
    # The event ends 8 days after the 10th of December, the last day before a deadline of the 31st.
    found = solve(
        "offering_id, price, starts\na, 10, 2027-12-18", rules("1", submit_days_before=21),
    )  # fmt: skip
    assert why(found) == (
        [
            TOTAL.format(1)[:-1],
            "everything is finished by 2027-12-10, the last day before the deadline, 2027-12-31",
        ],
        [("finish 8 days later, for a deadline of 2028-01-08 in place of 2027-12-31", "10.00")],
    )


def test_number_of_purchases():
    # Two courses, two purchases.
    found = solve(TWO, rules("2"), "[preferences]\nmax_purchases = 1")
    assert why(found) == (
        [TOTAL.format(2), "you make at most 1 purchase"],
        [("allow 2 purchases", "35.00")],
    )


def test_away():
    # Of January only the 1st to 3rd is at home before the 31st: a course of a day is to be had from the 10th on.
    found = solve(
        "offering_id, price, hours, available_from, available_until\na, 10, 1, 2027-01-10, 2027-01-20",
        rules("1"),
        "[[away]]\nfrom = 2027-01-04\nto = 2027-01-12\n[[away]]\nfrom = 2027-01-13\nto = 2027-01-31",
    )
    assert why(found) == (
        [
            TOTAL.format(1)[:-1],
            "you do not study while away (2027-01-04 to 2027-01-12, 2027-01-13 to 2027-01-31)",
        ],
        [
            ("study from 2027-01-04 to 2027-01-12, too", "10.00"),
            ("study from 2027-01-13 to 2027-01-31, too", "10.00"),
        ],
    )


def test_formats():
    # Only b is in print, and there is nothing in person.
    found = solve(TWO, rules("2"), '[preferences]\nformats = ["online", "in_person"]')
    assert why(found) == (
        [TOTAL.format(2), "you take only what is in_person or online"],
        [("accept what is print, too", "35.00")],
    )


def test_excluded():
    # Of three courses two are needed, of two that are excluded one: a + b = 35, a + c = 40.
    found = solve(
        "offering_id, price\na, 10\nb, 25\nc, 30", rules("2"), '[preferences]\nexclude = ["b", "c"]',
    )  # fmt: skip
    assert why(found) == (
        [TOTAL.format(2), "you do not take b", "you do not take c"],
        [("accept b", "35.00"), ("accept c", "40.00")],
    )


def test_excluded_provider():
    found = solve(TWO, rules("2"), '[preferences]\nexclude_providers = ["mill"]')
    assert why(found) == (
        [TOTAL.format(2), "you take nothing from mill"],
        [("accept courses from mill", "35.00")],
    )


def test_published():
    shop = "offering_id, price, assumed\na, 10, -\nb, 25, hours"
    found = solve(shop, rules("2"), flags={"no_assumed": True})
    assert why(found) == (
        [TOTAL.format(2), "only published values are used (--no-assumed)"],
        [("accept values that nobody published (leave out --no-assumed)", "35.00")],
    )


def test_required():
    # Two purchases and a budget of 36 would do for a and b at 35; z is a third, at 5, and gives nothing.
    shop = "offering_id, price, credits\na, 10, any=1\nb, 25, any=1\nz, 5, -"
    found = solve(shop, rules("2"), 'budget = 36\n[preferences]\nrequire = ["z"]')
    assert why(found) == (
        [TOTAL.format(2), "you take z", "you spend at most $36.00"],
        [("do without z", "35.00"), ("raise the budget by $4.00", "40.00")],
    )


def test_cap():
    # Both courses are of the shop; of its credit one point counts. Nothing of the learner's is in the way.
    found = solve(
        "offering_id, price\na, 10\nb, 25", rules("2", caps=('at_most = 1\nwhere = { provider = "shop" }',))
    )
    assert why(found) == (
        [TOTAL.format(2), '"cap 1": at most 1 point sold by shop'],
        [],
    )


def test_route():
    # The exam at 80 is too dear, and so is all but continuing education: a at 10.
    exam = '[[version.route]]\nname = "exam"\nprice = 80'
    found = solve(TWO, rules("1", more=exam), "budget = 20", flags={"route": "exam"})
    assert why(found) == (
        ["recertifying by exam", "you spend at most $20.00"],
        [
            ("recertify by continuing-education (--route continuing-education)", "10.00"),
            ("raise the budget by $60.00", "80.00"),
        ],
    )


def test_other_route_in_place_of_courses():
    # a and b come to 35, the exam to 30.
    exam = '[[version.route]]\nname = "exam"\nprice = 30'
    found = solve(TWO, rules("2", more=exam), "budget = 32")
    assert why(found) == (
        [TOTAL.format(2), "you spend at most $32.00"],
        [("recertify by exam (--route exam)", "30.00"), ("raise the budget by $3.00", "35.00")],
    )


def test_smaller_changes_come_first_by_cost_and_nothing_of_no_use_is_told():
    # Without b there is c at 90, too dear; the budget need not grow if b may be taken.
    shop = "offering_id, price\na, 10\nb, 25\nc, 90\nd, 95"
    learner = 'budget = 40\n[preferences]\nexclude = ["b", "d"]\nmax_purchases = 2'
    found = solve(shop, rules("2"), learner)
    assert why(found) == (
        [TOTAL.format(2), "you do not take b", "you spend at most $40.00"],
        [("accept b", "35.00"), ("raise the budget by $60.00", "100.00")],
    )


def test_nothing_helps_where_too_little_is_sold():
    found = solve(TWO, rules("3"), "budget = 5")
    assert why(found) == ([TOTAL.format(3)], [])


# Deadlines of cycles in parts


PARTS = '"total": at least 1 point, in each 12 months of the cycle'


@pytest.mark.parametrize("day", ["2027-12-20", "2027-12-31"])
def test_later_deadline_that_begins_no_further_part_helps(day):
    # The rest of a cycle after its first 12 months is no part until it is 12 months long, too: until then only the
    # last day to finish moves. It was 12-01; the event is on 12-20, 19 days later, or on 12-31, 30 days later.
    one = rules("1", submit_days_before=30).replace("at_least = 1", "at_least = 1\nevery_months = 12")
    found = solve(f"offering_id, price, starts\na, 10, {day}", one)
    more = {"2027-12-20": "19 days later, for a deadline of 2028-01-19"}
    more["2027-12-31"] = "30 days later, for a deadline of 2028-01-30"
    assert why(found) == (
        [PARTS, "everything is finished by 2027-12-01, the last day before the deadline, 2027-12-31"],
        [(f"finish {more[day]} in place of 2027-12-31", "10.00")],
    )


def test_later_deadline_helps_where_one_a_year_later_asks_for_more():
    # In each 12 months 1 clinical point, a; and 2 in all: b is on 2028-01-05. A second part would ask for another a.
    each = '1 category = "clinical"'
    credential = rules(each, "2").replace("at_least = 1", "at_least = 1\nevery_months = 12")
    shop = """
        offering_id, credits,    price, starts
        a,           clinical=1, 10,    -
        b,           general=1,  20,    2028-01-05
    """
    found = solve(shop, credential)
    assert why(found) == (
        [TOTAL.format(2), BY.format("2027-12-31")],
        [("finish 5 days later, for a deadline of 2028-01-05 in place of 2027-12-31", "30.00")],
    )


def test_later_deadline_helps_where_a_window_up_to_it_moves_on():
    # 1 point in the 6 months up to the deadline: a year later the event of 2028-01-05 lies before them.
    credential = rules("1").replace("at_least = 1", "at_least = 1\nwithin_months = 6")
    found = solve("offering_id, price, starts\nb, 20, 2028-01-05", credential)
    assert why(found) == (
        ['"total": at least 1 point, in the 6 months up to the deadline', BY.format("2027-12-31")],
        [("finish 5 days later, for a deadline of 2028-01-05 in place of 2027-12-31", "20.00")],
    )


def test_hours_help_though_a_window_up_to_a_later_deadline_holds_nothing():
    # The 7 days to 12-31, when a is no longer sold, give an hour; a takes 2. A year later it is long out of the window.
    credential = rules("1").replace("at_least = 1", "at_least = 1\nwithin_months = 6")
    shop = "offering_id, price, hours, available_until\na, 10, 2, 2027-12-31"
    found = solve(shop, credential, "hours_per_week = 1", as_of="2027-12-25")
    assert why(found) == (
        ['"total": at least 1 point, in the 6 months up to the deadline', "you study at most 1 hours a week"],
        [("study 2 hours a week in place of 1: 1 more in all", "10.00")],
    )
