"""Entries of an agenda in words, on the month's page and in calendar programs alike."""

from lth.core.formats import format_date
from lth.core.i18n import N_
from lth.core.language import gettext
from lth.models.document import Status
from lth.workflow.agenda import AgendaEntry, Day, For
from lth.workflow.deadlines import Due
from lth.workflow.kinds import document_name, document_within
from lth.workflow.states import CORRECTED

DAY_LABEL = {
    Day.OWN: N_("Hạn nội bộ"),
    Day.DUE: N_("Hạn nộp"),
    Day.LATEST: N_("Hết gia hạn"),
    Day.CORRECTION: N_("Hạn sửa cuối"),
}


def label(entry: AgendaEntry) -> str:
    """Word what a day is: "Hạn nộp", "Đã trình" once that is done."""
    if entry.done:
        return gettext("Đã nộp đủ") if entry.whose is For.ALL else gettext("Đã trình")
    return gettext(DAY_LABEL[entry.day])


def document(entry: AgendaEntry) -> str:
    """Name the document: "Kế hoạch năm 2021"."""
    return document_name(entry.round.kind, entry.round.period_code)


def whose(entry: AgendaEntry) -> str:
    """Word whose document it is: "xã Tập Sơn", "15 trên 17 đơn vị đã trình"."""
    if entry.whose is For.ALL:
        return gettext(
            "%(sent)s trên %(units)s đơn vị đã trình", sent=entry.sent, units=entry.units
        )
    return entry.unit_name


def summary(entry: AgendaEntry) -> str:
    """Sum an entry up: "Hạn nộp: kế hoạch năm 2021 – xã Tập Sơn"."""
    return gettext(
        "%(day)s: %(document)s – %(whose)s",
        day=label(entry),
        document=document_within(entry.round.kind, entry.round.period_code),
        whose=whose(entry),
    )


def description(entry: AgendaEntry) -> str:
    """List every day of the deadline, a line each, then what there is to do."""
    programme = gettext("Chương trình %(code)s", code=entry.round.programme_code)
    return "\n".join([programme, *_days(entry.due, entry.whose), "", to_do(entry)])


def _days(due: Due, whose: For) -> list[str]:
    lines = [gettext("Hạn nộp: %(date)s", date=format_date(due.on))]
    if due.extended_from is not None:
        before = format_date(due.extended_from)
        lines.append(gettext("Đã được gia hạn từ %(date)s", date=before))
    elif due.own_on is not None and whose is For.OWN:
        lines.append(gettext("Hạn nội bộ của đơn vị: %(date)s", date=format_date(due.own_on)))
    if due.latest != due.on:
        lines.append(gettext("Ngày cuối tính cả gia hạn: %(date)s", date=format_date(due.latest)))
    if due.last_correction_on is not None:
        last = format_date(due.last_correction_on)
        lines.append(gettext("Hạn sửa cuối: %(date)s", date=last))
    return lines


def to_do(entry: AgendaEntry) -> str:
    """Say what is to be done by the day, in a sentence."""
    if entry.done:
        return gettext("Không còn việc phải làm theo hạn này.")
    if entry.whose is For.ALL:
        return gettext("Xem đơn vị nào chưa trình ở trang Cấp dưới trình.")
    if entry.whose is For.UNIT:
        return gettext("Đơn vị cấp dưới chưa trình văn bản này.")
    return _own_to_do(entry)


def _own_to_do(entry: AgendaEntry) -> str:
    if entry.document_id is None:
        return gettext("Đơn vị chưa lập văn bản này. Lập rồi trình trước khi hết ngày.")
    if entry.status is Status.CLEARANCE:
        return gettext("Lãnh đạo đơn vị xem xét rồi trình trước khi hết ngày.")
    if entry.status in CORRECTED:
        return gettext("Sửa theo nhận xét rồi trình lại trước khi hết ngày.")
    return gettext("Soạn xong rồi trình trước khi hết ngày.")
