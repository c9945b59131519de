"""The papers of a document: who finds which of them, what stands in the files, what they cost."""

import io
import re
import zipfile
from urllib.parse import unquote

import pypdfium2
import pytest
from docx import Document as WordDocument
from support.pages import check_page

from lth.workflow.kinds import SYNTHESIS

LINK = re.compile(r'href="(/\w+/documents/\d+/papers/[\w-]+\.\w+)"')
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def papers(visitor, document_of):
    """The papers that somebody is offered of a unit's document: names of files without endings."""

    def offered(who: str, level: str, unit: str, kind="plan") -> list[str]:
        answer = visitor(who).get(address(level, document_of(unit, kind)))
        if answer.status_code != 200:
            return [str(answer.status_code)]
        check_page(answer.text)
        found = LINK.findall(answer.text)
        for one in found:
            assert visitor(who).get(one).status_code == 200, one
        return sorted({one.rpartition("/")[2].partition(".")[0] for one in found})

    return offered


@pytest.fixture
def text_of(visitor, document_of):
    """What a paper says as PDF and as Word."""

    def read(who: str, level: str, unit: str, paper: str, kind="plan") -> tuple[str, str]:
        base = f"{address(level, document_of(unit, kind))}/{paper}"
        browser = visitor(who)
        return pdf_text(browser.get(f"{base}.pdf").data), word_text(
            browser.get(f"{base}.docx").data
        )

    return read


def address(level: str, document) -> str:
    return f"/{level}/documents/{document.id}/papers"


def pdf_text(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return flat(" ".join(page.get_textpage().get_text_range() for page in pages))


def word_text(data: bytes) -> str:
    document = WordDocument(io.BytesIO(data))
    return flat(" ".join(node.text or "" for node in document.element.body.iter() if node.text))


def flat(text: str) -> str:
    return " ".join(text.replace("\xad", "").split())


# --- Who finds which ----------------------------------------------------------------------

OFFERED = [
    # a plan that is being written: its unit's alone
    ("can-bo.long-hiep@lth.example", "commune", "xã Long Hiệp", ["main", "proposal"]),
    ("district specialist", "district", "xã Long Hiệp", ["404"]),
    # sent, not opened
    ("clerk", "commune", "xã Tập Sơn", ["main", "proposal"]),
    ("observer", "commune", "xã Tập Sơn", ["main", "proposal"]),
    ("district specialist", "district", "xã Tập Sơn", ["main", "proposal"]),
    # approved: what the district wrote about it is the district's
    ("district specialist", "district", "xã Tân Sơn", ["appraisal", "main", "proposal"]),
    ("district finance", "district", "xã Tân Sơn", ["appraisal", "main", "proposal"]),
    ("province specialist", "province", "xã Tân Sơn", ["main"]),
    # returned
    ("clerk of a returned plan", "commune", "xã Ngọc Biên", ["main", "proposal"]),
    (
        "district specialist",
        "district",
        "xã Ngọc Biên",
        ["appraisal", "main", "proposal", "return"],
    ),
    # issued: whoever is below reads it
    ("clerk", "commune", "huyện Trà Cú", ["main"]),
    ("province specialist", "province", "huyện Trà Cú", ["main"]),
    ("two-tier clerk", "commune", "xã Tam Tiến", ["main"]),
    ("two-tier province", "province", "xã Tam Tiến", ["main"]),
    # strangers
    ("clerk", "commune", "xã Ngọc Biên", ["404"]),
    ("clerk", "commune", "xã Tam Tiến", ["404"]),
    ("two-tier clerk", "commune", "huyện Trà Cú", ["404"]),
    ("unit administrator", "commune", "xã Tập Sơn", ["403"]),
    ("system administrator", "commune", "xã Tập Sơn", ["404"]),
]


@pytest.mark.parametrize(("who", "level", "unit", "wanted"), OFFERED)
def test_each_finds_what_is_theirs_to_take(papers, who, level, unit, wanted):
    assert papers(who, level, unit) == wanted


def test_a_synthesis_is_for_those_who_see_below_it(papers):
    of_synthesis = ("huyện Càng Long", SYNTHESIS)
    assert papers("province specialist", "province", *of_synthesis) == ["main", "proposal"]
    assert papers("clerk", "commune", *of_synthesis) == ["404"]
    assert papers("district specialist", "district", *of_synthesis) == ["404"]
    assert papers("district specialist", "district", "huyện Trà Cú", SYNTHESIS) == [
        "main",
        "proposal",
    ]


@pytest.mark.parametrize(
    "name", ["appraisal.pdf", "return.docx", "in-force.pdf", "other.pdf", "main.exe", "main.html"]
)
def test_what_is_not_offered_is_not_there(visitor, document_of, name):
    browser = visitor("clerk")
    base = address("commune", document_of("xã Tập Sơn"))
    assert browser.get(f"{base}/main.pdf").status_code == 200
    assert browser.get(f"{base}/{name}").status_code == 404


# --- What the files say -------------------------------------------------------------------


def test_a_draft_says_so_and_has_no_number(text_of):
    for text in text_of("clerk", "commune", "xã Tập Sơn", "main"):
        assert "DỰ THẢO" in text
        assert "XÃ TẬP SƠN" in text
        assert "Thành lập mới 03 câu lạc bộ với 206 thành viên" in text


def test_an_issued_plan_has_its_number_day_and_signer(text_of):
    for text in text_of("two-tier clerk", "commune", "xã Tam Tiến", "main"):
        assert "DỰ THẢO" not in text
        assert "57/KH-UBND" in text
        assert re.search(r"Tam Tiến, ngày \d\d tháng 1[01] năm 2026", text)
        assert "TM. ỦY BAN NHÂN DÂN" in text
        assert "Lãnh đạo UBND xã Tam Tiến" in text


def test_who_reads_from_below_reads_the_same_paper(text_of):
    read = [
        text_of(who, level, "huyện Trà Cú", "main")
        for who, level in (
            ("clerk", "commune"),
            ("district specialist", "district"),
            ("province leader", "province"),
        )
    ]
    assert read[0] == read[1] == read[2]
    assert "793/QĐ-UBND" in read[0][0]
    assert "Lãnh đạo UBND huyện Trà Cú" in read[0][0]


def test_a_proposal_asks_the_unit_above(text_of):
    for text in text_of("clerk", "commune", "xã Tập Sơn", "proposal"):
        assert "TỜ TRÌNH" in text
        assert "/TTr-UBND" in text
        assert "Kính gửi: Ủy ban nhân dân huyện Trà Cú" in text
        assert "Câu lạc bộ thành lập mới: 3 CLB (được giao 3)" in text
        assert "Tổng kinh phí dự kiến: 71.700.000 đồng" in text
        assert "DỰ THẢO" not in text


def test_an_appraisal_report_has_opinions_remarks_and_answers(text_of):
    for text in text_of("district specialist", "district", "xã Ngọc Biên", "appraisal"):
        assert "BÁO CÁO THẨM ĐỊNH" in text
        assert "PHÒNG LAO ĐỘNG" in text
        assert "Chưa đồng ý" in text
        assert "Thành viên là người cao tuổi: 153 người cao tuổi trên 207 thành viên" in text
        assert "Đơn vị chưa trả lời." in text
        assert "xem xét, trả lại" in text


def test_a_return_letter_points_at_what_to_mend(text_of):
    for text in text_of("district leader", "district", "xã Ngọc Biên", "return"):
        assert "/UBND" in text
        assert "V/v hoàn chỉnh Kế hoạch" in text
        assert "Kính gửi: Ủy ban nhân dân xã Ngọc Biên" in text
        assert "1. Thành viên là người cao tuổi: 153 người cao tuổi" in text


def test_a_synthesis_prints_every_unit_on_a_page_that_lies(visitor, document_of, text_of):
    for text in text_of("province specialist", "province", "huyện Càng Long", "main", SYNTHESIS):
        assert "của 14 trên 14 đơn vị cấp dưới" in text
        for unit in ("Xã An Trường", "Xã Đại Phước", "Thị trấn Càng Long"):
            assert text.count(unit) >= 3, unit
        assert "1.040.000.000" in text
    base = address("province", document_of("huyện Càng Long", SYNTHESIS))
    data = visitor("province specialist").get(f"{base}/main.pdf").data
    lying = [page.get_width() > page.get_height() for page in pypdfium2.PdfDocument(data)]
    assert not lying[0]
    assert any(lying)


def test_english_pages_give_vietnamese_papers(visitor, document_of):
    browser = visitor("two-tier clerk")
    base = address("commune", document_of("xã Tam Tiến"))
    before = browser.get(f"{base}/main.pdf")
    browser.post("/account/language", {"language": "en", "next": "/"})
    assert '<html lang="en">' in browser.get(base).text
    after = browser.get(f"{base}/main.pdf")
    assert after.data == before.data
    assert after.headers["Content-Disposition"] == before.headers["Content-Disposition"]


# --- As a file ----------------------------------------------------------------------------


def test_files_are_named_for_old_and_new_browsers(visitor, document_of):
    answer = visitor("clerk").get(f"{address('commune', document_of('xã Tập Sơn'))}/main.pdf")
    said = answer.headers["Content-Disposition"]
    assert said.startswith('attachment; filename="ke-hoach-nam-2021-xa-tap-son-du-thao.pdf"; ')
    assert unquote(said.partition("UTF-8''")[2]) == "Kế hoạch năm 2021 xã Tập Sơn (dự thảo).pdf"
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_issued_paper_is_written_once_for_a_browser_that_has_it(visitor, document_of):
    browser = visitor("two-tier clerk")
    base = address("commune", document_of("xã Tam Tiến"))
    for form, mimetype in (("pdf", "application/pdf"), ("docx", WORD)):
        first = browser.get(f"{base}/main.{form}")
        assert first.mimetype == mimetype
        assert first.headers["Cache-Control"] == "private, no-cache"
        headers = {"If-None-Match": first.headers["ETag"]}
        again = browser.client.get(f"{base}/main.{form}", headers=headers)
        assert again.status_code == 304
        assert not again.data
        other = browser.client.get(f"{base}/main.{form}", headers={"If-None-Match": '"x"'})
        assert other.data == first.data


def test_a_word_file_opens_and_has_no_macro(visitor, document_of):
    base = address("commune", document_of("xã Tam Tiến"))
    data = visitor("two-tier clerk").get(f"{base}/main.docx").data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if "vba" in name.lower()]


COSTS = [
    ("clerk", "commune", "xã Tập Sơn", "plan", "main"),
    ("clerk", "commune", "xã Tập Sơn", "plan", "proposal"),
    ("two-tier clerk", "commune", "xã Tam Tiến", "plan", "main"),
    ("district specialist", "district", "xã Ngọc Biên", "plan", "appraisal"),
    ("district specialist", "district", "xã Ngọc Biên", "plan", "return"),
    ("province specialist", "province", "huyện Càng Long", "synthesis", "main"),
]


@pytest.mark.parametrize(("who", "level", "unit", "kind", "paper"), COSTS)
def test_no_more_than_twelve_queries(
    visitor, document_of, statements, who, level, unit, kind, paper
):
    base = address(level, document_of(unit, kind))
    browser = visitor(who)
    for url in (base, f"{base}/{paper}.pdf"):
        statements.clear()
        assert browser.get(url).status_code == 200
        assert len(statements) <= 12, "\n".join(statements)


def test_links_lead_there(visitor, document_of):
    plan, synthesis = document_of("xã Tập Sơn"), document_of("huyện Trà Cú", SYNTHESIS)
    commune, district = visitor("clerk"), visitor("district specialist")
    for browser, level, page, document in (
        (commune, "commune", "", plan),
        (district, "district", "", synthesis),
        (district, "district", "/synthesis", synthesis),
        (district, "district", "/synthesis/matrix", synthesis),
    ):
        text = browser.get(f"/{level}/documents/{document.id}{page}").text
        assert f'href="{address(level, document)}"' in text, page
    draft = document_of("xã Long Hiệp")
    text = visitor("can-bo.long-hiep@lth.example").get(f"/commune/documents/{draft.id}/draft").text
    assert f'href="{address("commune", draft)}/main.pdf"' in text
