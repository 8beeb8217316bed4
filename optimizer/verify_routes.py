"""Prove the routes of a plan: that each is paid for once and in time, and what is said of the other routes."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from optimizer.verify_claims import PlanClaims, PurchaseClaim, money_text, shown
from optimizer.verify_governed import ANY_ROUTE, Governed, Say
from optimizer.verify_matching import routed
from optimizer.verify_periods import CONTINUING_EDUCATION
from optimizer.verify_setting import Setting
from optimizer.verify_terms import Term

_ONE = Fraction(1)


class Routes:
    """Prove that every route a credential is planned by is bought once, at a price it has on that day."""

    def __init__(self, claims: PlanClaims, setting: Setting, terms: Sequence[Term], say: Say) -> None:
        self.claims, self.setting, self.terms, self.say = claims, setting, terms, say
        self.lines = [line for line in claims.purchases if line.kind == "route"]
        self.planned: dict[tuple[str, str], list[Governed]] = {}
        for one in setting.governed:
            if one.route is not None:
                name = one.route.name, f"{one.route.name}, {one.credential.name}"
                self.planned.setdefault(name, []).append(one)

    @property
    def complete(self) -> bool:
        """Say whether every route is in time and, unless it costs nothing, bought."""
        buying = [one for group in self.planned.values() for one in group if not self._costs_nothing(one)]
        return not any(map(self._late, self.setting.governed)) and len(self.lines) >= len(buying)

    def prove(self) -> None:
        """Say every rule of routes that the purchases break."""
        as_of = self.setting.as_of
        for one in self.setting.governed:
            if self._late(one) and self.claims.status != "infeasible":
                by = f"{one.by_route}, the route of {one.id}, was to be done by {one.route_day}"
                self.say("route_day", f"{by}; {as_of} is later, so a full plan cannot use it.")
        for line in self.lines:
            if (line.id, line.title) not in self.planned:
                titles = " or ".join(shown(title) for name, title in self.planned if name == line.id)
                self.say("title", f"{line.where} is titled {shown(line.title)}; that route is {titles}.")
        for name, group in self.planned.items():
            self._prove_bought(group, [line for line in self.lines if (line.id, line.title) == name])

    def _late(self, one: Governed) -> bool:
        """Say whether the last day of a route has passed; one that costs nothing has none."""
        route = one.route
        return route is not None and bool(route.price or route.passes) and one.route_day < self.setting.as_of

    def _prove_bought(self, group: Sequence[Governed], lines: Sequence[PurchaseClaim]) -> None:
        """Say where the purchases of one route are not one for each credential that has to buy it."""
        partial = self.claims.status == "infeasible"
        needing = [one for one in group if not partial and not self._costs_nothing(one)]
        named = f"The route {shown(group[0].by_route)} of {' and '.join(one.id for one in group)}"
        if len(lines) < len(needing):
            self.say("route_missing", f"{named} lacks {len(needing) - len(lines)} purchase(s).")
        if len(lines) > len(group):
            self.say("route_extra", f"{named} is bought {len(lines) - len(group)} time(s) too often.")
        if not len(needing) <= len(lines) <= len(group):
            return
        # Credentials of one name may have routes of one name: any way to share the purchases out will do.
        fitting = [
            tuple(str(place) for place, line in enumerate(lines) if not any(self._faults(one, line)))
            for one in group
        ]
        room = {str(place): _ONE for place in range(len(lines))}
        without = {f"without {place}": _ONE for place, one in enumerate(group) if one not in needing}
        for_lines = routed([(places, _ONE) for places in fitting], room)
        either = [
            ((*places, f"without {index}") if f"without {index}" in without else places, _ONE)
            for index, places in enumerate(fitting)
        ]
        if for_lines == len(lines) and routed(either, room | without) == len(group):
            return
        first = [*needing, *(one for one in group if one not in needing)]
        found = [fault for one, line in zip(first, lines, strict=False) for fault in self._faults(one, line)]
        for what, message in found or [("route_missing", f"{named} is not bought for each of them.")]:
            self.say(what, message)

    def _faults(self, one: Governed, line: PurchaseClaim) -> Iterator[tuple[str, str]]:
        """Yield what keeps a purchase from being that of a credential's route."""
        if not self.setting.as_of <= line.on <= one.route_day:
            days = f"from {self.setting.as_of} to {one.route_day}"
            yield "purchase_day", f"{line.where} is bought on {line.on}; that must lie {days}."
        prices = self._prices(one, line.on)
        if line.price not in prices - {0}:
            right = " or ".join(money_text(price) for price in sorted(prices))
            yield "price", f"{line.where} costs {money_text(line.price)}; on {line.on} its price is {right}."
        elif self.claims.status == "optimal" and line.price > (least := self._least(one)):
            yield (
                "price",
                f"{line.where} costs {money_text(line.price)}; under a pass it would be {money_text(least)}.",
            )
        if line.until is not None:
            yield "term", f"{line.where} is a route, which has no term; it says until {line.until}."
        if line.assumed:
            yield "assumed", f"{line.where} calls {', '.join(line.assumed)} assumed; of a route nothing is."

    # Prices

    def _prices(self, one: Governed, on: date) -> set[int]:
        """Return the prices a credential's route has on a day, with the terms of the plan."""
        assert one.route is not None  # noqa: S101 - only routes are asked for
        return {one.route.price, *(price for term, price in self._under(one) if term.covers(on, on))}

    def _under(self, one: Governed) -> Iterator[tuple[Term, int]]:
        """Yield the terms under which a credential's route has a price of its own."""
        prices = dict(one.route.passes) if one.route is not None else {}
        for term in self.terms:
            if term.one.pass_id in prices:
                yield term, prices[term.one.pass_id]

    def _costs_nothing(self, one: Governed) -> bool:
        """Say whether nothing is bought for a route: its day then takes the place of the purchase."""
        return 0 in self._prices(one, one.route_day)

    def _least(self, one: Governed) -> int:
        """Return the least that a credential's route could cost with the terms of the plan, on some day."""
        prices = self._prices(one, one.route_day)
        for term, price in self._under(one):
            if price and max(term.first, self.setting.as_of) <= min(term.last, one.route_day):
                prices.add(price)
        return min(prices)

    def terms_used(self) -> list[Term]:
        """Return the terms that lower the price of a route."""
        found = []
        for name, group in self.planned.items():
            bought = [(line.on, int(line.price)) for line in self.lines if (line.id, line.title) == name]
            for one in group:
                full = one.route.price if one.route is not None else 0
                paid = [*bought, (one.route_day, 0)]
                found += [
                    term
                    for term, price in self._under(one)
                    if price < full and any(price == each and term.covers(on, on) for on, each in paid)
                ]
        return found


def prove_priced(claims: PlanClaims, setting: Setting, say: Say, *, lapsed: bool) -> None:
    """Say where `routes` does not name every other route, or one of them belies the plan; an audit has none."""
    if lapsed and not claims.routes:
        return
    right = [
        (one.id, name)
        for one in setting.governed
        for name in (CONTINUING_EDUCATION, *(route.name for route in one.version.routes))
        if name != one.by_route
    ]
    if [(line.credential, line.name) for line in claims.routes] != right:
        names = ", ".join(name for _, name in right) or "none"
        say("routes", f"The routes priced are not the other ones of {setting.ids}, in their order: {names}.")
    if len(setting.governed) > 1 or setting.learner.route != ANY_ROUTE:
        return
    budget = setting.learner.budget
    for line in claims.routes:
        if line.cost is None:
            continue
        cost = money_text(line.cost)
        if claims.status == "optimal" and line.cost < claims.cost:
            own = money_text(claims.cost)
            say("routes", f"The plan is called optimal and costs {own}; by {shown(line.name)} it is {cost}.")
        if claims.no_plan is None:
            continue
        cheapest = claims.no_plan.cheapest_full_cost
        if budget is None or line.cost <= budget:
            say("routes", f"No full plan is said to fit; by {shown(line.name)} there is one for {cost}.")
        elif cheapest is None or line.cost < cheapest:
            said = "null" if cheapest is None else money_text(cheapest)
            say(
                "routes",
                f"The cheapest full plan is said to cost {said}; by {shown(line.name)} it is {cost}.",
            )
