"""A web server on loopback that does what a test tells it, however wrong; and a shop of ten courses to put on it."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterable

TITLES = (
    "Infection control", "Safe injections", "Taking a history", "Front desk law", "Coding basics",
    "Wound care", "Spirometry", "Team meetings", "Vaccine storage", "Emergency calls",
)  # fmt: skip
ROBOTS = b"User-agent: *\nDisallow: /private/\n"


class Server(socketserver.ThreadingTCPServer):
    """Answer each path as its reply says, and keep what was asked."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self):
        self.replies = {"/robots.txt": answer(ROBOTS, "text/plain")}
        self.asked = []
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self):
        return [path for path, _ in self.asked]

    def stop(self):
        self.over.set()
        self.shutdown()
        self.thread.join()
        self.server_close()

    def handle_error(self, request, client_address):
        """Say nothing of clients that hang up, as they should."""


class Handler(socketserver.StreamRequestHandler):
    """Read one request, and let the reply write what it wants."""

    def handle(self):
        _, path, _ = self.rfile.readline().decode("latin-1").split(" ")
        headers = {}
        while (line := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.casefold()] = value.strip()
        self.server.asked.append((path, headers))
        reply = self.server.replies.get(path, answer(b"not here", status=404))
        reply(self.send, headers, self.server.over)

    def send(self, data: bytes):
        self.wfile.write(data)
        self.wfile.flush()


type Reply = Callable[[Callable[[bytes], None], dict[str, str], threading.Event], None]


def head(status=200, content_type="text/html; charset=utf-8", **headers):
    """Return the first lines of an answer; `content_length=5` is the header Content-Length."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {content_type}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def answer(body, content_type="text/html; charset=utf-8", status=200, **headers) -> Reply:
    """Return the reply of a well-behaved server."""
    body = body.encode() if isinstance(body, str) else body
    whole = head(status, content_type, content_length=len(body), **headers) + body
    return lambda send, *_: send(whole)


def redirect(to) -> Reply:
    return answer(b"", status=302, location=to)


def raw(*pieces: bytes) -> Reply:
    """Return a reply of just these bytes; then the connection is closed."""
    return lambda send, *_: send(b"".join(pieces))


def forever(first: bytes, piece: bytes, pause=0.0) -> Reply:
    """Return a reply that never ends."""

    def reply(send, _, over):
        send(first)
        while not over.wait(pause):
            send(piece)

    return reply


def silent(_, __, over):
    """Say nothing until the test is over."""
    over.wait(30)


def in_turn(*replies: Reply) -> Reply:
    """Return a reply that is another one each time; the last one stays."""
    left = list(replies)

    def reply(send, headers, over):
        now = left.pop(0) if len(left) > 1 else left[0]
        now(send, headers, over)

    return reply


def course(number, title=None, price=None, hours="1", area="Clinical"):
    """Return one course as its card shows it."""
    title = TITLES[number % len(TITLES)] if title is None else title
    return {
        "id": f"c{number}",
        "title": title,
        "price": price or f"{10 + number}.00",
        "hours": hours,
        "area": area,
    }


COURSES = tuple(course(number) for number in range(10))


def card(one):
    """Return one course's card; a course without hours says nothing of them."""
    hours = one["hours"] and f"<i>{one['hours']} hours</i>"
    named = f'<h4><a href="/ce/{one["id"]}">{one["title"]}</a></h4>'
    return f'<div class="card">{named}<b>${one["price"]}</b>{hours}<u>{one["area"]}</u></div>\n'


def cards(courses: Iterable[dict[str, str]] = COURSES, total=None, following="", title="Courses", extra=""):
    """Return a page of price cards."""
    courses = tuple(courses)
    listed = "".join(map(card, courses))
    more = f'<a rel="next" href="{following}">More</a>' if following else ""
    count = len(courses) if total is None else total
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>{extra}'
        f'<p class="found">{count} courses</p>{listed}{more}</body></html>'
    )


PROVIDER = """
id = "shop"
name = "A shop invented for a test"
platform = "cards"
start = ["{start}"]
hosts = ["127.0.0.1"]
read = "never"
doubt = "It does not exist."
{more}
[gates]
least_rows = 1
covered = ["title"]
[constants]
kind = {{ value = "course", source = "invented" }}
unit = {{ value = "contact_hour", source = "invented" }}
approvals = {{ value = "aama", source = "invented" }}
[listing]
card = "div.card"
total = "p.found"
next = "a[rel=next]"
[places]
id = {{ at = "h4 a", attribute = "href", pattern = '/ce/(\\w+)' }}
title = {{ at = "h4" }}
price = {{ at = "b" }}
hours = {{ at = "i", optional = true }}
credits = {{ at = "i", pattern = '([\\d.]+) hours', optional = true }}
category = {{ at = "u" }}
"""

JSON_PROVIDER = """
id = "shop"
name = "A shop invented for a test"
platform = "woocommerce"
start = ["{start}"]
hosts = ["127.0.0.1"]
read = "never"
doubt = "It does not exist."
total_header = "X-WP-Total"
[gates]
least_rows = 1
covered = ["title"]
[constants]
unit = {{ value = "contact_hour", source = "invented" }}
credits = {{ value = "any=1", source = "invented" }}
"""

SITEMAP_PROVIDER = """
id = "shop"
name = "A shop invented for a test"
platform = "ace"
start = ["{start}"]
hosts = ["127.0.0.1"]
read = "never"
doubt = "It does not exist."
[gates]
least_rows = 1
covered = ["title"]
"""


def products(courses: Iterable[dict[str, str]] = COURSES):
    """Return courses as a WooCommerce shop lists them."""
    return json.dumps(
        [
            {
                "id": int(one["id"][1:]),
                "name": one["title"],
                "type": "simple",
                "is_in_stock": True,
                "is_purchasable": True,
                "prices": {
                    "currency_code": "USD",
                    "currency_minor_unit": 2,
                    "price": one["price"].replace(".", ""),
                    "regular_price": one["price"].replace(".", ""),
                    "sale_price": one["price"].replace(".", ""),
                    "price_range": None,
                },
            }
            for one in courses
        ]
    )
