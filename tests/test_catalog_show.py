# ruff: noqa: E501 - a catalog is easier read in rows than wrapped
"""`ceuplan catalog show`: the table as a reader sees it, what the filters let through, and the list as CSV."""

import csv
import io
import re
import sys
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogs.listing import Measure, half_up, listing, listing_csv
from catalogs.listing_filters import Wishes
from catalogs.listing_text import listing_text
from catalogs.loading import load, shipped_folder
from catalogs.schema import OFFERINGS
from catalogs.wrapping import columns_of, wrapped
from optimizer.cli import main
from tests.puzzle import rules

OK, USAGE, CATALOG, INPUT = 0, 2, 3, 4

SHOP = """\
offering_id,provider,title,credits,unit,approvals,kind,price,member_price,passes,available_from,available_until,starts,ends,assumed
n:pharma,north,Pharmacology basics,clinical=3,contact_hour,aama,course,20.00,12.50,club,,,,,
n:half,north,Half a credit,general=0.5,contact_hour,amt,course,0.25,,,,,,,
n:billing,north,"Billing, and coding",administrative|clinical=1; general=0.5,contact_hour,aama; amt,course,,9.00,club,2026-01-01,2027-09-30,,,credits
n:video,north,Video,general=1,contact_hour,,self_study,,,all; club,,,,,title; credits
s:day,south,Spring study day,any=6,contact_hour,aama,conference,45.00,,,,,2027-05-08,2027-05-09,price
s:free,south,Free hour,clinical=1,cme,,course,0,,,,,,,
s:half,south,Half off,clinical=1,contact_hour,,course,9.99,,sale,,,,,
s:lost,south,Nobody knows its unit,clinical=1,,,course,1.00,,,,,,,
s:none,south,No credit stated,,contact_hour,,exam,5.00,,,,,,,
t:dear,third,Dear,clinical=0.07,contact_hour,,course,1234.56,,,,,,,
"""
PASSES = """\
pass_id,title,price,term_days,term_ends,rolls_from,benefit,credit_limit,assumed
all,All of it,,,,,included,40,credit_limit
club,North's clubhouse,11.99,,12-31,09-01,member_price,,
sale,Half-price week,3.00,7,,,50%,,
"""


@pytest.fixture
def shop(tmp_path):
    """Return a folder with ten offerings and three passes."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "shop.csv").write_text(SHOP, "utf-8")
    (folder / "passes.csv").write_text(PASSES, "utf-8")
    return folder


@pytest.fixture
def ceuplan(monkeypatch, capsys):
    def run(*args):
        monkeypatch.setattr(sys, "argv", ["ceuplan", *map(str, args)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, *capsys.readouterr()

    return run


def ids(shop, sort="id", measure=None, **wishes):
    """Return the ids of what is listed, in order."""
    found = listing(load(shop), Wishes(**wishes), sort, measure)
    return [row.offering.offering_id for row in found.rows]


# What it looks like


def test_table_of_a_small_shop(golden, shop):
    golden("catalog-show.txt", listing_text(listing(load(shop), Wishes())))


def test_table_in_the_unit_of_a_credential(golden, shop):
    measure = Measure("Puzzler (TEST)", "point", {"contact_hour": Fraction(5, 6), "point": Fraction(1)})
    golden("catalog-show-credential.txt", listing_text(listing(load(shop), Wishes(), "id", measure)))


def test_table_of_the_shipped_catalog(golden):
    wishes = Wishes(categories=("clinical",), max_price="20")
    golden("catalog-show-shipped.txt", listing_text(listing(load(shipped_folder()), wishes)))


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("folder", ["shop", "shipped"])
def test_no_line_is_wider_than_asked(shop, width, folder):
    read = load(shop if folder == "shop" else shipped_folder())
    lines = listing_text(listing(read, Wishes()), width).splitlines()
    assert max(map(columns_of, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


def test_numbers_stand_in_columns(shop):
    """Tests that every row's last figure ends where its heading ends."""
    header, *lines = listing_text(listing(load(shop), Wishes())).splitlines()
    while "offering " not in header:
        header, *lines = lines
    ends = {len(line) for line in lines if re.search(r"\$[0-9.]+$|  -$", line) and line[2] != " "}
    assert ends == {len(header)}


# What a credit costs, by hand


@pytest.mark.parametrize(
    ("offering", "cost"),
    [
        ("n:pharma", "6.67"),  # 20.00 / 3 = 6.666…
        ("n:half", "0.50"),  # 0.25 / 0.5
        ("n:billing", ""),  # no list price
        ("s:day", "7.50"),  # 45.00 / 6
        ("s:free", "0.00"),
        ("s:none", ""),  # no credit
        ("t:dear", "17636.57"),  # 1234.56 / 0.07 = 17636.5714…
    ],
)
def test_dollars_a_credit_are_those_of_a_calculator(shop, offering, cost):
    read = load(shop)
    rows = csv.DictReader(io.StringIO(listing_csv(read, listing(read, Wishes()))))
    assert {row["offering_id"]: row["price_per_credit"] for row in rows}[offering] == cost


def test_dollars_are_those_of_a_converted_credit(shop):
    """Tests 20.00 / (3 · 5/6) = 8.00 and 9.99 / (5/6) = 11.988."""
    measure = Measure("Test", "point", {"contact_hour": Fraction(5, 6)})
    found = listing(load(shop), Wishes(), measure=measure)
    cents = {row.offering.offering_id: row.cents_per_credit for row in found.rows}
    assert cents["n:pharma"] == 800
    assert cents["s:half"] == Fraction("1198.8")


@pytest.mark.parametrize(
    ("value", "whole"), [("0", 0), ("1/2", 1), ("49/100", 0), ("5/2", 3), ("0.4999", 0), ("7", 7)]
)
def test_half_goes_up(value, whole):
    assert half_up(Fraction(value)) == whole


# What is let through


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({"providers": ["south", "third"]}, ["s:day", "s:free", "s:half", "s:lost", "s:none", "t:dear"]),
        ({"categories": ["clinical"]}, ["n:billing", "n:pharma", "s:free", "s:half", "s:lost", "t:dear"]),
        ({"categories": ["administrative"]}, ["n:billing"]),
        ({"categories": ["any"]}, ["s:day"]),
        ({"categories": ["General", "any"]}, ["n:billing", "n:half", "n:video", "s:day"]),
        ({"approvers": ["amt"]}, ["n:billing", "n:half"]),
        ({"kinds": ["Self-Study", "exam"]}, ["n:video", "s:none"]),
        ({"passes": ["all"]}, ["n:video"]),
        ({"max_price": "$1"}, ["n:half", "s:free", "s:lost"]),
        ({"max_price": "0"}, ["s:free"]),
        ({"categories": ["clinical"], "approvers": ["aama"], "max_price": "20.00"}, ["n:pharma"]),
    ],
    ids=str,
)
def test_filters(shop, wishes, expected):
    assert ids(shop, **wishes) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("price-per-credit", "s:free n:half s:lost n:pharma s:day s:half t:dear n:billing n:video s:none"),
        ("price", "s:free n:half s:lost s:none s:half n:pharma s:day t:dear n:billing n:video"),
        ("credits", "s:day n:pharma n:billing n:video s:free s:half s:lost n:half t:dear s:none"),
        ("provider", "n:billing n:half n:pharma n:video s:day s:free s:half s:lost s:none t:dear"),
        ("id", "n:billing n:half n:pharma n:video s:day s:free s:half s:lost s:none t:dear"),
    ],
)
def test_orders(shop, sort, expected):
    assert " ".join(ids(shop, sort)) == expected


def test_unit_that_does_not_convert_is_counted_and_named(shop):
    measure = Measure("Test", "point", {"contact_hour": Fraction(1)})
    text = listing_text(listing(load(shop), Wishes(), measure=measure))
    assert "8 of 10 offerings shown." in text
    assert "1 not shown, since the unit cme does not convert to point: s:free." in text
    assert "1 not shown, since an unknown unit does not convert to point: s:lost." in text


def test_price_asked_for_tells_what_has_none(shop):
    text = listing_text(listing(load(shop), Wishes(approvers=["amt"], max_price="5")))
    told = "1 offering that matches otherwise has no price of its own: --max-price leaves it out."
    assert told in " ".join(text.split())


# What is typed wrongly


def test_all_wrong_names_are_told_at_once(ceuplan, shop):
    code, out, err = ceuplan(
        "catalog", "show", shop, "--provider", "noth", "--category", "clincal", "--approver", "aaam",
        "--kind", "curse", "--pass", "clbu", "--max-price", "cheap", "--sort", "prize",
    )  # fmt: skip
    assert (code, out) == (USAGE, "")
    for hint in ("north", "clinical", "aama", "course", "club", "price"):
        assert f'Did you mean "{hint}"?' in err
    assert "Known: north, south, third." in err
    assert '"cheap"' in err


@pytest.mark.parametrize(
    "args",
    [["--provider", ""], ["--kind", ""], ["--pass", "\x1b[2J"], ["--max-price", "-1"], ["--format", "xml"]],
)
def test_nonsense_is_refused_in_words(ceuplan, shop, args):
    code, out, err = ceuplan("catalog", "show", shop, *args)
    assert (code, out) == (USAGE, "")
    assert "\x1b" not in err
    assert args[0] in err


def test_many_known_names_are_not_listed(shop):
    rows = "".join(f"x:{i},provider-{i},T,any=1\n" for i in range(30))
    (shop / "more.csv").write_text("offering_id,provider,title,credits\n" + rows, "utf-8")
    with pytest.raises(Exception, match="no offering of this catalog has that provider") as refused:
        ids(shop, providers=["provider-99"])
    assert "There are 33" in refused.value.faults[0].remedy


def test_wrong_credential_is_4_and_wrong_catalog_is_3(ceuplan, shop):
    code, _, err = ceuplan("catalog", "show", shop, "--credential", "cma-aam")
    assert (code, 'Did you mean "cma-aama"?' in err) == (INPUT, True)
    assert ceuplan("catalog", "show", "nowhere")[0] == CATALOG


# When nothing is left


def test_filter_that_leaves_nothing_is_named(ceuplan, shop):
    code, out, _ = ceuplan("catalog", "show", shop, "--kind", "college", "--provider", "north")
    assert code == OK
    assert "None of 10 offerings matches." in out
    assert "--kind college alone leaves nothing of 10 offerings." in out


def test_filters_that_leave_nothing_together_are_named(ceuplan, shop):
    code, out, _ = ceuplan("catalog", "show", shop, "--provider", "north", "--max-price", "0")
    assert code == OK
    told = "Each of these alone leaves some, all together none: --provider north (4), --max-price 0 (1)."
    assert told in " ".join(out.split())
    assert "Without --provider north, 1 would match." in out
    assert "Without --max-price 0, 4 would match." in out


def test_csv_of_nothing_is_a_header_and_a_note(ceuplan, shop):
    code, out, err = ceuplan("catalog", "show", shop, "--kind", "college", "--format", "csv")
    assert code == OK
    assert out == ",".join([*OFFERINGS.header, "price_per_credit"]) + "\n"
    assert "--kind college alone leaves nothing" in err


def test_catalog_without_offerings_says_so(ceuplan, tmp_path):
    (tmp_path / "shop.csv").write_text("offering_id,provider,title,credits\n", "utf-8")
    code, out, _ = ceuplan("catalog", "show", tmp_path / "shop.csv")
    assert (code, "The catalog holds no offerings." in out) == (OK, True)


# As a program reads it


def csv_again(folder, read):
    """Return the catalog whose offerings are those that `show` writes."""
    folder.mkdir(exist_ok=True)
    found = listing(read, Wishes())
    (folder / "again.csv").write_text(listing_csv(read, found), "utf-8", newline="")
    return load(folder)


def test_csv_of_the_shipped_catalog_is_the_catalog(tmp_path):
    read = load(shipped_folder())
    (tmp_path / "passes.csv").write_bytes((shipped_folder() / "passes.csv").read_bytes())
    again = csv_again(tmp_path, read)
    assert again.digest == read.digest
    assert [note for note in again.notes if "price_per_credit" in note] == list(again.notes)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            TEXT, TEXT, st.sampled_from(["", "any=1", "a|b=0.25; c=2"]), st.sampled_from(["", "0", "19.99"]),
            st.sampled_from(["", "contact_hour", "cme"]), TEXT,
        ),
        max_size=6,
    )
)  # fmt: skip
def test_csv_loads_back_to_the_same_catalog(tmp_path_factory, rows):
    """Tests titles, providers and notes of any text: formulas, quotes, line ends, escapes of a terminal."""
    folder = tmp_path_factory.mktemp("catalog")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["offering_id", "provider", "title", "credits", "price", "unit", "note"])
    writer.writerows([f"id:{number}", *row] for number, row in enumerate(rows))
    (folder / "shop.csv").write_text(out.getvalue(), "utf-8", newline="")
    read = load(folder)
    assert csv_again(folder / "again", read).digest == read.digest
    lines = listing_text(listing(read, Wishes())).splitlines()
    assert max(map(columns_of, lines)) <= 80
    assert not any(unicodedata.category(character).startswith("C") for character in "".join(lines))


def test_file_and_pipe_get_the_same_csv(ceuplan, shop, tmp_path):
    code, out, err = ceuplan("catalog", "show", shop, "--format", "csv", "--sort", "price")
    assert (code, err) == (OK, "")
    ceuplan("catalog", "show", shop, "--format", "csv", "--sort", "price", "-o", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == out.encode()


def test_own_credential_file(ceuplan, shop, tmp_path):
    (tmp_path / "mine.toml").write_text(rules("2", conversions='contact_hour = "1/2"'), "utf-8")
    code, out, _ = ceuplan("catalog", "show", shop, "--credential", tmp_path / "mine.toml", "--sort", "id")
    assert code == OK
    assert re.search(r"n:pharma +1\.5 +\$20\.00 +\$13\.33\n", out)
    assert "Credits are in point, as Puzzler (TEST) counts them." in out


# Hostile text

HOSTILE = [
    "\x1b[2J\x1b[31mred\x07",
    "one\r\n\n* n:fake    1  $0.00  $0.00",
    "\u202egnorw ,thgir ot tfel\u2066\u200f",
    "\x9b31m\x85\u2028\u2029next",
    "=HYPERLINK(1)",
    "{0} %s {plan} [bold]\\n",
    "t" * 5_000,
    "Ä" * 200 + " 日本語" * 40,
    "word " * 2_000,
]


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_harmless(ceuplan, tmp_path, title):
    quoted = title.replace('"', '""')
    header = "offering_id,provider,title,credits,price,passes,unit,assumed\n"
    (tmp_path / "shop.csv").write_text(
        f'{header}"{quoted}","{quoted}","{quoted}",any=1,,"{quoted}",cme,title\n', "utf-8", newline=""
    )
    (tmp_path / "passes.csv").write_text(
        f'pass_id,title,price,benefit\n"{quoted}","{quoted}",1,included\n', "utf-8", newline=""
    )
    code, out, err = ceuplan("catalog", "show", tmp_path)
    assert (code, err) == (OK, "")
    lines = out.splitlines()
    assert max(map(columns_of, lines)) <= 80
    assert not any(unicodedata.category(character).startswith("C") for character in "".join(lines))
    assert [line for line in lines if line.startswith("* n:fake")] == []
    assert len(title) < 200 or "…" in out
    assert len(lines) < 80


def test_wrapped_breaks_long_words_and_addresses():
    assert wrapped("ab " + "x" * 7, 4, "- ", "  ") == ["- ab", "  xx", "  xx", "  xx", "  x"]
    assert wrapped("https://example.org/a-long-name", 24) == ["https://example.org/", "a-long-name"]
    assert wrapped("", 10, "  ") == [""]
    assert wrapped("日本語", 4) == ["日本", "語"]
