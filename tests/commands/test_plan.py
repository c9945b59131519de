"""`lth plan`, called as somebody who writes plan files calls it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session
from support.databases import Databases, dispose
from support.draftworld import NOON
from support.pdfpages import text_of
from support.plandocs import changed, faultless

from lth import commands
from lth.administration import audit
from lth.blueprints.web.extensions import db
from lth.checks import run
from lth.cli import main
from lth.content.model import Content
from lth.core import clock
from lth.exchange.plan_file import read, write
from lth.models.finding import Stage
from lth.programmes import catalogue_file
from lth.programmes.catalogue_file import CODES

FAULTY = replace(faultless().header, budget_total=600_000_000)
"""A printed total that its lines do not add up to: V01 at every stage."""
UNSENT: dict[str, Any] = {"recipients": ()}
"""A plan that is sent to nobody, not even to whom it reports: V26, a warning."""


# --- Checked, with no database about ------------------------------------------------------


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Check a plan, or a text, in a folder where the command must leave nothing behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LTH_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    def call(plan: Content | str | bytes, *options: str) -> Result:
        text = write(plan) if isinstance(plan, Content) else plan
        file = tmp_path / "plan.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        result = CliRunner().invoke(main, ["plan", "check", "plan.yaml", *options])
        assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]
        return result

    return call


def data(result: Result) -> Any:
    """What is on standard output, which must be JSON and nothing else."""
    return json.loads(result.stdout)


def test_a_faultless_plan_ends_well(check: Callable[..., Result]) -> None:
    result = check(faultless())
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "plan.yaml: không phát hiện vấn đề nào.\n"


def test_findings_stand_under_their_severity_with_place_line_and_remedy(
    check: Callable[..., Result],
) -> None:
    result = check(changed(header=FAULTY, **UNSENT))
    assert result.exit_code == 1
    first, *rest = re.split(r"\n\n(?=\S)", result.stdout.strip())
    assert first.startswith("Lỗi phải sửa (1)\n\n  V01  Tổng kinh phí bằng tổng các khoản · ")
    assert re.search(r"Các khoản kinh phí\s+\(dòng \d+\)", first)
    assert re.search(r"lệch\s+100.000.000\s+đồng", first)
    assert "→ Sửa tổng thành 500.000.000 đồng" in first
    assert rest[0].startswith("Cảnh báo: sửa hoặc giải trình (")
    assert re.fullmatch(r"plan.yaml: 1 lỗi, \d+ cảnh báo, \d+ lưu ý.", rest[-1])
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_a_warning_alone_is_no_failure(check: Callable[..., Result]) -> None:
    result = check(changed(**UNSENT))
    assert result.exit_code == 0
    assert "Cảnh báo: sửa hoặc giải trình (" in result.stdout
    assert "Lỗi" not in result.stdout


def test_json_has_what_the_checks_say_in_both_languages(check: Callable[..., Result]) -> None:
    plan = changed(header=FAULTY, **UNSENT)
    result = check(plan, "--json")
    assert result.exit_code == 1
    said, found = data(result), run(plan, Stage.ISSUE)
    assert (said["stage"], said["unit"], said["programme"]) == ("issue", "huyện Phú Hòa", "1336")
    assert sum(said["counts"].values()) == len(said["findings"]) == len(found)
    for one, finding in zip(said["findings"], found, strict=True):
        assert one["code"] == finding.code
        assert one["name"] == finding.name
        assert one["severity"] == finding.severity.value
        assert one["place"] == finding.place
        assert one["message"]["vi"] == str(finding.said)
        assert one["remedy"]["vi"] == str(finding.remedy)
        assert set(one["where"]) == set(one["message"]) == {"vi", "en"}
    text = write(plan).splitlines()
    (line,) = {one["line"] for one in said["findings"] if one["place"] == "budget"}
    assert text[line - 1] == "budget:"


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_has_the_findings_of_the_stages_before_it(
    stage: Stage, check: Callable[..., Result]
) -> None:
    plan = changed(header=FAULTY, **UNSENT, papers=())
    said = data(check(plan, "--json", "--stage", stage.value))
    assert [one["code"] for one in said["findings"]] == [one.code for one in run(plan, stage)]


def test_it_reads_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = write(changed(header=FAULTY))
    result = CliRunner().invoke(main, ["plan", "check", "-", "--json"], input=text)
    assert result.exit_code == 1
    assert data(result)["file"] == "<stdin>"


SLIPPED = "format: 1\nprogramme: '1336'\nunit: {name: A, level: ward}\nperiod: {to: 2025}\nx: 1\n"


def test_a_malformed_file_gives_line_and_column(check: Callable[..., Result]) -> None:
    result = check(SLIPPED)
    assert result.exit_code == 2
    assert result.stdout == ""
    first, second = result.stderr.splitlines()
    assert first.startswith("plan.yaml:3:24: “level” không thể là “ward”.")
    assert "commune, district, province" in first
    assert second.startswith("plan.yaml:5:1: Không có mục “x”.")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (SLIPPED, [(3, 24), (5, 1)]),
        ("format: 1\n\tx", [(2, 1)]),
        (b"format: \xff", [(1, 9)]),
        ("", [(1, 1)]),
    ],
)
def test_a_malformed_file_is_json_too(
    text: str | bytes, places: list[tuple[int, int]], check: Callable[..., Result]
) -> None:
    result = check(text, "--json")
    assert (result.exit_code, result.stderr) == (2, "")
    problems = data(result)["problems"]
    assert [(one["line"], one["column"]) for one in problems] == places
    assert all(one["message"]["vi"] and one["message"]["en"] for one in problems)


@pytest.mark.parametrize("command", ["check", "read"])
@pytest.mark.parametrize(("name", "why"), [("no.yaml", "Không có tệp này"), ("", "là thư mục")])
def test_a_file_that_is_not_there(tmp_path: Path, command: str, name: str, why: str) -> None:
    path = str(tmp_path / name) if name else str(tmp_path)
    result = CliRunner().invoke(main, ["plan", command, path, "--json"])
    assert (result.exit_code, result.stderr) == (2, "")
    (problem,) = data(result)["problems"]
    assert (data(result)["file"], problem["line"], problem["column"]) == (path, None, None)
    assert why in problem["message"]["vi"]

    result = CliRunner().invoke(main, ["plan", command, path])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{path}: ")
    assert why in result.stderr


def test_what_cannot_be_read_as_an_existing_plan_is_json_too(tmp_path: Path) -> None:
    (tmp_path / "plan.docx").write_bytes(b"PK")
    result = CliRunner().invoke(main, ["plan", "read", str(tmp_path / "plan.docx"), "--json"])
    assert (result.exit_code, result.stderr) == (2, "")
    assert data(result)["problems"][0]["message"]["vi"]


# --- The codes that it may name -----------------------------------------------------------


def indicators(*options: str) -> Result:
    return CliRunner().invoke(main, ["plan", "indicators", *options])


def test_the_indicators_are_listed_with_what_they_mean() -> None:
    text = indicators().stdout
    assert re.search(r"^ {2}clubs_new +Câu lạc bộ thành lập mới \(CLB\)$", text, re.MULTILINE)
    assert "New clubs (clubs)" in indicators("--language", "en").stdout


def test_the_indicators_of_one_programme_are_its_own() -> None:
    own = {one["code"]: one for one in data(indicators("--json", "--programme", "1648"))}
    every = {one["code"]: one for one in data(indicators("--json"))}
    assert own.keys() == set(catalogue_file_codes("1648"))
    assert every.keys() == {one for code in CODES for one in catalogue_file_codes(code)}
    assert own["club_size"] == {
        "code": "club_size",
        "label": {"vi": "Quy mô mỗi câu lạc bộ", "en": "Club size"},
        "unit": {"vi": "người/CLB", "en": "members a club"},
        "measure": "count",
        "example": "3444",
        "denominators": ["clubs_new", "clubs_total"],
        "programmes": ["1648"],
    }


def test_the_indicators_of_a_programme_that_is_none() -> None:
    result = indicators("--programme", "1999")
    assert result.exit_code == 2
    assert "1533, 1336, 1648" in result.stderr


def catalogue_file_codes(programme: str) -> list[str]:
    return [row.code for row in catalogue_file.read(programme).indicators]


# --- Written as a paper, with no database about -------------------------------------------


@pytest.fixture
def write_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Write a plan's paper to a name, where there is no database and no home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LTH_HOME", "/proc/lth/home")
    monkeypatch.setenv("LTH_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    def call(plan: Content | str, name: str, *options: str) -> Result:
        (tmp_path / "plan.yaml").write_text(write(plan) if isinstance(plan, Content) else plan)
        return CliRunner().invoke(main, ["plan", "write", "plan.yaml", "-o", name, *options])

    return call


@pytest.mark.parametrize(
    ("name", "begins"),
    [("out.pdf", b"%PDF-1.7"), ("OUT.PDF", b"%PDF-1.7"), ("out.docx", b"PK\x03\x04")],
)
def test_a_plan_file_is_written_as_the_paper_an_office_signs(
    write_paper: Callable[..., Result], tmp_path: Path, name: str, begins: bytes
) -> None:
    result = write_paper(faultless(), name)
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert {path.name for path in tmp_path.iterdir()} == {"plan.yaml", name}


def test_the_paper_of_a_file_is_marked_as_a_draft_when_asked(
    write_paper: Callable[..., Result], tmp_path: Path
) -> None:
    write_paper(faultless(), "out.pdf")
    write_paper(faultless(), "draft.pdf", "--draft")
    shown = [text_of((tmp_path / name).read_bytes()) for name in ("out.pdf", "draft.pdf")]
    assert ["DỰ THẢO" in text for text in shown] == [False, True]
    assert "Phú Hòa" in shown[1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("out.odt", "must end in .docx or .pdf"),
        ("out", "must end in .docx or .pdf"),
        ("none/out.pdf", "No such file or directory"),
    ],
)
def test_a_paper_that_cannot_be_written_is_said_in_one_sentence(
    write_paper: Callable[..., Result], tmp_path: Path, name: str, said: str
) -> None:
    result = write_paper(faultless(), name)
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]


def test_no_paper_is_written_of_what_is_no_plan_file(
    write_paper: Callable[..., Result], tmp_path: Path
) -> None:
    result = write_paper(SLIPPED, "out.pdf")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("plan.yaml:3:24: ")
    assert not (tmp_path / "out.pdf").exists()


# --- Into the database and out of it ------------------------------------------------------


@pytest.fixture
def lth(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """Call `lth plan` on the drafting tests' world, in May 2021."""
    databases.restore("drafting")
    for name, value in databases.environ().items():
        monkeypatch.setenv(name, value)
    made: list[Flask] = []
    make = commands.make_app

    def make_and_keep() -> Flask:
        made.append(make())
        return made[-1]

    def call(*arguments: str, text: str | None = None) -> Result:
        with clock.frozen(NOON):
            return CliRunner().invoke(main, ["plan", *arguments], input=text)

    monkeypatch.setattr(commands, "make_app", make_and_keep)
    yield call
    for app in made:
        dispose(app)


COMMUNE = """format: 1
programme: "1336"
unit: {name: xã Ngãi Xuyên, level: commune}
period: {from: 2021, to: 2021}
title: Nhân rộng câu lạc bộ
targets:
  - {indicator: clubs_new, comparator: gte, value: 3, wording: ít nhất 3 câu lạc bộ}
tasks:
  - {title: Thành lập câu lạc bộ, leads: Hội Người cao tuổi xã}
"""


def number(result: Result) -> str:
    """The number of the draft that was made."""
    found = re.match(r"Đã lập bản thảo số (\d+): ", result.stdout)
    assert found, result.output
    return found[1]


def test_a_file_goes_in_and_comes_out(lth: Callable[..., Result]) -> None:
    result = lth("import", "-", "--unit", "xã Ngãi Xuyên", text=COMMUNE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "kế hoạch năm 2021 của xã Ngãi Xuyên, gồm 1 chỉ tiêu" in result.stdout

    out = lth("export", number(result))
    assert (out.exit_code, out.stderr) == (0, "")
    found = read(out.stdout, "out.yaml").content
    assert found.header.title == "Nhân rộng câu lạc bộ"
    (target,) = found.targets
    assert (target.low, target.wording) == (3, "ít nhất 3 câu lạc bộ")
    assert found.tasks[0].leads == ("Hội Người cao tuổi xã",)
    assert "793/QĐ-UBND" in found.parent_paper
    assert lth("export", number(result), "--revision", "1").stdout == out.stdout

    again = lth("import", "-", "--unit", "xã Ngãi Xuyên", text=out.stdout)
    assert again.exit_code == 1
    assert "đã có một văn bản cùng loại" in again.stderr


def test_the_trail_says_that_nobody_signed_in_for_it(
    lth: Callable[..., Result], databases: Databases
) -> None:
    lth("import", "-", "--unit", "Ngãi Xuyên", text=COMMUNE)
    with databases.app.app_context(), Session(db.engine) as session:
        (line,), _ = audit.found(session, None, audit.TrailSearch(), limit=5)
    assert (line.entry.what, line.entry.person_name) == ("plans.imported", "")
    assert (line.entry.unit_name, line.subject) == ("xã Ngãi Xuyên", "<stdin> (clerk@ngaixuyen)")


def test_a_file_of_another_unit_is_said_to_be(lth: Callable[..., Result]) -> None:
    text = COMMUNE.replace("xã Ngãi Xuyên", "xã Khác")
    result = lth("import", "-", "--unit", "Ngãi Xuyên", text=text)
    assert result.exit_code == 0
    assert "trong tệp, kế hoạch này là của xã Khác" in result.stderr


def test_all_of_it_gets_in_or_nothing(lth: Callable[..., Result]) -> None:
    refused = COMMUNE.replace(
        "tasks:", "  - {indicator: clubs_new, value: 3, denominator: club_size}\ntasks:"
    )
    result = lth("import", "-", "--unit", "Ngãi Xuyên", text=refused)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Dòng 8 của tệp: Chọn một mục trong danh sách." in result.stderr
    assert lth("import", "-", "--unit", "Ngãi Xuyên", text=COMMUNE).exit_code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--unit", "xã Không Có"], "Không có đơn vị nào là “xã Không Có”"),
        (["--unit", "Ngãi Xuyên", "--period", "2019"], "không có kỳ 2019"),
        (["--unit", "Ngãi Xuyên", "--period", "2021-2025"], "Giai đoạn không khớp"),
        (["--unit", "Ngãi Xuyên", "--by", "nobody@example.vn"], "nobody@example.vn không lập"),
        (["--unit", "Tập Sơn"], "có nhiều người lập kế hoạch, chọn một bằng --by"),
    ],
)
def test_what_is_not_clear_is_refused(
    options: list[str], said: str, lth: Callable[..., Result]
) -> None:
    result = lth("import", "-", *options, text=COMMUNE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


def test_a_malformed_file_is_not_brought_in(lth: Callable[..., Result]) -> None:
    result = lth("import", "-", "--unit", "Ngãi Xuyên", text=SLIPPED)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "<stdin>:3:24: " in result.stderr


def test_no_such_plan_comes_out(lth: Callable[..., Result]) -> None:
    result = lth("export", "999")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Không có kế hoạch số 999." in result.stderr
