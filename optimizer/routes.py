"""Routes: other ways to recertify, each a purchase that stands beside courses (docs/meaning.md, rules 43 to 45).

A route is put into the market as an event that must be taken, on the last day it can be done; a second one, with
the price under its passes, is the same course, so that one of the two is bought.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product

from catalogs.faults import Fault, FlagFaults, did_you_mean
from catalogs.records import Offering
from optimizer.credential import Route
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.obligation import Obligation

KIND = "route"
"""Kind of the offerings that stand for routes; no catalog has it."""
ANY = "any"


def route_of(one: Obligation) -> Route | None:
    """Return the route an obligation is planned by; None for continuing education."""
    return next((route for route in one.version.routes if route.name == one.route), None)


def ways_round(kept: Sequence[Obligation], wanted: str) -> list[tuple[Obligation, ...]]:
    """Return the combinations of routes to plan: of the wanted one, or of any; the default first.

    Raises `FlagFaults` if no obligation has the wanted one.
    """
    if wanted in ("", DEFAULT_ROUTE):
        return [tuple(kept)]
    known = {route.name for one in kept for route in one.version.routes}
    if wanted not in (ANY, *known):
        listed = ", ".join(sorted({DEFAULT_ROUTE, *known}))
        remedy = f"Known here are {listed}; {ANY} takes the cheapest.{did_you_mean(wanted, [*known, ANY])}"
        raise FlagFaults(
            [Fault("--route", None, None, wanted, "no credential you plan for has this route", remedy)]
        )
    choices = []
    for one in kept:
        names = [route.name for route in one.version.routes if wanted in (ANY, route.name)]
        if wanted == ANY or not names:
            names = [DEFAULT_ROUTE, *names]
        choices.append([replace(one, route=name) for name in names])
    return list(product(*choices))


def offerings_of_routes(kept: Sequence[Obligation]) -> list[Offering]:
    """Return the offerings that stand for the routes chosen, at their price and at that under each of their passes."""
    found = []
    for one in kept:
        route = route_of(one)
        if route is None or not (route.price or route.passes):
            continue
        day = min(one.deadline - timedelta(days=route.days_before), one.last_day)
        name = f"{KIND}:{one.credential.id}:{route.name}"
        plain = Offering(
            offering_id=name, course_id=name, provider=one.credential.issuer, kind=KIND,
            title=f"{route.name}, {one.credential.name}", price=route.price, starts=day, ends=day, minutes=0,
            times=1, url="", format="", topics=(), credits=(), unit="", approvals=(), member_price=None, passes=(),
            available_from=None, available_until=None, access_days=None, repeat_days=0, evidence="", assumed=(),
            source_url="", seen_on=None, note="",
        )  # fmt: skip
        found.append(plain)
        found += [
            replace(
                plain,
                offering_id=f"{plain.offering_id}@{pass_id}",
                price=None,
                member_price=price,
                passes=(pass_id,),
            )
            for pass_id, price in route.passes
        ]
    return found
