"""How migrations run: on the owner's connection, all of them in one transaction.

A migration that fails leaves nothing behind on either database. Two processes that start at once
do not run them twice: SQLite's write lock, or an advisory lock on PostgreSQL, lets one wait for the
other and then find nothing left to do.
"""

import logging
from typing import Any

from alembic import context
from sqlalchemy import Connection, make_url, text

from lth.core import config, database, schema
from lth.models import Base

_LOCK = 0x6C7468  # any number, the same in every process: "lth"

logger = logging.getLogger("alembic.env")


def _render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write a model's own column types as the plain types that they keep in the database."""
    if kind == "type" and type(item).__module__.startswith("lth."):
        return f"sa.{item.impl!r}"
    return False


def _leave_out_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no migration when the models have not changed."""
    if (
        getattr(context.config.cmd_opts, "autogenerate", False)
        and directives[0].upgrade_ops.is_empty()
    ):
        directives[:] = []
        logger.info("Models and migrations agree: nothing to write.")


def _lock_out_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _check_foreign_keys(connection: Connection) -> None:
    """Say what SQLite did not check while tables were being rebuilt."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration leaves rows that point nowhere: {broken[:10]}")


def _run(connection: Connection, application_url: str) -> None:
    context.configure(
        connection=connection,
        application_role=make_url(application_url).username,  # migrations grant it its rights
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_render_item,
        compare_type=True,
        transactional_ddl=True,
        process_revision_directives=_leave_out_empty,
    )
    with context.begin_transaction():
        _lock_out_others(connection)
        context.run_migrations()
        _check_foreign_keys(connection)


if context.is_offline_mode():
    raise SystemExit("lth migrates a live database only: its migrations read what they change.")

settings = context.config.attributes.get("settings") or config.load()
given = context.config.attributes.get("connection")
if given is not None:  # a transaction that does more than migrate
    _run(given, settings.database_url)
else:
    schema.check(settings)
    engine = database.migration_engine(settings)
    with engine.connect() as connection:
        _run(connection, settings.database_url)
    engine.dispose()
