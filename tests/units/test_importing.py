"""The shipped units: what the file says of the country, and how it gets into the database."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from lth.models import Base, Unit, UnitLineage
from lth.models.unit import Level
from lth.units.importing import (
    ImportProblem,
    LineageRow,
    UnitFile,
    UnitRow,
    import_units,
    read_units,
)

THREE_TIERS = date(2025, 6, 30)
TWO_TIERS = date(2025, 7, 1)
LATER = date(2026, 7, 1)
VINH_LONG, TRA_VINH, BAC_GIANG, BAC_NINH = "2:86", "3:84", "3:24", "2:24"


@pytest.fixture(scope="module")
def shipped():
    return read_units()


def empty_database():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return Session(engine)


@pytest.fixture(scope="module")
def imported(shipped):
    """The whole country, imported once, and the report of it."""
    with empty_database() as session:
        report = import_units(session, shipped)
        session.commit()
        yield session, report


@pytest.fixture
def country(imported):
    return imported[0]


@pytest.fixture
def session():
    with empty_database() as session:
        yield session


def in_force(on):
    return (Unit.valid_from <= on) & ((Unit.valid_to.is_(None)) | (Unit.valid_to > on))


def count_by_type(session, on, level):
    query = select(Unit.type).where(Unit.level == level, in_force(on))
    return Counter(session.scalars(query))


def one(session, on, level, code):
    return session.scalars(
        select(Unit).where(Unit.level == level, Unit.code == code, in_force(on))
    ).one()


def children(session, unit, on):
    query = select(Unit).where(Unit.parent_id == unit.id, in_force(on)).order_by(Unit.sort_key)
    return list(session.scalars(query))


def heirs(session, unit):
    query = (
        select(Unit, UnitLineage.share)
        .join(UnitLineage, UnitLineage.to_unit_id == Unit.id)
        .where(UnitLineage.from_unit_id == unit.id)
        .order_by(Unit.code)
    )
    return [(heir.code, share) for heir, share in session.execute(query)]


# --- The country --------------------------------------------------------------------------


def test_the_whole_country_finds_its_place(imported, shipped):
    session, report = imported

    assert report.problems == ()
    assert report.units_added == len(shipped.units)
    assert report.lineage_added == len(shipped.lineage)
    assert session.scalar(select(func.count()).select_from(Unit)) == len(shipped.units)
    assert session.scalar(select(func.count()).select_from(UnitLineage)) == len(shipped.lineage)


@pytest.mark.parametrize(
    ("on", "level", "types"),
    [
        (THREE_TIERS, Level.PROVINCE, {"tỉnh": 57, "thành phố": 6}),
        (
            THREE_TIERS,
            Level.DISTRICT,
            {"huyện": 508, "quận": 49, "thị xã": 52, "thành phố": 87},
        ),
        (THREE_TIERS, Level.COMMUNE, {"xã": 7692, "phường": 1726, "thị trấn": 617}),
        (TWO_TIERS, Level.PROVINCE, {"tỉnh": 28, "thành phố": 6}),
        (TWO_TIERS, Level.DISTRICT, {}),
        (TWO_TIERS, Level.COMMUNE, {"xã": 2621, "phường": 687, "đặc khu": 13}),
        (LATER, Level.PROVINCE, {"tỉnh": 27, "thành phố": 7}),
        (LATER, Level.DISTRICT, {}),
        (LATER, Level.COMMUNE, {"xã": 2611, "phường": 697, "đặc khu": 13}),
    ],
)
def test_units_in_force(country, on, level, types):
    assert count_by_type(country, on, level) == types


def test_paths_form_a_tree_of_ids(country):
    units = {unit.id: unit for unit in country.scalars(select(Unit))}

    for unit in units.values():
        above = units[unit.parent_id].path if unit.parent_id else ""
        assert unit.path == f"{above}{unit.id}."
    depths = Counter((unit.level, unit.path.count(".")) for unit in units.values())
    assert set(depths) == {("province", 1), ("district", 2), ("commune", 2), ("commune", 3)}


def test_a_unit_lives_within_the_life_of_its_parent(country):
    for unit in country.scalars(select(Unit).where(Unit.parent_id.is_not(None))):
        assert unit.parent.valid_from <= unit.valid_from
        assert unit.parent.valid_to is None or unit.valid_to <= unit.parent.valid_to


def test_tra_cu_has_seventeen_communes_two_of_one_name(country):
    tra_cu = one(country, THREE_TIERS, Level.DISTRICT, "849")
    communes = children(country, tra_cu, THREE_TIERS)

    assert tra_cu.full_name == "huyện Trà Cú"
    assert tra_cu.parent.full_name == "tỉnh Trà Vinh"
    assert len(communes) == 17
    assert [(u.type, u.code) for u in communes if u.name == "Định An"] == [
        ("thị trấn", "29462"),
        ("xã", "29494"),
    ]
    assert [u.name for u in communes][:2] == ["An Quảng Hữu", "Đại An"]


def test_tra_cu_became_six_communes_of_vinh_long(country):
    tra_cu = one(country, THREE_TIERS, Level.DISTRICT, "849")
    codes = {
        code for unit in children(country, tra_cu, THREE_TIERS) for code, _ in heirs(country, unit)
    }
    names = {one(country, TWO_TIERS, Level.COMMUNE, code).full_name for code in codes}

    assert names == {
        "xã Trà Cú",
        "xã Tập Sơn",
        "xã Lưu Nghiệp Anh",
        "xã Hàm Giang",
        "xã Đại An",
        "xã Long Hiệp",
    }
    parents = {one(country, TWO_TIERS, Level.COMMUNE, code).parent.full_name for code in codes}
    assert parents == {"tỉnh Vĩnh Long"}


def test_tam_tien_kept_its_name_and_changed_its_code(country):
    old = one(country, THREE_TIERS, Level.COMMUNE, "07252")
    new = one(country, TWO_TIERS, Level.COMMUNE, "07264")

    assert old.full_name == new.full_name == "xã Tam Tiến"
    assert heirs(country, old) == [("07264", "whole")]
    assert [u.parent.full_name for u in (old, new)] == ["huyện Yên Thế", "tỉnh Bắc Ninh"]
    assert one(country, THREE_TIERS, Level.COMMUNE, "07264").name == "Tiến Thắng"


def test_one_province_code_named_two_provinces(country):
    bac_giang = one(country, THREE_TIERS, Level.PROVINCE, "24")
    bac_ninh = one(country, TWO_TIERS, Level.PROVINCE, "24")

    assert (bac_giang.name, bac_ninh.name) == ("Bắc Giang", "Bắc Ninh")
    assert heirs(country, bac_giang) == [("24", "whole")]
    assert len(children(country, bac_ninh, TWO_TIERS)) == 99


def test_shares_of_a_unit_are_one_whole_or_several_parts(country):
    shares = {}
    for row in country.scalars(select(UnitLineage)):
        shares.setdefault(row.from_unit_id, []).append(row.share)

    assert all(s == ["whole"] or (len(s) > 1 and set(s) == {"part"}) for s in shares.values())
    assert max(map(len, shares.values())) > 1


def test_every_commune_of_three_tiers_has_an_heir_in_its_provinces_heir(country):
    province = {u.id: u.ancestor_ids[0] for u in country.scalars(select(Unit)) if u.parent_id}
    pairs = [(row.from_unit_id, row.to_unit_id) for row in country.scalars(select(UnitLineage))]
    merged = {(old, new) for old, new in pairs if old not in province}
    has_heir = {old for old, _ in pairs}
    communes = select(Unit.id).where(Unit.level == Level.COMMUNE, in_force(THREE_TIERS))

    assert set(country.scalars(communes)) <= has_heir
    assert all((province[old], province[new]) in merged for old, new in pairs if old in province)


def test_dong_nai_became_a_city_with_ten_wards_more(country):
    before = one(country, date(2026, 4, 29), Level.PROVINCE, "75")
    after = one(country, date(2026, 4, 30), Level.PROVINCE, "75")
    communes = children(country, after, LATER)
    earlier = {u.code: u.type for u in children(country, before, date(2026, 4, 29))}
    promoted = {u.name for u in communes if u.type != earlier[u.code]}

    assert (before.full_name, after.full_name) == ("tỉnh Đồng Nai", "thành phố Đồng Nai")
    assert heirs(country, before) == [("75", "whole")]
    assert len(communes) == len(earlier) == 95
    assert promoted == {
        *("Dầu Giây", "Đồng Phú", "Long Thành", "Lộc Ninh", "Nhơn Trạch"),
        *("Tân Khai", "Tân Phú", "Trảng Bom", "Trị An", "Xuân Lộc"),
    }
    assert children(country, before, LATER) == []


def test_units_sort_and_are_found_as_an_office_expects(country):
    provinces = select(Unit.name).where(Unit.level == Level.PROVINCE, in_force(LATER))
    names = list(country.scalars(provinces.order_by(Unit.sort_key)))
    found = select(Unit.code).where(Unit.search_key.contains("xa tap son"), in_force(LATER))

    assert names[:6] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng"]
    assert country.scalars(found).all() == ["29467"]
    go_vap = children(country, one(country, THREE_TIERS, Level.DISTRICT, "764"), THREE_TIERS)
    assert [u.name for u in go_vap][:4] == ["1", "3", "5", "6"]
    assert go_vap[-1].name == "17"


# --- Importing again, in part, and what cannot be placed ----------------------------------


def test_a_second_import_changes_nothing(imported, shipped):
    session, first = imported
    before = session.execute(select(Unit.id, Unit.path).order_by(Unit.id)).all()

    again = import_units(session, shipped)

    assert (again.units_added, again.lineage_added, again.units_ended) == (0, 0, 0)
    assert again.units_present == first.units_added
    assert again.lineage_present == first.lineage_added
    assert again.problems == ()
    assert session.execute(select(Unit.id, Unit.path).order_by(Unit.id)).all() == before


def test_some_provinces_with_all_in_them(session, shipped):
    report = import_units(session, shipped, provinces={BAC_GIANG, BAC_NINH})

    tops = session.scalars(select(Unit.name).where(Unit.parent_id.is_(None))).all()
    assert sorted(tops) == ["Bắc Giang", "Bắc Ninh"]
    assert count_by_type(session, TWO_TIERS, Level.COMMUNE).total() == 99
    assert count_by_type(session, THREE_TIERS, Level.DISTRICT).total() == 10
    assert report.problems == ()
    old = one(session, THREE_TIERS, Level.COMMUNE, "07252")
    assert heirs(session, old) == [("07264", "whole")]


def test_provinces_can_be_added_bit_by_bit(session, shipped):
    import_units(session, shipped, provinces={TRA_VINH})
    assert session.scalar(select(func.count()).select_from(UnitLineage)) == 0

    report = import_units(session, shipped, provinces={TRA_VINH, VINH_LONG})

    assert report.units_present > 0
    assert report.lineage_added > 0
    assert heirs(session, one(session, THREE_TIERS, Level.PROVINCE, "84")) == [("86", "whole")]


def test_a_province_that_is_not_in_the_file_is_an_error(session, shipped):
    with pytest.raises(ValueError, match="2:99"):
        import_units(session, shipped, provinces={"2:99", VINH_LONG})


PROVINCE = UnitRow("P", Level.PROVINCE, "tỉnh", "Hòa Bình", "17", date(2020, 1, 1), None, None)
COMMUNE = UnitRow("C", Level.COMMUNE, "xã", "Kỳ Sơn", "05000", date(2020, 1, 1), None, "P")


def small_file(*units, lineage=()):
    return UnitFile(header={}, units=units, lineage=tuple(lineage))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (replace(COMMUNE, key="X", code="1", parent="Q"), "its parent Q has no place"),
        (replace(COMMUNE, key="X", code="1", parent=None), "it has no parent"),
        (replace(COMMUNE, key="X", name="B"), "same level, code and first day as C"),
        (replace(COMMUNE, key="X", code="1"), "another unit bears its type and name"),
    ],
)
def test_a_row_without_a_place_is_reported_and_the_rest_goes_on(session, row, reason):
    last = replace(COMMUNE, key="D", code="05001", name="Độc Lập")

    report = import_units(session, small_file(PROVINCE, COMMUNE, row, last))

    assert [problem.key for problem in report.problems] == ["X"]
    assert reason in report.problems[0].reason
    assert sorted(session.scalars(select(Unit.name))) == ["Hòa Bình", "Kỳ Sơn", "Độc Lập"]


def test_what_hangs_on_a_lost_parent_is_lost_too(session):
    district = UnitRow("H", Level.DISTRICT, "huyện", "A", "1", date(2020, 1, 1), None, "Q")

    report = import_units(session, small_file(district, replace(COMMUNE, parent="H")))

    assert [problem.key for problem in report.problems] == ["H", "C"]
    assert report.units_added == 0


def test_lineage_with_an_unknown_end_is_reported(session):
    rows = [
        LineageRow("C", "Z", "part"),
        LineageRow("Z", "C", "part"),
        LineageRow("P", "C", "part"),
    ]

    report = import_units(session, small_file(PROVINCE, COMMUNE, lineage=rows))

    assert report.problems == (
        ImportProblem("C → Z", "Z has no place"),
        ImportProblem("Z → C", "Z has no place"),
    )
    assert report.lineage_added == 1


def test_a_newer_file_ends_a_unit_and_adds_its_successor(session):
    import_units(session, small_file(PROVINCE, COMMUNE))
    unit = session.scalars(select(Unit).where(Unit.level == Level.COMMUNE)).one()
    day = date(2027, 1, 1)
    successor = replace(COMMUNE, key="C2", type="phường", valid_from=day)

    report = import_units(
        session,
        small_file(
            PROVINCE,
            replace(COMMUNE, valid_to=day),
            successor,
            lineage=[LineageRow("C", "C2", "whole")],
        ),
    )

    assert (report.units_added, report.units_ended, report.lineage_added) == (1, 1, 1)
    assert unit.valid_to == day
    assert one(session, day, Level.COMMUNE, "05000").full_name == "phường Kỳ Sơn"


def test_another_name_under_a_known_code_is_not_taken_for_the_same_unit(session):
    import_units(session, small_file(PROVINCE, COMMUNE))

    report = import_units(session, small_file(PROVINCE, replace(COMMUNE, name="Cao Phong")))

    assert report.problems == (ImportProblem("C", "the database has xã Kỳ Sơn under its code"),)
    assert report.units_present == 1


def test_another_spelling_of_the_name_is_the_same_unit(session):
    import_units(session, small_file(PROVINCE))

    report = import_units(session, small_file(replace(PROVINCE, name="Hoà Bình")))

    assert (report.units_present, report.problems) == (1, ())
