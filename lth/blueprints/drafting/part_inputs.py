"""The lines of a document's parts as the drafting pages show them: a row each, its form within."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from hashlib import sha256

from flask import request

from lth.blueprints.document.parts import columns
from lth.blueprints.document.wording import local_name
from lth.blueprints.web import current
from lth.content import line_table
from lth.content.line_values import Words, clean, read_line, typed_line
from lth.content.model import HEADER
from lth.content.schema import LINE_TYPES, Field, LineType, PartGroup, Typed
from lth.core.formats import format_moment, format_time
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import gettext, say
from lth.core.vietnamese import format_money
from lth.drafting.parts import LineConflict, LineResult
from lth.drafting.parts_sheet import LineRow, PartsSheet
from lth.models import Remark
from lth.models.programme import Measure

NEW = "new"
"""Stands for the key of a line that is being added."""

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
    options: list[tuple[str, str]] = attribute(default_factory=list)
    offered: str = ""

    @property
    def wide(self) -> bool:
        return self.kind == "long"


@dataclass(frozen=True)
class PreviewCell:
    """What was read in one cell of a pasted table, and what is wrong with it or worth a look."""

    label: str
    text: str
    error: str = ""
    note: str = ""


@dataclass(frozen=True)
class TablePreview:
    """A pasted table as it was read; `sure` stands for exactly this text, when it is confirmed."""

    labels: list[str]
    rows: list[list[PreviewCell]]
    skipped: list[str]
    unread: list[str]
    sure: str

    @property
    def wrong(self) -> int:
        """Count the cells that cannot be read."""
        return sum(bool(cell.error) for row in self.rows for cell in row)


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
    remarks: list[Remark] = attribute(default_factory=list)
    preview: TablePreview | None = None

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """(id, text) of all that stands against saving it, for the summary of the page."""
        found = [
            (control.id, f"{control.label}: {control.error}")
            for control in self.inputs
            if control.error
        ]
        return found or ([(self.id, self.error)] if self.error else [])


@dataclass
class LineBlock:
    """A part on its page."""

    part: str
    label: str
    hint: str
    heads: tuple[str, str, str]
    numeric: bool
    cards: list[Card]
    blank: Card


Refused = tuple[str, str, LineResult]
"""A part, a line's key (`NEW`) and what came of saving it."""


def words_of(sheet: PartsSheet) -> Words:
    return Words(language(), {row.code: row for row in sheet.indicators})


def block(
    sheet: PartsSheet,
    of: LineType,
    refused: Refused | None = None,
    *,
    more: bool = False,
    keys: Collection[str] | None = None,
) -> LineBlock:
    """Return one part of the page, with all of its lines or those of some `keys`.

    The form that adds one is open where `more` are to be added.
    """
    rows = sheet.rows[of.part]
    blank = blank_card(sheet, of, refused)
    blank.open = blank.open or more
    return LineBlock(
        part=of.part,
        label=say(Message(of.label)),
        hint=say(Message(of.hint)),
        heads=tuple(say(Message(text)) if text else "" for text in of.heads),
        numeric=of.numeric,
        cards=[
            card(sheet, of, row, len(rows), refused)
            for row in rows
            if keys is None or row.key in keys
        ],
        blank=blank,
    )


def card(
    sheet: PartsSheet, of: LineType, row: LineRow, among: int = 1, refused: Refused | None = None
) -> Card:
    """Show a line that is there, `among` how many of its part."""
    words = words_of(sheet)
    made = Card(
        id=row.key,
        key=row.key,
        **columns(row.line, words),
        inputs=_inputs(sheet, of, row.key, typed_line(row.line, words)),
        seen=row.version,
        saved=_saved(row),
        place=row.place,
        final=row.place == among,
        locked=row.locked,
        remarks=row.remarks,
    )
    if refused is not None and refused[:2] == (of.part, row.key):
        _put_back(made, refused[2])
    return made


def blank_card(sheet: PartsSheet, of: LineType, refused: Refused | None = None) -> Card:
    """Show the form that adds a line; after a conflict over a removed one, what was typed there."""
    made = Card(
        id=f"add-{of.part}",
        key="",
        label=gettext("Thêm dòng"),
        inputs=_inputs(sheet, of, f"add-{of.part}", _first_texts(of), new=True),
        seen=sheet.revision.edit_count,
        locked=sheet.locks.locked(of.part, part=of.part, new=True),
    )
    known = {row.key for row in sheet.rows[of.part]}
    if refused is not None and refused[0] == of.part and refused[1] not in known:
        _put_back(made, refused[2])
        if refused[1] == NEW:
            made.preview = _preview(of, refused[2].typed, words_of(sheet))
        if refused[2].conflict is not None:
            made.error = gettext(
                "Một người khác vừa bỏ dòng này. Nội dung anh/chị đã nhập còn ở đây; "
                "bấm Thêm để đưa trở lại."
            )
    return made


def header_card(sheet: PartsSheet, group: PartGroup, refused: Refused | None = None) -> Card | None:
    """Show the fields of the header that a page asks for, as a form; None without any."""
    row, of = sheet.header, LINE_TYPES[HEADER]
    asked = {field.name for field in of.fields if (field.group or of.group) is group}
    if not asked:
        return None
    texts = typed_line(row.line, words_of(sheet))
    made = Card(
        id=HEADER,
        key=HEADER,
        label=say(Message(of.label)),
        inputs=[control for control in _inputs(sheet, of, HEADER, texts) if control.name in asked],
        seen=row.version,
        saved=_saved(row),
        locked=sheet.locks.locked(HEADER, part=HEADER),
        remarks=row.remarks,
    )
    if refused is not None and refused[0] == HEADER:
        _put_back(made, refused[2])
    return made


def _saved(row: LineRow) -> str:
    """Say when a line was saved, and by whom where that was somebody else."""
    if row.row is None or row.row.edited_at is None:
        return ""
    when = format_moment(row.row.edited_at)
    if not row.author or row.row.edited_by_id == current.actor().person_id:
        return gettext("Đã lưu %(when)s", when=when)
    return gettext("Đã lưu %(when)s, %(who)s", when=when, who=row.author)


# --- Inputs -------------------------------------------------------------------------------


def _first_texts(of: LineType) -> dict[str, str]:
    """Return what a new line's inputs show: what a field is by itself."""
    return {name: str(value) for name, value in of.empty.items() if value}


def _inputs(
    sheet: PartsSheet, of: LineType, anchor: str, texts: Mapping[str, str], *, new: bool = False
) -> list[Input]:
    return [
        _input(sheet, of, field, anchor, texts.get(field.name, ""), field.pasted if new else "")
        for field in of.fields
        if texts.get(field.name) or not field.rare
    ]


def _input(
    sheet: PartsSheet, of: LineType, field: Field, anchor: str, text: str, pasted: str
) -> Input:
    hint = pasted or field.hint
    return Input(
        id=f"{anchor}-{field.name}",
        name=field.name,
        label=say(Message(field.label)),
        kind="long" if pasted else _kind(field),
        value=text,
        was=text,
        hint=say(Message(hint)) if hint else "",
        required=field.required,
        rows=4 if pasted else _ROWS.get(field.typed, 0),
        options=_options(sheet, field),
        offered=_offered_id(of, field) if field.offered else "",
    )


def _kind(field: Field) -> str:
    """Return which control: text, long, list, number, day, choice, flag."""
    return {
        Typed.INDICATOR: "choice",
        Typed.MONEY: "number",
        Typed.YEAR: "number",
        Typed.FIGURE: "number",
    }.get(field.typed, field.typed.value)


def _options(sheet: PartsSheet, field: Field) -> list[tuple[str, str]]:
    if field.typed is Typed.INDICATOR:
        counted = [row for row in sheet.indicators if row.measure is not Measure.RATE]
        rows = [(row.code, local_name(row)) for row in counted]
        return [("", gettext("(chọn chỉ tiêu)")), *rows]
    if field.labels is None:
        return []
    listed = [(key.value, say(Message(text))) for key, text in field.labels.items()]
    if field.always:
        return listed
    none = gettext("(chọn)") if field.required else gettext("(chưa ghi)")
    return [("", none), *listed]


def offered_words(of: LineType) -> list[tuple[str, tuple[str, ...]]]:
    """Return the lists of words that a part's inputs offer, each under its id."""
    return [(_offered_id(of, field), field.offered) for field in of.fields if field.offered]


def _offered_id(of: LineType, field: Field) -> str:
    return f"offered-{of.part}-{field.name}"


def _put_back(made: Card, result: LineResult) -> None:
    """Put back what was typed into a line that was not saved, with what stands against it."""
    made.open = True
    by_name = {control.name: control for control in made.inputs}
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
    """Show their text beside each field that both changed; the others take what they wrote."""
    made.seen = conflict.version
    who = conflict.by or gettext("Một người khác")
    when = format_time(conflict.at) if conflict.at else ""
    for name, theirs in conflict.theirs.items():
        if name not in by_name:
            continue
        control = by_name[name]
        if name in conflict.fields:
            shown = dict(control.options).get(theirs, theirs) or gettext("bỏ trống")
            control.error = gettext(
                "%(who)s vừa ghi “%(theirs)s” lúc %(when)s. Bấm Lưu lần nữa để dùng bản của "
                "anh/chị.",
                who=who,
                theirs=shown,
                when=when,
            )
        elif clean(control.value) == clean(control.was):
            control.value = theirs
        control.was = theirs


# --- A pasted table -----------------------------------------------------------------------


def looked_over(of: LineType, texts: Mapping[str, str]) -> bool:
    """Tell whether a line may be added as it was typed: no table, or one that was shown before."""
    if not line_table.is_table(of.part, texts):
        return True
    return request.form.get("sure") == _sure(texts)


def _sure(texts: Mapping[str, str]) -> str:
    return sha256(clean(texts.get("activity", "")).encode()).hexdigest()[:16]


def _preview(of: LineType, texts: Mapping[str, str], words: Words) -> TablePreview | None:
    """Show how a pasted table is read, in the columns that it has."""
    if not line_table.is_table(of.part, texts):
        return None
    table = line_table.read(texts["activity"])
    fields = [
        field
        for name in line_table.ORDER
        if (field := of.by_name[name]) and any(name in row for row in table.rows)
    ]
    rows = [_preview_row(of, fields, row, words) for row in table.rows]
    labels = [say(Message(field.label)) for field in fields]
    return TablePreview(labels, rows, table.skipped, table.unread, _sure(texts))


def _preview_row(
    of: LineType, fields: list[Field], row: Mapping[str, str], words: Words
) -> list[PreviewCell]:
    line, errors = read_line(of.part, "", row, None, words)
    product = getattr(line, "product", None)
    differs = product is not None and line.amount != product
    read = typed_line(line, words) if line else row
    cells = []
    for field in fields:
        text = read.get(field.name, "")
        text = say(Message(field.labels[text])) if field.labels and text in field.labels else text
        cell = PreviewCell(say(Message(field.label)), text)
        if field.name in errors:
            cell = replace(cell, text=row.get(field.name, ""), error=say(errors[field.name]))
        elif field.name == "amount" and differs:
            amount = format_money(product, words.language)
            cell = replace(cell, note=gettext("số lượng × đơn giá là %(amount)s", amount=amount))
        cells.append(cell)
    return cells


# --- What was typed -----------------------------------------------------------------------


def typed_texts(of: LineType) -> tuple[dict[str, str], dict[str, str]]:
    """Read the texts of the posted form by field, and what the page had shown.

    As they were typed: of a name, what nobody sees is refused where the line is read.
    """
    texts, was = {}, {}
    for field in of.fields:
        sent = field.name in request.form or _kind(field) == "flag"  # a box not ticked is not sent
        if sent and f"{field.name}:was" in request.form:
            texts[field.name] = request.typed.get(field.name, "")
            was[field.name] = request.form[f"{field.name}:was"]
    return texts, was
