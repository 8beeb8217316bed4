"""The parser of continuingeducation.com: one page in, one row out, and never half a row."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from catalogs.loading import load, offerings_of
from scrapers.continuingeducation import CE_PRO
from scrapers.pages import PageChanged
from scrapers.provider import parse_page, provider_named

CATALOGS = Path(__file__).parent.parent / "catalogs"
PAGES = Path(__file__).parent / "pages" / "continuingeducation"
PAGE = (PAGES / "cma01.html").read_text(encoding="utf-8")
URL = "https://www.continuingeducation.com/course/cma01/pharmacology-for-medical-assistants/"
SEEN = date(2026, 11, 22)
PROVIDER = provider_named("continuingeducation")

LIST_PRICE = "<strong>Price:</strong>&nbsp;$10.00"
PLAN_PRICE = "<span>CE-PRO Price: <b>$5.00</b></span>"
TITLE = "<h1>Pharmacology for <em>Medical Assistants</em></h1>"
CREDIT = "1.0 clinical continuing"
LAST_WINDOW = "134207 for 8/30/2018 to 8/29/2019"
TERMINATION = "<dt>Termination date:</dt><dd>8/29/2019</dd>"


def page(old: str, new: str) -> str:
    """Return the saved page with one piece replaced; the piece must be there."""
    assert PAGE.count(old) == 1
    return PAGE.replace(old, new)


def parse(html: str, url: str, seen_on: date) -> tuple[dict[str, str], ...]:
    parsed = parse_page(PROVIDER, html, url, seen_on)
    assert (parsed.refused, parsed.more, parsed.repeated) == ((), (), ())
    return parsed.rows


def row(html: str) -> dict[str, str]:
    (only,) = parse(html, URL, SEEN)
    return only


def refusal(html: str, url: str = URL) -> str:
    with pytest.raises(PageChanged) as refused:
        parse(html, url, SEEN)
    return str(refused.value)


def test_facts_of_the_page():
    """Tests the facts that matter against the page, read by eye."""
    found = row(PAGE)

    assert found["title"] == "Pharmacology for Medical Assistants"
    assert (found["price"], found["member_price"], found["passes"]) == ("10.00", "5.00", CE_PRO)
    assert (found["credits"], found["unit"], found["hours"]) == ("clinical=1", "aama_ceu", "1")
    assert found["approvals"].split("; ") == [
        "aama#128335@2015-06-01/2016-06-01",
        "aama#130219@2016-06-11/2017-06-11",
        "aama#132336@2017-08-30/2018-08-29",
        "aama#134207@2018-08-30/2019-08-29",
    ]
    assert found["available_until"] == "2019-08-29"


def test_day_seen_is_the_one_given():
    (found,) = parse(PAGE, URL, date(2020, 2, 29))
    assert found["seen_on"] == "2020-02-29"


def test_same_page_gives_the_same_rows_twice():
    assert parse(PAGE, URL, SEEN) == parse(PAGE, URL, SEEN)


@pytest.mark.parametrize(
    ("old", "new", "column", "value"),
    [
        (LIST_PRICE, "Price: $1,010", "price", "1010.00"),
        (LIST_PRICE, "<dt>Price:</dt><dd><i>$</i>10<sup>.00</sup></dd>", "price", "10.00"),
        (LIST_PRICE, "<dt>Price:</dt><dd>$<i>1</i>,<b>010</b></dd>", "price", "1010.00"),
        (PLAN_PRICE, "", "member_price", ""),
        (PLAN_PRICE, "", "passes", ""),
        ("(1.00&nbsp;Hours)", "(1.25 hours)", "hours", "1.25"),
        ("(1.00&nbsp;Hours)", "(10.0 Hours) and Nurses (12 Hours)", "hours", "10"),
        (CREDIT, "0.75 <em>general</em> continuing", "credits", "general=0.75"),
        (CREDIT, "<b>1</b>.50\u00a0Administrative continuing", "credits", "administrative=1.5"),
        (CREDIT, "10 clinical&nbsp;continuing", "credits", "clinical=10"),
        (TERMINATION, "", "available_until", ""),
        (TERMINATION, "<dt>Termination:</dt><dd>August 29, 2019</dd>", "available_until", "2019-08-29"),
        (
            LAST_WINDOW,
            "and approval #134207 for August 30, 2018 to 2019-08-29",
            "approvals",
            row(PAGE)["approvals"],
        ),
    ],
)
def test_other_ways_to_say_it(old, new, column, value):
    """Tests that markup, no-break spaces and the known date forms do not change what is read."""
    assert row(page(old, new))[column] == value


def test_windows_are_sorted_by_day():
    swapped = page(
        "132336 for 8/30/2017 to 8/29/2018,\n      134207 for 8/30/2018 to 8/29/2019",
        "134207 for 8/30/2018 to 8/29/2019, 132336 for 8/30/2017 to 8/29/2018",
    )
    assert row(swapped) == row(PAGE)


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<h1>Shots &lt;script&gt;alert(1)&lt;/script&gt;</h1>", "Shots <script>alert(1)</script>"),
        ("<h1>Shots<script>alert(1)</script></h1>", "Shots"),
        ("<h1>Red \x1b[31malert\x1b[0m &#27;]0;x&#7;</h1>", "Red [31malert[0m ]0;x"),
        ("<h1>\u00a0Shots<br>and\u00a0&nbsp;<span>vac<b>cines</b></span>\n</h1>", "Shots and vaccines"),
        ("<h1>Price: $1.00 for shots</h1>", None),
    ],
)
def test_hostile_titles_stay_data(heading, title):
    """Tests that a title is text and nothing more; one that could pass for a price is refused."""
    html = page(TITLE, heading)
    if title is None:
        assert 'one "Price:"' in refusal(html)
    else:
        assert row(html) == row(PAGE) | {"title": title}


def test_script_and_comment_are_not_read():
    """Tests that the prices in the page's script and comment, $99 and $98, are not taken for its own."""
    assert PAGE.count("Price: $9") == 2
    assert row(PAGE)["price"] == "10.00"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", ("a course page", "empty page")),
        ("<html><body> &nbsp; </body></html>", ("a course page", "empty page")),
        ("<h1>Sign in</h1><form><input type=password></form>", ("AAMA approval sentence", "login form")),
        ("<h1>Just a moment...</h1>", ("AAMA approval sentence", "Just a moment")),
        ("https://example.org/page.html", ("AAMA approval sentence", "example.org")),
        ('<?xml version="1.0"?><urlset></urlset>', ("a course page", "empty page")),
        (PAGE.replace("prior approval", "no approval"), ("AAMA approval sentence", "none")),
        (
            PAGE.replace("</dl>", "</dl>" + PAGE.split("</script>")[1]),
            ("AAMA approval sentence", "2 of them"),
        ),
        (page(TITLE, ""), ("<h1>", "title", "nothing")),
        (page(TITLE, TITLE + "<h1>Another</h1>"), ("one <h1>", "Medical Assistants / Another")),
        (page(LIST_PRICE, ""), ('one "Price:"', "nothing")),
        (page(LIST_PRICE, LIST_PRICE + " Price: $8.00"), ('one "Price:"', "$10.00 / $8.00")),
        (page(PLAN_PRICE, PLAN_PRICE * 2), ("CE-PRO Price", "$5.00 / $5.00")),
        (page("(1.00&nbsp;Hours)", ""), ("hours", "nothing")),
        (page("(1.00&nbsp;Hours)", "(1 to 2 Hours)"), ("hours", "1 to 2")),
        (page(CREDIT, "1.0-2.0 clinical continuing"), ("one number", "1.0-2.0")),
        (page(CREDIT, "clinical continuing"), ("one number", "clinical")),
        (page(CREDIT, "0 clinical continuing"), ("one number", "0 clinical")),
        (page(CREDIT, "1.125 clinical continuing"), ("one number", "1.125")),
        (page(CREDIT, "1.0 dental continuing"), ("one category", "dental")),
        (page(CREDIT, "1.0 clinical and 1.0 general continuing"), ("one category", "1.0 general")),
        (page(LAST_WINDOW, "134207 for 8/29/2019 to 8/30/2018"), ("ends after it begins", "134207")),
        (page(LAST_WINDOW, "134207 for 8/30/18 to 8/29/19"), ("approvals", "8/30/18")),
        (page(LAST_WINDOW, "134207 for 8/30/2018"), ("approvals", "134207")),
        (page(LAST_WINDOW, "134207 for 2/30/2018 to 8/29/2019"), ("a date", "2/30/2018")),
        (page(LAST_WINDOW, LAST_WINDOW + ", others pending"), ("approvals", "pending")),
        (re.sub(r"\(approval #[^)]*\)", "(approval)", PAGE), ("approvals", "approval")),
        (page(TERMINATION, "<dt>Termination date:</dt><dd>soon</dd>"), ("a date", "soon")),
        (
            page(TERMINATION, TERMINATION + "<p>Termination date: 1/1/2030</p>"),
            ("one termination date", "2030"),
        ),
    ],
)
def test_changed_page_is_refused(html, words):
    """Tests that a page in another shape gives no row but words: what was looked for, what was found."""
    message = refusal(html)

    assert message.startswith(URL)
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    "said",
    [
        "$15 - $60",
        "$15 – 60",
        "$15 to 60",
        "was $45 now $30",
        "$1.234",
        "$10.0",
        "$1,0",
        "10.00",
        "1.5 CEUs $25",
        "Free",
        "$5.00 per month",
        "$5 off",
        "$-5",
        "€10.00",
        "$10<sup>00</sup>",
        "<b>$10</b><small>00</small>",
        "",
    ],
)
def test_price_that_is_not_one_amount_is_refused(said):
    assert "exactly one amount" in refusal(page(LIST_PRICE, f"Price: {said}"))
    assert "exactly one amount" in refusal(page(PLAN_PRICE, f"CE-PRO Price: {said}"))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.continuingeducation.com/course/",
        "https://www.continuingeducation.com/courses/cma01/x/",
        "https://example.com/course/cma01/x/",
        "cma01.html",
    ],
)
def test_address_of_something_else_is_refused(url):
    assert "an address like" in refusal(PAGE, url)


def test_terminal_escapes_are_spelled_out_in_the_message():
    """Tests that a message about a hostile page cannot repaint the terminal it is printed on."""
    message = refusal("<h1>\x1b[2J\x1b]0;x\x07 gone</h1>")

    assert "gone" in message
    assert message.isprintable()


def test_shipped_row_says_what_the_page_says():
    """Tests that the row shipped by hand and the row read off the page agree in all the page states."""
    with (CATALOGS / "continuingeducation.csv").open(encoding="utf-8", newline="") as file:
        (shipped,) = [
            line for line in csv.DictReader(file) if line["offering_id"] == "continuingeducation:cma01"
        ]

    read = parse(PAGE, shipped["url"], date.fromisoformat(shipped["seen_on"]))
    assert read == (shipped | {"note": ""},)


def test_rows_load_as_a_catalog(tmp_path):
    """Tests that the golden CSV, beside the shipped passes, is a sound catalog of one offering."""
    (tmp_path / "continuingeducation.csv").write_bytes((PAGES / "cma01.csv").read_bytes())
    (tmp_path / "passes.csv").write_bytes((CATALOGS / "passes.csv").read_bytes())

    (offering,) = offerings_of(load(tmp_path))

    assert (offering.offering_id, offering.price, offering.minutes) == ("continuingeducation:cma01", 1000, 60)
    assert len(offering.approvals) == 4
