"""A list costs as many queries with twice the rows, on a cold session each time."""

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.models import (
    Base,
    Document,
    DocumentStep,
    Participation,
    ReportValue,
    Revision,
    RevisionEditor,
    Target,
    Unit,
)

LISTS = {
    "district specialist": [
        "/district/",
        "/district/inbox",
        "/district/inbox?state=approved",
        "/district/inbox?text=dinh+an",
        "/district/inbox?order=due",
        "/district/month",
        "/district/work",
        "/district/work?order=due&late=1",
        "/district/work?text=an&order=document",
        "/district/documents",
        "synthesis",
        "figure",
        "/notices",
    ],
    "district leader": ["/district/", "/district/inbox?mine=1", "/district/work"],
    "province specialist": ["/province/", "/province/inbox", "/province/documents"],
}


@pytest.fixture
def count(session, visitor, document_of, engine_of):
    """How many queries each list costs; a request begins with an empty session of its own."""

    def counted() -> dict[tuple[str, str], int]:
        synthesis = f"/district/documents/{document_of('huyện Trà Cú', 'synthesis').id}/synthesis"
        named = {"synthesis": synthesis, "figure": f"{synthesis}/{a_figure(session)}"}
        found = {}
        for who, listed in LISTS.items():
            browser = visitor(who)
            for address in listed:
                found[who, address] = queries(engine_of, browser, named.get(address, address))
        return found

    return counted


def queries(engine, browser, address) -> int:
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")) and "set_config" not in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = browser.get(address)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, address
    return len(statements)


def test_twice_the_communes_cost_no_query_more(count, session, document_of):
    before = count()
    added = double(session, document_of("huyện Trà Cú").unit_id)
    assert added == 17
    assert count() == before
    assert max(before.values()) <= 12


def a_figure(session: Session) -> str:
    """An indicator and a phase that the synthesis has, as the drill-down's address names them."""
    with system(session, Purpose.LOAD):
        indicator, phase = session.execute(
            select(Target.indicator_id, Target.phase_id)
            .join(Revision, Revision.id == Target.revision_id)
            .join(Document, Document.id == Revision.document_id)
            .where(Document.kind == "synthesis")
            .order_by(Target.id)
            .limit(1)
        ).one()
    session.rollback()
    return f"{indicator}/{phase}"


def double(session: Session, parent_id: int) -> int:
    """Give every unit that takes part below the parent a twin, with its documents: how many."""
    with system(session, Purpose.LOAD):
        members: dict[int, list[Participation]] = {}
        for row in session.scalars(
            select(Participation).where(Participation.parent_id == parent_id)
        ).all():
            members.setdefault(row.unit_id, []).append(row)
        for unit_id, periods in members.items():
            twin = twin_unit(session, unit_id)
            for row in periods:
                clone(session, Participation, row, unit_id=twin.id)
            for document in session.scalars(select(Document).where(Document.unit_id == unit_id)):
                twin_document(session, document, twin)
        session.commit()
    return len(members)


def twin_unit(session: Session, unit_id: int) -> Unit:
    unit = session.get_one(Unit, unit_id)
    parent = unit.path[: unit.path.rstrip(".").rindex(".") + 1]
    new_id = clone(session, Unit, unit, id=None, name=f"{unit.name} hai", path="?")
    session.execute(update(Unit).where(Unit.id == new_id).values(path=f"{parent}{new_id}."))
    return session.get_one(Unit, new_id)


def twin_document(session: Session, document: Document, unit: Unit) -> None:
    place = {"unit_id": unit.id, "unit_path": unit.path}
    new_document = clone(session, Document, document, id=None, **place)
    for step in session.scalars(
        select(DocumentStep).where(DocumentStep.document_id == document.id)
    ):
        own = {"unit_id": unit.id} if step.ordinal == 0 else {}
        clone(session, DocumentStep, step, document_id=new_document, **own)
    for revision in session.scalars(select(Revision).where(Revision.document_id == document.id)):
        twin_revision(session, revision, new_document, place)


LATER = ("frozen_at", "sha256", "submitted_at", "released_at", "withdrawn_at")


def twin_revision(session: Session, revision: Revision, document_id: int, place: dict) -> None:
    """Content first, then frozen: a frozen revision takes none."""
    open_ = dict.fromkeys(LATER)
    new_id = clone(session, Revision, revision, id=None, document_id=document_id, **place, **open_)
    for part in (Target, ReportValue, RevisionEditor):
        for row in session.scalars(select(part).where(part.revision_id == revision.id)):
            own = {} if part is RevisionEditor else {"id": None}
            clone(session, part, row, revision_id=new_id, **own)
    values = {name: getattr(revision, name) for name in LATER}
    session.execute(update(Revision).where(Revision.id == new_id).values(**values))


def clone(session: Session, model: type[Base], row: Base, **changed) -> int | None:
    """Insert a copy of a row; returns its new id where it has one."""
    columns = model.__table__.columns
    values = {column.name: getattr(row, column.name) for column in columns} | changed
    if values.get("id", 0) is None:
        del values["id"]
        return session.execute(insert(model).values(**values).returning(model.id)).scalar_one()
    session.execute(insert(model).values(**values))
    return None
