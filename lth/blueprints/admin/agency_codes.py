"""The agencies' codes that a unit knows: added, ended, brought in as a list."""

from collections.abc import Iterable

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import Optional

from lth.administration import agency_codes
from lth.administration.agency_codes import CodeTerms
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.forms import SeenForm
from lth.blueprints.web import confirming, current, tables
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.current import database, now
from lth.blueprints.web.forms import (
    DayField,
    Form,
    LineField,
    UploadField,
    at_most,
    required,
)
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core import clock
from lth.core.errors import RefusedError
from lth.core.formats import format_date, format_number
from lth.core.i18n import N_
from lth.core.language import gettext, lazy_gettext, ngettext, say
from lth.core.likely_days import DayKind
from lth.core.readers import agency_codes as grammar
from lth.core.vietnamese import capitalize_first
from lth.exchange.edxml import code_list
from lth.exchange.edxml.code_list import CodeLine
from lth.exchange.grids.lists import LARGEST_FILE
from lth.exchange.grids.tables import ListTable
from lth.models import AgencyCode, Unit
from lth.models.agency_code import CodeScheme

SCHEME_LABEL = {
    CodeScheme.QCVN102: lazy_gettext("13 ký tự (QCVN 102:2016)"),
    CodeScheme.QD20: lazy_gettext("Quyết định 20/2020/QĐ-TTg"),
    CodeScheme.OTHER: lazy_gettext("Khác"),
}
SHOWN_ROWS = 60
"""How many rows of a list are shown before it is taken in."""


class AgencyCodeForm(Form):
    """A code to add."""

    name = LineField(
        lazy_gettext("Cơ quan"),
        validators=[at_most(200)],
        description=lazy_gettext(
            "Để trống nếu là mã của chính đơn vị; nếu là nơi nhận, ghi tên đúng như ở mục Nơi nhận."
        ),
    )
    code = LineField(
        lazy_gettext("Mã định danh"),
        validators=[required(lazy_gettext("Hãy nhập mã định danh.")), at_most(40)],
        description=lazy_gettext("Chép đúng từ văn bản cấp mã, như H61.34 hoặc 000.00.34.H61."),
    )
    valid_from = DayField(
        lazy_gettext("Từ ngày"),
        day_kind=DayKind.CODE,
        validators=[required(lazy_gettext("Hãy nhập ngày mã có hiệu lực."))],
    )
    last_day = DayField(
        lazy_gettext("Đến hết ngày"),
        day_kind=DayKind.CODE,
        validators=[Optional()],
        description=lazy_gettext("Để trống nếu mã còn dùng."),
    )
    source = LineField(
        lazy_gettext("Văn bản cấp mã"),
        validators=[at_most(200)],
        description=lazy_gettext("Số, ký hiệu, ngày và cơ quan ban hành."),
    )

    def terms(self) -> CodeTerms:
        """Return what was typed."""
        return CodeTerms(
            str(self.code.data or ""),
            self.valid_from.data,
            str(self.name.data or ""),
            self.last_day.data,
            str(self.source.data or ""),
        )


class CodeEndForm(SeenForm):
    """The last day of a code."""

    last_day = DayField(
        lazy_gettext("Đến hết ngày"),
        day_kind=DayKind.CODE,
        validators=[required(lazy_gettext("Hãy nhập ngày cuối cùng dùng mã này."))],
    )


class CodeListForm(Form):
    """A list of codes; the page that asks to confirm sends the `text` alone."""

    asks_in_part = True

    file = UploadField(lazy_gettext("Tệp danh sách mã (.csv hoặc .xlsx)"))
    text = HiddenField()


@base.page("/codes", "codes")
def listing(unit_id: int | None) -> ResponseReturnValue:
    """List the unit's own codes and those of whom it sends to."""
    unit = one_unit(unit_id)
    rows = agency_codes.listed(database(), unit.id, current.scope())
    if tables.wanted():
        return tables.answer(_table(unit, rows), "ma-dinh-danh")
    return show(
        "codes",
        unit,
        own=[row for row in rows if not row.name],
        others=[row for row in rows if row.name],
        today=clock.today(),
        scheme_label=SCHEME_LABEL,
        doubt_of=grammar.doubt_of,
        version_of=agency_codes.version,
    )


def _table(unit: Unit, rows: Iterable[AgencyCode]) -> ListTable:
    """Return codes as a list, those of the unit itself under its name."""
    head = [
        *(gettext("Cơ quan"), gettext("Mã định danh"), gettext("Loại mã")),
        *(gettext("Từ ngày"), gettext("Đến trước ngày"), gettext("Văn bản cấp mã")),
    ]
    told = [
        [
            *(
                row.name or capitalize_first(unit.full_name),
                row.code,
                str(SCHEME_LABEL[row.scheme]),
            ),
            *(row.valid_from, row.valid_to, row.source),
        ]
        for row in rows
    ]
    return ListTable(gettext("Mã định danh"), head, told)


@base.form("/codes/add", "codes_add", "codes_create")
def add(unit_id: int | None) -> ResponseReturnValue:
    """Add a code."""
    unit, form = one_unit(unit_id), AgencyCodeForm()

    def keep() -> None:
        agency_codes.add(base.context(unit), form.terms())

    title, done = gettext("Thêm mã định danh"), gettext("Đã thêm mã định danh.")
    return base.run(form, lambda: _page(unit, form, title), keep, done, link("codes"))


@base.form("/codes/<int:code_id>/end", "codes_end", "codes_finish")
def end(unit_id: int | None, code_id: int) -> ResponseReturnValue:
    """Say the last day of a code."""
    unit, form = one_unit(unit_id), CodeEndForm()
    row = _code(unit, code_id)
    if not form.is_submitted():
        form = CodeEndForm(seen=agency_codes.version(row))

    def keep() -> None:
        agency_codes.end(base.context(unit), row, form.last_day.data, str(form.seen.data or ""))

    title, done = gettext("Kết thúc mã %(code)s", code=row.code), gettext("Đã lưu.")
    return base.run(form, lambda: _page(unit, form, title), keep, done, link("codes"))


@base.page("/codes/<int:code_id>/remove", "codes_remove", "POST")
def remove(unit_id: int | None, code_id: int) -> ResponseReturnValue:
    """Take away a code that was entered by mistake."""
    unit = one_unit(unit_id)
    row = _code(unit, code_id)
    with attempt() as outcome:
        agency_codes.remove(base.context(unit), row, request.form.get("seen", ""))
    outcome.flash(gettext("Đã xóa mã định danh."))
    return redirect(link("codes"))


# --- A list -------------------------------------------------------------------------------


@base.form("/codes/list", "codes_list", "codes_import")
def bring_in(unit_id: int | None) -> ResponseReturnValue:
    """Take a list of codes: told row by row first, written once that is confirmed."""
    unit, form = one_unit(unit_id), CodeListForm()
    if not form.is_submitted() or confirming.asks_to_look():
        return _list_page(unit, form)
    if not form.validate():
        return _list_page(unit, form), 422
    lines: list[CodeLine] = []
    confirmed = confirming.is_confirmed()
    with (attempt if confirmed else rehearse)(form=form) as outcome:
        data = _data(form)
        lines = code_list.read(data, clock.local(now()).date(), unit.full_name)
        agency_codes.add_all(base.context(unit), code_list.terms_of(lines))
    if not outcome.done:
        return _list_page(unit, form), outcome.code
    if confirmed:
        count = len(lines)
        said = ngettext("Đã thêm %(num)s mã định danh.", "Đã thêm %(num)s mã định danh.", count)
        outcome.flash(said)
        return redirect(link("codes"))
    return _confirmation(lines)


def _data(form: CodeListForm) -> bytes:
    """Return the list: the file, or the text that the page before carries."""
    if form.file.data is not None:
        return form.file.data.stream.read(LARGEST_FILE + 1)
    if form.text.data:
        return str(form.text.data).encode()
    raise RefusedError("file", N_("Hãy chọn tệp danh sách mã."))


def _confirmation(lines: list[CodeLine]) -> str:
    rows = [ConfirmationRow(_summary(line), _details(line)) for line in lines[:SHOWN_ROWS]]
    if len(lines) > SHOWN_ROWS:
        more = format_number(len(lines) - SHOWN_ROWS)
        rows.append(ConfirmationRow(gettext("… và %(count)s mã nữa", count=more)))
    return confirming.page(
        gettext("Nhập danh sách mã định danh"),
        gettext("Chưa ghi gì. Khi xác nhận, các mã sau được thêm vào:"),
        rows,
        gettext("Thêm các mã này"),
        back=(gettext("Mã định danh"), link("codes")),
        instead={"text": code_list.as_text(lines)},
    )


def _summary(line: CodeLine) -> str:
    terms = line.terms
    name = (terms.name if terms else "") or gettext("Mã của đơn vị")
    return gettext("%(name)s: %(code)s", name=name, code=terms.code if terms else "")


def _details(line: CodeLine) -> list[str]:
    if line.terms is None:
        return []
    since = gettext("từ %(date)s", date=format_date(line.terms.valid_from))
    until = line.terms.last_day
    span = [since, *([gettext("đến hết %(date)s", date=format_date(until))] if until else [])]
    return [", ".join([*span, *([line.terms.source] if line.terms.source else [])])] + [
        say(doubt) for doubt in line.doubts
    ]


def _list_page(unit: Unit, form: CodeListForm) -> str:
    return show("codes_list", unit, form=form)


def _code(unit: Unit, code_id: int) -> AgencyCode:
    row = agency_codes.find(base.context(unit), code_id)
    if row is None:
        abort(404)
    return row


def _page(unit: Unit, form: Form, title: str) -> str:
    return base.form_page(unit, form, title, (gettext("Mã định danh"), link("codes")))
