"""The checks on the pages: beside cells, on a page of their own, at the level above, and off."""

import html
import re
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.blueprints.drafting import findings
from lth.models import PartLine, Revision
from lth.models.parts import Part

LONG_HIEP = "can-bo.long-hiep@lth.example"
LEFT_OUT = (Part.REPORTING, Part.RECIPIENT, Part.BUDGET, Part.DEFINITION)
NGOC_BIEN = "clerk of a returned plan"


@pytest.fixture
def draft(visitor, document_of):
    """Long Hiệp's clerk and the address of its draft, which has no money in it yet."""
    return visitor(LONG_HIEP), f"/commune/documents/{document_of('xã Long Hiệp').id}"


@pytest.fixture
def warned(visitor, document_of, session):
    """Bố Hạ's clerk and the address of its draft, in which much is left out: several warnings."""
    document = document_of("xã Bố Hạ")
    with system(session, Purpose.LOAD):
        head = select(Revision.id).where(
            Revision.document_id == document.id, Revision.number == document.head_number
        )
        session.execute(
            delete(PartLine).where(
                PartLine.revision_id.in_(head.scalar_subquery()), PartLine.part.in_(LEFT_OUT)
            )
        )
    address = f"/commune/documents/{document.id}"
    session.commit()
    return visitor("can-bo.bo-ha@lth.example"), address


def words(page: str) -> str:
    """A page's text, each space one."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def typed(text, *, seen="", was="", code="V03", place="budget"):
    """The fields of one warning in the form of the page."""
    key = findings.html_id_of(code, place)
    said = {"code": code, "place": place, "seen": seen, "was": was, "text": text}
    return {f"{key}:{name}": value for name, value in said.items()}


def explained(browser, address, text, *besides, **one):
    """Press the button of a warning, with what stands in the fields of others."""
    parts = [typed(text, **one), *besides]
    keys = [next(iter(part)).partition(":")[0] for part in parts]
    form = {name: value for part in parts for name, value in part.items()}
    return browser.post(f"{address}/checks", {"finding": keys, "pressed": keys[0], **form})


def seen_on(browser, address, code="V03"):
    """When the explanation that the page shows was given."""
    page = browser.get(f"{address}/checks").text
    return re.search(rf'name="f-{code}-[^"]*:seen" value="([^"]*)"', page)[1]


def warned_of(browser, address):
    """The code and place of each warning of the page that can be explained."""
    page = browser.get(f"{address}/checks").text
    codes, places = (
        re.findall(rf'name="f-[^"]*:{of}" value="([^"]*)"', page) for of in ("code", "place")
    )
    return [{"code": code, "place": place} for code, place in zip(codes, places, strict=True)]


def test_the_drafting_page_counts_what_stands_and_leads_to_it(draft):
    browser, address = draft
    page = browser.get(f"{address}/draft").text
    assert re.search(r"Kiểm tra kế hoạch: \d+ cảnh báo chưa giải trình", words(page))
    assert f'href="{address}/checks"' in page


def test_a_cell_says_what_is_asked_above_and_by_which_paper(draft):
    browser, address = draft
    assert "Cấp trên: 50–70 (793/QĐ-UBND)" in words(browser.get(f"{address}/draft").text)


def test_a_finding_stands_beside_its_cell_in_words(visitor, document_of):
    page = visitor(NGOC_BIEN).get(f"/commune/documents/{document_of('xã Ngọc Biên').id}/draft").text
    card = page.split('id="t-members_older-2021-card"')[1].split('class="target"')[0]
    assert "Cảnh báo: Tỷ lệ thành viên là người cao tuổi: 153 : 207 = 73,91 %" in words(card)
    assert "V09" in card


def test_each_finding_says_what_is_wrong_what_mends_it_and_where(draft):
    browser, address = draft
    page = browser.get(f"{address}/checks").text
    check_page(page)
    said = words(page)
    assert re.search(r"Cảnh báo: .+ V03 Kế hoạch không có", said)  # the code is small print
    assert "Kế hoạch không có khoản kinh phí nào." in said
    assert "Cách xử lý: Ghi số tiền dự kiến cho từng hoạt động" in said
    assert f'href="{address}/draft/parts/budget#part-budget"' in page


def test_an_explanation_is_saved_changed_and_taken_back(draft):
    browser, address = draft
    answer = explained(browser, address, "Huyện chưa phân bổ")
    assert answer.status_code == 302
    assert "Huyện chưa phân bổ" in words(browser.get(f"{address}/checks").text)
    seen = seen_on(browser, address)
    assert explained(browser, address, "Huyện phân bổ sau", seen=seen).status_code == 302
    seen = seen_on(browser, address)
    assert explained(browser, address, "", seen=seen).status_code == 302
    assert "Huyện phân bổ sau" not in browser.get(f"{address}/checks").text


def test_one_press_saves_every_explanation_that_was_typed(warned):
    browser, address = warned
    first, second, *_ = warned_of(browser, address)
    assert (
        explained(browser, address, "Vì một", typed("Vì hai", **second), **first).status_code == 302
    )
    page = words(browser.get(f"{address}/checks").text)
    assert "Đã lưu 2 giải trình." in page
    assert "Giải trình: Vì một" in page
    assert "Giải trình: Vì hai" in page


def test_what_was_left_empty_beside_it_is_no_hindrance(warned):
    browser, address = warned
    first, second, *_ = warned_of(browser, address)
    assert explained(browser, address, "Vì một", typed("", **second), **first).status_code == 302
    assert "Đã lưu giải trình." in words(browser.get(f"{address}/checks").text)


def test_what_cannot_be_saved_does_not_keep_the_others_back(warned):
    browser, address = warned
    first, second, *_ = warned_of(browser, address)
    answer = explained(browser, address, "Dài" * 2000, typed("Ngắn thôi", **second), **first)
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Dài" * 2000 in answer.text
    assert "Giải trình: Ngắn thôi" in words(browser.get(f"{address}/checks").text)


def test_an_explanation_nobody_touched_is_not_given_anew(warned):
    browser, address = warned
    first, second, *_ = warned_of(browser, address)
    explained(browser, address, "Như cũ", **first)
    seen = seen_on(browser, address, first["code"])
    untouched = typed("Như cũ", was="Như cũ", seen="hôm qua", **first)
    assert explained(browser, address, "Mới", untouched, **second).status_code == 302
    assert seen_on(browser, address, first["code"]) == seen


@pytest.mark.parametrize(
    ("form", "code", "said"),
    [
        ({"text": " "}, 422, "Giải trình chưa có nội dung."),
        ({"text": "Dài" * 2000}, 422, "Giải trình dài quá 4000 ký tự"),
        ({"text": "Lại", "seen": "2021-05-07T05:00:00+00:00"}, 409, "vừa xóa giải trình này"),
        ({"text": "Lại", "seen": "hôm qua"}, 409, "vừa xóa giải trình này"),
    ],
)
def test_what_cannot_be_saved_comes_back_as_typed(draft, form, code, said):
    browser, address = draft
    answer = explained(browser, address, **form)
    assert answer.status_code == code
    check_page(answer.text)
    assert said in words(answer.text)
    assert form["text"].strip() in answer.text


def test_what_was_explained_by_a_colleague_meanwhile_is_shown(draft):
    browser, address = draft
    explained(browser, address, "Huyện chưa phân bổ")
    answer = explained(browser, address, "Không cần tiền")
    assert answer.status_code == 409
    assert "vừa ghi giải trình này: “Huyện chưa phân bổ”" in words(answer.text)
    assert "Không cần tiền" in answer.text


def test_what_no_check_warns_of_is_not_there(draft):
    browser, address = draft
    assert explained(browser, address, "Vì sao", code="V99").status_code == 404
    assert explained(browser, address, "Vì sao", place="tasks").status_code == 404


def test_sending_is_refused_with_the_first_findings_and_the_way_to_all(warned):
    browser, address = warned
    page = browser.get(f"{address}/acts/send_for_clearance").text
    assert "cảnh báo cần sửa hoặc giải trình: " in words(page)
    assert f'href="{address}/checks"' in page


def test_the_level_above_reads_the_findings_and_what_was_answered(visitor, document_of):
    browser = visitor("district specialist")
    address = f"/district/documents/{document_of('xã Ngọc Biên').id}"
    page = words(browser.get(address).text)
    assert "Kết quả kiểm tra khi trình" in page
    assert "153 : 207 = 73,91 %" in page
    assert "Giải trình: Ấp có nhiều người cao tuổi đăng ký" in page
    checks = browser.get(f"{address}/checks")
    check_page(checks.text)
    assert "Kết quả kiểm tra lưu cùng bản thứ 1 khi trình." in words(checks.text)
    assert "<textarea" not in checks.text


def test_a_finding_about_the_whole_plan_leads_to_the_checks(monkeypatch):
    monkeypatch.setattr(findings, "desk_url", lambda *_, **__: "/checks")
    nothing = SimpleNamespace(phases=[], parts=[], lines=[], line_parts=[])
    monkeypatch.setattr(findings.document_parts, "named_lines", lambda _: {})
    where = findings._on_page(SimpleNamespace(id=1), nothing)
    assert where("") == ("Toàn bộ kế hoạch", "/checks")
    assert where("budget") == ("Các khoản kinh phí", "/checks")


def test_the_findings_are_said_in_english_too(visitor, document_of):
    browser = visitor("district specialist")
    browser.post("/account/language", {"language": "en", "next": "/"})
    page = browser.get(f"/district/documents/{document_of('xã Ngọc Biên').id}").text
    assert "73.91%" in words(page)


def test_a_synthesis_is_computed_and_has_no_checks(visitor, document_of):
    browser = visitor("district specialist")
    document = document_of("huyện Trà Cú", "synthesis")
    assert browser.get(f"/district/documents/{document.id}/checks").status_code == 404
    assert browser.get(f"/district/documents/{document.id}/draft").status_code == 200


# --- Switching off ------------------------------------------------------------------------


def administer(browser, code, act="off", **form):
    return browser.post(f"/admin/checks/{code}/{act}", {"seen": "", **form})


def version(browser, code):
    form = browser.get("/admin/checks").text.split(f"/admin/checks/{code}/on")[1]
    return re.search(r'name="seen" value="([^"]*)"', form)[1]


def test_the_rules_are_shown_with_the_last_review_of_the_papers(visitor):
    page = words(visitor("unit administrator").get("/admin/checks").text)
    assert "Bảng văn bản rà soát lần cuối ngày 30/11/2026." in page


def test_a_unit_switches_a_check_off_and_the_level_above_sees_it(visitor, document_of):
    administrator = visitor("unit administrator")
    answer = administer(administrator, "V28", reason="Số liệu phụ lục tách riêng")
    assert answer.status_code == 302
    page = administrator.get("/admin/checks").text
    check_page(page)
    assert "Lý do tắt: Số liệu phụ lục tách riêng" in words(page)
    assert "Tắt kiểm tra kế hoạch" in words(administrator.get("/admin/trail").text)
    above = (
        visitor("district specialist")
        .get(f"/district/documents/{document_of('xã Tập Sơn').id}")
        .text
    )
    assert "Đơn vị đã tắt các kiểm tra này" in words(above)
    assert "Số liệu phụ lục tách riêng" in above


def test_it_is_switched_on_again(visitor):
    administrator = visitor("unit administrator")
    administer(administrator, "V28", reason="Số liệu phụ lục tách riêng")
    assert administer(administrator, "V28", "on").status_code == 409
    answer = administer(administrator, "V28", "on", seen=version(administrator, "V28"))
    assert answer.status_code == 302
    assert "Số liệu phụ lục" not in administrator.get("/admin/checks").text


@pytest.mark.parametrize(
    ("code", "form", "answer", "said"),
    [
        ("V01", {"reason": "Không cần"}, 422, "Kiểm tra báo lỗi không tắt được."),
        ("V28", {"reason": " "}, 422, "Cần ghi lý do tắt kiểm tra này."),
        ("V28", {"reason": "a" * 1001}, 422, "Lý do dài quá 1000 ký tự"),
        ("V28", {"reason": "Cũ", "seen": "khác"}, 409, "Hãy xem lại rồi lưu."),
    ],
)
def test_what_is_no_reason_or_no_warning_is_refused(visitor, code, form, answer, said):
    administrator = visitor("unit administrator")
    refused = administer(administrator, code, **form)
    assert refused.status_code == answer
    check_page(refused.text)
    assert said in words(refused.text)


def test_an_unknown_check_and_an_unknown_unit_are_not_there(visitor):
    administrator = visitor("unit administrator")
    assert administer(administrator, "V99", reason="Không cần").status_code == 404
    assert administrator.get("/admin/units/1/checks").status_code == 404
