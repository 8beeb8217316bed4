"""Work done day by day, the most urgent first: whether it can be, and by which day all of it is.

Why this decides rule 29 of docs/meaning.md. Rule 29 says: for all days a ≤ b the work of the enrollments with
a ≤ start and finish ≤ b is at most what the days a … b give. The simulation spends each day's hours on started,
unfinished work, always on that which is due earliest; hours can be split at will.

- If it succeeds, rule 29 holds: all that starts on or after a and is finished by b was done on the days a … b.
- If rule 29 holds, it succeeds. Suppose work due on day b is late. Let z be the last day up to b on which hours were
  left over, or were spent on work due after b (the day before the first one if there is none), and a = z + 1. After
  day z nothing started and due by b is open, else z's hours would have gone there. So the days a … b gave all their
  hours to work that starts on or after a and is due by b, and some of it is still open: more than the days give.
  Rule 29 fails.

The least day L by which everything can be finished is the last day on which the simulation works. Were each due day cut
to L, the pairs a ≤ b < L of rule 29 would ask what they asked before; b = L asks that what starts on or after a fits
into a … L, which it does as the simulation did it there. A simulation that is never idle while work is open ends on the
same day whatever it does first, and none can end earlier.
"""

from collections.abc import Sequence
from heapq import heappop, heappush

Job = tuple[int, int, int]
"""First day, last day, work in the units of a day's hours."""


def last_day_worked(jobs: Sequence[Job], gives: Sequence[int]) -> int | None:
    """Give the last day on which there is work, −1 where there is none at all; None if some of it is late."""
    waiting: list[tuple[int, int]] = []
    coming = sorted(job for job in jobs if job[2])
    day, last, following = coming[0][0] if coming else 0, -1, 0
    while waiting or following < len(coming):
        while following < len(coming) and coming[following][0] <= day:
            _, due, work = coming[following]
            heappush(waiting, (due, work))
            following += 1
        if day >= len(gives):
            return None
        left = gives[day]
        while waiting and left:
            due, work = heappop(waiting)
            if due < day:
                return None
            last = day
            if work > left:
                heappush(waiting, (due, work - left))
            left -= min(left, work)
        if waiting and waiting[0][0] <= day:
            return None
        day += 1
    return last
