"""The Flask extensions, made once and bound to the application in ``lth.application``."""

from collections.abc import Callable

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session, sessionmaker

from lth.models.base import Base

# Only the session and the engine are used. The models stand on `Base`, which knows no Flask;
# handing over its metadata and not the class itself keeps Flask-SQLAlchemy from copying the class.
db = SQLAlchemy(metadata=Base.metadata)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()


def sessions_of(app: Flask) -> Callable[[], Session]:
    """Make sessions of one's own on the application's database, apart from its requests'."""
    with app.app_context():
        return sessionmaker(db.engine, expire_on_commit=False)
