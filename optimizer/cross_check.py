"""The cross-check: a plan's integer program solved again by SCIP, in its own process, and what both prove compared.

The program is posed anew and its rows are the same, so this checks the solver, not the model: the model is checked by
`verify`, which knows nothing of it, and by the tests' own searches. What a solver proves of a least value is a range;
ranges that do not meet contradict each other.

Rows for weekly hours are not taken over: SCIP, too, starts without them and gets one for each interval its own answer
overfills. That nothing costs less than the plan is enough, for `verify` proves that the plan is possible.
"""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.choosing import MOST_WAYS
from optimizer.comparing import market_of
from optimizer.model import build, cost
from optimizer.obligation import Obligation, obligations
from optimizer.plan import CrossCheck, Plan, amount
from optimizer.posing import pose
from optimizer.problem import Problem
from optimizer.program import Terms, as_mps
from optimizer.question import Question
from optimizer.routes import ways_round
from optimizer.solve import Stopwatch, exact, hour_rows, without_days
from optimizer.timing import loosened

SOLVER = "SCIP"
INSTALL = "pip install 'ceuplan[cross-check]'"
GRACE = 10.0
"""Seconds beyond its limit after which the second solver is ended: it must start, read, and notice the time."""
UNFINISHED = "It was not done in the time given. Give it longer with --time-limit."
NEVER = math.inf
"""The least value where there is no solution."""
TOLERANCE = 1e-6
"""How far below a whole number a solver's bound may lie and still prove it."""


class NoAnswer(Exception):
    """Say in words why the second solver gave no answer that can be compared."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold what the second solver said of one program."""

    solver: str
    verdict: str
    """`optimal`, `infeasible`, or `unfinished` in its time."""
    seconds: float
    bound: float | None
    value: float | None
    variables: dict[str, float]


@dataclass(frozen=True, slots=True)
class Range:
    """Hold what is proven of a least value: at least `low`; at most `high`, where a solution is known."""

    low: Fraction | float
    high: Fraction | None

    def meets(self, other: "Range") -> bool:
        """Say whether both can be true."""
        return all(b.high is None or a.low <= b.high for a, b in ((self, other), (other, self)))

    def words(self, write: Callable[[Fraction], str]) -> str:
        """Return it as the end of a sentence."""
        if self.low == NEVER:
            return "there is none"
        low = write(Fraction(self.low))
        if self.high is None:
            return f"it is at least {low}"
        return f"it is {low}" if self.low == self.high else f"it lies from {low} to {write(self.high)}"


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold how a cross-check came out."""

    check: CrossCheck
    contradictions: tuple[str, ...]
    """What not both solvers can be right about, in words."""
    note: str


def is_installed() -> bool:
    """Say whether the second solver is there, without importing it."""
    return find_spec("pyscipopt") is not None


def cross_checked(question: Question, plan: Plan) -> Checked:
    """Return what the second solver says of a plan; it has as long as the first had, and runs after it."""
    second = _Second(Stopwatch(question.seconds))
    kept = obligations(question.learner, question.credentials, question.as_of)
    ours, missing = _ours(plan), sum((r.short for r in plan.requirements), Fraction())
    short: Range | None = None
    try:
        ways = [
            _least(question, way, second, ours.high, full=True)
            for way in ways_round(kept, question.learner.route)
        ]
        highs = [way.high for way in ways if way.high is not None]
        money = Range(min(way.low for way in ways), min(highs, default=None))
        contradictions = [*_contradiction("the least cost of a full plan", ours, money, _dollars)]
        if plan.no_plan is not None:
            chosen = [replace(one, route=plan.route[one.credential.id]) for one in kept]
            known = Range(missing if plan.no_plan.partial_proven else 0, missing)
            short = _least(question, chosen, second, missing, full=False)
            contradictions += _contradiction("the least that must stay short", known, short, _credit)
    except NoAnswer as why:
        nothing = CrossCheck(SOLVER, agrees=False, cost=None, short=None, why_not=str(why))
        return Checked(nothing, (), second.note())
    better = []
    if money.low != (NEVER if ours.high is None else ours.high):
        better.append(_not_ours("costs", money, _dollars))
    if short is not None and short.low != missing:
        better.append(_not_ours("leaves short", short, _credit))
    check = CrossCheck(
        SOLVER,
        agrees=not better,
        cost=_whole(money, ours),
        short=None if short is None or short.low != missing else missing,
        why_not=" ".join(better) or None,
    )
    return Checked(check, tuple(contradictions), second.note())


def _ours(plan: Plan) -> Range:
    """Return what the plan says of the least cost of a full one."""
    if plan.no_plan is None:
        return Range(Fraction(plan.bound), Fraction(plan.cost))
    full, bound = plan.no_plan.cheapest_full_cost, plan.no_plan.bound
    return Range(NEVER, None) if full is None or bound is None else Range(Fraction(bound), Fraction(full))


def _whole(money: Range, ours: Range) -> int | None:
    """Return the least cost that is proven, in cents; a bound that reaches the plan's cost proves it, too."""
    known = money.high if money.low == money.high else ours.high if money.low == ours.high else None
    return None if known is None else int(known)


def _dollars(cents: Fraction) -> str:
    return f"${write_money(int(cents))}"


def _credit(short: Fraction) -> str:
    return amount(short)


def _contradiction(what: str, first: Range, second: Range, write: Callable[[Fraction], str]) -> list[str]:
    if first.meets(second):
        return []
    return [f"Of {what} HiGHS proved that {first.words(write)}; {SOLVER} proved that {second.words(write)}."]


def _not_ours(what: str, found: Range, write: Callable[[Fraction], str]) -> str:
    """Say why a range that does not contradict the plan does not confirm it either."""
    if found.low == found.high:
        return f"It proved that the best {what} {write(Fraction(found.low))}, which was not found in the time given."
    return UNFINISHED


def _least(
    question: Question,
    kept: Sequence[Obligation],
    second: "_Second",
    enough: Fraction | None,
    *,
    full: bool,
) -> Range:
    """Return what the second solver proves of the least cost at any price, or else of the least that stays short.

    A lower limit of `enough` ends the search; where not every start of a term is tried, a looser problem gives one.
    """
    market = market_of(question, kept)

    def posed(*, timed: bool = True, every_day: bool = False) -> Problem:
        problem = pose(
            question.learner,
            market,
            kept,
            question.as_of,
            grouped=question.reduced,
            timed=timed,
            every_day=every_day,
        )
        return replace(problem, max_minutes=question.max_minutes)

    def solved(problem: Problem) -> Range:
        if full:
            return _solved(problem, second, enough, full=True)
        found = Range(NEVER, None)
        for insisted in (len(problem.must_take), len(question.learner.preferences.require), 0):
            found = _solved(
                replace(problem, must_take=problem.must_take[:insisted]), second, enough, full=False
            )
            if found.low != NEVER:
                break
        return found

    problem = posed()
    if problem.days.hundredths is None or problem.days.step == 1:
        return solved(problem)
    loose = solved(loosened(posed(timed=False), problem))
    if loose.low >= (NEVER if enough is None else enough):
        return Range(loose.low, None)
    if second.watch.is_up():
        raise NoAnswer(UNFINISHED)
    if len(problem.ways) * problem.days.step > MOST_WAYS:
        msg = "With weekly hours over so long a time there are too many starts to try."
        raise NoAnswer(msg)
    return solved(posed(every_day=True))


def _solved(problem: Problem, second: "_Second", enough: Fraction | None, *, full: bool) -> Range:
    """Return what the second solver proves of one problem."""
    problem = without_days(problem)
    model = build(problem, budget=None if full else problem.budget, full=full)
    aim: Terms = cost(model, problem) if full else [(v, 1) for v in model.short]
    while True:
        reply = second.ask(as_mps(model, aim))
        if reply.verdict == "infeasible":
            return Range(NEVER, None)
        found = _cents(reply) if full else _missing(reply, problem)
        if problem.days.hundredths is None:
            return found
        if found.high is None or (enough is not None and found.low >= enough):
            return Range(found.low, None)
        if not hour_rows(model, problem, [round(reply.variables.get(v.name, 0)) for v in model.take]):
            return found
        if reply.verdict != "optimal":
            return Range(found.low, None)


def _cents(reply: Reply) -> Range:
    """Return the range of a cost: a sum of whole cents, so that a bound rounds up."""
    high = None if reply.value is None else Fraction(round(reply.value))
    if high is not None and reply.verdict == "optimal":
        return Range(high, high)
    return Range(Fraction(max(0, math.ceil((reply.bound or 0) - TOLERANCE))), high)


def _missing(reply: Reply, problem: Problem) -> Range:
    """Return the range of what stays short, in credits; a bound that is not whole proves nothing here."""
    high = None if reply.value is None else exact(reply.value) / problem.scale
    return Range(high if high is not None and reply.verdict == "optimal" else Fraction(), high)


class _Second:
    """Hold the second solver's time, and what it answered so far."""

    def __init__(self, watch: Stopwatch) -> None:
        self.watch = watch
        self.replies: list[Reply] = []

    def ask(self, program: str) -> Reply:
        """Return the answer to one program, or raise `NoAnswer`."""
        with TemporaryDirectory(prefix="ceuplan-") as folder:
            path = Path(folder) / "program.mps"
            path.write_text(program, "ascii")
            self.replies.append(reply_to(path, self.watch.left()))
        return self.replies[-1]

    def note(self) -> str:
        """Say how long it took: the answer itself holds no times, so that it is the same every time."""
        if not self.replies:
            return f"The cross-check by {SOLVER} had no answer."
        number, seconds = len(self.replies), sum(reply.seconds for reply in self.replies)
        programs = "1 program" if number == 1 else f"{number} programs"
        return f"{self.replies[0].solver} took {seconds:.2f} s to solve {programs} for the cross-check."


def reply_to(program: Path, seconds: float) -> Reply:
    """Return the second solver's answer to a program in a file, or raise `NoAnswer`."""
    child = Path(__file__).with_name("second_solver.py")
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by this very Python, and no shell
            [sys.executable, "-P", str(child), str(program), str(seconds)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds + GRACE,
        )
    except subprocess.TimeoutExpired:
        msg = "It did not stop in the time given, and was ended. Give it longer with --time-limit."
        raise NoAnswer(msg) from None
    except OSError as error:
        msg = f"It could not be started: {error.strerror}."
        raise NoAnswer(msg) from None
    if done.returncode < 0:
        msg = f"It was ended from outside or broke down (signal {-done.returncode})."
        raise NoAnswer(msg)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        msg = f"It stopped without an answer: {shown(last)}."
        raise NoAnswer(msg)
    reply = _read(done.stdout)
    if reply is None:
        msg = "Its answer cannot be read."
        raise NoAnswer(msg)
    if reply.verdict not in ("optimal", "infeasible", "unfinished"):
        msg = f"It gave no verdict but {shown(reply.verdict)}."
        raise NoAnswer(msg)
    return reply


def _read(said: str) -> Reply | None:
    """Return an answer as the child writes it, or None if it is anything else."""
    try:
        table = json.loads(said)
        bound, value = (None if table[key] is None else _finite(table[key]) for key in ("bound", "value"))
        reply = Reply(
            solver=str(table["solver"]),
            verdict=str(table["verdict"]),
            seconds=_finite(table["seconds"]),
            bound=bound,
            value=value,
            variables={str(name): _finite(value) for name, value in table["variables"].items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return None if reply.verdict == "optimal" and reply.value is None else reply


def _finite(value: Any) -> float:
    """Return a number, or raise `ValueError`."""
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)
