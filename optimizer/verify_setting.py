"""Read again what a plan is for: its catalog, its learner, their credentials and what they hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogs.faults import Faults
from catalogs.records import Offering, Pass
from optimizer.credential import Credential
from optimizer.learner import Learner
from optimizer.learner_file import learner_from
from optimizer.verify_claims import PlanClaims, shown
from optimizer.verify_governed import Governed, Say, read_governed

type Tables = tuple[Sequence[Offering], Sequence[Pass], str]
"""Offerings, passes and the digest of both."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold what the plan is for, read again from the catalog, the rules and the learner."""

    as_of: date
    governed: tuple[Governed, ...]
    """The credentials, in the learner's order."""
    learner: Learner
    offerings: Mapping[str, Offering]
    """The catalog's and the learner's own, by id, at the price this learner pays."""
    passes: Mapping[str, Pass]
    """By id, at the price this learner pays."""
    held: Mapping[str, date]
    """Passes held and the last day of each."""
    seats: Mapping[str, tuple[date, ...]]
    """Offerings held and the last day of each seat, latest first."""
    times: Mapping[str, int]
    """How often each course may count."""

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
    times: dict[str, int] = {}
    for offered in (*offerings, *learner.offerings):
        times[offered.course_id] = min(offered.times, times.get(offered.course_id, offered.times))
    return Setting(
        as_of=claims.as_of,
        governed=governed,
        learner=learner,
        offerings={
            one.offering_id: replace(one, price=prices[one.offering_id]) if one.offering_id in prices else one
            for one in (*offerings, *learner.offerings)
        },
        passes=known,
        held=held,
        seats={offering_id: tuple(sorted(ends, reverse=True)) for offering_id, ends in seats.items()},
        times=times,
    )
