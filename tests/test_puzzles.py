"""Puzzles of paying and choosing, solved by hand: each form of purchase, the budget, the wishes and the aims."""

import pytest

from tests.puzzle import rules, solve

YEAR = "2027-12-31"
DAY = "2027-01-01"
ONE, TWO, THREE = rules("1"), rules("2"), rules("3")

CLUB = """
    pass_id, price, term_days, benefit
    club,    {price}, 365,     {benefit}
"""


# One by one


def test_cheaper_course_is_bought_singly():
    found = solve(
        """
        offering_id, price
        a,           20.00
        b,           15.00
        """,
        ONE,
    )
    assert (found.status, found.cost) == ("optimal", "15.00")
    assert found.bought == [("b", "15.00", DAY, None)]
    assert found.taken == [("b", "single", DAY, YEAR)]
    assert found.starts == [DAY]


@pytest.mark.parametrize("price", ["0", "Free"])
def test_free_course_makes_no_purchase(price):
    found = solve(
        f"""
        offering_id, price
        a,           20.00
        b,           {price}
        """,
        ONE,
    )
    assert (found.status, found.cost, found.bought) == ("optimal", "0.00", [])
    assert found.taken == [("b", "free", DAY, YEAR)]


def test_course_sold_twice_counts_once():
    # a and b are one course: 2 credits need the cheaper of them, 10, and c, 30. Both sellers' would be 22.
    found = solve(
        """
        offering_id, course_id, price
        a,           same,      12.00
        b,           same,      10.00
        c,           -,         30.00
        """,
        TWO,
    )
    assert (found.cost, found.ids) == ("40.00", ["b", "c"])


# Member prices and discounts


@pytest.mark.parametrize(
    ("dues", "cost", "paid_by"),
    [("29.99", "49.99", "club"), ("30.00", "50.00", "single"), ("30.01", "50.00", "single")],
)
def test_dues_are_paid_only_where_they_pay_back(dues, cost, paid_by):
    # Singly 25 + 25 = 50; as a member dues + 10 + 10. At dues of 30 both cost 50; two purchases are fewer than three.
    found = solve(
        """
        offering_id, price, member_price, passes
        a,           25.00, 10.00,        club
        b,           25.00, 10.00,        club
        """,
        TWO,
        passes=CLUB.format(price=dues, benefit="member_price"),
    )
    assert (found.status, found.cost) == ("optimal", cost)
    assert found.taken == [("a", paid_by, DAY, YEAR), ("b", paid_by, DAY, YEAR)]
    if paid_by == "club":
        assert sorted(found.bought) == [
            ("a", "10.00", DAY, None),
            ("b", "10.00", DAY, None),
            ("club", dues, DAY, YEAR),  # 365 days, of which the first of January is the first
        ]


def test_discount_needs_the_purchase_inside_the_term_not_the_study():
    # The club is held for January; the course opens to members in January and is an event in June. 10 < 25.
    found = solve(
        """
        offering_id, price, member_price, passes, starts,     ends
        a,           25.00, 10.00,        club,   2027-06-01, 2027-06-02
        """,
        ONE,
        """
        [[holding]]
        pass_id = "club"
        until = 2027-01-31
        """,
        CLUB.format(price="100", benefit="member_price"),
    )
    assert found.bought == [("a", "10.00", "2027-01-31", None)]  # as late as the holding allows
    assert found.taken == [("a", "club", "2027-06-02", "2027-06-02")]
    assert found.starts == ["2027-06-01"]


def test_included_study_lies_inside_the_term():
    # As above, but the club pays for the whole event, which lies outside it: it is bought singly, on its first day.
    found = solve(
        """
        offering_id, price, passes, starts,     ends
        a,           25.00, club,   2027-06-01, 2027-06-02
        """,
        ONE,
        """
        [[holding]]
        pass_id = "club"
        until = 2027-06-01
        """,
        CLUB.format(price="100", benefit="included"),
    )
    assert found.bought == [("a", "25.00", "2027-06-01", None)]


@pytest.mark.parametrize(("share", "price"), [("50%", "5.01"), ("25%", "7.51"), ("100%", "0.00")])
def test_share_off_is_rounded_half_up_to_the_cent(share, price):
    # 10.01 × 50 % = 5.005, half up 5.01; 10.01 × 75 % = 7.5075, so 7.51; of 100 % nothing is left, nor bought.
    found = solve(
        """
        offering_id, price, passes
        a,           10.01, club
        """,
        ONE,
        """
        [[holding]]
        pass_id = "club"
        until = 2027-12-31
        """,
        CLUB.format(price="100", benefit=share),
    )
    assert found.cost == price
    assert found.bought == ([("a", price, DAY, None)] if price != "0.00" else [])
    assert found.taken == [("a", "club", DAY, YEAR)]


def test_share_off_nothing_published_is_no_benefit():
    found = solve(
        """
        offering_id, price, passes
        a,           -,     club
        b,           90,    -
        """,
        ONE,
        passes=CLUB.format(price="1", benefit="50%"),
    )
    assert (found.cost, found.ids) == ("90.00", ["b"])
    assert found.set_aside == {"no price": 1}


# Subscriptions


def test_subscription_is_bought_for_each_event_it_must_reach():
    # Two terms 10 + 10 = 20 beat singly 15 + 15 = 30 and one of each, 25. 30 days from 1 February end on 2 March.
    found = solve(
        """
        offering_id, price, passes, starts
        a,           15,    month,  2027-02-01
        b,           15,    month,  2027-06-01
        """,
        TWO,
        passes="""
        pass_id, price, term_days, benefit
        month,   10,    30,        included
        """,
    )
    assert found.cost == "20.00"
    assert found.bought == [
        ("month", "10.00", "2027-02-01", "2027-03-02"),
        ("month", "10.00", "2027-06-01", "2027-06-30"),
    ]
    assert found.taken == [
        ("a", "month", "2027-02-01", "2027-02-01"),
        ("b", "month", "2027-06-01", "2027-06-01"),
    ]


@pytest.mark.parametrize(("second", "cost"), [("2027-03-02", "10.00"), ("2027-03-03", "20.00")])
def test_term_covers_its_first_day_and_term_days_less_one_more(second, cost):
    # 30 days that start on 1 February end on 2 March, the last day that counts.
    found = solve(
        f"""
        offering_id, passes, starts
        a,           month,  2027-02-01
        b,           month,  {second}
        """,
        TWO,
        passes="""
        pass_id, price, term_days, benefit
        month,   10,    30,        included
        """,
    )
    assert found.cost == cost


def test_credit_limit_forces_a_second_term():
    # A term holds 2 of the 3 credits. Two terms 20 < one term and one course, 22 < three courses, 36.
    # The second term starts when the first is over, on 31 January, and lasts until 1 March.
    found = solve(
        """
        offering_id, price, passes
        a,           12,    month
        b,           12,    month
        c,           12,    month
        """,
        THREE,
        passes="""
        pass_id, price, term_days, benefit,  credit_limit
        month,   10,    30,        included, 2
        """,
    )
    assert found.cost == "20.00"
    assert found.bought == [
        ("month", "10.00", DAY, "2027-01-30"),
        ("month", "10.00", "2027-01-31", "2027-03-01"),
    ]
    assert found.taken == [
        ("a", "month", DAY, "2027-01-30"),
        ("b", "month", DAY, "2027-01-30"),
        ("c", "month", "2027-01-31", "2027-03-01"),
    ]


def test_credit_limit_is_in_the_credits_of_the_catalog():
    # A double hour is stated as 1 and counts 2: the limit of 2 is two of them, 4 points.
    found = solve(
        """
        offering_id, unit,   passes
        a,           double, month
        b,           double, month
        """,
        rules("4", conversions="double = 2"),
        passes="""
        pass_id, price, benefit,  credit_limit
        month,   10,    included, 2
        """,
    )
    assert found.cost == "10.00"
    assert found.bought == [("month", "10.00", DAY, None)]  # no term_days: it never ends


# Dues years


@pytest.mark.parametrize(
    ("first", "bought"),
    [
        (
            "2027-08-31",
            [("club", "50.00", "2027-08-31", "2027-12-31"), ("club", "50.00", "2028-02-01", "2028-12-31")],
        ),
        ("2027-09-01", [("club", "50.00", "2027-09-01", "2028-12-31")]),
    ],
    ids=["August", "September"],
)
def test_dues_paid_from_september_reach_the_next_year(first, bought):
    # Two events, one in February: dues of August end in December, and are owed again; those of September are not.
    found = solve(
        f"""
        offering_id, passes, starts
        a,           club,   {first}
        b,           club,   2028-02-01
        """,
        TWO,
        passes="""
        pass_id, price, term_ends, rolls_from, benefit
        club,    50,    12-31,     09-01,      included
        """,
        days="deadline = 2028-06-30",
        as_of="2027-08-01",
    )
    assert found.bought == bought


def test_pass_that_costs_nothing_is_still_a_purchase():
    # Both ways are free and take an hour; without the pass nothing is bought.
    course = """
        offering_id, price,  passes
        a,           {price}, gift
    """
    gift = """
        pass_id, price, benefit
        gift,    0,     included
    """
    assert solve(course.format(price="-"), ONE, passes=gift).bought == [("gift", "0.00", DAY, None)]
    assert solve(course.format(price="0"), ONE, passes=gift).bought == []


@pytest.mark.parametrize(("until", "cost"), [("2027-06-01", "0.00"), ("2027-05-31", "25.00")])
def test_discount_to_nothing_needs_the_start_inside_the_term(until, cost):
    # Members pay nothing, so there is no purchase that could lie in the term: the event's first day must.
    found = solve(
        """
        offering_id, price, member_price, passes, starts,     ends
        a,           25.00, 0,            club,   2027-06-01, 2027-06-02
        """,
        ONE,
        f"""
        [[holding]]
        pass_id = "club"
        until = {until}
        """,
        CLUB.format(price="100", benefit="member_price"),
    )
    assert found.cost == cost


def test_discount_under_a_holding_before_an_approval_begins():
    # Bought as a member by 31 January, with access for a year, and finished when the approval begins.
    found = solve(
        """
        offering_id, price, member_price, passes, approvals,                  access_days
        a,           25.00, 10.00,        club,   aama@2027-05-01/2027-12-31, 365
        """,
        rules('1 approver = "aama"'),
        """
        [[holding]]
        pass_id = "club"
        until = 2027-01-31
        """,
        CLUB.format(price="100", benefit="member_price"),
    )
    assert found.bought == [("a", "10.00", "2027-01-31", None)]
    assert found.taken == [("a", "club", "2027-05-01", YEAR)]


def test_discount_and_access_days_pull_the_purchase_both_ways():
    # 90 days before 1 May is 31 January, the holding's last day; with 89 days the member price is out of reach.
    for access, bought in (
        (90, ("a", "10.00", "2027-01-31", None)),
        (89, ("a", "25.00", "2027-05-01", None)),
    ):
        found = solve(
            f"""
            offering_id, price, member_price, passes, approvals,                  access_days
            a,           25.00, 10.00,        club,   aama@2027-05-01/2027-12-31, {access}
            """,
            rules('1 approver = "aama"'),
            """
            [[holding]]
            pass_id = "club"
            until = 2027-01-31
            """,
            CLUB.format(price="100", benefit="member_price"),
        )
        assert found.bought == [bought]


def test_pass_required_must_cover_the_day_the_other_is_bought():
    # The kit pays for the event in June, and must be bought while a club of 30 days, held until January, runs: its own
    # 200 days from 31 January reach it. With 100 days it is bought later, and the club once more: 20 + 5.
    for days, cost in ((200, "5.00"), (100, "25.00")):
        found = solve(
            """
            offering_id, price, passes, starts
            a,           90,    kit,    2027-06-01
            """,
            ONE,
            """
            [[holding]]
            pass_id = "club"
            until = 2027-01-31
            """,
            f"""
            pass_id, price, term_days, benefit,      requires
            club,    20,    30,        member_price, -
            kit,     5,     {days},    included,     club
            """,
        )
        assert found.cost == cost


# Bundles, passes that need passes, and what is owned


EVENTS_OF_A_BUNDLE = """
    offering_id, price, passes, starts
    a,           40,    kit,    2027-02-01
    b,           60,    kit,    2027-06-01
"""
BUNDLE = """
    pass_id, kind,   price, term_days, benefit,  renewable
    kit,     bundle, 10,    30,        included, {renewable}
"""


@pytest.mark.parametrize(
    ("renewable", "bought"),
    [
        ("no", [("a", "40.00", "2027-02-01", None), ("kit", "10.00", "2027-06-01", "2027-06-30")]),
        ("yes", [("kit", "10.00", "2027-02-01", "2027-03-02"), ("kit", "10.00", "2027-06-01", "2027-06-30")]),
    ],
)
def test_bundle_that_is_not_renewable_is_bought_once(renewable, bought):
    # Once: for the dearer event, 10 + 40 = 50 < 10 + 60. Renewable: 10 + 10 = 20.
    found = solve(EVENTS_OF_A_BUNDLE, TWO, passes=BUNDLE.format(renewable=renewable))
    assert found.bought == bought


def test_bundle_held_and_not_renewable_is_not_bought():
    # The holding is over before either event: singly 40 + 60 = 100.
    found = solve(
        EVENTS_OF_A_BUNDLE,
        TWO,
        """
        [[holding]]
        pass_id = "kit"
        until = 2027-01-31
        """,
        BUNDLE.format(renewable="no"),
    )
    assert found.cost == "100.00"


@pytest.mark.parametrize(
    ("dues", "learner", "bought"),
    [
        ("20", "", [("club", "20.00", DAY, YEAR), ("kit", "5.00", DAY, None)]),
        ("26", "", [("a", "30.00", DAY, None)]),
        ("-", "", [("a", "30.00", DAY, None)]),
        ("20", '[[holding]]\npass_id = "club"\nuntil = 2027-01-01', [("kit", "5.00", DAY, None)]),
        (
            "20",
            '[[holding]]\npass_id = "club"\nuntil = 2026-12-31',
            [("club", "20.00", DAY, YEAR), ("kit", "5.00", DAY, None)],
        ),
        ("-", '[[price]]\nid = "club"\nprice = 3', [("club", "3.00", DAY, YEAR), ("kit", "5.00", DAY, None)]),
    ],
    ids=["bought", "too dear", "no price", "held", "expired", "price of one's own"],
)
def test_pass_that_requires_another(dues, learner, bought):
    # Singly 30; the kit is 5 and only for members: 20 + 5 = 25, 26 + 5 = 31, held 5, own dues 3 + 5 = 8.
    found = solve(
        """
        offering_id, price, passes
        a,           30,    kit
        """,
        ONE,
        learner,
        f"""
        pass_id, price,  term_days, benefit,      requires
        club,    {dues}, 365,       member_price, -
        kit,     5,      -,         included,     club
        """,
    )
    assert sorted(found.bought) == bought


def test_pass_held_costs_nothing():
    found = solve(
        """
        offering_id, price, passes
        a,           30,    club
        """,
        ONE,
        """
        [[holding]]
        pass_id = "club"
        until = 2027-03-31
        """,
        CLUB.format(price="20", benefit="included"),
    )
    assert (found.cost, found.bought) == ("0.00", [])
    assert found.taken == [("a", "club", DAY, "2027-03-31")]


def test_pass_held_and_bought_do_not_overlap():
    # The holding reaches the event in March; the one in May needs a term, bought as late as that, after the holding.
    found = solve(
        """
        offering_id, passes, starts
        a,           club,   2027-03-31
        b,           club,   2027-05-01
        """,
        TWO,
        """
        [[holding]]
        pass_id = "club"
        until = 2027-03-31
        """,
        CLUB.format(price="20", benefit="included"),
    )
    assert found.bought == [("club", "20.00", "2027-05-01", "2028-04-29")]  # a leap year's 365 days


def test_seat_held_is_free_once():
    # Of two sittings one is owned, and must be used by 31 March; the other is bought: 20.
    found = solve(
        """
        offering_id, price, times
        a,           20,    2
        """,
        TWO,
        """
        [[holding]]
        offering_id = "a"
        until = 2027-03-31
        """,
    )
    assert found.bought == [("a", "20.00", DAY, None)]
    assert sorted(found.taken) == [("a", "free", DAY, "2027-03-31"), ("a", "single", DAY, YEAR)]


def test_seat_held_twice_is_two_seats():
    found = solve(
        """
        offering_id, price, times
        a,           20,    2
        """,
        TWO,
        """
        [[holding]]
        offering_id = "a"
        [[holding]]
        offering_id = "a"
        """,
    )
    assert (found.cost, len(found.taken)) == ("0.00", 2)


def test_what_only_the_learner_can_take():
    found = solve(
        """
        offering_id, price
        a,           30
        """,
        TWO,
        """
        [[offering]]
        offering_id = "me:training"
        provider = "employer"
        title = "Training"
        credits = "any=1"
        unit = "hour"
        price = 0
        [[price]]
        id = "a"
        price = 12.34
        """,
    )
    assert found.bought == [("a", "12.34", DAY, None)]
    assert found.ids == ["a", "me:training"]


# The budget


TWO_COURSES = """
    offering_id, price
    a,           10
    b,           15
"""


def test_budget_exactly_met():
    found = solve(TWO_COURSES, TWO, "budget = 25.00")
    assert (found.status, found.cost, found.json["budget"]) == ("optimal", "25.00", "25.00")


def test_budget_one_cent_short():
    # Both cost 25.00. Within 24.99 one course fits, and the cheaper leaves as little short as the dearer: 1.
    found = solve(TWO_COURSES, TWO, "budget = 24.99")
    assert (found.status, found.cost, found.full_cost) == ("infeasible", "10.00", "25.00")
    assert found.bought == [("a", "10.00", DAY, None)]
    assert found.met == {"total": ("0.00", "1.00", "1.00")}
    assert found.remedies == [("raise the budget by $0.01", "25.00")]


def test_no_full_plan_at_any_price():
    # All there is gives 2 of 3; the partial plan takes it all.
    found = solve(TWO_COURSES, THREE)
    assert (found.status, found.cost, found.full_cost, found.remedies) == ("infeasible", "25.00", None, [])
    assert found.ids == ["a", "b"]


def test_budget_of_nothing():
    found = solve(TWO_COURSES, TWO, "budget = 0")
    assert (found.status, found.cost, found.taken, found.full_cost) == ("infeasible", "0.00", [], "25.00")


def test_partial_plan_closes_the_most_short_credit_over_all_requirements():
    # 10 buys a clinical hour, which is 1 of the total and 1 of clinical, or two general hours: 2 of the total. At
    # first 2 + 1 = 3 are short; the clinical hour leaves 1 + 0, the general hours 0 + 1. Even, so the cheaper.
    found = solve(
        """
        offering_id, credits,    price
        a,           clinical=1, 10
        b,           general=2,  9.99
        """,
        rules("2", '1 category = "clinical"'),
        "budget = 10",
    )
    assert (found.cost, found.ids, found.full_cost) == ("9.99", ["b"], "19.99")


# Wishes


WISHES = """
    offering_id, provider, format,    price, passes
    a,           north,    online,    10,    -
    b,           north,    in_person, 11,    -
    c,           south,    print,     12,    -
    d,           south,    -,         13,    -
"""


@pytest.mark.parametrize(
    ("wish", "ids", "cost"),
    [
        ("", ["a"], "10.00"),
        ('require = ["c"]', ["c"], "12.00"),
        ('require = ["b", "c"]', ["b", "c"], "23.00"),
        ('exclude = ["a"]', ["b"], "11.00"),
        ('exclude_providers = ["north"]', ["c"], "12.00"),
        ('formats = ["print", "in_person"]', ["b"], "11.00"),
        ('formats = ["print"]', ["c"], "12.00"),
        ("max_purchases = 1", ["a"], "10.00"),
    ],
)
def test_wishes(wish, ids, cost):
    found = solve(WISHES, ONE, f"[preferences]\n{wish}")
    assert (found.status, found.ids, found.cost) == ("optimal", ids, cost)


def test_no_purchases_wanted():
    found = solve(WISHES, ONE, "[preferences]\nmax_purchases = 0")
    assert (found.status, found.full_cost, found.bought) == ("infeasible", None, [])


@pytest.mark.parametrize(("most", "bought"), [(3, ["a", "b", "c"]), (2, ["club"]), (1, ["club"])])
def test_fewer_purchases_may_cost_more(most, bought):
    # Three courses 30; one subscription 40, or with one of the courses 50.
    found = solve(
        """
        offering_id, price, passes
        a,           10,    club
        b,           10,    club
        c,           10,    club
        """,
        THREE,
        f"[preferences]\nmax_purchases = {most}",
        CLUB.format(price="40", benefit="included"),
    )
    assert [each for each, *_ in found.bought] == bought


def test_required_course_beyond_the_budget_is_left_out_with_a_warning():
    found = solve(WISHES, ONE, 'budget = 11\n[preferences]\nrequire = ["c"]')
    assert (found.status, found.ids, found.full_cost) == ("infeasible", ["a"], "12.00")
    assert any("require" in warning for warning in found.json["warnings"])


# Nothing needed


EARNED = """
    [[earned]]
    date = 2027-01-01
    title = "done"
    credits = "any=1"
    unit = "hour"
"""


def test_nothing_needed():
    found = solve(TWO_COURSES, ONE, "budget = 5" + EARNED)
    assert (found.status, found.cost, found.bought, found.taken) == ("nothing_needed", "0.00", [], [])
    assert found.met == {"total": ("1.00", "0.00", "0.00")}


def test_required_course_is_taken_though_nothing_is_needed():
    found = solve(TWO_COURSES, ONE, EARNED + '[preferences]\nrequire = ["b"]')
    assert (found.status, found.ids, found.cost) == ("optimal", ["b"], "15.00")


# The aims after cost, each where those before it tie


def test_second_aim_is_hours():
    found = solve(
        """
        offering_id, price, hours
        a,           10,    2
        b,           10,    1.5
        """,
        ONE,
    )
    assert (found.ids, found.json["hours"]) == (["b"], "1.50")


def test_third_aim_is_purchases():
    # Both ways cost 20 and take 2 hours: a and b apart, or c alone.
    found = solve(
        """
        offering_id, credits, price, hours
        a,           any=1,   10,    1
        b,           any=1,   10,    1
        c,           any=2,   20,    2
        """,
        TWO,
    )
    assert found.ids == ["c"]


def test_fourth_aim_is_enrollments():
    # Both ways are free and take 2 hours.
    found = solve(
        """
        offering_id, credits, price, hours
        a,           any=1,   0,     1
        b,           any=1,   0,     1
        c,           any=2,   0,     2
        """,
        TWO,
    )
    assert found.ids == ["c"]


def test_fifth_aim_is_the_sum_of_ranks():
    # 3 credits of two courses, one of 1 and one of 2: ranks 1 + 4 or 2 + 3 tie at 5, 1 + 3 = 4 is the least.
    found = solve(
        """
        offering_id, credits, price
        a,           any=1,   0
        b,           any=1,   0
        c,           any=2,   0
        d,           any=2,   0
        """,
        THREE,
    )
    assert found.ids == ["a", "c"]


def test_order_of_rows_does_not_matter():
    rows = ["a, 10, club", "b, 10, club", "c, 10, -"]
    plans = [
        solve(
            "\n".join(["offering_id, price, passes", *order]),
            TWO,
            passes=CLUB.format(price="4", benefit="50%"),
        ).json
        for order in (rows, rows[::-1])
    ]
    for plan in plans:
        del plan["problem"]  # it names the folder
    assert plans[0] == plans[1]
    assert plans[0]["cost"] == "14.00"  # 4 + 5 + 5
