"""Random instances in the contract's own words: catalog rows, a credential and a learner, from one seed each."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

Row = dict[str, str]
Table = dict[str, Any]

CATEGORIES = ("clinical", "administrative", "general")
APPROVERS = ("aama", "amt")
KINDS = ("course", "self_study", "article", "conference", "cpr")
FORMATS = ("online", "live_online", "in_person", "print", "")
TOPICS = ("ethics", "phlebotomy", "billing")
PROVIDERS = ("acme", "beta", "local")
UNITS = ("contact_hour", "aama_ceu", "nha_credit", "college_credit", "cme", "")
UNIT_WEIGHTS = (38, 32, 12, 4, 7, 7)


@dataclass(frozen=True)
class Instance:
    """One question for the planner, as text and plain tables."""

    seed: int
    as_of: date
    offerings: list[Row]
    passes: list[Row]
    credential: Table
    learner: Table


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


SMALL = Scale(
    (6, 14), (2, 6), (0, 1, 1, 1, 2, 2), (2, 6), (0, 2), (1, 3), (0, 2), (200, 2400), (0.2, 0.55), 0.28
)
LARGE = Scale(
    (60, 400), (15, 60), (2, 3, 4), (25, 180), (0, 9), (3, 6), (1, 3), (1500, 15000), (0.08, 0.3), 0.2
)


def small(seed: int) -> Instance:
    """Draw an instance that can be searched day by day."""
    return _Maker(seed, SMALL).instance()


def large(seed: int) -> Instance:
    """Draw an instance for the second solver only."""
    return _Maker(seed, LARGE).instance()


def money(cents: int) -> str:
    """Write cents as the catalog does."""
    return f"{cents // 100}.{cents % 100:02d}"


def months_before(day: date, months: int) -> date:
    """Go back whole months, the day clamped to the month's end."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class _Maker:
    """Draw one instance, part after part, from one source of random numbers."""

    def __init__(self, seed: int, scale: Scale) -> None:
        self.seed, self.scale, self.rng = seed, scale, Random(seed)
        rng = self.rng
        self.passes = rng.choice(scale.passes)
        self.days = rng.randint(
            scale.days[0], scale.days[1] - (4 if scale is SMALL and self.passes > 1 else 0)
        )
        self.as_of = date(2027, 1, 1) + timedelta(rng.randrange(730))
        self.last_day = self.day(self.days - 1)
        self.submit = rng.choice((0, 0, 0, 1, 3, 21))
        self.deadline = self.last_day + timedelta(self.submit)
        self.cycle_months = rng.randint(1, 24) if scale is SMALL else rng.randint(14, 60)
        self.states_start = not self.chance(0.25)
        self.cycle_start = months_before(self.deadline, self.cycle_months) + timedelta(1)
        if self.states_start:
            ahead = self.chance(0.16)
            self.cycle_start = self.day(rng.randint(1, self.days // 2) if ahead else -rng.randint(0, 300))
        self.conversions = {"contact_hour": rng.choice(("1", "5/6", "1/2", "1")), "nha_credit": rng.choice(("1/2", "2")),
                            "college_credit": rng.choice(("3/2", "4"))}  # fmt: skip

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def day(self, offset: int) -> date:
        return self.as_of + timedelta(offset)

    def any_day(self) -> date:
        return self.day(self.rng.randrange(self.days))

    def price(self, least: int, most: int) -> int:
        cents = self.rng.randint(least, most)
        return cents if self.chance(0.3) else max(100, cents // 100 * 100)

    def instance(self) -> Instance:
        passes = [self.a_pass(n) for n in range(self.passes)]
        for n, row in enumerate(passes[1:], 1):
            if self.chance(0.3):
                row["requires"] = passes[self.rng.randrange(n)]["pass_id"]
        rows: list[Row] = []
        for n in range(self.rng.randint(*self.scale.offerings)):
            rows.append(self.an_offering(n, passes, rows))
        own = [rows.pop(self.rng.randrange(len(rows)))] if self.chance(0.12) else []
        for row in own:
            if not row["price"] and not row["passes"]:
                row["price"] = "0.00"
        earned = self.earned(rows + own)
        return Instance(self.seed, self.as_of, rows, passes, self.credential(rows + own, earned),
                        self.learner(rows, own, passes, earned))  # fmt: skip

    def a_pass(self, n: int) -> Row:
        rng = self.rng
        benefit = rng.choices(("included", "50%", "member_price"), (52, 26, 22))[0]
        if benefit == "50%":
            benefit = rng.choice(("50%", "15%", "33.33%", "100%", "80%"))
        row = {"pass_id": f"{rng.choice(PROVIDERS)}-pass{n}", "title": f"Pass {n}", "kind": "subscription", "benefit": benefit,
               "price": money(self.price(*self.scale.pass_price)), "term_days": "", "term_ends": "", "rolls_from": "",
               "credit_limit": "", "renewable": rng.choice(("", "yes")), "requires": ""}  # fmt: skip
        shape = rng.choices(("days", "ends", "endless", "bundle"), (50, 27, 9, 14))[0]
        if shape in ("days", "ends") or (shape == "bundle" and self.chance(0.5)):
            row["term_days"] = str(max(self.days // 4, rng.randint(*self.scale.term)))
        if shape == "ends":
            end = self.day(rng.randint(0, self.days * 3 // 4))
            end -= timedelta((end.month, end.day) == (2, 29))
            row["term_ends"] = f"{end:%m-%d}"
            row["term_days"] = rng.choice(("", row["term_days"]))
            if self.chance(0.6):
                rolls = end - timedelta(rng.randint(0, max(1, self.days // 4)))
                row["rolls_from"] = f"{rolls - timedelta((rolls.month, rolls.day) == (2, 29)):%m-%d}"
        if shape == "endless":
            row["kind"] = "membership"
        if shape == "bundle":
            row |= {"kind": "bundle", "renewable": "no"}
        if self.chance(0.25):
            row["credit_limit"] = str(
                rng.choice((1, 2, 3, "1.5")) if self.scale is SMALL else rng.randint(3, 20)
            )
        if self.chance(0.08):
            row["price"] = rng.choice(("", "0.00"))
        return row

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

    def an_offering(self, n: int, passes: list[Row], before: list[Row]) -> Row:
        rng = self.rng
        provider = rng.choice(PROVIDERS)
        row = {"offering_id": f"{provider}:{rng.choice('abc')}{n}", "course_id": "", "provider": provider, "title": f"Course {n}",
               "kind": rng.choice(KINDS), "format": rng.choice(FORMATS), "topics": ";".join(rng.sample(TOPICS, rng.randint(0, 2))),
               "credits": self.credits(), "unit": rng.choices(UNITS, UNIT_WEIGHTS)[0], "approvals": self.approvals(self.any_day),
               "hours": rng.choice(("", "", "0.33", "1", "2.5")), "price": "", "member_price": "", "passes": "",
               "available_from": "", "available_until": "", "starts": "", "ends": "", "access_days": "",
               "times": rng.choice(("", "1", "", "1", "", "1", "2", "3" if self.chance(0.4) else "2")), "repeat_days": ""}  # fmt: skip
        if row["times"] in ("2", "3") and self.chance(0.6):
            row["repeat_days"] = str(rng.randint(1, max(2, self.days // 3)))
        if before and self.chance(0.15):
            twin = rng.choice(before)
            twin["course_id"] = row["course_id"] = twin["course_id"] or rng.choice(
                (twin["offering_id"], f"course-{n}")
            )
            row["times"] = twin["times"]
        elif self.chance(0.1):
            row["course_id"] = f"course-{n}"
        row["passes"] = ";".join(item["pass_id"] for item in passes if self.chance(0.7))
        if self.chance(0.9 if not row["passes"] else 0.55):
            row["price"] = money(self.price(400, 3000) if not self.chance(0.07) else 0)
        if row["passes"] and self.chance(0.6):
            row["member_price"] = money(self.price(100, 1200) if not self.chance(0.15) else 0)
        if self.chance(self.scale.narrow):
            self.make_event(row)
        if self.chance(self.scale.narrow):
            first = self.day(rng.randint(-3, self.days // 2))
            row["available_from"] = rng.choice((str(first), str(first), ""))
            row["available_until"] = rng.choice((str(first + timedelta(rng.randint(0, self.days))), ""))
        if self.chance(self.scale.narrow):
            row["access_days"] = str(rng.choice((0, 0, 1, 2, 3, self.days // 3)))
        return row

    def make_event(self, row: Row) -> None:
        first = self.day(self.rng.randint(-1, self.days - 1))
        last = first + timedelta(self.rng.choice((0, 0, 1, 2)))
        row["starts"], row["ends"] = str(first), str(last)
        if first == last and self.chance(0.5):
            row[self.rng.choice(("starts", "ends"))] = ""
        if self.chance(0.3):
            row["repeat_days"] = ""

    def earned(self, rows: list[Row]) -> list[Table]:
        rng = self.rng
        lines = [self.earned_line(rng.choice(rows) if self.chance(0.35) else None)
                 for _ in range(rng.randint(*self.scale.earned))]  # fmt: skip
        if self.chance(0.14):
            row = rng.choice(rows)
            lines += [self.earned_line(row) for _ in range(int(row["times"] or 1) + rng.choice((0, 1, 1)))]
        return lines

    def earned_line(self, row: Row | None) -> Table:
        rng = self.rng
        before = lambda: self.as_of - timedelta(rng.randrange(self.days))  # noqa: E731
        day = before()
        if self.cycle_start <= self.as_of:
            inside = rng.randrange((self.as_of - self.cycle_start).days + 1)
            day = self.as_of - timedelta(min(inside, rng.randrange(3 * self.days)))
            day = self.cycle_start - timedelta(rng.randint(1, 20)) if self.chance(0.2) else day
        line: Table = {
            "date": str(day),
            "title": "Done before",
            "credits": self.credits(),
            "unit": rng.choices(UNITS, UNIT_WEIGHTS)[0],
        }
        line |= {
            key: rng.choice(pool)
            for key, pool in (("kind", KINDS), ("format", FORMATS), ("provider", PROVIDERS))
            if self.chance(0.7)
        }
        line["approvals"] = self.approvals(before)
        line["topics"] = rng.choice(("", "ethics", "billing;ethics"))
        if row:
            line["course_id"] = row["course_id"] or row["offering_id"]
        return line

    def filter(self) -> Table:
        rng = self.rng
        pools = {"category": CATEGORIES, "approver": APPROVERS, "kind": KINDS, "provider": PROVIDERS, "topic": TOPICS,
                 "format": FORMATS[:-1]}  # fmt: skip

        def one(count: int) -> Table:
            found: Table = {}
            for key in rng.choices(list(pools), (40, 30, 10, 8, 6, 6), k=count):
                found[key] = (
                    rng.choice(pools[key]) if self.chance(0.7) else rng.sample(pools[key], rng.randint(1, 2))
                )
            return found

        where = one(rng.choice((1, 1, 1, 2)))
        if self.chance(0.25):
            where = (one(1) if self.chance(0.4) else {}) | {"not": one(rng.choice((1, 1, 2)))}
        return where

    def credential(self, rows: list[Row], earned: list[Table]) -> Table:
        rng = self.rng
        requirements: list[Table] = []
        for n in range(rng.randint(*self.scale.requirements)):
            where = {} if n == 0 and self.chance(0.75) else self.filter()
            supply = self.supply(where, rows, earned)
            asked = Fraction(rng.uniform(*self.scale.asked)) * supply
            quarters = max(1, round(asked * 4)) if supply or self.chance(0.2) else 0
            if quarters:
                requirements.append(
                    {"name": f"need{n}", "at_least": str(Decimal(quarters) / 4), "where": where}
                )
        if not requirements:
            requirements.append({"name": "total", "at_least": "1"})
        caps: list[Table] = []
        for n in range(rng.randint(*self.scale.caps)):
            cap: Table = {"name": f"cap{n}", "where": self.filter()}
            kind = rng.choice(("credit", "credit", "items", "both"))
            if kind != "items":
                cap["at_most"] = str(
                    rng.choice((1, 2, "1.5", 3, 4)) if self.scale is SMALL else rng.randint(2, 12)
                )
            if kind != "credit":
                cap["items_at_most"] = str(rng.randint(1, 2) if self.scale is SMALL else rng.randint(2, 6))
            caps.append(cap)
        version: Table = {"effective": "2020-01-01", "cycle_months": str(self.cycle_months), "submit_days_before": str(self.submit),
                          "source": {"title": "Invented", "url": "https://example.org/rules", "read_on": "2026-11-22"},
                          "requirement": requirements}  # fmt: skip
        if caps:
            version["cap"] = caps
        return {"id": "test-board", "name": "Test credential", "issuer": "Test board", "unit": "aama_ceu",
                "conversions": dict(self.conversions), "version": [version]}  # fmt: skip

    def supply(self, where: Table, rows: list[Row], earned: list[Table]) -> Fraction:
        """Guess what could match, ignoring windows, caps, money and time."""
        total = Fraction(0)
        for item in [*rows, *earned]:
            rate = (
                Fraction(1)
                if item["unit"] == "aama_ceu"
                else Fraction(self.conversions.get(item["unit"], "0"))
            )
            matching = all(
                self.could_match(key, wanted, item) for key, wanted in where.items() if key != "not"
            )
            amount = sum((Fraction(part.split("=")[1]) for part in item["credits"].split(";")), Fraction(0))
            total += amount * rate * matching * int(item.get("times") or 1)
        return total

    @staticmethod
    def could_match(key: str, wanted: str | list[str], item: Table) -> bool:
        text = str(
            item.get({"category": "credits", "approver": "approvals", "topic": "topics"}.get(key, key), "")
        )
        return any(word in text for word in ([wanted] if isinstance(wanted, str) else wanted))

    def learner(self, rows: list[Row], own: list[Row], passes: list[Row], earned: list[Table]) -> Table:
        rng = self.rng
        target: Table = {"id": "test-board", "deadline": str(self.deadline)}
        if self.states_start:
            target["cycle_start"] = str(self.cycle_start)
        found: Table = {"credential": [target], "holding": [], "earned": earned, "price": [], "offering": []}
        if self.chance(0.35):
            found["budget"] = money(rng.choice((0, rng.randint(0, 60) * 50, rng.randint(0, 12) * 1000)))
        for row in passes:
            if self.chance(0.15):
                until = self.day(rng.randint(-9 if self.chance(0.3) else 0, self.days))
                endless = not row["term_days"] and not row["term_ends"] and self.chance(0.7)
                found["holding"].append(
                    {"pass_id": row["pass_id"]} | ({} if endless else {"until": str(until)})
                )
        everything = rows + own
        for row in rng.sample(everything, min(len(everything), rng.choice((0, 0, 0, 0, 0, 0, 1, 2)))):
            until = {"until": str(self.day(rng.randint(0, self.days)))} if self.chance(0.5) else {}
            found["holding"] += [{"offering_id": row["offering_id"]} | until] * rng.choice((1, 1, 1, 2))
        for row in own:
            found["offering"].append({key: value for key, value in row.items() if value})
        for row in everything + passes:
            if self.chance(0.25 if not row["price"] else 0.03):
                key = row.get("offering_id") or row["pass_id"]
                found["price"].append({"id": key, "price": money(self.price(100, 1500))})
        preferences = self.preferences(everything)
        return {key: value for key, value in (found | {"preferences": preferences}).items() if value}

    def preferences(self, rows: list[Row]) -> Table:
        rng = self.rng
        found: Table = {}
        usable = [
            row["offering_id"] for row in rows if row["unit"] == "aama_ceu" or row["unit"] in self.conversions
        ]
        if usable and self.chance(0.09):
            found["require"] = [rng.choice(usable)]
        if self.chance(0.07):
            found["exclude"] = [rng.choice(rows)["offering_id"]]
        if self.chance(0.06):
            found["exclude_providers"] = [rng.choice(PROVIDERS)]
        if self.chance(0.07):
            found["formats"] = rng.sample(FORMATS[:-1], 3)
        if self.chance(0.12):
            found["max_purchases"] = str(rng.randint(0, 3) if self.scale is SMALL else rng.randint(3, 15))
        return found
