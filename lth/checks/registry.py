"""The plan checks: what each is called, when it applies, and how all of them are run."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from lth.content.model import WHOLE, Content
from lth.core.i18n import Message
from lth.models.finding import Severity, Stage

STAGES = tuple(Stage)
"""In order; a later stage includes the earlier."""

WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check found at one place: what is wrong, with the arithmetic, and what mends it.

    `severity` where it differs from the check's own. `stage` where it is no fault before that
    stage, such as what is missing from a plan that is still being written.
    """

    said: Message
    remedy: Message
    place: str = WHOLE
    severity: Severity | None = None
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault under the code of its check; `stage` is the first at which it is one."""

    code: str
    name: str
    severity: Severity
    place: str
    said: Message
    remedy: Message
    stage: Stage = field(default=STAGES[-1], compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of `V01`-`V36`: its code, the name it is known by, and the function that judges."""

    code: str
    name: str
    label: str
    severity: Severity
    stage: Stage
    judge: Callable[[Content], Iterable[Fault]]

    @property
    def may_be_switched_off(self) -> bool:
        return self.severity is not Severity.ERROR


CHECKS: dict[str, Check] = {}
"""Every check by its code, in the order of the codes once `lth.checks` is imported."""


def check(
    code: str, name: str, label: str, severity: Severity, stage: Stage = Stage.SUBMIT
) -> Callable[[Callable[[Content], Iterable[Fault]]], Callable[[Content], Iterable[Fault]]]:
    """Register a function as a check; `label` is a msgid that names it for people."""

    def register(
        judge: Callable[[Content], Iterable[Fault]],
    ) -> Callable[[Content], Iterable[Fault]]:
        if code in CHECKS:
            raise ValueError(f"check {code} is registered twice")
        CHECKS[code] = Check(code, name, label, severity, stage, judge)
        return judge

    return register


def run(content: Content, stage: Stage, off: Collection[str] = ()) -> list[Finding]:
    """What the checks of a stage say of a plan, the errors first, each place in its order.

    `off` are codes that the unit has switched off; what is an error is never off.
    """
    found = []
    for one in CHECKS.values():
        if STAGES.index(one.stage) > STAGES.index(stage):
            continue
        for fault in one.judge(content):
            since = max(one.stage, fault.stage or one.stage, key=STAGES.index)
            if STAGES.index(since) > STAGES.index(stage):
                continue
            severity = fault.severity or one.severity
            if one.code in off and severity is not Severity.ERROR:
                continue
            found.append(
                Finding(one.code, one.name, severity, fault.place, fault.said, fault.remedy, since)
            )
    return sorted(found, key=lambda finding: (WEIGHT[finding.severity], finding.code))


def said(text: str, **params: Any) -> Message:
    """A message with its filling; `text` is marked by `N_` where it is written."""
    return Message(text, params)
