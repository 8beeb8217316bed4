"""Random timed instances: weekly hours, days away, two credentials, parts of a cycle and windows unlike it.

Every instance is small enough to be searched day by day: some 10 to 22 days, 2 to 5 offerings, up to two passes with
short terms. Which of the new features it shows is drawn first.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracle.drawing import Scale, money, months_before
from tests.oracle.making import Maker, Row, Table
from tests.oracle.timed_instance import Timed
from tests.oracle.timed_reading import months_after

TIMED = Scale(
    days=(10, 22),
    offerings=(3, 5),
    passes=(0, 1, 1, 1, 2),
    term=(4, 12),
    earned=(0, 2),
    requirements=(1, 2),
    caps=(0, 1),
    pass_price=(200, 2400),
    asked=(0.25, 0.6),
    narrow=0.18,
    small=True,
)
HOURS_PER_WEEK = ("7", "7", "3.5", "3.5", "5", "10.5", "5", "2", "14", "1.75", "4.99")
HOURS = ("0.5", "1", "1", "1.5", "2", "2", "3", "4", "2.25", "0.33")
SECOND_UNIT = "point"


def timed(seed: int) -> Timed:
    """Draw an instance."""
    return TimedMaker(seed).timed_instance()


class TimedMaker(Maker):
    """Draw one instance: the parts of a small one, changed where time matters."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, TIMED)
        rng = self.rng
        self.staged, self.narrow, self.asked = False, TIMED.narrow, TIMED.asked
        self.days = rng.randint(*TIMED.days) - (4 if self.passes > 1 else 0)
        self.as_of = date(2027, 1, 1) + timedelta(rng.randrange(730))
        self.last_day = self.day(self.days - 1)
        self.weekly = self.chance(0.6)
        self.is_away = self.chance(0.4 if self.weekly else 0.25)
        self.two = self.chance(0.35)
        self.parts = self.chance(0.25)
        self.special = {
            name
            for name in ("within", "ever", "carry_over", "repeat_months", "smallest_item", "round_down_to")
            if self.chance(0.08)
        }
        self.draw_cycle()
        self.credential_id = "test-board"

    def draw_cycle(self) -> None:
        """Draw the cycle; one that is cut into parts has the beginning of one among the days that can be planned."""
        rng = self.rng
        self.submit = rng.choice(
            (14, 21, 25) if "within" in self.special and self.chance(0.6) else (0, 0, 1, 3, 21)
        )
        self.deadline = self.last_day + timedelta(self.submit)
        self.cycle_months = rng.randint(4, 24)
        self.states_start = True
        self.cycle_start = self.day(-rng.randint(0, 300))
        self.part_months = rng.choice((1, 1, 2, 3))
        if self.parts:
            boundary = self.day(rng.randint(3, max(4, self.days - 5)))
            before = rng.choice((1, 1, 2))
            self.cycle_start = months_before(boundary, before * self.part_months)
            self.cycle_months = (before + 1) * self.part_months
            if self.chance(0.6) and (whole := months_after(boundary, self.part_months)) > self.last_day:
                self.deadline = whole - timedelta(1)
                self.submit = (self.deadline - self.last_day).days
        elif not self.two and not self.special and self.chance(0.08):
            self.cycle_start = self.day(rng.randint(1, self.days // 3))
        elif self.chance(0.2):
            self.states_start = False
            self.cycle_start = months_before(self.deadline, self.cycle_months) + timedelta(1)

    def timed_instance(self) -> Timed:
        drawn = self.instance()
        learner, credentials = drawn.learner, [drawn.credential]
        own = [dict.fromkeys(drawn.offerings[0], "") | row for row in learner.get("offering", [])]
        rows = [*drawn.offerings, *own]
        earned = learner.get("earned", [])
        first = learner["credential"][0]
        if self.weekly:
            learner["hours_per_week"] = self.rng.choice(HOURS_PER_WEEK)
        if self.is_away:
            learner["away"] = [self.an_absence() for _ in range(self.rng.choice((1, 1, 2)))]
        if self.two:
            self.second()
            rules = self.credential(rows, earned)
            target = {"id": self.credential_id, "deadline": str(self.deadline)}
            if self.states_start:
                target["cycle_start"] = str(self.cycle_start)
            pairs = [(drawn.credential, first), (rules, target)]
            self.rng.shuffle(pairs)
            for _, one in pairs:
                if self.chance(0.2):
                    one["shares"] = self.rng.choice(("no", "no", "yes"))
            credentials = [rules for rules, _ in pairs]
            learner["credential"] = [one for _, one in pairs]
        return Timed(drawn.seed, drawn.as_of, drawn.offerings, drawn.passes, credentials, learner)

    def second(self) -> None:
        """Go on to a credential with another cycle, another unit and other conversions."""
        rng = self.rng
        self.credential_id, self.unit = "other-board", rng.choice((SECOND_UNIT, "contact_hour", "aama_ceu"))
        self.conversions = {
            unit: rng.choice(rates)
            for unit, rates in (
                ("aama_ceu", ("1", "1/2", "2", "5/6")),
                ("contact_hour", ("1", "1/2", "3/4")),
                ("nha_credit", ("1", "2")),
            )
            if unit != self.unit and self.chance(0.85)
        }
        self.parts = self.chance(0.2)
        self.special = {name for name in self.special if self.chance(0.3)}
        self.last_day = self.day(max(4, self.days - 1 - rng.choice((0, 0, 2, 4, 6))))
        self.draw_cycle()

    def learner(self, rows: list[Row], own: list[Row], passes: list[Row], earned: list[Table]) -> Table:
        found = super().learner(rows, own, passes, earned)
        if "budget" in found and self.chance(0.8):
            found["budget"] = money(self.rng.randint(2, 60) * 100)
        return found

    def an_absence(self) -> Table:
        first = self.rng.randint(-2, self.days - 2)
        last = first + self.rng.choice((0, 1, 2, 4, 6))
        return {"from": str(self.day(first)), "to": str(self.day(last))}

    def a_pass(self, n: int) -> Row:
        row = super().a_pass(n)
        if row["term_days"]:
            row["term_days"] = str(self.rng.randint(*TIMED.term))
        return row

    def an_offering(self, n: int, passes: list[Row], before: list[Row]) -> Row:
        row, rng = super().an_offering(n, passes, before), self.rng
        if row["unit"] not in ("aama_ceu", "contact_hour") and self.chance(0.75):
            row["unit"] = rng.choice(("aama_ceu", "aama_ceu", "contact_hour"))
        if row["unit"] and self.chance(0.85):
            row["hours"] = rng.choice(HOURS) if self.chance(0.95) else "0"
        if row["unit"] in ("nha_credit", "college_credit") and not row["hours"]:
            row["hours"] = "2"  # else nearly always too long
        if self.chance(0.85 if self.two else 0.7) and not row["course_id"]:
            row["times"], row["repeat_days"] = "", ""
        if self.two and self.chance(0.6):
            row["approvals"] = rng.choice(("aama", "amt", "aama; amt", ""))
        if row["access_days"] and not row["starts"]:
            row["access_days"] = str(rng.choice((0, 1, 2, 3, 5, 7)))
        return row

    # What was earned before

    def earned_line(self, row: Row | None) -> Table:
        """Draw a line; some lie before the cycle, where rules that reach there look at them."""
        line, rng = super().earned_line(row), self.rng
        reach = self.special & {"within", "ever", "carry_over", "repeat_months"}
        if self.cycle_start <= self.as_of:
            inside = (self.as_of - self.cycle_start).days
            day = self.as_of - timedelta(rng.randint(0, inside))
            if self.chance(0.6 if reach else 0.15):
                day = self.cycle_start - timedelta(rng.randint(1, 70))
            line["date"] = str(day)
        before = line["date"] < str(self.cycle_start)
        if before and reach & {"within", "ever"}:
            # How often a course counts before the cycle, for a requirement that looks there, is not settled.
            line.pop("course_id", None)
        return line

    def earned(self, rows: list[Row]) -> list[Table]:
        lines = super().earned(rows)
        if self.special & {"within", "ever", "carry_over", "repeat_months"} and self.chance(0.8):
            lines.append(self.earned_line(self.rng.choice(rows)))
        if self.parts:
            lines += [self.earned_line(None) for _ in range(self.rng.choice((1, 2)))]
        return lines

    # Rules

    def credential(self, rows: list[Row], earned: list[Table]) -> Table:
        rules, rng = super().credential(rows, earned), self.rng
        rules["id"] = self.credential_id
        version = rules["version"][0]
        needs, caps = version["requirement"], version.get("cap", [])
        if self.parts:
            self.cut(needs, caps)
        free = [need for need in needs if "every_months" not in need]
        if "within" in self.special and free:
            need = free.pop()
            shorter = self.submit >= 14 and self.chance(0.8)
            need["within_months"] = "1" if shorter else str(self.cycle_months + rng.randint(1, 6))
        if "ever" in self.special and free:
            free.pop()["ever"] = "true"
        if "carry_over" in self.special:
            version["carry_over"] = {
                "months": str(rng.choice((1, 2, 3))),
                "at_most": rng.choice(("0.5", "1", "2")),
            }
        if "repeat_months" in self.special:
            version["repeat_months"] = str(self.cycle_months + rng.choice((3, 12)))
        if "smallest_item" in self.special:
            version["smallest_item"] = rng.choice(("0.5", "0.75", "1"))
        if "round_down_to" in self.special:
            version["round_down_to"] = rng.choice(("0.25", "0.5", "1"))
        return rules

    def cut(self, needs: list[Table], caps: list[Table]) -> None:
        """Let some rules hold in each part, a requirement for little enough that the parts before may have met it."""
        for need in self.rng.sample(needs, 1):
            need["every_months"] = str(self.part_months)
            share = Fraction(need["at_least"]) / self.rng.choice((1, 2, 3))
            need["at_least"] = str(Decimal(max(1, int(share * 4))) / 4)
            if self.chance(0.5):
                need["where"] = {}
        for cap in caps:
            if self.chance(0.6):
                cap["every_months"] = str(self.part_months)
