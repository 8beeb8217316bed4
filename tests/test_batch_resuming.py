"""`ceuplan batch` stopped, started again and spread out: the same bytes, nothing lost, nothing twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from catalogs.faults import Fault
from optimizer.batch_answer import FAILED, Answer, Bought, refused
from optimizer.batch_state import State
from optimizer.cli import main
from tests.roster import CEUPLAN, arguments, results, rosters, set_up

LEARNERS = 16
ANSWER = Answer(
    "optimal", 2500, 2500, 120, (Bought("offering", "a", 1000),), ("a", "b"), "0.00", "é", (), "0" * 64
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a roster of so many different problems, and one that is no problem."""
    found = tmp_path_factory.mktemp("batch")
    set_up(found)
    rows = [f"L{n},R,2027-12-{n % 28 + 1:02},,,," for n in range(LEARNERS)]
    rosters(found, "\n".join([*rows, "bad,R,soon,,,,"]))
    return found


@pytest.fixture(scope="module")
def wanted(folder):
    """Return what a run leaves that nobody stops."""
    process = subprocess.run(
        [*CEUPLAN, *arguments("--plans", "plans", "--workers", "1")], cwd=folder, check=False
    )
    assert process.returncode == 4
    found = results(folder)
    assert len(found) == LEARNERS + 1
    return found


@pytest.fixture
def desk(folder, monkeypatch):
    """Return that folder, the current one, as it was before any run."""
    monkeypatch.chdir(folder)
    clear(folder)
    return folder


def clear(folder):
    for path in (*folder.glob("out.csv*"), *folder.glob("plans/*")):
        path.unlink()


def begun(*more):
    return subprocess.Popen(
        [*CEUPLAN, *arguments("--plans", "plans", *more)], stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command to its end in this process."""

    def run_here():
        monkeypatch.setattr(sys, "argv", ["ceuplan", *arguments("--plans", "plans", "--workers", "1")])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, capsys.readouterr().err

    return run_here


def solved(folder):
    """Return how many problems the state on disk holds."""
    state = folder / "out.csv.unfinished"
    return max(state.read_bytes().count(b"\n") - 1, 0) if state.exists() else 0


def wait_for(folder, process, number):
    while solved(folder) < number and process.poll() is None:
        time.sleep(0.005)


def test_killed_again_and_again_it_ends_with_the_same_bytes(wanted, desk, run):
    draw = random.Random(7)
    kept = killed = 0
    for workers in ["1", "2", *["1"] * 12]:
        process = begun("--workers", workers)
        wait_for(desk, process, kept + draw.randint(1, 3))
        time.sleep(draw.uniform(0, 0.02))
        process.kill()
        told = process.communicate()[1]
        if (desk / "out.csv").exists():  # a busy machine woke this test too late
            assert results(desk) == wanted
            clear(desk)
            kept = 0
            continue
        assert process.returncode == -signal.SIGKILL
        assert solved(desk) >= kept, "a finished learner was lost"
        assert not kept or f"had solved {kept} of {LEARNERS} problems" in told
        kept, killed = solved(desk), killed + 1
        if killed == 5:
            break
    assert killed == 5
    assert run()[0] == 4
    assert results(desk) == wanted
    assert sorted(path.name for path in desk.iterdir() if path.name.startswith((".", "out"))) == ["out.csv"]


def test_a_lost_worker_loses_nothing_that_is_finished_and_plans_that_are_gone_come_again(wanted, desk, run):
    process = begun("--workers", "2")
    wait_for(desk, process, 3)
    process.send_signal(signal.SIGSTOP)  # so that it cannot end before its worker does
    worker = next(one for one, words in children(process.pid) if "spawn_main" in words)
    os.kill(worker, signal.SIGKILL)
    process.send_signal(signal.SIGCONT)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "A process that was solving ended" in told
    assert "Traceback" not in told
    kept = solved(desk)
    assert f"{kept} of {LEARNERS} problems are solved and kept in out.csv.unfinished" in told
    first, second, *_ = (desk / "plans").iterdir()
    first.unlink()
    second.write_text("{}")
    code, told = run()
    assert (code, f"had solved {kept - 2} of {LEARNERS} problems" in told) == (4, True)
    assert results(desk) == wanted


def children(pid):
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            words = (path / "cmdline").read_text()
        except OSError:  # it ended meanwhile
            continue
        if parent == pid:
            found.append((int(path.name), words))
    return found


def test_a_state_cut_or_damaged_anywhere_gives_what_came_before(tmp_path):
    path = tmp_path / "state"
    state = State(path, "digest")
    told = refused("bad_input", "", [Fault("roster", None, "deadline", "x", "it is bad", "Mend it.")])
    kept = {"k1": ANSWER, "k2": told, "k3": replace(ANSWER, message="three\nlines")}
    for key, found in kept.items():
        state.add(key, found)
    state.add("k4", refused(FAILED, "it broke"))
    state.close()
    whole = path.read_bytes()
    ends = [n + 1 for n, byte in enumerate(whole) if byte == 10]
    assert len(ends) == 4, "what failed is tried again"
    for cut in range(0, len(whole) + 1, 5):
        for damaged in (whole[:cut], whole[:cut] + b"\0" + whole[cut + 1 :]):
            path.write_bytes(damaged)
            state = State(path, "digest")
            sound = sum(end <= cut for end in ends) if damaged != whole else len(ends)
            assert state.answers == dict(list(kept.items())[: max(sound - 1, 0)])
            state.add("k5", ANSWER)
            state.close()
            again = State(path, "digest")
            assert again.answers == {**state.answers, "k5": ANSWER}
            again.close()
    again.remove()
    assert not path.exists()


@pytest.fixture
def cluster(tmp_path):
    """Start a real scheduler and three workers on this machine; return its address and the workers."""
    assert find_spec("distributed"), "the development group has it"
    quiet = {**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical"}
    found = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    plain = ("--no-dashboard", "--host", "127.0.0.1")
    silent = {"env": quiet, "cwd": tmp_path, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [
        subprocess.Popen([*dask, "scheduler", *plain, "--port", "0", "--scheduler-file", found], **silent)
    ]
    try:
        for _ in range(600):
            if found.exists() and found.read_text().strip().endswith("}"):
                break
            time.sleep(0.1)
        address = json.loads(found.read_text())["address"]
        alone = ("--nthreads", "1", "--no-nanny")
        started += [subprocess.Popen([*dask, "worker", address, *plain, *alone], **silent) for _ in range(3)]
        yield address, started[1:]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(wanted, desk, cluster):
    address, workers = cluster
    process = begun("--cluster", address)
    wait_for(desk, process, 3)
    workers[0].kill()
    told = process.communicate(timeout=120)[1]
    assert process.returncode == 4, told
    assert results(desk) == wanted
