"""Worked cases: what a credential's rules must say of transcripts counted by hand, in a file beside the rules.

The cases of FOLDER/ID.toml are in FOLDER/cases/ID.toml. They are run through the audit, so that somebody who
writes rules can prove what they mean, and sees at once when a change makes them mean something else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib import resources
from pathlib import Path

from catalogs.faults import Fault, Faults, did_you_mean
from optimizer.asking import credential_named
from optimizer.audit import audit
from optimizer.case_keys import CASES, Case, Sums
from optimizer.credential import Credential
from optimizer.credential_file import governing
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.learner import Learner, Preferences, Target
from optimizer.question import Question
from optimizer.rule_words import number
from optimizer.toml_reading import Place, parse_toml, read_bytes, read_table

FOLDER = "cases"
"""The folder beside credentials that holds their cases."""
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Say what a case expects and the audit does not find."""

    key: str
    """The key of `expect`."""
    line: str
    """The requirement or cap that is meant; empty for what is said of the whole."""
    expected: str
    got: str | None
    """None where the rules have no such line."""
    lines: tuple[str, ...] = ()
    """The lines there are."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold what a check of one credential and its cases found."""

    credential: Credential | None
    """None if it has faults."""
    cases: int | None
    """How many it has; None if there is no file of them, or none that can be read."""
    faults: tuple[Fault, ...]


def check(said: str) -> Checked:
    """Check a shipped credential or a file and run its cases; every fault of both is in the answer."""
    faults: list[Fault] = []
    credential, cases, file = None, None, ""
    try:
        credential = credential_named(said)
    except Faults as found:
        faults += found.faults
    try:
        if (beside := cases_beside(said)) is not None:
            data, file = beside
            cases = read_cases(data, file)
    except Faults as found:
        faults += found.faults
    if credential is not None and cases is not None:
        faults += run_all(credential, cases, file)
    return Checked(credential, None if cases is None else len(cases), tuple(faults))


def cases_beside(said: str) -> tuple[bytes, str] | None:
    """Return the bytes of the cases of a shipped credential or a file, with their file's name; None without any."""
    name = said.strip()
    if name.casefold().endswith(".toml"):
        path = Path(name).parent / FOLDER / Path(name).name
        return (read_bytes(path), str(path)) if path.exists() else None
    shipped = resources.files("optimizer").joinpath("credentials", FOLDER)
    file = f"{name}.toml"
    known = {entry.name for entry in shipped.iterdir()} if shipped.is_dir() else set()
    return (shipped.joinpath(file).read_bytes(), f"{FOLDER}/{file}") if file in known else None


def read_cases(data: bytes, file: str) -> tuple[Case, ...]:
    """Return the cases of a file, or raise `Faults` with everything wrong in it."""
    faults: list[Fault] = []
    place = Place(file, faults)
    cases: tuple[Case, ...] = read_table(parse_toml(data, file), CASES, place)["case"]
    names = [case.name for case in cases]
    for nth, case in enumerate(cases, start=1):
        at = place.key("case").nth(nth)
        earlier = names.index(case.name) + 1
        if case.name and earlier < nth:
            remedy = "Give each a name of its own."
            at.key("name").refuse(case.name, f"case[{earlier}] has that name too", remedy)
        _check_case(case, at)
    if faults:
        raise Faults(faults)
    return cases


def _check_case(case: Case, place: Place) -> None:
    expect = case.expect
    if expect is not None and not place.key("expect").refused():
        said = (expect.met, expect.state, *expect.counts, *expect.missing, *expect.void)
        if all(one is None for one in said):
            remedy = "Add met, counts, missing, void or state."
            place.key("expect").refuse(None, "it expects nothing", remedy)
    for nth, line in enumerate(case.earned or (), start=1):
        if case.as_of is not None and line.date is not None and line.date > case.as_of:
            at = place.key("earned").nth(nth).key("date")
            at.refuse(line.date, f"it lies after as_of, {case.as_of}", "Correct one of the two.")


def run_all(credential: Credential, cases: Iterable[Case], file: str) -> tuple[Fault, ...]:
    """Return what cases expect and the audit does not find, as faults of their file."""
    faults: list[Fault] = []
    for nth, case in enumerate(cases, start=1):
        place = Place(file, faults).key("case").nth(nth)
        try:
            for mismatch in run(credential, case):
                _refuse(mismatch, case, place.key("expect"))
        except Faults as found:  # of the cycle or the route
            faults += (
                replace(one, file=file, column=place.key(one.column or "deadline").path)
                for one in found.faults
            )
    return tuple(faults)


def run(credential: Credential, case: Case) -> tuple[Mismatch, ...]:
    """Return what a case expects and the audit does not find; raises `Faults` for its cycle and its route."""
    _check_route(credential, case)
    found = audit(_question(credential, case), case.route)[0].credentials[0]
    expect = case.expect
    wrong: list[Mismatch] = []
    if expect.met not in (None, found.met):
        wrong.append(Mismatch("met", "", _as_toml(not found.met), _as_toml(found.met)))
    wrong += _compared("counts", expect.counts, [(line.name, line.earned) for line in found.requirements])
    wrong += _compared("missing", expect.missing, [(line.name, line.short) for line in found.requirements])
    wrong += _compared("void", expect.void, [(line.name, line.void) for line in found.caps])
    if expect.state not in (None, found.state):
        wrong.append(Mismatch("state", "", str(expect.state), str(found.state)))
    return tuple(wrong)


def _check_route(credential: Credential, case: Case) -> None:
    known = (DEFAULT_ROUTE, *(route.name for route in governing(credential, case.deadline).routes))
    if case.route not in known:
        problem = f'in the case "{case.name}", the rules for its deadline have no such route'
        remedy = f"Write one of: {', '.join(known)}.{did_you_mean(case.route, known)}"
        raise Faults([Fault(credential.id, None, "route", case.route, problem, remedy)])


def _compared(key: str, expected: Sums, found: Sequence[tuple[str, Fraction]]) -> list[Mismatch]:
    got, lines = dict(found), tuple(name for name, _ in found)
    return [
        Mismatch(key, name, number(value), number(got[name]) if name in got else None, lines)
        for name, value in expected
        if got.get(name) != value
    ]


def _question(credential: Credential, case: Case) -> Question:
    """Return the question of a learner who keeps one credential and for whom nothing is for sale."""
    learner = Learner(
        targets=(Target(credential.id, "", case.deadline, case.cycle_start, shares=True),),
        budget=None,
        hours_per_week=None,
        route="",
        no_assumed=False,
        member=False,
        holdings=(),
        earned=case.earned,
        offerings=(),
        prices=(),
        away=(),
        preferences=Preferences((), (), (), (), None),
    )
    as_of = case.as_of or case.deadline
    return Question(learner, case.name, (credential,), (), (), "", as_of, _SECONDS)


def _as_toml(value: object) -> str:
    return str(value).casefold()


def _refuse(wrong: Mismatch, case: Case, place: Place) -> None:
    at = place.key(wrong.key)
    if wrong.line:
        at = at.key(wrong.line)
    if wrong.got is None:
        kind = "cap" if wrong.key == "void" else "requirement"
        known = (
            f"Write one of: {', '.join(wrong.lines)}." if wrong.lines else "Remove it: the rules have none."
        )
        remedy = f"{known}{did_you_mean(wrong.line, wrong.lines)}"
        at.refuse(wrong.line, f'in the case "{case.name}", no {kind} that binds has that name', remedy)
        return
    cite = case.expect.cite
    remedy = (
        f"Correct the rules, or the case if it was worked out wrongly.{f' It cites: {cite}' if cite else ''}"
    )
    problem = f'in the case "{case.name}", expected {wrong.expected}, got {wrong.got}'
    at.refuse(None, problem, remedy)
