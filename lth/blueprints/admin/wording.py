"""The words of administration: functions, aspects, kinds, and the entries of the trail."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from lth.access.on_behalf import SUBJECT_LABEL
from lth.access.roles import role_label
from lth.administration.audit import TrailLine
from lth.blueprints.web.layout import held_role
from lth.content.line_types import FREQUENCY_LABEL
from lth.core.formats import format_date
from lth.core.i18n import N_, Message
from lth.core.language import gettext, say
from lth.models import Invitation, Period, RoleAssignment, Unit
from lth.models.delegation import Subject
from lth.models.document import Mode
from lth.models.kind import Kind
from lth.models.opinion import Aspect
from lth.models.person import Role
from lth.models.programme import PeriodUse
from lth.models.unit import OfficeFunction
from lth.notifications.outbox import DELIVERY_LABEL
from lth.reporting.regimes import BASIS_LABEL
from lth.workflow.kinds import document_name, period_name

_FUNCTIONS = {
    OfficeFunction.SOCIAL: N_("Lao động, xã hội"),
    OfficeFunction.FINANCE: N_("Tài chính, kế hoạch"),
    OfficeFunction.ASSOCIATION: N_("Hội, đoàn thể"),
    OfficeFunction.HEALTH: N_("Y tế"),
    OfficeFunction.ADMINISTRATION: N_("Văn phòng, hành chính"),
}
_ASPECTS = {
    Aspect.CONTENT: N_("Nội dung"),
    Aspect.FINANCE: N_("Kinh phí"),
    Aspect.FORMAT: N_("Thể thức"),
}
_USES = {
    PeriodUse.PLAN: N_("Kỳ kế hoạch"),
    PeriodUse.REPORT: N_("Kỳ báo cáo"),
    PeriodUse.REVIEW: N_("Sơ kết, tổng kết"),
}
_MODES = {
    Mode.APPROVE: N_("Phê duyệt"),
    Mode.ACKNOWLEDGE: N_("Tiếp nhận"),
    Mode.FINAL: N_("Tự ban hành"),
}
_ACTS = {
    "people.role_given": N_("Giao vai trò"),
    "people.role_ended": N_("Kết thúc vai trò"),
    "invitations.sent": N_("Gửi lời mời"),
    "invitations.reminded": N_("Gửi lại lời mời"),
    "invitations.withdrawn": N_("Rút lời mời"),
    "invitations.accepted": N_("Nhận lời mời"),
    "invitations.declined": N_("Từ chối lời mời"),
    "address.asked": N_("Yêu cầu đổi địa chỉ thư điện tử"),
    "address.replaced": N_("Thay địa chỉ thư điện tử đã mất"),
    "address.changed": N_("Đổi địa chỉ thư điện tử"),
    "address.stopped": N_("Dừng đổi địa chỉ thư điện tử"),
    "people.renamed": N_("Sửa tên, chức vụ"),
    "people.deactivated": N_("Khóa tài khoản"),
    "people.activated": N_("Mở khóa tài khoản"),
    "people.invited": N_("Gửi lại liên kết đặt mật khẩu"),
    "links.shown": N_("Lấy liên kết bằng dòng lệnh"),
    "roster.sent": N_("Gửi lời mời từ danh sách"),
    "password.link": N_("Đặt mật khẩu bằng liên kết"),
    "password.changed": N_("Đổi mật khẩu"),
    "second_factor.on": N_("Bật xác nhận hai bước"),
    "second_factor.off": N_("Tắt xác nhận hai bước"),
    "second_factor.codes": N_("Tạo lại mã dự phòng"),
    "second_factor.reset": N_("Gỡ xác nhận hai bước"),
    "feed.made": N_("Tạo địa chỉ lịch"),
    "feed.replaced": N_("Thay địa chỉ lịch"),
    "feed.revoked": N_("Thu hồi địa chỉ lịch"),
    "offices.added": N_("Thêm phòng, ban"),
    "offices.changed": N_("Sửa phòng, ban"),
    "offices.removed": N_("Xóa phòng, ban"),
    "codes.added": N_("Thêm mã định danh"),
    "codes.ended": N_("Kết thúc mã định danh"),
    "codes.removed": N_("Xóa mã định danh"),
    "settings.changed": N_("Đổi thiết lập"),
    "settings.below": N_("Đặt thiết lập cho mọi đơn vị cấp dưới"),
    "settings.reset": N_("Cho đơn vị theo lại thiết lập của cấp trên"),
    "checks.off": N_("Tắt kiểm tra kế hoạch"),
    "checks.on": N_("Bật kiểm tra kế hoạch"),
    "templates.uploaded": N_("Thay mẫu văn bản"),
    "templates.retired": N_("Dùng lại mẫu văn bản có sẵn"),
    "deadlines.added": N_("Đặt hạn nộp"),
    "deadlines.changed": N_("Đổi hạn nộp"),
    "deadlines.removed": N_("Bỏ hạn nộp"),
    "regimes.added": N_("Đặt chế độ báo cáo"),
    "regimes.changed": N_("Sửa chế độ báo cáo"),
    "regimes.ended": N_("Kết thúc chế độ báo cáo"),
    "reports.opened": N_("Mở kỳ báo cáo"),
    "delegations.given": N_("Giao ký thay"),
    "delegations.ended": N_("Kết thúc việc ký thay"),
    "papers.entered": N_("Vào sổ văn bản đi"),
    "papers.struck": N_("Hủy số văn bản đã vào sổ"),
    "papers.handed_over": N_("Bàn giao văn bản"),
    "papers.signed": N_("Đưa bản PDF đã ký vào"),
    "clubs.key_given": N_("Cấp liên kết và mã cho câu lạc bộ"),
    "clubs.key_revoked": N_("Thu hồi liên kết và mã của câu lạc bộ"),
    "calendar.decided": N_("Đặt ngày làm việc, ngày nghỉ"),
    "calendar.forgotten": N_("Bỏ ngày đã đặt trong lịch"),
    "plans.imported": N_("Lập kế hoạch từ tệp, bằng dòng lệnh, thay cho người soạn"),
    "units.imported": N_("Nhập đơn vị"),
    "programmes.imported": N_("Đưa chương trình vào từ tệp"),
    "periods.opened": N_("Mở kỳ"),
    "periods.changed": N_("Đổi kỳ"),
    "participation.joined": N_("Cho đơn vị tham gia"),
    "participation.left": N_("Thôi cho đơn vị tham gia"),
    "older.noted": N_("Ghi số người cao tuổi của các đơn vị"),
    "files.added": N_("Đính kèm tệp"),
    "files.removed": N_("Bỏ tệp đính kèm"),
    "clubs.found": N_("Thêm câu lạc bộ vào sổ"),
    "clubs.change": N_("Sửa hồ sơ câu lạc bộ"),
    "clubs.merge": N_("Sáp nhập câu lạc bộ"),
    "clubs.close": N_("Đóng câu lạc bộ"),
    "clubs.reopen": N_("Cho câu lạc bộ hoạt động lại"),
    "clubs.move": N_("Chuyển câu lạc bộ sang xã khác"),
    "mail.waiting": N_("Cho phép gửi thư"),
    "mail.discarded": N_("Bỏ thư"),
    "mail.retried": N_("Gửi lại tất cả thư lỗi"),
}
_FIELDS = {
    "email": N_("Địa chỉ thư điện tử"),
    "role": N_("Vai trò"),
    "valid_from": N_("Từ ngày"),
    "last_day": N_("Đến hết ngày"),
    "name": N_("Tên"),
    "position": N_("Chức vụ"),
    "function": N_("Chức năng"),
    "second_factor_required": N_("Xác nhận hai bước của người ký"),
    "clearance_needed": N_("Lãnh đạo đơn vị xem xét"),
    "leading_office": N_("Phòng, ban chủ trì"),
    "required_opinions": N_("Ý kiến bắt buộc"),
    "due_on": N_("Hạn nộp"),
    "grace_days": N_("Số ngày làm việc gia hạn"),
    "works": N_("Ngày làm việc"),
    "last_correction_on": N_("Hạn sửa cuối"),
    "deadline_of": N_("Áp dụng cho"),
    "stands_in_for": N_("Ký thay"),
    "sign_form": N_("Hình thức"),
    "subject_of": N_("Phạm vi"),
    "programme": N_("Chương trình"),
    "document_number": N_("Số, ký hiệu quyết định"),
    "decided_on": N_("Ngày quyết định"),
    "delivery": N_("Trạng thái thư"),
    "mails": N_("Số thư"),
    "reason": N_("Lý do"),
    "template_file": N_("Tệp mẫu"),
    "invited": N_("Số lời mời"),
    "units": N_("Số đơn vị"),
    "units_added": N_("Thêm mới"),
    "units_ended": N_("Kết thúc"),
    "units_left_out": N_("Không đưa vào"),
    "programme_new": N_("Mục mới"),
    "programme_changed": N_("Mục thay đổi"),
    "programme_gone": N_("Mục bỏ đi"),
    "period_starts_on": N_("Ngày đầu"),
    "period_ends_on": N_("Ngày cuối"),
    "phases": N_("Các giai đoạn"),
    "late_comers": N_("Tham gia muộn"),
    "joined_on": N_("Tham gia từ ngày"),
    "left_on": N_("Thôi tham gia từ ngày"),
    "agency_code": N_("Mã định danh"),
    "code_source": N_("Văn bản cấp mã"),
    "frequency": N_("Báo cáo theo"),
    "window_basis": N_("Cách tính kỳ số liệu"),
    "report_content": N_("Nội dung báo cáo"),
    "recipients": N_("Nơi nhận"),
    "regime_source": N_("Căn cứ"),
    "commune_days": N_("Cấp xã: số ngày làm việc sau ngày chốt"),
    "district_days": N_("Cấp huyện: số ngày làm việc sau ngày chốt"),
    "province_days": N_("Cấp tỉnh: số ngày làm việc sau ngày chốt"),
    "indicators": N_("Chỉ tiêu cần báo cáo"),
    "opens_before": N_("Tự mở kỳ trước ngày chốt số liệu (ngày)"),
    "village": N_("Thôn, ấp"),
    "founding_number": N_("Quyết định thành lập"),
    "founded_on": N_("Ngày thành lập"),
    "board_size": N_("Số người trong Ban chủ nhiệm"),
    "club_areas": N_("Mảng hoạt động"),
    "has_income_fund": N_("Có quỹ tăng thu nhập"),
    "has_operating_fund": N_("Có quỹ hoạt động"),
    "club_note": N_("Ghi chú"),
    "club_number": N_("Số trong sổ"),
    "club_commune": N_("Xã"),
    "club_ended_on": N_("Ngày kết thúc"),
    "merged_into": N_("Sáp nhập vào"),
    "size": N_("Dung lượng (byte)"),
    "sha256": N_("Mã SHA-256"),
}


def function_word(function: OfficeFunction) -> str:
    return _word(_FUNCTIONS[function])


def aspect_word(aspect: Aspect) -> str:
    return _word(_ASPECTS[aspect])


def kind_word(kind: Kind) -> str:
    return _word(kind.label)


def use_word(use: PeriodUse) -> str:
    """Word what the documents of a period are, over a list of periods or kinds."""
    return _word(_USES[use])


def by_use(periods: Iterable[Period]) -> list[tuple[str, list[Period]]]:
    """Group periods by what is written in them, those of plans first."""
    found: dict[PeriodUse, list[Period]] = {use: [] for use in PeriodUse}
    for period in periods:
        found[period.use].append(period)
    return [(use_word(use), those) for use, those in found.items() if those]


def mode_word(mode: Mode) -> str:
    return _word(_MODES[mode])


def span(held: RoleAssignment | Invitation) -> str:
    """Word when a role is or was held: "từ 01/01/2021", "01/01/2021 – 31/12/2021"."""
    since = format_date(held.valid_from)
    if held.valid_to is None:
        return gettext("từ %(date)s", date=since)
    last = held.valid_to - timedelta(days=1)
    return since if last <= held.valid_from else f"{since} – {format_date(last)}"


def unit_span(unit: Unit) -> str:
    """Word when a unit exists or existed: "từ 01/7/2025", "01/01/2020 – 30/6/2025"."""
    since = format_date(unit.valid_from)
    if unit.valid_to is None:
        return gettext("từ %(date)s", date=since)
    return f"{since} – {format_date(unit.valid_to - timedelta(days=1))}"


def stage(held: RoleAssignment, today: date) -> str:
    """Tell whether a role is held now, will be, or was: "now", "later", "over"."""
    if held.in_force(today):
        return "now"
    return "later" if held.valid_from > today else "over"


def acts() -> list[tuple[str, str]]:
    """List the acts of the trail with their words."""
    return [(what, _word(label)) for what, label in _ACTS.items()]


def act_word(line: TrailLine) -> str:
    """Word what was done."""
    what = line.entry.what
    return _word(_ACTS[what]) if what in _ACTS else what


def subject_word(line: TrailLine) -> str:
    """Word what it was done to."""
    if line.entry.what.startswith("deadlines."):
        return deadline_word(line.subject)
    if line.entry.what.startswith("files."):
        return line.subject.partition("|")[2]
    if line.entry.what.startswith("periods."):
        programme, period = line.subject.split("|")
        return gettext(
            "chương trình %(programme)s, %(period)s",
            programme=programme,
            period=period_name(period),
        )
    if line.entry.what.startswith("participation."):
        return participation_word(line.subject)
    if line.entry.what.startswith("reports."):
        name, _, period = line.subject.rpartition("|")
        return f"{name}, {period_name(period)}"
    return line.subject


def changes_in_words(line: TrailLine) -> list[tuple[str, str, str]]:
    """List (field, before, after) of each change."""
    return [
        (_field_word(name), _value_word(name, old), _value_word(name, new))
        for name, (old, new) in line.changes.items()
    ]


def deadline_word(subject: str) -> str:
    """Word what a deadline is for, from how the trail keeps it."""
    programme, period, kind, unit = subject.split("|")
    return gettext(
        "%(document)s, chương trình %(programme)s, %(unit)s",
        document=document_name(Kind(kind), period),
        programme=programme,
        unit=unit or gettext("mọi đơn vị"),
    )


def participation_word(subject: str) -> str:
    """Word who takes part in what: "huyện Trà Cú, chương trình 1336, năm 2021"."""
    programme, period, unit = subject.split("|")
    return gettext(
        "%(unit)s, chương trình %(programme)s, %(period)s",
        unit=unit,
        programme=programme,
        period=period_name(period),
    )


def words() -> dict[str, Any]:
    """Return what the templates of administration may say."""
    return {
        "act_of": act_word,
        "aspect_word": aspect_word,
        "changes_of": changes_in_words,
        "function_word": function_word,
        "kind_word": kind_word,
        "mode_word": mode_word,
        "held_word": held_role,
        "role_word": role_label,
        "span": span,
        "stage": stage,
        "subject_of": subject_word,
        "unit_span": unit_span,
    }


def _field_word(name: str) -> str:
    if name.startswith("reception."):
        _, programme, kind = name.split(".")
        return gettext(
            "%(kind)s của chương trình %(programme)s từ cấp dưới",
            kind=kind_word(Kind(kind)),
            programme=programme,
        )
    return _word(_FIELDS[name]) if name in _FIELDS else name


def _value_word(name: str, value: Any) -> str:
    """Word a value as it was kept."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return gettext("có") if value else gettext("không")
    if name.startswith("reception."):
        return mode_word(Mode(value))
    return str(_READERS[name](value)) if name in _READERS else str(value)


def _word(msgid: str) -> str:
    return say(Message(msgid))


_READERS = {
    "role": lambda value: role_label(Role(value)),
    "valid_from": lambda value: format_date(date.fromisoformat(value)),
    "last_day": lambda value: format_date(date.fromisoformat(value)),
    "period_starts_on": lambda value: format_date(date.fromisoformat(value)),
    "period_ends_on": lambda value: format_date(date.fromisoformat(value)),
    "phases": ", ".join,
    "due_on": lambda value: format_date(date.fromisoformat(value)),
    "joined_on": lambda value: format_date(date.fromisoformat(value)),
    "left_on": lambda value: format_date(date.fromisoformat(value)),
    "founded_on": lambda value: format_date(date.fromisoformat(value)),
    "club_ended_on": lambda value: format_date(date.fromisoformat(value)),
    "last_correction_on": lambda value: format_date(date.fromisoformat(value)),
    "function": lambda value: function_word(OfficeFunction(value)),
    "required_opinions": lambda value: ", ".join(aspect_word(Aspect(aspect)) for aspect in value),
    "decided_on": lambda value: format_date(date.fromisoformat(value)),
    "sign_form": lambda value: f"{value}.",
    "subject_of": lambda value: _word(SUBJECT_LABEL[Subject(value)]),
    "frequency": lambda value: _word(FREQUENCY_LABEL[value]),
    "window_basis": lambda value: _word(BASIS_LABEL[value]),
    "deadline_of": deadline_word,
    "delivery": lambda value: _word(DELIVERY_LABEL[value]),
}
