"""Plans against SCIP and another formulation, in its own process, on 124 of the 500 larger instances."""

import pytest

from tests.oracle.instances import features
from tests.oracle.making import large, small
from tests.oracle.planned import aims, answered, question
from tests.oracle.second_solver import answers

BATCH = 25
EVERY = 3
"""Every third instance is compared in all aims, the others in what is short and the cost."""
SLOW = {101}
"""It takes a minute to plan, and agrees."""
SECONDS = 20.0
"""For one solve of SCIP's; what it does not prove by then is counted, not compared."""


@pytest.mark.parametrize("first", range(0, 125, BATCH))
def test_plan_is_the_second_solvers(first: int) -> None:
    """What is short, the cost and (on a third) every further aim are equal; hardly any is left unproven by SCIP."""
    seeds = [seed for seed in range(first, first + BATCH) if seed not in SLOW]
    thirds = [seed for seed in seeds if seed % EVERY == 0]
    others = [seed for seed in seeds if seed % EVERY]
    wanted = dict(zip(thirds, answers(map(large, thirds), aims=True, time_limit=SECONDS), strict=True))
    wanted |= zip(others, answers(map(large, others), aims=False, time_limit=SECONDS), strict=True)

    unproven = [seed for seed in seeds if not wanted[seed].solved]
    for seed in seeds:
        found = wanted[seed]
        if not found.solved:
            continue
        asked = question(large(seed))
        plan = answered(asked)
        short, *values = aims(plan, asked)
        assert (plan.status != "infeasible") == found.fits, seed
        full_cost = plan.no_plan.cheapest_full_cost if plan.no_plan else plan.cost
        assert full_cost == (found.full[0] if found.full else None), seed
        expected = found.full if found.fits else found.partial
        if expected is None:  # what the learner requires cannot be taken: docs/meaning.md, rule 27
            continue
        assert short == (found.short or 0), seed
        assert tuple(values[: len(expected)]) == expected, seed
    assert len(unproven) <= 1, unproven


def test_larger_instances_show_every_feature() -> None:
    """No feature of the small instances is absent from the larger ones, but for their few requirements."""
    seen = {feature for seed in range(500) for feature in features(large(seed))}
    wanted = {feature for seed in range(500) for feature in features(small(seed))}

    assert {feature for feature in wanted - seen if not feature.startswith("requirement:")} == set()
