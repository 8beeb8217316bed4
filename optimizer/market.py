"""The market: what this learner can buy and what they own, from the catalog and their own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogs.faults import Fault, Faults, did_you_mean
from catalogs.records import Offering, Pass
from optimizer.learner import Holding, Learner
from optimizer.obligation import Obligation
from optimizer.routes import offerings_of_routes


@dataclass(frozen=True, slots=True)
class Market:
    """Hold what there is: offerings and passes sorted by id, the learner's own and their prices, then routes."""

    offerings: Sequence[Offering]
    passes: Sequence[Pass]
    holdings: Sequence[Holding]
    """Holdings that have not expired; of several of one pass the longest."""
    warnings: tuple[str, ...]
    left_out: frozenset[str]
    """Ids of offerings that are not to be taken, and of passes that are not to be bought."""


def market_for(
    learner: Learner,
    file: str,
    obligations: Sequence[Obligation],
    as_of: date,
    offerings: Iterable[Offering],
    passes: Iterable[Pass],
    left_out: frozenset[str] = frozenset(),
) -> Market:
    """Return the market of one learner; Faults where they name what does not exist."""
    prices = dict(learner.prices)
    own = {o.offering_id for o in learner.offerings}
    listed = tuple(offerings)
    everything = sorted([*listed, *learner.offerings], key=lambda o: o.offering_id)
    known_passes = {p.pass_id: p for p in passes}
    faults = [
        Fault(file, None, "offering.offering_id", o.offering_id, "the catalog has this offering already",
              "Give your own offering another id, or set its price with [[price]].")
        for o in listed
        if o.offering_id in own
    ]  # fmt: skip
    faults += _unknown_names(learner, file, everything, known_passes)
    faults += _differing_times(everything, own, file)
    if faults:
        raise Faults(faults)

    holdings, warnings = _holdings(learner, obligations, as_of, known_passes, file)
    warnings += _excluded_in_vain(learner, everything)
    return Market(
        tuple(
            replace(o, price=prices[o.offering_id], assumed=_without_price(o.assumed))
            if o.offering_id in prices
            else o
            for o in everything
        )
        + tuple(offerings_of_routes(obligations)),
        tuple(
            replace(p, price=prices[p.pass_id], assumed=_without_price(p.assumed))
            if p.pass_id in prices
            else p
            for p in sorted(known_passes.values(), key=lambda p: p.pass_id)
        ),
        holdings,
        warnings,
        left_out,
    )


def _without_price(assumed: Iterable[str]) -> tuple[str, ...]:
    return tuple(column for column in assumed if column != "price")


def _unknown_names(
    learner: Learner, file: str, offerings: Sequence[Offering], passes: Iterable[str]
) -> Iterable[Fault]:
    """Yield a fault for each id or provider the learner names that does not exist."""
    ids, pass_ids = {o.offering_id for o in offerings}, set(passes)
    named = [("holding.pass_id", h.pass_id, pass_ids) for h in learner.holdings if h.pass_id]
    named += [("holding.offering_id", h.offering_id, ids) for h in learner.holdings if h.offering_id]
    named += [("price.id", price_id, ids | pass_ids) for price_id, _ in learner.prices]
    named += [("preferences.require", one, ids) for one in learner.preferences.require]
    for column, name, known in named:
        if name not in known:
            yield Fault(
                file, None, column, name, "nothing in the catalog has this name",
                f"Check the spelling.{did_you_mean(name, known)}",
            )  # fmt: skip


def _excluded_in_vain(learner: Learner, offerings: Sequence[Offering]) -> tuple[str, ...]:
    """Say which exclusions name nothing: harmless with another catalog, but it may be a slip."""
    wishes = learner.preferences
    ids, providers = {o.offering_id for o in offerings}, {o.provider for o in offerings}
    pairs = [(one, ids) for one in wishes.exclude] + [(one, providers) for one in wishes.exclude_providers]
    return tuple(
        f'You exclude "{name}", which the catalog does not have.{did_you_mean(name, known)}'
        for name, known in pairs
        if name not in known
    )


def _differing_times(offerings: Iterable[Offering], own: set[str], file: str) -> Iterable[Fault]:
    """Yield a fault for each of the learner's offerings whose course states another `times` in the catalog."""
    times: dict[str, int] = {o.course_id: o.times for o in offerings if o.offering_id not in own}
    for offering in offerings:
        if (
            offering.offering_id in own
            and times.setdefault(offering.course_id, offering.times) != offering.times
        ):
            yield Fault(
                file, None, "offering.times", str(offering.times),
                f'the course "{offering.course_id}" may count {times[offering.course_id]} times elsewhere',
                "State the same times in all offerings of one course.",
            )  # fmt: skip


def _holdings(
    learner: Learner, obligations: Sequence[Obligation], as_of: date, passes: dict[str, Pass], file: str
) -> tuple[tuple[Holding, ...], tuple[str, ...]]:
    faults: list[Fault] = []
    warnings: list[str] = []
    kept: list[Holding] = []
    holdings = list(learner.holdings)
    if learner.member:
        memberships = [
            (o.credential.membership, o.deadline) for o in obligations if o.credential.membership in passes
        ]
        if not memberships:
            ids = " and ".join(o.credential.id for o in obligations)
            names = f"{ids} names" if len(obligations) == 1 else f"{ids} name"
            raise Faults(
                [
                    Fault("--member", None, None, None, f"{names} no membership that the catalog has",
                          "Leave out --member, or state what you hold with --pass ID@DATE.")
                ]
            )  # fmt: skip
        for membership, deadline in memberships:
            holdings.append(Holding(membership, "", deadline))
            warnings.append(
                f"You said you are a member until {deadline}: the dues ({membership}) are not in the cost."
            )
    for holding in holdings:
        name = holding.pass_id or holding.offering_id
        endless = not holding.pass_id or (passes[name].term_days is None and passes[name].term_ends is None)
        if holding.until is None and not endless:
            faults.append(
                Fault(file, None, "holding.until", None, f'the pass "{name}" ends some day, and you did not say when',
                      "Say the last day it is good for: until = YYYY-MM-DD in the file, or --pass ID@YYYY-MM-DD.")
            )  # fmt: skip
        elif holding.until is not None and holding.until < as_of:
            warnings.append(f"{name} ended on {holding.until}, before {as_of}: it is not used.")
        else:
            kept.append(holding)
    if faults:
        raise Faults(faults)
    longest: dict[str, date] = {}
    for holding in kept:
        if holding.pass_id:
            longest[holding.pass_id] = max(longest.get(holding.pass_id, as_of), holding.until or date.max)
    seats = [h for h in kept if h.offering_id]
    return (
        *seats,
        *(
            Holding(pass_id, "", None if until == date.max else until)
            for pass_id, until in sorted(longest.items())
        ),
    ), tuple(warnings)
