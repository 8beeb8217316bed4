"""The golden files' own rules, on a small project in another folder: compare, renew, and no dead file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
def test_a(golden):
    golden("a.txt", "one\\ntwo\\n")

def test_b(golden):
    golden("deep/b.txt", "b\\n")
"""


@pytest.fixture
def project(tmp_path):
    """Hold two tests and the golden files they expect, under this suite's own conftest.py."""
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\naddopts = -q -p no:cacheprovider\n")
    tests = tmp_path / "tests"
    (tests / "golden" / "deep").mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("conftest.py"), tests)
    (tests / "test_small.py").write_text(TESTS)
    (tests / "golden" / "a.txt").write_bytes(b"one\ntwo\n")
    (tests / "golden" / "deep" / "b.txt").write_bytes(b"b\n")
    return tmp_path


def run(project, *arguments):
    """Run pytest there in a process of its own, with no plugin but pytest-xdist."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("workers", ["0", "2"])
def test_file_that_no_test_compares_fails_a_whole_run(project, workers):
    """Tests a run with a dead file, then the sound one, in one process and in several."""
    (project / "tests" / "golden" / "dead.txt").write_text("x")
    dead = run(project, "-n", workers)

    assert dead.returncode == 1
    assert "no test compares the golden file tests/golden/dead.txt" in dead.stdout
    assert "a.txt" not in dead.stdout

    (project / "tests" / "golden" / "dead.txt").unlink()
    assert run(project, "-n", workers).returncode == 0


@pytest.mark.parametrize("arguments", [["-k", "test_a"], ["tests/test_small.py::test_a"]])
def test_part_of_a_run_does_not_look_for_dead_files(project, arguments):
    assert run(project, *arguments).returncode == 0


def test_difference_is_shown_with_the_command_that_renews_it(project):
    file = project / "tests" / "golden" / "a.txt"
    file.write_bytes(b"one\nthree\n")
    differs = run(project)

    assert differs.returncode == 1
    assert "-three" in differs.stdout
    assert "+two" in differs.stdout
    assert "--update-golden 'tests/test_small.py::test_a'" in differs.stdout
    assert file.read_bytes() == b"one\nthree\n"

    assert run(project, "--update-golden").returncode == 0
    assert file.read_bytes() == b"one\ntwo\n"


def test_missing_file_fails_and_is_not_made(project):
    file = project / "tests" / "golden" / "deep" / "b.txt"
    file.unlink()

    assert run(project).returncode == 1
    assert not file.exists()
    assert run(project, "--update-golden").returncode == 0
    assert file.read_bytes() == b"b\n"
