"""V41 and V42: what a plan stands on is in force, complete and rightly cited."""

from dataclasses import replace
from datetime import date

import pytest
from support.plandocs import changed, faultless, found, said

from lth.content.model import Content, Header, LegalBasis, PlanUnit, SectionText, Span
from lth.models.finding import Severity
from lth.models.parts import Issuance, PaperRole
from lth.models.unit import Level

OLD, NEW = date(2021, 5, 7), date(2026, 1, 15)


def on(day: date, *bases: LegalBasis, **changes) -> Content:
    """A plan of a day, with these bases besides its own."""
    papers = tuple(
        replace(one, dated_on=day) if one.role is PaperRole.DECISION else one
        for one in faultless().papers
    )
    kept = () if day is NEW else faultless().bases
    if day > OLD:  # no district makes a plan then
        changes["place"] = PlanUnit("tỉnh Sông Hậu", Level.PROVINCE)
    return changed(papers=papers, made_on=day, bases=(*kept, *bases), **changes)


def law(title: str, number: str = "", dated_on: date | None = None) -> LegalBasis:
    return LegalBasis("x", "Luật", number, dated_on, "", title)


LAPSED = [
    ("a law by its name alone", law("Luật Tổ chức chính quyền địa phương"), NEW, ""),
    ("one of a year that has lapsed", law("Luật Tổ chức chính quyền địa phương năm 2015"), NEW,
     "72/2025/QH15"),
    ("while it was in force", law("Luật Tổ chức chính quyền địa phương năm 2015"), OLD, ""),
    ("by its day", law("Luật Tổ chức chính quyền địa phương", "", date(2015, 6, 19)), NEW,
     "72/2025/QH15"),
    ("by its number", law("Luật Tổ chức chính quyền địa phương", "65/2025/QH15"), NEW,
     "72/2025/QH15"),
    ("by its number in the name", law("Luật Ngân sách nhà nước số 83/2015/QH13"), NEW,
     "89/2025/QH15"),
    ("amended, by its first year", law("Luật Tổ chức chính quyền địa phương năm 2015 (sửa đổi năm"
     " 2019)"), NEW, "72/2025/QH15"),
    ("a decree that was replaced", LegalBasis("x", "Nghị định", "110/2004/NĐ-CP"), OLD,
     "30/2020/NĐ-CP"),
    ("a decision of years that are over", LegalBasis("x", "Quyết định", "1533/QĐ-TTg"), OLD,
     "1336/QĐ-TTg"),
    ("replaced twice since", LegalBasis("x", "Nghị định", "37/2014/NĐ-CP"), NEW,
     "150/2025/NĐ-CP"),
    ("unknown to the table", LegalBasis("x", "Nghị định", "99/2001/NĐ-CP"), NEW, ""),
    ("a name that only begins alike", law("Luật Tổ chức Chính phủ điện tử"), NEW, ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "basis", "day", "now"), LAPSED, ids=[one[0] for one in LAPSED])
def test_what_has_lapsed_is_no_basis(name, basis, day, now):
    findings = [one for one in found(on(day, basis), "V41") if one.place == "x"]
    assert bool(findings) is bool(now)
    assert all(now in str(one.remedy) for one in findings)


def test_the_day_of_the_last_review_is_shown():
    (finding,) = found(on(NEW, law("Luật Ngân sách nhà nước năm 2015")), "V41")
    assert "rà soát ngày 30/11/2026" in str(finding.remedy)


def test_what_was_not_there_yet_is_no_basis_either():
    basis = LegalBasis("x", "Nghị định", "150/2025/NĐ-CP")
    (text,) = said(on(OLD, basis), "V41")
    assert "có hiệu lực từ ngày 01/7/2025" in text
    assert not found(on(OLD, replace(basis, dated_on=date(2025, 6, 12))), "V41")  # V15 says it


def test_what_takes_effect_with_the_period_may_be_cited():
    december = date(2025, 12, 20)
    basis = law("Luật Ngân sách nhà nước", "89/2025/QH15")
    assert not found(on(december, basis, period=Span(2026, 2030)), "V41")
    assert found(on(december, basis, period=Span(2025, 2030)), "V41")


# --- V42 ----------------------------------------------------------------------------------


def bases(**changes: dict) -> Content:
    """The faultless bases with fields of some replaced: `two={"number": …}` of the second."""
    lines = dict(zip(("one", "two", "three"), faultless().bases, strict=True))
    return changed(bases=tuple(replace(line, **changes.get(n, {})) for n, line in lines.items()))


WRONG = [
    ("another day", {"two": {"dated_on": date(2020, 8, 28)}}, "ngày 31/8/2020"),
    ("another number", {"two": {"number": "1363/QĐ-TTg"}}, "là Quyết định số 1336/QĐ-TTg"),
    ("another year in its title", {"two": {"title": "Phê duyệt Đề án đến năm 2030"}},
     "Số 1336/QĐ-TTg là của"),
    ("another issuer than the symbol's", {"two": {"issuer": "Chính phủ"}}, "không phải ký hiệu"),
    ("another type than the symbol's", {"three": {"type": "Kế hoạch"}}, "ký hiệu của Kế hoạch"),
    ("the plan above of another day", {"three": {"dated_on": date(2021, 2, 10)}}, "09/02/2021"),
    ("the plan above of another number", {"three": {"number": "340/QĐ-UBND"}}, "304/QĐ-UBND"),
    ("the plan above of another province",
     {"three": {"issuer": "Ủy ban nhân dân tỉnh Thạch Giang"}}, "tỉnh Thạch Giang"),
    ("a law of another number", {"one": {"number": "39/2019/QH12"}}, ""),
    ("a law of another's number", {"one": {"number": "72/2025/QH15"}}, "Số 72/2025/QH15 là của"),
    ("a law of another day", {"one": {"dated_on": date(2009, 11, 20)}}, "23/11/2009"),
    ("spaces and capitals", {"two": {"number": "1336 /QĐ - TTg"}}, ""),
    ("a committee in short", {"three": {"issuer": "UBND tỉnh Sông Hậu"}}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "words"), WRONG, ids=[one[0] for one in WRONG])
def test_a_paper_is_cited_as_it_is(name, change, words):
    texts = said(bases(**change), "V42")
    assert len(texts) == bool(words)
    assert all(words in text for text in texts)


def test_the_plan_above_and_the_decision_are_cited():
    content = changed(bases=faultless().bases[:1])
    (finding,) = found(content, "V42")
    assert finding.severity is Severity.WARNING
    assert "1336/QĐ-TTg" in str(finding.said)
    assert "304/QĐ-UBND" in str(finding.said)
    (finding,) = found(changed(bases=faultless().bases[2:]), "V42")
    assert finding.severity is Severity.INFO


def test_a_paper_of_the_committee_above_will_do_where_its_plan_is_not_known():
    for kept, severity in ((2, Severity.INFO), (0, Severity.WARNING)):
        bases = (faultless().bases[kept],)
        (finding,) = found(changed(bases=bases, parent_paper=""), "V42")
        assert finding.severity is severity


def test_a_decision_that_the_text_names_need_not_be_a_basis():
    text = SectionText("s", "I. Mục tiêu", "Triển khai Quyết định số 1336/QĐ-TTg.")
    assert not found(changed(bases=faultless().bases[2:], sections=(text,)), "V42")


def test_nothing_is_asked_of_a_letter_nor_where_nothing_is_cited():
    letter = Header("header", Issuance.DIRECTIVE)
    assert not found(changed(bases=faultless().bases[:1], header=letter), "V42")
    assert not found(changed(bases=()), "V42")


TWICE = [
    ("a law by name and by number", law("Luật Người cao tuổi số 39/2009/QH12"), 1),
    ("a decision", replace(faultless().bases[1], key="x"), 1),
    ("another law", law("Luật Ngân sách nhà nước"), 0),
    ("the number of another year", LegalBasis("x", "Quyết định", "305/QĐ-UBND",
     date(2021, 1, 5), "Ủy ban nhân dân tỉnh Sông Hậu", "giao dự toán"), 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "basis", "count"), TWICE, ids=[one[0] for one in TWICE])
def test_nothing_is_cited_twice(name, basis, count):
    assert len(found(changed(bases=(*faultless().bases, basis)), "V42")) == count


PROPOSALS = [
    ("the dossier's", "60/TTr-PLĐTBXH", date(2021, 5, 4), ""),
    ("another", "61/TTr-PLĐTBXH", date(2021, 5, 4), "trong hồ sơ là Tờ trình số 60/TTr-PLĐTBXH"),
    ("of another day", "60/TTr-PLĐTBXH", date(2021, 5, 3), "ban hành ngày 04/5/2021"),
]


@pytest.mark.parametrize(
    ("name", "number", "day", "words"), PROPOSALS, ids=[one[0] for one in PROPOSALS]
)
def test_the_cited_proposal_is_the_dossiers(name, number, day, words):
    basis = LegalBasis("x", "Tờ trình", number, day, "Phòng Lao động - Thương binh và Xã hội")
    texts = said(changed(bases=(*faultless().bases, basis)), "V42")
    assert len(texts) == bool(words)
    assert all(words in text for text in texts)
