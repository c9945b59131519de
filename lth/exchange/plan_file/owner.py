"""Find whose draft a plan file becomes: the unit, the period, and who drafts there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from lth.access.actor import Actor, in_force
from lth.content.model import Content, Span
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import fold_tone_position, nfc, search_key
from lth.models import Credential, Period, Person, Phase, Programme, RoleAssignment, Unit
from lth.models.unit import Level
from lth.workflow.kinds import PLAN

TYPES = (
    "tỉnh",
    "thành phố",
    "huyện",
    "quận",
    "thị xã",
    "xã",
    "phường",
    "thị trấn",
    "đặc khu",
)
LEVEL_LABEL = {
    Level.PROVINCE: N_("cấp tỉnh"),
    Level.DISTRICT: N_("cấp huyện"),
    Level.COMMUNE: N_("cấp xã"),
}
DRAFTERS = frozenset({PLAN.drafter})
"""The roles that may start a plan."""


# --- The period ---------------------------------------------------------------------------


def find_period(session: Session, content: Content, code: str | None) -> Period:
    """Find the period of a code, or the one of the file's years. Raises BlockedError."""
    statement = (
        select(Period)
        .join(Period.programme)
        .where(Programme.code == content.programme, Period.use == PLAN.use)
        .options(selectinload(Period.phases))
        .order_by(Period.starts_on, Period.ends_on)
    )
    known = session.scalars(statement).all()
    if not known:
        text = N_("Cơ sở dữ liệu chưa có chương trình %(code)s: chạy “lth units import” trước.")
        raise BlockedError(Message(text, {"code": content.programme}))
    chosen = [one for one in known if _is_period(one, content.period, code)]
    if not chosen:
        text = N_("Chương trình %(programme)s không có kỳ %(period)s. Các kỳ: %(known)s.")
        given = code or _years(content.period)
        codes = ", ".join(one.code for one in known)
        filling = {"programme": content.programme, "period": given, "known": codes}
        raise BlockedError(Message(text, filling))
    return chosen[0]


def _is_period(one: Period, span: Span, code: str | None) -> bool:
    return one.code == code if code else _same_years(one, span)


def _same_years(one: Period | Phase, span: Span) -> bool:
    return one.ends_on.year == span.end and span.start in {None, one.starts_on.year}


def _begins_at_an_end(part: Phase, span: Span, ends: Collection[int]) -> bool:
    """Tell whether a phase is meant that is counted from the last year of the one before, as plans
    do: "2026-2030" and "2030-2035".
    """
    begins = part.starts_on.year - 1
    return part.ends_on.year == span.end and span.start == begins and begins in ends


def _is_whole(period: Period, span: Span) -> bool:
    return len(period.phases) > 1 and _same_years(period, span)


def _years(span: Span) -> str:
    return f"{span.start or ''}–{span.end}"


def match_phases(period: Period, content: Content) -> Mapping[str, str]:
    """Map the period's code of each of the file's phases, by its key in the file.

    Beside the phases the whole period may be one more. Raises BlockedError where they are not the
    same years, each once.
    """
    ends = {phase.span.end for phase in content.phases}
    matched = {
        phase.key: part.code
        for phase in content.phases
        for part in period.phases
        if _same_years(part, phase.span) or _begins_at_an_end(part, phase.span, ends)
    }
    whole = [phase.key for phase in content.phases if _is_whole(period, phase.span)]
    parts = len(content.phases) - len(whole)
    if len(matched) == parts == len(period.phases) and len(set(matched.values())) == parts:
        return matched | dict.fromkeys(whole[:1], period.code)
    text = N_(
        "Giai đoạn không khớp: tệp có %(file)s, kỳ %(period)s có %(known)s. Sửa “phases” trong tệp,"
        " hoặc mở kỳ có các giai đoạn này bằng “lth programmes open-period”."
    )
    filling = {
        "file": ", ".join(_years(phase.span) for phase in content.phases),
        "period": period.code,
        "known": ", ".join(part.code for part in period.phases),
    }
    raise BlockedError(Message(text, filling))


# --- The unit -----------------------------------------------------------------------------


def find_unit(session: Session, said: str, level: Level, on: date) -> Unit:
    """Find the unit of a level that a national code or a name means on a day.

    A name may be without its type, and may have the unit above behind a comma: "Định An",
    "xã Định An, huyện Trà Cú". Raises BlockedError where it is none or several.
    """
    found = [unit for unit in _candidates(session, said) if unit.in_force(on)]
    if not found:
        text = N_("Không có đơn vị nào là “%(said)s” vào đầu kỳ. Ghi mã hoặc tên đầy đủ.")
        raise BlockedError(Message(text, {"said": said}))
    of_level = [unit for unit in found if unit.level is level]
    if not of_level:
        text = N_("Đơn vị %(unit)s không phải %(level)s như trong tệp.")
        filling = {"unit": found[0].full_name, "level": Message(LEVEL_LABEL[level])}
        raise BlockedError(Message(text, filling))
    if len(of_level) > 1:
        text = N_("“%(said)s” có thể là: %(known)s. Ghi mã, hoặc tên kèm đơn vị cấp trên.")
        known = "; ".join(_with_parent(unit) for unit in of_level)
        raise BlockedError(Message(text, {"said": said, "known": known}))
    return of_level[0]


def _candidates(session: Session, said: str) -> list[Unit]:
    said = " ".join(nfc(said).split())
    name, _, above = (part.strip() for part in said.partition(","))
    key = search_key(name)
    statement = (
        select(Unit)
        .where(
            or_(
                Unit.code == name,
                Unit.name.in_({name, *_bare(name)}),
                Unit.search_key.in_([key, *(f"{search_key(kind)} {key}" for kind in TYPES)]),
            )
        )
        .options(joinedload(Unit.parent))
        .order_by(Unit.path)
    )
    found = [unit for unit in session.scalars(statement) if _is_called(unit, name, key)]
    if above:
        found = [unit for unit in found if unit.parent and _is_named(unit.parent, above)]
    return _as_written(found, name)


def _bare(name: str) -> list[str]:
    """Return the name without a type before it."""
    folded = name.casefold()
    return [name[len(kind) :].strip() for kind in TYPES if folded.startswith(f"{kind} ")]


def _is_called(unit: Unit, name: str, key: str) -> bool:
    return unit.code == name or key in {search_key(unit.name), search_key(unit.full_name)}


def _is_named(unit: Unit, name: str) -> bool:
    return search_key(name) in {search_key(unit.name), search_key(unit.full_name)}


def _as_written(units: list[Unit], name: str) -> list[Unit]:
    """List those that are called so to the last tone mark, if any: "xã Bà" is not "xã Ba"."""
    written = _folded(name)
    exact = [unit for unit in units if written in {_folded(unit.full_name), _folded(unit.name)}]
    return exact or units


def _folded(name: str) -> str:
    return fold_tone_position(name).casefold()


def _with_parent(unit: Unit) -> str:
    above = f", {unit.parent.full_name}" if unit.parent else ""
    return f"{unit.full_name}{above} ({unit.code})"


# --- Who drafts ---------------------------------------------------------------------------


def find_drafter(session: Session, unit: Unit, email: str | None, on: date) -> Actor:
    """Find who drafts the unit's plans, or the one of them with an address. Raises BlockedError."""
    statement = (
        select(RoleAssignment, Credential.email)
        .join(RoleAssignment.person)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .options(
            contains_eager(RoleAssignment.person),
            joinedload(RoleAssignment.unit),
            joinedload(RoleAssignment.office),
        )
        .where(
            RoleAssignment.unit_id == unit.id,
            RoleAssignment.role.in_(DRAFTERS),
            Person.active,
            in_force(on),
        )
        .order_by(RoleAssignment.id)
    )
    found = session.execute(statement).all()
    chosen = [one for one, address in found if email is None or address == email.strip().lower()]
    if len({one.person_id for one in chosen}) == 1:
        return Actor.of(chosen[0])
    raise BlockedError(_no_drafter(unit, email, [address for _, address in found]))


def _no_drafter(unit: Unit, email: str | None, addresses: Sequence[str | None]) -> Message:
    filling = {"unit": unit.full_name, "email": email or "", "known": _listed(addresses)}
    if not addresses:
        text = N_("Ở %(unit)s chưa có ai giữ vai trò lập kế hoạch: hãy giao vai trò trước.")
    elif email:
        text = N_("%(email)s không lập kế hoạch ở %(unit)s. Những người lập: %(known)s.")
    else:
        text = N_("Ở %(unit)s có nhiều người lập kế hoạch, chọn một bằng --by: %(known)s.")
    return Message(text, filling)


def _listed(addresses: Iterable[str | None]) -> str:
    return ", ".join(sorted({address or "–" for address in addresses}))
