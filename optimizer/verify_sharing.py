"""Prove what holds between the credentials of a plan: `times`, `shares`, and what planning together saves."""

from collections.abc import Sequence
from fractions import Fraction

from optimizer.verify_claims import PlanClaims, decimal_text, money_text, shown
from optimizer.verify_credit import Counting
from optimizer.verify_governed import Say
from optimizer.verify_matching import routed
from optimizer.verify_setting import Setting


def prove_sharing(claims: PlanClaims, setting: Setting, countings: Sequence[Counting], say: Say) -> None:
    """Say where a course counts too often, or an item counts for credentials that share nothing."""
    courses = {setting.offerings[claim.offering_id].course_id for claim in claims.enrollments}
    courses |= {line.course_id for line in setting.learner.earned if line.course_id}
    for course in sorted(courses):
        if _may_be_taken(course, countings, say):
            for counting in countings:
                _prove_times(course, counting, say)
    for counting in countings:
        for item in counting.items:
            if item.barred and item.counted and not counting.governed.shares:
                counted, credential = decimal_text(item.counted), counting.governed.id
                say(
                    "shares",
                    f"{item.name} counts {counted} for {credential}, which shares nothing, and for another.",
                )


def _prove_times(course: str, counting: Counting, say: Say) -> None:
    one = counting.of_course(course)
    if one.earned > one.most_earned:
        first = f" and {one.before} before the cycle use that up first" if one.before else ""
        say(
            "times",
            f"{one.earned} earned lines of course {shown(course)} count for {counting.governed.id}; "
            f"it may count {one.times} times{first}.",
        )
    elif one.planned > one.most_planned:
        say(
            "times",
            f"{one.planned} planned and {one.earned} earned items of course {shown(course)} count for "
            f"{counting.governed.id}; it may count {one.times} times and {one.used} earned lines use that up, so "
            f"{one.most_planned} are left.",
        )


def _may_be_taken(course: str, countings: Sequence[Counting], say: Say) -> bool:
    """Say where a course is taken more often than it could count, for one credential after another."""
    of_course = {one.governed.id: one.of_course(course) for one in countings}
    taken = [
        tuple(one.governed.id for one in countings if one.planned[place].inside)
        for place, item in enumerate(countings[0].planned)
        if item.source.course_id == course
    ]
    room = {credential: Fraction(one.most_planned) for credential, one in of_course.items()}
    if routed([(ids, Fraction(1)) for ids in taken], room) == len(taken):
        return True
    used = " and ".join(str(one.used) for one in of_course.values())
    most = " and ".join(str(one.most_planned) for one in of_course.values())
    times = countings[0].of_course(course).times
    say(
        "times",
        f"Course {shown(course)} is planned {len(taken)} times; it may count {times} times and "
        f"{used} earned lines use that up, so {most} are left.",
    )
    return False


def prove_together(claims: PlanClaims, setting: Setting, say: Say, *, lapsed: bool) -> None:
    """Say where `together` is not what several credentials call for, or its sum is wrong; an audit has none."""
    together, ids = claims.together, [one.id for one in setting.governed]
    if together is None and lapsed:
        return
    if together is None or len(ids) == 1:
        if (together is None) != (len(ids) == 1):
            wanted = "belongs in" if together is None else "does not belong in"
            say("together", f"`together` {wanted} a plan for {len(ids)} credentials.")
        return
    if [one.credential for one in together.apart] != ids:
        said = ", ".join(shown(one.credential) for one in together.apart) or "none"
        say("together", f"The costs apart are listed for {said}; the plan is for {', '.join(ids)}.")
    costs = [one.cost for one in together.apart]
    known = [cost for cost in costs if cost is not None]
    saves = sum(known) - claims.cost if len(known) == len(costs) else None
    partial = claims.status == "infeasible" and together.saves is None
    if together.saves != saves and not partial:
        claimed, right = _signed(together.saves), _signed(saves)
        say(
            "together", f"Planning together is said to save {claimed}; the costs apart less this are {right}."
        )
    if claims.status == "optimal" and saves is not None and saves < 0 and _may_be_joined(setting):
        apart, cost = money_text(sum(known)), money_text(claims.cost)
        say("together", f"The plan is called optimal and costs {cost}; apart the credentials cost {apart}.")


def _may_be_joined(setting: Setting) -> bool:
    """Say whether doing the plans of each credential alone, one beside the other, breaks no rule for certain.

    It may where one takes what the other needs: an item, a seat held, hours, a purchase, days of a pass or course.
    """
    learner = setting.learner
    return (
        all(one.shares for one in setting.governed)
        and learner.hours_per_week is None
        and learner.preferences.max_purchases is None
        and not (setting.passes or setting.seats)
        and not setting.repeat_days
    )


def _signed(cents: int | None) -> str:
    if cents is None:
        return "null"
    return money_text(cents) if cents >= 0 else f"-{money_text(-cents)}"
