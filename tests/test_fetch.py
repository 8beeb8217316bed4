"""Fetching in parts: which addresses are public, one lookup a connection, what bytes are text, what is a wall."""
# ruff: noqa: F811 - fixtures are imported, and then asked for by name

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
from datetime import UTC, date, datetime
from time import monotonic

import pytest

from scrapers.bodies import Unreadable, kind_fault, text_of, unpacked
from scrapers.crawling import Round, all_pages
from scrapers.fetch import Limits, NotFetched, get
from scrapers.provider import PageChanged, provider_named
from scrapers.public_addresses import address_fault, not_public
from scrapers.robots import Robots, robots_url
from scrapers.snapshots import Snapshot, digest, save, stored
from scrapers.visiting import Manners, Visitor, Wanted
from scrapers.walls import perhaps_a_wall, wall
from tests.misbehaving import PROVIDER, answer, cards, course
from tests.shop import server  # noqa: F401 - a fixture

PUBLIC = ("8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808")
PRIVATE = {
    "127.0.0.1": "loopback",
    "::1": "loopback",
    "::ffff:127.0.0.1": "loopback",
    "2002:7f00:1::": "loopback",
    "64:ff9b::7f00:1": "loopback",
    "169.254.169.254": "link-local",
    "fe80::1%eth0": "link-local",
    "224.0.0.1": "multicast",
    "10.1.2.3": "private or reserved",
    "100.64.0.1": "private or reserved",
    "0.0.0.0": "private or reserved",  # noqa: S104 - nothing is bound
    "::": "private or reserved",
    "fc00::1": "private or reserved",
    "240.0.0.1": "private or reserved",
    "192.0.2.1": "private or reserved",
}


def test_public_addresses_are_told_from_all_others():
    assert {one: not_public(one) for one in PRIVATE} == PRIVATE
    assert [not_public(one) for one in PUBLIC] == ["", "", ""]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://shop.example/x", ""),
        ("HTTP://SHOP.example:8080/x", ""),
        ("ftp://shop.example/x", 'it begins with "ftp:"'),
        ("file:///etc/passwd", 'it begins with "file:"'),
        ("https://shop.example.evil/x", "not one of the provider's hosts"),
        ("https://evil@shop.example/x", "it holds a user name"),
        ("https://shop.example@evil/x", "it holds a user name"),
        ("https://shop.example:port/x", "it is no address"),
        ("https://[x/", "it is no address"),
        ("//shop.example/x", 'it begins with ":"'),
    ],
)
def test_addresses_that_are_not_followed(url, fault):
    found = address_fault(url, ("shop.example",))
    assert fault in found
    assert bool(fault) == bool(found)


@pytest.fixture
def lookups(monkeypatch):
    """Answer lookups of names with these addresses, one list a lookup, and note each connection."""
    connected = []

    def prepare(*answers):
        left = list(answers)

        def lookup(_, port, **__):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in left.pop(0)]

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        monkeypatch.setattr(socket.socket, "connect", lambda _, to: connected.append(to) or refuse())
        return connected

    def refuse():
        raise ConnectionRefusedError

    return prepare


LIMITS = Limits(total_seconds=5, retries=0)


def test_connection_goes_to_the_address_that_was_checked(lookups):
    """Tests against a name that changes its address: it is looked up once, and what was found is what is asked."""
    connected = lookups(["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(NotFetched, match="nobody answers there"):
        get("http://rebinding.example/x", {}, LIMITS, lambda _: None)
    assert connected == [("8.8.8.8", 80)]


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"]])
def test_name_with_any_private_address_is_not_asked(lookups, found):
    connected = lookups(found)
    with pytest.raises(NotFetched, match=r"a (loopback|private or reserved) address"):
        get("https://inside.example/x", {}, LIMITS, lambda _: None)
    assert connected == []


def test_name_that_changes_between_tries_is_checked_again(lookups):
    connected = lookups(["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(NotFetched, match="a loopback address"):
        get(
            "http://rebinding.example/x",
            {},
            Limits(total_seconds=5, retries=1, backoff_seconds=0.01),
            lambda _: None,
        )
    assert connected == [("8.8.8.8", 80)]


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(
        ["openssl", *asked.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = threading.Thread(target=refuse_to_shake_hands, args=(listening, context))
        answering.start()
        with pytest.raises(NotFetched, match="its certificate was refused"):
            get(
                f"https://localhost:{listening.getsockname()[1]}/x",
                {},
                Limits(total_seconds=5, retries=0, private_addresses=True),
                lambda _: None,
            )
        answering.join()


def refuse_to_shake_hands(listening, context):
    made, _ = listening.accept()
    try:
        context.wrap_socket(made, server_side=True).close()
    except OSError:
        made.close()


def test_list_without_end_is_given_up(server, tmp_path):
    """Tests a shop that has ever more courses, on ever more pages."""
    for page in range(9):
        text = cards([course(page)], total=99, following=f"/ce?page={page + 1}")
        server.replies["/ce" if page == 0 else f"/ce?page={page}"] = answer(text)
    (tmp_path / "shop.toml").write_text(PROVIDER.format(start=server.url("/ce"), more=""), "utf-8")
    visitor = Visitor(Manners("test", pause=0), Limits(private_addresses=True), lambda: datetime.now(UTC))
    told = []
    work = Round(visitor, tmp_path, "9", date(2026, 11, 22), 5, lambda *args: told.append(args))

    with pytest.raises(PageChanged, match="at most 5 pages in all"):
        all_pages(provider_named("shop", tmp_path), work)
    assert told == [("shop", read, read + 1) for read in range(1, 5)]


def test_pauses_are_kept_and_grow_with_what_robots_txt_asks(server, tmp_path):
    server.replies["/robots.txt"] = answer("User-agent: *\nCrawl-delay: 0.3\n", "text/plain")
    for path in ("/1", "/2"):
        server.replies[path] = answer("<p>One</p>")
    visitor = Visitor(Manners("test", pause=0.1), Limits(private_addresses=True), lambda: datetime.now(UTC))
    started = monotonic()
    for path in ("/1", "/2"):
        visitor.page(Wanted(server.url(path), ("127.0.0.1",), "html", tmp_path))
    assert monotonic() - started >= 0.6
    assert server.paths() == ["/robots.txt", "/1", "/2"]


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Café".encode(), "text/html", "Café"),
        ("Café".encode("latin-1"), "text/html; charset=ISO-8859-1", "Café"),
        ("Café".encode("cp1252"), 'text/html; charset="windows-1252"', "Café"),
        ("\ufeffCafé".encode(), "text/html; charset=latin-1", "Café"),
        ("Café".encode("utf-16"), "text/html", "Café"),
        ("<meta charset=iso-8859-1>Café".encode("latin-1"), "text/html", "<meta charset=iso-8859-1>Café"),
    ],
)
def test_text_in_the_charset_it_states(body, content_type, text):
    assert text_of(body, content_type) == text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Café".encode("latin-1"), "text/html"),
        ("Café".encode(), "text/html; charset=latin-1"),
        ("<meta charset=latin-1>Café".encode(), "text/html"),
        (b"x", "text/html; charset=punycode"),
        (b"x", "text/html; charset=hex"),
        (b"a\0b", "text/html"),
    ],
)
def test_bytes_that_are_not_the_text_they_claim(body, content_type):
    with pytest.raises(Unreadable):
        text_of(body, content_type)


def test_packed_bodies():
    packed = gzip.compress(b"one") + gzip.compress(b"two")  # several members are one body
    assert unpacked(packed, "gzip", 100) == b"onetwo"
    assert unpacked(b"", "gzip", 100) == b""
    for bad in (packed[:-1], packed + b"more", b"plain"):
        with pytest.raises(Unreadable):
            unpacked(bad, "GZIP", 100)
    assert unpacked(gzip.compress(b"x" * 100), "gzip", 100) == b"x" * 100
    with pytest.raises(Unreadable, match="larger"):
        unpacked(gzip.compress(b"x" * 101), "gzip", 100)


def test_content_types():
    assert kind_fault("Text/HTML; charset=x", "html") == ""
    assert kind_fault("application/problem+json", "json") == ""
    assert kind_fault("application/rss+xml", "xml") == ""
    assert kind_fault("text/html", "json") != ""
    assert kind_fault("", "html") != ""


def test_walls_are_told_from_pages_with_such_things_at_their_edge():
    shop = "<title>Courses - sign in to save them</title><div class='g-recaptcha'></div><p>Course 1</p>"
    assert wall(shop, "https://x/ce", "https://x/ce") == ""
    assert perhaps_a_wall(shop) == "a page that asks to prove one is human"
    scripts = "<title>Courses</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
    assert wall(scripts, "https://x/ce", "https://x/ce") == ""
    login = "<title>Log in</title><input name=p type=password>"
    assert wall(login, "https://x/ce", "https://x/ce") == "a login page"
    assert wall("<p>Hello</p>", "https://x/ce", "https://x/users/sign_in") == "a login page"
    assert wall("<p>Hello</p>", "https://x/login", "https://x/login") == ""


def test_robots():
    assert robots_url("https://x.example:8443/a/b?c=d#e") == "https://x.example:8443/robots.txt"
    text = "User-agent: *\nDisallow: /*?sort=\nDisallow: /cart$\nCrawl-delay: 5\n"
    rules = Robots("https://x/robots.txt", 200, text)
    assert rules.refusal("https://x/ce?page=2") == ""
    assert rules.refusal("https://x/ce?sort=price") != ""
    assert rules.refusal("https://x/cart") != ""
    assert rules.delay() == 5
    assert [bool(Robots("", status, "").refusal("https://x/")) for status in (404, 410, 401, 429, 500, 302)] == [
        False, False, True, True, True, True,
    ]  # fmt: skip


def test_page_on_disk_is_whole_or_not_there(tmp_path):
    body, url = b"<p>One</p>", "https://x/ce"
    one = Snapshot(url, url, 200, "2026", "2026", digest(body), len(body), "allowed", "", {"etag": "a"})
    save(tmp_path, one, body)
    assert stored(tmp_path, url) == (one, body)
    assert stored(tmp_path, "https://x/other") is None

    (known,) = tmp_path.glob("*.json")
    sound = known.read_text("utf-8")
    for damage in (
        "",
        "{",
        "[]",
        sound.replace('"status": 200', '"status": "200"'),
        json.dumps({"url": url}),
    ):
        known.write_text(damage, "utf-8")
        assert stored(tmp_path, url) is None
    known.write_text(sound, "utf-8")
    (bytes_of_it,) = tmp_path.glob("*.body")
    bytes_of_it.write_bytes(body[:-1])
    assert stored(tmp_path, url) is None
