"""The sources of the report: where each offering, pass and rule that the plan rests on was read, and when."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from catalogs.faults import shown
from catalogs.records import Offering, Pass
from optimizer.credential import Cap, Fee, Requirement, Route, Source
from optimizer.credential_text import SURE
from optimizer.layout import number_of
from optimizer.obligation import Obligation
from optimizer.pages import offerings_taken
from optimizer.plan import Plan
from optimizer.question import Question
from optimizer.rule_words import cap_words, requirement_words

EVIDENCE = {
    "provider": "the provider's own page",
    "secondary": "somebody else's page",
    "article": "an article",
    "user": "entered by hand",
    "": "not stated",
}
LONGEST_ADDRESS = 2_000
USUAL_HOURS = "Hours: the usual for its unit."
MOST_TITLES = 3
"""Named of one source; of the others, how many."""


@dataclass(frozen=True, slots=True)
class Read:
    """Hold one page, what was read there, and when."""

    what: str
    url: str
    seen_on: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Assumed:
    """Hold what rests on values nobody published, which they are, and what stands in for them."""

    titles: tuple[str, ...]
    columns: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class RuleRead:
    """Hold one rule in words, where it was read, and how sure it is."""

    name: str
    words: str
    source: Source
    sure: str


@dataclass(frozen=True, slots=True)
class RulesRead:
    """Hold the rules of one credential that the plan rests on."""

    credential: str
    effective: date
    source: Source
    rules: tuple[RuleRead, ...]


def is_web(address: str) -> bool:
    """Say whether an address may become a link: http or https, with a host, and nothing that is not visible."""
    if len(address) > LONGEST_ADDRESS or shown(address, LONGEST_ADDRESS) != address or " " in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def rows_read(plan: Plan, question: Question) -> list[Read]:
    """Return the pages of all that the plan takes and buys, those of passes first."""
    found: dict[tuple[str, date | None, str], list[str]] = {}
    for one in _taken(plan, question):
        found.setdefault((one.source_url, one.seen_on, one.evidence), []).append(one.title)
    return [
        Read(_named(titles), url, seen_on, EVIDENCE.get(evidence, evidence))
        for (url, seen_on, evidence), titles in found.items()
    ]


def assumptions(plan: Plan, question: Question) -> list[Assumed]:
    """Return line by line what nobody published, hours too, with the note that says what stands in for it."""
    notes = {o.offering_id: o.note for o in offerings_taken(plan, question).values()}
    notes |= {p.pass_id: p.note for p in question.passes}
    bought = [(p.title, p.assumed, notes.get(p.id, "")) for p in plan.purchases if p.kind == "pass"]
    taken = [(e.title, e.assumed, notes.get(e.offering_id, "")) for e in plan.enrollments]
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for title, columns, note in [*bought, *taken]:
        if columns:
            usual = USUAL_HOURS if "hours" in columns else ""
            key = tuple(column.replace("_", " ") for column in columns), " ".join(filter(None, [note, usual]))
            found.setdefault(key, []).append(title)
    return [Assumed(_times(titles), *key) for key, titles in found.items()]


def rules_read(plan: Plan, kept: Sequence[Obligation]) -> list[RulesRead]:
    """Return the rules that bind on the plan's routes, each with its source, its version's own where it has none."""
    found = []
    for one in kept:
        version, unit, route = one.version, one.credential.unit, plan.route.get(one.credential.id, one.route)
        binding: list[tuple[Requirement | Cap | Route | Fee, str]] = []
        binding += [(r, requirement_words(r, unit)) for r in version.requirements if r.route == route]
        binding += [(c, cap_words(c, unit)) for c in version.caps if c.route == route]
        binding += [(r, "the way you recertify") for r in version.routes if r.name == route]
        binding += [(f, "owed whatever is planned") for f in version.fees]
        rules = tuple(
            RuleRead(
                rule.name, words, rule.source or version.source, SURE.get(rule.confidence, rule.confidence)
            )
            for rule, words in binding
        )
        found.append(RulesRead(one.credential.name, version.effective, version.source, rules))
    return found


def _taken(plan: Plan, question: Question) -> Iterable[Offering | Pass]:
    passes = {p.pass_id: p for p in question.passes}
    used = dict.fromkeys([p.id for p in plan.purchases if p.kind == "pass"])
    used |= dict.fromkeys(e.paid_by for e in plan.enrollments)
    yield from (passes[name] for name in used if name in passes)
    offered = offerings_taken(plan, question)
    yield from (offered[e.offering_id] for e in plan.enrollments if e.offering_id in offered)


def _named(titles: Sequence[str]) -> str:
    """Return the first titles, and how many there are besides."""
    counted = Counter(titles).most_common()
    named = [*_times(titles)][:MOST_TITLES]
    if more := sum(times for _, times in counted[MOST_TITLES:]):
        named.append(number_of(more, "other"))
    return "; ".join(named)


def _times(titles: Iterable[str]) -> tuple[str, ...]:
    """Return each title once with how often it comes, what comes most often first."""
    return tuple(f"{n} × {title}" if n > 1 else title for title, n in Counter(titles).most_common())
