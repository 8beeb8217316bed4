"""The passes of the second solver's model: terms that begin on a day of the solver's choice; as_of is day 0."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pyscipopt import Model, quicksum

from tests.oracle.reading import Case, Pass

FAR = 10_000


@dataclass
class Slot:
    """One term that may be bought, or one that is held: `used` is 1 if it exists, from `start` to `end`."""

    used: Any
    start: Any
    end: Any


class PassTerms:
    """A SCIP model with every term that may be bought or is held."""

    def __init__(self, case: Case) -> None:
        self.case, self.model = case, Model()
        self.model.hideOutput()
        self.horizon = (case.last_day - case.as_of).days
        self.bought: list[Any] = []
        self.prices: list[Any] = []
        self.slots: dict[str, list[Slot]] = {}
        for item in self.in_order_of_need():
            self.slots[item.id] = self.slots_of(item)
        self.requires()

    def offset(self, day: date | None, default: int) -> int:
        return default if day is None else (day - self.case.as_of).days

    def binary(self) -> Any:
        return self.model.addVar(vtype="B")

    def day(self) -> Any:
        return self.model.addVar(vtype="I", lb=0, ub=max(0, self.horizon))

    def when(self, chosen: Any, least: Any, most: Any, more: int = 0) -> None:
        """Ask for least ≤ most if `chosen` is 1; `more` is what `least` may exceed twice the horizon by."""
        self.model.addCons(least <= most + (2 * self.horizon + 2 + more) * (1 - chosen))

    def in_order_of_need(self) -> list[Pass]:
        """Those that others require come last, so that the others' number of terms is known."""
        rest, order = list(self.case.passes), []
        while rest:
            free = next(item for item in rest if not any(other.requires == item.id for other in rest))
            rest.remove(free)
            order.append(free)
        return order

    def end_of(self, item: Pass, start: int) -> int:
        """Give a term's last day; beyond the horizon all days are one."""
        if item.term_ends is None:
            return self.horizon if item.term_days is None else start + item.term_days - 1
        day = date.fromordinal(self.case.as_of.toordinal() + start)
        end = date(day.year + ((day.month, day.day) > item.term_ends), *item.term_ends)
        if item.rolls_from is not None:
            rolls = date(end.year - (item.rolls_from > item.term_ends), *item.rolls_from)
            end = end.replace(year=end.year + 1) if day >= rolls else end
        return min(self.horizon, (end - self.case.as_of).days)

    def slots_of(self, item: Pass) -> list[Slot]:
        held = [
            Slot(1, -1, min(self.horizon, self.offset(until, FAR)))
            for key, until in self.case.held_passes
            if key == item.id and self.offset(until, FAR) >= 0
        ]
        if item.price is None or (not item.renewable and held) or self.horizon < 0:
            return held
        served = {offer.item.course: offer.times for offer in self.case.offers if item.id in offer.passes}
        most = sum(served.values()) + sum(
            len(self.slots[other.id]) for other in self.case.passes if other.requires == item.id
        )
        fitting, start = 0, 0
        while start <= self.horizon:
            fitting, start = (
                fitting + 1,
                min(self.end_of(item, day) for day in range(start, self.horizon + 1)) + 1,
            )
        slots: list[Slot] = []
        for _ in range(min(most, fitting, FAR if item.renewable else 1)):
            used, start_day = self.binary(), self.day()
            self.model.addCons(start_day <= self.horizon * used)
            slot = Slot(used, start_day, self.end_variable(item, used, start_day))
            for before in held + slots[-1:]:
                self.when(used, before.end + 1, start_day)
            if slots:
                self.model.addCons(used <= slots[-1].used)
            slots.append(slot)
            self.prices.append(item.price * used)
            self.bought.append(used)
        return held + slots

    def end_variable(self, item: Pass, used: Any, start: Any) -> Any:
        if item.term_ends is None:
            return self.horizon if item.term_days is None else start + (item.term_days - 1)
        ends: dict[int, list[int]] = {}
        for day in range(self.horizon + 1):
            ends.setdefault(self.end_of(item, day), []).append(day)
        pieces = [(self.binary(), end, days) for end, days in ends.items()]
        self.model.addCons(quicksum(piece for piece, _, _ in pieces) == used)
        self.model.addCons(start >= quicksum(days[0] * piece for piece, _, days in pieces))
        self.model.addCons(start <= quicksum(days[-1] * piece for piece, _, days in pieces))
        return quicksum(end * piece for piece, end, _ in pieces)

    def requires(self) -> None:
        for item in self.case.passes:
            for slot in self.slots[item.id] if item.requires else ():
                if isinstance(slot.used, int):
                    continue
                covers = []
                for other in self.slots[item.requires]:
                    cover = self.binary()
                    self.model.addCons(cover <= other.used)
                    self.when(cover, other.start, slot.start)
                    self.when(cover, slot.start, other.end)
                    covers.append(cover)
                self.model.addCons(quicksum(covers) >= slot.used)
