"""Read a range that was copied from a spreadsheet as lines of a budget: which column is what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lth.content.line_types import LEVEL_LABEL, SOURCE_LABEL
from lth.core.clean_text import cleaned
from lth.core.vietnamese import search_key
from lth.models.parts import MoneyLevel, MoneySource, Part

HEADS: Mapping[str, str] = {
    "activity": r"noi dung|hoat dong|khoan( chi| kinh phi)?$|dien giai|hang muc|cong viec|ten ",
    "quantity": r"so luong|khoi luong|sl$",
    "unit_price": r"don gia|muc chi|gia ",
    "unit": r"don vi( tinh)?$|dvt$",
    "amount": r"thanh tien|so tien|kinh phi|du toan|tien$",
    "source": r"nguon",
    "level": r"cap",
    "year": r"nam( |$)",
}
"""What heads of columns say, as searched: by the field that the column holds."""

ORDER = ("activity", "unit", "quantity", "unit_price", "amount", "source", "level", "year")
"""The columns of a range that has no heads."""

_FIGURES = ("quantity", "unit_price", "amount")
_SUM = re.compile(r"(tong|cong)( |$)")
_NUMBERING = re.compile(r"(stt|tt|\d{1,3}|[ivx]{1,5}|[a-z])$")
_YEAR = re.compile(r"(19|20)\d\d$")
_SOURCES = {
    MoneySource.STATE: r"ngan sach|nsnn|ns ",
    MoneySource.SOCIAL: r"xa hoi hoa|xhh|van dong|tai tro",
    MoneySource.FUND: r"quy",
    MoneySource.OTHER: r"khac",
}
_LEVELS = {
    MoneyLevel.CENTRAL: r"trung uong|tw$",
    MoneyLevel.PROVINCE: r"tinh",
    MoneyLevel.DISTRICT: r"huyen",
    MoneyLevel.COMMUNE: r"xa$|phuong|thi tran",
}


@dataclass(frozen=True)
class LineTable:
    """A pasted range: the texts of each line by field, the rows that are no lines, and what the
    columns that nothing was made of begin with.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def is_table(part: str, values: Mapping[str, str]) -> bool:
    """Tell whether a range was pasted into the first input of a new line."""
    return part == Part.BUDGET and "\t" in values.get("activity", "")


def read(text: str) -> LineTable:
    """Read a range; heads, sums and headings of groups are skipped and said."""
    cells = [[_cell(one) for one in row.split("\t")] for row in text.splitlines() if row.strip()]
    names = _heads(cells[0]) if cells else {}
    body = cells[1:] if names else cells
    columns = names or _guessed(body)
    table = LineTable()
    for row in body:
        values = {name: row[at] for at, name in columns.items() if at < len(row) and row[at]}
        if _is_line(values):
            table.rows.append(_worded(values))
        else:
            table.skipped.append(" ".join(one for one in row if one))
    table.unread.extend(_unread(cells, columns))
    return table


def _unread(rows: Sequence[Sequence[str]], columns: Mapping[int, str]) -> list[str]:
    """List the first text of each column that is no field's and more than numbering."""
    width = max((len(row) for row in rows), default=0)
    others = ([row[at] for row in rows if at < len(row) and row[at]] for at in range(width))
    return [
        texts[0]
        for at, texts in enumerate(others)
        if at not in columns and not all(_NUMBERING.match(search_key(one)) for one in texts)
    ]


def _cell(text: str) -> str:
    return " ".join(cleaned(text).strip().strip('"').split())


def _heads(row: Sequence[str]) -> dict[int, str]:
    """Return the fields of columns whose heads are told; empty where the row has none."""
    found: dict[int, str] = {}
    for at, text in enumerate(row):
        said = search_key(text)
        name = next((name for name, words in HEADS.items() if re.match(words, said)), None)
        if name and name not in found.values() and not re.search(r"\d{3}", text):
            found[at] = name
    return found if "activity" in found.values() and len(found) > 1 else {}


def _guessed(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return the fields of columns by what stands in them, in the usual order."""
    width = max((len(row) for row in rows), default=0)
    columns = [[row[at] for row in rows if at < len(row) and row[at]] for at in range(width)]
    kinds = [_kind(column) for column in columns]
    if len(kinds) > 1 and all(_NUMBERING.match(search_key(one)) for one in columns[0]):
        kinds[0] = ""
    texts = iter(("activity", "unit"))
    figures = [at for at, kind in enumerate(kinds) if kind == "figure"]
    names = {1: _FIGURES[2:], 2: _FIGURES[:2]}.get(len(figures), _FIGURES)
    found = dict(zip(figures, names, strict=False))
    for at, kind in enumerate(kinds):
        name = next(texts, "") if kind == "text" else kind
        if name and kind != "figure":
            found[at] = name
    return found


def _kind(column: Sequence[str]) -> str:
    """Tell what a column holds: a field of its own, figures, texts, or nothing."""
    said = [search_key(one) for one in column]
    if not said:
        return ""
    if all(map(_YEAR.match, said)):
        return "year"
    for name, words in (("source", _SOURCES), ("level", _LEVELS)):
        if all(len(one) < 24 and _named(one, words) for one in said):
            return name
    numeric = sum(bool(re.match(r"[\d.,\s]+(%|d|dong|trieu|ty|nghin|tr)?$", one)) for one in said)
    return "figure" if numeric * 2 >= len(said) else "text"


def _named(said: str, words: Mapping) -> str | None:
    return next((key.value for key, pattern in words.items() if re.search(pattern, said)), None)


def _is_line(values: Mapping[str, str]) -> bool:
    """Tell whether a row is of an activity and its money, no sum and no heading of a group."""
    said = search_key(values.get("activity", ""))
    return bool(said) and not _SUM.match(said) and any(name in values for name in _FIGURES)


def _worded(values: dict[str, str]) -> dict[str, str]:
    """Return a line's texts with choices as forms have them; what is no choice stays as it is."""
    choices = (("source", _SOURCES, SOURCE_LABEL), ("level", _LEVELS, LEVEL_LABEL))
    for name, words, labels in choices:
        if name in values:
            said = search_key(values[name])
            exact = {search_key(text): key.value for key, text in labels.items()}
            values[name] = exact.get(said) or _named(said, words) or values[name]
    return values
