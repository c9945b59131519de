"""What an address names within something else belongs to that, or there is no such page."""

from datetime import timedelta
from itertools import islice, pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased
from support.demoreports import DemoReports

from lth import synthesis
from lth.access.scope import Purpose, system
from lth.core import clock
from lth.models import (
    AgencyCode,
    Attachment,
    Deadline,
    Document,
    Event,
    HandOver,
    Indicator,
    Invitation,
    Office,
    OfficialPaper,
    Phase,
    Quota,
    Receipt,
    Remark,
    ReportItem,
    Revision,
    RoleAssignment,
    Roster,
    SignedCopy,
    Unit,
    WorkbookUpload,
)
from lth.models.person import Role
from lth.models.programme import Period
from lth.models.report import ReportItemKind

from .test_form_roles import value_for

_UNIT, _MEMBER = aliased(Unit), aliased(Unit)
_SYNTHESIS = aliased(Revision)

BELONGS = {
    ("document_id", "remark_id"): select(Revision.document_id, Remark.id).join(
        Remark, Remark.revision_id == Revision.id
    ),
    ("document_id", "event_id"): select(Event.document_id, Event.id),
    ("document_id", "attachment_id"): select(Attachment.document_id, Attachment.id),
    ("document_id", "hand_over_id"): select(OfficialPaper.document_id, HandOver.id).join(
        HandOver, HandOver.paper_id == OfficialPaper.id
    ),
    ("document_id", "copy_id"): select(OfficialPaper.document_id, SignedCopy.id).join(
        SignedCopy, SignedCopy.paper_id == OfficialPaper.id
    ),
    ("document_id", "quota_id"): select(Quota.document_id, Quota.id),
    ("document_id", "unit_id"): select(Quota.document_id, Quota.unit_id).distinct(),
    ("document_id", "indicator_id"): select(Document.id, Indicator.id).join(
        Indicator, Indicator.programme_id == Document.programme_id
    ),
    ("document_id", "item_id"): select(_SYNTHESIS.document_id, ReportItem.id)
    .join(Receipt, Receipt.revision_id == _SYNTHESIS.id)
    .join(
        Revision,
        (Revision.document_id == Receipt.document_id) & (Revision.number == Receipt.number),
    )
    .join(ReportItem, ReportItem.revision_id == Revision.id),
    ("indicator_id", "phase_id"): select(Indicator.id, Phase.id)
    .join(Period, Period.programme_id == Indicator.programme_id)
    .join(Phase, Phase.period_id == Period.id),
    ("unit_id", "person_id"): select(RoleAssignment.unit_id, RoleAssignment.person_id),
    ("person_id", "role_id"): select(RoleAssignment.person_id, RoleAssignment.id),
    ("unit_id", "office_id"): select(Office.unit_id, Office.id),
    ("unit_id", "deadline_id"): select(Deadline.setter_id, Deadline.id),
    ("unit_id", "invitation_id"): select(_UNIT.id, Invitation.id)
    .join(_MEMBER, _MEMBER.path.startswith(_UNIT.path))
    .join(Invitation, Invitation.unit_id == _MEMBER.id),
    ("unit_id", "code_id"): select(AgencyCode.unit_id, AgencyCode.id),
    ("document_id", "upload_id"): select(WorkbookUpload.document_id, WorkbookUpload.id),
    ("unit_id", "roster_id"): select(Roster.unit_id, Roster.id),
    ("unit_id", "member_id"): select(_UNIT.id, _MEMBER.id).where(
        _MEMBER.path.startswith(_UNIT.path)
    ),
}
"""What belongs to what, for each pair of ids that an address names one within the other."""

SENT = {
    **dict.fromkeys(("text", "reason", "answer", "name", "position"), "Thử"),
    **dict.fromkeys(("seen", "was", "last_day", "value", "valid_from"), ""),
    "kind": "explained",
    "move": "keep",
    "confirmed": "1",
}
WHO = {
    "commune": "clerk of a returned plan",
    "district": "district specialist",
    "province": "province specialist",
    "admin": "system administrator",
}
TRIED = 4
"""How many strangers of each pair are tried."""


def nested(rule) -> list[tuple[str, str]]:
    """The ids of an address, each within the one before; a period is of all units."""
    ids = [one for one in rule._converters if one.endswith("_id") and one != "period_id"]
    return list(pairwise(ids))


def test_every_pair_is_known(guarded):
    pairs = {pair for rule in guarded.url_map.iter_rules() for pair in nested(rule)}
    assert pairs == set(BELONGS)


@pytest.fixture
def with_files(session, id_of) -> None:
    """A file beside each of two documents, which the demo begins without."""
    person_id, now = id_of("quan-tri@lth.example"), clock.now()
    what = {"name": "Tờ trình.pdf", "media_type": "application/pdf", "size": 7}
    with system(session, Purpose.LOAD):
        for document in session.scalars(select(Document).order_by(Document.id).limit(2)):
            of = {"document_id": document.id, "unit_id": document.unit_id, "from_number": 1}
            session.add(
                Attachment(**of, **what, person_id=person_id, sha256="0" * 64, added_at=now)
            )
        session.flush()
        session.commit()


@pytest.fixture
def with_reports(session) -> None:
    """Two districts that add up a commune's report each, with what these ask for."""
    reports = DemoReports(session)
    for name in ("huyện Trà Cú", "huyện Càng Long"):
        district = reports.named(name)
        report = reports.document(reports.below(district)[0])
        reports.item(report, ReportItemKind.REQUEST, "Đề nghị cấp sổ.")
        reports.release(report)
        document = reports.started(district)
        actor = reports.holder(Role.SPECIALIST, district)
        synthesis.take_over(session, actor, document.id, now=clock.now())
    session.commit()


@pytest.fixture
def of_one_unit(session, id_of) -> None:
    """A list, an invitation, a code, packages and signed copies, which the demo is without."""
    person_id, now = id_of("quan-tri@lth.example"), clock.now()
    with system(session, Purpose.LOAD):
        named = select(Unit.id).where(Unit.name == "Tập Sơn").order_by(Unit.valid_from)
        unit_id = session.scalar(named)
        until = now + timedelta(days=7)
        stamps = {"created_at": now, "expires_at": until}
        session.add(Roster(unit_id=unit_id, created_by_id=person_id, file_name="a.csv", **stamps))
        code = {"scheme": "qd20", "code": "H61.1", "valid_from": clock.today(), "created_at": now}
        session.add(AgencyCode(unit_id=unit_id, name="", **code))
        book = {"book": {"sheets": []}, "seal": {}, "file_name": "a.xlsx"}
        for place in session.execute(select(Document.id, Document.unit_id).limit(2)).all():
            session.add(
                WorkbookUpload(
                    unit_id=place.unit_id,
                    document_id=place.id,
                    created_by_id=person_id,
                    **stamps,
                    **book,
                )
            )
        session.add(
            Invitation(
                unit_id=unit_id,
                email="nguoi.moi@lth.example",
                name="Người mới",
                role=Role.CLERK,
                valid_from=clock.today(),
                token_hash="0" * 64,
                invited_by_id=person_id,
                mailed_at=now,
                **stamps,
            )
        )
        for paper in session.scalars(select(OfficialPaper).order_by(OfficialPaper.id).limit(3)):
            by = {"paper_id": paper.id, "unit_id": paper.unit_id, "person_id": person_id, "at": now}
            prints = dict.fromkeys(("package_sha256", "pdf_sha256", "word_sha256"), "0" * 64)
            session.add(HandOver(**by, **prints, has_number=True, size=1, pages=1))
            session.add(SignedCopy(**by, file_name="a.pdf", sha256="0" * 64, size=1))
        session.flush()
        session.commit()


def test_a_child_of_another_parent_is_not_found(
    guarded, visitor, commits, session, of_one_unit, with_files, with_reports
):
    session.rollback()
    with system(session, Purpose.LOAD):
        rows = {pair: set(map(tuple, session.execute(query))) for pair, query in BELONGS.items()}
        period_id = session.scalar(select(Period.id).order_by(Period.id))
    session.rollback()
    units = {parent for parent, _ in rows["unit_id", "person_id"]}
    browsers = {level: visitor(who) for level, who in WHO.items()}
    tried, wrong = set(), []
    for rule in guarded.url_map.iter_rules():
        level = rule.endpoint.partition(".")[0]
        for pair in nested(rule):
            for parent, child in islice(
                strangers(rows[pair], units if pair[0] == "unit_id" else ()), TRIED
            ):
                values = {name: value_for(one) for name, one in rule._converters.items()}
                values |= others(rows, pair, parent, rule)
                if "period_id" in values:
                    values["period_id"] = period_id
                values |= {pair[0]: parent, pair[1]: child}
                address = rule.build(values, append_unknown=False)[1]
                tried.add(rule.endpoint)
                refused = {404} if "GET" in rule.methods else {403, 404, 409}
                status, changed = _asked(browsers[level], rule, address, commits)
                if status in refused and changed:  # by this address, or by something beside it?
                    status, changed = _asked(browsers[level], rule, address, commits)
                if status not in refused or changed:
                    wrong.append((rule.endpoint, address, status, changed))
    assert wrong == []
    assert tried == {rule.endpoint for rule in guarded.url_map.iter_rules() if nested(rule)}


def _asked(browser, rule, address, commits):
    """Ask for an address: how it is answered, and what was written in any table meanwhile."""
    commits()
    answer = browser.get(address) if "GET" in rule.methods else browser.post(address, SENT)
    return answer.status_code, commits() and commits.what


def strangers(rows, parents):
    """Pairs of a parent and a child of which each is there, but not together."""
    ordered = sorted(row for row in rows if None not in row)
    there = {parent for parent, _ in ordered} | {one for one in parents if one}
    for parent in sorted(there):
        for _, child in reversed(ordered):
            if (parent, child) not in rows:
                yield parent, child
                break


def others(rows, pair, parent, rule):
    """What stands above a pair in its address: something that its parent does belong to."""
    found = {}
    for above, below in nested(rule):
        if below == pair[0]:
            owners = [one for one, child in rows[above, below] if one and child == parent]
            found[above] = min(owners, default=1)
    return found
