"""Bring the database's schema to where the migrations make it."""

import logging
import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from lth.core import database, home
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
    home.make_database(settings)
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
    """Refuse a database that is not lth's, or of a version that is not known; change nothing in it.

    One that does not answer is not refused: it may answer later. Nor is a file that is not there.

    Raises:
        SettingError: saying what to do instead.
    """
    _look(settings)


def require_current(settings: Settings) -> None:
    """Refuse a database that does not stand where this version expects it to, as `check` does.

    Raises:
        SettingError: saying what to do instead.
    """
    found = _look(settings)
    if found is not None and found != {head(settings)}:
        path = home.database_file(settings)
        where = make_url(settings.database_url).database
        if path is not None and not path.exists():
            raise SettingError(
                f"There is no database {where}: begin with lth migrate, or lth run, or name another"
                " one in LTH_DATABASE_URL."
            )
        raise SettingError(
            f"The database {where} does not stand where this version of lth expects it to: bring it"
            " there with lth migrate."
        )


def _look(settings: Settings) -> set[str] | None:
    """Return the revisions that a database says it is at; None where it does not answer."""
    path = home.database_file(settings)
    if path is not None and not path.exists():
        return set()
    engine = database.looking_engine(settings)
    try:
        with engine.connect() as connection:
            found = stands_at(connection)
            others = set() if found else set(inspect(connection).get_table_names())
    except OperationalError:
        if path is not None:
            raise
        logger.warning("the database does not answer")
        return None
    except DatabaseError as error:
        name = make_url(settings.database_url).database
        raise SettingError(
            f"{name} is no database ({error.orig}) and is left as it is: name another in"
            " LTH_DATABASE_URL."
        ) from error
    finally:
        engine.dispose()
    if others - {VERSION_TABLE}:
        raise SettingError(
            f"The database {make_url(settings.database_url).database} holds the tables of another"
            " program and is left as it is: name another in LTH_DATABASE_URL."
        )
    if unknown := found - revisions(settings):
        raise SettingError(_refusal(settings, min(unknown)))
    return found


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
