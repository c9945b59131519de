"""An existing plan at the pages: sent, looked over, taken into the draft, let go of."""

import html
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support import draftworld, readplans
from support.draftworld import NOON
from support.pages import check_page
from support.queries import counted

from lth.access.scope import Purpose, system
from lth.administration import passwords
from lth.drafting import TargetEdit
from lth.models import Credential, Document, PartLine, Person, ReadingUpload, Target
from lth.models.document import Status

CODE = "clubs_new@2021"
PASSWORD = "một mật khẩu dài 2021"
SEEN = re.compile(r'name="seen" value="([^"]*)"')
BOX = re.compile(r'name="take" value="([^"]*)"( checked)?')
TEXTS = Path(__file__).parent / "texts"


@pytest.fixture
def dataset() -> str:
    return "drafting"


@pytest.fixture
def period_id(session):
    """The period of 2021; those who draft and read can sign in."""
    hashed = passwords.hash_password(PASSWORD)
    with system(session, Purpose.LOAD):
        for person in session.scalars(select(Person)):
            email = f"{person.name}.example"
            session.add(Credential(person=person, email=email, password_hash=hashed))
        found = draftworld.period(session, "2021").id
    session.commit()
    return found


@pytest.fixture
def signed_in(new_client, period_id):
    def browser(who):
        client = new_client()
        answer = client.post("/sign-in", data={"email": f"{who}.example", "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return browser


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
def drafted(session, period_id):
    """A draft of the unit in which a figure stands already."""
    document = draftworld.start(session)
    assert draftworld.save(session, "clerk@tapson", document, TargetEdit(CODE, 0, "5")).complete
    session.commit()
    return document.id


def newest(what):
    """The line that was written last of the indicator."""
    return select(what).where(Target.line_key == CODE).order_by(Target.id.desc()).limit(1)


def send(client, period_id, data, name="Kế hoạch.docx"):
    sent = {"file": (io.BytesIO(data), name), "pasted": "", "period": period_id}
    return client.post("/commune/plan-readings/files", data=sent)


def paste(client, period_id, text):
    sent = {"file": (io.BytesIO(b""), ""), "pasted": text, "period": period_id}
    return client.post("/commune/plan-readings/files", data=sent)


@pytest.fixture
def url(clerk, period_id):
    """The page of a file that was sent."""
    answer = send(clerk, period_id, readplans.word(readplans.text()))
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def shown(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    check_page(answer.text)
    return html.unescape(answer.text)


def boxes(page):
    return [id for id, _ in BOX.findall(page)]


def taking(page, ids=None, **more):
    return {"seen": SEEN.search(page)[1], "take": boxes(page) if ids is None else ids, **more}


def take(client, url, form):
    """Send what was ticked, and confirm it on the page that counts it."""
    asked = client.post(f"{url}/take", data=form)
    assert asked.status_code == 200, asked.text
    check_page(asked.text)
    assert 'name="confirmed"' in asked.text
    return client.post(f"{url}/take", data={**form, "confirmed": "1"})


# --- The way through ----------------------------------------------------------------------


def test_a_plan_begins_with_what_was_taken(clerk, url, read):
    page = shown(clerk, url)
    assert "Thành lập mới ít nhất 3 câu lạc bộ" in page
    assert "ít nhất 3" in page
    assert "Khoảng 40 người được chăm sóc tại nhà" in page
    answer = take(clerk, url, taking(page))
    assert answer.status_code == 302
    assert re.search(r"/commune/documents/\d+/draft$", answer.headers["Location"])
    draft = html.unescape(clerk.get(answer.headers["Location"]).text)
    assert f"Đã lấy {len(boxes(page))} mục vào bản thảo." in draft
    assert url in draft
    (clubs,) = read(newest(Target))
    assert (clubs.comparator.value, clubs.value_min) == ("gte", 3)
    assert "Khoảng 40 người được chăm sóc tại nhà" in shown(clerk, url)


WHOLE = (
    "Đến hết năm 2035 thành lập mới ít nhất 03 câu lạc bộ. "
    "Giai đoạn 2026 - 2030 thành lập mới ít nhất 02 câu lạc bộ. "
    "Giai đoạn 2026 - 2035 duy trì 100% câu lạc bộ."
)


def test_a_figure_for_the_whole_period_goes_to_the_whole(clerk, session, read):
    with system(session, Purpose.LOAD):
        period_id = draftworld.period(session, "2026-2035").id
    session.rollback()
    url = paste(clerk, period_id, f"II. Mục tiêu, chỉ tiêu\n1. {WHOLE}").headers["Location"]
    page = shown(clerk, url)
    assert "Chọn giai đoạn" not in page
    take(clerk, url, taking(page))
    keys = {line.line_key for line in read(select(Target))}
    assert {"clubs_new@2026-2030", "clubs_maintained_pct@2026-2035"} <= keys


def test_the_confirmation_counts_what_the_page_ticked(clerk, url, read):
    page = shown(clerk, url)
    ticked = [id for id, checked in BOX.findall(page) if checked]
    assert 0 < len(ticked) < len(boxes(page))
    assert f"{len(ticked)} mục đọc chắc đã được đánh dấu sẵn" in page
    more = next(id for id, checked in BOX.findall(page) if not checked)
    asked = clerk.post(f"{url}/take", data=taking(page, [*ticked, more]))
    assert f"{len(ticked)} mục do phần mềm đánh dấu sẵn vì đọc chắc, 1 mục do anh/chị" in asked.text
    assert read(select(Document).where(Document.unit_id == _unit(read))) == []


def _unit(read):
    return read(select(ReadingUpload.unit_id))[0]


def test_looking_and_asking_write_nothing(clerk, url, read):
    page = shown(clerk, url)
    before = read(select(func.count()).select_from(PartLine))
    clerk.post(f"{url}/take", data=taking(page))
    clerk.post(f"{url}/take", data=taking(page, look="1", confirmed="1"))
    answer = clerk.post(f"{url}/take", data=taking(page, [], all="duty", confirmed="1"))
    assert answer.status_code == 200
    duties = [id for id, checked in BOX.findall(answer.text) if checked]
    assert duties == ["duty-1", "duty-2"]
    assert read(select(func.count()).select_from(PartLine)) == before


def test_sent_twice_it_is_there_once(clerk, url, read):
    page = shown(clerk, url)
    form = taking(page, confirmed="1")
    assert clerk.post(f"{url}/take", data=form).status_code == 302
    count = read(select(func.count()).select_from(PartLine))
    assert clerk.post(f"{url}/take", data=form).status_code == 409
    assert read(select(func.count()).select_from(PartLine)) == count


def test_nothing_ticked_is_said(clerk, url):
    answer = clerk.post(f"{url}/take", data=taking(shown(clerk, url), [], confirmed="1"))
    assert answer.status_code == 422
    assert "Chưa chọn mục nào để lấy." in html.unescape(answer.text)
    check_page(answer.text)


def test_what_the_draft_has_is_kept_until_it_is_chosen(clerk, drafted, url, read):
    page = shown(clerk, url)
    (choice,) = re.findall(r'name="(choose\|[^"]*)" value="keep" checked', page)
    figures = newest(Target.value_min)
    take(clerk, url, taking(page, **{choice: "keep"}))
    assert read(figures) == [5]
    page = shown(clerk, url)
    take(clerk, url, taking(page, **{choice: "take"}))
    assert read(figures) == [3]


def test_a_draft_that_was_sent_on_is_left_alone(clerk, drafted, url, session, read):
    page = shown(clerk, url)
    with system(session, Purpose.LOAD):
        session.get(Document, drafted).status = Status.CLEARANCE
        session.commit()
    answer = clerk.post(f"{url}/take", data=taking(page, confirmed="1"))
    assert answer.status_code == 409
    check_page(answer.text)
    assert read(select(PartLine)) == [] or "đang được khóa" in html.unescape(answer.text)


def test_another_units_plan_is_told(clerk, period_id):
    answer = paste(clerk, period_id, readplans.text("xã Định An", "năm 2022", "Định An"))
    page = shown(clerk, answer.headers["Location"])
    assert "kế hoạch của xã Định An, năm 2022" in page
    assert not any(checked for _, checked in BOX.findall(page))
    assert 'name="phase|target-1"' in page


# --- Files of strangers -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Hãy chọn tệp"),
        (b"PK\x03\x04 broken", "docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "lưu thành .docx"),
        (b"MZ\0\0\0", "Chỉ đọc được tệp Word"),
        (b"\xef\xbb\xbf  \n", "không có chữ nào"),
        (b"80 %. " * 40_000, "quá dài"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(clerk, period_id, data, said, read):
    answer = send(clerk, period_id, data, "a.docx" if data else "")
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert read(select(ReadingUpload)) == []


def test_markup_in_a_file_is_words(clerk, period_id):
    evil = readplans.text().replace("cùng giúp nhau", "<script>alert(1)</script> {{ 7*7 }}")
    answer = send(clerk, period_id, readplans.word(evil), "<img src=x>.docx")
    page = clerk.get(answer.headers["Location"])
    check_page(page.text)
    assert "<script>alert" not in page.text
    assert "<img src=x>" not in page.text


def test_old_fonts_are_converted_after_asking(clerk, period_id, read):
    text = (TEXTS / "08-xa-tan-phu-tcvn3.txt").read_text()
    url = send(clerk, period_id, text.encode(), "cu.txt").headers["Location"]
    page = shown(clerk, url)
    assert "Xã Tân Phú" in page
    assert BOX.findall(page) == []
    seen = SEEN.search(page)[1]
    assert clerk.post(f"{url}/encoding", data={"seen": seen, "converts": "1"}).status_code == 302
    page = shown(clerk, url)
    assert "Chữ trong tệp đã được đổi từ phông cũ" in page
    assert "của xã Tân Phú" in page
    clerk.post(f"{url}/encoding", data={"seen": seen, "converts": "0"})
    assert read(select(ReadingUpload.converts)) == [True]


# --- Whose it is --------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk2@tapson", "clerk@ngaixuyen"])
def test_another_persons_file_is_not_there(signed_in, url, read, who):
    other = signed_in(who)
    assert other.get(url).status_code == 404
    for act in ("take", "encoding", "drop"):
        sent = {"seen": "1", "take": "target-1", "confirmed": "1", "converts": "1"}
        assert other.post(f"{url}/{act}", data=sent).status_code == 404
    assert len(read(select(ReadingUpload))) == 1


def test_who_only_reads_has_no_entry(signed_in, url, period_id):
    observer = signed_in("observer@tapson")
    assert observer.get(url).status_code in {403, 404}
    assert observer.get(f"/commune/plan-readings/new?period={period_id}").status_code == 403
    assert send(observer, period_id, b"x").status_code == 403


def test_after_a_week_it_is_gone(clerk, url, session):
    with system(session, Purpose.LOAD):
        session.scalars(select(ReadingUpload)).one().expires_at = NOON - timedelta(days=900)
        session.commit()
    assert clerk.get(url).status_code == 404


def test_a_file_is_let_go_of_once_seen(clerk, url, read):
    assert clerk.post(f"{url}/drop", data={"seen": "7"}).status_code == 302
    assert len(read(select(ReadingUpload))) == 1
    assert clerk.post(f"{url}/drop", data={"seen": "1"}).status_code == 302
    assert read(select(ReadingUpload)) == []


@pytest.mark.parametrize("period", ["", "0", "x", "999999", "-1"])
def test_a_period_that_there_is_not(clerk, period):
    assert clerk.get(f"/commune/plan-readings/new?period={period}").status_code == 404
    assert send(clerk, period, b"x").status_code == 404


# --- Entries, costs -----------------------------------------------------------------------


def test_the_start_page_and_an_empty_draft_lead_here(clerk, period_id, session):
    link = f"/commune/plan-readings/new?period={period_id}"
    assert link in clerk.get(f"/commune/documents/new?period={period_id}&kind=plan").text
    document = draftworld.start(session)
    session.commit()
    assert link in clerk.get(f"/commune/documents/{document.id}/draft").text
    assert clerk.get(link).status_code == 200


def test_pages_cost_few_queries(clerk, session, drafted, url, period_id):
    for address in (url, f"/commune/plan-readings/new?period={period_id}"):
        with counted(session) as statements:
            assert clerk.get(address).status_code == 200
        assert len(statements) <= 12, "\n".join(map(str, statements))
