"""Random instances in the contract's own words: catalog rows, a credential and a learner, from one seed each."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.drawing import (
    APPROVERS,
    CATEGORIES,
    FORMATS,
    KINDS,
    LARGE,
    PROVIDERS,
    SMALL,
    TOPICS,
    UNIT_WEIGHTS,
    UNITS,
    Drawing,
    money,
)

Row = dict[str, str]
Table = dict[str, Any]


@dataclass(frozen=True)
class Instance:
    """One question for the planner, as text and plain tables."""

    seed: int
    as_of: date
    offerings: list[Row]
    passes: list[Row]
    credential: Table
    learner: Table


def small(seed: int) -> Instance:
    """Draw an instance that can be searched day by day."""
    return Maker(seed, SMALL).instance()


def large(seed: int) -> Instance:
    """Draw an instance for the second solver only."""
    return Maker(seed, LARGE).instance()


class Maker(Drawing):
    """Draw one instance, part after part, from one source of random numbers."""

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
        return Instance(
            self.seed,
            self.as_of,
            rows,
            passes,
            self.credential(rows + own, earned),
            self.learner(rows, own, passes, earned),
        )

    def a_pass(self, n: int) -> Row:
        rng = self.rng
        benefit = rng.choices(
            ("included", "50%", "member_price"), (80, 8, 12) if self.staged else (52, 26, 22)
        )[0]
        if benefit == "50%":
            benefit = rng.choice(("50%", "15%", "33.33%", "100%", "80%"))
        row = {
            "pass_id": f"{rng.choice(PROVIDERS)}-pass{n}",
            "title": f"Pass {n}",
            "kind": "subscription",
            "benefit": benefit,
            "price": money(self.price(*self.scale.pass_price)),
            "term_days": "",
            "term_ends": "",
            "rolls_from": "",
            "credit_limit": "",
            "renewable": rng.choice(("", "yes")),
            "requires": "",
        }
        shape = rng.choices(
            ("days", "ends", "endless", "bundle"), (38, 45, 0, 17) if self.staged else (50, 27, 9, 14)
        )[0]
        if shape in ("days", "ends") or (shape == "bundle" and self.chance(0.9 if self.staged else 0.5)):
            row["term_days"] = str(
                rng.randint(2, 4) if self.staged else max(self.days // 4, rng.randint(*self.scale.term))
            )
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
                rng.choice((1, 2, 3, "1.5")) if self.scale.small else rng.randint(3, 20)
            )
        if self.chance(0.08):
            row["price"] = rng.choice(("", "0.00"))
        return row

    def an_offering(self, n: int, passes: list[Row], before: list[Row]) -> Row:
        rng = self.rng
        provider = rng.choice(PROVIDERS)
        row = {
            "offering_id": f"{provider}:{rng.choice('abc')}{n}",
            "course_id": "",
            "provider": provider,
            "title": f"Course {n}",
            "kind": rng.choice(KINDS),
            "format": rng.choice(FORMATS),
            "topics": ";".join(rng.sample(TOPICS, rng.randint(0, 2))),
            "credits": self.credits(),
            "unit": "aama_ceu" if self.staged else rng.choices(UNITS, UNIT_WEIGHTS)[0],
            "approvals": self.approvals(self.any_day),
            "hours": rng.choice(("", "", "0.33", "1", "2.5")),
            "price": "",
            "member_price": "",
            "passes": "",
            "available_from": "",
            "available_until": "",
            "starts": "",
            "ends": "",
            "access_days": "",
            "times": rng.choice(("", "1", "", "1", "", "1", "2", "3" if self.chance(0.4) else "2")),
            "repeat_days": "",
        }
        if row["times"] in ("2", "3") and self.chance(0.6 if self.scale.small else 0.3):
            row["repeat_days"] = str(rng.randint(1, max(2, self.days // 3)))
        if before and self.chance(0.15):
            twin = rng.choice(before)
            twin["course_id"] = row["course_id"] = twin["course_id"] or rng.choice(
                (twin["offering_id"], f"course-{n}")
            )
            row["times"] = twin["times"]
        elif self.chance(0.1):
            row["course_id"] = f"course-{n}"
        row["passes"] = ";".join(
            item["pass_id"] for item in passes if self.chance(0.85 if self.staged else 0.7)
        )
        if self.chance(0.9 if not row["passes"] else 0.2 if self.staged else 0.55):
            row["price"] = money(self.price(400, 3000) if not self.chance(0.07) else 0)
        if row["passes"] and self.chance(0.6):
            row["member_price"] = money(self.price(100, 1200) if not self.chance(0.15) else 0)
        if self.chance(self.narrow):
            self.make_event(row)
        if self.chance(self.narrow):
            first = self.day(rng.randint(-3, self.days // 2))
            row["available_from"] = rng.choice((str(first), str(first), ""))
            row["available_until"] = rng.choice((str(first + timedelta(rng.randint(0, self.days))), ""))
        if self.staged and self.chance(0.75):
            first = self.day(rng.randrange(self.days))
            row |= {
                "available_from": str(first),
                "available_until": str(first + timedelta(rng.randint(0, 2))),
            }
        if self.chance(self.narrow):
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
        lines = [
            self.earned_line(rng.choice(rows) if self.chance(0.35) else None)
            for _ in range(rng.randint(*self.scale.earned))
        ]
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
        pools = {
            "category": CATEGORIES,
            "approver": APPROVERS,
            "kind": KINDS,
            "provider": PROVIDERS,
            "topic": TOPICS,
            "format": FORMATS[:-1],
        }

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
            where = {} if n == 0 and self.chance(0.95 if self.staged else 0.75) else self.filter()
            supply = self.supply(where, rows, earned)
            asked = Fraction(rng.uniform(*self.asked)) * supply
            quarters = max(1, round(asked * 4)) if supply or self.chance(0.2) else 0
            if quarters:
                requirements.append(
                    {"name": f"need{n}", "at_least": str(Decimal(quarters) / 4), "where": where}
                )
        if not requirements:
            requirements.append({"name": "total", "at_least": "1"})
        caps: list[Table] = []
        for n in range(0 if self.staged and self.chance(0.7) else rng.randint(*self.scale.caps)):
            cap: Table = {"name": f"cap{n}", "where": self.filter()}
            kind = rng.choice(("credit", "credit", "items", "both"))
            if kind != "items":
                cap["at_most"] = str(
                    rng.choice((1, 2, "1.5", 3, 4)) if self.scale.small else rng.randint(2, 12)
                )
            if kind != "credit":
                cap["items_at_most"] = str(rng.randint(1, 2) if self.scale.small else rng.randint(2, 6))
            caps.append(cap)
        version: Table = {
            "effective": "2020-01-01",
            "cycle_months": str(self.cycle_months),
            "submit_days_before": str(self.submit),
            "source": {"title": "Invented", "url": "https://example.org/rules", "read_on": "2026-11-22"},
            "requirement": requirements,
        }
        if caps:
            version["cap"] = caps
        return {
            "id": "test-board",
            "name": "Test credential",
            "issuer": "Test board",
            "unit": self.unit,
            "conversions": dict(self.conversions),
            "version": [version],
        }

    def supply(self, where: Table, rows: list[Row], earned: list[Table]) -> Fraction:
        """Guess what could match, ignoring windows, caps, money and time."""
        total = Fraction(0)
        for item in [*rows, *earned]:
            rate = (
                Fraction(1)
                if item["unit"] == self.unit
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
            found["max_purchases"] = str(rng.randint(0, 3) if self.scale.small else rng.randint(3, 15))
        return found
