"""The tutorial's model, which benchmarks stand beside ours, asks the same as ours: both find the same costs."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pulp
import pytest

from benchmarks import learners, tutorial
from benchmarks.integers import as_integers
from benchmarks.results import results
from benchmarks.synthetic import write

DEADLINE = date(2027, 10, 31)
COST = 30_547


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a drawn catalog of 300 offerings."""
    return write(300, tmp_path_factory.mktemp("drawn") / "catalog")


@pytest.fixture
def program(catalog: Path) -> pulp.LpProblem:
    """Give the tutorial's model of it, for a learner who has nothing yet."""
    shop = tutorial.read(catalog)
    return tutorial.model(shop, tutorial.usable(shop, DEADLINE), tutorial.Earned())


def test_tutorial_and_ours_cost_the_same(catalog: Path) -> None:
    """For one who has nothing yet, as the benchmark of scale asks, and for others, as that of many learners does."""
    people = [learners.Learner("nothing", DEADLINE, ()), *learners.drawn(3)]

    theirs = learners.by_tutorial(catalog, people)["costs"]
    ours = learners.by_loop(catalog, people)["costs"]

    assert ours == theirs
    assert ours[0] == COST
    assert None not in ours
    assert len(set(ours)) > 2


def test_integers_say_the_same_as_the_program(program: pulp.LpProblem) -> None:
    """Written as integers, with continuous variables as multiples of 1/720, and solved again, it costs the same."""
    written = json.loads(json.dumps(as_integers(program, grid=720)))

    again = pulp.LpProblem("again", pulp.LpMinimize)
    variables = [again.add_variable(f"v{n}", 0, upper, "Integer") for n, upper in enumerate(written["upper"])]
    for n, (least, most, at, factors) in enumerate(written["rows"]):
        total = pulp.lpSum(factor * variables[place] for place, factor in zip(at, factors, strict=True))
        if least is not None:
            again += total >= least, f"least_{n}"
        if most is not None:
            again += total <= most, f"most_{n}"
    again.setObjective(pulp.lpSum(f * variables[place] for place, f in zip(*written["aim"], strict=True)))

    assert tutorial.solve(again, "HiGHS", 60.0) == {"status": "optimal", "cost": COST}


def test_numbers_that_are_not_whole_are_refused(program: pulp.LpProblem) -> None:
    """CP-SAT would get another program."""
    program += pulp.lpSum(0.5 * variable for variable in program.variables()) <= 1e6, "half"

    with pytest.raises(ValueError, match=r"0\.5 is not whole"):
        as_integers(program)


MACHINE = {
    "part": "machine", "date": "2026-11-22", "cpu": "one", "cores": 2, "memory": "8 GB", "system": "Linux",
    "python": "3.13", "versions": {"ceuplan": "0"}, "commit": "abc", "load": 0.1,
}  # fmt: skip


def measured(name: str, **said: Any) -> dict[str, Any]:
    """Give a row as a contender's process makes it."""
    times = {"seconds": 1.0, "busy": 1.0, "peak": 100, "rounds": 3, "over": None}
    return {"part": "scale", "offerings": 300, "name": name, "said": json.dumps(said), **times}


def test_results_name_who_proved_a_cost() -> None:
    """What is not proven is shown with its bound."""
    rows = [
        MACHINE,
        measured("tutorial, HiGHS", status="optimal", cost=30547),
        measured("ceuplan optimize", status="feasible", cost="305.99", bound="305.40"),
    ]

    text = results(rows, None)

    assert "| 300 | $305.47 | tutorial, HiGHS; ceuplan optimize: $305.99, at least $305.40 |" in text


@pytest.mark.parametrize(
    "ours",
    [
        {"status": "optimal", "cost": "305.48", "bound": "305.48"},
        {"status": "feasible", "cost": "305.99", "bound": "305.48"},
    ],
)
def test_results_refuse_costs_that_differ(ours: dict[str, str]) -> None:
    """Two proven costs, or a cost below a proven bound, cannot both be right."""
    rows = [
        MACHINE,
        measured("tutorial, HiGHS", status="optimal", cost=30547),
        measured("ceuplan optimize", **ours),
    ]

    with pytest.raises(AssertionError, match="300 offerings"):
        results(rows, None)
