"""The reading of plans, scored text by text: enough is found, and nothing is invented."""

import pytest
from support import plan_scores

from lth.content.model import TargetLine
from lth.exchange.plan_file import read
from lth.exchange.plan_reading.read import read_text
from lth.models.content import Comparator

ENOUGH = 0.9


def _texts(of: str) -> list[str]:
    return [path.stem for path in sorted((plan_scores.HERE / of).glob("*.txt"))]


@pytest.mark.parametrize("of", plan_scores.SETS)
def test_of_every_text_enough_is_found_and_nothing_is_invented(of: str) -> None:
    scores = plan_scores.score(of)
    told = "\n".join(plan_scores.told(of))

    assert len(scores) == len(_texts(of)) >= 5
    for one in scores:
        assert one.found >= ENOUGH * one.expected, told
        assert one.invented == 0, told


@pytest.mark.parametrize("of", plan_scores.SETS)
def test_of_the_targets_of_a_set_enough_are_found(of: str) -> None:
    parts = [one.parts["targets"] for one in plan_scores.score(of)]

    assert sum(one.found for one in parts) >= ENOUGH * sum(one.expected for one in parts)
    assert not [text for one in parts for text in one.invented]


def test_the_score_can_fail() -> None:
    (name, text, wanted), *_ = plan_scores.texts("texts")
    wrong = read_text(text.replace("không dưới 800 thành viên", "dưới 800 thành viên"))

    score = plan_scores.scored(name, wrong, wanted).parts["targets"]

    assert score.missed == ["members_total gte 800"]
    assert score.invented == ["members_total lt 800 @2021-2025"]


@pytest.mark.parametrize("name", _texts("printed"))
def test_a_printed_plan_has_the_targets_of_its_plan_file(name: str) -> None:
    """The plan files of the product say the same papers; one of them has its phases otherwise."""
    file = plan_scores.TESTS.parent / "lth" / "data" / "plans" / f"{name}.yaml"
    wanted = {_value(line) for line in read(file.read_bytes(), name).content.targets}
    text = (plan_scores.HERE / "printed" / f"{name}.txt").read_text(encoding="utf-8")
    found = [item.line for item in read_text(text).of("target")]

    assert wanted <= {_value(line) for line in found if isinstance(line, TargetLine)}


def _value(line: TargetLine) -> tuple[str, Comparator, int | None, int | None]:
    return line.indicator, line.comparator, line.low, line.high
