"""Prices as pages word them: one amount by its name, or a refusal; never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogs.faults import BadValue
from catalogs.values import parse_money
from scrapers.money import amounts, minor_units, one_price


def refusal(text: str, **how: object) -> str:
    with pytest.raises(BadValue) as refused:
        amounts(text, **how)
    return refused.value.problem


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("$15", "15.00"),
        ("$ 15.5", "15.50"),
        ("15.00", "15.00"),
        ("US$15", "15.00"),
        ("USD 15", "15.00"),
        ("15 USD", "15.00"),
        ("15 dollars", "15.00"),
        ("$1,029.95", "1029.95"),
        ("Price: $10.00", "10.00"),
        ("Our price: $10.00.", "10.00"),
        ("Free", "0.00"),
        ("FREE!", None),
        ("Price: Free", "0.00"),
        ("0", "0.00"),
        ("$10.00 / $10.00", "10.00"),
    ],
)
def test_one_amount(text, price):
    if price is None:
        assert "follows the amount" in refusal(text)
    else:
        assert amounts(text) == {"price": price}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("was $45.00 now $30.00", {"regular_price": "45.00", "price": "30.00"}),
        ("Regular price $45 Sale price $30", {"regular_price": "45.00", "price": "30.00"}),
        (
            "Original price was: $45.00. Current price is: $30.00.",
            {"regular_price": "45.00", "price": "30.00"},
        ),
        ("Members: $10 / Nonmembers: $20", {"member_price": "10.00", "price": "20.00"}),
        ("Price: $20 | Member price: free", {"price": "20.00", "member_price": "0.00"}),
        ("Price: $10.00 CE-PRO price: $5.00", {"price": "10.00", "member_price": "5.00"}),
    ],
)
def test_several_amounts_each_by_its_name(text, found):
    assert amounts(text, names=[("ce-pro price", "member_price")]) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no amount"),
        ("TBD", "no amount"),
        ("Call us", "no amount"),
        ("$15 - $60", '"-"'),
        ("$15 – 60", '"–"'),
        ("$15 to $60", '"to"'),
        ("from $15", '"from"'),
        ("$15+", '"+"'),
        ("$45 $30", "more than one amount"),
        ("was $45", "side by side"),
        ("now $30", "side by side"),
        ("was $30 now $45", "above the regular price"),
        ("$45 now $30", "side by side"),
        ("2500", "dollars or cents"),
        ("Price: 25", "dollars or cents"),
        ("$19 95", "dollars or cents"),
        ("$1.234", "more than 2 decimals"),
        ("$1,02", "amount"),
        ("$1,1", "amount"),
        ("1.5 CEUs $25", '"ceus"'),
        ("Only 3 CEUs for $45.00", '"only"'),
        ("$25 for 2 hours", '"for"'),
        ("$5.00 per month", '"per month" follows'),
        ("$10.00*", '"*" follows'),
        ("$10.00 (save $5.00)", '"(save"'),
        ("$5 off", '"off" follows'),
        ("50% off", "neither a dollar sign"),
        ("FREE for members", '"for members" follows'),
        ("Free trial, then $9.99", '"trial, then"'),
        ("r free", '"r"'),
        ("$-5", '"$-"'),
        ("-$5", '"-"'),
        ("($5)", '"("'),
        ("€10.00", "not in US dollars"),
        ("CA$10.00", "not in US dollars"),
        ("$10.00 CAD", '"CAD" follows'),
        ("$1e5", "amount"),
        ("$99999999999.00", "more than a price can be"),
        ("https://example.org/25.png", "it is an address"),
        ("\uff041\uff10", "\uff04"),
        ("$\u0661\u0665", "no amount"),
        ("Members: $10 Members: $12", "more than one amount"),
    ],
)
def test_text_that_is_not_one_price_is_refused(text, words):
    assert words in refusal(text)


def test_plain_numbers_are_what_the_provider_s_file_says():
    assert amounts("2500", plain="dollars") == {"price": "2500.00"}
    assert amounts("2500", plain="cents") == {"price": "25.00"}
    assert "cents" in refusal("25.00", plain="cents")
    assert "more than one" in refusal("2500 3000", plain="dollars")
    assert "amount" in refusal("1,1", plain="dollars")


@pytest.mark.parametrize(
    ("digits", "decimals", "price"),
    [("1105", 2, "11.05"), ("5", 2, "0.05"), ("0", 2, "0.00"), ("45", 0, "45.00"), ("11050", 3, "11.05")],
)
def test_smallest_units(digits, decimals, price):
    assert minor_units(digits, decimals) == price


@pytest.mark.parametrize(
    ("digits", "decimals"),
    [
        ("", 2),
        ("11.05", 2),
        ("-5", 2),
        ("1e3", 2),
        ("11055", 3),
        ("1", -1),
        ("1", 7),
        ("9" * 13, 2),
        ("٣", 2),
    ],
)
def test_what_is_no_count_of_smallest_units_is_refused(digits, decimals):
    with pytest.raises(BadValue):
        minor_units(digits, decimals)


def test_one_price_of_several_places():
    assert one_price(["5.00", "5.00"]) == "5.00"
    with pytest.raises(BadValue, match=r"between 9\.00 and 10\.00"):
        one_price(["10.00", "9.00"])
    with pytest.raises(BadValue, match="no price"):
        one_price([])


@given(st.integers(0, 99_999_999), st.sampled_from(["${}", "{}", "USD {}", "Price: ${}", "{} USD"]))
def test_every_amount_is_read_to_the_cent(cents, form):
    said = form.format(f"{cents // 100:,}.{cents % 100:02}")
    assert parse_money(amounts(said)["price"]) == cents


@given(st.text(alphabet="$0123456789.,-–/ freewasnow:CEUs%€", max_size=24))
def test_any_text_gives_exact_amounts_or_a_refusal(text):
    try:
        found = amounts(text)
    except BadValue:
        return
    assert set(found) <= {"price", "member_price", "regular_price"}
    for amount in found.values():
        assert parse_money(amount) >= 0
