"""Instances in which time can be bought: short and dear courses beside the others, at any price."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from tests.oracle.making import Instance


def with_quick_courses(instance: Instance) -> Instance:
    """Ask for half of it, without budget and preferences, and offer short and dear copies of courses."""
    rng = Random(instance.seed)
    rows = [row | {"hours": rng.choice(("0.5", "1", "2", "3.25", "5"))} for row in instance.offerings]
    rows += [
        row
        | {
            "offering_id": f"{row['offering_id']}~quick",
            "course_id": row["course_id"] and f"{row['course_id']}~quick",
            "hours": "0.25",
            "price": f"{Decimal(row['price'] or 4) + rng.randint(1, 9):.2f}",
        }
        for row in rows[:4]
    ]
    credential = deepcopy(instance.credential)
    for rule in credential["version"][0]["requirement"]:
        rule["at_least"] = str(max(1, round(Fraction(rule["at_least"]) * 2)) / 4)
    learner = {key: value for key, value in instance.learner.items() if key not in ("budget", "preferences")}
    return replace(instance, offerings=rows, learner=learner, credential=credential)
