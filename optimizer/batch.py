"""A batch: a roster, a catalog and a day → different problems, and from their answers each learner's row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from catalogs.faults import Fault, Faults
from catalogs.loading import Catalog, offerings_of, passes_of
from optimizer.batch_answer import BAD_INPUT, Answer, Shared, refused
from optimizer.batch_table import Line, file_names
from optimizer.credential import Credential
from optimizer.credential_file import load_file, load_shipped
from optimizer.learner import Learner
from optimizer.roster import Person, Roster
from optimizer.roster_learners import Posed, Setting, at_rows, is_own_file, own_file, posed


@dataclass(frozen=True, slots=True)
class Batch:
    """Hold the learners of a roster and what there is to solve for them."""

    roster: Roster
    setting: Setting
    shared: Shared
    found: tuple[Posed | tuple[Fault, ...], ...]
    """Of each person the problem, or the faults that leave them without one."""
    problems: Mapping[str, Learner]
    """The different ones, by their keys, in the order of the roster."""

    @property
    def inputs(self) -> str:
        """Return the digest of all that the answers depend on."""
        shared = self.shared
        digest = sha256(repr((shared.version, shared.digest, shared.as_of, shared.seconds)).encode())
        for person, what in zip(self.roster.people, self.found, strict=True):
            named = (person.learner_id, what if isinstance(what, tuple) else what.key)
            digest.update(repr(named).encode("utf-8", "backslashreplace"))
        return digest.hexdigest()

    def file_names(self) -> list[tuple[str, str]]:
        """Return the key, empty where there is none, and the plan file's name of each learner who is named."""
        people = self.roster.people
        names = file_names([person.learner_id for person in people])
        return [
            ("" if isinstance(what, tuple) else what.key, names[person.learner_id])
            for person, what in zip(people, self.found, strict=True)
            if person.learner_id
        ]


def batch_of(
    roster: Roster, file: Path, catalog: Catalog, as_of: date, seconds: float, more: Mapping[str, object]
) -> Batch:
    """Return what there is to solve; `more` is what flags say of every learner."""
    credentials: dict[str, Credential] = {}

    @cache
    def read(name: str) -> Credential | Faults:
        own = own_file(name, file) if is_own_file(name) else None
        try:
            credential = load_shipped(name) if own is None else load_file(own)
        except Faults as bad:
            return bad
        credentials[name if own is None else str(own)] = credential
        return credential

    def credential_of(name: str) -> Credential:
        one = read(name)
        if isinstance(one, Faults):
            raise one
        return one

    passes = passes_of(catalog)
    offerings = offerings_of(catalog)
    setting = Setting(str(file), as_of, {one.pass_id: one for one in passes}, offerings, credential_of, more)
    found = tuple(_all_posed(roster, setting))
    problems = {what.key: what.learner for what in found if not isinstance(what, tuple)}
    shared = Shared(offerings, passes, catalog.digest, credentials, as_of, seconds, version("ceuplan"))
    return Batch(roster, setting, shared, found, problems)


def _all_posed(roster: Roster, setting: Setting) -> Iterator[Posed | tuple[Fault, ...]]:
    """Yield each person's problem; where the cells of two say the same, they are read once."""
    read: dict[object, Posed] = {}
    for person in roster.people:
        text = (tuple(map(_cells, person.rows)), tuple(sorted(map(_cells, person.earned))))
        alike = None if person.faults else read.get(text)
        what = alike or posed(person, setting)
        if isinstance(what, Posed):
            read[text] = what
        yield what


def _cells(line: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return a row's cells without whose they are and where they stand."""
    return tuple((name, str(line[name])) for name in sorted(line.keys() - {"learner_id", "file", "row"}))


def lines(batch: Batch, answers: Mapping[str, Answer], plans: bool) -> list[Line]:
    """Return each learner's row of the answer, in the order of the roster; `plans` says if plans have files."""
    names = file_names([person.learner_id for person in batch.roster.people])
    return [
        _line(person, what, answers, batch.setting.file, names[person.learner_id] if plans else "")
        for person, what in zip(batch.roster.people, batch.found, strict=True)
    ]


def _line(
    person: Person,
    what: Posed | tuple[Fault, ...],
    answers: Mapping[str, Answer],
    file: str,
    plan_file: str,
) -> Line:
    if isinstance(what, tuple):
        return Line(person.learner_id, refused(BAD_INPUT, ""), tuple(Faults(what).faults), ())
    found = answers[what.key]
    notes = what.notes
    if found.plan and plan_file and plan_file != f"{person.learner_id}.json":
        notes = (*notes, f"The plan is in {plan_file}.")
    return Line(person.learner_id, found, tuple(at_rows(found.faults, person, file)), notes)
