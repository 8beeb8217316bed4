"""A small shop and rosters of learners who buy there: what the tests of `ceuplan batch` share."""

import csv
import hashlib
import io
import sys
from pathlib import Path

from tests.puzzle import rules, write

AS_OF = "2027-01-01"
HEADER = "learner_id,credential,deadline,cycle_start,budget,hours_per_week,holdings"
EARNED = "learner_id,date,title,credits,unit\n"
COLUMNS = ["learner_id", "status", "cost", "bound", "hours", "purchases", "enrollments", "short", "message"]
CEUPLAN = [sys.executable, "-c", "from optimizer.cli import main; main()"]


def set_up(folder: Path) -> None:
    """Write a catalog and the rules `rules.toml`, which ask for two credits a year.

    Singly a, b and c cost 10, 15 and 20 dollars. The club, 30 dollars a year, includes b and c.
    """
    write(
        folder,
        "offering_id, price, passes, provider\na, 10, , north\nb, 15, club, south\nc, 20, club, south",
        rules("2"),
        passes="pass_id, price, benefit, term_days, provider, kind\nclub, 30, included, 365, south, subscription",
    )
    (folder / "me.toml").unlink()


def rosters(folder: Path, rows: str, earned: str = "") -> None:
    """Write a roster's rows, in which `R` stands for the rules, and what its learners earned."""
    body = "\n".join(row.strip() for row in rows.strip().splitlines()).replace(",R,", ",rules.toml,")
    (folder / "roster.csv").write_text(f"{HEADER}\n{body}\n", "utf-8")
    lines = "\n".join(row.strip() for row in earned.strip().splitlines())
    (folder / "earned.csv").write_text(EARNED + lines + "\n", "utf-8")


def arguments(*more: str) -> list[str]:
    """Return the command's words for the files of `set_up` and `rosters` in the current folder."""
    files = ["roster.csv", "--transcripts", "earned.csv", "-o", "out.csv", "--catalog", "catalog"]
    return ["batch", *files, "--as-of", AS_OF, *more]


def answers(folder: Path) -> list[dict[str, str]]:
    """Return the rows of the answer."""
    return list(csv.DictReader(io.StringIO((folder / "out.csv").read_text("utf-8"))))


def results(folder: Path) -> dict[str, str]:
    """Return the digest of every file that a run leaves."""
    files = [folder / "out.csv", *(folder / "plans").glob("*")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}
