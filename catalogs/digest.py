"""The digest of a large catalog, worked out beside what is done meanwhile, until somebody wants to know it."""

import hashlib
from collections.abc import Buffer, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


class Digest:
    """Hold the sha256 of some text that another thread hashes; compared and pickled, it is its words."""

    def __init__(self, text: Callable[[], Iterable[Buffer]]) -> None:
        pool = ThreadPoolExecutor(1)
        self._found = pool.submit(_hashed, text)
        pool.shutdown(wait=False)

    def __str__(self) -> str:
        return self._found.result()

    def __repr__(self) -> str:
        return repr(str(self))

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, (Digest, str)) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def _hashed(text: Callable[[], Iterable[Buffer]]) -> str:
    found = hashlib.sha256()
    for block in text():
        found.update(block)
    return found.hexdigest()
