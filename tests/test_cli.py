"""The command line from outside: exit codes, what goes to stdout and stderr, files, hostile input."""

import json
import os
import re
import stat
import subprocess
import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path
from textwrap import dedent

import pytest

from optimizer.cli import app, catalog_app, credentials_app, main
from tests.hard_instances import market_split, written
from tests.puzzle import rules, write

OK, USAGE, CATALOG, INPUT, NO_PLAN, NOT_PROVEN, NOT_VERIFIED = 0, 2, 3, 4, 5, 6, 7
TODAY = ("--as-of", "2026-11-22")
CLOSE = ("--deadline", "2027-06-30")
CEUPLAN = [sys.executable, "-c", "from optimizer.cli import main; main()"]

PLAN_KEYS = {
    "schema_version", "status", "as_of", "currency", "cost", "bound", "gap", "budget", "hours", "route", "purchases",
    "enrollments", "earned", "requirements", "caps", "no_plan", "fees", "reasons", "warnings", "not_modelled",
    "problem", "catalog", "together", "routes", "cross_check", "alternatives", "no_alternatives", "ties",
}  # fmt: skip
KEYS_OF = {
    "purchases": {"id", "kind", "title", "price", "on", "until", "assumed"},
    "enrollments": {
        "offering_id", "course_id", "title", "provider", "paid_by", "price", "hours", "start", "finish", "by",
        "counts", "assumed",
    },
    "counts": {"credential", "category", "approvers", "credit", "exact"},
    "earned": {"credential", "date", "title", "course_id", "counts", "void", "why_not"},
    "requirements": {"credential", "name", "required", "earned", "planned", "short"},
    "caps": {"credential", "name", "at_most", "items_at_most", "used", "void"},
    "no_plan": {"cheapest_full_cost", "bound", "partial_proven", "conflict", "remedies"},
    "remedies": {"change", "cost"},
    "fees": {"credential", "name", "amount", "note"},
    "problem": {"learner", "credentials"},
    "catalog": {"digest", "offerings", "passes", "set_aside"},
    "set_aside": {"why", "count"},
}  # fmt: skip
AMOUNTS = {
    "cost", "bound", "gap", "budget", "price", "hours", "credit", "void", "required", "earned", "planned", "short",
    "at_most", "used", "amount", "cheapest_full_cost",
}  # fmt: skip


EVERY_COMMAND = [
    [*prefix, command.name or command.callback.__name__]
    for group, prefix in ((app, ()), (catalog_app, ("catalog",)), (credentials_app, ("credentials",)))
    for command in group.registered_commands
    if not command.hidden
]


class Ran:
    """Hold what one run of the command left."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def ceuplan(monkeypatch, capsys, tmp_path):
    """Run the command in this process, in an empty folder, and check what holds for every run."""
    monkeypatch.chdir(tmp_path)

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["ceuplan", *args])
        with pytest.raises(SystemExit) as left:
            main()
        ran = Ran(left.value.code or 0, *capsys.readouterr())
        assert "Traceback" not in ran.err + ran.out
        assert not re.search(
            r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]", ran.out + ran.err
        )
        if ran.code not in (OK, NO_PLAN, NOT_PROVEN):
            assert ran.out == ""
            assert ran.err.strip()
        return ran

    return run


def table(path, text):
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(dedent(text).lstrip(), "utf-8")
    return str(path)


@pytest.fixture
def shop(tmp_path):
    """Return options for a question with two courses: 10 and 15 dollars, one credit each, of which two are needed."""
    write(tmp_path, "offering_id, price\na, 10\nb, 15", rules("2"))
    return (
        "--profile",
        str(tmp_path / "me.toml"),
        "--catalog",
        str(tmp_path / "catalog"),
        "--as-of",
        "2027-01-01",
    )


# Exit codes


def test_plan_is_0_and_goes_to_stdout(ceuplan, shop):
    ran = ceuplan("optimize", *shop)
    assert (ran.code, ran.err) == (OK, "")
    assert "$25.00" in ran.out


def test_version_is_told(ceuplan):
    assert ceuplan("--version").out == f"ceuplan {version('ceuplan')}\n"


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
def test_help_of_every_command_has_an_example_of_it(ceuplan, command):
    assert f"Example: ceuplan {' '.join(command)}" in " ".join(ceuplan(*command, "--help").out.split())


@pytest.mark.parametrize("name", ["38", "cma-aama", "folder/38"])
def test_what_is_no_name_of_a_file_is_not_written(ceuplan, tmp_path, name):
    """Tests a word meant as an answer: the message says what it was taken for, and how the answers are given."""
    (tmp_path / "folder").mkdir()
    ran = ceuplan("init", name)
    assert ran.code == USAGE
    assert f"ceuplan init {name}.toml" in ran.err
    assert "--credential" in ran.err
    assert not (tmp_path / name).exists()


def test_nothing_needed_is_0(ceuplan, shop):
    ran = ceuplan("optimize", *shop, "--earned", "any=2")
    assert ran.code == OK
    assert "Nothing left" in ran.out


def test_no_full_plan_is_5_and_shows_the_partial_plan_and_the_full_cost(ceuplan, shop):
    ran = ceuplan("optimize", *shop, "--budget", "24.99")
    assert ran.code == NO_PLAN
    assert "$25.00" in ran.out
    assert "$10.00" in ran.out
    assert "No full plan" in ran.out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["optimise"], "optimize"),
        (["optimize", "--budegt", "3"], "--budget"),
        (["optimize", "extra"], "extra"),
        (["optimize", "--as-of", "soon"], "soon"),
        (["optimize", "--as-of", "03/04/27"], "03/04/27"),
        (["optimize", "--as-of", "3027-01-01"], "3027"),
        (["optimize", "--time-limit", "0"], "--time-limit"),
        (["optimize", "--time-limit", "nan"], "--time-limit"),
        (["optimize", "--time-limit", "long"], "--time-limit"),
        (["optimize", "--format", "xml"], "or json"),
        (["optimize", "-o", "."], "folder"),
        (["optimize", "-o", "no/such/plan.txt"], "folder"),
        (["verify"], "PLAN.json"),
        (["verify", "nowhere.json"], "nowhere.json"),
        (["verify", "."], "."),
        (["catalog", "nothing"], "nothing"),
    ],
)
def test_wrong_usage_is_2(ceuplan, args, told):
    ran = ceuplan(*args)
    assert ran.code == USAGE
    assert told in ran.err


def test_several_faults_of_a_catalog_are_3_and_all_named(ceuplan, tmp_path):
    shop = table(
        tmp_path / "shop.csv",
        """
        offering_id,provider,title,credits,unit,price
        a,p,A,any=1,contact_hour,$15 - $60
        a,p,A,any=0,contact_hour,5
        """,
    )
    for args in (["optimize", *TODAY, "--catalog", shop], ["catalog", "check", shop]):
        ran = ceuplan(*args)
        assert ran.code == CATALOG
        assert "shop.csv, row 2, column price" in ran.err
        assert "shop.csv, row 3, column credits" in ran.err
        assert "shop.csv, row 3, column offering_id" in ran.err


def test_catalog_that_is_not_there_is_3(ceuplan):
    assert ceuplan("optimize", *TODAY, "--catalog", "nowhere").code == CATALOG
    assert ceuplan("catalog", "check", "nowhere").code == CATALOG


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--credential", "cma-aam"], 'Did you mean "cma-aama"?'),
        (["--profile", "nowhere.toml"], "nowhere.toml"),
        (["--transcript", "nowhere.csv"], "nowhere.csv"),
        (["--credential", "nowhere.toml"], "nowhere.toml"),
        (["--pass", "ace-anual@2027-12-31"], 'Did you mean "ace-annual"?'),
        (["--deadline", "2020-01-01"], "2020-01-01"),
        (["--credential", "rma-amt", "--member"], "--member"),
    ],
)
def test_faults_of_the_learner_are_4(ceuplan, args, told):
    ran = ceuplan("optimize", *TODAY, *args)
    assert (ran.code, told in ran.err) == (INPUT, True)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--deadline", "9999-12-31"], "9999-12-31"),
        (["--earned", "clinical"], "clinical"),
        (["--budget", "cheap"], "cheap"),
    ],
)
def test_faults_of_flags_are_usage(ceuplan, args, told):
    ran = ceuplan("optimize", *TODAY, *args)
    assert (ran.code, told in ran.err) == (USAGE, True)


def test_faults_of_all_files_of_the_learner_are_told_at_once(ceuplan, tmp_path):
    table(
        tmp_path / "me.toml",
        """
        budgte = 5
        transcript = "t.csv"
        [[credential]]
        id = "cma-aama"
        deadline = 2027-06-31
        """.replace("2027-06-31", '"soon"'),
    )
    table(tmp_path / "t.csv", "date,credits,unit\n2026-13-01,any=1,aama_ceu\n2026-01-01,clinical,aama_ceu\n")
    ran = ceuplan("optimize", *TODAY, "--profile", "me.toml")
    assert ran.code == INPUT
    for told in ('Did you mean "budget"?', '"soon"', "t.csv, row 2", "t.csv, row 3"):
        assert told in ran.err


def test_out_of_time_is_6_only_if_proof_is_required(ceuplan, tmp_path):
    """A thousandth of a second for what no solver proves in one."""
    rows, needed, _ = market_split()
    hurried = ("optimize", *written(tmp_path, rows, needed), "--time-limit", "0.001")
    ran = ceuplan(*hurried, "--require-proof")
    assert ran.code == NOT_PROVEN
    assert not ran.out or "not proven" in ran.out
    ran = ceuplan(*hurried)
    assert ran.code in (OK, NOT_PROVEN)
    assert not ran.out or "not proven" in ran.out


def test_proof_required_and_given_is_0(ceuplan, shop):
    assert ceuplan("optimize", *shop, "--require-proof").code == OK


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("cost", "1.00", "1.00"),
        ("hours", "3.00", "hours"),
        ("status", "done", "status"),
        ("as_of", 7, "as_of"),
    ],
)
def test_damaged_plan_is_7(ceuplan, shop, tmp_path, key, value, told):
    assert ceuplan("optimize", *shop, "--format", "json", "-o", "plan.json").code == OK
    assert ceuplan("verify", "plan.json", *shop[2:4]).code == OK
    plan = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    (tmp_path / "plan.json").write_text(json.dumps(plan | {key: value}), "utf-8")
    ran = ceuplan("verify", "plan.json", *shop[2:4])
    assert (ran.code, told in ran.err) == (NOT_VERIFIED, True)


def test_plan_of_another_catalog_is_7(ceuplan, shop):
    ceuplan("optimize", *shop, "--format", "json", "-o", "plan.json")
    assert ceuplan("verify", "plan.json").code == NOT_VERIFIED


@pytest.mark.parametrize("data", [b"{", b"[]", b"{}", b"null", b"[" * 100_000, b"\xff\xfe", b"", b"NaN"])
def test_what_is_no_plan_is_7(ceuplan, tmp_path, data):
    (tmp_path / "plan.json").write_bytes(data)
    assert ceuplan("verify", "plan.json").code == NOT_VERIFIED


# What is written, and where


def test_notes_go_to_stderr(ceuplan):
    ran = ceuplan("optimize", *TODAY, "--budget", "100")
    assert ran.code == OK
    assert "No credential is named" in ran.err
    assert "No credential is named" not in ran.out
    assert "2026-11-22 to 2031-11-21" in ran.out  # 60 months less a day


def test_name_that_promises_another_format_is_noted(ceuplan, shop):
    text = ceuplan("optimize", *shop, "-o", "plan.HTML")
    page = ceuplan("optimize", *shop, "--format", "html", "-o", "plan.HTML")

    assert "Note: plan.HTML holds text, whatever its name says. For html, add: --format html" in text.err
    assert "whatever" not in page.err


def test_output_goes_to_a_file_whole(ceuplan, shop, tmp_path):
    ran = ceuplan("optimize", *shop)
    (tmp_path / "plan.txt").write_text("something longer than the plan " * 1000, "utf-8")
    to_file = ceuplan("optimize", *shop, "-o", "plan.txt")
    assert (to_file.code, to_file.out) == (OK, "")
    assert (tmp_path / "plan.txt").read_text("utf-8") == ran.out
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


@pytest.mark.skipif(os.name != "posix", reason="named pipes are not files elsewhere")
def test_output_never_replaces_what_is_no_regular_file(ceuplan, shop, tmp_path):
    """Tests that a pipe, or a device such as /dev/null, is written or refused, but stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        ran = ceuplan("optimize", *shop, "-o", str(pipe))
    finally:
        os.close(reader)
    assert ran.code in (OK, USAGE)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(
    "args",
    [["--budget", "100"], ["--budget", "20"], [*CLOSE, "--earned", "clinical=12@aama", "--budget", "100"]],
    ids=["full", "partial", "earned"],
)
def test_json_has_exactly_the_promised_keys(ceuplan, args):
    ran = ceuplan("optimize", *TODAY, *args, "--format", "json")
    plan = json.loads(ran.out)
    assert set(plan) == PLAN_KEYS
    check_keys(plan)
    assert plan["schema_version"] == 1
    assert plan["currency"] == "USD"
    cents = sum(round(float(p["price"]) * 100) for p in plan["purchases"])
    assert cents == round(float(plan["cost"]) * 100)


def check_keys(value, name=""):
    if isinstance(value, list):
        for item in value:
            check_keys(item, name)
    elif isinstance(value, dict):
        if name in KEYS_OF:
            assert set(value) == KEYS_OF[name], name
        for key, inner in value.items():
            if key == "learner":
                continue
            if key in AMOUNTS and not isinstance(inner, list) and inner is not None:
                assert re.fullmatch(r"\d+\.\d\d+", inner), (key, inner)
            check_keys(inner, key)


def test_same_question_gives_the_same_bytes(ceuplan, shop):
    assert (
        ceuplan("optimize", *shop, "--format", "json").out
        == ceuplan("optimize", *shop, "--format", "json").out
    )


def test_without_reduction_the_plan_is_the_same(ceuplan, shop):
    plans = [ceuplan("optimize", *shop, "--format", "json", *flag).out for flag in ([], ["--no-reduction"])]
    assert plans[0] == plans[1]


@pytest.mark.parametrize(
    "args",
    [
        ["optimize", *TODAY, "--budget", "100"],
        ["optimize", *TODAY, "--budget", "20"],
        ["catalog", "check"],
        ["credentials", "list"],
        ["--help"],
        ["optimize", "--help"],
    ],
    ids=" ".join,
)
def test_lines_of_a_pipe_are_at_most_80_wide(ceuplan, args):
    too_wide = [line for line in ceuplan(*args).out.splitlines() if len(line) > 80 and "://" not in line]
    assert too_wide == []


def test_lines_are_80_wide_with_long_and_wide_titles(ceuplan, shop, tmp_path):
    title = "Ä" * 200 + " 日本語" * 40
    write_title(tmp_path, title)
    lines = ceuplan("optimize", *shop).out.splitlines()
    columns = [sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines]
    assert max(columns) <= 80


def write_title(folder, title):
    header = "offering_id,provider,title,credits,unit,price\n"
    quoted = title.replace('"', '""')
    (folder / "catalog" / "shop.csv").write_text(
        f'{header}a,shop,"{quoted}",any=2,hour,10\n', "utf-8", newline=""
    )


HOSTILE = [
    "\x1b[2J\x1b[31mred\x07",
    "one\r\n\nWhat to buy\n  $0.00",
    "\u202egnorw ,thgir ot tfel\u2066\u200f",
    "\x9b31m\x85\u2028\u2029next",
    "=HYPERLINK(1)",
    "{0} %s {plan} [bold]\\n",
    "\ufeff\ue000\U000e0001",
    "t" * 5_000,
]


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_titles_are_harmless_in_text(ceuplan, shop, tmp_path, title):
    write_title(tmp_path, title)
    ran = ceuplan("optimize", *shop)
    if ran.code == CATALOG:
        return  # refused is harmless as well
    assert ran.code == OK
    assert [line for line in ran.out.splitlines() if line == "What to buy"] == ["What to buy"]
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_titles_are_harmless_in_json_and_kept(ceuplan, shop, tmp_path, title):
    """Tests that JSON on a terminal holds no control or direction marks, and still says what the catalog says."""
    write_title(tmp_path, title)
    ran = ceuplan("optimize", *shop, "--format", "json")
    if ran.code == CATALOG:
        return
    assert json.loads(ran.out)["enrollments"][0]["title"].strip() == title.strip()


# Flags and files of the learner


def test_transcript_of_the_profile_and_flags_add_up(ceuplan, tmp_path):
    table(
        tmp_path / "mine" / "t.csv",
        """
        date,title,credits,unit,kind,approvals,course_id
        2025-05-01,HIV basics,clinical=7,aama_ceu,course,aama,
        2019-05-01,Too early,clinical=7,aama_ceu,course,aama,
        """,
    )
    table(
        tmp_path / "mine" / "me.toml",
        """
        transcript = "t.csv"
        [[credential]]
        id = "cma-aama"
        deadline = 2027-06-30
        """,
    )
    args = (
        "--profile",
        "mine/me.toml",
        "--earned",
        "general=9",
        "--pass",
        "ace-annual@2027-03-31",
        "--format",
        "json",
    )
    ran = ceuplan("optimize", *TODAY, *args)
    assert (ran.code, ran.err) == (OK, "")
    plan = json.loads(ran.out)
    earned = {r["name"]: r["earned"] for r in plan["requirements"]}
    assert earned == {
        "total": "16.00", "administrative": "0.00", "clinical": "7.00", "general": "9.00", "AAMA-approved": "7.00",
    }  # fmt: skip
    assert [(line["title"], line["why_not"]) for line in plan["earned"]] == [
        ("Too early", "outside the cycle"),
        ("HIV basics", None),
        ("", None),
    ]
    by_pass = {e["by"] for e in plan["enrollments"] if e["paid_by"] == "ace-annual" and not plan["purchases"]}
    assert by_pass <= {"2027-03-31"}


def test_flag_wins_over_the_file(ceuplan, shop):
    plan = json.loads(ceuplan("optimize", *shop, "--deadline", "2027-03-31", "--format", "json").out)
    assert {e["by"] for e in plan["enrollments"]} == {"2027-03-31"}


def test_member_is_warned_that_dues_are_not_in_the_cost(ceuplan):
    plan = json.loads(ceuplan("optimize", *TODAY, *CLOSE, "--member", "--format", "json").out)
    assert any("dues" in warning for warning in plan["warnings"])
    assert all(p["id"] != "aama-membership" for p in plan["purchases"])


def test_only_published_values_give_no_full_plan(ceuplan):
    ran = ceuplan("optimize", *TODAY, "--no-assumed", "--format", "json")
    plan = json.loads(ran.out)
    assert (ran.code, plan["status"]) == (NO_PLAN, "infeasible")
    assert plan["no_plan"]["cheapest_full_cost"] is None
    text = ceuplan("optimize", *TODAY, "--no-assumed")
    assert text.code == NO_PLAN
    assert "at any price" in text.out


def test_only_published_values_leave_no_assumed_line(ceuplan):
    """Tests that a plan without assumed values does not go on to say that it rests on some."""
    assert "values nobody published" not in ceuplan("optimize", *TODAY, "--no-assumed").out


def test_several_credentials_are_planned_together(ceuplan, tmp_path):
    """Tests that what is bought once serves both: 30 points of the one and 60 of the other cost no more than the 60."""
    table(
        tmp_path / "me.toml",
        """
        [[credential]]
        id = "cma-aama"
        deadline = 2028-06-30
        [[credential]]
        id = "rma-amt"
        deadline = 2028-06-30
        """,
    )
    ran = ceuplan("optimize", *TODAY, "--profile", "me.toml", "--format", "json")
    plan = json.loads(ran.out)
    apart = {one["credential"]: one["cost"] for one in plan["together"]["apart"]}

    assert (ran.code, plan["status"]) == (OK, "optimal")
    assert apart == {"cma-aama": "59.90", "rma-amt": "29.95"}
    assert (plan["cost"], plan["together"]["saves"]) == ("59.90", "29.95")
    assert {r["credential"] for r in plan["requirements"]} == set(apart)
    assert "saves $29.95" in ceuplan("optimize", *TODAY, "--profile", "me.toml").out


def test_exam_is_another_route(ceuplan):
    """Tests that the exam is priced beside a plan, planned if asked for, and not the cheapest by itself."""
    default, exam, any_ = (
        json.loads(ceuplan("optimize", *TODAY, *CLOSE, *more, "--format", "json").out)
        for more in ([], ["--route", "exam"], ["--route", "any"])
    )
    (priced,) = default["routes"]

    assert default["route"] == {"cma-aama": "continuing-education"}
    assert (exam["route"], exam["cost"]) == ({"cma-aama": "exam"}, priced["cost"])
    assert [p["kind"] for p in exam["purchases"]][-1] == "route"
    assert exam["enrollments"] == []
    assert float(any_["cost"]) == min(float(default["cost"]), float(exam["cost"]))


def test_route_that_nobody_has_is_refused(ceuplan):
    ran = ceuplan("optimize", *TODAY, "--route", "exm")
    assert (ran.code, ran.out) == (USAGE, "")
    assert 'Did you mean "exam"?' in ran.err


def test_weekly_hours_are_kept(ceuplan):
    """Tests that 60 hours at 3 a week take 20 weeks, the 20 courses of the second year 7 after its start."""
    ran = ceuplan("optimize", *TODAY, "--hours-per-week", "3", "--format", "json")
    plan = json.loads(ran.out)
    assert (ran.code, plan["status"], plan["cost"]) == (OK, "optimal", "59.90")
    # 40 hours at 3/7 a day are over on the 94th day, the 20 of the next membership on the 47th of that.
    finishes = sorted(e["finish"] for e in plan["enrollments"])
    assert (finishes[39], finishes[-1]) == ("2027-02-23", "2028-01-07")


def test_shipped_catalog_is_added_back(ceuplan, tmp_path):
    mine = table(
        tmp_path / "mine.csv",
        """
        offering_id,provider,title,credits,unit,price,approvals
        me:all,me,All of it,any=30; administrative=10; clinical=10; general=10,aama_ceu,5,aama
        """,
    )
    alone, both = (
        json.loads(ceuplan("optimize", *TODAY, "--catalog", mine, *more, "--format", "json").out)
        for more in ([], ["--catalog", "shipped"])
    )
    shipped = json.loads(ceuplan("optimize", *TODAY, "--format", "json").out)
    assert (alone["catalog"]["offerings"], alone["cost"]) == (1, "5.00")
    assert both["catalog"]["offerings"] == shipped["catalog"]["offerings"] + 1
    assert both["cost"] == "5.00"


def test_credentials_and_catalog_are_listed(ceuplan):
    listed = ceuplan("credentials", "list")
    assert listed.code == OK
    for credential in ("cma-aama", "rma-amt", "ncma-ncct", "ccma-nha"):
        assert credential in listed.out
    checked = ceuplan("catalog", "check")
    assert (checked.code, "sound" in checked.out) == (OK, True)


# A process of its own


def process(*args, **env):
    return subprocess.run(
        [*CEUPLAN, *args], capture_output=True, timeout=60, env={**os.environ, **env}, check=False
    )


def test_exit_code_of_a_process():
    ran = process("optimize", *TODAY, "--budget", "1")
    assert ran.returncode == NO_PLAN
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_terminal_without_unicode_gets_an_answer(shop, tmp_path, form):
    write_title(tmp_path, "Ärzte 日本 →")
    env = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = process("optimize", *shop, "--format", form, **env)
    assert (ran.returncode, ran.stderr) == (OK, b"")
    text = ran.stdout.decode("ascii")
    if form == "json":
        assert json.loads(text)["enrollments"][0]["title"] == "Ärzte 日本 →"


@pytest.mark.skipif(os.name != "posix", reason="pipes break differently elsewhere")
def test_reader_that_leaves_is_no_error():
    with subprocess.Popen(
        [*CEUPLAN, "credentials", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        run.stdout.close()
        err = run.stderr.read().decode()
    assert run.returncode == 0
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_full_disk_is_told_in_words():
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*CEUPLAN, "credentials", "list"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert ran.returncode != 0
    assert b"Traceback" not in ran.stderr
