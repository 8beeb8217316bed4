"""Weekly hours: how much study days give, and which intervals a set of windows asks too much of (rules 29 to 31).

Work of given lengths fits into windows, a little each day and in any order, exactly when no interval of days holds
windows that ask for more than it gives. That many jobs share one worker so is Hall's theorem for days and minutes:
each minute of a job is matched to a minute of a day in its window; the windows are intervals, so the sets of
jobs to look at are those whose windows lie inside one interval that starts with one of them and ends with one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogs.records import Pass
from optimizer.problem import Days, Term
from optimizer.terms import term_end


@dataclass(frozen=True, slots=True)
class Load:
    """Hold work to be done between two days: so many minutes, so many times."""

    start: int
    last: int
    minutes: int


def minutes_given(days: Days, first: int, last: int) -> int:
    """Return the whole minutes of study that the days of an interval give."""
    assert days.hundredths is not None  # noqa: S101 - without weekly hours nobody asks
    away = 0
    for begin, end in days.away:
        away += max(0, min(last, end) - max(first, begin) + 1)
    return max(0, last - first + 1 - away) * days.hundredths * 60 // 700


def study_of_a_term(days: Days, pass_: Pass) -> int:
    """Return the minutes of study that a term of a pass gives at most, wherever it lies."""
    all_days = minutes_given(days, days.first, days.last_day)
    if pass_.term_days is None or pass_.term_ends is not None:
        return all_days
    assert days.hundredths is not None  # noqa: S101 - without weekly hours nobody asks
    return min(all_days, pass_.term_days * days.hundredths * 60 // 700)


def study_in(days: Days, terms: Iterable[Term]) -> tuple[int, ...]:
    """Return the minutes of study that the days of each term give; none where only dates bind."""
    if days.hundredths is None:
        return ()
    return tuple(minutes_given(days, max(t.first, days.first), min(t.last, days.last_day)) for t in terms)


def study_from(days: Days, terms: Sequence[Term], passes: Mapping[str, Pass]) -> tuple[int, ...]:
    """Return the minutes of study that each term gives at most if those that are bought may start later."""
    given: dict[tuple[str, int], int] = {}
    bought = [term for term in terms if term.bought]
    for pass_id in {term.pass_id for term in bought}:
        most = 0
        for start in range(days.last_day, min(t.first for t in bought if t.pass_id == pass_id) - 1, -1):
            last = min(term_end(passes[pass_id], start), days.last_day)
            most = max(most, minutes_given(days, max(start, days.first), last))
            given[pass_id, start] = most
    return tuple(
        given.get((term.pass_id, term.first), 0) if term.bought else study
        for term, study in zip(terms, study_in(days, terms), strict=True)
    )


def disjoint(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted spans of days without overlaps."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def overfull(
    days: Days, loads: Sequence[Load], firsts: Collection[int] | None = None
) -> list[tuple[int, int]]:
    """Return, for each first day, the interval that is asked for most beyond what it gives; none if all fits.

    Only those of `firsts` are looked at, where given, or else every start.
    """
    by_last = sorted((load.last, load.start, load.minutes) for load in loads if load.minutes)
    lasts = [last for last, _, _ in by_last] + [0]
    found = []
    for first in sorted({start for _, start, _ in by_last} if firsts is None else firsts):
        asked, most, worst = 0, 0, 0
        for n, (last, start, minutes) in enumerate(by_last, start=1):
            if start >= first:
                asked += minutes
            if (
                asked > most
                and last != lasts[n]
                and (over := asked - minutes_given(days, first, last)) > most
            ):
                most, worst = over, last
        if most > 0:
            found.append((first, worst))
    return found
