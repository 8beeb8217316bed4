"""The keys of a file of worked cases, declared once: what each means and how it is read."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from optimizer.audit import State
from optimizer.credential_keys import DEFAULT_ROUTE, by_id
from optimizer.learner import Earned
from optimizer.learner_keys import EARNED, earned_line
from optimizer.toml_reading import Key, Keys, table, tables
from optimizer.toml_values import day, exact_sum, slug, text, word, yes_no

type Sums = tuple[tuple[str, Fraction], ...]
"""Credit by the name of a requirement's or cap's line, sorted by name."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Hold what an audit must say; what is `None` or not named is not looked at."""

    met: bool | None
    counts: Sums
    missing: Sums
    void: Sums
    state: str | None
    cite: str


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one worked case: a cycle, what was earned for it, and what must come of it."""

    name: str
    deadline: date
    cycle_start: date | None
    """None for the default: the day after deadline − cycle_months."""
    as_of: date | None
    """None for the deadline."""
    route: str
    """The route whose requirements and caps bind."""
    earned: tuple[Earned, ...]
    expect: Expected


_sums = by_id(exact_sum, text)
EXPECT: Keys = {
    "met": Key(yes_no, "whether every requirement is met"),
    "counts": Key(_sums, "the credit that counts, by requirement", default=()),
    "missing": Key(_sums, "the credit that is missing, by requirement", default=()),
    "void": Key(_sums, "the credit that a cap looks at and that does not count, by cap", default=()),
    "state": Key(
        word("state of a cycle", State), "where the cycle stands on as_of, as `ceuplan audit` calls it"
    ),
    "cite": Key(text, "the sentence of the source that this proves", default=""),
}
CASE: Keys = {
    "name": Key(text, "what it shows, unlike the other cases", needed=True),
    "deadline": Key(day, "the last good day", needed=True),
    "cycle_start": Key(day, "the cycle's first day (default: the day after deadline − cycle_months)"),
    "as_of": Key(day, "the day it is looked at (default: the deadline)"),
    "route": Key(slug, f"the route whose rules bind (default: {DEFAULT_ROUTE})", default=DEFAULT_ROUTE),
    "earned": Key(
        tables(EARNED, earned_line), "what was finished; the keys are those of a learner's file", default=()
    ),
    "expect": Key(table(EXPECT, lambda said: Expected(**said)), "what must come of it", needed=True),
}
CASES: Keys = {
    "case": Key(tables(CASE, lambda said: Case(**said)), "at least one case", needed=True, default=())
}
