"""The version of what a page shows, for things without a version of their own.

A form carries the fingerprint of what it was filled from; the operation compares it with that of
what is kept now, under a lock.
"""

import hashlib
import json
from typing import Any

from sqlalchemy.orm import Session

from lth.administration import audit
from lth.core.errors import StaleError
from lth.core.i18n import N_, Message


def fingerprint(*values: Any) -> str:
    """A short digest of some values; dates and words are taken as their text."""
    text = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def check(session: Session, seen: str, current: str, unit_id: int | None, prefix: str) -> None:
    """Raise StaleError, saying who changed what when, where the two versions differ.

    `prefix` is how the audit entries of such changes begin.
    """
    if seen == current:
        return
    last = audit.last(session, unit_id, prefix)
    if last is None or last.person_name is None:
        raise StaleError(
            Message(N_("Nội dung đã thay đổi trong lúc trang này đang mở. Hãy xem lại rồi lưu."))
        )
    raise StaleError(
        Message(
            N_(
                "%(name)s đã thay đổi nội dung này lúc %(moment)s, sau khi anh/chị mở trang."
                " Hãy xem lại rồi lưu."
            ),
            {"name": last.person_name, "moment": last.entry.at},
        )
    )
