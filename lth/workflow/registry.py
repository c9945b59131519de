"""Named functions that the table's rows refer to.

A layer above registers its own at import (`lth.drafting` the checks of completeness,
`lth.synthesis` those of a synthesis); `verify` fails at start-up on a name in the table without
a function, and on a condition of a forward act that lists could not ask.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement

from lth.core.i18n import Message
from lth.workflow.context import ActContext
from lth.workflow.table import FORWARD, TABLE

F = TypeVar("F", bound=Callable)
Clause = Callable[[bool], ColumnElement[bool]]
"""Given whether the own unit's leader clears, a condition over `Document`."""


class Registry(Generic[F]):
    """Functions by name; registering a name twice, or asking for an unknown one, is an error."""

    def __init__(self, what: str):
        self.what = what
        self._functions: dict[str, F] = {}

    def __call__(self, function: F) -> F:
        """Register under the function's own name; used as a decorator."""
        name = function.__name__
        if name in self._functions:
            raise ValueError(f"{self.what} {name!r} is registered twice")
        self._functions[name] = function
        return function

    def __getitem__(self, name: str) -> F:
        return self._functions[name]

    def missing(self, names: Iterable[str]) -> set[str]:
        return set(names) - set(self._functions)


class Conditions(Registry[Callable[[ActContext], bool]]):
    """Conditions, each perhaps with the clause that says the same in SQL."""

    def __init__(self) -> None:
        super().__init__("condition")
        self._clauses: dict[str, Clause] = {}

    def __call__(self, function: Any = None, *, in_sql: Clause | None = None) -> Any:
        """Register a condition: ``@condition``, or ``@condition(in_sql=...)``."""
        if function is None:
            return lambda found: self(found, in_sql=in_sql)
        if in_sql is not None:
            self._clauses[function.__name__] = in_sql
        return super().__call__(function)

    def in_sql(self, name: str) -> Clause:
        return self._clauses[name]

    def without_sql(self, names: Iterable[str]) -> set[str]:
        return set(names) - set(self._clauses)


condition = Conditions()
guard: Registry[Callable[[ActContext], Message | None]] = Registry("guard")
effect: Registry[Callable[[ActContext], None]] = Registry("effect")
audience: Registry[Callable[[ActContext], list[Any]]] = Registry("audience")


def verify() -> None:
    """Raise LookupError naming every name in the table that has no function, or lacks its SQL."""
    wanted = (
        (condition, [name for row in TABLE for name in row.when]),
        (guard, [name for row in TABLE for name in row.guards]),
        (effect, [name for row in TABLE for name in (*row.effects, *(row.reverts or ()))]),
        (audience, [tell.audience for row in TABLE for tell in row.tells]),
    )
    unknown = [
        f"{registry.what} {name}"
        for registry, names in wanted
        for name in sorted(registry.missing(names))
    ]
    listed = {name for row in TABLE if row.act in FORWARD for name in row.when}
    unknown += [f"condition {name} in SQL" for name in sorted(condition.without_sql(listed))]
    if unknown:
        raise LookupError("the workflow table names what nobody registered: " + ", ".join(unknown))
