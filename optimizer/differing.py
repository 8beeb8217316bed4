"""Differing: how one plan of a question differs from another, in figures and in words."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from catalogs.amounts import write_money
from optimizer.layout import number_of, short_credit
from optimizer.plan import Plan


def differs(other: Plan, plan: Plan) -> str:
    """Say what another plan gives up and gains against a plan."""
    more, longer = other.cost - plan.cost, other.minutes - plan.minutes
    found = [f"${write_money(abs(more))} {_more_or_less(more)}" if more else "the same cost"]
    if longer:
        found.append(f"{hours_words(abs(longer))} {_more_or_less(longer)}")
    for what, of_other, of_plan in (
        ("purchase", len(other.purchases), len(plan.purchases)),
        ("course", len(other.enrollments), len(plan.enrollments)),
    ):
        if of_other != of_plan:
            found.append(f"{number_of(of_other, what)} instead of {of_plan}")
    return ", ".join(found)


def buys_instead(other: Plan, plan: Plan) -> str:
    """Say which purchases of another plan stand in the place of which of a plan."""
    mine, others = (Counter(purchase.title for purchase in one.purchases) for one in (plan, other))
    if mine == others:  # titles that nobody published are alike
        mine, others = (Counter(purchase.id for purchase in one.purchases) for one in (plan, other))
    return f"{listed((others - mine).elements())} instead of {listed((mine - others).elements())}"


def listed(titles: Iterable[str]) -> str:
    """Return titles with how often each comes, in the order of the first."""
    counted = Counter(titles)
    return ", ".join(f"{count} × {title}" if count > 1 else title for title, count in counted.items())


def hours_words(minutes: int) -> str:
    """Return a time as a reader says it."""
    hours = Fraction(minutes, 60)
    return f"{short_credit(hours)} {'hour' if hours == 1 else 'hours'}"


def same_set(one: Plan, other: Plan) -> bool:
    """Say whether two plans buy and take the same."""
    return _set_of(one) == _set_of(other)


def _set_of(plan: Plan) -> tuple[object, ...]:
    bought = sorted((p.kind, p.id, p.price) for p in plan.purchases)
    return sorted(plan.route.items()), bought, sorted(e.offering_id for e in plan.enrollments)


def _more_or_less(more: int) -> str:
    return "more" if more > 0 else "less"
