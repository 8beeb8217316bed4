"""The HTML report in a real browser: nothing leaves the file, nothing is refused, everybody can read it, it prints.

Skipped where no Chromium is installed; `.ci/run` installs one where it can.
"""

import re
import shutil

import pytest

from tests.reports import page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SCREENS = {"phone": (360, 740, "light"), "desktop": (1280, 900, "dark")}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page in a window of its own; hold what it asked for and said."""
    windows = []

    def opening(html: str, screen: str):
        width, height, scheme = SCREENS[screen]
        window = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        windows.append(window)
        tab = window.new_page()
        told = []
        tab.on("request", lambda request: told.append(request.url))
        tab.on("requestfailed", lambda request: told.append(f"{request.url} failed: {request.failure}"))
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
        file = tmp_path / "plan.html"
        file.write_text(html, "utf-8")
        tab.goto(file.as_uri(), wait_until="load")
        assert told.pop(0) == file.as_uri()
        return tab, told

    yield opening
    for window in windows:
        window.close()


@pytest.mark.parametrize(
    ("name", "screen"),
    [("full", "phone"), ("full", "desktop"), ("partial", "phone"), ("several", "phone"), ("hostile", "phone"),
     ("hostile", "desktop")],
)  # fmt: skip
def test_page_is_quiet_accessible_and_fits(opened, name, screen):
    from axe_playwright_python.sync_playwright import Axe

    tab, told = opened(page(name), screen)
    width, _, _ = SCREENS[screen]
    found = Axe().run(tab)

    assert told == []
    assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    seen = "[...document.querySelectorAll('svg')].filter(one => one.checkVisibility()).length"
    assert tab.evaluate(seen) * 2 == page(name).count("<svg ")
    assert tab.evaluate(
        "[...document.querySelectorAll('main table')].every(t => t.scrollWidth <= t.clientWidth)"
    )


def test_violations_and_requests_would_be_seen(opened):
    """Tests the watch itself, on a page that is loud, unreadable and wider than a phone."""
    from axe_playwright_python.sync_playwright import Axe

    loud = '<html><p style="color:#ddd;width:999px">pale<img src="https://example.org/x.png"><script>console.log(1)</script>'
    tab, told = opened(loud, "phone")

    assert "1" in told
    assert any(one.startswith("https://example.org") for one in told)
    assert Axe().run(tab).violations_count > 0
    assert tab.evaluate("document.documentElement.scrollWidth") > 360


def test_policy_of_the_page_refuses_what_an_attack_would_do(opened):
    """Tests that even a script or an image that got into the page would do nothing."""
    attacked = page("full").replace(
        "<main>", '<main><script>alert(1)</script><img src="https://example.org/x.png">'
    )
    _, told = opened(attacked, "phone")

    assert "https://example.org/x.png failed: csp" in told
    assert all("Content Security Policy" in one for one in told if "example.org/x.png" not in one), told
    assert sum("Content Security Policy" in one for one in told) == 2


def test_answer_stands_in_the_first_screen_of_a_phone(opened):
    tab, _ = opened(page("full"), "phone")
    bottom = tab.evaluate("document.querySelector('.shopping').getBoundingClientRect().bottom")
    assert bottom <= 740
    assert "$63.49" in tab.locator(".facts").inner_text()


def test_page_prints_without_colors_or_cut_rows(opened):
    tab, told = opened(page("several"), "desktop")
    printed = tab.pdf(format="Letter", print_background=False)
    tab.emulate_media(media="print")

    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) >= 2
    assert told == []
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
    assert tab.evaluate(
        "[...document.querySelectorAll('tr')].every(r => getComputedStyle(r).breakInside == 'avoid')"
    )
