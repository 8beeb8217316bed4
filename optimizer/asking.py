"""Asking: from a profile, flags and catalogs on disk to the question that planning answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from catalogs.faults import Fault, Faults, shown
from catalogs.loading import Catalog, load, offerings_of, passes_of, shipped_folder
from optimizer.credential import Credential
from optimizer.credential_file import load_file, load_shipped
from optimizer.cycles import governed_cycle
from optimizer.flags import with_flags
from optimizer.learner import Target
from optimizer.learner_file import learner_from, read_profile
from optimizer.question import Question

FIRST_YEAR, LAST_YEAR = 1950, 2200
"""Years an answer may be for; beyond them a date is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold a question with what a reader should know about its inputs."""

    question: Question
    notes: tuple[str, ...]


def catalog_from(sources: Sequence[str]) -> Catalog:
    """Return the catalog of folders and CSV files, the shipped one where nothing, or `shipped`, is named."""
    return load(
        [shipped_folder() if source == "shipped" else Path(source) for source in sources or ["shipped"]]
    )


def credential_named(said: str) -> Credential:
    """Return the credential of a path ending in .toml, or else the shipped one of that id; raises `Faults`."""
    name = said.strip()
    return load_file(Path(name)) if name.casefold().endswith(".toml") else load_shipped(name)


def _rules(target: Target, file: str, as_of: date, *, lapsed: bool) -> Credential:
    """Return the rules that govern a target's cycle; what the learner says of it wrongly is a fault of their file."""
    credential = load_file(Path(target.file)) if target.file else None
    try:
        credential = credential or load_shipped(target.credential)
        governed_cycle(target, credential, as_of, lapsed=lapsed)
    except Faults as found:
        raise Faults(
            replace(one, file=file, column=f"credential.{one.column}") for one in found.faults
        ) from None
    return credential


def ask(
    profile: Path | None,
    flags: dict[str, Any],
    sources: Sequence[str],
    as_of: date,
    seconds: float,
    *,
    lapsed: bool = False,
) -> Asked:
    """Return the question; raises `CatalogFaults` for the catalog and `Faults` for everything else.

    `lapsed` lets a deadline lie before as_of: no plan can meet it, but what was earned can be looked at.
    """
    catalog = catalog_from(sources)
    said = read_profile(profile) if profile else {}
    return ask_of(catalog, said, str(profile or ""), flags, as_of, seconds, lapsed=lapsed)


def ask_of(
    catalog: Catalog,
    said: Mapping[str, object],
    name: str,
    flags: dict[str, Any],
    as_of: date,
    seconds: float,
    *,
    lapsed: bool = False,
) -> Asked:
    """Return the question of what a learner's file says, under its `name` in messages, and of flags."""
    passes = passes_of(catalog)
    file = f"{name} and the flags" if name and any(flags.values()) else name or "the flags"
    mapping = with_flags(said, **flags)
    learner = learner_from(mapping, file, as_of, [p.pass_id for p in passes], lapsed=lapsed)
    credentials = tuple(_rules(target, file, as_of, lapsed=lapsed) for target in learner.targets)
    outside = [
        Fault(file, None, "credential.deadline", str(t.deadline),
              f"it lies outside the years {FIRST_YEAR} to {LAST_YEAR}", "Correct the year.")
        for t in learner.targets
        if t.deadline is not None and not FIRST_YEAR <= t.deadline.year <= LAST_YEAR
    ]  # fmt: skip
    ids = [credential.id for credential in credentials]
    outside += [
        Fault(file, None, f"credential[{n}]", one, f"credential[{ids.index(one) + 1}] has this id too",
              "Keep one of them, or give your own rules an id of their own.")
        for n, one in enumerate(ids, start=1)
        if one in ids[: n - 1]
    ]  # fmt: skip
    if outside:
        raise Faults(outside)
    notes = list(catalog.notes)
    if not mapping.get("credential"):
        notes.append(
            f"No credential is named: this is for a full cycle of {shown(credentials[0].name)}. "
            "Add --deadline and what you have earned, or --profile FILE, to make it yours."
        )
    else:
        notes += [
            f"No deadline for {one}: a full cycle is assumed, from {target.cycle_start or 'today'}. "
            "Say yours with --deadline, or in your file."
            for one, target in zip(ids, learner.targets, strict=True)
            if target.deadline is None
        ]
    question = Question(
        learner, file, credentials, offerings_of(catalog), passes, catalog.hashed, as_of, seconds
    )
    return Asked(question, tuple(notes))
