"""What PostgreSQL's functions, policies and triggers call is fixed, whatever the search path."""

from collections.abc import Iterator

import psycopg
import pytest
from database.rows import seen_as
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from support.databases import Databases
from world import World

from lth.access.scope import Purpose, Scope, bind
from lth.core.database import migration_engine

pytestmark = pytest.mark.databases("postgres")

HOSTILE = """
CREATE SCHEMA hostile;
GRANT USAGE ON SCHEMA hostile TO lth_app;
CREATE FUNCTION hostile.lth_sight() RETURNS text LANGUAGE sql AS $$ SELECT 'system'::text $$;
CREATE FUNCTION hostile.lth_role() RETURNS text LANGUAGE sql AS $$ SELECT 'system_admin'::text $$;
CREATE FUNCTION hostile.lth_is_system() RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE FUNCTION hostile.current_setting(text, boolean) RETURNS text LANGUAGE sql
    AS $$ SELECT CASE WHEN $1 = 'lth.sight' THEN 'system' ELSE '1' END $$;
CREATE FUNCTION hostile.lth_require_open_revision(integer) RETURNS void LANGUAGE sql AS $$ $$;
CREATE FUNCTION hostile.is_so(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE OPERATOR hostile.= (FUNCTION = hostile.is_so, LEFTARG = text, RIGHTARG = text);
CREATE FUNCTION hostile.is_so(integer, integer) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE OPERATOR hostile.= (FUNCTION = hostile.is_so, LEFTARG = integer, RIGHTARG = integer);
CREATE TABLE hostile.revision AS SELECT id, NULL::timestamptz AS frozen_at FROM public.revision;
GRANT ALL ON ALL TABLES IN SCHEMA hostile TO lth_app;
"""


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """On one connection throughout."""
    with engine.connect() as connection, Session(connection) as session:
        yield session


@pytest.fixture
def hostile(databases: Databases, database: str) -> Iterator[None]:
    """A schema in which names of ours mean something else, made by somebody who has the right."""
    superuser = create_engine(databases.settings().database_url.replace("lth_app@", "postgres@"))
    with superuser.begin() as connection:
        connection.exec_driver_sql(HOSTILE)
    yield
    with superuser.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA hostile CASCADE")
    superuser.dispose()


@pytest.fixture
def misled(session: Session, hostile: None) -> Iterator[None]:
    """The session looks there first, before PostgreSQL's own."""
    session.execute(text("SET search_path = hostile, pg_catalog, public"))
    assert session.scalar(text("SELECT current_setting('lth.sight', true)")) == "system"
    assert session.scalar(text("SELECT lth_is_system()"))
    session.commit()
    yield
    session.rollback()
    session.execute(text("RESET search_path"))
    session.commit()


@pytest.mark.parametrize("table", ["document", "revision", "target", "event", "credential"])
def test_nothing_is_seen_that_was_not(
    session: Session, world: World, misled: None, table: str
) -> None:
    count = text(f"SELECT count(*) FROM public.{table}")  # noqa: S608 - own names
    with seen_as(session, world, "nobody"):
        assert session.scalar(count) == 0
    with seen_as(session, world, "system"):
        assert session.scalar(count) > 0


def test_what_is_frozen_stays(session: Session, world: World, misled: None) -> None:
    bind(session, Scope.system(Purpose.RECONCILE))
    change = text("UPDATE public.section SET body = 'khác' WHERE revision_id = :revision")
    with pytest.raises(DBAPIError, match="is frozen"):
        session.execute(change, {"revision": world.revisions["A.submitted/1"].id})


def test_every_function_is_fixed(databases: Databases, session: Session) -> None:
    """It is resolved when it is made, or brings its own search path; so will those to come."""
    loose = session.scalars(
        text(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prosqlbody IS NULL"
            " AND NOT coalesce(proconfig, '{}') @> '{\"search_path=pg_catalog, pg_temp\"}'"
        )
    )
    assert list(loose) == []


@pytest.mark.parametrize(
    "makes",
    [
        "CREATE TEMP TABLE revision (id integer)",
        "CREATE FUNCTION pg_temp.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE public.mine (id integer)",
        "CREATE SCHEMA mine",
    ],
)
@pytest.mark.parametrize("role", ["lth_app", "lth_backup"])
def test_nobody_but_the_owner_makes_anything(
    databases: Databases, database: str, role: str, makes: str
) -> None:
    address = databases.settings().database_url.replace("lth_app@", f"{role}@")
    with (
        psycopg.connect(address.replace("+psycopg", "")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(makes)


def test_the_backup_role_writes_nothing(databases: Databases, database: str) -> None:
    engine = migration_engine(databases.settings())
    with engine.connect() as connection:
        rights = connection.scalars(
            text(
                "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants"
                " WHERE grantee = 'lth_backup'"
            )
        )
        assert list(rights) == ["SELECT"]
    engine.dispose()
