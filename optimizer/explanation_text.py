"""The explanation as text: short sentences, by rule, in the words a learner used."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from catalogs.amounts import write_money
from catalogs.faults import shown
from optimizer.explanation import (
    Compared,
    Explanation,
    PassLeftOut,
    ProviderLeftOut,
    PurchaseExplained,
    RequirementExplained,
    WhatIfAnswer,
)
from optimizer.layout import bullets, category_name, number_of, section, short_credit, wrapped


def explanation_text(found: Explanation, name: str, width: int = 80) -> str:
    """Return the explanation as text."""
    several = len({one.credential for one in found.requirements}) > 1
    paragraphs = [
        _headline(found, name, width),
        section("What if", [] if found.what_if is None else bullets(_what_if(found.what_if, found), width)),
        *_conflicts(found, width),
        section(
            "What would help, each by itself",
            bullets(
                (f"{r.change}; a full plan then costs ${write_money(r.cost)}" for r in found.remedies), width
            ),
        ),
        section(
            "What each purchase is worth", bullets((_purchase(p, found) for p in found.purchases), width)
        ),
        section(
            "What each requirement adds to the cost",
            bullets((_requirement(r, found, several=several) for r in found.requirements), width),
        ),
        section(
            "What was left out",
            bullets(
                [
                    *(_pass_left_out(one) for one in found.passes_left_out),
                    *(_provider_left_out(one, found) for one in found.providers_left_out),
                ],
                width,
            ),
        ),
        section(
            "Going about it differently",
            bullets((_compared(one, found.cost) for one in found.compared), width),
        ),
        section("Not settled in time (--time-limit)", bullets(_unsettled(found), width)),
    ]
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _headline(found: Explanation, name: str, width: int) -> str:
    match found.status:
        case "nothing_needed":
            title, line = "Nothing to explain", "What you have earned meets every requirement."
        case "infeasible":
            title, line = "Why there is no full plan", ""
        case "optimal" | "feasible" if found.bound == found.cost:
            title = "Why this plan"
            line = f"It costs ${write_money(found.cost)}, proven to be the least. What follows is compared with that."
        case _:
            title = "Why this plan"
            line = (
                f"It costs ${write_money(found.cost)}, which is not proven to be the least: no plan costs less than "
                f"${write_money(found.bound)}. Give it longer with --time-limit to see what each purchase is worth."
            )
    head = wrapped(f"{title}: {shown(name, longest=1_000)}", width, "", "")
    return "\n".join([head, "", *([wrapped(line, width), ""] if line else [])])


def _unsettled(found: Explanation) -> Sequence[str]:
    return found.unsettled if found.what_if is None else (*found.what_if.unsettled, *found.unsettled)


def _conflicts(found: Explanation, width: int) -> Iterator[str]:
    number = len(found.conflicts)
    for n, conflict in enumerate(found.conflicts, start=1):
        which = f"{n} of {number}: " if number > 1 else ""
        yield section(f"{which}These cannot all be kept", bullets(conflict, width))
    if number > 1:
        rest = "These are all." if found.all_conflicts else "There may be more."
        yield wrapped(f"{rest} A full plan needs a change in each of them.", width) + "\n"


def _dearer(cost: int | None, than: int) -> str:
    """Return how much more a cost is than another, as a reader says it."""
    assert cost is not None  # noqa: S101 - whoever asks has looked
    if cost == than:
        return "the same"
    return f"${write_money(abs(cost - than))} {'more' if cost > than else 'less'}"


def _purchase(one: PurchaseExplained, found: Explanation) -> str:
    each = " each" if one.bought > 1 else ""
    told = [f"{_what(one)}, ${write_money(one.price)}{each}, {_use(one)}."]
    if one.singly is not None:
        told.append(f"Bought singly they would cost ${write_money(one.singly)}.")
    it = "one of them" if len(one.ids) > 1 else "them" if one.bought > 1 else "it"
    if one.without is None:
        told.append(f"There is no full plan without {it}.")
    elif one.without <= found.cost:
        told.append(f"An equally cheap plan does without {it}.")
    else:
        more = _dearer(one.without, found.cost)
        told.append(f"The cheapest plan without {it} costs ${write_money(one.without)}, {more}.")
        if one.up_to is not None:
            at = "at" if one.kind == "pass" else "at a list price of"
            highest = f"${write_money(one.up_to)}{'' if len(one.ids) > 1 else each}"
            told.append(
                f"Every cheapest plan buys {it.replace('one of them', 'that one')} {at} up to {highest}."
            )
    return " ".join(told)


def _what(one: PurchaseExplained) -> str:
    if len(one.ids) > 1:
        return f"{one.title} and {len(one.ids) - 1} like it"
    return f"{one.bought} × {one.title}" if one.bought > 1 else one.title


def _use(one: PurchaseExplained) -> str:
    """Return what a purchase is for."""
    several = len({closed.credential for closed in one.closes}) > 1
    closes = ", ".join(
        f"{short_credit(closed.credit)} {category_name(closed.category)}"
        + (f" for {closed.credential}" if several else "")
        for closed in one.closes
    )
    s = "" if one.bought > 1 else "s"
    if one.kind != "pass":
        return f"give{s} {closes}" if closes else f"count{s} for nothing, but you require it"
    if not one.pays_for:
        return f"{'are' if one.bought > 1 else 'is'} needed for something else that is bought"
    of = f" ({closes})" if closes else ""
    courses = number_of(one.pays_for, "course")
    if one.cost == one.price * one.bought:
        return f"pay{s} for {courses}{of}"
    return f"lower{s} the price of {courses}{of}; together with it they cost ${write_money(one.cost)}"


def _requirement(one: RequirementExplained, found: Explanation, *, several: bool) -> str:
    of = f" of {one.credential}" if several else ""
    what = f'"{one.name}"{of}, at least {short_credit(one.required)}:'
    if one.without is None:
        adds = "without it there would still be no full plan."
    elif one.without < found.cost:
        adds = f"without it a plan would cost ${write_money(found.cost - one.without)} less."
    elif one.one_more == found.cost:
        return f"{what} adds nothing to the cost, and one credit more would add nothing."
    else:
        adds = "adds nothing to the cost."
    if one.one_more is None:
        return f"{what} {adds} With one credit more there would be no full plan."
    if one.one_more == found.cost:
        return f"{what} {adds} One credit more would add nothing."
    return f"{what} {adds} One credit more would add ${write_money(one.one_more - found.cost)}."


def _pass_left_out(one: PassLeftOut) -> str:
    if one.below is None:
        why = (
            "would not make any plan cheaper, not even for nothing" if one.price else "makes no plan cheaper"
        )
    else:
        why = f"every cheapest plan would buy it at ${write_money(one.below)} or less"
    return f"{one.title}, ${write_money(one.price)}: {why}."


def _provider_left_out(one: ProviderLeftOut, found: Explanation) -> str:
    what = f"{one.provider}, {number_of(one.offerings, 'course')} that can be used"
    if one.least_with is None:
        return f"{what}: no full plan takes one."
    if one.least_with <= found.cost:
        return f"{what}: an equally cheap plan takes one."
    return f"{what}: a plan that takes one costs at least {_dearer(one.least_with, found.cost)}."


def _compared(one: Compared, cost: int) -> str:
    if one.cost is None:
        return f"{one.way}: no full plan."
    if one.cost == cost:
        return f"{one.way}: ${write_money(one.cost)}, just as good."
    return f"{one.way}: ${write_money(one.cost)}, {_dearer(one.cost, cost)}."


def _what_if(one: WhatIfAnswer, found: Explanation) -> Sequence[str]:
    together = " together" if len(one.changes) > 1 else ""
    told = [f"{_listed(one.changes)}{together}: {_moved(one, found)}"]
    told += [f"{alone.way} alone: {_alone(alone, found)}." for alone in one.each]
    if one.status == "infeasible" or found.status == "infeasible":
        return told + ([f"The plan then buys: {'; '.join(one.bought)}."] if one.bought else [])
    if one.no_longer:
        told.append(f"No longer bought: {'; '.join(one.no_longer)}.")
    if one.bought:
        told.append(f"Bought {'instead' if one.no_longer else 'as well'}: {'; '.join(one.bought)}.")
        if one.keeping is None:
            told += [] if one.unsettled else ["What was planned no longer makes a full plan."]
        elif one.cost is not None and one.keeping > one.cost:
            told.append(f"With nothing but what was planned it would cost ${write_money(one.keeping)}.")
        else:
            told.append(
                "What was planned would do at the same cost: hours, then the number of purchases, decide."
            )
    elif not one.no_longer:
        same = one.cost == found.cost or not found.cost
        told.append(f"What is bought stays the same{'' if same else ', at other prices'}.")
    return told


def _listed(words: Sequence[str]) -> str:
    """Return words one after another, as a reader says them."""
    return " and ".join([*([", ".join(words[:-1])] if words[:-1] else []), words[-1]])


def _alone(one: Compared, found: Explanation) -> str:
    if one.cost is None:
        return "no full plan"
    more = "" if found.status == "infeasible" else f", {_than_before(one.cost, found)}"
    return f"${write_money(one.cost)}{more}"


def _than_before(cost: int, found: Explanation) -> str:
    return "as before" if cost == found.cost else f"{_dearer(cost, found.cost)} than before"


def _hours(minutes: int) -> str:
    hours = short_credit(Fraction(-(-minutes * 100 // 60), 100))
    return f"{hours} hour{'' if hours == '1' else 's'}"


def _moved(one: WhatIfAnswer, found: Explanation) -> str:
    """Return what a plan comes to after all changes."""
    before = "there was none" if found.status == "infeasible" else f"it cost ${write_money(found.cost)}"
    if one.status == "infeasible" or one.cost is None:
        price = (
            "at any price"
            if one.cost is None
            else f"within the budget, the cheapest costs ${write_money(one.cost)}"
        )
        return f"there is no full plan {price}; before, {before}."
    proven = "" if one.bound == one.cost else " (not proven to be the least)"
    cost = f"a plan costs ${write_money(one.cost)}{proven}"
    if found.status == "infeasible":
        return f"{cost}, and takes {_hours(one.minutes)}; before, {before}."
    hours = (
        ""
        if one.minutes == found.minutes
        else f", and takes {_hours(one.minutes)} in place of {_hours(found.minutes)}"
    )
    return f"{cost}, {_than_before(one.cost, found)}{hours}."
