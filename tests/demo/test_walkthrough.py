"""`lth walkthrough`: it plays the cycle, says so as text and as data, and fails on a wrong sum."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from lth.cli import main
from lth.core.i18n import Message
from lth.core.language import speaking
from lth.demo import report_text, walkthrough
from lth.demo.report import (
    DONE_IN_CANG_LONG,
    DONE_IN_TRA_CU,
    DONE_IN_TRA_VINH,
    EXPECTED_OF_BAC_NINH,
    EXPECTED_OF_CANG_LONG,
    EXPECTED_OF_TRA_CU,
    EXPECTED_OF_TRA_VINH,
    CheckedSum,
    Mails,
    PlayedHalfYear,
    ReportedFigure,
    ReportedSums,
    Road,
    SynthesisSums,
    WalkthroughReport,
)

EXPECTED = [
    ("huyện Trà Cú", 17, 17, EXPECTED_OF_TRA_CU),
    ("huyện Trà Cú", 17, 17, EXPECTED_OF_TRA_CU),
    ("huyện Càng Long", 14, 14, EXPECTED_OF_CANG_LONG),
    ("tỉnh Trà Vinh", 2, 3, EXPECTED_OF_TRA_VINH),
    ("tỉnh Bắc Ninh", 5, 5, EXPECTED_OF_BAC_NINH),
]


def test_the_issues_sums_are_the_ones_held_to() -> None:
    """Written once more by hand, from the decision and the issue."""
    assert list(EXPECTED_OF_TRA_CU.values()) == [50, 3444, 2240, 2230, 1727, 1_235_000_000]
    assert list(EXPECTED_OF_TRA_VINH.values())[:3] == [90, 5882, 3849]
    assert list(EXPECTED_OF_BAC_NINH.values())[:3] == [24, 1455, 948]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What it says as data, on SQLite, called as anybody calls it; played once."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("LTH_")]:
            patch.delenv(name)
        patch.setenv("LTH_HOME", str(home))
        result = CliRunner().invoke(main, ["walkthrough", "--json"])
    assert result.exit_code == 0, result.output
    assert list(home.iterdir()) == [], "it left the environment's own database alone"
    yield json.loads(result.stdout)


def test_as_data_and_nothing_else(played: dict[str, Any]) -> None:
    assert played["ok"] is True
    assert played["faults"] == []
    assert played["seconds"] > 0
    sums = [one for road in played["roads"] for one in road["sums"]]
    found = [
        (
            one["unit"],
            one["received"],
            one["taking_part"],
            {code: figure["found"] for code, figure in one["figures"].items()},
        )
        for one in sums
    ]
    assert found == EXPECTED
    assert sums[3]["missing"] == ["huyện Cầu Kè"]


def test_the_mails_are_those_of_the_acts_that_were_done(played: dict[str, Any]) -> None:
    """Counted from the story: who had to be told of each act."""
    mails = played["mails"]
    documents, syntheses, returned = 17 + 14, 2, 4
    reports, sums, sent_back = 17 + 14, 2, 1
    sent = documents + syntheses + returned + reports + sums + sent_back
    returned += sent_back
    # Each goes to one specialist, with news to its drafter; back, to drafter and leader.
    assert mails["by_act"]["submit"] == {"turn": sent, "news": sent}
    assert mails["by_act"]["return"] == {"turn": returned, "news": returned}
    # Reopened: the specialist's turn, news for the commune's clerk and leader.
    assert mails["by_act"]["reopen"] == {"turn": 1, "news": 2}
    assert mails["total"] == sum(sum(one.values()) for one in mails["by_act"].values())
    assert mails["about"] == "xã Ngọc Biên"
    assert {one["to"] for one in mails["subjects"]} >= {
        "Cán bộ LĐTBXH xã Ngọc Biên",
        "Lãnh đạo UBND xã Ngọc Biên",
        "Chuyên viên Phòng LĐTBXH huyện Trà Cú",
        "Lãnh đạo UBND huyện Trà Cú",
    }


def test_what_was_assigned_planned_and_done(played: dict[str, Any]) -> None:
    reports = played["reports"]
    assert (reports["clubs"], reports["reports"]) == (125, 17 + 14)
    assert reports["books"] > 1_000
    assert reports["nil"] == ["xã Tân Hiệp"]
    assert reports["returned"] == ["xã An Quảng Hữu"]
    found = [(one["unit"], one["received"], one["taking_part"]) for one in reports["sums"]]
    assert found == [("huyện Trà Cú", 17, 17), ("huyện Càng Long", 14, 14), ("tỉnh Trà Vinh", 2, 3)]
    assert reports["sums"][2]["missing"] == ["huyện Cầu Kè"]
    for one, done in zip(
        reports["sums"], (DONE_IN_TRA_CU, DONE_IN_CANG_LONG, DONE_IN_TRA_VINH), strict=True
    ):
        figures = one["figures"]
        assert {code: figure["done"] for code, figure in figures.items()} == done
        assert {code: figure["clubs"] for code, figure in figures.items()} == done
        assert all(figure["holds"] for figure in figures.values())
    new = [one["figures"]["clubs_new"] for one in reports["sums"]]
    assert [(one["assigned"], one["planned"], one["done"]) for one in new] == [
        (50, 50, 32),
        (40, 40, 28),
        (None, 120, 60),
    ]


def test_a_request_goes_up_and_its_answer_comes_down(played: dict[str, Any]) -> None:
    request = played["reports"]["request"]
    assert request["unit"] == "xã Lưu Nghiệp Anh"
    assert [(one["step"], one["unit"]) for one in request["steps"]] == [
        ("raise", "xã Lưu Nghiệp Anh"),
        ("forward", "huyện Trà Cú"),
        ("answer", "tỉnh Trà Vinh"),
        ("settle", "xã Lưu Nghiệp Anh"),
    ]
    assert request["state"] == "settled"


@pytest.mark.databases("postgres")
def test_a_falsified_figure_breaks_the_sums_it_is_in_and_no_other(app: Flask) -> None:
    """On PostgreSQL, under row-level security: Tập Sơn plans 207 members and not 206, and reports
    one who is in no club's book.
    """
    report = walkthrough.walk(
        app,
        falsified={"29467": {"members_total": 207}},
        misreported={"29467": {"members_total": (1, "Đếm thêm một người.")}},
    )
    assert report.database == "postgresql"
    assert not report.faults
    assert not report.ok
    broken = [
        (sums.unit, check.code, check.found)
        for road in report.roads
        for sums in road.sums
        for check in sums.checks
        if not check.holds
    ]
    assert broken == [
        ("huyện Trà Cú", "members_total", 3445),
        ("huyện Trà Cú", "members_total", 3445),
        ("tỉnh Trà Vinh", "members_total", 5883),
    ]
    wrong = [
        (sums.unit, figure.code, figure.done, figure.clubs)
        for sums in report.half_year.sums
        for figure in sums.figures
        if not figure.holds
    ]
    assert wrong == [
        ("huyện Trà Cú", "members_total", 3176, 3175),
        ("tỉnh Trà Vinh", "members_total", 5729, 5728),
    ]


def small_report(found: int | None) -> WalkthroughReport:
    shown = {"vi": (str(found), "3.444"), "en": (str(found), "3,444")}
    check = CheckedSum("members_total", {"vi": "Thành viên", "en": "Members"}, shown, found, 3444)
    sums = SynthesisSums("huyện Trà Cú", Message("lần đầu"), 16, 17, ["xã Tập Sơn"], [check])
    road = Road(Message("Ba cấp: %(unit)s, năm 2021", {"unit": "tỉnh Trà Vinh"}), [sums])
    mails = Mails({"submit": (1, 2)}, "xã Tập Sơn", [("Lãnh đạo", "Chờ duyệt")])
    return WalkthroughReport("sqlite", [road], mails, seconds=1.26)


@pytest.mark.parametrize(("found", "code"), [(3444, 0), (3443, 1), (None, 1)])
def test_a_sum_that_does_not_come_out_ends_it_with_one(
    monkeypatch: pytest.MonkeyPatch, found: int | None, code: int
) -> None:
    monkeypatch.setattr(walkthrough, "walk", lambda app: small_report(found))
    result = CliRunner().invoke(main, ["walkthrough"])
    assert result.exit_code == code
    assert ("✗" in result.stdout) is bool(code)
    assert CliRunner().invoke(main, ["walkthrough", "--json"]).exit_code == code


@pytest.mark.parametrize(("done", "clubs", "code"), [(9, 9, 0), (8, 9, 1), (9, 8, 1), (None, 9, 1)])
def test_a_reported_figure_that_does_not_come_out_ends_it_with_one(
    monkeypatch: pytest.MonkeyPatch, done: int | None, clubs: int, code: int
) -> None:
    report = small_report(3444)
    figure = ReportedFigure(
        "clubs_new",
        {"vi": "Câu lạc bộ mới", "en": "New clubs"},
        {"vi": ("12", "11", str(done), "9"), "en": ("12", "11", str(done), "9")},
        *(12, 11, done, clubs, 9),
    )
    sums = ReportedSums("huyện Trà Cú", 1, 17, ["xã Tập Sơn"], [figure])
    report.roads.append(Road(Message("Báo cáo"), [sums]))
    report.half_year = PlayedHalfYear(sums=[sums])
    monkeypatch.setattr(walkthrough, "walk", lambda app: report)
    result = CliRunner().invoke(main, ["walkthrough"])
    assert result.exit_code == code
    assert ("✗" in result.stdout) is bool(code)
    assert "Chưa báo cáo: xã Tập Sơn" in result.stdout
    [row] = [line.split() for line in result.stdout.splitlines() if "Câu lạc bộ mới" in line]
    assert row[-5:] == ["12", "11", str(done), "9", "✗" if code else "✓"]


def test_a_fault_ends_it_with_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    report = small_report(3444)
    report.faults.append(Message("Có gì đó sai."))
    monkeypatch.setattr(walkthrough, "walk", lambda app: report)
    result = CliRunner().invoke(main, ["walkthrough"])
    assert result.exit_code == 1
    assert "✗ Có gì đó sai." in result.stdout


@pytest.mark.databases("sqlite")
def test_the_text_in_both_languages(app: Flask) -> None:
    with app.app_context():
        with speaking("vi"):
            said = report_text.text(small_report(3443)).splitlines()
        with speaking("en"):
            in_english = report_text.text(small_report(3444))
    assert said[0] == "Ba cấp: tỉnh Trà Vinh, năm 2021"
    assert "    Thành viên           3443    3.444  ✗" in said
    assert "Thời gian: 1,3 giây" in said
    assert "Members" in in_english
    assert "3,444" in in_english


@pytest.mark.parametrize("dataset", ["demo"])
@pytest.mark.databases("sqlite")
def test_it_wants_a_database_of_its_own(app: Flask, database: str) -> None:
    with pytest.raises(walkthrough.NotEmptyError):
        walkthrough.walk(app)
    result = CliRunner().invoke(main, ["walkthrough", "--database-url", database])
    assert result.exit_code == 1
    assert "empty" in result.stderr


def test_a_bad_address_is_said_in_one_line() -> None:
    result = CliRunner().invoke(main, ["walkthrough", "--database-url", "mysql://x"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: LTH_DATABASE_URL")
