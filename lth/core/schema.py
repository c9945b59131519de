"""The database schema as the migrations make it: where they are, and how they are run."""

from pathlib import Path

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import Engine

_PACKAGE = Path(__file__).resolve().parents[1]


def directory() -> Path:
    """Return the folder of the migrations, in an installed wheel or in a checkout.

    Raises:
        FileNotFoundError: when the installation is incomplete.
    """
    for candidate in (_PACKAGE / "migrations", _PACKAGE.parent / "migrations"):
        if (candidate / "env.py").is_file():
            return candidate
    raise FileNotFoundError(f"no migrations beside {_PACKAGE}: lth is not installed completely")


def upgrade(app: Flask, revision: str = "head") -> None:
    """Bring the database of ``app`` up to ``revision``; does nothing when it is there already."""
    with app.app_context():
        flask_migrate.upgrade(revision=revision)


def downgrade(app: Flask, revision: str) -> None:
    """Take the database of ``app`` back to ``revision`` (``base``: to nothing)."""
    with app.app_context():
        flask_migrate.downgrade(revision=revision)


def is_current(app: Flask, engine: Engine) -> bool:
    """Tell whether the database stands where the code expects it to."""
    with app.app_context():
        settings = current_app.extensions["migrate"].migrate.get_config()
    expected = set(ScriptDirectory.from_config(settings).get_heads())
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == expected
