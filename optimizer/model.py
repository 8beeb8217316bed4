r"""The integer program, written with PuLP.

Sets      W ways to take a choice, T terms of passes (bought or held), I items (the ways of one choice that finish
          in the same standing, and the earned lines), each with parts of credit q for obligations o that may be
          counted in categories k, R requirements, C caps. take[i] is Σ take[w] over the ways of item i; 1 for an
          earned line. Where two items caps could cross, every seat is an item (seat_items).
Data      price, minutes, rank of a way; amount of a part; stated credit of a choice; at_least, at_most, items.
          All whole.
Variables take[w]      how many seats are taken, paid in this way, finished in this window; whole
          hold[t]      1 if the term is bought (fixed to 1 for a holding, to 0 for a pass that no best plan buys)
          count[i,q,k] credit of part q of item i counted in category k, ≥ 0
          keep[i,o]    1 if an earned line of a course earned too often counts for the obligation
          serve[i,o]   how often an item counts for an obligation it need not serve, whole; else take[i]
          use[c,i]     how often the item counts under the items cap c, whole
          short[r]     credit missing, ≥ 0
          link[k,w]    1 if the k-th finish of a course with repeat_days uses way w; finish[k] its day

Rows, in the order in which they are added below:
  (term)     take[w] ≤ most · Σ hold[t]          one of the terms that pay must be held
  (limit)    Σ stated · take ≤ credit_limit · hold[t]       over the ways that term t pays
  (overlap)  Σ hold[t'] ≤ 1                      over the terms of a pass that cover the first day of t
  (once)     Σ hold[t] ≤ 1                       over the terms of a pass that is not renewable
  (bought)   Σ hold[t] ≥ 1                       over the terms of a pass that every best plan buys (narrowing.py)
  (requires) hold[t] ≤ Σ hold[t']                over terms of the required pass that cover the first day of t
  (study)    Σ minutes · take ≤ Σ study · hold[t]  where weekly hours bind: over the ways and terms of a pass that
             includes them, of each term where its credit is limited; study[t] is what a term gives at most
  (course)   Σ take ≤ most                       over the ways of one course; over those that lie in the cycles of some
             obligations only, ≤ how often it may count for these
  (seat)     Σ take ≤ 1                          over the ways that use one held seat
  (repeat)   Σ take ≤ 1                          over the ways of a course that finish within repeat_days
  (chain)    the same where ways have windows: the k-th finish of the course uses way w if link[k,w] = 1;
             take[w] ≤ Σ link[k,w];  Σ link[k] ≤ Σ link[k−1] ≤ 1;  finish[k] ≥ Σ first · link[k];
             finish[k] ≤ Σ last · link[k] if linked;  finish[k] ≥ finish[k−1] + repeat_days if linked
  (insist)   Σ take ≥ 1                          over the ways of an offering the learner requires, or of a route
  (keep)     Σ keep[i,o] ≤ times                 over the earned lines of one course
  (share)    Σ serve[i,o] ≤ take[i]              over the obligations that share with none, and any one that does
  (times)    Σ serve[i,o] ≤ left                 over the items of a course, where fewer are left than it may be taken
  (earn)     Σ_k count[i,q,k] ≤ amount · serve[i,o]         for each part of each item
  (cap)      Σ count ≤ at_most                   over the credit the cap matches
  (use)      Σ count ≤ amount · use[c,i],  use[c,i] ≤ take[i]     over the item's credit that the cap matches
  (items)    Σ use[c,i] ≤ items
  (close)    Σ count + short[r] ≥ at_least       over the credit the requirement matches
  (budget)   Σ price · take + Σ price · hold ≤ budget
  (number)   Σ take (price > 0) + Σ hold ≤ max_purchases
  (hours)    Σ minutes · take ≤ max_minutes
Credit that no cap matches and that has one category only is counted in full: `count` is then amount · take itself,
no variable.

Aims, each frozen by an equation before the next (solve.py): Σ short (only when no full plan exists or fits), then
those of the problem, by default cost, minutes, purchases, enrollments, ranks; then dates (dates.py) and the fullest
count (counting.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from pulp import LpProblem, LpVariable

from optimizer.crediting import count_rows, earned_items, seat_items
from optimizer.problem import Course, Problem, Way
from optimizer.program import Model, Terms


def build(problem: Problem, *, budget: int | None, full: bool) -> Model:
    """Return the program; with `full` every requirement must be met, otherwise it may fall short."""
    model = paying(problem)
    items = seat_items(model, problem, range(len(problem.choices))) + earned_items(model, problem)
    count_rows(model, problem, items, full=full)
    if budget is not None:
        model.row(cost(model, problem), at_most=budget)
    if problem.max_purchases is not None:
        model.row(purchases(model, problem), at_most=problem.max_purchases)
    if problem.max_minutes is not None:
        model.row(minutes(model, problem), at_most=problem.max_minutes)
    return model


def paying(problem: Problem) -> Model:
    """Return the program of what can be bought and taken, without what it counts."""
    model = Model(LpProblem("ceuplan"))
    model.take = [model.variable(way.most, whole=True) for way in problem.ways]
    model.hold = [
        model.variable(0 if term.pass_id in problem.unbought else 1, whole=True) if term.bought else None
        for term in problem.terms
    ]
    _term_rows(model, problem)
    _study_rows(model, problem)
    _course_rows(model, problem)
    return model


def cost(model: Model, problem: Problem) -> Terms:
    """Return the money spent, in cents."""
    return [(v, way.price) for v, way in zip(model.take, problem.ways, strict=True) if way.price] + [
        (v, term.price)
        for v, term in zip(model.hold, problem.terms, strict=True)
        if v is not None and term.price
    ]


def minutes(model: Model, problem: Problem) -> Terms:
    """Return the time spent, in minutes."""
    choices = [problem.choices[way.choice] for way in problem.ways]
    return [(v, c.minutes) for v, c in zip(model.take, choices, strict=True) if c.minutes]


def purchases(model: Model, problem: Problem) -> Terms:
    """Return the number of purchases."""
    return [(v, 1) for v, way in zip(model.take, problem.ways, strict=True) if way.price] + [
        (v, 1) for v in model.hold if v is not None
    ]


def _term_rows(model: Model, problem: Problem) -> None:
    """Add the rows (term), (limit), (overlap), (once) and (requires)."""
    terms_of: dict[str, list[int]] = {}
    for t, term in enumerate(problem.terms):
        terms_of.setdefault(term.pass_id, []).append(t)
    passes = {p.pass_id: p for p in problem.passes}

    limited: dict[int, list[int]] = {}
    for w, way in enumerate(problem.ways):
        if way.terms and all(model.hold[t] is not None for t in way.terms):
            holds: Terms = [(hold, -way.most) for t in way.terms if (hold := model.hold[t]) is not None]
            model.row([(model.take[w], 1), *holds], at_most=0)
        if way.terms and passes[way.paid_by].credit_limit is not None:
            limited.setdefault(way.terms[0], []).append(w)
    for t, ways in limited.items():
        limit = passes[problem.terms[t].pass_id].credit_limit or 0
        stated: Terms = [(model.take[w], problem.choices[problem.ways[w].choice].stated) for w in ways]
        hold = model.hold[t]
        if hold is None:
            model.row(stated, at_most=limit)
        else:
            model.row([*stated, (hold, -limit)], at_most=0)
    for pass_id, terms in terms_of.items():
        for t in terms:
            first = problem.terms[t].first
            covering: Terms = [
                (hold, 1)
                for u in terms
                if (hold := model.hold[u]) is not None
                and problem.terms[u].first <= first <= problem.terms[u].last
            ]
            if len(covering) > 1:
                model.row(covering, at_most=1)
        bought: Terms = [(hold, 1) for t in terms if (hold := model.hold[t]) is not None]
        if not passes[pass_id].renewable and len(bought) > 1:
            model.row(bought, at_most=1)
        if pass_id in problem.bought:
            model.row(bought, at_least=1)
    for t, term in enumerate(problem.terms):
        hold, required = model.hold[t], passes[term.pass_id].requires
        if hold is None or not required:
            continue
        covering_terms = [
            u for u in terms_of.get(required, ())
            if problem.terms[u].first <= term.first <= problem.terms[u].last
        ]  # fmt: skip
        if all(model.hold[u] is not None for u in covering_terms):
            needed: Terms = [(v, -1) for u in covering_terms if (v := model.hold[u]) is not None]
            model.row([(hold, 1), *needed], at_most=0)


def _study_rows(model: Model, problem: Problem) -> None:
    """Add the rows (study): what a pass includes is started and finished inside one of its terms."""
    passes = {p.pass_id: p for p in problem.passes if p.benefit == "included"} if problem.study else {}
    work: dict[tuple[str, int | None], list[tuple[LpVariable, float]]] = {}
    for take, way in zip(model.take, problem.ways, strict=True):
        choice = problem.choices[way.choice]
        if way.paid_by in passes and choice.minutes and choice.self_paced:
            alone = way.terms[0] if passes[way.paid_by].credit_limit is not None else None
            work.setdefault((way.paid_by, alone), []).append((take, choice.minutes))
    for (pass_id, alone), terms in work.items():
        held = 0
        for t, term in enumerate(problem.terms):
            if term.pass_id == pass_id and alone in (None, t):
                if (hold := model.hold[t]) is None:
                    held += problem.study[t]
                else:
                    terms.append((hold, -problem.study[t]))
        model.row(terms, at_most=held)


def _course_rows(model: Model, problem: Problem) -> None:
    """Add the rows (course), (seat), (repeat) and (insist)."""
    ways_of: dict[int, list[int]] = {}
    seats: dict[int, list[int]] = {}
    for w, way in enumerate(problem.ways):
        ways_of.setdefault(way.choice, []).append(w)
        if way.seat is not None:
            seats.setdefault(way.seat, []).append(w)

    def once_each(ways: Iterable[int]) -> Terms:
        return [(model.take[w], 1) for w in ways]

    every = frozenset(range(problem.days.targets))
    for course in problem.courses:
        ways = [w for i in course.choices for w in ways_of.get(i, ())]
        if sum(problem.ways[w].most for w in ways) > course.most:
            model.row(once_each(ways), at_most=course.most)
        for some, most in _for_some(course):
            inside = [w for w in ways if not problem.ways[w].standing.periods & (every - some)]
            if sum(problem.ways[w].most for w in inside) > most:
                model.row(once_each(inside), at_most=most)
    for ways in seats.values():
        if len(ways) > 1:
            model.row(once_each(ways), at_most=1)
    for course in problem.courses:
        ways = [w for i in course.choices for w in ways_of.get(i, ())]
        if course.repeat_days and all(problem.ways[w].first == problem.ways[w].last for w in ways):
            for day in sorted({problem.ways[w].first for w in ways}):
                near = [w for w in ways if day <= problem.ways[w].first < day + course.repeat_days]
                if sum(problem.ways[w].most for w in near) > 1:
                    model.row(once_each(near), at_most=1)
        elif course.repeat_days:
            _chain_rows(model, problem, course, ways)
    for choices in problem.must_take:
        model.row(once_each(w for i in choices for w in ways_of.get(i, ())), at_least=1)


def _for_some(course: Course) -> Iterator[tuple[frozenset[int], int]]:
    """Yield obligations, never all, with how often the course may count for them, where that is less than its seats."""
    if course.most <= min(course.left):
        return
    for number in range(1, len(course.left)):
        for some in combinations(range(len(course.left)), number):
            if (most := sum(course.left[target] for target in some)) < course.most:
                yield frozenset(some), most


def _chain_rows(model: Model, problem: Problem, course: Course, ways: Sequence[int]) -> None:
    """Add the rows (chain) of a course whose finishes are days apart, where its ways have windows."""
    start = problem.days.as_of
    soonest = max([problem.days.as_of, *(day + course.repeat_days for day in course.earned_on)]) - start
    span = problem.days.last_day - start + course.repeat_days
    links: list[dict[int, LpVariable]] = []
    finish: LpVariable | None = None
    for k in range(min(course.most, span // course.repeat_days + 1)):
        link = {w: model.variable(1, whole=True) for w in ways}
        later = model.variable(None, whole=False)
        used: Terms = [(v, 1) for v in link.values()]
        model.row(used, at_most=1)
        first = [(v, -(problem.ways[w].first - start)) for w, v in link.items()]
        model.row([(later, 1), *first], at_least=0)
        model.row([(later, 1), *((v, -soonest) for v in link.values())], at_least=0)
        last = [(v, span - (problem.ways[w].last - start)) for w, v in link.items()]
        model.row([(later, 1), *last], at_most=span)
        if finish is not None:
            model.row([*used, *((v, -1) for v in links[k - 1].values())], at_most=0)
            gap = course.repeat_days + span
            model.row([(later, 1), (finish, -1), *((v, -gap) for v in link.values())], at_least=-span)
        links.append(link)
        finish = later
    for w in ways:
        model.row([(model.take[w], 1), *((link[w], -1) for link in links)], at_most=0)


def by_choice(ways: Sequence[Way]) -> dict[int, list[int]]:
    """Return the places of the ways of each choice."""
    places: dict[int, list[int]] = {}
    for w, way in enumerate(ways):
        places.setdefault(way.choice, []).append(w)
    return places
