"""What the reports of the units below come to; every figure here is computed by hand."""

import pytest
from reporting.reporttree import NIL, NOT_APPLICABLE, Done, ReportTree
from synthesis.builders import NOON

from lth import synthesis
from lth.models.person import Role
from lth.models.report import Reported
from lth.models.unit import Level
from lth.reporting import adding_up
from lth.reporting.sums import Pair, Sum
from lth.synthesis.children import Standing


@pytest.fixture
def district(tree, province):
    return tree.unit(Level.DISTRICT, "Châu Thành", province)


def live(tree: ReportTree, document, code: str) -> Sum | None:
    tree.looks(document.unit)
    adding_up.forget()
    grid, found = adding_up.released(tree.session, document)
    again = adding_up.released(tree.session, document)[1]
    assert again == found  # what is remembered is what was counted
    return found.get(grid.by_code(code).id)


def take_over(tree: ReportTree, document) -> synthesis.Taken:
    actor = tree.person(Role.SPECIALIST, document.unit)
    return synthesis.take_over(tree.session, actor, document.id, now=NOON)


def test_a_percentage_is_a_sum_over_a_sum(tree, district):
    """One club of 50 who all borrow, ten with 700 half of whom do: 400 of 750."""
    one, other = tree.communes(district, 2)
    tree.released(one, {"loans_members": 50, "members_total": 50})
    tree.released(other, {"loans_members": 350, "members_total": 700})
    share = live(tree, tree.synthesis(district), "loan_access_pct")
    assert (share.value, share.counted) == (5333, 2)  # and not 75 %, the mean


def test_number_nil_not_applicable_and_missing_are_four_things(tree, district):
    one, nought, nil, none, silent = tree.communes(district, 5)
    tree.released(one, {"loans_members": 12})
    tree.released(nought, {"loans_members": 0})
    tree.released(nil, {"loans_members": NIL})
    tree.released(none, {"loans_members": NOT_APPLICABLE})
    tree.document(silent)
    document = tree.synthesis(district)
    found = live(tree, document, "loans_members")
    assert found == Sum(value=12, counted=2, nils=1, not_applicable=1, missing=1)
    assert found.units == 5
    for silent_of in ("members_total", "board_size", "loan_access_pct"):
        assert live(tree, document, silent_of) is None


def test_what_nobody_gave_a_number_for_is_nil_or_not_applicable(tree, district):
    one, other = tree.communes(district, 2)
    tree.released(one, {"loans_members": NIL, "loan_overdue": NOT_APPLICABLE})
    tree.released(other, {"loans_members": NOT_APPLICABLE, "loan_overdue": NOT_APPLICABLE})
    document = tree.synthesis(district)
    take_over(tree, document)
    stored = tree.stored(document)
    assert stored["loans_members"].reported is Reported.NIL
    assert stored["loan_overdue"].reported is Reported.NOT_APPLICABLE
    assert stored["loan_overdue"].value is None
    assert "members_total" not in stored  # missing is no row


def test_a_percentage_counts_the_units_that_gave_both(tree, district):
    """A commune without a fund does not make the share of those with one smaller."""
    one, other, third = tree.communes(district, 3)
    tree.released(one, {"loans_members": 50, "members_total": 50})
    tree.released(other, {"loans_members": NOT_APPLICABLE, "members_total": 700})
    tree.released(third, {"loans_members": NIL, "members_total": 50})
    document = tree.synthesis(district)
    share = live(tree, document, "loan_access_pct")
    assert share == Sum(value=5000, counted=2, not_applicable=1)  # 50 of 100
    take_over(tree, document)
    kept = tree.stored(document)
    assert "loan_access_pct" not in kept
    assert kept["loans_members"].said == {"pairs": {"loan_access_pct": [50, 100, 2, None]}}


def test_cumulative_figures_add_up_besides(tree, district):
    one, other, third = tree.communes(district, 3)
    tree.released(one, {"clubs_new": Done(2, 5)})
    tree.released(other, {"clubs_new": Done(0, 3)})
    tree.released(third, {"clubs_new": NIL})
    found = live(tree, tree.synthesis(district), "clubs_new")
    assert (found.value, found.cumulative) == (2, 8)


def test_of_a_minimum_the_smallest(tree, province, district):
    for unit, value in zip(tree.communes(district, 3), (40_000_000, 15_000_000, NIL), strict=True):
        tree.released(unit, {"income_fund_min": value})
    document = tree.synthesis(district)
    take_over(tree, document)
    kept = tree.stored(document)["income_fund_min"]
    assert (kept.value, kept.least, kept.counted, kept.nils) == (15_000_000, 15_000_000, 2, 1)
    tree.release(document)
    other = tree.unit(Level.DISTRICT, "Càng Long", province)
    tree.released(tree.communes(other, 1)[0], {"income_fund_min": 9_000_000})
    above = tree.synthesis(other)
    take_over(tree, above)
    tree.release(above)
    assert live(tree, tree.synthesis(province), "income_fund_min").least == 9_000_000


def test_a_range_is_a_count_of_units_within_it(tree, district):
    """Five on the board of a club is what the model asks; 50 to 70 members in one."""
    for unit, board, members, clubs in zip(
        tree.communes(district, 3), (5, 4, 5), (120, 90, 130), (2, 2, 2), strict=True
    ):
        tree.released(unit, {"board_size": board, "members_total": members, "clubs_total": clubs})
    document = tree.synthesis(district)
    board = live(tree, document, "board_size")
    assert (board.value, board.in_range, board.counted) == (2, 2, 3)
    size = live(tree, document, "club_size")  # 340 members in 6 clubs; 60, 45 and 65 of them each
    assert (size.value, size.in_range, size.counted) == (57, 2, 3)
    take_over(tree, document)
    tree.release(document)
    above = tree.synthesis(tree.session.get_one(type(district), district.parent_id))
    size = live(tree, above, "club_size")
    assert (size.value, size.in_range, size.counted) == (57, 2, 3)


def test_sums_of_districts_and_a_commune_of_the_provinces_own(tree, province, district):
    """Two districts below a province, and a commune right below it."""
    one, other, silent = tree.communes(district, 3)
    tree.released(one, {"members_total": 50, "loans_members": 50})
    tree.released(other, {"members_total": 700, "loans_members": NOT_APPLICABLE})
    tree.document(silent)
    sum_ = tree.synthesis(district)
    take_over(tree, sum_)
    tree.release(sum_)
    second = tree.unit(Level.DISTRICT, "Càng Long", province)
    tree.released(tree.communes(second, 2)[0], {"members_total": 60})  # never added up
    alone = tree.communes(province, 1)[0]
    tree.released(alone, {"members_total": 100, "loans_members": 20})
    document = tree.synthesis(province)
    members = live(tree, document, "members_total")
    # 50 + 700 + 100; of six communes one of the district and both of the other are missing
    assert (members.value, members.counted, members.missing) == (850, 3, 3)
    share = live(tree, document, "loan_access_pct")
    assert (share.value, share.counted, share.not_applicable) == (4667, 2, 1)  # 70 of 150
    taken = take_over(tree, document)
    assert (taken.received, taken.expected) == (2, 3)
    kept = tree.stored(document)
    assert (kept["members_total"].value, kept["members_total"].missing) == (850, 3)
    assert kept["loans_members"].said["pairs"]["loan_access_pct"] == [70, 150, 2, None]


def test_a_unit_reopened_after_the_receipt_is_drift_and_the_receipt_stands(tree, district):
    one, other = tree.communes(district, 2)
    first = tree.released(one, {"members_total": 50})
    tree.released(other, {"members_total": 70})
    document = tree.synthesis(district)
    take_over(tree, document)
    tree.send(document)
    tree.reopen(first)
    tree.mend(first, {"members_total": 64})
    tree.looks(district)
    head = tree.head(document)
    grid, now = adding_up.released(tree.session, document)
    then = adding_up.taken(tree.session, grid, head)
    row = grid.by_code("members_total").id
    assert (then[row].value, now[row].value) == (120, 134)
    assert adding_up.received(tree.session, document, head)[row].value == 120
    assert tree.receipt(document)[one.id] == 1
    below = synthesis.children.Below(document, head, tree.looks(district))
    counts = synthesis.children.count(tree.session, below)
    assert counts.by_standing == {Standing.CHANGED: 1, Standing.IN: 1}


def test_taking_over_again_replaces_what_was_taken(tree, district):
    one, other = tree.communes(district, 2)
    tree.released(one, {"members_total": 50, "helped_cases": 3})
    document = tree.synthesis(district)
    assert take_over(tree, document).figures == 2
    tree.released(other, {"members_total": 70})
    take_over(tree, document)
    assert {code: row.value for code, row in tree.stored(document).items()} == {
        "members_total": 120,
        "helped_cases": 3,
    }


def test_a_pair_of_counts_adds_up_with_another():
    assert Pair(1, 2, 1, 1) + Pair(3, 4, 2) == Pair(4, 6, 3, 1)
