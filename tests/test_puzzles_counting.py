"""Puzzles of counting and days, solved by hand: credit, filters, caps, earned lines, windows, repeats."""

import pytest

from catalogs.faults import Faults
from tests.puzzle import rules, solve

YEAR = "2027-12-31"
DAY = "2027-01-01"
ONE, TWO, THREE = rules("1"), rules("2"), rules("3")
CLINICAL = 'category = "clinical"'
ADMINISTRATIVE = 'category = "administrative"'
APPROVED = 'approver = "aama"'


def earned(*lines: str) -> str:
    """Return earned lines; each is title, date, credits and more TOML, parted by spaces."""
    found = []
    for line in lines:
        title, day, credit, *more = line.split(" ", 3)
        found.append(
            f'[[earned]]\ntitle = "{title}"\ndate = {day}\ncredits = "{credit}"\nunit = "hour"\n{"".join(more)}'
        )
    return "\n".join(found)


# Credit


def test_fixed_credit_counts_part_by_part():
    # One course has 1 clinical and 0.5 administrative: all three rules are met by it, 10 < 4 + 4.
    found = solve(
        """
        offering_id, credits,                          price
        a,           clinical=1; administrative=0.5,   7
        b,           clinical=1,                       4
        c,           administrative=1,                 4
        """,
        rules("1.5", f"1 {CLINICAL}", f"0.5 {ADMINISTRATIVE}"),
    )
    assert (found.cost, found.counts) == ("7.00", {"a": {"administrative": "0.50", "clinical": "1.00"}})


def test_flexible_credit_may_split():
    # 2 credits, of which 0.75 must be clinical and 1.25 administrative: there is one way to split them.
    found = solve(
        """
        offering_id, credits,                     price
        a,           clinical|administrative=2,   10
        """,
        rules("2", f"0.75 {CLINICAL}", f"1.25 {ADMINISTRATIVE}"),
    )
    assert (found.cost, found.counts) == ("10.00", {"a": {"administrative": "1.25", "clinical": "0.75"}})


def test_flexible_credit_counts_once():
    # 1.5 of the one and 1.5 of the other are 3, more than the course's 2.
    found = solve(
        """
        offering_id, credits,                     price
        a,           clinical|administrative=2,   10
        """,
        rules(f"1.5 {CLINICAL}", f"1.5 {ADMINISTRATIVE}"),
    )
    assert (found.status, found.full_cost) == ("infeasible", None)
    assert sum(float(short) for _, _, short in found.met.values()) == 1


def test_any_credit_counts_for_totals_alone():
    # The total of 2 takes the free course without a category; clinical takes the dear one.
    found = solve(
        """
        offering_id, credits,     price
        a,           any=1,       0
        b,           any=1,       1
        c,           clinical=1,  20
        """,
        rules("2", f"1 {CLINICAL}"),
    )
    assert (found.cost, found.ids) == ("20.00", ["a", "c"])


def test_any_may_be_one_choice_of_several():
    found = solve(
        """
        offering_id, credits,        price
        a,           any|clinical=1, 5
        """,
        rules("1", f"1 {CLINICAL}"),
    )
    assert found.counts == {"a": {"clinical": "1.00"}}


@pytest.mark.parametrize(("at_least", "cost"), [("4", "8.00"), ("4.01", "9.00")])
def test_half_a_credit_for_an_hour(at_least, cost):
    # Eight halves are 4; a hundredth more takes a ninth.
    found = solve(
        """
        offering_id, unit, price, times
        a,           half, 1,     20
        """,
        rules(at_least, conversions='half = "1/2"'),
    )
    assert found.cost == cost


@pytest.mark.parametrize(("at_least", "taken"), [("5", 6), ("5.01", 7)])
def test_five_sixths_are_exact(at_least, taken):
    # Six times 5/6 are 5, and not a hair less; a hundredth more takes a seventh.
    found = solve(
        """
        offering_id, unit,    price, times
        a,           minutes, 1,     20
        """,
        rules(at_least, conversions='minutes = "5/6"'),
    )
    assert (found.status, len(found.taken)) == ("optimal", taken)
    if taken == 6:
        assert found.met == {"total": ("0.00", "5.00", "0.00")}
        first = found.json["enrollments"][0]["counts"][0]
        assert (first["credit"], first["exact"]) == ("0.833333", "5/6")


def test_thirds_and_sevenths_together():
    # 3 × 1/3 + 7 × 1/7 = 2.
    found = solve(
        """
        offering_id, unit,    price, times
        a,           third,   1,     3
        b,           seventh, 1,     7
        """,
        rules("2", conversions='third = "1/3"\nseventh = "1/7"'),
    )
    assert found.cost == "10.00"


def test_unusable_units_are_set_aside_and_counted():
    found = solve(
        """
        offering_id, credits, unit,  price
        a,           any=1,   -,     0
        b,           any=1,   cme,   0
        c,           -,       hour,  0
        d,           any=1,   hour,  -
        e,           any=1,   hour,  30
        f,           any=1,   point, 40
        """,
        TWO,
    )
    # The credential's own unit, point, converts at 1 without being listed: 30 + 40.
    assert (found.cost, found.ids) == ("70.00", ["e", "f"])
    assert sum(found.set_aside.values()) == 4
    assert all(count == 1 for count in found.set_aside.values())


# Filters


@pytest.mark.parametrize(
    ("where", "at_least", "ids", "cost"),
    [
        ('not = { kind = "cpr" }', "2", ["b"], "1.00"),
        ('not = { category = "clinical" }', "2", ["a"], "0.00"),  # any is no category, so it passes
        ('not = { category = "clinical" }', "3", ["a", "c"], "30.00"),
        ('kind = "course", not = { category = "clinical" }', "1", ["c"], "30.00"),
        ('kind = "course", not = { category = ["clinical", "general"] }', "1", [], "0.00"),
    ],
)
def test_not_filter_leaves_out_what_matches(where, at_least, ids, cost):
    found = solve(
        """
        offering_id, kind,   credits,    price
        a,           cpr,    any=2,      0
        b,           course, clinical=2, 1
        c,           course, general=1,  30
        """,
        rules(f"{at_least} {where}"),
    )
    assert (found.status == "optimal", found.ids, found.cost) == (bool(ids), ids, cost)


def test_not_filter_excludes_only_what_matches_all_of_it():
    # not = clinical AND online: the clinical print and the general online course are both fine.
    found = solve(
        """
        offering_id, format, credits,    price
        a,           online, clinical=1, 0
        b,           print,  clinical=1, 10
        c,           online, general=1,  11
        """,
        rules('2 not = { category = "clinical", format = "online" }'),
    )
    assert (found.cost, found.ids) == ("21.00", ["b", "c"])


def test_list_filter_means_any_of():
    found = solve(
        """
        offering_id, credits,          price
        a,           administrative=1, 0
        b,           clinical=1,       10
        c,           general=1,        11
        """,
        rules('2 category = ["clinical", "general"]'),
    )
    assert (found.cost, found.ids) == ("21.00", ["b", "c"])


def test_filters_on_provider_topic_and_format():
    found = solve(
        """
        offering_id, provider, topics,        format, price
        a,           north,    hiv; ethics,   online, 10
        b,           south,    ethics,        print,  20
        c,           south,    -,             online, 1
        """,
        rules('1 topic = "ethics", format = "print"', '1 provider = "north"'),
    )
    assert (found.cost, found.ids) == ("30.00", ["a", "b"])


# Approvals


@pytest.mark.parametrize(
    ("approval", "ids", "days"),
    [
        ("aama", ["a"], (DAY, YEAR)),
        ("aama#7@2026-06-01/2027-03-31", ["a"], (DAY, "2027-03-31")),
        ("aama@2027-05-01/2028-04-30", ["a"], ("2027-05-01", YEAR)),
        ("aama@2025-01-01/2026-12-31", ["b"], (DAY, YEAR)),
        ("aama@2028-01-01/2028-12-31", ["b"], (DAY, YEAR)),
        ("aama@2025-01-01/2026-12-31; aama@2027-09-01/2027-09-30", ["a"], ("2027-09-01", "2027-09-30")),
        ("amt", ["b"], (DAY, YEAR)),
    ],
    ids=["always", "ends", "begins", "ended", "begins too late", "two windows", "another"],
)
def test_approval_holds_on_the_day_of_finishing(approval, ids, days):
    # Approved, a costs 10; else b, 20.
    found = solve(
        f"""
        offering_id, approvals,   price
        a,           {approval},  10
        b,           aama,        20
        """,
        rules(f"1 {APPROVED}"),
    )
    assert (found.ids, [(finish, by) for *_, finish, by in found.taken]) == (ids, [days])


def test_course_counts_unapproved_outside_its_window():
    # Nobody asks for the approval: it is finished today, before the window, and may be finished any day.
    found = solve(
        """
        offering_id, approvals,                  price
        a,           aama@2027-05-01/2027-05-31, 10
        """,
        ONE,
    )
    assert found.taken == [("a", "single", DAY, YEAR)]


# Caps


ARTICLES = """
    offering_id, kind,    credits, price
    a,           article, any=1,   0
    b,           article, any=1,   0
    c,           article, any=1,   0
    d,           course,  any=1,   10
"""


def test_cap_on_credit():
    # At most 2 credits of free articles count, so the third is the course: 10.
    found = solve(ARTICLES, rules("3", caps=('at_most = 2\nwhere = { kind = "article" }',)))
    assert (found.cost, found.ids, found.caps) == ("10.00", ["a", "b", "d"], [("2.00", "0.00")])


@pytest.mark.parametrize(
    ("cap", "at_least", "cost", "ids"),
    [
        ("items_at_most = 2", "3", "10.00", ["a", "b", "d"]),
        ("items_at_most = 3", "3", "0.00", ["a", "b", "c"]),
        ("items_at_most = 0", "1", "10.00", ["d"]),
        ("at_most = 1.5", "2.5", "10.00", ["a", "b", "d"]),
        ("at_most = 1.5\nitems_at_most = 1", "2", "10.00", ["a", "d"]),
    ],
)
def test_caps(cap, at_least, cost, ids):
    # At most so many free articles, or so much of them; the course at 10 gives the rest. An item may count in part.
    found = solve(ARTICLES, rules(at_least, caps=(f'{cap}\nwhere = {{ kind = "article" }}',)))
    assert (found.status, found.cost, found.ids) == ("optimal", cost, ids)


def test_cap_makes_credit_void_for_every_requirement():
    # Two cards of 2 clinical credits: 3 count. The total of 4 needs one more credit, clinical has its 3.
    found = solve(
        """
        offering_id, kind,   credits,    price, times
        a,           cpr,    clinical=2, 0,     2
        b,           course, any=1,      10,    1
        """,
        rules("4", f"3 {CLINICAL}", caps=('at_most = 3\nwhere = { kind = "cpr" }',)),
    )
    assert (found.cost, found.ids) == ("10.00", ["a", "a", "b"])
    assert found.caps == [("3.00", "1.00")]
    assert {name: planned for name, (_, planned, _) in found.met.items()} == {
        "total": "4.00",
        "category = 'clinical'": "3.00",
    }


def test_cap_on_what_is_not_approved():
    # Unapproved credit counts for at most 1: of three free hours one counts, and the approved ones cost 10 each.
    found = solve(
        """
        offering_id, approvals, price, times
        a,           -,         0,     3
        b,           aama,      10,    3
        """,
        rules("3", caps=('at_most = 1\nwhere = { not = { approver = "aama" } }',)),
    )
    assert (found.cost, found.ids) == ("20.00", ["a", "b", "b"])


# Earned credit


def test_earned_credit_beyond_a_cap_is_void():
    # 4 + 4 earned from cards, of which 6 count; 2 of the 8 needed are bought.
    found = solve(
        """
        offering_id, credits, price
        a,           any=2,   10
        """,
        rules("8", caps=('at_most = 6\nwhere = { kind = "cpr" }',)),
        earned('one 2027-01-01 any=4 kind = "cpr"', 'two 2027-01-01 any=4 kind = "cpr"'),
    )
    assert (found.cost, found.caps) == ("10.00", [("6.00", "2.00")])
    assert found.met == {"total": ("6.00", "2.00", "0.00")}
    assert sum(float(void) for _, void, _ in found.earned) == 2


def test_earned_credit_and_planned_share_a_cap():
    # One card is earned, so one more counts of the two that are free.
    found = solve(
        """
        offering_id, kind, credits, price, times
        a,           cpr,  any=4,   0,     2
        b,           -,    any=4,   30,    1
        """,
        rules("12", caps=('items_at_most = 2\nwhere = { kind = "cpr" }',)),
        earned('card 2027-01-01 any=4 kind = "cpr"'),
    )
    assert (found.cost, found.ids, found.caps) == ("30.00", ["a", "b"], [("8.00", "0.00")])


def test_earned_more_often_than_it_counts():
    # The course counts once: of 1 and 3 credits earned in it, the 3 help more. It cannot be taken again.
    found = solve(
        """
        offering_id, price
        a,           0
        b,           10
        """,
        rules("4"),
        earned('small 2027-01-01 any=1 course_id = "a"', 'large 2027-01-01 any=3 course_id = "a"'),
    )
    assert (found.cost, found.ids) == ("10.00", ["b"])
    assert [(title, bool(why)) for title, _, why in found.earned] == [("large", False), ("small", True)]
    assert found.set_aside == {"already taken as often as it counts": 1}


def test_earned_most_often_where_the_less_credit_helps_more():
    # Of 3 general and 1 clinical earned in one course, the 1 clinical meets the rule that nothing else can.
    found = solve(
        """
        offering_id, credits,   price
        a,           general=1, 10
        b,           general=1, 10
        """,
        rules(f"1 {CLINICAL}", "2"),
        earned('big 2027-01-01 general=3 course_id = "a"', 'small 2027-01-01 clinical=1 course_id = "a"'),
    )
    assert (found.cost, found.ids) == ("10.00", ["b"])


def test_earned_uses_up_a_time_whatever_its_unit():
    found = solve(
        """
        offering_id, price
        a,           0
        b,           10
        """,
        ONE,
        earned('cme 2027-01-01 any=1 course_id = "a"').replace('unit = "hour"', 'unit = "cme"'),
    )
    assert (found.cost, found.ids) == ("10.00", ["b"])
    assert found.met == {"total": ("0.00", "1.00", "0.00")}


def test_earned_outside_the_cycle_does_not_count():
    found = solve(
        """
        offering_id, price
        a,           10
        """,
        TWO,
        earned("late 2026-12-31 any=1 course_id = 'a'", "now 2027-01-01 any=1"),
    )
    assert found.met == {
        "total": ("1.00", "1.00", "0.00")
    }  # and a may be taken, since it was in another cycle
    assert found.earned == [("late", "0.00", "outside the cycle"), ("now", "0.00", None)]


# Times and repeats


def test_course_that_counts_twice_may_be_taken_at_once():
    found = solve(
        """
        offering_id, price, times
        a,           10,    2
        """,
        TWO,
    )
    assert found.bought == [("a", "10.00", DAY, None)] * 2
    assert found.taken == [("a", "single", DAY, YEAR)] * 2


def test_course_counts_no_oftener_than_its_times():
    found = solve(
        """
        offering_id, price, times
        a,           10,    2
        """,
        THREE,
    )
    assert (found.status, found.cost, found.full_cost) == ("infeasible", "20.00", None)


CARD = """
    offering_id, kind, credits, price, times, repeat_days
    card,        cpr,  any=4,   50,    3,     730
"""
FIVE_YEARS = "cycle_start = 2027-01-01\ndeadline = 2031-12-31"


def test_cards_two_years_apart():
    # 2027-01-01 + 730 days = 2028-12-31 (2028 is a leap year), + 730 = 2030-12-31. Only the last may be put off.
    found = solve(CARD, rules("12", cycle_months=60), days=FIVE_YEARS)
    assert found.cost == "150.00"
    assert found.bought == [
        ("card", "50.00", DAY, None),
        ("card", "50.00", "2028-12-31", None),
        ("card", "50.00", "2030-12-31", None),
    ]
    assert found.taken == [
        ("card", "single", DAY, DAY),
        ("card", "single", "2028-12-31", "2028-12-31"),
        ("card", "single", "2030-12-31", "2031-12-31"),
    ]


@pytest.mark.parametrize(("deadline", "status"), [("2028-12-30", "infeasible"), ("2028-12-31", "optimal")])
def test_two_cards_need_730_days(deadline, status):
    found = solve(CARD, rules("8"), days=f"cycle_start = 2027-01-01\ndeadline = {deadline}")
    assert found.status == status


def test_cards_after_an_earned_one():
    # Earned on 2026-06-01: the next lies 730 days later, on 2028-05-31, the last another 730, on 2030-05-31.
    found = solve(
        CARD,
        rules("12", cycle_months=60),
        earned('card 2026-06-01 any=4 course_id = "card"\nkind = "cpr"'),
        days="cycle_start = 2026-01-01\ndeadline = 2030-12-31",
    )
    assert found.taken == [
        ("card", "single", "2028-05-31", "2028-05-31"),
        ("card", "single", "2030-05-31", "2030-12-31"),
    ]


def test_card_earned_before_the_cycle_still_spaces_the_next():
    # Earned the day before the cycle: it counts nothing and uses up nothing, but the next waits until 2028-12-30.
    found = solve(
        CARD,
        rules("8", cycle_months=60),
        earned('card 2026-12-31 any=4 course_id = "card"'),
        days=FIVE_YEARS,
    )
    assert [finish for *_, finish, _ in found.taken] == ["2028-12-30", "2030-12-30"]


# Days


def test_event_lies_on_its_days():
    found = solve(
        """
        offering_id, starts,     ends,       price
        a,           2027-04-03, 2027-04-05, 10
        b,           2027-05-01, -,          11
        c,           -,          2027-06-01, 12
        """,
        THREE,
    )
    assert found.bought == [
        ("a", "10.00", "2027-04-03", None),
        ("b", "11.00", "2027-05-01", None),
        ("c", "12.00", "2027-06-01", None),
    ]
    assert found.starts == ["2027-04-03", "2027-05-01", "2027-06-01"]
    assert [(finish, by) for *_, finish, by in found.taken] == [
        ("2027-04-05",) * 2,
        ("2027-05-01",) * 2,
        ("2027-06-01",) * 2,
    ]


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        ("2027-04-01, 2027-04-02, -, -", ["a"]),
        ("2027-01-01, 2027-01-01, -, -", ["a"]),
        ("2026-12-31, 2027-01-02, -, -", ["b"]),  # it started before today
        ("2027-12-30, 2027-12-31, -, -", ["a"]),
        ("2027-12-31, 2028-01-01, -, -", ["b"]),  # it ends after the deadline
        ("2027-04-01, 2027-04-02, -, 2027-01-01", ["a"]),  # registration closes today
        ("2027-04-01, 2027-04-02, -, 2026-12-31", ["b"]),  # registration is closed
        ("2027-04-01, 2027-04-02, 2027-04-01, -", ["a"]),
        ("2027-04-01, 2027-04-02, 2027-04-02, -", ["b"]),  # on sale when it has begun
    ],
)
@pytest.mark.parametrize("price", ["0", "10"])
def test_event_in_and_out_of_its_windows(row, ids, price):
    found = solve(
        f"""
        offering_id, price,   starts, ends, available_from, available_until
        a,           {price}, {row}
        b,           20,      -, -, -, -
        """,
        ONE,
    )
    assert found.ids == ids


def test_event_is_paid_before_registration_closes():
    found = solve(
        """
        offering_id, starts,     available_until, price
        a,           2027-04-03, 2027-02-28,      10
        """,
        ONE,
    )
    assert found.bought == [("a", "10.00", "2027-02-28", None)]
    assert found.starts == ["2027-04-03"]


@pytest.mark.parametrize("price", ["0", "10"])
def test_self_paced_course_lies_where_it_is_available(price):
    found = solve(
        f"""
        offering_id, available_from, available_until, price
        a,           2027-03-01,     2027-03-15,      {price}
        """,
        ONE,
    )
    assert found.taken == [("a", "free" if price == "0" else "single", "2027-03-01", "2027-03-15")]
    assert found.starts == ["2027-03-01"]
    assert [on for _, _, on, _ in found.bought] == (["2027-03-01"] if price == "10" else [])


def test_access_days_from_the_purchase():
    # Bought today, 30 days of access end on 31 January.
    found = solve(
        """
        offering_id, access_days, price
        a,           30,          10
        """,
        ONE,
    )
    assert found.taken == [("a", "single", DAY, "2027-01-31")]


def test_access_days_of_a_free_course_start_with_it():
    # Nothing is bought, so it may start and finish on any day of the year.
    found = solve(
        """
        offering_id, access_days, price
        a,           30,          0
        """,
        ONE,
    )
    assert found.taken == [("a", "free", DAY, YEAR)]


@pytest.mark.parametrize(("access", "status"), [(9, "optimal"), (8, "infeasible")])
def test_access_days_reach_the_end_of_an_event(access, status):
    # 1 to 10 June is nine days after the first; it is bought on the first day at the latest.
    found = solve(
        f"""
        offering_id, starts,     ends,       access_days, price
        a,           2027-06-01, 2027-06-10, {access},    10
        """,
        ONE,
    )
    assert found.status == status
    if status == "optimal":
        assert found.bought == [("a", "10.00", "2027-06-01", None)]


def test_access_days_until_an_approval_begins():
    # Approved from 1 May on; finished then, and with 10 days of access bought on that day as well, as late as can be.
    found = solve(
        """
        offering_id, approvals,                  access_days, price
        a,           aama@2027-05-01/2027-12-31, 10,          10
        """,
        rules(f"1 {APPROVED}"),
    )
    assert found.bought == [("a", "10.00", "2027-05-01", None)]
    assert found.taken == [("a", "single", "2027-05-01", "2027-05-11")]


def test_cycle_that_starts_later():
    # What ends before the cycle, and what is finished before it, does not count; the course waits for its first day.
    found = solve(
        """
        offering_id, price, available_until, starts
        a,           1,     2027-05-31,      -
        b,           2,     -,               2027-05-31
        c,           30,    -,               -
        """,
        ONE,
        days="cycle_start = 2027-06-01\ndeadline = 2028-05-31",
    )
    assert found.taken == [("c", "single", "2027-06-01", "2028-05-31")]
    assert found.bought == [("c", "30.00", "2027-06-01", None)]


def test_cycle_starts_after_deadline_less_its_months():
    # 12 months that end on 2028-02-29 start on 2027-03-01: credit of 28 February is of the cycle before.
    found = solve(
        """
        offering_id, price
        a,           10
        """,
        TWO,
        earned("before 2027-02-28 any=1", "first 2027-03-01 any=1"),
        days="deadline = 2028-02-29",
        as_of="2027-04-01",
    )
    assert found.met == {"total": ("1.00", "1.00", "0.00")}


@pytest.mark.parametrize(("starts", "ids"), [("2027-12-10", ["b", "a"]), ("2027-12-11", ["b", "c"])])
def test_credit_is_finished_before_it_is_submitted(starts, ids):
    # 21 days before 31 December is the 10th.
    found = solve(
        f"""
        offering_id, starts,   price
        a,           {starts}, 0
        b,           -,        10
        c,           -,        20
        """,
        rules("2", submit_days_before=21),
    )
    assert sorted(found.ids) == sorted(ids)
    assert {offering: by for offering, _, _, by in found.taken}["b"] == "2027-12-10"


def test_earned_credit_counts_until_the_deadline():
    # Earned credit is submitted or not; only planned credit must be finished before the days of submission.
    found = solve(
        """
        offering_id, price
        a,           10
        """,
        rules("1", submit_days_before=21),
        earned("done 2027-12-20 any=1"),
        as_of="2027-12-20",
    )
    assert found.status == "nothing_needed"


def test_too_late_to_finish_anything():
    found = solve(
        """
        offering_id, price
        a,           10
        """,
        rules("1", submit_days_before=21),
        as_of="2027-12-20",
    )
    assert (found.status, found.full_cost, found.taken) == ("infeasible", None, [])
    assert found.set_aside == {"cannot be finished in time": 1}


def test_least_last_finish_comes_before_early_finishes():
    # Both courses cost the same seat of a 1-day pass, one after the other: ids decide who is first, days 1 and 2.
    found = solve(
        """
        offering_id, passes
        a,           day
        b,           day
        """,
        TWO,
        passes="""
        pass_id, price, term_days, benefit,  credit_limit
        day,     10,    1,         included, 1
        """,
    )
    assert found.bought == [("day", "10.00", DAY, DAY), ("day", "10.00", "2027-01-02", "2027-01-02")]
    assert found.taken == [("a", "day", DAY, DAY), ("b", "day", "2027-01-02", "2027-01-02")]


# What a hostile reading of the model found


@pytest.mark.parametrize(
    "flexible",
    [
        "f1, a|b|c=2, course, 10,\nf2, a|b|c=2, course, 10,",  # two alike, planned as one group
        "f1, a|b|c=2, course, 10, 2",  # one that counts twice
    ],
)
def test_items_caps_that_cross_do_not_share_a_seat_by_halves(flexible):
    # Each cap lets one course count a (or c) with b: two seats at 10 give at most two of a, b and c, half of each under
    # both caps would give all three for 20. The third comes singly: 10 + 100.
    found = solve(
        "offering_id, credits, kind, price, times\n"
        + flexible
        + "\nx, a=1, other, 100,\ny, b=1, other, 100,\nz, c=1, other, 100,\n",
        rules(
            '1 category = "a"',
            '1 category = "b"',
            '1 category = "c"',
            caps=(
                'items_at_most = 1\nwhere = { kind = "course", category = ["a", "b"] }',
                'items_at_most = 1\nwhere = { kind = "course", category = ["b", "c"] }',
            ),
        ),
    )
    assert (found.status, found.cost) == ("optimal", "110.00")


def test_rates_too_fine_to_compute_with_are_refused_in_words():
    # 9973 · 9967 · 9949 · 9941 is about 10^16: no float tells whole amounts of such a scale apart.
    fine = "\n".join(f'{unit} = "1/{n}"' for unit, n in zip("uvwx", (9973, 9967, 9949, 9941), strict=True))
    with pytest.raises(Faults) as refused:
        solve(
            """
            offering_id, unit, price
            a,           u,    1
            b,           v,    1
            c,           w,    1
            d,           x,    1
            """,
            rules("0.01", conversions=fine),
        )
    assert "too fine to compute with" in refused.value.faults[0].problem


def test_what_must_be_finished_first_comes_first_among_finishes_apart():
    # h may be finished to 7 January, s only to the 6th: s goes first, h two days later.
    found = solve(
        """
        offering_id, course_id, price, times, repeat_days, available_until
        h,           c,         9,     3,     2,           2027-01-07
        s,           c,         9,     3,     2,           2027-01-06
        """,
        TWO,
        '[[holding]]\noffering_id = "h"\n[preferences]\nrequire = ["s"]',
    )
    assert sorted((one_id, finish) for one_id, *_, finish, _ in found.taken) == [
        ("h", "2027-01-03"),
        ("s", "2027-01-01"),
    ]


def test_a_monthly_pass_that_requires_a_yearly_one_is_planned_at_once():
    # One course under the monthly pass, one under the yearly: a term of each, 5 + 5, once the approval begins.
    found = solve(
        """
        offering_id, passes,  approvals
        a,           monthly, aama@2027-02-10/2030-01-01
        b,           yearly,  -
        """,
        rules("2", f"1 {APPROVED}", cycle_months=60),
        passes="""
        pass_id, kind,         price, benefit,  term_days, requires
        monthly, subscription, 5,     included, 30,        yearly
        yearly,  subscription, 5,     included, 365,       -
        """,
        days="deadline = 2031-12-31",
    )
    assert (found.status, found.cost) == ("optimal", "10.00")
