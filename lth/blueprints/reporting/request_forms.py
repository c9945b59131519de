"""The forms of requests: how a list is narrowed, and a step with its words."""

from collections.abc import Iterable

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from lth.blueprints.web.forms import CountField, Form, SeenForm, required
from lth.core.i18n import N_, Message
from lth.core.language import lazy_gettext, say
from lth.models.request import RequestStep
from lth.reporting.request_lists import RequestSearch, RequestsShown
from lth.reporting.request_steps import STEP_LABEL

MOST_DAYS = 1000

_SHOWN_ABOVE = {
    RequestsShown.ALL: N_("Tất cả"),
    RequestsShown.OURS: N_("Chờ đơn vị tôi trả lời"),
    RequestsShown.WAITING: N_("Chưa có trả lời"),
    RequestsShown.ANSWERED: N_("Đã có trả lời"),
    RequestsShown.ENDED: N_("Đã xong hoặc đã rút"),
}
_SHOWN_BELOW = _SHOWN_ABOVE | {RequestsShown.OURS: N_("Chờ đơn vị tôi làm tiếp")}


class RequestFilter(Form):
    """A search among requests; a choice that there is not is taken for none."""

    class Meta(Form.Meta):
        csrf = False

    shown = SelectField(lazy_gettext("Tình trạng"), validate_choice=False)
    over = CountField(
        lazy_gettext("Chờ quá (ngày làm việc)"),
        validators=[
            Optional(),
            NumberRange(0, MOST_DAYS, lazy_gettext("Hãy nhập số từ 0 đến 1000.")),
        ],
    )

    def offer(self, *, from_below: bool) -> None:
        """Offer the states in the words of who looks."""
        labels = _SHOWN_ABOVE if from_below else _SHOWN_BELOW
        self.shown.choices = [
            SelectChoice(one.value, say(Message(label))) for one, label in labels.items()
        ]

    def search(self, *, from_below: bool) -> RequestSearch:
        """Return what is looked for, as far as it can be read."""
        known = self.shown.data in set(RequestsShown)
        shown = RequestsShown(self.shown.data) if known else RequestsShown.ALL
        over = self.over.data if not self.over.errors else None
        return RequestSearch(from_below, shown, over)


class RequestStepForm(SeenForm):
    """One of the steps that are open, and what is said with it."""

    step = RadioField(
        lazy_gettext("Việc cần làm"), validators=[required(lazy_gettext("Hãy chọn việc cần làm."))]
    )
    text = TextAreaField(lazy_gettext("Nội dung"))

    def offer(self, steps: Iterable[RequestStep]) -> None:
        """Offer the steps that may be taken."""
        self.step.choices = [
            SelectChoice(step.value, say(Message(STEP_LABEL[step]))) for step in steps
        ]
