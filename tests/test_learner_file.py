# ruff: noqa: E501 - one mistake a line
"""A learner's file and transcript become one learner, and a plan's JSON gives the same learner back."""

import json
import tomllib
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogs.faults import CatalogFaults, Fault, Faults
from catalogs.records import Approval, Part
from catalogs.schema import FORMATS, KINDS
from optimizer import learner_keys
from optimizer.flags import with_flags
from optimizer.learner import Away, Earned, Holding, Learner, Preferences, Target
from optimizer.learner_file import learner_from, learner_mapping, read_profile
from optimizer.learner_keys import profile_keys
from tests.toml_keys import check_key

TODAY = date(2026, 11, 22)
PROFILE = """
hours_per_week = 3
budget = 100
[[credential]]
id = "cma-aama"
deadline = 2027-06-30
cycle_start = 2022-07-01
shares = "yes"
[[holding]]
pass_id = "aama-membership"
until = 2027-12-31
[[earned]]
date = 2024-05-01
title = "A day"
credits = "clinical=1"
unit = "aama_ceu"
[[offering]]
offering_id = "work:hipaa"
provider = "work"
title = "HIPAA"
credits = "administrative=1"
unit = "contact_hour"
price = 0
passes = "aama-membership"
available_until = 2027-01-31
[[price]]
id = "aama-membership"
price = 85
[[away]]
from = 2027-01-01
to = 2027-01-14
[preferences]
require = ["work:hipaa"]
exclude = ["a:1", "b:2"]
exclude_providers = "nha"
formats = ["online", "In Person"]
max_purchases = 5
"""


def written(folder: Path, text: str, transcript: str | None = None) -> Path:
    (folder / "me.toml").write_text(text, "utf-8")
    if transcript is not None:
        (folder / "transcript.csv").write_text(transcript, "utf-8")
    return folder / "me.toml"


def learner_of(text: str, folder: Path) -> Learner:
    return learner_from(read_profile(written(folder, text)), "me.toml", TODAY, {"aama-membership"})


def faults_of(text: str, folder: Path, transcript: str | None = None) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        learner_from(read_profile(written(folder, text, transcript)), "me.toml", TODAY, {"aama-membership"})
    assert not isinstance(caught.value, CatalogFaults)
    return caught.value.faults


def test_the_example_loads_to_exact_values(tmp_path):
    learner = learner_of(PROFILE, tmp_path)

    assert learner.targets == (Target("cma-aama", "", date(2027, 6, 30), date(2022, 7, 1), shares=True),)
    assert (learner.budget, learner.hours_per_week) == (100_00, Decimal(3))
    assert (learner.route, learner.no_assumed, learner.member) == ("", False, False)
    assert learner.holdings == (Holding("aama-membership", "", date(2027, 12, 31)),)
    assert learner.earned == (
        Earned(
            date(2024, 5, 1), "A day", (Part(("clinical",), 100),), "aama_ceu", "", "", "", (), (), None, ""
        ),
    )
    (offering,) = learner.offerings
    assert (offering.offering_id, offering.course_id, offering.price) == ("work:hipaa", "work:hipaa", 0)
    assert (offering.available_until, offering.passes) == (date(2027, 1, 31), ("aama-membership",))
    assert learner.prices == (("aama-membership", 85_00),)
    assert learner.away == (Away(date(2027, 1, 1), date(2027, 1, 14)),)
    assert learner.preferences == Preferences(
        ("work:hipaa",), ("a:1", "b:2"), ("nha",), ("in_person", "online"), 5
    )


def test_an_empty_file_is_a_full_cma_cycle(tmp_path):
    learner = learner_of("", tmp_path)

    assert learner.targets == (Target("cma-aama", "", None, None, shares=True),)
    assert (learner.budget, learner.hours_per_week, learner.earned) == (None, None, ())


def test_own_rules_are_found_beside_the_file(tmp_path):
    learner = learner_of('[[credential]]\nfile = "my-rules.toml"\nshares = "no"', tmp_path)

    assert learner.targets == (Target("", str(tmp_path / "my-rules.toml"), None, None, shares=False),)


def test_the_transcript_is_read_as_leniently_as_a_catalog(tmp_path):
    rows = (
        "\ufeffCompleted;Title;CEUs;Unit;Kind;Approved by;Hours;Topics\r\n"
        'May 3, 2024;"Wounds; and care";Clinical=1.5;Contact Hours;course;AAMA; 1 hr 30 min;wound care\r\n'
        ";;;;;;;\r\n"
        "2023-01-02;BLS;clinical=4;aama_ceu;CPR;;;\r\n"
    )
    profile = written(tmp_path, 'transcript = "transcript.csv"\n' + PROFILE.split("[[offering]]")[0], rows)
    mapping = read_profile(profile)
    earned = learner_from(mapping, "me.toml", TODAY).earned

    assert [line.title for line in earned] == ["BLS", "A day", "Wounds; and care"]
    assert earned[2] == Earned(
        date(2024, 5, 3), "Wounds; and care", (Part(("clinical",), 150),), "contact_hour", "course", "", "",
        ("wound-care",), (Approval("aama", "", None, None),), 90, "",
    )  # fmt: skip
    assert earned[0].kind == "cpr"
    assert "transcript" not in mapping


@pytest.mark.parametrize(
    ("there", "instead", "column", "value", "problem", "remedy"),
    [
        ("budget = 100", "budgte = 100", "budgte", "100", "unknown key", 'Did you mean "budget"?'),
        ("budget = 100", "budget = -5", "budget", "-5", "negative", "0 or more"),
        ("budget = 100", "budget = 99.999", "budget", "99.999", "more than 2 decimals", "29.95"),
        ("budget = 100", "budget = nan", "budget", "NaN", "not an amount", "29.95"),
        ("budget = 100", "budget = [1]", "budget", "a list", "a list", "29.95"),
        ("hours_per_week = 3", "hours_per_week = 0", "hours_per_week", "0", "above 0", "2.5"),
        ("hours_per_week = 3", "hours_per_week = -1", "hours_per_week", "-1", "negative", "2.5"),
        ("hours_per_week = 3", "hours_per_week = 169", "hours_per_week", "169", "hours of a week", "2.5"),
        ('shares = "yes"', 'shares = "maybe"', "credential[1].shares", "maybe", "neither yes nor no", "Write yes or no"),
        ('shares = "yes"', "shares = 1", "credential[1].shares", "1", "a number", "Write yes or no"),
        ('id = "cma-aama"', "", "credential[1]", None, "neither id nor file", "exactly one"),
        ('id = "cma-aama"', 'id = "cma-aama"\nfile = "x.toml"', "credential[1]", None, "both id and file", "exactly one"),
        ("2027-06-30", "2026-11-21", "credential[1].deadline", "2026-11-21", "before 2026-11-22", "Correct"),
        ("2027-06-30", '"June"', "credential[1].deadline", "June", "not a date", "2027-03-04"),
        ("2022-07-01", "2027-07-01", "credential[1].cycle_start", "2027-07-01", "after the deadline", "Correct"),
        ("[[holding]]", '[[credential]]\nid = "cma-aama"\n[[holding]]', "credential[2].id", "cma-aama", "credential[1]", "Keep one"),
        ('pass_id = "aama-membership"', 'passid = "aama-membership"', "holding[1].passid", "aama-membership", "unknown", '"pass_id"?'),
        ('pass_id = "aama-membership"', "", "holding[1]", None, "neither pass_id nor offering_id", "exactly one"),
        ('pass_id = "aama-membership"', 'pass_id="a"\noffering_id="b"', "holding[1]", None, "both pass_id and offering_id", "exactly one"),
        ("date = 2024-05-01", "", "earned[1].date", None, "missing", "day it was finished"),
        ("date = 2024-05-01", "date = 2026-11-23", "earned[1].date", "2026-11-23", "after 2026-11-22", "Correct"),
        ('credits = "clinical=1"', "credits = 1.5", "earned[1].credits", "1.5", "bare number", "any=1.5"),
        ('credits = "clinical=1"', "", "earned[1].credits", None, "missing", "clinical=1"),
        ('title = "A day"', 'kind = "cours"', "earned[1].kind", "cours", "not a known kind", 'Did you mean "course"?'),
        ('title = "A day"', 'titel = "A day"', "earned[1].titel", "A day", "unknown", 'Did you mean "title"?'),
        ('unit = "aama_ceu"', 'unit = "="', "earned[1].unit", "=", "not a unit", "--earned"),
        ('unit = "aama_ceu"', "row = 3", "earned[1].row", "3", "unknown key", "Remove"),
        ('title = "HIPAA"', 'titel = "HIPAA"', "offering[1].titel", None, "no such column", '"title"?'),
        ("price = 0", 'price = "$15 - $60"', "offering[1].price", "$15 - $60", "more than one amount", "29.95"),
        ('passes = "aama-membership"', 'passes = "aama-membershp"', "offering[1].passes", "aama-membershp", "not a pass", '"aama-membership"?'),
        ("[[price]]", '[[offering]]\noffering_id="work:hipaa"\nprovider="w"\ntitle="t"\ncredits="any=1"\n[[price]]', "offering[2].offering_id", "work:hipaa", "offering[1]", "Keep one"),
        ("price = 85", "price = -85", "price[1].price", "-85", "negative", "0 or more"),
        ("price = 85", "", "price[1].price", None, "missing", "what you pay"),
        ("[[away]]", '[[price]]\nid = "aama-membership"\nprice = 1\n[[away]]', "price[2].id", "aama-membership", "price[1]", "Keep one"),
        ("to = 2027-01-14", "to = 2026-12-31", "away[1].to", "2026-12-31", "before from", "earlier day first"),
        ("[[away]]", "[away]", "away", "a table", "not a list of tables", "[[away]]"),
        ("In Person", "Carrier pigeon", "preferences.formats[2]", "Carrier pigeon", "not a known format", "in_person"),
        ("max_purchases = 5", "max_purchases = -1", "preferences.max_purchases", "-1", "whole number", "from 0"),
        ("max_purchases = 5", "max_purchase = 5", "preferences.max_purchase", "5", "unknown", '"max_purchases"?'),
        ("budget = 100", "member = true", "member", "yes", "unknown key", "--member"),
        ("budget = 100", "no_assumed = true", "no_assumed", "yes", "unknown key", "--no-assumed"),
        ("budget = 100", "transcript = 5", "transcript", "5", "not text", "CSV"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_at_its_place(there, instead, column, value, problem, remedy, tmp_path):
    assert there in PROFILE
    found = faults_of(PROFILE.replace(there, instead, 1), tmp_path)
    (fault,) = (one for one in found if one.column == column)

    assert fault.file in ("me.toml", str(tmp_path / "me.toml"))
    assert fault.value == value
    assert problem in fault.problem
    assert remedy in fault.remedy


TABLES = {
    "": profile_keys(None),
    "credential[1]": learner_keys.TARGET,
    "holding[1]": learner_keys.HOLDING,
    "earned[1]": learner_keys.EARNED,
    "price[1]": learner_keys.PRICE,
    "away[1]": learner_keys.AWAY,
    "preferences": learner_keys.PREFERENCES,
}


@pytest.mark.parametrize(("place", "key"), [(place, key) for place, keys in TABLES.items() for key in keys])
def test_every_key_is_missed_misspelled_and_refused_in_another_sort(place, key, tmp_path):
    document = tomllib.loads(PROFILE, parse_float=Decimal)
    holds_tables = isinstance(document.get(key), (dict, list))
    wrong: object = 5 if not place and holds_tables else {"x": 1}
    check_key(document, place, key, TABLES[place][key], wrong, partial(faults_of, folder=tmp_path))


def test_all_faults_come_at_once_those_of_the_transcript_at_their_rows(tmp_path):
    rows = "date,credits,unit\n2024-01-01,clinical=1,cme\n03/04/2024,clinical,cme\n2027-01-01,any=1,cme\n"
    profile = PROFILE.replace("budget = 100", 'budget = -1\ntranscript = "transcript.csv"')
    profile = profile.replace("2027-06-30", "2025-01-01")
    places = {(fault.file, fault.row, fault.column) for fault in faults_of(profile, tmp_path, rows)}
    transcript = str(tmp_path / "transcript.csv")

    assert places == {
        ("me.toml", None, "budget"),
        ("me.toml", None, "credential[1].deadline"),
        (transcript, 3, "date"),
        (transcript, 3, "credits"),
        (transcript, 4, "date"),
    }


@pytest.mark.parametrize(
    ("rows", "row", "column", "problem", "remedy"),
    [
        ("", None, None, "no header", "date, title, credits"),
        ("date\n2024-01-01\n", 1, "credits", "missing", "Add the column"),
        ("date,credits,colour\n", 1, "colour", "unknown column", "Remove"),
        ("date,credits,titel\n", 1, "titel", "unknown column", 'Did you mean "title"?'),
        ("learner_id,date,credits\n", 1, "learner_id", "unknown column", "Remove"),
        ("date,credits,ceus\n", 1, "ceus", "means credits too", "Keep one"),
        ("date,credits\n2024-01-01,clinical=1,x\n", 2, None, "3 cells", "as many"),
        ('date,credits\n"2024-01-01,clinical=1\n', 2, None, "never closed", "Close it"),
        ('date,credits\n2024-01-01,"any=1"x\n', 2, None, "closing quote", 'Write ""'),
        ("date,credits,\n2024-01-01,any=1,x\n", 1, None, "column 3 has no name", "Name it, or delete it"),
        ("date,credits,title\0\n", 1, None, "NUL", "Delete it"),
        ("date,credits\n2024-01-01,clinical=1\n,any=1\n", 3, "date", "missing", "finished"),
    ],
)
def test_a_transcript_that_cannot_be_read_says_where(rows, row, column, problem, remedy, tmp_path):
    (fault,) = faults_of('transcript = "transcript.csv"', tmp_path, rows)

    assert (fault.file, fault.row, fault.column) == (str(tmp_path / "transcript.csv"), row, column)
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_an_empty_column_of_a_transcript_is_a_habit_of_spreadsheets(tmp_path):
    profile = written(tmp_path, 'transcript = "transcript.csv"', "date,credits,\n2024-01-01,any=1,\n")

    assert len(learner_from(read_profile(profile), "me.toml", TODAY).earned) == 1


def test_faults_of_the_file_do_not_make_passes_of_own_offerings_unknown(tmp_path):
    """Tests passes given as a list or as text, while nobody knows yet which passes there are."""
    for passes in ('["a", "b"]', '"a; b"'):
        broken = PROFILE.replace('"aama-membership"\navailable', f"{passes}\navailable")
        (fault,) = faults_of(f"transcript = 5\n{broken}", tmp_path)
        assert fault.column == "transcript"


def test_a_missing_transcript_and_the_files_other_faults_come_together(tmp_path):
    found = faults_of('transcript = "none.csv"\nbudget = -1', tmp_path)

    assert [fault.column for fault in found] == ["budget", None]
    assert "cannot be read" in found[1].problem


def test_own_offering_may_have_an_empty_provider_and_title(tmp_path):
    """Tests that a plan's JSON carries such a learner, as a catalog may hold such a row."""
    learner = learner_of(PROFILE.replace('"work"', '""').replace('"HIPAA"', '" "'), tmp_path)

    assert (learner.offerings[0].provider, learner.offerings[0].title) == ("", "")
    assert learner_from(json.loads(json.dumps(learner_mapping(learner))), "plan.json", TODAY) == learner


def test_syntax_and_missing_files_are_faults(tmp_path):
    (fault,) = faults_of("budget = 5\nhours = \n", tmp_path)
    assert (fault.row, fault.file) == (2, str(tmp_path / "me.toml"))
    with pytest.raises(Faults):
        read_profile(tmp_path / "none.toml")


def test_the_order_of_a_file_does_not_matter(tmp_path):
    more = '[[price]]\nid = "z"\nprice = 1\n[[away]]\nfrom = 2028-01-01\nto = 2028-01-02\n'
    first = learner_of(PROFILE.split("[preferences]")[0] + more, tmp_path)
    second = learner_of(
        more + PROFILE.split("[preferences]")[0].replace("hours_per_week = 3\nbudget = 100", ""), tmp_path
    )

    assert (first.prices, first.away) == (second.prices, second.away)


SLUGS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,5}", fullmatch=True)
DAYS = st.dates(date(1950, 1, 1), TODAY).map(date.isoformat)
LATER = st.dates(TODAY, date(2100, 1, 1)).map(date.isoformat)
MONEY = st.integers(0, 999_999).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
TITLES = st.text(max_size=12).filter(lambda text: not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text))
IDS = SLUGS.map("x:{}".format)
CREDITS = st.lists(st.tuples(SLUGS, st.integers(1, 999_99)), min_size=1, max_size=3).map(
    lambda parts: "; ".join(f"{slug}={amount / 100:.2f}" for slug, amount in parts)
)
APPROVALS = st.lists(SLUGS | st.builds("{}#1@{}/{}".format, SLUGS, DAYS, LATER), max_size=2).map("; ".join)
LINE = st.fixed_dictionaries(
    {"credits": CREDITS, "date": DAYS},
    optional={
        "title": TITLES, "unit": SLUGS, "kind": st.sampled_from(KINDS), "format": st.sampled_from(FORMATS),
        "provider": TITLES, "topics": st.lists(SLUGS, max_size=2), "approvals": APPROVALS,
        "hours": st.integers(0, 900).map(lambda minutes: f"{minutes} min"), "course_id": IDS,
    },
)  # fmt: skip
FLAG_LINE = st.fixed_dictionaries(
    {"credits": CREDITS, "unit": st.just("=")}, optional={"approvals": APPROVALS}
)
OFFERING = st.fixed_dictionaries(
    {"offering_id": IDS, "provider": SLUGS, "title": SLUGS, "credits": CREDITS},
    optional={"price": MONEY, "starts": LATER, "times": st.integers(1, 5), "approvals": APPROVALS},
)
MAPPING = st.fixed_dictionaries(
    {},
    optional={
        "budget": MONEY,
        "hours_per_week": st.integers(1, 16800).map(lambda hundredths: str(Decimal(hundredths) / 100)),
        "route": SLUGS,
        "member": st.booleans(),
        "no_assumed": st.booleans(),
        "credential": st.lists(
            st.fixed_dictionaries(
                {"id": SLUGS}, optional={"deadline": LATER, "shares": st.sampled_from(["yes", "no"])}
            ),
            max_size=3,
            unique_by=lambda one: one["id"],
        ),
        "holding": st.lists(
            st.fixed_dictionaries({"pass_id": IDS}, optional={"until": LATER})
            | st.fixed_dictionaries({"offering_id": IDS}),
            max_size=3,
        ),
        "earned": st.lists(LINE | FLAG_LINE, max_size=3),
        "offering": st.lists(OFFERING, max_size=3, unique_by=lambda one: one["offering_id"]),
        "price": st.lists(
            st.fixed_dictionaries({"id": IDS, "price": MONEY}), max_size=3, unique_by=lambda one: one["id"]
        ),
        "away": st.lists(st.fixed_dictionaries({"from": DAYS, "to": LATER}), max_size=3),
        "preferences": st.fixed_dictionaries(
            {},
            optional={
                "require": st.lists(IDS, max_size=3),
                "exclude_providers": st.lists(SLUGS, max_size=3),
                "formats": st.lists(st.sampled_from(FORMATS)),
                "max_purchases": st.integers(0, 99),
            },
        ),
    },
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(MAPPING)
def test_a_learner_survives_json(mapping):
    learner = learner_from(mapping, "x", TODAY)
    carried = json.loads(json.dumps(learner_mapping(learner)))

    assert learner_from(carried, "plan.json", TODAY) == learner
    assert learner_mapping(learner_from(carried, "plan.json", TODAY)) == carried


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | DAYS | st.floats().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(MAPPING, st.data())
def test_any_value_anywhere_is_read_or_faults(mapping, data):
    key = data.draw(st.sampled_from([*mapping, "budget", "credential", "earned", "offering", "preferences"]))
    value = data.draw(ANY)
    place = mapping.get(key)
    if isinstance(place, list) and place and data.draw(st.booleans()):
        place[0][data.draw(st.sampled_from([*place[0], "file", "row", "shares"]))] = value
    else:
        mapping[key] = value
    with suppress(Faults):
        merged = with_flags(mapping, deadline="2028-01-01", earned=["any=1"], passes=["x"], credential=["a"])
        assert learner_mapping(learner_from(merged, "x", TODAY))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=200) | st.text(alphabet='[]{}=."#\n ab1-', max_size=60).map(str.encode),
    transcript=st.binary(max_size=60),
)
def test_random_files_are_faults_at_worst(data, transcript, tmp_path):
    (tmp_path / "t.csv").write_bytes(b"date,credits\n" + transcript)
    for content in (data, b'transcript = "t.csv"\n'):
        (tmp_path / "random.toml").write_bytes(content)
        with suppress(Faults):
            learner_from(read_profile(tmp_path / "random.toml"), "x", TODAY)
