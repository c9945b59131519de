"""Charts as they are drawn: as long, as high and where the figures say; and where units are."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

import lth
from lth.blueprints.reporting import charts
from lth.blueprints.reporting.charts import ChartBar, ChartColumn, MapBubble
from lth.models import Unit
from lth.models.unit import Level
from lth.units import positions


def parsed(drawn) -> ElementTree.Element:
    return ElementTree.fromstring(str(drawn))  # noqa: S314 - drawn here


def test_bars_share_a_scale_and_the_mark_stands_at_the_target() -> None:
    bars = [ChartBar("assigned", 50, "Được giao: 50"), ChartBar("done", 80, "Đã làm: 80")]
    drawn = parsed(charts.bullet("x", "Câu lạc bộ <mới>", bars, mark=50, pace=4520))
    assert [one.get("width") for one in drawn.iter("rect")] == ["62.50%", "100.00%"]
    assert [one.get("x") for one in drawn.iter("svg") if one is not drawn] == ["62.50%"]
    assert next(drawn.iter("line")).get("x1") == "28.25%"  # 45.2 % of 50, of 80
    assert drawn.find("title").text == "Câu lạc bộ <mới>"
    assert drawn.find("desc").text == "Được giao: 50; Đã làm: 80"


@pytest.mark.parametrize("value", [0, 1])
def test_a_bar_of_nothing_is_no_fault(value: int) -> None:
    drawn = parsed(charts.bullet("x", "x", [ChartBar("done", 0, "0")], mark=value))
    assert next(drawn.iter("rect")).get("width") == "0.00%"


def test_columns_are_as_high_as_their_figures_and_an_unknown_one_is_none() -> None:
    figures = {"6T": 10, "N": None, "9T": 40}
    columns = [ChartColumn(name, value, str(value or "–")) for name, value in figures.items()]
    drawn = parsed(charts.trend("x", "x", columns, 20, "chỉ tiêu 20"))
    assert [one.get("height") for one in drawn.iter("rect")] == ["33", "132"]
    goal = next(one for one in drawn.iter("line") if one.get("class") == "chart-goal")
    assert goal.get("y1") == str(charts.LABELS + charts.PLOT - 66)
    assert drawn.find("desc").text == "6T: 10; N: –; 9T: 40; chỉ tiêu 20"


def test_on_a_phone_at_most_six_columns_have_words() -> None:
    columns = [ChartColumn(str(at), at, str(at)) for at in range(60)]
    drawn = parsed(charts.trend("x", "x", columns, None, ""))
    said = [one.text for one in drawn.iter("text") if one.get("class") == "chart-label"]
    assert len(said) <= charts.MOST_LABELS
    assert said[-1] == "59"


def bubble(name: str, latitude: float, longitude: float, value: int, **more) -> MapBubble:
    return MapBubble(name, "/x", latitude, longitude, value, "behind", "▼", "x", **more)


def test_bubbles_stand_where_the_units_are() -> None:
    listed = [
        bubble("bắc", 10.0, 106.0, 100),
        bubble("nam", 9.0, 106.0, 25),
        bubble("đông", 9.5, 107.0, 100),
        bubble("Trường Sa", 9.71, 114.45, 4, inset=True),
    ]
    drawn = parsed(charts.bubbles("map", "x", listed))
    found = {
        one.find("title").text.partition(":")[0]: one.find("circle") for one in drawn.iter("a")
    }
    at = {name: (float(one.get("cx")), float(one.get("cy"))) for name, one in found.items()}
    assert at["bắc"][0] == at["nam"][0] < at["đông"][0]
    assert at["bắc"][1] < at["đông"][1] < at["nam"][1]
    assert float(found["bắc"].get("r")) == 2 * float(found["nam"].get("r")), "as its area"
    boxes = [one for one in drawn.iter("rect") if one.get("class") == "map-inset"]
    assert len(boxes) == 1
    assert "Trường Sa" in [one.text for one in drawn.iter("text")]
    assert all(0 <= x <= charts.WIDE and 0 <= y <= charts.TALL for x, y in at.values())


def unit(level: Level, code: str, name: str, since: date) -> Unit:
    return Unit(level=level, code=code, name=name, valid_from=since)


def test_where_units_are() -> None:
    old, new = date(2020, 1, 1), date(2025, 7, 1)
    tam_tien = positions.position(unit(Level.COMMUNE, "07264", "Tam Tiến", new))
    assert (tam_tien.latitude, tam_tien.longitude, tam_tien.stated) == (21.5025, 106.076, True)
    tra_cu = positions.position(unit(Level.DISTRICT, "849", "Trà Cú", old))
    assert (round(tra_cu.latitude, 1), round(tra_cu.longitude, 1)) == (9.7, 106.3)
    assert not tra_cu.stated
    assert positions.position(unit(Level.COMMUNE, "29467", "Tập Sơn", old)) is None
    assert positions.position(unit(Level.COMMUNE, "07264", "Khác", new)) is None


def test_the_licence_says_how_many_there_are() -> None:
    counted = Counter((tiers, level) for tiers, level, _, _ in positions._positions())
    text = (Path(lth.__file__).parent / "data" / "LICENSES.md").read_text("utf-8")
    numbers = [int(one.replace(",", "")) for one in re.findall(r"([\d,]+) of [\d,]+ ", text)]
    assert numbers == [
        counted[2, Level.PROVINCE],
        counted[2, Level.COMMUNE],
        counted[3, Level.PROVINCE],
        counted[3, Level.DISTRICT],
        counted[3, Level.COMMUNE],
    ]
