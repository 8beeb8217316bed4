"""Pages on disk: the bytes as they came, and beside them, in JSON, whence, when, and that they are whole.

`FOLDER/NAME.body` and `FOLDER/NAME.json`, the name made from the address. A page that was refused is kept as
`NAME.refused.body`, to be looked at, and is never taken for the page.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from catalogs.writing import write_whole


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold what is known of one page as it was fetched."""

    url: str
    final_url: str
    """Where redirects led; else the same."""
    status: int
    fetched_at: str
    """When its bytes came, in UTC."""
    checked_at: str
    """When the site last said that they still hold."""
    sha256: str
    bytes: int
    robots: str
    """Why reading it was allowed."""
    refused: str = ""
    """Why it is not taken for the page; empty where it is."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Some of the answer's headers, their names in lower case."""


KEPT_HEADERS = ("content-type", "etag", "last-modified")
_KINDS_OF_FIELDS = {"status": int, "bytes": int, "headers": dict}


def moment(when: datetime) -> str:
    """Return a moment as it is written here."""
    return when.isoformat(timespec="microseconds")


def digest(body: bytes) -> str:
    """Return the sha256 of a page's bytes."""
    return hashlib.sha256(body).hexdigest()


def save(folder: Path, snapshot: Snapshot, body: bytes) -> None:
    """Keep a page; killed in between, it leaves the old page or none, never half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    name = _name(snapshot.url) + (".refused" if snapshot.refused else "")
    write_whole(body, folder / f"{name}.body")
    write_whole(json.dumps(asdict(snapshot), indent=1) + "\n", folder / f"{name}.json")


def stored(folder: Path, url: str) -> tuple[Snapshot, bytes] | None:
    """Return a page that is kept, if it is there, whole and of that address."""
    name = _name(url)
    try:
        body = (folder / f"{name}.body").read_bytes()
        said = json.loads((folder / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    fields = Snapshot.__dataclass_fields__
    if not isinstance(said, dict) or said.keys() != fields.keys():
        return None
    if not all(isinstance(value, _KINDS_OF_FIELDS.get(key, str)) for key, value in said.items()):
        return None
    found = Snapshot(**said)
    return (found, body) if found.url == url and found.sha256 == digest(body) else None


def _name(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:32]
