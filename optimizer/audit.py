"""The audit: what a transcript counts, what is missing and what is void; the plan in which nothing is taken."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from optimizer.answer import answer
from optimizer.counting import fullest_count
from optimizer.credential_file import not_built_yet
from optimizer.learner import Preferences, Target
from optimizer.market import market_for
from optimizer.obligation import Obligation, obligations
from optimizer.plan import SCHEMA_VERSION, CapUsed, EarnedLine, FeeOwed, Plan, RequirementMet
from optimizer.planning import NotBuiltYet, Question
from optimizer.posing import pose
from optimizer.tally import Answered, requirements_met, tallied

NEAR = timedelta(days=90)
"""Nearer than this to the last day to finish, a cycle is called closing."""


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


def audit(question: Question) -> tuple[Audit, tuple[Plan, ...]]:
    """Return the audit, and for each credential the plan without purchases that proves it.

    Raises `Faults`, and `NotBuiltYet` for rules this version cannot count by.
    """
    learner = question.learner
    wishes = [
        f'the credential {credential.id} with shares = "no"'
        for target, credential in zip(learner.targets, question.credentials, strict=True)
        if not target.shares and len(learner.targets) > 1
    ]
    audited, plans = [], []
    kept = obligations(learner, question.credentials, question.as_of, lapsed=True)
    for target, one in zip(learner.targets, kept, strict=True):
        credential, version, start, deadline = one.credential, one.version, one.start, one.deadline
        wishes += not_built_yet(version)
        if wishes:
            continue
        plan = _nothing_taken(question, target, one)
        plans.append(plan)
        last_day = one.last_day
        grace = None if version.lapse_days is None else deadline + timedelta(days=version.lapse_days)
        audited.append(
            AuditedCredential(
                credential=credential.id,
                name=credential.name,
                version=version.effective,
                state=state(question.as_of, last_day, deadline, grace),
                cycle_start=start,
                deadline=deadline,
                last_day=last_day,
                grace_until=grace,
                met=plan.no_plan is None,
                requirements=plan.requirements,
                caps=plan.caps,
                earned=plan.earned,
                fees=plan.fees,
                not_modelled=plan.not_modelled,
            )
        )
    if wishes:
        raise NotBuiltYet(wishes)
    return Audit(question.as_of, tuple(audited)), tuple(plans)


def state(as_of: date, last_day: date, deadline: date, grace_until: date | None) -> State:
    """Return where a cycle stands on a day."""
    if as_of <= last_day:
        return State.OPEN if last_day - as_of >= NEAR else State.CLOSING
    if as_of <= deadline:
        return State.SUBMIT
    if grace_until is None:
        return State.EXPIRED
    return State.GRACE if as_of <= grace_until else State.LAPSED


def _nothing_taken(question: Question, target: Target, one: Obligation) -> Plan:
    """Return the plan of the same learner for one credential in which nothing is for sale."""
    learner = replace(
        question.learner,
        targets=(target,),
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
    alone = replace(question, learner=learner, credentials=(one.credential,))
    market = market_for(learner, question.file, [one], question.as_of, question.offerings, question.passes)
    problem = pose(learner, market, [one], question.as_of, selling=False)
    counts = fullest_count(problem, [], full=False)
    solved = Answered(alone, [one], market, problem, (), (), counts, ())
    met = not any(requirement.short for requirement in requirements_met(solved, tallied(solved)))
    return answer(solved, bound=0, proven=True, full=met, cheapest_full_cost=None)
