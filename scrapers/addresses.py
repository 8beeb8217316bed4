"""Addresses as they stand in pages → absolute ones on a provider's own hosts, without session ids."""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from scrapers.parsed import unread

_SESSION_IN_PATH = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/;]*", re.IGNORECASE)
_DROPPED = re.compile(r"(?:.*sess(?:ion)?_?id|sid|_ga|gclid|fbclid|mc_[ce]id|utm_.*)", re.IGNORECASE)
_WITHIN = re.compile(r"[a-z]+:/", re.IGNORECASE)
_PLAIN = re.compile(r"(?:/[A-Za-z0-9_~][A-Za-z0-9_~.-]*)+/?")
"""A path that means the same wherever it stands: most links of a list are such."""
_UNFIT = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def address(href: str, page: str, hosts: Collection[str]) -> str:
    """Return the address a link on a page leads to, or refuse it."""
    href = href.strip()
    if _PLAIN.fullmatch(href):
        parts = urlsplit(page)
        if parts.hostname in hosts and "@" not in parts.netloc and parts.scheme in ("http", "https"):
            return f"{parts.scheme}://{parts.netloc}{href}"
    if _UNFIT.search(href):
        raise unread(problem="it holds a character no address has")
    try:
        parts = urlsplit(urljoin(page, href))
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise unread(problem=f"it is not an address ({error})") from None
    if parts.scheme not in ("http", "https"):
        raise unread(problem="it is not an address of the web")
    if _WITHIN.search(parts.netloc + parts.path):
        raise unread(problem="it is two addresses run together")
    if host not in hosts or "@" in parts.netloc:
        raise unread(problem=f'"{host[:80]}" is not one of the provider\'s hosts')
    query = parts.query
    if query:
        kept = [
            (key, value)
            for key, value in parse_qsl(query, keep_blank_values=True)
            if not _DROPPED.fullmatch(key)
        ]
        # As it stood where nothing is dropped: encoding it anew could change it.
        query = query if len(kept) == query.count("&") + 1 else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, _SESSION_IN_PATH.sub("", parts.path), query, ""))


def path_end(url: str) -> str:
    """Return the last part of an address's path, without a slash at its end."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def with_page(url: str, number: int) -> str:
    """Return the address of another page of a list, `page` in its query."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key != "page"]
    return urlunsplit(parts._replace(query=urlencode([*kept, ("page", str(number))])))


def query_number(url: str, key: str, default: int) -> int:
    """Return a whole number of an address's query."""
    said = dict(parse_qsl(urlsplit(url).query)).get(key, "")
    return int(said) if re.fullmatch(r"[0-9]{1,6}", said) else default
