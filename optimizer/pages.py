"""Pages: what a plan takes as the catalog has it, and where to find it, provider by provider."""

from catalogs.records import Offering, Pass
from optimizer.layout import number_of
from optimizer.plan import Plan
from optimizer.question import Question

MOST_PAGES = 3
"""Named of one provider; of the others, how many."""


def offerings_taken(plan: Plan, question: Question) -> dict[str, Offering]:
    """Return the offerings that a plan takes or buys, those of the learner's own among them."""
    wanted = dict.fromkeys([*(e.offering_id for e in plan.enrollments), *(p.id for p in plan.purchases)])
    places = [place for one in wanted if (place := question.catalog.place(one)) is not None]
    found = {o.offering_id: o for o in question.catalog.take(places)}
    return found | {o.offering_id: o for o in question.learner.offerings if o.offering_id in wanted}


def page_texts(plan: Plan, question: Question) -> list[str]:
    """Return for each provider the pages of what is bought and taken, as the catalog names them."""
    pages: dict[str, dict[str, None]] = {}
    bought = {p.id for p in plan.purchases}
    passes: list[Offering | Pass] = [p for p in question.passes if p.pass_id in bought]
    for one in [*passes, *offerings_taken(plan, question).values()]:
        if one.url:
            pages.setdefault(one.provider, {})[one.url] = None
    texts = []
    for provider, urls in sorted(pages.items()):
        more = len(urls) - MOST_PAGES
        others = f" and {number_of(more, 'other page')}" if more > 0 else ""
        texts.append(f"{provider}: {', '.join([*urls][:MOST_PAGES])}{others}")
    return texts
