"""The list of `ceuplan catalog show` as text: a table, what its marks mean, and the passes that pay for it."""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from catalogs.amounts import write_amount, write_money
from catalogs.faults import shown
from catalogs.listing import Listing, Row, half_up, notes_on
from catalogs.listing_filters import NO_CATEGORY
from catalogs.records import Offering, Pass
from catalogs.wrapping import columns_of, padded, wrapped

MARK = "*"
"""Before every row that rests on a value nobody published."""
GAP = 2
NARROWEST = 16
"""Columns of the offering's id, however wide the numbers are."""
LONGEST_TITLE = 300

type Cells = tuple[str, str, str]
"""Credits, price and dollars a credit."""


def listing_text(found: Listing, width: int = 80) -> str:
    """Return the list as text; no line is wider than asked."""
    paragraphs = [
        _lines(_caption(found), width),
        _table(found, width),
        _lines([*_count(found), *notes_on(found)], width),
        _passes(found, width),
        _lines(_legend(found), width),
    ]
    return "\n".join("\n".join(lines) + "\n" for lines in paragraphs if lines)


def _lines(sentences: Sequence[str], width: int) -> list[str]:
    return [line for sentence in sentences for line in wrapped(sentence, width, rest="  ")]


def _caption(found: Listing) -> list[str]:
    if not found.rows:
        return []
    if found.measure:
        return [f"Credits are in {found.measure.unit}, as {found.measure.name} counts them."]
    units = sorted({row.offering.unit for row in found.rows if row.offering.unit})
    if len(units) < 2:
        return []
    told = f"Credits are in different units ({', '.join(units)}): their prices compare within a unit only"
    return [f"{told}, or with --credential ID, which converts them."]


def _table(found: Listing, width: int) -> list[str]:
    if not found.rows:
        return []
    payers = {each.pass_id: each for each in found.passes}
    widest = max(10, width // 4)
    rows = [(row, _cells(row, payers)) for row in found.rows]
    titles: Cells = ("credits", "price", "$/credit")
    prices = [wrapped(cells[1], widest) for _, cells in rows]
    sizes = (
        max(columns_of(cells[0]) for cells in [titles, *(cells for _, cells in rows)]),
        max(columns_of(line) for lines in [[titles[1]], *prices] for line in lines),
        max(columns_of(cells[2]) for cells in [titles, *(cells for _, cells in rows)]),
    )
    own = max(NARROWEST, width - sum(sizes) - GAP * len(sizes))
    lines = _side_by_side(["  offering"], [titles[1]], titles, sizes, own)
    for (row, cells), price in zip(rows, prices, strict=True):
        name = wrapped(row.offering.offering_id, own, _mark(row.offering), "  ")
        lines += _side_by_side(name, price, cells, sizes, own)
        lines += wrapped(_facts(row, found), width, "    ", "    ", longest=LONGEST_TITLE + 200)
    return lines


def _side_by_side(
    name: Sequence[str], price: Sequence[str], cells: Cells, sizes: tuple[int, int, int], own: int
) -> list[str]:
    lines = []
    for number, (left, middle) in enumerate(zip_longest(name, price, fillvalue="")):
        credit, each = (cells[0], cells[2]) if number == 0 else ("", "")
        columns = zip((credit, middle, each), sizes, strict=True)
        numbers = "".join(" " * GAP + padded(cell, size, right=True) for cell, size in columns)
        lines.append((padded(left, own) + numbers).rstrip())
    return lines


def _mark(row: Offering | Pass) -> str:
    return f"{MARK} " if row.assumed else "  "


def _cells(row: Row, payers: dict[str, Pass]) -> Cells:
    credit = write_amount(half_up(row.credit * 100)) if row.parts else "-"
    each = row.cents_per_credit
    return (
        credit,
        _price(row.offering, payers),
        "-" if each is None else f"${write_money(half_up(each))}",
    )


def _price(offering: Offering, payers: dict[str, Pass]) -> str:
    if offering.price is not None:
        return f"${write_money(offering.price)}"
    paying = [payers[name] for name in offering.passes if _pays(payers[name], offering)]
    if not paying:
        return "no price"
    told = []
    for each in paying:
        price = f"${write_money(offering.member_price or 0)} " if each.benefit == "member_price" else ""
        told.append(f"{price}in {shown(each.pass_id)}")
    return " or ".join(told)


def _pays(one: Pass, offering: Offering) -> bool:
    """Say whether a pass pays for an offering that names it, in full or in part."""
    if one.benefit == "included":
        return True
    return (offering.member_price if one.benefit == "member_price" else offering.price) is not None


def _facts(row: Row, found: Listing) -> str:
    """Return an offering's title and provider, the categories of its credit, its unit and its dates."""
    offering = row.offering
    title = shown(offering.title, LONGEST_TITLE) or "untitled"
    facts = [f"{title} ({shown(offering.provider)})" if offering.provider else title]
    facts.append(_categories(row))
    if not found.measure:
        facts.append(offering.unit or "unknown unit: does not count")
    first, last = offering.starts or offering.ends, offering.ends or offering.starts
    if first and last:
        facts.append(f"on {first}" if first == last else f"{first} to {last}")
    else:
        until = f"until {offering.available_until}" if offering.available_until else ""
        since = f"from {offering.available_from}" if offering.available_from else ""
        facts += [" ".join(filter(None, (since, until)))] if since or until else []
    return "; ".join(facts)


def _categories(row: Row) -> str:
    if not row.parts:
        return "credit not stated"
    named = [
        (" or ".join("no category" if slug == NO_CATEGORY else slug for slug in slugs), amount)
        for slugs, amount in row.parts
    ]
    if len(named) == 1:
        return named[0][0]
    return ", ".join(f"{write_amount(half_up(amount * 100))} {name}" for name, amount in named)


def _count(found: Listing) -> list[str]:
    number = len(found.rows)
    if not number:
        return [f"None of {found.total} offerings matches."]
    lines = [f"{number} of {found.total} offering{'' if found.total == 1 else 's'} shown."]
    unpriced = sum(row.offering.price is None for row in found.rows)
    if unpriced:
        lines.append(f"{unpriced} of those shown {'has' if unpriced == 1 else 'have'} no price of their own.")
    inexact = sum((amount * 100).denominator > 1 for row in found.rows for _, amount in row.parts)
    if inexact:
        lines.append("Credits with more than two decimals are shown rounded.")
    return lines


def _passes(found: Listing, width: int) -> list[str]:
    named = Counter(
        name
        for row in found.rows
        for name in row.offering.passes
        for one in found.passes
        if one.pass_id == name and _pays(one, row.offering)
    )
    if not named:
        return []
    lines = ["Passes that pay for some of these:"]
    for one in found.passes:
        if number := named[one.pass_id]:
            lines += wrapped(f"{shown(one.pass_id)}: {_terms_of(one, number)}", width, _mark(one), "    ")
    return lines


def _terms_of(one: Pass, number: int) -> str:
    price = "price not known" if one.price is None else f"${write_money(one.price)}"
    limit = "" if one.credit_limit is None else f", at most {write_amount(one.credit_limit)} credits a term"
    pays = {
        "included": f"pays for {number}",
        "member_price": f"member price for {number}",
    }.get(one.benefit, f"{write_amount(one.percent_off)}% off {number}")
    return f"{shown(one.title, LONGEST_TITLE) or 'untitled'}, {price}, {_term(one)}{limit}; {pays} of these"


def _term(one: Pass) -> str:
    if one.term_ends:
        rolls = f" (a year longer if bought from {_month_day(one.rolls_from)} on)" if one.rolls_from else ""
        return f"good until the next {_month_day(one.term_ends)}{rolls}"
    if one.term_days is None:
        return "without end"
    return f"good for {one.term_days} day{'' if one.term_days == 1 else 's'}"


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[0]:02}-{day[1]:02}"


def _legend(found: Listing) -> list[str]:
    assumed = Counter(name for row in found.rows for name in row.offering.assumed)
    marked = sum(bool(row.offering.assumed) for row in found.rows)
    if not marked:
        return []
    told = ", ".join(f"{name.replace('_', ' ')} of {number}" for name, number in sorted(assumed.items()))
    rest = "1 row rests" if marked == 1 else f"{marked} rows rest"
    return [f"{MARK} {rest} on values nobody published: {told}. Check them with the provider before you pay."]
