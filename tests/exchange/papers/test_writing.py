"""The paper of a plan: what of the plan stands where, whichever way it is issued."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.pdfpages import pages
from support.plandocs import changed, faultless, target

import lth
from lth.content import money
from lth.content.line_types import Baseline, Header, Paper, Task
from lth.content.model import Content, PhaseSpan, SectionText, Span
from lth.core.vietnamese import format_number, search_key
from lth.exchange.papers import pdf
from lth.exchange.papers.text import (
    END,
    PaperKind,
    PaperText,
    Paragraph,
    ParagraphStyle,
    Signature,
    Table,
)
from lth.exchange.papers.writing import of_plan
from lth.exchange.plan_file import read
from lth.models.content import Comparator, TargetScope
from lth.models.parts import Issuance, IssuerForm, PaperRole

PLANS = sorted((Path(lth.__file__).parent / "data" / "plans").glob("*.yaml"))


def squeezed(text: str) -> str:
    """Letters and digits alone: lines are cut anywhere."""
    return search_key(text).replace(" ", "")


def plan(name: str) -> Content:
    (path,) = [path for path in PLANS if path.stem == name]
    return read(path.read_bytes(), path.name).content


def issued(issuance: Issuance, **more) -> Content:
    return changed(header=replace(faultless().header, issuance=issuance), **more)


def body_of(paper: PaperText) -> tuple:
    return paper.attached.body if paper.attached else paper.body


def words(paper: PaperText) -> list[str]:
    return [one.text for one in body_of(paper) if isinstance(one, Paragraph)]


def tables(paper: PaperText) -> dict[str, Table]:
    return {
        annex.title: block
        for annex in paper.annexes
        for block in annex.body
        if isinstance(block, Table)
    }


# --- The five that ship -------------------------------------------------------------------


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_everything_of_a_plan_is_in_its_paper(path: Path) -> None:
    content = read(path.read_bytes(), path.name).content
    shown = pages(pdf.write(of_plan(content)))
    found = squeezed("".join(page.body for page in shown))
    wanted = [
        *(one.wording for one in content.targets),
        *(one.activity for one in content.budget),
        *(format_number(one.amount) for one in content.budget if one.amount),
        *(one.agency for one in content.duties),
        *(text for one in content.duties for text in one.text.split("\n")),
        *(text for one in content.tasks for text in (one.title, *one.leads, *one.coordinating)),
        *(one.content for one in content.reporting),
        *(one.title for one in content.bases),
        *(one.body for one in content.sections),
        *(one.name for one in content.recipients),
        content.header.title,
    ]
    missing = [text for text in wanted if squeezed(text) not in found]
    assert missing == []


def test_a_decision_issues_the_plan_with_it() -> None:
    paper = of_plan(plan("tra-cu"))
    assert (paper.kind, paper.numbered) == (PaperKind.DECISION, "793/QĐ-UBND")
    assert paper.dated == "Trà Cú, ngày 07 tháng 5 năm 2021"
    assert (paper.parent, paper.agency) == ("UBND TỈNH TRÀ VINH", "ỦY BAN NHÂN DÂN HUYỆN TRÀ CÚ")
    assert paper.authority == "ỦY BAN NHÂN DÂN HUYỆN TRÀ CÚ"
    assert [one.text.split(" ")[:3] for one in paper.body if isinstance(one, Paragraph)][1] == [
        "Điều", "1.", "Ban",
    ]  # fmt: skip
    assert paper.bases[-1] == (
        "Theo đề nghị của Trưởng phòng Lao động - Thương binh và Xã hội tại Tờ trình số "
        "60/TTr-PLĐTBXH ngày 04 tháng 5 năm 2021."
    )
    assert all(one.endswith(";") for one in paper.bases[:-1])
    assert paper.attached is not None
    assert paper.attached.kind is PaperKind.PLAN
    assert paper.attached.belongs == (
        "(Kèm theo Quyết định số 793/QĐ-UBND ngày 07 tháng 5 năm 2021 của Ủy ban nhân dân huyện "
        "Trà Cú)"
    )
    assert paper.signature.lines == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert paper.archive == "VT, NCTH"
    assert not paper.draft


def test_a_decision_approves_the_plan_of_an_office() -> None:
    paper = of_plan(plan("vinh-long"))
    assert paper.authority == "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VĨNH LONG"
    assert paper.parent == ""
    first = next(one for one in paper.body if one.style is ParagraphStyle.ARTICLE)
    assert first.text.startswith(
        "Điều 1. Phê duyệt kèm theo Quyết định này Kế hoạch số 13/KH-SLĐTBXH ngày 13 tháng 3 năm "
        "2017 của Sở Lao động - Thương binh và Xã hội thực hiện Đề án"
    )
    assert "Tờ trình số 35/TTr-SLĐTBXH" in paper.bases[-1]
    assert paper.signature.lines == ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert [annex.label for annex in paper.annexes] == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]


def test_a_letter_goes_to_those_who_have_a_duty() -> None:
    content = plan("binh-son")
    paper = of_plan(content)
    assert (paper.kind, paper.symbol, paper.number) == (PaperKind.LETTER, "UBND", "")
    assert paper.heading.startswith("V/v tiếp tục triển khai")
    assert paper.addressees == tuple(line.agency for line in content.duties)
    first = paper.body[0]
    assert isinstance(first, Paragraph)
    assert first.text.startswith("Thực hiện Công văn số 581/UBND-KGVX ngày 31 tháng 01 năm 2024")
    assert "Kế hoạch số 92/KH-UBND" in first.text
    assert first.text.endswith("Chủ tịch Ủy ban nhân dân huyện Bình Sơn có ý kiến như sau:")
    assert (paper.bases, paper.annexes, paper.attached) == ((), (), None)


def test_a_plan_alone_without_a_number_leaves_room() -> None:
    paper = of_plan(plan("tam-tien"))
    assert (paper.kind, paper.number, paper.symbol) == (PaperKind.PLAN, "", "KH-UBND")
    assert (paper.day, paper.year) == (None, 2026)
    assert [annex.landscape for annex in paper.annexes] == [True, True]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_paper_ends_once_in_its_sign(path: Path) -> None:
    paper = of_plan(read(path.read_bytes(), path.name).content)
    parts = [paper.body, *([paper.attached.body] if paper.attached else [])]
    for part in parts:
        ends = [one.text.endswith(END) for one in part if isinstance(one, Paragraph)]
        assert ends[-1]
        assert sum(ends) == 1


# --- Number, day, draft -------------------------------------------------------------------


def test_the_act_of_issuing_gives_number_day_and_signature() -> None:
    by = Signature(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Họ Và Tên")
    paper = of_plan(
        issued(Issuance.PLAN, final=False),
        number="7/KH-UBND",
        day=date(2021, 2, 3),
        signature=by,
        draft=False,
    )
    assert (paper.numbered, paper.signature) == ("07/KH-UBND", by)
    assert paper.dated == "Phú Hòa, ngày 03 tháng 02 năm 2021"
    assert "Kế hoạch số 07/KH-UBND ngày 03 tháng 02 năm 2021" in paper.annexes[0].belongs


@pytest.mark.parametrize("issuance", Issuance)
def test_a_draft_has_no_number_and_no_day(issuance: Issuance) -> None:
    paper = of_plan(issued(issuance, final=False))
    assert paper.draft
    assert (paper.number, paper.day) == ("", None)
    assert paper.symbol
    assert pdf.write(paper).startswith(b"%PDF")


def test_an_office_issues_under_its_committee() -> None:
    office = Paper(
        "p", PaperRole.PLAN, "9/KH-PLĐTBXH", issuer="Phòng Y tế", issuer_form=IssuerForm.OFFICE
    )
    paper = of_plan(issued(Issuance.PLAN, papers=(office,)))
    assert (paper.parent, paper.agency) == ("UBND HUYỆN PHÚ HÒA", "PHÒNG Y TẾ")
    assert paper.numbered == "09/KH-PLĐTBXH"


def test_the_committee_above_is_left_out_where_that_is_the_custom() -> None:
    assert of_plan(faultless(), above=False).parent == ""
    assert of_plan(faultless()).parent == "UBND TỈNH SÔNG HẬU"


# --- Sections and lines -------------------------------------------------------------------

SECTIONS = (
    SectionText("s1", "I. Mục tiêu, chỉ tiêu", "Nhân rộng câu lạc bộ."),
    SectionText("s2", "II. Kinh phí tổ chức thực hiện", "Theo phân cấp."),
    SectionText("s3", "III. Tổ chức thực hiện", "1. Hội Người cao tuổi\nChủ trì."),
)


def sections(**more) -> Content:
    given = {"sections": SECTIONS, "header": Header("header", Issuance.PLAN, "Thực hiện Đề án")}
    return changed(**given | more)


def test_lines_stand_in_the_section_that_is_about_them() -> None:
    content = sections(
        targets=(
            target(
                "clubs_new",
                3,
                comparator=Comparator.GTE,
                wording="thành lập mới ít nhất 03 câu lạc bộ",
            ),
        )
    )
    found = words(of_plan(content))
    at = {text: found.index(text) for text in found}
    assert (
        at["I. MỤC TIÊU, CHỈ TIÊU"]
        < at["- Thành lập mới ít nhất 03 câu lạc bộ."]
        < at["II. KINH PHÍ TỔ CHỨC THỰC HIỆN"]
        < at["Tổng kinh phí dự kiến: 500.000.000 đồng."]
        < at["III. TỔ CHỨC THỰC HIỆN"]
        < at["2. Ban Đại diện Hội Người cao tuổi huyện"]
        < at["4. Chế độ báo cáo"]
    )


def test_a_target_without_words_is_said_by_its_name_and_figure() -> None:
    content = sections(
        targets=(
            target("clubs_new", 3, comparator=Comparator.GTE),
            target("club_size", 50, 70, scope=TargetScope.PER_CLUB),
            target("members_total", 3444, comparator=Comparator.GT),
            target("women_share_pct", 6000),
        )
    )
    found = words(of_plan(content))
    assert "- Câu lạc bộ thành lập mới: ít nhất 03 câu lạc bộ;" in found
    assert any(text.endswith("mỗi câu lạc bộ: 50–70 người;") for text in found)
    assert any(text.endswith(": trên 3.444 người;") for text in found)
    assert any(text.endswith(": 60 %.") for text in found)


def test_a_figure_at_the_start_is_said_with_its_unit_and_day() -> None:
    lines = (
        Baseline("b1", "clubs_existing", 4, "31/12/2020", "Câu lạc bộ đang hoạt động"),
        Baseline("b2", "communes_total", 0, ""),
        Baseline("b3", "members_total", 207, "2020", "có 207 thành viên"),
    )
    found = words(of_plan(sections(baselines=lines)))
    at = found.index("Số liệu thực trạng:")
    assert found[at + 1 : at + 4] == [
        "- Câu lạc bộ đã có đầu kỳ: 04 câu lạc bộ (31/12/2020);",
        "- Số xã, phường, thị trấn: 0 xã;",
        "- Số thành viên câu lạc bộ: có 207 thành viên (2020).",
    ]


def test_what_a_section_says_already_is_not_said_again_but_in_the_annex() -> None:
    said = "Đến năm 2025 thành lập mới ít nhất 03 Câu lạc bộ; kinh phí 500.000.000 đồng."
    content = sections(
        sections=(replace(SECTIONS[0], body=said), *SECTIONS[1:]),
        targets=(
            target(
                "clubs_new",
                3,
                comparator=Comparator.GTE,
                wording="thành lập mới ít nhất 03 câu lạc bộ",
            ),
        ),
    )
    paper = of_plan(content)
    assert [text for text in words(paper) if "03" in text] == [said]
    assert not any(money.HEAD in text for text in words(paper))
    assert "ít nhất 03" in tables(paper)["Biểu chỉ tiêu"].rows[0].cells


def test_a_duty_is_left_out_only_where_its_agency_is_named_too() -> None:
    first, second = faultless().duties[:2]
    said = f"1. {first.agency}\n{first.text}\nVà: {second.text}"
    paper = of_plan(sections(sections=(*SECTIONS[:2], replace(SECTIONS[2], body=said))))
    found = words(paper)
    assert sum(first.agency in text for text in found if text[:1].isdigit()) == 1
    at = found.index(f"2. {second.agency}")
    assert found[at + 1] == second.text
    assert found[at + 2] == "3. Chế độ báo cáo"


def test_the_computed_paragraph_is_not_followed_by_another_total() -> None:
    body = money.paragraph(faultless().budget)
    content = sections(sections=(SECTIONS[0], replace(SECTIONS[1], body=body), SECTIONS[2]))
    found = "\n".join(words(of_plan(content)))
    assert found.count(money.HEAD) == body.count(money.HEAD) == 1


def test_lines_without_a_home_get_sections_of_their_own() -> None:
    content = sections(sections=(SectionText("s", "I. Khác", "Lời."),))
    titles = [
        one.text
        for one in of_plan(content).body
        if isinstance(one, Paragraph) and one.style is ParagraphStyle.PART
    ]
    assert titles[0] == "I. KHÁC"
    assert titles[1:] == [
        f"{numeral}. {title}"
        for numeral, title in zip(
            ("II", "III", "IV", "V", "VI", "VII", "VIII"),
            (
                "THỰC TRẠNG",
                "CHỈ TIÊU",
                "GIẢI THÍCH TỪ NGỮ",
                "KINH PHÍ THỰC HIỆN",
                "NHIỆM VỤ",
                "TỔ CHỨC THỰC HIỆN",
                "CHẾ ĐỘ BÁO CÁO",
            ),
            strict=True,
        )
    ]


def test_titles_without_numerals_get_them() -> None:
    bare = tuple(replace(one, title=one.title.partition(". ")[2]) for one in SECTIONS)
    titles = [text for text in words(of_plan(sections(sections=bare))) if text.isupper()]
    assert [text.partition(".")[0] for text in titles] == ["I", "II", "III"]


def test_targets_stand_by_phase_where_there_are_several() -> None:
    phases = (PhaseSpan("all", Span(2026, 2035)), PhaseSpan("one", Span(2026, 2030)))
    content = sections(
        period=Span(2026, 2035),
        phases=phases,
        targets=(
            target("clubs_new", 3, phase="all"),
            target("clubs_new", 2, phase="one", key="b"),
        ),
    )
    paper = of_plan(content)
    found = words(paper)
    assert "a) Cả giai đoạn 2026 - 2035:" in found
    assert "b) Giai đoạn 2026 - 2030:" in found
    (row,) = tables(paper)["Biểu chỉ tiêu"].rows
    assert row.cells[-2:] == ("03", "02")


def test_a_printed_total_that_its_lines_do_not_come_to_is_shown_beside_their_sum() -> None:
    rows = tables(of_plan(plan("vinh-long")))["Biểu kinh phí"].rows
    assert [row.cells[-1] for row in rows if row.total] == ["800.000.000", "1.000.000.000"]


def test_one_annex_has_no_number() -> None:
    content = sections(targets=(), budget=(), tasks=(Task("t", "Tập huấn", ("Hội",)),))
    (annex,) = of_plan(content).annexes
    assert annex.label == "Phụ lục"
    assert "Nhiệm vụ cụ thể, cơ quan chủ trì và phối hợp theo Phụ lục." in words(of_plan(content))


@pytest.mark.parametrize("issuance", Issuance)
def test_a_plan_that_has_just_been_begun_is_a_paper_too(issuance: Issuance) -> None:
    content = Content(
        programme="1336",
        place=faultless().place,
        period=Span(None, 2025),
        phases=(PhaseSpan("2025", Span(None, 2025)),),
        indicators=faultless().indicators,
        header=Header("header", issuance),
        final=False,
    )
    paper = of_plan(content)
    assert paper.draft
    assert pdf.write(paper).startswith(b"%PDF")
