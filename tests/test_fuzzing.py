# ruff: noqa: E501 - many values a line
"""Damaged files and flags through the whole command: an answer or faults in words, never a crash.

The examples are the same on every run. `CEUPLAN_FUZZ=5000 uv run pytest -n 0 tests/test_fuzzing.py` tries so
many others of each sort.
"""

import json
import os
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from catalogs.schema import PASSES
from tests.damaged import (
    ASK,
    COURSES,
    CSVS,
    DONE,
    LEARNER,
    RULES,
    SOLD,
    Ran,
    asked,
    csv_of,
    faults_in,
    files,
    run,
    with_cell,
)
from tests.puzzle import rules

MANY = int(os.environ.get("CEUPLAN_FUZZ", "0"))


def fuzzed(examples: int) -> settings:
    return settings(
        max_examples=MANY or examples,
        derandomize=not MANY,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


# What goes wrong with them

HOSTILE = (
    "", " ", "\0", "x\0y", "\x1b[2J\x1b[31m", "\x07\r", "\u202e\u2066", "\u2028\x85", "\ufeff", "\U000e0001", "\ud800",
    "=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "<script>alert(1)</script>", "{0} %s %(a)s [red]", "\\n", '"', "'", '""', "''",
    "٣", "１２", "½", "²", "İ", "ß", "9" * 5000, "x" * 200_000, "1e999", "1e-9", "NaN", "-Infinity", "0x10", "1_000",
    "0", "0.00", "0.01", "0.001", "1", "2", "1.5", "100", "36500", "9999999.99", "999999.99", "1,000", "1,5", "$15 - $60",
    "free", "50%", "100%", "0.01%", "included", "member price", "1 hr 30 min", "99999", "yes", "no", "5/6", "1/999999999",
    ";", ";;", "|", "=", "#", "@", ",", "a", "A", "e", "mine", "annual", "club", "half; club", "any", "any=1", "any=999999.99",
    "clinical=0.01", "a|a=1", "clinical|general|any=3", "amt", "amt#1@2027-01-01/2027-01-01", "amt@2027-01-01", "price",
    "0001-01-01", "1900-01-01", "2199-12-31", "2027-02-30", "2028-02-29", "2027-01-01", "2026-12-31", "2027-12-31",
    "03/04/2027", "Mar 3, 2027", "02-29", "12-31", "hour", "cme", "cpr", "in person", "exam", "continuing-education",
)  # fmt: skip
TEXT = st.sampled_from(HOSTILE) | st.text(max_size=8)
JUNK = st.sampled_from(
    [b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b'"', b";", b",", b"=", b"[", b"]", b"\x1b[2J", b"#",
     b"'''", b"{", b"1e9999999999999999999", b"\xc3", b"a.b.c=1\n", b"\x85", "\u2028".encode()]
) | st.binary(max_size=6)  # fmt: skip


def near(text: str) -> st.SearchStrategy[str]:
    """Return texts that are hostile, or have something of that text."""
    return TEXT | st.builds("".join, st.permutations([text, text[:1], "x"])) | st.builds(text.__add__, TEXT)


@st.composite
def with_bad_cells(draw, rows: list[list[str]], header: bool = False) -> list[list[str]]:
    """Draw the rows with some cells replaced, those of the header too if asked for."""
    changed = [list(row) for row in rows]
    for _ in range(draw(st.integers(1, 3))):
        row = 0 if header and draw(st.booleans()) else draw(st.integers(1, len(rows) - 1))
        column = draw(st.integers(0, len(rows[0]) - 1))
        changed[row][column] = draw(near(rows[row][column]))
    if header:
        row = draw(st.integers(0, len(rows) - 1))
        match draw(st.sampled_from(["", "drop a cell", "add a cell", "twice", "no row", "only"])):
            case "drop a cell":
                changed[row] = changed[row][1:]
            case "add a cell":
                changed[row].append(draw(TEXT))
            case "twice":
                changed.append(changed[row])
            case "no row":
                del changed[row]
            case "only":
                changed = [changed[row]]
    return changed


@st.composite
def with_bad_bytes(draw, data: bytes) -> bytes:
    """Draw the bytes with some cut out and others put in."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from([0, 0, 1, 2, 10, 10**9]))
        data = data[:start] + draw(JUNK) + data[start + length :]
    return data


TOML_VALUES = st.one_of(
    near("text").map(json.dumps),
    st.sampled_from(
        ["true", "0", "-1", "1.5", "0.01", "nan", "-inf", "1e400", "9" * 400, "2027-01-01", "2027-12-31", "1900-01-01",
         "2027-01-01T00:00:00Z", "07:30:00", "[]", "{}", "[[]]", '["a", 1]', '{ a = 1 }', '["annual", "any=1"]', "''",
         '"""a\nb"""', "0xff", "{ kind = 'cpr' }", "{ not = { kind = 'cpr' } }", "{ category = ['clinical', 'x'] }", ""]
    ),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.dates().map(str),
)  # fmt: skip
KEY = re.compile(r"(\w+)( = )(.*)")


@st.composite
def with_bad_lines(draw, text: str) -> bytes:
    """Draw the TOML with some lines changed, dropped, repeated or moved."""
    lines = text.splitlines()
    keys = [number for number, line in enumerate(lines) if KEY.fullmatch(line)]
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.sampled_from(keys))
        found = KEY.fullmatch(lines[number])
        how = draw(st.sampled_from(["value", "value", "value", "key", "add", "drop", "copy", "head"]))
        other = draw(st.integers(0, len(lines) - 1))
        match how:
            case "value" if found:
                lines[number] = f"{found[1]} = {draw(TOML_VALUES)}"
            case "key" if found:
                lines[number] = f"{draw(near(found[1]).map(json.dumps))} = {found[3]}"
            case "add":
                key = draw(
                    st.sampled_from(
                        ["x", "file", "row", "route", "where.not.kind", "hours_per_week", "every_months"]
                    )
                )
                lines[number] += f"\n{key} = {draw(TOML_VALUES)}"
            case "drop":
                lines[number] = ""
            case "copy":
                lines[other] += f"\n{lines[number]}"
            case "head":
                heads = [place for place, line in enumerate(lines) if line.startswith("[")]
                head = draw(st.sampled_from(heads))
                lines[head] = draw(
                    st.sampled_from(
                        ["", lines[head].replace("[[", "[").replace("]]", "]"), f"[{lines[head]}"]
                    )
                )
    return "\n".join(lines).encode("utf-8", "surrogatepass")


# Running the command on them


def check_faults(ran: Ran, *files: str, placed: bool = False) -> None:
    """Check the faults a run tells of, if any; `placed` if each must stand in a row, and most in a column."""
    assert ran.out == "" or ran.code not in (2, 3, 4, 7)
    if ran.code in (3, 4):
        for found in faults_in(ran, *files):
            assert not placed or found["rows"], found.string


def test_the_sound_files_are_sound():
    ran = asked()
    assert (ran.code, ran.err) == (0, "")
    with files():
        assert run("catalog", "check", "c").code == 0


STEERING = "\x1b[2J\x07\x9b\u202e\u2066\u2028"


def test_steering_characters_in_every_cell_are_shown_as_their_codes():
    broken = [[*rows[:1], [STEERING] * len(rows[0])] for rows in (COURSES, SOLD, DONE)]
    ran = asked(shop=csv_of(broken[0]), passes=csv_of(broken[1]))
    assert (ran.code, "\\x1b[2J\\x07" in ran.err) == (3, True)
    ran = asked(done=csv_of(broken[2]), me=LEARNER.replace('"T"', json.dumps(STEERING)).encode())
    assert (ran.code, "\\x1b[2J\\x07" in ran.err) == (4, True)


@pytest.mark.parametrize("column", ["offering_id", "provider", "title", "url", "note", "strange"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_steering_characters_that_text_may_hold_are_harmless_in_a_plan(column, form):
    rows = [list(cells) for cells in COURSES]
    if column in rows[0]:
        for cells in rows[1:]:
            cells[rows[0].index(column)] += STEERING
    else:
        rows = [[*cells, STEERING] for cells in rows]
    ran = asked(
        "--format",
        form,
        shop=csv_of(rows),
        me=LEARNER.replace('offering_id = "e"', "pass_id = 'half'\nuntil = 2027-12-31").encode(),
    )
    assert ran.code in (0, 5)


@pytest.mark.parametrize(
    "args",
    [
        *([*ASK, name, STEERING] for name in ("--budget", "--deadline", "--earned", "--pass", "--route", "--credential")),
        *([*ASK, name, STEERING] for name in ("--as-of", "--format", "--time-limit", "--transcript", "--catalog")),
        ["optimize", "--profile", STEERING],
        ["catalog", "check", STEERING],
        ["verify", STEERING],
        [STEERING],
        *(["optimize", word] for word in (STEERING, f"--{STEERING}")),
    ],
)  # fmt: skip
def test_steering_characters_of_flags_are_shown_as_their_codes(args):
    with files():
        assert run(*args).code in (2, 3, 4)


def test_term_that_ends_in_another_century_is_proved():
    """Tests a day beyond those a catalog may state: a plan's own days go further."""
    ran = asked(
        *("--as-of", "2150-01-01", "--format", "json"),
        passes=with_cell(SOLD, PASSES, 2, "term_days", "36500"),
        shop=csv_of([COURSES[0], COURSES[3]]),
        rules=rules("1").encode(),
        me=b'[[credential]]\nfile = "rules.toml"\ndeadline = 2150-12-31\n',
    )
    assert [one["until"] for one in json.loads(ran.out)["purchases"]] == ["2249-12-07"]


@fuzzed(50)
@given(shop=with_bad_cells(COURSES), data=st.data())
def test_bad_cells_of_a_catalog(shop, data):
    sold = data.draw(with_bad_cells(SOLD)) if data.draw(st.booleans()) else SOLD
    ran = asked(shop=csv_of(shop), passes=csv_of(sold))
    whole = any("\ud800" in cell or len(cell) > 100_000 for row in shop + sold for cell in row)
    check_faults(ran, *CSVS, "me.toml", placed=ran.code == 3 and not whole)


@fuzzed(50)
@given(
    name=st.sampled_from(["shop", "passes"]),
    data=st.data(),
    delimiter=st.sampled_from(",;"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_bad_forms_of_a_catalog(name, data, delimiter, end):
    rows = data.draw(with_bad_cells(COURSES if name == "shop" else SOLD, header=True))
    content = csv_of(rows, delimiter, end)
    if data.draw(st.booleans()):
        content = data.draw(with_bad_bytes(content))
    with files(**{name: content}):
        ran = run("catalog", "check", "c")
    assert ran.code in (0, 3)
    check_faults(ran, *CSVS)


@fuzzed(50)
@given(content=with_bad_lines(RULES) | with_bad_bytes(RULES.encode()))
def test_bad_credentials(content):
    ran = asked(rules=content)
    check_faults(ran, "rules.toml", "me.toml")


@fuzzed(60)
@given(content=with_bad_lines(LEARNER) | with_bad_bytes(LEARNER.encode()))
def test_bad_learners(content):
    ran = asked(me=content)
    check_faults(ran, "me.toml", "rules.toml", "done.csv")


@fuzzed(40)
@given(data=st.data(), delimiter=st.sampled_from(",;"), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_bad_transcripts(data, delimiter, end):
    content = csv_of(data.draw(with_bad_cells(DONE, header=data.draw(st.booleans()))), delimiter, end)
    if data.draw(st.booleans()):
        content = data.draw(with_bad_bytes(content))
    ran = asked(done=content)
    check_faults(ran, "done.csv", "me.toml")


def flag(name: str, *values: str) -> st.SearchStrategy[tuple[str, str]]:
    # What a shell hands over: no NUL, and bytes that are no UTF-8 as half characters.
    said = (st.sampled_from(values) | st.sampled_from(values).flatmap(near)).map(
        lambda text: text.replace("\0", "\udcff")
    )
    return st.tuples(st.just(name), said)


FLAGS = st.one_of(
    flag("--budget", "20", "$1,000"),
    flag("--credential", "cma-aama", "rules.toml", "rma-amt"),
    flag("--deadline", "2027-06-30", "2031-12-31"),
    flag("--cycle-start", "2026-01-01", "2027-06-01"),
    flag("--earned", "clinical=4@amt", "any=2"),
    flag("--transcript", "done.csv", "c"),
    flag("--pass", "annual@2027-06-30", "club"),
    flag("--hours-per-week", "3"),
    flag("--route", "exam", "any", "continuing-education"),
    flag("--catalog", "c", "c/shop.csv", "c/passes.csv"),
    flag("--as-of", "2027-01-01", "2026-11-22"),
    flag("--alternatives", "2"),
    flag("--time-limit", "20", "1e-9"),
    flag("--format", "json", "text", "xml"),
    flag("-o", "plan.json", "c"),
    flag("--profile", "me.toml", "done.csv"),
    st.sampled_from([("--member",), ("--no-assumed",), ("--require-proof",), ("--no-reduction",)]),
    st.tuples(near("extra").map(lambda text: text.replace("\0", ""))),
)
COMMANDS = st.sampled_from(
    [("optimize",), ("catalog", "check"), ("verify",), ("optimise",), ("catalog",), ASK, ASK, ASK]
)


@fuzzed(80)
@given(command=COMMANDS, flags=st.lists(FLAGS, min_size=1, max_size=4))
def test_bad_flags(command, flags):
    args = [*command, *(word for pair in flags for word in pair)]
    assume("-h" not in args)
    if "c" not in args:
        args += ["--catalog", "c"]  # the shipped one takes long
    with files():
        ran = run(*args)
    assert ran.code != 7 or "verify" in args
    assert ran.out == "" or ran.code not in (2, 3, 4)


@cache
def sound_plan() -> str:
    return asked("--format", "json").out


@st.composite
def with_bad_values(draw, plan: object) -> object:
    """Draw a plan's JSON with something in it changed."""
    whole = {"": plan}
    for _ in range(draw(st.integers(1, 2))):
        whole.setdefault("", None)
        inner, key = whole, ""
        while isinstance(inner[key], (dict, list)) and inner[key] and draw(st.integers(0, 9)):
            inner = inner[key]
            key = draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
        junk = (
            st.none()
            | st.booleans()
            | st.integers(-1, 10**20)
            | near(str(inner[key]))
            | st.just([])
            | st.just({})
        )
        if draw(st.booleans()):
            inner[key] = draw(junk)
        elif isinstance(inner, dict):
            inner[draw(TEXT)] = inner.pop(key)
        else:
            inner.append(inner[key])
    return whole.get("")


@fuzzed(50)
@given(data=st.data())
def test_bad_plans(data):
    with files():
        broken = data.draw(with_bad_values(json.loads(sound_plan())))
        content = json.dumps(broken).encode()
        if data.draw(st.booleans()):
            content = data.draw(with_bad_bytes(content))
        Path("plan.json").write_bytes(content)
        ran = run("verify", "plan.json", "--catalog", "c")
    assert ran.code in (0, 7)
    assert ran.code == 0 or "plan.json" in ran.err
