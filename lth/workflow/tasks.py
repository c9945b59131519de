"""Count what waits on a person in each of their roles, every kind of it registered once.

A kind is a function from an actor, and what their unit has settled, to a statement that counts; a
layer above registers its own. All are asked in one statement, however many roles there are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, documents_seen, system
from lth.core.i18n import C_, Message
from lth.models import Document, UnitSettings
from lth.workflow import waiting

Counting = Callable[[Actor, UnitSettings | None], Select[tuple[int]] | None]
"""Makes the statement that counts a kind; None where the role has nothing of it."""


@dataclass(frozen=True)
class WaitingTask:
    """A kind of thing that waits; `label` says how many.

    `page` is the page of the actor's level that lists them, where the desk does not itself.
    """

    name: str
    label: str
    counting: Counting
    page: str = ""


TASKS: dict[str, WaitingTask] = {}
"""Every kind of thing that waits on somebody, by its name."""


def task(name: str, label: str, page: str = "") -> Callable[[Counting], Counting]:
    """Register a kind. Raises ValueError for a name that is taken."""

    def register(counting: Counting) -> Counting:
        if name in TASKS:
            raise ValueError(f"the task {name!r} is registered twice")
        TASKS[name] = WaitingTask(name, label, counting, page)
        return counting

    return register


@dataclass(frozen=True)
class TaskCounts:
    """How much waits on one role, by kind; kinds of which nothing does are left out."""

    by_task: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_task.values())

    @property
    def words(self) -> list[Message]:
        """Say of each kind how much waits: "3 văn bản chờ xử lý"."""
        return [_said(name, count) for name, count in self.by_task.items()]

    @property
    def with_pages(self) -> list[tuple[Message, str]]:
        """Say the same of each kind that has a list of its own, and on which page that is."""
        return [
            (_said(name, count), page)
            for name, count in self.by_task.items()
            if (page := TASKS[name].page)
        ]


def _said(name: str, count: int) -> Message:
    return Message(TASKS[name].label, {"count": count}, number=count)


def counts(session: Session, actors: Sequence[Actor]) -> dict[int, TaskCounts]:
    """Count what waits on each of a person's roles, by the role's id; in two queries.

    Each is counted within its own scope, which the statement carries.
    """
    at_units = [actor for actor in actors if actor.unit_id is not None]
    with system(session, Purpose.DESK):
        settings = _settings(session, at_units)
        asked = {
            (actor.assignment_id, name): counting
            for actor in at_units
            for name, kind in TASKS.items()
            if (counting := _scalar(kind, actor, settings.get(actor.unit_id))) is not None
        }
        row = session.execute(select(*asked.values())).one() if asked else ()
    found: dict[int, dict[str, int]] = {actor.assignment_id: {} for actor in actors}
    for (assignment_id, name), count in zip(asked, row, strict=True):
        if count:
            found[assignment_id][name] = count
    return {assignment_id: TaskCounts(by_task) for assignment_id, by_task in found.items()}


def listed_elsewhere(session: Session, actor: Actor) -> TaskCounts:
    """Count what waits on a role and has a list of its own.

    In one query, within the actor's scope; such a kind does not ask what the unit has settled.
    """
    asked = {
        name: counting
        for name, kind in TASKS.items()
        if kind.page and (counting := _scalar(kind, actor, None)) is not None
    }
    row = session.execute(select(*asked.values())).one() if asked else ()
    return TaskCounts({name: count for name, count in zip(asked, row, strict=True) if count})


def _settings(session: Session, actors: Sequence[Actor]) -> dict[int | None, UnitSettings]:
    units = {actor.unit_id for actor in actors}
    statement = select(UnitSettings).where(UnitSettings.unit_id.in_(units))
    return {row.unit_id: row for row in session.scalars(statement)} if units else {}


def _scalar(
    kind: WaitingTask, actor: Actor, settings: UnitSettings | None
) -> ScalarSelect[int] | None:
    statement = kind.counting(actor, settings)
    return None if statement is None else statement.scalar_subquery()


# --- Documents ----------------------------------------------------------------------------


@task("documents", C_("%(count)s văn bản chờ xử lý"))
def _documents(actor: Actor, settings: UnitSettings | None) -> Select[tuple[int]] | None:
    """Count the documents of which the next act is the actor's, requests for time among them."""
    found = waiting.turns_by(actor, settings)
    if not found:
        return None
    seen = documents_seen(Scope.of(actor)), waiting.any_of(found)
    return select(func.count()).select_from(Document).where(*seen)


@task("openings", C_("%(count)s văn bản cần lập"))
def _openings(actor: Actor, _: UnitSettings | None) -> Select[tuple[int]] | None:
    """Count the documents that the actor may start."""
    found = waiting.may_open(actor)
    return select(func.count()).select_from(found.subquery()) if found is not None else None
