"""Files beside documents, remarks and requests: who adds, sees, takes and removes them."""

import hashlib
import io
import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from sqlalchemy import select
from support import files
from support.clamav import EICAR, daemon
from support.pages import check_page
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from lth.access.scope import Purpose, system
from lth.exchange import attachments
from lth.exchange.attachments import Room
from lth.exchange.files.kinds import MEDIA_TYPE, FileType
from lth.models import (
    Attachment,
    AuditEntry,
    Credential,
    Document,
    Event,
    Remark,
    Revision,
    RoleAssignment,
    Unit,
)
from lth.models.document import Status
from lth.models.person import Role
from lth.workflow.acts import Act

WORD = ("Tờ trình ngày 07.5.docx", files.word())
PDF = ("Kế hoạch Đợt 2.pdf", files.PDF)
LIST = re.compile(r'<h3><a href="([^"]+)"[^>]*>([^<]*)</a>')


@pytest.fixture(autouse=True)
def store(guarded, tmp_path, monkeypatch):
    """Keep what is put in apart from other tests; no scanner."""
    settings = guarded.config["SETTINGS"]
    monkeypatch.setitem(guarded.config, "SETTINGS", changed(settings, files=str(tmp_path / "f")))
    return tmp_path / "f"


def changed(settings, **values):
    return replace(settings, **values)


@pytest.fixture
def draft(document_of):
    """A document that is being written at a commune."""
    return document_of("xã Ngọc Biên")


def send(browser, url, *sent, note=""):
    """Attach files by their names and bytes."""
    chosen = [FileStorage(io.BytesIO(data), name) for name, data in sent]
    fields = {"files": chosen, "note": note, "csrf_token": browser.token()}
    boundary, body = encode_multipart(MultiDict(browser.client._with_role(fields)))
    return browser.client.post(
        url, data=body, content_type=f'multipart/form-data; boundary="{boundary}"'
    )


def listed(browser, url):
    """The files of a page: names and addresses."""
    page = browser.get(url)
    assert page.status_code == 200
    check_page(page.text)
    return {name: address for address, name in LIST.findall(page.text)}


def url_of(document, level="commune", part=""):
    return f"/{level}/documents/{document.id}{part}/files"


# --- A document's own -----------------------------------------------------------------------


def test_several_files_at_once_without_a_script(visitor, draft, store, read):
    clerk = visitor("clerk of a returned plan")
    answer = send(clerk, url_of(draft), WORD, PDF, note="Bản trình lần 2")
    assert answer.status_code == 302
    assert set(listed(clerk, url_of(draft))) == {WORD[0], PDF[0]}
    rows = read(select(Attachment).order_by(Attachment.id))
    assert [one.sha256 for one in rows] == [
        hashlib.sha256(data).hexdigest() for _, data in (WORD, PDF)
    ]
    assert {one.note for one in rows} == {"Bản trình lần 2"}
    assert len([path for path in store.rglob("*") if path.is_file()]) == 2
    page = clerk.get(f"/commune/documents/{draft.id}").text
    assert "Tệp đính kèm (2)" in page


def test_a_file_comes_out_as_it_went_in_and_is_never_shown(visitor, draft):
    clerk = visitor("clerk of a returned plan")
    send(clerk, url_of(draft), PDF)
    (address,) = listed(clerk, url_of(draft)).values()
    answer = clerk.get(address)
    headers = answer.headers
    assert (answer.status_code, answer.data) == (200, PDF[1])
    assert headers["Content-Type"] == MEDIA_TYPE[FileType.PDF]
    assert headers["Content-Length"] == str(len(PDF[1]))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"
    disposition = headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="Ke hoach Dot 2.pdf"')
    assert disposition.endswith(f"filename*=UTF-8''{quote(PDF[0])}")
    assert clerk.client.head(address).status_code == 200


def test_one_that_is_refused_is_named_and_the_others_are_kept(visitor, draft):
    clerk = visitor("clerk of a returned plan")
    program = ("ảnh chụp.pdf", b"MZ\x90" + bytes(200))
    answer = send(clerk, url_of(draft), PDF, program, note="Ghi chú đã gõ")
    assert answer.status_code == 422
    check_page(answer.text)
    assert "“ảnh chụp.pdf”: Đây là tệp chương trình" in answer.text
    assert "Đã đính kèm 1 tệp." in answer.text
    assert 'value="Ghi chú đã gõ"' in answer.text
    assert set(listed(clerk, url_of(draft))) == {PDF[0]}


def test_nothing_chosen_is_said(visitor, draft):
    clerk = visitor("clerk of a returned plan")
    answer = send(clerk, url_of(draft), ("", b""))
    assert (answer.status_code, "Chưa chọn tệp nào" in answer.text) == (422, True)


def test_a_note_that_is_too_long_keeps_nothing(visitor, draft, commits):
    clerk = visitor("clerk of a returned plan")
    commits()
    assert send(clerk, url_of(draft), PDF, note="x" * 200).status_code == 422
    assert not commits()


def test_the_same_bytes_are_attached_once(visitor, draft):
    clerk = visitor("clerk of a returned plan")
    send(clerk, url_of(draft), PDF)
    answer = send(clerk, url_of(draft), ("khác.pdf", PDF[1]))
    assert answer.status_code == 422
    assert f"“khác.pdf”: đã có tệp giống hệt, tên là “{PDF[0]}”" in answer.text


def test_number_and_size_have_limits_that_are_told_before(visitor, draft, monkeypatch):
    clerk = visitor("clerk of a returned plan")
    page = clerk.get(url_of(draft)).text
    for told in ("PDF, Word (.docx), Excel (.xlsx), JPEG, PNG, WebP", "20 MB", "30 tệp", "100 MB"):
        assert told in page
    monkeypatch.setattr(attachments, "BESIDE_DOCUMENT", Room(1, 10_000_000))
    answer = send(clerk, url_of(draft), PDF, WORD)
    assert "đã đủ 1 tệp" in answer.text
    assert "Thêm tệp" not in clerk.get(url_of(draft)).text
    monkeypatch.setattr(attachments, "BESIDE_DOCUMENT", Room(9, 500))
    assert "quá tổng dung lượng" in send(clerk, url_of(draft), WORD).text
    monkeypatch.setattr("lth.exchange.files.intake.LARGEST", 200)
    monkeypatch.setattr("lth.blueprints.document.attachments.LARGEST", 200)
    assert "Tệp lớn quá" in send(clerk, url_of(draft), ("to.pdf", bytes(900))).text


def test_only_these_pages_take_more_than_others(visitor, draft, guarded):
    clerk = visitor("clerk of a returned plan")
    large = files.PDF[:-6] + bytes(17 * 1024 * 1024) + b"%%EOF\n"
    assert send(clerk, url_of(draft), ("lớn.pdf", large)).status_code == 302
    elsewhere = send(clerk, "/account/language", ("lớn.pdf", large))
    assert elsewhere.status_code == 413
    guarded.view_functions["commune.document_attach"].largest_body = 1_000_000
    try:
        assert send(clerk, url_of(draft), ("lớn.pdf", large)).status_code == 413
    finally:
        guarded.view_functions["commune.document_attach"].largest_body = attachments.LARGEST_REQUEST


def test_a_virus_is_refused_and_no_answer_is_no_pass(visitor, draft, guarded, monkeypatch):
    clerk = visitor("clerk of a returned plan")
    with daemon() as (address, got):
        settings = changed(guarded.config["SETTINGS"], clamav=address)
        monkeypatch.setitem(guarded.config, "SETTINGS", settings)
        infected = files.PDF[:-6] + EICAR + b"\n%%EOF\n"
        answer = send(clerk, url_of(draft), PDF, ("xấu.pdf", infected))
        assert "“xấu.pdf”: Tệp có mã độc" in answer.text
        assert got == [PDF[1], infected]
    answer = send(clerk, url_of(draft), WORD)
    assert "Hiện chưa kiểm tra được vi-rút" in answer.text
    assert set(listed(clerk, url_of(draft))) == {PDF[0]}


def test_a_store_that_is_away_loses_nothing_that_was_typed(visitor, draft, store, commits):
    store.parent.mkdir(exist_ok=True)
    store.write_text("no folder")
    clerk = visitor("clerk of a returned plan")
    commits()
    answer = send(clerk, url_of(draft), PDF, note="Ghi chú đã gõ")
    assert (answer.status_code, commits()) == (422, False)
    assert "chưa truy cập được kho tệp" in answer.text
    assert 'value="Ghi chú đã gõ"' in answer.text


def test_bytes_that_are_lost_are_said_to_be(visitor, draft, store):
    clerk = visitor("clerk of a returned plan")
    send(clerk, url_of(draft), PDF)
    (address,) = listed(clerk, url_of(draft)).values()
    for path in store.rglob("*"):
        if path.is_file():
            path.write_bytes(b"changed")
    answer = clerk.get(address)
    assert (answer.status_code, "Hãy báo quản trị" in answer.text) == (409, True)


# --- Who sees and writes ----------------------------------------------------------------------


def test_a_draft_keeps_its_files_to_its_unit(visitor, draft, document_of):
    clerk = visitor("clerk of a returned plan")
    send(clerk, url_of(draft), PDF)
    (address,) = listed(clerk, url_of(draft)).values()
    above = visitor("district specialist")
    assert listed(above, url_of(draft, "district")) == {}
    assert above.get(address.replace("commune", "district")).status_code == 404
    for who in ("clerk", "leader", "observer", "two-tier clerk"):
        stranger = visitor(who)
        assert stranger.get(url_of(draft)).status_code == 404
        assert stranger.get(address).status_code == 404
    other = document_of("xã Tập Sơn")
    assert (
        visitor("clerk").get(address.replace(f"/{draft.id}/", f"/{other.id}/")).status_code == 404
    )


def test_what_was_sent_keeps_its_files_and_the_level_above_sees_them(visitor, draft, session, read):
    """Removed from the next draft, a file stays with the revision that was sent with it."""
    clerk, above = visitor("clerk of a returned plan"), visitor("district specialist")
    send(clerk, url_of(draft), PDF, WORD)
    assert {one.from_number for one in read(select(Attachment))} == {2}
    session.rollback()
    with system(session, Purpose.LOAD):
        kept = session.scalars(select(Attachment).limit(1)).one()
        of = {"document_id": kept.document_id, "unit_id": kept.unit_id, "from_number": 1}
        what = {
            "name": "đã gửi.pdf",
            "media_type": "application/pdf",
            "size": 7,
            "sha256": "b" * 64,
        }
        by = {"person_id": kept.person_id, "added_at": kept.added_at}
        session.add(Attachment(**of, **what, **by))
        session.flush()
        session.commit()
    assert set(listed(above, url_of(draft, "district"))) == {"đã gửi.pdf"}
    address = listed(clerk, url_of(draft))["đã gửi.pdf"]
    assert clerk.post(f"{address}/remove").status_code == 302
    assert "đã gửi.pdf" not in listed(clerk, url_of(draft))
    assert set(listed(above, url_of(draft, "district"))) == {"đã gửi.pdf"}
    assert clerk.post(f"{address}/remove").status_code == 404


def test_only_who_writes_the_document_adds_and_removes(visitor, draft, document_of, commits, read):
    clerk = visitor("clerk of a returned plan")
    send(clerk, url_of(draft), PDF)
    (address,) = listed(clerk, url_of(draft)).values()
    above = visitor("district specialist")
    for url in (url_of(draft, "district"), f"{address}/remove".replace("commune", "district")):
        commits()
        answer = send(above, url, WORD)
        assert answer.status_code in {403, 404}
        assert not commits()
    assert "Thêm tệp" not in above.get(url_of(draft, "district")).text


def test_a_locked_document_takes_and_gives_up_nothing(visitor, document_of, read, commits):
    (locked,) = [one for one in read(select(Document)) if one.id == document_of("xã Tập Sơn").id]
    assert locked.status not in {Status.DRAFT, Status.RETURNED}
    clerk = visitor("clerk")
    assert "Thêm tệp" not in clerk.get(url_of(locked)).text
    commits()
    answer = send(clerk, url_of(locked), PDF)
    assert answer.status_code in {403, 409}
    assert "nay văn bản đã khóa" in answer.text
    assert not commits()


def test_adding_and_removing_are_in_the_trail(visitor, draft, read):
    clerk = visitor("clerk of a returned plan")
    send(clerk, url_of(draft), PDF)
    (address,) = listed(clerk, url_of(draft)).values()
    clerk.post(f"{address}/remove")
    entries = read(select(AuditEntry).where(AuditEntry.what.startswith("files.")))
    assert [one.what for one in entries] == ["files.added", "files.removed"]
    assert {one.data["subject"] for one in entries} == {f"{draft.id}|{PDF[0]}"}
    digest = hashlib.sha256(PDF[1]).hexdigest()
    assert {one.data["changes"]["sha256"][1] for one in entries} == {digest}
    assert {one.unit_id for one in entries} == {draft.unit_id}


# --- Remarks --------------------------------------------------------------------------------


@pytest.fixture
def reviewed(read, document_of):
    """A document under review at the district, and the specialist's remark on it."""
    (document,) = [
        one
        for one in read(select(Document).where(Document.status == Status.REVIEW))
        if one.next_unit_id == document_of("xã Tập Sơn").next_unit_id
    ][:1]
    return document


def remark_on(browser, document, read):
    browser.post(
        f"/district/documents/{document.id}/remarks",
        {"line_key": "", "text": "Cần bổ sung biểu số 3.", "anchor": "general"},
    )
    (found,) = read(
        select(Remark)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(Revision.document_id == document.id, Remark.text.startswith("Cần bổ sung biểu"))
    )
    return found


def test_a_file_of_a_remark_is_as_private_as_the_remark(visitor, reviewed, read, session):
    specialist = visitor("district specialist")
    remark = remark_on(specialist, reviewed, read)
    url = url_of(reviewed, "district", f"/remarks/{remark.id}")
    assert send(specialist, url, PDF).status_code == 302
    (address,) = listed(specialist, url).values()
    page = specialist.get(f"/district/documents/{reviewed.id}")
    assert "1 tệp kèm nhận xét" in page.text
    check_page(page.text)
    assert PDF[0] in listed(specialist, url_of(reviewed, "district"))
    assert visitor("district finance").get(address).status_code == 200
    assert (
        visitor("province specialist").get(address.replace("district", "province")).status_code
        == 404
    )
    answer = send(visitor("district finance"), url, WORD)
    assert answer.status_code in {403, 409}


def test_a_remark_that_is_taken_back_takes_its_files_along(visitor, reviewed, read):
    specialist = visitor("district specialist")
    remark = remark_on(specialist, reviewed, read)
    send(specialist, url_of(reviewed, "district", f"/remarks/{remark.id}"), PDF)
    answer = specialist.post(
        f"/district/documents/{reviewed.id}/remarks/{remark.id}", {"was": remark.version}
    )
    assert answer.status_code == 302
    assert read(select(Attachment)) == []
    assert len(read(select(AuditEntry).where(AuditEntry.what == "files.added"))) == 1


# --- Requests for more time -----------------------------------------------------------------


@pytest.fixture
def asked(read):
    """A document whose unit waits for an answer to its request, and the request."""
    (document,) = [
        one
        for one in read(select(Document))
        if one.asked_until is not None and one.asked_answer is None
    ][:1]
    (request,) = read(
        select(Event)
        .where(Event.document_id == document.id, Event.action == Act.ASK_EXTENSION.value)
        .order_by(Event.seq.desc())
        .limit(1)
    )
    return document, request


def test_a_request_has_files_that_its_answerer_reads(visitor, asked, read, commits):
    document, request = asked
    (unit,) = read(select(Unit).where(Unit.id == document.unit_id))
    emails = read(
        select(Credential.email)
        .join(RoleAssignment, RoleAssignment.person_id == Credential.person_id)
        .where(RoleAssignment.unit_id == unit.id, RoleAssignment.role == Role.CLERK)
    )
    clerk, above = visitor(emails[0]), visitor("district specialist")
    url = url_of(document, part=f"/requests/{request.id}")
    assert f'href="{url}"' in clerk.get(f"/commune/documents/{document.id}").text
    assert send(clerk, url, PDF).status_code == 302
    there = url.replace("commune", "district")
    (address,) = listed(above, there).values()
    assert above.get(address).data == PDF[1]
    commits()
    assert send(above, there, WORD).status_code in {403, 409}
    another = url.replace(f"/{request.id}/", f"/{request.id - 1}/")
    assert send(clerk, another, WORD).status_code == 404
    assert not commits()
