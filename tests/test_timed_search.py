"""The timed search by itself: puzzles with the sum in a comment, and against the older search where nothing is new."""

from datetime import date
from fractions import Fraction

import pytest

from tests.oracle.brute_force import Answer, best
from tests.oracle.making import Row, Table, small
from tests.oracle.timed_instance import Timed, as_timed
from tests.oracle.timed_making import timed
from tests.oracle.timed_search import best_timed
from tests.oracle.timed_simulation import simulate
from tests.oracle.timed_work import last_day_worked

EMPTY = """
    course_id topics approvals member_price passes available_from available_until starts ends access_days times
    repeat_days format term_days term_ends rolls_from credit_limit renewable requires
"""
BLANK = dict.fromkeys(EMPTY.split(), "") | {"kind": "course", "benefit": "included"}
POINT = {"provider": "shop", "credits": "any=1", "unit": "point"}
CLUB = BLANK | {"pass_id": "club", "price": "2.00", "term_days": "4"}
ONE = {"name": "total", "at_least": "1"}
TWO = {"name": "total", "at_least": "2"}


def course(key: str, price: int, hours: str = "1", **more: str) -> Row:
    """An offering of one credit."""
    return BLANK | POINT | {"offering_id": key, "price": f"{price}.00", "hours": hours} | more


def rules(*needs: Table, caps: tuple[Table, ...] = (), unit: str = "point", **version: object) -> Table:
    """A credential."""
    found = {"effective": "2020-01-01", "cycle_months": "12", "submit_days_before": "0", "source": {}}
    found |= {"requirement": list(needs), "cap": list(caps)} | version
    return {"id": "board", "unit": unit, "conversions": {}, "version": [found]}


def target(deadline: str = "2027-01-10", cycle_start: str = "2026-07-01", **more: str) -> Table:
    """A cycle; as_of is 2027-01-01."""
    return {"id": "board", "deadline": deadline, "cycle_start": cycle_start} | more


def earned(day: str, credits: str = "any=1", **more: str) -> Table:  # noqa: A002
    """A line of the transcript."""
    return {"date": day, "title": "done", "credits": credits, "unit": "point", "approvals": ""} | more


def puzzle(
    offerings: list[Row],
    credentials: Table | list[Table],
    targets: Table | list[Table] | None = None,
    passes: tuple[Row, ...] = (),
    **learner: object,
) -> Timed:
    """Put a puzzle together."""
    credentials = credentials if isinstance(credentials, list) else [credentials]
    targets = targets or target()
    learner = {"credential": targets if isinstance(targets, list) else [targets]} | learner
    return Timed(0, date(2027, 1, 1), offerings, list(passes), credentials, learner)


def solved(*asked: object, **learner: object) -> Answer:
    """Search a puzzle."""
    return best_timed(puzzle(*asked, **learner))


def full(answer: Answer) -> tuple[int, list[tuple[tuple[str, ...], str]]]:
    """Give the cents of the full plan, and its sets with their last finish."""
    assert answer.full is not None
    return answer.full.cost, [(chosen, str(last)) for chosen, last in answer.full.choices]


# Weekly hours and days away


def test_work_is_done_most_urgent_first():
    # One hour a day. Two hours due on day 3 and one due on day 0: days 0, 1, 2.
    assert last_day_worked([(0, 3, 2), (0, 0, 1)], [1] * 5) == 2
    # Two hours due on day 1 leave nothing for the one that is due then too.
    assert last_day_worked([(0, 1, 2), (1, 1, 1)], [1] * 5) is None
    # Day 1 gives nothing: the second hour waits until day 2.
    assert last_day_worked([(0, 4, 2)], [1, 0, 1, 1, 1]) == 2
    assert last_day_worked([(3, 4, 1)], [1] * 5) == 3
    assert last_day_worked([(2, 3, 0)], [1] * 5) == -1
    assert last_day_worked([(3, 9, 3)], [1] * 5) is None


def test_hours_choose_the_dearer_course():
    # Three days of one hour. Two short courses take 4 hours; the long one takes 3 and costs more.
    offerings = [course("a", 10, "2"), course("b", 10, "2"), course("c", 30, "3", credits="any=2")]
    deadline = target("2027-01-03")
    assert full(solved(offerings, rules(TWO), deadline, hours_per_week="7")) == (
        3000,
        [(("c",), "2027-01-03")],
    )
    assert full(solved(offerings, rules(TWO), deadline)) == (2000, [(("a", "b"), "2027-01-01")])


@pytest.mark.parametrize(
    ("weekly", "hours", "last"),
    [
        ("7", "1", "2027-01-01"),
        ("7", "1.01", "2027-01-02"),  # 60.6 minutes are 61, one more than a day gives
        ("2", "1", "2027-01-04"),  # a day gives 120/7 minutes, three give 51.4, four 68.6
        ("3.5", "3", "2027-01-06"),  # half an hour a day
        ("4.99", "4.99", "2027-01-07"),  # 299.4 minutes are 300; seven days give 299.4
    ],
)
def test_hours_of_a_day_are_a_seventh_of_a_week(weekly: str, hours: str, last: str):
    last = "2027-01-08" if weekly == "4.99" else last
    found = solved([course("a", 10, hours)], rules(ONE), hours_per_week=weekly)
    assert full(found) == (1000, [(("a",), last)])


def test_days_away_give_no_hours():
    # Two hours at one a day, away on the 2nd and 3rd: the 1st and the 4th.
    away = [{"from": "2027-01-02", "to": "2027-01-03"}]
    found = solved([course("a", 10, "2")], rules(ONE), hours_per_week="7", away=away)
    assert full(found) == (1000, [(("a",), "2027-01-04")])


def test_without_hours_only_work_avoids_days_away():
    away = [{"from": "2026-12-30", "to": "2027-01-02"}]
    event = {"starts": "2027-01-01", "ends": "2027-01-02"}
    for more, last in (({}, "2027-01-03"), ({"hours": "0"}, "2027-01-01"), (event, "2027-01-02")):
        assert full(solved([course("a", 10) | more], rules(ONE), away=away)) == (1000, [(("a",), last)])


def test_events_take_no_hours():
    # One hour a day until the 1st: the course takes it, the event of 8 hours does not.
    offerings = [course("a", 10), course("b", 10, "8", starts="2027-01-01")]
    found = solved(offerings, rules(TWO), target("2027-01-01"), hours_per_week="7")
    assert full(found) == (2000, [(("a", "b"), "2027-01-01")])


def test_urgent_work_interrupts_other_work():
    # a lies anywhere and takes 3 hours, b takes both hours of the 2nd and 3rd: a is done on the 1st, 4th and 5th.
    offerings = [
        course("a", 10, "3"),
        course("b", 10, "2", available_from="2027-01-02", available_until="2027-01-03"),
    ]
    assert (
        full(solved(offerings, rules(TWO), target("2027-01-05"), hours_per_week="7"))[1][0][1] == "2027-01-05"
    )
    assert solved(offerings, rules(TWO), target("2027-01-04"), hours_per_week="7").full is None


def test_access_ends_while_there_is_work_left():
    # Three hours need three days; a is open for two (its first day and 1 more), b for three.
    offerings = [course("a", 1, "3", access_days="1"), course("b", 5, "3", access_days="2")]
    assert full(solved(offerings, rules(ONE), hours_per_week="7")) == (500, [(("b",), "2027-01-03")])


def test_included_study_lies_in_one_term_and_discounted_study_need_not():
    # Five hours at one a day do not fit into a term of 4 days; a seat bought at a discount is kept.
    offered = [course("a", 9, "5", passes="club", member_price="3.00")]
    assert full(solved(offered, rules(ONE), passes=(CLUB,), hours_per_week="7"))[0] == 900
    discount = CLUB | {"benefit": "member_price"}
    assert full(solved(offered, rules(ONE), passes=(discount,), hours_per_week="7"))[0] == 500
    offered = [course("a", 9, "4", passes="club")]
    assert full(solved(offered, rules(ONE), passes=(CLUB,), hours_per_week="7"))[0] == 200


def test_approval_must_hold_when_the_work_is_done():
    # Three hours are done on the 3rd at the earliest; the approval of a ends on the 2nd, that of b begins on the 6th.
    need = ONE | {"where": {"approver": "aama"}}
    offered = [
        course("a", 1, "3", approvals="aama@2027-01-01/2027-01-02"),
        course("b", 5, "3", approvals="aama@2027-01-06/2027-01-09"),
    ]
    assert full(solved(offered, rules(need), hours_per_week="7")) == (500, [(("b",), "2027-01-06")])


# Several credentials


def test_one_course_serves_two_credentials_unless_one_does_not_share():
    offered = [course("a", 10), course("b", 20)]
    two = [rules(ONE), rules(ONE)]
    assert full(solved(offered, two, [target(), target("2027-01-05")]))[0] == 1000
    # Two items then: another course for 20, or the same one again, which counts once for each of them.
    alone = [target(), target(shares="no")]
    assert full(solved(offered, two, alone)) == (2000, [(("a", "a"), "2027-01-01")])
    assert full(solved(offered, two, alone, preferences={"max_purchases": "2", "require": ["b"]}))[0] == 3000


def test_times_hold_for_each_credential_by_itself():
    # One course, once a credential: until the 3rd for one, from the 6th on for the other, so it is taken twice.
    found = solved(
        [course("a", 10)],
        [rules(ONE), rules(ONE)],
        [target("2027-01-03"), target("2027-01-10", "2027-01-06")],
    )
    assert full(found) == (2000, [(("a", "a"), "2027-01-06")])


def test_what_is_short_is_summed_in_each_credentials_own_credit():
    # Half a point a credit for the second: 2 − 1 and 2 − 1/2 are missing.
    second = rules(TWO, unit="other") | {"conversions": {"point": "1/2"}}
    found = solved([course("a", 10)], [rules(TWO), second], [target(), target()])
    assert found.full is None
    assert found.partial is not None
    assert (found.partial.short, found.partial.cost) == (Fraction(5, 2), 1000)


# Parts of a cycle, and windows unlike it


def test_each_part_asks_and_the_rest_does_not():
    # Months begin on the 5th: Dec 5 – Jan 4, Jan 5 – Feb 4. Until Feb 3 the second is a rest and asks for nothing.
    need = ONE | {"every_months": "1"}
    offered = [course("a", 10), course("b", 20)]
    whole, rest = target("2027-02-04", "2026-12-05"), target("2027-02-03", "2026-12-05")
    assert full(solved(offered, rules(need), whole)) == (3000, [(("a", "b"), "2027-01-05")])
    assert full(solved(offered, rules(need), rest)) == (1000, [(("a",), "2027-01-01")])
    capped = rules(TWO, caps=({"name": "cap", "at_most": "0.5", "every_months": "1"},))
    found = solved(offered, capped, rest)  # the rest is a part for the cap: ½ in each
    assert found.partial is not None
    assert found.partial.short == 1


def test_study_across_two_parts_counts_in_neither():
    # Six hours at one a day: from the 1st it ends on the 6th, in the second part; it must wait until the 5th.
    need = ONE | {"every_months": "1"}
    done = [earned("2026-12-10")]
    found = solved([course("a", 10, "6")], rules(need), target("2027-02-04", "2026-12-05"), earned=done,
                   hours_per_week="7")  # fmt: skip
    assert full(found) == (1000, [(("a",), "2027-01-10")])


def test_a_window_of_its_own():
    # One month up to Jan 31 begins on Jan 1; 12 months reach before the cycle, for that requirement alone.
    cycle = target("2027-01-31", "2026-07-01")
    offered = [course("a", 10), course("b", 20)]
    assert (
        full(solved(offered, rules(ONE | {"within_months": "1"}), cycle, earned=[earned("2026-12-31")]))[0]
        == 1000
    )
    longer = rules(ONE | {"within_months": "12"}, ONE | {"name": "cycle"})
    assert full(solved(offered, longer, cycle, earned=[earned("2026-02-01")]))[0] == 1000
    longer = rules(TWO | {"within_months": "12"})
    assert full(solved(offered, longer, cycle, earned=[earned("2026-02-01")]))[0] == 1000
    assert full(solved(offered, longer, cycle, earned=[earned("2026-01-31")]))[0] == 3000
    ever = rules(ONE | {"ever": "true"})
    assert full(solved(offered, ever, cycle, earned=[earned("1999-01-01")]))[0] == 0


def test_carry_over_has_a_limit():
    # 3 earned in June, of which 1 is carried over: 2 − 1 is open. May lies more than one month before July 1.
    rule = rules(TWO, carry_over={"months": "1", "at_most": "1"})
    offered = [course("a", 10), course("b", 20)]
    assert full(solved(offered, rule, earned=[earned("2026-06-01", "any=3")]))[0] == 1000
    assert full(solved(offered, rule, earned=[earned("2026-05-31", "any=3")]))[0] == 3000
    assert full(solved(offered, rule, earned=[earned("2026-06-01", course_id="a")])) == (
        2000,
        [(("b",), "2027-01-01")],
    )


def test_a_course_done_lately_does_not_count_again():
    # a was done a year before the deadline less one day; the 12 months up to it begin on Jan 11, 2026.
    offered = [course("a", 10), course("b", 20)]
    again = rules(ONE, repeat_months="12")
    assert full(solved(offered, again, earned=[earned("2026-01-11", course_id="a")]))[0] == 2000
    assert full(solved(offered, again, earned=[earned("2026-01-10", course_id="a")]))[0] == 1000
    twice = [earned("2026-01-11", course_id="a"), earned("2026-08-01", course_id="a")]
    assert full(solved(offered, again, earned=twice))[0] == 2000  # the earlier line uses up `times` first


def test_small_items_and_rests_of_a_multiple_do_not_count():
    # 0.75 is too small; 0.5 + 0.75 is not, and gives 0.5 + 0.5 in halves.
    offered = [course("a", 10, credits="any=0.75"), course("b", 20, credits="x=0.5; y=0.75")]
    assert full(solved(offered, rules(ONE, smallest_item="1", round_down_to="0.5")))[0] == 2000
    assert full(solved(offered, rules(ONE, smallest_item="1.25", round_down_to="0.5")))[0] == 2000
    assert solved(offered, rules(ONE, smallest_item="1.26")).full is None
    assert full(solved(offered, rules(ONE, round_down_to="0.25")))[0] == 2000
    assert full(solved(offered, rules(ONE, round_down_to="0.5")))[0] == 2000


# The simulation of a finished plan


def written(*enrollments: tuple[str, str, str, str], bought: tuple[tuple[str, str, str], ...] = ()) -> Table:
    """Give a plan's JSON: (offering, paid by, start, finish) in January 2027, and (kind, id, day)."""
    prices = {"single": "10.00"}
    return {
        "enrollments": [
            {
                "offering_id": key,
                "paid_by": paid_by,
                "price": prices.get(paid_by, "0.00"),
                "start": f"2027-01-{start}",
                "finish": f"2027-01-{finish}",
            }
            for key, paid_by, start, finish in enrollments
        ],
        "purchases": [
            {"kind": kind, "id": key, "on": f"2027-01-{day}", "price": "2.00" if kind == "pass" else "10.00"}
            for kind, key, day in bought
        ],
    }


A, CLUB_ON_1 = ("offering", "a", "01"), ("pass", "club", "01")


@pytest.mark.parametrize(
    ("enrollments", "bought", "complaint"),
    [
        ([("a", "single", "01", "02")], [A], ""),
        ([("a", "single", "01", "02"), ("b", "club", "01", "04")], [A, CLUB_ON_1], ""),
        ([("a", "single", "01", "01")], [A], "do not give the hours"),
        ([("a", "single", "01", "02"), ("b", "club", "01", "03")], [A, CLUB_ON_1], "do not give the hours"),
        ([("a", "single", "01", "02")], [], "0 purchases for 1"),
        ([("a", "single", "01", "02")], [("offering", "a", "02")], "fits their days"),
        ([("a", "single", "02", "03")], [A], "fits their days"),  # one day of access
        ([("a", "single", "09", "11")], [("offering", "a", "09")], "in the days of no credential"),
        ([("a", "free", "01", "02")], [], "makes it free"),
        ([("b", "club", "02", "05")], [CLUB_ON_1], "no term of club pays"),
        ([("b", "club", "01", "04")], [], "no term of club pays"),
        ([("b", "club", "01", "02")], [CLUB_ON_1, ("pass", "club", "04")], "overlap"),
        ([("c", "single", "02", "03")], [("offering", "c", "01")], "starts before it is available"),
        ([("c", "single", "03", "07")], [("offering", "c", "03")], "no longer available"),
    ],
)
def test_simulation_complains(enrollments: list, bought: list, complaint: str):  # type: ignore[type-arg]
    # One hour a day until the 10th; two hours each.
    offered = [
        course("a", 10, "2", access_days="1"),
        course("b", 10, "2", passes="club"),
        course("c", 10, "2", available_from="2027-01-03", available_until="2027-01-06"),
    ]
    lived = puzzle(offered, rules(ONE), passes=(CLUB,), hours_per_week="7")
    found = simulate(lived, written(*enrollments, bought=tuple(bought)))
    assert complaint in "; ".join(found) if complaint else not found, found


# Against the older search, and against itself


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_same_as_the_older_search_where_nothing_is_new(first: int):
    for seed in range(first, first + 50):
        instance = small(seed)
        assert best_timed(as_timed(instance)) == best(instance), seed


@pytest.mark.parametrize("first", range(0, 150, 50))
def test_so_many_hours_that_they_never_bind_change_nothing(first: int):
    """With 24 hours a day every course fits into a day, so the plan is that without hours, if nobody is away."""
    for seed in range(first, first + 50):
        instance = timed(seed)
        learner = {
            key: value for key, value in instance.learner.items() if key not in ("hours_per_week", "away")
        }
        free, busy = changed(instance, learner), changed(instance, learner | {"hours_per_week": "168"})
        if short_courses(instance) and len(instance.credentials) == 1:
            assert best_timed(busy) == best_timed(free), seed


def short_courses(instance: Timed) -> bool:
    """All of them together take less than a day."""
    rows = [*instance.offerings, *instance.learner.get("offering", [])]
    return sum(Fraction(row.get("hours") or 30) * int(row.get("times") or 1) for row in rows) < 24


def changed(instance: Timed, learner: Table) -> Timed:
    """Give the instance with another learner."""
    return Timed(
        instance.seed, instance.as_of, instance.offerings, instance.passes, instance.credentials, learner
    )
