"""Match credit with filters, and share out parts of credit among categories exactly."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from catalogs.records import Approval, Offering
from optimizer.credential import Filter
from optimizer.learner import Earned

type Amounts = Sequence[tuple[tuple[str, ...], Fraction]]
"""Parts of an item's credit: the categories each may count in, and its amount in the credential's unit."""

ANY = "any"
_NONE = Fraction(0)


def holding_on(approvals: Sequence[Approval], day: date | None) -> tuple[str, ...]:
    """Return the approvers whose approval holds on a day, sorted; without a day only what holds always."""
    return tuple(
        sorted(
            {
                approval.approver
                for approval in approvals
                if (approval.first is None and approval.last is None)
                or (day is not None and (approval.first or day) <= day <= (approval.last or day))
            }
        )
    )


def matches(where: Filter, item: Offering | Earned, category: str, approvers: Sequence[str]) -> bool:
    """Say whether credit of an item counted in a category matches a filter."""
    tests = (
        (where.category, () if category == ANY else (category,)),
        (where.approver, approvers),
        (where.kind, (item.kind,)),
        (where.format, (item.format,)),
        (where.provider, (item.provider,)),
        (where.topic, item.topics),
    )
    if any(wanted and not any(value and value in wanted for value in values) for wanted, values in tests):
        return False
    return where.exclude is None or not matches(where.exclude, item, category, approvers)


def routed(parts: Amounts, wanted: Mapping[str, Fraction]) -> Fraction:
    """Return how much of the wanted credit the parts can give together: an exact maximum flow."""
    left = [amount for _, amount in parts]
    needed = dict(wanted)
    sent: defaultdict[tuple[int, str], Fraction] = defaultdict(Fraction)
    total = _NONE
    while gives := _augmenting(parts, left, needed, sent):
        takes = [(part, category) for (_, category), (part, _) in pairwise(gives)]
        step = min(left[gives[0][0]], needed[gives[-1][1]], *(sent[take] for take in takes))
        for give in gives:
            sent[give] += step
        for take in takes:
            sent[take] -= step
        left[gives[0][0]] -= step
        needed[gives[-1][1]] -= step
        total += step
    return total


def _augmenting(
    parts: Amounts,
    left: Sequence[Fraction],
    needed: Mapping[str, Fraction],
    sent: Mapping[tuple[int, str], Fraction],
) -> list[tuple[int, str]]:
    """Return the shortest way to send more, as (part, category) pairs, or an empty list."""
    queue = deque(part for part in range(len(parts)) if left[part] > 0)
    into_part: dict[int, str | None] = dict.fromkeys(queue)
    into_category: dict[str, int] = {}
    while queue:
        part = queue.popleft()
        for category in parts[part][0]:
            if category not in needed or category in into_category:
                continue
            into_category[category] = part
            if needed[category] > 0:
                path, end = [(part, category)], into_part[part]
                while end is not None:
                    path.append((into_category[end], end))
                    end = into_part[into_category[end]]
                return path[::-1]
            for other in range(len(parts)):
                if other not in into_part and sent.get((other, category), _NONE) > 0:
                    into_part[other] = category
                    queue.append(other)
    return []
