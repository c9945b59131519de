"""Register the plan checks, each with its name and its stage, and run them."""

import pkgutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any, Self

from lth.content.model import WHOLE, Content
from lth.core.i18n import Message
from lth.models.finding import Severity, Stage

STAGES = tuple(Stage)
"""In order; a later stage includes the earlier."""

WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a check found at one place: what is wrong, with the arithmetic, and what mends
    it.

    `mend` is the place where that is done, if it is another. `severity` where it differs from the
    check's own. `stage` where it is no fault before that stage, such as what is missing from a plan
    that is still being written.
    """

    said: Message
    remedy: Message
    place: str = WHOLE
    severity: Severity | None = None
    stage: Stage | None = None
    mend: str | None = None

    @classmethod
    def of(
        cls,
        text: str,
        remedy: str,
        place: str = WHOLE,
        /,
        *,
        severity: Severity | None = None,
        stage: Stage | None = None,
        mend: str | None = None,
        **params: Any,
    ) -> Self:
        """Return a fault of which both texts, marked by `N_` where they are written, are filled
        from the same values.
        """
        return cls(filled(text, **params), filled(remedy, **params), place, severity, stage, mend)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault under the code of its check; `stage` is the first at which it is one.

    `mend` says where it is mended, if that is not its place; of a finding that was kept it is not
    known, since a sent plan is not mended.
    """

    code: str
    name: str
    severity: Severity
    place: str
    said: Message
    remedy: Message
    stage: Stage = field(default=STAGES[-1], compare=False)
    mend: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule: its code, the name it is known by, and the function that judges.

    `behind` are the codes of rules that see the same faults more closely: where one of them speaks
    of a place, this one has nothing to add there.
    """

    code: str
    name: str
    label: str
    severity: Severity
    stage: Stage
    judge: Callable[[Content], Iterable[Fault]]
    behind: tuple[str, ...] = ()

    @property
    def may_be_switched_off(self) -> bool:
        return self.severity is not Severity.ERROR


CHECKS: dict[str, Check] = {}
"""Every check by its code, in the order of the codes once `lth.checks` is imported."""


def check(
    code: str,
    name: str,
    label: str,
    severity: Severity,
    stage: Stage = Stage.SUBMIT,
    *,
    behind: tuple[str, ...] = (),
) -> Callable[[Callable[[Content], Iterable[Fault]]], Callable[[Content], Iterable[Fault]]]:
    """Register a function as a check; `label` is a msgid that names it for people."""

    def register(
        judge: Callable[[Content], Iterable[Fault]],
    ) -> Callable[[Content], Iterable[Fault]]:
        if code in CHECKS:
            raise ValueError(f"check {code} is registered twice")
        CHECKS[code] = Check(code, name, label, severity, stage, judge, behind)
        return judge

    return register


def register_rules(package: ModuleType) -> None:
    """Import every module of a package, which registers its checks, and order all by their codes.

    Raises ValueError where two checks have one code.
    """
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    in_order = sorted(CHECKS.items())
    CHECKS.clear()
    CHECKS.update(in_order)


def run(content: Content, stage: Stage, off: Collection[str] = ()) -> list[Finding]:
    """List what the checks of a stage say of a plan, the errors first, each place in its order.

    `off` are codes that the unit has switched off; what is an error is never off.
    """
    found = []
    for rule in CHECKS.values():
        if STAGES.index(rule.stage) > STAGES.index(stage):
            continue
        for fault in rule.judge(content):
            since = max(rule.stage, fault.stage or rule.stage, key=STAGES.index)
            if STAGES.index(since) > STAGES.index(stage):
                continue
            severity = fault.severity or rule.severity
            if rule.code in off and severity is not Severity.ERROR:
                continue
            found.append(
                Finding(
                    rule.code,
                    rule.name,
                    severity,
                    fault.place,
                    fault.said,
                    fault.remedy,
                    since,
                    fault.mend,
                )
            )
    told = {(one.code, one.place) for one in found}
    found = [one for one in found if not _said_more_closely(one, told)]
    return sorted(found, key=lambda finding: (WEIGHT[finding.severity], finding.code))


def _said_more_closely(one: Finding, told: Collection[tuple[str, str]]) -> bool:
    return any((code, one.place) in told for code in CHECKS[one.code].behind)


def filled(text: str, **params: Any) -> Message:
    """Return a message with those of the fillings that its text names; the text is marked by `N_`
    where it is written.
    """
    return Message(text, {name: params[name] for name in params if f"%({name})" in text})
