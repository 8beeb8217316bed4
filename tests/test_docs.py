"""The documentation, run: every command it shows, every link it gives, every command there is."""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from catalogs.loading import shipped_folder
from optimizer.batch_table import COLUMNS
from optimizer.cli import app, catalog_app, credentials_app, main
from optimizer.credential_file import shipped_ids
from optimizer.roster import ROSTER

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "scrapers" / "README.md"])
README = (ROOT / "README.md").read_text("utf-8")

CHECK_CART = (ROOT / "docs" / "check-cart.md").read_text("utf-8")
EMPLOYERS = (ROOT / "docs" / "employers.md").read_text("utf-8")
IMPORTING = (ROOT / "docs" / "importing.md").read_text("utf-8")

AS_OF = ("--as-of", "2026-11-22")
"""Given to every `optimize`, `explain` and `frontier`, so that the days in the text do not pass."""

PLACEHOLDERS = {
    "--format FORMAT": "--format text",
    "--credential ID": "--credential rma-amt",
    "verify PLAN.json": "verify plan.json",
    "RECEIPT.csv --plan PLAN.json": "receipt.csv --plan plan.json",
    "[DIR or CSV]": "",
    "check FILE.toml": "check cma-aama",
    "show ID": "show rma-amt",
    "diff A B": "diff shipped shipped",
    "import FILE --provider P": "import courses.csv --provider harbour",
}
"""What stands for a name of the reader's own, and a name to run it with."""

NAMES = {"ceuplan verify", "ceuplan check-cart", "ceuplan batch"}
"""What names a command in a sentence, and is not one that can be typed."""

ON_DISK = ("--offline", "--cache", "cache")
"""Given to every `catalog refresh`, which then asks no site, and refuses all pages since none is on disk."""

MAY_END_WITH_5 = ("--no-assumed", "--credential")
"""Commands of which the text says that they may find no full plan."""

TRANSCRIPT = """\
date,title,credits,unit,kind,approvals,course_id
2025-03-02,Infection control,clinical=2,aama_ceu,course,aama,
"""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands(page: Path) -> list[str]:
    """Return the ceuplan commands of a page: lines of code blocks, and inline code that is a whole command."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", prose)
    found = [re.search(r"\bceuplan [a-z][^|&#]*", line) for line in lines]
    shown = [match[0].strip() for match in found if match]
    return [command for command in dict.fromkeys(shown) if command not in NAMES]


SHOWN = [(page, command) for page in PAGES for command in commands(page)]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return a folder with the README's learner files and a transcript, the current folder of the test."""
    monkeypatch.chdir(tmp_path)
    for text, name in re.findall(r"```toml\n(# (\w+\.toml)\n.*?)```", README, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "transcript.csv").write_text(TRANSCRIPT, "utf-8")
    (tmp_path / "my-catalog").mkdir()
    for path in shipped_folder().glob("*.csv"):
        shutil.copy(path, tmp_path / "my-catalog")
    exported = re.search(r"```csv\n(.*?)```", IMPORTING, re.DOTALL)[1]
    (tmp_path / "courses.csv").write_text(exported, "utf-8")
    receipt = re.search(r"```csv\n(.*?)```", CHECK_CART, re.DOTALL)[1]
    (tmp_path / "receipt.csv").write_text(receipt, "utf-8")
    for name, text in zip(
        ("roster.csv", "earned.csv"), re.findall(r"```csv\n(.*?)```", EMPLOYERS, re.DOTALL), strict=True
    ):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def run(monkeypatch, capsys, command):
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code or 0, *capsys.readouterr()


def test_commands_are_found():
    """Tests the reader of commands itself: the README shows at least its first one and those of the table."""
    shown = commands(ROOT / "README.md")
    assert shown[0] == "ceuplan optimize --budget 100"
    assert {
        "ceuplan catalog check [DIR or CSV]",
        "ceuplan credentials list",
        "ceuplan verify plan.json",
    } <= set(shown)


@pytest.mark.parametrize(
    "command",
    [command for _, command in SHOWN],
    ids=[f"{name_of(page)}: {command}" for page, command in SHOWN],
)
@pytest.mark.usefixtures("desk")
def test_command_of_a_page_runs(monkeypatch, capsys, command):
    for placeholder, name in PLACEHOLDERS.items():
        command = command.replace(placeholder, name)
    if any(f" {name}" in command for name in ("optimize", "explain", "frontier", "batch ")):
        command = shlex.join([*shlex.split(command), *AS_OF])
    if " catalog refresh" in command:
        command = shlex.join([*shlex.split(command), *ON_DISK])
    if " verify " in command or " check-cart " in command:
        run(
            monkeypatch,
            capsys,
            shlex.join(["ceuplan", "optimize", *AS_OF, "--format", "json", "-o", "plan.json"]),
        )
    code, out, err = run(monkeypatch, capsys, command)
    allowed = {0, 5} if any(flag in command for flag in MAY_END_WITH_5) else {0}
    if " catalog refresh" in command:
        allowed = {8}
    assert code in allowed, err
    assert out or "Written to" in err


@pytest.mark.usefixtures("desk")
def test_commands_of_the_readme_run_one_after_another(monkeypatch, capsys):
    """Tests that what is kept can be proved: the plan that one line writes is the one the next line verifies."""
    block = next(text for text in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "verify" in text)
    for line in block.splitlines():
        command = line.removeprefix("uv run ")
        more = shlex.join(AS_OF) if " optimize" in command else ""
        code, out, err = run(monkeypatch, capsys, f"{command} {more}")
        assert code == 0, err
    assert out.startswith("Proved")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_relative_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    broken = [to for to in targets if "://" not in to and not (page.parent / to).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_named_in_commands_and_steps_exist(page):
    """Tests paths in code, such as `tests/test_text.py`, save those whose name is a placeholder in capitals."""
    text = page.read_text("utf-8")
    roots = "catalogs|optimizer|scrapers|tests|docs|notebooks|benchmarks"
    named = set(re.findall(rf"(?<![\w/.-])((?:{roots})/[\w./*-]+)", text))
    missing = [
        path
        for path in sorted(named)
        if not re.search(r"[A-Z]{2,}", Path(path).name + Path(path).parent.name)
        and not list(ROOT.glob(path.rstrip("./")))
    ]
    assert missing == []


def typed() -> list[str]:
    """Return every command as it is typed."""
    groups = ((app, ""), (catalog_app, "catalog "), (credentials_app, "credentials "))
    return [
        prefix + (command.name or command.callback.__name__)
        for group, prefix in groups
        for command in group.registered_commands
    ]


@pytest.mark.parametrize("command", typed())
def test_every_command_is_in_the_readme(command):
    assert f"`ceuplan {command}" in README


def test_every_column_of_a_batch_is_in_its_page():
    told = set(re.findall(r"`([a-z_]+)`", EMPLOYERS))
    assert {*ROSTER.header, *COLUMNS} <= told


@pytest.mark.parametrize("credential_id", shipped_ids())
def test_every_shipped_credential_is_in_the_readme(credential_id):
    """Tests that its letters and its issuer's stand in the list; the letters `ma` stand for the words."""
    told = " ".join(
        README.split("These credentials come with it")[1].split("Exit codes")[0].casefold().split()
    )
    letters, _, issuer = credential_id.rpartition("-")
    words = re.findall(r"[\w-]+", told.replace("medical assistant", "ma"))
    assert {letters, issuer} <= set(words)


def test_exit_codes_are_in_the_readme():
    told = re.search(r"Exit codes:.*?\n\n", README, re.DOTALL)[0]
    assert sorted(re.findall(r"\b([0-9]) [a-z]", told)) == list("012345678")
