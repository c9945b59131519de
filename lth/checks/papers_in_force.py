"""The papers that plans stand on and when each was in force: a dated table with its sources.

`lth/data/papers.toml` ships; what `lth papers update` has put into LTH_HOME takes its place once
it was reviewed later. A paper that is not in it is unknown, of which nothing is said.
"""

import logging
import re
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from lth.core import config
from lth.core.errors import PaperTableError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import nfc, search_key

FILE_NAME = "papers.toml"
BY_NAME = frozenset({"Luật", "Bộ luật", "Pháp lệnh"})
"""Types that are cited by their name, with or without number and day."""

_NUMBER = re.compile(r"\d+(?:/\d{4})?/[^\W\d_]+\d*(?:-[^\W_]+)*")
_TEXTS = ("type", "number", "issuer", "title", "source")
_KEYS = {*_TEXTS, "date", "from", "ended", "replaced_by", "until", "programme"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KnownPaper:
    """A paper and its time: in force from `since`, `dated_on` where that is not known, and no more
    from `ended` on.

    `until` is the last year of what runs for some years only; `programme` the code of a programme
    that it sets up; `source` says where the days are from.
    """

    type: str
    number: str
    issuer: str
    title: str
    dated_on: date
    source: str
    since: date | None = None
    ended: date | None = None
    replaced_by: str = ""
    until: int | None = None
    programme: str = ""

    def in_force(self, on: date) -> bool:
        return (self.since or self.dated_on) <= on and not self.has_ended(on)

    def has_ended(self, on: date) -> bool:
        return self.ended is not None and self.ended <= on


@dataclass(frozen=True)
class PaperTable:
    """All known papers, and the day on which they were last gone through."""

    reviewed_on: date
    papers: tuple[KnownPaper, ...]

    @cached_property
    def by_number(self) -> Mapping[str, KnownPaper]:
        return {number_key(paper.number): paper for paper in self.papers}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[KnownPaper, ...]]:
        """Laws by their bare names; those that followed one another have one."""
        found: dict[str, tuple[KnownPaper, ...]] = {}
        for paper in self.papers:
            if paper.type in BY_NAME:
                name = law_name(paper.title)
                found[name] = (*found.get(name, ()), paper)
        return found

    def of_programme(self, code: str) -> KnownPaper | None:
        return next((paper for paper in self.papers if paper.programme == code), None)

    def instead_of(self, paper: KnownPaper, on: date) -> KnownPaper | None:
        """Find what has come in a paper's place by a day, over several steps if need be."""
        seen = {paper.number}
        while paper.replaced_by and paper.replaced_by not in seen:
            seen.add(paper.replaced_by)
            paper = self.by_number[number_key(paper.replaced_by)]
            if paper.in_force(on):
                return paper
        return None


@lru_cache(maxsize=1024)
def number_key(number: str) -> str:
    """Return a number and symbol without spaces and capitals, for comparing."""
    return re.sub(r"\s+", "", nfc(number)).casefold()


@lru_cache(maxsize=1024)
def law_name(title: str) -> str:
    """Return a law's name without the word for it: "tổ chức chính quyền địa phương"."""
    return re.sub(r"^(?:bo luat|luat|phap lenh) ", "", " ".join(search_key(title).split()))


# --- Reading ------------------------------------------------------------------------------


def in_use() -> PaperTable:
    """Return the table by which plans are judged now."""
    try:
        updated = kept_file().stat()
    except OSError:
        return shipped()
    return _later(str(kept_file()), updated.st_mtime_ns)


@lru_cache(maxsize=1)
def shipped() -> PaperTable:
    return read_table((resources.files("lth") / "data" / FILE_NAME).read_text(encoding="utf-8"))


def kept_file() -> Path:
    """Return where an updated table is kept, whether there is one or not."""
    return config.home_folder() / FILE_NAME


@lru_cache(maxsize=4)
def _later(path: str, _changed: int) -> PaperTable:
    """Return the kept table, or the shipped one where that is newer or the file is broken: plans
    are judged by the older facts then, and the log says so.
    """
    try:
        kept = read_table(Path(path).read_text(encoding="utf-8"))
    except (PaperTableError, OSError, UnicodeDecodeError) as error:
        logger.error("%s cannot be used, the shipped table is: %s", path, error)
        return shipped()
    return max(shipped(), kept, key=lambda table: table.reviewed_on)


def read_table(text: str) -> PaperTable:
    """Read a table, and say all that is wrong with it. Raises PaperTableError."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PaperTableError(
            Message(N_("Tệp không phải TOML: %(error)s"), {"error": str(error)})
        ) from error
    rows = found.get("paper")
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    problems = [*_head(found, rows), *(one for row in rows for one in _faults(row, rows))]
    if problems:
        raise PaperTableError(*problems)
    return PaperTable(found["reviewed_on"], tuple(map(_paper, rows)))


def _head(found: Mapping[str, Any], rows: Iterable[Any]) -> Iterator[Message]:
    if not _is_day(found.get("reviewed_on")):
        yield Message(N_("Thiếu ngày rà soát: reviewed_on = 2026-11-30."))
    if not rows:
        yield Message(N_("Tệp không có văn bản nào: mỗi văn bản bắt đầu bằng [[paper]]."))
    for key in found.keys() - {"reviewed_on", "paper"}:
        yield Message(N_("Không có mục %(key)s."), {"key": key})


def _faults(row: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[Message]:
    number = str(row.get("number") or row.get("title") or "?")
    for key in row.keys() - _KEYS:
        yield _said(N_("%(number)s: không có mục %(key)s."), number, key)
    for key in _TEXTS:
        text = row.get(key)
        if not isinstance(text, str) or not text.strip() or nfc(text) != text:
            yield _said(
                N_("%(number)s: mục %(key)s phải là chữ, theo bảng mã Unicode dựng sẵn."),
                number,
                key,
            )
    for key in ("date", "from", "ended"):
        if (key == "date" or key in row) and not _is_day(row.get(key)):
            yield _said(N_("%(number)s: mục %(key)s phải là ngày, ví dụ 2025-07-01."), number, key)
    if not _NUMBER.fullmatch(number):
        yield _said(N_("%(number)s: số, ký hiệu không đúng thể thức."), number)
    if [one.get("number") for one in rows].count(row.get("number")) > 1:
        yield _said(N_("%(number)s có hai lần trong tệp."), number)
    if row.get("replaced_by") and row["replaced_by"] not in {one.get("number") for one in rows}:
        yield _said(N_("%(number)s: văn bản thay thế không có trong tệp."), number)
    days = [row[key] for key in ("date", "from", "ended") if _is_day(row.get(key))]
    if days != sorted(days):
        yield _said(
            N_("%(number)s: ngày ban hành, hiệu lực, hết hiệu lực không theo thứ tự."), number
        )


def _said(text: str, number: str, key: str = "") -> Message:
    return Message(text, {"number": number, "key": key} if key else {"number": number})


def _is_day(value: Any) -> bool:
    return type(value) is date


def _paper(row: Mapping[str, Any]) -> KnownPaper:
    more = {key: row[key] for key in ("ended", "replaced_by", "until", "programme") if key in row}
    texts = {key: row[key] for key in _TEXTS}
    return KnownPaper(**texts, dated_on=row["date"], since=row.get("from"), **more)


# --- Updating -----------------------------------------------------------------------------


def update(text: str) -> PaperTable:
    """Put a checked table in the place of the one that is in use, whole or not at all.

    Raises PaperTableError where it is wrong, or was reviewed before that one.
    """
    found = read_table(text)
    if found.reviewed_on < in_use().reviewed_on:
        raise PaperTableError(Message(N_("Bảng đang dùng được rà soát sau bảng này.")))
    path = kept_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as draft:
        draft.write(text)
    Path(draft.name).replace(path)
    return found
