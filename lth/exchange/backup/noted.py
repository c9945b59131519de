"""Note in the database that a backup of it was made, for whoever asks how old the last one is."""

from datetime import datetime

from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import job_runs
from lth.core import database
from lth.core.config import Settings
from lth.exchange.backup.manifest import Manifest

BACKUP = "backup"
"""The job whose row holds it: begun at the moment that the backup is of."""


def note(settings: Settings, manifest: Manifest, *, began: datetime, ended: datetime) -> None:
    """Note a backup that is whole, as the application: the backup's own role writes nothing.

    Raises SQLAlchemyError where that cannot be, or UnsafeRoleError; the backup stays what it is.
    """
    engine = database.application_engine(settings)
    counted = {"tables": len(manifest.tables), "rows": manifest.rows}
    try:
        with (
            Session(engine) as session,
            database.unit_of_work(session),
            system(session, Purpose.BACKUP),
        ):
            values = {"started_at": began, "finished_at": ended, "counted": counted, "error": ""}
            job_runs.note(session, BACKUP, **values)
    finally:
        engine.dispose()
