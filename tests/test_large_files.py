"""Large files are read another way than small ones, and say the same: values, digest, notes and faults."""

import copy
import csv
import io
import random
import subprocess
import sys

import pandas as pd
import pytest

from catalogs import arrow_loading, arrow_parsing, arrow_reading, arrow_writing
from catalogs.arrow_reading import SPACES, quotes_are_plain
from catalogs.coded import Coded
from catalogs.digest import Digest
from catalogs.faults import CatalogFaults
from catalogs.loading import load, offerings_of
from catalogs.schema import OFFERINGS

PASSES = "pass_id,title,price,benefit\nall,All,10,included\nhalf,Half,5,50%\n"
SOUND = {
    "course_id": ["", "", "", "p:1", "p:2", "shared", " shared\t", "p:0 "],
    "provider": ["p", "p", " p ", "Ünï\u00a0", "\u3000q", '"r"', "=1+1"],
    "title": [
        "One", "One, two", 'Say "two"', "line\nbreak", "lines\r\nbreak",
        "\u202e evil", "\x1b[31m", "-", "x" * 300,
    ],
    "url": ["", "https://a.example/?b;c", "\x85https://a.example"],
    "kind": ["", "course", "Self Study", "self_study", " CPR"],
    "format": ["online", "", "Live-Online"],
    "topics": ["", "a; b", "b;a;b", "Infection Control"],
    "credits": ["any=1", "any=1.0", "clinical=2;general=.5", " clinical | general = 2 ", "", "administrative=3.25"],
    "unit": ["", "CEU", "Contact Hours", "aama_ceu"],
    "approvals": [
        "", "aama", "AAMA", "aama#1", "aama #1 ", "aama# 1", "aama#1 2", "aama#2@2026-01-01/2027-01-01",
        "aama#1@2026-1-1/Mar 3, 2027",
        "aama#3@ 2026-01-01/2027-01-01", "aama#4@2026-01-01/2027-01-01; amt", "amt;;aama#9",
        "amt@2026-01-01/2027-01-01", "amt#é@2026-01-01/2026-01-01",
    ],
    "hours": ["", "1.5", "1 hr 30 min", "90 min", "0"],
    "price": ["", "Free", "0", "$1,029.95", "1029.95", "29.950"[:5], "12"],
    "member_price": ["", "5"],
    "passes": ["", "all", " all ;half", "half;all"],
    "available_from": ["", "2026-01-01", "Jan 1, 2026"],
    "starts": ["", "2027-03-04"],
    "access_days": ["", "180 days", "180"],
    "times": ["", "1", " 1 ", "1.0"],
    "repeat_days": ["", "0", "730"],
    "assumed": ["", "price", "Price; hours", "member price"],
    "seen_on": ["", "2026-11-22", "11/22/2026", "2026-11-22 00:00"],
    "note": ["", "a note", " ", "tab\t", ",", '"', "\u2028"],
}  # fmt: skip
BAD = {
    "course_id": ["a;b"],
    "kind": ["no such kind"],
    "credits": ["1.5", "any=-1", ";"],
    "unit": ["c/d"],
    "approvals": [
        "aama#", "#1", "aama#1@2026-01-01", "aama#1@2027-01-01/2026-01-01", "a b#1", "aama#1@",
        "aama##1", "aama#1@2026-02-30/2027-01-01",
    ],
    "price": ["$15 - $60", "-1", "nan", "€5"],
    "passes": ["nothing", "all;nothing"],
    "times": ["0", "2", "3"],
    "assumed": ["cost"],
    "seen_on": ["03/04/27", "soon"],
    "note": ["n\0l"],
}  # fmt: skip
HEADERS = {
    "price": ["price", "Cost", "Price (USD)"],
    "credits": ["credits", "CEUs"],
    "title": ["title", " Title "],
}
IDS = ["p:{}", "p:{} ", "q:{}", "é:{}", '"{}"', "\U0001f600{}", "\uffee{}"]


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch):
    """Make every shortcut for many rows one that a few rows take."""
    monkeypatch.setattr(arrow_parsing, "_SAMPLE", 4)
    monkeypatch.setattr(arrow_parsing, "_FEW", 2)
    monkeypatch.setattr(arrow_reading, "_PIECE", 16)
    monkeypatch.setattr(arrow_writing, "_ROWS", 3)
    monkeypatch.setattr(arrow_writing, "_MOST_PAIRS", 20)


def outcome(folder, large_from, whole=True):
    """Return what a catalog says and whether it was read as a large one, or its faults."""
    try:
        catalog = load(folder, whole=whole, large_from=large_from)
    except CatalogFaults as found:
        return found.faults, False
    values = {name: list(column) for name, column in catalog.offering_values.items()}
    values["without numbers"] = list(offerings_of(catalog).approvals_without_numbers)
    large = all(isinstance(column, Coded) for column in catalog.offering_values.values())
    return (values, catalog.pass_values, catalog.digest, catalog.notes), large


def read_as_large(folder, whole=True):
    """Return whether a catalog could be read as a large one; what it says must be the same either way."""
    exact, _ = outcome(folder, 1 << 60, whole)
    found, large = outcome(folder, 0, whole)
    assert found == exact
    return large


def test_a_digest_worked_out_later_is_its_words(tmp_path):
    (tmp_path / "offerings.csv").write_text("offering_id,provider,title,credits\np:1,p,One,any=1\n")
    at_once, later = load(tmp_path), load(tmp_path, large_from=0)

    assert isinstance(later.hashed, Digest)
    assert later.hashed == at_once.digest == later.digest
    assert hash(later.hashed) == hash(at_once.digest)
    assert repr(later.hashed) == repr(at_once.digest)
    assert later.hashed != 1
    assert copy.deepcopy(later.hashed) == at_once.digest  # as when it is sent to another process


def table(draw, first, bad):
    """Return the rows of a file: header and cells."""
    names = ["offering_id", "provider", "title", "credits"]
    names += [name for name in SOUND if name not in names and draw.random() < 0.4]
    draw.shuffle(names)
    header = [draw.choice(HEADERS.get(name, [name])) for name in names]
    extra = draw.choice(["", " ", "Colour", "colour"]) if draw.random() < 0.2 else None
    rows = [header if extra is None else [*header, extra]]
    for number in range(first, first + draw.choice([0, 1, 2, 5, 9, 14])):
        row = []
        for name in names:
            if name == "offering_id":
                row.append(
                    draw.choice(IDS).format(draw.choice([number, number, number, first]) if bad else number)
                )
            else:
                row.append(
                    draw.choice(BAD[name] if bad and name in BAD and draw.random() < 0.04 else SOUND[name])
                )
        rows.append(row if extra is None else [*row, draw.choice(["", " ", "\u3000"])])
    if draw.random() < 0.5:
        rows[1:] = draw.sample(rows[1:], len(rows) - 1)
    return rows


def written(draw, rows):
    """Return the bytes of a file in one of the dialects that programs write."""
    out = io.StringIO(newline="")
    quoting = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    ends = draw.choice(["\n", "\n", "\r\n", "\r"] if draw.random() < 0.2 else ["\n", "\r\n"])
    csv.writer(out, delimiter=draw.choice(",,;"), lineterminator=ends, quoting=quoting).writerows(rows)
    text = out.getvalue()
    if draw.random() < 0.2:
        text = text.rstrip("\r\n")
    if draw.random() < 0.1:
        text += draw.choice([ends, ends * 2, " " + ends, ",,," + ends])
    return (b"\xef\xbb\xbf" if draw.random() < 0.2 else b"") + text.encode()


def damaged(draw, data):
    """Return bytes with some taken out, or put in."""
    pieces = [
        b'"',
        b'""',
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\0",
        b"\xff",
        b"\xed\xa0\x80",
        b",",
        b";",
        b" ",
        b'",',
        b',"',
        b"\n,,,\n",
        b"\xef\xbb\xbf",
    ]
    for _ in range(draw.choice([1, 1, 2])):
        place = draw.randrange(len(data) + 1)
        data = data[:place] + draw.choice(pieces) + data[place + draw.choice([0, 0, 1]) :]
    return data  # fmt: skip


@pytest.mark.parametrize("sort", ["sound", "bad cells", "damaged"])
def test_any_table_is_read_the_same_either_way(sort, tmp_path, monkeypatch):
    """Tests drawn tables; those that are sound go the new way unless their form is one that is left to the old one."""
    large = 0
    (tmp_path / "passes.csv").write_text(PASSES)
    for seed in range({"sound": 60, "bad cells": 100, "damaged": 150}[sort]):
        draw = random.Random(f"{sort} {seed}")
        for number, name in enumerate(["a.csv", "b.csv"]):
            data = written(draw, table(draw, 100 * number, sort == "bad cells"))
            spoilt = sort == "damaged" and name == "a.csv"
            (tmp_path / name).write_bytes(damaged(draw, data) if spoilt else data)
        monkeypatch.setattr(arrow_loading, "_SMALL_OFFSETS", draw.choice([0, 1 << 30]))
        large += read_as_large(tmp_path, whole=draw.random() < 0.8)

    assert large > {"sound": 30, "bad cells": 10, "damaged": 10}[sort]


HEADER = "offering_id,provider,title,credits\n"
FORMS = {
    "lone quote": 'a:1,p,5" pipe,any=1\n',
    "quote after a space": 'a:1,p, "T",any=1\n',
    "text after a quote": 'a:1,p,"T"x,any=1\n',
    "open quote": 'a:1,p,"T,any=1\n',
    "two quotes in none": 'a:1,p,T"",any=1\n',
    "only quotes": 'a:1,p,"""",any=1\na:2,p,"",any=1\na:3,p,"""""",any=1\n',
    "quotes that cross": 'a:1,p,"T\n,any=1",any=1\n',
    "long line in quotes": 'a:1,p,"' + "T\n" * 3000 + '",any=1\n',
    "longest cell": "a:1,p," + "T" * 131_072 + ",any=1\n",
    "longest cell in letters": "a:1,p," + "é" * 131_072 + ",any=1\n",
    "cell that is too long": "a:1,p," + "T" * 131_073 + ",any=1\n",
    "carriage return in quotes": 'a:1,p,"T\rU",any=1\n',
    "ragged": "a:1,p,T,any=1\na:2,p,T\n",
    "blank rows": "a:1,p,T,any=1\n\n   \n,,,\na:2,p,T,any=1\n\n\n",
    "no row": "",
    "ids that only spaces tell apart": "a:1,p,T,any=1\n a:1,p,T,any=1\n",
    "all ids the same": "a:1,p,T,any=1\n" * 8,
    "Null": "NA,NULL,null,any=1\nnan,,#N/A,any=1\n",
}  # fmt: skip


FILES = {form: HEADER + rows for form, rows in FORMS.items()} | {
    "quoted header": '"offering_id","provider","title","credits"\r\n"a:1","p","T","any=1"\r\n',
    "next line in the header": 'offering_id,provider,title,"credits\n"\na:1,p,T,any=1\n',
    "times that differ": "id,provider,title,credits,course_id,times\na,p,T,any=1,c,\nb,p,T,any=1,c,2\n",
    "times of a course named by its id": "id,provider,title,credits,course_id,times\na,p,T,any=1,,\nb,p,T,any=1,a,2\n",
    "courses named by their ids": "id,provider,title,credits,course_id\na,p,T,any=1,a\nb,p,T,any=1,a\nc,p,T,any=1,\n",
    "ids that change places": "id,provider,title,credits,course_id\na,p,T,any=1,b\nb,p,T,any=1,a\n",
    "pass that nobody sells": "id,provider,title,credits,passes\na,p,T,any=1,all\n",
    "column without a name": "id,provider,title,credits,\na,p,T,any=1,\nb,p,T,any=1,x\n",
    "column twice": "id,provider,title,credits,name\na,p,T,any=1,\n",
    "one line": "id,provider,title,credits",
    "lone carriage returns": "id,provider,title,credits\ra,p,T,any=1\rb,p,T,any=1\r",
    "last line is open": "id,provider,title,credits\na,p,T,any=1",
}


@pytest.mark.parametrize("form", FILES)
def test_odd_forms_are_read_the_same_either_way(form, tmp_path):
    (tmp_path / "a.csv").write_bytes(FILES[form].encode())

    read_as_large(tmp_path)


def test_sound_file_is_read_the_new_way_with_its_quotes(tmp_path):
    rows = 'a:2,p,"T, ""U""",any=1\na:1,p,"V\nW",any=1.0\n'
    (tmp_path / "a.csv").write_text(HEADER + rows)

    assert read_as_large(tmp_path)
    assert [one.title for one in offerings_of(load(tmp_path, large_from=0))] == ["V\nW", 'T, "U"']


def test_records_are_the_same_either_way(tmp_path):
    draw = random.Random(3)
    rows = table(draw, 0, bad=False)
    while len(rows) < 9:
        rows = table(draw, 0, bad=False)
    (tmp_path / "passes.csv").write_text(PASSES)
    (tmp_path / "a.csv").write_bytes(written(random.Random(1), rows))
    exact, large = (offerings_of(load(tmp_path, large_from=size)) for size in (1 << 60, 0))

    assert read_as_large(tmp_path)
    assert tuple(large) == tuple(exact)
    assert large == exact
    assert hash(large) == hash(exact)
    assert [large[place] for place in range(-1, len(exact))] == [
        exact[place] for place in range(-1, len(exact))
    ]
    assert large.take([2, 0, 2]) == exact.take([2, 0, 2])
    assert [large.place(one.offering_id) for one in exact] == list(range(len(exact)))
    bare = large.approvals_without_numbers
    assert list(bare) == list(exact.approvals_without_numbers)
    assert len(set(bare.values)) == len(bare.values)
    for name in OFFERINGS.header:
        column = large.columns[name]
        assert list(column) == list(exact.columns[name])
        assert [column.values[code] for code in column.codes] == list(column)
        if column.distinct:
            assert len(set(column.values)) == len(column.values) == len(set(column.codes.tolist()))


def test_tables_are_the_same_either_way(tmp_path):
    rows = "b,p,T,any=1,12,aama#1,2026-11-22\na,q,U,any=1.0,,amt,\nc,q,U,,12.00,AMT,2026-11-22\n"
    (tmp_path / "a.csv").write_text(HEADER.strip() + ",price,approvals,seen_on\n" + rows)

    exact, large = (load(tmp_path, large_from=size).offerings for size in (1 << 60, 0))

    assert read_as_large(tmp_path)
    pd.testing.assert_frame_equal(large, exact)


def test_small_catalogs_do_not_wait_for_arrow():
    code = (
        "import sys; from catalogs.loading import load, offerings_of, shipped_folder\n"
        "list(offerings_of(load(shipped_folder())))\n"
        "sys.exit(bool({'pyarrow', 'numpy', 'pandas'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_large_catalogs_do_not_wait_for_pandas(tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + "b,p,T,any=1\na,p,U,any=2\n")
    code = (
        "import sys; from pathlib import Path; from catalogs.loading import load, offerings_of\n"
        "list(offerings_of(load(Path(sys.argv[1]), large_from=0)))\n"
        "sys.exit(('pyarrow' in sys.modules) - 2 * ('pandas' in sys.modules) - 1)"
    )

    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == 0


def test_spaces_are_those_that_python_strips():
    assert [chr(code) for code in range(sys.maxunicode + 1) if not chr(code).strip()] == list(SPACES)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('"a","b"\n', True),
        ('"a""b",c\n"d"', True),
        ('""\n""""\n', True),
        ('"a\r\nb"\r\nc', True),
        ('a"b\n', False),
        ('"a"b\n', False),
        ('"a\n', False),
        ('"a" ,b\n', False),
        (' "a",b\n', False),
        ('"a";b\n', False),
        ('""",b\n', False),
        ('"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bbbbbbbbbbbbbbbbbbbbbbbbb"\n', True),
        ('"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b"bbbbbbbbbbbbbbbbbbbbbbbb"\n', False),
    ],
)
def test_plain_quotes_are_told_from_others(text, plain):
    data = b"header\n" + text.encode()

    assert quotes_are_plain(data, 7, ",") is plain
    if plain:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert rows


def test_file_that_cannot_be_asked_for_its_size_is_left_to_the_exact_reader(tmp_path):
    with pytest.raises(CatalogFaults) as found:
        load(tmp_path / "missing.csv", large_from=0)

    assert [fault.problem for fault in found.value.faults] == ["there is no such file"]


def test_the_threshold_is_the_size_of_all_files(tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + "a,p,T,any=1\n")
    size = (tmp_path / "a.csv").stat().st_size

    assert isinstance(load(tmp_path, large_from=size).offering_values["title"], Coded)
    assert isinstance(load(tmp_path, large_from=size + 1).offering_values["title"], list)
