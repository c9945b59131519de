"""Loading the demo: all of it in one transaction, into a database that holds no document."""

import logging
from datetime import datetime

from flask import Flask
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.core import clock, database
from lth.demo import scene
from lth.demo.play import Play
from lth.demo.stage import DemoStage
from lth.demo.story_reports import StoryOfReports
from lth.demo.story_three_tiers import StoryOfThreeTiers
from lth.demo.story_two_tiers import StoryOfTwoTiers
from lth.models import Document, OutboxMessage
from lth.models.outbox import Delivery

logger = logging.getLogger(__name__)


def load_if_empty(app: Flask) -> bool:
    """Load both demos as of now, unless there is a document already; whether it did."""
    with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        with database.reading(), database.unit_of_work(session):
            if _has_documents(session):
                return False
        with database.unit_of_work(session):
            load(session, clock.now())
    logger.info("the demo is loaded")
    return True


def load(session: Session, now: datetime) -> None:
    """Set the scene and tell both stories up to `now`; the caller commits."""
    scenery = scene.set_up(session, now)
    stage = DemoStage(session)
    for demo, story in (
        (scenery.three_tiers, StoryOfThreeTiers),
        (scenery.two_tiers, StoryOfTwoTiers),
    ):
        with system(session, Purpose.LOAD):
            play = Play.of(stage, demo, scenery.cast)
        story(play, scenery.diary).tell()
        StoryOfReports(play, scenery.diary).tell()
    with system(session, Purpose.LOAD):
        _settle_mail(session, scenery.diary.at(-3, 0))


def _has_documents(session: Session) -> bool:
    with system(session, Purpose.LOAD):
        return bool(session.scalar(select(exists().where(Document.id.is_not(None)))))


def _settle_mail(session: Session, since: datetime) -> None:
    """Let mail before a moment be long read, and hold later mail: nobody has these addresses."""
    old = OutboxMessage.created_at < since
    waiting = OutboxMessage.delivery == Delivery.WAITING
    sent = {"delivery": Delivery.SENT, "sent_at": OutboxMessage.created_at, "attempts": 1}
    session.execute(update(OutboxMessage).where(waiting, old).values(sent))
    session.execute(update(OutboxMessage).where(waiting).values(delivery=Delivery.HELD))
