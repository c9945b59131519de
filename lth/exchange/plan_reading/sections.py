"""Tell what a part of a plan is about by the headings over it, whatever their numbering."""

from enum import StrEnum
from functools import lru_cache

from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.wording import toneless, words


class Topic(StrEnum):
    """What a part of the plan is about; PAST is what was reached before, so no target."""

    TARGETS = "targets"
    BUDGET = "budget"
    DUTIES = "duties"
    REPORTING = "reporting"
    PAST = "past"
    BASES = "bases"
    SCOPE = "scope"
    WORK = "work"
    NONE = ""


_HEADINGS = (
    (Topic.BASES, r"^căn cứ pháp lý|^cơ sở pháp lý|^căn cứ(?: xây dựng)?(?: kế hoạch)?$"),
    (
        Topic.PAST,
        r"thực trạng|thực tiễn|sự cần thiết|^kết quả|^đánh giá (?:tình hình|kết quả)|khái quát|"
        r"đặc điểm|^tình hình|tồn tại, hạn chế|bài học kinh nghiệm|^đặt vấn đề",
    ),
    (
        Topic.BUDGET,
        r"kinh phí|nguồn (?:lực )?tài chính|^dự toán|^ngân sách|^nguồn vốn|nguồn lực thực hiện",
    ),
    (Topic.REPORTING, r"chế độ (?:thông tin|báo cáo)|công tác báo cáo|^báo cáo"),
    (
        Topic.DUTIES,
        r"tổ chức thực hiện|tổ chức triển khai|phân công|trách nhiệm|^tổ chức$",
    ),
    (Topic.TARGETS, r"mục tiêu|chỉ tiêu|^mục đích"),
    (Topic.SCOPE, r"^phạm vi|^đối tượng|^thời gian"),
    (Topic.WORK, r"nhiệm vụ|giải pháp|^hoạt động|^nội dung|^các hoạt động|^tuyên truyền"),
)
_LONGEST_HEADING = 170


def section_of(node: Node) -> Topic:
    """Return what the nearest heading over a paragraph, or its own, says it is about.

    A heading below "Mục tiêu" that only names numbers or phases leaves it what it is.
    """
    for one in reversed(node.path()):
        if one.cells:
            continue
        kind = _said(one)
        if kind is not Topic.NONE and (one is not node or one.children or _is_title(one)):
            return kind
    return Topic.NONE


def _said(node: Node) -> Topic:
    """Return what a heading says; of "Mục tiêu: …", what stands before the colon."""
    if not node.kind and not node.text.isupper():
        return Topic.NONE
    head = node.text.partition(":")[0].strip(" .")
    if len(head) > _LONGEST_HEADING or (not node.children and ":" not in node.text):
        return Topic.NONE
    return _of_heading(head)


@lru_cache(maxsize=1024)
def _of_heading(head: str) -> Topic:
    plain = toneless(head).lower()
    found = [(kind, words(pattern).search(plain)) for kind, pattern in _HEADINGS]
    if len(head) > 70:
        found = [(kind, match) for kind, match in found if match and match.start() < 25]
    return next((kind for kind, match in found if match), Topic.NONE)


def _is_title(node: Node) -> bool:
    return ":" in node.text or node.text.isupper()


def is_under(node: Node, *kinds: Topic) -> bool:
    """Tell whether a heading of one of these kinds is over a paragraph, at any height."""
    return any(_said(one) in kinds for one in node.path())
