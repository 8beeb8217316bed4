"""Cells that hold an amount: money, credit, time and whole numbers, read and written exactly."""

import re
from collections.abc import Callable

from catalogs.faults import BadValue

MOST_CENTS = 9_999_999_99
MOST_HUNDREDTHS = 99_999_99
MOST_MINUTES = 99_999 * 60

# [0-9] and never \d, which takes the digits of every script. Lengths are bounded because int() refuses,
# with an error of its own, what is longer than a few thousand digits.
_MONEY = re.compile(
    r"(?:(?:usd|us) ?\$?|\$)? ?(?P<whole>[0-9,]*)(?:\.(?P<part>[0-9]+))? ?(?:usd|(?:us )?dollars?)?"
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_AMOUNT = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]+))?")
_NUMBER = r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})"
_HOUR = r"(?:h|hrs?\.?|hours?)"
_MINUTE = r"(?:m|mins?\.?|minutes?)"
_DURATION = re.compile(
    rf"(?P<bare>{_NUMBER})"
    rf"|(?P<hours>{_NUMBER}) ?{_HOUR}(?:,? ?(?:and )?(?P<rest>{_NUMBER}) ?{_MINUTE})?"
    rf"|(?P<minutes>{_NUMBER}) ?{_MINUTE}"
)
_WHOLE = re.compile(r"(?P<number>[0-9]+)(?:\.0+)?(?: ?(?P<word>days?))?")

_MONEY_REMEDY = (
    "Write the one price a buyer pays, in US dollars, such as 29.95; leave the cell empty if nobody says it."
)
_HOURS_REMEDY = "Write hours such as 1.5, or 1 hr 30 min."


def _tidy(text: str) -> str:
    # split() knows every kind of space, the no-break space of web pages among them.
    return " ".join(text.split()).casefold()


def _hundredths(whole: str, part: str | None) -> int:
    return int(whole or "0") * 100 + int((part or "").ljust(2, "0"))


def parse_money(text: str) -> int:
    """Return the whole cents of one amount of US dollars, such as `$1,029.95`, `USD 15` or `Free`."""
    tidy = _tidy(text)
    if tidy == "free":
        return 0
    match = _MONEY.fullmatch(tidy)
    if match is None or not (match["whole"] or match["part"]):
        raise _money_problem(tidy)
    whole, part = match["whole"], match["part"]
    if "," in whole:
        if not _GROUPED.fullmatch(whole):
            problem = "the comma does not set off thousands, so the amount could be one of two"
            raise BadValue(problem, "Write the amount with a point and without commas, such as 1029.95.")
        whole = whole.replace(",", "")
    if part and len(part) > 2:
        problem = "it has more than 2 decimals, and money is exact to the cent"
        raise BadValue(problem, "Write dollars and cents, such as 29.95.")
    if len(whole) > 12 or _hundredths(whole, part) > MOST_CENTS:
        problem = f"it is more than a price can be here (${MOST_CENTS // 100:,} and 99 cents)"
        raise BadValue(problem, _MONEY_REMEDY)
    return _hundredths(whole, part)


def _money_problem(tidy: str) -> BadValue:
    if re.search(r"[€£¥₹]|\b(?:eur|gbp|cad|aud)\b|\bca?\$", tidy):
        return BadValue(problem="it is not in US dollars", remedy=_MONEY_REMEDY)
    if re.fullmatch(r"[+-]?[0-9.]+e[+-]?[0-9]+", tidy):
        return BadValue(problem="it is a number in scientific notation, not a price", remedy=_MONEY_REMEDY)
    amounts = re.findall(r"[0-9]+", re.sub(r"(?<=[0-9])[.,](?=[0-9])", "", tidy))
    if len(amounts) > 1:
        return BadValue(
            "it holds more than one amount, and only you can tell which is the price", _MONEY_REMEDY
        )
    if amounts and re.search(r"[-−–(] ?\$? ?[0-9.]", tidy):
        return BadValue(problem="it is negative", remedy="Write a price of 0 or more, such as 29.95.")
    if amounts:
        return BadValue(problem="there is more in it than one amount of US dollars", remedy=_MONEY_REMEDY)
    if re.search(r"\bfree\b", tidy):
        remedy = "Write 0 if every buyer gets it free, or else the price a buyer pays, such as 29.95."
        return BadValue(problem="there is more in it than the word free", remedy=remedy)
    return BadValue(problem="it is not an amount of US dollars", remedy=_MONEY_REMEDY)


def write_money(cents: int) -> str:
    """Return cents as dollars with two decimals."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def parse_amount(text: str) -> int:
    """Return the hundredths of an amount of credit above 0, such as `1.5`."""
    tidy = text.strip()
    match = _AMOUNT.fullmatch(tidy)
    if match is None or not (match["whole"] or match["part"]):
        problem = (
            "the amount of credit is negative"
            if tidy.startswith("-")
            else "the amount of credit is not a number"
        )
        raise BadValue(problem, "Write a number above 0 with a point and no commas, such as 1.5.")
    whole, part = match["whole"], match["part"]
    if part and len(part) > 2:
        problem = "the amount of credit has more than 2 decimals"
        raise BadValue(problem, "Write at most 2 decimals, such as 1.25.")
    if len(whole) > 12 or not 0 < _hundredths(whole, part) <= MOST_HUNDREDTHS:
        problem = f"the amount of credit is not above 0 and below {MOST_HUNDREDTHS // 100 + 1:,}"
        raise BadValue(problem, "Write the credit stated, such as 1.5.")
    return _hundredths(whole, part)


def write_amount(hundredths: int) -> str:
    """Return hundredths as a decimal without needless zeros, such as `1.5`."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0") if part else str(whole)


def parse_minutes(text: str) -> int:
    """Return the whole minutes, rounded up, of a time such as `1.5` (hours), `1 hr 30 min` or `90 min`."""
    tidy = _tidy(text)
    match = _DURATION.fullmatch(tidy)
    if match is None:
        negative = re.match(r"[-−] ?[0-9.]", tidy)
        problem = "it is negative" if negative else "it is not one length of time"
        raise BadValue(problem, _HOURS_REMEDY)
    if match["rest"] and "." in match["hours"]:
        raise BadValue(problem="it has both a part of an hour and minutes", remedy=_HOURS_REMEDY)
    billionths = _billionths(match["bare"] or match["hours"]) * 60
    billionths += _billionths(match["rest"] or match["minutes"])
    minutes = -(-billionths // 10**9)
    if minutes > MOST_MINUTES:
        raise BadValue(problem=f"it is more than {MOST_MINUTES // 60:,} hours", remedy=_HOURS_REMEDY)
    return minutes


def _billionths(number: str | None) -> int:
    whole, _, part = (number or "0").partition(".")
    return int(whole or "0") * 10**9 + int(part.ljust(9, "0"))


def write_minutes(minutes: int) -> str:
    """Return minutes as decimal hours that are read back as the same minutes."""
    # Hundredths of an hour, rounded down: a hundredth is 0.6 minutes, and reading rounds up.
    return write_amount(minutes * 100 // 60)


def whole_parser(least: int, most: int, days: bool = False) -> Callable[[str], int]:
    """Return a parser of whole numbers from `least` to `most`; of days, it takes `180 days` too."""
    noun = "a whole number of days" if days else "a whole number"

    def parse_whole(text: str) -> int:
        """Return the whole number a cell holds."""
        match = _WHOLE.fullmatch(_tidy(text))
        if match is None or (match["word"] and not days):
            problem = f"it is not {noun}"
        elif len(match["number"]) > 12 or not least <= int(match["number"]) <= most:
            problem = f"it is not between {least:,} and {most:,}"
        else:
            return int(match["number"])
        raise BadValue(problem, f"Write {noun} from {least} to {most}, without commas.")

    return parse_whole
