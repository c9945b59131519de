"""Tell by which rule a mã định danh is made, and what looks wrong about it.

Only the form is looked at: codes of both rules and mixed ones are in use, so that an unknown form
is taken, with a word about it. No code is ever worked out from the tree of units.
"""

import re

from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line

LONGEST = 35
"""Characters of a code (Quyết định 20/2020/QĐ-TTg)."""

_QCVN_102 = re.compile(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}", re.ASCII)
_QD_20 = re.compile(r"[A-Z]\d{2}(\.[A-Z0-9]+)*", re.ASCII)
_UNIT_CODE = re.compile(r"\d{5}", re.ASCII)

EMPTY = Message(N_("Cần ghi mã định danh."))
TOO_LONG = Message(N_("Mã định danh dài tối đa 35 ký tự."))
HAS_SPACE = Message(N_("Mã định danh không có khoảng trắng hay dấu phẩy."))
IS_UNIT_CODE = Message(
    N_("Năm chữ số là mã đơn vị hành chính, không phải mã định danh của cơ quan. Hãy xem lại.")
)
UNUSUAL = Message(
    N_("Mã không theo mẫu thường gặp (000.00.34.H61 hoặc H61.34). Hãy đối chiếu với văn bản cấp.")
)


def scheme_of(code: str) -> str:
    """Return "qcvn102", "qd20" or "other", by the form of a code."""
    if _QCVN_102.fullmatch(code):
        return "qcvn102"
    return "qd20" if _QD_20.fullmatch(code) and len(code) <= LONGEST else "other"


def fault_of(code: str) -> Message | None:
    """Say why a text can be no code, if it cannot."""
    if not code:
        return EMPTY
    if re.search(r"[\s,|]", code):
        return HAS_SPACE
    return TOO_LONG if len(code) > LONGEST else None


def doubt_of(code: str) -> Message | None:
    """Say what looks wrong about a code that is taken all the same."""
    if _UNIT_CODE.fullmatch(code):
        return IS_UNIT_CODE
    return UNUSUAL if scheme_of(code) == "other" else None


def tidied(text: str) -> str:
    """Return a code as it is kept: on one line, without a stop at its end."""
    return one_line(text).rstrip(".;")
