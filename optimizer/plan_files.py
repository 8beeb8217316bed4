"""Where the plans of a batch go: a file for each learner, written whole."""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from catalogs.writing import remove_parts, write_whole
from optimizer.batch_answer import Answer


class PlanFiles:
    """Hold the files of each problem: several learners may have one, and each gets a file."""

    def __init__(self, folder: Path, names: Iterable[tuple[str, str]]) -> None:
        folder.mkdir(exist_ok=True)
        self._of: defaultdict[str, list[Path]] = defaultdict(list)
        for key, name in names:
            self._of[key].append(folder / name)
        remove_parts(folder, {path.name for paths in self._of.values() for path in paths})

    def keep(self, key: str, plan: str) -> None:
        """Write a problem's plan, or remove what an earlier run may have left where there is none any more."""
        for path in self._of[key]:
            if plan:
                write_whole(plan, path)
            else:
                path.unlink(missing_ok=True)

    def are_kept(self, key: str, found: Answer) -> bool:
        """Say whether the files of an answered problem are there, and what they were."""
        return all(
            path.is_file() and sha256(path.read_bytes()).hexdigest() == found.plan
            if found.plan
            else not path.exists()
            for path in self._of[key]
        )
