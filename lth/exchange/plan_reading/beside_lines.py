"""Hold the lines and sections that were read against those of the plan."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lth.content.line_values import Words, clean, read_line, typed_line
from lth.content.model import HEADER
from lth.content.schema import LINE_TYPES, ContentLine
from lth.core.i18n import Message
from lth.core.vietnamese import plain_text, search_key
from lth.drafting import SectionEdit, locking
from lth.drafting.parts_sheet import LineRow
from lth.drafting.saving import LONGEST_SECTION
from lth.exchange.plan_file.transfer import standard_key
from lth.exchange.plan_reading import shown
from lth.exchange.plan_reading.beside import PlanNow
from lth.exchange.plan_reading.found import FoundItem, Quote, Reading, Sureness
from lth.exchange.plan_reading.proposals import (
    SECTION,
    Proposal,
    ProposalState,
    numbered,
    twin,
)
from lth.models.parts import Part

_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    Part.PAPER: ("role",),
    Part.BUDGET: ("activity", "source", "level", "year"),
    Part.TASK: ("title",),
    Part.DUTY: ("agency",),
    Part.REPORTING: ("reporter", "frequency", "due"),
    Part.RECIPIENT: ("name",),
}
"""The fields by which two lines of a part are about the same thing."""

_LONG: Mapping[str, tuple[str, ...]] = {
    Part.PAPER: ("title",),
    Part.BASIS: ("title",),
    Part.DUTY: ("text",),
}
"""Fields that the words of a line leave out, told where two lines differ in them."""

_OF_HEADER = ("issuance", "title", "budget_total")
_QUOTED = 300


def judge(reading: Reading, now: PlanNow, language: str) -> list[Proposal]:
    """Return a proposal for each line of a file beside the targets."""
    words = Words(language, now.indicators)
    found: list[Proposal] = []
    for part in (one for one in LINE_TYPES if one != Part.HEADER):
        items = [
            (id, reading.items[place])
            for id, place in numbered(reading)
            if reading.items[place].part == part
        ]
        found += _part(part, items, now, words)
    return found


def _part(
    part: str, items: list[tuple[str, FoundItem]], now: PlanNow, words: Words
) -> list[Proposal]:
    """Judge the lines of a part: first those that the plan has just so."""
    rows = list(now.rows.get(part, ()))
    read = {id: _read(part, item, words) for id, item in items}
    judged: dict[str, Proposal] = {}
    first: dict[tuple[Any, ...], Proposal] = {}
    for exact in (True, False):
        for id, item in items:
            line, problem = read[id]
            if id in judged:
                continue
            proposal = _proposal(id, item, now, words)
            if line is None:
                judged[id] = replace(proposal, state=ProposalState.BARRED, problem=problem)
                continue
            texts = _said(line, words)
            same = tuple(sorted(texts.items()))
            row = next((one for one in rows if _fits(one, line, texts, words, exact)), None)
            if same in first:
                judged[id] = twin(proposal, first[same])
            elif row is not None:
                rows.remove(row)
                judged[id] = first[same] = _beside(proposal, row, texts, exact, now, words)
            elif not exact:
                new = replace(proposal, texts=texts)
                if now.locks.locked(part, part=part, new=True):
                    new = _barred(new)
                judged[id] = first[same] = new
    return [judged[id] for id, _ in items]


def _proposal(id: str, item: FoundItem, now: PlanNow, words: Words) -> Proposal:
    told = shown.words_of(item, now.indicators, words.language)
    return Proposal(id, item.part, ProposalState.NEW, told, item.quote, item.sureness, item.why)


def _barred(item: Proposal) -> Proposal:
    return replace(item, state=ProposalState.BARRED, problem=locking.refusal())


def _read(part: str, item: FoundItem, words: Words) -> tuple[ContentLine | None, Message | None]:
    """Return a line as it would have been typed, or what is wrong with it."""
    typed = typed_line(item.line, words)  # type: ignore[arg-type] # it is no target
    line, errors = read_line(part, "", typed, None, words)
    return (None if errors else line), next(iter(errors.values()), None)


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def _said(line: ContentLine, words: Words) -> dict[str, str]:
    return {name: text for name, text in typed_line(line, words).items() if text}


def _identity(line: ContentLine) -> tuple[str, ...]:
    if line.line_type.part == Part.BASIS:
        number = getattr(line, "number", "")
        return (search_key(number or getattr(line, "title", "")),)
    names = _NAMED_BY.get(line.line_type.part, ())
    return tuple(search_key(str(getattr(line, name) or "")) for name in names)


def _fits(
    row: LineRow, line: ContentLine, texts: Mapping[str, str], words: Words, exact: bool
) -> bool:
    """Tell whether a line of the plan is about the same thing, or says (`exact`) all of it."""
    if _identity(row.line) != _identity(line):
        return False
    there = typed_line(row.line, words)
    return not exact or all(clean(there[name]) == clean(text) for name, text in texts.items())


def _beside(
    item: Proposal,
    row: LineRow,
    texts: Mapping[str, str],
    exact: bool,
    now: PlanNow,
    words: Words,
) -> Proposal:
    """Return a proposal beside the line of the plan that is about the same."""
    item = replace(item, key=row.key, version=row.version, texts=texts)
    if exact:
        return replace(item, state=ProposalState.SAME)
    told = FoundItem(item.part, row.line, Quote(0, 0, ""))
    theirs = shown.words_of(told, now.indicators, words.language)
    there = typed_line(row.line, words)
    more = [
        name
        for name in _LONG.get(item.part, ())
        if clean(there[name]) != clean(texts.get(name, ""))
    ]
    item = replace(
        item,
        state=ProposalState.OTHER,
        words=(*item.words, *(_short(texts.get(name, "")) for name in more)),
        theirs=(*theirs, *(_short(there[name]) for name in more)),
    )
    return _barred(item) if now.locks.locked(row.key, part=item.part) else item


# --- What is said once --------------------------------------------------------------------


def judge_header(reading: Reading, now: PlanNow, language: str) -> list[Proposal]:
    """Return a proposal for the title, the way of issuing, and the printed total."""
    words = Words(language, now.indicators)
    row = next(iter(now.rows.get(Part.HEADER, ())), None)
    there = typed_line(row.line, words) if row else {}
    typed = typed_line(reading.header, words)
    labels = {one.name: one for one in LINE_TYPES[Part.HEADER].fields}
    found = []
    for name in _OF_HEADER:
        text = typed[name]
        if not text:
            continue
        line, errors = read_line(Part.HEADER, HEADER, {name: text}, None, words)
        shown_text = _shown(name, text)
        state = ProposalState.NEW
        if errors or line is None:
            state = ProposalState.BARRED
        elif there.get(name):
            same = clean(there[name]) == clean(text)
            state = ProposalState.SAME if same else ProposalState.OTHER
        item = Proposal(
            f"header-{name}",
            Part.HEADER,
            state,
            (Message(labels[name].label), shown_text),
            theirs=(_shown(name, there.get(name, "")),),
            key=HEADER,
            version=row.version if row else 0,
            problem=next(iter(errors.values()), None),
            texts={name: text},
        )
        locked = item.is_open and now.locks.locked(HEADER, part=Part.HEADER)
        found.append(_barred(item) if locked else item)
    return found


def _shown(name: str, text: str) -> str | Message:
    field = next(one for one in LINE_TYPES[Part.HEADER].fields if one.name == name)
    if field.labels and text:
        return Message(field.labels[field.words(text)])
    return text


# --- Sections -----------------------------------------------------------------------------


def judge_sections(reading: Reading, now: PlanNow) -> tuple[list[Proposal], list[str]]:
    """Return a proposal for each section that the plan has a place for, and titles of others."""
    free = [one.key for one in now.sections]
    there = {one.key: one for one in now.sections}
    found, left = [], []
    for number, one in enumerate(reading.sections, 1):
        body = plain_text(one.body)
        key = standard_key(one.title, [key for key in free if key.startswith("s.")])
        if key is None or not body:
            if "chi tieu" not in search_key(one.title):  # those are read one by one
                left.append(one.title)
            continue
        free.remove(key)
        section = there[key]
        state = ProposalState.OTHER if section.body else ProposalState.NEW
        if section.body == body:
            state = ProposalState.SAME
        item = Proposal(
            f"{SECTION}-{number}",
            SECTION,
            state,
            (section.title, one.title),
            Quote(0, 0, _short(body)),
            Sureness.LIKELY,
            theirs=(_short(section.body),),
            key=key,
            version=section.version,
            section=SectionEdit(key, body[:LONGEST_SECTION], section.version),
        )
        locked = item.is_open and now.locks.locked(key)
        found.append(_barred(item) if locked else item)
    return found, left
