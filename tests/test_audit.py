"""The audit: what counts, where a cycle stands, and what is said about it; golden texts and small cases by hand."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from optimizer.audit import State, audit, state
from optimizer.audit_text import audit_text
from optimizer.cli import main
from tests.puzzle import question, rules, solve
from tests.test_text import CLUB, EARNED, RULES, SHOP

NOTHING = """
    offering_id, price
    a,           1
"""
HOUR = 'date = 2027-01-{day:02}\ntitle = "{title}"\ncredits = "{credits}"\nunit = "hour"\n'


def line(day: int, title: str, credits_: str, more: str = "") -> str:
    return f"[[earned]]\n{HOUR.format(day=day, title=title, credits=credits_)}{more}\n"


@pytest.fixture
def ceuplan(monkeypatch, capsys):
    """Return a function that runs the command and gives its exit code, what it printed, and what it said."""

    def run(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ceuplan", *map(str, args)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, *capsys.readouterr()

    return run


CASES = {
    "half": (RULES, EARNED, "2027-03-01"),
    "complete": (rules("2"), line(2, "Ethics", "any=2"), "2027-03-01"),
    "closing": (rules("2"), "", "2027-12-30"),
    "submit": (rules("2", submit_days_before=21), "", "2027-12-20"),
    "grace": (rules("2", more="", lapse_days=90), line(2, "Ethics", "any=1"), "2028-03-01"),
    "lapsed": (rules("2", lapse_days=90), "", "2029-01-01"),
    "expired": (rules("2"), "", "2029-01-01"),
}


@pytest.mark.parametrize("case", CASES)
def test_text_of_an_audit(case, golden):
    credential, learner, as_of = CASES[case]
    asked = question(SHOP, credential, learner, CLUB, as_of=as_of, lapsed=True)
    golden(f"audit-{case}.txt", audit_text(audit(asked)[0]))


@pytest.mark.parametrize(
    ("as_of", "grace", "expected"),
    [  # finish by 06-09, deadline 06-30, 90 days of grace end on 09-28; 03-12 to 06-09 are 90 days
        ("2027-03-12", 90, State.OPEN),
        ("2027-03-13", 90, State.CLOSING),
        ("2027-06-09", 90, State.CLOSING),
        ("2027-06-10", 90, State.SUBMIT),
        ("2027-06-30", 90, State.SUBMIT),
        ("2027-07-01", 90, State.GRACE),
        ("2027-09-28", 90, State.GRACE),
        ("2027-09-29", 90, State.LAPSED),
        ("2027-07-01", 0, State.LAPSED),
        ("2027-07-01", None, State.EXPIRED),
        ("2099-07-01", None, State.EXPIRED),
    ],
)
def test_state_changes_on_the_day(as_of, grace, expected):
    deadline = date(2027, 6, 30)
    until = None if grace is None else date.fromordinal(deadline.toordinal() + grace)

    assert state(date.fromisoformat(as_of), date(2027, 6, 9), deadline, until) == expected


def test_each_void_line_says_why():
    # The cap lets 3 of the two cards' 8 count; the third line of a course that counts once does not count at all.
    learner = (
        line(2, "Card", "any=4", 'kind = "cpr"')
        + line(3, "Card again", "any=4", 'kind = "cpr"')
        + line(4, "Once", "any=1", 'course_id = "a"')
        + line(5, "Twice", "any=1", 'course_id = "a"')
        + '[[earned]]\ndate = 2027-01-06\ntitle = "Unknown"\ncredits = "any=1"\n'
        + '[[earned]]\ndate = 2027-01-07\ntitle = "Other"\ncredits = "any=1"\nunit = "cme"\n'
        + '[[earned]]\ndate = 2026-12-31\ntitle = "Early"\ncredits = "any=1"\nunit = "hour"\n'
    )
    credential = rules("10", caps=('at_most = 3\nwhere = { kind = "cpr" }',))

    found, _ = audit(question(NOTHING, credential, learner, as_of="2027-03-01"))

    one = found.credentials[0]
    assert [(r.earned, r.short) for r in one.requirements] == [(4, 6)]  # 3 of the cards and the course, once
    why = {earned.title: earned.why_not for earned in one.earned}
    assert sorted(filter(None, (why["Card"], why["Card again"]))) in (
        ['"cap 1" leaves no room for it', '"cap 1" leaves no room for the rest'],
        ['"cap 1" leaves no room for the rest'] * 2,
    )
    assert sorted([why["Once"] or "", why["Twice"] or ""]) == [
        "",
        "its course counts no more often in a cycle",
    ]
    assert why["Unknown"] == "its unit of credit is not stated"
    assert why["Other"] == "unit cme does not count for this credential"
    assert why["Early"] == "outside the cycle"


def test_every_credential_is_audited_by_its_own_rules(tmp_path, ceuplan):
    (tmp_path / "me.toml").write_text(
        '[[credential]]\nid = "cma-aama"\ndeadline = 2027-06-30\n'
        '[[credential]]\nid = "ccma-nha"\ndeadline = 2027-06-30\n'
        '[[earned]]\ndate = 2026-05-01\ncredits = "clinical=3"\nunit = "aama_ceu"\n'
        '[[earned]]\ndate = 2026-05-02\ncredits = "any=2"\nunit = "nha_credit"\n'
    )
    code, out, _ = ceuplan(
        "audit", "--profile", tmp_path / "me.toml", "--as-of", "2026-11-22", "--format", "json"
    )

    found = {one["credential"]: one for one in json.loads(out)["credentials"]}
    assert code == 0
    assert [one["why_not"] for one in found["cma-aama"]["earned"]] == [
        None,
        "unit nha_credit does not count for this credential",
    ]
    assert found["ccma-nha"]["earned"][1]["counts"][0]["credit"] == "2.00"


def test_lapsed_deadline_is_audited_but_not_planned(ceuplan):
    flags = ("--deadline", "2026-10-30", "--as-of", "2026-11-22")
    code, out, _ = ceuplan("audit", *flags)
    assert code == 0
    assert "The deadline has passed. Until 2027-01-28" in out

    code, out, err = ceuplan("optimize", *flags)
    assert (code, out) == (4, "")
    assert "`ceuplan audit`" in err


def test_exam_is_what_is_left_of_a_lapsed_credential(ceuplan):
    # 250 or, for members, 125, and 50 for having lapsed.
    flags = ("--deadline", "2026-06-30", "--as-of", "2026-11-22")
    code, out, _ = ceuplan("audit", *flags, "--format", "json")
    (one,) = json.loads(out)["credentials"]
    assert (code, one["state"]) == (0, "lapsed")
    assert one["ways_back"] == [
        {"name": "exam", "price": "300.00", "passes": [{"pass_id": "aama-membership", "price": "175.00"}]}
    ]
    assert "What is left: exam, $300.00, $175.00 with aama-membership." in " ".join(
        ceuplan("audit", *flags)[1].split()
    )


def test_line_that_is_not_shared_counts_once(tmp_path, ceuplan):
    # 10 hours are 10 of the CCMA's 10, or 10 of the CMA's 60: what is missing is 60 + 0, or 50 + 10. Even; one of them.
    (tmp_path / "me.toml").write_text(
        '[[credential]]\nid = "cma-aama"\ndeadline = 2027-06-30\nshares = "no"\n'
        '[[credential]]\nid = "ccma-nha"\ndeadline = 2027-06-30\n'
        '[[earned]]\ndate = 2026-05-01\ncredits = "any=3"\nunit = "contact_hour"\n'
    )
    code, out, _ = ceuplan(
        "audit", "--profile", tmp_path / "me.toml", "--as-of", "2026-11-22", "--format", "json"
    )
    lines = [one["earned"][0] for one in json.loads(out)["credentials"]]
    assert code == 0
    assert sorted(bool(line["counts"]) for line in lines) == [False, True]
    assert [line["why_not"] for line in lines if not line["counts"]] == [
        f"it counts for {next(one['counts'][0]['credential'] for one in lines if one['counts'])}, and may not be shared"
    ]


def test_earned_flags_for_several_credentials_are_refused(ceuplan):
    named = ("--credential", "cma-aama", "--credential", "ccma-nha", "--deadline", "2027-06-30")
    code, out, err = ceuplan("audit", *named, "--earned", "clinical=1")
    assert (code, out) == (2, "")
    assert "[[earned]]" in err


def test_damaged_input_is_told_like_that_of_a_plan(tmp_path, ceuplan):
    (tmp_path / "t.csv").write_text("date,credits,unit\n2026-13-01,any=1,aama_ceu\n")
    code, out, err = ceuplan("audit", "--transcript", tmp_path / "t.csv", "--earned", "clinical=1")
    assert (code, out) == (4, "")
    assert "t.csv" in err
    assert "row 2" in err


def test_written_to_a_file(tmp_path, ceuplan):
    path: Path = tmp_path / "audit.json"
    code, out, err = ceuplan("audit", "--as-of", "2026-11-22", "--format", "json", "-o", path)
    assert (code, out) == (0, "")
    assert "Written to" in err
    assert json.loads(path.read_text("utf-8"))["credentials"][0]["state"] == "open"


# A title earned before


@pytest.mark.parametrize(
    ("earned", "warned"),
    [
        (line(2, "HIV: the basics", "any=1"), True),
        (line(2, "hiv  the BASICS!", "any=1"), True),
        (line(2, "HIV: the basics", "any=1", 'course_id = "other"'), False),
        (line(2, "HIV: the basics 2", "any=1"), False),
    ],
)
def test_earned_title_of_a_planned_course_is_warned_about(earned, warned):
    shop = """
        offering_id, title,           price
        shop:1,      HIV: The Basics, 5
    """
    found = solve(shop, rules("2"), earned, as_of="2027-02-01")
    told = [text for text in found.json["warnings"] if 'course_id = "shop:1"' in text]
    assert len(told) == warned
