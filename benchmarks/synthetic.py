"""A catalog of any size, drawn: as varied as the real ones, with passes, windows, events and units that do not count.

Run: uv run python -m benchmarks.synthetic 100000 FOLDER
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

AS_OF = date(2026, 11, 22)
PROVIDERS = 40
PASSES = """pass_id,provider,title,kind,price,term_days,benefit,evidence
p03-annual,p03,All of p03 for a year,subscription,249.00,365,included,article
p07-annual,p07,All of p07 for a year,subscription,119.00,365,included,article
p11-member,p11,Membership of p11,membership,85.00,365,member_price,article
p19-half,p19,Half price at p19,membership,40.00,365,50%,article
"""
BENEFITS = {3: "p03-annual", 7: "p07-annual", 11: "p11-member", 19: "p19-half"}
PARTS = (
    "clinical={0}", "administrative={0}", "general={0}", "clinical|administrative={0}", "any={0}",
    "clinical={0}; administrative={1}", "general={0}; clinical={1}", "clinical|general|administrative={0}",
)  # fmt: skip
AMOUNTS = np.array([0.5, 1, 1, 1, 1.5, 2, 2, 3, 4, 5, 6, 8])
WORDS = (
    "Asthma",
    "Billing",
    "Coding",
    "Diabetes",
    "Ethics",
    "Phlebotomy",
    "Triage",
    "Vaccines",
    "Wounds",
    "Scheduling",
)


def catalog(rows: int, seed: int = 1) -> pd.DataFrame:
    """Return the text of an offerings table of so many rows, one row a course for sale."""
    draw = np.random.default_rng(seed)
    number = np.arange(rows)
    provider = draw.integers(0, PROVIDERS, rows)
    amount = draw.choice(AMOUNTS, rows)
    shape = draw.choice(len(PARTS), rows, p=[0.3, 0.2, 0.2, 0.06, 0.06, 0.06, 0.06, 0.06])
    table = [[part.format(a, max(0.5, a / 2)) for a in AMOUNTS] for part in PARTS]
    place = np.searchsorted(np.unique(AMOUNTS), amount)
    by_shape = np.array([[row[list(AMOUNTS).index(a)] for a in np.unique(AMOUNTS)] for row in table])
    aama = draw.random(rows) < 0.45
    unit = np.where(
        aama,
        "aama_ceu",
        draw.choice(["contact_hour", "contact_hour", "contact_hour", "cme", "ccp_point"], rows),
    )
    first = draw.integers(0, 330, rows)
    days = np.array([str(AS_OF - timedelta(days=330) + timedelta(days=d)) for d in range(2600)])
    window = np.char.add(
        np.char.add("@", days[first]), np.char.add("/", days[first + draw.choice([364, 729, 1094], rows)])
    )
    numbered = np.char.add("aama#", (100_000 + number).astype(str))
    approvals = np.where(aama, np.where(draw.random(rows) < 0.6, np.char.add(numbered, window), numbered), "")
    level = draw.uniform(5, 30, PROVIDERS)[provider]
    cents = np.round(level * amount * draw.uniform(0.6, 1.6, rows) * 100).astype(int)
    ends = draw.choice([0, 95, 99, -1], rows)
    cents = np.maximum(100, np.where(ends < 0, cents, cents // 100 * 100 + ends))
    price = pd.Series(cents // 100).astype(str) + "." + pd.Series(cents % 100).astype(str).str.zfill(2)
    price = price.where(draw.random(rows) > 0.03, "")
    half = pd.Series(np.maximum(1, cents // 200)).astype(str) + ".00"
    passes = pd.Series(provider).map(BENEFITS).fillna("").where(draw.random(rows) < 0.9, "")
    until = np.where(draw.random(rows) < 0.1, days[330 + draw.integers(0, 1500, rows)], "")
    event = draw.random(rows) < 0.03
    starts = np.where(event, days[330 + draw.integers(1, 1500, rows)], "")

    def drawn_word() -> pd.Series:
        return pd.Series(draw.choice(WORDS, rows))

    said = pd.Series(provider).map(lambda n: f"p{n:02d}")
    return pd.DataFrame(
        {
            "offering_id": said + ":" + pd.Series(number).astype(str).str.zfill(7),
            "course_id": np.where(draw.random(rows) < 0.01, "shared-" + pd.Series(number // 200).astype(str), ""),
            "provider": said,
            "title": drawn_word() + " and " + drawn_word() + " " + pd.Series(number).astype(str),
            "kind": np.where(event, "conference", draw.choice(["course", "self_study", "article"], rows)),
            "format": np.where(event, "live_online", "online"),
            "credits": by_shape[shape, place],
            "unit": unit,
            "approvals": approvals,
            "price": price,
            "member_price": np.where(provider == 11, half, ""),
            "passes": passes,
            "available_until": np.where(event, "", until),
            "starts": starts,
            "ends": starts,
            "evidence": "article",
            "source_url": "https://" + said + ".example/courses/" + pd.Series(number).astype(str),
            "seen_on": draw.choice(days[300:330], rows),
        }
    ).sort_values("offering_id")  # fmt: skip


def write(rows: int, folder: Path, seed: int = 1) -> Path:
    """Write a catalog of so many rows into a folder of its own, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    catalog(rows, seed).to_csv(folder / "offerings.csv", index=False, lineterminator="\n")
    (folder / "passes.csv").write_text(PASSES)
    return folder


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
