"""What notebooks and other programs may import: a catalog, a question, proved answers; nothing here changes lightly.

The command line's parts under one roof, and like its answers none is given that was not proved. A module, and not the
package itself: `verify`, `frontier` and `plan` are modules there. Nothing of the command line imports it.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalogs.days import parse_day
from catalogs.faults import BadValue, CatalogFaults, Fault, Faults, did_you_mean, shown
from catalogs.loading import Catalog
from optimizer import formats, proving
from optimizer import frontier as frontiers
from optimizer import what_if as what_ifs
from optimizer.asking import FIRST_YEAR, LAST_YEAR, ask_of, catalog_from
from optimizer.choosing import NotProven
from optimizer.comparing import market_of
from optimizer.credential_file import load_shipped
from optimizer.explanation import Explanation
from optimizer.frontier import AGAINST, Frontier
from optimizer.learner_file import read_profile
from optimizer.model import build, cost
from optimizer.obligation import obligations
from optimizer.plan import Plan, to_json
from optimizer.planning import NotBuiltYet
from optimizer.planning import plan_for as unproved_plan_for
from optimizer.posing import pose
from optimizer.problem import Problem
from optimizer.program import Model
from optimizer.question import Question
from optimizer.routes import ways_round
from optimizer.solve import Stopwatch
from optimizer.toml_reading import plain, text_of
from optimizer.verify import Violation
from optimizer.verify import verify as violations_of
from optimizer.what_if import WhatIf
from optimizer.why import why

__all__ = [
    "Catalog",
    "CatalogFaults",
    "Explanation",
    "Faults",
    "Frontier",
    "Model",
    "NotBuiltYet",
    "NotProven",
    "NotVerified",
    "Plan",
    "Posed",
    "Problem",
    "Question",
    "Violation",
    "WhatIf",
    "ask",
    "explain",
    "formatted",
    "frontier",
    "load_catalog",
    "plan_for",
    "pose_program",
    "to_json",
    "verify",
    "what_if",
]

MOST_POINTS = 1_000


class NotVerified(Exception):
    """Refuse to give an answer that breaks a rule when it is proved again; `violations` says which."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        told = "".join(f"\n  - {one.message}" for one in violations)
        super().__init__(f"It does not stand up to verification; please report it with your input:{told}")


@dataclass(frozen=True, slots=True)
class Posed:
    """Hold a question in whole numbers and its integer program; the variables stand in the problem's order."""

    problem: Problem
    model: Model


def load_catalog(*sources: str | Path) -> Catalog:
    """Return the catalog of folders and CSV files, the shipped one where none, or `shipped`, is named."""
    return catalog_from([str(one) for one in sources])


def ask(
    learner: str | Path | Mapping[str, object] | None = None,
    *,
    as_of: date | str,
    catalog: Catalog | None = None,
    seconds: float = 60.0,
    credential: str | Sequence[str] = (),
    deadline: date | str | None = None,
    cycle_start: date | str | None = None,
    earned: str | Sequence[str] = (),
    transcript: str | Path | None = None,
    passes: str | Sequence[str] = (),
    budget: str | int | Decimal | None = None,
    hours_per_week: str | int | Decimal | None = None,
    route: str | None = None,
    member: bool = False,
    no_assumed: bool = False,
) -> Question:
    """Return the question of a learner's file, or of a mapping in its shape, with what else is said as flags say it.

    Raises `Faults` with everything that is wrong; what a reader should know though it is no fault is a warning.
    """
    if not 0 < seconds < float("inf"):
        msg = f"seconds={seconds}: give a number of seconds above 0"
        raise ValueError(msg)
    today = _day(as_of)
    flags: dict[str, Any] = {
        "credential": _listed(credential),
        "deadline": text_of(deadline),
        "cycle_start": text_of(cycle_start),
        "earned": _listed(earned),
        "transcript": text_of(transcript),
        "passes": _listed(passes),
        "budget": text_of(budget),
        "hours_per_week": text_of(hours_per_week),
        "route": route,
        "member": member,
        "no_assumed": no_assumed,
    }
    if isinstance(learner, Mapping):
        name, said = "the learner", {key: plain(value) for key, value in learner.items()}
    else:
        name, said = str(learner or ""), read_profile(Path(learner)) if learner else {}
    asked = ask_of(catalog or load_catalog(), said, name, flags, today, seconds)
    for note in asked.notes:
        warnings.warn(shown(note, longest=1_000), stacklevel=2)
    return asked.question


def _listed(said: str | Sequence[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _day(said: date | str) -> date:
    text = text_of(said) or ""
    try:
        day = parse_day(text)
    except BadValue as bad:
        raise Faults([bad.at("as_of", None, None, text)]) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        problem = f"it lies outside the years {FIRST_YEAR} to {LAST_YEAR}"
        raise Faults([Fault("as_of", None, None, text, problem, "Correct the year.")])
    return day


def plan_for(question: Question) -> Plan:
    """Return the plan that answers a question, proved; raises `NotProven`, `NotVerified`, `NotBuiltYet`, `Faults`."""
    return _proved(unproved_plan_for(question), question)


def _proved(plan: Plan, question: Question) -> Plan:
    _, violations = proving.json_and_violations(plan, question)
    if violations:
        raise NotVerified(violations)
    return plan


def verify(plan: Plan | Mapping[str, object], catalog: Catalog) -> tuple[Violation, ...]:
    """Return every rule that a plan, or its JSON, breaks; none if it is proved."""
    written = to_json(plan) if isinstance(plan, Plan) else plan
    return violations_of(written, catalog, load_shipped)


def frontier(question: Question, against: str = "hours", points: int = 20) -> Frontier:
    """Return what fewer hours cost, or what each `budget` covers: plans, each proved; raises as `plan_for` does."""
    if against not in AGAINST:
        msg = f"against={against!r}: give {' or '.join(AGAINST)}"
        raise ValueError(msg)
    if not 1 <= points <= MOST_POINTS:
        msg = f"points={points}: give a number from 1 to {MOST_POINTS}"
        raise ValueError(msg)
    found = frontiers.frontier(question, against, points)
    for point in found.points:
        _proved(point.plan, question)
    return found


def what_if(question: Question, plan: Plan, *changes: str) -> WhatIf:
    """Return the proved plan after changes, each like `hours_per_week=2` or `ace-annual=39.95`, and what moved."""
    found = what_ifs.what_if(question, plan, changes, Stopwatch(question.seconds))
    _proved(found.plan, found.question)
    return found


def explain(question: Question, plan: Plan) -> Explanation:
    """Return why the plan that answers a question came out: what each purchase, requirement and pass is worth."""
    return why(question, _proved(plan, question), Stopwatch(question.seconds))


def formatted(plan: Plan, question: Question, format_: str = "text", width: int = 100) -> str:
    """Return a plan as the command prints it, after proving it again."""
    if format_ not in formats.FORMATS:
        known = ", ".join(formats.FORMATS)
        msg = f"format {format_!r}: give one of {known}.{did_you_mean(format_, formats.FORMATS)}"
        raise ValueError(msg)
    return formats.formatted(_proved(plan, question), question, format_, width)


def pose_program(question: Question) -> Posed:
    """Return the integer program of the cheapest full plan, whole and unsolved, by the first route there is.

    Rows for weekly hours are not in it: solving adds those that an answer overfills.
    """
    kept = obligations(question.learner, question.credentials, question.as_of)
    kept = ways_round(kept, question.learner.route)[0]
    market = market_of(question, kept)
    posed = pose(question.learner, market, kept, question.as_of, grouped=question.reduced)
    problem = replace(posed, max_minutes=question.max_minutes)
    model = build(problem, budget=problem.budget, full=True)
    model.program.setObjective(sum(price * variable for variable, price in cost(model, problem)))
    return Posed(problem, model)
