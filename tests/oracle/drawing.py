"""What random instances are drawn from: words, scales, days, prices, credits and approvals."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

CATEGORIES = ("clinical", "administrative", "general")
APPROVERS = ("aama", "amt")
KINDS = ("course", "self_study", "article", "conference", "cpr")
FORMATS = ("online", "live_online", "in_person", "print", "")
TOPICS = ("ethics", "phlebotomy", "billing")
PROVIDERS = ("acme", "beta", "local")
UNITS = ("contact_hour", "aama_ceu", "nha_credit", "college_credit", "cme", "")
UNIT_WEIGHTS = (38, 32, 12, 4, 7, 7)


@dataclass(frozen=True)
class Scale:
    """How large an instance may become: (least, most) of everything that is drawn."""

    days: tuple[int, int]
    offerings: tuple[int, int]
    passes: tuple[int, ...]
    term: tuple[int, int]
    earned: tuple[int, int]
    requirements: tuple[int, int]
    caps: tuple[int, int]
    pass_price: tuple[int, int]
    asked: tuple[float, float]
    narrow: float
    """Share of offerings with a window, an event or a short access."""
    small: bool = False
    """Whether the instance is to be searched day by day."""


SMALL = Scale(
    (6, 14), (2, 6), (0, 1, 1, 1, 2, 2), (2, 6), (0, 2), (1, 3), (0, 2), (200, 2400), (0.2, 0.55), 0.28, True
)
LARGE = Scale(
    (40, 160), (12, 40), (1, 2, 2, 3), (20, 90), (0, 9), (3, 6), (1, 3), (1500, 15000), (0.08, 0.3), 0.2
)


def money(cents: int) -> str:
    """Write cents as the catalog does."""
    return f"{cents // 100}.{cents % 100:02d}"


def months_before(day: date, months: int) -> date:
    """Go back whole months, the day clamped to the month's end."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Drawing:
    """One source of random numbers and what every part of an instance agrees on."""

    def __init__(self, seed: int, scale: Scale) -> None:
        self.seed, self.scale, self.rng = seed, scale, Random(seed)
        rng = self.rng
        self.passes = rng.choice(scale.passes)
        self.days = rng.randint(scale.days[0], scale.days[1] - (4 if scale.small and self.passes > 1 else 0))
        # Staged: little is sold singly and all of it at different times, so that it matters when a term begins.
        self.staged = scale.small and self.passes > 0 and self.chance(0.45)
        self.narrow = 0.3 if self.staged else scale.narrow
        self.asked = (0.35, 0.75) if self.staged else scale.asked
        self.as_of = date(2027, 1, 1) + timedelta(rng.randrange(730))
        self.last_day = self.day(self.days - 1)
        self.submit = rng.choice((0, 0, 0, 1, 3, 21))
        self.deadline = self.last_day + timedelta(self.submit)
        self.cycle_months = rng.randint(1, 24) if scale.small else rng.randint(14, 60)
        self.states_start = not self.chance(0.25)
        self.cycle_start = months_before(self.deadline, self.cycle_months) + timedelta(1)
        if self.states_start:
            ahead = self.chance(0.05 if self.staged else 0.16)
            self.cycle_start = self.day(rng.randint(1, self.days // 2) if ahead else -rng.randint(0, 300))
        self.unit = "aama_ceu"
        self.conversions = {
            "contact_hour": rng.choice(("1", "5/6", "1/2", "1")),
            "nha_credit": rng.choice(("1/2", "2")),
            "college_credit": rng.choice(("3/2", "4")),
        }

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def day(self, offset: int) -> date:
        return self.as_of + timedelta(offset)

    def any_day(self) -> date:
        return self.day(self.rng.randrange(self.days))

    def price(self, least: int, most: int) -> int:
        cents = self.rng.randint(least, most)
        return cents if self.chance(0.3) else max(100, cents // 100 * 100)

    def credits(self) -> str:
        rng = self.rng
        amount = lambda: rng.choice(("0.5", "1", "1", "1.5", "2", "3", "0.25", "0.75"))  # noqa: E731
        one = lambda: rng.choice(CATEGORIES)  # noqa: E731
        form = rng.choices(("fixed", "flexible", "any", "parts", "any-or"), (45, 20, 15, 16, 4))[0]
        if form == "fixed":
            return f"{one()}={amount()}"
        if form == "flexible":
            return "|".join(rng.sample(CATEGORIES, 2)) + f"={amount()}"
        if form == "any":
            return f"any={amount()}"
        if form == "any-or":
            return f"any|{one()}={amount()}"
        first, second = rng.sample(CATEGORIES, 2)
        return f"{first}={amount()}; {rng.choice((second, first + '|' + second, 'any'))}={amount()}"

    def approvals(self, days: Callable[[], date]) -> str:
        found = []
        for approver in APPROVERS:
            if not self.chance(0.5):
                continue
            if self.chance(0.65):
                found.append(approver + self.rng.choice(("", "#12")))
                continue
            for _ in range(self.rng.choice((1, 1, 2))):
                first = days() - timedelta(self.rng.randrange(3))
                found.append(f"{approver}#7@{first}/{first + timedelta(self.rng.randint(0, self.days // 2))}")
        return "; ".join(found)
