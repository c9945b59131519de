"""The forms of one's own account."""

from wtforms import HiddenField, PasswordField, RadioField, SelectChoice

from lth.administration.people import checked_email
from lth.blueprints.auth.forms import PasswordForm
from lth.blueprints.web.forms import Form, LineField, Rule, at_most, required
from lth.core.language import lazy_gettext


class ChangePasswordForm(PasswordForm):
    """The password in use, and a new one twice."""

    old = PasswordField(
        lazy_gettext("Mật khẩu hiện tại"),
        validators=[required(lazy_gettext("Hãy nhập mật khẩu hiện tại."))],
    )


class CodeOnlyForm(Form):
    """A code of one's second factor."""

    code = LineField(
        lazy_gettext("Mã xác nhận"),
        id="codes-code",
        validators=[required(lazy_gettext("Hãy nhập mã."))],
    )


class SecondFactorForm(Form):
    """The password in use, and a code of one's app."""

    password = PasswordField(
        lazy_gettext("Mật khẩu hiện tại"),
        validators=[required(lazy_gettext("Hãy nhập mật khẩu hiện tại."))],
    )
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


class OwnNameForm(Form):
    """One's own name and position, with the version that the page showed."""

    seen = HiddenField()
    name = LineField(
        lazy_gettext("Họ tên hoặc chức danh"),
        validators=[required(lazy_gettext("Hãy nhập họ tên hoặc chức danh.")), at_most(160)],
    )
    position = LineField(lazy_gettext("Chức vụ"), validators=[at_most(160)])


class AddressForm(Form):
    """Another address of one's own, and the password in use."""

    email = LineField(
        lazy_gettext("Địa chỉ thư điện tử mới"),
        validators=[
            required(lazy_gettext("Hãy nhập địa chỉ thư điện tử.")),
            at_most(254),
            Rule(checked_email),
        ],
    )
    old = PasswordField(
        lazy_gettext("Mật khẩu hiện tại"),
        validators=[required(lazy_gettext("Hãy nhập mật khẩu hiện tại."))],
    )
