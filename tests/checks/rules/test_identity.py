"""V43: whose plan it is, of which tier and of which years."""

import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.plandocs import changed, codes, faultless, found, said

import lth
from lth.checks.tiers import MERGED_PROVINCES
from lth.content.model import WHOLE, Content, Header, Paper, PlanUnit, Span
from lth.models.document import SignForm
from lth.models.finding import Severity
from lth.models.parts import Issuance, IssuerForm, PaperRole
from lth.models.unit import Level

DISTRICT = faultless().place
COMMUNE = PlanUnit("xã Tân Hòa", Level.COMMUNE, "tỉnh Sông Hậu", Level.PROVINCE)
OLD, NEW = date(2021, 5, 7), date(2026, 1, 15)


def of(place: PlanUnit, day: date, **more) -> Content:
    """A plan of a unit, on a day, with nothing else that could be somebody's."""
    plain = {"papers": (), "parent_issuer": "", "header": Header("header"), "made_on": day}
    return changed(**({"place": place} | plain | more))


UNITS = [
    ("a district while there were some", DISTRICT, OLD, []),
    ("a commune under its district", PlanUnit("xã Tân Hòa", Level.COMMUNE, "huyện Phú Hòa",
     Level.DISTRICT), OLD, []),
    ("a commune under its province", COMMUNE, NEW, []),
    ("a commune under its province too early", COMMUNE, OLD, ["cấp huyện, không phải tỉnh"]),
    ("a commune under a district too late", PlanUnit("xã Tân Hòa", Level.COMMUNE, "huyện Phú Hòa",
     Level.DISTRICT), NEW, ["cấp tỉnh, không phải huyện Phú Hòa"]),
    ("a township after their end", PlanUnit("thị trấn Trà Cú", Level.COMMUNE), NEW,
     ["không còn thị trấn"]),
    ("a special zone before there were any", PlanUnit("đặc khu Phú Quốc", Level.COMMUNE), OLD,
     ["chưa có đặc khu"]),
    ("a commune called a district", PlanUnit("huyện Phú Hòa", Level.COMMUNE), OLD,
     ["không phải đơn vị cấp xã"]),
    ("a province called a commune", PlanUnit("xã Tân Hòa", Level.PROVINCE), NEW,
     ["không phải đơn vị cấp tỉnh"]),
    ("a city below a province, or of its own", PlanUnit("thành phố Huế", Level.PROVINCE), NEW, []),
    ("a province that went into another", PlanUnit("xã Tam Tiến", Level.COMMUNE, "tỉnh Bắc Giang",
     Level.PROVINCE), NEW, ["nay thuộc Bắc Ninh"]),
    ("the same before", PlanUnit("tỉnh Bắc Giang", Level.PROVINCE), OLD, []),
    ("a unit without a name", PlanUnit("", Level.COMMUNE), NEW, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "place", "day", "words"), UNITS, ids=[one[0] for one in UNITS])
def test_a_unit_is_there_on_its_day(name, place, day, words):
    texts = said(of(place, day), "V43")
    assert len(texts) == len(words)
    assert all(word in text for word, text in zip(words, texts, strict=True))


def test_a_district_after_their_end_is_one_error():
    content = changed(made_on=NEW)
    (finding,) = found(content, "V43")
    assert (finding.severity, finding.place) == (Severity.ERROR, WHOLE)
    assert not {"V19", "V26", "V41", "V45"} & codes(content)


def test_the_provinces_that_were_merged_are_those_of_the_units():
    path = Path(lth.__file__).parent / "data" / "units.json.gz"
    data = json.loads(gzip.decompress(path.read_bytes()))
    units = {row[0]: dict(zip(data["unit_columns"], row, strict=True)) for row in data["units"]}
    merged = {}
    for one, other, _share in data["lineage"]:
        before, after = units[one], units[other]
        if before["level"] == "province" and before["name"] != after["name"]:
            merged[before["name"]] = after["name"]
    assert merged == MERGED_PROVINCES


# --- Issuers ------------------------------------------------------------------------------

ISSUERS = [
    ("its own committee", PaperRole.DECISION, "Ủy ban nhân dân huyện Phú Hòa", False),
    ("in short", PaperRole.DECISION, "UBND huyện", False),
    ("its chairman", PaperRole.DECISION, "Chủ tịch UBND huyện Phú Hoà", False),
    ("a neighbour's", PaperRole.DECISION, "Ủy ban nhân dân huyện Cầu Kè", True),
    ("the province's", PaperRole.DECISION, "Ủy ban nhân dân tỉnh Sông Hậu", True),
    ("a commune's", PaperRole.PLAN, "Ủy ban nhân dân xã Tân Hòa", True),
    ("an office", PaperRole.PLAN, "Sở Y tế", False),
    ("a neighbour's office", PaperRole.PROPOSAL, "Phòng Y tế huyện Cầu Kè", True),
    ("a cited paper of the province", PaperRole.CITED, "Ủy ban nhân dân tỉnh Sông Hậu", False),
]


@pytest.mark.parametrize(
    ("name", "role", "issuer", "fires"), ISSUERS, ids=[one[0] for one in ISSUERS]
)
def test_its_papers_are_its_own(name, role, issuer, fires):
    paper = Paper("p", role, issuer=issuer, issuer_form=IssuerForm.HEAD, sign_form=SignForm.HEAD)
    assert [one.place for one in found(changed(papers=(paper,)), "V43")] == ["p"] * fires


def test_the_plan_above_is_of_the_unit_above():
    assert found(changed(parent_issuer="Ủy ban nhân dân tỉnh Thạch Giang"), "V43")
    assert not found(changed(parent_issuer="UBND tỉnh"), "V43")


# --- The title ----------------------------------------------------------------------------

TITLES = [
    ("its own place and years", "trên địa bàn huyện Phú Hòa giai đoạn 2021 - 2025", 0),
    ("its own place within the province's", "huyện Phú Hòa, tỉnh Sông Hậu đến năm 2025", 0),
    ("no place, no years", "Thực hiện Đề án", 0),
    ("another's", "trên địa bàn huyện Cầu Kè đến năm 2025", 1),
    ("the province's area", "trên địa bàn tỉnh Sông Hậu đến năm 2025", 1),
    ("the province's paper", "thực hiện Kế hoạch của tỉnh Sông Hậu", 0),
    ("other years", "huyện Phú Hòa giai đoạn 2021 - 2026", 1),
    ("another first year", "huyện Phú Hòa giai đoạn 2020 - 2025", 1),
    ("another last year", "huyện Phú Hòa đến năm 2030", 1),
    ("of a year within", "huyện Phú Hòa năm 2022", 1),
    ("its own years and others", "thực hiện Đề án 2016 - 2020, giai đoạn 2021-2025", 0),
    ("a number of a paper", "thực hiện Kế hoạch số 2030/KH-UBND", 0),
    ("place and years of another", "huyện Cầu Kè giai đoạn 2026 - 2030", 2),
]


@pytest.mark.parametrize(("name", "title", "count"), TITLES, ids=[one[0] for one in TITLES])
def test_a_title_is_of_its_plan(name, title, count):
    header = Header("header", Issuance.PLAN, title)
    assert len(found(changed(header=header, papers=()), "V43")) == count


def test_a_plan_of_one_year_may_name_its_programme_alone():
    header = Header("header", Issuance.PLAN, "Thực hiện Đề án đến năm 2025 huyện Phú Hòa")
    assert not found(changed(header=header, period=Span(2021, 2021), papers=()), "V43")
    other = replace(header, title="Thực hiện Đề án đến năm 2024 huyện Phú Hòa")
    assert found(changed(header=other, period=Span(2021, 2021), papers=()), "V43")
