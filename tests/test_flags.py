"""Flags add to a learner's file and win on single values; bad ones are named all at once."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogs.faults import Faults
from optimizer.flags import with_flags
from optimizer.learner import Holding, Target
from optimizer.learner_file import learner_from, read_profile

TODAY = date(2026, 11, 22)
PROFILE = """
transcript = "transcript.csv"
hours_per_week = 3
budget = 100
[[credential]]
id = "cma-aama"
deadline = 2027-06-30
[[holding]]
pass_id = "aama-membership"
until = 2027-12-31
[[earned]]
date = 2024-05-01
credits = "clinical=1"
unit = "aama_ceu"
"""


def test_flags_add_to_the_file_and_win_on_single_values(tmp_path):
    (tmp_path / "new.csv").write_text("date,credits\n2025-01-01,any=2\n", "utf-8")
    (tmp_path / "transcript.csv").write_text("date,credits\n2020-01-01,any=9\n", "utf-8")
    (tmp_path / "me.toml").write_text(PROFILE, "utf-8")
    before = read_profile(tmp_path / "me.toml")
    kept = json.dumps(before)
    merged = with_flags(
        before,
        budget="$1,000",
        deadline="2028-06-30",
        cycle_start="2023-07-01",
        hours_per_week="2.5",
        earned=("clinical=4@aama; amt", "any=1"),
        passes=("ace-annual@2027-03-01", "free-pass"),
        transcript=str(tmp_path / "new.csv"),
        route="any",
        member=True,
        no_assumed=True,
    )
    learner = learner_from(merged, "me.toml", TODAY)

    assert json.dumps(before) == kept
    assert learner.budget == 1000_00
    assert learner.hours_per_week == Decimal("2.5")
    assert learner.targets == (Target("cma-aama", "", date(2028, 6, 30), date(2023, 7, 1), shares=True),)
    assert (learner.route, learner.member, learner.no_assumed) == ("any", True, True)
    assert learner.holdings == (
        Holding("aama-membership", "", date(2027, 12, 31)),
        Holding("ace-annual", "", date(2027, 3, 1)),
        Holding("free-pass", "", None),
    )
    # the file's own line stays, its transcript's line is replaced by that of the flag
    assert [(line.date, line.unit, line.credits[0].hundredths) for line in learner.earned] == [
        (date(2024, 5, 1), "aama_ceu", 100),
        (date(2025, 1, 1), "", 200),
        (None, "=", 100),
        (None, "=", 400),
    ]
    assert {one.approver for line in learner.earned for one in line.approvals} == {"aama", "amt"}


def test_flags_alone_make_a_learner(tmp_path):
    mine = with_flags({}, credential=[str(tmp_path / "mine.toml"), "rma-amt"], deadline="2027-01-31")

    assert learner_from({}, "flags", TODAY).targets[0].credential == "cma-aama"
    assert learner_from(with_flags({}, deadline="2027-01-31"), "flags", TODAY).targets == (
        Target("cma-aama", "", date(2027, 1, 31), None, shares=True),
    )
    assert learner_from(mine, "flags", TODAY).targets == (
        Target("", str(tmp_path / "mine.toml"), date(2027, 1, 31), None, shares=True),
        Target("rma-amt", "", date(2027, 1, 31), None, shares=True),
    )


def test_a_named_credential_takes_the_deadline_and_the_others_keep_theirs():
    mapping = {"credential": [{"id": "cma-aama", "deadline": "2027-06-30"}, {"id": "rma-amt"}]}
    merged = with_flags(mapping, credential=["rma-amt"], deadline="2028-01-31")

    assert merged["credential"] == [
        {"id": "cma-aama", "deadline": "2027-06-30"},
        {"id": "rma-amt", "deadline": "2028-01-31"},
    ]
    with pytest.raises(Faults) as caught:
        with_flags(mapping, deadline="2028-01-31")
    assert "2 credentials" in caught.value.faults[0].problem


def test_bad_flags_are_named_all_at_once(tmp_path):
    with pytest.raises(Faults) as caught:
        with_flags(
            {},
            budget="-5",
            deadline="03/04/27",
            cycle_start="soon",
            hours_per_week="0",
            earned=("4", "clinical=4@", "clinical=4@aama#1", "clinical@aama"),
            passes=("x@never", "@2027-01-01"),
            route="A B",
            credential=("CMA AAMA",),
            transcript=str(tmp_path / "none.csv"),
        )
    found = {(fault.file, fault.value) for fault in caught.value.faults}

    assert found == {
        ("--budget", "-5"),
        ("--deadline", "03/04/27"),
        ("--cycle-start", "soon"),
        ("--hours-per-week", "0"),
        ("--earned", "4"),
        ("--earned", "clinical=4@"),
        ("--earned", "clinical=4@aama#1"),
        ("--earned", "clinical@aama"),
        ("--pass", "x@never"),
        ("--pass", "@2027-01-01"),
        ("--route", "A B"),
        ("--credential", "CMA AAMA"),
        (str(tmp_path / "none.csv"), None),
    }
    assert all(fault.remedy.endswith((".", "?")) for fault in caught.value.faults)
    assert "the most you spend" in caught.value.faults[0].remedy


@given(st.text(max_size=20))
def test_random_flags_are_faults_at_worst(text):
    for flags in (
        {"budget": text},
        {"credential": [text]},
        {"deadline": text},
        {"earned": [text]},
        {"passes": [text]},
        {"hours_per_week": text},
        {"route": text},
        {"transcript": text},
    ):
        with suppress(Faults):
            assert learner_from(with_flags({}, **flags), "x", TODAY)
