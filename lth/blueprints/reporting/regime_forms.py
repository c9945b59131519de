"""The forms of a regime, and of a review that is opened; choices come from the views."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from lth.blueprints.document.wording import local_name
from lth.blueprints.reporting.regime_words import basis as basis_word
from lth.blueprints.reporting.regime_words import rhythm
from lth.blueprints.web.forms import (
    Checkboxes,
    CountField,
    Form,
    LineField,
    VersionField,
    at_most,
    required,
)
from lth.core.language import gettext, lazy_gettext
from lth.models import Indicator, Programme
from lth.models.parts import Frequency
from lth.models.report import WindowBasis
from lth.models.unit import Level
from lth.reporting.regimes import LONGEST_WAIT, MOST_DAYS, RHYTHMS, RegimeTerms

LONGEST_TEXT = 4000


def _days_field(label: Any, default: int) -> CountField:
    return CountField(
        label,
        default=default,
        validators=[
            required(lazy_gettext("Hãy nhập số ngày làm việc, 0 nếu là chính ngày chốt số liệu.")),
            NumberRange(0, MOST_DAYS, lazy_gettext("Số ngày làm việc từ 0 đến 60.")),
        ],
    )


class RegimeForm(Form):
    """What a regime says."""

    name = LineField(
        lazy_gettext("Tên chế độ báo cáo"),
        validators=[required(lazy_gettext("Hãy nhập tên.")), at_most(200)],
        description=lazy_gettext("Ví dụ: Báo cáo 6 tháng, năm về câu lạc bộ."),
    )
    programme_id = SelectField(lazy_gettext("Chương trình"), coerce=int)
    frequency = SelectField(
        lazy_gettext("Báo cáo theo"),
        coerce=Frequency,
        choices=lambda: [SelectChoice(each.value, rhythm(each)) for each in RHYTHMS],
    )
    basis = RadioField(
        lazy_gettext("Cách tính kỳ số liệu"),
        coerce=WindowBasis,
        choices=lambda: [SelectChoice(each.value, basis_word(each)) for each in WindowBasis],
        default=WindowBasis.DECREE,
    )
    commune_days = _days_field(lazy_gettext("Cấp xã: số ngày làm việc sau ngày chốt"), 2)
    district_days = _days_field(lazy_gettext("Cấp huyện: số ngày làm việc sau ngày chốt"), 5)
    province_days = _days_field(lazy_gettext("Cấp tỉnh: số ngày làm việc sau ngày chốt"), 8)
    opens_before = CountField(
        lazy_gettext("Tự mở kỳ trước ngày chốt số liệu (ngày)"),
        default=None,
        validators=[
            Optional(),
            NumberRange(0, LONGEST_WAIT, lazy_gettext("Số ngày từ 0 đến 366.")),
        ],
        description=lazy_gettext(
            "Ví dụ 30: kỳ tự mở 30 ngày trước ngày chốt, không ai phải nhớ. Để trống thì mở"
            " bằng tay."
        ),
    )
    content = TextAreaField(lazy_gettext("Nội dung báo cáo"), validators=[at_most(LONGEST_TEXT)])
    recipients = LineField(
        lazy_gettext("Nơi nhận"),
        validators=[at_most(500)],
        description=lazy_gettext("Ví dụ: Ủy ban nhân dân huyện (qua Phòng Văn hóa - Xã hội)."),
    )
    source = LineField(
        lazy_gettext("Căn cứ"),
        validators=[at_most(300)],
        description=lazy_gettext("Văn bản quy định chế độ này, ví dụ: Kế hoạch số 12/KH-UBND."),
    )
    indicators = Checkboxes(
        lazy_gettext("Chỉ tiêu cần báo cáo"),
        description=lazy_gettext("Không chọn mục nào nghĩa là mọi chỉ tiêu của chương trình."),
    )

    def offer(
        self,
        programmes: Iterable[Programme],
        indicators: Sequence[Indicator],
        levels: Iterable[Level],
    ) -> None:
        """Offer what there is to choose from; a level that does not report has no field."""
        self.programme_id.choices = [
            SelectChoice(str(one.id), gettext("Chương trình %(code)s", code=one.code))
            for one in programmes
        ]
        known = {one.code: one for one in indicators}
        self.indicators.choices = [
            SelectChoice(code, local_name(one)) for code, one in known.items()
        ]
        for level in set(Level) - set(levels):
            if f"{level}_days" in self:
                del self[f"{level}_days"]

    def terms(self, taken: RegimeTerms | None = None) -> RegimeTerms:
        """Return what was filled in; what has no field here stays as `taken` has it."""
        days = {
            f"{level}_days": self[f"{level}_days"].data
            if f"{level}_days" in self
            else getattr(taken or RegimeTerms, f"{level}_days")
            for level in Level
        }
        return RegimeTerms(
            programme_id=self.programme_id.data,
            name=str(self.name.data or ""),
            frequency=self.frequency.data,
            basis=self.basis.data,
            content=str(self.content.data or "").strip(),
            recipients=str(self.recipients.data or ""),
            source=str(self.source.data or ""),
            indicators=tuple(self.indicators.data or ()),
            opens_before=None if self.frequency.data is Frequency.PHASE else self.opens_before.data,
            document_id=taken.document_id if taken else None,
            line_key=taken.line_key if taken else "",
            **days,
        )


class ReviewForm(Form):
    """A review to open: sơ kết or tổng kết, and of which years."""

    form = RadioField(
        lazy_gettext("Hình thức"),
        choices=lambda: [
            SelectChoice("SK", gettext("Sơ kết giai đoạn")),
            SelectChoice("TK", gettext("Tổng kết giai đoạn")),
        ],
        default="SK",
    )
    first = CountField(lazy_gettext("Từ năm"), validators=[required(lazy_gettext("Hãy nhập năm."))])
    last = CountField(lazy_gettext("Đến năm"), validators=[required(lazy_gettext("Hãy nhập năm."))])


class ChangedRegimeForm(RegimeForm):
    """A regime that is there already."""

    seen = VersionField()
