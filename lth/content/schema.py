"""Declare line types, the schema of content, and register those there are.

A line type is a class in `line_types`, and nothing else says what it is: the fields of its form,
the plan file's form and JSON Schema, the summary of a line, the difference between two, and the
codec of the database go by the declaration (docs/adr/0017-one-schema-of-content.md).
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar

from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line

LARGEST_SUM = 10**15
"""The largest sum of money, in đồng."""


class Typed(StrEnum):
    """Kind of value of a field. LIST is one a line; FIGURE is in its line's indicator's measure."""

    TEXT = "text"
    LONG = "long"
    LIST = "list"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"
    YEAR = "year"
    CHOICE = "choice"
    FLAG = "flag"
    INDICATOR = "indicator"
    FIGURE = "figure"

    def __call__(self, label: str, about: str, hint: str = "", **more: Any) -> Any:
        """Declare a field of a line type that holds this; `more` are attributes of `Field`."""
        more.setdefault("most", _MOST.get(self, 0))
        required = more.get("required", False)
        empty = more.setdefault("empty", _EMPTY.get(self))
        return dataclasses.field(
            default=MISSING if required else empty,
            metadata={"declared": (self, label, about, hint, more)},
        )


_MOST = {Typed.TEXT: 200, Typed.LONG: 500, Typed.LIST: 200, Typed.MONEY: LARGEST_SUM}
_EMPTY = {Typed.TEXT: "", Typed.LONG: "", Typed.LIST: (), Typed.FLAG: False}


class PartGroup(StrEnum):
    """Parts that are drafted on one page."""

    PAPERS = "papers"
    BASELINE = "baseline"
    BUDGET = "budget"
    TASKS = "tasks"


GROUP_LABEL = {
    PartGroup.PAPERS: N_("Hồ sơ, căn cứ"),
    PartGroup.BASELINE: N_("Thực trạng"),
    PartGroup.BUDGET: N_("Kinh phí"),
    PartGroup.TASKS: N_("Nhiệm vụ, báo cáo"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a line type; `label`, `hint` and the values of `labels` are msgids.

    `about` says in English what the key in a plan file is for; `file` is that key, empty where the
    file says it elsewhere. `most` is
    characters (of a LIST, of each line), or the largest number; `least` the smallest. `required`
    is what a line cannot be without; `empty` is the value of others while nobody has filled them
    in. `rare` is not offered while it is empty. `offered` are words of documents, which stay in
    Vietnamese. `pasted` is said of a new line's input that takes a whole list. `group` is the page
    that asks for it, where that is another than its type's. `tidy` makes of a TEXT what is kept.
    """

    typed: Typed
    label: str
    about: str
    hint: str
    name: str
    file: str
    most: int
    empty: Any
    least: int = 0
    required: bool = False
    labels: Mapping[Any, str] | None = None
    offered: tuple[str, ...] = ()
    rare: bool = False
    pasted: str = ""
    group: PartGroup | None = None
    tidy: Callable[[str], str] = one_line

    @property
    def always(self) -> bool:
        """Tell whether it has a value from the start."""
        return not self.required and self.empty is not None

    @property
    def words(self) -> type[StrEnum]:
        """Return the enum of a CHOICE."""
        return type(next(iter(self.labels or {})))


@dataclass(frozen=True, slots=True)
class Said:
    """A field's value in a row within a msgid of one filling, or `none` where it has no value."""

    field: str
    within: str = ""
    none: str = ""


Texts = tuple[str | Message, ...]
Item = str | Said | Callable[[Any, str], Texts]
"""What stands in a row: a field by name, one within words, or texts of a line in a language."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A line in one row: three columns of texts side by side; `sub` stands under `main`.

    `heads` are msgids over columns that are not headed by the label of their first field.
    """

    main: tuple[Item, ...]
    sub: tuple[Item, ...] = ()
    beside: tuple[Item, ...] = ()
    last: tuple[Item, ...] = ()
    heads: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class LineType:
    """Declaration of a class of lines; `label` and `hint` are msgids.

    `part` is its word in the database and before the number in its lines' keys; `attribute` the
    field of a document that has its lines. `file` is the key in a plan file, with the mapping
    around it before a dot, `about` what that is for, `short` the field that a line there may
    consist of alone. A `single` type has one line, whose fields are keys of the file itself.
    `named_by` are the fields that name a line on a page, `told_by` in a finding: the first that
    says something.
    """

    part: str
    build: type["ContentLine"]
    fields: tuple[Field, ...]
    group: PartGroup
    label: str
    columns: Columns
    named_by: tuple[str, ...]
    told_by: tuple[str, ...]
    attribute: str
    hint: str = ""
    file: str = ""
    about: str = ""
    short: str = ""
    single: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Map its fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def empty(self) -> dict[str, Any]:
        """Return the values of a line that nobody has filled in, without what must be."""
        return {field.name: field.empty for field in self.fields if not field.required}

    @cached_property
    def heads(self) -> tuple[str, str, str]:
        """Return the msgids over the three columns of its rows; empty over one without anything."""
        columns = self.columns
        return (
            self._head("main", columns.main),
            self._head("beside", columns.beside),
            self._head("last", columns.last),
        )

    def _head(self, column: str, items: tuple[Item, ...]) -> str:
        fields = self._fields_in(items)
        return self.columns.heads.get(column) or (fields[0].label if fields else "")

    def _fields_in(self, items: tuple[Item, ...]) -> list[Field]:
        names = [item.field if isinstance(item, Said) else item for item in items]
        return [self.by_name[name] for name in names if isinstance(name, str)]

    @property
    def numeric(self) -> bool:
        """Tell whether the last column of its rows is of figures."""
        typed = {field.typed for field in self._fields_in(self.columns.last)}
        return not typed.isdisjoint({Typed.MONEY, Typed.FIGURE})

    @property
    def place(self) -> str:
        """Return where findings point that are about the part and none of its lines."""
        return self.file.partition(".")[0] or self.part


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A line of a part; `key` is stable over revisions, and what findings and remarks point at."""

    line_type: ClassVar[LineType]

    key: str

    @property
    def indicators(self) -> set[str]:
        """List the codes of the indicators that it is about."""
        fields = [field for field in self.line_type.fields if field.typed is Typed.INDICATOR]
        return {code for field in fields if (code := getattr(self, field.name))}

    def completed(self, before: "ContentLine | None") -> Self:
        """Return the line with what follows from what was typed; `before` is how it stood."""
        return self


LINE_TYPES: dict[str, LineType] = {}
"""The line types by part, in the order of a document."""

_Class = TypeVar("_Class", bound=type[ContentLine])


def line_type(
    part: str,
    group: PartGroup,
    label: str,
    columns: Columns,
    *,
    order: tuple[str, ...] = (),
    **more: Any,
) -> Callable[[_Class], _Class]:
    """Declare a class as the line type of a part; `more` are attributes of `LineType`.

    `order` is that of the fields in the form and in a plan file, where the class has another.
    Unless said otherwise a line is named by all of its fields, and told by its first text.
    Raises TypeError where a figure has no required `indicator` beside it.
    """

    def declare(cls: _Class) -> _Class:
        built = dataclass(frozen=True, slots=True)(cls)
        found = {at.name: _field(at) for at in dataclasses.fields(built) if at.metadata}
        fields = tuple(found[name] for name in order or found)
        figures = [field.name for field in fields if field.typed is Typed.FIGURE]
        if figures and not ("indicator" in found and found["indicator"].required):
            raise TypeError(f"{cls.__name__}.{figures[0]} is in no indicator's measure")
        texts = [field.name for field in fields if field.typed in {Typed.TEXT, Typed.LONG}]
        derived = {
            "named_by": tuple(field.name for field in fields),
            "told_by": tuple(texts[:1]),
            "attribute": more.get("file", "").partition(".")[0] or part,
        }
        built.line_type = LineType(part, built, fields, group, label, columns, **derived | more)
        LINE_TYPES[part] = built.line_type
        return built

    return declare


def _field(attribute: dataclasses.Field) -> Field:
    typed, label, about, hint, more = attribute.metadata["declared"]
    more = {"name": attribute.name, "file": attribute.name} | more
    return Field(typed, label, about, hint, **more)


def at_place(place: str) -> LineType | None:
    """Find the line type that a place of findings stands for when it is about none of its lines."""
    return next((declared for declared in LINE_TYPES.values() if declared.place == place), None)


def in_group(group: PartGroup) -> tuple[LineType, ...]:
    """List the line types that are drafted on a page as lists of lines."""
    return tuple(
        declared
        for declared in LINE_TYPES.values()
        if declared.group is group and not declared.single
    )
