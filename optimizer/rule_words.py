"""Rules in plain words: what a credential asks for, what counts at most, and which credit is meant."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from catalogs.amounts import write_money
from optimizer.credential import Cap, CarryOver, Filter, Requirement, Route, Version
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
    if requirement.within_months is not None:
        text += f", in the {number_of(requirement.within_months, 'month')} up to the deadline"
    if requirement.ever:
        text += ", on any day up to the deadline, before the cycle too"
    return text + _in_each(requirement.every_months) + _only_on(requirement.route)


def cap_words(cap: Cap, unit: str) -> str:
    """Return what a cap lets count."""
    items = "" if cap.items_at_most is None else f"from at most {number_of(cap.items_at_most, 'item')}"
    binds = _in_each(cap.every_months) + _only_on(cap.route)
    if cap.at_most is None:
        return f"{_credit(None, cap.where, unit)} count only {items}{binds}"
    text = f"at most {_credit(cap.at_most, cap.where, unit)}"
    return f"{text}{', ' if items else ''}{items}{binds}"


def carry_over_words(carry: CarryOver, unit: str) -> str:
    """Return what credit from before the cycle counts in it."""
    most = f"{number(carry.at_most)} {unit_words(unit, carry.at_most)}"
    return f"at most {most} from the {number_of(carry.months, 'month')} before the cycle count in it"


def counting_words(version: Version, unit: str) -> list[str]:
    """Return how the credit of one item is counted, where it is not simply as stated."""
    told = []
    if (months := version.repeat_months) is not None:
        told.append(
            f"in the {number_of(months, 'month')} up to the deadline a course counts once, or as often as the "
            "catalog says; what was done in them before the cycle uses that up"
        )
    if (least := version.smallest_item) is not None:
        told.append(f"what gives less than {number(least)} {unit_words(unit, least)} in all counts nothing")
    if (step := version.round_down_to) is not None:
        told.append(
            f"each part of what an item gives is rounded down to a multiple of {number(step)} {unit_words(unit, step)}"
        )
    return told


def route_words(route: Route, requirements: Sequence[Requirement]) -> str:
    """Return what another way to recertify costs, when it must be done, and what it asks for."""
    told = [f"${write_money(route.price)}" if route.price else "no price of its own"]
    told += [f"${write_money(price)} with {name}" for name, price in route.passes]
    if route.days_before:
        told.append(f"at the latest {number_of(route.days_before, 'day')} before the deadline")
    if route.lapsed_fee is not None:
        told.append(f"${write_money(route.lapsed_fee)} more once continuing education no longer helps")
    asked = [f'"{rule.name}"' for rule in requirements if rule.route == route.name]
    told.append(f"asks only for {' and '.join(asked)}" if asked else "asks for no credit")
    return f"{route.name}: {', '.join(told)}"


def _in_each(months: int | None) -> str:
    return "" if months is None else f", in each {number_of(months, 'month')} of the cycle"


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
