"""A plan file as a unit's draft, and a draft as a plan file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from support import draftworld
from support.databases import Databases
from support.draftworld import NOON
from support.plandocs import faultless

from lth import drafting, quotas
from lth.access.scope import Purpose, Scope, system
from lth.blueprints.web.extensions import db
from lth.checks.loading import content_of
from lth.content import targets
from lth.content.model import Content, PhaseSpan, PlanUnit, Span
from lth.core.errors import BlockedError
from lth.drafting import TargetEdit
from lth.exchange.plan_file import PlanFile, owner, read, undetailed, write
from lth.exchange.plan_file.transfer import Imported, bring_in, take_out
from lth.models import Credential, Document, Person, Phase, RoleAssignment, Section, Unit
from lth.models.content import AreaType
from lth.models.document import Status
from lth.models.parts import MoneySource, PaperRole
from lth.models.person import Role
from lth.models.unit import Level
from lth.programmes import catalogue, periods
from lth.workflow.kinds import SYNTHESIS

PLANS = Path(__file__).parents[3] / "lth" / "data" / "plans"
YEAR = Span(2021, 2021)

HEAD = """format: 1
programme: "1336"
unit: {name: xã Tập Sơn, level: commune}
period: {from: 2021, to: 2021}
"""


@pytest.fixture(scope="module")
def engine(database_kind: str, _open_databases: Callable[[str], Databases]) -> Iterator[Engine]:
    databases = _open_databases(database_kind)
    databases.restore("drafting")
    with databases.app.app_context():
        yield db.engine
    databases.close()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """The drafting world; what a test does in it is rolled back."""
    with Session(engine) as session:
        yield session
        session.rollback()


def file(text: str, *, head: str = HEAD) -> PlanFile:
    return read(head + text, "plan.yaml")


def bring(
    session: Session, document: PlanFile, who: str = "clerk@tapson", now: datetime = NOON
) -> Imported:
    with system(session, Purpose.LOAD):
        period = owner.find_period(session, document.content, None)
    actor = draftworld.acting(session, who)
    return bring_in(session, actor, period, document, now=now)


def as_document(session: Session, done: Imported) -> Content:
    with system(session, Purpose.EXPORT) as scope:
        return content_of(session, done.document, draftworld.head(session, done.document), scope)


def refused(session: Session, text: str, who: str = "clerk@tapson", *, head: str = HEAD) -> str:
    with pytest.raises(BlockedError) as caught:
        bring(session, file(text, head=head), who)
    return str(caught.value)


# --- In -----------------------------------------------------------------------------------


def test_a_whole_plan_becomes_the_units_draft(session: Session) -> None:
    place = PlanUnit("xã Tập Sơn", Level.COMMUNE, "huyện Trà Cú", Level.DISTRICT)
    document = replace(
        faultless(),
        place=place,
        period=YEAR,
        phases=(PhaseSpan("2021", YEAR),),
        targets=tuple(
            replace(one, phase="2021", key=f"{one.indicator}@2021") for one in faultless().targets
        ),
    )
    done = bring(session, read(write(document), "plan.yaml"))
    assert done.document.status is Status.DRAFT
    assert (done.targets, done.lines) == (10, 21)

    found = as_document(session, done)
    assert found.header == document.header
    for name in ("papers", "bases", "recipients", "definitions", "baselines", "budget", "tasks",
                 "duties", "reporting"):  # fmt: skip
        assert getattr(found, name) == getattr(document, name), name
    size = next(one for one in found.targets if one.indicator == "club_size")
    assert (size.low, size.high, size.denominator) == (50, 70, None)
    come_to = {"budget_state@2021": 500_000_000}  # of its lines
    assert {one.key: one.low for one in found.targets} == come_to | {
        one.key: one.low for one in document.targets
    }
    assert found.sections[:3] == document.sections


def test_what_was_brought_in_comes_out_and_goes_in_again(session: Session) -> None:
    text = (PLANS / "tra-cu.yaml").read_text(encoding="utf-8")
    text = text.replace("level: district", "level: commune").replace(
        "period: {to: 2025}", "period: {from: 2021, to: 2025}"
    )
    first = bring(session, read(text, "tra-cu.yaml"))
    with system(session, Purpose.EXPORT) as scope:
        out = take_out(session, first.document.id, None, scope)
    again = read(out, "out.yaml")
    second = bring(session, again, "clerk@ngaixuyen")
    one, other = as_document(session, first), as_document(session, second)
    assert replace(other, place=one.place, floors=one.floors) == one
    assert not one.final
    assert [section.title for section in one.sections] == [
        "I. Mục tiêu và chỉ tiêu",
        "II. Phạm vi và đối tượng",
        "III. Hoạt động và giải pháp",
        "IV. Kinh phí thực hiện",
        "V. Tổ chức thực hiện",
    ]


def test_figures_of_every_kind_and_shares_of_others(session: Session) -> None:
    done = bring(
        session,
        file(
            "targets:\n"
            "  - {indicator: clubs_two_funds_pct, id: funds, value: 62.5}\n"
            "  - {indicator: income_fund_min, value: 25000000, share_of: funds, area: lowland}\n"
            "  - {indicator: clubs_new, comparator: lte, value: 3444, counts_from: yearly}\n"
            "  - {indicator: clubs_new, comparator: gt, value: 3, scope: per_commune}\n"
            "  - {indicator: loan_rate_month, from: 0.6, to: 1}\n"
            "  - {indicator: members_poor, comparator: qualitative, wording: ưu tiên}\n"
        ),
    )
    found = {one.key: one for one in as_document(session, done).targets}
    assert found["clubs_two_funds_pct@2021"].low == 6250
    floor = found["income_fund_min@2021"]
    assert (floor.low, floor.parent_share_key) == (25_000_000, "clubs_two_funds_pct@2021")
    assert floor.area.value == "lowland"
    assert (found["clubs_new@2021"].high, found["clubs_new@2021"].counts_from) == (3444, "yearly")
    assert (found["clubs_new@2021#2"].low, found["clubs_new@2021#2"].scope) == (3, "per_commune")
    assert (found["loan_rate_month@2021"].low, found["loan_rate_month@2021"].high) == (60, 100)
    assert found["members_poor@2021"].wording == "ưu tiên"


MONEY = "budget:\n  lines:\n    - {activity: Tập huấn, source: state, amount: 100000000}\n"


@pytest.mark.parametrize(
    ("figure", "amounts"),
    [
        ("value: 300000000", [100_000_000, 200_000_000]),
        ("comparator: gte, value: 300000000", [100_000_000, 200_000_000]),
        ("comparator: gte, value: 50000000", [100_000_000]),
        ("comparator: lte, value: 300000000", [100_000_000]),
        ("from: 100000000, to: 200000000", [100_000_000]),
        ("value: 100000000", [100_000_000]),
        ("comparator: qualitative, wording: theo phân cấp", [100_000_000]),
    ],
)
def test_money_beyond_the_lines_is_a_line_that_says_so(
    session: Session, figure: str, amounts: list[int]
) -> None:
    target = f"targets:\n  - {{indicator: budget_state, {figure}}}\n"
    found = as_document(session, bring(session, file(target + MONEY)))
    assert [line.amount for line in found.budget] == amounts
    assert [line.activity for line in found.budget[1:]] == [undetailed.ACTIVITY] * len(amounts[1:])
    assert [one.low for one in found.targets] == [sum(amounts)]


def test_money_without_any_line(session: Session) -> None:
    text = (
        "targets:\n  - {indicator: budget_social, value: 7000000}\n"
        "  - {indicator: budget_state, comparator: qualitative, wording: theo phân cấp}\n"
    )
    found = as_document(session, bring(session, file(text)))
    said = [(line.activity, line.source, line.amount) for line in found.budget]
    assert said == [
        (undetailed.ACTIVITY, MoneySource.SOCIAL, 7_000_000),
        ("theo phân cấp", MoneySource.STATE, None),
    ]
    assert [(one.indicator, one.low) for one in found.targets] == [("budget_social", 7_000_000)]


@pytest.mark.parametrize("figure", ["value: 99000000", "comparator: lte, value: 99000000"])
def test_lines_above_the_figure_are_asked_about(session: Session, figure: str) -> None:
    text = f"targets:\n  - {{indicator: budget_state, {figure}}}\n"
    assert "99.000.000 đồng" in refused(session, text + MONEY)


def test_the_sections_that_a_draft_needs_are_there(session: Session) -> None:
    done = bring(
        session,
        file(
            "sections:\n  - {title: I. Mục tiêu, text: A}\n  - {title: II. Bối cảnh, text: B}\n"
            "  - {key: s.tasks, title: III. Cách làm}\n"
        ),
    )
    revision = draftworld.head(session, done.document)
    rows = session.execute(
        select(Section.line_key, Section.title)
        .where(Section.revision_id == revision.id)
        .order_by(Section.ordinal)
    )
    assert [tuple(row) for row in rows] == [
        ("s.purpose", "I. Mục tiêu"),
        ("section-2", "II. Bối cảnh"),
        ("s.tasks", "III. Cách làm"),
        ("s.scope", "IV. Đối tượng, phạm vi, thời gian"),
        ("s.funding", "V. Kinh phí"),
        ("s.organisation", "VI. Tổ chức thực hiện"),
    ]


def test_a_phase_that_only_ends_is_the_periods_own(session: Session) -> None:
    document = file(
        "targets: [{indicator: clubs_new, value: 3}]\n",
        head=HEAD.replace("{from: 2021, to: 2021}", "{to: 2025}"),
    )
    found = as_document(session, bring(session, document))
    assert [one.key for one in found.targets] == ["clubs_new@2021-2025"]


# --- A whole period beside its parts ------------------------------------------------------


LATER = datetime(2026, 4, 1, 9, tzinfo=UTC)
DECADE = """format: 1
programme: "1648"
unit: {name: xã Tập Sơn, level: commune}
period: {from: 2026, to: 2035}
phases: [{from: 2026, to: 2035}, {from: 2026, to: 2030}, {from: 2031, to: 2035}]
"""


def again(session: Session, done: Imported) -> tuple[str, Content]:
    """What comes out of the database, and what is read of that."""
    with system(session, Purpose.EXPORT) as scope:
        text = take_out(session, done.document.id, None, scope)
    return text, read(text, "out.yaml", today=date(2031, 1, 1)).content


def test_the_commune_plan_that_ships_comes_in_and_out_as_it_is(session: Session) -> None:
    shipped = read((PLANS / "tam-tien.yaml").read_bytes(), "tam-tien.yaml")
    done = bring(session, shipped, now=LATER)
    text, found = again(session, done)
    codes = {"2026-2035": "2026-2035", "2026-2030": "2026-2030", "2030-2035": "2031-2035"}
    keys: dict[str, str] = {}
    for one in shipped.content.targets:
        keys[one.key] = targets.next_key(keys.values(), one.indicator, codes[one.phase])
    assert found.targets == tuple(
        replace(
            one,
            key=keys[one.key],
            phase=codes[one.phase],
            parent_share_key=keys.get(one.parent_share_key or ""),
        )
        for one in shipped.content.targets
    )
    assert [phase.key for phase in found.phases] == list(codes.values())
    for name in ("papers", "bases", "recipients", "budget", "tasks", "duties", "reporting", "final",
                 "made_on", "header"):  # fmt: skip
        assert getattr(found, name) == getattr(shipped.content, name), name
    assert "made_on: 2026-03-11" in text
    assert "final:" not in text


def test_a_figure_for_the_whole_stands_beside_those_of_its_parts(session: Session) -> None:
    text = (
        "targets:\n"
        "  - {indicator: clubs_new, phase: 2026-2035, value: 3}\n"
        "  - {indicator: clubs_new, phase: 2026-2030, value: 2}\n"
        "  - {indicator: club_size, phase: 2031-2035, from: 50, to: 70}\n"
    )
    done = bring(session, file(text, head=DECADE), now=LATER)
    sheet = drafting.written(session, draftworld.acting(session, "clerk@tapson"), done.document.id)
    there = {slot.phase.code: slot for slot in sheet.slots if slot.indicator.code == "clubs_new"}
    assert {code: slot.lines[0].target and slot.lines[0].target.value_min
            for code, slot in there.items()} == {
        "2026-2035": 3, "2026-2030": 2, "2031-2035": None}  # fmt: skip
    asked = {gap.key for gap in sheet.gaps if gap.key.startswith("clubs_new")}
    assert asked == {"clubs_new@2031-2035"}
    edit = TargetEdit("clubs_new@2026-2035", there["2026-2035"].lines[0].version, "4")
    assert draftworld.save(session, "clerk@tapson", done.document, edit).complete
    lines = {one.key: one.low for one in as_document(session, done).targets}
    assert (lines["clubs_new@2026-2035"], lines["clubs_new@2026-2030"]) == (4, 2)


def test_a_plan_without_a_figure_for_the_whole_has_its_parts_alone(session: Session) -> None:
    text = "targets:\n  - {indicator: clubs_new, phase: 2026-2030, value: 2}\n"
    found = as_document(session, bring(session, file(text, head=DECADE), now=LATER))
    assert [phase.key for phase in found.phases] == ["2026-2030", "2031-2035"]


def test_what_holds_for_the_whole_holds_in_each_part_below_and_is_not_divided(
    session: Session,
) -> None:
    head = DECADE.replace("xã Tập Sơn, level: commune", "huyện Trà Cú, level: district")
    text = (
        "targets:\n"
        "  - {indicator: clubs_new, phase: 2026-2035, value: 30}\n"
        "  - {indicator: clubs_new, phase: 2026-2030, value: 20}\n"
        "  - {indicator: clubs_two_funds_pct, phase: 2026-2035, value: 100}\n"
    )
    done = bring(session, file(text, head=head), "clerk@tracu", now=LATER)
    draftworld.issue(session, done.document, "12/KH-UBND", date(2026, 4, 2))
    with system(session, Purpose.EXPORT) as scope:
        offered = quotas.splittable(session, done.document, scope)
    assert [(one.indicator.code, one.phase.code) for one in offered] == [("clubs_new", "2026-2030")]
    below = draftworld.start(session, code="2026-2035")
    sheet = drafting.written(session, draftworld.acting(session, "clerk@tapson"), below.id)
    held = {slot.phase.code for slot in sheet.slots if slot.norms}
    assert held == {floor.phase for floor in sheet.content.floors} == {"2026-2030", "2031-2035"}


def test_a_period_that_is_opened_in_phases_has_a_whole_too(session: Session) -> None:
    cut = [("2027-2028", date(2028, 12, 31)), ("2029-2030", date(2030, 12, 31))]
    terms = periods.terms("2027-2030", date(2027, 1, 1), date(2030, 12, 31), cut)
    with system(session, Purpose.ADMINISTER):
        programme = periods.find_programme(session, "1648")
    periods.open_period(session, programme, terms, None, now=LATER)
    head = DECADE.partition("period")[0] + (
        "period: {from: 2027, to: 2030}\n"
        "phases: [{from: 2027, to: 2030}, {from: 2027, to: 2028}, {from: 2029, to: 2030}]\n"
    )
    content = file("", head=head).content
    with system(session, Purpose.LOAD):
        period = owner.find_period(session, content, None)
        codes = owner.match_phases(period, content)
        known = session.scalars(select(Phase.code).where(catalogue.phases_of(period.id)))
        assert set(codes.values()) == set(known) == {"2027-2030", "2027-2028", "2029-2030"}


def test_money_for_the_whole_is_held_against_all_lines(session: Session) -> None:
    text = (
        "targets:\n"
        "  - {indicator: budget_state, phase: 2026-2035, value: 300000000}\n"
        "  - {indicator: budget_state, phase: 2026-2030, value: 120000000}\n"
    )
    money = MONEY.replace("amount", "year: 2027, amount")
    found = as_document(session, bring(session, file(text + money, head=DECADE), now=LATER))
    assert [(line.year, line.amount) for line in found.budget] == [
        (2027, 100_000_000),
        (2030, 20_000_000),
        (None, 180_000_000),
    ]


@pytest.mark.parametrize(
    "phases",
    [
        "[{from: 2026, to: 2035}]",
        "[{from: 2026, to: 2035}, {from: 2026, to: 2030}]",
        "[{from: 2026, to: 2030}, {from: 2029, to: 2035}]",
        "[{from: 2026, to: 2030}, {from: 2031, to: 2035}, {key: a, from: 2030, to: 2035}]",
    ],
)
def test_the_whole_is_no_phase_in_place_of_one(session: Session, phases: str) -> None:
    head = DECADE.partition("phases")[0] + f"phases: {phases}\n"
    assert "kỳ 2026-2035 có 2026-2030, 2031-2035" in refused(session, "", head=head)


# --- Areas, districts and averages --------------------------------------------------------


def test_areas_districts_and_averages_come_in_and_go_out(session: Session) -> None:
    text = (
        "baseline:\n"
        "  - {indicator: communes_total, value: 17}\n"
        "  - {indicator: communes_total, value: 5, area: ethnic_minority}\n"
        "targets:\n"
        "  - {indicator: commune_coverage_pct, value: 60, area: ethnic_minority}\n"
        "  - {indicator: commune_coverage_pct, value: 80, area: town}\n"
        "  - {indicator: older_share_pct, from: 60, to: 70, area: ward}\n"
        "  - {indicator: clubs_new, value: 2, scope: per_district}\n"
        "  - {indicator: districts_with_club, value: 9}\n"
        "  - {indicator: district_coverage_pct, value: 100}\n"
        "  - {indicator: clubs_standard_pct, comparator: gte, value: 70}\n"
        "  - {indicator: club_size_avg, value: 41.7, denominator: clubs_total}\n"
        "  - {indicator: income_fund_avg, value: 42_000_000}\n"
    )
    given = file(text).content
    done = bring(session, file(text))
    _, found = again(session, done)
    assert (found.targets, found.baselines) == (given.targets, given.baselines)
    assert (found.baseline("communes_total"), found.baseline("communes_total", AreaType.WARD)) == (
        17, None)  # fmt: skip
    assert found.baseline("communes_total", AreaType.ETHNIC_MINORITY) == 5


# --- As it was given ----------------------------------------------------------------------


def test_order_and_denominators_stay_as_they_were_given(session: Session) -> None:
    text = (
        "targets:\n"
        "  - {indicator: older_women_share_pct, value: 50}\n"
        "  - {indicator: clubs_two_funds_pct, value: 100}\n"
        "  - {indicator: clubs_full8_pct, value: 70, denominator: clubs_total}\n"
        "  - {indicator: clubs_new, value: 3}\n"
    )
    given = file(text).content
    done = bring(session, file(text))
    _, found = again(session, done)
    assert found.targets == given.targets
    edit = TargetEdit("clubs_two_funds_pct@2021", 2, "90")
    assert draftworld.save(session, "clerk@tapson", done.document, edit).complete
    edit = TargetEdit("older_women_share_pct@2021", 2, "55")
    said = draftworld.save(session, "clerk@tapson", done.document, edit).errors
    assert "denominator_code" in said["older_women_share_pct@2021"]


def test_a_plan_that_was_sent_stays_final_with_its_number_and_day(session: Session) -> None:
    papers = "papers:\n  - {role: plan, number: 12/KH-UBND, date: 2021-03-01}\n"
    text, found = again(session, bring(session, file(papers)))
    assert (found.final, found.made_on) == (True, date(2021, 3, 1))
    assert found.papers == file(papers).content.papers
    assert "made_on" not in text


def test_a_draft_of_a_file_stays_a_draft(session: Session) -> None:
    papers = "papers:\n  - {role: plan, number: /KH-UBND, date: 2021-03-01}\nfinal: false\n"
    _, found = again(session, bring(session, file(papers)))
    assert not found.final


def test_the_own_day_of_a_plan_is_kept_and_can_be_cleared(session: Session) -> None:
    done = bring(session, file("made_on: 2021-02-03\n"))
    text, found = again(session, done)
    assert found.made_on == date(2021, 2, 3)
    assert "made_on: 2021-02-03" in text
    assert as_document(session, done).made_on == date(2021, 2, 3)


# --- Refused ------------------------------------------------------------------------------


def test_a_unit_that_has_a_plan_keeps_it(session: Session) -> None:
    draftworld.start(session)
    assert "đã có một văn bản cùng loại" in refused(session, "")


def test_who_does_not_draft_brings_nothing_in(session: Session) -> None:
    with pytest.raises(Exception, match="không lập được văn bản này"):
        bring(session, file(""), "leader@tapson")


def test_phases_are_those_of_the_period(session: Session) -> None:
    said = refused(
        session,
        "phases: [{from: 2021, to: 2023}, {from: 2024, to: 2025}]\n",
        head=HEAD.replace("to: 2021", "to: 2025"),
    )
    assert said.startswith(
        "Giai đoạn không khớp: tệp có 2021–2023, 2024–2025, kỳ 2021-2025 có 2021-2025. Sửa “phases”"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "targets:\n  - {indicator: clubs_new, value: 3, denominator: club_size}\n",
            "Dòng 6 của tệp: Chọn một mục trong danh sách.",
        ),
        (
            f"targets:\n  - {{indicator: clubs_new, value: 3, source: {'x' * 161}}}\n",
            "Dòng 6 của tệp: Dài quá 160 ký tự",
        ),
        (f"tasks:\n  - title: A\n  - title: {'x' * 9000}\n", "Dòng 7 của tệp: Nội dung dài quá"),
        ("duties:\n  - {agency: '', text: A}\n", "Dòng 6 của tệp: Hãy nhập ô này."),
        ("duties:\n" + "  - {agency: A}\n" * 301, "Dòng 6 của tệp: Phần này có 301 dòng"),
        (f"sections:\n  - title: {'x' * 201}\n", "Dòng 6 của tệp: Dài quá 200 ký tự"),
    ],
)
def test_what_could_not_be_typed_does_not_get_in(text: str, said: str, session: Session) -> None:
    assert said in refused(session, text)


def test_every_line_that_cannot_be_kept_is_told(session: Session) -> None:
    said = refused(session, "duties:\n  - {agency: '', text: A}\n  - {agency: '', text: B}\n")
    assert "Dòng 6" in said
    assert "Dòng 7" in said


# --- Whose --------------------------------------------------------------------------------


def find(session: Session, said: str, level: Level = Level.COMMUNE) -> str:
    with system(session, Purpose.LOAD):
        return owner.find_unit(session, said, level, date(2021, 1, 1)).full_name


def add_unit(session: Session, kind: str, name: str, above: str, **more: object) -> Unit:
    """One more unit below another of the world."""
    with system(session, Purpose.LOAD):
        parent = session.scalars(select(Unit).where(Unit.name == above)).one()
        values = {"code": "1", "valid_from": date(2020, 1, 1), "level": Level.COMMUNE} | more
        unit = Unit(type=kind, name=name, parent_id=parent.id, path="", **values)
        session.add(unit)
        session.flush()
        unit.path = f"{parent.path}{unit.id}."
        session.flush()
        return unit


@pytest.mark.parametrize(
    "said", ["xã Tập Sơn", "Tập Sơn", "tapson", "Tập Sơn, huyện Trà Cú", " xã  Tập Sơn , Trà Cú "]
)
def test_a_unit_by_its_code_or_its_name(said: str, session: Session) -> None:
    assert find(session, said) == "xã Tập Sơn"


def test_the_level_of_the_file_tells_a_district_from_its_town(session: Session) -> None:
    add_unit(session, "thị trấn", "Trà Cú", "Trà Cú")
    assert find(session, "Trà Cú", Level.DISTRICT) == "huyện Trà Cú"
    assert find(session, "Trà Cú", Level.COMMUNE) == "thị trấn Trà Cú"


def test_a_name_of_two_units_is_asked_about(session: Session) -> None:
    add_unit(session, "xã", "Định An", "Trà Cú", code="29494")
    add_unit(session, "thị trấn", "Định An", "Trà Cú", code="29462")
    with pytest.raises(BlockedError) as caught:
        find(session, "Định An")
    assert "xã Định An, huyện Trà Cú (29494)" in str(caught.value)
    assert "thị trấn Định An, huyện Trà Cú (29462)" in str(caught.value)
    assert find(session, "thị trấn Định An") == "thị trấn Định An"
    assert find(session, "29494") == "xã Định An"


def test_tone_marks_tell_names_apart(session: Session) -> None:
    add_unit(session, "xã", "Tập Sòn", "Trà Cú")
    assert find(session, "xã Tập Sơn") == "xã Tập Sơn"
    assert find(session, "xã Tập Sòn") == "xã Tập Sòn"


def test_a_unit_that_has_ended_is_not_meant(session: Session) -> None:
    add_unit(session, "phường", "Tập Sơn", "Trà Cú", valid_to=date(2020, 6, 1))
    assert find(session, "Tập Sơn") == "xã Tập Sơn"
    with pytest.raises(BlockedError, match="Không có đơn vị nào là “phường Tập Sơn”"):
        find(session, "phường Tập Sơn")


@pytest.mark.parametrize(
    ("said", "level", "why"),
    [
        ("xã Không Có", Level.COMMUNE, "Không có đơn vị nào"),
        ("Tập Sơn, huyện Khác", Level.COMMUNE, "Không có đơn vị nào"),
        ("xã Tập Sơn", Level.DISTRICT, "không phải cấp huyện"),
    ],
)
def test_no_such_unit(said: str, level: Level, why: str, session: Session) -> None:
    with pytest.raises(BlockedError, match=why):
        find(session, said, level)


def test_the_period_is_the_files_years_or_the_one_that_is_named(session: Session) -> None:
    content = file("").content
    assert owner.find_period(session, content, None).code == "2021"
    assert owner.find_period(session, content, "2021-2025").code == "2021-2025"
    open_start = replace(content, period=Span(None, 2025))
    assert owner.find_period(session, open_start, None).code == "2021-2025"
    with pytest.raises(BlockedError, match=r"không có kỳ 2019. Các kỳ: 2021, 2021-2025"):
        owner.find_period(session, content, "2019")
    with pytest.raises(BlockedError, match="không có kỳ 2021–2023"):
        owner.find_period(session, replace(content, period=Span(2021, 2023)), None)


def drafter(session: Session, unit: str, email: str | None = None) -> str:
    with system(session, Purpose.LOAD):
        place = session.scalars(select(Unit).where(Unit.name == unit)).one()
        return owner.find_drafter(session, place, email, date(2021, 5, 10)).person_name


def test_the_only_drafter_of_a_unit_writes(session: Session) -> None:
    assert drafter(session, "Ngãi Xuyên") == "clerk@ngaixuyen"


def test_of_several_drafters_one_is_chosen(session: Session) -> None:
    with system(session, Purpose.LOAD):
        for name in ("clerk@tapson", "clerk2@tapson"):
            person = session.scalars(select(Person).where(Person.name == name)).one()
            session.add(Credential(person_id=person.id, email=f"{name}.example"))
    with pytest.raises(BlockedError, match=r"clerk2@tapson.example, clerk@tapson.example"):
        drafter(session, "Tập Sơn")
    assert drafter(session, "Tập Sơn", "Clerk2@tapson.example ") == "clerk2@tapson"
    with pytest.raises(BlockedError, match=r"leader@tapson.* không lập kế hoạch"):
        drafter(session, "Tập Sơn", "leader@tapson.example")


def test_a_unit_without_a_drafter(session: Session) -> None:
    with system(session, Purpose.LOAD):
        clerk = RoleAssignment.role == Role.CLERK
        for one in session.scalars(select(RoleAssignment).where(clerk)):
            one.valid_to = date(2021, 5, 10)
    with pytest.raises(BlockedError, match="chưa có ai giữ vai trò lập kế hoạch"):
        drafter(session, "Ngãi Xuyên")


# --- Out ----------------------------------------------------------------------------------


def test_an_issued_plan_comes_out_with_its_revision(session: Session) -> None:
    with system(session, Purpose.EXPORT) as scope:
        document = session.scalars(select(Document)).one()
        text = take_out(session, document.id, None, scope)
        assert take_out(session, document.id, 1, scope) == text
    found = read(text, "out.yaml").content
    assert found.place == PlanUnit(
        "huyện Trà Cú", Level.DISTRICT, "tỉnh Trà Vinh", Level.PROVINCE, 2
    )
    members = next(one for one in found.targets if one.indicator == "members_total")
    assert (members.low, members.comparator.value) == (3444, "gt")
    assert found.sections[0].key == "s.purpose"
    (paper,) = found.papers
    assert (paper.role, paper.number, paper.dated_on, paper.signed) == (
        PaperRole.DECISION, "793/QĐ-UBND", date(2021, 5, 7), True)  # fmt: skip
    assert (found.final, found.made_on) == (True, date(2021, 5, 7))


def test_what_cannot_come_out(session: Session) -> None:
    with system(session, Purpose.EXPORT) as scope:
        document = session.scalars(select(Document)).one()
        with pytest.raises(BlockedError, match="không có bản số 7; bản mới nhất là 1"):
            take_out(session, document.id, 7, scope)
        with pytest.raises(BlockedError, match="Không có kế hoạch số 999"):
            take_out(session, 999, None, scope)


def test_a_synthesis_is_no_plan_file(session: Session) -> None:
    document = draftworld.start(session, "specialist@tracu", kind=SYNTHESIS)
    with (
        system(session, Purpose.EXPORT) as scope,
        pytest.raises(BlockedError, match="là bản tổng hợp"),
    ):
        take_out(session, document.id, None, scope)


def test_a_plan_that_the_scope_does_not_see_does_not_come_out(session: Session) -> None:
    done = bring(session, file(""))
    stranger = Scope.of(draftworld.acting(session, "clerk@ngaixuyen"))
    with pytest.raises(BlockedError, match="Không có kế hoạch"):
        take_out(session, done.document.id, None, stranger)
