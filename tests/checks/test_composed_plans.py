"""Plans that others have composed, in wordings of the genre that the rules were not made on.

Who wrote them knew no rule. What an appraiser has to say of those written in haste stands at the
head of each file, remark by remark, with the checks that say it; "–" where none does yet.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from lth.checks import run
from lth.exchange import plan_file

COMPOSED = Path(__file__).parent / "plans" / "composed"
PLANS = sorted(path.stem for path in COMPOSED.iterdir())
IN_HASTE = [name for name in PLANS if name.endswith("-careless")]
WITH_CARE = [name for name in PLANS if name not in IN_HASTE]
REMARK = re.compile(r"^# \d+\. \(([^)]+)\)", re.MULTILINE)


@cache
def file(name: str) -> plan_file.PlanFile:
    source = COMPOSED / f"{name}.yaml"
    return plan_file.read(source.read_bytes(), source.name)


@cache
def codes(name: str) -> frozenset[str]:
    return frozenset(one.code for one in run(file(name).content, file(name).expected.stage))


def test_there_are_plans_of_both_kinds():
    assert (len(WITH_CARE), len(IN_HASTE)) == (15, 11)


@pytest.mark.parametrize("name", WITH_CARE)
def test_a_plan_written_with_care_hears_nothing(name):
    found = run(file(name).content, file(name).expected.stage)
    assert [(one.code, one.place, str(one.said)) for one in found] == []


@pytest.mark.parametrize("name", IN_HASTE)
def test_what_an_appraiser_says_is_found(name):
    remarks = REMARK.findall((COMPOSED / f"{name}.yaml").read_text(encoding="utf-8"))
    assert len(remarks) > 10
    for remark in remarks:
        assert set(remark.split(", ")) - {"–"} <= codes(name), remark


@pytest.mark.parametrize("name", IN_HASTE)
def test_nothing_is_found_that_is_not_expected(name):
    assert codes(name) == file(name).expected.findings
