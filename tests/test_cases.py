# ruff: noqa: E501 - one mistake a line
"""Worked cases: what they say of rules, and how one that comes out differently is named at its place."""

import re
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from catalogs.faults import Fault
from optimizer.case_keys import Expected
from optimizer.cases import Mismatch, read_cases, run, run_all
from optimizer.cli import main
from optimizer.credential import Credential
from optimizer.credential_file import read_credential

OK, INPUT = 0, 4
PAGE = (Path(__file__).parent.parent / "docs" / "credential.md").read_text("utf-8")
EXAMPLE = re.search(r"```toml\n(\[\[case\]\].*?)```", PAGE, re.DOTALL)[1]

CREDENTIAL = """
id = "x-y"
name = "X"
issuer = "Y"
unit = "point"
[conversions]
hour = "5/6"
[[version]]
effective = 2020-01-01
cycle_months = 24
lapse_days = 90
source = { title = "Rules", url = "https://example.org" }
[[version.requirement]]
name = "total"
at_least = 10
[[version.requirement]]
name = "clinical"
at_least = 1
where = { category = "clinical" }
every_months = 12
[[version.cap]]
name = "CPR cards"
at_most = 2
where = { kind = "cpr" }
[[version.route]]
name = "short"
price = 25
passes = { club = 5 }
[[version.requirement]]
name = "clinical alone"
at_least = 4
where = { category = "clinical" }
route = "short"
[[version.cap]]
name = "cards of the short way"
at_most = 1
where = { kind = "cpr" }
route = "short"
[[version.route]]
name = "exam"
price = 250
days_before = 62
"""
CASES = """
[[case]]
name = "one card"
deadline = 2027-12-31
cycle_start = 2026-01-01
as_of = 2027-12-31
[[case.earned]]
date = 2026-05-01
title = "Card"
credits = "clinical=3"
unit = "point"
kind = "cpr"
[[case.earned]]
date = 2027-05-01
credits = "any=5"
unit = "hour"
[case.expect]
met = false
missing = { total = "23/6" }
void = { "CPR cards" = 1 }
state = "closing"
cite = "Cards count two points."
[case.expect.counts]
total = "37/6"
"clinical, 2026-01-01 to 2026-12-31" = 2
"clinical, 2027-01-01 to 2027-12-31" = 0
"""  # 2 of the card's 3 points, and 5 × 5/6 = 25/6; 12/6 + 25/6 = 37/6, and 60/6 − 37/6 = 23/6 are missing


def credential(text: str = CREDENTIAL) -> Credential:
    return read_credential(text.encode(), "x-y.toml")


def mismatches(cases: str, rules: str = CREDENTIAL) -> tuple[Mismatch, ...]:
    (case,) = read_cases(cases.encode(), "cases/x-y.toml")
    return run(credential(rules), case)


def wrong(there: str, instead: str, rules: str = CREDENTIAL) -> tuple[Fault, ...]:
    """Return the faults of the cases that can be read, once something in them is changed."""
    assert there in CASES
    cases = read_cases(CASES.replace(there, instead, 1).encode(), "cases/x-y.toml")
    return run_all(credential(rules), cases, "cases/x-y.toml")


# What a case says


def test_example_of_the_page_holds_for_rules_with_such_a_cap():
    total = 'name = "total"\nat_least = 10'
    rules = CREDENTIAL.replace(total, 'name = "total"\nat_least = 60').replace("at_most = 2", "at_most = 12")
    rules = rules.replace('hour = "5/6"', "contact_hour = 1").replace("= 24", "= 60")
    assert mismatches(EXAMPLE, rules) == ()


def test_case_is_read_exactly_and_holds():
    (case,) = read_cases(CASES.encode(), "c")
    assert run(credential(), case) == ()
    assert (case.name, case.deadline, case.cycle_start) == ("one card", date(2027, 12, 31), date(2026, 1, 1))
    assert case.as_of == date(2027, 12, 31)
    assert [(line.title, line.kind) for line in case.earned] == [("Card", "cpr"), ("", "")]
    assert case.expect == Expected(
        met=False,
        counts=(
            ("clinical, 2026-01-01 to 2026-12-31", Fraction(2)),
            ("clinical, 2027-01-01 to 2027-12-31", Fraction(0)),
            ("total", Fraction(37, 6)),
        ),
        missing=(("total", Fraction(23, 6)),),
        void=(("CPR cards", Fraction(1)),),
        state="closing",
        cite="Cards count two points.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("there", "instead", "what", "line", "expected", "got"),
    [
        ("met = false", "met = true", "met", "", "true", "false"),
        ('total = "37/6"', "total = 6", "counts", "total", "6", "37/6"),
        ('"clinical, 2027-01-01 to 2027-12-31" = 0', '"clinical, 2027-01-01 to 2027-12-31" = 1.5',
         "counts", "clinical, 2027-01-01 to 2027-12-31", "1.5", "0"),
        ('missing = { total = "23/6" }', "missing = { total = 0 }", "missing", "total", "0", "23/6"),
        ('{ "CPR cards" = 1 }', '{ "CPR cards" = 2 }', "void", "CPR cards", "2", "1"),
        ('state = "closing"', 'state = "open"', "state", "", "open", "closing"),
        ("as_of = 2027-12-31", "as_of = 2028-03-30", "state", "", "closing", "grace"),
        ("as_of = 2027-12-31", "as_of = 2028-03-31", "state", "", "closing", "lapsed"),
        ('kind = "cpr"', 'kind = "course"', "void", "CPR cards", "1", "0"),
    ],
)  # fmt: skip
def test_wrong_expectation_is_a_value_and_a_fault(there, instead, what, line, expected, got):
    found = mismatches(CASES.replace(there, instead, 1))
    assert (what, line, expected, got) in [(one.key, one.line, one.expected, one.got) for one in found]

    fault = next(
        one for one in wrong(there, instead) if (one.column or "").startswith(f"case[1].expect.{what}")
    )
    assert fault.file == "cases/x-y.toml"
    assert fault.column in (
        f"case[1].expect.{what}",
        f"case[1].expect.{what}.{line}",
        f'case[1].expect.{what}."{line}"',
    )
    assert fault.problem == f'in the case "one card", expected {expected}, got {got}'
    assert "Cards count two points." in fault.remedy


def test_only_what_is_named_is_looked_at():
    bare = CASES[: CASES.index("[case.expect]")] + "[case.expect]\nmissing = { total = '23/6' }\n"
    assert mismatches(bare) == ()


def test_days_beside_the_cycle_do_not_count_and_the_default_day_is_the_deadline():
    lines = "".join(
        f'[[case.earned]]\ndate = {day}\ncredits = "any={points}"\nunit = "point"\n'
        for day, points in (("2025-12-31", 1), ("2026-01-01", 2), ("2027-12-31", 4), ("2028-01-01", 8))
    )
    head = '[[case]]\nname = "ends"\ndeadline = 2027-12-31\n'
    assert mismatches(f'{head}{lines}[case.expect]\ncounts = {{ total = 6 }}\nstate = "closing"\n') == ()


@pytest.mark.parametrize(
    ("there", "instead", "column", "value", "problem", "remedy"),
    [
        ('total = "37/6"', "totl = 1", "case[1].expect.counts.totl", "totl", "no requirement", 'Did you mean "total"?'),
        ("{ total =", "{ clinical =", "case[1].expect.missing.clinical", "clinical", "no requirement", "clinical, 2026-01-01 to"),
        ('{ "CPR cards" = 1 }', "{ CPR = 1 }", "case[1].expect.void.CPR", "CPR", 'in the case "one card", no cap', "Write one of: CPR cards."),
        ("cycle_start = 2026-01-01", "cycle_start = 2028-01-01", "case[1].cycle_start", "2028-01-01", "after the deadline", "Correct"),
        ("deadline = 2027-12-31\ncycle_start = 2026-01-01", "deadline = 2019-12-31", "case[1].deadline", "2019-12-31", "start on 2020-01-01", "[[version]]"),
    ],
)  # fmt: skip
def test_what_the_rules_do_not_have_is_named(there, instead, column, value, problem, remedy):
    (fault,) = (one for one in wrong(there, instead) if one.column == column)
    assert (fault.file, fault.value) == ("cases/x-y.toml", value)
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_cap_expected_of_rules_without_any_is_named():
    (fault,) = wrong("met = false", "met = false", CREDENTIAL[: CREDENTIAL.index("[[version.cap]]")])[-1:]
    assert fault.column == 'case[1].expect.void."CPR cards"'
    assert "the rules have none" in fault.remedy


SHORT = """
[[case]]
name = "the short way"
deadline = 2027-12-31
route = "short"
earned = [
  { date = 2026-05-01, credits = "clinical=3", unit = "point", kind = "cpr" },
  { date = 2026-05-02, credits = "clinical=2", unit = "point" },
]
[case.expect]
met = false
counts = { "clinical alone" = 3 }
missing = { "clinical alone" = 1 }
void = { "cards of the short way" = 2 }
"""


def test_case_of_a_route_looks_at_its_rules_alone():
    assert mismatches(SHORT) == ()
    (case,) = read_cases(SHORT.encode(), "c")
    assert case.route == "short"
    (other,) = mismatches(SHORT.replace('{ "clinical alone" = 3 }', "{ total = 5 }"))
    assert (other.line, other.got, other.lines) == ("total", None, ("clinical alone",))


def test_route_without_rules_asks_for_no_credit():
    bare = '[[case]]\nname = "e"\ndeadline = 2027-12-31\nroute = "exam"\n[case.expect]\nmet = '
    assert mismatches(f"{bare}true\n") == ()
    assert [one.got for one in mismatches(f"{bare}false\n")] == ["true"]


@pytest.mark.parametrize("wanted", ["any", "shrt", "continuing-educatio"])
def test_route_that_the_rules_do_not_have_is_named(wanted):
    cases = read_cases(SHORT.replace('route = "short"', f'route = "{wanted}"').encode(), "cases/x-y.toml")
    (fault,) = run_all(credential(), cases, "cases/x-y.toml")
    assert (fault.file, fault.column, fault.value) == ("cases/x-y.toml", "case[1].route", wanted)
    assert "no such route" in fault.problem
    assert "continuing-education, short, exam" in fault.remedy
    assert wanted == "any" or "Did you mean" in fault.remedy


@pytest.mark.parametrize(
    ("rules", "days", "counts"),
    [
        (
            "",
            ("2025-12-31", "2026-01-01", "2027-12-31"),
            1,
        ),  # once in the cycle; the line before it is nothing to it
        ("", ("2026-05-01",), 1),
        ("repeat_months = 25", ("2025-12-01", "2026-01-01", "2027-12-31"), 0),  # done in the 25 months
        ("repeat_months = 25", ("2025-11-30", "2026-01-01", "2027-12-31"), 1),  # done a day before them
        (
            "repeat_months = 12",
            ("2025-12-31", "2026-01-01", "2027-12-31"),
            1,
        ),  # a shorter time changes nothing
    ],
)
def test_course_that_nobody_offers_counts_once(rules, days, counts):
    lines = "".join(
        f'[[case.earned]]\ndate = {day}\ncredits = "any=1"\nunit = "point"\ncourse_id = "c"\n' for day in days
    )
    head = '[[case]]\nname = "repeats"\ndeadline = 2027-12-31\ncycle_start = 2026-01-01\n'
    with_rules = CREDENTIAL.replace("lapse_days = 90", f"lapse_days = 90\n{rules}")
    assert mismatches(f"{head}{lines}[case.expect]\ncounts = {{ total = {counts} }}\n", with_rules) == ()


# The command


@pytest.fixture
def ceuplan(monkeypatch, capsys, tmp_path):
    """Run `credentials check` in a folder with mine.toml and its cases."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(CREDENTIAL, "utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "mine.toml").write_text(CASES, "utf-8")

    def call(*args):
        monkeypatch.setattr(sys, "argv", ["ceuplan", "credentials", "check", *args])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, *capsys.readouterr()

    return call


def test_check_runs_the_cases_beside_a_file(ceuplan):
    code, out, err = ceuplan("mine.toml", "rma-amt")
    assert (code, err) == (OK, "")
    assert "mine.toml: ok\n  1 version; 3 requirements, 2 caps, 2 other routes; 1 case, as expected\n" in out
    assert re.search(r"rma-amt: ok\n.*; [3-9] cases, as expected\n", out)
    assert "no cases" not in out


def test_check_says_where_there_are_no_cases(ceuplan, tmp_path):
    (tmp_path / "bare.toml").write_text(CREDENTIAL, "utf-8")
    code, out, err = ceuplan("bare.toml")
    assert (code, err) == (OK, "")
    assert "  - no cases: " in out


def test_check_names_what_came_out_differently_with_all_other_faults(ceuplan, tmp_path):
    more = CASES.replace("one card", "another").replace("met = false", "met = true")
    (tmp_path / "cases" / "mine.toml").write_text(CASES.replace("37/6", "36/6") + more, "utf-8")
    (tmp_path / "bad.toml").write_text(CREDENTIAL.replace("at_least = 10", "at_least = -1"), "utf-8")
    (tmp_path / "cases" / "bad.toml").write_text(CASES.replace("met = false", "meet = 1"), "utf-8")
    code, out, err = ceuplan("mine.toml", "bad.toml", "cma-aama")
    told = " ".join(err.split())
    assert (code, out) == (INPUT, "")
    assert f"{Path('cases') / 'mine.toml'}, column case[1].expect.counts.total:" in told
    assert 'in the case "one card", expected 6, got 37/6.' in told
    assert 'in the case "another", expected true, got false.' in told
    assert "bad.toml, column version[1].requirement[1].at_least" in told
    assert 'Did you mean "met"?' in told
    assert "4 faults" in told
    assert "cma-aama: ok" in err
    assert "mine.toml: ok" not in err


def test_folder_in_the_place_of_cases_is_a_fault(ceuplan, tmp_path):
    (tmp_path / "cases" / "mine.toml").unlink()
    (tmp_path / "cases" / "mine.toml").mkdir()
    code, _, err = ceuplan("mine.toml")
    assert code == INPUT
    assert "cannot be read" in err
