"""Every notebook runs in an empty folder, imports the public API alone, and is kept without its outputs."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from optimizer import api
from tests.test_architecture import PACKAGES

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
PUBLIC = "optimizer.api"
WITH_PLOTS = {"catalog_tour.ipynb", "department.ipynb", "what_if.ipynb"}


def by_name(path: Path) -> str:
    return path.name


def code_of(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def kernel():
    """Return a kernel for all: each notebook begins without the names of the one before, but with pandas loaded."""
    client = NotebookClient(nbformat.v4.new_notebook(), kernel_name="python3", timeout=120)
    with client.setup_kernel():
        yield client


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_notebook_runs(kernel, path, tmp_path):
    kernel.nb = nbformat.read(path, as_version=4)
    begin = nbformat.v4.new_code_cell(f"%reset -f\n%cd -q {tmp_path}")
    kernel.nb.cells.insert(0, begin)
    kernel.reset_execution_trackers()

    for number, cell in enumerate(kernel.nb.cells):
        kernel.execute_cell(cell, number)

    said = [output for cell in kernel.nb.cells[1:] for output in cell.get("outputs", [])]
    kinds = {kind for output in said for kind in output.get("data", {})}
    assert begin.outputs == []
    assert said
    assert [output.text for output in said if output.get("name") == "stderr"] == []
    assert ("image/png" in kinds) == (path.name in WITH_PLOTS)


def imported(code: str) -> list[tuple[str, str]]:
    """Return each name that code imports, with the module it comes from; lines of IPython's own are left out."""
    tree = ast.parse("\n".join(line for line in code.splitlines() if not line.startswith("%")))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.module or "", alias.name) for alias in node.names]
    return found


def test_reader_of_imports_sees_every_form():
    code = "import a.b as c, d\n%cd x\ndef f():\n    from optimizer import planning"
    assert sorted(imported(code)) == [("a.b", ""), ("d", ""), ("optimizer", "planning")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_notebook_imports_the_public_api_alone(path):
    ours = [
        (module, name)
        for code in code_of(path)
        for module, name in imported(code)
        if module.split(".")[0] in PACKAGES
    ]

    assert ours
    assert [one for one in ours if one[0] != PUBLIC or one[1] not in api.__all__] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_notebook_is_kept_without_outputs(path):
    """Tests that no result, count or name of a machine is kept; `nbformat` finds the file sound."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]

    assert code
    assert [cell.outputs for cell in code if cell.outputs] == []
    assert {cell.execution_count for cell in code} == {None}
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert "/home/" not in path.read_text("utf-8")
