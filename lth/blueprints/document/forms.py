"""The form of an act, made from what its row of the table asks for."""

from collections.abc import Iterable

from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from lth.blueprints.web import current
from lth.blueprints.web.forms import DayField, Form, LineField, at_most
from lth.content.line_types import SIGN_FORM_LABEL
from lth.core.i18n import Message
from lth.core.language import lazy_gettext, say
from lth.core.vietnamese import nfc
from lth.models.document import SignForm
from lth.models.opinion import Verdict
from lth.workflow import signing
from lth.workflow.acts import Act, Row
from lth.workflow.context import Inputs
from lth.workflow.table import TABLE

FIELDS = {
    "reason": ("reason",),
    "overruling": ("reason",),
    "comment": ("reason",),
    "document": ("document_number", "document_date", "sign_form"),
    "verdict": ("verdict", "reason"),
    "until": ("until",),
}
"""Which fields each thing that a row asks for needs."""

ASKED = ("verdict", "document_number", "document_date", "sign_form", "until", "reason")
"""Every field that an act may ask for."""

REASON_LABEL = {
    "reason": lazy_gettext("Lý do"),
    "overruling": lazy_gettext("Ý kiến của lãnh đạo"),
    "comment": lazy_gettext("Ý kiến kèm theo"),
    "verdict": lazy_gettext("Nội dung ý kiến"),
}


def _fitting() -> Iterable[SignForm]:
    """How the actor may sign: every way, or those that fit the decision by which they sign."""
    lent = current.actor().on_behalf
    return SignForm if lent is None else signing.forms(lent)


class ActForm(Form):
    """Every field an act may ask for; `narrow` drops those that this one does not."""

    seen = IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired(lazy_gettext("Trang đã cũ, hãy tải lại."))],
    )
    verdict = RadioField(
        lazy_gettext("Ý kiến"),
        choices=[
            SelectChoice(Verdict.AGREE.value, lazy_gettext("Đồng ý")),
            SelectChoice(Verdict.DISAGREE.value, lazy_gettext("Chưa đồng ý")),
        ],
        validators=[Optional()],
    )
    document_number = LineField(
        lazy_gettext("Số, ký hiệu văn bản"),
        validators=[at_most(40)],
    )
    document_date = DayField(
        lazy_gettext("Ngày ký"),
        validators=[Optional()],
    )
    sign_form = SelectField(
        lazy_gettext("Hình thức ký"),
        choices=lambda: [
            SelectChoice(form.value, say(Message(SIGN_FORM_LABEL[form]))) for form in _fitting()
        ],
        default=SignForm.TM_KT.value,
        validators=[Optional()],
    )
    until = DayField(
        lazy_gettext("Gia hạn đến hết ngày"),
        validators=[Optional()],
    )
    reason = TextAreaField(
        lazy_gettext("Lý do"),
        validators=[at_most(4000)],
    )

    @classmethod
    def of(cls, row: Row, seen: int) -> "ActForm":
        """An empty form for a row, carrying the version that its page shows."""
        form = cls(formdata=None)
        form.seen.data = seen
        form.narrow(row)
        return form

    def narrow(self, row: Row) -> None:
        """Keep only what the row asks for, under the label that fits the act."""
        wanted = {name for thing in row.asks for name in FIELDS[thing]}
        for name in ASKED:
            if name not in wanted and name in self:
                del self[name]
        if "sign_form" in self and row.act is not Act.ISSUE:
            del self["sign_form"]
        for thing in row.asks:
            if "reason" in self and thing in REASON_LABEL:
                self["reason"].label.text = REASON_LABEL[thing]

    def inputs(self) -> Inputs:
        """What was filled in, for the operation."""
        return Inputs(
            reason=nfc(self._text("reason")),
            document_number=self._text("document_number").replace(" ", ""),
            document_date=self["document_date"].data if "document_date" in self else None,
            sign_form=SignForm(self._text("sign_form")) if self._text("sign_form") else None,
            verdict=Verdict(self._text("verdict")) if self._text("verdict") else None,
            until=self["until"].data if "until" in self else None,
        )

    def _text(self, name: str) -> str:
        return (self[name].data or "").strip() if name in self else ""


def ask(act: Act) -> ActForm:
    """The posted form of an act, whichever of its rows will apply."""
    form = ActForm()
    asked = {
        name for row in TABLE if row.act is act for thing in row.asks for name in FIELDS[thing]
    }
    for name in ASKED:
        if name not in asked:
            del form[name]
    return form


class RemarkForm(Form):
    """A remark pinned to an item."""

    line_key = HiddenField()
    text = TextAreaField(lazy_gettext("Nhận xét"))
