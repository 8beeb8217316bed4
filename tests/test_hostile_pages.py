"""Pages meant to break a parser: whatever comes, a row of the catalog's own, a named refusal, or `PageChanged`."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from saved_pages import PROVIDERS, SEEN, Saved, saved, saved_pages

from catalogs.rows import offering_from
from catalogs.schema import OFFERINGS
from scrapers.normalizing import joined
from scrapers.provider import PageChanged, Parsed, Provider, parse_page

SAVED = saved_pages()
KNOWN_PASSES = ("ace-annual", "relias-all-access", "continuingeducation-ce-pro")
POISON = (
    "<script>", "</div>", "<div class=card-body>", "<!--", "]]>", "\0", "\ufeff", "\u202e", "&#0;", "&nbsp;", "&lt;b",
    "$", "$1", " - $60", "free", "now ", "was ", "1.5", "0", "-", "9" * 400, '"', "\\", "\\ud800", "{", "}", "[", ",",
    "https://evil.example/", "javascript:", ";jsessionid=x", "?page=2", "é", "🩺", "\n", "NaN", "1e999", "null", "true",
)  # fmt: skip


def check(provider: Provider, text: str, url: str) -> Parsed | None:
    """Parse a page and hold the outcome to what is promised of every one; None for a page refused as a whole."""
    try:
        parsed = parse_page(provider, text, url, SEEN)
    except PageChanged:
        return None
    keys = [row["offering_id"] for row in parsed.rows]
    assert keys == sorted(set(keys))
    for row in parsed.rows:
        assert tuple(row) == OFFERINGS.header
        offering, faults = offering_from(row, "page", None, KNOWN_PASSES)
        assert faults == ()
        assert offering is not None
        assert 0 < len(offering.title) <= 150
        assert offering.title.isprintable()
        for link in filter(None, (row["url"], row["source_url"], *parsed.more)):
            assert any(link.startswith((f"https://{host}/", f"http://{host}/")) for host in provider.hosts)
    assert all(one.why for one in parsed.refused)
    return parsed


def spoiled(text: str, seed: int) -> str:
    """Return a page after a few cuts, copies and pieces of poison."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        first = chance.randrange(len(text) + 1)
        last = min(len(text), first + chance.choice((0, 1, 3, 20, 400)))
        piece = chance.choice((*POISON, "", text[first:last] * 2))
        text = text[:first] + piece + text[last:]
    return text


@pytest.mark.parametrize("page", SAVED, ids=lambda page: page.path.name)
@pytest.mark.parametrize("block", range(4))
def test_spoiled_page_gives_sound_rows_or_none(page: Saved, block: int):
    for seed in range(block * 40, (block + 1) * 40):
        check(page.provider, spoiled(page.text, seed), page.url)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=300), name=st.sampled_from(sorted(PROVIDERS)))
def test_any_text_is_refused_in_words(text, name):
    provider = PROVIDERS[name]
    check(provider, text, provider.start[0])


def card(title: str = "Veins", price: str = "$11.00", hours: str = "1", href: str = "/ce/c1") -> str:
    return (
        f'<p class=found>1 course</p><div class="card-body"><h4><a href="{href}">{title}</a></h4>'
        f'<p class="text-success">{price}</p><p class="hours">{hours} ANCC Contact Hour(s)</p></div>'
    )


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("Shots<script>alert(1)</script>", "Shots"),
        ("Shots &lt;script&gt;alert(1)&lt;/script&gt;", "Shots <script>alert(1)</script>"),
        ("Red \x1b[31malert\x1b[0m", "Red [31malert[0m"),
        ("Left\u202eright \u200bzero\u00adsoft", "Leftright zerosoft"),
        ("&#0;Nul", "\ufffdNul"),
        ("<b>Vac</b>cines<br>and&nbsp;<i>serums</i>", "Vaccines and serums"),
        ("H<sub>2</sub>O and 10<sup>9</sup> cells", "H2O and 10 9 cells"),
        (
            "<style>h4 { color: red }</style>Shown<template>not</template><span hidden>nor this</span>",
            "Shown",
        ),
    ],
)
def test_titles_come_out_as_plain_text(html, title):
    provider = PROVIDERS["example-cards"]
    parsed = check(provider, card(title=html), provider.start[0])
    assert parsed is not None
    assert [row["title"] for row in parsed.rows] == [title]


def test_title_that_a_spreadsheet_would_run_is_refused():
    provider = PROVIDERS["example-cards"]
    parsed = check(provider, card(title="=HYPERLINK(&quot;x&quot;)"), provider.start[0])
    assert parsed is not None
    assert [one.why for one in parsed.refused] == ["title: a spreadsheet would run it as a formula"]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Wound care &amp; dressing", "Wound care & dressing"),
        ("<b>Wound</b> care<script>alert(1)</script>", "Wound care"),
        ("Pressure < 120 & falling", "Pressure < 120 & falling"),
        ("A<B, or the other way", "A<B, or the other way"),
        ("R&D; and more", "R&D; and more"),
        ("<b>" * 3000 + "deep", None),
    ],
)
def test_titles_in_json_come_out_as_plain_text(said, title):
    for name, page, key in (
        ("example-woocommerce", "page1.json", "Hand washing &amp; gloves"),
        ("example-shopify", "products.json", "Blood pressure, taken right"),
    ):
        text = saved(f"{name}/{page}").text
        assert text.count(key) == 1
        provider = PROVIDERS[name]
        parsed = check(provider, text.replace(key, said), provider.start[0])
        assert parsed is not None
        titles = {row["title"] for row in parsed.rows}
        assert title is None or title in titles
        assert not any("<b>" in one or "script" in one for one in titles)


@pytest.mark.parametrize(
    "text",
    [
        card(title="<b>" * 3000 + "x"),
        card(price="$1 " * 100_000),
        card(price="1," * 200_000),
        card(price="was " * 100_000),
        card(title="x" * 2_000_000),
        card(hours="1" * 500_000),
        card(href="/ce/c1" + "/a" * 200_000),
        card(href="/ce/c1?" + "a=1&" * 100_000),
        "<p class=found>1 course</p>" + "<div class=card-body>" * 1500,
        "<!doctype" * 100_000,
        "&amp" * 300_000,
        '{"products": ' * 20_000,
        "<script type=application/ld+json>" + '{"@graph":[' * 50_000,
        "<script type=application/ld+json>{}</script>" * 20_000,
    ],
    ids=lambda text: text[-12:],
)
def test_page_made_to_be_slow_ends(text):
    for name in ("example-cards", "example-jsonld", "example-shopify", "relias-academy", "ace"):
        check(PROVIDERS[name], text, PROVIDERS[name].start[0])


def test_sitemap_cannot_blow_up_or_read_files():
    """Tests entities that double ten times over, and one that names a file: neither is followed."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><urlset><url><loc>&e9;</loc></url></urlset>'
    reader = (
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>&f;</loc></url></urlset>'
    )
    ace = PROVIDERS["ace"]
    assert check(ace, laughs, ace.start[0]) is None
    assert check(ace, reader, ace.start[0]) is None


def test_pages_are_joined_and_a_key_on_two_of_them_is_named():
    provider = PROVIDERS["example-cards"]
    one, two = (f"{provider.start[0].partition('?')[0]}?page={number}" for number in (1, 2))
    first = parse_page(provider, card() + card(href="/ce/c2"), one, SEEN)
    second = parse_page(
        provider, card(title="Veins, dearer", price="$12.00") + card(href="/ce/c3"), two, SEEN
    )

    whole = joined([first, second])

    assert [row["offering_id"] for row in whole.rows] == ["example-cards:c2", "example-cards:c3"]
    assert whole.repeated == ("example-cards:c1",)
    assert [one.value for one in whole.refused] == ["example-cards:c1"] * 2
    assert whole.declared_total == 1
