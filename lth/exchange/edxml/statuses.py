"""Codes by which a receiver tells the state of a document, in our words.

07 to 12 and 14 were met nowhere, so that they say nothing here: an unknown code is shown as such
and never guessed at.
"""

from lth.core.i18n import N_, Message

ARRIVED, REFUSED, ACCEPTED, ASSIGNED, HANDLED, FINISHED = "01", "02", "03", "04", "05", "06"
ASKED_BACK, AGREED, DISAGREED = "13", "15", "16"

STATUSES = {
    ARRIVED: N_("đã đến hệ thống nhận, văn thư chưa tiếp nhận"),
    REFUSED: N_("bị từ chối, trả lại"),
    ACCEPTED: N_("đã tiếp nhận, vào sổ văn bản đến"),
    ASSIGNED: N_("đã phân công xử lý"),
    HANDLED: N_("đang xử lý"),
    FINISHED: N_("đã xử lý xong"),
    ASKED_BACK: N_("nơi gửi đề nghị lấy lại hoặc thay đổi"),
    AGREED: N_("nơi nhận đồng ý lấy lại hoặc thay đổi"),
    DISAGREED: N_("nơi nhận không đồng ý lấy lại hoặc thay đổi"),
}
"""By code, in the order of their numbers."""

_UNKNOWN = N_("mã chưa rõ: %(code)s")


def name_of(code: str) -> Message:
    """Return what a code says; "mã chưa rõ: 09" for one that nobody has defined."""
    text = STATUSES.get(code)
    return Message(text) if text else Message(_UNKNOWN, {"code": code})
