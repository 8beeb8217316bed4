"""Pages as a polite visitor reads them: robots.txt first, one at a time with pauses, nothing fetched twice in vain."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

from scrapers.bodies import Unreadable, kind_fault, text_of
from scrapers.fetch import Answer, Limits, NotFetched, get
from scrapers.public_addresses import address_fault
from scrapers.robots import Robots, robots_url
from scrapers.snapshots import KEPT_HEADERS, Snapshot, digest, moment, save, stored
from scrapers.walls import perhaps_a_wall, wall

_ACCEPT = {
    "html": "text/html, application/xhtml+xml",
    "json": "application/json",
    "xml": "application/xml, text/xml",
}
_LARGEST_ROBOTS = 512_000
"""What a reader of robots.txt has to be ready for (RFC 9309)."""

_LONGEST_MARK = 1000
"""Characters of an ETag that is sent back; a longer one, or one of other characters, is not."""


@dataclass(frozen=True, slots=True)
class Manners:
    """Say how pages are asked for."""

    agent: str
    """Who asks, and how to reach them."""
    pause: float = 2.0
    """Seconds between two requests to one host; longer where its robots.txt asks for it."""
    longest_pause: float = 60.0
    offline: bool = False
    """Only what is on disk is read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say what is asked for, of whom."""

    url: str
    hosts: Collection[str]
    kind: str
    """`html`, `json` or `xml`."""
    folder: Path
    """Where the page is kept."""
    since: str = ""
    """A page of this moment or later is not asked for again."""
    headers: Sequence[str] = ()
    """Headers of the answer to keep, beside the usual ones; in lower case."""


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one page as text, and what is known of it."""

    text: str
    snapshot: Snapshot


class Visitor:
    """Remember, for one run, when each host was last asked and what its robots.txt says."""

    def __init__(self, manners: Manners, limits: Limits, clock: Callable[[], datetime]) -> None:
        self._manners, self._limits, self._clock = manners, limits, clock
        self._asked: dict[str, float] = {}
        self._robots: dict[str, Robots] = {}

    def page(self, wanted: Wanted) -> Page:
        """Return a page, from disk where that will do, or raise `NotFetched`."""
        known = stored(wanted.folder, wanted.url)
        if self._manners.offline:
            if known is None:
                raise NotFetched(wanted.url, "it is not on disk; read it once without --offline")
            return self._read(wanted, *known)
        # A page of the future was kept while the clock was wrong: it would never be asked for again.
        if (
            known is not None
            and wanted.since
            and wanted.since <= known[0].checked_at <= moment(self._clock())
        ):
            return self._read(wanted, *known)
        return self._read(wanted, *self._fetched(wanted, known))

    def _fetched(self, wanted: Wanted, known: tuple[Snapshot, bytes] | None) -> tuple[Snapshot, bytes]:
        headers = {
            "User-Agent": self._manners.agent,
            "Accept": _ACCEPT[wanted.kind],
            "Accept-Encoding": "gzip",
            "Accept-Language": "en-US, en;q=0.8",
        }
        if known is not None:
            for name, kept in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
                said = known[0].headers.get(kept, "")
                if 0 < len(said) < _LONGEST_MARK and said.isascii() and said.isprintable():
                    headers[name] = said
        conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
        answer = get(wanted.url, headers, self._limits, lambda url: self._before(url, wanted))
        now = moment(self._clock())
        if answer.status == 304:
            if known is None or not conditional:
                raise NotFetched(
                    wanted.url, "it says that nothing changed (status 304), and nothing was asked about"
                )
            found = replace(known[0], checked_at=now, robots=self._verdict(wanted.url))
            save(wanted.folder, found, known[1])
            return found, known[1]
        snapshot = Snapshot(
            wanted.url,
            answer.url,
            answer.status,
            now,
            now,
            digest(answer.body),
            len(answer.body),
            self._verdict(wanted.url),
            _refusal(answer, wanted),
            {
                name: answer.headers[name]
                for name in (*KEPT_HEADERS, *wanted.headers)
                if name in answer.headers
            },
        )
        save(wanted.folder, snapshot, answer.body)
        if snapshot.refused:
            raise NotFetched(wanted.url, snapshot.refused)
        return snapshot, answer.body

    def _read(self, wanted: Wanted, snapshot: Snapshot, body: bytes) -> Page:
        try:
            return Page(text_of(body, snapshot.headers.get("content-type", "")), snapshot)
        except Unreadable as bad:
            raise NotFetched(wanted.url, str(bad)) from None

    def _before(self, url: str, wanted: Wanted) -> None:
        """Check an address, also one that a redirect leads to, and wait until its host may be asked again."""
        if problem := address_fault(url, wanted.hosts):
            raise NotFetched(
                wanted.url, problem if url == wanted.url else f"it redirects to {url}, and {problem}"
            )
        robots = self._robots_of(url, wanted)
        if refusal := robots.refusal(url):
            raise NotFetched(url, refusal)
        pause = robots.delay()
        if not pause <= self._manners.longest_pause:
            raise NotFetched(url, f"the site asks for {pause:g} seconds between two pages, which is too long")
        self._wait(url, max(pause, self._manners.pause))

    def _wait(self, url: str, pause: float) -> None:
        host = urlsplit(url).netloc
        if host in self._asked:
            sleep(max(self._asked[host] + pause - monotonic(), 0))
        self._asked[host] = monotonic()

    def _robots_of(self, page: str, wanted: Wanted) -> Robots:
        url = robots_url(page)
        if url not in self._robots:
            limits = replace(self._limits, most_bytes=_LARGEST_ROBOTS)

            def before(step: str) -> None:
                if problem := address_fault(step, wanted.hosts):
                    raise NotFetched(url, f"it redirects to {step}, and {problem}")
                self._wait(step, self._manners.pause)

            headers = {"User-Agent": self._manners.agent, "Accept": "text/plain", "Accept-Encoding": "gzip"}
            try:
                answer = get(url, headers, limits, before)
            except NotFetched as bad:
                msg = f"its robots.txt could not be read ({bad.why}), so the page is left alone"
                raise NotFetched(page, msg) from None
            self._robots[url] = Robots(url, answer.status, answer.body.decode("utf-8", "replace"))
        return self._robots[url]

    def _verdict(self, url: str) -> str:
        robots = self._robots[robots_url(url)]
        return f"{robots.url} (status {robots.status}): allowed"


def _refusal(answer: Answer, wanted: Wanted) -> str:
    """Return why an answer is not the page asked for; empty where it is."""
    content_type = answer.headers.get("content-type", "")
    try:
        text = text_of(answer.body, content_type)
        unreadable = ""
    except Unreadable as bad:
        text, unreadable = "", str(bad)
    found = wall(text, wanted.url, answer.url)
    if answer.status != 200:
        instead = f", {found}" if found else ""
        return f"the answer is {_words(answer)}{instead}"
    if found:
        return f"in its place came {found}"
    problem = kind_fault(content_type, wanted.kind)
    if problem and (perhaps := perhaps_a_wall(text)):
        return f"in its place came {perhaps}: {problem}"
    return problem or unreadable


def _words(answer: Answer) -> str:
    if answer.status in (404, 410):
        return f'"there is no such page" (status {answer.status})'
    if answer.status == 429 and "retry-after" in answer.headers:
        wait = answer.headers["retry-after"][:40]
        return (
            f'"too many requests" (status 429), with the wish to wait for longer than is waited here ({wait})'
        )
    return f"status {answer.status}"
