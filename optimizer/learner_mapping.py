"""A `Learner` → the mapping a plan carries, from which `learner_from` makes the same learner again."""

from datetime import date

from catalogs.amounts import write_minutes, write_money
from catalogs.credits import write_approvals, write_credits
from catalogs.records import Offering
from catalogs.rows import offering_row
from catalogs.schema import OFFERINGS
from catalogs.words import write_list, write_yes_no
from optimizer.learner import Earned, Learner


def learner_mapping(learner: Learner) -> dict[str, object]:
    """Return the mapping from which `learner_from` makes the same learner, in values that JSON keeps."""
    wishes = learner.preferences
    mapping: dict[str, object] = {
        "hours_per_week": None
        if learner.hours_per_week is None
        else f"{learner.hours_per_week.normalize():f}",
        "budget": None if learner.budget is None else write_money(learner.budget),
        "route": learner.route,
        "member": learner.member,
        "no_assumed": learner.no_assumed,
        "credential": [
            _said(
                id=target.credential,
                file=target.file,
                deadline=target.deadline,
                cycle_start=target.cycle_start,
                shares=write_yes_no(target.shares),
            )
            for target in learner.targets
        ],
        "holding": [
            _said(pass_id=one.pass_id, offering_id=one.offering_id, until=one.until)
            for one in learner.holdings
        ],
        "earned": [_line(line) for line in learner.earned],
        "offering": [_offering(offering) for offering in learner.offerings],
        "price": [{"id": one_id, "price": write_money(cents)} for one_id, cents in learner.prices],
        "away": [_said(**{"from": one.first, "to": one.last}) for one in learner.away],
        "preferences": _said(
            require=list(wishes.require),
            exclude=list(wishes.exclude),
            exclude_providers=list(wishes.exclude_providers),
            formats=list(wishes.formats),
            max_purchases=wishes.max_purchases,
        ),
    }
    return _said(**mapping)


def _line(line: Earned) -> dict[str, object]:
    return _said(
        date=line.date,
        title=line.title,
        credits=write_credits(line.credits),
        unit=line.unit,
        kind=line.kind,
        format=line.format,
        provider=line.provider,
        topics=write_list(line.topics),
        approvals=write_approvals(line.approvals),
        hours=None if line.minutes is None else write_minutes(line.minutes),
        course_id=line.course_id,
    )


def _offering(offering: Offering) -> dict[str, object]:
    # What is needed is said even where it is empty: reading asks for it.
    return {
        name: text for name, text in offering_row(offering).items() if text or OFFERINGS.column(name).needed
    }


def _said(**values: object) -> dict[str, object]:
    """Return the values that say something, days as their text."""
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
        if value is not None and value != "" and value != [] and value is not False
    }
