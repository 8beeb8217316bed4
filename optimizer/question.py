"""The question: all that a plan is an answer to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalogs.coded import Offerings, coded
from catalogs.digest import Digest
from catalogs.records import Offering, Pass
from optimizer.credential import Credential
from optimizer.learner import Learner
from optimizer.problem import AIMS, Aim


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what is asked: a learner, the rules, what is for sale, and the day the answer is for."""

    learner: Learner
    file: str
    """Where the learner's words come from, for messages."""
    credentials: tuple[Credential, ...]
    """The rules of each of the learner's targets, in their order."""
    offerings: Sequence[Offering]
    """Sorted by id; kept as columns."""
    passes: Sequence[Pass]
    hashed: str | Digest
    """The catalog's digest, or who works it out while the answer is looked for."""
    as_of: date
    seconds: float
    reduced: bool = True
    """Whether offerings that nothing tells apart may be planned as one group; the answer is the same."""
    aims: tuple[Aim, ...] = AIMS
    max_minutes: int | None = None
    """Of all enrollments together."""
    left_out: frozenset[str] = frozenset()
    """Ids of offerings that are not to be taken, and of passes that are not to be bought."""
    beside: bool = True
    """Whether other routes, and each credential alone, are priced beside the plan."""
    explained: bool = True
    """Whether to work out, where there is no full plan, what stands in the way and what would help."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "offerings", coded(self.offerings))

    @property
    def digest(self) -> str:
        """Return the digest of the catalog."""
        return str(self.hashed)

    @property
    def catalog(self) -> Offerings:
        """Return the offerings as columns."""
        return coded(self.offerings)
