"""The public API: its page run as it stands, the same answers as the command's, and refusals in words."""

import json
import re
import sys
import warnings
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from optimizer import api
from optimizer.api import Faults, NotVerified, ask, explain, formatted, frontier, load_catalog, plan_for
from optimizer.cli import main

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```\n(?:```text\n(.*?)```)?", PAGE, re.DOTALL)
EARNED = ["clinical=22@aama", "general=12@aama", "administrative=12@aama"]


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


@pytest.fixture(scope="module")
def question(catalog):
    return ask(
        catalog=catalog, as_of="2026-11-22", credential="cma-aama", deadline="2027-06-30", earned=EARNED
    )


@pytest.fixture(scope="module")
def plan(question):
    return plan_for(question)


def test_page_says_what_its_examples_print(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    told = []
    for code, _ in BLOCKS:
        out = StringIO()
        with redirect_stdout(out):
            exec(compile(code, "docs/api.md", "exec"), names)  # noqa: S102 - our own page
        told.append(out.getvalue())

    assert len(BLOCKS) >= 7
    assert [expected for _, expected in BLOCKS] == told


def test_example_of_the_readme_plans():
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)[1]
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)  # noqa: S102 - our own page

    assert names["plan"].status == "optimal"


def test_page_names_all_of_it():
    assert set(api.__all__) <= set(re.findall(r"`(\w+)`", PAGE))
    assert sorted(api.__all__) == sorted(set(api.__all__))


def test_plan_is_the_commands(monkeypatch, capsys, plan):
    flags = [part for one in EARNED for part in ("--earned", one)]
    command = ["ceuplan", "optimize", "--credential", "cma-aama", "--deadline", "2027-06-30", *flags]
    monkeypatch.setattr(sys, "argv", [*command, "--as-of", "2026-11-22", "--format", "json"])
    with pytest.raises(SystemExit):
        main()

    assert api.to_json(plan) == json.loads(capsys.readouterr().out)


def test_values_may_be_text_or_what_python_has(catalog):
    told = {
        "as_of": "2026-11-22",
        "credential": "cma-aama",
        "deadline": "2027-06-30",
        "earned": "clinical=4@aama",
        "budget": "100.50",
        "hours_per_week": "3",
        "passes": "ace-annual@2027-05-31",
    }
    held = {
        "as_of": date(2026, 11, 22),
        "credential": ["cma-aama"],
        "deadline": date(2027, 6, 30),
        "earned": ["clinical=4@aama"],
        "budget": Decimal("100.50"),
        "hours_per_week": 3,
        "passes": ("ace-annual@2027-05-31",),
    }
    one, other = ask(catalog=catalog, **told), ask(catalog=catalog, **held)

    assert one.learner == other.learner
    assert one.learner.budget == 10050
    assert one.as_of == other.as_of == date(2026, 11, 22)


def test_mapping_is_read_like_the_file(catalog, tmp_path):
    (tmp_path / "me.toml").write_text(
        'budget = 29.95\n[[credential]]\nid = "cma-aama"\ndeadline = 2027-06-30\n'
        '[[price]]\nid = "ace-annual"\nprice = 19.5\n[preferences]\nformats = ["online"]\n',
        "utf-8",
    )
    mapping = {
        "budget": Decimal("29.95"),
        "credential": [{"id": "cma-aama", "deadline": date(2027, 6, 30)}],
        "price": [{"id": "ace-annual", "price": 19.5}],
        "preferences": {"formats": ("online",)},
    }
    from_file = ask(tmp_path / "me.toml", catalog=catalog, as_of="2026-11-22")

    assert ask(mapping, catalog=catalog, as_of="2026-11-22").learner == from_file.learner
    assert ask(str(tmp_path / "me.toml"), catalog=catalog, as_of="2026-11-22") == from_file


def test_all_faults_are_told_in_words(catalog):
    with pytest.raises(Faults) as found:
        ask({"bugdet": 1, "transcript": "mine.csv"}, catalog=catalog, as_of="2026-11-22")

    words = str(found.value)
    assert 'Did you mean "budget"?' in words
    assert "column transcript" in words
    assert len(found.value.faults) == 2


@pytest.mark.parametrize("day", ["tomorrow", "1949-12-31", "2201-01-01"])
def test_day_that_is_none_is_refused(catalog, day):
    with pytest.raises(Faults, match="as_of"):
        ask(catalog=catalog, as_of=day)


def test_what_is_no_fault_is_a_warning_where_it_was_asked(catalog):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        ask(catalog=catalog, as_of="2026-11-22")

    assert [Path(one.filename).name for one in told] == ["test_api.py"]
    assert "No credential is named" in str(told[0].message)


def test_damaged_plan_is_not_shown_or_explained(question, plan):
    damaged = replace(plan, purchases=())
    with pytest.raises(NotVerified, match="paid by") as found:
        formatted(damaged, question)
    with pytest.raises(NotVerified):
        explain(question, damaged)

    assert found.value.violations


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda q, p: formatted(p, q, "markdown"), "text, csv"),
        (lambda q, _: frontier(q, "money"), "hours or budget"),
        (lambda q, _: frontier(q, "hours", 0), "from 1 to"),
        (lambda q, _: ask(as_of=q.as_of, seconds=0), "above 0"),
    ],
    ids=["format", "against", "points", "seconds"],
)
def test_argument_that_means_nothing_is_refused(question, plan, call, words):
    with pytest.raises(ValueError, match=words):
        call(question, plan)


def test_program_of_a_question_minimizes_its_cost(question, plan):
    posed = api.pose_program(question)
    prices = {v.name: way.price for v, way in zip(posed.model.take, posed.problem.ways, strict=True)}
    objective = {variable.name: factor for variable, factor in posed.model.program.objective.items()}

    assert {name: price for name, price in prices.items() if price}.items() <= objective.items()
    assert {p.price for p in plan.purchases} <= set(objective.values())
