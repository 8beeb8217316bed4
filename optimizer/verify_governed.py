"""Read again which rules govern each credential a plan is for, by which route, and the days of its cycle."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from catalogs.faults import Faults
from optimizer.credential import Credential, Route, Version
from optimizer.credential_file import read_credential
from optimizer.cycles import governed_cycle
from optimizer.learner import Learner, Target
from optimizer.verify_claims import CredentialClaim, PlanClaims, shown
from optimizer.verify_periods import (
    CONTINUING_EDUCATION,
    Line,
    cap_lines,
    months_until,
    months_up_to,
    requirement_lines,
)
from optimizer.verify_terms import later

ANY_ROUTE = "any"

type Say = Callable[[str, str], None]
"""Report one violation: its slug and its sentence."""


@dataclass(frozen=True, slots=True)
class Governed:
    """Hold one credential of the plan: the rules that govern it and the days they look at."""

    credential: Credential
    version: Version
    cycle_start: date
    deadline: date
    last_day: date
    """Last day to finish."""
    shares: bool
    route: Route | None
    """The route it is planned by; None for continuing education."""
    requirements: tuple[Line, ...]
    caps: tuple[Line, ...]
    carried_from: date
    """From this day to the cycle earned credit is carried over; the cycle's start where none is."""
    used_from: date
    """From this day to the deadline an earned line uses up its course's `times`."""

    @property
    def id(self) -> str:
        """Return the credential's id."""
        return self.credential.id

    @property
    def by_route(self) -> str:
        """Return the name of the route it is planned by."""
        return CONTINUING_EDUCATION if self.route is None else self.route.name

    @property
    def route_day(self) -> date:
        """Return the day on which its route is done."""
        before = 0 if self.route is None else self.route.days_before
        return min(later(self.deadline, -before), self.last_day)

    def holds(self, start: date, finish: date) -> bool:
        """Say whether an enrollment on these days lies in the days of the credential."""
        return self.cycle_start <= start and finish <= self.last_day

    def in_cycle(self, day: date | None) -> bool:
        """Say whether an earned line lies in the cycle; one without a date does."""
        return day is None or self.cycle_start <= day <= self.deadline

    def carries(self, day: date | None) -> bool:
        """Say whether an earned line is carried over."""
        return day is not None and self.carried_from <= day < self.cycle_start

    def uses_up(self, day: date | None) -> bool:
        """Say whether an earned line uses up its course's `times`."""
        return day is None or self.used_from <= day <= self.deadline

    def uses_up_before(self, day: date | None) -> bool:
        """Say whether an earned line does so though it lies before all that counts in the cycle."""
        return day is not None and self.used_from <= day < self.carried_from


def read_governed(
    claims: PlanClaims,
    learner: Learner,
    credentials: Callable[[str], Credential],
    say: Say,
    *,
    lapsed: bool,
) -> tuple[Governed, ...] | None:
    """Return the credentials of the plan in the learner's order, or None where one cannot be told, which is said."""
    named = claims.problem.credentials
    if len(named) != len(learner.targets):
        say(
            "credential",
            f"The plan names {len(named)} credentials; the learner has {len(learner.targets)}.",
        )
        return None
    ids = [claim.id for claim in named]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        say("credential", f"The plan names {shown(twice[0])} {ids.count(twice[0])} times.")
        return None
    found = [
        _governed(claim, target, claims, credentials, say, lapsed=lapsed)
        for claim, target in zip(named, learner.targets, strict=True)
    ]
    governed = tuple(one for one in found if one is not None)
    if len(governed) != len(found):
        return None
    return governed if _routes_fit(claims.route, governed, learner.route, say) else None


def _governed(
    claim: CredentialClaim,
    target: Target,
    claims: PlanClaims,
    credentials: Callable[[str], Credential],
    say: Say,
    *,
    lapsed: bool,
) -> Governed | None:
    credential = _credential(claim, target, credentials, say)
    if credential is None:
        return None
    try:
        version, cycle_start, deadline = governed_cycle(target, credential, claims.as_of, lapsed=lapsed)
    except Faults as refused:
        say("credential", f"The cycle cannot be told: {refused.faults[0].problem}.")
        return None
    if claim.version != str(version.effective):
        say(
            "credential",
            f"The plan uses the rules of {shown(claim.version)}; {version.effective} governs {deadline}.",
        )
        return None
    by_route = claims.route.get(claim.id)
    route = next((one for one in version.routes if one.name == by_route), None)
    if route is None and by_route != CONTINUING_EDUCATION:
        names = ", ".join([CONTINUING_EDUCATION, *(one.name for one in version.routes)])
        say("route", f"The plan is for {shown(claim.id)} by the route {shown(by_route)}; it has {names}.")
        return None
    by_route, carry, repeat = str(by_route), version.carry_over, version.repeat_months
    carried_from = cycle_start if carry is None else months_up_to(cycle_start, carry.months)
    return Governed(
        credential=credential,
        version=version,
        cycle_start=cycle_start,
        deadline=deadline,
        last_day=later(deadline, -version.submit_days_before),
        shares=target.shares,
        route=route,
        requirements=tuple(requirement_lines(version, by_route, cycle_start, deadline)),
        caps=tuple(cap_lines(version, by_route, cycle_start, deadline)),
        carried_from=carried_from,
        used_from=carried_from if repeat is None else min(carried_from, months_until(deadline, repeat)),
    )


def _routes_fit(routes: Mapping[str, object], governed: Sequence[Governed], wanted: str, say: Say) -> bool:
    """Say where the routes of the plan are not those the learner wants."""
    found: list[str] = []
    if set(routes) != {one.id for one in governed}:
        ids = " and ".join(one.id for one in governed)
        found.append(f"Routes should be given for {ids} and nothing else")
    having = [one.id for one in governed if any(route.name == wanted for route in one.version.routes)]
    if wanted not in ("", CONTINUING_EDUCATION, ANY_ROUTE) and not having:
        found.append(f"The learner wants the route {shown(wanted)}, which no credential of the plan has")
    for one in governed if wanted != ANY_ROUTE else ():
        right = wanted if one.id in having else CONTINUING_EDUCATION
        if one.by_route != right:
            found.append(f"The plan is for {one.id} by the route {one.by_route}; the learner wants {right}")
    for message in found:
        say("route", f"{message}.")
    return not found


def _credential(
    claim: CredentialClaim, target: Target, credentials: Callable[[str], Credential], say: Say
) -> Credential | None:
    try:
        if claim.text is None:
            credential = credentials(claim.id)
        else:
            data = claim.text.encode()
            marked = b"\xef\xbb\xbf" + data  # a byte order mark is dropped from the text, not from the hash
            same = sha256(marked).hexdigest() == claim.sha256
            credential = read_credential(marked if same else data, f"{claim.id}.toml")
    except Exception as error:
        why = error.faults[0].problem if isinstance(error, Faults) else type(error).__name__
        say("credential", f"The rules of {shown(claim.id)} cannot be read: {shown(why)}.")
        return None
    if credential.sha256 != claim.sha256:
        said, right = shown(claim.sha256), shown(credential.sha256)
        say(
            "credential",
            f"The plan was made with rules of {shown(claim.id)} that hash to {said}; these do to {right}.",
        )
    if credential.id != claim.id or (target.credential or claim.id) != claim.id:
        said = shown(target.credential or credential.id)
        say("credential", f"The plan names {shown(claim.id)}; the learner's credential is {said}.")
    if bool(target.file) != (claim.text is not None):
        say("credential", f"The text of {shown(claim.id)} belongs in the plan only where a file is named.")
    same = (credential.sha256, credential.id, target.credential or claim.id) == (
        claim.sha256,
        claim.id,
        claim.id,
    )
    return credential if same else None
