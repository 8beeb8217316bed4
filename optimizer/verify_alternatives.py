"""Prove what a plan says could stand in its place: each plan inside it, its kind, and what is interchangeable."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date

from catalogs.records import Approval, Offering
from optimizer.credential import Filter
from optimizer.verify_claims import InterchangeableClaim, PlanClaims, Violation, money_text, shown
from optimizer.verify_governed import Say
from optimizer.verify_reading import read_plan
from optimizer.verify_setting import Setting

type Prove = Callable[[Mapping[str, object]], tuple[Violation, ...]]
"""Returns what a plan's JSON breaks."""

FEWEST = ("fewest_hours", "fewest_purchases")
KINDS = (
    *FEWEST, "no_subscription", "approved", "one_provider", "nothing_assumed", "nothing_in_person",
)  # fmt: skip
WHY_NONE = ("the_plan_itself", "none", "not_settled", "not_looked_for")
NOBODY_TRAVELS = ("online", "live_online", "print")


def prove_alternatives(claims: PlanClaims, setting: Setting, say: Say, prove: Prove) -> None:
    """Say where what is told beside the plan is not so."""
    if not (claims.alternatives or claims.no_alternatives or claims.ties):
        return
    if claims.status not in ("optimal", "feasible"):
        say("alternatives", f'A plan that is called "{claims.status}" has alternatives or ties.')
        return
    others: list[PlanClaims] = []
    for n, line in enumerate(claims.alternatives, start=1):
        where = f"alternatives {n}"
        if (other := _inner(claims, where, line.plan, say, prove)) is not None:
            others.append(other)
            _prove_costs(claims, other, where, line.cost, say)
            for kind in line.kinds:
                if kind in KINDS and not _is_kind(kind, other, claims, setting):
                    say("alternatives", f"{where} is said to be of the kind {shown(kind)}; it is not.")
    for n, same in enumerate(() if claims.ties is None else claims.ties.same_cost, start=1):
        where = f"ties, same_cost {n}"
        if (other := _inner(claims, where, same.plan, say, prove)) is not None:
            others.append(other)
            _prove_costs(claims, other, where, claims.cost, say)
            if _bought(other) == _bought(claims):
                say("ties", f"{where} buys the same as the plan.")
    _prove_names(claims, setting, say)
    _prove_fewest(claims, others, say)
    for group in () if claims.ties is None else claims.ties.interchangeable:
        for why in _not_alike(group, claims, setting):
            say("ties", f"The courses said to be interchangeable ({shown(group.words)}) are not: {why}.")


def _inner(
    claims: PlanClaims, where: str, plan: Mapping[str, object], say: Say, prove: Prove
) -> PlanClaims | None:
    """Return what a plan inside the plan claims, if it is proved and answers the same question; else say why not."""
    if plan.get("alternatives") or plan.get("no_alternatives") or plan.get("ties"):
        say("alternatives", f"{where}: a plan inside a plan has alternatives or ties of its own.")
        return None
    violations = prove(plan)
    for violation in violations:
        say(violation.what, f"{where}: {violation.message}")
    other, _ = read_plan(plan)
    if violations or other is None:
        return None
    if (other.as_of, other.problem) != (claims.as_of, claims.problem):
        say("alternatives", f"{where} is for another day, another learner or other rules than the plan.")
        return None
    return other


def _prove_costs(claims: PlanClaims, other: PlanClaims, where: str, cost: int, say: Say) -> None:
    if other.cost != cost:
        say(
            "alternatives",
            f"{where} is said to cost {money_text(cost)}; its plan costs {money_text(other.cost)}.",
        )
    if other.status != "feasible":
        say("alternatives", f'{where} is called "{other.status}"; beside a plan it is "feasible".')
    if other.bound > min(claims.cost, claims.bound):
        bound, least = money_text(other.bound), money_text(min(claims.cost, claims.bound))
        say("alternatives", f"{where} has the bound {bound}; that of the plan is {least}.")
    if other.cost < claims.bound:
        cheaper, bound = money_text(other.cost), money_text(claims.bound)
        say("alternatives", f"{where} costs {cheaper}; no plan is said to cost less than {bound}.")


def _prove_names(claims: PlanClaims, setting: Setting, say: Say) -> None:
    """Say where kinds are unknown or told twice, or a kind is said to be the plan's own and is not."""
    told = [kind for line in claims.alternatives for kind in line.kinds]
    told += [line.kind for line in claims.no_alternatives]
    for kind, count in Counter(told).items():
        if kind not in KINDS:
            say("form", f"{shown(kind)} is no kind of plan; these are: {', '.join(KINDS)}.")
        elif count > 1:
            say("alternatives", f"The kind {shown(kind)} is told {count} times.")
    if not all(line.kinds for line in claims.alternatives):
        say("alternatives", "An alternative is of no kind.")
    for line in claims.no_alternatives:
        if line.why not in WHY_NONE:
            say("form", f"{shown(line.why)} is no reason; these are: {', '.join(WHY_NONE)}.")
        own = line.why == "the_plan_itself" and line.kind in KINDS and line.kind not in FEWEST
        if own and not _is_kind(line.kind, claims, claims, setting):
            say("alternatives", f"The plan is said to be of the kind {shown(line.kind)}; it is not.")


def _prove_fewest(claims: PlanClaims, others: list[PlanClaims], say: Say) -> None:
    """Say where a plan is said to have the fewest of something, for certain, and another has fewer."""
    own = {line.kind for line in claims.no_alternatives if line.why == "the_plan_itself"}
    for kind in FEWEST:
        fewest = min(_number(kind, plan) for plan in (claims, *others))
        best = [claims] if kind in own else []
        best += [
            one
            for line in claims.alternatives
            if line.proven and kind in line.kinds and (one := read_plan(line.plan)[0]) is not None
        ]
        if any(_number(kind, plan) > fewest for plan in best):
            say("alternatives", f"A plan is said to have the {kind.replace('_', ' ')}; another has fewer.")


def _number(kind: str, plan: PlanClaims) -> float:
    return float(plan.hours) if kind == "fewest_hours" else len(plan.purchases)


def _is_kind(kind: str, plan: PlanClaims, beside: PlanClaims, setting: Setting) -> bool:
    """Say whether a plan is of a kind; of the fewest, only whether it has fewer than the one it stands beside."""
    taken = [(claim, setting.offerings[claim.offering_id]) for claim in plan.enrollments]
    passes = [setting.passes[line.id] for line in plan.purchases if line.kind == "pass"]
    prices = dict(setting.learner.prices)
    match kind:
        case "fewest_hours" | "fewest_purchases":
            return _number(kind, plan) < _number(kind, beside)
        case "no_subscription":
            return all(one.kind == "bundle" for one in passes)
        case "approved":
            asked = {
                name for one in setting.governed for rule in one.requirements for name in rule.where.approver
            }
            return bool(asked) and all(
                any(a.approver in asked and _holds(a, claim.finish) for a in offering.approvals)
                for claim, offering in taken
            )
        case "one_provider":
            return len({offering.provider for _, offering in taken}) < 2
        case "nothing_assumed":
            ids = [(offering.offering_id, offering.assumed) for _, offering in taken]
            ids += [(one.pass_id, one.assumed) for one in passes]
            return not any(
                column != "price" or one_id not in prices for one_id, columns in ids for column in columns
            )
        case _:
            return all(offering.format in NOBODY_TRAVELS for _, offering in taken)


def _holds(approval: Approval, day: date) -> bool:
    return (approval.first or date.min) <= day <= (approval.last or date.max)


def _not_alike(group: InterchangeableClaim, claims: PlanClaims, setting: Setting) -> Iterator[str]:
    """Yield what tells offerings apart that are said to be interchangeable, or is else wrong of them."""
    ids = set(group.offerings)
    if len(ids) < max(2, len(group.offerings)) or not ids <= setting.offerings.keys():
        yield "two or more different offerings of the catalog are meant"
        return
    members = [setting.offerings[one] for one in group.offerings]
    by_topic = any(
        _looks_at_topics(rule.where) for one in setting.governed for rule in (*one.requirements, *one.caps)
    )
    own_prices = {one_id for one_id, _ in setting.learner.prices}
    if len({_told_apart(one, own_prices, by_topic=by_topic) for one in members}) > 1:
        yield "the catalog tells them apart"
    taken = sum(claim.offering_id in ids for claim in claims.enrollments)
    if group.taken != taken or not 0 < taken < group.times * len(members):
        yield f"of {len(members)}, each up to {group.times} times, {group.taken} are said to be taken; {taken} are"
    if any(group.times > one.times for one in members):
        yield "the catalog lets each be taken less often"
    wishes = setting.learner.preferences
    courses = Counter(setting.offerings.courses())
    done = {line.course_id for line in setting.learner.earned}
    for one in members:
        alone = one.repeat_days or courses[one.course_id] > 1 or one.course_id in done
        named = one.offering_id in {*wishes.require, *wishes.exclude, *setting.seats}
        if alone or named or one.provider in wishes.exclude_providers:
            yield f"{shown(one.offering_id)} stands by itself"


def _told_apart(o: Offering, own_prices: Set[str], *, by_topic: bool) -> tuple[object, ...]:
    """Return all that a rule, a price or a day could tell an offering by, and all that a learner sees but its name."""
    assumed = {column for column in o.assumed if column != "price" or o.offering_id not in own_prices}
    approvals = frozenset((a.approver, a.first, a.last) for a in o.approvals)
    return (
        o.provider, o.kind, o.format, o.unit, o.credits, o.minutes, o.price, o.member_price, frozenset(o.passes),
        o.available_from, o.available_until, o.starts, o.ends, o.access_days, o.times, o.repeat_days, approvals,
        frozenset(assumed), frozenset(o.topics) if by_topic else None,
    )  # fmt: skip


def _looks_at_topics(where: Filter) -> bool:
    return bool(where.topic) or (where.exclude is not None and _looks_at_topics(where.exclude))


def _bought(plan: PlanClaims) -> Counter[tuple[str, str]]:
    return Counter((line.kind, line.id) for line in plan.purchases)
