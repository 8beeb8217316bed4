"""How far a long command has come, on stderr: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS_BETWEEN_LINES = 30.0


@contextmanager
def progress(what: str, total: int, finished: int = 0) -> Iterator[Callable[[], None]]:
    """Show how many of a number are finished; what is given is to be called after each."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn(what),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total, completed=finished, rate="")

            def one_more() -> None:
                speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
                bar.update(task, advance=1, rate="" if speed is None else f"{speed:.1f} a second")

            yield one_more
        return
    began = told = time.monotonic()
    done = finished

    def one_line_more() -> None:
        nonlocal done, told
        done += 1
        now = time.monotonic()
        if now - told >= SECONDS_BETWEEN_LINES and done < total:
            told = now
            rate = (done - finished) / (now - began)
            left = (total - done) / rate / 60
            sys.stderr.write(
                f"{what}: {done:,} of {total:,}; {rate:.1f} a second, about {left:.0f} minutes left.\n"
            )
            sys.stderr.flush()

    yield one_line_more
