"""`ceuplan batch` on one machine: what it reads, refuses and answers, learner by learner."""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from catalogs.loading import load, offerings_of, passes_of
from optimizer.batch_answer import FAILED, NOT_VERIFIED, Shared, answer
from optimizer.batch_state import State
from optimizer.batch_table import file_names
from optimizer.batch_workers import as_finished
from optimizer.cli import main
from optimizer.credential_file import load_file, load_shipped, read_credential
from optimizer.learner_file import learner_from
from optimizer.verify import verify
from tests.roster import AS_OF, COLUMNS, EARNED, HEADER, answers, arguments, rosters, set_up


class Ran:
    """Hold what one run of the command left."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def batch(monkeypatch, capsys, tmp_path):
    """Run the command in this process, in a folder with a catalog and rules."""
    monkeypatch.chdir(tmp_path)
    set_up(tmp_path)

    def run(*more):
        monkeypatch.setattr(sys, "argv", ["ceuplan", *arguments(*more)])
        with pytest.raises(SystemExit) as left:
            main()
        ran = Ran(left.value.code or 0, *capsys.readouterr())
        assert "Traceback" not in ran.err
        assert ran.out == ""
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ran.err)
        assert not (tmp_path / "out.csv.unfinished").exists()
        return ran

    return run


# Answers


def test_every_learner_is_answered_in_the_order_of_first_rows(batch, tmp_path):
    rosters(
        tmp_path,
        """
        cheap,R,2027-12-31,,,,
        poor,R,2027-12-31,,12,,
        done,R,2027-12-31,,,,
        half,R,2027-12-31,,,,
        owner,R,2027-12-31,,,,club@2027-12-31
        """,
        """
        done,2026-12-01,Before the cycle,any=1,hour
        done,2027-01-01,One,any=1,hour
        done,2027-01-01,Two,any=1.5,hour
        half,2027-01-01,One,any=1,hour
        """,
    )
    ran = batch("--plans", "plans")
    assert (ran.code, "5 learners: 1 infeasible, 1 nothing_needed, 3 optimal" in ran.err) == (0, True)
    found = answers(tmp_path)
    assert list(found[0]) == COLUMNS
    assert [
        (one["learner_id"], one["status"], one["cost"], one["purchases"], one["enrollments"], one["short"])
        for one in found
    ] == [
        ("cheap", "optimal", "25.00", "a; b", "a; b", "0.00"),
        ("poor", "infeasible", "10.00", "a", "a", "1.00"),
        ("done", "nothing_needed", "0.00", "", "", "0.00"),
        ("half", "optimal", "10.00", "a", "a", "0.00"),
        ("owner", "optimal", "0.00", "", "b; c", "0.00"),
    ]
    assert "the cheapest found costs $25.00" in found[1]["message"]
    assert "raise the budget by $13.00" in found[1]["message"]
    catalog = load(tmp_path / "catalog")
    for one in found:
        plan = json.loads((tmp_path / "plans" / f"{one['learner_id']}.json").read_text("utf-8"))
        assert verify(plan, catalog, load_shipped) == ()
        assert (plan["status"], plan["cost"]) == (one["status"], one["cost"])


def test_plan_is_the_one_that_optimize_prints(batch, tmp_path, monkeypatch):
    rosters(
        tmp_path,
        "one,R,2027-12-31,2027-01-01,$90,3,club@2027-06-30",
        "one,2027-01-01,Known,any=0.5,hour",
    )
    assert batch("--plans", "plans").code == 0
    (tmp_path / "me.toml").write_text(
        'budget = 90\nhours_per_week = 3\n[[credential]]\nfile = "rules.toml"\ndeadline = 2027-12-31\n'
        'cycle_start = 2027-01-01\n[[holding]]\npass_id = "club"\nuntil = 2027-06-30\n'
        '[[earned]]\ndate = 2027-01-01\ntitle = "Known"\ncredits = "any=0.5"\nunit = "hour"\n'
    )
    words = "optimize --profile me.toml --catalog catalog --format json -o me.json --as-of"
    monkeypatch.setattr(sys, "argv", ["ceuplan", *words.split(), AS_OF])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    assert (tmp_path / "plans" / "one.json").read_bytes() == (tmp_path / "me.json").read_bytes()


def test_rows_of_one_learner_are_several_credentials(batch, tmp_path):
    other = (tmp_path / "rules.toml").read_text("utf-8").replace("pz-test", "pz-other")
    (tmp_path / "other.toml").write_text(other, "utf-8")
    own = tmp_path / "other.toml"
    rosters(
        tmp_path,
        f"one,R,2027-12-31,,,,\ntwo,R,2027-12-31,,,,\none,{own},2027-12-31,,30,,club@2027-12-31",
    )
    assert batch("--plans", "plans").code == 0
    assert [(one["learner_id"], one["cost"]) for one in answers(tmp_path)] == [
        ("one", "0.00"),
        ("two", "25.00"),
    ]
    plan = json.loads((tmp_path / "plans" / "one.json").read_text("utf-8"))
    assert [one["id"] for one in plan["problem"]["credentials"]] == ["pz-test", "pz-other"]


def test_equal_problems_are_solved_once(batch, tmp_path):
    rosters(
        tmp_path,
        """
        one,R,2027-12-31,,20,,
        two,R,Dec 31 2027,,$20.00,,
        three,R,2027-12-31,,21,,
        """,
        """
        two,2027-01-01,B,any=0.25,hour
        one,2027-01-01,A,any=0.25,hour
        two,2027-01-01,A,any=0.25,hour
        one,2027-01-01,B,any=0.25,hour
        three,2027-01-01,A,any=0.25,hour
        three,2027-01-01,B,any=0.25,hour
        """,
    )
    ran = batch("--plans", "plans")
    assert "3 learners: 3 infeasible. 2 different problems, each solved once." in ran.err
    one, two, three = ((tmp_path / "plans" / f"{name}.json").read_bytes() for name in ("one", "two", "three"))
    assert one == two != three


def test_headers_cells_and_separators_are_read_leniently(batch, tmp_path):
    (tmp_path / "roster.csv").write_bytes(
        b"\xef\xbb\xbfEmployee ID;Certification;Deadline;Budget;Weekly hours\r\n"
        b'x ; rules.toml;Dec 31, 2027;"$1,029.95";2.5\r\n;;;;\r\n'
    )
    (tmp_path / "earned.csv").write_text(
        "Employee ID;Completed;Credits;Unit\nx;2027-01-01;any=1;hour\n", "utf-8"
    )
    assert batch().code == 0
    assert [(one["learner_id"], one["cost"]) for one in answers(tmp_path)] == [("x", "10.00")]


# Bad input of single learners

MISTAKES = [
    ("R", "03/04/27,,,,", "column deadline", "the year has two digits"),
    ("R", "2026-06-30,,,,", "column deadline", "it lies before 2027-01-01"),
    ("R", "1927-06-30,,,,", "column deadline", "outside the years 1950 to 2200"),
    ("R", "2019-12-31,2018-01-01,,,", "column deadline", "it lies before"),
    ("R", "2027-12-31,2028-01-01,,,", "column cycle_start", "it lies after the deadline"),
    ("R", "2027-12-31,soon,,,", "column cycle_start", "it is not a date"),
    ("R", "2027-12-31,,-5,,", "column budget", "the most you spend"),
    ("R", "2027-12-31,,$15 - $60,,", "column budget", "$15 - $60"),
    ("R", "2027-12-31,,,0,", "column hours_per_week", "above 0 and at most 168"),
    ("R", "2027-12-31,,,,clubb@2027-12-31", "column holdings", 'Did you mean "club"?'),
    ("R", "2027-12-31,,,,club", "column holdings", "does not say when"),
    ("R", "2027-12-31,,,,@2027-12-31", "column holdings", "it names no pass"),
    ("R", "2027-12-31,,,,club@never", "column holdings", "it is not a date"),
    ("R", "2027-12-31,,,,,", "", "the row has 8 cells"),
    ("", "2027-12-31,,,,", "column credential", "empty"),
    ("cma-aamma", "2027-12-31,,,,", "column credential", 'Did you mean "cma-aama"?'),
    ("none.toml", "2027-12-31,,,,", "none.toml", "it cannot be read"),
    ("broken.toml", "2027-12-31,,,,", "broken.toml", "it is not TOML"),
]
EARNED_MISTAKES = [
    ("2027-01-02,T,any=1,hour", "column date", "it lies after 2027-01-01"),
    (",T,any=1,hour", "column date", "it is missing"),
    ("2026-01-01,T,any=0,hour", "column credits", "not above 0"),
    ("2026-01-01,T,any=1", "", "the row has 4 cells"),
    ("2026-01-01,\x1b[31mT,any=1,hour", "column title", "control characters"),
]


def test_each_mistake_is_its_learners_alone_and_all_are_told(batch, tmp_path):
    (tmp_path / "broken.toml").write_text("id = ", "utf-8")
    rows = [f"m{n},{credential},{rest}" for n, (credential, rest, _, _) in enumerate(MISTAKES)]
    rows += [f"e{n},R,2027-12-31,,,," for n in range(len(EARNED_MISTAKES))]
    rows = [
        row
        for pair in zip(rows, (f"good{n},R,2027-12-31,,,," for n in range(99)), strict=False)
        for row in pair
    ]
    earned = [f"e{n},{line}" for n, (line, _, _) in enumerate(EARNED_MISTAKES)]
    rosters(tmp_path, "\n".join(rows), "\n".join(earned))
    ran = batch()
    assert ran.code == 4
    by_id = {one["learner_id"]: one for one in answers(tmp_path)}
    assert len(by_id) == len(rows)
    told = [(f"m{n}", column, words, "roster.csv, row") for n, (_, _, column, words) in enumerate(MISTAKES)]
    told += [
        (f"e{n}", column, words, "earned.csv, row") for n, (_, column, words) in enumerate(EARNED_MISTAKES)
    ]
    for name, column, words, place in told:
        one = by_id.pop(name)
        assert one["status"] == "bad_input", name
        assert one["cost"] == one["purchases"] == one["enrollments"] == one["short"] == ""
        for part in (column, words) if column.endswith(".toml") else (place, column, words):
            assert part in one["message"], name
        assert words in " ".join(ran.err.split())
    assert {(one["status"], one["cost"]) for one in by_id.values()} == {("optimal", "25.00")}


def test_two_faults_of_one_learner_are_told_with_their_rows(batch, tmp_path):
    rosters(
        tmp_path, "a,R,2027-12-31,,x,,\nb,R,2027-12-31,,,,\na,cma-aama,soon,,,-1,", "a,2027-01-01,T,one,hour"
    )
    assert batch().code == 4
    message = answers(tmp_path)[0]["message"]
    for place in ("row 2, column budget", "row 4, column deadline", "row 4, column hours_per_week"):
        assert f"roster.csv, {place}" in message
    assert "earned.csv, row 2, column credits" in message


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [("budget", ",100,,", ",$200,,"), ("hours_per_week", ",,3,", ",,3.5,"), ("holdings", ",,,a", ",,,b")],
)
def test_rows_of_a_learner_that_contradict_each_other_are_a_fault(batch, tmp_path, column, first, second):
    rosters(tmp_path, f"a,R,2027-12-31,{first}\na,cma-aama,2027-12-31,{second}\nb,R,2027-12-31,{first}")
    assert batch().code == 4
    bad, good = answers(tmp_path)
    assert (bad["status"], good["status"]) == ("bad_input", "optimal")
    assert f"row 3, column {column}" in bad["message"]
    assert "row 2 says" in bad["message"]


def test_a_credential_twice_is_a_fault(batch, tmp_path):
    rosters(tmp_path, "a,R,2027-12-31,,,,\na,R,2027-06-30,,,,")
    assert batch().code == 4
    assert "row 2 has this learner's pz-test already" in answers(tmp_path)[0]["message"]


def test_a_row_of_nobody_has_its_row_in_the_answer(batch, tmp_path):
    rosters(tmp_path, "a,R,2027-12-31,,,,\n,R,2027-12-31,,,,\n\x1b[31m,R,2027-12-31,,,,")
    assert batch("--plans", "plans").code == 4
    assert [(one["learner_id"], one["status"]) for one in answers(tmp_path)] == [
        ("a", "optimal"),
        ("", "bad_input"),
        ("\\x1b[31m", "bad_input"),
    ]
    assert [path.name for path in (tmp_path / "plans").iterdir()] == ["a.json"]


def test_earned_lines_of_nobody_in_the_roster_are_named(batch, tmp_path):
    rosters(tmp_path, "a,R,2027-12-31,,,,", "b,2027-01-01,T,any=1,hour\nb,2027-01-01,T,any=1,hour")
    ran = batch()
    assert ran.code == 0
    assert "2 earned lines are of learners who are not in the roster, and not used: b." in ran.err


def test_a_row_of_the_wrong_length_spoils_all_it_may_belong_to(batch, tmp_path):
    rosters(
        tmp_path,
        "a,R,2027-12-31,,,,\nb,R,2027-12-31,,,,",
        "a,2027-01-01,b,any=1,hour,\n,2027-01-01,T,any=1,hour",
    )
    ran = batch()
    assert ran.code == 4
    assert [one["status"] for one in answers(tmp_path)] == ["bad_input", "optimal"]
    assert "earned.csv, row 3, column learner_id: the learner_id is empty" in ran.err
    # Where the learner does not stand first, their cell may have moved.
    for name, header in (
        ("earned", "title,learner_id,date,credits,unit"),
        ("roster", "deadline,learner_id,credential"),
    ):
        rosters(tmp_path, "a,R,2027-12-31,,,,\nb,R,2027-12-31,,,,\nc,R,2027-12-31,,,,")
        sound = "".join(f"2027-12-31,{one},rules.toml\n" for one in "abc")
        rows = {"earned": "T,more,b,2027-01-01,any=1,hour", "roster": f"{sound}Dec 31,2027,b,rules.toml"}
        (tmp_path / f"{name}.csv").write_text(f"{header}\n{rows[name]}\n", "utf-8")
        assert batch().code == 4
        found = {one["learner_id"]: one["status"] for one in answers(tmp_path)}
        assert (found["a"], found["b"], found["c"]) == ("optimal", "bad_input", "optimal")


def test_what_a_killed_write_left_is_removed_and_nothing_else(batch, tmp_path):
    rosters(tmp_path, "a,R,2027-12-31,,,,")
    (tmp_path / "plans").mkdir()
    parts = [tmp_path / "plans" / ".a.json.123.part", tmp_path / ".out.csv.99.part"]
    others = [tmp_path / "plans" / ".b.json.123.part", tmp_path / ".out.csv.part"]
    for path in (*parts, *others):
        path.write_text("half")
    assert batch("--plans", "plans").code == 0
    assert [path.exists() for path in (*parts, *others)] == [False, False, True, True]


def test_the_state_of_other_inputs_is_not_used_and_says_so(batch, tmp_path):
    rosters(tmp_path, "a,R,2027-12-31,,,,")
    State(tmp_path / "out.csv.unfinished", "another digest").close()
    ran = batch()
    assert ran.code == 0
    assert "out.csv.unfinished is of a run with other inputs: it is not used." in ran.err
    assert [one["cost"] for one in answers(tmp_path)] == ["25.00"]


# Files that are broken as a whole


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (HEADER.encode(), "it names no learner"),
        (b"learner_id\na\n", "credential: it is missing"),
        (b"credential\ncma-aama\n", "learner_id: it is missing"),
        (b"learner_id,credential,budgt\na,cma-aama,5\n", 'Did you mean "budget"?'),
        (b"learner_id,credential,learner\na,cma-aama,b\n", "another column means learner_id too"),
        (b"learner_id,credential,\na,cma-aama,5\n", "column 3 has no name"),
        (b'learner_id,credential\n"a,cma-aama\n', "never closed"),
        (b"learner_id,credential\n\xff,cma-aama\n", "not UTF-8"),
    ],
    ids=range(9),
)
def test_a_broken_roster_is_4_and_leaves_no_answer(batch, tmp_path, content, told):
    rosters(tmp_path, "")
    (tmp_path / "roster.csv").write_bytes(content)
    ran = batch()
    assert ran.code == 4
    assert told in ran.err
    assert "roster.csv" in ran.err
    assert not (tmp_path / "out.csv").exists()


def test_both_files_that_are_broken_are_told_at_once(batch, tmp_path):
    (tmp_path / "earned.csv").write_text(
        EARNED.replace("credits", "credit_s") + "a,2027-01-01,T,any=1,hour\n"
    )
    ran = batch()
    assert ran.code == 4
    assert "there is no such file" in ran.err
    assert "credits: it is missing" in ran.err
    assert not (tmp_path / "out.csv").exists()


# Flags


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--workers", "0"), "--workers 0"),
        (("--workers", "2", "--cluster", "tcp://127.0.0.1:1"), "give one of them"),
        (("--cluster", " "), "the address of a scheduler"),
        (("--time-limit", "0"), "--time-limit 0"),
        (("--summary", "s.txt"), "a .json or .md file"),
        (("--summary", "out.json/x.md"), "--summary"),
        (("--plans", "roster.csv"), "--plans roster.csv"),
        (("-o", "roster.csv"), "your own files"),
        (("-o", "earned.csv"), "your own files"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_wrong_usage_is_2(batch, tmp_path, more, told):
    rosters(tmp_path, "a,R,2027-12-31,,,,")
    ran = batch(*more)
    assert ran.code == 2
    assert told in ran.err


def test_a_cluster_without_its_extra_is_refused_with_its_name(batch, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    rosters(tmp_path, "a,R,2027-12-31,,,,")
    ran = batch("--cluster", "tcp://127.0.0.1:1")
    assert ran.code == 2
    assert "pip install 'ceuplan[cluster]'" in ran.err


def test_a_broken_catalog_is_3(batch, tmp_path):
    rosters(tmp_path, "a,R,2027-12-31,,,,")
    with (tmp_path / "catalog" / "shop.csv").open("a") as file:
        file.write("a,again\n")
    assert batch().code == 3


def test_flags_are_for_every_learner(batch, tmp_path):
    rosters(tmp_path, "a,R,2027-12-31,,,,")
    assert batch("--route", "exam").code == 4
    assert "exam" in answers(tmp_path)[0]["message"]


# Hostile names

HOSTILE = [
    "../x", "..", "CON", "con.txt", "nul", "a/b", "a\\b", "x" * 300, "y" * 299 + "/", "A", "a", "Ä", "A\u0308", "=1+1",
    "@SUM(1)", "-", "~", "a:b", "a.json", ".hidden", "t.", "<script>", "\u202eabc", "日本", "learner", "x|y", "*?",
    'q"q', "LPT1.x",
]  # fmt: skip


def test_no_two_learners_share_a_file_and_none_leaves_its_folder():
    names = file_names(HOSTILE)
    assert len({name.casefold() for name in names.values()}) == len(HOSTILE)
    for name in names.values():
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 @+._~-]{0,120}\.json", name)
        assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)\.", name, re.IGNORECASE)
    assert file_names(["E-17", "ann@example.org", "7"]) == {
        "E-17": "E-17.json",
        "ann@example.org": "ann@example.org.json",
        "7": "7.json",
    }
    assert file_names(["a", "A"])["a"] != "a.json"


def test_hostile_names_come_through(batch, tmp_path):
    import csv

    with (tmp_path / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["learner_id", "credential", "deadline"]])
        csv.writer(file).writerows([[one, "rules.toml", "2027-12-31"] for one in HOSTILE])
    (tmp_path / "earned.csv").write_text(EARNED + "stranger\u202e,2027-01-01,T,any=1,hour\n", "utf-8")
    assert batch("--plans", "plans").code == 0
    found = answers(tmp_path)
    written = {one["learner_id"] for one in found}
    assert {"'=1+1", "'@SUM(1)"} <= written
    assert [one["learner_id"].removeprefix("'") for one in found] == HOSTILE
    files = {path.name for path in tmp_path.rglob("*.json")}
    assert (
        files == {path.name for path in (tmp_path / "plans").iterdir()} == set(file_names(HOSTILE).values())
    )
    renamed = next(one for one in found if one["learner_id"] == "../x")
    assert f"The plan is in {file_names(HOSTILE)['../x']}." in renamed["message"]


def test_a_plan_of_an_earlier_run_does_not_outlive_it(batch, tmp_path):
    rosters(tmp_path, "a,R,2027-12-31,,,,\nb,R,2027-12-31,,,,")
    assert batch("--plans", "plans").code == 0
    (tmp_path / "plans" / "else.json").write_text("{}")
    rosters(tmp_path, "a,R,2027-12-31,,,,\nb,R,soon,,,,")
    assert batch("--plans", "plans").code == 4
    assert sorted(path.name for path in (tmp_path / "plans").iterdir()) == ["a.json", "else.json"]


# What goes wrong inside


@pytest.fixture
def shared(tmp_path):
    set_up(tmp_path)
    catalog = load(tmp_path / "catalog")
    rules_ = load_file(tmp_path / "rules.toml")
    return Shared(
        offerings_of(catalog),
        passes_of(catalog),
        catalog.digest,
        {"cma-aama": rules_},
        date.fromisoformat(AS_OF),
        60.0,
        "1",
    )


def learner(credential):
    targets = [{"id": credential, "deadline": "2027-12-31"}]
    return learner_from({"credential": targets}, "roster", date.fromisoformat(AS_OF))


def test_a_plan_that_is_not_proved_is_not_shown(shared):
    # The rules that are planned by are not those that come with the program under this name.
    text = Path("optimizer/credentials/cma-aama.toml").read_text("utf-8")
    own = read_credential(text.replace("at_least = 60", "at_least = 2", 1).encode(), "cma-aama.toml")
    shared.credentials["cma-aama"] = own
    found, written = answer(shared, learner("cma-aama"))
    assert (found.status, written, found.cost, found.plan) == (NOT_VERIFIED, "", None, "")
    assert "does not stand up to verification" in found.message


def test_a_problem_that_ends_every_worker_is_an_answer(shared):
    def submit(one):
        if one == "hard":
            return pool.submit(lambda: 1 // 0)
        return pool.submit(answer, shared, learner("other"))

    with ThreadPoolExecutor(1) as pool:
        found = dict.fromkeys("abc", "") | {"b": "hard"}
        told = {key: one for key, one, _ in as_finished(submit, found.items(), 2, ZeroDivisionError)}
    assert sorted(told) == ["a", "b", "c"]
    assert {one.status for one in told.values()} == {FAILED}
    assert "Every worker that tried" in told["b"].message


def test_what_breaks_for_one_learner_is_an_answer(shared):
    found, written = answer(shared, learner("other"))
    assert (found.status, written) == (FAILED, "")
    assert "KeyError" in found.message


# The summary


def test_summary_adds_up_and_its_group_rate_is_safe(batch, tmp_path):
    # Two take a and b singly (25), one needs both b and c beside a: the club (30) and a (10) cost 40.
    three = (tmp_path / "rules.toml").read_text("utf-8").replace("at_least = 2", "at_least = 3")
    (tmp_path / "three.toml").write_text(three.replace("pz-test", "pz-three"), "utf-8")
    rosters(
        tmp_path,
        """
        one,R,2027-12-31,,,,
        two,R,2027-12-31,,,,
        all,three.toml,2027-12-31,,,,
        poor,R,2027-12-31,,10,,
        bad,R,soon,,,,
        """,
    )
    assert batch("--summary", "s.json").code == 4
    found = json.loads((tmp_path / "s.json").read_text("utf-8"))
    assert found["statuses"] == {"bad_input": 1, "infeasible": 1, "optimal": 3}
    assert (found["full"], found["cost"], found["partial"], found["partial_cost"]) == (3, "90.00", 1, "10.00")
    assert [tuple(one.values()) for one in found["providers"]] == [
        ("south", "60.00", 3, 4),  # b twice at 15, the club at 30
        ("north", "30.00", 3, 3),
    ]
    (club,) = found["passes"]
    assert tuple(club.values()) == ("club", "club", 1, 1, "30.00", "30.00", "20.00")
    # Held by everyone, the club leaves a, 10 dollars, once: planned anew the three spend at least 3 × 20 less.
    rosters(
        tmp_path,
        """
        one,R,2027-12-31,,,,club@2027-12-31
        two,R,2027-12-31,,,,club@2027-12-31
        all,three.toml,2027-12-31,,,,club@2027-12-31
        """,
    )
    assert batch().code == 0
    with_club = sum(int(one["cost"].replace(".", "")) for one in answers(tmp_path))
    assert with_club + 3 * 2000 <= 9000


def test_summary_as_markdown(batch, tmp_path, golden):
    (tmp_path / "catalog" / "passes.csv").write_text(
        "pass_id,title,price,benefit,term_days,provider\nclub,<b>The | club</b>,20.00,included,365,south\n",
        "utf-8",
    )
    rosters(tmp_path, "one,R,2027-12-31,,,,\ntwo,R,2027-12-31,,15,,\nbad,R,soon,,,,")
    assert batch("--summary", "s.md").code == 4
    golden("batch-summary.md", (tmp_path / "s.md").read_text("utf-8"))
