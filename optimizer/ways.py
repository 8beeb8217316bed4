"""Ways: every way to take every choice, and the terms of passes that could pay.

For its dates, a course with `repeat_days` gets one way a finish day, so that the gap is a row over days. The days that
matter are the first days of its windows, its earned finishes plus the gap, and those plus whole gaps: the earliest
schedule (see terms.py) uses no others.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogs.records import Offering, Pass
from optimizer.filters import Standing
from optimizer.learner import Holding
from optimizer.problem import Choice, Course, Days, Term, Way
from optimizer.terms import FOREVER, Chain, candidate_starts, term_end
from optimizer.windows import Window, discounted, event_days, windows_bought, windows_unbought

ALWAYS = (0, FOREVER)


@dataclass(frozen=True, slots=True)
class Offers:
    """Hold what can be bought and what is owned."""

    passes: Mapping[str, Pass]
    """All passes, by id."""
    buyable: frozenset[str]
    """Ids of the passes that can be bought."""
    holdings: tuple[Holding, ...]
    """Holdings that have not expired."""


def terms_to_hold(
    offers: Offers, choices: Sequence[Choice], courses: Sequence[Course], days: Days, named: frozenset[str]
) -> tuple[Term, ...]:
    """Return the holdings of passes and every term worth buying, sorted by pass and first day."""
    held = {
        h.pass_id: FOREVER if h.until is None else h.until.toordinal() for h in offers.holdings if h.pass_id
    }
    useful = _useful(offers, choices)
    passes = {
        pass_id: offers.passes[pass_id]
        for pass_id in sorted(offers.buyable & useful)
        if pass_id not in held or offers.passes[pass_id].renewable
    }
    earliest = {pass_id: min(max(days.as_of, held.get(pass_id, 0) + 1), FOREVER) for pass_id in passes}
    anchors: dict[str, set[int]] = {pass_id: set() for pass_id in passes}
    for choice in choices:
        for pass_id in choice.offering.passes:
            if pass_id in passes:
                anchors[pass_id].update(_days_to_cover(choice.offering, passes[pass_id], days, named))

    chains: list[Chain] = []
    for course in courses:
        if course.repeat_days and course.most > 0:
            gaps = [k * course.repeat_days for k in range(1, course.most + 1)]
            offerings = [choices[i].offering for i in course.choices]
            fixed = {w.first for o in offerings for w in _all_windows(o, offers, days, named)}
            fixed = {day + gap for day in fixed for gap in gaps[:-1]} | {
                day + gap for day in course.earned_on for gap in gaps
            }
            for after in offerings:
                for pass_id in set(after.passes) & passes.keys():
                    back = _days_back(after, passes[pass_id])
                    if back is not None:
                        anchors[pass_id].update(max(day - back, 1) for day in fixed)
                        chains += [
                            Chain(before, pass_id, gap - back)
                            for before in {p for o in offerings for p in o.passes} & passes.keys()
                            for gap in gaps[:-1]
                        ]
    if days.hundredths is not None and days.step == 1:
        starts = {p: tuple(range(earliest[p], days.last_day + 1)) for p in passes}
    else:
        useful_terms = _useful_terms(passes, choices, courses)
        starts = candidate_starts(passes, earliest, anchors, chains, days.last_day, useful_terms)
    terms = [
        Term(pass_id, start, term_end(passes[pass_id], start), passes[pass_id].price or 0, bought=True)
        for pass_id, days_ in starts.items()
        for start in days_
    ]
    terms += [Term(pass_id, 0, until, 0, bought=False) for pass_id, until in held.items()]
    return tuple(sorted(terms, key=lambda t: (t.pass_id, t.first)))


def _useful(offers: Offers, choices: Iterable[Choice]) -> set[str]:
    """Return the passes that some choice could use, and those they require."""
    useful = set[str]()
    todo = [pass_id for choice in choices for pass_id in choice.offering.passes]
    while todo:
        pass_id = todo.pop()
        if pass_id and pass_id not in useful:
            useful.add(pass_id)
            todo.append(offers.passes[pass_id].requires)
    return useful


def _useful_terms(
    passes: Mapping[str, Pass], choices: Sequence[Choice], courses: Iterable[Course]
) -> dict[str, int]:
    """Return how many terms of each pass could serve an enrollment, or a term of a pass that requires it."""
    own = dict.fromkeys(passes, 0)
    for course in courses:
        for pass_id in {p for i in course.choices for p in choices[i].offering.passes} & passes.keys():
            own[pass_id] += course.most
    number = own
    for _ in passes:  # once for each link of the longest chain of requirements
        number = {
            pass_id: (
                min(
                    own[pass_id] + sum(number[q] for q, p in passes.items() if p.requires == pass_id), FOREVER
                )
                if one.renewable
                else 1
            )
            for pass_id, one in passes.items()
        }
    return number


def _days_to_cover(offering: Offering, pass_: Pass, days: Days, named: frozenset[str]) -> Iterator[int]:
    """Yield the fixed days a term of the pass may have to reach for this offering."""
    price = discounted(offering, pass_)
    if price is None:
        return
    event = event_days(offering)
    if price > 0:
        access = FOREVER if offering.access_days is None else offering.access_days
        for window in windows_bought(offering, days, ALWAYS, named):
            yield max(window.buy_first, window.first - access)
    else:
        to_pay = pass_.benefit != "included"
        for window in windows_unbought(offering, days, ALWAYS, named, nothing_to_pay=to_pay):
            yield event[0] if event and to_pay else window.first


def _days_back(offering: Offering, pass_: Pass) -> int | None:
    """Return how long before a finish the term must still run at the latest; None if it need not follow the finish."""
    price = discounted(offering, pass_)
    if price is None or (price > 0 and offering.access_days is None):
        return None
    return (offering.access_days or 0) if price > 0 else 0


def _all_windows(offering: Offering, offers: Offers, days: Days, named: frozenset[str]) -> Iterator[Window]:
    yield from windows_bought(offering, days, ALWAYS, named)
    yield from windows_unbought(offering, days, ALWAYS, named)
    for holding in offers.holdings:
        if holding.offering_id == offering.offering_id:
            yield from windows_unbought(offering, days, ALWAYS, named, seat=True)


def standings(offering: Offering, offers: Offers, days: Days, named: frozenset[str]) -> tuple[Standing, ...]:
    """Return every standing in which an offering could be finished, whatever pays for it."""
    return tuple(dict.fromkeys(w.standing for w in _all_windows(offering, offers, days, named)))


def ways_to_take(
    offers: Offers,
    choices: Sequence[Choice],
    courses: Iterable[Course],
    terms: Sequence[Term],
    days: Days,
    named: frozenset[str],
    is_up: Callable[[], bool],
) -> tuple[Way, ...]:
    """Return every way to take every choice, in the order of choices; TimeoutError once the time for it is up."""
    terms_of: dict[str, list[int]] = {}
    for i, term in enumerate(terms):
        terms_of.setdefault(term.pass_id, []).append(i)
    ways: list[Way] = []
    gaps: set[int] = set()
    for course in courses:
        if course.repeat_days:
            gaps.update(course.choices)
        for i in course.choices:
            if is_up():
                raise TimeoutError
            once = _ways_each(i, choices[i].offering, course.most, offers, terms, terms_of, days, named)
            if course.repeat_days and days.hundredths is not None:
                once = _each_finish(once, course, days.step)
            ways += once
    ways.sort(key=lambda w: w.choice)
    return merged(ways, offers.passes.values(), gaps, by_day=True, hours=days.hundredths is not None)


def merged(
    ways: Iterable[Way], passes: Iterable[Pass], gaps: Container[int], *, by_day: bool, hours: bool = False
) -> tuple[Way, ...]:
    """Merge the ways that differ in the term that pays (and, without `by_day`, in their days).

    With weekly hours the first and the last day matter always.

    A limit on the credit of one term needs to know the term, so the ways of such passes stay apart; days between
    two finishes need to know the days, so the choices in `gaps` keep theirs.
    """
    limited = {p.pass_id for p in passes if p.credit_limit is not None}
    alike: dict[object, list[Way]] = {}
    for way in ways:
        key = (
            way.choice, way.paid_by, way.seat, way.price, way.standing, way.most,
            way.first if by_day or way.choice in gaps else None,
            way.last if way.choice in gaps or hours else None,
            way.start if hours else None,
            way.terms if way.paid_by in limited else None,
        )  # fmt: skip
        alike.setdefault(key, []).append(way)
    return tuple(
        found[0]
        if len(found) == 1
        else replace(
            found[0],
            terms=tuple(sorted({term for way in found for term in way.terms})),
            last=max(way.last for way in found),
        )
        for found in alike.values()
    )


def _ways_each(
    choice: int,
    offering: Offering,
    most: int,
    offers: Offers,
    terms: Sequence[Term],
    terms_of: Mapping[str, Sequence[int]],
    days: Days,
    named: frozenset[str],
) -> Iterator[Way]:
    def way(window: Window, paid_by: str, terms: tuple[int, ...], seat: int | None, price: int) -> Way:
        times = most if seat is None else 1
        return Way(
            choice,
            paid_by,
            terms,
            seat,
            price,
            window.start,
            window.first,
            window.last,
            window.standing,
            times,
        )

    for seat, holding in enumerate(offers.holdings):
        if holding.offering_id == offering.offering_id:
            until = FOREVER if holding.until is None else holding.until.toordinal()
            for window in windows_unbought(offering, days, (0, until), named, seat=True):
                yield way(window, "free", (), seat, 0)
    if offering.price == 0:
        for window in windows_unbought(offering, days, ALWAYS, named):
            yield way(window, "free", (), None, 0)
    elif offering.price is not None:
        for window in windows_bought(offering, days, ALWAYS, named):
            yield way(window, "single", (), None, offering.price)
    for pass_id in offering.passes:
        pass_ = offers.passes[pass_id]
        price = discounted(offering, pass_)
        if price is None:
            continue
        for i in terms_of.get(pass_id, ()):
            span = terms[i].first, terms[i].last
            if price > 0:
                found = windows_bought(offering, days, span, named)
            else:
                to_pay = pass_.benefit != "included"
                found = windows_unbought(offering, days, span, named, nothing_to_pay=to_pay)
            for window in found:
                yield way(window, pass_id, (i,), None, price)


def _each_finish(ways: Iterable[Way], course: Course, step: int) -> Iterator[Way]:
    """Cut the ways of a course with `repeat_days` into one a finish day, far enough from what was earned."""
    for way in ways:
        for day in sorted({*range(way.first, way.last + 1, step), way.last}):
            if all(abs(day - earned) >= course.repeat_days for earned in course.earned_on):
                yield replace(way, first=day, last=day)


def one_a_day(ways: Sequence[Way], course: Course, last_day: int) -> Iterator[Way]:
    """Cut the ways of a course with `repeat_days` into one a finish day that matters."""
    gap = course.repeat_days
    finishes = {w.first for w in ways} | {day + gap for day in course.earned_on}
    for _ in range(course.most - 1):
        finishes |= {day + gap for day in finishes if day + gap <= last_day}
    allowed = sorted(day for day in finishes if all(abs(day - earned) >= gap for earned in course.earned_on))
    for way in ways:
        for day in allowed:
            if way.first <= day <= way.last:
                yield replace(way, first=day, last=day, most=1)
