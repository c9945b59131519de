"""Putting a PostgreSQL database back as it was, by undoing what changed in its rows.

Copying a whole database, some hundred files, takes most of a second on a busy machine. What
a test changes is a few rows of a few tables. So the database keeps, in a schema that only the
superuser sees, a copy of its rows and the mark of each table: how many rows it had, and the newest
transaction that wrote one of them. A table whose mark is still the same has not changed.
"""

from typing import Any

import psycopg

_SCHEMA = "lth_snapshot"

_TAKE = """
DO $$
DECLARE item record; marked record;
BEGIN
    CREATE SCHEMA lth_snapshot;
    CREATE TABLE lth_snapshot.mark (name text, columns text, rows bigint, newest bigint);
    CREATE TABLE lth_snapshot.sequence AS
        SELECT sequencename AS name, last_value FROM pg_sequences WHERE schemaname = 'public';
    FOR item IN
        SELECT c.relname AS name, string_agg(quote_ident(a.attname), ', ') AS columns
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        GROUP BY c.relname
    LOOP
        EXECUTE format('SELECT count(*) AS rows, max(xmin::text::bigint) AS newest FROM public.%I',
                       item.name) INTO marked;
        INSERT INTO lth_snapshot.mark
            VALUES (item.name, item.columns, marked.rows, marked.newest);
        IF marked.rows > 0 THEN
            EXECUTE format('CREATE TABLE lth_snapshot.%I AS SELECT %s FROM public.%I',
                           'rows_' || item.name, item.columns, item.name);
        END IF;
    END LOOP;
END $$
"""

_RESTORE = """
DO $$
DECLARE item record; found record; number record; at bigint;
BEGIN
    SET LOCAL session_replication_role = replica;  -- neither triggers nor foreign keys
    FOR item IN SELECT * FROM lth_snapshot.mark LOOP
        EXECUTE format('SELECT count(*) AS rows, max(xmin::text::bigint) AS newest FROM public.%I',
                       item.name) INTO found;
        CONTINUE WHEN found.rows = item.rows AND found.newest IS NOT DISTINCT FROM item.newest;
        EXECUTE format('DELETE FROM public.%I', item.name);
        CONTINUE WHEN item.rows = 0;
        EXECUTE format('INSERT INTO public.%I (%s) OVERRIDING SYSTEM VALUE SELECT * FROM %s',
                       item.name, item.columns, format('lth_snapshot.%I', 'rows_' || item.name));
        UPDATE lth_snapshot.mark SET newest = pg_current_xact_id()::xid::text::bigint
            WHERE name = item.name;
    END LOOP;
    FOR number IN SELECT * FROM lth_snapshot.sequence LOOP
        EXECUTE format('SELECT CASE WHEN is_called THEN last_value END FROM public.%I', number.name)
            INTO at;
        IF at IS DISTINCT FROM number.last_value THEN
            PERFORM setval(format('public.%I', number.name)::regclass,
                           coalesce(number.last_value, 1), number.last_value IS NOT NULL);
        END IF;
    END LOOP;
END $$
"""

_RELATIONS = """
SELECT array_agg(oid::bigint * 1000 + relnatts ORDER BY oid)::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace
"""


class Snapshot:
    """How one database was when this was made. The connection is a superuser's and stays open."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        connection.execute("SET lock_timeout = '500ms'")
        connection.execute(_TAKE)
        self._relations = self._shape()

    def restore(self) -> bool:
        """Put every row and sequence back; tell False where that is not enough.

        It is not enough where the test made, dropped or altered a table, or left a lock behind.
        """
        if self._shape() != self._relations:
            return False
        try:
            self._connection.execute(_RESTORE)
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    def close(self) -> None:
        self._connection.close()

    def _shape(self) -> Any:
        return self._connection.execute(_RELATIONS).fetchone()
