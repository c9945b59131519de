"""The trail is searched by those who watch over a unit, and taken along as a file."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from support.pages import check_page

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import audit
from lth.administration.audit import TrailSearch
from lth.blueprints.web import trail_pages
from lth.core.formats import format_date
from lth.core.vietnamese import search_key
from lth.exchange.grids.list_files import list_grids
from lth.models import Event, RoleAssignment, TrailHead, TrailLink, Unit
from lth.models.person import Role
from lth.workflow import trail
from lth.workflow.acts import Act

from .conftest import PEOPLE

NOON = datetime(2026, 5, 7, 5, tzinfo=UTC)
OBSERVER = "/commune/trail"
DISTRICT = "giam-sat.huyen-tra-cu@lth.example"
TOTAL = re.compile(r'role="status">([\d.]+) việc')


def found(page) -> int:
    assert page.status_code == 200
    check_page(page.text)
    said = TOTAL.search(page.text)
    return int(said[1].replace(".", "")) if said else 0


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def sheet_of(data: bytes) -> list[list[str]]:
    """The rows of the sheet, with every cell up to the last column."""
    (sheet,) = (one for one in list_grids(data) if one.name == "Nhật ký")
    width = 1 + max(column for row in sheet.rows for column in row.cells)
    return [[row.cells.get(column, "") for column in range(width)] for row in sheet.rows]


@pytest.fixture
def seen(session: Session, id_of):
    """What an observer sees by the rules of scope: every event, whatever is looked for."""

    def read(email: str, wanted: TrailSearch | None = None) -> list[trail.TrailEvent]:
        person_id = id_of(email)
        session.rollback()
        with system(session, Purpose.LOAD):
            held = session.scalars(
                select(RoleAssignment).where(
                    RoleAssignment.person_id == person_id, RoleAssignment.role == Role.OBSERVER
                )
            ).one()
            unit = session.get_one(Unit, held.unit_id)
            scope = Scope.of(Actor.of(held))
            assert unit.path == scope.path
        bind(session, scope)
        lines, total = trail.events(session, scope, wanted or TrailSearch(), limit=1000)
        assert len(lines) == total
        session.info.pop("scope")
        return lines

    return read


@pytest.mark.parametrize("email", [PEOPLE["observer"], DISTRICT])
def test_an_observer_sees_what_the_scope_shows_and_no_more(session, seen, email):
    """On PostgreSQL row-level security counts as well: both come to the same."""
    lines = seen(email)
    assert lines
    with system(session, Purpose.LOAD):
        tap_son = set(session.scalars(select(Unit.id).where(Unit.name == "Tập Sơn")))
    assert tap_son
    inside = {one.event.id for one in lines if one.event.private and one.event.unit_id in tap_son}
    assert not inside, "what a commune does within itself"
    before = {one.event.id for one in lines}
    with system(session, Purpose.LOAD):
        assert len(before) < session.scalar(select(func.count()).select_from(Event))
    paths = {one.event.document_id for one in lines}
    assert paths


def test_the_trail_is_searched(visitor, seen):
    browser, lines = visitor("observer"), seen(PEOPLE["observer"])
    one = next(line for line in lines if line.event.action == Act.SUBMIT)
    assert found(browser.get(OBSERVER)) == len(lines)
    name = one.event.person_name
    for query, fits in (
        (f"q={search_key(name)}", lambda e: e.person_name == name),
        ("what=submit", lambda e: e.action == "submit"),
        ("what=nothing", lambda e: True),
        (f"since={format_date(one.event.at)}", lambda e: e.at.date() >= one.event.at.date()),
        ("document=tap son", lambda e: True),
        ("q=%25", lambda e: False),
        ("q=khong co ai", lambda e: False),
    ):
        expected = sum(fits(line.event) for line in lines)
        page = browser.get(f"{OBSERVER}?{query}")
        assert (found(page) > 0) == (expected > 0), query
        if not query.startswith("since"):
            assert found(page) == expected, query


def test_a_day_that_cannot_be_read_is_told(visitor):
    page = visitor("observer").get(f"{OBSERVER}?since=31/2/2026")
    assert found(page) == 0
    assert 'aria-invalid="true"' in page.text


def test_a_document_is_found_by_its_number(visitor, session, seen):
    browser = visitor(DISTRICT)
    lines = [one for one in seen(DISTRICT) if one.event.data.get("document_number")]
    number = lines[0].event.data["document_number"]
    listed = browser.get(f"/district/trail?document={number}")
    assert found(listed) >= 1
    assert f'/district/documents/{lines[0].event.document_id}"' in listed.text


@pytest.mark.parametrize("who", ["clerk", "district specialist", "unit administrator"])
def test_others_have_no_such_page(visitor, who):
    level = "district" if who.startswith("district") else "commune"
    assert visitor(who).get(f"/{level}/trail").status_code == 403


def test_the_files_say_the_same_as_the_page_with_numbers_and_hashes(visitor, session, seen):
    browser, lines = visitor("observer"), seen(PEOPLE["observer"])
    rows = rows_of(browser.get(f"{OBSERVER}/file?file=csv"))
    told, ends = rows[1 : len(lines) + 1], rows[len(lines) + 5 :]
    with system(session, Purpose.CHAIN):
        links = {row.key: row for row in session.scalars(select(TrailLink))}
        heads = {str(row.chain): row for row in session.scalars(select(TrailHead))}
    for line, row in zip(lines, told, strict=True):
        link = links[line.event.link_key]
        assert row[-2:] == [str(link.seq), link.hash]
        assert row[4] == line.event.unit_name
    for _, chain, seq, hash_ in ends:
        assert (seq, hash_) == (str(heads[chain].seq), heads[chain].hash)
    assert {row[1] for row in ends} == {str(links[one.event.link_key].chain) for one in lines}
    excel = browser.get(f"{OBSERVER}/file?file=xlsx")
    sheet = sheet_of(excel.data)
    assert [row[-1] for row in sheet[1:]] == [row[-1] for row in told]
    assert [row[7] for row in sheet] == [rows[0][7], *(row[7] for row in told)]


def test_the_file_has_what_was_looked_for(visitor, seen):
    browser = visitor("observer")
    page = browser.get(f"{OBSERVER}?what=submit&page=1")
    (address,) = re.findall(r'href="([^"]*file=csv)"', page.text)
    rows = rows_of(browser.get(address.replace("&amp;", "&")))
    wanted = TrailSearch(what="submit")
    assert len(seen(PEOPLE["observer"], wanted)) == len([row for row in rows[1:] if len(row) > 5])
    assert browser.get(f"{OBSERVER}/file?file=exe").status_code == 404


def test_a_file_has_no_formulas_and_an_end(visitor, session, document_of, monkeypatch):
    """Whatever was typed as a reason: it is text. Of more than a file holds, the newest go in."""
    monkeypatch.setattr(trail_pages, "EXPORTED", 2)
    browser = visitor("unit administrator")
    unit_id = document_of("xã Tập Sơn").unit_id
    with system(session, Purpose.LOAD):
        for subject in ("=1+1", "-2", "@x", "+3"):
            audit.record(session, unit_id, "offices.added", None, subject, now=NOON)
        session.commit()
    rows = rows_of(browser.get("/admin/trail/file?file=csv"))
    assert [row[5] for row in rows[1:3]] == ["'+3", "'@x"]
    assert "2 dòng mới nhất trong 4" in rows[4][0]
    assert "nhiều nhất 2 việc" in browser.get("/admin/trail").text
    excel = browser.get("/admin/trail/file?file=xlsx")
    assert [row[5] for row in sheet_of(excel.data)[1:]] == ["+3", "@x"]
    with zipfile.ZipFile(io.BytesIO(excel.data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sheets
        assert not [name for name in sheets if b"<f>" in archive.read(name)]


def test_administrative_changes_are_searched(visitor, session, document_of, id_of):
    browser, administrator = visitor("unit administrator"), id_of(PEOPLE["unit administrator"])
    unit_id = document_of("xã Tập Sơn").unit_id
    with system(session, Purpose.LOAD):
        audit.record(session, unit_id, "offices.added", administrator, "Văn phòng", now=NOON)
        audit.record(session, unit_id, "offices.removed", None, "Văn phòng", now=NOON)
        session.commit()
        name = session.scalars(
            select(audit.AuditEntry.person_name).where(
                audit.AuditEntry.what == "offices.added", audit.AuditEntry.person_name != ""
            )
        ).one()
    for query, expected in (
        ("", 2),
        ("?what=offices.added", 1),
        (f"?q={search_key(name)}", 1),
        ("?until=06/5/2026", 0),
        ("?since=07/5/2026&until=07/5/2026", 2),
    ):
        assert found(browser.get(f"/admin/trail{query}")) == expected, query


def test_the_page_and_its_files_ask_little_of_the_database(visitor, statements):
    browser = visitor("observer")
    browser.get(OBSERVER)
    statements.clear()
    browser.get(OBSERVER)
    assert len(statements) <= 12
    statements.clear()
    browser.get(f"{OBSERVER}/file?file=xlsx")
    assert len(statements) <= 12
