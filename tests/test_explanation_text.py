# ruff: noqa: E501 - a table is easier read in columns than wrapped
"""The text and the JSON of an explanation, whole, as a reader sees it; every case is a golden file to be read."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from optimizer.asking import ask
from optimizer.choosing import NotProven
from optimizer.explanation import (
    Compared,
    Explanation,
    PassLeftOut,
    ProviderLeftOut,
    PurchaseExplained,
    RequirementExplained,
    WhatIfAnswer,
)
from optimizer.explanation_text import explanation_text
from optimizer.plan import json_of
from optimizer.planning import plan_for
from optimizer.question import Question
from optimizer.solve import Stopwatch
from optimizer.what_if import what_if
from optimizer.why import why
from tests.damaged import ASK, Ran, csv_of, files, run
from tests.puzzle import question, rules, write

SHOP = """
    offering_id, provider, title,                  kind,    format,    credits,                  approvals, hours, price, member_price, passes,     available_until
    n:pharma,    north,    Pharmacology basics,    course,  online,    clinical=2,               aama,      2,     20.00, 12.50,        club; all,  -
    n:blood,     north,    Drawing blood,          course,  online,    clinical=1.5,             aama,      1.5,   18.00, 9.00,         club; all,  -
    n:billing,   north,    Billing and coding,     course,  online,    administrative=1.5,       aama,      1.5,   18.00, 9.00,         club; all,  2027-09-30
    n:ethics,    north,    Ethics at the desk,     article, print,     administrative|general=1, -,         0.33,  6.00,  -,            all,        -
    n:privacy,   north,    Privacy at the desk,    article, print,     administrative|general=1, -,         0.33,  6.00,  -,            all,        -
    s:first-aid, south,    First aid for children, course,  in_person, clinical=4,               -,         4,     30.00, -,            -,          -
    s:cpr,       south,    CPR card,               cpr,     in_person, clinical=4,               aama,      3,     45.00, -,            -,          -
    w:talk,      west,     Talking with patients,  course,  online,    general=1,                -,         1,     4.00,  -,            -,          -
    w:listen,    west,     Listening to patients,  course,  online,    general=1,                -,         1,     4.00,  -,            -,          -
"""
PASSES = """
    pass_id, title,               provider, price, term_days, benefit
    all,     North all-access,    north,    60.00, 365,       included
    club,    North's clubhouse,   north,    8.00,  365,       member_price
"""
RULES = rules("8", '4 category = "clinical"', '1.5 category = "administrative"', '3 approver = "aama"')
SMALL = rules("3", '1.5 category = "administrative"')
BUDGETS = 'budget = 20\n[preferences]\nmax_purchases = 1\nexclude = ["n:billing"]'
EARNED = """
    [[earned]]
    date = 2027-01-05
    title = "All of it"
    unit = "hour"
    approvals = "aama"
    credits = "clinical=5; administrative=2; general=1"
"""


@cache
def explained(
    learner: str = "",
    changes: tuple[str, ...] = (),
    credential: str = RULES,
    *,
    all_conflicts: bool = False,
    as_of: str = "2027-01-01",
) -> Explanation:
    return explanation_of(
        question(SHOP, credential, learner, PASSES, as_of=as_of), changes, all_conflicts=all_conflicts
    )


def explanation_of(
    asked: Question, changes: tuple[str, ...] = (), *, all_conflicts: bool = False
) -> Explanation:
    plan = plan_for(asked)
    moved = what_if(asked, plan, changes, Stopwatch(60.0)).answer if changes else None
    return why(asked, plan, Stopwatch(60.0), what_if=moved, all_conflicts=all_conflicts)


@cache
def several_credentials() -> Explanation:
    """Return the explanation of one plan for two credentials, of which the second asks for ethics alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, SHOP, rules("4", '2 category = "clinical"'), "", PASSES)
        more = rules('2 category = "general"').replace("pz-test", "qz-test")
        (folder / "more.toml").write_text(more, "utf-8")
        with (folder / "me.toml").open("a", encoding="utf-8") as me:
            me.write('[[credential]]\nfile = "more.toml"\ndeadline = 2027-06-30\n')
        asked = ask(folder / "me.toml", {}, [str(folder / "catalog")], date(2027, 1, 1), 60.0)
    return explanation_of(asked.question)


@cache
def unproven() -> Explanation:
    asked = question(SHOP, RULES, "", PASSES)
    plan = replace(plan_for(asked), status="feasible", bound=4000)
    return why(asked, plan, Stopwatch(60.0))


@cache
def unsettled() -> Explanation:
    """Return what is left of an explanation when nothing but the plan itself is proven in time."""
    asked = question(SHOP, RULES, "", PASSES)
    plan, moved = plan_for(asked), WHAT_IF
    late = NotProven("too late")
    with (
        patch("optimizer.explaining.best_of", side_effect=late),
        patch("optimizer.savings.greedy_cost", side_effect=late),
    ):
        return why(asked, plan, Stopwatch(60.0), what_if=moved)


WHAT_IF = WhatIfAnswer(
    changes=("club=7", "s:cpr=10"),
    status="feasible",
    cost=4100,
    bound=3900,
    minutes=420,
    bought=("CPR card",),
    no_longer=("First aid for children",),
    keeping=None,
    each=(Compared("club=7", 5900),),
    unsettled=("what would be left of what was planned", "what a plan costs with s:cpr=10 alone"),
)


CASES = {
    "pass-and-singles": explained,
    "all-access": lambda: explained('[[price]]\nid = "all"\nprice = 39.5'),
    "alike": lambda: explained(credential=rules('2 category = "general"')),
    "nothing-needed": lambda: explained(EARNED, as_of="2027-02-01"),
    "one-conflict": lambda: explained("budget = 40"),
    "all-conflicts": lambda: explained(BUDGETS, credential=SMALL, all_conflicts=True),
    "what-if-moved": lambda: explained(changes=("all=25", "n:billing=12", "earned=general=1")),
    "what-if-not-moved": lambda: explained(changes=("all=59.99",)),
    "what-if-impossible-after": lambda: explained(changes=("budget=30", "without=south")),
    "what-if-impossible-before": lambda: explained("budget = 40", ("budget=60", "w:talk=0")),
    "several-credentials": several_credentials,
    "not-proven": unproven,
    "not-settled": unsettled,
}


def text_of(name: str, width: int = 80) -> str:
    return explanation_text(CASES[name](), "Puzzler (TEST)", width)


@pytest.mark.parametrize("name", CASES)
def test_text_of_an_explanation(golden, name):
    golden(f"explain-{name}.txt", text_of(name))


def test_goldens_are_all_named_here():
    here = {f"explain-{name}.txt" for name in CASES}
    assert {path.name for path in (Path(__file__).parent / "golden").glob("explain-*.txt")} == here


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", CASES)
def test_text_is_no_wider_than_asked(name, width):
    lines = text_of(name, width).splitlines()
    assert max(map(len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("name", CASES)
def test_text_says_the_same_at_any_width(name):
    assert text_of(name, 40).split() == text_of(name, 120).split()


STEERING = "\x1b[2J\x07\x9b\n\u202e\u2066\u2028\u200f"


@pytest.mark.parametrize("name", CASES)
def test_words_that_could_steer_a_terminal_are_shown_as_their_codes(name):
    """Tests with every text of every explanation made hostile."""
    text = explanation_text(hostile(CASES[name]()), STEERING, 80)
    assert [c for c in text if c != "\n" and not c.isprintable()] == []
    assert "\\x1b[2J" in text
    assert len(text.splitlines()) == text.count("\n")


def hostile[Value](value: Value) -> Value:
    """Return the value with every text in it ending so, but for statuses and kinds."""
    match value:
        case str():
            return value + STEERING
        case tuple():
            return tuple(map(hostile, value))
        case _ if is_dataclass(value):
            plain = ("status", "kind", "currency")
            changed = {f.name: hostile(getattr(value, f.name)) for f in fields(value) if f.name not in plain}
            return replace(value, **changed)
        case _:
            return value


# As JSON

MONEY = re.compile(r"[0-9]+\.[0-9]{2}")
AMOUNT = re.compile(r"[0-9]+\.[0-9]{2,}")
DOLLARS = {
    "cost",
    "bound",
    "price",
    "singly",
    "without",
    "up_to",
    "below",
    "least_with",
    "one_more",
    "keeping",
}
CREDIT = {"hours", "credit", "required"}
SHAPES = {
    "purchases": PurchaseExplained,
    "requirements": RequirementExplained,
    "compared": Compared,
    "passes_left_out": PassLeftOut,
    "providers_left_out": ProviderLeftOut,
    "each": Compared,
}


@pytest.mark.parametrize("name", CASES)
def test_json_has_every_key_and_amounts_as_strings(name):
    found = json.loads(json.dumps(json_of(CASES[name]())))
    assert list(found) == ["hours" if f.name == "minutes" else f.name for f in fields(Explanation)]
    assert (found["schema_version"], found["currency"]) == (1, "USD")
    for key, value in pairs(found):
        if key in DOLLARS:
            assert value is None or MONEY.fullmatch(value), (key, value)
        elif key in CREDIT:
            assert AMOUNT.fullmatch(value), (key, value)
        elif key in SHAPES:
            assert all(list(one) == [f.name for f in fields(SHAPES[key])] for one in value), key
        else:
            assert not isinstance(value, float), key


def pairs(value: object) -> Iterator[tuple[str, Any]]:
    """Yield every key with its value, however deep."""
    match value:
        case dict():
            for key, inner in value.items():
                yield key, inner
                yield from pairs(inner)
        case list():
            for inner in value:
                yield from pairs(inner)


# The command

EXPLAIN = ("explain", *ASK[1:])
EASY = "[[credential]]\nfile = 'rules.toml'\ndeadline = 2027-12-31\n"
COURSES = [
    ["offering_id", "provider", "title", "credits", "unit", "price", "passes"],
    ["a", "shop", "A", "any=1", "hour", "10", "club"],
    ["b", "shop", "B", "any=1", "hour", "20", "club"],
]
SOLD = [["pass_id", "title", "price", "benefit"], ["club", "Club", "25", "included"]]


def command(*flags: str, me: str = EASY, **changed: bytes) -> Ran:
    """Run `explain` on two courses at 10 and 20, and a pass for both at 25; two credits are needed."""
    sound = {"shop": csv_of(COURSES), "passes": csv_of(SOLD), "rules": rules("2").encode(), "me": me.encode()}
    with files(**(sound | changed)):
        return run(*EXPLAIN, *flags)


def test_command_explains_a_plan():
    ran = command()
    assert (ran.code, ran.err) == (0, "")
    assert "It costs $25.00, proven to be the least." in ran.out
    assert "- Club, $25.00, pays for 2 courses (2 of no category)." in " ".join(ran.out.split())
    assert ran.out.endswith("\n")


def test_command_answers_what_if():
    ran = command("--what-if", "club=30.01", "--what-if", "budget=40", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    moved = json.loads(ran.out)["what_if"]
    assert (moved["cost"], moved["bought"], moved["no_longer"]) == ("30.00", ["A", "B"], ["Club"])


def test_command_tells_what_a_plan_warns_of_as_notes():
    ran = command("--what-if", "exclude=a", me=EASY + "[preferences]\nexclude = ['x']\n")
    assert (ran.code, ran.err.splitlines()) == (
        0,
        ['Note: You exclude "x", which the catalog does not have.'],
    )


@pytest.mark.parametrize(
    "flags", [(), ("--all-conflicts",), ("--format", "json"), ("--what-if", "budget=30")]
)
def test_command_says_why_there_is_no_plan(flags):
    ran = command("--budget", "24.99", *flags)
    assert (ran.code, ran.err) == (5, "")
    assert "you spend at most $24.99" in ran.out
    assert "raise the budget by $0.01" in ran.out


@pytest.mark.parametrize(
    ("flags", "changed", "code", "told"),
    [
        (("--format", "xml"), {}, 2, "no such format"),
        (("--what-if", "clb=3"), {}, 2, 'Did you mean "club"?'),
        (("--what-if",), {}, 2, "requires an argument"),
        (("--budget", "x"), {}, 2, "it is not an amount of US dollars"),
        (("--route", "exma"), {}, 2, "no credential you plan for has this route"),
        (("--time-limit", "0"), {}, 2, "give a number of seconds above 0"),
        (("-o", "."), {}, 2, "is a folder"),
        (("-o", "me.toml"), {}, 2, "is one of your own files"),
        ((), {"shop": csv_of([*COURSES, ["c", "shop", "C", "any=1", "hour", "ten", ""]])}, 3, "1 fault in the catalog"),
        ((), {"me": "budgett = 3\n" + EASY}, 4, 'Did you mean "budget"?'),
        (("--what-if", "a=1"), {"me": "[preferences]\nrequire = ['z']\n" + EASY}, 4, "nothing in the catalog has this name"),
        ((), {"rules": b"x = 1\n"}, 4, "rules.toml"),
    ],
)  # fmt: skip
def test_command_refuses_in_words(flags, changed, code, told):
    ran = command(*flags, **changed)
    assert (ran.code, ran.out, told in ran.err) == (code, "", True)


@pytest.mark.parametrize("flags", [(), ("--what-if", "budget=40")])
def test_command_without_a_proof_in_time_is_6(monkeypatch, flags):
    late = NotProven("no plan was found within the time limit")
    place = "optimizer.what_if.plan_for" if flags else "optimizer.planning.plan_for"
    monkeypatch.setattr(place, lambda _: raising(late))
    ran = command(*flags)
    assert (ran.code, ran.out) == (6, "")
    assert ran.err == "No plan was found within the time limit. Give it longer with --time-limit.\n"


def raising(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("place", ["optimizer.planning.plan_for", "optimizer.what_if.plan_for"])
def test_plan_that_fails_its_proof_is_not_explained(monkeypatch, place):
    monkeypatch.setattr(place, lambda asked: replace(plan_for(asked), cost=1, bound=1))
    flags = ("--what-if", "club=24")
    ran = command(*flags)
    assert (ran.code, ran.out) == (7, "")
    what = "The plan after the changes" if "what_if" in place else "The plan that was found"
    assert ran.err.startswith(f"{what} does not stand up to verification, so it is not shown:\n")


def test_command_writes_a_file():
    with files(shop=csv_of(COURSES), passes=csv_of(SOLD), rules=rules("2").encode(), me=EASY.encode()):
        shown, ran = run(*EXPLAIN), run(*EXPLAIN, "-o", "why.txt")
        assert (ran.code, ran.out, ran.err) == (0, "", "Written to why.txt.\n")
        assert Path("why.txt").read_text("utf-8") == shown.out


def test_command_writes_to_a_pipe_and_stops_when_the_reader_left():
    with files(shop=csv_of(COURSES), passes=csv_of(SOLD), rules=rules("2").encode(), me=EASY.encode()):
        line = " ".join([sys.executable, "-c", "'from optimizer.cli import main; main()'", *EXPLAIN])
        piped = subprocess.run(["bash", "-c", f"{line} | cat"], capture_output=True, text=True, check=False)
        left = subprocess.run(["bash", "-c", f"{line} | true"], capture_output=True, text=True, check=False)
    assert (piped.returncode, piped.stderr) == (0, "")
    assert "It costs $25.00" in piped.stdout
    assert left.stderr == ""
