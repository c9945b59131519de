"""A clean plan with one change: each check finds what it should, once, and no other speaks."""

import pytest
from checks.probes import CLEAN, Probe, clean, figures, genre, papers

from lth.checks import run
from lth.models.finding import Stage

PROBES = (*figures.PROBES, *papers.PROBES, *genre.PROBES)


@pytest.mark.parametrize("plan", CLEAN)
def test_a_clean_plan_hears_nothing(plan: str):
    assert [(one.code, str(one.said)) for one in run(clean(plan), Stage.ISSUE)] == []


def test_each_probe_has_a_name_of_its_own():
    names = [(probe.plan, probe.name) for probe in PROBES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("probe", PROBES, ids=[f"{one.plan}: {one.name}" for one in PROBES])
def test_one_change_is_found_for_what_it_is(probe: Probe):
    found = run(probe.changed(), Stage.ISSUE)
    assert tuple(sorted(one.code for one in found)) == probe.expected, "\n".join(
        f"{one.code} {one.place}: {one.said}" for one in found
    )
