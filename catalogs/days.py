"""Cells that hold a day: read leniently where only one day can be meant, written as ISO dates."""

import re
from datetime import date

from catalogs.faults import BadValue

FIRST_YEAR, LAST_YEAR = 1900, 2199

# Spelled out: the calendar module's names follow the machine's locale.
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(?P<time>[t ][0-9].*)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}")
_MIDNIGHT = re.compile(r"[t ]00:00(?::00(?:\.0+)?)?(?:z|\+00:00)?")
_MONTH_DAY = r"(?P<month>[a-z]+)\.?[ -](?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_DAY_MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[ -](?P<month>[a-z]+)\.?"
_NAMED = tuple(re.compile(form + r"(?:, ?| |-)(?P<year>[0-9]{4})") for form in (_MONTH_DAY, _DAY_MONTH))
_NAMED_MONTH_DAY = tuple(re.compile(form) for form in (_MONTH_DAY, _DAY_MONTH))

_REMEDY = "Write the date as year-month-day, such as 2027-03-04; leave the cell empty if nobody says it."
_MONTH_DAY_REMEDY = "Write month-day, such as 12-31."


def parse_day(text: str) -> date:
    """Return the day meant by `2027-03-03`, `Mar 3, 2027`, `3 March 2027` or `12/31/2027`."""
    tidy = " ".join(text.split()).casefold()
    if match := _YEAR_FIRST.fullmatch(tidy):
        if match["time"] and not _MIDNIGHT.fullmatch(match["time"]):
            raise BadValue(problem="it has a time of day, and only whole days count", remedy=_REMEDY)
        return _day({(int(match[1]), int(match[3]), int(match[4]))})
    if match := _YEAR_LAST.fullmatch(tidy):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        return _day({(year, first, second), (year, second, first)})
    if _SHORT_YEAR.fullmatch(tidy):
        raise BadValue(problem="the year has two digits, so the date is ambiguous", remedy=_REMEDY)
    for form in _NAMED:
        if match := form.fullmatch(tidy):
            return _day({(int(match["year"]), _month(match["month"], _REMEDY), int(match["day"]))})
    raise BadValue(problem="it is not a date", remedy=_REMEDY)


def _day(readings: set[tuple[int, int, int]]) -> date:
    """Return the one reading that is a day of the calendar."""
    days = [day for reading in readings if (day := _possible(*reading))]
    if not days:
        raise BadValue(problem="there is no such day", remedy=_REMEDY)
    if len(days) > 1:
        first, second = sorted(days)
        raise BadValue(problem=f"it is ambiguous: it could be {first} or {second}", remedy=_REMEDY)
    if not FIRST_YEAR <= days[0].year <= LAST_YEAR:
        problem = f"its year is not between {FIRST_YEAR} and {LAST_YEAR}"
        raise BadValue(problem, "Write the real year; leave the cell empty if there is no limit.")
    return days[0]


def _possible(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str, remedy: str) -> int:
    for number, name in enumerate(_MONTHS, 1):
        if word in (name, name[:3]) or (word == "sept" and number == 9):
            return number
    raise BadValue(problem="it names no month", remedy=remedy)


def write_day(day: date) -> str:
    """Return a day as an ISO date."""
    return day.isoformat()


def parse_month_day(text: str) -> tuple[int, int]:
    """Return the month and day of a yearly date such as `12-31` or `Dec 31`."""
    tidy = " ".join(text.split()).casefold()
    if match := re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", tidy):
        month, day = int(match[1]), int(match[2])
    else:
        named = next((match for form in _NAMED_MONTH_DAY if (match := form.fullmatch(tidy))), None)
        if named is None:
            raise BadValue(problem="it is not a month and a day", remedy=_MONTH_DAY_REMEDY)
        month, day = _month(named["month"], _MONTH_DAY_REMEDY), int(named["day"])
    if _possible(2024, month, day) is None:  # a leap year: 02-29 is a yearly date
        raise BadValue(problem="there is no such month and day", remedy=_MONTH_DAY_REMEDY)
    return month, day


def write_month_day(month_day: tuple[int, int]) -> str:
    """Return a yearly date as `12-31`."""
    return f"{month_day[0]:02}-{month_day[1]:02}"
