"""A whole plan out of the database: every part of it, what is asked from above, few queries."""

from datetime import date

import pytest
from support import draftworld
from support.draftworld import acting, head, start
from support.queries import counted

from lth import drafting
from lth.access.scope import Scope
from lth.checks import loading
from lth.content import line_storage
from lth.content.model import BudgetLine, Definition, Header, PhaseSpan, PlanUnit, Span
from lth.drafting import Source, TargetEdit
from lth.models import PartLine
from lth.models.content import Comparator
from lth.models.parts import Part
from lth.models.unit import Level
from lth.workflow import documents

TERM = Definition("definition-1", "older", "Công dân từ đủ 60 tuổi trở lên", 60)
MONEY = BudgetLine("budget-1", "Tập huấn", amount=500_000_000)
HEADER = Header("header-1", budget_total=500_000_000)


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def document(session):
    """Tập Sơn's plan, begun from the district's, with one line in three parts."""
    document = start(session, source=Source.ABOVE)
    for ordinal, (part, line) in enumerate(
        ((Part.HEADER, HEADER), (Part.DEFINITION, TERM), (Part.BUDGET, MONEY)), 1
    ):
        row = {"line_key": line.key, "ordinal": ordinal, "data": line_storage.encode(line)}
        session.add(PartLine(revision_id=head(session, document).id, part=part, **row))
    session.flush()
    return document


def read(session, document):
    scope = Scope.of(acting(session, "clerk@tapson"))
    document = documents.get(session, document.id, scope)
    return loading.content_of(session, document, head(session, document), scope)


def test_where_and_when(session, document):
    content = read(session, document)
    assert content.programme == "1336"
    assert content.place == PlanUnit("xã Tập Sơn", Level.COMMUNE, "huyện Trà Cú", Level.DISTRICT)
    assert content.period == Span(2021, 2021)
    assert content.phases == (PhaseSpan("2021", Span(2021, 2021)),)
    assert content.made_on == date(2021, 5, 10)
    assert not content.final


def test_the_parts_come_back_as_they_were_written(session, document):
    content = read(session, document)
    assert content.header == HEADER
    assert content.definitions == (TERM,)
    assert content.budget == (MONEY,)
    assert [one.name for one in content.recipients][-1] == "Lưu: VT"  # begun with the plan
    assert [one.key for one in content.sections][:2] == ["s.purpose", "s.scope"]


def test_what_is_asked_from_above_are_floors(session, document):
    content = read(session, document)
    floors = {one.indicator: one for one in content.floors}
    assert (floors["club_size"].low, floors["club_size"].high) == (50, 70)
    assert floors["club_size"].comparator is Comparator.BETWEEN
    assert (floors["clubs_new"].comparator, floors["clubs_new"].low) == (Comparator.GTE, 3)
    assert floors["clubs_new"].source_ref == "793/QĐ-UBND ngày 07/5/2021"
    assert content.parent_paper == "793/QĐ-UBND ngày 07/5/2021"
    assert content.parent_issuer == "Ủy ban nhân dân huyện Trà Cú"


def test_a_unit_with_others_below_counts_its_communes(session):
    document = start(session, "clerk@tracu", code="2021-2025")
    scope = Scope.of(acting(session, "clerk@tracu"))
    content = loading.content_of(session, document, head(session, document), scope)
    assert content.place.communes == 2
    assert content.parent_issuer == "Ủy ban nhân dân tỉnh Trà Vinh"
    assert (content.floors, content.parent_paper) == ((), "")


def test_a_targets_record_is_whole(session, document):
    edit = TargetEdit("income_fund_balance@2021", 1, value="70 triệu", comparator="gte")
    assert draftworld.save(session, "clerk@tapson", document, edit).complete
    (target,) = read(session, document).of("income_fund_balance")
    assert (target.comparator, target.low, target.phase) == (Comparator.GTE, 70_000_000, "2021")


def test_a_sheet_has_the_same_plan_for_no_query_more(session, document):
    content, actor = read(session, document), acting(session, "clerk@tapson")
    with counted(session) as statements:
        sheet = drafting.written(session, actor, document.id)
        before = len(statements)
        same = sheet.content
    assert len(statements) == before
    assert same.targets == content.targets
    assert set(same.floors) == set(content.floors)
    assert same.sections == content.sections
    assert same.budget == content.budget


def test_a_whole_plan_takes_five_queries_once_plan_and_revision_are_there(session, document):
    scope, document_id = Scope.of(acting(session, "clerk@tapson")), document.id
    with counted(session) as statements:
        document = documents.get(session, document_id, scope)
        revision = head(session, document)
        before = len(statements)
        loading.content_of(session, document, revision, scope)
    assert len(statements) - before == 5
