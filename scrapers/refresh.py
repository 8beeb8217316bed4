"""A provider's file in a catalog, made anew from its pages: fetched, parsed, measured against the last good rows.

Nothing here writes into the catalog: an `Outcome` says what would change, and `scrapers/replacing.py` does it.
"""

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from catalogs.diff import Change, changes
from catalogs.faults import CatalogFaults, faults_text
from catalogs.loading import Catalog, load, offerings_of, passes_of
from catalogs.reading import csv_files
from catalogs.records import Offering
from catalogs.rows import offering_row
from catalogs.writing import offerings_csv, write_whole
from scrapers.crawling import MOST_PAGES, Round, all_pages
from scrapers.fetch import NotFetched
from scrapers.gates import Alarm, alarms
from scrapers.history import Refresh, digest_of, read_history, told_by, with_refresh, write_history
from scrapers.keeping import keep_rows
from scrapers.merging import Merged, by_parser, last_good, merged
from scrapers.provider import PageChanged, Parsed, Provider
from scrapers.snapshots import moment
from scrapers.visiting import Visitor

RESUMED_WITHIN: Final = timedelta(days=1)
"""A run that was killed is gone on with for so long; then its pages are too old."""

_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold what all providers of one run share."""

    catalog: Path
    """The folder whose rows are compared."""
    cache: Path
    """Where pages, rows and histories are kept, a folder for each provider."""
    visitor: Visitor
    day: date
    clock: Callable[[], datetime]
    told: Callable[[str, int, int], None]
    offline: bool = False
    accepted: Collection[str] = ()
    """Providers whose drift somebody has looked at and takes for what really happened."""
    most_pages: int = MOST_PAGES


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what the refresh of one provider came to."""

    provider: str
    path: Path
    """Its file in the catalog."""
    before: bytes | None
    """The file's bytes when it was read; None where there was none."""
    after: str | None = None
    """What it should say; None where nothing changes, or all is refused."""
    refused: tuple[Alarm, ...] = ()
    """Why nothing is taken over; empty where all is well."""
    changes: tuple[Change, ...] = ()
    by_hand: tuple[Change, ...] = ()
    """What the pages say otherwise of rows that are kept by hand."""
    notes: tuple[str, ...] = ()
    rows: int = 0


def refreshed(provider: Provider, setting: Setting) -> Outcome:
    """Return what a provider's pages change; raise `CatalogFaults` where the catalog is not sound as it is."""
    whole = load([setting.catalog])
    path = setting.catalog / f"{provider.id}.csv"
    blank = Outcome(provider.id, path, path.read_bytes() if path.exists() else None)
    folder = setting.cache / provider.id
    folder.mkdir(parents=True, exist_ok=True)
    digest = ""
    try:
        parsed = _read(provider, setting, folder)
    except (NotFetched, PageChanged) as stop:
        outcome = replace(blank, refused=(Alarm(str(stop)),))
    else:
        keep_rows(parsed, folder, provider.id)
        outcome = _compared(provider, parsed, setting, whole, blank)
        digest = "" if outcome.refused else digest_of(parsed.rows)
    if setting.offline:
        return outcome
    why = "; ".join(alarm.why for alarm in outcome.refused)
    latest = Refresh(setting.day.isoformat(), outcome.rows, digest, why)
    history = with_refresh(read_history(folder / "history.csv"), latest)
    write_history(history, folder / "history.csv")
    return replace(outcome, notes=(*outcome.notes, *told_by(provider.id, history)))


def _read(provider: Provider, setting: Setting, folder: Path) -> Parsed:
    """Return what the pages say; where a run was killed, its pages are not asked for again."""
    mark = folder / "unfinished"
    now = setting.clock()
    since = _text_of(mark)
    if not moment(now - RESUMED_WITHIN) <= since <= moment(now):
        since = moment(now)
        if not setting.offline:
            write_whole(since, mark)
    work = Round(
        setting.visitor,
        folder / "pages",
        since,
        setting.day,
        setting.most_pages,
        setting.told,
        setting.offline,
    )
    try:
        parsed = all_pages(provider, work)
    except (NotFetched, PageChanged):
        mark.unlink(missing_ok=True)  # this run is over; one that was killed or broken off leaves the mark
        raise
    mark.unlink(missing_ok=True)
    return parsed


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""


def _compared(
    provider: Provider, parsed: Parsed, setting: Setting, whole: Catalog, blank: Outcome
) -> Outcome:
    own = None if blank.before is None else load([blank.path], whole=False)
    before = () if own is None else offerings_of(own)
    notes = tuple(_unread(provider, parsed, setting))
    outcome = replace(blank, rows=len(parsed.rows), notes=notes)
    by_hand = {one.offering_id for one in before if not by_parser(one)}
    found = [
        alarm
        for alarm in alarms(provider, last_good(before), parsed, by_hand)
        if not (alarm.drift and provider.id in setting.accepted)
    ]
    if found:
        return replace(outcome, refused=tuple(found))
    try:
        passes = {one.pass_id for one in passes_of(whole)}
        day = min((date.fromisoformat(row["seen_on"]) for row in parsed.rows), default=setting.day)
        newest = max((one.seen_on for one in before if by_parser(one) and one.seen_on), default=day)
        if newest > day:
            why = f"its pages were kept on {day}, and the catalog has rows of {newest}: read them again, not --offline"
            return replace(outcome, refused=(Alarm(why),))
        result = merged(before, parsed.rows, day, passes, all_read=not parsed.refused)
        outcome = _with_changes(outcome, before, result)
        if outcome.after is not None:
            if own is not None and own.notes:
                return replace(outcome, after=None, refused=(Alarm(_would_be_lost(own)),))
            _check_fits(outcome.after, blank.path)
    except CatalogFaults as bad:
        why = f"its rows do not fit into the catalog:\n{faults_text(bad.faults)}".strip()
        return replace(outcome, after=None, changes=(), refused=(Alarm(why),))
    return outcome


def _unread(provider: Provider, parsed: Parsed, setting: Setting) -> Iterator[str]:
    for one in parsed.refused[:_MOST_TOLD]:
        yield f"{provider.id}: not read: {one.where}: {one.why}."
    if more := len(parsed.refused[_MOST_TOLD:]):
        kept = setting.cache / provider.id / f"{provider.id}.rejected.csv"
        yield f"{provider.id}: not read: {more:,} more; all of them are in {kept}."


def _with_changes(outcome: Outcome, before: Sequence[Offering], result: Merged) -> Outcome:
    found = changes(_rows(before), _rows(result.offerings))
    missed = tuple(
        f"{outcome.provider}: {key} was not found, and is left as it is: it may be among what was not read."
        for key in result.missed
    )
    after = offerings_csv(result.offerings) if found else None
    return replace(
        outcome, after=after, changes=found, by_hand=result.by_hand, notes=(*outcome.notes, *missed)
    )


def _rows(offerings: Sequence[Offering]) -> dict[str, dict[str, str]]:
    return {one.offering_id: offering_row(one) for one in offerings}


def _would_be_lost(own: Catalog) -> str:
    return f"its file holds what a new one would not: {' '.join(own.notes)} Take it out, or keep the file by hand"


def _check_fits(text: str, path: Path) -> None:
    """Raise `CatalogFaults` if the catalog would not be sound with a file's new text."""
    others, _ = csv_files([path.parent])
    with TemporaryDirectory() as folder:
        for other in others:
            if other.name != path.name:
                shutil.copyfile(other, Path(folder, other.name))
        Path(folder, path.name).write_bytes(text.encode())
        load([Path(folder)])
