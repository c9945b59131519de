"""The templates of a unit's papers: the shipped ones, until its administrator gives others.

Every file is tried on examples before it is taken, in a process apart (`word.child`).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.administration.context import AdminContext, fingerprint
from lth.core import apart
from lth.core.errors import BlockedError, RefusedError
from lth.core.i18n import N_
from lth.core.vietnamese import one_line
from lth.exchange.files.store import FileStore
from lth.exchange.papers import word
from lth.exchange.papers.text import PaperKind
from lth.exchange.papers.word.looking import FIELD, check_size
from lth.models import PaperLayout, PaperTemplate

SECONDS = 5
"""How long a template may be computed on: a good one takes a tenth of that."""

FILE_NAME: Mapping[PaperLayout, str] = {
    PaperLayout.NAMED: "mau-van-ban.docx",
    PaperLayout.LETTER: "mau-cong-van.docx",
}
"""What the shipped templates are called when they are downloaded."""

LAYOUT_LABEL: Mapping[PaperLayout, str] = {
    PaperLayout.NAMED: N_("Văn bản có tên loại"),
    PaperLayout.LETTER: N_("Công văn"),
}
_LONGEST_NAME = 240


@dataclass(frozen=True)
class TemplateChoice:
    """What the papers of a layout are written on: the unit's own template, or (None) the shipped.

    `version` changes with it.
    """

    layout: PaperLayout
    own: PaperTemplate | None

    @property
    def version(self) -> str:
        return fingerprint(self.layout.value, self.own.id if self.own else None)


def choices(session: Session, unit_id: int) -> list[TemplateChoice]:
    """Return what a unit's papers are written on, for each layout."""
    statement = select(PaperTemplate).where(
        PaperTemplate.unit_id == unit_id, PaperTemplate.retired_at.is_(None)
    )
    own = {row.layout: row for row in session.scalars(statement)}
    return [TemplateChoice(layout, own.get(layout)) for layout in PaperLayout]


def choice(
    session: Session, unit_id: int, layout: PaperLayout, *, to_change: bool = False
) -> TemplateChoice:
    """Return what a unit's papers of a layout are written on, locked where it is to change."""
    statement = select(PaperTemplate).where(
        PaperTemplate.unit_id == unit_id,
        PaperTemplate.layout == layout,
        PaperTemplate.retired_at.is_(None),
    )
    if to_change:
        statement = statement.with_for_update()
    return TemplateChoice(layout, session.scalar(statement))


def template_of(session: Session, store: FileStore, unit_id: int, kind: PaperKind) -> bytes | None:
    """Return what `word.write` writes a unit's paper of a kind on; None for the shipped template.

    Raises:
        BlockedError: the unit's own template is not in the store any more.
    """
    found = choice(session, unit_id, PaperLayout(word.layout(kind)))
    return _bytes(store, found.own) if found.own else None


def current(session: Session, store: FileStore, unit_id: int, layout: PaperLayout) -> bytes:
    """Return the template that is in use, for downloading it. Raises BlockedError as above."""
    found = choice(session, unit_id, layout)
    return _bytes(store, found.own) if found.own else word.shipped(layout.value)


def _bytes(store: FileStore, template: PaperTemplate) -> bytes:
    try:
        return store.get(template.sha256)
    except KeyError as error:
        text = N_(
            "Không còn tệp mẫu %(name)s của đơn vị. Người quản trị đơn vị cần tải mẫu lên lại hoặc"
            " dùng lại mẫu có sẵn."
        )
        raise RefusedError("", text, name=template.file_name) from error


@dataclass(frozen=True)
class TriedTemplate:
    """A template on which papers can be written, and an example of one."""

    layout: PaperLayout
    data: bytes
    example: bytes


def try_out(template: bytes, layout: PaperLayout) -> TriedTemplate:
    """Write examples on a template. It takes a while and asks nothing of the database.

    Raises:
        BlockedError: no paper can be written on it, why, and in which placeholder.
    """
    check_size(template)
    what = "lth.exchange.papers.word.child:tried"
    try:
        answer = apart.call(what, template, layout.value, seconds=SECONDS)
    except BlockedError as error:
        raise RefusedError(FIELD, error.messages[0]) from error
    return TriedTemplate(layout, template, base64.b64decode(answer))


def take_into_use(
    admin: AdminContext, store: FileStore, tried: TriedTemplate, file_name: str, seen: str
) -> PaperTemplate:
    """Have a unit's papers written on a template from now on; the one before it is retired.

    Raises:
        StaleError: another was taken into use since the page was opened.
    """
    unit_id = admin.own_unit.id
    before = choice(admin.session, unit_id, tried.layout, to_change=True)
    admin.check_seen(seen, before.version, "templates.")
    _retire(admin, before)
    row = PaperTemplate(
        unit_id=unit_id,
        person_id=admin.actor.person_id,
        person_name=admin.actor.person_name,
        person_position=admin.actor.position,
        layout=tried.layout,
        sha256=store.put(tried.data),
        file_name=one_line(file_name)[-_LONGEST_NAME:] or "–",
        uploaded_at=admin.now,
    )
    admin.session.add(row)
    admin.session.flush()
    admin.note("templates.uploaded", LAYOUT_LABEL[tried.layout], _change(before, row.file_name))
    return row


def go_back(admin: AdminContext, layout: PaperLayout, seen: str) -> None:
    """Write a unit's papers on the shipped template again. Raises StaleError as above."""
    before = choice(admin.session, admin.own_unit.id, layout, to_change=True)
    admin.check_seen(seen, before.version, "templates.")
    if before.own is not None:
        _retire(admin, before)
        admin.note("templates.retired", LAYOUT_LABEL[layout], _change(before, ""))


def _retire(admin: AdminContext, before: TemplateChoice) -> None:
    if before.own is not None:
        before.own.retired_at = admin.now
        admin.session.flush()


def _change(before: TemplateChoice, after: str) -> dict[str, tuple[str, str]]:
    return {"template_file": (before.own.file_name if before.own else "", after)}
