"""A programme's file: every fault is named with its line, and all of them at once."""

import pytest
from support.programmes import OWN

from lth.exchange import programme_file, toml_lines
from lth.exchange.programme_file import ProgrammeFileError
from lth.programmes.catalogue_file import CODES, _text, read


def faults(text: str | bytes) -> list[tuple[int, str]]:
    """The line and the text of each problem."""
    with pytest.raises(ProgrammeFileError) as error:
        programme_file.read(text, "mine.toml")
    return [(one.line, str(one.said)) for one in error.value.problems]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("code", CODES)
def test_those_that_ship_are_read_alike(code: str) -> None:
    assert programme_file.read(_text(code), code) == read(code)


def test_one_of_ones_own_stands_by_itself() -> None:
    found = programme_file.read(OWN, "mine.toml")
    assert [one.code for one in found.indicators] == ["visited", "in_need", "visited_pct"]
    assert [one.code for one in found.areas] == ["visits"]
    assert [one.code for one in found.sections] == ["need", "visits"]
    assert set(found.norms) == {"visited_pct"}


def test_a_programme_names_the_kinds_of_areas_that_its_plans_have() -> None:
    own = programme_file.read('area_types = ["ward", "town"]\n' + OWN, "mine.toml")
    assert [one.value for one in own.area_types] == ["ward", "town"]
    assert programme_file.read(OWN, "mine.toml").area_types == read("1336").area_types
    ((line, said),) = faults('area_types = ["ward", "sea"]\n' + OWN)
    assert line == 1
    assert "sea" in said
    ((line, _),) = faults('area_types = "ward"\n' + OWN)
    assert line == 1


def test_one_may_build_on_what_all_share() -> None:
    shared = programme_file.read("common = true\n" + OWN, "mine.toml")
    codes = [one.code for one in shared.indicators]
    assert codes[-3:] == ["visited", "in_need", "visited_pct"]
    assert codes[:-3] == [one.code for one in read("1648").indicators]


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('measure = "percent"', 'measure = "weight"', "weight"),
        ('measure = "percent"', 'mesure = "percent"', "measure"),
        ('numerator = "visited"', 'numerator = "nobody"', "nobody"),
        ('topic = "activity"', 'topic = "nothing"', "nothing"),
        ("required = true", 'required = "yes"', "true"),
        ('source = "decision"', 'source = "hearsay"', "hearsay"),
        ("min = 80", "min = 80.123", "thập phân"),
        ("min = 80", "min = 90, max = 80", "max"),
        ("visited_pct = {", "visited_share = {", "visited_share"),
        ("ends_on = 2022-12-31", "ends_on = 2023-12-31", "Giai đoạn"),
        ("ends_on = 2022-12-31", "ends_on = 2020-12-31", "trước ngày bắt đầu"),
        ("ends_on = 2022-12-31", 'ends_on = "cuối năm"', "ngày"),
        ('code = "in_need"', 'code = "visited"', "đã có ở trên"),
        ('code = "in_need"', 'code = "Cần chăm sóc"', "không dấu"),
        ('code = "HOME-27"', 'code = "một hai"', "không dấu"),
        ('unit_vi = "người"', 'unit_vi = ""', "trống"),
        ('unit_vi = "người"', f'unit_vi = "{"x" * 41}"', "dài quá 40"),
        ('unit_vi = "người"', 'unit_vi = "ng\\u202Eười"', "không nhìn thấy"),
        ('unit_vi = "người"', 'unit_vi = "ng\\u3164ười"', "không nhìn thấy"),
        ('title = "II. Tổ chức thăm hỏi"', "title = 2", "đoạn chữ"),
        ('name_en = "Home visits"', "", "name_en"),
    ],
)
def test_each_kind_of_fault_is_named_at_its_line(good: str, bad: str, said: str) -> None:
    text = OWN.replace(good, bad, 1)
    found = faults(text)
    assert any(said in one for _, one in found), found
    at = line_of(OWN, good)
    near = set(range(at - 8, at + 6))  # what is missing is said at its table
    assert {line for line, one in found if said in one} <= near


def test_all_faults_are_named_at_once() -> None:
    text = (
        OWN.replace('measure = "percent"', 'measure = "weight"')
        .replace("ends_on = 2022-12-31", "ends_on = 2022-11-30")
        .replace('source = "decision"', 'source = "hearsay"')
        .replace('topic = "activity"', 'topic = "nothing"', 1)
        .replace('title = "II. Tổ chức thăm hỏi"', "titel = 2")
    )
    lines = [line for line, _ in faults(text)]
    wanted = ("hearsay", "weight", "titel", "nothing", "2023-01-01")
    assert {line_of(text, one) for one in wanted} <= set(lines)
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        b"\xff\xfe",
        "code = ",
        "code = 1\ncode = 2",
        "x" * 400_000,
        "a = " + "[" * 5000,
        "[[period]]\n[period]",
        "indicator = 3\nperiod = 'x'\nnorms = []\nsources = 1\narea = [1]\nsection = {}",
        "[[indicator]]\n[[period]]\n[norms.x]\n[sources]\ny = 2",
    ],
)
def test_what_is_no_programme_at_all_is_said_in_words(text: str | bytes) -> None:
    assert faults(text)


def test_lines_are_told_past_long_strings_and_lists() -> None:
    text = 'a = """\n[b]\nc = 1\n"""\nd = [\n  "x = 1",\n]\n'
    text += "[[e]]\nf = 1\n[[e]]\nf = 2\n[[e.g]]\nh = 1\n"
    lines = toml_lines.lines(text)
    assert lines.of(("d",)) == 5
    assert lines.of(("e", 1, "f")) == 11
    assert lines.of(("e", 1, "g", 0, "h")) == 13
    assert ("b",) not in lines.found
