"""The benchmarks run: a schema that has moved on shows here, not when somebody wants a figure.

What they measure is asked of nobody here: machines are noisy.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

BENCHES = {
    "pages": (["--communes", "17", "--database", "sqlite", "--rounds", "2"], "× the floor"),
    "synthesis": (["--communes", "17", "--database", "sqlite"], "take over"),
    "reports": (
        ["--communes", "17", "--clubs", "20", "--database", "sqlite", "--rounds", "2"],
        "books of a province",
    ),
    "dashboards": (
        ["--communes", "12", "--clubs", "20", "--database", "sqlite", "--rounds", "1"],
        "× the floor",
    ),
    "tick": (["--communes", "40", "--database", "sqlite"], "again"),
    "checks": (["--rounds", "1"], "the largest"),
    "documents": (["--rounds", "1"], "the same as Word"),
}


def test_these_are_all() -> None:
    helpers = {"__init__", "__main__", "common"}
    assert {path.stem for path in (ROOT / "bench").glob("*.py")} - helpers == set(BENCHES)


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_runs_to_its_end(name: str, tmp_path: Path) -> None:
    arguments, said = BENCHES[name]
    found = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode in {0, 1}, found.stderr  # 1: slower than wanted
    assert said in found.stdout, found.stderr
