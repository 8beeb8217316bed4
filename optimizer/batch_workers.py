"""Who solves the problems of a batch: this process, others on this machine, or (`optimizer/cluster.py`) other machines.

Never threads: PuLP and its solver are not made for them.
"""

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache, partial
from importlib.metadata import version
from itertools import islice
from multiprocessing.connection import wait as wait_for_end

from optimizer.batch_answer import FAILED, Answer, Shared, answer, refused
from optimizer.learner import Learner

type Finished = Iterator[tuple[str, Answer, str]]
"""Of each problem its key, its answer and the plan's JSON, in the order in which they are finished."""

AHEAD = 3
"""Problems that are sent ahead, for each that is being solved: enough that nobody waits, few to be lost."""

_one_at_a_time = threading.Lock()


class WorkersLost(Exception):
    """Stop because who should solve is gone; what they had finished is kept."""


def here(problems: Mapping[str, Learner], shared: Shared) -> Finished:
    """Solve problems in this process, one after another."""
    for key, learner in problems.items():
        yield key, *answer(shared, learner)


def on_processes(problems: Mapping[str, Learner], shared: Shared, workers: int) -> Finished:
    """Solve problems in so many processes of this machine, each of which is sent the catalog once."""
    context = multiprocessing.get_context("spawn")  # on every system alike, and safe where threads run
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(pickle.dumps(shared),)
    )
    try:
        yield from as_finished(partial(_submit, pool), problems.items(), AHEAD * workers)
    except BrokenProcessPool:
        msg = "A process that was solving ended, perhaps for lack of memory. Fewer --workers need less."
        raise WorkersLost(msg) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, learner: Learner) -> "Asked":
    # A process that begins here inherits that its interruption waits until it can leave without a traceback.
    _hold_interruption(signal.SIG_BLOCK)
    try:
        return pool.submit(_answer, learner)
    finally:
        _hold_interruption(signal.SIG_UNBLOCK)


def _hold_interruption(how: int) -> None:
    if hasattr(signal, "pthread_sigmask"):  # Windows has none
        signal.pthread_sigmask(how, {signal.SIGINT})


type Asked = Future[tuple[Answer, str]]


def as_finished(
    submit: Callable[[Learner], Asked],
    problems: Iterable[tuple[str, Learner]],
    most: int,
    killed: type[Exception] | tuple[()] = (),
) -> Finished:
    """Have problems solved elsewhere, never more than so many at a time, and yield each when it is finished.

    `killed` says of a single problem that it ended whoever tried to solve it.
    """
    left = iter(problems)
    waiting: dict[Asked, str] = {}
    while True:
        for key, learner in islice(left, most - len(waiting)):
            waiting[_submitted(submit, learner)] = key
        if not waiting:
            return
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for one in sorted(
            finished, key=_is_lost
        ):  # those that came through before a worker was lost are kept
            try:
                found, text = one.result()
            except killed:
                words = "Every worker that tried to solve this ended, perhaps for lack of memory."
                found, text = refused(FAILED, words), ""
            yield waiting.pop(one), found, text


def _submitted(submit: Callable[[Learner], Asked], learner: Learner) -> Asked:
    try:
        return submit(learner)
    except BrokenProcessPool as broken:  # told after those that are finished
        lost: Asked = Future()
        lost.set_exception(broken)
        return lost


def _is_lost(one: Asked) -> bool:
    return one.cancelled() or one.exception() is not None


_shared: Shared | None = None
"""What this worker process was begun with."""


def _begin(pickled: bytes) -> None:
    global _shared  # noqa: PLW0603 - a process has one, set before anything else runs
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever is interrupted leaves without a traceback
    _hold_interruption(signal.SIG_UNBLOCK)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _shared = _unpickled(pickled)


def _end_with_parent() -> None:
    """Leave when the process that began this one is gone, however it went: nobody wants the answers any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_end([parent.sentinel])
        os._exit(1)


def _answer(learner: Learner) -> tuple[Answer, str]:
    assert _shared is not None  # noqa: S101 - the pool has begun each worker
    return answer(_shared, learner)


def answer_from_bytes(pickled: bytes, learner: Learner) -> tuple[Answer, str]:
    """Return the answer to a learner's problem, where a worker may have several threads."""
    with _one_at_a_time:
        return answer(_unpickled(pickled), learner)


@lru_cache(maxsize=1)
def _unpickled(pickled: bytes) -> Shared:
    shared = pickle.loads(pickled)  # noqa: S301 - from the process that began this one, or the cluster's own client
    assert isinstance(shared, Shared)  # noqa: S101 - nothing else is sent
    if shared.version != version("ceuplan"):
        msg = f"This worker has ceuplan {version('ceuplan')}, and {shared.version} asks."
        raise WorkersLost(msg)
    return shared
