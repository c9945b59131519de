"""A plan's content made of what was read, and of what a person has chosen of it."""

from datetime import date

import pytest
from support import plan_scores

from lth.core.errors import BlockedError
from lth.exchange.plan_file import read
from lth.exchange.plan_reading.draft import content_of, plan_file
from lth.exchange.plan_reading.read import read_text

ALL = [(of, name) for of in plan_scores.SETS for name, _, _ in plan_scores.texts(of)]


@pytest.mark.parametrize(("of", "name"), ALL)
def test_a_plan_file_is_made_that_reads_back_to_the_same(of: str, name: str) -> None:
    text = next(text for one, text, _ in plan_scores.texts(of) if one == name)
    reading = read_text(text)
    if reading.period is None:
        with pytest.raises(BlockedError):
            content_of(reading)
        return
    made = content_of(reading)
    again = read(plan_file(reading), name, today=date(2026, 11, 23)).content

    assert again.targets == made.targets
    assert again.budget == made.budget
    assert again.duties == made.duties
    assert again.reporting == made.reporting
    assert again.phases == made.phases
    assert len(made.targets) == len(reading.of("target"))


def test_only_what_was_chosen_gets_in() -> None:
    _, text, _ = next(plan_scores.texts("texts"))
    reading = read_text(text)
    chosen = [item for item in reading.items if item.part in {"target", "paper"}][:3]

    made = content_of(reading, chosen)

    assert (len(made.papers), len(made.targets), made.budget, made.duties) == (1, 2, (), ())


def test_a_floor_of_the_fund_is_a_share_of_the_clubs_of_its_sentence() -> None:
    text = (plan_scores.HERE / "printed" / "tam-tien.txt").read_text(encoding="utf-8")
    targets = {line.indicator: line for line in content_of(read_text(text)).targets}

    share = targets["income_fund_min"].parent_share_key
    assert share == targets["clubs_income_fund_pct"].key == "clubs_income_fund_pct@2026-2030"


def test_what_is_not_known_whose_it_is_makes_no_plan() -> None:
    with pytest.raises(BlockedError, match="Chưa thể lập"):
        content_of(read_text("I. MỤC TIÊU\n- Thành lập 02 câu lạc bộ.\n"))


@pytest.mark.parametrize("name", ["tra-cu", "vinh-long"])
def test_the_title_is_read_over_the_plan_and_in_article_one(name: str) -> None:
    file = plan_scores.TESTS.parent / "lth" / "data" / "plans" / f"{name}.yaml"
    wanted = read(file.read_bytes(), name).content.header
    text = (plan_scores.HERE / "printed" / f"{name}.txt").read_text(encoding="utf-8")

    found = read_text(text).header

    assert found.title.lower() == wanted.title.lower()
    assert found.decided_title == wanted.decided_title
    assert (found.issuance, found.budget_total) == (wanted.issuance, wanted.budget_total)
