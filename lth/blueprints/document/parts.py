"""The parts of a document as its page shows them: read, compared, and open to remarks."""

from dataclasses import dataclass, field

from flask_babel import gettext

from lth.content.model import BudgetLine, Header
from lth.content.part_diff import Entry, PartDiff, State
from lth.content.part_fields import PART_LABEL
from lth.content.part_summary import HEADS, NUMERIC, summary
from lth.content.part_values import Shown, Words, named, said
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import say
from lth.drafting.parts_sheet import GROUP_OF, PartGroup, Totals, totals
from lth.drafting.reading import RevisionReading
from lth.models import Remark
from lth.models.parts import Part


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
    changes: list[tuple[str, str, str]]
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
    return Words(language(), content.named_indicators)


def views(content: RevisionReading) -> list[GroupView]:
    """The document's parts by the pages they are drafted on."""
    groups = {group: GroupView(group.value, _label(group)) for group in PartGroup}
    for diff in content.line_parts:
        groups[GROUP_OF[diff.part]].parts.append(_part(content, diff))
    return [group for group in groups.values() if group.parts]


def _label(group: PartGroup) -> str:
    return {
        PartGroup.PAPERS: gettext("Hồ sơ, căn cứ"),
        PartGroup.BASELINE: gettext("Thực trạng"),
        PartGroup.BUDGET: gettext("Kinh phí"),
        PartGroup.TASKS: gettext("Nhiệm vụ, báo cáo"),
    }[group]


def _part(content: RevisionReading, diff: PartDiff) -> PartView:
    return PartView(
        part=diff.part.value,
        label=say(Message(PART_LABEL[diff.part])),
        heads=tuple(say(Message(text)) for text in HEADS[diff.part] if text),
        numeric=diff.part in NUMERIC,
        lines=[_line(entry, words_of(content)) for entry in diff.entries],
        reordered=diff.reordered,
        sums=_sums(content, diff) if diff.part is Part.BUDGET else None,
    )


def _line(entry: Entry, words: Words) -> LineView:
    short = summary(entry.line, words)
    return LineView(
        key=entry.key,
        label=say(named(entry.part, entry.line, words)) or say(Message(PART_LABEL[entry.part])),
        main=_joined(short.main, " "),
        sub=_joined(short.sub),
        beside=_joined(short.beside),
        last=_joined(short.last),
        state=entry.state.value,
        changes=[
            (
                say(Message(one.label)),
                say(said(entry.before, one, words)) if entry.before else "",
                say(said(entry.now, one, words)) if entry.now else "",
            )
            for one in entry.changed
        ],
        remarks=entry.remarks,
    )


def _joined(texts: tuple[Shown, ...], sign: str = " · ") -> str:
    return sign.join(say(text) for text in texts)


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


def labels(content: RevisionReading) -> dict[str, tuple[str, bool]]:
    """What each line on the page is called, and whether it changed, by its key."""
    words = words_of(content)
    return {
        entry.key: (
            f"{say(Message(PART_LABEL[diff.part]))}: {say(named(diff.part, entry.line, words))}",
            entry.state is not State.SAME,
        )
        for diff in content.line_parts
        for entry in diff.entries
    }
