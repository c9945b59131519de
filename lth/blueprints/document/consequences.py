"""What an act will bring, said before it is done."""

from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.models import Document
from lth.workflow.acts import Act, Row


def consequence(row: Row, document: Document) -> str:
    """One or two sentences: what happens, who is told, whether it can be taken back."""
    above = document.next_unit.full_name if document.next_unit else ""
    unit = capitalize_first(document.unit.full_name)
    texts = {
        Act.SEND_FOR_CLEARANCE: gettext(
            "Văn bản được khóa và chuyển đến lãnh đạo đơn vị. Lãnh đạo sẽ nhận được thư."
        ),
        Act.SUBMIT: gettext(
            "Văn bản được chốt và trình lên %(above)s. "
            "Anh/chị còn rút lại được cho đến khi nơi nhận mở thẩm định.",
            above=above,
        ),
        Act.DECLINE: gettext("Văn bản trở lại với người soạn, kèm lý do dưới đây."),
        Act.RECALL: gettext(
            "Văn bản trở về dự thảo; %(above)s không còn thấy bản này.", above=above
        ),
        Act.OPEN: gettext("Bắt đầu thẩm định; đơn vị trình không rút lại được nữa."),
        Act.GIVE_OPINION: gettext("Mỗi người một ý kiến; ghi lại sẽ thay ý kiến trước."),
        Act.RETURN: gettext(
            "%(unit)s nhận lại văn bản cùng lý do và các nhận xét đã ghi, rồi trả lời từng nhận "
            "xét. Chỉ các mục có nhận xét được mở để sửa; chưa ghi nhận xét nào, hoặc có nhận xét "
            "chung, thì toàn văn bản được mở.",
            unit=unit,
        ),
        Act.APPROVE: gettext(
            "%(unit)s được duyệt và số liệu được đưa vào tổng hợp của %(above)s.",
            unit=unit,
            above=above,
        ),
        Act.REOPEN: gettext("Văn bản trở lại thẩm định; số liệu tạm ra khỏi bảng tổng hợp."),
        Act.ISSUE: gettext(
            "Văn bản có số, ngày và không sửa được nữa; muốn thay đổi phải điều chỉnh."
        ),
        Act.ACKNOWLEDGE: gettext("%(unit)s được báo rằng văn bản đã được tiếp nhận.", unit=unit),
        Act.AMEND: gettext(
            "Mở một bản mới để sửa. Bản đã ban hành vẫn có hiệu lực đến khi bản mới được ban hành."
        ),
        Act.REVOKE: gettext("Văn bản hết hiệu lực theo văn bản thu hồi ghi dưới đây."),
        Act.ASK_BACK: gettext(
            "Người đang giữ văn bản nhận được thư kèm lý do. Văn bản vẫn ở nguyên chỗ cũ cho đến "
            "khi được chuyển lại."
        ),
        Act.ASK_EXTENSION: gettext(
            "%(above)s nhận được thư và trả lời ngay trên văn bản này. Cho đến khi được trả lời, "
            "hạn hiện nay vẫn giữ nguyên.",
            above=capitalize_first(above),
        ),
        Act.GRANT_EXTENSION: gettext(
            "%(unit)s có thêm thời gian đến hết ngày ghi dưới đây; lịch nhắc tính lại theo đó.",
            unit=unit,
        ),
        Act.REFUSE_EXTENSION: gettext(
            "%(unit)s được báo kèm lý do; hạn hiện nay vẫn giữ nguyên.", unit=unit
        ),
        Act.UNDO: gettext("Việc vừa làm được hoàn tác; người đã nhận thư sẽ nhận thư đính chính."),
    }
    return texts[row.act]


def needs_reason(row: Row) -> bool:
    """Whether the act is refused without a reason whatever the case."""
    return "reason_given" in row.guards
