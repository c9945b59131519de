"""Declare mail that waits to go out, and the jobs that send it."""

from schema_tools.columns import MOMENT, WORD, column, identity, may_refer, one_of, optional
from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, Text, UniqueConstraint

from baseline.metadata import table

table(
    "outbox",
    identity(),
    may_refer("event"),
    may_refer("person"),
    optional("address", String(254), index=True),
    may_refer("unit", index=True),
    column("kind", String(40)),
    optional("dedupe", String(120), unique=True),
    column("data", JSON()),
    optional("secret", String(120)),
    column("delivery", WORD),
    column("created_at", MOMENT),
    column("due_at", MOMENT),
    column("attempts", Integer()),
    optional("leased_until", MOMENT),
    optional("sent_at", MOMENT),
    optional("read_at", MOMENT),
    column("last_error", Text()),
    may_refer("outbox", "digest_id", index=True),
    one_of("delivery", "held", "waiting", "sending", "sent", "failed", "discarded", "bundled"),
    UniqueConstraint("event_id", "person_id", "kind"),
    CheckConstraint("delivery <> 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
    CheckConstraint("(delivery = 'bundled') = (digest_id IS NOT NULL)", name="bundled_has_digest"),
    CheckConstraint("(person_id IS NULL) <> (address IS NULL)", name="has_recipient"),
    CheckConstraint("delivery <> 'sending' OR leased_until IS NOT NULL", name="lease_has_end"),
    Index(None, "delivery", "due_at"),
    Index(None, "person_id", "read_at"),
)

table(
    "job_run",
    column("name", String(24), primary_key=True),
    column("started_at", MOMENT),
    optional("finished_at", MOMENT),
    column("counted", JSON()),
    column("error", Text()),
)
