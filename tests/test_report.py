"""The HTML report: whole pages to read, what its charts show, and texts of strangers that must stay text."""

import json
import re
import sys
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from catalogs.faults import shown
from optimizer.cli import main
from optimizer.plan import to_json
from optimizer.report.page import html_of, prose
from optimizer.report.sources import is_web
from optimizer.report.timeline import MOST_ROWS
from tests.reports import HOSTILE, many, page, several, small, structure, titled

GOLDEN = ("full", "partial", "nothing-needed", "several")
CHARTS = re.compile(r"<svg .*?</svg>", re.DOTALL)
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
ELEMENTS = {
    "html", "head", "meta", "link", "title", "style", "body", "header", "main", "footer", "section", "h1", "h2", "h3",
    "p", "div", "dl", "dt", "dd", "ul", "li", "a", "strong", "code", "bdi", "span", "time", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "svg", "g", "path", "line", "text",
}  # fmt: skip


def soup(name: str) -> BeautifulSoup:
    return BeautifulSoup(page(name), "lxml")


@pytest.mark.parametrize("name", GOLDEN)
def test_report_of_a_small_plan(golden, name):
    """Tests the whole page but for its style and its charts, which are looked at below."""
    golden(f"report-{name}.html", CHARTS.sub("<svg></svg>", STYLE.sub("<style></style>", page(name))))


def test_same_plan_gives_the_same_bytes():
    plan, asked = small("full")
    assert html_of(plan, asked, 80) == html_of(plan, asked, 120)


def test_numbers_are_those_of_the_plan():
    plan, asked = several()
    told = BeautifulSoup(html_of(plan, asked, 80), "lxml")
    cells = [
        [cell.get_text() for cell in row.find_all(["th", "td"])]
        for row in told.select("table.credit tbody tr")
    ]
    found = to_json(plan)

    def tidy(amount: str) -> str:
        return amount.removesuffix("0").removesuffix(".0")

    assert cells == [
        [r["name"], *(tidy(r[key]) for key in ("required", "earned", "planned", "short"))]
        for r in found["requirements"]
    ]
    assert f"${found['cost']}" in told.select_one(".facts strong").get_text()
    for one in found["purchases"]:
        assert one["title"] in told.select_one("section[aria-labelledby=buy]").get_text()
    for one in found["enrollments"]:
        assert one["title"] in told.select_one("section[aria-labelledby=take]").get_text()
        assert one["title"] in told.select_one("section[aria-labelledby=binder]").get_text()


def test_bars_are_as_long_as_the_credit_they_stand_for():
    plan, _ = small("earned")
    svg = BeautifulSoup(page("earned"), "lxml").select_one("svg.wide")
    drawn = Counter()
    for path in svg.find_all("path", fill=re.compile("-fill")):
        place = re.match(r"M[\d.]+,([\d.]+)h([\d.]+)v", path["d"])
        drawn[round(float(place[1]) // 46), path["fill"][6:-6]] += float(place[2])

    expected = Counter()
    for row, one in enumerate(plan.requirements):
        start = 0.0
        for part, credit in (("earned", one.earned), ("planned", one.planned), ("missing", one.short)):
            length = min(float(credit / one.required) * 720, 720 - start)
            start += length
            if length:
                expected[row, part] = length
    assert {part for _, part in expected} == {"earned", "planned"}
    assert drawn == pytest.approx(expected)


def test_missing_credit_is_drawn():
    assert soup("partial").select_one("svg").find("path", fill="var(--missing-fill)") is not None


@pytest.mark.parametrize("name", [*GOLDEN, "many", "hostile"])
def test_page_asks_for_nothing_and_is_well_built(name):
    told = soup(name)

    assert {tag.name for tag in told.find_all(True)} <= ELEMENTS
    assert [tag.name for tag in told.find_all(src=True)] == []
    assert [tag["href"] for tag in told.find_all("link")] == ["data:,"]
    assert "default-src 'none'" in told.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert not re.search(r"url\(|@import|expression\(", told.style.string)
    assert all(re.match(r"https?://|#[a-z-]+$", tag["href"]) for tag in told.find_all("a"))
    assert not [
        key for tag in told.find_all(True) for key in tag.attrs if key.startswith("on") or key == "style"
    ]

    ids = [tag["id"] for tag in told.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {tag["href"][1:] for tag in told.find_all("a", href=re.compile("^#"))} <= set(ids)
    levels = [int(tag.name[1]) for tag in told.find_all(re.compile("^h[1-6]$"))]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(table.caption and table.find("th", scope="col") for table in told.find_all("table"))


@pytest.mark.parametrize("name", [*GOLDEN, "hostile"])
def test_every_chart_is_one_named_image_of_real_text(name):
    charts = CHARTS.findall(page(name))
    assert charts

    for chart in charts:
        root = etree.fromstring(chart)
        assert (root.get("role"), bool(root.get("aria-label"))) == ("img", True)
        assert root[0].text == root.get("aria-label")
        assert {etree.QName(element).localname for element in root.iter()} <= {
            "svg", "g", "path", "line", "text", "title",
        }  # fmt: skip
        assert not [
            key
            for element in root[1:]
            for one in element.iter()
            for key in one.attrib
            if key in ("id", "href")
        ]


def test_texts_of_strangers_stay_texts():
    """Tests that a page of attacks has the same elements and attributes as one of harmless titles."""
    assert structure(page("hostile")) == structure(page("tame"))

    text = " ".join(soup("hostile").get_text().split())
    for title in HOSTILE:
        assert " ".join(shown(title, 2_000).split()) in text
    kinds = {unicodedata.category(c) for c in page("hostile")} - {unicodedata.category("\n")}
    assert not {kind for kind in kinds if kind[0] == "C" or kind in ("Zl", "Zp")}
    assert page("hostile").count("\x1b") == 0


def test_many_courses_stay_readable():
    plan, asked = many()
    told = BeautifulSoup(html_of(plan, asked, 80), "lxml")
    names = told.select_one("section[aria-labelledby=when] svg").find_all("text", string=re.compile("course"))

    assert 0 < len(names) <= MOST_ROWS
    assert sum(int(name.string.split()[0]) for name in names) == 120
    assert len(told.select(".box")) == 120


def test_credit_without_an_approver_the_rules_name_needs_more_evidence():
    rows = soup("full").select("section[aria-labelledby=binder] tbody tr")
    keep = {row.find_all("td")[1].bdi.string: row.find_all("td")[2].string for row in rows}

    assert keep["Pharmacology basics"] == "certificate of completion"
    assert keep["CPR card"] == "the card, both sides"
    assert "course description" in keep["Ethics at the desk"]


@pytest.mark.parametrize(
    ("address", "links"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("HTTPS://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:///x", False),
        ("https://exa mple.org", False),
        ("https://example.org/\u202e", False),
        ("https://[", False),
        ("https://example.org/" + "x" * 2_000, False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(address, links):
    assert is_web(address) is links


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("by 2027-06-30.", 'by <time datetime="2027-06-30">Jun 30, 2027</time>.'),
        ("say --deadline 2027-06-30", "say --deadline 2027-06-30"),
        ("not a day: 2027-13-30", "not a day: 2027-13-30"),
        ('"x-2027-06-30" 12027-06-30', "&#34;x-2027-06-30&#34; 12027-06-30"),
        ("<b>\u202e", "&lt;b&gt;\\u202e"),
    ],
)
def test_days_in_sentences_are_written_out(text, html):
    assert str(prose(text)) == html


def test_command_writes_the_report(monkeypatch, capsys, tmp_path):
    out = tmp_path / "plan.html"
    said = [
        "optimize",
        "--deadline",
        "2027-06-30",
        "--as-of",
        "2026-11-22",
        "--budget",
        "10",
        "--format",
        "html",
    ]
    monkeypatch.setattr(sys, "argv", ["ceuplan", *said, "-o", str(out)])
    with pytest.raises(SystemExit) as left:
        main()

    assert (left.value.code, capsys.readouterr().out) == (5, "")
    written = out.read_text("utf-8")
    assert written.startswith("<!doctype html>")
    assert "No full plan" in written
    assert "</html>" in written


def test_hostile_plan_is_what_it_claims_to_be():
    """Tests the makers of these pages themselves: every attack is taken as a course."""
    plan, _ = titled(HOSTILE)
    assert {one.title for one in plan.enrollments} == set(HOSTILE)
    assert json.dumps(to_json(plan)).count("alert(1)") > len(HOSTILE)


def test_goldens_are_all_named_here():
    here = {f"report-{name}.html" for name in GOLDEN}
    assert {path.name for path in (Path(__file__).parent / "golden").glob("report-*")} == here
