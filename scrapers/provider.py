"""The providers that ship, and the one door to their parsers: a page's text in, catalog rows out."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from catalogs.faults import Fault, did_you_mean
from scrapers import ace, cards, continuingeducation, course_jsonld, relias, shopify, woocommerce
from scrapers.described import Provider
from scrapers.normalizing import normalized
from scrapers.pages import PageChanged
from scrapers.parsed import Parsed, Reading, Refused
from scrapers.provider_file import ProviderFaults, read_provider

__all__ = [
    "SHIPPED",
    "PageChanged",
    "Parsed",
    "Provider",
    "ProviderFaults",
    "Refused",
    "parse_page",
    "provider_named",
    "providers",
]

SHIPPED: Final = Path(__file__).with_name("providers")
"""The folder of the providers' TOML files."""

type Parser = Callable[[Provider, str, str], Reading]

PARSERS: Final[Mapping[str, Parser]] = {
    "woocommerce": woocommerce.read,
    "shopify": shopify.read,
    "course-jsonld": course_jsonld.read,
    "cards": cards.read,
    "continuingeducation": continuingeducation.read,
    "relias": relias.read,
    "ace": ace.read,
}


def providers(folder: Path = SHIPPED) -> tuple[Provider, ...]:
    """Return the providers of a folder of TOML files, sorted by id, or raise `ProviderFaults`."""
    faults: list[Fault] = []
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(read_provider(path))
        except ProviderFaults as bad:
            faults += bad.faults
    if faults:
        raise ProviderFaults(faults)
    return tuple(sorted(found, key=lambda provider: provider.id))


def provider_named(name: str, folder: Path = SHIPPED) -> Provider:
    """Return the provider of that id, or raise `ProviderFaults` with the nearest one."""
    by_id = {provider.id: provider for provider in providers(folder)}
    if name in by_id:
        return by_id[name]
    remedy = f"Known: {', '.join(by_id) or 'none'}.{did_you_mean(name, by_id)}"
    raise ProviderFaults([Fault(str(folder), None, None, name, "there is no such provider", remedy)])


def parse_page(provider: Provider, text: str, url: str, seen_on: date) -> Parsed:
    """Return what one page says; raise `PageChanged` where it is not a page the parser knows."""
    return normalized(provider, PARSERS[provider.platform](provider, text, url), url, seen_on)
