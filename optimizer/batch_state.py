"""What a batch has finished, on disk beside its answer: append-only, so that a run killed at any moment goes on.

The first line names the inputs, each other line is the answer of one problem with its digest. A line that is torn or
damaged, and all that follows, is as if it had never been written.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from optimizer.batch_answer import FAILED, Answer, answer_from, answer_json


def state_path(out: Path) -> Path:
    """Return where the state of a batch stands: beside its answer."""
    return out.with_name(f"{out.name}.unfinished")


class State:
    """Hold the finished problems of a run, those of a run that was stopped included."""

    def __init__(self, path: Path, inputs: str) -> None:
        self.path = path
        self.answers: dict[str, Answer] = {}
        """By the key of their problem."""
        self.is_of_other_inputs = False
        sound = self._read(inputs)
        self._file: BinaryIO = path.open("r+b" if sound else "wb")
        self._file.truncate(sound)
        self._file.seek(sound)
        if not sound:
            self._write({"inputs": inputs})

    def _read(self, inputs: str) -> int:
        """Take over what stands there of the same inputs; return how many bytes of it are sound."""
        if not self.path.is_file():
            return 0
        sound = 0
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines):
                said = _checked(line)
                if number == 0 and (said is None or said.get("inputs") != inputs):
                    self.is_of_other_inputs = said is not None
                    return 0
                if said is None:
                    break
                if number:
                    self.answers[said["key"]] = answer_from(said["answer"])
                sound += len(line)
        return sound

    def add(self, key: str, found: Answer) -> None:
        """Keep the answer of a problem; when this returns, no end of this process loses it."""
        self.answers[key] = found
        if found.status != FAILED:  # what broke may not break again
            self._write({"key": key, "answer": answer_json(found)})

    def _write(self, said: Mapping[str, object]) -> None:
        text = json.dumps(said, separators=(",", ":")).encode()
        self._file.write(sha256(text).hexdigest().encode() + b" " + text + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Leave the state on disk, for the next run."""
        self._file.close()

    def remove(self) -> None:
        """Remove the state: the answer it was kept for is written."""
        self.close()
        self.path.unlink(missing_ok=True)


def _checked(line: bytes) -> dict[str, Any] | None:
    digest, _, text = line.removesuffix(b"\n").partition(b" ")
    if not line.endswith(b"\n") or sha256(text).hexdigest().encode() != digest:
        return None
    said: dict[str, Any] = json.loads(text)
    return said
