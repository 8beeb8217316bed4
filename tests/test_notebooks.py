"""Every notebook runs from top to bottom in an empty folder, and is kept without its outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def by_name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_notebook_runs(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)

    NotebookClient(
        notebook, kernel_name="python3", timeout=120, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()

    said = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert said
    assert [output.text for output in said if output.get("name") == "stderr"] == []


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
