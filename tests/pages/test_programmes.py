"""The system administrator's pages of programmes: a file brought in, a period opened."""

import html
import io
import re

import pytest
from sqlalchemy import select
from support.pages import check_page
from support.programmes import OWN, without_one
from werkzeug.datastructures import FileStorage

from lth.models import Indicator, Period, Programme, Target

LATER = OWN.replace("2021", "2026").replace("2022", "2027").replace("2023", "2028")
LATER = LATER.replace("2025", "2030")


@pytest.fixture
def root(visitor):
    return visitor("system administrator")


def codes(read) -> set[str]:
    return {one.code for one in read(select(Programme))}


def confirmed(asked) -> dict[str, str]:
    """What the page that asks once more sends."""
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)
    return {name: html.unescape(value) for name, value in pairs} | {"confirmed": "1"}


def test_a_file_is_checked_shown_and_brought_in(root, read, statements) -> None:
    check_page(root.get("/admin/programmes/import").text)
    file = {"file": (io.BytesIO(LATER.encode()), "mine.toml"), "text": ""}
    asked = root.client.post(
        "/admin/programmes/import",
        data={"csrf_token": root.token(), **file},
        content_type="multipart/form-data",
    )
    assert asked.status_code == 200
    check_page(asked.text)
    assert "Người được thăm hỏi tại nhà" in asked.text
    assert "HOME-27" not in codes(read)
    answer = root.post("/admin/programmes/import", confirmed(asked))
    assert answer.status_code == 302, answer.text
    assert "HOME-27" in codes(read)
    statements.clear()
    page = root.get("/admin/programmes")
    assert len(statements) <= 12, statements
    check_page(page.text)
    assert "HOME-27" in page.text
    same = root.post("/admin/programmes/import", {"text": LATER})
    assert same.status_code == 200
    assert "Không có gì thay đổi" in same.text
    out = root.get("/admin/programmes/HOME-27/file")
    assert out.headers["Content-Disposition"] == 'attachment; filename="HOME-27.toml"'
    again = root.post("/admin/programmes/import", {"text": out.text})
    assert "Không có gì thay đổi" in again.text
    assert "Đưa chương trình vào từ tệp" in root.get("/admin/trail").text


def test_each_fault_is_shown_with_its_line_and_the_text_stays(root, read) -> None:
    bad = LATER.replace('measure = "percent"', 'measure = "weight"')
    answer = root.post("/admin/programmes/import", {"text": bad})
    assert answer.status_code == 422
    check_page(answer.text)
    line = bad[: bad.index('"weight"')].count("\n") + 1
    assert f"Dòng {line}:" in answer.text
    assert html.escape('measure = "weight"').replace("&quot;", "&#34;") in answer.text
    assert "HOME-27" not in codes(read)


def test_a_form_without_file_or_text_is_told_what_is_wrong_with_an_empty_file(root) -> None:
    none_chosen = FileStorage(io.BytesIO(), filename="", name="file")
    answer = root.client.post(
        "/admin/programmes/import",
        data={"csrf_token": root.token(), "file": none_chosen, "text": ""},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Dòng 1:" in answer.text
    assert "thiếu ô" not in answer.text


def test_what_plans_stand_on_is_said(root, read) -> None:
    used = select(Indicator).join(Programme, Programme.id == Indicator.programme_id)
    codes = {one.code for one in read(used.join(Target).where(Programme.code == "1648"))}
    text, code = without_one(root.get("/admin/programmes/1648/file").text, codes)
    answer = root.post("/admin/programmes/import", {"text": text})
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Dòng " not in answer.text  # nothing is wrong with the file itself
    assert code in answer.text
    assert "không bỏ được" in answer.text


def test_a_period_is_opened_and_extended(root, read) -> None:
    address = "/admin/programmes/1648/periods"
    check_page(root.get(address).text)
    typed = {
        "code": "2027-2028",
        "starts_on": "01/01/2027",
        "ends_on": "31/12/2028",
        "phases": "2027: 31/12/2027\n2028: 31/12/2028",
        "seen": "",
    }
    wrong = root.post(address, typed | {"phases": "2027: 31/12/2027"})
    assert wrong.status_code == 422
    assert 'id="phases-error"' in wrong.text
    assert root.post(address, typed | {"phases": "không phải"}).status_code == 422
    assert root.confirm(address, typed).status_code == 302
    [period] = read(select(Period).where(Period.code == "2027-2028"))
    assert root.confirm(address, typed).status_code == 422  # there is one
    edit = f"{address}/{period.id}"
    page = root.get(edit).text
    check_page(page)
    assert "2027: 31/12/2027\n2028: 31/12/2028" in page.replace("\r", "")
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', page)[1]
    longer = typed | {"ends_on": "31/12/2029", "phases": "2027: 31/12/2027\n2028-2029: 31/12/2029"}
    assert root.confirm(edit, longer | {"seen": seen}).status_code == 302
    assert root.confirm(edit, typed | {"seen": seen}).status_code == 302  # said to be stale
    [after] = read(select(Period).where(Period.code == "2027-2028"))
    assert after.ends_on.year == 2029


@pytest.mark.parametrize("path", ["/file", "/periods", "/periods/999"])
def test_what_is_not_there_is_404(root, path) -> None:
    assert root.get(f"/admin/programmes/none{path}").status_code == 404
