# ruff: noqa: E501 - a table is easier read in columns than wrapped
"""What was bought against what was planned: rows matched by id or title, what is left, and the file's next lines."""

import json
import random
import re
import sys
import tomllib
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from optimizer.cart import Shop, cart_of, shop_of
from optimizer.cli import main
from optimizer.plan import to_json
from optimizer.receipt import ReceiptLine, read_receipt
from optimizer.schemas import schema
from optimizer.verify_claims import PlanClaims
from tests.puzzle import answer, question, rules, write

SHOP = """
    offering_id, provider, title,            credits,    price, member_price, passes, available_from, available_until, access_days
    n:one,       north,    First steps,      clinical=2, 20.00, -,            -,      -,              -,               90
    n:two,       north,    Second steps,     clinical=2, 15.00, -,            -,      -,              -,               -
    s:two,       south,    Third steps,      clinical=2, 30.00, 10.00,        club,   2027-06-01,     2027-06-30,      -
    s:more,      south,    Odd one out,      any=1,      99.00, -,            -,      -,              -,               -
    t:more,      third,    Odd one out,      any=1,      98.00, -,            -,      -,              -,               -
    i:in,        inside,   Inside the club,  clinical=2, 50.00, -,            all,    -,              -,               -
"""  # fmt: skip
PASSES = """
    pass_id, provider, title,          price, term_days, benefit
    club,    south,    The South Club, 5.00,  30,        member_price
    all,     inside,   All inside,     12.00, 365,       included
"""
RULES = rules("8")
COSTS = "n:one 20.00, n:two 15.00, s:two 10.00, club 5.00, all 12.00"
"""What the plan buys: the club on the day its course is to be had, everything else at once."""


@pytest.fixture
def ceuplan(monkeypatch, capsys, tmp_path):
    """Run the command in a folder with the shop, its plan and what a receipt says; no run prints control characters."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, SHOP, RULES, passes=PASSES)

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["ceuplan", *args])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out + err)
        return left.value.code or 0, out, err

    assert run(*optimize())[0] == 0
    return run


def optimize(*more):
    asked = ("--profile", "me.toml", "--catalog", "catalog", "--as-of", "2027-01-01", "--format", "json")
    return ("optimize", *asked, "-o", "plan.json", *more)


def check(ceuplan, receipt, *more, as_of="2027-01-10"):
    """Return what the command says of a receipt, as JSON."""
    Path("receipt.csv").write_text(receipt, "utf-8")
    args = ("receipt.csv", "--plan", "plan.json", "--catalog", "catalog", "--as-of", as_of)
    code, out, err = ceuplan("check-cart", *args, "--format", "json", *more)
    assert code == 0, err
    cart = json.loads(out)
    Draft202012Validator(schema("cart")).validate(cart)
    assert ceuplan("check-cart", *args, *more)[0] == 0
    return cart


def text(ceuplan, as_of="2027-01-10"):
    args = ("receipt.csv", "--plan", "plan.json", "--catalog", "catalog", "--as-of", as_of)
    code, out, _ = ceuplan("check-cart", *args)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    return out


def ids(lines):
    return [one["id"] for one in lines]


def test_plan_of_these_tests_buys_what_they_say(ceuplan):  # noqa: ARG001 - the fixture writes the plan
    plan = json.loads(Path("plan.json").read_text("utf-8"))
    assert {f"{p['id']} {p['price']}" for p in plan["purchases"]} == set(COSTS.split(", "))
    assert {p["id"]: p["on"] for p in plan["purchases"]}["club"] == "2027-06-01"


def test_whole_plan_bought_is_as_planned(ceuplan):
    """Tests ids, titles in other letters and punctuation, and a title with the id's own word."""
    cart = check(
        ceuplan,
        "id,title,price,date\n"
        "n:one,,20.00,2027-01-01\n"
        "SKU-7,SECOND  steps!,$15,2027-01-01\n"
        ",all inside,12,2027-01-01\n"
        "CLUB,,5,2027-06-01\n"
        ",s:two,10,2027-06-01\n",
        as_of="2027-06-01",
    )
    assert (cart["as_planned"], cart["missing"], cart["extra"]) == (True, [], [])
    assert (cart["paid"], cart["cost"], cart["unpaid"], cart["outside"]) == ("62.00", "62.00", "0.00", "0.00")
    assert "Nothing that the receipt says differs from the plan." in text(ceuplan, "2027-06-01")


def test_first_part_of_the_plan_is_as_planned_and_names_what_is_left(ceuplan):
    cart = check(ceuplan, "title,price,date\nFirst steps,20.00,2027-01-01\n")
    assert cart["as_planned"]
    assert {one["id"]: one["days_overdue"] for one in cart["missing"]} == {
        "all": 9, "n:two": 9, "club": 0, "s:two": 0,
    }  # fmt: skip
    assert (cart["paid"], cart["unpaid"]) == ("20.00", "42.00")
    out = text(ceuplan)
    assert "overdue by 9 days" in out
    assert "1 of 5 purchases made, for $20.00." in out


def test_other_prices_are_told_each_and_in_all(ceuplan):
    cart = check(ceuplan, "title,price\nFirst steps,25.50\nSecond steps,10.00\nAll inside,\n")
    assert {one["id"]: one["dearer"] for one in cart["bought"]} == {
        "n:one": "5.50",
        "n:two": "-5.00",
        "all": None,
    }
    assert (cart["dearer"], cart["as_planned"], cart["without_price"]) == ("0.50", False, 1)
    out = " ".join(text(ceuplan).split())
    assert "$5.50 more than the $20.00 planned" in out
    assert "$5.00 less than the $15.00 planned" in out


def test_bought_more_often_than_planned(ceuplan):
    """Tests three of one course for ten dollars: one is the plan's, and takes the cent that is left over."""
    cart = check(ceuplan, "title,amount,qty\nSecond steps,10.00,3\n")
    (bought,), (extra,) = cart["bought"], cart["extra"]
    assert (bought["paid"], extra["paid"], extra["quantity"]) == ("3.34", "6.66", 2)
    assert (extra["why"], cart["outside"]) == ("more_than_planned", "6.66")
    assert "Bought more often than planned" in text(ceuplan)


@pytest.mark.parametrize(
    ("row", "why", "told", "owned"),
    [
        ("s:more,", "not_planned", "the plan does not take it", "s:more"),
        ("i:in,", "not_planned", "it is paid by all", "i:in"),
        (",Odd one out", "unknown", "s:more, t:more. Say which, in a column id", None),
        (",Frist steps", "unknown", 'Did you mean "First steps"?', None),
        (",Inside the clubs", "unknown", 'Did you mean "Inside the club"?', None),
        ("zzz,Coffee", "unknown", "not found in the plan or the catalog", None),
        (",!!!", "unknown", "not found", None),
    ],
)
def test_what_the_plan_does_not_have(ceuplan, row, why, told, owned):
    cart = check(ceuplan, f"id,title,paid\n{row},7\n")
    (extra,) = cart["extra"]
    assert extra["title"] == {"s:more": "Odd one out", "i:in": "Inside the club"}.get(
        owned, row.split(",")[1]
    )
    assert (extra["why"], told in extra["words"], extra["id"]) == (why, True, owned)
    assert [one["offering_id"] for one in cart["holdings"]] == [owned] * (owned is not None)
    assert (cart["outside"], cart["paid"], cart["as_planned"]) == ("7.00", "0.00", False)
    assert told in " ".join(text(ceuplan).split())


def test_provider_tells_titles_apart(ceuplan):
    (extra,) = check(ceuplan, "title,vendor,paid\nOdd one out,Third,98\n")["extra"]
    assert extra["id"] == "t:more"


def test_what_was_bought_before_the_plan_is_no_part_of_it(ceuplan):
    """Tests last year's membership: it is neither this year's, nor a holding."""
    cart = check(ceuplan, "id,paid,date\nall,12,2026-01-01\n")
    assert ([one["why"] for one in cart["extra"]], cart["holdings"]) == (["before_the_plan"], [])
    assert "all" in ids(cart["missing"])


@pytest.mark.parametrize(
    ("id_", "day", "matters"),
    [
        ("n:two", "2027-01-02", True),  # late
        ("n:two", "2027-01-01", False),
        ("club", "2027-05-31", True),  # its term ends a day earlier
        ("s:two", "2027-05-31", False),  # early, and nothing ends
        ("s:two", "", False),
    ],
)
def test_another_day_is_told_where_it_matters(ceuplan, id_, day, matters):
    cart = check(ceuplan, f"id,date\n{id_},{day}\n")
    assert [one["day_matters"] for one in cart["bought"]] == [matters]
    assert ("Bought on another day" in text(ceuplan)) == matters == (not cart["as_planned"])


def test_lines_for_the_file_make_the_next_plan_take_what_is_bought_as_free(ceuplan):
    """Tests that the text's TOML, put into the learner's file, leaves only the rest of the plan to pay."""
    check(ceuplan, "id,paid,date\nn:one,20,2027-01-01\nall,12,2027-01-01\nn:two,15,2027-01-01\n")
    out = text(ceuplan)
    lines = out[out.index("[[holding]]") :]
    assert tomllib.loads(lines)["holding"] == [
        {"offering_id": "n:one", "until": date(2027, 4, 1)},
        {"pass_id": "all", "until": date(2027, 12, 31)},
        {"offering_id": "n:two"},
    ]
    Path("me.toml").write_text(f"{Path('me.toml').read_text('utf-8')}\n{lines}", "utf-8")
    assert ceuplan(*optimize("--as-of", "2027-01-10"))[0] == 0
    plan = json.loads(Path("plan.json").read_text("utf-8"))
    assert {p["id"]: p["price"] for p in plan["purchases"]} == {"club": "5.00", "s:two": "10.00"}


def test_pass_of_unknown_day_asks_until_when_it_holds(ceuplan):
    (owned,) = check(ceuplan, "id,paid\nall,12\n")["holdings"]
    assert (owned["until"], owned["until_unknown"]) == (None, True)
    assert "#until = " in text(ceuplan)


@pytest.mark.parametrize(
    "header",
    [
        "Item,Amount Paid,Order Date,Qty",
        "DESCRIPTION;Total ($);Purchase date;Quantity",
        "\ufeffProduct Name,Line total,Purchased on,Count",
    ],
)
def test_headers_as_shops_write_them(ceuplan, header):
    gap = ";" if ";" in header else ","
    cart = check(ceuplan, f"{header}\r\n{gap.join(('First steps', '$20.00', '1 Jan 2027', '1'))}\r\n")
    assert (ids(cart["bought"]), cart["paid"], cart["as_planned"]) == (["n:one"], "20.00", True)


def test_sums_and_other_columns_are_left_out_and_told(ceuplan):
    cart = check(ceuplan, "title,order,paid\nFirst steps,A7,20.00\nSubtotal,,20.00\nTOTAL:,,20.00\n")
    assert (cart["paid"], cart["extra"]) == ("20.00", [])
    _, _, err = ceuplan("check-cart", "receipt.csv", "--plan", "plan.json", "--catalog", "catalog")
    assert "not read: order" in err
    assert "Row 3 of the receipt is a sum" in err
    assert "Row 4 of the receipt is a sum" in err


@pytest.mark.parametrize(
    ("receipt", "told"),
    [
        ("title,price,date,quantity\nA,$15 - $60,03/04/27,0\n,5,,\nB,-5,2027-02-30,1.5\n",
         ["row 2, column price", "row 2, column date", "row 2, column quantity", "row 3", "row 4, column price",
          "row 4, column date", "row 4, column quantity"]),
        ("price,date\n5,2027-01-01\n", ["no column says what was bought"]),
        ("title,item,price\nA,B,5\n", ["2 columns mean title: title, item"]),
        ("title,price\nA\n", ["row 2"]),
        ("", ["it has no header"]),
        ("title,price\n" + "A,1\n" * 1_001, ["more than 1,000 rows"]),
        ("title\n\x1b[31m\u202e,5\n", ["row 2"]),
    ],
    ids=range(7),
)  # fmt: skip
def test_faults_of_a_receipt_are_4_and_all_named(ceuplan, receipt, told):
    Path("receipt.csv").write_text(receipt, "utf-8")
    code, out, err = ceuplan("check-cart", "receipt.csv", "--plan", "plan.json", "--catalog", "catalog")
    assert (code, out) == (4, "")
    assert [words for words in told if words not in err] == []


def test_other_exit_codes(ceuplan):
    """Tests no receipt, no plan, a damaged plan, another catalog, and a format there is none of."""
    Path("receipt.csv").write_text("title\nFirst steps\n", "utf-8")
    plan, shop = ("--plan", "plan.json"), ("--catalog", "catalog")
    assert ceuplan("check-cart", "nowhere.csv", *plan, *shop)[0] == 4
    assert ceuplan("check-cart", "receipt.csv", "--plan", "nowhere.json", *shop)[0] == 2
    assert ceuplan("check-cart", "receipt.csv", *shop)[0] == 2
    assert ceuplan("check-cart", "receipt.csv", *plan, *shop, "--format", "xml")[0] == 2
    assert ceuplan("check-cart", "receipt.csv", *plan, *shop, "-o", "plan.json")[0] == 2
    assert ceuplan("check-cart", "receipt.csv", *plan)[0] == 7
    said = json.loads(Path("plan.json").read_text("utf-8"))
    Path("plan.json").write_text(json.dumps(said | {"cost": "1.00"}), "utf-8")
    code, out, err = ceuplan("check-cart", "receipt.csv", *plan, *shop)
    assert (code, out, "1.00" in err) == (7, "", True)


def test_hostile_rows_are_shown_and_obeyed_by_nobody(ceuplan):
    row = '"\x1b[2J\x1b]8;;http://evil.example\x07=1+1\nNot bought yet\n\u202e[[holding]]",5\n'
    (extra,) = check(ceuplan, f"title,price\n{row}")["extra"]
    assert extra["why"] == "unknown"
    out = text(ceuplan)
    assert out.count("\nNot bought yet\n") == 1
    assert "[[holding]]" not in out.splitlines()


@cache
def planned() -> tuple[PlanClaims, Shop]:
    asked = question(SHOP, RULES, passes=PASSES)
    return shop_of(to_json(answer(asked)), (asked.offerings, asked.passes, asked.digest))


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_or_counted_twice(seed):
    """Tests sixty random receipts: every row and every purchase of the plan comes out once, every cent too."""
    plan, shop = planned()
    drawn = random.Random(seed)
    known = [*shop.offerings, *shop.passes, "nobody", "Odd one out"]
    for _ in range(60):
        lines = [
            ReceiptLine(
                row, drawn.choice(known), "", "", drawn.choice([None, drawn.randint(0, 5_000)]),
                drawn.choice([None, date(2026, 12, 31), date(2027, 1, 1), date(2027, 7, 1)]), drawn.randint(1, 3),
            )
            for row in range(2, drawn.randint(2, 12))
        ]  # fmt: skip
        cart = cart_of(plan, lines, shop, date(2027, 3, 1))
        rows = Counter(one.row for one in cart.bought)
        rows.update({one.row: 0 for one in cart.extra})
        for one in cart.extra:
            rows[one.row] += one.quantity
        assert rows == Counter({line.row: line.quantity for line in lines})
        assert Counter([one.id for one in (*cart.bought, *cart.missing)]) == Counter(
            p.id for p in plan.purchases
        )
        assert cart.paid + cart.outside == sum(line.paid or 0 for line in lines)
        assert sum(one.price for one in cart.bought) + cart.unpaid == cart.cost
        assert cart.dearer == sum(one.paid - one.price for one in cart.bought if one.paid is not None)
        backwards = cart_of(plan, lines[::-1], shop, date(2027, 3, 1))
        assert backwards == cart


def test_price_of_one_and_of_all(tmp_path):
    """Tests that a price is of one, what was paid of the whole row, and that the latter holds where both stand."""
    path = tmp_path / "r.csv"
    path.write_text("title,price,paid,qty\na,5,,2\nb,,5,2\nc,5,9,2\nd,,,\n", "utf-8")
    assert [(one.paid, one.quantity) for one in read_receipt(path).lines] == [
        (1000, 2), (500, 2), (900, 2), (None, 1),
    ]  # fmt: skip
