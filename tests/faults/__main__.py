"""`make faults`: every case on its databases, then docs/faults.md."""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from faults import report
from faults.cases import CASES
from faults.towns import in_town


def main() -> int:
    """Run what the arguments say; 1 when anything was lost, doubled or wrong."""
    reader = argparse.ArgumentParser(prog="make faults", description=__doc__)
    names = [case.name for case in CASES]
    reader.add_argument("--case", nargs="+", choices=names, default=names)
    reader.add_argument("--database", nargs="+", default=["sqlite", "postgres"])
    chosen = reader.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lth-faults-") as name:
        Path(name).chmod(0o755)  # PostgreSQL does not run as root
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            going = [pool.submit(in_town, kind, chosen.case, name) for kind in chosen.database]
            lines = [line for one in going for line in one.result()]
    seconds = time.monotonic() - begun
    whole = chosen.case == names and set(chosen.database) == {"sqlite", "postgres"}
    if whole:
        report.write(lines, seconds)
    print(f"{len(lines)} cases in {seconds:.0f} s", flush=True)
    return any(line.tally.wrong for line in lines)


if __name__ == "__main__":
    os.environ.pop("LTH_REQUIRE_ALL", None)
    sys.exit(main())
