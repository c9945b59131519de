"""Write PostgreSQL's functions: for whom it works, as policies ask, and what its triggers call."""

from alembic import op

# Whatever the search path of who calls it, a function means the same. The body of one in SQL is
# resolved when it is made (RETURN, not a text that is read at each call) and may be merged into the
# query that asks. One in PL/pgSQL is a text: it names the schemas and brings a path, by `$fixed`.
_FIXED = "LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"


def _scope(returns: str, body: str) -> str:
    return f"() RETURNS {returns} LANGUAGE sql STABLE PARALLEL SAFE RETURN {body}"


# What the scope is, from the settings of the transaction. A setting that was never made is NULL,
# one of an earlier transaction is empty; either way every comparison with it fails. A unit and its
# place in the tree count only for a scope that sees documents at all.
_SEES_DOCUMENTS = "public.lth_sight() IN ('all', 'submitted')"
_UNIT = "NULLIF(NULLIF(current_setting('lth.unit_id', true), ''), '0')::integer"
_SCOPE = {
    "lth_sight": _scope("text", "current_setting('lth.sight', true)"),
    "lth_role": _scope("text", "current_setting('lth.role', true)"),
    "lth_is_system": _scope("boolean", "public.lth_sight() = 'system'"),
    "lth_is_system_admin": _scope("boolean", "public.lth_role() = 'system_admin'"),
    "lth_reads_drafts": _scope("boolean", "public.lth_sight() = 'all'"),
    "lth_person_id": _scope(
        "integer", "NULLIF(NULLIF(current_setting('lth.person_id', true), ''), '0')::integer"
    ),
    "lth_unit_id": _scope("integer", f"CASE WHEN {_SEES_DOCUMENTS} THEN {_UNIT} END"),
    "lth_writing_unit_id": _scope(
        "integer",
        "CASE WHEN public.lth_sight() = 'all' AND public.lth_role() <> 'unit_admin'"
        f" THEN {_UNIT} END",
    ),
    "lth_administered_unit_id": _scope(
        "integer", f"CASE WHEN public.lth_role() = 'unit_admin' THEN {_UNIT} END"
    ),
    "lth_path": _scope(
        "text",
        f"CASE WHEN {_SEES_DOCUMENTS} THEN NULLIF(current_setting('lth.path', true), '') END",
    ),
}

# How content is matched with the revisions that the scope sees: each row's is looked up, or, where
# a query says that it reads many (`scope.reading_many`), all are gathered first. Both let the same
# rows through, so the first function may call itself immutable, though it is not: it makes the
# planner settle the question before it weighs costs, which it cannot do while that is open.
_MANY = {
    "lth_reads_many": """() RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE(current_setting('lth.many', true) = 'on', false)
""",
    "lth_seen_revisions": """() RETURNS SETOF integer $fixed STABLE PARALLEL SAFE
AS $$ BEGIN RETURN QUERY SELECT id FROM public.revision; END $$
""",
}

# The lock keeps the revision from being frozen under a line that is being written, and is the one
# that counting the revision's saves takes anyway, so that two writers cannot wait for each other.
_REQUIRE_OPEN_REVISION = """(wanted integer) RETURNS void $fixed AS $$
BEGIN
    PERFORM 1 FROM public.revision WHERE id = wanted AND frozen_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'revision % is frozen, or not open to this scope', wanted
            USING ERRCODE = 'restrict_violation';
    END IF;
END
$$
"""

_TRIGGERED = {
    "lth_refuse": """() RETURNS trigger $fixed AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END
$$
""",
    "lth_require_open_revision": _REQUIRE_OPEN_REVISION,
    "lth_content_in_open_revision": """() RETURNS trigger $fixed AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM public.lth_require_open_revision(OLD.revision_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' OR NEW.revision_id <> OLD.revision_id THEN
        PERFORM public.lth_require_open_revision(NEW.revision_id);
    END IF;
    RETURN NEW;
END
$$
""",
}

FUNCTIONS = _SCOPE | _MANY | _TRIGGERED


def create() -> None:
    """Make the functions."""
    for name, definition in FUNCTIONS.items():
        made = definition.replace("$fixed", _FIXED)
        op.execute(f"CREATE FUNCTION public.{name}{made}")


def drop() -> None:
    """Take them away, once nothing calls them any more."""
    names = ", ".join(f"public.{name}" for name in FUNCTIONS)
    op.execute(f"DROP FUNCTION {names}")
