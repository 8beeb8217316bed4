"""Cells that hold credits and approvals, each in its small grammar."""

import re
from collections.abc import Iterable
from functools import lru_cache

from catalogs.amounts import parse_amount, write_amount
from catalogs.days import parse_day
from catalogs.faults import BadValue
from catalogs.records import Approval, Part
from catalogs.words import SLUG

_SLUG = re.compile(SLUG)
_APPROVAL = re.compile(r"(?P<approver>[^#@]*)(?:#(?P<number>[^#@]*))?(?:@(?P<window>[^#@]*))?")
_BARE = re.compile(r"[0-9]*\.?[0-9]+")
_ONLY_CATEGORIES = re.compile(rf"(?=[a-z]){SLUG}(?: ?\| ?{SLUG})*")

_window_day = lru_cache(maxsize=8192)(parse_day)  # a million approvals have a few hundred windows

_CREDITS_REMEDY = "Write it like clinical=1; administrative=0.5, or any=1.5 where there is no category."
_APPROVALS_REMEDY = "Write it like aama, or with number and window aama#134207@2026-08-30/2027-08-29."


@lru_cache(maxsize=65536)
def parse_credits(text: str) -> tuple[Part, ...]:
    """Return the parts of an offering's credit, such as `clinical=1; administrative|general=0.5`."""
    pieces = text.strip().removesuffix(";").split(";")
    return tuple(_part(piece.strip()) for piece in pieces)


def _part(piece: str) -> Part:
    if not piece:
        raise BadValue(
            problem="there is nothing between two semicolons, or at the start", remedy=_CREDITS_REMEDY
        )
    slugs, equals, amount = piece.partition("=")
    if not equals:
        raise _without_equals(piece)
    categories = tuple(slug.strip().casefold() for slug in slugs.split("|"))
    for slug in categories:
        if not _SLUG.fullmatch(slug):
            problem = f'"{slug}" is not a category: a word of letters, digits, _ and -'
            raise BadValue(problem, _CREDITS_REMEDY)
    if len(set(categories)) < len(categories):
        problem = f'"{piece}" names a category twice'
        raise BadValue(problem, "Name each category the learner may choose once, such as clinical|general=2.")
    return Part(categories, parse_amount(amount))


def _without_equals(piece: str) -> BadValue:
    numbers: list[str] = _BARE.findall(piece)
    if not numbers or _ONLY_CATEGORIES.fullmatch(piece.casefold()):
        return BadValue(problem=f'"{piece}" has no amount', remedy=_CREDITS_REMEDY)
    if len(numbers) > 1:
        problem = f'"{piece}" holds more than one number, and only you can tell what credit is meant'
        remedy = "Write clinical|administrative=2 where the learner may choose, clinical=1; administrative=1 for both."
        return BadValue(problem, remedy)
    number = numbers[0]
    try:
        parse_amount(number)
    except BadValue as bad:
        return BadValue(bad.problem, _CREDITS_REMEDY)
    if number == piece:
        problem = "it is a bare number, so its category is not said"
        return BadValue(problem, f"Write any={number} where there is no category, or clinical={number}.")
    problem = f'"{piece}" has no = between a category and an amount'
    return BadValue(problem, f"If the credit is {number}, write any={number}, or clinical={number}.")


def write_credits(parts: Iterable[Part]) -> str:
    """Return an offering's credit as one cell."""
    return "; ".join(f"{'|'.join(part.categories)}={write_amount(part.hundredths)}" for part in parts)


@lru_cache(maxsize=65536)
def parse_approvals(text: str) -> tuple[Approval, ...]:
    """Return the approvals of an offering, such as `aama#134207@2026-08-30/2027-08-29; amt`."""
    approvals = (_approval(piece.strip()) for piece in text.split(";") if piece.strip())
    return tuple(dict.fromkeys(approvals))


def _approval(piece: str) -> Approval:
    match = _APPROVAL.fullmatch(piece)
    approver = match["approver"].strip().casefold() if match else ""
    if match is None or not _SLUG.fullmatch(approver):
        raise BadValue(problem=f'"{piece}" does not name an approver', remedy=_APPROVALS_REMEDY)
    number = (match["number"] or "").strip()
    if match["number"] is not None and not number:
        raise BadValue(problem=f'"{piece}" has no number after #', remedy=_APPROVALS_REMEDY)
    if match["window"] is None:
        return Approval(approver, number, None, None)
    first, slash, last = match["window"].partition("/")
    if not (slash and first.strip() and last.strip()):
        problem = f'the window of "{piece}" does not have two ends'
        raise BadValue(problem, f"Write its first and its last day. {_APPROVALS_REMEDY}")
    try:
        window = _window_day(first), _window_day(last)
    except BadValue as bad:
        problem = f'the window of "{piece}" is not two dates ({bad.problem})'
        raise BadValue(problem, _APPROVALS_REMEDY) from None
    if window[0] > window[1]:
        problem = f'the window of "{piece}" ends before it begins'
        raise BadValue(problem, f"Write the earlier day first. {_APPROVALS_REMEDY}")
    return Approval(approver, number, *window)


def write_approvals(approvals: Iterable[Approval]) -> str:
    """Return an offering's approvals as one cell."""
    return "; ".join(_approval_text(approval) for approval in approvals)


def _approval_text(approval: Approval) -> str:
    text = approval.approver
    if approval.number:
        text += f"#{approval.number}"
    if approval.first is not None and approval.last is not None:
        text += f"@{approval.first.isoformat()}/{approval.last.isoformat()}"
    return text
