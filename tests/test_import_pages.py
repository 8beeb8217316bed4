# ruff: noqa: E501 - a page is easier read as it is written
"""Pages saved from a browser: tables, lists of cards, and what a reader sees and a program must not join."""

import os
import random

import pytest
from bs4 import BeautifulSoup

from catalogs import saved_pages
from catalogs.faults import CatalogFaults
from catalogs.import_text import rejected_text
from catalogs.importing import Wishes, import_file
from catalogs.page_text import addresses, text_of
from tests.imports import CATALOG, OK, importer


@pytest.fixture
def imported(tmp_path, monkeypatch, capsys):
    run = importer(tmp_path, monkeypatch, capsys)
    return lambda html, *flags, name="page.html": run(html, *flags, name=name)


CARD = '<div class="card"><h3><a href="/c/{name}">{name}</a></h3><p class="cost">{price}</p><p class="hours">{credit}</p></div>'


def cards(*rows, before="", after=""):
    """Return a page as a shop makes it: a menu, cards, a footer."""
    inner = "".join(CARD.format(name=name, price=price, credit=credit) for name, price, credit in rows)
    return (
        "<!DOCTYPE html><!-- saved from url=(0030)https://shop.example.org/list -->"
        f'<html><head><meta charset="utf-8"><title>Shop</title></head><body><nav><h2>Menu</h2></nav>{before}'
        f'<main><h2>Courses</h2><div class="row">{inner}</div></main>{after}</body></html>'
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>$</b>29<b>.95</b>", "$29.95"),
        ("$29<sup>95</sup>", "$29 95"),
        ("<span>$29</span><span>95</span>", "$29 95"),
        ("$29<!-- -->95", "$29 95"),
        ("$<!-- -->29", "$29"),
        ("<del>$45</del><ins>$30</ins>", "$45$30"),
        ("<p>One</p><p>two</p>", "One two"),
        ("One<br>two&nbsp;three", "One two three"),
        ("soft&shy;ly, W<b>ord</b>", "softly, Word"),
        ("a<script>x</script><style>y</style>b", "a b"),
        ("a &lt;b&gt; c", "a <b> c"),
    ],
)
def test_text_is_what_a_reader_sees(html, text):
    assert text_of(BeautifulSoup(f"<div>{html}</div>", "lxml").div) == text


def test_addresses_are_made_whole():
    html = '<p><a href="/a">1</a><a href="https://x.org/b">2</a><a href="#top">3</a><a href="mailto:a@b.c">4</a><a href="javascript:x()">5</a><a href="http://[">6</a></p>'
    soup = BeautifulSoup(html, "lxml")
    assert addresses(soup.p, "https://e.org/list") == ["https://e.org/a", "https://x.org/b"]
    assert addresses(soup.p, "") == ["https://x.org/b"]


# Cards


def test_cards(imported):
    ran = imported(cards(("Law", "$25.00", "1.5 contact hours"), ("Ethics", "Free", "2 contact hours")))

    assert ran.code == OK, ran.err
    shared = {"unit": "contact_hour", "source_url": "https://shop.example.org/list"}
    assert ran.rows == [
        {
            "offering_id": "p:ethics",
            "title": "Ethics",
            "url": "https://shop.example.org/c/Ethics",
            "credits": "any=2",
            "price": "0.00",
        }
        | shared,
        {
            "offering_id": "p:law",
            "title": "Law",
            "url": "https://shop.example.org/c/Law",
            "credits": "any=1.5",
            "price": "25.00",
        }
        | shared,
    ]
    assert '"cards headed h3": 2 cards' in ran.told
    assert '"cost" is read as price: its header says so.' in ran.told
    assert '"hours" is read as credits: each of its 2 filled cells reads as credit with its unit.' in ran.told
    assert "saved from https://shop.example.org/list" in ran.told


@pytest.mark.parametrize(
    ("price", "value"),
    [
        ("<del>$45</del> <ins>$30</ins>", "$45 $30"),
        ("$29<sup>95</sup>", "$29 95"),
        ("<span>$15</span> – <span>$60</span>", "$15 – $60"),
        ("from $15", "from $15"),
        ("<b>Members:</b> $10 / <b>others:</b> $20", "$10 /"),
    ],
)
def test_price_that_is_not_one_amount(imported, price, value):
    ran = imported(cards(("Law", "$25.00", ""), ("Ethics", price, ""), ("Aseptics", "$5", "")))
    assert ran.code == CATALOG
    assert [row["title"] for row in ran.rows] == ["Aseptics", "Law"]
    assert value in ran.rejected[0][0]
    assert ran.rejected[0][0].startswith("card 2: ")


def test_two_prices_of_one_class_are_asked_about(imported):
    """Tests against taking the first, which may be struck out by a style sheet."""
    card = "<div><h3>{}</h3><p class=price>$45</p><p class=price>{}</p></div>"
    ran = imported("<html>" + card.format("Law", "$30") + card.format("Ethics", "$45"), name="p.html")
    assert ran.code == CATALOG
    assert '--column "price (2)=price"' in ran.err
    ran = imported("<html>" + card.format("Law", "$45") + card.format("Ethics", "$45"), name="p.html")
    assert [row["price"] for row in ran.rows] == ["45.00", "45.00"]


def test_other_boxes_of_a_page_are_no_courses(imported):
    after = "<footer><div><h3>Newsletter</h3><p>Free tips, 5 a year</p></div></footer>"
    ran = imported(cards(("Law", "$25.00", "1 CEU"), ("Ethics", "$5", "2 CEUs"), after=after))
    assert ran.code == OK, ran.err
    assert [row["title"] for row in ran.rows] == ["Ethics", "Law"]
    assert "without a price or credit beside it" in ran.told


def test_what_is_hidden_is_not_read(imported):
    html = cards(
        ("Law", '<span hidden>$99</span><span style="display: none">$45</span>$25', "1 CEU"),
        ("Ethics", "$5", "2 CEUs"),
    )
    ran = imported(html)
    assert [row["price"] for row in ran.rows] == ["5.00", "25.00"]
    assert "2 elements that are hidden on the page are not read." in ran.told


def test_labels_in_one_piece_of_text(imported):
    html = "<html><body><div>" + "".join(
        f"<section><h3>{name}</h3><p>Price: {price} CE-PRO Price: $5.00</p><dl><dt>Contact hours</dt><dd>1.5</dd></dl></section>"
        for name, price in (("Law", "$10.00"), ("Ethics", "$12.50"), ("Off", "$10 off Regular: $30"))
    )
    ran = imported(html + "</div></body></html>", "--column", "Regular=")
    assert [(row["title"], row["price"], row["credits"]) for row in ran.rows] == [
        ("Ethics", "12.50", "any=1.5"),
        ("Law", "10.00", "any=1.5"),
    ]
    assert '"$10 off"' in ran.rejected[0][0]


def test_two_lists_are_asked_about(imported):
    more = '<aside><ul><li><h4>Best seller</h4><b class="price">$9</b></li><li><h4>Another</h4><b class="price">$8</b></li></ul></aside>'
    html = cards(("Law", "$25.00", "1 CEU"), ("Ethics", "$5", "2 CEUs"), after=more)
    ran = imported(html)
    assert ran.code == CATALOG
    assert '1: "cards headed h3", 3 rows; 2: "cards headed h4", 3 rows' in ran.told
    assert [row["title"] for row in imported(html, "--sheet", "2").rows] == ["Another", "Best seller"]


# Tables

TABLE = """<html><body><table><tr><td>Menu</td><td><table><caption>My transcript</caption>
<tr><th>Activity</th><th>Completed</th><th>Clinical</th><th>Admin</th><th>Total CEUs</th></tr>
<tr><td><a href="https://e.org/a/1">Aseptics</a></td><td>03/14/2026</td><td>1.5</td><td>0</td><td>1.5</td></tr>
<tr><td rowspan="2">Law</td><td>2026-05-04</td><td>-</td><td>1</td><td>1</td></tr>
<tr><td>2026-05-05</td><td>1</td><td></td><td>1</td></tr>
<tr><td>Ethics</td><td>2026-06-01</td><td>1</td><td></td><td>2</td></tr>
<tr><th>Activity</th><th>Completed</th><th>Clinical</th><th>Admin</th><th>Total CEUs</th></tr>
<tr><td colspan="4">Total</td><td>4.5</td></tr></table></td></tr></table></body></html>"""


def test_table_of_a_transcript_as_offerings(imported):
    ran = imported(TABLE, "--unit", "aama_ceu")
    assert ran.code == CATALOG
    assert ran.rows == [
        {
            "offering_id": "p:1",
            "title": "Aseptics",
            "url": "https://e.org/a/1",
            "credits": "clinical=1.5",
            "unit": "aama_ceu",
        },
        {"offering_id": "p:law", "title": "Law", "credits": "administrative=1", "unit": "aama_ceu"},
    ]
    assert [row[0].split(" — ")[-1] for row in ran.rejected] == [
        "row 4: Activity: there is no title",
        "the credit by category adds up to 1, and the whole is said to be another",
        "it is a sum of other rows, not a course",
    ]
    assert "The header stands again in row 6: left out." in ran.told
    assert '"My transcript": 5 rows' not in ran.told


def test_table_of_a_transcript_as_earned(imported):
    ran = imported(TABLE, "--transcript", "--unit", "aama_ceu")
    assert ran.code == CATALOG
    assert ran.rows == [
        {"date": "2026-03-14", "title": "Aseptics", "credits": "clinical=1.5", "unit": "aama_ceu"},
        {"date": "2026-05-04", "title": "Law", "credits": "administrative=1", "unit": "aama_ceu"},
    ]
    assert len(ran.rejected) == 3


# Pages that are none


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ('<html><body><form><input name=u><input type="password"></form></body></html>', "a login form"),
        ("<html><body><h1>Nothing here</h1></body></html>", "no table in it"),
        ("<html></html>", "no table in it"),
        ("<table><tr><th>Title<th>Price</table>", "no table in it"),
        ("<table><tr><td>1<td>2<tr><td>3<td>4</table>", "names the columns"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related;\n\n<html></html>", "MHTML"),
        ('<?xml version="1.0"?><Workbook></Workbook>', "it is XML"),
        ('<html><meta charset="windows-1252"><p>\x81', "not windows-1252"),
        ('<html><meta charset="martian"><p>', "no known encoding"),
    ],
)
def test_page_without_courses(imported, html, told):
    ran = imported(html.encode("latin-1"))
    assert ran.code == CATALOG
    assert told in ran.err
    assert not list(ran.folder.iterdir())


def test_declared_encoding_is_read(imported):
    html = cards(("Café", "$5", "1 CEU"), ("Law", "$6", "1 CEU")).replace("utf-8", "iso-8859-1")
    assert imported(html.encode("windows-1252")).rows[0]["title"] == "Café"
    assert (
        "not UTF-8" in imported(html.replace("iso-8859-1", "utf-8").encode("windows-1252"), "--replace").err
    )


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "<h3>A</h3>$5",
        "<b>" * 20_000 + "x",
        "<table>" * 2_000 + "<tr><td>Title<td>Price",
        '<table><tr><th colspan="999999999">Title<th>Price<tr><td>A<td>1</table>',
        '<table><tr><th rowspan="99999999">Title<th>Price<tr><td>A<td>1</table>',
        "<h3></h3>" * 10_000,
        '<!DOCTYPE html [<!ENTITY a "aaaa">]><h3>&a;&a;</h3>',
    ],
    ids=["deep", "deep inline", "tables", "wide", "tall", "headings", "entity"],
)
def test_hostile_page_is_bounded(imported, html):
    ran = imported(html)
    assert ran.code in (OK, CATALOG)
    assert "Traceback" not in ran.err


def test_too_many_tags(imported, monkeypatch):
    monkeypatch.setattr(saved_pages, "MOST_TAGS", 10)
    assert "more than 10 tags" in imported("<html>" + "<b>" * 20).err


_TAGS = "table /table tr td th h3 /h3 h4 /h4 div /div p.price /p span /span dl dt dd del /del sup script /script !-- b.hidden /b body"
_WORDS = (
    "Title",
    "Price",
    "$5",
    "Free",
    "1.5 CEUs",
    "CEUs",
    "A",
    "B",
    "95",
    "-->",
    "&#xD800;",
    "&nbsp;",
    "\0",
    "Price: $4 Member: $3",
    '<a href="/c/1">',
    '<a href="http://[x">',
    "</a>",
    '<td colspan="99999">',
    '<td rowspan="300">',
    "<b hidden>",
)


def test_any_page_is_imported_or_refused_in_words(tmp_path):
    chosen, path, outcomes = random.Random(7), tmp_path / "page.html", set()
    pieces = [f"<{tag}>".replace(".", " class=") for tag in _TAGS.split()] + list(_WORDS) * 2
    for _ in range(int(os.environ.get("CEUPLAN_FUZZ", "0")) or 250):
        html = "<html>" + "".join(chosen.choices(pieces, k=chosen.randrange(1, 50)))
        path.write_text(html, "utf-8", errors="surrogatepass")
        try:
            found = import_file(path, Wishes("p", source="https://e.org/list"))
            rejected_text(found).encode()
            outcomes.add(len(found.values))
        except CatalogFaults as refused:
            outcomes.add(refused.faults[0].problem)
    assert len(outcomes) > 8
