"""`ceuplan credentials list|show|check`: rules in words, which version is shown, faults of many files at once."""

import sys
import unicodedata
from dataclasses import replace
from fractions import Fraction

import pytest

from catalogs.wrapping import columns_of
from optimizer.cli import main
from optimizer.credential import Cap, Filter, Requirement, Route
from optimizer.credential_file import load_shipped, read_credential, shipped_ids
from optimizer.credential_text import checked_text, credential_text, credentials_text
from optimizer.rule_words import cap_words, number, requirement_words, route_words, unit_words

OK, USAGE, INPUT = 0, 2, 4

EVERYTHING = """\
id = "cxa-example"
name = "Certified Example Assistant, CXA (Example)"
issuer = "Example Board"
unit = "point"
membership = "example-membership"

[conversions]
contact_hour = 1
clock_hour = "5/6"
nha_credit = 2.5

[[version]]
effective = 2015-01-01
cycle_months = 24
source = { title = "Older policies", url = "https://example.org/old" }
  [[version.requirement]]
  name = "total"
  at_least = 1

[[version]]
effective = 2020-01-01
cycle_months = 60
submit_days_before = 21
lapse_days = 90
carry_over = { months = 3, at_most = 5, confidence = "copy" }
repeat_months = 24
smallest_item = 0.5
round_down_to = 0.25
confidence = "issuer"
source = { title = "Recertification policies", url = "https://example.org/policies", read_on = 2026-11-22 }

  [[version.requirement]]
  name = "total"
  at_least = 60
  source = { title = "Handbook", url = "http://example.org/handbook" }

  [[version.requirement]]
  name = "clinical, every year"
  at_least = 2.5
  where = { category = ["clinical", "general"], not = { kind = "cpr", format = ["online", "print"] } }
  every_months = 12
  confidence = "copy"
  source = { title = "Handbook", url = "http://example.org/handbook" }

  [[version.requirement]]
  name = "ethics"
  at_least = 2
  where = { topic = "ethics" }
  within_months = 72

  [[version.requirement]]
  name = "ergonomics, once"
  at_least = 1
  where = { topic = "ergonomics" }
  ever = true

  [[version.requirement]]
  name = "all clinical"
  at_least = 12
  where = { category = "clinical" }
  route = "all-clinical"

  [[version.cap]]
  name = "CPR cards"
  at_most = 12
  items_at_most = 3
  where = { kind = "cpr" }

  [[version.cap]]
  name = "journals"
  items_at_most = 1
  where = { kind = "article", provider = "Example, Inc.", topic = ["law", "ethics"], approver = "aama" }
  every_months = 12

  [[version.route]]
  name = "exam"
  price = 250
  passes = { example-membership = 125 }
  days_before = 62
  source = { title = "Fees", url = "https://example.org/fees/a-very-long-address-that-no-line-of-eighty-columns-could-ever-hold/2026", read_on = 2026-11-22 }

  [[version.route]]
  name = "all-clinical"
  price = 0

  [[version.fee]]
  name = "recertification"
  amount = 179
  note = "with the application"
  confidence = "article"

  [[version.not_modelled]]
  text = "Points above the total are not carried over."
"""  # noqa: E501 - one source is one line of TOML

NEXT = """
[[version]]
effective = 2030-01-01
cycle_months = 36
confidence = "third-party"
source = { title = "Announcement", url = "https://example.org/new" }
  [[version.requirement]]
  name = "total"
  at_least = 30
"""


@pytest.fixture
def ceuplan(monkeypatch, capsys, tmp_path):
    """Run the command in an empty folder with two sound files, mine.toml and dated.toml."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(EVERYTHING, "utf-8")
    (tmp_path / "dated.toml").write_text(EVERYTHING + NEXT, "utf-8")

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["ceuplan", "credentials", *args])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, *capsys.readouterr()

    return run


def everything(more=""):
    return read_credential((EVERYTHING + more).encode(), "mine.toml")


# In words


def test_everything_a_credential_can_say(golden):
    credential = everything(NEXT)
    golden("credential-everything.txt", credential_text(credential, credential.versions[1]))


def test_shipped_credential_in_words(golden):
    credential = load_shipped("cma-aama")
    golden("credential-cma-aama.txt", credential_text(credential, credential.versions[-1]))


def test_list_of_the_shipped_credentials(golden):
    golden("credentials-list.txt", credentials_text(map(load_shipped, shipped_ids())))


def test_check_of_a_credential(golden):
    golden("credentials-check.txt", checked_text("mine.toml", everything(NEXT)))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_asked(width):
    texts = [credentials_text(map(load_shipped, shipped_ids()), width)]
    for credential in [everything(NEXT), *map(load_shipped, shipped_ids())]:
        texts.append(checked_text(credential.id, credential, width))
        texts += [credential_text(credential, version, width) for version in credential.versions]
    lines = "".join(texts).splitlines()
    assert max(map(columns_of, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


CE = "continuing-education"


def requirement(
    at_least="10", every_months=None, within_months=None, ever=False, route=CE, name="r", **where
):
    window = every_months, within_months, ever
    return Requirement(name, Fraction(at_least), Filter(**where), *window, route, "issuer", None)


def cap(at_most, items, every_months=None, route=CE, **where):
    most = None if at_most is None else Fraction(at_most)
    return Cap("c", most, items, Filter(**where), every_months, route, "issuer", None)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (requirement(category=("clinical",)), "at least 10 clinical points"),
        (requirement("1"), "at least 1 point"),
        (requirement("0.5", category=("a", "b", "c")), "at least 0.5 a, b or c points"),
        (requirement(approver=("aama", "amt")), "at least 10 points approved by aama or amt"),
        (requirement(format=("live_online",)), "at least 10 points given live online"),
        (
            requirement(every_months=12, route="exam"),
            "at least 10 points, in each 12 months of the cycle, only on the route exam",
        ),
        (requirement(within_months=48), "at least 10 points, in the 48 months up to the deadline"),
        (requirement(ever=True), "at least 10 points, on any day up to the deadline, before the cycle too"),
        (
            requirement(exclude=Filter(category=("general",), kind=("cpr",))),
            "at least 10 points, except those that are general and from CPR cards",
        ),
    ],
)
def test_requirement_in_words(rule, words):
    assert requirement_words(rule, "point") == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (cap("12", 3, kind=("cpr",)), "at most 12 points from CPR cards, from at most 3 items"),
        (cap("12", None, kind=("cpr",)), "at most 12 points from CPR cards"),
        (cap(None, 1, kind=("cpr",)), "points from CPR cards count only from at most 1 item"),
        (cap("0", None, kind=("other",)), "at most 0 points from what is of no other kind"),
        (
            cap("1", None, kind=("article",), topic=("law", "ethics")),
            "at most 1 point from articles and about law or ethics",
        ),
        (cap("5", None, every_months=12), "at most 5 points, in each 12 months of the cycle"),
        (
            cap("5", 2, 12, "exam"),
            "at most 5 points, from at most 2 items, in each 12 months of the cycle, only on the route exam",
        ),
        (cap(None, 2, 1), "points count only from at most 2 items, in each 1 month of the cycle"),
    ],
)
def test_cap_in_words(rule, words):
    assert cap_words(rule, "point") == words


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (Route("exam", 25000, (), 0, None, "issuer", None), "exam: $250.00, asks for no credit"),
        (
            Route("exam", 25000, (("club", 12500),), 1, None, "issuer", None),
            "exam: $250.00, $125.00 with club, at the latest 1 day before the deadline, asks for no credit",
        ),
        (
            Route("half", 0, (), 0, None, "issuer", None),
            'half: no price of its own, asks only for "a" and "c"',
        ),
    ],
)
def test_route_in_words(route, words):
    rules = [requirement(name=name, route=on) for name, on in (("a", "half"), ("b", CE), ("c", "half"))]
    assert route_words(route, rules) == words


def test_numbers_and_units_in_words():
    assert [number(Fraction(n)) for n in ("60", "100", "0.5", "5/6", "1/8")] == [
        "60",
        "100",
        "0.5",
        "5/6",
        "0.125",
    ]
    assert [unit_words(u, Fraction(2)) for u in ("ccp_point", "cme", "aama_ceu")] == [
        "ccp points",
        "cme",
        "aama ceus",
    ]


# Which version


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        ([], "from 2030-01-01 on"),
        (["--deadline", "2029-12-31"], "from 2020-01-01 to 2029-12-31"),
        (["--deadline", "2030-01-01"], "from 2030-01-01 on"),
        (["--deadline", "2015-01-01"], "from 2015-01-01 to 2019-12-31"),
        (["--as-of", "2016-01-01"], "from 2020-01-01 to 2029-12-31"),  # 60 months from then end in 2020
        (["--as-of", "2027-01-02"], "from 2030-01-01 on"),  # 36 months from then end on 2030-01-01
        (["--as-of", "2027-01-01"], "from 2020-01-01 to 2029-12-31"),  # a day earlier, on 2029-12-31
    ],
)
def test_version_shown_is_the_governing_one(ceuplan, args, shown):
    code, out, err = ceuplan("show", "dated.toml", *args)
    assert (code, err) == (OK, "")
    assert f"  rules       for deadlines {shown} [1, " in out
    assert " ".join(out.split()).count("--deadline 20") == 2  # the other versions


def test_day_without_rules_is_a_fault(ceuplan):
    code, out, err = ceuplan("show", "dated.toml", "--deadline", "2014-12-31")
    assert (code, out) == (INPUT, "")
    assert "2015-01-01" in err


@pytest.mark.parametrize("args", [["--deadline", "soon"], ["--as-of", "soon"]])
def test_day_that_is_none_is_usage(ceuplan, args):
    code, out, err = ceuplan("show", "cma-aama", *args)
    assert (code, out) == (USAGE, "")
    assert "soon" in err


def test_unknown_id_is_met_with_the_nearest(ceuplan):
    code, out, err = ceuplan("show", "cma-ama")
    assert (code, out) == (INPUT, "")
    assert 'Did you mean "cma-aama"?' in err


# Check


def test_all_shipped_credentials_are_sound(ceuplan):
    code, out, err = ceuplan("check")
    assert (code, err) == (OK, "")
    assert [line for line in out.splitlines() if line.endswith(": ok")] == [
        f"{one}: ok" for one in shipped_ids()
    ]


def test_check_tells_what_has_no_source_and_no_cases(ceuplan):
    code, out, _ = ceuplan("check", "mine.toml", "rma-amt", "mine.toml")
    assert code == OK
    assert out.count("mine.toml: ok") == 1
    told = " ".join(out.split())
    assert told.count("no cases: ") == 1  # of mine.toml
    assert "carry_over of 2020-01-01" in told
    assert 'route "all-clinical" of 2020-01-01' in told
    assert "not priced" not in told


def test_faults_of_all_files_are_told_at_once(ceuplan, tmp_path):
    (tmp_path / "b.toml").write_text(
        EVERYTHING.replace("at_least = 60", "at_least = -1\natleast = 3"), "utf-8"
    )
    (tmp_path / "a.toml").write_text("id = 3\n", "utf-8")
    code, out, err = ceuplan("check", "b.toml", "cma-aama", "a.toml", "nowhere.toml", "cma-ama")
    assert (code, out) == (INPUT, "")
    assert "cma-aama: ok" in err
    places = [
        err.index(f"\n{name}")
        for name in ("a.toml, column id", "b.toml, column", "credential, column id", "nowhere.toml")
    ]
    assert places == sorted(places)
    assert 'Did you mean "at_least"?' in err


@pytest.mark.parametrize(
    "hostile", ["word " * 1_000, "x" * 5_000, "日本語" * 50, "[bold] {0} %s"], ids=range(4)
)
def test_long_and_wide_text_is_harmless(ceuplan, tmp_path, hostile):
    text = EVERYTHING.replace("Example Board", hostile).replace("with the application", hostile)
    (tmp_path / "hostile.toml").write_text(text, "utf-8")
    code, out, _ = ceuplan("show", "hostile.toml")
    assert code == OK
    assert max(map(columns_of, out.splitlines())) <= 80
    assert len(hostile) < 2_000 or "…" in out


def test_text_that_could_steer_a_terminal_is_made_visible():
    """Tests text that no file can hold, since reading refuses it, but that a caller could."""
    credential = replace(everything(), issuer="\x1b[2Jred\nWhat it asks for\u202e")
    lines = credential_text(credential, credential.versions[-1]).splitlines()
    assert not any(unicodedata.category(character).startswith("C") for character in "".join(lines))
    assert lines.count("What it asks for") == 1
