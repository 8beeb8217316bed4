"""One page over the network, bounded in time, size, redirects and addresses: the only file that knows `requests`.

Every bound holds whatever the server does. A watch closes the connection at the deadline, which socket
timeouts cannot: a server that sends a byte now and then never lets one pass. Bodies are read packed and
unpacked here, so that a short one is noticed and a bomb is not. A name is looked up once, every address it
has is checked, and the connection goes to a checked one: a second lookup could answer otherwise.
"""

import math
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from threading import Timer
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util.retry import Retry

from scrapers.bodies import Unreadable, megabytes, unpacked
from scrapers.public_addresses import not_public

_REDIRECTS = (301, 302, 303, 307, 308)
_AGAIN = (429, 500, 502, 503, 504)
"""Statuses after which a page is asked for again."""
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold the bounds of fetching one page."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    """Longest silence."""
    total_seconds: float = 120.0
    """Redirects, retries and waits included; looking up a name is bounded by the system alone."""
    most_bytes: int = 10_000_000
    """Of a page, unpacked; packed, it may have as many."""
    redirects: int = 5
    retries: int = 3
    backoff_seconds: float = 1.0
    longest_wait: float = 60.0
    """Where a site asks to wait for longer, it is left alone."""
    private_addresses: bool = False
    """Pages may come from this machine and its network, as the tests' do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a server said in the end."""

    url: str
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class NotFetched(Exception):
    """Say that no page came; `why` is a clause without a final stop."""

    def __init__(self, url: str, why: str) -> None:
        self.url = url
        self.why = why
        super().__init__(f"{url}: {why}")


def get(url: str, headers: Mapping[str, str], limits: Limits, before: Callable[[str], None]) -> Answer:
    """Return the answer to a request, redirects followed.

    `before` is called before each; it may raise, and the time it takes does not count.
    """
    deadline = monotonic() + limits.total_seconds
    visited = [url]
    while True:
        here = visited[-1]
        asked = monotonic()
        before(here)
        deadline += monotonic() - asked
        answer = _get_or_again(here, headers, limits, deadline)
        if answer.status not in _REDIRECTS or "location" not in answer.headers:
            return answer
        try:
            there = urljoin(here, answer.headers["location"])
        except ValueError:
            raise NotFetched(url, "it redirects to what is no address") from None
        if there in visited:
            raise NotFetched(url, f"it redirects in a circle, back to {there}")
        if len(visited) > limits.redirects:
            raise NotFetched(url, f"it redirects more than {limits.redirects} times")
        if urlsplit(here).scheme == "https" and urlsplit(there).scheme == "http":
            raise NotFetched(url, f"it redirects to {there}, which is not encrypted")
        visited.append(there)


def _get_or_again(url: str, headers: Mapping[str, str], limits: Limits, deadline: float) -> Answer:
    """Return one answer; a connection that is cut in the middle of a body is tried once more."""
    try:
        return _exchange(url, headers, limits, deadline)
    except _Cut:
        sleep(min(limits.backoff_seconds, max(deadline - monotonic(), 0)))
    try:
        return _exchange(url, headers, limits, deadline)
    except _Cut as cut:
        raise NotFetched(url, f"{cut}, twice") from None


class _Cut(Exception):
    """Say that a body ended before its end."""


def _exchange(url: str, headers: Mapping[str, str], limits: Limits, deadline: float) -> Answer:
    # The adapter and not a session: that one reads redirects' bodies whole, follows netrc, proxies and cookies.
    request = requests.Request("GET", url, headers={**headers, "Connection": "close"})
    with (
        _Watch(url, deadline, limits) as watch,
        closing(_Adapter(watch, _patience(limits, deadline))) as adapter,
    ):
        try:
            response = adapter.send(
                request.prepare(), stream=True, timeout=(limits.connect_seconds, limits.read_seconds)
            )
            with response:
                said = {name.casefold(): value for name, value in response.headers.items()}
                body = b"" if response.status_code in _REDIRECTS else _body(response.raw, url, limits, watch)
                watch.check()
        except (requests.RequestException, HTTPError) as error:
            watch.check()
            raise NotFetched(url, _cause(error, limits)) from None
    try:
        whole = unpacked(body, said.get("content-encoding", ""), limits.most_bytes)
    except Unreadable as bad:
        raise NotFetched(url, str(bad)) from None
    return Answer(url, response.status_code, said, whole)


def _body(raw: Any, url: str, limits: Limits, watch: "_Watch") -> bytes:
    """Return a body as it came, packed or not."""
    body = bytearray()
    try:
        # read1 and not stream, which takes lines of any length between the chunks of a chunked body.
        while piece := raw.read1(_PIECE, decode_content=False):
            body += piece
            if len(body) > limits.most_bytes:
                raise NotFetched(url, f"it is larger than {megabytes(limits.most_bytes)}")
    except ReadTimeoutError:
        raise
    except HTTPError:
        watch.check()
        msg = f"the connection was cut after {len(body):,} bytes"
        raise _Cut(msg) from None
    return bytes(body)


class _Watch:
    """Close the connections of one exchange when its time is up."""

    def __init__(self, url: str, deadline: float, limits: Limits) -> None:
        self._url, self._deadline, self._limits = url, deadline, limits
        self._twins: list[socket.socket] = []
        self._over = False
        self._timer = Timer(max(deadline - monotonic(), 0), self._close)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        for twin in self._twins:
            twin.close()

    def check(self) -> None:
        """Raise if time is up: what was read until then may look like a whole answer."""
        if self._over or monotonic() >= self._deadline:
            raise NotFetched(self._url, f"it took longer than {self._limits.total_seconds:g} seconds in all")

    def dial(self, connection: HTTPConnection) -> socket.socket:
        """Return a connection to a checked address of the host, closed at the deadline."""
        try:
            host = connection.host.strip("[]")
            found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(connection.host, connection, error) from error
        except UnicodeError:
            raise NotFetched(self._url, "its host's name is no name") from None
        for *_, address in found:
            if not self._limits.private_addresses and (sort := not_public(str(address[0]))):
                raise NotFetched(self._url, f"{host} is at {address[0]}, a {sort} address: it is not asked")
        failed: OSError = OSError("no address")
        for family, kind, protocol, _, address in found:
            self.check()
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(max(min(self._limits.connect_seconds, self._deadline - monotonic()), 0.001))
                made.connect(address)
                self._twins.append(made.dup())
            except OSError as error:
                made.close()
                failed = error
                continue
            if self._over:  # it was closed before its twin was there to be closed
                self._close()
            return made
        if isinstance(failed, TimeoutError):
            raise ConnectTimeoutError(connection, str(failed)) from failed
        raise NewConnectionError(connection, str(failed)) from failed

    def _close(self) -> None:
        self._over = True
        for twin in list(self._twins):
            try:
                twin.shutdown(socket.SHUT_RDWR)  # unlike closing, it wakes whoever is reading
            except OSError:
                continue


class _Adapter(HTTPAdapter):
    """Connect as the watch does, in place of looking a name up again."""

    def __init__(self, watch: _Watch, max_retries: Retry) -> None:
        self._watch = watch
        super().__init__(max_retries=max_retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        dial = self._watch.dial

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return dial(self)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return dial(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


class _Patience(Retry):
    """Retry as urllib3 does, and give up at once where the wait would be too long or outlast the deadline."""

    deadline = math.inf
    longest = math.inf

    def new(self, **changed: Any) -> Self:
        made = super().new(**changed)
        made.deadline, made.longest = self.deadline, self.longest
        return made

    def increment(
        self, method: str | None = None, url: str | None = None, response: Any = None, *args: Any, **more: Any
    ) -> Self:
        made = super().increment(method, url, response, *args, **more)
        asked = self.get_retry_after(response) if response is not None else None
        wait = made.get_backoff_time() if asked is None else asked
        if wait > self.longest or monotonic() + wait > self.deadline:
            raise MaxRetryError(more["_pool"], url or "", more.get("error"))
        return made


def _patience(limits: Limits, deadline: float) -> Retry:
    made = _Patience(
        total=limits.retries,
        status_forcelist=_AGAIN,
        allowed_methods={"GET"},
        backoff_factor=limits.backoff_seconds,
        backoff_max=limits.longest_wait,
        retry_after_max=math.ceil(limits.longest_wait) + 1,  # 6 hours if left alone; one more than is waited
        raise_on_status=False,
    )
    made.deadline, made.longest = deadline, limits.longest_wait
    return made


def _cause(error: Exception, limits: Limits) -> str:
    """Return what went wrong, said once, out of the exceptions in which it is wrapped."""
    reason: Any = error
    while True:
        inner = getattr(reason, "reason", None) or (reason.args[0] if getattr(reason, "args", ()) else None)
        if not isinstance(inner, Exception):
            break
        reason = inner
    if isinstance(reason, NameResolutionError):
        return "its host's name is not known, or cannot be looked up from here"
    if isinstance(reason, NewConnectionError):
        return "no connection came about: nobody answers there"
    if isinstance(reason, ConnectTimeoutError):
        return f"no connection came about within {limits.connect_seconds:g} seconds"
    if isinstance(reason, (ReadTimeoutError, TimeoutError)):
        return f"it sent nothing for {limits.read_seconds:g} seconds"
    if isinstance(reason, SSLError) or "ssl" in type(reason).__name__.casefold():
        return "no encrypted connection came about: its certificate was refused, or it speaks no TLS"
    return f"its answer was cut off or is no HTTP ({type(reason).__name__})"
