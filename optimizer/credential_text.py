"""Credentials as text: a list of them, one of them whole, and what a check of some found."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from catalogs.amounts import write_money
from catalogs.wrapping import NO_BREAK, wrapped
from optimizer.credential import Cap, CarryOver, Credential, Fee, Requirement, Route, Source, Version
from optimizer.layout import number_of
from optimizer.rule_words import (
    cap_words,
    carry_over_words,
    counting_words,
    number,
    requirement_words,
    route_words,
    unit_words,
)

LABEL = 14
"""Columns of what stands before a fact."""
SURE = {
    "issuer": "the issuer says so itself",
    "copy": "a copy of what the issuer says",
    "third-party": "somebody else says so",
    "article": "an article says so",
    "unverified": "nobody checked it",
}

type Rule = Requirement | Cap | CarryOver | Route | Fee


def credentials_text(credentials: Iterable[Credential], width: int = 80) -> str:
    """Return credentials as a list: id, name, what the newest rules ask for, and their source."""
    lines: list[str] = []
    listed = list(credentials)
    longest = max((len(credential.id) for credential in listed), default=0)
    indent = " " * (longest + 2)
    for credential in listed:
        version = credential.versions[-1]
        total = version.requirements[0].at_least
        lines += wrapped(credential.name, width, f"{credential.id:{longest}}  ", indent)
        asked = f"{number(total)} {unit_words(credential.unit, total)} in {number_of(version.cycle_months, 'month')}"
        lines += wrapped(f"{asked}, {_counts(version)}", width, indent, indent)
        source = f"{version.confidence}: {version.source.title}{_read_on(version.source)}"
        lines += wrapped(source, width, indent, indent)
        lines += wrapped(version.source.url, width, indent, indent)
    return "\n".join(lines) + "\n"


def credential_text(credential: Credential, version: Version, width: int = 80) -> str:
    """Return everything one version of a credential's rules says, in plain words."""
    sources = _sources(version)
    unit = credential.unit
    sections = [
        (credential.name, _facts(credential, version, width)),
        ("What it asks for", [
            f"{rule.name}: {requirement_words(rule, unit)}{_grounds(rule, sources)}" for rule in version.requirements
        ]),
        ("What counts at most", [
            f"{rule.name}: {cap_words(rule, unit)}{_grounds(rule, sources)}" for rule in version.caps
        ]),
        ("What credit is worth", _conversions(credential)),
        ("How credit is counted", [
            *(f"{carry_over_words(rule, unit)}{_grounds(rule, sources)}" for rule in _carried(version)),
            *counting_words(version, unit),
        ]),
        ("Other ways to recertify, planned with --route NAME", [
            f"{route_words(rule, version.requirements)}{_grounds(rule, sources)}" for rule in version.routes
        ]),
        ("Owed whatever is planned", [f"{_fee(rule)}{_grounds(rule, sources)}" for rule in version.fees]),
        ("What no plan checks", [
            f"{told.text}{_numbered(told.source, sources)}" for told in version.not_modelled
        ]),
        ("Other rules", _others(credential, version)),
    ]  # fmt: skip
    lines: list[str] = []
    for place, (title, entries) in enumerate(sections):
        if entries:
            lines += wrapped(title, width)
            lines += entries if place == 0 else _bullets(entries, width)
            lines.append("")
    return "\n".join([*lines, *_where_read(version, sources, width)]) + "\n"


def checked_text(label: str, credential: Credential, width: int = 80, cases: int | None = None) -> str:
    """Return what there is in a sound credential file, and how many cases prove it: None where it has none."""
    versions = credential.versions
    found = ", ".join(_counts(version) for version in versions[-1:])
    bare = [
        f"{_called(kind, rule)}{f' of {version.effective}' if len(versions) > 1 else ''}"
        for version in versions
        for kind, rules in _kinds(version)
        for rule in rules
        if rule.source is None
    ]
    lines = wrapped(f"{label}: ok", width, rest="  ")
    newest = " in the newest" if len(versions) > 1 else ""
    proven = "" if cases is None else f"; {number_of(cases, 'case')}, as expected"
    lines += wrapped(f"{number_of(len(versions), 'version')}; {found}{newest}{proven}", width, "  ", "  ")
    told = f"{number_of(len(bare), 'rule')} without a source of {'its' if len(bare) == 1 else 'their'} own"
    lines += wrapped(f"{told}{': ' if bare else ''}{', '.join(bare)}", width, "  ", "    ")
    if cases is None:
        told = "no cases: nothing proves what its rules mean; write some in the folder cases beside it"
        lines += wrapped(told, width, "  - ", "    ")
    return "\n".join(lines) + "\n"


def _counts(version: Version) -> str:
    counts = [number_of(len(version.requirements), "requirement"), number_of(len(version.caps), "cap")]
    counts += [number_of(len(version.routes), "other route")] if version.routes else []
    counts += [number_of(len(version.fees), "fee")] if version.fees else []
    return ", ".join(counts)


def _kinds(version: Version) -> tuple[tuple[str, Sequence[Rule]], ...]:
    return (
        ("requirement", version.requirements),
        ("cap", version.caps),
        ("carry_over", _carried(version)),
        ("route", version.routes),
        ("fee", version.fees),
    )


def _carried(version: Version) -> tuple[CarryOver, ...]:
    return () if version.carry_over is None else (version.carry_over,)


def _called(kind: str, rule: Rule) -> str:
    return kind if isinstance(rule, CarryOver) else f'{kind} "{rule.name}"'


def _bullets(texts: Iterable[str], width: int) -> list[str]:
    return [line for text in texts for line in wrapped(text, width, "  - ", "    ")]


def _facts(credential: Credential, version: Version, width: int) -> list[str]:
    submit, lapse = version.submit_days_before, version.lapse_days
    finish = f"at the latest {number_of(submit, 'day')} before the deadline" if submit else "by the deadline"
    after = (
        "" if lapse is None else f"credit may be submitted until {number_of(lapse, 'day')} after the deadline"
    )
    facts = [
        ("id", credential.id),
        ("issued by", credential.issuer),
        ("counted in", f"{unit_words(credential.unit)} ({credential.unit})"),
        ("membership", f"the pass {credential.membership}" if credential.membership else ""),
        ("rules", f"{_span(credential, version)} [1, {version.confidence}]"),
        ("cycle", number_of(version.cycle_months, "month")),
        ("finish", finish),
        ("lapse", after),
    ]
    return [
        line
        for label, fact in facts
        if fact
        for line in wrapped(fact, width, f"  {label:{LABEL - 2}}", " " * LABEL)
    ]


def _span(credential: Credential, version: Version) -> str:
    """Return the deadlines that a version governs: from its day on, up to the day before the next one's."""
    later = [each.effective for each in credential.versions if each.effective > version.effective]
    if not later:
        return f"for deadlines from {version.effective} on"
    return f"for deadlines from {version.effective} to {min(later) - timedelta(days=1)}"


def _others(credential: Credential, version: Version) -> list[str]:
    return [
        f"{_span(credential, other)}: {_counts(other)} (--deadline {other.effective} shows them)"
        for other in credential.versions
        if other is not version
    ]


def _conversions(credential: Credential) -> list[str]:
    own = credential.unit
    told = [
        f"1 {unit} = {number(rate)} {unit_words(own, rate)}"
        for unit, rate in credential.conversions
        if unit != own
    ]  # its own unit is always there, at 1
    return [*told, "no other unit counts"] if told else [f"only credit in {own} counts"]


def _fee(fee: Fee) -> str:
    return f"{fee.name}: ${write_money(fee.amount)}{f' ({fee.note})' if fee.note else ''}"


def _sources(version: Version) -> tuple[Source, ...]:
    """Return every page a version rests on, the version's own first, each once."""
    told = [rule.source for _, rules in _kinds(version) for rule in rules]
    told += [each.source for each in version.not_modelled]
    return tuple(dict.fromkeys([version.source, *(source for source in told if source)]))


def _grounds(rule: Rule, sources: Sequence[Source]) -> str:
    if rule.source is None:
        return f" [no source of its own,{NO_BREAK}{rule.confidence}]"
    return f" [{sources.index(rule.source) + 1},{NO_BREAK}{rule.confidence}]"


def _numbered(source: Source | None, sources: Sequence[Source]) -> str:
    return "" if source is None else f" [{sources.index(source) + 1}]"


def _read_on(source: Source) -> str:
    return "" if source.read_on is None else f", read {source.read_on}"


def _where_read(version: Version, sources: Sequence[Source], width: int) -> list[str]:
    used = {version.confidence, *(rule.confidence for _, rules in _kinds(version) for rule in rules)}
    lines = ["Where it was read"]
    for place, source in enumerate(sources, start=1):
        lines += wrapped(f"{source.title}{_read_on(source)}", width, f"  [{place}] ", "      ")
        lines += wrapped(source.url, width, "      ", "      ")
    meant = "; ".join(f"{word} = {means}" for word, means in SURE.items() if word in used)
    return [*lines, *wrapped(f"How sure a rule is: {meant}.", width, "  ", "  ")]
