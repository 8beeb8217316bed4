"""The proof of a plan: a plan worked out by hand is accepted, and every kind of damage to it is named."""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogs.faults import Fault, Faults
from catalogs.loading import load
from catalogs.records import Approval, Offering, Part, Pass
from optimizer.credential import Credential
from optimizer.credential_file import read_credential
from optimizer.verify import verify
from optimizer.verify_claims import decimal_text
from optimizer.verify_matching import routed
from optimizer.verify_terms import term_end

RULES = """
id = "cma-test"
name = "Test"
issuer = "Tester"
unit = "point"
membership = "club"
[conversions]
contact_hour = 1
nurse_hour = "5/6"
[[version]]
effective = 2020-01-01
cycle_months = 12
submit_days_before = 21
source = { title = "Rules", url = "https://example.org/" }
[[version.requirement]]
name = "total"
at_least = 15
[[version.requirement]]
name = "clinical"
at_least = 6
where = { category = "clinical" }
[[version.requirement]]
name = "approved"
at_least = 4
where = { approver = "aama" }
[[version.cap]]
name = "CPR cards"
at_most = 3
items_at_most = 1
where = { kind = "cpr" }
[[version.fee]]
name = "recertification"
amount = 179
[[version.not_modelled]]
text = "Late fees."
"""
RULES_SHA = read_credential(RULES.encode(), "cma-test.toml").sha256
AAMA = (Approval("aama", "", None, None),)


def offering(offering_id: str, stated: str, **said: Any) -> Offering:
    parts = [part.split("=") for part in stated.split("; ")]
    values: dict[str, Any] = dict.fromkeys(
        ("minutes", "price", "member_price", "available_from", "available_until", "starts", "ends",
         "access_days", "seen_on")
    )  # fmt: skip
    values |= {"offering_id": offering_id, "course_id": offering_id, "provider": offering_id.split(":")[0]}
    values |= dict.fromkeys(("url", "evidence", "source_url", "note"), "")
    values |= {"title": f"Title of {offering_id}", "kind": "course", "format": "online", "topics": ()}
    values |= {
        "unit": "contact_hour",
        "approvals": (),
        "passes": (),
        "assumed": (),
        "times": 1,
        "repeat_days": 0,
    }
    values["credits"] = tuple(Part(tuple(names.split("|")), round(float(n) * 100)) for names, n in parts)
    return Offering(**(values | said))


def a_pass(pass_id: str, benefit: str, **said: Any) -> Pass:
    values: dict[str, Any] = dict.fromkeys(
        ("price", "term_days", "term_ends", "rolls_from", "credit_limit", "seen_on")
    )
    values |= dict.fromkeys(("provider", "requires", "url", "evidence", "source_url", "note"), "")
    values |= {"pass_id": pass_id, "title": f"Title of {pass_id}", "kind": "subscription", "benefit": benefit}
    values |= {"percent_off": 0, "renewable": True, "assumed": ()}
    return Pass(**(values | said))


OFFERINGS = (
    offering("ac:1", "general=2", passes=("ace",)),
    offering("ac:2", "clinical|general=3", passes=("ace",), minutes=90, assumed=("topics",)),
    offering("ac:3", "general=1", passes=("ace",), price=500),
    offering("cl:1", "general=2", passes=("club",), price=1200, member_price=600, approvals=AAMA),
    offering("cp:1", "clinical=4", kind="cpr", price=900, times=2, repeat_days=100, course_id="card"),
    offering("cp:2", "clinical=4", kind="cpr", price=0, times=2, repeat_days=50, course_id="card"),
    offering("ev:1", "general=1", price=800, starts=date(2027, 2, 1), ends=date(2027, 2, 2), approvals=AAMA,
             available_until=date(2027, 1, 15), format="in_person"),
    offering("ex:1", "any=1", passes=("extra",), price=501),
    offering("nu:1", "general=1", unit="nurse_hour", price=0, available_until=date(2027, 4, 30)),
    offering("pl:a", "clinical=2", price=1000, access_days=200,
             approvals=(Approval("aama", "7", date(2026, 1, 1), date(2027, 3, 31)),)),
    offering("pl:b", "general=2", price=5000, approvals=AAMA),
    offering("un:1", "general=9", unit="", price=0),
)  # fmt: skip
PASSES = (
    a_pass("ace", "included", price=2000, term_days=60, credit_limit=500),
    a_pass("club", "member_price", price=3000, term_ends=(12, 31), rolls_from=(9, 1)),
    a_pass("extra", "percent", percent_off=5000, requires="club", renewable=False),
)
TABLES = (OFFERINGS, PASSES, "d1")


def earned_entry(
    day: str | None, title: str, course_id: str, void: str, why: str | None, *counts: Any
) -> Any:
    return {
        "credential": "cma-test",
        "date": day,
        "title": title,
        "course_id": course_id,
        "counts": list(counts),
        "void": void,
        "why_not": why,
    }


def count(category: str, credit: str, *approvers: str, exact: str | None = None) -> dict[str, Any]:
    return {
        "credential": "cma-test", "category": category, "approvers": list(approvers), "credit": credit,
        "exact": exact,
    }  # fmt: skip


def seat(
    offering_id: str, paid_by: str, price: str, hours: str, by: str, *counts: dict[str, Any],
    start: str = "2026-11-22", finish: str = "", assumed: tuple[str, ...] = ("hours",), course: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {
        "offering_id": offering_id, "course_id": course or offering_id, "title": f"Title of {offering_id}",
        "provider": offering_id.split(":")[0], "paid_by": paid_by, "price": price, "hours": hours,
        "start": start, "finish": finish or start, "by": by, "counts": list(counts), "assumed": list(assumed),
    }  # fmt: skip


def bought(
    kind: str,
    one_id: str,
    price: str,
    on: str = "2026-11-22",
    until: str | None = None,
    assumed: Sequence[str] = (),
) -> dict[str, Any]:
    return {
        "id": one_id,
        "kind": kind,
        "title": f"Title of {one_id}",
        "price": price,
        "on": on,
        "until": until,
        "assumed": list(assumed),
    }


def requirement(name: str, required: str, earned: str, planned: str, short: str = "0.00") -> dict[str, Any]:
    return {
        "credential": "cma-test", "name": name, "required": required, "earned": earned, "planned": planned,
        "short": short,
    }  # fmt: skip


def good_plan() -> dict[str, Any]:
    """Return a plan worked out by hand, with every way to pay.

    The cycle is 2026-07-01 to 2027-06-30, the last day to finish 21 days earlier: 2027-06-09.
    Cost: ace 20.00 + club 30.00 + extra 1.00 (the learner's price) + cl:1 6.00 (member price)
    + ex:1 2.51 (half of 5.01, half up) + pl:a 10.00 + ev:1 8.00 = 77.51.
    Earned: the CPR card gives 4 clinical, of which the cap lets 3 count; "Old" is before the cycle.
    Planned: 2 + (1 + 2) + 2 + 1 + 5/6 + 2 + 2 + 1 = 13 5/6; clinical 1 + 2 = 3; approved 2 + 2 + 2 + 1 = 7.
    Hours: 2 + 1.5 + 2 + 1 + 1 + 2 + 2 + 1 = 12.5.
    """
    return {
        "schema_version": 1, "status": "optimal", "as_of": "2026-11-22", "currency": "USD",
        "cost": "77.51", "bound": "77.51", "gap": "0.00", "budget": "100.00", "hours": "12.50",
        "route": {"cma-test": "continuing-education"},
        "purchases": [
            bought("pass", "club", "30.00", until="2027-12-31"),  # bought after 1 September: a year longer
            bought("pass", "ace", "20.00", until="2027-01-20"),  # 60 days: 9 + 31 + 20
            bought("pass", "extra", "1.00"),
            bought("offering", "cl:1", "6.00"),
            bought("offering", "ex:1", "2.51"),
            bought("offering", "pl:a", "10.00"),
            bought("offering", "ev:1", "8.00", on="2027-01-15"),
        ],
        "enrollments": [
            seat("ac:1", "ace", "0.00", "2.00", "2027-01-20", count("general", "2.00")),
            seat("ac:2", "ace", "0.00", "1.50", "2027-01-20", count("clinical", "1.00"),
                 count("general", "2.00"), assumed=("topics",)),
            seat("cl:1", "club", "6.00", "2.00", "2027-06-09", count("general", "2.00", "aama")),
            seat("ex:1", "extra", "2.51", "1.00", "2027-06-09", count("any", "1.00")),
            seat("nu:1", "free", "0.00", "1.00", "2027-04-30", count("general", "0.833333", exact="5/6")),
            seat("pl:a", "single", "10.00", "2.00", "2027-03-31", count("clinical", "2.00", "aama")),
            seat("pl:b", "free", "0.00", "2.00", "2027-01-31", count("general", "2.00", "aama")),
            seat("ev:1", "single", "8.00", "1.00", "2027-02-02", count("general", "1.00", "aama"),
                 start="2027-02-01", finish="2027-02-02"),
        ],
        "earned": [
            earned_entry("2026-05-01", "Old", "", "0.00", "outside the cycle"),
            earned_entry("2026-08-01", "Card", "card", "1.00", "CPR cards", count("clinical", "3.00")),
        ],
        "requirements": [
            requirement("total", "15.00", "3.00", "13.833333"),
            requirement("clinical", "6.00", "3.00", "3.00"),
            requirement("approved", "4.00", "0.00", "7.00"),
        ],
        "caps": [{"credential": "cma-test", "name": "CPR cards", "at_most": "3.00", "items_at_most": 1,
                  "used": "3.00", "void": "1.00"}],
        "no_plan": None, "routes": [], "together": None, "alternatives": [], "no_alternatives": [], "ties": None,
        "cross_check": None,
        "fees": [{"credential": "cma-test", "name": "recertification", "amount": "179.00", "note": ""}],
        "reasons": [], "warnings": [], "not_modelled": ["Late fees."],
        "problem": {
            "learner": {
                "budget": "100.00",
                "credential": [{"id": "cma-test", "deadline": "2027-06-30", "cycle_start": "2026-07-01"}],
                "holding": [{"offering_id": "pl:b", "until": "2027-01-31"}],
                "price": [{"id": "extra", "price": "1.00"}],
                "earned": [
                    {"date": "2026-05-01", "title": "Old", "credits": "clinical=2", "unit": "point"},
                    {"date": "2026-08-01", "title": "Card", "credits": "clinical=4", "unit": "contact_hour",
                     "kind": "cpr", "course_id": "card"},
                ],
            },
            "credentials": [{"id": "cma-test", "version": "2020-01-01", "sha256": RULES_SHA, "text": None}],
        },
        "catalog": {"digest": "d1", "offerings": 12, "passes": 3,
                    "set_aside": [{"why": "no unit", "count": 1}]},
    }  # fmt: skip


def shipped(credential_id: str) -> Credential:
    if credential_id != "cma-test":
        raise Faults([Fault("credential", None, "id", credential_id, "no such credential is known", "Look.")])
    return read_credential(RULES.encode(), "cma-test.toml")


def said(plan: object, tables: Any = TABLES) -> str:
    """Return all violations, one a line, as `slug: sentence`."""
    plan_json = json.loads(json.dumps(plan))
    return "\n".join(f"{one.what}: {one.message}" for one in verify(plan_json, tables, shipped))


def line(plan: dict[str, Any], one_id: str, kind: str = "enrollments") -> dict[str, Any]:
    """Return the plan's first line of an id."""
    keys = ("offering_id", "id", "name", "title")
    found: dict[str, Any] = next(entry for entry in plan[kind] if one_id in [entry.get(key) for key in keys])
    return found


def test_plan_worked_out_by_hand_is_proved():
    assert said(good_plan()) == ""


# Every kind of damage: a function that changes the plan, and what must be said of it.

type Damage = Callable[[dict[str, Any]], Any]
DAMAGES: list[Any] = []


def damage(what: str, words: str) -> Callable[[Damage], Damage]:
    def keep(change: Damage) -> Damage:
        DAMAGES.append(pytest.param(change, what, words, id=change.__name__))
        return change

    return keep


def put(what: str, words: str, name: str, kind: str, one_id: str, /, **values: Any) -> None:
    """Add the damage of writing other values into one line."""
    change = lambda plan: line(plan, one_id, kind).update(values)  # noqa: E731
    change.__name__ = name
    damage(what, words)(change)


def top(what: str, words: str, name: str, /, **values: Any) -> None:
    """Add the damage of writing other values at the top."""
    change = lambda plan: plan.update(values)  # noqa: E731
    change.__name__ = name
    damage(what, words)(change)


def learner(what: str, words: str, name: str, /, **values: Any) -> None:
    """Add the damage of another learner."""
    change = lambda plan: plan["problem"]["learner"].update(values)  # noqa: E731
    change.__name__ = name
    damage(what, words)(change)


# Form
top("form", 'cost should be money like "59.90", but is 77.51', "number_for_text", cost=77.51)
top("form", "hours should be a decimal number", "not_a_number", hours="NaN")
top("form", "bound should be money", "huge_exponent", bound="1e999999999")
top("form", "purchases should be a list, but is an object", "object_for_list", purchases={})
top("form", "enrollments 1 should be an object, but is 3", "number_for_line", enrollments=[3])
top("form", "as_of should be a day", "impossible_day", as_of="2026-02-30")
top("form", "as_of should be a day", "far_day", as_of="9999-12-31")
top("form", "schema_version should be 1, but is 2", "other_schema", schema_version=2)
top(
    "form",
    "schema_version should be a whole number from 0 to 1,000,000,000,000, but is true",
    "true_for_one",
    schema_version=True,
)
top("form", "status should be one of optimal", "unknown_status", status="best")
top("form", 'currency should be "USD"', "other_currency", currency="EUR")
top("form", "catalog should be an object, but is null", "no_catalog", catalog=None)
top("form", "warnings 1 should be a text", "number_for_warning", warnings=[1])
put("form", "credit", "padded_credit", "enrollments", "ac:1", counts=[count("general", "2.000")])
put(
    "form",
    "exact",
    "exact_though_it_ends",
    "enrollments",
    "ac:1",
    counts=[count("general", "2.00", exact="2/1")],
)
put("form", "exact", "unreduced_fraction", "enrollments", "nu:1",
    counts=[count("general", "0.833333", exact="10/12")])  # fmt: skip
put(
    "form", "credit", "rounded_wrongly", "enrollments", "nu:1", counts=[count("general", "0.83", exact="5/6")]
)
put("form", 'is of kind "gift"', "unknown_kind", "purchases", "ace", kind="gift")


@damage("missing_key", 'The plan has no key "fees"')
def missing_key(plan):
    del plan["fees"]


@damage("missing_key", 'enrollments 1 ("ac:1") has no key "by"')
def missing_key_of_a_line(plan):
    del line(plan, "ac:1")["by"]


@damage("form", "catalog, set_aside 1, count should be a whole number from 0 to 1,000,000,000,000, but is -1")
def negative_count(plan):
    plan["catalog"]["set_aside"][0]["count"] = -1


# What the plan rests on
@damage("catalog", 'made from the catalog "d2"; this is "d1"')
def other_digest(plan):
    plan["catalog"]["digest"] = "d2"


@damage("credential", 'hash to "0000"')
def other_rules(plan):
    plan["problem"]["credentials"][0]["sha256"] = "0000"


@damage("credential", 'uses the rules of "2019-01-01"; 2020-01-01 governs 2027-06-30')
def other_version(plan):
    plan["problem"]["credentials"][0]["version"] = "2019-01-01"


@damage("credential", "no such credential is known")
def unknown_credential(plan):
    plan["problem"]["credentials"][0]["id"] = "rma-test"


@damage("credential", "names 2 credentials; the learner has 1")
def second_credential(plan):
    plan["problem"]["credentials"] *= 2


@damage("credential", "belongs in the plan only where a file is named")
def own_text_of_a_shipped_credential(plan):
    plan["problem"]["credentials"][0]["text"] = RULES


@damage("credential", "cannot be read")
def broken_rules(plan):
    plan["problem"]["credentials"][0]["text"] = "id = "


@damage("credential", "counts for")
def counts_for_another_credential(plan):
    line(plan, "ac:1")["counts"][0]["credential"] = "rma-test"


learner("problem", "unknown key", "unknown_learner_key", colour="red")
learner("problem", "The learner cannot be read", "learner_of_wrong_types", earned=7)
learner("weekly_hours", "to 2026-11-22 the plan studies 11.50 hours; those days give 0.428571, at 3.00 a week",
        "weekly_hours", hours_per_week="3")  # fmt: skip
learner("away", '"ac:1") is studied on 2026-11-22, which is a day without study', "away",
        away=[{"from": "2026-11-22", "to": "2026-11-22"}])  # fmt: skip
learner("credential", "names 1 credentials; the learner has 2", "two_credentials", credential=[
    {"id": "cma-test"}, {"id": "x"}])  # fmt: skip
learner("route", 'wants the route "exam", which no credential of the plan has', "unknown_wish", route="exam")
put("unknown_route", "nothing is planned by this route", "bought_route", "purchases", "ace", kind="route")
learner("credential", "before 2026-11-22, the day", "shipped_cycle_ended", credential=[
    {"id": "cma-test", "cycle_start": "2020-01-01"}])  # fmt: skip
learner("problem", "nobody says until when", "held_pass_without_end", holding=[{"pass_id": "ace"}])

# Money
top("cost", "says it costs 77.50; its purchases sum to 77.51", "other_cost", cost="77.50", bound="77.50")
top("gap", "a gap of 7.51; its cost less its bound is 7.50", "other_gap", status="feasible",
    bound="70.01", gap="7.51")  # fmt: skip
top("bound", "77.52, exceeds the cost", "bound_over_cost", bound="77.52")
top("bound", "called optimal", "optimal_without_proof", bound="70.00")
top("budget", "says the budget is None", "hidden_budget", budget=None)
learner("budget", "sum to 77.51; the budget is 50.00", "over_budget", budget="50.00")
put("price", "says 9.00; its price is 10.00", "cheaper_enrollment", "enrollments", "pl:a", price="9.00")
put("price", "costs 19.00; its price is 20.00", "cheaper_pass", "purchases", "ace", price="19.00")
put("price", "its price is 6.00", "list_price_under_a_pass", "enrollments", "cl:1", price="12.00")
put("price", "says 2.50; its price is 2.51", "rounded_down", "enrollments", "ex:1", price="2.50")
learner("price", "has no price", "no_price_at_all", price=[])
put("purchase_missing", '"pl:a" at 10.00 lacks 1', "other_purchase_price", "purchases", "pl:a", price="9.00")
put("payment", 'cannot be paid by "club"', "pass_without_benefit", "enrollments", "ac:1", paid_by="club")
put("payment", 'cannot be paid by "magic"', "unknown_payment", "enrollments", "ac:1", paid_by="magic")
put("payment", 'cannot be paid by "single"', "not_sold_singly", "enrollments", "ac:1", paid_by="single")
put("payment", 'cannot be paid by "free"', "not_free", "enrollments", "pl:a", paid_by="free", price="0.00")
put("title", 'course_id "x"', "other_course", "enrollments", "ac:1", course_id="x")
put("title", 'says title "x"', "other_title", "enrollments", "ac:1", title="x")
put("title", 'says provider "x"', "other_provider", "enrollments", "ac:1", provider="x")
put("title", 'titled "x"', "other_pass_title", "purchases", "ace", title="x")
put("title", 'titled "x"', "other_purchase_title", "purchases", "pl:a", title="x")
put(
    "unknown_offering", "no offering of this id", "unknown_offering", "enrollments", "ac:1", offering_id="q:1"
)
put("unknown_pass", "no pass of this id", "unknown_pass", "purchases", "ace", id="q")


@damage("purchase_missing", '"pl:a" at 10.00 lacks 1 purchase')
def purchase_removed(plan):
    plan["purchases"].remove(line(plan, "pl:a", "purchases"))


@damage("purchase_extra", '"pl:a" at 10.00 is bought 1 time(s) too often')
def purchase_doubled(plan):
    plan["purchases"].insert(2, line(plan, "pl:a", "purchases"))


@damage("order", "purchases are not in order")
def purchases_reversed(plan):
    plan["purchases"].reverse()


@damage("order", "enrollments are not in the order")
def enrollments_reversed(plan):
    plan["enrollments"].reverse()


@damage("useless", "pays for nothing")
def useless_pass(plan):
    plan["enrollments"] = [entry for entry in plan["enrollments"] if entry["paid_by"] != "ace"]


# Terms
put("term", "said to run until 2027-01-21; bought on 2026-11-22 it runs until 2027-01-20", "longer_term",
    "purchases", "ace", until="2027-01-21")  # fmt: skip
put("term", "never ends", "term_that_never_ends", "purchases", "extra", until="2027-01-21")
put("term", "until 2026-12-31", "year_not_rolled", "purchases", "club", until="2026-12-31")
put("term", "a course, which has no term", "term_of_a_course", "purchases", "pl:a", until="2027-01-21")
put("term", "no term of which covers 2026-11-22", "term_shifted", "purchases", "ace", on="2026-11-23",
    until="2027-01-21")  # fmt: skip
put("purchase_day", "before 2026-11-22", "pass_bought_before_as_of", "purchases", "ace", on="2026-11-21",
    until="2027-01-19")  # fmt: skip
learner("overlap", "one runs until 2026-12-01, the next starts on 2026-11-22", "overlaps_holding",
        holding=[{"pass_id": "ace", "until": "2026-12-01"}])  # fmt: skip
learner("not_renewable", "cannot be renewed", "held_pass_bought_again", holding=[
    {"pass_id": "extra", "until": "2026-11-22"}])  # fmt: skip
put("requires", 'needs "club" on 2026-11-22', "required_pass_later", "purchases", "club", on="2026-11-23")


@damage("overlap", "one runs until 2027-01-20")
def overlapping_terms(plan):
    plan["purchases"].append(bought("pass", "ace", "20.00", "2027-01-20", "2027-03-20"))


@damage("not_renewable", '"extra" cannot be renewed, but has 2 terms')
def bought_twice(plan):
    plan["purchases"].append(bought("pass", "extra", "1.00", "2027-01-20"))


@damage("credit_limit", "is used for 6.00 credits; its limit is 5.00")
def credit_limit_exceeded(plan):
    third = seat("ac:3", "ace", "0.00", "1.00", "2027-01-20", count("general", "1.00"))
    plan["enrollments"].insert(2, third)


# Days
DAY_BEFORE = {"start": "2026-11-21", "finish": "2026-11-21"}
TOO_LATE = {"start": "2027-06-10", "finish": "2027-06-10", "by": "2027-06-10"}
put("window", "the first day is 2026-11-22", "before_as_of", "enrollments", "nu:1", **DAY_BEFORE)
put("window", "the last day to finish is 2027-06-09", "after_the_last_day", "enrollments", "cl:1", **TOO_LATE)
put("window", "without weekly hours that is one day", "two_days", "enrollments", "cl:1", finish="2026-11-23")
learner("window", "the first day is 2026-12-01", "before_the_cycle", credential=[
    {"id": "cma-test", "deadline": "2027-06-30", "cycle_start": "2026-12-01"}])  # fmt: skip
put("availability", "until 2027-04-30", "after_availability", "enrollments", "nu:1", start="2027-05-01",
    finish="2027-05-01", by="2027-05-01")  # fmt: skip
put(
    "event",
    "the event is 2027-02-01 to 2027-02-02",
    "event_moved",
    "enrollments",
    "ev:1",
    finish="2027-02-03",
)
put(
    "purchase_day",
    "it is sold until 2027-01-15",
    "event_bought_too_late",
    "purchases",
    "ev:1",
    on="2027-01-16",
)
put("purchase_day", "must lie from 2026-11-22 to 2026-11-22", "bought_after_start", "purchases", "pl:a",
    on="2026-11-23")  # fmt: skip
put("purchase_day", "is bought on 2026-11-21", "bought_before_as_of", "purchases", "pl:a", on="2026-11-21")
put("access_days", "access from 2026-11-22 ends on 2027-06-10", "access_ended", "enrollments", "pl:a",
    start="2027-06-11", finish="2027-06-11", by="2027-06-11")  # fmt: skip
put("term", "no term of which covers 2027-01-21", "finished_after_the_term", "enrollments", "ac:1",
    start="2027-01-21", finish="2027-01-21", by="2027-01-21")  # fmt: skip
put("seat", '"pl:b" is taken free more often', "held_seat_expired", "enrollments", "pl:b", start="2027-02-01",
    finish="2027-02-01", by="2027-02-01")  # fmt: skip
put("approvers", "approved by aama; on its day it is by nobody", "approval_expired", "enrollments", "pl:a",
    start="2027-04-01", finish="2027-04-01", by="2027-04-01")  # fmt: skip
put("by", "before its own finish", "by_before_finish", "enrollments", "cl:1", by="2026-11-21")
put(
    "by",
    "may not finish as late as 2027-06-10",
    "by_after_the_last_day",
    "enrollments",
    "cl:1",
    by="2027-06-10",
)
put("by", "approvals it counts by do not hold", "by_after_approval", "enrollments", "pl:a", by="2027-04-01")
put("by", "no held seat lasts so long", "by_after_the_seat", "enrollments", "pl:b", by="2027-02-01")
put("by", "no term of which covers", "by_after_the_term", "enrollments", "ac:1", by="2027-01-21")
put("by", "could finish as late as 2027-06-09", "by_too_early", "enrollments", "cl:1", by="2027-06-08")
put(
    "by",
    "could finish as late as 2027-03-31",
    "by_before_approval_ends",
    "enrollments",
    "pl:a",
    by="2027-03-30",
)


@damage("seat", '"pl:b" is taken free more often than it is free or held (until: 2027-01-31)')
def held_seat_used_twice(plan):
    plan["enrollments"].insert(7, line(plan, "pl:b"))


@damage("times", "is planned 2 times; it may count 1 times")
def taken_too_often(plan):
    plan["enrollments"].insert(7, line(plan, "nu:1"))


def card(plan: dict[str, Any], day: str) -> None:
    """Take the free CPR card, whose course has been earned once on 2026-08-01."""
    counts = (count("clinical", "1.00"),)
    plan["enrollments"].append(
        seat("cp:2", "free", "0.00", "4.00", "2027-06-09", *counts, start=day, course="card")
    )


@damage("repeat_days", "too near to earned 2")
def repeated_too_soon(plan):
    card(plan, "2026-11-08")  # 99 days after the first; the course's other offering asks for 100


@damage("cap_items", "2 items are counted; at most 1")
def items_cap_exceeded(plan):
    card(plan, "2027-02-02")


@damage("cap", "4.00 credits are counted; at most 3.00")
def cap_exceeded(plan):
    line(plan, "Card", "earned")["counts"][0]["credit"] = "4.00"


@damage("times", "is planned 2 times; it may count 2 times and 1 earned lines use that up, so 1 are left")
def times_used_up_by_earned(plan):
    card(plan, "2027-02-02")
    card(plan, "2027-05-20")


# Counting
put("category", 'counts as "clinical"', "category_not_offered", "enrollments", "ac:1",
    counts=[count("clinical", "2.00")])  # fmt: skip
put("category", 'counts as "any"', "any_not_offered", "enrollments", "ac:1", counts=[count("any", "2.00")])
put("credit", "counts 2.50 credits; it can give 2.00", "too_much_credit", "enrollments", "ac:1",
    counts=[count("general", "2.50")])  # fmt: skip
put("credit", "counts 4.00 credits; it can give 3.00", "choice_counted_twice", "enrollments", "ac:2",
    counts=[count("clinical", "1.00"), count("general", "3.00")])  # fmt: skip
put(
    "credit",
    "it can give 0.833333",
    "unconverted_credit",
    "enrollments",
    "nu:1",
    counts=[count("general", "1.00")],
)
put("credit", "0.00 as counted", "zero_counted", "enrollments", "ac:1",
    counts=[count("general", "2.00"), count("general", "0.00")])  # fmt: skip
put("approvers", "approved by aama; on its day it is by nobody", "approver_invented", "enrollments", "ac:1",
    counts=[count("general", "2.00", "aama")])  # fmt: skip
put("outside_cycle", "2026-05-01 is outside the cycle, 2026-07-01 to 2027-06-30", "earned_before_the_cycle",
    "earned", "Old", counts=[count("clinical", "2.00")])  # fmt: skip
put("not_fullest", "could count 0.50 more as general", "less_than_could_count", "enrollments", "ac:1",
    counts=[count("general", "1.50")])  # fmt: skip
put("not_fullest", "could count 3.00 more as clinical", "earned_not_counted", "earned", "Card", counts=[])
put("earned", "says 2.00 is void; it is 1.00", "other_void", "earned", "Card", void="2.00")
put("earned", "no reason is given", "no_reason", "earned", "Old", why_not=None)
put("earned", '"Young" where the learner says "Old"', "earned_renamed", "earned", "Old", title="Young")
put("earned", '"2026-08-02" where', "earned_on_another_day", "earned", "Card", date="2026-08-02")
put("requirement", '"total" says 14.00 required; it is 15.00', "other_required", "requirements", "total",
    required="14.00")  # fmt: skip
put("requirement", "says 4.00 earned; it is 3.00", "other_earned", "requirements", "total", earned="4.00")
put(
    "requirement",
    "says 13.83 planned; it is 13.833333",
    "other_planned",
    "requirements",
    "total",
    planned="13.83",
)
put("requirement", "says 0.50 short; it is 0.00", "short_invented", "requirements", "total", short="0.50")
put("requirement", "not those of cma-test", "requirement_renamed", "requirements", "total", name="sum")
put(
    "cap_line", "at most 4.00 is stated; the rule says 3.00", "other_cap", "caps", "CPR cards", at_most="4.00"
)
put("cap_line", "at most null items", "other_items_cap", "caps", "CPR cards", items_at_most=None)
put(
    "cap_line", "2.00 is stated as used; the counts give 3.00", "other_used", "caps", "CPR cards", used="2.00"
)
put("cap_line", "0.00 is stated as void; it is 1.00", "other_cap_void", "caps", "CPR cards", void="0.00")
top("cap_line", "not those of cma-test", "caps_hidden", caps=[])
top("earned", "lists 0 earned lines; the learner has 2", "earned_hidden", earned=[])
top("requirement", "not those of cma-test", "requirements_hidden", requirements=[])


@damage("short", '"clinical" needs 6.00; the counts give 5.00, so 1.00 is short in a plan called "optimal"')
def short_hidden(plan):
    line(plan, "ac:2")["counts"] = [count("general", "3.00")]


@damage("earned_first", "in place of")
def planned_counted_before_earned(plan):
    card(plan, "2027-02-02")
    line(plan, "Card", "earned")["counts"][0]["credit"] = "2.00"


@damage("unit", "does not convert")
def unknown_unit_counted(plan):
    plan["enrollments"].insert(
        7, seat("un:1", "free", "0.00", "9.00", "2027-06-09", count("general", "9.00"))
    )


@damage("useless", "counts nothing, so an optimal plan would leave it out")
def useless_enrollment(plan):
    plan["enrollments"].insert(7, seat("un:1", "free", "0.00", "9.00", "2027-06-09"))


# The whole
put("hours", "says 1.00 hours; it takes 2.00", "other_hours", "enrollments", "ac:1", hours="1.00")
top("hours", "says 12.00 hours; its enrollments take 12.50", "other_total_hours", hours="12.00")
put(
    "assumed",
    "calls nothing assumed; the catalog says hours",
    "assumption_hidden",
    "enrollments",
    "ac:1",
    assumed=[],
)
put("assumed", "topics", "assumption_of_the_row_hidden", "enrollments", "ac:2", assumed=["hours"])
top("fees", "recertification 179.00", "fees_hidden", fees=[])
top("not_modelled", "not what cma-test says", "not_modelled_hidden", not_modelled=[])
top("route", 'by the route "exam"; it has continuing-education', "other_route", route={"cma-test": "exam"})
top("status", "lacks a reason", "infeasible_without_reason", status="infeasible")
NONE = {"cheapest_full_cost": None, "bound": None, "partial_proven": True, "conflict": [], "remedies": []}
top("status", "meets every requirement", "infeasible_though_full", status="infeasible", no_plan=NONE)
top("status", "gives a reason", "optimal_with_reason", no_plan=NONE)
top("status", "the budget is 100.00", "cheapest_fits", status="infeasible",
    no_plan={**NONE, "cheapest_full_cost": "99.00", "bound": "99.00"})  # fmt: skip
for bound, name, told in (
    (None, "full_cost_without_bound", "do not fit together"),
    ("120.01", "full_bound_over_full_cost", "do not fit together"),
    ("100.00", "full_plan_may_fit", "at least 100.00, within the budget, 100.00"),
):
    top(
        "bound",
        told,
        name,
        status="infeasible",
        no_plan={**NONE, "cheapest_full_cost": "120.00", "bound": bound},
    )
top("cross_check", "its figures are not those", "cross_check_of_another_cost",
    cross_check={"solver": "SCIP", "agrees": True, "cost": "77.50", "short": None, "why_not": None})  # fmt: skip
top("cross_check", "contradicts the plan", "cross_check_that_contradicts",
    cross_check={"solver": "SCIP", "agrees": False, "cost": "77.50", "short": None, "why_not": "?"})  # fmt: skip
top("cross_check", "either agrees, or there is a reason", "cross_check_without_a_reason",
    cross_check={"solver": "SCIP", "agrees": False, "cost": None, "short": None, "why_not": None})  # fmt: skip
top("form", "agrees should be true or false", "cross_check_of_a_word",
    cross_check={"solver": "SCIP", "agrees": "yes", "cost": None, "short": None, "why_not": None})  # fmt: skip
top("status", "Nothing is said to be needed", "nothing_needed_though_bought", status="nothing_needed")
top("status", '"nothing_needed" is meant', "empty_plan", purchases=[], enrollments=[])
top("together", "does not belong in a plan for 1 credentials", "together_for_one",
    together={"apart": [{"credential": "cma-test", "cost": "77.51"}], "saves": "0.00"})  # fmt: skip
learner("warnings", "dues are not in the cost", "member_without_warning", member=True)
learner("excluded", '"ac:1") is excluded', "excluded_offering", preferences={"exclude": ["ac:1"]})
learner("excluded", 'by "ac"', "excluded_provider", preferences={"exclude_providers": ["ac"]})
learner("excluded", "is in_person; wanted: online", "unwanted_format", preferences={"formats": ["online"]})
learner("preferences", '"ac:3" is required', "required_offering_missing", preferences={"require": ["ac:3"]})
learner("preferences", "7 purchases; the learner wants at most 6", "too_many_purchases",
        preferences={"max_purchases": 6})  # fmt: skip
learner("no_assumed", "rests on assumed values (topics)", "assumed_values", no_assumed=True)


@pytest.mark.parametrize(("change", "what", "words"), DAMAGES)
def test_damage_is_named(change, what, words):
    plan = good_plan()
    change(plan)
    assert any(one.startswith(f"{what}: ") and words in one for one in said(plan).splitlines()), said(plan)


def test_damages_have_their_own_names():
    names = [entry.id for entry in DAMAGES]
    assert len(set(names)) == len(names) >= 60


# Further plans that are right


def small_plan(
    status: str,
    purchases: list[Any],
    enrollments: list[Any],
    transcript: list[Any],
    sums: list[str],
    **changes: Any,
) -> dict[str, Any]:
    """Return a plan for a learner without holdings; `sums` are each requirement's earned + planned credit."""
    plan = good_plan()
    cents = sum(int(entry["price"].replace(".", "")) for entry in purchases)
    cost = f"{cents // 100}.{cents % 100:02d}"
    hours = sum(float(entry["hours"]) for entry in enrollments)
    plan |= {
        "status": status,
        "purchases": purchases,
        "enrollments": enrollments,
        "cost": cost,
        "bound": cost,
        "gap": "0.00",
    }
    plan |= {"earned": [], "budget": None, "hours": f"{hours:.2f}"}
    plan["problem"]["learner"] = {
        "credential": [{"id": "cma-test", "deadline": "2027-06-30", "cycle_start": "2026-07-01"}]
    }
    plan["problem"]["learner"]["earned"] = transcript
    plan["requirements"] = []
    for name, required, planned in zip(("total", "clinical", "approved"), (15, 6, 4), sums, strict=True):
        got, more = planned.split("+")
        short = max(required - float(got) - float(more), 0)
        plan["requirements"].append(requirement(name, f"{required}.00", got, more, f"{short:.2f}"))
    plan["caps"][0] |= {"used": "0.00", "void": "0.00"}
    return plan | changes


ALL_EARNED = {"title": "All", "credits": "clinical=15", "unit": "=", "approvals": "aama"}


def nothing_needed() -> dict[str, Any]:
    return small_plan(
        "nothing_needed", [], [], [ALL_EARNED], ["15.00+0.00"] * 3,
        earned=[earned_entry(None, "All", "", "0.00", None, count("clinical", "15.00", "aama"))],
    )  # fmt: skip


def test_nothing_needed_is_proved():
    assert said(nothing_needed()) == ""


def partial_plan() -> dict[str, Any]:
    # For nothing: nu:1 gives 5/6, the free CPR card 3 of its 4, by the cap. Short: 15 − 3 5/6 = 11 1/6.
    free = [
        seat("cp:2", "free", "0.00", "4.00", "2027-06-09", count("clinical", "3.00"), course="card"),
        seat("nu:1", "free", "0.00", "1.00", "2027-04-30", count("general", "0.833333", exact="5/6")),
    ]
    no_plan = {
        "cheapest_full_cost": "90.00", "bound": "90.00", "partial_proven": True, "conflict": ["the budget"],
        "remedies": [{"change": "more", "cost": "90.00"}],
    }  # fmt: skip
    plan = small_plan("infeasible", [], free, [], ["0.00+3.83", "0.00+3.00", "0.00+0.00"], no_plan=no_plan)
    plan["requirements"][0] |= {"planned": "3.833333", "short": "11.166667"}
    plan["caps"][0] |= {"used": "3.00", "void": "1.00"}
    plan["problem"]["learner"]["budget"] = plan["budget"] = "0.00"
    return plan


def test_partial_plan_is_proved():
    assert said(partial_plan()) == ""


def test_full_cost_within_the_budget_contradicts_infeasible():
    plan = partial_plan()
    plan["no_plan"]["cheapest_full_cost"] = "0.00"
    assert "A full plan is said to cost 0.00 and not to fit, but the budget is 0.00" in said(plan)


def renewed_plan() -> dict[str, Any]:
    """Return a plan that holds ace until 2026-12-31 and buys the term after it, with a member's club.

    Each term's limit is 5 credits: ac:1 and ac:2 in the held one, ac:3 and the rest from 2027-01-01 on.
    """
    earned = {"title": "All", "credits": "clinical=9", "unit": "=", "approvals": "aama"}
    plan = small_plan(
        "feasible",
        [bought("pass", "ace", "20.00", "2027-01-01", "2027-03-01")],
        [
            seat("ac:1", "ace", "0.00", "2.00", "2026-12-31", count("general", "2.00")),
            seat("ac:2", "ace", "0.00", "1.50", "2026-12-31", count("general", "3.00"), assumed=("topics",)),
            seat("ac:3", "ace", "0.00", "1.00", "2027-03-01", count("general", "1.00"), start="2027-01-01"),
        ],
        [earned],
        ["9.00+6.00", "9.00+0.00", "9.00+0.00"],
        earned=[earned_entry(None, "All", "", "0.00", None, count("clinical", "9.00", "aama"))],
        warnings=["Membership dues are not in the cost."],
    )
    plan["problem"]["learner"] |= {"member": True, "holding": [{"pass_id": "ace", "until": "2026-12-31"}]}
    return plan


def test_renewed_pass_is_proved():
    assert said(renewed_plan()) == ""


def test_latest_day_may_lie_in_the_next_term():
    plan = renewed_plan()
    line(plan, "ac:1")["by"] = "2027-03-01"  # 1 + 2 credits in the second term, within its limit of 5
    assert said(plan) == ""


def test_latest_day_minds_the_limit_of_the_next_term():
    plan = renewed_plan()
    limited = (replace(PASSES[0], credit_limit=250), *PASSES[1:])
    line(plan, "ac:1")["by"] = "2027-03-01"
    assert 'the credit limit of "ace" is used up in that term' in said(plan, (OFFERINGS, limited, "d1"))


def test_renewal_on_the_last_day_of_a_holding_overlaps():
    plan = renewed_plan()
    line(plan, "ace", "purchases").update(on="2026-12-31", until="2027-02-28")
    assert "overlap: " in said(plan)


def test_member_buys_what_needs_the_membership():
    plan = renewed_plan()
    plan["problem"]["learner"]["price"] = [{"id": "extra", "price": "0.00"}]
    plan["purchases"].insert(0, bought("pass", "extra", "0.00"))
    assert said(plan) == ""


def test_own_rules_travel_in_the_plan():
    plan = nothing_needed()
    plan["problem"]["credentials"][0]["text"] = RULES
    plan["problem"]["learner"]["credential"][0] = {
        "file": "rules.toml", "deadline": "2027-06-30", "cycle_start": "2026-07-01",
    }  # fmt: skip
    assert said(plan) == ""
    plan["problem"]["credentials"][0]["text"] = RULES + "# changed\n"
    assert "hash to" in said(plan)


def test_loaded_catalog_is_read(tmp_path):
    csv = "offering_id,provider,title,credits,price\nnu:1,nu,Title,general=1,0\n"
    (tmp_path / "nu.csv").write_text(csv)
    catalog = load(tmp_path)
    plan = nothing_needed()
    assert "made from the catalog" in said(plan, catalog)
    plan["catalog"]["digest"] = catalog.digest
    assert "counts 12 offerings" in said(plan, catalog)
    plan["catalog"] |= {"offerings": 1, "passes": 0}
    assert said(plan, catalog) == ""


def test_two_held_seats_serve_two_enrollments():
    # 2 × pl:b, each 2 credits, in times 2; the seat until 2026-12-10 serves one, the later one the other.
    twice = tuple(replace(one, times=2) if one.offering_id == "pl:b" else one for one in OFFERINGS)
    late = seat(
        "pl:b", "free", "0.00", "2.00", "2027-01-31", count("general", "2.00", "aama"), start="2027-01-05"
    )
    early = seat("pl:b", "free", "0.00", "2.00", "2026-12-10", count("general", "2.00", "aama"))
    plan = small_plan("infeasible", [], [early, late], [], ["0.00+4.00", "0.00+0.00", "0.00+4.00"])
    plan["no_plan"] = {
        "cheapest_full_cost": None,
        "bound": None,
        "partial_proven": True,
        "conflict": [],
        "remedies": [],
    }
    holding = [{"offering_id": "pl:b", "until": day} for day in ("2026-12-10", "2027-01-31")]
    plan["problem"]["learner"]["holding"] = holding
    assert said(plan, (twice, PASSES, "d1")) == ""
    line(plan, "pl:b")["by"] = "2026-12-11"
    assert "no held seat lasts so long" in said(plan, (twice, PASSES, "d1"))


def test_learner_may_bring_an_offering():
    plan = nothing_needed()
    own = {"offering_id": "own:1", "provider": "own", "title": "Title of own:1", "credits": "general=1",
           "unit": "point", "price": "0.00"}  # fmt: skip
    plan["problem"]["learner"] |= {"offering": [own], "preferences": {"require": ["own:1"]}}
    plan["enrollments"] = [seat("own:1", "free", "0.00", "1.00", "2027-06-09", count("general", "1.00"))]
    plan |= {"status": "optimal", "hours": "1.00"}
    plan["requirements"][0]["planned"] = "1.00"
    assert said(plan) == ""


@pytest.mark.parametrize(
    ("said_of_pass", "first", "last"),
    [
        ({"term_days": 1}, "2026-11-22", "2026-11-22"),
        ({"term_days": 365}, "2026-11-22", "2027-11-21"),
        ({}, "2026-11-22", "9999-12-31"),
        ({"term_ends": (12, 31), "term_days": 5}, "2026-11-22", "2026-12-31"),
        ({"term_ends": (11, 22)}, "2026-11-22", "2026-11-22"),
        ({"term_ends": (11, 21)}, "2026-11-22", "2027-11-21"),
        ({"term_ends": (12, 31), "rolls_from": (9, 1)}, "2026-08-31", "2026-12-31"),
        ({"term_ends": (12, 31), "rolls_from": (9, 1)}, "2026-09-01", "2027-12-31"),
        ({"term_ends": (6, 30), "rolls_from": (5, 1)}, "2026-11-22", "2027-06-30"),
        ({"term_ends": (6, 30), "rolls_from": (5, 1)}, "2027-05-01", "2028-06-30"),
        ({"term_ends": (2, 29)}, "2027-02-01", "2027-02-28"),
        ({"term_ends": (2, 29)}, "2028-02-01", "2028-02-29"),
        ({"term_ends": (2, 29), "rolls_from": (1, 1)}, "2027-02-01", "2028-02-29"),
    ],
)
def test_last_day_of_a_term(said_of_pass, first, last):
    assert str(term_end(a_pass("p", "included", **said_of_pass), date.fromisoformat(first))) == last


def test_overlapping_choices_are_shared_out():
    # a|b = 2 and b|c = 1: b may take from both; c = 2 cannot be had, whatever is moved.
    parts = [(("a", "b"), Fraction(2)), (("b", "c"), Fraction(1))]
    for wanted, most in (({"b": 1, "a": 1, "c": 1}, 3), ({"b": 3}, 3), ({"c": 2, "a": 2}, 3), ({"c": 2}, 1)):
        assert routed(parts, {category: Fraction(credit) for category, credit in wanted.items()}) == most


# Hostile plans

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["", "0.00", "-1", "NaN", "1e999", "2026-11-22", "2199-12-31", "free", "\ud800"])
    | st.just(5000).map(lambda digits: 10**digits),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


FREE_TO_DIFFER = {
    "reasons",
    "warnings",
    "learner",
    "why_not",
    "why",
    "count",
    "offerings",
    "passes",
    "no_plan",
}
"""What no rule fixes: words, counts of the catalog, and the question itself."""


def nudged(value: Any) -> Any:
    """Return the nearest other value of the same form."""
    if isinstance(value, int):
        return value + 1
    if value is None or value == "":
        return "0.01"
    if value[:2] == "20" and value[4:5] == "-":
        return str(date.fromordinal(date.fromisoformat(value).toordinal() + 1))
    digits = value.replace(".", "")
    if digits.isdigit():
        return value[:-1] + ("8" if value[-1] == "9" else str(int(value[-1]) + 1))
    return value + "x"


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value inside a plan."""
    inner = list(
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


PLANS = (good_plan(), renewed_plan(), partial_plan(), nothing_needed())
PLACES = [(number, path) for number, plan in enumerate(PLANS) for path in places(plan) if path]


def leaf(plan: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        plan = plan[key]
    return plan


LEAVES = [
    pytest.param(number, path, id=f"{number}-{'.'.join(map(str, path))}")
    for number, path in PLACES
    if number in (0, 2)
    and not isinstance(leaf(PLANS[number], path), dict | list)
    and not FREE_TO_DIFFER & {*path}
]


@pytest.mark.parametrize(("number", "path"), LEAVES)
def test_every_value_is_proved(number, path):
    plan = deepcopy(PLANS[number])
    leaf(plan, path[:-1])[path[-1]] = nudged(leaf(plan, path))
    assert said(plan)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_mutation_of_a_plan_raises(data):
    number = data.draw(st.integers(0, len(PLANS) - 1))
    plan = deepcopy(PLANS[number])
    of_plan = [path for one, path in PLACES if one == number]
    for path in data.draw(st.lists(st.sampled_from(of_plan), min_size=1, max_size=4)):
        owner: Any = plan
        for key in path[:-1]:
            inside = isinstance(owner, dict) and key in owner
            inside |= isinstance(owner, list) and isinstance(key, int) and key < len(owner)
            owner = owner[key] if inside else None
        if isinstance(owner, dict) or (
            isinstance(owner, list) and isinstance(path[-1], int) and path[-1] < len(owner)
        ):
            how = data.draw(st.sampled_from(["put", "drop", "double"]))
            if how == "drop" and (isinstance(owner, list) or path[-1] in owner):
                del owner[path[-1]]
            elif how == "double" and isinstance(owner, list):
                owner.append(deepcopy(owner[path[-1]]))
            else:
                owner[path[-1]] = data.draw(VALUES)
    for violation in verify(plan, TABLES, shipped):
        assert violation.what
        violation.message.encode()


@given(VALUES)
def test_no_value_in_place_of_a_plan_raises(value):
    assert verify(value, TABLES, shipped)


def test_deep_nesting_is_refused_in_words():
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    for key in ("purchases", "learner"):
        plan: Mapping[str, Any] = good_plan()
        owner = plan["problem"] if key == "learner" else plan
        owner[key] = {"earned": deep} if key == "learner" else deep
        assert verify(plan, TABLES, shipped)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("5/6", "0.833333"), ("2/3", "0.666667"), ("1/8", "0.125"), ("3", "3.00"), ("1/2", "0.50")],
)
def test_amounts_are_written_as_the_contract_says(amount, text):
    assert decimal_text(Fraction(amount)) == text


@pytest.mark.parametrize("number", [10**4000, 10**13, -1], ids=["huge", "large", "negative"])
def test_counts_beyond_all_reason_are_told(number):
    # With a few digits more, a number could not even be written into a message.
    plan = deepcopy(PLANS[0])
    plan["catalog"]["offerings"] = number
    assert "should be a whole number from 0 to 1,000,000,000,000" in said(plan)
