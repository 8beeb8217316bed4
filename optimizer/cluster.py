"""Problems of a batch on a Dask cluster: the only file that knows it."""

import logging
import pickle
from collections.abc import Mapping
from concurrent.futures import CancelledError
from importlib.util import find_spec

from optimizer.batch_answer import Shared
from optimizer.batch_workers import AHEAD, Finished, WorkersLost, answer_from_bytes, as_finished
from optimizer.learner import Learner

INSTALL = "pip install 'ceuplan[cluster]'"
SECONDS_TO_ANSWER = 10
"""For the scheduler."""
SECONDS_TO_COME = 60
"""For the first worker."""


def is_installed() -> bool:
    """Say whether what talks to a cluster is installed."""
    return find_spec("distributed") is not None


def on_cluster(problems: Mapping[str, Learner], shared: Shared, address: str) -> Finished:
    """Solve problems on a cluster's workers, to which the catalog is sent once."""
    from distributed import Client, KilledWorker

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told in our own words
    try:
        client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        msg = f"No scheduler answers at {address} ({type(error).__name__}). Start one with `dask scheduler`."
        raise WorkersLost(msg) from None
    try:
        client.wait_for_workers(1, timeout=SECONDS_TO_COME)
        executor = client.get_executor(pure=False)  # else each learner is hashed once more
        sent = client.scatter(pickle.dumps(shared), broadcast=True)
        yield from as_finished(
            lambda learner: executor.submit(answer_from_bytes, sent, learner),
            problems.items(),
            AHEAD * sum(client.ncores().values()),
            KilledWorker,
        )
    except TimeoutError:
        msg = f"No worker is at {address}. Start some with `dask worker {address} --nthreads 1`."
        raise WorkersLost(msg) from None
    except (CancelledError, OSError) as error:
        msg = f"The cluster at {address} is gone ({type(error).__name__})."
        raise WorkersLost(msg) from None
    except WorkersLost:
        raise
    except Exception as error:  # whatever a worker without the right programs makes of it
        msg = (
            f"The workers cannot solve: {type(error).__name__}: {error}. Each needs ceuplan {shared.version}."
        )
        raise WorkersLost(msg) from None
    finally:
        client.close(timeout=5)
