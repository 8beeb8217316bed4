# ruff: noqa: E501 - one mistake a line
"""One broken file for each mistake the contract names, through the command: what is said, where, and what to do."""

import pytest

from catalogs.schema import OFFERINGS, PASSES
from optimizer.transcript import TRANSCRIPT
from tests.damaged import ASK, COURSES, DONE, LEARNER, RULES, SOLD, faults_in, files, run, with_cell


def says(code, names, args=ASK, **changed):
    """Run the command on files, some of them broken, and return each fault's lines after checking their form."""
    with files(**changed):
        ran = run(*args)
    assert (ran.code, ran.out) == (code, "")
    list(faults_in(ran, *names))
    blocks = ran.err.rpartition("\n\n")[0].replace("\n  ", " ").split("\n")
    return [
        block.removeprefix(block.partition(", ")[0].rpartition("/")[0] + "/")
        if block.startswith("/")
        else block
        for block in blocks
    ]


@pytest.mark.parametrize("args", [ASK, ("catalog", "check", "c")], ids=["optimize", "catalog check"])
@pytest.mark.parametrize(
    ("column", "value", "told", "remedy"),
    [
        ("offering_id", "", "row 2, column offering_id: the offering_id is empty.", "unique; provider:native-id"),
        ("offering_id", "x;y", 'row 2, column offering_id: value "x;y" — an id cannot hold a semicolon', "Write the id without ;"),
        ("course_id", "x;y", 'row 2, column course_id: value "x;y" — an id cannot hold a semicolon', "Write the id without ;"),
        ("course_id", "d", 'row 5, column times: value "2" — the course "d" has 2 times here and 1 in ', "State the same number"),
        ("kind", "Seminar", 'row 2, column kind: value "Seminar" — it is not a known kind of offering.', "Write one of: course, self_study"),
        ("format", "inperson!", 'row 2, column format: value "inperson!" — it is not a known format.', 'Did you mean "in_person"?'),
        ("evidence", "providr", 'row 2, column evidence: value "providr" — it is not a known sort of evidence.', 'Did you mean "provider"?'),
        ("passes", "Annul", 'row 2, column passes: value "Annul" — "Annul" is not a pass of the catalog.', 'Did you mean "annual"?'),
        ("assumed", "pricee", 'row 2, column assumed: value "pricee" — "pricee" is not a column.', 'Did you mean "price"?'),
        ("price", "-5", 'row 2, column price: value "-5" — it is negative.', "0 or more"),
        ("price", "NaN", 'row 2, column price: value "NaN" — it is not an amount of US dollars.', "such as 29.95"),
        ("price", "1e3", 'row 2, column price: value "1e3" — it is a number in scientific notation', "such as 29.95"),
        ("price", "29,95", 'row 2, column price: value "29,95" — the comma does not set off thousands', "such as 1029.95"),
        ("price", "29.955", 'row 2, column price: value "29.955" — it has more than 2 decimals', "such as 29.95"),
        ("price", "99999999", 'row 2, column price: value "99999999" — it is more than a price can be', "the one price a buyer pays"),
        ("member_price", "$1 or $2", 'row 2, column member_price: value "$1 or $2" — it holds more than one amount', "the one price a buyer pays"),
        ("credits", "clinical=", 'row 2, column credits: value "clinical=" — the amount of credit is not a number.', "such as 1.5"),
        ("credits", "clinical=-1", 'row 2, column credits: value "clinical=-1" — the amount of credit is negative.', "such as 1.5"),
        ("credits", "clinical=inf", 'row 2, column credits: value "clinical=inf" — the amount of credit is not a number.', "such as 1.5"),
        ("credits", "clinical=0", 'row 2, column credits: value "clinical=0" — the amount of credit is not above 0', "such as 1.5"),
        ("credits", "clinical=0.125", 'row 2, column credits: value "clinical=0.125" — the amount of credit has more than 2 decimals.', "such as 1.25"),
        ("credits", "in depth=1", 'row 2, column credits: value "in depth=1" — "in depth" is not a category', "clinical=1; administrative=0.5"),
        ("credits", "a|a=1", 'row 2, column credits: value "a|a=1" — "a|a=1" names a category twice.', "clinical|general=2"),
        ("credits", "a=1;;b=1", 'row 2, column credits: value "a=1;;b=1" — there is nothing between two semicolons', "clinical=1; administrative=0.5"),
        ("approvals", "aama@2027-01-01/", 'row 2, column approvals: value "aama@2027-01-01/" — the window of "aama@2027-01-01/" does not have two ends.', "its first and its last day"),
        ("approvals", "aama@2027-02-30/2027-03-01", 'row 2, column approvals: value "aama@2027-02-30/2027-03-01" — the window of "aama@2027-02-30/2027-03-01" is not two dates (there is no such day).', "2026-08-30/2027-08-29"),
        ("approvals", "#1", 'row 2, column approvals: value "#1" — "#1" does not name an approver.', "Write it like aama"),
        ("approvals", "aama#", 'row 2, column approvals: value "aama#" — "aama#" has no number after #.', "aama#134207"),
        ("hours", "-1", 'row 2, column hours: value "-1" — it is negative.', "1 hr 30 min"),
        ("hours", "1.5 hr 30 min", 'row 2, column hours: value "1.5 hr 30 min" — it has both a part of an hour and minutes.', "1 hr 30 min"),
        ("hours", "100000", 'row 2, column hours: value "100000" — it is more than 99,999 hours.', "such as 1.5"),
        ("available_from", "2027-02-30", 'row 2, column available_from: value "2027-02-30" — there is no such day.', "such as 2027-03-04"),
        ("ends", "03/04/27", 'row 2, column ends: value "03/04/27" — the year has two digits, so the date is ambiguous.', "year-month-day"),
        ("seen_on", "2027-03-04 09:30", 'row 2, column seen_on: value "2027-03-04 09:30" — it has a time of day', "year-month-day"),
        ("starts", "9999-12-31", 'row 2, column starts: value "9999-12-31" — its year is not between 1900 and 2199.', "Write the real year"),
        ("times", "0", 'row 2, column times: value "0" — it is not between 1 and 100.', "a whole number from 1 to 100"),
        ("repeat_days", "-1", 'row 2, column repeat_days: value "-1" — it is not a whole number of days.', "days from 0 to 36500"),
        ("access_days", "6 months", 'row 2, column access_days: value "6 months" — it is not a whole number of days.', "days from 0 to 36500"),
        ("topics", "a&b", 'row 2, column topics: value "a&b" — "a&b" is not a word of letters', "infection-control"),
        ("unit", "$", 'row 2, column unit: value "$" — it is not a unit of credit.', "Write a known unit (contact_hour"),
        ("title", "A\0", "row 2, column title: there is a NUL byte.", "Delete it"),
    ],
)  # fmt: skip
def test_cell_of_an_offering(args, column, value, told, remedy):
    (said,) = says(3, ["shop.csv"], args, shop=with_cell(COURSES, OFFERINGS, 2, column, value))
    assert f"shop.csv, {told}" in said
    assert remedy in said


@pytest.mark.parametrize(
    ("column", "value", "told", "remedy"),
    [
        ("kind", "membershp", 'value "membershp" — it is not a known kind of pass.', 'Did you mean "membership"?'),
        ("price", "-9", 'value "-9" — it is negative.', "0 or more"),
        ("term_days", "1 year", 'value "1 year" — it is not a whole number of days.', "from 1 to 36500"),
        ("term_ends", "02-30", 'value "02-30" — there is no such month and day.', "such as 12-31"),
        ("rolls_from", "in fall", 'value "in fall" — it is not a month and a day.', "such as 12-31"),
        ("rolls_from", "Fall 1", 'value "Fall 1" — it names no month.', "such as 12-31"),
        ("benefit", "", "the benefit is empty.", "included, member_price, or a share off the list price such as 50%"),
        ("benefit", "50", 'value "50" — it is not a known benefit.', "such as 50%"),
        ("benefit", "-5%", 'value "-5%" — it is not a share between 0% and 100%', "such as 50%"),
        ("benefit", "101%", 'value "101%" — it takes off more than 100%.', "such as 50%"),
        ("credit_limit", "-1", 'value "-1" — the amount of credit is negative.', "such as 1.5"),
        ("credit_limit", "0.125", 'value "0.125" — the amount of credit has more than 2 decimals.', "such as 1.25"),
        ("renewable", "maybe", 'value "maybe" — it is neither yes nor no.', "Write yes or no."),
        ("requires", "clib", 'value "clib" — "clib" is not a pass of the catalog.', 'Did you mean "club"?'),
        ("evidence", "articel", 'value "articel" — it is not a known sort of evidence.', 'Did you mean "article"?'),
        ("assumed", "credits", 'value "credits" — "credits" is not a column.', 'Did you mean "credit_limit"?'),
        ("seen_on", "2027-13-01", 'value "2027-13-01" — there is no such day.', "such as 2027-03-04"),
        ("title", "\0", "there is a NUL byte.", "Delete it"),
    ],
)  # fmt: skip
def test_cell_of_a_pass(column, value, told, remedy):
    (said,) = says(3, ["passes.csv"], passes=with_cell(SOLD, PASSES, 2, column, value))
    assert f"passes.csv, row 2, column {column}: {told}" in said
    assert remedy in said


@pytest.mark.parametrize(
    ("shop", "told", "remedy"),
    [
        (b"", "shop.csv: the file is empty.", "or delete it"),
        (b",,\n", "shop.csv: the file has no header.", "offering_id, provider, title, credits"),
        (b"what\nmilk\n", "shop.csv: the file is unknown: it has no column offering_id", "or move the file out of the catalog"),
        (b"id,title,credits\na,A,any=1\n", "shop.csv, row 1, column provider: the column provider is missing.", 'with the header "provider"'),
        (b"id,title,provider,credits,CEUs\na,A,p,any=1,\n", "shop.csv, row 1, column credits: 2 columns mean credits: credits, CEUs.", "Keep one of them."),
        (b"id,title\0,provider,credits\na,A,p,any=1\n", "shop.csv, row 1: there is a NUL byte.", "Delete it"),
        (b"id,title,provider,credits\na,A,p\n", "shop.csv, row 2: the row has 3 cells, and the header has 4.", "into double quotes"),
        (b"id,title,provider,credits\n\na,A,p,any=1\na,A,p,any=1\n", 'shop.csv, row 4, column offering_id: value "a" — it is already the offering_id of c/shop.csv, row 3, which says the same.', "Keep one of the two rows"),
        (b'id,title,provider,credits\na,"A,p,any=1\n', "shop.csv, row 2: a quote that opens in this row is never closed", "Close it"),
        (b'id,title,provider,credits\na,"A"s,p,any=1\n', "shop.csv, row 2: text follows the closing quote of a cell.", 'Write ""'),
        (b"id,title,provider,credits\na,A,p,any=1\nb,\xe9,p,any=1\n", "shop.csv, row 3: the file is not UTF-8: byte 0xe9 makes no sense there.", "CSV UTF-8"),
    ],
)  # fmt: skip
def test_form_of_a_catalog(shop, told, remedy):
    (said,) = says(3, ["shop.csv"], ("catalog", "check", "c/shop.csv"), shop=shop)
    assert told in said
    assert remedy in said


def test_pass_where_there_are_none():
    rows = b"id,title,provider,credits,passes\na,A,p,any=1,x\n"
    (said,) = says(3, ["shop.csv"], ("catalog", "check", "c/shop.csv"), shop=rows)
    assert 'row 2, column passes: value "x" — "x" is not a pass of the catalog.' in said
    assert "is passes.csv missing?" in said


@pytest.mark.parametrize(
    ("there", "instead", "told", "remedy"),
    [
        ('id = "pz-test"', 'id = "Pz Test"', 'column id: value "Pz Test" — it is not a word of small letters', "Write it like pz-test."),
        ('name = "Puzzler', 'nme = "Puzzler', 'column nme: value "Puzzler (TEST)" — it is an unknown key.', 'Did you mean "name"?'),
        ("at_least = 4", "at_least = -4", 'column version[1].requirement[1].at_least: value "-4" — the amount of credit is negative.', "Write a number above 0"),
        ("[[version]]", "[[versoin]]", 'column versoin: value "a list" — it is an unknown key.', 'Did you mean "version"?'),
        ("cycle_months = 24", "cycle_months = 0", 'column version[1].cycle_months: value "0" — it is not between 1 and 600.', "from 1 to 600"),
        ('cme = "5/6"', 'cme = "5:6"', 'column conversions.cme: value "5:6" — it is not a number of at most', 'such as "5/6"'),
        ("price = 250", 'price = "was $45 now $30"', "it holds more than one amount", "the one price a buyer pays"),
        ('id = "pz-test"', "id = pz", "row 2: it is not TOML: Invalid value.", "Correct the line."),
        ("2020-01-01", "2028-01-01", 'me.toml, column credential.deadline: value "2027-12-31" — the rules known of pz-test start on 2028-01-01.', "add a [[version]]"),
    ],
)  # fmt: skip
def test_rules(there, instead, told, remedy):
    assert there in RULES
    said = says(4, ["rules.toml", "me.toml"], rules=RULES.replace(there, instead, 1).encode())
    assert any(told in one and remedy in one for one in said), said


@pytest.mark.parametrize(
    ("there", "instead", "told", "remedy"),
    [
        ("budget = 40", "budgte = 40", 'me.toml, column budgte: value "40" — it is an unknown key.', 'Did you mean "budget"?'),
        ("budget = 40", "budget = 4.005", 'me.toml, column budget: value "4.005" — it has more than 2 decimals', "29.95"),
        ("2027-12-31", "2026-12-31", 'me.toml, column credential[1].deadline: value "2026-12-31" — it lies before 2027-01-01, the day the plan is for.', "Correct it."),
        ("2026-01-01", "2028-01-01", 'me.toml, column credential[1].cycle_start: value "2028-01-01" — it lies after the deadline, 2027-12-31.', "Correct one of the two."),
        ("deadline = 2027-12-31\ncycle_start = 2026-01-01", "cycle_start = 2020-01-01", 'me.toml, column credential.cycle_start: value "2020-01-01" — a cycle of 24 months from there ended on 2021-12-31, before 2027-01-01', "Correct the dates"),
        ('file = "rules.toml"', 'id = "cma-aam"', 'me.toml, column credential.id: value "cma-aam" — no such credential is known.', 'Did you mean "cma-aama"?'),
        ('file = "rules.toml"', 'file = "rule.toml"', "rule.toml: it cannot be read: no such file or directory.", "Check the path."),
        ('"done.csv"', '"doen.csv"', "doen.csv: it cannot be read: no such file or directory.", "Check the path."),
        ('pass_id = "club"', 'pass_id = "culb"', 'me.toml, column holding.pass_id: value "culb" — nothing in the catalog has this name.', 'Did you mean "club"?'),
        ('pass_id = "club"\nuntil = 2027-06-30', 'pass_id = "annual"', 'me.toml, column holding.until: the pass "annual" ends some day, and you did not say when.', "until = YYYY-MM-DD"),
        ('offering_id = "e"', 'offering_id = "E1"', 'me.toml, column holding.offering_id: value "E1" — nothing in the catalog has this name.', 'Did you mean "e"?'),
        ("date = 2026-06-01", "date = 2027-01-02", 'me.toml, column earned[1].date: value "2027-01-02" — it lies after 2027-01-01, the day the plan is for.', "or leave the line out until then"),
        ('credits = "general=0.5"', 'credits = ["general"]', 'me.toml, column earned[1].credits: value "general" — "general" has no amount.', "clinical=1"),
        ('credits = "general=0.5"', "credits = []", 'me.toml, column earned[1].credits: value "a list" — it is missing.', "Add it: credit by category"),
        ('offering_id = "mine"', 'offering_id = "a"', 'me.toml, column offering.offering_id: value "a" — the catalog has this offering already.', "another id"),
        ('offering_id = "mine"', 'offering_id = "mine"\ncourse_id = "d"\ntimes = 3', 'me.toml, column offering.times: value "3" — the course "d" may count 2 times elsewhere.', "State the same times"),
        ('passes = ["half"]', 'passes = ["halv"]', 'me.toml, column offering[1].passes: value "halv" — "halv" is not a pass of the catalog.', 'Did you mean "half"?'),
        ('id = "annual"', 'id = "anual"', 'me.toml, column price.id: value "anual" — nothing in the catalog has this name.', 'Did you mean "annual"?'),
        ("price = 5", 'price = "5 EUR"', 'me.toml, column price[1].price: value "5 EUR" — it is not in US dollars.', "29.95"),
        ('exclude = ["a"]', 'require = ["aa"]', 'me.toml, column preferences.require: value "aa" — nothing in the catalog has this name.', "Check the spelling."),
        ('formats = ["online"]', 'formats = ["onlin"]', 'me.toml, column preferences.formats[1]: value "onlin" — it is not a known format.', 'Did you mean "online"?'),
    ],
)  # fmt: skip
def test_learner(there, instead, told, remedy):
    assert there in LEARNER
    (said,) = says(4, ["me.toml"], me=LEARNER.replace(there, instead, 1).encode())
    assert told in said
    assert remedy in said


@pytest.mark.parametrize(
    ("column", "value", "told", "remedy"),
    [
        ("date", "", "it is missing.", "Add the day it was finished."),
        ("date", "05/06/2026", 'value "05/06/2026" — it is ambiguous: it could be 2026-05-06 or 2026-06-05.', "year-month-day"),
        ("date", "2027-01-02", 'value "2027-01-02" — it lies after 2027-01-01, the day the plan is for.', "Correct it"),
        ("credits", "", "it is missing.", "Add it: credit by category"),
        ("credits", "2", 'value "2" — it is a bare number, so its category is not said.', "Write any=2"),
        ("unit", "?", 'value "?" — it is not a unit of credit.', "Write a known unit"),
        ("kind", "cours", 'value "cours" — it is not a known kind of offering.', 'Did you mean "course"?'),
        ("format", "onlyne", 'value "onlyne" — it is not a known format.', 'Did you mean "online"?'),
        ("topics", "a&b", 'value "a&b" — "a&b" is not a word', "infection-control"),
        ("approvals", "aama@2026-01-01", 'value "aama@2026-01-01" — the window of "aama@2026-01-01" does not have two ends.', "first and its last day"),
        ("hours", "2-3", 'value "2-3" — it is not one length of time.', "1 hr 30 min"),
        ("course_id", "a;b", 'value "a;b" — an id cannot hold a semicolon', "without ;"),
        ("title", "a\x07b", 'value "a\\x07b" — it holds control characters.', "visible characters only"),
    ],
)  # fmt: skip
def test_cell_of_a_transcript(column, value, told, remedy):
    (said,) = says(4, ["done.csv"], done=with_cell(DONE, TRANSCRIPT, 3, column, value))
    assert f"done.csv, row 3, column {column}: {told}" in said
    assert remedy in said


@pytest.mark.parametrize(
    ("args", "told", "remedy"),
    [
        (["--budget", "-5"], '--budget: value "-5" — it is negative.', "0 or more"),
        (["--budget", " "], '--budget: value " " — it is empty.', "or leave it out"),
        (["--deadline", "03/04/27"], '--deadline: value "03/04/27" — the year has two digits', "year-month-day"),
        (["--cycle-start", "soon"], '--cycle-start: value "soon" — it is not a date.', "year-month-day"),
        (["--earned", "4"], '--earned: value "4" — it is a bare number', "any=4"),
        (["--earned", "any=4@"], '--earned: value "any=4@" — it names no approver after @.', "clinical=4@aama"),
        (["--earned", "any=4@the aama"], '--earned: value "any=4@the aama" — "the aama" does not name an approver.', "clinical=4@aama"),
        (["--earned", "any=4@aama#1"], '--earned: value "any=4@aama#1" — an approver has a number or a window.', "clinical=4@aama"),
        (["--pass", "club@never"], '--pass: value "club@never" — it is not a date.', "year-month-day"),
        (["--pass", "@2027-12-31"], '--pass: value "@2027-12-31" — it names no pass.', "aama-membership@2027-12-31"),
        (["--hours-per-week", "169"], '--hours-per-week: value "169" — it is not above 0 and at most 168', "2.5"),
        (["--hours-per-week", "2.555"], '--hours-per-week: value "2.555" — it has more than 2 decimals.', "2.5"),
        (["--route", "The Exam"], '--route: value "The Exam" — it is not a word of small letters', "Write it like the-exam."),
        (["--credential", "CMA AAMA"], '--credential: value "CMA AAMA" — it is not a word of small letters', "Write it like cma-aama."),
        (["--pass", "\x1b[2J"], '--pass: value "\\x1b[2J" — it holds control characters.', "visible characters only"),
    ],
)  # fmt: skip
def test_flag(args, told, remedy):
    (said,) = says(2, [args[0]], [*ASK, *args])
    assert said.startswith(told)
    assert remedy in said


def test_unknown_names_of_flags_are_placed_at_the_flags():
    """Tests a command without a profile, where the learner's words can only come from flags."""
    args = ("optimize", "--catalog", "c", "--as-of", "2027-01-01")
    (said,) = says(4, ["the flags"], [*args, "--credential", "cma-aam"])
    assert said.startswith('the flags, column credential.id: value "cma-aam" — no such credential is known.')
    (said,) = says(4, ["the flags"], [*args, "--pass", "anual@2027-06-30"])
    assert said.startswith(
        'the flags, column holding.pass_id: value "anual" — nothing in the catalog has this name.'
    )
    assert said.endswith('Did you mean "annual"?')
    (said,) = says(4, ["me.toml and the flags"], [*ASK, "--pass", "anual@2027-06-30"])
    assert 'column holding.pass_id: value "anual"' in said
    (said,) = says(4, ["the flags"], [*args, "--cycle-start", "2010-01-01"])
    assert "column credential.cycle_start" in said
