"""The id of an imported offering: the provider's own number, else the end of its address, else its title."""

import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlsplit

from catalogs.faults import BadValue

_ID_KEYS = ("productid", "product_id", "courseid", "course_id", "sku", "itemid", "item_id", "id", "pid", "p")
"""Names in the query of an address under which shops keep a product's number, the surest first."""
_EXTENSION = re.compile(r"\.(?:html?|php|aspx?|jsp|cfm)$", re.IGNORECASE)
_GENERIC = {
    "index", "default", "home", "product", "products", "productdetail", "productdetailsinglesku", "course",
    "courses", "detail", "details", "item", "view", "show", "store", "shop", "page", "catalog", "activity",
}  # fmt: skip
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_LONGEST = 120


def native_id(number: str, url: str, title: str, provider: str) -> str:
    """Return `provider:native-id` from what a row says, or refuse the row."""
    if number:
        own = re.sub(r"\s+", "-", number.removeprefix(f"{provider}:").strip())
        if ";" in own:
            problem = f'its id "{number}" holds a semicolon, which separates ids in a list'
            raise BadValue(problem, "Give it an id without ;.")
        return f"{provider}:{own}"
    slug = (_from_address(url) if url else "") or _slug(title)
    if not slug:
        problem = "no id can be made of its title"
        raise BadValue(problem, "Give it one in a column with the header id.")
    return f"{provider}:{slug}"


def without_session(url: str) -> str:
    """Return an address without the session of whoever saved it."""
    return _SESSION.sub("", url)


def _from_address(url: str) -> str:
    try:
        parts = urlsplit(without_session(url))
        said = parse_qsl(parts.query, max_num_fields=100) if parts.query else []
        query = {key.casefold(): value for key, value in said}
    except ValueError:
        return ""
    for key in _ID_KEYS if query else ():
        if slug := _slug(query.get(key, "")):
            return slug
    path = parts.fragment.split("?")[0] if parts.fragment.startswith(("/", "!")) else parts.path
    pieces = [piece for piece in path.split("/") if piece]
    last = _slug(_EXTENSION.sub("", unquote(pieces[-1]))) if pieces else ""
    return "" if last in _GENERIC else last


def _slug(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w.]+", "-", folded[:1_000]).strip("-._")[:_LONGEST].rstrip("-._")
