"""The JSON Schemas are strict: one mistake does not validate, and what validates is read."""

import tomllib
from dataclasses import replace
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from catalogs.faults import Fault
from optimizer import credential_keys, learner_keys
from optimizer.schemas import schema
from optimizer.toml_reading import Key, Place, plain, read_table, table_shape
from tests import test_credential_file, test_learner_file
from tests.puzzle import rules, solve
from tests.test_schemas import as_json, wrong

# One mistake does not


LEARNER_MISTAKES = [
    ("budget = 100", "budjet = 100"),
    ("budget = 100", "budget = -1"),
    ("budget = 100", 'budget = "1.234"'),
    ("budget = 100", 'budget = "a lot"'),
    ("budget = 100", "budget = true"),
    ("budget = 100", "budget = 10000000"),
    ("hours_per_week = 3", "hours_per_week = 0"),
    ("hours_per_week = 3", "hours_per_week = 169"),
    ("2027-06-30", '"2027-06-31"'),
    ("2027-06-30", '"03/04/27"'),
    ("2027-06-30", "2027-06-30T10:00:00"),
    ("2027-06-30", '"2300-01-01"'),
    ('id = "cma-aama"', 'id = "CMA AAMA"'),
    ('id = "cma-aama"', "id = 5"),
    ('id = "cma-aama"', 'ident = "cma-aama"'),
    ('shares = "yes"', 'shares = "perhaps"'),
    ("date = 2024-05-01\n", ""),
    ("date = 2024-05-01", 'date = ""'),
    ('credits = "clinical=1"\n', ""),
    ('credits = "clinical=1"', 'credits = "clinical"'),
    ('credits = "clinical=1"', "credits = 1"),
    ('credits = "clinical=1"', "credits = []"),
    ('unit = "aama_ceu"', 'unit = "="'),
    ('title = "A day"', 'title = "a\\u001bb"'),
    ('title = "A day"', 'kind = "lecture"'),
    ('title = "A day"', "row = 5"),
    ('provider = "work"\n', ""),
    ('offering_id = "work:hipaa"', 'offering_id = "a;b"'),
    ("price = 85", "price = -85"),
    ("price = 85\n", ""),
    ("from = 2027-01-01\n", ""),
    ("max_purchases = 5", "max_purchases = 1.5"),
    ("max_purchases = 5", 'max_purchases = "five"'),
    ("[preferences]", "[[preferences]]"),
    ('"online", ', '"offline", '),
    ("[[away]]", "[away]"),
    ("budget = 100", 'route = "any"'),
]
HANDLED_BY_THE_READER = (
    "own unit", "no route", "that name", "no requirement binds", "longer", "limits nothing", "meaning of its own",
    "a date",
)  # fmt: skip
"""What another place in the file makes a mistake of, and a date in place of text, by a word of the message."""


@pytest.mark.parametrize(("there", "instead"), LEARNER_MISTAKES)
def test_a_learner_with_one_mistake_does_not_validate(there, instead):
    sound = test_learner_file.PROFILE.replace("In Person", "in_person")
    assert there in sound
    assert wrong("learner", as_json(sound)) == []
    assert wrong("learner", as_json(sound.replace(there, instead, 1)))


MISTAKES = test_credential_file.test_each_mistake_is_named_at_its_place.pytestmark[0].args[1]


@pytest.mark.parametrize(("there", "instead", "problem"), [(one[0], one[1], one[4]) for one in MISTAKES])
def test_a_credential_with_one_mistake_does_not_validate(there, instead, problem):
    """Tests every mistake that the reader's own tests make, save those that lie between places."""
    broken = tomllib.loads(test_credential_file.SMALL.replace(there, instead, 1), parse_float=Decimal)
    assert bool(wrong("credential", plain(broken))) == (problem not in HANDLED_BY_THE_READER)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["status"], "perfect"), (["cost"], 5), (["cost"], "5"), (["bound"], "-1.00"), (["as_of"], "today"),
        (["budget"], "1.005"), (["currency"], "EUR"), (["schema_version"], 2), (["more"], 1), (["purchases"], None),
        (["purchases", 0, "kind"], "gift"), (["purchases", 0, "on"], None), (["enrollments", 0, "hours"], 1),
        (["enrollments", 0, "counts", 0, "credit"], "1"), (["enrollments", 0, "counts", 0, "exact"], "half"),
        (["catalog", "offerings"], "2"), (["problem", "learner", "budjet"], 1), (["route", "pz-test"], None),
        (["problem", "credentials", 0, "version"], "2020-13-01"), (["requirements", 0, "short"], None),
    ],
)  # fmt: skip
def test_a_plan_with_one_mistake_does_not_validate(path, value):
    found = solve("offering_id, price\na, 10", rules("1")).json
    inner = found
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value

    assert wrong("plan", found)


@pytest.mark.parametrize("key", schema("plan")["required"])
def test_a_plan_without_a_key_does_not_validate(key):
    found = solve("offering_id, price\na, 10", rules("1")).json
    del found[key]

    assert wrong("plan", found)


# What validates is read


PROBES = [
    "", " ", "x", "x-y", "X Y", "a;b", "a\x1bb", "a\u0085b", "caf\u00e9", "5", "0", "0.00", "-1", "1.5", "1.55",
    "1.555", "00012.5", "1e3", "99999.99", "100000", "9999999.99", "10000000", "12345678901", "5/6", "0/6",
    "5/0", "168", "169", "yes", "no", "maybe", "2027-06-30", "2027-06-31", "1899-12-31", "2199-12-31",
    "2200-01-01", "2024-02-29", "2027-6-30", "https://example.org/a", "https://", "ftp://x.org", "http://a b",
    "clinical=1", "clinical=0.001", "clinical|general=2; any=1", "clinical=1;", "aama; amt",
    "aama#1@2026-08-30/2027-08-29", "aama@2026-08-30", "online", "cpr", "issuer", "any", "\u0663", 0, 1, 5, 60,
    601, 9999, 10000, -1, 10**12, True, False, [], ["x"], ["online"], [1], [""], {}, {"x": 1}, {"X Y": 1}, {"x":
    -1}, None,
]  # fmt: skip
TABLES = {
    name: value
    for module in (learner_keys, credential_keys)
    for name, value in {**vars(module), "PROFILE": learner_keys.profile_keys(None)}.items()
    if isinstance(value, dict) and value and all(isinstance(one, Key) for one in value.values())
}


@pytest.mark.parametrize(
    ("table", "name"), [(table, name) for table, keys in TABLES.items() for name in keys]
)
def test_a_value_that_validates_is_read(table, name):
    """Tests every key with every probe: a table of that key alone, which the schema takes, is read without a fault."""
    key = replace(TABLES[table][name], needed=False)
    shape = Draft202012Validator(table_shape({name: key}), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for value in PROBES:
        faults: list[Fault] = []
        read_table({name: value}, {name: key}, Place("x", faults))
        if (
            shape.is_valid({name: value}) and name != "transcript"
        ):  # whose lines another reader puts in its place
            assert faults == [], value
