"""The audit: what a transcript counts, what is missing and what is void; the plan in which nothing is taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from optimizer.answer import answer
from optimizer.counting import fullest_count
from optimizer.credential import Route
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.learner import Preferences
from optimizer.market import market_for
from optimizer.obligation import Obligation, obligations
from optimizer.plan import SCHEMA_VERSION, CapUsed, EarnedLine, FeeOwed, Plan, RequirementMet
from optimizer.planning import NotBuiltYet, refused
from optimizer.posing import pose
from optimizer.question import Question
from optimizer.tally import Answered, requirements_met, tallied

NEAR = 90
"""With fewer days left to finish anything, today's included, a cycle is called closing."""


class State(StrEnum):
    """Say where a cycle stands on a day."""

    OPEN = "open"
    CLOSING = "closing"
    """Less than 90 days are left to finish anything."""
    SUBMIT = "submit"
    """Nothing finished now is in time; what was finished can still be submitted before the deadline."""
    GRACE = "grace"
    """The deadline has passed; what was finished by then may still be submitted."""
    LAPSED = "lapsed"
    """Continuing education no longer helps."""
    EXPIRED = "expired"
    """The deadline has passed, and how long the issuer still takes credit is not known."""


@dataclass(frozen=True, slots=True)
class PriceUnderPass:
    """Hold a price under a pass, in cents."""

    pass_id: str
    price: int


@dataclass(frozen=True, slots=True)
class WayBack:
    """Hold a route that is open once continuing education no longer helps, and what it costs then."""

    name: str
    price: int
    """Cents, the fee for having lapsed included."""
    passes: tuple[PriceUnderPass, ...]


@dataclass(frozen=True, slots=True)
class AuditedCredential:
    """Hold what counts for one credential."""

    credential: str
    name: str
    version: date
    state: str
    cycle_start: date
    deadline: date
    last_day: date
    """Last day to finish."""
    grace_until: date | None
    """Last day on which credit may still be submitted; None where that is not known."""
    ways_back: tuple[WayBack, ...]
    """What is open once continuing education no longer helps; empty before, and where nothing is known."""
    met: bool
    requirements: tuple[RequirementMet, ...]
    caps: tuple[CapUsed, ...]
    earned: tuple[EarnedLine, ...]
    fees: tuple[FeeOwed, ...]
    not_modelled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """Hold what counts for every credential of a learner."""

    as_of: date
    credentials: tuple[AuditedCredential, ...]
    schema_version: int = field(default=SCHEMA_VERSION)


def audit(question: Question, route: str = DEFAULT_ROUTE) -> tuple[Audit, Plan]:
    """Return the audit, and the plan without purchases that proves it; raises `Faults` and `NotBuiltYet`.

    The rules are those of a route that every credential has; what it costs is not looked at.
    """
    kept = [
        replace(one, route=route)
        for one in obligations(question.learner, question.credentials, question.as_of, lapsed=True)
    ]
    if wishes := refused(question.learner, kept):
        raise NotBuiltYet(wishes)
    plan = _nothing_taken(question, kept)
    audited = []
    for one in kept:
        name, days = one.credential.id, one.version.lapse_days
        grace = None if days is None else one.deadline + timedelta(days=days)
        requirements = tuple(r for r in plan.requirements if r.credential == name)
        stands = state(question.as_of, one.last_day, one.deadline, grace)
        audited.append(
            AuditedCredential(
                credential=name,
                name=one.credential.name,
                version=one.version.effective,
                state=stands,
                cycle_start=one.start,
                deadline=one.deadline,
                last_day=one.last_day,
                grace_until=grace,
                ways_back=_ways_back(one.version.routes) if stands is State.LAPSED else (),
                met=not any(r.short for r in requirements),
                requirements=requirements,
                caps=tuple(cap for cap in plan.caps if cap.credential == name),
                earned=tuple(line for line in plan.earned if line.credential == name),
                fees=tuple(fee for fee in plan.fees if fee.credential == name),
                not_modelled=tuple(n.text for n in one.version.not_modelled),
            )
        )
    return Audit(question.as_of, tuple(audited)), plan


def _ways_back(routes: Sequence[Route]) -> tuple[WayBack, ...]:
    return tuple(
        WayBack(
            route.name,
            route.price + route.lapsed_fee,
            tuple(PriceUnderPass(pass_id, price + route.lapsed_fee) for pass_id, price in route.passes),
        )
        for route in routes
        if route.lapsed_fee is not None
    )


def state(as_of: date, last_day: date, deadline: date, grace_until: date | None) -> State:
    """Return where a cycle stands on a day."""
    if as_of <= last_day:
        return State.OPEN if (last_day - as_of).days + 1 >= NEAR else State.CLOSING
    if as_of <= deadline:
        return State.SUBMIT
    if grace_until is None:
        return State.EXPIRED
    return State.GRACE if as_of <= grace_until else State.LAPSED


def _nothing_taken(question: Question, kept: Sequence[Obligation]) -> Plan:
    """Return the plan of the same learner in which nothing is for sale."""
    learner = replace(
        question.learner,
        budget=None,
        hours_per_week=None,
        route="",
        no_assumed=False,
        member=False,
        holdings=(),
        prices=(),
        away=(),
        preferences=Preferences((), (), (), (), None),
    )
    market = market_for(learner, question.file, kept, question.as_of, question.catalog, question.passes)
    problem = pose(learner, market, kept, question.as_of, selling=False)
    counts = fullest_count(problem, [], full=False)
    asked = replace(question, learner=learner)
    solved = Answered(asked, kept, market, problem, (), (), counts, ())
    met = not any(requirement.short for requirement in requirements_met(solved, tallied(solved)))
    return answer(solved, bound=0, proven=True, full=met, cheapest_full_cost=None, full_bound=None)
