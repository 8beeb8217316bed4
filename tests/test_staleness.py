"""What may be out of date: rows by their age, approvals by their end."""

from datetime import date

from catalogs.loading import load, offerings_of, passes_of
from catalogs.staleness import stale

AS_OF = date(2026, 11, 22)
HEADER = "offering_id,provider,title,credits,approvals,available_until,ends,seen_on\n"


def told(tmp_path, *rows, passes="", **more):
    (tmp_path / "rows.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
    text = f"pass_id,provider,title,price,benefit,seen_on\n{passes}"
    (tmp_path / "passes.csv").write_text(text, "utf-8")
    catalog = load([tmp_path])
    return stale(offerings_of(catalog), passes_of(catalog), AS_OF, **more)


def test_nothing_to_tell(tmp_path):
    assert told(tmp_path, "p:1,p,One,any=1,aama,,,2025-11-22", "p:2,p,Two,any=1,,,,") == []


def test_rows_older_than_a_year(tmp_path):
    rows = ("p:1,p,One,any=1,,,,2025-11-21", "p:2,p,Two,any=1,,,,2024-01-05", "q:1,q,One,any=1,,,,2025-01-01")
    found = told(tmp_path, *rows, passes="club,q,The club,1.00,included,2024-06-01\n")
    advice = "more than 365 days ago: check the prices before you pay."
    assert found == [
        f"2 rows of p date from days between 2024-01-05 and 2025-11-21, {advice}",
        f"2 rows of q date from days between 2024-06-01 and 2025-01-01, {advice}",
    ]
    assert told(tmp_path, rows[2], old_days=700) == []
    (one,) = told(tmp_path, rows[2])
    assert one.startswith("One row of q dates from 2025-01-01,")


def test_what_is_for_sale_no_more_is_left_out(tmp_path):
    rows = (
        "p:1,p,One,any=1,aama@2020-01-01/2020-12-31,2026-11-21,,2020-01-01",
        "p:2,p,Two,any=1,,,2026-11-21,2020-01-01",
    )
    assert told(tmp_path, *rows) == []


def test_approvals_that_end_or_have_ended(tmp_path):
    rows = (
        "p:1,p,Soon,any=1,aama@2026-01-01/2026-12-22,,,",
        "p:2,p,Later,any=1,aama@2026-01-01/2026-12-23,,,",
        "p:3,p,Renewed,any=1,aama@2026-01-01/2026-12-01; aama@2026-12-02/2027-12-01,,,",
        "p:4,p,Over,any=1,aama@2025-01-01/2025-12-31,,,",
        "p:5,p,Also without a window,any=1,aama@2025-01-01/2025-12-31; aama,,,",
        "p:6,p,Today,any=1,amt@2025-01-01/2026-11-22,,,",
    )
    assert told(tmp_path, *rows) == [
        "The approval by aama of 1 course of p ended on 2025-12-31, and no later one is known: ask about it.",
        "The approval by aama of 1 course of p ends on 2026-12-22, and no later one is known: ask about it.",
        "The approval by amt of 1 course of p ends on 2026-11-22, and no later one is known: ask about it.",
    ]
