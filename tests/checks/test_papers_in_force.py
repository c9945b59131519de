"""The table of papers in force: what ships is whole, what is wrong is said, the newer wins."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from lth.checks import papers_in_force
from lth.checks.papers_in_force import in_use, read_table, shipped
from lth.cli import main
from lth.core.errors import PaperTableError
from lth.programmes import catalogue_file

SOURCE = Path(papers_in_force.__file__).parents[1] / "data" / "papers.toml"
ONE = """
reviewed_on = 2027-01-05
[[paper]]
type = "Luật"
number = "39/2009/QH12"
issuer = "Quốc hội"
title = "Luật Người cao tuổi"
date = 2009-11-23
from = 2010-07-01
source = "Luật số 39/2009/QH12"
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LTH_HOME", str(tmp_path))
    return tmp_path


def test_every_paper_that_is_replaced_ends_when_what_follows_is_there():
    table = shipped()
    for paper in table.papers:
        if paper.replaced_by:
            assert paper.ended is not None, paper.number
            after = table.instead_of(paper, paper.ended)
            assert after is not None or paper.until, paper.number


def test_a_law_is_in_force_once_at_a_time():
    for papers in shipped().by_name.values():
        for day in (date(2016, 6, 1), date(2021, 6, 1), date(2025, 6, 20), date(2026, 6, 1)):
            assert sum(one.in_force(day) for one in papers) <= 1, papers


@pytest.mark.parametrize("code", catalogue_file.CODES)
def test_it_has_the_decision_of_each_programme(code):
    paper = shipped().of_programme(code)
    programme = catalogue_file.read(code)
    assert f"số {paper.number} ngày {paper.dated_on:%d}" in programme.decision
    assert paper.until == programme.ends_on.year


FAULTS = [
    (ONE.replace("reviewed_on", "reviewed"), "Thiếu ngày rà soát"),
    (ONE.replace("date = 2009-11-23", 'date = "23/11/2009"'), "mục date phải là ngày"),
    (ONE.replace('source = "Luật số 39/2009/QH12"', ""), "mục source"),
    (ONE.replace("from = 2010-07-01", "since = 2010-07-01"), "không có mục since"),
    (ONE.replace("39/2009/QH12", "39-2009"), "không đúng thể thức"),
    (ONE + 'replaced_by = "1/2030/QH20"\n', "văn bản thay thế không có trong tệp"),
    (ONE + "ended = 2009-01-01\n", "không theo thứ tự"),
    (ONE + ONE[ONE.index("[[") :], "có hai lần"),
    ("reviewed_on = 2027-01-05", "không có văn bản nào"),
    ("reviewed_on", "không phải TOML"),
]


@pytest.mark.parametrize(("text", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_what_is_wrong_is_said(text, said):
    with pytest.raises(PaperTableError, match=said):
        read_table(text)


def call(*arguments: str):
    result = CliRunner().invoke(main, ["papers", *arguments])
    assert not isinstance(result.exception, Exception), result.exception
    return result


def test_a_newer_table_is_taken_into_use_and_judged_by_at_once(home, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(ONE, encoding="utf-8")
    assert "1 papers, reviewed on 05/01/2027. Nothing is wrong." in call("check", str(mine)).output
    assert in_use() is shipped()
    assert "In use now." in call("update", str(mine)).output
    assert in_use().reviewed_on == date(2027, 1, 5)
    assert "1 papers, last reviewed on 05/01/2027." in call("list").output


def test_an_older_or_a_wrong_one_is_refused_and_leaves_what_is_in_use(home, tmp_path):
    mine = tmp_path / "mine.toml"
    for text, said in (
        (ONE.replace("2027-01-05", "2020-01-05"), "được rà soát sau"),
        (ONE.replace("39/2009/QH12", "x"), "không đúng thể thức"),
    ):
        mine.write_text(text, encoding="utf-8")
        result = call("update", str(mine))
        assert result.exit_code == 2
        assert said in result.stderr
    assert not (home / "papers.toml").exists()
    mine.write_bytes(b"\xff")
    assert call("update", str(mine)).exit_code == 1


def test_a_broken_kept_table_is_passed_over_and_logged(home, caplog):
    (home / "papers.toml").write_text("reviewed_on", encoding="utf-8")
    assert in_use() is shipped()
    assert "papers.toml cannot be used" in caplog.text


def test_it_ships_as_it_is_read():
    assert read_table(SOURCE.read_text(encoding="utf-8")) == shipped()
