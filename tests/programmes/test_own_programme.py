"""A programme of one's own: brought in from a file, compared, written out, planned under."""

from datetime import date

import pytest
from sqlalchemy import func, select
from support import draftworld as world
from support.draftworld import NOON
from support.programmes import OWN

from lth import drafting
from lth.access.scope import Purpose, Scope, system
from lth.checks import judgement, loading
from lth.core.errors import BlockedError, RefusedError, StaleError
from lth.drafting import TargetEdit, gaps
from lth.exchange import programme_file
from lth.models import Area, AuditEntry, Indicator, Period, Programme, Section, Target, Unit
from lth.models.document import Status
from lth.models.finding import Stage
from lth.programmes import catalogue, catalogue_text, changes, overview, participation, periods
from lth.programmes.catalogue_file import CODES
from lth.programmes.changes import ChangeKind
from lth.programmes.participation import Mover
from lth.workflow import operations
from lth.workflow.acts import Act
from lth.workflow.context import Inputs

PERIOD = "2021-2025"


@pytest.fixture
def session(drafting_session):
    return drafting_session


def bring_in(session, text: str = OWN, **more):
    return changes.bring_in(session, programme_file.read(text, "mine.toml"), None, now=NOON, **more)


def joined(session) -> Period:
    """The period of one's own programme, in which the district and its communes take part."""
    with system(session, Purpose.LOAD):
        programme = catalogue.programme(session, "HOME-27")
        period = catalogue.periods(session, programme.id)[0]
        root = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).first()
        participation.join_all(Mover(session, NOON), period, root)
    return period


def planned(session):
    """A plan under it that a commune's clerk has begun and written one figure in."""
    bring_in(session)
    period = joined(session)
    clerk = world.acting(session, "clerk@tapson")
    document = drafting.start(
        session, clerk, period, world.PLAN, source=drafting.Source.EMPTY, now=NOON
    )
    saved = world.save(
        session, "clerk@tapson", document, TargetEdit("visited@2021-2022", 0, value="120")
    )
    assert saved.complete, saved
    return document


def test_a_commune_plans_under_it_and_sends_its_plan_up(session) -> None:
    document = planned(session)
    revision = world.head(session, document)
    sections = session.scalars(
        select(Section).where(Section.revision_id == revision.id).order_by(Section.ordinal)
    ).all()
    assert [one.title for one in sections] == ["I. Nhu cầu chăm sóc", "II. Tổ chức thăm hỏi"]
    scope = Scope.of(world.actor(session, "clerk@tapson"))
    content = loading.content_of(session, document, revision, scope)
    missing = {gap.key for gap in gaps.missing(content, document.kind)}
    assert missing == {"visited@2023-2025", "s.need"}
    more = TargetEdit("visited@2023-2025", 0, value="150")
    assert world.save(session, "clerk@tapson", document, more).complete
    clerk = world.acting(session, "clerk@tapson")
    body = "Địa bàn có 150 người cần chăm sóc tại nhà."
    drafting.save_section(session, clerk, document.id, "s.need", body, seen=1, now=NOON)
    content = loading.content_of(session, document, world.head(session, document), scope)
    assert not gaps.missing(content, document.kind)
    found = judgement.findings(
        session, document, world.head(session, document), scope, Stage.SUBMIT
    )
    assert found  # the checks of every plan run over it
    for finding in found:
        if finding.severity.value == "warning":
            text = "Chương trình riêng của tỉnh."
            args = (session, clerk, document.id, finding.code, finding.place, text)
            judgement.explain(*args, now=NOON)
    for who, act in (("clerk", Act.SEND_FOR_CLEARANCE), ("leader", Act.SUBMIT)):
        session.expire_all()
        actor = world.acting(session, f"{who}@tapson")
        operations.do(
            session,
            actor,
            document.id,
            act,
            seen=document.lock_version,
            now=NOON,
            inputs=Inputs(reason="Gửi kế hoạch"),
        )
    assert document.status is Status.SUBMITTED


def test_all_is_brought_in_and_the_second_time_nothing(session) -> None:
    first = bring_in(session)
    assert {row.kind for row in first.rows} == {ChangeKind.NEW}
    assert bring_in(session).is_none
    with system(session, Purpose.LOAD):
        programme = catalogue.programme(session, "HOME-27")
        for model, count in ((Area, 1), (Indicator, 3), (Period, 1)):
            rows = select(func.count()).select_from(model)
            assert session.scalar(rows.where(model.programme_id == programme.id)) == count
        [entry] = session.scalars(
            select(AuditEntry).where(AuditEntry.what == "programmes.imported")
        )
        assert entry.data["subject"] == "HOME-27"


@pytest.mark.parametrize("code", [*CODES, "HOME-27"])
def test_what_is_written_out_brings_in_the_same(session, code: str) -> None:
    bring_in(session)
    with system(session, Purpose.LOAD):
        text = catalogue_text.write(session, code)
    again = changes.compare(session, programme_file.read(text, "out.toml"))
    assert again.is_none, again.of(ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.GONE)


def test_what_a_file_no_longer_names_goes(session) -> None:
    bring_in(session)
    text = OWN[: OWN.index('[[indicator]]\ncode = "visited_pct"')]
    text = text.replace('[norms]\nvisited_pct = { min = 80, source = "decision" }\n', "")
    text = text.replace('label_vi = "Người cần chăm sóc"', 'label_vi = "Người cần giúp"')
    done = bring_in(session, text)
    assert [row.code for row in done.of(ChangeKind.GONE)] == ["visited_pct"]
    assert [row.code for row in done.of(ChangeKind.CHANGED)] == ["in_need"]
    with system(session, Purpose.LOAD):
        programme = catalogue.programme(session, "HOME-27")
        assert [one.code for one in catalogue.indicators(session, programme.id)] == [
            "visited",
            "in_need",
        ]


@pytest.mark.parametrize(
    ("good", "bad", "refused"),
    [
        ('measure = "count"', 'measure = "money"', "visited"),
        ('roll_up = "sum"', 'roll_up = "minimum"', "visited"),
        ('code = "visited"', 'code = "seen_at_home"', "visited"),
        ('code = "2021-2022"', 'code = "2021"', PERIOD),
        (
            "starts_on = 2021-01-01\nends_on = 2025-12-31\n\n[[period.phase]]",
            "starts_on = 2020-01-01\nends_on = 2025-12-31\n\n[[period.phase]]",
            PERIOD,
        ),
        ('code = "2021-2025"', 'code = "2021-2024"', PERIOD),
    ],
)
def test_what_plans_stand_on_keeps_the_file_out(session, good: str, bad: str, refused: str) -> None:
    planned(session)
    text = OWN.replace(good, bad, 1)
    if "seen_at_home" in bad:
        text = text.replace('numerator = "visited"', 'numerator = "seen_at_home"')
    if "2020-01-01" in bad:
        text = text.replace(
            'code = "2021-2022"\nstarts_on = 2021-01-01',
            'code = "2021-2022"\nstarts_on = 2020-01-01',
        )
    before = catalogue_text.write(session, "HOME-27")
    found = changes.compare(session, programme_file.read(text, "mine.toml"))
    assert [row.code for row in found.refused] == [refused]
    with pytest.raises(BlockedError):
        bring_in(session, text)
    assert catalogue_text.write(session, "HOME-27") == before


def test_a_file_whose_programme_has_changed_since_is_looked_at_again(session) -> None:
    bring_in(session)
    seen = changes.compare(session, programme_file.read(OWN, "mine.toml")).version
    bring_in(session, OWN.replace("Người cần chăm sóc", "Người cần giúp"))
    with pytest.raises(StaleError):
        bring_in(session, OWN, seen=seen)


# --- Periods ------------------------------------------------------------------------------


def open_one(session, code="2022-2023", first=date(2022, 1, 1), last=date(2023, 12, 31), cut=()):
    with system(session, Purpose.LOAD):
        programme = catalogue.programme(session, "HOME-27")
        wanted = periods.terms(code, first, last, cut)
        return periods.open_period(session, programme, wanted, None, now=NOON)


def test_a_period_is_opened_with_phases_that_tile_it(session) -> None:
    bring_in(session)
    cut = [("2022", date(2022, 12, 31)), ("2023", date(2023, 12, 31))]
    assert open_one(session, cut=cut)
    assert not open_one(session, cut=cut)
    with system(session, Purpose.LOAD):
        programme = catalogue.programme(session, "HOME-27")
        period = catalogue.periods(session, programme.id)[1]
        assert [(one.code, one.starts_on) for one in period.phases] == [
            ("2022", date(2022, 1, 1)),
            ("2023", date(2023, 1, 1)),
        ]
    assert open_one(session, cut=[("2022-2023", date(2023, 12, 31))])  # nothing stands on it


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"code": "năm tới"}, "code"),
        ({"last": date(2021, 12, 31)}, "ends_on"),
        ({"last": date(2026, 12, 31)}, "ends_on"),
        ({"cut": [("2022", date(2022, 12, 31))]}, "phases"),
        ({"cut": [("2022", date(2021, 12, 31)), ("2023", date(2023, 12, 31))]}, "phases"),
        ({"cut": [("2022", date(2022, 12, 31)), ("2022", date(2023, 12, 31))]}, "phases"),
        ({"cut": [("x", date(2023, 12, 31))]}, "phases"),
    ],
)
def test_what_does_not_tile_is_refused_at_its_field(session, terms, field) -> None:
    bring_in(session)
    with pytest.raises(RefusedError) as refused:
        open_one(session, **terms)
    assert refused.value.messages[0].field == field


def test_a_period_with_documents_is_only_made_longer(session) -> None:
    text = OWN.replace("ends_on = 2025-12-31\n\n[sources", "ends_on = 2030-12-31\n\n[sources")
    planned(session)
    bring_in(session, text)
    first = date(2021, 1, 1)
    cut = [("2021-2022", date(2022, 12, 31)), ("2023-2025", date(2026, 12, 31))]
    assert open_one(session, PERIOD, first, date(2026, 12, 31), cut)
    assert session.scalars(select(Target).join(Target.phase)).all()
    for bad in (
        [("2021-2023", date(2023, 12, 31)), ("2023-2025", date(2026, 12, 31))],
        [("2021-2026", date(2026, 12, 31))],
    ):
        with pytest.raises(RefusedError):
            open_one(session, PERIOD, first, date(2026, 12, 31), bad)
    with pytest.raises(RefusedError):
        open_one(session, PERIOD, first, date(2022, 12, 31), cut[:1])


def test_the_overview_says_how_far_a_province_is(session) -> None:
    bring_in(session)
    period = joined(session)
    with system(session, Purpose.LOAD):
        root = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).first()
        found = overview.standing(session, period, root, NOON.date())
        assert found.units == found.taking_part > 1
        assert not found.deadlines
        [mine] = [one for one in overview.programmes(session) if one.programme.code == "HOME-27"]
        assert (mine.indicators, mine.areas, mine.taking_part[period.id]) == (3, 1, found.units)
        assert session.scalar(select(Programme.sections).where(Programme.code == "HOME-27"))
