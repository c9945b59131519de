"""Named functions that the table's rows refer to.

A layer above registers its own at import (`lth.drafting` the checks of completeness,
`lth.synthesis` those of a synthesis); `verify` fails at start-up on a name in the table without
a function.
"""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from lth.core.i18n import Message
from lth.workflow.context import Case
from lth.workflow.table import TABLE

F = TypeVar("F", bound=Callable)


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


condition: Registry[Callable[[Case], bool]] = Registry("condition")
guard: Registry[Callable[[Case], Message | None]] = Registry("guard")
effect: Registry[Callable[[Case], None]] = Registry("effect")
audience: Registry[Callable[[Case], list[tuple[int, int]]]] = Registry("audience")


def verify() -> None:
    """Raise LookupError naming every name in the table that has no function."""
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
    if unknown:
        raise LookupError("the workflow table names what nobody registered: " + ", ".join(unknown))
