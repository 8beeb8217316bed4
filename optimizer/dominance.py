"""Dominance: of rows that only their price and rank tell apart, no best plan needs more than the first few.

Rows alike in credit, minutes, rules' eyes, days and passes make a class. Let a plan take a row x of a class and leave
out one y that costs no more in the way x is paid and, at the same cost, has the lower rank. Then y in x's place is
no worse in any aim. So, for each way to pay, the first rows in the order of its cost and their ranks are enough: of
those bought singly or at a percentage the cheapest, of those whose cost a pass makes alike the first. And a best plan
takes no more rows of a class than

    n = s + Σ at_least(r) / a,       a the least amount of a part, s the number of standings days can give a row,

over the requirements r of the obligations the credit counts for. For let it take more. In each standing the counted
credit can be gathered in as few rows as hold it, and of what is counted more than each requirement asks for nothing
is needed: Σ at_least(r) in all, and at most one row in each standing is not full. A row without counted credit
could be left out, at less enrollments.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalogs.records import Approval
from optimizer.filters import approvers_named
from optimizer.numbering import Numbers, distinct, paired
from optimizer.problem import Days, Rule
from optimizer.terms import FOREVER
from optimizer.usable import LOOKED_AT, Rows, days_of, money_of
from optimizer.ways import Offers

type Places = NDArray[np.int64]


def first_of_each(
    rows: Rows,
    offers: Offers,
    days: Days,
    rules: Sequence[Rule],
    used: frozenset[str],
    apart: NDArray[np.bool_],
) -> Places:
    """Return the rows that a best plan may need, by number, ascending; all of those that stand `apart`."""
    classes = _classes(rows, offers, days, rules, used)
    most = _most(rows, days, rules)
    keep = apart.copy()
    for cost in _costs(rows, offers):
        order = np.lexsort((cost, classes))  # stable: rows are in the order of their ranks
        order = order[~apart[order]]
        kinds = classes[order]
        begins = (
            np.flatnonzero(np.r_[True, kinds[1:] != kinds[:-1]]) if len(order) else np.array([], np.int64)
        )
        number = np.arange(len(order)) - np.repeat(begins, np.diff(np.r_[begins, len(order)]))
        keep[order[number < most[order]]] = True
    return np.flatnonzero(keep)


def _costs(rows: Rows, offers: Offers) -> Iterator[NDArray[np.float64]]:
    """Yield what rows cost in each way to pay: singly, at each percentage, and where a pass makes a class alike."""
    price = money_of(rows, "price")
    yield price
    passes = rows.values("passes")
    if any(passes):
        under = np.array([bool(value) for value in passes], bool)[rows.codes("passes")]
        priced = np.isfinite(price)
        yield np.where(under, 0.0, price)
        for off in sorted({one.percent_off for one in offers.passes.values() if one.benefit == "percent"}):
            reduced = np.floor((np.where(priced, price, 0.0) * (10_000 - off) + 5_000) / 10_000)
            yield np.where(under & priced, reduced, price)


def _most(rows: Rows, days: Days, rules: Sequence[Rule]) -> Numbers:
    """Return for each row how many of its class a best plan may need."""
    needed = [
        sum(rule.at_least for rule in rules if rule.target == t and rule.at_least is not None)
        for t in range(days.targets)
    ]
    by_amount = []
    for amounts in rows.amounts:
        least = min((amount for _, _, amount in amounts), default=None)
        asked = sum(needed[t] for t in {t for t, _, _ in amounts})
        by_amount.append(0 if least is None else -(-asked // least))
    edges = np.array([len(value) for value in rows.values("approvals")], np.int64)[rows.codes("approvals")]
    return np.array(by_amount, np.int64)[rows.amount] + 1 + 2 * (len(days.periods) + edges)


def _classes(rows: Rows, offers: Offers, days: Days, rules: Sequence[Rule], used: frozenset[str]) -> Numbers:
    """Return a number for each row, the same for rows that only price and rank tell apart."""
    key = rows.amount
    for column, word in LOOKED_AT:
        if word in used:
            key = paired(key, rows.codes(column))
    known = offers.buyable | {h.pass_id for h in offers.holdings}
    key = paired(key, _by_value(rows, "passes", lambda value: tuple(sorted(known.intersection(value)))))
    key = paired(key, _by_value(rows, "approvals", lambda value: _bound_days(value, days, _named(rules))))
    if any(one.credit_limit is not None for one in offers.passes.values()):
        key = paired(key, rows.codes("credits"))
    for column in ("times", "member_price", "access_days", "starts", "ends"):
        key = paired(key, rows.codes(column))
    first = np.maximum(_days(rows, "available_from", 0), days.as_of)
    last = np.minimum(_days(rows, "available_until", FOREVER), days.last_day + 1)
    free = (money_of(rows, "price") == 0).astype(np.int64)  # what is bought has other windows
    for numbers in (first, last, free, rows.minutes):
        key = paired(key, numbers)
    return key


def _named(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset[str]().union(*(approvers_named(rule.where) for rule in rules))


def _bound_days(approvals: Sequence[Approval], days: Days, named: frozenset[str]) -> object:
    """Return what of some approvals can matter: of whom, and the days of their windows inside those of the problem."""
    found = []
    for one in approvals:
        if one.approver in named:
            first = 0 if one.first is None else one.first.toordinal()
            last = FOREVER if one.last is None else one.last.toordinal()
            if first <= days.last_day and last >= days.first:
                found.append((one.approver, max(first, days.first), min(last, days.last_day)))
    return tuple(sorted(found))


def _by_value(rows: Rows, column: str, meaning: Callable[[Any], object]) -> Numbers:
    """Return a number for each row, the same where the column means the same."""
    codes = rows.codes(column)
    first, place = distinct(codes)
    values = rows.values(column)
    numbers: dict[object, int] = {}
    by_code = [numbers.setdefault(meaning(values[code]), len(numbers)) for code in codes[first].tolist()]
    return np.array(by_code, np.int64)[place]


def _days(rows: Rows, column: str, missing: int) -> Numbers:
    return days_of(rows.offerings.columns[column], missing)[rows.places]
