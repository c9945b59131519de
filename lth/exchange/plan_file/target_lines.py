"""Read a plan file's targets: figures in their indicator's measure, phases, shares of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lth.content import targets
from lth.content.model import TargetLine
from lth.core.i18n import N_, Message
from lth.exchange.plan_file.problems import nearest, not_one_of
from lth.exchange.plan_file.shapes import Read, Shapes
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.programme import RollUp


@dataclass(frozen=True)
class Known:
    """Names that targets may use; `phases` is None where the file's own are not to be told."""

    indicators: Mapping[str, Indicator]
    phases: tuple[str, ...] | None
    areas: tuple[AreaType, ...] = tuple(AreaType)

    def area(self, shapes: Shapes, one: Read) -> None:
        """Hold the area that a line names to those of the programme."""
        area = one.get("area")
        if area is not None and area not in self.areas:
            words = [known.value for known in self.areas]
            shapes.fault(one.at("area"), not_one_of("area", area.value, words))

    def indicator(self, shapes: Shapes, one: Read, name: str) -> Indicator | None:
        """Find the indicator that a key names; where there is none that is a problem."""
        code = one.get(name)
        if code is None:
            return None
        if code not in self.indicators:
            shapes.fault(one.at(name), _no_indicator(name, code, self.indicators))
        return self.indicators.get(code)


@dataclass
class TargetLines:
    """Reads a list of targets; `keyed` has what was read of each, by its key.

    What names no phase holds in `every_phase`, where that is how the list is meant; a count of the
    whole unit, which is of all phases together, does not.
    """

    shapes: Shapes
    known: Known
    every_phase: bool = False
    keyed: dict[str, Read] = field(default_factory=dict)

    def read(self, given: Sequence[Read]) -> tuple[TargetLine, ...]:
        made = [(one, target) for one in given for target in self._in_phases(one)]
        return self._with_shares(self._with_keys(made))

    def _in_phases(self, one: Read) -> list[TargetLine]:
        phases = self.known.phases
        if self.every_phase and phases and not one.was_written("phase") and "key" not in one.values:
            target = self._target(one, phases[0])
            if target is None:
                return []
            together = len(phases) > 1 and self._adds_up(target)
            return [replace(target, phase=phase) for phase in (("",) if together else phases)]
        target = self._target(one, self._phase(one))
        return [target] if target else []

    def _adds_up(self, target: TargetLine) -> bool:
        of_sum = self.known.indicators[target.indicator].roll_up is RollUp.SUM
        of_unit = target.scope is TargetScope.UNIT
        return of_sum and of_unit and target.counts_from is not CountsFrom.YEARLY

    def _target(self, one: Read, phase: str) -> TargetLine | None:
        indicator = self.known.indicator(self.shapes, one, "indicator")
        for name in ("numerator", "denominator"):
            self.known.indicator(self.shapes, one, name)
        self.known.area(self.shapes, one)
        if indicator is None:
            return None
        comparator = _comparator(one)
        low, high = self._figures(one, comparator, indicator)
        return TargetLine(
            one.get("key", ""),
            indicator.code,
            phase,
            comparator,
            low,
            high,
            scope=one.get("scope") or own_scope(indicator),
            counts_from=one.get("counts_from") or own_counts_from(indicator),
            numerator=one.get("numerator"),
            denominator=one.get("denominator"),
            area=one.get("area") or AreaType.ALL,
            parent_share_key=one.get("share_of"),
            wording=one.get("wording", ""),
            source_ref=one.get("source", ""),
        )

    def _phase(self, one: Read) -> str:
        """Return the key of the target's phase, however its dash is written."""
        phases = self.known.phases
        if phases is None or "phase" in one.spoilt:
            return ""
        given = one.get("phase")
        if given is None and len(phases) == 1:
            return phases[0]
        if given is None:
            text = N_("Kế hoạch có nhiều giai đoạn: ghi “phase”, một trong %(known)s.")
            self.shapes.fault(one.node, Message(text, {"known": ", ".join(phases)}))
            return ""
        for key in (given, given.replace("–", "-").replace(" ", "")):
            if key in phases:
                return key
        self.shapes.fault(one.at("phase"), not_one_of("phase", given, phases))
        return ""

    # --- Figures --------------------------------------------------------------------------

    def _figures(
        self, one: Read, comparator: Comparator, indicator: Indicator
    ) -> tuple[int | None, int | None]:
        """Return the lower and the upper value as they are stored."""
        if not self._fits(one, comparator):
            return None, None
        if comparator is Comparator.BETWEEN:
            low, high = (self.shapes.figure(one, name, indicator) for name in ("from", "to"))
            if low is not None and high is not None and low > high:
                text = N_("“from” không thể lớn hơn “to”.")
                self.shapes.fault(one.at("from"), Message(text))
            return low, high
        value = self.shapes.figure(one, "value", indicator)
        return (None, value) if comparator in targets.UPPER else (value, None)

    def _fits(self, one: Read, comparator: Comparator) -> bool:
        """Tell whether the keys of its figures are those that the comparator has."""
        if "comparator" in one.spoilt:
            return False
        wanted = _FIGURES.get(comparator, ("value",))
        before = len(self.shapes.problems)
        for name in wanted:
            if not one.was_written(name):
                self.shapes.fault(one.at("comparator"), _figure_missing(comparator, wanted, name))
        for name in ("value", "from", "to"):
            if name not in wanted and one.was_written(name):
                self.shapes.fault(one.at(name), _figure_idle(comparator, wanted, name))
        if comparator is Comparator.QUALITATIVE and not one.get("wording"):
            text = N_("Chỉ tiêu định tính (qualitative) cần ghi bằng lời ở “wording”.")
            self.shapes.fault(one.at("comparator"), Message(text))
        return len(self.shapes.problems) == before

    # --- Keys -----------------------------------------------------------------------------

    def _with_keys(self, made: Sequence[tuple[Read, TargetLine]]) -> list[tuple[Read, TargetLine]]:
        """List each under a key of its own; those that the file gives are not given to others."""
        taken = {target.key for _, target in made if target.key}
        found = []
        for one, target in made:
            key = target.key or targets.next_key(taken, target.indicator, target.phase)
            if target.key and key in self.keyed:
                text = N_("Đã có chỉ tiêu mang “key” là “%(key)s”.")
                self.shapes.fault(one.at("key"), Message(text, {"key": key}))
            taken.add(key)
            self.keyed[key] = one
            found.append((one, replace(target, key=key)))
        return found

    def _with_shares(self, made: Sequence[tuple[Read, TargetLine]]) -> tuple[TargetLine, ...]:
        names = {target.key: target.key for _, target in made}
        for one, target in made:
            name = one.get("id")
            if name is not None and names.setdefault(name, target.key) != target.key:
                text = N_("“id” “%(name)s” đã là tên của một chỉ tiêu khác.")
                self.shapes.fault(one.at("id"), Message(text, {"name": name}))
        return tuple(self._with_share(one, target, names) for one, target in made)

    def _with_share(self, one: Read, target: TargetLine, names: Mapping[str, str]) -> TargetLine:
        name = target.parent_share_key
        if name is None:
            return target
        whole = names.get(name)
        if whole is None or whole == target.key:
            others = [other for other, key in names.items() if key != target.key]
            self.shapes.fault(one.at("share_of"), _no_whole(name, others))
        return replace(target, parent_share_key=whole)


def own_scope(indicator: Indicator) -> TargetScope:
    """Say what a figure of an indicator speaks of, where a plan does not say."""
    return TargetScope(indicator.extra.get("scope", TargetScope.UNIT))


def own_counts_from(indicator: Indicator) -> CountsFrom:
    """Say what a figure of an indicator counts, where a plan does not say."""
    return CountsFrom(indicator.extra.get("counts_from", CountsFrom.NEW))


_FIGURES = {Comparator.BETWEEN: ("from", "to"), Comparator.QUALITATIVE: ()}


def _comparator(one: Read) -> Comparator:
    given = one.get("comparator")
    if given is not None:
        return given
    bounds = one.was_written("from") or one.was_written("to")
    return Comparator.BETWEEN if bounds and not one.was_written("value") else Comparator.EQ


def _figure_missing(comparator: Comparator, wanted: Sequence[str], name: str) -> Message:
    return Message(
        N_("“%(comparator)s” cần %(wanted)s; thiếu “%(name)s”."),
        {"comparator": comparator.value, "wanted": ", ".join(wanted), "name": name},
    )


def _figure_idle(comparator: Comparator, wanted: Sequence[str], name: str) -> Message:
    if not wanted:
        return Message(
            N_("“%(comparator)s” không ghi số; bỏ “%(name)s”."),
            {"comparator": comparator.value, "name": name},
        )
    return Message(
        N_("“%(comparator)s” không dùng “%(name)s”, mà dùng %(wanted)s."),
        {"comparator": comparator.value, "name": name, "wanted": ", ".join(wanted)},
    )


def _no_indicator(name: str, code: str, known: Mapping[str, Indicator]) -> Message:
    near = nearest(code, known)
    if near:
        return Message(
            N_("“%(name)s”: không có chỉ tiêu “%(code)s”; có phải là “%(near)s”?"),
            {"name": name, "code": code, "near": near},
        )
    return Message(
        N_("“%(name)s”: không có chỉ tiêu “%(code)s”. Các chỉ tiêu: %(known)s."),
        {"name": name, "code": code, "known": ", ".join(known)},
    )


def _no_whole(name: str, others: Sequence[str]) -> Message:
    near = nearest(name, others)
    known = near or ", ".join(others)
    return Message(
        N_("“share_of”: không có chỉ tiêu nào khác mang tên “%(name)s”. Có: %(known)s."),
        {"name": name, "known": known},
    )
