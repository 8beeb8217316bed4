"""Random timed instances without a full plan, drawn by what stands in the way: supply, the budget, or time."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from random import Random

from pulp import HiGHS, LpAffineExpression
from pulp.constants import LpSolveStatus

from optimizer.market import market_for
from optimizer.model import build
from optimizer.model import cost as cost_of
from optimizer.obligation import obligations
from optimizer.posing import pose
from optimizer.question import Question
from tests.oracle.conditions import Judge, looks_back, replaced, wishing
from tests.oracle.drawing import FORMATS, PROVIDERS, money
from tests.oracle.planned_timed import timed_question
from tests.oracle.timed_instance import Timed
from tests.oracle.timed_making import HOURS_PER_WEEK, timed

CAUSES = ("supply", "budget", "time")


def question(instance: Timed) -> Question:
    """Read an instance the way the command does; `no_assumed` is a flag there."""
    plain, empty = deepcopy(replaced(instance, no_assumed=None)), set[int]()
    for target, rules in enumerate(plain.credentials):
        if not rules["version"][0]["requirement"]:  # a file without any is refused
            empty.add(target)
            rules["version"][0]["requirement"] = [{"name": "none", "at_least": "1"}]
    asked = timed_question(plain)
    credentials = [
        replace(one, versions=tuple(replace(version, requirements=()) for version in one.versions))
        if target in empty
        else one
        for target, one in enumerate(asked.credentials)
    ]
    learner = replace(asked.learner, no_assumed=bool(instance.learner.get("no_assumed")))
    return replace(asked, learner=learner, credentials=tuple(credentials))


def relaxed_cost(instance: Timed) -> Fraction | None:
    """Give the cents of the cheapest plan in parts of courses and passes, weekly hours aside; None without one."""
    asked = question(instance)
    kept = obligations(asked.learner, asked.credentials, asked.as_of)
    market = market_for(asked.learner, asked.file, kept, asked.as_of, asked.catalog, asked.passes)
    problem = pose(asked.learner, market, kept, asked.as_of)
    model = build(problem, budget=None, full=True)
    model.program.setObjective(LpAffineExpression.from_list(cost_of(model, problem)))
    solved = model.program.solve(HiGHS(msg=False, mip=False, threads=1))
    if solved.status is LpSolveStatus.Infeasible:
        return None
    assert solved.status is LpSolveStatus.Optimal
    return Fraction(solved.objective)


def infeasible(cause: str, seed: int, judge: Judge) -> Timed:
    """Draw an instance without a full plan."""
    rng = Random(f"{cause} {seed}")
    while True:
        base = timed(rng.randrange(1_000_000))
        if not _searched_soon(base):
            continue
        drawn = {"supply": _supply, "budget": _budget, "time": _time}[cause](base, rng, judge)
        # Terms of a pass on every day of a year, and weekly hours: what the program does for minutes.
        if drawn is not None and not (drawn.passes and "hours_per_week" in drawn.learner):
            return drawn


def _searched_soon(base: Timed) -> bool:
    """Say whether the search looks weeks ahead in little time: few courses, few terms, one rule that looks back."""
    back = sum(looks_back(base, target) for target in range(len(base.credentials)))
    rows = len(base.offerings) + len(base.learner.get("offering", []))
    terms = [one["renewable"] != "no" and int(one["term_days"] or 99) < 10 for one in base.passes]
    return back <= 1 and rows <= 4 and not any(terms) and len(base.passes) + back <= 1


def _supply(base: Timed, rng: Random, judge: Judge) -> Timed | None:
    """Ask for what is not to be had at any price or with any hours: half the time by the learner's wishes alone."""
    if rng.random() < 0.5:
        if judge.cost(base) is None:
            return None
        found = _wished(base, rng, rng.choice((1, 2, 2, 3)))
    else:
        found = _wished(base, rng, rng.choice((0, 1, 1, 2)))
        version = rng.choice(found.credentials)["version"][0]
        if rng.random() < 0.7:
            need = rng.choice(version["requirement"])
            more = Decimal(need["at_least"]) * rng.choice((Decimal("1.5"), 2, 3))
            need["at_least"] = str(more.quantize(Decimal("0.01")))
        if rng.random() < 0.4:
            version.setdefault("cap", []).append({"name": "tight", "where": {}, "at_most": "0.5"})
    rested = replaced(found, hours_per_week=None, away=None)
    if judge.cost(rested) is not None or relaxed_cost(rested) is not None:
        return None
    return found if rng.random() < 0.4 else rested


def _budget(base: Timed, rng: Random, judge: Judge) -> Timed | None:
    """Give less money than a plan costs, and where there is room for it more than it costs in parts."""
    found = replaced(_wished(base, rng, rng.choice((0, 0, 1, 2))), budget=None)
    cost = judge.cost(found)
    if not cost:
        return None
    least = ceil(relaxed_cost(found) or 0)
    if least >= cost and rng.random() < 0.5:
        return None
    return replaced(found, budget=money(rng.randint(min(least, cost - 1), cost - 1)))


def _time(base: Timed, rng: Random, judge: Judge) -> Timed | None:
    """Give less time than a plan takes."""
    found = _wished(base, rng, rng.choice((0, 0, 0, 1)))
    cost = judge.cost(found)
    if cost is None:
        return None
    for _ in range(5):
        found = _hurried(found, rng)
        if judge.cost(found) is None:
            budget = money(cost + rng.choice((0, 100, 1000)))
            return replaced(found, budget=budget if rng.random() < 0.4 else None)
    return None


def _hurried(instance: Timed, rng: Random) -> Timed:
    """Take away hours or days."""
    what = rng.choice(("hours", "hours", "deadline", "deadline", "away"))
    learner = instance.learner
    if what == "hours":
        now = Decimal(learner.get("hours_per_week", rng.choice(HOURS_PER_WEEK)))
        less = (now * rng.choice((25, 50, 75)) / 100).quantize(Decimal("0.01"))
        return replaced(instance, hours_per_week=f"{max(less, Decimal('0.07')):f}")
    if what == "away":
        first = instance.as_of + timedelta(rng.randint(-2, 12))
        span = {"from": str(first), "to": str(first + timedelta(rng.choice((1, 4, 9))))}
        return replaced(instance, away=[*learner.get("away", []), span])
    found = deepcopy(instance)
    target = rng.randrange(len(found.credentials))
    said, version = found.learner["credential"][target], found.credentials[target]["version"][0]
    deadline = date.fromisoformat(said["deadline"])
    last = deadline - timedelta(int(version["submit_days_before"]))
    earlier = min((last - found.as_of).days, rng.randint(1, 8))
    if earlier > 0 and "cycle_start" in said and said["cycle_start"] <= str(deadline - timedelta(earlier)):
        said["deadline"] = str(deadline - timedelta(earlier))
    return found


def _wished(base: Timed, rng: Random, count: int) -> Timed:
    """Add wishes of the learner."""
    found = deepcopy(base)
    ids = [row["offering_id"] for row in found.offerings]
    for what in rng.sample(("exclude", "exclude", "provider", "formats", "number", "assumed"), count):
        wishes = found.learner.get("preferences", {})
        if what == "exclude":
            known = [*wishes.get("exclude", []), *rng.sample(ids, min(len(ids), rng.choice((1, 1, 2))))]
            found = wishing(found, exclude=sorted(set(known)))
        elif what == "provider":
            known = [*wishes.get("exclude_providers", []), rng.choice(PROVIDERS)]
            found = wishing(found, exclude_providers=sorted(set(known)))
        elif what == "formats":
            found = wishing(found, formats=rng.sample(FORMATS[:-1], rng.choice((1, 2, 2))))
        elif what == "number":
            found = wishing(found, max_purchases=str(rng.choice((0, 1, 1, 2))))
        else:
            rows = [row | {"assumed": rng.choice(("", "", "hours"))} for row in found.offerings]
            found = replaced(replace(found, offerings=rows), no_assumed="true")
    return found
