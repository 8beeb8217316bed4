"""A learner's file as `ceuplan init` writes it: every key is there, every example is right, any text survives."""

import re
import tomllib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.learner_file import learner_from, read_profile
from optimizer.learner_keys import profile_keys
from optimizer.learner_writing import TABLES, profile_text, quoted, toml_value
from optimizer.toml_reading import parse_toml
from tests.test_schemas import as_json, wrong

TODAY = date(2026, 11, 22)


def test_every_key_is_shown_with_its_meaning_and_an_example():
    text = profile_text({}, TODAY)
    lines = text.splitlines()

    assert tomllib.loads(text) == {}
    assert set(TABLES) <= set(profile_keys(None))
    for name, key in profile_keys(None).items():
        shown = f"# {key.meaning}" if name in TABLES else f"#{name} = {key.example}"
        assert any(line.startswith(shown) and key.meaning in line for line in lines), name
    for keys in TABLES.values():
        for name, key in keys.items():
            example, meaning = re.escape(f"#{name} = {key.example}"), re.escape(key.meaning)
            assert key.example
            assert re.search(f"^{example} +# {meaning}$", text, re.MULTILINE), name


def test_every_example_may_be_uncommented(tmp_path):
    """Tests that the file with all its examples is a learner's file, save two keys that exclude others."""
    text = re.sub(r"^#(?=\S)", "", profile_text({}, TODAY), flags=re.MULTILINE)
    text = re.sub(r'^(file|offering_id = "aama).*\n', "", text, flags=re.MULTILINE)
    (tmp_path / "transcript.csv").write_text("date,credits\n2025-03-02,clinical=2\n", "utf-8")
    (tmp_path / "all.toml").write_text(text, "utf-8")
    found = learner_from(read_profile(tmp_path / "all.toml"), "all.toml", TODAY)

    assert wrong("learner", as_json(text)) == []
    assert (found.budget, len(found.earned), len(found.offerings), found.preferences.max_purchases) == (
        300_00,
        2,
        1,
        3,
    )


def test_what_is_said_is_set_and_the_rest_shown_once():
    said = {
        "budget": Decimal("12.50"),
        "earned": [
            {"date": TODAY, "credits": "any=1"},
            {"date": TODAY, "credits": "any=2", "title": 'a "b"'},
        ],
    }
    text = profile_text(said, TODAY)

    assert tomllib.loads(text, parse_float=Decimal) == said
    assert text.count("#course_id") == 1
    assert text.count("[[earned]]\n") == 2


@given(st.text() | st.text(alphabet=".\"\\'\n\r\t\x00\x1b\x7f\u2028=#[]{}é🙂", max_size=200))
def test_any_text_survives_quoting(text):
    line = f"a = {quoted(text)} # meaning"

    assert "\n" not in line
    assert tomllib.loads(line) == {"a": text}
    assert parse_toml(line.encode(), "x") == {"a": text}


@given(
    st.dates()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2)
    | st.integers(-(2**63), 2**63 - 1)
)
def test_any_other_value_survives(value):
    assert tomllib.loads(f"a = {toml_value(value)}", parse_float=Decimal) == {"a": value}


def test_half_a_character_is_refused_by_the_file_not_mangled():
    with pytest.raises(UnicodeEncodeError):
        quoted("\ud800").encode()
