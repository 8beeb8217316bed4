"""A cart as text: what was bought as planned and what otherwise, what is left, and what to write into one's file."""

from collections.abc import Sequence

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.cart import Bought, Cart, Extra, Missing, Owned
from optimizer.layout import number_of, section, wrapped
from optimizer.learner_writing import quoted


def cart_text(cart: Cart, width: int) -> str:
    """Return a comparison as text."""
    same = [one for one in cart.bought if not one.dearer and not one.day_matters]
    priced = [one for one in cart.bought if one.dearer]
    moved = [one for one in cart.bought if one.day_matters]
    by_why = {why: [one for one in cart.extra if one.why == why] for why in {one.why for one in cart.extra}}
    outside = [*by_why.get("not_planned", []), *by_why.get("unknown", [])]
    paragraphs = [
        _headline(cart, width),
        section("Bought as planned", [_line(one.row, one.paid, _named(one), width) for one in same]),
        section("Bought at another price", [_line(one.row, one.paid, _price(one), width) for one in priced]),
        section("Bought on another day", [_line(one.row, one.paid, _day(one), width) for one in moved]),
        section("Not bought yet", [_missing(one, width) for one in cart.missing]),
        section("Bought more often than planned", _extras(by_why.get("more_than_planned", []), width)),
        section("Not in the plan", _extras(sorted(outside, key=lambda one: one.row), width)),
        section(
            f"Bought before {cart.plan_as_of}, the day the plan is for",
            _extras(by_why.get("before_the_plan", []), width),
        ),
        _holdings(cart, width),
    ]
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _headline(cart: Cart, width: int) -> str:
    planned = number_of(len(cart.bought) + len(cart.missing), "purchase")
    made = f"{len(cart.bought)} of {planned}" if cart.missing else f"All {planned}"
    if not cart.bought and not cart.missing:
        made = "The plan buys nothing. None"
    lines = [f"{made} made, for ${write_money(cart.paid)}{_against(cart)}."]
    if cart.missing:
        lines.append(
            f"Still to be bought: {number_of(len(cart.missing), 'purchase')}, ${write_money(cart.unpaid)} as planned."
        )
    if cart.outside:
        lines.append(f"Paid for what the plan does not have: ${write_money(cart.outside)}.")
    if cart.without_price:
        lines.append(
            f"Without a price in the receipt, so not in these sums: {number_of(cart.without_price, 'row')}."
        )
    if cart.as_planned:
        lines.append("Nothing that the receipt says differs from the plan.")
    elif any(one.day_matters for one in cart.bought) or cart.extra:
        lines.append("What differs may change what is best, and what still fits: plan again.")
    title = f"Your cart on {cart.as_of}, against the plan of {cart.plan_as_of}"
    return "\n".join([title, "", *(wrapped(line, width) for line in lines), ""])


def _against(cart: Cart) -> str:
    if not cart.dearer:
        return ""
    return f", ${write_money(abs(cart.dearer))} {'more' if cart.dearer > 0 else 'less'} than planned"


def _line(row: int, paid: int | None, text: str, width: int) -> str:
    price = "no price" if paid is None else f"${write_money(paid)}"
    return wrapped(text, width, f"  row {row:<4} {price:>9}  ", " " * 21)


def _named(one: Bought) -> str:
    return f"{one.title} ({one.id}){f', on {one.bought_on}' if one.bought_on else ''}"


def _price(one: Bought) -> str:
    dearer = one.dearer or 0
    than = f"{'more' if dearer > 0 else 'less'} than the ${write_money(one.price)} planned"
    return f"{_named(one)}: ${write_money(abs(dearer))} {than}"


def _day(one: Bought) -> str:
    when = "later" if one.bought_on and one.bought_on > one.on else "earlier"
    days = abs((one.bought_on - one.on).days) if one.bought_on else 0
    ends = "; what it gives access to now ends earlier" if when == "earlier" else ""
    return f"{_named(one)}: {number_of(days, 'day')} {when} than planned ({one.on}){ends}"


def _missing(one: Missing, width: int) -> str:
    overdue = f": overdue by {number_of(one.days_overdue, 'day')}" if one.days_overdue else ""
    return wrapped(
        f"{one.title} ({one.id}){overdue}", width, f"  {one.on} {'$' + write_money(one.price):>8}  ", " " * 23
    )


def _extras(extra: Sequence[Extra], width: int) -> list[str]:
    return [_line(one.row, one.paid, _extra(one), width) for one in extra]


def _extra(one: Extra) -> str:
    times = f"{one.quantity} × " if one.quantity > 1 else ""
    name = f"{one.title or one.id}{f' ({one.id})' if one.id and one.title else ''}"
    day = f", on {one.bought_on}" if one.bought_on else ""
    return f"{times}{name}{day}: {one.words}"


def _holdings(cart: Cart, width: int) -> str:
    """Return lines for the learner's file, with which the next plan takes what is bought as free."""
    if not cart.holdings:
        return ""
    told = (
        "Add these lines to your file and plan again: the next plan takes them as paid for, where they serve. "
        "Leave out what the file has already, and what you have finished: that is [[earned]]."
    )
    return "\n".join(["For the next plan", wrapped(told, width), "", *map(_holding, cart.holdings)])


def _holding(one: Owned) -> str:
    key, id_ = ("pass_id", one.pass_id) if one.pass_id is not None else ("offering_id", one.offering_id)
    lines = ["[[holding]]", f"{key} = {_quoted(id_ or '')}"]
    if one.until is not None:
        lines.append(f"until = {one.until}")
    if one.until_unknown:
        lines += [
            "# The receipt does not say when it was bought. Say the last day it holds:",
            "#until = 2027-12-31",
        ]
    return "\n".join([*lines, ""])


def _quoted(id_: str) -> str:
    """Return an id as a TOML string that is safe to print: TOML knows such characters by their number."""
    return "".join(c if shown(c) == c else f"\\U{ord(c):08x}" for c in quoted(id_))
