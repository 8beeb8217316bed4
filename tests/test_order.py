"""The same input in any order gives the same bytes."""

import json
from dataclasses import replace
from random import Random

import pytest

from catalogs.loading import load, offerings_of, passes_of, shipped_folder
from optimizer.plan import to_json
from optimizer.planning import plan_for
from tests.oracle.making import Instance, small
from tests.oracle.planned import question


def shuffled(instance: Instance, seed: int) -> Instance:
    """Shuffle every list whose order means nothing: rows, and the learner's lines, holdings and wishes."""
    random = Random(seed)

    def mixed(items: list) -> list:  # type: ignore[type-arg]
        return random.sample(items, len(items))

    learner = dict(instance.learner)
    for key in ("earned", "holding", "offering", "price"):
        if key in learner:
            learner[key] = mixed(learner[key])
    if "preferences" in learner:
        learner["preferences"] = {
            key: mixed(value) if isinstance(value, list) else value
            for key, value in mixed(list(learner["preferences"].items()))
        }
    return Instance(
        instance.seed + seed,  # the seed also decides which row goes into which file
        instance.as_of,
        mixed(instance.offerings),
        mixed(instance.passes),
        instance.credential,
        learner,
    )


@pytest.mark.parametrize("first", range(0, 200, 40))
def test_shuffled_rows_give_the_same_bytes(first: int) -> None:
    """Rows over other files in another order, and a learner's lines in another order: the same plan."""
    for seed in range(first, first + 40):
        instance = small(seed)

        one, other = (
            json.dumps(to_json(plan_for(replace(question(each), explained=seed % 10 == 0))))
            for each in (instance, shuffled(instance, 1 + seed))
        )

        assert one == other, seed


def test_reading_the_shipped_catalog_backwards_changes_nothing() -> None:
    """Files named in another order are the same catalog."""
    files = sorted(shipped_folder().glob("*.csv"))

    forwards, backwards = load(files), load(files[::-1])

    assert forwards.digest == backwards.digest
    assert offerings_of(forwards) == offerings_of(backwards)
    assert passes_of(forwards) == passes_of(backwards)
