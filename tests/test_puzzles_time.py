"""Puzzles of weekly hours over many days, where not every start is tried at first; each was once answered wrongly."""

from datetime import date

import pytest

from optimizer.asking import ask
from optimizer.comparing import market_of
from optimizer.obligation import obligations
from optimizer.posing import pose
from optimizer.question import Question
from optimizer.solve import Chosen, Stopwatch, choose
from optimizer.timing import loosened
from tests.puzzle import NEW_YEAR, Solved, answer, question, rules, solve, write

CAPPED = """
    offering_id, kind,   price, hours, access_days
    a,           cpr,    10,    1,     1
    b,           cpr,    10,    1,     1
    c,           cpr,    10,    1,     1
    d,           course, 100,   1,     1
    e,           course, 100,   1,     1
"""
LATE = """
    offering_id, price, hours, passes, available_from, available_until
    a,           40,    3,     sub,    -,              2027-02-20
    b,           40,    2,     sub,    2027-02-22,     -
"""
SUB = """
    pass_id, price, term_days, benefit,  renewable
    sub,     20,    6,         included, no
"""
AWAY = "hours_per_week = 7\n{more}\n[[away]]\nfrom = 2027-01-01\nto = 2027-02-17\n"


@pytest.mark.parametrize("deadline", ["2027-04-05", "2027-04-20"])  # 95 and 110 days
def test_cap_of_a_part_is_not_escaped_across_its_end(deadline):
    # Of each three months one card counts: 10 before 02-10, 10 after it, and a course of 100. What begins in one
    # part and ends in the next is capped where it ends.
    found = solve(
        CAPPED,
        rules("3", caps=('at_most = 1\nevery_months = 3\nwhere = { kind = "cpr" }',)),
        "hours_per_week = 7",
        days=f"deadline = {deadline}\ncycle_start = 2026-11-10",
    )
    assert (found.status, found.cost) == ("optimal", "120.00")


@pytest.mark.parametrize("deadline", ["2027-04-05", "2027-05-31"])  # 95 and 151 days
@pytest.mark.parametrize(("budget", "cost"), [("", "20.00"), ("budget = 10", "0.00")])
def test_term_that_fits_one_week_is_found(deadline, budget, cost):
    # Six days of the subscription pay for both only if they begin on 02-18, the first day at home: 20 < 40 + 20.
    found = solve(
        LATE,
        rules("2"),
        AWAY.format(more=budget),
        SUB,
        days=f"deadline = {deadline}\ncycle_start = 2027-01-01",
    )
    assert found.cost == cost
    if budget:
        assert (found.status, found.full_cost) == ("infeasible", "20.00")
        assert found.remedies == [("raise the budget by $10.00", "20.00")]
    else:
        assert found.status == "optimal"
        assert found.starts == ["2027-02-18", "2027-02-22"]


def test_other_routes_are_priced_as_exactly_as_plans():
    exam = '[[version.route]]\nname = "exam"\nprice = 30'
    days = "deadline = 2027-05-31\ncycle_start = 2027-01-01"
    found = solve(LATE, rules("2", more=exam), AWAY.format(more=""), SUB, days=days, flags={"route": "exam"})
    assert found.cost == "30.00"
    assert [(r["name"], r["cost"]) for r in found.json["routes"]] == [("continuing-education", "20.00")]


def test_requirement_of_parts_longer_than_the_cycle_is_told():
    found = solve(
        CAPPED,
        rules("1").replace("at_least = 1", "at_least = 1\nevery_months = 12"),
        days="deadline = 2027-06-30\ncycle_start = 2027-01-01",
    )
    assert found.status == "nothing_needed"
    assert any("every 12 months" in warning for warning in found.json["warnings"])


def test_what_is_required_stays_in_a_partial_plan_without_the_route():
    # 70 do not pay for the exam at 100, but for the course at 60.
    exam = '[[version.route]]\nname = "exam"\nprice = 100'
    found = solve(
        "offering_id, price\nc, 60",
        rules("1", more=exam),
        'budget = 70\n[preferences]\nrequire = ["c"]',
        flags={"route": "exam"},
    )
    assert (found.status, found.cost, found.ids) == ("infeasible", "60.00", ["c"])
    assert any(warning.startswith("The route cannot be taken") for warning in found.json["warnings"])


def test_routes_that_tie_are_chosen_by_rank():
    # Both cost 10 for one course; a stands before b.
    other = """
    [[version.requirement]]
    name = "administrative"
    at_least = 1
    where = { category = "administrative" }
    route = "other"
    [[version.route]]
    name = "other"
    price = 0
    """
    shop = """
        offering_id, credits,          price
        a,           administrative=1, 10
        b,           clinical=1,       10
    """
    found = solve(shop, rules('1 category = "clinical"', more=other), flags={"route": "any"})
    assert (found.cost, found.ids) == ("10.00", ["a"])


@pytest.mark.parametrize(
    ("credits_", "more", "told"),
    [
        ("clincal=1", "", 'Did you mean "clinical"?'),
        ("clinical=1", 'approvals = "aamma"', 'Did you mean "aama"?'),
        ("clinical=1", 'unit = "hours"', 'Did you mean "hour"?'),
    ],
)
def test_words_nobody_knows_are_told(credits_, more, told):
    unit = "" if "unit" in more else 'unit = "hour"'
    found = solve(
        "offering_id, credits, approvals\na, clinical=1, aama",
        rules('1 category = "clinical"', '1 approver = "aama"').replace("hour = 1", "hour = 1"),
        f'[[earned]]\ndate = 2027-01-01\ncredits = "{credits_}"\n{unit}\n{more}',
    )
    assert any(told in warning for warning in found.json["warnings"])


SIX = """
    offering_id, price, hours, passes
    a,           50,    {hours},    sub
    b,           50,    {hours},    sub
    c,           50,    {hours},    sub
    d,           50,    {hours},    sub
    e,           50,    {hours},    sub
    f,           50,    {hours},    sub
"""
HUNDRED = """
    pass_id, price, term_days, benefit,  credit_limit
    sub,     10,    100,       included, {limit}
"""


def test_a_term_holds_no_more_study_than_its_days_give():
    # Six courses of 40 hours, an hour a day: a term of 100 days holds two of them, so three terms, 3 × 10. That one
    # term is not enough follows from no interval of days, for nobody knows yet where it lies.
    found = solve(
        SIX.format(hours=40),
        rules("6"),
        "hours_per_week = 7",
        HUNDRED.format(limit="-"),
        days="deadline = 2027-10-28\ncycle_start = 2027-01-01",
    )
    assert (found.status, found.cost) == ("optimal", "30.00")


def test_what_is_left_after_a_term_is_too_short_for_a_second():
    # Four of 25 hours in 120 days: a term pays for two, and the 20 days after it hold none: 10 + 2 × 50.
    found = solve(
        SIX.format(hours=25),
        rules("4"),
        "hours_per_week = 7",
        HUNDRED.format(limit="2"),
        days="deadline = 2027-05-01\ncycle_start = 2027-01-01",
    )
    assert (found.status, found.cost) == ("optimal", "110.00")


APPROVED = """
    offering_id, price, hours, approvals
    a,           10,    30,    x@2026-01-01/2027-02-09
    b,           10,    30,    x@2026-01-01/2027-02-09
    d,           50,    30,    x
"""


def looser(asked: Question) -> int:
    """Return what the best plan of the looser problem costs, in cents."""
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    timed, untimed = (
        pose(asked.learner, market_of(asked, kept), kept, asked.as_of, timed=timed) for timed in (True, False)
    )
    chosen = choose(loosened(untimed, timed), None, Stopwatch(60), full=True)
    assert isinstance(chosen, Chosen)
    return chosen.cost


def test_the_looser_problem_knows_when_an_approval_ends():
    # Two approved courses of 30 hours, an hour a day; of those approved for 40 days more only one fits: 10 + 50. What
    # proves that wherever courses start does not take a and b for approved as long as the cycle lasts, which is 20.
    days = "deadline = 2027-12-31\ncycle_start = 2027-01-01"
    needs = rules('2 approver = "x"')
    found = solve(APPROVED, needs, "hours_per_week = 7", days=days)
    assert (found.status, found.cost) == ("optimal", "60.00")

    assert looser(question(APPROVED, needs, "hours_per_week = 7", days=days)) == 6_000


SOON = """
    offering_id, price, hours, passes, available_until
    a,           90,    30,    club,   -
    c,           10,    30,    -,      2027-02-09
    d,           50,    30,    -,      -
"""
CLUB = """
    pass_id, price, benefit
    club,    -,     included
"""


def test_the_looser_problem_knows_where_what_is_held_lies():
    # An hour a day: until 9 February there are 40 for the 30 of a, while the club is held, and the 30 of c. So a and d.
    days = "deadline = 2027-12-31\ncycle_start = 2027-01-01"
    held = 'hours_per_week = 7\n[[holding]]\npass_id = "club"\nuntil = 2027-02-09\n'
    found = solve(SOON, rules("2"), held, CLUB, days=days)
    assert (found.status, found.cost) == ("optimal", "50.00")
    assert looser(question(SOON, rules("2"), held, CLUB, days=days)) == 5_000


YEARLY = """
    offering_id, price, hours, passes, available_until
    a,           90,    30,    club,   2027-02-09
    b,           90,    30,    club,   -
"""
RENEWED = """
    pass_id, price, benefit,  term_ends, renewable
    club,    20,    included, 12-31,     yes
"""


def test_a_pass_held_until_a_day_of_each_year_can_be_renewed():
    # An hour a day: until 9 February, while the club is held, there are 40 for the 30 of a. Then b under the club, 20.
    days = "deadline = 2027-12-31\ncycle_start = 2027-01-01"
    held = 'hours_per_week = 7\n[[holding]]\npass_id = "club"\nuntil = 2027-02-09\n'
    found = solve(YEARLY, rules("2"), held, RENEWED, days=days)
    assert (found.status, found.cost) == ("optimal", "20.00")


EARLY = """
    offering_id, price, member_price, passes, hours, approvals
    early,       -,     0.00,         club,   1,     x@2027-03-01/2027-12-31
"""
DEAR = "    dear,        50,    -,            -,      1,     x\n"
FREE = """
    pass_id, price, benefit
    club,    -,     member_price
"""
HELD = 'hours_per_week = 7\n[[holding]]\npass_id = "club"\nuntil = 2027-01-31\n'


@pytest.mark.parametrize("more", ["", DEAR])
def test_what_a_discount_leaves_free_may_end_after_the_term(more):
    # Early costs nothing if it is started as a member, until 31 January. Finished in March it is approved: 0, not 50.
    found = solve(EARLY + more, rules('1 approver = "x"'), HELD, FREE)
    assert (found.status, found.cost, found.ids) == ("optimal", "0.00", ["early"])


def several(folder, offerings, first, second, learner="", *, days, more, **flags):
    """Return the proved plan for two credentials; `days` and `more` are the keys of each in the learner's file."""
    days = f'{days}\n[[credential]]\nfile = "second.toml"\n{more}'
    write(folder, offerings, first, learner, days=days)
    second = second.replace("pz-test", "qz-test").replace("Puzzler", "Quizzer")
    (folder / "second.toml").write_text(second, "utf-8")
    asked = ask(folder / "me.toml", flags, [str(folder / "catalog")], date.fromisoformat(NEW_YEAR), 60.0)
    return Solved(answer(asked.question))


LOOKING_BACK = '[[version.requirement]]\nname = "law"\nat_least = 1\n{}\nwhere = {{ approver = "x" }}'


@pytest.mark.parametrize("back", ["ever = true", "within_months = 24"])
@pytest.mark.parametrize("hours", ["", "hours_per_week = 7"])
def test_what_is_planned_before_a_cycle_counts_nothing_for_it(tmp_path, back, hours):
    # The law course of 10 is gone when the second cycle begins, though that looks further back: rule 33. It costs 50.
    found = several(
        tmp_path,
        "offering_id, price, approvals, available_until\na, 10, x, 2027-04-30\nb, 50, x, -",
        rules("1"),
        rules(more=LOOKING_BACK.format(back)),
        hours,
        days="deadline = 2027-12-31",
        more="cycle_start = 2027-06-01\ndeadline = 2028-05-31",
    )
    assert (found.status, found.cost, found.ids) == ("optimal", "50.00", ["b"])


def test_cap_of_a_part_says_nothing_of_what_began_before_its_cycle(tmp_path):
    # The first needs both. An hour a day: a takes 20 days, from 25 May to 15 June at most, so it begins before the
    # second cycle and counts for the first alone. The cap of the second lets b count, and voids nothing.
    found = several(
        tmp_path,
        "offering_id, price, hours, available_from, available_until\na, 10, 20, 2027-05-25, 2027-06-15\nb, 10, 1, -, -",
        rules("2"),
        rules("1", caps=("at_most = 1\nevery_months = 6",)),
        "hours_per_week = 7",
        days="deadline = 2027-12-31",
        more="cycle_start = 2027-06-01\ndeadline = 2027-11-30",
    )
    assert (found.status, found.cost, found.ids) == ("optimal", "20.00", ["a", "b"])
    assert found.caps == [("1.00", "0.00")]


ALIKE = """
    offering_id, price
    a,           900
    b,           900
    c,           60
"""


def test_what_is_required_stays_where_only_hours_tell_courses_apart(tmp_path):
    # 70 do not pay for the exam at 100, but for the course at 60. That a and b could be begun before the second cycle
    # and finished in it once told them apart where hours bind, and in the looser problem they were one group.
    exam = """
        [[version.cap]]
        name = "of the exam"
        at_most = 1
        every_months = 2
        route = "exam"
        [[version.route]]
        name = "exam"
        price = 100
    """
    found = several(
        tmp_path,
        ALIKE,
        rules(more='[[version.requirement]]\nname = "late"\nat_least = 1\nwithin_months = 8'),
        rules("1", more=exam),
        'budget = 70\nhours_per_week = 7\n[preferences]\nrequire = ["c"]',
        days="deadline = 2027-12-31",
        more="cycle_start = 2027-05-01\ndeadline = 2027-06-30",
        route="exam",
    )
    assert (found.status, found.cost, found.ids) == ("infeasible", "60.00", ["c"])
    assert any(warning.startswith("The route cannot be taken") for warning in found.json["warnings"])


def test_a_course_taken_twice_must_lie_in_the_days_of_two_credentials(tmp_path):
    # Each needs one approved. The course may count once for the first, and a, which is required, uses that up, though
    # it is not approved; b, the same course, is gone when the second cycle begins. So c and d, too: 5 + 30 + 40.
    found = several(
        tmp_path,
        """
        offering_id, course_id, price, approvals, available_until
        a,           one,       5,     -,         2027-04-30
        b,           one,       10,    x,         2027-04-30
        c,           c,         30,    x,         2027-04-30
        d,           d,         40,    x,         -
        """,
        rules('1 approver = "x"'),
        rules('1 approver = "x"'),
        '[preferences]\nrequire = ["a"]',
        days="deadline = 2027-05-31",
        more="cycle_start = 2027-06-01\ndeadline = 2028-05-31",
    )
    assert (found.status, found.cost, found.ids) == ("optimal", "75.00", ["a", "c", "d"])
