"""The content of a drafting page as the one value that the checks judge."""

from sqlalchemy.orm import Session

from lth.checks import loading
from lth.content.model import Content
from lth.drafting.sheet import Sheet


def content_of(session: Session, sheet: Sheet, *, communes: int | None = None) -> Content:
    """The same of a drafting page's content, which has most of it: in one query at most."""
    slots = sheet.slots
    norms = [norm for slot in slots for norm in slot.norms]
    quotas = {
        (slot.indicator.id, slot.phase.id): (slot.indicator, slot.quota)
        for slot in slots
        if slot.quota is not None
    }
    return loading.put_together(
        session,
        sheet.document,
        sheet.revision,
        phases=sheet.phases,
        indicators={slot.indicator.code: slot.indicator for slot in slots},
        rows=[line.target for slot in slots for line in slot.lines if line.target is not None],
        sections=[part.section for part in sheet.parts],
        parts=sheet.lines,
        asked=loading.AskedFromAbove(sheet.above, norms, quotas),
        communes=communes,
    )
