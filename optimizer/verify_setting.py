"""Read again what a plan is for: its catalog, its rules, its learner and their cycle."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from catalogs.faults import Faults
from catalogs.records import Offering, Pass
from optimizer.credential import Credential, Version
from optimizer.credential_file import read_credential
from optimizer.learner import Learner
from optimizer.learner_file import governed_cycle, learner_from
from optimizer.verify_claims import CredentialClaim, PlanClaims, shown
from optimizer.verify_terms import later

type Tables = tuple[Sequence[Offering], Sequence[Pass], str]
"""Offerings, passes and the digest of both."""
type Say = Callable[[str, str], None]
"""Report one violation: its slug and its sentence."""

CONTINUING_EDUCATION = ("", "continuing-education")


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold what the plan is for, read again from the catalog, the rules and the learner."""

    as_of: date
    cycle_start: date
    deadline: date
    last_day: date
    """Last day to finish."""
    learner: Learner
    credential: Credential
    version: Version
    offerings: Mapping[str, Offering]
    """The catalog's and the learner's own, by id, at the price this learner pays."""
    passes: Mapping[str, Pass]
    """By id, at the price this learner pays."""
    held: Mapping[str, date]
    """Passes held and the last day of each."""
    seats: Mapping[str, tuple[date, ...]]
    """Offerings held and the last day of each seat, latest first."""


def read_setting(
    claims: PlanClaims,
    tables: Tables,
    credentials: Callable[[str], Credential],
    say: Say,
    *,
    lapsed: bool = False,
) -> Setting | None:
    """Return what the plan is for, or None where it cannot be told, which is said."""
    offerings, passes, digest = tables
    if claims.catalog.digest != digest:
        say(
            "catalog",
            f"The plan was made from the catalog {shown(claims.catalog.digest)}; this is {shown(digest)}.",
        )
        return None
    for name, said, there in (
        ("offerings", claims.catalog.offerings, len(offerings)),
        ("passes", claims.catalog.passes, len(passes)),
    ):
        if said != there:
            say("catalog", f"The plan counts {said} {name} in the catalog; there are {there}.")
    try:
        learner = learner_from(
            claims.problem.learner,
            "problem.learner",
            claims.as_of,
            [one.pass_id for one in passes],
            lapsed=lapsed,
        )
    except Faults as refused:
        for fault in refused.faults:
            say(
                "problem",
                f"The learner cannot be read: {fault.column or 'problem.learner'}: {fault.problem}.",
            )
        return None
    except Exception as error:  # a hostile plan may hold anything here
        say("problem", f"The learner cannot be read ({type(error).__name__}).")
        return None
    if reason := _unsupported(learner, claims):
        say("unsupported", f"The plan cannot be proved by this version: {reason}.")
        return None
    if len(claims.problem.credentials) != 1:
        say("credential", f"The plan names {len(claims.problem.credentials)} credentials; the learner has 1.")
        return None
    credential = _credential(claims.problem.credentials[0], learner, credentials, say)
    if credential is None:
        return None
    return _pose(claims, learner, credential, (offerings, passes, digest), say, lapsed=lapsed)


def _unsupported(learner: Learner, claims: PlanClaims) -> str:
    """Return what the plan asks for that cannot be proved yet, or nothing."""
    reasons = (
        (len(learner.targets) > 1, "it is for several credentials"),
        (learner.hours_per_week is not None, "it has weekly hours"),
        (bool(learner.away), "it has weeks without study"),
        (learner.route not in CONTINUING_EDUCATION, f"it is for the route {shown(learner.route)}"),
        (any(line.kind == "route" for line in claims.purchases), "it buys a route"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _credential(
    claim: CredentialClaim, learner: Learner, credentials: Callable[[str], Credential], say: Say
) -> Credential | None:
    target = learner.targets[0]
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


def _pose(
    claims: PlanClaims,
    learner: Learner,
    credential: Credential,
    tables: Tables,
    say: Say,
    *,
    lapsed: bool,
) -> Setting | None:
    offerings, passes, _ = tables
    try:
        version, cycle_start, deadline = governed_cycle(
            learner.targets[0], credential, claims.as_of, lapsed=lapsed
        )
    except Faults as refused:
        say("credential", f"The cycle cannot be told: {refused.faults[0].problem}.")
        return None
    if (stated := claims.problem.credentials[0].version) != str(version.effective):
        say(
            "credential",
            f"The plan uses the rules of {shown(stated)}; {version.effective} governs {deadline}.",
        )
        return None
    if any(rule.every_months and rule.route in CONTINUING_EDUCATION for rule in version.requirements):
        say(
            "unsupported", "The plan cannot be proved by this version: a requirement binds part of the cycle."
        )
        return None
    prices = dict(learner.prices)
    known = {one.pass_id: replace(one, price=prices.get(one.pass_id, one.price)) for one in passes}
    held: dict[str, date] = {}
    seats: dict[str, list[date]] = {}
    for holding in learner.holdings:
        last = holding.until or date.max
        one = known.get(holding.pass_id)
        if (
            one is not None
            and holding.until is None
            and (one.term_days is not None or one.term_ends is not None)
        ):
            say("problem", f"The pass {shown(one.pass_id)} is held, but nobody says until when.")
            return None
        if last >= claims.as_of and one is not None:
            held[one.pass_id] = max(last, held.get(one.pass_id, last))
        if last >= claims.as_of and holding.offering_id:
            seats.setdefault(holding.offering_id, []).append(last)
    if learner.member and credential.membership in known:
        held[credential.membership] = max(deadline, held.get(credential.membership, deadline))
    return Setting(
        as_of=claims.as_of,
        cycle_start=cycle_start,
        deadline=deadline,
        last_day=later(deadline, -version.submit_days_before),
        learner=learner,
        credential=credential,
        version=version,
        offerings={
            one.offering_id: replace(one, price=prices.get(one.offering_id, one.price))
            for one in (*offerings, *learner.offerings)
        },
        passes=known,
        held=held,
        seats={offering_id: tuple(sorted(ends, reverse=True)) for offering_id, ends in seats.items()},
    )
