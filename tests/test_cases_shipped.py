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
from optimizer.credential_keys import DEFAULT_ROUTE


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
    expects = [case.expect for case in shipped(credential_id) if governing(known, case.deadline) == newest]
    required = [name for each in expects for name, _ in (*each.counts, *each.missing)]
    capped = [name for each in expects for name, _ in each.void]

    assert {each.met for each in expects} >= {True, False}
    for rules, named in ((newest.requirements, required), (newest.caps, capped)):
        for rule in rules:
            line = re.escape(rule.name) + (r", \S+ to \S+" if rule.every_months else "")
            binds = rule.route == DEFAULT_ROUTE
            assert not binds or any(re.fullmatch(line, name) for name in named), (
                f'no case names "{rule.name}"'
            )


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
    found = {"cycle_months": changed(known, replace(newest, cycle_months=newest.cycle_months + 1))}
    for key in ("smallest_item", "round_down_to"):
        if stated := getattr(newest, key):
            found[key] = changed(known, replace(newest, **{key: stated + Fraction(1, 100)}))
    if newest.carry_over is not None:
        carry = replace(newest.carry_over, at_most=newest.carry_over.at_most + Fraction(1, 100))
        found["carry_over"] = changed(known, replace(newest, carry_over=carry))
    for unit, rate in known.conversions:
        if unit != known.unit:
            rates = {**dict(known.conversions), unit: rate * 2}
            found[f"conversion of {unit}"] = replace(known, conversions=tuple(rates.items()))
    for place, rule in enumerate(newest.requirements):
        if rule.route == DEFAULT_ROUTE:
            rules = list(newest.requirements)
            rules[place] = replace(rule, at_least=rule.at_least + Fraction(1, 100))
            found[f'requirement "{rule.name}"'] = changed(known, replace(newest, requirements=tuple(rules)))
    for place, cap in enumerate(newest.caps):
        for key in ("at_most", "items_at_most"):
            if cap.route == DEFAULT_ROUTE and (most := getattr(cap, key)) is not None:
                caps = list(newest.caps)
                caps[place] = replace(cap, **{key: most + 1})
                found[f'{key} of the cap "{cap.name}"'] = changed(known, replace(newest, caps=tuple(caps)))
    return found


def unnoticed(credential_id: str, found: dict[str, Credential]) -> list[str]:
    """Return what was changed though every case comes out as before."""
    cases = shipped(credential_id)
    return [what for what, variant in found.items() if not run_all(variant, cases, "")]


@pytest.mark.parametrize("credential_id", shipped_ids())
def test_changed_number_of_a_shipped_credential_is_noticed(credential_id):
    assert unnoticed(credential_id, variants(load_shipped(credential_id))) == []


@pytest.mark.parametrize("credential_id", ["ccma-nha", "cma-aama", "ncma-ncct", "rma-amt"])
def test_changed_days_around_a_deadline_are_noticed(credential_id):
    known = load_shipped(credential_id)
    newest = known.versions[-1]
    found = {"submit_days_before": newest.submit_days_before + 1, "lapse_days": (newest.lapse_days or 0) + 1}
    dated = {key: changed(known, replace(newest, **{key: days})) for key, days in found.items()}
    assert unnoticed(credential_id, dated) == []
