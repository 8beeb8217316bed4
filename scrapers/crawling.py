"""All pages of one provider: from the addresses to begin with, link by link, to its rows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from scrapers.normalizing import joined
from scrapers.pages import PageChanged
from scrapers.provider import Parsed, Provider, parse_page
from scrapers.visiting import Page, Visitor, Wanted
from scrapers.walls import perhaps_a_wall

MOST_PAGES = 500
"""A provider here has some hundred courses; a list without end, or of other things, has more pages."""
_JSON = ("woocommerce", "shopify")


@dataclass(frozen=True, slots=True)
class Round:
    """Say what one reading of a provider's pages is done with."""

    visitor: Visitor
    folder: Path
    """Where the provider's pages are kept."""
    since: str
    """Pages of this moment or later were read by a run that was killed, and are not asked for again."""
    day: date
    most_pages: int
    told: Callable[[str, int, int], None]
    """Told the provider, pages read and pages known, after each page."""
    offline: bool = False
    """Pages are taken from disk, and say what they said on the day they were read."""


def all_pages(provider: Provider, work: Round) -> Parsed:
    """Return what all of a provider's pages say; raise `NotFetched` or `PageChanged` for the first that fails."""
    waiting = list(dict.fromkeys(provider.start))
    known = set(waiting)
    keys: set[str] = set()
    read: list[Parsed] = []
    while waiting:
        url = waiting.pop(0)
        page = work.visitor.page(_wanted(url, provider, work))
        parsed = _parsed(provider, page, work)
        read.append(parsed)
        found = [link for link in parsed.more if link not in known]
        known.update(found)
        waiting += found
        if len(known) > work.most_pages:
            looked_for = f"at most {work.most_pages:,} pages in all"
            raise PageChanged(url, looked_for, f"links to {len(known):,}")
        work.told(provider.id, len(read), len(known))
        here = {row["offering_id"] for row in parsed.rows}
        if here and here <= keys:
            break  # a list that goes round in circles: its keys are repeated, and so it will be refused
        keys |= here
    return joined(read)


def _wanted(url: str, provider: Provider, work: Round) -> Wanted:
    path = urlsplit(url).path.casefold()
    kind = "xml" if path.endswith(".xml") else "json" if provider.platform in _JSON else "html"
    headers = (provider.total_header.casefold(),) if provider.total_header else ()
    return Wanted(url, provider.hosts, kind, work.folder, work.since, headers)


def _parsed(provider: Provider, page: Page, work: Round) -> Parsed:
    """Return what a page says, with the total its headers state; a page without rows may be a wall."""
    url = page.snapshot.final_url
    perhaps = perhaps_a_wall(page.text)
    try:
        parsed = parse_page(provider, page.text, url, _day_of(page, work))
    except RecursionError:
        raise PageChanged(url, "a page", "one whose parts lie in each other thousands deep") from None
    except PageChanged as changed:
        if perhaps:
            raise PageChanged(url, "the provider's page", f"{perhaps}, it seems ({changed})") from None
        raise
    if perhaps and not parsed.rows and not parsed.more:
        raise PageChanged(url, "the provider's page", f"{perhaps}, it seems: it has no rows")
    return _with_total(parsed, provider, page)


def _day_of(page: Page, work: Round) -> date:
    """Return the day a page was read: an earlier one where it was only taken from disk."""
    return min(work.day, date.fromisoformat(page.snapshot.checked_at[:10])) if work.offline else work.day


def _with_total(parsed: Parsed, provider: Provider, page: Page) -> Parsed:
    if not provider.total_header:
        return parsed
    said = page.snapshot.headers.get(provider.total_header.casefold(), "").strip()
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise PageChanged(
            page.snapshot.final_url, f"a number in the header {provider.total_header}", repr(said[:80])
        )
    return replace(parsed, declared_total=max(int(said), parsed.declared_total or 0))
