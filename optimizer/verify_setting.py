"""Read again what a plan is for: its catalog, its learner, their credentials and what they hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogs.coded import Offerings, coded
from catalogs.faults import Faults
from catalogs.records import Offering, Pass
from optimizer.credential import Credential
from optimizer.learner import Learner
from optimizer.learner_file import learner_from
from optimizer.verify_claims import PlanClaims, shown
from optimizer.verify_governed import Governed, Say, read_governed

type Tables = tuple[Sequence[Offering], Sequence[Pass], str]
"""Offerings, passes and the digest of both."""


class Known(Mapping[str, Offering]):
    """Hold the catalog's offerings and the learner's own, by id, at the price this learner pays."""

    def __init__(self, catalog: Offerings, own: Sequence[Offering], prices: Mapping[str, int]) -> None:
        self._catalog, self._prices = catalog, prices
        self._own = {one.offering_id: one for one in own}

    def __getitem__(self, offering_id: str) -> Offering:
        one = self._own.get(offering_id)
        if one is None:
            if (place := self._catalog.place(offering_id)) is None:
                raise KeyError(offering_id)
            one = self._catalog[place]
        return replace(one, price=self._prices[offering_id]) if offering_id in self._prices else one

    def __iter__(self) -> Iterator[str]:
        yield from (one for one in self._catalog.columns["offering_id"] if one not in self._own)
        yield from self._own

    def __len__(self) -> int:
        return len(self._catalog) + sum(self._catalog.place(one) is None for one in self._own)

    def courses(self) -> Iterator[str]:
        """Yield the course of each offering."""
        yield from self._catalog.columns["course_id"]
        yield from (one.course_id for one in self._own.values())

    def unusual(self, column: str, usual: int) -> Iterator[tuple[str, int]]:
        """Yield the course and the number of each offering whose number in a column is not the usual one."""
        coded_ = self._catalog.columns[column]
        odd = {code for code, value in enumerate(coded_.values) if value != usual}
        if odd:
            places = [place for place, code in enumerate(coded_.codes.tolist()) if code in odd]
            courses = self._catalog.columns["course_id"].take(places)
            yield from zip(courses, coded_.take(places), strict=True)
        yield from (
            (one.course_id, number) for one in self._own.values() if (number := getattr(one, column)) != usual
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold what the plan is for, read again from the catalog, the rules and the learner."""

    as_of: date
    governed: tuple[Governed, ...]
    """The credentials, in the learner's order."""
    learner: Learner
    offerings: Known
    passes: Mapping[str, Pass]
    """By id, at the price this learner pays."""
    held: Mapping[str, date]
    """Passes held and the last day of each."""
    seats: Mapping[str, tuple[date, ...]]
    """Offerings held and the last day of each seat, latest first."""
    times: Mapping[str, int]
    """How often each course may count, where not once."""
    repeat_days: Mapping[str, int]
    """Least days between two finishes of each course that has some."""

    @property
    def first_day(self) -> date:
        """Return the first day on which anything may start."""
        return max(self.as_of, min(one.cycle_start for one in self.governed))

    @property
    def last_day(self) -> date:
        """Return the last day on which anything may finish."""
        return max(one.last_day for one in self.governed)

    @property
    def ids(self) -> str:
        """Return the credentials' ids, for messages."""
        return " and ".join(one.id for one in self.governed)


def read_setting(
    claims: PlanClaims,
    tables: Tables,
    credentials: Callable[[str], Credential],
    say: Say,
    *,
    lapsed: bool = False,
) -> Setting | None:
    """Return what the plan is for, or None where it cannot be told, which is said."""
    offerings, passes, digest = tables
    if claims.catalog.digest != digest:
        say(
            "catalog",
            f"The plan was made from the catalog {shown(claims.catalog.digest)}; this is {shown(digest)}.",
        )
        return None
    for name, said, there in (
        ("offerings", claims.catalog.offerings, len(offerings)),
        ("passes", claims.catalog.passes, len(passes)),
    ):
        if said != there:
            say("catalog", f"The plan counts {said} {name} in the catalog; there are {there}.")
    try:
        learner = learner_from(
            claims.problem.learner,
            "problem.learner",
            claims.as_of,
            [one.pass_id for one in passes],
            lapsed=lapsed,
        )
    except Faults as refused:
        for fault in refused.faults:
            say(
                "problem",
                f"The learner cannot be read: {fault.column or 'problem.learner'}: {fault.problem}.",
            )
        return None
    except Exception as error:  # a hostile plan may hold anything here
        say("problem", f"The learner cannot be read ({type(error).__name__}).")
        return None
    governed = read_governed(claims, learner, credentials, say, lapsed=lapsed)
    return None if governed is None else _pose(claims, learner, governed, tables, say)


def _pose(
    claims: PlanClaims, learner: Learner, governed: tuple[Governed, ...], tables: Tables, say: Say
) -> Setting | None:
    offerings, passes, _ = tables
    prices = dict(learner.prices)
    known = {one.pass_id: replace(one, price=prices.get(one.pass_id, one.price)) for one in passes}
    held: dict[str, date] = {}
    seats: dict[str, list[date]] = {}
    for holding in learner.holdings:
        last = holding.until or date.max
        one = known.get(holding.pass_id)
        if (
            one is not None
            and holding.until is None
            and (one.term_days is not None or one.term_ends is not None)
        ):
            say("problem", f"The pass {shown(one.pass_id)} is held, but nobody says until when.")
            return None
        if last >= claims.as_of and one is not None:
            held[one.pass_id] = max(last, held.get(one.pass_id, last))
        if last >= claims.as_of and holding.offering_id:
            seats.setdefault(holding.offering_id, []).append(last)
    for kept in governed:
        membership = kept.credential.membership
        if learner.member and membership in known:
            held[membership] = max(kept.deadline, held.get(membership, kept.deadline))
    offered = Known(coded(offerings), learner.offerings, prices)
    often: dict[str, list[int]] = {}
    for course, number in offered.unusual("times", 1):
        often.setdefault(course, []).append(number)
    for own in learner.offerings:
        often.get(own.course_id, []).append(own.times)
    apart: dict[str, int] = {}
    for course, number in offered.unusual("repeat_days", 0):
        apart[course] = max(apart.get(course, 0), number)
    return Setting(
        as_of=claims.as_of,
        governed=governed,
        learner=learner,
        offerings=offered,
        passes=known,
        held=held,
        seats={offering_id: tuple(sorted(ends, reverse=True)) for offering_id, ends in seats.items()},
        times={course: min(numbers) for course, numbers in often.items()},
        repeat_days=apart,
    )
