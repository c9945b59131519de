"""Write what the checks say of a plan file, for a terminal and as JSON."""

import json
import shutil
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import click

from lth.checks import CHECKS, Finding
from lth.content import places
from lth.core import language
from lth.core.i18n import N_, Bilingual, Message
from lth.core.language import gettext, say, speaking
from lth.exchange.plan_file import PlanFile, PlanFileError
from lth.exchange.plan_file.transfer import Imported
from lth.models.finding import Severity, Stage
from lth.workflow.kinds import period_name

WIDEST = 100

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@dataclass(frozen=True)
class FileReport:
    """Findings of one stage about a file."""

    name: str
    stage: Stage
    file: PlanFile
    findings: list[Finding]

    def where(self, finding: Finding) -> Message | Bilingual:
        """Say what the place of a finding is called by people."""
        return places.name_of(self.file.content, finding.place).name

    def line(self, finding: Finding) -> int | None:
        """Find the line of the file where it stands, if it stands in one."""
        return self.file.lines.get(finding.place)

    def of(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is severity]


# --- JSON ---------------------------------------------------------------------------------


def as_json(report: FileReport) -> str:
    """Return the findings as JSON: codes and places as they are, texts in both languages."""
    content = report.file.content
    return _dumped(
        {
            "file": report.name,
            "stage": report.stage.value,
            "programme": content.programme,
            "unit": content.place.name,
            "counts": {severity.value: len(report.of(severity)) for severity in Severity},
            "findings": [_finding(report, finding) for finding in report.findings],
        }
    )


def _finding(report: FileReport, finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "place": finding.place,
        "line": report.line(finding),
        "where": _both(report.where(finding)),
        "message": _both(finding.said),
        "remedy": _both(finding.remedy),
    }


def problems_as_json(error: PlanFileError) -> str:
    """Say what is wrong with a file that cannot be read, in both languages."""
    return _dumped(
        {
            "file": error.name,
            "problems": [
                {"line": problem.line, "column": problem.column, "message": _both(problem.said)}
                for problem in error.problems
            ],
        }
    )


def refused_as_json(name: str, messages: Iterable[Message]) -> str:
    """Say why a file is not read at all, in both languages: no place within it is to blame."""
    told = [{"line": None, "column": None, "message": _both(message)} for message in messages]
    return _dumped({"file": name, "problems": told})


def no_file(error: OSError) -> Message:
    """Say why there is nothing to read under a name."""
    if isinstance(error, FileNotFoundError):
        return Message(N_("Không có tệp này: xem lại tên và thư mục."))
    if isinstance(error, IsADirectoryError):
        return Message(N_("Đây là thư mục, không phải tệp."))
    return Message(N_("Không mở được tệp này (%(reason)s)."), {"reason": error.strerror or ""})


def _both(message: Message | Bilingual) -> dict[str, str]:
    said = {}
    for spoken in language.AVAILABLE:
        with speaking(spoken):
            said[spoken] = say(message)
    return said


def _dumped(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


# --- A terminal ---------------------------------------------------------------------------


def problems(error: PlanFileError) -> str:
    """Return a line for each problem, in the form that editors and terminals make into a link."""
    return "\n".join(
        f"{error.name}:{problem.line}:{problem.column}: {say(problem.said)}"
        for problem in error.problems
    )


def refused(name: str, messages: Iterable[Message]) -> str:
    """Say why a file is not read at all."""
    return "\n".join(f"{name}: {say(message)}" for message in messages)


def as_text(report: FileReport) -> str:
    """Return the findings under a heading for each severity, and how many there are."""
    parts: list[str] = []
    for severity in Severity:
        found = report.of(severity)
        if found:
            parts += [_heading(severity, found), *(_shown(report, one) for one in found)]
    return "\n\n".join([*parts, _summary(report)])


def _heading(severity: Severity, found: list[Finding]) -> str:
    said = {
        Severity.ERROR: gettext("Lỗi phải sửa"),
        Severity.WARNING: gettext("Cảnh báo: sửa hoặc giải trình"),
        Severity.INFO: gettext("Lưu ý"),
    }
    return click.style(f"{said[severity]} ({len(found)})", fg=COLOURS[severity], bold=True)


def _shown(report: FileReport, finding: Finding) -> str:
    check = CHECKS[finding.code]
    where = say(report.where(finding))
    line = report.line(finding)
    if line is not None:
        where = gettext("%(where)s (dòng %(line)s)", where=where, line=line)
    return "\n".join(
        [
            _wrapped(f"{finding.code}  {say(Message(check.label))} · {where}", "  ", "       "),
            _wrapped(say(finding.said), "       ", "       "),
            _wrapped(f"→ {say(finding.remedy)}", "       ", "         "),
        ]
    )


def _wrapped(text: str, first: str, rest: str) -> str:
    width = min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)
    return textwrap.fill(
        text,
        max(width, 40),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _summary(report: FileReport) -> str:
    if not report.findings:
        return click.style(
            gettext("%(file)s: không phát hiện vấn đề nào.", file=report.name), fg="green"
        )
    counts = {severity: len(report.of(severity)) for severity in Severity}
    return gettext(
        "%(file)s: %(errors)s lỗi, %(warnings)s cảnh báo, %(infos)s lưu ý.",
        file=report.name,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
    )


# --- Brought in ---------------------------------------------------------------------------


def imported(done: Imported, unit: str, period: str) -> str:
    """Say what was made, and where it is."""
    return gettext(
        "Đã lập bản thảo số %(id)s: kế hoạch %(period)s của %(unit)s, gồm %(targets)s chỉ tiêu,"
        " %(lines)s dòng của các phần khác, %(sections)s phần thuyết minh.",
        id=done.document.id,
        period=period_name(period),
        unit=unit,
        targets=done.targets,
        lines=done.lines,
        sections=done.sections,
    )


def another_unit(name: str) -> str:
    return gettext("Lưu ý: trong tệp, kế hoạch này là của %(unit)s.", unit=name)
