"""Play the whole cycle through the operations of the pages, each act committed as there.

Three tiers first: quotas down, seventeen plans up, two returned, the synthesis sent back by the
province because of one commune and sent again, then the province's own. Then two tiers. Then a
half-year of three tiers: books, reports, sums, a request and its answer.
"""

import time
from collections.abc import Mapping
from dataclasses import replace

from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.core import clock, database
from lth.core.i18n import N_, Message
from lth.demo import scene
from lth.demo.figures import CommuneFigures, Values
from lth.demo.play import Play
from lth.demo.report import Mails, WalkthroughReport
from lth.demo.scene import Demo, Scene
from lth.demo.stage import DemoStage
from lth.demo.walkthrough_reports import HalfYearRoad, Misreported
from lth.demo.walkthrough_roads import ThreeTiers, Ticks, TwoTiers
from lth.models import Event, OutboxMessage, Person, Unit
from lth.notifications import facts, messages
from lth.workflow import reconcile

Falsified = Mapping[str, Values]
"""Figures to get wrong, by commune code and indicator: so that a test sees a sum not come out."""


class NotEmptyError(RuntimeError):
    """A database holds something already; a walkthrough wants one of its own."""


def walk(
    app: Flask, *, falsified: Falsified | None = None, misreported: Misreported | None = None
) -> WalkthroughReport:
    """Play it on the application's database, which must be migrated and empty.

    Raises NotEmptyError where it holds units or people.
    """
    started = time.monotonic()
    with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        _require_empty(session)
        report = WalkthroughReport(session.get_bind().dialect.name)
        with database.unit_of_work(session):
            scenery = _with_mistakes(scene.set_up(session, clock.now()), falsified or {})
        stage, ticks = DemoStage(session, database.unit_of_work), Ticks(clock.now())
        of_three = _play(stage, scenery.three_tiers, scenery)
        returned = ThreeTiers(of_three, report, ticks).walk()
        TwoTiers(_play(stage, scenery.two_tiers, scenery), report, ticks).walk()
        HalfYearRoad(of_three, report, ticks, misreported or {}).walk()
        report.mails = _mails(app, session, returned)
        report.faults += _drifted(session)
    report.seconds = time.monotonic() - started
    return report


def _require_empty(session: Session) -> None:
    with database.reading(), database.unit_of_work(session), system(session, Purpose.LOAD):
        held = select(exists().where(Unit.id.is_not(None)) | exists().where(Person.id.is_not(None)))
        if session.scalar(held):
            raise NotEmptyError


def _with_mistakes(scenery: Scene, falsified: Falsified) -> Scene:
    def wrong(demo: Demo) -> Demo:
        return replace(
            demo,
            figures={
                code: _changed(one, falsified.get(code, {})) for code, one in demo.figures.items()
            },
        )

    return replace(
        scenery, three_tiers=wrong(scenery.three_tiers), two_tiers=wrong(scenery.two_tiers)
    )


def _changed(figures: CommuneFigures, values: Values) -> CommuneFigures:
    phases = {phase: {**held, **values} for phase, held in figures.phases.items()}
    return replace(figures, phases=phases)


def _play(stage: DemoStage, demo: Demo, scenery: Scene) -> Play:
    with system(stage.session, Purpose.LOAD):
        return Play.of(stage, demo, scenery.cast)


def _mails(app: Flask, session: Session, document_id: int) -> Mails:
    """Count the outbox: all mails by act, and those about one plan as their recipients get them."""
    with database.reading(), database.unit_of_work(session), system(session, Purpose.DELIVER):
        by_act: dict[str, tuple[int, int]] = {}
        for kind, data in session.execute(select(OutboxMessage.kind, OutboxMessage.data)):
            turn, news = by_act.get(kind, (0, 0))
            called = bool(data.get("turn"))
            by_act[kind] = (turn + called, news + (not called))
        statement = (
            select(OutboxMessage.id)
            .join(Event, Event.id == OutboxMessage.event_id)
            .where(Event.document_id == document_id)
        )
        known = facts.load(session, session.scalars(statement).all())
    told = [known[one] for one in sorted(known)]
    settings = app.config["SETTINGS"]
    subjects = [(one.recipient.name, messages.write(settings, one).subject) for one in told]
    about = told[0].deed.unit_name if told and told[0].deed else ""
    return Mails(by_act, about, subjects)


def _drifted(session: Session) -> list[Message]:
    """List where what is stored of a document is not what its trail says."""
    with (
        database.reading(),
        database.unit_of_work(session),
        system(session, Purpose.RECONCILE),
    ):
        return [
            Message(
                N_("Hồ sơ %(plan)s: %(what)s không khớp nhật ký."),
                {"plan": drift.document_id, "what": drift.what},
            )
            for drift in reconcile.drifts(session)
        ]
