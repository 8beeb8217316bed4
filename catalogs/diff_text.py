"""Changes between two catalogs as text to read before they are taken over: what costs and counts comes first."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from catalogs.diff import Change
from catalogs.faults import shown

_MONEY = ("price", "member_price")
_CREDIT = ("credits", "unit", "times", "repeat_days", "credit_limit")
_APPROVAL = ("approvals",)
_QUIET = ("seen_on", "source_url")
"""Columns that change with every other one, and say nothing of their own."""
_BIG = Decimal("0.5")
"""A price that moves by more than this share is marked."""


def changes_text(found: Sequence[Change]) -> str:
    """Return changes by what they are about; a row that changes in several ways stands in several parts."""
    if not found:
        return "Nothing differs.\n"
    edited = [change for change in found if change.sort == "changed"]
    parts: list[tuple[str, list[str]]] = [
        ("New", [_whole(change) for change in found if change.sort == "new"]),
        ("Withdrawn", [_whole(change) for change in found if change.sort == "withdrawn"]),
        ("Removed", [_whole(change) for change in found if change.sort == "removed"]),
        ("Back", [_whole(change) for change in found if change.sort == "back"]),
        ("Price", _lines(edited, _MONEY.__contains__)),
        ("Credit", _lines(edited, _CREDIT.__contains__)),
        ("Approvals", _lines(edited, _APPROVAL.__contains__)),
        ("Other", _lines(edited, lambda name: name not in (*_MONEY, *_CREDIT, *_APPROVAL, *_QUIET))),
        ("Read again, with the same values", [_name(change) for change in edited if _only_quiet(change)]),
    ]
    return "\n".join(_part(title, lines) for title, lines in parts if lines)


def _part(title: str, lines: Sequence[str]) -> str:
    return "".join([f"{title} ({len(lines)}):\n", *(f"  {line}\n" for line in lines)])


def _only_quiet(change: Change) -> bool:
    return all(name in _QUIET for name in change.after)


def _name(change: Change) -> str:
    return shown(change.key, longest=100)


def _whole(change: Change) -> str:
    """Return a row that came, went or was marked, with what it costs and counts."""
    row = change.after if change.sort == "new" else change.before
    told = [f'"{shown(change.title)}"'] if change.title else []
    told += [f"{name} {shown(row[name])}" for name in (*_MONEY, "credits", "benefit") if row.get(name)]
    if change.sort in ("withdrawn", "back"):
        told = told[:1]
        until = change.after.get("available_until", "")
        if change.sort == "withdrawn" and until:
            told.append(f"last for sale {until}")
    return f"{_name(change)}: {', '.join(told)}" if told else _name(change)


def _lines(found: Iterable[Change], about: Callable[[str], bool]) -> list[str]:
    return [
        f"{_name(change)}: {name} {_said(change.before[name])} → {_said(change.after[name])}"
        + (_share(change.before[name], change.after[name]) if name in _MONEY else "")
        for change in found
        for name in change.after
        if about(name)
    ]


def _said(text: str) -> str:
    return shown(text, longest=120) if text else "(empty)"


def _share(before: str, after: str) -> str:
    """Return by how much a price moved, marked where that is a lot."""
    if not before or not after or not Decimal(before):
        return ""
    share = Decimal(after) / Decimal(before) - 1
    return f" ({share:+.0%}{', check it' if abs(share) > _BIG else ''})"
