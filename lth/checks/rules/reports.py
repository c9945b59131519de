"""V25: who reports how often, to whom, by which day."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from lth.checks.agencies import agency, is_association, is_national, names_in, same
from lth.checks.prose import lowered
from lth.checks.registry import Fault, check
from lth.checks.tiers import has_two_tiers
from lth.checks.wording import joined, quoted
from lth.content.model import REPORTING, Content, ReportingDuty
from lth.core.i18n import N_, Message, listed
from lth.models.finding import Severity, Stage
from lth.models.parts import Frequency
from lth.models.unit import Level

_DAY = re.compile(r"\d{1,2} ?[/.-] ?\d{1,2}|\bngày\b|\btháng \d")
"""A day, or at least a month. "Vào cuối năm" and "cuối quý" are none."""


_KIND = re.compile(
    r"(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)\b", re.IGNORECASE
)


@check(
    "V25",
    "REPORT_LINE",
    N_("Báo cáo: một kỳ, một nơi nhận, một hạn"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def report_line(content: Content) -> Iterator[Fault]:
    """Require that a plan says who reports; each reporter how often, to one addressee, by which
    day. What is reported at once when it happens has no day; who reports half-yearly and yearly
    has two lines; and a report may go to one agency of the State and one of the association. As
    long as there are districts no commune reports past its own.
    """
    if REPORTING in content.unreadable:
        return
    if not content.reporting:
        yield Fault.of(
            N_("Kế hoạch không giao ai báo cáo."),
            N_("Ghi ai báo cáo, gửi ai, mấy lần một năm, trước ngày nào."),
            REPORTING,
        )
    for duty in content.reporting:
        if lacking := _lacking(duty):
            yield _incomplete(content, duty, lacking)
        if _goes_to_many(duty):
            yield _many(duty, duty.addressees)
        yield from _past_the_district(content, duty)
    yield from _split(content)


def _goes_to_many(duty: ReportingDuty) -> bool:
    """Tell whether more than one agency of the State, or of the association, gets a report; those
    of the whole country are one.
    """
    of_association = [one for one in duty.addressees if is_association(one)]
    of_state = {
        "" if is_national(one) else one for one in duty.addressees if one not in of_association
    }
    return max(len(of_association), len(of_state)) > 1


def _past_the_district(content: Content, duty: ReportingDuty) -> Iterator[Fault]:
    """Find communes that report to the province over the head of their district."""
    places = names_in(content)
    if has_two_tiers(content) or agency(duty.reporter, places).level is not Level.COMMUNE:
        return
    for addressee in duty.addressees:
        if not is_association(addressee) and agency(addressee, places).level is Level.PROVINCE:
            yield Fault.of(
                N_("%(reporter)s gửi báo cáo thẳng lên %(addressee)s, không qua cấp huyện."),
                N_("Cho cấp xã báo cáo Ủy ban nhân dân huyện; huyện tổng hợp, gửi lên tỉnh."),
                duty.key,
                reporter=duty.reporter,
                addressee=addressee,
            )


def _lacking(duty: ReportingDuty) -> list[Message]:
    """List what a line leaves open. "Theo quy định" and "vào cuối năm" are no days."""
    lacking = []
    if duty.frequency is None:
        lacking.append(Message(N_("kỳ báo cáo")))
    if not duty.addressees:
        lacking.append(Message(N_("nơi nhận")))
    if duty.frequency is not Frequency.AD_HOC and not _DAY.search(lowered(duty.due)):
        lacking.append(Message(N_("thời hạn")))
    return lacking


def _incomplete(content: Content, duty: ReportingDuty, lacking: Sequence[Message]) -> Fault:
    kind = _KIND.match(content.place.name)
    return Fault.of(
        N_("%(reporter)s báo cáo nhưng chưa rõ: %(lacking)s."),
        N_("Ghi đủ, ví dụ “gửi Ủy ban nhân dân %(kind)s trước ngày 15/12 hằng năm”."),
        duty.key,
        kind=kind[0].lower() if kind else "xã",
        reporter=duty.reporter,
        lacking=listed(lacking),
    )


def _many(duty: ReportingDuty, addressees: Sequence[str]) -> Fault:
    return Fault.of(
        N_("%(reporter)s phải gửi báo cáo đến nhiều nơi: %(addressees)s."),
        N_("Chọn một nơi nhận và tổng hợp; nơi đó gửi tiếp cho các nơi khác."),
        duty.key,
        reporter=duty.reporter,
        addressees=joined(addressees, "; "),
    )


def _split(content: Content) -> Iterator[Fault]:
    """Find one reporter whose regular reports go to different addressees in different lines, or
    who is given two days for the same report.
    """
    regular = [duty for duty in content.reporting if duty.frequency is not Frequency.AD_HOC]
    for one, other in combinations(regular, 2):
        if not same(one.reporter, other.reporter, content) or len(other.addressees) != 1:
            continue
        if len(one.addressees) == 1 and not _agree(content, one, other):
            yield _many(other, (*one.addressees, *other.addressees))
        elif one.frequency is other.frequency and one.due != other.due and one.due and other.due:
            yield _two_days(one, other)


def _agree(content: Content, one: ReportingDuty, other: ReportingDuty) -> bool:
    first, second = one.addressees[0], other.addressees[0]
    return same(first, second, content) or same(second, first, content)


def _two_days(one: ReportingDuty, other: ReportingDuty) -> Fault:
    return Fault.of(
        N_("%(reporter)s có hai hạn cho cùng một kỳ báo cáo: %(one)s và %(other)s."),
        N_("Để một hạn, hoặc nói rõ là hai báo cáo khác nhau."),
        other.key,
        reporter=other.reporter,
        one=quoted(one.due),
        other=quoted(other.due),
    )
