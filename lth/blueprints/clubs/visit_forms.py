"""The forms of visits and of what they find."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from lth.blueprints.clubs.visit_wording import MENDER_LABEL, STEP_LABEL
from lth.blueprints.web.forms import (
    Checkboxes,
    DayField,
    Form,
    LineField,
    VersionField,
    at_most,
    required,
)
from lth.clubs.visit_lists import FindingsShown, VisitsShown
from lth.clubs.visits import LONGEST, FollowUp, VisitPlan
from lth.core.i18n import N_, Message
from lth.core.language import lazy_gettext, say
from lth.core.likely_days import DayKind
from lth.models import Club
from lth.models.frozen import NAME
from lth.models.visit import FindingStep, Mender

_VISITS = {
    VisitsShown.ALL: N_("Tất cả"),
    VisitsShown.PLANNED: N_("Sắp đi"),
    VisitsShown.DONE: N_("Đã đi"),
    VisitsShown.CALLED_OFF: N_("Đã hủy"),
}
_FINDINGS = {
    FindingsShown.ALL: N_("Tất cả"),
    FindingsShown.OURS: N_("Chờ đơn vị tôi"),
    FindingsShown.OPEN: N_("Chưa xong"),
    FindingsShown.LATE: N_("Quá hạn"),
    FindingsShown.CLOSED: N_("Đã xong"),
}


class ShownForm(Form):
    """Which rows a list shows; a choice that there is not is taken for all."""

    class Meta(Form.Meta):
        csrf = False

    shown = SelectField(lazy_gettext("Tình trạng"), validate_choice=False)

    def offer(self, labels: Mapping[Any, str]) -> None:
        self.shown.choices = [
            SelectChoice(one.value, say(Message(label))) for one, label in labels.items()
        ]

    def of_visits(self) -> VisitsShown:
        """Offer the states of visits; return the one that is chosen."""
        self.offer(_VISITS)
        known = self.shown.data in set(VisitsShown)
        return VisitsShown(self.shown.data) if known else VisitsShown.ALL

    def of_findings(self) -> FindingsShown:
        """Offer the states of findings; return the one that is chosen."""
        self.offer(_FINDINGS)
        known = self.shown.data in set(FindingsShown)
        return FindingsShown(self.shown.data) if known else FindingsShown.ALL


class VisitForm(Form):
    """Who goes where, when and what for."""

    clubs = Checkboxes(lazy_gettext("Câu lạc bộ sẽ đến"), coerce=int)
    planned_on = DayField(
        lazy_gettext("Ngày dự kiến đi"),
        day_kind=DayKind.VISIT,
        validators=[required(lazy_gettext("Hãy nhập ngày dự kiến đi."))],
    )
    visitors = LineField(
        lazy_gettext("Ai đi (chức danh hoặc phòng, ban)"),
        validators=[required(lazy_gettext("Hãy ghi ai đi.")), at_most(NAME)],
    )
    purpose = TextAreaField(lazy_gettext("Kiểm tra việc gì"), validators=[at_most(LONGEST)])

    def offer(self, clubs: Iterable[Club]) -> None:
        """Offer the clubs of the commune."""
        self.clubs.choices = [(club.id, _called(club)) for club in clubs]

    def plan(self) -> VisitPlan:
        """Return what was filled in."""
        return VisitPlan(
            clubs=tuple(self.clubs.data or ()),
            planned_on=self.planned_on.data,
            visitors=self.visitors.data or "",
            purpose=self.purpose.data or "",
        )


def _called(club: Club) -> str:
    return f"{club.number}. {club.name}" + (f", {club.village}" if club.village else "")


class VisitChangeForm(VisitForm):
    """The same, of a visit that is there."""

    seen = VersionField()


class CallOffForm(Form):
    """Why a visit is not made."""

    seen = VersionField()
    reason = TextAreaField(
        lazy_gettext("Lý do không đi"),
        validators=[required(lazy_gettext("Hãy ghi lý do.")), at_most(LONGEST)],
    )


class VisitDoneForm(Form):
    """On which day a visit was made; what was seen at each club is beside it."""

    seen = VersionField()
    done_on = DayField(
        lazy_gettext("Ngày đã đi"),
        day_kind=DayKind.VISITED,
        validators=[required(lazy_gettext("Hãy nhập ngày đã đi."))],
    )


class FindingForm(Form):
    """What was found at a club, whose it is to mend, and by when."""

    club_id = SelectField(lazy_gettext("Ở câu lạc bộ"), coerce=int)
    text = TextAreaField(
        lazy_gettext("Tồn tại"),
        validators=[required(lazy_gettext("Hãy ghi tồn tại đã thấy.")), at_most(LONGEST)],
    )
    mender = RadioField(
        lazy_gettext("Ai khắc phục"),
        choices=lambda: [
            SelectChoice(one.value, say(Message(label))) for one, label in MENDER_LABEL.items()
        ],
        default=Mender.CLUB.value,
        validators=[required(lazy_gettext("Hãy chọn ai khắc phục."))],
    )
    due_on = DayField(
        lazy_gettext("Hạn khắc phục"),
        day_kind=DayKind.MEND_BY,
        validators=[required(lazy_gettext("Hãy nhập hạn khắc phục."))],
    )

    def offer(self, clubs: Iterable[Club]) -> None:
        """Offer the clubs of the visit."""
        self.club_id.choices = [SelectChoice(club.id, _called(club)) for club in clubs]


class FollowUpForm(Form):
    """What was done after a finding."""

    seen = VersionField()
    step = RadioField(
        lazy_gettext("Việc cần ghi"), validators=[required(lazy_gettext("Hãy chọn việc cần ghi."))]
    )
    text = TextAreaField(lazy_gettext("Nội dung"), validators=[at_most(LONGEST)])
    done_on = DayField(
        lazy_gettext("Ngày làm"),
        day_kind=DayKind.MENDED,
        validators=[required(lazy_gettext("Hãy nhập ngày làm."))],
    )
    due_on = DayField(lazy_gettext("Hạn mới, nếu chưa đạt"), day_kind=DayKind.MEND_BY)

    def offer(self, steps: Iterable[FindingStep]) -> None:
        """Offer the steps that may be taken; a new day is asked where one may be set."""
        steps = list(steps)
        self.step.choices = [
            SelectChoice(one.value, say(Message(STEP_LABEL[one]))) for one in steps
        ]
        if FindingStep.REOPEN not in steps:
            del self.due_on

    def said(self, step: FindingStep) -> FollowUp:
        """Return what was filled in."""
        due_on = self["due_on"].data if "due_on" in self else None
        return FollowUp(step, self.text.data or "", self.done_on.data, due_on)
