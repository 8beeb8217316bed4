"""The sentence in which a page states the AAMA's approval: credit, category, numbers and windows.

    prior approval by the American Association of Medical Assistants (AAMA) for 1.0 clinical continuing
    education unit(s) (approval #134207 for 8/30/2018 to 8/29/2019, …)

Its wording was seen on one archived page; whatever departs from it raises `PageChanged`.
"""

import re
from datetime import date
from decimal import Decimal
from time import strptime

from scrapers.pages import PageChanged, quoted

DATE = r"(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}|[A-Z][a-z]+ \d{1,2}, \d{4})"

_SENTENCE = re.compile(
    r"prior approval by the American Association of Medical Assistants \(AAMA\) for "
    r"(?P<credit>.{0,80}?) continuing education units?(?:\(s\))? ?\((?P<windows>[^()]*)\)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d{1,2})?", re.ASCII)
_CATEGORIES = ("administrative", "clinical", "general")
_WINDOW = re.compile(rf"#?(?P<number>\d+) for (?P<first>{DATE}) to (?P<last>{DATE})", re.ASCII)
_BETWEEN_WINDOWS = re.compile(r"[\s,;.]|\bapprovals?\b|\band\b", re.IGNORECASE)
_DATE_FORMS = ("%m/%d/%Y", "%Y-%m-%d", "%B %d, %Y")


def sentences(text: str) -> list[re.Match[str]]:
    """Return every such sentence of a page's text."""
    return list(_SENTENCE.finditer(text))


def stated_credits(sentence: re.Match[str], url: str) -> str:
    """Return the credit as a cell of the catalog."""
    credit = sentence["credit"]
    number, _, category = credit.lower().partition(" ")
    if not _NUMBER.fullmatch(number) or category not in _CATEGORIES or not Decimal(number):
        raise PageChanged(url, 'one number and one category, as in "1.0 clinical"', quoted(credit))
    return f"{category}={shortest(number)}"


def stated_approvals(sentence: re.Match[str], url: str) -> str:
    """Return the approvals as a cell of the catalog, by first day."""
    said = sentence["windows"]
    windows = sorted((_window(found, url), found["number"]) for found in _WINDOW.finditer(said))
    left_over = " ".join(_BETWEEN_WINDOWS.sub(" ", _WINDOW.sub("", said)).split())
    if not windows or left_over:
        looked_for = 'approvals, each as in "#1 for 8/30/2018 to 8/29/2019"'
        raise PageChanged(url, looked_for, quoted(left_over or said))
    return "; ".join(f"aama#{number}@{first}/{last}" for (first, last), number in windows)


def _window(found: re.Match[str], url: str) -> tuple[date, date]:
    first, last = stated_day(found["first"], url), stated_day(found["last"], url)
    if last < first:
        raise PageChanged(url, "an approval that ends after it begins", quoted(found[0]))
    return first, last


def stated_day(text: str, url: str) -> date:
    """Return the day of a date as such pages write it."""
    for form in _DATE_FORMS:
        try:
            return date(*strptime(text, form)[:3])
        except ValueError:
            continue
    raise PageChanged(url, "a date", quoted(text))


def shortest(number: str) -> str:
    """Return 1.50 as 1.5 and 10.0 as 10."""
    return f"{Decimal(number).normalize():f}"
