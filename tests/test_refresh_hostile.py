"""`catalog refresh` against a server that misbehaves: bounded in time and memory, told in words, no file touched."""
# ruff: noqa: F811 - fixtures are imported, and then asked for by name

import gzip
import json
import tracemalloc

import pytest

from tests.misbehaving import (
    COURSES,
    JSON_PROVIDER,
    SITEMAP_PROVIDER,
    answer,
    cards,
    course,
    forever,
    head,
    in_turn,
    products,
    raw,
    redirect,
    silent,
)
from tests.shop import LATER, SECONDS, run, server, shop  # noqa: F401 - fixtures

LOGIN = "<html><head><title>Sign in - The shop</title></head><body><form><input type='password'></form></body></html>"
CHALLENGE = "<html><head><title>Just a moment...</title></head><script>window._cf_chl_opt={}</script></html>"
PACKED = gzip.compress(cards().encode())
WHOLE = cards().encode()
TOO_LONG = f"it took longer than {SECONDS} seconds in all"

WAYS = {
    "status 500, always": (answer("oops", status=500), "the answer is status 500"),
    "status 503, always": (answer("oops", status=503), "the answer is status 503"),
    "429 with six hours to wait": (answer("", status=429, Retry_After=21600), "too many requests"),
    "429 with a day far ahead": (
        answer("", status=429, Retry_After="Fri, 31 Dec 2100 23:59:59 GMT"),
        "longer than is waited here",
    ),
    "429 with nonsense to wait": (answer("", status=429, Retry_After="soon"), "InvalidHeader"),
    "page gone": (answer("gone", status=410), "there is no such page"),
    "forbidden": (answer("no", status=403), "the answer is status 403"),
    "body that drips": (forever(head(), b"x", 0.05), TOO_LONG),
    "headers that drip": (forever(b"HTTP/1.1 200 OK\r\nX-", b"x", 0.05), TOO_LONG),
    "silence": (silent, "it sent nothing for 0.2 seconds"),
    "body without end": (forever(head(), b"<p>x</p>" * 8192), "it is larger than 10 MB"),
    "chunk size without end": (
        forever(head(Transfer_Encoding="chunked"), b"1" * 65536),
        "the connection was cut after 0 bytes, twice",
    ),
    "chunks without end": (
        forever(head(Transfer_Encoding="chunked"), b"4000\r\n" + b"x" * 0x4000 + b"\r\n"),
        "it is larger than 10 MB",
    ),
    "100 Continue without end": (forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), TOO_LONG),
    "headers without end": (forever(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 100), "is no HTTP"),
    "one header without end": (forever(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 65536), "is no HTTP"),
    "gzip bomb": (
        answer(gzip.compress(b"\0" * 200_000_000, 9), Content_Encoding="gzip"),
        "unpacked, it is larger than 10 MB",
    ),
    "gzip cut short": (answer(PACKED[:-30], Content_Encoding="gzip"), "it is gzip that ends too early"),
    "gzip that is none": (answer(WHOLE, Content_Encoding="gzip"), "it says that it is gzip, and it is damaged"),
    "packing nobody asked for": (answer(WHOLE, Content_Encoding="br"), 'it came packed as "br"'),
    "latin-1 said to be utf-8": (
        answer(cards([course(0, title="Café"), *COURSES[1:]]).encode("latin-1")),
        "its bytes are not utf-8",
    ),
    "utf-8 said to be latin-1": (
        answer(cards([course(0, title="Café"), *COURSES[1:]]), "text/html; charset=iso-8859-1"),
        "it states the charset iso-8859-1, and its bytes are UTF-8",
    ),
    "charset nobody knows": (answer(WHOLE, "text/html; charset=klingon"), 'its charset is "klingon"'),
    "charset that unpacks": (answer(WHOLE, "text/html; charset=zlib"), 'its charset is "zlib"'),
    "redirect to itself": (redirect("/ce"), "it redirects in a circle"),
    "redirect to a file": (redirect("file:///etc/passwd"), "only http: and https: are followed"),
    "redirect to a private address": (redirect("http://169.254.169.254/meta"), "not one of the provider's hosts"),
    "redirect to another host": (redirect("http://localhost/ce"), "not one of the provider's hosts"),
    "redirect with a password": (redirect("http://me:x@127.0.0.1/ce"), "it holds a user name"),
    "redirect to what robots.txt forbids": (redirect("/private/ce"), "robots.txt forbids it"),
    "redirect to a login": (redirect("/account/login?next=/ce"), "a login page"),
    "redirect to no address": (redirect("http://[x/"), "no address"),
    "login page": (answer(LOGIN), "in its place came a login page"),
    "challenge": (answer(CHALLENGE), "in its place came a page that asks to prove one is human"),
    "challenge with status 403": (answer(CHALLENGE, status=403), "status 403, a page that asks to prove"),
    "captcha in place of the cards": (
        answer('<html><body><div class="g-recaptcha"></div></body></html>'),
        "a page that asks to prove one is human, it seems",
    ),
    "empty catalog": (answer(cards([])), "there are no rows at all"),
    "page of something else": (answer("<html><body><h1>We moved</h1></body></html>"), "looked for"),
    "empty page": (answer(""), "looked for"),
    "catalog halved": (answer(cards(COURSES[:5])), "5 of 10 rows are gone, 50%"),
    "one course left": (answer(cards(COURSES[:1])), "9 of 10 rows are gone, 90%"),
    "total not reached": (answer(cards(total=25)), "the pages declare 25 courses, and 10 were found"),
    "prices times 100": (
        answer(cards([{**one, "price": f"{one['price'][:2]}00.00"} for one in COURSES])),
        "the median price moved from 14.50 to 1450.00",
    ),
    "prices a hundredth": (
        answer(cards([{**one, "price": f"0.{one['price'][:2]}"} for one in COURSES])),
        "the median price moved from 14.50 to 0.14",
    ),
    "hours gone from two of ten": (
        answer(cards([*COURSES[:8], *({**one, "hours": ""} for one in COURSES[8:])])),
        "80% of the rows have credits, after 100%",
    ),
    "ids that repeat": (answer(cards([*COURSES, course(3)])), "keys come more than once: shop:c3"),
    "connection cut in the body": (raw(head(content_length=len(WHOLE)), WHOLE[:700]), "cut after 700 bytes, twice"),
    "chunk cut": (raw(head(Transfer_Encoding="chunked"), b"50\r\nhalf"), "the connection was cut after"),
    "length too small": (raw(head(content_length=900), WHOLE), "the pages declare 10 courses, and"),
    "length that is two": (raw(head(content_length="5, 9"), WHOLE), "InvalidHeader"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "is no HTTP"),
    "hang-up": (raw(), "is no HTTP"),
    "304 out of the blue": (answer("", status=304), "nothing was asked about"),
    "binary garbage": (answer(bytes(range(256)) * 40), "its bytes are not utf-8"),
    "NULs": (answer(cards().replace("Wound", "Wo\0und")), "it holds NUL bytes"),
    "an image": (answer(b"\x89PNG", "image/png"), 'its content type is "image/png"'),
    "no content type": (raw(b"HTTP/1.1 200 OK\r\n\r\n", WHOLE), 'its content type is "not said"'),
    "elements in elements": (answer("<div>" * 200_000), "looked for"),
    "next page that is a file": (answer(cards(total=20, following="file:///etc/passwd")), "looked for a further page"),
    "next page on another host": (answer(cards(total=20, following="//evil.example/")), "looked for a further page"),
}  # fmt: skip
"""What the server does in place of sending the page, and what is said of it."""

JSON_WAYS = {
    "JSON cut short": (
        answer(products()[:-40], "application/json"),
        "looked for a list of WooCommerce products",
    ),
    "JSON of something else": (answer("{}", "application/json"), "looked for a list of WooCommerce products"),
    "JSON too deep": (answer("[" * 100_000, "application/json"), "looked for"),
    "HTML where JSON was asked for": (
        answer(cards()),
        'json was asked for, and its content type is "text/html"',
    ),
    "login where JSON was asked for": (answer(LOGIN), "in its place came a login page"),
    "numbers that are none": (answer('[{"id": NaN}]', "application/json"), "looked for"),
    "total in a header not reached": (
        answer(products(), "application/json", X_WP_Total=300),
        "the pages declare 300 courses, and 10 were found",
    ),
    "total that is no number": (
        answer(products(), "application/json", X_WP_Total="many"),
        "the header X-WP-Total",
    ),
    "ids that repeat in JSON": (
        answer(json.dumps(json.loads(products()) * 2), "application/json", X_WP_Total=10),
        "keys come more than once",
    ),
}

ROBOTS_WAYS = {
    "robots.txt forbids": (
        answer("User-agent: *\nDisallow: /\n", "text/plain"),
        "the site's robots.txt forbids it",
    ),
    "robots.txt forbids us by name": (
        answer("User-agent: ceuplan\nDisallow: /*ce$\n\nUser-agent: *\nAllow: /\n", "text/plain"),
        "the site's robots.txt forbids it",
    ),
    "robots.txt fails": (answer("", status=500), "its robots.txt could not be read (status 500)"),
    "robots.txt may not be read": (answer("", status=403), "its robots.txt may not be read (status 403)"),
    "robots.txt is silent": (silent, "its robots.txt could not be read (it sent nothing"),
    "robots.txt without end": (
        forever(head(), b"#" * 65536),
        "its robots.txt could not be read (it is larger",
    ),
    "robots.txt leads away": (redirect("http://10.0.0.1/robots.txt"), "its robots.txt could not be read"),
    "robots.txt asks for an hour": (
        answer("User-agent: *\nCrawl-delay: 3600\n", "text/plain"),
        "asks for 3600 seconds between two pages",
    ),
}


@pytest.fixture
def refused(shop):
    """Refresh a shop that was good, and hold what must hold whatever its server does."""

    def hold(said):
        before = shop.files()
        tracemalloc.start()
        try:
            ran = shop.refresh("--write", day=LATER)
        finally:
            tracemalloc.stop()
        assert said in ran.err
        assert "shop: refused, its file stays as it is: " in ran.err
        assert (ran.code, ran.out) == (8, "shop: refused\n")
        assert shop.files() == before
        assert ran.seconds < 10  # of which, alone on a machine, it takes at most two
        assert ran.peak < 64_000_000

    return hold


@pytest.mark.parametrize("way", WAYS)
def test_page(shop, refused, way):
    shop.stocked()
    shop.server.replies["/ce"], said = WAYS[way]
    shop.sells(LOGIN, "/account/login?next=/ce")
    refused(said)


@pytest.mark.parametrize("way", JSON_WAYS)
def test_json(shop, refused, way):
    shop.provide(JSON_PROVIDER, "/ce?per_page=100")
    shop.sells(products(), "/ce?per_page=100", content_type="application/json", X_WP_Total=10)
    assert shop.refresh("--write").code == 0
    shop.server.replies["/ce?per_page=100"], said = JSON_WAYS[way]
    refused(said)


@pytest.mark.parametrize("way", ROBOTS_WAYS)
def test_robots(shop, refused, way):
    shop.stocked()
    shop.server.replies["/robots.txt"], said = ROBOTS_WAYS[way]
    asked = shop.server.paths().count("/ce")
    refused(said)
    assert shop.server.paths().count("/ce") == asked


def test_redirects_one_after_another(shop, refused):
    shop.stocked()
    for step in range(9):
        shop.server.replies["/ce" if step == 0 else f"/{step}"] = redirect(f"/{step + 1}")
    refused("it redirects more than 5 times")


def test_huge_number_of_links(shop, refused):
    shop.stocked()
    listed = "".join(f"<url><loc>{shop.server.url(f'/course/{one}/')}</loc></url>" for one in range(1_500))
    shop.provide(SITEMAP_PROVIDER, "/sitemap.xml")
    shop.sells(f"<urlset>{listed}</urlset>", "/sitemap.xml", content_type="application/xml")
    refused("looked for at most 500 pages in all, found links to 1,501")
    assert not any(path.startswith("/course/") for path in shop.server.paths())


def test_list_that_goes_round_in_circles(shop, refused):
    """Tests a shop whose every page is the first one, and says that there is another."""
    shop.stocked()
    for page in range(5):
        path = "/ce" if page == 0 else f"/ce?page={page}"
        shop.sells(cards(total=60, following=f"/ce?page={page + 1}"), path)
    refused("keys come more than once")
    assert "/ce?page=2" not in shop.server.paths()


def test_second_page_fails(shop, refused):
    shop.stocked()
    shop.sells(cards(total=20, following="/ce?page=2"))
    shop.server.replies["/ce?page=2"] = answer("oops", status=500)
    refused("/ce?page=2: the answer is status 500")


def test_nobody_is_there(shop, refused):
    shop.stocked()
    shop.server.stop()
    refused("nobody answers there")


def test_private_address_without_leave(shop):
    shop.stocked()
    before, asked = shop.files(), len(shop.server.asked)

    ran = shop.refresh("--write", private=False)

    assert (ran.code, shop.files()) == (8, before)
    assert "127.0.0.1 is at 127.0.0.1, a loopback address: it is not asked" in ran.err
    assert len(shop.server.asked) == asked


def test_server_that_recovers_is_read(shop):
    """Tests that passing trouble is waited out: a 503, a short Retry-After, a connection that breaks."""
    shop.server.replies["/ce"] = in_turn(
        answer("", status=503),
        answer("", status=429, Retry_After=0),
        raw(head(content_length=len(WHOLE)), WHOLE[:700]),
        answer(PACKED, Content_Encoding="gzip"),
    )
    shop.server.replies["/robots.txt"] = answer("", status=404)

    assert shop.refresh("--write").code == 0
    assert len(shop.rows()) == 10


def test_link_to_itself_is_followed_once(shop):
    shop.sells(cards(following="/ce"))

    assert shop.refresh("--write").code == 0
    assert shop.server.paths().count("/ce") == 1


def test_refused_page_is_kept_to_be_looked_at_and_never_parsed(shop):
    shop.opened()
    shop.sells(LOGIN)
    shop.refresh(day=LATER)

    (kept,) = (shop.cache / "shop" / "pages").glob("*.refused.body")
    assert kept.read_text("utf-8") == LOGIN
    assert shop.refresh("--offline", day=LATER).out.startswith("shop: 10 rows read, nothing changed")


def test_one_bad_provider_hides_no_good_one(shop):
    shop.stocked()
    text = (shop.providers / "shop.toml").read_text("utf-8")
    (shop.providers / "bad.toml").write_text(
        text.replace('"shop"', '"bad"').replace('/ce"]', '/bad"]'), "utf-8"
    )
    shop.sells(cards([course(0, price="11.00"), *COURSES[1:]]))

    ran = shop.refresh("--write", day=LATER)

    assert ran.code == 8
    assert "bad: refused" in ran.out
    assert "price 10.00 → 11.00" in ran.out
    assert shop.rows()["shop:c0"].price == 1100
