"""Rules in plain words: what a credential asks for, what counts at most, and which credit is meant."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from optimizer.credential import Cap, Filter, Requirement
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.layout import number_of
from optimizer.plan import amount, is_exact

KIND_WORDS: Mapping[str, str] = {
    "course": "courses", "self_study": "self-study", "article": "articles", "conference": "conferences",
    "workshop": "workshops", "cpr": "CPR cards", "college": "college courses", "exam": "exams",
    "other": "what is of no other kind",
}  # fmt: skip
FORMAT_WORDS: Mapping[str, str] = {
    "online": "online", "live_online": "live online", "in_person": "in person", "print": "in print",
}  # fmt: skip


def number(value: Fraction) -> str:
    """Return a number as a decimal without needless zeros, or as a fraction where its decimal does not end."""
    return amount(value).rstrip("0").rstrip(".") if is_exact(value) else str(value)


def unit_words(unit: str, value: Fraction | None = None) -> str:
    """Return a unit in words: of one, or of as many as `value`, if given, says; else of several."""
    words = unit.replace("_", " ").replace("-", " ")
    return words if value == 1 or words.endswith(("s", "cme")) else f"{words}s"


def requirement_words(requirement: Requirement, unit: str) -> str:
    """Return what a requirement asks for."""
    text = f"at least {_credit(requirement.at_least, requirement.where, unit)}"
    if requirement.every_months is not None:
        text += f", in each {number_of(requirement.every_months, 'month')} of the cycle"
    return text + _only_on(requirement.route)


def cap_words(cap: Cap, unit: str) -> str:
    """Return what a cap lets count."""
    items = "" if cap.items_at_most is None else f"from at most {number_of(cap.items_at_most, 'item')}"
    if cap.at_most is None:
        return f"{_credit(None, cap.where, unit)} count only {items}{_only_on(cap.route)}"
    text = f"at most {_credit(cap.at_most, cap.where, unit)}"
    return f"{text}{', ' if items else ''}{items}{_only_on(cap.route)}"


def _only_on(route: str) -> str:
    return "" if route == DEFAULT_ROUTE else f", only on the route {route}"


def _credit(value: Fraction | None, where: Filter, unit: str) -> str:
    """Return an amount of the credit that a filter means, such as `10 clinical points approved by aama`."""
    words = ([] if value is None else [number(value)]) + ([_any_of(where.category)] if where.category else [])
    text = " ".join([*words, unit_words(unit, value), " and ".join(_details(where))]).rstrip()
    if where.exclude is not None:
        is_ = [f"that are {_any_of(where.exclude.category)}"] if where.exclude.category else []
        text += f", except those {' and '.join([*is_, *_details(where.exclude)])}"
    return text


def _details(where: Filter) -> list[str]:
    return [
        f"{word} {_any_of(values, words)}"
        for word, values, words in (
            ("from", where.kind, KIND_WORDS),
            ("given", where.format, FORMAT_WORDS),
            ("sold by", where.provider, {}),
            ("approved by", where.approver, {}),
            ("about", where.topic, {}),
        )
        if values
    ]


def _any_of(values: Sequence[str], words: Mapping[str, str] | None = None) -> str:
    *others, last = [(words or {}).get(value, value) for value in values]
    return f"{', '.join(others)} or {last}" if others else last
