"""Prove what a plan counts: every credit, requirement and cap, from the rules and the catalog alone."""

from collections.abc import Sequence
from fractions import Fraction

from optimizer.credential import Cap
from optimizer.learner import Earned
from optimizer.verify_claims import CapClaim, CountClaim, PlanClaims, decimal_text, shown
from optimizer.verify_credit import Amounts, Counting, Item, matches, routed
from optimizer.verify_setting import Say

_NONE = Fraction(0)


def prove_counting(claims: PlanClaims, counting: Counting, say: Say) -> None:
    """Say every rule of counting that the plan breaks."""
    counts = [line.counts for line in claims.earned] + [line.counts for line in claims.enrollments]
    for item, counted in zip(counting.items, counts, strict=True):
        _prove_item(item, counted, counting, say)
    _prove_earned(claims, counting, say)
    _prove_times(counting, say)
    _prove_caps(claims.caps, counting, say)
    _prove_requirements(claims, counting, say)
    _prove_fullest(counting, say)


def _prove_item(item: Item, counts: Sequence[CountClaim], counting: Counting, say: Say) -> None:
    offered = {category for part in item.source.credits for category in part.categories}
    credential = counting.setting.credential.id
    for count in counts:
        if count.credential != credential:
            say(
                "credential",
                f"{item.name} counts for {shown(count.credential)}; the plan is for {credential}.",
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
    if isinstance(item.source, Earned) and item.counted and not counting.in_cycle(item.source):
        cycle = f"{counting.setting.cycle_start} to {counting.setting.deadline}"
        say("outside_cycle", f"{item.name} counts, but {item.source.date} is outside the cycle, {cycle}.")
    elif item.counted and not item.amounts:
        say("unit", f"{item.name} counts, but its unit {shown(item.source.unit)} does not convert.")
    elif routed(item.amounts, item.counts) < item.counted:
        counted, given = decimal_text(item.counted), decimal_text(routed(item.amounts, item.counts))
        say("credit", f"{item.name} counts {counted} credits; it can give {given} in these categories.")


def _prove_earned(claims: PlanClaims, counting: Counting, say: Say) -> None:
    for claim, item in zip(claims.earned, counting.earned, strict=True):
        void = max(item.convertible - item.counted, _NONE)
        if claim.void != decimal_text(void):
            say("earned", f"{claim.where} says {claim.void} is void; it is {decimal_text(void)}.")
        if not item.counted and not claim.why_not:
            say("earned", f"{claim.where} does not count, and no reason is given.")
        if item.counted and not void and claim.why_not is not None:
            say("earned", f"{claim.where} counts in full, yet a reason is given why it does not.")


def _prove_times(counting: Counting, say: Say) -> None:
    for course, times in counting.times.items():
        earned = [item for item in counting.earned if item.source.course_id == course]
        taken = sum(counting.in_cycle(item.source) for item in earned if isinstance(item.source, Earned))
        counted = sum(item.counted > 0 for item in earned)
        planned = sum(item.source.course_id == course for item in counting.planned)
        if counted > times:
            say(
                "times",
                f"{counted} earned lines of course {shown(course)} count; it may count {times} times.",
            )
        if planned > (left := max(times - taken, 0)):
            say(
                "times",
                f"Course {shown(course)} is planned {planned} times; it may count {times} times and "
                f"{taken} earned lines use that up, so {left} are left.",
            )


def _prove_caps(lines: Sequence[CapClaim], counting: Counting, say: Say) -> None:
    for cap, used, items in zip(counting.caps, counting.used, counting.items_used, strict=True):
        if cap.at_most is not None and used > cap.at_most:
            limit = decimal_text(cap.at_most)
            say("cap", f'"{cap.name}": {decimal_text(used)} credits are counted; at most {limit} may be.')
        if cap.items_at_most is not None and items > cap.items_at_most:
            say("cap_items", f'"{cap.name}": {items} items are counted; at most {cap.items_at_most} may be.')
    credential = counting.setting.credential.id
    if [(line.credential, line.name) for line in lines] != [(credential, cap.name) for cap in counting.caps]:
        names = ", ".join(cap.name for cap in counting.caps) or "none"
        say("cap_line", f"The caps listed are not those of {credential}, in their order: {names}.")
        return
    for line, cap, used in zip(lines, counting.caps, counting.used, strict=True):
        limit_text = None if cap.at_most is None else decimal_text(cap.at_most)
        if line.at_most != limit_text:
            say("cap_line", f'"{cap.name}": at most {line.at_most} is stated; the rule says {limit_text}.')
        if line.items_at_most != cap.items_at_most:
            said, right = shown(line.items_at_most), shown(cap.items_at_most)
            say("cap_line", f'"{cap.name}": at most {said} items are stated; the rule says {right}.')
        if line.used != decimal_text(used):
            say(
                "cap_line",
                f'"{cap.name}": {line.used} is stated as used; the counts give {decimal_text(used)}.',
            )
        least, most = _void(cap, counting)
        void = decimal_text(least) if least == most else f"{decimal_text(least)} to {decimal_text(most)}"
        if not Fraction(decimal_text(least)) <= Fraction(line.void) <= Fraction(decimal_text(most)):
            say("cap_line", f'"{cap.name}": {line.void} is stated as void; it is {void}.')


def _void(cap: Cap, counting: Counting) -> tuple[Fraction, Fraction]:
    """Return the least and the most credit that matches a cap and is not counted.

    They differ only where the same uncounted credit may be seen as matching or not: a part of several
    categories of which some match, or an earned line that `times` keeps from counting.
    """
    least = most = _NONE
    for item in counting.items:
        wholly, never = [], []
        for categories, amount in item.amounts:
            found = [matches(cap.where, item.source, category, item.approvers) for category in categories]
            if all(found):
                wholly.append((categories, amount))
            if not any(found):
                never.append((categories, amount))
        most += item.convertible - _amount(never) - (item.counted - routed(never, item.counts))
        if counting.may_count(item):
            least += _amount(wholly) - routed(wholly, item.counts)
    return least, most


def _amount(parts: Amounts) -> Fraction:
    return sum((amount for _, amount in parts), _NONE)


def _prove_requirements(claims: PlanClaims, counting: Counting, say: Say) -> None:
    credential = counting.setting.credential.id
    right = [(credential, rule.name) for rule in counting.requirements]
    if [(line.credential, line.name) for line in claims.requirements] != right:
        names = ", ".join(name for _, name in right) or "none"
        say("requirement", f"The requirements listed are not those of {credential}, in their order: {names}.")
    for place, rule in enumerate(counting.requirements):
        earned, planned = counting.total(rule, counting.earned), counting.total(rule, counting.planned)
        short = max(rule.at_least - earned - planned, _NONE)
        if short and claims.status != "infeasible":
            say(
                "short",
                f'"{rule.name}" needs {decimal_text(rule.at_least)}; the counts give '
                f"{decimal_text(earned + planned)}, so {decimal_text(short)} is short in a plan "
                f'called "{claims.status}".',
            )
        if len(claims.requirements) != len(right):
            continue
        line = claims.requirements[place]
        for key, said, figure in (
            ("required", line.required, rule.at_least),
            ("earned", line.earned, earned),
            ("planned", line.planned, planned),
            ("short", line.short, short),
        ):
            if said != decimal_text(figure):
                say("requirement", f'"{rule.name}" says {said} {key}; it is {decimal_text(figure)}.')


def _prove_fullest(counting: Counting, say: Say) -> None:
    """Say where a single credit more could count, or an earned one in place of a planned one."""
    planned = [
        (item, counting.matched(item, category, item.approvers))
        for item in counting.planned
        for category, credit in item.counts.items()
        if credit > 0
    ]
    for item in counting.items:
        for category in sorted({category for categories, _ in item.amounts for category in categories}):
            if not (room := counting.room(item, category)):
                continue
            places = counting.matched(item, category, item.approvers)
            capped = [(counting.caps[place], place) for place in places[1]]
            free = [cap.at_most - counting.used[place] for cap, place in capped if cap.at_most is not None]
            entered = [
                cap.items_at_most - counting.items_used[place]
                for cap, place in capped
                if cap.items_at_most is not None and not counting.uses(cap, item)
            ]
            if min([room, *free]) > 0 and all(left > 0 for left in entered):
                more = decimal_text(min([room, *free]))
                say("not_fullest", f"{item.name} could count {more} more as {category}; no cap forbids it.")
                break
            other = next((other for other, found in planned if found == places), None)
            if item.earned and not entered and other is not None:
                say("earned_first", f"{item.name} could count as {category} in place of {other.name}.")
                break
