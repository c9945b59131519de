"""V24 to V26 and V46: who leads, who reports to whom by when, and who gets the plan."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from lth.checks.agencies import (
    agency,
    has_its_tier,
    is_association,
    is_committee,
    is_group,
    is_national,
    is_own_committee,
    named_in,
    names_in,
    other_place_in,
    same,
)
from lth.checks.prose import lowered
from lth.checks.registry import Fault, check
from lth.checks.rules.level_texts import is_gone
from lth.checks.tiers import has_two_tiers
from lth.checks.wording import joined, quoted
from lth.content.model import RECIPIENTS, REPORTING, TASKS, Content, Duty, ReportingDuty, Task
from lth.core.i18n import N_, Message, listed
from lth.core.vietnamese import search_key
from lth.models.finding import Severity, Stage
from lth.models.parts import Frequency
from lth.models.unit import Level

# --- V24 ----------------------------------------------------------------------------------

_LEADS = re.compile(r"\bchủ trì\b|\bchịu trách nhiệm\b|\bđầu mối\b")
_JOINS = re.compile(r"\bphối hợp\b")
_SENTENCE = re.compile(r"(?<=[.\v])\s*")
_ONLY_JOINED = re.compile(r"; ?(?:cùng )?phối hợp\b")

_JOBS = (
    (
        re.compile(r"\bhướng dẫn\b[^.\v]{0,120}?\b(?:xây dựng|lập) kế hoạch\b"),
        N_("hướng dẫn xây dựng kế hoạch"),
    ),
    (
        re.compile(r"\btổng hợp\b[^.;\v]{0,60}?\bbáo cáo\b"),
        N_("tổng hợp, báo cáo"),
    ),
    (
        re.compile(r"\b(?:cân đối|bố trí|phân bổ)\b[^.;\v]{0,60}?\b(?:ngân sách|kinh phí)\b"),
        N_("bố trí kinh phí"),
    ),
)
"""Jobs that a plan can give only once, by the words with which duties name them. Training and
supervision are not among them: several agencies hold their own."""


@check("V24", "LEAD", N_("Mỗi nhiệm vụ một cơ quan chủ trì"), Severity.WARNING, Stage.DRAFT)
def lead(content: Content) -> Iterator[Fault]:
    """Require that each task has one agency that leads; the text of its duty says so too and not
    only that it coordinates; and no two duties lead the same job. A letter names nobody as lead.
    """
    if content.is_directive or TASKS in content.unreadable:
        return
    leaders = {leader for task in content.tasks for leader in task.leads}
    joining = {leader: _only_joins(content, leader) for leader in leaders}
    for task in content.tasks:
        yield from _leads_of(content, task, joining)
    yield from _led_twice(content)


def _leads_of(content: Content, task: Task, joining: Mapping[str, Duty | None]) -> Iterator[Fault]:
    if not task.leads:
        yield Fault.of(
            N_("Nhiệm vụ %(task)s chưa có cơ quan chủ trì."),
            N_("Chọn một cơ quan chủ trì."),
            task.key,
            stage=Stage.SUBMIT,
            task=quoted(task.title),
        )
    if len(task.leads) > 1:
        yield Fault.of(
            N_("Nhiệm vụ %(task)s có %(count)s cơ quan cùng chủ trì: %(leads)s."),
            N_("Để một cơ quan chủ trì, chuyển các cơ quan khác sang phối hợp."),
            task.key,
            task=quoted(task.title),
            count=len(task.leads),
            leads=joined(task.leads, "; "),
        )
    for leader in task.leads:
        if any(same(leader, name, content) for name in task.coordinating):
            yield _both(task, leader)
        elif duty := joining[leader]:
            yield _not_leading(task, leader, duty)


def _both(task: Task, leader: str) -> Fault:
    return Fault.of(
        N_("Nhiệm vụ %(task)s ghi %(agency)s vừa chủ trì vừa phối hợp."),
        N_("Bỏ cơ quan này khỏi phần phối hợp."),
        task.key,
        task=quoted(task.title),
        agency=leader,
    )


def _only_joins(content: Content, leader: str) -> Duty | None:
    """Find the duty of an agency that coordinates in it and leads nothing."""
    own = [duty for duty in content.duties if same(leader, duty.agency, content)]
    texts = [lowered(duty.text) for duty in own]
    if not own or any(_LEADS.search(text) for text in texts):
        return None
    return next((one for one, text in zip(own, texts, strict=True) if _JOINS.search(text)), None)


def _not_leading(task: Task, leader: str, duty: Duty) -> Fault:
    return Fault.of(
        N_("%(agency)s chủ trì %(task)s, nhưng phần phân công chỉ ghi phối hợp: %(duty)s"),
        N_("Sửa cơ quan chủ trì hoặc sửa phần phân công cho khớp nhau."),
        task.key,
        agency=leader,
        task=quoted(task.title),
        duty=quoted(duty.text),
    )


def _led_twice(content: Content) -> Iterator[Fault]:
    jobs = {duty.key: found for duty in content.duties if (found := _jobs(duty))}
    leading = [duty for duty in content.duties if duty.key in jobs]
    for one, other in combinations(leading, 2):
        shared = [job for job in jobs[one.key] if job in jobs[other.key]]
        if shared and _may_lead_one(content, one, other):
            yield Fault.of(
                N_("%(one)s và %(other)s cùng chủ trì một việc: %(job)s."),
                N_("Giao việc này cho một cơ quan chủ trì, cơ quan kia phối hợp."),
                other.key,
                one=one.agency,
                other=other.agency,
                job=Message(shared[0]),
            )


def _may_lead_one(content: Content, one: Duty, other: Duty) -> bool:
    """Tell whether the job may be one for two agencies: each tier has a budget of its own."""
    if same(one.agency, other.agency, content):
        return False
    places = names_in(content)
    own = content.place.level
    first, second = (agency(duty.agency, places).level or own for duty in (one, other))
    return first is second


def _jobs(duty: Duty) -> list[str]:
    """List the jobs that a duty's text leads: named after "chủ trì" in one sentence, and not
    behind a "; phối hợp" in it.
    """
    text = lowered(duty.text)
    if not _LEADS.search(text):
        return []
    led = [
        _ONLY_JOINED.split(sentence[match.start() :], maxsplit=1)[0]
        for sentence in _SENTENCE.split(text)
        if (match := _LEADS.search(sentence))
    ]
    return [job for pattern, job in _JOBS if any(pattern.search(text) for text in led)]


# --- V25 ----------------------------------------------------------------------------------

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
    of_association = [one for one in duty.addressees if is_association(one)]
    return max(len(of_association), len(duty.addressees) - len(of_association)) > 1


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


# --- V26 ----------------------------------------------------------------------------------


@check(
    "V26",
    "RECIPIENT",
    N_("Nơi nhận có cấp trên và nơi nhận báo cáo"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def recipient(content: Content) -> Iterator[Fault]:
    """Require that among the recipients are who issued the plan above, everyone that reports go
    to, and the committees below that are to report. Within the unit a group ("các phòng, ban")
    stands for each; the unit's own committee needs no copy, and another place's is not it. Who is
    no more gets none: of them V19 speaks, of a parent that there is not V43.
    """
    if RECIPIENTS in content.unreadable:
        return
    if not content.recipients:
        yield Fault.of(
            N_("Văn bản chưa có nơi nhận."),
            N_("Ghi nơi nhận: cấp trên, nơi nhận báo cáo, các đơn vị thực hiện, lưu."),
            RECIPIENTS,
        )
        return
    if _has_parent(content) and not _is_named(content, content.parent_issuer):
        yield _parent_left_out(content)
    told: set[str] = set()
    for duty in content.reporting:
        for addressee in duty.addressees:
            if addressee not in told and not _is_reached(content, addressee):
                told.add(addressee)
                yield _addressee_left_out(duty, addressee)
        if duty.reporter not in told and _is_left_out(content, duty.reporter):
            told.add(duty.reporter)
            yield _reporter_left_out(duty)


def _has_parent(content: Content) -> bool:
    """Tell whether there is a plan above, of whose issuer V43 has nothing to say."""
    ended = content.place.parent_level is Level.DISTRICT and has_two_tiers(content)
    wrong = ended or other_place_in(content.parent_issuer, content)
    return bool(content.parent_issuer) and not wrong


def _is_named(content: Content, name: str) -> bool:
    return any(named_in(name, one.name, content) for one in content.recipients)


def _is_reached(content: Content, addressee: str) -> bool:
    if is_own_committee(addressee, content.place, content) or _is_named(content, addressee):
        return True
    if content.parent_issuer and same(addressee, content.parent_issuer, content):
        return True  # said already, of the parent
    if is_gone(content, addressee) or other_place_in(addressee, content):
        return True  # V19 asks to change the name itself
    if is_national(addressee):
        return False
    level = agency(addressee, names_in(content)).level
    within = level in {None, content.place.level}
    return within and any(is_group(one.name) for one in content.recipients)


def _is_left_out(content: Content, reporter: str) -> bool:
    """Tell whether a committee of a tier below, of one that there is, gets no copy; "như trên" and
    "như Điều 3" are whoever is named there.
    """
    level = agency(reporter, names_in(content)).level
    below = _TIERS.index(level) > _TIERS.index(content.place.level) if level else False
    if not below or not has_its_tier(content.place) or not is_committee(reporter):
        return False
    if is_gone(content, reporter) or _is_named(content, reporter):
        return False
    return not any(_AS_ABOVE.match(search_key(one.name)) for one in content.recipients)


_AS_ABOVE = re.compile(r"nhu (?:tren|dieu|kinh gui)\b")
_TIERS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
"""From the top."""


def _reporter_left_out(duty: ReportingDuty) -> Fault:
    return Fault.of(
        N_("%(reporter)s phải báo cáo, nhưng nơi nhận không có cơ quan này."),
        N_("Thêm %(reporter)s vào nơi nhận."),
        duty.key,
        mend=RECIPIENTS,
        reporter=duty.reporter,
    )


def _parent_left_out(content: Content) -> Fault:
    if other := _committee_elsewhere(content):
        return Fault.of(
            N_("Nơi nhận ghi %(other)s, trong khi kế hoạch cấp trên do %(agency)s ban hành."),
            N_("Sửa thành %(agency)s (để báo cáo)."),
            RECIPIENTS,
            other=other,
            agency=content.parent_issuer,
        )
    return Fault.of(
        N_("Nơi nhận không có %(agency)s, cơ quan ban hành kế hoạch cấp trên."),
        N_("Thêm %(agency)s (để báo cáo) vào nơi nhận."),
        RECIPIENTS,
        agency=content.parent_issuer,
    )


def _committee_elsewhere(content: Content) -> str:
    """Return a recipient that is another place's committee."""
    named = (one.name for one in content.recipients if other_place_in(one.name, content))
    return next((name for name in named if is_committee(name)), "")


def _addressee_left_out(duty: ReportingDuty, addressee: str) -> Fault:
    return Fault.of(
        N_("%(reporter)s gửi báo cáo đến %(agency)s, nhưng nơi nhận không có cơ quan này."),
        N_("Thêm %(agency)s vào nơi nhận."),
        duty.key,
        mend=RECIPIENTS,
        reporter=duty.reporter,
        agency=addressee,
    )


# --- V46 ----------------------------------------------------------------------------------

_ON_FILE = re.compile(r"\bluu\b.*\b(?:vt|van thu)\b")


@check(
    "V46",
    "FILE_COPY_AND_DUTIES",
    N_("Có “Lưu: VT”; cơ quan chủ trì có phần phân công"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def file_copy_and_duties(content: Content) -> Iterator[Fault]:
    """Require that a copy stays with the office's records (Nghị định 30/2020/NĐ-CP, Phụ lục I:
    “Lưu: VT”), and that who leads a task has a duty where the plan says what each agency does. A
    letter names nobody as lead.
    """
    kept = any(_ON_FILE.search(search_key(one.name)) for one in content.recipients)
    if content.recipients and not kept and RECIPIENTS not in content.unreadable:
        yield Fault.of(
            N_("Nơi nhận không có “Lưu: VT”."),
            N_("Thêm dòng cuối: “Lưu: VT” và chữ viết tắt đơn vị soạn thảo."),
            RECIPIENTS,
        )
    if content.duties and not content.is_directive and "duties" not in content.unreadable:
        yield from _without_duty(content)


_OFFICE = re.compile(r"^(?:phong|ban(?! dai dien)|trung tam|tram|van phong|so|nganh)\b")
"""Agencies of which "các phòng, ban, ngành" speaks too."""


def _without_duty(content: Content) -> Iterator[Fault]:
    """Find the leads that no duty is of, each at its first task."""
    first = {leader: task for task in reversed(content.tasks) for leader in task.leads}
    groups = any(is_group(duty.agency) for duty in content.duties)
    for task in content.tasks:
        for leader in task.leads:
            if first[leader] is not task or _has_duty(content, leader, groups=groups):
                continue
            yield Fault.of(
                N_("%(agency)s chủ trì %(task)s, nhưng phần phân công không có cơ quan này."),
                N_("Thêm %(agency)s vào phần phân công, hoặc sửa cơ quan chủ trì."),
                task.key,
                agency=leader,
                task=quoted(task.title),
            )


def _has_duty(content: Content, leader: str, *, groups: bool) -> bool:
    if groups and _OFFICE.match(search_key(leader)):
        return True
    return any(
        same(leader, duty.agency, content) or same(duty.agency, leader, content)
        for duty in content.duties
    )
