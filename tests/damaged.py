# ruff: noqa: E501 - one row of a table a line
"""A small sound catalog, rules, learner and transcript to damage, and the command run on them in this process."""

import csv
import io
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from catalogs.schema import OFFERINGS, PASSES, Table
from optimizer.cli import main
from optimizer.transcript import TRANSCRIPT
from tests.puzzle import rules

CODES = {0, 2, 3, 4, 5, 6, 7}
AS_OF = ("--as-of", "2027-01-01")
FAULT = re.compile(r"(?P<file>[^,]+?)(?:, rows? (?P<rows>[0-9, -]+))?(?:, column (?P<column>.+?))?: ")


def rows_of(table: Table, *rows: Mapping[str, str]) -> list[list[str]]:
    return [list(table.header), *([row.get(name, "") for name in table.header] for row in rows)]


SHOP = {"provider": "shop", "unit": "hour", "credits": "any=1", "kind": "course", "format": "online"}
COURSES = rows_of(
    OFFERINGS,
    {**SHOP, "offering_id": "a", "title": "A", "price": "10", "approvals": "amt@2027-01-01/2027-09-30"},
    {**SHOP, "offering_id": "b", "title": "B", "price": "15.50", "credits": "clinical|general=1.5", "passes": "half"},
    {**SHOP, "offering_id": "c", "title": "C", "passes": "annual; half", "access_days": "30", "hours": "1.5"},
    {
        **SHOP, "offering_id": "d", "title": "D", "price": "$7", "member_price": "Free", "times": "2",
        "repeat_days": "30", "passes": "club", "kind": "cpr", "evidence": "provider", "assumed": "price",
    },
    {**SHOP, "offering_id": "e", "title": "E", "price": "3", "starts": "2027-03-01", "ends": "2027-03-02"},
)  # fmt: skip
SOLD = rows_of(
    PASSES,
    {"pass_id": "annual", "title": "Annual", "price": "9", "term_days": "90", "benefit": "included", "credit_limit": "4"},
    {"pass_id": "half", "title": "Half", "price": "2", "term_ends": "12-31", "rolls_from": "09-01", "benefit": "50%",
     "requires": "club"},
    {"pass_id": "club", "title": "Club", "price": "1", "renewable": "no", "benefit": "member_price", "kind": "membership"},
)  # fmt: skip
DONE = rows_of(
    TRANSCRIPT,
    {"date": "2026-05-01", "title": "X", "credits": "any=1", "unit": "hour", "kind": "cpr", "course_id": "d"},
    {
        "date": "May 3, 2026",
        "title": "Y",
        "credits": "clinical=0.5",
        "unit": "hour",
        "approvals": "amt",
        "hours": "2",
    },
)
RULES = rules(
    "4",
    '1 category = "clinical"',
    '0.5 approver = "amt"',
    caps=("at_most = 2\nitems_at_most = 2\nwhere = { kind = 'cpr' }",),
    conversions='cme = "5/6"',
    cycle_months=24,
    submit_days_before=7,
    more="""\
    [[version.route]]
    name = "exam"
    price = 250
    passes = { club = 125 }
    [[version.fee]]
    name = "fee"
    amount = 10
    note = "late"
    [[version.not_modelled]]
    text = "More."
    """,
)
LEARNER = """\
budget = 40
transcript = "done.csv"
[[credential]]
file = "rules.toml"
deadline = 2027-12-31
cycle_start = 2026-01-01
shares = "yes"
[[holding]]
pass_id = "club"
until = 2027-06-30
[[holding]]
offering_id = "e"
[[earned]]
date = 2026-06-01
title = "T"
credits = "general=0.5"
unit = "cme"
[[offering]]
offering_id = "mine"
provider = "work"
title = "M"
credits = "any=1"
unit = "hour"
price = 8.5
passes = ["half"]
[[price]]
id = "annual"
price = 5
[preferences]
exclude = ["a"]
exclude_providers = "nobody"
formats = ["online"]
max_purchases = 9
"""


def csv_of(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def with_cell(rows: Sequence[Sequence[str]], table: Table, row: int, column: str, value: str) -> bytes:
    """Return a sound file with one cell changed; row as a spreadsheet counts it."""
    changed = [list(cells) for cells in rows]
    changed[row - 1][table.header.index(column)] = value
    return csv_of(changed)


@dataclass
class Ran:
    """Hold what one run of the command left."""

    code: int
    out: str
    err: str


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*args: str) -> Ran:
    """Run the command in this process and check what holds of every run."""
    out, err = Screen(), Screen()
    died = AssertionError("os._exit was called: an error of the system that no one expected")
    with (
        patch.object(sys, "argv", ["ceuplan", *args]),
        patch.object(os, "_exit", side_effect=died),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as left:
            code = left.code or 0
    ran = Ran(code, out.getvalue(), err.getvalue())
    assert code in CODES
    assert "Traceback" not in ran.err
    unsafe = [
        c for c in set(ran.out + ran.err) if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")
    ]
    assert not unsafe, (unsafe, ran.err[:1000])
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") & set(
        ran.out + ran.err
    )
    return ran


def faults_in(ran: Ran, *files: str) -> Iterator[re.Match[str]]:
    """Yield each fault a run tells of, after checking that it names one of these files and says what to do."""
    told, _, total = ran.err.removesuffix("\n").rpartition("\n\n")
    assert re.fullmatch(r"[0-9]+ faults? in .*\. Correct what is named above, then run it again\.", total), (
        ran.err
    )
    lines = told.split("\n")
    assert len(lines) % 2 == 0
    assert len(lines) >= 2
    for says, remedy in zip(lines[::2], lines[1::2], strict=True):
        found = FAULT.match(says)
        assert found, says
        assert Path(found["file"]).name in files or "it cannot be read" in says, says
        assert remedy.startswith("  ")
        assert remedy.endswith((".", "?")), remedy
        assert len(says) + len(remedy) < 2000
        yield found


@contextmanager
def files(**changed: bytes) -> Iterator[None]:
    """Yield in a new folder that holds the sound files, some of them changed."""
    sound = {
        "shop": csv_of(COURSES), "passes": csv_of(SOLD), "done": csv_of(DONE), "rules": RULES.encode(),
        "me": LEARNER.encode(),
    }  # fmt: skip
    names = {
        "shop": "c/shop.csv",
        "passes": "c/passes.csv",
        "done": "done.csv",
        "rules": "rules.toml",
        "me": "me.toml",
    }
    with tempfile.TemporaryDirectory() as name, chdir(name):
        Path("c").mkdir()
        for key, data in (sound | changed).items():
            Path(names[key]).write_bytes(data)
        yield


ASK = ("optimize", "--profile", "me.toml", "--catalog", "c", *AS_OF, "--time-limit", "20")
CSVS = ("shop.csv", "passes.csv")


def asked(*more: str, **changed: bytes) -> Ran:
    """Return a run of `optimize` on the files; a plan it finds is proved by `verify` as well."""
    with files(**changed):
        ran = run(*ASK, *more)
        assert ran.code != 7, ran.err
    return ran
