"""The wheel carries everything that an installation needs, the migrations among it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, unpacked: what an installation would have."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def missing_from(installed: Path, source: Path) -> set[Path]:
    files = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    return {
        path
        for path in files
        if "__pycache__" not in path.parts and not (installed / path).is_file()
    }


def test_every_file_of_the_package_is_in_it(installed: Path) -> None:
    package, migrations = installed / "lth", installed / "lth" / "migrations"
    missing = missing_from(package, ROOT / "lth") | missing_from(migrations, ROOT / "migrations")
    assert missing == set()


def test_it_migrates_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "LTH_HOME": str(tmp_path), "PYTHONPATH": str(installed)}
    script = (
        "import lth.cli; from lth.core import schema; print(schema.directory());"
        " lth.cli.main(['migrate'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        str(installed / "lth" / "migrations"),
        "The database is up to date.",
    ]
