"""What is shipped: the wheel has the data beside the code, and the tested versions satisfy the project's."""

import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
DIRECT = [
    Requirement(text)
    for text in [
        *PROJECT["project"]["dependencies"],
        *(text for extra in EXTRAS.values() for text in extra),
        *PROJECT["dependency-groups"]["dev"],
    ]
]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


@pytest.mark.skipif(not shutil.which("uv"), reason="needs uv to build the wheel")
def test_wheel_holds_everything_git_would(tmp_path):
    """Tests that every file of the packages is in the wheel: CSVs, TOML files, datapackage.json, py.typed."""
    subprocess.run(["uv", "build", "--wheel", "--quiet", "--out-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("*.whl")

    with zipfile.ZipFile(wheel) as opened:
        packed = {name for name in opened.namelist() if ".dist-info/" not in name}

    on_disk = {
        path.relative_to(ROOT).as_posix()
        for package in ("catalogs", "scrapers", "optimizer")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == on_disk
    assert {f"{package}/py.typed" for package in ("catalogs", "scrapers", "optimizer")} <= packed


def test_lock_pins_every_direct_dependency_within_its_bounds():
    pins = {canonicalize_name(name): Version(version) for name, version in PIN.findall(LOCK)}
    outside = [
        str(wanted)
        for wanted in DIRECT
        if canonicalize_name(wanted.name) not in pins
        or pins[canonicalize_name(wanted.name)] not in wanted.specifier
    ]

    assert outside == []


def test_lock_has_a_hash_for_every_pin_and_no_address():
    blocks = re.split(r"\n(?=[A-Za-z])", LOCK)
    pinned = [block for block in blocks if PIN.match(block)]

    assert len(pinned) >= len(DIRECT)
    assert [block.splitlines()[0] for block in pinned if "--hash=sha256:" not in block] == []
    assert "://" not in LOCK
    assert "--index" not in LOCK


@pytest.mark.parametrize("wanted", DIRECT, ids=lambda wanted: wanted.name)
def test_dependency_is_bounded_on_both_sides(wanted):
    """Tests that each direct dependency names the oldest version it needs and stops before an untried one."""
    operators = {part.operator for part in wanted.specifier}
    assert operators == {">=", "<"}
