"""One problem of a batch → its answer, small enough to keep a million of: what every worker does, wherever it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any

from catalogs.amounts import write_money
from catalogs.coded import Offerings
from catalogs.faults import Fault, Faults
from catalogs.records import Pass
from optimizer.credential import Credential
from optimizer.learner import Learner
from optimizer.plan import Plan, amount
from optimizer.roster_learners import FILE

BAD_INPUT, NOT_PROVEN, NOT_VERIFIED, FAILED = "bad_input", "not_proven", "not_verified", "failed"
"""Statuses beside those of a plan: no plan can be asked for, found in time, proved; or the program broke."""

_REPORT = "This is a fault of ceuplan. Please report it with this learner's rows."


@dataclass(frozen=True, slots=True)
class Shared:
    """Hold what all problems of a batch share; each worker is sent it once."""

    offerings: Offerings
    passes: Sequence[Pass]
    digest: str
    credentials: Mapping[str, Credential]
    """By shipped id, or the path of a file of rules."""
    as_of: date
    seconds: float
    """The time limit of one problem."""
    version: str
    """Of the program that asks: the one that answers must be the same."""


@dataclass(frozen=True, slots=True)
class Bought:
    """Name a purchase."""

    kind: str
    id: str
    price: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the answer of one problem; money in cents."""

    status: str
    cost: int | None
    bound: int | None
    minutes: int | None
    purchases: tuple[Bought, ...]
    enrollments: tuple[str, ...]
    short: str
    """What all requirements together lack, as a decimal; empty without a plan."""
    message: str
    faults: tuple[Fault, ...]
    """Those of a learner whom planning refused."""
    plan: str
    """The sha256 of the plan's JSON; empty without a plan."""

    @property
    def is_full(self) -> bool:
        """Say whether there is a plan and it meets every requirement."""
        return bool(self.plan) and self.status != "infeasible"


def refused(status: str, message: str, faults: Sequence[Fault] = ()) -> Answer:
    """Return the answer where there is no plan to show."""
    return Answer(status, None, None, None, (), (), "", message, tuple(faults), "")


def answer(shared: Shared, learner: Learner) -> tuple[Answer, str]:
    """Return the answer to a learner's problem and the plan's JSON, which is empty if there is no proved plan.

    Whatever happens is an answer: one learner's trouble stops no other's.
    """
    from optimizer.choosing import NotProven
    from optimizer.planning import NotBuiltYet, plan_for
    from optimizer.proving import json_and_violations
    from optimizer.question import Question

    try:
        rules = tuple(shared.credentials[one.credential or one.file] for one in learner.targets)
        question = Question(
            learner, FILE, rules, shared.offerings, shared.passes, shared.digest, shared.as_of, shared.seconds
        )
        plan = plan_for(question)
        written, violations = json_and_violations(plan, question)
    except Faults as found:
        return refused(BAD_INPUT, "", found.faults), ""
    except NotBuiltYet as wished:
        return refused(BAD_INPUT, f"Not built yet: {'; '.join(wished.wishes)}."), ""
    except NotProven as stopped:
        return refused(NOT_PROVEN, f"{str(stopped).capitalize()}. Give it longer with --time-limit."), ""
    except Exception as error:  # one learner's bug must not lose the others' answers
        return refused(FAILED, f"{_where(error)}. {_REPORT}"), ""
    if violations:
        told = " ".join(violation.message for violation in violations)
        return refused(
            NOT_VERIFIED, f"The plan that was found does not stand up to verification: {told} {_REPORT}"
        ), ""
    return _summed(plan, written), written


def _where(error: Exception) -> str:
    """Return an error and the line it comes from, without what could differ from run to run."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    line = "" if place is None else f" in {place.tb_frame.f_code.co_name}, line {place.tb_lineno}"
    return f"{type(error).__name__}{line}: {error}"


def _summed(plan: Plan, written: str) -> Answer:
    return Answer(
        plan.status,
        plan.cost,
        plan.bound,
        plan.minutes,
        tuple(Bought(one.kind, one.id, one.price) for one in plan.purchases),
        tuple(one.offering_id for one in plan.enrollments),
        amount(sum((one.short for one in plan.requirements), Fraction(0))),
        " ".join((*_no_full_plan(plan), *plan.warnings)),
        (),
        sha256(written.encode()).hexdigest(),
    )


def _no_full_plan(plan: Plan) -> list[str]:
    """Say what is missing, why, and what would help."""
    found = plan.no_plan
    if found is None:
        return []
    cheapest = found.cheapest_full_cost
    lines = [
        "No full plan exists, at any price."
        if cheapest is None
        else f"No full plan fits: the cheapest found costs ${write_money(cheapest)}."
    ]
    missing = ", ".join(
        f"{amount(one.short)} {one.name} of {one.credential}" for one in plan.requirements if one.short
    )
    lines += [f"Still short: {missing}."] if missing else []
    lines += [f"In the way: {'; '.join(found.conflict)}."] if found.conflict else []
    return lines + [
        f"{one.change}: a full plan then costs ${write_money(one.cost)}." for one in found.remedies
    ]


def answer_json(found: Answer) -> dict[str, Any]:
    """Return an answer as JSON can hold it."""
    return asdict(found)


def answer_from(said: Mapping[str, Any]) -> Answer:
    """Return the answer that `answer_json` wrote."""
    return Answer(
        **{
            **said,
            "purchases": tuple(Bought(**one) for one in said["purchases"]),
            "enrollments": tuple(said["enrollments"]),
            "faults": tuple(Fault(**one) for one in said["faults"]),
        }
    )
