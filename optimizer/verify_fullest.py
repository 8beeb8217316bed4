"""Prove what only the fullest count may say: what is void, and that nothing more could count."""

from fractions import Fraction
from functools import partial

from optimizer.verify_claims import decimal_text
from optimizer.verify_credit import Counting
from optimizer.verify_governed import Say
from optimizer.verify_matching import Amounts, routed
from optimizer.verify_periods import Line

_NONE = Fraction(0)


def void_under(cap: Line, counting: Counting) -> tuple[Fraction, Fraction]:
    """Return the least and the most credit that matches a cap and is not counted.

    They differ only where the same uncounted credit may be seen as matching or not: a part of several
    categories of which some match, or an item that something else than caps keeps from counting.
    """
    least = most = _NONE
    for item in filter(partial(counting.sees, cap), counting.items):
        wholly, never = [], []
        for categories, amount in item.amounts:
            found = [counting.matches(cap, item, category) for category in categories]
            if all(found):
                wholly.append((categories, amount))
            if not any(found):
                never.append((categories, amount))
        most += item.convertible - _amount(never) - (item.counted - routed(never, item.counts))
        if counting.may_count(item):
            least += _amount(wholly) - routed(wholly, item.counts)
    return least, most


def _amount(parts: Amounts) -> Fraction:
    return sum((amount for _, amount in parts), _NONE)


def prove_fullest(counting: Counting, say: Say) -> None:
    """Say where a single credit more could count, or an earned one in place of a planned one."""
    planned = [
        (item, counting.matched(item, category))
        for item in counting.planned
        for category, credit in item.counts.items()
        if credit > 0
    ]
    for item in counting.items:
        for category in sorted({category for categories, _ in item.amounts for category in categories}):
            if not (room := counting.room(item, category)):
                continue
            places = counting.matched(item, category)
            capped = [(counting.caps[place], place) for place in places[1]]
            free = [cap.at_most - counting.used[place] for cap, place in capped if cap.at_most is not None]
            entered = [
                cap.items_at_most - counting.items_used[place]
                for cap, place in capped
                if cap.items_at_most is not None and not counting.uses(cap, item)
            ]
            if min([room, *free]) > 0 and all(left > 0 for left in entered):
                more = decimal_text(min([room, *free]))
                say("not_fullest", f"{item.name} could count {more} more as {category}; no cap forbids it.")
                break
            other = next((other for other, found in planned if found == places), None)
            if item.earned and not entered and other is not None:
                say("earned_first", f"{item.name} could count as {category} in place of {other.name}.")
                break
