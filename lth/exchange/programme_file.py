"""A programme as a file (docs/programme-files.md): checked line by line, compared, brought in.

The file is TOML, as those that ship (`lth/data/programmes`). All that is wrong is said at once,
each thing with its line; nothing is written of a file in which anything is.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from lth.core import clean_text
from lth.core.i18n import N_, Message
from lth.exchange import toml_lines
from lth.exchange.plan_file.problems import FileProblem, not_one_of, unknown_key
from lth.exchange.toml_lines import Path
from lth.models import Area, Indicator, Period, Phase, Programme
from lth.models.content import AreaType
from lth.models.kind import Kind
from lth.models.parts import MoneyLevel, MoneySource
from lth.models.programme import Measure, RollUp
from lth.programmes import catalogue_file
from lth.programmes.catalogue_file import (
    AREA_TYPES,
    HEAD,
    OWN_KEYS,
    TOPIC_LABEL,
    AreaRow,
    CatalogueError,
    IndicatorRow,
    Norm,
    NormSource,
    PeriodRow,
    PhaseRow,
    ProgrammeFile,
    SectionRow,
    exact,
    takes_common,
)

LONGEST = 300_000
"""Bytes of a file. Those that ship have 20,000."""
MOST_ROWS = 500

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_PROGRAMME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_YEARS = re.compile(r"\d{4}(-\d{4})?")
_ORDER = ("common", *HEAD, AREA_TYPES, "sources", "period", "area", "section", "norms", "indicator")


class ProgrammeFileError(ValueError):
    """A text is no programme; `problems` are all that were found, in the order of the text."""

    def __init__(self, name: str, problems: Iterable[FileProblem]):
        self.name = name
        self.problems = tuple(sorted(problems, key=lambda one: (one.line, one.column)))
        super().__init__(
            "\n".join(f"{name}:{one.line}:{one.column}: {one.said}" for one in self.problems)
        )


def read(text: bytes | str, name: str) -> ProgrammeFile:
    """Read a programme from a file's text. Raises ProgrammeFileError with all that is wrong."""
    text = _decoded(text, name)
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        line, column, technical = toml_lines.fault(error)
        said = N_("Chỗ này không đọc được như TOML (%(reason)s).")
        problem = FileProblem(line, column, Message(said, {"reason": technical}))
        raise ProgrammeFileError(name, [problem]) from error
    except (RecursionError, ValueError) as error:
        problem = FileProblem(1, 1, Message(N_("Tệp có chỗ không đọc được.")))
        raise ProgrammeFileError(name, [problem]) from error
    problems = _Checking(table, toml_lines.lines(text)).all()
    if problems:
        raise ProgrammeFileError(name, problems)
    try:
        return catalogue_file.parse(catalogue_file.shared_text(), text, table["code"])
    except CatalogueError as error:
        said = Message(N_("Tệp chưa dùng được: %(reason)s"), {"reason": str(error)})
        raise ProgrammeFileError(name, [FileProblem(1, 1, said)]) from error


def _decoded(text: bytes | str, name: str) -> str:
    """Return a file's text as TOML wants it: composed, each line ended alike."""
    said = ""
    if len(text) > LONGEST:
        said = N_("Tệp quá lớn.")
    elif isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            said = N_("Tệp phải là văn bản mã hóa UTF-8.")
    if not said and not str(text).strip():
        said = N_("Tệp không có nội dung.")
    if said:
        raise ProgrammeFileError(name, [FileProblem(1, 1, Message(said))])
    return unicodedata.normalize("NFC", str(text)).replace("\r\n", "\n")


# --- What is wrong with it ----------------------------------------------------------------


@dataclass
class _Checking:
    """One pass over a file's table, that notes everything on the way."""

    table: dict[str, Any]
    lines: toml_lines.TomlLines
    problems: list[FileProblem] = field(default_factory=list)
    faulty: set[Path] = field(default_factory=set)
    """The places of the problems, and all that hold them."""

    @cached_property
    def shared(self) -> dict[str, Any]:
        return tomllib.loads(catalogue_file.shared_text(), parse_float=Decimal)

    def all(self) -> list[FileProblem]:
        """List everything that is wrong."""
        self.keys((), self.table, [key for key in _ORDER if key in OWN_KEYS])
        self.head()
        self.rows(("area",), AreaRow, Area)
        self.rows(("section",), SectionRow, None)
        self.rows(("indicator",), IndicatorRow, Indicator)
        self.named("sources", NormSource)
        self.named("norms", Norm)
        self.periods()
        if "indicator" not in self.table and self.table.get("common") is False:
            self.say(("common",), N_("Không lấy chỉ tiêu chung thì tệp phải có [[indicator]]."))
        self.sections()
        self.indicators()
        self.norms()
        return self.problems

    def say(self, path: Path, text: str | Message, **values: Any) -> None:
        """Note a problem at a place."""
        said = Message(text, values) if isinstance(text, str) else text
        self.problems.append(FileProblem(self.lines.of(path), 1, said))
        self.faulty.update(path[:end] for end in range(len(path) + 1))

    # --- Shapes -----------------------------------------------------------------------

    def keys(self, path: Path, table: Mapping[str, Any], known: list[str]) -> None:
        for key in table:
            if key not in known:
                self.say((*path, key), unknown_key(key, known))

    def head(self) -> None:
        for name in HEAD:
            wanted = date if name.endswith("_on") else str
            if name not in self.table:
                self.say((), N_("Thiếu mục “%(name)s”."), name=name)
            elif self.value((name,), name, wanted, self.table[name]):
                self.text((name,), Programme, name, self.table[name])
        code = self.table.get("code")
        if isinstance(code, str) and code and not _PROGRAMME.fullmatch(code):
            said = N_("Mã chương trình chỉ có chữ cái không dấu, chữ số, dấu chấm và gạch nối.")
            self.say(("code",), said)
        if "common" in self.table:
            self.value(("common",), "common", bool, self.table["common"])
        if AREA_TYPES in self.table and self.value(
            (AREA_TYPES,), AREA_TYPES, tuple[str, ...], self.table[AREA_TYPES]
        ):
            for word in self.table[AREA_TYPES]:
                self.value((AREA_TYPES,), AREA_TYPES, AreaType, word)
        self.in_order((), self.table)

    def rows(self, path: Path, row: type, model: type | None) -> None:
        """Check an array of tables, each with a code that no other has."""
        name = str(path[-1])
        listed = self.at(path)
        if listed is None:
            return
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            self.say(path, N_("Ghi mỗi mục dưới một dòng [[%(name)s]]."), name=name)
            return
        if len(listed) > MOST_ROWS:
            self.say(path, N_("Không quá %(most)s mục."), most=MOST_ROWS)
            return
        codes: set[Any] = set()
        for number, one in enumerate(listed):
            self.row((*path, number), row, model, one)
            code = one.get("code")
            if not isinstance(code, str):
                continue
            if code in codes:
                self.say((*path, number, "code"), N_("Mã “%(code)s” đã có ở trên."), code=code)
            codes.add(code)
            pattern = _YEARS if row in (PeriodRow, PhaseRow) else _CODE
            if not pattern.fullmatch(code):
                said = (
                    N_("Mã “%(code)s” phải là một năm (2027) hoặc hai năm (2027-2030).")
                    if pattern is _YEARS
                    else N_("Mã “%(code)s” chỉ có chữ thường không dấu, chữ số và gạch dưới.")
                )
                self.say((*path, number, "code"), said, code=code)

    def row(self, path: Path, row: type, model: type | None, table: dict[str, Any]) -> None:
        known = {one.name: one for one in fields(row)}
        written = {name if name != "phases" else "phase": one for name, one in known.items()}
        self.keys(path, table, list(written))
        for name, one in written.items():
            if name not in table:
                if one.default is MISSING:
                    self.say(path, N_("Thiếu mục “%(name)s”."), name=name)
            elif name != "phase" and self.value((*path, name), name, one.type, table[name]):
                self.text((*path, name), model, name, table[name])
        if row in (PeriodRow, PhaseRow):
            self.in_order(path, table)

    def named(self, name: str, row: type) -> None:
        table = self.table.get(name)
        if table is None:
            return
        if not isinstance(table, dict):
            self.say((name,), N_("“%(name)s” là một nhóm mục."), name=name)
            return
        for key, one in table.items():
            if isinstance(one, dict):
                self.row((name, key), row, None, one)
            else:
                self.say((name, key), N_("“%(name)s” là một nhóm mục."), name=key)

    def value(self, path: Path, name: str, wanted: Any, value: Any) -> bool:
        """Tell whether a value is of its type, and note it where it is not."""
        if isinstance(wanted, type) and issubclass(wanted, StrEnum):
            if value not in set(wanted):
                self.say(path, not_one_of(name, str(value), [one.value for one in wanted]))
            return False
        if wanted is date:
            if type(value) is not date:
                self.say(path, N_("“%(name)s” là một ngày, viết 2027-01-31."), name=name)
            return type(value) is date
        kind = _KINDS.get(wanted)
        if kind is None:
            return False
        types, said = kind
        right = isinstance(value, types) and (wanted is bool or not isinstance(value, bool))
        if right and isinstance(value, list):
            right = all(isinstance(one, str) for one in value)
        if not right:
            self.say(path, said, name=name)
        return right

    def text(self, path: Path, model: type | None, name: str, value: Any) -> None:
        """Hold a text to its length, to one line, and to what can be seen of it."""
        if not isinstance(value, str):
            return
        long = name in ("help_vi", "help_en", "hint")
        if not value.strip() and name not in ("help_vi", "help_en", "hint"):
            self.say(path, N_("“%(name)s” đang để trống."), name=name)
        column = model.__table__.columns.get(name) if model is not None else None
        most = getattr(getattr(column, "type", None), "length", None) or (2000 if long else 160)
        if len(value) > most:
            self.say(path, N_("“%(name)s” dài quá %(most)s ký tự."), name=name, most=most)
        if clean_text.hidden_at(value) is not None:
            self.say(path, N_("“%(name)s” có ký tự không nhìn thấy được."), name=name)

    def in_order(self, path: Path, table: Mapping[str, Any]) -> None:
        first, last = table.get("starts_on"), table.get("ends_on")
        if type(first) is date and type(last) is date and last < first:
            self.say((*path, "ends_on"), N_("Ngày kết thúc trước ngày bắt đầu."))

    def at(self, path: Path) -> Any:
        found: Any = self.table
        for part in path:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    # --- Periods ----------------------------------------------------------------------

    def periods(self) -> None:
        self.rows(("period",), PeriodRow, Period)
        for number, one in enumerate(toml_lines.known(self.table, "period")):
            if not isinstance(one, dict):
                continue
            path = ("period", number)
            if "phase" in one:
                self.rows((*path, "phase"), PhaseRow, Phase)
            if not self.faulty & {path, ("ends_on",)} and type(self.table.get("ends_on")) is date:
                for said in tiling(one, one.get("phase", []), self.table):
                    self.say((*path, *said[0]), said[1])

    # --- What refers to what ----------------------------------------------------------

    def sections(self) -> None:
        for number, one in enumerate(toml_lines.known(self.table, "section")):
            if ("section", number) in self.faulty:
                continue
            kind = one.get("kind", "plan")
            if kind not in Kind.all():
                path = ("section", number, "kind")
                self.say(path, not_one_of("kind", str(kind), [str(each) for each in Kind.all()]))

    @cached_property
    def by_code(self) -> dict[str, dict[str, Any]]:
        shared = self.shared["indicator"] if takes_common(self.table) else []
        own = toml_lines.known(self.table, "indicator")
        whole = [one for one in own if isinstance(one, dict) and isinstance(one.get("code"), str)]
        return {one["code"]: one for one in (*shared, *whole)}

    def indicators(self) -> None:
        for number, one in enumerate(toml_lines.known(self.table, "indicator")):
            path = ("indicator", number)
            if path in self.faulty:
                continue
            if one["topic"] not in TOPIC_LABEL:
                self.say((*path, "topic"), not_one_of("topic", one["topic"], TOPIC_LABEL))
            if bool(one.get("help_vi")) != bool(one.get("help_en")):
                self.say(path, N_("Lời giải thích cần có cả tiếng Việt và tiếng Anh."))
            self.counted(path, one)
            self.money(path, one)

    def counted(self, path: Path, one: Mapping[str, Any]) -> None:
        """Check what an indicator is a part of."""
        for name in ("numerator", "denominator", "denominators"):
            given = one.get(name, [])
            for code in [given] if isinstance(given, str) else given:
                if code not in self.by_code:
                    said = N_("“%(name)s” nhắc đến “%(code)s”, không phải chỉ tiêu nào.")
                    self.say((*path, name), said, name=name, code=code)
        wholes = [one.get("denominator"), *one.get("denominators", [])]
        if one["roll_up"] == RollUp.RATIO and not (one.get("numerator") and any(wholes)):
            self.say(path, N_("Tỷ lệ cần có “numerator” và “denominator”."))
        first, choices = one.get("denominator"), one.get("denominators")
        if first and choices and first not in choices:
            self.say((*path, "denominator"), N_("“denominator” phải nằm trong “denominators”."))

    def money(self, path: Path, one: Mapping[str, Any]) -> None:
        """Check what is added up from the lines of a budget."""
        for name, words in (("budget_sources", MoneySource), ("budget_levels", MoneyLevel)):
            for word in one.get(name, []):
                if word not in set(words):
                    self.say((*path, name), not_one_of(name, word, [each.value for each in words]))
        if one.get("budget_levels") and not one.get("budget_sources"):
            self.say((*path, "budget_levels"), N_("“budget_levels” cần có “budget_sources”."))
        sums = one["measure"] == Measure.MONEY and one["roll_up"] == RollUp.SUM
        if one.get("budget_sources") and not (sums and one.get("scope", "unit") == "unit"):
            said = N_("Chỉ số tiền cộng dồn mới lấy từ các dòng kinh phí.")
            self.say((*path, "budget_sources"), said)

    def norms(self) -> None:
        own = self.table.get("sources")
        sources = {*self.shared["sources"], *(own if isinstance(own, dict) else ())}
        given = self.table.get("norms")
        for code, norm in given.items() if isinstance(given, dict) else ():
            path, row = ("norms", code), self.by_code.get(code)
            if path in self.faulty:
                continue
            if row is None:
                self.say(path, N_("Không có chỉ tiêu “%(code)s”."), code=code)
                continue
            if norm["source"] not in sources:
                said = N_("Không có căn cứ “%(source)s” trong [sources].")
                self.say((*path, "source"), said, source=norm["source"])
            wholes = [row.get("denominator"), *row.get("denominators", [])]
            if norm.get("denominator") and norm["denominator"] not in wholes:
                said = N_("“denominator” phải là mẫu số của chỉ tiêu.")
                self.say((*path, "denominator"), said)
            if row.get("measure") in set(Measure):
                self.bounds(path, norm, Measure(row["measure"]))

    def bounds(self, path: Path, norm: Mapping[str, Any], measure: Measure) -> None:
        try:
            low, high = exact(norm.get("min"), measure), exact(norm.get("max"), measure)
        except (ValueError, ArithmeticError):
            self.say(path, N_("Định mức có quá nhiều chữ số thập phân."))
            return
        if low is None and high is None:
            self.say(path, N_("Định mức cần “min” hoặc “max”."))
        elif any(one is not None and abs(one) >= 2**62 for one in (low, high)):
            self.say(path, N_("Định mức quá lớn."))
        elif low is not None and high is not None and low > high:
            self.say(path, N_("“min” lớn hơn “max”."))


_TEXT = N_("“%(name)s” là một đoạn chữ, đặt trong ngoặc kép.")
_KINDS: dict[Any, tuple[Any, str]] = {
    str: (str, _TEXT),
    str | None: (str, _TEXT),
    bool: (bool, N_("“%(name)s” là true hoặc false.")),
    int | Decimal | None: ((int, Decimal), N_("“%(name)s” là một số.")),
    tuple[str, ...]: (list, N_('“%(name)s” là một danh sách: ["…", "…"].')),
}


def tiling(
    period: Mapping[str, Any], phases: list[Mapping[str, Any]], programme: Mapping[str, Any]
) -> list[tuple[Path, Message]]:
    """List what is wrong with a period's phases: they tile it, in order, within the programme."""
    found: list[tuple[Path, Message]] = []
    if not phases:
        return [((), Message(N_("Kỳ cần ít nhất một giai đoạn [[period.phase]].")))]
    if period["starts_on"] > programme["ends_on"] or period["ends_on"] > programme["ends_on"]:
        said = N_("Kỳ vượt quá ngày kết thúc của chương trình, %(date)s.")
        found.append((("ends_on",), Message(said, {"date": programme["ends_on"]})))
    before = None
    for number, phase in enumerate(phases):
        first = period["starts_on"] if before is None else before
        gap = (phase["starts_on"] - first).days
        wanted = 0 if before is None else 1
        if gap != wanted:
            said = (
                N_("Giai đoạn đầu phải bắt đầu cùng ngày với kỳ.")
                if before is None
                else N_("Giai đoạn bắt đầu sau ngày giai đoạn trước kết thúc đúng một ngày.")
            )
            found.append((("phase", number, "starts_on"), Message(said)))
        before = phase["ends_on"]
    if before != period["ends_on"]:
        at = ("phase", len(phases) - 1, "ends_on")
        found.append((at, Message(N_("Giai đoạn cuối phải kết thúc cùng ngày với kỳ."))))
    return found
