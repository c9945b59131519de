"""The forms of signing in."""

from wtforms import HiddenField, PasswordField

from lth.blueprints.web.forms import Form, LineField, required
from lth.blueprints.web.person_fields import name_field, position_field
from lth.core.language import lazy_gettext


class SignInForm(Form):
    """E-mail and password, where to go afterwards, and the form that waits to be sent."""

    email = LineField(
        lazy_gettext("Địa chỉ thư điện tử"),
        validators=[required(lazy_gettext("Hãy nhập địa chỉ thư điện tử."))],
    )
    password = PasswordField(
        lazy_gettext("Mật khẩu"), validators=[required(lazy_gettext("Hãy nhập mật khẩu."))]
    )
    next = HiddenField()
    kept = HiddenField()


class CodeForm(Form):
    """The code of the second factor, where to go afterwards, and the form that waits to be sent."""

    code = LineField(
        lazy_gettext("Mã xác nhận"), validators=[required(lazy_gettext("Hãy nhập mã."))]
    )
    next = HiddenField()
    kept = HiddenField()


class LinkForm(Form):
    """Whom to send a link."""

    email = LineField(
        lazy_gettext("Địa chỉ thư điện tử"),
        validators=[required(lazy_gettext("Hãy nhập địa chỉ thư điện tử."))],
    )


class PasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        lazy_gettext("Mật khẩu mới"), validators=[required(lazy_gettext("Hãy nhập mật khẩu mới."))]
    )
    repeated = PasswordField(
        lazy_gettext("Nhập lại mật khẩu mới"),
        validators=[required(lazy_gettext("Hãy nhập lại mật khẩu mới."))],
    )


class JoinForm(PasswordForm):
    """A person's name and position as they are called here, and their first password."""

    name = name_field()
    position = position_field()
