"""Remedies: each single smallest change after which a full plan exists, with what that plan then costs.

Every one is confirmed by planning with it, and what is a little less was seen not to do: a cent, a hundredth of an
hour a week, a day, a purchase. Only what stands in a conflict can help, since a change must end them all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from catalogs.amounts import write_money
from catalogs.schema import FORMATS
from optimizer.choosing import Least, NotProven
from optimizer.comparing import best_of, exists, study_at_least, within
from optimizer.conditions import LATEST, SHORTER, Condition, Kind, with_deadline, without
from optimizer.conflict import may_ask_more
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.earning import days_and_rules
from optimizer.hours import minutes_given
from optimizer.layout import number_of, short_credit
from optimizer.learner import Learner
from optimizer.obligation import Obligation
from optimizer.plan import Remedy
from optimizer.problem import Aim
from optimizer.question import Question
from optimizer.routes import ANY, ways_round
from optimizer.solve import Stopwatch

MOST_HOURS = 16_800
"""Hundredths of hours in a week."""


def remedies(
    question: Question,
    kept: Sequence[Obligation],
    conflict: Sequence[Condition],
    watch: Stopwatch,
    cheapest: int | None = None,
) -> tuple[tuple[Remedy, ...], bool]:
    """Return what would help, by total cost, and whether all of it could be looked at in time.

    `cheapest` is what the cheapest full plan costs, if that is proven already.
    """
    found: list[Remedy] = []
    complete = True
    looks = [look for one in conflict for look in _looks(question, kept, one, watch, cheapest)]
    looks += [_by_route(question, kept, name, watch) for name in _other_routes(question, kept)]
    for look in looks:
        try:
            if watch.is_up():
                msg = "no time is left to look for what would help"
                raise NotProven(msg)
            remedy = look()
        except NotProven:
            complete = False
            continue
        found += [remedy] if remedy else []
    return tuple(sorted(found, key=lambda one: one.cost)), complete


type Look = Callable[[], Remedy | None]


def _looks(
    question: Question,
    kept: Sequence[Obligation],
    condition: Condition,
    watch: Stopwatch,
    cheapest: int | None,
) -> Iterator[Look]:
    """Yield what to try for one condition of a conflict."""
    learner = question.learner
    wishes = learner.preferences

    def simply(words: str) -> Look:
        return lambda: _remedy(words, best_of(*without(question, kept, [condition]), watch), learner.budget)

    match condition.kind:
        case Kind.BUDGET:
            yield lambda: _by_budget(question, kept, watch, cheapest)
        case Kind.HOURS:
            yield lambda: _by_hours(question, kept, watch)
        case Kind.DEADLINE:
            yield lambda: _by_deadline(question, kept, condition.target, watch)
        case Kind.NUMBER:
            yield lambda: _by_number(question, kept, condition, watch)
        case Kind.AWAY:
            for away in learner.away:
                others = replace(learner, away=tuple(one for one in learner.away if one != away))
                yield _by(question, kept, others, f"study from {away.first} to {away.last}, too", watch)
        case Kind.FORMATS:
            for one in sorted(set(FORMATS) - set(wishes.formats)):
                more = replace(learner, preferences=replace(wishes, formats=(*wishes.formats, one)))
                yield _by(question, kept, more, f"accept what is {one}, too", watch)
        case Kind.EXCLUDED:
            yield simply(f"accept {condition.name or 'the courses that you exclude'}")
        case Kind.EXCLUDED_PROVIDER:
            yield simply(f"accept courses from {condition.name or 'the providers you exclude'}")
        case Kind.PUBLISHED:
            yield simply("accept values that nobody published (leave out --no-assumed)")
        case Kind.REQUIRED:
            yield simply(f"do without {condition.name or 'the courses that you require'}")
        case _:
            return  # what a credential asks for is not the learner's to change


def _by(
    question: Question, kept: Sequence[Obligation], learner: Learner, words: str, watch: Stopwatch
) -> Look:
    changed = replace(question, learner=learner)
    return lambda: _remedy(words, best_of(changed, kept, watch), question.learner.budget)


def _remedy(words: str, least: Least, budget: int | None) -> Remedy | None:
    """Return the change if a full plan within the budget exists after it; the cost must be proven."""
    if not within(least, budget):
        return None
    if least.cost is None or not least.proven:
        msg = "what a change would cost in all was not settled within the time limit"
        raise NotProven(msg)
    return Remedy(words, least.cost)


def _by_budget(
    question: Question, kept: Sequence[Obligation], watch: Stopwatch, cheapest: int | None
) -> Remedy | None:
    if cheapest is None:
        least = _best_route(
            [best_of(question, way, watch) for way in ways_round(kept, question.learner.route)]
        )
    else:
        least = Least(cheapest, cheapest, 0, 0, proven=True)
    budget = question.learner.budget
    more = 0 if least.cost is None or budget is None else least.cost - budget
    return _remedy(f"raise the budget by ${write_money(more)}", least, None)


def _by_number(
    question: Question, kept: Sequence[Obligation], condition: Condition, watch: Stopwatch
) -> Remedy | None:
    question = without(question, kept, [condition])[0]
    least = best_of(question, kept, watch, Aim.PURCHASES, Aim.COST)
    return _remedy(f"allow {number_of(least.purchases, 'purchase')}", least, question.learner.budget)


def _by_hours(question: Question, kept: Sequence[Obligation], watch: Stopwatch) -> Remedy | None:
    learner = question.learner
    assert learner.hours_per_week is not None  # noqa: S101 - else nobody asks

    def with_hours(hundredths: int) -> Question:
        return replace(question, learner=replace(learner, hours_per_week=Decimal(hundredths) / 100))

    def works(hundredths: int) -> bool:
        return exists(with_hours(hundredths), kept, watch, budget=learner.budget)

    if not works(MOST_HOURS):
        return None
    days = days_and_rules(learner, kept, question.as_of, timed=True, every_day=False)[0]
    whole = minutes_given(days, days.first, days.last_day)
    now = int(learner.hours_per_week * 100)
    guess = ceil(study_at_least(question, kept) * now / whole) if whole else now
    least = least_that_works(works, now, MOST_HOURS, guess)
    in_all = minutes_given(replace(days, hundredths=least), days.first, days.last_day) - whole
    more = short_credit(Fraction(-(-in_all * 100 // 60), 100))
    words = f"study {Decimal(least) / 100:f} hours a week in place of {learner.hours_per_week:f}: {more} more in all"
    return _remedy(words, best_of(with_hours(least), kept, watch), learner.budget)


def _by_deadline(
    question: Question, kept: Sequence[Obligation], target: int, watch: Stopwatch
) -> Remedy | None:
    budget = question.learner.budget

    def works(days: int) -> bool:
        return exists(*with_deadline(question, kept, target, days), watch, budget=budget)

    moves = (LATEST, *SHORTER[:-1]) if may_ask_more(question, kept, target) else (LATEST,)
    if (enough := next((days for days in moves if works(days)), None)) is None:
        return None
    days = least_that_works(works, 0, enough, 1)
    one = kept[target]
    later = one.deadline + timedelta(days)
    of = f" {one.credential.id}" if len(kept) > 1 else ""
    words = f"finish{of} {number_of(days, 'day')} later, for a deadline of {later} in place of {one.deadline}"
    return _remedy(words, best_of(*with_deadline(question, kept, target, days), watch), budget)


def _other_routes(question: Question, kept: Sequence[Obligation]) -> list[str]:
    """Return the routes that `--route` could name in place of what it named."""
    names = [DEFAULT_ROUTE, *(route.name for one in kept for route in one.version.routes)]
    wanted = question.learner.route or DEFAULT_ROUTE
    return [] if wanted == ANY else [name for name in dict.fromkeys(names) if name != wanted]


def _by_route(question: Question, kept: Sequence[Obligation], name: str, watch: Stopwatch) -> Look:
    unrouted = [replace(one, route=DEFAULT_ROUTE) for one in kept]

    def look() -> Remedy | None:
        least = _best_route([best_of(question, way, watch) for way in ways_round(unrouted, name)])
        return _remedy(f"recertify by {name} (--route {name})", least, question.learner.budget)

    return look


def _best_route(by_route: Sequence[Least]) -> Least:
    """Return the cheapest by several routes, proven only if each of them is."""
    full = [one for one in by_route if one.cost is not None]
    least = min(full, key=lambda one: one.cost or 0, default=by_route[0])
    return replace(least, proven=all(one.proven for one in by_route))


def least_that_works(works: Callable[[int], bool], low: int, high: int, guess: int) -> int:
    """Return a number that works where the one below does not; `low` does not work, `high` does.

    It is sought first near a guess. Where whatever works stays working when increased, it is the least.
    """
    guess, step = min(max(guess, low + 1), high), 1
    if guess == high or works(guess):
        high = guess
        while high - step > low and guess != high - step:
            if not works(high - step):
                low = high - step
                break
            high, step = high - step, 2 * step
    else:
        low = guess
        while low + step < high:
            if works(low + step):
                high = low + step
                break
            low, step = low + step, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high
