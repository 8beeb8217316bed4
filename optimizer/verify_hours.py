"""Prove the hours of study: those of each week, and none on the days away (rules 21, 29 and 30)."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate

from catalogs.records import Offering
from optimizer.learner import Learner
from optimizer.verify_claims import decimal_text
from optimizer.verify_governed import Say

HOURS = {"nha_credit": 2, "iacet_ceu": 10, "college_credit": 15}
"""Per credit where an offering states none; 1 in any other unit."""


def minutes_of(offering: Offering) -> tuple[int, bool]:
    """Return how long an offering takes, and whether that is a default."""
    if offering.minutes is not None:
        return offering.minutes, False
    hundredths = sum(part.hundredths for part in offering.credits)
    return -(-hundredths * 60 * HOURS.get(offering.unit, 1) // 100), True


class StudyDays:
    """Hold the days on which a learner studies."""

    def __init__(self, learner: Learner) -> None:
        merged: list[tuple[int, int]] = []
        for first, last in sorted((away.first.toordinal(), away.last.toordinal()) for away in learner.away):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        self.spans = merged
        self._firsts = [first for first, _ in merged]
        self._away = [0, *accumulate(last - first + 1 for first, last in merged)]
        self.weekly = None if learner.hours_per_week is None else Fraction(learner.hours_per_week)

    def away_on(self, day: date) -> bool:
        """Say whether the learner does not study on a day."""
        return self.between(day, day) == 0

    def between(self, first: date, last: date) -> int:
        """Return the number of days from one to another on which the learner studies."""
        return self._until(last.toordinal()) - self._until(first.toordinal() - 1)

    def _until(self, day: int) -> int:
        """Return the number of study days up to a day, from some day before all of them."""
        spans = bisect_right(self._firsts, day)
        beyond = max(self.spans[spans - 1][1] - day, 0) if spans else 0
        return day - self._away[spans] + beyond

    def hours(self, first: date, last: date) -> Fraction:
        """Return the hours that the days from one to another give; needs weekly hours."""
        return (self.weekly or Fraction(0)) * self.between(first, last) / 7


type Studied = tuple[date, date, int]
"""Start, finish and minutes of a self-paced enrollment."""


def prove_hours(days: StudyDays, studied: Iterable[Studied], say: Say) -> None:
    """Say between which days the plan exceeds the hours that they give most, if any; of several, the fewest days."""
    if days.weekly is None:
        return
    by_finish = sorted(studied, key=lambda one: (one[1], one[0]))
    each_minute, each_day = 7 * days.weekly.denominator, 60 * days.weekly.numerator
    worst: tuple[int, int, date, date, int] | None = None
    for first in sorted({start for start, _, _ in by_finish}):
        for last, minutes in _sums(by_finish, first):
            excess = each_minute * minutes - each_day * days.between(first, last)
            here = (excess, -(last - first).days, first, last, minutes)
            if excess > 0 and (worst is None or here > worst):
                worst = here
    if worst is not None:
        _, _, first, last, minutes = worst
        given, planned = decimal_text(days.hours(first, last)), decimal_text(Fraction(minutes, 60))
        say(
            "weekly_hours",
            f"From {first} to {last} the plan studies {planned} hours; those days give {given}, at "
            f"{decimal_text(days.weekly)} a week.",
        )


def _sums(by_finish: Sequence[Studied], first: date) -> Iterable[tuple[date, int]]:
    """Yield each finish day and the minutes of all that starts on or after a day and is finished by it."""
    minutes = 0
    for place, (start, finish, each) in enumerate(by_finish):
        minutes += each if start >= first else 0
        if minutes and finish >= first and (place + 1 == len(by_finish) or by_finish[place + 1][1] != finish):
            yield finish, minutes
