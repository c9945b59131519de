"""What a frozen revision's SHA-256 is of: the same content gives the same one on every database."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select
from support.flowworld import NOON, Flow

from lth.access.scope import Purpose, system
from lth.models import (
    Base,
    Indicator,
    PartLine,
    Phase,
    Receipt,
    ReportItem,
    ReportValue,
    Section,
    Target,
)
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.parts import Part
from lth.models.programme import PeriodUse
from lth.models.report import Reported, ReportItemKind
from lth.models.unit import Level
from lth.workflow import revisions
from lth.workflow.acts import Act
from lth.workflow.kinds import PLAN, SYNTHESIS

LINES = (
    '"part_line":[{"data":{"activity":"Họp","amount":5},"line_key":"budget-1","ordinal":1,'
    '"part":"budget"}],'
)
DONE = (
    '"report_item":[{"kind":"request","level":null,"line_key":"request-1","ordinal":1,'
    '"text":"Đề nghị tập huấn"}],"report_value":[{"counted":null,"cumulative":9,"from_books":6,'
    '"indicator":"clubs_new","least":null,"line_key":"clubs_new","missing":null,"nils":null,'
    '"not_applicable":null,"reason":"Sổ tháng 5 nộp sau","reported":"value","value":7}],'
)
SMALL = (
    "{" + LINES + '"receipt":[["ngaixuye",null,null],["tapson",1,"' + "a" * 64 + '"]],' + DONE + ""
    '"section":[{"body":"Giúp người cao tuổi\\nvui, khỏe, có ích","line_key":"s.purpose",'
    '"ordinal":1,"title":"I. Mục đích, yêu cầu"}],'
    '"target":[{"area_type":"all","comparator":"between","counted":17,"counts_from":"new",'
    '"denominator_code":null,"flags":["mixed"],"in_range":null,"incomparable":0,'
    '"indicator":"clubs_new","line_key":"clubs_new@2021","numerator_code":null,'
    '"parent_share_key":null,"phase":"2021","scope":"unit","source_ref":"mục I.2",'
    '"value_max":1235000000000,"value_min":7,"wording":"từ 7 “câu lạc bộ”"}]}'
)
"""A small document as it is hashed, by hand: keys in order, codes and never ids, no spaces."""

DIGEST = "b24ebe70b74ed5a9833b2c3253c0f1bfea5781e1d70476715590abccbd3ac5b0"

OTHER_VALUES = {
    "line_key": "khác",
    "ordinal": 2,
    "title": "Khác",
    "body": "Khác",
    "comparator": Comparator.QUALITATIVE,
    "value_min": 8,
    "value_max": 1_235_000_000_001,
    "scope": TargetScope.PER_CLUB,
    "counts_from": CountsFrom.CUMULATIVE,
    "numerator_code": "a",
    "denominator_code": "b",
    "area_type": AreaType.MOUNTAIN,
    "parent_share_key": "c",
    "wording": "khác",
    "source_ref": "khác",
    "flags": [],
    "counted": 16,
    "incomparable": 1,
    "in_range": 1,
    "said": [["eq", 1, None, "", 1]],
    "reported": Reported.NIL,
    "value": 8,
    "cumulative": 10,
    "from_books": 7,
    "reason": "khác",
    "nils": 1,
    "not_applicable": 1,
    "missing": 1,
    "least": 1,
    "kind": ReportItemKind.DIFFICULTY,
    "text": "khác",
    "level": Level.PROVINCE,
    "part": Part.TASK,
    "data": {"amount": 6},
}
"""Another value for each column of content."""

NOT_HASHED = {"version": 2, "edited_at": NOON, "edited_by_id": 1, "sum_kind": 0, "own_order": 1}


@pytest.fixture
def small(flow: Flow) -> Iterator[int]:
    """The id of an open revision that holds that much."""
    document_id = flow.start("specialist@tracu", kind=SYNTHESIS, complete=False)
    revision_id = flow.revision(document_id, 1)["id"]
    with system(flow.session, Purpose.LOAD):
        flow.session.add_all(_rows(flow, revision_id))
        flow.session.flush()
        yield revision_id


def _rows(flow: Flow, revision_id: int) -> list[Base]:
    phase = flow.session.scalars(
        select(Phase).where(Phase.period_id == flow.period("2021").id)
    ).one()
    indicator = flow.session.scalars(
        select(Indicator).where(Indicator.programme_id == flow.period("2021").programme_id)
    ).one()
    taken = flow.document("tapson", Status.APPROVED)
    there = {"document_id": taken, "number": 1, "sha256": "a" * 64}
    return [
        Section(
            revision_id=revision_id,
            line_key="s.purpose",
            ordinal=1,
            title="I. Mục đích, yêu cầu",
            body="Giúp người cao tuổi\nvui, khỏe, có ích",
        ),
        Target(
            revision_id=revision_id,
            line_key="clubs_new@2021",
            indicator_id=indicator.id,
            phase_id=phase.id,
            comparator=Comparator.BETWEEN,
            value_min=7,
            value_max=1_235_000_000_000,
            wording="từ 7 “câu lạc bộ”",
            source_ref="mục I.2",
            flags=["mixed"],
            counted=17,
            incomparable=0,
        ),
        PartLine(
            revision_id=revision_id,
            line_key="budget-1",
            part=Part.BUDGET,
            data={"amount": 5, "activity": "Họp"},
        ),
        ReportValue(
            revision_id=revision_id,
            line_key="clubs_new",
            indicator_id=indicator.id,
            value=7,
            cumulative=9,
            from_books=6,
            reason="Sổ tháng 5 nộp sau",
        ),
        ReportItem(
            revision_id=revision_id,
            line_key="request-1",
            kind=ReportItemKind.REQUEST,
            text="Đề nghị tập huấn",
        ),
        Receipt(revision_id=revision_id, unit_id=flow.units["tapson"], **there),
        Receipt(revision_id=revision_id, unit_id=flow.units["ngaixuyen"]),
    ]


def test_the_canonical_text_is_as_written_by_hand(flow, small):
    assert revisions.canonical(flow.session, small).decode() == SMALL


def test_a_document_without_such_lines_is_hashed_as_before_there_were_any(flow, small):
    with system(flow.session, Purpose.LOAD):
        for later in (PartLine, ReportValue, ReportItem):
            flow.session.execute(delete(later).where(later.revision_id == small))
        hashed = revisions.canonical(flow.session, small).decode()
    assert hashed == SMALL.replace(LINES, "").replace(DONE, "") != SMALL


def test_its_digest_is_the_same_on_every_database(flow, small):
    assert hashlib.sha256(SMALL.encode()).hexdigest() == DIGEST
    assert revisions.digest(flow.session, small) == DIGEST


def _every_column() -> list[tuple[type[Base], str]]:
    return [
        (part, column.name)
        for part in revisions.PARTS
        for column in part.__table__.columns
        if column.name not in {"id", "revision_id", "indicator_id", "phase_id"}
    ]


@pytest.mark.parametrize(("part", "name"), _every_column())
def test_every_column_of_content_is_in_it(flow, small, part, name):
    row = flow.session.scalars(select(part).where(part.revision_id == small)).one()
    _set(row, name, (NOT_HASHED | OTHER_VALUES)[name])
    flow.session.flush()
    assert (revisions.digest(flow.session, small) == DIGEST) == (name in NOT_HASHED)


def _set(row: Base, name: str, value: Any) -> None:
    setattr(row, name, value)
    if value is Comparator.QUALITATIVE:
        row.value_min = row.value_max = None
    if value is Reported.NIL:
        row.value = None


def test_what_is_in_the_receipt_is_in_it(flow, small):
    receipt = flow.session.get_one(Receipt, (small, flow.units["tapson"]))
    receipt.number = 2
    flow.session.flush()
    assert revisions.digest(flow.session, small) != DIGEST


@pytest.mark.parametrize("kind", Kind.of(PeriodUse.PLAN))
def test_a_submission_freezes_the_digest_of_what_is_there(flow, kind):
    unit = "tapson" if kind is PLAN else "tracu"
    document_id = flow.document(unit, Status.CLEARANCE, kind)
    with system(flow.session, Purpose.RECONCILE):
        before = revisions.digest(flow.session, flow.revision(document_id, 1)["id"])
    flow.do(f"leader@{unit}", document_id, Act.SUBMIT)
    assert flow.revision(document_id, 1)["sha256"] == before


def test_a_copy_has_the_digest_of_what_it_was_copied_from(flow, returned):
    with system(flow.session, Purpose.RECONCILE):
        copy = revisions.digest(flow.session, flow.revision(returned, 2)["id"])
    assert copy == flow.revision(returned, 1)["sha256"]


def test_any_edit_of_the_copy_changes_it(flow, returned, clerk):
    flow.write(clerk, returned, "Đã viết lại")
    with system(flow.session, Purpose.RECONCILE):
        copy = revisions.digest(flow.session, flow.revision(returned, 2)["id"])
    assert copy != flow.revision(returned, 1)["sha256"]
