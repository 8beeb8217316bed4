"""Why there is no plan, against an exhaustive search: conflicts are conflicts, and smallest; every remedy is there.

Each instance's conditions are let go by edits of its tables, which the program does not see.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import conditions as stated
from optimizer.choosing import NotProven
from optimizer.conflict import asking, conflicts
from optimizer.obligation import obligations
from optimizer.plan import to_json
from optimizer.planning import plan_for
from optimizer.question import Question
from optimizer.solve import Stopwatch
from tests.oracle.conditions import (
    SEEN,
    Change,
    Judge,
    Named,
    conditions,
    later,
    looks_back,
    more_hours,
    without,
)
from tests.oracle.infeasible import CAUSES, infeasible, question
from tests.oracle.timed_instance import Timed
from tests.oracle.timed_simulation import simulate

BATCH = 4
COUNTS = {"supply": 20, "budget": 20, "time": 8}
"""Of 170 of each cause that were tried."""


@pytest.mark.parametrize(
    ("cause", "first"), [(cause, first) for cause in CAUSES for first in range(0, COUNTS[cause], BATCH)]
)
def test_why_there_is_no_plan(cause: str, first: int) -> None:
    """The conflict cannot be kept, without any one of it the rest can; the remedies are those of the search."""
    for seed in range(first, first + BATCH):
        judge = Judge()
        instance = infeasible(cause, seed, judge)
        assert not explained(instance, judge), (cause, seed)


def explained(instance: Timed, judge: Judge) -> list[str]:
    """Say what is wrong with the explanation of an instance without a full plan."""
    asked = question(instance)
    plan = plan_for(asked)
    assert plan.no_plan is not None
    conflict = named(plan.no_plan.conflict, asked)
    everything = conditions(instance)
    assert conflict <= everything
    found = []
    if judge.possible(instance, everything - conflict):
        found.append(f"no conflict: {sorted(conflict)}")
    for one in sorted(conflict):
        rest = everything - conflict | {one}
        if not (judge.possible(instance, rest) or planned_far(instance, rest)):
            found.append(f"not smallest, {one} is not needed: {sorted(conflict)}")
    told = [Change(one.change, one.cost) for one in plan.no_plan.remedies]
    if [one.cost for one in told] != sorted(one.cost for one in told):
        found.append("remedies out of order")
    days = [int(match[1]) for one in told if (match := re.search(r" (\d+) days? later", one.words))]
    wanted = set(judge.changes(instance, max([SEEN, *days])))
    told, in_all = without_hours_in_all(told, instance)
    found += [f"wrong: {one}" for one in sorted(set(told) - wanted)]
    found += [f"missing: {one}" for one in sorted(wanted - set(told))]
    if len(set(told)) < len(told):
        found.append("a remedy is told twice")
    return found + in_all


def named(words: tuple[str, ...], asked: Question) -> set[Named]:
    """Find the conditions that were told."""
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    known = {one.words: one for one in stated.conditions(asked, kept)}
    return {Named(known[one].kind, known[one].target, known[one].name) for one in words}


def planned_far(instance: Timed, gone: set[Named]) -> bool:
    """Say whether the program knows a full plan with deadlines a year later, one that can be lived through."""
    moved = without(instance, gone)
    for one in gone:
        if one.kind == "deadline":
            moved = later(moved, one.target, stated.LATEST)
    plan = plan_for(replace(question(moved), beside=False))
    return plan.no_plan is None and not simulate(moved, json.loads(json.dumps(to_json(plan))))


def without_hours_in_all(told: list[Change], instance: Timed) -> tuple[list[Change], list[str]]:
    """Take out of the words how many more hours there are in all, and say where that is wrong."""
    found, wrong = [], []
    for one in told:
        match = re.fullmatch(r"(study (.+) hours a week in place of .+): (.+) more in all", one.words)
        if match:
            more = more_hours(instance, round(float(match[2]) * 100))
            if abs(float(match[3]) - more) > 0.03:
                wrong.append(f"{match[3]} is not {more} hours")
        found.append(one._replace(words=match[1]) if match else one)
    return found, wrong


# All conflicts


KINDS = list(stated.Kind)
SMALL_SETS = st.frozensets(st.integers(0, 7), min_size=1, max_size=5)


def some_conditions(kinds: list[stated.Kind]) -> list[stated.Condition]:
    """Return a condition of each kind, in their order; of one kind each has a name of its own."""
    ordered = sorted(kinds, key=KINDS.index)
    return [stated.Condition(kind, 0, str(n), f"{kind} {n}") for n, kind in enumerate(ordered)]


def smallest_of(sets: Iterable[frozenset[int]]) -> set[frozenset[int]]:
    """Return the sets that contain no other."""
    every = set(sets)
    return {one for one in every if not any(other < one for other in every)}


@given(
    st.lists(st.sampled_from(KINDS), min_size=8, max_size=8),
    st.lists(SMALL_SETS, max_size=7),
    st.integers(1, 9),
)
@settings(max_examples=500, deadline=None)
def test_all_conflicts_are_found(kinds, together, most):
    """Where any sets of conditions cannot be kept together, the smallest of them are what is found, each once."""
    known = some_conditions(kinds)

    def fits(held: frozenset[stated.Condition]) -> bool:
        numbers = {known.index(one) for one in held}
        return not any(one <= numbers for one in together)

    wanted = smallest_of(together)

    found, complete = conflicts(known, fits, most)

    numbered = [frozenset(map(known.index, one)) for one in found]
    assert len(set(numbered)) == len(numbered) == min(len(wanted), most)
    assert set(numbered) <= wanted
    assert complete == (len(wanted) <= most)
    assert all(len(one) == len(set(one)) for one in found)


@given(
    st.lists(st.sampled_from(KINDS), min_size=8, max_size=8),
    st.lists(SMALL_SETS, min_size=1, max_size=7),
    st.integers(0, 60),
)
@settings(max_examples=300, deadline=None)
def test_conflicts_found_before_time_runs_out_are_smallest(kinds, together, calls):
    known = some_conditions(kinds)
    made = 0

    def fits(held: frozenset[stated.Condition]) -> bool:
        nonlocal made
        made += 1
        if made > calls:
            raise NotProven
        numbers = {known.index(one) for one in held}
        return not any(one <= numbers for one in together)

    found, complete = conflicts(known, fits, 99)

    numbered = {frozenset(map(known.index, one)) for one in found}
    wanted = smallest_of(together)
    assert numbered <= wanted
    assert complete == (made <= calls)
    assert not complete or numbered == wanted


MOST_CONDITIONS = 7
REAL = {"supply": 5, "budget": 4, "time": 3}


@pytest.mark.parametrize("cause", CAUSES)
def test_all_conflicts_of_real_instances(cause):
    """Every conflict, and no other, is what the search finds by letting go every set of conditions."""
    sizes = []
    for seed in range(1_000, 2_000):
        judge = Judge()
        instance = infeasible(cause, seed, judge)
        many = len(conditions(instance)) > MOST_CONDITIONS
        if many or not steady(instance) or "hours_per_week" in instance.learner:
            continue
        asked = question(instance)
        kept = obligations(asked.learner, asked.credentials, asked.as_of)
        fits = asking(asked, kept, Stopwatch(600.0))
        found, complete = conflicts(stated.conditions(asked, kept), fits, 99)

        wanted = every_conflict(instance, judge)
        assert {frozenset(Named(c.kind, c.target, c.name) for c in one) for one in found} == wanted, seed
        assert (len(found), complete) == (len(wanted), True), seed
        sizes.append(len(found))
        if len(sizes) == REAL[cause]:
            break
    assert len(sizes) == REAL[cause]
    assert max(sizes) > 1 or cause != "supply"


def steady(instance: Timed) -> bool:
    """Say whether no rule's days depend on the deadline."""
    return not any(
        looks_back(instance, target) or "repeat_months" in rules["version"][0]
        for target, rules in enumerate(instance.credentials)
    )


def every_conflict(instance: Timed, judge: Judge) -> set[frozenset[Named]]:
    """Try every set of conditions, the smallest first."""
    everything = sorted(conditions(instance))
    found = set[frozenset[Named]]()
    for size in range(len(everything) + 1):
        for some in combinations(everything, size):
            held = frozenset(some)
            if any(one <= held for one in found):
                continue
            if not judge.possible(instance, set(everything) - held):
                found.add(held)
    return found
