"""What stands, stands: the trail only grows, frozen content and laid roads do not change.

The same rules on both databases, so that no code, however wrong, can rewrite what somebody has
already signed or acted on. A refused statement fails with an integrity error.

A later migration that rebuilds one of these tables on SQLite (batch mode) must make the table's
triggers again; `tests/database/test_immutability.py` notices where it does not.

Revision: 0003, after: 0002
"""

from dataclasses import dataclass

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ONLY_GROWING = ("event", "audit_entry", "document_step")
CONTENT = ("target", "section", "receipt", "revision_editor")
FIXED_IN_DOCUMENT = (
    "unit_id",
    "unit_path",
    "programme_id",
    "period_id",
    "kind",
    "subperiod",
    "mode",
    "next_unit_id",
    "created_at",
    "created_by_id",
)
FIXED_IN_REVISION = ("document_id", "number", "unit_id", "unit_path", "next_unit_id", "created_at")
SIGNATURE = ("issued_at", "document_number", "issued_on", "sign_form", "signed_by_id")
PUBLISHED = ("revision_id", "unit_id", "person_id", "line_key", "text", "created_at")

_FROZEN = "EXISTS (SELECT 1 FROM revision WHERE id IN ({ids}) AND frozen_at IS NOT NULL)"


@dataclass(frozen=True)
class Rule:
    """A statement on a table that is refused, always or where a condition on the row holds.

    `{differs}` in the condition is each database's way of comparing where one side may be NULL.
    """

    table: str
    name: str
    refuses: str
    says: str
    when: str = ""

    @property
    def trigger(self) -> str:
        return f"{self.table}_{self.name}"


def _changed(columns: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in columns) + ")"


def _fixed(table: str, name: str, columns: tuple[str, ...], says: str, when: str = "") -> Rule:
    condition = f"{when} AND {_changed(columns)}" if when else _changed(columns)
    return Rule(table, name, f"UPDATE OF {', '.join(columns)}", says, condition)


def _only_growing(table: str) -> tuple[Rule, Rule]:
    says = f"{table}: rows are added, never changed or removed"
    return Rule(table, "never_changes", "UPDATE", says), Rule(table, "never_goes", "DELETE", says)


RULES = (
    *(rule for table in ONLY_GROWING for rule in _only_growing(table)),
    _fixed(
        "document",
        "keeps_its_road",
        FIXED_IN_DOCUMENT,
        "document: its unit, period and road are fixed",
    ),
    _fixed(
        "revision",
        "keeps_its_place",
        FIXED_IN_REVISION,
        "revision: its document, number and road are fixed",
    ),
    _fixed(
        "revision",
        "stays_frozen",
        ("frozen_at", "sha256"),
        "revision: what is frozen stays frozen",
        "OLD.frozen_at IS NOT NULL",
    ),
    Rule(
        "revision",
        "frozen_never_goes",
        "DELETE",
        "revision: what is frozen stays",
        "OLD.frozen_at IS NOT NULL",
    ),
    _fixed(
        "revision",
        "keeps_its_signature",
        SIGNATURE,
        "revision: what is issued keeps its number, date and signature",
        "OLD.issued_at IS NOT NULL AND NEW.issued_at IS NOT NULL",
    ),
    _fixed(
        "remark",
        "keeps_its_words",
        PUBLISHED,
        "remark: what is published keeps its words",
        "OLD.published_at IS NOT NULL",
    ),
    Rule(
        "remark",
        "published_never_goes",
        "DELETE",
        "remark: what is published stays",
        "OLD.published_at IS NOT NULL",
    ),
)


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for rule in (*RULES, *_content_rules()):
            op.execute(f"DROP TRIGGER {rule.trigger}")
        return
    for rule in RULES:
        op.execute(f"DROP TRIGGER {rule.trigger} ON {rule.table}")
    for table in CONTENT:
        op.execute(f"DROP TRIGGER {table}_in_open_revision ON {table}")
    op.execute("DROP FUNCTION lth_content_in_open_revision()")
    op.execute("DROP FUNCTION lth_require_open_revision(integer)")
    op.execute("DROP FUNCTION lth_refuse()")


def _upgrade_sqlite() -> None:
    for rule in (*RULES, *_content_rules()):
        when = f"WHEN {rule.when.format(differs='IS NOT')}" if rule.when else ""
        op.execute(
            f"CREATE TRIGGER {rule.trigger} BEFORE {rule.refuses} ON {rule.table} {when}"
            f" BEGIN SELECT RAISE(ABORT, '{rule.says}'); END"
        )


def _content_rules() -> list[Rule]:
    """SQLite has one writer at a time, so looking at the revision is enough."""
    touched = {"INSERT": "NEW.revision_id", "DELETE": "OLD.revision_id"}
    touched["UPDATE"] = f"{touched['INSERT']}, {touched['DELETE']}"
    return [
        Rule(
            table,
            f"in_open_revision_{verb.lower()}",
            verb,
            f"{table}: its revision is frozen",
            _FROZEN.format(ids=ids),
        )
        for table in CONTENT
        for verb, ids in touched.items()
    ]


def _upgrade_postgresql() -> None:
    for statement in (_REFUSE, _REQUIRE_OPEN_REVISION, _CONTENT_IN_OPEN_REVISION):
        op.execute(statement)
    for rule in RULES:
        when = f"WHEN ({rule.when.format(differs='IS DISTINCT FROM')})" if rule.when else ""
        op.execute(
            f"CREATE TRIGGER {rule.trigger} BEFORE {rule.refuses} ON {rule.table}"
            f" FOR EACH ROW {when} EXECUTE FUNCTION lth_refuse('{rule.says}')"
        )
    for table in CONTENT:
        op.execute(
            f"CREATE TRIGGER {table}_in_open_revision BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION lth_content_in_open_revision()"
        )


_REFUSE = """
CREATE FUNCTION lth_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END
$$
"""

# The lock keeps the revision from being frozen under a line that is being written, and is the one
# that counting the revision's saves takes anyway, so that two writers cannot wait for each other.
_REQUIRE_OPEN_REVISION = """
CREATE FUNCTION lth_require_open_revision(wanted integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM revision WHERE id = wanted AND frozen_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'revision % is frozen, or not open to this scope', wanted
            USING ERRCODE = 'restrict_violation';
    END IF;
END
$$
"""

_CONTENT_IN_OPEN_REVISION = """
CREATE FUNCTION lth_content_in_open_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM lth_require_open_revision(OLD.revision_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' OR NEW.revision_id <> OLD.revision_id THEN
        PERFORM lth_require_open_revision(NEW.revision_id);
    END IF;
    RETURN NEW;
END
$$
"""
