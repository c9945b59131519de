"""Refuse statements, by the same rules on both databases: what stands, stands.

So no code, however wrong, can rewrite what somebody has already signed or acted on. A refused
statement fails with an integrity error.

A migration that rebuilds a table on SQLite (batch mode) loses the table's triggers and must protect
it again; `tests/database/test_immutability.py` notices where it does not.
"""

from dataclasses import dataclass

from alembic import op


@dataclass(frozen=True)
class Rule:
    """A statement on a row that is refused, always or where a condition on the row holds.

    In the condition `{differs}` is each database's way of comparing where one side may be NULL,
    `{text}` what makes JSON comparable.
    """

    name: str
    """The trigger is called by the table and this."""
    refuses: str
    says: str
    when: str = ""
    asks_scope: bool = False
    """Whether the condition asks for whom the database works, which only PostgreSQL knows."""


GROWS_ONLY = (
    Rule("never_changes", "UPDATE", "rows are added, never changed or removed"),
    Rule("never_goes", "DELETE", "rows are added, never changed or removed"),
)

_FROZEN = "EXISTS (SELECT 1 FROM revision WHERE id IN ({ids}) AND frozen_at IS NOT NULL)"


def changed(*columns: str) -> str:
    """Ask whether an UPDATE changes one of some columns."""
    return "(" + " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in columns) + ")"


def fixed(name: str, columns: tuple[str, ...], says: str, when: str = "") -> Rule:
    """Let some columns keep their values, always or under a condition."""
    condition = f"{when} AND {changed(*columns)}" if when else changed(*columns)
    return Rule(name, f"UPDATE OF {', '.join(columns)}", says, condition)


def kept_by_own_unit(*columns: str) -> Rule:
    """Let nobody but the row's unit change some columns of what others may update too."""
    return Rule(
        "kept_by_own_unit",
        f"UPDATE OF {', '.join(columns)}",
        "this is for its own unit to change",
        "OLD.unit_id <> public.lth_unit_id()",
        asks_scope=True,
    )


def refuse(table: str, rule: Rule) -> None:
    """Make the trigger of a rule."""
    if op.get_context().dialect.name == "sqlite":
        if not rule.asks_scope:
            _refuse_on_sqlite(table, rule)
        return
    condition = rule.when.format(differs="IS DISTINCT FROM", text="::text")
    when = f"WHEN ({condition})" if condition else ""
    op.execute(
        f"CREATE TRIGGER {table}_{rule.name} BEFORE {rule.refuses} ON {table} FOR EACH ROW {when}"
        f" EXECUTE FUNCTION public.lth_refuse('{table}: {rule.says}')"
    )


def keep_frozen(table: str) -> None:
    """Refuse every change to the rows of a frozen revision.

    SQLite has one writer at a time, so looking at the revision is enough; PostgreSQL locks it.
    """
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_in_open_revision BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION public.lth_content_in_open_revision()"
        )
        return
    touched = {"INSERT": "NEW.revision_id", "DELETE": "OLD.revision_id"}
    touched["UPDATE"] = f"{touched['INSERT']}, {touched['DELETE']}"
    for verb, ids in touched.items():
        name = f"in_open_revision_{verb.lower()}"
        rule = Rule(name, verb, "its revision is frozen", _FROZEN.format(ids=ids))
        _refuse_on_sqlite(table, rule)


def _refuse_on_sqlite(table: str, rule: Rule) -> None:
    condition = rule.when.format(differs="IS NOT", text="")
    when = f"WHEN {condition}" if condition else ""
    op.execute(
        f"CREATE TRIGGER {table}_{rule.name} BEFORE {rule.refuses} ON {table} {when}"
        f" BEGIN SELECT RAISE(ABORT, '{table}: {rule.says}'); END"
    )
