# ruff: noqa: E501 - one mistake a line
"""A credential's file is read exactly, and whatever is wrong with it is said at its place, all at once."""

import re
import tomllib
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogs.faults import Fault, Faults
from optimizer import credential_keys
from optimizer.credential import Cap, CarryOver, Fee, Filter, NotModelled, Requirement, Route, Source
from optimizer.credential_file import (
    governing,
    load_file,
    load_shipped,
    read_credential,
    shipped_ids,
)
from optimizer.toml_reading import MOST_BYTES, Keys
from tests.toml_keys import as_toml, check_key

PAGE = (Path(__file__).parent.parent / "docs" / "credential.md").read_text("utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1]
SOURCE = 'source = { title = "Rules", url = "https://example.org" }'
SMALL = f"""
id = "x-y"
name = "X"
issuer = "Y"
unit = "point"
[conversions]
contact_hour = 1
[[version]]
effective = 2020-01-01
cycle_months = 60
{SOURCE}
[[version.requirement]]
name = "total"
at_least = 60
[[version.cap]]
name = "CPR"
at_most = 12
[[version.route]]
name = "exam"
price = 250
[[version.fee]]
name = "fee"
amount = 10
[[version.not_modelled]]
text = "Nothing."
"""


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        read_credential(text.encode() if isinstance(text, str) else text, "x-y.toml")
    return caught.value.faults


def test_the_documented_example_loads_to_exact_values():
    credential = read_credential(EXAMPLE.encode(), "cxa-example.toml")
    policies = Source("Recertification policies", "https://example.org/policies", date(2026, 11, 22))
    handbook = Source("Handbook", "http://example.org/handbook", None)
    clinical = Filter(category=("clinical",), exclude=Filter(kind=("cpr",), format=("online", "print")))
    ce = "continuing-education"
    (version,) = credential.versions

    assert (credential.id, credential.unit, credential.membership) == (
        "cxa-example", "point", "example-membership",
    )  # fmt: skip
    assert credential.name == "Certified Example Assistant, CXA (Example)"
    assert credential.issuer == "Example Board"
    assert credential.conversions == (
        ("clock_hour", Fraction(5, 6)),
        ("college_credit", Fraction(15)),
        ("contact_hour", Fraction(1)),
        ("point", Fraction(1)),
    )
    assert credential.text == EXAMPLE
    assert len(credential.sha256) == 64
    assert (version.effective, version.cycle_months) == (date(2020, 1, 1), 60)
    assert (version.submit_days_before, version.lapse_days) == (21, 90)
    assert (version.confidence, version.source) == ("issuer", policies)
    assert version.requirements == (
        Requirement("total", Fraction(60), Filter(), None, None, False, ce, "issuer", None),
        Requirement("clinical, every year", Fraction(5, 2), clinical, 12, None, False, ce, "copy", handbook),
    )
    assert version.caps == (
        Cap("CPR cards", Fraction(12), 3, Filter(kind=("cpr",)), None, ce, "issuer", None),
    )
    assert version.routes == (
        Route("exam", 250_00, (("example-membership", 125_00),), 62, 50_00, "issuer", None),
    )
    assert version.fees == (Fee("recertification", 179_00, "with the application", "issuer", None),)
    assert version.not_modelled == (NotModelled("Points above the total are not carried over.", None),)


def fragments(heading: str) -> list[str]:
    """Return the pieces of TOML in a section of the page."""
    return re.findall(r"```toml\n(.*?)```", PAGE.split(f"## {heading}\n")[1].split("\n## ")[0], re.DOTALL)


def test_fragments_about_windows_are_read():
    *rules, whole = fragments("Windows")
    text = SMALL.replace("cycle_months = 60\n", f'cycle_months = 60\nconfidence = "copy"\n{whole}') + "".join(
        rules
    )
    (version,) = read_credential(text.encode(), "x-y.toml").versions

    assert version.carry_over == CarryOver(3, Fraction(5), "copy", None)
    assert (version.repeat_months, version.smallest_item, version.round_down_to) == (
        36,
        Fraction(1, 2),
        Fraction(1, 2),
    )
    assert [(rule.every_months, rule.within_months, rule.ever) for rule in version.requirements] == [
        (None, None, False), (12, None, False), (None, 48, False), (None, None, True),
    ]  # fmt: skip
    assert [cap.every_months for cap in version.caps] == [None, 12]


def test_fragments_about_routes_are_read():
    text = SMALL.replace('[[version.route]]\nname = "exam"\nprice = 250\n', "") + "".join(fragments("Routes"))
    (version,) = read_credential(text.encode(), "x-y.toml").versions

    exam = Route("exam", 250_00, (("example-membership", 125_00),), 62, None, "unverified", None)
    assert version.routes == (exam, Route("all-clinical", 0, (), 0, None, "unverified", None))
    assert [rule.route for rule in version.requirements] == ["continuing-education", "all-clinical"]


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("The file", credential_keys.CREDENTIAL),
        ("`[[version]]`", credential_keys.VERSION),
        ("`[[version.requirement]]`", credential_keys.REQUIREMENT),
        ("`[[version.cap]]`", credential_keys.CAP),
        ("`where`", credential_keys.WHERE),
        ("`[[version.route]]`", credential_keys.ROUTE),
        ("`carry_over`", credential_keys.CARRY_OVER),
        ("`[[version.fee]]`", credential_keys.FEE),
        ("`[[version.not_modelled]]`", credential_keys.NOT_MODELLED),
        ("`source`", credential_keys.SOURCE),
    ],
)
def test_the_page_documents_every_key_as_declared(heading: str, keys: Keys):
    section = PAGE.split(f"### {heading}\n")[1].split("\n### ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    needed = {True: "yes", False: ""}

    assert rows == [f"| `{name}` | {needed[key.needed]} | {key.meaning} |" for name, key in keys.items()]


@pytest.mark.parametrize(
    ("there", "instead", "column", "value", "problem", "remedy"),
    [
        ('id = "x-y"', 'id = "X Y"', "id", "X Y", "small letters", "Write it like x-y."),
        ('id = "x-y"', "", "id", None, "missing", "Add it"),
        ('id = "x-y"', "id = 5", "id", "5", "a number", "word in quotes"),
        ('name = "X"', 'nome = "X"', "nome", "X", "unknown key", 'Did you mean "name"?'),
        ('name = "X"', 'name = "a\\u001bb"', "name", "a\x1bb", "control characters", "visible"),
        ('issuer = "Y"', 'issuer = " "', "issuer", " ", "missing", "who grants it"),
        ("contact_hour = 1", "contact_hour = 0", "conversions.contact_hour", "0", "not above 0", "5/6"),
        ("contact_hour = 1", "contact_hour = -1", "conversions.contact_hour", "-1", "negative", "5/6"),
        ("contact_hour = 1", 'contact_hour = "5/0"', "conversions.contact_hour", "5/0", "above 0", "5/6"),
        ("contact_hour = 1", "contact_hour = inf", "conversions.contact_hour", "Infinity", "a number", "5/6"),
        ("contact_hour = 1", "contact_hour = 1e999", "conversions.contact_hour", "1E+999", "digits", "5/6"),
        ("contact_hour = 1", "contact_hour = true", "conversions.contact_hour", "yes", "yes or no", "5/6"),
        ("contact_hour = 1", "point = 2", "conversions.point", "2", "own unit", "Remove it"),
        ("contact_hour = 1", '"a b" = 2', 'conversions."a b"', "a b", "small letters", "a-b"),
        ("2020-01-01", '"03/04/27"', "version[1].effective", "03/04/27", "two digits", "2027-03-04"),
        ("2020-01-01", "2020-01-01T10:00:00", "version[1].effective", "2020-01-01T10:00:00", "time", "date"),
        ("cycle_months = 60", "cycle_months = 0", "version[1].cycle_months", "0", "between 1", "from 1"),
        ("cycle_months = 60", "cycle_months = 1.5", "version[1].cycle_months", "1.5", "whole", "from 1"),
        ("cycle_months = 60", "", "version[1].cycle_months", None, "missing", "length of a cycle"),
        (SOURCE, "", "version[1].source", None, "missing", "where the rules were read"),
        (SOURCE, 'source = "AAMA"', "version[1].source", "AAMA", "not a table", "title, url, read_on"),
        ("https://example.org", "ftp://x.org", "version[1].source.url", "ftp://x.org", "web page", "https://"),
        ("at_least = 60", "at_least = 0", "version[1].requirement[1].at_least", "0", "above 0", "1.5"),
        ("at_least = 60", "at_least = -1", "version[1].requirement[1].at_least", "-1", "negative", "above 0"),
        ("at_least = 60", "at_least = 0.001", "version[1].requirement[1].at_least", "0.001", "decimals", "2"),
        ("at_least = 60", "atleast = 60", "version[1].requirement[1].atleast", "60", "unknown", '"at_least"?'),
        ("at_least = 60", 'at_least=60\nroute="exm"', "version[1].requirement[1].route", "exm", "no route", '"exam"?'),
        ("at_least = 60", "at_least=60\nevery_months=61", "version[1].requirement[1].every_months", "61", "longer", "60"),
        ("at_least = 60", 'at_least=60\nconfidence="sure"', "version[1].requirement[1].confidence", "sure", "known", "issuer"),
        ("at_least = 60", 'at_least=60\nwhere={catgory="a"}', "version[1].requirement[1].where.catgory", "a", "unknown", '"category"?'),
        ("at_least = 60", 'at_least=60\nwhere={kind=["cpr","cors"]}', "version[1].requirement[1].where.kind[2]", "cors", "not a known kind", "course"),
        ("at_least = 60", 'at_least=60\nwhere={format="web"}', "version[1].requirement[1].where.format", "web", "not a known format", "online"),
        ("at_least = 60", 'at_least=60\nwhere={category="any"}', "version[1].requirement[1].where.category", "any", "without a category", "Name"),
        ("at_least = 60", "at_least=60\nwhere={topic=[]}", "version[1].requirement[1].where.topic", "a list", "empty list", "remove"),
        ("at_least = 60", "at_least=60\nwhere={not={}}", "version[1].requirement[1].where.not", "a table", "everything", "exclude"),
        ("at_least = 60", 'at_least=60\nwhere={not={not={kind="cpr"}}}', "version[1].requirement[1].where.not.not", "a table", "unknown", "category"),
        ("at_least = 60", 'at_least=60\n[[version.requirement]]\nname="total"\nat_least=1', "version[1].requirement[2].name", "total", "that name", "own"),
        ('name = "total"\n', 'name = "total"\nroute = "exam"\n', "version[1].requirement", None, "no requirement binds", "without a route"),
        ("[[version.requirement]]\n", "[version.requirement]\n", "version[1].requirement", "a table", "list of tables", "[["),
        ("at_most = 12", "", "version[1].cap[1]", None, "limits nothing", "items_at_most"),
        ("at_most = 12", "items_at_most = -1", "version[1].cap[1].items_at_most", "-1", "whole", "from 0"),
        ('name = "exam"', 'name = "any"', "version[1].route[1].name", "any", "meaning of its own", "another"),
        ("price = 250", "price = 2.505", "version[1].route[1].price", "2.505", "more than 2 decimals", "29.95"),
        ("price = 250", 'price = 9\npasses = {m="x"}', "version[1].route[1].passes.m", "x", "dollars", "29.95"),
        ("amount = 10", "amount = -10", "version[1].fee[1].amount", "-10", "negative", "0 or more"),
        ('text = "Nothing."', "text = 1979-05-27", "version[1].not_modelled[1].text", "1979-05-27", "a date", "quotes"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_at_its_place(there, instead, column, value, problem, remedy):
    assert there in SMALL
    (fault,) = (one for one in faults_of(SMALL.replace(there, instead, 1)) if one.column == column)

    assert (fault.file, fault.value) == ("x-y.toml", value)
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert not fault.problem.endswith(".")
    assert fault.remedy.endswith((".", "?"))


TABLES = {
    "": credential_keys.CREDENTIAL,
    "version[1]": credential_keys.VERSION,
    "version[1].source": credential_keys.SOURCE,
    "version[1].requirement[2]": credential_keys.REQUIREMENT,
    "version[1].requirement[2].where": credential_keys.WHERE,
    "version[1].requirement[2].where.not": credential_keys.EXCLUDED,
    "version[1].cap[1]": credential_keys.CAP,
    "version[1].route[1]": credential_keys.ROUTE,
    "version[1].fee[1]": credential_keys.FEE,
    "version[1].not_modelled[1]": credential_keys.NOT_MODELLED,
}


@pytest.mark.parametrize(("place", "key"), [(place, key) for place, keys in TABLES.items() for key in keys])
def test_every_key_is_missed_misspelled_and_refused_in_another_sort(place, key):
    document = tomllib.loads(EXAMPLE, parse_float=Decimal)
    check_key(document, place, key, TABLES[place][key], time(7, 30), faults_of)


@pytest.mark.parametrize(
    ("added", "column", "value", "problem", "remedy"),
    [
        ('[[version.cap]]\nname = "CPR"\nat_most = 1', "cap[2].name", "CPR", "cap[1] has that name too", "name of its own"),
        ('[[version.route]]\nname = "exam"\nprice = 1', "route[2].name", "exam", "route[1] has that name too", "name of its own"),
        ('[[version.route]]\nname = "continuing-education"\nprice = 1', "route[2].name", "continuing-education", "meaning of its own", "Choose another"),
        ('[[version.cap]]\nname = "c"\nat_most = 1\nroute = "exm"', "cap[2].route", "exm", "no route has that name", 'Did you mean "exam"?'),
        ('[[version.cap]]\nname = "c"\nat_most = -1', "cap[2].at_most", "-1", "negative", "Write a number"),
        ('[[version.cap]]\nname = "c"\nat_most = 0.125', "cap[2].at_most", "0.125", "more than 2 decimals", "at most 2"),
        ('[[version.cap]]\nname = "c"\nitems_at_most = 10000', "cap[2].items_at_most", "10000", "between 0 and 9,999", "from 0 to 9999"),
        ('[[version.cap]]\nname = "c"\nat_most = 1\nwhere = { approver = "The AAMA" }', "cap[2].where.approver", "The AAMA", "small letters", "the-aama"),
        ('[[version.cap]]\nname = "c"\nat_most = 1\nconfidence = "isuer"', "cap[2].confidence", "isuer", "not a known word", 'Did you mean "issuer"?'),
        ('[[version.fee]]\nname = "f"\namount = 9.999', "fee[2].amount", "9.999", "more than 2 decimals", "29.95"),
        ('[[version.not_modelled]]\ntext = "t"\nsource = { title = "t", url = "https://x.org", read_on = "2026-02-30" }', "not_modelled[2].source.read_on", "2026-02-30", "no such day", "2027-03-04"),
    ],
)  # fmt: skip
def test_each_mistake_of_a_rule_is_named_at_its_place(added, column, value, problem, remedy):
    (fault,) = faults_of(SMALL + added + "\n")

    assert (fault.column, fault.value) == (f"version[1].{column}", value)
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("days", "value", "most"),
    [("submit_days_before", "-1", 3660), ("lapse_days", "3661", 3660), ("cycle_months", "601", 600)],
)
def test_days_and_months_of_a_version_have_limits(days, value, most):
    (fault,) = faults_of(
        SMALL.replace(
            "cycle_months = 60\n",
            f"cycle_months = 60\n{days} = {value}\n" if days != "cycle_months" else f"{days} = {value}\n",
        )
    )

    assert (fault.column, fault.value) == (f"version[1].{days}", value)
    assert f"to {most}" in fault.remedy


def test_no_version_at_all_is_a_fault():
    (fault,) = faults_of("version = []" + SMALL[: SMALL.index("[[version]]")])

    assert fault.column == "version"
    assert "dated rules" in fault.remedy


def test_two_versions_of_one_day_are_a_fault():
    again = SMALL[SMALL.index("[[version]]") :]
    (fault,) = faults_of(SMALL + again)

    assert (fault.column, fault.value) == ("version[2].effective", "2020-01-01")
    assert "version[1]" in fault.problem


def test_all_faults_come_at_once():
    broken = (
        SMALL.replace('id = "x-y"', "id = 1").replace("60\n", "-60\n").replace("250", '"was $45 now $30"')
    )

    assert [fault.column for fault in faults_of(broken)] == [
        "id",
        "version[1].cycle_months",
        "version[1].requirement[1].at_least",
        "version[1].route[1].price",
    ]


@pytest.mark.parametrize(
    ("data", "row", "problem"),
    [
        (b'id = "x"\nname = \n', 2, "not TOML"),
        (b"a = 1\n\na", 3, "not TOML"),
        (b'id = "\xff"', 1, "not UTF-8"),
        (b"a = 1\na = 2\n", 2, "not TOML"),
        (b"a = 1e99999999999999999999", None, "out of range"),
        (b"a = " + b"[" * 5000, None, "too deeply"),
        (b"#" * (MOST_BYTES + 1), None, "longer than"),
        (b"x = 1\n" + b".".join([b"a"] * 200) + b" = 1", 2, "dots"),
    ],
)
def test_what_is_not_toml_is_one_fault_with_its_line(data, row, problem):
    (fault,) = faults_of(data)

    assert fault.row == row
    assert problem in fault.problem


def test_values_may_be_written_as_their_text():
    as_text = re.sub(r"= (\d[\d-]*)$", r'= "\1"', SMALL, flags=re.MULTILINE)

    assert as_text.count('"60"') == 2
    read, plain = (read_credential(text.encode(), "x-y.toml") for text in (as_text, SMALL))
    assert replace(read, text="", sha256="") == replace(plain, text="", sha256="")


def test_every_shipped_credential_loads_under_its_id():
    assert "cma-aama" in shipped_ids()
    for credential_id in shipped_ids():
        assert load_shipped(credential_id).id == credential_id


def test_unknown_id_names_the_nearest_and_all():
    with pytest.raises(Faults) as caught:
        load_shipped("cma-aamma")
    (fault,) = caught.value.faults

    assert fault.value == "cma-aamma"
    assert 'Did you mean "cma-aama"?' in fault.remedy
    assert all(credential_id in fault.remedy for credential_id in shipped_ids())


def test_a_file_of_ones_own_is_read_or_named(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(EXAMPLE, "utf-8")

    assert load_file(mine).id == "cxa-example"
    for missing in (tmp_path / "none.toml", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(Faults) as caught:
            load_file(missing)
        assert caught.value.faults[0].file == str(missing)
        assert "cannot be read" in caught.value.faults[0].problem


def test_the_newest_version_effective_by_the_deadline_governs():
    later = SMALL[SMALL.index("[[version]]") :].replace("2020-01-01", "2027-01-01")
    credential = read_credential((SMALL + later).encode(), "x-y.toml")

    assert governing(credential, date(2020, 1, 1)).effective == date(2020, 1, 1)
    assert governing(credential, date(2026, 12, 31)).effective == date(2020, 1, 1)
    assert governing(credential, date(2027, 1, 1)).effective == date(2027, 1, 1)
    with pytest.raises(Faults) as caught:
        governing(credential, date(2019, 12, 31))
    assert "2020-01-01" in caught.value.faults[0].problem


@given(st.binary(max_size=300))
def test_random_bytes_are_faults_at_worst(data):
    with pytest.raises(Faults):
        read_credential(data, "x")


KEYS = sorted(set(re.findall(r"^\s*(\w+) =", EXAMPLE, re.MULTILINE)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates() | st.datetimes()
    | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from(re.findall(r"^\s*\w+ = (.*?)(?:\s+#.*)?$", SMALL, re.MULTILINE)), VALUES)
def test_a_credential_with_any_value_is_read_or_faults(there, value):
    broken = SMALL.replace(f"= {there}", f"= {as_toml(value)}", 1)
    with suppress(Faults):
        assert tomllib.loads(read_credential(broken.encode(), "x").text)
