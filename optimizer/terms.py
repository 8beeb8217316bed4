"""Terms of passes: when one ends, and the few days on which one need ever start.

Days are ordinals (`date.toordinal`), so that arithmetic is exact and cannot leave the calendar.

Why a few days suffice. Take any schedule that works and move every term start and finish as early as the rules
let it go, keeping which enrollment uses which term. Every rule has the form "this day is at least f(that day)"
with f never decreasing, so the earliest schedule exists, and each of its days follows from a fixed day (as_of, the
day after a holding, a window's first day) through a chain of such f. `candidate_starts` walks all those chains.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from catalogs.records import Pass

FOREVER = date.max.toordinal()


def _on(year: int, month_day: tuple[int, int]) -> int:
    month, day = month_day
    if month_day == (2, 29) and (year % 4 != 0 or (year % 100 == 0 and year % 400 != 0)):
        day = 28
    return date(min(year, 9999), month, day).toordinal()


def term_end(pass_: Pass, start: int) -> int:
    """Return the last day of a term that starts on `start`; FOREVER if terms of this pass have no end."""
    if pass_.term_ends is None:
        return FOREVER if pass_.term_days is None else min(start + pass_.term_days - 1, FOREVER)
    year = date.fromordinal(start).year
    if _on(year, pass_.term_ends) < start:
        year += 1
    end = _on(year, pass_.term_ends)
    if pass_.rolls_from is not None:
        roll = _on(year, pass_.rolls_from)
        if roll > end:
            roll = _on(year - 1, pass_.rolls_from)
        if start >= roll:
            end = _on(year + 1, pass_.term_ends)
    return end


def first_start_covering(pass_: Pass, day: int, earliest: int) -> int:
    """Return the first start, not before `earliest`, of a term that has not ended before `day`."""
    if term_end(pass_, earliest) >= day:
        return earliest
    if pass_.term_ends is None:
        assert pass_.term_days is not None  # noqa: S101 - a term without end covers every day
        return day - pass_.term_days + 1
    last_year = date.fromordinal(day).year
    jumps = [earliest]
    for year in range(last_year - 2, last_year + 1):
        jumps.append(min(_on(year, pass_.term_ends) + 1, FOREVER))
        if pass_.rolls_from is not None:
            jumps.append(_on(year, pass_.rolls_from))
    return min(start for start in jumps if start >= earliest and term_end(pass_, start) >= day)


def latest_start(pass_: Pass, at_most: int, next_start: int) -> int:
    """Return the latest start on or before `at_most` of a term that ends before `next_start`."""
    start = at_most
    while term_end(pass_, start) >= next_start:
        if pass_.term_ends is None and pass_.term_days is not None:
            return next_start - pass_.term_days
        start = first_start_covering(pass_, term_end(pass_, start), start - 800) - 1  # over two years back
    return start


@dataclass(frozen=True, slots=True)
class Chain:
    """Say that a finish paid through pass `before` can push one paid through pass `after` some days on."""

    before: str
    after: str
    days: int
    """Days from the start of a term of `before` to the day a term of `after` must still cover."""


def candidate_starts(
    passes: Mapping[str, Pass],
    earliest: Mapping[str, int],
    anchors: Mapping[str, Iterable[int]],
    chains: Iterable[Chain],
    last_day: int,
    useful: Mapping[str, int],
) -> dict[str, tuple[int, ...]]:
    """Return, for each pass, the days on which a term need ever start, sorted.

    `earliest` is as_of, or the day after a holding; `anchors` are the fixed days some term may have to cover;
    `useful` is how many terms of each pass could serve anything: no chain needs more of them.
    """
    requires = {pass_id: p.requires for pass_id, p in passes.items() if p.requires in passes}
    chains = tuple(chains)
    found: dict[str, set[int]] = {pass_id: set() for pass_id in passes}
    seen: set[tuple[str, int, frozenset[tuple[str, tuple[int, int]]]]] = set()
    todo = [(pass_id, earliest[pass_id], dict[str, tuple[int, int]]()) for pass_id in passes]
    for pass_id, days in anchors.items():
        todo += [(pass_id, first_start_covering(passes[pass_id], day, earliest[pass_id]), {}) for day in days]

    while todo:
        pass_id, start, path = todo.pop()
        start = max(start, earliest[pass_id])
        before, number = path.get(
            pass_id, (0, 0)
        )  # the last term of this pass on the chain, and how many there are
        if start > last_day or number == useful[pass_id]:
            continue
        if number and start <= term_end(passes[pass_id], before):
            continue  # inside a term of the same pass that the chain came from
        path = {**path, pass_id: (start, number + 1)}
        state = (pass_id, start, frozenset(path.items()))
        if state in seen:
            continue
        seen.add(state)
        found[pass_id].add(start)
        if passes[pass_id].renewable:
            todo.append((pass_id, min(term_end(passes[pass_id], start) + 1, FOREVER), path))
        if pass_id in requires:
            needed = requires[pass_id]
            todo.append((needed, first_start_covering(passes[needed], start, earliest[needed]), path))
        todo += [(other, start, path) for other, needed in requires.items() if needed == pass_id]
        for chain in chains:
            if chain.before == pass_id:
                day = min(start + chain.days, FOREVER)
                covering = first_start_covering(passes[chain.after], day, earliest[chain.after])
                todo.append((chain.after, covering, path))
    return {pass_id: tuple(sorted(days)) for pass_id, days in found.items()}
