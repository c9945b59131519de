"""Bring the database's schema to where the migrations make it."""

import logging
import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import OperationalError

from lth.core import database
from lth.core.config import SettingError, Settings

_PACKAGE = Path(__file__).resolve().parents[1]
_BEFORE_RELEASE = re.compile(r"000[1-9]")
"""The revisions before there was one baseline (docs/adr/0016-one-baseline-of-the-schema.md)."""

VERSION_TABLE = "alembic_version"
"""Where a database says at which revision it stands."""

logger = logging.getLogger(__name__)


def directory() -> Path:
    """Return the folder of the migrations, in an installed wheel or in a checkout.

    Raises:
        FileNotFoundError: when the installation is incomplete.
    """
    for candidate in (_PACKAGE / "migrations", _PACKAGE.parent / "migrations"):
        if (candidate / "env.py").is_file():
            return candidate
    raise FileNotFoundError(f"no migrations beside {_PACKAGE}: lth is not installed completely")


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database up to ``revision``; does nothing when it is there already.

    Raises:
        SettingError: as `check` does.
    """
    check(settings)
    command.upgrade(_config(settings), revision)


def upgrade_on(connection: Connection, settings: Settings, revision: str = "head") -> None:
    """Bring the database up to ``revision`` within the transaction of a connection to it."""
    config = _config(settings)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def downgrade(settings: Settings, revision: str) -> None:
    """Take the database back to ``revision`` (``base``: to nothing)."""
    command.downgrade(_config(settings), revision)


def is_current(settings: Settings, engine: Engine) -> bool:
    """Tell whether the database stands where the code expects it to."""
    return _stands_at(engine) == {head(settings)}


def head(settings: Settings) -> str:
    """Return the revision that the code expects the database to be at."""
    return str(_scripts(settings).get_current_head())


def revisions(settings: Settings) -> set[str]:
    """Return every revision that this version knows the way to."""
    return {script.revision for script in _scripts(settings).walk_revisions()}


def stands_at(connection: Connection) -> set[str]:
    """Return the revisions that the database says it is at; none where it has no tables."""
    return set(MigrationContext.configure(connection).get_current_heads())


def check(settings: Settings) -> None:
    """Refuse a database whose revision this version does not know; change nothing in it.

    One that does not answer is not refused: it may answer later.

    Raises:
        SettingError: saying what to do instead.
    """
    engine = database.migration_engine(settings)
    try:
        with database.reading():
            unknown = _stands_at(engine) - revisions(settings)
    except OperationalError:
        logger.warning("the database does not answer")
        return
    finally:
        engine.dispose()
    if unknown:
        raise SettingError(_refusal(settings, min(unknown)))


def require_current(settings: Settings) -> None:
    """Refuse a database that does not stand where this version expects it to.

    Raises:
        SettingError: saying what to do instead.
    """
    check(settings)
    engine = database.migration_engine(settings)
    try:
        with database.reading():
            current = is_current(settings, engine)
    finally:
        engine.dispose()
    if not current:
        name = make_url(settings.database_url).database
        raise SettingError(
            f"The database {name} does not stand where this version of lth expects it to: run"
            " lth migrate."
        )


def _refusal(settings: Settings, revision: str) -> str:
    name = make_url(settings.database_url).database
    if _BEFORE_RELEASE.fullmatch(revision):
        return (
            f"The database {name} was made before the first release and is left as it is: move it"
            " away, or name an empty one in LTH_DATABASE_URL, and start again."
        )
    return (
        f"The database {name} was made by another version of lth (revision {revision}) and is left"
        " as it is: install that version, or put back a backup from before it."
    )


def _stands_at(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return stands_at(connection)


def _scripts(settings: Settings) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(settings))


def _config(settings: Settings) -> Config:
    """Make Alembic's configuration; the environment finds ``settings`` among its attributes."""
    config = Config(directory() / "alembic.ini")
    config.attributes["settings"] = settings
    return config
