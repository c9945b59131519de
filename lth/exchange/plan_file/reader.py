"""A plan file's text as a whole plan, or everything that is wrong with it at once."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from functools import cache
from typing import Any

from lth.content import model as doc
from lth.content.model import Content, Header, PhaseSpan, Span
from lth.content.schema import LINE_TYPES
from lth.core.i18n import N_, Message
from lth.exchange.plan_file import form, scalars
from lth.exchange.plan_file.nodes import compose, where
from lth.exchange.plan_file.problems import PlanFileError
from lth.exchange.plan_file.shapes import Read, Shapes
from lth.exchange.plan_file.target_lines import Known, TargetLines
from lth.models import Indicator
from lth.models.content import AreaType
from lth.models.finding import Stage
from lth.programmes import catalogue, catalogue_file


@dataclass(frozen=True, slots=True)
class Expected:
    """Findings that are expected in a file, at a stage."""

    findings: frozenset[str]
    stage: Stage = Stage.ISSUE


@dataclass(frozen=True)
class PlanFile:
    """A plan that was read; `lines` says at which line of the file each place stands, by key."""

    content: Content
    expected: Expected | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


def fault(file: PlanFile, key: str, why: Message) -> Message:
    """Say what is wrong with a line, by where it stands in the file."""
    text = N_("Dòng %(line)s của tệp: %(why)s")
    return Message(text, {"line": file.lines.get(key, 1), "why": why})


def read(text: str | bytes, name: str, *, today: date | None = None) -> PlanFile:
    """Read the plan that a text says; `name` is what its problems are reported under.

    `today` is the day by which it is judged where it has no other. Raises PlanFileError.
    """
    root = compose(text, name)
    shapes = Shapes()
    plan = shapes.mapping(root, form.PLAN)
    found = _Assembly(shapes, plan, today).plan_file()
    if shapes.problems or found is None:
        raise PlanFileError(name, shapes.problems)
    return found


@cache
def indicators(programme: str) -> dict[str, Indicator]:
    """List a programme's indicators as its file has them: of no session, and not to be changed."""
    return catalogue.offline(catalogue_file.read(programme))


def areas(programme: str) -> tuple[AreaType, ...]:
    """List the kinds of areas that plans of a programme may set figures for."""
    return (AreaType.ALL, *catalogue_file.read(programme).area_types)


class _Assembly:
    """Puts the parts together, with the problems that only the whole can show."""

    def __init__(self, shapes: Shapes, plan: Read, today: date | None):
        self.shapes, self.plan, self.today = shapes, plan, today
        self.programme = plan.get("programme") or catalogue_file.CODES[-1]
        self.indicators = indicators(self.programme)
        self.lines: dict[str, int] = {}

    def plan_file(self) -> PlanFile | None:
        phases = self._phases()
        keys = phases and tuple(phase.key for phase in phases)
        known = self.known = Known(self.indicators, keys, areas(self.programme))
        parts = {
            of.part: self._lines(of.part, of.file, form.line_form(of))
            for of in LINE_TYPES.values()
            if not of.single
        }
        sections = self._lines("section", "sections", form.SECTION)
        targets = self._targets(known)
        inherits = self.plan.get("inherits") or Read(self.plan.node)
        floors = TargetLines(self.shapes, known, every_phase=True).read(inherits.get("targets", []))
        expected = self._expected()
        if self.shapes.problems or phases is None or not self.plan.whole:
            return None
        made = Content(
            programme=self.programme,
            place=_built(self.plan.get("unit"), form.UNIT),
            period=_span(self.plan.get("period")),
            phases=phases,
            indicators=self.indicators,
            targets=targets,
            sections=sections,
            floors=floors,
            parent_issuer=inherits.get("issuer", ""),
            parent_paper=inherits.get("paper", ""),
            unreadable=frozenset(self.plan.get("unreadable", ())),
            final=self.plan.get("final", True),
            **doc.of_parts({doc.HEADER: [self._header()], **parts}),
        )
        made = replace(made, made_on=self.plan.get("made_on") or newest(made) or self.today)
        return PlanFile(made, expected, self.lines | self._places())

    # --- Years ----------------------------------------------------------------------------

    def _phases(self) -> tuple[PhaseSpan, ...] | None:
        """Return the phases, or None where what they are is not to be told."""
        period = self.plan.get("period")
        if period is None or not period.whole:
            return None
        self._forward(period)
        given = self.plan.get("phases", [])
        if not given:
            return None if "phases" in self.plan.spoilt else (_whole(period),)
        if not all(one.whole for one in given):
            return None
        found: dict[str, PhaseSpan] = {}
        for one in given:
            self._forward(one)
            phase = PhaseSpan(one.get("key") or phase_key(_span(one)), _span(one))
            if phase.key in found:
                text = N_("Giai đoạn “%(key)s” ghi hai lần; đặt “key” khác nhau.")
                self.shapes.fault(one.node, Message(text, {"key": phase.key}))
            found[phase.key] = phase
        return tuple(found.values())

    def _forward(self, years: Read) -> None:
        start, end = years.get("from"), years.get("to")
        if start is not None and end is not None and start > end:
            text = N_("Năm đầu (%(start)s) không thể sau năm cuối (%(end)s).")
            self.shapes.fault(years.at("from"), Message(text, {"start": start, "end": end}))

    # --- Lines ----------------------------------------------------------------------------

    def _lines(self, prefix: str, path: str, of: form.KeyForm) -> tuple[Any, ...]:
        """List the lines of one part, each under its key, else by its place."""
        found = []
        for number, one in enumerate(self._at(path) or (), 1):
            key = self._line_key(one, f"{prefix}-{number}")
            self._read_figures(one, of)
            self.known.area(self.shapes, one)
            if one.whole:
                found.append(_built(one, of, key))
        return tuple(found)

    def _at(self, path: str) -> Any:
        """Say what stands under a key of the file, or of the mapping around it."""
        around, _, name = path.rpartition(".")
        within = self.plan.get(around) if around else self.plan
        return within.get(name) if within else None

    def _line_key(self, one: Read, otherwise: str) -> str:
        key = one.get("key") or otherwise
        self._own_key(one, key)
        return key

    def _own_key(self, one: Read, key: str) -> None:
        """Note where a line stands; of two with one key the second is a problem."""
        if len(key) > scalars.LONGEST_KEY:
            text = N_("“key” dài quá %(most)s ký tự.")
            self.shapes.fault(one.at("key"), Message(text, {"most": scalars.LONGEST_KEY}))
        if key in self.lines:
            text = N_("Đã có dòng mang tên “%(key)s” ở dòng %(line)s của tệp.")
            self.shapes.fault(one.at("key"), Message(text, {"key": key, "line": self.lines[key]}))
        self.lines.setdefault(key, where(one.node)[0])

    def _read_figures(self, one: Read, of: form.KeyForm) -> None:
        """Read a line's figures in its indicator's measure."""
        indicator: Indicator | None = None
        for key in of:
            if key.holds is form.Holds.INDICATOR:
                indicator = Known(self.indicators, None).indicator(self.shapes, one, key.name)
                if key.required or one.was_written(key.name):
                    one.whole = one.whole and indicator is not None
            elif key.holds is form.Holds.FIGURE and indicator and one.get(key.name) is not None:
                one.values[key.name] = self.shapes.figure(one, key.name, indicator)

    def _targets(self, known: Known) -> tuple[doc.TargetLine, ...]:
        lines = TargetLines(self.shapes, known)
        made = lines.read(self.plan.get("targets", []))
        for key, one in lines.keyed.items():
            self._own_key(one, key)
        return made

    # --- The rest -------------------------------------------------------------------------

    def _header(self) -> Header:
        given = {key.name: self._at(key.file) for key in Header.line_type.fields if key.file}
        said = {name: value for name, value in given.items() if value is not None}
        return Header(doc.HEADER, **said)

    def _expected(self) -> Expected | None:
        given = self.plan.get("expected")
        if given is None:
            return None
        return Expected(frozenset(given.get("findings", ())), given.get("stage") or Stage.ISSUE)

    def _places(self) -> dict[str, int]:
        """Return the lines of whole parts, and of what a plan says once."""
        places = {name: where(node)[0] for name, node in self.plan.begins.items()}
        return {doc.HEADER: places.get("title", 1), **places}


def newest(content: Content) -> date | None:
    """Find the newest day of a plan's papers."""
    return max((paper.dated_on for paper in content.papers if paper.dated_on), default=None)


def phase_key(span: Span) -> str:
    """Name a phase that has no key: "2026-2030", "2021", or the year that it ends in."""
    return str(span.end) if span.start in {None, span.end} else f"{span.start}-{span.end}"


def _whole(period: Read) -> PhaseSpan:
    span = _span(period)
    return PhaseSpan(phase_key(span), span)


def _span(years: Read) -> Span:
    return Span(years.get("from"), years.get("to"))


def _built(read: Read, of: form.KeyForm, key: str | None = None) -> Any:
    """Return the dataclass that a form builds; what is not said is as it starts, or None."""
    starts = {one.name for one in fields(of.builds) if one.default is not MISSING}
    given = {
        one.fills: read.get(one.name)
        for one in of
        if one.name != "key" and (read.get(one.name) is not None or one.fills not in starts)
    }
    return of.builds(key, **given) if key is not None else of.builds(**given)
