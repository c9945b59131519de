"""Writing documents on the stage, through the operations of the drafting page."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lth import drafting, quotas
from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.checks import judgement, loading
from lth.content import targets
from lth.demo import parts as demo_parts
from lth.demo import prose
from lth.demo.contents import DemoTarget
from lth.demo.parts import Cited, PlanFacts
from lth.demo.stage import DemoStage
from lth.drafting import parts
from lth.models import Document, Indicator, PartLine, Quota, Revision, Section, Target
from lth.models.kind import Kind
from lth.models.programme import Measure, Period
from lth.models.quota import Move, SplitRule
from lth.programmes import catalogue
from lth.quotas import parent_plan
from lth.workflow import documents, writing
from lth.workflow.kinds import PLAN

SECTION_OF = {
    prose.PURPOSE: "s.purpose",
    prose.SCOPE: "s.scope",
    prose.ACTIVITIES: "s.tasks",
    prose.FUNDING: "s.funding",
    prose.DUTIES: "s.organisation",
}
"""The section that each topic of the narrative stands in."""

_PAUSE = timedelta(minutes=7)


class NotSavedError(RuntimeError):
    """A drafting page would have refused what the demo writes; the text says what and why."""


class Pen:
    """Writes what a clerk would type, line by line and section by section."""

    def __init__(self, stage: DemoStage, programme_id: int):
        self.stage = stage
        rows = catalogue.indicators(stage.session, programme_id)
        self._indicators: dict[str, Indicator] = {row.code: row for row in rows}

    def start(
        self,
        actor: Actor,
        period: Period,
        at: datetime,
        *,
        source: drafting.Source = drafting.Source.EMPTY,
        kind: Kind = PLAN,
    ) -> int:
        """Begin a document; returns the plan's id."""
        with self.stage.acting(actor) as session:
            return drafting.start(session, actor, period, kind, source=source, now=at).id

    def figures(
        self, actor: Actor, document_id: int, lines: Iterable[DemoTarget], at: datetime
    ) -> None:
        """Type targets, over what stands in their cells."""
        with self.stage.acting(actor) as session:
            seen = _versions(session, document_id, Target)
            edits = [self._edit(line, seen) for line in lines]
            result = drafting.save_targets(session, actor, document_id, edits, now=at)
        if not result.complete:
            said = {key: list(map(str, why.values())) for key, why in result.errors.items()}
            raise NotSavedError(
                f"targets of document {document_id}: {said or sorted(result.conflicts)}"
            )

    def parts(
        self,
        actor: Actor,
        document_id: int,
        facts: PlanFacts,
        at: datetime,
        *,
        with_money: bool = True,
    ) -> None:
        """Write papers, money, work and reports, in place of what the plan started with."""
        with self.stage.acting(actor) as session:
            document, revision = writing.open_for_writing(session, actor, document_id)
            cited = _cited(session, document, Scope.of(actor))
            session.execute(delete(PartLine).where(PartLine.revision_id == revision.id))
            written = demo_parts.of_document(replace(facts, above=cited), with_money=with_money)
            parts.put(session, revision, written)
            writing.count_edit(session, actor, revision, at)
            session.flush()

    def explain(
        self, actor: Actor, document_id: int, answers: Mapping[str, str], at: datetime
    ) -> None:
        """Answer each warning that the checks have left, by the check's code."""
        with self.stage.acting(actor) as session:
            for item in _unexplained(session, actor, document_id):
                code = item.finding.code
                if code not in answers:
                    raise NotSavedError(f"document {document_id}: {code} {item.finding.said}")
                place = item.finding.place
                judgement.explain(session, actor, document_id, code, place, answers[code], now=at)

    def text(self, actor: Actor, document_id: int, texts: Mapping[str, str], at: datetime) -> None:
        """Type sections by their key, a few minutes apart."""
        with self.stage.acting(actor) as session:
            seen = _versions(session, document_id, Section)
            for turn, (key, body) in enumerate(texts.items()):
                result = drafting.save_section(
                    session,
                    actor,
                    document_id,
                    key,
                    body,
                    seen=seen[key],
                    now=at + turn * _PAUSE,
                )
                if result.saved is None:
                    raise NotSavedError(f"section {key} of document {document_id}: {result}")

    def open(
        self, actor: Actor, document_id: int, keys: Iterable[str], reason: str, at: datetime
    ) -> None:
        """Unlock what a return left locked; what is open stays as it is."""
        with self.stage.acting(actor) as session:
            for key in keys:
                drafting.open_line(session, actor, document_id, key, reason, at)

    def hand_down(
        self,
        actor: Actor,
        document_id: int,
        shares: Iterable[tuple[int, DemoTarget]],
        at: datetime,
        reply_by: date,
        rule: SplitRule = SplitRule.BY_HAND,
    ) -> None:
        """Hand figures down to the units below, by unit id; all that the rule gives, or by hand."""
        with self.stage.acting(actor) as session:
            document = documents.get(session, document_id, Scope.of(actor))
            phases = {phase.code: phase.id for phase in document.period.phases}
            values: dict[tuple[int, int], dict[int, int]] = {}
            for unit_id, line in shares:
                place = (self._indicators[line.code].id, phases[line.phase])
                values.setdefault(place, {})[unit_id] = line.figure.value or 0
            handed = [
                quotas.Handed(place, rule, sum(parts.values()), parts)
                for place, parts in values.items()
            ]
            quotas.hand_down(session, actor, document_id, handed, reply_by=reply_by, seen=0, now=at)

    def answer(
        self,
        actor: Actor,
        document_id: int,
        at: datetime,
        asked: Mapping[str, tuple[int, str]] | None = None,
    ) -> None:
        """Accept what a plan above assigns, but for what is asked otherwise, by indicator code."""
        with self.stage.acting(actor) as session:
            _, held = quotas.assigned(session, actor, document_id)
            replies = [_reply(one, (asked or {}).get(one.indicator.code)) for one in held]
            quotas.answer(session, actor, document_id, replies, now=at)

    def keep(self, actor: Actor, document_id: int, unit_id: int, reason: str, at: datetime) -> None:
        """Keep the quotas of a unit that asks for others."""
        with self.stage.acting(actor) as session:
            asked = quotas.standings(
                session,
                document_id,
                Scope.of(actor),
                Quota.unit_id == unit_id,
                quotas.in_state(quotas.QuotaState.PROPOSED),
            )
            for one in asked:
                quotas.settle(
                    session,
                    actor,
                    document_id,
                    one.quota.id,
                    Move.KEEP,
                    seen=one.seq,
                    reason=reason,
                    now=at,
                )

    def _edit(self, line: DemoTarget, seen: Mapping[str, int]) -> drafting.TargetEdit:
        key = targets.line_key(line.code, line.phase)
        measure: Measure = self._indicators[line.code].measure
        value, second = targets.typed(line.figure, measure)
        return drafting.TargetEdit(
            line_key=key,
            seen=seen.get(key, 0),
            value=value,
            second=second,
            comparator=line.figure.comparator.value,
            denominator_code=line.denominator,
            wording=line.wording or None,
            source_ref=line.source or None,
        )


def _reply(one: quotas.QuotaStanding, asked: tuple[int, str] | None) -> quotas.Reply:
    if asked is None:
        return quotas.Reply(one.quota.id, one.seq, accept=True)
    value, reason = asked
    return quotas.Reply(one.quota.id, one.seq, accept=False, value=value, reason=reason)


def _cited(session: Session, document: Document, scope: Scope) -> Cited | None:
    """Find the next step's plan in force; a unit with nobody above cites none."""
    if document.next_unit is None:
        return None
    theirs = session.scalars(
        parent_plan.in_force(document.next_unit_id, document.period_id, scope)
    ).one()
    issuer = f"{loading.COMMITTEE} {document.next_unit.full_name}"
    return Cited(theirs.document_number or "", theirs.issued_on, issuer)


def _unexplained(session: Session, actor: Actor, document_id: int) -> list[judgement.JudgedFinding]:
    document, revision, _ = documents.with_head(session, document_id, Scope.of(actor))
    if revision is None:
        raise NotSavedError(f"document {document_id} cannot be read by who drafts it")
    return judgement.report(session, document, revision, Scope.of(actor)).unexplained


def _versions(
    session: Session, document_id: int, part: type[Target] | type[Section]
) -> dict[str, int]:
    """Return the version of each line of the newest revision, by line key, as the page carries
    it.
    """
    statement = (
        select(part.line_key, part.version)
        .join(Revision, Revision.id == part.revision_id)
        .join(
            Document,
            (Document.id == Revision.document_id) & (Document.head_number == Revision.number),
        )
        .where(Document.id == document_id)
    )
    return dict(session.execute(statement).all())
