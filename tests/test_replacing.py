"""Files of a catalog replaced: killed at any moment, each is the old one or the new one."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from catalogs.loading import shipped_folder
from scrapers.refresh import Outcome
from scrapers.replacing import ChangedMeanwhile, is_installed, replace_file

ROOT = Path(__file__).parent.parent

KILLS = 200
KILLING = """
    import os, random, signal, sys, time
    from pathlib import Path
    from catalogs.datapackage import package_text
    from catalogs.loading import load
    from scrapers.refresh import Outcome
    from scrapers.replacing import describe_anew, replace_file

    folder, kills = Path(sys.argv[1]), int(sys.argv[2])
    path, described = folder / "p.csv", folder / "datapackage.json"

    def rows(price, more):
        lines = [f"p:{one},p,Course {one},any=1,{price}{more}" for one in range(2000)]
        header = "offering_id,provider,title,credits,price" + (",hours" if more else "")
        return "\\n".join([header, *lines, ""])

    texts = [rows("10.00", ""), rows("20.00", ",1")]
    packages = []
    for text in texts:
        path.write_text(text, "utf-8")
        packages.append(package_text(folder).encode())
    path.write_text(texts[0], "utf-8")
    described.write_bytes(packages[0])

    def write_on_and_on():
        while True:
            now = path.read_bytes()
            after = texts[1] if now == texts[0].encode() else texts[0]
            replace_file(Outcome("p", path, now, after))
            describe_anew(folder)

    random.seed(20261122)
    seen, halves = set(), 0
    for kill in range(kills):
        child = os.fork()
        if child == 0:
            write_on_and_on()
        time.sleep(random.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        data = path.read_bytes()
        assert data in (texts[0].encode(), texts[1].encode()), kill
        assert described.read_bytes() in packages, kill
        assert {one.name for one in folder.glob("*.csv")} == {"p.csv"}, kill
        seen.add(data)
        for part in folder.glob(".*.part"):
            halves += 1
            part.unlink()
    load([folder])
    print(len(seen), halves)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_at_200_random_moments_each_file_is_the_old_or_the_new_one(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", dedent(KILLING), tmp_path, str(KILLS)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    both, halves = map(int, done.stdout.split())
    assert both == 2  # both texts were met
    assert halves >= KILLS // 20  # and the kills hit the writing itself


def outcome(path, before, after):
    return Outcome("p", path, before, after)


def test_file_that_others_changed_is_not_replaced(tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes(b"theirs")
    with pytest.raises(ChangedMeanwhile, match="changed by somebody else"):
        replace_file(outcome(path, b"mine", "new"))
    with pytest.raises(ChangedMeanwhile):
        replace_file(outcome(path, None, "new"))
    assert path.read_bytes() == b"theirs"

    replace_file(outcome(path, b"theirs", "new"))
    assert path.read_bytes() == b"new"


def test_nothing_to_write_writes_nothing(tmp_path):
    replace_file(outcome(tmp_path / "p.csv", None, None))
    assert list(tmp_path.iterdir()) == []


def test_folder_of_an_installed_package_is_known(tmp_path):
    inside = tmp_path / "lib" / "python3.13" / "site-packages" / "catalogs"
    inside.mkdir(parents=True)
    linked = tmp_path / "mine"
    linked.symlink_to(inside)
    assert [is_installed(one) for one in (inside, linked, tmp_path)] == [True, True, False]
    assert not is_installed(shipped_folder())  # in a copy of the project, beside its pyproject.toml


def test_withdrawal_keeps_an_earlier_end():
    from dataclasses import replace

    from catalogs.rows import offering_from
    from catalogs.withdrawal import is_withdrawn, withdrawn

    row = {"offering_id": "p:1", "provider": "p", "title": "One", "credits": "any=1"}
    one, _ = offering_from(row, "test", None, ())
    gone = withdrawn(one, date(2026, 3, 1))
    assert (str(gone.available_until), is_withdrawn(gone.note), is_withdrawn(one.note)) == (
        "2026-02-28",
        True,
        False,
    )
    early = withdrawn(replace(one, available_until=date(2026, 1, 1)), date(2026, 3, 1))
    assert early.available_until == date(2026, 1, 1)
