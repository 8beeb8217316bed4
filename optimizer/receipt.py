"""A receipt's CSV → what was bought: one line a row, its sums left out, or all of its faults."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from catalogs import forms
from catalogs.faults import BadValue, Fault, Faults
from catalogs.reading import delimiter_of, nul_byte, records_of, wrong_length
from catalogs.schema import Column, Table, parse_cell
from optimizer.toml_reading import decoded, read_bytes

RECEIPT = Table(
    "receipt",
    "title",
    (
        Column(
            "id",
            "the id of what was bought, as in the plan",
            forms.TEXT,
            aliases=(
                "offering_id", "pass_id", "course_id", "item_id", "item_number", "item_no", "item_code", "product_id",
                "product_code", "product_number", "sku", "code",
            ),
        ),
        Column(
            "title",
            "its title",
            forms.TEXT,
            aliases=(
                "item", "item_name", "item_title", "product", "product_name", "product_title", "description", "name",
                "course", "course_name", "course_title", "activity", "item_description", "line_item", "lineitem_name",
            ),
        ),
        Column(
            "provider",
            "who sold it",
            forms.TEXT,
            aliases=("vendor", "seller", "shop", "store", "merchant", "company", "sold_by"),
        ),
        Column(
            "price",
            "the price of one",
            forms.MONEY,
            aliases=("unit_price", "price_each", "item_price", "each", "cost", "price_usd", "lineitem_price"),
        ),
        Column(
            "paid",
            "what was paid for the whole row",
            forms.MONEY,
            aliases=(
                "amount", "amount_paid", "total", "line_total", "item_total", "price_paid", "total_paid", "amount_usd",
                "total_usd", "total_price", "you_paid",
            ),
        ),
        Column(
            "date",
            "the day it was bought",
            forms.DAY,
            aliases=(
                "order_date", "purchase_date", "date_purchased", "purchased", "purchased_on", "bought", "bought_on",
                "paid_on", "payment_date", "transaction_date", "ordered", "ordered_on", "date_of_purchase", "on",
            ),
        ),
        Column(
            "quantity",
            "how many (default 1)",
            forms.whole(1, 999),
            aliases=("qty", "count", "units", "lineitem_quantity"),
        ),
    ),
)  # fmt: skip

MOST_ROWS = 1_000
_SUMS = re.compile(
    r"(?:sub ?|grand |order |cart |amount |balance )?(?:total|due)(?: (?:paid|due|usd|amount))?",
    re.IGNORECASE,
)
"""Titles of rows that add up the others, and would be counted twice."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """Hold one row of a receipt; empty and None where it does not say."""

    row: int
    id: str
    title: str
    provider: str
    paid: int | None
    """For all of them, in cents."""
    date: date | None
    quantity: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Hold the rows of a receipt, and what a reader should know about the others."""

    lines: tuple[ReceiptLine, ...]
    notes: tuple[str, ...]


def read_receipt(path: Path) -> Receipt:
    """Return what a receipt says was bought, or raise `Faults` with all that is wrong with it."""
    file = str(path)
    text = decoded(read_bytes(path), file)
    records, faults = records_of(text, delimiter_of(text, RECEIPT), file)
    if not records:
        remedy = f"Put the names of the columns into its first row, such as {', '.join(RECEIPT.header)}."
        raise Faults(faults or [Fault(file, None, None, None, "it has no header", remedy)])
    (_, header), *body = records
    if len(body) > MOST_ROWS:
        remedy = "Leave out what has nothing to do with the plan, or check it in parts."
        raise Faults([Fault(file, None, None, None, f"it has more than {MOST_ROWS:,} rows", remedy)])
    columns = [RECEIPT.column_headed(cell) for cell in header]
    faults += _header_faults(header, columns, file)
    if any(fault.row == 1 for fault in faults):  # what columns mean is not known, so nothing below is read
        raise Faults(faults)
    unread = [
        cell.strip() for cell, column in zip(header, columns, strict=True) if cell.strip() and column is None
    ]
    notes = [f"Columns of the receipt that are not read: {', '.join(unread)}."] if unread else []
    lines = []
    for row, cells in body:
        if len(cells) != len(header):
            faults.append(wrong_length(row, cells, header, file))
            continue
        texts = {c.name: cell.strip() for c, cell in zip(columns, cells, strict=True) if c is not None}
        if not texts.get("id") and _SUMS.fullmatch(" ".join(texts.get("title", "").split()).rstrip(":")):
            notes.append(f"Row {row} of the receipt is a sum of others, and not counted: {texts['title']}.")
            continue
        values = _values(texts, row, file, faults)
        lines.append(_line(values, row))
    if faults:
        raise Faults(faults)
    return Receipt(tuple(lines), tuple(notes))


def _header_faults(header: Sequence[str], columns: Sequence[Column | None], file: str) -> list[Fault]:
    faults = [nul_byte(file, 1, None) for cell in header if "\0" in cell]
    names = [column.name for column in columns if column is not None]
    if not {"id", "title"} & set(names):
        remedy = "Call one title, or item, and best another one id, with the ids that the plan has for its purchases."
        faults.append(Fault(file, 1, None, None, "no column says what was bought", remedy))
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            alike = [
                cell.strip()
                for cell, c in zip(header, columns, strict=True)
                if c is not None and c.name == name
            ]
            problem = f"{len(alike)} columns mean {name}: {', '.join(alike)}"
            faults.append(Fault(file, 1, name, None, problem, "Keep one of them, or rename the others."))
    return faults


def _values(texts: Mapping[str, str], row: int, file: str, faults: list[Fault]) -> dict[str, object]:
    """Return the values of a row's cells, and note the faults of those that have none."""
    values: dict[str, object] = {}
    for name, text in texts.items():
        try:
            if "\0" in text:
                raise BadValue(problem="there is a NUL byte", remedy="Delete it: text has none.")
            values[name] = parse_cell(RECEIPT.column(name), text)
        except BadValue as bad:
            faults.append(bad.at(file, row, name, text))
    if not texts.get("id") and not texts.get("title"):
        remedy = "Write its title or its id, or delete the row."
        faults.append(Fault(file, row, None, None, "the row does not say what was bought", remedy))
    return values


def _line(values: Mapping[str, object], row: int) -> ReceiptLine:
    def whole(name: str) -> int | None:
        value = values.get(name)
        return value if isinstance(value, int) else None

    quantity, price, paid, day = whole("quantity") or 1, whole("price"), whole("paid"), values.get("date")
    if paid is None and price is not None:
        paid = price * quantity
    return ReceiptLine(
        row,
        str(values.get("id") or ""),
        str(values.get("title") or ""),
        str(values.get("provider") or ""),
        paid,
        day if isinstance(day, date) else None,
        quantity,
    )


def words_of(text: str) -> str:
    """Return a title without case, punctuation and extra spaces."""
    return " ".join(re.findall(r"\w+", text.casefold()))
