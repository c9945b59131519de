"""Hold the targets that were read against those of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lth.content import targets
from lth.content.derived import is_derived
from lth.content.model import TargetLine
from lth.content.targets import Figure, FigureError
from lth.core.i18n import N_, Message
from lth.drafting import locking
from lth.drafting.saving import WHY_DERIVED
from lth.drafting.target_input import Catalogue, TargetEdit, read_edit
from lth.exchange.plan_file.transfer import edit_of
from lth.exchange.plan_reading import shown
from lth.exchange.plan_reading.beside import PlanNow
from lth.exchange.plan_reading.draft import targets_of
from lth.exchange.plan_reading.found import FoundItem, Reading
from lth.exchange.plan_reading.periods import key_of
from lth.exchange.plan_reading.proposals import Proposal, ProposalState, numbered, twin
from lth.exchange.plan_reading.read import span_of
from lth.models import Target

NO_PHASE = N_("Kế hoạch đang soạn không có giai đoạn này: chọn giai đoạn để lấy, hoặc bỏ qua.")
SECOND = N_("Văn bản nêu hai số cho cùng chỉ tiêu: lấy số này là thêm một dòng nữa.")
UNKNOWN = N_("Đề án của kế hoạch đang soạn không có chỉ tiêu này.")

_Place = tuple[object, ...]


@dataclass
class _Targets:
    """What is known while the targets of a file are judged one after the other."""

    now: PlanNow
    language: str
    keys: dict[str, str] = field(default_factory=dict)
    """Keys in the plan of lines that were judged, by their keys in the file."""

    matched: set[str] = field(default_factory=set)
    """Keys of lines of the plan that a line of the file stands for."""

    first: dict[_Place, Proposal] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        there = {one.line_key for one in self.now.targets} | set(self.keys.values())
        phases = {one.code: one for one in self.now.phases}
        return Catalogue(self.now.indicators, phases, frozenset(there))


def judge(
    reading: Reading, now: PlanNow, language: str, chosen: Mapping[str, str]
) -> list[Proposal]:
    """Return a proposal for each target of a file; `chosen`: phases by ids, where it was asked."""
    ids = {place: id for id, place in numbered(reading)}
    found = [
        (ids[place], item)
        for place, item in enumerate(reading.items)
        if isinstance(item.line, TargetLine)
    ]
    judged: dict[str, Proposal] = {}
    placed: list[tuple[str, FoundItem, str]] = []
    for id, item in found:
        code = _phase(reading, now, item) or chosen.get(id, "")
        if item.line.indicator not in now.indicators:
            judged[id] = _unknown(id, item)
        elif code not in {phase.code for phase in now.phases}:
            judged[id] = _asked(_proposal(id, item, now, language), reading, now, item.line.phase)
        else:
            placed.append((id, item, code))
    judged |= _against(placed, _Targets(now, language))
    return [judged[id] for id, _ in found]


def _phase(reading: Reading, now: PlanNow, item: FoundItem) -> str | None:
    """Return the phase of the plan that a target is for, where the years are the same."""
    said = item.line.phase  # type: ignore[union-attr] # it is a target
    span = span_of(said) if said else reading.period
    if not said and span is None and len(now.parts) == 1:
        return now.parts[0].code
    return now.phase_code(span)


def _asked(item: Proposal, reading: Reading, now: PlanNow, said: str) -> Proposal:
    """Return a proposal whose phase a person must choose, with the one that stands at the same
    place in the plan's order, where there are as many.
    """
    spans = [key_of(one) for one in reading.phases]
    likely = now.parts[0].code if len(now.parts) == 1 else ""
    if said in spans and len(spans) == len(now.parts):
        likely = now.parts[spans.index(said)].code
    problem = Message(NO_PHASE)
    return replace(item, state=ProposalState.ASKED, problem=problem, phase=likely)


def _unknown(id: str, item: FoundItem) -> Proposal:
    line = item.line
    return Proposal(
        id,
        item.part,
        ProposalState.BARRED,
        (line.indicator,),  # type: ignore[union-attr] # it is a target
        item.quote,
        item.sureness,
        item.why,
        problem=Message(UNKNOWN),
    )


def _proposal(id: str, item: FoundItem, now: PlanNow, language: str, code: str = "") -> Proposal:
    line = replace(item.line, phase=code) if code else item.line
    words = shown.words_of(replace(item, line=line), now.indicators, language)
    return Proposal(
        id, item.part, ProposalState.NEW, words, item.quote, item.sureness, item.why, phase=code
    )


def _against(placed: list[tuple[str, FoundItem, str]], at: _Targets) -> dict[str, Proposal]:
    """Judge the targets whose phase is known: first what the plan says just so."""
    codes = {code: code for _, _, code in placed} | {"": ""}
    items = [replace(item, line=replace(item.line, phase=code)) for _, item, code in placed]
    lines = targets_of(items, codes)
    entries = [
        (_proposal(id, item, at.now, at.language, code), line)
        for (id, item, code), line in zip(placed, lines, strict=True)
    ]
    judged: dict[str, Proposal] = {}
    for item, line in entries:
        same = next((one for one in _free(at, line) if _says(one, line)), None)
        if same is not None and _figure(line) not in at.first:
            judged[item.id] = _there(at, item, line, same, ProposalState.SAME)
    for item, line in entries:
        if item.id not in judged:
            judged[item.id] = _judged(at, item, line)
    return judged


def _free(at: _Targets, line: TargetLine) -> list[Target]:
    """List the plan's lines of the indicator and phase that nothing in the file stands for yet."""
    there = at.now.on(line.indicator, line.phase)
    return [one for one in there if one.line_key not in at.matched]


def _place(line: TargetLine) -> _Place:
    """Return what one figure is about."""
    return (line.indicator, line.phase, line.area, line.scope, line.counts_from)


def _figure(line: TargetLine) -> _Place:
    return (
        *_place(line),
        line.comparator,
        line.low,
        line.high,
        line.wording if not line.low else "",
    )


def _says(one: Target, line: TargetLine) -> bool:
    """Tell whether a line of the plan says what one of the file does."""
    figure = Figure(line.comparator, line.low, line.high)
    return targets.figure_of(one) == figure and _same_place(one, line)


def _same_place(one: Target, line: TargetLine) -> bool:
    return (one.area_type, one.scope, one.counts_from) == (line.area, line.scope, line.counts_from)


def _there(
    at: _Targets, item: Proposal, line: TargetLine, one: Target, state: ProposalState
) -> Proposal:
    """Return a proposal beside the line of the plan that it is about."""
    at.matched.add(one.line_key)
    at.keys[line.key] = one.line_key
    there = replace(item, state=state, key=one.line_key, version=one.version)
    at.first.setdefault(_figure(line), there)
    at.first.setdefault(_place(line), there)
    return there


def _judged(at: _Targets, item: Proposal, line: TargetLine) -> Proposal:
    indicator = at.now.indicators[line.indicator]
    before = at.first.get(_figure(line))
    if before is not None:
        at.keys[line.key] = before.key
        return twin(item, before)
    if is_derived(indicator):
        return replace(item, state=ProposalState.BARRED, problem=Message(WHY_DERIVED))
    theirs = next((one for one in _free(at, line) if _same_place(one, line)), None)
    if theirs is not None:
        item = _there(at, item, line, theirs, ProposalState.OTHER)
        words = targets.worded(targets.figure_of(theirs), indicator, at.language)
        item = replace(item, theirs=(words, theirs.wording) if theirs.wording else (words,))
    else:
        item = _new(at, item, line)
    edit = replace(edit_of(line, at.keys, indicator, at.language), seen=item.version)
    return _checked(at, replace(item, edit=edit), theirs)


def _new(at: _Targets, item: Proposal, line: TargetLine) -> Proposal:
    taken = [one.line_key for one in at.now.on(line.indicator, line.phase)]
    taken += list(at.keys.values())
    key = targets.next_key(taken, line.indicator, line.phase)
    at.keys[line.key] = key
    item = replace(item, key=key)
    second = at.first.get(_place(line)) is not None
    at.first.setdefault(_figure(line), item)
    at.first.setdefault(_place(line), item)
    return replace(item, problem=Message(SECOND)) if second else item


def _checked(at: _Targets, item: Proposal, theirs: Target | None) -> Proposal:
    """Say what the operation would have against it: locked, or incomplete."""
    problem = None
    if at.now.locks.locked(item.key, new=theirs is None):
        problem = locking.refusal()
    elif item.edit is not None:
        problem = _refused(item.edit, theirs, at)
    if problem is None:
        return item
    return replace(item, state=ProposalState.BARRED, problem=problem)


def _refused(edit: TargetEdit, theirs: Target | None, at: _Targets) -> Message | None:
    code, _, _ = targets.read_key(edit.line_key)
    try:
        read_edit(edit, theirs, at.now.indicators[code], at.catalogue, at.language)
    except FigureError as error:
        return next(iter(error.errors.values()))
    return None
