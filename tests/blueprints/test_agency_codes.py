"""The codes that a unit knows: added, ended, taken away, brought in as a list, found by day."""

import html
import io
import re
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from support.pages import check_page

from lth import commands
from lth.access.scope import Purpose, bind, system
from lth.administration import agency_codes
from lth.cli import main
from lth.core.readers.agency_codes import doubt_of, fault_of, scheme_of
from lth.models import AgencyCode, AuditEntry
from lth.models.agency_code import CodeScheme

LIST = """Danh sách mã định danh kèm theo Quyết định

STT;Tên cơ quan, đơn vị;Mã định danh (QĐ 20);Mã QCVN 102;Từ ngày;Văn bản
1;Sở Y tế;H61.03;000.00.03.H61;01/01/2021;QĐ 15/QĐ-UBND
2;UBND Huyện Trà Cú;H61.77;;01/01/2021;
"""


@pytest.fixture
def admin(signed_in):
    return signed_in("unit_admin@A")


@pytest.fixture
def rows(session, world):
    """The codes of a unit of the world, as the database has them now."""

    def read(unit="A"):
        session.rollback()
        with system(session, Purpose.LOAD):
            statement = select(AgencyCode).where(AgencyCode.unit_id == world.units[unit].id)
            found = list(session.scalars(statement.order_by(AgencyCode.id)))
        session.expunge_all()
        session.rollback()
        return found

    return read


def send(client, data, name="ma.csv", **more):
    return client.post("/admin/codes/list", data={"file": (io.BytesIO(data), name), **more})


@pytest.mark.parametrize(
    ("code", "scheme", "doubted"),
    [
        ("000.00.34.H61", "qcvn102", False),
        ("H61.34.2", "qd20", False),
        ("G22", "qd20", False),
        ("28.22.H17", "other", True),
        ("29398", "other", True),
        ("h61.34", "other", True),
    ],
)
def test_the_form_of_a_code_tells_its_rule_and_others_are_taken_with_a_word(code, scheme, doubted):
    assert scheme_of(code) == scheme
    assert fault_of(code) is None
    assert (doubt_of(code) is not None) is doubted


@pytest.mark.parametrize("code", ["", "H61 34", "H" * 36, "H61,34"])
def test_what_can_be_no_code_is_refused(code):
    assert fault_of(code) is not None


def test_the_pages_show_the_codes(admin):
    for address in ("", "/list"):
        check_page(admin.get(f"/admin/codes{address}").text)
    assert "H61.65" in admin.get("/admin/codes").text


def test_a_code_is_added_ended_and_taken_away(admin, rows, session):
    added = {"name": "Sở  Y tế", "code": "H61.03", "valid_from": "01/01/2021", "last_day": ""}
    answer = admin.post("/admin/codes/add", data=added | {"source": "QĐ 15"})
    assert answer.status_code == 302, answer.text
    row = rows()[-1]
    assert (row.name, row.code, row.scheme) == ("Sở Y tế", "H61.03", CodeScheme.QD20)
    seen = agency_codes.version(row)
    ended = {"last_day": "30/4/2021", "seen": seen}
    assert admin.post(f"/admin/codes/{row.id}/end", data=ended).status_code == 302
    assert rows()[-1].valid_to == date(2021, 5, 1)
    again = admin.post(f"/admin/codes/{row.id}/remove", data={"seen": seen}, follow_redirects=True)
    assert "đã thay đổi nội dung này" in again.text
    seen = agency_codes.version(rows()[-1])
    admin.post(f"/admin/codes/{row.id}/remove", data={"seen": seen})
    assert [one.code for one in rows()] == ["H61.65"]
    session.rollback()
    with system(session, Purpose.LOAD):
        told = list(session.scalars(select(AuditEntry.what).where(AuditEntry.what.like("codes.%"))))
    assert told == ["codes.added", "codes.ended", "codes.removed"]


def test_a_second_code_for_the_same_days_is_refused(admin, rows):
    again = {"name": "", "code": "H61.66", "valid_from": "01/6/2021", "last_day": "", "source": ""}
    answer = admin.post("/admin/codes/add", data=again)
    assert answer.status_code == 422
    assert "Hãy kết thúc mã cũ trước" in answer.text
    assert len(rows()) == 1


def test_a_list_is_shown_row_by_row_and_written_once_confirmed(admin, rows):
    page = send(admin, LIST.encode())
    check_page(page.text)
    assert page.status_code == 200, page.text
    assert "Sở Y tế: H61.03" in page.text
    assert len(rows()) == 1
    text = carried(page.text)
    assert admin.post("/admin/codes/list", data={"text": text, "confirmed": "1"}).status_code == 302
    assert [(one.name, one.code) for one in rows()][1:] == [
        ("Sở Y tế", "H61.03"),
        ("Sở Y tế", "000.00.03.H61"),
        ("UBND Huyện Trà Cú", "H61.77"),
    ]


def carried(page):
    """The list that the page of confirmation carries."""
    return html.unescape(re.search(r'name="text" value="([^"]*)"', page, re.DOTALL)[1])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (";H61.03;;;;", "Thiếu tên cơ quan."),
        ("Sở Y tế;;;;;", "Cần ghi mã định danh."),
        ("Sở Y tế;H61 03;;;;", "không có khoảng trắng"),
        ("Sở Y tế;H61.03;;30/02/2021;;", "Lịch không có ngày"),
        ("Sở Y tế;H61.03;;01/02/2021;01/01/2021;", "Ngày cuối phải từ ngày bắt đầu"),
        ("Sở Y\u200b tế;H61.03;;;;", "ký tự"),
        ("Sở Nội vụ;H61.04;;;;\nSở  nội vụ;H61.05;;;;", "Trùng với dòng 2"),
    ],
)
def test_a_wrong_row_is_told_with_its_number_and_nothing_is_written(admin, rows, row, told):
    head = "Cơ quan;Mã;Mã cũ;Từ ngày;Đến ngày;Nguồn\n"
    answer = send(admin, (head + row).encode(), confirmed="1")
    assert answer.status_code == 422
    assert told in answer.text
    assert len(rows()) == 1
    check_page(answer.text)


@pytest.mark.parametrize("data", [b"", b"a;b\n1;2", b"\x00\x01", b"PK\x03\x04 no zip"])
def test_what_is_no_list_of_codes_is_told(admin, data):
    answer = send(admin, data)
    assert answer.status_code == 422
    check_page(answer.text)


def test_an_odd_code_is_taken_with_a_word(admin):
    page = send(admin, "Cơ quan;Mã\nSở Y tế;28.22.H17".encode())
    assert page.status_code == 200
    assert "Mã không theo mẫu thường gặp" in page.text


def test_the_code_of_a_day_is_that_of_the_day(world, session, admin, rows):
    unit = world.units["A"]
    with system(session, Purpose.LOAD):
        session.get(AgencyCode, rows()[0].id).valid_to = date(2022, 1, 1)
        since = {"valid_from": date(2022, 1, 1), "created_at": rows()[0].created_at}
        session.add(
            AgencyCode(unit_id=unit.id, name="", scheme=CodeScheme.QD20, code="H61.9", **since)
        )
        session.add(
            AgencyCode(
                unit_id=unit.id, name="Sở Y Tế", scheme=CodeScheme.OTHER, code="SYT", **since
            )
        )
    session.commit()
    scope = world.scope("clerk@A")
    bind(session, scope)
    codes = [
        agency_codes.code_on(session, unit.id, day, scope)
        for day in (date(2021, 5, 6), date(2021, 5, 7), date(2021, 12, 31), date(2022, 1, 1))
    ]
    assert [one.code if one else None for one in codes] == [None, "H61.65", "H61.65", "H61.9"]
    district = f"Ủy ban nhân dân {world.units['D'].full_name}"
    names = ["Sở y tế", district, "Không có"]
    found = agency_codes.codes_on(session, unit.id, names, date(2022, 2, 1), scope)
    assert {name: row and row.code for name, row in found.items()} == {
        "Sở y tế": "SYT",
        district: "H61.68",
        "Không có": None,
    }


def test_nobody_reads_codes_of_another_branch(world, session):
    scope = world.scope("clerk@C")
    unit = world.units["A"]
    bind(session, scope)
    assert agency_codes.listed(session, unit.id, scope) == []
    assert agency_codes.code_on(session, unit.id, date(2021, 6, 1), scope) is None
    with system(session, Purpose.LOAD) as everything:
        assert agency_codes.listed(session, unit.id, everything) != []


# --- The command --------------------------------------------------------------------------


@pytest.fixture
def call(app, world, session, monkeypatch, tmp_path):
    """Call `lth units codes` on the world with a list."""
    monkeypatch.setattr(commands, "make_app", lambda: app)
    session.rollback()

    def run(text, *options):
        file = tmp_path / "ma.csv"
        file.write_text(text, "utf-8")
        named = ["--unit", world.units["A"].full_name]
        return CliRunner().invoke(main, ["units", "codes", str(file), *named, *options])

    return run


def test_the_command_adds_a_list(call, rows):
    assert "3 codes are good, 0 have problems." in call(LIST, "--dry-run").output
    assert len(rows()) == 1
    done = call(LIST)
    assert done.exit_code == 0, done.output
    assert "3 codes are added." in done.output
    assert len(rows()) == 4


def test_the_command_tells_what_is_wrong_and_writes_nothing(call, rows):
    done = call("Cơ quan;Mã\nSở Y tế;H61.03\n;H61.04\n")
    assert done.exit_code == 1
    assert "row 3: Thiếu tên cơ quan." in done.output
    assert len(rows()) == 1


def test_the_command_wants_a_unit_that_is_there(call):
    done = call(LIST, "--unit", "xã Không Có")
    assert done.exit_code == 1
    assert "No unit is called" in done.output
