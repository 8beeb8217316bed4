"""The worked cases that are shipped: they come out, name every rule, and notice when a number changes."""

import re
from dataclasses import replace
from fractions import Fraction
from importlib import resources

import pytest

from optimizer.case_keys import Case
from optimizer.cases import cases_beside, check, read_cases, run_all
from optimizer.credential import Credential, Version
from optimizer.credential_file import governing, load_shipped, shipped_ids


def shipped(credential_id: str) -> tuple[Case, ...]:
    beside = cases_beside(credential_id)
    assert beside is not None, f"write optimizer/credentials/cases/{credential_id}.toml"
    return read_cases(*beside)


@pytest.mark.parametrize("credential_id", shipped_ids())
def test_shipped_cases_come_out_as_worked_out(credential_id):
    found = check(credential_id)
    assert found.faults == ()
    assert found.cases


@pytest.mark.parametrize("credential_id", shipped_ids())
def test_every_rule_of_a_shipped_credential_is_named_by_a_case(credential_id):
    known = load_shipped(credential_id)
    newest = known.versions[-1]
    cases = [case for case in shipped(credential_id) if governing(known, case.deadline) == newest]

    assert {case.expect.met for case in cases} >= {True, False}
    for rules, keys in ((newest.requirements, ("counts", "missing")), (newest.caps, ("void",))):
        for rule in rules:
            named = [
                name
                for case in cases
                if case.route == rule.route
                for key in keys
                for name, _ in getattr(case.expect, key)
            ]
            line = re.escape(rule.name) + (r", \S+ to \S+" if rule.every_months else "")
            assert any(re.fullmatch(line, name) for name in named), f'no case names "{rule.name}"'


@pytest.mark.parametrize("credential_id", shipped_ids())
def test_every_route_that_asks_for_credit_has_a_complete_and_an_incomplete_case(credential_id):
    known = load_shipped(credential_id)
    for route in {rule.route for rule in known.versions[-1].requirements}:
        assert {case.expect.met for case in shipped(credential_id) if case.route == route} >= {True, False}


def test_no_cases_are_shipped_without_a_credential():
    """Tests also that the folder of cases is not taken for a credential."""
    folder = resources.files("optimizer").joinpath("credentials", "cases")
    assert sorted(entry.name for entry in folder.iterdir()) == [f"{one}.toml" for one in shipped_ids()]
    assert not any("cases" in one for one in shipped_ids())


def changed(known: Credential, version: Version) -> Credential:
    return replace(known, versions=(*known.versions[:-1], version))


def variants(known: Credential) -> dict[str, Credential]:
    """Return a credential with one number of its newest rules changed each time, by what was changed."""
    newest = known.versions[-1]
    found: dict[str, Credential] = {}

    def vary(what: str, **values: object) -> None:
        found[what] = changed(known, replace(newest, **values))

    vary("cycle_months", cycle_months=newest.cycle_months + 1)
    for key in ("smallest_item", "round_down_to"):
        if stated := getattr(newest, key):
            vary(key, **{key: stated + Fraction(1, 100)})
    if newest.repeat_months is not None:
        vary("repeat_months", repeat_months=None)
    if carry := newest.carry_over:
        vary("carry_over.at_most", carry_over=replace(carry, at_most=carry.at_most + Fraction(1, 100)))
        vary("carry_over.months", carry_over=replace(carry, months=carry.months + 1))
    for unit, rate in known.conversions:
        if unit != known.unit:
            rates = {**dict(known.conversions), unit: rate * 2}
            found[f"conversion of {unit}"] = replace(known, conversions=tuple(rates.items()))

    def vary_rule(kind: str, place: int, key: str, value: object) -> None:
        rules = list(getattr(newest, kind))
        rules[place] = replace(rules[place], **{key: value})
        vary(f'{key} of "{rules[place].name}", now {value}', **{kind: tuple(rules)})

    for place, rule in enumerate(newest.requirements):
        vary_rule("requirements", place, "at_least", rule.at_least + Fraction(1, 100))
        if rule.within_months is not None:
            vary_rule("requirements", place, "within_months", rule.within_months + 1)
            vary_rule("requirements", place, "within_months", rule.within_months - 1)
        if rule.ever:
            vary_rule("requirements", place, "ever", False)
    for place, cap in enumerate(newest.caps):
        for key in ("at_most", "items_at_most"):
            if (most := getattr(cap, key)) is not None:
                vary_rule("caps", place, key, most + 1)
    return found


def unnoticed(credential_id: str, found: dict[str, Credential]) -> list[str]:
    """Return what was changed though every case comes out as before."""
    cases = shipped(credential_id)
    return [what for what, variant in found.items() if not run_all(variant, cases, "")]


@pytest.mark.parametrize("credential_id", shipped_ids())
def test_changed_number_of_a_shipped_credential_is_noticed(credential_id):
    assert unnoticed(credential_id, variants(load_shipped(credential_id))) == []


@pytest.mark.parametrize("credential_id", shipped_ids())
def test_changed_days_around_a_deadline_are_noticed(credential_id):
    """Tests that cases say where the cycle stands on the last day of each state and on the first of the next."""
    known = load_shipped(credential_id)
    newest = known.versions[-1]
    submit, lapse = newest.submit_days_before, newest.lapse_days
    found = {"submit_days_before": {submit + 1, max(submit - 1, 0)}, "lapse_days": {0, 1}}
    if lapse is not None:
        found["lapse_days"] = {lapse + 1, lapse - 1}
    dated = {
        f"{key} = {days}": changed(known, replace(newest, **{key: days}))
        for key, several in found.items()
        for days in several - {getattr(newest, key)}
    }
    assert unnoticed(credential_id, dated) == []
