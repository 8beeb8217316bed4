"""Golden files: expected texts on disk, renewed with `--update-golden`, and none that no test compares.

Every file under tests/golden and every CSV under tests/pages is golden. A whole run that passes but leaves
one of them uncompared fails: the file is dead, or a test lost its way to it.
"""

from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
GOLDEN = TESTS / "golden"
_used = pytest.StashKey[set[str]]()
_unused = pytest.StashKey[list[str]]()


def golden_files() -> set[str]:
    """Return every golden file on disk, relative to tests/."""
    on_disk = [*GOLDEN.rglob("*"), *(TESTS / "pages").rglob("*.csv")]
    return {path.relative_to(TESTS).as_posix() for path in on_disk if path.is_file()}


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str | Path, str], None]:
    """Compare a text with a golden file: a name in tests/golden, or a path below tests/."""

    def compare(name: str | Path, text: str) -> None:
        path = GOLDEN / name  # an absolute path stays itself
        shown = path.relative_to(TESTS).as_posix()
        request.config.stash[_used].add(shown)
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            return
        expected = path.read_bytes().decode() if path.is_file() else ""
        if text != expected or not path.is_file():
            diff = "".join(
                unified_diff(
                    expected.splitlines(keepends=True), text.splitlines(keepends=True), shown, "this run"
                )
            )
            renew = f"uv run pytest -n 0 --update-golden '{request.node.nodeid}'"
            pytest.fail(
                f"{shown} differs:\n{diff}\nIf the new text is right: {renew}\nand read the change.",
                pytrace=False,
            )

    return compare


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write what the tests produce into the golden files"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_used] = set()
    config.stash[_unused] = []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect what a worker of pytest-xdist compared."""
    node.config.stash[_used].update(getattr(node, "workeroutput", {}).get("golden_used", []))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["golden_used"] = sorted(config.stash[_used])
    elif exitstatus == pytest.ExitCode.OK and _whole_run(config):
        config.stash[_unused] = sorted(golden_files() - config.stash[_used])
        if config.stash[_unused]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name in config.stash[_unused]:
        terminalreporter.write_line(f"FAILED: no test compares the golden file tests/{name}", red=True)


def _whole_run(config: pytest.Config) -> bool:
    chosen = (
        "keyword",
        "markexpr",
        "lf",
        "last_failed",
        "stepwise",
        "deselect",
        "ignore",
        "ignore_glob",
        "collectonly",
    )
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not any(
        getattr(config.option, option, None) for option in chosen
    )
