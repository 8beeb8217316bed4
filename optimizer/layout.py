"""The layout of answers as text: sections, wrapped lines, and the tables that plans and audits share."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from catalogs import wrapping
from catalogs.amounts import write_money
from optimizer.plan import CapUsed, EarnedLine, FeeOwed, amount


def section(title: str, lines: Sequence[str]) -> str:
    """Return a titled paragraph, or nothing where there are no lines."""
    return "\n".join([title, *lines, ""]) if lines else ""


def wrapped(text: str, width: int, first: str = "  ", rest: str = "  ") -> str:
    """Return text broken into lines, what could steer a terminal made visible."""
    return "\n".join(wrapping.wrapped(text, max(width, 40), first, rest))


def bullets(texts: Iterable[str], width: int) -> list[str]:
    """Return each text as a wrapped item of a list."""
    return [wrapped(text, width, "  - ", "    ") for text in texts]


def number_of(count: int, thing: str) -> str:
    """Return a number with its noun: `1 course`, `2 courses`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def category_name(category: str) -> str:
    """Return a category as a reader says it."""
    return "of no category" if category == "any" else category


def short_credit(credit: Fraction) -> str:
    """Return credit without decimals that say nothing."""
    return amount(credit).removesuffix("0").removesuffix(".0")


def cap_texts(caps: Iterable[CapUsed]) -> list[str]:
    """Return a clause for each cap that touches anything."""
    found = []
    for cap in caps:
        if cap.used or cap.void:
            most = "" if cap.at_most is None else f" of at most {amount(cap.at_most)}"
            items = (
                "" if cap.items_at_most is None else f", from at most {number_of(cap.items_at_most, 'item')}"
            )
            void = f"; {amount(cap.void)} is void, it cannot count" if cap.void else ""
            found.append(f"{cap.name}: {amount(cap.used)}{most} counted{items}{void}")
    return found


def cap_lines(caps: Iterable[CapUsed], width: int) -> list[str]:
    """Return a line for each cap that touches anything."""
    return [wrapped(text, width, "  ", "    ") for text in cap_texts(caps)]


def earned_texts(line: EarnedLine) -> tuple[str, str]:
    """Return the day of a line of a transcript; and what it counts, what is void, and why."""
    credit = (
        ", ".join(f"{short_credit(c.credit)} {category_name(c.category)}" for c in line.counts)
        or "counts nothing"
    )
    why = f" ({line.why_not})" if line.why_not else ""
    void = f"; {short_credit(line.void)} void" if line.void else ""
    return str(line.date) if line.date else "in cycle", f"{line.title or 'untitled'}: {credit}{void}{why}"


def earned_lines(earned: Iterable[EarnedLine], width: int) -> list[str]:
    """Return a line for each line of a transcript: what it counts, what is void, and why."""
    texts = [earned_texts(line) for line in earned]
    return [wrapped(text, width, f"  {day:10}  ", " " * 14) for day, text in texts]


def fee_texts(fees: Iterable[FeeOwed]) -> list[str]:
    """Return a sentence for each fee that is owed whatever is planned."""
    return [f"{f.name}: ${write_money(f.amount)}" + (f" ({f.note})" if f.note else "") for f in fees]
