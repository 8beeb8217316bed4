"""What an employer wants to know of a batch: who gets the money, who fills the seats, what a group rate may cost."""

import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalogs.amounts import write_money
from catalogs.coded import Offerings
from catalogs.faults import shown
from catalogs.records import Offering, Pass
from optimizer.batch_answer import Answer
from optimizer.plan import json_of

GROUP_RATE = (
    "A group rate is one price per learner for all learners of the batch who have a full plan, whether they use it or "
    "not. At the price named here it costs no more than what these learners now spend on the pass itself and, one by "
    "one, on the offerings that it includes: if everyone keeps their courses and days, and only who pays for them "
    "changes, the total does not rise. So the price is a safe one, and a lower limit: planned anew, learners may save "
    "more. Offerings are looked at only where the pass includes them without a limit of credits and needs no other "
    "pass; the rate must hold through the days of all plans. Rates of several passes may cover the same spending, so "
    "they do not add up."
)


@dataclass(frozen=True, slots=True)
class ProviderTotal:
    """Hold what one provider gets from all full plans."""

    provider: str
    """Empty where nobody says who it is; a route is named as such."""
    cost: int
    learners: int
    """Who pay them something or take a seat of theirs."""
    enrollments: int


@dataclass(frozen=True, slots=True)
class PassTotal:
    """Hold what one pass takes from all full plans, and the group rate at which nobody pays more."""

    pass_id: str
    title: str
    learners: int
    """Who buy it."""
    terms: int
    cost: int
    singly: int
    """Spent by learners one by one on offerings that it includes."""
    group_price: int
    """The most per learner at which a rate for all of them costs no more than `cost` and `singly`."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Hold the totals of a batch; those of providers and passes are of full plans."""

    as_of: date
    learners: int
    problems: int
    """Different ones, each solved once."""
    statuses: dict[str, int]
    full: int
    cost: int
    """Of all full plans."""
    partial: int
    partial_cost: int
    """Of the best plans within their budgets of learners who can have no full one."""
    providers: tuple[ProviderTotal, ...]
    passes: tuple[PassTotal, ...]
    group_rate: str
    """What the group price of a pass means."""


def summary(
    answers: Sequence[Answer],
    problems: int,
    offerings: Offerings,
    passes: Iterable[Pass],
    as_of: date,
) -> Summary:
    """Return the totals of the answers, one for each learner."""
    named = {purchase.id for one in answers for purchase in one.purchases if purchase.kind == "offering"}
    named.update(*(one.enrollments for one in answers))
    places = [place for one in sorted(named) if (place := offerings.place(one)) is not None]
    by_id = {one.offering_id: one for one in offerings.take(places)}
    pass_by_id = {one.pass_id: one for one in passes}
    full = [one for one in answers if one.is_full]
    partial = [one for one in answers if one.plan and not one.is_full]
    return Summary(
        as_of,
        len(answers),
        problems,
        dict(sorted(Counter(one.status for one in answers).items())),
        len(full),
        sum(one.cost or 0 for one in full),
        len(partial),
        sum(one.cost or 0 for one in partial),
        tuple(sorted(_providers(full, by_id, pass_by_id), key=lambda one: (-one.cost, one.provider))),
        tuple(sorted(_passes(full, by_id, pass_by_id), key=lambda one: (-one.group_price, one.pass_id))),
        GROUP_RATE,
    )


def _providers(
    full: Sequence[Answer], offerings: Mapping[str, Offering], passes: Mapping[str, Pass]
) -> Iterable[ProviderTotal]:
    cost: Counter[str] = Counter()
    seats: Counter[str] = Counter()
    learners: Counter[str] = Counter()
    for one in full:
        paid: Counter[str] = Counter()
        for purchase in one.purchases:
            if purchase.kind == "route":
                provider = f"route {purchase.id}"
            elif purchase.kind == "pass":
                provider = passes[purchase.id].provider
            else:
                provider = offerings[purchase.id].provider
            paid[provider] += purchase.price
        # A route that costs something is no seat of any provider.
        taken = Counter(offerings[taken].provider for taken in one.enrollments if taken in offerings)
        cost.update(paid)
        seats.update(taken)
        learners.update(paid.keys() | taken.keys())
    return [ProviderTotal(one, cost[one], count, seats[one]) for one, count in learners.items()]


def _passes(
    full: Sequence[Answer], offerings: Mapping[str, Offering], passes: Mapping[str, Pass]
) -> Iterable[PassTotal]:
    buyers: Counter[str] = Counter()
    terms: Counter[str] = Counter()
    cost: Counter[str] = Counter()
    singly: dict[str, int] = defaultdict(int)
    for one in full:
        bought = [purchase for purchase in one.purchases if purchase.kind == "pass"]
        buyers.update({purchase.id for purchase in bought})
        terms.update(purchase.id for purchase in bought)
        for purchase in bought:
            cost[purchase.id] += purchase.price
        for purchase in one.purchases:
            if purchase.kind == "offering":
                for pass_id in set(offerings[purchase.id].passes):
                    singly[pass_id] += purchase.price if _covers(passes[pass_id]) else 0
    named = sorted(one for one in cost.keys() | singly.keys() if cost[one] + singly[one])
    return [
        PassTotal(
            one,
            passes[one].title,
            buyers[one],
            terms[one],
            cost[one],
            singly[one],
            (cost[one] + singly[one]) // len(full),
        )
        for one in named
    ]


def _covers(one: Pass) -> bool:
    """Say whether a pass pays for all its offerings, as many as one likes, by itself."""
    return one.benefit == "included" and one.credit_limit is None and not one.requires


def summary_json(found: Summary) -> str:
    """Return the totals as JSON, amounts as decimal strings."""
    return json.dumps({"schema_version": 1, **json_of(found)}, indent=1) + "\n"


def summary_markdown(found: Summary) -> str:
    """Return the totals as Markdown tables."""
    statuses = ", ".join(f"{count} {status}" for status, count in found.statuses.items())
    partial = (
        f"Partial plans, of learners for whom there is no full one: {found.partial}, which cost "
        f"${write_money(found.partial_cost)} and are in no table below."
    )
    lines = [
        f"# {found.learners} learners, as of {found.as_of}",
        "",
        f"{statuses}. {found.problems} different problems, each solved once.",
        "",
        f"Full plans: {found.full}, which cost ${write_money(found.cost)} together.",
        partial,
        "",
        "## Spending and seats by provider",
        "",
        "| provider | spending | learners | seats |",
        "|---|---:|---:|---:|",
        *(
            f"| {_cell(one.provider) or 'not said'} | ${write_money(one.cost)} | {one.learners} | {one.enrollments} |"
            for one in found.providers
        ),
        "",
        "## Passes",
        "",
        "| pass | buyers | terms | spent on it | spent singly on what it includes | group rate, per learner, up to |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {_cell(one.title)} ({_cell(one.pass_id)}) | {one.learners} | {one.terms} | ${write_money(one.cost)} "
            f"| ${write_money(one.singly)} | ${write_money(one.group_price)} |"
            for one in found.passes
        ),
        "",
        found.group_rate,
        "",
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Return text that stays inside its cell of a table and is nothing but text."""
    return re.sub(r"([\\`*_{}\[\]()#|!~])", r"\\\1", html.escape(shown(text, longest=200), quote=False))
