"""Read a finished plan's JSON as claims: every key, type and spelling is checked before anything is proved."""

import re
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, cast, get_args, get_origin, get_type_hints

from optimizer.verify_claims import (
    STATUSES,
    Amount,
    Balance,
    Cents,
    Exact,
    Flag,
    PlanClaims,
    Violation,
    Where,
    Whole,
    decimal_text,
    shown,
)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _spelled[T](pattern: str, convert: Callable[[str], T]) -> Callable[[object], T | None]:
    spelling = re.compile(pattern, re.ASCII)

    def take(value: object) -> T | None:
        try:
            return convert(value) if isinstance(value, str) and spelling.fullmatch(value) else None
        except ValueError:
            return None

    return take


MOST = 10**12
"""Of what is counted: a number with thousands of digits could not even be shown."""


def _whole(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= MOST else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, object] | None:
    return value if isinstance(value, Mapping) and all(isinstance(key, str) for key in value) else None


_TAKE: Mapping[object, tuple[Callable[[object], object | None], str]] = {
    str: (_text, "a text"),
    Whole: (_whole, f"a whole number from 0 to {MOST:,}"),
    Cents: (
        _spelled(r"(0|[1-9][0-9]{0,11})\.[0-9]{2}", lambda text: int(text.replace(".", ""))),
        'money like "59.90"',
    ),
    Balance: (
        _spelled(r"-?(0|[1-9][0-9]{0,11})\.[0-9]{2}", lambda text: int(text.replace(".", ""))),
        'money like "59.90"',
    ),
    Amount: (_spelled(r"(0|[1-9][0-9]{0,11})\.[0-9]{2,40}", str), 'a decimal number like "1.50"'),
    Exact: (_spelled(r"[1-9][0-9]{0,17}/[1-9][0-9]{0,17}", str), 'a fraction like "5/6"'),
    Flag: (_flag, "true or false"),
    date: (
        _spelled(r"(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}", date.fromisoformat),
        'a day like "2026-11-22", from 1900 to 2999',
    ),
    Mapping[str, object]: (_mapping, "an object"),
}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


class _Reader:
    """Fill claims by their declared types; what is wrong becomes a violation, and None stands for it."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def wrong(self, where: str, value: object, wanted: str) -> None:
        self.violations.append(Violation("form", f"{where} should be {wanted}, but is {shown(value)}."))

    def claim[T](self, kind: type[T], value: object, where: str) -> T | None:
        line = _mapping(value)
        if line is None:
            self.wrong(where, value, "an object")
            return None
        keys = ("offering_id", "id", "name", "title")
        label = next((f" ({shown(line[key])})" for key in keys if isinstance(line.get(key), str)), "")
        hints = _hints(cast("Any", kind))
        fields = {key: self.key(line, key, hint, where + label) for key, hint in hints.items()}
        return kind(**fields)

    def key(self, line: Mapping[str, object], key: str, hint: Any, where: str) -> Any:
        if hint is Where:
            return where
        if key not in line:
            self.violations.append(Violation("missing_key", f'{where} has no key "{key}".'))
            return None
        value, place = line[key], key if where == "The plan" else f"{where}, {key}"
        if type(None) in get_args(hint):
            if value is None:
                return None
            hint = get_args(hint)[0]
        if get_origin(hint) is not tuple:
            return self.one(hint, value, place)
        if not isinstance(value, list):
            return self.wrong(place, value, "a list")
        return tuple(self.one(get_args(hint)[0], entry, f"{place} {n}") for n, entry in enumerate(value, 1))

    def one(self, hint: Any, value: object, where: str) -> Any:
        if is_dataclass(hint):
            return self.claim(hint, value, where)  # type: ignore[arg-type]
        take, wanted = _TAKE[hint]
        if (taken := take(value)) is None:
            self.wrong(where, value, wanted)
        return taken


def read_plan(plan: object) -> tuple[PlanClaims | None, tuple[Violation, ...]]:
    """Return the plan's claims, or None and what is wrong with its form."""
    reader = _Reader()
    claims = reader.claim(PlanClaims, plan, "The plan")
    if claims is None or reader.violations:
        return None, tuple(reader.violations)
    if claims.schema_version != 1:
        reader.wrong("schema_version", claims.schema_version, "1")
    if claims.currency != "USD":
        reader.wrong("currency", claims.currency, '"USD"')
    if claims.status not in STATUSES:
        reader.wrong("status", claims.status, f"one of {', '.join(STATUSES)}")
    counts = [(line.where, count) for line in claims.earned for count in line.counts]
    counts += [(line.where, count) for line in claims.enrollments for count in line.counts]
    for where, count in counts:
        written = decimal_text(count.counted)
        rounded = Fraction(written) != count.counted
        if count.credit != written or rounded != (count.exact is not None):
            reader.wrong(f"{where}, credit", count.credit, f'"{written}", `exact` given if rounded')
        if count.exact is not None and count.exact != str(count.counted):
            reader.wrong(f"{where}, exact", count.exact, f'"{count.counted}"')
    return (None if reader.violations else claims), tuple(reader.violations)
