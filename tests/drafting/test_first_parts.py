"""What a plan starts with beside its figures: whom it cites, tells and reports to."""

from datetime import date

import pytest
from sqlalchemy import select
from support import draftworld as world

from lth.access.scope import Purpose, system
from lth.content.line_storage import of_revision
from lth.content.model import LegalBasis, ReportingDuty
from lth.drafting import first_parts
from lth.drafting.starting import Source
from lth.models import Revision
from lth.models.parts import Frequency, Part

LAW = LegalBasis("", "Luật", title="Luật Người cao tuổi", ending=";")
DECISION = LegalBasis("", "Quyết định", "1336/QĐ-TTg", date(2020, 8, 31))
PROPOSAL = LegalBasis("", "Tờ trình", "65/TTr-PLĐTBXH", date(2021, 4, 26))
OF_COMMUNES = ReportingDuty(
    "", "UBND các xã, thị trấn", ("UBND huyện",), "Phòng LĐTBXH", Frequency.HALF_YEAR, "trước 16/6"
)
OF_OFFICES = ReportingDuty("", "Phòng Lao động - TBXH huyện", ("UBND tỉnh",))


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def start(session, monkeypatch):
    """Start a commune's plan from the district's, that says some lines."""

    def started(lines=()):
        said = {part: [line for of, line in lines if of is part] for part in Part}
        monkeypatch.setattr(first_parts, "of_revision", lambda *_: said)
        document = world.start(session, source=Source.ABOVE)
        with system(session, Purpose.LOAD):
            head = select(Revision.id).where(Revision.document_id == document.id)
            return of_revision(session, session.scalars(head).one())

    return started


def test_the_plan_above_is_cited_told_and_reported_to(start):
    found = start()
    (basis,) = found[Part.BASIS]
    assert (basis.number, basis.dated_on) == ("793/QĐ-UBND", date(2021, 5, 7))
    first, *_, last = found[Part.RECIPIENT]
    assert (first.name, first.purpose) == (basis.issuer, "để báo cáo")
    assert last.name == "Lưu: VT"
    (duty,) = found[Part.REPORTING]
    assert duty.addressees == (basis.issuer,) and "Tập Sơn" in duty.reporter
    assert duty.frequency is Frequency.YEARLY


def test_what_the_plan_above_says_of_those_below_comes_along(start):
    lines = [(Part.BASIS, one) for one in (LAW, DECISION, PROPOSAL)]
    lines += [(Part.REPORTING, one) for one in (OF_COMMUNES, OF_OFFICES)]
    found = start(lines)
    assert [one.number or one.title for one in found[Part.BASIS]] == [
        "Luật Người cao tuổi",
        "1336/QĐ-TTg",
        "793/QĐ-UBND",
    ]
    assert not found[Part.BASIS][0].ending
    (duty,) = found[Part.REPORTING]
    assert (duty.frequency, duty.due) == (Frequency.HALF_YEAR, "trước 16/6")
    assert "Tập Sơn" in duty.reporter and duty.through == "Phòng LĐTBXH"
    assert "Phòng LĐTBXH" in {one.name for one in found[Part.RECIPIENT]}
