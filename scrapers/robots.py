"""robots.txt: what a site lets this program read, and how fast (RFC 9309)."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

AGENT = "ceuplan"
"""The name a site may address this program by."""


@dataclass(frozen=True, slots=True)
class Robots:
    """Hold what one site's robots.txt came to."""

    url: str
    status: int
    text: str

    def refusal(self, page: str) -> str:
        """Return why a page may not be read; empty where it may."""
        if self.status in (401, 403):
            return f"its robots.txt may not be read (status {self.status}), so the page is left alone"
        if 400 <= self.status < 500 and self.status != 429:
            return ""  # there is none
        if self.status != 200:
            return f"its robots.txt could not be read (status {self.status}), so the page is left alone"
        return "" if _rules(self.text).can_fetch(page, AGENT) else "the site's robots.txt forbids it"

    def delay(self) -> float:
        """Return the seconds the site asks for between two pages."""
        if self.status != 200:
            return 0.0
        return max(float(_rules(self.text).crawl_delay(AGENT) or 0), 0.0)


def _rules(text: str) -> Protego:
    return Protego.parse(text)


def robots_url(page: str) -> str:
    """Return where the robots.txt of a page's site is."""
    parts = urlsplit(page)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
