"""Name the features that a timed instance shows."""

from datetime import timedelta
from fractions import Fraction

from tests.oracle.instances import features
from tests.oracle.making import Table
from tests.oracle.timed_instance import Timed, alone
from tests.oracle.timed_reading import UNITS_A_MINUTE, TimedCase, read_timed


def timed_features(instance: Timed) -> set[str]:
    """Name what the instance shows, of the contract and of what has to do with time and several credentials."""
    case = read_timed(instance)
    found = {name for number in range(len(case.targets)) for name in features(alone(instance, number))}
    for number, table in enumerate(instance.credentials):
        found |= _rules(table["version"][0]) | _windows(case, number)
    return found | _hours(instance, case) | _credentials(case)


def _rules(version: Table) -> set[str]:
    rules = [("requirement", one) for one in version["requirement"]]
    rules += [("cap", one) for one in version.get("cap", [])]
    found = {
        f"{kind}:{key}"
        for kind, rule in rules
        for key in ("every_months", "within_months", "ever")
        if key in rule
    }
    keys = ("carry_over", "repeat_months", "smallest_item", "round_down_to")
    return found | {key for key in keys if key in version}


def _windows(case: TimedCase, number: int) -> set[str]:
    """Name where parts and windows begin, and what the transcript says of the days before the cycle."""
    target = case.targets[number]
    starts = {need.first for need in target.needs if not need.cycle and not need.before}
    days = [(day - case.case.as_of).days for day, _ in case.case.earned]
    courses = [item.course for _, item in case.case.earned]
    sold = {offer.item.course for offer in case.offers}
    tests = {
        "part begins among the days": any(0 < start <= target.last_day for start in starts),
        "part was before": any(start < 0 for start in starts) and len(starts) > 1,
        "window begins among the days": any(
            need.before and 0 < need.first <= target.last_day for need in target.needs
        ),
        "window reaches before the cycle": any(
            need.before and need.first <= day < target.first for need in target.needs for day in days
        ),
        "something is carried over": any(target.carried_from <= day < target.first for day in days),
        "something was done too lately": any(
            target.repeat_from <= day < target.first and course in sold
            for day, course in zip(days, courses, strict=True)
        ),
    }
    return {name for name, shown in tests.items() if shown}


def _hours(instance: Timed, case: TimedCase) -> set[str]:
    learner = instance.learner
    weekly, away = "hours_per_week" in learner, "away" in learner
    longest = max((case.minutes(offer) for offer in case.offers if not offer.starts), default=0)
    days = [instance.as_of + timedelta(day) for day in case.away]
    tests = {
        "weekly hours": weekly,
        "away with hours": weekly and bool(days),
        "away without hours": away and not weekly and bool(days),
        "a course takes days": case.gives is not None
        and longest * UNITS_A_MINUTE > max(case.gives, default=0),
        "the days do not suffice for all": case.gives is not None
        and sum(case.minutes(offer) for offer in case.offers if not offer.starts) * UNITS_A_MINUTE
        > sum(case.gives),
        "hours that do not divide by 7": weekly and Fraction(learner["hours_per_week"]) % 7 != 0,
        "no work": any(case.minutes(offer) == 0 for offer in case.offers),
        "event while away": any(
            offer.starts and offer.ends and any(offer.starts <= day <= offer.ends for day in days)
            for offer in case.offers
        ),
        "access and hours": weekly and any(o.access_days and not o.starts for o in case.offers),
    }
    return {name for name, shown in tests.items() if shown}


def _credentials(case: TimedCase) -> set[str]:
    if len(case.targets) < 2:
        return {"one credential"}
    first, second = case.targets
    tests = {
        "two credentials": True,
        "two last days": first.last_day != second.last_day,
        "two cycles": first.first != second.first,
        "two units": first.case.unit != second.case.unit,
        "two conversions": first.case.conversions != second.case.conversions,
        "shares no": not (first.shares and second.shares),
        "hours and two credentials": case.gives is not None,
        "parts and two credentials": any(not need.cycle for t in case.targets for need in t.needs),
    }
    return {name for name, shown in tests.items() if shown}
