"""Filters: which counted credit a rule's `where` matches."""

from dataclasses import dataclass

from optimizer.credential import Filter


@dataclass(frozen=True, slots=True)
class Item:
    """Hold what filters look at in one enrollment or earned line."""

    kind: str
    format: str
    provider: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold what follows from the days of an item: who approves it, and the periods of the problem it lies in."""

    approvers: frozenset[str]
    periods: frozenset[int]


def matches(where: Filter, item: Item, approvers: frozenset[str], category: str) -> bool:
    """Say whether credit of `item`, counted in `category` under these approvers, matches."""
    return (
        (not where.category or (category != "any" and category in where.category))
        and (not where.approver or not approvers.isdisjoint(where.approver))
        and (not where.kind or item.kind in where.kind)
        and (not where.format or item.format in where.format)
        and (not where.provider or item.provider in where.provider)
        and (not where.topic or not item.topics.isdisjoint(where.topic))
        and (where.exclude is None or not matches(where.exclude, item, approvers, category))
    )


def approvers_named(where: Filter) -> frozenset[str]:
    """Return the approvers a filter names, those it excludes by included."""
    inner = approvers_named(where.exclude) if where.exclude is not None else frozenset[str]()
    return inner | frozenset(where.approver)


def keys_named(where: Filter) -> frozenset[str]:
    """Return the keys a filter uses, those of what it excludes included."""
    inner = keys_named(where.exclude) if where.exclude is not None else frozenset[str]()
    keys = ("category", "approver", "kind", "format", "provider", "topic")
    return inner | {key for key in keys if getattr(where, key)}
