"""The forms of one's own account."""

from wtforms import RadioField, SelectChoice

from lth.blueprints.auth.forms import PasswordForm
from lth.blueprints.web.forms import Form, LineField, SeenForm, required
from lth.blueprints.web.person_fields import (
    address_field,
    name_field,
    password_in_use_field,
    position_field,
)
from lth.core.language import lazy_gettext


class ChangePasswordForm(PasswordForm):
    """The password in use, and a new one twice."""

    old = password_in_use_field()


class CodeOnlyForm(Form):
    """A code of one's second factor."""

    code = LineField(
        lazy_gettext("Mã xác nhận"),
        id="codes-code",
        validators=[required(lazy_gettext("Hãy nhập mã."))],
    )


class SecondFactorForm(Form):
    """The password in use, and a code of one's app."""

    password = password_in_use_field()
    code = LineField(
        lazy_gettext("Mã xác nhận"), validators=[required(lazy_gettext("Hãy nhập mã."))]
    )


class MailForm(Form):
    """When one's mail comes."""

    mail = RadioField(
        lazy_gettext("Nhận thư báo"),
        choices=[
            SelectChoice("now", lazy_gettext("Nhận thư ngay khi có việc")),
            SelectChoice("morning", lazy_gettext("Gộp một thư mỗi buổi sáng (khoảng 7 giờ)")),
        ],
        validators=[required(lazy_gettext("Hãy chọn cách nhận thư."))],
    )


class OwnNameForm(SeenForm):
    """One's own name and position, with the version that the page showed."""

    name = name_field()
    position = position_field()


class AddressForm(Form):
    """Another address of one's own, and the password in use."""

    email = address_field(lazy_gettext("Địa chỉ thư điện tử mới"))
    old = password_in_use_field()
