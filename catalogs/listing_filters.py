"""Filters of `ceuplan catalog show`: the names in its flags, checked against the catalog, as tests of an offering."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from catalogs.amounts import parse_money
from catalogs.faults import BadValue, Fault, FlagFaults, did_you_mean, shown
from catalogs.records import Offering, Pass
from catalogs.schema import KINDS, OFFERINGS, parse_cell

NO_CATEGORY = "any"
MANY_NAMES = 12
LONG_LIST = 200
"""A list of known names with more of them, or more characters, is too long to be told."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Hold what the flags ask for, as typed; within one tuple any word will do."""

    providers: Sequence[str] = ()
    categories: Sequence[str] = ()
    approvers: Sequence[str] = ()
    kinds: Sequence[str] = ()
    passes: Sequence[str] = ()
    max_price: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Hold one flag: how it was typed, and which offerings it lets through."""

    flag: str
    lets: Callable[[Offering], bool]
    needs_price: bool = False


def filters_from(wishes: Wishes, offerings: Sequence[Offering], passes: Iterable[Pass]) -> tuple[Filter, ...]:
    """Return the filters asked for, or raise `FlagFaults` with every name that the catalog does not know."""
    faults: list[Fault] = []
    categories = {slug for one in offerings for part in one.credits for slug in part.categories}
    approvers = {approval.approver for one in offerings for approval in one.approvals}
    providers = _known("--provider", wishes.providers, {one.provider for one in offerings}, faults)
    wanted = _known("--category", _folded(wishes.categories), {*categories, NO_CATEGORY}, faults)
    approved = _known("--approver", _folded(wishes.approvers), approvers, faults)
    kinds = _kinds(wishes.kinds, faults)
    paying = _known("--pass", wishes.passes, {one.pass_id for one in passes}, faults)
    most = _most(wishes.max_price, faults)
    if faults:
        raise FlagFaults(faults)
    found = [
        Filter(_typed("--provider", providers), lambda one: one.provider in providers),
        Filter(
            _typed("--category", wanted),
            lambda one: any(not wanted.isdisjoint(part.categories) for part in one.credits),
        ),
        Filter(
            _typed("--approver", approved),
            lambda one: any(approval.approver in approved for approval in one.approvals),
        ),
        Filter(_typed("--kind", kinds), lambda one: one.kind in kinds),
        Filter(_typed("--pass", paying), lambda one: not paying.isdisjoint(one.passes)),
    ]
    found = [each for each in found if each.flag]
    if most is not None:
        flag = f"--max-price {shown(wishes.max_price or '')}"
        found.append(Filter(flag, lambda one: one.price is not None and one.price <= most, needs_price=True))
    return tuple(found)


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


def _typed(flag: str, names: Iterable[str]) -> str:
    return " ".join(f"{flag} {shown(name)}" for name in sorted(names))


def _known(flag: str, said: Iterable[str], known: Iterable[str], faults: list[Fault]) -> frozenset[str]:
    """Return the names said that are known, and note a fault for each of the others."""
    names = sorted(known)
    what = {"--pass": "no pass of this catalog has that id"}.get(
        flag, f"no offering of this catalog has that {flag[2:]}"
    )
    for name in dict.fromkeys(said):
        if name not in names:
            remedy = f"{_listed(names)}{did_you_mean(name, names)}"
            faults.append(Fault(flag, None, None, name, what, remedy))
    return frozenset(said).intersection(names)


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(shown(name) or '""' for name in names)
    if not names:
        return "There are none."
    if len(names) > MANY_NAMES or len(listed) > LONG_LIST:
        return f"There are {len(names)}; `ceuplan catalog show` without this flag shows them."
    return f"Known: {listed}."


def _kinds(said: Iterable[str], faults: list[Fault]) -> frozenset[str]:
    found = []
    for word in said:
        try:
            found.append(parse_cell(OFFERINGS.column("kind"), word))
            if not word.strip():
                raise BadValue(problem="it is empty", remedy=f"Write one of: {', '.join(KINDS)}.")
        except BadValue as bad:
            faults.append(bad.at("--kind", None, None, word))
    return frozenset(found)


def _most(said: str | None, faults: list[Fault]) -> int | None:
    if said is None:
        return None
    try:
        return parse_money(said)
    except BadValue as bad:
        faults.append(
            Fault("--max-price", None, None, said, bad.problem, "Write US dollars such as 20 or 29.95.")
        )
        return None
