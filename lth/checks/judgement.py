"""Judge a plan by its checks as it is written, and keep what they said when it went up.

What a unit has switched off is left out; an error never is. A warning wants an explanation, which
is kept by check and place with what the check said, copied with each new revision and read above.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Select, Text, cast, insert, literal, null, select, union_all
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.checks import CHECKS, Finding, loading, run
from lth.content.model import Content
from lth.core.errors import BlockedError, NotFoundError, StaleError
from lth.core.i18n import N_, Message, pack, unpack
from lth.core.vietnamese import plain_text
from lth.models import CheckSwitch, Document, Explanation, KeptFinding, Revision
from lth.models.base import Word
from lth.models.document import Mode
from lth.models.finding import Severity, Stage
from lth.workflow import writing

LONGEST_EXPLANATION = 4000

Place = tuple[str, str]
"""Where an explanation belongs: the code of a check and the key of what it speaks about."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person wrote: an explanation, or why a check is off.

    `answers` are the packed messages that an explanation was given to.
    """

    text: str
    by: str
    at: datetime
    answers: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Notes:
    """What is written down beside a revision: explanations, checks that its unit has off, and the
    findings of when it was sent.
    """

    explanations: Mapping[Place, Note] = field(default_factory=dict)
    off: Mapping[str, Note] = field(default_factory=dict)
    kept: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding and what was answered to it."""

    finding: Finding
    note: Note | None = None

    @property
    def outdated(self) -> bool:
        """Tell whether it says something else than when it was explained: other figures, say."""
        return self.note is not None and pack(self.finding.said) not in self.note.answers

    @property
    def unexplained(self) -> bool:
        """Tell whether it is a warning that nobody has answered as it stands now."""
        warns = self.finding.severity is Severity.WARNING
        return warns and (self.note is None or self.outdated)


@dataclass(frozen=True)
class Judgement:
    """All that the checks say of a revision, the errors first; `off` is what they were not asked.

    `standing` where the revision is sent: its findings are those of that day.
    """

    items: tuple[JudgedFinding, ...] = ()
    off: Mapping[str, Note] = field(default_factory=dict)
    standing: bool = False

    def of(self, severity: Severity) -> list[JudgedFinding]:
        return [item for item in self.items if item.finding.severity is severity]

    @property
    def errors(self) -> list[JudgedFinding]:
        return self.of(Severity.ERROR)

    @property
    def warnings(self) -> list[JudgedFinding]:
        return self.of(Severity.WARNING)

    @property
    def unexplained(self) -> list[JudgedFinding]:
        return [item for item in self.items if item.unexplained]


def stage_of(document: Document) -> Stage:
    """Return the last stage that a plan's own unit answers for: it submits, or issues by itself."""
    return Stage.SUBMIT if document.mode is Mode.APPROVE else Stage.ISSUE


def findings(
    session: Session, document: Document, revision: Revision, scope: Scope, stage: Stage
) -> list[Finding]:
    """List what the checks of a stage say of a revision now, without those its unit has off."""
    written = notes(session, document, revision)
    content = loading.content_of(session, document, revision, scope)
    return run(content, stage, written.off)


def report(session: Session, document: Document, revision: Revision, scope: Scope) -> Judgement:
    """The findings of a revision with their explanations, in six queries.

    Of a sent revision those kept with it, in one. The caller has checked the scope.
    """
    written = notes(session, document, revision)
    if revision.frozen_at is not None:
        return standing(written)
    content = loading.content_of(session, document, revision, scope)
    return judged(content, written, stage_of(document))


def judged(content: Content, written: Notes, stage: Stage) -> Judgement:
    """Return the report of a document that is being written."""
    return Judgement(_answered(run(content, stage, written.off), written), written.off)


def standing(written: Notes) -> Judgement:
    """Return the report of a revision that was sent, as it stood then."""
    return Judgement(_answered(written.kept, written), written.off, standing=True)


def answered(found: Iterable[Finding], written: Notes) -> Judgement:
    """Return the report of findings that another room made of a document, with what was said."""
    return Judgement(_answered(found, written))


def _answered(found: Iterable[Finding], written: Notes) -> tuple[JudgedFinding, ...]:
    return tuple(
        JudgedFinding(one, written.explanations.get((one.code, one.place))) for one in found
    )


# --- What is kept -------------------------------------------------------------------------


def keep(session: Session, revision: Revision, found: Iterable[Finding], now: datetime) -> None:
    """Keep what the checks say of a revision that is about to be sent."""
    rows = [
        {
            "revision_id": revision.id,
            "code": finding.code,
            "severity": finding.severity,
            "place": finding.place,
            "said": pack(finding.said),
            "remedy": pack(finding.remedy),
            "found_at": now,
        }
        for finding in found
    ]
    if rows:
        session.execute(insert(KeptFinding), rows)


def notes(session: Session, document: Document, revision: Revision) -> Notes:
    """Say what is written beside a revision, in one query; the caller has checked the scope."""
    explanations: dict[Place, Note] = {}
    off: dict[str, Note] = {}
    kept: list[Finding] = []
    for row in session.execute(_beside(document, revision.id)):
        if row.what == "finding":
            kept.append(_kept(row))
        elif row.what == "switch":
            off[row.code] = Note(row.text, row.name or "", row.at)
        else:
            note = Note(row.text, row.name or "", row.at, tuple(row.said))
            explanations[row.code, row.place] = note
    return Notes(explanations, off, tuple(kept))


def _beside(document: Document, revision_id: int) -> Select[Any]:
    """Three tables in one reading: the drafting page has no more than a dozen queries for all that
    it shows.
    """
    arms = [
        _arm(
            "finding",
            KeptFinding.id,
            KeptFinding.code,
            KeptFinding.place,
            KeptFinding.found_at,
            severity=KeptFinding.severity,
            said=KeptFinding.said,
            remedy=KeptFinding.remedy,
        ).where(KeptFinding.revision_id == revision_id),
        _arm(
            "explanation",
            literal(0),
            Explanation.code,
            Explanation.place,
            Explanation.given_at,
            said=Explanation.said,
            text=Explanation.text,
            name=Explanation.person_name,
        )
        .select_from(Explanation)
        .where(Explanation.revision_id == revision_id),
        _arm(
            "switch",
            literal(0),
            CheckSwitch.code,
            literal(""),
            CheckSwitch.switched_at,
            text=CheckSwitch.reason,
            name=CheckSwitch.person_name,
        )
        .select_from(CheckSwitch)
        .where(CheckSwitch.unit_id == document.unit_id),
    ]
    rows = union_all(*arms).subquery()
    return select(rows).order_by(rows.c.what, rows.c.ordinal, rows.c.code)


def _arm(what: str, ordinal: Any, code: Any, place: Any, at: Any, **more: Any) -> Select[Any]:
    """Return one table's rows with the columns of all."""
    types = {"severity": Word(Severity), "said": JSON(), "remedy": JSON(), "text": Text()}
    columns = {
        name: more.get(name, cast(null(), kind)) for name, kind in {**types, "name": Text()}.items()
    }
    return select(
        literal(what).label("what"),
        ordinal.label("ordinal"),
        code.label("code"),
        place.label("place"),
        at.label("at"),
        *(column.label(name) for name, column in columns.items()),
    )


def _kept(row: Any) -> Finding:
    name = CHECKS[row.code].name if row.code in CHECKS else ""
    return Finding(row.code, name, row.severity, row.place, unpack(row.said), unpack(row.remedy))


# --- Explaining ---------------------------------------------------------------------------


def explain(
    session: Session,
    actor: Actor,
    document_id: int,
    code: str,
    place: str,
    text: str,
    *,
    now: datetime,
    seen: datetime | None = None,
) -> None:
    """Say why a warning stands; an empty text takes back what was said. The caller commits.

    `seen` is when the explanation on the page was given, if there was one. Raises what
    `open_for_writing` raises, NotFoundError where the checks warn of no such thing, BlockedError
    for a text that cannot be kept and StaleError where somebody explained meanwhile.
    """
    document, revision = writing.open_for_writing(session, actor, document_id)
    said = plain_text(text).strip()
    _check_text(said, _explanation(session, revision, code, place))
    warned = _warned(session, document, revision, actor, code, place)
    write_explanation(session, actor, revision, code, place, text, warned, now=now, seen=seen)


def write_explanation(
    session: Session,
    actor: Actor,
    revision: Revision,
    code: str,
    place: str,
    text: str,
    warned: list[dict[str, Any]],
    *,
    now: datetime,
    seen: datetime | None,
) -> None:
    """Write what is said to findings (`warned`, packed) at a place of a revision that is open."""
    said = plain_text(text).strip()
    there = _explanation(session, revision, code, place)
    _check_text(said, there)
    if there is not None and there.text == said and all(one in there.said for one in warned):
        return
    if (there.given_at if there else None) != seen:
        raise _explained_meanwhile(there)
    if said and not warned:
        raise NotFoundError
    writing.count_edit(session, actor, revision, now)
    if there is None:
        there = Explanation(revision_id=revision.id, code=code, place=place)
    if said:
        there.text, there.said = said, warned
        there.person_id, there.person_name = actor.person_id, actor.person_name
        there.given_at = now
        session.add(there)
    else:
        session.delete(there)
    session.flush()


def _explanation(session: Session, revision: Revision, code: str, place: str) -> Explanation | None:
    statement = select(Explanation).where(
        Explanation.revision_id == revision.id,
        Explanation.code == code,
        Explanation.place == place,
    )
    return session.scalars(statement).first()


def _check_text(said: str, there: Explanation | None) -> None:
    if not said and there is None:
        raise BlockedError(Message(N_("Giải trình chưa có nội dung."), field="text"))
    if len(said) > LONGEST_EXPLANATION:
        message = N_("Giải trình dài quá %(most)s ký tự, hãy rút gọn.")
        raise BlockedError(Message(message, {"most": LONGEST_EXPLANATION}, field="text"))


def _warned(
    session: Session, document: Document, revision: Revision, actor: Actor, code: str, place: str
) -> list[dict[str, Any]]:
    """List what the check warns of at a place, packed."""
    found = findings(session, document, revision, Scope.of(actor), stage_of(document))
    return [
        pack(one.said)
        for one in found
        if (one.code, one.place) == (code, place) and one.severity is Severity.WARNING
    ]


def _explained_meanwhile(there: Explanation | None) -> StaleError:
    if there is None:
        message = N_("Có người vừa xóa giải trình này. Bấm Lưu lần nữa để ghi lại.")
        return StaleError(Message(message, field="text"))
    return StaleError(
        Message(
            N_("%(person)s vừa ghi giải trình này: “%(text)s”. Bấm Lưu lần nữa để ghi đè."),
            {"person": there.person_name, "text": there.text},
            field="text",
        )
    )
