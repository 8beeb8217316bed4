"""Cells one at a time: what is read, what is refused and with which words, and that writing is stable."""

import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalogs import schema, values
from catalogs.faults import BadValue
from catalogs.records import Approval, Part
from catalogs.schema import OFFERINGS, PASSES, parse_cell, write_cell

COLUMNS = [
    pytest.param(column, id=f"{table.name}-{column.name}")
    for table in (OFFERINGS, PASSES)
    for column in table.columns
]


def cell(name, text, table=OFFERINGS):
    return parse_cell(table.column(name), text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("29.95", 2995),
        ("$1,029.95", 102995),
        ("1,234,567", 123456700),
        ("USD 15", 1500),
        ("US$ 15.5", 1550),
        ("15 USD", 1500),
        ("$15 dollars", 1500),
        (" $ 5.00 ", 500),
        ("$5\N{NO-BREAK SPACE}USD", 500),
        ("$.99", 99),
        ("Free", 0),
        (" FREE ", 0),
        ("0", 0),
        ("007", 700),
    ],
)
def test_money_is_read(text, cents):
    assert values.parse_money(text) == cents


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$15 - $60", "more than one amount"),
        ("$15-$60", "more than one amount"),
        ("$15 to $60", "more than one amount"),
        ("was $45 now $30", "more than one amount"),
        ("1.5 CEUs $25", "more than one amount"),
        ("Members: $10 / Nonmembers: $20", "more than one amount"),
        ("-5", "negative"),
        ("$-5.00", "negative"),
        ("-$5", "negative"),
        ("($5.00)", "negative"),
        ("nan", "not an amount"),
        ("inf", "not an amount"),
        ("-inf", "not an amount"),
        ("TBD", "not an amount"),
        ("$", "not an amount"),
        (",", "comma"),
        ("r free", "more in it than the word free"),
        ("FREE for members", "more in it than the word free"),
        ("freely", "not an amount"),
        ("1e3", "scientific"),
        ("29.955", "more than 2 decimals"),
        ("$1.234", "more than 2 decimals"),
        ("15.000", "more than 2 decimals"),
        ("29,95", "comma"),
        ("1,23,456", "comma"),
        ("1029,950", "comma"),
        ("0,500", "comma"),
        ("€15", "US dollars"),
        ("C$15", "US dollars"),
        ("15 each", "more in it"),
        ("from $15", "more in it"),
        ("$15/mo", "more in it"),
        ("15.", "more in it"),
        ("١٥", "not an amount"),
        ("9" * 5000, "more than a price can be"),
        ("10000000.00", "more than a price can be"),
    ],
)
def test_money_is_refused(text, words):
    with pytest.raises(BadValue) as caught:
        values.parse_money(text)

    assert words in caught.value.problem
    assert "29.95" in caught.value.remedy or "1029.95" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1.5", 90),
        ("1", 60),
        (".25", 15),
        ("0", 0),
        ("0.33", 20),
        ("0.333333333", 20),
        ("1 hr 30 min", 90),
        ("1 hour, 30 minutes", 90),
        ("1 hour and 30 minutes", 90),
        ("1h30m", 90),
        ("2 Hours", 120),
        ("1.5 hrs.", 90),
        ("90 min", 90),
        ("130min", 130),
        ("22.5 minutes", 23),
    ],
)
def test_time_is_read_and_rounded_up(text, minutes):
    assert values.parse_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-1", "negative"),
        ("1-2 hours", "not one length"),
        ("1:30", "not one length"),
        ("1,5", "not one length"),
        ("1 30 min", "not one length"),
        ("half day", "not one length"),
        ("2 days", "not one length"),
        ("nan", "not one length"),
        ("1e3", "not one length"),
        ("1.5 hr 30 min", "part of an hour and minutes"),
        ("100000", "more than"),
        ("9" * 5000, "not one length"),
    ],
)
def test_time_is_refused(text, words):
    with pytest.raises(BadValue, match=words):
        values.parse_minutes(text)


@given(st.integers(0, 99_999 * 60))
@example(20)
def test_hours_are_read_back_as_the_same_minutes(minutes):
    assert values.parse_minutes(values.write_minutes(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-04", date(2027, 3, 4)),
        ("2027-3-4", date(2027, 3, 4)),
        ("2027/03/04", date(2027, 3, 4)),
        ("2027-03-04 00:00:00", date(2027, 3, 4)),
        ("2027-03-04T00:00:00Z", date(2027, 3, 4)),
        ("Mar 3, 2027", date(2027, 3, 3)),
        ("March 3rd, 2027", date(2027, 3, 3)),
        ("sept. 3 2027", date(2027, 9, 3)),
        ("3 March 2027", date(2027, 3, 3)),
        ("03-Mar-2027", date(2027, 3, 3)),
        ("12/31/2027", date(2027, 12, 31)),
        ("31/12/2027", date(2027, 12, 31)),
        ("31.12.2027", date(2027, 12, 31)),
        ("03/03/2027", date(2027, 3, 3)),
        ("2028-02-29", date(2028, 2, 29)),
    ],
)
def test_date_is_read(text, day):
    assert values.parse_day(text) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("03/04/27", "two digits"),
        ("12/31/27", "two digits"),
        ("03/04/2027", "ambiguous: it could be 2027-03-04 or 2027-04-03"),
        ("2027-02-29", "no such day"),
        ("2027-13-01", "no such day"),
        ("Feb 30, 2027", "no such day"),
        ("13/13/2027", "no such day"),
        ("0000-01-01", "no such day"),
        ("0227-01-01", "its year"),
        ("9999-12-31", "its year"),
        ("2027-03-04 09:30", "time of day"),
        ("6 months", "not a date"),
        ("May", "not a date"),
        ("May 2027", "not a date"),
        ("Expires 12/31/2026", "not a date"),
        ("20270304", "not a date"),
        ("44927", "not a date"),
        ("Brumaire 3, 2027", "names no month"),
        ("nan", "not a date"),
    ],
)
def test_date_is_refused(text, words):
    with pytest.raises(BadValue) as caught:
        values.parse_day(text)

    assert words in caught.value.problem
    assert "year" in caught.value.remedy


@pytest.mark.parametrize("text", ["12-31", "Dec 31", "31 December", "dec. 31st"])
def test_month_and_day_are_read(text):
    assert values.parse_month_day(text) == (12, 31)


@pytest.mark.parametrize("text", ["02-30", "13-01", "12/31", "Decembre 31", "31", "2027-12-31"])
def test_month_and_day_are_refused(text):
    with pytest.raises(BadValue):
        values.parse_month_day(text)


def test_leap_day_comes_every_year():
    assert values.parse_month_day("02-29") == (2, 29)


@pytest.mark.parametrize(
    ("column", "text", "number"),
    [
        ("times", "3", 3),
        ("times", "3.0", 3),
        ("times", "100", 100),
        ("times", "", 1),
        ("access_days", "180 days", 180),
        ("access_days", "1 Day", 1),
        ("access_days", "0", 0),
        ("access_days", "", None),
        ("repeat_days", "730", 730),
        ("repeat_days", " ", 0),
    ],
)
def test_whole_number_is_read(column, text, number):
    assert cell(column, text) == number


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("times", "0", "between 1 and 100"),
        ("times", "101", "between 1 and 100"),
        ("times", "1.5", "not a whole number"),
        ("times", "-1", "not a whole number"),
        ("times", "3 days", "not a whole number"),
        ("times", "9" * 5000, "between 1 and 100"),
        ("times", "nan", "not a whole number"),
        ("access_days", "36501", "between 0 and 36,500"),
        ("access_days", "6 months", "not a whole number of days"),
        ("access_days", "1,000", "not a whole number of days"),
    ],
)
def test_whole_number_is_refused(column, text, words):
    with pytest.raises(BadValue, match=words):
        cell(column, text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("clinical=1; administrative=0.5", (Part(("clinical",), 100), Part(("administrative",), 50))),
        ("administrative|clinical=2", (Part(("administrative", "clinical"), 200),)),
        (" Clinical = 1.25 ;", (Part(("clinical",), 125),)),
        ("any=.5", (Part(("any",), 50),)),
        ("law_2|x-y=10.0", (Part(("law_2", "x-y"), 1000),)),
        ("clinical=1; clinical=1", (Part(("clinical",), 100),) * 2),
    ],
)
def test_credits_are_read(text, parts):
    assert values.parse_credits(text) == parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.5", "bare number"),
        ("0", "not above 0"),
        ("1.255", "more than 2 decimals"),
        ("- 4", '"- 4" has no ='),
        ("-4", '"-4" has no ='),
        ("law 1", '"law 1" has no ='),
        ("clinical=1; 2.0 Contact Hour(s)", r'"2\.0 Contact Hour\(s\)" has no ='),
        ("5Type-B (", "has no ="),
        ("- 3 Law or", "has no ="),
        ("3Law or 3", "more than one number"),
        ("1 - 2", "more than one number"),
        ("1,5", "more than one number"),
        ("0 credits", "not above 0"),
        ("N", '"N" has no amount'),
        ("law_2 | clinical", "has no amount"),
        ("clinical", '"clinical" has no amount'),
        ("clinical=1; general", '"general" has no amount'),
        ("clinical=", "not a number"),
        ("clinical==1", "not a number"),
        ("clinical=1=2", "not a number"),
        ("clinical=one", "not a number"),
        ("clinical=nan", "not a number"),
        ("clinical=1e2", "not a number"),
        ("clinical=1,5", "not a number"),
        ("clinical=-1", "negative"),
        ("clinical=0", "not above 0"),
        ("clinical=0.001", "more than 2 decimals"),
        ("clinical=99999999", "not above 0 and below"),
        ("=1", "not a category"),
        ("clin ical=1", "not a category"),
        ("-x=1", "not a category"),
        ("a||b=1", "not a category"),
        ("a|a=1", "names a category twice"),
        ("a=1;;b=1", "nothing between"),
        (";", "nothing between"),
    ],
)
def test_credits_are_refused(text, words):
    with pytest.raises(BadValue, match=words):
        values.parse_credits(text)


def test_bare_credit_is_answered_with_what_to_write():
    with pytest.raises(BadValue) as caught:
        values.parse_credits("1.5")

    assert "Write any=1.5" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        (": 1.5", "If the credit is 1.5, write any=1.5, or clinical=1.5."),
        ("3Law or 3", "clinical|administrative=2 where the learner may choose"),
        ("0", "any=1.5 where there is no category"),
    ],
)
def test_messy_credit_is_answered_with_what_to_write(text, remedy):
    with pytest.raises(BadValue) as caught:
        values.parse_credits(text)

    assert remedy in caught.value.remedy


def test_no_remedy_for_credit_is_itself_refused():
    """Tests that whoever writes what a message says is not refused again."""
    for text in ("1.5", ".5", "- 4", "3Law or 3", "0", "0.005", "N", "9" * 5000):
        with pytest.raises(BadValue) as caught:
            values.parse_credits(text)
        for credit in re.findall(r"[a-z|]+=[0-9.]*[0-9]", caught.value.remedy):
            assert values.parse_credits(credit)


@pytest.mark.parametrize(
    ("text", "approvals"),
    [
        ("aama; amt", (Approval("aama", "", None, None), Approval("amt", "", None, None))),
        (
            "AAMA#134207@2026-08-30/2027-08-29",
            (Approval("aama", "134207", date(2026, 8, 30), date(2027, 8, 29)),),
        ),
        ("aama @ Aug 30, 2026 / 29 Aug 2027", (Approval("aama", "", date(2026, 8, 30), date(2027, 8, 29)),)),
        (
            "a@2026-01-01/2026-01-01; a@2026-02-01/2026-03-01; a@2026-01-01/2026-01-01",
            (
                Approval("a", "", date(2026, 1, 1), date(2026, 1, 1)),
                Approval("a", "", date(2026, 2, 1), date(2026, 3, 1)),
            ),
        ),
    ],
)
def test_approvals_are_read(text, approvals):
    assert values.parse_approvals(text) == approvals


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("aama@2026-08-30", "two ends"),
        ("aama@2026-08-30/", "two ends"),
        ("aama@/2026-08-30", "two ends"),
        ("aama@", "two ends"),
        ("aama@2027-08-30/2026-08-29", "ends before it begins"),
        ("aama@2026-02-30/2026-08-29", "not two dates"),
        ("aama@1/2/2026", "not two dates"),
        ("aama#", "no number"),
        ("#134207", "does not name an approver"),
        ("the aama", "does not name an approver"),
        ("a#1#2", "does not name an approver"),
    ],
)
def test_approvals_are_refused(text, words):
    with pytest.raises(BadValue, match=words):
        values.parse_approvals(text)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("kind", " Self-Study ", "self_study"),
        ("kind", "SELF STUDY", "self_study"),
        ("kind", "CPR", "cpr"),
        ("format", "Live Online", "live_online"),
        ("format", "in-person", "in_person"),
        ("evidence", "Provider", "provider"),
        ("unit", "Contact Hours", "contact_hour"),
        ("unit", "AAMA CEU", "aama_ceu"),
        ("unit", "semester-hour", "semester-hour"),
        ("unit", "contact-hour", "contact_hour"),
        ("unit", "Trade Points", "trade_points"),
        ("topics", "Infection Control; pharmacology;; pharmacology", ("infection-control", "pharmacology")),
        ("passes", " a ; b; a", ("a", "b")),
        ("assumed", "Member Price; credits", ("member_price", "credits")),
        ("title", "  None ", "None"),
        ("title", "a\tb", "a\tb"),
    ],
)
def test_words_are_read(column, text, value):
    assert cell(column, text) == value


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("kind", "selfstudy course", "known kind of offering"),
        ("kind", "webinar", "known kind of offering"),
        ("format", "onlin", "known format"),
        ("evidence", "hearsay", "known sort of evidence"),
        ("unit", "$", "not a unit"),
        ("topics", "a&b", "not a word"),
        ("offering_id", "", "offering_id is empty"),
        ("offering_id", "a;b", "semicolon"),
        ("title", "a\0", "NUL"),
    ],
)
def test_words_are_refused(column, text, words):
    with pytest.raises(BadValue, match=words):
        cell(column, text)


def test_near_word_is_suggested():
    with pytest.raises(BadValue) as caught:
        cell("format", "Onlin")

    assert caught.value.remedy.endswith('Did you mean "online"?')


@pytest.mark.parametrize(
    ("text", "benefit"),
    [
        ("included", ("included", 0)),
        ("Member Price", ("member_price", 0)),
        ("50%", ("percent", 5000)),
        ("33.33 %", ("percent", 3333)),
        ("50% off", ("percent", 5000)),
        ("100%", ("percent", 10000)),
    ],
)
def test_benefit_is_read(text, benefit):
    assert values.parse_benefit(text) == benefit


@pytest.mark.parametrize("text", ["0%", "101%", "-5%", "1.234%", "%", "half", "50", "$5%", "free"])
def test_benefit_is_refused(text):
    with pytest.raises(BadValue) as caught:
        values.parse_benefit(text)

    assert "included" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "yes"), [("yes", True), ("Y", True), ("TRUE", True), ("no", False), ("false", False), ("", None)]
)
def test_yes_and_no_are_read(text, yes):
    assert cell("renewable", text, PASSES) is (True if yes is None else yes)


def test_neither_yes_nor_no_is_refused():
    with pytest.raises(BadValue, match="neither yes nor no"):
        cell("renewable", "maybe", PASSES)


PIECES = st.lists(
    st.sampled_from(
        [
            *"0123456789.,;=|#@/%-$ e",
            "clinical",
            "any",
            "aama",
            "2027-03-04",
            "Mar",
            "free",
            "hr",
            "min",
            "½",
            "²",
        ]
    ),
    max_size=8,
).map("".join)


@pytest.mark.parametrize("column", COLUMNS)
@settings(max_examples=40)
@given(text=PIECES | st.text(max_size=20))
def test_writing_what_was_read_is_stable(column, text):
    """Tests that whatever a parser takes, its canonical text is read as the same value and written alike."""
    try:
        value = parse_cell(column, text)
    except BadValue:
        return
    written = write_cell(column, value)

    assert column.filled is False or written
    assert parse_cell(column, written) == value
    assert write_cell(column, parse_cell(column, written)) == written


GOOD = {
    name: st.builds(lambda h: f"{h // 100}.{h % 100:02}", st.integers(0, 9_999_900))
    for name in ("price", "hours")
}
GOOD["credits"] = st.lists(
    st.tuples(
        st.lists(
            st.from_regex(r"[a-z0-9][a-z0-9_-]{0,5}", fullmatch=True), min_size=1, max_size=3, unique=True
        ),
        st.integers(1, 99_999_99),
    ),
    min_size=1,
    max_size=3,
).map(lambda parts: "; ".join(f"{'|'.join(slugs)}={h // 100}.{h % 100:02}" for slugs, h in parts))
GOOD["starts"] = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(lambda day: f"{day:%d %B %Y}")
GOOD["approvals"] = st.dates(date(1900, 1, 1), date(2199, 1, 1)).map(
    lambda day: f"amt; aama#1@{day}/2199-01-01"
)


@pytest.mark.parametrize("name", GOOD)
@given(data=st.data())
def test_good_text_is_read_and_written_stably(name, data):
    column = OFFERINGS.column(name)
    value = parse_cell(column, data.draw(GOOD[name]))

    assert parse_cell(column, write_cell(column, value)) == value


@pytest.mark.parametrize("column", COLUMNS)
def test_column_says_what_it_means(column):
    assert column.meaning
    assert column.form.says
    assert not column.meaning.endswith(".")


@pytest.mark.parametrize("table", [OFFERINGS, PASSES], ids=["offerings", "passes"])
def test_no_header_means_two_columns(table):
    names = [name for column in table.columns for name in (column.name, *column.aliases)]

    assert len(names) == len(set(names))
    assert all(table.column_headed(name) for name in names)


def test_header_is_read_leniently():
    assert OFFERINGS.column_headed(" Price (USD) ") is OFFERINGS.column("price")
    assert OFFERINGS.column_headed("Contact Hours") is OFFERINGS.column("credits")
    assert OFFERINGS.column_headed("CEUs") is OFFERINGS.column("credits")
    assert OFFERINGS.column_headed("colour") is None


def test_assumed_may_name_every_column():
    names = "; ".join(OFFERINGS.header)

    assert cell("assumed", names) == OFFERINGS.header
    assert schema.write_cell(OFFERINGS.column("assumed"), OFFERINGS.header) == names
