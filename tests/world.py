"""A small fixed world for tests: one province and what is under way in it.

    province P ─┬─ district D ─┬─ commune A   (a plan in every state)
                │              └─ commune B
                └─ district E ─── commune C

Each unit has one office and one person for each role of a unit; there is one system administrator.
Each period is named after the state that A's plan of that period is in. Every row that is told
apart by tests has a name: ``A.returned`` is a plan, ``A.returned/2`` its second revision,
``A.returned#6`` its sixth event; what hangs on a revision or unit alone is named like it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, system
from lth.blueprints.web.extensions import db
from lth.models import (
    AddressChange,
    AgencyCode,
    Allotment,
    Area,
    Attachment,
    AuditEntry,
    Base,
    CalendarDay,
    CalendarFeed,
    CheckSwitch,
    Club,
    ClubBook,
    ClubBookChange,
    ClubKey,
    ClubList,
    ClubMove,
    Credential,
    Deadline,
    Delegation,
    Document,
    DocumentStep,
    Event,
    ExchangePacket,
    Explanation,
    FindingMove,
    HandOver,
    Indicator,
    Invitation,
    JobRun,
    KeptFinding,
    LoginAttempt,
    LongJob,
    Office,
    OfficialPaper,
    Opinion,
    OutboxMessage,
    PaperLayout,
    PaperTemplate,
    Participation,
    ParticipationMove,
    PartLine,
    PasswordReset,
    Period,
    Person,
    Phase,
    Programme,
    Quota,
    QuotaMove,
    ReadingUpload,
    Receipt,
    Reception,
    RecoveryCode,
    Remark,
    ReportItem,
    ReportRegime,
    ReportRequest,
    ReportValue,
    ReportWindow,
    RequestMove,
    Revision,
    RevisionEditor,
    RoleAssignment,
    Roster,
    ScoreCard,
    SecondFactor,
    Section,
    SheetMatch,
    SignedCopy,
    Target,
    TrailHead,
    TrailLink,
    Unit,
    UnitLineage,
    UnitSettings,
    UnlockedLine,
    UserSession,
    Visit,
    VisitedClub,
    VisitFinding,
    WorkbookUpload,
)
from lth.models.agency_code import CodeScheme
from lth.models.club import ClubAct
from lth.models.delegation import Subject
from lth.models.document import Mode, SignForm, Status
from lth.models.finding import Severity
from lth.models.kind import Kind
from lth.models.opinion import Aspect, Verdict
from lth.models.packet import PacketKind
from lth.models.parts import Frequency, Part
from lth.models.person import Role
from lth.models.programme import Measure, ParticipationAct, RollUp
from lth.models.quota import Move, SplitRule
from lth.models.report import ReportItemKind
from lth.models.request import RequestStep
from lth.models.trail import OF_NO_UNIT
from lth.models.unit import Level, OfficeFunction
from lth.models.visit import FindingStep, Mender
from lth.workflow import revisions
from lth.workflow.acts import Act
from lth.workflow.kinds import PLAN, SYNTHESIS

NOON = datetime(2021, 5, 7, 5, 0, tzinfo=UTC)
"""When everything in the world was done: noon in Viet Nam."""

DAY = date(2021, 5, 7)
FIRST_DAY = date(2021, 1, 1)

UNITS = {"P": "", "D": "P", "E": "P", "A": "D", "B": "D", "C": "E"}
"""Each unit's parent."""

LEVELS = {"P": Level.PROVINCE, "D": Level.DISTRICT, "E": Level.DISTRICT}
UNIT_ROLES = tuple(role for role in Role if role is not Role.SYSTEM_ADMIN)


BUILT: dict[str, "World"] = {}
"""What :func:`fill_world` has built in this process, by the kind of database."""


@dataclass(frozen=True)
class Step:
    """One event of a trail: the act, the state it led to, and whose it is."""

    act: Act
    to: Status
    role: Role
    above: bool = False

    @property
    def private(self) -> bool:
        return self.act in {Act.START, Act.SEND_FOR_CLEARANCE, Act.GIVE_OPINION}


_START = Step(Act.START, Status.DRAFT, Role.CLERK)
_SEND = Step(Act.SEND_FOR_CLEARANCE, Status.CLEARANCE, Role.CLERK)
_SUBMIT = Step(Act.SUBMIT, Status.SUBMITTED, Role.LEADER)
_OPEN = Step(Act.OPEN, Status.REVIEW, Role.SPECIALIST, above=True)
_APPRAISE = Step(Act.GIVE_OPINION, Status.REVIEW, Role.SPECIALIST, above=True)
_RETURN = Step(Act.RETURN, Status.RETURNED, Role.SPECIALIST, above=True)
_APPROVE = Step(Act.APPROVE, Status.APPROVED, Role.LEADER, above=True)
_ISSUE = Step(Act.ISSUE, Status.ISSUED, Role.LEADER)
_REVOKE = Step(Act.REVOKE, Status.REVOKED, Role.LEADER)

TRAILS = {
    Status.DRAFT: (_START,),
    Status.CLEARANCE: (_START, _SEND),
    Status.SUBMITTED: (_START, _SEND, _SUBMIT),
    Status.REVIEW: (_START, _SEND, _SUBMIT, _OPEN, _APPRAISE),
    Status.RETURNED: (_START, _SEND, _SUBMIT, _OPEN, _RETURN),
    Status.APPROVED: (_START, _SEND, _SUBMIT, _OPEN, _APPROVE),
    Status.ISSUED: (_START, _SEND, _SUBMIT, _OPEN, _APPROVE, _ISSUE),
    Status.REVOKED: (_START, _SEND, _SUBMIT, _OPEN, _APPROVE, _ISSUE, _REVOKE),
}
TOP_TRAIL = (_START, _SEND, _ISSUE)
"""A province's plan goes to nobody: its leader issues it."""

PLANS = (
    *(("A", status, PLAN) for status in Status),
    ("B", Status.SUBMITTED, PLAN),
    ("B", Status.ISSUED, PLAN),
    ("C", Status.APPROVED, PLAN),
    ("D", Status.DRAFT, PLAN),
    ("D", Status.ISSUED, PLAN),
    ("E", Status.ISSUED, PLAN),
    ("P", Status.ISSUED, PLAN),
    ("D", Status.SUBMITTED, SYNTHESIS),
)
"""Unit, state and kind; the synthesis is named ``D.synthesis``."""


@dataclass
class World:
    """What there is, by name."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    """In each role at each unit, as ``clerk@A``, and ``system_admin``."""

    periods: dict[Status, Period] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    revisions: dict[str, Revision] = field(default_factory=dict)
    names: dict[tuple[str, tuple[Any, ...]], str] = field(default_factory=dict)
    """The name of each row, by its table and primary key."""

    programme: Programme = field(init=False)
    phases: dict[Status, Phase] = field(default_factory=dict)
    indicator: Indicator = field(init=False)

    session: Session | None = field(default=None, repr=False)
    """Only while the world is being built."""

    def add(self, name: str, row: Base) -> None:
        """Insert a row under a name."""
        self.session.add(row)
        self.session.flush()
        self.names[row.__tablename__, inspect(row).identity] = name

    def scope(self, who: str) -> Scope:
        return Scope.of(self.actors[who])


def build_world(session: Session) -> World:
    """Insert the world and flush; the caller commits.

    What is handed out is detached from the session: good for ids, names and states, and no scope
    finds it in the identity map.
    """
    world = World(session=session)
    with system(session, Purpose.LOAD):
        for name, parent in UNITS.items():
            _unit(world, name, parent)
        _programme(world)
        _people(world)
        for unit, status, kind in PLANS:
            _document(world, unit, status, kind)
        _appraisal(world)
        _attached(world)
        _handed_down(world)
        _papers(world)
        _settings(world)
        _mail(world)
        _sign_in(world)
        _standing_in(world)
        _in_the_background(world)
    session.expunge_all()
    world.session = None
    return world


def fill_world(app: Flask) -> None:
    """Fill a database with the world: the dataset of that name."""
    with app.app_context(), Session(db.engine) as session:
        world = BUILT[db.engine.dialect.name] = build_world(session)
        session.commit()
        _name_chains(world, session)


def _name_chains(world: World, session: Session) -> None:
    """Name each chain by its unit, that of no unit `none`, and each link by its number in it."""
    names = {unit.id: name for name, unit in world.units.items()} | {OF_NO_UNIT: "none"}
    with system(session, Purpose.LOAD):
        for head in session.scalars(select(TrailHead)):
            world.names["trail_head", (head.chain,)] = names[head.chain]
        for link in session.scalars(select(TrailLink)):
            world.names["trail_link", (link.key,)] = f"{names[link.chain]}:{link.seq}"


def world_in(session: Session) -> World:
    """The world in a database that was copied from the dataset."""
    return BUILT[session.get_bind().dialect.name]


# --- Units, people, programme -------------------------------------------------------------


def _unit(world: World, name: str, parent: str) -> None:
    above = world.units.get(parent)
    unit = Unit(
        level=LEVELS.get(name, Level.COMMUNE),
        type="đơn vị",
        name=name,
        code=name,
        valid_from=FIRST_DAY,
        parent_id=above.id if above else None,
        path="",
    )
    world.units[name] = unit
    world.add(name, unit)
    unit.path = f"{above.path if above else ''}{unit.id}."
    world.add(
        name, Office(unit_id=unit.id, function=OfficeFunction.SOCIAL, name="Phòng Văn hóa - Xã hội")
    )


def _people(world: World) -> None:
    for unit in UNITS:
        for role in UNIT_ROLES:
            _person(world, f"{role}@{unit}", role, world.units[unit])
    _person(world, "system_admin", Role.SYSTEM_ADMIN, None)


def _person(world: World, who: str, role: Role, unit: Unit | None) -> None:
    person = Person(name=who, created_at=NOON)
    world.people[who] = person
    world.add(who, person)
    email = f"{who.replace('@', '.')}@example.test".lower()
    world.add(who, Credential(person_id=person.id, email=email))
    assignment = RoleAssignment(person=person, unit=unit, role=role, valid_from=FIRST_DAY)
    world.add(who, assignment)
    world.actors[who] = Actor.of(assignment)


def _programme(world: World) -> None:
    programme = Programme(
        code="1336",
        name_vi="Chương trình",
        name_en="Programme",
        decision="1336/QĐ-TTg",
        starts_on=FIRST_DAY,
        ends_on=date(2025, 12, 31),
    )
    world.programme = programme
    world.add("1336", programme)
    part = {"programme_id": programme.id, "ordinal": 1}
    world.add("income", Area(**part, code="income", name_vi="Tăng thu nhập", name_en="Income"))
    world.indicator = Indicator(
        **part,
        code="clubs",
        topic="clubs",
        label_vi="Câu lạc bộ",
        label_en="Clubs",
        unit_vi="câu lạc bộ",
        unit_en="clubs",
        measure=Measure.COUNT,
        roll_up=RollUp.SUM,
    )
    world.add("clubs", world.indicator)
    swapped = CalendarDay(day=date(2021, 9, 3), works=False, name="Hoán đổi ngày nghỉ")
    world.add("2021-09-03", swapped)
    for status in Status:
        _period(world, status)


def _period(world: World, status: Status) -> None:
    days = {"starts_on": FIRST_DAY, "ends_on": date(2021, 12, 31)}
    period = Period(programme_id=world.programme.id, code=status.value, **days)
    world.periods[status] = period
    world.add(status.value, period)
    phase = Phase(period_id=period.id, ordinal=1, code="all", **days)
    world.phases[status] = phase
    world.add(status.value, phase)


# --- Documents --------------------------------------------------------------------------------


def _document(world: World, name: str, status: Status, kind: Kind) -> None:
    unit, trail = world.units[name], TRAILS[status] if UNITS[name] else TOP_TRAIL
    acts = {step.act for step in trail}
    sent = 1 if acts & {Act.SUBMIT, Act.ISSUE} else None
    document = Document(
        unit_id=unit.id,
        unit_path=unit.path,
        programme_id=world.programme.id,
        period_id=world.periods[status].id,
        kind=kind,
        status=status,
        status_since=NOON,
        lock_version=len(trail),
        mode=Mode.APPROVE if unit.parent_id else Mode.FINAL,
        next_unit_id=unit.parent_id,
        head_number=2 if status is Status.RETURNED else 1,
        sent_number=sent,
        released_number=1 if Act.APPROVE in acts and status is not Status.REVOKED else None,
        in_force_number=1 if status is Status.ISSUED else None,
        created_at=NOON,
    )
    title = f"{name}.{status if kind is PLAN else kind}"
    world.documents[title] = document
    world.add(title, document)
    _road(world, title, document)
    first = _revision(world, title, 1)
    if sent:
        _send(world, first, acts)
    if status is Status.RETURNED:
        _revision(world, title, 2)
    _events(world, title, trail)


def _road(world: World, title: str, document: Document) -> None:
    places = [title[0], *_above(title[0])]
    for ordinal, place in enumerate(places):
        step = DocumentStep(
            document_id=document.id,
            ordinal=ordinal,
            unit_id=world.units[place].id,
            mode=Mode.APPROVE if ordinal else Mode.FINAL,
        )
        world.add(title, step)


def _above(unit: str) -> Iterator[str]:
    while unit := UNITS[unit]:
        yield unit


def _revision(world: World, title: str, number: int) -> Revision:
    document, name = world.documents[title], f"{title}/{number}"
    editor = world.people[f"{_role(document, _START)}@{title[0]}"]
    revision = Revision(
        document_id=document.id,
        number=number,
        unit_id=document.unit_id,
        unit_path=document.unit_path,
        next_unit_id=document.next_unit_id,
        created_at=NOON,
    )
    world.revisions[name] = revision
    world.add(name, revision)
    target = Target(
        revision_id=revision.id,
        line_key="clubs/all",
        indicator_id=world.indicator.id,
        phase_id=world.phases[document.status].id,
        value_min=7,
        edited_at=NOON,
        edited_by_id=editor.id,
    )
    world.add(name, target)
    world.add(name, Section(revision_id=revision.id, line_key="aim", ordinal=1, title="Mục tiêu"))
    world.add(name, RevisionEditor(revision_id=revision.id, person_id=editor.id))
    _checked(world, name, editor)
    if document.kind is SYNTHESIS:
        _receipts(world, name)
    return revision


def _checked(world: World, name: str, editor: Person) -> None:
    """A line of a part, what a check says of it, why it stays so, and that it may be changed."""
    here = {"revision_id": world.revisions[name].id}
    about = {"code": "V03", "place": "budget-1"}
    line = {"line_key": "budget-1", "part": Part.BUDGET, "data": {"activity": "Tập huấn"}}
    world.add(name, PartLine(**here, **line, edited_at=NOON, edited_by_id=editor.id))
    value = {"line_key": "clubs", "indicator_id": world.indicator.id, "value": 7}
    world.add(name, ReportValue(**here, **value, edited_at=NOON, edited_by_id=editor.id))
    item = {"line_key": "request-1", "kind": ReportItemKind.REQUEST, "text": "Đề nghị tập huấn."}
    world.add(name, ReportItem(**here, **item, edited_at=NOON, edited_by_id=editor.id))
    message = {"text": "Chưa ghi số tiền."}
    found = {"severity": Severity.WARNING, "said": message, "remedy": message, "found_at": NOON}
    world.add(name, KeptFinding(**here, **about, **found))
    why = {"text": "Cấp trên chưa phân bổ.", "person_id": editor.id, "given_at": NOON}
    world.add(name, Explanation(**here, **about, **why))
    world.add(name, UnlockedLine(**here, line_key="budget-1", unlocked_at=NOON))


def _receipts(world: World, name: str) -> None:
    """A's approved plan is in it, B is missing."""
    revision = world.revisions[name]
    taken = world.revisions["A.approved/1"]
    what = {"document_id": taken.document_id, "number": taken.number, "sha256": taken.sha256}
    world.add(name, Receipt(revision_id=revision.id, unit_id=taken.unit_id, **what))
    world.add(name, Receipt(revision_id=revision.id, unit_id=world.units["B"].id))


def _send(world: World, revision: Revision, acts: set[Act]) -> None:
    """Freeze a revision and mark how far its plan has come."""
    revisions.freeze(world.session, revision, NOON)
    revision.submitted_at = NOON
    if Act.APPROVE in acts:
        revision.released_at = NOON
    if Act.ISSUE in acts:
        revision.document_number = f"{revision.id}/KH-UBND"
        revision.issued_on, revision.issued_at = DAY, NOON
        revision.sign_form = SignForm.TM
    world.session.flush()


def _role(document: Document, step: Step) -> Role:
    """A synthesis is drafted by the specialist."""
    drafts = step.role is Role.CLERK and document.kind is SYNTHESIS
    return Role.SPECIALIST if drafts else step.role


def _events(world: World, title: str, trail: Iterable[Step]) -> None:
    document, before = world.documents[title], None
    for seq, step in enumerate(trail, start=1):
        role = _role(document, step)
        place = UNITS[title[0]] if step.above else title[0]
        event = Event(
            document_id=document.id,
            seq=seq,
            action=step.act.value,
            from_status=before,
            to_status=step.to,
            revision_number=2 if step.act is Act.RETURN else 1,
            at=NOON,
            person_id=world.people[f"{role}@{place}"].id,
            role=role,
            unit_id=world.units[place].id,
            private=step.private,
        )
        world.add(f"{title}#{seq}", event)
        before = step.to


# --- What hangs on documents and units --------------------------------------------------------


def _appraisal(world: World) -> None:
    """The district's opinions and remarks: kept back under review, published afterwards."""
    specialist, district = world.people["specialist@D"], world.units["D"]
    by = {"person_id": specialist.id, "unit_id": district.id}
    for name, published in (("A.review/1", None), ("A.returned/1", NOON), ("A.approved/1", NOON)):
        said = {"revision_id": world.revisions[name].id, "published_at": published, **by}
        opinion = {"aspect": Aspect.CONTENT, "verdict": Verdict.AGREE, "given_at": NOON}
        world.add(name, Opinion(**said, **opinion))
        world.add(name, Remark(**said, text="Nêu rõ nguồn số liệu.", created_at=NOON))


def _attached(world: World) -> None:
    """Files of plans, of the district's remarks, and of what a unit has asked for."""
    clerk, specialist = ("A", "clerk@A"), ("D", "specialist@D")
    remarks = {name: _row(world, "remark", f"{name}/1") for name in ("A.review", "A.returned")}
    request = {"event_id": _row(world, "event", "A.review#3")}
    for name, place, (unit, who) in (
        ("A.draft+", {}, clerk),
        ("A.review+", {}, clerk),
        ("A.approved+", {}, clerk),
        ("A.returned+2", {"from_number": 2}, clerk),
        ("A.review+request", request, clerk),
        ("A.review+remark", {"remark_id": remarks["A.review"]}, specialist),
        ("A.returned+remark", {"remark_id": remarks["A.returned"]}, specialist),
    ):
        file = {"name": f"{name}.pdf", "media_type": "application/pdf", "size": 7}
        attachment = Attachment(
            document_id=world.documents[name.partition("+")[0]].id,
            unit_id=world.units[unit].id,
            person_id=world.people[who].id,
            sha256="a" * 64,
            added_at=NOON,
            **{"from_number": 1, **file, **place},
        )
        world.add(name, attachment)


def _row(world: World, table: str, name: str) -> int:
    """Find the number of a row by its name."""
    return next(
        identity[0]
        for (of, identity), called in world.names.items()
        if (of, called) == (table, name)
    )


def _handed_down(world: World) -> None:
    phase = world.phases[Status.ISSUED]
    for giver, units in (("D", "AB"), ("P", "DE")):
        for unit in units:
            quota = Quota(
                document_id=world.documents[f"{giver}.issued"].id,
                unit_id=world.units[unit].id,
                indicator_id=world.indicator.id,
                phase_id=phase.id,
                value=3,
            )
            world.add(f"{giver}→{unit}", quota)
            _move(world, f"{giver}→{unit}", quota, 1, Move.HAND_DOWN, f"specialist@{giver}")
            if unit == "A":
                _move(world, "A→D", quota, 2, Move.COUNTER, "clerk@A")
        _allotment(world, giver)
    for setter, unit in (("P", ""), ("D", ""), ("D", "A"), ("D", "B"), ("E", "")):
        deadline = Deadline(
            setter_id=world.units[setter].id,
            unit_id=world.units[unit].id if unit else None,
            period_id=world.periods[Status.DRAFT].id,
            kind=PLAN,
            due_on=date(2021, 6, 30),
        )
        world.add(f"{setter}→{unit or 'all'}", deadline)


def _move(world: World, name: str, quota: Quota, seq: int, move: Move, who: str) -> None:
    by = {"unit_id": world.actors[who].unit_id, "person_id": world.people[who].id, "at": NOON}
    world.add(name, QuotaMove(quota_id=quota.id, seq=seq, move=move, value=3, **by))


def _allotment(world: World, giver: str) -> None:
    """How the giver's issued plan split what it hands down."""
    title, phase = f"{giver}.issued", world.phases[Status.ISSUED]
    place = {"indicator_id": world.indicator.id, "phase_id": phase.id}
    split = {"rule": SplitRule.EQUAL, "total": 6, "handed_at": NOON}
    world.add(title, Allotment(document_id=world.documents[title].id, **place, **split))


def _papers(world: World) -> None:
    """A paper for each revision that is issued, handed over and back signed; one entered by hand;
    one that is not in the register yet.
    """
    issued = [name for name, one in world.revisions.items() if one.issued_at]
    for place, name in enumerate([*issued, "A.approved/1"], start=1):
        _paper(world, name, None if name == "A.approved/1" else place)
    by_hand = OfficialPaper(
        unit_id=world.units["A"].id,
        **{"letters": "TB", "subject": "Thông báo lịch trực", "created_at": NOON},
        **{"number": 1, "symbol": "TB-UBND", "written": "01/TB-UBND", "year": 2021},
        **{"issued_on": DAY, "registered_at": NOON},
    )
    world.add("A.byhand", by_hand)


def _paper(world: World, name: str, number: int | None) -> None:
    revision, unit = world.revisions[name], name[0]
    numbered = {"number": number, "symbol": "KH-UBND", "written": f"{number or 0:02}/KH-UBND"}
    entered = {"year": 2021, "issued_on": DAY, "registered_at": NOON}
    paper = OfficialPaper(
        unit_id=revision.unit_id,
        document_id=revision.document_id,
        revision_id=revision.id,
        **{"letters": "KH", "subject": "Kế hoạch năm 2021", "created_at": NOON},
        **({**numbered, **entered} if number else {}),
    )
    world.add(name, paper)
    role = {"D": "specialist", "P": "specialist", "E": "specialist"}.get(unit, "clerk")
    by = {"unit_id": revision.unit_id, "person_id": world.people[f"{role}@{unit}"].id, "at": NOON}
    prints = dict.fromkeys(("package_sha256", "pdf_sha256", "word_sha256"), "0" * 64)
    package = {"has_number": False, "size": 1000, "pages": 2, **prints}
    world.add(name, HandOver(paper_id=paper.id, **by, **package))
    if number:
        file = {"file_name": "ky.pdf", "sha256": "1" * 64, "size": 1000}
        world.add(name, SignedCopy(paper_id=paper.id, **by, **file))


def _agency_code(world: World, name: str) -> None:
    code = AgencyCode(
        unit_id=world.units[name].id,
        name="",
        scheme=CodeScheme.QD20,
        code=f"H61.{ord(name)}",
        valid_from=DAY,
        created_at=NOON,
    )
    world.add(name, code)


def _settings(world: World) -> None:
    for name, unit in world.units.items():
        world.add(name, UnitSettings(unit_id=unit.id))
        _agency_code(world, name)
        why = {"reason": "Đơn vị chưa có khoản chi", "switched_at": NOON}
        administrator = world.people[f"unit_admin@{name}"].id
        switch = CheckSwitch(unit_id=unit.id, code="V03", person_id=administrator, **why)
        world.add(name, switch)
        if unit.parent_id:
            for period in world.periods.values():
                part = Participation(period_id=period.id, unit_id=unit.id, parent_id=unit.parent_id)
                world.add(name, part)
                came = {"act": ParticipationAct.JOIN, "moved_on": period.starts_on, "at": NOON}
                place = {"period_id": period.id, "unit_id": unit.id, "parent_id": unit.parent_id}
                world.add(name, ParticipationMove(**place, **came))
        if unit.level is not Level.COMMUNE:
            received = {"unit_id": unit.id, "programme_id": world.programme.id}
            world.add(name, Reception(**received, kind=PLAN, mode=Mode.APPROVE))
    lineage = {"from_unit_id": world.units["B"].id, "to_unit_id": world.units["A"].id}
    world.add("B→A", UnitLineage(**lineage, share="part"))


def _mail(world: World) -> None:
    for who, kind in (
        ("clerk@A", "return"),
        ("leader@A", "password_reset"),
        ("clerk@B", "return"),
        ("specialist@D", "submit"),
        ("system_admin", "password_reset"),
    ):
        message = OutboxMessage(
            person_id=world.people[who].id,
            unit_id=world.actors[who].unit_id,
            kind=kind,
            created_at=NOON,
            due_at=NOON,
        )
        world.add(who, message)


def _sign_in(world: World) -> None:
    person_id = world.people["leader@A"].id
    later = NOON + timedelta(hours=1)
    reset = PasswordReset(
        person_id=person_id, token_hash="0" * 64, created_at=NOON, expires_at=later
    )
    world.add("leader@A", reset)
    change = AddressChange(
        person_id=person_id,
        old_email="leader.a@example.test",
        new_email="new.leader.a@example.test",
        old_token_hash="1" * 64,
        new_token_hash="2" * 64,
        created_at=NOON,
        expires_at=later,
    )
    world.add("leader@A", change)
    for who, unit, role in (
        ("unit_admin@A", "A", Role.CLERK),
        ("unit_admin@D", "D", Role.CLERK),
        ("system_admin", "", Role.SYSTEM_ADMIN),
    ):
        invitation = Invitation(
            unit_id=world.units[unit].id if unit else None,
            email=f"invited.{unit or 'system'}@example.test".lower(),
            name="Cán bộ mới",
            role=role,
            valid_from=DAY,
            token_hash=(unit or "S") * 64,
            created_at=NOON,
            expires_at=NOON + timedelta(days=7),
            mailed_at=NOON,
            invited_by_id=world.people[who].id,
        )
        world.add(unit or "system", invitation)
    world.add("leader@A", LoginAttempt(key="account:leader@A", at=NOON))
    signed_in = UserSession(
        person_id=person_id,
        token_hash="0" * 64,
        created_at=NOON,
        ends_at=later,
        browser="Firefox, Windows",
        address="203.0.113.9",
    )
    world.add("leader@A", signed_in)
    made = {"salt": "0", "made_at": NOON}  # never confirmed: nobody is asked for it
    world.add("observer@B", SecondFactor(person_id=world.people["observer@B"].id, **made))
    spare = RecoveryCode(person_id=world.people["observer@B"].id, code_hash="0" * 64)
    world.add("observer@B", spare)
    for who, unit in (("unit_admin@A", "A"), ("unit_admin@D", "D"), ("system_admin", "")):
        entry = AuditEntry(
            unit_id=world.units[unit].id if unit else None,
            person_id=world.people[who].id,
            at=NOON,
            what="settings",
        )
        world.add(who, entry)


def _standing_in(world: World) -> None:
    """The leaders of A and D have had their clerk and their specialist sign for them for a week."""
    for unit, receiver in (("A", "clerk@A"), ("D", "specialist@D")):
        who = {"giver_id": world.people[f"leader@{unit}"].id, "created_at": NOON}
        decision = {"number": "12/QĐ-UBND", "decided_on": DAY, "starts_on": DAY}
        delegation = Delegation(
            unit_id=world.units[unit].id,
            receiver_id=world.people[receiver].id,
            form=SignForm.KT,
            subject=Subject.ALL,
            ends_on=DAY + timedelta(days=6),
            created_by_id=world.people[f"leader@{unit}"].id,
            **who,
            **decision,
        )
        world.add(receiver, delegation)


def _on_the_way(world: World, person_id: int) -> None:
    """A workbook is looked over, another was sent by D, a sheet is known, a long job is done."""
    place = {"unit_id": world.units["A"].id, "document_id": world.documents["A.draft"].id}
    stamps = {"created_at": NOON, "expires_at": NOON + timedelta(days=14)}
    book = {"file_name": "ke-hoach.xlsx", "book": {"sheets": []}, "seal": {}}
    world.add("clerk@A", WorkbookUpload(created_by_id=person_id, **place, **stamps, **book))
    sender = world.people["specialist@D"].id
    sent = WorkbookUpload(created_by_id=sender, offered_by="huyện D", **place, **stamps, **book)
    world.add("D>A", sent)
    text = {"period_id": world.periods[Status.DRAFT].id, "file_name": "ke-hoach.docx", "text": "–"}
    reading = ReadingUpload(unit_id=place["unit_id"], created_by_id=person_id, **stamps, **text)
    world.add("clerk@A", reading)
    clubs = {"file_name": "cau-lac-bo.xlsx", "created_by_id": person_id}
    world.add("clerk@A", ClubList(unit_id=place["unit_id"], **clubs, **stamps))
    known = {"confirmed_at": NOON, "confirmed_by_id": person_id, "columns": {}, "rows": {}}
    world.add("A", SheetMatch(unit_id=place["unit_id"], fingerprint="0" * 64, **known))
    job = LongJob(kind="pack_out", person_id=sender, unit_id=world.units["D"].id, **stamps)
    world.add("specialist@D", job)


def _clubs(world: World) -> None:
    """A and B each have a club with a key and a corrected book; the province has a regime."""
    for name in "AB":
        place = {"unit_id": world.units[name].id, "unit_path": world.units[name].path}
        club = Club(name="Liên thế hệ", number=1, founded_on=FIRST_DAY, created_at=NOON, **place)
        world.add(name, club)
        person_id = world.people[f"clerk@{name}"].id
        of_club = {"club_id": club.id, "person_id": person_id}
        founded = {"act": ClubAct.FOUND, "moved_on": FIRST_DAY, "at": NOON}
        world.add(name, ClubMove(**of_club, **place, **founded))
        secrets = {"token_hash": name * 64, "code_hash": "0" * 64, "created_at": NOON}
        world.add(name, ClubKey(**of_club, unit_id=place["unit_id"], **secrets))
        book = ClubBook(**of_club, **place, month=FIRST_DAY, members=50, saved_at=NOON)
        world.add(name, book)
        data = {"book_id": book.id, "data": {"members": [51, 50]}, "at": NOON}
        world.add(name, ClubBookChange(**place, **data, person_id=person_id))
    of_province = {"unit_id": world.units["P"].id}
    regime = ReportRegime(
        programme_id=world.programme.id,
        name="6 tháng",
        frequency=Frequency.HALF_YEAR,
        created_at=NOON,
        **of_province,
    )
    world.add("P", regime)
    card = {"programme_id": world.programme.id, "data": {}, "changed_at": NOON}
    world.add("P", ScoreCard(**of_province, **card))
    period_id = world.periods[Status.DRAFT].id
    window = {"regime_id": regime.id, "period_id": period_id, "plan_period_id": period_id}
    world.add("P", ReportWindow(**of_province, **window, own_due_on=DAY, opened_at=NOON))


def _requests(world: World) -> None:
    """Of A's requests one waits at D, another went on to P; B's waits at D."""
    for name, title, holder in (
        ("A.open", "A.issued", "D"),
        ("A.up", "A.approved", "P"),
        ("B.open", "B.issued", "D"),
    ):
        document, above = world.documents[title], world.units[holder]
        place = {"unit_id": document.unit_id, "unit_path": document.unit_path}
        request = ReportRequest(
            **place,
            document_id=document.id,
            programme_id=document.programme_id,
            period_id=document.period_id,
            kind=document.kind,
            line_key="r1",
            text="Tập huấn cho Ban chủ nhiệm",
            held_by_id=above.id,
            top_path=above.path,
            owed_by_id=above.id,
            owed_since=NOON,
            raised_at=NOON,
        )
        world.add(name, request)
        _step(world, name, request, RequestStep.RAISE, f"clerk@{name[0]}", "D")
        if holder == "P":
            _step(world, f"{name}/2", request, RequestStep.FORWARD, "specialist@D", "P")


def _step(
    world: World, name: str, request: ReportRequest, step: RequestStep, who: str, to: str
) -> None:
    by = {"unit_id": world.actors[who].unit_id, "person_id": world.people[who].id, "at": NOON}
    seq = 1 if step is RequestStep.RAISE else 2
    of = {"request_id": request.id, "seq": seq, "step": step, "to_unit_id": world.units[to].id}
    world.add(name, RequestMove(**of, **by))


def _visits(world: World) -> None:
    """A visits its own club, D that of A, where it finds something, and P that of B."""
    for visitor, who, commune in (
        ("A", "clerk@A", "A"),
        ("D", "specialist@D", "A"),
        ("P", "specialist@P", "B"),
    ):
        by = {"unit_id": world.units[visitor].id, "person_id": world.people[who].id}
        visit = Visit(**by, planned_on=DAY, visitors="Phòng LĐ-TB&XH", created_at=NOON)
        world.add(visitor, visit)
        at = {"visit_id": visit.id, "club_id": _row(world, "club", commune)}
        world.add(visitor, VisitedClub(**at, unit_id=by["unit_id"]))
        if visitor == "D":
            said = {"text": "Sổ quỹ chưa ghi", "mender": Mender.CLUB, "due_on": DAY}
            finding = VisitFinding(**by, **at, **said, created_at=NOON)
            world.add("D", finding)
            mended = {"step": FindingStep.MEND, "seq": 1, "done_on": DAY, "due_on": DAY, "at": NOON}
            there = {"unit_id": world.units["A"].id, "person_id": world.people["clerk@A"].id}
            world.add("D", FindingMove(finding_id=finding.id, **mended, **there))


def _in_the_background(world: World) -> None:
    """A calendar reads deadlines, a list of people is being mended, the tick has run."""
    person_id = world.people["clerk@A"].id
    world.add("clerk@A", CalendarFeed(person_id=person_id, token_hash="0" * 64, created_at=NOON))
    roster = Roster(
        unit_id=world.units["A"].id,
        created_by_id=world.people["unit_admin@A"].id,
        created_at=NOON,
        expires_at=NOON + timedelta(days=14),
        file_name="nguoi.xlsx",
    )
    world.add("unit_admin@A", roster)
    for who in ("clerk@A", "unit_admin@D"):
        packet = ExchangePacket(
            unit_id=world.units[who[-1]].id,
            kind=PacketKind.NEW,
            at=NOON,
            person_id=world.people[who].id,
            file_name="den.edxml",
            sha256="0" * 64,
            size=1,
        )
        world.add(who, packet)
    template = PaperTemplate(
        unit_id=world.units["A"].id,
        person_id=world.people["unit_admin@A"].id,
        layout=PaperLayout.NAMED,
        sha256="b" * 64,
        file_name="mau.docx",
        uploaded_at=NOON,
    )
    world.add("A", template)
    _on_the_way(world, person_id)
    _clubs(world)
    _requests(world)
    _visits(world)
    world.add("tick", JobRun(name="tick", started_at=NOON, finished_at=NOON))
