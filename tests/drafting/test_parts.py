"""Editing the parts of a plan: lines merge, conflicts ask, what is typed is read exactly."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from support import draftworld as world
from support.draftworld import NOON
from support.queries import counted

from lth import drafting
from lth.access.scope import Scope
from lth.checks.loading import content_of
from lth.content.line_storage import decode, of_revision
from lth.content.line_values import Words, named, read_line, typed_line
from lth.content.model import BudgetLine, LegalBasis, Paper, Recipient
from lth.content.schema import LINE_TYPES
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.drafting import Source, parts, parts_sheet
from lth.drafting.parts_sheet import totals
from lth.models import PartLine
from lth.models.parts import Issuance, MoneyLevel, MoneySource, PaperRole, Part
from lth.workflow import revisions
from lth.workflow.kinds import SYNTHESIS

LATER = NOON + timedelta(minutes=5)
MONEY = {"activity": "Tập huấn", "source": "state", "level": "commune", "amount": "100 triệu"}


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def document(session):
    return world.start(session)


def add(session, document, part=Part.BUDGET, who="clerk@tapson", seen=0, **values):
    actor = world.acting(session, who)
    return parts.add(session, actor, document.id, part, values or MONEY, seen=seen, now=NOON)


def save(session, document, key, seen, who="clerk@tapson", part=Part.BUDGET, was=None, **values):
    actor = world.acting(session, who)
    return parts.save_line(
        session, actor, document.id, part, key, values, seen=seen, now=LATER, was=was
    )


def remove(session, document, key, seen, part=Part.BUDGET):
    actor = world.acting(session, "clerk@tapson")
    return parts.remove(session, actor, document.id, part, key, seen=seen, now=LATER)


def lines(session, document, part=Part.BUDGET):
    session.expire_all()
    return of_revision(session, world.head(session, document).id)[part]


def row(session, document, key):
    revision = world.head(session, document)
    statement = select(PartLine).where(
        PartLine.revision_id == revision.id, PartLine.line_key == key
    )
    return session.scalars(statement).one()


# --- What is typed ------------------------------------------------------------------------


def test_a_line_is_read_as_it_was_typed(session, document):
    result = add(session, document)
    assert lines(session, document) == [
        BudgetLine(
            result.keys[0], "Tập huấn", MoneySource.STATE, MoneyLevel.COMMUNE, amount=100_000_000
        )
    ]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("100 triệu", 100_000_000), ("1,5 tỷ", 1_500_000_000), ("60.000.000 đồng", 60_000_000)],
)
def test_money_as_people_write_it(session, document, typed, amount):
    add(session, document, activity="Tập huấn", amount=typed)
    assert lines(session, document)[0].amount == amount


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("amount", "nhiều", "Nhập số tiền bằng đồng, ví dụ 60.000.000 hoặc 60 triệu."),
        ("amount", "-5", "Số tiền không thể là số âm."),
        ("amount", "9" * 16, "Số này quá lớn, hãy kiểm tra lại."),
        ("year", "20211", "Nhập một số nguyên từ 1990 đến 2100."),
        ("years", "0", "Nhập một số nguyên từ 1 đến 50."),
        ("source", "trời", "Hãy chọn một mục trong danh sách."),
        ("activity", "a" * 501, "Nội dung dài quá 500 ký tự, hãy rút gọn."),
        ("activity", " ", "Hãy nhập ô này."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(session, document, field, typed, said):
    result = add(session, document, **{**MONEY, field: typed})
    assert {name: str(message) for name, message in result.errors.items()} == {field: said}
    assert result.typed[field] == typed
    assert not lines(session, document)


@pytest.mark.parametrize("typed", ["07/5/2021", "7-5-2021", "ngày 07/05/2021", "07/5/21"])
def test_a_day_in_any_usual_form(typed):
    line, errors = read_line(Part.BASIS, "k", {"dated_on": typed}, None, Words())
    assert not errors
    assert line.dated_on == date(2021, 5, 7)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/2/2021", "Lịch không có ngày 31/2/2021. Hãy nhập ngày theo mẫu 07/5/2021."),
        ("5/2021", "Hãy nhập ngày theo mẫu 07/5/2021."),
        ("hôm nay", "Hãy nhập ngày theo mẫu 07/5/2021."),
        ("07/5/71", "“07/5/71” có thể là 07/5/1971 hoặc 07/5/2071: hãy ghi năm bốn chữ số."),
        ("01/01/0021", "Năm 21 không dùng được. Hãy nhập ngày theo mẫu 07/5/2021."),
    ],
)
def test_no_day(typed, said):
    line, errors = read_line(Part.BASIS, "k", {"dated_on": typed}, None, Words())
    assert line is None
    assert str(errors["dated_on"]) == said


def test_a_list_has_one_a_line_each_once():
    typed = "- Ban Văn hóa;\r\n\r\n Các   ấp.\nBan Văn hóa"
    line, _ = read_line(Part.TASK, "k", {"title": "Lập CLB", "coordinating": typed}, None, Words())
    assert line.coordinating == ("Ban Văn hóa", "Các ấp")


def test_letters_are_composed(session, document):
    add(session, document, activity="Tâ\u0323p huâ\u0301n")
    assert lines(session, document)[0].activity == "Tập huấn"


def test_a_line_of_nothing_is_no_line(session, document):
    result = add(session, document, Part.BASIS, type="", title=" ")
    assert str(result.errors["type"]) == "Hãy nhập nội dung của dòng này."


def test_an_amount_left_empty_is_the_rate_times_the_years(session, document):
    key = add(session, document, activity="Tập huấn", annual_rate="100 triệu", years="4").keys[0]
    assert lines(session, document)[0].amount == 400_000_000
    assert save(session, document, key, row(session, document, key).version, years="5").saved
    assert lines(session, document)[0].amount == 500_000_000


def test_an_amount_that_was_typed_stays(session, document):
    typed = {"annual_rate": "100 triệu", "years": "4", "amount": "300 triệu"}
    key = add(session, document, activity="Tập huấn", **typed).keys[0]
    save(session, document, key, row(session, document, key).version, years="5")
    assert lines(session, document)[0].amount == 300_000_000


def test_a_baseline_is_in_the_measure_of_its_indicator(session, document):
    add(session, document, Part.BASELINE, indicator="older_share_pct", value="19,26")
    add(session, document, Part.BASELINE, indicator="clubs_existing", value="1.021")
    assert [line.value for line in lines(session, document, Part.BASELINE)] == [1926, 1021]
    wrong = add(session, document, Part.BASELINE, indicator="clubs_existing", value="1,5")
    assert str(wrong.errors["value"]) == "“1,5” là 1,5, không phải số nguyên."
    nobody = add(session, document, Part.BASELINE, indicator="unheard_of", value="1")
    assert set(nobody.errors) == {"indicator"}


def test_every_text_that_an_input_shows_is_read_back(session, document):
    """Whatever a line holds, saving it untouched changes nothing."""
    line = Paper("paper-9", PaperRole.CITED, "92/KH-UBND", date(2022, 7, 4), signed=True)
    texts = typed_line(line, Words())
    assert read_line(Part.PAPER, "paper-9", texts, None, Words()) == (line, {})
    assert all(set(LINE_TYPES[part].by_name) >= set(LINE_TYPES[part].empty) for part in Part)


def test_a_list_of_recipients_is_pasted_at_once(session, document):
    typed = "- UBND huyện Trà Cú (để báo cáo);\n- Các ấp;\n- Lưu: VT, VHXH."
    assert len(add(session, document, Part.RECIPIENT, name=typed).keys) == 3
    found = lines(session, document, Part.RECIPIENT)
    assert [(one.name, one.purpose) for one in found] == [
        ("UBND huyện Trà Cú", "để báo cáo"),
        ("Các ấp", ""),
        ("Lưu: VT, VHXH", ""),
    ]


def test_legal_bases_are_pasted_as_they_are_printed(session, document):
    typed = (
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;\n"
        "- Căn cứ Quyết định số 1336/QĐ-TTg ngày 31/8/2020 của Thủ tướng phê duyệt Đề án;\n"
        "Xét Tờ trình số 60/TTr-PLĐTBXH ngày 04/5/2021 của Trưởng phòng Lao động;\n"
        "Căn cứ tình hình của địa phương."
    )
    add(session, document, Part.BASIS, title=typed)
    assert [
        (one.type, one.number, one.dated_on, one.issuer, one.title)
        for one in lines(session, document, Part.BASIS)
    ] == [
        ("Luật", "", date(2015, 6, 19), "", "Luật Tổ chức chính quyền địa phương"),
        ("Quyết định", "1336/QĐ-TTg", date(2020, 8, 31), "Thủ tướng", "Phê duyệt Đề án"),
        ("Tờ trình", "60/TTr-PLĐTBXH", date(2021, 5, 4), "Trưởng phòng Lao động", ""),
        ("", "", None, "", "tình hình của địa phương"),
    ]


def test_a_title_of_two_lines_is_one_basis(session, document):
    add(session, document, Part.BASIS, type="Quyết định", title="Căn cứ một\nCăn cứ hai")
    assert len(lines(session, document, Part.BASIS)) == 1
    add(session, document, Part.BASIS, title="Phê duyệt Đề án\nnhân rộng mô hình")
    assert len(lines(session, document, Part.BASIS)) == 2


# --- Merging ------------------------------------------------------------------------------


def test_two_people_change_different_fields(session, document):
    key = add(session, document).keys[0]
    seen = row(session, document, key).version
    was = {"activity": "Tập huấn", "amount": "100.000.000"}
    one = {"activity": "Tập huấn ban chủ nhiệm", "amount": "100.000.000"}
    other = {"activity": "Tập huấn", "amount": "200 triệu"}
    assert save(session, document, key, seen, was=was, **one).saved
    assert save(session, document, key, seen, "clerk2@tapson", was=was, **other).saved
    (line,) = lines(session, document)
    assert (line.activity, line.amount) == ("Tập huấn ban chủ nhiệm", 200_000_000)
    assert line.source is MoneySource.STATE


def test_two_people_change_the_same_field(session, document):
    key = add(session, document).keys[0]
    seen = row(session, document, key).version
    was = {"amount": "100.000.000"}
    assert save(session, document, key, seen, "clerk2@tapson", was=was, amount="200 triệu").saved
    result = save(session, document, key, seen, was=was, amount="300 triệu")
    assert result.saved is None
    assert result.conflict.fields == ("amount",)
    assert result.conflict.by == "clerk2@tapson"
    assert result.conflict.theirs["amount"] == "200.000.000"
    assert lines(session, document)[0].amount == 200_000_000
    again = {"was": {"amount": "200.000.000"}, "amount": "300 triệu"}
    assert save(session, document, key, result.conflict.version, **again).saved
    assert lines(session, document)[0].amount == 300_000_000


def test_two_people_type_the_same(session, document):
    key = add(session, document).keys[0]
    seen = row(session, document, key).version
    for who in ("clerk@tapson", "clerk2@tapson"):
        assert save(
            session, document, key, seen, who, was={"amount": "1"}, amount="200 triệu"
        ).saved


def test_without_what_the_page_showed_any_difference_asks(session, document):
    key = add(session, document).keys[0]
    seen = row(session, document, key).version
    save(session, document, key, seen, "clerk2@tapson", amount="200 triệu")
    assert save(session, document, key, seen, amount="100 triệu").conflict.fields == ("amount",)


def test_a_line_that_another_removed_comes_back_as_typed(session, document):
    key = add(session, document).keys[0]
    seen = row(session, document, key).version
    remove(session, document, key, seen)
    result = save(session, document, key, seen, amount="300 triệu")
    assert result.conflict.version == 0
    assert result.typed == {"amount": "300 triệu"}
    assert not lines(session, document)


def test_saving_what_is_there_counts_no_edit(session, document):
    key = add(session, document).keys[0]
    before = world.head(session, document).edit_count
    assert save(session, document, key, 0, amount="100.000.000 đồng").saved
    assert world.head(session, document).edit_count == before


# --- Keys and order -----------------------------------------------------------------------


def test_a_key_is_never_used_twice(session, document):
    first, second = (add(session, document, activity=name).keys[0] for name in ("Một", "Hai"))
    remove(session, document, second, row(session, document, second).version)
    third = add(session, document, activity="Ba").keys[0]
    assert len({first, second, third}) == 3


def test_numbers_from_a_file_are_passed_over(session, document):
    """A file numbers by place, so that its numbers may be ahead of the count of edits."""
    revision = world.head(session, document)
    imported = {"line_key": "budget-40", "part": Part.BUDGET, "data": {"activity": "Từ tệp"}}
    session.add(PartLine(revision_id=revision.id, **imported))
    session.flush()
    remove(session, document, "budget-40", 1)
    assert add(session, document).keys == ("budget-42",)


def test_a_second_press_adds_nothing(session, document):
    seen = world.head(session, document).edit_count
    assert add(session, document, seen=seen).keys == add(session, document, seen=seen).keys
    assert len(lines(session, document)) == 1
    later = world.head(session, document).edit_count
    assert add(session, document, seen=later).keys
    assert len(lines(session, document)) == 2


def test_lines_change_places(session, document):
    keys = [add(session, document, activity=name).keys[0] for name in ("Một", "Hai", "Ba")]
    actor = world.acting(session, "clerk@tapson")

    def move(key, *, up, seen):
        return parts.move(
            session, actor, document.id, Part.BUDGET, key, up=up, seen=seen, now=LATER
        )

    assert move(keys[2], up=True, seen=3)
    assert [line.activity for line in lines(session, document)] == ["Một", "Ba", "Hai"]
    with pytest.raises(StaleError):
        move(keys[2], up=True, seen=3)
    assert move(keys[0], up=False, seen=1)
    assert [line.activity for line in lines(session, document)] == ["Ba", "Một", "Hai"]
    assert not move(keys[2], up=True, seen=1)


def test_what_was_changed_meanwhile_is_not_removed(session, document):
    key = add(session, document).keys[0]
    seen = row(session, document, key).version
    save(session, document, key, seen, "clerk2@tapson", amount="200 triệu")
    with pytest.raises(StaleError, match=r"clerk2@tapson vừa sửa dòng “Tập huấn”"):
        remove(session, document, key, seen)
    assert remove(session, document, key, row(session, document, key).version)
    assert not remove(session, document, key, seen)


@pytest.mark.parametrize("key", ["budget-999", "basis-1", "header", "budget-0", "x"])
def test_a_key_that_no_line_had(session, document, key):
    add(session, document)
    with pytest.raises(NotFoundError):
        save(session, document, key, 1, activity="Một")


# --- Who and when -------------------------------------------------------------------------


def test_only_drafters_while_it_is_being_written(session, document):
    with pytest.raises(NotYoursError):
        add(session, document, who="leader@tapson")
    with pytest.raises(NotFoundError):
        add(session, document, who="clerk@ngaixuyen")
    world.write_sections(session, "clerk@tapson", document)
    world.issue(session, document, "12/KH-UBND", date(2021, 6, 1))
    with pytest.raises(NotNowError):
        add(session, document)


def test_a_synthesis_has_no_such_parts(session):
    synthesis = world.start(session, "specialist@tracu", kind=SYNTHESIS)
    with pytest.raises(NotFoundError):
        add(session, synthesis, who="specialist@tracu")


def test_what_was_not_returned_is_locked(session, document):
    first, second = (add(session, document, activity=name).keys[0] for name in ("Một", "Hai"))
    world.give_back(session, document, {first: "Xem lại số tiền."})
    assert save(
        session, document, first, row(session, document, first).version, amount="1 triệu"
    ).saved
    with pytest.raises(BlockedError):
        save(session, document, second, row(session, document, second).version, amount="1 triệu")
    with pytest.raises(BlockedError):
        remove(session, document, second, row(session, document, second).version)
    with pytest.raises(BlockedError):
        add(session, document, activity="Ba")


# --- Copies -------------------------------------------------------------------------------


def test_a_returned_plan_keeps_its_lines_and_keys(session, document):
    key = add(session, document).keys[0]
    before = lines(session, document)
    world.give_back(session, document, {})
    assert lines(session, document) == before
    assert add(session, document, activity="Hai").keys != (key,)


def test_the_hash_is_of_the_parts_too(session, document):
    revision = world.head(session, document)
    empty = revisions.digest(session, revision.id)
    key = add(session, document).keys[0]
    one = revisions.digest(session, revision.id)
    save(session, document, key, row(session, document, key).version, amount="1 triệu")
    assert len({empty, one, revisions.digest(session, revision.id)}) == 3


def test_last_times_parts_come_along(session):
    first = world.start(session)
    add(session, first)
    add(session, first, Part.RECIPIENT, name="Lưu: VT")
    paper = {"role": "decision", "number": "12/QĐ-UBND", "dated_on": "01/6/2021", "signed": "1"}
    add(session, first, Part.PAPER, issuer_form="collective", **paper)
    save(session, first, "header", 0, part=Part.HEADER, issuance="decision_with_plan", title="Tên")
    document = world.start(session, source=Source.LAST, code="2021-2025")
    assert [line.amount for line in lines(session, document)] == [100_000_000]
    assert lines(session, document, Part.RECIPIENT) == [Recipient("recipient-1", "Lưu: VT")]
    (again,) = lines(session, document, Part.PAPER)
    assert (again.number, again.dated_on, again.signed) == ("/QĐ-UBND", None, False)
    (header,) = lines(session, document, Part.HEADER)
    assert (header.issuance, header.title) == (Issuance.DECISION_WITH_PLAN, "")
    assert add(session, document, Part.RECIPIENT, name="Các ấp").keys != ("recipient-1",)


def test_from_above_comes_the_basis_that_names_its_plan(session):
    document = world.start(session, source=Source.ABOVE)
    assert lines(session, document, Part.BASIS) == [
        LegalBasis(
            "basis-1",
            "Quyết định",
            "793/QĐ-UBND",
            date(2021, 5, 7),
            "Ủy ban nhân dân huyện Trà Cú",
            "Kế hoạch năm 2021",
        )
    ]


# --- The pages' content -------------------------------------------------------------------


def test_sums_by_source_level_and_year():
    listed = [
        BudgetLine("budget-1", "a", MoneySource.STATE, MoneyLevel.DISTRICT, 2021, 100),
        BudgetLine("budget-2", "b", MoneySource.STATE, None, 2022, 30),
        BudgetLine("budget-3", "c", MoneySource.SOCIAL, MoneyLevel.COMMUNE, None, 7),
        BudgetLine("budget-4", "d"),
    ]
    found = totals(listed, 150)
    assert (found.total, found.lines, found.unpriced, found.gap) == (137, 4, 1, 13)
    assert dict(found.by_source) == {MoneySource.STATE: 130, MoneySource.SOCIAL: 7}
    assert list(found.by_level.items()) == [
        (MoneyLevel.DISTRICT, 100),
        (MoneyLevel.COMMUNE, 7),
        (None, 30),
    ]
    assert list(found.by_year.items()) == [(2021, 100), (2022, 30), (None, 7)]
    assert totals(listed, None).gap is None


def test_the_pages_are_read_in_four_queries_however_much_there_is(session, document):
    def queries():
        actor = world.acting(session, "clerk@tapson")
        session.expunge_all()
        with counted(session) as statements:
            parts_sheet.written(session, actor, document.id)
        return len(statements)

    few = queries()
    for number in range(40):
        add(session, document, activity=f"Việc {number}")
        add(session, document, Part.RECIPIENT, name=f"Ấp {number}")
    assert queries() == few == 4


def test_a_line_is_called_by_what_it_is_about():
    basis = LegalBasis("basis-1", "Quyết định", "1336/QĐ-TTg")
    assert named(basis, Words()) == "1336/QĐ-TTg"
    line = decode(Part.BUDGET, "budget-1", {"activity": "x" * 200})
    assert named(line, Words()) == "x" * 77 + "…"


# --- Directives ---------------------------------------------------------------------------


def test_a_directive_is_asked_for_its_tasks_alone(session, document):
    assert len(missing(session, document)) > 3
    save(session, document, "header", 0, part=Part.HEADER, issuance="directive")
    assert missing(session, document) == ["Phần “III. Nhiệm vụ, giải pháp” chưa có nội dung."]
    sheet = drafting.written(session, world.acting(session, "clerk@tapson"), document.id)
    assert not any(slot.missing for slot in sheet.slots)
    assert [part.section.line_key for part in sheet.parts if part.missing] == ["s.tasks"]
    add(session, document, Part.TASK, title="Bố trí kinh phí", leads="Phòng Tài chính - Kế hoạch")
    assert missing(session, document) == []


def test_tasks_and_duties_stand_for_the_sections_that_would_say_them(session, document):
    before = missing(session, document)
    add(session, document, Part.TASK, title="Thành lập câu lạc bộ")
    add(session, document, Part.DUTY, agency="Hội Người cao tuổi xã")
    gone = set(before) - set(missing(session, document))
    assert gone == {
        "Phần “III. Nhiệm vụ, giải pháp” chưa có nội dung.",
        "Phần “V. Tổ chức thực hiện” chưa có nội dung.",
    }


def missing(session, document):
    scope = Scope.of(world.acting(session, "clerk@tapson"))
    content = content_of(session, document, world.head(session, document), scope)
    return [str(gap.message) for gap in drafting.missing(content, document.kind)]
