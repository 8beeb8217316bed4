"""The JSON Schemas: sound themselves, true to every file and plan there is, and strict on one mistake."""

import json
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from optimizer import credential_keys, learner_keys, plan
from optimizer.cli import main
from optimizer.learner_file import learner_from, learner_mapping
from optimizer.schemas import DIALECT, SCHEMAS, schema, schema_text
from optimizer.toml_reading import plain
from tests import test_credential_file, test_flags, test_learner_file
from tests.oracle import instances
from tests.puzzle import rules, solve

ROOT = Path(__file__).parent.parent
TOML_BLOCKS = {
    page.name: re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    for page in (ROOT / "README.md", ROOT / "docs" / "credential.md")
}
CREDENTIALS = {path.name: path.read_text("utf-8") for path in (ROOT / "optimizer/credentials").glob("*.toml")}


@cache
def validator(form: str) -> Draft202012Validator:
    return Draft202012Validator(schema(form), format_checker=Draft202012Validator.FORMAT_CHECKER)


def wrong(form: str, document: object) -> list[str]:
    """Return what a schema says against a document, with the places."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator(form).iter_errors(document)]


def as_json(toml: str) -> dict:
    """Return TOML as any other program would hand it to a validator: numbers as numbers, dates as their text."""
    return json.loads(json.dumps(tomllib.loads(toml), default=str))


# The schemas themselves


@pytest.mark.parametrize("form", SCHEMAS)
def test_schema_is_sound_and_says_what_it_is(form):
    said = schema(form)

    Draft202012Validator.check_schema(said)
    assert said["$schema"] == DIALECT == Draft202012Validator.META_SCHEMA["$schema"]
    assert re.fullmatch(rf"urn:ceuplan:schema:{form}(:[0-9]+)?", said["$id"])
    assert said["title"]
    assert said["description"]
    assert json.loads(schema_text(form)) == said


@pytest.mark.parametrize("form", SCHEMAS)
def test_every_pattern_and_reference_is_usable(form):
    """Tests that patterns keep to what ECMAScript and Python share, and that references lead somewhere."""
    text = schema_text(form)
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', text)

    assert all(re.compile(json.loads(pattern)) for pattern in patterns)
    assert not [pattern for pattern in patterns if re.search(r"\(\?[P<#a-z]|\\\\[AZdw]", pattern)]
    assert set(re.findall(r'"\$ref": "#/\$defs/(\w+)"', text)) == set(schema(form)["$defs"])


def test_keys_are_those_of_the_declarations():
    version = schema("credential")["properties"]["version"]["items"]

    assert list(schema("learner")["properties"]) == list(learner_keys.profile_keys(None))
    assert list(schema("credential")["properties"]) == list(credential_keys.CREDENTIAL)
    assert {name: one["description"] for name, one in version["properties"].items()} == {
        name: key.meaning for name, key in credential_keys.VERSION.items()
    }
    assert schema("plan")["properties"]["status"] == {"enum": list(plan.STATUSES)}


# What there is validates


@pytest.mark.parametrize(
    "text", [*CREDENTIALS.values(), TOML_BLOCKS["credential.md"][0], test_credential_file.SMALL, rules("2")]
)
def test_credentials_validate(text):
    assert wrong("credential", as_json(text)) == []
    assert wrong("credential", plain(tomllib.loads(text))) == []


@pytest.mark.parametrize(
    "text", ["", *TOML_BLOCKS["README.md"], test_learner_file.PROFILE, test_flags.PROFILE]
)
def test_learners_validate(text):
    text = text.replace('"In Person"', '"in_person"')  # the reader takes more spellings
    assert wrong("learner", as_json(text)) == []


@pytest.mark.parametrize("seed", range(50))
def test_random_instances_validate(seed):
    for drawn in (instances.small(seed), instances.large(seed)):
        for form, mapping in (
            ("learner", instances.learner_mapping(drawn)),
            ("credential", instances.credential_mapping(drawn)),
        ):
            assert wrong(form, plain(mapping)) == []
            assert (
                wrong(
                    form,
                    json.loads(
                        json.dumps(
                            mapping, default=lambda one: float(one) if hasattr(one, "as_tuple") else str(one)
                        )
                    ),
                )
                == []
            )


PASSES = "pass_id, price, benefit, term_days\nclub, 5, included, 30"
HELD = '[[holding]]\npass_id = "club"\nuntil = 2027-02-01\n'
EARNED = '[[earned]]\ndate = 2027-01-01\ncredits = "any=7"\nunit = "hour"\n'
OUTSIDE = '[[earned]]\ndate = 2020-01-01\ncredits = "any=1"\n'
FEE = '[[version.fee]]\nname = "fee"\namount = 5\nnote = "late"'
CAP = "at_most = 5"


@pytest.mark.parametrize(
    ("status", "credential", "learner", "flags"),
    [
        ("optimal", rules("2", '0.5 category = "x"', caps=(CAP,)), HELD, {}),
        ("optimal", rules("2", more=FEE), "", {"member": True, "earned": ["x=1@amt"], "budget": "99"}),
        ("optimal", rules("1").replace("hour = 1", 'hour = "5/6"'), OUTSIDE, {}),
        ("infeasible", rules("2"), "budget = 12.5\n", {}),
        ("infeasible", rules("9", caps=("items_at_most = 3",)), OUTSIDE, {"no_assumed": True}),
        ("nothing_needed", rules("2"), EARNED + OUTSIDE, {}),
    ],
)
def test_plans_validate(status, credential, learner, flags):
    shop = "offering_id, price, credits\na, 10, x=1\nb, 15, any=1"
    found = solve(shop, credential, learner, PASSES, flags=flags).json

    assert found["status"] == status
    assert wrong("plan", found) == []


def test_the_shipped_plan_validates(monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "optimize", "--as-of", "2026-11-22", "--format", "json")
    assert (code, wrong("plan", json.loads(out))) == (0, [])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(test_learner_file.MAPPING)
def test_whatever_learner_a_plan_carries_validates(mapping):
    learner = learner_mapping(learner_from(mapping, "x", test_learner_file.TODAY))
    of_learner = {
        **schema("plan")["properties"]["problem"]["properties"]["learner"],
        "$defs": schema("plan")["$defs"],
    }

    assert not list(Draft202012Validator(of_learner).iter_errors(learner))


# The command


def run(monkeypatch, capsys, *args):
    monkeypatch.setattr(sys, "argv", ["ceuplan", *args])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code or 0, *capsys.readouterr()


@pytest.mark.parametrize("form", SCHEMAS)
def test_the_command_prints_or_writes_the_schema(monkeypatch, capsys, tmp_path, form):
    assert run(monkeypatch, capsys, "schema", form) == (0, schema_text(form), "")
    code, out, err = run(monkeypatch, capsys, "schema", form, "-o", str(tmp_path / "schema.json"))
    assert (code, out) == (0, "")
    assert "Written to" in err
    assert (tmp_path / "schema.json").read_text("utf-8") == schema_text(form)


@pytest.mark.parametrize(
    ("args", "hint"),
    [([], ""), (["lerner"], 'Did you mean "learner"?'), (["\x1b[31m"], "x1b"), (["catalog"], "")],
)
def test_no_such_form_is_a_usage_error_that_names_them_all(monkeypatch, capsys, args, hint):
    code, out, err = run(monkeypatch, capsys, "schema", *args)
    assert (code, out) == (2, "")
    assert "plan, explanation, cart, learner or credential" in err
    assert hint in err
    assert "\x1b" not in err
