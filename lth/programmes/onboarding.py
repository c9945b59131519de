"""Bring in what a province begins with: its units, and the programmes that ship."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import audit
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.models import Unit
from lth.models.unit import Level
from lth.programmes import catalogue
from lth.units.importing import ImportReport, UnitFile, import_units

MOST_NAMED = 12
"""How many provinces an audit entry names."""


def bring_units(
    session: Session,
    rows: UnitFile,
    provinces: set[str] | None,
    person_id: int | None,
    *,
    now: datetime,
) -> ImportReport:
    """Add the units of some provinces of the file (None: of all) and the programmes that ship.

    What is there stays as it is, but for what has ended by now; a second time nothing is added. The
    caller commits. Raises RefusedError where a province is none of the file's.
    """
    known = {row.key for row in rows.units if row.level is Level.PROVINCE}
    if provinces is not None and not (provinces and provinces <= known):
        raise RefusedError("province", N_("Hãy chọn tỉnh trong danh sách."))
    with system(session, Purpose.LOAD):
        catalogue.install(session)
        report = import_units(session, rows, provinces=provinces)
        if report.units_added or report.units_ended:
            names = [
                f"{row.type} {row.name}"
                for row in rows.units
                if row.key in (known if provinces is None else provinces)
            ]
            subject = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
            told = {
                "units_added": (None, report.units_added),
                "units_ended": (None, report.units_ended),
                "units_left_out": (None, len(report.problems)),
            }
            audit.record(session, None, "units.imported", person_id, subject, told, now=now)
    return report


def provinces_there(session: Session) -> set[tuple[str, str]]:
    """Return the provinces that are in the database, by code and first day."""
    statement = select(Unit.code, Unit.valid_from).where(Unit.level == Level.PROVINCE)
    return {(code, first.isoformat()) for code, first in session.execute(statement)}
