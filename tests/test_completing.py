"""What a shell offers behind a half-typed line: real ids of real catalogs, quickly, and nothing where it cannot."""

import sys

import pytest

from optimizer.cli import main

CATALOG = (
    "offering_id,provider,title,credits,passes\nx:one,xavier,One,any=1,\n\x1b[2Jx:two,\x1bxavier,Two,any=1,\n"
)


@pytest.fixture
def offered(monkeypatch, capsys, tmp_path):
    """Return what bash is offered for a line, whose last word is typed in part."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.csv").write_text(CATALOG, "utf-8")
    (tmp_path / "damaged.csv").write_bytes(b'pass_id,provider\n"\xff\xfe\n\0')
    (tmp_path / "folder.csv").mkdir()

    def offer(line):
        words = line.split(" ")
        monkeypatch.setenv("_CEUPLAN_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        monkeypatch.setattr(sys, "argv", ["ceuplan"])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        assert (left.value.code, err) == (0, "")
        return out.split()

    return offer


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ceuplan optimize --credential rma-a", ["rma-amt", "rma-arma"]),
        ("ceuplan audit --credential cma-", ["cma-aama"]),
        ("ceuplan init --credential bcb", ["bcba-bacb"]),
        ("ceuplan credentials show cma-", ["cma-aama"]),
        ("ceuplan credentials check cma-aama rma-am", ["rma-amt"]),
        ("ceuplan optimize --pass ace", ["ace-annual@"]),
        ("ceuplan catalog show --pass aama", ["aama-membership"]),
        ("ceuplan catalog show --provider rel", ["relias-academy"]),
        ("ceuplan catalog show --kind cp", ["cpr"]),
        ("ceuplan catalog show --credential rma-am", ["rma-amt"]),
        ("ceuplan catalog refresh --provider rel", ["relias-academy"]),
        ("ceuplan explain --what-if ace-a", ["ace-annual="]),
        ("ceuplan explain --what-if without=rel", ["without=relias-academy"]),
        ("ceuplan catalog import f.csv --column Cost=pri", ["Cost=price"]),
        ("ceuplan catalog import f.csv --column Cost", []),
        ("ceuplan check-c", ["check-cart"]),
        ("ceuplan catalog show --catalog shop.csv --provider x", ["xavier"]),
        ("ceuplan explain --catalog shop.csv --what-if x", ["x:one="]),
        ("ceuplan optimize --catalog damaged.csv --pass a", []),
        ("ceuplan optimize --catalog folder.csv --pass a", []),
        ("ceuplan optimize --catalog nowhere --pass a", []),
        ("ceuplan catalog show --provider zzz", []),
        ("ceuplan optimize --pass \x1b[2J", []),
    ],
)
def test_offers(offered, line, found):
    assert offered(line) == found
