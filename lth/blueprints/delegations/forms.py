"""The form of a decision that lets another sign; whom to choose from comes from the view."""

from collections.abc import Iterable

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from lth.access.on_behalf import FORM_LABEL, SUBJECT_LABEL
from lth.administration.delegation_commands import Decision
from lth.blueprints.web.forms import DayField, Form, LineField, at_most, required
from lth.core.i18n import Message
from lth.core.language import gettext, lazy_gettext, say
from lth.core.likely_days import DayKind
from lth.models.delegation import Subject
from lth.models.document import SignForm

Named = Iterable[tuple[int, str]]


def _id(text: str | int | None) -> int | None:
    """Read the value of a choice among rows; None for the empty one."""
    return int(text) if text not in (None, "", "None") else None


class DecisionForm(Form):
    """What the paper says."""

    giver = SelectField(
        lazy_gettext("Người giao ký"),
        coerce=_id,
        validators=[required(lazy_gettext("Hãy chọn lãnh đạo giao ký."))],
    )
    receiver = SelectField(
        lazy_gettext("Người được giao ký"),
        coerce=_id,
        validators=[required(lazy_gettext("Hãy chọn người được giao ký."))],
        description=lazy_gettext("Người đang giữ một vai trò về kế hoạch ở đơn vị."),
    )
    sign_form = RadioField(
        lazy_gettext("Hình thức"),
        validators=[required(lazy_gettext("Hãy chọn hình thức."))],
    )
    subject = RadioField(
        lazy_gettext("Phạm vi"),
        choices=lambda: [
            SelectChoice(subject.value, say(Message(SUBJECT_LABEL[subject]))) for subject in Subject
        ],
        default=Subject.ALL.value,
        validators=[required(lazy_gettext("Hãy chọn phạm vi."))],
    )
    programme_id = SelectField(lazy_gettext("Chương trình"), coerce=_id)
    number = LineField(
        lazy_gettext("Số, ký hiệu quyết định"),
        validators=[required(lazy_gettext("Hãy nhập số, ký hiệu.")), at_most(40)],
        description=lazy_gettext("Ví dụ: 12/QĐ-UBND, hoặc 05/GUQ-UBND với giấy ủy quyền."),
    )
    decided_on = DayField(
        lazy_gettext("Ngày quyết định"),
        day_kind=DayKind.DECISION,
        validators=[required(lazy_gettext("Hãy nhập ngày quyết định."))],
    )
    starts_on = DayField(
        lazy_gettext("Từ ngày"),
        day_kind=DayKind.LENT_FROM,
        validators=[required(lazy_gettext("Hãy nhập ngày bắt đầu."))],
    )
    ends_on = DayField(
        lazy_gettext("Đến hết ngày"),
        day_kind=DayKind.LENT_UNTIL,
        validators=[required(lazy_gettext("Hãy nhập ngày cuối."))],
        description=lazy_gettext("Tính đến 24 giờ của ngày này; dài nhất một năm."),
    )

    def offer(
        self, givers: Named | None, receivers: Named, programmes: Named, forms: Iterable[SignForm]
    ) -> None:
        """Offer what there is to choose from; without `givers` one's own decision is recorded."""
        none = SelectChoice("", gettext("Hãy chọn"))
        if givers is not None:
            self.giver.choices = [none, *_choices(givers)]
        elif "giver" in self:
            del self.giver
        self.receiver.choices = [none, *_choices(receivers)]
        every = SelectChoice("", gettext("Mọi chương trình"))
        self.programme_id.choices = [every, *_choices(programmes)]
        self.sign_form.choices = [
            SelectChoice(form.value, say(Message(FORM_LABEL[form]))) for form in forms
        ]

    def decision(self, own_role_id: int) -> Decision:
        """Return what was filled in, given out of the chosen leader's role or else one's own."""
        return Decision(
            giver_role_id=self["giver"].data if "giver" in self else own_role_id,
            receiver_id=self.receiver.data,
            form=SignForm(self.sign_form.data),
            subject=Subject(self.subject.data),
            programme_id=self.programme_id.data,
            number=str(self.number.data or ""),
            decided_on=self.decided_on.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
        )


def _choices(named: Named) -> list[SelectChoice]:
    return [SelectChoice(str(row_id), name) for row_id, name in named]
