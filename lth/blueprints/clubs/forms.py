"""The search in the register of clubs, a club's entry, and what an act on a club asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from lth.blueprints.clubs.wording import STATE_LABEL
from lth.blueprints.web.forms import (
    Checkboxes,
    CountField,
    DayField,
    Form,
    LineField,
    VersionField,
    at_most,
    required,
)
from lth.clubs import terms
from lth.clubs.moves import Occasion
from lth.clubs.register import ClubSearch
from lth.core.i18n import Bilingual
from lth.core.language import gettext, lazy_gettext, say
from lth.core.likely_days import DayKind
from lth.models import Club, Unit
from lth.models.club import ClubState
from lth.models.frozen import NAME

REASON = lazy_gettext("Lý do")


def _id(text: Any) -> int | None:
    """Read the value of a choice among rows; None for the empty one."""
    return int(text) if str(text or "").isdecimal() else None


class ClubFilter(Form):
    """A search in the register; a state, village or unit that there is not is taken for none."""

    class Meta(Form.Meta):
        csrf = False

    q = LineField(lazy_gettext("Tên câu lạc bộ"))
    unit = SelectField(lazy_gettext("Đơn vị"), validate_choice=False)
    village = SelectField(lazy_gettext("Thôn, ấp"), validate_choice=False)
    state = SelectField(lazy_gettext("Trạng thái"), validate_choice=False)

    def offer_states(self) -> None:
        """Offer the states to choose from."""
        self.state.choices = [
            SelectChoice("", gettext("Mọi trạng thái")),
            *(SelectChoice(state.value, str(label)) for state, label in STATE_LABEL.items()),
        ]

    def of_commune(self, villages: Iterable[str]) -> None:
        """Offer a commune its villages; it has no units below."""
        del self.unit
        self.village.choices = [
            SelectChoice("", gettext("Mọi thôn, ấp")),
            *(SelectChoice(village, village) for village in villages),
        ]

    def of_units(self, units: Iterable[tuple[str, str]]) -> None:
        """Offer a unit those below it: (id, name) of each."""
        del self.village
        self.unit.choices = [
            SelectChoice("", gettext("Mọi đơn vị cấp dưới")),
            *(SelectChoice(value, label) for value, label in units),
        ]

    def search(self, unit: Unit | None) -> ClubSearch:
        """Return what is looked for, in all units or one."""
        state = self.state.data
        return ClubSearch(
            text=self.q.data or "",
            state=ClubState(state) if state in set(ClubState) else None,
            village=(self["village"].data or "") if "village" in self else "",
            path=unit.path if unit is not None else "",
        )


class ClubForm(Form):
    """A new club's entry."""

    name = LineField(
        lazy_gettext("Tên câu lạc bộ"),
        validators=[required(lazy_gettext("Hãy ghi tên câu lạc bộ.")), at_most(NAME)],
        description=lazy_gettext("Như trong quyết định thành lập."),
    )
    same_name_meant = BooleanField(lazy_gettext("Đúng là câu lạc bộ khác, cùng tên"))
    village = LineField(lazy_gettext("Thôn, ấp, khu phố"), validators=[at_most(NAME)])
    founded_on = DayField(
        lazy_gettext("Ngày thành lập"),
        day_kind=DayKind.CLUB_FOUNDED,
        validators=[required(lazy_gettext("Hãy nhập ngày thành lập."))],
    )
    founding_number = LineField(
        lazy_gettext("Số, ký hiệu quyết định thành lập"),
        validators=[at_most(terms.LONGEST_NUMBER)],
        description=lazy_gettext("Ví dụ: 12/QĐ-UBND."),
    )
    board_size = CountField(lazy_gettext("Số người trong Ban chủ nhiệm"), validators=[Optional()])
    areas = Checkboxes(lazy_gettext("Mảng hoạt động"))
    has_income_fund = BooleanField(lazy_gettext("Có quỹ tăng thu nhập"))
    has_operating_fund = BooleanField(lazy_gettext("Có quỹ hoạt động"))
    note = TextAreaField(lazy_gettext("Ghi chú"), validators=[at_most(terms.LONGEST_NOTE)])

    def offer(self, areas: Mapping[str, Bilingual]) -> None:
        """Offer the areas to tick."""
        self.areas.choices = [SelectChoice(code, say(name)) for code, name in areas.items()]

    def values(self) -> dict[str, Any]:
        """Return what was filled in, by field."""
        return {field: self[field].data for field in terms.FIELDS}


class ClubChangeForm(ClubForm):
    """A club's entry, changed."""

    reason = LineField(REASON, validators=[at_most(terms.LONGEST_REASON)])
    seen = VersionField()


class OccasionForm(Form):
    """When something became of a club, and why."""

    day = DayField(
        lazy_gettext("Từ ngày"),
        day_kind=DayKind.CLUB_ACT,
        validators=[required(lazy_gettext("Hãy nhập ngày."))],
        description=lazy_gettext("Ngày ghi trong quyết định hoặc biên bản."),
    )
    reason = LineField(
        REASON,
        validators=[required(lazy_gettext("Cần ghi lý do.")), at_most(terms.LONGEST_REASON)],
        description=lazy_gettext("Ghi cả số quyết định, biên bản nếu có."),
    )
    seen = VersionField()

    def occasion(self) -> Occasion:
        """Return what was filled in."""
        return Occasion(self.day.data, str(self.reason.data or ""))


class MergeForm(OccasionForm):
    """The club that a club goes into."""

    into = SelectField(
        lazy_gettext("Sáp nhập vào"),
        coerce=_id,
        validators=[required(lazy_gettext("Hãy chọn câu lạc bộ nhận sáp nhập."))],
    )

    def offer(self, clubs: Iterable[Club]) -> None:
        """Offer the clubs that it can go into."""
        self.into.choices = [
            SelectChoice("", gettext("Hãy chọn")),
            *(SelectChoice(str(one.id), f"{one.number}. {one.name}") for one in clubs),
        ]


class ClubMoveForm(OccasionForm):
    """The commune that a club goes to."""

    to_unit = SelectField(
        lazy_gettext("Chuyển sang"),
        coerce=_id,
        validators=[required(lazy_gettext("Hãy chọn xã nhận."))],
    )

    def offer(self, units: Iterable[tuple[int, str]]) -> None:
        """Offer the communes below."""
        self.to_unit.choices = [
            SelectChoice("", gettext("Hãy chọn")),
            *(SelectChoice(str(unit_id), name) for unit_id, name in units),
        ]
