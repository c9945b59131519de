"""What one test does to its database the next one does not find."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from support.databases import Databases

ADD = text(
    "INSERT INTO login_attempt (key, network, at) VALUES ('x', '', '2021-05-07 00:00:00+00:00')"
)
CHANGE = text("UPDATE alembic_version SET version_num = 'changed'")


@pytest.fixture
def superuser(databases: Databases, database: str) -> Iterator[Engine]:
    """Past every policy: what is in the tables, not what shows."""
    url = databases.settings().database_url.replace("lth_app@", "postgres@")
    engine = create_engine(url)
    yield engine
    engine.dispose()


def held(engine: Engine) -> tuple[int, str, int]:
    """Rows added, the row that was there, and the number the next row gets."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT count(*) FROM login_attempt")).scalar_one()
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(ADD)
        number = connection.execute(text("SELECT max(id) FROM login_attempt")).scalar_one()
    return rows, version, number


def test_rows_and_numbers_are_put_back(databases: Databases, superuser: Engine) -> None:
    before = held(superuser)
    assert before[0] == 0
    for _ in range(3):
        databases.restore("empty")
        assert held(superuser) == before
        with superuser.begin() as connection:
            connection.execute(ADD)
            connection.execute(CHANGE)
        assert held(superuser)[1] == "changed"
        superuser.dispose()


def test_a_table_that_a_test_made_is_gone(databases: Databases, superuser: Engine) -> None:
    with superuser.begin() as connection:
        connection.execute(text("CREATE TABLE mine (id INTEGER)"))
    superuser.dispose()
    databases.restore("empty")
    assert "mine" not in inspect(superuser).get_table_names()


@pytest.mark.databases("postgres")
def test_a_lock_that_a_test_forgot_stops_nobody(databases: Databases, superuser: Engine) -> None:
    forgotten = superuser.connect()
    forgotten.execute(ADD)
    forgotten.execute(text("LOCK TABLE login_attempt"))
    databases.restore("empty")
    assert held(superuser)[0] == 0
    forgotten.invalidate()
    forgotten.close()
