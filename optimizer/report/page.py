"""The page of a report: what is said of a plan, put into the template beside this file."""

import re
from datetime import date
from fractions import Fraction
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.alternatives_text import alternative_texts, no_alternative_texts, tie_texts
from optimizer.layout import category_name, number_of, short_credit
from optimizer.obligation import Obligation, obligations
from optimizer.plan import Plan
from optimizer.question import Question
from optimizer.report import charts
from optimizer.report.rows import DESCRIPTION, Course, courses, filed, purchases
from optimizer.report.sources import assumptions, is_web, rows_read, rules_read
from optimizer.report.timeline import timeline
from optimizer.text import headline, remedy_texts, route_texts, set_aside_texts, takes_time

LONGEST = 2_000
"""Characters of one text of the catalog or the learner; the rest is cut, as everywhere else."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(r"(?<![\w=@\"'`.-])(\d{4})-(\d\d)-(\d\d)(?![\w\"'`-])")
_FLAG = re.compile(r"--[\w-]+ $")


def html_of(plan: Plan, question: Question, _width: int) -> str:
    """Return the plan of a question as one HTML page."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                              finalize=_printable)  # fmt: skip
    environment.filters.update(
        day=_day, prose=prose, money=_money, credit=short_credit, number_of=number_of, category=category_name,
        hours=lambda minutes: short_credit(Fraction(minutes, 60)),
    )  # fmt: skip
    environment.tests["web"] = is_web
    here = files("optimizer.report")
    template = environment.from_string(here.joinpath("page.html.jinja").read_text("utf-8"))
    style = Markup(here.joinpath("page.css").read_text("utf-8"))  # noqa: S704 - our own file
    return template.render(style=style, **_said(plan, question)) + "\n"


def _said(plan: Plan, question: Question) -> dict[str, Any]:
    """Return all that the page says, by the names that its template uses."""
    kept = obligations(question.learner, question.credentials, question.as_of)
    title, lines = headline(plan, kept)
    bought, taken, earned = purchases(plan, question), courses(plan, question, kept), filed(plan, kept)
    timed = takes_time(plan)
    return {
        "plan": plan,
        "kept": kept,
        "several": len(kept) > 1,
        "title": title,
        "lines": lines,
        "bought": bought,
        "bought_by_day": [list(group) for _, group in groupby(bought, key=lambda one: one.on)],
        "courses": taken,
        "course_groups": _course_groups(taken, timed=timed),
        "timed": timed,
        "done_by": max((course.by for course in taken), default=None),
        "coverage": _coverage(plan, kept),
        "schedule": _schedule(plan, taken, kept),
        "costs": _costs(plan),
        "budget_drawn": _budget_drawn(plan),
        "routes": route_texts(plan),
        "ties": list(tie_texts(plan)) if plan.ties else [],
        "others": [list(alternative_texts(one)) for one in plan.alternatives],
        "no_others": no_alternative_texts(plan),
        "remedies": remedy_texts(plan),
        "set_aside": set_aside_texts(plan),
        "filed": earned,
        "keeps_more": any(
            DESCRIPTION in keep for keep in [*(c.keep for c in taken), *(f.keep for f in earned)]
        ),
        "assumptions": assumptions(plan, question),
        "read": rows_read(plan, question),
        "rules": rules_read(plan, kept),
    }


def _course_groups(taken: list[Course], *, timed: bool) -> list[list[Course]]:
    """Return courses that are paid alike and, unless study is planned by the day, have the same days."""

    def alike(course: Course) -> tuple[object, ...]:
        return (course.paid,) if timed else (course.start, course.by, course.paid)

    ordered = taken if timed else sorted(taken, key=alike)
    return [list(group) for _, group in groupby(ordered, key=alike)]


def _coverage(plan: Plan, kept: tuple[Obligation, ...]) -> list[dict[str, Any]]:
    """Return by credential its requirements, the chart of them, and the caps that touch anything."""
    units = {one.credential.id: one.credential for one in kept}
    found = []
    for name, group in groupby(plan.requirements, key=lambda r: r.credential):
        requirements = list(group)
        called = f"How full each requirement of {units[name].name} is; the table below has the numbers"
        found.append(
            {
                "credential": units[name],
                "requirements": requirements,
                "chart": charts.coverage(requirements, called),
                "caps": [c for c in plan.caps if c.credential == name and (c.used or c.void)],
            }
        )
    return found


def _schedule(plan: Plan, taken: list[Course], kept: tuple[Obligation, ...]) -> Markup | None:
    if not (plan.purchases or taken):
        return None
    found = timeline(plan, taken, kept)
    days = {span.last: _words_of(span.last) for span in found.spans}
    called = "When to buy, when to take courses, and the last days; the tables below have the dates"
    return charts.schedule(found, plan.as_of, days, called)


def _costs(plan: Plan) -> Markup | None:
    compared = charts.compared_costs(plan)
    if len(compared) < 2:
        return None
    called = "What this plan costs beside others; the lists have the numbers"
    return charts.costs(compared, plan.budget if _budget_drawn(plan) else None, called)


def _budget_drawn(plan: Plan) -> bool:
    """Say whether the budget is near enough to the costs not to dwarf them."""
    dearest = max(cents for _, cents in charts.compared_costs(plan))
    return plan.budget is not None and plan.budget <= 2 * dearest


def _printable(value: object) -> object:
    """Return text without what could turn or hide other text; what is markup already was made here."""
    return shown(value, LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def _money(cents: int) -> str:
    return f"${write_money(cents)}"


def _words_of(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def _day(day: date) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), _words_of(day))


def prose(text: str) -> Markup:
    """Return a sentence with its days as the page writes them, but for those that are to be typed."""

    def written(match: re.Match[str]) -> str:
        if _FLAG.search(match.string[: match.start()]):
            return match[0]
        try:
            return str(_day(date(*map(int, match.groups()))))
        except ValueError:
            return match[0]

    # Escaping comes first and touches no digit or hyphen.
    return Markup(_DAY.sub(written, str(escape(shown(text, LONGEST)))))  # noqa: S704 - escaped
