"""One target in full: figure, scope, what it counts from, its counts, wording and source."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from lth import drafting
from lth.blueprints.document.wording import local_name
from lth.blueprints.drafting.target_inputs import conflict_text
from lth.blueprints.web import committing, current
from lth.blueprints.web.forms import Form, VersionField
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.content import targets
from lth.content.schema import PartGroup
from lth.core.errors import NotFoundError
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import gettext, lazy_gettext, say
from lth.drafting import target_input
from lth.drafting.sheet import Sheet, SheetLine, Slot
from lth.models import Indicator, Phase, Target
from lth.models.content import AreaType, Comparator
from lth.models.programme import RollUp


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/draft/lines/<key>", "document_line", line_page)
    rule(
        "/documents/<int:document_id>/draft/lines/<key>",
        "document_save_line",
        save,
        methods=["POST"],
    )


def _choices(labels: dict) -> list[SelectChoice]:
    return [SelectChoice(member.value, say(Message(text))) for member, text in labels.items()]


class LineForm(Form):
    """The full record of a target."""

    seen = VersionField()
    key = HiddenField()
    comparator = SelectField(
        lazy_gettext("Cách so sánh"), choices=lambda: _choices(targets.COMPARATOR_LABEL)
    )
    value = StringField(lazy_gettext("Giá trị (hoặc mức thấp nhất)"))
    second = StringField(lazy_gettext("Mức cao nhất"))
    scope = SelectField(lazy_gettext("Tính cho"), choices=lambda: _choices(targets.SCOPE_LABEL))
    counts_from = SelectField(
        lazy_gettext("Cách đếm"), choices=lambda: _choices(targets.COUNTS_FROM_LABEL)
    )
    area_type = SelectField(
        lazy_gettext("Địa bàn"), choices=lambda: _choices(targets.AREA_TYPE_LABEL)
    )
    numerator_code = SelectField(lazy_gettext("Tử số"), validate_choice=False)
    denominator_code = SelectField(lazy_gettext("Mẫu số"), validate_choice=False)
    parent_share_key = SelectField(lazy_gettext("Là một phần của"), validate_choice=False)
    wording = TextAreaField(lazy_gettext("Lời văn trong kế hoạch"))
    source_ref = StringField(lazy_gettext("Căn cứ"))

    def suit(self, indicator: Indicator) -> None:
        """Ask for the counts of a quotient alone."""
        if indicator.roll_up is not RollUp.RATIO:
            del self["numerator_code"], self["denominator_code"]

    def offer(self, sheet: Sheet, slot: Slot) -> None:
        """Fill the lists that depend on the document."""
        known = {AreaType.ALL, *sheet.document.programme.area_types, self.area_type.data}
        if sheet.document.programme.area_types:
            labels = targets.AREA_TYPE_LABEL.items()
            self.area_type.choices = _choices({one: text for one, text in labels if one in known})
        none = SelectChoice("", gettext("(không)"))
        self.parent_share_key.choices = [none, *_other_lines(sheet, self.key.data)]
        if "numerator_code" not in self:
            return
        counts = [one.indicator for one in sheet.slots if one.indicator.roll_up is RollUp.SUM]
        named = {indicator.code: local_name(indicator) for indicator in counts}
        allowed = targets.denominators(slot.indicator) or named
        self.numerator_code.choices = [none, *(SelectChoice(*pair) for pair in named.items())]
        self.denominator_code.choices = [
            none,
            *(SelectChoice(code, text) for code, text in named.items() if code in allowed),
        ]

    def edit(self) -> drafting.TargetEdit:
        """Return what was typed; a field that the form does not have stays as it is."""
        values: dict[str, Any] = {
            name: self[name].data or ""
            for name in (
                "value",
                "second",
                "comparator",
                "scope",
                "counts_from",
                "area_type",
                "numerator_code",
                "denominator_code",
                "parent_share_key",
                "wording",
                "source_ref",
            )
            if name in self
        }
        return drafting.TargetEdit(line_key=self.key.data, seen=self.seen.data or 0, **values)


def phase_name(phase: Phase) -> str:
    """Return a phase's years: "2026–2030"."""
    return phase.code.replace("-", "–")


def _other_lines(sheet: Sheet, key: str) -> list[SelectChoice]:
    """List the document's other targets, that this one may be a share of."""
    return [
        SelectChoice(
            line.key, f"{local_name(slot.indicator)} ({slot.phase.code.replace('-', '–')})"
        )
        for slot in sheet.slots
        for line in slot.lines
        if line.target is not None and line.key != key
    ]


@needs(Permission.DRAFT)
def line_page(document_id: int, key: str) -> ResponseReturnValue:
    sheet = drafting.written(current.database(), current.actor(), document_id)
    slot, line = _find(sheet, key)
    if slot.money is not None:
        return redirect(desk_url("document_parts", document_id=document_id, group=PartGroup.BUDGET))
    form = LineForm(formdata=None, data=_shown(slot, line))
    form.suit(slot.indicator)
    form.offer(sheet, slot)
    return _page(sheet, slot, line, form)


@needs(Permission.DRAFT)
def save(document_id: int, key: str) -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    indicator = drafting.indicator_of(session, actor, document_id, key)
    form = LineForm()
    form.key.data = key
    form.suit(indicator)
    if not form.validate():
        sheet = drafting.written(session, actor, document_id)
        slot, line = _find(sheet, key)
        form.offer(sheet, slot)
        return _page(sheet, slot, line, form, 422)
    with committing.with_answer():
        result = drafting.save_targets(
            session, actor, document_id, [form.edit()], now=current.now()
        )
    if result.complete:
        flash(gettext("Đã lưu chỉ tiêu “%(label)s”.", label=local_name(indicator)), "success")
        return redirect(desk_url("document_draft", document_id=document_id))
    sheet = drafting.written(session, actor, document_id)
    slot, line = _find(sheet, key)
    form.offer(sheet, slot)
    for name, message in result.errors.get(line.key, {}).items():
        field = form[name] if name in form else form["value"]
        field.errors = [*field.errors, say(message)]
    conflict = result.conflicts.get(line.key)
    if conflict is not None:
        again = gettext("Bấm Lưu lần nữa để dùng số của anh/chị, hoặc tải lại trang để giữ số đó.")
        form.form_errors.append(f"{conflict_text(conflict)} {again}")
        form.seen.data = conflict.version
    return _page(sheet, slot, line, form, 409 if conflict else 422)


def _find(sheet: Sheet, key: str) -> tuple[Slot, SheetLine]:
    """Find the line of a key, or the place for one more line of its indicator."""
    for slot in sheet.slots:
        for line in slot.lines:
            if line.key == key:
                return slot, line
        if slot.next_key == key:
            return slot, SheetLine(key)
    raise NotFoundError


def _shown(slot: Slot, line: SheetLine) -> dict[str, Any]:
    start = target_input.first_values(slot.indicator)
    values = {name: getattr(line.target, name) if line.target else start[name] for name in start}
    shown = {name: getattr(value, "value", value) or "" for name, value in values.items()}
    value, second = _typed(slot.indicator, line.target)
    return {**shown, "value": value, "second": second, "seen": line.version, "key": line.key}


def _typed(indicator: Indicator, target: Target | None) -> tuple[str, str]:
    if target is None or target.comparator is Comparator.QUALITATIVE:
        return "", ""
    return targets.typed(targets.figure_of(target), indicator.measure, language())


def _page(
    sheet: Sheet, slot: Slot, line: SheetLine, form: LineForm, code: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "line.html",
        document=sheet.document,
        slot=slot,
        line=line,
        form=form,
        phased=len(sheet.phases) > 1,
        fixed=sheet.locks.locked(line.key, new=line.target is None),
        may_add=line.target is not None
        and line is slot.lines[-1]
        and not sheet.locks.locked(slot.next_key, new=True),
    )
    return page, code
