"""A catalog on disk and the shop it is refreshed from: what the tests of `catalog refresh` share."""

import sys
import tracemalloc
from pathlib import Path

import pytest

from optimizer.cli import main
from tests.misbehaving import PROVIDER, Server, answer, cards

DAY = "2026-11-22"
LATER = "2026-11-29"
SECONDS = "1.2"
"""The longest time for one page."""

PASSES = "pass_id,title,price,benefit\nclub,The club,50.00,included\n"
KEPT = """\
offering_id,provider,title,credits,unit,price,evidence,note
kept:one,kept,By hand,clinical=1,aama_ceu,5.00,user,
"""


_STOCK: list[bytes] = []


class Ran:
    """Hold what one run of the command left."""

    def __init__(self, code, out, err, seconds, peak):
        self.code, self.out, self.err, self.seconds, self.peak = code, out, err, seconds, peak


class Shop:
    """Hold a server, a provider that is read from it, a catalog and a cache."""

    def __init__(self, folder: Path, server: Server, run):
        self.server, self._run = server, run
        self.catalog, self.cache, self.providers = folder / "catalog", folder / "cache", folder / "providers"
        for one in (self.catalog, self.cache, self.providers):
            one.mkdir()
        (self.catalog / "passes.csv").write_text(PASSES, "utf-8")
        (self.catalog / "kept.csv").write_text(KEPT, "utf-8")
        self.file = self.catalog / "shop.csv"
        self.provide()

    def provide(self, form=PROVIDER, path="/ce", more=""):
        """Describe the shop, with the address to begin with."""
        text = form.format(start=self.server.url(path), more=more)
        (self.providers / "shop.toml").write_text(text, "utf-8")

    def sells(self, page, path="/ce", **more):
        """Put a page on the server, in proper form."""
        self.server.replies[path] = answer(page, **more)

    def refresh(self, *more, day=DAY, private=True):
        """Run `ceuplan catalog refresh` on all of it."""
        flags = [
            "--catalog",
            self.catalog,
            "--cache",
            self.cache,
            "--providers",
            self.providers,
            "--as-of",
            day,
        ]
        if private:
            flags += ["--private-addresses", "--pause", "0"]
        return self._run("catalog", "refresh", *flags, "--time-limit", SECONDS, *more)

    def opened(self):
        """Have the shop's ten courses in the catalog, as a first refresh writes them."""
        self.sells(cards())
        assert self.refresh("--write").code == 0
        return self

    def stocked(self):
        """Have the same courses in the catalog as `opened` leaves there; only the first time they are read."""
        if not _STOCK:
            self.opened()
            _STOCK.append(self.file.read_bytes())
        self.file.write_bytes(_STOCK[0])
        return self

    def files(self):
        """Return the catalog byte for byte, with the moments at which it was written."""
        return {one.name: (one.read_bytes(), one.stat().st_mtime_ns) for one in self.catalog.iterdir()}

    def rows(self):
        """Return the shop's rows by id, as a catalog reads them."""
        from catalogs.loading import load, offerings_of

        return {one.offering_id: one for one in offerings_of(load([self.catalog])) if one.provider == "shop"}


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command in this process, and measure its time and, where it is traced, its memory."""
    from time import monotonic

    def in_process(*args):
        monkeypatch.setattr(sys, "argv", ["ceuplan", *map(str, args)])
        tracemalloc.reset_peak()
        started = monotonic()
        with pytest.raises(SystemExit) as left:
            main()
        peak = tracemalloc.get_traced_memory()[1]
        ran = Ran(left.value.code or 0, *capsys.readouterr(), monotonic() - started, peak)
        assert "Traceback" not in ran.err + ran.out
        return ran

    return in_process


@pytest.fixture
def server():
    made = Server()
    yield made
    made.stop()


@pytest.fixture
def shop(tmp_path, server, run):
    return Shop(tmp_path, server, run)
