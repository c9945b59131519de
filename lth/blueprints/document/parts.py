"""The parts of a document as its page shows them: read, compared, and open to remarks."""

from dataclasses import dataclass, field

from lth.content.line_diff import ComparedLine, LineState, PartDiff
from lth.content.line_values import Words, named, said, summary
from lth.content.model import BudgetLine, Header
from lth.content.schema import GROUP_LABEL, LINE_TYPES, ContentLine
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import say
from lth.drafting.parts_sheet import Totals, totals
from lth.drafting.reading import RevisionReading
from lth.models import Remark
from lth.models.parts import Part

FieldChange = tuple[str, str, str]
"""A field that was changed: its label, what it said and what it says."""


@dataclass
class LineView:
    """A line: its columns, what became of it, and (`changes`) each field's old and new text."""

    key: str
    label: str
    main: str
    sub: str
    beside: str
    last: str
    state: str
    changes: list[FieldChange]
    remarks: list[Remark]


@dataclass
class PartView:
    """A part; `sums` of the budget."""

    part: str
    label: str
    heads: tuple[str, ...]
    numeric: bool
    lines: list[LineView]
    reordered: bool = False
    sums: Totals | None = None


@dataclass
class GroupView:
    """Parts that are read together, as they are drafted on one page."""

    key: str
    label: str
    parts: list[PartView] = field(default_factory=list)


def words_of(content: RevisionReading) -> Words:
    """Return the words in which the lines of a revision are said to its reader."""
    return Words(language(), content.named_indicators)


def views(content: RevisionReading) -> list[GroupView]:
    """List the document's parts by the pages they are drafted on."""
    groups = {
        group: GroupView(group.value, say(Message(label))) for group, label in GROUP_LABEL.items()
    }
    for diff in content.line_parts:
        groups[LINE_TYPES[diff.part].group].parts.append(_part(content, diff))
    return [group for group in groups.values() if group.parts]


def _part(content: RevisionReading, diff: PartDiff) -> PartView:
    declared = LINE_TYPES[diff.part]
    return PartView(
        part=diff.part,
        label=say(Message(declared.label)),
        heads=tuple(say(Message(text)) for text in declared.heads if text),
        numeric=declared.numeric,
        lines=[_line(entry, words_of(content)) for entry in diff.entries],
        reordered=diff.reordered,
        sums=_sums(content, diff) if diff.part == Part.BUDGET else None,
    )


def _line(entry: ComparedLine, words: Words) -> LineView:
    return LineView(
        key=entry.key,
        **columns(entry.line, words),
        state=entry.state.value,
        changes=_changes(entry, words),
        remarks=entry.remarks,
    )


def _changes(entry: ComparedLine, words: Words) -> list[FieldChange]:
    return [
        (
            say(Message(column.label)),
            say(said(entry.before, column, words)) if entry.before else "",
            say(said(entry.now, column, words)) if entry.now else "",
        )
        for column in entry.changed
    ]


def columns(line: ContentLine, words: Words) -> dict[str, str]:
    """Word a line's label and the columns of its row, in the reader's language."""
    shown = {
        name: (" " if name == "main" else " · ").join(map(say, texts))
        for name, texts in summary(line, words).items()
    }
    return {"label": say(named(line, words)) or say(Message(line.line_type.label)), **shown}


def _sums(content: RevisionReading, diff: PartDiff) -> Totals:
    header = next(
        (
            entry.now
            for other in content.line_parts
            for entry in other.entries
            if isinstance(entry.now, Header)
        ),
        None,
    )
    lines = [entry.now for entry in diff.entries if isinstance(entry.now, BudgetLine)]
    return totals(lines, header.budget_total if header else None)


@dataclass(frozen=True)
class NamedLine:
    """A line by its name, for a list of what was pointed at."""

    label: str
    changed: bool
    changes: list[FieldChange]


def named_lines(content: RevisionReading) -> dict[str, NamedLine]:
    """Name each line on the page and tell what became of it, by its key."""
    words = words_of(content)
    return {
        entry.key: NamedLine(
            f"{say(Message(entry.line.line_type.label))}: {say(named(entry.line, words))}",
            entry.state is not LineState.SAME,
            _changes(entry, words),
        )
        for diff in content.line_parts
        for entry in diff.entries
    }
