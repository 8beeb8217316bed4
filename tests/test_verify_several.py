"""The proof of a plan for several credentials: one worked out by hand is accepted, every damage to it is named."""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogs.records import Offering, Pass
from optimizer.credential_file import read_credential
from optimizer.verify import verify
from tests.test_verify import FREE_TO_DIFFER, VALUES, bought, leaf, nudged, offering, places, seat

HEAD = """
id = "{id}"
name = "Test"
issuer = "Test"
unit = "point"
[conversions]
hour = {hour}
[[version]]
effective = 2020-01-01
source = {{ title = "Rules", url = "https://example.org/" }}
"""


def rules(credential_id: str, more: str, hour: str = "1") -> str:
    """Return a credential's TOML: the rest of its version, with its rules."""
    return HEAD.format(id=credential_id, hour=hour) + more


def count(credential: str, category: str, credit: str) -> dict[str, Any]:
    return {
        "credential": credential, "category": category, "approvers": [], "credit": credit, "exact": None,
    }  # fmt: skip


def earned(
    credential: str, day: str | None, title: str, counts: Sequence[Any], void: str = "0.00", why: str | None = None
) -> dict[str, Any]:  # fmt: skip
    return {
        "credential": credential, "date": day, "title": title, "course_id": "", "counts": list(counts),
        "void": void, "why_not": why,
    }  # fmt: skip


def required(credential: str, name: str, figures: str) -> dict[str, Any]:
    """Return a requirement's line from `required earned planned`; nothing is short."""
    keys = ("required", "earned", "planned")
    said = dict(zip(keys, figures.split(), strict=True))
    return {"credential": credential, "name": name, **said, "short": "0.00"}


def capped(credential: str, name: str, figures: str) -> dict[str, Any]:
    """Return a cap's line from `at_most used void`."""
    at_most, used, void = figures.split()
    return {
        "credential": credential, "name": name, "at_most": at_most, "items_at_most": None, "used": used,
        "void": void,
    }  # fmt: skip


class Hand:
    """Hold a plan made by hand, with the catalog and the rules it is proved from."""

    def __init__(
        self,
        texts: Mapping[str, str],
        offerings: Sequence[Offering],
        learner: Mapping[str, Any],
        passes: Sequence[Pass] = (),
        **plan: Any,
    ) -> None:
        self.credentials = {one: read_credential(text.encode(), f"{one}.toml") for one, text in texts.items()}
        self.tables = (tuple(offerings), tuple(passes), "d1")
        self.plan: dict[str, Any] = {
            "schema_version": 1, "status": "optimal", "as_of": "2027-01-01", "currency": "USD", "budget": None,
            "route": dict.fromkeys(texts, "continuing-education"), "purchases": [], "earned": [], "caps": [],
            "no_plan": None, "routes": [], "together": None, "alternatives": [], "no_alternatives": [],
            "ties": None, "cross_check": None, "gap": "0.00", "fees": [], "reasons": [], "warnings": [],
            "not_modelled": [],
            "problem": {
                "learner": dict(learner),
                "credentials": [
                    {"id": one, "version": "2020-01-01", "sha256": rules.sha256, "text": None}
                    for one, rules in self.credentials.items()
                ],
            },
            "catalog": {"digest": "d1", "offerings": len(offerings), "passes": len(passes), "set_aside": []},
        } | plan  # fmt: skip
        self.plan.setdefault("bound", self.plan["cost"])

    def said(self) -> str:
        """Return all violations, one a line, as `slug: sentence`."""
        plan = json.loads(json.dumps(self.plan))
        found = verify(plan, self.tables, self.credentials.__getitem__)
        return "\n".join(f"{one.what}: {one.message}" for one in found)

    def line(self, kind: str, **key: str) -> dict[str, Any]:
        """Return the first line whose keys have these values."""
        found: dict[str, Any] = next(
            entry for entry in self.plan[kind] if all(entry[name] == value for name, value in key.items())
        )
        return found

    def seat(self, offering_id: str) -> dict[str, Any]:
        """Return the enrollment of an offering."""
        return self.line("enrollments", offering_id=offering_id)

    def move(self, offering_id: str, start: str, finish: str = "", by: str = "") -> None:
        """Put an enrollment on other days, and all of them in order."""
        self.seat(offering_id).update(start=start, finish=finish or start, by=by or finish or start)
        self.plan["enrollments"].sort(key=lambda one: (one["start"], one["finish"], one["offering_id"]))


type Damage = Callable[[Hand], Any]


class Damages(list[Any]):
    """Gather damages: a function that changes the plan, and what must be said of it."""

    def __call__(self, what: str, words: str) -> Callable[[Damage], Damage]:
        def keep(change: Damage) -> Damage:
            self.append(pytest.param(change, what, words, id=change.__name__))
            return change

        return keep


def assert_named(hand: Hand, change: Damage, what: str, words: str) -> None:
    change(hand)
    assert any(one.startswith(f"{what}: ") and words in one for one in hand.said().splitlines()), hand.said()


A = rules("a-test", """
cycle_months = 12
[[version.requirement]]
name = "total"
at_least = 3
[[version.cap]]
name = "reading"
at_most = 1
where = { kind = "article" }
[[version.fee]]
name = "renewal"
amount = 10
[[version.not_modelled]]
text = "Both say this."
""")  # fmt: skip
B = rules("b-test", """
cycle_months = 12
submit_days_before = 10
[[version.requirement]]
name = "total"
at_least = 1
[[version.fee]]
name = "renewal"
amount = 20
[[version.not_modelled]]
text = "Both say this."
[[version.not_modelled]]
text = "Only this one says that."
""", hour='"1/2"')  # fmt: skip


def hand() -> Hand:
    """Return a plan for a-test, the year 2027, and b-test, 2026-07-01 to 2027-06-30, to be finished by 06-20.

    x is 2 hours, y 1 hour: for a-test 2 + 1 = 3 points, for b-test, at half a point an hour, 1 + 0.5 = 1.5.
    "Old" was earned in the cycle of b-test alone: 0.5 more. Cost: x 10.00 + y 5.00 = 15.00. Apart a-test needs
    both, 15.00, and b-test, which has 0.5 of its 1, only y, 5.00; together 20.00 − 15.00 = 5.00 are saved.
    """
    return Hand(
        {"a-test": A, "b-test": B},
        [
            offering("s:x", "any=2", unit="hour", price=1000),
            offering("s:y", "any=1", unit="hour", price=500),
        ],
        {
            "credential": [
                {"id": "a-test", "deadline": "2027-12-31"},
                {"id": "b-test", "deadline": "2027-06-30"},
            ],
            "earned": [{"date": "2026-08-01", "title": "Old", "credits": "any=1", "unit": "hour"}],
        },
        cost="15.00",
        hours="3.00",
        purchases=[
            bought("offering", "s:x", "10.00", "2027-01-01"),
            bought("offering", "s:y", "5.00", "2027-01-01"),
        ],
        enrollments=[
            seat("s:x", "single", "10.00", "2.00", "2027-06-20", count("a-test", "any", "2.00"),
                 count("b-test", "any", "1.00"), start="2027-01-01"),
            seat("s:y", "single", "5.00", "1.00", "2027-06-20", count("a-test", "any", "1.00"),
                 count("b-test", "any", "0.50"), start="2027-01-01"),
        ],
        earned=[
            earned("a-test", "2026-08-01", "Old", [], why="outside the cycle"),
            earned("b-test", "2026-08-01", "Old", [count("b-test", "any", "0.50")]),
        ],
        requirements=[
            required("a-test", "total", "3.00 0.00 3.00"),
            required("b-test", "total", "1.00 0.50 1.50"),
        ],
        caps=[capped("a-test", "reading", "1.00 0.00 0.00")],
        together={
            "apart": [{"credential": "a-test", "cost": "15.00"}, {"credential": "b-test", "cost": "5.00"}],
            "saves": "5.00",
        },
        fees=[
            {"credential": "a-test", "name": "renewal", "amount": "10.00", "note": ""},
            {"credential": "b-test", "name": "renewal", "amount": "20.00", "note": ""},
        ],
        not_modelled=["Both say this.", "Only this one says that."],
    )  # fmt: skip


def test_plan_worked_out_by_hand_is_proved():
    assert hand().said() == ""


def unproved(hand: Hand) -> list[tuple[Any, ...]]:
    """Return every place of a plan where the nearest other value would pass as well."""
    good, found = hand.plan, []
    for path in places(good):
        if not path or isinstance(leaf(good, path), dict | list) or FREE_TO_DIFFER & {*path}:
            continue
        hand.plan = deepcopy(good)
        leaf(hand.plan, path[:-1])[path[-1]] = nudged(leaf(good, path))
        if not hand.said():
            found.append(path)
    return found


def test_every_value_is_proved():
    assert unproved(hand()) == []


damage = Damages()


@damage("credential", "names 1 credentials; the learner has 2")
def one_credential_hidden(hand):
    del hand.plan["problem"]["credentials"][1]


@damage("credential", 'names "a-test" 2 times')
def one_credential_twice(hand):
    hand.plan["problem"]["credentials"][1] = hand.plan["problem"]["credentials"][0]


@damage("credential", 'names "b-test"; the learner\'s credential is "a-test"')
def credentials_in_another_order(hand):
    hand.plan["problem"]["credentials"].reverse()


@damage("credential", "cannot be read")
def second_credential_unknown(hand):
    del hand.credentials["b-test"]


@damage("route", 'for "b-test" by the route null; it has continuing-education')
def route_of_one_hidden(hand):
    del hand.plan["route"]["b-test"]


@damage("route", "given for a-test and b-test and nothing else")
def route_of_a_third(hand):
    hand.plan["route"]["c-test"] = "continuing-education"


@damage("earned", "lists 1 earned lines; the learner has 1 for each of 2 credentials")
def earned_of_one_hidden(hand):
    del hand.plan["earned"][0]


@damage("earned", 'says "b-test" where the learner says "a-test"')
def earned_in_another_order(hand):
    hand.plan["earned"].reverse()


@damage("credential", 'counts for "b-test"; the plan is for a-test')
def earned_counts_for_the_other(hand):
    hand.plan["earned"][0]["counts"] = hand.plan["earned"][1]["counts"]


@damage("credential", 'counts for "c-test"; the plan is for a-test and b-test')
def counts_for_a_third(hand):
    hand.seat("s:x")["counts"].append(count("c-test", "any", "1.00"))


@damage("order", "out of order: by credential, then by category")
def counts_in_another_order(hand):
    hand.seat("s:x")["counts"].reverse()


@damage("credit", "counts 2.00 credits; it can give 1.00")
def counts_by_the_other_conversion(hand):
    hand.seat("s:x")["counts"][1]["credit"] = "2.00"


@damage("not_fullest", "could count 0.50 more as any")
def not_counted_for_the_second(hand):
    del hand.seat("s:y")["counts"][1]


@damage("outside_cycle", "2026-08-01 is outside the cycle, 2027-01-01 to 2027-12-31, of a-test")
def earned_outside_one_cycle(hand):
    hand.plan["earned"][0]["counts"] = [count("a-test", "any", "1.00")]


@damage("outside_cycle", "2027-06-21 is outside the cycle, 2026-07-01 to 2027-06-20, of b-test")
def taken_after_one_last_day(hand):
    hand.move("s:x", "2027-06-21")


@damage("window", "in the days of no credential: 2027-08-01 to 2027-12-31 and 2026-07-01 to 2027-06-20")
def taken_between_the_cycles(hand):
    hand.plan["problem"]["learner"]["credential"][0]["cycle_start"] = "2027-08-01"
    hand.move("s:x", "2027-07-01")


@damage("window", "the last day to finish is 2027-12-31")
def taken_after_all_cycles(hand):
    hand.move("s:x", "2028-01-01")


@damage("by", "it counts for b-test, for which the last day to finish is 2027-06-20")
def by_after_one_last_day(hand):
    hand.seat("s:x")["by"] = "2027-06-21"


@damage("by", "could finish as late as 2027-06-20")
def by_too_early(hand):
    hand.seat("s:x")["by"] = "2027-06-19"


@damage("requirement", "not those of a-test and b-test, in their order: total, total")
def requirements_in_another_order(hand):
    hand.plan["requirements"].reverse()


@damage("requirement", '"total" says 0.00 earned; it is 0.50')
def earned_of_the_other(hand):
    hand.plan["requirements"][1]["earned"] = "0.00"


@damage("short", '"total" needs 1.00; the counts give 0.50')
def second_credential_short(hand):
    for one in hand.plan["enrollments"]:
        del one["counts"][1]


@damage("cap_line", "not those of a-test and b-test, in their order: reading")
def cap_of_another_credential(hand):
    hand.plan["caps"][0]["credential"] = "b-test"


@damage("fees", "renewal 10.00, renewal 20.00")
def fees_of_one_hidden(hand):
    del hand.plan["fees"][1]


@damage("not_modelled", "not what a-test and b-test says: 2 texts")
def said_twice(hand):
    hand.plan["not_modelled"].insert(0, "Both say this.")


@damage("shares", "for b-test, which shares nothing, and for another")
def nothing_shared(hand):
    hand.plan["problem"]["learner"]["credential"][1]["shares"] = "no"


def as_earned_before(hand: Hand) -> None:
    """Make "Old" the course y: it uses up its one time for b-test, in whose cycle it lies, not for a-test."""
    for one in (hand.plan["problem"]["learner"]["earned"][0], *hand.plan["earned"]):
        one["course_id"] = "s:y"


@damage(
    "times",
    '1 planned and 1 earned items of course "s:y" count for b-test; it may count 1 times and 1 earned',
)
def counts_too_often_for_one(hand):
    as_earned_before(hand)


@damage(
    "times", "planned 1 times; it may count 1 times and 1 and 1 earned lines use that up, so 0 and 0 are left"
)
def used_up_for_both(hand):
    as_earned_before(hand)
    for one in (hand.plan["problem"]["learner"]["earned"][0], *hand.plan["earned"]):
        one["date"] = "2027-01-01"


@damage("useless", "counts nothing")
def counts_for_none(hand):
    hand.seat("s:y")["counts"] = []


@damage("together", "`together` belongs in a plan for 2 credentials")
def together_hidden(hand):
    hand.plan["together"] = None


@damage("together", 'listed for "b-test", "a-test"; the plan is for a-test, b-test')
def apart_in_another_order(hand):
    hand.plan["together"]["apart"].reverse()


@damage("together", "said to save 6.00; the costs apart less this are 5.00")
def saves_more(hand):
    hand.plan["together"]["saves"] = "6.00"


@damage("together", "said to save 5.00; the costs apart less this are null")
def saves_without_a_cost_apart(hand):
    hand.plan["together"]["apart"][1]["cost"] = None


@damage("together", "said to save null; the costs apart less this are 5.00")
def saving_hidden(hand):
    hand.plan["together"]["saves"] = None


@damage("together", "called optimal and costs 15.00; apart the credentials cost 14.50")
def dearer_than_apart(hand):
    # Nothing that one takes could lack the other: done one beside the other they would be cheaper.
    hand.plan["together"]["apart"][0]["cost"] = "9.50"
    hand.plan["together"]["saves"] = "-0.50"


@damage("form", "saves should be money")
def saves_a_number(hand):
    hand.plan["together"]["saves"] = 5


@pytest.mark.parametrize(("change", "what", "words"), damage)
def test_damage_is_named(change, what, words):
    assert_named(hand(), change, what, words)


def test_course_earned_for_one_counts_for_the_other():
    # "Old" is the course y, in the cycle of b-test: y counts for a-test alone, and b-test has 0.5 + 1 still.
    made = hand()
    as_earned_before(made)
    del made.seat("s:y")["counts"][1]
    made.seat("s:y")["by"] = "2027-12-31"
    made.plan["requirements"][1]["planned"] = "1.00"
    assert made.said() == ""


def test_course_may_be_taken_once_for_each():
    # b-test shares nothing, so the same course is taken twice: once for 2 points of a-test, once for 1 of b-test.
    made = Hand(
        {"a-test": A.replace("at_least = 3", "at_least = 2"), "b-test": B},
        [offering("s:x", "any=2", unit="hour", price=0)],
        {
            "credential": [
                {"id": "a-test", "deadline": "2027-12-31"},
                {"id": "b-test", "deadline": "2027-06-30", "shares": "no"},
            ]
        },
        cost="0.00",
        hours="4.00",
        enrollments=[
            seat("s:x", "free", "0.00", "2.00", "2027-12-31", count("a-test", "any", "2.00"), start="2027-01-01"),
            seat("s:x", "free", "0.00", "2.00", "2027-06-20", count("b-test", "any", "1.00"), start="2027-01-01"),
        ],
        requirements=[required("a-test", "total", "2.00 0.00 2.00"), required("b-test", "total", "1.00 0.00 1.00")],
        caps=[capped("a-test", "reading", "1.00 0.00 0.00")],
        together={
            "apart": [{"credential": "a-test", "cost": "0.00"}, {"credential": "b-test", "cost": None}],
            "saves": None,
        },
        fees=hand().plan["fees"],
        not_modelled=hand().plan["not_modelled"],
    )  # fmt: skip
    assert made.said() == ""
    made.plan["enrollments"].append(made.plan["enrollments"][1])
    assert 'Course "s:x" is planned 3 times' in made.said()


def test_costs_apart_may_be_less_where_one_takes_what_the_other_needs():
    made = hand()
    dearer_than_apart(made)
    made.tables = (tuple(replace(one, repeat_days=1) for one in made.tables[0]), *made.tables[1:])
    assert made.said() == ""


PLACES = [path for path in places(hand().plan) if path]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), st.none() | VALUES)
def test_no_mutation_of_a_plan_raises(path, value):
    made = hand()
    owner = leaf(made.plan, path[:-1])
    if value is None:
        del owner[path[-1]]
    else:
        owner[path[-1]] = value
    for violation in verify(made.plan, made.tables, made.credentials.__getitem__):
        violation.message.encode()
