"""The agencies' codes that a unit knows: its own, and those of whom it sends documents to.

A code is dated, so that a document from before a change goes out under the code of its day. It is
added, ended, or taken away where it was entered by mistake; nothing is worked out by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, Scope, Sight, system
from lth.administration.context import AdminContext, fingerprint, insert_only
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.readers import agency_codes as grammar
from lth.core.vietnamese import fold_tone_position, one_line, search_key
from lth.models import AgencyCode, Unit
from lth.models.agency_code import CodeScheme

_TAKEN = N_(
    "%(name)s đã có mã %(code)s theo cùng quy định trong thời gian này. Hãy kết thúc mã cũ trước."
)
_OWN = N_("Đơn vị")


@dataclass(frozen=True, slots=True)
class CodeTerms:
    """A code to add: whose (empty: the unit's own), from when, given by which document."""

    code: str
    valid_from: date
    name: str = ""
    last_day: date | None = None
    source: str = ""
    scheme: CodeScheme | None = None
    """None: told by the form of the code."""

    @property
    def kept_scheme(self) -> CodeScheme:
        return self.scheme or CodeScheme(grammar.scheme_of(self.code))

    @property
    def valid_to(self) -> date | None:
        return self.last_day + timedelta(days=1) if self.last_day else None


def name_key(name: str) -> str:
    """Return what two spellings of an agency's name have in common: "UBND" is spelled out."""
    words = search_key(fold_tone_position(name)).split()
    spelled = " ".join(words)
    return spelled.replace("uy ban nhan dan", "ubnd", 1)


# --- Read ---------------------------------------------------------------------------------


def listed(session: Session, unit_id: int, scope: Scope) -> list[AgencyCode]:
    """List the codes that a unit knows, its own first, then by name; the newest of each first."""
    statement = (
        select(AgencyCode)
        .where(AgencyCode.unit_id == unit_id, _seen(scope))
        .order_by(AgencyCode.sort_key, AgencyCode.valid_from.desc(), AgencyCode.id)
    )
    return list(session.scalars(statement))


def code_on(session: Session, unit_id: int, day: date, scope: Scope) -> AgencyCode | None:
    """Return the unit's own code on a day: of two in force, the one that began later.

    None where it has none: then nothing may be sent, and nothing is made up.
    """
    own = AgencyCode.name == ""
    statement = select(AgencyCode).where(AgencyCode.unit_id == unit_id, own, _seen(scope))
    return _newest(session.scalars(statement), day)


def codes_on(
    session: Session, unit_id: int, names: Iterable[str], day: date, scope: Scope
) -> dict[str, AgencyCode | None]:
    """Return by name the code of each agency on a day, None for one that has none.

    A name is looked for among those that the unit has entered; then among the units above it,
    by their own codes.
    """
    known: dict[str, list[AgencyCode]] = {}
    for row in listed(session, unit_id, scope):
        known.setdefault(name_key(row.name), []).append(row)
    above: dict[str, list[AgencyCode]] | None = None
    found: dict[str, AgencyCode | None] = {}
    for name in names:
        key = name_key(name)
        found[name] = _newest(known.get(key, ()), day) if key else None
        if found[name] is None and key:
            above = _of_those_above(session, unit_id, scope) if above is None else above
            found[name] = _newest(above.get(key.removeprefix("ubnd "), ()), day)
    return found


def _of_those_above(session: Session, unit_id: int, scope: Scope) -> dict[str, list[AgencyCode]]:
    unit = session.get(Unit, unit_id)
    above = unit.ancestor_ids if unit is not None else []
    statement = (
        select(AgencyCode, Unit)
        .join(Unit, Unit.id == AgencyCode.unit_id)
        .where(AgencyCode.unit_id.in_(above), AgencyCode.name == "", _seen(scope))
    )
    found: dict[str, list[AgencyCode]] = {}
    for row, of in session.execute(statement):
        found.setdefault(name_key(of.full_name), []).append(row)
    return found


def _newest(rows: Iterable[AgencyCode], day: date) -> AgencyCode | None:
    in_force = [row for row in rows if row.in_force(day)]
    newer = CodeScheme.QD20
    return max(in_force, key=lambda row: (row.valid_from, row.scheme is newer), default=None)


def _seen(scope: Scope):
    """Limit codes to those of units on the scope's line of the tree."""
    if scope.sight is Sight.SYSTEM or scope.role == "system_admin":
        return true()
    line = Unit.path.startswith(scope.path, autoescape=True)
    ids = select(Unit.id).where(line | Unit.id.in_([*scope.ancestor_ids, scope.unit_id]))
    return AgencyCode.unit_id.in_(ids)


def find(admin: AdminContext, code_id: int) -> AgencyCode | None:
    """Find a code of the unit."""
    row = admin.session.get(AgencyCode, code_id)
    return row if row is not None and row.unit_id == admin.unit_id else None


def version(row: AgencyCode) -> str:
    """Return what changes whenever the code does."""
    return fingerprint(row.code, row.valid_from, row.valid_to)


# --- Write --------------------------------------------------------------------------------


def add(admin: AdminContext, terms: CodeTerms) -> AgencyCode:
    """Write a code that the unit knows from now on. Raises RefusedError."""
    return add_all(admin, [terms])[0]


def add_all(admin: AdminContext, listed_terms: Iterable[CodeTerms]) -> list[AgencyCode]:
    """Write codes, all or none of them. Raises RefusedError for the first that cannot be."""
    rows = []
    unit_id = admin.own_unit.id
    with system(admin.session, Purpose.ADMINISTER) as scope:
        there = listed(admin.session, unit_id, scope)
        for terms in listed_terms:
            row = _checked(admin, terms, there)
            taken = RefusedError("code", _TAKEN, name=row.name or _OWN, code=row.code)
            insert_only(admin.session, row, taken)
            there.append(row)
            rows.append(row)
            changes = {
                "agency_code": (None, row.code),
                "valid_from": (None, row.valid_from),
                "last_day": (None, terms.last_day),
                "code_source": (None, row.source or None),
            }
            admin.note("codes.added", row.name or admin.own_unit.full_name, changes)
    return rows


def _checked(admin: AdminContext, terms: CodeTerms, there: list[AgencyCode]) -> AgencyCode:
    code, name = grammar.tidied(terms.code), one_line(terms.name)
    if fault := grammar.fault_of(code):
        raise RefusedError("code", fault)
    if terms.last_day and terms.last_day < terms.valid_from:
        raise RefusedError("last_day", N_("Ngày cuối phải từ ngày bắt đầu trở đi."))
    scheme = terms.scheme or CodeScheme(grammar.scheme_of(code))
    for other in there:
        same = name_key(other.name) == name_key(name) and other.scheme is scheme
        if same and _overlap(other, terms):
            raise RefusedError("code", _TAKEN, name=name or _OWN, code=other.code)
    return AgencyCode(
        unit_id=admin.own_unit.id,
        name=name,
        scheme=scheme,
        code=code,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        source=one_line(terms.source)[:200],
        created_at=admin.now,
        created_by_id=admin.actor.person_id,
    )


def _overlap(other: AgencyCode, terms: CodeTerms) -> bool:
    ends = terms.valid_to or date.max
    return other.valid_from < ends and terms.valid_from < (other.valid_to or date.max)


def end(admin: AdminContext, row: AgencyCode, last_day: date, seen: str) -> None:
    """End a code after a day.

    Raises StaleError where it is no longer as it was seen, RefusedError.
    """
    admin.check_seen(seen, version(row), "codes.")
    if last_day < row.valid_from:
        raise RefusedError("last_day", N_("Ngày cuối phải từ ngày bắt đầu trở đi."))
    with system(admin.session, Purpose.ADMINISTER):
        before = row.valid_to - timedelta(days=1) if row.valid_to else None
        row.valid_to = last_day + timedelta(days=1)
        changes = {"agency_code": (None, row.code), "last_day": (before, last_day)}
        admin.note("codes.ended", row.name or admin.own_unit.full_name, changes)


def remove(admin: AdminContext, row: AgencyCode, seen: str) -> None:
    """Take a code away that was entered by mistake. Raises StaleError as `end` does."""
    admin.check_seen(seen, version(row), "codes.")
    with system(admin.session, Purpose.ADMINISTER):
        changes = {"agency_code": (row.code, None), "valid_from": (row.valid_from, None)}
        admin.note("codes.removed", row.name or admin.own_unit.full_name, changes)
        admin.session.delete(row)
