"""What a page says, as values: before it is normalized and after.

A platform's parser gives a `Reading`: items as the page words them. `scrapers/normalizing.py` makes it
`Parsed`: rows of the catalog. In both, what cannot be read exactly is `Refused`, never left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogs.faults import BadValue


@dataclass(frozen=True, slots=True)
class Refused:
    """Name one card or product that cannot be read exactly; each stands for one that makes no row."""

    where: str
    """Where it stands on the page, and what it is called: `card 3 (Wound Care)`."""
    value: str
    """What was read there; empty where there was nothing."""
    why: str
    """A clause without a final stop."""


@dataclass(frozen=True, slots=True)
class Item:
    """Hold what one card or product says, by column of the catalog, beside `id`: its key at the provider."""

    where: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what a platform's parser found on one page."""

    items: tuple[Item, ...] = ()
    refused: tuple[Refused, ...] = ()
    declared_total: int | None = None
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """Hold the catalog rows of one page or of several."""

    rows: tuple[dict[str, str], ...] = ()
    """Every column of the catalog's CSVs, canonical text, sorted by offering_id, each id once."""
    refused: tuple[Refused, ...] = ()
    declared_total: int | None = None
    """How many there are, says the provider; None where it does not say."""
    more: tuple[str, ...] = ()
    """Further addresses to read: next pages, courses' own pages; on allowed hosts, each once."""
    repeated: tuple[str, ...] = ()
    """The ids that came more than once: none of them makes a row, each time is among the refused."""


def unread(problem: str) -> BadValue:
    """Return the refusal of a value that cannot be read exactly."""
    return BadValue(problem, remedy="Look at the page: the wrong element may have been read.")
