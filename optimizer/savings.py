"""Savings: what somebody would pay who went about it differently, each way planned exactly or as it is done by hand."""

from collections.abc import Callable, Iterator
from functools import partial

from optimizer.explaining import Pricing, for_sale, settled
from optimizer.explanation import Compared
from optimizer.greedy import greedy_cost


def compared(pricing: Pricing, unsettled: list[str]) -> tuple[Compared, ...]:
    """Return what other ways of going about it cost."""
    return settled(
        _ways(pricing),
        lambda way: Compared(way[0], way[1]()),
        lambda way: f'the cost of "{way[0]}"',
        unsettled,
    )


def _ways(pricing: Pricing) -> Iterator[tuple[str, Callable[[], int | None]]]:
    every = {one.pass_id: one for one in pricing.question.passes}
    used = {one.id for one in pricing.plan.purchases if one.kind == "pass"}
    yield "Buying no pass at all", partial(pricing.least_without, every.keys())
    for one in for_sale(pricing):
        needed = {one.pass_id}
        while more := {every[p].requires for p in needed} & every.keys() - needed:
            needed |= more
        if used - needed:
            yield f"Buying no pass but {one.title}", partial(pricing.least_without, every.keys() - needed)
    if pricing.problem().alone:
        return  # by hand one course closes gaps of all credentials at once
    words = "Choosing by hand, for every set of passes the most credit for its price first"
    yield words, lambda: greedy_cost(pricing.problem(), pricing.watch)
