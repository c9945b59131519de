"""The scopes of `lth/access/scope.py` see what row-level security lets through, on both databases.

Held to the same hand-written expectations: on SQLite the predicates alone, on PostgreSQL the
predicates within the policies. So a query that takes its scope reads the same rows everywhere.
"""

from collections.abc import Callable

import pytest
from database.expected import READS, VIEWERS
from database.rows import Book, all_keys, lines, scope_of, seen_as
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from world import NOON, World

from lth.access import scope as scopes
from lth.access.scope import Purpose, Scope, Sight, bind, reading_many, system
from lth.models import (
    Attachment,
    Base,
    Document,
    Event,
    OfficialPaper,
    Opinion,
    OutboxMessage,
    Quota,
    Remark,
    ReportRequest,
    Revision,
    Target,
)
from lth.models.document import Status

Predicate = Callable[[Scope], ColumnElement[bool]]

JUDGED: dict[type[Base], tuple[Predicate, type[Base] | None]] = {
    Document: (scopes.documents_seen, None),
    Revision: (scopes.revisions_seen, None),
    OfficialPaper: (scopes.papers_seen, None),
    Event: (scopes.events_seen, Document),
    Quota: (scopes.quotas_seen, Document),
    Opinion: (scopes.opinions_seen, Revision),
    Remark: (scopes.remarks_seen, Revision),
    Attachment: (scopes.attachments_seen, None),
    OutboxMessage: (scopes.messages_seen, None),
    ReportRequest: (scopes.requests_seen, None),
}
"""Each predicate, and what it has to be joined to."""


def test_each_predicate_gives_the_expected_rows(session: Session, world: World) -> None:
    book = Book(world)
    wrong = []
    for model, (predicate, joined) in JUDGED.items():
        table = model.__tablename__
        for viewer, (patterns,) in lines(READS[table]):
            if viewer == "nobody":
                continue
            statement = select(*model.__table__.primary_key.columns).select_from(model)
            if joined is not None:
                statement = statement.join(joined)
            statement = statement.where(predicate(scope_of(world, viewer)))
            with seen_as(session, world, viewer):
                found = {tuple(map(str, row)) for row in session.execute(statement)}
            if found != book.keys(table, patterns):
                wrong.append(f"{viewer} reads {table}: {book.tell(table, found)}")
    assert wrong == []


@pytest.mark.databases("postgres")
def test_what_hangs_on_a_revision_is_read_with_it(session: Session, world: World) -> None:
    """Those tables have no predicate: a query joins the revision, the policies ask for it."""
    for viewer in VIEWERS:
        with seen_as(session, world, viewer):
            revisions = {key[0] for key in all_keys(session, "revision")}
            for table in ("target", "section", "receipt", "revision_editor"):
                column = Base.metadata.tables[table].c.revision_id
                on = {str(one) for one in session.scalars(select(column))}
                assert on <= revisions, (viewer, table)


@pytest.mark.databases("postgres")
def test_many_revisions_are_read_like_one(session: Session, world: World) -> None:
    """Gathering what the scope sees, or looking it up line by line, comes to the same."""
    for viewer in VIEWERS:
        for table in ("target", "section", "receipt", "revision_editor"):
            with seen_as(session, world, viewer):
                looked_up = all_keys(session, table)
                with reading_many(session):
                    assert all_keys(session, table) == looked_up, (viewer, table)


def test_what_was_recalled_is_seen_no_more(session: Session, world: World) -> None:
    """Neither its content by the level above, nor its trail by the unit's observer."""
    document_id, revision_id = (
        world.documents["A.submitted"].id,
        world.revisions["A.submitted/1"].id,
    )
    with system(session, Purpose.LOAD):
        document = session.get_one(Document, document_id)
        revision = session.get_one(Revision, revision_id)
        document.status, document.sent_number, revision.withdrawn_at = Status.DRAFT, None, NOON
    session.commit()
    for viewer, trail, content in (
        ("clerk@A", [1, 2, 3], [revision_id]),
        ("observer@A", [], [revision_id]),
        ("specialist@D", [3], []),
        ("specialist@P", [], []),
    ):
        scope = world.scope(viewer)
        bind(session, scope)
        events = (
            select(Event.seq)
            .join(Document)
            .where(Document.id == document_id, scopes.events_seen(scope))
        )
        seen = select(Revision.id).where(Revision.id == revision_id, scopes.revisions_seen(scope))
        assert sorted(session.scalars(events)) == trail, viewer
        assert list(session.scalars(seen)) == content, viewer
        if session.get_bind().dialect.name == "postgresql":
            bare = session.scalars(select(Target.id).where(Target.revision_id == revision_id))
            assert len(list(bare)) == len(content), viewer


def test_a_system_scope_ends_where_it_says_even_after_an_error(
    session: Session, world: World
) -> None:
    bind(session, world.scope("clerk@A"))
    before = len(all_keys(session, "document"))
    with pytest.raises(LookupError), system(session, Purpose.RECONCILE):
        raise LookupError
    assert len(all_keys(session, "document")) == before
    assert session.info["scope"].sight is Sight.ALL


def test_an_error_of_the_database_is_the_one_that_is_raised(session: Session, world: World) -> None:
    """Stepping down must not fail over the broken transaction and hide what broke it."""
    bind(session, world.scope("clerk@A"))
    copy = Document(
        **{c.name: getattr(world.documents["A.draft"], c.name) for c in Document.__table__.columns}
    )
    with pytest.raises(IntegrityError), system(session, Purpose.LOAD):
        session.add(copy)
    session.rollback()
    assert session.info["scope"].person_id == world.actors["clerk@A"].person_id
