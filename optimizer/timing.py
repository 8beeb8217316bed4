"""Timing: the days of the chosen set where weekly hours bind (docs/meaning.md, rules 25 and 32).

Which way each enrollment takes is open until the end, so whether a set of last finish days works is asked of the
integer program. It is asked rarely: a worker who takes every enrollment in its widest window is a lower limit, the
answer at hand an upper one, and mostly they agree.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from catalogs.records import Offering
from optimizer.crediting import count_rows
from optimizer.dates import Dated, Enrolled, certain_items, grouped
from optimizer.filters import Standing
from optimizer.hours import Load, minutes_given, overfull, study_from
from optimizer.model import cost, paying, purchases
from optimizer.problem import Days, Problem, Way
from optimizer.solve import Chosen, Status, Stopwatch, in_time, minimize_in_time, whole
from optimizer.terms import FOREVER
from optimizer.windows import event_days, ordinal, segments


@dataclass(frozen=True, slots=True)
class _Job:
    """Hold one chosen enrollment; `start`, `first` and `last` are the widest days any of its ways gives."""

    enrolled: Enrolled
    group: int
    """Enrollments of one group have the same ways, minutes and stated credit."""
    start: int
    first: int
    last: int

    @property
    def minutes(self) -> int:
        """Return the minutes of study, none for a live event."""
        return self.enrolled.choice.minutes if self.enrolled.choice.self_paced else 0


@dataclass(frozen=True, slots=True)
class _Taken:
    """Hold a way for every job, in the order of jobs, clipped to its last finish day, and the terms held."""

    ways: tuple[Way, ...]
    terms: tuple[int, ...]


def earliest_in_time(
    problem: Problem, chosen: Chosen, watch: Stopwatch, *, full: bool
) -> tuple[Dated | None, Status]:
    """Return the chosen set with its earliest finish days and latest starts, and whether they are proven."""
    if not chosen.takes:
        held = tuple(t for t, term in enumerate(problem.terms) if not term.bought)
        return Dated((), held), Status.OPTIMAL
    groups, posed = grouped(in_time(problem), chosen)
    jobs = _jobs(groups, posed)
    search = _Search(posed, chosen, groups, jobs, watch, full=full)
    clips = [job.last for job in jobs]
    taken = search.ways_for(clips)
    if taken is None:
        return None, Status.FEASIBLE
    last = search.least(clips, taken, range(len(jobs)))
    clips, taken = [min(clip, last.day) for clip in clips], last.taken
    for j, job in enumerate(jobs):
        if job.enrolled.choice.self_paced:
            found = search.least(clips, taken, [j])
            clips[j], taken = found.day, found.taken
            search.settled(j, found.day)
        else:
            clips[j] = job.last
    # Where time ran out, a way found later may end before the day that was settled on.
    finishes = [min(way.last, max(way.first, clip)) for way, clip in zip(taken.ways, clips, strict=True)]
    starts = _latest_starts(problem, jobs, taken, finishes)
    enrolled = tuple(
        replace(job.enrolled, way=way, start=start, finish=finish)
        for job, way, start, finish in zip(jobs, taken.ways, starts, finishes, strict=True)
    )
    return Dated(enrolled, taken.terms), Status.OPTIMAL if search.proven else Status.FEASIBLE


def _jobs(groups: Sequence[Sequence[Enrolled]], posed: Problem) -> list[_Job]:
    """Return the chosen enrollments in the order in which their days are settled."""
    jobs = []
    for g, group in enumerate(groups):
        ways = [way for way in posed.ways if way.choice == g]
        days = min(w.start for w in ways), min(w.first for w in ways), max(w.last for w in ways)
        jobs += [_Job(enrolled, g, *days) for enrolled in group]
    return sorted(jobs, key=lambda job: (job.enrolled.last_possible, job.enrolled.offering.offering_id))


def _fits(
    problem: Problem,
    jobs: Sequence[_Job],
    windows: Sequence[tuple[int, int]],
    firsts: Collection[int] | None = None,
) -> bool:
    loads = [Load(start, last, job.minutes) for job, (start, last) in zip(jobs, windows, strict=True)]
    return not overfull(problem.days, loads, firsts)


def _least_day(low: int, high: int, works: Callable[[int], bool]) -> int:
    """Return the least day that works; `high` does, and so does every later one. It is sought near `low`."""
    step = 1
    while low + step < high and not works(low + step - 1):
        low, step = low + step, 2 * step
    high = min(high, low + step - 1) if low + step < high else high
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle + 1, high)
    return high


@dataclass(frozen=True, slots=True)
class _Least:
    """Hold a least day, and ways that reach it."""

    day: int
    taken: _Taken


class _Search:
    """Hold what the search asks about again and again."""

    def __init__(
        self,
        problem: Problem,
        chosen: Chosen,
        groups: Sequence[Sequence[Enrolled]],
        jobs: Sequence[_Job],
        watch: Stopwatch,
        *,
        full: bool,
    ) -> None:
        self.problem, self.chosen, self.groups, self.jobs = problem, chosen, groups, jobs
        self.watch, self.full = watch, full
        self.proven = True
        self.ways = [[way for way in problem.ways if way.choice == g] for g in range(len(groups))]
        self.starts = [job.start for job in jobs]
        self.firsts = [job.first for job in jobs]
        """First days on which each job can be started and finished, given what is settled."""

    def settled(self, j: int, day: int) -> None:
        """Note that a job cannot finish before a day, and so none like it that is not settled either."""
        group = self.jobs[j].group
        start = min(way.start for way in self.ways[group] if way.last >= day)
        for k in range(j, len(self.jobs)):
            if self.jobs[k].group == group:
                self.starts[k], self.firsts[k] = max(self.starts[k], start), max(self.firsts[k], day)

    def least(self, clips: Sequence[int], taken: _Taken, which: Sequence[int]) -> _Least:
        """Return the least day by which these jobs can all finish, the others within their clips."""
        least = max(self.firsts[j] for j in which)

        def clipped(day: int) -> list[int]:
            return [min(clip, day) if j in which else clip for j, clip in enumerate(clips)]

        def may(day: int) -> bool:
            windows = [
                (start, min(job.last, clip))
                for job, start, clip in zip(self.jobs, self.starts, clipped(day), strict=True)
            ]
            return _fits(self.problem, self.jobs, windows)

        def does(day: int, by: _Taken) -> bool:
            windows = [
                (way.start, min(way.last, clip)) for way, clip in zip(by.ways, clipped(day), strict=True)
            ]
            return all(by.ways[j].first <= day for j in which) and _fits(self.problem, self.jobs, windows)

        high = max(min(clips[j], taken.ways[j].last) for j in which)
        low = _least_day(least, high, may)
        high = _least_day(low, high, partial(does, by=taken))
        asked = high - 1  # first the day before: mostly there is no earlier one
        while low < high:
            found = self.ways_for(clipped(asked))
            if found is None:
                low = asked + 1
            else:
                taken = found
                high = _least_day(low, asked, partial(does, by=found))
            asked = (low + high) // 2
        return _Least(high, taken)

    def ways_for(self, clips: Sequence[int]) -> _Taken | None:
        """Return ways by which every job finishes within its clip, or None if there are none."""
        problem = self.problem
        wanted: list[list[int]] = [[] for _ in self.groups]
        for job, clip in zip(self.jobs, clips, strict=True):
            wanted[job.group].append(clip)
        copies = [
            replace(way, last=last)
            for way in problem.ways
            for last in sorted({min(way.last, clip) for clip in wanted[way.choice] if clip >= way.first})
        ]
        posed = replace(problem, ways=tuple(copies))
        model = paying(posed)
        items = certain_items(model, posed, self.groups)
        count_rows(model, posed, items, full=self.full)
        model.row(cost(model, posed), at_most=self.chosen.cost)
        model.row(purchases(model, posed), at_most=self.chosen.purchases)
        if not self.full:
            model.row([(v, 1) for v in model.short], at_most=float(self.chosen.short))
        for g, days in enumerate(wanted):
            mine = [(v, w.last) for v, w in zip(model.take, copies, strict=True) if w.choice == g]
            model.row([(v, 1) for v, _ in mine], at_most=len(days))
            for day in sorted(set(days)):
                by_then = sum(clip <= day for clip in days)
                model.row([(v, 1) for v, last in mine if last <= day], at_least=by_then)
        days_taken = [(v, w.last - problem.days.as_of) for v, w in zip(model.take, copies, strict=True)]
        outcome = minimize_in_time(model, posed, days_taken, self.watch)
        if outcome.value is None:
            self.proven &= outcome.status is Status.INFEASIBLE
            return None
        ways: dict[int, list[Way]] = {}
        for v, way in zip(model.take, copies, strict=True):
            ways.setdefault(way.choice, []).extend([way] * whole(v))
        for found in ways.values():
            found.sort(key=lambda way: -way.last)
        order = sorted(range(len(self.jobs)), key=lambda j: clips[j])
        by_job = {j: ways[self.jobs[j].group].pop() for j in order}
        terms = tuple(t for t, hold in enumerate(model.hold) if hold is None or whole(hold))
        return _Taken(tuple(by_job[j] for j in range(len(self.jobs))), terms)


def _latest_starts(
    problem: Problem, jobs: Sequence[_Job], taken: _Taken, finishes: Sequence[int]
) -> list[int]:
    """Return each start as late as the finish days, the payments and the periods it lies in let it be, in order."""
    starts = [way.start for way in taken.ways]
    for j, (job, way, finish) in enumerate(zip(jobs, taken.ways, finishes, strict=True)):
        if event := event_days(job.enrolled.offering):
            starts[j] = event[0]
            continue
        latest = finish
        for period in problem.days.periods:
            if not period.by_finish and way.start < period.first <= finish <= period.last:
                latest = min(latest, period.first - 1)
        if way.terms and not way.price:
            latest = min(latest, max(problem.terms[t].last for t in way.terms if t in taken.terms))
        low, high = way.start, latest
        while low < high and minutes_given(problem.days, high, finish) < job.minutes:
            high -= 1
        middle = high  # mostly that much time is enough
        while low < high:
            windows = [
                (middle if k == j else start, end)
                for k, (start, end) in enumerate(zip(starts, finishes, strict=True))
            ]
            # Only intervals that start later than it did before have more in them.
            new = {middle, *(start for start in starts if way.start < start <= middle)}
            low, high = (middle, high) if _fits(problem, jobs, windows, new) else (low, middle - 1)
            middle = (low + high + 1) // 2
        starts[j] = high
    return starts


def loosened(untimed: Problem, timed: Problem) -> Problem:
    """Return a problem no plan in time can beat: hours bind, but in the widest windows, wherever terms lie."""
    days = timed.days
    included = {p.pass_id for p in untimed.passes if p.benefit == "included"}
    ways: dict[Way, None] = {}
    for way in untimed.ways:
        choice = untimed.choices[way.choice]
        offering = choice.offering
        first = max(days.first, ordinal(offering.available_from, 0))
        until = ordinal(offering.available_until, FOREVER)
        terms = [untimed.terms[t] for t in way.terms]
        if way.paid_by in included and not any(
            term.bought for term in terms
        ):  # what is held lies where it lies
            until = min(until, max(term.last for term in terms))
        finishes = [(way.first, way.standing)]
        if choice.self_paced and way.terms and not way.price and way.paid_by not in included:
            # Where a discount leaves nothing to pay, only the start lies in the term (rule 4): any later finish may do.
            found = segments(offering, days, way.first, min(until, days.last_day), untimed.named, None)
            finishes = [(low, standing) for low, _, standing in found]
        for low, standing in finishes:
            last = max(way.last, min(until, _holds_until(standing, offering, days)))
            ways[replace(way, start=first, first=low, last=last, standing=standing)] = None
    study = study_from(days, untimed.terms, {p.pass_id: p for p in untimed.passes})
    return replace(untimed, days=days, ways=tuple(ways), study=study)


def _holds_until(standing: Standing, offering: Offering, days: Days) -> int:
    """Return a day after which no finish has this standing."""
    approved = [
        max(ordinal(a.last, FOREVER) for a in offering.approvals if a.approver == approver)
        for approver in standing.approvers
    ]
    return min([days.last_day, *approved, *(days.periods[p].last for p in standing.periods)])
