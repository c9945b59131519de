"""The forms of one's own account."""

from flask_babel import lazy_gettext
from wtforms import PasswordField

from lth.blueprints.auth.forms import PasswordForm
from lth.blueprints.forms import required


class ChangePasswordForm(PasswordForm):
    """The password in use, and a new one twice."""

    old = PasswordField(
        lazy_gettext("Mật khẩu hiện tại"),
        validators=[required(lazy_gettext("Hãy nhập mật khẩu hiện tại."))],
    )
