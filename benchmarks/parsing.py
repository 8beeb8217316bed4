"""Time the reading of a long list of price cards, beside the loop that tutorials teach.

    uv run python benchmarks/parsing.py [--cards 5000] [--rounds 7]

The page is made here. `parse_page` gives checked catalog rows; the loop, BeautifulSoup with a handful of
selectors a card, gives unchecked texts. Each round runs both, one after the other, so that a busy moment of the
machine hits both alike; where others keep it busy, look at the CPU's time.
A list of 5,000 cards should be read in less than a second.
"""

import argparse
import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bs4 import BeautifulSoup

from scrapers.described import Listing, Provider
from scrapers.provider import parse_page
from scrapers.provider_file import read_provider

EXAMPLE = Path(__file__).parent.parent / "tests" / "providers" / "example-cards.toml"
SEEN = date(2026, 11, 22)
LIMIT = 1.0
"""The most seconds that 5,000 cards should take."""


def card(number: int) -> str:
    """Return one card of the list."""
    return (
        f'<div class="card"><div class="card-body"><h4><a href="/ce/c{number}/a-course">Course {number} &amp; more'
        f'</a></h4><p>What it is about, in a sentence or two.</p><p class="text-success fw-900">${number % 500 + 5}.00'
        f'</p><p class="hours">{number % 5 + 1}.0 ANCC Contact Hour(s)</p></div></div>\n'
    )


def page(cards: int) -> str:
    """Return a page with so many cards."""
    return f"<html><body><main>{''.join(map(card, range(cards)))}</main></body></html>"


def provider() -> Provider:
    """Return the tests' example, for a list on one page."""
    return replace(read_provider(EXAMPLE), listing=Listing(card="div.card-body"))


def tutorial(html: str) -> list[dict[str, str]]:
    """Return what the usual loop finds: texts, as they stand."""
    soup = BeautifulSoup(html, "lxml")
    rows = []
    for one in soup.select("div.card-body"):
        link, price, hours = (one.select_one(css) for css in ("h4 a", ".text-success", "p.hours"))
        assert link is not None
        assert price is not None
        assert hours is not None
        title, cost = link.get_text(strip=True), price.get_text(strip=True).lstrip("$")
        rows.append(
            {"title": title, "url": str(link["href"]), "price": cost, "hours": hours.get_text().split()[0]}
        )
    return rows


def seconds(work: Callable[[], int], cards: int) -> tuple[float, float]:
    """Return how long a reading takes, by the clock and of the processor's time; it must find every card."""
    began, began_process = perf_counter(), process_time()
    found = work()
    took = perf_counter() - began, process_time() - began_process
    if found != cards:
        sys.exit(f"{found} rows of {cards} cards")
    return took


def timed(cards: int, rounds: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return a pair of times a round, ours first; a first, untimed round warms the caches."""
    html, described = page(cards), provider()
    works = (
        lambda: len(parse_page(described, html, described.start[0], SEEN).rows),
        lambda: len(tutorial(html)),
    )
    return [(seconds(works[0], cards), seconds(works[1], cards)) for _ in range(rounds + 1)][1:]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cards", type=int, default=5000, help="cards on the page (default 5000)")
    parser.add_argument("--rounds", type=int, default=7, help="timed rounds (default 7)")
    given = parser.parse_args()
    times = timed(given.cards, given.rounds)
    ratio = median(theirs[1] / own[1] for own, theirs in times)
    print("| read by | median s | fastest s | median s of CPU | gives |\n|---|---|---|---|---|")
    for name, nth, gives in (
        ("parse_page", 0, "checked rows of 27 columns"),
        ("BeautifulSoup, a loop", 1, "4 texts a card"),
    ):
        clock, process = zip(*(one[nth] for one in times), strict=True)
        told = " (exceeded)" if (nth, given.cards) == (0, 5000) and median(clock) > LIMIT else ""
        print(f"| {name} | {median(clock):.2f}{told} | {min(clock):.2f} | {median(process):.2f} | {gives} |")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("lxml", "beautifulsoup4"))
    print(f"\n{given.cards} cards, {given.rounds} rounds; the loop takes {ratio:.1f} times the CPU;")
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} CPUs, {versions}"
    )


if __name__ == "__main__":
    main()
