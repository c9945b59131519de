"""The programme versions: complete in their files, and brought into a database once."""

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from lth.content.targets import quotient
from lth.models import Area, Base, Indicator, Period, Phase, Programme
from lth.models.programme import Measure, RollUp
from lth.programmes import catalogue
from lth.programmes.catalogue_file import CODES, TOPIC_LABEL, CatalogueError, parse, read

# The common schema of indicators, as the domain notes list it, with its roll-up rules.
EXPECTED = {
    RollUp.SUM: (
        "communes_total older_population older_members_assoc clubs_existing clubs_new clubs_total "
        "clubs_closed communes_with_club members_total members_older members_women "
        "members_older_women members_young members_poor members_ethnic clubs_standard "
        "income_fund_balance operating_fund_balance loans_members loan_need_members "
        "loan_outstanding loan_overdue volunteers homecare_persons helped_cases budget_state "
        "budget_social older_reached clubs_income_fund"
    ),
    RollUp.RATIO: (
        "commune_coverage_pct older_share_pct women_share_pct older_women_share_pct "
        "young_share_pct poor_share_pct clubs_maintained_pct clubs_full8_pct "
        "clubs_digital_green_pct clubs_two_funds_pct loan_access_pct boards_trained_pct "
        "staff_trained_pct outreach_pct health_check_year health_book_pct reports_on_time_pct "
        "older_reach_pct clubs_income_fund_pct"
    ),
    RollUp.MINIMUM: "income_fund_min",
    RollUp.COUNT_IN_RANGE: "club_size loan_rate_month member_fee_month board_size",
    RollUp.NOT_ADDITIVE: "meetings_month exercise_week",
}
REQUIRED = {
    "clubs_new",
    "members_total",
    "members_older",
    "members_young",
    "members_women",
    "loans_members",
    "income_fund_balance",
}


@pytest.fixture
def database():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize("code", CODES)
def test_every_indicator_is_there_with_its_roll_up(code):
    rules = {row.code: row.roll_up for row in read(code).indicators}
    for rule, codes in EXPECTED.items():
        assert {rules.get(one) for one in codes.split()} == {rule}


@pytest.mark.parametrize("code", CODES)
def test_seven_indicators_are_required(code):
    assert {row.code for row in read(code).indicators if row.required} == REQUIRED


@pytest.mark.parametrize("code", CODES)
def test_both_languages_are_complete_and_differ(code):
    file = read(code)
    for row in (*file.indicators, *file.areas):
        named = row.label_vi if hasattr(row, "label_vi") else row.name_vi
        english = row.label_en if hasattr(row, "label_en") else row.name_en
        assert named.strip() and english.strip() and named != english
    assert file.name_vi != file.name_en
    assert all(source.vi and source.en for source in file.sources.values())


def test_every_topic_is_used():
    assert {row.topic for row in read("1336").indicators} == TOPIC_LABEL.keys()


def test_counts_of_a_ratio_are_summed():
    rows = {row.code: row for row in read("1648").indicators}
    for row in rows.values():
        if row.roll_up is RollUp.RATIO:
            counts = [row.numerator, *filter(None, [row.denominator]), *row.denominators]
            assert {rows[code].roll_up for code in counts} == {RollUp.SUM}
            assert {rows[code].measure for code in counts} == {Measure.COUNT}


def test_eight_areas():
    codes = [area.code for area in read("1533").areas]
    assert codes == (
        ["income", "health", "homecare", "selfhelp", "rights", "awareness", "culture", "resource"]
    )


@pytest.mark.parametrize(
    ("programme", "code", "low", "high"),
    [
        ("1336", "club_size", 50, 70),
        ("1336", "older_share_pct", 60_00, 70_00),
        ("1336", "women_share_pct", 60_00, 70_00),
        ("1336", "young_share_pct", 30_00, 40_00),
        ("1336", "clubs_full8_pct", 70_00, None),
        ("1336", "clubs_two_funds_pct", 100_00, 100_00),
        ("1336", "loan_access_pct", 50_00, None),
        ("1533", "older_share_pct", 70_00, None),
        ("1533", "loan_rate_month", 60, 1_00),
        ("1648", "clubs_full8_pct", 80_00, None),
        ("1648", "loan_access_pct", 60_00, None),
        ("1648", "income_fund_min", 50_000_000, None),
        ("1648", "clubs_new", None, None),
    ],
)
def test_norms_are_exact_integers(programme, code, low, high):
    file = read(programme)
    row = next(row for row in file.indicators if row.code == code)
    assert file.threshold(row) == (low, high)


def test_installing_twice_changes_nothing(database):
    first = catalogue.install(database)
    database.commit()
    assert first.added > 200 and first.updated == 0
    again = catalogue.install(database)
    assert (again.added, again.updated) == (0, 0)
    assert not database.new and not database.dirty


def test_installing_mends_what_differs_and_keeps_ids(database):
    catalogue.install(database)
    row = database.scalars(select(Indicator).where(Indicator.code == "clubs_new")).first()
    was, row.label_vi = row.id, "Cũ"
    database.commit()
    assert catalogue.install(database).updated == 1
    assert database.get(Indicator, was).label_vi == "Câu lạc bộ thành lập mới"


def test_what_is_installed(database):
    catalogue.install(database)
    for code in CODES:
        found = catalogue.programme(database, code)
        assert found.decision.startswith(f"Quyết định số {code}/QĐ-TTg ngày ")
        listed = catalogue.indicators(database, found.id)
        assert [row.code for row in listed] == [row.code for row in read(code).indicators]
    assert database.scalar(select(func.count()).select_from(Programme)) == 3
    assert database.scalar(select(func.count()).select_from(Area)) == 24


def test_periods_and_phases(database):
    catalogue.install(database)
    found = {
        period.code: [phase.code for phase in period.phases]
        for code in CODES
        for period in catalogue.periods(database, catalogue.programme(database, code).id)
    }
    assert found == {
        "2016-2020": ["2016-2020"],
        "2021": ["2021"],
        "2021-2025": ["2021-2025"],
        "2026": ["2026"],
        "2026-2035": ["2026-2030", "2031-2035"],
    }
    assert database.scalar(select(func.count()).select_from(Period)) == len(found)
    assert database.scalar(select(func.count()).select_from(Phase)) == 7
    whole = database.scalars(select(Phase).where(Phase.whole_of_id.is_not(None))).one()
    assert (whole.code, whole.period_id) == ("2026-2035", None)


def test_a_new_target_starts_from_what_the_catalogue_says(database):
    catalogue.install(database)
    listed = catalogue.indicators(database, catalogue.programme(database, "1648").id)
    rows = {row.code: row for row in listed}
    assert rows["club_size"].extra["scope"] == "per_club"
    assert rows["income_fund_balance"].extra["counts_from"] == "cumulative"
    assert rows["loan_access_pct"].denominator_code == "loan_need_members"
    assert rows["older_women_share_pct"].denominator_code is None
    assert rows["older_women_share_pct"].extra["denominators"] == [
        "members_total",
        "members_older",
    ]
    assert rows["club_size"].extra["norm"]["source_vi"].startswith("Như Quyết định số 1336")


def test_an_unknown_programme_is_named(database):
    with pytest.raises(LookupError, match="9999"):
        catalogue.programme(database, "9999")
    with pytest.raises(CatalogueError, match=r"9999\.toml"):
        read("9999")


COMMON = """
[[area]]
code = "income"
name_vi = "Tăng thu nhập"
name_en = "Income"

[[indicator]]
code = "clubs_new"
topic = "clubs"
label_vi = "Câu lạc bộ mới"
label_en = "New clubs"
unit_vi = "CLB"
unit_en = "clubs"
measure = "count"
roll_up = "sum"
"""
OWN = """
code = "1000"
name_vi = "Đề án"
name_en = "Scheme"
decision = "Quyết định số 1000/QĐ-TTg"
starts_on = 2021-01-01
ends_on = 2022-12-31

[sources.decision]
vi = "Quyết định"
en = "Decision"

[norms]
clubs_new = { min = 1, source = "decision" }

[[period]]
code = "2021-2022"
starts_on = 2021-01-01
ends_on = 2022-12-31

[[period.phase]]
code = "2021"
starts_on = 2021-01-01
ends_on = 2021-12-31

[[period.phase]]
code = "2022"
starts_on = 2022-01-01
ends_on = 2022-12-31
"""


def test_the_small_example_is_sound():
    assert parse(COMMON, OWN, "1000").threshold(parse(COMMON, OWN, "1000").indicators[0]) == (
        1,
        None,
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("common", 'label_en = "New clubs"\n', "", "'clubs_new': label_en is missing"),
        ("common", '"New clubs"', '" "', "label_en is empty"),
        ("common", 'measure = "count"', 'measure = "kg"', "measure is 'kg', not one of count"),
        ("common", 'topic = "clubs"', 'topic = "other"', "no topic 'other'"),
        ("common", 'roll_up = "sum"', 'roll_up = "ratio"', "needs a numerator"),
        ("common", 'unit_en = "clubs"', 'unit_en = 3', "unit_en cannot be 3"),
        ("common", 'roll_up = "sum"', 'roll_up = "sum"\ncolour = 1', "unknown colour"),
        ("common", 'roll_up = "sum"', 'roll_up = "sum"\nbudget_sources = ["x"]',
         "no source or tier of money x"),
        ("common", 'roll_up = "sum"', 'roll_up = "sum"\nbudget_sources = ["state"]', "only money"),
        ("common", 'roll_up = "sum"', 'roll_up = "sum"\nbudget_levels = ["commune"]',
         "tiers of the budget without a source"),
        ("common", 'roll_up = "sum"', 'roll_up = "sum"\nhelp_vi = "x"', "one language only"),
        ("common", 'roll_up = "sum"', 'roll_up = "sum"\nnumerator = "x"', "no indicator"),
        ("common", "[[area]]", '[[area]]\ncode = "income"\nname_vi = "a"\nname_en = "b"\n[[area]]',
         "area income stands there twice"),
        ("common", "Câu lạc bộ mới", "Ca\u0302u", "composed form"),
        ("common", "[[area]]", "[[area", "common.toml: "),
        ("own", 'code = "1000"', 'code = "1001"', "the code within is '1001'"),
        ("own", "ends_on = 2022-12-31\n\n[sources", "\n[sources", "ends_on must be a date"),
        ("own", "clubs_new = {", "members = {", "norms.members: no such indicator"),
        ("own", 'source = "decision" }', 'source = "law" }', "no source 'law'"),
        ("own", "min = 1,", "min = 3, max = 1,", "min is above max"),
        ("own", "min = 1,", "min = 1.5,", "too many places"),
        ("own", "min = 1, ", "", "neither min nor max"),
        ("own", "starts_on = 2022-01-01", "starts_on = 2021-12-31", "'2022' leaves a gap or over"),
        ("own", "starts_on = 2022-01-01", "starts_on = 2022-01-02", "'2022' leaves a gap or over"),
        ("own", "ends_on = 2022-12-31\n\n[[", "ends_on = 2023-12-31\n\n[[", "another day than"),
    ],
)  # fmt: skip
def test_a_fault_in_a_file_is_named(file, old, new, said):
    texts = {"common": COMMON, "own": OWN}
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    with pytest.raises(CatalogueError) as caught:
        parse(texts["common"], texts["own"], "1000")
    assert said in str(caught.value)


def test_a_file_without_indicators_is_refused():
    with pytest.raises(CatalogueError, match=r"\[\[indicator\]\]"):
        parse(COMMON.split("[[indicator]]", maxsplit=1)[0], OWN, "1000")


@pytest.mark.parametrize(
    ("numerator", "denominator", "measure", "expected"),
    [
        (2_240, 3_444, Measure.PERCENT, 65_04),
        (400, 750, Measure.PERCENT, 53_33),
        (21, 109, Measure.PERCENT, 19_27),
        (1, 8, Measure.PERCENT, 12_50),
        (1, 32, Measure.PERCENT, 3_13),  # 3,125 %: a half goes up
        (0, 5, Measure.PERCENT, 0),
        (5, 0, Measure.PERCENT, None),
        (10**17 + 1, 10**17, Measure.PERCENT, 100_00),
        (412, 206, Measure.RATE, 2_00),
    ],
)
def test_a_percentage_is_a_sum_over_a_sum(numerator, denominator, measure, expected):
    assert quotient(numerator, denominator, measure) == expected
