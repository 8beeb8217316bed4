"""`ceuplan init`: questions from a script, a file that is read and planned, and nothing written otherwise."""

import io
import json
import re
import signal
import subprocess
import sys
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from optimizer import learner_writing, new_file
from optimizer.cli import main
from optimizer.learner_file import learner_from, read_profile
from tests.test_schemas import as_json, wrong

OK, USAGE, INPUT = 0, 2, 4
TODAY = date(2026, 11, 22)
CEUPLAN = [sys.executable, "-c", "from optimizer.cli import main; main()"]
TRANSCRIPT = "date,title,credits,unit,approvals\n2025-03-02,Infection control,clinical=2,aama_ceu,aama\n"
ANSWERS = ("cma-aama", "2027-06-30", "2027-12-31", "clinical=12@aama, general=9", "2025-05-01", "300", "2.5")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def init(monkeypatch, capsys, tmp_path):
    """Run `ceuplan` in an empty folder with lines on stdin; without any, as a script with nobody at the keyboard."""
    monkeypatch.chdir(tmp_path)

    def run(*args, lines=(), stdin=None, command="init"):
        monkeypatch.setattr(sys, "stdin", stdin or io.StringIO("".join(f"{line}\n" for line in lines)))
        monkeypatch.setattr(sys, "argv", ["ceuplan", command, *args, "--as-of", TODAY.isoformat()])
        with pytest.raises(SystemExit) as left:
            main()
        code, out, err = left.value.code or 0, *capsys.readouterr()
        assert "Traceback" not in err
        assert [name for name in names(tmp_path) if name.endswith(".part")] == []
        if code not in (OK, 5):
            assert out == ""
            assert command != "init" or "Nothing was written" in err or "never overwritten" in err
        return code, out, err

    return run


def learner(name="learner.toml"):
    return learner_from(read_profile(Path(name)), name, TODAY)


def written(folder, name="learner.toml"):
    text = (folder / name).read_text("utf-8")
    assert wrong("learner", as_json(text)) == []
    return tomllib.loads(text, parse_float=Decimal)


# A whole session


def test_answers_become_a_file_that_is_read_and_planned(init, tmp_path):
    code, out, err = init(lines=ANSWERS)
    assert (code, out.splitlines()) == (
        OK,
        ["Written to learner.toml. Next:", "  ceuplan optimize --profile learner.toml"],
    )
    assert err.count("[") == len(ANSWERS)
    earned = {"date": date(2025, 5, 1), "title": "earned so far", "unit": "recertification_point"}
    assert written(tmp_path) == {
        "hours_per_week": Decimal("2.5"),
        "budget": Decimal("300.00"),
        "credential": [{"id": "cma-aama", "deadline": date(2027, 6, 30)}],
        "holding": [{"pass_id": "aama-membership", "until": date(2027, 12, 31)}],
        "earned": [
            {**earned, "credits": "clinical=12", "approvals": "aama"},
            {**earned, "credits": "general=9"},
        ],
    }

    flags = (
        "--credential",
        "cma-aama",
        "--deadline",
        "2027-06-30",
        "--member-until",
        "2027-12-31",
        "--earned",
        "clinical=12@aama",
    )
    assert (
        init("short.toml", *flags, "--earned", "general=9", "--budget", "300", "--hours-per-week", "none")[0]
        == OK
    )
    code, out, _ = init("--profile", "short.toml", "--format", "json", command="optimize")
    assert code == OK
    found = json.loads(out)
    assert [(one["name"], one["earned"]) for one in found["requirements"]][:1] == [("total", "21.00")]
    assert found["budget"] == "300.00"


def test_flags_answer_without_questions(init, tmp_path):
    flags = (
        "--credential",
        "rma-amt",
        "--deadline",
        "June 30, 2028",
        "--transcript",
        "t.csv",
        "--budget",
        "none",
        "--hours-per-week",
        "3",
    )
    (tmp_path / "t.csv").write_text(TRANSCRIPT, "utf-8")
    code, out, err = init("mine.toml", *flags)

    assert (code, err) == (OK, "")
    assert "--profile mine.toml" in out
    assert written(tmp_path, "mine.toml") == {
        "hours_per_week": 3,
        "transcript": "t.csv",
        "credential": [{"id": "rma-amt", "deadline": date(2028, 6, 30)}],
    }
    assert [line.title for line in learner("mine.toml").earned] == ["Infection control"]


def test_a_transcript_is_an_answer_too(init, tmp_path):
    (tmp_path / "my = transcript.csv").write_text(TRANSCRIPT, "utf-8")
    assert init(lines=("", "2027-06-30", "no", "my = transcript.csv", "", ""))[0] == OK
    assert written(tmp_path) == {
        "transcript": "my = transcript.csv",
        "credential": [{"id": "cma-aama", "deadline": date(2027, 6, 30)}],
    }


@pytest.mark.parametrize(
    "name",
    ['a "quoted" \\ name.csv', "é 🙂.csv", "a'''b.csv", "#x = [1].csv", "..." + "." * 90 + "csv", "-x.csv"],
)
def test_hostile_names_of_files_survive(init, tmp_path, name):
    (tmp_path / name).write_text(TRANSCRIPT, "utf-8")
    assert init(lines=("", "2027-06-30", "", name, "", ""))[0] == OK
    assert written(tmp_path)["transcript"] == name
    assert len(learner().earned) == 1


def test_own_rules_and_files_elsewhere_get_paths_that_lead_there(init, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "t.csv").write_text(TRANSCRIPT, "utf-8")
    (tmp_path / "sub" / "r.toml").write_text(_rules(), "utf-8")
    flags = ("--credential", "sub/r.toml", "--transcript", "t.csv", "--deadline", "2027-06-30")
    assert init("sub/me.toml", *flags)[0] == OK
    found = written(tmp_path / "sub", "me.toml")

    assert found["credential"][0]["file"] == "r.toml"
    assert found["transcript"] == str(tmp_path / "t.csv")
    assert init("--profile", "sub/me.toml", command="optimize")[0] in (OK, 5)


def _rules(membership=""):
    return (
        f'id = "x-y"\nname = "X"\nissuer = "Y"\nunit = "point"\n{membership}\n[[version]]\neffective = 2020-01-01\n'
        'cycle_months = 24\nsource = { title = "t", url = "https://example.org" }\n'
        '[[version.requirement]]\nname = "total"\nat_least = 1\n'
    )


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        (("rma-amt", "", "", ""), 4),  # no membership; without a deadline nothing earned before counts
        (("cma-aama", "unknown", "no", "none", "none"), 5),
        (("cma-aama", "2027-06-30", "no", "none", "none", "none"), 6),
        (("cma-aama", "2035-06-30", "no", "none", "none"), 5),  # a cycle that begins later
    ],
)
def test_only_what_matters_is_asked(init, tmp_path, lines, asked):
    code, _, err = init(lines=lines)
    assert (code, err.count("[")) == (OK, asked)
    assert set(written(tmp_path)) == {"credential"}


# Wrong answers are asked again


@pytest.mark.parametrize(
    ("number", "answer", "problem"),
    [
        (0, "cma-ama", 'no such credential is known. Known are .*Did you mean "cma-aama"'),
        (0, "CMA (AAMA)", "not a word of small letters.* Write it like cma-aama"),
        (0, "none.toml", "cannot be read: no such file"),
        (0, "none", "no such credential"),
        (1, "03/04/27", "two digits, so the date is ambiguous"),
        (1, "2026-11-21", "before 2026-11-22, the day the plan is for"),
        (1, "2019-12-31", "before 2026-11-22"),
        (2, "yes", "it is not a date"),
        (3, "clinical=0", "not above 0"),
        (3, "clinical=12@", "names no approver"),
        (3, "clinical", "cannot be read: no such file"),
        (3, "bad.csv", r"bad.csv, row 1: it is missing. Add the column"),
        (3, "worse.csv", r'worse.csv, row 2: "soon": it is not a date(.|\n)*And 1 more'),
        (4, "2022-06-30", "before 2022-07-01, where the cycle begins"),
        (4, "2026-11-23", "after 2026-11-22"),
        (5, "-5", "negative"),
        (5, "$15 - $60", "more than one amount"),
        (6, "200", "at most 168"),
        (6, "\x1b[31m", r"\\x1b"),
    ],
)
def test_a_wrong_answer_is_asked_again(init, tmp_path, number, answer, problem):
    (tmp_path / "bad.csv").write_text("date,title\n2025-01-01,x\n", "utf-8")
    (tmp_path / "worse.csv").write_text("date,credits\n" + "soon,any=1\n" * 6, "utf-8")
    lines = [*ANSWERS]
    lines.insert(number, answer)
    code, _, err = init(lines=lines)

    assert code == OK
    assert re.search(problem, err)
    assert "\x1b" not in err
    assert written(tmp_path)["budget"] == 300


@pytest.mark.parametrize(
    ("flags", "code", "problem"),
    [
        (("--deadline", "soon"), INPUT, "it is not a date"),
        (("--credential", "cma-ama"), INPUT, 'Did you mean "cma-aama"'),
        (("--earned", "clinical"), USAGE, "no amount"),
        (("--earned", "clinical=1", "--deadline", "unknown"), INPUT, "nothing earned before counts"),
        (("--transcript", "none.csv"), INPUT, "no such file"),
        (("--transcript", "a\x1bb.csv"), INPUT, "control characters"),
        (("--member-until", "2027-01-01", "--credential", "rma-amt"), USAGE, "names no membership"),
        (("--budget", " "), USAGE, "it is empty"),
        (("--earned-on", "soon"), INPUT, "it is not a date"),
        (("x" * 300,), USAGE, "File name too long"),
        (("none/learner.toml",), USAGE, "folder that does not exist"),
        ((".",), USAGE, "it is a folder"),
    ],
)
def test_a_wrong_flag_stops(init, tmp_path, flags, code, problem):
    found, _, err = init(*flags)
    assert (found, names(tmp_path)) == (code, [])
    assert problem in err


# Nothing is overwritten, and nothing is left half-done


def test_an_existing_file_is_never_overwritten(init, tmp_path):
    (tmp_path / "learner.toml").write_bytes(b"mine\r\n")
    (tmp_path / "learner-2.toml").symlink_to("nowhere")
    code, _, err = init(lines=ANSWERS)

    assert code == USAGE
    assert "ceuplan init learner-3.toml" in err
    assert "[" not in err
    assert (tmp_path / "learner.toml").read_bytes() == b"mine\r\n"
    assert init("learner-2.toml", lines=ANSWERS)[0] == init(".", lines=ANSWERS)[0] == USAGE


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_is_never_overwritten(monkeypatch, tmp_path, links):
    if not links:
        monkeypatch.setattr(new_file.os, "link", _no_links)
    path = tmp_path / "learner.toml"
    with pytest.raises(FileExistsError):
        new_file.create("new", path, lambda _: path.write_text("mine") and None)
    assert (path.read_text(), names(tmp_path)) == ("mine", ["learner.toml"])

    new_file.create("new", tmp_path / "other.toml", lambda _: None)
    assert (tmp_path / "other.toml").read_text() == "new"
    assert len(names(tmp_path)) == 2


@pytest.mark.parametrize(
    ("broken", "code", "problem"), [("create", USAGE, "No room"), ("profile_text", 1, "fault of ceuplan")]
)
def test_what_cannot_be_written_leaves_nothing(init, monkeypatch, tmp_path, broken, code, problem):
    """Tests a full disk, and a program that would write something other than what was answered."""

    def create(*_):
        raise OSError(28, "No room")

    if broken == "create":
        monkeypatch.setattr(new_file, "create", create)
    else:
        monkeypatch.setattr(learner_writing, "profile_text", lambda *_: "budget = 1\n")
    found, _, err = init(lines=ANSWERS)
    assert (found, names(tmp_path)) == (code, [])
    assert problem in err


def _no_links(*_):
    raise PermissionError(1, "not permitted")


@pytest.mark.parametrize("stop", [KeyboardInterrupt, UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no")])
def test_stopping_midway_writes_nothing(init, monkeypatch, tmp_path, stop):
    answers = iter(["cma-aama\n", stop])

    def readline():
        answer = next(answers)
        if isinstance(answer, str):
            return answer
        raise answer

    stdin = Terminal()
    monkeypatch.setattr(stdin, "readline", readline, raising=False)
    assert init(stdin=stdin)[0] == USAGE
    assert names(tmp_path) == []


def test_answers_that_end_midway_write_nothing(init, tmp_path):
    for count in range(1, len(ANSWERS)):
        assert init(lines=ANSWERS[:count])[0] == USAGE
    assert init(stdin=Terminal())[0] == USAGE  # Ctrl-D at the first question
    assert names(tmp_path) == []


def test_where_nobody_answers_defaults_are_taken_and_said(init, tmp_path):
    code, out, err = init()

    assert (code, "optimize" in out) == (OK, True)
    assert "Nobody is there to answer" in err
    assert "[cma-aama]" in err
    assert "[unknown]" in err
    assert written(tmp_path) == {"credential": [{"id": "cma-aama"}]}
    assert init("b.toml", "--earned", "clinical=1")[0] == USAGE  # the default deadline would make it void
    assert not (tmp_path / "b.toml").exists()


def test_a_pipe_and_a_closed_input_do_not_hang(tmp_path):
    lines = b"rma-amt\n2030-01-31\n\n\n\n\xff\n"
    piped = subprocess.run(
        [*CEUPLAN, "init"], input=lines, cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert piped.returncode == OK, piped.stderr
    assert b'"rma-amt"' in (tmp_path / "learner.toml").read_bytes()

    closed = ["sh", "-c", 'exec "$@" <&-', "sh", *CEUPLAN, "init", "b.toml"]
    done = subprocess.run(closed, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (done.returncode, b"Nobody is there" in done.stderr) == (OK, True)


def test_ctrl_c_in_a_real_process_writes_nothing(tmp_path):
    with subprocess.Popen(
        [*CEUPLAN, "init"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as run:
        assert run.stderr.readline()
        run.send_signal(signal.SIGINT)
        err = run.stderr.read()
    assert (run.returncode, b"Nothing was written" in err, names(tmp_path)) == (USAGE, True, [])
