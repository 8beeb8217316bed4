"""What a shell offers when somebody presses Tab: ids, providers and words, read in a moment, and never an error."""

import csv
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import islice
from pathlib import Path

import typer

MOST_ROWS = 5_000
"""Read of each file: nobody chooses among more, and everybody waits."""

type Offers = Callable[[typer.Context, str], list[str]]


def _offered(words: Callable[[typer.Context, str], Iterator[str]]) -> Offers:
    """Return a completion of words that begin like what is typed; whatever goes wrong, it offers nothing."""

    @wraps(words)
    def offers(ctx: typer.Context, incomplete: str) -> list[str]:
        try:
            found = {one for one in words(ctx, incomplete) if one.startswith(incomplete)}
        except Exception:  # a shell in the middle of a line can show no message
            return []
        return sorted(one for one in found if one.isprintable())

    del offers.__wrapped__  # typer reads the signature
    return offers


@_offered
def credential_ids(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001
    """Yield the ids of the credentials that come with the program."""
    for path in (Path(__file__).parent.parent / "credentials").glob("*.toml"):
        yield path.stem


@_offered
def pass_ids(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001
    """Yield the ids of passes."""
    yield from _cells(ctx, "pass_id")


@_offered
def passes_held(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001
    """Yield the ids of passes as `--pass` wants them, before the last day they hold."""
    for pass_id in _cells(ctx, "pass_id"):
        yield f"{pass_id}@"


@_offered
def providers(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001
    """Yield the names of those who sell something."""
    yield from _cells(ctx, "provider")


@_offered
def read_providers(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001
    """Yield the providers whose pages can be read again."""
    said = ctx.params.get("providers")
    for path in Path(said or Path(__file__).parents[2] / "scrapers" / "providers").glob("*.toml"):
        yield path.stem


@_offered
def changes(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001
    """Yield what `--what-if` can change: the price of an offering or a pass, or that there is a provider."""
    for name in ("offering_id", "pass_id"):
        for id_ in _cells(ctx, name):
            yield f"{id_}="
    for provider in _cells(ctx, "provider"):
        yield f"without={provider}"


@_offered
def columns(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001
    """Yield what a column can be, behind the name that was typed."""
    from catalogs.schema import OFFERINGS

    name, equals, _ = incomplete.rpartition("=")
    for column in OFFERINGS.header if equals else ():
        yield f"{name}={column}"


@_offered
def kinds(ctx: typer.Context, incomplete: str) -> Iterator[str]:  # noqa: ARG001
    """Yield the kinds of offerings."""
    from catalogs.schema import KINDS

    yield from KINDS


def _cells(ctx: typer.Context, column: str) -> Iterator[str]:
    """Yield the cells of a column in the catalogs that --catalog names so far, or in the shipped one."""
    for source in ctx.params.get("catalog") or ["shipped"]:
        path = Path(__file__).parents[2] / "catalogs" if source == "shipped" else Path(source)
        for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
            if not file.name.endswith(".rejected.csv") and file.is_file():
                with file.open(encoding="utf-8-sig", newline="") as rows:
                    for row in islice(csv.DictReader(rows), MOST_ROWS):
                        if cell := (row.get(column) or "").strip():
                            yield cell
