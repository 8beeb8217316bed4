"""Which column is which: what headers and cells say, what is asked, and what the user says instead."""

import pytest

from catalogs.cell_looks import looks_of
from catalogs.faults import BadValue
from catalogs.header_words import meaning_of
from catalogs.importing import Wishes, import_file
from catalogs.native_ids import native_id
from catalogs.schema import OFFERINGS
from catalogs.stated_credit import parse_stated
from catalogs.values import write_credits
from tests.imports import CATALOG, OK, USAGE, importer


@pytest.fixture
def imported(tmp_path, monkeypatch, capsys):
    return importer(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("header", "role", "unit"),
    [
        ("Title", "title", ""),
        ("Course name", "title", ""),
        ("price_raw", "price", ""),
        ("Price (USD)", "price", ""),
        ("Regular price", "price", ""),
        ("Non-member Price", "price", ""),
        ("Member price", "member_price", ""),
        ("CEU(s)", "credits", ""),
        ("# of CEUs", "credits", ""),
        ("ceu_credits_raw", "credits", ""),
        ("Contact Hours", "credits", "contact_hour"),
        ("ANCC contact hours", "credits", "contact_hour"),
        ("AAMA CEUs", "credits", "aama_ceu"),
        ("ceu_clinical", "credits:clinical", ""),
        ("Admin CEUs", "credits:administrative", ""),
        ("General", "credits:general", ""),
        ("url_as_scraped", "url", ""),
        ("SKU", "offering_id", ""),
        ("Duration", "hours", ""),
        ("Available from", "available_from", ""),
        ("category", "category", ""),
        ("CEUs (AAMA)", "credits", "aama_ceu"),
        ("No. of CEUs", "credits", ""),
        ("Course #", "offering_id", ""),
    ],
)
def test_header_says_what_it_is(header, role, unit):
    meaning = meaning_of(header, OFFERINGS)
    assert (meaning.role, meaning.unit) == (role, unit)


@pytest.mark.parametrize(
    "header",
    [
        "", "Type", "ceu_type_raw", "Price per CEU", "Sale price", "Original price", "priceInCents", "Price (EUR)",
        "Preis €", "Price ($000)", "Description", "Instructor", "Total", "Value", "source_file", "Date",
        "CEU Number", "CEU #", "Approval number",
    ],
)  # fmt: skip
def test_header_that_says_nothing_certain(header):
    assert meaning_of(header, OFFERINGS) is None


@pytest.mark.parametrize(
    ("texts", "role", "nearly"),
    [
        (["$5", "Free", "10"], "price", ""),
        (["5", "10"], "", ""),
        (["Free", "Free"], "", ""),
        (["$5", "$6", "r free"], "", "price"),
        (["$15 - $60", "$5"], "", "price"),
        (["€5", "€6"], "", ""),
        (["1.5 CEUs", "2.0 contact hours"], "credits", ""),
        (["1.5 CEUs", "2 CEUs", "soon"], "", "credits"),
        (["2 hours", "1 hour"], "", ""),
        (["https://e.org/1", "http://e.org/2"], "url", ""),
        (["https://e.org/1.png", "https://e.org/2.jpg"], "", ""),
        (["Course", "conference"], "kind", ""),
        (["Online", "In person"], "format", ""),
        (["only $5 today, when you buy this long and beautiful description of a course"], "", ""),
    ],
)
def test_cells_say_what_they_are(texts, role, nearly):
    looks = looks_of(texts)
    assert (looks.role, looks.nearly) == (role, nearly)


@pytest.mark.parametrize(
    ("text", "credit", "unit"),
    [
        ("1.5", "any=1.5", ""),
        (" 2 ", "any=2", ""),
        ("4.0", "any=4", ""),
        ("3.0 ANCC Contact Hour(s)", "any=3", "contact_hour"),
        ("1.0 clinical CEU", "clinical=1", ""),
        ("1.0 clinical AAMA CEUs", "clinical=1", "aama_ceu"),
        ("2 CEUs", "any=2", ""),
        ("1 CE credit", "any=1", ""),
        ("1.0 IACET CEU", "any=1", "iacet_ceu"),
        ("0.75 CME credits", "any=0.75", "cme"),
        ("clinical=1; administrative=0.5", "clinical=1; administrative=0.5", ""),
    ],
)
def test_credit_as_providers_write_it(text, credit, unit):
    stated = parse_stated(text)
    assert (write_credits(stated.parts), stated.unit) == (credit, unit)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("A", "not an amount"),
        ("- 2", "a sign stands before"),
        (": 2", "a sign stands before"),
        ("-2", "a sign stands before"),
        ("- 2 Ethics or", "more in it than one amount"),
        ("2 Type-II (", "more in it than one amount"),
        ("- 1.5Supervision or 1.5", "more than one number"),
        ("1.5 CEUs $25", "money"),
        ("$25", "money"),
        ("0", "an amount of 0"),
        ("0.0 CEUs", "an amount of 0"),
        ("1.255", "more than 2 decimals"),
        ("2 hours", "more in it"),
        ("1,5", "more than one number"),
    ],
)
def test_credit_that_could_be_anything(text, problem):
    with pytest.raises(BadValue) as bad:
        parse_stated(text)
    assert problem in bad.value.problem


@pytest.mark.parametrize(
    ("number", "url", "title", "found"),
    [
        ("A-17", "https://e.org/x", "T", "p:A-17"),
        ("p:17", "", "T", "p:17"),
        ("", "https://e.org/courses/aseptic-technique/", "T", "p:aseptic-technique"),
        ("", "https://e.org/courses/Ethics_101.html?ref=a", "T", "p:ethics_101"),
        (
            "",
            "https://e.org/rls/productDetailSingleSku.jsp;jsessionid=a.b-1?navCount=0&productId=c41",
            "T",
            "p:c41",
        ),
        ("", "https://e.org/w%C3%B6rk%E2%80%9455-ces", "T", "p:wörk-55-ces"),
        ("", "https://e.org/index.php", "Law, & Ethics!", "p:law-ethics"),
        ("", "https://e.org/", "Law", "p:law"),
        ("", "https://e.org/#/course/12", "Law", "p:12"),
        ("", "", "Курс 1", "p:курс-1"),
    ],
)
def test_id_of_a_row(number, url, title, found):
    assert native_id(number, url, title, "p") == found


@pytest.mark.parametrize(("number", "title"), [("a;b", "T"), ("", "!!!")])
def test_row_without_an_id(number, title):
    with pytest.raises(BadValue):
        native_id(number, "", title, "p")


# What is asked

ASKED = [
    ("title,price,cost\nA,1,2\n", '"price" and "cost" both say that they are the price', '--column "price=price"'),
    ("title,tuition now,to pay\nA,$1,$2\n", "every cell of", '--column "tuition now=price"'),
    ("title,price,price\nA,1,2\n", '"column 2" and "column 3" both', '--column "column 2=price"'),
    ("title,to pay\nA,$1\nB,$2\nC,r free\n", 'row 4 says "r free"', '--column "to pay=price"'),
    ("title,sale price\nA,$1\n", '"sale" in its header', '--column "sale price="'),
    ("title,price per CEU\nA,$1\n", '"per" in its header', '--column "price per CEU="'),
    ("title,price,hours\nA,$1,2\n", "hours may be the credit given", '--column "hours=credits"'),
    ("title,price,expires\nA,$1,2027-01-02\n", "its cells are dates", '"expires="'),
    ("title,price,duration\nA,$1,90\n", "hours or minutes", '--column "duration=hours"'),
    ("title,price,\n,member,non-member\nA,$1,$2\n", '"price" beside it may stand above both', '"column 3="'),
    ("title,CEUs,\n,clinical,admin\nA,1,0.5\n", '"CEUs" beside it may stand above both', '"column 3="'),
    ("what,price\nA,$1\n", "no column is the title", '--column "what=title"'),
    ("title,credit\nA,1.5 CEUs\n,\nB,2 CEUs\n", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem", "remedy"), ASKED)
def test_column_in_doubt_is_asked_about(imported, text, problem, remedy):
    ran = imported(text)
    if problem is None:
        assert ran.code == OK
        return
    assert ran.code == CATALOG
    assert problem in ran.err
    assert remedy in ran.err
    assert not list(ran.folder.iterdir())


def test_all_columns_in_doubt_are_named_at_once(imported):
    ran = imported("what,price,cost,expires\nA,1,2,2027-01-02\n")
    assert ran.code == CATALOG
    assert [word in ran.err for word in ("no column is the title", "both say", "are dates")] == [True] * 3
    assert "4 faults" in ran.err


@pytest.mark.parametrize(
    ("text", "said", "row"),
    [
        ("title,price,cost\nA,1,2\n", ["cost=price"], {"price": "2.00"}),
        ("title,price,price\nA,1,2\n", ["column 3=price"], {"price": "2.00"}),
        ("title,to pay\nA,r free\n", ["to pay="], {}),
        ("title,hours\nA,2\n", ["hours=credits"], {"credits": "any=2"}),
        ("title,hours\nA,2\n", ["hours=hours"], {"hours": "2"}),
        ("title,ethics\nA,2\n", ["ethics=credits:ethics"], {"credits": "ethics=2"}),
        ("title,ceus,area\nA,2,Clinical\n", ["area=category"], {"credits": "clinical=2"}),
        ("a=b,c\nA,2\n", ["a=b=title", "c=price"], {"price": "2.00"}),
    ],
)
def test_user_says_what_a_column_is(imported, text, said, row):
    ran = imported(text, *(word for one in said for word in ("--column", one)))
    assert ran.code == OK, ran.err
    assert ran.rows == [{"offering_id": "p:a", "title": "A"} | row]
    assert "you said so" in ran.told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["nothing"], "does not name a column"),
        (["price=prise"], 'Did you mean "price"?'),
        (["prise=price"], 'Did you mean "price"?'),
        (["price=title", "price=url"], "two things"),
        (["price=title", "title=title"], "both said to be the title"),
        (["price=evidence"], "not read from a file"),
        (["price=credits:A B"], "not a category"),
    ],
)
def test_what_the_user_says_makes_no_sense(imported, said, told):
    ran = imported("title,price\nA,1\n", *(word for one in said for word in ("--column", one)))
    assert ran.code == USAGE
    assert told in ran.told


def test_what_was_understood_is_shown(imported):
    ran = imported(
        "Course ID,Course name,To pay,Contact hours,Web,Kind,Notes to self,,Picture,Provider\n"
        "7,A,$5,1.5,https://e.org/a,webinar,x,,https://e.org/a.png,ACE\n"
        "8,B,Free,2,https://e.org/b,talk,y,,https://e.org/b.png,ACE\n"
    )
    assert ran.code == OK, ran.err
    for said in (
        '"Course ID" is read as offering_id: its header says so.',
        '"To pay" is read as price: each of its 2 filled cells reads as money.',
        '"Web" is read as url: each of its 2 filled cells reads as an address.',
        'Left out: "Kind": no cell can be read as kind',
        'Left out: "Notes to self", "Picture": neither its header nor its cells say what it is.',
        'Left out: "Provider": --provider says it.',
    ):
        assert said in ran.told
    assert [(row["offering_id"], row["unit"], row["price"]) for row in ran.rows] == [
        ("p:7", "contact_hour", "5.00"),
        ("p:8", "contact_hour", "0.00"),
    ]


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("title,clinical,admin,general\nA,1.5,0,\n", "clinical=1.5"),
        ("title,clinical,admin,general\nA,1.5,0.5,-\n", "clinical=1.5; administrative=0.5"),
        ("title,clinical,admin,total CEUs\nA,1.5,0.5,2\n", "clinical=1.5; administrative=0.5"),
        ("title,ceus,category\nA,2,Clinical\n", "clinical=2"),
        ("title,ceus,category\nA,2,Ethics\n", "any=2"),
    ],
)
def test_credit_by_category(imported, text, credit):
    ran = imported(text)
    assert ran.code == OK, ran.err
    assert ran.rows[0]["credits"] == credit


@pytest.mark.parametrize(
    ("text", "flags", "unit"),
    [
        ("title,ceus\nA,2\n", (), None),
        ("title,ceus\nA,2\n", ("--unit", "AAMA CEU"), "aama_ceu"),
        ("title,ceus\nA,2 contact hours\n", ("--unit", "aama_ceu"), "contact_hour"),
        ("title,contact hours\nA,2\n", (), "contact_hour"),
        ("title,AAMA CEUs\nA,2 CEUs\n", (), "aama_ceu"),
        ("title,ceus,unit\nA,2,Contact hours\n", (), "contact_hour"),
    ],
)
def test_unit_is_what_somebody_says(imported, text, flags, unit):
    ran = imported(text, *flags)
    assert ran.code == OK, ran.err
    assert ran.rows[0].get("unit") == unit
    assert ("Nothing says what one credit is" in ran.told) == (unit is None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title,clinical,total CEUs\nA,1,2\n", "adds up to 1"),
        ("title,clinical\nA,administrative=1\n", "says another category"),
        ("title,contact hours\nA,2 CME credits\n", "its unit is said to be cme and contact_hour"),
        ("title,contact hours\nA,2 CEUs\n", "the cell says CEUs, and its header contact_hour"),
        ("title,ceus,category\nA,clinical=1,General\n", "disagree"),
    ],
)
def test_row_that_contradicts_itself(imported, text, reason):
    ran = imported(text)
    assert ran.code == CATALOG
    assert reason in ran.rejected[0][0]
    assert ran.rows == []


def test_amount_in_a_column_that_was_left_out(imported):
    """Tests that a row does not lose the price that stands in another place than in the other rows."""
    ran = imported("title,price,special offer\nA,$5,\nB,,$7\nC,,members only\n")
    assert [row["title"] for row in ran.rows] == ["A", "C"]
    assert ran.rejected[0][0] == 'row 3: special offer: "$7" — it states money, and the price is empty'
    ran = imported("title,price,special offer\nA,$5,\nB,,$7\n", "--replace", "--column", "special offer=")
    assert [row.get("price") for row in ran.rows] == ["5.00", None]


@pytest.mark.parametrize("title", ["Total (3 courses)", "TOTAL CEUs", "Grand total:", "Average"])
def test_sum_of_other_rows_is_no_course(imported, title):
    ran = imported(f"title,price,ceus\nA,$5,1\nTotal joint replacement,$5,1\n{title},$10,2\n")
    assert [row["title"] for row in ran.rows] == ["A", "Total joint replacement"]
    assert "a sum of other rows" in ran.rejected[0][0]


def test_heading_among_the_rows_is_no_course(imported):
    ran = imported("title,price,ceus\nClinical courses,,\nA,$5,1\n*Prices may change,,\nB,,1\n")
    assert [row["title"] for row in ran.rows] == ["A", "B"]
    assert ["nothing but a title" in reason for reason, *_ in ran.rejected] == [True, True]


@pytest.mark.parametrize("said", ["Yes", "Pending", "134207"])
def test_word_that_names_no_approver(imported, said):
    ran = imported(f"title,approved by\nA,{said}\nB,AAMA\n")
    assert [row["approvals"] for row in ran.rows] == ["aama"]
    assert "does not name an approver" in ran.rejected[0][0]
    ran = imported(f"title,approved by\nA,{said}\n", "--replace")
    assert ran.code == OK
    assert "approvals" not in ran.rows[0]


def test_number_of_a_course_is_its_shops_own(imported):
    """Tests against taking two shops' course 101 for the same content; a catalog's own ids stay as they are."""
    ran = imported("Course ID,SKU,title\n101,S1,A\n")
    assert (ran.rows[0]["offering_id"], ran.rows[0]["course_id"]) == ("p:S1", "p:101")
    ran = imported("offering_id,course_id,title\np:S1,bls,A\n", "--replace")
    assert ran.rows[0]["course_id"] == "bls"


def test_reading_needs_no_command(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("title,price\nA,1\n", "utf-8")
    found = import_file(path, Wishes("ace", seen_on="2027-01-02", source="https://e.org/list"))
    (row,) = found.values
    assert (row["price"], row["provider"], row["evidence"], row["seen_on"].year) == (100, "ace", "user", 2027)
    assert row["source_url"] == "https://e.org/list"
