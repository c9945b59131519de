"""V29, V30 and V36: titles, signatures and legal bases."""

from dataclasses import replace
from datetime import date

import pytest
from support.plandocs import TITLE, changed, faultless, found, said

from lth.content.model import BASES, Content, Header, LegalBasis, Paper, PlanUnit, Span
from lth.models.document import SignForm
from lth.models.finding import Severity
from lth.models.parts import Issuance, IssuerForm, PaperRole
from lth.models.unit import Level

# --- V29 ----------------------------------------------------------------------------------

ON_TRA_CU = "Thực hiện Đề án nhân rộng mô hình trên địa bàn huyện Trà Cú giai đoạn đến năm 2025"
TO_2025 = "thực hiện Đề án nhân rộng mô hình giai đoạn đến năm 2025 trên địa bàn huyện Trà Cú"

TITLES = [
    ("as Trà Cú: in another order", ON_TRA_CU, TO_2025, True),
    ("the same", ON_TRA_CU, ON_TRA_CU, False),
    ("in capitals", ON_TRA_CU.upper(), ON_TRA_CU, False),
    ("the decision names the kind", ON_TRA_CU, "Kế hoạch " + ON_TRA_CU.lower(), False),
    ("and whose it is", ON_TRA_CU,
     "Kế hoạch của Sở Lao động về việc " + ON_TRA_CU.lower(), False),
    ("abbreviated", "Nhân rộng Câu lạc bộ", "Nhân rộng CLB", False),
    ("other dashes", "giai đoạn 2016 - 2020", "giai đoạn 2016–2020", False),
    ("other years", "giai đoạn 2016 - 2020", "giai đoạn 2016 - 2021", True),
    ("not known", ON_TRA_CU, "", False),
]  # fmt: skip


def titled(title: str, decided: str, **changes) -> Content:
    """Trà Cú's plan under a title, for the years that it names."""
    header = Header("header", Issuance.DECISION_WITH_PLAN, title, decided)
    place = PlanUnit("huyện Trà Cú", Level.DISTRICT, "tỉnh Trà Vinh", Level.PROVINCE)
    period = Span(2016, 2020) if "2016" in title else Span(2021, 2025)
    return changed(**({"header": header, "place": place, "period": period, "papers": ()} | changes))


@pytest.mark.parametrize(
    ("name", "title", "decided", "fires"), TITLES, ids=[one[0] for one in TITLES]
)
def test_a_plan_has_one_title(name, title, decided, fires):
    assert bool(found(titled(title, decided), "V29")) is fires


def test_another_order_is_said_to_be_that():
    assert "khác thứ tự từ" in said(titled(ON_TRA_CU, TO_2025), "V29")[0]


OF_PAPERS = [
    ("the same", "Về việc ban hành Kế hoạch " + ON_TRA_CU, False),
    ("in short", "V/v ban hành Kế hoạch thực hiện Đề án", False),
    ("of other years", "Ban hành Kế hoạch " + ON_TRA_CU.replace("2025", "2030"), True),
    ("of another place", "Ban hành Kế hoạch " + ON_TRA_CU.replace("Trà Cú", "Cầu Kè"), True),
    ("none", "", False),
]


@pytest.mark.parametrize("role", [PaperRole.DECISION, PaperRole.PLAN, PaperRole.PROPOSAL])
@pytest.mark.parametrize(("name", "title", "fires"), OF_PAPERS, ids=[one[0] for one in OF_PAPERS])
def test_the_dossiers_papers_have_that_title_too(name, title, fires, role):
    content = titled(ON_TRA_CU, ON_TRA_CU, papers=(Paper("d", role, title=title),))
    assert [one.place for one in found(content, "V29")] == ["d"] * fires


def test_of_a_title_of_another_place_the_identity_speaks():
    content = titled(ON_TRA_CU.replace("Trà Cú", "Cầu Kè"), ON_TRA_CU)
    assert not found(content, "V29")
    assert found(content, "V43")


def dossier(decision: str, plan: str, issuance: Issuance) -> Content:
    papers = (
        Paper("d", PaperRole.DECISION, verb=decision),
        Paper("p", PaperRole.PLAN, verb=plan),
    )
    return changed(papers=papers, header=Header("header", issuance, TITLE, TITLE))


VERBS = [
    ("phê duyệt", "ban hành", Issuance.DECISION_APPROVING, ["p"]),
    ("phê duyệt", "phê duyệt", Issuance.DECISION_APPROVING, []),
    ("Ban hành", "ban hành", Issuance.DECISION_WITH_PLAN, []),
    ("phê duyệt", "", Issuance.DECISION_WITH_PLAN, ["d"]),
    ("ban hành", "", Issuance.DECISION_APPROVING, ["d"]),
    ("", "ban hành", Issuance.DECISION_APPROVING, []),
    ("phê duyệt", "", Issuance.PLAN, []),
]


@pytest.mark.parametrize(("decision", "plan", "issuance", "places"), VERBS)
def test_a_decision_and_its_annex_do_one_thing(decision, plan, issuance, places):
    assert [one.place for one in found(dossier(decision, plan, issuance), "V29")] == places


# --- V30 ----------------------------------------------------------------------------------

ALL, HEAD, OFFICE = IssuerForm.COLLECTIVE, IssuerForm.HEAD, IssuerForm.OFFICE
DEPUTY, CHAIR = "Phó Chủ tịch", "Chủ tịch"

SIGNED = [
    (ALL, SignForm.TM_KT, DEPUTY, False),
    (ALL, SignForm.TM, CHAIR, False),
    (ALL, SignForm.Q, "Quyền Chủ tịch", False),
    (ALL, SignForm.KT, DEPUTY, True),
    (ALL, SignForm.HEAD, CHAIR, True),
    (ALL, SignForm.TM, DEPUTY, True),
    (ALL, SignForm.TM_KT, CHAIR, True),
    (HEAD, SignForm.KT, DEPUTY, False),
    (HEAD, SignForm.HEAD, CHAIR, False),
    (HEAD, SignForm.TM_KT, DEPUTY, True),
    (HEAD, SignForm.HEAD, DEPUTY, True),
    (HEAD, SignForm.TL, "Phó Chánh Văn phòng", False),
    (OFFICE, SignForm.KT, "Phó Trưởng phòng", False),
    (OFFICE, SignForm.TM, "Trưởng phòng", True),
    (OFFICE, SignForm.KT, "Trưởng phòng", True),
    (ALL, None, DEPUTY, False),
    (ALL, SignForm.TM_KT, "", False),
]


@pytest.mark.parametrize(("form", "sign", "position", "fires"), SIGNED)
def test_a_signature_says_whose_authority_it_is(form, sign, position, fires):
    paper = Paper("p", PaperRole.PLAN, issuer_form=form, sign_form=sign, position=position)
    findings = found(changed(papers=(paper,)), "V30")
    assert bool(findings) is fires
    assert {one.severity for one in findings} <= {Severity.ERROR}


def test_a_cited_paper_is_not_the_plans_to_sign():
    paper = Paper("p", PaperRole.CITED, issuer_form=ALL, sign_form=SignForm.KT, position=DEPUTY)
    assert not found(changed(papers=(paper,)), "V30")


# --- V36 ----------------------------------------------------------------------------------

CITED = LegalBasis(
    "b", "Quyết định", "1336/QĐ-TTg", date(2020, 8, 31), "Thủ tướng Chính phủ", "Phê duyệt Đề án"
)
LAW = LegalBasis("l", "Luật", title="Luật Người cao tuổi")


def ending(*signs: str) -> Content:
    return changed(bases=tuple(replace(CITED, key=f"b{n}", ending=one)
                               for n, one in enumerate(signs)))  # fmt: skip


ENDINGS = [
    ((";", ";", "."), []),
    ((";", ";", ","), ["b2"]),
    ((";", ";", ";"), ["b2"]),
    ((";", ".", "."), ["b1"]),
    ((",", ","), ["b0", "b1"]),
    (("", "", ""), []),
    ((".",), []),
]


@pytest.mark.parametrize(("signs", "places"), ENDINGS)
def test_bases_end_in_semicolons_and_the_last_in_a_full_stop(signs, places):
    assert [one.place for one in found(ending(*signs), "V36")] == places


@pytest.mark.parametrize("field", ["type", "number", "dated_on", "issuer", "title"])
def test_a_basis_gives_all_of_it(field):
    lacking = replace(CITED, **{field: None if field == "dated_on" else ""})
    (finding,) = found(changed(bases=(lacking,)), "V36")
    assert finding.severity is Severity.INFO
    assert not found(changed(bases=(CITED,)), "V36")


def test_a_law_gives_its_name():
    assert not found(changed(bases=(LAW,)), "V36")
    assert not found(changed(bases=(replace(LAW, type="Bộ luật"),)), "V36")
    assert found(changed(bases=(replace(LAW, title=""),)), "V36")


def test_a_plan_has_a_basis_unless_the_source_has_lost_them():
    (finding,) = found(changed(bases=()), "V36")
    assert finding.place == BASES
    assert not found(changed(bases=(), unreadable=frozenset({BASES})), "V36")
    assert faultless().bases
