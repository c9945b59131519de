"""Hold a file against the plan as it is now, and write what the person accepted of it."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from lth import drafting
from lth.access.actor import Actor
from lth.core.errors import BlockedError, StaleError
from lth.core.i18n import N_, Message
from lth.drafting import parts
from lth.exchange.workbook import part_cells, target_cells
from lth.exchange.workbook.contents import PlanState, drafted
from lth.exchange.workbook.items import ItemKind, MergeItem, MergeReport
from lth.exchange.workbook.merging import MergeState
from lth.exchange.workbook.reading import TypedBook
from lth.exchange.workbook.sealing import WorkbookSeal
from lth.exchange.workbook.target_cells import TargetMerge
from lth.workflow.writing import open_for_writing

MINE, THEIRS = "mine", "theirs"
"""What a person chooses where two wrote at once."""


def report(state: PlanState, book: TypedBook, seal: WorkbookSeal, *, known: bool) -> MergeReport:
    """Judge every cell of a file against the plan as it is now."""
    merge = TargetMerge(state, seal, known)
    items = list(target_cells.judge(merge, list(book.targets)))
    for part, rows in book.parts.items():
        items.extend(part_cells.judge(merge, part, list(rows)))
    return MergeReport(items, book.notes)


def seen_of(found: MergeReport) -> str:
    """Return a digest of all that decisions are taken on; another one, and they are asked anew."""
    told = "\n".join(f"{item.id}={item.mark}={item.theirs}={item.mine}" for item in found.open)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def accepted(
    found: MergeReport, ticked: Collection[str], chosen: Mapping[str, str]
) -> list[MergeItem]:
    """List the items whose value in the file is to be written, by boxes and choices."""
    return [
        item
        for item in found.open
        if (chosen.get(item.id) == MINE if item.state is MergeState.CONFLICT else item.id in ticked)
    ]


def settled(found: MergeReport, chosen: Mapping[str, str]) -> int:
    """Count the conflicts that are decided for what the plan has."""
    return sum(chosen.get(item.id) == THEIRS for item in found.of(MergeState.CONFLICT))


def undecided(found: MergeReport, chosen: Mapping[str, str]) -> list[MergeItem]:
    """List the conflicts about which nothing was chosen."""
    return [item for item in found.of(MergeState.CONFLICT) if item.id not in chosen]


def apply(
    session: Session,
    actor: Actor,
    document_id: int,
    items: list[MergeItem],
    *,
    now: datetime,
) -> int:
    """Write what was accepted, as typed edits are written; how many cells and lines.

    The caller has judged under the document's lock (`locked`), and takes all of it back where this
    raises: BlockedError names the first cell that the operation refuses, StaleError one that
    changed in between.
    """
    state = drafted(session, actor, document_id)
    cells = [item for item in items if item.kind is ItemKind.TARGET]
    edits = target_cells.edits_of(state, cells)
    if edits:
        _check(drafting.save_targets(session, actor, document_id, edits, now=now), cells)
    for key in dict.fromkeys(item.key for item in items if item.kind is ItemKind.FIELD):
        of_line = [one for one in items if one.kind is ItemKind.FIELD and one.key == key]
        _save_line(session, actor, document_id, of_line, now)
    for item in items:
        if item.kind is ItemKind.ADDED:
            _add_line(session, actor, document_id, item, now)
        elif item.kind is ItemKind.REMOVED:
            parts.remove(
                session, actor, document_id, item.part, item.key, seen=item.version, now=now
            )
    return len(items)


def locked(session: Session, actor: Actor, document_id: int) -> PlanState:
    """Read the draft with nobody able to change it until the transaction ends.

    Raises what `open_for_writing` raises.
    """
    open_for_writing(session, actor, document_id)
    return drafted(session, actor, document_id)


def _check(result: drafting.SaveResult, items: list[MergeItem]) -> None:
    where = {item.key: item.address for item in items}
    for key, errors in result.errors.items():
        raise BlockedError(_refused(where[key], next(iter(errors.values()))))
    if result.conflicts:
        raise stale()


def _save_line(
    session: Session, actor: Actor, document_id: int, items: list[MergeItem], now: datetime
) -> None:
    first = items[0]
    texts = {name: text for item in items for name, text in item.texts.items()}
    result = parts.save_line(
        session, actor, document_id, first.part, first.key, texts, seen=first.version, now=now
    )
    if result.conflict is not None:
        raise stale()
    for message in result.errors.values():
        raise BlockedError(_refused(first.address, message))


def _add_line(
    session: Session, actor: Actor, document_id: int, item: MergeItem, now: datetime
) -> None:
    _, revision = open_for_writing(session, actor, document_id)
    seen = revision.edit_count
    result = parts.add(session, actor, document_id, item.part, item.texts, seen=seen, now=now)
    for message in result.errors.values():
        raise BlockedError(_refused(item.address, message))


def _refused(address: str, message: Message) -> Message:
    return Message(N_("%(cell)s: %(problem)s"), {"cell": address, "problem": message})


def stale() -> StaleError:
    """Return the error of what was decided on values that have changed since."""
    text = N_(
        "Kế hoạch vừa được sửa sau khi anh/chị mở trang này. Chưa ghi gì; hãy xem lại các ô dưới"
        " đây rồi bấm ghi."
    )
    return StaleError(Message(text))
