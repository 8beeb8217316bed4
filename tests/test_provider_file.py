"""A provider's TOML file: every key known, every value in its form, every fault at once."""

import re
from pathlib import Path

import pytest
from saved_pages import EXAMPLES, PROVIDERS

from scrapers.provider import SHIPPED, ProviderFaults, provider_named, providers
from scrapers.provider_file import read_provider

GOOD = (EXAMPLES / "example-cards.toml").read_text("utf-8")


def faults(tmp_path: Path, text: str, name: str = "example-cards") -> str:
    """Return what is wrong with a file, one line a fault."""
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProviderFaults) as refused:
        read_provider(path)
    return "\n".join(f"{f.column}: {f.value}: {f.problem}. {f.remedy}" for f in refused.value.faults)


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('doubt = "It', 'dobt = "It', ("dobt", "unknown key", 'Did you mean "doubt"?')),
        ("[gates]", "[gate]", ("gate", "unknown key", 'Did you mean "gates"?')),
        ("least_rows = 1", "least_row = 1", ("gates.least_row", 'Did you mean "least_rows"?')),
        ('title = { at = "h4" }', 'title = { att = "h4" }', ("places.title.att", 'Did you mean "at"?')),
        ('title = { at = "h4" }', 'titel = { at = "h4" }', ("places.titel", "no column", '"title"')),
        ('title = { at = "h4" }', 'title = { at = "h4" }\noffering_id = { at = "h4" }', ("places.offering_id",)),
        ("kind = {", 'evidence = { value = "user", source = "x" }\nkind = {', ("constants.evidence",)),
        ('kind = { value = "self_study"', 'kind = { value = "selfstudies"', ("constants.kind", "selfstudies")),
        ('unit = { value = "contact_hour", source = "invented" }', 'unit = { value = "contact_hour" }', ("source",)),
        ('"cards"', '"card"', ("platform", 'Did you mean "cards"?')),
        ('read = "never"', 'read = "once"', ("read", "live, saved, never")),
        ("ce?page=1", "ce?page=1\", \"https://evil.example/", ("start", "evil.example", "one of the hosts")),
        ('["www.clinic.example.org"]', '["https://www.clinic.example.org"]', ("hosts", "name of a host")),
        ('"title", "credits", "price"]', '"titles"]', ("gates.covered", 'Did you mean "title"?')),
        ('card = "div.card-body"', "", ("listing", "what a card is")),
        ('id = { at = "h4 a", attribute = "href", pattern = \'/ce/(c\\d+)\' }', "", ("places", "where the id stands")),
        ("'/ce/(c\\d+)'", "'/ce/c\\d+'", ("places.id", "one group")),
        ("'/ce/(c\\d+)'", "'/ce/(c\\d+'", ("places.id", "no regular expression")),
        ('"club price" = "member_price"', '"club price" = "club"', ("price_names", "member_price")),
        ('name = "A list', 'currency = "EUR"\nname = "A list', ("currency", "US dollars")),
        ('platform = "cards"', 'platform = "shopify"', ("currency", "name no currency")),
        ('platform = "cards"', 'platform = "ace"\nplain_numbers = "cents"', ("plain_numbers", "only price cards")),
        ("least_rows = 1", 'least_rows = "1"', ("gates.least_rows", "whole number")),
        ("least_rows = 1", "least_rows = true", ("gates.least_rows", "whole number")),
        ('hosts = ["www.clinic.example.org"]', 'hosts = "www.clinic.example.org"', ("hosts", "list of texts")),
        ('category = { at = "", attribute = "data-area", optional = true }', "category = 1", ("not a table",)),
        ("optional = true }\n\n", 'optional = "yes" }\n\n', ("places.member_price.optional", "true nor false")),
        ('id = "example-cards"', 'id = "Example Cards"', ("id", "a-z")),
        ('id = "example-cards"', 'id = "other"', ("id", "not the file's name")),
        ('id = "example-cards"', 'id = "example-cards', ("cannot be read",)),
        ('div.card-body"', 'div..card"', ("listing.card", "no CSS selector")),
        ('at = ".text-success"', 'at = "p["', ("places.price", "no CSS selector")),
    ],
)  # fmt: skip
def test_mistake_in_the_file_is_told(tmp_path, old, new, words):
    told = faults(tmp_path, changed(old, new))
    for word in words:
        assert word in told


def test_all_faults_are_told_at_once(tmp_path):
    told = faults(tmp_path, changed('doubt = "It', 'dobt = "It').replace('"never"', '"once"'))
    assert {line.partition(":")[0] for line in told.splitlines()} == {"dobt", "doubt", "read"}


def test_empty_file_names_what_is_missing(tmp_path):
    told = faults(tmp_path, "")
    for key in ("id", "name", "platform", "start", "hosts", "read", "doubt", "gates.least_rows"):
        assert re.search(rf"^{re.escape(key)}: None: it is missing", told, re.MULTILINE)


def test_unknown_provider_is_told_the_nearest():
    with pytest.raises(ProviderFaults) as refused:
        provider_named("relias")
    assert 'Did you mean "relias-academy"?' in refused.value.faults[0].remedy


def test_faults_of_all_files_are_told_together(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text("x = 1", encoding="utf-8")
    with pytest.raises(ProviderFaults) as refused:
        providers(tmp_path)
    assert {Path(fault.file).name for fault in refused.value.faults} == {"one.toml", "two.toml"}


def test_every_shipped_provider_says_what_was_never_read():
    """Tests that nothing claims more than is so: no page of any provider was read live, or saved."""
    assert {provider.read for provider in providers(SHIPPED)} == {"never"}
    assert all(len(provider.doubt) > 40 for provider in providers(SHIPPED))


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda provider: provider.id)
def test_every_constant_has_its_source(provider):
    assert provider.constants
    assert all(constant.source for constant in provider.constants)
