"""Obligations: each credential a learner must keep, with the rules and the cycle that bind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from optimizer.credential import Cap, Credential, Requirement, Version
from optimizer.credential_keys import DEFAULT_ROUTE
from optimizer.cycles import add_months, governed_cycle
from optimizer.learner import Learner

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Obligation:
    """Hold one credential to keep, the version of its rules, and the cycle."""

    credential: Credential
    version: Version
    start: date
    deadline: date
    shares: bool
    route: str = DEFAULT_ROUTE

    @property
    def last_day(self) -> date:
        """Return the last day to finish anything."""
        return self.deadline - timedelta(days=self.version.submit_days_before)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Return the requirements that bind on the route."""
        return tuple(rule for rule in self.version.requirements if rule.route == self.route)

    @property
    def caps(self) -> tuple[Cap, ...]:
        """Return the caps that bind on the route."""
        return tuple(cap for cap in self.version.caps if cap.route == self.route)

    def parts(self, months: int) -> tuple[tuple[date, date], ...]:
        """Return the cycle cut every so many months from its start; the last may be shorter."""
        cuts = [self.start]
        while cuts[-1] <= self.deadline:
            cuts.append(add_months(self.start, months * len(cuts)))
        return tuple((first, min(after - _DAY, self.deadline)) for first, after in pairwise(cuts))

    def whole_parts(self, months: int) -> tuple[tuple[date, date], ...]:
        """Return the parts that are not cut short by the deadline."""
        parts = self.parts(months)
        first, last = parts[-1]
        whole = add_months(self.start, months * len(parts)) - _DAY == last
        # Months are not equally long: counted back from the deadline it may be whole, too.
        return parts if whole or first <= add_months(self.deadline, -months) + _DAY else parts[:-1]


def obligations(
    learner: Learner, credentials: Sequence[Credential], as_of: date, *, lapsed: bool = False
) -> tuple[Obligation, ...]:
    """Return the obligations of a learner, in the order of their targets, or raise `Faults`."""
    found = []
    for target, credential in zip(learner.targets, credentials, strict=True):
        version, start, deadline = governed_cycle(target, credential, as_of, lapsed=lapsed)
        found.append(Obligation(credential, version, start, deadline, target.shares))
    return tuple(found)
