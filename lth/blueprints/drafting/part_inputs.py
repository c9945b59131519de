"""The lines of a document's parts as the drafting pages show them: a row each, its form within."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext

from lth.blueprints.document.wording import local_name
from lth.blueprints.web import current
from lth.content.model import HEADER
from lth.content.part_fields import FIELDS, PART_LABEL, Field, Typed, empty_values, is_required
from lth.content.part_summary import HEADS, NUMERIC, summary
from lth.content.part_values import Shown, Words, clean, named, typed_line
from lth.core.formats import format_moment, format_time
from lth.core.i18n import N_, Message
from lth.core.language import current as language
from lth.core.language import say
from lth.drafting.parts import LineConflict, LineResult
from lth.drafting.parts_sheet import GROUPS, PartGroup, PartsSheet, Row
from lth.models import Remark
from lth.models.parts import Part
from lth.models.programme import Measure

NEW = "new"
"""Stands for the key of a line that is being added."""

HINTS: dict[Part, str] = {
    Part.PAPER: N_("Quyết định, tờ trình, kế hoạch: số và ngày có thể để trống khi chưa cấp."),
    Part.BASIS: N_("Theo thứ tự in; dấu câu cuối dòng do phần mềm đặt."),
    Part.RECIPIENT: N_("Nhớ cơ quan cấp trên đã giao và nơi nhận báo cáo."),
    Part.DEFINITION: N_("Người cao tuổi từ bao nhiêu tuổi, thế nào là đạt chuẩn."),
    Part.BASELINE: N_("Số liệu đầu kỳ, để biết “duy trì 100 %” là bao nhiêu."),
    Part.BUDGET: N_("Mỗi việc, mỗi nguồn một dòng; tổng do phần mềm cộng."),
    Part.TASK: N_("Mỗi nhiệm vụ một cơ quan chủ trì."),
    Part.DUTY: N_("Mỗi cơ quan một dòng, như trong phần Tổ chức thực hiện."),
    Part.REPORTING: N_("Ai báo cáo ai, bao lâu một lần, trước ngày nào."),
}

ON_PAPERS = ("issuance", "title", "decided_title")
ON_BUDGET = ("budget_total",)
"""The header's fields, by the page that asks for them."""

PASTED = {
    (Part.RECIPIENT, "name"): N_("Mỗi dòng một nơi nhận, dán cả danh sách cũng được."),
    (Part.BASIS, "title"): N_(
        "Hoặc chỉ dán nguyên văn vào ô này, mỗi dòng một câu “Căn cứ …”: phần mềm tự tách số, "
        "ngày, cơ quan."
    ),
}
"""The inputs of a new line that take a whole list, and what is said of that."""

_ROWS = {Typed.LONG: 2, Typed.LIST: 2}


@dataclass
class Input:
    """One input of a line's form. `was` is what the page showed, by which edits are told apart."""

    id: str
    name: str
    label: str
    kind: str
    value: str
    was: str
    hint: str = ""
    error: str = ""
    required: bool = False
    rows: int = 0
    options: list[tuple[str, str]] = field(default_factory=list)
    offered: str = ""

    @property
    def wide(self) -> bool:
        return self.kind == "long"


@dataclass
class Card:
    """A line: its row, and the form that opens beneath. Without a key it is one to be added."""

    id: str
    key: str
    label: str
    inputs: list[Input]
    seen: int
    main: str = ""
    sub: str = ""
    beside: str = ""
    last: str = ""
    saved: str = ""
    open: bool = False
    error: str = ""
    place: int = 0
    final: bool = False
    locked: bool = False
    remarks: list[Remark] = field(default_factory=list)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """(id, text) of all that stands against saving it, for the summary of the page."""
        found = [(one.id, f"{one.label}: {one.error}") for one in self.inputs if one.error]
        return found or ([(self.id, self.error)] if self.error else [])


@dataclass
class Block:
    """A part on its page."""

    part: str
    label: str
    hint: str
    heads: tuple[str, str, str]
    numeric: bool
    cards: list[Card]
    blank: Card


Refused = tuple[Part, str, LineResult]
"""A part, a line's key (`NEW`) and what came of saving it."""


def words_of(sheet: PartsSheet) -> Words:
    return Words(language(), {row.code: row for row in sheet.indicators})


def blocks(
    sheet: PartsSheet, group: PartGroup, refused: Refused | None = None, more: str = ""
) -> list[Block]:
    """The parts of a page, the header aside; `more` names the one that a line is added to."""
    return [
        block(sheet, part, refused, more=more == part.value)
        for part in GROUPS[group]
        if part is not Part.HEADER
    ]


def block(
    sheet: PartsSheet, part: Part, refused: Refused | None = None, *, more: bool = False
) -> Block:
    """One part of the page."""
    rows = sheet.rows[part]
    blank = blank_card(sheet, part, refused)
    blank.open = blank.open or more
    return Block(
        part=part.value,
        label=say(Message(PART_LABEL[part])),
        hint=say(Message(HINTS[part])),
        heads=tuple(say(Message(text)) if text else "" for text in HEADS[part]),
        numeric=part in NUMERIC,
        cards=[card(sheet, part, row, len(rows), refused) for row in rows],
        blank=blank,
    )


def card(
    sheet: PartsSheet, part: Part, row: Row, of: int = 1, refused: Refused | None = None
) -> Card:
    """A line that is there."""
    words = words_of(sheet)
    short = summary(row.line, words)
    texts = typed_line(part, row.line, words)
    made = Card(
        id=row.key,
        key=row.key,
        label=say(named(part, row.line, words)) or say(Message(PART_LABEL[part])),
        inputs=_inputs(sheet, part, row.key, texts),
        seen=row.version,
        main=_joined(short.main, " "),
        sub=_joined(short.sub),
        beside=_joined(short.beside),
        last=_joined(short.last),
        saved=_saved(row),
        place=row.place,
        final=row.place == of,
        locked=row.locked,
        remarks=row.remarks,
    )
    if refused is not None and refused[:2] == (part, row.key):
        _put_back(made, refused[2])
    return made


def blank_card(sheet: PartsSheet, part: Part, refused: Refused | None = None) -> Card:
    """The form that adds a line; after a conflict over a removed one, what was typed into that."""
    made = Card(
        id=f"add-{part.value}",
        key="",
        label=gettext("Thêm dòng"),
        inputs=_inputs(sheet, part, f"add-{part.value}", _first_texts(part)),
        seen=sheet.revision.edit_count,
        locked=sheet.locks.locked(part.value, part=part, new=True),
    )
    known = {row.key for row in sheet.rows[part]}
    if refused is not None and refused[0] is part and refused[1] not in known:
        _put_back(made, refused[2])
        if refused[2].conflict is not None:
            made.error = gettext(
                "Một người khác vừa bỏ dòng này. Nội dung anh/chị đã nhập còn ở đây; "
                "bấm Thêm để đưa trở lại."
            )
    return made


def header_card(sheet: PartsSheet, names: tuple[str, ...], refused: Refused | None = None) -> Card:
    """Some fields of the header, as a form of its own."""
    row = sheet.header
    texts = typed_line(Part.HEADER, row.line, words_of(sheet))
    made = Card(
        id=HEADER,
        key=HEADER,
        label=say(Message(PART_LABEL[Part.HEADER])),
        inputs=[one for one in _inputs(sheet, Part.HEADER, HEADER, texts) if one.name in names],
        seen=row.version,
        saved=_saved(row),
        locked=sheet.locks.locked(HEADER, part=Part.HEADER),
        remarks=row.remarks,
    )
    if refused is not None and refused[0] is Part.HEADER:
        _put_back(made, refused[2])
    return made


def _joined(texts: tuple[Shown, ...], sign: str = " · ") -> str:
    return sign.join(say(text) for text in texts)


def _saved(row: Row) -> str:
    """When a line was saved, and by whom where that was somebody else."""
    if row.row is None or row.row.edited_at is None:
        return ""
    when = format_moment(row.row.edited_at)
    if not row.author or row.row.edited_by_id == current.actor().person_id:
        return gettext("Đã lưu %(when)s", when=when)
    return gettext("Đã lưu %(when)s, %(who)s", when=when, who=row.author)


# --- Inputs -------------------------------------------------------------------------------


def _first_texts(part: Part) -> dict[str, str]:
    """What a new line's inputs show: what a field is by itself, such as whose authority it has."""
    return {name: str(value) for name, value in empty_values(part).items() if value}


def _inputs(sheet: PartsSheet, part: Part, anchor: str, texts: Mapping[str, str]) -> list[Input]:
    return [
        _input(sheet, part, one, anchor, texts.get(one.name, ""))
        for one in FIELDS[part]
        if texts.get(one.name) or not one.rare
    ]


def _input(sheet: PartsSheet, part: Part, one: Field, anchor: str, text: str) -> Input:
    many = PASTED.get((part, one.name), "") if anchor.startswith("add-") else ""
    return Input(
        id=f"{anchor}-{one.name}",
        name=one.name,
        label=say(Message(one.label)),
        kind="long" if many else _kind(one),
        value=text,
        was=text,
        hint=say(Message(many or one.hint)) if many or one.hint else "",
        required=is_required(part, one.name),
        rows=4 if many else _ROWS.get(one.typed, 0),
        options=_options(sheet, part, one),
        offered=f"offered-{part.value}-{one.name}" if one.offered else "",
    )


def _kind(one: Field) -> str:
    """Which control: text, long, list, number, day, choice, flag."""
    return {
        Typed.INDICATOR: "choice",
        Typed.MONEY: "number",
        Typed.FIGURE: "number",
    }.get(one.typed, one.typed.value)


def _options(sheet: PartsSheet, part: Part, one: Field) -> list[tuple[str, str]]:
    if one.typed is Typed.INDICATOR:
        counted = [row for row in sheet.indicators if row.measure is not Measure.RATE]
        rows = [(row.code, local_name(row)) for row in counted]
        return [("", gettext("(chọn chỉ tiêu)")), *rows]
    if one.labels is None:
        return []
    listed = [(key.value, say(Message(text))) for key, text in one.labels.items()]
    always = one.name in empty_values(part) and empty_values(part)[one.name] is not None
    if always:
        return listed
    none = gettext("(chọn)") if is_required(part, one.name) else gettext("(chưa ghi)")
    return [("", none), *listed]


def offered_words(part: Part) -> list[tuple[str, tuple[str, ...]]]:
    """The lists of words that a part's inputs offer, each under its id."""
    return [
        (f"offered-{part.value}-{one.name}", one.offered) for one in FIELDS[part] if one.offered
    ]


def _put_back(made: Card, result: LineResult) -> None:
    """What was typed into a line that was not saved, with what stands against it."""
    made.open = True
    by_name = {one.name: one for one in made.inputs}
    for name, text in result.typed.items():
        if name in by_name:
            by_name[name].value = text
    for name, message in result.errors.items():
        if name in by_name:
            by_name[name].error = say(message)
        else:
            made.error = say(message)
    if result.conflict is not None:
        _show_conflict(made, by_name, result.conflict)


def _show_conflict(made: Card, by_name: dict[str, Input], conflict: LineConflict) -> None:
    """Their text beside each field that both changed; the others take what they wrote."""
    made.seen = conflict.version
    who = conflict.by or gettext("Một người khác")
    when = format_time(conflict.at) if conflict.at else ""
    for name, theirs in conflict.theirs.items():
        if name not in by_name:
            continue
        one = by_name[name]
        if name in conflict.fields:
            shown = dict(one.options).get(theirs, theirs) or gettext("bỏ trống")
            one.error = gettext(
                "%(who)s vừa ghi “%(theirs)s” lúc %(when)s. Bấm Lưu lần nữa để dùng bản của "
                "anh/chị.",
                who=who,
                theirs=shown,
                when=when,
            )
        elif clean(one.value) == clean(one.was):
            one.value = theirs
        one.was = theirs


# --- What was typed -----------------------------------------------------------------------


def typed_texts(part: Part) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the posted form by field, and what the page had shown."""
    texts, was = {}, {}
    for one in FIELDS[part]:
        if f"{one.name}:was" in request.form:
            texts[one.name] = request.form.get(one.name, "")
            was[one.name] = request.form[f"{one.name}:was"]
    return texts, was
