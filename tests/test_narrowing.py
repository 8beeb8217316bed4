"""Narrowing changes no aim: with all rows and with the few it keeps, on random instances and on a large catalog."""

from dataclasses import replace
from fractions import Fraction

import pytest

from optimizer.choosing import _aims, best_choice, least
from optimizer.comparing import market_of
from optimizer.narrowing import SIZES, Sizes
from optimizer.obligation import obligations
from optimizer.problem import AIMS, Aim
from optimizer.question import Question
from optimizer.solve import Stopwatch
from tests.oracle.instances import large
from tests.oracle.making import small
from tests.oracle.planned import question
from tests.oracle.planned_timed import timed_question
from tests.oracle.timed_making import timed
from tests.test_reducing import dearer_copies

BATCH = 25
TINY = Sizes(few=0, enough=0, core=2)
ORDERS = (
    AIMS,
    (Aim.HOURS, Aim.COST, Aim.PURCHASES, Aim.ENROLLMENTS, Aim.RANKS),
    (Aim.PURCHASES, Aim.COST, Aim.HOURS, Aim.ENROLLMENTS, Aim.RANKS),
)


def assert_same(asked: Question, seed: int, sizes: Sizes = TINY, aims: tuple[Aim, ...] = AIMS) -> int:
    """The answer has the same aims, and sets the same aside; return how many choices the narrowed problem lacks."""
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    market = market_of(asked, kept)

    def solved(*, reduced: bool):
        return best_choice(
            asked.learner, kept, market, asked.as_of, Stopwatch(100), reduced=reduced, aims=aims, sizes=sizes
        )

    whole, narrow = solved(reduced=False), solved(reduced=True)

    assert narrow.full == whole.full, seed
    (left, *one), (short, *other) = (_aims(found.problem, found.chosen) for found in (narrow, whole))
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


def test_few_rows_are_left_alone():
    assert assert_same(question(small(0)), 0, sizes=SIZES) == 0
