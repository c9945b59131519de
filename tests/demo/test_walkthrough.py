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
    EXPECTED_OF_BAC_NINH,
    EXPECTED_OF_CANG_LONG,
    EXPECTED_OF_TRA_CU,
    EXPECTED_OF_TRA_VINH,
    CheckedSum,
    Mails,
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
    sent = documents + syntheses + returned
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


@pytest.mark.databases("postgres")
def test_a_falsified_figure_breaks_the_sums_it_is_in_and_no_other(app: Flask) -> None:
    """On PostgreSQL, under row-level security: 207 members where Tập Sơn has 206."""
    report = walkthrough.walk(app, falsified={"29467": {"members_total": 207}})
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
