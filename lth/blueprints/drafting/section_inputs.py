"""The sections of the drafting page: what each text field shows, and what was typed into it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from lth import drafting
from lth.blueprints.drafting.target_inputs import chosen, saved_at
from lth.blueprints.web import current, paging
from lth.core.formats import format_time
from lth.core.language import gettext, say
from lth.core.vietnamese import plain_text
from lth.drafting.sheet import Sheet, SheetSection
from lth.models import Remark


@dataclass(frozen=True)
class TextConflict:
    """What somebody else made of a text meanwhile, in the version that a choice is about."""

    said: str
    version: int
    theirs: str


@dataclass
class SectionField:
    """One section of the page. `was` tells whether its text was touched."""

    key: str
    title: str
    hint: str
    body: str
    seen: int
    was: str
    saved: str
    required: bool
    missing: bool
    locked: bool
    remarks: list[Remark]
    tells_money: bool
    error: str = ""
    conflict: TextConflict | None = None
    noted: bool = False
    unlocked: bool = False
    """A check says something of it (`noted`); it alone may be changed (`unlocked`)."""

    @property
    def open(self) -> bool:
        """Tell whether it is shown unfolded: it must be written, or something stands against it."""
        standing = bool(self.error or self.conflict or self.remarks or self.noted or self.unlocked)
        return self.required or standing


def digest(body: str) -> str:
    """Return a text in short, by which a field that still holds it is told apart."""
    return hashlib.sha256(plain_text(body).encode()).hexdigest()[:16]


def fields(
    sheet: Sheet, result: drafting.PageResult | None = None, noted: Iterable[str] = ()
) -> list[SectionField]:
    """Return the sections in order; after a save that was refused, with what was typed."""
    marked = set(noted)
    found = [_field(sheet, part) for part in sheet.parts]
    for one in found:
        one.noted = one.key in marked
        if result is not None and one.key in result.sections:
            _put_back(one, result.typed[one.key], result.sections[one.key])
    return found


def _field(sheet: Sheet, part: SheetSection) -> SectionField:
    section = part.section
    return SectionField(
        key=section.line_key,
        title=section.title,
        hint=say(part.hint) if part.hint else "",
        body=section.body,
        seen=section.version,
        was=digest(section.body),
        saved=_saved(part),
        required=part.required,
        missing=part.missing,
        locked=sheet.locks.locked(section.line_key),
        unlocked=section.line_key in sheet.locks.unlocked,
        remarks=part.remarks,
        tells_money=part.tells_money,
    )


def _saved(part: SheetSection) -> str:
    """Say when a section was saved, and by whom where that was somebody else."""
    section = part.section
    if section.edited_at is None:
        return ""
    when = saved_at(section.edited_at)
    if not part.author or section.edited_by_id == current.actor().person_id:
        return gettext("Đã lưu %(when)s", when=when)
    return gettext("Đã lưu %(when)s, %(who)s", when=when, who=part.author)


def _put_back(
    one: SectionField, edit: drafting.SectionEdit, result: drafting.SectionResult
) -> None:
    if not result.errors and result.conflict is None:
        return
    one.body, one.seen = edit.body, edit.seen
    one.error = " ".join(say(message) for message in result.errors.values())
    conflict = result.conflict
    if conflict is not None:
        who = conflict.by or gettext("Một người khác")
        when = format_time(conflict.at) if conflict.at else ""
        said = gettext("%(who)s vừa sửa phần này lúc %(when)s.", who=who, when=when)
        one.conflict = TextConflict(said, conflict.version, conflict.theirs)


def typed_sections(also: str = "") -> Iterable[drafting.SectionEdit]:
    """Read the sections of the posted form that were touched, and one that is wanted anyway."""
    for key in request.form.getlist("section"):
        body = request.form.get(f"{key}:body")
        if body is None:
            continue
        if key != also and digest(body) == request.form.get(f"{key}:was"):
            continue
        seen = chosen(key, paging.whole_in(request.form, f"{key}:seen"))
        if seen is not None:
            yield drafting.SectionEdit(key, body, seen)
