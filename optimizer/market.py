"""The market: what this learner can buy and what they own, from the catalog and their own words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogs.coded import Offerings
from catalogs.faults import Fault, Faults, did_you_mean
from catalogs.records import Offering, Pass
from optimizer.learner import Holding, Learner
from optimizer.obligation import Obligation
from optimizer.routes import offerings_of_routes


@dataclass(frozen=True, slots=True)
class Market:
    """Hold what there is: offerings and passes sorted by id, the learner's own and their prices among them."""

    catalog: Offerings
    """Sorted by id."""
    routes: tuple[Offering, ...]
    passes: Sequence[Pass]
    holdings: Sequence[Holding]
    """Holdings that have not expired; of several of one pass the longest."""
    warnings: tuple[str, ...]
    left_out: frozenset[str]
    """Ids of offerings that are not to be taken, and of passes that are not to be bought."""
    ranks: tuple[int, ...] | None = None
    """Of the offerings, where they are some of a larger catalog; None if they are 1, 2, 3 …"""
    aside: tuple[tuple[str, int], ...] = ()
    """Why others of the larger catalog cannot be used, and how many."""

    @property
    def offerings(self) -> Sequence[Offering]:
        """Return the offerings in the order of their ranks: those of the catalog, then routes."""
        return (*self.catalog, *self.routes) if self.routes else self.catalog


def market_for(
    learner: Learner,
    file: str,
    obligations: Sequence[Obligation],
    as_of: date,
    catalog: Offerings,
    passes: Iterable[Pass],
    left_out: frozenset[str] = frozenset(),
) -> Market:
    """Return the market of one learner; Faults where they name what does not exist."""
    prices = dict(learner.prices)
    own = [o.offering_id for o in learner.offerings]
    everything = catalog.with_records(learner.offerings)
    known_passes = {p.pass_id: p for p in passes}
    faults = [
        Fault(file, None, "offering.offering_id", one, "the catalog has this offering already",
              "Give your own offering another id, or set its price with [[price]].")
        for one in sorted(own)
        if catalog.place(one) is not None
    ]  # fmt: skip
    faults += _unknown_names(learner, file, everything, known_passes)
    faults += _differing_times(catalog, learner.offerings, file)
    if faults:
        raise Faults(faults)

    holdings, warnings = _holdings(learner, obligations, as_of, known_passes, file)
    warnings += _excluded_in_vain(learner, everything)
    priced = [place for one in prices if (place := everything.place(one)) is not None]
    return Market(
        everything.with_records(
            replace(o, price=prices[o.offering_id], assumed=_without_price(o.assumed))
            for o in everything.take(priced)
        ),
        tuple(offerings_of_routes(obligations)),
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
    learner: Learner, file: str, offerings: Offerings, passes: Collection[str]
) -> Iterable[Fault]:
    """Yield a fault for each id or provider the learner names that does not exist."""
    named = [("holding.pass_id", h.pass_id, False, True) for h in learner.holdings if h.pass_id]
    named += [("holding.offering_id", h.offering_id, True, False) for h in learner.holdings if h.offering_id]
    named += [("price.id", price_id, True, True) for price_id, _ in learner.prices]
    named += [("preferences.require", one, True, False) for one in learner.preferences.require]
    for column, name, an_offering, a_pass in named:
        if (an_offering and offerings.place(name) is not None) or (a_pass and name in passes):
            continue
        known = {*(offerings.columns["offering_id"] if an_offering else ()), *(passes if a_pass else ())}
        yield Fault(
            file, None, column, name, "nothing in the catalog has this name",
            f"Check the spelling.{did_you_mean(name, known)}",
        )  # fmt: skip


def _excluded_in_vain(learner: Learner, offerings: Offerings) -> tuple[str, ...]:
    """Say which exclusions name nothing: harmless with another catalog, but it may be a slip."""
    wishes = learner.preferences
    vain = [(one, "offering_id") for one in wishes.exclude if offerings.place(one) is None]
    if wishes.exclude_providers:
        providers = set(offerings.columns["provider"].values)
        vain += [(one, "provider") for one in wishes.exclude_providers if one not in providers]
    return tuple(
        f'You exclude "{name}", which the catalog does not have.'
        f"{did_you_mean(name, sorted(set(offerings.columns[column])))}"
        for name, column in vain
    )


def _differing_times(catalog: Offerings, own: Sequence[Offering], file: str) -> Iterable[Fault]:
    """Yield a fault for each of the learner's offerings whose course states another `times` in the catalog."""
    if not own:
        return
    ids = {one.offering_id for one in own}
    columns = (catalog.columns[name] for name in ("offering_id", "course_id", "times"))
    times: dict[str, int] = {
        course: often for one, course, often in zip(*columns, strict=True) if one not in ids
    }
    for offering in sorted(own, key=lambda o: o.offering_id):
        if times.setdefault(offering.course_id, offering.times) != offering.times:
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
