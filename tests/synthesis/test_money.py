"""The synthesis adds up money by source, tier and year, and says of qualities what units say."""

import pytest
from sqlalchemy import select
from synthesis.builders import IN_WORDS, NOON, Said, at_least, between, exactly

from lth import synthesis
from lth.access.scope import Scope
from lth.content import targets
from lth.content.line_types import BudgetLine
from lth.models import PartLine
from lth.models.content import TargetScope
from lth.models.parts import MoneyLevel, MoneySource, Part
from lth.models.person import Role
from lth.models.unit import Level
from lth.synthesis.money import MoneyKey

MILLION = 1_000_000
STATE, SOCIAL = MoneySource.STATE, MoneySource.SOCIAL
COMMUNE, PROVINCE = MoneyLevel.COMMUNE, MoneyLevel.PROVINCE


def line(source, amount, level=None, year=None):
    return BudgetLine("", "Tập huấn", source, level, year, amount)


def plan(tree, unit, *lines, **figures):
    document = tree.document(unit)
    tree.write(document, figures)
    tree.spend(document, *lines)
    tree.release(document)
    return document


def synthesised(session, tree, unit):
    """Take over; the document, its sheet and the scope."""
    document = tree.synthesis(unit)
    specialist = tree.person(Role.SPECIALIST, unit)
    synthesis.take_over(session, specialist, document.id, now=NOON)
    scope = Scope.of(specialist)
    return document, synthesis.sheet(session, document, tree.head(document), scope), scope


def in_cells(sheet, of="taken"):
    """The table's figures that are not nought."""
    return {
        (row.source, row.level, year): amount
        for row in sheet.money.rows
        for year, amount in zip(sheet.money.years, getattr(row, of), strict=True)
        if amount
    }


def two_communes(tree, district, first="Xã A", second="Xã B"):
    one, other = (tree.unit(Level.COMMUNE, name, district) for name in (first, second))
    return (
        plan(tree, one, line(STATE, 5 * MILLION, COMMUNE, 2021), line(SOCIAL, 3 * MILLION)),
        plan(
            tree,
            other,
            line(STATE, 2 * MILLION, COMMUNE, 2021),
            line(STATE, 1 * MILLION, PROVINCE),
            line(SOCIAL, None),
        ),
    )


COME_TO = {
    (STATE, COMMUNE, 2021): 7 * MILLION,
    (STATE, PROVINCE, None): 1 * MILLION,
    (SOCIAL, None, None): 3 * MILLION,
}


def test_money_is_added_up_by_source_tier_and_year(session, tree, province):
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    two_communes(tree, district)
    _, sheet, _ = synthesised(session, tree, district)
    assert in_cells(sheet) == in_cells(sheet, "live") == COME_TO
    assert (sheet.money.unpriced, sheet.money.drifted) == (1, False)
    state = next(one for one in sheet.lines if one.indicator.code == "budget_state")
    assert state.taken.value == 8 * MILLION


def test_the_province_adds_up_its_districts(session, tree, province):
    for name in ("Trà Cú", "Càng Long"):
        district = tree.unit(Level.DISTRICT, name, province)
        two_communes(tree, district, f"{name} A", f"{name} B")
        document, *_ = synthesised(session, tree, district)
        tree.release(document)
    _, sheet, _ = synthesised(session, tree, province)
    assert in_cells(sheet) == {key: 2 * amount for key, amount in COME_TO.items()}


def test_in_two_tiers_the_province_adds_up_its_communes(session, tree, province):
    two_communes(tree, province)
    _, sheet, _ = synthesised(session, tree, province)
    assert in_cells(sheet) == COME_TO


def test_what_was_taken_over_stays_and_drift_is_shown(session, tree, province):
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    first, _ = two_communes(tree, district)
    document, _, scope = synthesised(session, tree, district)
    tree.reopen(first)
    sheet = synthesis.sheet(session, document, tree.head(document), scope)
    assert in_cells(sheet) == COME_TO
    assert in_cells(sheet, "live")[STATE, COMMUNE, 2021] == 2 * MILLION
    assert sheet.money.drifted


def test_a_synthesis_lines_keep_their_keys_and_are_its_content(session, tree, province):
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    two_communes(tree, district)
    document, *_ = synthesised(session, tree, district)

    def keys():
        statement = select(PartLine).where(PartLine.revision_id == tree.head(document).id)
        return {row.line_key: row.data["amount"] for row in session.scalars(statement)}

    before = keys()
    assert len(before) == 3
    assert all(key.startswith(f"{Part.BUDGET}-") for key in before)
    specialist = tree.person(Role.SPECIALIST, district)
    synthesis.take_over(session, specialist, document.id, now=NOON)
    assert keys() == before


def test_each_units_money_and_lines(session, tree, province):
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    two_communes(tree, district)
    third = tree.unit(Level.COMMUNE, "Xã C", district)
    document, _, scope = synthesised(session, tree, district)
    found = synthesis.money_of_units(session, document, tree.head(document), scope)
    by_name = {one.unit.name: one for one in found.units}
    assert by_name["Xã A"].now.total == by_name["Xã A"].taken.total == 8 * MILLION
    assert [text.activity for text in by_name["Xã B"].lines] == ["Tập huấn"] * 3
    assert by_name[third.name].now is None
    narrowed = synthesis.money_of_units(
        session, document, tree.head(document), scope, only=(STATE, COMMUNE)
    )
    assert [one.now.total for one in narrowed.units if one.now] == [5 * MILLION, 2 * MILLION]
    assert all(one.level is COMMUNE for unit in narrowed.units for one in unit.lines)
    assert narrowed.total == 3


def test_a_key_is_in_the_order_of_its_words():
    keys = [
        MoneyKey(None, None, None),
        MoneyKey(SOCIAL, None, 2026),
        MoneyKey(STATE, COMMUNE, 2026),
        MoneyKey(STATE, PROVINCE, 2027),
    ]
    assert sorted(keys, key=lambda key: key.order) == [keys[3], keys[2], keys[1], keys[0]]


# --- Qualities ----------------------------------------------------------------------------

FULL = exactly(100_00)


def saying(sheet, code):
    found = next(one for one in sheet.lines if one.indicator.code == code)
    units = sheet.heard[0]
    return targets.said(found.taken.sayings, units, found.indicator)


def communes_say(tree, district, code, *figures):
    for number, figure in enumerate(figures):
        unit = tree.unit(Level.COMMUNE, f"Xã {number}", district)
        tree.released(unit, {code: figure} if figure else {"clubs_new": 1})


@pytest.mark.parametrize(
    ("code", "figures", "text"),
    [
        ("clubs_two_funds_pct", [FULL] * 3, "3/3 đơn vị ghi 100 %"),
        ("clubs_two_funds_pct", [FULL, FULL, None], "2/3 đơn vị ghi 100 %"),
        ("clubs_full8_pct", [at_least(70_00)] * 2, "2/2 đơn vị ghi ít nhất 70 %"),
        ("older_share_pct", [between(60_00, 70_00), exactly(70_00)], "từ 60–70 % đến 70 %"),
        ("older_share_pct", [exactly(70_00), between(60_00, 65_00), exactly(62_00)],
         "từ 60–65 % đến 70 %"),
        ("meetings_month", [Said(exactly(1_00), TargetScope.PER_CLUB)] * 2,
         "2/2 đơn vị ghi 1 lần/tháng"),
        ("club_size", [Said(between(50, 70), TargetScope.PER_CLUB)] * 2, "2/2 đơn vị ghi 50–70"),
        ("exercise_week", [Said(IN_WORDS, wording="hằng tuần")] * 2,
         "2/2 đơn vị ghi “hằng tuần”"),
        ("exercise_week", [Said(IN_WORDS, wording="hằng tuần"), Said(IN_WORDS, wording="đều đặn")],
         "2 đơn vị ghi 2 cách"),
    ],
)  # fmt: skip
def test_a_quality_is_what_the_units_say(session, tree, province, code, figures, text):
    district = tree.unit(Level.DISTRICT, "Trà Cú", province)
    communes_say(tree, district, code, *figures)
    _, sheet, _ = synthesised(session, tree, district)
    assert saying(sheet, code) == text
    kept = next(row for row in sheet.lines if row.indicator.code == code)
    assert kept.taken == kept.live, "kept just as it was added up"


def test_the_province_counts_what_communes_say(session, tree, province):
    for name in ("Trà Cú", "Càng Long"):
        district = tree.unit(Level.DISTRICT, name, province)
        communes_say(tree, district, "clubs_two_funds_pct", FULL, FULL, at_least(80_00))
        document, *_ = synthesised(session, tree, district)
        tree.release(document)
    _, sheet, _ = synthesised(session, tree, province)
    found = next(one for one in sheet.lines if one.indicator.code == "clubs_two_funds_pct")
    assert saying(sheet, "clubs_two_funds_pct") == "từ ít nhất 80 % đến 100 %"
    each = targets.said_each(found.taken.sayings, found.indicator)
    assert each == "4 đơn vị ghi 100 %; 2 đơn vị ghi ít nhất 80 %"
    assert sheet.heard[0] == 6


def test_every_comparator_is_kept_as_it_was_said():
    said = targets.merged(
        targets.Saying(targets.Figure(one, 1, 2), 1, "lời") for one in targets.Comparator
    )
    assert tuple(targets.read_sayings(targets.stored_sayings(said))) == said
