"""Prove a finished plan from the catalog and the rules alone; nothing of the model that made it is used.

First the plan's form, then what it rests on, then money, days and credit. Each stage needs the one before it,
so the violations of the first stage that has any are the answer; a proved plan has none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256

from catalogs.faults import Faults
from catalogs.loading import Catalog, offerings_of, passes_of
from catalogs.records import Offering, Pass
from optimizer.credential import Credential
from optimizer.credential_file import read_credential
from optimizer.learner import Learner
from optimizer.learner_file import governed_cycle, learner_from
from optimizer.verify_counting import prove_counting
from optimizer.verify_credit import CONTINUING_EDUCATION, Counting, Say
from optimizer.verify_days import Days
from optimizer.verify_paying import Paying, later
from optimizer.verify_reading import (
    CredentialClaim,
    PlanClaims,
    Setting,
    Violation,
    decimal_text,
    money_text,
    read_plan,
    shown,
)

__all__ = ["Tables", "Violation", "verify"]

type Tables = tuple[Sequence[Offering], Sequence[Pass], str]
"""Offerings, passes and the digest of both."""

_ROUTE = "continuing-education"
_HOURS = {"nha_credit": 2, "iacet_ceu": 10, "college_credit": 15}
"""Per credit where an offering states none; 1 in any other unit."""


def verify(
    plan: Mapping[str, object], catalog: Catalog | Tables, credentials: Callable[[str], Credential]
) -> tuple[Violation, ...]:
    """Return every rule that a plan's JSON breaks, none if it is proved; `credentials` gives shipped ones."""
    claims, violations = read_plan(plan)
    if claims is None:
        return violations
    found: list[Violation] = []

    def say(what: str, message: str) -> None:
        found.append(Violation(what, message))

    tables = (
        catalog if isinstance(catalog, tuple) else (offerings_of(catalog), passes_of(catalog), catalog.digest)
    )
    if (setting := _setting(claims, tables, credentials, say)) is None:
        return tuple(found)
    _prove_known(claims, setting, say)
    _prove_transcript(claims, setting, say)
    if found:
        return tuple(found)
    counting = Counting(claims, setting)
    paying = Paying(claims, setting, counting, say)
    _prove_lines(claims, setting, say)
    paying.prove()
    Days(claims, setting, counting, paying, say).prove()
    prove_counting(claims, counting, say)
    _prove_money(claims, setting, say)
    _prove_status(claims, setting, counting, say)
    _prove_preferences(claims, setting, say)
    _prove_words(claims, setting, say)
    return tuple(dict.fromkeys(found))


# What the plan rests on


def _setting(
    claims: PlanClaims, tables: Tables, credentials: Callable[[str], Credential], say: Say
) -> Setting | None:
    offerings, passes, digest = tables
    if claims.catalog.digest != digest:
        say(
            "catalog",
            f"The plan was made from the catalog {shown(claims.catalog.digest)}; this is {shown(digest)}.",
        )
        return None
    try:
        learner = learner_from(
            claims.problem.learner, "problem.learner", claims.as_of, [one.pass_id for one in passes]
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
    return (
        None if credential is None else _pose(claims, learner, credential, (offerings, passes, digest), say)
    )


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
    claims: PlanClaims, learner: Learner, credential: Credential, tables: Tables, say: Say
) -> Setting | None:
    offerings, passes, _ = tables
    try:
        version, cycle_start, deadline = governed_cycle(learner.targets[0], credential, claims.as_of)
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


# Lines


def _prove_known(claims: PlanClaims, setting: Setting, say: Say) -> None:
    for line in claims.purchases:
        if line.kind not in ("pass", "offering"):
            say("form", f"{line.where} is of kind {shown(line.kind)}; a purchase is a pass or an offering.")
        elif line.id not in (setting.passes if line.kind == "pass" else setting.offerings):
            say(f"unknown_{line.kind}", f"{line.where}: the catalog has no {line.kind} of this id.")
    for claim in claims.enrollments:
        if claim.offering_id not in setting.offerings:
            say("unknown_offering", f"{claim.where}: the catalog has no offering of this id.")


def _prove_transcript(claims: PlanClaims, setting: Setting, say: Say) -> None:
    earned = setting.learner.earned
    if len(claims.earned) != len(earned):
        say("earned", f"The plan lists {len(claims.earned)} earned lines; the learner has {len(earned)}.")
        return
    for claim, line in zip(claims.earned, earned, strict=True):
        said, right = (claim.date, claim.title, claim.course_id), (line.date, line.title, line.course_id)
        if said != right:
            parts = [
                f"{one} where the learner says {two}"
                for one, two in zip(map(_word, said), map(_word, right), strict=True)
                if one != two
            ]
            say("earned", f"{claim.where} says {'; '.join(parts)}.")


def _word(value: str | date | None) -> str:
    return shown(None if value is None else str(value))


def _minutes(offering: Offering) -> tuple[int, bool]:
    """Return how long an offering takes, and whether that is a default."""
    if offering.minutes is not None:
        return offering.minutes, False
    hundredths = sum(part.hundredths for part in offering.credits)
    return -(-hundredths * 60 * _HOURS.get(offering.unit, 1) // 100), True


def _prove_lines(claims: PlanClaims, setting: Setting, say: Say) -> None:
    total = 0
    for claim in claims.enrollments:
        offering = setting.offerings[claim.offering_id]
        for key in ("course_id", "title", "provider"):
            said, right = getattr(claim, key), getattr(offering, key)
            if said != right:
                say("title", f"{claim.where} says {key} {shown(said)}; the catalog says {shown(right)}.")
        minutes, defaulted = _minutes(offering)
        total += minutes
        if claim.hours != (right := decimal_text(Fraction(minutes, 60))):
            say("hours", f"{claim.where} says {claim.hours} hours; it takes {right}.")
        assumed = {*offering.assumed, *(["hours"] if defaulted else [])}
        if sorted(claim.assumed) != sorted(assumed):
            said, right = ", ".join(claim.assumed) or "nothing", ", ".join(sorted(assumed)) or "nothing"
            say("assumed", f"{claim.where} calls {said} assumed; the catalog says {right}.")
    if claims.hours != (right := decimal_text(Fraction(total, 60))):
        say("hours", f"The plan says {claims.hours} hours; its enrollments take {right}.")
    if list(claims.purchases) != sorted(claims.purchases, key=lambda line: (line.on, line.kind, line.id)):
        say("order", "The purchases are not in the order of their days, kinds and ids.")
    if list(claims.enrollments) != sorted(
        claims.enrollments, key=lambda claim: (claim.start, claim.finish, claim.offering_id)
    ):
        say("order", "The enrollments are not in the order of their days and ids.")


# The whole


def _prove_money(claims: PlanClaims, setting: Setting, say: Say) -> None:
    total, budget = sum(line.price for line in claims.purchases), setting.learner.budget
    if claims.cost != total:
        say(
            "cost",
            f"The plan says it costs {money_text(claims.cost)}; its purchases sum to {money_text(total)}.",
        )
    if claims.bound > claims.cost:
        say("bound", f"The bound, {money_text(claims.bound)}, exceeds the cost, {money_text(claims.cost)}.")
    if claims.status == "optimal" and claims.bound < claims.cost:
        bound, cost = money_text(claims.bound), money_text(claims.cost)
        say("bound", f"The plan is called optimal, but its bound, {bound}, is less than its cost, {cost}.")
    if claims.budget != budget:
        said, right = (None if cents is None else money_text(cents) for cents in (claims.budget, budget))
        say("budget", f"The plan says the budget is {said}; the learner's is {right}.")
    if budget is not None and total > budget:
        say("budget", f"The purchases sum to {money_text(total)}; the budget is {money_text(budget)}.")


def _prove_status(claims: PlanClaims, setting: Setting, counting: Counting, say: Say) -> None:
    status, no_plan, budget = claims.status, claims.no_plan, setting.learner.budget
    required = set(setting.learner.preferences.require)
    taken = {claim.offering_id for claim in claims.enrollments}
    short = any(counting.total(rule, counting.items) < rule.at_least for rule in counting.requirements)
    if (status == "infeasible") != (no_plan is not None):
        say(
            "status",
            f'The plan is called "{status}" and {"gives" if no_plan else "lacks"} a reason why none fits.',
        )
    if status == "infeasible" and not short and required <= taken:
        say("status", 'The plan is called "infeasible", but it meets every requirement.')
    if status == "nothing_needed" and (claims.purchases or claims.enrollments or claims.cost or claims.bound):
        say("status", "Nothing is said to be needed, yet the plan buys, takes or costs something.")
    if status in ("optimal", "feasible") and not claims.purchases and not claims.enrollments:
        say("status", f'The plan is called "{status}", but it does nothing: "nothing_needed" is meant.')
    cheapest = None if no_plan is None else no_plan.cheapest_full_cost
    if cheapest is not None and (budget is None or cheapest <= budget):
        limit = "there is no budget" if budget is None else f"the budget is {money_text(budget)}"
        say("status", f"A full plan is said to cost {money_text(cheapest)} and not to fit, but {limit}.")
    if dict(claims.route) != {setting.credential.id: _ROUTE}:
        say("route", f"The route should be {_ROUTE} for {setting.credential.id} and nothing else.")


def _prove_preferences(claims: PlanClaims, setting: Setting, say: Say) -> None:
    wishes, prices = setting.learner.preferences, dict(setting.learner.prices)
    taken = {claim.offering_id for claim in claims.enrollments}
    for offering_id in wishes.require:
        if claims.status != "infeasible" and offering_id not in taken:
            say("preferences", f"{shown(offering_id)} is required by the learner, but not in the plan.")
    for claim in claims.enrollments:
        offering = setting.offerings[claim.offering_id]
        if claim.offering_id in wishes.exclude:
            say("excluded", f"{claim.where} is excluded by the learner.")
        if offering.provider in wishes.exclude_providers:
            say("excluded", f"{claim.where} is by {shown(offering.provider)}, which the learner excludes.")
        if wishes.formats and offering.format not in wishes.formats:
            formats = ", ".join(wishes.formats)
            say("excluded", f"{claim.where} is {offering.format or 'of no known format'}; wanted: {formats}.")
    for where, one_id, assumed in (
        *(
            (claim.where, claim.offering_id, setting.offerings[claim.offering_id].assumed)
            for claim in claims.enrollments
        ),
        *(
            (line.where, line.id, setting.passes[line.id].assumed)
            for line in claims.purchases
            if line.kind == "pass"
        ),
    ):
        guesses = [column for column in assumed if column != "price" or one_id not in prices]
        if setting.learner.no_assumed and guesses:
            say(
                "no_assumed", f"{where} rests on assumed values ({', '.join(guesses)}), which are not wanted."
            )
    most = wishes.max_purchases
    if most is not None and len(claims.purchases) > most:
        say(
            "preferences",
            f"The plan makes {len(claims.purchases)} purchases; the learner wants at most {most}.",
        )


def _prove_words(claims: PlanClaims, setting: Setting, say: Say) -> None:
    credential, version = setting.credential, setting.version
    fees = [(credential.id, fee.name, fee.amount, fee.note) for fee in version.fees]
    if [(fee.credential, fee.name, fee.amount, fee.note) for fee in claims.fees] != fees:
        names = ", ".join(f"{name} {money_text(amount)}" for _, name, amount, _ in fees) or "none"
        say("fees", f"The fees listed are not those of {credential.id}: {names}.")
    if list(claims.not_modelled) != [entry.text for entry in version.not_modelled]:
        say(
            "not_modelled",
            f"What is not modelled is not what {credential.id} says: {len(version.not_modelled)} texts.",
        )
    if setting.learner.member and not any("dues" in warning.lower() for warning in claims.warnings):
        say("warnings", "The learner counts as a member, but no warning says that dues are not in the cost.")
