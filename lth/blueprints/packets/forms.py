"""The forms of packets."""

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from lth.blueprints.web.forms import Form, UploadField, at_most
from lth.core.language import lazy_gettext


class PacketForm(Form):
    """A file with a packet in it."""

    file = UploadField(lazy_gettext("Tệp gói tin (.edxml hoặc .xml)"))


class AnswerForm(Form):
    """How a packet is answered, and why; `seen` is how many answers there were."""

    code = RadioField(
        lazy_gettext("Trả lời"),
        validators=[InputRequired(lazy_gettext("Hãy chọn cách trả lời."))],
    )
    reason = TextAreaField(lazy_gettext("Lý do, ghi chú"), validators=[at_most(500)])
    seen = HiddenField()
