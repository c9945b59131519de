"""Packets that came as files: kept, shown, their files taken out, answered by a file."""

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from support.clamav import EICAR, daemon
from support.packages import COMMUNE, DAY, DEPARTMENT, DISTRICT, PACKAGE, PDF, SENT
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.exchange.edxml.package import (
    Business,
    EarlierDocument,
    PackageFile,
    ReplacedDocument,
    StatusPacket,
)
from lth.exchange.edxml.reader import read_here
from lth.exchange.edxml.writer import write, write_status
from lth.models import AgencyCode, ExchangePacket, OfficialPaper

FROM_DEPARTMENT = replace(
    PACKAGE, sender=DEPARTMENT, receivers=(COMMUNE,), number="45", notation="SYT-NV"
)


@pytest.fixture
def clerk(signed_in):
    return signed_in("clerk@A")


@pytest.fixture
def packets(session):
    def read():
        session.rollback()
        with system(session, Purpose.LOAD):
            statement = select(ExchangePacket).where(ExchangePacket.file_name != "den.edxml")
            found = list(session.scalars(statement.order_by(ExchangePacket.id)))
        session.expunge_all()
        session.rollback()
        return found

    return read


def packet(package=FROM_DEPARTMENT, **values):
    return write(replace(package, **values), today=DAY)


def upload(client, data, name="45-SYT.edxml"):
    return client.post("/packets", data={"file": (io.BytesIO(data), name)})


def taken_in(client, data):
    answer = upload(client, data)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_the_list_says_what_it_is_and_claims_nothing(clerk):
    page = clerk.get("/packets").text
    check_page(page)
    assert "theo cấu trúc gói tin mẫu của trục" in page
    assert "QCVN" not in page


def test_a_packet_is_kept_shown_and_its_files_taken_out(clerk, packets):
    where = taken_in(clerk, packet(attachments=(PackageFile("Phụ lục.pdf", PDF + b"2"),)))
    page = clerk.get(where).text
    check_page(page)
    for said in (
        "45/SYT-NV",
        "Sở Y tế &amp; Dân số &lt;tỉnh&gt; (H61.03)",
        "20/11/2026",
        "Nơi gửi",
    ):
        assert said in page
    file = clerk.get(f"{where}/files/2")
    assert file.data == PDF + b"2"
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert clerk.get(f"{where}/file").data == packet(
        attachments=(PackageFile("Phụ lục.pdf", PDF + b"2"),)
    )
    for number in ("0", "3", "999999"):
        assert clerk.get(f"{where}/files/{number}").status_code == 404
    check_page(clerk.get("/packets").text)
    (row,) = packets()
    assert row.person_name == row.person_name.strip() != ""


def test_a_script_under_an_innocent_name_is_no_page(clerk):
    evil = PackageFile("bao-cao.html", b"<html><script>alert(1)</script>", "text/html")
    where = taken_in(clerk, packet(attachments=(evil,)))
    file = clerk.get(f"{where}/files/2")
    assert file.mimetype == "text/plain"
    assert "attachment" in file.headers["Content-Disposition"]
    assert "bao-cao.html.txt" in file.headers["Content-Disposition"]


def test_the_same_packet_again_is_told(clerk):
    first = taken_in(clerk, packet())
    second = taken_in(clerk, packet())
    assert second != first
    assert "Gói tin này đã được tải lên trước đó" in clerk.get(second).text
    other_id = taken_in(clerk, packet(document_id="B7C0A1D2-uuid"))
    assert "Gói tin này đã được tải lên trước đó" in clerk.get(other_id).text
    check_page(clerk.get(second).text)


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"<a/>", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', PDF],
)
def test_what_is_no_packet_is_refused_with_a_sentence(clerk, packets, data):
    answer = upload(clerk, data)
    assert answer.status_code == 422
    check_page(answer.text)
    assert packets() == []


def test_a_file_that_is_not_sent_is_asked_for(clerk):
    answer = clerk.post("/packets", data={"file": (io.BytesIO(b""), "")})
    assert answer.status_code == 422
    assert "Hãy chọn tệp gói tin" in answer.text


# --- Answers ------------------------------------------------------------------------------


def answer(client, where, code, reason="", seen="0"):
    return client.post(f"{where}/answer", data={"code": code, "reason": reason, "seen": seen})


def test_a_new_document_is_taken_by_a_file(clerk, packets):
    where = taken_in(clerk, packet())
    assert answer(clerk, where, "03").status_code == 302
    page = clerk.get(where).text
    check_page(page)
    assert "Lập gói tin trả lời" not in page
    made = clerk.get(re.search(r'href="(/packets/\d+/file)">(?!.*Tải gói tin<)', page)[1])
    row = packets()[-1]
    assert row.file_name == f"tra-loi-03-{row.answers_id}.edxml"
    status = read_here(clerk.get(f"/packets/{row.id}/file").data).status
    assert (status.code, status.sender.code) == ("03", "H61.65")
    assert status.about == EarlierDocument(
        "H61.03", "45/SYT-NV", FROM_DEPARTMENT.identifier, date(2026, 11, 20)
    )
    assert made.status_code == 200


def test_a_packet_is_answered_once(clerk, packets):
    where = taken_in(clerk, packet())
    assert answer(clerk, where, "03").status_code == 302
    late = answer(clerk, where, "02", "Sai nơi nhận")
    assert late.status_code == 302
    assert "vừa được người khác trả lời" in clerk.get(where).text
    again = answer(clerk, where, "02", "Sai nơi nhận", seen="1")
    assert "đã được trả lời" in clerk.get(again.headers["Location"]).text
    assert len(packets()) == 2


@pytest.mark.parametrize("code", ["02", "16"])
def test_a_refusal_wants_its_reason(clerk, packets, code):
    change = {"business": Business.RECALL, "reason": "x", "earlier": (EarlierDocument("a", "b"),)}
    where = taken_in(clerk, packet(**(change if code == "16" else {})))
    refused = answer(clerk, where, code)
    assert refused.status_code == 422
    assert "Cần ghi lý do." in refused.text
    check_page(refused.text)
    assert len(packets()) == 1


@pytest.mark.parametrize("code", ["15", "06", "99", ""])
def test_other_answers_than_are_offered_are_none(clerk, packets, code):
    where = taken_in(clerk, packet())
    answer(clerk, where, code)
    assert len(packets()) == 1


@pytest.mark.parametrize("business", [Business.RECALL, Business.UPDATE, Business.REPLACE])
def test_a_change_is_a_notice_and_both_versions_stay(clerk, packets, business):
    first = taken_in(clerk, packet())
    known = FROM_DEPARTMENT.identifier
    change = packet(
        number="46",
        business=business,
        reason="Ban hành nhầm",
        earlier=(EarlierDocument("H61.03", "45/SYT-NV", known, DAY),),
        update_of=known,
        replaced=(ReplacedDocument(known, ("000.21.34.H61",)),),
    )
    where = taken_in(clerk, change)
    page = clerk.get(where).text
    check_page(page)
    assert f'href="{first}"' in page
    assert "Bản nào cũng được giữ nguyên" in page
    assert answer(clerk, where, "15").status_code == 302
    assert clerk.get(f"{first}/file").data == packet()
    assert packets()[0].kind.value == "new"
    assert packets()[-1].status_code == "15"


def test_without_a_code_of_its_own_a_unit_answers_nothing(clerk, session, packets, world):
    with system(session, Purpose.LOAD):
        for row in session.scalars(select(AgencyCode)):
            session.delete(row)
    session.commit()
    where = taken_in(clerk, packet())
    refused = answer(clerk, where, "03")
    assert refused.status_code == 422
    assert "Đơn vị chưa có mã định danh" in refused.text
    assert len(packets()) == 1


# --- States of our own --------------------------------------------------------------------


@pytest.mark.parametrize("by_id", [False, True])
@pytest.mark.parametrize(("code", "shown"), [("03", "Đã tiếp nhận"), ("09", "Mã chưa rõ: 09")])
def test_a_state_is_shown_with_what_it_is_about(clerk, world, session, code, shown, by_id):
    document = world.documents["A.issued"]
    with system(session, Purpose.LOAD):
        paper = session.scalar(
            select(OfficialPaper).where(
                OfficialPaper.document_id == document.id, OfficialPaper.written.is_not(None)
            )
        )
        number, day = paper.written, paper.issued_on
        code_of_own = session.scalar(
            select(AgencyCode.code).where(
                AgencyCode.unit_id == document.unit_id, AgencyCode.name == ""
            )
        )
    session.rollback()
    about = EarlierDocument(code_of_own, number, "", day)
    if by_id:
        about = EarlierDocument(document_id=f"{code_of_own},{day:%Y/%m/%d},{number}")
    told = write_status(StatusPacket(DISTRICT, about, "03", "Đã vào sổ", moment=SENT))
    where = taken_in(clerk, told.replace(b">03<", f">{code}<".encode()))
    page = clerk.get(where).text
    check_page(page)
    assert shown in page
    assert f"/commune/documents/{document.id}" in page
    assert "Lập gói tin trả lời" not in page
    assert clerk.get(f"{where}/files/1").status_code == 404


# --- Whose they are -----------------------------------------------------------------------


def test_packets_are_a_units_own(clerk, signed_in, world):
    where = taken_in(clerk, packet())
    stranger = signed_in("clerk@B")
    for address in (where, f"{where}/file", f"{where}/files/1"):
        assert stranger.get(address).status_code == 404
    assert answer(stranger, where, "03").status_code == 404
    assert "45/SYT-NV" not in stranger.get("/packets").text
    assert signed_in("observer@A").get(where).status_code == 403
    assert signed_in("unit_admin@A").get(where).status_code == 200


def test_an_administrator_of_a_unit_takes_packets_in(signed_in):
    administrator = signed_in("unit_admin@A")
    where = taken_in(administrator, packet())
    assert answer(administrator, where, "03").status_code == 302


# --- What it may bring --------------------------------------------------------------------


def test_a_virus_that_is_packed_in_base64_is_found(clerk, app, packets, monkeypatch):
    infected = (PackageFile("Phụ lục.pdf", PDF + EICAR),)
    with daemon() as (address, got):
        settings = replace(app.config["SETTINGS"], clamav=address)
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        answer = upload(clerk, packet(attachments=infected))
        assert answer.status_code == 422
        assert "Tệp có mã độc" in answer.text
        assert packets() == []
        assert PDF + EICAR in got
        assert upload(clerk, packet()).status_code == 302


def test_what_nobody_sees_is_taken_out_of_what_is_shown(clerk):
    where = taken_in(clerk, packet(subject="Kế hoạch \u202efdp.exe\u200b năm 2021"))
    page = clerk.get(where).text
    assert "Kế hoạch fdp.exe năm 2021" in page
    assert "\u202e" not in page
