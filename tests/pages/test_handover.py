"""A paper on its way out and back: package, number, signed copy, public page; and who sees what."""

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select, update
from support import signing
from support.clamav import EICAR, daemon
from support.files import PDF, archive
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.administration.pace import NetworkPace
from lth.blueprints.public import papers as public_papers
from lth.blueprints.web.extensions import store_of
from lth.core import clock
from lth.exchange.edxml.package import Correspondent, EarlierDocument, StatusPacket
from lth.exchange.edxml.writer import write_status
from lth.exchange.handover import comparing
from lth.models import AgencyCode, AuditEntry, Document, HandOver, OfficialPaper, SignedCopy
from lth.models.agency_code import CodeScheme
from lth.models.document import Status

ISSUED_BY = "district leader"
BASE = "/district/documents"
PUBLIC = re.compile(r"/papers/([0-9A-Z-]+)")


@pytest.fixture(autouse=True)
def unhurried(guarded, monkeypatch) -> None:
    """Nobody has tried a code yet; the application outlives a test."""
    for kind, most in (
        (public_papers.PACE, public_papers.TRIES),
        (public_papers.ASKED, public_papers.ASKS),
    ):
        fresh = NetworkPace(most, public_papers.WINDOW)
        monkeypatch.setitem(guarded.extensions, kind, fresh)


@pytest.fixture
def issued(document_of):
    """The district's issued plan."""
    document = document_of("huyện Trà Cú")
    assert document.status is Status.ISSUED
    return document


@pytest.fixture
def leader(visitor):
    return visitor(ISSUED_BY)


@pytest.fixture
def stored(session, read):
    def rows(model, *where):
        return read(select(model).where(*where).order_by(model.id))

    return rows


def sent(document, seen=None, **chosen):
    return {
        "seen": seen or document.lock_version,
        "boxes": "receivers",
        "urgency": "normal",
        **chosen,
    }


def hand_over(browser, document, seen=None, **chosen):
    return browser.post(f"{BASE}/{document.id}/handover", sent(document, seen, **chosen))


def package_of(browser, document) -> zipfile.ZipFile:
    page = browser.get(f"{BASE}/{document.id}/handover").text
    (url, *_) = re.findall(r'href="([^"]+\.zip)"', page)
    answer = browser.get(url)
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.data))


def pdf_of(browser, document) -> bytes:
    zipped = package_of(browser, document)
    return zipped.read(zipped.namelist()[0])


def put_at(browser, url, data: bytes, name: str = "Bản đã ký.pdf"):
    return browser.post(f"{url}/signed", {"file": (io.BytesIO(data), name)})


def put_signed(browser, document, data: bytes, name: str = "Bản đã ký.pdf"):
    return put_at(browser, f"{BASE}/{document.id}", data, name)


@pytest.fixture
def handed(leader, issued):
    """The leader's browser, with the plan handed over."""
    assert hand_over(leader, issued).status_code == 302
    return leader


# --- The package --------------------------------------------------------------------------


def test_a_package_holds_all_that_an_office_needs(handed, issued):
    zipped = package_of(handed, issued)
    names = zipped.namelist()
    assert [one.rpartition(".")[2] for one in names[:2]] == ["pdf", "docx"]
    annexes = [one for one in names if one.startswith("phu-luc-")]
    assert names[2:] == [
        "thong-tin-van-ban.txt",
        "thong-tin-van-ban.html",
        *annexes,
        "chua-co-goi-edxml.txt",
        "SHA256SUMS",
    ]
    assert zipped.read(names[0]).startswith(b"%PDF-")
    assert annexes[0] == "phu-luc-i.pdf"
    assert {zipped.read(one)[:5] for one in annexes} == {b"%PDF-"}
    sums = dict(line.split("  ")[::-1] for line in zipped.read("SHA256SUMS").decode().splitlines())
    assert sums == {
        name: hashlib.sha256(zipped.read(name)).hexdigest()
        for name in names
        if name != "SHA256SUMS"
    }
    sheet = zipped.read("thong-tin-van-ban.txt").decode("utf-8-sig")
    for wanted in ("Loại văn bản:", "793", "QĐ-UBND", "Trích yếu:", "Nơi nhận:", "Độ khẩn:"):
        assert wanted in sheet
    assert "mã định danh" in zipped.read("chua-co-goi-edxml.txt").decode("utf-8-sig")


def test_handing_over_is_kept_with_who_did_it_and_is_in_the_trail(handed, stored):
    (given,) = stored(HandOver)
    assert given.person_name == "Lãnh đạo UBND huyện Trà Cú"
    assert given.has_number
    entries = stored(AuditEntry, AuditEntry.what == "papers.handed_over")
    assert [one.person_name for one in entries] == [given.person_name]


def test_the_same_paper_gives_the_same_package(handed, issued, stored):
    hand_over(handed, issued)
    first, second = stored(HandOver)
    assert first.package_sha256 == second.package_sha256


def test_an_older_page_hands_nothing_over(leader, issued, stored):
    answer = hand_over(leader, issued, seen=issued.lock_version - 1)
    assert answer.status_code == 409
    assert stored(HandOver) == []


def test_an_approved_plan_is_handed_over_without_a_number(visitor, document_of, stored):
    document = document_of("xã Phước Hưng")
    assert document.status is Status.APPROVED
    browser = visitor("lanh-dao.phuoc-hung@lth.example")
    url = f"/commune/documents/{document.id}/handover"
    assert "Chưa bàn giao" in browser.get(url).text
    assert browser.post(url, sent(document)).status_code == 302
    page = browser.get(url).text
    check_page(page)
    assert "Đã bàn giao, chờ ký và lấy số" in page
    (given,) = stored(HandOver)
    assert not given.has_number
    (paper,) = stored(OfficialPaper, OfficialPaper.id == given.paper_id)
    stranger = browser.client.application.test_client()
    assert stranger.get(f"/papers/{paper.code}").status_code == 404, "it has no number yet"
    issue = {"seen": document.lock_version, "document_number": "01/KH-UBND"}
    issue |= {"document_date": clock.today().strftime("%d/%m/%Y"), "sign_form": "TM"}
    answer = browser.post(f"/commune/documents/{document.id}/acts/issue", issue)
    assert answer.status_code == 302, answer.text
    (numbered,) = stored(OfficialPaper, OfficialPaper.id == given.paper_id)
    assert (numbered.written, numbered.code) == ("01/KH-UBND", paper.code)
    page = browser.get(url).text
    assert "Đã có số, chưa có bản đã ký" in page
    assert "Hãy tạo lại gói" in page
    assert stranger.get(f"/papers/{paper.code}").status_code == 200


def test_a_draft_has_nothing_to_hand_over(visitor, document_of):
    document = document_of("xã Ngọc Biên")
    browser = visitor("clerk of a returned plan")
    url = f"/commune/documents/{document.id}/handover"
    assert browser.get(url).status_code == 404
    assert browser.post(url, {"seen": document.lock_version}).status_code in {404, 409}


# --- Who sees it --------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk", "leader", "province leader", "two-tier clerk"])
def test_another_unit_finds_neither_page_nor_package(handed, issued, visitor, stored, who):
    (given,) = stored(HandOver)
    browser = visitor(who)
    level = "province" if "province" in who else "commune"
    for tail in ("", f"/{given.id}.zip"):
        answer = browser.get(f"/{level}/documents/{issued.id}/handover{tail}")
        assert answer.status_code == 404, tail
    answer = browser.post(f"/{level}/documents/{issued.id}/handover", {"seen": issued.lock_version})
    assert answer.status_code in {403, 404}
    assert len(stored(HandOver)) == 1


def test_a_package_of_another_document_is_not_there(handed, issued, stored):
    (given,) = stored(HandOver)
    assert handed.get(f"{BASE}/{issued.id}/handover/{given.id + 1}.zip").status_code == 404


# --- The signed copy ----------------------------------------------------------------------


def test_a_signed_copy_is_kept_byte_for_byte(handed, issued, stored):
    data = pdf_of(handed, issued) + b"\n%% k\xc3\xbd\n"
    assert put_signed(handed, issued, data).status_code == 302
    (copy,) = stored(SignedCopy)
    assert copy.sha256 == hashlib.sha256(data).hexdigest()
    page = handed.get(f"{BASE}/{issued.id}/handover").text
    check_page(page)
    assert "Đã phát hành" in page
    assert "Chữ trong bản đã ký giống văn bản ở đây" in page
    assert "không có chữ ký số nào" in page
    answer = handed.get(f"{BASE}/{issued.id}/signed/{copy.id}.pdf")
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    (entry,) = stored(AuditEntry, AuditEntry.what == "papers.signed")
    assert entry.person_name == copy.person_name


def test_a_wrong_copy_is_replaced_and_both_stay(handed, issued, stored):
    data = pdf_of(handed, issued)
    put_signed(handed, issued, data)
    assert put_signed(handed, issued, data).status_code == 422, "it is there already"
    put_signed(handed, issued, data + b"\n%2\n")
    first, second = stored(SignedCopy)
    page = handed.get(f"{BASE}/{issued.id}/handover").text
    assert page.index(f"/signed/{second.id}.pdf") < page.index(f"/signed/{first.id}.pdf")
    assert "Đã thay bằng bản khác" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Hãy chọn tệp PDF đã ký"),
        (b"PK\x03\x04 docx", "Tệp này không phải PDF"),
        (b"<html>%PDF-</html>", "Đây là trang web"),
        (b"%PDF-1.7 broken", "bị cắt cụt"),
        (b"%PDF-1.7 broken %%EOF", "Không đọc được tệp này"),
        (PDF + archive({"chay.exe": "MZ"}), "còn chứa một tệp nén"),
    ],
)
def test_what_is_no_pdf_is_refused_beside_the_field(handed, issued, stored, data, said):
    answer = put_signed(handed, issued, data, "ký.pdf")
    assert answer.status_code == 422
    check_page(answer.text)
    assert said in answer.text
    assert stored(SignedCopy) == []


def test_a_signed_copy_is_checked_for_viruses_as_other_files_are(
    handed, issued, stored, guarded, monkeypatch
):
    data = pdf_of(handed, issued)
    with daemon() as (address, _):
        settings = replace(guarded.config["SETTINGS"], clamav=address)
        monkeypatch.setitem(guarded.config, "SETTINGS", settings)
        answer = put_signed(handed, issued, data + EICAR + b"\n%%EOF\n")
        assert answer.status_code == 422
        assert "Tệp có mã độc" in answer.text
        assert stored(SignedCopy) == []
        assert put_signed(handed, issued, data).status_code == 302


def test_another_paper_is_told_word_by_word(handed, issued, visitor, document_of):
    """The signed PDF of a commune put in with the district's plan by mistake."""
    commune = document_of("xã Phước Hưng")
    other = visitor("lanh-dao.phuoc-hung@lth.example")
    other.post(f"/commune/documents/{commune.id}/handover", sent(commune))
    page = other.get(f"/commune/documents/{commune.id}/handover").text
    (url, *_) = re.findall(r'href="([^"]+\.zip)"', page)
    zipped = zipfile.ZipFile(io.BytesIO(other.get(url).data))
    put_signed(handed, issued, zipped.read(zipped.namelist()[0]))
    page = handed.get(f"{BASE}/{issued.id}/handover").text
    assert "Nội dung bản đã ký khác văn bản ở đây" in page
    assert "<ins>" in page
    document = f"{BASE}/{issued.id}"
    for shown in (page, handed.get(document).text):
        assert "Bản đã ký khác bản đã ban hành" in shown
    put_signed(handed, issued, pdf_of(handed, issued))
    assert "Đã phát hành" in handed.get(document).text


def test_a_changed_byte_in_the_store_is_told(handed, issued, stored, guarded):
    put_signed(handed, issued, pdf_of(handed, issued))
    (copy,) = stored(SignedCopy)
    (paper,) = stored(OfficialPaper, OfficialPaper.id == copy.paper_id)
    place = store_of(guarded)._place(copy.sha256)
    data = bytearray(place.read_bytes())
    data[1000] ^= 1
    place.write_bytes(data)
    answer = handed.get(f"{BASE}/{issued.id}/signed/{copy.id}.pdf")
    assert answer.status_code == 422
    assert "không còn đúng như khi đưa vào" in answer.text
    assert "không còn nguyên vẹn" in handed.get(f"{BASE}/{issued.id}/handover").text
    stranger = guarded.test_client()
    assert "không còn nguyên vẹn" in stranger.get(f"/papers/{paper.code}").text
    place.unlink()


def test_while_an_amendment_is_written_the_issued_paper_stays_at_hand(visitor, document_of, stored):
    document = document_of("xã Tam Tiến")
    clerk, url = visitor("two-tier clerk"), f"/commune/documents/{document.id}"
    assert clerk.post(f"{url}/handover", sent(document)).status_code == 302
    (given,) = stored(HandOver)
    form = {"seen": document.lock_version, "reason": "Đổi chỉ tiêu"}
    answer = clerk.post(f"{url}/acts/amend", form)
    assert answer.status_code == 302
    page = clerk.get(f"{url}/handover").text
    check_page(page)
    assert f"/handover/{given.id}.zip" in page
    assert "Tạo lại gói bàn giao" not in page
    assert clerk.get(f"{url}/handover/{given.id}.zip").status_code == 200


def test_once_its_amendment_is_approved_the_older_paper_stays_at_hand(
    visitor, document_of, stored, session
):
    document = document_of("xã Tam Tiến")
    clerk, url = visitor("two-tier clerk"), f"/commune/documents/{document.id}"
    assert clerk.post(f"{url}/handover", sent(document)).status_code == 302
    (given,) = stored(HandOver)
    (paper,) = stored(OfficialPaper, OfficialPaper.id == given.paper_id)
    data = clerk.get(f"{url}/handover/{given.id}.zip").data
    signed = zipfile.ZipFile(io.BytesIO(data))
    assert put_at(clerk, url, signed.read(signed.namelist()[0])).status_code == 302
    (copy,) = stored(SignedCopy)
    assert "Các văn bản đã ban hành trước" not in clerk.get(url).text, "it is the one in force"
    form = {"seen": document.lock_version, "reason": "Đổi chỉ tiêu"}
    assert clerk.post(f"{url}/acts/amend", form).status_code == 302
    with system(session, Purpose.LOAD):
        session.execute(
            update(Document).where(Document.id == document.id).values(status=Status.APPROVED)
        )
        session.commit()
    for page in (clerk.get(url).text, clerk.get(f"{url}/handover").text):
        check_page(page)
        assert f"Số {paper.written} ngày" in page
        assert f"{url}/handover/{given.id}.zip" in page
        assert f"{url}/signed/{copy.id}.pdf" in page
        assert f"/papers/{paper.code[:5]}" in page
    assert clerk.get(f"{url}/handover/{given.id}.zip").data == data
    assert clerk.get(f"{url}/signed/{copy.id}.pdf").status_code == 200
    assert visitor("clerk").get(f"{url}/handover/{given.id}.zip").status_code == 404


def test_before_there_is_a_number_nothing_comes_back(visitor, document_of, stored):
    document = document_of("xã Phước Hưng")
    browser = visitor("lanh-dao.phuoc-hung@lth.example")
    answer = browser.post(
        f"/commune/documents/{document.id}/signed",
        {"file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")},
    )
    assert answer.status_code in {403, 409}
    assert stored(SignedCopy) == []


# --- The public page ----------------------------------------------------------------------


@pytest.fixture
def paper(issued, stored):
    (found,) = stored(OfficialPaper, OfficialPaper.document_id == issued.id)
    return found


def test_anybody_reads_what_stands_on_the_paper_and_nothing_else(guarded, paper):
    answer = guarded.test_client().get(f"/papers/{paper.code}")
    assert answer.status_code == 200
    check_page(answer.text)
    for wanted in ("Khớp với văn bản đã ban hành", "793/QĐ-UBND", "07/5/2021", "huyện Trà Cú"):
        assert wanted in answer.text
    assert "Lãnh đạo UBND" not in answer.text, "who entered it is nobody's business"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("change", [str.lower, lambda code: f"{code[:5]}-{code[5:]}"])
def test_a_code_is_read_as_people_type_it(guarded, paper, change):
    client = guarded.test_client()
    assert client.get(f"/papers/{change(paper.code)}").status_code == 200
    led = client.get("/papers", query_string={"code": f" {change(paper.code)} "})
    assert led.status_code == 302
    assert client.get(led.location).status_code == 200


def test_an_unknown_code_answers_as_a_paper_that_was_never_issued(guarded):
    client = guarded.test_client()
    answers = [client.get(f"/papers/{code}") for code in ("A" * 10, "0" * 10, "x", "%00", "é" * 10)]
    assert {one.status_code for one in answers} == {404}
    assert answers[0].text == answers[1].text


def test_a_file_is_compared_byte_for_byte_and_not_kept(handed, issued, guarded, paper, commits):
    data = pdf_of(handed, issued)
    put_signed(handed, issued, data)
    put_signed(handed, issued, data + b"\n%new\n")
    client = guarded.test_client()
    commits()

    def compared(sent: bytes) -> str:
        answer = client.post(f"/papers/{paper.code}", data={"file": (io.BytesIO(sent), "a.pdf")})
        assert answer.status_code == 200
        check_page(answer.text)
        return answer.text

    assert "giống bản đã ký đến từng byte" in compared(data + b"\n%new\n")
    assert "đã thay bằng bản khác" in compared(data)
    assert "Không giống bản đã ký" in compared(data + b"x")
    assert client.post(f"/papers/{paper.code}", data={}).status_code == 422
    assert not commits()


def test_many_unknown_codes_wait_a_minute_and_no_longer(guarded, paper):
    client = guarded.test_client()
    with clock.frozen(clock.now()):
        for number in range(public_papers.TRIES):
            assert client.get(f"/papers/{number:010}").status_code == 404
        assert client.get("/papers/0000000099").status_code == 429
        assert client.get(f"/papers/{paper.code}").status_code == 200, "others share the line"
        elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
        assert client.get("/papers/0000000099", environ_base=elsewhere).status_code == 404
    with clock.frozen(clock.now() + timedelta(minutes=1, seconds=1)):
        assert client.get("/papers/0000000099").status_code == 404


def test_one_network_does_not_have_signed_copies_read_for_ever(guarded, paper, monkeypatch):
    fresh = NetworkPace(3, public_papers.WINDOW)
    monkeypatch.setitem(guarded.extensions, public_papers.ASKED, fresh)
    client, url = guarded.test_client(), f"/papers/{paper.code}"
    with clock.frozen(clock.now()):
        forged = [{"X-Forwarded-For": f"198.51.100.{at}"} for at in range(3)]
        assert [client.get(url, headers=one).status_code for one in forged] == [200] * 3
        assert client.get(url, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429
        assert client.post(url, data={}).status_code == 429
    with clock.frozen(clock.now() + timedelta(minutes=1, seconds=1)):
        assert client.get(url).status_code == 200


# --- Register and corrections -------------------------------------------------------------


def test_a_correction_is_shown_both_ways(leader, issued, guarded, paper, stored):
    url = f"{BASE}/{issued.id}/correction"
    page = leader.get(url).text
    check_page(page)
    form = {"document_number": "581/UBND-KGVX", "document_date": "10/5/2021"}
    form |= {
        "subject": "Đính chính văn bản số 793/QĐ-UBND",
        "signer": "",
        "boxes": "number_confirmed",
    }
    assert leader.post(url, form).status_code == 302
    register = leader.get("/district/register").text
    check_page(register)
    assert "Đã được đính chính bằng văn bản số 581/UBND-KGVX" in register
    assert "Đính chính văn bản số 793/QĐ-UBND ngày 07/5/2021" in register
    public = guarded.test_client().get(f"/papers/{paper.code}").text
    assert "Khớp với văn bản đã ban hành, có đính chính" in public
    assert "581/UBND-KGVX" in public
    assert "581/UBND-KGVX" in leader.get(f"{BASE}/{issued.id}/handover").text


def test_a_revoked_paper_says_so_to_everybody(leader, issued, guarded, paper):
    form = {"seen": issued.lock_version, "document_number": "900/QĐ-UBND", "reason": "Sai căn cứ"}
    form |= {"document_date": "11/5/2021", "number_confirmed": "y"}
    answer = leader.post(f"{BASE}/{issued.id}/acts/revoke", form)
    assert answer.status_code == 302, answer.text
    public = guarded.test_client().get(f"/papers/{paper.code}").text
    assert "không còn là bản hiện hành" in public
    assert "Đã thu hồi bằng văn bản số 900/QĐ-UBND" in public


def test_the_register_is_taken_along_without_formulas(leader):
    form = {"document_number": "01/TB-UBND", "document_date": "11/5/2021", "signer": ""}
    form |= {"subject": '=HYPERLINK("http://a")', "boxes": "number_confirmed"}
    assert leader.post("/district/register/new", form).status_code == 302
    data = leader.get("/district/register/file?file=xlsx").data
    book = zipfile.ZipFile(io.BytesIO(data))
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert "=HYPERLINK" in book.read("xl/sharedStrings.xml").decode()
    text = leader.get("/district/register/file?file=csv&q=793").data.decode("utf-8-sig")
    assert "QĐ-UBND" in text
    assert "HYPERLINK" not in text
    assert leader.get("/district/register/file?file=exe").status_code == 404


@pytest.mark.parametrize(
    ("who", "level", "code"),
    [
        ("observer", "commune", 200),
        ("unit administrator", "commune", 200),
        ("clerk", "commune", 200),
        ("district finance", "district", 200),
        ("system administrator", "district", 404),
    ],
)
def test_who_reads_the_register(visitor, who, level, code):
    browser = visitor(who)
    assert browser.get(f"/{level}/register").status_code in {code, 403}
    if code == 200:
        page = browser.get(f"/{level}/register").text
        check_page(page)
        assert "793/QĐ-UBND" in page if level == "district" else "793/QĐ-UBND" not in page


@pytest.mark.parametrize("who", ["observer", "unit administrator"])
def test_who_only_reads_enters_nothing(visitor, who, stored):
    browser = visitor(who)
    before = len(stored(OfficialPaper))
    assert "Vào sổ văn bản khác" not in browser.get("/commune/register").text
    form = {"document_number": "01/TB-UBND", "document_date": "11/5/2021", "subject": "a"}
    assert browser.post("/commune/register/new", form).status_code == 403
    assert len(stored(OfficialPaper)) == before


def test_a_number_that_was_given_comes_back_with_the_next_one(leader):
    form = {"document_number": "793/QĐ-UBND", "document_date": "12/5/2021", "signer": ""}
    form |= {"subject": "Về việc khác", "boxes": "number_confirmed"}
    answer = leader.post("/district/register/new", form)
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Số tiếp theo là 794/QĐ-UBND" in answer.text
    assert "Về việc khác" in answer.text


# --- Numbers struck out -------------------------------------------------------------------


@pytest.fixture
def entered(leader, stored) -> OfficialPaper:
    """A paper that the leader entered by hand."""
    form = {"document_number": "01/TB-UBND", "document_date": "11/5/2021", "signer": ""}
    form |= {"subject": "Nhầm đơn vị", "boxes": "number_confirmed"}
    assert leader.post("/district/register/new", form).status_code == 302
    (paper,) = stored(OfficialPaper, OfficialPaper.subject == "Nhầm đơn vị")
    return paper


def strike(browser, paper, reason="Vào sổ nhầm", level="district"):
    return browser.post(f"/{level}/register/{paper.id}/strike", {"reason": reason})


def test_a_number_entered_by_mistake_is_struck_out_and_stays_used(leader, entered, stored, guarded):
    url = f"/district/register/{entered.id}/strike"
    assert url in leader.get("/district/register").text
    check_page(leader.get(url).text)
    assert strike(leader, entered).status_code == 302
    page = leader.get("/district/register").text
    check_page(page)
    assert "<del>01/TB-UBND</del>" in page
    assert "Hủy số: Vào sổ nhầm (Lãnh đạo UBND huyện Trà Cú" in page
    assert url not in page
    assert "Hủy số: Vào sổ nhầm" in leader.get("/district/register/file?file=csv").text
    (entry,) = stored(AuditEntry, AuditEntry.what == "papers.struck")
    assert "01/TB-UBND" in str(entry.data)
    assert guarded.test_client().get(f"/papers/{entered.code}").status_code == 404
    again = {"document_number": "01/TB-UBND", "document_date": "12/5/2021", "signer": ""}
    again |= {"subject": "Khác", "boxes": "number_confirmed"}
    assert leader.post("/district/register/new", again).status_code == 422, "it is used"
    strike(leader, entered, "Lần nữa")
    (paper,) = stored(OfficialPaper, OfficialPaper.id == entered.id)
    assert paper.struck_reason == "Vào sổ nhầm", "struck out once"


@pytest.mark.parametrize("reason", ["", "  ", "a" * 501])
def test_without_a_reason_no_number_is_struck_out(leader, entered, stored, reason):
    answer = strike(leader, entered, reason)
    assert answer.status_code == 422
    check_page(answer.text)
    assert stored(OfficialPaper, OfficialPaper.struck_at.is_not(None)) == []


def test_the_number_of_a_documents_paper_is_not_struck_out(leader, paper, stored):
    assert leader.get(f"/district/register/{paper.id}/strike").status_code == 404
    assert strike(leader, paper).status_code == 404
    assert stored(OfficialPaper, OfficialPaper.struck_at.is_not(None)) == []


@pytest.mark.parametrize("who", ["clerk", "observer", "unit administrator", "province leader"])
def test_another_unit_and_who_only_reads_strike_nothing_out(entered, visitor, stored, who):
    level = "province" if "province" in who else "commune"
    assert strike(visitor(who), entered, level=level).status_code in {403, 404}
    assert stored(OfficialPaper, OfficialPaper.struck_at.is_not(None)) == []


# --- Signatures and codes -----------------------------------------------------------------


def test_each_signature_is_told_in_three_lines(
    handed, issued, stored, guarded, monkeypatch, tmp_path
):
    issuers = signing.authority()
    folder = signing.folder_of(tmp_path / "roots", issuers.root, issuers.between)
    settings = replace(guarded.config["SETTINGS"], signature_roots=folder)
    monkeypatch.setitem(guarded.config, "SETTINGS", settings)
    plain = pdf_of(handed, issued)
    signed = signing.sign(plain, issuers.leader, chain=(issuers.between,))
    assert put_signed(handed, issued, signed).status_code == 302
    page = handed.get(f"{BASE}/{issued.id}/handover").text
    check_page(page)
    assert signing.LEADER in page
    assert "Không xác định: không có dấu thời gian" in page, "never more than is known"
    (copy,) = stored(SignedCopy)
    assert [one["intact"] for one in copy.report["signatures"]] == ["yes"]
    assert [one["chain_known"] for one in copy.report["signatures"]] == ["yes"]


@pytest.fixture
def codes(session, issued):
    """What enters codes that the district knows: its own, or an agency's by name."""

    def enter(*named: tuple[str, str], unit_id: int | None = None) -> None:
        with system(session, Purpose.LOAD):
            for name, code in named:
                session.add(
                    AgencyCode(
                        unit_id=unit_id or issued.unit_id,
                        name=name,
                        scheme=CodeScheme.QD20,
                        code=code,
                        valid_from=issued.created_at.date().replace(year=2020),
                        created_at=clock.now(),
                    )
                )
            session.commit()

    return enter


PROVINCE = "Ủy ban nhân dân tỉnh Trà Vinh"
OFFICES, COMMUNES = "Các phòng, ban, đoàn thể", "Ủy ban nhân dân các xã, thị trấn"
"""Lines of the paper, which name no single agency; one that has a code is taken for one."""


def edxml_of(browser, document) -> str:
    zipped = package_of(browser, document)
    (name,) = [one for one in zipped.namelist() if one.endswith(".edxml")]
    return zipped.read(name).decode()


def test_with_codes_and_the_signed_copy_the_package_holds_its_edxml(handed, issued, stored, codes):
    put_signed(handed, issued, pdf_of(handed, issued))
    codes(("", "H61.7"))
    codes(("", "H61"), unit_id=issued.next_unit_id)
    assert hand_over(handed, issued, receivers=[PROVINCE]).status_code == 302
    found = edxml_of(handed, issued)
    for wanted in ("H61.7", "<edXML:CodeNumber>793<", "QĐ-UBND", "2021/05/07"):
        assert wanted in found
    zipped = package_of(handed, issued)
    assert "ban-da-ky.pdf" in zipped.namelist()
    assert "chua-co-goi-edxml.txt" not in zipped.namelist()
    assert stored(HandOver)[-1].lacking == []


# --- Receivers ----------------------------------------------------------------------------


def boxes(page: str) -> dict[str, bool]:
    """The receivers that a page offers, each with whether it is ticked."""
    found = re.findall(r"<input[^>]*name=\"receivers\"[^>]*>", page)
    return {re.search(r'value="([^"]*)"', one)[1]: " checked" in one for one in found}


def test_the_page_says_who_has_a_code_and_who_has_not(leader, issued, codes):
    codes((OFFICES, "A61.7"))
    page = leader.get(f"{BASE}/{issued.id}/handover").text
    check_page(page)
    assert boxes(page) == {PROVINCE: True, OFFICES: True}
    assert f"{OFFICES}: mã A61.7" in page
    assert f"{PROVINCE}: chưa có mã" in page
    assert "1 nơi nhận chưa có mã định danh" in page
    assert f"Không phải một cơ quan nên không có trong gói tin: {COMMUNES}." in page
    assert "/admin/codes/add" not in page, "a leader who does not administer enters no codes"


def test_only_the_chosen_are_sent_to_and_it_is_kept_who_they_were(handed, issued, stored, codes):
    put_signed(handed, issued, pdf_of(handed, issued))
    codes(("", "H61.7"), (OFFICES, "A61.7"))
    assert hand_over(handed, issued, receivers=[OFFICES]).status_code == 302
    found = edxml_of(handed, issued)
    assert "A61.7" in found
    assert found.count("<edXML:To>") == 1
    assert stored(HandOver)[-1].receivers == [[OFFICES, "A61.7"]]
    page = handed.get(f"{BASE}/{issued.id}/handover").text
    assert f"Gói tin gửi: {OFFICES} (A61.7)" in page
    assert boxes(page)[OFFICES]
    assert not boxes(page)[PROVINCE], "as it was chosen the last time"


def test_a_chosen_one_without_a_code_keeps_the_packet_back(handed, issued, stored, codes):
    put_signed(handed, issued, pdf_of(handed, issued))
    codes(("", "H61.7"), (OFFICES, "A61.7"))
    hand_over(handed, issued, receivers=[OFFICES, PROVINCE])
    names = package_of(handed, issued).namelist()
    assert not [one for one in names if one.endswith(".edxml")]
    said = package_of(handed, issued).read("chua-co-goi-edxml.txt").decode("utf-8-sig")
    assert f"{PROVINCE} chưa có mã định danh" in said
    assert OFFICES not in said
    assert stored(HandOver)[-1].receivers == [[PROVINCE, ""], [OFFICES, "A61.7"]]


def test_nobody_chosen_is_no_packet(handed, issued, codes):
    put_signed(handed, issued, pdf_of(handed, issued))
    codes(("", "H61.7"))
    hand_over(handed, issued)
    said = package_of(handed, issued).read("chua-co-goi-edxml.txt").decode("utf-8-sig")
    assert "Chưa có nơi nhận nào" in said


def test_a_receiver_that_is_not_on_the_paper_is_refused(leader, issued, stored):
    answer = hand_over(leader, issued, receivers=["Bộ Y tế"])
    assert answer.status_code == 422
    check_page(answer.text)
    assert stored(HandOver) == []


def test_a_form_without_its_boxes_hands_nothing_over(leader, issued, stored):
    url = f"{BASE}/{issued.id}/handover"
    assert leader.post(url, {"seen": issued.lock_version}).status_code == 422
    assert stored(HandOver) == []


# --- What receivers tell ------------------------------------------------------------------

COMMITTEE = Correspondent("Sở Y tế <tỉnh>", "H61.3")


def tell(browser, code, **about):
    """Take a packet in that tells a state, as the office's system got it."""
    moment = datetime(2021, 5, 8, 9, int(code), tzinfo=clock.TIMEZONE)
    packet = StatusPacket(COMMITTEE, EarlierDocument(**about), "03", "Đã xem", moment=moment)
    data = write_status(packet).replace(b">03<", f">{code}<".encode())
    answer = browser.post("/packets", {"file": (io.BytesIO(data), "trang-thai.edxml")})
    assert answer.status_code == 302, answer.text


OWN = {"agency": "H61.7", "numbered": "793/QĐ-UBND", "day": date(2021, 5, 7)}


def told(browser, document) -> str:
    page = browser.get(f"{BASE}/{document.id}/handover").text
    check_page(page)
    return page.partition('id="told"')[2].partition("</table>")[0]


def test_what_receivers_tell_stands_by_the_paper(handed, issued, codes):
    codes(("", "H61.7"))
    assert told(handed, issued) == ""
    tell(handed, "03", **OWN)
    tell(handed, "05", document_id="H61.7,2021/05/07,793/QĐ-UBND")
    tell(handed, "09", **OWN)
    page = told(handed, issued)
    words = ("03 đã tiếp nhận", "05 đang xử lý", "09 mã chưa rõ: 09")
    places = [page.index(one) for one in words]
    assert places == sorted(places)
    assert page.count("Sở Y tế &lt;tỉnh&gt;") == 3
    assert "09:05" in page
    assert "8/5/2021" in page
    assert page.count('href="/packets/') == 3


@pytest.mark.parametrize(
    "about",
    [
        OWN | {"agency": "H99.1"},
        OWN | {"day": date(2020, 5, 7)},
        OWN | {"numbered": "794/QĐ-UBND"},
        OWN | {"numbered": "3793/QĐ-UBND"},
        {"document_id": "H99.1,2021/05/07,793/QĐ-UBND"},
    ],
)
def test_what_is_told_of_another_paper_does_not(handed, issued, codes, about):
    codes(("", "H61.7"))
    tell(handed, "03", **about)
    assert told(handed, issued) == ""


def test_without_a_day_it_is_known_only_while_the_number_is_one(handed, issued, codes):
    tell(handed, "03", agency="H61.7", numbered="793/QĐ-UBND")
    assert "03 đã tiếp nhận" in told(handed, issued)
    form = {"document_number": "793/QĐ-UBND", "document_date": "12/5/2022", "signer": ""}
    form |= {"subject": "Về việc khác", "boxes": "number_confirmed", "number_confirmed": "y"}
    assert handed.post("/district/register/new", form).status_code == 302
    assert told(handed, issued) == ""


def test_what_another_unit_was_told_is_its_own(handed, issued, visitor):
    tell(visitor("clerk"), "03", **OWN)
    assert told(handed, issued) == ""


# --- Urgency ------------------------------------------------------------------------------


def test_how_urgent_it_is_stands_on_the_paper_the_sheet_and_the_packet(
    leader, issued, stored, codes
):
    codes(("", "H61.7"), (OFFICES, "A61.7"))
    assert hand_over(leader, issued, urgency="express", receivers=[OFFICES]).status_code == 302
    put_signed(leader, issued, pdf_of(leader, issued))
    page = leader.get(f"{BASE}/{issued.id}/handover").text
    assert "Chữ trong bản đã ký giống văn bản ở đây" in page, "compared with the stamp on it"
    hand_over(leader, issued, urgency="express", receivers=[OFFICES])
    assert "<edXML:Priority>3<" in edxml_of(leader, issued)
    zipped = package_of(leader, issued)
    assert "Độ khẩn:\r\nHỏa tốc" in zipped.read("thong-tin-van-ban.txt").decode("utf-8-sig")
    assert "HỎA TỐC" in comparing.read(pdf_of(leader, issued)).words
    (docx,) = [one for one in zipped.namelist() if one.endswith(".docx")]
    inside = zipfile.ZipFile(io.BytesIO(zipped.read(docx)))
    assert "HỎA TỐC" in inside.read("word/document.xml").decode()
    printed = leader.get(f"{BASE}/{issued.id}/papers/main.pdf").data
    assert "HỎA TỐC" in comparing.read(printed).words, "wherever it is taken from"


def test_a_paper_that_is_out_keeps_its_stamp_and_its_bytes(handed, issued, stored):
    before = package_of(handed, issued)
    page = handed.get(f"{BASE}/{issued.id}/handover").text
    assert re.findall(r'<option[^>]*value="(\w+)"', page[page.index('name="urgency"') :]) == [
        "normal"
    ]
    answer = hand_over(handed, issued, urgency="urgent")
    assert answer.status_code == 422
    assert len(stored(HandOver)) == 1
    after = package_of(handed, issued)
    assert [after.read(one) for one in after.namelist()] == [
        before.read(one) for one in before.namelist()
    ]


def test_before_it_has_its_number_the_stamp_may_be_chosen_again(visitor, document_of, stored):
    document = document_of("xã Phước Hưng")
    browser = visitor("lanh-dao.phuoc-hung@lth.example")
    url = f"/commune/documents/{document.id}/handover"
    for urgency in ("urgent", "very_urgent", "normal"):
        assert browser.post(url, sent(document, urgency=urgency)).status_code == 302
    fields = [dict(one.fields)["Độ khẩn"] for one in stored(HandOver)]
    assert fields == ["Khẩn", "Thượng khẩn", "Thường"]


@pytest.mark.parametrize("urgency", ["", "4", "EXPRESS", "hỏa tốc"])
def test_another_urgency_is_refused(leader, issued, stored, urgency):
    assert hand_over(leader, issued, urgency=urgency).status_code == 422
    assert stored(HandOver) == []


def test_the_name_is_filled_in_where_its_code_is_entered(visitor):
    browser = visitor("unit administrator")
    page = browser.get(f"/admin/codes/add?name={quote(' Sở <Y>  tế ')}").text
    check_page(page)
    assert 'value="Sở &lt;Y&gt; tế"' in page


def test_an_issued_paper_is_printed_with_its_code(leader, issued, paper):
    """Its PDF says the same code whether it is taken from the papers' page or from the package."""
    data = leader.get(f"{BASE}/{issued.id}/papers/main.pdf").data
    words = comparing.read(data).words
    assert f"{paper.code[:5]}-{paper.code[5:]}" in words
