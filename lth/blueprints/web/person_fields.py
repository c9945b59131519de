"""The fields by which people are described, the same in every form."""

from typing import Any

from wtforms import PasswordField

from lth.administration.people import checked_email
from lth.blueprints.web.forms import LineField, Rule, at_most, required
from lth.core.language import lazy_gettext
from lth.models.frozen import NAME

LONGEST_ADDRESS = 254
"""The longest address that a mail can be sent to (RFC 5321)."""


def name_field(hint: Any = "") -> LineField:
    """Return the field of a person's name, or what their post is called."""
    return LineField(
        lazy_gettext("Họ tên hoặc chức danh"),
        validators=[required(lazy_gettext("Hãy nhập họ tên hoặc chức danh.")), at_most(NAME)],
        description=hint,
    )


def position_field() -> LineField:
    """Return the field of a person's position; it may stay empty."""
    return LineField(lazy_gettext("Chức vụ"), validators=[at_most(NAME)])


def address_field(label: Any, hint: Any = "") -> LineField:
    """Return the field of an address that mail can be sent to."""
    return LineField(
        label,
        validators=[
            required(lazy_gettext("Hãy nhập địa chỉ thư điện tử.")),
            at_most(LONGEST_ADDRESS),
            Rule(checked_email),
        ],
        description=hint,
    )


def password_in_use_field() -> PasswordField:
    """Return the field of the password that an act of one's own account asks for."""
    return PasswordField(
        lazy_gettext("Mật khẩu hiện tại"),
        validators=[required(lazy_gettext("Hãy nhập mật khẩu hiện tại."))],
    )
