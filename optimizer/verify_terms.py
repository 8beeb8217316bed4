"""The terms of passes, reckoned day by day for the proof."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from catalogs.records import Pass


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one term of a pass, bought or held."""

    one: Pass
    first: date
    last: date
    """`date.max` if it never ends."""
    bought: bool

    def covers(self, first: date, last: date) -> bool:
        """Say whether some days lie in the term."""
        return self.first <= first and last <= self.last


def later(day: date, days: int) -> date:
    """Return the day so many days later, or the last or first one there is."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _in_year(day: tuple[int, int], year: int) -> date:
    """Return a month's day in a year; a 29 February is the 28th in other years."""
    if year > date.max.year:
        return date.max
    return date(year, day[0], min(day[1], monthrange(year, day[0])[1]))


def term_end(one: Pass, first: date) -> date:
    """Return the last day of a term bought on a day."""
    if one.term_ends is not None:
        last = _in_year(one.term_ends, first.year)
        last = last if last >= first else _in_year(one.term_ends, first.year + 1)
    elif one.term_days is not None:
        last = later(first, one.term_days - 1)
    else:
        return date.max
    if one.rolls_from is not None:
        rolls = _in_year(one.rolls_from, last.year)
        rolls = rolls if rolls <= last else _in_year(one.rolls_from, last.year - 1)
        if first >= rolls:
            last = _in_year(one.term_ends or (last.month, last.day), last.year + 1)
    return last


def until(day: date) -> str:
    """Return the last day of a term in words."""
    return "never" if day == date.max else str(day)


def span(first: date, last: date) -> str:
    """Return an interval in words."""
    start = "" if first == date.min else f"from {first} "
    return f"{start}until {last}" if last != date.max else f"{start}without an end"
