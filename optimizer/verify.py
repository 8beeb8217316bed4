"""Prove a finished plan from the catalog and the rules alone; nothing of the model that made it is used.

First the plan's form, then what it rests on, then money, days and credit. Each stage needs the one before it,
so the violations of the first stage that has any are the answer; a proved plan has none.
"""

from collections.abc import Callable, Mapping
from datetime import date

from catalogs.loading import Catalog, offerings_of, passes_of
from optimizer.credential import Credential
from optimizer.verify_alternatives import prove_alternatives
from optimizer.verify_claims import PlanClaims, Violation, shown
from optimizer.verify_counting import prove_counting
from optimizer.verify_credit import Counting
from optimizer.verify_days import Days
from optimizer.verify_governed import Say
from optimizer.verify_paying import Paying
from optimizer.verify_reading import read_plan
from optimizer.verify_routes import prove_priced
from optimizer.verify_setting import Setting, Tables, read_setting
from optimizer.verify_sharing import prove_sharing, prove_together
from optimizer.verify_totals import prove_totals

__all__ = ["Tables", "Violation", "verify"]


def verify(
    plan: Mapping[str, object],
    catalog: Catalog | Tables,
    credentials: Callable[[str], Credential],
    *,
    lapsed: bool = False,
) -> tuple[Violation, ...]:
    """Return every rule that a plan's JSON breaks, none if it is proved; `credentials` gives shipped ones.

    `lapsed` lets the deadline lie before as_of, as an audit's may, and leave out what other plans would cost.
    """
    claims, violations = read_plan(plan)
    if claims is None:
        return violations
    found: list[Violation] = []

    def say(what: str, message: str) -> None:
        found.append(Violation(what, message))

    tables = (
        catalog if isinstance(catalog, tuple) else (offerings_of(catalog), passes_of(catalog), catalog.digest)
    )
    if (setting := read_setting(claims, tables, credentials, say, lapsed=lapsed)) is None:
        return tuple(found)
    _prove_known(claims, setting, say)
    _prove_transcript(claims, setting, say)
    if found:
        return tuple(found)
    countings = [Counting(claims, setting, place) for place in range(len(setting.governed))]
    paying = Paying(claims, setting, say)
    paying.prove()
    Days(setting, countings, paying, say).prove()
    prove_counting(claims, countings, say)
    prove_sharing(claims, setting, countings, say)
    prove_totals(claims, setting, countings, say, complete=paying.routes.complete)
    prove_together(claims, setting, say, lapsed=lapsed)
    prove_priced(claims, setting, say, lapsed=lapsed)
    prove_alternatives(claims, setting, say, lambda inner: verify(inner, tables, credentials, lapsed=lapsed))
    return tuple(dict.fromkeys(found))


def _prove_known(claims: PlanClaims, setting: Setting, say: Say) -> None:
    for line in claims.purchases:
        if line.kind not in ("pass", "offering", "route"):
            kinds = "a pass, an offering or a route"
            say("form", f"{line.where} is of kind {shown(line.kind)}; a purchase is {kinds}.")
        elif line.kind == "route":
            if all(one.route is None or one.route.name != line.id for one in setting.governed):
                say("unknown_route", f"{line.where}: nothing is planned by this route.")
        elif line.id not in (setting.passes if line.kind == "pass" else setting.offerings):
            say(f"unknown_{line.kind}", f"{line.where}: the catalog has no {line.kind} of this id.")
    for claim in claims.enrollments:
        if claim.offering_id not in setting.offerings:
            say("unknown_offering", f"{claim.where}: the catalog has no offering of this id.")


def _prove_transcript(claims: PlanClaims, setting: Setting, say: Say) -> None:
    ids = [one.id for one in setting.governed]
    expected = [(credential, line) for credential in ids for line in setting.learner.earned]
    if len(claims.earned) != len(expected):
        each = f" for each of {len(ids)} credentials" if len(ids) > 1 else ""
        lines = len(setting.learner.earned)
        say("earned", f"The plan lists {len(claims.earned)} earned lines; the learner has {lines}{each}.")
        return
    for claim, (credential, line) in zip(claims.earned, expected, strict=True):
        said = (claim.credential, claim.date, claim.title, claim.course_id)
        right = (credential, line.date, line.title, line.course_id)
        if said != right:
            parts = [
                f"{one} where the learner says {two}"
                for one, two in zip(map(_word, said), map(_word, right), strict=True)
                if one != two
            ]
            say("earned", f"{claim.where} says {'; '.join(parts)}.")


def _word(value: str | date | None) -> str:
    return shown(None if value is None else str(value))
