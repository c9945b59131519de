"""The world's people as they sign in."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lth.administration import sessions
from lth.administration.sessions import Origin
from lth.blueprints.web.current import SEEN_KEY, TOKEN_KEY
from lth.blueprints.web.extensions import db
from lth.core import clock

PASSWORD = "chín con ngựa gỗ"
"""Everybody's, where a test's fixture has set it."""


def email(who: str) -> str:
    """The address of one of the world's people: "clerk@A" has clerk.a@example.test."""
    return f"{who.replace('@', '.')}@example.test".lower()


def let_in(client: FlaskClient, person_id: int) -> None:
    """Sign a person in in a browser, as the sign-in page does, without the page."""
    with client.application.app_context(), Session(db.engine) as session:
        now = clock.now()
        token = sessions.begin(session, person_id, Origin(), timedelta(hours=12), now)
        session.commit()
    with client.session_transaction() as cookie:
        cookie[TOKEN_KEY], cookie[SEEN_KEY] = token, int(now.timestamp()) // 60
