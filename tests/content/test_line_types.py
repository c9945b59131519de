"""A line type is declared once: one that only this test declares is typed, kept, read, compared,
written to a plan file and described in its JSON Schema.
"""

import json
from datetime import date

import fastjsonschema
import pytest
import yaml
from support import draftworld as world
from support.draftworld import NOON
from support.equipment import PART, State, declared

from lth.access.scope import Purpose, Scope, system
from lth.checks import loading
from lth.content import line_diff, places
from lth.content.line_storage import decode, encode, of_revision
from lth.content.line_values import Words, named, said, summary, typed_line
from lth.content.model import Content
from lth.content.schema import LINE_TYPES, Columns, ContentLine, PartGroup, Typed, line_type
from lth.drafting import first_parts, parts, parts_sheet, reading
from lth.exchange.plan_file import PlanFileError, json_schema, read, write
from lth.models.content import ContentRow
from lth.models.parts import Part
from lth.workflow import revisions

TYPED = {
    "name": "Máy đo huyết áp",
    "state": "new",
    "count": "3",
    "bought": "2021",
    "price": "1,5 triệu",
    "checked_on": "07/5/2021",
    "holders": "- Ấp Chợ;\n- Ấp Cây Da",
    "lent": "1",
    "indicator": "members_total",
    "served": "1.204",
    "note": "Có bao đựng",
}
HEAD = """format: 1
programme: "1336"
unit: {name: xã Tập Sơn, level: commune}
period: {from: 2021, to: 2021}
"""
WRITTEN = """equipment:
  - name: Máy đo huyết áp
    state: new
    count: 3
    bought: 2021
    cost: 1500000
    checked: 2021-05-07
    with: []
"""


@pytest.fixture(autouse=True)
def equipment():
    with declared() as line:
        yield line


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def made(equipment):
    return equipment(
        f"{PART}-1",
        "Máy đo huyết áp",
        "members_total",
        State.NEW,
        count=3,
        bought=2021,
        price=1_500_000,
        checked_on=date(2021, 5, 7),
        holders=("Ấp Chợ", "Ấp Cây Da"),
        lent=True,
        served=1204,
        note="Có bao đựng",
    )


def add(session, document, **values):
    actor = world.acting(session, "clerk@tapson")
    return parts.add(session, actor, document.id, PART, values, seen=0, now=NOON)


def as_it_is(session, document):
    session.expire_all()
    return of_revision(session, world.head(session, document).id)[PART]


def test_what_is_typed_is_kept_and_typed_again(session, made):
    document = world.start(session)
    key = add(session, document, **TYPED).keys[0]
    (line,) = as_it_is(session, document)
    assert key.startswith(f"{PART}-")
    assert encode(line) == encode(made)
    words = Words("vi", {"members_total": world.indicator(session, document, "members_total")})
    again = typed_line(line, words)
    assert again == TYPED | {"price": "1.500.000", "holders": "Ấp Chợ\nẤp Cây Da"}


def test_what_is_wrong_is_said_beside_its_field(session):
    wrong = {"name": "", "state": "gone", "count": "0", "checked_on": "hôm nay", "served": "1"}
    errors = add(session, world.start(session), **wrong).errors
    assert {name: str(said) for name, said in errors.items()} == {
        "name": "Hãy nhập ô này.",
        "state": "Hãy chọn một mục trong danh sách.",
        "count": "Nhập một số nguyên từ 1 đến 999.",
        "checked_on": "Hãy nhập ngày theo mẫu 07/5/2021.",
        "indicator": "Hãy chọn một mục trong danh sách.",
    }


def test_its_lines_are_codes_and_exact_in_the_database_and_read_back(made):
    data = json.loads(json.dumps(encode(made)))
    assert data == {
        "name": "Máy đo huyết áp",
        "state": "new",
        "count": 3,
        "bought": 2021,
        "price": 1_500_000,
        "checked_on": "2021-05-07",
        "holders": ["Ấp Chợ", "Ấp Cây Da"],
        "lent": True,
        "indicator": "members_total",
        "served": 1204,
        "note": "Có bao đựng",
    }
    assert decode(PART, made.key, data) == made


def test_it_is_summed_up_in_a_row(made):
    assert LINE_TYPES[PART].heads == ("Tên thiết bị", "Tình trạng", "Giá")
    assert LINE_TYPES[PART].numeric
    row = summary(made, Words())
    assert {name: list(map(str, texts)) for name, texts in row.items()} == {
        "main": ["Máy đo huyết áp", "3 cái"],
        "sub": ["Có bao đựng"],
        "beside": ["Mới", "Ấp Chợ; Ấp Cây Da"],
        "last": ["1.500.000 đồng"],
    }
    assert named(made, Words()) == "Máy đo huyết áp"
    by_name = LINE_TYPES[PART].by_name
    assert str(said(made, by_name["lent"], Words())) == "có"


def compared(session, actor, document):
    """The newest revision beside the one that was sent."""
    scope = Scope.of(actor)
    seen = revisions.all_seen(session, document.id, scope)
    before = seen.get(revisions.sent_before(seen, document.head_number) or 0)
    return reading.content(session, document, seen[document.head_number], before, [], scope)


def test_its_changes_are_shown_by_field(session):
    document = world.start(session)
    key = add(session, document, **TYPED).keys[0]
    world.give_back(session, document, {})
    actor = world.acting(session, "clerk@tapson")
    (row,) = parts_sheet.written(session, actor, document.id).rows[PART]
    values = {"count": "4", "lent": ""}
    assert parts.save_line(
        session, actor, document.id, PART, key, values, seen=row.version, now=NOON
    ).saved
    (diff,) = [one for one in compared(session, actor, document).line_parts if one.part == PART]
    (entry,) = diff.entries
    assert entry.state is line_diff.LineState.CHANGED
    assert [one.name for one in entry.changed] == ["count", "lent"]


def test_the_whole_document_has_its_lines_and_findings_can_name_them(session, made):
    document = world.start(session)
    add(session, document, **TYPED)
    actor = world.acting(session, "clerk@tapson")
    content = loading.content_of(session, document, world.head(session, document), Scope.of(actor))
    (line,) = content.lines(PART)
    assert loading.counted(content)[PART] == 1
    assert str(places.name_of(content, line.key).name) == "Trang thiết bị: Máy đo huyết áp"
    assert str(places.name_of(content, PART).name) == "Trang thiết bị"


def of_file(text: str) -> Content:
    return read(HEAD + text, "plan.yaml").content


def test_a_plan_file_says_it_and_reads_back(made):
    content = of_file(
        WRITTEN.replace("with: []", "holders: [Ấp Chợ, Ấp Cây Da]")
        + "    lent: true\n    indicator: members_total\n    served: 1204\n    note: Có bao đựng\n"
    )
    assert content.lines(PART) == (made,)
    text = write(content)
    assert of_file(text.partition("2021}\n")[2]) == content
    assert yaml.safe_load(text)[PART][0]["cost"] == 1_500_000


def test_a_fault_in_a_plan_file_is_told_by_line_and_column():
    with pytest.raises(PlanFileError) as refused:
        of_file(WRITTEN)
    assert [(one.line, one.column, str(one.said)) for one in refused.value.problems] == [
        (6, 5, "Thiếu mục “indicator”."),
        (
            12,
            5,
            "Không có mục “with”. Ở đây có thể ghi: key, name, indicator, state, count, bought,"
            " cost, checked, holders, lent, served, note.",
        ),
    ]


def test_its_form_is_in_the_json_schema():
    valid = fastjsonschema.compile(json_schema.schema())
    head = yaml.safe_load(HEAD)
    valid(head | {PART: [{"name": "Loa", "indicator": "members_total", "cost": 1500000}]})
    valid(head | {"unreadable": [PART]})
    for wrong in ({"name": "Loa"}, {"name": "Loa", "indicator": "members_total", "state": "gone"}):
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            valid(head | {PART: [wrong]})


@pytest.mark.parametrize(("known", "kept"), [("members_total", 1), ("clubs_new", 0)])
def test_what_is_about_an_indicator_is_kept_where_there_is_one(session, known, kept):
    first = world.start(session)
    add(session, first, **TYPED)
    revision = world.head(session, first)
    document = world.start(session, "clerk@ngaixuyen")
    with system(session, Purpose.LOAD):
        first_parts.put_last(
            session, world.head(session, document), revision, {known}, document.period
        )
        session.flush()
    assert len(as_it_is(session, document)) == kept


def test_a_figure_needs_an_indicator_beside_it():
    class Loose(ContentLine):
        served: int | None = Typed.FIGURE("Phục vụ", "How many it serves.")

    with pytest.raises(TypeError, match=r"Loose\.served is in no indicator's measure"):
        line_type("loose", PartGroup.BUDGET, "Lẻ", Columns(("served",)))(Loose)
    assert "loose" not in LINE_TYPES


def test_every_part_that_a_rule_names_is_declared():
    assert set(LINE_TYPES) == {*Part, PART}


def test_all_content_is_in_the_hash():
    assert set(ContentRow.__subclasses__()) == set(revisions.PARTS)
