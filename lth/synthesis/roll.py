"""Call the roll of a synthesis: who is in it, who is not, and where each unit below stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.core.i18n import Message
from lth.core.vietnamese import collation_key
from lth.models import Document, Revision, Unit
from lth.synthesis import children
from lth.synthesis.absent import Attendance
from lth.synthesis.children import Below, ChildrenPage, Standing, StandingCounts
from lth.units.names import UnitName


@dataclass(frozen=True)
class RollCall:
    """Who is in a synthesis, whatever it adds up.

    `header` says how many units are in the receipt ("15 trên 17 xã"), `ready` how many could be
    taken over now. `missing` names the first units that are not in it (before the first
    take-over: that have released nothing). What lies below is None where the scope, a unit
    below or beside, does not see it. `departed`: whose figures are in it though they take part no
    more, and since when, as long as it can still be taken over anew.
    """

    document: Document
    revision: Revision
    header: Message
    ready: Message | None
    counts: StandingCounts
    missing: Sequence[Unit | UnitName]
    page: ChildrenPage | None
    departed: Sequence[tuple[UnitName, date]]

    @property
    def taken(self) -> bool:
        """Tell whether the revision has figures and a receipt at all."""
        return self.counts.received > 0 or self.revision.taken_over_at is not None

    @property
    def sees_below(self) -> bool:
        return self.page is not None

    @property
    def missing_count(self) -> int:
        """Count the units that are not in it, named or not."""
        return self.counts.expected - (self.counts.received if self.taken else self.counts.released)


def call(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    *,
    page: int = 1,
    only: Standing | None = None,
    there: Attendance | None = None,
) -> RollCall:
    """Return who is in a synthesis, in four queries however many units there are.

    One more where they are of several kinds, and one while it can be taken over anew. `page` and
    `only` choose among the units below; `there` says who is in it, where that is known already. The
    caller has read document and revision within the scope.
    """
    sees = children.sees_below(scope, document)
    below = Below(document, revision, scope)
    counts = children.count(session, below) if sees else children.receipt_counts(session, revision)
    taken = counts.received > 0 or revision.taken_over_at is not None
    out = (Standing.MISSING, Standing.LATE) if taken else (Standing.MISSING,)
    total = counts.expected if only is None else counts.by_standing.get(only, 0)
    listed = children.page(session, below, total, page, only) if sees else None
    return RollCall(
        document=document,
        revision=revision,
        header=children.of_all_units(counts.received, counts.expected, counts.level),
        ready=children.of_all_units(counts.released, counts.expected, counts.level)
        if sees
        else None,
        counts=counts,
        missing=_missing(
            session, below, counts, out, there, listed, first=page <= 1 and only is None
        )
        if sees
        else [],
        page=listed,
        departed=children.departed(session, below) if sees and taken else (),
    )


def _missing(
    session: Session,
    below: Below,
    counts: StandingCounts,
    out: Sequence[Standing],
    there: Attendance | None,
    page: ChildrenPage | None,
    *,
    first: bool,
) -> Sequence[Unit | UnitName]:
    """Name the first units that are not in it: from what is known already, where that has all."""
    if there is not None:
        return [one.unit for one in there.absent if one.within is None][: children.NAMED]
    if page is None:
        return []
    missing = counts.by_standing.get(Standing.MISSING, 0)
    if first and counts.adrift + min(children.NAMED, missing) <= children.PAGE:
        units = [child.unit for child in page.children if child.standing in out]
        return sorted(units, key=lambda unit: collation_key(unit.name))[: children.NAMED]
    return children.names(session, below, out)
