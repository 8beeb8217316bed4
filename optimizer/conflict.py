"""Conflicts: smallest sets of conditions that cannot all be kept, found by letting go one after another.

Asking a solver for an irreducible set of rows would answer about rows, and solvers fail at it or take minutes where
only whole numbers make a program infeasible. Conditions are few, and each question asked is an ordinary plan's.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from optimizer.choosing import NotProven
from optimizer.comparing import exists
from optimizer.conditions import (
    LATEST,
    SHORTER,
    SOONER,
    Condition,
    Kind,
    conditions,
    with_deadline,
    without,
)
from optimizer.obligation import Obligation
from optimizer.question import Question
from optimizer.solve import Stopwatch

type Fits = Callable[[frozenset[Condition]], bool]
"""Says whether a full plan exists that keeps some conditions, or raises `NotProven`."""


def conflicts(known: Sequence[Condition], fits: Fits, most: int) -> tuple[list[tuple[Condition, ...]], bool]:
    """Return smallest conflicts of conditions that cannot all be kept, and whether these are all there are.

    Of a conflict any condition but one can be kept. There may be more where time ran out, or there are `most`.
    """
    found: list[tuple[Condition, ...]] = []
    # Reiter's tree: a conflict without what is let go on the way to a node makes the node's children.
    waiting, seen = [frozenset[Condition]()], {frozenset[Condition]()}
    try:
        while waiting:
            gone = waiting.pop(0)
            conflict = next((one for one in found if not gone & set(one)), None)
            if conflict is None and not fits(frozenset(known) - gone):
                if len(found) == most:
                    return found, False
                conflict = smallest([one for one in known if one not in gone], fits)
                if not conflict:
                    return found, False
                found.append(conflict)
            for one in conflict or ():
                if (more := gone | {one}) not in seen:
                    seen.add(more)
                    waiting.append(more)
    except NotProven:
        return found, False
    return found, True


def smallest(known: Sequence[Condition], fits: Fits) -> tuple[Condition, ...]:
    """Return conditions that cannot all be kept, of which any but one can.

    The first of `known` are let go first, so that the last of them rather stay.
    """
    held = list(known)
    for _, group in groupby(known, key=lambda one: one.kind):
        alike = list(group)  # many excluded courses, say, mostly have no part in it
        if len(alike) > 2 and not fits(frozenset(held) - set(alike)):
            held = [one for one in held if one not in alike]
            continue
        for one in alike:
            if not fits(frozenset(held) - {one}):
                held.remove(one)
    budget = [one for one in held if one.kind is Kind.BUDGET]
    return *(one for one in reversed(held) if one not in budget), *budget


def asking(
    question: Question,
    kept: Sequence[Obligation],
    watch: Stopwatch,
    *,
    impossible: bool = False,
    at_some_price: bool = False,
) -> Fits:
    """Return a function that says whether a full plan exists that keeps some of the conditions.

    What is known need not be asked: `impossible` says that none keeps all of them, `at_some_price` that one keeps all
    but the budget.
    """
    known = frozenset(conditions(question, kept))
    answers: dict[tuple[frozenset[Condition], int, int | None], bool] = {}
    helped = [SOONER[0]]
    stricter = {t for t in range(len(kept)) if may_ask_more(question, kept, t)}

    def there_is(gone: frozenset[Condition], later: int, budget: int | None) -> bool:
        if (gone, later, budget) not in answers:
            if watch.is_up():  # what is plainly impossible is proven in no time, but posing it takes some
                msg = "no time is left to look for what stands in the way"
                raise NotProven(msg)
            moves = [later if t in stricter or later in SOONER else LATEST for t in range(len(kept))]
            share = Stopwatch(
                watch.left() / 2
            )  # what is hard to settle must not keep the rest from being looked at
            answers[gone, later, budget] = exists(*without(question, kept, gone, moves), share, budget=budget)
        return answers[gone, later, budget]

    def fits(held: frozenset[Condition]) -> bool:
        if impossible and known <= held:
            return False
        budget = question.learner.budget if any(one.kind is Kind.BUDGET for one in held) else None
        if at_some_price and budget is None:
            return True
        gone = frozenset(one for one in known - held if one.kind is not Kind.BUDGET)
        # A later deadline may ask for more; who may finish later may also finish a little later, or in time.
        doubtful = any(one.kind is Kind.DEADLINE and one.target in stricter for one in gone)
        hours = question.learner.hours_per_week is not None and any(one.kind is Kind.DEADLINE for one in gone)
        sooner = SOONER if hours and helped[-1] in SOONER else ()  # as it was the last time
        doubt: NotProven | None = None
        for later in (*sooner, LATEST, *(SHORTER if doubtful else ())):
            try:
                if there_is(gone, later, budget):
                    helped.append(later)
                    return True
            except NotProven as unproven:
                doubt = unproven
        if doubt is not None:
            raise doubt
        helped.append(LATEST)
        return False

    return fits


def may_ask_more(question: Question, kept: Sequence[Obligation], target: int) -> bool:
    """Say whether a later deadline may ask for more: of another part, of later months, or by other rules."""
    one = kept[target]
    later = with_deadline(question, kept, target, LATEST)[1][target].version
    moves = any(rule.every_months is not None or rule.within_months is not None for rule in one.requirements)
    return moves or one.version.repeat_months is not None or later.effective != one.version.effective
