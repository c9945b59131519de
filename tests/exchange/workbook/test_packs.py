"""A pack of workbooks: out of what was sent, in again unit by unit, to be decided there."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from flask import current_app
from sqlalchemy import func, select
from support import draftworld, planbooks
from support.draftworld import NOON
from support.pages import check_page
from support.planbooks import typed_at

from lth.access.scope import Purpose, system
from lth.administration import passwords
from lth.blueprints.web.extensions import sessions_of
from lth.core import clock
from lth.core.errors import BlockedError
from lth.drafting import TargetEdit
from lth.exchange.grids.books import open_book
from lth.exchange.workbook import packs
from lth.exchange.workbook.layout import TARGET_SHEET
from lth.mail.declarations import Withheld
from lth.models import Credential, LongJob, OutboxMessage, Person, Target, WorkbookUpload
from lth.models.long_job import LongJobState
from lth.notifications import long_jobs, messages, validity
from lth.notifications.long_jobs import JobKind

CLUBS, MEMBERS = "clubs_new@2021", "members_total@2021"
PASSWORD = "một mật khẩu dài 2021"
COMMUNES = ("tapson", "ngaixuyen")


@pytest.fixture
def dataset() -> str:
    return "drafting"


@pytest.fixture
def plans(session, app):
    """The plans of both communes, sent up and returned to be mended."""
    hashed = passwords.hash_password(PASSWORD)
    with system(session, Purpose.LOAD):
        for person in session.scalars(select(Person)):
            email = f"{person.name}.example"
            session.add(Credential(person=person, email=email, password_hash=hashed))
    found = {}
    for unit in COMMUNES:
        document = draftworld.start(session, f"clerk@{unit}")
        edits = (TargetEdit(CLUBS, 0, "3"), TargetEdit(MEMBERS, 0, "100"))
        assert draftworld.save(session, f"clerk@{unit}", document, *edits).complete
        draftworld.give_back(session, document, {CLUBS: "Xem lại", MEMBERS: "Xem lại"})
        found[unit] = document.id
    session.commit()
    return found


@pytest.fixture
def browser(new_client, plans):
    def sign_in(who):
        client = new_client()
        sent = {"email": f"{who}.example", "password": PASSWORD}
        assert client.post("/sign-in", data=sent).status_code == 302
        return client

    return sign_in


@pytest.fixture
def specialist(browser):
    return browser("specialist@tracu")


def work(app):
    with app.app_context():
        return long_jobs.run_due(app.config["SETTINGS"], sessions_of(current_app))


def asked(client) -> str:
    page = client.get("/district/packs")
    check_page(page.text)
    period = re.search(r'<option[^>]* value="(\d+)"', page.text)[1]
    answer = client.post("/district/packs/out", data={"period": period})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def taken(client, app) -> dict[str, bytes]:
    address = asked(client)
    assert work(app) == 1
    page = client.get(address)
    check_page(page.text)
    assert "Refresh" not in page.headers
    data = client.get(f"{address}/file").data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(books) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in books.items():
            archive.writestr(name, data)
    return kept.getvalue()


def sent(client, data):
    file = {"file": (io.BytesIO(data), "goi.zip")}
    return client.post("/district/packs/in", data=file)


def test_the_page_of_a_job_lasts_as_long_as_the_job(specialist, app):
    address = asked(specialist)
    page = specialist.get(address)
    check_page(page.text)
    assert page.headers["Refresh"] == "3"
    assert specialist.get(f"{address}/file").status_code == 404
    assert work(app) == 1
    assert work(app) == 0, "once done, it is done"


def test_a_pack_goes_out_and_comes_back_to_each_unit(specialist, app, browser, session, plans):
    books = taken(specialist, app)
    assert sorted(name[3:] for name in books) == [
        "ke-hoach-2021-xa-ngai-xuyen.xlsx",
        "ke-hoach-2021-xa-tap-son.xlsx",
    ]
    changed = {
        name: planbooks.as_file(typed_at(open_book(data, name), TARGET_SHEET, CLUBS, value="9"))
        for name, data in books.items()
    }
    answer = sent(specialist, packed({**changed, "la.xlsx": b"PK nothing"}))
    assert answer.status_code == 302
    assert work(app) == 1
    page = specialist.get(answer.headers["Location"]).text
    check_page(page)
    assert page.count("Bảng đọc được đã chuyển cho đơn vị") == 1
    assert page.count('data-label="Ô thay đổi">1</td>') == 2
    assert "la.xlsx" in page

    session.rollback()
    with system(session, Purpose.LOAD):
        values = set(session.scalars(select(Target.value_min).where(Target.line_key == CLUBS)))
        assert 9 not in values, "nobody writes into a unit's draft but its drafters"
        session.rollback()
    clerk = browser("clerk@tapson")
    home = f"/commune/documents/{plans['tapson']}/draft/workbook"
    page = clerk.get(home).text
    check_page(page)
    assert "Huyện Trà Cú gửi" in page
    address = re.search(rf'href="({home}/\d+)"', page)[1]
    page = clerk.get(address).text
    check_page(page)
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    data = {"seen": seen, "take": f"t|{CLUBS}|figure", "apply": "1"}
    assert clerk.post(address, data=data).status_code == 302


def test_a_unit_is_not_asked_about_a_workbook_that_says_what_it_has_sent(
    specialist, app, browser, plans
):
    books = taken(specialist, app)
    (name, data), *others = books.items()
    changed = planbooks.as_file(typed_at(open_book(data, name), TARGET_SHEET, CLUBS, value="9"))
    answer = sent(specialist, packed(dict(others) | {name: changed}))
    assert work(app) == 1
    page = specialist.get(answer.headers["Location"]).text
    check_page(page)
    assert page.count("Giống bản đã trình nên không chuyển") == 1
    offered = [
        "Huyện Trà Cú gửi"
        in browser(f"clerk@{unit}").get(f"/commune/documents/{plan}/draft/workbook").text
        for unit, plan in plans.items()
    ]
    assert sorted(offered) == [False, True]


def test_the_workbook_of_a_unit_elsewhere_or_forged_is_told(specialist, app, plans):
    books = taken(specialist, app)
    (name, data), *_ = books.items()
    book = open_book(data, name)
    without = planbooks.as_file(replace(book, sheets=book.sheets[:-1]))
    answer = sent(specialist, packed({"khong-ro.xlsx": without}))
    work(app)
    assert "Không rõ tệp của đơn vị nào" in specialist.get(answer.headers["Location"]).text


def test_nobody_else_sees_a_job_or_its_file(specialist, app, browser):
    address = asked(specialist)
    work(app)
    assert specialist.get(f"{address}/file").status_code == 200
    for who in ("leader@tracu", "clerk@tapson"):
        other = browser(who)
        assert other.get(address).status_code in {403, 404}
        assert other.get(f"{address}/file").status_code in {403, 404}


@pytest.mark.parametrize("data", [b"", b"no zip", packed({"doc.docx": b"x"})])
def test_what_is_no_pack_is_refused_at_once(specialist, data, session):
    answer = sent(specialist, data)
    assert answer.status_code == 422
    check_page(answer.text)
    session.rollback()
    with system(session, Purpose.LOAD):
        assert session.scalar(select(func.count()).select_from(LongJob)) == 0
        session.rollback()


def test_a_bomb_in_a_pack_is_refused_by_its_size():
    bomb = packed({f"{at}.xlsx": b"0" * 30_000_000 for at in range(7)})
    with pytest.raises(BlockedError, match="quá lớn"):
        packs.check_pack(bomb)


def test_a_job_that_was_broken_off_is_told_and_one_left_behind_is_begun_anew(
    specialist, app, session, monkeypatch
):
    def fail(_work):
        raise RuntimeError("nothing works")

    address = asked(specialist)
    monkeypatch.setitem(long_jobs._KINDS, packs.OUT, JobKind(fail))
    assert work(app) == 1
    page = specialist.get(address).text
    check_page(page)
    assert "dừng giữa chừng" in page
    monkeypatch.undo()
    session.rollback()
    with system(session, Purpose.LOAD):
        job = session.scalars(select(LongJob)).one()
        job.state, job.started_at = LongJobState.RUNNING, NOON
        session.commit()
    assert work(app) == 1
    assert "Tải gói .zip" in specialist.get(address).text
    assert session.scalar(select(func.count()).select_from(WorkbookUpload)) == 0


def test_a_job_that_takes_its_worker_down_again_and_again_is_given_up(specialist, app, session):
    class Killed(BaseException):
        """The worker is gone in the middle of it."""

    def die(_work):
        raise Killed

    address = asked(specialist)
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(long_jobs._KINDS, packs.OUT, JobKind(die))
        for _ in range(long_jobs.MOST_TRIES):
            with pytest.raises(Killed):
                work(app)
            session.rollback()
            with system(session, Purpose.LOAD):
                session.scalars(select(LongJob)).one().started_at = NOON
                session.commit()
    assert work(app) == 1
    assert "dừng giữa chừng" in specialist.get(address).text
    assert work(app) == 0


def test_a_pack_sent_back_as_it_came_leaves_the_result_it_came_as(specialist, app):
    address = asked(specialist)
    assert work(app) == 1
    data = specialist.get(f"{address}/file").data
    for _ in range(2):
        job = sent(specialist, data).headers["Location"]
        assert work(app) == 1
        assert "Không làm được" not in specialist.get(job).text
    assert specialist.get(f"{address}/file").data == data


def test_a_broken_part_of_a_pack_does_not_stop_the_others(specialist, app):
    books = taken(specialist, app)
    (first, whole), *_ = books.items()
    data = bytearray(packed({"hong.xlsx": b"hong" * 100, first: whole}))
    at = data.index(b"hong.xlsx") + len(b"hong.xlsx")
    data[at : at + 2] = b"\xff\xff"
    job = sent(specialist, bytes(data)).headers["Location"]
    assert work(app) == 1
    page = specialist.get(job).text
    assert "Tệp bị hỏng" in page
    assert "Xã Tập Sơn" in page
    assert "Không làm được" not in page


def test_names_in_a_pack_are_shown_as_they_are(specialist, app):
    name = "ke-hoach\u202excod" + "a" * 400 + ".xlsx"
    job = sent(specialist, packed({name: b"x"})).headers["Location"]
    assert work(app) == 1
    page = specialist.get(job).text
    assert "\u202e" not in page
    assert "a" * 161 not in page


def test_nobody_fills_the_row_of_jobs(specialist, app, session):
    for _ in range(long_jobs.MOST_UNFINISHED):
        asked(specialist)
    page = specialist.get("/district/packs").text
    period = re.search(r'<option[^>]* value="(\d+)"', page)[1]
    answer = specialist.post("/district/packs/out", data={"period": period})
    assert answer.headers["Location"].endswith("/district/packs")
    assert "nhiều việc chưa xong" in specialist.get("/district/packs").text
    assert work(app) == long_jobs.MOST_UNFINISHED
    asked(specialist)


def test_the_job_of_somebody_who_was_locked_is_not_done(specialist, app, session):
    asked(specialist)
    with system(session, Purpose.LOAD):
        session.scalars(
            select(Person).where(Person.name == "specialist@tracu")
        ).one().active = False
        session.commit()
    assert work(app) == 1
    with system(session, Purpose.LOAD):
        (job,) = session.scalars(select(LongJob))
        assert (job.state, job.result_digest) == (LongJobState.FAILED, None)


# --- What is told of it --------------------------------------------------------------------


def told(session, kind):
    session.rollback()
    with system(session, Purpose.LOAD):
        statement = select(OutboxMessage).where(OutboxMessage.kind == kind)
        found = list(session.scalars(statement.order_by(OutboxMessage.id)))
        session.expunge_all()
        session.rollback()
    return found


def as_sent(session, ids, now=None):
    with system(session, Purpose.DELIVER):
        found = validity.sending(session, ids, now or clock.now())
        session.rollback()
    return found


def test_who_asked_is_told_when_a_job_is_over_and_led_to_it(specialist, app, session):
    address = asked(specialist)
    assert work(app) == 1
    [mail] = told(session, "job_ended")
    page = specialist.get("/notices").text
    check_page(page)
    assert "Đã xong: Lấy bảng Excel của các đơn vị" in page
    notice = specialist.get(f"/notices/{mail.id}").text
    check_page(notice)
    assert "Việc “Lấy bảng Excel của các đơn vị”" in notice
    text = messages.write(app.config["SETTINGS"], as_sent(session, [mail.id])[mail.id])
    assert text.subject == "[Kế hoạch CLB] Đã xong: Lấy bảng Excel của các đơn vị"
    assert f"{address}\n" in text.body


def test_a_job_that_failed_is_told_as_such(specialist, app, session, monkeypatch):
    def fail(_work):
        raise RuntimeError("nothing works")

    asked(specialist)
    kind = replace(long_jobs._KINDS[packs.OUT], worker=fail)
    monkeypatch.setitem(long_jobs._KINDS, packs.OUT, kind)
    work(app)
    assert "Không làm được: Lấy bảng Excel của các đơn vị" in specialist.get("/notices").text


def test_nothing_is_sent_of_a_job_whose_result_is_over(specialist, app, session):
    asked(specialist)
    work(app)
    [mail] = told(session, "job_ended")
    assert as_sent(session, [mail.id])[mail.id].withheld is None
    later = clock.now() + long_jobs.LIFETIME
    assert as_sent(session, [mail.id], later)[mail.id].withheld is Withheld.RESULT_OVER


def test_the_drafters_are_told_that_a_workbook_waits_until_it_is_decided(
    specialist, app, browser, session, plans
):
    books = {
        name: planbooks.as_file(typed_at(open_book(data, name), TARGET_SHEET, CLUBS, value="9"))
        for name, data in taken(specialist, app).items()
    }
    for _ in range(2):
        sent(specialist, packed(books))
        work(app)
    mails = told(session, "workbook_sent")
    with system(session, Purpose.LOAD):
        people = {person.id: person.name for person in session.scalars(select(Person))}
        session.rollback()
    drafters = {"clerk@ngaixuyen", "clerk@tapson", "clerk2@tapson"}
    half = len(mails) // 2
    assert {people[mail.person_id] for mail in mails[:half]} == drafters
    assert {people[mail.person_id] for mail in mails[half:]} == drafters
    assert half == len(drafters)
    now = as_sent(session, [mail.id for mail in mails])
    assert {now[mail.id].withheld for mail in mails[:half]} == {Withheld.WORKBOOK_OVER}
    assert {now[mail.id].withheld for mail in mails[half:]} == {None}
    clerk = browser("clerk@tapson")
    page = clerk.get("/notices").text
    check_page(page)
    line = "Huyện Trà Cú gửi bảng tính của kế hoạch năm 2021"
    assert line in page
    own = [mail for mail in mails if people[mail.person_id] == "clerk@tapson"]
    text = messages.write(app.config["SETTINGS"], now[own[-1].id])
    assert line in text.subject
    address = re.search(r"/commune/documents/\d+/draft/workbook/\d+", text.body)[0]
    workbook = clerk.get(address).text
    check_page(workbook)
    *_, seen = re.findall(r'name="seen" value="([^"]*)"', workbook)
    assert clerk.post(f"{address}/drop", data={"seen": seen}).status_code == 302
    assert as_sent(session, [own[-1].id])[own[-1].id].withheld is Withheld.WORKBOOK_OVER
    assert "Mở bảng tính" not in clerk.get(f"/notices/{own[-1].id}").text
