"""What the header of a column to import means: a column of the table, for credit with its unit or category."""

import re
from dataclasses import dataclass
from functools import cache

from catalogs.schema import OFFERINGS, Table

CATEGORY_WORDS = {
    "administrative": "administrative", "admin": "administrative",
    "clinical": "clinical", "clin": "clinical",
    "general": "general", "gen": "general",
}  # fmt: skip
"""The categories of the medical assistants' credentials, as providers write them."""

CREDIT, CATEGORY = "credits", "category"

_UNITS = {
    "contact hour": "contact_hour", "aama ceu": "aama_ceu", "ceu aama": "aama_ceu", "nha credit": "nha_credit",
    "nha ce credit": "nha_credit", "ccp point": "ccp_point", "iacet ceu": "iacet_ceu", "cme": "cme",
    "cme credit": "cme", "cme hour": "cme", "clock hour": "clock_hour", "college credit": "college_credit",
    "ancc contact hour": "contact_hour", "ancc hour": "contact_hour", "ce contact hour": "contact_hour",
}  # fmt: skip
"""Words of credit that say the unit. CEU alone does not: IACET's is ten hours, AAMA's one."""

_CREDIT_WORDS = (
    "ceu", "ce", "ce credit", "ce hour", "ce unit", "ceu credit", "ceu hour", "credit", "credit hour", "ce credit hour",
    "continuing education unit", "continuing education credit", "continuing education hour", "point", "ce point",
    "recertification point", "ceu point", "unit",
)  # fmt: skip

_IDS = (
    "id", "sku", "item", "item id", "item number", "item no", "item code", "product id", "product code",
    "product number", "course number", "course no", "course code", "code", "activity id", "activity number",
    "activity code", "program id", "program number", "handle", "slug", "offering", "catalog number", "course num",
)  # fmt: skip

_TITLES = (
    "course", "activity", "activity title", "activity name", "program", "program title", "program name", "product",
    "product name", "product title", "class", "class name", "class title", "session", "session title", "event",
    "event title", "event name", "training", "training title", "training name", "module", "course title name",
)  # fmt: skip

_PRICES = (
    "regular price", "course price", "course fee", "course cost", "registration fee", "tuition", "ticket price",
    "non member price", "nonmember price", "non member fee", "nonmember fee", "non member cost", "nonmember cost",
    "non members", "nonmembers", "price non member", "price nonmember",
)  # fmt: skip

_MEMBER_PRICES = ("members price", "price member", "price members", "aama member price", "member rate")

_HOURS = (
    "duration",
    "length",
    "course length",
    "course duration",
    "running time",
    "time to complete",
    "estimated time",
)

_URLS = ("course link", "course url", "product link", "product url", "page url", "page", "permalink", "web address",
         "address", "href", "link", "website")  # fmt: skip

_NOISE = {
    "raw",
    "text",
    "as",
    "scraped",
    "usd",
    "us",
    "dollars",
    "s",
    "of",
    "the",
    "earned",
    "value",
}
"""Words that change nothing about what a column is."""

QUALIFIERS = {
    "per", "each", "sale", "original", "was", "old", "discount", "discounted", "savings", "save", "saved", "tax",
    "shipping", "deposit", "starting", "min", "minimum", "max", "maximum", "member", "members", "cents", "minor",
    "thousands", "000", "group", "bulk", "renewal", "monthly", "month", "annual", "year", "subscription", "refund",
    "late", "early", "student", "eur", "gbp", "cad", "aud", "total", "paid", "subtotal", "commission",
}  # fmt: skip
"""Words beside which amounts of money are not, or not surely, the price of the course in dollars."""

NOT_FOR_SALE = {"updated", "modified", "created", "added", "crawled", "scraped", "completed", "completion"}
"""Words of dates that say nothing about what is for sale: when a row was written, when somebody finished."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Hold what a header says."""

    role: str
    """A column of the table, `category`, or `credits:` and a category."""
    unit: str = ""
    """The unit of credit the header names."""


def words_of(header: str) -> tuple[str, ...]:
    """Return a header's words: letters and digits, parted where `priceInCents` parts them."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", re.sub(r"(?<=\w)\s*#", " number ", header))
    return tuple(re.findall(r"[^\W_]+", parted.casefold()))


@cache
def meaning_of(header: str, table: Table) -> Meaning | None:
    """Return what a header means in a table, or None if it does not say."""
    words = words_of(header)
    if re.search("[€£¥₹]", header):
        return None
    counted = words[0] in ("number", "no") and words[1:2] == ("of",) if words else False
    least = tuple(word for word in words[counted:] if word not in _NOISE)
    for spelled in dict.fromkeys([" ".join(words), " ".join(least)]):
        found = _exact(spelled, table)
        if found is not None:
            return found
    return None


def _exact(spelled: str, table: Table) -> Meaning | None:
    single = _single(spelled)
    if single == "course id":  # what a shop calls so is its number of the course
        return Meaning("offering_id") if table is OFFERINGS else Meaning("course_id")
    credit = _credit(single)
    if credit is not None:
        return credit
    for role, known in (
        ("offering_id", _IDS), ("title", _TITLES), ("price", _PRICES), ("member_price", _MEMBER_PRICES),
        ("hours", _HOURS), ("url", _URLS),
    ):  # fmt: skip
        if role in table.header and (spelled in known or single in known):
            return Meaning(role)
    column = table.column_headed(spelled)
    return Meaning(column.name) if column is not None else None


def _credit(single: str) -> Meaning | None:
    whole = single.removeprefix("total ")
    if whole in _UNITS:
        return Meaning(CREDIT, _UNITS[whole])
    if whole in _CREDIT_WORDS and whole != "unit":
        return Meaning(CREDIT)
    if single in (
        "category",
        "ceu category",
        "ce category",
        "credit category",
        "content category",
        "content area",
    ):
        return Meaning(CATEGORY)
    # `Clinical`, `Clinical CEUs`, `ceu_admin`: one column a category.
    words = single.split(" ")
    for place in (0, -1):
        rest = " ".join(words[1:] if place == 0 else words[:-1])
        if words[place] in CATEGORY_WORDS and (not rest or rest in _UNITS or rest in _CREDIT_WORDS):
            return Meaning(f"{CREDIT}:{CATEGORY_WORDS[words[place]]}", _UNITS.get(rest, ""))
    return None


def _single(spelled: str) -> str:
    """Return words, each without the s of more than one."""
    return " ".join(word.removesuffix("s") if len(word) > 2 else word for word in spelled.split(" "))
