"""Files that are made once: whole or not at all, and never in the place of another."""

import os
from collections.abc import Callable
from pathlib import Path


def create(text: str, path: Path, prove: Callable[[Path], None]) -> None:
    """Write a new file, proved before it gets its name, or raise `FileExistsError` if the name is taken.

    `prove` is given the text in a file beside it, and raises if that is not what was meant.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _write(text, part, "w")
        prove(part)
        try:
            os.link(part, path)  # unlike a renaming, it fails where the name is taken
        except FileExistsError:
            raise
        except (OSError, AttributeError, NotImplementedError):  # a disk without hard links
            _write(text, path, "x")
    finally:
        part.unlink(missing_ok=True)


def _write(text: str, path: Path, mode: str) -> None:
    with path.open(mode, encoding="utf-8", newline="") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def free_name(path: Path) -> Path:
    """Return the first name like this one that is not taken: learner-2.toml."""
    number = 2
    while os.path.lexists(free := path.with_name(f"{path.stem}-{number}{path.suffix}")):
        number += 1
    return free
