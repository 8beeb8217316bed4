"""Narrowing changes no aim: with all rows and with the few it keeps, on random instances and on a large catalog."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from optimizer.bounding import solver_of_limits
from optimizer.choosing import best_choice, least
from optimizer.comparing import market_of
from optimizer.credential import Route
from optimizer.learner import Holding
from optimizer.narrowing import SIZES, Sizes
from optimizer.obligation import obligations
from optimizer.pass_limits import may_do
from optimizer.problem import AIMS, Aim
from optimizer.question import Question
from optimizer.shelf import shelf_of
from optimizer.solve import Stopwatch
from optimizer.stage import Asked, Stage
from optimizer.starts import aims_of
from tests.oracle.instances import large
from tests.oracle.making import Instance, Row, Table, small
from tests.oracle.planned import question
from tests.oracle.planned_timed import timed_question
from tests.oracle.timed_instance import Timed
from tests.oracle.timed_making import timed
from tests.test_reducing import dearer_copies

BATCH = 25
TINY = Sizes(few=0, core=2, ways=0)
ORDERS = (
    AIMS,
    (Aim.HOURS, Aim.COST, Aim.PURCHASES, Aim.ENROLLMENTS, Aim.RANKS),
    (Aim.PURCHASES, Aim.COST, Aim.HOURS, Aim.ENROLLMENTS, Aim.RANKS),
)


def assert_same(
    asked: Question,
    seed: int,
    sizes: Sizes = TINY,
    aims: tuple[Aim, ...] = AIMS,
    max_minutes: int | None = None,
) -> int:
    """The answer has the same aims, and sets the same aside; return how many choices the narrowed problem lacks."""
    route = asked.learner.route
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    kept = tuple(replace(one, route=route) for one in kept) if route else kept
    market = market_of(asked, kept)

    def solved(*, reduced: bool):
        return best_choice(
            asked.learner, kept, market, asked.as_of, Stopwatch(100),
            reduced=reduced, aims=aims, max_minutes=max_minutes, sizes=sizes,
        )  # fmt: skip

    whole, narrow = solved(reduced=False), solved(reduced=True)

    assert narrow.full == whole.full, seed
    (left, *one), (short, *other) = (aims_of(found.problem, found.chosen) for found in (narrow, whole))
    assert one == other, seed
    assert Fraction(left) / narrow.problem.scale == Fraction(short) / whole.problem.scale, seed
    assert narrow.chosen.status == whole.chosen.status, seed
    assert narrow.problem.set_aside == whole.problem.set_aside, seed
    assert narrow.warnings == whole.warnings, seed
    assert (narrow.cheapest and narrow.cheapest.cost) == (whole.cheapest and whole.cheapest.cost), seed
    return len(whole.problem.choices) - len(narrow.problem.choices)


@pytest.mark.parametrize("first", range(0, 125, BATCH))
def test_small_instances(first: int) -> None:
    """Every feature of a credential, a catalog and a learner is among these."""
    lost = [assert_same(question(small(seed)), seed) for seed in range(first, first + BATCH)]

    assert max(lost) > 0


@pytest.mark.parametrize("first", range(200, 250, BATCH))
def test_small_instances_by_other_aims(first: int) -> None:
    for seed in range(first, first + BATCH):
        assert_same(question(small(seed)), seed, aims=ORDERS[seed % 3])


@pytest.mark.parametrize("first", range(0, 50, BATCH))
def test_timed_instances(first: int) -> None:
    for seed in range(first, first + BATCH):
        assert_same(timed_question(timed(seed)), seed)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 7, 8])
def test_copies_at_other_prices(seed: int) -> None:
    """Four times the offerings, each at a price of its own: much can be left out."""
    asked = question(dearer_copies(large(seed), 4))

    assert assert_same(asked, seed) > 0
    assert_same(replace(asked, learner=replace(asked.learner, budget=700)), seed)


@pytest.mark.parametrize("first", range(300, 325, BATCH))
def test_least_with_one_of_some(first: int) -> None:
    """What a plan with one of a provider's offerings comes to."""
    for seed in range(first, first + BATCH):
        asked = question(small(seed))
        kept = obligations(asked.learner, asked.credentials, asked.as_of)
        market = market_of(asked, kept)
        some = [o.offering_id for o in asked.offerings if o.provider == asked.offerings[0].provider]
        whole, narrow = (
            least(
                asked.learner,
                kept,
                market,
                asked.as_of,
                Stopwatch(100),
                reduced=reduced,
                insist=some,
                sizes=TINY,
            )
            for reduced in (False, True)
        )
        assert (narrow.cost, narrow.proven) == (whole.cost, whole.proven), seed


@pytest.mark.parametrize("first", range(400, 450, BATCH))
def test_whether_there_is_any_plan(first: int) -> None:
    """Without aims any full plan will do: there is one among the rows that are kept if there is one at all."""
    there = []
    for seed in range(first, first + BATCH):
        for asked in (question(small(seed)), timed_question(timed(seed))):
            kept = obligations(asked.learner, asked.credentials, asked.as_of)
            market = market_of(asked, kept)
            found = [
                least(
                    asked.learner, kept, market, asked.as_of, Stopwatch(100),
                    reduced=reduced, aims=aims, sizes=TINY,
                ).cost
                is not None
                for reduced, aims in ((True, ()), (False, (Aim.COST,)))
            ]  # fmt: skip
            assert found[0] == found[1], seed
            there.append(found[0])

    assert len(set(there)) == 2


@pytest.mark.parametrize("first", range(500, 550, BATCH))
def test_at_most_so_many_minutes(first: int) -> None:
    for seed in range(first, first + BATCH):
        assert_same(question(small(seed)), seed, max_minutes=60 * (1 + seed % 10))


def test_few_rows_are_left_alone():
    assert assert_same(question(small(0)), 0, sizes=SIZES) == 0


def a_row(number: int, price: str, passes: str = "", credits_: str = "clinical=1") -> Row:
    """One course of an hour."""
    row = dict.fromkeys(small(0).offerings[0], "")
    return row | {
        "offering_id": f"acme:{number:03d}",
        "provider": "acme",
        "title": f"Course {number}",
        "credits": credits_,
        "unit": "aama_ceu",
        "hours": "1",
        "price": price,
        "passes": passes,
    }


def a_pass(pass_id: str, price: str) -> Row:
    """All courses that name it, for a year."""
    row = dict.fromkeys(["pass_id", "title", "kind", "benefit", "price", "term_days", "requires"], "")
    stated = {"title": pass_id, "kind": "subscription", "benefit": "included", "term_days": "365"}
    return row | stated | {"pass_id": pass_id, "price": price}


def asked_of(rows: list[Row], passes: list[Row], needs: Sequence[Table], budget: str = "") -> Question:
    """A year for some requirements."""
    credential = small(0).credential
    version = {key: value for key, value in credential["version"][0].items() if key != "cap"}
    version |= {"requirement": list(needs), "submit_days_before": "0"}
    target = {"id": "test-board", "deadline": "2027-12-31", "cycle_start": "2027-01-01"}
    learner: Table = {"credential": [target]} | ({"budget": budget} if budget else {})
    return question(Instance(0, date(2027, 1, 1), rows, passes, credential | {"version": [version]}, learner))


def test_under_a_pass_ranks_decide():
    """What a pass includes costs nothing whatever its list price, so the first are taken, not the cheapest."""
    rows = [a_row(n, f"{60 - n}.00", "all") for n in range(40)]
    asked = asked_of(rows, [a_pass("all", "20.00")], [{"name": "total", "at_least": "3"}])

    assert assert_same(asked, 0) > 0


@pytest.mark.parametrize("aims", ORDERS)
def test_passes_that_leave_too_little_of_the_budget(aims: tuple[Aim, ...]) -> None:
    """All three passes leave too little, one alone is too dear, and two are right."""
    rows = [
        *(a_row(n, "50.00", "a", "clinical=1") for n in range(5)),
        *(a_row(n, "50.00", "b", "administrative=1") for n in range(5, 10)),
        *(a_row(n, "10.00", "c", "general=1") for n in range(10, 13)),
        a_row(13, "25.00", "", "other=1"),
    ]
    needs: list[Table] = [
        {"name": name, "at_least": "1" if name == "other" else "2", "where": {"category": name}}
        for name in ("clinical", "administrative", "general", "other")
    ]
    passes = [a_pass("a", "10.00"), a_pass("b", "10.00"), a_pass("c", "30.00")]
    asked = asked_of(rows, passes, needs, budget="65.00")
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    market = market_of(asked, kept)

    assert assert_same(asked, 0, aims=aims) > 0
    costs = [
        least(
            asked.learner, kept, market, asked.as_of, Stopwatch(100), reduced=True, enough=enough, sizes=TINY
        ).cost
        for enough in (6499, 6500)
    ]
    assert costs == [None, 6500]


@pytest.mark.parametrize("hours", ["0.02", "0.2", "0.3", "1"])
def test_weekly_hours_narrow(hours: str) -> None:
    """Ten hours are needed: courses of two credits for an hour, and ones of half a credit at a lower price."""
    rows = [a_row(n, f"{10 + n}.00", credits_="clinical=1") for n in range(20)]
    rows += [a_row(n, f"{30 + n}.00", credits_="clinical=2") for n in range(20, 40)]
    needs: list[Table] = [{"name": "total", "at_least": "10"}]
    asked = asked_of(rows, [], needs)
    asked = replace(asked, learner=replace(asked.learner, hours_per_week=Decimal(hours)))

    assert assert_same(asked, 0) > 0


@pytest.mark.parametrize("renewable", ["yes", "no"])
def test_a_term_holds_no_more_study_than_its_days_give(renewable: str) -> None:
    """A term of $6 holds two hours, and five are needed: 2 terms and one single course are 12 + 4.

    Three terms would cost $18, single courses alone $20.10; one for $7.02 or more saves the $3 of an hour in a term at
    most, and 5 × 3 + 4.02 > 16. Of a pass that cannot be renewed there is one term: 6 + 4 + 4.01 + 4.02 = 18.03.
    """
    rows = [a_row(n, f"{4 + n / 100:.2f}", "club") for n in range(10)]
    rows += [a_row(n, f"{7.02 + n / 100:.2f}") for n in range(10, 40)]
    club = a_pass("club", "6.00") | {"term_days": "14", "renewable": renewable}
    asked = asked_of(rows, [club], [{"name": "total", "at_least": "5"}])
    asked = replace(asked, learner=replace(asked.learner, hours_per_week=Decimal(1)))
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    market = market_of(asked, kept)
    found = best_choice(asked.learner, kept, market, asked.as_of, Stopwatch(100), reduced=True, sizes=TINY)

    assert (found.chosen.cost, found.proven) == (1_600 if renewable == "yes" else 1_803, True)
    assert assert_same(asked, 0) == 32


def routed(asked: Question, price: int, passes: Sequence[tuple[str, int]] = ()) -> Question:
    """The same question by a route that costs something; its rules are those of courses."""
    credential = asked.credentials[0]
    version = credential.versions[0]
    route = Route("exam", price, tuple(passes), 0, None, version.confidence, None)
    requirements = tuple(replace(one, route="exam") for one in version.requirements)
    version = replace(version, requirements=requirements, routes=(route,))
    learner = replace(asked.learner, route="exam")
    return replace(asked, credentials=(replace(credential, versions=(version,)),), learner=learner)


def requiring(asked: Question, offering_id: str) -> Question:
    """The same question, with an offering that must be taken."""
    wishes = replace(asked.learner.preferences, require=(offering_id,))
    return replace(asked, learner=replace(asked.learner, preferences=wishes))


NEEDS: list[Table] = [{"name": "total", "at_least": "5"}]
CLUB = [a_pass("club", "10.00")]
CHAIN = [a_pass("p", "5.00") | {"requires": "q"}, a_pass("q", "30.00")]


@pytest.mark.parametrize("sizes", [TINY, SIZES])
def test_what_must_be_taken_is_not_given_up_for_a_pass(sizes: Sizes) -> None:
    """The pass of the lowest limit leaves too little for a route, or for what is required; without it they fit."""
    rows = [a_row(n, "39.00", "club", "clinical=0.5") for n in range(3)]
    rows += [a_row(100 + n, "20.00") for n in range(10)]
    rows += [a_row(300 + n, "30.00", "", "clinical=0.75") for n in range(170)]
    assert_same(routed(asked_of(rows, CLUB, NEEDS, budget="58.00"), 5300), 0, sizes)
    rows.append(a_row(900, "53.00", "", "clinical=0.01"))
    assert_same(requiring(asked_of(rows, CLUB, NEEDS, budget="58.00"), "acme:900"), 0, sizes)


def test_what_is_required_has_its_price():
    """Two of $60 are required, and three of $10 to $12 do the rest: of the forty only these are looked at."""
    asked = asked_of([a_row(n, f"{10 + n}.00") for n in range(60)], [], NEEDS)
    wishes = replace(asked.learner.preferences, require=("acme:050", "acme:051"))
    asked = replace(asked, learner=replace(asked.learner, preferences=wishes))

    assert assert_same(asked, 0) == 55


@pytest.mark.parametrize(
    ("most", "passes", "can"), [(2, [], False), (3, [], True), (1, CLUB, True), (0, CLUB, False)]
)
def test_few_purchases_are_in_the_limits(most: int, passes: list[Row], can: bool) -> None:
    """Five credits are three courses of two, or a pass that includes some; two courses are four credits."""
    rows = [a_row(n, "5.00", "club" if passes else "", f"clinical={1 + n % 2}") for n in range(20)]
    asked = asked_of(rows, passes, NEEDS)
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    shelf = shelf_of(asked.learner, kept, market_of(asked, kept), asked.as_of, 0)
    assert shelf is not None
    wanted = Asked(AIMS, True, None, None, None, most, frozenset(), frozenset())

    chosen = may_do(Stage(shelf, shelf.rows, wanted, (), None, Aim.COST, solver_of_limits()))
    assert (chosen is not None) is can


@pytest.mark.parametrize("sizes", [TINY, SIZES])
def test_passes_that_what_must_be_taken_needs(sizes: Sizes) -> None:
    """Only with the pass the route fits into the budget; only with two, one for the other, what is required."""
    rows = [a_row(n, "20.00") for n in range(200)]
    club = [*rows, a_row(950, "39.00", "club", "clinical=0.25")]
    assert_same(routed(asked_of(club, CLUB, NEEDS, budget="60.00"), 10_000, [("club", 5000)]), 0, sizes)
    chain = [
        *rows,
        a_row(950, "", "p", "clinical=0.01"),
        a_row(951, "39.00", "q", "clinical=0.25"),
        *(a_row(960 + n, "", "p") for n in range(5)),
    ]
    asked = asked_of(chain, CHAIN, NEEDS, budget="60.00")
    assert_same(asked, 0, sizes)
    assert_same(requiring(asked, "acme:950"), 0, sizes)


LADDER = [a_row(n, f"{10 * (n + 1)}.00") for n in range(200)]
"""The five cheapest come to $150, and any other of up to $50 is in no best plan."""


def by_two_boards(asked: Question) -> Question:
    """The same question, asked by two boards of the same rules."""
    target, board = asked.learner.targets[0], asked.credentials[0]
    learner = replace(asked.learner, targets=(target, replace(target, credential="other-board")))
    return replace(asked, credentials=(board, replace(board, id="other-board")), learner=learner)


def test_a_seat_serves_every_credential():
    """Two boards want five credits each, and one seat of a course serves both: five courses, as for one."""
    asked = by_two_boards(asked_of(LADDER, [], NEEDS))

    assert assert_same(asked, 0, SIZES) == 195


@pytest.mark.parametrize("passes", [[], [("club", 0)], [("club", 9_000)]])
def test_a_route_has_its_price(passes: list[tuple[str, int]]) -> None:
    """The route costs $100, or less under a pass of $10 that no course knows: five courses are left either way."""
    assert assert_same(routed(asked_of(LADDER, CLUB, NEEDS), 10_000, passes), 0, SIZES) >= 193


@pytest.mark.parametrize("sizes", [TINY, SIZES])
def test_a_route_alone_is_still_taken_at_its_best_price(sizes: Sizes) -> None:
    """No course for $70 is within $60, but the route is: for $50, or for $10 under the club, which is held."""
    asked = asked_of([a_row(n, f"{70 + n}.00") for n in range(200)], CLUB, NEEDS, budget="60.00")
    asked = routed(asked, 5_000, [("club", 1_000)])
    asked = replace(
        asked, learner=replace(asked.learner, holdings=(Holding("club", "", date(2027, 12, 31)),))
    )

    assert_same(asked, 0, sizes)


def test_one_pass_makes_two_routes_cheaper():
    """Five courses $150, two routes of $50 under a pass of $40 in place of $100: 150 + 2 × 50 + 40."""
    asked = routed(asked_of(LADDER, [a_pass("club", "40.00")], NEEDS), 10_000, [("club", 5_000)])
    asked = by_two_boards(asked)
    learner = asked.learner
    kept = tuple(replace(one, route="exam") for one in obligations(learner, asked.credentials, asked.as_of))
    found = least(
        learner, kept, market_of(asked, kept), asked.as_of, Stopwatch(100), reduced=True, enough=29_000
    )

    assert found.cost == 29_000
    assert_same(asked, 0, SIZES)


@pytest.mark.parametrize("budget", ["149.99", "100.00", "99.99", "0"])
def test_of_whole_credits_a_whole_one_is_short(budget: str) -> None:
    """A plan that lacks one credit is proven to lack least where there is no full one: fewer courses are left."""
    assert assert_same(asked_of(LADDER, [], NEEDS, budget=budget), 0, SIZES) > 100


def test_where_every_aim_is_proven_its_plan_is_enough():
    """Any five of two hundred that a pass includes cost as little; nobody looks for such a plan again."""
    rows = [a_row(n, "60.00", "club") | {"hours": f"{1 + n / 100:.2f}"} for n in range(200)]

    assert assert_same(asked_of(rows, CLUB, NEEDS), 0, SIZES, aims=(Aim.COST,)) > 150


def test_one_that_only_its_rank_tells_apart_is_not_lost():
    """One of two hundred courses alike must be taken, or any like it: so the first five are, and it still counts."""
    asked = asked_of([a_row(n, "10.00") for n in range(200)], [], NEEDS)
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    found = least(
        asked.learner,
        kept,
        market_of(asked, kept),
        asked.as_of,
        Stopwatch(100),
        reduced=True,
        insist={"acme:150"},
    )

    assert (found.cost, found.proven) == (5_000, True)


def test_before_a_cycle_its_caps_do_not_bind():
    """A requirement that looks at every day counts what is finished before the cycle, where a cap does not."""
    ever, cap = {"name": "ever", "at_least": "3", "ever": "true"}, {"name": "cap", "at_most": "1"}
    drawn = small(0).credential["version"][0] | {"submit_days_before": "0"}
    versions: list[Table] = [
        drawn | {"requirement": [ever], "cap": [cap | {"where": {"category": "clinical"}}]},
        drawn | {"requirement": [{"name": "total", "at_least": "1"}], "cap": []},
    ]
    cycles = {"test-board": ("2027-06-01", "2028-12-31"), "other-board": ("2027-01-01", "2027-12-31")}
    credentials = [
        small(0).credential | {"id": one, "conversions": {}, "version": [version]}
        for one, version in zip(cycles, versions, strict=True)
    ]
    learner: Table = {
        "credential": [
            {"id": one, "cycle_start": first, "deadline": last} for one, (first, last) in cycles.items()
        ]
    }
    rows = [a_row(n, f"{10 + n}.00") for n in range(6)]

    assert assert_same(timed_question(Timed(0, date(2027, 1, 1), rows, [], credentials, learner)), 0) > 0
