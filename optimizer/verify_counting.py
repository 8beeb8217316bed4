"""Prove what a plan counts, credential by credential: every credit, requirement and cap."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from optimizer.verify_claims import CapClaim, CountClaim, PlanClaims, RequirementClaim, decimal_text, shown
from optimizer.verify_credit import Counting, Item, factor
from optimizer.verify_fullest import prove_fullest, void_under
from optimizer.verify_governed import Say
from optimizer.verify_matching import routed
from optimizer.verify_periods import Line

_NONE = Fraction(0)


def prove_counting(claims: PlanClaims, countings: Sequence[Counting], say: Say) -> None:
    """Say every rule of counting that the plan breaks."""
    ids = [counting.governed.id for counting in countings]
    for taken, item in zip(claims.enrollments, countings[0].planned, strict=True):
        _prove_counts(item, taken.counts, ids, say)
    for counting in countings:
        for line, item in zip(counting.earned_claims, counting.earned, strict=True):
            _prove_counts(item, line.counts, [line.credential], say)
        for item in counting.items:
            _prove_item(item, counting, say)
        _prove_earned(counting, say)
        _prove_met(claims.status, counting, say)
        prove_fullest(counting, say)
    _prove_cap_lines(claims.caps, countings, say)
    _prove_requirement_lines(claims.requirements, countings, say)


def _prove_counts(item: Item, counts: Sequence[CountClaim], ids: Sequence[str], say: Say) -> None:
    offered = {category for part in item.source.credits for category in part.categories}
    for count in counts:
        if count.credential not in ids:
            wanted = " and ".join(ids)
            say(
                "credential",
                f"{item.name} counts for {shown(count.credential)}; the plan is for {wanted}.",
            )
        if count.approvers != item.approvers:
            said, right = ", ".join(count.approvers) or "nobody", ", ".join(item.approvers) or "nobody"
            say("approvers", f"{item.name} is said to be approved by {said}; on its day it is by {right}.")
        if count.category not in offered:
            say(
                "category",
                f"{item.name} counts as {shown(count.category)}; its credit may not be counted so.",
            )
        if not count.counted:
            say("credit", f"{item.name} lists credit of 0.00 as counted.")
    order = [(ids.index(count.credential), count.category) for count in counts if count.credential in ids]
    if order != sorted(order):
        say("order", f"{item.name} lists what it counts out of order: by credential, then by category.")


def _prove_item(item: Item, counting: Counting, say: Say) -> None:
    governed = counting.governed
    possible = {category for categories, _ in item.amounts for category in categories}
    lost = [
        category for category, credit in sorted(item.counts.items()) if credit and category not in possible
    ]
    if lost and not item.inside:
        days = str(item.last) if item.first == item.last else f"{item.first} to {item.last}"
        cycle = f"{governed.cycle_start} to {governed.deadline if item.earned else governed.last_day}"
        say(
            "outside_cycle",
            f"{item.name} counts as {lost[0]}, but {days} is outside the cycle, {cycle}, of {governed.id}, "
            "and no requirement that looks further asks for it.",
        )
    elif item.counted and not item.amounts:
        what, why = _why_nothing(item, counting)
        say(what, f"{item.name} counts, but {why}.")
    elif routed(item.amounts, item.counts) < item.counted:
        counted, given = decimal_text(item.counted), decimal_text(routed(item.amounts, item.counts))
        say("credit", f"{item.name} counts {counted} credits; it can give {given} in these categories.")


def _why_nothing(item: Item, counting: Counting) -> tuple[str, str]:
    governed, unit = counting.governed, item.source.unit
    each = factor(governed, unit)
    if not each:
        return "unit", f"its unit {shown(unit)} does not convert"
    credit = sum(part.hundredths for part in item.source.credits) * each / 100
    least, step = governed.version.smallest_item, governed.version.round_down_to
    if least is not None and credit < least:
        return "smallest_item", f"it has {decimal_text(credit)} credits; {decimal_text(least)} is the least"
    return "round_down_to", f"its parts, rounded down to multiples of {step}, are nothing"


def _prove_earned(counting: Counting, say: Say) -> None:
    for claim, item in zip(counting.earned_claims, counting.earned, strict=True):
        void = max(item.convertible - item.counted, _NONE)
        if claim.void != decimal_text(void):
            say("earned", f"{claim.where} says {claim.void} is void; it is {decimal_text(void)}.")
        if not item.counted and not claim.why_not:
            say("earned", f"{claim.where} does not count, and no reason is given.")
        if item.counted and not void and claim.why_not is not None:
            say("earned", f"{claim.where} counts in full, yet a reason is given why it does not.")


def _sums(rule: Line, counting: Counting) -> tuple[Fraction, Fraction, Fraction]:
    """Return what is earned, planned and short of a requirement."""
    earned, planned = counting.total(rule, counting.earned), counting.total(rule, counting.planned)
    return earned, planned, max(rule.at_least - earned - planned, _NONE)


def _prove_met(status: str, counting: Counting, say: Say) -> None:
    for cap, used, items in zip(counting.caps, counting.used, counting.items_used, strict=True):
        if cap.at_most is not None and used > cap.at_most:
            limit = decimal_text(cap.at_most)
            say("cap", f'"{cap.name}": {decimal_text(used)} credits are counted; at most {limit} may be.')
        if cap.items_at_most is not None and items > cap.items_at_most:
            say("cap_items", f'"{cap.name}": {items} items are counted; at most {cap.items_at_most} may be.')
    for rule in counting.requirements:
        earned, planned, short = _sums(rule, counting)
        if short and status != "infeasible":
            say(
                "short",
                f'"{rule.name}" needs {decimal_text(rule.at_least)}; the counts give '
                f"{decimal_text(earned + planned)}, so {decimal_text(short)} is short in a plan "
                f'called "{status}".',
            )


def _rules(countings: Sequence[Counting], kind: str) -> Iterator[tuple[Counting, int, Line]]:
    """Yield the requirements or the caps of all credentials, in their order, with their places."""
    for counting in countings:
        for place, rule in enumerate(getattr(counting, kind)):
            yield counting, place, rule


def _in_order(
    lines: Sequence[RequirementClaim] | Sequence[CapClaim],
    countings: Sequence[Counting],
    kind: str,
    what: str,
    say: Say,
) -> bool:
    right = [(counting.governed.id, rule.name) for counting, _, rule in _rules(countings, kind)]
    if [(line.credential, line.name) for line in lines] != right:
        ids = " and ".join(counting.governed.id for counting in countings)
        names = ", ".join(name for _, name in right) or "none"
        say(what, f"The {kind} listed are not those of {ids}, in their order: {names}.")
    return len(lines) == len(right)


def _prove_requirement_lines(
    lines: Sequence[RequirementClaim], countings: Sequence[Counting], say: Say
) -> None:
    if not _in_order(lines, countings, "requirements", "requirement", say):
        return
    for line, (counting, _, rule) in zip(lines, _rules(countings, "requirements"), strict=True):
        earned, planned, short = _sums(rule, counting)
        for key, said, figure in (
            ("required", line.required, rule.at_least),
            ("earned", line.earned, earned),
            ("planned", line.planned, planned),
            ("short", line.short, short),
        ):
            if said != decimal_text(figure):
                say("requirement", f'"{rule.name}" says {said} {key}; it is {decimal_text(figure)}.')


def _prove_cap_lines(lines: Sequence[CapClaim], countings: Sequence[Counting], say: Say) -> None:
    if not _in_order(lines, countings, "caps", "cap_line", say):
        return
    for line, (counting, place, cap) in zip(lines, _rules(countings, "caps"), strict=True):
        limit_text = None if cap.at_most is None else decimal_text(cap.at_most)
        if line.at_most != limit_text:
            say("cap_line", f'"{cap.name}": at most {line.at_most} is stated; the rule says {limit_text}.')
        if line.items_at_most != cap.items_at_most:
            said, right = shown(line.items_at_most), shown(cap.items_at_most)
            say("cap_line", f'"{cap.name}": at most {said} items are stated; the rule says {right}.')
        used = decimal_text(counting.used[place])
        if line.used != used:
            say("cap_line", f'"{cap.name}": {line.used} is stated as used; the counts give {used}.')
        least, most = map(decimal_text, void_under(cap, counting))
        if not Fraction(least) <= Fraction(line.void) <= Fraction(most):
            void = least if least == most else f"{least} to {most}"
            say("cap_line", f'"{cap.name}": {line.void} is stated as void; it is {void}.')
