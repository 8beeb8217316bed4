"""Asking: from a profile, flags and catalogs on disk to the question that planning answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from catalogs.faults import Fault, Faults
from catalogs.loading import Catalog, load, offerings_of, passes_of, shipped_folder
from optimizer.credential import Credential
from optimizer.credential_file import load_file, load_shipped
from optimizer.flags import with_flags
from optimizer.learner_file import learner_from, read_profile
from optimizer.planning import Question

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


def ask(
    profile: Path | None, flags: dict[str, Any], sources: Sequence[str], as_of: date, seconds: float
) -> Asked:
    """Return the question; raises `CatalogFaults` for the catalog and `Faults` for everything else."""
    catalog = catalog_from(sources)
    passes = passes_of(catalog)
    file = str(profile) if profile else "the flags"
    mapping = with_flags(read_profile(profile) if profile else {}, **flags)
    learner = learner_from(mapping, file, as_of, [p.pass_id for p in passes])
    target = learner.targets[0]
    credential = load_file(Path(target.file)) if target.file else load_shipped(target.credential)
    deadline = target.deadline
    if deadline is not None and not FIRST_YEAR <= deadline.year <= LAST_YEAR:
        problem = f"it lies outside the years {FIRST_YEAR} to {LAST_YEAR}"
        raise Faults([Fault(file, None, "credential.deadline", str(deadline), problem, "Correct the year.")])
    notes = list(catalog.notes)
    if not mapping.get("credential"):
        notes.append(
            f"No profile and no --credential: this plans a full cycle of {credential.name}. "
            "Add --deadline and what you have earned, or --profile FILE, to make it yours."
        )
    question = Question(
        learner, file, credential, offerings_of(catalog), passes, catalog.digest, as_of, seconds
    )
    return Asked(question, tuple(notes))


def credentials_text(ids: Iterable[str]) -> str:
    """Return the shipped credentials as a table of text: id, name, what the newest rules ask for, and their source."""
    lines = []
    for credential_id in ids:
        credential: Credential = load_shipped(credential_id)
        version = credential.versions[-1]
        total = version.requirements[0]
        lines.append(f"{credential.id:12}  {credential.name}")
        lines.append(
            f"{'':12}  {float(total.at_least):g} {credential.unit} in {version.cycle_months} months, "
            f"{len(version.requirements)} requirements, {len(version.caps)} caps"
        )
        source = version.source
        lines.append(f"{'':12}  {version.confidence}: {source.title}, read {source.read_on}, {source.url}")
    return "\n".join(lines) + "\n"
