"""The cross-check with the real second solver in its own process, and with one that errs, dies, babbles or stalls."""

import json
import sys
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from pulp import LpProblem

import optimizer.cross_check as module
from optimizer.cli import main
from optimizer.credential_file import load_shipped
from optimizer.cross_check import GRACE, NoAnswer, cross_checked, reply_to
from optimizer.obligation import obligations
from optimizer.plan import CrossCheck, Plan, to_json
from optimizer.planning import plan_for
from optimizer.program import Model, as_mps
from optimizer.question import Question
from optimizer.text import plan_text
from optimizer.verify import verify
from tests.hard_instances import blocking_set, written
from tests.oracle.making import small
from tests.oracle.planned import question as drawn_question
from tests.oracle.planned_timed import timed_question
from tests.oracle.timed_making import timed
from tests.puzzle import answer, question, rules, write

OK, USAGE, NO_PLAN, NOT_PROVEN, NOT_VERIFIED = 0, 2, 5, 6, 7

SHOP = "offering_id, price, credits, hours\na, 20.00, any=3, 3\nb, 7.00, any=1, 1\nc, 5.00, any=1, 1"
CLUB = "pass_id, price, term_days, benefit\nclub, 9.00, 365, included"
EXAM = """
    [[version.route]]
    name = "exam"
    price = 11
"""
EARNED = """
    [[earned]]
    date = 2027-01-01
    credits = "any=1"
    unit = "hour"
"""
WITH_CLUB = """
    offering_id, price, credits, passes
    a,           20.00, any=3,   club
    b,            7.00, any=1,   -
"""
THIRDS = "offering_id, price, unit\na, 1.00, third\nb, 1.00, third"


def agreed(cost: int | None, short: Fraction | None = None) -> CrossCheck:
    return CrossCheck("SCIP", agrees=True, cost=cost, short=short, why_not=None)


PUZZLES: dict[str, tuple[tuple[str, ...], dict[str, Any], CrossCheck]] = {
    "full": ((SHOP, rules("3")), {}, agreed(2_000)),
    "nothing needed": ((SHOP, rules("1"), EARNED), {"as_of": "2027-01-02"}, agreed(0)),
    "over the budget": ((SHOP, rules("3"), "budget = 12.5"), {}, agreed(2_000, Fraction(1))),
    "at no price": ((SHOP, rules("9")), {}, agreed(None, Fraction(4))),
    "thirds": ((THIRDS, rules("5", conversions='third = "1/3"')), {}, agreed(None, Fraction(13, 3))),
    "required, too dear": (
        (SHOP, rules("2"), 'budget = 15\n[preferences]\nrequire = ["a"]'),
        {},
        agreed(2_000, Fraction(0)),
    ),
    "a pass": ((WITH_CLUB, rules("3"), "", CLUB), {}, agreed(900)),
    "the cheapest route": ((SHOP, rules("3", more=EXAM)), {"flags": {"route": "any"}}, agreed(1_100)),
    "no route fits": (
        (SHOP, rules("3", more=EXAM), "budget = 6"),
        {"flags": {"route": "any"}},
        agreed(1_100, Fraction(2)),
    ),
    "weekly hours": (
        (SHOP, rules("3"), "hours_per_week = 1"),
        {"days": "deadline = 2027-01-14\ncycle_start = 2027-01-01"},
        agreed(None, Fraction(1)),
    ),
    "weekly hours over a year": ((SHOP, rules("3"), "hours_per_week = 0.1"), {}, agreed(2_000)),
}

DAMAGING = """
import importlib, pathlib, sys
sys.path.remove(str(pathlib.Path(__file__).parent))
damaging = sys.modules.pop("pyscipopt")
real = importlib.import_module("pyscipopt")
class Model(real.Model):
    def readProblem(self, path):
        program = pathlib.Path(path)
        text = program.read_text()
        assert {old!r} in text
        program.write_text(text.replace({old!r}, {new!r}))
        super().readProblem(path)
sys.modules["pyscipopt"] = damaging
"""
"""A second solver that is given another program than ours: the real one, on a damaged file."""


SAYS = """
import json, os
said = dict(solver="SCIP", verdict="{}", seconds=0, bound=None, value={}, variables={{}})
print(json.dumps(said), flush=True)
os._exit(0)
"""


@pytest.fixture
def second_solver_is(monkeypatch, tmp_path):
    """Put other code in the place of pyscipopt, for the child alone."""

    def put(code: str) -> None:
        folder = tmp_path / "instead"
        folder.mkdir()
        (folder / "pyscipopt.py").write_text(code, "utf-8")
        monkeypatch.setenv("PYTHONPATH", str(folder))

    return put


@pytest.fixture
def ran(monkeypatch, capsys):
    """Run `optimize --cross-check`; return exit code, stdout and stderr."""

    def run(*args):
        monkeypatch.setattr("sys.argv", ["ceuplan", "optimize", "--cross-check", *args])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return left.value.code or 0, said.out, said.err

    return run


@pytest.fixture
def shop(tmp_path):
    """Return the flags that name a small shop's files."""
    folder = tmp_path / "shop"
    folder.mkdir()
    write(folder, SHOP, rules("3"))
    return [
        "--profile",
        str(folder / "me.toml"),
        "--catalog",
        str(folder / "catalog"),
        "--as-of",
        "2027-01-01",
    ]


def proved(asked: Question, plan: Plan) -> list[str]:
    tables = (asked.offerings, asked.passes, asked.digest)
    return [v.message for v in verify(json.loads(json.dumps(to_json(plan))), tables, load_shipped)]


@pytest.mark.parametrize("name", PUZZLES)
def test_second_solver_proves_the_same(name):
    files, more, wanted = PUZZLES[name]
    asked = question(*files, **more)
    plan = answer(asked)
    checked = cross_checked(asked, plan)

    assert checked.contradictions == ()
    assert checked.check == wanted
    assert checked.note.startswith("SCIP 1")
    assert proved(asked, replace(plan, cross_check=checked.check)) == []


@pytest.mark.parametrize("seed", range(4))
def test_second_solver_proves_the_same_of_drawn_instances(seed):
    """Passes, caps, windows, approvals, repeats; in the second kind weekly hours and several credentials as well."""
    for asked in (drawn_question(small(seed)), timed_question(timed(seed))):
        plan = plan_for(replace(asked, beside=False))
        checked = cross_checked(asked, plan)

        assert checked.contradictions == ()
        assert checked.check.agrees, checked.check.why_not


def test_agreement_stands_in_the_answer_the_same_every_time(ran, shop):
    code, out, err = ran(*shop)
    told = " ".join(out.split())

    assert code == OK
    assert (
        "Cross-checked: SCIP, another solver given the same integer program, proves, too, that nothing costs less."
        in told
    )
    assert "for the cross-check" in err
    assert "for the cross-check" not in out
    assert ran(*shop)[:2] == (code, out)
    found = json.loads(ran(*shop, "--format", "json")[1])
    assert found["cross_check"] == {
        "solver": "SCIP", "agrees": True, "cost": "20.00", "short": None, "why_not": None,
    }  # fmt: skip


def test_verification_says_whose_word_the_least_cost_is(ran, shop, tmp_path, monkeypatch, capsys):
    path = tmp_path / "plan.json"
    ran(*shop, "--format", "json", "-o", str(path))
    monkeypatch.setattr("sys.argv", ["ceuplan", "verify", str(path), "--catalog", shop[3]])
    with pytest.raises(SystemExit) as left:
        main()

    assert not left.value.code
    assert "is the word of the solver that planned it, and of SCIP." in capsys.readouterr().out


def test_without_the_flag_nothing_is_said(monkeypatch, capsys, shop):
    monkeypatch.setattr("sys.argv", ["ceuplan", "optimize", *shop, "--format", "json"])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capsys.readouterr().out)["cross_check"] is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "over the budget",
            "no full plan costs less than $20.00, and that nothing that fits leaves less than 1.00 short",
        ),
        (
            "at no price",
            "there is no full plan at any price, and that nothing that fits leaves less than 4.00 short",
        ),
        ("the cheapest route", "that nothing costs less by any route asked for."),
    ],
)
def test_words_say_what_was_proved(name, words):
    files, more, check = PUZZLES[name]
    asked = question(*files, **more)
    plan = replace(answer(asked), cross_check=check)
    kept = obligations(asked.learner, asked.credentials, asked.as_of)

    assert words in " ".join(plan_text(plan, kept).split())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (" cost 2000\n", " cost 1900\n", "HiGHS proved that it is $20.00; SCIP proved that it is $19.00."),
        (" cost 2000\n", " cost 2100\n", "HiGHS proved that it is $20.00; SCIP proved that it is $21.00."),
        ("ROWS\n", "SWOR\n", None),
    ],
    ids=["cheaper", "dearer", "unreadable"],
)
def test_other_answer_is_never_a_plan(ran, shop, second_solver_is, old, new, words):
    """A damaged program in the hands of the real solver: another cost ends the command, no program is no answer."""
    second_solver_is(DAMAGING.format(old=old, new=new))
    code, out, err = ran(*shop)

    if words is None:
        assert code == OK
        assert "Not cross-checked" in out
        return
    assert (code, out) == (NOT_VERIFIED, "")
    assert words in err
    assert "Two solvers contradict each other, so no plan is shown" in err


def test_plan_where_the_second_solver_finds_none_is_a_contradiction(second_solver_is):
    asked = question(SHOP, rules("3"))
    plan = answer(asked)
    second_solver_is(DAMAGING.format(old=" rhs r5 3\n", new=" rhs r5 99\n"))  # what is required
    (words,) = cross_checked(asked, plan).contradictions

    assert words == (
        "Of the least cost of a full plan HiGHS proved that it is $20.00; SCIP proved that there is none."
    )


def test_full_plan_where_we_found_none_is_a_contradiction():
    """What we call impossible is possible for the second solver: the claim is damaged, not the program."""
    asked = question(SHOP, rules("3"))
    none = answer(question(SHOP, rules("9")))
    (words, *_) = cross_checked(asked, none).contradictions

    assert words == (
        "Of the least cost of a full plan HiGHS proved that there is none; SCIP proved that it is $20.00."
    )


def test_less_short_than_we_left_is_a_contradiction():
    asked = question(SHOP, rules("3"), "budget = 12.5")
    plan = answer(asked)
    worse = replace(plan, requirements=tuple(replace(r, short=r.short + 1) for r in plan.requirements))
    (words,) = cross_checked(asked, worse).contradictions
    unproven = replace(worse, no_plan=replace(plan.no_plan, partial_proven=False))
    checked = cross_checked(asked, unproven)

    assert (
        words
        == "Of the least that must stay short HiGHS proved that it is 2.00; SCIP proved that it is 1.00."
    )
    assert checked.contradictions == ()
    assert not checked.check.agrees
    assert checked.check.why_not == (
        "It proved that the best leaves short 1.00, which was not found in the time given."
    )


def test_better_plan_than_an_unproven_one_is_no_contradiction_and_no_agreement():
    """A dearer plan whose bound is honest: the second solver proves what the least cost is, within the bounds."""
    asked = question(SHOP, rules("2"))
    dearer = answer(replace(asked, left_out=frozenset({"c", "b"})))
    unproven = replace(dearer, status="feasible", bound=700)
    checked = cross_checked(asked, unproven)

    assert checked.contradictions == ()
    assert checked.check == CrossCheck(
        "SCIP",
        False,
        1_200,
        None,
        "It proved that the best costs $12.00, which was not found in the time given.",
    )
    assert proved(asked, replace(unproven, cross_check=checked.check)) == []
    assert cross_checked(asked, dearer).contradictions


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise MemoryError('no room')", "It stopped without an answer: MemoryError: no room."),
        ("import os; os.kill(os.getpid(), 9)", "It was ended from outside or broke down (signal 9)."),
        ("print('{'); raise SystemExit", "Its answer cannot be read."),
        ("print('[[[[1e999, null'); raise SystemExit", "Its answer cannot be read."),
        ("print('\\x1b[31m' + '\\u202e'); raise SystemExit(3)", "It stopped without an answer: it did not say why."),
        (SAYS.format("optimal", None), "Its answer cannot be read."),
        (SAYS.format("maybe", 1), "It gave no verdict but maybe."),
    ],
    ids=["fails", "killed", "half a line", "garbage", "control letters", "no value", "another verdict"],
)  # fmt: skip
def test_second_solver_without_an_answer_is_never_agreement(ran, shop, second_solver_is, code, words):
    second_solver_is(code)
    left, out, _ = ran(*shop)
    told = " ".join(out.split())

    assert left == OK
    assert f"did not confirm this. {words}" in told
    assert "Cross-checked:" not in told


def test_second_solver_that_never_stops_is_ended(monkeypatch, second_solver_is, tmp_path):
    monkeypatch.setattr(module, "GRACE", 0.5)
    second_solver_is("import time; time.sleep(3600)")
    with pytest.raises(NoAnswer, match="did not stop in the time given, and was ended"):
        reply_to(tmp_path / "program.mps", 0.1)
    assert GRACE >= 5  # a busy machine needs seconds to start Python


def test_second_solver_that_is_not_done_in_time_is_not_agreement(ran, tmp_path):
    """Neither solver proves it in a second; both ranges hold the optimum, so they meet."""
    rows, needed, _ = blocking_set()
    flags = [*written(tmp_path, rows, needed), "--time-limit", "1"]
    code, out, err = ran(*flags, "--require-proof", "--format", "json")
    check = json.loads(out)["cross_check"]

    assert code == NOT_PROVEN
    assert "Not cross-checked: It was not done in the time given. Give it longer with --time-limit." in err
    assert (check["agrees"], check["cost"]) == (False, None)


def test_missing_second_solver_is_refused_with_what_to_install(monkeypatch, ran, shop):
    monkeypatch.setitem(sys.modules, "pyscipopt", None)
    code, out, err = ran(*shop)

    assert (code, out) == (USAGE, "")
    assert "pip install 'ceuplan[cross-check]'" in err


def test_program_is_handed_over_exactly(tmp_path):
    """Numbers PuLP's own writers would round; the real solver reads back what was written."""
    model = Model(LpProblem("exact"))
    many, third = model.variable(5, whole=True), model.variable(None, whole=False)
    fixed = model.variable(0, whole=True)
    model.row([(many, 3.0)], at_least=1)
    model.row([(third, 3.0), (many, 1.0)], at_least=4)
    model.row([(many, 99_999_999_999_999.0), (third, 1 / 3)], at_most=12_345_678_901_234_567.0)
    model.row([(fixed, 1.0)], at_most=2)
    program = as_mps(model, [(many, 4_503_599_627_370_497.0), (third, 0.1)])
    path = tmp_path / "program.mps"
    path.write_text(program, "ascii")
    reply = reply_to(path, 10.0)

    assert "4503599627370497" in program
    assert " 99999999999999\n" in program
    assert f" {1 / 3!r}\n" in program
    assert " rhs r6 12345678901234568\n" in program  # the nearest float to what was asked for
    assert (reply.verdict, reply.value) == ("optimal", 4_503_599_627_370_497.0)
    assert reply.variables == {many.name: 1.0, third.name: 1.0}
