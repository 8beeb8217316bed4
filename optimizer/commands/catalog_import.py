"""`ceuplan catalog import`: a file of somebody else's making becomes a catalog's CSV."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.commands.completing import columns
from optimizer.commands.output import CATALOG, USAGE, stop, width, write_notes

if TYPE_CHECKING:
    from catalogs.importing import Imported, Wishes
    from catalogs.schema import Table

_RESERVED = ("passes", "shipped")


def catalog_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, XLSX, or a page saved from a browser.")],
    provider: Annotated[str, typer.Option(metavar="P", help="Who sells it: the name of the files, the start of ids.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder to write to; this one by default.")
    ] = None,
    seen_on: Annotated[str | None, typer.Option(metavar="DATE", help="The day the file was made or saved.")] = None,
    source: Annotated[str | None, typer.Option(metavar="URL", help="The page it is from.")] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="UNIT", help="What a credit is where the file does not say: aama_ceu, …")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=WHAT", help='What a column is; "Cost=" leaves it out.',
            autocompletion=columns,
        )
    ] = None,
    sheet: Annotated[str | None, typer.Option(metavar="NAME|N", help="Which sheet, table or list of cards.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Such as windows-1252, if not UTF-8.")] = None,
    transcript: Annotated[
        bool, typer.Option("--transcript", help="The rows are what you have earned: write P.transcript.csv.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the files of an earlier import.")] = False,
) -> None:  # fmt: skip
    """Turn a spreadsheet, a saved page or a transcript into a catalog's CSV; nothing is guessed.

    Writes P.csv, and P.rejected.csv with the rows refused and why. Exit 0, or 3 if a row was refused.

    Example: ceuplan catalog import courses.csv --provider harbour --unit contact_hour
    """
    from catalogs.importing import import_file

    table = _table(transcript)
    wishes = _wishes(provider, column or [], unit, sheet, encoding, source, seen_on, table)
    folder = output if output is not None else Path()
    good, bad = _targets(folder, wishes.provider, transcript, file, replace)
    imported = import_file(file, wishes, table, _passes(folder))
    _tell(imported, file, good, bad)


def _table(transcript: bool) -> "Table":
    from dataclasses import replace

    from catalogs.schema import OFFERINGS, Table
    from optimizer.transcript import TRANSCRIPT

    if not transcript:
        return OFFERINGS
    columns = tuple(replace(column, copies="") for column in TRANSCRIPT.columns)
    return Table(TRANSCRIPT.name, TRANSCRIPT.key, columns)


def _wishes(
    provider: str,
    columns: list[str],
    unit: str | None,
    sheet: str | None,
    encoding: str | None,
    source: str | None,
    seen_on: str | None,
    table: "Table",
) -> "Wishes":
    """Return what the flags say, or raise `FlagFaults` with all that is wrong with them."""
    from catalogs.delimited import check_encoding
    from catalogs.faults import BadValue, Fault, FlagFaults
    from catalogs.imported_rows import check_address
    from catalogs.importing import Wishes
    from catalogs.said_columns import said_columns
    from catalogs.values import parse_day, parse_unit

    faults: list[Fault] = []
    checks = (
        ("--provider", provider, _check_provider),
        ("--unit", unit, parse_unit),
        ("--encoding", encoding, check_encoding),
        ("--source", source, check_address),
        ("--seen-on", seen_on, parse_day),
    )
    for flag, said, check in checks:
        if said is None:
            continue
        try:
            check(said)
        except BadValue as bad:
            faults.append(bad.at(flag, None, None, said))
    roles: dict[str, str] = {}
    try:
        roles = said_columns(columns, table)
    except FlagFaults as found:
        faults += found.faults
    if faults:
        raise FlagFaults(faults)
    return Wishes(
        provider,
        roles,
        parse_unit(unit) if unit else "",
        sheet or "",
        encoding or "",
        source or "",
        parse_day(seen_on).isoformat() if seen_on else "",
    )


def _check_provider(said: str) -> None:
    import re

    from catalogs.faults import BadValue
    from catalogs.words import SLUG

    if not re.fullmatch(SLUG, said) or len(said) > 100:
        slug = re.sub(r"[^a-z0-9]+", "-", said.casefold())[:100].strip("-") or "ace"
        problem = "it is no name for files and ids: small letters, digits, - and _"
        raise BadValue(problem, f"Write it like --provider {slug}.")
    if said in _RESERVED:
        problem = f"{said}.csv is not a file of offerings"
        raise BadValue(problem, "Name the provider, such as --provider ace.")


def _targets(folder: Path, provider: str, transcript: bool, file: Path, replace: bool) -> tuple[Path, Path]:
    """Return the two files to write; refuse a folder that cannot hold them, and to replace unasked."""
    from catalogs.faults import shown

    name = f"{provider}.transcript" if transcript else provider
    good, bad = folder / f"{name}.csv", folder / f"{name}.rejected.csv"
    try:
        if not folder.is_dir():
            why = "is not a folder" if folder.exists() else "does not exist"
            stop(USAGE, f"-o {shown(str(folder))}: it {why}. Give a folder to write {name}.csv to.")
        if not os.access(folder, os.W_OK):
            stop(USAGE, f"-o {shown(str(folder))}: you may not write there. Give another folder.")
        for path in (good, bad):
            if path.is_dir():
                stop(USAGE, f"{shown(str(path))} is a folder. Move it away, or give another -o.")
            if path.exists() and file.exists() and path.samefile(file):
                stop(
                    USAGE,
                    f"{shown(str(path))} is the file you import, which would be lost. Give another folder with -o.",
                )
            if os.path.lexists(path) and not replace:
                stop(
                    USAGE,
                    f"{shown(str(path))} is there already. Say --replace, or give another folder with -o.",
                )
    except OSError as error:
        stop(USAGE, f"-o {shown(str(folder))}: it cannot be used ({error.strerror}). Give another folder.")
    return good, bad


def _passes(folder: Path) -> frozenset[str]:
    """Return the ids of the passes beside the file to be written, which its rows may name."""
    from catalogs.loading import load
    from catalogs.reading import PASSES_FILE

    path = folder / PASSES_FILE
    return frozenset(load(path).pass_values["pass_id"]) if path.is_file() else frozenset()


def _tell(imported: "Imported", file: Path, good: Path, bad: Path) -> None:
    """Write both files, say what was done, and leave with 3 if a row was refused."""
    from catalogs.faults import shown
    from catalogs.import_text import (
        notes_on,
        outcome,
        refusals_text,
        rejected_text,
        sound_text,
        understanding,
    )
    from catalogs.wrapping import wrapped
    from catalogs.writing import write_whole

    for line in understanding(imported, str(file)):
        first = "  " if line.startswith("  ") else ""
        for each in wrapped(line.strip(), width(None), first, "    "):
            sys.stdout.write(each + "\n")
    sys.stdout.write("\n")
    for line in outcome(imported):
        for each in wrapped(line, width(None), "", "    "):
            sys.stdout.write(each + "\n")
    if imported.refused:
        sys.stdout.flush()
        sys.stderr.write(refusals_text(imported))
    # The refused rows first: whoever finds the new P.csv finds them beside it.
    texts = [(bad, rejected_text(imported))]
    if imported.values:
        texts.append((good, sound_text(imported)))
    for path, text in texts:
        try:
            write_whole(text, path)
        except OSError as error:
            stop(
                USAGE,
                f"{shown(str(path))} cannot be written ({error.strerror}). Give another folder with -o.",
            )
    write_notes(notes_on(imported))
    kept, refused = (shown(str(path), longest=1_000) for path in (good, bad))
    written = f"Written: {kept}, and {refused} with the rows refused."
    if not imported.values:
        written = f"No row is sound, so {kept} is not written; {refused} says why."
    sys.stdout.write(written + "\n")
    if imported.refused:
        sys.stdout.flush()
        sys.exit(CATALOG)
