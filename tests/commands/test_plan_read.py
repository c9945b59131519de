"""`lth plan read`, called as a clerk with an old plan calls it: no database about."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import plan_scores

from lth.cli import main

PLAN = plan_scores.HERE / "texts" / "02-xa-an-hoa.txt"


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LTH_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["plan", "read", *arguments])


def test_it_tells_each_item_with_its_words_and_how_sure_it_is() -> None:
    result = call(str(PLAN))

    assert result.exit_code == 0
    assert "Chỉ tiêu (9)" in result.output
    assert "Câu lạc bộ thành lập mới · 1 · 2022–2023 [chắc]" in result.output
    assert "dòng 13: “thành lập 01 CLB tại thôn Đông”" in result.output
    assert "Đọc được" in result.output


def test_it_writes_a_plan_file_that_the_checks_read(tmp_path: Path) -> None:
    assert call(str(PLAN), "-o", "plan.yaml").exit_code == 0

    checked = CliRunner().invoke(main, ["plan", "check", "plan.yaml"])
    assert checked.exit_code in {0, 1}
    assert "V01" not in checked.output


def test_as_json_it_prints_data_and_nothing_else() -> None:
    data = json.loads(call(str(PLAN), "--json").stdout)

    assert data["unit"]["name"] == "xã An Hòa"
    assert {item["part"] for item in data["items"]} >= {"target", "paper", "basis", "duty"}
    assert data["items"][0]["quote"]["line"] >= 1


def test_what_it_cannot_place_is_listed(tmp_path: Path) -> None:
    text = PLAN.read_text(encoding="utf-8").replace(
        "với tối thiểu 50 hội viên", "với khoảng 50 hội viên"
    )
    Path("plan.txt").write_text(text, encoding="utf-8")
    result = call("plan.txt")

    assert "Chưa xếp được vào đâu (2)" in result.output
    assert "Có thể là: Số thành viên câu lạc bộ" in result.output


def test_of_a_text_that_is_no_plan_no_file_is_written(tmp_path: Path) -> None:
    Path("plan.txt").write_text("Giấy mời họp", encoding="utf-8")
    result = call("plan.txt", "-o", "plan.yaml")

    assert result.exit_code == 2
    assert "Chưa thể lập bản thảo" in result.output
    assert not Path("plan.yaml").exists()
