"""Prove what a plan says of its lines and of itself: hours, money, status, wishes and words."""

from collections.abc import Sequence
from fractions import Fraction

from optimizer.verify_claims import PlanClaims, decimal_text, money_text, shown
from optimizer.verify_credit import Counting
from optimizer.verify_governed import Say
from optimizer.verify_hours import minutes_of
from optimizer.verify_setting import Setting


def prove_totals(
    claims: PlanClaims, setting: Setting, countings: Sequence[Counting], say: Say, *, complete: bool
) -> None:
    """Say where the plan's lines or totals are not what the catalog and the learner say.

    `complete`: every route the plan is by is paid for, in time.
    """
    _prove_lines(claims, setting, say)
    _prove_money(claims, setting, say)
    _prove_status(claims, setting, countings, say, complete=complete)
    _prove_cross_check(claims, countings, say)
    _prove_preferences(claims, setting, say)
    _prove_words(claims, setting, say)


def _prove_lines(claims: PlanClaims, setting: Setting, say: Say) -> None:
    total = 0
    own_prices = dict(setting.learner.prices)
    for claim in claims.enrollments:
        offering = setting.offerings[claim.offering_id]
        for key in ("course_id", "title", "provider"):
            said, right = getattr(claim, key), getattr(offering, key)
            if said != right:
                say("title", f"{claim.where} says {key} {shown(said)}; the catalog says {shown(right)}.")
        minutes, defaulted = minutes_of(offering)
        total += minutes
        if claim.hours != (right := decimal_text(Fraction(minutes, 60))):
            say("hours", f"{claim.where} says {claim.hours} hours; it takes {right}.")
        assumed = {*offering.assumed, *(["hours"] if defaulted else [])}
        assumed -= {"price"} if offering.offering_id in own_prices else set()
        if sorted(claim.assumed) != sorted(assumed):
            said, right = ", ".join(claim.assumed) or "nothing", ", ".join(sorted(assumed)) or "nothing"
            say("assumed", f"{claim.where} calls {said} assumed; the catalog says {right}.")
    for line in claims.purchases:
        if line.kind == "route":
            continue
        bought = setting.passes[line.id] if line.kind == "pass" else setting.offerings[line.id]
        assumed = {*bought.assumed} - ({"price"} if line.id in own_prices else set())
        if set(line.assumed) != assumed:
            said, right = ", ".join(line.assumed) or "nothing", ", ".join(sorted(assumed)) or "nothing"
            say("assumed", f"{line.where} calls {said} assumed; the catalog says {right}.")
    aside = sum(one.count for one in claims.catalog.set_aside)
    if aside > len(setting.offerings):
        say("catalog", f"The plan sets {aside} offerings aside; there are {len(setting.offerings)} in all.")
    if claims.hours != (right := decimal_text(Fraction(total, 60))):
        say("hours", f"The plan says {claims.hours} hours; its enrollments take {right}.")
    required = {one.requires for one in setting.passes.values()}
    if list(claims.purchases) != sorted(
        claims.purchases, key=lambda line: (line.on, line.kind != "pass", line.id not in required, line.id)
    ):
        say(
            "order",
            "The purchases are not in order: by day, passes first, required ones before others, by id.",
        )
    if list(claims.enrollments) != sorted(
        claims.enrollments, key=lambda claim: (claim.start, claim.finish, claim.offering_id)
    ):
        say("order", "The enrollments are not in the order of their days and ids.")


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
    if claims.gap != (rest := max(0, claims.cost - claims.bound)):
        say(
            "gap",
            f"The plan gives a gap of {money_text(claims.gap)}; its cost less its bound is {money_text(rest)}.",
        )
    if claims.budget != budget:
        said, right = (None if cents is None else money_text(cents) for cents in (claims.budget, budget))
        say("budget", f"The plan says the budget is {said}; the learner's is {right}.")
    if budget is not None and total > budget:
        say("budget", f"The purchases sum to {money_text(total)}; the budget is {money_text(budget)}.")


def _prove_status(
    claims: PlanClaims, setting: Setting, countings: Sequence[Counting], say: Say, *, complete: bool
) -> None:
    status, no_plan, budget = claims.status, claims.no_plan, setting.learner.budget
    required = set(setting.learner.preferences.require)
    taken = {claim.offering_id for claim in claims.enrollments}
    short = any(
        counting.total(rule, counting.items) < rule.at_least
        for counting in countings
        for rule in counting.requirements
    )
    if (status == "infeasible") != (no_plan is not None):
        say(
            "status",
            f'The plan is called "{status}" and {"gives" if no_plan else "lacks"} a reason why none fits.',
        )
    if status == "infeasible" and not short and required <= taken and complete:
        say("status", 'The plan is called "infeasible", but it meets every requirement.')
    if status == "nothing_needed" and (claims.purchases or claims.enrollments or claims.cost or claims.bound):
        say("status", "Nothing is said to be needed, yet the plan buys, takes or costs something.")
    if status in ("optimal", "feasible") and not claims.purchases and not claims.enrollments:
        say("status", f'The plan is called "{status}", but it does nothing: "nothing_needed" is meant.')
    cheapest = None if no_plan is None else no_plan.cheapest_full_cost
    for remedy in () if no_plan is None else no_plan.remedies:
        over = remedy.cost is None or (budget is not None and remedy.cost > budget)
        if over and remedy.cost != cheapest:
            what = f"The remedy {shown(remedy.change)} costs more than the budget"
            say("status", f"{what}, and not what the cheapest full plan costs.")
    bound = None if no_plan is None else no_plan.bound
    if (bound is None) != (cheapest is None) or (
        bound is not None and cheapest is not None and bound > cheapest
    ):
        say("bound", "What a full plan costs, and what it costs at least, do not fit together.")
    if bound is not None and budget is not None and bound <= budget:
        limit = f"at least {money_text(bound)}, within the budget, {money_text(budget)}"
        say("bound", f"A full plan is said not to fit, yet proven only to cost {limit}.")
    if cheapest is not None and (budget is None or cheapest <= budget):
        limit = "there is no budget" if budget is None else f"the budget is {money_text(budget)}"
        say("status", f"A full plan is said to cost {money_text(cheapest)} and not to fit, but {limit}.")


def _prove_cross_check(claims: PlanClaims, countings: Sequence[Counting], say: Say) -> None:
    """Say where what is said of a second solver does not fit the plan; what it proved is its own word."""
    check, no_plan = claims.cross_check, claims.no_plan
    if check is None:
        return
    full = (claims.bound, claims.cost) if no_plan is None else (no_plan.bound, no_plan.cheapest_full_cost)
    (low, high), short = full, None
    if no_plan is not None:
        missing = (
            max(Fraction(), rule.at_least - counting.total(rule, counting.items))
            for counting in countings
            for rule in counting.requirements
        )
        short = decimal_text(sum(missing, Fraction()))
    if check.agrees != (check.why_not is None):
        say("cross_check", "A second solver either agrees, or there is a reason why it does not.")
    if check.agrees and (check.cost != high or check.short != short):
        say("cross_check", "The second solver is said to agree, but its figures are not those of the plan.")
    if check.cost is not None and (low is None or high is None or not low <= check.cost <= high):
        say("cross_check", "What the second solver proved contradicts the plan.")


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
    fees = [(one.id, fee.name, fee.amount, fee.note) for one in setting.governed for fee in one.version.fees]
    if [(fee.credential, fee.name, fee.amount, fee.note) for fee in claims.fees] != fees:
        names = ", ".join(f"{name} {money_text(amount)}" for _, name, amount, _ in fees) or "none"
        say("fees", f"The fees listed are not those of {setting.ids}: {names}.")
    texts = list(dict.fromkeys(entry.text for one in setting.governed for entry in one.version.not_modelled))
    if list(claims.not_modelled) != texts:
        say("not_modelled", f"What is not modelled is not what {setting.ids} says: {len(texts)} texts.")
    if setting.learner.member and not any("dues" in warning.lower() for warning in claims.warnings):
        say("warnings", "The learner counts as a member, but no warning says that dues are not in the cost.")
