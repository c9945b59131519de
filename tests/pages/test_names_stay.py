"""Whoever and whatever is called otherwise today, the past reads as it did.

Pages, mails and exports are read before and after every person, position and office has another
name, and the units too, by force, since in earnest a unit of another name is another row.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import audit
from lth.administration.audit import TrailSearch
from lth.models import Event, Office, OutboxMessage, Person, Unit
from lth.notifications import facts

from .conftest import PEOPLE, walk

NOON = datetime(2026, 5, 7, 5, tzinfo=UTC)

MARK = "Tên mới"
"""What everybody is called afterwards."""

LIVE = re.compile("/admin/people|/delegations|^/account|^/mail|/draft|/parts/|/lines/")
"""Pages about people as they are now: who holds a role, signs for whom, is written to. Who wrote a
line last is asked while it is being written, and is no act."""

HISTORY = re.compile(
    r'<ol class="timeline.*?</ol>|id="opinions".*?</table>|<blockquote>.*?</blockquote>'
    r'|<div class="remark-head">.*?</div>',
    re.DOTALL,
)
GREETING = re.compile("Kính gửi [^<]*,")
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)

READERS = ["clerk of a returned plan", "unit administrator", "district specialist"]


def main_of(page: str) -> str:
    """Return what a page says, but for whom it greets."""
    return GREETING.sub("", MAIN.search(page)[0])


@pytest.fixture
def rename(session: Session):
    """Give all rows of a table other names, whatever the pages would say to that."""

    def write(model: type[Any], **values: Any) -> None:
        session.rollback()
        with system(session, Purpose.LOAD):
            session.execute(update(model).values(**values))
            session.commit()
        session.expunge_all()

    return write


@pytest.fixture
def changed(session: Session, id_of, document_of) -> None:
    """Let a unit's administrator, a person about themselves and the system have changed things."""
    unit_id = document_of("xã Tập Sơn").unit_id
    administrator, clerk = id_of(PEOPLE["unit administrator"]), id_of(PEOPLE["clerk"])
    with system(session, Purpose.LOAD):
        audit.record(session, unit_id, "offices.added", administrator, "Văn phòng", now=NOON)
        audit.record(session, None, "password.changed", clerk, "Cán bộ", now=NOON)
        audit.record(session, unit_id, "plans.imported", None, "ke-hoach.yaml", now=NOON)
        session.commit()


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("who", READERS)
def test_pages_name_people_offices_and_units_as_they_were(visitor, rename, changed, who):
    browser = visitor(who)
    pages = {url: main_of(page) for url, page in walk(browser) if not LIVE.search(url)}
    past = {url: HISTORY.findall(page) for url, page in pages.items() if HISTORY.search(page)}
    assert past
    rename(Person, name=MARK, position=MARK)
    rename(Office, name=Office.name + " (mới)")
    for url in pages:
        after = main_of(browser.get(url).text)
        assert MARK not in after, url
        assert HISTORY.findall(after) == past.get(url, []), url
    rename(Unit, name=Unit.name + " (mới)")
    for url, said in past.items():
        assert HISTORY.findall(main_of(browser.get(url).text)) == said, url


def test_mails_of_acts_name_who_acted_as_they_were(session: Session, rename):
    def told() -> dict[int, tuple[str, str]]:
        session.rollback()
        with system(session, Purpose.DELIVER):
            ids = session.scalars(select(OutboxMessage.id).where(OutboxMessage.event_id > 0)).all()
            found = facts.load(session, ids, due=False)
        return {one.id: (one.deed.actor_name, one.deed.actor_unit) for one in found.values()}

    before = told()
    assert len(before) > 20
    rename(Person, name=MARK, position=MARK)
    rename(Unit, name=Unit.name + MARK)
    assert told() == before


def test_what_was_done_to_a_unit_keeps_who_did_it(session: Session, rename, changed):
    def told() -> list[tuple[str, str, str]]:
        session.rollback()
        lines, _ = audit.found(session, None, TrailSearch(), limit=500)
        names = ("person_name", "person_position", "unit_name")
        return [tuple(getattr(line.entry, name) for name in names) for line in lines]

    before = told()  # the newest first; the demo's own are behind
    assert [bool(name) for name, _, _ in before[:3]] == [False, True, True]
    assert [unit for _, _, unit in before[:3]] == ["xã Tập Sơn", "", "xã Tập Sơn"]
    rename(Person, name=MARK, position=MARK)
    rename(Unit, name=Unit.name + MARK)
    assert told() == before


def test_an_event_has_the_names_of_its_moment(session: Session):
    session.rollback()
    with system(session, Purpose.LOAD):
        statement = (
            select(Event, Person, Unit)
            .join(Person, Person.id == Event.person_id)
            .join(Unit, Unit.id == Event.unit_id)
        )
        for event, person, unit in session.execute(statement):
            assert (event.person_name, event.person_position) == (person.name, person.position)
            assert event.unit_name == unit.full_name
