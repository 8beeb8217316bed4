"""`ceuplan catalog refresh`: read the providers' pages again, and say what they change in a catalog.

The one file of the optimizer that knows the scrapers: they are loaded when the command runs, and no plan needs them.
"""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogs.faults import did_you_mean, shown
from optimizer.commands.completing import read_providers
from optimizer.commands.options import AsOf, day, now
from optimizer.commands.output import INPUT, PAGE_CHANGED, USAGE, stop, write_notes

if TYPE_CHECKING:
    from scrapers.provider import Provider
    from scrapers.refresh import Outcome, Setting

_SHORTEST, _LONGEST = 1.0, 3600.0


def catalog_refresh(
    provider: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this provider.", autocompletion=read_providers),
    ] = None,
    catalog: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder to compare, and to write; else the shipped one.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write what changed into the folder of --catalog.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Take over this provider though rows, columns or prices moved a lot.",
            autocompletion=read_providers,
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Only parse again what is on disk.")] = False,
    cache: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where pages and histories are kept; else your cache folder.")
    ] = None,
    providers: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with providers' TOML files; else the shipped ones.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(metavar="TEXT", help="How a site can reach you: an address, told to each.")
    ] = None,
    pause: Annotated[float, typer.Option(metavar="SECONDS", help="Between two requests to one host.")] = 2.0,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="Longest time for one page.")] = 120.0,
    private_addresses: Annotated[
        bool, typer.Option("--private-addresses", help="Ask servers on this machine and its network, too: for tests.")
    ] = False,
    as_of: AsOf = None,
) -> None:  # fmt: skip
    """Read providers' pages again and print what they change; nothing is written without --write.

    Exit 8 where a page could not be read or is not what it was: that provider's file stays as it is.

    Example: ceuplan catalog refresh --provider ace --catalog my-catalog --write
    """
    folder = _folder(catalog, write=write)
    today = day(as_of)
    agent = _agent(contact)
    if not (
        _SHORTEST <= time_limit <= _LONGEST and (1 <= pause <= 60 or (private_addresses and 0 <= pause <= 60))
    ):
        stop(USAGE, f"--time-limit: {_SHORTEST:g} to {_LONGEST:g} seconds; --pause: 1 to 60 seconds.")

    from scrapers.fetch import Limits
    from scrapers.refresh import Setting
    from scrapers.visiting import Manners, Visitor

    chosen = _chosen(provider or (), accept or (), providers)
    limits = Limits(
        connect_seconds=min(10.0, time_limit / 2),
        read_seconds=min(20.0, time_limit / 6),
        total_seconds=time_limit,
        backoff_seconds=min(1.0, time_limit / 40),
        longest_wait=min(60.0, time_limit / 2),
        private_addresses=private_addresses,
    )
    visitor = Visitor(Manners(agent, pause, offline=offline), limits, now)
    kept = _cache(cache)
    with _progress() as told:
        setting = Setting(folder, kept, visitor, today, now, told, offline, frozenset(accept or ()))
        outcomes = _all_refreshed(chosen, setting, write=write)
    _report(outcomes, setting, write=write)
    if any(outcome.refused for outcome in outcomes):
        sys.exit(PAGE_CHANGED)


def _folder(catalog: Path | None, *, write: bool) -> Path:
    """Return the folder to compare, or refuse one that cannot be written where it should be."""
    from catalogs.loading import shipped_folder

    if catalog is None:
        if write:
            stop(USAGE, f"--write: say which folder, with --catalog. {_how_to_copy(shipped_folder())}")
        return shipped_folder()
    if not catalog.is_dir():
        stop(
            USAGE,
            f"--catalog {shown(str(catalog))}: it is not a folder. Name one that holds a catalog's CSV files.",
        )
    if write:
        from scrapers.replacing import is_installed

        if is_installed(catalog):
            stop(
                USAGE,
                f"--catalog {shown(str(catalog))}: it belongs to the installed program, and the next installation "
                f"would replace what is written there. {_how_to_copy(catalog)}",
            )
    return catalog


def _how_to_copy(folder: Path) -> str:
    named = "'" + str(folder).replace("'", "'\\''") + "'"
    return (
        "Copy the catalog, and write the copy:\n"
        f"  mkdir my-catalog && cp {named}/*.csv {named}/datapackage.json my-catalog/\n"
        "  ceuplan catalog refresh --catalog my-catalog --write"
    )


def _agent(contact: str | None) -> str:
    """Return how this program names itself to sites, and whom they may turn to."""
    from importlib.metadata import version

    if contact is not None and not (contact.isascii() and contact.isprintable() and 3 <= len(contact) <= 200):
        stop(USAGE, "--contact: give a mail or web address, in plain letters.")
    told = f"; +{contact}" if contact else ""
    return f"ceuplan/{version('ceuplan')} (refresh of a course catalog{told})"


def _chosen(names: Sequence[str], accepted: Sequence[str], folder: Path | None) -> "tuple[Provider, ...]":
    from catalogs.faults import faults_text
    from scrapers.provider import SHIPPED, ProviderFaults, providers

    if folder is not None and not folder.is_dir():
        stop(USAGE, f"--providers {shown(str(folder))}: it is not a folder. Name one that holds TOML files.")
    try:
        known = {one.id: one for one in providers(folder or SHIPPED)}
    except ProviderFaults as bad:
        stop(INPUT, faults_text(bad.faults))
    for flag, said in [*(("--provider", one) for one in names), *(("--accept", one) for one in accepted)]:
        if said not in known:
            hint = did_you_mean(said, known)
            listed = ", ".join(known) or "none"
            stop(USAGE, f'{flag} "{shown(said)}": no such provider can be read. Known: {listed}.{hint}')
    if not known:
        stop(USAGE, f"{shown(str(folder or SHIPPED))}: it holds no provider's TOML file.")
    return tuple(known[one] for one in dict.fromkeys(names)) or tuple(known.values())


def _cache(said: Path | None) -> Path:
    """Return the folder for pages and histories: as said, or the user's own."""
    import os

    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    folder = said or (Path(home) if home else Path.home() / ".cache") / "ceuplan"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(USAGE, f"--cache {shown(str(folder))}: {error.strerror}. Name a folder that can be written.")
    return folder


def _progress() -> AbstractContextManager[Any]:
    """Return what is told of each page: a bar on a terminal's stderr, else nothing."""
    if not sys.stderr.isatty():
        return nullcontext(lambda *_: None)
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import Progress

    @contextmanager
    def bars() -> Any:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            tasks: dict[str, Any] = {}

            def told(name: str, read: int, known: int) -> None:
                if name not in tasks:
                    tasks[name] = progress.add_task(shown(name), total=known)
                progress.update(tasks[name], completed=read, total=known)

            yield told

    return bars()


def _all_refreshed(chosen: "Sequence[Provider]", setting: "Setting", *, write: bool) -> "list[Outcome]":
    """Return what became of each provider, each written before the next is read."""
    from dataclasses import replace

    from scrapers.gates import Alarm
    from scrapers.refresh import refreshed
    from scrapers.replacing import ChangedMeanwhile, Installed, replace_file

    outcomes = []
    for one in chosen:
        outcome = refreshed(one, setting)
        if write and outcome.after is not None:
            try:
                replace_file(outcome)
            except (ChangedMeanwhile, Installed, OSError) as stopped:
                outcome = replace(outcome, after=None, refused=(Alarm(f"nothing was written: {stopped}"),))
        outcomes.append(outcome)
    return outcomes


def _report(outcomes: "Sequence[Outcome]", setting: "Setting", *, write: bool) -> None:
    from catalogs.loading import load, offerings_of, passes_of
    from catalogs.staleness import stale
    from scrapers.refresh_text import outcomes_text
    from scrapers.replacing import describe_anew

    if write:
        describe_anew(setting.catalog)
    catalog = load([setting.catalog])
    sys.stdout.write(outcomes_text(outcomes, stale(offerings_of(catalog), passes_of(catalog), setting.day)))
    sys.stdout.flush()
    write_notes([note for outcome in outcomes for note in outcome.notes])
    for outcome in outcomes:
        for alarm in outcome.refused:
            told = "\n  ".join(shown(line, longest=500) for line in alarm.why.splitlines())
            sys.stderr.write(f"{outcome.provider}: refused, its file stays as it is: {told}.\n")
    drifted = [o.provider for o in outcomes if o.refused and all(alarm.drift for alarm in o.refused)]
    if drifted:
        flags = " ".join(f"--accept {name}" for name in drifted)
        sys.stderr.write(f"If you have looked at the pages and it is so, run it again with {flags}.\n")
    changed = sum(outcome.after is not None for outcome in outcomes)
    if changed and not write:
        sys.stderr.write("Nothing was written: --catalog DIR --write does that.\n")
    elif changed:
        where = shown(str(setting.catalog), longest=300)
        sys.stderr.write(f"Written to {where}: {changed} file{'s' if changed > 1 else ''}.\n")
