"""Titles, providers and ids of any bytes a catalog can hold, through every format a plan has.

Five hundred of them are planned once and read back by a real reader of each format: no title may change the
shape of the answer (its rows, sections, events, tags), and each must still be there, made visible.
"""

import csv
import io
import json
import random
import re
import tempfile
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar
from markdown_it import MarkdownIt

from catalogs.faults import shown
from optimizer.asking import ask
from optimizer.formats import FORMATS, formatted
from optimizer.plan import Plan, to_json
from optimizer.question import Question
from tests.puzzle import answer, rules, write
from tests.reports import structure

NUMBER = 500
WORDS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>',
    "</td></tr></table><h1>Free</h1>", "&lt;b&gt;&#60;i&#62;&amp;", "<!-- ", "-->", "<![CDATA[", "]]>",
    "</style><style>*{display:none}", "javascript:alert(1)", "=HYPERLINK(\"http://evil.example\",\"x\")",
    "=cmd|' /C calc'!A0", "+1+1", "-1-1", "@SUM(1+1)", "\t=1+1", "\r=1", "\n=1", "'=1",
    "\N{FULLWIDTH EQUALS SIGN}1+1", " =1", "\N{NO-BREAK SPACE}=1", "one\r\n\nWhat to buy\n  $0.00", "a\nb",
    "a\rb", "a\vb\fc", "\x85\u2028\u2029", "\x1b[2J\x1b[31mred\x1b[0m",
    "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07", "\x1b]0;title\x07", "\x9b31m", "\x07\x08\x7f",
    "\x1bP1;2|x\x1b\\", "\u202egnorw ,thgir ot tfel", "\u2066\u2067\u2069\u200f\u200e\u061c",
    "\u200b\u200c\u2060\ufeff", "\ue000\U000e0001\U000f0000", "\N{WOMAN}\u200d\N{PERSONAL COMPUTER}",
    "\N{WAVING WHITE FLAG}\ufe0f\u200d\N{RAINBOW}", "\U0001f1fa\U0001f1f8", "e\u0301", "\u0301\u0302\u0303",
    "Z\u0351\u036b\u0343a\u0363l\u0348go", "日本語のコース", "دورة تدريبية", "ﷺ", "ŉ ﬁ ẞ İ ı", "a|b", "\\|", "\\\\|",
    "\\", "||", "| --- |", "`code`", "``` sh", "~~~", "**bold**", "__b__", "*i*", "_i_", "~~gone~~",
    "[a](http://evil.example)", "![a](http://evil.example/x.png)", "<http://evil.example>",
    "http://evil.example/?a=b&c=d", "www.evil.example", "a@evil.example", "[a]: http://evil.example", "[^1]",
    "# head", "- item", "1. item", "> quote", "---", "===", "+ item", "$x^2$", "$$", "{{x}}", "{% x %}",
    "{0} %s {plan} [bold]\\n", "\"", "\"\"", "\",\"", "',", ";", ",", "\",=1,\"", ":", "\\n", "\\,", "\\;",
    "BEGIN:VEVENT", "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:x", "\nATTACH:http://evil.example", ";VALUE=URI:x",
    "END:VCALENDAR", "\x01\x02\x03", "\x1f", "\x0e\x0f", "null", "NaN", "true", "[]", "t" * 5_000, "wide語" * 700,
    "\u0301" * 300, " ", "…", "*", "$5 for A$", "\ud7ff\ufffd",
)  # fmt: skip
SERIAL = re.compile(r"§(\d{3})")


@cache
def titles(hostile: bool) -> tuple[str, ...]:
    """Return five hundred titles, each with its number at the end: every word alone, then seeded mixes of them."""
    drawn = random.Random(20261122)
    mixes = ("".join(drawn.choices(WORDS, k=drawn.randint(2, 5))) for _ in range(NUMBER - len(WORDS)))
    words = (*WORDS, *mixes) if hostile else ("Course",) * NUMBER
    return tuple(f"{word[:20_000]}§{number:03}" for number, word in enumerate(words))


@cache
def planned(hostile: bool) -> tuple[Plan, Question]:
    """Return the plan that takes them all, each title also a provider and part of an id; it is proved."""
    rows = [
        (
            f"{number:03}{title.replace(';', '') if hostile else ''}",
            f"by {title}",
            title,
            "a=1",
            "hour",
            "1.00",
        )
        for number, title in enumerate(titles(hostile))
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, "offering_id\na", rules(str(NUMBER)))
        out = io.StringIO(newline="")
        csv.writer(out).writerows([("offering_id", "provider", "title", "credits", "unit", "price"), *rows])
        (folder / "catalog" / "shop.csv").write_text(out.getvalue(), "utf-8", newline="")
        asked = ask(folder / "me.toml", {}, [str(folder / "catalog")], date(2027, 1, 1), 60.0).question
    return answer(asked), asked


@cache
def written(form: str, hostile: bool) -> str:
    plan, asked = planned(hostile)
    if form == "json":
        return json.dumps(to_json(plan), indent=1) + "\n"
    return formatted(plan, asked, form, 100_000)  # so wide that text breaks no line


def read_text(text: str) -> tuple[object, list[str]]:
    """Return the headings and the number of lines of a section, and the lines of courses."""
    lines = text.splitlines()
    shape = [line for line in lines if line and not line.startswith(" ")]
    taken = [line for line in lines if re.match(r"  \d{4}-\d\d-\d\d  \d{4}-\d\d-\d\d  ", line)]
    return (shape, len(lines)), taken


def read_json(text: str) -> tuple[object, list[str]]:
    plan = json.loads(text)
    assert text.isascii()
    return (list(plan), len(plan["purchases"])), [shown(one["title"], 10**6) for one in plan["enrollments"]]


def read_csv(text: str) -> tuple[object, list[str]]:
    """Return the lengths of the rows, each a line of the file; no cell starts what a spreadsheet would run."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(text.splitlines()) == len(rows)
    for cell in (cell for row in rows for cell in row):
        assert not unicodedata.normalize("NFKC", cell).lstrip().startswith(("=", "+", "-", "@"))
    return [len(row) for row in rows], [row[2].removeprefix("'") for row in rows[1:]]


def read_ics(text: str) -> tuple[object, list[str]]:
    """Return the events with the names of what each says; the courses are lines of what is to be finished."""
    assert "\n" not in text.replace("\r\n", "")
    events = Calendar.from_ical(text).walk("VEVENT")
    shape = [(str(e["UID"]), sorted(e), [sorted(inner) for inner in e.subcomponents]) for e in events]
    lines = [line for e in events if ".finish." in e["UID"] for line in e["DESCRIPTION"].split("\n")[1:]]
    return shape, lines


def read_markdown(text: str) -> tuple[object, list[str]]:
    """Return the kinds of blocks in order; inside them nothing is but text. Addresses are not spelled out either."""
    assert not re.search(r"(?<!\\)://|www\.", text)
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)
    inside = {part.type for token in tokens if token.type == "inline" for part in token.children}
    assert inside == {"text"}
    rows: list[list[str]] = []
    for token, inner in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        if token.type == "td_open":
            rows[-1].append("".join(part.content for part in inner.children))
    taken = [row[3] for row in rows if row[:2] == ["2027-01-01", "2027-12-31"]]
    return [token.type for token in tokens], taken


def read_html(text: str) -> tuple[object, list[str]]:
    """Return the elements with the names of their attributes; each course is the title of a row of what to take."""
    found = BeautifulSoup(text, "lxml").select("section[aria-labelledby=take] td bdi.title")
    return structure(text), [one.get_text() for one in found]


READERS: dict[str, Callable[[str], tuple[object, list[str]]]] = {
    "text": read_text,
    "json": read_json,
    "html": read_html,
    "csv": read_csv,
    "ics": read_ics,
    "md": read_markdown,
}
"""Each format's reader: the answer's shape, which no title may change, and the texts that hold one course each."""


@cache
def read(form: str, hostile: bool) -> tuple[object, list[str]]:
    return READERS[form](written(form, hostile))


def test_every_format_has_a_reader():
    assert set(READERS) == {*FORMATS, "json"}


@pytest.mark.parametrize("form", READERS)
def test_titles_change_nothing_but_themselves(form):
    assert read(form, hostile=True)[0] == read(form, hostile=False)[0]


@pytest.mark.parametrize("form", READERS)
def test_every_title_is_there_and_visible(form):
    """Tests that each title stands in one place of its own, whole or with its middle left out."""
    _, texts = read(form, hostile=True)
    found = {SERIAL.search(text)[1]: " ".join(text.split()) for text in texts}
    assert len(texts) == len(found) == NUMBER
    for number, title in enumerate(titles(hostile=True)):
        visible = " ".join(shown(title.strip(), 10**6).split())
        whole = visible in found[f"{number:03}"]
        cut = "…" in found[f"{number:03}"] and visible[:100] in found[f"{number:03}"]
        assert whole or (cut and len(visible) > 150), (form, visible[:200])


@pytest.mark.parametrize("form", READERS)
def test_nothing_can_steer_a_terminal(form):
    text = written(form, hostile=True).replace("\r\n", "\n") if form == "ics" else written(form, hostile=True)
    steering = {
        character for character in set(text) - {"\n"} if unicodedata.category(character)[0] == "C"
        or unicodedata.category(character) in ("Zl", "Zp")
    }  # fmt: skip
    assert steering == set()
