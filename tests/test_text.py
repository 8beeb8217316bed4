# ruff: noqa: E501 - a table is easier read in columns than wrapped
"""The text of a plan, whole, as a reader sees it; every case is a golden file to be read with their eyes."""

from datetime import date
from pathlib import Path

import pytest

from optimizer.asking import ask
from optimizer.obligation import obligations
from optimizer.planning import Question
from optimizer.text import plan_text
from optimizer.text import text_of as whole_text_of
from tests.puzzle import answer, question, rules

SHOP = """
    offering_id, provider, title,                 kind,    credits,                  unit, approvals, hours, price, member_price, passes, available_until, starts,     assumed
    n:pharma,    north,    Pharmacology basics,   course,  clinical=2,               hour, aama,      2,     20.00, 12.50,        club,   -,               -,          -
    n:billing,   north,    Billing and coding,    course,  administrative=1.5,       hour, aama,      1.5,   18.00, 9.00,         club,   2027-09-30,      -,          price
    n:ethics,    north,    Ethics at the desk,    article, administrative|general=1, hour, -,         -,     0,     -,            -,      -,               -,          -
    s:day,       south,    Spring study day,      conference, any=3,                 hour, aama,      6,     45.00, -,            -,      2027-04-30,      2027-05-08, credits; price
    s:cpr,       south,    CPR card,              cpr,     clinical=4,               hour, aama,      3,     30.00, -,            -,      -,               -,          -
    s:lost,      south,    Nobody knows its unit, course,  clinical=1,               -,    -,         -,     0,     -,            -,      -,               -,          -
    s:old,       south,    Last year's event,     course,  clinical=1,               hour, -,         -,     0,     -,            -,      -,               2026-05-08, -
"""
CLUB = """
    pass_id, title,             price, term_days, benefit
    club,    North's clubhouse, 11.99, 365,       member_price
"""
MORE = """
    [[version.fee]]
    name = "recertification"
    amount = 79
    note = "paid to the issuer when you apply"
    [[version.not_modelled]]
    text = "A course must be about the work of a medical assistant; on-the-job training does not count. Keep every certificate."
"""
RULES = rules(
    "8",
    '3 category = "clinical"',
    '1.5 category = "administrative"',
    '3 approver = "aama"',
    caps=(
        'at_most = 5\nitems_at_most = 2\nwhere = { kind = "cpr" }',
        'at_most = 1\nwhere = { kind = "article" }',
    ),
    submit_days_before=21,
    more=MORE,
)
EARNED = """
    [[earned]]
    date = 2027-01-08
    title = "CPR card, renewed"
    kind = "cpr"
    credits = "clinical=4"
    unit = "hour"
    approvals = "aama"
    [[earned]]
    date = 2027-01-15
    title = "CPR card of the fire brigade"
    kind = "cpr"
    credits = "clinical=4"
    unit = "hour"
    [[earned]]
    date = 2026-12-30
    title = "Before the cycle"
    credits = "general=2"
    unit = "hour"
    [[earned]]
    date = 2027-01-20
    title = "Unknown unit"
    credits = "general=2"
    unit = "cme"
    [[earned]]
    date = 2027-01-21
    credits = "general=0.25"
    unit = "hour"
    [[earned]]
    date = 2027-01-22
    title = "Billing and coding"
    course_id = "n:billing"
    credits = "administrative=1.5"
    unit = "hour"
    [[earned]]
    date = 2027-01-23
    title = "Billing and coding, again"
    course_id = "n:billing"
    credits = "administrative=1.5"
    unit = "hour"
"""
WARNED = """
    [[holding]]
    pass_id = "club"
    until = 2026-12-31
    [preferences]
    exclude_providers = ["nroth"]
"""

CASES = {
    "full": ("budget = 120", {}),
    "partial": ("budget = 40" + WARNED, {}),
    "partial-without-end": ("[preferences]\nmax_purchases = 1", {}),
    "earned": (EARNED, {"as_of": "2027-02-01"}),
    "nothing-needed": (
        """
        [[earned]]
        date = 2027-01-05
        title = "All of it"
        unit = "hour"
        approvals = "aama"
        credits = "clinical=5; administrative=2; general=1"
        """,
        {"as_of": "2027-02-01"},
    ),
}


def text_of(asked: Question, width: int = 80) -> str:
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    return plan_text(answer(asked), kept, width)


@pytest.mark.parametrize("name", CASES)
def test_text_of_a_small_plan(golden, name):
    learner, more = CASES[name]
    golden(f"text-{name}.txt", text_of(question(SHOP, RULES, learner, CLUB, **more)))


ALIKE = """
    offering_id, provider, title,               credits,    unit, price, url,                    assumed
    n:test-1,    north,    Test 7, clinical=1, hour, 5.00,  https://north.test/a,   title
    n:test-2,    north,    Test 7, clinical=1, hour, 5.00,  https://north.test/b,   title
    n:test-3,    north,    Test 7, clinical=1, hour, 5.00,  https://north.test/c,   title
    n:test-4,    north,    Test 7, clinical=1, hour, 5.00,  https://north.test/d,   title
    s:own,       south,    A course of its own,       general=1,  hour, 2.50,  -,                      -
"""


def test_alike_purchases_share_a_line_and_pages_are_named():
    """Four at $5.00 are $20.00; of more than three pages the rest are counted, and who has none is not named."""
    asked = question(ALIKE, rules("5"), "", "")
    text = whole_text_of(answer(asked), asked, 80)

    bought = text.partition("What to buy")[2].partition("What to take")[0]
    assert " ".join(bought.split()) == (
        "2027-01-01 $20.00 4 × Test 7, $5.00 each* each pays for 1 course: 1.00 clinical. "
        "2027-01-01 $2.50 A course of its own pays for 1 course: 1.00 general."
    )
    found = text.partition("Where to find it")[2].partition("What that covers")[0]
    assert " ".join(found.split()) == (
        "- north: https://north.test/a, https://north.test/b, https://north.test/c and 1 other page"
    )
    assert "A course whose title was not published stands for any of its provider" in " ".join(text.split())


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", CASES)
def test_text_is_no_wider_than_asked(name, width):
    learner, more = CASES[name]
    lines = text_of(question(SHOP, RULES, learner, CLUB, **more), width).splitlines()
    assert max(map(len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


def test_text_of_the_first_plan_anybody_sees(golden):
    """Tests the plan of `ceuplan optimize --budget 100`, from the shipped catalog."""
    asked = ask(None, {"budget": "100"}, [], date(2026, 11, 22), 60.0)
    golden("text-shipped.txt", text_of(asked.question))


def test_mark_of_an_assumed_value_is_never_alone_on_its_line():
    asked = ask(None, {"budget": "100"}, [], date(2026, 11, 22), 60.0)
    assert [line for line in text_of(asked.question).splitlines() if line.strip() == "*"] == []


def test_membership_stands_before_what_is_bought_with_it():
    """Tests that who buys in the order of the text, all on one day, pays the member prices."""
    text = text_of(question(SHOP, RULES, "", CLUB)).partition("What to take")[0]
    assert text.index("North's clubhouse") < text.index("Billing and coding")


def test_goldens_are_all_named_here():
    here = {f"text-{name}.txt" for name in CASES} | {"text-shipped.txt"}
    assert {path.name for path in (Path(__file__).parent / "golden").glob("text-*.txt")} == here
