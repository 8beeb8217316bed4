"""One page broken once for every mistake a site makes: the mistake is named, and no row is made of it."""

from dataclasses import replace

import pytest
from saved_pages import PROVIDERS, SEEN, saved

from scrapers.provider import PageChanged, parse_page

CARDS = "example-cards/list.html"
WOO = "example-woocommerce/page1.json"
SHOPIFY = "example-shopify/products.json"
SCRIPT = "example-shopify/infection.js.json"
JSONLD = "example-jsonld/courses.html"
GOWNS = "relias-academy/gowns.html"
STORE = "relias-academy/store.html"
SITEMAP = "ace/wp-sitemap.xml"
COURSE = "ace/course.html"
LOGIN = "<html><title>x</title><h1>Sign in</h1><form><input type='password'></form></html>"


def broken(name: str, old: str, new: str) -> str:
    text = saved(name).text
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def whole_page_refused(name: str, text: str) -> str:
    with pytest.raises(PageChanged) as refused:
        saved(name).parsed(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (CARDS, "$11.00", "$11.00 - $15.00", ("several amounts", '"-"')),
        (CARDS, "$11.00", "from $11.00", ('"from"',)),
        (CARDS, "$11.00", "1100", ("dollars or cents",)),
        (CARDS, "$11.00", "$11.00 per month", ('"per month"',)),
        (CARDS, "$11.00", "<del>$11.00</del>", ("side by side",)),
        (CARDS, "$11.00", "<del>$15.00</del> $11.00", ("side by side",)),
        (CARDS, "$11.00", "$11.00</p><p class=text-success>$12.00", ("there are 2", "'$11.00' and '$12.00'")),
        (CARDS, "$11.00", "/img/loading.gif", ("no amount",)),
        (CARDS, "$11.00", "&euro;11.00", ("not in US dollars",)),
        (CARDS, "1.0 ANCC", "0 ANCC", ("credits", "not above 0")),
        (CARDS, "1.0 ANCC", "1.125 ANCC", ("credits", "more than 2 decimals")),
        (CARDS, "1.0 ANCC", "- 2 Ethics or 1.0 ANCC", ("credits", "in that shape")),
        (CARDS, 'data-area="Clinical"', 'data-area="Type 2!"', ("credits", "not a category")),
        (CARDS, "/ce/c1/veins", "/ce/veins", ("id:", "in that shape")),
        (CARDS, "/ce/c1/veins", "https://evil.example/ce/c1/veins", ("evil.example", "not one of the provider")),
        (CARDS, "/ce/c1/veins", "javascript:alert('/ce/c1')", ("url", "not an address")),
        (CARDS, "/ce/c1/veins", "//me@www.clinic.example.org/ce/c1", ("not one of the provider",)),
        (CARDS, "Veins &amp; needles", "", ("title", "there is none")),
        (CARDS, "Veins &amp; needles", "https://x.example/a.png", ("title", "address")),
        (CARDS, "Veins &amp; needles", "1.0", ("title", "swapped")),
        (CARDS, "Veins &amp; needles", "V" * 151, ("title", "longer than 150")),
        (CARDS, "$900", "$900 $800", ("member_price", "more than one amount")),
        (CARDS, "Club price", "Insider price", ("member_price", '"insider price"')),
        (WOO, '"price": "1105"', '"price": "11.05"', ("smallest unit",)),
        (WOO, '"price": "1105"', '"price": 1105', ("price is not text",)),
        (WOO, '"price": "1105"', '"price": "1000"', ("neither the regular price",)),
        (WOO, '"currency_minor_unit": 2', '"currency_minor_unit": "2"', ("currency_minor_unit",)),
        (WOO, '"regular_price": "4500"', '"regular_price": "2500"', ("neither the regular price",)),
        (WOO, '"type": "simple"', '"type": "grouped"', ("'grouped'",)),
        (WOO, '"is_in_stock": true', '"is_in_stock": false', ("sold out",)),
        (WOO, '"id": 101', '"id": "a b"', ("id: it is not a key",)),
        (WOO, '"id": 101', '"id": null', ("id: there is none",)),
        (WOO, '"name": "1.5"', '"name": "II"', ("credits",)),
        (WOO, '"name": "Hand washing &amp; gloves"', '"name": "Half \\ud800"', ("half a character",)),
        (SHOPIFY, '"price": "7.99"', '"price": "799"', ("unit is not known",)),
        (SHOPIFY, '"price": "7.99"', '"price": "7.990"', ("unit is not known",)),
        (SHOPIFY, '"compare_at_price": "45.00"', '"compare_at_price": "50.00"', ("different regular prices",)),
        (SHOPIFY, '"compare_at_price": "45.00"', '"compare_at_price": ["45.00"]', ("unit is not known",)),
        (SHOPIFY, '"variants": [{"id": 1,', '"variants": [], "was": [{"id": 1,', ("variants",)),
        (SHOPIFY, '"hours:1.5"]', '"hours:1.5", "hours:2"]', ("credits: there are 2",)),
        (SCRIPT, '"price": 2999', '"price": "29.99"', ("unit is not known",)),
        (SCRIPT, '"price_max": 2999', '"price_max": 4999', ("between 29.99 and 49.99",)),
        (JSONLD, '"price": "15"', '"price": "25"', ("more than one amount",)),
        (JSONLD, '"price": "15"', '"price": "15,00"', ("amount",)),
        (JSONLD, '"price": "15", "priceCurrency": "USD"', '"price": "15", "priceCurrency": "GBP"', ("'GBP'",)),
        (JSONLD, '"onsite"', '"blended"', ("courseMode", "blended")),
        (JSONLD, '"courseMode": "distance learning"', '"courseMode": "by post"', ("several ways",)),
        (JSONLD, '"startDate": "2027-03-04T09:00"', '"startDate": "spring"', ("startDate",)),
        (JSONLD, '"endDate": "2027-03-05"', '"endDate": "2027-02-30"', ("ends: ",)),
        (JSONLD, '"price": 15.00,', '"availability": "https://schema.org/SoldOut", "price": 15,', ("not for sale",)),
        (JSONLD, '"PT1H30M"', '"about an hour"', ("hours",)),
        (GOWNS, "19.95", "19.95</span><span>$25.00", ("price",)),
        (GOWNS, "19.95", "from 19.95", ("price",)),
        (GOWNS, "1.50 hours", "0 hours", ("credits",)),
    ],
)  # fmt: skip
def test_one_broken_card_is_named_and_the_others_stay(name, old, new, words):
    """Tests that a mistake takes its own row away, at most, and says what it was."""
    page = saved(name)
    before, after = page.parsed(), page.parsed(broken(name, old, new))

    told = [one.why for one in after.refused if one not in before.refused]
    assert any(all(word in why for word in words) for why in told), told
    assert {row["offering_id"] for row in after.rows} < {row["offering_id"] for row in before.rows}
    assert len(after.rows) + len(after.refused) == len(before.rows) + len(before.refused)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (CARDS, LOGIN, ("cards at div.card-body", "login form")),
        (CARDS, "", ("empty",)),
        (CARDS, "<h1>Just a moment...</h1>", ("cards at", "Just a moment")),
        (CARDS, broken(CARDS, "of 22 courses", "of many courses"), ("one total at p.found",)),
        (CARDS, broken(CARDS, "<main>", "<div class=card-body>"), ("hold no other card",)),
        (CARDS, broken(CARDS, "</nav>", "<a rel=next href='?page=9'>9</a></nav>"), ("next page", "?page=9")),
        (CARDS, broken(CARDS, '"?page=2"', '"https://evil.example/?page=2"'), ("a further page", "evil")),
        (CARDS, "<div>" * 5000 + "</div>" * 5000 + saved(CARDS).text, ("read to its end",)),
        (WOO, LOGIN, ("WooCommerce products", "no JSON")),
        (WOO, '{"code": "rest_no_route", "message": "No route"}', ("rest_no_route",)),
        (WOO, saved(WOO).text[:900], ("no JSON",)),
        (WOO, broken(WOO, '"price": "1105"', '"price": "1105", "price": "5"'), ("a key comes twice",)),
        (WOO, "[NaN]", ("NaN is no number",)),
        (WOO, "[" * 200_000, ("WooCommerce products", "nested too deeply")),
        (WOO, f"[{'9' * 5000}]", ("WooCommerce products",)),
        (SHOPIFY, LOGIN, ("Shopify products",)),
        (SHOPIFY, "[]", ("Shopify products",)),
        (SHOPIFY, '{"errors": "Not Found"}', ("Shopify products", "Not Found")),
        (JSONLD, LOGIN, ("schema.org Course", "login form")),
        (JSONLD, "<p>Hello", ("schema.org Course", "Hello")),
        (GOWNS, LOGIN, ("#productPrice", "login form")),
        (GOWNS, broken(GOWNS, 'class="page-title"', 'class="title"'), ("one .page-title", "nothing")),
        (GOWNS, broken(GOWNS, "<span>Gowns,</span>", "check_box Gowns,"), ("name of an icon", "check_box")),
        (GOWNS, broken(GOWNS, "Back to", "for 2 hours"), ("one number of hours", "1.5 / 2")),
        (SITEMAP, LOGIN, ("an article or a course", "login form")),
        (SITEMAP, broken(SITEMAP, "</sitemapindex>", ""), ("a sitemap",)),
        (
            SITEMAP,
            broken(SITEMAP, "https://annals", "https://evil.example/annals"),
            ("a further page", "evil"),
        ),
        (COURSE, broken(COURSE, "1.5 clinical", "some clinical"), ("one number and one category",)),
        (COURSE, broken(COURSE, "July 31, 2027", "July 31, 2025"), ("ends after it begins",)),
        (COURSE, broken(COURSE, "<p>Under", "<h1>Another</h1><p>Under"), ("under one <h1>", "1 of them")),
    ],
)
def test_page_in_another_shape_is_refused_as_a_whole(name, text, words):
    message = whole_page_refused(name, text)
    assert message.startswith(saved(name).url)
    for word in words:
        assert word in message


def test_a_page_that_says_it_is_empty_is_empty():
    parsed = saved(CARDS).parsed('<p class="found">0 courses</p>')
    assert (parsed.rows, parsed.refused, parsed.declared_total) == ((), (), 0)


def test_a_provider_that_may_be_empty_is():
    provider = replace(PROVIDERS["example-cards"], expect_empty=True)
    assert parse_page(provider, "<p>Nothing for now", provider.start[0], SEEN).rows == ()


def test_the_page_after_the_last_is_empty():
    """Tests that shops whose list ends with an empty page end there."""
    for name, text in ((WOO, "[]"), (SHOPIFY, '{"products": []}')):
        parsed = saved(name).parsed(text)
        assert (parsed.rows, parsed.more) == ((), ())


def test_list_that_is_not_full_is_the_last():
    woo = PROVIDERS["example-woocommerce"]
    url = woo.start[0].replace("per_page=9", "per_page=100")
    assert parse_page(woo, saved(WOO).text, url, SEEN).more == ()


def test_product_s_address_is_cleaned_of_its_session():
    (row,) = saved(GOWNS).parsed().rows
    assert "jsessionid" not in row["url"] + row["source_url"]


def test_relias_page_without_price_or_links_is_refused():
    page = saved(STORE)
    assert "links to products" in whole_page_refused(STORE, page.text.replace("productId", "product"))


def test_relias_product_at_an_address_without_its_key_is_refused():
    relias = PROVIDERS["relias-academy"]
    with pytest.raises(PageChanged, match="productId"):
        parse_page(relias, saved(GOWNS).text, "https://reliasacademy.com/rls/store/gowns", SEEN)


def test_page_of_somebody_else_is_refused():
    with pytest.raises(PageChanged, match="the page's address"):
        parse_page(PROVIDERS["example-cards"], saved(CARDS).text, "https://evil.example/ce", SEEN)
