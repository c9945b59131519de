"""What a database's catalogue says of its tables and of what holds them."""

from typing import Any

from lth.core import database
from lth.core.config import Settings

_STATEMENTS = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name",
    "postgresql": """
SELECT 'policy', polname::text, polrelid::regclass::text, polcmd::text || polpermissive::text
    || coalesce(pg_get_expr(polqual, polrelid), '-')
    || coalesce(pg_get_expr(polwithcheck, polrelid), '-') FROM pg_policy
UNION ALL SELECT 'table', relname::text, relacl::text, relkind::text || relrowsecurity::text
    || relforcerowsecurity::text || relowner::regrole::text
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname::text, tgrelid::regclass::text, tgenabled::text
    || pg_get_triggerdef(oid) FROM pg_trigger
    WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname::text, proacl::text, pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'constraint', conname::text, conrelid::regclass::text, convalidated::text
    || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', indexrelid::regclass::text, indisvalid::text,
    pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
ORDER BY 1, 2, 3, 4
""",
}


def catalogue(settings: Settings) -> list[tuple[Any, ...]]:
    """Every table, constraint, index, trigger, policy, function and right."""
    engine = database.migration_engine(settings)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(_STATEMENTS[engine.dialect.name].replace("%", "%%"))
        found = [tuple(row) for row in rows]
    engine.dispose()
    return found
