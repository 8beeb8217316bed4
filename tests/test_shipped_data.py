"""The shipped catalog and credentials say where every value comes from, and which ones nobody published."""

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogs.loading import load
from optimizer.credential_file import load_shipped, shipped_ids

ROOT = Path(__file__).parent.parent
CATALOG = ROOT / "catalogs"
CREDENTIALS = ROOT / "optimizer" / "credentials"
OFFERING_HEADER = (
    "offering_id,course_id,provider,title,url,kind,format,topics,credits,unit,approvals,hours,price,member_price,"
    "passes,available_from,available_until,starts,ends,access_days,times,repeat_days,evidence,assumed,source_url,"
    "seen_on,note"
)
SUBSCRIPTION_HEADER = (
    "pass_id,provider,title,kind,price,term_days,term_ends,rolls_from,benefit,credit_limit,renewable,requires,url,"
    "evidence,assumed,source_url,seen_on,note"
)
CONFIDENCES = {"issuer", "copy", "third-party", "article", "unverified"}
MINIMUMS = {  # of the newest rules: months of a cycle, unit, and the least credit, rule by rule
    "ahi-amt": "36 ccp_point 30",
    "bcba-bacb": "24 bacb_ceu 32 4 4",
    "ccma-a-ccbma": "60 ccbma_credit 60 30 15",
    "ccma-ac-ccbma": "60 ccbma_credit 60 30 15 15",
    "ccma-c-ccbma": "60 ccbma_credit 60 30 15",
    "ccma-nha": "24 nha_credit 10",
    "clc-amt": "36 ccp_point 45",
    "cma-aama": "60 recertification_point 60 10 10 10 30",
    "cmaa-nha": "24 nha_credit 10",
    "cmac-amca": "24 amca_credit 10",
    "cmas-amt": "36 ccp_point 30",
    "cmla-amt": "36 ccp_point 30",
    "cpc-aapc": "24 aapc_ceu 36",
    "cpht-ptcb": "24 ce_hour 20 15 1 1",
    "emt-nremt": "24 ce_hour 40 20 10 10",
    "ma-medca": "24 clock_hour 9",
    "ma-nhcwa": "24 clock_hour 8 4",
    "mdt-amt": "36 ccp_point 36",
    "mlt-amt": "36 ccp_point 45",
    "mt-amt": "36 ccp_point 45",
    "ncma-ncct": "12 clock_hour 14",
    "rda-amt": "36 ccp_point 30",
    "rma-amt": "36 ccp_point 30",
    "rma-arma": "12 arma_ceu 12 6 6 12",
    "rn-florida": "24 contact_hour 24 2 2 2 2 2 1",
    "rpt-amt": "36 ccp_point 24",
}
NEVER_CITED = ("winenfood", "visualfoodie", "eatsip365", "allcma")
SOURCED_PRICES = {  # rows whose price somebody published for that very thing
    "aama:review-exam": "45.00",
    "ace-annual": "29.95",
    "cdc:covid-19-vaccine-training": "0.00",
    "continuingeducation:cma01": "10.00",
    "exeter-hospital:half-day-session": "0.00",
    "relias-all-access": "249.00",
    **{f"nha:library-{n:02d}": "0.00" for n in range(1, 11)},
}
SOURCED_MEMBER_PRICES = {"aama:review-exam": "30.00", "continuingeducation:cma01": "5.00"}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _offering_files() -> list[Path]:
    return sorted(path for path in CATALOG.glob("*.csv") if path.name != "passes.csv")


def _offerings() -> list[dict[str, str]]:
    return [row for path in _offering_files() for row in _read(path)]


def _passes() -> list[dict[str, str]]:
    return _read(CATALOG / "passes.csv")


def _id(row: dict[str, str]) -> str:
    return row.get("offering_id") or row["pass_id"]


def _assumed(row: dict[str, str]) -> list[str]:
    return [column for column in row["assumed"].split("; ") if column]


def _credentials() -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(CREDENTIALS.glob("*.toml"))]


def _numbers(credential: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every table of a credential that states a number."""
    for version in credential["version"]:
        yield f"{credential['id']}, version {version['effective']}", version
        for kind in ("requirement", "cap", "route", "fee"):
            for rule in version.get(kind, ()):
                yield f"{credential['id']}, {kind} {rule['name']}", rule
        if "carry_over" in version:
            yield f"{credential['id']}, carry_over", version["carry_over"]


def test_files_are_in_the_form_the_tool_writes() -> None:
    for path in (*_offering_files(), CATALOG / "passes.csv"):
        data = path.read_bytes()
        ids = [_id(row) for row in _read(path)]

        assert b"\r" not in data, path.name
        assert data.endswith(b"\n"), path.name
        assert data.decode().splitlines()[0] == (
            SUBSCRIPTION_HEADER if path.name == "passes.csv" else OFFERING_HEADER
        ), path.name
        assert ids == sorted(ids), path.name
        assert ids, path.name


def test_ids_are_unique_and_begin_with_the_provider_which_names_the_file() -> None:
    ids = [_id(row) for row in (*_offerings(), *_passes())]

    assert [name for name, count in Counter(ids).items() if count > 1] == []
    for path in _offering_files():
        for row in _read(path):
            assert row["provider"] == path.stem
            assert row["offering_id"].startswith(f"{path.stem}:")


def test_every_pass_named_exists() -> None:
    known = {row["pass_id"] for row in _passes()}

    for row in _offerings():
        assert {name.strip() for name in row["passes"].split(";") if name} <= known, _id(row)
    for row in _passes():
        assert row["requires"] in known | {""}, _id(row)


def test_every_row_says_where_and_when_it_was_seen() -> None:
    for row in (*_offerings(), *_passes()):
        assert row["evidence"] in {"provider", "secondary", "article"}, _id(row)
        assert row["source_url"].startswith(("http://", "https://")), _id(row)
        assert row["seen_on"] == "2026-11-22", _id(row)


def test_every_assumed_column_is_a_filled_column_explained_in_the_note() -> None:
    for row in (*_offerings(), *_passes()):
        for column in _assumed(row):
            assert row.get(column), f"{_id(row)}: {column}"
        if _assumed(row):
            assert row["note"], _id(row)


def test_every_price_is_published_or_assumed() -> None:
    for row in (*_offerings(), *_passes()):
        for column, sourced in (("price", SOURCED_PRICES), ("member_price", SOURCED_MEMBER_PRICES)):
            if not row.get(column):
                continue
            whole, _, cents = row[column].partition(".")

            assert whole.isdigit(), _id(row)
            assert len(cents) == 2, _id(row)
            assert (column in _assumed(row)) != (sourced.get(_id(row)) == row[column]), (
                f"{_id(row)}: {column}"
            )


def test_a_row_without_a_published_title_says_so() -> None:
    for row in _offerings():
        assert ("title" in _assumed(row)) == ("title not published" in row["title"]), _id(row)


def test_members_pay_half_for_self_study_and_have_six_months() -> None:
    rows = [row for row in _offerings() if row["offering_id"].startswith("aama:self-study-")]

    assert rows
    for row in rows:
        assert float(row["member_price"]) * 2 == float(row["price"])
        assert row["passes"] == "aama-membership"
        assert row["access_days"] == "180"


def test_ace_is_two_years_of_forty_credits_spread_evenly() -> None:
    rows = [row for row in _offerings() if row["provider"] == "ace"]
    categories = Counter(row["credits"].partition("=")[0] for row in rows)
    annual = {_id(row): row for row in _passes()}["ace-annual"]

    assert len(rows) == 80
    assert {row["credits"].partition("=")[2] for row in rows} == {"1"}
    assert sorted(categories.values()) == [26, 27, 27]
    assert set(categories) == {"administrative", "clinical", "general"}
    assert sum("unlisted" in row["offering_id"] for row in rows) == 71
    for row in rows:
        assert {"credits", "unit"} <= set(_assumed(row))
        assert row["price"] == ""
        assert row["passes"] == "ace-annual"
    assert (annual["price"], annual["term_days"], annual["credit_limit"]) == ("29.95", "365", "40")


def test_relias_courses_are_not_aama_approved() -> None:
    rows = [row for row in _offerings() if row["provider"] == "relias-academy"]

    assert len(rows) == 7
    for row in rows:
        assert row["approvals"] == ""
        assert row["price"] == "60.00"
        assert {"price", "credits"} <= set(_assumed(row))


def test_a_cpr_card_counts_thrice_two_years_apart() -> None:
    (row,) = [row for row in _offerings() if row["kind"] == "cpr"]

    assert (row["credits"], row["times"], row["repeat_days"]) == ("clinical=4", "3", "730")
    assert row["approvals"] == "aama"


def test_an_expired_approval_stays_expired() -> None:
    (row,) = [row for row in _offerings() if row["offering_id"] == "continuingeducation:cma01"]
    windows = [approval.partition("@")[2] for approval in row["approvals"].split("; ")]

    assert windows == [
        "2015-06-01/2016-06-01",
        "2016-06-11/2017-06-11",
        "2017-08-30/2018-08-29",
        "2018-08-30/2019-08-29",
    ]
    assert row["available_until"] == "2019-08-29"


def test_an_event_without_a_date_cannot_be_bought() -> None:
    for row in _offerings():
        if row["kind"] in {"conference", "workshop"} and not row["starts"]:
            assert row["price"] == "" or row["available_until"] < "2026-11-22", _id(row)


def test_exactly_these_credentials_are_shipped() -> None:
    assert [credential["id"] for credential in _credentials()] == list(MINIMUMS)
    for path in CREDENTIALS.glob("*.toml"):
        assert tomllib.loads(path.read_text(encoding="utf-8"))["id"] == path.stem


def test_every_number_of_a_credential_has_a_source_and_a_confidence() -> None:
    for credential in _credentials():
        for where, table in _numbers(credential):
            assert table["confidence"] in CONFIDENCES, where
            assert table["source"]["title"], where
            assert table["source"]["url"].startswith(("http://", "https://")), where
            assert table["source"]["read_on"].isoformat() == "2026-11-22", where


@pytest.mark.parametrize("credential_id", MINIMUMS)
def test_no_minimum_changes_unnoticed(credential_id: str) -> None:
    """Tests the newest rules against a list kept by hand: who corrects a number corrects it there, too."""
    (credential,) = [credential for credential in _credentials() if credential["id"] == credential_id]
    version = max(credential["version"], key=lambda version: version["effective"])
    months, unit, *least = MINIMUMS[credential_id].split()

    assert credential["unit"] == unit
    assert version["cycle_months"] == int(months)
    assert [str(rule["at_least"]) for rule in version["requirement"]] == least


def test_every_version_says_in_whole_sentences_what_it_leaves_out() -> None:
    """Tests that no rules pass for complete: no issuer's are, as all that were read leave something to ask."""
    for credential in _credentials():
        for version in credential["version"]:
            texts = [item["text"] for item in version["not_modelled"]]

            assert texts, credential["id"]
            assert len(set(texts)) == len(texts), credential["id"]
            for text in texts:
                assert text.endswith("."), text
                assert len(text) <= 300, text


def test_what_nobody_verified_is_told_to_the_reader() -> None:
    """Tests that the page of a number nobody checked is cited by one of the sentences every plan prints."""
    for credential in _credentials():
        for version in credential["version"]:
            told = {item["source"]["url"] for item in version["not_modelled"] if "source" in item}
            for kind in ("requirement", "cap", "route", "fee"):
                for rule in version.get(kind, ()):
                    if rule["confidence"] == "unverified":
                        assert rule["source"]["url"] in told, f"{credential['id']}, {kind} {rule['name']}"


def test_no_content_farm_is_cited_and_no_path_of_a_machine_is_named() -> None:
    for path in (*CATALOG.glob("*.csv"), *CREDENTIALS.glob("*.toml")):
        text = path.read_text(encoding="utf-8").lower()

        assert [host for host in NEVER_CITED if host in text] == [], path.name
        assert "/work" not in text, path.name
        assert "/home/" not in text, path.name


def test_the_loaders_take_all_of_it() -> None:
    catalog = load(CATALOG)
    credentials = [load_shipped(name) for name in shipped_ids()]

    assert (len(catalog.offerings), len(catalog.passes)) == (len(_offerings()), len(_passes()))
    assert [credential.id for credential in credentials] == [raw["id"] for raw in _credentials()]
