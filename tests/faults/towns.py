"""All cases of one kind of database, one after another, in a process of their own."""

import contextlib
import subprocess
import time
from pathlib import Path

from faults import tally
from faults.cases import CASES, Case, run, small_disk
from faults.office import Town, town
from faults.report import Line


def in_town(kind: str, names: list[str], folder: str) -> list[Line]:
    """Run the cases of these names that are for one kind of database."""
    with town(kind, Path(folder)) as place:
        return [_told(place, one) for one in CASES if kind in one.kinds and one.name in names]


def _told(place: Town, case: Case) -> Line:
    """Run a case, and say at once what came of it."""
    begun = time.monotonic()
    counted = _counted(place, case)
    line = Line(case.name, place.kind, counted, time.monotonic() - begun)
    wrong = "; ".join(counted.wrong) or "nothing lost, nothing doubled"
    said = f"{counted.acts} acts and {counted.mails} mails in {line.seconds:.0f} s: {wrong}"
    print(f"{case.name} on {place.kind}: {said}", flush=True)
    return line


def _counted(place: Town, case: Case) -> tally.Tally:
    with contextlib.ExitStack() as stack:
        if case.name == "disk":
            try:
                place = stack.enter_context(place.on_small_disk(small_disk))
            except subprocess.CalledProcessError as error:
                return tally.Tally(wrong=[f"no small disk: {error.stderr.decode().strip()}"])
        settings = case.settings(place.folder / f"home-{case.name}")
        office = stack.enter_context(place.office(case.name, **settings))
        before = tally.begin(office)
        wrong = run(case, office)
        counted = tally.take(office, before)
        counted.wrong[:0] = wrong
        return counted
