"""What if: a question with some things changed, its plan, and what moved."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from catalogs.amounts import parse_money, write_money
from catalogs.faults import BadValue, Fault, Faults, FlagFaults, did_you_mean
from optimizer.choosing import proven_cost
from optimizer.comparing import best_of, market_of
from optimizer.explaining import settled
from optimizer.explanation import Compared, WhatIfAnswer
from optimizer.flags import with_flags
from optimizer.learner_file import learner_from, learner_mapping
from optimizer.obligation import obligations
from optimizer.plan import Plan
from optimizer.planning import plan_for
from optimizer.question import Question
from optimizer.routes import ways_round
from optimizer.solve import Stopwatch

FLAG = "--what-if"
SAID = ("budget", "deadline", "cycle_start", "hours_per_week", "route")
"""Keys that a flag of the same name sets."""
LISTED = {"earned": "earned", "pass": "passes"}
"""Keys that add to what is there, and the flag that does."""
SWITCHES = ("member", "no_assumed")
WISHES = ("max_purchases", "formats", "require", "exclude")
LIMITS = ("budget", "hours_per_week", "away", "max_purchases", "formats", "require", "no_assumed", "member")
"""Keys that `without=` takes away."""
KEEPING = "what would be left of what was planned"
KEYS = (*SAID, *LISTED, *SWITCHES, *WISHES, "without")


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Hold a changed question, the plan that answers it, and what moved."""

    question: Question
    plan: Plan
    answer: WhatIfAnswer


def changed(question: Question, changes: Iterable[str]) -> Question:
    """Return the question after changes, each `key=value`, or raise `FlagFaults`."""
    _check(question)
    faults: list[Fault] = []
    for change in changes:
        try:
            question = _after(question, change)
        except BadValue as bad:
            faults.append(bad.at(FLAG, None, None, change))
        except Faults as found:
            faults += [replace(one, file=FLAG, row=None, column=None, value=change) for one in found.faults]
    if faults:
        raise FlagFaults(faults)
    return question


def _after(question: Question, change: str) -> Question:
    key, equals, value = (part.strip() for part in change.partition("="))
    if not equals or not value:
        raise BadValue(
            problem="it does not say what changes",
            remedy="Write it like hours_per_week=2 or ace-annual=39.95.",
        )
    mapping = learner_mapping(question.learner)
    if key == "without":
        return _without(question, mapping, value)
    if key in SAID or key in LISTED:
        flags: dict[str, Any] = {key: value} if key in SAID else {LISTED[key]: [value]}
        mapping = with_flags(mapping, **flags)
    elif key in SWITCHES:
        mapping[key] = value
    elif key in WISHES:
        if key == "exclude":
            _check_excluded(question, value)
        _wish(mapping, key, value)
    else:
        _price(question, mapping, key, value)
    return _with(question, mapping)


def _with(question: Question, mapping: Mapping[str, object]) -> Question:
    passes = [one.pass_id for one in question.passes]
    after = replace(question, learner=learner_from(mapping, FLAG, question.as_of, passes))
    _check(after)
    return after


def _check(question: Question) -> None:
    """Raise `Faults` where a learner names what does not exist."""
    kept = obligations(question.learner, question.credentials, question.as_of)
    ways_round(kept, question.learner.route)
    market_of(question, kept)


def _wish(mapping: dict[str, object], key: str, value: str) -> None:
    found = mapping.get("preferences", {})
    wishes = dict(found) if isinstance(found, dict) else {}
    listed = [one.strip() for one in value.split(";")]
    match key:
        case "max_purchases":
            wishes[key] = value
        case "formats":
            wishes[key] = listed
        case _:
            wishes[key] = [*wishes.get(key, ()), *listed]
    mapping["preferences"] = wishes


def _check_excluded(question: Question, value: str) -> None:
    """Refuse what nobody offers: in a file it is harmless, here it would change nothing."""
    known = _offerings(question)
    for one in (one.strip() for one in value.split(";")):
        if one not in known:
            raise BadValue(
                problem=f'nothing for sale is called "{one}"',
                remedy=f"Give ids of offerings, separated by semicolons.{did_you_mean(one, known)}",
            )


def _price(question: Question, mapping: dict[str, object], one: str, value: str) -> None:
    known = {p.pass_id for p in question.passes} | _offerings(question)
    if one not in known:
        raise BadValue(
            problem=f'"{one}" is no key, and nothing for sale has this id',
            remedy=f"Give an id and a price, or a key: {', '.join(KEYS)}.{did_you_mean(one, [*known, *KEYS])}",
        )
    parse_money(value)
    prices = [(its_id, price) for its_id, price in question.learner.prices if its_id != one]
    mapping["price"] = [
        *({"id": its_id, "price": write_money(price)} for its_id, price in prices),
        {"id": one, "price": value},
    ]


def _without(question: Question, mapping: dict[str, object], name: str) -> Question:
    """Return the question without a limit, an offering, a pass, or all that a provider sells."""
    if name in LIMITS:
        wishes = mapping.get("preferences")
        mapping.pop(name, None)
        if isinstance(wishes, dict):
            wishes.pop(name, None)
        return _with(question, mapping)
    passes = {one.pass_id: one.provider for one in question.passes}
    if name in passes:
        return _gone(question, mapping, {name})
    if name in _offerings(question):
        _wish(mapping, "exclude", name)
        return _with(question, mapping)
    sellers = {o.provider for o in (*question.offerings, *question.learner.offerings)} | set(passes.values())
    called = [name] if name in sellers else [one for one in sorted(sellers) if one.startswith(f"{name}-")]
    if len(called) != 1:
        several = (
            f"it may be {' or '.join(called)}"
            if called
            else "nothing for sale, and nobody who sells, is called so"
        )
        hint = did_you_mean(name, [*LIMITS, *passes, *sellers, *_offerings(question)])
        raise BadValue(problem=several, remedy=f"Name an offering, a pass, a provider or a limit.{hint}")
    gone = {one for one, provider in passes.items() if provider == called[0]}
    gone |= {
        o.offering_id for o in (*question.offerings, *question.learner.offerings) if o.provider == called[0]
    }
    return _gone(question, mapping, gone)


def _gone(question: Question, mapping: dict[str, object], ids: Set[str]) -> Question:
    """Return the question without offerings and passes, bought or held."""
    held = mapping.get("holding")
    if isinstance(held, list):
        mapping["holding"] = [one for one in held if not ids & set(one.values())]
    if any(one.membership in ids for one in question.credentials):
        mapping.pop("member", None)
    return replace(_with(question, mapping), left_out=question.left_out | ids)


def _offerings(question: Question) -> set[str]:
    return {o.offering_id for o in (*question.offerings, *question.learner.offerings)}


def what_if(question: Question, plan: Plan, changes: Sequence[str], watch: Stopwatch) -> WhatIf:
    """Return the plan after all changes together, and what moved; raises `FlagFaults` and `NotProven`."""
    after = replace(changed(question, changes), seconds=watch.left())
    then, unsettled = plan_for(after), list[str]()
    bought, no_longer = _moved(plan, then)
    keeping = settled([after], lambda one: _keeping(one, plan, watch), lambda _: KEEPING, unsettled)
    alone = _each_alone(question, changes) if len(changes) > 1 else ()
    each = settled(
        alone,
        lambda one: Compared(one[0], _within(one[1], watch)),
        lambda one: f"what a plan costs with {one[0]} alone",
        unsettled,
    )
    reason = then.no_plan
    return WhatIf(
        after,
        then,
        WhatIfAnswer(
            changes=tuple(changes),
            status=then.status,
            cost=then.cost if reason is None else reason.cheapest_full_cost,
            bound=then.bound if reason is None else reason.bound,
            minutes=then.minutes,
            bought=bought,
            no_longer=no_longer,
            keeping=keeping[0] if keeping else None,
            each=each,
            unsettled=tuple(unsettled),
        ),
    )


def _each_alone(question: Question, changes: Iterable[str]) -> Iterator[tuple[str, Question]]:
    """Yield each change with the question after it alone, where that can be asked."""
    for one in changes:
        with suppress(FlagFaults):
            yield one, changed(question, [one])


def _moved(before: Plan, then: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a full plan buys that the one before did not, and the other way round."""
    if then.no_plan is not None:
        return (), ()
    had = Counter(p.id for p in before.purchases) if before.no_plan is None else Counter[str]()
    has = Counter(p.id for p in then.purchases)
    titles = {p.id: p.title for p in (*before.purchases, *then.purchases)}
    return _named(has - had, titles), _named(had - has, titles)


def _named(ids: Mapping[str, int], titles: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(titles[one] if n == 1 else f"{n} × {titles[one]}" for one, n in sorted(ids.items()))


def _keeping(question: Question, plan: Plan, watch: Stopwatch) -> int | None:
    """Return the least cost with nothing but what a plan takes and buys, by its routes; None if that is not full."""
    if plan.no_plan is not None:
        return None
    had = {e.offering_id for e in plan.enrollments} | {p.id for p in plan.purchases}
    everything = _offerings(question) | {p.pass_id for p in question.passes}
    return _cost(replace(question, left_out=question.left_out | (everything - had)), watch, plan.route)


def _within(question: Question, watch: Stopwatch) -> int | None:
    """Return the least cost of a full plan within the budget."""
    cost, budget = _cost(question, watch), question.learner.budget
    return None if cost is None or (budget is not None and cost > budget) else cost


def _cost(question: Question, watch: Stopwatch, route: Mapping[str, str] | None = None) -> int | None:
    """Return the least cost by the routes the learner wants, or of those by one; raises `NotProven`."""
    kept = obligations(question.learner, question.credentials, question.as_of)
    return proven_cost(
        best_of(question, way, watch)
        for way in ways_round(kept, question.learner.route)
        if route is None or all(one.route == route[one.credential.id] for one in way)
    )
