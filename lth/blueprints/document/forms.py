"""The form of an act, made from what its row of the table asks for, and what the act will bring."""

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from lth.blueprints.web import current
from lth.blueprints.web.forms import (
    DayField,
    Form,
    LastDayField,
    LineField,
    VersionField,
    at_most,
)
from lth.content.line_types import SIGN_FORM_LABEL
from lth.core.i18n import Message
from lth.core.language import gettext, lazy_gettext, say
from lth.core.likely_days import DayKind
from lth.core.vietnamese import capitalize_first, nfc
from lth.models import Document
from lth.models.document import SignForm
from lth.models.opinion import Verdict
from lth.workflow import signing
from lth.workflow.acts import Act, Row
from lth.workflow.context import Inputs
from lth.workflow.operations import Demands
from lth.workflow.table import TABLE

FIELDS = {
    "reason": ("reason",),
    "overruling": ("reason",),
    "comment": ("reason",),
    "absence": ("reason",),
    "document": (
        *("document_number", "number_confirmed", "document_date", "day_confirmed"),
        "sign_form",
    ),
    "verdict": ("verdict", "reason"),
    "until": ("until",),
}
"""Which fields each thing that a row asks for needs."""

IN_SOME_CASES = {"absence"}
"""What a row asks for only where its guards want it."""

ASKED = (
    *("verdict", "document_number", "number_confirmed", "document_date", "day_confirmed"),
    *("sign_form", "until", "reason"),
)
"""Every field that an act may ask for."""

REASON_LABEL = {
    "reason": lazy_gettext("Lý do"),
    "overruling": lazy_gettext("Ý kiến của lãnh đạo"),
    "comment": lazy_gettext("Ý kiến kèm theo"),
    "verdict": lazy_gettext("Nội dung ý kiến"),
    "absence": lazy_gettext("Lý do còn thiếu đơn vị"),
}
"""How the one text of an act is called, by what asks for it; the first that a row asks for."""


def _fitting() -> Iterable[SignForm]:
    """List how the actor may sign: every way, or those that fit the decision they sign by."""
    lent = current.actor().on_behalf
    return SignForm if lent is None else signing.forms(lent)


class ActForm(Form):
    """Every field an act may ask for; `fit` drops those that this one does not.

    What it asks is for the event, and what must be said a guard demands: nothing is kept yet.
    """

    asks_in_part = True

    seen = VersionField(
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
    number_confirmed = BooleanField(lazy_gettext("Số đúng như đã ghi"))
    document_date = DayField(
        lazy_gettext("Ngày ký"),
        day_kind=DayKind.SIGNED,
        validators=[Optional()],
    )
    day_confirmed = BooleanField(lazy_gettext("Ngày ký đúng như đã ghi"))
    sign_form = SelectField(
        lazy_gettext("Hình thức ký"),
        choices=lambda: [
            SelectChoice(form.value, say(Message(SIGN_FORM_LABEL[form]))) for form in _fitting()
        ],
        default=SignForm.TM_KT.value,
        validators=[Optional()],
    )
    until = LastDayField(
        lazy_gettext("Gia hạn đến hết ngày"),
        day_kind=DayKind.EXTENSION,
        validators=[Optional()],
    )
    reason = TextAreaField(
        lazy_gettext("Lý do"),
        validators=[at_most(4000)],
    )

    @classmethod
    def of(cls, row: Row, seen: int, demands: Demands) -> "ActForm":
        """Make an empty form for a row, carrying the version that its page shows."""
        form = cls(formdata=None)
        form.seen.data = seen
        form.fit(row, demands)
        return form

    def narrow(self, *things: str) -> None:
        """Keep only the fields of some things that rows ask for."""
        wanted = {name for thing in things for name in FIELDS[thing]}
        for name in ASKED:
            if name not in wanted and name in self:
                del self[name]

    def fit(self, row: Row, demands: Demands) -> None:
        """Keep only what the row asks for in this case, under the label that fits the act."""
        things = [
            thing
            for thing in row.asks
            if thing not in IN_SOME_CASES or any(map(demands.of, FIELDS[thing]))
        ]
        self.narrow(*things)
        if "sign_form" in self and row.act is not Act.ISSUE:
            del self["sign_form"]
        labels = [REASON_LABEL[thing] for thing in things if thing in REASON_LABEL]
        if "reason" in self:
            self["reason"].label.text = labels[0]

    def inputs(self) -> Inputs:
        """Return what was filled in, for the operation."""
        return Inputs(
            reason=nfc(self._text("reason")),
            document_number=self._text("document_number"),
            document_date=self["document_date"].data if "document_date" in self else None,
            number_confirmed=bool("number_confirmed" in self and self["number_confirmed"].data),
            day_confirmed=bool("day_confirmed" in self and self["day_confirmed"].data),
            sign_form=SignForm(self._text("sign_form")) if self._text("sign_form") else None,
            verdict=Verdict(self._text("verdict")) if self._text("verdict") else None,
            until=self["until"].data if "until" in self else None,
            reason_kept="reason" in self and not self["reason"].raw_data,
        )

    def _text(self, name: str) -> str:
        return (self[name].data or "").strip() if name in self else ""


def ask(act: Act) -> ActForm:
    """Return the posted form of an act, whichever of its rows will apply."""
    form = ActForm()
    form.narrow(*(thing for row in TABLE if row.act is act for thing in row.asks))
    return form


class RemarkForm(Form):
    """A remark pinned to an item."""

    line_key = HiddenField()
    text = TextAreaField(lazy_gettext("Nhận xét"))


def consequence(row: Row, document: Document) -> str:
    """Say what an act brings: what happens, who is told, whether it can be taken back."""
    above = document.next_unit.full_name if document.next_unit else ""
    unit = capitalize_first(document.unit.full_name)
    texts = {
        Act.SEND_FOR_CLEARANCE: gettext(
            "Văn bản được khóa và chuyển đến lãnh đạo đơn vị. Lãnh đạo sẽ nhận được thư."
        ),
        Act.SUBMIT: gettext(
            "Văn bản được chốt và trình lên %(above)s. "
            "Anh/chị còn rút lại được cho đến khi nơi nhận mở thẩm định.",
            above=above,
        ),
        Act.DECLINE: gettext("Văn bản trở lại với người soạn, kèm lý do dưới đây."),
        Act.RECALL: gettext(
            "Văn bản trở về dự thảo; %(above)s không còn thấy bản này.", above=above
        ),
        Act.OPEN: gettext("Bắt đầu thẩm định; đơn vị trình không rút lại được nữa."),
        Act.GIVE_OPINION: gettext("Mỗi người một ý kiến; ghi lại sẽ thay ý kiến trước."),
        Act.RETURN: gettext(
            "%(unit)s nhận lại văn bản cùng lý do và các nhận xét đã ghi, rồi trả lời từng nhận "
            "xét. Chỉ các mục có nhận xét được mở để sửa; chưa ghi nhận xét nào, hoặc có nhận xét "
            "chung, thì toàn văn bản được mở.",
            unit=unit,
        ),
        Act.APPROVE: gettext(
            "%(unit)s được duyệt và số liệu được đưa vào tổng hợp của %(above)s.",
            unit=unit,
            above=above,
        ),
        Act.REOPEN: gettext("Văn bản trở lại thẩm định; số liệu tạm ra khỏi bảng tổng hợp."),
        Act.ISSUE: gettext(
            "Văn bản có số, ngày và không sửa được nữa; muốn thay đổi phải điều chỉnh."
        ),
        Act.ACKNOWLEDGE: gettext("%(unit)s được báo rằng văn bản đã được tiếp nhận.", unit=unit),
        Act.AMEND: gettext(
            "Mở một bản mới để sửa. Bản đã ban hành vẫn có hiệu lực đến khi bản mới được ban hành."
        ),
        Act.REVOKE: gettext("Văn bản hết hiệu lực theo văn bản thu hồi ghi dưới đây."),
        Act.ASK_BACK: gettext(
            "Người đang giữ văn bản nhận được thư kèm lý do. Văn bản vẫn ở nguyên chỗ cũ cho đến "
            "khi được chuyển lại."
        ),
        Act.ASK_EXTENSION: gettext(
            "%(above)s nhận được thư và trả lời ngay trên văn bản này. Cho đến khi được trả lời, "
            "hạn hiện nay vẫn giữ nguyên.",
            above=capitalize_first(above),
        ),
        Act.GRANT_EXTENSION: gettext(
            "%(unit)s có thêm thời gian đến hết ngày ghi dưới đây; lịch nhắc tính lại theo đó.",
            unit=unit,
        ),
        Act.REFUSE_EXTENSION: gettext(
            "%(unit)s được báo kèm lý do; hạn hiện nay vẫn giữ nguyên.", unit=unit
        ),
        Act.UNDO: gettext("Việc vừa làm được hoàn tác; người đã nhận thư sẽ nhận thư đính chính."),
    }
    return texts[row.act]


def reason_note(demands: Demands) -> str:
    """Say beside the text of an act whether one must write something there."""
    if demands.of("reason"):
        return gettext("(bắt buộc)")
    if "reason" in demands.disagreeing:
        return gettext("(bắt buộc khi chưa đồng ý)")
    return gettext("(không bắt buộc)")


def reason_hint(demands: Demands) -> str:
    """Say why it must be written; that an act wants a reason as such needs no more words."""
    message = demands.of("reason") or demands.disagreeing.get("reason")
    return say(message) if message else ""
