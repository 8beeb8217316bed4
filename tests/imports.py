"""Imports run through the whole command: files of the test's own making, and what became of them."""

import csv
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from optimizer.cli import main

OK, USAGE, CATALOG = 0, 2, 3


@dataclass(frozen=True)
class Outcome:
    """Hold what an import printed and wrote."""

    code: int
    out: str
    err: str
    folder: Path
    name: str

    @property
    def text(self) -> str:
        """Return the CSV written."""
        return (self.folder / f"{self.name}.csv").read_bytes().decode()

    @property
    def rows(self) -> list[dict[str, str]]:
        """Return the rows imported, each without its empty cells and what is the same in all."""
        path = self.folder / f"{self.name}.csv"
        read = csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")) if path.exists() else ()
        plain = ("provider", "evidence")
        return [{key: cell for key, cell in row.items() if cell and key not in plain} for row in read]

    @property
    def rejected(self) -> list[list[str]]:
        """Return the rows refused, the reason first."""
        path = self.folder / f"{self.name}.rejected.csv"
        return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))[1:]

    @property
    def told(self) -> str:
        """Return all that was printed, in one line."""
        return " ".join(f"{self.out} {self.err}".split())


type Import = Callable[..., Outcome]


def importer(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Import:
    """Return a function that imports a file, or a text under a name, for the provider `p`."""

    def run(file: Path | str | bytes, *flags: str, name: str = "in.csv") -> Outcome:
        if isinstance(file, str | bytes):
            path = folder / name
            path.write_bytes(file.encode() if isinstance(file, str) else file)
            file = path
        target = folder / "out"
        target.mkdir(exist_ok=True)
        words = ["ceuplan", "catalog", "import", str(file), "--provider", "p", "-o", str(target), *flags]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as left:
            main()
        code = left.value.code or 0
        assert isinstance(code, int)
        printed = capsys.readouterr()
        transcript = "p.transcript" if "--transcript" in flags else "p"
        return Outcome(code, printed.out, printed.err, target, transcript)

    return run
