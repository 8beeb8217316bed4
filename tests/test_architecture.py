"""The rules of the layout, read off the source: who imports whom, who reads the clock, how long files are."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("catalogs", "scrapers", "optimizer")
MAY_IMPORT = {"catalogs": set(), "scrapers": {"catalogs"}, "optimizer": {"catalogs"}}
REFRESHING = "optimizer/commands/refresh.py"
"""The command that runs the scrapers, the one file of the optimizer that may know them."""

SOLVER_FILES = {
    f"optimizer/{name}.py"
    for name in ("bounding", "counting", "crediting", "model", "program", "reducing", "solve")
}
SECOND_SOLVER_FILES = {"optimizer/second_solver.py"}
"""The child process of a cross-check: PuLP may import its solver, nothing else of ours does."""
NETWORK_FILES = {"scrapers/fetch.py"}
CLUSTER_FILES = {"optimizer/cluster.py"}
ARROW_FILES = {
    f"catalogs/arrow_{name}.py" for name in ("arrays", "loading", "parsing", "reading", "texts", "writing")
}
CLOCK_FILES = {"optimizer/commands/options.py"}
MODEL_MODULES = {
    f"optimizer.{name}"
    for name in (
        "obligation",
        "market",
        "routes",
        "problem",
        "terms",
        "ways",
        "windows",
        "earning",
        "courses",
        "posing",
        "model",
        "program",
        "crediting",
        "solve",
        "dates",
        "hours",
        "timing",
        "counting",
        "purchases",
        "comparing",
        "cross_check",
        "alternatives",
        "ties",
        "kinds",
        "differing",
        "frontier",
        "conditions",
        "conflict",
        "explaining",
        "greedy",
        "reducing",
        "remedies",
        "savings",
        "what_if",
        "why",
        "tally",
        "answer",
        "planning",
        "audit",
        "batch",
        "batch_answer",
        "batch_workers",
    )
}
NETWORK_MODULES = {"requests", "urllib3", "urllib.request", "http.client", "socket", "httpx", "aiohttp"}
CLOCK_CALLS = {"today", "now", "utcnow", "time", "time_ns", "localtime", "gmtime", "fromtimestamp"}
CLOCK_HOLDERS = {"date", "datetime", "time", "Timestamp"}
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "tools"}
SLOW_TO_IMPORT = {
    "pandas", "numpy", "pyarrow", "pulp", "highspy", "requests", "bs4", "lxml", "openpyxl", "icalendar", "scrapers",
    "jinja2", "vl_convert", "distributed",
}  # fmt: skip

TAB = """
import os, sys
import optimizer.cli
sys.argv = ['ceuplan']
os.environ |= {'_CEUPLAN_COMPLETE': 'complete_bash', 'COMP_WORDS': 'ceuplan explain --what-if a', 'COMP_CWORD': '3'}
optimizer.cli.main()
"""

LONGEST = 400
LONGEST_MEAN = 150

FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(source: str) -> set[str]:
    """Return every module a source imports, anywhere in it; `from a import b` gives a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")  # relative imports, which have none, are banned by ruff
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "import_module",
            "importlib.import_module",
        ):
            found.update(ast.literal_eval(arg) for arg in node.args if isinstance(arg, ast.Constant))
    return found


def clock_reads(source: str) -> list[str]:
    """Return what in a source asks the machine what time it is: `date.today()`, `from time import time`, …"""
    tree = ast.parse(source)
    reads = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCK_CALLS
        and ast.unparse(node.value).split(".")[-1] in CLOCK_HOLDERS
    ]
    reads += [
        f"from time import {alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if alias.name in CLOCK_CALLS
    ]
    return reads


def importers(modules: set[str]) -> set[str]:
    """Return the files that import any of these modules or something inside them."""
    return {
        name_of(path)
        for path in FILES
        for found in imports_of(path.read_text("utf-8"))
        if any(found == module or found.startswith(module + ".") for module in modules)
    }


def test_import_reader_sees_every_form():
    """Tests the reader of imports itself, on each form an import can take."""
    source = "import a.b\ndef f():\n    from c import d\n    import_module('e.f')\n"
    assert {"a.b", "c", "c.d", "e.f"} <= imports_of(source)


def test_clock_reader_sees_every_form():
    source = "import datetime as dt\nfrom time import time\ndt.date.today(); pd.Timestamp.now(); time.time()"
    assert sorted(clock_reads(source)) == [
        "dt.date.today",
        "from time import time",
        "pd.Timestamp.now",
        "time.time",
    ]
    assert clock_reads("self.today; plan.time; date(2026, 1, 1)") == []


def test_every_package_has_files():
    assert {name_of(path).split("/")[0] for path in FILES} == set(PACKAGES)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_go_down_only(path):
    """Tests that catalogs know nobody; scrapers, and the optimizer but for one command, know catalogs alone."""
    package = name_of(path).split("/")[0]
    ours = {found.split(".")[0] for found in imports_of(path.read_text("utf-8"))} & set(PACKAGES)
    more = {"scrapers"} if name_of(path) == REFRESHING else set()
    assert ours - {package} <= MAY_IMPORT[package] | more


@pytest.mark.parametrize(
    ("modules", "allowed"),
    [
        ({"pulp", "highspy"}, SOLVER_FILES),
        ({"pyscipopt"}, SECOND_SOLVER_FILES),
        (NETWORK_MODULES, NETWORK_FILES),
        ({"distributed", "dask"}, CLUSTER_FILES),
        ({"pyarrow"}, ARROW_FILES),
    ],
    ids=["solver", "second solver", "network", "cluster", "arrow"],
)
def test_outside_world_has_one_door(modules, allowed):
    assert importers(modules) <= allowed


@pytest.mark.parametrize("name", sorted(SECOND_SOLVER_FILES))
def test_second_solver_shares_nothing_with_the_first(name):
    ours = {found.split(".")[0] for found in imports_of((ROOT / name).read_text("utf-8"))}
    assert not ours & {*PACKAGES, "pulp", "highspy"}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_clock_is_read_by_the_command_line_alone(path):
    reads = clock_reads(path.read_text("utf-8"))
    assert not reads or name_of(path) in CLOCK_FILES, reads


@pytest.mark.parametrize("path", sorted((ROOT / "optimizer").glob("verify*.py")), ids=name_of)
def test_verification_shares_nothing_with_the_model(path):
    assert not imports_of(path.read_text("utf-8")) & (MODEL_MODULES | {"pulp", "highspy"})


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_file_name_says_what_is_in_it(path):
    assert path.stem.strip("_") not in MEANINGLESS


def test_files_are_short():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in FILES}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
    assert sum(lengths.values()) / len(lengths) <= LONGEST_MEAN


@pytest.mark.parametrize(
    "code",
    [
        "import optimizer.cli",
        "import sys; sys.argv = ['ceuplan', '--help']; import optimizer.cli; optimizer.cli.main()",
        TAB,
    ],
    ids=["import", "help", "completion"],
)
def test_help_loads_nothing_slow(code):
    """Tests in a fresh process that asking for help, or pressing Tab, pays neither for tables nor for the solver."""
    said_at_the_end = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('loaded:', *sorted({SLOW_TO_IMPORT!r} & set(sys.modules))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", said_at_the_end + code], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_planning_does_not_wait_for_pandas():
    code = (
        "import sys, optimizer.asking, optimizer.planning, optimizer.verify, optimizer.text\n"
        "sys.exit('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 0, done.stderr
