"""One course page of continuingeducation.com → one offering.

The page names its list price and its price under the site's CE-PRO subscription, the hours, and one sentence
with the credit, its category and every numbered AAMA approval with its first and last day. Whatever is not
said exactly once, in that shape, raises `PageChanged`: half a row would be worse than none.
"""

import re
from typing import NoReturn
from urllib.parse import urlsplit

from scrapers.aama_sentence import DATE, sentences, shortest, stated_approvals, stated_credits, stated_day
from scrapers.described import Provider
from scrapers.pages import PageChanged, one_line, quoted, readable
from scrapers.parsed import Item, Reading

CE_PRO = "continuingeducation-ce-pro"
"""The pass under which the second price holds."""

_HOSTS = ("www.continuingeducation.com", "continuingeducation.com")
_CODE = re.compile(r"/course/([a-z0-9-]+)/", re.ASCII)
_PRICE = re.compile(r"(CE-PRO )?Price:\s?(.*?)(?=(?:CE-PRO )?Price:|$)")
_PRICE_REACH = 40
"""Characters after a price label that are read as its value."""
_AMOUNT = re.compile(r"\$\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{2})?(?![\d.,]*\d)", re.ASCII)
_NOT_THE_WHOLE_PRICE = re.compile(r"\s*(?:[-\u2013\u2014/%+]|(?:to|or|and|per|off|each|a)\b)", re.IGNORECASE)
_RAISED_CENTS = re.compile(r"\s*\d\d\b", re.ASCII)
_HOURS = re.compile(r"Medical Assistants? \(([^)]*) Hours?\)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d{1,2})?", re.ASCII)
_TERMINATION = re.compile(rf"Termination(?: date)?: ?({DATE}|.{{0,20}})", re.IGNORECASE | re.ASCII)


def read(_: Provider, text: str, url: str) -> Reading:
    """Return the course of one page, or raise `PageChanged`."""
    page = _Page(text, url)
    price, plan_price = page.prices()
    cells = {
        "id": page.code(),
        "title": page.title(),
        "url": url,
        "credits": page.credits(),
        "unit": "aama_ceu",
        "approvals": page.approvals(),
        "hours": page.hours(),
        "price": price,
        "member_price": plan_price,
        "passes": CE_PRO if plan_price else "",
        "available_until": page.termination(),
    }
    return Reading((Item(f"the course {cells['id']}", cells),))


class _Page:
    """Read single facts off one page; each method looks for one thing and raises if it is not said once."""

    def __init__(self, html: str, url: str) -> None:
        self._url = url
        self._soup = readable(html)
        self._text = one_line(self._soup)
        if not self._text:
            self._refuse("a course page", "an empty page")
        found = sentences(self._text)
        if len(found) != 1:
            self._refuse("one AAMA approval sentence", self._instead_of_sentence(len(found)))
        self._sentence = found[0]

    def code(self) -> str:
        """Return the course's code, which only the address states for sure."""
        parts = urlsplit(self._url)
        found = _CODE.match(parts.path)
        if parts.hostname not in _HOSTS or not found:
            self._refuse("an address like https://www.continuingeducation.com/course/CODE/…/", "another")
        return found[1]

    def title(self) -> str:
        headings = [one_line(tag) for tag in self._soup.find_all("h1")]
        if len(headings) != 1 or not headings[0]:
            self._refuse("one <h1> with the course's title", quoted(" / ".join(headings)))
        return headings[0]

    def prices(self) -> tuple[str, str]:
        """Return the list price and the CE-PRO price; the second is empty where the page has none."""
        listed: list[str] = []
        under_plan: list[str] = []
        for label in _PRICE.finditer(self._text):
            (under_plan if label[1] else listed).append(label[2][:_PRICE_REACH].strip())
        if len(listed) != 1:
            self._refuse('one "Price:"', quoted(" / ".join(listed)))
        if len(under_plan) > 1:
            self._refuse('at most one "CE-PRO Price:"', quoted(" / ".join(under_plan)))
        return self._amount(listed[0]), self._amount(under_plan[0]) if under_plan else ""

    def hours(self) -> str:
        stated = set(_HOURS.findall(self._text))
        number = stated.pop() if len(stated) == 1 else ""
        if not _NUMBER.fullmatch(number):
            self._refuse('one number of hours, as in "Medical Assistants (1.00 Hours)"', quoted(number))
        return shortest(number)

    def credits(self) -> str:
        return stated_credits(self._sentence, self._url)

    def approvals(self) -> str:
        return stated_approvals(self._sentence, self._url)

    def termination(self) -> str:
        """Return the last day the course is offered; empty where the page states none."""
        stated = set(_TERMINATION.findall(self._text))
        if not stated:
            return ""
        if len(stated) > 1:
            self._refuse("at most one termination date", quoted(" / ".join(sorted(stated))))
        return stated_day(stated.pop(), self._url).isoformat()

    def _amount(self, said: str) -> str:
        found = _AMOUNT.match(said)
        raised = found and not found[2] and _RAISED_CENTS.match(said, found.end())
        if not found or raised or said.count("$") != 1 or _NOT_THE_WHOLE_PRICE.match(said, found.end()):
            self._refuse("exactly one amount after a price label", quoted(said))
        return found[1].replace(",", "") + (found[2] or ".00")

    def _instead_of_sentence(self, sentences: int) -> str:
        if sentences:
            return f"{sentences} of them"
        if self._soup.find("input", type="password"):
            return "a page with a login form and no such sentence"
        return "none; the page begins " + quoted(self._text)

    def _refuse(self, looked_for: str, found: str) -> NoReturn:
        raise PageChanged(self._url, looked_for, found)
