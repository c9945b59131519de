"""The forms of administration. Choices that depend on the unit are filled in by the views."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional

from lth.access.roles import role_label
from lth.administration.due_dates import MAX_GRACE_DAYS, Terms
from lth.administration.invitations import Invitee
from lth.administration.people import Appointment
from lth.blueprints.admin.wording import aspect_word, function_word, kind_word, use_word
from lth.blueprints.web.forms import (
    Checkboxes,
    CountField,
    DayField,
    Form,
    LastDayField,
    LineField,
    SeenForm,
    UploadField,
    at_most,
    required,
)
from lth.blueprints.web.person_fields import address_field, name_field, position_field
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.language import gettext, lazy_gettext
from lth.core.likely_days import DayKind
from lth.core.readers.days import UnreadableDayError, read_day
from lth.models import Office
from lth.models.kind import Kind
from lth.models.opinion import Aspect
from lth.models.person import Role
from lth.models.unit import Level, OfficeFunction
from lth.programmes.participation import LONGEST_REASON
from lth.programmes.periods import PeriodTerms, terms


def optional_id(text: Any) -> int | None:
    """Read the value of a choice among rows; None for the empty choice."""
    return int(text) if text not in (None, "", "None") else None


def _offices(offices: list[Office]) -> list[SelectChoice]:
    return [SelectChoice(str(office.id), office.name) for office in offices]


class DetailsForm(SeenForm):
    """A person's address, name and position."""

    email = address_field(
        lazy_gettext("Địa chỉ thư điện tử"),
        lazy_gettext(
            "Lời mời được gửi tới địa chỉ này; người nhận trả lời bằng liên kết trong thư."
        ),
    )
    name = name_field(lazy_gettext("Hiện ở các bước của văn bản."))
    position = position_field()

    def invitee(self) -> Invitee:
        """Return who it is."""
        return Invitee(
            str(self.email.data or ""), str(self.name.data or ""), str(self.position.data or "")
        )


class PostForm(SeenForm):
    """A role, in an office, for a time."""

    role = SelectField(lazy_gettext("Vai trò"), coerce=str)
    office_id = SelectField(lazy_gettext("Phòng, ban"), coerce=optional_id)
    valid_from = DayField(
        lazy_gettext("Từ ngày"),
        day_kind=DayKind.ROLE_START,
        validators=[required(lazy_gettext("Hãy nhập ngày bắt đầu."))],
    )
    last_day = DayField(
        lazy_gettext("Đến hết ngày"),
        day_kind=DayKind.ROLE_END,
        validators=[Optional()],
        description=lazy_gettext("Để trống nếu chưa biết khi nào thôi."),
    )

    def offer(self, roles: Iterable[Role], offices: list[Office]) -> None:
        """Offer what there is to choose from; a unit without offices has no such field."""
        self.role.choices = [SelectChoice(role.value, role_label(role)) for role in roles]
        if offices:
            none = SelectChoice("", gettext("Không thuộc phòng, ban nào"))
            self.office_id.choices = [none, *_offices(offices)]
        else:
            del self.office_id

    def post(self) -> Appointment:
        """Return what was chosen."""
        office_id = self["office_id"].data if "office_id" in self else None
        return Appointment(
            Role(self.role.data), office_id, self.valid_from.data, self.last_day.data
        )


class PersonForm(DetailsForm, PostForm):
    """Somebody new in the unit, with their first role."""


class NameForm(SeenForm):
    """A person's name and position."""

    name = name_field()
    position = position_field()


class LostAddressForm(SeenForm):
    """Another address for somebody whose mailbox is lost, and why."""

    email = address_field(
        lazy_gettext("Địa chỉ thư điện tử mới"),
        lazy_gettext("Địa chỉ đổi khi hộp thư mới xác nhận; hộp thư cũ có thể dừng."),
    )
    reason = LineField(
        lazy_gettext("Lý do"),
        validators=[required(lazy_gettext("Hãy ghi lý do.")), at_most(160)],
        description=lazy_gettext("Ghi vào nhật ký."),
    )


class EndForm(SeenForm):
    """The last day of a role."""

    last_day = DayField(
        lazy_gettext("Ngày cuối giữ vai trò"),
        day_kind=DayKind.ROLE_OVER,
        validators=[Optional()],
        description=lazy_gettext("Để trống để kết thúc ngay bây giờ."),
    )


class OfficeForm(SeenForm):
    """An office: its name, and what it does."""

    name = LineField(
        lazy_gettext("Tên phòng, ban"),
        validators=[required(lazy_gettext("Hãy nhập tên phòng, ban.")), at_most(160)],
    )
    function = SelectField(
        lazy_gettext("Chức năng"),
        choices=lambda: [SelectChoice(each.value, function_word(each)) for each in OfficeFunction],
    )


class SettingsForm(SeenForm):
    """The settings of a unit, but for how it receives."""

    clearance_needed = BooleanField(
        lazy_gettext("Văn bản qua lãnh đạo đơn vị xem xét trước khi trình hoặc ban hành")
    )
    leading_office_id = SelectField(lazy_gettext("Phòng, ban chủ trì"), coerce=optional_id)
    required_opinions = Checkboxes(
        lazy_gettext("Ý kiến thẩm định bắt buộc trước khi phê duyệt"),
        choices=lambda: [SelectChoice(aspect.value, aspect_word(aspect)) for aspect in Aspect],
    )

    second_factor_required = BooleanField(
        lazy_gettext("Lãnh đạo, người ký thay phải xác nhận hai bước khi đăng nhập")
    )

    def offer(self, offices: list[Office]) -> None:
        """Offer the offices that may lead."""
        none = SelectChoice("", gettext("Chưa chọn"))
        self.leading_office_id.choices = [none, *_offices(offices)]


class UnitFilter(Form):
    """A search among units; wrong values are taken for none."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(lazy_gettext("Tên đơn vị"))
    level = SelectField(
        lazy_gettext("Cấp"),
        choices=lambda: [
            SelectChoice("", gettext("Mọi cấp")),
            SelectChoice(Level.PROVINCE.value, gettext("Tỉnh")),
            SelectChoice(Level.DISTRICT.value, gettext("Huyện")),
            SelectChoice(Level.COMMUNE.value, gettext("Xã")),
        ],
    )
    ended = SelectField(
        lazy_gettext("Hiệu lực"),
        choices=lambda: [
            SelectChoice("", gettext("Còn hiệu lực")),
            SelectChoice("1", gettext("Đã kết thúc")),
        ],
    )


class CalendarDayForm(Form):
    """A day that is worked on, or is not, whatever the public calendar says."""

    day = DayField(
        lazy_gettext("Ngày"),
        day_kind=DayKind.CALENDAR,
        validators=[required(lazy_gettext("Hãy nhập ngày."))],
    )
    works = SelectField(
        lazy_gettext("Ngày này"),
        choices=lambda: [
            SelectChoice("no", gettext("nghỉ")),
            SelectChoice("yes", gettext("làm việc (làm bù)")),
        ],
    )
    name = LineField(
        lazy_gettext("Lý do"),
        validators=[required(lazy_gettext("Hãy ghi lý do.")), at_most(160)],
        description=lazy_gettext("Ví dụ: hoán đổi ngày làm việc theo thông báo của Chính phủ."),
    )


class TakingPartForm(SeenForm):
    """From which day units come to take part or leave, and why."""

    on = DayField(
        lazy_gettext("Từ ngày"),
        day_kind=DayKind.TAKES_PART,
        validators=[required(lazy_gettext("Hãy nhập ngày."))],
    )
    reason = LineField(
        lazy_gettext("Lý do"),
        validators=[required(lazy_gettext("Hãy ghi lý do.")), at_most(LONGEST_REASON)],
        description=lazy_gettext("Ví dụ: số văn bản đồng ý. Được lưu trong lịch sử tham gia."),
    )


class TakingPartFilter(Form):
    """A search among the units that could take part."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(lazy_gettext("Tên đơn vị"))


class ProgrammeFileForm(Form):
    """A programme's file, chosen or pasted; what is pasted goes before.

    The page that asks to confirm sends the text alone, also of a file that was chosen.
    """

    asks_in_part = True

    file = UploadField(
        lazy_gettext("Tệp chương trình"), description=lazy_gettext("Tệp .toml trên máy này.")
    )
    text = TextAreaField(
        lazy_gettext("Hoặc dán nội dung tệp"),
        description=lazy_gettext("Khi có lỗi, nội dung ở lại đây để sửa rồi gửi lại."),
    )

    def sent(self) -> bytes | str:
        """Return what was pasted, or else the file's bytes."""
        text = str(self.text.data or "")
        if text.strip():
            return text
        return self.file.data.read() if self.file.data else ""


class PeriodForm(SeenForm):
    """A period, with its phases a line each."""

    code = LineField(
        lazy_gettext("Tên kỳ"),
        validators=[required(lazy_gettext("Hãy nhập tên kỳ.")), at_most(16)],
        description=lazy_gettext("Một năm (2027) hoặc hai năm nối bằng dấu gạch (2027-2030)."),
    )
    starts_on = DayField(
        lazy_gettext("Ngày đầu"),
        day_kind=DayKind.PERIOD,
        validators=[required(lazy_gettext("Hãy nhập ngày đầu."))],
    )
    ends_on = DayField(
        lazy_gettext("Ngày cuối"),
        day_kind=DayKind.PERIOD,
        validators=[required(lazy_gettext("Hãy nhập ngày cuối."))],
    )
    phases = TextAreaField(
        lazy_gettext("Các giai đoạn"),
        description=lazy_gettext(
            "Mỗi dòng một giai đoạn, theo thứ tự: tên, dấu hai chấm, ngày cuối (2027-2028:"
            " 31/12/2028). Giai đoạn sau bắt đầu ngay ngày kế tiếp. Để trống nếu kỳ không chia."
        ),
    )

    def terms(self) -> PeriodTerms:
        """Return what was filled in. Raises RefusedError for a line that cannot be read."""
        cut = []
        for line in str(self.phases.data or "").splitlines():
            code, _, day = line.partition(":")
            if not line.strip():
                continue
            try:
                cut.append((code.strip(), read_day(day)))
            except UnreadableDayError as error:
                refused = N_("Không đọc được dòng “%(line)s”; viết 2027-2028: 31/12/2028.")
                raise RefusedError("phases", refused, line=line.strip()[:80]) from error
        return terms(str(self.code.data), self.starts_on.data, self.ends_on.data, cut)


class DeadlineForm(SeenForm):
    """A deadline for all units below or for one."""

    period_id = SelectField(lazy_gettext("Kỳ"), coerce=int)
    kind = SelectField(
        lazy_gettext("Loại văn bản"),
        choices=lambda: [
            SelectChoice(kind, kind_word(kind), optgroup=use_word(kind.use)) for kind in Kind.all()
        ],
    )
    unit_id = SelectField(
        lazy_gettext("Áp dụng cho"),
        coerce=optional_id,
        description=lazy_gettext(
            "Hạn riêng của một đơn vị đi trước hạn chung. Hạn nội bộ chỉ để nhắc người của đơn vị "
            "mình, không được sau hạn của cấp trên."
        ),
    )
    due_on = LastDayField(
        lazy_gettext("Hạn nộp"),
        day_kind=DayKind.DEADLINE,
        validators=[required(lazy_gettext("Hãy nhập hạn nộp."))],
        description=lazy_gettext("Tính đến 24 giờ của ngày này."),
    )
    grace_days = CountField(
        lazy_gettext("Số ngày làm việc gia hạn"),
        default=0,
        validators=[
            required(lazy_gettext("Hãy nhập số ngày, 0 nếu không gia hạn.")),
            NumberRange(0, MAX_GRACE_DAYS, lazy_gettext("Số ngày làm việc gia hạn từ 0 đến 60.")),
        ],
        description=lazy_gettext(
            "Nộp trong những ngày này chưa tính là muộn; không tính thứ Bảy, Chủ nhật, ngày lễ."
        ),
    )
    last_correction_on = LastDayField(
        lazy_gettext("Hạn sửa cuối"),
        day_kind=DayKind.LAST_CORRECTION,
        validators=[Optional()],
        description=lazy_gettext(
            "Ngày cuối còn nhận văn bản, kể cả bản sửa sau khi bị trả lại; sau ngày này phải xin "
            "gia hạn. Để trống thì nhận mãi."
        ),
    )

    def terms(self) -> Terms:
        """Return what was filled in."""
        return Terms(
            self.period_id.data,
            Kind(self.kind.data),
            self.unit_id.data,
            self.due_on.data,
            self.grace_days.data,
            self.last_correction_on.data,
        )
