"""A plan as CSV, calendar and Markdown, each read back with a reader of its own and compared with the plan."""

import csv
import io
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from icalendar import Calendar
from markdown_it import MarkdownIt

from optimizer.formats import formatted
from optimizer.plan import to_json
from optimizer.plan_csv import guarded
from optimizer.question import Question
from tests.puzzle import answer, question, rules
from tests.test_text import CASES, CLUB, RULES, SHOP

COLUMNS = [
    "offering_id", "course_id", "title", "provider", "paid_by", "price", "hours", "start", "finish", "by", "counts",
    "assumed",
]  # fmt: skip
EVENT = """
    offering_id, title,       price, credits, starts,     ends,       available_until, hours
    a,           First,       10,    any=1,   -,          -,          2027-03-31,      7
    b,           Second,      20,    any=1,   -,          -,          2027-03-31,      7
    c,           Third,       0,     any=1,   -,          -,          2027-08-31,      7
    d,           A seminar,   30,    any=2,   2027-05-07, 2027-05-08, -,               12
"""


@cache
def asked(name: str) -> Question:
    learner, more = CASES[name]
    return question(SHOP, RULES, learner, CLUB, **more)


@cache
def as_format(name: str, form: str) -> str:
    return formatted(answer(asked(name)), asked(name), form, 80)


def events_of(text: str) -> dict[str, tuple[date, date, str]]:
    """Return each event's UID with its first and last day and its summary."""
    return {
        str(one["UID"]): (one["DTSTART"].dt, one["DTEND"].dt - timedelta(days=1), str(one["SUMMARY"]))
        for one in Calendar.from_ical(text).walk("VEVENT")
    }


def planned(learner: str, passes: str = "", **more) -> tuple[dict, str]:
    """Return the events of a plan of the seminar's shop, and the calendar as text."""
    question_ = question(EVENT, rules("5", submit_days_before=21), learner, passes, **more)
    text = formatted(answer(question_), question_, "ics", 80)
    return events_of(text), text


# CSV


@pytest.mark.parametrize("name", ["full", "partial", "nothing-needed"])
def test_csv_says_what_the_json_says(name):
    """Tests columns in the order of the JSON, each cell its value; a partial plan's rows, and none of an empty plan."""
    header, *rows = csv.reader(io.StringIO(as_format(name, "csv")))
    enrollments = to_json(answer(asked(name)))["enrollments"]

    assert header == COLUMNS
    assert len(rows) == len(enrollments) == {"full": 4, "partial": 2, "nothing-needed": 0}[name]
    for row, said in zip(rows, enrollments, strict=True):
        assert list(said) == COLUMNS
        counts = "; ".join(f"{one['category']}={one['credit']}" for one in said["counts"])
        assert row == [*list(said.values())[:-2], counts, "; ".join(said["assumed"])]


def test_csv_names_the_credential_where_there_are_several():
    two = '[[credential]]\nid = "rma-amt"\ndeadline = 2027-12-31\n'
    offered = "offering_id, price, credits, unit, approvals\na, 10, clinical=40, contact_hour, aama"
    asked_ = question(offered, rules("2", conversions="contact_hour = 1"), two)
    (row,) = csv.DictReader(io.StringIO(formatted(answer(asked_), asked_, "csv", 80)))
    assert set(row["counts"].split("; ")) == {"rma-amt:clinical=40.00", "pz-test:clinical=40.00"}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "'=1",
        "''",
        "  =1",
        "\N{FULLWIDTH EQUALS SIGN}1",
        "a=1",
        "",
        "5",
        "'tis",
    ],
)
def test_formula_is_made_harmless_and_can_be_had_back(text):
    cell = guarded(text)
    assert not cell.lstrip().startswith(tuple("=+-@\N{FULLWIDTH EQUALS SIGN}"))
    assert cell.removeprefix("'") == text or cell == text
    assert (cell != text) == cell.startswith("'")


# Calendar


def test_every_event_lies_on_its_day():
    """Tests what is bought, attended, finished and closing; a seminar of two days lasts both of them."""
    events, text = planned(
        '[[holding]]\npass_id = "p"\nuntil = 2027-06-30',
        "pass_id, price, benefit, term_days\np, 500, included, 365",
    )

    assert events == {
        "pz-test.buy.2@ceuplan": (date(2027, 1, 1), date(2027, 1, 1), "Buy 2 things, $30.00"),
        "pz-test.buy.1@ceuplan": (date(2027, 5, 7), date(2027, 5, 7), "Buy: A seminar, $30.00"),
        "pz-test.attend.1@ceuplan": (date(2027, 5, 7), date(2027, 5, 8), "Attend: A seminar (shop)"),
        "pz-test.finish.2@ceuplan": (date(2027, 3, 31), date(2027, 3, 31), "Finish 2 courses"),
        "pz-test.finish.1@ceuplan": (date(2027, 8, 31), date(2027, 8, 31), "Finish: Third"),
        "pz-test.expires.1@ceuplan": (date(2027, 6, 30), date(2027, 6, 30), "Ends: p"),
        "pz-test.last-day.1@ceuplan": (
            date(2027, 12, 10), date(2027, 12, 10), "Last day to finish anything: Puzzler (TEST)",
        ),
        "pz-test.deadline.1@ceuplan": (date(2027, 12, 31), date(2027, 12, 31), "Deadline: Puzzler (TEST)"),
    }  # fmt: skip
    days = [one["DTSTART"].dt for one in Calendar.from_ical(text).walk("VEVENT")]
    assert days == sorted(days)


def test_every_event_has_an_alarm_in_the_morning_of_a_day_before():
    _, text = planned("")
    for event in Calendar.from_ical(text).walk("VEVENT"):
        (alarm,) = event.walk("VALARM")
        start = datetime.combine(event["DTSTART"].dt, datetime.min.time())
        assert alarm["ACTION"] == "DISPLAY"
        assert (start + alarm["TRIGGER"].dt).hour == 9
        assert timedelta(days=-30) < alarm["TRIGGER"].dt < timedelta()


def test_later_plan_overwrites_the_events_of_an_earlier_one():
    """Tests a learner who did the first two courses in February: what is left keeps its events, one version up."""
    done = "".join(
        f'[[earned]]\ndate = 2027-02-0{n}\ntitle = "done"\ncredits = "any=1"\nunit = "hour"\ncourse_id = "{one}"\n'
        for n, one in enumerate("ab", start=1)
    )
    (before, first), (after, second) = planned(""), planned(done, as_of="2027-02-15")

    assert set(after) == set(before) - {"pz-test.buy.2@ceuplan", "pz-test.finish.2@ceuplan"}
    assert {uid: event for uid, event in before.items() if uid in after} == after
    sequences = [
        {one["SEQUENCE"] for one in Calendar.from_ical(text).walk("VEVENT")} for text in (first, second)
    ]
    assert [len(found) for found in sequences] == [1, 1]
    assert max(sequences[0]) < min(sequences[1])


def test_pass_bought_for_a_second_term_keeps_its_event_when_the_first_is_owned():
    """Tests that the second term's events are not taken for the first's once that one is a holding."""
    shop = """
        offering_id, passes, credits, available_from, available_until
        a,           p,      any=1,   2027-01-01,     2027-01-31
        b,           p,      any=1,   2027-06-01,     2027-06-30
    """
    passes = "pass_id, title, price, benefit,  term_days\np,       All,   50,    included, 90"
    held = """
        [[holding]]
        pass_id = "p"
        until = 2027-03-31
        [[earned]]
        date = 2027-01-02
        course_id = "a"
        credits = "any=1"
        unit = "hour"
    """
    texts = []
    for learner, as_of in (("", "2027-01-01"), (held, "2027-01-10")):
        asked_ = question(shop, rules("2"), learner, passes, as_of=as_of)
        texts.append(events_of(formatted(answer(asked_), asked_, "ics", 80)))
    before, after = texts
    assert set(after) <= set(before)
    assert before["pz-test.buy.1@ceuplan"] == after["pz-test.buy.1@ceuplan"]
    assert before["pz-test.expires.1@ceuplan"] == after["pz-test.expires.1@ceuplan"]
    assert (
        before["pz-test.expires.2@ceuplan"][0] == after["pz-test.expires.2@ceuplan"][0] == date(2027, 3, 31)
    )


def test_weekly_hours_make_one_event_a_week_on_the_day_its_courses_are_done():
    """Tests three courses of 7 hours at 7 a week, done on the 7th, 14th and 21st day; two a week at 14."""
    for hours, days in (("7", [7, 14, 21]), ("28", [2, 6])):
        events, _ = planned(f'hours_per_week = {hours}\n[preferences]\nrequire = ["a", "b", "c"]')
        finished = sorted(day for uid, (day, _, _) in events.items() if ".finish." in uid)
        assert finished == [date(2027, 1, day) for day in days]


def test_calendar_is_well_formed():
    """Tests line ends, folding, what every event must have, and that the clock has no say."""
    text = as_format("full", "ics")
    lines = text.split("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    assert lines[-1] == ""
    read = Calendar.from_ical(text)
    assert (read["VERSION"], read["PRODID"], "METHOD" in read) == ("2.0", "-//ceuplan//ceuplan//EN", False)
    events = read.walk("VEVENT")
    assert len({str(one["UID"]) for one in events}) == len(events) > 4
    assert {one["DTSTAMP"].dt.isoformat() for one in events} == {"2027-01-01T00:00:00+00:00"}


# Markdown


def cells_of(text: str) -> list[list[str]]:
    """Return the rows of all tables of Markdown, the text of each cell."""
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)
    rows: list[list[str]] = []
    for token, inner in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        if token.type in ("th_open", "td_open"):
            rows[-1].append("".join(part.content for part in inner.children))
    return rows


def test_markdown_has_the_amounts_and_days_of_the_plan():
    plan, rows = to_json(answer(asked("full"))), cells_of(as_format("full", "md"))
    for one in plan["purchases"]:
        assert [one["on"], f"${one['price']}"] in [row[:2] for row in rows]
    for one in plan["enrollments"]:
        assert [one["start"], one["by"], one["hours"]] in [row[:3] for row in rows]
    for one in plan["requirements"]:
        assert [one["name"], one["required"], one["earned"], one["planned"], one["short"]] in rows


@pytest.mark.parametrize("name", CASES)
def test_markdown_has_every_section_of_the_text(name):
    text = [line for line in as_format(name, "text").splitlines()[1:] if line and not line.startswith(" ")]
    headings = [line[3:] for line in as_format(name, "md").splitlines() if line.startswith("## ")]
    assert headings == text


@pytest.mark.parametrize("file", ["full.csv", "full.ics", "full.md", "partial.md", "earned.md"])
def test_whole_files(golden, file):
    name, _, form = file.partition(".")
    golden(f"plan-{file}", as_format(name, form))
