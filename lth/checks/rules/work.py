"""V24 and V46: who leads what, and has a duty that agrees; what stays on file."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from lth.checks.agencies import agency, is_group, names_in, same
from lth.checks.prose import lowered
from lth.checks.registry import Fault, check
from lth.checks.wording import joined, quoted
from lth.content.model import RECIPIENTS, TASKS, Content, Duty, Task
from lth.core.i18n import N_, Message
from lth.core.vietnamese import search_key
from lth.models.finding import Severity, Stage

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
