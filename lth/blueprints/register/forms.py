"""The search in a register, and the form of a paper that is entered by hand."""

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from lth.blueprints.web.forms import DayField, Form, LineField, at_most, required
from lth.core.language import lazy_gettext
from lth.core.likely_days import DayKind
from lth.models import OfficialPaper
from lth.workflow.papers import LONGEST_REASON, HandEntry, PaperSearch

LETTER = "cv"
"""The choice of a công văn, which has no letters of its own."""


class RegisterFilter(Form):
    """A search in a register; a kind or a year that there is not is taken for none."""

    class Meta(Form.Meta):
        csrf = False

    ASKED = frozenset({"q", "kind", "year", "since", "until"})
    """The names of what can be looked for."""

    q = LineField(lazy_gettext("Số, ký hiệu hoặc trích yếu"))
    kind = SelectField(lazy_gettext("Loại văn bản"), validate_choice=False)
    year = SelectField(lazy_gettext("Năm"), validate_choice=False)
    since = DayField(lazy_gettext("Từ ngày"), day_kind=DayKind.SEARCHED)
    until = DayField(lazy_gettext("Đến hết ngày"), day_kind=DayKind.SEARCHED)

    def search(self) -> PaperSearch:
        """Return what is looked for, as far as it can be read."""
        kinds = {str(value) for value, *_ in self.kind.iter_choices()} - {""}
        years = {str(value) for value, *_ in self.year.iter_choices()} - {""}
        letters = self.kind.data if self.kind.data in kinds else None
        return PaperSearch(
            text=self.q.data or "",
            letters="" if letters == LETTER else letters,
            year=int(self.year.data) if self.year.data in years else None,
            since=self.since.data,
            until=self.until.data,
        )


class StrikeForm(Form):
    """Why a number that was entered by hand is struck out."""

    reason = LineField(
        lazy_gettext("Lý do hủy số"),
        validators=[at_most(LONGEST_REASON), required(lazy_gettext("Cần ghi lý do hủy số."))],
    )


class HandEntryForm(Form):
    """A paper that a unit enters in its register by hand."""

    document_number = LineField(
        lazy_gettext("Số, ký hiệu văn bản"),
        validators=[at_most(40), required(lazy_gettext("Cần ghi số và ký hiệu."))],
    )
    number_confirmed = BooleanField(lazy_gettext("Số đúng như đã ghi"))
    document_date = DayField(
        lazy_gettext("Ngày ký"), day_kind=DayKind.SIGNED, validators=[Optional()]
    )
    subject = LineField(
        lazy_gettext("Trích yếu"),
        validators=[at_most(500), required(lazy_gettext("Cần ghi trích yếu của văn bản."))],
    )
    signer = LineField(lazy_gettext("Người ký"), validators=[at_most(200)])

    def entry(self, corrects: OfficialPaper | None = None) -> HandEntry:
        """Return what was typed, of a paper that corrects another or none."""
        return HandEntry(
            number=self.document_number.data or "",
            day=self.document_date.data,
            subject=self.subject.data or "",
            signer=self.signer.data or "",
            confirmed=bool(self.number_confirmed.data),
            corrects=corrects,
        )
