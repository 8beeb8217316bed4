"""What a catalog holds, as text for `ceuplan catalog check`."""

from collections import Counter
from collections.abc import Iterable, Sequence

from catalogs.faults import faults_text, shown
from catalogs.loading import Catalog, offerings_of, passes_of
from catalogs.records import Offering, Pass

__all__ = ["faults_text", "report"]

_NOT_SAID = "(not said)"


def report(catalog: Catalog) -> str:
    """Return a summary of a sound catalog: what there is, on what evidence, and what is missing."""
    offerings, passes = offerings_of(catalog), passes_of(catalog)
    lines = [
        f"The catalog is sound: {_count(offerings, 'offering')}, {_count(passes, 'pass', 'passes')}.",
        f"Digest: {catalog.digest}",
        "",
        *_by_provider(offerings, passes),
        "",
        *_missing(offerings, passes),
    ]
    if catalog.notes:
        lines += ["", "Notes:", *(f"- {shown(note, longest=300)}" for note in catalog.notes)]
    return "\n".join(lines) + "\n"


def _count(items: Iterable[object], one: str, many: str = "") -> str:
    number = sum(1 for _ in items)
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _by_provider(offerings: Sequence[Offering], passes: tuple[Pass, ...]) -> list[str]:
    courses = Counter(one.provider for one in offerings)
    sold = Counter(one.provider for one in passes)
    evidence: dict[str, Counter[str]] = {}
    both: tuple[Offering | Pass, ...] = (*offerings, *passes)
    for each in both:
        evidence.setdefault(each.provider, Counter())[each.evidence or _NOT_SAID] += 1
    table = [("provider", "offerings", "passes", "evidence")]
    for provider in sorted(evidence):
        seen = ", ".join(f"{word} {number}" for word, number in sorted(evidence[provider].items()))
        name = shown(provider, longest=40) or _NOT_SAID
        table.append((name, f"{courses[provider]:,}", f"{sold[provider]:,}", seen))
    widths = [max(len(row[place]) for row in table) for place in range(3)]
    return [
        f"{name:<{widths[0]}}  {some:>{widths[1]}}  {others:>{widths[2]}}  {seen}"
        for name, some, others, seen in table
    ]


def _missing(offerings: Sequence[Offering], passes: tuple[Pass, ...]) -> list[str]:
    units = Counter(each.unit for each in offerings if each.unit)
    counts = {
        "offerings without a price of their own": sum(one.price is None for one in offerings),
        "offerings without a price or a pass": sum(one.price is None and not one.passes for one in offerings),
        "offerings without credits": sum(not one.credits for one in offerings),
        "offerings of unknown unit, which do not count": sum(not one.unit for one in offerings),
        "passes without a price, which cannot be bought": sum(one.price is None for one in passes),
        "offerings resting on assumed values": sum(bool(one.assumed) for one in offerings),
        "passes resting on assumed values": sum(bool(one.assumed) for one in passes),
    }
    lines = [f"{what}: {number:,}" for what, number in counts.items()]
    both: tuple[Offering | Pass, ...] = (*offerings, *passes)
    assumed = Counter(name for each in both for name in each.assumed)
    for title, tally in (("values assumed, by column", assumed), ("offerings by unit", units)):
        if tally:
            listed = ", ".join(f"{shown(name)} {number:,}" for name, number in sorted(tally.items()))
            lines.append(f"{title}: {listed}")
    return lines
