"""The synthesis as a document: real figures, taking over, the sheet, drift, labels."""

from datetime import date

import pytest
from sqlalchemy import select
from support.queries import counted
from synthesis.builders import NOON, Said, at_least, exactly

from lth import synthesis
from lth.access.scope import Purpose, Scope, Sight, system
from lth.core.errors import NotFoundError, NotNowError, NotYoursError
from lth.demo import figures
from lth.models import Deadline, Quota, Receipt, RevisionEditor, Target
from lth.models.content import TargetScope
from lth.models.document import Status
from lth.models.person import Role
from lth.models.unit import Level
from lth.synthesis import Standing
from lth.synthesis.children import StandingCounts
from lth.synthesis.sheet import drift
from lth.workflow.kinds import PLAN

TRA_CU, CANG_LONG = "849", "844"
SUMS_OF_TRA_CU = {
    "clubs_new": 50,
    "members_total": 3_444,
    "members_older": 2_240,
    "members_young": 1_204,
    "members_women": 2_230,
    "loans_members": 1_727,
    "income_fund_balance": 1_235_000_000,
}
SHARES_OF_TRA_CU = {
    "older_share_pct": 6_504,
    "women_share_pct": 6_475,
    "loan_access_pct": 5_015,
}
SUMS_OF_BOTH = {
    "clubs_new": 90,
    "members_total": 5_882,
    "members_older": 3_849,
    "members_young": 2_033,
    "members_women": 3_811,
    "loans_members": 3_105,
    "income_fund_balance": 2_275_000_000,
}


def district_of(tree, province, code, name):
    """A district with its communes' plans released; the plans by unit name."""
    district = tree.unit(Level.DISTRICT, name, province)
    documents = {}
    for row in figures.three_tier("2021").values():
        if row.district_code == code:
            unit = tree.unit(Level.COMMUNE, row.name, district)
            documents[row.name] = tree.released(unit, row.phases["2021"])
    return district, documents


@pytest.fixture
def tra_cu(tree, province):
    return district_of(tree, province, TRA_CU, "Trà Cú")


@pytest.fixture
def small(tree, province):
    """A district with three communes: two released, one that has begun nothing."""
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    units = tree.communes(district, 3)
    documents = [tree.released(one, {"members_total": 100, "clubs_new": 2}) for one in units[:2]]
    return district, units, documents


def values(tree, totals):
    codes = {row.id: code for code, row in tree.indicators.items()}
    return {codes[indicator_id]: total.value for (indicator_id, _), total in totals.items()}


def take_over(session, tree, district, document):
    """The district's specialist takes over; the sheet and their scope afterwards."""
    specialist = tree.person(Role.SPECIALIST, district)
    taken = synthesis.take_over(session, specialist, document.id, now=NOON)
    scope = Scope.of(specialist)
    return taken, synthesis.sheet(session, document, tree.head(document), scope), scope


# --- The documents' own figures -----------------------------------------------------------


def test_the_communes_of_tra_cu_come_to_the_printed_figures(session, tree, tra_cu):
    district, _ = tra_cu
    document = tree.synthesis(district)
    found = values(tree, synthesis.live(session, document, tree.looks(district)))
    assert {code: found[code] for code in SUMS_OF_TRA_CU} == SUMS_OF_TRA_CU
    assert {code: found[code] for code in SHARES_OF_TRA_CU} == SHARES_OF_TRA_CU


def test_the_province_adds_up_what_its_districts_sent(session, tree, province, tra_cu):
    for district in (tra_cu[0], district_of(tree, province, CANG_LONG, "Càng Long")[0]):
        document = tree.synthesis(district)
        take_over(session, tree, district, document)
        tree.release(document)
    empty = tree.unit(Level.DISTRICT, "Cầu Kè", province)
    tree.communes(empty, 2)
    top = tree.synthesis(province)
    taken, sheet, _ = take_over(session, tree, province, top)
    assert (taken.received, taken.expected) == (2, 3)
    found = {line.indicator.code: line for line in sheet.lines}
    assert {code: found[code].taken.value for code in SUMS_OF_BOTH} == SUMS_OF_BOTH
    assert found["members_total"].taken.counted == 31, "communes, however far below"
    assert found["older_share_pct"].taken.value == 6_544
    assert found["club_size"].taken.in_range == 31
    assert str(sheet.header) == "2 trên 3 huyện"
    assert [unit.name for unit in sheet.missing] == ["Cầu Kè"]
    assert {child.inside for child in sheet.page.children} == {(17, 17), (14, 14), None}


def test_a_district_below_that_could_not_add_spoils_the_number_above(session, tree, province):
    for name, said in (("A", exactly(3)), ("B", Said(exactly(3), TargetScope.PER_CLUB))):
        district = tree.unit(Level.DISTRICT, name, province)
        tree.released(tree.communes(district, 1)[0], {"clubs_new": said})
        document = tree.synthesis(district)
        take_over(session, tree, district, document)
        tree.release(document)
    totals = synthesis.live(session, tree.synthesis(province), tree.looks(province))
    total = totals[tree.cell("clubs_new")]
    assert (total.value, total.counted, total.incomparable) == (3, 1, 1)


def test_a_plan_does_not_count_beside_the_synthesis_of_its_unit(session, tree, province):
    """The district began its plan before it had units of its own taking part."""
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    tree.released(district, {"clubs_new": 50})
    tree.released(tree.communes(district, 1)[0], {"clubs_new": 3})
    below = tree.synthesis(district)
    take_over(session, tree, district, below)
    tree.release(below)
    taken, sheet, _ = take_over(session, tree, province, tree.synthesis(province))
    assert (taken.received, taken.expected) == (1, 1)
    clubs = next(line for line in sheet.lines if line.indicator.code == "clubs_new")
    assert clubs.taken.value == 3


# --- Taking over --------------------------------------------------------------------------


def test_taking_over_writes_figures_and_receipt(session, tree, small):
    district, units, documents = small
    document = tree.synthesis(district)
    taken, _, _ = take_over(session, tree, district, document)
    assert (taken.received, taken.expected) == (2, 3)
    assert tree.receipt(document) == {units[0].id: 1, units[1].id: 1, units[2].id: None}
    head = tree.head(document)
    statement = select(Target).where(Target.revision_id == head.id)
    lines = {line.line_key: line for line in session.scalars(statement)}
    assert lines["members_total@2021"].value_min == 200
    assert lines["members_total@2021"].counted == 2
    assert head.taken_over_at == NOON
    editors = select(RevisionEditor.person_id).where(RevisionEditor.revision_id == head.id)
    assert len(session.scalars(editors).all()) == 1
    hashes = select(Receipt.sha256).where(Receipt.revision_id == head.id, Receipt.number == 1)
    assert set(session.scalars(hashes)) == {tree.head(one).sha256 for one in documents}


def test_taking_over_again_replaces_what_was_there(session, tree, small):
    district, units, documents = small
    document = tree.synthesis(district)
    take_over(session, tree, district, document)
    tree.mend(documents[0], {"members_total": 114})
    tree.released(units[2], {"members_total": 50})
    taken, sheet, _ = take_over(session, tree, district, document)
    assert taken.received == 3
    assert tree.receipt(document) == {units[0].id: 2, units[1].id: 1, units[2].id: 1}
    assert not sheet.drift


def test_what_was_taken_over_reads_back_as_it_was(session, tree, tra_cu):
    district, _ = tra_cu
    document = tree.synthesis(district)
    _, sheet, scope = take_over(session, tree, district, document)
    taken = {(line.indicator.id, line.phase.id): line.taken for line in sheet.lines if line.taken}
    assert taken == synthesis.live(session, document, scope)


@pytest.mark.parametrize("role", [Role.CLERK, Role.LEADER, Role.OBSERVER])
def test_only_the_specialist_takes_over(session, tree, small, role):
    district, _, _ = small
    document = tree.synthesis(district)
    with pytest.raises((NotYoursError, NotFoundError)):
        synthesis.take_over(session, tree.person(role, district), document.id, now=NOON)


def test_nobody_takes_over_for_a_neighbour(session, tree, province, small):
    document = tree.synthesis(small[0])
    stranger = tree.person(Role.SPECIALIST, tree.unit(Level.DISTRICT, "Cầu Kè", province))
    with pytest.raises(NotFoundError):
        synthesis.take_over(session, stranger, document.id, now=NOON)


def test_what_was_sent_is_not_taken_over_again(session, tree, small):
    district, _, _ = small
    document = tree.synthesis(district)
    take_over(session, tree, district, document)
    tree.send(document)
    with pytest.raises(NotNowError):
        take_over(session, tree, district, document)


def test_a_plan_takes_nothing_over(session, tree, small):
    document = tree.document(small[0], feeds=False)
    with pytest.raises((NotNowError, NotYoursError)):
        take_over(session, tree, small[0], document)


# --- The sheet ----------------------------------------------------------------------------


def test_before_taking_over_the_sheet_says_what_could_be(session, tree, small):
    district, units, _ = small
    document = tree.synthesis(district)
    sheet = synthesis.sheet(session, document, tree.head(document), tree.looks(district))
    assert (str(sheet.header), str(sheet.ready)) == ("0 trên 3 xã", "2 trên 3 xã")
    assert sheet.drift is None
    assert [unit.id for unit in sheet.missing] == [units[2].id]
    assert sheet.missing_count == 1


def test_the_sheet_names_who_is_missing_and_when_it_is_due(session, tree, small):
    district, units, _ = small
    with system(session, Purpose.LOAD):
        session.add(
            Deadline(
                setter_id=district.id,
                period_id=tree.period.id,
                kind=PLAN,
                due_on=date(2021, 5, 20),
            )
        )
        session.flush()
    _, sheet, _ = take_over(session, tree, district, tree.synthesis(district))
    assert (str(sheet.header), sheet.missing_count) == ("2 trên 3 xã", 1)
    assert [unit.id for unit in sheet.missing] == [units[2].id]
    by_unit = {child.unit.id: child for child in sheet.page.children}
    assert by_unit[units[2].id].standing is Standing.MISSING
    assert by_unit[units[2].id].due.on == date(2021, 5, 20)
    assert by_unit[units[0].id].standing is Standing.IN
    assert by_unit[units[0].id].sent_at == NOON


def test_assigned_and_own_stand_beside_the_total(session, tree, province, small):
    district, _, _ = small
    above = tree.document(province, feeds=False)
    with system(session, Purpose.LOAD):
        indicator_id, phase_id = tree.cell("clubs_new")
        place = {"indicator_id": indicator_id, "phase_id": phase_id}
        session.add(Quota(document_id=above.id, unit_id=district.id, value=50, **place))
        session.flush()
    tree.issue(above, "304/QĐ-UBND")
    own = tree.document(district, feeds=False)
    tree.write(own, {"clubs_new": at_least(48)})
    tree.issue(own)
    _, sheet, _ = take_over(session, tree, district, tree.synthesis(district))
    line = next(one for one in sheet.lines if one.indicator.code == "clubs_new")
    assert (line.quota, line.own, line.taken.value, line.live.value) == (
        50,
        (at_least(48),),
        4,
        4,
    )


def test_the_list_of_units_comes_in_pages(session, tree, province):
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    units = tree.communes(district, 51)
    document = tree.synthesis(district)
    scope = tree.looks(district)
    pages = [
        synthesis.sheet(session, document, tree.head(document), scope, page=number).page
        for number in (1, 2)
    ]
    assert [len(page.children) for page in pages] == [50, 1]
    listed = [child.unit.id for page in pages for child in page.children]
    assert listed == [unit.id for unit in units]


# --- Scope --------------------------------------------------------------------------------


def test_the_unit_above_sees_what_lies_below(session, tree, province, small):
    district, _, _ = small
    document = tree.synthesis(district)
    assert (
        synthesis.live(session, document, tree.looks(province))[tree.cell("clubs_new")].value == 4
    )


def test_a_unit_below_or_beside_does_not(session, tree, province, small):
    district, units, _ = small
    document = tree.synthesis(district)
    beside = tree.unit(Level.DISTRICT, "Cầu Kè", province)
    for unit, sight in ((units[0], Sight.ALL), (beside, Sight.ALL), (district, Sight.NONE)):
        scope = tree.looks(unit, sight)
        with pytest.raises(NotFoundError):
            synthesis.live(session, document, scope)


def test_a_unit_below_reads_an_issued_synthesis_without_its_neighbours(session, tree, small):
    district, units, _ = small
    document = tree.synthesis(district)
    take_over(session, tree, district, document)
    tree.issue(document)
    sheet = synthesis.sheet(session, document, tree.head(document), tree.looks(units[0]))
    assert str(sheet.header) == "2 trên 3 xã"
    assert (sheet.page, sheet.drift, sheet.ready, list(sheet.missing)) == (None, None, None, [])
    assert all(line.live is None for line in sheet.lines)


# --- Drift --------------------------------------------------------------------------------


def test_drift_is_told_in_units_and_members(session, tree, small):
    district, _, documents = small
    document = tree.synthesis(district)
    _, sheet, _ = take_over(session, tree, district, document)
    assert not sheet.drift
    tree.mend(documents[0], {"members_total": 110, "clubs_new": 2})
    tree.mend(documents[1], {"members_total": 104, "clubs_new": 2})
    sheet = synthesis.sheet(session, document, tree.head(document), tree.looks(district))
    assert str(sheet.drift.summary).startswith("lệch 2 xã, +14 ")
    assert {child.standing for child in sheet.page.children} == {
        Standing.CHANGED,
        Standing.MISSING,
    }


def test_drift_that_no_unit_sent_names_no_unit(session, tree, small):
    district, _, documents = small
    document = tree.synthesis(district)
    _, same, _ = take_over(session, tree, district, document)
    tree.mend(documents[0], {"members_total": 110, "clubs_new": 2})
    moved = synthesis.sheet(session, document, tree.head(document), tree.looks(district))
    none_adrift = StandingCounts({Standing.IN: 2}, Level.COMMUNE)
    assert str(drift(moved.lines, none_adrift).summary).startswith("lệch +10 ")
    assert drift(same.lines, none_adrift).summary is None


def test_a_reopened_unit_drifts_until_it_is_approved_again(session, tree, small):
    district, _, documents = small
    document = tree.synthesis(district)
    take_over(session, tree, district, document)
    tree.reopen(documents[0])
    scope = tree.looks(district)
    adrift = synthesis.sheet(session, document, tree.head(document), scope).drift
    assert adrift.units == 1
    assert str(adrift.summary).startswith("lệch 1 xã, −100 ")
    tree.mend(documents[0], {"members_total": 100, "clubs_new": 2})
    scope = tree.looks(district)
    adrift = synthesis.sheet(session, document, tree.head(document), scope).drift
    assert (adrift.units, str(adrift.summary)) == (1, "lệch 1 xã"), "same figures, new revision"


def test_a_late_unit_is_drift_too(session, tree, small):
    district, units, _ = small
    document = tree.synthesis(district)
    take_over(session, tree, district, document)
    tree.released(units[2], {"members_total": 30})
    sheet = synthesis.sheet(session, document, tree.head(document), tree.looks(district))
    assert str(sheet.drift.summary).startswith("lệch 1 xã, +30 ")
    assert sheet.counts.by_standing[Standing.LATE] == 1


# --- Drill-down ---------------------------------------------------------------------------


def test_one_figure_unit_by_unit(session, tree, small):
    district, units, documents = small
    document = tree.synthesis(district)
    take_over(session, tree, district, document)
    tree.mend(documents[0], {"members_total": 114})
    scope = tree.looks(district)
    cell = tree.cell("members_total")
    found = synthesis.drill_down(session, document, tree.head(document), *cell, scope)
    assert (found.taken.value, found.live.value, found.total) == (200, 214, 3)
    rows = {one.unit.id: one for one in found.contributions}
    assert (rows[units[0].id].taken.value, rows[units[0].id].now.value) == (100, 114)
    assert [line.value_min for line in rows[units[0].id].stated] == [114]
    assert (rows[units[2].id].now, rows[units[2].id].taken) == (None, None)


def test_a_ratio_is_shown_unit_by_unit_with_those_that_keep_to_it(session, tree, province):
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    for unit, women in zip(tree.communes(district, 2), (130, 90), strict=True):
        tree.released(unit, {"members_total": 200, "members_women": women})
    document = tree.synthesis(district)
    cell = tree.cell("women_share_pct")
    found = synthesis.drill_down(
        session, document, tree.head(document), *cell, tree.looks(district)
    )
    assert found.live.value == 5_500
    assert (found.complying, found.judged) == (1, 2)
    shown = [(one.now.value, one.complies) for one in found.contributions]
    assert shown == [(6_500, True), (4_500, False)]


def test_no_figure_that_the_programme_does_not_have(session, tree, small):
    document = tree.synthesis(small[0])
    scope = tree.looks(small[0])
    with pytest.raises(NotFoundError):
        synthesis.drill_down(session, document, tree.head(document), 0, tree.phase.id, scope)


# --- The label ----------------------------------------------------------------------------


def test_consolidated_while_the_synthesis_stands(session, tree, small):
    district, units, documents = small
    ids = [document.id for document in documents]
    document = tree.synthesis(district)
    take_over(session, tree, district, document)
    tree.looks(units[0])
    assert synthesis.consolidated(session, ids) == set(), "taken over, not yet sent"
    tree.send(document)
    tree.looks(units[0])
    assert synthesis.consolidated(session, ids) == set(ids)
    with system(session, Purpose.LOAD):
        document.status = Status.RETURNED
        session.flush()
    assert synthesis.consolidated(session, ids) == set()
    assert synthesis.consolidated(session, []) == set()


# --- Queries ------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_the_units(session, tree, province):
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    document = tree.synthesis(district)

    def ask():
        scope = tree.looks(district)
        head, cell, found = tree.head(document), tree.cell("women_share_pct"), []
        for work in (
            lambda: synthesis.live(session, document, scope),
            lambda: synthesis.sheet(session, document, head, scope),
            lambda: synthesis.drill_down(session, document, head, *cell, scope),
        ):
            with counted(session) as statements:
                session.refresh(document)
                session.refresh(head)
                work()
            found.append(len(statements) - 2)
        return found

    def add(number):
        for unit in tree.communes(district, number):
            tree.released(unit, {"members_total": 200, "members_women": 130})

    add(4)
    first = ask()
    add(4)
    assert ask() == first == [2, 6, 8]
