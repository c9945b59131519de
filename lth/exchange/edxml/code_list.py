"""A list of agencies' codes as a file: its rows told one by one before anything is written.

Columns are known by their names, in any order: the agency, its code (of one rule or of both, as the
axis's list has it), from and until when, and the document that gave it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lth.administration.agency_codes import CodeTerms, name_key
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message, listed
from lth.core.readers import agency_codes as grammar
from lth.core.readers.days import UnreadableDayError, read_day
from lth.core.readers.plain_names import HiddenCharacterError, read_name
from lth.core.vietnamese import one_line, search_key
from lth.exchange.grids.list_files import list_grids
from lth.exchange.grids.lists import FILE, ListGrid, ListGridRow, refused
from lth.models.agency_code import CodeScheme

OWN = "(mã của đơn vị)"
"""What stands for the unit itself in a list that was written here."""

MOST_CODES = 1000
MOST_TOLD = 30
"""How many faults are told at once."""

LONGEST_NAME = 200
_SEARCHED = 20
"""How many rows with something in them are looked through for the headings."""


class CodeColumn(StrEnum):
    """What a column of the list says."""

    NAME = "name"
    CODE = "code"
    CODE_102 = "code102"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    SOURCE = "source"


_WORDS = {
    CodeColumn.NAME: "ten co quan|co quan|ten don vi|don vi|ten co quan don vi|noi nhan|ten|name",
    CodeColumn.CODE: "ma dinh danh|ma dinh danh dien tu|ma co quan|ma|ma qd 20|code",
    CodeColumn.CODE_102: "ma qcvn 102|ma qcvn102|ma dinh danh cu|ma cu|ma 102|code102",
    CodeColumn.FIRST_DAY: "tu ngay|ngay bat dau|hieu luc tu|ap dung tu|from",
    CodeColumn.LAST_DAY: "den het ngay|den ngay|ngay ket thuc|het hieu luc|to",
    CodeColumn.SOURCE: "van ban|van ban cap|nguon|can cu|so van ban|source",
}
_COLUMN_OF = {word: column for column, words in _WORDS.items() for word in words.split("|")}


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A row of the list: its number in the file, what it would add, what is wrong or odd."""

    number: int
    terms: CodeTerms | None
    faults: tuple[Message, ...] = ()
    doubts: tuple[Message, ...] = ()


def read(data: bytes, today: date, own_name: str) -> list[CodeLine]:
    """Read a list; rows without a first day begin `today`.

    A row that names the unit itself (`own_name`: "xã Tập Sơn") is about its own code. Raises
    RefusedError for what is no such list.
    """
    sheet, head, columns = _found(list_grids(data))
    lines = []
    for row in sheet.rows:
        if row.number > head:
            cells = {column: row.cells[at] for at, column in columns.items() if at in row.cells}
            lines.extend(_lines(row.number, cells, today, own_name))
    if not lines:
        raise refused(N_("Dưới dòng tiêu đề (dòng %(row)s) không có mã nào."), row=head)
    if len(lines) > MOST_CODES:
        raise refused(N_("Danh sách có quá %(most)s mã. Hãy chia nhỏ."), most=MOST_CODES)
    return _without_twins(lines)


def _found(grids) -> tuple[ListGrid, int, dict[int, CodeColumn]]:
    for sheet in grids:
        for row in sheet.rows[:_SEARCHED]:
            columns = _columns(row)
            there = set(columns.values())
            if CodeColumn.NAME in there and there & {CodeColumn.CODE, CodeColumn.CODE_102}:
                return sheet, row.number, columns
    wanted = listed([Message(N_("Tên cơ quan")), Message(N_("Mã định danh"))])
    raise refused(
        N_("Không thấy dòng tiêu đề. Cần một dòng có các ô: %(columns)s."), columns=wanted
    )


def _columns(row: ListGridRow) -> dict[int, CodeColumn]:
    found: dict[int, CodeColumn] = {}
    for at, text in row.cells.items():
        column = _COLUMN_OF.get(search_key(text)) or _COLUMN_OF.get(
            search_key(text.partition("(")[0])
        )
        if column is not None and column not in found.values():
            found[at] = column
    return found


def _lines(
    number: int, cells: Mapping[CodeColumn, str], today: date, own_name: str
) -> Iterator[CodeLine]:
    """Yield a line for each code of a row: one, or two where it has those of both rules."""
    if not cells:
        return
    faults: list[Message] = []
    name = _name(cells.get(CodeColumn.NAME, ""), own_name, faults)
    first = _day(cells.get(CodeColumn.FIRST_DAY, ""), faults) or today
    last = _day(cells.get(CodeColumn.LAST_DAY, ""), faults)
    if last and last < first:
        faults.append(Message(N_("Ngày cuối phải từ ngày bắt đầu trở đi.")))
    codes = [cells.get(column, "") for column in (CodeColumn.CODE, CodeColumn.CODE_102)]
    given = [grammar.tidied(code) for code in codes if one_line(code)]
    if not given:
        faults.append(grammar.EMPTY)
    for code in given or [""]:
        wrong = grammar.fault_of(code) if code else None
        told = (*faults, *((wrong,) if wrong else ()))
        terms = CodeTerms(
            code,
            first,
            "" if name is None else name,
            last,
            one_line(cells.get(CodeColumn.SOURCE, ""))[:200],
            CodeScheme(grammar.scheme_of(code)),
        )
        doubt = grammar.doubt_of(code) if code and not wrong else None
        yield CodeLine(number, None if told else terms, told, (doubt,) if doubt else ())


def _name(text: str, own_name: str, faults: list[Message]) -> str | None:
    """Return whose code it is, empty for the unit's own; None, and a fault, where that is open."""
    if one_line(text) == OWN:
        return ""
    if not one_line(text):
        faults.append(Message(N_("Thiếu tên cơ quan.")))
        return None
    try:
        name = read_name(text)
    except HiddenCharacterError as error:
        faults.append(error.message)
        return None
    if len(name) > LONGEST_NAME:
        faults.append(Message(N_("Tên cơ quan dài quá %(most)s ký tự."), {"most": LONGEST_NAME}))
    return "" if name_key(name).removeprefix("ubnd ") == name_key(own_name) else name


def _day(text: str, faults: list[Message]) -> date | None:
    if not text:
        return None
    try:
        return read_day(text)
    except UnreadableDayError as error:
        faults.append(error.message)
        return None


def _without_twins(lines: list[CodeLine]) -> list[CodeLine]:
    """Have the second of two rows about the same code say so."""
    seen: dict[tuple[str, CodeScheme, date], int] = {}
    found = []
    for line in lines:
        terms = line.terms
        if terms is not None:
            key = (name_key(terms.name), terms.kept_scheme, terms.valid_from)
            if key in seen:
                said = N_("Trùng với dòng %(row)s: cùng cơ quan, cùng quy định, cùng ngày.")
                told = Message(said, {"row": seen[key]})
                found.append(CodeLine(line.number, None, (told,), line.doubts))
                continue
            seen[key] = line.number
        found.append(line)
    return found


def terms_of(lines: list[CodeLine]) -> list[CodeTerms]:
    """Return what the rows would add. Raises BlockedError with what is wrong, row by row."""
    told = [
        Message(N_("Dòng %(row)s: %(fault)s"), {"row": line.number, "fault": fault}, field=FILE)
        for line in lines
        for fault in line.faults
    ]
    if told:
        more = Message(N_("… và những dòng sau đó."), field=FILE)
        raise BlockedError(*told[:MOST_TOLD], *([more] if len(told) > MOST_TOLD else []))
    return [line.terms for line in lines if line.terms is not None]


def as_text(lines: list[CodeLine]) -> str:
    """Write the rows as a list that `read` reads back to the same: for a form to carry."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["Tên cơ quan", "Mã định danh", "Từ ngày", "Đến ngày", "Văn bản"])
    for terms in terms_of(lines):
        days = [day.isoformat() if day else "" for day in (terms.valid_from, terms.last_day)]
        writer.writerow([terms.name or OWN, terms.code, *days, terms.source])
    return out.getvalue()
