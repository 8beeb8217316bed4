"""Reports to look at: small plans of every kind, one of many courses, and one whose every text is an attack."""

import csv
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bs4 import BeautifulSoup

from optimizer.alternatives import alternatives
from optimizer.asking import ask
from optimizer.plan import Plan
from optimizer.question import Question
from optimizer.report.page import html_of
from optimizer.solve import Stopwatch
from optimizer.ties import ties
from tests.puzzle import answer, question, rules, write
from tests.test_text import CASES, CLUB, RULES, SHOP

OTHER_RULES = rules("2", '1 category = "clinical"', more='[[version.fee]]\nname = "yearly"\namount = 50\n')
OTHER = '[[credential]]\nfile = "other.toml"\ndeadline = 2027-11-30\n'

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}</style>",
    "</title></head><body onload=alert(1)>",
    "</svg><svg onload=alert(1)><text>",
    "<!-- --!> ]]> <![CDATA[ <b>",
    "{{ 7 * 7 }} {% include 'x' %} ${7*7} #{x}",
    "&lt;b&gt; &#60; &amp;#60;script&amp;#62;",
    "javascript:alert(1)",
    "left \u202e\u2066 right \u200f\u2069 end",
    "\x1b]8;;https://evil.example/\x07link\x1b[31m red \x00\x7f".replace("\x00", ""),
    "שלום עולם, 中文課程 and مرحبا",
    "long" * 60,
    "e\u0301\u0301\u0301 zero\u200bwidth \ufeff end",
)
TAME = tuple(f"Course {number:02}" for number in range(len(HOSTILE)))
"""As many titles without harm: a page of them has the same elements."""


def small(name: str) -> tuple[Plan, Question]:
    """Return one of the plans of `tests/test_text.py`."""
    learner, more = CASES[name]
    asked = question(SHOP, RULES, learner, CLUB, **more)
    return answer(asked), asked


def with_alternatives() -> tuple[Plan, Question]:
    """Return a plan with what could stand in its place."""
    plan, asked = small("full")
    others, lacking = alternatives(asked, plan, 3, Stopwatch(30))
    return replace(
        plan, ties=ties(asked, plan, Stopwatch(10)), alternatives=others, no_alternatives=lacking
    ), asked


def several() -> tuple[Plan, Question]:
    """Return a plan for two credentials with weekly hours."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, SHOP, RULES, f"hours_per_week = 2\n{OTHER}", CLUB)
        (folder / "other.toml").write_text(OTHER_RULES.replace("pz-test", "pz-other"), "utf-8")
        asked = ask(folder / "me.toml", {}, [str(folder / "catalog")], date(2027, 1, 1), 60.0).question
    return answer(asked), asked


def many(number: int = 120) -> tuple[Plan, Question]:
    """Return a plan of many courses, all needed, on different days."""
    rows = "\n".join(
        f"c{i:03}, Course number {i}, north, 0, {'-' if i % 2 else f'2027-{1 + i % 12:02}-15'}"
        for i in range(number)
    )
    asked = question(f"offering_id, title, provider, price, starts\n{rows}\n", rules(str(number)))
    return answer(asked), asked


def titled(titles: tuple[str, ...]) -> tuple[Plan, Question]:
    """Return a plan in which these texts stand wherever somebody else writes one."""
    words = [text.replace("\\", "\\\\").replace('"', '\\"') for text in titles]
    words = [
        "".join(c for c in text if ord(c) >= 32 and ord(c) != 127) for text in words
    ]  # else it is a fault
    rows = [
        {
            "offering_id": f"o:{i:02}", "provider": text, "title": text, "credits": "clinical=1", "unit": "hour",
            "price": "1.00", "passes": "club", "note": text, "assumed": "price", "evidence": "article",
            "source_url": "https://example.org/a?b=1&c=2", "url": "https://example.org/'x'", "seen_on": "2026-12-01",
        }
        for i, text in enumerate(titles)
    ]  # fmt: skip
    more = "".join(
        f'[[version.not_modelled]]\ntext = "{text}"\n[[version.fee]]\nname = "{text}"\namount = 1\nnote = "{text}"\n'
        for text in words
    )
    credential = rules(str(len(titles) + 2), f'{len(titles)} category = "clinical"', more=more)
    credential = credential.replace('name = "total"', f'name = "{words[0]}"', 1)
    credential = credential.replace('name = "Puzzler (TEST)"', f'name = "{words[1]}"')
    credential = credential.replace('title = "none"', f'title = "{words[3]}"')
    earned = "".join(
        f'[[earned]]\ndate = 2027-01-02\ntitle = "{text}"\nunit = "hour"\ncredits = "general=0.01"\n'
        for text in words
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, "offering_id, price\nx:last, 100.00", credential, f"budget = 50\n{earned}")
        for file, records in (("hostile", rows), ("passes", [_pass(titles[5])])):
            with (folder / "catalog" / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, records[0])
                writer.writeheader()
                writer.writerows(records)
        asked = ask(folder / "me.toml", {}, [str(folder / "catalog")], date(2027, 2, 1), 60.0).question
    return answer(asked), asked


def _pass(title: str) -> dict[str, str]:
    return {
        "pass_id": "club", "title": title, "price": "5.00", "benefit": "included", "term_days": "365",
        "assumed": "term_days", "note": title,
    }  # fmt: skip


def structure(html: str) -> list[tuple[str, ...]]:
    """Return a page's elements in order, with the names of their attributes; of charts only that they are there."""
    tags = BeautifulSoup(html, "lxml").find_all(True)
    return [(tag.name, *sorted(tag.attrs)) for tag in tags if tag.find_parent("svg") is None]


@cache
def page(name: str) -> str:
    """Return a report as HTML, made once in a process."""
    made = {
        "full": with_alternatives,
        "several": several,
        "many": many,
        "hostile": lambda: titled(HOSTILE),
        "tame": lambda: titled(TAME),
    }
    plan, asked = made[name]() if name in made else small(name)
    return html_of(plan, asked, 80)
