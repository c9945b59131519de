"""A plan's workbook at the pages: taken, sent back, looked over, written."""

import html
import io
import re
import zipfile

import pytest
from sqlalchemy import func, select
from support import draftworld
from support.draftworld import NOON
from support.pages import check_page
from support.planbooks import as_file, typed_at
from support.queries import counted

from lth import drafting
from lth.access.scope import Purpose, system
from lth.administration import passwords
from lth.drafting import TargetEdit
from lth.exchange.grids.books import open_book
from lth.exchange.grids.cells import FileCell
from lth.exchange.workbook.layout import TARGET_SHEET
from lth.models import Credential, Person, Revision, SheetMatch, Target, WorkbookUpload

CODE = "clubs_new@2021"
SECRET = re.compile(r'name="seen" value="([^"]*)"')


PASSWORD = "một mật khẩu dài 2021"


@pytest.fixture
def dataset() -> str:
    return "drafting"


@pytest.fixture
def plan_id(session):
    """A draft of xã Tập Sơn with a figure; those who draft and read there can sign in."""
    hashed = passwords.hash_password(PASSWORD)
    with system(session, Purpose.LOAD):
        for person in session.scalars(select(Person)):
            email = f"{person.name}.example"
            session.add(Credential(person=person, email=email, password_hash=hashed))
    document = draftworld.start(session)
    assert draftworld.save(session, "clerk@tapson", document, TargetEdit(CODE, 0, "3")).complete
    session.commit()
    return document.id


@pytest.fixture
def signed_in(new_client, plan_id):
    def browser(who):
        client = new_client()
        sent = {"email": f"{who}.example", "password": PASSWORD}
        answer = client.post("/sign-in", data=sent)
        assert answer.status_code == 302, answer.text
        return client

    return browser


@pytest.fixture
def where(plan_id):
    """The pages of the draft."""
    return f"/commune/documents/{plan_id}"


@pytest.fixture
def clerk(signed_in):
    return signed_in("clerk@tapson")


@pytest.fixture
def read(session):
    def rows(statement):
        session.rollback()
        with system(session, Purpose.LOAD):
            found = list(session.scalars(statement))
        session.expunge_all()
        session.rollback()
        return found

    return rows


@pytest.fixture
def book(clerk, where):
    answer = clerk.get(f"{where}/workbook.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    return open_book(answer.data, "ke-hoach.xlsx")


@pytest.fixture
def code():
    return CODE


def send(client, where, data, name="ke-hoach.xlsx"):
    sent = {"file": (io.BytesIO(data), name), "pasted": ""}
    return client.post(f"{where}/draft/workbook", data=sent)


def pasted(text) -> dict:
    return {"file": (io.BytesIO(b""), ""), "pasted": text}


def paste(client, where, text):
    answer = client.post(f"{where}/draft/workbook", data=pasted(text))
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def looked(client, where, data) -> tuple[str, str]:
    """Where a sent file is looked over, and the page."""
    answer = send(client, where, data)
    assert answer.status_code == 302, answer.text
    page = client.get(answer.headers["Location"])
    check_page(page.text)
    return answer.headers["Location"], page.text


def seen_in(page) -> str:
    return SECRET.search(page)[1]


def values(read, plan_id):
    """What the plan says of the new clubs."""
    statement = select(Target.value_min).join(Revision, Revision.id == Target.revision_id)
    ours = (Revision.document_id == plan_id, Target.line_key == CODE)
    return read(statement.where(*ours))


def test_the_page_offers_and_takes_a_workbook(clerk, where):
    page = clerk.get(f"{where}/draft/workbook")
    assert page.status_code == 200
    check_page(page.text)
    empty = clerk.post(f"{where}/draft/workbook", data=pasted(""))
    assert empty.status_code == 422
    check_page(empty.text)


def test_a_change_is_shown_then_written_once(clerk, where, book, code, read, plan_id):
    address, page = looked(clerk, where, as_file(typed_at(book, TARGET_SHEET, code, value="77")))
    assert f"{TARGET_SHEET}!G" in page
    assert 77 not in values(read, plan_id), "nothing is written before it is confirmed"
    taken = re.findall(r'name="take" value="([^"]+)"( checked)?', page)
    assert taken == [(f"t|{code}|figure", " checked")]
    data = {"seen": seen_in(page), "take": taken[0][0], "apply": "1"}
    assert clerk.post(address, data={**data, "look": "1"}).status_code == 200
    assert 77 not in values(read, plan_id), "Enter gives the page back"
    done = clerk.post(address, data=data)
    assert done.status_code == 302
    assert done.headers["Location"].endswith("/draft")
    assert 77 in values(read, plan_id)
    assert clerk.post(address, data=data).status_code == 404, "it is done and gone"


def test_a_page_that_is_older_than_the_plan_writes_nothing_and_keeps_the_ticks(
    clerk, where, book, code, read, session, plan_id
):
    address, page = looked(clerk, where, as_file(typed_at(book, TARGET_SHEET, code, value="77")))
    seen = read(select(Target.version).where(Target.line_key == code))[-1]
    other = draftworld.acting(session, "clerk2@tapson")
    edit = TargetEdit(code, seen, "55")
    assert drafting.save_targets(session, other, plan_id, [edit], now=NOON).complete
    session.commit()
    data = {"seen": seen_in(page), "take": f"t|{code}|figure", "apply": "1"}
    answer = clerk.post(address, data=data)
    assert answer.status_code == 409
    check_page(answer.text)
    assert "Trùng với người khác vừa sửa" in answer.text
    assert values(read, plan_id) == [55]
    chosen = {"seen": seen_in(answer.text), f"choose|t|{code}|figure": "mine", "apply": "1"}
    assert clerk.post(address, data=chosen).status_code == 302
    assert values(read, plan_id) == [77]


def test_looking_costs_few_queries_however_much_a_file_has(clerk, where, book, code, session):
    address, _ = looked(clerk, where, as_file(typed_at(book, TARGET_SHEET, code, value="77")))
    session.rollback()
    with counted(session) as queries:
        assert clerk.get(address).status_code == 200
    asked = [one for one in queries if not one.startswith("BEGIN")]
    assert len(asked) <= 12, asked


def test_nobody_else_opens_or_writes_it(clerk, where, book, code, signed_in, read, plan_id):
    address, page = looked(clerk, where, as_file(typed_at(book, TARGET_SHEET, code, value="77")))
    for who in ("clerk@ngaixuyen", "leader@tapson", "observer@tapson"):
        other = signed_in(who)
        assert other.get(address).status_code in {403, 404}
        data = {"seen": seen_in(page), "take": f"t|{code}|figure"}
        assert other.post(address, data=data).status_code in {403, 404}
    assert signed_in("clerk@ngaixuyen").get(f"{where}/workbook.xlsx").status_code == 404
    assert signed_in("observer@tapson").get(f"{where}/workbook.xlsx").status_code == 404
    assert 77 not in values(read, plan_id)


def test_a_file_is_let_go_of(clerk, where, book, read):
    address, _ = looked(clerk, where, as_file(book))
    before = read(select(func.count()).select_from(WorkbookUpload))
    stale = clerk.post(f"{address}/drop", data={"seen": "99"})
    assert stale.headers["Location"].endswith(address)
    assert clerk.post(f"{address}/drop", data={"seen": "1"}).status_code == 302
    assert read(select(func.count()).select_from(WorkbookUpload)) == [before[0] - 1]
    assert clerk.get(address).status_code == 404


# --- Files of strangers -------------------------------------------------------------------


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return kept.getvalue()


def with_macros(data: bytes) -> bytes:
    kept = io.BytesIO(data)
    with zipfile.ZipFile(kept, "a") as made:
        made.writestr("xl/vbaProject.bin", b"x")
    return kept.getvalue()


def test_what_is_no_workbook_is_refused_in_words(clerk, where, book):
    refused = {
        "mở bằng Excel, lưu thành .xlsx": with_macros(as_file(book)),
        "giải nén ra quá lớn": bomb(),
        "bị hỏng": as_file(book)[:3000],
        "Excel kiểu cũ": b"\xd0\xcf\x11\xe0" + b"0" * 600,
        "không phải Excel": b"PK\x05\x06" + b"\0" * 18,
        "Tệp trống": b" ",
    }
    for told, data in refused.items():
        answer = send(clerk, where, data)
        assert answer.status_code == 422, told
        assert told in html.unescape(answer.text)
        check_page(answer.text)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(clerk, where, monkeypatch):
    monkeypatch.setattr("lth.blueprints.drafting.workbook.LARGEST_FILE", 1_000)
    monkeypatch.setattr("lth.exchange.grids.books.LARGEST_FILE", 1_000)
    answer = send(clerk, where, b"0;" * 2_000)
    assert answer.status_code == 422
    assert "lớn quá" in html.unescape(answer.text)


# --- Sheets of one's own ------------------------------------------------------------------


def test_a_pasted_range_is_matched_written_and_remembered(clerk, where, code, read, plan_id):
    year = code.partition("@")[2]
    text = f"TT\tNội dung\t{year}\n1\tCâu lạc bộ thành lập mới\t1.077\n2\tViệc khác\t5\n"
    address = paste(clerk, where, text)
    page = clerk.get(address).text
    check_page(page)
    assert "Ghép cột và dòng" in page
    data = {"seen": seen_in(page), "sheet": "", "column-1": "name", "column-2": "value"}
    refused = clerk.post(f"{address}/columns", data=data | {"column-2": "", "row-2": "clubs_new"})
    assert refused.status_code == 422
    check_page(refused.text)
    done = clerk.post(f"{address}/columns", data=data | {"row-2": "clubs_new", "row-3": ""})
    assert done.status_code == 302
    page = clerk.get(address).text
    check_page(page)
    assert "1.077" in page
    ids = re.findall(r'name="(take|choose\|[^"]+)" value="([^"]+)"', page)
    assert ("take", f"t|{code}|figure") in ids
    data = {"seen": seen_in(page), "take": f"t|{code}|figure", "apply": "1"}
    assert clerk.post(address, data=data).status_code == 302
    assert 1077 in values(read, plan_id)
    assert {"1": "name", "2": "value", "0": ""} in read(select(SheetMatch.columns))

    again = clerk.get(paste(clerk, where, text.replace("1.077", "1.099"))).text
    assert "như lần trước đơn vị đã chọn" in again


OLD = "Néi dung\t{}\nC©u l¹c bé thµnh lËp míi\t1\nTæng sè ng\u00adêi cao tuæi\t2\n"


def test_old_fonts_are_asked_about_before_anything_is_read(clerk, where, code):
    year = code.partition("@")[2]
    address = paste(clerk, where, OLD.format(year))
    page = clerk.get(address).text
    check_page(page)
    assert "Câu lạc bộ thành lập mới" in page
    assert "Tổng số người cao tuổi" in page, "a soft hyphen is a letter there"
    answer = clerk.post(f"{address}/encoding", data={"seen": "1", "encoding": "tcvn3"})
    assert answer.status_code == 302
    page = clerk.get(address).text
    assert "Câu lạc bộ thành lập mới" in page
    assert "Ghép cột và dòng" in page


def test_a_sheet_without_our_hidden_page_still_finds_its_rows(clerk, where, book, code):
    without = as_file(type(book)(book.sheets[:-1]))
    _, page = looked(clerk, where, without)
    assert "Trang ẩn" in page


def test_ten_thousand_rows_are_read_and_one_more_is_told(clerk, where):
    rows = "".join(f"Dòng số\t{at}\n" for at in range(10_000))
    assert clerk.get(paste(clerk, where, rows)).status_code == 200
    answer = clerk.post(f"{where}/draft/workbook", data=pasted(rows + "Thêm\t1\n"))
    assert answer.status_code == 422
    assert "10.000 dòng" in answer.text or "10000 dòng" in answer.text


def test_signs_of_a_page_in_a_file_stay_text(clerk, where, book, code):
    said = "<script>alert(1)</script>"
    changed = typed_at(book, TARGET_SHEET, code, wording=FileCell(said))
    _, page = looked(clerk, where, as_file(changed))
    assert said not in page
    assert html.escape(said) in page
