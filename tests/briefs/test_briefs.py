"""The facts of what is signed, against a world made by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from synthesis.builders import NOON, Said, Tree, at_least, between

from lth import briefs, synthesis
from lth.access.scope import Purpose, Scope, system
from lth.content.targets import Figure
from lth.core.i18n import Message, pack
from lth.models import Explanation, KeptFinding, Opinion, PartLine, Quota, Section
from lth.models.content import Comparator, TargetScope
from lth.models.finding import Severity
from lth.models.opinion import Aspect, Verdict
from lth.models.parts import MoneySource, Part
from lth.models.person import Role
from lth.models.unit import Level
from lth.workflow.context import ActContext

TODAY = NOON.date()
PER_CLUB = TargetScope.PER_CLUB


@pytest.fixture
def tree(session):
    return Tree(session)


@pytest.fixture
def district(tree):
    return tree.unit(Level.DISTRICT, "Trà Cú", tree.unit(Level.PROVINCE, "Trà Vinh"))


@pytest.fixture
def commune(tree, district):
    return tree.communes(district, 1)[0]


@pytest.fixture
def assign(tree, district):
    """Assign a unit a figure by the district's plan in force."""
    plan = tree.document(district, feeds=False)
    tree.issue(plan)

    def assigned(unit, code, value):
        with system(tree.session, Purpose.LOAD):
            indicator_id, phase_id = tree.cell(code)
            row = Quota(document_id=plan.id, unit_id=unit.id, value=value)
            row.indicator_id, row.phase_id = indicator_id, phase_id
            tree.session.add(row)
            tree.session.flush()

    return assigned


def add(tree, *rows):
    with system(tree.session, Purpose.LOAD):
        tree.session.add_all(rows)
        tree.session.flush()


def of_act(tree, document, role=Role.LEADER, unit=None):
    """What somebody is shown before an act; the next step's leader unless told otherwise."""
    actor = tree.person(role, unit or document.next_unit)
    return briefs.of_act(ActContext(tree.session, document, actor, NOON + timedelta(hours=1)))


def shown(brief):
    return [(one.indicator.code, one.short, one.off_norm) for one in brief.figures]


# --- Figures ------------------------------------------------------------------------------


def test_what_falls_short_of_what_was_assigned_comes_first(tree, commune, assign):
    assign(commune, "clubs_new", 3)
    assign(commune, "members_total", 200)
    assign(commune, "members_older", 100)
    plan = tree.document(commune)
    tree.write(plan, {"clubs_new": 3, "members_total": 207, "members_older": 90})
    tree.send(plan)
    assert shown(of_act(tree, plan)) == [
        ("members_older", 10, False),
        ("clubs_new", 0, False),
        ("members_total", 0, False),
    ]


def test_what_was_assigned_and_not_planned_for_is_a_gap(tree, commune, assign):
    assign(commune, "clubs_new", 3)
    plan = tree.document(commune)
    tree.write(plan, {"members_total": 207})
    tree.send(plan)
    (first, other) = of_act(tree, plan).figures
    assert (first.indicator.code, first.figure, first.short) == ("clubs_new", None, 3)
    assert not other.gap


@pytest.mark.parametrize(
    ("said", "off"),
    [
        (Said(between(6000, 7000), PER_CLUB), False),
        (Said(at_least(6000), PER_CLUB), False),
        (Said(at_least(5500), PER_CLUB), True),
        (Said(between(6000, 7500), PER_CLUB), True),
        (Said(at_least(5500)), None),  # of the whole unit: the norm is of each club
    ],
)
def test_what_misses_the_programmes_norm_is_a_gap(tree, commune, said, off):
    plan = tree.document(commune)
    tree.write(plan, {"women_share_pct": said})
    tree.send(plan)
    found = [one.off_norm for one in of_act(tree, plan).figures]
    assert found == ([True] if off else [])


def test_an_upper_bound_falls_short_of_nothing(tree, commune, assign):
    assign(commune, "clubs_new", 3)
    plan = tree.document(commune)
    tree.write(plan, {"clubs_new": Figure(Comparator.LTE, high=2)})
    tree.send(plan)
    assert [one.short for one in of_act(tree, plan).figures] == [0]


# --- Opinions, findings -------------------------------------------------------------------


def test_dissent_comes_first(tree, district, commune):
    plan = tree.document(commune)
    tree.send(plan)
    head = tree.head(plan)
    said = ((Aspect.CONTENT, Verdict.AGREE), (Aspect.FINANCE, Verdict.DISAGREE))
    for minutes, (aspect, verdict) in enumerate(said):
        person = tree.person(Role.SPECIALIST, district)
        row = Opinion(revision_id=head.id, unit_id=district.id, person_id=person.person_id)
        row.aspect, row.verdict, row.text = aspect, verdict, "Vượt dự toán"
        row.given_at = NOON + timedelta(minutes=minutes)
        add(tree, row)
    brief = of_act(tree, plan)
    assert [one.aspect for one in brief.opinions] == [Aspect.FINANCE, Aspect.CONTENT]
    assert [one.aspect for one in brief.dissent] == [Aspect.FINANCE]
    assert of_act(tree, plan, unit=commune).opinions == []  # not published


def test_warnings_come_with_their_explanations_and_infos_do_not_come(tree, district, commune):
    plan = tree.document(commune)
    head = tree.head(plan)
    clerk = tree.person(Role.CLERK, commune)
    for code, severity in (("V02", Severity.WARNING), ("V03", Severity.INFO)):
        said = pack(Message("Ngoài khoảng"))
        row = KeptFinding(revision_id=head.id, code=code, severity=severity, found_at=NOON)
        row.said = row.remedy = said
        add(tree, row)
        note = Explanation(revision_id=head.id, code=code, text="Vận động thêm", given_at=NOON)
        note.person_id, note.said = clerk.person_id, [said]
        add(tree, note)
    tree.send(plan)
    (one,) = of_act(tree, plan).findings
    assert (str(one.said), one.explanation) == ("Ngoài khoảng", "Vận động thêm")
    many = briefs.of_many(tree.session, [plan.id], tree.looks(district), TODAY)
    assert [each.explanation for each in many[plan.id].findings] == ["Vận động thêm"]


# --- Changes, money -----------------------------------------------------------------------


def test_what_changed_since_it_was_last_sent(tree, commune):
    plan = tree.document(commune)
    tree.write(plan, {"clubs_new": 3, "members_total": 207})
    row = {"line_key": "s.purpose", "ordinal": 1, "title": "I. Mục đích"}
    add(tree, Section(revision_id=tree.head(plan).id, body="Cũ", edited_at=NOON, **row))
    tree.send(plan)
    assert of_act(tree, plan).changes is None
    tree.mend(plan, {"clubs_new": 4, "members_total": 207})
    changes = of_act(tree, plan).changes
    assert changes.since == 1
    assert [(one.line_key, one.before.low, one.now.low) for one in changes.figures] == [
        ("clubs_new@2021", 3, 4)
    ]
    assert changes.sections == ["I. Mục đích"]  # gone
    assert changes.count == 2


def test_the_money_by_its_sources(tree, commune):
    plan = tree.document(commune)
    head = tree.head(plan)
    for at, (source, amount) in enumerate([("state", 30), ("social", 12), ("state", 8)], 1):
        data = {"activity": "Tập huấn", "source": source, "amount": amount * 1_000_000}
        row = PartLine(revision_id=head.id, part=Part.BUDGET, line_key=f"budget.{at}", data=data)
        row.ordinal = at
        add(tree, row)
    tree.release(plan)
    document = tree.synthesis(commune.parent)
    specialist = tree.person(Role.SPECIALIST, commune.parent)
    synthesis.take_over(tree.session, specialist, document.id, now=NOON)
    above = of_act(tree, document, Role.SPECIALIST, commune.parent).money
    money = of_act(tree, plan).money
    assert above.by_source == money.by_source
    assert money.total == 50_000_000
    assert money.by_source == {MoneySource.STATE: 38_000_000, MoneySource.SOCIAL: 12_000_000}


# --- Missing units ------------------------------------------------------------------------


def test_what_missing_units_leave_short(tree, district, assign):
    there, *absent = tree.communes(district, 3)
    for one in (there, *absent):
        assign(one, "clubs_new", 3)
        assign(one, "women_share_pct", 6000)
    tree.released(there, {"clubs_new": 3})
    document = tree.synthesis(district)
    specialist = tree.person(Role.SPECIALIST, district)
    synthesis.take_over(tree.session, specialist, document.id, now=NOON)
    brief = of_act(tree, document, Role.SPECIALIST, district)
    assert brief.some_absent
    assert str(brief.attendance.said) == "1 trên 3 xã"
    assert [(one.indicator.code, one.value) for one in brief.lacking] == [("clubs_new", 6)]


# --- Many ---------------------------------------------------------------------------------


def test_many_say_of_each_what_one_does(tree, district, assign):
    plans = []
    for commune in tree.communes(district, 4):
        assign(commune, "clubs_new", 3)
        plan = tree.document(commune)
        tree.write(plan, {"clubs_new": 2, "members_total": 100})
        tree.send(plan)
        plans.append(plan)
    scope = tree.looks(district)
    many = briefs.of_many(tree.session, [one.id for one in plans], scope, TODAY)
    assert set(many) == {one.id for one in plans}
    for plan in plans:
        assert shown(many[plan.id]) == shown(of_act(tree, plan))


def test_many_cost_as_many_queries_as_a_few(tree, district, assign):
    plans = [tree.document(one) for one in tree.communes(district, 12)]
    for plan in plans:
        assign(plan.unit, "clubs_new", 3)
        tree.write(plan, {"clubs_new": 2})
        tree.send(plan)
    scope = tree.looks(district)
    ids = [one.id for one in plans]
    assert _queries(tree, ids[:2], scope) == _queries(tree, ids, scope) <= 8


def _queries(tree, ids, scope) -> int:
    tree.session.flush()
    tree.session.expire_all()
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = tree.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        briefs.of_many(tree.session, ids, scope, TODAY)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def test_a_scope_gets_no_brief_of_what_it_does_not_see(tree, district, commune):
    plan = tree.document(commune)
    elsewhere = tree.unit(Level.DISTRICT, "Càng Long")
    scope: Scope = tree.looks(elsewhere)
    assert briefs.of_many(tree.session, [plan.id], scope, TODAY) == {}
    assert briefs.of_many(tree.session, [plan.id], tree.looks(district), TODAY) == {}  # not sent
