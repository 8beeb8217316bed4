"""A catalog's file replaced by what a refresh made of it: whole or not at all, and never one that others changed."""

from pathlib import Path

from catalogs.datapackage import FILE, package_text, write_package
from catalogs.loading import shipped_folder
from catalogs.writing import write_whole
from scrapers.refresh import Outcome


class ChangedMeanwhile(Exception):
    """Refuse to replace a file that is no longer the one that was compared."""


class Installed(Exception):
    """Refuse to write through a link into an installed package."""


def replace_file(outcome: Outcome) -> None:
    """Put a provider's new file in the place of the one it was compared with."""
    if outcome.after is None:
        return
    if outcome.path.is_symlink() and is_installed(outcome.path.resolve().parent):
        msg = f"{outcome.path} is a link into the installed program: put a copy in its place"
        raise Installed(msg)
    now = outcome.path.read_bytes() if outcome.path.exists() else None
    if now != outcome.before:
        msg = f"{outcome.path} was changed by somebody else while the pages were read"
        raise ChangedMeanwhile(msg)
    write_whole(outcome.after, outcome.path)


def describe_anew(folder: Path) -> None:
    """Rewrite a folder's datapackage.json if it has one and its files are no longer what it says."""
    described = folder / FILE
    if described.is_file() and described.read_bytes() != package_text(folder).encode():
        write_package(folder)


def is_installed(folder: Path) -> bool:
    """Return whether a folder belongs to an installed package, which the next installation would replace."""
    whole = folder.resolve()
    if {"site-packages", "dist-packages"} & set(whole.parts):
        return True
    return whole == shipped_folder().resolve() and not (whole.parent / "pyproject.toml").is_file()
