"""V15 to V17: the papers of a dossier."""

from dataclasses import replace
from datetime import date

import pytest
from support.plandocs import changed, codes, found, said

from lth.content.model import HEADER, Content, Header, LegalBasis, Paper
from lth.models.document import SignForm
from lth.models.finding import Severity, Stage
from lth.models.parts import Issuance, IssuerForm, PaperRole

DECISION, PLAN, PROPOSAL = PaperRole.DECISION, PaperRole.PLAN, PaperRole.PROPOSAL
DIRECTIVE, CITED = PaperRole.DIRECTIVE, PaperRole.CITED
WITH_PLAN, APPROVING = Issuance.DECISION_WITH_PLAN, Issuance.DECISION_APPROVING
ERROR, INFO = Severity.ERROR, Severity.INFO


def march(day: int) -> date:
    """March 2017: the 6th is a Monday."""
    return date(2017, 3, day)


def paper(role: PaperRole, on: date | None = None, number: str = "", **fields) -> Paper:
    return Paper(role.value, role, number, on, **fields)


def basis(on: date | None, number: str = "304/QĐ-UBND") -> LegalBasis:
    return LegalBasis("basis", "Quyết định", number, on)


def dossier(issuance: Issuance, *lines: Paper | LegalBasis, **changes) -> Content:
    return changed(
        header=Header(HEADER, issuance),
        papers=tuple(one for one in lines if isinstance(one, Paper)),
        bases=tuple(one for one in lines if isinstance(one, LegalBasis)),
        targets=(),
        **changes,
    )


# --- V15 ----------------------------------------------------------------------------------

ORDERS = [
    (
        "as Vĩnh Long: proposed a week before it was there",
        dossier(
            APPROVING, paper(PROPOSAL, march(6)), paper(PLAN, march(13)), paper(DECISION, march(22))
        ),
        ["proposal"],
    ),
    (
        "all on one day",
        dossier(APPROVING, *(paper(one, march(13)) for one in (PROPOSAL, PLAN, DECISION))),
        [],
    ),
    (
        "proposed after the decision",
        dossier(WITH_PLAN, paper(PROPOSAL, march(23)), paper(DECISION, march(22))),
        ["decision"],
    ),
    (
        "as Trà Cú: the plan is of the day of its decision",
        dossier(
            WITH_PLAN,
            paper(PROPOSAL, march(6)),
            *(paper(one, march(7)) for one in (PLAN, DECISION)),
        ),
        [],
    ),
    (
        "a plan younger than its decision",
        dossier(WITH_PLAN, paper(PLAN, march(8)), paper(DECISION, march(7))),
        ["decision"],
    ),
    (
        "a basis after the proposal",
        dossier(WITH_PLAN, basis(march(7)), paper(PROPOSAL, march(6))),
        ["basis"],
    ),
    ("a basis of the same day", dossier(WITH_PLAN, basis(march(6)), paper(PROPOSAL, march(6))), []),
    (
        "a basis after the plan",
        dossier(Issuance.PLAN, basis(march(7)), paper(PLAN, march(6))),
        ["basis"],
    ),
    (
        "a letter before the plan that it cites",
        dossier(Issuance.DIRECTIVE, paper(CITED, march(7)), paper(DIRECTIVE, march(6))),
        ["directive"],
    ),
    (
        "a draft under a basis that is not there yet",
        dossier(Issuance.PLAN, basis(march(7)), made_on=march(6)),
        ["basis"],
    ),
    ("a draft under one of today", dossier(Issuance.PLAN, basis(march(6)), made_on=march(6)), []),
    ("no dates", dossier(WITH_PLAN, basis(None), paper(PROPOSAL), paper(DECISION)), []),
]


@pytest.mark.parametrize(("content", "places"), [c[1:] for c in ORDERS], ids=[c[0] for c in ORDERS])
def test_v15_papers_follow_what_they_stand_on(content, places):
    findings = found(content, "V15", Stage.DRAFT)
    assert [(one.place, one.severity) for one in findings] == [(one, ERROR) for one in places]


def test_v15_says_which_is_older():
    assert said(ORDERS[0][1], "V15") == [
        "Tờ trình ghi ngày 06/3/2017, trước Kế hoạch ngày 13/3/2017."
    ]


@pytest.mark.parametrize(
    ("on", "weekday"),
    [
        (date(2013, 6, 16), "Chủ nhật"),
        (date(2013, 6, 15), "thứ Bảy"),
        (date(2013, 6, 14), None),
        (date(2013, 6, 17), None),
    ],
)
def test_v15_shows_a_weekend(on, weekday):
    findings = found(dossier(Issuance.PLAN, basis(on)), "V15")
    assert [one.severity for one in findings] == ([INFO] if weekday else [])
    for finding in findings:
        assert str(finding.said).endswith(f"là {weekday}.")


# --- V16 ----------------------------------------------------------------------------------


def whole(role: PaperRole, number: str, **fields) -> Paper:
    return paper(role, march(7), number, **{"signed": True} | fields)


FULL = whole(DECISION, "793/QĐ-UBND")
BLANKS = [
    ("nothing blank", dossier(WITH_PLAN, FULL), []),
    ("as Tam Tiến: no number", dossier(WITH_PLAN, replace(FULL, number="/QĐ-UBND")), ["decision"]),
    ("no number at all", dossier(WITH_PLAN, replace(FULL, number="")), ["decision"]),
    ("no date", dossier(WITH_PLAN, replace(FULL, dated_on=None)), ["decision"]),
    ("as Vĩnh Long: nobody's name", dossier(WITH_PLAN, replace(FULL, signed=False)), ["decision"]),
    ("an annex has none of its own", dossier(WITH_PLAN, FULL, paper(PLAN)), []),
    ("an office's plan has", dossier(APPROVING, FULL, paper(PLAN)), ["plan"]),
    ("a plan alone has", dossier(Issuance.PLAN, paper(PLAN, march(7), "12/KH-UBND")), ["plan"]),
    (
        "a proposal without its number",
        dossier(WITH_PLAN, FULL, paper(PROPOSAL, march(7))),
        ["proposal"],
    ),
    (
        "a proposal that is only cited needs no signature",
        dossier(WITH_PLAN, FULL, paper(PROPOSAL, march(7), "60/TTr-PLĐTBXH")),
        [],
    ),
    (
        "one in the dossier does",
        dossier(
            WITH_PLAN, FULL, paper(PROPOSAL, march(7), "60/TTr-PLĐTBXH", sign_form=SignForm.KT)
        ),
        ["proposal"],
    ),
    ("as Bình Sơn", dossier(Issuance.DIRECTIVE, paper(DIRECTIVE, None, "/UBND")), ["directive"]),
    ("the paper itself is not there", dossier(Issuance.PLAN), [HEADER]),
    ("a source that lost its papers", dossier(Issuance.PLAN, unreadable=frozenset({"papers"})), []),
    ("a plan that is numbered by being issued", dossier(Issuance.PLAN, final=False), []),
]


@pytest.mark.parametrize(("content", "places"), [c[1:] for c in BLANKS], ids=[c[0] for c in BLANKS])
def test_v16_what_is_issued_is_numbered_dated_and_signed(content, places):
    findings = found(content, "V16", Stage.ISSUE)
    assert [(one.place, one.severity) for one in findings] == [(one, ERROR) for one in places]


def test_v16_asks_for_nothing_before():
    blank = dossier(WITH_PLAN, paper(DECISION))
    assert "V16" in codes(blank, Stage.ISSUE)
    assert "V16" not in codes(blank, Stage.SUBMIT) | codes(blank, Stage.DRAFT)
    assert said(blank, "V16") == ["Quyết định còn để trống: số, ngày ban hành, họ tên người ký."]


# --- V17 ----------------------------------------------------------------------------------

DISTRICT = {"issuer": "Ủy ban nhân dân huyện Trà Cú"}
HEAD = {"issuer": "Chủ tịch UBND huyện Trà Cú", "issuer_form": IssuerForm.HEAD}
OFFICE = {"issuer": "Phòng Lao động - Thương binh và Xã hội", "issuer_form": IssuerForm.OFFICE}
DEPARTMENT = {"issuer": "Sở Y tế", "issuer_form": IssuerForm.OFFICE}
SYMBOLS = [
    (DECISION, "793/QĐ-UBND", DISTRICT, False),
    (DECISION, "/QĐ-UBND", DISTRICT, False),
    (DECISION, "", DISTRICT, False),
    (DECISION, "05/QĐ-UBND", DISTRICT, False),
    (DECISION, "5/QĐ-UBND", DISTRICT, True),
    (DECISION, "00/QĐ-UBND", DISTRICT, True),
    (DECISION, "793/ QĐ-UBND", DISTRICT, True),
    (DECISION, "793-QĐ/UBND", DISTRICT, True),
    (DECISION, "793/QD-UBND", DISTRICT, True),
    (DECISION, "793/KH-UBND", DISTRICT, True),
    (DECISION, "793/QĐ-SYT", DISTRICT, True),
    (DECISION, "793/QĐ-UBND", HEAD, False),
    (DECISION, "793/QĐ-CT", HEAD, True),
    (DECISION, "793/QĐ-UBND-NC", DISTRICT, True),
    (PLAN, "92/KH-UBND", DISTRICT, False),
    (PLAN, "13/KH-SLĐTBXH", {}, False),
    (PLAN, "13/KH-SYT", DEPARTMENT, False),
    (PLAN, "13/KH-PYT", DEPARTMENT, True),
    (PROPOSAL, "60/TTr-PLĐTBXH", OFFICE, False),
    (PROPOSAL, "60/TTr-LĐTBXH", OFFICE, False),
    (PROPOSAL, "60/TTR-PLĐTBXH", OFFICE, True),
    (PROPOSAL, "60/TTr-SLĐTBXH", OFFICE, True),
    (DIRECTIVE, "581/UBND-KGVX", HEAD, False),
    (DIRECTIVE, "/UBND-VX", HEAD, False),
    (DIRECTIVE, "/UBND", HEAD, True),
    (DIRECTIVE, "581/UBND - KGVX", HEAD, True),
    (DIRECTIVE, "581/CV-UBND", HEAD, True),
    (CITED, "92/KH-UBND", {}, False),
    (CITED, "92/UBND", {}, True),
]


@pytest.mark.parametrize(("role", "number", "issuer", "fires"), SYMBOLS)
def test_v17_a_symbol_is_as_the_decree_has_it(role, number, issuer, fires):
    content = dossier(WITH_PLAN, paper(role, None, number, **issuer))
    findings = found(content, "V17", Stage.DRAFT)
    assert [(one.place, one.severity) for one in findings] == [
        (role.value, Severity.WARNING)
    ] * fires


def test_v17_gives_an_example():
    content = dossier(Issuance.DIRECTIVE, paper(DIRECTIVE, None, "/UBND"))
    finding = found(content, "V17")[0]
    assert "thiếu dấu “-” và chữ viết tắt đơn vị soạn thảo" in str(finding.said)
    assert "12/UBND-VX" in str(finding.remedy)
