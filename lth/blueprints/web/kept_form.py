"""A form that was sent and refused: kept in the answer, to be read, copied and sent again.

Nothing typed is lost when the session is over, the role has changed, the page is out of date or
the system fails. What is kept stands in the answer alone: nothing of it goes into a cookie or the
database, and nothing is kept of a form with a password in it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from wtforms import BooleanField, HiddenField, PasswordField, SubmitField
from wtforms.fields.choices import SelectFieldBase
from wtforms.fields.core import UnboundField

from lth.blueprints.web import addresses, current, paging
from lth.blueprints.web.addresses import safe_next
from lth.blueprints.web.forms import Form
from lth.blueprints.web.layout import role_in_place
from lth.blueprints.web.permissions import Permission, permission_of
from lth.core.clean_text import visible
from lth.core.language import gettext, lazy_gettext

AS_ROLE, TO_ROLE = "as_role", "to_role"
"""The fields that say in which role a form was written, and that one changes to it to send it."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})

LARGEST = 2_000_000
"""Bytes of text that are kept; a page that carries more is slower than typing again."""

LOST_FOR_GOOD = frozenset({404, 405, 410, 413})
"""The codes after which the same form, sent again, could only be refused again."""

_OWN = frozenset({"csrf_token", AS_ROLE, TO_ROLE})

# Fields that templates write by themselves, by the last part of their names; those of the forms'
# classes have their labels there.
_LABELS = {
    "body": lazy_gettext("Nội dung"),
    "reason": lazy_gettext("Lý do"),
    "value": lazy_gettext("Số"),
    "second": lazy_gettext("Mức trên"),
    "text": lazy_gettext("Nội dung"),
    "answer": lazy_gettext("Giải trình"),
    "total": lazy_gettext("Tổng giao"),
    "floor": lazy_gettext("Ít nhất mỗi đơn vị"),
}


_WORDLESS = HiddenField | SubmitField | BooleanField | SelectFieldBase
"""Fields whose value is no text of the person's own; they are sent again without being shown."""


@dataclass(frozen=True)
class KeptForm:
    """An address and the fields that were sent to it."""

    address: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False

    @property
    def role_id(self) -> int | None:
        """Return the role assignment that the form was written in, if it says one."""
        return paging.whole(dict(self.fields).get(AS_ROLE, ""), 2**31)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """List what is sent again as it was: all but what the new page says anew."""
        return [(name, value) for name, value in self.fields if name not in _OWN]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """List what a person typed, with its label where one is known."""
        return [(label, value) for name, value in self.carried for label in _shown(name, value)]

    def dumped(self) -> str:
        """Write it as the text that the sign-in form carries."""
        return json.dumps([self.address, self.fields, self.had_files], ensure_ascii=False)


@dataclass(frozen=True)
class SendingAgain:
    """What a page shows of a kept form: by which button it is sent, in which role, or why not."""

    form: KeptForm
    button: str = ""
    role_id: int | None = None
    changes_role: bool = False
    note: str = ""


def of_request() -> KeptForm | None:
    """Keep the form that this request sent; None for what is no form of ours, has a secret in it,
    or is too large.
    """
    endpoint = request.endpoint
    if request.method in READING or endpoint is None or not _comes_from_our_pages():
        return None
    if permission_of(current_app, endpoint) is Permission.PUBLIC:
        return None
    try:
        fields = tuple(request.form.items(multi=True))
        had_files = any(one.filename for one in request.files.values())
    except (HTTPException, OSError):  # what cannot be read cannot be kept
        return None
    kept = KeptForm(_address(), fields, had_files)
    holds_something = kept.carried or had_files or kept.role_id is not None
    return kept if holds_something and _may_keep(fields) else None


def loaded(text: str | None) -> KeptForm | None:
    """Read what the sign-in form carried; None for anything that `dumped` would not write."""
    try:
        address, fields, had_files = json.loads(text or "")
        pairs = tuple((visible(name), visible(value)) for name, value in fields)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    words = [address, *(word for pair in pairs for word in pair)]
    if not all(isinstance(word, str) for word in words) or safe_next(address) is None:
        return None
    return KeptForm(address, pairs, bool(had_files)) if _may_keep(pairs) else None


def sending_again(kept: KeptForm | None, code: int = 200) -> SendingAgain | None:
    """Tell how a kept form can be sent again by whoever is signed in now."""
    if kept is None:
        return None
    if code in LOST_FOR_GOOD:
        return SendingAgain(kept, note=gettext("Hãy chép nội dung cần dùng trước khi rời trang."))
    actor = current.actor_or_none()
    held = {one.id: one for one in current.assignments()}
    if actor is None or (kept.role_id is not None and kept.role_id not in held):
        return SendingAgain(
            kept,
            note=gettext(
                "Anh/chị không giữ vai trò của biểu mẫu này nên không gửi lại được. "
                "Hãy chép nội dung cần dùng trước khi rời trang."
            ),
        )
    if kept.role_id is None or kept.role_id == actor.assignment_id:
        return SendingAgain(kept, gettext("Gửi lại"), actor.assignment_id)
    role = role_in_place(held[kept.role_id])
    return SendingAgain(
        kept, gettext("Chuyển sang “%(role)s” và gửi", role=role), kept.role_id, changes_role=True
    )


def sending_blindly(kept: KeptForm | None) -> SendingAgain | None:
    """Tell it where nobody can be asked who is signed in: the next answer will know."""
    if kept is None:
        return None
    return SendingAgain(kept, gettext("Gửi lại"), kept.role_id)


def _may_keep(fields: tuple[tuple[str, str], ...]) -> bool:
    size = sum(len(name.encode()) + len(value.encode()) for name, value in fields)
    return size <= LARGEST and not any(name in _of_forms()[1] for name, _ in fields)


def _address() -> str:
    path = request.full_path if request.query_string else request.path
    return request.script_root + path


def _comes_from_our_pages() -> bool:
    """Tell whether a page of ours sent this request.

    A form that another site has filled must not come back as one's own, with a good token.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        return addresses.parts(origin).netloc == request.host
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    return addresses.parts(request.referrer or request.host_url).netloc == request.host


def _shown(name: str, value: str) -> Iterator[str]:
    """Yield the label of a field that a person filled; nothing for what only machines read."""
    labels, secrets = _of_forms()
    last = name.rpartition(":")[2].rpartition("-")[2]
    if not value.strip() or name in secrets:
        return
    label = labels.get(name) or _LABELS.get(last) or labels.get(last)
    if label is not None:
        yield str(label)
    elif " " in value.strip():
        yield ""


@cache
def _of_forms() -> tuple[dict[str, Any], frozenset[str]]:
    """Return the labels of the fields of all forms by name, and the names that are secret."""
    labels: dict[str, Any] = {}
    secrets = set()
    for form in _family(Form):
        for name, field in vars(form).items():
            if not isinstance(field, UnboundField):
                continue
            if issubclass(field.field_class, PasswordField):
                secrets.add(name)
            elif not issubclass(field.field_class, _WORDLESS):
                labels.setdefault(name, field.kwargs.get("label") or next(iter(field.args), None))
    return labels, frozenset(secrets)


def _family(base: type[Form]) -> Iterator[type[Form]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _family(kind)
