"""Describe the states of a document once: how each is called, who holds it, what is locked.

Nobody else lists states: what is asked of one is a flag here, or one of the sets made of it.
"""

from dataclasses import dataclass

from lth.core.i18n import N_
from lth.models.document import Status


@dataclass(frozen=True, kw_only=True)
class StateDescription:
    """A state's description.

    `label` names it; `holder` says on whose desk the document is (`%(drafter)s` of its kind) and
    `lock` why its content is locked (`%(above)s`: the next step), both to be translated. A document
    may be `written` in, is `owed` by its unit, lies `above` with the next step, has been `sent` and
    not come back, is `closed` when nobody has to act, is to be `corrected` after a return.
    """

    label: str
    holder: str
    lock: str = ""
    written: bool = False
    owed: bool = False
    above: bool = False
    sent: bool = False
    closed: bool = False
    corrected: bool = False


STATES: dict[Status, StateDescription] = {
    Status.DRAFT: StateDescription(
        label=N_("Dự thảo"),
        holder=N_("%(drafter)s đang soạn"),
        written=True,
        owed=True,
    ),
    Status.CLEARANCE: StateDescription(
        label=N_("Đã trình lãnh đạo"),
        holder=N_("Lãnh đạo đơn vị xem xét"),
        lock=N_("Nội dung khóa trong khi lãnh đạo đơn vị xem xét."),
        owed=True,
    ),
    Status.SUBMITTED: StateDescription(
        label=N_("Đã trình"),
        holder=N_("Chuyên viên tiếp nhận"),
        lock=N_(
            "Nội dung khóa vì đã trình; đơn vị còn rút lại được cho đến khi nơi nhận mở thẩm định."
        ),
        above=True,
        sent=True,
    ),
    Status.REVIEW: StateDescription(
        label=N_("Đang thẩm định"),
        holder=N_("Thẩm định và phê duyệt"),
        lock=N_("Nội dung khóa trong khi %(above)s thẩm định."),
        above=True,
        sent=True,
    ),
    Status.RETURNED: StateDescription(
        label=N_("Đã trả lại"),
        holder=N_("%(drafter)s sửa theo nhận xét"),
        written=True,
        owed=True,
        corrected=True,
    ),
    Status.APPROVED: StateDescription(
        label=N_("Đã duyệt"),
        holder=N_("Lãnh đạo đơn vị ban hành"),
        lock=N_("Nội dung khóa vì đã được duyệt, chờ ban hành."),
        sent=True,
    ),
    Status.ISSUED: StateDescription(
        label=N_("Đã ban hành"),
        holder=N_("Đã hoàn tất"),
        lock=N_("Nội dung khóa vì đã ban hành; muốn thay đổi, đơn vị lập bản điều chỉnh."),
        sent=True,
        closed=True,
    ),
    Status.REVOKED: StateDescription(
        label=N_("Đã thu hồi"),
        holder=N_("Đã thu hồi"),
        lock=N_("Văn bản đã thu hồi nên không sửa được nữa."),
        closed=True,
    ),
}
STATUS_LABEL = {status: state.label for status, state in STATES.items()}

WRITTEN = frozenset(status for status, state in STATES.items() if state.written)
"""Being written by the unit's drafters."""
OWED = frozenset(status for status, state in STATES.items() if state.owed)
"""Still owed by its unit; with any other it has done its part."""
ABOVE = frozenset(status for status, state in STATES.items() if state.above)
"""With the next step."""
SENT = frozenset(status for status, state in STATES.items() if state.sent)
"""Sent up, or issued, and not come back."""
CLOSED = frozenset(status for status, state in STATES.items() if state.closed)
"""Nobody has to act on it."""
CORRECTED = frozenset(status for status, state in STATES.items() if state.corrected)
"""To be corrected after a return: the last day for corrections binds."""
