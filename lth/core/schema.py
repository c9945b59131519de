"""The database schema as the migrations make it: where they are, and how they are run."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from lth.core.config import Settings

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


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database up to ``revision``; does nothing when it is there already."""
    command.upgrade(_config(settings), revision)


def downgrade(settings: Settings, revision: str) -> None:
    """Take the database back to ``revision`` (``base``: to nothing)."""
    command.downgrade(_config(settings), revision)


def is_current(settings: Settings, engine: Engine) -> bool:
    """Tell whether the database stands where the code expects it to."""
    expected = set(ScriptDirectory.from_config(_config(settings)).get_heads())
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == expected


def _config(settings: Settings) -> Config:
    """Make Alembic's configuration; the environment finds ``settings`` among its attributes."""
    config = Config(directory() / "alembic.ini")
    config.attributes["settings"] = settings
    return config
