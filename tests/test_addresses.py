"""Addresses in pages: absolute, on the provider's own hosts, without sessions and trackers; or refused."""

import pytest

from catalogs.faults import BadValue
from scrapers.addresses import address, path_end, query_number, with_page

PAGE = "https://www.example.org/ce/list?page=2"
HOSTS = ("www.example.org", "example.org")


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/ce/c1", "https://www.example.org/ce/c1"),
        ("/ce/c1/", "https://www.example.org/ce/c1/"),
        ("c1", "https://www.example.org/ce/c1"),
        ("../c1", "https://www.example.org/c1"),
        ("/ce/../c1", "https://www.example.org/c1"),
        ("?page=3", "https://www.example.org/ce/list?page=3"),
        ("//example.org/c1", "https://example.org/c1"),
        ("http://example.org/c1", "http://example.org/c1"),
        (" https://www.example.org/c1#top ", "https://www.example.org/c1"),
        ("https://WWW.EXAMPLE.ORG/c1", "https://WWW.EXAMPLE.ORG/c1"),
        ("https://www.example.org:8443/c1", "https://www.example.org:8443/c1"),
        ("/c;jsessionid=A1.node-2?productId=c1", "https://www.example.org/c?productId=c1"),
        ("/c?PHPSESSID=1", None),
        ("/c?sessionid=1&id=2&utm_source=mail&gclid=3", "https://www.example.org/c?id=2"),
        ("/c?a=%2F&b=x+y", "https://www.example.org/c?a=%2F&b=x+y"),
    ],
)
def test_address_is_made_absolute_and_clean(href, expected):
    assert address(href, PAGE, HOSTS) == (expected or "https://www.example.org/c")


@pytest.mark.parametrize(
    ("href", "words"),
    [
        ("https://evil.example/c1", "evil.example"),
        ("https://www.example.org.evil.example/", "www.example.org.evil.example"),
        ("https://www.example.orghttps://www.example.org/c1", "two addresses"),
        ("/out?to=1/https://www.example.org", None),
        ("/out/https://www.example.org", "two addresses"),
        ("https://me:secret@www.example.org/", "not one of"),
        ("javascript:alert(1)", "not an address of the web"),
        ("data:text/html,x", "not an address of the web"),
        ("file:///etc/passwd", "not an address of the web"),
        ("https://www.example.org:99999/", "not an address"),
        ("https://[www.example.org/", "not an address"),
        ("/a b", "a character no address has"),
        ("/a\nb", "a character no address has"),
        ('/"><script>', "a character no address has"),
    ],
)
def test_address_of_something_else_is_refused(href, words):
    if words is None:  # an address in a query is the site's own business
        assert address(href, PAGE, HOSTS).startswith("https://www.example.org/out?")
        return
    with pytest.raises(BadValue) as refused:
        address(href, PAGE, HOSTS)
    assert words in refused.value.problem


def test_pages_of_a_list():
    assert (
        with_page("https://x.example/p?per_page=100&page=1", 2) == "https://x.example/p?per_page=100&page=2"
    )
    assert with_page("https://x.example/p", 2) == "https://x.example/p?page=2"
    assert query_number("https://x.example/p?page=07", "page", 1) == 7
    assert query_number("https://x.example/p?page=two", "page", 1) == 1
    assert path_end("https://x.example/a/b/?c=d/e") == "b"
