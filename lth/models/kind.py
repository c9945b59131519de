"""Kinds of document: each is described once, and nobody else asks which kind a document is."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Self

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

from lth.models.person import Role
from lth.models.programme import PeriodUse


class MadeBy(StrEnum):
    """Which of the units that take part make documents of a kind: all of them, those with no units
    below them, or those with some.
    """

    ALL = "all"
    LOWEST = "lowest"
    PARENTS = "parents"


class Figures(StrEnum):
    """What the figures of a kind are: what is to be reached (`Target`), or what was done
    (`ReportValue`).
    """

    TARGETS = "targets"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class StandardSection:
    """A section that a kind has from the start. Its title is in Vietnamese in either language.

    One that `tells_money` can have what the budget's lines come to put into its text.
    """

    key: str
    title: str
    hint: str
    required: bool = False
    tells_money: bool = False


@dataclass(frozen=True, kw_only=True)
class Description:
    """A kind of document, described.

    `label`, `name` and `within` are texts to translate: the kind alone, a document of it for a
    `%(period)s` at the start of a line, and within a sentence. The rest: who of the own unit drafts
    it, and how that is called (`drafter_label`); the sections it begins with; the kind below that
    it `adds_up`, if its figures are computed; whether its writers must give a figure for each
    required indicator (`figures_required`); whether it has `parts` beside targets and sections,
    whether the plan checks judge it (`checked`), whether it `hands_down` quotas, begins from the
    document in force above (`starts_from_above`) and can be a plan file (`filed`).

    `numbered_as`: the abbreviations that its number may have (12/KH-UBND); any, where none is said.

    It is written in periods of one `use`, by those units that it is `made_by`; its `figures` are
    targets or what was done. A unit has one live document of a kind in a period; of a kind that is
    not `once_a_period`, one for each subperiod of it.
    """

    label: str
    name: str
    within: str
    drafter: Role
    drafter_label: str
    sections: tuple[StandardSection, ...]
    adds_up: "Kind | None" = None
    use: PeriodUse = PeriodUse.PLAN
    made_by: MadeBy = MadeBy.ALL
    figures: Figures = Figures.TARGETS
    once_a_period: bool = True
    figures_required: bool = False
    parts: bool = False
    checked: bool = False
    hands_down: bool = False
    starts_from_above: bool = False
    filed: bool = False
    numbered_as: tuple[str, ...] = ()


class Kind(str):
    """A kind of document by its key, as which it is stored and sent, with its description.

    There is one object for each key; ``Kind("plan")`` finds it. Raises ValueError for a key that
    nobody has registered.
    """

    __slots__ = ("description",)
    description: Description
    _registered: ClassVar[dict[str, "Kind"]] = {}

    def __new__(cls, key: str) -> Self:
        if key not in cls._registered:
            raise ValueError(f"no kind of document is called {key!r}")
        return cls._registered[key]

    def __getattr__(self, name: str) -> Any:
        """Read what the description says."""
        if name not in _DESCRIBED:
            raise AttributeError(name)
        return getattr(self.description, name)

    @classmethod
    def register(cls, key: str, **description: Any) -> Self:
        """Describe a kind. Raises ValueError where there is one of that key."""
        if key in cls._registered:
            raise ValueError(f"the kind {key!r} is registered twice")
        kind = super().__new__(cls, key)
        kind.description = Description(**description)
        cls._registered[key] = kind
        return kind

    @classmethod
    def all(cls) -> tuple[Self, ...]:
        """List every kind, in the order in which they were registered."""
        return tuple(cls._registered.values())

    @classmethod
    def of(cls, use: PeriodUse) -> tuple[Self, ...]:
        """List the kinds that are written in periods of a use, in the same order."""
        return tuple(kind for kind in cls.all() if kind.use is use)

    @property
    def is_computed(self) -> bool:
        """Tell whether its figures are added up from the units below."""
        return self.description.adds_up is not None

    @property
    def is_added_up(self) -> bool:
        """Tell whether a kind of the level above counts its figures."""
        return any(kind.description.adds_up is self for kind in Kind.all())


_DESCRIBED = frozenset(field.name for field in fields(Description))


class KindKey(TypeDecorator[Kind]):
    """A kind, kept as its key. No CHECK lists the keys: the registry refuses an unknown one."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else str.__str__(Kind(value))

    def process_result_value(self, value: str | None, dialect: Any) -> Kind | None:
        return None if value is None else Kind(value)
