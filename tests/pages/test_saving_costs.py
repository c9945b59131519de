"""A cell's save costs a cell: what is read, put into cells and rendered does not grow."""

import re
from collections import Counter

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from support.sentforms import forms_of

from lth.access.scope import Purpose, system
from lth.blueprints.drafting import target_inputs
from lth.drafting import saving
from lth.models import Indicator, Phase, Revision, Target, UnlockedLine
from lth.models.document import Status

FIGURE = "members_women@2021"
SECTION = "s.scope"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def document(session, document_of):
    """A plan that came back with nothing locked."""
    document = document_of("xã Ngọc Biên")
    assert document.status is Status.RETURNED
    with system(session, Purpose.LOAD):
        revisions = select(Revision.id).where(Revision.document_id == document.id)
        session.execute(delete(UnlockedLine).where(UnlockedLine.revision_id.in_(revisions)))
        session.commit()
    return document


@pytest.fixture
def clerk(visitor):
    return visitor("clerk of a returned plan")


@pytest.fixture
def made(monkeypatch):
    """How many cells were made for pages, and how many targets saves have read."""
    counts = Counter()
    cell, lines = target_inputs._cell, saving._lines

    def cell_counted(*args):
        counts["cells"] += 1
        return cell(*args)

    def lines_counted(*args):
        found = lines(*args)
        counts["lines"] += len(found)
        return found

    monkeypatch.setattr(target_inputs, "_cell", cell_counted)
    monkeypatch.setattr(saving, "_lines", lines_counted)
    return counts


def fill(session: Session, document, number: int) -> None:
    """Give a plan so many lines more of an indicator that is in no main block."""
    with system(session, Purpose.LOAD):
        head = session.scalars(
            select(Revision)
            .where(Revision.document_id == document.id)
            .order_by(Revision.number.desc())
        ).first()
        indicator = session.scalars(
            select(Indicator).where(
                Indicator.programme_id == document.programme_id, Indicator.code == "club_size"
            )
        ).one()
        phase = session.scalars(select(Phase).where(Phase.period_id == document.period_id)).one()
        for nth in range(10, 10 + number):
            session.add(
                Target(
                    revision_id=head.id,
                    line_key=f"club_size@{phase.code}#{nth}",
                    indicator_id=indicator.id,
                    phase_id=phase.id,
                    value_min=50 + nth,
                )
            )
        session.commit()


def test_a_cells_save_is_answered_by_what_changes_with_it(
    session, document, clerk, statements, made
):
    first = save_cell(clerk, document, made, statements, "141")
    fill(session, document, 60)
    second = save_cell(clerk, document, made, statements, "142")
    assert second == first
    assert first["lines"] == 1


def save_cell(clerk, document, made, statements, value):
    """What a save cost: statements, lines read to be written, cells made, parts rendered."""
    url = f"/commune/documents/{document.id}/draft"
    page = clerk.get(url).text
    seen = re.search(rf'name="{FIGURE}:seen" value="(\d+)"', page)[1]
    token = clerk.token()
    typed = {
        "csrf_token": token,
        "key": FIGURE,
        f"{FIGURE}:value": value,
        f"{FIGURE}:comparator": "eq",
        f"{FIGURE}:seen": seen,
        f"{FIGURE}:was": "",
    }
    made.clear()
    statements.clear()
    answer = clerk.client.post(url, data=typed, headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text and ":comparator" not in answer.text
    assert len(answer.text) < 12_000, "an answer to a cell's save is no page"
    return {**made, "statements": len(statements)}


def test_a_sections_save_makes_no_cell(session, document, clerk, made):
    url = f"/commune/documents/{document.id}/draft"
    page = clerk.get(url).text
    seen = re.search(rf'name="{SECTION}:seen" value="(\d+)"', page)[1]
    typed = {"section": SECTION, f"{SECTION}:body": "Ba ấp của xã.", f"{SECTION}:seen": seen}
    made.clear()
    answer = clerk.client.post(url, data={"csrf_token": clerk.token(), **typed}, headers=HTMX)
    assert answer.status_code == 200 and "Đã lưu" in answer.text
    assert made["cells"] == 0 and "group-" not in answer.text


def test_a_lines_own_page_is_saved_without_the_sheet(document, clerk, statements, made):
    url = f"/commune/documents/{document.id}/draft/lines/{FIGURE}"
    page = clerk.get(url).text
    (form,) = (one for one in forms_of(page) if "value" in one.names())
    typed = dict(form.pairs()) | {"value": "143"}
    statements.clear()
    answer = clerk.client.post(url, data=typed)
    assert answer.status_code == 302
    assert not any("FROM section" in one or "FROM part_line" in one for one in statements)
    assert made["lines"] == 1
